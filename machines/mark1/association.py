"""The association units: 512 threshold elements that look at the retina through the plugboard.

An A-unit is active, all or nothing, while its lit excitatory origin points exceed its lit
inhibitory ones by at least theta (Rosenblatt 1958: e - i >= theta). Theta is one knob for all
of them.
"""

from __future__ import annotations

from simulator.kernel import Bell, Kernel, Life
from simulator.signal import Signal

from .state import Phase


class AUnit:
    """One association unit.

    Parameters
    ----------
    kernel
        The kernel.
    plugs
        Inputs: the S-units it is plugged to, each with +1 (excitatory) or -1 (inhibitory).
    theta
        Input: the threshold.
    total
        Output: the sum, for its meter.
    on
        Output: 1 while the unit is active.
    """

    def __init__(
        self,
        kernel: Kernel,
        plugs: list[tuple[Signal, int]],
        theta: Signal,
        total: Signal,
        on: Signal,
    ) -> None:
        self._plugs = plugs
        self._theta = theta
        self._total = total
        self._on = on
        self._bell = Bell(kernel, Phase.ASSOCIATE)
        for s_on, _ in plugs:
            s_on.feeds(self._bell)
        theta.feeds(self._bell)
        kernel.process(self._life())

    def _life(self) -> Life:
        while True:
            yield self._bell.heard()
            self._total.set(sum(sign for s_on, sign in self._plugs if s_on.value))
            self._on.set(int(self._total.value >= self._theta.value))
