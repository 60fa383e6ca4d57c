"""The record of a board: potentiometers, what a board can take, how it is looked over."""

import dataclasses
import re

import numpy as np
import pytest
from any_board import boards as any_board
from any_board import description, machine_and_boards, machines
from hypothesis import given
from hypothesis import strategies as st

from machines.mark1 import Description, Experimenter, Mark1, load, machine_for
from machines.mark1 import plugboard as boards
from machines.mark1.theory import active_chance
from simulator.errors import Mistake
from simulator.stimuli import letters

# potentiometers


def test_a_drawn_board_has_one_potentiometer_an_a_unit():
    board = boards.random_table(Description())
    assert board.pot_a.tolist() == list(range(512))
    assert np.bincount(board.pot_r).tolist() == [64] * 8
    assert boards.historical(board)


def test_the_dense_board_has_4096_potentiometers_and_is_called_not_historical():
    d = Description()
    dense = boards.dense(boards.random_table(d), d)
    assert len(dense.pot_a) == 4096
    assert len(set(boards.leads(dense))) == 4096
    boards.check(dense, d)
    assert not boards.historical(dense)
    assert boards.described(dense, "mine") == f"{boards.NOT_HISTORICAL}; mine"
    assert "not historical" in boards.NOT_HISTORICAL


def test_what_is_called_not_historical_is_not_called_so_twice_nor_for_ever():
    d = Description()
    board = boards.random_table(d)
    said = boards.described(boards.dense(board, d), "mine")
    assert boards.described(boards.dense(board, d), said) == said
    assert boards.described(board, said) == "mine"


def test_a_dense_board_with_one_r_unit_is_the_historical_one():
    d = Description(responses_in_use=1)
    board = boards.random_table(d)
    assert boards.historical(boards.dense(board, d))
    assert not boards.diff(board, boards.dense(board, d))


WIRES = [(0, 0, 1), (1, 1, -1)]


@pytest.mark.parametrize(
    ("leads", "complaint"),
    [
        ([(0, 0), (1, 0)], "R2 is in use but no potentiometer goes to it"),
        ([(0, 0), (0, 0), (1, 1)], "two potentiometers go from A1 to R1"),
        ([(0, 0), (1, 2)], "R3 has a potentiometer but is not in use; 2 R-units are"),
        ([(0, 0), (1, 3)], "R4 does not exist, labels are 1..3"),
        ([(0, 0), (7, 1)], "A8 does not exist, labels are 1..7"),
        ([(0, -1), (1, 1)], "R0 does not exist"),
        ([], "R1 is in use but"),
    ],
)
def test_potentiometers_that_cannot_be_are_refused_in_one_line(leads, complaint):
    with pytest.raises(Mistake, match=re.escape(complaint)):
        boards.from_wires(WIRES, description(), leads)


def test_potentiometers_may_be_given_in_any_order_but_are_kept_sorted():
    board = boards.from_wires(WIRES, description(), [(4, 1), (2, 1), (3, 0)])
    assert (board.pot_a.tolist(), board.pot_r.tolist()) == ([3, 2, 4], [0, 1, 1])
    mixed = dataclasses.replace(board, pot_a=board.pot_a[::-1])
    boards.check(mixed, description())
    with pytest.raises(Mistake, match="potentiometers must be sorted by R-unit"):
        boards.check(dataclasses.replace(mixed, pot_r=mixed.pot_r[::-1]), description())


def test_a_record_whose_columns_differ_in_length_is_refused():
    board = boards.from_wires(WIRES, description())
    for odd in ({"sign": board.sign[:1]}, {"pot_a": board.pot_a[:3]}):
        with pytest.raises(Mistake, match="two ends"):
            boards.check(dataclasses.replace(board, **odd), description())


@given(st.data(), machines(), st.integers(1, 3))
def test_a_board_in_blocks_is_shared_out_anew_and_any_other_stays(data, d, in_use):
    board = data.draw(any_board(d))
    other = dataclasses.replace(d, responses_in_use=min(in_use, d.association_units))
    anew = boards.shared_anew(board, other)
    if boards.in_blocks(board, d.association_units):
        boards.check(anew, other)
        assert (anew.pot_r == boards.share(other)[1]).all()
    else:
        assert anew is board


# boards on machines


