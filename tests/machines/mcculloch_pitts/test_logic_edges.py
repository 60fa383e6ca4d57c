"""Edges of the logic: the time before t = 0, far lags, endless repetitions, names that clash."""

import functools
import itertools
import json
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from logic_given import answers, by_name, nets, stimuli
from random_nets import nets as random_nets
from random_nets import stimuli as random_stimuli
from scipy.optimize import Bounds, LinearConstraint, milp

from machines.mcculloch_pitts import threshold
from machines.mcculloch_pitts.automaton import of_table
from machines.mcculloch_pitts.calculus import values
from machines.mcculloch_pitts.calculus_read import read
from machines.mcculloch_pitts.circles import cyclic_set
from machines.mcculloch_pitts.compile_expression import compile_text
from machines.mcculloch_pitts.compile_regular import compile_automaton, compile_regular, matches
from machines.mcculloch_pitts.compile_table import TruthTable, compile_table
from machines.mcculloch_pitts.equivalence import equivalent
from machines.mcculloch_pitts.following import Follower, net_follower
from machines.mcculloch_pitts.formula import formula
from machines.mcculloch_pitts.gates import compile_circuit
from machines.mcculloch_pitts.gates_in import read_blif, read_yosys
from machines.mcculloch_pitts.law import run
from machines.mcculloch_pitts.laws import Law
from machines.mcculloch_pitts.minimal import shortest
from machines.mcculloch_pitts.net import Net
from machines.mcculloch_pitts.net_automaton import event_of
from machines.mcculloch_pitts.net_truth import begins_settled, truth_of
from machines.mcculloch_pitts.proof import compared, prove
from machines.mcculloch_pitts.regular import positions
from machines.mcculloch_pitts.single_cell import relative_cell
from machines.mcculloch_pitts.truth import Product, at_least, column, cover, everything, runs_of
from machines.mcculloch_pitts.wiring import Wiring
from simulator.errors import Mistake


def denied(delay):
    """A net that fires unless a did, by a cell that always fires and a fibre of some delay."""
    board = Wiring()
    board.afferent("a")
    board.cell("always", {"always": 1}, h=1, fires_at_start=True)
    board.cell("c", {"always": (1, delay)}, ["a"], h=1, fires_at_start=True)
    board.output("c")
    return board.net()


def test_before_the_start_even_an_always_firing_cell_was_silent():
    late = denied(3)
    assert run(late, None, 4)[:, 2].tolist() == [1, 0, 0, 1, 1]
    verdict = equivalent(denied(1), late, 0)
    assert not verdict.equivalent
    assert len(verdict.stimulus) == 2
    assert not prove(late, [read("~a")], 1).holds
    assert formula(late, "c").holds_from == 4
    assert formula(denied(1), "c").holds_from == 0


@settings(max_examples=60)
@given(nets(delays=3), st.data())
def test_a_settled_net_does_what_its_table_says_from_the_start(net, data):
    if not begins_settled(net):
        return
    stimulus = data.draw(stimuli(net, 12))
    meant = truth_of(net, net.fibres - 1)
    shown = run(net, stimulus, 11)
    for t in range(12):
        row = sum(
            int(t >= one.ago and shown[t - one.ago, net.fibre(one.name)]) << k
            for k, one in enumerate(meant.literals)
        )
        assert shown[t, -1] == meant.true >> row & 1


def test_a_memory_misled_at_the_start_has_no_formula():
    board = Wiring()
    board.afferent("y")
    board.cell("d", {"y": 1}, h=1, fires_at_start=True)
    board.cell("L", {"d": 1, "L": 1}, h=1)
    board.output("L")
    assert run(board.net(), None, 5)[:, 2].tolist() == [0, 1, 1, 1, 1, 1]  # though y never fired
    with pytest.raises(Mistake, match="no formula"):
        formula(board.net(), "L")


def test_a_memory_that_hears_itself_twice_has_no_formula():
    ends = {"starts": [0, 3], "sources": [1, 1, 0], "endings": [3, 2, 2], "delays": [1, 3, 1]}
    net = Net(1, h=[5], **ends, veto_starts=[0, 0], vetoes=[], veto_endings=[], veto_delays=[],
              initial=[1], outputs=[1], names=("x", "c"))  # fmt: skip
    assert run(net, None, 3)[:, 1].tolist() == [1, 0, 0, 0]
    with pytest.raises(Mistake, match="no formula"):
        formula(net, "c")


