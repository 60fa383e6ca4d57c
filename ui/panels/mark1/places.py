"""Where everything stands on the Mark I's panel, in logical coordinates.

After the photographs, from left to right: the sensory display with a bright switch bay beneath, the
open dark bay of the association units (8 racks of 64), the control rack with the eight response
units, and, our own addition, an operator's desk in front. Nothing is placed by the machine's
usual sizes: other retinas and other numbers of A-units find their room in the same bays.
"""

from __future__ import annotations

import math
from typing import NamedTuple

from ui.panel.canvas import Box

SENSORY = Box(10, 8, 356, 662)
RETINA = Box(28, 42, 320, 320)
BAY = Box(20, 376, 336, 284)
ASSOCIATION = Box(374, 8, 528, 662)
UNITS_WELL = Box(386, 40, 504, 618)
RESPONSE = Box(910, 8, 360, 662)
ANSWER = Box(924, 40, 332, 92)
R_PLATE = Box(920, 142, 340, 376)
DESK = Box(10, 676, 1260, 94)
STATUS = Box(0, 774, 1280, 26)
TOOLS_BOTTOM = BAY.y + 182
"""Where the keys under the letters end."""
EYE = Box(BAY.x + 16, BAY.y + 242, 304, 35)
"""The key of a physical eye; without one there is no such key."""

_UNIT_ASPECT = 30 / 18.4
"""Width by height of an A-unit's lamp and potentiometer together."""
_LARGEST_UNIT = 52.0


def threshold_y(with_eye: bool) -> float:
    """Give where the keys of the threshold begin: higher if an eye's key stands beneath them."""
    return BAY.y + (199 if with_eye else 222)


class Units(NamedTuple):
    """How the A-units stand in their bay.

    Attributes
    ----------
    lamps, pots
        Upper left corner of each tile.
    lamp, pot
        Width and height of the tiles.
    headers
        Place and text of the legend over each rack.
    strips
        Where the metal strips between the racks stand.
    bottom
        Where they end.
    """

    lamps: list[tuple[float, float]]
    pots: list[tuple[float, float]]
    lamp: tuple[float, float]
    pot: tuple[float, float]
    headers: list[tuple[Box, str]]
    strips: list[float]
    bottom: float


def units(count: int) -> Units:
    """Place so many A-units: racks two units wide, label numbers along each row, rack by rack."""
    top, bottom = UNITS_WELL.y + 24, UNITS_WELL.y + UNITS_WELL.h - 6
    room_w, room_h = UNITS_WELL.w - 8, bottom - top
    racks, rows = _fitting(count, room_w, room_h)
    rack_w = min(room_w / racks, 2 * _LARGEST_UNIT * _UNIT_ASPECT)
    clusters = max(1, math.ceil(rows / 4))
    gap = min(4.0, room_h / clusters * 0.06)
    pitch = min((room_h - gap * (clusters - 1)) / rows, rack_w / 2 / _UNIT_ASPECT * 1.04)
    gutter = min(5.0, rack_w * 0.08)
    unit_w = (rack_w - gutter) / 2
    pot = min(pitch * 0.96, unit_w * 0.62)
    lamp_w = unit_w - pot
    top += (room_h - pitch * rows - gap * (clusters - 1)) / 2
    left = UNITS_WELL.x + (UNITS_WELL.w - rack_w * racks) / 2
    lamps, pots = [], []
    for i in range(count):
        rack, place = divmod(i, 2 * rows)
        row, side = divmod(place, 2)
        x = left + rack * rack_w + gutter / 2 + side * unit_w
        y = top + row * pitch + (row // 4) * gap
        lamps.append((x, y + (pitch - pot) / 2))
        pots.append((x + lamp_w, y + (pitch - pot) / 2))
    headers = []
    for rack in range(racks):
        box = Box(left + rack * rack_w + 3, top - 20, rack_w - 6, 16)
        first = rack * 2 * rows + 1
        headers.append((box, f"{first}–{min(count, first + 2 * rows - 1)}"))
    strips = [left + rack * rack_w for rack in range(1, racks) if rack_w > 20]
    lowest = max(y for _, y in pots) + pot
    return Units(lamps, pots, (lamp_w, pot), (pot, pot), headers, strips, lowest)


def _fitting(count: int, width: float, height: float) -> tuple[int, int]:
    """Choose racks and rows so that the units come out as large as can be."""
    best, largest = (1, math.ceil(count / 2)), 0.0
    for racks in range(1, math.ceil(count / 2) + 1):
        rows = math.ceil(count / (2 * racks))
        large = min(width / racks / 2 / _UNIT_ASPECT, height / rows)
        if large > largest:
            best, largest = (math.ceil(count / (2 * rows)), rows), large
    return best
