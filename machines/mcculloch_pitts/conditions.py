"""What fires a cell: eq. (1) of the paper, written for one cell and its law.

A cell fires at t if, one delay before, none of its inhibitory fibres was active and at least one of
the sets kappa was, the least sets of excitatory fibres whose endings reach the threshold.
"""

from __future__ import annotations

from itertools import combinations

from simulator.errors import Mistake

from .calculus import And, Constant, Expression, Fibre, Not, Or, Past, past
from .following import check_law
from .net import Net

MOST_SETS = 2_000


def condition(net: Net, cell: int) -> Expression:
    """Say what fires a cell, eq. (1): its vetoes silent and one of the sets kappa active.

    Parameters
    ----------
    net
        The net.
    cell
        The cell, counted from 0 without afferents.

    Raises
    ------
    Mistake
        If its law remembers more than the fibres carry, or the sets are too many to write.
    """
    check_law(net)
    excite = [(past(Fibre(net.name(f)), d), n) for f, n, d in net.excited_by(cell)]
    veto = [(past(Fibre(net.name(f)), d), n) for f, n, d in net.vetoed_by(cell)]
    h = int(net.h[cell])
    if net.law.name != "relative":
        return _and([Not(one) for one, _ in veto], _sets(excite, h, net.name(cell)))
    cases: list[Expression] = []
    if 1 << len(veto) > MOST_SETS:
        raise Mistake(f"cell {net.name(net.afferents + cell)} has too many inhibitory endings")
    for number in range(len(veto) + 1):
        for raised in combinations(range(len(veto)), number):
            needed = h + sum(veto[k][1] for k in raised)
            sets = _sets(excite, needed, net.name(cell))
            if sets == Constant(False):
                continue
            chosen: list[Expression] = [
                veto[k][0] if k in raised else Not(veto[k][0]) for k in range(len(veto))
            ]
            cases.append(_and(chosen, sets))
    return either(cases)


def _sets(excite: list[tuple[Expression, int]], h: int, name: str) -> Expression:
    """Write the least sets of sources whose endings reach h, single sources first."""
    if h <= 0:
        return Constant(True)
    found: list[tuple[int, ...]] = []

    def grow(chosen: tuple[int, ...], total: int) -> None:
        if total >= h:
            if all(total - excite[k][1] < h for k in chosen):
                found.append(chosen)
            if len(found) > MOST_SETS:
                raise Mistake(f"a cell fires on more than {MOST_SETS} sets of endings, see {name}")
            return
        start = chosen[-1] + 1 if chosen else 0
        left = sum(number for _, number in excite[start:])
        for k in range(start, len(excite)):
            if total + left < h:
                break
            grow((*chosen, k), total + excite[k][1])
            left -= excite[k][1]

    grow((), 0)
    found.sort(key=lambda chosen: (len(chosen), chosen))
    return either([_and([excite[k][0] for k in chosen]) for chosen in found])


def _and(several: list[Expression], last: Expression | None = None) -> Expression:
    whole = [*several, *([] if last is None or last == Constant(True) else [last])]
    if last == Constant(False):
        return Constant(False)
    if not whole:
        return Constant(True)
    return And(tuple(whole)) if len(whole) > 1 else whole[0]


def either(several: list[Expression]) -> Expression:
    """Join sentences by "or", with what constants decide."""
    if Constant(True) in several:
        return Constant(True)
    if not several:
        return Constant(False)
    return Or(tuple(several)) if len(several) > 1 else several[0]


def replaced(expression: Expression, by: dict[str, Expression]) -> Expression:
    """Put expressions in for fibres; a constant takes with it what it decides."""
    match expression:
        case Fibre(name):
            return by.get(name, expression)
        case Past(part, ticks):
            return past(replaced(part, by), ticks)
        case Not(part):
            inner = replaced(part, by)
            return Constant(not inner.value) if isinstance(inner, Constant) else Not(inner)
        case And(several):
            found = [replaced(part, by) for part in several]
            if Constant(False) in found:
                return Constant(False)
            return _and([part for part in found if part != Constant(True)])
        case Or(several):
            found = [replaced(part, by) for part in several]
            return either([part for part in found if part != Constant(False)])
        case _:
            return expression
