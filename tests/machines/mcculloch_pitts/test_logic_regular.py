"""Regular expressions, automata and nets: Kleene's theorem both ways."""

import re
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from machines.mcculloch_pitts.automaton import (
    of_positions,
    of_table,
    same_language,
    smallest,
)
from machines.mcculloch_pitts.compile_regular import (
    compile_automaton,
    compile_regular,
    matches,
)
from machines.mcculloch_pitts.law import run
from machines.mcculloch_pitts.net_automaton import event_of, expression_of
from machines.mcculloch_pitts.regular import positions
from simulator import chance
from simulator.errors import Mistake

_COLUMN = chance.stream("tests.regular")
WORDS = ["".join(word) for k in range(9) for word in product("ab", repeat=k)]


def drawn_expression(number, depth=4):
    """One of the random expressions: the number says which."""
    state = [number << 20]

    def below(n):
        state[0] += 1
        return chance.below(n, 1956, _COLUMN, state[0])

    def part(depth):
        kind = below(8) if depth else below(2)
        if kind < 2:
            return ("a", "b", ".", "[ab]", "[^a]")[below(5)] if kind else "ab"[below(2)]
        if kind < 4:
            return part(depth - 1) + part(depth - 1)
        if kind == 4:
            return f"({part(depth - 1)}|{part(depth - 1)})"
        if kind == 5:
            return f"(?:{part(depth - 1)}){('*', '+', '?')[below(3)]}"
        if kind == 6:
            least = below(3)
            return f"({part(depth - 1)}){{{least},{least + below(2)}}}"
        return f"({part(depth - 1)}|)"

    return part(depth)


@pytest.mark.parametrize("number", range(200))
def test_the_net_of_a_random_expression_agrees_with_python(number):
    text = drawn_expression(number)
    made = compile_regular(text, "ab")
    assert made.proof.proved
    assert made.report.lag == 2
    automaton = smallest(of_positions(positions(text, "ab")))
    pattern = re.compile(text)
    expected = [pattern.fullmatch(word) is not None for word in WORDS]
    assert [automaton.accepts(word) for word in WORDS] == expected
    assert [matches(made.net, word) for word in WORDS] == expected


def test_kleenes_answer_comes_at_p_plus_two():
    made = compile_regular("(a|b)*abb", "ab")
    word = "babb"
    stimulus = np.array([[letter == "a", letter == "b"] for letter in word], np.uint8)
    shown = run(made.net, stimulus, 8)[:, made.net.fibre("answer")]
    # letters at t = 0..3 are Kleene's 1..4; his p+2 = 6 is t = 5 here
    assert shown.tolist() == [0, 0, 0, 0, 0, 1, 0, 0, 0]
    assert made.report.cells == 5 + 2  # the positions, START and the answer
    assert made.report.initial == ("START",)


def test_a_letter_without_a_predecessor_fires_nothing():
    net = compile_regular("ab*", "ab").net
    assert not matches(net, "bb")
    assert matches(net, "abb")


def test_the_empty_word_is_answered_as_well():
    assert matches(compile_regular("a*", "ab").net, "")
    assert not matches(compile_regular("a+", "ab").net, "")


def test_start_may_be_a_fibre_and_is_then_given_with_the_first_letter():
    made = compile_regular("ab|ba", start_fibre=True)
    assert made.proof.proved
    assert made.report.initial == ()
    assert [word for word in WORDS if matches(made.net, word)] == ["ab", "ba"]


def test_a_search_answers_wherever_the_expression_ends():
    made = compile_regular("ab", "ab", search=True)
    assert made.proof.proved
    word = "abbaab"
    stimulus = np.array([[letter == "a", letter == "b"] for letter in word], np.uint8)
    shown = run(made.net, stimulus, 8)[:, made.net.fibre("answer")]
    assert np.flatnonzero(shown).tolist() == [3, 7]  # two ticks after each b of an "ab"


