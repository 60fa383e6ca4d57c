"""``firstwave 704 learn``: a learning rule as a program of the 704, from deck to learning curve.

It assembles the program, punches the data deck, runs it and reads the printed pages back. What the
machine's time came to, and what that cost, is part of the answer.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from machines.ibm704 import Stop
from machines.ibm704.devices import mount_cards
from machines.ibm704.media import decks
from machines.ibm704.rules import RULES, loaded, record, rule_named
from machines.ibm704.rules.decks import lines as deck_lines
from simulator.errors import Mistake
from simulator.files import write_whole
from ui.cli import console, status
from ui.cli.ibm704_output import told_to_end
from ui.cli.ibm704_probe import Probes, probe_file
from ui.cli.ibm704_run import limit_ns_of, run_in_slices
from ui.cli.ibm704_set_up import COMPILING, Names, no_stream
from ui.cli.ibm704_trace import instruments
from ui.cli.series import Stop as CtrlC
from ui.cli.series import compiling_announced, ctrl_c_noted
from ui.report import Line, check_picture_path, curves

if TYPE_CHECKING:
    from machines.ibm704.rules import Loaded, Record, Rule

NO_ERRORS = ("steps",)
"""Columns of a learning curve that tell the size of a task, and would press the errors flat."""
WHOLE = ("perceptron", "threshold")
"""Programs whose weights are whole numbers."""


@dataclass(frozen=True)
class Request:
    """What was asked for on the command line; None where nothing was said."""

    rule: str
    chosen: dict[str, float]
    cards: Path | None
    punch: Path | None
    engine: str
    paper: Path | None
    plot: Path | None
    trace: Path | None
    probe: tuple[str, ...]
    probes: Path | None
    max_seconds: float


@dataclass(frozen=True)
class Outcome:
    """What came of it."""

    rule: Rule
    values: dict[str, float] | None
    """The rule's parameters; None where the deck was the user's own."""
    told: Record
    stopped: str
    """``done``, the reason in a word, or ``interrupted``."""
    wall_s: float

    @property
    def why(self) -> str:
        """The reason in a line."""
        return "interrupted by Ctrl-C" if self.stopped == "interrupted" else self.told.why


def parameters(given: Sequence[str]) -> dict[str, float]:
    """Read options that are parameters of a rule: ``--rate 0.5``, ``--order-seed=3``.

    Raises
    ------
    Mistake
        If one has no name or no number.
    """
    chosen: dict[str, float] = {}
    rest = list(given)
    while rest:
        word = rest.pop(0)
        name, equals, text = word.partition("=")
        if not name.startswith("--") or len(name) < 3:
            raise Mistake(f"{word}: a parameter is written --name number, as in --rate 0.5")
        if not equals:
            if not rest:
                raise Mistake(f"{name}: a number is missing behind it")
            text = rest.pop(0)
        try:
            chosen[name[2:].replace("-", "_")] = float("" if "_" in text else text)
        except ValueError:
            raise Mistake(f"{name} {text}: is no number") from None
    return chosen


def run(request: Request, as_json: bool) -> int:
    """Do it; give the exit status: 1 if the program did not come to its end."""
    from ui.cli.ibm704_learn_report import document, show

    started_s = time.perf_counter()
    rule = rule_named(request.rule)
    limit_ns = limit_ns_of(request.max_seconds)
    _check(request, rule)
    of = _loaded(request, rule)
    with contextlib.ExitStack() as stack:
        ctrl_c = stack.enter_context(ctrl_c_noted())
        stack.enter_context(told_to_end(partial(setattr, ctrl_c, "pressed", True)))
        stack.enter_context(compiling_announced(request.engine, COMPILING))
        stack.enter_context(instruments(of.machine, names_of(of), request.trace, None))
        probes = stack.enter_context(
            probe_file(
                of.machine, request.probe, request.probes, of.program.symbols,
                "fixed" if rule.program in WHOLE else "float",
            )
        )  # fmt: skip
        stopped = _run_to_end(of, limit_ns, ctrl_c, probes)
    told = record(of)
    values = None if request.cards else rule.values(request.chosen)
    outcome = Outcome(rule, values, told, stopped, time.perf_counter() - started_s)
    if request.paper:
        write_whole(request.paper, "".join(f"{line}\n" for line in told.lines).encode())
    if request.plot and told.curve.size:
        _plot(outcome, request.plot)
    elif request.plot:
        console.say(f"{request.plot}: nothing to draw, it stopped before the first point")
    if as_json:
        console.write_json(document(request, outcome, probes.now))
    else:
        show(request, outcome, probes.now)
    if stopped == "interrupted":
        return status.INTERRUPTED
    return status.DONE if told.done else status.NO


def names_of(of: Loaded) -> Names:
    """Give the names of a program's locations, the arrays behind its last word included."""
    symbols, words = of.program.symbols, of.program.words
    arrays = {at: 0 for at in symbols.values() if at > max(words)}
    return Names(symbols, words | arrays)


