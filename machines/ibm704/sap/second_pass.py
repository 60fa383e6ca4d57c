"""The second pass: the words of every card.

The first pass knows where each word goes and what each symbol stands for; now instructions are put
together and data converted. What is wrong with a card becomes a complaint, and the wrong part zero.

Source: the second pass of UA SAP 3-7.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass, field
from typing import NamedTuple

from machines.ibm704.sap import data, expressions, listing, symbols
from machines.ibm704.sap.complaints import Complaint, Fault
from machines.ibm704.sap.deck import TRANSFER, Block
from machines.ibm704.sap.expressions import Part, Scope
from machines.ibm704.sap.layout import WORDLESS, Layout, Placed
from machines.ibm704.sap.listing import Line, Printed, Style
from machines.ibm704.sap.statements import Statement
from machines.ibm704.sap.symbols import Symbol
from machines.ibm704.sap.vocabulary import DIVISIONS, Name

_SUGGESTIONS = 20
_FORMS = ("ABS", "FUL", "REL")
_VALUE_SHOWN = frozenset(("BSS", "BES", "EQU", "SYN", "ORG", "LOC"))


class _Word(NamedTuple):
    """A word just made, how the listing shows it and how its parts are relocated."""

    word: int
    style: Style
    relocation: tuple[int, int] = (0, 0)
    undefined: str = ""


@dataclass
class SecondPass:
    """The second pass, and where it stands.

    Attributes
    ----------
    layout
        What the first pass found out; complaints are added to it.
    blocks
        The words made, in the order and the form in which they are punched.
    lines
        Of the listing.
    start
        Where END says to start; None if it does not.
    """

    layout: Layout
    blocks: list[Block] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    form: str = "ABS"
    relocatable: bool = False
    load: int = 0
    start: int | None = None
    words: list[_Word] = field(default_factory=list)
    letters: str = ""
    undefined_from: int | None = None
    undefined_left: int = expressions.MODULUS
    goes_to: int | None = None
    after_division: bool = False
    unknown: int = 0

    def run(self) -> None:
        """Assemble all cards."""
        for placed in self.layout.placed:
            self.letters = ""
            self._card(placed)
        self._punch()

    def _card(self, placed: Placed) -> None:
        """Assemble one card."""
        statement, operation = placed.statement, placed.statement.operation
        if placed.begins:
            self._punch()
            self.load = placed.origin
        self.goes_to = None
        try:
            made = self._made(placed)
        except Fault as fault:
            self.layout.complain(statement, fault.column, fault.text, fault.flag)
            made = [_Word(0, Style.DATA)] * placed.size
        self.words += made
        shown = placed.location if operation in _VALUE_SHOWN else self.goes_to
        printed = [Printed(one.word, one.style, one.undefined) for one in made]
        self.lines += listing.lines_of(statement, placed.location, printed, shown, self.letters)

    def _punch(self) -> None:
        """Close the block of words in hand."""
        if self.words:
            self.blocks.append(
                Block(
                    self.form,
                    self.load,
                    tuple(one.word for one in self.words),
                    tuple(one.relocation for one in self.words),
                )
            )
            self.load += len(self.words)
            self.words = []

    def _made(self, placed: Placed) -> list[_Word]:
        """Give the words a card makes."""
        statement, operation = placed.statement, placed.statement.operation
        parts = expressions.split(statement.field, statement.column)
        if operation not in WORDLESS and not placed.size:
            return []
        if operation in ("TCD", "END"):
            self._transfer(placed, parts)
        elif operation in _FORMS:
            self._punch()
            self.form = operation
            if operation != "FUL":  # FUL leaves transfer cards as they were
                self.relocatable = operation == "REL"
        elif operation == "DEF":
            self._define_rest(placed, parts)
        elif operation == "BCD":
            made = data.bcd(statement.field, statement.column)
            return [_Word(word, Style.LOGICAL) for word in made]
        elif operation in ("DEC", "OCT"):
            one = data.decimal if operation == "DEC" else data.octal
            return [self._datum(one, part, placed) for part in parts or [("", statement.column)]]
        elif operation not in WORDLESS:
            return [self._instruction(placed, parts)]
        return []

    def _datum(self, one: data.Conversion, part: tuple[str, int], placed: Placed) -> _Word:
        try:
            return _Word(one(*part), Style.DATA)
        except Fault as fault:
            self.layout.complain(placed.statement, fault.column, fault.text, fault.flag)
            return _Word(0, Style.DATA)

    def _instruction(self, placed: Placed, parts: list[tuple[str, int]]) -> _Word:
        """Put an instruction together."""
        statement = placed.statement
        name = self.layout.names.get(statement.operation or "PZE")
        if name is None:
            self.layout.complain(
                statement, statement.operation_column, self._no_such(statement.operation), "U"
            )
            name = Name(0)
        if len(parts) > 3:
            raise Fault(
                parts[3][1], "an instruction has address, tag and decrement, no fourth part"
            )
        if len(parts) > 1 and not parts[-1][0]:
            parts = parts[:-1]
        self._remarks(statement, name, parts)
        made = [self._part(placed, *part) for part in parts]
        undefined = "".join(
            letter for letter, part in zip("ATD", made, strict=False) if part is None
        )
        address, tag, decrement = [part or Part(0) for part in [*made, None, None, None][:3]]
        self._check(statement, name, parts, address.value, tag.value)
        word = name.word | address.value | (tag.value & 7) << 15 | decrement.value << 18
        relocation = decrement.relocation, address.relocation
        return _Word(word, Style.INSTRUCTION, relocation, undefined)

    def _part(self, placed: Placed, text: str, column: int) -> Part | None:
        """Evaluate a part of the variable field; complain and give None if it is wrong."""
        try:
            scope = Scope(placed.location, placed.heading, self._find)
            return expressions.evaluate(text, column, scope)
        except Fault as fault:
            self.layout.complain(placed.statement, fault.column, fault.text, fault.flag)
            return None

    def _check(
        self, statement: Statement, name: Name, parts: list[tuple[str, int]], unit: int, tag: int
    ) -> None:
        """Complain about a unit or a tag that does not exist."""
        base = name.word & expressions.MODULUS - 1
        if name.units and unit > name.units and base | unit != unit:
            there = f"{statement.operation} has units 1 to {name.units}"
            self._warn(statement, parts[0][1], f"{there}; this names another unit")
        if tag > 7:
            self.layout.complain(
                statement, parts[1][1], "a tag is 0 to 7: 1, 2 and 4 are the index registers"
            )

    def _remarks(self, statement: Statement, name: Name, parts: list[tuple[str, int]]) -> None:
        """Find the letters SAP prints for what was left out, and what is likely not meant."""
        letters = [letter for place, letter in enumerate("ATD") if place >= len(parts)]
        self.letters = "".join(letter for letter in letters if letter in name.wants)
        if self.after_division and statement.operation == "STO":
            self.letters = "Q" + self.letters
            self._warn(
                statement, statement.operation_column, "the quotient is in MQ; STQ stores it"
            )
        self.after_division = statement.operation in DIVISIONS
        comment = statement.field[:4].split()
        if "A" in self.letters and comment:
            self._warn(
                statement,
                statement.column,
                f"column {statement.column} is blank, so {comment[0]} is a comment and "
                f"{statement.operation} has no address",
            )

    def _warn(self, statement: Statement, column: int, text: str) -> None:
        complaint = Complaint(statement.card, column, "", text, statement.routine)
        self.layout.warnings[complaint] = None

    def _no_such(self, operation: str) -> str:
        self.unknown += 1
        likely = self.layout.names if self.unknown <= _SUGGESTIONS else ()
        close = difflib.get_close_matches(operation, likely, 3, 0.6)
        cure = f"; is it {' or '.join(close)}?" if close else ""
        return f"the 704 has no operation {operation}{cure}"

    def _find(self, name: str, heading: str) -> Symbol | None:
        """Give a symbol, defining it if DEF told to."""
        symbol = self.layout.find(name, heading)
        if symbol is None and self.undefined_from is not None and self.undefined_left > 0:
            value = self.undefined_from
            symbol = Symbol(symbols.shown(name, heading), value, True, 0)
            self.layout.table[symbols.key(name, heading)] = symbol
            self.undefined_from = (value + 1) % expressions.MODULUS
            self.undefined_left -= 1
        return symbol

    def _define_rest(self, placed: Placed, parts: list[tuple[str, int]]) -> None:
        """DEF: give the symbols still undefined the locations from here."""
        values = [(self._part(placed, *part) or Part(0)).value for part in parts[:2]]
        self.undefined_from = values[0] if values else 0
        self.undefined_left = values[1] if len(values) > 1 else expressions.MODULUS

    def _transfer(self, placed: Placed, parts: list[tuple[str, int]]) -> None:
        """TCD and END: punch a transfer card."""
        self._punch()
        is_end = placed.statement.operation == "END"
        if not parts and is_end:
            return
        where = ((self._part(placed, *parts[0]) if parts else None) or Part(0)).value
        self.blocks.append(Block(TRANSFER, where, (), (), self.relocatable))
        self.goes_to = where
        if is_end:
            self.start = where
