"""What can befall a stimulus: it moves, turns, grows, fades into noise, is half covered.

A perceptron is interesting for what it does with stimuli it has not seen: the same letter
elsewhere on the retina, tilted, larger, with cells gone wrong. The functions here take one
stimulus (rows, columns) or a stack of them (n, rows, columns), uint8, leave it untouched and give
back a new array of the same shape. :func:`simulator.stimuli.variations` makes a training
set out of a few letters.

Turning and scaling are done as a slide projector would: the picture is moved as a plane and every
cell gathers the light of its square (a grid of 8 x 8 looks); cells at least half lit become lit,
the others dark, so their result is always black and white. The geometry is computed in whole
numbers after one rounding of sine and cosine, and every random choice is looked up in
:mod:`simulator.chance`: the same arguments give the same cells on every computer.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from simulator import chance
from simulator.errors import Mistake
from simulator.stimuli.light import DARK, LIT

Levels = NDArray[np.uint8]

_LOOKS = 8  # looks per cell, in each direction
_UNIT = 1 << 20  # one cell, in the whole numbers of the geometry
LEAST_FACTOR, GREATEST_FACTOR = 0.1, 10.0


def shift(levels: Levels, down: int = 0, right: int = 0, *, wrap: bool = False) -> Levels:
    """Move a stimulus by whole cells.

    Parameters
    ----------
    levels
        uint8, shape (rows, columns) or (n, rows, columns).
    down, right
        Cells; negative is up and left. Any size: far enough, nothing is left.
    wrap
        False: dark enters at the edge. True: what leaves at one edge enters at the opposite one (a
        toroidal retina).
    """
    rows, columns = _size(levels)
    moved = np.roll(levels, (down % rows, right % columns), axis=(-2, -1))
    if not wrap:
        from_row, from_column = np.arange(rows) - down, np.arange(columns) - right
        moved[..., (from_row < 0) | (from_row >= rows), :] = DARK
        moved[..., (from_column < 0) | (from_column >= columns)] = DARK
    return moved


def rotate(levels: Levels, degrees: float) -> Levels:
    """Turn a stimulus about the middle of the retina.

    Parameters
    ----------
    levels
        uint8, shape (rows, columns) or (n, rows, columns).
    degrees
        Counter-clockwise, -360 to 360. Dark comes in from outside.

    Raises
    ------
    Mistake
        If the angle is out of range.
    """
    return project(levels, degrees, 1.0)


def scale(levels: Levels, factor: float) -> Levels:
    """Enlarge (factor above 1) or shrink a stimulus about the middle of the retina.

    Parameters
    ----------
    levels
        uint8, shape (rows, columns) or (n, rows, columns).
    factor
        New size by old, 0.1 to 10.

    Raises
    ------
    Mistake
        If the factor is out of range.
    """
    return project(levels, 0.0, factor)


def invert(levels: Levels) -> Levels:
    """Exchange light and dark: level v becomes 255 - v; same shape, uint8."""
    _size(levels)
    return np.invert(levels)


def noise(levels: Levels, fraction: float, seed: int) -> Levels:
    """Turn a fraction of the cells into their opposites.

    Parameters
    ----------
    levels
        uint8, shape (rows, columns) or (n, rows, columns).
    fraction
        0 to 1, of each picture: exactly ``round(fraction * rows * columns)`` cells are inverted
        (halves to the even number).
    seed
        Chooses the cells, others in every picture of a stack. With the same seed a larger fraction
        keeps the cells of the smaller.

    Raises
    ------
    Mistake
        If the fraction is out of range.
    """
    rows, columns = _size(levels)
    _check_between("noise", fraction, 0, 1, "of the cells")
    flipped = round(fraction * rows * columns)
    result = levels.copy()
    column = chance.stream("stimuli.noise")
    for number, picture in enumerate(_each(result)):
        cells = np.arange(rows * columns) + number * rows * columns
        entries = chance.bits_of(seed, column, cells)
        chosen = np.argsort(entries, kind="stable")[:flipped]
        picture[np.unravel_index(chosen, picture.shape)] ^= 0xFF
    return result


def occlude(levels: Levels, size: int, seed: int, shape: str = "square") -> Levels:
    """Darken a square or a bar of the retina, as if something stood before it.

    Parameters
    ----------
    levels
        uint8, shape (rows, columns) or (n, rows, columns).
    size
        Side of the square or width of the bar in cells, from 0 to the retina's shorter side.
    seed
        Chooses the place, wholly on the retina, and whether a bar lies or stands; anew for every
        picture of a stack.
    shape
        ``"square"``, or ``"bar"`` for a bar from edge to edge.

    Raises
    ------
    Mistake
        If the size is out of range or the shape unknown.
    """
    rows, columns = _size(levels)
    _check_between("size of what occludes", size, 0, min(rows, columns), "cells")
    if shape not in ("square", "bar"):
        raise Mistake(f"what occludes is a square or a bar, not {shape[:40]!r}")
    result = levels.copy()
    for number, picture in enumerate(_each(result)):
        place = chance.bits(seed, chance.stream("stimuli.occlude"), number)
        top = chance.below(rows - size + 1, place, 0, 0)
        left = chance.below(columns - size + 1, place, 0, 1)
        stands = chance.below(2, place, 0, 2) == 1
        down, across = slice(top, top + size), slice(left, left + size)
        if shape == "bar":
            down, across = (slice(None), across) if stands else (down, slice(None))
        picture[down, across] = DARK
    return result


def project(levels: Levels, degrees: float, factor: float) -> Levels:
    """Turn and scale at once, so that the light is gathered in cells only once.

    Parameters and mistakes are those of :func:`rotate` and :func:`scale`.
    """
    rows, columns = _size(levels)
    _check_between("rotation", degrees, -360, 360, "degrees")
    _check_between("scale", factor, LEAST_FACTOR, GREATEST_FACTOR, "times")
    angle = math.radians(degrees)
    cosine, sine = (round(f(angle) / factor * _UNIT) for f in (math.cos, math.sin))
    step = _UNIT // (2 * _LOOKS)
    y = (2 * np.arange(rows * _LOOKS)[:, None] + 1) * step - rows * _UNIT // 2
    x = (2 * np.arange(columns * _LOOKS)[None, :] + 1) * step - columns * _UNIT // 2
    # Where on the unturned picture does each look fall?
    from_row = ((cosine * y + sine * x) // _UNIT + rows * _UNIT // 2) // _UNIT
    from_column = ((cosine * x - sine * y) // _UNIT + columns * _UNIT // 2) // _UNIT
    # One dark cell is set around the picture for the looks that miss it.
    cell = (np.clip(from_row, -1, rows) + 1) * (columns + 2) + np.clip(from_column, -1, columns) + 1
    result = np.empty_like(levels)
    for picture, projected in zip(_each(levels), _each(result), strict=True):
        light = np.pad(picture.astype(np.int64), 1).ravel()[cell]
        gathered = light.reshape(rows, _LOOKS, columns, _LOOKS).sum(axis=(1, 3))
        projected[...] = np.where(2 * gathered >= LIT * _LOOKS * _LOOKS, LIT, DARK)
    return result


def _size(levels: Levels) -> tuple[int, int]:
    """Check that these are levels and give rows and columns."""
    if levels.dtype != np.uint8 or levels.ndim not in (2, 3) or 0 in levels.shape[-2:]:
        raise Mistake(
            f"a stimulus must be uint8 of shape (rows, columns) or (n, rows, columns), "
            f"not {levels.dtype} {levels.shape}"
        )
    return levels.shape[-2], levels.shape[-1]


def _each(levels: Levels) -> Levels:
    """View one picture or many as a stack of pictures."""
    return levels.reshape(-1, *levels.shape[-2:])


def _check_between(what: str, value: float, least: float, most: float, unit: str) -> None:
    if not least <= value <= most:
        raise Mistake(f"{what}: {value} is out of range, give {least} to {most} {unit}")
