"""The shortest "or of ands" that says what a truth table says.

The prime implicants are those products of fibres and silences that cannot be made shorter without
saying more than the table; the least number of them that together say all of it is the minimal
form (Quine 1952, McCluskey 1956). For small tables it is found exactly; where that would take too
long, an irredundant form is built from halves of the table (Minato 1992), from which nothing can
be left out though a shorter one may exist, and the result says so.
"""

from __future__ import annotations

from typing import NamedTuple

from simulator.errors import Mistake

from .truth import Product, cover, everything

_EXACT_LITERALS = 8
_MOST_PRIMES = 400
_MOST_STEPS = 4000
_MOST_HALVES = 60_000


class Minimal(NamedTuple):
    """Products that say together what a table says; ``exact`` if fewer are proved impossible."""

    products: tuple[Product, ...]
    exact: bool


def shortest(true: int, n: int, free: int = 0) -> Minimal:
    """Find the minimal form of a table.

    Parameters
    ----------
    true
        The rows that must hold, as a table of n fibres.
    n
        Fibres.
    free
        The rows that do not matter.

    Returns
    -------
    Minimal
        Products in reading order: those with fewer literals first, then by their first fibres.

    Raises
    ------
    Mistake
        If the table is so irregular that its form would be too long to be of use.
    """
    true &= ~free
    if n <= _EXACT_LITERALS:
        candidates = _primes(true | free, n, {})
        if len(candidates) <= _MOST_PRIMES:
            chosen, exact = _least_cover(true, sorted(candidates, key=_order), n)
            return Minimal(tuple(sorted(chosen, key=_order)), exact)
    products = _irredundant(true, true | free, n, {})[0]
    return Minimal(tuple(sorted(products, key=_order)), len(products) < 2)


def _order(product: Product) -> tuple[int, list[int]]:
    both = product.firing | product.silent
    return product.literals, [i for i in range(both.bit_length()) if both >> i & 1]


def _primes(
    table: int, n: int, known: dict[tuple[int, int], frozenset[Product]]
) -> frozenset[Product]:
    """Find all prime implicants, from the two halves of the table and what they share."""
    if not table:
        return frozenset()
    if table == everything(n):
        return frozenset([Product(0, 0)])
    key = (table, n)
    if key not in known:
        half, bit = 1 << (n - 1), 1 << (n - 1)
        low, high = table & ((1 << half) - 1), table >> half
        shared = _primes(low & high, n - 1, known)
        known[key] = shared.union(
            (Product(p.firing, p.silent | bit) for p in _primes(low, n - 1, known) - shared),
            (Product(p.firing | bit, p.silent) for p in _primes(high, n - 1, known) - shared),
        )
    return known[key]


def _least_cover(true: int, primes: list[Product], n: int) -> tuple[list[Product], bool]:
    """Choose the fewest primes, then the fewest literals, that cover the true rows."""
    covers = [cover(p, n) & true for p in primes]
    weights = [1000 + p.literals for p in primes]
    best = _greedy(true, covers, weights)
    best_weight = sum(weights[k] for k in best)
    steps = 0

    def search(left: int, allowed: list[int], chosen: list[int], weight: int) -> None:
        nonlocal best, best_weight, steps
        steps += 1
        if not left:
            if weight < best_weight:
                best, best_weight = list(chosen), weight
            return
        widest = max(((covers[k] & left).bit_count() for k in allowed), default=0)
        if not widest or steps > _MOST_STEPS:
            return
        if weight + -(-left.bit_count() // widest) * 1000 >= best_weight:
            return
        row = _scarcest(left, [covers[k] for k in allowed])
        mine = [k for k in allowed if covers[k] & row]
        mine.sort(key=lambda k: (-(covers[k] & left).bit_count(), weights[k]))
        for place, k in enumerate(mine):
            rest = [other for other in allowed if other not in mine[: place + 1]]
            search(left & ~covers[k], rest, [*chosen, k], weight + weights[k])

    search(true, list(range(len(primes))), [], 0)
    return [primes[k] for k in best], steps <= _MOST_STEPS


def _scarcest(left: int, covers: list[int]) -> int:
    """Return one row, as a table, that as few of the primes as possible cover."""
    layers = [0] * 6  # layers[k]: the rows that more than k primes cover
    for table in covers:
        for k in range(len(layers) - 1, 0, -1):
            layers[k] |= layers[k - 1] & table
        layers[0] |= table
    for more in layers[1:]:
        if few := left & ~more:
            return few & -few
    return left & -left


def _greedy(true: int, covers: list[int], weights: list[int]) -> list[int]:
    """Take the prime that covers most of what is left, until nothing is."""
    chosen, left = [], true
    while left:
        k = max(range(len(covers)), key=lambda k: ((covers[k] & left).bit_count(), -weights[k]))
        chosen.append(k)
        left &= ~covers[k]
    return chosen


def _irredundant(
    low: int, high: int, n: int, known: dict[tuple[int, int, int], tuple[list[Product], int]]
) -> tuple[list[Product], int]:
    """Find products that say at least ``low`` and at most ``high``, and the table they say."""
    if not low:
        return [], 0
    if high == everything(n):
        return [Product(0, 0)], high
    key = (low, high, n)
    if key in known:
        return known[key]
    if len(known) > _MOST_HALVES:
        raise Mistake(
            f"the table has no short form: more than {_MOST_HALVES} different parts; "
            "split it into smaller sentences"
        )
    half, bit = 1 << (n - 1), 1 << (n - 1)
    mask = (1 << half) - 1
    low0, low1, high0, high1 = low & mask, low >> half, high & mask, high >> half
    silent, said0 = _irredundant(low0 & ~high1, high0, n - 1, known)
    firing, said1 = _irredundant(low1 & ~high0, high1, n - 1, known)
    either, said = _irredundant(low0 & ~said0 | low1 & ~said1, high0 & high1, n - 1, known)
    products = [
        *(Product(p.firing, p.silent | bit) for p in silent),
        *(Product(p.firing | bit, p.silent) for p in firing),
        *either,
    ]
    known[key] = products, (said0 | said) | (said1 | said) << half
    return known[key]
