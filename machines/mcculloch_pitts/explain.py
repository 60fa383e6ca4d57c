"""Why did it fire? Why did it not? The causal tree behind a cell at a time.

A firing is explained by the endings that were active, each of them by what made its fibre fire,
down to afferents and to cells that fire at the start. A silence is explained by what forbade it:
the veto that was active, or the endings that were missing; the tree follows both.

>>> from machines.mcculloch_pitts.law import run
>>> from machines.mcculloch_pitts.wiring import Wiring
>>> board = Wiring("and-not")
>>> _ = board.afferent("1"), board.afferent("2"), board.cell("3", {"1": 2}, ["2"], h=2)
>>> net = board.net()
>>> print(explain(net, run(net, [[1, 1]], 1), "3", 1))
3 is silent at 1: 2 vetoes it (2 of 2 endings excite it)
  2 fires at 0: it is an afferent, and was made to
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from numpy.typing import NDArray

from simulator.errors import Mistake

from .law import errs
from .net import Net

MOST_CAUSES = 10_000
"""No tree has more nodes; what is left out is said."""


@dataclass(frozen=True)
class Cause:
    """What a fibre did at a time, and why.

    Attributes
    ----------
    fibre
        Its name.
    tick
        The time.
    fires
        Whether it fired.
    why
        The reason, in words.
    causes
        What that rests on, earlier.
    """

    fibre: str
    tick: int
    fires: bool
    why: str
    causes: tuple[Cause, ...] = ()

    def __str__(self) -> str:
        """Draw the tree, one cause a line, indented under what it explains."""
        lines, stack = [], [(self, 0)]
        while stack:
            cause, depth = stack.pop()
            does = "fires" if cause.fires else "is silent"
            lines.append(f"{'  ' * depth}{cause.fibre} {does} at {cause.tick}: {cause.why}")
            stack += [(inner, depth + 1) for inner in reversed(cause.causes)]
        return "\n".join(lines)


def explain(
    net: Net, record: NDArray[Any], cell: str, tick: int, depth: int | None = None
) -> Cause:
    """Explain what a fibre did at a time.

    Parameters
    ----------
    net
        The net, under any law but ``alterable``.
    record
        uint8 ``(ticks + 1, fibres)``: the run from t = 0, as ``law.run`` or ``compiled.run`` give
        it.
    cell
        The fibre's name.
    tick
        The time.
    depth
        How many steps back the tree goes at most; to the beginning if left out.

    Raises
    ------
    Mistake
        If there is no such fibre or time, or the law is ``alterable``.
    """
    if net.law.name == "alterable":
        raise Mistake("what was learned is not in the record; turn the synapses into circles first")
    if not 0 <= tick < len(record):
        raise Mistake(f"the record runs from t = 0 to {len(record) - 1}; there is no t = {tick}")
    return _Tree(net, record).cause(net.fibre(cell), tick, len(record) if depth is None else depth)


class _Tree:
    """Explanations being gathered; each fibre and time is explained once."""

    def __init__(self, net: Net, record: NDArray[Any]) -> None:
        self._net, self._record = net, record
        self._told: set[tuple[int, int]] = set()

    def _active(self, fibre: int, tick: int) -> bool:
        return tick >= 0 and bool(self._record[tick, fibre])

    def cause(self, fibre: int, tick: int, depth: int) -> Cause:
        """Explain one fibre at one time, and what it rests on, step by step back."""
        whole: dict[tuple[int, int], tuple[str, tuple[tuple[int, int], ...]]] = {}
        order, wave = [(fibre, tick)], [(fibre, tick)]
        self._told.add((fibre, tick))
        for back in range(depth + 1):
            later = []
            for place in wave:
                why, rests_on = self._reason(*place)
                if back == depth or len(order) > MOST_CAUSES:
                    why, rests_on = why + (" (and so on)" if rests_on else ""), ()
                whole[place] = why, rests_on
                for earlier in rests_on:
                    if earlier not in self._told:
                        self._told.add(earlier)
                        order.append(earlier)
                        later.append(earlier)
            wave = later
            if not wave:
                break
        built: dict[tuple[int, int], Cause] = {}
        first_under: dict[tuple[int, int], tuple[int, int]] = {}
        for place in order:
            for earlier in whole[place][1]:
                first_under.setdefault(earlier, place)
        for place in reversed(order):
            why, rests_on = whole[place]
            inner = tuple(
                built[earlier] if first_under[earlier] == place else self._again(earlier)
                for earlier in rests_on
            )
            built[place] = Cause(
                self._net.name(place[0]), place[1], self._active(*place), why, inner
            )
        return built[fibre, tick]

    def _again(self, place: tuple[int, int]) -> Cause:
        fibre, tick = place
        return Cause(self._net.name(fibre), tick, self._active(fibre, tick), "as told above")

    def _reason(self, fibre: int, tick: int) -> tuple[str, tuple[tuple[int, int], ...]]:
        net, fires = self._net, self._active(fibre, tick)
        if fibre < net.afferents:
            return f"it is an afferent, and was {'' if fires else 'not '}made to", ()
        cell = fibre - net.afferents
        if tick == 0:
            return f"it is {'' if fires else 'not '}given to fire at the start", ()
        if net.law.name == "noisy" and errs(net, cell, tick):
            return "the organ errs", ()
        excite = [
            (source, endings, tick - delay - late)
            for source, endings, delay in net.excited_by(cell)
            for late in range(net.law.window)
        ]
        inhibit = [
            (source, endings, tick - delay) for source, endings, delay in net.vetoed_by(cell)
        ]
        active = [row for row in excite if self._active(row[0], row[2])]
        forbidding = [row for row in inhibit if self._active(row[0], row[2])]
        return self._in_words(cell, tick, fires, excite, active, forbidding)

    def _in_words(
        self,
        cell: int,
        tick: int,
        fires: bool,
        excite: list[tuple[int, int, int]],
        active: list[tuple[int, int, int]],
        forbidding: list[tuple[int, int, int]],
    ) -> tuple[str, tuple[tuple[int, int], ...]]:
        net, own = self._net, self._net.afferents + cell
        fired = [tick - back for back, b in enumerate(net.law.raises, 1)
                 if b and self._active(own, tick - back)]  # fmt: skip
        needed = int(net.h[cell]) + sum(net.law.raises[tick - at - 1] for at in fired)
        if net.law.name == "relative":
            needed += sum(row[1] for row in forbidding)
        excited = sum(row[1] for row in active)
        count = f"{excited} of {needed} endings excite it"
        if needed > net.h[cell]:
            count += f" (its own threshold is {net.h[cell]})"
        if fires:
            return count, _places(active)
        if forbidding and net.law.name != "relative":
            who = _listed([net.name(row[0]) for row in forbidding])
            vetoes = "veto it" if len({row[0] for row in forbidding}) > 1 else "vetoes it"
            return f"{who} {vetoes} ({count})", _places(forbidding)
        silent = [row for row in excite if row not in active and row[2] >= 0]
        raised = [(own, 1, at) for at in fired]
        raised += forbidding if net.law.name == "relative" else []
        return f"only {count}", _places([*raised, *silent])


def _places(rows: Sequence[tuple[int, int, int]]) -> tuple[tuple[int, int], ...]:
    return tuple(dict.fromkeys((fibre, tick) for fibre, _, tick in rows))


def _listed(names: list[str]) -> str:
    names = list(dict.fromkeys(names))
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
