"""The compiled event-driven engine: only pulses cost time.

Where few cells fire, it is cheaper to follow every pulse to the cells it ends on than to ask every
cell. Endings are therefore turned round: for every fibre the cells it reaches, one table for each
delay that occurs. The run stops by itself where pulses become so many that the sweep is cheaper.
"""

from __future__ import annotations

from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

import numpy as np
from numba import njit
from numpy.typing import NDArray

from simulator.fingerprint import fingerprint

from . import laws
from .compiled_plan import Inputs, inputs
from .laws import LONGEST, MOST_ENDINGS
from .net import Net

VETO = -(MOST_ENDINGS * LONGEST + 1)
"""The weight of a veto: more than all that can excite a cell, under temporal summation too."""
MOST_STARTS = 1 << 26
"""No net gets tables longer than this: with very many different delays it is swept."""
CELL = (1 << 32) - 1
TOUCHED = 1 << 60
"""Added to the sum of a cell that anything has reached: more than all sums can be."""
U = np.uint64


class Reach(NamedTuple):
    """The endings turned round.

    Attributes
    ----------
    delays
        int32 ``(d,)``: the delays that occur.
    starts
        int64 ``(d, fibres + 1)``: where a fibre's targets of this delay begin.
    ends
        int64: the cell (counted from 0 without the afferents) in the low half, the weight in the
        high half, side by side as they are needed; :data:`VETO` forbids.
    restless
        int32: cells that fire unless something is done about it (h = 0).
    """

    delays: NDArray[np.int32]
    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    restless: NDArray[np.int32]


_reaches: WeakKeyDictionary[Net, Reach | None] = WeakKeyDictionary()


def reach(net: Net) -> Reach | None:
    """Give the endings of a net turned round, made once; None where events do not suit it."""
    if net not in _reaches:
        fit = net.law.name not in ("alterable", "noisy")
        _reaches[net] = _reach(net, inputs(net)) if fit else None
    return _reaches[net]


def _reach(net: Net, given: Inputs) -> Reach | None:
    both = (given.counted, given.vetoes)
    source = np.concatenate([rows.sources for rows in both])
    delay = np.concatenate([rows.delays for rows in both])
    cell = np.concatenate(
        [np.repeat(np.arange(net.cells, dtype=np.int32), np.diff(rows.starts)) for rows in both]
    )
    weight = np.concatenate(
        [given.counted.weights, np.full(len(given.vetoes.sources), VETO, np.int32)]
    )
    delays, kind = np.unique(delay, return_inverse=True)
    if len(delays) * (net.fibres + 1) > MOST_STARTS:
        return None
    key = kind * np.int64(net.fibres) + source
    order = np.argsort(key, kind="stable")
    edges = np.searchsorted(key[order], np.arange(len(delays) * net.fibres + 1))
    starts = np.empty((len(delays), net.fibres + 1), np.int64)
    for d in range(len(delays)):
        starts[d] = edges[d * net.fibres : (d + 1) * net.fibres + 1]
    return Reach(
        delays.astype(np.int32), starts,
        weight[order].astype(np.int64) << 32 | cell[order],
        np.flatnonzero(net.h <= 0).astype(np.int32),
    )  # fmt: skip


def _way_in(sources: str) -> Any:
    """Make the entry function; numba keys its cache by what it closes over: ``sources``."""

    @njit(cache=True, nogil=True)
    def follow(  # type: ignore[no-untyped-def]
        out, columns, row, ticks, afferents, h, delays, starts, ends, restless,
        log, log_starts, seen, given, present, sums, touched, most,
    ):  # fmt: skip
        """Follow pulses for up to ``ticks`` ticks; give how many were done.

        What cells fire is shown in the rows of ``out`` after ``row``, in column ``columns[cell]``,
        or not at all where that is -1. ``log`` lists the fibres that fired, row after row: row
        ``row - k`` is ``log[log_starts[seen - k]:log_starts[seen - k + 1]]``; ``seen`` is the
        place of the last row known, and no delay reaches back beyond the first.
        What afferents carry stands in the rows of ``given`` after ``present``; silence after the
        last. ``sums`` holds 0 for every cell, before and after.
        """
        _ = sources
        for t in range(ticks):
            now = seen + t
            done = 0
            many = 0
            for d in range(len(delays)):
                back = now - delays[d] + 1
                for k in range(log_starts[back], log_starts[back + 1]):
                    fibre = U(log[U(k)])
                    many += starts[d, fibre + U(1)] - starts[d, fibre]
            room = len(log) - log_starts[now + 1] - afferents
            if many > most or room < min(many + len(restless), len(h)):
                return t
            for d in range(len(delays)):
                back = now - delays[d] + 1
                for k in range(log_starts[back], log_starts[back + 1]):
                    fibre = U(log[U(k)])
                    for e in range(starts[d, fibre], starts[d, fibre + U(1)]):
                        end = ends[U(e)]
                        cell = U(end & CELL)
                        if sums[cell] == 0:
                            sums[cell] = TOUCHED
                            touched[done] = cell
                            done += 1
                        sums[cell] += end >> 32
            for k in range(len(restless)):
                cell = U(restless[k])
                if sums[cell] == 0:
                    sums[cell] = TOUCHED
                    touched[done] = cell
                    done += 1
            end = log_starts[now + 1]
            if present + t + 1 < len(given):
                for afferent in range(afferents):
                    if given[U(present + t + 1), U(afferent)]:
                        log[end] = afferent
                        end += 1
            for k in range(done):
                cell = U(touched[k])
                if sums[cell] - TOUCHED >= h[cell]:
                    if columns[cell] >= 0:
                        out[U(row + t + 1), U(columns[cell])] = 1
                    log[end] = afferents + np.int64(cell)
                    end += 1
                sums[cell] = 0
            log_starts[now + 2] = end
        return ticks

    return follow


follow = _way_in(fingerprint(laws.__file__, __file__))
