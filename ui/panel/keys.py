"""Keys: what a finger presses.

A key acts when it goes down. Its lamp, its legend and whether it is dull (dead) are asked for at
every frame, so that it shows what is the case and not what was last clicked.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import pygame

from . import theme
from .canvas import Canvas, Drawing
from .part import Part, Untouchable
from .theme import Colour, mix


def _never() -> bool:
    return False


def _always() -> bool:
    return True


@dataclass(eq=False)
class Key(Untouchable):
    """A push button; it acts when it goes down.

    Attributes
    ----------
    part
        Name, place and so on.
    text
        What is written on it; a second line is written smaller.
    act
        What pressing it does.
    colour, ink
        Of the key and of its letters.
    size
        Height of the letters.
    lit
        Whether the lamp in the key is on.
    alive
        Whether pressing it would do anything; a dead key looks dull.
    """

    part: Part
    text: str | Callable[[], str]
    act: Callable[[], object]
    colour: Colour = theme.CREAM
    ink: Colour = theme.INK
    size: float = 14
    lit: Callable[[], bool] = _never
    alive: Callable[[], bool] = _always
    _down: bool = field(default=False, init=False)
    _shown: object = field(default=None, init=False)

    def prepare(self, canvas: Canvas) -> None:
        """Draw the shadow it stands in."""
        rect = canvas.rect(self.part.box.inside(-1.5))
        shadow = Drawing(rect.w, rect.h, (16, 16, 16), see_through=True)
        shadow.panel((0, 0, rect.w, rect.h), 6 * canvas.scale, (16, 16, 16))
        canvas.base.blit(shadow.done(), rect)

    def draw(self, canvas: Canvas, dt_s: float, afresh: bool) -> bool:
        """Draw it if it was pressed, released, lit or put out."""
        text = self.text if isinstance(self.text, str) else self.text()
        look = (self._down, self.lit(), self.alive(), text)
        if look == self._shown and not afresh:
            return False
        self._shown = look
        canvas.restore(self.part.box)
        canvas.surface.blit(self._face(canvas, *look), canvas.rect(self.part.box))
        return True

    def _face(
        self, canvas: Canvas, down: bool, lit: bool, alive: bool, text: str
    ) -> pygame.Surface:
        rect = canvas.rect(self.part.box)
        s = canvas.scale
        colour = mix(self.colour, theme.CABINET, 0 if alive else 0.6)
        if lit:
            colour = mix(colour, (255, 246, 214), 0.45)
        sunk = 2.0 * s if down else 0.0
        key = Drawing(rect.w, rect.h, colour, see_through=True)
        key.panel((0, sunk, rect.w, rect.h - sunk), 5 * s, mix(colour, (0, 0, 0), 0.45))
        top = rect.h - (2 if down else 4) * s
        key.panel((0, sunk, rect.w, top - sunk), 5 * s, mix(colour, (255, 255, 255), 0.4))
        key.panel((s, sunk + s, rect.w - 2 * s, top - sunk - s), 4.5 * s, colour)
        face = key.done()
        ink = mix(self.ink, colour, 0 if alive else 0.45)
        x, y = rect.w / 2, sunk / 2 + (rect.h - 3 * s) / 2
        lines = text.split("\n")
        if len(lines) == 1:
            _write(canvas, face, lines[0], (x, y), self.size, ink, bold=True)
        else:
            _write(canvas, face, lines[0], (x, y - self.size * 0.42 * s), self.size, ink, bold=True)
            small = mix(ink, colour, 0.15)
            _write(canvas, face, lines[1], (x, y + self.size * 0.72 * s), 11.5, small, bold=False)
        return face

    def press(self, x: float, y: float, button: int) -> None:
        """Push it."""
        self._down = True
        self.act()

    def release(self) -> None:
        """Let it come up."""
        self._down = False

    def enter(self, way: int) -> None:
        """Push it and let go."""
        if way > 0:
            self.act()


def _write(
    canvas: Canvas,
    target: pygame.Surface,
    text: str,
    at: tuple[float, float],
    size: float,
    ink: Colour,
    bold: bool,
) -> None:
    written = canvas.font(size, bold).render(text, True, ink)
    target.blit(written, written.get_rect(center=(round(at[0]), round(at[1]))))
