"""From a net to what it says: Theorem I, and the minimal temporal formula.

A cell says what excites it and does not veto it, one delay ago (eq. 1 of the paper). Put in for
every cell named there what *that* cell says, and so on until only peripheral afferents are left:
the "solution" of the net. In a net without circles this ends. A circle ends it only where it is
one of Theorem X: a cell that keeps itself excited once it fired ("ever"), one that keeps itself
excited while something goes on ("always so far"), or a ring that carries pulses ("every n-th
tick"). All other circles are the business of :mod:`machines.mcculloch_pitts.circles`.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from simulator.errors import Mistake

from .calculus import Always, And, Ever, Expression, Fibre, Not, Or, parts, past
from .calculus_print import tidy
from .conditions import condition, replaced
from .graph import circles_through, order_of_cells, sources_of
from .net import Net
from .normal_form import equivalent, literals, minimal, table
from .theorem_x import begins_otherwise, circle
from .truth import MOST_LITERALS

MOST_NODES = 20_000


class Formula(NamedTuple):
    """What a cell says.

    Attributes
    ----------
    name
        The cell.
    substituted
        Theorem I: as the wiring says it, in the paper's order.
    minimal
        The shortest "or of ands", None if there are too many literals for a table.
    holds_from
        The first tick from which the formula is right: 0, unless cells fire at the start that
        the formula does not know of.
    """

    name: str
    substituted: Expression
    minimal: Expression | None
    holds_from: int


def formula(net: Net, fibre: str) -> Formula:
    """Derive what a cell says about the afferents.

    Raises
    ------
    Mistake
        If the cell hangs on a circle that is none of Theorem X, or the formula grows too long.
    """
    known = _afferents(net)
    _solve(net, net.fibre(fibre), known)
    said = widened(tidy(known[fibre]))
    short = None
    if len(literals(said)) <= MOST_LITERALS:
        short = minimal(table(said))
    return Formula(fibre, said, short, _right_from(net, known))


def substituted(net: Net, fibre: str, stop: Collection[str] = ()) -> Expression:
    """Put in what cells say for the cells, until only afferents are left, or cells of ``stop``.

    Raises
    ------
    Mistake
        As :func:`formula`.
    """
    known = _afferents(net) | {name: Fibre(name) for name in stop}
    number = net.fibre(fibre)
    if fibre in stop:
        for source in sources_of(net, number):
            _solve(net, source, known)
        return replaced(condition(net, number - net.afferents), known)
    _solve(net, number, known)
    return known[fibre]


def _afferents(net: Net) -> dict[str, Expression]:
    return {net.name(i): Fibre(net.name(i)) for i in range(net.afferents)}


def _solve(net: Net, fibre: int, known: dict[str, Expression]) -> None:
    """Solve all cells a fibre hangs on, the deepest first."""
    for group in order_of_cells(net, fibre, {net.fibre(name) for name in known}):
        for number in group:
            name = net.name(number)
            if len(group) > 1 or circles_through(net, number):
                said = circle(net, group, number, known)
            else:
                said = replaced(condition(net, number - net.afferents), known)
            known[name] = said
            if _size(said) > MOST_NODES:
                raise Mistake(
                    f"what cell {name} says is too long to write: more than {MOST_NODES} fibres; "
                    "ask for cells nearer to the afferents"
                )


def _size(expression: Expression) -> int:
    left, number = [expression], 0
    while left and number <= MOST_NODES:
        number += 1
        left.extend(parts(left.pop()))
    return number


def widened(expression: Expression) -> Expression:
    """Let "ever" and "always so far" reach as near to now as the sentence allows.

    ``N2(t-1) v N1(t-1).(Ex)t-2 N1(x).N2(x)`` says the same with ``(Ex)t-1``, as the paper has it.
    """
    over = literals(expression)
    if len(over) > MOST_LITERALS // 2:
        return expression
    for atom, ago in over:
        if isinstance(atom, Ever | Always) and ago > 0:
            nearer = past(atom, ago - 1)
            now = past(atom.part, ago - 1)
            unfolded: Expression = (
                Or((past(atom, ago), now))
                if isinstance(atom, Ever)
                else And((past(atom, ago), now))
            )
            if equivalent(expression, _exchange(expression, past(atom, ago), unfolded)):
                return widened(tidy(_exchange(expression, past(atom, ago), nearer)))
    return expression


def _exchange(expression: Expression, old: Expression, new: Expression) -> Expression:
    if expression == old:
        return new
    match expression:
        case Not(part):
            return Not(_exchange(part, old, new))
        case And(several):
            return And(tuple(_exchange(part, old, new) for part in several))
        case Or(several):
            return Or(tuple(_exchange(part, old, new) for part in several))
        case _:
            return expression


def _right_from(net: Net, known: dict[str, Expression]) -> int:
    """Tell the tick from which on formulas are right.

    0 if every cell begins as its formula has it; else the longest way through the cells.
    """
    numbers = [net.fibre(name) for name in known if net.fibre(name) >= net.afferents]
    depth: dict[int, int] = {}
    for number in numbers:
        cell = number - net.afferents
        sources = [(f, d) for f, _, d in net.excited_by(cell) + net.vetoed_by(cell)]
        depth[number] = max([1, *(depth.get(f, 0) + d for f, d in sources)])
    if any(begins_otherwise(net, number, known) for number in numbers):
        return max(depth.values())
    return 0
