"""The response units: eight two-state units, each deciding between "1" and "0".

An R-unit adds up the values of its active A-units, which may be positive or negative, and turns
to "1" above the dead zone and to "0" below it; within the dead zone it holds what it had. It
looks whenever its A-units change, and every few milliseconds while motors run.

In the systems of 1958 the R-units do not decide each for itself: the one with the largest mean
(mu) or sum (Sigma) of active values becomes dominant and suppresses the others. Then it is the
:class:`Rivalry` between them that decides.
"""

from __future__ import annotations

from itertools import compress

from simulator.kernel import NEVER, Bell, Kernel, Life
from simulator.signal import Signal, cable

from .rules import Dominance
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
    dominance
        Whether it decides for itself, or all R-units compete.
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
        dominance: Signal,
        dead_zone: int,
        sample_ns: int,
    ) -> None:
        self._kernel = kernel
        self._inputs = inputs
        self._wipers = [wiper for _, wiper in inputs]
        self._taps = cable([active for active, _ in inputs])
        self._dominance = dominance
        self._rivalry: Bell | None = None
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
            if self._dominance.value != Dominance.NONE:
                if self._rivalry is not None:
                    self._rivalry.ring()
                continue
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

    def competes(self, rivalry: Bell) -> None:
        """Have the rivalry look whenever this R-unit does."""
        self._rivalry = rivalry

    def sum(self) -> int:
        """Give what the sum meter shows now, udeg."""
        return sum([wiper.reading() for wiper in compress(self._wipers, self._taps())])

    def active(self) -> int:
        """Give how many of its A-units are active now."""
        return sum(self._taps())

    @property
    def in_use(self) -> bool:
        """Whether any potentiometer leads to it."""
        return bool(self._inputs)


class Rivalry:
    """What decides between R-units that compete.

    An R-unit none of whose A-units is active cannot win. The largest must lead by more than the
    dead zone, else all hold what they had.

    Parameters
    ----------
    kernel
        The kernel.
    units
        The R-units.
    on
        Outputs: their lamps.
    dominance
        Input: whether means or sums are compared.
    dead_zone
        Lead up to which nothing changes, udeg.
    """

    def __init__(
        self,
        kernel: Kernel,
        units: list[RUnit],
        on: list[Signal],
        dominance: Signal,
        dead_zone: int,
    ) -> None:
        self._rivals = [(unit, lamp) for unit, lamp in zip(units, on, strict=True) if unit.in_use]
        self._dominance = dominance
        self._dead_zone = dead_zone
        self._bell = Bell(kernel, Phase.DOMINATE)
        for unit, _ in self._rivals:
            unit.competes(self._bell)
        kernel.process(self._life())

    def _life(self) -> Life:
        while True:
            yield self._bell.heard()
            strengths = [(self._strength(unit), lamp) for unit, lamp in self._rivals]
            ranked = sorted(strength for strength, _ in strengths if strength is not None)
            if not ranked or (len(ranked) > 1 and ranked[-1] - ranked[-2] <= self._dead_zone):
                continue
            for strength, lamp in strengths:
                lamp.set(1 if strength == ranked[-1] else -1)

    def _strength(self, unit: RUnit) -> int | None:
        """Give what is compared, udeg; a mean is rounded down."""
        active = unit.active()
        if active == 0:
            return None
        return unit.sum() // active if self._dominance.value == Dominance.MU else unit.sum()
