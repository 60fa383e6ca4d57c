"""How nets and runs are put into text: a cell's endings, a time diagram, a proof, a report."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from machines.mcculloch_pitts.net import Net
from machines.mcculloch_pitts.report import Proof, Report

MOST_CELLS = 40
"""So many cells are written out; of larger nets the first ones."""
ACROSS = 100
"""Ticks drawn side by side."""
RULE = 10
"""Every so many ticks the time is written above a diagram."""


def wiring(net: Net) -> Iterator[str]:
    """Write every cell with what ends on it: ``Nb <- Na:2, ~N2  h 2``."""
    shown = range(min(net.cells, MOST_CELLS))
    width = max((len(net.name(net.afferents + k)) for k in shown), default=0)
    for k in shown:
        excite = [_ending(net, *row) for row in net.excited_by(k)]
        veto = ["~" + _ending(net, *row, plain=True) for row in net.vetoed_by(k)]
        start = ", fires at t = 0" if net.initial[k] else ""
        ends = ", ".join([*excite, *veto]) or "nothing"
        yield f"{net.name(net.afferents + k):<{width}} <- {ends}  h {net.h[k]}{start}"
    if net.cells > len(shown):
        yield f"... and {net.cells - len(shown)} cells more"


def _ending(net: Net, fibre: int, endings: int, delay: int, plain: bool = False) -> str:
    late = f" {delay} ticks late" if delay > 1 else ""
    return f"{net.name(fibre)}{'' if plain and endings == 1 else f':{endings}'}{late}"


def diagram(names: Sequence[str], rows: NDArray[Any]) -> Iterator[str]:
    """Draw fibres over time, a line each: ``|`` where it fires, ``.`` where it is silent.

    Parameters
    ----------
    names
        The fibres.
    rows
        0 or 1, shape (ticks + 1, fibres).
    """
    width = max((len(name) for name in names), default=0)
    signs = np.where(np.asarray(rows) > 0, "|", ".")
    for first in range(0, len(rows), ACROSS):
        last = min(len(rows), first + ACROSS)
        ruler = "".join(f"{t:<{RULE}}" for t in range(first, last, RULE))
        yield f"{'t':<{width}}  {ruler.rstrip()}"
        for k, name in enumerate(names):
            yield f"{name:<{width}}  {''.join(signs[first:last, k])}"


def figures_of(made: Report) -> Iterator[str]:
    """Write a net's figures."""
    if made.order:
        least = "" if made.order_proved else "at most "
        circles = f"order {least}{made.order}"
    else:
        circles = "no circles"
    yield (
        f"{count(made.cells, 'cell')}, {count(made.endings, 'ending')}, "
        f"largest threshold {made.max_threshold}, {circles}"
    )
    if made.initial:
        yield f"fires at t = 0: {listed(made.initial)}"


def proof(found: Proof) -> Iterator[str]:
    """Say what a proof says."""
    if not found.holds:
        yield "wrong, as this stimulus shows:"
        yield from found.trace.splitlines()
    elif found.proved:
        what = "rows of the truth table" if found.method == "every row" else "steps"
        how = "by every row" if found.method == "every row" else "through every state"
        yield f"proved {how}: {found.cases} {what} compared"
    else:
        yield f"no difference in a sample of {found.cases} ticks, which is no proof (too large)"


def proof_json(found: Proof) -> dict[str, Any]:
    """Describe a proof as JSON values."""
    about: dict[str, Any] = {
        "holds": found.holds,
        "proved": found.proved,
        "method": found.method,
        "cases": found.cases,
    }
    return about | ({"trace": found.trace} if found.trace else {})


def listed(names: Sequence[str]) -> str:
    """List names, of many the first ones."""
    more = len(names) - MOST_CELLS
    return ", ".join(names[:MOST_CELLS]) + (f", and {more} more" if more > 0 else "")


def count(number: int, what: str) -> str:
    """Count in words: ``1 cell``, ``2 cells``."""
    return f"{number} {what}{'' if number == 1 else 's'}"
