import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from machines.mark1 import Experimenter, load, machine_for
from simulator import state as states
from simulator.stimuli import letters

ENV = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])}
LONG = ["mark1", "train", "--stimuli", "A-Z", "--rule", "forced", "--exposures", "400000"]


def differences(left, right):
    return states.diff(load(left)[0].snapshot(), load(right)[0].snapshot())


def interrupted(arguments, after_s, cwd, presses=1):
    """Start a command, press Ctrl-C some time after it began to teach; give status and stderr."""
    process = subprocess.Popen(
        [sys.executable, "-m", "ui.cli", *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=ENV,
        cwd=cwd,
    )
    said = ""
    while "teaching" not in said:
        line = process.stderr.readline()
        assert line, f"ended before it began: {said}"
        said += line
    time.sleep(after_s)
    for _ in range(presses):
        process.send_signal(signal.SIGINT)
    out, rest = process.communicate(timeout=60)
    assert out == ""
    return process.returncode, said + rest


@pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX signals")
class TestCtrlC:
    def test_interrupted_and_resumed_ends_bit_equal_to_never_interrupted(self, run, tmp_path):
        assert run(*LONG, "--save", "whole.npz").status in (0, 1)
        status, said = interrupted([*LONG, "--save", "part.npz", "--json"], 0.3, tmp_path)
        assert status == 130
        assert "--resume part.npz" in said
        assert "Traceback" not in said
        assert differences("whole.npz", "part.npz") != []
        resumed = run("mark1", "train", "--resume", "part.npz", "--save", "part.npz", "--json")
        assert resumed.status in (0, 1)
        assert differences("whole.npz", "part.npz") == []
        assert resumed.document["result"]["exposures"] == 400_000

    def test_the_reference_engine_too_and_the_compiled_one_may_go_on(self, run, tmp_path):
        command = ["mark1", "train", "--stimuli", "E,X", "--rule", "forced", "--exposures", 30]
        assert run(*command, "--save", "whole.npz").status == 0
        slow = [*command, "--engine", "reference", "--save", "part.npz"]
        assert interrupted(slow, 0.5, tmp_path)[0] == 130
        assert run("mark1", "train", "--resume", "part.npz", "--save", "part.npz").status == 0
        assert differences("whole.npz", "part.npz") == []

    def test_a_waveform_being_written_makes_no_difference(self, run, tmp_path):
        command = ["mark1", "train", "--stimuli", "E,X", "--rule", "forced", "--exposures", 60]
        assert run(*command, "--save", "whole.npz").status == 0
        watched = [*command, "--vcd", "trace.vcd", "--save", "part.npz"]
        assert interrupted(watched, 0.3, tmp_path)[0] == 130
        assert Path("trace.vcd").stat().st_size > 10_000
        assert run("mark1", "train", "--resume", "part.npz", "--save", "part.npz").status == 0
        assert differences("whole.npz", "part.npz") == []

    def test_without_save_nothing_is_kept_and_it_says_so(self, tmp_path):
        status, said = interrupted(LONG, 0.1, tmp_path)
        assert status == 130
        assert "--save" in said
        assert said.count("firstwave: ") == 1
        assert re.search(r"interrupted after \d+ trials", said)
        assert list(tmp_path.iterdir()) == []

    def test_an_interrupted_machine_is_not_asked_to_recognise(self, run, tmp_path, photographs):
        assert interrupted([*LONG, "--save", "part.npz"], 0.1, tmp_path)[0] == 130
        picture = next((photographs / "held-out").iterdir())
        ran = run("mark1", "recognise", picture, "--state", "part.npz")
        assert ran.status == 2
        assert "--resume part.npz" in ran.said
        for option in ("--stimuli", "--exposures", "--rule"):
            value = {"--stimuli": "A-Z", "--exposures": "3", "--rule": "forced"}[option]
            refused = run("mark1", "train", "--resume", "part.npz", option, value)
            assert refused.status == 2
            assert option in refused.said


def test_a_finished_series_is_followed_by_another(run, taught):
    ran = run(
        *("mark1", "train", "--resume", taught, "--stimuli", "X", "--exposures", 3),
        *("--rule", "forced", "--save", "more.npz", "--json"),
    )
    assert ran.status == 0
    result = ran.document["result"]
    assert result["classes"] == ["E", "X"]
    assert (result["stimuli"], result["exposures"]) == (1, 3)
    assert load("more.npz")[0].now_ns > load(taught)[0].now_ns


def test_resuming_what_is_finished_teaches_nothing_and_reports_again(run, taught):
    ran = run("mark1", "train", "--resume", taught, "--save", "same.npz", "--json")
    assert ran.status == 0
    assert "finished" in ran.err
    assert ran.document["result"]["curve"][-1] == 0
    assert differences(taught, "same.npz") == []


def test_a_taught_machine_is_tested_without_teaching_it(run, photographs):
    run("mark1", "train", "--stimuli", "E,X,L", "--save", "three.npz")
    ran = run(
        *("mark1", "train", "--resume", "three.npz", "--test", photographs / "held-out"),
        *("--threshold", "local", "--json"),
    )
    assert ran.document["result"]["test"]["stimuli"] == 6


def test_a_series_halted_after_one_right_answer_is_not_errorless(run):
    experimenter = Experimenter(machine_for("ABCD"), "ABCD")
    machine = experimenter.machine
    experimenter.teach(letters("A"))
    before = machine.snapshot()
    for order_seed in range(50):
        machine.restore(before)
        experimenter.begin(letters("ABCD"), order_seed=order_seed)
        shown = machine.number("mark1.control.trials")
        while machine.number("mark1.control.trials") == shown:
            machine.run(machine.next_due_ns())
        if experimenter.curve().tolist() == [0]:
            break
    machine.operate("mark1.control.halt")
    experimenter.save("halted.npz")
    ran = run("mark1", "train", "--resume", "halted.npz", "--json")
    result = ran.document["result"]
    assert result["curve"] == [0]
    assert result["taught"]["wrong"] > 0
    assert result["errorless"] is False
    assert ran.status == 1
    assert "errors left" in run("mark1", "train", "--resume", "halted.npz").out


@pytest.mark.parametrize(
    "options",
    [
        ["--seed", "2"],
        ["--theta", "1"],
        ["--association-units", "99"],
        ["--physics", "off"],
        ["--plugboard", "board.json"],
    ],
)
def test_what_contradicts_the_saved_machine_is_refused(run, taught, options):
    ran = run("mark1", "train", "--resume", taught, "--stimuli", "E,X", *options)
    assert ran.status == 2
    assert options[0] in ran.said
    assert "--resume" in ran.said


@pytest.mark.parametrize("options", [["--exposures", "3"], ["--rule", "forced"]])
def test_more_of_a_finished_series_needs_stimuli(run, taught, options):
    ran = run("mark1", "train", "--resume", taught, *options)
    assert ran.status == 2
    assert "--stimuli" in ran.said
