"""How fast the Mark I runs, as ratios against a peer in the same run.

Nothing here asserts a time: it prints medians of alternating runs. What is asserted is that both
sides did the same work.

* A-units recomputed at every exposure, against dense numpy float32: a matrix product for the
  A-units, sums of the active values for the R-units, error correction by whole steps.
* A-units remembered (the wiring is fixed), against scikit-learn's ``Perceptron.fit`` on the
  A-units' activity worked out beforehand; same stimuli, as many passes.
* The reference engine's events, against bare SimPy processes that do nothing.
* Many machines over the cores, and how cost grows.
"""

import os
import statistics
import time

import numpy as np
import pytest
import simpy

from machines.mark1 import Description, Experimenter, Mark1, machine_for
from machines.mark1.compiled import CompiledEngine
from machines.mark1.given import given
from machines.mark1.points import controls, points
from machines.mark1.state import power_on
from simulator import chance
from simulator.experiments import crew, each
from simulator.kernel import Kernel
from simulator.machine import Machine
from simulator.stimuli import letters

pytestmark = pytest.mark.benchmark

LONG, SHORT = 2000, 100
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
TRIAL_NS = 770_000_000  # no trial lasts longer


def hard_series():
    """52 stimuli, every letter twice with another code: never learned, so that pulses go on."""
    twice = np.concatenate([letters(ALPHABET).levels] * 2)
    desired = np.zeros((52, 8), np.int8)
    desired[:, :5] = np.random.default_rng(1954).choice([-1, 1], (52, 5))
    return twice, desired


def letter_series():
    """26 letters with the binary code: learned after some ten sweeps, then shown again."""
    stimuli = letters(ALPHABET)
    code = Experimenter(machine_for(stimuli.classes), stimuli.classes).code
    return stimuli.levels, code


def machine(description, remember=True):
    """Give a Mark I whose compiled engine remembers A-units, or not."""
    mark1 = Mark1(description)
    if remember:
        return mark1
    board = mark1.board
    engine = CompiledEngine(
        given(description, board), power_on(description, len(board), len(board.pot_a)), remember
    )
    return Machine("mark1", description, points(description), controls(description, board), engine)


def run(mark1, light, desired, sweeps):
    mark1.operate(
        "mark1.control.train",
        {"light": light, "desired": desired, "rule": "error-correction", "sweeps": sweeps},
    )
    started = time.perf_counter()
    mark1.run(sweeps * len(light) * TRIAL_NS)
    elapsed = time.perf_counter() - started
    assert mark1.read("mark1.control.trials") == sweeps * len(light)
    assert mark1.read("mark1.control.stage") == 0
    return elapsed


def numpy_float32(mark1, light, desired, sweeps):
    """Do the same series with numpy, dense float32."""
    d = mark1.description
    weights = np.zeros((d.association_units, d.s_units), np.float32)
    weights[mark1.board.a_unit, mark1.board.s_unit] = mark1.board.sign
    lit = (light.reshape(len(light), -1) >= d.photocell_threshold).astype(np.float32)
    desired = desired[:, : d.responses_in_use].astype(np.float32)
    r_unit = mark1.board.pot_r
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


def spread(figures):
    figures = sorted(figures)
    return f"{statistics.median(figures):.1f} ({figures[0]:.1f} .. {figures[-1]:.1f})"


def test_trials_with_a_units_recomputed_against_numpy_float32(capsys):
    light, desired = hard_series()
    ideal, nominal = Description.ideal(responses_in_use=5), Description(responses_in_use=5)
    run(machine(ideal, remember=False), light, desired, 2)
    rows = []
    for _ in range(7):
        ours = run(machine(ideal, remember=False), light, desired, LONG)
        theirs, values, wrong = numpy_float32(Mark1(ideal), light, desired, SHORT)
        real = run(machine(nominal, remember=False), light, desired, LONG)
        kept = run(machine(ideal), light, desired, LONG)
        rows.append([n * 52 / s for n, s in
                     ((LONG, ours), (SHORT, theirs), (LONG, real), (LONG, kept))])  # fmt: skip
    short = machine(ideal, remember=False)
    run(short, light, desired, SHORT)
    assert (short.rack("mark1.values.V") == (values * 1000).astype(np.int64)).all()
    assert short.rack("mark1.control.sweep_wrong").tolist() == wrong
    speed = [statistics.median(column) for column in zip(*rows, strict=True)]
    pulses = sum(wrong) / (SHORT * 52)
    with capsys.disabled():
        print(
            f"\n  A recomputed, {pulses:.0%} of trials with a pulse; trials per second: ideal "
            f"{speed[0]:,.0f}, nominal {speed[2]:,.0f}, A remembered {speed[3]:,.0f}, "
            f"numpy float32 {speed[1]:,.0f}"
            f"\n  ratio to numpy, median (least .. most): "
            f"ideal {spread(a / b for a, b, *_ in rows)}, "
            f"nominal {spread(c / b for _, b, c, _ in rows)}, "
            f"A remembered {spread(d / b for _, b, _, d in rows)}"
        )


