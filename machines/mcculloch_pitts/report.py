"""What every compiler tells about the net it has drawn, and what a proof says of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from .circles import cyclic_set
from .net import Net


class Report(NamedTuple):
    """The figures of a net.

    Attributes
    ----------
    cells, endings
        How many cells, and how many endings, excitatory and inhibitory, they have together.
    max_threshold
        The largest h of any cell.
    order
        How many cells it takes to cut all circles.
    order_proved
        Whether no fewer would do.
    lag
        How many ticks after what is asked about the net answers.
    initial
        The names of the cells that must fire at t = 0.
    """

    cells: int
    endings: int
    max_threshold: int
    order: int
    order_proved: bool
    lag: int
    initial: tuple[str, ...]


class Proof(NamedTuple):
    """Whether a net does what it was drawn for, and how that was found out.

    Attributes
    ----------
    holds
        Whether no difference was found.
    method
        ``every row`` of the truth table, ``every state`` reached on all inputs, or ``sample``: then
        it is no proof.
    cases
        How many rows, steps or ticks were compared.
    trace
        The stimulus that shows the difference, as a time diagram; empty if there is none.
    """

    holds: bool
    method: str
    cases: int
    trace: str = ""

    @property
    def proved(self) -> bool:
        """Whether it holds and nothing was left out."""
        return self.holds and self.method != "sample"


@dataclass(frozen=True)
class Compiled:
    """A net drawn by a compiler: the net, its figures, and the proof that it is right."""

    net: Net
    report: Report
    proof: Proof


def report(net: Net, lag: int) -> Report:
    """Draw up the figures of a net."""
    cyclic = cyclic_set(net)
    return Report(
        net.cells,
        int(net.endings.sum()) + int(net.veto_endings.sum()),
        int(net.h.max(initial=0)),
        cyclic.order,
        cyclic.proved,
        lag,
        tuple(net.name(net.afferents + k) for k in range(net.cells) if net.initial[k]),
    )


def diagram(rows: dict[str, list[bool]]) -> str:
    """Draw fibres over time, one line each: ``|`` where it fires, ``.`` where it is silent."""
    width = max((len(name) for name in rows), default=0)
    return "\n".join(
        f"{name:<{width}}  {''.join('|' if fires else '.' for fires in row)}"
        for name, row in rows.items()
    )
