"""What came of teaching a Mark I, as JSON for a script and as a page for a person."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Any

from machines.mark1.rules import NUMBER, RULES, Decides
from ui.cli import console
from ui.cli.mark1_set_up import seed_line
from ui.cli.series import speed_line
from ui.report import always_right, confusion_table, mistaken, sparkline

if TYPE_CHECKING:
    from machines.mark1 import Result
    from ui.cli.mark1_train import Outcome


def test_json(result: Result) -> dict[str, Any]:
    """Give a test as JSON."""
    return {
        "stimuli": int(result.confusion.sum()),
        "wrong": result.wrong,
        "accuracy": result.accuracy,
        "confusion": result.confusion.tolist(),
    }


def result_json(outcome: Outcome, written: dict[str, str]) -> dict[str, Any]:
    """Give the whole document of ``firstwave mark1 train --json``."""
    experimenter = outcome.session.experimenter
    machine = experimenter.machine
    result = {
        "classes": list(experimenter.classes),
        "stimuli": len(machine.rack("mark1.control.answers")),
        "rule": outcome.rule,
        "exposures_limit": outcome.limit,
        "exposures": len(outcome.curve),
        "curve": outcome.curve,
        "errorless": outcome.errorless,
        "separable": outcome.separable,
        "trials": machine.number("mark1.control.trials"),
        "pulses": machine.number("mark1.control.pulses"),
        "taught": test_json(outcome.taught) if outcome.taught else None,
        "test": test_json(outcome.held_out) if outcome.held_out else None,
        "files": written,
    }
    return console.document(
        "mark1-train",
        result,
        machine=machine.name,
        engine=machine.engine,
        seed=outcome.session.notes["seed"],
        machine_s=machine.now_ns / 1e9,
        wall_s=round(outcome.wall_s, 3),
    )


def show_result(outcome: Outcome, written: dict[str, str]) -> None:
    """Write the page for a person."""
    machine = outcome.session.experimenter.machine
    curve = outcome.curve
    lines: list[Any] = [
        f"Mark I, {machine.engine} engine, "
        f"{seed_line(outcome.session.notes['seed'], outcome.plugboard)}: "
        f"{', '.join(outcome.session.experimenter.classes)}",
        f"taught by {outcome.rule}: {_verdict(outcome)}",
    ]
    if curve:
        lines += curve_lines(curve)
    if outcome.separability is not None:
        lines.append(outcome.separability)
    lines.append(speed_line(machine.now_ns / 1e9, outcome.wall_s))
    if outcome.taught is not None:
        lines += test_lines("shown again with reinforcement off", outcome.taught)
    if outcome.held_out is not None:
        lines += test_lines("held-out pictures", outcome.held_out)
    lines += [f"{name}: {path}" for name, path in written.items()]
    console.show(*lines)


def _verdict(outcome: Outcome) -> str:
    shown = f"{len(outcome.curve)} of at most {outcome.limit} exposures of each stimulus"
    if outcome.errorless is None:
        chosen = RULES[NUMBER[outcome.rule]].decides == Decides.MACHINE
        return f"{shown}{_chose(outcome) if chosen else ''}"
    return f"{shown}, {'without error when shown again' if outcome.errorless else 'errors left'}"


def _chose(outcome: Outcome) -> str:
    """Say what a spontaneous rule had to go by."""
    if outcome.session.experimenter.machine.number("mark1.control.pulses"):
        return "; the machine chose its own responses"
    # a machine that competes is taught by the same system, its R-units being one a class
    competes = outcome.session.experimenter.code_name == "one-each"
    first = outcome.rule.removeprefix("spontaneous-") if competes else "error-correction"
    stimuli = shlex.quote(outcome.asked or "E,X")
    return (
        "; the machine never responded, so nothing was reinforced: start from one that does, "
        f"taught by {first} for example, with --resume FILE --stimuli {stimuli} "
        f"--rule {outcome.rule}"
    )


def curve_lines(curve: list[int]) -> list[str]:
    """Draw the learning curve as a line of bars, and as numbers if they are few."""
    line = f"wrong in each sweep  {sparkline(curve, console.ascii_only())}"
    return [line, f"  {' '.join(map(str, curve))}"] if len(curve) <= 40 else [line]


def test_lines(title: str, result: Result) -> list[Any]:
    """Write a test: how many were right, and the grid if it fits, or else what was mistaken."""
    total = int(result.confusion.sum())
    lines: list[Any] = [f"{title}: {total - result.wrong} of {total} right ({result.accuracy:.1%})"]
    width = console.terminal().width
    table = confusion_table(result.classes, result.confusion, width, console.ascii_only())
    if table is not None:
        return [*lines, table]
    always, shown_at_all = always_right(result.classes, result.confusion)
    lines.append(f"  always right, {len(always)} of {shown_at_all} classes: {' '.join(always)}")
    pairs = mistaken(result.classes, result.confusion)
    for shown, answered, times in pairs[:20]:
        lines.append(f"  {shown} answered as {answered or 'no class'}: {times}")
    if len(pairs) > 20:
        lines.append(f"  and {len(pairs) - 20} more such pairs")
    return lines
