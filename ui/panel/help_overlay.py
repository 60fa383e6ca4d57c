"""Help that lies over the panel: a label on every part, and the small box beside the pointer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pygame

from . import theme
from .canvas import Canvas, Drawing

if TYPE_CHECKING:
    from .screen import Panel

_LINE, _PAD, _WIDEST = 19, 9, 340


def overlay(canvas: Canvas, panel: Panel) -> pygame.Surface:
    """Dim the panel, outline every part, write its label and its key, and add the panel's notes."""
    sheet = pygame.Surface(canvas.surface.get_size(), pygame.SRCALPHA, 32)
    sheet.fill((8, 8, 8, 170))
    for widget in panel.widgets:
        rect = canvas.rect(widget.part.box)
        colour = theme.ORANGE if widget.part.keys else theme.BLUE
        pygame.draw.rect(sheet, colour, rect, max(1, canvas.size(1.5)), canvas.size(4))
    for widget in panel.widgets:
        _label(canvas, sheet, widget.part.label, widget.part.keys, canvas.rect(widget.part.box))
    panel.notes(canvas, sheet)
    return sheet


def _label(canvas: Canvas, sheet: pygame.Surface, label: str, keys: str, rect: pygame.Rect) -> None:
    if not label:
        return
    font = canvas.font(12, bold=True)
    lines = [font.render(label, True, theme.IVORY)]
    if keys:
        lines.append(canvas.font(12).render(keys, True, theme.ORANGE))
    width = max(line.get_width() for line in lines) + canvas.size(8)
    height = sum(line.get_height() for line in lines) + canvas.size(2)
    box = pygame.Rect(0, 0, width, height)
    box.center = rect.center
    box.clamp_ip(sheet.get_rect())
    pygame.draw.rect(sheet, (*theme.STATUS, 235), box, border_radius=canvas.size(3))
    y = box.top + canvas.size(1)
    for line in lines:
        sheet.blit(line, line.get_rect(midtop=(box.centerx, y)))
        y += line.get_height()


def tooltip(canvas: Canvas, text: str, x: float, y: float, part_top: float) -> None:
    """Write an explanation below a logical point; where there is no room, above the whole part."""
    lines = wrapped(canvas, text, _WIDEST, 14)
    width = max(canvas.width_of(line, 14) for line in lines) + 2 * _PAD
    height = len(lines) * _LINE + 2 * _PAD - 4
    left = min(x + 16, canvas.logical[0] - width - 4)
    top = y + 20 if y + 24 + height < canvas.logical[1] else part_top - 8 - height
    size = canvas.size(width), canvas.size(height)
    card = Drawing(*size, theme.INK, see_through=True)
    card.panel((0, 0, *size), 5 * canvas.scale, theme.CREAM)
    card.panel((1, 1, size[0] - 2, size[1] - 2), 4 * canvas.scale, (250, 246, 230))
    canvas.surface.blit(card.done(), canvas.at(left, top))
    for i, line in enumerate(lines):
        at = (left + _PAD, top + _PAD - 2 + _LINE * (i + 0.5))
        canvas.text(line, at, 14, theme.INK)


def wrapped(canvas: Canvas, text: str, width: float, size: float) -> list[str]:
    """Break a text into lines no wider than ``width`` (logical)."""
    lines: list[str] = []
    for paragraph in text.split("\n"):
        line = ""
        for word in paragraph.split():
            longer = f"{line} {word}".strip()
            if line and canvas.width_of(longer, size) > width:
                lines.append(line)
                line = word
            else:
                line = longer
        lines.append(line)
    return lines
