"""Decimal, octal and character data, as words.

A decimal number is **floating** if it has a point or an E (power of ten), unless it has a B: then
it is **fixed**, and the number after B is the bit its binary point stands behind. B35 puts the
point at the right end, where an integer without any of the three has it: ``1.5B17`` is 1.5 times
2**18.

Conversion is exact: the word is the one nearest to the number, and of two equally near the one
whose last bit is 0. SAP itself multiplied by powers of ten of 27 bits and dropped what was left
over, so that its last bit is often one less.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from fractions import Fraction

from machines.ibm704 import words
from machines.ibm704.media import codes
from machines.ibm704.sap.complaints import Fault
from simulator.errors import Mistake

_NUMBER = re.compile(
    r"(?P<sign>[+-]?)(?P<digits>\d*)(?P<point>\.?)(?P<places>\d*)(?P<scales>(?:[EB][+-]?\d+)*)",
    re.A,
)
_SCALE = re.compile(r"([EB])([+-]?\d+)", re.A)
_OCTAL = re.compile(r"(?P<sign>[+-]?)(?P<digits>[0-7]*)")
_LIMIT = 99
_DIGITS = 40
Conversion = Callable[[str, int], int]
"""How a number of a DEC or OCT card, with its column, becomes a word."""

BCD_WORDS = 10
"""Words of a BCD card that has no count."""


def decimal(text: str, column: int) -> int:
    """Convert one number of a DEC card to a word; no text at all is +0.

    Raises
    ------
    Fault
        If it is malformed or does not fit.
    """
    match = _NUMBER.fullmatch(text)
    if match is None or (text and not match["digits"] + match["places"]):
        raise Fault(column, f"{text} is no decimal number; write 12, -1.5, 6E2 or 1.5B17")
    scales = _SCALE.findall(match["scales"])
    named = dict(scales)
    if len(named) < len(scales):
        raise Fault(column, f"{text} has two exponents or two binary points")
    exponent, point = int(named.get("E", "0")), int(named.get("B", "35"))
    if max(abs(exponent), abs(point)) > _LIMIT or len(text) > _DIGITS:
        raise Fault(column, f"{text} is out of range: E and B go to {_LIMIT}")
    digits = int((match["digits"] + match["places"]) or "0")
    size = digits * Fraction(10) ** (exponent - len(match["places"]))
    minus = words.SIGN if match["sign"] == "-" else 0
    if "B" not in named and (match["point"] or "E" in named):
        return minus | _floating(size, text, column)
    return minus | _fixed(size, point, text, column)


def _floating(size: Fraction, text: str, column: int) -> int:
    try:
        return words.from_floating(size) if size < 2**127 else _too_large(text)
    except Mistake:
        raise Fault(column, f"{text} is outside the 704's range, about 1.5E-39 to 1.7E38") from None


def _too_large(text: str) -> int:
    raise Mistake(text)


def _fixed(size: Fraction, point: int, text: str, column: int) -> int:
    number = round(size * Fraction(2) ** (35 - point))
    if number > words.MAGNITUDE:
        raise Fault(column, f"{text} has more than 35 bits before the right end of a word")
    return number


def octal(text: str, column: int) -> int:
    """Convert one number of an OCT card to a word; no text at all is +0.

    Twelve digits are the whole word; a minus sign is bit S besides.

    Raises
    ------
    Fault
        If it is no octal number of up to twelve digits.
    """
    match = _OCTAL.fullmatch(text)
    if match is None or len(match["digits"]) > 12:
        raise Fault(column, f"{text} is no octal number of up to twelve digits from 0 to 7")
    return int(match["digits"] or "0", 8) | (words.SIGN if match["sign"] == "-" else 0)


def bcd_count(field: str) -> int:
    """Tell how many words a BCD card has: the digit in column 12, or ten."""
    return int(field[0]) if "0" <= field[:1] <= "9" else BCD_WORDS


def bcd(field: str, column: int) -> list[int]:
    """Convert the characters of a BCD card, six a word.

    Raises
    ------
    Fault
        If one has no code.
    """
    text = field[1:].ljust(6 * BCD_WORDS)[: 6 * bcd_count(field)]
    for place, character in enumerate(text):
        if codes.code_of(character) is None:
            raise Fault(column + 1 + place, f"the 704 has no character {character!r}")
    return codes.words_of_text(text)
