"""Spoiled decks and numbers of every size: a right answer, or a line that says why there is none.

Decks are spoiled at random and read a second time by an independent reader (decks_704.py), which
must refuse them at the same labelled stop. Updates are made with numbers over the whole range of a
word and held against the model of :mod:`bounded`.
"""

import numpy as np
import pytest
from bounded import UNIT, Bounded, join, logistic
from decks_704 import expected
from hypothesis import example, given, settings
from hypothesis import strategies as st
from rules_704 import Rand, Watched

from machines.ibm704 import Stop, words
from machines.ibm704.devices import mount_cards
from machines.ibm704.rules import (
    RULES,
    Cells,
    Patterns,
    Perceptron,
    Walk,
    decks,
    loaded,
    record,
    run,
    tasks,
)
from machines.ibm704.rules.fields import punch

TASKS = {
    "threshold": (Cells(np.array([[1, -1, 0]]), np.array([[0, 1, 1, 0]])), {"size": 1}),
    "hebb": (tasks.pairs(), {}),
    "oja": (tasks.cloud(3), {"sweeps": 2}),
    "adaline": (Patterns(tasks.XOR, np.ones((4, 1)), np.ones(2)), {"sweeps": 2}),
    "sgd-linear": (tasks.line(5), {"sweeps": 2, "batch": 2}),
    "backprop": (Patterns(tasks.XOR, np.ones((4, 1)), np.linspace(-1, 1, 9)), {"sweeps": 2}),
    "td-5": (tasks.walk(5), {"walks": 2}),
    "perceptron": (
        Perceptron(
            np.hstack([tasks.XOR, tasks.XOR]).astype(int), np.array([[1], [-1], [-1], [0]]), 1, 3,
            np.array([[1, -2], [3, 0], [-4, 2]]), np.array([[1, 1], [2, 1], [3, 1]]),
            np.array([[1, 2, 3], [3, 2, 1]]),
        ),
        {"theta": 0},
    ),
}  # fmt: skip
MINUTE_NS = 60 * 10**9


def deck_of(name):
    task, chosen = TASKS[name]
    rule = RULES[name]
    lines = decks.lines(rule.program, task, rule.values(chosen))
    return [line.ljust(72) for line in lines]


@st.composite
def spoiled(draw, name):
    """A deck with one or two things wrong with it, most of them."""
    lines = deck_of(name)
    for _ in range(draw(st.integers(1, 2))):
        if not lines:
            break
        at = draw(st.integers(0, len(lines) - 1))
        way = draw(st.sampled_from(["column", "number", "lost", "twice", "moved", "shifted"]))
        if way == "column":
            column = draw(st.integers(0, 71) | st.integers(0, 71).map(lambda n: n - n % 12 + 11))
            character = draw(st.sampled_from("0123456789+-.E A/,"))
            lines[at] = lines[at][:column] + character + lines[at][column + 1 :]
        elif way == "number":
            field = draw(st.integers(0, 5))
            number = draw(
                st.integers(-3, 20).map(str)
                | st.sampled_from(["1000000", "34359738360", "1.E38", "2.E38", "1E-39", ".", "1E"])
            )
            text = lines[at]
            lines[at] = text[: 12 * field] + number.rjust(12) + text[12 * field + 12 :]
        elif way == "shifted":
            lines[at] = (" " + lines[at])[:72]
        else:
            card = lines[at] if way == "twice" else lines.pop(at)
            if way != "lost":
                lines.insert(draw(st.integers(0, len(lines))), card)
    return lines


@pytest.mark.parametrize("name", TASKS)
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_a_spoiled_deck_is_refused_where_it_should_be_or_is_a_good_one(name, data):
    punched = punch(data.draw(spoiled(name)), name)
    of = loaded(name, TASKS[name][0])
    mount_cards(of.machine, punched)
    of.machine.operate("ibm704.console.start")
    of.machine.run_to_stop(MINUTE_NS)
    running = of.machine.stop == Stop.RUNNING
    stop = expected(of.rule.program, punched)
    if running:
        assert stop == "", "it computes with a deck that it should have refused"
        return
    assert of.machine.stop == Stop.HALT, of.machine.why()
    told = record(of)
    assert told.stop == stop if stop else told.stop in ("DONE", "HALTS")
    assert told.done or any(line.strip() for line in told.lines)
    assert not stop or not told.tables, "it printed numbers from a deck that it refused"


