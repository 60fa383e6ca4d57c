"""The SHARE assembler: from cards of source to words, a listing and a deck.

Two passes. The first (:mod:`machines.ibm704.sap.layout`) finds out where every word goes and what
every symbol stands for; the second (:mod:`machines.ibm704.sap.second_pass`) makes the words. A card
that is wrong does not end the assembly: it makes as many words as it would, the wrong part of them
zero, and a complaint tells card, column and cure.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from machines.ibm704.media import convert, decks
from machines.ibm704.media.cards import Card
from machines.ibm704.sap import deck, expressions, listing
from machines.ibm704.sap.complaints import Complaint
from machines.ibm704.sap.deck import Block
from machines.ibm704.sap.layout import Tables, lay_out
from machines.ibm704.sap.second_pass import SecondPass
from machines.ibm704.sap.statements import statements
from simulator.errors import Mistake
from simulator.files import read_bytes

SOURCE_LIMIT = 1 << 23


@dataclass(frozen=True)
class Assembly:
    """A program assembled.

    Attributes
    ----------
    words
        Word (36 bits) of each location, as storage stands when all of the deck is loaded.
    blocks
        The words in the order and the form in which they are punched.
    symbols
        What each symbol stands for; under a heading its name is ``H$SYM``.
    start
        Where END says to start; None if it does not.
    listing
        Line by line as SAP printed it, without the carriage control.
    errors
        What is wrong; the words are right only if there is none.
    warnings
        What is likely not meant.
    """

    words: dict[int, int]
    blocks: tuple[Block, ...]
    symbols: dict[str, int]
    start: int | None
    listing: str
    errors: tuple[Complaint, ...]
    warnings: tuple[Complaint, ...]

    def deck(self) -> list[Card]:
        """Give the binary deck, as FUL, ABS and REL ask for."""
        return deck.cards_of(self.blocks)

    def checked(self, name: str = "source") -> Assembly:
        """Give the assembly itself if nothing is wrong with it.

        Raises
        ------
        Mistake
            If there are errors: the first one, and how many more there are.
        """
        if self.errors:
            more = len(self.errors) - 1
            rest = f" (and {more} more)" if more else ""
            raise Mistake(f"{name}: {self.errors[0]}{rest}")
        return self


def assemble(
    source: str, *, library: Mapping[str, str] | None = None, tables: Tables | None = None
) -> Assembly:
    """Assemble one program, up to its END card.

    Parameters
    ----------
    source
        Text, one card a line (:mod:`machines.ibm704.sap.statements` tells how it is read).
    library
        Source of routines by name, for LIB.
    tables
        Where WST keeps symbol tables and RST and AST look for them; shared by programs that are
        assembled one after the other.

    Returns
    -------
    assembly
        Also where there are errors; see its ``errors``.
    """
    layout = lay_out(source, library or {}, {} if tables is None else tables)
    second = SecondPass(layout)
    second.run()
    named = {symbol.name: symbol.value for symbol in layout.table.values()}
    errors = tuple(sorted(layout.complaints, key=lambda one: (one.routine != "", one)))
    warnings = tuple(layout.warnings)
    return Assembly(
        words=_core(second.blocks),
        blocks=tuple(second.blocks),
        symbols=dict(sorted(named.items())),
        start=second.start,
        listing=listing.text_of(second.lines, named, errors, warnings),
        errors=errors,
        warnings=warnings,
    )


def _core(blocks: list[Block]) -> dict[int, int]:
    return {
        (block.origin + place) % expressions.MODULUS: word
        for block in blocks
        for place, word in enumerate(block.words)
    }


def assemble_all(source: str, *, library: Mapping[str, str] | None = None) -> list[Assembly]:
    """Assemble the programs of a source one after the other, each up to its END card.

    Card numbers count through the whole source. A FIN card ends it.
    """
    tables: Tables = {}
    return [assemble(part, library=library, tables=tables) for part in _programs(source)]


def _programs(source: str) -> Iterator[str]:
    lines, first = source.split("\n"), 0
    for statement in statements(source):
        if statement.operation == "FIN":
            lines = lines[: statement.card - 1]
            break
        if statement.operation == "END":
            yield "\n" * first + "\n".join(lines[first : statement.card])
            first = statement.card
    rest = "\n".join(lines[first:])
    if rest.strip():
        yield "\n" * first + rest


def read_library(folder: str | Path) -> dict[str, str]:
    """Read the library routines of a folder: each file NAME.sap is the routine NAME.

    Raises
    ------
    Mistake
        If a file cannot be read or is no text.
    """
    files = sorted(Path(folder).glob("*.sap"))
    return {file.stem.upper(): read_source(file) for file in files}


def read_source(path: str | Path) -> str:
    """Read source from a text file or a deck of cards, up to the file mark if it ends with one.

    Raises
    ------
    Mistake
        If the file cannot be read or is no text.
    """
    if convert.recognise(path) == "cbn":
        return _unmarked([decks.line_of(card) for card in decks.read_deck(path)])
    try:
        return _unmarked(read_bytes(path, SOURCE_LIMIT).decode("utf-8").split("\n"))
    except UnicodeDecodeError as error:
        raise Mistake(f"{path}: no text; SAP source is a text file or a deck of cards") from error


def _unmarked(lines: list[str]) -> str:
    """Give source without the file marks that end a tape or deck it came from."""
    end = len(lines)
    while end and lines[end - 1].strip().lower() in ("", "~eof"):
        end -= 1
    marked = any(line.strip() for line in lines[end:])
    return "\n".join(lines[:end] if marked else lines)
