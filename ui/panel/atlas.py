"""The atlas: every state a lamp, knob, cell or meter can be in, drawn once per window size.

Sixty times a second some 1,500 little pictures may change. To draw them with smooth edges each time
would be far slower than to copy ready tiles. So each kind has its row of tiles, opaque and no
larger than the pitch of its places, cut once per size: 32 brightnesses of a lamp, 121 angles of a
potentiometer, 91 positions of a needle.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pygame
from numpy.typing import NDArray

from . import theme
from .canvas import Canvas, Drawing
from .theme import Colour, mix

LEVELS = 32
"""Brightnesses of a lamp."""
ANGLES = 121
"""Positions of a potentiometer's pointer; the middle one stands for 0."""
SWEEP_DEG = 140
"""The pointer's travel from straight up to either end."""
LIGHTS = 5
"""Levels of light on a photocell that are told apart."""
NEEDLES = 91
"""Positions of a meter's needle."""


def brightness_levels(lit: NDArray[np.float64]) -> NDArray[np.int64]:
    """Turn lit fractions (0..1) into lamp tiles, lifted as the eye sees them."""
    seen = np.clip(lit, 0.0, 1.0) ** (1 / 2.2)
    return np.rint(seen * (LEVELS - 1)).astype(np.int64)


def lamp_tiles(
    canvas: Canvas,
    width: int,
    height: int,
    ground: Colour = theme.FIELD,
    lit: Colour = theme.LAMP,
) -> list[pygame.Surface]:
    """Draw a small lamp in its bezel at each brightness, on a plain ground."""
    tiles = []
    radius = min(width, height) * 0.33
    for level in range(LEVELS):
        t = level / (LEVELS - 1)
        tiles.append(_lamp(canvas, width, height, radius, t, ground, lit))
    return tiles


def _lamp(
    canvas: Canvas, width: int, height: int, radius: float, t: float, ground: Colour, lit: Colour
) -> pygame.Surface:
    x, y = width / 2, height / 2
    drawing = Drawing(width, height, ground)
    if t > 0:
        drawing.glow(x, y, radius, min(width, height) * 0.56, mix(ground, lit, 0.5 * t), ground)
    drawing.circle(x, y, radius * 1.06, mix(theme.CHROME, lit, 0.75 * t) if t else (78, 79, 78))
    drawing.circle(x, y, radius * 0.8, mix(theme.LAMP_OFF, lit, t))
    core = mix(mix(theme.LAMP_OFF, theme.IVORY, 0.12), (255, 252, 240), t)
    drawing.circle(x - radius * 0.12 * (1 - t), y - radius * 0.15 * (1 - t), radius * 0.45, core)
    return _fit(canvas, drawing)


def cell_tiles(canvas: Canvas, width: int, height: int) -> list[pygame.Surface]:
    """Draw a cell of the sensory display: index = light step * LEVELS + lamp brightness.

    The light falling on the photocell tints the ground, the S-unit's lamp stands on it: so a
    stroke is seen at once, even while the machine's time stands still.
    """
    tiles = []
    radius = min(width, height) * 0.31
    for light in range(LIGHTS):
        ground = mix(theme.FIELD, (112, 104, 86), light / (LIGHTS - 1))
        for level in range(LEVELS):
            t = level / (LEVELS - 1)
            drawing = Drawing(width, height, theme.FIELD)
            if light:
                drawing.panel((0, 0, width - 0.75, height - 0.75), 1.0, ground)
            x, y = width / 2 - 0.25, height / 2 - 0.25
            if t > 0:
                drawing.glow(x, y, radius, width * 0.5, mix(ground, theme.LAMP, 0.6 * t), ground)
            drawing.circle(x, y, radius, mix((58, 58, 57), theme.LAMP, t))
            drawing.circle(x, y, radius * 0.6, mix((70, 69, 66), (255, 252, 242), t))
            tiles.append(_fit(canvas, drawing))
    return tiles


def angle_indices(value: NDArray[np.int64], travel: int) -> NDArray[np.int64]:
    """Turn angles (-travel..+travel, any unit) into potentiometer tiles."""
    half = ANGLES // 2
    return np.clip(np.rint(value / max(1, travel) * half), -half, half).astype(np.int64) + half