@pytest.mark.parametrize("name", TASKS)
def test_the_independent_reader_takes_the_decks_as_they_are(name):
    assert expected(RULES[name].program, punch(deck_of(name), name)) == ""


# numbers of every size


@st.composite
def sized(draw, most=37):
    """A number of six digits and a power of ten, or zero."""
    digits = draw(st.just(0) | st.integers(100_000, 999_999))
    sign = draw(st.sampled_from(["", "-"]))
    return float(f"{sign}{digits}E{draw(st.integers(-most, most)) - 5}")


def held(values):
    """What words of the 704 become of numbers on cards: the nearest ones."""
    flat = [float(words.floating(words.from_floating(float(v)))) for v in np.ravel(values)]
    return np.reshape(flat, np.shape(values))


def card(values):
    """The same as bounded: a number on a card is read to within .6 of its last place."""
    near = held(values)
    return Bounded(near, UNIT * np.abs(near))


def read_back(name, task, count, **chosen):
    """Run a rule; give its stop, its weights as they stand in core, and its record."""
    of = loaded(name, task, **chosen)
    of.machine.operate("ibm704.console.start")
    of.machine.run_to_stop(MINUTE_NS)
    told = record(of)
    found = [float(words.floating(of.machine.examine(of.weight(k)))) for k in range(1, count + 1)]
    return told.stop, np.array(found), told


def beyond(*numbers):
    """Whether one of some magnitudes is near or beyond an end of a word's range."""
    sizes = np.abs(np.concatenate([np.ravel(n) for n in numbers]))
    return bool(((sizes > 1e37) | ((sizes > 0) & (sizes < 1e-37))).any())


def cancelled(*numbers):
    """Whether some numbers may be anything up to their bound, even too small (zero is exact)."""
    return any(((abs(one.value) <= one.off) & (one.off > 1e-50)).any() for one in numbers)


@pytest.mark.parametrize("name", ["adaline", "adaline-mu"])
@settings(max_examples=120, deadline=None)
@given(
    x=st.lists(sized(20), min_size=2, max_size=2),
    w=st.lists(sized(), min_size=2, max_size=2),
    d=sized(),
    rate=sized(5),
)
@example(x=[1e-18, 0.0], w=[0.0, 0.0], d=1e10, rate=0.3)
@example(x=[3.0, 0.0], w=[0.0, 0.0], d=7.0, rate=1e-35)
@example(x=[1e-19, 1e-19], w=[0.0, 0.0], d=2.0, rate=1.0)
@example(x=[1.0, 0.0], w=[0.0, 0.0], d=1e-17, rate=0.5)
def test_an_update_of_widrow_and_hoff_with_numbers_of_any_size(name, x, w, d, rate):
    task = Patterns(np.array([x]), np.array([[d]]), np.array(w))
    stop, after, told = read_back(name, task, 2, sweeps=1, rate=rate)
    shown, wanted, step = card(x), card(d), card(rate)
    x, w, d, rate = held(x), card(w), float(held(d)), float(held(rate))
    products = w * shown
    s = products.total()
    e = wanted - s
    norm = (shown * shown).total()
    if stop == "HALTS":
        small = [products.value, s.value, e.value, e.value**2, d * s.value, rate * e.value]
        if name == "adaline" and norm.value:
            gain = step * e / norm
            small += [x * x, norm.value]
        else:
            gain = 2 * step * e
            small += [2 * rate]
        small += [gain.value, gain.value * x]
        learned = w + gain * shown if norm.value else w
        answers = learned * shown
        small += [learned.value, answers.value, answers.total().value, d * answers.total().value]
        assert beyond(*small) or cancelled(e, s, answers.total())
        return
    assert stop == "DONE"
    if name == "adaline" and not norm.value:
        assert w.allows(after)
        return
    gain = step * e / norm if name == "adaline" else 2 * step * e
    assert (w + gain * shown).allows(after)
    mean = e * e
    printed = told.curve[0, 1]
    assert abs(printed - mean.value) <= mean.off + 1e-5 * abs(printed)


