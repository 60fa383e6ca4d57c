"""Truth tables as whole numbers: row r of the table is bit r of the number.

A sentence about n fibres that fire or not is known completely by its 2^n rows. Row r is the one in
which fibre i fires exactly if bit i of r is 1, so the last fibre halves the table: its lower half
is what holds while that fibre is silent. "And", "or" and "not" of whole tables are then one
operation of Python each, whatever the number of rows, and that is how nets are proved here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from itertools import pairwise
from typing import NamedTuple

MOST_LITERALS = 20
"""A table of more than 2^20 rows is not drawn up (assumed: 128 kilobytes, a millisecond)."""


class Product(NamedTuple):
    """Fibres that fire together while others are silent, e.g. ``a.c.~d``, as two sets of bits."""

    firing: int
    silent: int

    @property
    def literals(self) -> int:
        """How many fibres the product speaks of."""
        return self.firing.bit_count() + self.silent.bit_count()


def everything(n: int) -> int:
    """Return the table that is true in all 2^n rows."""
    return (1 << (1 << n)) - 1


@cache
def column(i: int, n: int) -> int:
    """Return the table of "fibre i fires", among n fibres."""
    half = 1 << i
    table = ((1 << half) - 1) << half
    for k in range(i + 1, n):
        table |= table << (1 << k)
    return table


def restrict(table: int, i: int, value: int, n: int) -> int:
    """Hold fibre i at a value; the result still has 2^n rows but no longer depends on it."""
    mine, half = column(i, n), 1 << i
    if value:
        kept = table & mine
        return kept | kept >> half
    kept = table & ~mine
    return kept | kept << half


def support(table: int, n: int) -> list[int]:
    """Return the fibres the table depends on."""
    return [i for i in range(n) if restrict(table, i, 0, n) != restrict(table, i, 1, n)]


def reorder(table: int, order: Sequence[int], n: int) -> int:
    """Re-draw a table: fibre ``order[k]`` of the old one, of n fibres, becomes fibre k.

    Fibres left out of ``order`` must not matter; they are read as silent.
    """
    old = [0]
    for place in order:
        old += [row | 1 << place for row in old]
    if old and max(old) >= 1 << n:
        raise IndexError("a fibre beyond the table")
    return from_rows(k for k, row in enumerate(old) if table >> row & 1)


def spread(table: int, places: Sequence[int], n: int) -> int:
    """Draw a table up over n fibres: its fibre k becomes fibre ``places[k]``."""
    mine = len(places)
    missing = [i for i in range(n) if i not in places]
    for k in range(mine, n):
        table |= table << (1 << k)
    whole = [*places, *missing]
    if whole == list(range(n)):
        return table
    return reorder(table, [whole.index(i) for i in range(n)], n)


def from_rows(rows: Iterable[int]) -> int:
    """Build a table from the rows in which it is true."""
    some = sorted(rows)
    if not some:
        return 0
    packed = bytearray((some[-1] >> 3) + 1)
    for row in some:
        packed[row >> 3] |= 1 << (row & 7)
    return int.from_bytes(packed, "little")


def rows(table: int) -> list[int]:
    """Return the rows in which a table is true, in order."""
    found = []
    for k, byte in enumerate(table.to_bytes((table.bit_length() + 7) // 8, "little")):
        if byte:
            found += [8 * k + bit for bit in range(8) if byte >> bit & 1]
    return found


def lowest_row(table: int) -> int:
    """Return the first row in which a table, not everywhere false, is true."""
    return (table & -table).bit_length() - 1


def cover(product: Product, n: int) -> int:
    """Return the table of a product among n fibres."""
    table = everything(n)
    for i in range(n):
        if product.firing >> i & 1:
            table &= column(i, n)
        if product.silent >> i & 1:
            table &= ~column(i, n)
    return table


def runs_of(table: int, n: int) -> tuple[tuple[int, int], ...] | None:
    """Return the runs (from, below) of numbers of firing fibres for which a table is true.

    None if it matters as well which fibres fire.
    """
    every = [(column(i, n), 1) for i in range(n)]
    sets = [at_least(k, every, n) for k in range(n + 2)]
    exactly = [more & ~fewer for more, fewer in pairwise(sets)]
    if any(table & rows not in (0, rows) for rows in exactly):
        return None
    true = [False, *(bool(table & rows) for rows in exactly), False]
    edges = [k for k, (before, now) in enumerate(pairwise(true)) if before != now]
    return tuple(zip(edges[::2], edges[1::2], strict=True))


def at_least(h: int, endings: Sequence[tuple[int, int]], n: int) -> int:
    """Return the table of "the excited endings sum to h or more".

    Parameters
    ----------
    h
        Endings that must be excited together.
    endings
        (table of the fibre, its number of endings, 1 or more), one a fibre.
    n
        Fibres of the tables.
    """
    if h <= 0:
        return everything(n)
    planes: list[int] = []  # bit k of the sum, in every row
    for table, number in endings:
        planes += [0] * (number.bit_length() - len(planes))
        for place in range(number.bit_length()):
            carry, k = (table if number >> place & 1 else 0), place
            while carry:
                if k == len(planes):
                    planes.append(0)
                planes[k], carry = planes[k] ^ carry, planes[k] & carry
                k += 1
    alike, more = everything(n), 0  # rows that agree with h so far, from the highest bit on
    for k in reversed(range(max(len(planes), h.bit_length()))):
        plane = planes[k] if k < len(planes) else 0
        if h >> k & 1:
            alike &= plane
        else:
            more |= alike & plane
            alike &= ~plane
    return more | alike
