"""Wires: the only way in which two units of a machine meet.

A unit is handed its input wires and owns its output wires; it never holds another unit. A
:class:`Signal` is one cell of the machine's State, so that what the wires carry is saved, compared
and restored with everything else. What it adds is that a change rings the bells of the units that
listen. Only the wire writes its cell: wires are looked at far more often than they change, so
each keeps what it carries at hand.
"""

from __future__ import annotations

from collections.abc import Callable
from operator import itemgetter
from typing import Any, Protocol

from numpy.typing import NDArray


class Listener(Protocol):
    """What a wire tells of its changes: a bell, or a part that hands the change on."""

    def ring(self) -> None:
        """Learn that the wire has just changed."""


class Signal:
    """One wire.

    Parameters
    ----------
    cells
        A field of the State, one-dimensional, of any integer dtype.
    index
        Which cell of it.

    Attributes
    ----------
    value
        What the wire carries now; to be changed by :meth:`set` and :meth:`add` alone.
    """

    __slots__ = ("_bells", "_cells", "_index", "value")

    def __init__(self, cells: NDArray[Any], index: int) -> None:
        self._cells = memoryview(cells)  # type: ignore[arg-type]  # faster cell by cell
        self._index = index
        self._bells: list[Listener] = []
        self.value: int = self._cells[index]

    def feeds(self, bell: Listener) -> None:
        """Have ``bell`` rung at every change of this wire."""
        self._bells.append(bell)

    def set(self, value: int) -> None:
        """Put ``value`` on the wire; whoever listens is rung if that is a change."""
        if value != self.value:
            self._cells[self._index] = self.value = value
            for bell in self._bells:
                bell.ring()

    def add(self, change: int) -> None:
        """Add a current, other than 0, to what the wire carries."""
        self._cells[self._index] = self.value = self.value + change
        for bell in self._bells:
            bell.ring()


def bus(cells: NDArray[Any]) -> list[Signal]:
    """Give one wire for every cell of a field of the State, in order."""
    return [Signal(cells, index) for index in range(len(cells))]


def cable(wires: list[Signal]) -> Callable[[], tuple[int, ...]]:
    """Give a function that reads several wires of one field of the State at once.

    Raises
    ------
    ValueError
        If the wires belong to different fields.
    """
    if len({id(wire._cells.obj) for wire in wires}) > 1:
        raise ValueError("the wires of a cable must be cells of one field")
    if len(wires) < 2:
        return lambda: tuple(wire.value for wire in wires)
    cells, pick = wires[0]._cells, itemgetter(*(wire._index for wire in wires))
    return lambda: pick(cells)
