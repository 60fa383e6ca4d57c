"""The compiled 64-lane engine: sixty-four stimuli, seeds or faults in one word.

Bit k of a word belongs to lane k. A cell counts its active endings in all lanes at once with a
few bit operations (full adders, bit planes side by side); the counter starts so high that it
overflows exactly at the threshold.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from simulator.fingerprint import fingerprint

from . import compiled_loop
from .compiled_loop import NOISE, column, errs, pure

U = np.uint64
ALL = U(0xFFFFFFFFFFFFFFFF)
LANES = 64
PLANES = 64


@pure
def vetoed(x, offsets, p, vetoing):  # type: ignore[no-untyped-def]
    """Tell in which lanes a veto is active."""
    v = U(0)
    for _ in range(vetoing):
        v |= x[U(offsets[U(p)])]
        v |= x[U(offsets[U(p + 1)])]
        p += 2
    return v


@pure
def any_group(x, new, n, counted, vetoing, order, offsets):  # type: ignore[no-untyped-def]
    """Decide for cells of which one ending suffices."""
    p = 0
    for i in range(n):
        s = U(0)
        for _ in range(counted):
            s |= x[U(offsets[U(p)])]
            s |= x[U(offsets[U(p + 1)])]
            p += 2
        new[U(order[i])] = s & ~vetoed(x, offsets, p, vetoing)
        p += 2 * vetoing


@pure
def pair_group(x, new, n, counted, vetoing, order, offsets):  # type: ignore[no-untyped-def]
    """Decide for cells of which two endings suffice."""
    p = 0
    for i in range(n):
        ones, over = U(0), U(0)
        for _ in range(counted):
            a, b = x[U(offsets[U(p)])], x[U(offsets[U(p + 1)])]
            odd = a ^ b
            over |= (a & b) | (ones & odd)
            ones ^= odd
            p += 2
        new[U(order[i])] = over & ~vetoed(x, offsets, p, vetoing)
        p += 2 * vetoing


@pure
def few_group(x, new, n, counted, vetoing, order, h, offsets):  # type: ignore[no-untyped-def]
    """Decide for cells of which three or four endings are needed; steps of four endings."""
    p = 0
    for i in range(n):
        ones = U(0) if h[i] & 1 == 0 else ALL
        twos = U(0)
        over = U(0)
        for _ in range(counted):
            a, b = x[U(offsets[U(p)])], x[U(offsets[U(p + 1)])]
            c, d = x[U(offsets[U(p + 2)])], x[U(offsets[U(p + 3)])]
            p += 4
            odd = a ^ b
            first = (a & b) | (ones & odd)
            ones ^= odd
            odd = c ^ d
            second = (c & d) | (ones & odd)
            ones ^= odd
            odd = first ^ second
            over |= (first & second) | (twos & odd)
            twos ^= odd
        new[U(order[i])] = over & ~vetoed(x, offsets, p, vetoing)
        p += 2 * vetoing


@pure
def some_group(x, new, n, counted, vetoing, order, h, offsets):  # type: ignore[no-untyped-def]
    """Decide for cells of which up to sixteen endings are needed; steps of four endings."""
    p = 0
    for i in range(n):
        start = 16 - h[i]
        ones = ALL if start & 1 else U(0)
        twos = ALL if start & 2 else U(0)
        fours = ALL if start & 4 else U(0)
        eights = ALL if start & 8 else U(0)
        over = U(0)
        for _ in range(counted):
            a, b = x[U(offsets[U(p)])], x[U(offsets[U(p + 1)])]
            c, d = x[U(offsets[U(p + 2)])], x[U(offsets[U(p + 3)])]
            p += 4
            odd = a ^ b
            first = (a & b) | (ones & odd)
            ones ^= odd
            odd = c ^ d
            second = (c & d) | (ones & odd)
            ones ^= odd
            odd = first ^ second
            carry = (first & second) | (twos & odd)
            twos ^= odd
            higher = fours & carry
            fours ^= carry
            over |= eights & higher
            eights ^= higher
        new[U(order[i])] = over & ~vetoed(x, offsets, p, vetoing)
        p += 2 * vetoing


@pure
def many_group(x, new, n, counted, vetoing, order, h, offsets):  # type: ignore[no-untyped-def]
    """Decide for cells of which up to 64 endings are needed; steps of eight endings."""
    p = 0
    for i in range(n):
        start = 64 - h[i]
        ones = ALL if start & 1 else U(0)
        twos = ALL if start & 2 else U(0)
        fours = ALL if start & 4 else U(0)
        eights = ALL if start & 8 else U(0)
        sixteens = ALL if start & 16 else U(0)
        rest = ALL if start & 32 else U(0)
        over = U(0)
        for _ in range(counted):
            a, b = x[U(offsets[U(p)])], x[U(offsets[U(p + 1)])]
            c, d = x[U(offsets[U(p + 2)])], x[U(offsets[U(p + 3)])]
            odd = a ^ b
            first = (a & b) | (ones & odd)
            ones ^= odd
            odd = c ^ d
            second = (c & d) | (ones & odd)
            ones ^= odd
            odd = first ^ second
            low = (first & second) | (twos & odd)
            twos ^= odd
            a, b = x[U(offsets[U(p + 4)])], x[U(offsets[U(p + 5)])]
            c, d = x[U(offsets[U(p + 6)])], x[U(offsets[U(p + 7)])]
            p += 8
            odd = a ^ b
            first = (a & b) | (ones & odd)
            ones ^= odd
            odd = c ^ d
            second = (c & d) | (ones & odd)
            ones ^= odd
            odd = first ^ second
            high = (first & second) | (twos & odd)
            twos ^= odd
            odd = low ^ high
            carry = (low & high) | (fours & odd)
            fours ^= odd
            higher = eights & carry
            eights ^= carry
            carry = sixteens & higher
            sixteens ^= higher
            over |= rest & carry
            rest ^= carry
        new[U(order[i])] = over & ~vetoed(x, offsets, p, vetoing)
        p += 2 * vetoing


@pure
def weighted_group(  # type: ignore[no-untyped-def]
    x, new, n, counted, vetoing, bits, order, h, offsets, weights, planes
):
    """Decide for cells whose endings weigh differently; what only raises counts while silent."""
    p = 0
    for i in range(n):
        needed = np.int64(h[i])
        for k in range(counted):
            if weights[p + k] < 0:
                needed -= weights[p + k]
        over = U(0) if needed > 0 else ALL
        start = (np.int64(1) << bits) - max(needed, 0)
        for b in range(bits):
            planes[b] = ALL if (start >> b) & 1 else U(0)
        for k in range(counted):
            weight, word = np.int64(weights[p + k]), x[U(offsets[U(p + k)])]
            if weight < 0:
                weight, word = -weight, ~word
            if weight >> bits:
                over |= word
                weight &= (np.int64(1) << bits) - 1
            for b in range(bits):
                if (weight >> b) & 1:
                    carry = word
                    for q in range(b, bits):
                        lower = carry
                        carry = planes[q] & lower
                        planes[q] ^= lower
                    over |= carry
        p += counted
        new[U(order[i])] = over & ~vetoed(x, offsets, p, vetoing)
        p += 2 * vetoing


@pure
def one_row(x, new, groups, order, h, offsets, weights, planes):  # type: ignore[no-untyped-def]
    """Decide for all cells in all lanes."""
    light = len(offsets) - len(weights)
    i, p = 0, 0
    for g in range(len(groups)):
        n, counted, vetoing, bits = groups[g, 0], groups[g, 1], groups[g, 2], groups[g, 4]
        step = 2
        if groups[g, 3]:
            step = 2
            weighted_group(
                x, new, n, counted * 2, vetoing, bits, order[i:], h[i:], offsets[p:],
                weights[p - light :], planes,
            )  # fmt: skip
        elif bits == 0:
            any_group(x, new, n, counted, vetoing, order[i:], offsets[p:])
        elif bits == 1:
            pair_group(x, new, n, counted, vetoing, order[i:], offsets[p:])
        elif bits == 2:
            step = 4
            few_group(x, new, n, counted, vetoing, order[i:], h[i:], offsets[p:])
        elif bits == 4:
            step = 4
            some_group(x, new, n, counted, vetoing, order[i:], h[i:], offsets[p:])
        else:
            step = 8
            many_group(x, new, n, counted, vetoing, order[i:], h[i:], offsets[p:])
        i += n
        p += n * (step * counted + 2 * vetoing)


def _way_in(sources: str) -> Any:
    """Make the entry function; numba keys its cache by what it closes over: ``sources``."""

    @njit(cache=True, nogil=True)
    def sweep_lanes(  # type: ignore[no-untyped-def]
        flat, width, deep, row, ticks, afferents, groups, order, h, offsets, weights,
        error_ppm, seed, tick, forced_on, forced_off,
    ):  # fmt: skip
        _ = sources
        cells = len(h)
        planes = np.zeros(PLANES, np.uint64)
        noise = np.zeros(LANES, np.uint64)
        for lane in range(LANES):
            noise[lane] = column(seed + lane, NOISE)
        for t in range(row, row + ticks):
            new = flat[(t + 1) * width + afferents : (t + 1) * width + afferents + cells]
            x = flat[(t - deep + 1) * width :]
            one_row(x, new, groups, order, h, offsets, weights, planes)
            if error_ppm:
                first = (tick + t - row + 1) * cells
                for i in range(cells):
                    for lane in range(LANES):
                        if errs(noise[lane], first + i, error_ppm):
                            new[i] ^= U(1) << U(lane)
            for i in range(len(forced_on)):
                new[i] = (new[i] | forced_on[i]) & ~forced_off[i]

    return sweep_lanes


sweep_lanes = _way_in(
    fingerprint(
        *(module.__file__ for module in compiled_loop.SOURCES), compiled_loop.__file__, __file__
    )
)
