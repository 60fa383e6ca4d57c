"""Compiled code, the registers: what the loop takes from the State, and lays back into it.

What changes rarely is kept in one array while the loop runs, so that what changes with every
instruction (the accumulator, the location counter) stays in the host's registers.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from .compiled_operations import (
    HELD,
    HELD_AS_LEFT,
    HELD_INSTRUCTION,
    HELD_MINUS,
    HELD_NEGATIVE,
    HELD_PLUS,
    HELD_UNINDEXED,
    OPERATION,
)
from .words import AC_MAGNITUDE, ADDRESS, MAGNITUDE, SIGN

_OPTIONS: dict[str, Any] = {"_nrt": False, "forceinline": True}
pure: Any = njit(**_OPTIONS)
"""For functions of every instruction that are given registers: references are not counted."""


class Cells(NamedTuple):
    """What the loop needs of a State: the same arrays, whatever else the State may hold."""

    core: NDArray[np.int64]
    marks: NDArray[np.uint8]
    ac: NDArray[np.int64]
    mq: NDArray[np.int64]
    sr: NDArray[np.int64]
    ir: NDArray[np.int64]
    ic: NDArray[np.int64]
    xr: NDArray[np.int64]
    ac_overflow: NDArray[np.uint8]
    mq_overflow: NDArray[np.uint8]
    divide_check: NDArray[np.uint8]
    tape_check: NDArray[np.uint8]
    tape_end: NDArray[np.uint8]
    trapping: NDArray[np.uint8]
    sense_light: NDArray[np.uint8]
    sense_switch: NDArray[np.uint8]
    stopped_at: NDArray[np.int64]
    past_break: NDArray[np.uint8]
    cycles: NDArray[np.int64]
    instructions: NDArray[np.int64]


# The registers other than those the loop keeps at hand, as cells of one array. The first eight are
# the OR of the tagged index registers, by tag.

ACS, ACM, MQ, SR, LAST, AC_OVER, MQ_OVER, CHECK, TRAP, TAPE_END, TAPE_CHECK = range(8, 19)
LIGHT, SWITCH, WAITED_NS, COPIED, CELLS = 19, 23, 31, 32, 33


@pure
def spilled(r, ac, mq):  # type: ignore[no-untyped-def]
    """Turn the overflow indicators on, where a characteristic of AC or MQ is out of range."""
    if ac | mq:
        r[AC_OVER] |= ac
        r[MQ_OVER] |= mq


@pure
def set_index(r, tag, index):  # type: ignore[no-untyped-def]
    """Put a number into the index registers that are tagged, and renew their ORs."""
    a = index if tag & 1 else r[1]
    b = index if tag & 2 else r[2]
    c = index if tag & 4 else r[4]
    r[1], r[2], r[3], r[4] = a, b, a | b, c
    r[5], r[6], r[7] = a | c, b | c, a | b | c


@njit
def take_up(s, r):  # type: ignore[no-untyped-def]
    """Copy the registers from the State."""
    r[0], r[1], r[2] = 0, s.xr[0], s.xr[1]
    set_index(r, 4, s.xr[2])
    r[ACS], r[ACM], r[MQ] = s.ac[0] >> 37, s.ac[0] & AC_MAGNITUDE, s.mq[0]
    r[AC_OVER], r[MQ_OVER] = s.ac_overflow[0], s.mq_overflow[0]
    r[CHECK], r[TRAP] = s.divide_check[0], s.trapping[0]
    r[TAPE_END], r[TAPE_CHECK] = s.tape_end[0], s.tape_check[0]
    r[WAITED_NS] = r[COPIED] = 0
    for i in range(4):
        r[LIGHT + i] = s.sense_light[i]
    for i in range(6):
        r[SWITCH + i] = s.sense_switch[i]


@njit
def _in_storage_register(core, r, w, mask):  # type: ignore[no-untyped-def]
    """Tell what SR holds after an instruction (floating additions leave it in ``r``)."""
    kind = HELD[OPERATION[w >> 24]]
    if kind == HELD_AS_LEFT:
        return r[SR]
    if kind == HELD_INSTRUCTION:
        return w
    if kind == HELD_UNINDEXED:
        return core[w & mask]
    word = core[(w - r[w >> 15 & 7]) & mask]
    if kind == HELD_NEGATIVE:
        return word ^ SIGN
    if kind == HELD_PLUS:
        return word & MAGNITUDE
    if kind == HELD_MINUS:
        return word | SIGN
    return word


@njit
def lay_down(s, r, ic, looked):  # type: ignore[no-untyped-def]
    """Copy the registers back into the State; IR and SR only if an instruction was looked at."""
    if looked:
        s.ir[0] = r[LAST] >> 18
        s.sr[0] = _in_storage_register(s.core, r, r[LAST], (len(s.core) - 1) & ADDRESS)
    s.ic[0] = ic
    s.xr[0], s.xr[1], s.xr[2] = r[1], r[2], r[4]
    s.ac[0], s.mq[0] = r[ACS] << 37 | r[ACM], r[MQ]
    s.ac_overflow[0], s.mq_overflow[0] = r[AC_OVER], r[MQ_OVER]
    s.divide_check[0], s.trapping[0] = r[CHECK], r[TRAP]
    s.tape_end[0], s.tape_check[0] = r[TAPE_END], r[TAPE_CHECK]
    for i in range(4):
        s.sense_light[i] = r[LIGHT + i]
