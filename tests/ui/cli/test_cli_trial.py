"""``firstwave mark1 trial`` and ``separable``: slow motion, and what can be done at all."""

import json
import re
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from simulator.stimuli import letter

ACTS = ["expose", "sense", "associate", "sum", "respond", "compare"]


def refused(ran, *words):
    assert ran.status == 2, (ran.out, ran.err)
    assert ran.out == ""
    for word in words:
        assert word in ran.said, ran.said


def acts(ran):
    return [act["act"] for act in ran.document["result"]["acts"]]


# trial


def test_a_first_trial_is_told_act_by_act_as_a_table(run):
    ran = run("mark1", "trial", "--stimuli", "E,X", "--show", "X")
    assert ran.status == 0
    lines = ran.out.splitlines()
    assert lines[0].startswith("Mark I, compiled engine, seed 1: one trial with X; X is desired")
    told = [re.match(r" *[\d.]+(?: to [\d.]+)?  (\S+(?: start| stop)?) ", line) for line in lines]
    rest = ["motors start", "respond", "motors stop", "rest"]
    assert [row.group(1) for row in told if row] == [*ACTS, *rest]
    assert 'desired: R1 "1"; the answer is wrong' in ran.out
    assert "motors run up, 0 down" in ran.out
    assert "shafts have turned" in ran.out


def test_a_taught_machine_answers_rightly_and_its_file_is_not_touched(run, taught):
    before = taught.read_bytes()
    ran = run("mark1", "trial", "--state", taught, "--show", "X", "--json")
    assert ran.document["result"]["right"] is True
    assert acts(ran) == [*ACTS, "rest"]
    assert ran.document["result"]["shafts"]["up"] == 0
    assert taught.read_bytes() == before


def test_both_engines_tell_the_same_trial(run):
    told = [
        run("mark1", "trial", "--stimuli", "E,X", "--engine", engine, "--json").document["result"]
        for engine in ("reference", "compiled")
    ]
    assert told[0] == told[1]


def test_a_taught_machine_can_be_desired_something_else(run, taught):
    ran = run("mark1", "trial", "--state", taught, "--show", "E", "--desired", "X", "--json")
    result = ran.document["result"]
    assert result["shown"] == {"name": "E", "class": "E", "desired": "X"}
    assert result["right"] is False
    assert result["responses"][0]["drive"] == 1
    assert result["shafts"]["up"] > 0


def test_nothing_is_desired_of_a_picture_unless_asked(run, taught, photographs):
    picture = next((photographs / "held-out").glob("E-*.jpg"))
    ran = run("mark1", "trial", "--state", taught, "--show", picture, "--json")
    assert ran.document["result"]["shown"]["class"] is None
    assert ran.document["result"]["responses"][0]["desired"] == 0
    assert ran.document["result"]["shafts"] == {
        "up": 0, "down": 0, "least_deg": 0.0, "most_deg": 0.0,
    }  # fmt: skip
    assert ran.document["result"]["right"] is None
    told = run("mark1", "trial", "--state", taught, "--show", picture).out
    assert "the answer is" not in told


def test_a_picture_that_is_on_the_retina_already_changes_no_s_unit_and_it_is_said(run, taught):
    """The machine saved was last shown one of its two letters, which stays on the retina."""
    told = [run("mark1", "trial", "--state", taught, "--show", name).out for name in "EX"]
    said = "no S-unit changes: the picture was on the retina already"
    assert sorted(said in out for out in told) == [False, True]
    assert all(re.search(r" sense  ", out) for out in told)


def test_an_r_unit_that_is_cleared_has_not_turned(run, taught):
    """A point makes no A-unit active: the response before is cleared and no other comes."""
    point = np.zeros((20, 20), np.uint8)
    point[3, 4] = 255
    Image.fromarray(point).save("point.png")
    out = run("mark1", "trial", "--state", taught, "--show", "point.png").out
    assert "R1 undecided (cleared at 100.0)" in out


@pytest.mark.parametrize("physics", ["off", "worn"])
def test_a_trial_by_a_system_of_1958_has_an_r_unit_for_each_class(run, physics):
    ran = run(
        "mark1", "trial", "--stimuli", "E,X,O", "--rule", "gamma-mu", "--physics", physics, "--json"
    )  # fmt: skip
    responses = ran.document["result"]["responses"]
    assert [one["desired"] for one in responses] == [1, -1, -1]
    assert [one["drive"] for one in responses] == [1, 0, 0]
    shafts = ran.document["result"]["shafts"]
    assert shafts["up"]
    assert shafts["down"], "inactive A-units pay"


def test_a_waveform_of_one_trial_is_written(run):
    assert run("mark1", "trial", "--stimuli", "E,X", "--vcd", "one.vcd").status == 0
    assert "$enddefinitions" in Path("one.vcd").read_text()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], ["--stimuli", "--state"]),
        (["--stimuli", "E,X", "--show", "E-F"], ["names 2 stimuli"]),
        (["--stimuli", "E,X", "--show", "nothing"], ["nothing"]),
        (["--stimuli", "E,X", "--show", "missing.png"], ["missing.png"]),
        (["--stimuli", "E,X", "--desired", "Q"], ["Q", "E, X", "free"]),
        (["--stimuli", "E,X", "--rule", "delta"], ["delta", "mark1 rules"]),
        (["--stimuli", "E,X", "--vcd", "no/where.vcd"], ["no folder"]),
        (["--state", "missing.npz"], ["missing.npz"]),
    ],
)
def test_a_trial_that_cannot_be_is_refused_in_a_line(run, arguments, words):
    refused(run("mark1", "trial", *arguments), *words)


