"""The time by which a link to a board lives: the wall's, or one that a test turns by hand.

Everything on the link that waits asks such a clock, so half an hour of cables pulled and bytes lost
can be gone through in seconds.
"""

from __future__ import annotations

import time
from typing import Protocol


class Clock(Protocol):
    """What a link asks of its time."""

    def now(self) -> float:
        """Give seconds from any beginning, never going back."""
        ...

    def sleep(self, seconds: float) -> None:
        """Let so much time pass."""
        ...


class WallClock:
    """The time on the wall (monotonic: setting the computer's clock does not move it)."""

    def now(self) -> float:
        """Give seconds."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Wait."""
        time.sleep(seconds)


class HandClock:
    """A clock that stands until somebody turns it: sleeping turns it at once."""

    def __init__(self, now: float = 0.0) -> None:
        self._now = now

    def now(self) -> float:
        """Give seconds."""
        return self._now

    def sleep(self, seconds: float) -> None:
        """Turn the clock on by so much."""
        self._now += max(0.0, seconds)
