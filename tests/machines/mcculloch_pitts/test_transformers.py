"""Theorems IV to VII as verbs: the new net does what the old one did, late by the lag it says."""

import dataclasses

import numpy as np
import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st
from random_nets import nets, stimuli

from machines.mcculloch_pitts import Law, Wiring, law, transformers
from machines.mcculloch_pitts.transformers import to_absolute
from simulator.errors import Mistake

CERTAIN = [
    Law(),
    Law("relative"),
    Law("extinction", raises=(1, 0, 2)),
    Law("extinction", raises=(3,)),
    Law("summation", window=3),
    Law("alterable"),
    Law("minsky"),
]


def agree(net, new, stimulus, ticks):
    """Hold the new net against the old: every fibre that stands for one, late by the lag."""
    old = law.run(net, stimulus, ticks)
    got = law.run(new.net, stimulus, ticks + new.lag)
    for name, stands in new.stands_for.items():
        want = old[:, net.fibre(name)]
        np.testing.assert_array_equal(got[new.lag :, new.net.fibre(stands)], want, name)


@given(st.data())
@settings(max_examples=150)
def test_every_law_has_its_net_of_1943(data):
    net = data.draw(nets(CERTAIN, most_cells=5))
    event(net.law.name)
    new = to_absolute(net)
    assert new.net.law == Law()
    assert new.net.longest_delay == 1
    assert new.lag in (0, 1)
    agree(net, new, data.draw(stimuli(net)), data.draw(st.integers(0, 14)))


@given(st.data())
@settings(max_examples=60)
def test_absolute_inhibition_is_relative_inhibition_with_endings_enough(data):
    net = data.draw(nets([Law()]))
    new = transformers.absolute_to_relative(net)
    assert new.lag == 0
    assert new.net.law.name == "relative"
    agree(net, new, data.draw(stimuli(net)), 12)


@given(st.data())
@settings(max_examples=60)
def test_there_and_back_again(data):
    net = data.draw(nets([Law()], most_cells=4))
    there = transformers.absolute_to_relative(net)
    back = transformers.relative_to_absolute(there.net)
    stimulus = data.draw(stimuli(net))
    agree(there.net, back, stimulus, 10)


def test_figure_1f_takes_three_cells():
    """N4 = ~N1.(N2 v N3) v N1.N2.N3, all one tick before; with vetoes alone one tick later."""
    board = Wiring("1f, top", Law("relative"))
    for name in "123":
        board.afferent(name)
    board.cell("4", {"2": 1, "3": 1}, ["1"], h=1)
    board.output("4")
    new = to_absolute(board.net())
    assert (new.net.cells, new.lag) == (3, 1)
    for bits in range(8):
        one, two, three = (bits >> i & 1 for i in range(3))
        fires = (not one and (two or three)) or (one and two and three)
        record = law.run(new.net, np.array([[one, two, three]]), 2)
        assert record[2, new.net.fibre(new.stands_for["4"])] == bool(fires), bits


def test_extinction_becomes_loops_and_no_answer_is_late():
    """Theorem V, and figure 1g's behaviour: a cell that cannot fire again at once."""
    board = Wiring("rests a tick", Law("extinction", raises=(5, 5)))
    board.afferent("1")
    board.cell("2", {"1": 1}, h=1)
    new = transformers.extinction_to_relative(board.net())
    assert (new.lag, new.net.cells) == (0, 2), "the cell, and one in the longer loop"


def test_a_cell_that_learns_ends_on_others_as_one_cell():
    """However many cells stand for it, one ending of it stays one ending."""
    board = Wiring("", Law("alterable"))
    for name in "abx":
        board.afferent(name)
    board.cell("c", {"a": 1, "b": 1, "x": 1}, h=1, alterable=["a", "b"])
    board.cell("alone", {"c": 1}, h=1)
    board.cell("twice", {"c": 1}, h=2)
    net = board.net()
    new = to_absolute(net)
    stimulus = np.array([[1, 1, 1], [0, 0, 0], [1, 1, 0], [1, 0, 0], [0, 1, 0], [1, 1, 1]])
    agree(net, new, stimulus, 10)
    record = law.run(net, stimulus, 10)
    assert record[:, net.fibre("alone")].sum() == 5
    assert not record[:, net.fibre("twice")].any()


def test_a_cell_of_noisy_organs_has_no_certain_equal():
    board = Wiring("", Law("noisy", error_ppm=1))
    board.cell("c", {}, h=1)
    with pytest.raises(Mistake, match="noisy"):
        to_absolute(board.net())


def test_a_cell_that_would_become_thousands_is_refused():
    for name, at_most in (("relative", 12), ("alterable", 6)):
        board = Wiring("", Law(name))
        sources = [board.afferent(f"x{i}") for i in range(at_most + 1)]
        veto = sources if name == "relative" else ()
        excite = {"c": 20} if name == "relative" else dict.fromkeys(sources, 1)
        board.cell("c", excite, veto, h=1, alterable=sources if name == "alterable" else ())
        with pytest.raises(Mistake, match=f"cell c has {at_most + 1} .* {at_most} are the most"):
            to_absolute(board.net())


def test_verbs_refuse_nets_under_another_law():
    board = Wiring()
    board.cell("c", {}, h=1)
    net = board.net()
    for verb in (transformers.relative_to_absolute, transformers.summation_to_absolute,
                 transformers.extinction_to_relative, transformers.alterable_to_absolute,
                 transformers.minsky_to_absolute):  # fmt: skip
        with pytest.raises(Mistake, match="this one's is absolute"):
            verb(net)
    late = dataclasses.replace(net, law=Law("summation", window=2))
    with pytest.raises(Mistake, match="obey the law summation too"):
        transformers.without_delays(late)


def test_a_cell_that_need_not_be_divided_keeps_its_name_and_comes_no_later():
    board = Wiring("", Law("relative"))
    board.afferent("a"), board.afferent("b")
    board.cell("whole", {"a": 1}, ["b"], h=1)
    board.cell("never", {"a": 1}, h=2)
    board.output("whole", "never")
    new = to_absolute(board.net())
    assert (new.lag, new.net.cells) == (0, 2)
    assert new.stands_for == {"whole": "whole", "never": "never"}
