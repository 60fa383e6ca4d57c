"""Letters in a binary code, decoded before the net of an expression or an automaton."""

import re
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from logic_given import answers

from machines.mcculloch_pitts.automaton import of_positions, smallest
from machines.mcculloch_pitts.compile_regular import compile_automaton, compile_regular, matches
from machines.mcculloch_pitts.regular import positions
from machines.mcculloch_pitts.symbols import CODES, symbols
from simulator.errors import Mistake

WORDS = ["".join(word) for k in range(6) for word in product("abc", repeat=k)]
EXPRESSIONS = st.recursive(
    st.sampled_from(["a", "b", "c", "[ab]", "[^a]", "."]),
    lambda inner: st.one_of(
        st.builds("{}{}".format, inner, inner),
        st.builds("({}|{})".format, inner, inner),
        st.builds("({}){}".format, inner, st.sampled_from("*+?")),
    ),
    max_leaves=6,
)


def presented(word, carried, start=False):
    """The rows of a word, one a tick; START, a fibre after the others, with the first."""
    rows = [carried.rows[carried.letters.index(letter)] for letter in word] or [0]
    width = len(carried.afferents)
    bits = [[row >> k & 1 for k in range(width)] + [0] * start for row in rows]
    if start:
        bits[0][-1] = 1
    return np.array(bits, np.uint8)


@settings(max_examples=60)
@given(EXPRESSIONS, st.sampled_from(CODES), st.booleans(), st.booleans(), st.data())
def test_a_coded_word_is_answered_as_python_answers_it(text, code, start_fibre, minsky, data):
    carried = symbols("abc", code)
    if minsky:
        automaton = smallest(of_positions(positions(text, "abc")))
        made = compile_automaton(automaton, start_fibre=start_fibre, code=code)
    else:
        made = compile_regular(text, "abc", start_fibre=start_fibre, code=code)
    assert made.proof.proved
    assert made.report.lag == (2 if code == "one-hot" else 3)
    pattern = re.compile(text)
    for word in data.draw(st.lists(st.sampled_from(WORDS), min_size=5, max_size=12)):
        due = len(word) + made.report.lag - 1
        shown = answers(made.net, presented(word, carried, start_fibre), due)
        assert shown[due, 0] == bool(pattern.fullmatch(word)), word
        assert matches(made.net, word, carried) == bool(pattern.fullmatch(word)), word


@pytest.mark.parametrize("code", CODES)
def test_a_coded_search_answers_wherever_the_expression_ends(code):
    made = compile_regular("ab*c", "abc", search=True, code=code)
    assert made.proof.proved
    word = "babbcaccc"
    shown = answers(made.net, presented(word, symbols("abc", code)), 14)[:, 0]
    ends = [t for t in range(len(word) + 1) if re.search("ab*c$", word[:t])]
    assert (np.flatnonzero(shown) - made.report.lag + 1).tolist() == ends


def test_a_code_from_one_leaves_silence_without_a_letter():
    carried = symbols("abc", "binary")
    assert carried.afferents == ("bit0", "bit1")
    assert carried.fires == (("bit0",), ("bit1",), ("bit0", "bit1"))
    made = compile_regular("a|b", "abc", code="binary")
    assert "always" not in [made.net.name(k) for k in range(made.net.fibres)]
    assert made.report.initial == ("START",)


def test_the_letter_of_no_pulse_needs_what_always_fires_or_a_clock():
    """Theorem III: no cell fires out of silence, so something must fire beside the zeros."""
    always = symbols("abcd", "binary-always")
    assert (always.afferents, always.fires[0]) == (("bit0", "bit1"), ())
    made = compile_regular("a", "abcd", code="binary-always")
    assert set(made.report.initial) == {"START", "always"}
    clocked = symbols("abcd", "binary-clock")
    assert clocked.afferents == ("bit0", "bit1", "CLOCK")
    assert clocked.fires[0] == ("CLOCK",)
    net = compile_regular("aa", "abcd", code="binary-clock").net
    assert matches(net, "aa", clocked)
    assert not matches(net, "a", clocked), "silence is no letter while the clock stands"


def test_four_letters_take_two_fibres_and_five_take_three():
    assert [len(symbols("abcdefgh"[:n], "binary-always").afferents) for n in range(1, 9)] == [
        1, 1, 2, 2, 3, 3, 3, 3,
    ]  # fmt: skip
    assert [len(symbols("abcdefgh"[:n], "binary").afferents) for n in range(1, 9)] == [
        1, 2, 2, 3, 3, 3, 3, 4,
    ]  # fmt: skip


def test_fibres_of_a_code_are_not_called_like_letters():
    assert symbols(["bit0", "x"], "binary").afferents == ("bit0_", "bit1_")
    assert symbols(["CLOCK", "x"], "binary-clock").afferents[-1] == "CLOCK_"


def test_odd_codes_and_letters_are_refused():
    with pytest.raises(Mistake, match="no code is called 'gray'; there are one-hot, binary"):
        compile_regular("a", code="gray")
    with pytest.raises(Mistake, match="no letters"):
        symbols("", "binary")
    net = compile_regular("a", "ab", code="binary").net
    with pytest.raises(Mistake, match="letter"):
        matches(net, "z", symbols("ab", "binary"))
