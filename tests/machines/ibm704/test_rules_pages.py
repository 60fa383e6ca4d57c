"""What the programs print, sweep by sweep, against short runs of an independent model in float64.

The updates are held to derived bounds elsewhere (test_rules_updates.py); here it is the pages: sums
of errors, counts, answers, last weights. A run of a few updates with numbers about 1 strays by
some hundred cut-offs of 2**-26, so NEAR is far above that and far below what a wrong count, sum or
pattern would make.
"""

import numpy as np
import pytest
from rules_704 import Rand

from machines.ibm704.rules import Patterns, Walk, run, tasks

NEAR = {"rel": 2e-5, "abs": 2e-5}
SEEDS = pytest.mark.parametrize("seed", [1, 2])


def numbers(seed, *shape):
    """Random numbers as the cards give them, to six places."""
    return np.round(np.random.default_rng(seed).uniform(-1, 1, shape), 6)


def near(printed, model):
    """Whether printed numbers are those of the model."""
    return np.asarray(printed) == pytest.approx(np.asarray(model), **NEAR)


@SEEDS
@pytest.mark.parametrize("name", ["adaline", "adaline-mu"])
def test_the_pages_of_widrow_and_hoff(name, seed):
    x, d, w = numbers(seed, 6, 3), numbers(seed + 50, 6), numbers(seed + 99, 3)
    task = Patterns(x, d[:, None], w)
    told = run(name, task, rate=0.2, sweeps=3, detail=1)
    sweeps, trials = [], []
    for sweep in range(1, 4):
        square = wrong = 0
        for shown, want in zip(x, d, strict=True):
            s = w @ shown
            e = want - s
            wrong += s * want <= 0
            square += e * e
            w = w + (0.2 * e / (shown @ shown) if name == "adaline" else 0.4 * e) * shown
            trials.append([len(trials) + 1, s, e])
        sweeps.append([sweep, square / 6, wrong])
    assert near(told.tables["SWEEP"], sweeps)
    assert near(told.tables["TRIAL"], trials)
    assert near(told.tables["ANSWER"], np.column_stack([np.arange(1, 7), x @ w]))
    assert near(told.weights, w)


@SEEDS
@pytest.mark.parametrize("name", ["linear", "sgd-linear", "sgd-logistic"])
def test_the_pages_of_a_unit(name, seed):
    x, w = numbers(seed, 7, 3), numbers(seed + 99, 3)
    d = np.abs(np.round(numbers(seed + 50, 7)) if name == "sgd-logistic" else numbers(seed, 7))
    batch, half = (7 if name == "linear" else 3), (0.5 if name == "sgd-logistic" else 0)
    task = Patterns(x, d[:, None], w)
    told = run(name, task, rate=0.3, sweeps=5, every=2, batch=batch, seed=seed)

    def output(shown):
        return 1 / (1 + np.exp(-shown @ w)) if half else shown @ w

    order, rand, sweeps = list(range(7)), Rand(seed), []
    for sweep in range(1, 6):
        if name != "linear":
            rand.shuffle(order)
        square = wrong = 0
        for first in range(0, 7, batch):
            chosen = order[first : first + batch]
            y = output(x[chosen])
            e = d[chosen] - y
            square += (e * e).sum()
            wrong += ((y - half) * (d[chosen] - half) <= 0).sum()
            w = w + 0.3 / len(chosen) * e @ x[chosen]
        sweeps.append([sweep, square / 7, wrong])
    assert near(told.tables["SWEEP"], [sweeps[1], sweeps[3], sweeps[4]])
    assert near(told.tables["ANSWER"], np.column_stack([np.arange(1, 8), output(x)]))
    assert near(told.weights, w)


@SEEDS
@pytest.mark.parametrize("rule", [1, 2, 3])
def test_the_pages_of_hebb_and_oja(rule, seed):
    x, d, w = numbers(seed, 5, 4), numbers(seed + 50, 5, 2), numbers(seed + 99, 8)
    told = run("hebb", Patterns(x, d, w), rule=rule, rate=0.1, sweeps=3, outputs=2)
    w = w.reshape(2, 4)
    lengths = []
    for sweep in range(1, 4):
        for shown, want in zip(x, d, strict=True):
            y = want if rule == 1 else w @ shown
            decay = (y * y)[:, None] * w if rule == 3 else 0
            w = w + 0.1 * (np.outer(y, shown) - decay)
        lengths.append([sweep, *(w * w).sum(1)])
    assert near(told.tables["LENGTH"], lengths)
    assert near(told.tables["ANSWER"], np.column_stack([np.arange(1, 6), x @ w.T]))
    assert near(told.weights, w.ravel())


