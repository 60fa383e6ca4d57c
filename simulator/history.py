"""Undo and redo without inverse operations.

A machine is determined by a snapshot and the operations after it, so going back means standing at
the nearest earlier snapshot and replaying the logbook from there. Nothing has to know how to undo
itself, and what comes back is bit-equal to what was.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from simulator.logbook import Entry, Logbook, replay
from simulator.machine import Machine
from simulator.state import Record


class _Mark(NamedTuple):
    entries: int
    t_ns: int
    state: Record | None


class _Undone(NamedTuple):
    at: int
    entries: list[Entry]
    until_ns: int
    state: Record


class Moment(NamedTuple):
    """Where a machine stood, and how much of its history lay behind it.

    Attributes
    ----------
    t_ns
        The quiet instant.
    entries
        How many entries the logbook had had by then.
    state
        The State.
    """

    t_ns: int
    entries: int
    state: Record


class History:
    """The undo button of one machine.

    It gives the machine a fresh logbook in memory, **in place of any it had**: that one, streamed
    to a file perhaps, is written no further. Whoever wants both writes ``machine.logbook.entries``
    to a file in the end, and attaches no other logbook meanwhile.

    Call :meth:`mark` before each act of the user (a stroke, a lesson, a key), or do it within
    :meth:`act`; :meth:`undo` goes back to before the last of them.

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
        self._gone = 0  # entries forgotten; marks and moments count them too
        self._book = machine.logbook = Logbook()

    def forget_undone(self) -> None:
        """Make what was undone impossible to redo."""
        self._undone.clear()

    def mark(self) -> None:
        """Note that an act of the user begins here; what was undone can no longer be redone."""
        self.forget_undone()
        self._mark(self.moment())

    @contextmanager
    def act(self, goes_on: bool = False) -> Iterator[None]:
        """Let what is operated within be one act, or if it fails nothing at all.

        After a failure (which is raised again) the machine stands as before, no mark was made,
        and what was undone can still be redone.

        Parameters
        ----------
        goes_on
            Whether this belongs to the act before: then it gets no mark of its own.
        """
        before = self.moment()
        try:
            yield
        except BaseException:
            self._cut(before.entries)
            self._machine.restore(before.state)
            raise
        self.forget_undone()
        if not goes_on:
            self._mark(before)

    def moment(self) -> Moment:
        """Tell where the machine stands, for :meth:`go_back`."""
        entries = self._gone + len(self._book.entries)
        return Moment(self._machine.now_ns, entries, self._machine.snapshot())

    def go_back(self, moment: Moment) -> None:
        """Stand again at a moment since the last mark, as though nothing had been done since.

        If something had, then it cannot be done again, nor what was undone before it.
        """
        if self._cut(moment.entries):
            self.forget_undone()
        self._machine.restore(moment.state)

    def _mark(self, moment: Moment) -> None:
        state = moment.state if len(self._marks) % self._every == 0 else None
        self._marks.append(_Mark(moment.entries, moment.t_ns, state))
        if len(self._marks) >= self._depth + self._every:
            self._forget(self._every)

    def _forget(self, count: int) -> None:
        """Drop the oldest marks, a multiple of ``every``, so that a snapshot stays first."""
        del self._marks[:count]
        entries = self._since(self._marks[0].entries)
        self._gone = self._marks[0].entries
        self._rewrite(entries)

    def _since(self, entries: int) -> list[Entry]:
        """Give the entries after so many, the forgotten ones counted."""
        return self._book.entries[entries - self._gone :]

    def _cut(self, entries: int) -> bool:
        """Cut the logbook off after so many entries; tell whether there were more."""
        more = bool(self._since(entries))
        self._book.truncate(entries - self._gone)
        return more

    def _rewrite(self, entries: list[Entry]) -> None:
        self._book.truncate(0)
        for entry in entries:
            self._book.record(entry.t_ns, entry.control, entry.value)

    @contextmanager
    def _all_or_nothing(self) -> Iterator[None]:
        """Leave machine, logbook and marks as they were if what is tried within fails."""
        state, entries, marks = self._machine.snapshot(), self._book.entries[:], self._marks[:]
        try:
            yield
        except BaseException:
            self._machine.restore(state)
            self._rewrite(entries)
            self._marks = marks
            raise

    def undo(self) -> bool:
        """Go back to before the last act; False if there is none."""
        if not self._marks:
            return False
        mark = self._marks[-1]
        entries, late_ns = self._since(mark.entries), self._machine.now_ns
        start = next(m for m in reversed(self._marks) if m.state is not None)
        again = self._since(start.entries)[: mark.entries - start.entries]
        with self._all_or_nothing():
            self._cut(start.entries)
            self._machine.restore(start.state)
            replay(self._machine, again)
            self._machine.run(mark.t_ns)
        self._marks.pop()
        self._undone.append(_Undone(mark.entries, entries, late_ns, self._machine.snapshot()))
        return True

    def redo(self) -> bool:
        """Do again what was last undone, from where it was undone; False if there is nothing."""
        if not self._undone:
            return False
        undone = self._undone[-1]
        with self._all_or_nothing():
            self._cut(undone.at)
            self._machine.restore(undone.state)
            self._mark(self.moment())
            replay(self._machine, undone.entries)
            self._machine.run(undone.until_ns)
        self._undone.pop()
        return True
