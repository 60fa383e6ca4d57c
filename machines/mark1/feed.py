"""The feed: what a driven R-unit asks of the motors of its A-units.

In the alpha-system a reinforcement line simply turns the motors of active A-units on. The other
systems of 1958 need a regulator at every R-unit that counts its active A-units: the beta-system
shares a constant feed out among them, the gamma-system drives the inactive ones back by as much as
the active ones gain.
"""

from __future__ import annotations

from simulator.kernel import Bell, Kernel, Life
from simulator.signal import Signal

from .rules import RULES, gains
from .state import Phase


class Feed:
    """The regulator of one R-unit.

    Parameters
    ----------
    kernel
        The kernel.
    active
        Inputs: the A-units of its potentiometers.
    drive
        Input: its own reinforcement line.
    all_drives
        Inputs: the lines of all R-units.
    rule
        Input: the reinforcement switch.
    gain_on, gain_off
        Outputs: the speeds asked of the motors of active and of inactive A-units, in millionths
        of their own.
    feed_units
        K of the beta-system.
    """

    def __init__(
        self,
        kernel: Kernel,
        active: list[Signal],
        drive: Signal,
        all_drives: list[Signal],
        rule: Signal,
        gain_on: Signal,
        gain_off: Signal,
        feed_units: int,
    ) -> None:
        self._active = active
        self._drive = drive
        self._all_drives = all_drives
        self._rule = rule
        self._gain_on = gain_on
        self._gain_off = gain_off
        self._feed_units = feed_units
        self._bell = Bell(kernel, Phase.FEED)
        for line in (*active, *all_drives, rule):
            line.feeds(self._bell)
        kernel.process(self._life())

    def _life(self) -> Life:
        while True:
            yield self._bell.heard()
            driven = any(line.value for line in self._all_drives)
            active = sum(line.value for line in self._active) if driven else 0
            on, off = gains(
                RULES[self._rule.value],
                self._drive.value,
                driven,
                active,
                len(self._active),
                self._feed_units,
            )
            self._gain_on.set(on)
            self._gain_off.set(off)
