"""Circles: the order of a net, its cyclic set, and what its cells say of one another.

The paper calls a smallest set of cells without which a net has no circle its *cyclic set*, and its
size the *order* of the net. If the past of the cyclic set is known, every cell is solved like one
of a net without circles: these sentences are the recurrences (the paper's eq. 4). So a net of
order p has a memory of p cells and no more, whatever its size.

Finding a smallest such set is hard in general (it is one of Karp's problems of 1972). Cells that
end on themselves belong to it; cells with one way in or one way out are bridged; what is left is
searched, and where the search would take too long the set is said not to be proved smallest.
"""

from __future__ import annotations

from typing import NamedTuple

from .calculus import Expression
from .calculus_print import tidy
from .formula import substituted
from .graph import order_of_cells, sources_of
from .net import Net

MOST_STEPS = 20_000
_MOST_SEARCHED = 400
_MOST_BOUNDED = 64


class CyclicSet(NamedTuple):
    """The cells without which a net has no circle.

    Attributes
    ----------
    cells
        Their names, in the order of the net.
    proved
        Whether no smaller set does it; if not, the order may be less than their number.
    """

    cells: tuple[str, ...]
    proved: bool

    @property
    def order(self) -> int:
        """The order of the net."""
        return len(self.cells)


class Recurrence(NamedTuple):
    """What a cell says, the cells of the cyclic set and the afferents being given."""

    name: str
    says: Expression


Graph = dict[int, set[int]]
"""Where each cell ends; and, held beside it, the same backwards."""


def cyclic_set(net: Net, most_steps: int = MOST_STEPS) -> CyclicSet:
    """Find a smallest set of cells without which a net has no circle.

    Parameters
    ----------
    net
        Any net.
    most_steps
        How many branches of the search are followed, fewer (by the square) where more than 20
        cells lie on common circles, before the best set found is given.
    """
    chosen: set[int] = set()
    proved = True
    for group in order_of_cells(net, None, range(net.afferents)):
        members = set(group)
        onward: Graph = {one: set() for one in group}
        for one in group:
            for source in sources_of(net, one):
                if source in members:
                    onward[source].add(one)
        found, sure = _smallest(onward, most_steps)
        chosen |= found
        proved &= sure
    return CyclicSet(tuple(net.name(number) for number in sorted(chosen)), proved)


def recurrences(net: Net, cells: CyclicSet | None = None) -> tuple[Recurrence, ...]:
    """Write what the cells of the cyclic set and the outputs say of the cyclic set's past.

    Raises
    ------
    Mistake
        If a sentence grows too long to write, or the law is one of those not analysed.
    """
    cyclic = cells or cyclic_set(net)
    outputs = [net.name(int(number)) for number in net.outputs]
    wanted = dict.fromkeys([*cyclic.cells, *outputs])
    return tuple(
        Recurrence(name, tidy(substituted(net, name, cyclic.cells)))
        for name in wanted
        if net.fibre(name) >= net.afferents
    )


