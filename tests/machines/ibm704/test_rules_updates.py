"""Every update of the floating-point programs against an independent model.

The model takes weights as they stand in core before an update, does the update in float64, and
allows what 27-bit fractions can lose (bounded.py derives it). So an error cannot hide in a long
run, nor does a long run have to agree with one in another arithmetic.
"""

import numpy as np
import pytest
from bounded import Bounded, join, logistic
from rules_704 import Rand, Watched

from machines.ibm704 import words
from machines.ibm704.rules import Patterns, Walk

SEEDS = pytest.mark.parametrize("seed", [1, 2, 3])


def numbers(seed, *shape):
    """Random numbers as the cards give them, to six places."""
    return np.round(np.random.default_rng(seed).uniform(-1, 1, shape), 6)


def held(values):
    """What words of the 704 become of numbers on cards: the nearest ones."""
    flat = [float(words.floating(words.from_floating(float(v)))) for v in np.ravel(values)]
    return np.reshape(flat, np.shape(values))


def assert_within(model, measured, what):
    assert model.allows(measured), f"{what}: {model.room(measured):.2f} times the bound"


@SEEDS
@pytest.mark.parametrize(("name", "rate"), [("adaline", 0.4), ("adaline-mu", 0.02)])
def test_each_update_of_widrow_and_hoff(name, rate, seed):
    n, patterns = 5, 7
    x, d = numbers(seed, patterns, n), numbers(seed + 50, patterns, 1)
    run = Watched(name, Patterns(x, d, numbers(seed + 99, n)), rate=rate, sweeps=3)
    x, d, rate = held(x), held(d), float(held(rate))
    assert run.to("SHOW") == "SHOW"
    assert (run.floats("W", n) == held(numbers(seed + 99, n))).all()
    for trial in range(3 * patterns):
        before = Bounded(run.floats("W", n))
        shown, want = Bounded(x[trial % patterns]), d[trial % patterns, 0]
        assert run.to("CHANGD") == "CHANGD"
        s = (before * shown).total()
        e = want - s
        gain = rate * e / (shown * shown).total() if name == "adaline" else 2 * rate * e
        assert_within(s, run.float("S"), "sum")
        assert_within(e, run.float("E"), "error")
        assert_within(before + gain * shown, run.floats("W", n), f"update {trial}")
        if trial < 3 * patterns - 1:
            assert run.to("SHOW") == "SHOW"


def test_alpha_leaves_one_minus_alpha_of_the_error_of_the_pattern_just_shown():
    n = 8
    x = numbers(5, 1, n)
    run = Watched("adaline", Patterns(x, np.array([[1.0]]), numbers(6, n)), rate=0.4, sweeps=12)
    errors = []
    for _ in range(12):
        assert run.to("SUMMED") == "SUMMED"
        assert run.to("QUIET") == "QUIET"
        errors.append(run.float("E"))
    ratios = np.array(errors[1:]) / errors[:-1]
    # sums of 8 products and the update of weights below 1: 40 cut-offs of 2**-26 of about 1, as
    # part of an error that has fallen to 0.6**11 = 1/275
    assert abs(ratios - 0.6).max() < 40 * 2**-26 * 275


@SEEDS
@pytest.mark.parametrize("name", ["linear", "sgd-linear", "sgd-logistic"])
def test_each_batch_of_a_unit(name, seed):
    n, patterns, batch, rate = 4, 10, 0 if name == "linear" else 3, 0.3
    x, d = numbers(seed, patterns, n), numbers(seed + 50, patterns, 1)
    task = Patterns(x, d, numbers(seed + 99, n))
    run = Watched(name, task, rate=rate, sweeps=3, seed=seed, batch=batch)
    x, d, rate = held(x), held(d)[:, 0], float(held(rate))
    order, rand = list(range(patterns)), Rand(seed)
    assert run.to("BATCHB") == "BATCHB"
    for _ in range(3):
        if name != "linear":
            rand.shuffle(order)
        for first in range(0, patterns, batch or patterns):
            before = Bounded(run.floats("W", n))
            chosen = order[first : first + (batch or patterns)]
            slopes = []
            for p in chosen:
                y = (before * x[p]).total()
                y = logistic(y) if name == "sgd-logistic" else y
                slopes.append((d[p] - y) * x[p])
            slope = Bounded(
                np.transpose([g.value for g in slopes]), np.transpose([g.off for g in slopes])
            ).total()
            gain = Bounded(rate) / len(chosen)
            assert run.to("CHANGD") == "CHANGD"
            assert_within(before + gain * slope, run.floats("W", n), f"batch at {first}")
            run.to("BATCHB", "DONE")


