"""From a file to a 704 that has the program in storage, and back to names a person knows.

A file is SAP source, a deck of cards or a tape; which, is told by its content. Source is assembled
in storage; ABS and REL cards are loaded as a loader would load them, which takes no time of the
machine. A deck or a tape that loads itself is mounted, and its load key pressed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from machines.ibm704 import Description, Ibm704
from machines.ibm704.devices import Units
from machines.ibm704.media import cards, convert, decks
from machines.ibm704.media.cards import Card
from machines.ibm704.routines import standard_library
from machines.ibm704.sap import assemble_all, load, read_source
from machines.ibm704.sap.deck import ABS_WORDS, FULL, REL_WORDS
from machines.ibm704.words import AC_SIGN, ADDRESS, MAGNITUDE
from simulator.errors import Mistake
from ui.cli.console import say

COMPILING = "compiling the 704's engine, once (5 to 20 s); later starts take about a second"
NEAR = 0o100
"""A location is named by a symbol less than this before it."""
_RELOCATABLE = 1 << 34


@dataclass(frozen=True)
class Program:
    """What a file holds.

    Attributes
    ----------
    words
        Words by location; none for a deck or tape that loads itself.
    start
        Where to start.
    symbols
        What each symbol stands for.
    cards
        For the card reader: the deck that loads itself, or the cards behind the program.
    key
        Which key starts it: ``start``, ``load_cards`` or ``load_tape``.
    """

    words: dict[int, int] = field(default_factory=dict)
    start: int = 0
    symbols: dict[str, int] = field(default_factory=dict)
    cards: tuple[Card, ...] = ()
    key: str = "start"


def read_program(path: Path) -> Program:
    """Read a program from a file.

    Raises
    ------
    Mistake
        If there is no such file, it is damaged, SAP finds errors in it, or it holds no program.
    """
    form = recognised(path)
    if form == "cbn" or (form == "text" and is_deck(path)):
        return _of_deck(path)
    if form == "text":
        return _of_source(path)
    if form == "drum":
        raise Mistake(f"{path}: a drum; a program is SAP source, a deck of cards or a tape")
    return Program(key="load_tape")


def no_stream(path: Path) -> None:
    """Refuse to read what is no file: it is read more than once, which only a file allows.

    Raises
    ------
    Mistake
        If there is a device or a pipe.
    """
    if path.exists() and not path.is_file() and not path.is_dir():
        raise Mistake(f"{path}: is a device or a pipe; copy what it gives into a file and read it")


def recognised(path: Path) -> str:
    """Tell the form of a file; see :func:`machines.ibm704.media.convert.recognise`.

    Raises
    ------
    Mistake
        If it cannot be read, or is not what its name says.
    """
    no_stream(path)
    return convert.recognise(path)


def is_deck(path: Path) -> bool:
    """Tell whether a text file has cards in it that are no text, so that it is no source."""
    with path.open("rb") as file:
        return any(line[:4].lower() == b"~raw" for line in file)


def _of_source(path: Path) -> Program:
    programs = assemble_all(read_source(path), library=standard_library())
    if not programs:
        raise Mistake(f"{path}: no program in it")
    if len(programs) > 1:
        say(f"{path}: {len(programs)} programs; the first is taken")
    program = programs[0].checked(str(path))
    for warning in program.warnings:
        say(f"{path}: {warning}")
    if not program.words:
        raise Mistake(f"{path}: no program in it: it makes no words")
    if program.start is None and any(block.form == FULL for block in program.blocks):
        return Program(symbols=program.symbols, cards=tuple(program.deck()), key="load_cards")
    start = _or_lowest(program.start, program.words, path)
    return Program(program.words, start, program.symbols)


def _of_deck(path: Path) -> Program:
    deck = tuple(decks.read_deck(path))
    if not deck:
        raise Mistake(f"{path}: no cards in it")
    if not is_loadable(deck[0]):
        return Program(cards=deck, key="load_cards")
    last = next((place for place, card in enumerate(deck) if _is_transfer(card)), len(deck))
    loaded = load(deck[: last + 1], name=str(path))
    if not loaded.words:
        raise Mistake(f"{path}: no program in it: its first card goes elsewhere at once")
    start = _or_lowest(loaded.start, loaded.words, path)
    return Program(loaded.words, start, cards=deck[last + 1 :])


def _or_lowest(start: int | None, words: Mapping[int, int], path: Path) -> int:
    if start is None:
        start = min(words)
        say(f"{path}: it does not say where to start; {start:05o} is taken, the lowest location")
    return start


def _is_transfer(card: Card) -> bool:
    control = cards.words_of(card)[0]
    return is_loadable(card) and not control >> 18 & ADDRESS


def is_loadable(card: Card) -> bool:
    """Tell whether a card looks like an ABS, REL or transfer card: by its control word."""
    control = cards.words_of(card)[0]
    count = control >> 18 & ADDRESS
    return not control >> 35 and count <= (REL_WORDS if control & _RELOCATABLE else ABS_WORDS)


def machine_with(program: Program, path: Path, core: int, engine: str, switches: str) -> Ibm704:
    """Switch on a 704 with a program in storage, if it has words, and its counter at the start.

    Parameters
    ----------
    program, path
        As read, and from where.
    core
        Words of core storage.
    engine
        Which engine.
    switches
        Sense switches that are down, as ``"1,3"``.

    Raises
    ------
    Mistake
        If core storage is too small or of no such size, or there is no such switch.
    """
    down = _switches(switches)
    highest = max(program.words, default=0)
    description = Description(core_words=core)
    if highest >= core:
        raise Mistake(
            f"{path}: has a word at {highest:05o}, but with --core {core} storage ends at "
            f"{core - 1:05o}; give it more"
        )
    machine = Ibm704(description, engine, Units())
    for at, words in _runs(program.words):
        machine.deposit(at, words)
    for number in down:
        machine.operate(f"ibm704.sense.switch{number}", 1)
    machine.operate("ibm704.register.IC", program.start & core - 1)
    return machine


def _switches(text: str) -> list[int]:
    try:
        numbers = [int(part) for part in text.split(",")] if text.strip() else []
    except ValueError:
        numbers = [0]
    if not set(numbers) <= set(range(1, 7)):
        raise Mistake(f"--switches {text}: name those that are down by number, as in 1,3; 1 to 6")
    return numbers


def _runs(words: Mapping[int, int]) -> list[tuple[int, list[int]]]:
    """Give words by location as runs of neighbours."""
    runs: list[tuple[int, list[int]]] = []
    for place in sorted(words):
        if runs and place == runs[-1][0] + len(runs[-1][1]):
            runs[-1][1].append(words[place])
        else:
            runs.append((place, [words[place]]))
    return runs


class Names:
    """The names of the locations of a program.

    Parameters
    ----------
    symbols
        What each symbol stands for.
    words
        The program's words, which tell what of it are locations.
    """

    def __init__(self, symbols: Mapping[str, int], words: Mapping[int, int]) -> None:
        low, high = (min(words), max(words)) if words else (0, ADDRESS)
        # storage reserved behind the last word has names too; small numbers are no locations
        of = ((value, name) for name, value in symbols.items() if low <= value <= high + NEAR)
        self._named = dict(sorted(of, reverse=True))
        self._last = max(high, *self._named, 0)

    @property
    def labels(self) -> Mapping[int, str]:
        """Symbols by location."""
        return self._named

    def near(self, at: int) -> str | None:
        """Name a location by the symbol at or before it, as in LOOP+10 (octal); None if far."""
        below = next((place for place in self._named if 0 <= at - place < NEAR), None)
        if below is None or at > self._last:
            return None
        return self._named[below] + (f"+{at - below:o}" if at > below else "")

    def tell(self, at: int) -> str:
        """Write a location in octal, with its name in brackets if it has one."""
        name = self.near(at)
        return f"{at:05o} ({name})" if name else f"{at:05o}"


def accumulator(ac: int) -> str:
    """Write the accumulator: sign, Q and P in one digit, then 1-35 in twelve."""
    return f"{'-' if ac & AC_SIGN else '+'}{ac >> 35 & 3:o} {ac & MAGNITUDE:012o}"
