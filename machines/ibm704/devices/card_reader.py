"""The card reader, type 711: cards pass under its brushes row by row, 24 words each.

A select takes a card from the hopper, which then passes whether its words are copied or not. 24
copies bring the card, a 25th meets the **end of the record** and skips two instructions. With the
hopper empty a select still finds something once: the **end of the file**, which skips one. After
that the reader is not ready until cards are put in.

Sources: the manual, through Sim704 and Z0ftware; timing in :mod:`.description`.
"""

from __future__ import annotations

from simulator.kernel import NEVER, Kernel

from ..input_output import DONE, NO_PASSAGE, Passage, Reply
from ..media import cards
from .connection import (
    END_OF_FILE,
    END_OF_RECORD,
    GONE_NS,
    NOT_ATTACHED,
    NOT_READY,
    Alarm,
    Connection,
)
from .description import UnitsDescription
from .memory import Memory
from .rows import cycle_of

ADDRESS = 0o321
_END, _FILE = cards.WORDS, cards.WORDS + 1
"""Number of the word at which the record ends, and of that which is the end of the file."""


class CardReader:
    """The 711; see the units' common methods in :mod:`.units`."""

    def __init__(
        self, kernel: Kernel, memory: Memory, connection: Connection, given: UnitsDescription
    ) -> None:
        self._m, self._to = memory, connection
        self._cycle = cycle_of(given, "reader")
        self._alarm = Alarm(kernel, memory.reader_due_ns, self._passes)

    def select(self) -> Reply:
        """Answer RDS 0321: take the next card along."""
        m = self._m
        if not m.reader_attached[0]:
            return NOT_ATTACHED
        first_ns = self._cycle.first_ns(self._to.now_ns, int(m.reader_first_ns[0]))
        place, word = int(m.reader_next[0]), 0
        if place * cards.COLUMNS < len(m.reader_columns):
            columns = m.reader_columns[place * cards.COLUMNS : (place + 1) * cards.COLUMNS].tolist()
            m.reader_words[:] = cards.words_of(tuple(columns))
            m.reader_next[0] += 1
            m.reader_first_ns[0] = first_ns
        elif m.reader_ended[0]:
            return NOT_READY
        else:
            m.reader_ended[0] = 1
            m.reader_first_ns[0] = NEVER
            word = _FILE
        self._to.connect(ADDRESS, first_ns, write=False, word=word)
        self._alarm.set(first_ns if word == _FILE else first_ns + GONE_NS)
        return DONE

    def copy(self, word: int) -> Reply:
        """Answer a copy."""
        reply = self._to.meet()
        if reply is not None:
            return reply
        number = self._to.word
        if number >= _END:
            self.cut()
            return END_OF_RECORD if number == _END else END_OF_FILE
        self._next()
        return Reply(word=int(self._m.reader_words[number]), read=True)

    def passage(self, until_ns: int, most: int) -> Passage:
        """Foretell the rest of the card."""
        if self._to.word >= _END:
            return NO_PASSAGE
        first_ns = int(self._m.reader_first_ns[0])
        return self._cycle.passage(first_ns, self._m.reader_words, self._to.word, write=False)

    def passed(self, passage: Passage, count: int) -> None:
        """Have so many words of it read."""
        self._to.take(passage, count)
        self._next()

    def _next(self) -> None:
        number = self._to.word + 1
        passes_ns = self._cycle.passes_ns(int(self._m.reader_first_ns[0]), number)
        self._to.expect(passes_ns)
        self._alarm.set(passes_ns if number == _END else passes_ns + GONE_NS)

    def _passes(self) -> None:
        if self._to.awaited:
            self._alarm.set(self._to.now_ns + GONE_NS)
        elif self._to.word >= _END:
            self.cut()
        else:
            self._to.lose()
            self._next()

    def cut(self) -> None:
        """Disconnect; the card goes to the stacker."""
        self._alarm.clear()
        self._to.disconnect()
