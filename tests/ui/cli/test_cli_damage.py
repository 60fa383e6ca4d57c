"""``firstwave mark1 damage``: a taught machine damaged, tested and left as it was."""

import re
import signal
from pathlib import Path

import pytest

from machines.mark1 import Mark1
from ui.cli import mark1_damage
from ui.cli.main import main

DAMAGE = ("mark1", "damage")


def refused(ran, *words):
    assert ran.status == 2, (ran.out, ran.err)
    assert ran.out == ""
    assert ran.err.count("\n") == 1
    for word in words:
        assert word in ran.said, ran.said


@pytest.fixture(scope="module")
def letters_taught(tmp_path_factory):
    """A machine that tells eight letters apart."""
    path = tmp_path_factory.mktemp("letters") / "ah.npz"
    assert main(["mark1", "train", "--stimuli", "A-H", "--save", str(path)]) == 0
    return path


def test_more_damage_leaves_less_and_the_saved_machine_is_not_touched(run, letters_taught):
    before = letters_taught.read_bytes()
    ran = run(
        *DAMAGE, "--state", letters_taught, "--fault", "A-dead", "--fractions", "1,0,0.5", "--json"
    )
    assert ran.status == 0
    curve = ran.document["result"]["curve"]
    assert [row["fraction"] for row in curve] == [0, 0.5, 1]
    assert [row["amount"] for row in curve] == [0, 256, 512]
    whole, half, dead = (row["accuracy"]["mean"] for row in curve)
    assert whole == 1.0 > half > dead == 0.0
    assert curve[1]["accuracy"]["least"] == 1 - max(curve[1]["wrong"]) / 8
    assert letters_taught.read_bytes() == before
    assert list(Path().iterdir()) == []


def test_both_engines_find_the_same(run, taught):
    options = ["--fault", "A-dead", "--fractions", "0.6", "--draws", 2, "--json"]
    curves = [
        run(*DAMAGE, "--state", taught, *options, "--engine", engine).document["result"]
        for engine in ("reference", "compiled")
    ]
    assert curves[0] == curves[1]


def test_draws_are_the_pages_from_the_seed_on(run, letters_taught):
    options = ["--state", letters_taught, "--fault", "wires-pulled", "--fractions", "0.1", "--json"]

    def wrong(*more):
        return run(*DAMAGE, *options, *more).document["result"]["curve"][0]["wrong"]

    pages = [wrong("--draws", 1, "--seed", seed)[0] for seed in (4, 5, 6)]
    assert wrong("--draws", 3, "--seed", 4) == pages


def test_the_page_tells_the_fault_and_names_the_drawing(run, taught):
    ran = run(*DAMAGE, "--state", taught, "--fault", "retina-noise", "--plot", "noise.svg")
    assert ran.status == 0
    assert "2 stimuli shown with reinforcement off" in ran.out
    assert "retina-noise: photocells whose light is turned over" in ran.out
    assert ran.out.count("%") == 6 * 3, "six fractions; mean, least and most"
    assert "plot: noise.svg" in ran.out
    assert re.search(r"^ +0.05 +5 ", ran.out, re.M), "fraction and per cent"
    assert Path("noise.svg").read_text().lstrip().startswith("<?xml")


def test_drift_is_told_in_degrees(run, taught):
    out = run(*DAMAGE, "--state", taught, "--fault", "values-drifted", "--stimuli", "E").out
    assert "1 stimulus shown" in out
    assert re.search(r"^fraction +degrees", out, re.M)
    assert re.search(r"^ +0.05 +7.5 ", out, re.M), "of the 150 degrees from centre to stop"


def test_other_stimuli_can_be_tested_with(run, letters_taught):
    command = [*DAMAGE, "--state", letters_taught, "--fault", "S-dead", "--fractions", 0]
    ran = run(*command, "--stimuli", "B,D", "--json")
    assert ran.document["result"]["stimuli"] == 2
    assert ran.document["result"]["curve"][0]["wrong"] == [0] * 5


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--fault", "rust"], ["rust", "S-dead"]),
        (["--fault", "A-dead", "--fractions", "0,ten"], ["'ten'", "0 to 1"]),
        (["--fault", "A-dead", "--fractions", "0,1.5"], ["'1.5'", "0 to 1"]),
        (["--fault", "A-dead", "--fractions", "nan"], ["'nan'"]),
        (["--fault", "A-dead", "--fractions", ""], ["''"]),
        (["--fault", "A-dead", "--fractions", "0.1,0.10"], ["0.10", "twice"]),
        (["--fault", "A-dead", "--draws", "0"], ["--draws", "not 0"]),
        (["--fault", "A-dead", "--draws", "2", "--seed", 2**63 - 1], ["--seed", "pages"]),
        (["--fault", "A-dead", "--stimuli", "E,Q"], ["class Q", "E, X"]),
        (["--fault", "A-dead", "--plot", "curve.doc"], [".png"]),
        (["--fault", "A-dead", "--plot", "gone/curve.png"], ["gone"]),
    ],
)
def test_what_cannot_be_tried_is_one_line(run, taught, options, words):
    refused(run(*DAMAGE, "--state", taught, *options), *words)
    assert list(Path().iterdir()) == []


def test_the_drawing_does_not_take_the_place_of_the_machine(run, taught):
    Path("ex.npz").write_bytes(taught.read_bytes())
    command = [*DAMAGE, "--state", "ex.npz", "--fault", "A-dead", "--plot", "./ex.npz"]
    refused(run(*command), "--state", "--plot")


def test_a_machine_that_has_seen_no_series_asks_for_stimuli(run):
    Mark1(engine="reference").save("new.npz", {"classes": ["E", "X"], "code": "binary"})
    refused(run(*DAMAGE, "--state", "new.npz", "--fault", "A-dead"), "new.npz", "--stimuli")


def test_a_machine_in_the_middle_of_a_series_is_to_be_taught_to_its_end_first(run, taught):
    from machines.mark1 import resume
    from simulator.stimuli import letters

    experimenter, _ = resume(taught, "reference")
    experimenter.begin(letters("EX"))
    experimenter.save("middle.npz")
    refused(run(*DAMAGE, "--state", "middle.npz", "--fault", "A-dead"), "unfinished", "--resume")


def test_a_machine_that_is_not_there_is_refused(run):
    refused(run(*DAMAGE, "--state", "gone.npz", "--fault", "A-dead"), "gone.npz")


def test_ctrl_c_ends_it_with_nothing_written(run, taught, monkeypatch):
    tried = []
    honest = mark1_damage.damage_curve

    def interrupted(*arguments):
        tried.append(arguments)
        signal.raise_signal(signal.SIGINT)
        return honest(*arguments)

    monkeypatch.setattr(mark1_damage, "damage_curve", interrupted)
    ran = run(*DAMAGE, "--state", taught, "--fault", "A-dead", "--plot", "curve.png")
    assert ran.status == 130
    assert ran.out == ""
    assert "interrupted" in ran.err
    assert len(tried) == 1
    assert list(Path().iterdir()) == []