def test_lags_of_any_length_are_found():
    text = functools.reduce("({} ^ {})".format, "abcdefghijk")
    literal, compact = compile_text(text, literal=True), compile_text(text)
    assert literal.report.lag - compact.report.lag == 17
    assert equivalent(compact.net, literal.net).lag == 17
    assert equivalent(literal.net, compact.net).lag == -17
    far = compile_text("S^30 ever(a & b)").net
    verdict = equivalent(compile_text("ever(a & b)").net, far)
    assert (verdict.equivalent, verdict.lag) == (True, 30 - 2)


def test_nets_that_differ_at_every_lag_are_told_apart_at_the_best_one():
    remembers, forgets = compile_text("ever(a) & b"), compile_text("a & b")
    verdict = equivalent(remembers.net, forgets.net)
    assert not verdict.equivalent
    assert verdict.lag == forgets.report.lag - remembers.report.lag
    assert verdict.method == "every state"
    assert "first net              ...|" in verdict.trace  # a, then b, and the answer


def test_sentences_and_outputs_must_be_as_many():
    with pytest.raises(Mistake, match="2 sentences are held against 1 outputs"):
        prove(compile_text("a & b").net, [read("a"), read("b")], 1)


@pytest.mark.parametrize(
    ("text", "refused"),
    [
        ("(((){1000}){1000}){1000}a", False),
        ("((((a{0}){1000}){1000}){1000}){1000}b", False),
        ("((" + "|".join("a" * 1900) + "){0}b){1000}", True),
        ("(" + "|".join("a" * 1999) + ")*", True),
        ("(" * 59 + "a" + ")*" * 59, False),
    ],
    ids=["nothing repeated", "nothing left", "letters dropped", "all neighbours", "stars"],
)
def test_no_expression_keeps_its_reader_busy_for_long(text, refused):
    began = time.process_time()
    if refused:
        with pytest.raises(Mistake, match="shorten the repetitions"):
            positions(text)
    else:
        assert len(positions(text).letters) == 1
    assert time.process_time() - began < 10  # a reader that counted would take days


def test_a_sample_finds_what_only_a_few_words_show():
    word, letters = (3, 1, 4, 1, 5), 6

    def step(here, row):
        """Count how far the word has come; -1 when it can no longer be."""
        letter = row.bit_length() - 1
        onward = here >= 0 and here < len(word) and word[here] == letter
        return int(here == len(word)), here + 1 if onward else -1

    never = Follower(0, lambda state, row: (0, state), 500)
    rows = [1 << k % letters for k in range(200)]
    found = compared(Follower(0, step, 500), never, rows, 0, "abcdef")
    assert (found.holds, found.method) == (False, "sample")
    assert "f  ....|" in found.trace


def test_an_automaton_may_have_a_letter_called_start():
    made = compile_automaton(of_table(["a", "START"], 0, [[0, 1], [1, 1]], [0]))
    assert matches(made.net, ["a", "a"])
    assert not matches(made.net, ["a", "START", "a"])
    fibre = compile_regular("a*b", start_fibre=True)
    assert matches(fibre.net, "aab")
    assert not matches(fibre.net, "aba")


def test_ports_of_yosys_may_be_called_like_its_bits():
    ports = {
        "x": {"direction": "input", "bits": [2]},
        "z": {"direction": "input", "bits": [3]},
        "n2": {"direction": "output", "bits": [4]},
    }
    cell = {"type": "$_AND_", "connections": {"A": [2], "B": [3], "Y": [4]}}
    module = {"ports": ports, "cells": {"g": cell}}
    made = compile_circuit(read_yosys(json.dumps({"modules": {"m": module}})))
    rows = np.array([[1, 1], [1, 0], [0, 1], [0, 0]], np.uint8)
    lag = made.report.lag
    assert answers(made.net, rows, 3 + lag)[lag:, 0].tolist() == [1, 0, 0, 0]


