"""What a learning program came to, as JSON for a script and as a page for a person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ui.cli import console
from ui.report import sparkline

if TYPE_CHECKING:
    from ui.cli.ibm704_learn import Outcome, Request

SHOWN = 12
"""Weights written out for a person."""


def document(request: Request, outcome: Outcome, probed: dict[str, float]) -> dict[str, Any]:
    """Give the document of ``firstwave 704 learn --json``."""
    rule, told = outcome.rule, outcome.told
    account = told.account
    seed = None if outcome.values is None else outcome.values.get("seed")
    result = {
        "rule": rule.name,
        "who": rule.who,
        "source": rule.source,
        "parameters": outcome.values,
        "stop": outcome.stopped,
        "label": told.stop or None,
        "why": outcome.why,
        "learned": told.learned,
        "certificate": None if told.certificate is None else list(told.certificate),
        "curve": {"columns": list(rule.curve), "rows": told.curve.tolist()} if rule.curve else None,
        "weights": told.weights.tolist(),
        "answers": told.answers.tolist(),
        "messages": list(told.messages),
        "instructions": account.instructions,
        "cycles": account.cycles,
        "dollars": round(account.dollars, 6),
        "probed": probed or None,
        "files": _files(request, outcome),
    }
    about = {"machine": "ibm704", "engine": request.engine, "machine_s": account.machine_s}
    return console.document(
        "704-learn", result, seed=None if seed is None else int(seed), **about,
        wall_s=round(outcome.wall_s, 3),
    )  # fmt: skip


def show(request: Request, outcome: Outcome, probed: dict[str, float]) -> None:
    """Show it to a person."""
    console.write("".join(f"{line}\n" for line in _lines(request, outcome, probed)))


def _lines(request: Request, outcome: Outcome, probed: dict[str, float]) -> list[str]:
    rule, told, account = outcome.rule, outcome.told, outcome.told.account
    lines = [f"{rule.name}: {rule.doc}", f"{rule.who}; {rule.source}"]
    if outcome.values:
        lines.append(", ".join(f"{name} {value:g}" for name, value in outcome.values.items()))
    if told.curve.size:
        for k, name in enumerate(rule.curve[1:], 1):
            column = told.curve[:, k]
            drawn = _drawn(column.tolist())
            lines.append(
                f"{name} by {rule.curve[0]} {told.curve[0, 0]:g} to {told.curve[-1, 0]:g}: "
                f"{column[0]:.6g} {drawn} {column[-1]:.6g}"
            )
    lines += told.messages
    if told.certificate is not None:
        first, last = told.certificate
        lines.append(
            f"the values after sweep {last} are those after sweep {first}: it goes round for ever"
        )
    if told.weights.size:
        more = f" ... {told.weights.size} in all" if told.weights.size > SHOWN else ""
        lines.append("weights " + " ".join(f"{w:.6g}" for w in told.weights[:SHOWN]) + more)
    lines += [f"{name} is now {value:.9g}" for name, value in probed.items()]
    if not told.done:
        lines.append(f"stopped: {outcome.why}" + (f" ({told.stop})" if told.stop else ""))
    lines.append(
        f"{account.instructions:,} instructions, {account.cycles:,} cycles, "
        f"{account.machine_s:,.1f} s of machine time, cards and paper included: "
        f"${account.dollars:,.2f}; here {outcome.wall_s:.1f} s"
    )
    return lines + [f"{name}: {path}" for name, path in _files(request, outcome).items()]


def _drawn(column: list[float]) -> str:
    """Draw a curve in one line; whatever its size, in steps of a hundredth of its largest."""
    largest = max(map(abs, column)) or 1.0
    return sparkline([round(100 * abs(value) / largest) for value in column])


def _files(request: Request, outcome: Outcome) -> dict[str, str]:
    files = {
        "punch": request.punch, "print": request.paper,
        "plot": request.plot if outcome.told.curve.size else None,
        "trace": request.trace, "probes": request.probes,
    }  # fmt: skip
    return {option: str(path) for option, path in files.items() if path}
