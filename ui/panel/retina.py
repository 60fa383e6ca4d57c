"""The sensory display: the machine's retina, on which one draws.

A lamp for each S-unit stands on the light that falls on its photocell. Between two reports of the
mouse a fast hand crosses many cells; a stroke therefore runs along the straight line between them
and skips none.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import pygame
from numpy.typing import NDArray

from . import atlas, theme
from .banks import Floats, Glow, Mosaic, Point
from .canvas import Box, Canvas
from .part import LEFT, MIDDLE, RIGHT, Part

BRUSH = 1.0
"""Radius of the pen in cells: a stroke is two cells wide."""


def swept(a: Point, b: Point, rows: int, columns: int) -> NDArray[np.bool_]:
    """Tell which cells a stroke touches.

    Parameters
    ----------
    a, b
        Its ends: row and column in fractions of a cell, (0, 0) the upper left corner.
    rows, columns
        Size of the retina.

    Returns
    -------
    numpy.ndarray
        bool, shape (rows, columns): cells whose centre is nearer to the line than the pen is wide.
    """
    y = np.arange(rows)[:, np.newaxis] + 0.5 - a[0]
    x = np.arange(columns)[np.newaxis, :] + 0.5 - a[1]
    dy, dx = b[0] - a[0], b[1] - a[1]
    length_2 = dy * dy + dx * dx
    along = np.clip((y * dy + x * dx) / length_2, 0, 1) if length_2 else np.zeros((rows, columns))
    touched: NDArray[np.bool_] = (y - along * dy) ** 2 + (x - along * dx) ** 2 < BRUSH**2
    return touched


@dataclass(eq=False)
class Retina:
    """The sensory display: a lamp for each S-unit, on the light that falls on its photocell.

    One draws on it: the left button brings light, the right one dark.

    Attributes
    ----------
    part
        Name, place and so on.
    rows, columns
        Its size in cells.
    light
        Gives the light, uint8 (cells,).
    lit
        Gives the lit fraction of each S-unit, float64 (cells,).
    exact
        Whether the machine stands.
    stroke
        Called with the cells touched, bool (rows, columns), whether they become light, and whether
        the stroke goes on from before.
    """

    part: Part
    rows: int
    columns: int
    light: Callable[[], NDArray[np.uint8]]
    lit: Callable[[], Floats]
    exact: Callable[[], bool]
    stroke: Callable[[NDArray[np.bool_], bool, bool], object]
    cursor: tuple[int, int] | None = None
    _last: Point | None = field(default=None, init=False)
    _brings_light: bool = field(default=True, init=False)
    _glow: Glow = field(default_factory=Glow, init=False)
    _mosaic: Mosaic | None = field(default=None, init=False)
    _cursor_shown: tuple[int, int] | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        box = self.part.box
        self.pitch = min(box.w / self.columns, box.h / self.rows)
        self.left = box.x + (box.w - self.pitch * self.columns) / 2
        self.top = box.y + (box.h - self.pitch * self.rows) / 2

    def cell(self, x: float, y: float) -> Point:
        """Give the row and column (fractions of a cell) of a logical point."""
        return (y - self.top) / self.pitch, (x - self.left) / self.pitch

    def prepare(self, canvas: Canvas) -> None:
        """Draw the cells in every state."""
        side = canvas.size(self.pitch)
        places = [
            (self.left + column * self.pitch, self.top + row * self.pitch)
            for row in range(self.rows)
            for column in range(self.columns)
        ]
        self._mosaic = Mosaic(canvas, places, atlas.cell_tiles(canvas, side, side))

    def draw(self, canvas: Canvas, dt_s: float, afresh: bool) -> bool:
        """Show the cells that changed, and the rulings that divide them by five."""
        assert self._mosaic is not None
        seen = atlas.brightness_levels(self._glow.follow(self.lit(), dt_s, self.exact()))
        light = np.rint(self.light() * ((atlas.LIGHTS - 1) / 255)).astype(np.int64)
        afresh = afresh or self.cursor != self._cursor_shown
        if not self._mosaic.show(canvas.surface, light * atlas.LEVELS + seen, afresh):
            return False
        self._rulings(canvas)
        self._cursor_shown = self.cursor
        if self.cursor is not None:
            row, column = self.cursor
            at = (self.left + column * self.pitch, self.top + row * self.pitch)
            rect = canvas.rect(Box(*at, self.pitch, self.pitch))
            pygame.draw.rect(canvas.surface, theme.ORANGE, rect, max(2, canvas.size(2)))
        return True

    def _rulings(self, canvas: Canvas) -> None:
        width = max(1, round(canvas.scale))
        height, breadth = self.rows * self.pitch, self.columns * self.pitch
        lines = []
        for row in range(5, self.rows, 5):
            y = self.top + row * self.pitch
            lines.append(((self.left, y), (self.left + breadth, y)))
        for column in range(5, self.columns, 5):
            x = self.left + column * self.pitch
            lines.append(((x, self.top), (x, self.top + height)))
        for a, b in lines:
            pygame.draw.line(canvas.surface, theme.FIELD_RULE, canvas.at(*a), canvas.at(*b), width)

    # drawing on it

    def press(self, x: float, y: float, button: int) -> None:
        """Begin a stroke."""
        if button not in (LEFT, MIDDLE, RIGHT):
            return
        self._brings_light = button != RIGHT
        self._last = self.cell(x, y)
        self.cursor = None
        self._touch(self._last, self._last, goes_on=False)

    def drag(self, x: float, y: float) -> None:
        """Go on with the stroke, through every cell on the way."""
        if self._last is None:
            return
        here = self.cell(x, y)
        self._touch(self._last, here, goes_on=True)
        self._last = here

    def release(self) -> None:
        """End the stroke."""
        self._last = None

    def enter(self, way: int) -> None:
        """Light the cells under the keyboard's cursor (Shift: darken)."""
        row, column = self.cursor or (self.rows // 2, self.columns // 2)
        self.cursor = (row, column)
        here = (row + 0.5, column + 0.5)
        self._brings_light = way > 0
        self._touch(here, here, goes_on=False)

    def arrow(self, dx: int, dy: int) -> bool:
        """Move the keyboard's cursor."""
        row, column = self.cursor or (self.rows // 2, self.columns // 2)
        self.cursor = ((row + dy) % self.rows, (column + dx) % self.columns)
        return True

    def _touch(self, a: Point, b: Point, goes_on: bool) -> None:
        self.stroke(swept(a, b, self.rows, self.columns), self._brings_light, goes_on)
