"""How fast the learning rules run, as ratios against the machine of 1954 they run on.

Two ratios for each rule: the program alone, from the start key to its last halt, and all of it,
from punching the deck to the decoded pages. Each rule runs with its own task and with a larger one,
the parts that wait for cards and paper included; nothing here asserts a time.
"""

import time

import pytest

from machines.ibm704.rules import RULES, loaded, record, tasks

pytestmark = pytest.mark.benchmark

LARGER = {
    "threshold": (None, {"size": 5}),
    "hebb": (None, {"sweeps": 200}),
    "oja": (tasks.cloud(400), {"sweeps": 20}),
    "perceptron": (tasks.left_right(60, 60), {"sweeps": 10, "until": 0}),
    "gamma": (tasks.left_right(60, 60), {"sweeps": 10, "until": 0}),
    "perceptron-xor": (None, {"detail": 2}),
    "adaline": (None, {"sweeps": 300, "detail": 1}),
    "adaline-mu": (None, {"sweeps": 300}),
    "linear": (tasks.line(200), {"sweeps": 200}),
    "sgd-linear": (tasks.line(200), {"sweeps": 200}),
    "sgd-logistic": (tasks.two_clouds(200), {"sweeps": 200}),
    "backprop-xor": (None, {"sweeps": 3000, "within": 0.02}),
    "backprop": (tasks.encoder(8), {"hidden": 3, "sweeps": 2000}),
    "td-5": (None, {"walks": 2000}),
    "td-19": (None, {"walks": 500}),
}


def timed(name, task, chosen):
    """Run a rule; give its record, and the seconds of the host for the program and for all."""
    began = time.perf_counter()
    of = loaded(name, task, **chosen)
    started = time.perf_counter()
    of.machine.operate("ibm704.console.start")
    of.machine.run_to_stop(10**15)
    halted = time.perf_counter()
    told = record(of)
    return told, halted - started, time.perf_counter() - began


@pytest.mark.parametrize("name", RULES)
def test_a_rule_against_the_real_machine(name, capsys):
    timed(name, None, {})  # assembled and compiled before it is timed
    for what, (task, chosen) in {"its own": (None, {}), "a larger": LARGER[name]}.items():
        told, program_s, all_s = min((timed(name, task, chosen) for _ in range(3)),
                                     key=lambda run: run[1])  # fmt: skip
        assert told.done
        machine_s = told.account.machine_s
        with capsys.disabled():
            print(
                f"\n  {name}, {what} task: {machine_s:.1f} s of the 704, "
                f"{machine_s / program_s:.0f} times as fast here, "
                f"{machine_s / all_s:.0f} with deck and pages"
            )