@settings(max_examples=120, deadline=None)
@given(
    x=st.lists(sized(20), min_size=3, max_size=3),
    d=st.lists(sized(20), min_size=3, max_size=3),
    w=sized(),
    rate=sized(37),
)
@example(x=[1.0, 1.0, 1.0], d=[1e-5, 0.0, 0.0], w=0.0, rate=2e-39)
@example(x=[1.0, 1.0, 1.0], d=[5e-20, 0.0, 0.0], w=0.0, rate=0.0)
@example(x=[10.0, 10.0, 10.0], d=[10.0, 10.0, 10.0], w=0.0, rate=1e-35)
@example(x=[1e-10] * 3, d=[1e-19, 0.0, 0.0], w=0.0, rate=1.0)
def test_a_batch_of_a_linear_unit_with_numbers_of_any_size(x, d, w, rate):
    rate = max(-1e6, min(1e6, rate))
    task = Patterns(np.transpose([x]), np.transpose([d]), np.array([w]))
    stop, after, told = read_back("linear", task, 1, sweeps=1, rate=rate)
    shown, wanted, step = card(x), card(d), card(rate)
    x, d, w = held(x), held(d), card(w)
    e = wanted - w * shown
    g = (e * shown).total()
    gain = step / 3
    mean = (e * e).total() / 3
    if stop == "HALTS":
        small = [w.value * x, e.value, e.value**2, d * w.value * x, e.value * x, g.value,
                 mean.value, gain.value, gain.value * g.value]  # fmt: skip
        learned = w + gain * g
        answers = learned * shown
        small += [learned.value, answers.value, d * answers.value]
        assert beyond(*small) or cancelled(e, g, learned, answers)
        return
    assert stop == "DONE"
    assert (w + gain * g).allows(after[0])
    printed = told.curve[0, 1]
    assert abs(printed - mean.value) <= mean.off + 1e-5 * abs(printed)


@settings(max_examples=120, deadline=None)
@given(left=sized(), right=sized(), value=sized(), rate=sized(5))
@example(left=-9e37, right=9e37, value=0.0, rate=0.5)
@example(left=0.0, right=2e-39, value=0.0, rate=0.5)
@example(left=0.0, right=1e-31, value=1e-6, rate=0.0)
def test_a_walk_of_one_state_with_rewards_of_any_size(left, right, value, rate):
    rule = RULES["td-5"]
    values = rule.values({"walks": 1, "every": 1, "begin": 1})
    values |= {"left": left, "right": right, "value": value, "rate": rate}
    values |= {"weight": 0.0, "weight_rate": 0.0}
    of = loaded("td-5", Walk(1, np.empty((1, 0))))
    mount_cards(
        of.machine, decks.deck("td", Walk(1, np.empty((1, 0))), values)
    )  # beyond the limits of the table, as own cards may be
    of.machine.operate("ibm704.console.start")
    of.machine.run_to_stop(MINUTE_NS)
    told = record(of)
    low, high, first, step = (card(n) for n in (left, right, value, rate))
    left, right, value, rate = (float(held(n)) for n in (left, right, value, rate))
    true = high - (high - low) / 2
    error = [reward - first for reward in (low, high)]
    if told.stop == "HALTS":
        small = [right - left, (right - left) / 2, true.value]
        for e in error:
            new = value + rate * e.value
            small += [e.value, rate * e.value, new, new - true.value, (new - true.value) ** 2]
        cancelled = any(abs(e.value) <= e.off for e in error) or abs(true.value) <= true.off
        off = [(step * e + first - true).off for e in error]
        assert beyond(*small) or cancelled or beyond(off, np.square(off))
        return
    assert told.stop == "DONE"
    _, truth, learned = told.tables["STATE"][0]
    assert abs(truth - true.value) <= true.off + 1e-5 * abs(truth)
    outcomes = [step * e + first for e in error]
    assert any(abs(learned - o.value) <= o.off + 1e-5 * abs(learned) for o in outcomes)


