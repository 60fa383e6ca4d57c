"""The lines of a picture: how fibres get from their cells to the endings.

Where the net says where its cells stand, a fibre goes to each of its endings in one curve. Where
the places were found (``layout``), it keeps to its lanes: through the columns between cells by its
own, back above all cells, and branches off in the gap before the column it ends in.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..net import Net
from .layout import COLUMN, LOOP, LOOPS, VETO, Layout, layout

ROW, MARGIN = 74, 60
BODY, TIP = 22, 20
"""Half the height of a cell's flat side, and half its length, in pixels."""
POINT = 8
"""By how much the tip is drawn out, in pixels."""
BEFORE = TIP + POINT + 22
"""How far before a cell's middle the gap between columns ends: bulbs and a loop have room."""
TURNS, TURN = 7, 4
"""So many lines that go back are kept apart in a gap, by so many pixels."""
INK = "#1b1b1b"
Point = tuple[float, float]


class Ways(NamedTuple):
    """Where a net's fibres stand, and their lanes.

    Attributes
    ----------
    at
        float64 ``(fibres, 2)``: the middle of each cell, in pixels.
    found
        What was laid out, or None where the net says where its cells stand.
    """

    at: NDArray[np.float64]
    found: Layout | None


def ways(net: Net) -> Ways:
    """Give the places of a net's fibres, and their ways if the net does not say where they are."""
    if net.positions is not None:
        return Ways(_places(net.positions), None)
    found = layout(net)
    heights = [y for lanes in found.lanes.values() for y in lanes.values()]
    down = MARGIN - min([0.0, *found.above.values(), *heights, *found.at[:, 1].tolist()])
    lanes = {f: {x: y + down for x, y in some.items()} for f, some in found.lanes.items()}
    above = {fibre: y + down for fibre, y in found.above.items()}
    at = found.at + np.array([MARGIN, down])
    return Ways(at, found._replace(at=at, lanes=lanes, above=above))


def _places(positions: NDArray[np.float32]) -> NDArray[np.float64]:
    at = positions.astype(np.float64)
    at = at - at.min(axis=0)
    gaps = [np.diff(np.unique(np.round(at[:, axis], 3))) for axis in (0, 1)]
    scale = [
        need / max(1e-3, float(gap.min())) if len(gap) else 1.0
        for need, gap in zip((COLUMN, ROW), gaps, strict=True)
    ]
    placed: NDArray[np.float64] = np.minimum(at * scale, 20_000) + MARGIN
    return placed


def extent(given: Ways) -> Point:
    """Give how far to the right and down cells and lanes reach."""
    right, bottom = given.at.max(axis=0, initial=0).tolist()
    lanes = given.found.lanes.values() if given.found else ()
    return right, max([bottom, *(y for some in lanes for y in some.values())])


def trunks(net: Net, found: Layout) -> list[str]:
    """Draw the lanes of the fibres, and for those that go back the lines above all cells."""
    lines = []
    for fibre, lanes in found.lanes.items():
        here = _leaves(net, fibre, found.at)
        path = _start(here)
        for column in sorted(lanes):
            middle, y = MARGIN + column * found.pitch, lanes[column]
            path += _bend(here, (middle - BEFORE, y)) + f" L{middle + TIP:.0f},{y:.1f}"
            here = (middle + TIP, y)
        lines.append(line(path))
    for fibre, top in found.above.items():
        here, turn = _leaves(net, fibre, found.at), _turn(fibre, found)
        lines.append(line(f"{_start(here)} L{turn:.0f},{here[1]:.1f} L{turn:.0f},{top:.1f}"))
    return lines


def comes_from(net: Net, fibre: int, target: int, given: Ways) -> float:
    """Tell how high a fibre is when it comes to a cell's column; from above if it goes back."""
    if given.found is None or fibre == target:
        return float(given.at[fibre][1])
    if given.found.column[fibre] >= given.found.column[target]:
        return 0.0
    return _branches(net, fibre, target, given.found)[1]


def to_fork(net: Net, fibre: int, target: int, given: Ways, fork: Point, delay: int) -> str:
    """Draw a fibre's way to where it forks into bulbs on a cell."""
    if given.found is None or fibre == target:
        return _curve(net, fibre, given.at, fork, delay)
    return line(_to(net, fibre, target, given.found, fork)) + _later(fork[0] - 8, fork[1], delay)


def to_loop(
    net: Net, fibre: int, target: int, given: Ways, loop: Point, side: int, nth: int, delay: int
) -> str:
    """Draw a fibre's way to a loop round a cell's tip, from above (-1), below (1), or behind (0).

    ``nth`` counts the loops of the cell, that nearest the tip first.
    """
    if not side:
        end = (loop[0] - 5, loop[1])
        return to_fork(net, fibre, target, given, end, delay)
    rim = (loop[0], loop[1] + side * 5)
    if given.found is None or fibre == target:
        return _curve(net, fibre, given.at, rim, delay, side * 26)
    near = (loop[0] - 10, loop[1] + side * (LOOP + VETO * nth))
    path = _to(net, fibre, target, given.found, near)
    return (
        line(f"{path} Q{loop[0]:.0f},{near[1]:.1f} {rim[0]:.0f},{rim[1]:.1f}")
        + _later(near[0] - 8, near[1], delay)
    )  # fmt: skip


