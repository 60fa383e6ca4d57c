"""The arithmetic of the 704: every operation on AC and MQ as a function, step by step.

Each function takes the registers as they stand and the word from storage, and gives the registers
as they stand afterwards; floating point stands in ``floating.py``. It is written to be read beside
the 704 Manual of Operation. The compiled engine has its own formulas for the same, and the tests a
third set.

* The **accumulator** (AC) has 38 bits S,Q,P,1-35. Q and P catch what overflows from bit 1.
* The **multiplier-quotient register** (MQ) has 36 bits S,1-35.
* The **storage register** (SR) holds the word that came from storage.
* **AC overflow** and **MQ overflow** are indicators (and lights) that stay on until tested; so is
  **divide check**.
* A number with minus sign and magnitude 0 is a number like any other: signs are never tidied up.

Sources: the manual as quoted in the comments of other simulators; where it leaves something open,
the machine's README says so.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from .words import (
    AC_MAGNITUDE,
    AC_P,
    AC_Q,
    AC_SIGN,
    BIT_1,
    MAGNITUDE,
    SIGN,
    WORD,
)

PLACES_A_CYCLE = 12
"""Shifts in one machine cycle (709 diagnostic 9M08A; for the 704 reconstructed)."""


class Registers(NamedTuple):
    """What arithmetic works on.

    Attributes
    ----------
    ac
        38 bits S,Q,P,1-35.
    mq, sr
        36 bits S,1-35.
    ac_overflow, mq_overflow, divide_check
        Indicators: 1 on.
    """

    ac: int
    mq: int
    sr: int = 0
    ac_overflow: int = 0
    mq_overflow: int = 0
    divide_check: int = 0


def ac_word(ac: int) -> int:
    """Give AC(S,1-35) as a word."""
    return (ac >> 37) << 35 | ac & MAGNITUDE


# fixed point


def cla(r: Registers, y: int) -> Registers:
    """CLA: AC(S,1-35) = C(Y); Q and P cleared."""
    return r._replace(ac=(y >> 35) << 37 | y & MAGNITUDE, sr=y)


def cls(r: Registers, y: int) -> Registers:
    """CLS: as CLA with the sign inverted."""
    return cla(r, y ^ SIGN)


def cal(r: Registers, y: int) -> Registers:
    """CAL: AC(P,1-35) = C(Y); S and Q cleared."""
    return r._replace(ac=y, sr=y)


def add(r: Registers, y: int) -> Registers:
    """ADD: with like signs the magnitudes add, a carry that changes P is an overflow.

    With unlike signs the smaller magnitude is taken from the larger, whose sign the result has; a
    difference of zero keeps the sign of the AC.
    """
    sign, magnitude = r.ac >> 37, r.ac & AC_MAGNITUDE
    overflow = r.ac_overflow
    if sign == y >> 35:
        total = (magnitude + (y & MAGNITUDE)) & AC_MAGNITUDE
        if (total ^ magnitude) & AC_P:
            overflow = 1
    elif (y & MAGNITUDE) <= magnitude:
        total = magnitude - (y & MAGNITUDE)
    else:
        total, sign = (y & MAGNITUDE) - magnitude, y >> 35
    return r._replace(ac=sign << 37 | total, sr=y, ac_overflow=overflow)


def sub(r: Registers, y: int) -> Registers:
    """SUB: add C(Y) with its sign inverted."""
    return add(r, y ^ SIGN)


def adm(r: Registers, y: int) -> Registers:
    """ADM: add the magnitude of C(Y)."""
    return add(r, y & MAGNITUDE)


def sbm(r: Registers, y: int) -> Registers:
    """SBM: subtract the magnitude of C(Y)."""
    return add(r, y | SIGN)


def acl(r: Registers, y: int) -> Registers:
    """ACL: add to AC(P,1-35); a carry out of P comes in again at 35. S, Q and overflow stay."""
    total = (r.ac & WORD) + y
    total = (total & WORD) + (total >> 36)
    return r._replace(ac=r.ac & (AC_SIGN | AC_Q) | total, sr=y)


def mpy(r: Registers, y: int) -> Registers:
    """MPY: the 70-bit product of MQ and C(Y); both registers get its sign, even if it is zero."""
    sign = r.mq >> 35 ^ y >> 35
    product = (r.mq & MAGNITUDE) * (y & MAGNITUDE)
    return r._replace(
        ac=sign << 37 | product >> 35, mq=sign << 35 | product & MAGNITUDE, sr=y
    )  # fmt: skip


def mpr(r: Registers, y: int) -> Registers:
    """MPR: MPY, then the magnitude of AC + 1 if MQ(1) is 1; it cannot overflow."""
    return rnd(mpy(r, y))


def rnd(r: Registers) -> Registers:
    """RND: the magnitude of AC + 1 if MQ(1) is 1; a carry that changes P is an overflow."""
    if not r.mq & BIT_1:
        return r
    total = (r.ac + 1) & AC_MAGNITUDE
    overflow = 1 if (total ^ r.ac) & AC_P else r.ac_overflow
    return r._replace(ac=r.ac & AC_SIGN | total, ac_overflow=overflow)


def dvp(r: Registers, y: int) -> Registers:
    """DVP, DVH: the dividend AC(Q,P,1-35), MQ(1-35) by C(Y).

    The quotient goes to MQ with its algebraic sign, the remainder to AC with the dividend's. Unless
    C(Y) exceeds AC in magnitude there is no division but a divide check: AC stays, and so does MQ
    but for its sign. (The manual leaves MQ open; both simulators compared set its sign.)
    """
    sign, divisor = r.ac >> 37, y & MAGNITUDE
    mq_sign = (sign ^ y >> 35) << 35
    if divisor <= r.ac & AC_MAGNITUDE:
        return r._replace(mq=mq_sign | r.mq & MAGNITUDE, sr=y, divide_check=1)
    dividend = (r.ac & AC_MAGNITUDE) << 35 | r.mq & MAGNITUDE
    quotient, remainder = divmod(dividend, divisor)
    return r._replace(ac=sign << 37 | remainder, mq=mq_sign | quotient, sr=y)


# signs and logic


def clm(r: Registers) -> Registers:
    """CLM: AC(Q,P,1-35) cleared."""
    return r._replace(ac=r.ac & AC_SIGN)


def com(r: Registers) -> Registers:
    """COM: AC(Q,P,1-35) inverted."""
    return r._replace(ac=r.ac ^ AC_MAGNITUDE)


def chs(r: Registers) -> Registers:
    """CHS: AC sign inverted."""
    return r._replace(ac=r.ac ^ AC_SIGN)


def ssp(r: Registers) -> Registers:
    """SSP: AC sign plus."""
    return r._replace(ac=r.ac & AC_MAGNITUDE)


def ssm(r: Registers) -> Registers:
    """SSM: AC sign minus."""
    return r._replace(ac=r.ac | AC_SIGN)


def ana(r: Registers, y: int) -> Registers:
    """ANA: AC(P,1-35) and C(Y); S and Q cleared."""
    return r._replace(ac=r.ac & y, sr=y)


def ora(r: Registers, y: int) -> Registers:
    """ORA: AC(P,1-35) or C(Y); S and Q stay."""
    return r._replace(ac=r.ac | y, sr=y)


def ldq(r: Registers, y: int) -> Registers:
    """LDQ: MQ = C(Y)."""
    return r._replace(mq=y, sr=y)


# shifts: a left shift overflows when a 1 of bits 1-35 (or of MQ behind them) enters or passes P


def als(r: Registers, count: int) -> Registers:
    """ALS: AC(Q,P,1-35) left."""
    overflow = 1 if (r.ac & MAGNITUDE) << count >> 35 else r.ac_overflow
    shifted = r.ac << count & AC_MAGNITUDE
    return r._replace(ac=r.ac & AC_SIGN | shifted, ac_overflow=overflow)


def ars(r: Registers, count: int) -> Registers:
    """ARS: AC(Q,P,1-35) right."""
    return r._replace(ac=r.ac & AC_SIGN | (r.ac & AC_MAGNITUDE) >> count)


def lls(r: Registers, count: int) -> Registers:
    """LLS: AC(Q,P,1-35), MQ(1-35) left; the AC takes the sign of MQ, whatever the count."""
    both = (r.ac & MAGNITUDE) << 35 | r.mq & MAGNITUDE
    overflow = 1 if both << count >> 70 else r.ac_overflow
    both = (r.ac & AC_MAGNITUDE) << 35 | r.mq & MAGNITUDE
    ac = both << count >> 35 & AC_MAGNITUDE
    return r._replace(
        ac=(r.mq >> 35) << 37 | ac, mq=r.mq & SIGN | both << count & MAGNITUDE, ac_overflow=overflow
    )


def lrs(r: Registers, count: int) -> Registers:
    """LRS: AC(Q,P,1-35), MQ(1-35) right; MQ takes the sign of AC, whatever the count."""
    both = ((r.ac & AC_MAGNITUDE) << 35 | r.mq & MAGNITUDE) >> count
    return r._replace(ac=r.ac & AC_SIGN | both >> 35, mq=(r.ac >> 37) << 35 | both & MAGNITUDE)


def lgl(r: Registers, count: int) -> Registers:
    """LGL: AC(Q,P,1-35), MQ(S,1-35) left; the sign of MQ is a bit like the others."""
    overflow = 1 if ((r.ac & MAGNITUDE) << 36 | r.mq) << count >> 71 else r.ac_overflow
    both = ((r.ac & AC_MAGNITUDE) << 36 | r.mq) << count
    ac = r.ac & AC_SIGN | both >> 36 & AC_MAGNITUDE
    return r._replace(ac=ac, mq=both & WORD, ac_overflow=overflow)


def rql(r: Registers, count: int) -> Registers:
    """RQL: MQ(S,1-35) rotated left."""
    turns = count % 36
    return r._replace(mq=(r.mq << turns | r.mq >> 36 - turns) & WORD)


def shift_cycles(count: int) -> int:
    """Tell how many cycles a shift takes: 2, and one for every 12 places after the first 12."""
    return 2 + beyond_the_first(count)


def beyond_the_first(places: int) -> int:
    """Tell how many cycles beyond the first it takes to shift so many places."""
    return max(0, -(-places // PLACES_A_CYCLE) - 1)


ON_WORDS: dict[str, Callable[[Registers, int], Registers]] = {
    "CLA": cla, "CLS": cls, "CAL": cal, "ADD": add, "SUB": sub, "ADM": adm, "SBM": sbm, "ACL": acl,
    "MPY": mpy, "MPR": mpr, "DVH": dvp, "DVP": dvp, "LDQ": ldq, "ANA": ana, "ORA": ora,
}  # fmt: skip
"""Operations on the registers and a word from storage, of a fixed time."""
SHIFTS: dict[str, Callable[[Registers, int], Registers]] = {
    "ALS": als, "ARS": ars, "LLS": lls, "LRS": lrs, "LGL": lgl, "RQL": rql,
}  # fmt: skip
"""Operations on the registers and a count from 0 to 255."""
ON_REGISTERS: dict[str, Callable[[Registers], Registers]] = {
    "RND": rnd, "CLM": clm, "COM": com, "CHS": chs, "SSP": ssp, "SSM": ssm,
}  # fmt: skip
"""Operations on the registers alone."""