@pytest.mark.parametrize(
    ("text", "character"),
    [
        ("a**", 3),
        ("(a", 3),
        ("a)", 2),
        ("*a", 1),
        ("a|+", 3),
        ("a{2", 4),
        ("a{", 3),
        ("a{5,2}", 2),
        ("[a", 3),
        ("[b-a]", 4),
        ("(?=a)", 2),
        ("^a", 1),
        ("a$", 2),
        (r"\d", 2),
        ("a\\", 3),
        ("a{9999}", 3),
        ("(" * 3000, 61),
        ("((((a{9}){9}){9}){9}){9}", 6),
        ("(a|b|[ab]){900}", 10),
    ],
)
def test_a_mistake_in_an_expression_is_shown_at_its_character(text, character):
    with pytest.raises(Mistake, match=rf"^character {character}\b"):
        positions(text, "ab")


@given(st.text(alphabet="ab()[]{}|*+?.^\\-,0123:", max_size=24))
def test_any_text_is_read_as_python_reads_it_or_refused(text):
    try:
        automaton = of_positions(positions(text, "ab"))
    except Mistake:
        return
    pattern = re.compile(text)
    for word in WORDS[:31]:
        assert automaton.accepts(word) == bool(pattern.fullmatch(word)), word


def test_an_expression_whose_automaton_explodes_is_refused_but_its_net_is_small():
    text = "(a|b)*a" + "(a|b)" * 18
    with pytest.raises(Mistake, match="more than 20000 states"):
        of_positions(positions(text))


def test_what_has_too_many_states_to_follow_is_sampled_and_says_so():
    made = compile_regular("(a|b)*a" + "(a|b)" * 18)
    assert made.report.cells == 3 + 36 + 2
    assert made.proof.holds
    assert not made.proof.proved


def test_a_letter_outside_the_alphabet_is_refused():
    with pytest.raises(Mistake, match="'c' of the expression is not in the alphabet"):
        positions("abc", "ab")


@st.composite
def automata(draw):
    states = draw(st.integers(1, 5))
    state = st.integers(0, states - 1)
    following = draw(st.lists(st.tuples(state, state), min_size=states, max_size=states))
    return of_table("ab", draw(state), following, draw(st.sets(state)))


@settings(max_examples=50)
@given(automata())
def test_an_automaton_survives_the_way_into_a_net_and_back(automaton):
    made = compile_automaton(automaton)
    assert made.proof.proved
    assert made.report.cells == 2 * automaton.states + 2
    event = event_of(made.net, one_at_a_time=True, wait=1)
    assert same_language(event.automaton, automaton) is None
    assert event.automaton.states == smallest(automaton).states


@settings(max_examples=50)
@given(automata())
def test_an_automaton_survives_the_way_into_an_expression_and_back(automaton):
    text, letters = expression_of(automaton)
    assert letters == {"a": "a", "b": "b"}
    if text is None:
        assert not any(automaton.accepts(word) for word in WORDS[:127])
    else:
        assert same_language(of_positions(positions(text, "ab")), automaton) is None
        pattern = re.compile(text)
        assert all(bool(pattern.fullmatch(word)) == automaton.accepts(word) for word in WORDS[:127])


@given(automata(), automata())
def test_two_automata_are_told_apart_by_a_shortest_word(one, other):
    word = same_language(one, other)
    differing = [w for w in WORDS if one.accepts(w) != other.accepts(w)]
    if word is None:
        assert differing == []
    else:
        assert one.accepts(word) != other.accepts(word)
        assert not differing or len(differing[0]) == len(word)


def test_a_malformed_automaton_is_refused():
    with pytest.raises(Mistake, match="is none of 0 to 1"):
        of_table("ab", 0, [(0, 1), (2, 0)], [0])
    with pytest.raises(Mistake, match="state 7 does not exist"):
        of_table("ab", 0, [(0, 0)], [7])
    with pytest.raises(Mistake, match="2 next states"):
        of_table("ab", 0, [(0,)], [])
    with pytest.raises(Mistake, match="same name"):
        of_table("aa", 0, [(0, 0)], [])


def test_an_automaton_may_start_anywhere():
    odd = of_table(("a",), 1, [(1,), (0,)], [0])
    made = compile_automaton(odd, start_fibre=True)
    assert made.proof.proved
    assert [matches(made.net, "a" * k) for k in range(5)] == [False, True, False, True, False]
