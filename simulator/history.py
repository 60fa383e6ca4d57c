"""Undo and redo without inverse operations.

A machine is determined by a snapshot and the operations after it, so going back means standing at
the nearest earlier snapshot and replaying the logbook from there. Nothing has to know how to undo
itself, and what comes back is bit-equal to what was.
"""

from __future__ import annotations

from typing import NamedTuple

from simulator.logbook import Entry, Logbook, replay
from simulator.machine import Machine
from simulator.state import Record


class _Mark(NamedTuple):
    entries: int
    t_ns: int
    state: Record | None


class _Undone(NamedTuple):
    entries: list[Entry]
    until_ns: int
    state: Record


class History:
    """The undo button of one machine.

    Attaching it gives the machine a fresh logbook in memory. Call :meth:`mark` before each act of
    the user (a stroke, a lesson, a key); :meth:`undo` goes back to before the last of them.

    Parameters
    ----------
    machine
        The machine to remember.
    every
        A snapshot is taken at every ``every``-th mark.
    depth
        How many marks are remembered; the oldest are forgotten.
    """

    def __init__(self, machine: Machine, every: int = 16, depth: int = 512) -> None:
        self._machine = machine
        self._every = every
        self._depth = depth
        self._marks: list[_Mark] = []
        self._undone: list[_Undone] = []
        self._book = machine.logbook = Logbook()

    def forget_undone(self) -> None:
        """Make what was undone impossible to redo."""
        self._undone.clear()

    @property
    def can_undo(self) -> bool:
        """Whether there is an act to take back."""
        return bool(self._marks)

    @property
    def can_redo(self) -> bool:
        """Whether an act was taken back and nothing was done since."""
        return bool(self._undone)

    def mark(self) -> None:
        """Note that an act of the user begins here; what was undone can no longer be redone."""
        self.forget_undone()
        self._mark()

    def _mark(self) -> None:
        snapshot = self._machine.snapshot() if len(self._marks) % self._every == 0 else None
        self._marks.append(_Mark(len(self._book.entries), self._machine.now_ns, snapshot))
        if len(self._marks) >= self._depth + self._every:
            self._forget(self._every)

    def _forget(self, count: int) -> None:
        """Drop the oldest marks, a multiple of ``every``, so that a snapshot stays first."""
        del self._marks[:count]
        gone = self._marks[0].entries
        entries = self._book.entries[gone:]
        self._book.truncate(0)
        for entry in entries:
            self._book.record(entry.t_ns, entry.control, entry.value)
        self._marks = [mark._replace(entries=mark.entries - gone) for mark in self._marks]

    def undo(self) -> bool:
        """Go back to before the last act; False if there is none."""
        if not self._marks:
            return False
        mark = self._marks[-1]
        entries, late_ns = self._book.entries[:], self._machine.now_ns
        nearest = max(i for i, m in enumerate(self._marks) if m.state is not None)
        start = self._marks[nearest]
        assert start.state is not None
        self._book.truncate(start.entries)
        self._machine.restore(start.state)
        replay(self._machine, entries[start.entries : mark.entries])
        self._machine.run(mark.t_ns)
        self._marks.pop()
        self._undone.append(_Undone(entries[mark.entries :], late_ns, self._machine.snapshot()))
        return True

    def redo(self) -> bool:
        """Do again what was last undone, from where it was undone; False if there is nothing."""
        if not self._undone:
            return False
        undone = self._undone.pop()
        self._machine.restore(undone.state)
        self._mark()
        replay(self._machine, undone.entries)
        self._machine.run(undone.until_ns)
        return True
