"""Drawing a net for a sentence: a board that lends every delay and every gate only once.

What compilers have in common. Two sentences that need the same cell get the same cell (its sources
are its name in the books), a fibre delayed by three ticks passes through the one delayed by two,
and every cell is told whether it must fire at t = 0.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from simulator.errors import Mistake

from .laws import ABSOLUTE, Law
from .net import Net
from .wiring import Wiring

MOST_CELLS = 100_000


def cells_for(runs: tuple[tuple[int, int], ...], n: int) -> int:
    """Tell how many cells :meth:`Drawing.counted` draws for so many fibres."""
    edges = {edge for run in runs for edge in run if edge <= n}
    return len(edges) + len(runs) + (len(runs) > 1)


def added(pairs: Iterable[tuple[str, int]]) -> dict[str, int]:
    """Add up endings by source; two wires that say the same may be one fibre."""
    found: dict[str, int] = {}
    for fibre, endings in pairs:
        found[fibre] = found.get(fibre, 0) + endings
    return found


class Drawing:
    """A net being drawn by a compiler; what it has drawn once it gives again.

    Parameters
    ----------
    title
        What the net is.
    afferents
        Names of the peripheral afferents, in order.
    law
        What its cells obey.
    prefix
        What the names of cells begin with that nobody named.
    """

    def __init__(
        self, title: str, afferents: Iterable[str], law: Law = ABSOLUTE, prefix: str = "c"
    ) -> None:
        self._wiring = Wiring(title, law)
        self._prefix = prefix
        self._taken: set[str] = set()
        self._drawn: dict[object, str] = {}
        self._cells = 0
        self.rings: set[str] = set()
        self.circles: dict[object, str] = {}
        for name in afferents:
            self._wiring.afferent(name)
            self._taken.add(name)

    def free_name(self, wanted: str | None = None) -> str:
        """Return a name no fibre has: the one wanted, if it is free."""
        number = self._cells + 1
        name = wanted or f"{self._prefix}{number}"
        while name in self._taken:
            name = f"{wanted or self._prefix}{'_' if wanted else ''}{number}"
            number += 1
        self._taken.add(name)
        return name

    def cell(
        self,
        excite: Mapping[str, int],
        veto: Iterable[str] = (),
        *,
        h: int,
        starts: bool = False,
        name: str | None = None,
    ) -> str:
        """Draw a cell, or give the one drawn alike before."""
        vetoes = sorted(set(veto))
        key = (tuple(sorted(excite.items())), tuple(vetoes), h, starts)
        if key not in self._drawn:
            self._drawn[key] = self.circle(self.free_name(name), excite, vetoes, h=h, starts=starts)
        return self._drawn[key]

    def circle(
        self,
        name: str,
        excite: Mapping[str, int],
        veto: Iterable[str] = (),
        *,
        h: int,
        starts: bool = False,
    ) -> str:
        """Draw a cell that may excite itself, under a name from :meth:`free_name`."""
        self._cells += 1
        if self._cells > MOST_CELLS:
            raise Mistake(f"the net would need more than {MOST_CELLS} cells")
        self._wiring.cell(name, dict(excite), list(veto), h=h, fires_at_start=starts)
        return name

    def delayed(self, fibre: str, starts: Iterable[bool]) -> str:
        """Draw a line of delays, figure 1a, each told whether it fires at t = 0."""
        for first in starts:
            fibre = self.cell({fibre: 2}, h=2, starts=first)
        return fibre

    def counted(
        self, fibres: Iterable[str], runs: tuple[tuple[int, int], ...], begins: Iterable[int]
    ) -> str:
        """Draw cells of which the last fires if as many fibres fire as one of the runs has.

        One layer of cells counts up to where a run begins or ends, the next tells the runs, and
        where there are several a third joins them. ``begins`` tells for each of three layers how
        many fibres fired so long before t = 0 that the layer hears of it at t = 0.
        """
        excite = added((fibre, 1) for fibre in fibres)
        first, second, third = begins
        edges = sorted({edge for run in runs for edge in run if edge <= sum(excite.values())})
        counts = {k: self.cell(excite, h=k, starts=first >= k) for k in edges}
        told = [
            self.cell(
                {counts[low]: 1},
                [counts[high]] if high in counts else [],
                h=1,
                starts=low <= second < high,
            )
            for low, high in runs
        ]
        if len(told) == 1:
            return told[0]
        starts = any(low <= third < high for low, high in runs)
        return self.cell(dict.fromkeys(told, 1), h=1, starts=starts)

    def always(self) -> str:
        """Draw the cell that excites itself and fires at every tick."""
        if "always" not in self._drawn:
            name = self.free_name("always")
            self._drawn["always"] = self.circle(name, {name: 1}, h=1, starts=True)
        return self._drawn["always"]

    def ring(self, n: int, phase: int) -> str:
        """Draw n cells in a circle with one pulse; return the one firing at t = phase mod n."""
        key = ("ring", n)
        if key not in self._drawn:
            names = [self.free_name(f"ring{n}_{k}") for k in range(n)]
            for k, name in enumerate(names):
                self.circle(name, {names[k - 1]: 1}, h=1, starts=k == 0)
                self._drawn["ring", n, k] = name
                self.rings.add(name)
            self._drawn[key] = names[0]
        return self._drawn["ring", n, phase % n]

    def head_start(self, ticks: int) -> str:
        """Draw a line of cells that all fire at the start; the last one fires for so many ticks."""
        fibre = ""
        for k in range(ticks):
            key = ("head start", k)
            if key not in self._drawn:
                excite = {fibre: 1} if fibre else {}
                name = self.free_name(f"start{k + 1}")
                self._drawn[key] = self.circle(name, excite, h=1, starts=True)
            fibre = self._drawn[key]
        return fibre

    def silent(self) -> str:
        """Draw a cell that never fires."""
        return self.cell({}, h=1, name="never")

    def net(self, outputs: Iterable[str]) -> Net:
        """Finish the net with these fibres as its answer."""
        self._wiring.output(*outputs)
        return self._wiring.net()
