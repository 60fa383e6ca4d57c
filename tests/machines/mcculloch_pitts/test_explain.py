"""The causal tree behind a firing or a silence says what the paper's law says."""

import figures
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_nets import LAWS, nets, stimuli

from machines.mcculloch_pitts import Law, law
from machines.mcculloch_pitts.explain import explain
from machines.mcculloch_pitts.wiring import Wiring
from simulator.errors import Mistake


def test_a_touch_of_cold_is_felt_as_heat_because_it_ended():
    net = figures.heat_and_cold()
    record = law.run(net, [[0, 1]], 3)
    tree = explain(net, record, "3", 3)
    assert str(tree).splitlines() == [
        "3 fires at 3: 2 of 2 endings excite it",
        "  b fires at 2: 2 of 2 endings excite it",
        "    a fires at 1: 2 of 2 endings excite it",
        "      2 fires at 0: it is an afferent, and was made to",
    ]


def test_a_silence_is_explained_by_its_veto():
    net = figures.heat_and_cold()
    record = law.run(net, [[0, 1]] * 5, 5)
    tree = explain(net, record, "b", 3)
    assert not tree.fires
    assert tree.why == "2 vetoes it (2 of 2 endings excite it)"
    assert [(cause.fibre, cause.tick) for cause in tree.causes] == [("2", 2)]


def test_a_silence_is_explained_by_what_was_missing():
    net = figures.both()
    tree = explain(net, law.run(net, [[1, 0]], 1), "3", 1)
    assert tree.why == "only 1 of 2 endings excite it"
    assert [str(cause) for cause in tree.causes] == [
        "2 is silent at 0: it is an afferent, and was not made to"
    ]


def test_every_relative_inhibitory_ending_is_counted_in_the_explanation():
    board = Wiring("raised by three", Law("relative"))
    board.afferent("a"), board.afferent("b")
    board.cell("c", {"a": 3}, {"b": 3}, h=2)
    net = board.net()
    tree = explain(net, law.run(net, [[1, 1]], 1), "c", 1)
    assert tree.why == "only 3 of 5 endings excite it (its own threshold is 2)"


@given(st.data())
@settings(max_examples=150)
def test_what_a_tree_rests_on_is_true_and_enough(data):
    """Play only the afferents' pulses the tree names: what fired still fires."""
    net = data.draw(nets([one for one in LAWS if one.name != "alterable"]))
    stimulus, ticks = data.draw(stimuli(net)), data.draw(st.integers(0, 8))
    record = law.run(net, stimulus, ticks)
    fibre = data.draw(st.integers(0, net.fibres - 1))
    tree = explain(net, record, net.name(fibre), ticks)
    stack, named = [tree], set()
    while stack:
        cause = stack.pop()
        assert cause.fires == bool(record[cause.tick, net.fibre(cause.fibre)])
        assert all(inner.tick < cause.tick for inner in cause.causes)
        named.add((cause.fibre, cause.tick))
        stack += cause.causes
    monotone = net.law.name in ("absolute", "summation") and not len(net.vetoes)
    if tree.fires and monotone:
        only = np.zeros((ticks + 1, net.afferents), np.uint8)
        for name, tick in named:
            if net.fibre(name) < net.afferents:
                only[tick, net.fibre(name)] = record[tick, net.fibre(name)]
        assert law.run(net, only, ticks)[ticks, fibre]


def test_a_tree_can_be_cut_short_and_says_so():
    net = figures.heat_and_cold()
    tree = explain(net, law.run(net, [[0, 1]], 3), "3", 3, depth=1)
    assert str(tree).splitlines()[-1].endswith("(and so on)")


def test_a_long_circle_is_told_once():
    net = figures.with_memory()
    tree = explain(net, law.run(net, [[1, 1]], 3000), "L", 3000)
    assert str(tree).count("\n") == 3001


def test_what_cannot_be_explained_is_refused():
    net = figures.delay()
    record = law.run(net, None, 2)
    for name, tick in (("2", 3), ("2", -1), ("nobody", 1)):
        with pytest.raises(Mistake):
            explain(net, record, name, tick)
    board = figures.Wiring("", Law("alterable"))
    board.cell("c", {}, h=1)
    with pytest.raises(Mistake, match="not in the record"):
        explain(board.net(), np.zeros((1, 1), np.uint8), "c", 0)