@SEEDS
@pytest.mark.parametrize("rule", [1, 2, 3])
def test_each_update_of_hebb_and_oja(rule, seed):
    n, m, patterns, rate = 4, 3, 5, 0.1
    x, d = numbers(seed, patterns, n), numbers(seed + 50, patterns, m)
    task = Patterns(x, d, numbers(seed + 99, n * m))
    run = Watched("hebb", task, rate=rate, rule=rule, sweeps=2, outputs=m)
    x, d, rate = held(x), held(d), float(held(rate))
    for trial in range(2 * patterns):
        assert run.to("OWN") == "OWN"
        w = Bounded(run.floats("W", n * m).reshape(m, n))
        p = trial % patterns
        y = (w * x[p]).total()
        if rule == 1:
            y = Bounded(d[p])
        assert_within(y, run.floats("Y", m), "outputs")
        y = Bounded(run.floats("Y", m)[:, None])
        gain = rate * y
        decayed = w - (y * gain) * w if rule == 3 else w
        run.to("CHANGD")
        for _ in range(m - 1):
            run.to("CHANGD")
        after = decayed + gain * x[p]
        assert_within(after, run.floats("W", n * m).reshape(m, n), f"update {trial}")


@SEEDS
@pytest.mark.parametrize("direct", [0, 1])
@pytest.mark.parametrize("batch", [1, 3])
def test_each_update_of_back_propagation(seed, direct, batch):
    n, h, m, patterns, rate, momentum = 3, 4, 2, 6, 0.5, 0.9
    fan = h + 1 + direct * n
    x, d = numbers(seed, patterns, n), abs(numbers(seed + 50, patterns, m))
    start = numbers(seed + 99, h * (n + 1) + m * fan)
    values = {"hidden": h, "direct": direct, "batch": batch, "sweeps": 4, "within": 0.01}
    run = Watched("backprop", Patterns(x, d, start), rate=rate, momentum=momentum, **values)
    x, d = held(x), held(d)
    rate, momentum = float(held(rate)), float(held(momentum))
    count = len(start)
    assert run.to("BATCHB") == "BATCHB"
    assert (run.floats("W", count) == held(start)).all()
    for update in range(4 * patterns // batch):
        w, c = Bounded(run.floats("W", count)), momentum * Bounded(run.floats("C", count))
        hidden = [w[j * (n + 1) : (j + 1) * (n + 1)] for j in range(h)]
        first = h * (n + 1)
        out = [w[first + j * fan : first + (j + 1) * fan] for j in range(m)]
        for p in (np.arange(batch) + update * batch) % patterns:
            z = np.append(x[p], 1.0)
            ys = [logistic((unit * z).total()) for unit in hidden]
            seen = join([x[p], 1.0, *ys] if direct else [1.0, *ys])
            os = [logistic((unit * seen).total()) for unit in out]
            deltas = [(d[p, j] - o) * o * (1.0 - o) for j, o in enumerate(os)]
            changes = []
            for j, y in enumerate(ys):
                back = join([deltas[k] * out[k][fan - h + j] for k in range(m)]).total()
                changes.append(rate * (back * (y * (1.0 - y))) * z)
            changes += [rate * delta * seen for delta in deltas]
            c = c + join(changes)
        assert run.to("ADDED") == "ADDED"
        assert_within(c, run.floats("C", count), f"changes {update}")
        assert_within(w + c, run.floats("W", count), f"update {update}")
        run.to("BATCHB", "DONE")


@SEEDS
def test_each_step_of_temporal_differences(seed):
    states, features = 7, 3
    f = numbers(seed, states, features)
    rates = {"rate": 0.1, "weight_rate": 0.05, "value": 0.5, "weight": 0.25}
    run = Watched("td-5", Walk(states, f), seed=seed, walks=4, left=-1, right=1, **rates)
    f, a, b = held(f), float(held(0.1)), float(held(0.05))
    rand, walks, state = Rand(seed), 0, 4
    assert run.to("STEP") == "STEP"
    while walks < 4:
        v, w = Bounded(run.floats("V", states)), Bounded(run.floats("W", features))
        assert run.to("MOVE") == "MOVE"
        following = state + 2 * rand.below(2) - 1
        assert run.int("NEXT") == following
        ended = following in (0, states + 1)
        reward = {0: -1.0, states + 1: 1.0}.get(following, 0.0)
        old = (w * f[state - 1]).total()
        ahead_v, ahead_l = Bounded(0.0), Bounded(0.0)
        if not ended:
            ahead_v, ahead_l = v[following - 1], (w * f[following - 1]).total()
        learned = v[state - 1] + a * (reward + ahead_v - v[state - 1])
        after = run.floats("V", states)
        assert_within(learned, after[state - 1], "value")
        others = np.arange(states) != state - 1
        assert (after[others] == v.value[others]).all()
        moved = w + b * (reward + ahead_l - old) * f[state - 1]
        assert_within(moved, run.floats("W", features), "weights")
        walks, state = (walks + 1, 4) if ended else (walks, following)
        run.to("STEP", "DONE")
