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
    for cell in range(net.cells):
        found += [Fault(kind, cell) for kind in (Kind.DEAD, Kind.STUCK, Kind.RAISED, Kind.LOWERED)]
        found += [Fault(Kind.CUT, cell, row) for row in range(len(net.excited_by(cell)))]
        found += [Fault(Kind.VETO_CUT, cell, row) for row in range(len(net.vetoed_by(cell)))]
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
    detected, undetected = [], []
    for first in range(0, len(chosen), LANES):
        some = chosen[first : first + LANES]
        differs = _differences(net, given, ticks, some)
        for lane, fault in enumerate(some):
            seen = differs & (np.uint64(1) << np.uint64(lane))
            when = np.flatnonzero(seen.any(axis=1))
            if len(when):
                output = int(net.outputs[int(np.flatnonzero(seen[when[0]])[0])])
                detected.append(Detection(fault, int(when[0]), net.name(output)))
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


def _differences(
    net: Net, given: NDArray[np.uint8], ticks: int, faults: list[Fault]
) -> NDArray[np.uint64]:
    """Give uint64 ``(ticks + 1, outputs)``: in which lanes an output differs from the sound net."""
    broken = _Broken(net)
    for lane, fault in enumerate(faults):
        broken.breaks(fault, np.uint64(1) << np.uint64(lane))
    whole, on, off, masks = broken.net()
    words = np.zeros((ticks + 1, whole.afferents), np.uint64)
    words[:, : net.afferents] = np.where(given, ALL, np.uint64(0))
    for afferent, (source, mask) in enumerate(masks, net.afferents):
        words[:, afferent] = mask if source is None else words[:, source] & mask
    extra = whole.afferents - net.afferents
    shown = np.where(net.outputs < net.afferents, net.outputs, net.outputs + extra)
    got = lanes_with(whole, words, ticks, shown, on, off)
    none = np.zeros(0, np.uint64)
    sound = np.where(given, ALL, np.uint64(0))
    want = lanes_with(net, sound, ticks, net.outputs, none, none)
    return got ^ want


class _Broken:
    """A net to which copies and afferents of ours are added, lane by lane."""

    def __init__(self, net: Net) -> None:
        self._net = net
        self._dead: dict[int, np.uint64] = {}
        self._stuck: dict[int, np.uint64] = {}
        self._drifts: list[tuple[int, np.uint64, bool]] = []
        self._cuts: list[tuple[Fault, np.uint64]] = []

    def breaks(self, fault: Fault, lane: np.uint64) -> None:
        """Let one fault be there in one lane."""
        match fault.kind:
            case Kind.DEAD:
                self._dead[fault.cell] = self._dead.get(fault.cell, np.uint64(0)) | lane
            case Kind.STUCK:
                self._stuck[fault.cell] = self._stuck.get(fault.cell, np.uint64(0)) | lane
            case Kind.RAISED | Kind.LOWERED:
                self._drifts.append((fault.cell, lane, fault.kind == Kind.RAISED))
            case _:
                self._cuts.append((fault, lane))

    def net(
        self,
    ) -> tuple[Net, NDArray[np.uint64], NDArray[np.uint64], list[tuple[int | None, np.uint64]]]:
        """Give the net, the cells held on and off, and what our afferents carry."""
        net = self._net
        rows = [[list(row) for row in net.excited_by(c)] for c in range(net.cells)]
        vetoes = [[list(row) for row in net.vetoed_by(c)] for c in range(net.cells)]
        h, initial = net.h.tolist(), net.initial.tolist()
        masks: list[tuple[int | None, np.uint64]] = []
        copies: list[tuple[int, np.uint64]] = []
        for fault, lane in self._cuts:
            row = (rows if fault.kind == Kind.CUT else vetoes)[fault.cell][fault.row]
            if row[0] >= 0:  # cut for the first time: minus tells a copy from a fibre
                copies.append((row[0], np.uint64(0)))
                row[0] = -len(copies)
            source, mask = copies[-row[0] - 1]
            copies[-row[0] - 1] = source, mask | lane
        place: dict[int, int] = {}
        for number, (source, mask) in enumerate(copies, 1):
            if source < net.afferents:
                place[-number] = net.afferents + len(masks)
                masks.append((source, ~mask))
        for mine in rows:  # temporal summation is later endings; a drift is felt once a tick
            mine[:] = [
                [s, e, d + late, *f] for s, e, d, *f in mine for late in range(net.law.window)
            ]
        for cell, lane, raised in self._drifts:
            rows[cell].append([net.afferents + len(masks) + net.fibres, 1, 1])
            h[cell] += raised
            masks.append((None, ~lane if raised else lane))
        extra = len(masks)
        dead, stuck = dict(self._dead), dict(self._stuck)
        for number, (source, mask) in enumerate(copies, 1):
            if source >= net.afferents:
                cell = source - net.afferents
                place[-number] = net.afferents + extra + len(h)
                dead[len(h)] = mask | dead.get(cell, np.uint64(0))
                stuck[len(h)] = stuck.get(cell, np.uint64(0))
                rows.append(rows[cell])
                vetoes.append(vetoes[cell])
                h.append(h[cell])
                initial.append(initial[cell])

        def moved(fibre: int) -> int:
            if fibre < 0:
                return place[fibre]
            if fibre >= net.fibres:
                return fibre - net.fibres
            return fibre if fibre < net.afferents else fibre + extra

        on, off = np.zeros(len(h), np.uint64), np.zeros(len(h), np.uint64)
        for cell, mask in stuck.items():
            on[cell] = mask
        for cell, mask in dead.items():
            off[cell] = mask
        whole = Net(
            net.afferents + extra, np.array(h, np.int32), *_csr(rows, moved), *_csr(vetoes, moved),
            np.array(initial, np.uint8), law=ABSOLUTE if net.law.window > 1 else net.law,
        )  # fmt: skip
        return whole, on, off, masks


def _csr(rows: list[list[list[int]]], moved: Any) -> tuple[Any, Any, Any, Any]:
    starts = np.zeros(len(rows) + 1, np.int64)
    starts[1:] = np.cumsum([len(mine) for mine in rows])
    flat = [(moved(row[0]), row[1], row[2]) for mine in rows for row in mine]
    columns = np.ascontiguousarray(np.array(flat, np.int32).reshape(-1, 3).T)
    return starts, columns[0], columns[1], columns[2]
