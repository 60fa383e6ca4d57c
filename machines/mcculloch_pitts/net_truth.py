"""The truth table of a net without circles, from the law itself and all rows at once.

Every fibre, so many ticks ago, is one whole number: its value in every row. A cell's number follows
from those of the fibres that end on it by counting endings, row by row in parallel. No formula is
involved, so a formula can be held against it.
"""

from __future__ import annotations

from collections.abc import Collection

from simulator.errors import Mistake

from .calculus import Fibre
from .following import check_law
from .graph import always_firing, circles_through, order_of_cells
from .net import Net
from .normal_form import Literal, Table, reduced
from .truth import MOST_LITERALS, at_least, column, everything

MOST_BITS = 1 << 32
"""The tables of a net have no more bits together than this."""


def begins_settled(net: Net) -> bool:
    """Tell whether a net without circles begins as a silent past would have left it.

    Before t = 0 nothing fired, so what looks back further than one tick on a cell that fires in
    silence does not find it firing at first.
    """
    always = always_firing(net)
    silent = dict.fromkeys(range(net.afferents), 0) | dict.fromkeys(always, 1)
    for (number,) in order_of_cells(net, None, set(silent)):
        cell = number - net.afferents
        sources = net.excited_by(cell) + net.vetoed_by(cell)
        if any(delay > 1 and silent[source] for source, _, delay in sources):
            return False
        silent[number] = _law(net, cell, {(f, d): silent[f] for f, _, d in sources}, 0)
    return all(silent[net.afferents + cell] == first for cell, first in enumerate(net.initial))


def truth_of(net: Net, fibre: int) -> Table:
    """Draw up the truth table of a cell of a net without circles, over afferents and delays.

    All rows are worked out together, cell by cell, with the law itself: no formula is involved.

    Raises
    ------
    Mistake
        If the cell hangs on a circle, or on too many literals.
    """
    check_law(net)
    always = always_firing(net)
    found: dict[tuple[int, int], None] = {}
    seen: set[tuple[int, int]] = set()
    left = [(fibre, 0)]
    if any(
        len(group) > 1 or circles_through(net, group[0])
        for group in order_of_cells(net, fibre, always | set(range(net.afferents)))
    ):
        raise Mistake(f"cell {net.name(fibre)} hangs on a circle; it has no truth table")
    while left:
        number, ago = left.pop()
        if number in always:
            continue
        if number < net.afferents:
            found[number, ago] = None
            if len(found) > MOST_LITERALS:
                raise Mistake(
                    f"cell {net.name(fibre)} looks at more than {MOST_LITERALS} literals; a truth "
                    "table is drawn up for no more"
                )
            continue
        cell = number - net.afferents
        for source, _, delay in net.excited_by(cell) + net.vetoed_by(cell):
            if (source, ago + delay) not in seen:
                seen.add((source, ago + delay))
                left.append((source, ago + delay))
    over = sorted(found)
    n = len(over)
    if len(seen) << n > MOST_BITS:
        raise Mistake(
            f"cell {net.name(fibre)} hangs on {len(seen)} fibres and {n} literals; the "
            "truth tables of so many together take more than 512 megabytes"
        )
    known = {literal: column(i, n) for i, literal in enumerate(over)}
    known |= {one: everything(n) for one in {*seen, (fibre, 0)} if one[0] in always}

    for one in _deepest_first(net, fibre, known):
        number, ago = one
        cell = number - net.afferents
        sources = net.excited_by(cell) + net.vetoed_by(cell)
        at_hand = {(f, d): known[f, ago + d] for f, _, d in sources}
        known[one] = _law(net, cell, at_hand, n)
    names = tuple(Literal(Fibre(net.name(number)), ago) for number, ago in over)
    return reduced(Table(names, known[fibre, 0]))


def _deepest_first(
    net: Net, fibre: int, known: Collection[tuple[int, int]]
) -> list[tuple[int, int]]:
    done: dict[tuple[int, int], None] = {}
    left = [(fibre, 0)]
    while left:
        number, ago = left[-1]
        if (number, ago) in done or (number, ago) in known:
            left.pop()
            continue
        cell = number - net.afferents
        sources = net.excited_by(cell) + net.vetoed_by(cell)
        due = [(f, ago + d) for f, _, d in sources if (f, ago + d) not in done]
        due = [one for one in due if one not in known]
        if due:
            left += due
        else:
            done[left.pop()] = None
    return list(done)


def _law(net: Net, cell: int, at_hand: dict[tuple[int, int], int], n: int) -> int:
    """Apply the law to the tables of the fibres that end on a cell, each with its delay."""
    excite = [(at_hand[f, d], endings) for f, endings, d in net.excited_by(cell)]
    veto = [(at_hand[f, d], endings) for f, endings, d in net.vetoed_by(cell)]
    h = int(net.h[cell])
    if net.law.name == "relative":
        turned = [(everything(n) & ~where, endings) for where, endings in veto]
        return at_least(h + sum(endings for _, endings in veto), excite + turned, n)
    fires = at_least(h, excite, n)
    for where, _ in veto:
        fires &= ~where
    return fires
