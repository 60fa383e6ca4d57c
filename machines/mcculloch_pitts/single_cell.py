"""One cell when one suffices.

A cell of 1943 fires if none of its vetoes is active and enough of its excitatory endings are. So
one cell can say exactly: "none of these fibres, and a sum of the others reaches h" with no negative
weights. A fibre can be a veto only if nothing is true while it fires; every such fibre may be one,
and what is left must be a threshold function in which no fibre hinders.

Counted this way, one cell has 2, 7, 34 and 249 different truth tables for one to four fibres; the
4, 14, 104 and 1882 threshold functions are the cells with negative weights that later authors
ascribed to McCulloch and Pitts.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import product
from typing import NamedTuple

from simulator.errors import Mistake

from .laws import Law
from .net import Net
from .threshold import MOST_FIBRES, Weights, positive_weights, separates
from .threshold_counts import weight_bound
from .truth import at_least, column, everything, reorder
from .wiring import Wiring

_LOOKED_UP = 4


class Cell(NamedTuple):
    """One cell over n fibres: endings of each, the fibres that veto, endings needed."""

    endings: tuple[int, ...]
    vetoes: tuple[int, ...]
    h: int

    def table(self, n: int) -> int:
        """Return the truth table of the cell."""
        excite = [(column(i, n), number) for i, number in enumerate(self.endings) if number]
        fires = at_least(self.h, excite, n)
        for i in self.vetoes:
            fires &= ~column(i, n)
        return fires

    def text(self, names: Sequence[str]) -> str:
        """Write the cell as ``{a:2, b:1} ~c h=2``."""
        excite = ", ".join(f"{names[i]}:{e}" for i, e in enumerate(self.endings) if e)
        return " ".join([f"{{{excite}}}", *(f"~{names[i]}" for i in self.vetoes), f"h={self.h}"])


def one_cell(true: int, n: int, free: int = 0, least_h: int = 1) -> Cell | None:
    """Find one cell of 1943 that has a truth table, with as few endings as can be.

    Parameters
    ----------
    true
        The table, of n fibres.
    n
        Fibres; at most 10.
    free
        Rows that do not matter.
    least_h
        0 where a threshold of 0 is allowed (Minsky's cell, which fires unexcited).

    Returns
    -------
    Cell or None
        None if one cell cannot do it.
    """
    true &= ~free
    if not true:
        return Cell((0,) * n, (), 1)
    if true & 1 and least_h > 0:
        return None
    possible = [i for i in range(n) if not true & column(i, n)]
    others = [i for i in range(n) if i not in possible]
    if len(others) > MOST_FIBRES:
        return None
    quiet = everything(n)
    for i in possible:
        quiet &= ~column(i, n)
    inner_true = reorder(true & quiet, others, n)
    inner_free = reorder(free & quiet, others, n)
    found = _excitation(inner_true, len(others), inner_free, least_h)
    if found is None:
        return None
    endings = [0] * n
    for i, number in zip(others, found.weights, strict=True):
        endings[i] = number
    vetoes = possible
    for i in possible:
        fewer = tuple(k for k in vetoes if k != i)
        if not Cell(tuple(endings), fewer, found.threshold).table(n) & ~(true | free):
            vetoes = list(fewer)
    cell = Cell(tuple(endings), tuple(vetoes), found.threshold)
    return cell if not (cell.table(n) ^ true) & ~free else None


def relative_cell(found: Weights, names: Sequence[str], name: str = "answer") -> Net:
    """Draw the one cell that has whole-number weights, under the law ``relative``.

    A negative weight becomes as many inhibitory endings, each of which raises the threshold by one
    (Theorem IV): this cell, not that of 1943, has all threshold functions that are silent in
    silence.

    Raises
    ------
    Mistake
        If the cell would fire out of silence, or there is not one name a weight.
    """
    if len(names) != len(found.weights):
        raise Mistake(f"{len(names)} names for {len(found.weights)} weights; give one each")
    if found.threshold < 1:
        raise Mistake(
            f"a cell with the threshold {found.threshold} fires out of silence (Theorem III); "
            "deny the function, or give it a fibre that always fires"
        )
    board = Wiring(f"{name}: {found.proof(names)}"[:80], Law("relative"))
    for one in names:
        board.afferent(one)
    pairs = list(zip(names, found.weights, strict=True))
    excite = {one: weight for one, weight in pairs if weight > 0}
    veto = {one: -weight for one, weight in pairs if weight < 0}
    board.cell(name, excite, veto, h=found.threshold)
    board.output(name)
    return board.net()


def _excitation(true: int, n: int, free: int, least_h: int) -> Weights | None:
    """Find endings, none negative, whose sum reaches h exactly in the true rows."""
    if true & 1:
        return Weights((0,) * n, 0) if true | free == everything(n) else None
    if n <= _LOOKED_UP and not free:
        return _positive(n).get(true)
    false = everything(n) & ~(true | free) | 1  # silence must not fire it
    if any(true & ~column(i, n) & false >> (1 << i) for i in range(n)):
        return None
    found = positive_weights(true, false, n)
    return found if found is not None and separates(found, true, n, _open(true, false, n)) else None


def _open(true: int, false: int, n: int) -> int:
    return everything(n) & ~(true | false)


@cache
def _positive(n: int) -> dict[int, Weights]:
    """Draw up every table of endings alone, with the fewest; h at least 1."""
    found: dict[int, Weights] = {}
    for endings in sorted(product(range(weight_bound(n) + 1), repeat=n), key=sum):
        excite = [(column(i, n), number) for i, number in enumerate(endings) if number]
        for h in range(1, sum(endings) + 2):
            found.setdefault(at_least(h, excite, n), Weights(endings, h))
    return found


def count(n: int, least_h: int = 1) -> int:
    """Count the truth tables of n fibres that one cell of 1943 can have.

    Raises
    ------
    Mistake
        If n is not 0 to 4.
    """
    if not 0 <= n <= _LOOKED_UP:
        raise Mistake(f"single cells are counted for 0 to {_LOOKED_UP} fibres, not {n}")
    open_tables = set(_positive(n))
    if least_h == 0:
        open_tables.add(everything(n))
    found = set()
    for vetoes in range(1 << n):
        quiet = everything(n)
        for i in range(n):
            if vetoes >> i & 1:
                quiet &= ~column(i, n)
        found |= {table & quiet for table in open_tables}
    return len(found)
