"""Time: the kernel on which every reference engine stands.

SimPy turns generator functions into processes and keeps the queue of what happens next. This
module adds the three things a machine needs from its time and SimPy leaves open:

* **Integers.** The clock counts whole nanoseconds. Floating time would make two engines disagree
  about what "at the same instant" means.
* **A declared order inside one instant.** Each machine numbers its phases (stimulus, sense,
  associate, respond ...) from :data:`FIRST_PHASE`; what is due at one instant happens lowest phase
  first. SimPy by itself uses the order in which events happened to be *created*, which no second
  engine can be expected to share. SimPy's own priorities are 0 (a process starts) and 1 (an
  event was triggered): both come before any phase. Acts of one phase at one instant must commute.
* **An inclusive run.** ``run_until(t)`` does everything due at ``t`` too and stops when the
  instant is quiet. SimPy's ``run(until=t)`` stops just before.

A process never keeps what it knows in a local variable across a ``yield``: it sleeps on a
:class:`Bell`, and when the bell sounds it looks at the machine's State and the clock and does what
they ask for. A bell is a hint, the State decides, and a ring that has lapsed is taken back.
That is why an engine can be started from any saved State by ringing the bells again.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from operator import attrgetter
from typing import Any

import simpy

FIRST_PHASE = 10
LAST_PHASE = 1_000_000
NEVER = -1
"""What a due-time field holds when nothing is due."""

Life = Generator[simpy.Event, None, None]
"""What a unit's process function returns."""


class _Due(simpy.Event):
    """Something that happens at a given instant, in a given phase of it.

    Parameters
    ----------
    acts
        What is done then; SimPy puts None in place of the list once it is done.
    """

    _ok = True
    _value: Any = None

    def __init__(self, acts: Sequence[Callable[[simpy.Event], None]] | None = None) -> None:
        self.callbacks: Any = acts


class _Sound(simpy.Event):
    """What a process waits for at a bell; the same event again and again."""

    _ok = True
    _value: Any = None

    def __init__(self, kernel: Kernel) -> None:
        self.env = kernel
        self.callbacks: Any = []  # SimPy puts None here once they were called


class Kernel(simpy.Environment):
    """A SimPy environment whose clock counts integer nanoseconds.

    Parameters
    ----------
    now_ns
        Where the clock starts.
    """

    now_ns: int = property(  # type: ignore[assignment]  # asked at every act: read without a call
        attrgetter("_now"),
        doc="The instant it is, in nanoseconds since the machine was first switched on.",
    )

    def __init__(self, now_ns: int = 0) -> None:
        super().__init__(initial_time=now_ns)

    def at(self, at_ns: int, phase: int, act: Callable[[], None]) -> None:
        """Have ``act`` done at ``at_ns``, in ``phase`` of that instant.

        Raises
        ------
        ValueError
            If the instant is past, not an integer, or the phase is outside
            ``FIRST_PHASE .. LAST_PHASE - 1``.
        """
        if not isinstance(at_ns, int) or at_ns < self.now_ns:
            raise ValueError(f"{at_ns!r} ns is not an instant from {self.now_ns} ns on")
        if not FIRST_PHASE <= phase < LAST_PHASE:
            raise ValueError(f"phase {phase} is outside {FIRST_PHASE}..{LAST_PHASE - 1}")
        self.schedule(_Due([lambda _event: act()]), phase, at_ns - self.now_ns)  # type: ignore[arg-type]

    def run_until(self, until_ns: int) -> int:
        """Do everything due up to and including ``until_ns``; return the quiet instant reached.

        Raises
        ------
        ValueError
            If ``until_ns`` is past or not an integer.
        """
        if not isinstance(until_ns, int) or until_ns < self.now_ns:
            raise ValueError(f"{until_ns!r} ns is not an instant from {self.now_ns} ns on")
        end = _Due([_nothing])
        self.schedule(end, LAST_PHASE, until_ns - self.now_ns)  # type: ignore[arg-type]
        self.run(until=end)
        return self.now_ns


def _nothing(_event: simpy.Event) -> None:
    pass


class Bell:
    """What a unit's process sleeps on; it sounds in the unit's own phase.

    Parameters
    ----------
    kernel
        The kernel whose time counts.
    phase
        The phase of an instant in which this unit acts.
    """

    def __init__(self, kernel: Kernel, phase: int) -> None:
        self._kernel = kernel
        self._phase = phase
        self._rung: set[int] = set()
        self._struck = [self._strike]
        self._blow = _Due()  # used again and again: most bells need no other
        self._sound = _Sound(kernel)

    def ring(self, at_ns: int | None = None) -> None:
        """Sound at ``at_ns`` (or still in this instant); rung twice for one instant, once heard."""
        kernel = self._kernel
        if at_ns is None:
            at_ns = kernel.now_ns
        if at_ns in self._rung:
            return
        self._rung.add(at_ns)
        blow = self._blow
        if blow.callbacks is None:
            blow.callbacks = self._struck
        else:
            blow = _Due(self._struck)
        kernel.schedule(blow, self._phase, at_ns - kernel.now_ns)  # type: ignore[arg-type]

    def silence(self, at_ns: int) -> None:
        """Take back a ring for ``at_ns``, if there was one: what it was for has lapsed."""
        self._rung.discard(at_ns)

    def _strike(self, _event: simpy.Event) -> None:
        try:
            self._rung.remove(self._kernel.now_ns)
        except KeyError:
            return  # taken back
        self._kernel.schedule(self._sound)

    def heard(self) -> simpy.Event:
        """Give the event a process waits for: ``yield bell.heard()``."""
        sound = self._sound
        if sound.callbacks is None:  # it has sounded and been heard
            sound.callbacks = []
        return sound
