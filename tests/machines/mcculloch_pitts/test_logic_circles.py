"""Circles: order, recurrences, automata, equivalence."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from logic_given import NAMES, answers, by_name, nets, stimuli

from machines.mcculloch_pitts.calculus import values
from machines.mcculloch_pitts.calculus_print import equation
from machines.mcculloch_pitts.circles import cyclic_set, recurrences
from machines.mcculloch_pitts.compile_expression import compile_text
from machines.mcculloch_pitts.equivalence import equivalent
from machines.mcculloch_pitts.graph import has_circles, sources_of
from machines.mcculloch_pitts.law import run
from machines.mcculloch_pitts.net_automaton import automaton_of, event_of
from machines.mcculloch_pitts.wiring import Wiring
from simulator.errors import Mistake


def cut(net, gone):
    """Tell, cell by cell, whether a net has no circle once these cells are gone."""
    left = set(range(net.afferents, net.fibres)) - set(gone)
    onward = {k: [] for k in left}
    waits = {k: len(set(sources_of(net, k)) & left) for k in left}
    for k in left:
        for source in set(sources_of(net, k)) & left:
            onward[source].append(k)
    free = [k for k in left if not waits[k]]
    for k in free:
        for other in onward[k]:
            waits[other] -= 1
            if not waits[other]:
                free.append(other)
    return len(free) == len(left)


@settings(max_examples=80)
@given(nets(circles=True))
def test_the_order_is_the_fewest_cells_that_cut_all_circles(net):
    found = cyclic_set(net)
    assert found.proved
    cells = range(net.afferents, net.fibres)
    assert cut(net, [net.fibre(name) for name in found.cells])
    fewer = (some for k in range(found.order) for some in combinations(cells, k))
    assert not any(cut(net, some) for some in fewer)
    assert has_circles(net) <= (found.order > 0)


def test_a_search_cut_short_says_so():
    board = Wiring()
    names = [f"n{k}" for k in range(14)]
    for k, name in enumerate(names):
        ends = {names[(k + step) % 14]: 1 for step in (1, 3, 4, 9)}
        board.cell(name, ends, h=1)
    found = cyclic_set(board.net(), most_steps=1)
    assert not found.proved
    better = cyclic_set(board.net())
    assert better.proved
    assert better.order <= found.order


def test_two_thousand_cells_in_one_ring_are_of_order_one():
    board = Wiring()
    for k in range(2000):
        board.cell(f"n{k}", {f"n{(k - 1) % 2000}": 1}, h=1)
    assert cyclic_set(board.net()).order == 1


@settings(max_examples=60)
@given(nets(circles=True), st.data())
def test_the_recurrences_say_what_the_cells_do(net, data):
    """Given what the cyclic set did, every sentence holds, but for what fired at the start."""
    stimulus = data.draw(stimuli(net))
    ticks = len(stimulus)
    shown = run(net, stimulus, ticks - 1)
    cyclic = cyclic_set(net)
    known = by_name(net, stimulus) | {
        name: shown[:, net.fibre(name)].astype(bool) for name in cyclic.cells
    }
    for one in recurrences(net, cyclic):
        said = values(one.says, known, ticks)
        assert said[net.cells :].tolist() == (
            shown[net.cells :, net.fibre(one.name)].astype(bool).tolist()
        )


def test_a_latch_has_its_recurrence():
    board = Wiring()
    board.afferent("set"), board.afferent("reset")
    board.cell("M", {"set": 1, "M": 1}, ["reset"], h=1)
    (one,) = recurrences(board.net())
    assert equation(one.name, one.says) == "M(t) == ~reset(t-1).[set(t-1) v M(t-1)]"


def test_a_latch_is_a_regular_event():
    board = Wiring()
    board.afferent("a"), board.afferent("b")
    board.cell("M", {"a": 1, "M": 1}, ["b"], h=1)
    event = event_of(board.net(), "M", one_at_a_time=True)
    assert event.automaton.states == 2
    assert event.automaton.accepts("ba")
    assert not event.automaton.accepts("ab")
    assert event.expression is not None


@settings(max_examples=40)
@given(nets(circles=True, cells=4, delays=2), st.data())
def test_the_automaton_of_a_net_says_what_its_output_does(net, data):
    stimulus = data.draw(stimuli(net, 8))
    automaton = automaton_of(net)
    shown = answers(net, stimulus, len(stimulus))[:, 0]
    for t in range(len(stimulus) + 1):
        word = [
            "+".join(NAMES[k] for k in range(net.afferents) if row[k]) or "-"
            for row in stimulus[:t]
        ]
        assert automaton.accepts(word) == bool(shown[t])


def test_too_many_states_are_refused_in_one_line():
    net = compile_text("S^30 a").net
    with pytest.raises(Mistake, match=r"undecided after \d+ steps into \d+ states"):
        automaton_of(net)
    with pytest.raises(Mistake, match="14 afferents carry 16384"):
        automaton_of(compile_text(" & ".join(f"a{k}" for k in range(14))).net)


def test_an_afferent_has_no_automaton():
    net = compile_text("a & b").net
    with pytest.raises(Mistake, match="a is an afferent"):
        automaton_of(net, "a")


@settings(max_examples=40)
@given(nets(circles=True, cells=4), nets(circles=True, cells=4), st.integers(-1, 2))
def test_equivalence_is_decided_and_the_stimulus_tells_nets_apart(one, other, lag):
    if one.afferents != other.afferents:
        with pytest.raises(Mistake, match="afferent of one net and not of the other"):
            equivalent(one, other, lag)
        return
    verdict = equivalent(one, other, lag)
    rows = np.array(
        [[row >> k & 1 for k in range(one.afferents)] for row in verdict.stimulus], np.uint8
    )
    if not verdict.equivalent:
        ticks = len(rows) - 1
        left, right = (answers(net, rows, ticks)[:, 0].tolist() for net in (one, other))
        early, late = (left, right) if lag >= 0 else (right, left)
        assert early[: len(early) - abs(lag)][-1] != late[-1]


@settings(max_examples=40)
@given(nets(circles=True, cells=4), st.data())
def test_equivalent_nets_agree_on_whatever_comes(net, data):
    other = data.draw(nets(circles=True, cells=3))
    if net.afferents == other.afferents and equivalent(net, other, 0).equivalent:
        stimulus = data.draw(stimuli(net))
        np.testing.assert_array_equal(answers(net, stimulus, 20), answers(other, stimulus, 20))


@pytest.mark.parametrize("text", ["a & b v S c", "ever(a & S b) & c", "a & ~S^3 a"])
def test_the_literal_and_the_compact_net_are_equivalent_up_to_their_lags(text):
    literal, compact = compile_text(text, literal=True), compile_text(text)
    verdict = equivalent(compact.net, literal.net)
    assert verdict.equivalent
    assert verdict.lag == literal.report.lag - compact.report.lag


def test_nets_that_differ_are_told_apart():
    verdict = equivalent(compile_text("a & b").net, compile_text("a | b").net, 0)
    assert not verdict.equivalent
    assert verdict.trace.splitlines() == [
        "a           |.",
        "b           ..",
        "first net   ..",
        "second net  .|",
    ]


def test_nets_of_different_afferents_or_outputs_are_not_compared():
    with pytest.raises(Mistake, match="b is an afferent of one net"):
        equivalent(compile_text("a & b").net, compile_text("a & c").net)
    board = Wiring()
    board.afferent("a")
    board.cell("x", {"a": 1}, h=1)
    with pytest.raises(Mistake, match="0 and 1 outputs"):
        equivalent(board.net(), compile_text("a").net)


def test_nets_too_large_to_decide_are_refused_in_one_line():
    text = " v ".join(f"ever(a & S^{k} b)" for k in range(1, 20))
    one = compile_text(text).net
    with pytest.raises(Mistake, match="undecided"):
        equivalent(one, one, 0, most=2000)


def test_the_cyclic_set_of_a_large_net_cuts_it_though_a_smaller_may_exist():
    board = Wiring()
    for k in range(1500):
        ends = {f"n{(7 * k + 1) % 1500}": 1, f"n{(11 * k + 5) % 1500}": 1}
        board.cell(f"n{k}", ends, h=1)
    net = board.net()
    found = cyclic_set(net)
    assert cut(net, [net.fibre(name) for name in found.cells])
    assert not found.proved
