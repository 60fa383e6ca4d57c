import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from machines.mark1 import Experimenter, load, machine_for, resume
from simulator import state as states
from simulator.stimuli import letter, letters
from simulator.vcd import VcdWriter


def test_two_letters_are_taught_and_kept(run):
    ran = run("mark1", "train", "--stimuli", "E,X", "--save", "ex.npz", "--plot", "curve.png")
    assert ran.status == 0
    assert "2 of 2 right (100.0%)" in ran.out
    assert "at most 40 exposures" in ran.err
    with Image.open("curve.png") as drawing:
        assert drawing.size[0] > 400
    assert resume("ex.npz")[0].classes == ("E", "X")


def test_the_engines_teach_alike(run):
    command = ["mark1", "train", "--stimuli", "E,X", "--exposures", "3", "--engine"]
    for engine in ("compiled", "reference"):
        assert run(*command, engine, "--save", f"{engine}.npz").status == 0
    left, right = (load(f"{engine}.npz")[0].snapshot() for engine in ("compiled", "reference"))
    assert states.diff(left, right) == []


def test_another_seed_is_another_machine(run):
    documents = [
        run("mark1", "train", "--stimuli", "A-H", "--seed", seed, "--json").document
        for seed in (1, 1, 2)
    ]
    results = [{**document["result"], "seed": document["seed"]} for document in documents]
    assert results[0] == results[1] != results[2]
    assert results[2]["seed"] == 2


def test_errors_left_at_the_limit_are_status_1(run):
    ran = run("mark1", "train", "--stimuli", "A-H", "--exposures", "1", "--json")
    assert ran.status == 1
    assert ran.document["result"]["errorless"] is False
    assert "errors left" in run("mark1", "train", "--stimuli", "A-H", "--exposures", "1").out


def test_forced_teaching_is_judged_by_showing_everything_again(run):
    ran = run("mark1", "train", "--stimuli", "E,X", "--rule", "forced", "--exposures", 4, "--json")
    result = ran.document["result"]
    assert ran.status == 0
    assert result["exposures"] == 4
    assert result["errorless"] is True
    assert result["taught"]["accuracy"] == 1.0


def test_a_last_sweep_without_error_is_not_yet_errorless(run):
    """The wipers are noisy: a response near zero may come out otherwise when shown again."""
    ran = run("mark1", "train", "--stimuli", "A-Z", "--seed", 6, "--physics", "worn", "--json")
    result = ran.document["result"]
    assert result["curve"][-1] == 0
    assert result["taught"]["wrong"] == 1
    assert result["errorless"] is False
    assert ran.status == 1


def test_train_and_demo_judge_the_same_machine_alike(run):
    demo = run("demo", "--seed", 84, "--json")
    train = run("mark1", "train", "--stimuli", "A-Z", "--seed", 84, "--json")
    assert demo.document["result"]["curve"] == train.document["result"]["curve"]
    assert demo.document["result"]["taught"]["wrong"] == 1
    for ran in (demo, train):
        assert ran.document["result"]["errorless"] is False
        assert ran.status == 1


def test_spontaneous_teaching_is_not_judged(run):
    ran = run(
        "mark1", "train", "--stimuli", "E,X", "--rule", "spontaneous", "--exposures", 4, "--json"
    )
    assert ran.status == 0
    assert "errorless" not in ran.document["result"]
    assert ran.document["result"]["rule"] == "spontaneous"


def test_photographed_letters_are_taught_and_held_out_ones_tested(run, photographs):
    ran = run(
        *("mark1", "train", "--stimuli", photographs / "taught", "--threshold", "local"),
        *("--test", photographs / "held-out", "--save", "mine.npz", "--json"),
    )
    assert ran.status == 0
    result = ran.document["result"]
    assert result["classes"] == ["E", "L", "X"]
    assert (result["stimuli"], result["test"]["stimuli"]) == (15, 6)
    assert result["test"]["accuracy"] == 1.0
    assert np.sum(result["test"]["confusion"]) == 6

    pictures = sorted((photographs / "held-out").iterdir())
    shown = run("mark1", "recognise", *pictures, "--state", "mine.npz")
    assert shown.status == 0
    assert [line.split(": ")[1][0] for line in shown.out.splitlines()] == list("EELLXX")


def test_numbers_of_the_machine_can_be_changed(run):
    ran = run(
        *(
            "mark1",
            "train",
            "--stimuli",
            "E,X",
            "--physics",
            "off",
            "--theta",
            1,
            "--excitatory",
            6,
        ),
        *("--inhibitory", 5, "--association-units", 100, "--save", "small.npz"),
    )
    assert ran.status == 0
    d = load("small.npz")[0].description
    assert (d.theta, d.excitatory, d.inhibitory, d.association_units) == (1, 6, 5, 100)
    assert d.wiper_noise_mdeg == d.pickup_us == 0


def test_a_saved_plugboard_is_used(run):
    made = run("mark1", "plugboard", "make", "-o", "board.json", "--seed", 5, "--excitatory", 7)
    assert made.status == 0
    assert json.loads(Path("board.json").read_text())["schema"] == "firstwave/plugboard/1"
    for options in (["--plugboard", "board.json"], ["--excitatory", 7, "--seed", 5]):
        run("mark1", "train", "--stimuli", "E,X", *options, "--save", f"{options[0][2:]}.npz")
    left, right = (load(f"{name}.npz")[0] for name in ("plugboard", "excitatory"))
    assert (left.board.s_unit == right.board.s_unit).all()
    assert left.description.excitatory == 7


