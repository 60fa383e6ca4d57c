"""Which cell hangs on which: the order in which a net is solved, and its circles.

Cells that lie on a common circle form a group; outside the groups every cell can be solved after
those it hangs on (Tarjan 1972).
"""

from __future__ import annotations

from collections.abc import Collection

import numpy as np

from .net import Net


def sources_of(net: Net, fibre: int) -> list[int]:
    """List the fibres that end on a cell, each once; nothing ends on an afferent."""
    if fibre < net.afferents:
        return []
    cell = fibre - net.afferents
    both = net.excited_by(cell) + net.vetoed_by(cell)
    return list(dict.fromkeys(source for source, _, _ in both))


def circles_through(net: Net, fibre: int) -> bool:
    """Tell whether a cell ends on itself."""
    return fibre in sources_of(net, fibre)


def order_of_cells(net: Net, fibre: int | None, known: Collection[int]) -> list[list[int]]:
    """List the cells a fibre hangs on in groups, each after all groups it hangs on.

    Parameters
    ----------
    net
        The net.
    fibre
        The fibre asked for; None: all cells.
    known
        Fibres that are not looked behind.

    Returns
    -------
    list of list of int
        Groups of cells with a common circle; mostly one cell each.
    """
    numbers: dict[int, int] = {}
    low: dict[int, int] = {}
    stack: list[int] = []
    on_stack: set[int] = set()
    groups: list[list[int]] = []
    roots = range(net.afferents, net.fibres) if fibre is None else (fibre,)
    for root in roots:
        if root in numbers or root in known:
            continue
        numbers[root] = low[root] = len(numbers)
        stack.append(root)
        on_stack.add(root)
        first = [f for f in sources_of(net, root) if f not in known]
        work = [(root, iter(first))]
        while work:
            here, coming = work[-1]
            for source in coming:
                if source not in numbers:
                    numbers[source] = low[source] = len(numbers)
                    stack.append(source)
                    on_stack.add(source)
                    further = [f for f in sources_of(net, source) if f not in known]
                    work.append((source, iter(further)))
                    break
                if source in on_stack:
                    low[here] = min(low[here], numbers[source])
            else:
                work.pop()
                if work:
                    above = work[-1][0]
                    low[above] = min(low[above], low[here])
                if low[here] == numbers[here]:
                    group = [stack.pop()]
                    while group[-1] != here:
                        group.append(stack.pop())
                    on_stack.difference_update(group)
                    groups.append(sorted(group))
    return groups


def always_firing(net: Net) -> set[int]:
    """List the cells that fire at every tick: they fire at the start and suffice for themselves."""
    found = set()
    for cell in np.flatnonzero(net.initial):
        own = net.afferents + int(cell)
        alone = any(
            source == own and delay == 1 and endings >= net.h[cell]
            for source, endings, delay in net.excited_by(int(cell))
        )
        if alone and not net.vetoed_by(int(cell)):
            found.add(own)
    return found


def has_circles(net: Net) -> bool:
    """Tell whether a net has any circle but those of cells that always fire."""
    known = always_firing(net) | set(range(net.afferents))
    return any(
        len(group) > 1 or circles_through(net, group[0])
        for group in order_of_cells(net, None, known)
    )
