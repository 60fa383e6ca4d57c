"""Temporal propositional expressions: read, printed, understood."""

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from logic_given import NAMES, remembering, sentences

from machines.mcculloch_pitts.calculus import (
    Always,
    And,
    Ever,
    Every,
    Fibre,
    Not,
    Or,
    Past,
    fibres,
    fires_in_silence,
    values,
)
from machines.mcculloch_pitts.calculus_print import functor, paper, tidy
from machines.mcculloch_pitts.calculus_read import read, statement
from machines.mcculloch_pitts.following import expression_follower
from machines.mcculloch_pitts.normal_form import equivalent, minimal, table
from simulator.errors import Mistake

ROWS = st.lists(st.integers(0, 7), min_size=1, max_size=20)


def by_hand(expression, rows, t):
    """The meaning of a sentence, written down again as slowly as possible."""
    match expression:
        case Fibre(name):
            return t >= 0 and bool(rows[t] >> NAMES.index(name) & 1)
        case Past(part, ticks):
            return by_hand(part, rows, t - ticks)
        case Not(part):
            return not by_hand(part, rows, t)
        case And(parts):
            return all(by_hand(part, rows, t) for part in parts)
        case Or(parts):
            return any(by_hand(part, rows, t) for part in parts)
        case Ever(part):
            return any(by_hand(part, rows, x) for x in range(t + 1))
        case Always(part):
            return all(by_hand(part, rows, x) for x in range(t + 1))
        case Every(n, phase):
            return t % n == phase
        case _:
            if hasattr(expression, "value"):
                return expression.value
            return by_hand(expression.left, rows, t) != by_hand(expression.right, rows, t)


def stimulus(rows):
    return {name: np.array([row >> k & 1 for row in rows], bool) for k, name in enumerate(NAMES)}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("N1(t-1) v N2(t-3).~N2(t-2)", "S N1 | S^3 N2 & ~S^2 N2"),
        ("a . b v c", "(a and b) or c"),
        ("a v b . c", "a | (b & c)"),
        ("~a . b", "(not a) & b"),
        ("S a & b", "(S a) & b"),
        ("S(a & b)", "delay(a & b)"),
        ("delay[3](a)", "a(t-3)"),
        ("a -> b -> c", "~a | (~b | c)"),
        ("a == b", "~(a xor b)"),
        ("a ⊃ b", "a implies b"),
        ("[a v {b}]", "a ∨ b"),
        ("(Ex)t-2 a(x).b(x-1)", "S^2 ever(a & S b)"),
        ("a.(x)t b(x)", "a & always(b)"),
        ("every(4, 6)", "every(4,2)"),
        ("a(t − 2)", "S S a"),
    ],
)
def test_one_sentence_may_be_written_in_two_ways(one, other):
    assert read(one) == read(other)


def test_the_cell_a_sentence_belongs_to_stands_on_its_left():
    assert statement("N3(t) == N1(t-1)") == ("N3", Past(Fibre("N1")))
    assert statement("N3(t) .≡. N1(t-1)").name == "N3"
    assert statement("a == b").name is None


@pytest.mark.parametrize(
    ("text", "character"),
    [
        ("a b", 3),
        ("a v", 4),
        ("(a", 3),
        ("a)", 2),
        ("a & ?", 5),
        ("", 1),
        ("a v (b & ])", 10),
        ("every(0)", 7),
        ("every(x)", 7),
        ("ever a", 6),
        ("a & 2", 5),
        ("S^99999 a", 1),
        ("b v a(t-99999)", 5),
        ("~" * 100 + "a", 61),
        ("(" * 5000 + "a", 61),
    ],
)
def test_a_mistake_in_a_sentence_is_shown_at_its_character(text, character):
    with pytest.raises(Mistake, match=rf"^character {character}\b"):
        read(text)


@given(st.text(alphabet="abS()[]~.v&|^ tx-0123every,=", max_size=40))
def test_any_text_is_read_or_refused_with_a_character(text):
    try:
        meant = read(text)
    except Mistake as mistake:
        line = str(mistake)
    else:
        line = "" if fibres(meant) == fibres(read(functor(meant))) else functor(meant)
    assert line == "" or line.startswith("character ")
    assert "\n" not in line


def test_a_text_without_end_is_refused():
    with pytest.raises(Mistake, match="characters"):
        read("a&" * 60_000 + "a")


@given(remembering, ROWS)
def test_a_sentence_means_what_its_words_mean(expression, rows):
    held = values(expression, stimulus(rows), len(rows), before=4)
    assert [bool(one) for one in held] == [
        by_hand(expression, rows, t) for t in range(-4, len(rows))
    ]


@given(remembering, ROWS)
def test_a_sentence_followed_tick_by_tick_says_the_same_as_at_once(expression, rows):
    follower = expression_follower([expression], NAMES)
    state, said = follower.start, []
    for row in rows:
        answer, state = follower.step(state, row)
        said.append(answer)
    assert said == values(expression, stimulus(rows), len(rows)).astype(int).tolist()


@given(remembering, ROWS)
@example(Ever(Past(Always(Fibre("a")), 1)), [0])
def test_what_is_printed_is_read_again_and_means_the_same(expression, rows):
    meant = values(expression, stimulus(rows), len(rows), before=3)
    for printed in (functor(expression), paper(expression), paper(tidy(expression))):
        again = values(read(printed), stimulus(rows), len(rows), before=3)
        np.testing.assert_array_equal(again, meant, err_msg=printed)


@given(sentences)
def test_the_minimal_form_says_the_same_with_no_more_literals(expression):
    short = minimal(table(expression))
    assert equivalent(expression, short)
    assert set(fibres(short)) <= set(fibres(expression))


@given(sentences)
def test_theorem_iii_reads_the_last_row_of_the_truth_table(expression):
    assert fires_in_silence(expression) == bool(table(expression).true & 1)


def test_too_many_literals_for_a_table_are_refused():
    with pytest.raises(Mistake, match="25 different literals"):
        table(read(" v ".join(f"a{k}" for k in range(25))))
