"""The retina: 400 photocells behind a lens, each with the circuit that makes an S-unit of it.

A cadmium sulphide cell lowers its resistance in the light; its circuit turns that into on or
off. It takes the cell some tens of milliseconds to follow, each a little differently. If the
light goes back before that time is over, the S-unit has not noticed anything. A cell that is on
stays on down to a somewhat lower level of light; with the latch in, until it is released.
"""

from __future__ import annotations

from simulator.kernel import NEVER, Bell, Kernel, Life
from simulator.signal import Signal

from .state import Fault, Phase


class SUnit:
    """One photocell with its threshold circuit.

    Parameters
    ----------
    kernel
        The kernel.
    light
        Input: light on the cell, 0..255.
    on
        Output: 1 while the S-unit is on.
    due_ns
        Remembered: when it will change, or ``NEVER``.
    fault
        Whether it is sound, dead or stuck.
    on_level, off_level
        Light level from which on the cell lights up, and below which it goes dark again.
    latch
        Whether it stays on until released.
    pickup_ns
        How long it takes to follow.
    """

    def __init__(
        self,
        kernel: Kernel,
        light: Signal,
        on: Signal,
        due_ns: Signal,
        fault: Signal,
        on_level: int,
        off_level: int,
        latch: bool,
        pickup_ns: int,
    ) -> None:
        self._kernel = kernel
        self._light = light
        self._on = on
        self._due_ns = due_ns
        self._fault = fault
        self._on_level = on_level
        self._off_level = off_level
        self._latch = latch
        self._pickup_ns = pickup_ns
        self._bell = Bell(kernel, Phase.SENSE)
        light.feeds(self._bell)
        fault.feeds(self._bell)
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
            if self._wanted() == self._on.value:
                self._due_ns.set(NEVER)
            elif self._due_ns.value == NEVER:
                self._due_ns.set(now + self._pickup_ns)
                self._bell.ring(now + self._pickup_ns)

    def _wanted(self) -> bool:
        """Tell whether the cell would be on, if it had the time."""
        fault = self._fault.value
        if fault:
            return fault == Fault.STUCK_ON
        if self._on.value:
            return self._latch or self._light.value >= self._off_level
        return self._light.value >= self._on_level

    def release(self) -> None:
        """Drop the S-unit's relay at once; it looks afresh, still in this instant."""
        self._on.set(0)
        self._due_ns.set(NEVER)
        self._bell.ring()
