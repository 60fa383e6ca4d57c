"""The numbers of a net that stands as a machine: there is one, how long a tick is."""

from __future__ import annotations

from dataclasses import dataclass

from simulator.errors import Mistake
from simulator.pedigree import Evidence, constant

LONGEST_TICK_US = 1_000_000


@dataclass(frozen=True)
class Description:
    """What is fixed before power-on, beside the net itself.

    Raises
    ------
    Mistake
        If the tick is no whole number of microseconds up to a second.
    """

    tick_us: int = constant(
        500,
        Evidence.RECONSTRUCTED,
        "McCulloch and Pitts 1943, introduction: latent addition lasts about 0.25 ms, synaptic "
        "delay is more than 0.5 ms",
        "one tick: the synaptic delay",
        "us",
    )

    def __post_init__(self) -> None:
        tick = self.tick_us
        if isinstance(tick, bool) or not isinstance(tick, int) or not 1 <= tick <= LONGEST_TICK_US:
            raise Mistake(f"a tick lasts 1 to {LONGEST_TICK_US} us, not {tick!r}")

    @property
    def tick_ns(self) -> int:
        """One tick, in nanoseconds."""
        return self.tick_us * 1000
