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

from . import compiled_loop, compiled_plan, compiled_words
from .compiled_loop import NOISE, column, errs, pure
from .compiled_plan import SIDE
from .compiled_words import ALL, ONE, U, counter, eight, put, side, taken

LANES = 64
PLANES = 64


@pure
def vetoed(x, offsets, p, vetoing, none):  # type: ignore[no-untyped-def]
    """Tell in which lanes a veto is active."""
    v = none
    for _ in range(vetoing):
        v |= taken(x, offsets, p, 0, none) | taken(x, offsets, p, 1, none)
        p += 2 * side(none)
    return v


@pure
def any_group(x, new, n, counted, vetoing, order, offsets, none):  # type: ignore[no-untyped-def]
    """Decide for cells of which one ending suffices; steps of two endings."""
    p, wide = 0, side(none)
    for i in range(0, n, wide):
        s = none
        for _ in range(counted):
            s |= taken(x, offsets, p, 0, none) | taken(x, offsets, p, 1, none)
            p += 2 * wide
        put(new, order, i, s & ~vetoed(x, offsets, p, vetoing, none))
        p += 2 * vetoing * wide


@pure
def added(count, a, b):  # type: ignore[no-untyped-def]
    """Add two words to a plane of a counter: what is left there, what is carried."""
    odd = a ^ b
    return count ^ odd, (a & b) | (count & odd)


@pure
def pair_group(x, new, n, counted, vetoing, order, offsets, none):  # type: ignore[no-untyped-def]
    """Decide for cells of which two endings suffice; steps of two endings."""
    p, wide = 0, side(none)
    for i in range(0, n, wide):
        ones, over = none, none
        for _ in range(counted):
            ones, carry = added(
                ones, taken(x, offsets, p, 0, none), taken(x, offsets, p, 1, none)
            )  # fmt: skip
            over |= carry
            p += 2 * wide
        put(new, order, i, over & ~vetoed(x, offsets, p, vetoing, none))
        p += 2 * vetoing * wide


@pure
def two_added(x, offsets, p, k, ones, none):  # type: ignore[no-untyped-def]
    """Add endings ``k`` and ``k + 1`` to the ones: what is left there, what is carried."""
    return added(ones, taken(x, offsets, p, k, none), taken(x, offsets, p, k + 1, none))


@pure
def few_group(x, new, n, counted, vetoing, order, h, offsets, none):  # type: ignore[no-untyped-def]
    """Decide for cells of which three or four endings are needed; steps of four endings."""
    p, wide = 0, side(none)
    for i in range(0, n, wide):
        ones, twos, over = counter(h, i, 4, 0, none), none, none
        for _ in range(counted):
            ones, first = two_added(x, offsets, p, 0, ones, none)
            ones, second = two_added(x, offsets, p, 2, ones, none)
            twos, carry = added(twos, first, second)
            over |= carry
            p += 4 * wide
        put(new, order, i, over & ~vetoed(x, offsets, p, vetoing, none))
        p += 2 * vetoing * wide


@pure
def some_group(x, new, n, counted, vetoing, order, h, offsets, none):  # type: ignore[no-untyped-def]
    """Decide for cells of which up to sixteen endings are needed; steps of four endings."""
    p, wide = 0, side(none)
    for i in range(0, n, wide):
        ones, twos = counter(h, i, 16, 0, none), counter(h, i, 16, 1, none)
        fours, eights = counter(h, i, 16, 2, none), counter(h, i, 16, 3, none)
        over = none
        for _ in range(counted):
            ones, first = two_added(x, offsets, p, 0, ones, none)
            ones, second = two_added(x, offsets, p, 2, ones, none)
            twos, carry = added(twos, first, second)
            over |= eights & fours & carry
            eights ^= fours & carry
            fours ^= carry
            p += 4 * wide
        put(new, order, i, over & ~vetoed(x, offsets, p, vetoing, none))
        p += 2 * vetoing * wide


@pure
def many_group(x, new, n, counted, vetoing, order, h, offsets, none):  # type: ignore[no-untyped-def]
    """Decide for cells of which up to 64 endings are needed; steps of eight endings."""
    p, wide = 0, side(none)
    for i in range(0, n, wide):
        ones, twos = counter(h, i, 64, 0, none), counter(h, i, 64, 1, none)
        fours, eights = counter(h, i, 64, 2, none), counter(h, i, 64, 3, none)
        sixteens, rest = counter(h, i, 64, 4, none), counter(h, i, 64, 5, none)
        over = none
        for _ in range(counted):
            ones, first = two_added(x, offsets, p, 0, ones, none)
            ones, second = two_added(x, offsets, p, 2, ones, none)
            twos, low = added(twos, first, second)
            ones, first = two_added(x, offsets, p, 4, ones, none)
            ones, second = two_added(x, offsets, p, 6, ones, none)
            twos, high = added(twos, first, second)
            fours, carry = added(fours, low, high)
            eights, carry = eights ^ carry, eights & carry
            sixteens, carry = sixteens ^ carry, sixteens & carry
            over |= rest & carry
            rest ^= carry
            p += 8 * wide
        put(new, order, i, over & ~vetoed(x, offsets, p, vetoing, none))
        p += 2 * vetoing * wide


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
        new[U(order[i])] = over & ~vetoed(x, offsets, p, vetoing, ONE)
        p += 2 * vetoing


@pure
def group(x, new, n, counted, vetoing, bits, order, h, offsets, none):  # type: ignore[no-untyped-def]
    """Decide for cells of one shape, one by one or eight by eight; give the places used."""
    step = 2
    if bits == 0:
        any_group(x, new, n, counted, vetoing, order, offsets, none)
    elif bits == 1:
        pair_group(x, new, n, counted, vetoing, order, offsets, none)
    elif bits == 2:
        step = 4
        few_group(x, new, n, counted, vetoing, order, h, offsets, none)
    elif bits == 4:
        step = 4
        some_group(x, new, n, counted, vetoing, order, h, offsets, none)
    else:
        step = 8
        many_group(x, new, n, counted, vetoing, order, h, offsets, none)
    return n * (step * counted + 2 * vetoing)


@pure
def one_row(x, new, groups, order, h, offsets, weights, planes):  # type: ignore[no-untyped-def]
    """Decide for all cells in all lanes."""
    light = len(offsets) - len(weights)
    i, p = 0, 0
    for g in range(len(groups)):
        n, counted, vetoing, bits = groups[g, 0], groups[g, 1], groups[g, 2], groups[g, 4]
        if groups[g, 3]:
            weighted_group(
                x, new, n, counted * 2, vetoing, bits, order[i:], h[i:], offsets[p:],
                weights[p - light :], planes,
            )  # fmt: skip
            i += n
            p += 2 * n * (counted + vetoing)
            continue
        beside = n // SIDE * SIDE
        p += group(
            x, new, beside, counted, vetoing, bits, order[i:], h[i:], offsets[p:], eight()
        )  # fmt: skip
        i += beside
        p += group(
            x, new, n - beside, counted, vetoing, bits, order[i:], h[i:], offsets[p:], ONE
        )  # fmt: skip
        i += n - beside


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
        *(module.__file__ for module in compiled_loop.SOURCES),
        compiled_loop.__file__,
        compiled_plan.__file__,
        compiled_words.__file__,
        __file__,
    )
)
