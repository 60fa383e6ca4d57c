"""The magnetic drum, type 733: up to eight logical drums of 2,048 words.

Successive addresses are every eighth word around the drum, so a program has 96 microseconds for
each; 256 of them are a revolution, and reading all of a drum takes eight. RDS or WRS selects a
drum, LDA right after it the address to begin with (else it is 0), and the first copy waits until
that word comes round. The drum disconnects when a word passes for which no copy was given.

Sources: the manual, through Sim704 and Z0ftware; timing in :mod:`.description`.
"""

from __future__ import annotations

import numpy as np

from simulator.kernel import Kernel

from ..input_output import DONE, Passage, Reply
from ..media.drums import WORDS
from .connection import GONE_NS, NOT_ATTACHED, US, Alarm, Connection, passage_of
from .description import UnitsDescription
from .memory import Memory

FIRST = 0o300
"""Logical drum n, 1 to 8, is unit FIRST + n."""
AROUND = 256


class Drum:
    """The 733; see the units' common methods in :mod:`.units`."""

    def __init__(
        self, kernel: Kernel, memory: Memory, connection: Connection, given: UnitsDescription
    ) -> None:
        self._m, self._to = memory, connection
        self._word_ns, self._index_ns = given.drum_word_us * US, given.drum_index_us * US
        self._turn_ns = (AROUND - 1) * self._word_ns + self._index_ns
        self._settle_ns = given.drum_settle_us * US
        self._alarm = Alarm(kernel, memory.drum_due_ns, self.cut)

    def select(self, unit: int, *, write: bool) -> Reply:
        """Answer RDS or WRS of a drum."""
        if not self._m.drum_attached[unit - FIRST - 1]:
            return NOT_ATTACHED
        self._to.connect(unit, 0, write=write)
        self.locate(0)
        return DONE

    def locate(self, address: int) -> None:
        """Answer LDA, before the first copy: begin at this address, modulo 2,048."""
        if self._to.word == 0:
            self._m.drum_address[0] = address % WORDS
            self._comes(0, self._to.now_ns + self._settle_ns)

    def _comes(self, number: int, from_ns: int) -> None:
        """Expect the word of the next address when it first comes round from an instant on."""
        place_ns = int(self._m.drum_address[0]) % AROUND * self._word_ns
        ready_ns = from_ns + (place_ns - from_ns) % self._turn_ns
        if number:
            self._to.expect(ready_ns)
        else:
            self._to.connect(self._to.unit, ready_ns, write=self._to.write)
        self._alarm.set(ready_ns + GONE_NS)

    def copy(self, word: int) -> Reply:
        """Answer a copy."""
        reply = self._to.meet()
        if reply is not None:
            return reply
        place = (self._to.unit - FIRST - 1) * WORDS + int(self._m.drum_address[0])
        self._m.drum_address[0] = (self._m.drum_address[0] + 1) % WORDS
        reading = not self._to.write
        if not reading:
            self._m.drum_words[place] = word
        self._comes(self._to.word + 1, self._to.now_ns + 1)
        return Reply(word=int(self._m.drum_words[place]), read=True) if reading else DONE

    def passage(self, until_ns: int, most: int) -> Passage:
        """Foretell the words of the next addresses; after the last of the drum comes the first."""
        address, write = int(self._m.drum_address[0]), self._to.write
        count = min(most, WORDS, 1 + max(0, until_ns - self._to.ready_ns) // self._word_ns)
        numbers = np.arange(count + 1)
        at_index = (address + numbers) // AROUND - address // AROUND
        times_ns = numbers * self._word_ns + at_index * (self._index_ns - self._word_ns)
        drum = (self._to.unit - FIRST - 1) * WORDS
        words = self._m.drum_words[drum + (address + numbers[:-1]) % WORDS]
        return passage_of(words, times_ns + self._to.ready_ns, write=write)

    def passed(self, passage: Passage, count: int) -> None:
        """Go on behind so many words, which now stand on the drum if it is written on."""
        drum = (self._to.unit - FIRST - 1) * WORDS
        if passage.write:
            places = drum + (self._m.drum_address[0] + np.arange(count)) % WORDS
            self._m.drum_words[places] = passage.words[:count]
        self._m.drum_address[0] = (self._m.drum_address[0] + count) % WORDS
        self._to.take(passage, count)
        self._comes(self._to.word + 1, self._to.ready_ns + 1)

    def cut(self) -> None:
        """Disconnect: a word has passed uncopied."""
        self._alarm.clear()
        self._to.disconnect()
