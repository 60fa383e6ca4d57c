"""Switches: what a hand sets and leaves.

A :class:`Lever` leans to one of three sides, a :class:`Rotary` points at one of several legends.
Both show where the machine says they stand, not what was last clicked.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import pygame

from . import theme
from .canvas import Box, Canvas, Drawing
from .part import RIGHT, Part, Untouchable
from .theme import Colour


@dataclass(eq=False)
class Lever(Untouchable):
    """A bat-handled toggle with three positions: 0 left, 1 middle, 2 right.

    Attributes
    ----------
    part
        Name, place and so on.
    position
        Tells where it stands.
    move
        Moves it.
    legends
        What stands at the three sides; empty ones are left out.
    """

    part: Part
    position: Callable[[], int]
    move: Callable[[int], object]
    legends: tuple[str, str, str] = ("", "", "")
    _shown: object = field(default=None, init=False)

    def prepare(self, canvas: Canvas) -> None:
        """Write the legends."""
        box = self.part.box
        x, y = box.middle
        left, middle, right = self.legends
        ink, base = theme.INK, canvas.base
        canvas.text(left, (box.x + 10, y + 3), 14, ink, "center", bold=True, target=base)
        canvas.text(middle, (x, box.y + 5), 11, ink, "center", target=base)
        right_at = (box.x + box.w - 10, y + 3)
        canvas.text(right, right_at, 14, ink, "center", bold=True, target=base)

    def draw(self, canvas: Canvas, dt_s: float, afresh: bool) -> bool:
        """Draw it if it moved."""
        position = self.position()
        if position == self._shown and not afresh:
            return False
        self._shown = position
        box = self.part.box
        canvas.restore(box)
        side = canvas.size(box.h - 8)
        drawing = Drawing(side * 2, side, theme.ALUMINIUM, see_through=True)
        x, y, r = side * 1.0, side * 0.6, side * 0.27
        drawing.circle(x, y, r * 1.25, (96, 97, 94))
        drawing.circle(x, y, r * 1.12, (150, 151, 147))
        drawing.circle(x, y, r * 0.8, (38, 38, 38))
        lean = (position - 1) * math.radians(74)
        tip = (x + side * 0.66 * math.sin(lean), y - side * 0.46 * math.cos(lean) - side * 0.03)
        _bat(drawing, (x, y), tip, side)
        left, top = canvas.at(*box.middle)
        canvas.surface.blit(drawing.done(), (left - side, top - side // 2 + canvas.size(3)))
        return True

    def press(self, x: float, y: float, button: int) -> None:
        """Flip it to the side that was pressed."""
        third = int((x - self.part.box.x) * 3 / self.part.box.w)
        self.move(min(max(third, 0), 2))

    def enter(self, way: int) -> None:
        """Flip it to the next position."""
        self.move((self.position() + way) % 3)


def _bat(
    drawing: Drawing, root: tuple[float, float], tip: tuple[float, float], side: float
) -> None:
    """Draw a handle that is thicker at its tip."""
    dx, dy = tip[0] - root[0], tip[1] - root[1]
    length = max(math.hypot(dx, dy), 1e-6)
    nx, ny = -dy / length, dx / length
    for grow, colour in ((0.028, (60, 60, 58)), (0.0, (206, 206, 200))):
        thin, thick = side * (0.075 + grow), side * (0.125 + grow)
        corners = [(root[0] + nx * thin, root[1] + ny * thin)]
        corners += [(tip[0] + nx * thick, tip[1] + ny * thick)]
        corners += [(tip[0] - nx * thick, tip[1] - ny * thick)]
        corners += [(root[0] - nx * thin, root[1] - ny * thin)]
        drawing.polygon(corners, colour)
        drawing.circle(*tip, thick, colour)
        drawing.circle(*root, thin, colour)
    drawing.circle(tip[0] - side * 0.02, tip[1] - side * 0.03, side * 0.05, (250, 250, 246))


@dataclass(eq=False)
class Rotary(Untouchable):
    """A knob that points at one of several legends around it.

    Attributes
    ----------
    part
        Name, place and so on.
    legends
        What it can point at, clockwise.
    position
        Tells where it stands.
    move
        Turns it.
    sweep_deg
        Angle of the last legend, clockwise from straight up; the first stands at minus this.
    size
        Height of the letters.
    centre, radius
        Where the knob stands, and how large it is.
    ink
        Colour of the legends.
    """

    part: Part
    legends: Sequence[str]
    position: Callable[[], int]
    move: Callable[[int], object]
    sweep_deg: float = 60
    size: float = 12
    centre: tuple[float, float] = (0.0, 0.0)
    radius: float = 20
    ink: Colour = theme.IVORY
    _written: list[Box] = field(default_factory=list, init=False)
    _shown: object = field(default=None, init=False)

    def _angle(self, position: int) -> float:
        share = position / max(1, len(self.legends) - 1)
        return math.radians(self.sweep_deg * (2 * share - 1))

    def prepare(self, canvas: Canvas) -> None:
        """Write the legends around it."""
        x, y = self.centre
        self._written = []
        for position, legend in enumerate(self.legends):
            a = self._angle(position)
            sine, cosine = math.sin(a), math.cos(a)
            r = self.radius + 4
            tick = (x + r * sine, y - r * cosine)
            end = (x + (r + 4) * sine, y - (r + 4) * cosine)
            pygame.draw.aaline(canvas.base, self.ink, canvas.at(*tick), canvas.at(*end))
            r += 9
            side = "center" if abs(sine) < 0.15 else "midleft" if sine > 0 else "midright"
            lift = 3 if side == "center" else 0
            at = (x + r * sine, y - r * cosine - lift)
            rect = canvas.text(legend, at, self.size, self.ink, side, target=canvas.base)
            (left, top), (right, low) = canvas.point(rect.topleft), canvas.point(rect.bottomright)
            self._written.append(Box(left, top, right - left, low - top))

    def draw(self, canvas: Canvas, dt_s: float, afresh: bool) -> bool:
        """Draw it if it was turned."""
        position = self.position()
        if position == self._shown and not afresh:
            return False
        self._shown = position
        x, y, r = *self.centre, self.radius
        canvas.restore(Box(x - r - 2, y - r - 2, 2 * r + 4, 2 * r + 4))
        side = canvas.size(2 * r)
        drawing = Drawing(side, side, theme.BAKELITE, see_through=True)
        c = side / 2
        drawing.circle(c, c, c, (12, 12, 12))
        drawing.circle(c, c, c * 0.95, (52, 51, 52))
        drawing.circle(c, c, c * 0.88, theme.BAKELITE)
        drawing.circle(c - c * 0.1, c - c * 0.14, c * 0.6, (48, 47, 49))
        a = self._angle(position)
        tip = (c + 0.9 * c * math.sin(a), c - 0.9 * c * math.cos(a))
        tail = (c - 0.25 * c * math.sin(a), c + 0.25 * c * math.cos(a))
        drawing.line(tail, tip, max(1.6, c * 0.14), theme.IVORY)
        left, top = canvas.at(x, y)
        canvas.surface.blit(drawing.done(), (left - side // 2, top - side // 2))
        return True

    def press(self, x: float, y: float, button: int) -> None:
        """Turn it to the legend that was pressed; pressed itself, on to the next (right: back)."""
        dx, dy = x - self.centre[0], y - self.centre[1]
        if math.hypot(dx, dy) <= self.radius:
            self.enter(-1 if button == RIGHT else 1)
            return
        gaps = [box.distance(x, y) for box in self._written]
        self.move(gaps.index(min(gaps)))

    def enter(self, way: int) -> None:
        """Turn it on by one."""
        self.move((self.position() + way) % len(self.legends))
