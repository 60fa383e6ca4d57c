"""How fast things start: ratios against importing typer, and a warm start to the first trial."""

import statistics
import subprocess
import sys
import time

import pytest

pytestmark = pytest.mark.benchmark

RUNS = 9
FIRST_TRIAL = """
from machines.mark1 import Experimenter, machine_for
from simulator.stimuli import letters
stimuli = letters("EX")
experimenter = Experimenter(machine_for(stimuli.classes), stimuli.classes)
experimenter.begin(stimuli)
experimenter.machine.run(750_000_000)
assert experimenter.machine.read("mark1.control.trials") == 1
"""


def seconds(code):
    started = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)
    return time.perf_counter() - started


def test_version_against_importing_typer(capsys):
    version = "from ui.cli.main import main; import sys; sys.exit(main(['--version']))"
    rows = [(seconds(version), seconds("import typer")) for _ in range(RUNS)]
    ratios = sorted(a / b for a, b in rows)
    with capsys.disabled():
        print(
            f"\n  firstwave --version: {statistics.median(a for a, _ in rows) * 1000:.0f} ms, "
            f"{statistics.median(ratios):.2f} times import typer "
            f"({ratios[0]:.2f} .. {ratios[-1]:.2f})"
        )


def test_warm_start_to_the_first_trial(capsys):
    seconds(FIRST_TRIAL)
    rows = [(seconds(FIRST_TRIAL), seconds("import numba")) for _ in range(RUNS)]
    with capsys.disabled():
        print(
            f"\n  warm start to the first trial: {statistics.median(a for a, _ in rows):.2f} s, "
            f"of which importing numba takes {statistics.median(b for _, b in rows):.2f} s"
        )
