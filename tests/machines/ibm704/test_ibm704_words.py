"""The 36-bit word and the ways to read it."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from machines.ibm704 import words
from machines.ibm704.media.codes import words_of_text
from simulator.errors import Mistake

any_word = st.integers(0, words.WORD)


def test_the_parts_of_an_instruction_lie_side_by_side():
    word = words.from_octal("512345670123")
    assert words.prefix(word) == 5
    assert words.decrement(word) == 0o12345
    assert words.tag(word) == 6
    assert words.address(word) == 0o70123
    assert words.sign(word) == 1


@given(any_word)
def test_octal_comes_back(word):
    assert words.from_octal(words.octal(word)) == word
    assert words.from_octal(f"{'-' if word >> 35 else '+'}{word & words.MAGNITUDE:o}") == word


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("0", 0),
        ("-0", 1 << 35),
        ("-0 76000 0 00003", 0o476000000003),
        (" 777777777777 ", (1 << 36) - 1),
        ("+377777777777", (1 << 35) - 1),
    ],
)
def test_octal_is_read_with_a_sign_or_without(text, word):
    assert words.from_octal(text) == word


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("8", "no octal word"),
        ("", "no octal word"),
        ("1" * 13, "no octal word"),
        ("--1", "no octal word"),
        ("-400000000000", "with a sign a word has 35 bits"),
    ],
)
def test_what_is_no_octal_word_is_refused(text, complaint):
    with pytest.raises(Mistake, match=complaint):
        words.from_octal(text)


@given(st.integers(-words.MAGNITUDE, words.MAGNITUDE))
def test_whole_numbers_come_back(number):
    assert words.fixed(words.from_fixed(number)) == number


def test_a_whole_number_beyond_35_bits_is_refused():
    with pytest.raises(Mistake, match="does not fit"):
        words.from_fixed(1 << 35)


@pytest.mark.parametrize(
    ("number", "word"),
    [
        (1.0, "201400000000"),
        (0.5, "200400000000"),
        (-0.25, "577400000000"),
        (0.0, "000000000000"),
        (Fraction(1, 10), "175631463146"),
    ],
)
def test_floating_point_words_are_those_of_the_manual(number, word):
    assert words.octal(words.from_floating(number)) == word


def test_the_range_of_floating_point_is_that_of_the_704():
    assert float(words.floating(0o377777777777)) == pytest.approx(1.70e38, rel=1e-2)
    assert float(words.floating(0o000400000000)) == pytest.approx(1.47e-39, rel=1e-2)
    with pytest.raises(Mistake, match="outside the 704's range"):
        words.from_floating(2e38)
    with pytest.raises(Mistake, match="outside the 704's range"):
        words.from_floating(Fraction(1, 10**40))
    with pytest.raises(Mistake, match="not a number"):
        words.from_floating(float("inf"))


@pytest.mark.parametrize(
    ("number", "written"),
    [
        (2e38, "2e+38"),
        (-(10**400), "-1e+400"),
        (Fraction(10**400, 3), "3.33333e+399"),
        (10**5000, "1e+5000"),
        (Fraction(1, 10**40), "1e-40"),
        (Fraction(-1, 10**400), "-1e-400"),
    ],
    ids=["large", "negative", "fraction", "huge", "small", "tiny"],
)
def test_a_number_out_of_range_is_named_however_large_or_small(number, written):
    with pytest.raises(Mistake) as refused:
        words.from_floating(number)
    assert str(refused.value).startswith(f"{written} is outside the 704's range")


@given(st.integers(0, 1), st.integers(0, 255), st.integers(1 << 26, words.FRACTION))
def test_a_normal_floating_point_word_comes_back(sign, characteristic, fraction):
    word = sign << 35 | characteristic << 27 | fraction
    assert words.from_floating(words.floating(word)) == word


@given(st.fractions(min_value=Fraction(1, 10**30), max_value=10**30))
def test_a_number_is_rounded_to_the_nearest_word(number):
    word = words.from_floating(number)
    assert word & 1 << 26, "normal"
    assert abs(words.floating(word) - number) <= number / (1 << 27)


@given(st.text("0123456789+ABCDEFGHI.)-JKLMNOPQR$* /STUVWXYZ,(=", max_size=6))
def test_characters_come_back(text):
    assert "".join(map(words.characters, words_of_text(text.ljust(6)))) == text.ljust(6)


def test_characters_have_their_codes_of_1954():
    assert words.characters(0o002140416071) == "0A-J Z"
    assert words.characters(0o121617353637) == "~" * 6, "these print nothing"
