"""The response units: eight two-state units, each deciding between "1" and "0".

An R-unit adds up the values of its active A-units, which may be positive or negative, and turns
to "1" above the dead zone and to "0" below it; within the dead zone it holds what it had. It
looks whenever its A-units change, and every few milliseconds while motors run.
"""

from __future__ import annotations

from simulator.kernel import NEVER, Bell, Kernel, Life
from simulator.signal import Signal

from .state import Phase
from .values import Wiper


class RUnit:
    """One response unit.

    Parameters
    ----------
    kernel
        The kernel.
    inputs
        Inputs: for each of its potentiometers the A-unit's signal and the wiper.
    drive
        Input: its reinforcement line.
    on
        Output: +1 for "1", -1 for "0", 0 while it has not decided since it was cleared.
    due_ns
        Remembered: when it compares next while motors run, or ``NEVER``.
    dead_zone
        Sum up to which it does not change, udeg.
    sample_ns
        How often it compares while motors run.
    """

    def __init__(
        self,
        kernel: Kernel,
        inputs: list[tuple[Signal, Wiper]],
        drive: Signal,
        on: Signal,
        due_ns: Signal,
        dead_zone: int,
        sample_ns: int,
    ) -> None:
        self._kernel = kernel
        self._inputs = inputs
        self._drive = drive
        self._on = on
        self._due_ns = due_ns
        self._dead_zone = dead_zone
        self._sample_ns = sample_ns
        self._bell = Bell(kernel, Phase.RESPOND)
        for active, _ in inputs:
            active.feeds(self._bell)
        drive.feeds(self._bell)
        if due_ns.value != NEVER:
            self._bell.ring(due_ns.value)
        kernel.process(self._life())

    def _life(self) -> Life:
        while True:
            yield self._bell.heard()
            self._arrange_next_look()
            total = self.sum()
            if total > self._dead_zone:
                self._on.set(1)
            elif total < -self._dead_zone:
                self._on.set(-1)

    def _arrange_next_look(self) -> None:
        now = self._kernel.now_ns
        if self._drive.value == 0:
            # with noise on the wipers one look more could turn out another way
            self._bell.silence(self._due_ns.value)
            self._due_ns.set(NEVER)
        elif self._due_ns.value in (NEVER, now):
            self._due_ns.set(now + self._sample_ns)
            self._bell.ring(now + self._sample_ns)

    def clear(self) -> None:
        """Pulse the clearing line: undecided, until it looks (still in this instant)."""
        self._on.set(0)
        self._bell.ring()

    def look(self) -> None:
        """Compare again in this instant: a shaft was turned by hand."""
        self._bell.ring()

    def sum(self) -> int:
        """Give what the sum meter shows now, udeg."""
        return sum(wiper.reading() for active, wiper in self._inputs if active.value)
