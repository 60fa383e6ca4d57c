"""The card punch, type 721: a card passes its punches row by row, as in the reader.

A select takes a blank card along. Words copied in time are punched; rows for which none came stay
blank. SPU 1 and 2 give an impulse to an exit hub of its plugboard, where an installation may have
wired what it liked; it is kept with the card.

Sources: the manual, through Sim704 and Z0ftware; timing in :mod:`.description`.
"""

from __future__ import annotations

from simulator.kernel import Kernel

from ..input_output import DONE, Passage, Reply
from ..media import cards
from .connection import GONE_NS, NOT_ATTACHED, NOT_READY, Alarm, Connection
from .description import UnitsDescription
from .memory import Memory, append
from .rows import cycle_of

ADDRESS = 0o341


class CardPunch:
    """The 721; see the units' common methods in :mod:`.units`."""

    def __init__(
        self, kernel: Kernel, memory: Memory, connection: Connection, given: UnitsDescription
    ) -> None:
        self._m, self._to = memory, connection
        self._held = given.cards_held
        self._cycle = cycle_of(given, "punch")
        self._alarm = Alarm(kernel, memory.punch_due_ns, self._passes)

    def select(self) -> Reply:
        """Answer WRS 0341: take a blank card along."""
        m = self._m
        if not m.punch_attached[0]:
            return NOT_ATTACHED
        if len(m.punch_stacked) >= self._held:
            return NOT_READY
        first_ns = self._cycle.first_ns(self._to.now_ns, int(m.punch_first_ns[0]))
        m.punch_words[:] = 0
        m.punch_hubs[0] = 0
        m.punch_first_ns[0] = first_ns
        self._to.connect(ADDRESS, first_ns, write=True)
        self._alarm.set(first_ns + GONE_NS)
        return DONE

    def copy(self, word: int) -> Reply:
        """Answer a copy: punch half a row. A 25th has no row to go to and is too late."""
        reply = self._to.meet()
        if reply is not None:
            return reply
        self._m.punch_words[self._to.word] = word
        self._next()
        return DONE

    def passage(self, until_ns: int, most: int) -> Passage:
        """Foretell when the rest of the rows pass."""
        first_ns = int(self._m.punch_first_ns[0])
        return self._cycle.passage(first_ns, self._m.punch_words, self._to.word, write=True)

    def passed(self, passage: Passage, count: int) -> None:
        """Punch so many half rows."""
        number = self._to.word
        self._m.punch_words[number : number + count] = passage.words[:count]
        self._to.take(passage, count)
        self._next()

    def sense(self, hub: int) -> None:
        """Take an impulse of SPU."""
        self._m.punch_hubs[0] |= 1 << hub - 1

    def _next(self) -> None:
        number = self._to.word + 1
        passes_ns = self._cycle.passes_ns(int(self._m.punch_first_ns[0]), number)
        self._to.expect(passes_ns)
        if number == cards.WORDS:
            self._to.lose()
            self._alarm.set(passes_ns)
        else:
            self._alarm.set(passes_ns + GONE_NS)

    def _passes(self) -> None:
        if self._to.word == cards.WORDS:
            self.cut()
        else:
            self._to.lose()
            self._next()

    def cut(self) -> None:
        """Disconnect; the card falls into the stacker as it is."""
        m = self._m
        append(m.punch_columns, cards.from_words(m.punch_words.tolist()))
        append(m.punch_stacked, [int(m.punch_hubs[0])])
        m.punch_count[0] += 1
        self._alarm.clear()
        self._to.disconnect()
