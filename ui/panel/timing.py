"""How long a frame takes: the whole panel with everything changing at once.

No run of a real machine changes every lamp, pointer and needle in every frame; a panel that can do
even this sixty times a second is never the bottleneck. Presenting the picture is not counted: that
depends on the window system.
"""

from __future__ import annotations

import itertools
import statistics
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pygame

from . import theme
from .screen import Panel, Screen


def frame_ms(
    panel: Panel, size: tuple[int, int] = theme.LOGICAL, frames: int = 200
) -> tuple[float, float]:
    """Measure frames in which everything changes.

    Parameters
    ----------
    panel
        The panel; its banks are disconnected from the machine and fed with noise.
    size
        In pixels.
    frames
        How many to measure.

    Returns
    -------
    tuple of float
        Median milliseconds of a bare copy of the background, and of a frame.
    """
    pygame.font.init()
    screen = Screen(panel, pygame.Surface(size, 0, 32))
    screen.draw(0.0)
    for widget in panel.widgets:
        for feed, largest in (("lit", 1.0), ("angle", None), ("deflection", 1.0), ("light", 255)):
            if isinstance(getattr(widget, feed, int)(), np.ndarray):
                _feed_noise(widget, feed, largest)
    background = _median_ms(lambda: screen.surface.blit(screen.canvas.base, (0, 0)), frames)
    return background, _median_ms(lambda: screen.draw(1 / 60), frames)


def _feed_noise(widget: Any, feed: str, largest: float | None) -> None:
    """Let a bank show something else at every frame, ready made so that its making is not timed."""
    shape = getattr(widget, feed)().shape
    dtype = getattr(widget, feed)().dtype
    most = widget.travel if largest is None else largest
    least = 0.0 if feed in ("lit", "light") else -most
    random = np.random.default_rng(1)
    arrays = [random.uniform(least, most, shape).astype(dtype) for _ in range(16)]
    setattr(widget, feed, itertools.cycle(arrays).__next__)


def _median_ms(act: Callable[[], object], times: int) -> float:
    taken = []
    for _ in range(times):
        start_s = time.perf_counter()
        act()
        taken.append((time.perf_counter() - start_s) * 1e3)
    return statistics.median(taken)
