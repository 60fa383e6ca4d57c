"""The printer, type 716: a line is set up by the same twelve rows as a card, then printed.

It has 120 wheels but takes 72 columns at a time. Selected for writing it takes 24 words; selected
for **reading** it takes the same words, and in between gives back **echoes**: pulses of its wheels
by which a program can check what is going to be printed. The order then is rows 9 to 1, echo 8-4,
row 0, echo 8-3, row 11, echo 9, row 12, echoes 8 to 1: 46 copies.

SPR 1 to 10 give an impulse to an exit hub of its plugboard, and SPT asks whether an entry hub has
one. What they do is a matter of wiring; :func:`page` lays the lines out as the board did for which
the SHARE assembler was written.

Sources: the manual, through Sim704 and Z0ftware; order of the echoes after SIMH's notes on its
printer; meaning of the hubs after SIMH's and Sim704's; timing in :mod:`.description`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from simulator.kernel import Kernel

from ..input_output import DONE, NO_PASSAGE, Passage, Reply
from ..media import cards, codes
from ..media.cards import ROWS
from .connection import GONE_NS, NOT_ATTACHED, NOT_READY, Alarm, Connection
from .description import UnitsDescription
from .memory import Memory, append
from .rows import cycle_of

ADDRESS = 0o361
COLUMNS, WHEELS = 72, 120
ECHOES = ("8-4", "8-3", "9", "8", "7", "6", "5", "4", "3", "2", "1")
"""The echoes in their order."""


class Step(NamedTuple):
    """A copy while the printer is read.

    Attributes
    ----------
    half_rows
        When, in half rows after row 9.
    side
        0 left, 1 right.
    row
        Which of the rows is taken.
    echo
        Or which of the echoes is given back.
    """

    half_rows: int
    side: int
    row: int | None
    echo: int | None


READING = tuple(
    sorted(
        [Step(2 * row, side, row, None) for row in range(len(ROWS)) for side in (0, 1)]
        + [Step(17 + 2 * echo, side, None, echo) for echo in range(len(ECHOES)) for side in (0, 1)]
    )
)
"""The 46 copies of a line with echoes."""

WRITING = tuple(step for step in READING if step.row is not None)


class Line(NamedTuple):
    """A line as it was printed.

    Attributes
    ----------
    text
        72 characters; ``?`` where the rows were no character of the wheels.
    hubs
        Exit hubs that had an impulse, by number.
    """

    text: str
    hubs: frozenset[int] = frozenset()


class Printer:
    """The 716; see the units' common methods in :mod:`.units`."""

    def __init__(
        self, kernel: Kernel, memory: Memory, connection: Connection, given: UnitsDescription
    ) -> None:
        self._m, self._to = memory, connection
        self._held = given.lines_held
        self._cycle = cycle_of(given, "printer")
        self._alarm = Alarm(kernel, memory.printer_due_ns, self._passes)

    def select(self, *, write: bool) -> Reply:
        """Answer WRS 0361, or RDS 0361: a line, without or with echoes."""
        m = self._m
        if not m.printer_attached[0]:
            return NOT_ATTACHED
        if len(m.printer_spaced) >= self._held:
            return NOT_READY
        first_ns = self._cycle.first_ns(self._to.now_ns, int(m.printer_first_ns[0]))
        m.printer_words[:] = 0
        m.printer_hubs[0] = 0
        m.printer_first_ns[0] = first_ns
        self._to.connect(ADDRESS, first_ns, write=write)
        self._alarm.set(first_ns + GONE_NS)
        return DONE

    def copy(self, word: int) -> Reply:
        """Answer a copy: half a row out, or half an echo in."""
        reply = self._to.meet()
        if reply is not None:
            return reply
        step = self._steps()[self._to.word]
        self._next()
        if step.row is None:
            return Reply(word=echo(self._m.printer_words.tolist(), step), read=True)
        self._m.printer_words[2 * step.row + step.side] = word
        return DONE

    def passage(self, until_ns: int, most: int) -> Passage:
        """Foretell when the rest of the rows pass; echoes depend on them and are not foretold."""
        if not self._to.write:
            return NO_PASSAGE
        first_ns = int(self._m.printer_first_ns[0])
        return self._cycle.passage(first_ns, self._m.printer_words, self._to.word, write=True)

    def passed(self, passage: Passage, count: int) -> None:
        """Take so many half rows."""
        number = self._to.word
        self._m.printer_words[number : number + count] = passage.words[:count]
        self._to.take(passage, count)
        self._next()

    def sense(self, hub: int) -> None:
        """Take an impulse of SPR, for the line being set up or, after it, for the last one."""
        m = self._m
        m.printer_hubs[0] |= 1 << hub - 1
        if self._to.unit != ADDRESS and len(m.printer_spaced):
            m.printer_spaced[-1] |= 1 << hub - 1

    def _steps(self) -> tuple[Step, ...]:
        return WRITING if self._to.write else READING

    def _passes_ns(self, number: int) -> int:
        steps, first_ns = self._steps(), int(self._m.printer_first_ns[0])
        if number == len(steps):
            return self._passes_ns(number - 1) + self._cycle.end_ns
        step = steps[number]
        return (
            first_ns + step.half_rows * self._cycle.row_ns // 2 + step.side * self._cycle.right_ns
        )

    def _next(self) -> None:
        number = self._to.word + 1
        passes_ns = self._passes_ns(number)
        self._to.expect(passes_ns)
        if number == len(self._steps()):
            self._to.lose()
            self._alarm.set(passes_ns)
        else:
            self._alarm.set(passes_ns + GONE_NS)

    def _passes(self) -> None:
        if self._to.word == len(self._steps()):
            self.cut()
        else:
            self._to.lose()
            self._next()

    def cut(self) -> None:
        """Disconnect; the line is printed as it is."""
        m = self._m
        append(m.printer_columns, cards.from_words(m.printer_words.tolist())[:COLUMNS])
        append(m.printer_spaced, [int(m.printer_hubs[0])])
        m.printer_count[0] += 1
        self._alarm.clear()
        self._to.disconnect()


