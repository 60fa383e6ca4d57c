"""Windows: dark panes in which letters stand.

A :class:`Window` shows a few glowing figures; :class:`Answer` is the large one that says what the
machine answers; :class:`StatusBar` is the line at the bottom, where mistakes are told.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

import pygame

from . import theme
from .canvas import Canvas
from .furniture import well
from .part import Part, Untouchable
from .theme import Colour


@dataclass(eq=False)
class Window(Untouchable):
    """A pane with one line.

    Attributes
    ----------
    part
        Name, place and so on.
    text
        Gives the line.
    size, colour
        Of the letters.
    """

    part: Part
    text: Callable[[], str]
    size: float = 16
    colour: Colour = theme.LAMP
    _shown: str | None = field(default=None, init=False)

    def prepare(self, canvas: Canvas) -> None:
        """Sink the pane."""
        well(canvas, self.part.box)

    def draw(self, canvas: Canvas, dt_s: float, afresh: bool) -> bool:
        """Write the line if it changed."""
        text = self.text()
        if text == self._shown and not afresh:
            return False
        self._shown = text
        canvas.restore(self.part.box)
        canvas.text(text, self.part.box.middle, self.size, self.colour, "center", bold=True)
        return True


class Says(NamedTuple):
    """What the answer window says.

    Attributes
    ----------
    large
        A letter or two, shown large.
    mark
        A small figure beside it, so that it does not go by colour alone.
    colour
        Of both.
    lines
        One or two lines of explanation.
    """

    large: str
    mark: str
    colour: Colour
    lines: tuple[str, ...]


@dataclass(eq=False)
class Answer(Untouchable):
    """The large window with the machine's answer."""

    part: Part
    says: Callable[[], Says]
    _shown: Says | None = field(default=None, init=False)
    _halos: dict[tuple[str, Colour], pygame.Surface] = field(default_factory=dict, init=False)

    def prepare(self, canvas: Canvas) -> None:
        """Sink the pane."""
        well(canvas, self.part.box)
        self._halos.clear()

    def _halo(self, canvas: Canvas, text: str, colour: Colour) -> pygame.Surface:
        """Give the glow behind a large letter."""
        if (text, colour) not in self._halos:
            letter = canvas.font(64, bold=True).render(text, True, colour)
            spread = canvas.size(10)
            size = letter.get_width() + 4 * spread, letter.get_height() + 2 * spread
            halo = canvas.tile(*size)
            halo.fill(theme.FIELD)
            halo.blit(letter, letter.get_rect(center=(size[0] // 2, size[1] // 2)))
            halo = pygame.transform.gaussian_blur(halo, spread)
            self._halos[text, colour] = halo
        return self._halos[text, colour]

    def draw(self, canvas: Canvas, dt_s: float, afresh: bool) -> bool:
        """Write the answer if it changed."""
        says = self.says()
        if says == self._shown and not afresh:
            return False
        self._shown = says
        box = self.part.box
        canvas.restore(box)
        x, y = box.x + box.h * 0.78, box.y + box.h / 2
        halo = self._halo(canvas, says.large, says.colour)
        canvas.surface.set_clip(canvas.rect(box))
        canvas.surface.blit(halo, halo.get_rect(center=canvas.at(x, y)))
        canvas.surface.set_clip(None)
        canvas.text(says.large, (x, y), 64, says.colour, "center", bold=True)
        canvas.text(says.mark, (box.x + 22, y), 22, says.colour, "center")
        top = y - 11 * (len(says.lines) - 1)
        for i, line in enumerate(says.lines):
            colour = theme.IVORY if i == 0 else theme.FAINT
            canvas.text(line, (box.x + box.h * 1.42, top + 22 * i), 15, colour)
        return True


@dataclass(eq=False)
class StatusBar(Untouchable):
    """The line at the bottom: what goes on, the last message, and how time passes."""

    part: Part
    texts: Callable[[], tuple[str, str, str]]
    _shown: tuple[str, str, str] | None = field(default=None, init=False)

    def prepare(self, canvas: Canvas) -> None:
        """Lay the strip."""
        canvas.base.fill(theme.STATUS, canvas.rect(self.part.box))

    def draw(self, canvas: Canvas, dt_s: float, afresh: bool) -> bool:
        """Write the texts if one changed; a long message is cut, never written over the others."""
        texts = self.texts()
        if texts == self._shown and not afresh:
            return False
        self._shown = texts
        box = self.part.box
        canvas.restore(box)
        left, message, right = texts
        y = box.y + box.h / 2
        canvas.text(left, (box.x + 14, y), 14, theme.LAMP)
        canvas.text(right, (box.x + box.w - 14, y), 14, theme.IVORY, "midright")
        start = box.x + max(250, canvas.width_of(left, 14) + 34)
        room = box.x + box.w - canvas.width_of(right, 14) - 34 - start
        while message and canvas.width_of(message, 14) > room:
            message = message[:-2].rstrip("…") + "…" if len(message) > 2 else ""
        canvas.text(message, (start, y), 14, theme.ORANGE)
        return True
