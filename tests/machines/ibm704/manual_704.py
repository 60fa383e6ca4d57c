"""The arithmetic of the 704 once more, from the manual's words, to hold the machine against.

Nothing of the machine is used here. Fixed point is done on whole numbers without bounds, and what
does not fit is cut off at the end. Registers that are shifted are strings of the characters 0 and
1, moved one place at a time, as the manual describes them. It is slow and meant to be plain.

A register is given and taken as the machine numbers its bits: AC has 38 (S,Q,P,1-35), MQ and words
36. Indicators are a set of the letters ``A`` (AC overflow), ``M`` (MQ overflow), ``D`` (divide
check) that came on.
"""

from __future__ import annotations

from fractions import Fraction

AC_BITS, WORD_BITS = 38, 36


def bits(number: int, width: int) -> str:
    return format(number, f"0{width}b")


def whole(text: str) -> int:
    return int(text, 2) if text else 0


def signed(sign: str, size: int) -> int:
    return -size if sign == "1" else size


# fixed point


def sum_of(ac: int, sign: str, size: int) -> tuple[int, str]:
    """ADD, SUB, ADM, SBM, once the sign of the addend is settled."""
    mine = bits(ac, AC_BITS)
    before = whole(mine[1:])
    total = signed(mine[0], before) + signed(sign, size)
    new_sign = mine[0] if total == 0 else "1" if total < 0 else "0"
    after = bits(abs(total) % (1 << 37), 37)
    alarm = "A" if mine[0] == sign and after[1] != mine[2] else ""
    return whole(new_sign + after), alarm


def add(ac, mq, y):
    w = bits(y, 36)
    ac, alarm = sum_of(ac, w[0], whole(w[1:]))
    return ac, mq, alarm


def sub(ac, mq, y):
    w = bits(y, 36)
    ac, alarm = sum_of(ac, "0" if w[0] == "1" else "1", whole(w[1:]))
    return ac, mq, alarm


def adm(ac, mq, y):
    ac, alarm = sum_of(ac, "0", whole(bits(y, 36)[1:]))
    return ac, mq, alarm


def sbm(ac, mq, y):
    ac, alarm = sum_of(ac, "1", whole(bits(y, 36)[1:]))
    return ac, mq, alarm


def acl(ac, mq, y):
    mine = bits(ac, AC_BITS)
    total = whole(mine[2:]) + y
    while total >= 1 << 36:  # a carry out of P is added at 35
        total = total - (1 << 36) + 1
    return whole(mine[:2] + bits(total, 36)), mq, ""


def mpy(ac, mq, y):
    a, b = bits(mq, 36), bits(y, 36)
    sign = "0" if a[0] == b[0] else "1"
    product = bits(whole(a[1:]) * whole(b[1:]), 70)
    return whole(sign + "00" + product[:35]), whole(sign + product[35:]), ""


def rnd(ac, mq, y=None):
    if bits(mq, 36)[1] == "0":
        return ac, mq, ""
    mine = bits(ac, AC_BITS)
    after = bits((whole(mine[1:]) + 1) % (1 << 37), 37)
    return whole(mine[0] + after), mq, "A" if after[1] != mine[2] else ""


def mpr(ac, mq, y):
    ac, mq, _ = mpy(ac, mq, y)
    return rnd(ac, mq)


def dvp(ac, mq, y):
    mine, low, w = bits(ac, AC_BITS), bits(mq, 36), bits(y, 36)
    sign = "0" if mine[0] == w[0] else "1"
    divisor = whole(w[1:])
    if not divisor > whole(mine[1:]):
        return ac, whole(sign + low[1:]), "D"
    dividend = whole(mine[1:] + low[1:])
    quotient = int(Fraction(dividend, divisor))
    remainder = dividend - quotient * divisor
    return whole(mine[0] + bits(remainder, 37)), whole(sign + bits(quotient, 35)), ""


# shifts, one place at a time


def shift_left(ac: str, mq: str, count: int) -> tuple[str, str, str]:
    """AC(Q,P,1-35) and the places of MQ behind it; the alarm if a 1 comes into P."""
    alarm = ""
    for _ in range(count):
        if ac[2] == "1":
            alarm = "A"
        both = ac[1:] + mq + "0"
        ac, mq = both[:37], both[37:]
    return ac, mq, alarm


def als(ac, mq, count):
    mine = bits(ac, AC_BITS)
    after, _, alarm = shift_left(mine[1:], "", count)
    return whole(mine[0] + after), mq, alarm


def ars(ac, mq, count):
    mine = bits(ac, AC_BITS)
    return whole(mine[0] + ("0" * count + mine[1:])[:37]), mq, ""


def lls(ac, mq, count):
    mine, low = bits(ac, AC_BITS), bits(mq, 36)
    after, rest, alarm = shift_left(mine[1:], low[1:], count)
    return whole(low[0] + after), whole(low[0] + rest), alarm


def lrs(ac, mq, count):
    mine, low = bits(ac, AC_BITS), bits(mq, 36)
    both = ("0" * count + mine[1:] + low[1:])[:72]
    return whole(mine[0] + both[:37]), whole(mine[0] + both[37:]), ""


def lgl(ac, mq, count):
    mine, low = bits(ac, AC_BITS), bits(mq, 36)
    after, rest, alarm = shift_left(mine[1:], low, count)
    return whole(mine[0] + after), whole(rest), alarm


def rql(ac, mq, count):
    low = bits(mq, 36)
    for _ in range(count):
        low = low[1:] + low[0]
    return ac, whole(low), ""


# floating point


