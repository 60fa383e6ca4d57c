"""The net: cells, fibres and endings, as arrays. This is what is *given*.

A **fibre** is the axon of a cell or a peripheral afferent that comes from outside. Fibres are
numbered from 0, afferents first, then the cells in order. A fibre ends on a cell with one or
several **endings**, each excitatory or inhibitory, after a **delay** counted in ticks (one tick is
one synaptic delay, and there is never less). A cell fires when at least ``h`` of its excitatory
endings are active together and no inhibitory one is.

Nets are drawn on a :class:`~machines.mcculloch_pitts.wiring.Wiring`; this module is what the
drawing becomes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from simulator.errors import Mistake
from simulator.points import unknown

from .laws import ABSOLUTE, LONGEST, MOST_ENDINGS, Law

MOST_FIBRES = 1 << 27
"""No net has more fibres than this."""

_ROWS: tuple[tuple[str, type], ...] = (
    ("h", np.int32),
    ("starts", np.int64),
    ("sources", np.int32),
    ("endings", np.int32),
    ("delays", np.int32),
    ("veto_starts", np.int64),
    ("vetoes", np.int32),
    ("veto_endings", np.int32),
    ("veto_delays", np.int32),
    ("initial", np.uint8),
    ("outputs", np.int32),
)


@dataclass(frozen=True, eq=False)
class Net:
    """A net of McCulloch-Pitts cells; arrays are C-contiguous and read-only.

    Attributes
    ----------
    afferents
        How many fibres are peripheral afferents: fibres ``0 .. afferents-1``.
    h
        int32 ``(cells,)``: endings that must be excited together; theta + 1 of the paper's text.
    starts
        int64 ``(cells+1,)``: cell ``i`` has the excitatory rows ``starts[i] .. starts[i+1]-1``.
    sources, endings, delays
        int32 ``(E,)``: of each excitatory row its fibre, number of endings, delay in ticks (1: the
        synaptic delay alone).
    veto_starts, vetoes, veto_endings, veto_delays
        The same for inhibitory rows.
    initial
        uint8 ``(cells,)``: 1 where the cell fires at t = 0.
    outputs
        int32 ``(n,)``: the fibres shown as the answer.
    names
        Names of all fibres, or None: then N1, N2 ... by number.
    positions
        float32 ``(fibres, 2)``: where each is drawn, x to the right and y down; or None.
    law
        What the cells obey.
    title
        What the net is.
    alterable
        uint8 ``(E,)``, only under the law ``alterable``: 1 where a row counts only once it was
        active as its cell fired. None: no row does.

    Raises
    ------
    Mistake
        If an array does not fit the others, or the law: one line that names the cell.
    """

    afferents: int
    h: NDArray[np.int32]
    starts: NDArray[np.int64]
    sources: NDArray[np.int32]
    endings: NDArray[np.int32]
    delays: NDArray[np.int32]
    veto_starts: NDArray[np.int64]
    vetoes: NDArray[np.int32]
    veto_endings: NDArray[np.int32]
    veto_delays: NDArray[np.int32]
    initial: NDArray[np.uint8]
    outputs: NDArray[np.int32] = field(default_factory=lambda: np.zeros(0, np.int32))
    names: tuple[str, ...] | None = None
    positions: NDArray[np.float32] | None = None
    law: Law = ABSOLUTE
    title: str = ""
    alterable: NDArray[np.uint8] | None = None

    def __post_init__(self) -> None:
        for name, dtype in _ROWS:
            self._freeze(name, getattr(self, name), dtype)
        if self.positions is not None:
            self._freeze("positions", self.positions, np.float32)
        if self.alterable is not None:
            self._freeze("alterable", self.alterable, np.uint8)
        _check(self)

    def _freeze(self, name: str, given: ArrayLike, dtype: type) -> None:
        try:
            whole = np.asarray(given)
            array: NDArray[Any] = np.ascontiguousarray(whole, dtype)
        except (TypeError, ValueError, OverflowError) as error:
            raise Mistake(f"the net's {name} must be an array of numbers ({error})") from error
        if whole.dtype.kind not in "iufb" or (
            whole.dtype != array.dtype and dtype is not np.float32 and (whole != array).any()
        ):
            raise Mistake(f"the net's {name} must hold {np.dtype(dtype).name} numbers")
        if array.flags.writeable:  # what was given may be written to later: keep a copy
            array = array.copy() if np.may_share_memory(array, whole) else array
            array.flags.writeable = False
        object.__setattr__(self, name, array)

    @property
    def cells(self) -> int:
        """How many cells there are, afferents not counted."""
        return len(self.h)

    @property
    def fibres(self) -> int:
        """How many fibres there are: afferents and cells."""
        return self.afferents + self.cells

    @cached_property
    def longest_delay(self) -> int:
        """The longest delay of any ending, in ticks; at least 1."""
        return max(1, *(int(d.max(initial=1)) for d in (self.delays, self.veto_delays)))

    @property
    def memory(self) -> int:
        """How many ticks of the past decide the next: delays, and what the law looks back on."""
        return (
            self.longest_delay + self.law.window - 1
            if self.law.window > 1
            else max(self.longest_delay, self.law.memory)
        )

    def name(self, fibre: int) -> str:
        """Tell a fibre's name.

        Raises
        ------
        Mistake
            If there is no such fibre.
        """
        if not 0 <= fibre < self.fibres:
            raise Mistake(f"the net has no fibre {fibre}; it has {self.fibres}, counted from 0")
        return f"N{fibre + 1}" if self.names is None else self.names[fibre]

    def fibre(self, name: str) -> int:
        """Find a fibre by name.

        Raises
        ------
        Mistake
            If no fibre is called so.
        """
        number = self._numbers.get(name)
        if number is None:
            few = self._numbers if self.fibres <= 1000 else list(self._numbers)[:1000]
            raise unknown("fibre", name, few)
        return number

    @cached_property
    def _numbers(self) -> Mapping[str, int]:
        return {self.name(i): i for i in range(self.fibres)}

    def excited_by(self, cell: int) -> list[tuple[int, int, int]]:
        """List (fibre, endings, delay) of what excites a cell, counted from 0 without afferents."""
        rows = range(self.starts[cell], self.starts[cell + 1])
        return [(int(self.sources[e]), int(self.endings[e]), int(self.delays[e])) for e in rows]

    def vetoed_by(self, cell: int) -> list[tuple[int, int, int]]:
        """List (fibre, endings, delay) of what inhibits a cell, counted from 0."""
        rows = range(self.veto_starts[cell], self.veto_starts[cell + 1])
        return [
            (int(self.vetoes[e]), int(self.veto_endings[e]), int(self.veto_delays[e])) for e in rows
        ]


def same(left: Net, right: Net) -> bool:
    """Tell whether two nets are given alike: wiring, names, places, law and title."""
    pairs: list[tuple[Any, Any]] = [
        (getattr(left, name), getattr(right, name))
        for name in (*(row[0] for row in _ROWS), "positions", "alterable")
    ]
    return (
        (left.afferents, left.names, left.law, left.title)
        == (right.afferents, right.names, right.law, right.title)
        and all((a is None) == (b is None) for a, b in pairs)
        and all(a is None or np.array_equal(a, b) for a, b in pairs)
    )


def _check(net: Net) -> None:
    cells = len(net.h)
    if net.afferents < 0 or net.afferents + cells > MOST_FIBRES:
        raise Mistake(f"a net has 0 to {MOST_FIBRES} fibres, not {net.afferents} + {cells}")
    if any(getattr(net, name).ndim != 1 for name, _ in _ROWS):
        raise Mistake("the arrays of a net have one dimension each")
    if len(net.initial) != cells or (net.initial > 1).any():
        raise Mistake(
            f"initial says of each of the {cells} cells whether it fires at t = 0: 0 or 1"
        )
    _check_rows(net, "excitatory", net.starts, net.sources, net.endings, net.delays)
    _check_rows(net, "inhibitory", net.veto_starts, net.vetoes, net.veto_endings, net.veto_delays)
    if len(net.outputs) and not 0 <= net.outputs.min() <= net.outputs.max() < net.fibres:
        raise Mistake(f"an output is no fibre of the net; it has {net.fibres}, counted from 0")
    if net.names is not None:
        if len(net.names) != net.fibres:
            raise Mistake(f"the net has {net.fibres} fibres, and {len(net.names)} names")
        if len(set(net.names)) != net.fibres:
            twice = next(name for name, times in Counter(net.names).items() if times > 1)
            raise Mistake(f"two fibres are called {twice}; every fibre needs a name of its own")
    if net.positions is not None and (
        net.positions.shape != (net.fibres, 2) or not np.isfinite(net.positions).all()
    ):
        raise Mistake(f"positions must be two finite numbers for each of {net.fibres} fibres")
    if net.alterable is not None and (
        net.law.name != "alterable" or net.alterable.shape != net.sources.shape
    ):
        raise Mistake("endings are marked alterable, one by one, under the law alterable alone")
    low = np.flatnonzero((net.h < net.law.least_h) | (net.h > MOST_ENDINGS))
    if len(low):
        i = int(low[0])
        cure = " (a threshold of 0 needs the law minsky)" if net.h[i] == 0 else ""
        raise Mistake(
            f"cell {net.name(net.afferents + i)} has h = {net.h[i]}; under the law "
            f"{net.law.name} h is {net.law.least_h} to {MOST_ENDINGS}{cure}"
        )


def _check_rows(
    net: Net,
    kind: str,
    starts: NDArray[np.int64],
    sources: NDArray[np.int32],
    endings: NDArray[np.int32],
    delays: NDArray[np.int32],
) -> None:
    rows = len(sources)
    if len(endings) != rows or len(delays) != rows:
        raise Mistake(f"the {kind} rows differ in number of sources, endings and delays")
    if (
        len(starts) != len(net.h) + 1
        or starts[0] != 0
        or starts[-1] != rows
        or (np.diff(starts) < 0).any()
    ):
        raise Mistake(f"the {kind} starts must rise from 0 to {rows}, one a cell and one more")
    if not rows:
        return
    for what, array, least, most in (
        ("source", sources, 0, net.fibres - 1),
        ("number of endings", endings, 1, MOST_ENDINGS),
        ("delay", delays, 1, LONGEST),
    ):
        if not least <= array.min() <= array.max() <= most:
            at = int(np.flatnonzero((array < least) | (array > most))[0])
            cell = int(np.searchsorted(starts, at, "right")) - 1
            raise Mistake(
                f"cell {net.name(net.afferents + cell)}: an {kind} {what} is {array[at]}; "
                f"it must be {least} to {most}"
            )
    if endings.max() > 1 or rows > MOST_ENDINGS:
        sums = np.diff(np.concatenate(([0], np.cumsum(endings, dtype=np.int64)))[starts])
        if sums.max() > MOST_ENDINGS:
            raise Mistake(
                f"cell {net.name(net.afferents + int(sums.argmax()))} has more than "
                f"{MOST_ENDINGS} {kind} endings"
            )
