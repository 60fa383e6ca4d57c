"""The canvas: logical coordinates on a window of any size, and clean edges.

Widgets are placed in a picture of 1280 x 800; the canvas scales it to the window, in the middle,
never stretched. ``base`` holds what never changes; ``surface`` is what is seen. Round and slanted
things are drawn four times too large on a :class:`Drawing` and shrunk, which smooths their edges;
that is slow, so it is done when the size changes and never while the lamps flicker.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import pygame

from . import theme
from .theme import Colour

TOO_LARGE = 4
HAIR_SPACE = "\u200a"


class Box(NamedTuple):
    """A rectangle in logical coordinates."""

    x: float
    y: float
    w: float
    h: float

    def holds(self, x: float, y: float) -> bool:
        """Tell whether a point lies within."""
        return self.x <= x < self.x + self.w and self.y <= y < self.y + self.h

    def inside(self, by: float) -> Box:
        """Give the box drawn in by so much on every side (out, if negative)."""
        return Box(self.x + by, self.y + by, self.w - 2 * by, self.h - 2 * by)

    def distance(self, x: float, y: float) -> float:
        """Tell how far outside the box a point lies; 0 within."""
        dx = max(self.x - x, 0.0, x - self.x - self.w)
        dy = max(self.y - y, 0.0, y - self.y - self.h)
        return math.hypot(dx, dy)

    @property
    def middle(self) -> tuple[float, float]:
        """The centre."""
        return self.x + self.w / 2, self.y + self.h / 2


class Canvas:
    """A picture of logical size on a surface of any size.

    Parameters
    ----------
    surface
        What is drawn on.
    logical
        Width and height of the logical picture.
    """

    def __init__(self, surface: pygame.Surface, logical: tuple[int, int] = theme.LOGICAL) -> None:
        width, height = surface.get_size()
        self.surface = surface
        self.logical = logical
        self.scale = max(0.05, min(width / logical[0], height / logical[1]))
        self._left = (width - logical[0] * self.scale) / 2
        self._top = (height - logical[1] * self.scale) / 2
        self.base = pygame.Surface((width, height), 0, surface)
        self.base.fill(theme.WALL)
        self._fonts: dict[tuple[int, bool], pygame.font.Font] = {}

    def at(self, x: float, y: float) -> tuple[int, int]:
        """Give the pixel of a logical point."""
        return math.floor(self._left + self.scale * x), math.floor(self._top + self.scale * y)

    def size(self, length: float) -> int:
        """Give a logical length in pixels, at least 1."""
        return max(1, int(self.scale * length))

    def rect(self, box: Box) -> pygame.Rect:
        """Give the pixels of a logical box."""
        left, top = self.at(box.x, box.y)
        right, bottom = self.at(box.x + box.w, box.y + box.h)
        return pygame.Rect(left, top, max(1, right - left), max(1, bottom - top))

    def point(self, pixel: tuple[float, float]) -> tuple[float, float]:
        """Give the logical point of a pixel (its centre)."""
        x, y = pixel
        return (x + 0.5 - self._left) / self.scale, (y + 0.5 - self._top) / self.scale

    def tile(self, width: int, height: int, like: pygame.Surface | None = None) -> pygame.Surface:
        """Make an empty opaque surface in the canvas's own format."""
        return pygame.Surface((width, height), 0, like or self.surface)

    def restore(self, box: Box) -> None:
        """Show again what never changes, within a box."""
        rect = self.rect(box)
        self.surface.blit(self.base, rect, rect)

    def font(self, size: float, bold: bool = False) -> pygame.font.Font:
        """Give the letters of a logical height."""
        key = (max(6, round(size * self.scale)), bold)
        if key not in self._fonts:
            self._fonts[key] = pygame.font.Font(theme.font_file(bold), key[0])
        return self._fonts[key]

    def text(
        self,
        text: str,
        at: tuple[float, float],
        size: float = 14,
        colour: Colour = theme.IVORY,
        anchor: str = "midleft",
        bold: bool = False,
        target: pygame.Surface | None = None,
    ) -> pygame.Rect:
        """Write one line.

        Parameters
        ----------
        text
            The line.
        at
            Where its ``anchor`` (a pygame.Rect attribute: midleft, center, ...) comes to stand.
        size
            Logical height of the letters.
        colour, bold
            How they look.
        target
            The surface; ``self.surface`` if left out.
        """
        written = self.font(size, bold).render(text, True, colour)
        rect = written.get_rect(**{anchor: self.at(*at)})
        return (target or self.surface).blit(written, rect)

    def legend(
        self,
        text: str,
        at: tuple[float, float],
        size: float = 13,
        colour: Colour = theme.IVORY,
        anchor: str = "center",
    ) -> None:
        """Write an engraved, widely spaced legend on the base."""
        spaced = HAIR_SPACE.join(text)
        self.text(spaced, at, size, colour, anchor, bold=True, target=self.base)

    def width_of(self, text: str, size: float, bold: bool = False) -> float:
        """Tell how wide a line would be, in logical units."""
        return self.font(size, bold).size(text)[0] / self.scale


