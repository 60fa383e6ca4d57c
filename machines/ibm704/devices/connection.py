"""The copy circuit: how the words of the connected unit and the program's copies find each other.

Cards, tape and drum do not wait. A word passes at its own instant, and a copy for it must have been
**given** by then: it waits for the word, which then goes through MQ. If none was given in time, the
word is lost and the record goes on without the program; a copy that comes later is a read-write
check. When the record is over, the unit disconnects by itself.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from simulator.kernel import NEVER, Bell, Kernel, Life

from ..input_output import LAST_INSTANT_NS, Answer, Passage, Reply
from ..state import Phase, State, Stop
from .memory import Memory

LATE = Reply(Answer.STOP, why=Stop.READ_WRITE_CHECK)
NOT_READY = Reply(Answer.STOP, why=Stop.NOT_READY)
NOT_ATTACHED = Reply(Answer.STOP, why=Stop.NOT_ATTACHED)
END_OF_FILE, END_OF_RECORD = Reply(skip=1), Reply(skip=2)
US = 1000
GONE_NS = 1
"""A word that was not taken at its instant is found lost a nanosecond later."""


class Alarm:
    """The process of a unit: it sleeps until what is due in its field, then acts.

    Parameters
    ----------
    kernel
        The kernel.
    due_ns
        The field of the State with the instant; ``NEVER`` if nothing is due.
    act
        What to do then.
    """

    def __init__(self, kernel: Kernel, due_ns: NDArray[np.int64], act: Callable[[], None]) -> None:
        self._kernel, self._due_ns, self._act = kernel, due_ns, act
        self._bell = Bell(kernel, Phase.UNITS)
        if due_ns[0] != NEVER:
            self._bell.ring(int(due_ns[0]))
        kernel.process(self._life())

    def set(self, at_ns: int) -> None:
        """Have the unit act at ``at_ns``, and not when it was to act before."""
        self.clear()
        self._due_ns[0] = at_ns
        self._bell.ring(at_ns)

    def clear(self) -> None:
        """Have nothing due."""
        self._bell.silence(int(self._due_ns[0]))
        self._due_ns[0] = NEVER

    def _life(self) -> Life:
        while True:
            yield self._bell.heard()
            if self._due_ns[0] == self._kernel.now_ns:
                self._due_ns[0] = NEVER
                self._act()


def passage_of(
    words: NDArray[np.int64], times_ns: NDArray[np.int64], *, write: bool, ends: bool = False
) -> Passage:
    """Foretell words that do not wait.

    Parameters
    ----------
    words
        (n,) The words, or room for them.
    times_ns
        (n + 1,) When they and the one after them, or the end, pass.
    write
        Whether the unit is written on.
    ends
        Whether the last time is the end of the record, at which the unit acts in any case; a word
        that was not taken is found lost :data:`GONE_NS` later.
    """
    acts_ns = times_ns + GONE_NS
    acts_ns[-1] -= GONE_NS * ends
    return Passage(words, times_ns[:-1], times_ns[:-1], acts_ns, 0, write)


def leisurely(room: int, ready_ns: int, pause_ns: int) -> Passage:
    """Foretell the words of a unit that takes them whenever they come, once it is ready."""
    never = np.full(room + 1, LAST_INSTANT_NS)
    words, times_ns = np.zeros((2, room), np.int64)
    times_ns[:1] = ready_ns
    return Passage(words, times_ns, never[:-1], never, pause_ns, True)


class Connection:
    """What is between the central processing unit and the unit it has selected.

    Parameters
    ----------
    kernel
        The kernel.
    state, memory
        Remembered.
    """

    def __init__(self, kernel: Kernel, state: State, memory: Memory) -> None:
        self._kernel, self._s, self._m = kernel, state, memory

    @property
    def now_ns(self) -> int:
        """The instant it is."""
        return self._kernel.now_ns

    @property
    def unit(self) -> int:
        """Address of the unit connected; 0 if there is none."""
        return int(self._s.io_unit[0])

    @property
    def word(self) -> int:
        """Number of the next word, from 0."""
        return int(self._m.io_word[0])

    @property
    def write(self) -> bool:
        """Whether the unit is written on."""
        return bool(self._m.io_write[0])

    @property
    def ready_ns(self) -> int:
        """When the next word, or end, passes."""
        return int(self._m.io_ready_ns[0])

    @property
    def awaited(self) -> bool:
        """Whether a copy waits for the end that comes at this instant.

        The control unit takes it later in the instant. Should the machine have been stopped
        meanwhile, it does not, and a nanosecond later it is gone.
        """
        return bool(self._m.io_asked[0]) and self.ready_ns == self.now_ns

    def connect(self, unit: int, ready_ns: int, *, write: bool, word: int = 0) -> None:
        """Connect a unit by its address; its first word, ``word``, passes at ``ready_ns``."""
        self._s.io_unit[0] = unit
        self._m.io_write[0] = write
        self._m.io_asked[0] = self._m.io_lost[0] = 0
        self._m.io_word[0] = word
        self._m.io_ready_ns[0] = ready_ns

    def expect(self, ready_ns: int) -> None:
        """Go on to the next word, which passes at ``ready_ns``."""
        self._m.io_word[0] += 1
        self._m.io_asked[0] = 0
        self._m.io_ready_ns[0] = ready_ns

    def take(self, passage: Passage, count: int) -> None:
        """Go on to the last of ``count`` words that have been copied, as at its instant."""
        self.go_on(count - 1, int(passage.passes_ns[count - 1]))

    def go_on(self, count: int, ready_ns: int) -> None:
        """Leave ``count`` words behind; the word then next passes at ``ready_ns``."""
        self._m.io_word[0] += count
        self._m.io_ready_ns[0] = ready_ns

    @property
    def foretells(self) -> bool:
        """Whether the next words pass as they should: none is lost, and none waited for already."""
        return not (self._m.io_lost[0] or self._m.io_asked[0])

    def lose(self) -> None:
        """Note that a word has passed uncopied; whatever is copied from now on is too late."""
        self._m.io_lost[0] = 1
        self._m.io_asked[0] = 0

    def disconnect(self) -> None:
        """Disconnect the unit."""
        self._s.io_unit[0] = 0
        self._m.io_ready_ns[0] = NEVER
        self._m.io_asked[0] = self._m.io_lost[0] = 0
        self._m.io_write[0] = self._m.io_word[0] = 0

    def meet(self, early_ns: int = 0) -> Reply | None:
        """Answer a copy: too late, or to wait; None if the word passes at this very instant.

        Parameters
        ----------
        early_ns
            How long before the word passes the copy must have been given.
        """
        ready_ns = int(self._m.io_ready_ns[0])
        now_ns = self._kernel.now_ns
        late = not self._m.io_asked[0] and now_ns >= ready_ns - early_ns
        if late or self._m.io_lost[0] or now_ns > ready_ns:
            return LATE
        if now_ns < ready_ns:
            self._m.io_asked[0] = 1
            return Reply(Answer.WAIT, again_ns=ready_ns)
        return None
