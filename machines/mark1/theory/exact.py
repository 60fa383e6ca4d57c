"""Whole numbers that weigh stimuli against one another exactly.

A proof that no values can do a task is a balance: so many times this stimulus and so many times
that one weigh as much as so many times a third, for every A-unit. Ordinary arithmetic finds such a
balance nearly; a proof needs it exactly, and the whole numbers can have hundreds of digits.

They are found as one divides on paper, digit by digit, only from the last digit to the first and to
a large prime as base (Dixon's method, Numerische Mathematik 40, 1982): solve the equations modulo
the prime, take away what that accounts for, divide the rest by the prime, and go on. When there are
enough digits, the fractions they belong to are unique. Whoever uses the result still checks it by
plain multiplication, so a mistake in here could cost an answer but not make a wrong one.
"""

from __future__ import annotations

from math import gcd, isqrt, lcm, log2

import numpy as np
from numpy.typing import NDArray

Integers = NDArray[np.int64]

_PRIME = 2**31 - 1


def balance(equations: Integers) -> list[int] | None:
    """Find the whole numbers x with ``equations @ x == 0``, if they are unique but for a factor.

    Parameters
    ----------
    equations
        int64, shape (equations, unknowns): small numbers, as -1, 0 and 1.

    Returns
    -------
    list of int or None
        Without a common factor, the first that is not 0 positive. None if there is only x = 0, or
        more than one solution, or (hardly ever) the prime divides a determinant in question.
    """
    rows, columns = _independent(equations)
    unknowns = equations.shape[1]
    free = sorted(set(range(unknowns)) - set(columns))
    if len(free) != 1:
        return None
    solved = _solve(equations[np.ix_(rows, columns)], -equations[rows, free[0]])
    if solved is None:
        return None
    numerators, denominator = solved
    x = dict(zip(columns, numerators, strict=True)) | {free[0]: denominator}
    first = next(x[k] for k in range(unknowns) if x[k])
    common = gcd(*x.values()) * (1 if first > 0 else -1)
    return [x[k] // common for k in range(unknowns)]


def _independent(equations: Integers) -> tuple[list[int], list[int]]:
    """Pick rows and columns of a largest square part that can be inverted modulo the prime."""
    work = equations % _PRIME
    place = np.arange(len(work))
    rows: list[int] = []
    columns: list[int] = []
    for column in range(work.shape[1]):
        done = len(rows)
        candidates = np.flatnonzero(work[done:, column])
        if candidates.size:
            swap = [done, done + int(candidates[0])]
            work[swap], place[swap] = work[swap[::-1]], place[swap[::-1]]
            _clear_below(work, done, column)
            rows.append(int(place[done]))
            columns.append(column)
    return rows, columns


def _clear_below(work: Integers, row: int, column: int) -> None:
    """Subtract multiples of a row from those below it until they have 0 in the column."""
    pivot = work[row, column:] * pow(int(work[row, column]), -1, _PRIME) % _PRIME
    below = row + 1 + np.flatnonzero(work[row + 1 :, column])
    work[below, column:] -= work[below, column, None] * pivot % _PRIME
    work[below, column:] %= _PRIME


def _inverse(square: Integers) -> Integers:
    """Invert a matrix modulo the prime."""
    n = len(square)
    work = np.hstack([square % _PRIME, np.eye(n, dtype=np.int64)])
    for k in range(n):
        swap = [k, k + int(np.flatnonzero(work[k:, k])[0])]
        work[swap] = work[swap[::-1]]
        work[k] = work[k] * pow(int(work[k, k]), -1, _PRIME) % _PRIME
        others = np.flatnonzero(work[:, k])
        others = others[others != k]
        work[others, k:] -= work[others, k, None] * work[k, k:] % _PRIME
        work[others, k:] %= _PRIME
    return work[:, n:]


def _solve(square: Integers, right: Integers) -> tuple[list[int], int] | None:
    """Solve ``square @ x == right``: numerators and their common denominator."""
    inverse = _inverse(square)
    # Hadamard: no determinant is larger than the product of the rows' lengths
    lengths = (square**2).sum(axis=1) + right**2
    digits = 2 + int((1 + np.log2(np.maximum(lengths, 2)).sum()) / log2(_PRIME))
    rest = right.copy()
    x = [0] * len(right)
    weight = 1
    for _ in range(digits):
        digit = (inverse * (rest % _PRIME) % _PRIME).sum(axis=1) % _PRIME
        rest = (rest - square @ digit) // _PRIME
        x = [sum_ + d * weight for sum_, d in zip(x, digit.tolist(), strict=True)]
        weight *= _PRIME
    denominator = 1
    for value in x:
        part = _denominator(value * denominator % weight, weight)
        if part is None:
            return None
        denominator = lcm(denominator, denominator * part)
    numerators = [value * denominator % weight for value in x]
    return [v - weight if v > weight // 2 else v for v in numerators], denominator


def _denominator(value: int, modulus: int) -> int | None:
    """Give the denominator of the one small fraction equal to ``value`` modulo ``modulus``."""
    limit = isqrt(modulus // 2)
    before, now, steps_before, steps = modulus, value, 0, 1
    while now > limit:
        times = before // now
        before, now = now, before - times * now
        steps_before, steps = steps, steps_before - times * steps
    return abs(steps) if 0 < abs(steps) <= limit else None
