"""Plugging by hand, and the differences between two boards."""

import re

import pytest
from any_board import boards as any_board
from any_board import description, machine_and_boards, same, told
from hypothesis import assume, given
from hypothesis import strategies as st

from machines.mark1 import plugboard as boards
from machines.mark1.plugboard import Lead, Wire, parse
from simulator.errors import Mistake


@pytest.mark.parametrize(
    ("text", "item"),
    [("A17+S203", Wire(16, 202, 1)), ("A17-S5", Wire(16, 4, -1)), ("A17>R3", Lead(16, 2))],
)
def test_a_wire_is_written_as_it_is_said(text, item):
    assert parse(text) == item
    assert str(item) == text


@given(st.integers(0, 10**7), st.integers(0, 10**7), st.sampled_from([1, -1]))
def test_every_wire_and_lead_reads_back(one, other, sign):
    for item in (Wire(one, other, sign), Lead(one, other)):
        assert parse(str(item)) == item
        assert type(parse(str(item))) is type(item)


@given(st.one_of(st.text(), st.from_regex(r"A\d+[+>-][SR]\d+\n?", fullmatch=True)))
def test_anything_else_is_refused_in_one_short_line(text):
    line = told(parse, text)
    if line is None:
        assert str(parse(text)) == text
    else:
        assert "is no wire: write A17+S203" in line
        assert len(line) < 200


@pytest.mark.parametrize(
    "text", ["", "A17", "A0+S1", "A1+S0", "A1+R1", "A1>S1", "a1+s1", "A01+S1", "A1 +S1", "A１+S1"]
)
def test_no_wire_is_guessed_at(text):
    with pytest.raises(Mistake, match="is no wire"):
        parse(text)


def small():
    """A1 on S1 (+) and S2 (-), A2 on S1 (+), A3 on S1 (+): S1 is full; A1..A4 to R1, rest to R2."""
    d = description()
    return d, boards.from_wires([(0, 0, 1), (0, 1, -1), (1, 0, 1), (2, 0, 1)], d)


def listed(board):
    return [str(wire) for wire in boards.wires(board)]


def test_a_wire_is_plugged_pulled_and_re_signed():
    d, board = small()
    assert listed(boards.plug(board, parse("A2-S12"), d)) == [
        "A1+S1", "A1-S2", "A2+S1", "A2-S12", "A3+S1",
    ]  # fmt: skip
    assert listed(boards.pull(board, parse("A1-S2"))) == ["A1+S1", "A2+S1", "A3+S1"]
    assert listed(boards.re_sign(board, parse("A1-S2")))[1] == "A1+S2"
    assert listed(board) == ["A1+S1", "A1-S2", "A2+S1", "A3+S1"], "the board itself stays"


def test_a_potentiometer_is_moved():
    d, board = small()
    moved = boards.move(board, parse("A2>R2"), d)
    assert [str(lead) for lead in boards.leads(moved)] == [
        "A1>R1", "A3>R1", "A4>R1", "A2>R2", "A5>R2", "A6>R2", "A7>R2",
    ]  # fmt: skip
    assert boards.historical(moved)


def test_an_a_unit_without_a_potentiometer_gets_one():
    d = description()
    board = boards.from_wires([], d, [(0, 0), (1, 1)])
    assert boards.leads(boards.move(board, Lead(6, 0), d)) == [(0, 0), (6, 0), (1, 1)]


@pytest.mark.parametrize(
    ("act", "wire", "complaint"),
    [
        ("plug", "A4+S1", "A4+S1: S1 has no socket left, all 3 are taken"),
        ("plug", "A1+S2", "A1+S2: A1-S2 is plugged already; pull it first"),
        ("plug", "A1+S1", "A1+S1 is plugged already"),
        ("plug", "A8+S5", "A8 does not exist, labels are 1..7"),
        ("plug", "A1+S13", "S13 does not exist, labels are 1..12"),
        ("pull", "A4+S1", "A4+S1 is not plugged"),
        ("pull", "A1+S2", "A1+S2 is not plugged, but A1-S2 is"),
        ("pull", "A600+S900", "A600+S900 is not plugged"),
        ("re_sign", "A1+S2", "A1+S2 is not plugged, but A1-S2 is"),
        ("re_sign", "A7+S2", "A7+S2 is not plugged"),
        ("move", "A1>R1", "A1>R1: that is where its potentiometer goes already"),
        ("move", "A1>R3", "R3 has a potentiometer but is not in use; 2 R-units are"),
        ("move", "A1>R4", "R4 does not exist, labels are 1..3"),
        ("move", "A8>R1", "A8 does not exist"),
    ],
)
def test_what_cannot_be_done_by_hand_is_refused_in_one_line(act, wire, complaint):
    d, board = small()
    given = (d,) if act in ("plug", "move") else ()
    with pytest.raises(Mistake, match=re.escape(complaint)):
        getattr(boards, act)(board, parse(wire), *given)


