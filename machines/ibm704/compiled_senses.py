"""Compiled code, the sense group: lamps, switches, and the small acts on the accumulator.

The operations whose address part tells what is done, +0760 and -0760; also what the machine does
with an operation it has no circuits for.
"""

from __future__ import annotations

import numpy as np

from . import compiled_operations as code
from .compiled_operations import BUDGET, UNDEFINED_STOP, UNIT
from .compiled_registers import (
    AC_OVER,
    CHECK,
    LIGHT,
    MQ,
    SWITCH,
    TAPE_CHECK,
    TAPE_END,
    TRAP,
    pure,
)
from .words import AC_MAGNITUDE


@pure
def _act(op, y):  # type: ignore[no-untyped-def]
    """Tell the number of the act that an operation and an address part mean."""
    if op == code.PLUS_SENSE:
        return np.int64(code.PLUS[min(y, 255)])
    if op == code.MINUS_SENSE:
        return np.int64(code.MINUS[min(y, 255)])
    return np.int64(code.WANTS_UNIT if op == code.WANTS_UNIT else code.UNDEFINED)


@pure
def sense(r, op, y, acs, acm, strict):  # type: ignore[no-untyped-def]
    """Do an act; give AC's sign and magnitude, how many to skip, and why the run ends, if so."""
    why, skips = BUDGET, np.int64(0)
    act = _act(op, y)
    if act == code.CLM:
        acm = 0
    elif act == code.LBT:
        skips = acm & 1
    elif act == code.CHS:
        acs ^= 1
    elif act == code.SSP:
        acs = 0
    elif act == code.COM:
        acm ^= AC_MAGNITUDE
    elif act == code.ETM:
        r[TRAP] = 1
    elif act == code.RND:
        total = acm + (r[MQ] >> 34 & 1) & AC_MAGNITUDE
        r[AC_OVER] |= (total ^ acm) >> 35 & 1
        acm = total
    elif act == code.DCT:
        skips = 1 - r[CHECK]
        r[CHECK] = 0
    elif act == code.SLF:
        r[LIGHT] = r[LIGHT + 1] = r[LIGHT + 2] = r[LIGHT + 3] = 0
    elif act == code.SLN:
        r[LIGHT + (y - 1 & 3)] = 1
    elif act == code.SWT:
        skips = r[SWITCH + (y - 1 & 7)]
    elif act == code.PBT:
        skips = acm >> 35 & 1
    elif act == code.SSM:
        acs = 1
    elif act == code.LTM:
        r[TRAP] = 0
    elif act == code.ETT:
        skips = 1 - r[TAPE_END]
        r[TAPE_END] = 0
    elif act == code.RTT:
        skips = 1 - r[TAPE_CHECK]
        r[TAPE_CHECK] = 0
    elif act == code.SLT:
        skips = r[LIGHT + (y - 1 & 3)]
        r[LIGHT + (y - 1 & 3)] = 0
    elif act == code.WANTS_UNIT:
        why = UNIT
    elif strict:
        why = UNDEFINED_STOP
    return acs, acm, skips, why