def echo(words: list[int], step: Step) -> int:
    """Give an echo: a 1 for each wheel that stands at that digit, 36 of them.

    Parameters
    ----------
    words
        The 24 words of the rows.
    step
        Which echo, which side.
    """
    assert step.echo is not None
    name = ECHOES[step.echo]
    row = {digit: words[2 * ROWS.index(digit) + step.side] for digit in ROWS}
    eight_four = row["8"] & row["4"]
    eight_three = row["8"] & row["3"] & ~eight_four
    if name == "8-4":
        return eight_four
    if name == "8-3":
        return eight_three
    both = (eight_four if name in "84" else 0) | (eight_three if name in "83" else 0)
    return row[name] & ~both


def text_of(columns: Iterable[int]) -> str:
    """Read the columns of a line as the characters of the wheels, ``?`` for none of them."""
    glyphs = (codes.CODE_OF_PUNCHES.get(punches) for punches in columns)
    characters = ("?" if code is None else codes.GLYPHS[code] for code in glyphs)
    return "".join(c if c in codes.PRINTED else "?" for c in characters)


def page(lines: Iterable[Line]) -> Iterator[str]:
    """Lay lines out as on paper, one string for each line of it, without blanks at its end.

    Hub 9 prints on wheels 73 to 120 of the line before, without spacing; 1 begins a new page (a
    form feed stands before the line), 4 spaces twice before the line, 3 once more after it.
    """
    held: str | None = None
    for line in lines:
        if 9 in line.hubs and held is not None:
            held = held.ljust(COLUMNS) + line.text[: WHEELS - COLUMNS]
        else:
            if held is not None:
                yield held.rstrip()
            if 4 in line.hubs:
                yield ""
            held = ("\f" if 1 in line.hubs else "") + line.text
            if 9 in line.hubs:
                held = " " * COLUMNS + line.text[: WHEELS - COLUMNS]
        if 3 in line.hubs:
            yield held.rstrip()
            held = ""
    if held is not None:
        yield held.rstrip()
