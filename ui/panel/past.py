"""The past of a sitting: acts that can be undone, resets too, and steps that can be taken back.

Acts are remembered by :class:`simulator.history.History`, which knows the time from the beginning
to now. A reset begins another such life; the lives before it are kept, so that undo goes back
through a reset as well. Between the acts stand moments of single steps, the **trail**.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from simulator.history import History, Moment
from simulator.logbook import Logbook
from simulator.machine import Machine
from simulator.state import Record

_TRAIL_BYTES, _TRAIL_LENGTH = 64 << 20, 400
_EVERY, _DEPTH = 8, 2048


class _Life(NamedTuple):
    """What happened from the beginning to a reset, and how the machine stood then."""

    history: History
    book: Logbook | None
    state: Record


class Past:
    """What one machine went through.

    Parameters
    ----------
    machine
        The machine, standing as it shall stand after a reset.
    """

    def __init__(self, machine: Machine) -> None:
        self._machine = machine
        self._start = machine.snapshot()
        self._history = History(machine, _EVERY, _DEPTH)
        size = sum(array.nbytes for array in self._start)
        length = max(16, min(_TRAIL_LENGTH, _TRAIL_BYTES // size))
        self._trail: deque[Moment | None] = deque(maxlen=length)  # None stands for an act
        self._before: list[_Life] = []
        self._after: list[_Life] = []

    @contextmanager
    def act(self, goes_on: bool = False) -> Iterator[None]:
        """Let what is operated within be one act of the user, or if it fails nothing at all.

        Parameters
        ----------
        goes_on
            Whether it belongs to the act before.
        """
        with self._history.act(goes_on):
            yield
        self._after.clear()
        if not goes_on:
            self._trail.append(None)

    def keep(self) -> None:
        """Note that a step begins here."""
        self._trail.append(self._history.moment())

    def step_back(self) -> bool:
        """Go back to before the last step; False if an act came after it, or there is none.

        Within a stroke, the rest of it is gone.
        """
        moment = self._trail[-1] if self._trail else None
        if moment is None:
            return False
        self._history.go_back(moment)
        self._trail.pop()
        return True

    def undo(self) -> bool:
        """Go back to before the last act or reset; False if there is none."""
        if self._history.undo():
            while self._trail and self._trail.pop() is not None:
                pass
            self._forget_steps_to_come()
        elif self._before:
            self._after.append(self._leave())
            self._enter(self._before.pop())
        else:
            return False
        return True

    def redo(self) -> bool:
        """Do again what was last undone; False if there is nothing."""
        if self._history.redo():
            self._trail.append(None)
        elif self._after:
            self._before.append(self._leave())
            self._enter(self._after.pop())
        else:
            return False
        return True

    def reset(self) -> None:
        """Stand as at the beginning."""
        self._history.forget_undone()
        self._before.append(self._leave())
        self._after.clear()
        self._machine.restore(self._start)
        self._history = History(self._machine, _EVERY, _DEPTH)
        self._forget_steps()

    def _leave(self) -> _Life:
        return _Life(self._history, self._machine.logbook, self._machine.snapshot())

    def _enter(self, life: _Life) -> None:
        self._history, self._machine.logbook = life.history, life.book
        self._machine.restore(life.state)
        self._forget_steps()

    def _forget_steps(self) -> None:
        self._trail.clear()

    def _forget_steps_to_come(self) -> None:
        """Drop the steps that do not lie behind the machine.

        An act that was undone and done again stands on the trail after the steps taken between;
        redo went back before them, so that they never were.
        """
        now_ns = self._machine.now_ns
        while self._trail and (step := self._trail[-1]) is not None and step.t_ns >= now_ns:
            self._trail.pop()