def test_latches_of_two_clocks_are_refused():
    ports = {name: {"direction": "input", "bits": [k]} for k, name in enumerate("abd", 2)}
    ports["y"] = {"direction": "output", "bits": [9]}
    cells = {
        "f": {"type": "$_DFF_P_", "connections": {"C": [2], "D": [4], "Q": [8]}},
        "g": {"type": "$_DFF_P_", "connections": {"C": [3], "D": [8], "Q": [9]}},
    }
    with pytest.raises(Mistake, match="latches with 2 clocks or edges"):
        read_yosys(json.dumps({"modules": {"m": {"ports": ports, "cells": cells}}}))
    head = ".model m\n.inputs a\n.outputs y\n.latch a x re one 0\n"
    with pytest.raises(Mistake, match="line 5: latches with 2 clocks or edges"):
        read_blif(head + ".latch x y fe one 0\n.end")
    assert len(read_blif(head + ".latch x y re one 0\n.end").latches) == 2


@pytest.mark.parametrize(("kind", "cure"), [("$_SDFF_PP0_", True), ("$add", False)])
def test_a_cell_of_yosys_that_is_none_of_ours_is_refused_with_the_cure(kind, cure):
    ports = {"a": {"direction": "input", "bits": [2]}, "y": {"direction": "output", "bits": [3]}}
    cells = {"f": {"type": kind, "connections": {"D": [2], "Q": [3]}}}
    with pytest.raises(Mistake, match="cell f is a") as refused:
        read_yosys(json.dumps({"modules": {"m": {"ports": ports, "cells": cells}}}))
    assert ("dfflegalize -cell $_DFF_P_ 01;" in str(refused.value)) == cure


@pytest.mark.parametrize(
    ("text", "cells", "lag"),
    [
        (" ^ ".join("abcdefghijkl"), 12 + 6 + 1, 3),
        ("(a v b v c v d) & ~(a & b & c & d)", 3, 2),
        ("a ^ b ^ c", 5, 2),
    ],
)
def test_cells_that_count_say_what_only_hangs_on_how_many_fire(text, cells, lag):
    made = compile_text(text)
    assert made.proof.proved
    assert (made.report.cells, made.report.lag) == (cells, lag)


@settings(max_examples=40)
@given(st.integers(2, 5), st.data())
def test_any_sentence_about_numbers_of_firing_fibres_is_counted(n, data):
    right = data.draw(st.lists(st.booleans(), min_size=n, max_size=n))
    every = [(column(i, n), 1) for i in range(n)]
    true = 0
    for k in range(1, n + 1):
        if right[k - 1]:
            true |= at_least(k, every, n) & ~at_least(k + 1, every, n)
    runs = runs_of(true, n)
    assert [any(low <= k < high for low, high in runs) for k in range(1, n + 1)] == right
    names = tuple("abcde"[:n])
    for table, free in ((true, 0), (everything(n) & ~true, 0), (true, 1 << n)):
        given_table = TruthTable(names, ("y",), (table & ~free,), (free,))
        made = compile_table(given_table, always_cell=True)
        assert made.proof.proved
        rows = np.array([[row >> k & 1 for k in range(n)] for row in range(1 << n)], np.uint8)
        lag = made.report.lag
        shown = answers(made.net, rows, len(rows) - 1 + lag)[lag:, 0]
        for row in range(1 << n):
            assert free >> row & 1 or shown[row] == table >> row & 1


@settings(max_examples=30)
@given(st.sampled_from(["ever(a)", "S^2 b", "every(3)", "always(a v b)", "S a"]), st.data())
def test_counted_literals_may_remember(one, data):
    text = f"(S {one}) ^ a ^ S^2 b ^ S b ^ S^3 a"
    made = compile_text(text, always_cell=True)
    stimulus = data.draw(stimuli(made.net, 16))
    shown = answers(made.net, stimulus, 15)[made.report.lag :, 0]
    meant = values(read(text), by_name(made.net, stimulus), 16)
    assert shown.tolist() == meant[: 16 - made.report.lag].tolist()


