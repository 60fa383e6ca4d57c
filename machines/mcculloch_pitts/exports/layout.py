"""Where a net's cells stand when nobody has said so, and the ways its fibres take between them.

Cells stand in columns by how far they are from the afferents. A fibre that goes further than to
the next column has a lane of its own through every column between, in line with the cells, so
that no line runs through a cell it does not end on; a fibre that goes back runs above all cells.
Within a column cells and lanes are ordered by where their sources stand, which keeps lines short.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..net import Net

COLUMN, CELL, LANE = 150.0, 74.0, 20.0
"""Pixels: from column to column, and the height of a cell's place and of a lane."""
VETO = 5.0
"""Besides, for every veto that comes to a cell: its line is so much further from the middle."""
LOOP, LOOPS, FEW_LOOPS = 12.0, 12, 3
"""How far loops at a tip are apart while there are no more than so many, for how many a column
has room; it is made wider for more."""
SWEEPS = 6
"""How often the columns are looked through from left to right, and back."""


class Layout(NamedTuple):
    """Where everything is, in pixels.

    Attributes
    ----------
    at
        float64 ``(fibres, 2)``: the middle of each fibre's cell.
    column
        int64 ``(fibres,)``.
    lanes
        For each fibre, how high it passes each of the columns it passes.
    above
        For each fibre that goes back, the height of its line above all cells.
    pitch
        From column to column.
    """

    at: NDArray[np.float64]
    column: NDArray[np.int64]
    lanes: dict[int, dict[int, float]]
    above: dict[int, float]
    pitch: float


Item = tuple[int, int]
"""A fibre in a column: its cell, or the lane by which it passes."""


def layout(net: Net) -> Layout:
    """Find places for the cells of a net, and lanes for its fibres."""
    sources = [
        {fibre for fibre, _, _ in (*net.excited_by(cell), *net.vetoed_by(cell))}
        for cell in range(net.cells)
    ]
    column = _columns(net, sources)
    last = column.copy()
    back = []
    for cell, some in enumerate(sources):
        own = net.afferents + cell
        for fibre in sorted(some - {own}):
            if column[fibre] < column[own]:
                last[fibre] = max(last[fibre], column[own] - 1)
            else:
                back.append(fibre)
    stands = [[] for _ in range(int(column.max(initial=0)) + 1)]  # type: list[list[Item]]
    for fibre in range(net.fibres):
        for x in range(int(column[fibre]), int(last[fibre]) + 1):
            stands[x].append((fibre, x))
    before, after = _neighbours(net, sources, column)
    heights = {
        item: _height(net, item[0]) if column[item[0]] == item[1] else LANE
        for row in stands
        for item in row
    }
    y = _heights(stands, before, after, heights)
    top = min((y[item] - heights[item] / 2 for item in y), default=0.0)
    most = min(LOOPS, int(np.diff(net.veto_starts).max(initial=0)))
    pitch = COLUMN + LOOP * max(0, most - FEW_LOOPS)
    at = np.array([(column[f] * pitch, y[f, int(column[f])]) for f in range(net.fibres)])
    lanes: dict[int, dict[int, float]] = {}
    for (fibre, x), height in y.items():
        if x > column[fibre]:
            lanes.setdefault(fibre, {})[x] = height
    above = {fibre: top - 10.0 * (k + 1) for k, fibre in enumerate(dict.fromkeys(back))}
    return Layout(at.reshape(net.fibres, 2), column, lanes, above, pitch)


def _height(net: Net, fibre: int) -> float:
    if fibre < net.afferents:
        return 34.0
    vetoes = net.vetoed_by(fibre - net.afferents)
    return CELL + 2 * VETO * max(0, len(vetoes) - 4) + (16.0 if _loops(net, fibre) else 0.0)


def _loops(net: Net, fibre: int) -> bool:
    cell = fibre - net.afferents
    return any(row[0] == fibre for row in (*net.excited_by(cell), *net.vetoed_by(cell)))


def _columns(net: Net, sources: Sequence[set[int]]) -> NDArray[np.int64]:
    """Give each fibre's column: one more than the last of its sources, circles left out."""
    column = np.zeros(net.fibres, np.int64)
    waiting = set(range(net.afferents, net.fibres))
    while waiting:
        wanted = {f: len((sources[f - net.afferents] - {f}) & waiting) for f in sorted(waiting)}
        ready = [f for f, number in wanted.items() if not number]
        if not ready:  # a circle: break it where most is known
            ready = [min(wanted, key=lambda f: wanted[f])]
        for fibre in ready:
            known = [column[s] for s in sources[fibre - net.afferents] if s not in waiting]
            column[fibre] = 1 + max(known, default=0)
        waiting -= set(ready)
    return column


def _neighbours(
    net: Net, sources: Sequence[set[int]], column: NDArray[np.int64]
) -> tuple[dict[Item, list[Item]], dict[Item, list[Item]]]:
    """Tell what each item is joined to, in the column before it and the one after."""
    before: dict[Item, set[Item]] = {}
    after: dict[Item, set[Item]] = {}
    for cell, some in enumerate(sources):
        own = net.afferents + cell
        for fibre in some:
            for x in range(int(column[fibre]) + 1, int(column[own]) + 1):
                here = (own if x == column[own] else fibre, x)
                there = (fibre, x - 1)
                before.setdefault(here, set()).add(there)
                after.setdefault(there, set()).add(here)
    return (
        {item: sorted(joined) for item, joined in before.items()},
        {item: sorted(joined) for item, joined in after.items()},
    )


def _heights(
    stands: list[list[Item]],
    before: dict[Item, list[Item]],
    after: dict[Item, list[Item]],
    heights: dict[Item, float],
) -> dict[Item, float]:
    """Order every column by where its neighbours stand, and let none overlap."""
    y: dict[Item, float] = {}
    for row in stands:
        _stack(row, [0.0] * len(row), heights, y)
    for sweep in range(2 * SWEEPS):
        forward = sweep % 2 == 0
        joined = before if forward else after
        for row in stands if forward else reversed(stands):
            wanted = {
                item: float(np.mean([y[other] for other in joined.get(item, [item])]))
                for item in row
            }
            if sweep < 2 * SWEEPS - 2:
                row.sort(key=lambda item: (wanted[item], y[item]))
            _stack(row, [wanted[item] for item in row], heights, y)
    return y


def _stack(
    row: list[Item], wanted: list[float], heights: dict[Item, float], y: dict[Item, float]
) -> None:
    """Put items one below the other, in order, each as near as can be to where it should be.

    Least squares with the gaps kept: neighbours that would overlap are moved together.
    """
    if not row:
        return
    middles = np.cumsum([heights[item] for item in row]) - np.array(
        [heights[item] / 2 for item in row]
    )
    blocks: list[tuple[float, int]] = []
    for want, middle in zip(wanted, middles.tolist(), strict=True):
        total, number = want - middle, 1
        while blocks and blocks[-1][0] / blocks[-1][1] > total / number:
            more, others = blocks.pop()
            total, number = total + more, number + others
        blocks.append((total, number))
    shifts = [total / number for total, number in blocks for _ in range(number)]
    for item, middle, shift in zip(row, middles.tolist(), shifts, strict=True):
        y[item] = middle + shift