def activity(mark1, light):
    """Show every stimulus and read the A-units; uint8, shape (stimuli, A-units)."""
    rows = []
    for levels in light:
        mark1.operate("mark1.retina.light", levels)
        mark1.run(mark1.now_ns + 100_000_000)
        rows.append(mark1.rack("mark1.association.A"))
    return np.array(rows)


def test_trials_with_a_units_remembered_against_scikit_learn(capsys):
    from sklearn.linear_model import Perceptron

    ideal, nominal = Description.ideal(responses_in_use=5), Description(responses_in_use=5)
    lines = []
    for name, (light, desired) in (("hard", hard_series()), ("letters", letter_series())):
        m, sweeps, passes = len(light), 2000, 200
        seen = activity(Mark1(ideal), light).astype(np.float64)
        # one class a stimulus, as scikit-learn wants it: it fits one unit for each, one after
        # the other; eight of them stand for the machine's eight R-units
        labels = np.arange(m) % 8
        run(machine(ideal), light, desired, 2)
        rows = []
        for _ in range(7):
            ours = run(machine(ideal), light, desired, sweeps)
            real = run(machine(nominal), light, desired, sweeps)
            peer = Perceptron(max_iter=passes, tol=None, shuffle=True, random_state=1)
            started = time.perf_counter()
            peer.fit(seen, labels)
            theirs = time.perf_counter() - started
            assert peer.n_iter_ == passes
            rows.append((sweeps * m / ours, sweeps * m / real, passes * m / theirs))
        speed = [statistics.median(column) for column in zip(*rows, strict=True)]
        lines.append(
            f"\n  A remembered, {name}; trials per second: ideal {speed[0]:,.0f}, nominal "
            f"{speed[1]:,.0f}, scikit-learn (8 units) {speed[2]:,.0f}"
            f"\n  ratio, median (least .. most): ideal {spread(a / c for a, _, c in rows)}, "
            f"nominal {spread(b / c for _, b, c in rows)}"
        )
    with capsys.disabled():
        print("".join(lines))


def test_engines_against_each_other(capsys):
    light, desired = hard_series()
    times = {}
    for engine in ("reference", "compiled"):
        mark1 = Mark1(Description(responses_in_use=5), engine=engine)
        series = {"light": light, "desired": desired, "rule": "error-correction", "sweeps": 1}
        mark1.operate("mark1.control.train", series)
        started = time.perf_counter()
        mark1.run(15_000_000_000)
        times[engine] = time.perf_counter() - started
    with capsys.disabled():
        print(
            f"\n  nominal machine, 15 s of its time: reference {times['reference']:.2f} s, "
            f"compiled {times['reference'] / times['compiled']:,.0f} times faster"
        )


def bare_simpy(events, processes, priorities):
    """Time so many events of SimPy processes that wait and do nothing, at these priorities."""
    env = simpy.Environment()

    def idle(priority):
        while True:
            event = simpy.Event(env)
            event._ok, event._value = True, None
            env.schedule(event, priority=priority, delay=1)
            yield event

    for n in range(processes):
        env.process(idle(priorities[n % len(priorities)]))
    for _ in range(processes):
        env.step()
    started = time.perf_counter()
    for _ in range(events):
        env.step()
    return time.perf_counter() - started


