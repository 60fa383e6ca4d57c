"""What came of comparing two machines, as JSON for a script and as a page for a person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ui.cli import console
from ui.cli.mark1_set_up import seed_line

if TYPE_CHECKING:
    from ui.cli.compare import Comparison, Request
    from ui.cli.compare_parting import Parting


def document(request: Request, seed: int, found: Comparison, wall_s: float) -> dict[str, Any]:
    """Give the document of ``firstwave compare --json``."""
    account = found.account
    result = {
        "classes": list(found.experimenter.classes),
        "stimuli": len(found.stimuli),
        "rule": request.rule,
        "physics": request.physics,
        "trials": found.trials,
        "agree": not found.partings,
        "partings": [
            {**parting._asdict(), "stimulus": _name(found, parting)}
            for parting in found.partings.values()
        ],
        "answers_apart": found.answers_apart,
        "values_apart_steps": found.values_apart,
        "mark1": {"machine_s": found.mark1_s, "wrong": found.wrong[0]},
        "ibm704": {
            "machine_s": account.machine_s,
            "wrong": found.wrong[1],
            "instructions": account.instructions,
            "cycles": account.cycles,
            "dollars": round(account.dollars, 6),
        },
        "interrupted": found.interrupted,
        "files": {"csv": str(request.table)} if request.table else {},
    }
    engine = found.experimenter.machine.engine
    return console.document("compare", result, engine=engine, seed=seed, wall_s=round(wall_s, 3))


def show(request: Request, seed: int, found: Comparison) -> None:
    """Show it to a person."""
    from rich.table import Table

    table = Table("", "wrong answers", "machine time", "cost", box=None, pad_edge=False)
    for column in table.columns[1:]:
        column.justify = "right"
    account, (mark1, ibm704) = found.account, found.wrong
    table.add_row("Mark I", str(mark1), _hours(found.mark1_s), "-")
    table.add_row("IBM 704", str(ibm704), _hours(account.machine_s), f"${account.dollars:,.2f}")
    console.show(
        f"{request.rule}, {console.stimuli(len(found.stimuli))} ({request.stimuli}), "
        f"{seed_line(seed, request.plugboard)}; the Mark I's physics {request.physics}",
        table,
        *_verdict(found),
    )


def _verdict(found: Comparison) -> list[str]:
    if not found.partings:
        return [f"{found.trials} trials: both agree in every A-unit, sum, answer and value"]
    lines = []
    for parting in found.partings.values():
        lines += [
            f"{_WHAT[parting.what]} part at trial {parting.trial} (sweep {parting.sweep}, "
            f"{_name(found, parting)}), first {parting.where}: {_sides(parting)}",
            f"   because {parting.because}",
        ]
    return [
        *lines,
        f"of {found.trials} trials {found.answers_apart} were answered differently; in the end "
        f"values differ by up to {found.values_apart:.3g} steps",
    ]


_WHAT = {"activity": "A-units", "answer": "answers", "value": "values"}


def _sides(parting: Parting) -> str:
    if parting.what == "activity":
        one, other = ("active" if on else "quiet" for on in (parting.mark1, parting.ibm704))
        return f"Mark I {one}, 704 {other}"
    kind = "sum " if parting.what == "answer" else ""
    return f"Mark I {kind}{parting.mark1:+.4f} steps, 704 {kind}{parting.ibm704:+.4f}"


def _name(found: Comparison, parting: Parting) -> str:
    return str(found.stimuli.names[parting.stimulus])


def _hours(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min {rest} s" if minutes else f"{seconds:.1f} s"