def loops(tip: float, number: int) -> list[float]:
    """Tell how far to the right the loops round a tip stand, that nearest the tip first."""
    apart = LOOP * min(1.0, LOOPS / max(1, number))
    return [tip - 6 - apart * nth for nth in range(number)]


def line(path: str) -> str:
    """Draw a fibre."""
    return f'<path d="{path}" stroke="{INK}" stroke-width="1.2" fill="none"/>'


def words(x: float, y: float, text: str) -> str:
    """Write a small remark."""
    return f'<text x="{x:.0f}" y="{y:.0f}" font-size="12" text-anchor="middle">{text}</text>'


def _later(x: float, y: float, delay: int) -> str:
    return words(x, y - 5, f"+{delay - 1}") if delay > 1 else ""


def _start(point: Point) -> str:
    return f"M{point[0]:.0f},{point[1]:.1f}"


def _bend(start: Point, end: Point) -> str:
    middle = (start[0] + end[0]) / 2
    return f" C{middle:.0f},{start[1]:.1f} {middle:.0f},{end[1]:.1f} {end[0]:.0f},{end[1]:.1f}"


def _leaves(net: Net, fibre: int, at: NDArray[np.float64]) -> Point:
    """Where a fibre begins: at its cell's flat side, if it has a cell."""
    x, y = at[fibre].tolist()
    return (x + TIP if fibre >= net.afferents else x), y


def _branches(net: Net, fibre: int, target: int, found: Layout) -> Point:
    """Where a fibre branches off to a cell further on: at its cell, or the end of a lane."""
    before = int(found.column[target]) - 1
    lane = found.lanes.get(fibre, {}).get(before)
    if lane is None:
        return _leaves(net, fibre, found.at)
    return MARGIN + before * found.pitch + TIP, lane


def _turn(fibre: int, found: Layout) -> float:
    """Where a fibre that goes back turns upwards, behind its cell's column."""
    apart = TURN * (list(found.above).index(fibre) % TURNS)
    return MARGIN + int(found.column[fibre]) * found.pitch + TIP + 14 + apart


def _to(net: Net, fibre: int, target: int, found: Layout, end: Point) -> str:
    """Lead a fibre into the gap before a cell's column, and to a point there."""
    if found.column[fibre] < found.column[target]:
        start = _branches(net, fibre, target, found)
        left = MARGIN + int(found.column[target]) * found.pitch - BEFORE
        if end[0] <= left:
            return _start(start) + _bend(start, end)
        return _start(start) + _bend(start, (left, end[1])) + f" L{end[0]:.0f},{end[1]:.1f}"
    apart = TURN * (list(found.above).index(fibre) % TURNS)
    top = found.above[fibre]
    down = min(end[0], MARGIN + int(found.column[target]) * found.pitch - BEFORE) - 8 - apart
    path = f"M{_turn(fibre, found):.0f},{top:.1f} L{down:.0f},{top:.1f} L{down:.0f},{end[1]:.1f}"
    return f"{path} L{end[0]:.0f},{end[1]:.1f}"


def _curve(
    net: Net, fibre: int, at: NDArray[np.float64], end: Point, delay: int, from_side: float = 0.0
) -> str:
    """Draw a fibre from its cell to its end in one curve; back over the top if it goes back."""
    x, y = _leaves(net, fibre, at)
    bend = max(30.0, (end[0] - x) / 2)
    if end[0] > x:
        second = f"{end[0]:.0f},{end[1] + from_side:.0f}" if from_side else (
            f"{end[0] - bend:.0f},{end[1]:.0f}"
        )  # fmt: skip
        path = f"{_start((x, y))} C{x + bend:.0f},{y:.1f} {second} {end[0]:.0f},{end[1]:.1f}"
    else:
        top = min(y, end[1] + BODY) - BODY - 20
        before = end[0] if from_side else end[0] - 34
        path = (f"{_start((x, y))} C{x + 40:.0f},{y:.1f} {x + 40:.0f},{top:.1f} {x:.0f},{top:.1f} "
                f"L{end[0]:.0f},{top:.1f} C{before:.0f},{top:.1f} {before:.0f},{end[1]:.1f} "
                f"{end[0]:.0f},{end[1]:.1f}")  # fmt: skip
    return line(path) + (
        words((x + end[0]) / 2, (y + end[1]) / 2 - 6, f"+{delay - 1}") if delay > 1 else ""
    )
