"""All threshold functions of up to six fibres, counted with their least weights.

No threshold function of n fibres needs a weight above 2^-n (n+1)^((n+1)/2) (Muroga 1971: the
weights are quotients of determinants of +1 and -1, and Hadamard bounds these). So every tuple of
weights up to there, falling from the first fibre to the last, with every threshold, gives every
threshold function that only helps and favours the earlier fibres. The others come from these by
exchanging fibres and by swapping firing and silence; how many there are follows from the Chow
parameters, which differ exactly where fibres cannot be exchanged without a difference.
"""

from __future__ import annotations

from itertools import combinations_with_replacement
from math import factorial, isqrt
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulator.errors import Mistake

from .threshold import chow_parameters

MOST_FIBRES = 6


class Counted(NamedTuple):
    """Threshold functions of n fibres.

    Attributes
    ----------
    functions
        How many there are.
    classes
        How many remain if exchanged fibres, and firing swapped with silence, count as the same.
    largest
        The largest weight any of them needs.
    by_largest
        How many need 0, 1, 2 ... as their largest weight.
    bound
        The weights that were tried: no function needs more.
    """

    functions: int
    classes: int
    largest: int
    by_largest: tuple[int, ...]
    bound: int


def weight_bound(n: int) -> int:
    """Return the whole part of 2^-n (n+1)^((n+1)/2), in whole numbers throughout."""
    return isqrt((n + 1) ** (n + 1) // 4**n)


def count(n: int) -> Counted:
    """Count the threshold functions of n fibres by drawing up all their tables.

    Raises
    ------
    Mistake
        If n is not 0 to 6.
    """
    if not 0 <= n <= MOST_FIBRES:
        raise Mistake(f"threshold functions are counted for 0 to {MOST_FIBRES} fibres, not {n}")
    bound = weight_bound(n) if n else 0
    seen = np.zeros(0, np.uint64)
    by_largest = [2]  # never and always need no weight
    classes = 2
    for largest in range(1, bound + 1):
        tables = _tables(n, largest)
        new = np.setdiff1d(tables, seen, assume_unique=True)
        seen = np.union1d(seen, new)
        classes += len(new)
        by_largest.append(sum(_likenesses(int(table), n) for table in new))
    while by_largest[-1] == 0:
        by_largest.pop()
    return Counted(sum(by_largest), classes, len(by_largest) - 1, tuple(by_largest), bound)


def _tables(n: int, largest: int) -> NDArray[np.uint64]:
    """Return the tables of all falling weights that begin with the largest, never 0 or all rows."""
    falling = [
        (largest, *reversed(rest))
        for rest in combinations_with_replacement(range(largest + 1), n - 1)
    ]
    weights = np.array(falling, np.int16)
    rows = np.arange(1 << n)
    sums = weights @ (rows[None, :] >> np.arange(n)[:, None] & 1).astype(np.int16)
    found = []
    for threshold in range(1, int(sums.max()) + 1):
        reaches = sums[sums[:, -1] >= threshold] >= threshold
        bits = np.zeros((len(reaches), 64), bool)
        bits[:, : 1 << n] = reaches
        found.append(np.unique(np.packbits(bits, axis=1, bitorder="little").view(np.uint64)))
    return np.unique(np.concatenate(found))


def _likenesses(table: int, n: int) -> int:
    """Count the functions a table becomes when fibres are exchanged or swapped with silence."""
    total, *each = chow_parameters(table, n)
    number = factorial(n)
    for one in set(each):
        number //= factorial(each.count(one))
    matters = sum(2 * one != total for one in each)
    return number << matters
