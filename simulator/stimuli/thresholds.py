"""From grey to black and white: the cells of a photograph that belong to the figure.

An S-unit of a perceptron is on or off, and the letters of :mod:`simulator.stimuli.letters` are
white on black. A photograph from a desk is grey, its light falls off to one side, and its letter is
as likely black on white paper. Here a grey picture, already reduced to the cells of the retina, is
cut at a threshold, and the figure is told from its background.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simulator.errors import Mistake

METHODS = ("mean", "otsu", "local", "none")
LEAST_CONTRAST = 8  # levels between the darkest and the lightest cell
_LEAST_RATIO = 1.06  # of light on figure and ground, once the lighting is taken out
_STRAY = 8.0  # levels of stray light added before taking logarithms, which tames the darkest cells

Cells = NDArray[np.bool_]


def parse_threshold(threshold: str | float) -> str | float:
    """Check a threshold as a user gives it: a method's name, or a level as number or as text.

    Raises
    ------
    Mistake
        If it is neither one of ``METHODS`` nor a number from 0 to 255.
    """
    if threshold in METHODS:
        return threshold
    try:
        level = float(threshold)
    except ValueError:
        level = -1.0
    if isinstance(threshold, bool) or not 0 <= level <= 255:
        raise Mistake(
            f"threshold {str(threshold)[:40]!r}: give a level from 0 to 255 or one of "
            f"{', '.join(METHODS)}"
        )
    return level


def lit_cells(levels: NDArray[np.uint8], threshold: str | float) -> Cells:
    """Tell the light cells of a picture from the dark ones.

    Parameters
    ----------
    levels
        uint8, shape (rows, columns).
    threshold
        A level from 0 to 255: cells at that level or above are light. ``"mean"``: at the
        picture's mean or above. ``"otsu"``: the level that parts the cells into the two most
        distinct groups (Otsu, IEEE Trans. SMC-9, 1979). ``"local"``: against what the lighting
        makes of the cell's own neighbourhood, for photographs in uneven light.

    Returns
    -------
    numpy.ndarray
        bool, shape (rows, columns).

    Raises
    ------
    Mistake
        If the threshold is unknown, or all cells come out alike or nearly so; the message is to be
        prefixed with the picture's name.
    """
    threshold = parse_threshold(threshold)
    if isinstance(threshold, str):
        contrast = int(levels.max()) - int(levels.min())
        if contrast < LEAST_CONTRAST:
            raise Mistake(
                f"shows no figure: its cells differ by only {contrast} levels of 255 "
                f"(at least {LEAST_CONTRAST} are needed); take a picture of higher contrast or "
                f"set the threshold as a level from 0 to 255"
            )
    if threshold == "mean":
        lit: Cells = levels >= levels.mean()
    elif threshold == "local":
        lit = _local(levels.astype(np.float64))
    elif isinstance(threshold, str):
        lit = _otsu(levels.astype(np.float64))
    else:
        lit = levels >= threshold
    if lit.all() or not lit.any():
        raise Mistake(
            f"comes out all {'lit' if lit.all() else 'dark'} at threshold {threshold} (its cells "
            f"lie between {levels.min()} and {levels.max()}); choose another threshold, for "
            f"example otsu"
        )
    return lit


def figure_is_dark(lit: Cells) -> bool:
    """Tell whether the dark cells are the figure.

    The background is what most of the border shows; where neither light nor dark has two thirds
    of the border, the background is the majority of all cells.
    """
    border = np.concatenate([lit[0], lit[-1], lit[1:-1, 0], lit[1:-1, -1]])
    share = float(border.mean())
    return share > 0.5 if not 1 / 3 <= share <= 2 / 3 else bool(lit.mean() > 0.5)


def _otsu(values: NDArray[np.float64]) -> Cells:
    """Part values into the two groups whose means lie farthest apart, weighted by their sizes."""
    rounded = values.round(9)  # so that a last bit of a logarithm decides nothing
    ordered = np.sort(rounded.ravel())
    below = np.arange(1, ordered.size)
    sums = np.cumsum(ordered)
    means_apart = (sums[-1] - sums[:-1]) / (ordered.size - below) - sums[:-1] / below
    between = below * (ordered.size - below) * means_apart**2
    between[ordered[1:] == ordered[:-1]] = -1  # equal values are not parted
    if between.max() <= 0:
        return np.ones(values.shape, dtype=np.bool_)
    cells: Cells = rounded >= ordered[1:][np.argmax(between)]
    return cells


def _local(levels: NDArray[np.float64]) -> Cells:
    """Part the cells after taking the lighting out of the picture.

    Light multiplies: a cell's level is lamp times paper, so the logarithm is a sum. A first guess
    compares each cell with the mean of its neighbourhood (two thirds of the picture). Then lamp
    and paper are told apart by least squares: the lamp as a smooth surface (a plane, then of
    second, then of third degree), the paper as one step between light and dark cells; the cells
    are parted anew with the lamp taken out, until none changes. The last cut lies midway between
    the two amounts of light.
    """
    rows, columns = levels.shape
    logs = np.log(levels + _STRAY)
    y, x = np.meshgrid(np.linspace(-1, 1, rows), np.linspace(-1, 1, columns), indexing="ij")
    lit = _otsu(logs - _neighbourhood_mean(logs))
    flat = logs
    for degree in (1, 2, 3):
        lamp = [x**i * y**j for i in range(degree + 1) for j in range(degree + 1 - i)]
        for _ in range(6):
            terms = np.stack([*lamp, lit.astype(np.float64)], axis=-1).reshape(logs.size, -1)
            amounts = np.linalg.lstsq(terms, logs.ravel(), rcond=None)[0]
            flat = logs - (terms[:, :-1] @ amounts[:-1]).reshape(logs.shape)
            before, lit = lit, _otsu(flat)
            if np.array_equal(lit, before):
                break
    light = np.exp(flat)
    if lit.all() or light[lit].mean() < _LEAST_RATIO * light[~lit].mean():
        raise Mistake(
            "shows no figure: apart from the lighting its cells are alike; take a picture of "
            "higher contrast or choose another threshold, for example otsu"
        )
    cells: Cells = light >= (light[lit].mean() + light[~lit].mean()) / 2
    return cells


def _neighbourhood_mean(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Average over the square around each cell that reaches a third of the picture each way."""
    rows, columns = values.shape
    reach = min(rows, columns) // 3
    sums = np.pad(values, ((1, 0), (1, 0))).cumsum(axis=0).cumsum(axis=1)
    top, bottom = (np.clip(np.arange(rows) + d, 0, rows) for d in (-reach, reach + 1))
    left, right = (np.clip(np.arange(columns) + d, 0, columns) for d in (-reach, reach + 1))
    total = sums[bottom][:, right] - sums[top][:, right] - sums[bottom][:, left]
    total = total + sums[top][:, left]
    means: NDArray[np.float64] = total / ((bottom - top)[:, None] * (right - left))
    return means
