"""The association units: 512 threshold elements that look at the retina through the plugboard.

An A-unit is active, all or nothing, while its lit excitatory origin points exceed its lit
inhibitory ones by at least theta (Rosenblatt 1958: e - i >= theta). Theta is one knob for all
of them. Its relay takes a few milliseconds to follow the sum.
"""

from __future__ import annotations

from typing import Any

from numpy.typing import NDArray

from simulator.kernel import NEVER, Bell, Kernel, Life
from simulator.signal import Signal

from .state import Fault, Phase


class AUnit:
    """One association unit.

    Parameters
    ----------
    kernel
        The kernel.
    plugs
        Inputs: the S-units it is plugged to, each with +1 (excitatory) or -1 (inhibitory).
    pulled
        Which of these wires hang loose; bool or uint8, as many.
    theta
        Input: the threshold.
    total
        Output: the sum, for its meter.
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
        plugs: list[tuple[Signal, int]],
        pulled: NDArray[Any],
        theta: Signal,
        total: Signal,
        on: Signal,
        due_ns: Signal,
        fault: Signal,
        relay_ns: int,
    ) -> None:
        self._kernel = kernel
        self._all_plugs = plugs
        self._pulled = pulled
        self._theta = theta
        self._total = total
        self._on = on
        self._due_ns = due_ns
        self._fault = fault
        self._relay_ns = relay_ns
        self._bell = Bell(kernel, Phase.ASSOCIATE)
        for s_on, _ in plugs:
            s_on.feeds(self._bell)
        theta.feeds(self._bell)
        fault.feeds(self._bell)
        if due_ns.value != NEVER:
            self._bell.ring(due_ns.value)
        self._connect()
        kernel.process(self._life())

    def _life(self) -> Life:
        while True:
            yield self._bell.heard()
            now = self._kernel.now_ns
            if self._due_ns.value == now:
                self._on.set(1 - self._on.value)
                self._due_ns.set(NEVER)
            self._total.set(sum(sign for s_on, sign in self._plugs if s_on.value))
            wanted = self._wanted()
            if wanted == self._on.value:
                self._due_ns.set(NEVER)
            elif self._relay_ns == 0:
                self._on.set(wanted)
            elif self._due_ns.value == NEVER:
                self._due_ns.set(now + self._relay_ns)
                self._bell.ring(now + self._relay_ns)

    def _wanted(self) -> int:
        """Tell what the unit would be, if its relay had the time."""
        if self._fault.value != Fault.SOUND:
            return int(self._fault.value == Fault.STUCK_ON)
        return int(self._total.value >= self._theta.value)

    def _connect(self) -> None:
        loose = self._pulled.tolist()
        self._plugs = [plug for plug, off in zip(self._all_plugs, loose, strict=True) if not off]

    def look(self) -> None:
        """Look at the wires again, still in this instant: some were pulled or put back."""
        self._connect()
        self._bell.ring()

    def release(self) -> None:
        """Drop the unit's relay at once; it looks afresh, still in this instant."""
        self._on.set(0)
        self._due_ns.set(NEVER)
        self._bell.ring()
