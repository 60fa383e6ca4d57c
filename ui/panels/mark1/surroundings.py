"""What the Mark I's panel stands in, and the card that says what of it is history."""

from __future__ import annotations

import pygame

from machines.mark1 import Description
from simulator.pedigree import Evidence, pedigree
from ui.panel import theme
from ui.panel.canvas import Box, Canvas
from ui.panel.furniture import cabinet, plate, rule, ruled_header, slab, well

from . import places, response

EVIDENCE_COLOURS = {
    Evidence.DOCUMENTED: theme.GREEN,
    Evidence.RECONSTRUCTED: theme.ORANGE,
    Evidence.ASSUMED: theme.FAINT,
}


def furniture(canvas: Canvas, description: Description, with_eye: bool = False) -> None:
    """Stand up cabinets, plates and wells, and engrave the legends."""
    _sensory(canvas, places.threshold_y(with_eye))
    _association(canvas, description)
    _response(canvas, description)
    _desk(canvas)


def _sensory(canvas: Canvas, threshold_y: float) -> None:
    cabinet(canvas, places.SENSORY, "SENSORY DISPLAY")
    well(canvas, places.RETINA.inside(-4))
    bay = places.BAY
    plate(canvas, bay)
    canvas.legend("DRAW ABOVE, OR SHOW A LETTER", (bay.x + bay.w / 2, bay.y + 17), 12, theme.INK)
    y = (places.TOOLS_BOTTOM + threshold_y) / 2
    rule(canvas, (bay.x + 15, y), (bay.x + bay.w - 15, y), (140, 141, 137))
    at = (bay.x + 18, threshold_y + 10)
    canvas.text("Threshold θ of", at, 14, theme.INK, target=canvas.base)
    canvas.text("the A-units", (at[0], at[1] + 18), 14, theme.INK, target=canvas.base)


def _association(canvas: Canvas, description: Description) -> None:
    cabinet(canvas, places.ASSOCIATION, "ASSOCIATION UNITS AND THEIR VALUES")
    well(canvas, places.UNITS_WELL)
    bay = places.units(description.association_units)
    for x in bay.strips:
        rule(canvas, (x, bay.pots[0][1]), (x, bay.bottom), (70, 72, 72))
    for box, text in bay.headers:
        if canvas.width_of(text, 11) < box.w:
            ruled_header(canvas, box, text)


def _response(canvas: Canvas, description: Description) -> None:
    cabinet(canvas, places.RESPONSE, "RESPONSE")
    box = places.R_PLATE
    plate(canvas, box)
    count = description.response_units
    height = response.row_height(count)
    for r in range(count):
        y = response.row_y(r, count) + height / 2
        used = r < description.responses_in_use
        ink = theme.INK if used else (84, 85, 82)
        canvas.text(f"R{r + 1}", (box.x + 22, y), 16, ink, bold=True, target=canvas.base)
        slab(canvas, Box(box.x + 56, y - height / 2 + 2, 24, height - 4), 3, (40, 41, 41))
        if not used:
            canvas.text("not plugged", (box.x + 283, y), 13, ink, "center", target=canvas.base)
    canvas.legend("REINFORCEMENT", (1031, 540), 12)
    for i, text in enumerate(("pulses", "trials", "wrong")):
        at = (1192, 558 + i * 38)
        canvas.text(text, at, 14, theme.IVORY, "midright", target=canvas.base)
    y = box.y + 18
    for x, text in ((68, "shows"), (158, "sum, degrees"), (283, "desired")):
        canvas.text(text, (box.x + x, y), 12, theme.INK, "center", target=canvas.base)


def _desk(canvas: Canvas) -> None:
    box = places.DESK
    cabinet(canvas, box)
    canvas.legend("SPEED", (902, box.y + box.h - 11), 11)
    name = Box(box.x + box.w - 94, box.y + 14, 84, box.h - 28)
    slab(canvas, name, 4, (168, 142, 84), texture=1.2)
    for y, size, text in ((20, 12, "MARK I"), (36, 9.5, "PERCEPTRON"), (52, 9.5, "1960")):
        x = name.x + name.w / 2
        canvas.text(text, (x, name.y + y - 3), size, (40, 32, 14), "center", True, canvas.base)


def notes(canvas: Canvas, sheet: pygame.Surface, description: Description) -> None:
    """Draw the card: what is invented, and for every number how we know it."""
    box = places.UNITS_WELL
    pygame.draw.rect(sheet, (*theme.STATUS, 248), canvas.rect(box), border_radius=canvas.size(6))

    def line(text: str, at: tuple[float, float], size: float, colour: theme.Colour) -> None:
        canvas.text(text, at, size, colour, target=sheet)

    x, y = box.x + 16, box.y + 20
    canvas.text("What is history here, and what is not", (x, y), 17, theme.IVORY, bold=True,
                target=sheet)  # fmt: skip
    for text in (
        "Colours are invented: every photograph is black and white.",
        "The desk with TEACH, RUN and UNDO and the answer’s window are ours.",
        "A pointer is an A-unit’s value: right (orange) +, left (blue) −.",
        "How each number of this machine is known:",
    ):
        y += 20
        line(text, (x, y), 13, theme.FAINT)
    y += 12
    rows = pedigree(description)
    pitch = min(18.5, (box.y + box.h - 62 - y) / len(rows))
    for row in rows:
        y += pitch
        number = f"{row.default:,} {row.unit}".strip()
        room = 366 - canvas.width_of(number, 12)
        line(_cut(canvas, row.doc, room), (x, y), 12, theme.IVORY)
        canvas.text(number, (x + 376, y), 12, theme.IVORY, "midright", target=sheet)
        line(str(row.evidence), (x + 386, y), 12, EVIDENCE_COLOURS[row.evidence])
    y = box.y + box.h - 38
    for text in (
        "Tab: next part, Enter: press, F10: picture, F11: full screen, Esc: quit.",
        "Small letters press keys; capital letters (Shift) are shown to the eye.",
    ):
        line(text, (x, y), 12.5, theme.LAMP)
        y += 20


def _cut(canvas: Canvas, text: str, width: float) -> str:
    while canvas.width_of(text, 12) > width:
        text = text[:-2].rstrip("…, ") + "…"
    return text
