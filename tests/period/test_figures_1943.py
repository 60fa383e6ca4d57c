"""Figure 1 of McCulloch and Pitts (1943), and what the paper says of it."""

import itertools

import numpy as np
import pytest

from machines.mcculloch_pitts.calculus_read import read
from machines.mcculloch_pitts.circles import cyclic_set
from machines.mcculloch_pitts.equivalence import equivalent
from machines.mcculloch_pitts.figures_1943 import (
    ALSO,
    NAMES,
    derived,
    figure,
    figures,
    heat_and_cold,
)
from machines.mcculloch_pitts.law import run
from machines.mcculloch_pitts.normal_form import equivalent as same_sentence
from simulator.errors import Mistake

# the paper's formulas, from the reference sheet (its section 1.3); dots as brackets written out
PAPER = {
    "1a": ["N1(t-1)"],
    "1b": ["N1(t-1) v N2(t-1)"],
    "1c": ["N1(t-1).N2(t-1)"],
    "1d": ["N1(t-1).~N2(t-1)"],
    "1e": ["N1(t-1) v [N2(t-3).~N2(t-2)]", "N2(t-2).N2(t-1)"],
    "1f above": ["~N1(t-1).(N2(t-1) v N3(t-1)) v N1(t-1).N2(t-1).N3(t-1)"],
    "1f below": ["S(~N1(t-1).(N2(t-1) v N3(t-1)) v N1(t-1).N2(t-1).N3(t-1))"],
    "1g": ["N2(t-2).~N1(t-3)"],
    "1h": ["N1(t-1).N1(t-2)"],
    "1i": ["N2(t-1) v N1(t-1).(Ex)t-1 N1(x).N2(x)"],
}


@pytest.mark.parametrize("name", NAMES)
def test_the_formulas_are_derived_back_from_the_nets(name):
    one = figure(name)
    found = derived(one)
    assert len(found) == len(PAPER[name])
    for back, text in zip(found, PAPER[name], strict=True):
        cell, said = back.derived.split(" == ")
        assert cell.endswith("(t)")
        assert same_sentence(read(said), read(text))
        assert same_sentence(read(back.minimal.split(" == ")[1]), read(text))
        assert back.alike == (name != "1f below"), (back.paper, back.derived)
        assert back.proof.proved


# what ends on each cell, counted on the plate, p. 105 of the reprint of 1990: bulbs by source,
# loops as "~"; cells without a numeral are called as in figures_1943.py
PLATE = {
    "1a": {"N2": {"N1": 2}},
    "1b": {"N3": {"N1": 2, "N2": 2}},
    "1c": {"N3": {"N1": 1, "N2": 1}},
    "1d": {"N3": {"N1": 2, "~N2": 1}},
    "1e": {
        "Na": {"N2": 2},
        "Nb": {"Na": 2, "~N2": 1},
        "N3": {"N1": 2, "Nb": 2},
        "N4": {"Na": 1, "N2": 1},
    },
    "1f above": {"N4": {"N2": 2, "N3": 2, "~N1": 1}},
    "1f below": {
        "Na": {"N2": 2, "~N1": 1},
        "Nb": {"N2": 1, "N3": 1},
        "Nc": {"N3": 2, "~N1": 1},
        "N4": {"Na": 2, "Nb": 2, "Nc": 2},
    },
    "1g above": {"Na": {"N1": 3, "N2": 2}, "Nb": {"N2": 2}, "N3": {"Na": 1, "Nb": 1}},
    "1h": {"Nd": {"N1": 2}, "N2": {"N1": 1, "Nd": 1}},
    "1i above": {"N3": {"N1": 2, "N2": 2}},
    "1i": {"NL": {"N1": 1, "N2": 1, "NL": 2}, "N3": {"N2": 2, "N1": 1, "NL": 1}},
}


@pytest.mark.parametrize("name", PLATE)
def test_every_bulb_and_loop_of_the_plate_is_in_the_net_and_two_bulbs_fire_a_cell(name):
    one = figure(name)
    net = one.net
    drawn = {
        net.name(net.afferents + cell): {
            net.name(source): endings for source, endings, _ in net.excited_by(cell)
        }
        | {f"~{net.name(source)}": endings for source, endings, _ in net.vetoed_by(cell)}
        for cell in range(net.cells)
    }
    assert drawn == PLATE[name]
    assert net.h.tolist() == [2] * net.cells
    assert one.evidence == "documented"


def test_only_the_net_of_figure_1g_without_tiring_cells_is_ours():
    assert [one.name for one in figures() if one.evidence != "documented"] == ["1g"]


@pytest.mark.parametrize("name", ALSO)
def test_the_upper_nets_of_1g_and_1i_are_proved_to_say_what_the_paper_says(name):
    (back,) = derived(figure(name))
    assert back.proof.proved
    assert not back.alike


def test_tiring_cells_say_what_figure_1g_says_while_n2_rests_and_comes_without_n1():
    above, claim = figure("1g above").net, figure("1g").net
    wrong = []
    for word in itertools.product(range(4), repeat=5):
        stimulus = np.array([[row & 1, row >> 1] for row in word], np.uint8)
        shown = [run(net, stimulus, 7)[:, net.fibre("N3")].tolist() for net in (above, claim)]
        heat, cold = stimulus.T
        fits = not (cold[1:] & cold[:-1]).any() and not (heat & cold).any()
        assert shown[0] == shown[1] or not fits, word
        if shown[0] != shown[1]:
            wrong.append(word)
    assert (2, 2, 0, 0, 0) in wrong, "N2 twice running: the cell is still tired"
    assert (1, 3, 0, 0, 0) in wrong, "N1, then both: three endings of N1 get through"


def test_all_ten_nets_are_drawn_and_only_figure_i_has_a_circle():
    assert [one.name for one in figures()] == list(NAMES)
    orders = {one.name: cyclic_set(one.net).order for one in figures()}
    assert orders == {name: int(name == "1i") for name in NAMES}
    assert figure("Figure 1e").net.cells == 4
    assert figure("h").name == "1h"
    with pytest.raises(Mistake, match="figure 1 has no net"):
        figure("1z")


def test_a_brief_touch_of_cold_is_felt_as_heat_three_ticks_later():
    felt = heat_and_cold(cold_for=1)
    assert np.flatnonzero(felt.cold).tolist() == [0]
    assert np.flatnonzero(felt.feels_heat).tolist() == [3]
    assert np.flatnonzero(felt.feels_cold).tolist() == []


def test_cold_that_is_held_is_felt_as_cold_and_as_heat_when_it_ends():
    felt = heat_and_cold(cold_for=6, ticks=14)
    assert np.flatnonzero(felt.feels_cold).tolist() == [2, 3, 4, 5, 6]
    assert np.flatnonzero(felt.feels_heat).tolist() == [8]  # three ticks after the last cold one


def test_cold_held_to_the_end_is_never_felt_as_heat():
    assert not heat_and_cold(cold_for=100, ticks=60).feels_heat.any()


def test_heat_is_felt_at_the_next_tick():
    assert np.flatnonzero(heat_and_cold(0, heat_for=2).feels_heat).tolist() == [1, 2]


def test_relative_and_absolute_inhibition_are_equivalent_one_tick_apart():
    above, below = figure("1f above").net, figure("1f below").net
    assert not equivalent(above, below, 0).equivalent
    verdict = equivalent(above, below)
    assert (verdict.equivalent, verdict.lag) == (True, 1)