def test_a_saved_machine_has_its_own_seed_physics_and_code(run, taught):
    refused(run("mark1", "trial", "--state", taught, "--seed", 3), "--seed", "its own")
    refused(run("mark1", "trial", "--state", taught, "--physics", "off"), "--physics")
    refused(run("mark1", "trial", "--state", taught, "--stimuli", "E,X"), "one of them")
    refused(run("mark1", "trial", "--state", taught, "--rule", "alpha-mu"), "one-each")


# separable


def sums_by_hand(result, response):
    """Add up the values of a printed proof over the A-units printed as active."""
    printed = response["proof"].removeprefix("separable, with the values ")
    terms = [term.split() for term in printed.removesuffix(", all others 0").split(", ")]
    values = {int(unit[1:]): int(value) for unit, value in terms}
    return [sum(values.get(a, 0) for a in one["active"]) for one in result["stimuli"]]


def test_a_printed_proof_can_be_checked_by_hand(run):
    result = run("mark1", "separable", "--stimuli", "A-E", "--json").document["result"]
    assert len(result["responses"]) == 3
    for r, response in enumerate(result["responses"]):
        assert response["separable"] is True
        sums = sums_by_hand(result, response)
        assert sums == response["sums"]
        assert [total > 0 for total in sums] == [bool(k >> r & 1) for k in range(5)]
        assert 0 < response["corrections"] <= response["bound"]
    assert result["ideal"]["errorless"] is True


def test_the_page_says_so_for_a_person(run):
    ran = run("mark1", "separable", "--stimuli", "E,X")
    assert ran.status == 0
    assert "R1 is separable, with the values A" in ran.out
    assert "its sums are then E -" in ran.out


def test_a_taught_machine_is_asked_about_what_it_was_taught(run, taught):
    ran = run("mark1", "separable", "--state", taught, "--json")
    assert ran.document["result"]["classes"] == ["E", "X"]
    assert ran.status == 0
    refused(run("mark1", "separable", "--state", taught, "--theta", 1), "--theta", "its own")


@pytest.fixture
def cannot(run):
    """Make board.json: its two A-units see cells alone that E and F both light."""
    made = run(
        "mark1", "plugboard", "make", "-o", "board.json", "--excitatory", 2, "--inhibitory", 0,
        "--association-units", 2, "--responses", 1,
    )  # fmt: skip
    assert made.status == 0
    common = np.flatnonzero((letter("E") & letter("F")).ravel()) + 1
    board = json.loads(Path("board.json").read_text())
    board["plugs"] = {"A1": common[:2].tolist(), "A2": common[2:4].tolist()}
    Path("board.json").write_text(json.dumps(board))
    return run


def test_what_no_values_can_do_ends_with_status_1_and_the_reason(cannot):
    board = ["--plugboard", "board.json"]
    ran = cannot("mark1", "separable", "--stimuli", "E,F", *board)
    assert ran.status == 1
    assert "R1 is not separable: 1 x F = 1 x E for every A-unit" in ran.out
    found = cannot("mark1", "separable", "--stimuli", "E,F", *board, "--json")
    response = found.document["result"]["responses"][0]
    assert response["sums"] is None
    assert response["bound"] is None
    active = [one["active"] for one in found.document["result"]["stimuli"]]
    assert active[0] == active[1] != []
    assert found.document["result"]["ideal"] == {"sweeps": 100, "errorless": False}


def test_teaching_that_left_errors_says_whether_that_could_be_helped(cannot):
    board = ["--plugboard", "board.json", "--exposures", 5]
    ran = cannot("mark1", "train", "--stimuli", "E,F", *board)
    assert ran.status == 1
    assert "R1: task not separable on this wiring; it will cycle for ever" in ran.out
    ran = cannot("mark1", "train", "--stimuli", "E,F", *board, "--json")
    assert ran.document["result"]["separable"] == {"R1": False}
    ran = cannot("mark1", "train", "--stimuli", "E,F", *board, "--rule", "random-sign")
    assert "not separable on this wiring; errors will never end" in ran.out
    ran = cannot("mark1", "train", "--stimuli", "E,F", *board, "--rule", "forced", "--json")
    assert "separable" not in ran.document["result"]


def test_teaching_that_was_too_short_says_that_more_may_help(run):
    ran = run("mark1", "train", "--stimuli", "A-Z", "--exposures", 2)
    assert ran.status == 1
    assert "separable on this wiring; more exposures may help" in ran.out
    ran = run("mark1", "train", "--stimuli", "A-Z", "--exposures", 2, "--json")
    found = ran.document["result"]["separable"]
    assert found == {f"R{r}": True for r in range(1, 6)}
    ran = run("mark1", "train", "--stimuli", "E,X", "--json")
    assert "separable" not in ran.document["result"], "nothing was left to ask"


def test_beyond_300_stimuli_it_is_not_looked_into_unasked(run):
    from PIL import Image

    chance = np.random.default_rng(1)
    for name in "AB":
        (Path("many") / name).mkdir(parents=True)
        for k in range(151):
            grain = chance.integers(0, 2, (20, 20)).astype(np.uint8) * 255
            Image.fromarray(grain).save(Path("many") / name / f"{k}.png")
    ran = run("mark1", "train", "--stimuli", "many", "--exposures", 1)
    assert ran.status == 1
    assert "more than 300 stimuli: whether all this can be done at all" in ran.out
