"""``firstwave nets threshold``: can one cell with weights do it? Weights, or a proof it cannot."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any, NamedTuple

from machines.mcculloch_pitts import net_json
from machines.mcculloch_pitts.calculus import Fibre
from machines.mcculloch_pitts.calculus_print import functor
from machines.mcculloch_pitts.calculus_read import statement
from machines.mcculloch_pitts.net import Net
from machines.mcculloch_pitts.normal_form import reduced, table
from machines.mcculloch_pitts.proof import prove
from machines.mcculloch_pitts.report import Proof
from machines.mcculloch_pitts.single_cell import Cell, one_cell, relative_cell
from machines.mcculloch_pitts.threshold import (
    MOST_FIBRES,
    Contradiction,
    Weights,
    chow_parameters,
    separate,
)
from simulator.errors import Mistake
from simulator.files import write_whole
from ui.cli import console
from ui.cli.nets_export import kind_of, text_as
from ui.cli.nets_text import proof, proof_json, wiring
from ui.cli.status import DONE, NO


class Found(NamedTuple):
    """What was found out about a truth function."""

    text: str
    names: tuple[str, ...]
    verdict: Weights | Contradiction
    chow: tuple[int, ...]
    cell: Cell | None
    silent: bool
    """Whether it is false in silence, as all that a cell says must be (Theorem III)."""

    @property
    def proof(self) -> str:
        """The inequality of the weights, or the contradiction."""
        return self.verdict.proof(self.names)


class Drawn(NamedTuple):
    """The one cell that has the weights, and the proof that it says the function."""

    net: Net
    proof: Proof


def run(function: str | None, count: int | None, to: Path | None, as_json: bool) -> int:
    """Do it; give the exit status: 1 if it is no threshold function."""
    started_s = time.perf_counter()
    if (function is None) == (count is None):
        raise Mistake("give one truth function, or --count N: one of the two")
    if function is None:
        if to is not None:
            raise Mistake("--to writes the cell of one function; --count has none")
        return _count(count or 0, started_s, as_json)
    if to is not None:
        kind_of(to)
        console.check_outputs(to=to)
    found = _found(function)
    drawn = None
    if to is not None and isinstance(found.verdict, Weights):
        drawn = _drawn(function, found.verdict)
        write_whole(to, text_as(drawn.net, kind_of(to)))
    if as_json:
        wall_s = round(time.perf_counter() - started_s, 3)
        about = {"machine": "mcculloch_pitts", "wall_s": wall_s}
        console.write_json(console.document("nets-threshold", _json(found, drawn, to), **about))
    else:
        console.write("\n".join([*_lines(found, drawn), ""]))
        if to is not None:
            console.say(f"written: {to}" if drawn else f"not written: {to}; there is no such cell")
    return DONE if isinstance(found.verdict, Weights) else NO


def _found(text: str) -> Found:
    whole = reduced(table(statement(text).expression))
    if whole.n > MOST_FIBRES:
        raise Mistake(f"{whole.n} fibres matter; threshold logic is done for {MOST_FIBRES} at most")
    names = tuple(functor(literal.expression()) for literal in whole.literals)
    return Found(
        text.strip(),
        names,
        separate(whole.true, whole.n),
        chow_parameters(whole.true, whole.n),
        one_cell(whole.true, whole.n),
        not whole.true & 1,
    )


def _drawn(text: str, verdict: Weights) -> Drawn:
    """Draw the cell of the weights, under relative inhibition, and prove it."""
    said = statement(text).expression
    literals = reduced(table(said)).literals
    for literal in literals:
        if literal.ago or not isinstance(literal.atom, Fibre):
            raise Mistake(
                f"one cell is drawn for fibres of one tick; {functor(literal.expression())} needs "
                "cells of its own (firstwave nets compile)"
            )
    names = [literal.name for literal in literals]
    name = "answer"
    while name in names:
        name += "_"
    try:
        net = relative_cell(verdict, names, name)
    except Mistake as mistake:
        raise Mistake(f"--to: {mistake}") from mistake
    return Drawn(net, prove(net, [said], 1))


def _lines(found: Found, drawn: Drawn | None) -> list[str]:
    total, *each = found.chow
    chow = ", ".join(f"{name} {n}" for name, n in zip(found.names, each, strict=True))
    rows = f"{total} of {1 << len(found.names)} rows are true"
    if isinstance(found.verdict, Weights):
        weights = found.verdict
        lines = [
            f"{found.text} is a threshold function; least weights, the largest {weights.largest}:",
            f"  {found.proof}",
        ]
    else:
        lines = [f"{found.text} is no threshold function:"]
        lines += [f"  {line}" for line in found.proof.splitlines()]
    lines.append(f"Chow parameters: {rows}" + (f"; while firing: {chow}" if chow else ""))
    if found.cell is not None:
        lines.append(f"one cell of 1943 does it: {found.cell.text(found.names)}")
    elif found.silent:
        lines.append("one cell of 1943 cannot do it; firstwave nets compile draws several")
    else:
        lines.append(
            "no cell of 1943 can do it: true in silence, and nothing fires out of silence "
            "(Theorem III); firstwave nets compile --always-cell"
        )
    if drawn is not None:
        lines.append("one cell under relative inhibition, 1 tick later:")
        lines += [f"  {line}" for line in (*wiring(drawn.net), *proof(drawn.proof))]
    return lines


def _json(found: Found, drawn: Drawn | None, to: Path | None) -> dict[str, Any]:
    about: dict[str, Any] = {
        "function": found.text,
        "fibres": list(found.names),
        "threshold_function": isinstance(found.verdict, Weights),
        "proof": found.proof,
        "chow": list(found.chow),
    }
    if isinstance(found.verdict, Weights):
        about["weights"] = list(found.verdict.weights)
        about["threshold"] = found.verdict.threshold
    else:
        about["contradiction"] = {
            "true": [list(pair) for pair in found.verdict.true],
            "false": [list(pair) for pair in found.verdict.false],
        }
    about["cell"] = None if found.cell is None else found.cell.text(found.names)
    if drawn is not None:
        about["drawn"] = {
            "law": drawn.net.law.name,
            "lag": 1,
            "proof": proof_json(drawn.proof),
            "net": net_json.to_json(drawn.net),
        }
        about["files"] = {"to": str(to)}
    return about


def _count(n: int, started_s: float, as_json: bool) -> int:
    from machines.mcculloch_pitts import single_cell, threshold_counts

    found = threshold_counts.count(n)
    alone = single_cell.count(n) if n <= 4 else None
    if as_json:
        result = {
            "fibres": n,
            "functions": found.functions,
            "classes": found.classes,
            "largest_weight": found.largest,
            "by_largest": list(found.by_largest),
            "single_cells": alone,
        }
        wall_s = round(time.perf_counter() - started_s, 3)
        about = {"machine": "mcculloch_pitts", "wall_s": wall_s}
        console.write_json(console.document("nets-threshold-count", result, **about))
        return DONE
    rows = ", ".join(f"{number} need {k}" for k, number in enumerate(found.by_largest))
    lines = [
        f"{found.functions} threshold functions of {n} fibres, "
        f"{found.classes} but for exchanged and denied fibres",
        f"largest least weight {found.largest}: {rows}",
    ]
    if alone is not None:
        lines.append(f"{alone} of all functions can be had from one cell of 1943, without weights")
    console.write("\n".join([*lines, ""]))
    return DONE
