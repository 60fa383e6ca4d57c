"""Numbers in the fields of a punched card, as a key punch operator would punch them.

The programs of :mod:`machines.ibm704.rules` read numbers in fields of a fixed width, the next field
beginning where one ends; a group of numbers begins a new card and goes on to as many as it needs.
Columns 73-80, which the 704 does not read, number the cards, so that a dropped deck can be sorted.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from fractions import Fraction

from machines.ibm704.media import cards
from machines.ibm704.media.cards import Card
from simulator.errors import Mistake

COLUMNS = 72
WIDE = 12
"""Columns of a parameter and of a floating-point number."""
NARROW = 6
"""Columns of a number of a unit."""
LARGEST = 10**38
"""No number as large as this is punched: a 704 word ends at 1.7E38."""


def number(value: float, width: int = WIDE) -> str:
    """Write a number in at most so many columns, as near to it as that allows.

    Raises
    ------
    Mistake
        If it is not finite, or too large for a word of the 704.
    """
    if not abs(value) < LARGEST:
        raise Mistake(f"{value} is no number a 704 holds; give one below 1E38")
    if value == int(value) and len(str(int(value))) < width:
        return f"{int(value)}."
    exact = Fraction(value)
    forms = (_fixed(value, width), _scaled(value, width))
    return min((form for form in forms if form), key=lambda form: abs(Fraction(form) - exact))


def _fixed(value: float, width: int) -> str:
    """Write a number with a point, with as many places as fit; empty if no digit of it does."""
    for places in range(width - 1, 0, -1):
        text = f"{value:.{places}f}".rstrip("0").replace("0.", ".", 1 if abs(value) < 1 else 0)
        if len(text) <= width:
            return text if any(digit in text for digit in "123456789") else ""
    return ""


def _scaled(value: float, width: int) -> str:
    """Write a number with a power of ten, with as many places as fit; empty if none do."""
    for places in range(width - 4, 0, -1):
        mantissa, exponent = f"{value:.{places}E}".split("E")
        text = f"{mantissa.rstrip('0')}E{int(exponent)}"
        if len(text) <= width:
            return text
    return ""


def lay_out(fields: Sequence[str], width: int) -> list[str]:
    """Put fields on lines of 72 columns, each at the right end of its own columns.

    Raises
    ------
    Mistake
        If a field is too long for its columns.
    """
    for field in fields:
        if len(field) > width:
            raise Mistake(f"{field} does not fit into {width} columns of a card")
    a_card = COLUMNS // width
    return [
        "".join(field.rjust(width) for field in fields[i : i + a_card])
        for i in range(0, len(fields), a_card)
    ]


def whole(values: Iterable[float], width: int) -> list[str]:
    """Put whole numbers on the lines of a group of cards.

    Raises
    ------
    Mistake
        If one of them is not whole, or too long.
    """
    fields = []
    for value in values:
        if not math.isfinite(value) or value != int(value):
            raise Mistake(f"{value} stands where a whole number is punched")
        fields.append(str(int(value)))
    return lay_out(fields, width)


def floating(values: Iterable[float]) -> list[str]:
    """Put floating-point numbers on the lines of a group of cards."""
    return lay_out([number(float(value)) for value in values], WIDE)


def punch(lines: Iterable[str], name: str) -> list[Card]:
    """Punch lines as cards, with four letters of a name and a number in columns 73-80."""
    label = name[:4].upper().replace("-", "").ljust(4, "X")
    return [
        cards.from_text(f"{line:<{COLUMNS}}{label}{i % 10000:04}")
        for i, line in enumerate(lines, 1)
    ]
