"""Points and controls: everything on a machine one can look at, and everything one can touch.

A machine publishes one table of **points** (lamps, meters, registers, lines) and one of
**controls** (switches, keys, knobs, stimuli). Panels, scripts, tests, probes, waveforms and
replays all go by these tables; nobody reaches around them. A rack of equal things is one point,
read as an array; one of its cells is named by its label number, as on the machine:
``mark1.association.A[17]``.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulator.errors import Mistake
from simulator.state import Record


class Kind(StrEnum):
    """How a point shows itself on a panel."""

    LAMP = "lamp"
    REGISTER = "register"
    METER = "meter"
    LINE = "line"


@dataclass(frozen=True)
class Point:
    """Something readable.

    Attributes
    ----------
    path
        Its name, ``machine.unit.Label``.
    field
        The field of the State it shows.
    kind
        How it shows itself.
    doc
        What it is and what its values mean.
    cell
        Which cell of the field, for a point that is not a rack.
    bits
        ``(highest, lowest)`` bit of the cell, counted from 0 at the right, if it shows only some.
    width
        How many bits the value takes on a waveform.
    first_label
        Label number of the rack's first cell.
    unit
        Physical unit of the number, if any.
    fixed
        Whether a rack keeps its length for good; only such points go on waveforms.
    """

    path: str
    field: str
    kind: Kind
    doc: str
    cell: int | None = None
    bits: tuple[int, int] | None = None
    width: int = 64
    first_label: int = 1
    unit: str = ""
    fixed: bool = True

    def look(self, state: Record) -> int | NDArray[Any]:
        """Read the point in a State: an int, or for a rack a copy of its array."""
        array: NDArray[Any] = getattr(state, self.field)
        if self.cell is None:
            rack: NDArray[Any] = self._slice(array.copy())
            return rack
        return int(self._slice(int(array[self.cell])))

    def _slice(self, value: Any) -> Any:
        if self.bits is None:
            return value
        highest, lowest = self.bits
        return (value >> lowest) & ((1 << (highest - lowest + 1)) - 1)


@dataclass(frozen=True)
class Control:
    """Something movable.

    Attributes
    ----------
    path
        Its name.
    doc
        What moving it does, and which values it takes.
    accept
        Turns a user's value into the canonical one (an int, None, an array or a dict of these), or
        raises :class:`~simulator.errors.Mistake`. Canonical values pass through unchanged.
    """

    path: str
    doc: str
    accept: Callable[[Any], Any]


_CELL = re.compile(r"(?P<path>.+)\[(?P<label>\d{1,9})\]")


class PointTable:
    """The points of one machine, found by path.

    Parameters
    ----------
    points
        The rows.

    Raises
    ------
    ValueError
        If two rows have the same path.
    """

    def __init__(self, points: Iterable[Point]) -> None:
        self._rows: dict[str, Point] = {}
        for point in points:
            if point.path in self._rows:
                raise ValueError(f"two points are called {point.path}")
            self._rows[point.path] = point

    def __iter__(self) -> Any:
        return iter(self._rows.values())

    def find(self, path: str, state: Record) -> Point:
        """Find a point by path, or one cell of a rack by path and label number.

        Raises
        ------
        Mistake
            If there is no such point or no such label.
        """
        if path in self._rows:
            return self._rows[path]
        match = _CELL.fullmatch(path)
        rack = self._rows.get(match["path"]) if match else None
        if match is None or rack is None or rack.cell is not None:
            raise unknown("point", path, self._rows)
        length = np.size(getattr(state, rack.field))
        cell = int(match["label"]) - rack.first_label
        if not 0 <= cell < length:
            last = rack.first_label + length - 1
            raise Mistake(f"{path}: {rack.path} is labelled {rack.first_label} to {last}")
        return replace(rack, path=path, cell=cell)


def unknown(what: str, name: str, known: Mapping[str, Any] | Iterable[str]) -> Mistake:
    """Word the mistake of asking for something that does not exist, with the nearest name."""
    names = sorted(known)
    near = difflib.get_close_matches(name, names, n=1)
    hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(names)}"
    return Mistake(f"no {what} is called {name}; {hint}")
