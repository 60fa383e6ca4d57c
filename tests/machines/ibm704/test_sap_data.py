"""Decimal data of SAP against exact fractions."""

from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from machines.ibm704 import words
from machines.ibm704.sap import assemble

digits = st.text("0123456789", min_size=1, max_size=12)
signs = st.sampled_from(["", "+", "-"])


def dec(text):
    """The one word of a DEC card, or its complaint."""
    assembly = assemble(f"       DEC {text}\n       END")
    return str(assembly.errors[0]) if assembly.errors else assembly.words[0]


@given(signs, digits, digits, st.integers(-38, 20))
@example("", "0", "1", 0)
@example("", "134217729", "0", 0)
def test_a_floating_number_is_the_nearest_the_machine_has(sign, whole, places, exponent):
    exact = Fraction(f"{whole}.{places}") * Fraction(10) ** exponent
    word = dec(f"{sign}{whole}.{places}E{exponent}")
    if not exact:
        assert word & words.MAGNITUDE == 0
    elif exact < Fraction(2) ** -129:
        assert "outside the 704's range" in word
    else:
        assert word >> 26 & 1, "a floating number is normal"
        fraction, characteristic = word & words.FRACTION, word >> 27 & 0o377
        step = Fraction(2) ** (characteristic - 128 - 27)
        off = abs(fraction * step - exact)
        assert off <= step / 2
        assert off < step / 2 or fraction % 2 == 0
    if exact:
        assert isinstance(word, str) or word >> 35 == (sign == "-")


@given(signs, digits, digits, st.integers(0, 40), st.integers(-5, 5))
def test_a_scaled_number_is_the_nearest_at_its_binary_point(sign, whole, places, point, exponent):
    exact = Fraction(f"{whole}.{places}") * Fraction(10) ** exponent * Fraction(2) ** (35 - point)
    for scales in (f"B{point}E{exponent}", f"E{exponent}B{point}"):
        word = dec(f"{sign}{whole}.{places}{scales}")
        if round(exact) > words.MAGNITUDE:
            assert "has more than 35 bits" in word
        else:
            off = abs((word & words.MAGNITUDE) - exact)
            assert off <= Fraction(1, 2)
            assert off < Fraction(1, 2) or word % 2 == 0


@given(signs, st.integers(0, words.MAGNITUDE))
def test_an_integer_has_its_point_at_the_right_end(sign, number):
    assert dec(f"{sign}{number}") == number | (words.SIGN if sign == "-" else 0)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("1.0", 0o201400000000),
        ("0.5", 0o200400000000),
        ("-0.25", 0o577400000000),
        ("35B8", 35 << 27),
        ("400B25", 400 << 10),
        ("0", 0),
        ("-0", 0o400000000000),
        ("-0.", 0o400000000000),
    ],
)
def test_known_numbers_have_their_known_words(text, word):
    assert dec(text) == word


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("1.7.2", "1.7.2 is no decimal number; write 12, -1.5, 6E2 or 1.5B17"),
        ("A", "A is no decimal number"),
        ("E5", "E5 is no decimal number"),
        ("1E", "1E is no decimal number"),
        ("1E2E3", "1E2E3 has two exponents or two binary points"),
        ("34359738368", "34359738368 has more than 35 bits"),
        ("1E39", "1E39 is outside the 704's range"),
        ("1E-45", "1E-45 is outside the 704's range"),
        ("1E999999", "1E999999 is out of range: E and B go to 99"),
        ("5B-90", "5B-90 has more than 35 bits"),
        ("1" * 50 + ".", "is out of range"),
    ],
)
def test_a_number_that_does_not_fit_is_told(text, said):
    assert said in dec(text)
    assert dec(text).startswith("card 1, column 12: ")


def test_the_wrong_number_of_a_list_is_told_by_its_own_column():
    assert dec("1,2,X").startswith("card 1, column 16: X is no")


def test_an_octal_number_has_twelve_digits_from_0_to_7():
    for text in ("8", "1234567012345", "1-", "1.5"):
        (error,) = assemble(f"       OCT 7,{text}\n       END").errors
        assert str(error) == (
            f"card 1, column 14: {text} is no octal number of up to twelve digits from 0 to 7"
        )


def test_a_character_the_704_has_not_is_told_by_its_column():
    (error,) = assemble("       BCD 2HELLO é WORLD\n       END").errors
    assert str(error).startswith("card 1, column 19: the 704 has no character")
