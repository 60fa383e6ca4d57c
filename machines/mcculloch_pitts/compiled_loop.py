"""The compiled sweep: every cell, every tick, one stimulus.

Cells come in groups of one shape, so that the loop over a cell's endings always has the same
length and runs without a wrong guess. Compiled code is cached under a fingerprint of this file
and of all those it takes functions and constants from.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from simulator import chance
from simulator.fingerprint import fingerprint

from . import law as law_of_the_net
from . import laws
from .laws import MILLION

PURE: dict[str, Any] = {"_nrt": False, "nogil": True}
pure: Any = njit(**PURE)
"""For functions that make and keep no arrays: references to them are not counted."""
U = np.uint64
NOISE = law_of_the_net.NOISE


@pure
def mix(z):  # type: ignore[no-untyped-def]
    """Scramble 64 bits (splitmix64), as ``simulator.chance`` does."""
    z = z + U(0x9E3779B97F4A7C15)
    z = (z ^ (z >> U(30))) * U(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> U(27))) * U(0x94D049BB133111EB)
    return z ^ (z >> U(31))


@pure
def column(seed, stream):  # type: ignore[no-untyped-def]
    """Look up where a column of the random-number table begins."""
    return mix(mix(U(seed)) ^ U(stream))


@pure
def errs(noise, index, error_ppm):  # type: ignore[no-untyped-def]
    """Tell whether a noisy organ errs (``law.errs``); ``noise`` is where its column begins."""
    upper = mix(noise ^ U(index)) >> U(32)
    return ((upper * U(MILLION)) >> U(32)) < U(error_ppm)


@pure
def equal_group(x, new, n, counted, vetoing, order, h, offsets):  # type: ignore[no-untyped-def]
    """Decide for ``n`` cells whose endings all weigh the same; steps of two endings."""
    p = 0
    for i in range(n):
        s = np.int32(0)
        for _ in range(counted):
            s += x[U(offsets[U(p)])]
            s += x[U(offsets[U(p + 1)])]
            p += 2
        v = np.uint8(0)
        for _ in range(vetoing):
            v |= x[U(offsets[U(p)])]
            v |= x[U(offsets[U(p + 1)])]
            p += 2
        new[U(order[i])] = (s >= h[i]) & (v == 0)


@pure
def equal_run(x, new, n, counted, vetoing, h, offsets):  # type: ignore[no-untyped-def]
    """Decide as :func:`equal_group` for cells whose numbers run on: a quarter faster."""
    p = 0
    for i in range(n):
        s = np.int32(0)
        for _ in range(counted):
            s += x[U(offsets[U(p)])]
            s += x[U(offsets[U(p + 1)])]
            p += 2
        v = np.uint8(0)
        for _ in range(vetoing):
            v |= x[U(offsets[U(p)])]
            v |= x[U(offsets[U(p + 1)])]
            p += 2
        new[i] = (s >= h[i]) & (v == 0)


@pure
def weighted_group(x, new, n, counted, vetoing, order, h, offsets, weights):  # type: ignore[no-untyped-def]
    """Decide for ``n`` cells whose endings weigh differently."""
    p = 0
    for i in range(n):
        s = np.int64(0)
        for _ in range(counted):
            s += np.int64(weights[U(p)]) * x[U(offsets[U(p)])]
            s += np.int64(weights[U(p + 1)]) * x[U(offsets[U(p + 1)])]
            p += 2
        v = np.uint8(0)
        for _ in range(vetoing):
            v |= x[U(offsets[U(p)])]
            v |= x[U(offsets[U(p + 1)])]
            p += 2
        new[U(order[i])] = (s >= h[i]) & (v == 0)


@pure
def one_row(x, new, groups, order, h, offsets, weights):  # type: ignore[no-untyped-def]
    """Decide for all cells: ``x`` begins at the oldest row, ``new`` at the first cell's place."""
    light = len(offsets) - len(weights)
    i, p = 0, 0
    for g in range(len(groups)):
        n, counted, vetoing = groups[g, 0], groups[g, 1], groups[g, 2]
        if groups[g, 3]:
            weighted_group(
                x, new, n, counted, vetoing, order[i:], h[i:], offsets[p:], weights[p - light :]
            )
        elif groups[g, 5] >= 0:
            equal_run(x, new[groups[g, 5] :], n, counted, vetoing, h[i:], offsets[p:])
        else:
            equal_group(x, new, n, counted, vetoing, order[i:], h[i:], offsets[p:])
        i += n
        p += n * 2 * (counted + vetoing)


@pure
def alterable_row(  # type: ignore[no-untyped-def]
    flat, at, width, afferents, h, starts, sources, endings, delays, alterable, learned,
    veto_starts, vetoes, veto_delays,
):  # fmt: skip
    """Decide for all cells under the law ``alterable``; ``at`` is where row t begins."""
    new = at + width + afferents
    for i in range(len(h)):
        s, v = np.int64(0), np.uint8(0)
        for e in range(starts[i], starts[i + 1]):
            if flat[at - (delays[e] - 1) * width + sources[e]] and (not alterable[e] or learned[e]):
                s += endings[e]
        for e in range(veto_starts[i], veto_starts[i + 1]):
            v |= flat[at - (veto_delays[e] - 1) * width + vetoes[e]]
        fires = s >= h[i] and v == 0
        flat[new + i] = fires
        if fires:
            for e in range(starts[i], starts[i + 1]):
                if alterable[e] and flat[at - (delays[e] - 1) * width + sources[e]]:
                    learned[e] = 1


def _ways_in(sources: str) -> Any:
    """Make the entry functions; numba keys its cache by what they close over: ``sources``."""

    @njit(cache=True, nogil=True)
    def sweep(  # type: ignore[no-untyped-def]
        flat, width, deep, row, ticks, afferents, groups, order, h, offsets, weights,
        error_ppm, seed, tick,
    ):  # fmt: skip
        _ = sources
        cells = len(h)
        noise = column(seed, NOISE)
        for t in range(row, row + ticks):
            new = flat[(t + 1) * width + afferents : (t + 1) * width + afferents + cells]
            one_row(flat[(t - deep + 1) * width :], new, groups, order, h, offsets, weights)
            if error_ppm:
                first = (tick + t - row + 1) * cells
                for i in range(cells):
                    if errs(noise, first + i, error_ppm):
                        new[i] ^= 1

    @njit(cache=True, nogil=True)
    def sweep_alterable(  # type: ignore[no-untyped-def]
        flat, width, row, ticks, afferents, h, starts, sources_of, endings, delays, alterable,
        learned, veto_starts, vetoes, veto_delays,
    ):  # fmt: skip
        _ = sources
        for t in range(row, row + ticks):
            alterable_row(
                flat, t * width, width, afferents, h, starts, sources_of, endings, delays,
                alterable, learned, veto_starts, vetoes, veto_delays,
            )  # fmt: skip

    return sweep, sweep_alterable


SOURCES = (laws, law_of_the_net, chance)
"""What compiled code takes constants from, besides this file."""

sweep, sweep_alterable = _ways_in(fingerprint(*(m.__file__ for m in SOURCES), __file__))
