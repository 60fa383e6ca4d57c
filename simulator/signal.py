"""Wires: the only way in which two units of a machine meet.

A unit is handed its input wires and owns its output wires; it never holds another unit. A
:class:`Signal` keeps no value of its own: it is one cell of the machine's State, so that what the
wires carry is saved, compared and restored with everything else. What it adds is that a change
rings the bells of the units that listen.
"""

from __future__ import annotations

from typing import Any

from numpy.typing import NDArray

from simulator.kernel import Bell


class Signal:
    """One wire.

    Parameters
    ----------
    cells
        A field of the State, one-dimensional, of any integer dtype; the wire is a live view of it.
    index
        Which cell of it.
    """

    __slots__ = ("_bells", "_cells", "_index")

    def __init__(self, cells: NDArray[Any], index: int) -> None:
        self._cells = cells
        self._index = index
        self._bells: list[Bell] = []

    def feeds(self, bell: Bell) -> None:
        """Have ``bell`` rung at every change of this wire."""
        self._bells.append(bell)

    @property
    def value(self) -> int:
        """What the wire carries now."""
        return int(self._cells[self._index])

    def set(self, value: int) -> None:
        """Put ``value`` on the wire; whoever listens is rung if that is a change."""
        if value != self.value:
            self._cells[self._index] = value
            for bell in self._bells:
                bell.ring()


def bus(cells: NDArray[Any]) -> list[Signal]:
    """Give one wire for every cell of a field of the State, in order."""
    return [Signal(cells, index) for index in range(len(cells))]
