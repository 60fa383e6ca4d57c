"""Sources of light: what stands before a retina, looked at again and again.

A machine holds no source. Whoever drives it looks at one as often as the machine's time allows and
operates the retina when there is something new; a look never waits. The plain sources here have
their pictures in memory: one that stays, a tray of slides that changes by a clock, and a drawing
that changes by a hand.

>>> import numpy as np
>>> shown = []
>>> eye = Follower(Still(np.zeros((20, 20), dtype=np.uint8)), shown.append)
>>> eye.look(), eye.look(), len(shown)
(True, False, 1)
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from simulator.errors import Mistake
from simulator.stimuli.light import LightFrame

Clock = Callable[[], float]  # seconds from any beginning, never going back


class LightSource(Protocol):
    """Anything to look at: a drawing, a picture file, a camera, the photocell board."""

    def look(self) -> LightFrame:
        """Give the newest picture at once, the same again if there is none newer."""
        ...


class Drawing:
    """A picture that a hand goes on changing.

    Parameters
    ----------
    rows, columns
        Size of the retina; the drawing begins dark.
    clock
        Gives seconds.
    """

    def __init__(self, rows: int, columns: int, clock: Clock = time.monotonic) -> None:
        self._clock = clock
        self._seq = 0
        self.draw(np.zeros((rows, columns), dtype=np.uint8))

    def draw(self, levels: NDArray[np.uint8]) -> None:
        """Make the drawing look so: uint8, shape (rows, columns); copied."""
        self._levels = levels.copy()
        self._levels.flags.writeable = False
        self._seq += 1
        self._drawn_s = self._clock()

    def look(self) -> LightFrame:
        """Give the drawing as it stands (read-only); ``seq`` rises by one each change."""
        return LightFrame(self._levels, self._seq, self._clock() - self._drawn_s)


class Slides:
    """A tray of slides, each shown for the same time; after the last the first comes again.

    Parameters
    ----------
    levels
        uint8, shape (number of slides, rows, columns); copied.
    seconds_each
        How long each slide stands, in seconds of ``clock``, above 0; may be infinite.
    clock
        The first slide is taken when the tray is put in, that is, now on this clock.

    Raises
    ------
    Mistake
        If the levels are not such an array or hold no slide, or the time is not above 0.
    """

    def __init__(
        self, levels: NDArray[np.uint8], seconds_each: float, clock: Clock = time.monotonic
    ) -> None:
        if levels.ndim != 3 or levels.dtype != np.uint8 or not levels.size:
            raise Mistake(
                f"slides must be uint8 of shape (n, rows, columns) and at least one, "
                f"not {levels.dtype} {levels.shape}"
            )
        if not seconds_each > 0:
            raise Mistake(f"a slide cannot stand for {seconds_each} seconds: give more than 0")
        self._levels = levels.copy()
        self._levels.flags.writeable = False
        self._seconds_each = seconds_each
        self._clock = clock
        self._start = clock()

    def look(self) -> LightFrame:
        """Give the slide that stands now (read-only); ``seq`` is 1 at first, one more each change.

        A slide that came and went between two looks is missed, but counted in ``seq``.
        """
        changes, age_s = divmod(self._clock() - self._start, self._seconds_each)
        return LightFrame(self._levels[int(changes) % len(self._levels)], 1 + int(changes), age_s)


class Still:
    """One picture that stays: ``seq`` is always 1, only its age grows.

    Parameters
    ----------
    levels
        uint8, shape (rows, columns); copied.
    clock
        The picture is taken now on this clock.

    Raises
    ------
    Mistake
        If the levels are not such an array.
    """

    def __init__(self, levels: NDArray[np.uint8], clock: Clock = time.monotonic) -> None:
        if levels.ndim != 2 or levels.dtype != np.uint8:
            raise Mistake(
                f"a picture must be uint8 of shape (rows, columns), "
                f"not {levels.dtype} {levels.shape}"
            )
        self._slide = Slides(levels[None], math.inf, clock)

    def look(self) -> LightFrame:
        """Give the picture (read-only) and its age."""
        return self._slide.look()


class Follower:
    """Looks at a source on a machine's behalf and shows the machine only what is new.

    Parameters
    ----------
    source
        What to look at.
    show
        Takes levels, uint8 (rows, columns); it operates the machine's retina, for example
        ``lambda levels: machine.operate("mark1.retina.light", levels)``.
    """

    def __init__(self, source: LightSource, show: Callable[[NDArray[np.uint8]], object]) -> None:
        self._source = source
        self._show = show
        self._seq: int | None = None

    def look(self) -> bool:
        """Look once; show the picture if its ``seq`` is another than last shown, and tell whether.

        The first look always shows. A picture that ``show`` refuses by raising does not count as
        shown: the next look offers it again.
        """
        frame = self._source.look()
        if frame.seq == self._seq:
            return False
        self._show(frame.levels)
        self._seq = frame.seq
        return True
