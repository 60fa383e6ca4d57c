"""Simple figures drawn from their geometry: squares, circles, bars and the like.

The first experiments with perceptrons asked for less than
letters: is it a square or a circle, a horizontal or a vertical bar, an E or an F? Each figure here
is a region of the plane around the middle of the retina, described by one line of geometry. A cell
is lit when the figure covers at least half of it. :func:`simulator.stimuli.transformations.shift`
moves a figure elsewhere.

Sources: squares and circles are those of Rosenblatt's first learning curves ("The Design of an
Intelligent Automaton", Research Trends VI(2), 1958); E, F, X, square and diamond are the tasks
usually told of the early simulations. Bars of 4 x 20 cells on a 20 x 20 retina (here
``figure("vertical-bar", size=20, stroke=4)``, shifted) are said to be of "Principles of
Neurodynamics"; we have not been able to check that.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from simulator.errors import Mistake
from simulator.stimuli.area import check_retina
from simulator.stimuli.light import DARK, LIT

_FINE = 16  # looks per cell, in each direction

Plane = NDArray[np.float64]
Region = NDArray[np.bool_]


def _square(x: Plane, y: Plane, half: float) -> Region:
    return np.maximum(np.abs(x), np.abs(y)) < half


def _circle(x: Plane, y: Plane, half: float) -> Region:
    region: Region = x * x + y * y < half * half
    return region


def _diamond(x: Plane, y: Plane, half: float) -> Region:
    return np.abs(x) + np.abs(y) <= half


def _triangle(x: Plane, y: Plane, half: float) -> Region:
    """Stand on the base, as wide as high.

    The sides meet one cell above the top, which would otherwise cover no cell by half.
    """
    region: Region = (np.abs(x) * 2 <= y + half + 1) & (y < half) & (y >= -half)
    return region


def _box(x: Plane, y: Plane, left: float, top: float, width: float, height: float) -> Region:
    region: Region = (x >= left) & (x < left + width) & (y >= top) & (y < top + height)
    return region


def _horizontal_bar(x: Plane, y: Plane, size: int, stroke: int) -> Region:
    return _box(x, y, -size / 2, _amid(size, stroke), size, stroke)


def _vertical_bar(x: Plane, y: Plane, size: int, stroke: int) -> Region:
    return _box(x, y, _amid(size, stroke), -size / 2, stroke, size)


def _amid(size: int, stroke: int) -> float:
    """Begin a stroke in the middle of the figure, on a border between two cells."""
    return (size - stroke) // 2 - size / 2


def _f(x: Plane, y: Plane, size: int, stroke: int) -> Region:
    """Join a stem at the left to a long upper and a shorter middle bar; 3/4 as wide as high."""
    left, width = size // 8 - size / 2, size - 2 * (size // 8)
    return (
        _box(x, y, left, -size / 2, stroke, size)
        | _box(x, y, left, -size / 2, width, stroke)
        | _box(x, y, left, _amid(size, stroke), width - stroke // 2, stroke)
    )


def _e(x: Plane, y: Plane, size: int, stroke: int) -> Region:
    left, width = size // 8 - size / 2, size - 2 * (size // 8)
    return _f(x, y, size, stroke) | _box(x, y, left, size / 2 - stroke, width, stroke)


def _x(x: Plane, y: Plane, size: int, stroke: int) -> Region:
    """Cross two slanted bars, ``stroke`` wide across their length, cut level at top and bottom."""
    across = stroke / 2 * 2**0.5
    crossing: Region = (np.abs(np.abs(x) - np.abs(y)) < across) & _square(x, y, size / 2)
    return crossing


_SOLID: dict[str, Callable[[Plane, Plane, float], Region]] = {
    "square": _square,
    "circle": _circle,
    "triangle": _triangle,
    "diamond": _diamond,
}
_STROKED: dict[str, Callable[[Plane, Plane, int, int], Region]] = {
    "horizontal-bar": _horizontal_bar,
    "vertical-bar": _vertical_bar,
    "E": _e,
    "F": _f,
    "X": _x,
}
FIGURES: tuple[str, ...] = (*_SOLID, *(f"{name}-outline" for name in _SOLID), *_STROKED)


def _outline(name: str, x: Plane, y: Plane, size: int, stroke: int) -> Region:
    """Leave a rim of width ``stroke``: the figure less the same figure drawn smaller inside it."""
    shape, half = _SOLID[name], size / 2
    if name == "triangle":
        # A rim of even width: the sides have slope 2, so the hole's apex sinks by stroke * sqrt(5).
        hole = (np.abs(x) * 2 < y + half + 1 - stroke * 5**0.5) & (y < half - stroke)
    elif name == "diamond":
        hole = shape(x, y, half - stroke * 2**0.5)
    else:
        hole = shape(x, y, half - stroke)
    return shape(x, y, half) & ~hole


def figure(
    name: str,
    size: int | None = None,
    rows: int = 20,
    columns: int = 20,
    *,
    stroke: int | None = None,
) -> NDArray[np.uint8]:
    """Show one figure in the middle of the retina.

    Parameters
    ----------
    name
        One of ``FIGURES``: square, circle, triangle, diamond (each also ``-outline``),
        horizontal-bar, vertical-bar, E, F, X. Small and capital letters are the same.
    size
        Height (of a horizontal bar: length) in cells, from 4 to the shorter side of the retina;
        by default seven tenths of that side (14 of 20).
    rows, columns
        Size of the retina in cells, each from 8 to 1024.
    stroke
        Width in cells of a bar, of the strokes of E, F and X, and of an outline, from 1 to
        ``size``; by default a tenth of the shorter side for outlines (2 of 20) and three
        twentieths for the others (3 of 20). Solid figures have none.

    Returns
    -------
    numpy.ndarray
        uint8, shape (rows, columns): 255 on the figure, 0 around it.

    Raises
    ------
    Mistake
        For an unknown name, or a size or stroke out of range.
    """
    check_retina(rows, columns)
    known = next((each for each in FIGURES if each.lower() == name.lower()), None)
    if known is None:
        raise Mistake(f"there is no figure {name[:40]!r}; the figures are {', '.join(FIGURES)}")
    side = min(rows, columns)
    size = side * 7 // 10 if size is None else size
    if stroke is None:
        stroke = max(1, min(size, side * (2 if known.endswith("-outline") else 3) // 20))
    if not 4 <= size <= side:
        raise Mistake(f"size {size} of the {known}: must lie between 4 and {side} cells")
    if not 1 <= stroke <= size:
        raise Mistake(f"stroke {stroke} of the {known}: must lie between 1 and {size} cells")

    # An odd figure on an even retina stands half a cell up and left, so that its edges fall
    # between cells rather than across them.
    y = _looks(rows, (rows - size) // 2 + size / 2)[:, None]
    x = _looks(columns, (columns - size) // 2 + size / 2)[None, :]
    x, y = np.broadcast_arrays(x, y)
    if known in _STROKED:
        region = _STROKED[known](x, y, size, stroke)
    elif known in _SOLID:
        region = _SOLID[known](x, y, size / 2)
    else:
        region = _outline(known.removesuffix("-outline"), x, y, size, stroke)
    covered = region.reshape(rows, _FINE, columns, _FINE).mean(axis=(1, 3))
    return np.where(covered >= 0.5, LIT, DARK).astype(np.uint8)


def _looks(cells: int, middle: float) -> Plane:
    """Give the places looked at along one side, in cells from the figure's middle."""
    looks: Plane = (np.arange(cells * _FINE) + 0.5) / _FINE - middle
    return looks
