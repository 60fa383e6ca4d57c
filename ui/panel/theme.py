"""Colours, letters and sizes of the panels.

**The colours are invented.** Every known photograph of the Mark I is black and white. What is kept
from the photographs is what is light and what is dark: grey cabinets, bright metal panels, a dark
lamp field with tiny white lamps. Positive values are orange and negative ones blue, a pair that
stays apart for every kind of colour blindness, and a pointer always says the sign as well.
"""

from __future__ import annotations

import importlib.util
from pathlib import Path

Colour = tuple[int, int, int]

LOGICAL = (1280, 800)
"""Size of the canvas all widgets are placed on; it is scaled to the window."""
LEAST_WINDOW = (960, 600)

WALL: Colour = (33, 34, 32)
CABINET: Colour = (96, 101, 92)
CABINET_EDGE: Colour = (58, 61, 55)
ALUMINIUM: Colour = (190, 191, 186)
FIELD: Colour = (24, 26, 29)
FIELD_RULE: Colour = (92, 96, 98)
LAMP: Colour = (255, 230, 184)
LAMP_OFF: Colour = (56, 55, 53)
CHROME: Colour = (128, 130, 128)
BAKELITE: Colour = (30, 29, 30)
IVORY: Colour = (232, 229, 214)
INK: Colour = (27, 28, 30)
ORANGE: Colour = (240, 160, 24)
BLUE: Colour = (66, 156, 230)
RED: Colour = (188, 62, 48)
GREEN: Colour = (108, 156, 92)
CREAM: Colour = (222, 214, 190)
GREY_KEY: Colour = (112, 114, 112)
STATUS: Colour = (18, 19, 19)
FAINT: Colour = (150, 152, 142)


def mix(a: Colour, b: Colour, t: float) -> Colour:
    """Blend two colours: ``a`` at t = 0, ``b`` at t = 1."""
    t = min(max(t, 0.0), 1.0)
    return (
        round(a[0] + (b[0] - a[0]) * t),
        round(a[1] + (b[1] - a[1]) * t),
        round(a[2] + (b[2] - a[2]) * t),
    )


def font_file(bold: bool) -> Path | None:
    """Find DejaVu Sans, which comes with matplotlib; None means pygame's own letters."""
    spec = importlib.util.find_spec("matplotlib")
    if spec is None or spec.origin is None:
        return None
    name = "DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf"
    path = Path(spec.origin).parent / "mpl-data" / "fonts" / "ttf" / name
    return path if path.is_file() else None
