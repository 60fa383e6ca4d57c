"""Nets as BLIF, the text form of logic-synthesis programs (ABC, SIS, VPR, Yosys).

A cell is a table (``.names``) and a latch, the synaptic delay; longer delays are more latches. BLIF
knows no thresholds, so the table lists the smallest sets of endings that suffice, with every veto
silent. That grows quickly: cells with more than 12 sources are refused.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from simulator.errors import Mistake

from ..compiled_plan import Inputs, Rows, inputs
from ..net import Net
from .names import identifiers

MOST_SOURCES = 12


class Term(NamedTuple):
    """A source with its delay."""

    fibre: int
    delay: int


def model(net: Net, name: str = "net") -> str:
    """Write a net as a BLIF model; its outputs are those of the net, or all cells.

    Raises
    ------
    Mistake
        If a cell has too many sources, organs are noisy, or synapses alterable.
    """
    if net.law.name in ("noisy", "alterable"):
        raise Mistake(f"a net under the law {net.law.name} is not written as BLIF")
    names = identifiers(net)
    given = inputs(net)
    shown = [int(n) for n in net.outputs] or list(range(net.afferents, net.fibres))
    own = [names[n] for n in shown if n >= net.afferents]
    through = [f"out_{names[n]}" for n in shown if n < net.afferents]
    lines = [f"# {' '.join(net.title.split())}", f".model {name}"]
    lines.append(" ".join([".inputs", *names[: net.afferents]]))
    lines.append(" ".join([".outputs", *own, *through]))
    for n in shown:
        if n < net.afferents:
            lines += [f".names {names[n]} out_{names[n]}", "1 1"]
    deepest: dict[int, int] = {}
    taken = set(names) | set(through)

    def wire(term: Term) -> str:
        plain = names[term.fibre]
        if term.delay == 1:
            return plain
        deepest[term.fibre] = max(term.delay, deepest.get(term.fibre, 1))
        return _free(f"{plain}_late{term.delay - 1}", taken)

    for cell in range(net.cells):
        axon = names[net.afferents + cell]
        weights, vetoes = _terms(net, given, cell)
        terms = [*weights, *(term for term in vetoes if term not in weights)]
        coming = _free(f"{axon}_next", taken)
        lines.append(" ".join([".names", *map(wire, terms), coming]))
        for some in _sufficient(weights, int(net.h[cell])):
            if not any(weights[term] > 0 and term in vetoes for term in some):
                row = [_level(term, weights, some, vetoes) for term in terms]
                lines.append(f"{''.join(row)} 1".strip())
        lines.append(f".latch {coming} {axon} {int(net.initial[cell])}")
    for fibre, delay in sorted(deepest.items()):
        chain = [wire(Term(fibre, d)) for d in range(1, delay + 1)]
        lines += [f".latch {a} {b} 0" for a, b in zip(chain[:-1], chain[1:], strict=True)]  # noqa: RUF007
    return "\n".join([*lines, ".end", ""])


def _free(name: str, taken: set[str]) -> str:
    while name in taken:
        name += "_"
    return name


def _terms(net: Net, given: Inputs, cell: int) -> tuple[dict[Term, int], set[Term]]:
    def of(rows: Rows) -> Iterator[tuple[Term, int]]:
        for e in range(int(rows.starts[cell]), int(rows.starts[cell + 1])):
            yield Term(int(rows.sources[e]), int(rows.delays[e])), int(rows.weights[e])

    weights: dict[Term, int] = {}
    for term, weight in of(given.counted):
        weights[term] = weights.get(term, 0) + weight
    weights = {term: weight for term, weight in weights.items() if weight}
    vetoes = {term for term, _ in of(given.vetoes)}
    if len(weights) > MOST_SOURCES:
        raise Mistake(
            f"cell {net.name(net.afferents + cell)} is excited by {len(weights)} sources; BLIF "
            f"tables are written for up to {MOST_SOURCES} (Verilog takes any)"
        )
    return weights, vetoes


def _sufficient(weights: dict[Term, int], h: int) -> list[tuple[Term, ...]]:
    """List the smallest sets of literals that reach the threshold: silence counts if it helps."""
    order = sorted(weights, key=lambda term: -abs(weights[term]))
    needed = h + sum(-w for w in weights.values() if w < 0)
    rest = [sum(abs(weights[t]) for t in order[i:]) for i in range(len(order) + 1)]
    found: list[tuple[Term, ...]] = []

    def choose(i: int, chosen: tuple[Term, ...], total: int) -> None:
        if total >= needed:
            found.append(chosen)
        elif total + rest[i] >= needed:
            choose(i + 1, (*chosen, order[i]), total + abs(weights[order[i]]))
            choose(i + 1, chosen, total)

    choose(0, (), 0)
    return found


def _level(term: Term, weights: dict[Term, int], some: tuple[Term, ...], vetoes: set[Term]) -> str:
    if term in vetoes:
        return "0"
    if term not in some:
        return "-"
    return "1" if weights[term] > 0 else "0"
