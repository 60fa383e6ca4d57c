"""How the few or many photocells of a board come to stand on the retina.

By default each photocell lights its own block of the retina: the machine then sees the board's
large cells as they are. ``smooth`` blends between neighbours, which looks better and says nothing
more. A board with more cells than the retina is averaged over each cell's area.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simulator.errors import Mistake
from simulator.stimuli.area import area_average

PLACINGS = ("fill", "smooth")


def check_placing(placing: str) -> str:
    """Check a way of placing and give it back; a Mistake if there is none of that name."""
    if placing not in PLACINGS:
        raise Mistake(f"no placing is called {placing}; there are {' and '.join(PLACINGS)}")
    return placing


def placed(
    levels: NDArray[np.uint8], rows: int, columns: int, placing: str = "fill"
) -> NDArray[np.uint8]:
    """Place a board's levels on a retina.

    Parameters
    ----------
    levels
        uint8, shape (the board's rows, its columns).
    rows, columns
        Of the retina.
    placing
        ``fill``: retina row i shows the board's row floor((i + 1/2) rows' / rows), columns alike;
        ``smooth``: linear between the middles of the board's cells.

    Returns
    -------
    numpy.ndarray
        uint8, shape (rows, columns).
    """
    few = min(rows, levels.shape[0]), min(columns, levels.shape[1])
    if few != levels.shape:
        levels = area_average(levels, *few)
    if few == (rows, columns):
        return levels
    down = (np.arange(rows) + 0.5) * few[0] / rows
    across = (np.arange(columns) + 0.5) * few[1] / columns
    if placing == "fill":
        return levels[np.ix_(down.astype(np.intp), across.astype(np.intp))]
    grid: NDArray[np.float64] = levels.astype(np.float64)
    for axis, at in ((0, down), (1, across)):
        middle = np.clip(at - 0.5, 0, few[axis] - 1)
        first = np.minimum(middle.astype(np.intp), max(0, few[axis] - 2))
        share = middle - first
        share = share[:, None] if axis == 0 else share
        after = np.minimum(first + 1, few[axis] - 1)
        grid = np.take(grid, first, axis) * (1 - share) + np.take(grid, after, axis) * share
    return np.rint(grid).astype(np.uint8)
