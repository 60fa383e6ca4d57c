"""One sitting at one machine: it runs or stands, faster or slower, and all can be taken back.

The session is what a panel's keys act upon. It lets time pass at the speed chosen, steps to the
next event and back, writes every act of the user down for undo, and keeps the last message. It
moves the machine through ``operate`` alone and knows nothing of pygame, so it is tested without.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulator.errors import Mistake
from simulator.kernel import NEVER
from simulator.machine import Machine
from simulator.pace import Pace
from simulator.probe import DutyCycle

from .past import Past

NOTCHES: tuple[float | None, ...] = (0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, None)
"""Machine seconds per wall second at each notch of the speed knob; the last is no limit."""
REAL_TIME = NOTCHES.index(1.0)
FINER = 2**0.25
SMALL_STEP_NS = 1_000_000
_TRAIL_S, _SPEED_S = 0.25, 0.5


class Session:
    """One sitting.

    Parameters
    ----------
    machine
        The machine, standing as it shall stand after a reset.
    watched
        Paths of lamps whose brightness is wanted (see :meth:`brightness`).
    clock
        Gives the wall time in seconds.
    """

    def __init__(
        self,
        machine: Machine,
        watched: Sequence[str] = (),
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        self.machine = machine
        self.clock = clock
        self.running = True
        self.speed: float | None = NOTCHES[REAL_TIME]
        """Machine seconds per wall second asked for; None is no limit."""
        self.message = ""
        self.achieved = 0.0
        """Machine seconds per wall second lately reached."""
        self._pace = Pace(machine, self.speed, clock)
        self._probes = {path: DutyCycle(path) for path in watched}
        self._brightness: dict[str, NDArray[np.float64]] = {}
        self._past = Past(machine)
        self._gesture = False  # whether the last act may go on
        self.acts = 0
        """How many acts, and pieces of acts, there have been."""
        self._trail_due_s = self._speed_due_s = clock()
        self._counted_ns = machine.now_ns
        for probe in self._probes.values():
            machine.attach(probe)

    # time

    def advance(self, budget_s: float = 0.012) -> None:
        """Let the machine run, if it runs, for the wall time that passed since the last call."""
        now_s = self.clock()
        if self.running:
            if now_s >= self._trail_due_s and self.machine.next_due_ns() != NEVER:
                self._past.keep()
                self._trail_due_s = now_s + _TRAIL_S
            if self.speed is None and self.machine.next_due_ns() != NEVER:
                self._rush(now_s + budget_s)
            else:
                self._pace.advance(budget_s)
        if now_s - self._speed_due_s >= _SPEED_S:
            passed_ns = self.machine.now_ns - self._counted_ns
            self.achieved = max(0, passed_ns) / 1e9 / (now_s - self._speed_due_s)
            self._speed_due_s, self._counted_ns = now_s, self.machine.now_ns
        for path, probe in self._probes.items():
            self._brightness[path] = probe.take()

    def _rush(self, deadline_s: float) -> None:
        """Go from event to event as fast as can be; a machine at rest has no use for more time."""
        while (due_ns := self.machine.next_due_ns()) != NEVER:
            self.machine.run(due_ns)
            if self.clock() >= deadline_s:
                break
        self._pace.resync()

    def brightness(self, path: str) -> NDArray[np.float64]:
        """Give how bright each lamp of a watched point is: the lit fraction of the last frame.

        Float, 0 to 1, one per cell. On a machine that stands it is the exact bits.
        """
        if self.running and path in self._brightness:
            return self._brightness[path]
        return (np.atleast_1d(self.machine.read(path)) > 0).astype(np.float64)

    @property
    def asked(self) -> str:
        """The speed asked for, in words."""
        return "max" if self.speed is None else f"×{self.speed:.3g}"

    @property
    def notch(self) -> int:
        """The notch of the speed knob nearest to the speed."""
        if self.speed is None:
            return len(NOTCHES) - 1
        ratios = [abs(np.log(self.speed / notch)) for notch in NOTCHES if notch]
        return int(np.argmin(ratios))

    def set_notch(self, notch: int) -> None:
        """Turn the speed knob to a notch, from 0."""
        self._set_speed(NOTCHES[notch])

    def finer(self, way: int) -> None:
        """Turn the speed up (+1) or down (-1) by a fifth."""
        fastest = NOTCHES[-2] or 1.0
        speed = (self.speed or fastest * 100) * FINER**way
        self._set_speed(min(max(speed, 0.001), fastest * 100))

    def _set_speed(self, speed: float | None) -> None:
        self.speed = speed
        self._pace.set_speed(speed or 1.0)
        self._restart_clock()

    def toggle(self) -> None:
        """Run if it stands, stop if it runs."""
        self.running = not self.running
        self.message = "" if self.running else "stopped: lamps show the exact state"
        self._restart_clock()

    def stop(self) -> None:
        """Stop the machine's time."""
        self.running = False

    def _restart_clock(self) -> None:
        self._pace.resync()
        self._speed_due_s, self._counted_ns = self.clock(), self.machine.now_ns

    # steps

    def step(self) -> None:
        """Stop, and go to the next instant at which something is due."""
        self.stop()
        due_ns = self.machine.next_due_ns()
        if due_ns == NEVER:
            self.message = "nothing is due: the machine is at rest until you touch it"
            return
        self._past.keep()
        self.machine.run(due_ns)
        self.message = f"stepped to {self.machine.now_ns / 1e6:,.3f} ms"

    def small_step(self) -> None:
        """Stop, and let one millisecond pass."""
        self.stop()
        self._past.keep()
        self.machine.run(self.machine.now_ns + SMALL_STEP_NS)
        self.message = f"1 ms on, to {self.machine.now_ns / 1e6:,.3f} ms"

    def back(self) -> None:
        """Stop, and go one step back; past an act of the user, take it back."""
        self.stop()
        self._gesture = False
        if self._past.step_back():
            self.message = f"back at {self.machine.now_ns / 1e6:,.3f} ms"
        else:
            self.undo()

    # acts

    def act(self, *operations: tuple[str, Any], goes_on: bool = False) -> bool:
        """Operate controls as one act of the user, which undo takes back as a whole.

        Parameters
        ----------
        *operations
            ``(control, value)`` pairs.
        goes_on
            Whether this belongs to the act before (the next piece of a stroke). Going through the
            past (undo, redo, reset, a step back) ends that act: then this is left undone.

        Returns
        -------
        bool
            False if the machine refused (the reason is then the message) or there is no act to go
            on with; nothing moved, and what was undone can still be redone.
        """
        if goes_on and not self._gesture:
            return False
        try:
            with self._past.act(goes_on):
                for path, value in operations:
                    self.machine.operate(path, value)
        except Mistake as mistake:
            self.message = str(mistake)
            return False
        self._gesture = True
        self.acts += 1
        return True

    def undo(self) -> bool:
        """Go back to before the last act, or the last reset; False if there is none."""
        with self._unwatched():
            undone = self._past.undo()
        self.message = "undone" if undone else "nothing to undo"
        return undone

    def redo(self) -> bool:
        """Do again what was last undone; False if there is nothing."""
        with self._unwatched():
            redone = self._past.redo()
        self.message = "done again" if redone else "nothing to redo"
        return redone

    def reset(self) -> None:
        """Stand as at the beginning; undo brings back what was."""
        with self._unwatched():
            self._past.reset()
        self.message = "reset: as when the panel was opened (Ctrl+Z brings back what was)"

    @contextmanager
    def _unwatched(self) -> Iterator[None]:
        """Take the instruments off while the machine is rushed through its past."""
        self._gesture = False
        for probe in self._probes.values():
            self.machine.detach(probe)
        try:
            yield
        finally:
            for probe in self._probes.values():
                self.machine.attach(probe)
                probe.take()
            self._restart_clock()
