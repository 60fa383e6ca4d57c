"""Steady cells from a live picture: its range found as it goes, and each cell made on or off.

A picture from photocells or a camera is never still: every cell flickers a little, and the light in
the room changes slowly. Here a level is measured against the darkest and the lightest seen lately,
and a cell that is on goes off only at a distinctly lower level than that at which it came on, so
that one that lies between the two stays what it was.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from simulator.errors import Mistake

Levels = NDArray[np.uint8]

ON_AT, OFF_AT = 0.60, 0.40
"""Of full light. For a grey cell midway, noise of 2 % of full light then turns it over never in an
hour; 0.55 and 0.45 would let it turn hundreds of times (measured at 25 frames per second)."""
LEAST_RANGE = 4 / 63
"""Of all levels: a picture with less between its darkest and lightest cell shows nothing."""
FORGETS_S = 10.0
"""The range comes back to what is seen now with this time constant."""


class Range:
    """Measures levels against the darkest and the lightest seen lately.

    Parameters
    ----------
    top
        The greatest level there can be.
    """

    def __init__(self, top: int = 255) -> None:
        self._top = top
        self._low = self._high = math.nan
        self._then_s = 0.0

    def stretched(self, levels: Levels, now_s: float) -> Levels:
        """Give the levels between darkest and lightest as 0 to 255; all 0 where nothing is shown.

        Parameters
        ----------
        levels
            uint8, any shape, 0 to ``top``.
        now_s
            When they were seen, s.
        """
        least, most = float(levels.min()), float(levels.max())
        if math.isnan(self._low):
            self._low, self._high, self._then_s = least, most, now_s
        share = 1 - math.exp(-max(0.0, now_s - self._then_s) / FORGETS_S)
        self._low = min(least, self._low + share * (least - self._low))
        self._high = max(most, self._high + share * (most - self._high))
        self._then_s = now_s
        if self._high - self._low < LEAST_RANGE * self._top:
            return np.zeros(levels.shape, np.uint8)
        return scaled(levels, self._low, self._high)


def scaled(
    levels: Levels,
    low: float | NDArray[np.float64],
    high: float | NDArray[np.float64],
) -> Levels:
    """Give levels as 0 (``low`` or less) to 255 (``high`` or more), which must be greater."""
    share = np.clip((levels - np.float64(low)) / (np.float64(high) - np.float64(low)), 0, 1)
    whole: Levels = np.rint(255 * share).astype(np.uint8)
    return whole


class OnOff:
    """Makes each cell on or off, with hysteresis.

    Parameters
    ----------
    on_at, off_at
        Of full light, 0 to 1: an off cell comes on at ``on_at`` or above, an on cell goes off at
        ``off_at`` or below. Cells between the two begin off.

    Raises
    ------
    Mistake
        Unless 0 <= ``off_at`` <= ``on_at`` <= 1.
    """

    def __init__(self, on_at: float = ON_AT, off_at: float = OFF_AT) -> None:
        if not 0 <= off_at <= on_at <= 1:
            raise Mistake(
                f"a cell cannot come on at {on_at} and go off at {off_at}: both lie between 0 and "
                "1, and the first is the greater"
            )
        self._on_at, self._off_at = on_at * 255, off_at * 255
        self._on: NDArray[np.bool_] | None = None

    def cells(self, levels: Levels) -> Levels:
        """Give 255 for cells that are on now and 0 for the others; uint8, shape as given."""
        before = self._on
        if before is None or before.shape != levels.shape:
            before = np.zeros(levels.shape, np.bool_)
        self._on = (levels >= self._on_at) | (before & (levels > self._off_at))
        return np.where(self._on, 255, 0).astype(np.uint8)

    def forget(self) -> None:
        """Let all cells be off."""
        self._on = None
