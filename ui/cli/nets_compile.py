"""``firstwave nets compile``: from a sentence, a table, an expression or a circuit to its net."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from machines.mcculloch_pitts import net_json
from machines.mcculloch_pitts.calculus_print import functor, paper
from machines.mcculloch_pitts.calculus_read import statement
from machines.mcculloch_pitts.compile_expression import compile_text
from machines.mcculloch_pitts.compile_table import compile_table, read_table
from machines.mcculloch_pitts.net import Net
from machines.mcculloch_pitts.report import Proof, Report
from machines.mcculloch_pitts.symbols import Symbols, symbols
from simulator.errors import Mistake
from ui.cli import console
from ui.cli.nets_export import kind_of, text_as
from ui.cli.nets_given import circuit, cured, text_of
from ui.cli.nets_text import count, figures_of, proof, proof_json, wiring
from ui.cli.status import DONE, NO

TABLE_LIMIT = 1 << 26
"""No truth table is read from a file of more bytes."""


@dataclass(frozen=True)
class Request:
    """What was asked for on the command line; None where nothing was said."""

    expression: str | None
    table: Path | None
    regex: str | None
    circuit: Path | None
    literal: bool
    always_cell: bool
    others: str | None
    alphabet: str
    search: bool
    start_fibre: bool
    minsky: bool
    code: str
    to: Path | None


class Made(NamedTuple):
    """What was compiled: from what, the net, its figures and its proof."""

    what: str
    source: str
    net: Net
    report: Report
    proof: Proof
    period: int = 1
    carried: Symbols | None = None


def run(request: Request, as_json: bool) -> int:
    """Do it; give the exit status: 1 if the net is wrong."""
    started_s = time.perf_counter()
    _check(request)
    if request.to is not None:
        kind_of(request.to)
        inputs = {"table": request.table, "circuit": request.circuit}
        console.check_outputs(inputs, to=request.to)
    made = _made(request)
    if request.to is not None:
        from simulator.files import write_whole

        write_whole(request.to, text_as(made.net, kind_of(request.to)))
    if as_json:
        wall_s = round(time.perf_counter() - started_s, 3)
        about = {"machine": "mcculloch_pitts", "wall_s": wall_s}
        console.write_json(console.document("nets-compile", _json(made, request.to), **about))
    else:
        console.write("\n".join([*_lines(made), ""]))
        if request.to is not None:
            console.say(f"written: {request.to}")
    return DONE if made.proof.holds else NO


def _check(request: Request) -> None:
    """Refuse what does not go together."""
    asked = {
        "EXPRESSION": request.expression,
        "--table": request.table,
        "--regex": request.regex,
        "--circuit": request.circuit,
    }
    some = [name for name, value in asked.items() if value is not None]
    if len(some) != 1:
        found = f"{' and '.join(some)} were given" if some else "nothing was given"
        raise Mistake(f"one of EXPRESSION, --table, --regex, --circuit is compiled; {found}")
    belongs = {
        "--literal": ("EXPRESSION", request.literal),
        "--others": ("--table", request.others is not None),
        "--alphabet": ("--regex", bool(request.alphabet)),
        "--search": ("--regex", request.search),
        "--start-fibre": ("--regex", request.start_fibre),
        "--minsky": ("--regex", request.minsky),
        "--code": ("--regex", request.code != "one-hot"),
    }
    for option, (owner, given) in belongs.items():
        if given and owner != some[0]:
            raise Mistake(f"{option} belongs to {owner}, and says nothing about {some[0]}")
    if request.always_cell and some[0] == "--regex":
        raise Mistake("--always-cell says nothing about --regex: START is all such a net needs")
    if request.minsky and request.search:
        raise Mistake("--minsky and --search: the automaton starts once; leave one out")


def _made(request: Request) -> Made:
    if request.table is not None:
        text = text_of(request.table, TABLE_LIMIT)
        try:
            given = read_table(text, request.others or "")
            drawn = compile_table(given, always_cell=request.always_cell)
        except Mistake as mistake:
            said = cured(mistake)
            if "all other rows" in said:
                said += " (--others)"
            raise Mistake(f"{request.table}: {said}") from mistake
        return Made("table", str(request.table), drawn.net, drawn.report, drawn.proof)
    if request.circuit is not None:
        made = circuit(str(request.circuit), request.always_cell)
        return Made("circuit", str(request.circuit), made.net, made.report, made.proof, made.period)
    if request.regex is not None:
        return _regular(request, request.regex)
    text = request.expression or ""
    try:
        drawn = compile_text(text, literal=request.literal, always_cell=request.always_cell)
    except Mistake as mistake:
        raise Mistake(cured(mistake)) from mistake
    return Made("expression", text, drawn.net, drawn.report, drawn.proof)


def _regular(request: Request, text: str) -> Made:
    from machines.mcculloch_pitts.automaton import of_positions, smallest
    from machines.mcculloch_pitts.compile_regular import compile_automaton, compile_regular
    from machines.mcculloch_pitts.regular import positions

    taken = positions(text, request.alphabet)
    if request.minsky:
        found = smallest(of_positions(taken))
        drawn = compile_automaton(found, start_fibre=request.start_fibre, code=request.code)
    else:
        drawn = compile_regular(
            text,
            request.alphabet,
            start_fibre=request.start_fibre,
            search=request.search,
            code=request.code,
        )
    carried = symbols(taken.alphabet, request.code)
    return Made("regular", text, drawn.net, drawn.report, drawn.proof, carried=carried)


def _lines(made: Made) -> Iterator[str]:
    outputs = ", ".join(made.net.name(int(n)) for n in made.net.outputs)
    if made.what == "expression":
        late = f"t+{made.report.lag}" if made.report.lag else "t"
        yield f"{outputs}({late}) == {paper(statement(made.source).expression)}"
    elif made.what == "regular":
        yield f"fires after a word of {made.source}"
    else:
        yield f"{made.what} {made.source}"
    yield from figures_of(made.report)
    yield _timing(made, outputs)
    if made.carried is not None and made.carried.code != "one-hot":
        for letter, fibres in zip(made.carried.letters, made.carried.fires, strict=True):
            yield f"  {letter}: {' + '.join(fibres) or 'silence'}"
    yield from proof(made.proof)
    yield from (f"  {line}" for line in wiring(made.net))


def _timing(made: Made, outputs: str) -> str:
    lag = made.report.lag
    if made.what == "regular":
        return (
            f"a letter a tick from t = 0, START at its first; {outputs} fires "
            f"{count(lag, 'tick')} after the last"
        )
    if made.what == "circuit":
        every = "at every tick" if made.period == 1 else f"every {made.period} ticks from t = 0"
        return f"inputs are taken {every}, and answered by {outputs} {count(lag, 'tick')} later"
    if lag == 0:
        return f"lag 0: {outputs} says it at once"
    return f"lag {lag}: what holds at t, {outputs} says at t + {lag}"


def _letters(carried: Symbols | None) -> dict[str, list[str]]:
    if carried is None:
        return {}
    return {letter: list(f) for letter, f in zip(carried.letters, carried.fires, strict=True)}


def _json(made: Made, to: Path | None) -> dict[str, Any]:
    formula = None
    if made.what == "expression":
        formula = functor(statement(made.source).expression)
    return {
        "what": made.what,
        "source": made.source,
        "formula": formula,
        "cells": made.report.cells,
        "endings": made.report.endings,
        "largest_threshold": made.report.max_threshold,
        "order": made.report.order,
        "order_proved": made.report.order_proved,
        "lag": made.report.lag,
        "period": made.period,
        "letters": _letters(made.carried),
        "initial": list(made.report.initial),
        "proof": proof_json(made.proof),
        "net": net_json.to_json(made.net),
        "files": None if to is None else {"to": str(to)},
    }
