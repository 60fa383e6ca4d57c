"""``firstwave nets threshold``: can one cell with weights do it? Weights, or a proof it cannot."""

from __future__ import annotations

import time
from typing import Any, NamedTuple

from machines.mcculloch_pitts.calculus_print import functor
from machines.mcculloch_pitts.calculus_read import statement
from machines.mcculloch_pitts.normal_form import reduced, table
from machines.mcculloch_pitts.single_cell import Cell, one_cell
from machines.mcculloch_pitts.threshold import (
    MOST_FIBRES,
    Contradiction,
    Weights,
    chow_parameters,
    separate,
)
from simulator.errors import Mistake
from ui.cli import console
from ui.cli.status import DONE, NO


class Found(NamedTuple):
    """What was found out about a truth function."""

    text: str
    names: tuple[str, ...]
    verdict: Weights | Contradiction
    chow: tuple[int, ...]
    cell: Cell | None

    @property
    def proof(self) -> str:
        """The inequality of the weights, or the contradiction."""
        return self.verdict.proof(self.names)


def run(function: str | None, count: int | None, as_json: bool) -> int:
    """Do it; give the exit status: 1 if it is no threshold function."""
    started_s = time.perf_counter()
    if (function is None) == (count is None):
        raise Mistake("give one truth function, or --count N: one of the two")
    if function is None:
        return _count(count or 0, started_s, as_json)
    found = _found(function)
    if as_json:
        wall_s = round(time.perf_counter() - started_s, 3)
        about = {"machine": "mcculloch_pitts", "wall_s": wall_s}
        console.write_json(console.document("nets-threshold", _json(found), **about))
    else:
        console.write("\n".join([*_lines(found), ""]))
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
    )


def _lines(found: Found) -> list[str]:
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
    else:
        lines.append("one cell of 1943 cannot do it; firstwave nets compile draws several")
    return lines


def _json(found: Found) -> dict[str, Any]:
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