@SEEDS
@pytest.mark.parametrize("direct", [0, 1])
@pytest.mark.parametrize("batch", [1, 3])
def test_the_pages_of_back_propagation(seed, direct, batch):
    n, h, m = 3, 2, 2
    fan = h + 1 + direct * n
    x, d = numbers(seed, 4, n), np.round(np.abs(numbers(seed + 50, 4, m)))
    w = numbers(seed + 99, h * (n + 1) + m * fan)
    chosen = {"hidden": h, "direct": direct, "batch": batch, "within": 0.45}
    told = run("backprop", Patterns(x, d, w), sweeps=5, every=2, **chosen)
    low, high = w[: h * (n + 1)].reshape(h, n + 1), w[h * (n + 1) :].reshape(m, fan)

    def forward(shown):
        z = np.append(shown, 1)
        y = 1 / (1 + np.exp(-low @ z))
        seen = np.concatenate([shown if direct else [], [1], y])
        return z, y, seen, 1 / (1 + np.exp(-high @ seen))

    changes, sweeps = [np.zeros_like(low), np.zeros_like(high)], []
    for sweep in range(1, 6):
        square = far = 0
        for first in range(0, 4, batch):
            changes = [0.9 * change for change in changes]
            for p in range(first, min(4, first + batch)):
                z, y, seen, o = forward(x[p])
                e = d[p] - o
                square, far = square + e @ e, far + (abs(e) >= 0.45).sum()
                delta = e * o * (1 - o)
                back = (delta @ high)[fan - h :] * y * (1 - y)
                changes[0] = changes[0] + 0.5 * np.outer(back, z)
                changes[1] = changes[1] + 0.5 * np.outer(delta, seen)
            low, high = low + changes[0], high + changes[1]
        sweeps.append([sweep, square, far])
        if not far:
            break
    expected = [row for row in sweeps if row[0] in (2, 4, len(sweeps))]
    assert near(told.tables["SWEEP"], expected)
    assert told.learned == (sweeps[-1][2] == 0)
    answers = [[p + 1, *forward(x[p])[3]] for p in range(4)]
    assert near(told.tables["ANSWER"], answers)
    assert near(told.weights, np.concatenate([low.ravel(), high.ravel()]))


@SEEDS
def test_the_pages_of_temporal_differences(seed):
    k, f = 5, numbers(seed, 5, 2)
    values = {"left": -0.5, "right": 1.0, "value": 0.25, "weight": 0.125}
    rates = {"rate": 0.2, "weight_rate": 0.1}
    told = run("td-5", Walk(k, f), walks=6, every=4, begin=2, seed=seed, **values, **rates)
    true = -0.5 + 1.5 * np.arange(1, k + 1) / (k + 1)
    v, w, rand, rows = np.full(k, 0.25), np.full(2, 0.125), Rand(seed), []
    for walk in range(1, 7):
        state, steps = 2, 0
        while 0 < state <= k:
            steps += 1
            following = state + 2 * rand.below(2) - 1
            on = 0 < following <= k
            reward = {0: -0.5, k + 1: 1.0}.get(following, 0)
            old = f[state - 1] @ w
            ahead = f[following - 1] @ w if on else 0
            ahead_v = v[following - 1] if on else 0
            v[state - 1] += 0.2 * (reward + ahead_v - v[state - 1])
            w = w + 0.1 * (reward + ahead - old) * f[state - 1]
            state = following
        errors = [np.sqrt(np.mean((learned - true) ** 2)) for learned in (v, f @ w)]
        rows.append([walk, steps, *errors])
    assert near(told.tables["WALK"], [rows[3], rows[5]])
    assert near(told.tables["STATE"], np.column_stack([np.arange(1, k + 1), true, v, f @ w]))
    assert near(told.weights, w)


def test_drawn_weights_are_the_same_for_one_seed_and_others_for_another():
    task = tasks.and_with_bias()
    first, again, other = (run("adaline", task, rate=0, seed=s).weights for s in (3, 3, 4))
    assert first.tolist() == again.tolist()
    assert first.tolist() != other.tolist()
