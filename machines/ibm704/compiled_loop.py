"""The compiled loop: instruction after instruction, until something outside has to happen.

:func:`run` and :func:`run_watched` execute instructions on the State until the time given is used
up, until an instruction wants an input-output unit, or until the machine stops. In between nothing
is looked at but one counter of cycles; ``run_watched`` also minds the marks of locations. Copies of
words that are sure to pass (a :class:`~machines.ibm704.input_output.Passage`) are done here too.

What each operation does is written here a second time, in formulas made for speed where the
reference engine follows the manual step by step; both are held against each other bit by bit. The
longer formulas and the tables stand in the other files ``compiled_*.py``, by unit of the machine.
Compiled code is cached under a fingerprint of all of them and of what they take constants and
records from, so an edit of any of them is never overlooked.

Three things keep the loop fast. The operations are numbered without gaps, so that the branches
below become one jump table. What changes rarely is kept in an array, so that what changes often
stays in the host's registers. And where a function called from the loop is given an array, it is
compiled without counting references to it.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from simulator.fingerprint import fingerprint

from . import (
    compiled_arithmetic,
    compiled_copies,
    compiled_floating,
    compiled_operations,
    compiled_registers,
    compiled_senses,
    floating,
    input_output,
    operations,
    state,
    words,
)
from . import compiled_operations as code
from .compiled_arithmetic import (
    divide,
    key,
    logical_add,
    long_left,
    long_right,
    product,
    shifted,
    signed_add,
)
from .compiled_copies import copied, end_of
from .compiled_floating import added, float_add, float_divide, float_multiply
from .compiled_registers import (
    AC_OVER,
    ACM,
    ACS,
    CELLS,
    CHECK,
    COPIED,
    LAST,
    MQ,
    MQ_OVER,
    SR,
    TRAP,
    WAITED_NS,
    lay_down,
    set_index,
    spilled,
    take_up,
)
from .compiled_senses import sense
from .floating import FEWEST_FAD, FEWEST_UFA
from .state import BREAK, WATCH
from .words import AC_MAGNITUDE, ADDRESS, LEFT, MAGNITUDE, SIGN, WORD

NO_INDEX = -1
DECREMENT = ADDRESS << 18
PREFIX = 7 << 33


def _way_in(sources: str, watched: bool) -> Any:
    """Make :func:`run` or :func:`run_watched`; numba keys its cache by what they close over."""

    @njit(cache=True)
    def run(s, passage, times, strict):  # type: ignore[no-untyped-def]
        _ = sources
        core, marks = s.core, s.marks
        r = np.empty(CELLS, np.int64)
        take_up(s, r)
        mask = (len(core) - 1) & ADDRESS
        ic = s.ic[0] & mask
        at = np.int64(0)
        acs, acm = r[ACS], r[ACM]
        # cycles in the upper 32 bits, instructions in the lower
        spent = np.int64(0)
        end = end_of(times, 0, passage.acts_ns[0])
        why = code.BUDGET
        past = s.past_break[0] != 0
        while spent < end:
            ic &= mask
            if watched:
                if marks[ic] & BREAK and not past:
                    why, at = code.AT_BREAK, ic
                    break
                past = False
            here, stored = ic, np.int64(-1)
            w = core[ic]
            r[LAST] = w
            op = np.int64(code.OPERATION[w >> 24 & 4095])
            x = r[w >> 15 & 7]
            y = (w - x) & mask
            cost = code.TWO
            following = ic + 1
            index = NO_INDEX
            transfer = taken = False
            to = y
            if op == code.CLA:
                acs, acm = core[y] >> 35, core[y] & MAGNITUDE
            elif op == code.ADD:
                acs, acm, met = signed_add(acs, acm, core[y])
                if met:
                    r[AC_OVER] = 1
            elif op == code.STO:
                core[y] = acs << 35 | acm & MAGNITUDE
                stored = y
            elif op == code.TIX:
                d = w >> 18 & mask
                if x > d:
                    index = x - d
                transfer, to, taken = True, w & mask, x > d
            elif op == code.LDQ:
                r[MQ] = core[y]
            elif op == code.FMP:
                acs, acm, low, spill, low_spill = float_multiply(r[MQ], core[y], True)
                r[MQ] = acs << 35 | low
                spilled(r, spill, low_spill)
                cost = code.FMP_COST
            elif op == code.FAD:
                acs, acm, r[MQ], r[SR], spill, low_spill, extra = float_add(acs, acm, core[y], True)
                spilled(r, spill, low_spill)
                cost = added(FEWEST_FAD, extra)
            elif op == code.SUB:
                acs, acm, met = signed_add(acs, acm, core[y] ^ SIGN)
                if met:
                    r[AC_OVER] = 1
            elif op == code.TZE:
                transfer, to, taken = True, y, acm == 0
            elif op == code.TRA:
                transfer, to, taken = True, y, True
            elif op == code.TNZ:
                transfer, to, taken = True, y, acm != 0
            elif op == code.TPL:
                transfer, to, taken = True, y, acs == 0
            elif op == code.TMI:
                transfer, to, taken = True, y, acs != 0
            elif op == code.CAS:
                mine, other = key(acs, acm), key(core[y] >> 35, core[y] & MAGNITUDE)
                following += (mine == other) + 2 * (mine < other)
                cost = code.CAS_COST
            elif op == code.STQ:
                core[y] = r[MQ]
                stored = y
            elif op == code.LXA:
                index = core[w & mask] & mask
            elif op == code.LXD:
                index = core[w & mask] >> 18 & mask
            elif op == code.SXD:
                core[w & mask] = core[w & mask] & ~DECREMENT | x << 18
                index = x
                cost = code.SXD_COST
                stored = w & mask
            elif op == code.TSX:
                index = -ic & mask
                transfer, to, taken = True, w & mask, True
            elif op == code.TXI:
                index = (x + (w >> 18)) & mask
                transfer, to, taken = True, w & mask, True
            elif op == code.TNX:
                d = w >> 18 & mask
                if x > d:
                    index = x - d
                transfer, to, taken = True, w & mask, x <= d
            elif op == code.TXH:
                transfer, to, taken = True, w & mask, x > (w >> 18 & mask)
            elif op == code.TXL:
                transfer, to, taken = True, w & mask, x <= (w >> 18 & mask)
            elif op == code.CLS:
                acs, acm = core[y] >> 35 ^ 1, core[y] & MAGNITUDE
            elif op == code.CAL:
                acs, acm = 0, core[y]
            elif op == code.ADM or op == code.SBM:
                number = core[y] & MAGNITUDE if op == code.ADM else core[y] | SIGN
                acs, acm, met = signed_add(acs, acm, number)
                if met:
                    r[AC_OVER] = 1
            elif op == code.ACL:
                acm = logical_add(acm, core[y])
            elif op == code.MPY or op == code.MPR:
                acs = (r[MQ] ^ core[y]) >> 35
                acm, low = product(r[MQ] & MAGNITUDE, core[y] & MAGNITUDE)
                r[MQ] = acs << 35 | low
                if op == code.MPR:
                    acm += r[MQ] >> 34 & 1
                cost = code.MPY_COST
            elif op == code.DVH or op == code.DVP:
                acm, low, failed = divide(acm, r[MQ] & MAGNITUDE, core[y] & MAGNITUDE)
                r[MQ] = (acs ^ core[y] >> 35) << 35 | low
                r[CHECK] |= failed
                cost = code.DVP_COST
                if failed and op == code.DVH:
                    why, at = code.DIVIDE_CHECK, ic
            elif op == code.SLQ:
                core[y] = core[y] & ~LEFT | r[MQ] & LEFT
                cost = code.SLQ_COST
                stored = y
            elif op == code.STZ:
                core[y] = 0
                stored = y
            elif op == code.SLW:
                core[y] = acm & WORD
                stored = y
            elif op == code.STP:
                core[y] = core[y] & ~PREFIX | acm & PREFIX
                cost = code.STP_COST
                stored = y
            elif op == code.STD:
                core[y] = core[y] & ~DECREMENT | acm & DECREMENT
                cost = code.STD_COST
                stored = y
            elif op == code.STA:
                core[y] = core[y] & ~ADDRESS | acm & ADDRESS
                cost = code.STA_COST
                stored = y
            elif op == code.FSB:
                number = core[y] ^ SIGN
                acs, acm, r[MQ], r[SR], spill, low_spill, extra = float_add(acs, acm, number, True)
                spilled(r, spill, low_spill)
                cost = added(FEWEST_FAD, extra)
            elif op == code.UFA or op == code.UFS:
                number = core[y] if op == code.UFA else core[y] ^ SIGN
                acs, acm, r[MQ], r[SR], spill, low_spill, extra = float_add(acs, acm, number, False)
                spilled(r, spill, low_spill)
                cost = added(FEWEST_UFA, extra)
            elif op == code.UFM:
                acs, acm, low, spill, low_spill = float_multiply(r[MQ], core[y], False)
                r[MQ] = acs << 35 | low
                spilled(r, spill, low_spill)
                cost = code.FMP_COST
            elif op == code.FDH or op == code.FDP:
                acm, low, spill, low_spill, failed = float_divide(acm, core[y])
                r[MQ] = (acs ^ core[y] >> 35) << 35 | low
                spilled(r, spill, low_spill)
                r[CHECK] |= failed
                cost = code.FDP_COST
                if failed and op == code.FDH:
                    why, at = code.DIVIDE_CHECK, ic
            elif op == code.ANA:
                acs, acm = 0, acm & core[y]
                cost = code.ANA_COST
            elif op == code.ANS:
                core[y] &= acm
                cost = code.ANS_COST
                stored = y
            elif op == code.ORA:
                acm |= core[y]
            elif op == code.ORS:
                core[y] |= acm & WORD
                cost = code.ORS_COST
                stored = y
            elif op == code.ALS:
                n = y & 0o377
                ones = acm & MAGNITUDE
                if (ones >> 35 - n if n < 35 else ones) != 0:
                    r[AC_OVER] = 1
                acm = acm << n & AC_MAGNITUDE if n < 37 else 0
                cost = shifted(n)
            elif op == code.ARS:
                n = y & 0o377
                acm = acm >> n if n < 37 else 0
                cost = shifted(n)
            elif op == code.LLS:
                n = y & 0o377
                acs = r[MQ] >> 35
                acm, low, met = long_left(acm, r[MQ] & MAGNITUDE, 35, n)
                r[MQ] = r[MQ] & SIGN | low
                r[AC_OVER] |= met
                cost = shifted(n)
            elif op == code.LRS:
                n = y & 0o377
                acm, low = long_right(acm, r[MQ] & MAGNITUDE, n)
                r[MQ] = acs << 35 | low
                cost = shifted(n)
            elif op == code.LGL:
                n = y & 0o377
                acm, r[MQ], met = long_left(acm, r[MQ], 36, n)
                r[AC_OVER] |= met
                cost = shifted(n)
            elif op == code.RQL:
                n = y & 0o377
                r[MQ] = (r[MQ] << n % 36 | r[MQ] >> 36 - n % 36) & WORD
                cost = shifted(n)
            elif op == code.HTR or op == code.HPR:
                why, at = code.HALT, ic
                if op == code.HTR:
                    following = y
            elif op == code.NOP:
                pass
            elif op == code.TTR:
                following = y
            elif op == code.TOV or op == code.TNO:
                transfer, to, taken = True, y, (r[AC_OVER] != 0) == (op == code.TOV)
                r[AC_OVER] = 0
            elif op == code.TQO:
                transfer, to, taken = True, y, r[MQ_OVER] != 0
                r[MQ_OVER] = 0
            elif op == code.TQP:
                transfer, to, taken = True, y, r[MQ] < SIGN
            elif op == code.TLQ:
                low = key(r[MQ] >> 35, r[MQ] & MAGNITUDE) < key(acs, acm)
                transfer, to, taken = True, y, low
            elif op == code.PAX:
                index = acm & mask
            elif op == code.PDX:
                index = acm >> 18 & mask
            elif op == code.PXD:
                acs, acm = 0, x << 18
                index = x
            elif op == code.CPY or op == code.CAD:
                if not copied(r, core, y, passage, times, spent >> 32):
                    why = code.UNIT
                    break
                if not passage.write:
                    stored = y
                if op == code.CAD:
                    acm = logical_add(acm, r[MQ])
                end = end_of(times, r[WAITED_NS], passage.acts_ns[r[COPIED]])
            else:
                at = ic
                acs, acm, skips, why = sense(r, op, y, acs, acm, strict)
                following += skips
                if why != code.BUDGET:
                    break
            if index >= 0:
                set_index(r, w >> 15, index)
            if transfer:
                if r[TRAP]:
                    core[0] = core[0] & ~ADDRESS | ic
                    to = 1
                if taken:
                    following = to
            ic = following
            spent += cost
            if watched and stored >= 0 and marks[stored] & WATCH:
                why, at = code.AT_WATCH, here
            if why != code.BUDGET:
                break
        count = spent & 0xFFFFFFFF
        r[ACS], r[ACM] = acs, acm
        lay_down(s, r, ic & mask, count or why in (code.UNIT, code.UNDEFINED_STOP))
        s.cycles[0] += spent >> 32
        s.instructions[0] += count
        if count or why == code.UNDEFINED_STOP:
            s.past_break[0] = 0
        if why > code.BUDGET:
            s.stopped_at[0] = at
        return why, r[WAITED_NS], r[COPIED]

    return run


SOURCES = (
    compiled_arithmetic, compiled_copies, compiled_floating, compiled_operations,
    compiled_registers, compiled_senses, floating, input_output, operations, state, words,
)  # fmt: skip
"""What compiled code takes functions, constants and records from, besides this file."""

_FINGERPRINT = fingerprint(*(module.__file__ for module in SOURCES), __file__)
run: Any = _way_in(_FINGERPRINT, watched=False)
"""``run(cells, passage, (first_ns, last_ns, cycle_ns), strict)``: execute what begins by last_ns.

The next instruction begins at ``first_ns``; the unit that is connected acts where the passage tells
so, and the run ends before. Gives why it ended, how long it waited for words, and how many of the
passage were copied. Why: ``BUDGET``, ``UNIT`` (the location counter shows an instruction for an
input-output unit) or a value of Stop.
"""
run_watched: Any = _way_in(_FINGERPRINT, watched=True)
"""The same, minding the marks."""