def test_potentiometers_moved_by_hand_teach_the_r_unit_they_lead_to():
    stimuli = letters("EX")
    d = Description(responses_in_use=2)
    halves = boards.random_table(d)
    board = boards.from_wires(
        boards.wires(halves), d, [(a, int(a > 0)) for a in range(512)]
    )  # A1 alone to R1
    machine = machine_for(stimuli.classes, board=board, responses_in_use=2)
    Experimenter(machine, stimuli.classes).teach(stimuli)
    turned = machine.rack("mark1.values.V") != 0
    assert not turned[1:].any(), "R2 is not on the code sheet of two classes"


def test_a_board_in_blocks_serves_as_many_r_units_as_the_classes_need():
    stimuli = letters("ABCDE")
    machine = machine_for(stimuli.classes, board=boards.random_table(Description()))
    assert np.bincount(machine.board.pot_r).tolist() == [171, 171, 170]


@pytest.mark.parametrize("engine", ["compiled", "reference"])
def test_a_dense_machine_learns_and_comes_back_from_its_file(tmp_path, engine):
    stimuli = letters("ABC")
    d = Description(responses_in_use=2)
    machine = machine_for(
        stimuli.classes, engine=engine, board=boards.dense(boards.random_table(d), d)
    )
    assert machine.rack("mark1.values.V").size == 1024
    assert Experimenter(machine, stimuli.classes).teach(stimuli)[-1] == 0
    machine.save(tmp_path / "dense.npz")
    back, _ = load(tmp_path / "dense.npz")
    assert not boards.diff(machine.board, back.board)
    assert (back.rack("mark1.values.V") == machine.rack("mark1.values.V")).all()


def test_a_saved_machine_says_its_potentiometers_only_where_they_are_not_in_blocks():
    d = Description(association_units=4, responses_in_use=2, theta=1)
    board = boards.random_table(d)
    assert list(Mark1(d, board).to_json()) == ["numbers", "plugs"]
    moved = boards.move(board, boards.Lead(0, 1), d)
    assert Mark1(d, moved).to_json()["potentiometers"] == {"R1": [2], "R2": [1, 3, 4]}
    dense = Mark1(d, boards.dense(board, d)).to_json()
    assert "not historical" in dense["note"]
    assert not boards.diff(Mark1.from_json(dense).board, boards.dense(board, d))


# looking a board over


def test_the_nominal_board_has_5760_sockets_free():
    d = Description()
    found = boards.fan_out(boards.random_table(d), d)
    assert found.plugs_of_an_s_unit.mean == 25.6
    assert found.sockets_free == 400 * 40 - 512 * 20 == 5760
    assert found.excitatory == found.inhibitory == (10, 10.0, 10)
    assert found.s_unplugged == found.a_unplugged == found.a_without_potentiometer == []


def test_units_left_unplugged_are_named():
    d = description(rows=1, columns=3, units=3)
    board = boards.from_wires([(0, 0, 1), (0, 2, -1), (2, 2, 1)], d, [(0, 0), (1, 1)])
    found = boards.fan_out(board, d)
    assert found.s_unplugged == [2]
    assert found.a_unplugged == [2]
    assert found.a_without_potentiometer == [3]
    assert found.potentiometers == [1, 1]
    assert found.plugs.tolist() == [1, 0, 2]
    assert (found.excitatory, found.inhibitory) == ((0, 2 / 3, 1), (0, 1 / 3, 1))


@given(machine_and_boards())
def test_every_socket_is_free_or_has_a_plug(made):
    d, board = made
    found = boards.fan_out(board, d)
    assert found.sockets_free + len(board) == d.s_units * d.plugs_per_s_unit
    assert found.plugs.sum() == len(board)
    assert found.plugs_of_an_s_unit.most <= d.plugs_per_s_unit
    assert sum(found.potentiometers) == len(board.pot_a)


def test_p_a_of_a_drawn_board_is_that_of_its_origin_points():
    d = Description()
    board = boards.random_table(d)
    assert boards.active_part(board, d, 2, 0.2) == pytest.approx(active_chance(10, 10, 2, 0.2))


def test_p_a_of_an_uneven_board_is_the_mean_over_its_a_units():
    d = description(units=2)
    board = boards.from_wires([(0, 0, 1), (0, 1, 1), (1, 2, 1), (1, 3, -1)], d)
    expected = (active_chance(2, 0, 1, 0.3) + active_chance(1, 1, 1, 0.3)) / 2
    assert boards.active_part(board, d, 1, 0.3) == pytest.approx(expected)
    with pytest.raises(Mistake, match="lit must lie between"):
        boards.active_part(board, d, 1, 1.5)
