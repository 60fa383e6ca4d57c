"""The perceptron program against an independent model: whole numbers, so exactly."""

import numpy as np
import pytest
from rules_704 import Rand, Watched

from machines.ibm704.rules import Perceptron, run, tasks

SEEDS = pytest.mark.parametrize("seed", [1, 2, 3])


def model(task, theta, rule, system, step, travel, sweeps):
    """The law of the program's header; yields stimulus, sums and the values after each trial."""
    learn = len(task.pictures) - task.tests
    pots = task.potentiometers
    if pots is None:
        n_r = task.desired.shape[1]
        a = np.arange(task.a_units)
        pots = np.column_stack([a + 1, a * n_r // task.a_units + 1])
    a_of, r_of = pots.T - 1
    v = np.zeros(len(pots), int)
    limit = travel or 10**9
    order = task.order if task.order is not None else [np.arange(1, learn + 1)] * sweeps
    for sweep in order:
        for p in sweep - 1:
            lit = task.pictures[p]
            origin = abs(task.wires) - 1
            points = np.where(task.wires == 0, 0, np.sign(task.wires) * lit[origin])
            active = (points.sum(1) >= theta)[a_of]
            sums = np.bincount(r_of, v * active, task.desired.shape[1]).astype(int)
            ways = np.zeros(len(sums), int)
            for r, (u, want) in enumerate(zip(sums, task.desired[p], strict=True)):
                shown = np.sign(u)
                if rule == 3:
                    ways[r] = shown
                elif want and (rule == 1 or (rule == 2 and shown != want)):
                    ways[r] = want
            way = ways[r_of] * step
            if system == 0:
                v = v + way * active
            else:
                n = np.bincount(r_of, minlength=len(sums))[r_of]
                m = np.bincount(r_of, active, len(sums)).astype(int)[r_of]
                v = v + way * np.where(active, n - m, -m)
            v = np.clip(v, -limit, limit)
            yield p + 1, sums, v


def random_task(seed, n_r=3, several=False, ordered=False):
    rng = np.random.default_rng(seed)
    n_s, n_a, stimuli, sweeps = 30, 24, 6, 4
    pictures = rng.integers(0, 2, (stimuli, n_s))
    desired = rng.integers(-1, 2, (stimuli, n_r))
    wires = np.array([rng.permutation(n_s)[:5] + 1 for _ in range(n_a)])
    wires *= rng.choice([-1, 1], wires.shape)
    wires[rng.random(wires.shape) < 0.2] = 0
    pots = None
    if several:
        pairs = {(int(a), int(r)) for a, r in rng.integers(1, [n_a + 1, n_r + 1], (40, 2))}
        pots = np.array(sorted(pairs, key=lambda pair: pair[::-1]))
    order = np.array([rng.permutation(stimuli) + 1 for _ in range(sweeps)]) if ordered else None
    return Perceptron(pictures, desired, 0, n_a, wires, pots, order)


@SEEDS
@pytest.mark.parametrize("system", [0, 1])
@pytest.mark.parametrize("rule", [0, 1, 2, 3])
def test_sums_and_values_of_each_trial_are_those_of_the_law(rule, system, seed):
    task = random_task(10 * seed + rule, several=seed > 1, ordered=seed > 2)
    given = {"theta": 1, "rule": rule, "system": system, "step": seed, "sweeps": 4}
    travel = 4 if seed == 2 else 0
    watched = Watched("perceptron", task, until=0, travel=travel, **given)
    values = len(task.potentiometers) if task.potentiometers is not None else task.a_units
    trials = list(model(task, travel=travel, **given))
    assert rule == 0 or any(v.any() for _, _, v in trials) or rule == 3
    for p, sums, v in trials:
        if watched.to("TRIALE", "FINISH") == "FINISH":
            assert watched.word("NOTED"), "it ended before its time without a certificate"
            break
        assert watched.int("STIMUL") == p
        assert watched.ints("SUM", 3).tolist() == sums.tolist()
        assert watched.ints("V", values).tolist() == v.tolist()


@SEEDS
def test_the_printed_pages_tell_sums_and_values_of_each_trial(seed):
    task = random_task(seed, ordered=True)
    record = run("perceptron", task, theta=1, rule=1, sweeps=4, until=0, detail=2)
    trials = list(model(task, 1, 1, 0, 1, 0, 4))
    printed = record.tables["TRIAL"]
    assert printed[:, 0].tolist() == list(range(1, 25))
    assert printed[:, 1].tolist() == [p for p, _, _ in trials]
    assert printed[:, 2:].tolist() == [sums.tolist() for _, sums, _ in trials]
    driven = [v for p, _, v in trials if task.desired[p - 1].any()]
    assert record.tables["VALUES"][:-1].tolist() == [v.tolist() for v in driven]
    wrong = [
        sum(((np.sign(sums) != task.desired[p - 1]) & (task.desired[p - 1] != 0)).any()
            for p, sums, _ in trials[6 * s : 6 * s + 6])
        for s in range(4)
    ]  # fmt: skip
    assert record.curve[:, 1].tolist() == wrong


def test_the_gamma_system_conserves_the_sum_of_the_values_of_each_response():
    task = random_task(4)
    for _, _, v in model(task, 1, 1, 1, 1, 0, 2):
        assert v.reshape(3, 8).sum(1).tolist() == [0, 0, 0], "the law itself"
    record = run("perceptron", task, theta=1, rule=1, system=1, sweeps=2, until=0)
    assert record.weights.reshape(3, 8).sum(1).tolist() == [0, 0, 0]
    assert record.weights.any()


@SEEDS
def test_the_704_draws_its_plugboard_from_its_random_numbers(seed):
    task = tasks.left_right(4, 2, seed=seed)
    watched = Watched("perceptron", task, seed=seed, x=6, y=3, sweeps=1)
    assert watched.to("SHOW") == "SHOW"
    rand, at = Rand(seed), watched.symbols["WIRES"]
    for _ in range(task.a_units):
        plugged = []
        while len(plugged) < 9:
            k = rand.below(400) + 1
            if k not in plugged:
                plugged.append(k)
        drawn = [watched.machine.examine(at + 1 + i) for i in range(9)]
        assert [word >> 24 for word in drawn] == [0o400] * 6 + [0o402] * 3
        assert [watched.symbols["S"] - (word & 0o77777) for word in drawn] == plugged
        at += 11


@SEEDS
def test_a_shuffled_order_is_that_of_its_random_numbers(seed):
    task = random_task(seed)
    record = run("perceptron", task, theta=1, order=1, order_seed=seed, sweeps=3, until=0, detail=1)
    rand, order, shown = Rand(seed), list(range(1, 7)), []
    for _ in range(3):
        rand.shuffle(order)
        shown += order
    assert record.tables["TRIAL"][:, 1].tolist() == shown


def test_exclusive_or_cycles_and_the_certificate_is_true():
    record = run("perceptron-xor")
    first, last = record.certificate
    assert record.done
    assert not record.learned
    task = tasks.exclusive_or_pictures()
    after = [v.tolist() for _, _, v in model(task, 1, 2, 0, 1, 0, last)][3::4]
    assert after[first - 1] == after[last - 1]
    assert (record.curve[:, 1] > 0).all()


@pytest.mark.parametrize("name", ["AND", "OR"])
def test_what_can_be_separated_is_learned_by_the_same_three_units(name):
    pictures = tasks.exclusive_or_pictures()
    want = {"AND": [-1, -1, -1, 1], "OR": [-1, 1, 1, 1]}[name]
    task = Perceptron(pictures.pictures, np.array(want)[:, None], 0, 3, pictures.wires)
    record = run("perceptron-xor", task)
    assert record.learned
    assert record.certificate is None
    assert np.sign(record.answers[:, 0]).tolist() == want


@pytest.mark.slow
def test_left_and_right_are_told_apart_on_cards_it_has_not_seen():
    right = {"perceptron": [], "gamma": []}
    for seed in range(1, 6):
        task = tasks.left_right(seed=seed)
        for name, parts in right.items():
            record = run(name, task, seed=seed, sweeps=1, until=0)
            answers = np.sign(record.answers[50:, 0])
            parts.append((answers == task.desired[50:, 0]).mean())
    # 50 cards, one pass: .90-.94 by error correction, .98-1.00 by gamma, on a model of the Mark I
    # with cards of its own; 50 tests tell a part to .07 at best
    assert 0.83 <= np.median(right["perceptron"]) <= 1
    assert 0.91 <= np.median(right["gamma"]) <= 1
