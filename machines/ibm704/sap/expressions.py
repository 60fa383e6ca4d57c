"""The parts of a variable field: expressions of symbols and decimal integers.

Address, tag and decrement are separated by commas. Each is a sum of products: elements joined by
``+ - * /``, products and quotients first, else from left to right. An element is a symbol, a
decimal integer, or ``*`` for the location of this card. ``**`` is 0 and tells the reader that the
program will fill it in. The result is taken modulo 2**15, so that -1 is 77777 (octal); a lone
number above 32767 is taken for a slip.

An expression is **relocatable** if, of the locations in it, one more is added than taken away; if
one more is taken away its complement is. Else it is absolute.

Source: the scan of UA SAP 3-7. There ``**`` needed no rule: the first asterisk is the location, the
second multiplies it by the element that is missing, which is 0. As a location is in it, it is
relocatable.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from machines.ibm704.sap import symbols
from machines.ibm704.sap.complaints import Fault
from machines.ibm704.sap.symbols import Symbol

MODULUS = 1 << 15
ABSOLUTE, DIRECT, COMPLEMENTED = 0, 2, 3
"""How a part is relocated; the bits a relocatable card has for it are 0, 10, 11."""

_ELEMENT = re.compile(r"\*\*(?=[-+]|$)|\*|[^-+*/]*")
_PRODUCT_LIMIT = 1 << 35


class Part(NamedTuple):
    """The value of an expression: 15 bits, and how it is relocated."""

    value: int
    relocation: int = ABSOLUTE


class Scope(NamedTuple):
    """What an expression can refer to.

    Attributes
    ----------
    location
        What ``*`` stands for.
    heading
        Heading in force, "" for none.
    find
        Gives a symbol by name and heading; None if it is not defined.
    """

    location: int
    heading: str
    find: Callable[[str, str], Symbol | None]


def split(field: str, column: int) -> list[tuple[str, int]]:
    """Take a variable field apart at its commas, up to the first blank.

    Returns
    -------
    parts
        Text and column of each; empty if the field is blank.
    """
    text = field.split(" ", 1)[0]
    parts = []
    for part in text.split(",") if text else []:
        parts.append((part, column))
        column += len(part) + 1
    return parts


def evaluate(text: str, column: int, scope: Scope) -> Part:
    """Find the value of one expression.

    Parameters
    ----------
    text
        The expression, without blanks; no text at all is 0.
    column
        Where on the card it begins.
    scope
        What it can refer to.

    Raises
    ------
    Fault
        If it is malformed, refers to what is not defined, divides by zero or is too large.
    """
    if text in ("", "+", "-"):
        return Part(0)
    total = term = moved = place = 0
    operator, sign = "+", 1
    while True:
        match = _ELEMENT.match(text, place)
        element = match[0] if match else ""
        following = text[place + len(element) :][:1]
        if not element and (place or following == "/"):
            raise Fault(column + place, f"{text}: an element is missing")
        if following and following not in "+-*/":
            raise Fault(column + place, f"{text}: an operator is missing after {element}")
        value, relocatable = _element(element, column + place, scope)
        if operator in "+-":
            total, sign = total + term, 1 if operator == "+" else -1
            term = sign * value
        elif operator == "*":
            term = _signed(abs(term * value) % _PRODUCT_LIMIT, term)
        elif value == 0:
            raise Fault(column + place, f"{text} divides by zero")
        else:
            term = _signed(abs(term) // value, term)
        moved += 2 * relocatable * (-1 if operator == "-" else 1)
        place += len(element) + 1
        if not following:
            break
        operator = following
    total += term
    if text.isdecimal() and total >= MODULUS:
        raise Fault(
            column,
            f"{total} is too large; a location or part of an instruction goes to {MODULUS - 1}",
        )
    kind = {2: DIRECT, -2: COMPLEMENTED}.get(moved, ABSOLUTE)
    return Part(total % MODULUS, kind)


def _signed(magnitude: int, like: int) -> int:
    return -magnitude if like < 0 else magnitude


def _element(element: str, column: int, scope: Scope) -> tuple[int, bool]:
    if element == "*":
        return scope.location, True
    if element in ("", "**"):
        return 0, element == "**"
    if symbols.is_number(element) and not element.startswith("="):
        if not element.isdecimal():
            raise Fault(column, f"{element} is no number; integers are decimal")
        if len(element) > symbols.LENGTH:
            raise Fault(column, f"{element} is too long; an integer has up to six digits")
        return int(element), False
    heading, mark, name = element.rpartition("$")
    if len(heading) > 1:
        raise Fault(column, f"{element}: a heading is one character before the $")
    if reason := symbols.reason_against(name):
        raise Fault(column, reason)
    symbol = scope.find(name, heading if mark else scope.heading)
    if symbol is None:
        raise Fault(
            column, f"{element} is not defined; put it before a card or define it by EQU", "U"
        )
    return symbol.value, symbol.relocatable
