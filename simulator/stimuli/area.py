"""Exact area averaging: how a picture of any size becomes the few cells of a retina.

A photocell does not look at a point: it gathers all the light that falls on its own small square
of the lens's image. So a cell's level here is the mean of the picture over the rectangle that the
cell covers, with pixels cut by the border of two cells counted for the share that lies in each.
All sums are of whole numbers below 2**53, so the result is the same on every computer.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simulator.errors import Mistake

LEAST_SIDE, GREATEST_SIDE = 8, 1024


def check_retina(rows: int, columns: int) -> None:
    """Refuse a retina too small to show a letter (under 8 cells) or absurdly large.

    Raises
    ------
    Mistake
        Unless both ``rows`` and ``columns`` lie between 8 and 1024.
    """
    if not (LEAST_SIDE <= rows <= GREATEST_SIDE and LEAST_SIDE <= columns <= GREATEST_SIDE):
        raise Mistake(
            f"a retina of {rows} x {columns} cells cannot show these stimuli: "
            f"rows and columns must lie between {LEAST_SIDE} and {GREATEST_SIDE}"
        )


def area_average(levels: NDArray[np.uint8], rows: int, columns: int) -> NDArray[np.uint8]:
    """Average a picture over each of ``rows x columns`` equal rectangles.

    Parameters
    ----------
    levels
        uint8, shape (height, width), of at least one pixel and under 2**35 pixels.
    rows, columns
        Cells of the result, each at least 1; they need not divide height and width, and may exceed
        them (a pixel then spreads over several cells).

    Returns
    -------
    numpy.ndarray
        uint8, shape (rows, columns): means rounded to the nearest level, halves upwards.
    """
    height, width = levels.shape
    across = _shares(width, columns).T
    down = _shares(height, rows)
    sums = np.empty((rows, columns), dtype=np.float64)
    for row in range(rows):  # one band of the picture at a time: large photographs stay uint8
        first, last = row * height // rows, -(-(row + 1) * height // rows)
        sums[row] = (down[row, first:last] @ levels[first:last].astype(np.float64)) @ across
    cell = height * width
    means: NDArray[np.int64] = (2 * sums.astype(np.int64) + cell) // (2 * cell)
    return means.astype(np.uint8)


def _shares(pixels: int, cells: int) -> NDArray[np.float64]:
    """Give the overlap of every cell with every pixel, (cells, pixels), in 1/cells of a pixel."""
    cell_edges = np.arange(cells + 1)[:, None] * pixels
    pixel_edges = np.arange(pixels + 1)[None, :] * cells
    ends = np.minimum(cell_edges[1:], pixel_edges[:, 1:])
    starts = np.maximum(cell_edges[:-1], pixel_edges[:, :-1])
    shares: NDArray[np.float64] = np.clip(ends - starts, 0, None).astype(np.float64)
    return shares
