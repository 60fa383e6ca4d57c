"""Banks: lamps, potentiometers and meters by the hundred, which only show.

A bank asks for an array of numbers at every frame, turns it into tile numbers, and copies only the
tiles that are others than before.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
import pygame
from numpy.typing import NDArray

from . import atlas, theme
from .canvas import Canvas
from .part import Part, Untouchable

Floats = NDArray[np.float64]
Point = tuple[float, float]
RISE_S, FALL_S = 0.017, 0.045
"""Time constants of a small filament's glow."""
NEEDLE_S = 0.08
"""Time constant of a meter's needle."""


class Mosaic:
    """Tiles at fixed places, of which only the changed ones are copied.

    Parameters
    ----------
    canvas
        The canvas.
    places
        Upper left corner of each place, logical.
    tiles
        What may stand there.
    """

    def __init__(
        self, canvas: Canvas, places: Sequence[Point], tiles: list[pygame.Surface]
    ) -> None:
        self._at = [canvas.at(*place) for place in places]
        self._tiles = tiles
        self._shown = np.full(len(places), -1, np.int64)

    def show(self, surface: pygame.Surface, index: NDArray[np.int64], afresh: bool) -> bool:
        """Show tile ``index[i]`` at place i; tell whether anything changed."""
        changed = np.arange(len(index)) if afresh else np.flatnonzero(index != self._shown)
        if not changed.size:
            return False
        tiles, at = self._tiles, self._at
        pairs = zip(changed.tolist(), index[changed].tolist(), strict=True)
        surface.fblits([(tiles[tile], at[place]) for place, tile in pairs])
        self._shown = index.copy()
        return True


class Glow:
    """Filaments: they follow what they are fed, quickly up and slowly down, per second of the wall.

    On a machine that stands there is no afterglow: the exact bits are shown.
    """

    def __init__(self) -> None:
        self._seen: Floats = np.zeros(0)

    def follow(self, fed: Floats, dt_s: float, at_once: bool) -> Floats:
        """Give the brightness (0..1) of each lamp after a further ``dt_s``."""
        if at_once or self._seen.shape != fed.shape:
            self._seen = fed.astype(np.float64)
        else:
            rise, fall = (1 - math.exp(-dt_s / tau) for tau in (RISE_S, FALL_S))
            gap = fed - self._seen
            self._seen = self._seen + gap * np.where(gap > 0, rise, fall)
            self._seen[np.abs(fed - self._seen) < 0.004] = fed[np.abs(fed - self._seen) < 0.004]
        return self._seen


@dataclass(eq=False)
class LampBank(Untouchable):
    """Lamps in any order on a dark field.

    Attributes
    ----------
    part
        Name, place and so on.
    places
        Upper left corner of each lamp's tile, logical.
    tile
        Width and height of a tile, logical.
    lit
        Gives the lit fraction of each lamp, float64 (n,).
    exact
        Whether the machine stands.
    """

    part: Part
    places: Sequence[Point]
    tile: tuple[float, float]
    lit: Callable[[], Floats]
    exact: Callable[[], bool]
    ground: theme.Colour = theme.FIELD
    colour: theme.Colour = theme.LAMP
    _glow: Glow = field(default_factory=Glow, init=False)
    _mosaic: Mosaic | None = field(default=None, init=False)

    def prepare(self, canvas: Canvas) -> None:
        """Draw the lamps at every brightness."""
        size = canvas.size(self.tile[0]), canvas.size(self.tile[1])
        tiles = atlas.lamp_tiles(canvas, *size, self.ground, self.colour)
        self._mosaic = Mosaic(canvas, self.places, tiles)

    def draw(self, canvas: Canvas, dt_s: float, afresh: bool) -> bool:
        """Show the lamps that changed."""
        assert self._mosaic is not None
        seen = self._glow.follow(self.lit(), dt_s, self.exact())
        return self._mosaic.show(canvas.surface, atlas.brightness_levels(seen), afresh)


@dataclass(eq=False)
class PotBank(Untouchable):
    """Potentiometers with pointers.

    Attributes
    ----------
    part
        Name, place and so on.
    places
        Upper left corner of each tile, logical.
    tile
        Width and height of a tile, logical.
    angle
        Gives the angles, int64 (n,), any unit.
    travel
        Angle from centre to either end stop, in that unit.
    """

    part: Part
    places: Sequence[Point]
    tile: tuple[float, float]
    angle: Callable[[], NDArray[np.int64]]
    travel: int
    _mosaic: Mosaic | None = field(default=None, init=False)

    def prepare(self, canvas: Canvas) -> None:
        """Draw a potentiometer at every angle."""
        size = canvas.size(self.tile[0]), canvas.size(self.tile[1])
        self._mosaic = Mosaic(canvas, self.places, atlas.pot_tiles(canvas, *size))

    def draw(self, canvas: Canvas, dt_s: float, afresh: bool) -> bool:
        """Show the pointers that turned."""
        assert self._mosaic is not None
        index = atlas.angle_indices(self.angle(), self.travel)
        return self._mosaic.show(canvas.surface, index, afresh)


@dataclass(eq=False)
class MeterBank(Untouchable):
    """Moving-coil meters, all alike.

    Attributes
    ----------
    part
        Name, place and so on.
    places
        Upper left corner of each meter, logical.
    tile
        Width and height of a meter, logical.
    deflection
        Gives where the needles shall point, float64 (n,), -1..+1.
    marks
        The scale, see :func:`ui.panel.atlas.meter_tiles`.
    exact
        Whether the machine stands.
    """

    part: Part
    places: Sequence[Point]
    tile: tuple[float, float]
    deflection: Callable[[], Floats]
    marks: list[tuple[float, str]]
    exact: Callable[[], bool]
    _needle: Floats = field(default_factory=lambda: np.zeros(0), init=False)
    _mosaic: Mosaic | None = field(default=None, init=False)

    def prepare(self, canvas: Canvas) -> None:
        """Draw the meter at every position of its needle."""
        size = canvas.size(self.tile[0]), canvas.size(self.tile[1])
        self._mosaic = Mosaic(canvas, self.places, atlas.meter_tiles(canvas, *size, self.marks))

    def draw(self, canvas: Canvas, dt_s: float, afresh: bool) -> bool:
        """Show the needles that moved."""
        assert self._mosaic is not None
        goal = self.deflection()
        if self.exact() or self._needle.shape != goal.shape:
            self._needle = goal
        else:
            self._needle = self._needle + (goal - self._needle) * (1 - math.exp(-dt_s / NEEDLE_S))
        return self._mosaic.show(canvas.surface, atlas.needle_indices(self._needle), afresh)
