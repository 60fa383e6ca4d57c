"""Compiled code, fixed point: sums, products, quotients and shifts, in formulas made for speed.

The reference engine follows the manual step by step (``arithmetic.py``); here the same is written a
second time, as a host of 64 bits does it best. Numbers are int64: a word, or a sign and a magnitude
of AC apart.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from .compiled_operations import TWO
from .words import AC_MAGNITUDE, AC_P, AC_Q, MAGNITUDE, WORD


@njit(forceinline=True)
def signed_add(sign, magnitude, y):  # type: ignore[no-untyped-def]
    """Add a word to the accumulator; give its sign and magnitude, and whether P changed."""
    size = y & MAGNITUDE
    if sign == y >> 35:
        total = (magnitude + size) & AC_MAGNITUDE
        return sign, total, (total ^ magnitude) & AC_P
    if size <= magnitude:
        return sign, magnitude - size, 0
    return y >> 35, size - magnitude, 0


@njit(forceinline=True)
def logical_add(magnitude, y):  # type: ignore[no-untyped-def]
    """Add a word to AC(P,1-35) as logical words, the carry brought around; Q stays."""
    total = (magnitude & WORD) + y
    return magnitude & AC_Q | (total & WORD) + (total >> 36)


@njit
def product(a, b):  # type: ignore[no-untyped-def]
    """Give the upper and the lower 35 bits of the product of two magnitudes."""
    upper, lower = a * (b >> 17), a * (b & 0o377777)
    upper += lower >> 17
    return upper >> 18, (upper & 0o777777) << 17 | lower & 0o377777


@njit(error_model="numpy")
def divide(upper, lower, divisor):  # type: ignore[no-untyped-def]
    """Divide 72 bits by a magnitude; give remainder, quotient, and whether there is a check."""
    if upper >= divisor:
        return upper, lower, 1
    first = upper << 28 | lower >> 7
    second = first % divisor << 7 | lower & 0o177
    return second % divisor, first // divisor << 7 | second // divisor, 0


@njit(forceinline=True)
def key(sign, magnitude):  # type: ignore[no-untyped-def]
    """Give a number by which signed magnitudes compare, -0 below +0."""
    return ~magnitude if sign else magnitude


@njit(forceinline=True)
def cycles_beyond(places):  # type: ignore[no-untyped-def]
    """Tell how many cycles a shift takes beyond its fewest."""
    return (places + 11) // 12 - 1 if places > 12 else 0


@njit
def long_left(upper, lower, width, count):  # type: ignore[no-untyped-def]
    """Shift 37 bits and ``width`` behind them left; give both parts and whether a 1 met P."""
    ones = upper & MAGNITUDE
    if count < width:
        return (
            (upper << count | lower >> width - count) & AC_MAGNITUDE,
            lower << count & (np.int64(1) << width) - 1,
            np.int64(ones >> 35 - count != 0),
        )
    beyond = count - width
    met = np.int64(ones | (lower >> 35 - beyond if beyond < 35 else lower) != 0)
    if beyond > 36:
        return np.int64(0), np.int64(0), met
    shifted = lower << beyond
    if count < 37:
        shifted |= upper << count
    return shifted & AC_MAGNITUDE, np.int64(0), met


@njit
def long_right(upper, lower, count):  # type: ignore[no-untyped-def]
    """Shift 37 bits and 35 behind them right; give both parts."""
    if count < 35:
        return upper >> count, (upper << 35 - count | lower >> count) & MAGNITUDE
    if count < 72:
        return (upper >> count if count < 37 else np.int64(0)), upper >> count - 35 & MAGNITUDE
    return np.int64(0), np.int64(0)


@njit(forceinline=True)
def shifted(places):  # type: ignore[no-untyped-def]
    """Give the cost of a shift."""
    return TWO + (cycles_beyond(places) << 32)
