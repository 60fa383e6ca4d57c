"""How fast the compiled engine is, as ratios against numpy in the same run.

The peer does the same trials with dense float32 arrays: a matrix product for the A-units, sums
of the active values for the R-units, error correction by whole steps. Both must end with the
same values. Nothing here asserts a time: it prints, medians of alternating runs.
"""

import statistics
import time

import numpy as np
import pytest

from machines.mark1 import Description, Mark1
from simulator import chance
from simulator.stimuli import letters

pytestmark = pytest.mark.benchmark

LONG, SHORT = 2000, 100
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def hard_series():
    """52 stimuli, every letter twice with another code: never learned, so that pulses go on."""
    twice = np.concatenate([letters(ALPHABET).levels] * 2)
    desired = np.zeros((52, 8), np.int8)
    desired[:, :5] = np.random.default_rng(1954).choice([-1, 1], (52, 5))
    return twice, desired


def compiled(description, light, desired, sweeps):
    machine = Mark1(description)
    machine.operate(
        "mark1.control.train",
        {"light": light, "desired": desired, "rule": "error-correction", "sweeps": sweeps},
    )
    started = time.perf_counter()
    machine.run(sweeps * len(light) * 750_000_000)
    elapsed = time.perf_counter() - started
    assert machine.read("mark1.control.trials") == sweeps * len(light)
    assert machine.read("mark1.control.stage") == 0
    return elapsed, machine


def peer(machine, light, desired, sweeps):
    """Do the same series with numpy, dense float32."""
    d = machine.description
    weights = np.zeros((d.association_units, d.s_units), np.float32)
    weights[machine.board.a_unit, machine.board.s_unit] = machine.board.sign
    lit = (light.reshape(len(light), -1) >= d.photocell_threshold).astype(np.float32)
    desired = desired[:, : d.responses_in_use].astype(np.float32)
    r_unit = np.arange(d.association_units) * d.responses_in_use // d.association_units
    first = np.flatnonzero(np.diff(r_unit, prepend=-1))
    step = np.float32(d.motor_mdeg_per_s * d.pulse_us // 1_000_000)
    travel = np.float32(d.travel_mdeg)
    values = np.zeros(d.association_units, np.float32)
    column = chance.stream("mark1.order")
    orders = [chance.shuffle(len(light), 0, column, sweep) for sweep in range(sweeps)]
    wrong = []
    started = time.perf_counter()
    for order in orders:
        errors = 0
        for n in order:
            active = weights @ lit[n] >= d.theta
            sums = np.add.reduceat(values * active, first)
            way = np.where(np.sign(sums) == desired[n], np.float32(0), desired[n])
            if way.any():
                errors += 1
                values += active * way[r_unit] * step
                np.clip(values, -travel, travel, out=values)
        wrong.append(errors)
    return time.perf_counter() - started, values, wrong


def test_trials_with_a_units_recomputed_against_numpy_float32(capsys):
    light, desired = hard_series()
    ideal, nominal = Description.ideal(responses_in_use=5), Description(responses_in_use=5)
    compiled(ideal, light, desired, 2)
    rows = []
    for _ in range(7):
        ours, _ = compiled(ideal, light, desired, LONG)
        machine = Mark1(ideal)
        theirs, values, wrong = peer(machine, light, desired, SHORT)
        real, _ = compiled(nominal, light, desired, LONG)
        rows.append([n * 52 / s for n, s in ((LONG, ours), (SHORT, theirs), (LONG, real))])
    _, short = compiled(ideal, light, desired, SHORT)
    assert (short.rack("mark1.values.V") == (values * 1000).astype(np.int64)).all()
    assert short.rack("mark1.control.sweep_wrong").tolist() == wrong
    speed = [statistics.median(column) for column in zip(*rows, strict=True)]
    ratio = sorted(a / b for a, b, _ in rows)
    real = sorted(c / b for _, b, c in rows)
    pulses = sum(wrong) / (SHORT * 52)
    with capsys.disabled():
        print(
            f"\n  trials per second ({pulses:.0%} of them with a pulse): ideal {speed[0]:,.0f}, "
            f"nominal {speed[2]:,.0f}, numpy float32 {speed[1]:,.0f}"
            f"\n  ratio to numpy, median (least .. most): "
            f"ideal {ratio[3]:.1f} ({ratio[0]:.1f} .. {ratio[-1]:.1f}), "
            f"nominal {real[3]:.1f} ({real[0]:.1f} .. {real[-1]:.1f})"
        )


def test_engines_against_each_other(capsys):
    light, desired = hard_series()
    times = {}
    for engine in ("reference", "compiled"):
        machine = Mark1(Description(responses_in_use=5), engine=engine)
        series = {"light": light, "desired": desired, "rule": "error-correction", "sweeps": 1}
        machine.operate("mark1.control.train", series)
        started = time.perf_counter()
        machine.run(15_000_000_000)
        times[engine] = time.perf_counter() - started
    with capsys.disabled():
        print(
            f"\n  nominal machine, 15 s of its time: reference {times['reference']:.2f} s, "
            f"compiled {times['reference'] / times['compiled']:,.0f} times faster"
        )
