"""The association units: 512 threshold elements that look at the retina through the plugboard.

An A-unit is active, all or nothing, while its lit excitatory origin points exceed its lit
inhibitory ones by at least theta (Rosenblatt 1958: e - i >= theta). Theta is one knob for all
of them. Its relay takes a few milliseconds to follow the sum.
"""

from __future__ import annotations

from simulator.kernel import NEVER, Bell, Kernel, Life
from simulator.signal import Signal

from .state import Fault, Phase


class Sockets:
    """The sockets of one S-unit: while it is on, each wire adds its current to a summing line.

    Parameters
    ----------
    s_on
        Input: the S-unit.
    wires
        Outputs: for each wire the summing line of its A-unit, its current (+1 excitatory, -1
        inhibitory) and whether it hangs loose.
    """

    def __init__(self, s_on: Signal, wires: list[tuple[Signal, int, Signal]]) -> None:
        self._s_on = s_on
        self._wires = wires
        self._plugged = self._those_plugged()
        s_on.feeds(self)

    def ring(self) -> None:
        """Add or take away the currents: the S-unit has just changed."""
        if self._s_on.value:
            for total, current in self._plugged:
                total.add(current)
        else:
            for total, current in self._plugged:
                total.add(-current)

    def plug_again(self) -> None:
        """Add the currents to lines that carry none yet: wires were pulled or put back."""
        self._plugged = self._those_plugged()
        if self._s_on.value:
            self.ring()

    def _those_plugged(self) -> list[tuple[Signal, int]]:
        return [(total, current) for total, current, pulled in self._wires if not pulled.value]


class AUnit:
    """One association unit.

    Parameters
    ----------
    kernel
        The kernel.
    total
        Input: the summing line.
    theta
        Input: the threshold.
    on
        Output: 1 while the unit is active.
    due_ns
        Remembered: when its relay will change, or ``NEVER``.
    fault
        Whether it is sound, dead or stuck.
    relay_ns
        How long the relay takes.
    """

    def __init__(
        self,
        kernel: Kernel,
        total: Signal,
        theta: Signal,
        on: Signal,
        due_ns: Signal,
        fault: Signal,
        relay_ns: int,
    ) -> None:
        self._kernel = kernel
        self._total = total
        self._theta = theta
        self._on = on
        self._due_ns = due_ns
        self._fault = fault
        self._relay_ns = relay_ns
        self._bell = Bell(kernel, Phase.ASSOCIATE)
        for line in (total, theta, fault):
            line.feeds(self._bell)
        if due_ns.value != NEVER:
            self._bell.ring(due_ns.value)
        kernel.process(self._life())

    def _life(self) -> Life:
        while True:
            yield self._bell.heard()
            now = self._kernel.now_ns
            if self._due_ns.value == now:
                self._on.set(1 - self._on.value)
                self._due_ns.set(NEVER)
            wanted = self._wanted()
            if wanted == self._on.value:
                if self._due_ns.value != NEVER:
                    self._due_ns.set(NEVER)
            elif self._relay_ns == 0:
                self._on.set(int(wanted))
            elif self._due_ns.value == NEVER:
                self._due_ns.set(now + self._relay_ns)
                self._bell.ring(now + self._relay_ns)

    def _wanted(self) -> bool:
        """Tell whether the unit would be active, if its relay had the time."""
        fault = self._fault.value
        if fault:
            return fault == Fault.STUCK_ON
        return self._total.value >= self._theta.value

    def release(self) -> None:
        """Drop the unit's relay at once; it looks afresh, still in this instant."""
        self._on.set(0)
        self._due_ns.set(NEVER)
        self._bell.ring()
