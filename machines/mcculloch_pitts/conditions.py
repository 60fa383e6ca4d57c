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
    h, name = int(net.h[cell]), net.name(net.afferents + cell)
    if net.law.name != "relative":
        return _and([Not(one) for one, _ in veto], _sets(excite, h, name))
    cases: list[Expression] = []
    if 1 << len(veto) > MOST_SETS:
        raise Mistake(
            f"cell {name} has {len(veto)} relative inhibitors, too many "
            "to write what fires it; turn it into cells of 1943 first (Theorem IV)"
        )
    for number in range(len(veto) + 1):
        for raised in combinations(range(len(veto)), number):
            needed = h + sum(veto[k][1] for k in raised)
            sets = _sets(excite, needed, name)
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
    heavy = sorted(range(len(excite)), key=lambda k: -excite[k][1])
    rest = [0]  # what all from here on have together
    for k in reversed(heavy):
        rest.append(rest[-1] + excite[k][1])
    rest.reverse()
    found: list[tuple[int, ...]] = []
    taken: list[int] = []  # places in ``heavy``; the heaviest first, so no set has one too many
    total = place = 0
    while True:
        if total < h <= total + rest[place]:
            taken.append(place)
            total += excite[heavy[place]][1]
            place += 1
            continue
        if total >= h:
            found.append(tuple(sorted(heavy[one] for one in taken)))
            if len(found) > MOST_SETS:
                raise Mistake(f"cell {name} fires on more than {MOST_SETS} sets of endings")
        if not taken:
            break
        place = taken.pop()
        total -= excite[heavy[place]][1]
        place += 1
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