class Drawing:
    """A small picture drawn large and shrunk, for smooth edges; measures are its final pixels.

    Parameters
    ----------
    width, height
        Final size in pixels.
    ground
        Colour of the ground.
    see_through
        Whether the ground is transparent.
    """

    def __init__(self, width: int, height: int, ground: Colour, see_through: bool = False) -> None:
        self.width, self.height = width, height
        flags = pygame.SRCALPHA if see_through else 0
        self._large = pygame.Surface((width * TOO_LARGE, height * TOO_LARGE), flags, 32)
        self._large.fill((*ground, 0 if see_through else 255))

    def circle(self, x: float, y: float, radius: float, colour: Colour) -> None:
        """Fill a circle."""
        at = (x * TOO_LARGE, y * TOO_LARGE)
        pygame.draw.circle(self._large, colour, at, radius * TOO_LARGE)

    def line(
        self, a: tuple[float, float], b: tuple[float, float], width: float, colour: Colour
    ) -> None:
        """Draw a straight line with square ends."""
        dx, dy = b[0] - a[0], b[1] - a[1]
        half = width / 2 / max(math.hypot(dx, dy), 1e-9)
        nx, ny = -dy * half, dx * half
        corners = [(a[0] + nx, a[1] + ny), (b[0] + nx, b[1] + ny)]
        corners += [(b[0] - nx, b[1] - ny), (a[0] - nx, a[1] - ny)]
        self.polygon(corners, colour)

    def polygon(self, corners: Sequence[tuple[float, float]], colour: Colour) -> None:
        """Fill a polygon."""
        large = [(x * TOO_LARGE, y * TOO_LARGE) for x, y in corners]
        pygame.draw.polygon(self._large, colour, large)

    def band(
        self, x: float, y: float, inner: float, outer: float, span: tuple[float, float], c: Colour
    ) -> None:
        """Fill a piece of a ring between two angles, in degrees clockwise from the top."""
        steps = max(2, int(abs(span[1] - span[0]) / 6) + 1)
        angles = [math.radians(span[0] + (span[1] - span[0]) * i / steps) for i in range(steps + 1)]
        out = [(x + outer * math.sin(a), y - outer * math.cos(a)) for a in angles]
        back = [(x + inner * math.sin(a), y - inner * math.cos(a)) for a in reversed(angles)]
        self.polygon(out + back, c)

    def panel(self, box: tuple[float, float, float, float], radius: float, colour: Colour) -> None:
        """Fill a rectangle with round corners."""
        rect = pygame.Rect(*(round(v * TOO_LARGE) for v in box))
        pygame.draw.rect(self._large, colour, rect, border_radius=round(radius * TOO_LARGE))

    def glow(
        self, x: float, y: float, inner: float, outer: float, lit: Colour, ground: Colour
    ) -> None:
        """Fill a circle that fades from ``lit`` at the inner radius to the ground."""
        steps = 10
        for i in range(steps):
            radius = outer + (inner - outer) * i / (steps - 1)
            self.circle(x, y, radius, theme.mix(ground, lit, (i / (steps - 1)) ** 2))

    def done(self) -> pygame.Surface:
        """Shrink it to its final size."""
        return pygame.transform.smoothscale(self._large, (self.width, self.height))