@settings(max_examples=80, deadline=None)
@given(
    x=st.lists(sized(18), min_size=2, max_size=2),
    w=st.lists(sized(18), min_size=2, max_size=2),
    rate=sized(5),
    rule=st.sampled_from([2, 3]),
)
def test_an_update_of_hebb_and_oja_with_numbers_of_any_size(x, w, rate, rule):
    task = Patterns(np.array([x]), np.empty((1, 0)), np.array(w))
    stop, after, _ = read_back("hebb", task, 2, sweeps=1, rate=rate, rule=rule)
    shown, step = card(x), card(rate)
    x, w = held(x), card(w)
    y = (w * shown).total()
    gain = step * y
    loss = y * gain
    learned = (w - loss * w if rule == 3 else w) + gain * shown
    if stop == "HALTS":
        small = [w.value * x, y.value, gain.value, gain.value * x, learned.value,
                 learned.value**2, learned.value * x]  # fmt: skip
        small += [loss.value, loss.value * w.value] if rule == 3 else []
        near = abs(y.value) <= y.off or (np.abs(learned.value) <= learned.off).any()
        assert beyond(*small) or near or beyond(np.sum(learned.value * x))
        return
    assert stop == "DONE"
    assert learned.allows(after)


@settings(max_examples=80, deadline=None)
@given(
    x=st.lists(sized(1), min_size=2, max_size=2),
    w=st.lists(sized(1), min_size=2, max_size=2),
    d=st.sampled_from([0.0, 1.0, 0.25]),
)
@example(x=[-60.0, 0.0], w=[1.0, 0.0], d=0.0)
@example(x=[-80.0, 0.0], w=[1.0, 0.0], d=1.0)
@example(x=[-95.0, 0.0], w=[1.0, 0.0], d=0.0)
def test_a_logistic_unit_however_far_it_is_saturated(x, w, d):
    task = Patterns(np.array([x]), np.array([[d]]), np.array(w))
    stop, after, _ = read_back("sgd-logistic", task, 2, sweeps=1, rate=0.5)
    shown = card(x)
    x, w = held(x), card(w)
    s = (w * shown).total()
    s = Bounded(np.clip(s.value, -700, 700), np.minimum(s.off, 1))
    y = logistic(s)
    e = Bounded(d) - y
    learned = w + 0.5 * (e * shown)
    if stop == "HALTS":
        # a product of what is nearly nothing is too small for a word, and the program says so
        errors = [e.value, d - float(logistic((learned * x).total()).value)]
        small = [np.square(errors), np.outer(errors, x), learned.value * x]
        assert beyond(*small) or abs(e.value) <= e.off or beyond((d - 0.5) * (y.value - 0.5))
        return
    assert stop == "DONE"
    assert learned.allows(after)


@pytest.mark.parametrize("name", ["adaline", "linear", "hebb", "backprop-xor"])
@pytest.mark.parametrize("spread", [0.0, 1e-37, 0.5, 1e6])
def test_weights_are_drawn_from_the_random_numbers_within_their_size(name, spread):
    watched = Watched(name, seed=9, spread=spread)
    assert watched.to("SWEEPB") == "SWEEPB"
    count = {"adaline": 3, "linear": 3, "hebb": 8, "backprop-xor": 9}[name]
    rand, size = Rand(9), float(held(spread))
    drawn = [2 * rand.fraction() - 1 for _ in range(count)][::-1]
    model = join([Bounded(size) * part for part in drawn])
    found = watched.floats("W", count)
    assert model.allows(found)
    assert (np.abs(found) <= size).all()
    assert spread < 1e-30 or found.any()


def test_a_sum_of_minus_zero_reaches_a_threshold_of_zero():
    plugs = np.array([[-1, 2], [1, -2]])  # the last plug is added first: -1 + 1 is -0
    lit = Perceptron(np.array([[1, 1]]), np.array([[1]]), 0, 2, plugs)
    told = run("perceptron", lit, theta=0, rule=1, sweeps=1, until=0)
    assert told.weights.tolist() == [1, 1]
    cells = Cells(np.array([[-1, 1, 0], [1, -1, 0]]), np.empty((0, 4), int))
    assert run("threshold", cells).tables["TABLE"][:, 3:].tolist() == [
        [1, 1], [1, 0], [0, 1], [1, 1]
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["adaline", "linear"])
def test_a_mean_that_is_too_small_for_a_word_is_not_printed_as_a_large_one(name):
    task = Patterns(np.ones((3, 1)), np.array([[5e-20], [0.0], [0.0]]), np.zeros(1))
    told = run(name, task, sweeps=1, rate=0.0)  # a third of 2.5E-39
    assert told.stop == "HALTS"
    assert "SWEEP" not in told.tables
