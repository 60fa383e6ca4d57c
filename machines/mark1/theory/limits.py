"""Tasks at the border of what a perceptron can do.

What Minsky and Papert's *Perceptrons* (1969) proves, as far as a machine with A-units of few origin
points is concerned (stated here after notes on the book, not from the book itself):

* **parity** ("is the number of lit points odd?") needs an A-unit that looks at *all* the
  points: its order is their number (theorem 3.1). XOR is parity of two points;
* **connectedness** ("is the figure in one piece?") needs A-units that look at more and more
  points as the retina grows (theorem 5.1), and no set of A-units that each look at one
  neighbourhood will do.

It does not follow that "the Mark I cannot do XOR". Where an A-unit happens to be plugged to both
points, or where the points are whole blocks of cells, so that many A-units see some of either, it
can; :func:`machines.mark1.theory.separable` tells for a given plugboard. The functions here make
the stimuli. All of them have two classes.

A dark retina makes no A-unit active (with theta above 0), so that no response can be given to it.
It is an even number of lit points, but left out unless asked for: its trouble is another one.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import label

from simulator import chance
from simulator.errors import Mistake
from simulator.stimuli.area import check_retina
from simulator.stimuli.light import LIT, StimulusSet

Levels = NDArray[np.uint8]
Cell = tuple[int, int]

PARITY = ("even", "odd")
CONNECTED = ("broken", "connected")

_POINTS = chance.stream("mark1.limits.points")
_LINKS = chance.stream("mark1.limits.links")
_NAMES = "abcdefghijkl"
_MOST = len(_NAMES)


def xor_points(
    first: Cell = (6, 6),
    second: Cell = (13, 13),
    *,
    rows: int = 20,
    columns: int = 20,
    dark: bool = False,
) -> StimulusSet:
    """Make XOR of two points: "odd" if one of them is lit, "even" if both are.

    Parameters
    ----------
    first, second
        Row and column of each, from 0.
    rows, columns
        Size of the retina in cells, each from 8 to 1024.
    dark
        Whether the dark retina is among the stimuli, as an "even" one.

    Returns
    -------
    StimulusSet
        Classes "even" and "odd"; a stimulus is named after the points lit, ``a``, ``b`` or
        ``ab``.

    Raises
    ------
    Mistake
        If a point is not on the retina or both are the same.
    """
    return parity_points([first, second], rows=rows, columns=columns, dark=dark)


def parity_points(
    points: Sequence[Cell], *, rows: int = 20, columns: int = 20, dark: bool = False
) -> StimulusSet:
    """Make parity of single points: every choice of them, "even" or "odd".

    Parameters
    ----------
    points
        Row and column of each, from 0; 1 to 12 different ones (see :func:`random_points`).
    rows, columns, dark
        As in :func:`xor_points`.

    Raises
    ------
    Mistake
        As :func:`xor_points`, or if there are too many or too few.

    Notes
    -----
    If every A-unit is plugged to fewer than all of the points, no values do it: take every stimulus
    once, the dark one among them. For each A-unit as many "even" as "odd" ones make it active,
    since a point it does not see pairs them off. That is a certificate as
    :func:`machines.mark1.theory.separable` gives.
    """
    check_retina(rows, columns)
    parts = np.zeros((len(points), rows, columns), np.uint8)
    for k, (row, column) in enumerate(points):
        if not (0 <= row < rows and 0 <= column < columns):
            raise Mistake(
                f"point {k + 1} ({row}, {column}) is not on a retina of {rows} x {columns}"
            )
        parts[k, row, column] = LIT
    if len(set(points)) < len(points):
        raise Mistake("the points must differ")
    return _parity(parts, dark)


def random_points(count: int, seed: int, *, rows: int = 20, columns: int = 20) -> list[Cell]:
    """Draw so many different points from the random-number table.

    Raises
    ------
    Mistake
        If the retina has fewer.
    """
    check_retina(rows, columns)
    if not 0 <= count <= rows * columns:
        raise Mistake(f"{count} points on a retina of {rows} x {columns}")
    drawn = chance.shuffle(rows * columns, seed, _POINTS, 0)[:count]
    return [divmod(cell, columns) for cell in drawn]


def parity_blocks(
    count: int, *, side: int = 4, rows: int = 20, columns: int = 20, dark: bool = False
) -> StimulusSet:
    """Make parity of blocks of cells: every choice of them, "even" or "odd".

    Parameters
    ----------
    count
        Blocks, 1 to 12, or as many as fit.
    side
        Cells along each side of a block.
    rows, columns, dark
        As in :func:`xor_points`.

    Returns
    -------
    StimulusSet
        As :func:`xor_points`. Blocks are placed so that they do not touch, as long as there is room
        (nine 4 x 4 blocks on 20 x 20), and side by side after that.

    Raises
    ------
    Mistake
        If they do not fit.
    """
    check_retina(rows, columns)
    if side < 1:
        raise Mistake(f"a block has a side of at least one cell, not {side}")
    places = [
        (r, c) for r in range(0, rows - side + 1, side) for c in range(0, columns - side + 1, side)
    ]
    places.sort(key=lambda place: any(at // side % 2 for at in place))
    if not 1 <= count <= min(len(places), _MOST):
        raise Mistake(f"{count} blocks: 1 to {min(len(places), _MOST)} fit")
    parts = np.zeros((count, rows, columns), np.uint8)
    for part, (r, c) in zip(parts, places, strict=False):
        part[r : r + side, c : c + side] = LIT
    return _parity(parts, dark)


def _parity(parts: Levels, dark: bool) -> StimulusSet:
    """Light every choice of the parts; shape of ``parts`` (parts, rows, columns)."""
    if not 1 <= len(parts) <= _MOST:
        raise Mistake(f"parity of {len(parts)}: give 1 to {_MOST}")
    choices = [choice for choice in product((0, 1), repeat=len(parts)) if dark or any(choice)]
    choices.sort(key=sum)
    lit = [np.flatnonzero(choice) for choice in choices]
    return StimulusSet(
        levels=np.stack([parts[some].max(axis=0, initial=0) for some in lit]),
        labels=np.array([len(some) % 2 for some in lit], np.int64),
        classes=PARITY,
        names=tuple("".join(_NAMES[k] for k in some) or "dark" for some in lit),
    )


def double_spiral() -> StimulusSet:
    """Make a pair of double spirals on 20 x 20 cells: one in one piece, one broken at one cell.

    Few people see at a glance which is which; a pair like it is on the cover of *Perceptrons*.

    Returns
    -------
    StimulusSet
        Two stimuli of the classes "broken" and "connected"; they differ in the cell marked ``o``.
    """
    drawing = np.array([list(line) for line in _SPIRAL.split()])
    whole = np.where(drawing == ".", 0, LIT).astype(np.uint8)
    row, column = np.argwhere(drawing == "o")[0].tolist()
    return _pairs([whole], [(row, column)])


_SPIRAL = """
####################
...................#
##################.#
#................#.#
#.##############.#.#
#.#............#.#.#
#.#.##########.#.#.#
#.#.#........#.#.#.#
#.#.#.######.#.#.#.#
#.#.#.#....#.#.#.#.#
#.#.#.#....#.#.#.#.#
#.#.#.#....###.#.#.#
#.#.#.#........#.#.#
#.#.#.####o#####.#.#
#.#.#............#.#
#.#.##############.#
#.#................#
#.##################
#...................
####################
"""


def snakes(pairs: int, seed: int, *, rows: int = 20, columns: int = 20) -> StimulusSet:
    """Make pairs of winding figures, one in one piece, one broken; a pair differs in one cell.

    Bars lie across every other row. From each to the next leads one link of one cell, or two,
    at columns from the random-number table; the broken one of the pair lacks a link that was the
    only one. Since the number of links varies, counting lit cells does not tell the classes apart.

    Parameters
    ----------
    pairs
        How many, 1 to 10000.
    seed
        Page of the random-number table.
    rows, columns
        Size of the retina in cells, each from 8 to 1024.

    Returns
    -------
    StimulusSet
        Two stimuli a pair, of the classes "broken" and "connected".

    Raises
    ------
    Mistake
        If a number is out of range.
    """
    check_retina(rows, columns)
    if not 1 <= pairs <= 10_000:
        raise Mistake(f"{pairs} pairs: 1 to 10000 can be made")
    wholes, cells = [], []
    for pair in range(pairs):
        page = chance.bits(seed, _LINKS, pair)
        whole = np.zeros((rows, columns), np.uint8)
        whole[::2] = LIT
        gaps = range(1, rows - 1, 2)
        only = gaps[chance.below(len(gaps), page, 0, 0)]
        for gap in gaps:
            places = chance.shuffle(columns, page, 1, gap)
            links = 1 if gap == only else 1 + chance.below(2, page, 2, gap)
            whole[gap, places[:links]] = LIT
        wholes.append(whole)
        cells.append((only, int(np.flatnonzero(whole[only])[0])))
    return _pairs(wholes, cells)


def _pairs(wholes: Sequence[Levels], cells: Sequence[Cell]) -> StimulusSet:
    """Set beside each connected figure the one that lacks one cell."""
    levels = np.repeat(np.stack(wholes), 2, axis=0)
    for k, (row, column) in enumerate(cells):
        levels[2 * k, row, column] = 0
    return StimulusSet(
        levels=levels,
        labels=np.tile(np.arange(2), len(wholes)).astype(np.int64),
        classes=CONNECTED,
        names=tuple(f"{name} {k + 1}" for k in range(len(wholes)) for name in CONNECTED),
    )


def pieces(levels: Levels) -> int:
    """Count the pieces of a figure: lit cells that touch by an edge are of one piece.

    Parameters
    ----------
    levels
        uint8, shape (rows, columns).
    """
    return int(label(levels != 0)[1])