@pytest.mark.parametrize("physics", ["off", "nominal"])
def test_events_of_the_reference_engine_against_bare_simpy(capsys, monkeypatch, physics):
    light, desired = letter_series()
    description = Description.with_physics(physics, responses_in_use=5)
    scheduled = []
    schedule = Kernel.schedule

    def counted(self, event, priority=1, delay=0):
        scheduled.append(priority)
        schedule(self, event, priority, delay)

    series = {"light": light, "desired": desired, "rule": "error-correction", "sweeps": 1}
    with monkeypatch.context() as patch:
        patch.setattr(Kernel, "schedule", counted)
        counting = Mark1(description, engine="reference")
        scheduled.clear()
        counting.operate("mark1.control.train", series)
        counting.run(15_000_000_000)
        events, priorities = len(scheduled), sorted(set(scheduled))
    ratios = []
    for _ in range(5):
        mark1 = Mark1(description, engine="reference")
        mark1.operate("mark1.control.train", series)
        started = time.perf_counter()
        mark1.run(15_000_000_000)
        ours = time.perf_counter() - started
        ratios.append(ours / bare_simpy(events, 1 + 400 + 512 * 2 + 16, priorities))
        rate = events / ours
    with capsys.disabled():
        print(
            f"\n  reference engine, {physics} machine: {events:,} events, {rate:,.0f} a second; "
            f"bare SimPy is faster by {spread(ratios)}"
        )


def teach_a_batch(wirings):
    """Switch on a nominal machine for each wiring, teach it the letters; give the exposures."""
    stimuli = letters(ALPHABET)
    exposures = 0
    for wiring in wirings:
        experimenter = Experimenter(machine_for(stimuli.classes, wiring), stimuli.classes)
        exposures += len(experimenter.teach(stimuli, exposures=40))
    return exposures


def test_a_thousand_machines_use_every_core(capsys):
    batches = [range(first, first + 25) for first in range(0, 1000, 25)]
    seconds, outcomes = {}, {}
    for count in (1, os.cpu_count()):
        with crew(count, prepare=lambda: teach_a_batch([0])) as workers:
            list(
                each(teach_a_batch, batches[: 2 * count], workers)
            )  # hired, and compiled code read
            started = time.perf_counter()
            outcomes[count] = each(teach_a_batch, batches, workers)
            seconds[count] = time.perf_counter() - started
    one, all_cores = seconds[1], seconds[os.cpu_count()]
    assert len(set(map(tuple, outcomes.values()))) == 1
    with capsys.disabled():
        print(
            f"\n  1000 machines switched on and taught 26 letters: one process {one:.1f} s, "
            f"{os.cpu_count()} processes {all_cores:.1f} s, {one / all_cores:.2f} times as fast"
        )


def test_cost_grows_with_a_units_stimuli_and_machines_and_no_faster(capsys):
    """Seconds for so many trials, A recomputed; doubled work should take twice as long."""

    def seconds(units, stimuli, machines, trials):
        light = np.array([[chance.below(2, 1, n, i) * 255 for i in range(400)]
                          for n in range(stimuli)], np.uint8)  # fmt: skip
        desired = np.zeros((stimuli, 8), np.int8)
        desired[:, 0] = [1 if chance.below(2, 2, 0, n) else -1 for n in range(stimuli)]
        numbers = {"association_units": units, "responses_in_use": 1, "plugs_per_s_unit": 10**4}
        took = []
        for _ in range(3):
            batch = [
                machine(Description.ideal(wiring_seed=n, **numbers), remember=False)
                for n in range(machines)
            ]
            took.append(sum(run(one, light, desired, trials // stimuli) for one in batch))
        return min(took)

    rows = {
        "A-units, 20,000 trials": [(n, seconds(n, 50, 1, 20_000)) for n in (512, 1024, 2048, 4096)],
        "stimuli, 50 trials of each": [(n, seconds(512, n, 1, 50 * n)) for n in (100, 400, 1600)],
        "machines, 20,000 trials each": [(n, seconds(512, 50, n, 20_000)) for n in (1, 4, 16)],
    }
    with capsys.disabled():
        for name, row in rows.items():
            told = ", ".join(f"{n}: {s * 1e3:.1f}" for n, s in row)
            print(f"\n  cost by {name} (ms): {told}", end="")
        print()
