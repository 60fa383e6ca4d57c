"""What a broken net does: sixty-four faults in one word, and which of them a stimulus shows.

A cell may be dead or fire for ever, a fibre may be cut before one of its endings, a threshold may
have drifted. Every fault gets a lane of its own; the sound net is run beside them. A fault is
*detected* if at some tick an output differs from the sound net's.

A cut is a copy of the fibre's cell, dead in that lane, which takes the place of the fibre at the
one ending. A drift is an afferent of ours: it excites the cell where the threshold fell, and where
the threshold rose it is what is missing.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulator.errors import Mistake

from .compiled import lanes_with
from .law import stimulus_for
from .laws import ABSOLUTE
from .net import Net

LANES = 64
ALL = ~np.uint64(0)


class Kind(StrEnum):
    """What can be wrong."""

    DEAD = "dead"
    """The cell never fires."""
    STUCK = "stuck"
    """The cell fires at every tick."""
    CUT = "cut"
    """The fibre is severed before its excitatory endings on the cell."""
    VETO_CUT = "veto cut"
    """The fibre is severed before its inhibitory endings on the cell."""
    RAISED = "raised"
    """One ending more is needed."""
    LOWERED = "lowered"
    """One ending less is needed."""


class Fault(NamedTuple):
    """One fault.

    Attributes
    ----------
    kind
        What is wrong.
    cell
        Where: number of the cell, from 0, afferents not counted.
    row
        Of a cut: which of the cell's excitatory (or inhibitory) rows, from 0.
    """

    kind: Kind
    cell: int
    row: int = 0

    def told(self, net: Net) -> str:
        """Say it in words."""
        name = net.name(net.afferents + self.cell)
        match self.kind:
            case Kind.CUT:
                source = net.name(net.excited_by(self.cell)[self.row][0])
                return f"{source} is cut before {name}"
            case Kind.VETO_CUT:
                source = net.name(net.vetoed_by(self.cell)[self.row][0])
                return f"the veto of {source} on {name} is cut"
            case Kind.RAISED | Kind.LOWERED:
                return f"the threshold of {name} is {self.kind} by one"
        return f"{name} is {self.kind}"


class Detection(NamedTuple):
    """Where a fault first showed: at which tick, at which output."""

    fault: Fault
    tick: int
    output: str


class Coverage(NamedTuple):
    """What a stimulus shows of a list of faults."""

    detected: list[Detection]
    undetected: list[Fault]

    @property
    def share(self) -> float:
        """Detected faults over all; 1 if there were none."""
        every = len(self.detected) + len(self.undetected)
        return len(self.detected) / every if every else 1.0


def all_faults(net: Net) -> list[Fault]:
    """List every fault a net can have."""
    found = []
    counted = np.diff(net.starts).tolist(), np.diff(net.veto_starts).tolist()
    for cell, (excite, veto) in enumerate(zip(*counted, strict=True)):
        found += [Fault(kind, cell) for kind in (Kind.DEAD, Kind.STUCK, Kind.RAISED, Kind.LOWERED)]
        found += [Fault(Kind.CUT, cell, row) for row in range(excite)]
        found += [Fault(Kind.VETO_CUT, cell, row) for row in range(veto)]
    return found


def coverage(
    net: Net, stimulus: Any, ticks: int | None = None, faults: Iterable[Fault] | None = None
) -> Coverage:
    """Run a net with each of many faults, and tell which of them its outputs show.

    Parameters
    ----------
    net
        The net, with outputs, under any law but ``alterable`` and ``noisy``.
    stimulus
        uint8 ``(n, afferents)``.
    ticks
        How many ticks to run; as many as the stimulus has rows if left out.
    faults
        Which faults; all if left out.

    Raises
    ------
    Mistake
        If the net shows nothing, a fault is none of it, or the law does not allow it.
    """
    if net.law.name in ("alterable", "noisy"):
        raise Mistake(f"faults are looked for in nets that are certain, not under {net.law.name}")
    if not len(net.outputs):
        raise Mistake("the net shows no output at which a fault could be seen; name some")
    ticks = len(stimulus) if ticks is None else ticks
    given = stimulus_for(net, stimulus, ticks)
    chosen = all_faults(net) if faults is None else list(faults)
    for fault in chosen:
        _check(net, fault)
    carried = np.where(given, ALL, np.uint64(0))
    none = np.zeros(0, np.uint64)
    sound = lanes_with(net, carried, ticks, net.outputs, none, none)
    detected, undetected = [], []
    for first in range(0, len(chosen), LANES):
        some = chosen[first : first + LANES]
        differs = _shown(net, carried, ticks, some) ^ sound
        anywhere = np.bitwise_or.reduce(differs, axis=1)
        for lane, fault in enumerate(some):
            bit = np.uint64(1 << lane)
            tick = int((anywhere & bit != 0).argmax())
            if anywhere[tick] & bit:
                output = int(net.outputs[int((differs[tick] & bit != 0).argmax())])
                detected.append(Detection(fault, tick, net.name(output)))
            else:
                undetected.append(fault)
    return Coverage(detected, undetected)


def _check(net: Net, fault: Fault) -> None:
    if not 0 <= fault.cell < net.cells:
        raise Mistake(f"the net has no cell {fault.cell}; it has {net.cells}, counted from 0")
    starts = net.starts if fault.kind == Kind.CUT else net.veto_starts
    rows = int(starts[fault.cell + 1] - starts[fault.cell])
    if fault.kind in (Kind.CUT, Kind.VETO_CUT) and not 0 <= fault.row < rows:
        name = net.name(net.afferents + fault.cell)
        raise Mistake(f"cell {name} has no row {fault.row} to cut; it has {rows}, counted from 0")


def _shown(
    net: Net, carried: NDArray[np.uint64], ticks: int, faults: list[Fault]
) -> NDArray[np.uint64]:
    """Give uint64 ``(ticks + 1, outputs)``: what the outputs show, each fault in its lane."""
    broken = _broken(net, faults)
    extra = len(broken.masks)
    words = np.empty((ticks + 1, net.afferents + extra), np.uint64)
    words[:, : net.afferents] = carried
    words[:, net.afferents :] = broken.masks
    followed = broken.follows >= 0
    words[:, net.afferents :][:, followed] &= carried[:, broken.follows[followed]]
    shown = np.where(net.outputs < net.afferents, net.outputs, net.outputs + extra)
    return lanes_with(broken.net, words, ticks, shown, broken.on, broken.off)


class _Broken(NamedTuple):
    """A net to which copies of cells, and afferents of ours, are added, lane by lane.

    Attributes
    ----------
    net
        Its afferents, then ours; its cells, then the copies.
    on, off
        uint64 ``(cells,)``: in which lanes a cell is held.
    follows
        int64, one an afferent of ours: the afferent it carries on, or -1 if none.
    masks
        uint64, the same: the lanes in which it may fire.
    """

    net: Net
    on: NDArray[np.uint64]
    off: NDArray[np.uint64]
    follows: NDArray[np.int64]
    masks: NDArray[np.uint64]


class _Rows(NamedTuple):
    """What excites, or vetoes, the cells: as in a net."""

    starts: NDArray[np.int64]
    sources: NDArray[Any]
    endings: NDArray[Any]
    delays: NDArray[Any]


def _broken(net: Net, faults: list[Fault]) -> _Broken:
    on, off = np.zeros(net.cells, np.uint64), np.zeros(net.cells, np.uint64)
    cuts: dict[tuple[bool, int], int] = {}
    drifts: list[tuple[int, int, bool]] = []
    for lane, (kind, cell, row) in enumerate(faults):
        if kind in (Kind.CUT, Kind.VETO_CUT):
            starts = net.starts if kind == Kind.CUT else net.veto_starts
            place = kind == Kind.CUT, int(starts[cell]) + row
            cuts[place] = cuts.get(place, 0) | 1 << lane
        elif kind in (Kind.RAISED, Kind.LOWERED):
            drifts.append((cell, 1 << lane, kind == Kind.RAISED))
        else:
            held = on if kind == Kind.STUCK else off
            held[cell] |= np.uint64(1 << lane)

    def source_of(excites: bool, row: int) -> int:
        return int((net.sources if excites else net.vetoes)[row])

    ours = [place for place in cuts if source_of(*place) < net.afferents]
    copies = [place for place in cuts if source_of(*place) >= net.afferents]
    extra = len(ours) + len(drifts)
    sources = [
        np.where(given < net.afferents, given, given + extra).astype(np.int64)
        for given in (net.vetoes, net.sources)
    ]
    for k, (excites, row) in enumerate(ours):
        sources[excites][row] = net.afferents + k
    for k, (excites, row) in enumerate(copies):
        sources[excites][row] = net.fibres + extra + k
    copied = np.array([source_of(*place) - net.afferents for place in copies], np.int64)
    h = net.h.copy()
    for cell, _, raised in drifts:
        h[cell] += raised
    excite = _spread(_Rows(net.starts, sources[True], net.endings, net.delays), net.law.window)
    excite = _with_drifts(excite, [cell for cell, *_ in drifts], net.afferents + len(ours))
    veto = _Rows(net.veto_starts, sources[False], net.veto_endings, net.veto_delays)
    every = np.concatenate([np.arange(net.cells), copied])
    gone = np.array([cuts[place] for place in copies], np.uint64)
    masks = [~cuts[place] & int(ALL) for place in ours]
    masks += [~lane & int(ALL) if raised else lane for _, lane, raised in drifts]
    whole = Net(
        net.afferents + extra, h[every], *_with_copies(excite, copied), *_with_copies(veto, copied),
        net.initial[every], law=ABSOLUTE if net.law.window > 1 else net.law,
    )  # fmt: skip
    off = off[every]
    off[net.cells :] |= gone
    follows = np.array([source_of(*place) for place in ours] + [-1] * len(drifts), np.int64)
    return _Broken(whole, on[every], off, follows, np.array(masks, np.uint64))


def _spread(rows: _Rows, window: int) -> _Rows:
    """Make temporal summation later endings; a drift must be felt once a tick only."""
    if window == 1:
        return rows
    late = np.tile(np.arange(window, dtype=np.int32), len(rows.sources))
    sources, endings, delays = (np.repeat(column, window) for column in rows[1:])
    return _Rows(rows.starts * window, sources, endings, delays + late)


def _with_drifts(rows: _Rows, cells: list[int], first: int) -> _Rows:
    """Let each of the fibres from ``first`` on end once on one of the cells."""
    at = rows.starts[np.array(cells, np.int64) + 1]
    more = np.bincount(np.array(cells, np.int64) + 1, minlength=len(rows.starts))
    return _Rows(
        rows.starts + np.cumsum(more),
        np.insert(rows.sources, at, np.arange(first, first + len(cells))),
        np.insert(rows.endings, at, 1),
        np.insert(rows.delays, at, 1),
    )


def _with_copies(rows: _Rows, cells: NDArray[np.int64]) -> _Rows:
    """Add cells with the same rows as some that are there."""
    lengths = np.diff(rows.starts)[cells]
    same = [np.arange(rows.starts[cell], rows.starts[cell + 1]) for cell in cells]
    every = np.concatenate([np.arange(len(rows.sources)), *same])
    starts = np.concatenate([rows.starts, rows.starts[-1] + np.cumsum(lengths)])
    return _Rows(starts, *(column[every] for column in rows[1:]))
