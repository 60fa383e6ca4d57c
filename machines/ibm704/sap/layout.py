"""The first pass: where every card's words go, and what every symbol stands for.

The location counter starts at 0 and goes up by the words of each card. The cards of a library
routine (LIB) and the repetitions of REP are put into the row of cards here, so that the second pass
sees them all. What ORG, LOC, BSS, BES, EQU, SYN and REP say must be known by now: their symbols are
to be defined on an earlier card.

Source: the first pass of UA SAP 3-7.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from machines.ibm704.sap import data, expressions, symbols
from machines.ibm704.sap.complaints import Complaint, Fault
from machines.ibm704.sap.expressions import MODULUS, Scope
from machines.ibm704.sap.statements import LINE_LIMIT, PSEUDO, Statement, statements
from machines.ibm704.sap.symbols import Symbol
from machines.ibm704.sap.vocabulary import NAMES, Name

WORD_LIMIT = 1 << 16
"""Most words of a program: twice the largest storage, for what is loaded in turns."""

WORDLESS = frozenset(PSEUDO) - {"DEC", "OCT", "BCD", "C/T"}
"""Pseudo-operations that make no words."""

Tables = dict[str, dict[str, Symbol]]
"""Symbol tables written by WST, by what stood in its variable field."""


class Placed(NamedTuple):
    """A card in its place.

    Attributes
    ----------
    statement
        The card.
    location
        Location counter before it, 15 bits; for BES, ORG, LOC, EQU and SYN the value they define.
    size
        How many words it makes.
    heading
        Heading in force, "" for none.
    begins
        Whether its words begin a new card of the binary deck.
    origin
        Where they are loaded if so.
    """

    statement: Statement
    location: int
    size: int
    heading: str
    begins: bool = False
    origin: int = 0


@dataclass
class Layout:
    """What the first pass finds out, and where it stands."""

    library: Mapping[str, str]
    tables: Tables
    placed: list[Placed] = field(default_factory=list)
    table: dict[str, Symbol] = field(default_factory=dict)
    names: dict[str, Name] = field(default_factory=lambda: dict(NAMES))
    complaints: dict[Complaint, None] = field(default_factory=dict)
    warnings: dict[Complaint, None] = field(default_factory=dict)
    location: int = 0
    heading: str = ""
    words: int = 0
    ended: bool = False

    def find(self, name: str, heading: str) -> Symbol | None:
        """Give a symbol, None if it is not defined."""
        return self.table.get(symbols.key(name, heading))

    def complain(self, statement: Statement, column: int, text: str, flag: str = "E") -> None:
        """Note a complaint about a card, once."""
        text = "".join(one if one.isprintable() else "?" for one in text)
        self.complaints[Complaint(statement.card, column, flag, text, statement.routine)] = None


def lay_out(source: str, library: Mapping[str, str], tables: Tables) -> Layout:
    """Do the first pass over source text."""
    layout = Layout(library, tables)
    _place_all(layout, statements(source))
    if not layout.ended and layout.placed:
        last = layout.placed[-1].statement
        layout.warnings[
            Complaint(last.card, 1, "", "no END card comes after it; SAP wants one")
        ] = None
    return layout


def _place_all(layout: Layout, cards: Iterable[Statement]) -> None:
    for statement in cards:
        if layout.ended:
            if statement.operation not in ("FIN", "REM"):
                _place_nothing(layout, statement)
                layout.complain(statement, 1, "END was before it; assemble what follows apart")
            return
        _place_or_complain(layout, statement)


def _place_or_complain(layout: Layout, statement: Statement) -> None:
    before = len(layout.placed)
    try:
        _place(layout, statement)
    except Fault as fault:
        layout.complain(statement, fault.column, fault.text, fault.flag)
        if len(layout.placed) == before:
            _place_nothing(layout, statement)


def _place(layout: Layout, statement: Statement) -> None:
    operation = statement.operation
    if len(statement.text) > LINE_LIMIT:
        raise Fault(LINE_LIMIT + 1, "the line is far longer than a card; is this SAP source?")
    if operation in WORDLESS:
        _PLACERS.get(operation, _place_nothing)(layout, statement)
        return
    if operation == "C/T":
        raise Fault(statement.operation_column, "correction cards (C/T) are not supported")
    if statement.is_label_alone:
        name = statement.location
        text = f"{name} stands alone, so it is the symbol of a word of zeros, not an operation"
        layout.warnings[Complaint(statement.card, 1, "", text, statement.routine)] = None
    begins = _take_numeric_location(layout, statement)
    if operation in ("DEC", "OCT"):
        count = max(1, len(expressions.split(statement.field, statement.column)))
    elif operation == "BCD":
        count = data.bcd_count(statement.field)
    else:
        count = 1
    _place_words(layout, statement, count, begins)


def _place_words(layout: Layout, statement: Statement, count: int, begins: bool) -> None:
    where = _advance(layout, statement, count)
    layout.words += count
    if layout.words > WORD_LIMIT:
        raise Fault(statement.operation_column, f"the program has more than {WORD_LIMIT} words")
    layout.placed.append(Placed(statement, where, count, layout.heading, begins, where))
    _label(layout, statement, where)


def _advance(layout: Layout, statement: Statement, count: int) -> int:
    """Move the location counter on by ``count``; give where it was."""
    before = layout.location
    if before + count > MODULUS:
        raise Fault(statement.operation_column, "it goes beyond location 32767, the last there is")
    layout.location += count
    return before % MODULUS


def _take_numeric_location(layout: Layout, statement: Statement) -> bool:
    """Go to the location a number in the location field names."""
    location = statement.location
    if not location.isdecimal() or not location.isascii():
        return False
    if int(location) >= MODULUS:
        raise Fault(1, f"location {location} does not exist, the last is 32767")
    layout.location = int(location)
    return True


def _label(layout: Layout, statement: Statement, value: int, relocatable: bool = True) -> None:
    """Define the symbol of the location field, if there is one."""
    name = statement.location
    if not name or (name.isascii() and name.isdecimal()):
        return
    if reason := symbols.reason_against(name):
        raise Fault(1, reason)
    own = symbols.key(name, layout.heading)
    before = layout.table.get(own)
    if before is not None:
        where = f"card {before.card}" + (f" of {before.routine}" if before.routine else "")
        raise Fault(1, f"{name} is defined on {where} too; rename one of them", "M")
    shown = symbols.shown(name, layout.heading)
    layout.table[own] = Symbol(shown, value, relocatable, statement.card, statement.routine)


def _value(layout: Layout, statement: Statement, place: int = 0) -> int | None:
    """Evaluate part ``place`` of a variable field; None if it is not there."""
    parts = expressions.split(statement.field, statement.column)
    if len(parts) <= place:
        return None
    text, column = parts[place]
    try:
        scope = Scope(layout.location, layout.heading, layout.find)
        return expressions.evaluate(text, column, scope).value
    except Fault as fault:
        if fault.flag == "U":
            what = fault.text.split(";")[0]
            fault.text = f"{what} before this card; {statement.operation} needs it by now"
        raise


def _place_nothing(layout: Layout, statement: Statement) -> None:
    layout.placed.append(Placed(statement, layout.location, 0, layout.heading))


def _place_origin(layout: Layout, statement: Statement) -> None:
    value = _value(layout, statement)
    layout.location = value or 0
    begins = statement.operation == "ORG"
    layout.placed.append(
        Placed(statement, layout.location, 0, layout.heading, begins, layout.location)
    )
    _label(layout, statement, layout.location)


def _place_block(layout: Layout, statement: Statement) -> None:
    before = _advance(layout, statement, _value(layout, statement) or 0)
    own = before if statement.operation == "BSS" else layout.location % MODULUS
    layout.placed.append(Placed(statement, own, 0, layout.heading, True, layout.location % MODULUS))
    _label(layout, statement, own)


def _place_definition(layout: Layout, statement: Statement) -> None:
    value = _value(layout, statement) or 0
    layout.placed.append(Placed(statement, value, 0, layout.heading))
    if not statement.location:
        raise Fault(
            1, f"{statement.operation} defines the symbol in the location field; it is blank"
        )
    _label(layout, statement, value, statement.operation == "SYN")


def _place_heading(layout: Layout, statement: Statement) -> None:
    heading = statement.heading if statement.heading != " " else statement.field[:1]
    heading = heading.strip().strip("0")
    if heading and symbols.reason_against(heading + "A"):
        raise Fault(1, f"{heading} cannot be a heading; take a letter or a digit")
    layout.heading = heading
    _place_nothing(layout, statement)


def _place_repeat(layout: Layout, statement: Statement) -> None:
    many, times = _value(layout, statement, 0), _value(layout, statement, 1)
    if many is None or times is None:
        raise Fault(statement.column, "REP wants two numbers: of words and of times")
    _place_nothing(layout, statement)
    cards = _last_cards(layout, statement, many)
    _label(layout, statement, layout.location)
    heading = layout.heading
    for _ in range(times if cards else 0):
        for card in cards:
            layout.heading = card.heading
            _place_words(layout, _without_location(card.statement), card.size, False)
    layout.heading = heading


def _last_cards(layout: Layout, statement: Statement, many: int) -> list[Placed]:
    """Give the cards that made the last ``many`` words."""
    cards: list[Placed] = []
    for placed in reversed(layout.placed):
        if many <= 0:
            break
        if placed.begins and not placed.size:
            break
        if placed.size:
            cards.append(placed)
            many -= placed.size
    if many:
        what = "are not there" if many > 0 else "begin in the middle of a card"
        raise Fault(statement.column, f"the words to repeat {what}; count words, not cards")
    return cards[::-1]


def _without_location(statement: Statement) -> Statement:
    text = statement.text
    if statement.operation_column == 8:
        text = " " * 6 + text[6:]
    return dataclasses.replace(statement, text=text, location="", heading=" ")


def _place_library(layout: Layout, statement: Statement) -> None:
    named = expressions.split(statement.field, statement.column)
    name = statement.location or (named[0][0] if named else "")
    routine = layout.library.get(name)
    if statement.routine:
        raise Fault(statement.operation_column, "a library routine cannot call for another")
    if routine is None:
        missing, known = name or "name", ", ".join(sorted(layout.library))
        raise Fault(
            statement.operation_column,
            f"no {missing} in the library; there is {known}"
            if known
            else f"no {missing}: the library is empty; --library names its folder",
        )
    _place_nothing(layout, statement)
    for card in statements(routine, name):
        if card.operation == "END":
            return
        _place_or_complain(layout, card)


def _place_end(layout: Layout, statement: Statement) -> None:
    layout.ended = True
    _place_nothing(layout, statement)


def _place_operation(layout: Layout, statement: Statement) -> None:
    """OPD: the location field names an operation, the variable field gives its word in octal."""
    text, column = (expressions.split(statement.field, statement.column) or [("", 12)])[0]
    word = data.octal(text, column)
    flags = word >> 15 & 7
    wants = "".join(part for part, bit in (("A", 4), ("T", 2), ("D", 1)) if flags & bit)
    word &= ~(7 << 15)
    if not 1 <= len(statement.location) <= 3:
        raise Fault(1, "OPD defines the operation in the location field; it has three characters")
    layout.names[statement.location] = Name(word, wants, 0, bool(word >> 33 & 3))
    _place_nothing(layout, statement)


def _table_name(statement: Statement) -> str:
    return ",".join(text for text, _ in expressions.split(statement.field, statement.column)) or "0"


def _place_table(layout: Layout, statement: Statement) -> None:
    """WST keeps the symbol table under a name, RST takes it back, AST adds it."""
    name = _table_name(statement)
    if statement.operation == "WST":
        layout.tables[name] = dict(layout.table)
    elif name not in layout.tables:
        raise Fault(statement.column, f"no symbol table was written as {name} (WST) before")
    elif statement.operation == "RST":
        layout.table = dict(layout.tables[name])
    else:
        layout.table |= layout.tables[name]
    _place_nothing(layout, statement)


_PLACERS = {
    "ORG": _place_origin,
    "LOC": _place_origin,
    "BSS": _place_block,
    "BES": _place_block,
    "EQU": _place_definition,
    "SYN": _place_definition,
    "HED": _place_heading,
    "REP": _place_repeat,
    "LIB": _place_library,
    "END": _place_end,
    "OPD": _place_operation,
    "WST": _place_table,
    "RST": _place_table,
    "AST": _place_table,
}