def floating_add(ac: int, y: int, normalised: bool) -> tuple[int, int, str]:
    a, sr = bits(ac, AC_BITS), bits(y, 36)
    # AC as sign, characteristic with Q and P (a number, which may leave its range), fraction
    sign, characteristic, fraction = a[0], whole(a[1:11]), a[11:]
    if whole(sr[1:9]) < characteristic:
        sign, characteristic, fraction, sr = sr[0], whole(sr[1:9]), sr[9:], a[0] + a[3:]
    smaller_sign = mq_sign = sign
    mq = "0" * 27
    for _ in range(abs(whole(sr[1:9]) - characteristic)):
        fraction, mq = "0" + fraction[:-1], fraction[-1] + mq[:-1]
    characteristic = whole(sr[1:9])
    if sign == sr[0]:
        total = whole(fraction) + whole(sr[9:])
    else:
        total = whole(sr[9:]) - whole(fraction)
        if total > 0:
            sign = sr[0]
        total = abs(total)
    fraction = bits(total, 28)
    if fraction[0] == "1":
        characteristic += 1
        mq = fraction[-1] + mq[:-1]
        fraction = fraction[:-1]
    else:
        fraction = fraction[1:]
    if normalised and "1" not in fraction:
        return whole(smaller_sign + "0" * 37), whole(mq_sign + "0" * 8 + mq), ""
    if normalised:
        if sign != mq_sign:
            fraction = bits(whole(fraction) - 1, 27)
        while fraction[0] == "0":
            enters = mq[0] if sign == mq_sign else "0" if mq[0] == "1" else "1"
            fraction, mq = fraction[1:] + enters, mq[1:] + "0"
            characteristic -= 1
    mq_characteristic = characteristic - 27
    if normalised and sign != mq_sign:
        fraction = bits(whole(fraction) + 1, 28)
        if fraction[0] == "1":
            characteristic += 1
            fraction = fraction[:-1]
        else:
            fraction = fraction[1:]
    return (
        whole(sign + bits(characteristic % 1024, 10) + fraction),
        whole(mq_sign + bits(mq_characteristic % 256, 8) + mq),
        spill(characteristic, mq_characteristic),
    )


def spill(ac_characteristic: int, mq_characteristic: int) -> str:
    return ("A" if ac_characteristic not in range(256) else "") + (
        "M" if mq_characteristic not in range(256) else ""
    )


def negative(y: int) -> int:
    return (y + (1 << 35)) % (1 << 36)


def fad(ac, mq, y):
    return floating_add(ac, y, True)


def fsb(ac, mq, y):
    return floating_add(ac, negative(y), True)


def ufa(ac, mq, y):
    return floating_add(ac, y, False)


def ufs(ac, mq, y):
    return floating_add(ac, negative(y), False)


def floating_multiply(mq: int, y: int, normalised: bool) -> tuple[int, int, str]:
    a, b = bits(mq, 36), bits(y, 36)
    sign = "0" if a[0] == b[0] else "1"
    characteristic = whole(a[1:9]) + whole(b[1:9]) - 128
    product = bits(whole(a[9:]) * whole(b[9:]), 54)
    if normalised and "1" not in product[:27]:
        return whole(sign + "0" * 37), whole(sign + "0" * 8 + product[27:]), ""
    if normalised and product[0] == "0":
        product = product[1:] + "0"
        characteristic -= 1
    return (
        whole(sign + bits(characteristic % 1024, 10) + product[:27]),
        whole(sign + bits((characteristic - 27) % 256, 8) + product[27:]),
        spill(characteristic, characteristic - 27),
    )


def fmp(ac, mq, y):
    return floating_multiply(mq, y, True)


def ufm(ac, mq, y):
    if y == 0:  # not in the manual: as two other simulators do it
        sign = bits(mq, 36)[0]
        return whole(sign + "0" * 37), whole(sign + "0" * 35), ""
    return floating_multiply(mq, y, False)


def fdp(ac, mq, y):
    a, b = bits(ac, AC_BITS), bits(y, 36)
    sign = "0" if a[0] == b[0] else "1"
    mine, divisor = Fraction(whole(a[11:])), Fraction(whole(b[9:]))
    characteristic = whole(a[1:11])
    if divisor == 0 or mine / divisor >= 2:
        return ac, whole(sign + "0" * 35), "D"
    if mine == 0:
        return whole(a[0] + "0" * 37), whole(sign + "0" * 35), ""
    if mine >= divisor:
        mine /= 2
        characteristic += 1
    quotient = int(mine * (1 << 27) / divisor)
    remainder = mine * (1 << 27) - quotient * divisor
    assert remainder.denominator == 1
    # ten bits of characteristic each; either of the upper two turns an indicator on
    mq_characteristic = (characteristic - whole(b[1:9]) + 128) % 1024
    characteristic = (characteristic - 27) % 1024
    return (
        whole(a[0] + bits(characteristic, 10) + bits(int(remainder), 27)),
        whole(sign + bits(mq_characteristic % 256, 8) + bits(quotient, 27)),
        spill(characteristic, mq_characteristic),
    )


ON_WORDS = {
    "ADD": add, "SUB": sub, "ADM": adm, "SBM": sbm, "ACL": acl, "MPY": mpy, "MPR": mpr,
    "DVP": dvp, "DVH": dvp, "FAD": fad, "FSB": fsb, "UFA": ufa, "UFS": ufs, "FMP": fmp,
    "UFM": ufm, "FDP": fdp, "FDH": fdp,
}  # fmt: skip
SHIFTS = {"ALS": als, "ARS": ars, "LLS": lls, "LRS": lrs, "LGL": lgl, "RQL": rql}