def test_the_last_potentiometer_of_an_r_unit_stays():
    d = description()
    board = boards.from_wires([], d, [(0, 0), (1, 1)])
    with pytest.raises(Mistake, match="R1 is in use but no potentiometer goes to it"):
        boards.move(board, Lead(0, 1), d)


def test_a_dense_board_is_not_re_plugged_by_hand():
    d, board = small()
    with pytest.raises(Mistake, match="A1 has 2 potentiometers; by hand, only boards with one"):
        boards.move(boards.dense(board, d), Lead(0, 1), d)


@given(st.data(), machine_and_boards())
def test_plugging_and_then_pulling_gives_the_board_back(data, made):
    d, board = made
    a = data.draw(st.integers(0, d.association_units - 1))
    s = data.draw(st.integers(0, d.s_units - 1))
    wire = Wire(a, s, data.draw(st.sampled_from([1, -1])))
    taken = {(w.a_unit, w.s_unit) for w in boards.wires(board)}
    if (a, s) in taken or (board.s_unit == s).sum() == d.plugs_per_s_unit:
        with pytest.raises(Mistake):
            boards.plug(board, wire, d)
        return
    plugged = boards.plug(board, wire, d)
    boards.check(plugged, d)
    assert boards.diff(board, plugged) == ((), (wire,), (), ())
    assert same(boards.pull(plugged, wire), board)


@given(st.data(), machine_and_boards())
def test_re_signing_twice_and_moving_back_give_the_board_back(data, made):
    d, board = made
    if len(board):
        wire = data.draw(st.sampled_from(boards.wires(board)))
        other = boards.re_sign(board, wire)
        assert boards.diff(board, other) == ((), (), (wire,), ())
        assert same(boards.re_sign(other, wire._replace(sign=-wire.sign)), board)
    lead = data.draw(st.sampled_from(boards.leads(board)))
    to = lead._replace(r_unit=data.draw(st.integers(0, d.responses_in_use - 1)))
    if told(boards.move, board, to, d) is not None:
        return
    moved = boards.move(board, to, d)
    boards.check(moved, d)
    assert boards.diff(board, moved) == ((), (), (), ((lead, to),))
    assert same(boards.move(moved, lead, d), board)


# differences


def test_differences_are_told_one_a_line():
    d, board = small()
    other = boards.pull(board, parse("A3+S1"))
    other = boards.plug(other, parse("A7-S11"), d)
    other = boards.re_sign(other, parse("A1-S2"))
    other = boards.move(other, parse("A2>R2"), d)
    assert boards.lines(boards.diff(board, other)) == [
        "- A3+S1",
        "+ A7-S11",
        "~ A1-S2 -> A1+S2",
        "~ A2>R1 -> A2>R2",
    ]


def test_the_dense_board_differs_by_its_further_potentiometers():
    d, board = small()
    changed = boards.diff(board, boards.dense(board, d))
    assert boards.lines(changed)[:2] == ["+ A1>R2", "+ A2>R2"]
    assert len(changed.plugged) == 7
    assert changed.moved == changed.pulled == ()


@given(st.data(), machine_and_boards())
def test_a_board_does_not_differ_from_itself(data, made):
    _, board = made
    assert not boards.diff(board, board)
    assert boards.lines(boards.diff(board, board)) == []


@given(machine_and_boards(2))
def test_the_differences_make_the_right_board_of_the_left_one(made):
    d, left, right = made
    changed = boards.diff(left, right)
    assert bool(changed) == (not same(left, right))
    assert same(boards.apply(left, changed, d), right)
    assert len(boards.lines(changed)) == sum(map(len, changed))


@given(machine_and_boards(2))
def test_differences_can_be_turned_round(made):
    _, left, right = made
    there, back = boards.diff(left, right), boards.diff(right, left)
    assert (there.pulled, there.plugged) == (back.plugged, back.pulled)
    assert [(new, old) for old, new in there.moved] == list(back.moved)
    assert len(there.re_signed) == len(back.re_signed)


@given(st.data(), machine_and_boards(2))
def test_differences_of_other_boards_are_refused(data, made):
    d, left, right = made
    changed = boards.diff(left, right)
    assume(changed)
    with pytest.raises(Mistake, match=r"is not plugged, so|is plugged already"):
        boards.apply(right, changed, d)
    third = data.draw(any_board(d))
    if told(boards.apply, third, changed, d) is None:
        boards.check(boards.apply(third, changed, d), d)
