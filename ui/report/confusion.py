"""Confusions: which class was shown, which was answered, as a table for a terminal.

A handful of classes fits as a grid with air in it, 26 letters as a dense one. Where the grid would
be wider than the terminal, those always right are listed instead, and those taken for another.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from rich.table import Table
    from rich.text import Text

NONE = "none"
"""Heading for answers that are no class's code."""
MOST_WITH_AIR = 12
"""Of more classes than this the grid is drawn dense."""
_CORNER = "shown / answered"
_BARS, _PLAIN_BARS = "▁▂▃▄▅▆▇█", "_.:-=+*#"


def mistaken(classes: Sequence[str], confusion: NDArray[Any]) -> list[tuple[str, str | None, int]]:
    """List what was taken for what.

    Parameters
    ----------
    classes
        Names of the n classes.
    confusion
        Whole numbers, shape (n, n + 1): row = class shown, column = class answered, the last
        column for none.

    Returns
    -------
    list of tuple
        Class shown, class answered (None for none) and how often, most frequent first.
    """
    wrong = np.array(confusion, dtype=np.int64)
    np.fill_diagonal(wrong, 0)
    names: list[str | None] = [*classes, None]
    pairs = [(classes[i], names[j], int(wrong[i, j])) for i, j in np.argwhere(wrong)]
    return sorted(pairs, key=lambda pair: -pair[2])


def always_right(classes: Sequence[str], confusion: NDArray[Any]) -> tuple[list[str], int]:
    """List the classes answered rightly whenever shown, and count those shown at all."""
    right = np.diagonal(confusion)
    shown = np.asarray(confusion).sum(axis=1)
    names = [name for name, n, m in zip(classes, right, shown, strict=True) if m and n == m]
    return names, int((shown > 0).sum())


def confusion_table(
    classes: Sequence[str], confusion: NDArray[Any], width: int, ascii_only: bool = False
) -> Table | None:
    """Make the full grid of a confusion, if it fits.

    Parameters
    ----------
    classes, confusion
        As in :func:`mistaken`; classes never shown get no row.
    width
        Columns of the terminal.
    ascii_only
        Draw without line characters.

    Returns
    -------
    rich.table.Table or None
        The grid; None if it would be wider than ``width``.
    """
    from rich import box
    from rich.table import Table
    from rich.text import Text

    dense = len(classes) > MOST_WITH_AIR
    headings = [*classes, NONE]
    first = max(len(_CORNER), *(len(name) for name in classes))
    cells = [
        max(len(heading), len(str(int(column.max(initial=0)))))
        for heading, column in zip(headings, np.asarray(confusion).T, strict=True)
    ]
    between, edges = (1, 0) if dense else (3, 4)
    if first + sum(cells) + between * len(cells) + edges > width:
        return None
    style, dot = (box.ASCII, ".") if ascii_only else (box.SIMPLE_HEAD, "·")
    table = Table(box=None, padding=(0, 1, 0, 0), pad_edge=False) if dense else Table(box=style)
    table.add_column(_CORNER, no_wrap=True)
    for heading in headings:
        table.add_column(Text(heading), justify="right", no_wrap=True)
    for i, (name, row) in enumerate(zip(classes, np.asarray(confusion).tolist(), strict=True)):
        if any(row):
            table.add_row(Text(name), *(_cell(n, j == i, dot) for j, n in enumerate(row)))
    return table


def _cell(count: int, right: bool, dot: str) -> Text:
    from rich.text import Text

    if not count and not right:
        return Text(dot)
    return Text(str(count), style="green" if count and right else "red")


def sparkline(values: Sequence[int], ascii_only: bool = False, width: int = 60) -> str:
    """Draw numbers from 0 as a line of bars, one a number; too many are reduced to ``width``."""
    bars = _PLAIN_BARS if ascii_only else _BARS
    if len(values) > width:
        values = [max(part) for part in np.array_split(np.asarray(values), width)]
    most = max([1, *values])
    return "".join(bars[-(-int(v) * (len(bars) - 1) // most)] for v in values)
