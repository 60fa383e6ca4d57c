"""Recognising the circles of Theorem X in a net.

A cell that keeps itself excited once something has fired it says "ever"; one that fires at the
start and keeps itself excited while something goes on says "always so far"; a ring of cells with
pulses in it says "every n-th tick". What reaches such a cell late shows at first what was before
t = 0; cells that fire at the start and lead nowhere else may hold the circle until that is past.
"""

from __future__ import annotations

import numpy as np

from simulator.errors import Mistake

from .calculus import (
    Always,
    And,
    Constant,
    Ever,
    Every,
    Expression,
    Fibre,
    Not,
    Or,
    Past,
    past,
    values,
)
from .calculus_print import tidy
from .conditions import condition, either, replaced
from .following import net_follower
from .graph import order_of_cells
from .net import Net
from .normal_form import Literal, literals, table
from .truth import everything, restrict


def circle(net: Net, group: list[int], number: int, known: dict[str, Expression]) -> Expression:
    """Recognise one of the circles of Theorem X, and say what its cell says.

    Parameters
    ----------
    net
        The net.
    group
        The cells of the circle.
    number
        The one asked about.
    known
        What the cells say that the circle hangs on, by name.

    Raises
    ------
    Mistake
        If it is another circle.
    """
    name = net.name(number)
    if (ring := _ring(net, group, number)) is not None:
        return ring
    own = Literal(Fibre(name), 1)
    if len(group) == 1:
        says = condition(net, number - net.afferents)
        named = [one.name for one in literals(says)]
        silent = [one for one in named if known.get(one) == Constant(False)]
        delay = max((head_start(net, net.fibre(one), known) for one in silent), default=0)
        says = replaced(says, dict.fromkeys(silent, Constant(False)))
        first = bool(net.initial[number - net.afferents])
        if says == Constant(False) and (first or not delay):
            return past(Always(Constant(False)), 1 + delay) if first else Constant(False)
        sure = not any(_odd_start(net, net.fibre(one), known) for one in {*named} - {*silent, name})
        over = literals(says)
        alone = [one for one in over if one.name == name] == [own]
        if sure and alone:
            drawn = table(says, over)
            place, n = over.index(own), len(over)
            keeps = restrict(drawn.true, place, 1, n) == everything(n)
            needs = not restrict(drawn.true, place, 0, n)
            if keeps and needs and not delay:
                return Constant(first)
            if keeps != needs and first == needs:
                rest = _sooner(replaced(says, {name: Constant(needs)}), 1)
                inner = tidy(replaced(rest, known)) if rest is not None else None
                inner = _sooner(inner, delay) if inner is not None else None
                if inner is not None:
                    return past(_outward(Ever(inner) if keeps else Always(inner)), 1 + delay)
    raise Mistake(
        f'cell {name} stands in a circle that is no "ever", "always so far" or ring; it has no '
        "formula but an automaton and a regular expression"
    )


def _outward(expression: Ever | Always) -> Expression:
    """Move the shift all fibres of a memory have in common outside, where that changes nothing."""
    sooner = expression.part
    if _before_the_start(sooner) is not isinstance(expression, Always):
        return expression
    ticks = 0
    while (one := _sooner(sooner, 1)) is not None and one != sooner:
        sooner, ticks = one, ticks + 1
    return past(type(expression)(sooner), ticks)


def _before_the_start(expression: Expression) -> bool | None:
    """Tell what a sentence is at all times before t = 0; None if it is not always the same."""
    match expression:
        case Constant(value):
            return value
        case Past(part):
            return _before_the_start(part)
        case Not(part):
            inner = _before_the_start(part)
            return None if inner is None else not inner
        case And(several) | Or(several):
            deciding = isinstance(expression, Or)
            found = [_before_the_start(part) for part in several]
            if deciding in found:
                return deciding
            return None if None in found else not deciding
        case Fibre() | Ever():
            return False
        case Always():
            return True
        case _:
            return None


def _sooner(expression: Expression, ticks: int) -> Expression | None:
    """Take delays from every fibre of a sentence with its shifts inside; None if one has fewer."""
    match expression:
        case _ if not ticks or isinstance(expression, Constant):
            return expression
        case Past(part, mine):
            return past(part, mine - ticks) if mine >= ticks else None
        case Every(n, phase):
            return Every(n, (phase - ticks) % n)
        case Not(part):
            inner = _sooner(part, ticks)
            return None if inner is None else Not(inner)
        case And(several) | Or(several):
            found = [_sooner(part, ticks) for part in several]
            whole = tuple(part for part in found if part is not None)
            return None if len(whole) < len(found) else type(expression)(whole)
        case _:
            return None


def head_start(net: Net, fibre: int, known: dict[str, Expression]) -> int:
    """Tell for how many ticks a cell fires that by its formula never does.

    0 if all it hangs on begins as its formula has it; else it must hear of no afferent.

    Raises
    ------
    Mistake
        If it does not fire without a break from t = 0 until it falls silent.
    """
    group = [cell for cells in order_of_cells(net, fibre, ()) for cell in cells]
    if not _odd_start(net, fibre, known):
        return 0
    if min(group) >= net.afferents:
        follower = net_follower(net, [], [fibre])
        state, fired = follower.start, list[int]()
        for _ in range(2 * len(group) + 2):
            answer, state = follower.step(state, 0)
            fired.append(answer)
        if sum(fired[: sum(fired)]) == sum(fired) < len(fired):
            return sum(fired)
    raise Mistake(f"what cell {net.name(fibre)} does at the start has no formula")


def _odd_start(net: Net, fibre: int, known: dict[str, Expression]) -> bool:
    """Tell whether a fibre, or one it hangs on, does not begin as its formula has it."""
    cells = [cell for group in order_of_cells(net, fibre, ()) for cell in group]
    return any(begins_otherwise(net, cell, known) for cell in cells if cell >= net.afferents)


def _ring(net: Net, group: list[int], number: int) -> Expression | None:
    """Recognise a ring: every cell excited by the one before it alone."""
    way = [number]
    while True:
        cell = way[-1] - net.afferents
        excite = net.excited_by(cell)
        if len(excite) != 1 or net.vetoed_by(cell):
            return None
        source, endings, delay = excite[0]
        if delay != 1 or endings < net.h[cell] or source not in group:
            return None
        if source == number:
            break
        way.append(source)
    phases = [k for k, one in enumerate(way) if net.initial[one - net.afferents]]
    if len(phases) == len(way):
        return Constant(True)
    return either([Every(len(way), phase) for phase in phases])


def begins_otherwise(net: Net, number: int, known: dict[str, Expression]) -> bool:
    """Tell whether a cell does not begin as its formula has it, all afferents being silent.

    It may fire at t = 0 and should not, or the other way round; or it looks back beyond t = 0 on a
    fibre that by its formula fired then, when in truth there was silence.
    """
    silent = {net.name(i): np.zeros(1, bool) for i in range(net.afferents)}
    cell = number - net.afferents
    for source, _, delay in net.excited_by(cell) + net.vetoed_by(cell):
        said = known.get(net.name(source))
        if delay > 1 and said is not None and values(said, silent, 0, delay - 1).any():
            return True
    return bool(values(known[net.name(number)], silent, 1)[0]) != bool(net.initial[cell])