def _smallest(onward: Graph, most_steps: int) -> tuple[set[int], bool]:
    """Search for a smallest set that meets every circle of a graph."""
    if len(onward) > _MOST_SEARCHED:
        return _returns(onward), False
    best = _greedy(onward)
    allowed = max(1, most_steps * 400 // max(20, len(onward)) ** 2)
    steps = 0

    def search(graph: Graph, taken: set[int]) -> None:
        nonlocal best, steps
        steps += 1
        graph, back, forced = _bridged(graph)
        taken = taken | forced
        if len(taken) >= len(best) or steps > allowed:
            return
        if not graph:
            best = taken
            return
        if len(taken) + _disjoint_circles(graph) >= len(best):
            return
        pivot = _busiest(graph, back)
        search(_without(graph, pivot), taken | {pivot})
        search(_through(graph, pivot), taken)

    search(onward, set())
    return best, steps <= allowed


def _busiest(graph: Graph, back: Graph) -> int:
    return max(graph, key=lambda one: (len(graph[one]) * len(back[one]), -one))


def _returns(onward: Graph) -> set[int]:
    """Take every cell at which a walk through the graph comes back upon itself."""
    taken: set[int] = set()
    done: set[int] = set()
    for root in onward:
        if root in done:
            continue
        open_ = {root}
        walk = [(root, iter(onward[root]))]
        while walk:
            here, coming = walk[-1]
            for other in coming:
                if other in open_:
                    taken.add(other)
                elif other not in done:
                    open_.add(other)
                    walk.append((other, iter(onward[other])))
                    break
            else:
                walk.pop()
                open_.discard(here)
                done.add(here)
    return taken


def _without(graph: Graph, one: int) -> Graph:
    """Take a cell away."""
    return {other: following - {one} for other, following in graph.items() if other != one}


def _through(graph: Graph, one: int) -> Graph:
    """Keep a cell out of the set: what ends on it ends on what it ends on."""
    following = graph[one]
    return {
        other: (ends - {one}) | following if one in ends else set(ends)
        for other, ends in graph.items()
        if other != one
    }


def _backwards(onward: Graph) -> Graph:
    back: Graph = {one: set() for one in onward}
    for one, following in onward.items():
        for other in following:
            back[other].add(one)
    return back


def _bridged(graph: Graph) -> tuple[Graph, Graph, set[int]]:
    """Take self-circles into the set, and leave out or bridge cells that need no choice."""
    onward = {one: set(following) for one, following in graph.items()}
    back = _backwards(onward)
    return onward, back, _bridge(onward, back, sorted(graph, reverse=True))


def _bridge(onward: Graph, back: Graph, waiting: list[int]) -> set[int]:
    """Do so to a graph and its reverse, beginning with the cells that wait."""
    forced: set[int] = set()
    while waiting:
        one = waiting.pop()
        if one not in onward:
            continue
        mine, before = onward[one], back[one]
        if one in mine:
            forced.add(one)
        elif len(mine) <= 1 or len(before) <= 1:
            for other in before:
                onward[other] |= mine
            for other in mine:
                back[other] |= before
        else:
            continue
        waiting += _remove(onward, back, one)
    return forced


def _remove(onward: Graph, back: Graph, one: int) -> set[int]:
    """Take a cell out of a graph and its reverse; return its neighbours."""
    mine, before = onward.pop(one) - {one}, back.pop(one) - {one}
    for other in before:
        onward[other].discard(one)
    for other in mine:
        back[other].discard(one)
    return mine | before


def _greedy(graph: Graph) -> set[int]:
    """Take the busiest cell until no circle is left."""
    onward, back, taken = _bridged(graph)
    while onward:
        one = _busiest(onward, back)
        taken |= {one} | _bridge(onward, back, sorted(_remove(onward, back, one)))
    return taken


def _disjoint_circles(graph: Graph) -> int:
    """Count circles with no common cell, as many as are easily found: each costs one cell."""
    if len(graph) > _MOST_BOUNDED:
        return 1
    number = 0
    while graph:
        circle = _short_circle(graph)
        if not circle:
            break
        number += 1
        for one in circle:
            graph = _without(graph, one)
    return number


def _short_circle(graph: Graph) -> list[int]:
    """Find a shortest circle through some cell that has one."""
    best: list[int] = []
    for start in graph:
        back = {start: start}
        wave = [start]
        while wave:
            following: list[int] = []
            for one in wave:
                for other in graph[one]:
                    if other == start:
                        circle = [one]
                        while circle[-1] != start:
                            circle.append(back[circle[-1]])
                        if not best or len(circle) < len(best):
                            best = circle
                        following = []
                        break
                    if other not in back:
                        back[other] = one
                        following.append(other)
                else:
                    continue
                break
            wave = following
        if len(best) == 2:
            break
    return best