def list_rules() -> str:
    """Tell the rules and their parameters, a line each."""
    lines = []
    for rule in RULES.values():
        lines.append(f"{rule.name:15} {rule.doc} ({rule.who})")
        if rule.parameters:
            named = (
                f"--{p.name.replace('_', '-')} {p.default:g}" for p in rule.parameters.values()
            )
            lines.append(f"{'':15} {' '.join(named)}")
    return "".join(f"{line}\n" for line in lines)


def _check(request: Request, rule: Rule) -> None:
    if request.cards is not None:
        no_stream(request.cards)
        if request.chosen:
            name = next(iter(request.chosen))
            raise Mistake(f"--{name} with --cards: a deck of your own has its parameters on it")
        if request.punch is not None:
            raise Mistake("--punch with --cards: a deck of your own is punched already")
    if request.plot is not None:
        if not rule.curve:
            raise Mistake(f"--plot: {rule.name} has no learning curve, its weights are fixed")
        check_picture_path(request.plot)
    console.check_outputs(
        {"cards": request.cards}, {}, punch=request.punch, print=request.paper, plot=request.plot,
        trace=request.trace, probes=request.probes,
    )  # fmt: skip


def _loaded(request: Request, rule: Rule) -> Loaded:
    of = loaded(rule.name, None, engine=request.engine, **request.chosen)
    if request.cards is not None:
        mount_cards(of.machine, list(decks.read_deck(request.cards)))
    elif request.punch is not None:
        lines = deck_lines(rule.program, rule.task(), rule.values(request.chosen))
        write_whole(request.punch, "".join(f"{line}\n" for line in lines).encode())
    return of


def _run_to_end(of: Loaded, limit_ns: int, ctrl_c: CtrlC, probes: Probes) -> str:
    machine = of.machine
    machine.operate("ibm704.control.limit", limit_ns)
    machine.operate("ibm704.console.start")
    run_in_slices(machine, limit_ns, ctrl_c, run=probes.run_to_stop)
    machine.operate("ibm704.control.limit", None)
    if machine.stop == Stop.RUNNING:
        return "interrupted"
    if machine.stop == Stop.HALT and machine.number("ibm704.control.stopped_at") == (
        of.program.symbols.get("DONE")
    ):
        return "done"
    return machine.stop.name.lower().replace("_", "-")


def _plot(outcome: Outcome, path: Path) -> None:
    rule, curve, account = outcome.rule, outcome.told.curve, outcome.told.account
    x = curve[:, 0].tolist()
    lines = [
        Line(name, x, curve[:, k].tolist())
        for k, name in enumerate(rule.curve)
        if k and name not in NO_ERRORS
    ]
    caption = f"{account.machine_s:,.1f} s of machine time, ${account.dollars:,.2f}"
    title = f"IBM 704: {rule.name}, {rule.who}"
    curves(path, title, (rule.curve[0], ""), lines, caption=caption)
