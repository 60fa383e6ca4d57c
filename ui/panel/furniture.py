"""What a panel stands in: cabinets of hammertone enamel, metal plates, dark fields, screws.

All of it is drawn on the canvas's base, once per window size.
"""

from __future__ import annotations

import numpy as np
import pygame

from . import theme
from .canvas import Box, Canvas, Drawing
from .theme import Colour, mix


def slab(canvas: Canvas, box: Box, radius: float, colour: Colour, texture: float = 0.0) -> None:
    """Put down a plate with round corners, a light upper and a dark lower edge.

    Parameters
    ----------
    canvas
        Its base is drawn on.
    box, radius
        Place and corner radius, logical.
    colour
        Of its middle.
    texture
        Strength of the hammertone, 0 for smooth.
    """
    rect = canvas.rect(box)
    r = radius * canvas.scale
    edge = max(1.0, canvas.scale)
    layers = (
        ((0.0, 0.0, rect.w, rect.h), mix(colour, (0, 0, 0), 0.55)),
        ((0.0, 0.0, rect.w, rect.h - edge), mix(colour, (255, 255, 255), 0.28)),
        ((edge, edge, rect.w - 2 * edge, rect.h - 2 * edge), colour),
    )
    plate = Drawing(rect.w, rect.h, colour, see_through=True)
    for place, tint in layers:
        plate.panel(place, r, tint)
    picture = plate.done()
    _shade(picture, texture)
    canvas.base.blit(picture, rect)


def _shade(picture: pygame.Surface, texture: float) -> None:
    """Lighten the top, darken the bottom, and hammer the enamel (the same way every time)."""
    width, height = picture.get_size()
    slope = np.linspace(7, -7, height)[np.newaxis, :, np.newaxis]
    grain = np.zeros((width, height, 1))
    if texture:
        random = np.random.default_rng(1960).normal(0, texture, (width + 2, height + 2))
        soft = random[1:-1, 1:-1] + random[:-2, 1:-1] + random[1:-1, :-2] + random[2:, 2:]
        grain = soft[:, :, np.newaxis] / 2
    pixels = pygame.surfarray.pixels3d(picture)
    pixels[...] = np.clip(pixels + slope + grain, 0, 255).astype(np.uint8)
    del pixels


def cabinet(canvas: Canvas, box: Box, name: str = "") -> None:
    """Stand a cabinet of grey hammertone on the floor, its name engraved at the top."""
    slab(canvas, box, 7, theme.CABINET, texture=2.2)
    if name:
        canvas.legend(name, (box.x + box.w / 2, box.y + 16), 13)


def plate(canvas: Canvas, box: Box, screws: bool = True) -> None:
    """Screw a bright metal panel on."""
    slab(canvas, box, 4, theme.ALUMINIUM, texture=1.0)
    if screws:
        for x in (box.x + 8, box.x + box.w - 8):
            for y in (box.y + 8, box.y + box.h - 8):
                screw(canvas, x, y)


def well(canvas: Canvas, box: Box) -> None:
    """Sink a flat dark field into the panel; its ground is exactly the theme's FIELD."""
    rect = canvas.rect(box.inside(-2))
    sunk = Drawing(rect.w, rect.h, theme.CABINET_EDGE, see_through=True)
    r = 5 * canvas.scale
    sunk.panel((0, 0, rect.w, rect.h), r, mix(theme.CABINET, (255, 255, 255), 0.18))
    sunk.panel((0, 0, rect.w, rect.h - max(1.0, canvas.scale)), r, (10, 10, 11))
    edge = max(1.0, 1.5 * canvas.scale)
    sunk.panel((edge, edge, rect.w - 2 * edge, rect.h - 2 * edge), r * 0.7, theme.FIELD)
    canvas.base.blit(sunk.done(), rect)


def screw(canvas: Canvas, x: float, y: float) -> None:
    """Drive a slotted screw."""
    side = max(4, canvas.size(8))
    drawing = Drawing(side, side, theme.ALUMINIUM, see_through=True)
    drawing.circle(side / 2, side / 2, side * 0.46, (112, 112, 108))
    drawing.circle(side / 2 - 0.3, side / 2 - 0.4, side * 0.36, (168, 168, 163))
    cut = side * 0.3
    slot = ((side / 2 - cut, side / 2 - cut * 0.5), (side / 2 + cut, side / 2 + cut * 0.5))
    drawing.line(*slot, max(1.0, side * 0.12), (70, 70, 68))
    left, top = canvas.at(x, y)
    canvas.base.blit(drawing.done(), (left - side // 2, top - side // 2))


def rule(canvas: Canvas, a: tuple[float, float], b: tuple[float, float], colour: Colour) -> None:
    """Rule a thin level or upright line on the base."""
    width = max(1, round(canvas.scale))
    pygame.draw.line(canvas.base, colour, canvas.at(*a), canvas.at(*b), width)


def ruled_header(canvas: Canvas, box: Box, text: str) -> None:
    """Write a small legend over a column, with a rule on either side of it."""
    x, y = box.middle
    half = canvas.width_of(text, 11) / 2 + 4
    canvas.text(text, (x, y), 11, theme.IVORY, "center", target=canvas.base)
    rule(canvas, (box.x, y), (x - half, y), theme.FIELD_RULE)
    rule(canvas, (x + half, y), (box.x + box.w, y), theme.FIELD_RULE)
