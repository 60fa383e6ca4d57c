"""Pace: how fast the machine's clock runs against the clock on the wall.

A machine knows only its own time. :class:`Pace` lets it run in real time, slower, faster, or as
fast as the host can, a slice at a time so that whoever drives it (a panel sixty times a second,
a command line) stays responsive, and tells honestly what was reached.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from simulator.errors import Mistake
from simulator.kernel import NEVER
from simulator.machine import Machine

FIRST_SLICE_NS = 1_000_000
AS_FAST_AS_POSSIBLE = None


class Pace:
    """Runs a machine at a chosen speed.

    Parameters
    ----------
    machine
        The machine to run.
    speed
        Machine seconds per wall second; ``AS_FAST_AS_POSSIBLE`` (None) for no limit, which means
        real time while nothing is pending.
    clock
        Gives the wall time in seconds.

    Raises
    ------
    Mistake
        If the speed is not more than 0.
    """

    def __init__(
        self,
        machine: Machine,
        speed: float | None = 1.0,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        self._machine = machine
        self._clock = clock
        self._slice_ns = FIRST_SLICE_NS
        self.achieved = 0.0
        """Machine seconds per wall second reached in the last :meth:`advance`."""
        self.set_speed(speed)

    def set_speed(self, speed: float | None) -> None:
        """Choose another speed from now on."""
        if speed is not None and not speed > 0:
            raise Mistake(f"speed must be more than 0 machine seconds per second, not {speed}")
        self.speed = speed
        self.resync()

    def resync(self) -> None:
        """Take this moment as the start: time that passed while stopped is not made up for."""
        self._wall_s = self._clock()
        self._owed_ns = 0.0

    def advance(self, budget_s: float = 0.012, stop_ns: int | None = None) -> int:
        """Let the machine run for the wall time that passed since the last call.

        Parameters
        ----------
        budget_s
            Most wall seconds to spend; what is then still owed is dropped, not made up for.
        stop_ns
            An instant not to run beyond.

        Returns
        -------
        int
            The quiet instant reached.
        """
        started_s = self._clock()
        passed_s = started_s - self._wall_s
        self._wall_s = started_s
        begin_ns = self._machine.now_ns
        speed = self.speed
        if speed is None and self._machine.next_due_ns() == NEVER:
            speed = 1.0  # nothing is pending, so there is nothing to hurry to
        if speed is None:
            goal_ns = stop_ns
        else:
            self._owed_ns += passed_s * speed * 1e9
            goal_ns = begin_ns + int(self._owed_ns)
            if stop_ns is not None:
                goal_ns = min(goal_ns, stop_ns)
        while goal_ns is None or self._machine.now_ns < goal_ns:
            slice_s = self._clock()
            until_ns = self._machine.now_ns + self._slice_ns
            self._machine.run(until_ns if goal_ns is None else min(until_ns, goal_ns))
            ended_s = self._clock()
            self._resize(ended_s - slice_s, budget_s)
            if ended_s - started_s >= budget_s:
                break
        done_ns = self._machine.now_ns - begin_ns
        self._owed_ns = min(max(0.0, self._owed_ns - done_ns), 1e9)
        self.achieved = done_ns / 1e9 / passed_s if passed_s > 0 else 0.0
        return self._machine.now_ns

    def _resize(self, slice_s: float, budget_s: float) -> None:
        """Keep one slice near a quarter of the budget."""
        if slice_s < budget_s / 8:
            self._slice_ns = min(self._slice_ns * 2, 1 << 50)
        elif slice_s > budget_s / 2:
            self._slice_ns = max(self._slice_ns // 2, 1000)


def run_paced(
    machine: Machine,
    until_ns: int,
    speed: float | None,
    sleep: Callable[[float], None] = time.sleep,
    clock: Callable[[], float] = time.perf_counter,
) -> None:
    """Run to ``until_ns`` at a speed, sleeping in between; for scripts."""
    pace = Pace(machine, speed, clock)
    while machine.now_ns < until_ns:
        pace.advance(stop_ns=until_ns)
        if speed is not None and machine.now_ns < until_ns:
            sleep(min(0.01, (until_ns - machine.now_ns) / 1e9 / speed))
