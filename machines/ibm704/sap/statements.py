"""Cards of source, taken apart into their fields.

A SAP card has its location symbol in columns 1-6, its operation in 8-10 and its **variable field**
from 12 to 72; columns 7 and 11 are blank, 73-80 are for identification. The first blank of the
variable field begins the comment. Blanks in the location field count for nothing.

Of these columns a person at a keyboard need know only two things: lower case counts as upper, and a
line whose fields do not fall into the columns is read in **free form**. There the fields are
separated by blanks or tabs; a line that begins with a blank has no location symbol.

A blank card is a word of zeros, as it was; but a blank line shorter than 72 columns is no card at
all, and a line with an asterisk in column 1 is a remark. A line of 72 columns or more is taken for
the image of a card, and what could be read either way is then read by its columns.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from machines.ibm704.sap.vocabulary import NAMES

PSEUDO = {
    "ORG": "goes to a location",
    "LOC": "counts on from another location, without loading there",
    "EQU": "defines a symbol as a number",
    "SYN": "defines a symbol as a location, which moves with the program",
    "BSS": "leaves a block of words out; the symbol is its first",
    "BES": "leaves a block of words out; the symbol is the location after it",
    "DEC": "words of decimal numbers",
    "OCT": "words of octal numbers",
    "BCD": "words of characters",
    "REP": "the last words once more",
    "HED": "puts a heading before symbols",
    "DEF": "gives locations to all symbols still undefined",
    "OPD": "defines an operation by its word in octal",
    "LIB": "brings in a routine of the library",
    "REM": "a remark",
    "FUL": "from here cards of 24 words and nothing else",
    "ABS": "from here absolute cards",
    "REL": "from here relocatable cards",
    "TCD": "a transfer card",
    "END": "ends the program and tells where to start",
    "FIN": "ends the last of several programs",
    "WST": "keeps the symbol table for a later program",
    "RST": "takes a kept symbol table instead of this one",
    "AST": "adds a kept symbol table",
    "C/T": "a correction card; not supported",
    "BOS": "where to punch; has no effect here",
    "FST": "has no effect here",
    "PLB": "push the load button; has no effect here",
    "PLR": "has no effect here",
    "PST": "punch the symbol table; has no effect here",
    "SKP": "skip to a new page; has no effect here",
    "SPC": "space the listing; has no effect here",
}
"""What stands in the operation field and is no operation of the machine, and what it does."""

LINE_LIMIT = 500
"""Most characters of a line: a card has 80, but a comment may be longer."""

_IMAGE = 72
_CAPITALS = {ord(small): small.upper() for small in "abcdefghijklmnopqrstuvwxyz"}
_FREE = re.compile(r"(?P<location>\S+)?(?:\s+(?P<operation>\S+)(?P<rest>.*))?", re.S)


@dataclass(frozen=True)
class Statement:
    """One card of source.

    Attributes
    ----------
    card
        Number of its line, from 1.
    text
        The line as it was written, tabs expanded.
    location
        Location symbol, blanks removed, in capitals.
    operation
        Operation, in capitals; empty if blank.
    field
        Variable field and comment, in capitals.
    operation_column, column
        Where the operation and the variable field begin, from 1.
    heading
        Column 1, which is HED's heading character; a blank if there is none.
    routine
        Name of the library routine it belongs to; empty for the program itself.
    """

    card: int
    text: str
    location: str
    operation: str
    field: str
    operation_column: int = 8
    column: int = 12
    heading: str = " "
    routine: str = ""

    @property
    def is_label_alone(self) -> bool:
        """Whether there is nothing but a symbol, and that where free form has operations."""
        alone = self.location and not self.operation and not self.field.strip()
        return bool(alone) and len(self.text) < _IMAGE and self.text[0].isspace()


def statements(source: str, routine: str = "") -> Iterator[Statement]:
    """Read source text, one card a line."""
    for number, line in enumerate(source.split("\n"), 1):
        text = line.rstrip("\r")[: LINE_LIMIT + 1].expandtabs(8)
        if text.strip() or len(text) >= _IMAGE:
            yield _statement(number, text, routine)


def is_known(operation: str) -> bool:
    """Tell whether a name (in capitals) is an operation, an extended or a pseudo-operation."""
    return operation in NAMES or operation in PSEUDO


def _statement(number: int, text: str, routine: str) -> Statement:
    capitals = text.translate(_CAPITALS)
    if text[0] == "*":
        return Statement(number, text, "", "REM", capitals[1:], 1, 2, " ", routine)
    match = _FREE.match(capitals)
    operation = (match and match["operation"]) or ""
    named = capitals[7:10].strip() and not (capitals[6:7].strip() or capitals[10:11].strip())
    if match is None or _is_fixed(capitals) or (named and not is_known(operation)):
        location, operation = "".join(capitals[:6].split()), capitals[7:10].strip()
        return Statement(
            number, text, location, operation, capitals[11:72], 8, 12, capitals[0], routine
        )
    location, rest = match["location"] or "", match["rest"] or ""
    field = rest.lstrip()
    if operation == "BCD" and not field[:1].isdecimal():
        field = rest[1:]
    column = len(capitals) - len(field) + 1
    place = match.start("operation") + 1 if operation else 8
    heading = location[:1] or " "
    return Statement(number, text, location, operation, field, place, column, heading, routine)


def _is_fixed(text: str) -> bool:
    """Tell whether the fields of a line, in capitals, stand in their columns."""
    if text[6:7].strip() or text[10:11].strip():
        return False
    operation = text[7:10].strip()
    if operation:
        return is_known(operation)
    if len(text) >= _IMAGE or text[11:12].strip():
        return True
    # no operation: a label with nothing else, or an operation written too far left or right
    words, labels = text.split(), text[:6].split()
    if len(labels) > 1 and len(words) == len(labels):
        return False
    place = 1 if labels and not text[0].isspace() else 0
    return len(words) <= place or not is_known(words[place])
