"""The 36-bit word, and the ways in which people of 1954 and we read it.

Everything in the 704 is a word of 36 bits, named S,1,2 .. 35 from left to right. Here a word is a
Python int from 0 to 2**36 - 1; bit 35 of the word is the int's lowest bit and S its highest. What
the bits mean is up to whoever uses them:

* a **fixed-point number**: sign S and a magnitude of 35 bits, so there are two zeros, +0 and -0;
* a **floating-point number**: sign S, characteristic in 1-8 (the exponent of 2, plus 128),
  fraction in 9-35; normal when bit 9 is 1;
* an **instruction**: prefix S,1,2, decrement 3-17, tag 18-20, address 21-35; or operation S,1-11;
* six **characters** of six bits;
* a **logical word**: 36 bits and nothing more.

The accumulator has two bits more, Q and P, between sign and bit 1: 38 bits S,Q,P,1-35, again with
35 the lowest.

Source of the formats: 704 Manual of Operation, as quoted by other simulators.
"""

from __future__ import annotations

import decimal
import math
import re
from fractions import Fraction

from simulator.errors import Mistake

SIGN = 1 << 35
"""Bit S of a word."""
MAGNITUDE = SIGN - 1
"""Bits 1-35."""
WORD = (1 << 36) - 1
"""All bits of a word: S,1-35, or P,1-35 of the accumulator."""
ADDRESS = 0o77777
"""Bits 21-35."""
LEFT = WORD ^ 0o777777
"""Bits S,1-17."""
FRACTION = (1 << 27) - 1
"""Bits 9-35."""
BIT_9 = 1 << 26
BIT_1 = 1 << 34

AC_SIGN = 1 << 37
"""Bit S of the accumulator."""
AC_Q = 1 << 36
AC_P = 1 << 35
AC_MAGNITUDE = (1 << 37) - 1
"""Bits Q,P,1-35 of the accumulator."""
AC = (1 << 38) - 1
"""All bits of the accumulator."""

NO_CHARACTER = "~"
"""What stands for the codes that print nothing."""
_PRINTED = "0123456789~='~~~+ABCDEFGHI~.)~~~-JKLMNOPQR~$*~~~ /STUVWXYZ~,(~~~"
_OCTAL = re.compile(r"(?P<sign>[+-]?)(?P<digits>[0-7]{1,12})")


# parts


def sign(word: int) -> int:
    """Give bit S: 1 means minus."""
    return word >> 35


def prefix(word: int) -> int:
    """Give bits S,1,2."""
    return word >> 33


def decrement(word: int) -> int:
    """Give bits 3-17."""
    return word >> 18 & ADDRESS


def tag(word: int) -> int:
    """Give bits 18-20: 1 means index register A, 2 B, 4 C."""
    return word >> 15 & 7


def address(word: int) -> int:
    """Give bits 21-35."""
    return word & ADDRESS


# octal


def octal(word: int) -> str:
    """Write a word as twelve octal digits, the sign folded into the first."""
    return f"{word:012o}"


def from_octal(text: str) -> int:
    """Read a word written in octal, with a sign (at most 35 bits follow) or without (36 bits).

    Raises
    ------
    Mistake
        If it is no such number.
    """
    match = _OCTAL.fullmatch(text.strip().replace(" ", ""))
    if match is None:
        raise Mistake(f"{text!r} is no octal word; write up to twelve digits from 0 to 7")
    word = int(match["digits"], 8)
    if not match["sign"]:
        return word
    if word > MAGNITUDE:
        raise Mistake(
            f"{text!r} does not fit: with a sign a word has 35 bits, 377777777777 at most"
        )
    return word | SIGN if match["sign"] == "-" else word


# numbers


def fixed(word: int) -> int:
    """Give the whole number a word stands for, its point at the right end; -0 gives 0."""
    return -(word & MAGNITUDE) if word & SIGN else word


def from_fixed(number: int) -> int:
    """Give the word of a whole number, its point at the right end.

    Raises
    ------
    Mistake
        If its magnitude needs more than 35 bits.
    """
    if abs(number) > MAGNITUDE:
        raise Mistake(f"{number} does not fit into a word: at most {MAGNITUDE} either way")
    return -number | SIGN if number < 0 else number


def floating(word: int) -> Fraction:
    """Give the exact number a floating-point word stands for; -0 gives 0."""
    size = Fraction(word & FRACTION, 1 << 27) * Fraction(2) ** ((word >> 27 & 0o377) - 128)
    return -size if word & SIGN else size


def from_floating(number: float | Fraction) -> int:
    """Give the normal floating-point word nearest to a number (of two equally near, the even one).

    Raises
    ------
    Mistake
        If it is not finite, or larger or smaller than the 704 can hold; 0 is +0.
    """
    if isinstance(number, float) and not math.isfinite(number):
        raise Mistake(f"{number} is not a number the 704 can hold")
    size = abs(Fraction(number))
    if size == 0:
        return 0
    exponent = size.numerator.bit_length() - size.denominator.bit_length()
    if size >= Fraction(2) ** exponent:
        exponent += 1
    fraction = round(size / Fraction(2) ** (exponent - 27))
    if fraction >> 27:
        fraction, exponent = fraction >> 1, exponent + 1
    if not 0 <= exponent + 128 <= 0o377:
        about = _decimal(number)
        raise Mistake(f"{about} is outside the 704's range of about 1.5e-39 to 1.7e38")
    return (SIGN if number < 0 else 0) | exponent + 128 << 27 | fraction


def _decimal(number: float | Fraction) -> str:
    """Write a number in decimal, six digits of it, however large or small it is."""
    exact = Fraction(number)
    with decimal.localcontext(prec=6, Emax=decimal.MAX_EMAX, Emin=decimal.MIN_EMIN):
        rounded = decimal.Decimal(exact.numerator) / decimal.Decimal(exact.denominator)
        return f"{rounded.normalize():g}"


# characters


def characters(word: int) -> str:
    """Give the six characters of a word, in the code of core storage; ``~`` where none prints."""
    return "".join(_PRINTED[word >> shift & 0o77] for shift in range(30, -1, -6))
