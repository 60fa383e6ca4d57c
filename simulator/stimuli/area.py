"""Exact area averaging: how a picture of any size becomes the few cells of a retina.

A photocell does not look at a point: it gathers all the light that falls on its own small square
of the lens's image. So a cell's level here is the mean of the picture over the rectangle that the
cell covers, with pixels cut by the border of two cells counted for the share that lies in each.
All sums are of whole numbers, so the result is the same on every computer.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simulator.errors import Mistake

LEAST_SIDE, GREATEST_SIDE = 8, 1024

_BAND = 2**18  # pixels averaged at a time, or one row if that is longer


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


def area_average(
    levels: NDArray[np.uint8],
    rows: int,
    columns: int,
    window: tuple[int, int, int, int] | None = None,
) -> NDArray[np.uint8]:
    """Average a picture, or a window of it, over each of ``rows x columns`` equal rectangles.

    Besides the result, it takes memory for one band of the picture at a time (a quarter of a
    million pixels, or one row if that is longer), whatever the proportions.

    Parameters
    ----------
    levels
        uint8, shape (height, width), of at least one pixel.
    rows, columns
        Cells of the result, each at least 1; they need not divide height and width, and may exceed
        them (a pixel then spreads over several cells).
    window
        First row, first column, height and width in pixels of the piece to average; the whole
        picture if None. Beyond the edge of the picture its outermost pixels go on. The window's
        pixels times the result's cells must number under 2**54.

    Returns
    -------
    numpy.ndarray
        uint8, shape (rows, columns): means rounded to the nearest level, halves upwards.
    """
    top, left, height, width = window or (0, 0, *levels.shape)
    # The borders of the cells, in 1/rows and 1/columns of a pixel, and the pixels they cut.
    down = top * rows + np.arange(rows + 1) * height
    across = left * columns + np.arange(columns + 1) * width
    cut_rows = np.clip(down // rows, 0, levels.shape[0] - 1)
    cut_columns = np.clip(across // columns, 0, levels.shape[1] - 1)
    past_row = (down - cut_rows * rows)[:, None]
    past_column = across - cut_columns * columns
    seen = slice(cut_columns[0], cut_columns[-1] + 1)
    cut_columns -= cut_columns[0]

    # All light above each border, band by band: the picture's whole rows above, and its share of
    # the row that the border cuts. What lies between two borders is then a difference.
    above = np.empty((rows + 1, columns), dtype=np.int64)
    so_far = np.zeros(columns, dtype=np.int64)
    end = int(cut_rows[-1]) + 1
    band = max(1, _BAND // max(seen.stop - seen.start, columns))
    for first in range(int(cut_rows[0]), end, band):
        piece = levels[first : min(first + band, end), seen]
        before = piece.cumsum(axis=1, dtype=np.int64) - piece
        to_left = columns * before[:, cut_columns] + past_column * piece[:, cut_columns]
        light = np.diff(to_left, axis=1)
        sums = so_far + light.cumsum(axis=0)
        here = (cut_rows >= first) & (cut_rows < first + len(piece))
        cut = cut_rows[here] - first
        above[here] = rows * (sums[cut] - light[cut]) + past_row[here] * light[cut]
        so_far = sums[-1]
    cell = height * width
    means: NDArray[np.int64] = (2 * np.diff(above, axis=0) + cell) // (2 * cell)
    return means.astype(np.uint8)
