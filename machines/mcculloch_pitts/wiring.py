"""The drawing board: nets drawn cell by cell, by name.

Names may be used before they are drawn, so circles are drawn like anything else:

>>> from machines.mcculloch_pitts.wiring import Wiring
>>> board = Wiring("figure 1i, the circle")
>>> board.afferent("1"), board.afferent("2")
('1', '2')
>>> board.cell("L", {"1": 1, "2": 1, "L": 2}, h=2)
'L'
>>> board.cell("3", {"2": 2, "1": 1, "L": 1}, h=2)
'3'
>>> board.output("3")
>>> board.net().cells
2
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulator.errors import Mistake
from simulator.points import unknown

from .laws import ABSOLUTE, Law
from .net import Net

Endings = Mapping[str, "int | tuple[int, int]"]
"""``{source: endings}`` or ``{source: (endings, delay)}``; delay 1 is the synaptic delay alone."""
At = tuple[float, float] | None


class _Row(NamedTuple):
    source: str
    endings: int
    delay: int


class _Cell(NamedTuple):
    name: str
    h: int
    excite: list[_Row]
    veto: list[_Row]
    initial: bool
    alterable: frozenset[str]


class Wiring:
    """A net being drawn.

    Parameters
    ----------
    title
        What the net is.
    law
        What its cells obey.
    """

    def __init__(self, title: str = "", law: Law = ABSOLUTE) -> None:
        self.title = title
        self.law = law
        self._afferents: list[str] = []
        self._cells: list[_Cell] = []
        self._outputs: list[str] = []
        self._at: dict[str, At] = {}

    def afferent(self, name: str, at: At = None) -> str:
        """Draw a peripheral afferent; give its name back.

        Raises
        ------
        Mistake
            If something is called so already.
        """
        self._call(name, at)
        self._afferents.append(name)
        return name

    def cell(
        self,
        name: str,
        excite: Endings,
        veto: Iterable[str] | Endings = (),
        *,
        h: int,
        fires_at_start: bool = False,
        at: At = None,
        alterable: Iterable[str] = (),
    ) -> str:
        """Draw a cell with its endings; give its name back.

        Parameters
        ----------
        name
            What it, and its axon, is called.
        excite
            Excitatory endings by source: a number, or (number, delay in ticks).
        veto
            Names of inhibitory sources with one ending each, or endings by source.
        h
            How many endings must be excited together: theta + 1 of the paper's text.
        fires_at_start
            Whether it fires at t = 0.
        at
            Where it is drawn.
        alterable
            Those excitatory sources whose endings count only once learned (law ``alterable``).

        Raises
        ------
        Mistake
            If something is called so already, or a number is none.
        """
        learned = frozenset(alterable)
        if odd := sorted(learned - set(excite)):
            raise Mistake(f"cell {name}: {odd[0]} cannot alter, it does not excite the cell")
        by_name = veto if isinstance(veto, Mapping) else dict.fromkeys(veto, 1)
        rows = (_rows(name, excite), _rows(name, by_name))
        if isinstance(h, bool) or not isinstance(h, int | np.integer):
            raise Mistake(f"cell {name}: h must be a whole number, not {h!r}")
        self._call(name, at)
        self._cells.append(_Cell(name, int(h), *rows, bool(fires_at_start), learned))
        return name

    def output(self, *names: str) -> None:
        """Show fibres as the net's answer, in this order; each once."""
        self._outputs += [name for name in dict.fromkeys(names) if name not in self._outputs]

    def __contains__(self, name: str) -> bool:
        return name in self._at

    def _call(self, name: str, at: At) -> None:
        if not isinstance(name, str) or not name or not name.isprintable() or len(name) > 200:
            raise Mistake(f"a fibre's name is 1 to 200 printable characters, not {name!r}")
        if name in self._at:
            raise Mistake(f"two fibres are called {name}; every fibre needs a name of its own")
        self._at[name] = at

    def net(self) -> Net:
        """Make the net.

        Raises
        ------
        Mistake
            If a cell or the outputs name a fibre that was never drawn, or a number is out of
            range; the line names the cell.
        """
        names = (*self._afferents, *(cell.name for cell in self._cells))
        number = {name: i for i, name in enumerate(names)}
        for name in self._outputs:
            if name not in number:
                raise unknown("fibre", name, names)
        excite = _csr(number, [(cell.name, cell.excite) for cell in self._cells])
        veto = _csr(number, [(cell.name, cell.veto) for cell in self._cells])
        alterable = [row.source in cell.alterable for cell in self._cells for row in cell.excite]
        placed = any(at is not None for at in self._at.values())
        return Net(
            len(self._afferents),
            _whole([cell.h for cell in self._cells], np.int32),
            *excite,
            *veto,
            np.array([cell.initial for cell in self._cells], np.uint8),
            _whole([number[name] for name in self._outputs], np.int32),
            names,
            np.array([self._at[name] or (0.0, 0.0) for name in names], np.float32)
            if placed
            else None,
            self.law,
            self.title,
            np.array(alterable, np.uint8) if any(alterable) else None,
        )


def _rows(cell: str, by_name: Endings) -> list[_Row]:
    rows = []
    for source, given in by_name.items():
        pair = given if isinstance(given, tuple) else (given, 1)
        if len(pair) != 2 or any(
            isinstance(n, bool) or not isinstance(n, int | np.integer) or n < 1 for n in pair
        ):
            raise Mistake(
                f"cell {cell}: {source} ends on it with {given!r}; endings, or (endings, delay), "
                "are whole numbers from 1"
            )
        rows.append(_Row(source, int(pair[0]), int(pair[1])))
    return rows


def _csr(
    number: Mapping[str, int], cells: list[tuple[str, list[_Row]]]
) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.int32], NDArray[np.int32]]:
    for name, rows in cells:
        for row in rows:
            if row.source not in number:
                mistake = unknown("fibre", row.source, list(number)[:1000])
                raise Mistake(f"cell {name}: {mistake}")
    flat = [row for _, rows in cells for row in rows]
    starts = np.zeros(len(cells) + 1, np.int64)
    starts[1:] = np.cumsum([len(rows) for _, rows in cells])
    return (
        starts,
        _whole([number[row.source] for row in flat], np.int32),
        _whole([row.endings for row in flat], np.int32),
        _whole([row.delay for row in flat], np.int32),
    )


def _whole(numbers: list[int], dtype: type) -> NDArray[np.int32]:
    """Make an array; what does not fit is cut to the largest number, which a check then refuses."""
    most = int(np.iinfo(dtype).max)
    return np.array([min(n, most) for n in numbers], dtype)