def test_without_time_for_the_shortest_some_contradiction_is_found(monkeypatch):
    # a.b v c.d v ... is no threshold function, nor any part of it with both pairs open
    pairs = [(0, 1), (2, 3), (4, 5)]
    true = sum(
        1 << row for row in range(64) if any(row >> i & 1 and row >> k & 1 for i, k in pairs)
    )
    assert threshold.separate(true, 6).least
    monkeypatch.setattr(threshold, "SECONDS", 0)
    found = threshold.separate(true, 6)
    assert isinstance(found, threshold.Contradiction)
    assert threshold.contradicts(found, true, 6)
    assert not found.least
    majority = sum(1 << row for row in range(512) if row.bit_count() > 4)
    with pytest.raises(Mistake, match="found in time for this table of 9 fibres"):
        threshold.separate(majority, 9)


@settings(max_examples=60)
@given(st.lists(st.integers(-3, 3), min_size=1, max_size=4), st.integers(1, 5))
def test_weights_of_either_sign_are_one_cell_under_relative_inhibition(weights, least):
    n = len(weights)
    sums = [sum(w for i, w in enumerate(weights) if row >> i & 1) for row in range(1 << n)]
    true = sum(1 << row for row, total in enumerate(sums) if total >= least)
    found = threshold.separate(true, n)
    assert isinstance(found, threshold.Weights)
    net = relative_cell(found, "abcd"[:n])
    rows = np.array([[row >> k & 1 for k in range(n)] for row in range(1 << n)], np.uint8)
    shown = answers(net, rows, len(rows))[1:, 0].tolist()
    assert shown == [int(total >= least) for total in sums]


def test_weights_that_fire_out_of_silence_are_no_cell():
    with pytest.raises(Mistake, match="fires out of silence"):
        relative_cell(threshold.Weights((-1,), 0), "a")
    with pytest.raises(Mistake, match="2 names for 1 weights"):
        relative_cell(threshold.Weights((1,), 1), "ab")


@settings(max_examples=40)
@given(nets(circles=True, delays=3), st.data())
def test_a_net_followed_state_by_state_is_the_net_run_by_the_law(net, data):
    names = [net.name(k) for k in range(net.afferents)]
    follower = net_follower(net, names, range(net.fibres))
    stimulus = data.draw(stimuli(net, 12))
    state = follower.start
    for row, want in zip(stimulus.tolist(), run(net, stimulus, 11).tolist(), strict=True):
        answer, state = follower.step(state, sum(bit << k for k, bit in enumerate(row)))
        assert [answer >> k & 1 for k in range(net.fibres)] == want


def test_every_word_of_a_large_alphabet_is_answered_as_python_answers_it():
    made = compile_regular("[a-z]{2}x|ab*", "abcdefghijklmnopqrstuvwxyz")
    assert made.proof.proved
    for word in map("".join, itertools.product("abx", repeat=3)):
        assert matches(made.net, word) == (word[2] == "x" or word == "abb")


@pytest.mark.parametrize("seed", [0, 1, 2, 3, 11, 31, 35, 117, 123])
def test_the_order_of_a_densely_circled_net_is_the_least(seed):
    chance = np.random.default_rng(seed)
    ends = chance.random((12, 12)) < 0.25
    np.fill_diagonal(ends, False)
    board = Wiring()
    for k in range(12):
        board.cell(f"n{k}", {f"n{j}": 1 for j in np.flatnonzero(ends[:, k])}, h=1)

    def has_circle(kept):
        """A matrix of paths that never dies out has a circle."""
        small = ends[np.ix_(kept, kept)].astype(np.int64)
        return bool((np.linalg.matrix_power(small, 12) if len(kept) else small).any())

    least = next(
        size
        for size in range(13)
        for gone in itertools.combinations(range(12), size)
        if not has_circle([k for k in range(12) if k not in gone])
    )
    found = cyclic_set(board.net())
    assert (found.order, found.proved) == (least, True), seed


def drawn_table(n, seed):
    """A table of n fibres in which a little more than half of the rows are true."""
    chance = np.random.default_rng(1000 * n + seed)
    return sum(1 << row for row in range(1 << n) if chance.random() < 0.55)


