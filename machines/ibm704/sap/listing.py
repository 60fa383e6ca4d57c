"""The listing, in the columns in which SAP printed it.

Before each card stand five columns for letters of complaint, then the location, then the word: an
instruction by its parts (sign and prefix, decrement or rest of the operation, tag, address; blank
where one is undefined), data with sign and twelve digits, characters with twelve digits. A card
that makes no word but has a value (ORG, EQU) shows it where the address stands. Of a card of
several words the later ones follow without it. All numbers are octal.

Below a card that is wrong stands what is wrong, which SAP left to the reader; and at the end are
the symbols.

Source: the print routines of UA SAP 3-7.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from enum import Enum
from typing import NamedTuple

from machines.ibm704.sap.complaints import Complaint
from machines.ibm704.sap.statements import Statement

_WIDTH = 22
_SYMBOLS_A_LINE = 5


class Style(Enum):
    """How a word is printed."""

    INSTRUCTION = "instruction"
    DATA = "data"
    LOGICAL = "logical"


class Line(NamedTuple):
    """One line: the octal part, the card's text, and which card it is."""

    octal: str
    text: str
    statement: Statement
    letters: str


class Printed(NamedTuple):
    """A word to be printed, and how; ``undefined`` names the parts (A T D) that have no value."""

    word: int
    style: Style
    undefined: str = ""


def octal_of(printed: Printed) -> str:
    """Print a word in 16 columns: with its parts apart, as data, or as characters."""
    word, style, undefined = printed
    sign = "-" if word >> 35 else " " if style is Style.INSTRUCTION else "+"
    if style is Style.LOGICAL:
        return f" {word:012o}   "
    if style is Style.DATA:
        return f"{sign}{word & (1 << 35) - 1:012o}   "
    decrement = " " * 5 if "D" in undefined else f"{word >> 18 & 0o77777:05o}"
    tag = " " if "T" in undefined else f"{word >> 15 & 7:o}"
    address = " " * 5 if "A" in undefined else f"{word & 0o77777:05o}"
    return f"{sign}{word >> 33 & 3:o} {decrement} {tag} {address}"


def lines_of(
    statement: Statement, location: int, made: Sequence[Printed], value: int | None, letters: str
) -> Iterator[Line]:
    """Print a card and the words it makes."""
    if not made:
        shown = "" if value is None else f"{value:05o}"
        yield Line(shown.rjust(_WIDTH), statement.text, statement, letters)
    for place, printed in enumerate(made):
        octal = f"{(location + place) % (1 << 15):05o} {octal_of(printed)}"
        yield Line(octal, "" if place else statement.text, statement, "" if place else letters)


def text_of(
    lines: Sequence[Line],
    symbols: Mapping[str, int],
    errors: Sequence[Complaint],
    warnings: Sequence[Complaint],
) -> str:
    """Print the whole listing."""
    about: dict[tuple[int, str], list[Complaint]] = {}
    for complaint in (*errors, *warnings):
        about.setdefault((complaint.card, complaint.routine), []).append(complaint)
    printed = []
    for place, line in enumerate(lines):
        own = about.get((line.statement.card, line.statement.routine), [])
        flags = "".join(dict.fromkeys("".join(one.flag for one in own) + line.letters))
        shown = flags if line.text or not line.octal.strip() else ""
        printed.append(f"{shown[:5]:5} {line.octal:{_WIDTH}} {line.text}".rstrip())
        if all(later.statement is not line.statement for later in lines[place + 1 : place + 2]):
            printed += [f"***** {complaint}" for complaint in own]
    printed += _symbol_lines(symbols)
    count = f"{len(errors)} errors" if len(errors) != 1 else "1 error"
    printed.append(f"{count}, {len(symbols)} symbols")
    return "\n".join(printed) + "\n"


def _symbol_lines(symbols: Mapping[str, int]) -> list[str]:
    named = [f"{name:8} {value:05o}" for name, value in sorted(symbols.items())]
    rows = range(0, len(named), _SYMBOLS_A_LINE)
    return ["", *("   ".join(named[row : row + _SYMBOLS_A_LINE]).rstrip() for row in rows), ""]