def test_a_waveform_tells_the_responses_and_changes_nothing(run):
    from vcd.reader import tokenize

    command = ["mark1", "train", "--stimuli", "E,X", "--save"]
    run(*command, "plain.npz")
    assert run(*command, "watched.npz", "--vcd", "trace.vcd").status == 0
    left, right = (load(f"{name}.npz")[0] for name in ("plain", "watched"))
    assert states.diff(left.snapshot(), right.snapshot()) == []
    with open("trace.vcd", "rb") as file:
        tokens = list(tokenize(file))
    last_ns = [t.data for t in tokens if t.kind.name == "CHANGE_TIME"][-1]
    assert last_ns <= left.now_ns
    assert any("R1" in str(t.data) for t in tokens if t.kind.name == "VAR")


def test_a_waveform_does_not_depend_on_the_speed_of_the_computer(run):
    """It is what an instrument sees that looks at every event, and at nothing in between."""
    assert run("mark1", "train", "--stimuli", "E,X", "--vcd", "trace.vcd").status == 0
    experimenter = Experimenter(machine_for("EX"), "EX")
    machine = experimenter.machine
    writer = VcdWriter("stepped.vcd", machine)
    machine.attach(writer)
    experimenter.begin(letters("EX"), order_seed=1)
    while experimenter.busy:
        machine.run(machine.next_due_ns())
    writer.close()
    left, right = (Path(name).read_text().splitlines() for name in ("trace.vcd", "stepped.vcd"))
    assert [line for line in left if "$date" not in line] == [
        line for line in right if "$date" not in line
    ]


def test_what_each_response_unit_looks_for_is_drawn(run):
    assert run("mark1", "train", "--stimuli", "E,X", "--fields", "fields.svg").status == 0
    assert Path("fields.svg").read_text().lstrip().startswith("<?xml")


def test_points_and_controls_are_listed(run):
    ran = run("mark1", "points")
    assert ran.status == 0
    assert "mark1.association.A " in ran.out
    assert "mark1.control.reinforce" in ran.out
    listed = run("mark1", "points", "--json").document["result"]
    assert {"path": "mark1.values.V", "size": 512}.items() <= listed["points"][5].items()


def test_a_first_compilation_is_announced_and_later_ones_do_not_happen():
    """Done with functions of our own: compiling the engine takes too long for a test."""
    script = """
import numba
from ui.cli.series import COMPILING, compiling_announced
@numba.njit
def three(): return 3
with compiling_announced("compiled"):
    print(three() + three())
with compiling_announced("reference"):
    print(3)
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.stdout == "6\n3\n"
    assert done.stderr.startswith("compiling the Mark I's engine, once")
    assert done.stderr.count("\n") == 1


def test_a_picture_that_no_association_unit_answers_to_is_of_no_class(run):
    """One lit cell is below every A-unit's threshold of 2: the R-units stay undecided."""
    levels = np.zeros((40, 40), np.uint8)
    levels[20:22, 20:22] = 255
    Image.fromarray(levels).save("dot.png")
    Image.fromarray(levels).save("dot2.png")
    run("mark1", "train", "--stimuli", "E,X,L", "--save", "three.npz")
    ran = run("mark1", "recognise", "dot.png", "dot2.png", "--state", "three.npz")
    assert ran.status == 1
    assert ran.out == "dot.png: no class (--)\ndot2.png: no class (--)\n"
    ran = run("mark1", "recognise", "dot.png", "--state", "three.npz", "--json")
    assert ran.document["result"]["answers"][0]["class"] is None


def test_a_machine_that_never_responds_has_nothing_to_reinforce_and_says_so(run):
    ran = run("mark1", "train", "--stimuli", "E,X", "--rule", "spontaneous", "--exposures", "2")
    assert "never responded, so nothing was reinforced" in " ".join(ran.out.split())


@pytest.mark.parametrize(
    ("rule", "first"),
    [("spontaneous-gamma", "error-correction"), ("spontaneous-alpha-mu", "alpha-mu")],
)
def test_the_cure_for_a_machine_that_never_responds_is_spelled_out_and_works(run, rule, first):
    teach = ["mark1", "train", "--stimuli", "E,X", "--exposures", "2", "--rule"]
    said = " ".join(run(*teach, rule).out.split())
    assert f"taught by {first} for example, with --resume FILE --stimuli E,X --rule {rule}" in said
    assert run(*teach, first, "--save", "FILE").status in (0, 1)
    ran = run("mark1", "train", "--resume", "FILE", "--stimuli", "E,X", "--rule", rule)
    assert ran.status == 0
    assert "the machine chose its own responses" in " ".join(ran.out.split())


def test_a_folder_of_loose_pictures_says_where_its_classes_come_from(run, tmp_path):
    (tmp_path / "loose").mkdir()
    for name in "EX":
        Image.fromarray(letter(name)).save(tmp_path / "loose" / f"{name}.png")
    ran = run("mark1", "train", "--stimuli", "loose")
    assert ran.status == 0
    assert "no sub-folders" in ran.err


@pytest.mark.parametrize("rule", ["gamma-mu", "hebb", "error-correction-until-turned"])
def test_other_rules_teach_two_letters_with_the_code_they_ask_for(run, rule):
    ran = run("mark1", "train", "--stimuli", "E,X", "--rule", rule, "--exposures", 6, "--json")
    assert ran.status == 0
    assert ran.document["result"]["rule"] == rule
    assert ran.document["result"]["errorless"] is True


def test_a_rule_that_does_not_exist_is_refused_with_where_to_look(run):
    ran = run("mark1", "train", "--stimuli", "E,X", "--rule", "harsh")
    assert ran.status == 2
    assert "harsh" in ran.said
    assert "firstwave mark1 rules" in ran.said
