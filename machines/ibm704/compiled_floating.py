"""Compiled code, floating point: sums, products and quotients, in formulas made for speed.

The reference engine follows the manual step by step (``floating.py``); here the same is written a
second time, as a host of 64 bits does it best. A **spill** is a characteristic out of range, in AC
or in MQ.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from llvmlite import ir as llvm
from numba import njit, types
from numba.extending import intrinsic

from .compiled_arithmetic import cycles_beyond
from .floating import MOST_FAD
from .words import FRACTION, MAGNITUDE

CHARACTERISTIC = 0o377


def _leading_zeros(typingctx: Any, number: Any) -> Any:
    def emit(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.ctlz(arguments[0], llvm.Constant(llvm.IntType(1), 0))

    return types.int64(types.int64), emit


_zeros: Any = intrinsic(_leading_zeros)


@njit
def float_add(sign, magnitude, y, normal):  # type: ignore[no-untyped-def]
    """Add; give AC's sign and magnitude, MQ, SR, both spills, and the cycles beyond the fewest.

    The two fractions are one number of 54 bits each, AC's and MQ's. Where the signs of AC and MQ
    differ in the end, the manual subtracts 1 from AC, brings inverted bits of MQ into it and adds
    the 1 again: in one formula that is the difference rounded up.
    """
    characteristic, mine = magnitude >> 27, magnitude & FRACTION
    other = y >> 27 & CHARACTERISTIC
    sr = y
    if other < characteristic:
        sr = sign << 35 | magnitude & MAGNITUDE
        sign, mine = y >> 35, y & FRACTION
        other, characteristic = characteristic & CHARACTERISTIC, other
    distance = abs(other - characteristic)
    extra = cycles_beyond(distance)
    characteristic = other
    mq_sign = sign
    small = mine << 27 >> min(distance, 63)
    large = (sr & FRACTION) << 27
    low = small & FRACTION
    carry = 0
    if sign == sr >> 35 or small >> 27 >= sr & FRACTION:
        total = small + large if sign == sr >> 35 else small - large
        if total >> 54:
            total >>= 1
            characteristic += 1
        if normal:
            if total >> 27 == 0:
                return sign, np.int64(0), mq_sign << 35 | total, sr, 0, 0, extra
            places = _zeros(total) - 10
            total <<= places
            characteristic -= places
            extra += cycles_beyond(places)
        fraction, low = total >> 27, total & FRACTION
    else:
        sign = sr >> 35
        total = large - small
        if normal:
            places = _zeros(total - 1) - 10
            characteristic -= places
            extra += cycles_beyond(places)
            fraction = ((total << places) - 1 >> 27) + 1
            low = low << places & FRACTION
            carry = fraction >> 27
            fraction >>= carry
        else:
            fraction = total + low >> 27
    mq_characteristic = characteristic - 27
    characteristic += carry
    return (
        sign,
        (characteristic & 0o1777) << 27 | fraction,
        mq_sign << 35 | (mq_characteristic & CHARACTERISTIC) << 27 | low,
        sr,
        np.int64(characteristic & ~CHARACTERISTIC != 0),
        np.int64(mq_characteristic & ~CHARACTERISTIC != 0),
        extra,
    )


@njit(forceinline=True)
def float_multiply(mq, y, normal):  # type: ignore[no-untyped-def]
    """Multiply; give the sign, AC's magnitude, MQ(1-35) and both spills."""
    sign = (mq ^ y) >> 35
    characteristic = (mq >> 27 & CHARACTERISTIC) + (y >> 27 & CHARACTERISTIC) - 128
    product = (mq & FRACTION) * (y & FRACTION)
    if normal:
        if product >> 27 == 0:
            return sign, np.int64(0), product, 0, 0
        places = 1 - (product >> 53)
        product <<= places
        characteristic -= places
    elif y == 0:
        return sign, np.int64(0), np.int64(0), 0, 0
    mq_characteristic = characteristic - 27
    return (
        sign,
        (characteristic & 0o1777) << 27 | product >> 27,
        (mq_characteristic & CHARACTERISTIC) << 27 | product & FRACTION,
        np.int64(characteristic & ~CHARACTERISTIC != 0),
        np.int64(mq_characteristic & ~CHARACTERISTIC != 0),
    )


@njit(error_model="numpy")
def float_divide(magnitude, y):  # type: ignore[no-untyped-def]
    """Divide; give AC's magnitude, MQ(1-35), both spills, and whether there is a check."""
    characteristic, fraction = magnitude >> 27, magnitude & FRACTION
    divisor = y & FRACTION
    if fraction >= 2 * divisor:  # so is a divisor of 0 always refused
        return magnitude, np.int64(0), 0, 0, 1
    if fraction == 0:
        return np.int64(0), np.int64(0), 0, 0, 0
    places = 27
    if fraction >= divisor:
        places = 26
        characteristic += 1
    dividend = fraction << places
    mq_characteristic = characteristic - (y >> 27 & CHARACTERISTIC) + 128 & 0o1777
    characteristic = characteristic - 27 & 0o1777
    return (
        characteristic << 27 | dividend % divisor,
        (mq_characteristic & CHARACTERISTIC) << 27 | dividend // divisor,
        np.int64(characteristic > CHARACTERISTIC),
        np.int64(mq_characteristic > CHARACTERISTIC),
        0,
    )


@njit(forceinline=True)
def added(fewest, extra):  # type: ignore[no-untyped-def]
    """Give the cost of a floating addition."""
    return min(MOST_FAD, fewest + extra) << 32 | 1
