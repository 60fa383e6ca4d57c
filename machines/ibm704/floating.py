"""Floating point on the 704: the steps of the manual, one after the other.

A floating-point number is a sign, a characteristic of eight bits (the exponent of 2, plus 128) and
a fraction of 27. In the accumulator Q and P stand left of the characteristic, so that one too large
(P on) or too small (Q and P on) can be seen; it turns on **AC overflow**, as one in MQ turns on
**MQ overflow**. Nothing is trapped and nothing rounded: what AC's fraction cannot hold is in MQ.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from .arithmetic import PLACES_A_CYCLE, Registers, ac_word
from .words import BIT_9, FRACTION, SIGN

FEWEST_FAD, FEWEST_UFA, MOST_FAD = 7, 6, 11
"""Cycles of a floating add: with and without normalising, and the most (the manual's 7-11)."""
FETCHING = 2
"""Of these, cycles in which the instruction and C(Y) are fetched."""


# addition


class FloatingAdd(NamedTuple):
    """A floating addition at the end of one of its cycles, as :func:`floating_add` shows it.

    Attributes
    ----------
    step
        What was done in the cycle.
    places
        How many places were shifted in it.
    registers
        AC, MQ, SR and indicators at its end.
    """

    step: str
    places: int
    registers: Registers


def fad(r: Registers, y: int) -> tuple[Registers, int]:
    """FAD; gives the registers and the cycles it took."""
    return _last(floating_add(r, y, normal=True))


def fsb(r: Registers, y: int) -> tuple[Registers, int]:
    """FSB: FAD with the sign of C(Y) inverted in step 2."""
    return fad(r, y ^ SIGN)


def ufa(r: Registers, y: int) -> tuple[Registers, int]:
    """UFA: FAD without steps 9a, 9b and 11 and without the test for zero in 10."""
    return _last(floating_add(r, y, normal=False))


def ufs(r: Registers, y: int) -> tuple[Registers, int]:
    """UFS: UFA with the sign of C(Y) inverted in step 2."""
    return ufa(r, y ^ SIGN)


def _last(cycles: list[FloatingAdd]) -> tuple[Registers, int]:
    return cycles[-1].registers, FETCHING + len(cycles)


def floating_add(r: Registers, y: int, normal: bool) -> list[FloatingAdd]:
    """Do a floating addition cycle by cycle, from the cycle after C(Y) came into SR.

    The numbers in the comments are those of the manual's eleven steps of FAD; how they fall into
    cycles follows the 709 diagnostic 9M08A. The true sum is AC + MQ: MQ holds the low-order part,
    with the sign of the number that had the smaller characteristic.

    Parameters
    ----------
    r
        The registers.
    y
        The word from storage (for FSB and UFS with its sign inverted).
    normal
        Whether the sum is normalised (FAD, FSB) or not (UFA, UFS).
    """
    cycles: list[FloatingAdd] = []

    def cycle(step: str, places: int = 0) -> None:
        ac = sign << 37 | (characteristic & 0o1777) << 27 | fraction
        after = r._replace(ac=ac, mq=mq_sign << 35 | low, sr=sr)
        cycles.append(FloatingAdd(step, places, after))

    sign, characteristic, fraction = r.ac >> 37, r.ac >> 27 & 0o1777, r.ac & FRACTION
    sr, low = y, 0  # 1, 2: MQ is cleared, C(Y) is in SR
    if sr >> 27 & 0o377 < characteristic:  # 3: Q and P are lost on the way to SR
        sr, sign, characteristic, fraction = (
            ac_word(r.ac), sr >> 35, sr >> 27 & 0o377, sr & FRACTION,
        )  # fmt: skip
    mq_sign = sign  # 4
    difference = abs((sr >> 27 & 0o377) - characteristic)
    cycle("compare")

    room = MOST_FAD - (FEWEST_FAD if normal else FEWEST_UFA)  # cycles it may take beyond
    for places in _in_cycles(difference, room):  # 5
        low = (fraction << 27 | low) >> places & FRACTION
        fraction >>= places
        cycle("align", places)
    room -= len(cycles) - 2

    characteristic = sr >> 27 & 0o377  # 6
    if sign == sr >> 35:  # 7
        fraction += sr & FRACTION
        if fraction > FRACTION:  # 8
            characteristic += 1
            low = low >> 1 | (fraction & 1) << 26
            fraction >>= 1
    elif fraction < sr & FRACTION:
        fraction, sign = (sr & FRACTION) - fraction, sr >> 35
    else:
        fraction -= sr & FRACTION
    cycle("add")

    zero = normal and fraction == 0
    unlike = normal and sign != mq_sign and not zero
    if zero:  # 9a
        characteristic = 0
    fraction -= unlike  # 9b
    cycle("test")

    if normal:
        for places in _in_cycles(0 if zero else _leading_zeros(fraction, low, unlike), room):
            for _ in range(places):
                into_35 = (1 if low & BIT_9 else 0) ^ unlike
                fraction = fraction << 1 & FRACTION | into_35
                low = low << 1 & FRACTION
            characteristic -= places
            cycle("normalise", places)

    mq_characteristic = 0 if zero else characteristic - 27  # 10
    fraction += unlike  # 11
    if fraction > FRACTION:
        fraction >>= 1
        characteristic += 1
    cycle(cycles[-1].step, cycles[-1].places)
    end = cycles.pop().registers
    cycles[-1] = cycles[-1]._replace(
        registers=end._replace(
            mq=end.mq | (mq_characteristic & 0o377) << 27,
            ac_overflow=r.ac_overflow | _spilled(characteristic),
            mq_overflow=r.mq_overflow | _spilled(mq_characteristic),
        )
    )
    return cycles


def _in_cycles(places: int, room: int) -> list[int]:
    """Share shifts out among cycles, 12 to each; with ``room`` used up, the last does the rest."""
    shares: list[int] = []
    while places > PLACES_A_CYCLE and len(shares) < room:
        shares.append(PLACES_A_CYCLE)
        places -= PLACES_A_CYCLE
    return [*shares, places]


def _leading_zeros(fraction: int, low: int, unlike: bool) -> int:
    """Tell how many places it takes to bring a 1 into bit 9 of AC."""
    both = fraction << 27 | (low ^ FRACTION if unlike else low)
    return 54 - both.bit_length()


def _spilled(characteristic: int) -> int:
    """Tell whether a characteristic is too large or too small for its eight bits."""
    return int(not 0 <= characteristic <= 0o377)


# multiplication and division


def fmp(r: Registers, y: int) -> Registers:
    """FMP: the product, shifted left by one place at most; a zero in AC is made a normal zero."""
    return _multiply(r, y, normal=True)


def ufm(r: Registers, y: int) -> Registers:
    """UFM: FMP without steps 4a, 4b and 5a.

    If C(Y) is +0, all bits of it, the product is zero with zero characteristics: so both simulators
    compared; the manual's steps do not mention it.
    """
    if y == 0:
        return r._replace(ac=(r.mq >> 35) << 37, mq=r.mq & SIGN, sr=y)
    return _multiply(r, y, normal=False)


def _multiply(r: Registers, y: int, normal: bool) -> Registers:
    sign = r.mq >> 35 ^ y >> 35
    characteristic = (r.mq >> 27 & 0o377) + (y >> 27 & 0o377) - 128  # 2
    product = (r.mq & FRACTION) * (y & FRACTION)  # 3
    if normal and product >> 27 == 0:  # 4a, 5a
        return r._replace(ac=sign << 37, mq=sign << 35 | product, sr=y)
    if normal and not product >> 27 & BIT_9:  # 4b
        product <<= 1
        characteristic -= 1
    mq_characteristic = characteristic - 27  # 5b
    return r._replace(
        ac=sign << 37 | (characteristic & 0o1777) << 27 | product >> 27,
        mq=sign << 35 | (mq_characteristic & 0o377) << 27 | product & FRACTION,
        sr=y,
        ac_overflow=r.ac_overflow | _spilled(characteristic),
        mq_overflow=r.mq_overflow | _spilled(mq_characteristic),
    )


def fdp(r: Registers, y: int) -> Registers:
    """FDP, FDH: the quotient goes to MQ, the remainder to AC with the dividend's sign.

    There is no division but a divide check if the AC's fraction is twice that of C(Y) or more, or
    that of C(Y) is zero: then AC stays, and MQ has been cleared but for the sign (the manual leaves
    MQ open). Q and P count as bits of the AC's characteristic.
    """
    sign, characteristic, fraction = r.ac >> 37, r.ac >> 27 & 0o1777, r.ac & FRACTION
    divisor = y & FRACTION
    mq_sign = (sign ^ y >> 35) << 35
    if divisor == 0 or fraction >= 2 * divisor:  # 2
        return r._replace(mq=mq_sign, sr=y, divide_check=1)
    if fraction == 0:  # 3
        return r._replace(ac=sign << 37, mq=mq_sign, sr=y)
    dividend = fraction << 27
    if fraction >= divisor:  # 4
        dividend >>= 1
        characteristic += 1
    mq_characteristic = characteristic - (y >> 27 & 0o377) + 128  # 5
    quotient, remainder = divmod(dividend, divisor)  # 6, 7
    characteristic -= 27  # 8
    return r._replace(
        ac=sign << 37 | (characteristic & 0o1777) << 27 | remainder,
        mq=mq_sign | (mq_characteristic & 0o377) << 27 | quotient,
        sr=y,
        ac_overflow=r.ac_overflow | _spilled(characteristic & 0o1777),
        mq_overflow=r.mq_overflow | _spilled(mq_characteristic & 0o1777),
    )


FLOATING: dict[str, Callable[[Registers, int], Registers]] = {
    "FMP": fmp, "UFM": ufm, "FDH": fdp, "FDP": fdp,
}  # fmt: skip
"""Operations on the registers and a word from storage, of a fixed time."""
ADDITIONS: dict[str, Callable[[Registers, int], tuple[Registers, int]]] = {
    "FAD": fad, "FSB": fsb, "UFA": ufa, "UFS": ufs,
}  # fmt: skip
"""Floating additions: they give their cycles, too."""
