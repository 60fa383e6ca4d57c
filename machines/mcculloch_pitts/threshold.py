"""Threshold logic: which truth tables one cell with weights can have, with proof either way.

A table is a *threshold function* if whole-number weights and a threshold T exist such that exactly
its true rows have weights adding up to T or more. If there are, the least are found; if not, there
is a contradiction anyone can check by adding up: some true rows and as many false rows in which
every fibre fires equally often, so that together the true ones can weigh no more than the false
ones (Farkas' lemma; Elgot 1960 and Chow 1961 call such a function summable). Exclusive or is the
classic: 01 and 10 must each reach T, 00 and 11 must each stay below, and both pairs weigh the same.

The search uses ordinary arithmetic (HiGHS); what is returned has been multiplied out in whole
numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import lcm
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse import csr_matrix

from simulator.errors import Mistake

from .truth import column, everything, lowest_row, rows

MOST_FIBRES = 10
SECONDS = 20
"""The least weights, and the shortest contradiction, are looked for so long each."""

Points = NDArray[np.int64]
"""Rows of a table, one a row: shape (rows, fibres)."""


class Weights(NamedTuple):
    """Whole-number weights and the threshold: true exactly where they add up to T or more."""

    weights: tuple[int, ...]
    threshold: int
    least: bool = True
    """Whether no smaller ones do it."""

    @property
    def largest(self) -> int:
        """The size of the largest weight."""
        return max((abs(w) for w in self.weights), default=0)

    def proof(self, names: Sequence[str]) -> str:
        """Write the inequality the true rows obey and no others."""
        terms = [f"{w}*{name}" for w, name in zip(self.weights, names, strict=True) if w]
        return f"{' + '.join(terms) or '0'} >= {self.threshold}".replace("+ -", "- ")


class Contradiction(NamedTuple):
    """Rows that no weights can tell apart: how often each is taken, at least once."""

    true: tuple[tuple[int, int], ...]
    """(row, times) of rows that must reach the threshold."""
    false: tuple[tuple[int, int], ...]
    """(row, times) of rows that must stay below it."""
    least: bool = True
    """Whether no contradiction has fewer rows."""

    @property
    def summands(self) -> int:
        """How many true rows, and as many false ones, are added."""
        return sum(times for _, times in self.true)

    def proof(self, names: Sequence[str]) -> str:
        """Write the proof: the inequalities, and the impossible one they add up to."""
        n, k = len(names), self.summands
        lines = [
            f"{times} x  {_sum(row, names)} >= T      (row {_bits(row, n)} is true)"
            for row, times in self.true
        ] + [
            f"{times} x  {_sum(row, names)} <= T - 1  (row {_bits(row, n)} is false)"
            for row, times in self.false
        ]
        total = " + ".join(
            f"{times}*w({name})" if times > 1 else f"w({name})"
            for i, name in enumerate(names)
            if (times := sum(m for row, m in self.true if row >> i & 1))
        )
        lines.append(
            f"added up: {k}T <= {total or '0'} <= {k}T - {k}, which no weights and no T can do"
        )
        return "\n".join(lines)


def _sum(row: int, names: Sequence[str]) -> str:
    return " + ".join(f"w({name})" for i, name in enumerate(names) if row >> i & 1) or "0"


def _bits(row: int, n: int) -> str:
    return "".join(str(row >> i & 1) for i in range(n))


def separates(found: Weights, true: int, n: int, free: int = 0) -> bool:
    """Tell, in whole numbers, whether weights give exactly the table."""
    sums = [0]
    for weight in found.weights:
        sums += [total + weight for total in sums]
    return len(sums) == 1 << n and all(
        (total >= found.threshold) == bool(true >> row & 1)
        for row, total in enumerate(sums)
        if not free >> row & 1
    )


def contradicts(found: Contradiction, true: int, n: int, free: int = 0) -> bool:
    """Tell, in whole numbers, whether a contradiction holds for the table."""
    times = [m for _, m in found.true + found.false]
    if not times or min(times) < 1 or sum(m for _, m in found.false) != found.summands:
        return False
    if not all(0 <= row < 1 << n for row, _ in found.true + found.false):
        return False
    if any(not true >> row & 1 or free >> row & 1 for row, _ in found.true):
        return False
    if any((true | free) >> row & 1 for row, _ in found.false):
        return False
    return all(
        sum(m for row, m in found.true if row >> i & 1)
        == sum(m for row, m in found.false if row >> i & 1)
        for i in range(n)
    )


def separate(true: int, n: int, free: int = 0) -> Weights | Contradiction:
    """Find the least weights of a table, or prove that there are none.

    Parameters
    ----------
    true
        The table, of n fibres.
    n
        Fibres, at most 10.
    free
        Rows that do not matter.

    Returns
    -------
    Weights or Contradiction
        Weights whose sizes add up to least, and of these the lowest threshold; or the contradiction
        with fewest rows. Where finding these takes too long some weights, or a contradiction, that
        may not be the least: ``least`` says so. All have been checked in whole numbers.

    Raises
    ------
    Mistake
        If there are too many fibres, or neither was found in time.
    """
    if n > MOST_FIBRES:
        raise Mistake(f"{n} fibres; threshold logic is done for {MOST_FIBRES} at most")
    true &= ~free
    false = everything(n) & ~true & ~free
    if not true or not false:
        return Weights((0,) * n, 1 if not true else 0)
    if (found := _against_order(true, false, n)) is not None:
        return found
    weights = _least_weights(true, false, n)
    if weights is not None and separates(weights, true, n, free):
        return weights
    for find in (_least_contradiction, _some_contradiction):
        contradiction = find(true, false, n)
        if contradiction is not None and contradicts(contradiction, true, n, free):
            return contradiction
    raise Mistake(
        f"neither weights nor a contradiction were found in time for this table of {n} fibres; "
        "split it into tables of fewer"
    )


def _against_order(true: int, false: int, n: int) -> Contradiction | None:
    """Find a fibre that must help in one row and hinder in another."""
    for i in range(n):
        bit = 1 << i
        silent = everything(n) & ~column(i, n)
        helps = silent & false & true >> bit
        hinders = silent & true & false >> bit
        if helps and hinders:
            one, other = lowest_row(helps), lowest_row(hinders)
            return Contradiction(_counted([one | bit, other]), _counted([one, other | bit]))
    return None


def _counted(several: list[int]) -> tuple[tuple[int, int], ...]:
    return tuple((row, several.count(row)) for row in sorted(set(several)))


def positive_weights(true: int, false: int, n: int) -> Weights | None:
    """Find the least weights, none negative, that tell two sets of rows apart; None if none do."""
    return _weights(true, false, np.eye(n, dtype=np.int64))


def _least_weights(true: int, false: int, n: int) -> Weights | None:
    """Find the least weights that tell two sets of rows apart."""
    one_way = np.eye(n, dtype=np.int64)
    if true | false == everything(n):
        signs = np.array([_sign(true, false, i, n) for i in range(n)], np.int64)
        return _weights(true, false, one_way * signs)
    return _weights(true, false, np.vstack([one_way, -one_way]))


def _weights(true: int, false: int, ways: Points) -> Weights | None:
    """Minimise the sum of the sizes, each weight adding up what its ways (rows) have."""
    sizes, n = ways.shape
    above, below = _matrix(rows(true), n) @ ways.T, _matrix(rows(false), n) @ ways.T
    if not above.size or not below.size:
        return None
    above, below = _extreme(above, -1), _extreme(below, 1)
    # unknowns: the sizes, then the threshold
    left = np.vstack(
        [
            np.hstack([above, -np.ones((len(above), 1))]),
            np.hstack([-below, np.ones((len(below), 1))]),
        ]
    )
    least = np.concatenate([np.zeros(len(above)), np.ones(len(below))])
    solved = milp(
        np.append(np.ones(sizes), 1e-4),
        constraints=LinearConstraint(csr_matrix(left), least, np.inf),
        bounds=Bounds(np.append(np.zeros(sizes), -1e6), np.full(sizes + 1, 1e6)),
        integrality=np.ones(sizes + 1),
        options={"time_limit": SECONDS, "mip_rel_gap": 0},
    )
    if solved.x is None:
        return None
    whole = np.rint(solved.x).astype(np.int64)
    weights = tuple(int(w) for w in whole[:sizes] @ ways)
    return Weights(weights, int(whole[sizes]), solved.status == 0)


def _sign(true: int, false: int, i: int, n: int) -> int:
    """Tell whether a fibre hinders (-1) or helps, or does not matter (1)."""
    silent = everything(n) & ~column(i, n)
    return -1 if silent & true & false >> (1 << i) else 1


def _matrix(some: list[int], n: int) -> Points:
    packed = np.array(some, np.int64)[:, None]
    return packed >> np.arange(n) & 1


def _extreme(points: Points, side: int) -> Points:
    """Keep the points that no other makes superfluous: the lowest (-1) or the highest (1)."""
    if len(points) > 2000:
        return points
    kept = [
        k
        for k, point in enumerate(points)
        if not ((side * (points - point) >= 0).all(1) & (points != point).any(1)).any()
    ]
    return points[kept]


def _least_contradiction(true: int, false: int, n: int) -> Contradiction | None:
    """Find the fewest true and as many false rows in which every fibre fires equally often."""
    above, below = rows(true), rows(false)
    balance = np.hstack([_matrix(above, n).T, -_matrix(below, n).T])
    same = np.concatenate([np.ones(len(above)), -np.ones(len(below))])
    some = np.concatenate([np.ones(len(above)), np.zeros(len(below))])
    solved = milp(
        some,
        constraints=[
            LinearConstraint(csr_matrix(np.vstack([balance, same])), 0, 0),
            LinearConstraint(csr_matrix(some[None]), 1, np.inf),
        ],
        bounds=Bounds(0, np.inf),
        integrality=np.ones(len(some)),
        options={"time_limit": SECONDS, "mip_rel_gap": 0},
    )
    if solved.x is None:
        return None
    times = [int(m) for m in np.rint(solved.x)]
    return Contradiction(
        tuple((row, m) for row, m in zip(above, times, strict=False) if m),
        tuple((row, m) for row, m in zip(below, times[len(above) :], strict=True) if m),
        solved.status == 0,
    )


def _some_contradiction(true: int, false: int, n: int) -> Contradiction | None:
    """Find any contradiction: a corner of the set of shares (Farkas), worked out in fractions."""
    above, below = rows(true), rows(false)
    sides = np.repeat([1, -1], [len(above), len(below)])
    taken = above + below
    # what must hold of the shares: fibres balance, and on either side they add up to one
    must = np.vstack([_matrix(taken, n).T * sides, sides > 0, sides < 0]).astype(np.int64)
    total = np.zeros(n + 2, np.int64)
    total[n:] = 1, -1
    must[n + 1] *= -1
    solved = linprog(np.zeros(len(taken)), A_eq=must, b_eq=total, method="highs-ds")
    if solved.x is None:
        return None
    corner = np.flatnonzero(solved.x > 1e-9).tolist()
    shares = _exactly(must[:, corner], total)
    if shares is None or min(shares) <= 0:
        return None
    whole = lcm(*(share.denominator for share in shares))
    times = [
        (taken[k], int(share * whole), sides[k] > 0)
        for k, share in zip(corner, shares, strict=True)
    ]
    return Contradiction(
        tuple((row, m) for row, m, side in times if side),
        tuple((row, m) for row, m, side in times if not side),
        False,
    )


def _exactly(matrix: Points, right: Points) -> list[Fraction] | None:
    """Solve linear equations in fractions; None unless there is exactly one solution."""
    lines = [
        [Fraction(int(one)) for one in (*row, value)]
        for row, value in zip(matrix, right, strict=True)
    ]
    unknowns = matrix.shape[1]
    for k in range(unknowns):
        pivot = next((line for line in lines[k:] if line[k]), None)
        if pivot is None:
            return None
        lines.remove(pivot)
        lines.insert(k, [one / pivot[k] for one in pivot])
        for j, line in enumerate(lines):
            if j != k and line[k]:
                lines[j] = [a - line[k] * b for a, b in zip(line, lines[k], strict=True)]
    if any(line[-1] for line in lines[unknowns:]):
        return None
    return [line[-1] for line in lines[:unknowns]]


def chow_parameters(true: int, n: int) -> tuple[int, ...]:
    """Count the true rows, and for each fibre the true rows in which it fires (Chow 1961).

    No two threshold functions have the same ones.
    """
    return (true.bit_count(), *((true & column(i, n)).bit_count() for i in range(n)))