def pot_tiles(
    canvas: Canvas, width: int, height: int, ground: Colour = theme.FIELD
) -> list[pygame.Surface]:
    """Draw a potentiometer at each angle: ivory pointer, and an arc of its sign's colour.

    The arc runs from straight up to the pointer: orange clockwise (+), blue the other way (-).
    """
    tiles = []
    half = ANGLES // 2
    x, y, radius = width / 2, height / 2, min(width, height) * 0.47
    for step in range(-half, half + 1):
        share = abs(step) / half
        tint = theme.ORANGE if step > 0 else theme.BLUE
        degrees = SWEEP_DEG * step / half
        drawing = Drawing(width, height, ground)
        if radius < 3.5:
            drawing.panel((0.5, 0.5, width - 1, height - 1), 1, mix((52, 52, 52), tint, share**0.4))
            tiles.append(_fit(canvas, drawing))
            continue
        ring = min(2.4, radius * 0.26) if radius < 14 else radius * 0.2
        drawing.band(x, y, radius - ring, radius, (-SWEEP_DEG, SWEEP_DEG), (58, 61, 64))
        if step:
            drawing.band(x, y, radius - ring, radius, (0, degrees), tint)
        knob = radius - ring - 0.2
        face = mix((84, 85, 85), tint, 0.22 + 0.55 * share**0.6 if step else 0)
        drawing.circle(x, y, knob, (12, 12, 13))
        drawing.circle(x, y, knob - 0.6, mix(face, (0, 0, 0), 0.25))
        drawing.circle(x - knob * 0.07, y - knob * 0.1, knob - 1.3, face)
        sine, cosine = math.sin(math.radians(degrees)), math.cos(math.radians(degrees))
        tip = (x + sine * (radius - ring * 0.4), y - cosine * (radius - ring * 0.4))
        tail = (x - sine * knob * 0.2, y + cosine * knob * 0.2)
        drawing.line(tail, tip, max(2.4, radius * 0.3), (20, 20, 20))
        drawing.line(tail, tip, max(1.5, radius * 0.2), (255, 252, 238))
        tiles.append(_fit(canvas, drawing))
    return tiles


def needle_indices(deflection: NDArray[np.float64]) -> NDArray[np.int64]:
    """Turn deflections (-1..+1) into meter tiles."""
    half = NEEDLES // 2
    return np.rint(np.clip(deflection, -1.0, 1.0) * half).astype(np.int64) + half


def meter_tiles(
    canvas: Canvas, width: int, height: int, marks: list[tuple[float, str]]
) -> list[pygame.Surface]:
    """Draw a moving-coil meter at each position of its needle.

    Parameters
    ----------
    canvas
        The canvas.
    width, height
        Size of the meter in pixels.
    marks
        ``(deflection -1..+1, text)``: the scale; no text gives a small tick.
    """
    face, swing = _dial(canvas, width, height, marks)
    tiles = []
    half = NEEDLES // 2
    for step in range(-half, half + 1):
        needle = Drawing(width, height, (24, 20, 20), see_through=True)
        needle.line(swing(step / half, 0.0), swing(step / half, 0.98), max(1.3, height * 0.035),
                    (24, 20, 20))  # fmt: skip
        needle.panel((2, height * 0.86, width - 4, height), 0, (24, 22, 22))
        tile = face.copy()
        tile.blit(needle.done(), (0, 0))
        pygame.draw.rect(tile, (22, 22, 23), tile.get_rect(), max(1, canvas.size(1.5)), 3)
        tiles.append(tile)
    return tiles


Swing = Callable[[float, float], tuple[float, float]]


def _dial(
    canvas: Canvas, width: int, height: int, marks: list[tuple[float, str]]
) -> tuple[pygame.Surface, Swing]:
    """Draw a meter without its needle; give it and the place of a deflection and radius (0..1).

    The scale is a flat arc as wide as the meter, its pivot far below.
    """
    reach, rise = width * 0.43, height * 0.26
    widest = 2 * math.atan(rise / reach)
    radius = reach / math.sin(widest)
    pivot = height * 0.12 + radius

    def swing(deflection: float, share: float) -> tuple[float, float]:
        a, r = deflection * widest, radius * share
        return width / 2 + r * math.sin(a), pivot - r * math.cos(a)

    dial = Drawing(width, height, theme.ALUMINIUM)
    dial.panel((0, 0, width, height), height * 0.08, (236, 229, 206))
    thin = max(1.0, height * 0.022)
    steps = [swing(i / 20 - 1, 0.999) for i in range(41)]
    for a, b in pairwise(steps):
        dial.line(a, b, thin, (70, 66, 58))
    for at, text in marks:
        tint = theme.INK if at == 0 else (168, 92, 0) if at > 0 else (20, 86, 150)
        tick = height * (0.16 if text else 0.1) / radius
        dial.line(swing(at, 1.0 - tick), swing(at, 1.0), thin * (1.6 if text else 1.0), tint)
    face = _fit(canvas, dial)
    font = canvas.font(max(8.5, height / canvas.scale * 0.235))
    for at, text in marks:
        written = font.render(text, True, (70, 66, 56))
        x, y = swing(at, 1.0 - height * 0.34 / radius)
        face.blit(written, written.get_rect(center=(round(x), round(y))))
    return face, swing


def _fit(canvas: Canvas, drawing: Drawing) -> pygame.Surface:
    """Bring a finished drawing into the canvas's own pixel format."""
    tile = canvas.tile(drawing.width, drawing.height)
    tile.blit(drawing.done(), (0, 0))
    return tile