def least_weight(true, n):
    """Thousand times the fewest products that say a table, and their fewest literals, by HiGHS."""
    every = [
        Product(firing, silent)
        for firing in range(1 << n)
        for silent in range(1 << n)
        if not firing & silent
    ]
    implied = [one for one in every if not cover(one, n) & ~true]
    inside = [cover(one, n) for one in implied]
    rows = np.array([[table >> row & 1 for table in inside] for row in range(1 << n)])
    rows = rows[[row for row in range(1 << n) if true >> row & 1]]
    fewest = milp(
        np.array([1000 + one.literals for one in implied]),
        constraints=LinearConstraint(rows, 1, np.inf),
        bounds=Bounds(0, 1),
        integrality=np.ones(len(inside)),
    )
    return round(fewest.fun)


# in those of five fibres, taking what covers most leads to a form too long
@pytest.mark.parametrize(
    ("n", "seed"),
    [(4, seed) for seed in range(25)] + [(5, seed) for seed in (17, 56, 163, 178, 190, 311, 347)],
)
def test_a_minimal_form_called_exact_has_the_fewest_products_and_then_literals(n, seed):
    true = drawn_table(n, seed)
    found = shortest(true, n)
    assert found.exact
    assert sum(1000 + one.literals for one in found.products) == least_weight(true, n)


small_relative = random_nets(
    [Law("relative")],
    circles=False,
    at_start=False,
    least_afferents=1,
    most_afferents=2,
    most_cells=4,
    most_delay=2,
)


@settings(max_examples=60)
@given(small_relative, st.data())
def test_a_net_of_relative_inhibition_has_its_formula_and_its_table(net, data):
    stimulus = data.draw(random_stimuli(net))
    ticks = len(stimulus)
    shown = run(net, stimulus, ticks - 1)
    for number in net.outputs:
        said = formula(net, net.name(int(number)))
        assert said.holds_from == 0
        for one in (said.substituted, said.minimal):
            meant = values(one, by_name(net, stimulus), ticks)
            assert meant.astype(int).tolist() == shown[:, number].tolist()
        meant = truth_of(net, int(number))
        for t in range(ticks):
            row = sum(
                int(t >= one.ago and shown[t - one.ago, net.fibre(one.name)]) << k
                for k, one in enumerate(meant.literals)
            )
            assert shown[t, number] == meant.true >> row & 1


@settings(max_examples=60)
@given(nets(delays=2), nets(delays=2), st.integers(-2, 2))
def test_the_stimulus_that_tells_nets_without_circles_apart_does(one, other, lag):
    if one.afferents != other.afferents:
        return
    verdict = equivalent(one, other, lag)
    rows = np.array([[row >> k & 1 for k in range(one.afferents)] for row in verdict.stimulus])
    if not verdict.equivalent:
        assert verdict.method == "every row"
        late = abs(lag)
        rows = np.concatenate([rows, np.zeros((late, one.afferents), int)])
        left, right = (answers(net, rows, len(rows) - 1)[:, 0].tolist() for net in (one, other))
        early, later = (left, right) if lag >= 0 else (right, left)
        assert early[: len(rows) - late] != later[late:]


@pytest.mark.parametrize(("endings", "delay", "source"), [(1, 1, "r1"), (2, 2, "r1"), (2, 1, "a")])
def test_what_only_looks_like_a_ring_is_none(endings, delay, source):
    """Too few endings, a longer way, or a fibre from outside: no pulse every second tick."""
    board = Wiring()
    board.afferent("a")
    board.cell("r0", {source: (endings, delay)}, h=2, fires_at_start=True)
    board.cell("r1", {"r0": 1}, h=1)
    board.output("r0")
    net = board.net()
    assert run(net, None, 4)[:, 1].tolist() != [1, 0, 1, 0, 1]
    if source == "r1":
        with pytest.raises(Mistake, match="no formula"):
            formula(net, "r0")
    else:
        said = formula(net, "r0").substituted
        meant = values(said, {"a": np.zeros(9, bool)}, 9)
        assert meant.tolist()[2:] == run(net, None, 8)[2:, 1].tolist()


def test_sets_of_letters_are_repeated_without_more_brackets():
    event = event_of(compile_regular("[ab]*", "abc").net, one_at_a_time=True, wait=1)
    assert event.expression == "[ab]*"
