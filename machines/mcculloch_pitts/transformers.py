"""Theorems IV to VII as verbs: a net under one law becomes a net under another.

Each verb gives a new net, its lag, and which fibre stands for which: what the old one did at t, the
new one does at t + lag. All new nets have synaptic delays alone: longer ones become chains of
cells.

The paper proves its theorems for nets without circles, where an answer may come late. These
constructions also hold for nets with circles, because nothing in them is late: a cell that would
need two layers becomes several cells of which exactly one fires when the old one did, and their
endings together do what its endings did. Only a fibre that is *shown* and was divided so needs one
cell more, which collects the parts, and with it comes a lag of one tick.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import combinations
from typing import NamedTuple

from simulator.errors import Mistake

from .laws import ABSOLUTE, LONGEST, Law
from .net import Net
from .wiring import Wiring

MOST_INHIBITORS = 12
"""A cell with more relative inhibitors is not divided: that would take thousands of cells."""
MOST_ALTERABLE = 6
"""A cell with more alterable rows is not divided."""
MOST_CELLS = 1 << 20
MOST_ROWS = 1 << 21
"""No new net has more fibres ending on cells than this: it would take gigabytes."""


class Transformed(NamedTuple):
    """A net under another law.

    Attributes
    ----------
    net
        The new net.
    lag
        By how many ticks it is late.
    stands_for
        For every fibre shown (all cells, if the old net shows none) the new fibre's name.
    """

    net: Net
    lag: int
    stands_for: dict[str, str]


class _Draft:
    """The new net being drawn: fibres divided into parts, delays into chains."""

    def __init__(self, net: Net, law: Law) -> None:
        self.net = net
        self.board = Wiring(net.title, law)
        self.parts: list[list[str]] = []
        self._taken = {net.name(fibre) for fibre in range(net.fibres)}
        self._chains: dict[str, list[str]] = {}
        self._rows = 0
        for fibre in range(net.afferents):
            self.parts.append([self.board.afferent(net.name(fibre))])

    def fresh(self, name: str) -> str:
        """Find a name nobody has."""
        while name in self._taken:
            name += "'"
        self._taken.add(name)
        if len(self._taken) > MOST_CELLS:
            raise Mistake(f"the new net would have more than {MOST_CELLS} cells")
        return name

    def divide(self, cell: int, into: int) -> None:
        """Say into how many parts the next cell is divided."""
        name = self.net.name(self.net.afferents + cell)
        alone = [name] if into <= 1 else [self.fresh(f"{name}/{i}") for i in range(1, into + 1)]
        self.parts.append(alone)

    def late(self, name: str, delay: int) -> str:
        """Give the fibre that is ``delay - 1`` ticks behind another: a place in its chain."""
        chain = self._chains.setdefault(name, [name])
        while len(chain) < delay:
            one = self.fresh(f"{name}+{len(chain)}")
            chain.append(self.board.cell(one, {chain[-1]: 1}, h=1))
        return chain[delay - 1]

    def literals(self, rows: Iterable[tuple[int, int, int]]) -> dict[str, int]:
        """Turn rows of the old net into ``{source: endings}`` of the new one."""
        found: dict[str, int] = {}
        for fibre, endings, delay in rows:
            for part in self.parts[fibre]:
                source = self.late(part, delay)
                found[source] = found.get(source, 0) + endings
        self._rows += len(found)
        if self._rows > MOST_ROWS:
            raise Mistake(
                f"the new net would have more than {MOST_ROWS} fibres ending on cells; its cells "
                "are divided into too many parts"
            )
        return found

    def done(self) -> Transformed:
        """Show what the old net showed."""
        net = self.net
        shown = [int(n) for n in net.outputs] or list(range(net.afferents, net.fibres))
        lag = int(any(len(self.parts[fibre]) > 1 for fibre in shown))
        stands_for = {}
        for fibre in shown:
            name = net.name(fibre)
            if lag:
                free = name if len(self.parts[fibre]) > 1 else self.fresh(f"{name}+1")
                self.board.cell(free, dict.fromkeys(self.parts[fibre], 1), h=1)
                stands_for[name] = free
            else:
                stands_for[name] = self.parts[fibre][0]
        if len(net.outputs):
            self.board.output(*stands_for.values())
        return Transformed(self.board.net(), lag, stands_for)


def _redrawn(
    net: Net,
    law: Law,
    excite: Callable[[int, _Draft], dict[str, int]] | None = None,
    veto: Callable[[int, _Draft], dict[str, int]] | None = None,
    h: Callable[[int, _Draft], int] | None = None,
) -> Transformed:
    """Draw every cell again, with other endings or thresholds."""
    draft = _Draft(net, law)
    for cell in range(net.cells):
        draft.divide(cell, 1)
    for cell in range(net.cells):
        marks = () if net.alterable is None else net.alterable[net.starts[cell] :]
        rows = net.excited_by(cell)
        learned = [draft.late(draft.parts[f][0], d) for (f, _, d), m in zip(rows, marks) if m]  # noqa: B905
        draft.board.cell(
            draft.parts[net.afferents + cell][0],
            excite(cell, draft) if excite else draft.literals(rows),
            veto(cell, draft) if veto else draft.literals(net.vetoed_by(cell)),
            h=h(cell, draft) if h else int(net.h[cell]),
            fires_at_start=bool(net.initial[cell]),
            alterable=learned if law.name == "alterable" else (),
        )
    return draft.done()


def without_delays(net: Net) -> Transformed:
    """Replace axonal delays by chains of cells.

    Raises
    ------
    Mistake
        If the law would apply to the cells of a chain too: extinction, summation, noise, or
        alterable rows that would merge.
    """
    if net.law.name not in ("absolute", "relative", "minsky"):
        raise Mistake(f"chains of cells would obey the law {net.law.name} too; make it absolute")
    return _redrawn(net, net.law)


def absolute_to_relative(net: Net) -> Transformed:
    """Replace vetoes by inhibitory endings as many as can excite the cell (Theorem IV)."""
    _needs(net, "absolute")
    return _redrawn(net, Law("relative"), veto=_overwhelming)


def _overwhelming(cell: int, draft: _Draft) -> dict[str, int]:
    net = draft.net
    enough = max(1, sum(endings for _, endings, _ in net.excited_by(cell)))
    return dict.fromkeys(draft.literals(net.vetoed_by(cell)), enough)


def extinction_to_relative(net: Net) -> Transformed:
    """Replace extinction by loops from a cell to itself that inhibit it relatively (Theorem V).

    The paper draws one loop for every tick of extinction, the j-th of j cells; here they share one
    chain.
    """
    _needs(net, "extinction")
    raises = [(back, b) for back, b in enumerate(net.law.raises, 1) if b]

    def inhibit(cell: int, draft: _Draft) -> dict[str, int]:
        found = _overwhelming(cell, draft)
        own = net.afferents + cell
        for source, endings in draft.literals((own, b, back) for back, b in raises).items():
            found[source] = found.get(source, 0) + endings
        return found

    return _redrawn(net, Law("relative"), veto=inhibit)


def summation_to_absolute(net: Net) -> Transformed:
    """Replace temporal summation by spatial summation: chains of growing length (Theorem VI)."""
    _needs(net, "summation")

    def spread(cell: int, draft: _Draft) -> dict[str, int]:
        return draft.literals(
            (fibre, endings, delay + late)
            for fibre, endings, delay in net.excited_by(cell)
            for late in range(net.law.window)
        )

    if net.memory > LONGEST:
        raise Mistake(f"chains of {net.memory} cells are longer than {LONGEST}")
    return _redrawn(net, ABSOLUTE, excite=spread)


def minsky_to_absolute(net: Net) -> Transformed:
    """Replace thresholds of 0 by a cell that always fires: one that excites itself."""
    _needs(net, "minsky")
    if net.h.min(initial=1) > 0:
        return _redrawn(net, ABSOLUTE)
    always: list[str] = []

    def excite(cell: int, draft: _Draft) -> dict[str, int]:
        if net.h[cell] > 0:
            return draft.literals(net.excited_by(cell))
        if not always:
            always.append(draft.fresh("always"))
            draft.board.cell(always[0], {always[0]: 1}, h=1, fires_at_start=True)
        return {always[0]: 1}

    return _redrawn(net, ABSOLUTE, excite=excite, h=lambda cell, _: max(1, int(net.h[cell])))


def relative_to_absolute(net: Net) -> Transformed:
    """Replace relative inhibition by vetoes (Theorem IV; figure 1f for one inhibitor).

    A cell with n inhibitors becomes up to 2**n cells, one for each set of inhibitors that may be
    active: it needs all of the set, at the threshold they raise, and is vetoed by all others.
    """
    _needs(net, "relative")
    sets = [_bearable(net, cell) for cell in range(net.cells)]
    draft = _Draft(net, ABSOLUTE)
    for cell in range(net.cells):
        draft.divide(cell, len(sets[cell]))
    for cell in range(net.cells):
        excite = draft.literals(net.excited_by(cell))
        every = net.vetoed_by(cell)
        most = 1 + sum(endings for _, endings, _ in net.excited_by(cell))
        for part, active in zip(draft.parts[net.afferents + cell], sets[cell] or [()], strict=True):
            together = dict(excite)
            needed = int(net.h[cell]) + sum(every[n][1] for n in active) + most * len(active)
            for fibre, _, delay in (every[n] for n in active):
                for source in draft.literals([(fibre, 1, delay)]):
                    together[source] = together.get(source, 0) + most
            others = [row for n, row in enumerate(every) if n not in active]
            draft.board.cell(
                part,
                together,
                dict.fromkeys(draft.literals(others), 1),
                h=needed,
                fires_at_start=bool(net.initial[cell])
                and part == draft.parts[net.afferents + cell][0],
            )
    return draft.done()


def _bearable(net: Net, cell: int) -> list[tuple[int, ...]]:
    """List the sets of inhibitors in spite of which a cell may still fire."""
    weights = [endings for _, endings, _ in net.vetoed_by(cell)]
    spare = sum(endings for _, endings, _ in net.excited_by(cell)) - int(net.h[cell])
    light = [n for n, weight in enumerate(weights) if weight <= spare]
    if len(light) > MOST_INHIBITORS:
        raise Mistake(
            f"cell {net.name(net.afferents + cell)} has {len(light)} relative inhibitors it can "
            f"bear; {MOST_INHIBITORS} are the most that are turned into vetoes"
        )
    return [
        some
        for size in range(len(light) + 1)
        for some in combinations(light, size)
        if sum(weights[n] for n in some) <= spare
    ]


def alterable_to_absolute(net: Net) -> Transformed:
    """Replace alterable synapses by circles that remember (Theorem VII, figure 1i).

    A cell with n alterable rows becomes one cell for each set of rows that may have been learned,
    and a circle for each row, which starts to run when the cell fires while the row is active.
    """
    _needs(net, "alterable")
    draft = _Draft(net, ABSOLUTE)
    learners = [_learners(net, cell) for cell in range(net.cells)]
    for cell in range(net.cells):
        draft.divide(cell, 1 << len(learners[cell]))
    for cell in range(net.cells):
        _with_circles(net, cell, learners[cell], draft)
    return draft.done()


def _learners(net: Net, cell: int) -> list[int]:
    first, last = int(net.starts[cell]), int(net.starts[cell + 1])
    marks = [] if net.alterable is None else net.alterable[first:last].tolist()
    rows = [n for n, mark in enumerate(marks) if mark]
    if len(rows) > MOST_ALTERABLE:
        raise Mistake(
            f"cell {net.name(net.afferents + cell)} has {len(rows)} alterable rows; "
            f"{MOST_ALTERABLE} are the most that are turned into circles"
        )
    return rows


def _with_circles(net: Net, cell: int, learners: list[int], draft: _Draft) -> None:
    rows = net.excited_by(cell)
    name = net.name(net.afferents + cell)
    subsets = [
        [row for i, row in enumerate(learners) if which >> i & 1]
        for which in range(1 << len(learners))
    ]
    most = 1 + sum(endings for _, endings, _ in rows)
    holds = {row: draft.fresh(f"{name}~{row + 1}") for row in learners}
    sets = {
        (row, which): draft.fresh(f"{name}~{row + 1}={which}")
        for row in learners
        for which, known in enumerate(subsets)
        if row not in known
    }
    known_by = {
        row: [holds[row], *(fibre for (learns, _), fibre in sets.items() if learns == row)]
        for row in learners
    }
    vetoes = dict.fromkeys(draft.literals(net.vetoed_by(cell)), 1)
    for which, known in enumerate(subsets):
        counted = [row for n, row in enumerate(rows) if n not in learners or n in known]
        excite, veto = draft.literals(counted), dict(vetoes)
        for row in learners:
            for memory in known_by[row]:
                if row in known:
                    excite[memory] = excite.get(memory, 0) + most
                else:
                    veto[memory] = 1
        needed = int(net.h[cell]) + most * len(known)
        first = bool(net.initial[cell]) and which == 0
        part = draft.parts[net.afferents + cell][which]
        draft.board.cell(part, excite, veto, h=needed, fires_at_start=first)
        for row in learners:
            if row not in known:
                fibre, _, delay = rows[row]
                also = dict(excite)
                for source in draft.literals([(fibre, 1, delay)]):
                    also[source] = also.get(source, 0) + most
                draft.board.cell(sets[row, which], also, veto, h=needed + most)
    for row in learners:
        draft.board.cell(holds[row], dict.fromkeys(known_by[row], 1), h=1)


def to_absolute(net: Net) -> Transformed:
    """Give the net of 1943 that does the same, from any law but that of noisy organs.

    Raises
    ------
    Mistake
        If the organs are noisy, or a cell would be divided into too many.
    """
    match net.law.name:
        case "absolute":
            return without_delays(net)
        case "relative":
            return relative_to_absolute(net)
        case "extinction":
            return _then(extinction_to_relative(net), relative_to_absolute)
        case "summation":
            return summation_to_absolute(net)
        case "alterable":
            return alterable_to_absolute(net)
        case "minsky":
            return minsky_to_absolute(net)
    raise Mistake("no net of 1943 errs by chance; noisy organs have no equivalent in it")


def _then(first: Transformed, verb: Callable[[Net], Transformed]) -> Transformed:
    second = verb(first.net)
    both = {
        old: second.stands_for[new] for old, new in first.stands_for.items()
        if new in second.stands_for
    }  # fmt: skip
    return Transformed(second.net, first.lag + second.lag, both)


def _needs(net: Net, law: str) -> None:
    if net.law.name != law:
        raise Mistake(f"this turns a net under the law {law}; this one's is {net.law.name}")
