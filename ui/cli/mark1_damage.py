"""``firstwave mark1 damage``: how a taught Mark I gets worse as its parts fail.

The saved machine is read and never written. Every fraction of damage is tried with several pages
of the random-number table (draws), each on the machine as it was taught.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from machines.mark1 import resume
from machines.mark1.faults import KINDS, Row, damage_curve
from simulator.errors import Mistake
from simulator.stimuli import named
from ui.cli import console
from ui.cli.mark1_set_up import how_seen, say_if_not_historical, series_of
from ui.cli.series import compiling_announced, ctrl_c_noted
from ui.cli.status import DONE, INTERRUPTED
from ui.report import check_picture_path, damage_bands

if TYPE_CHECKING:
    from machines.mark1 import Experimenter
    from simulator.stimuli import StimulusSet

EXAMPLE = "0,0.05,0.1"

MOST_FRACTIONS, MOST_DRAWS = 1000, 1000
SAY_EVERY_S = 5.0


@dataclass(frozen=True)
class Request:
    """What was asked for on the command line; None where nothing was said."""

    state: Path
    fault: str
    fractions: str
    stimuli: str | None
    draws: int
    seed: int | None
    plot: Path | None
    engine: str


@dataclass(frozen=True)
class Outcome:
    """What came of it: for each fraction one row a draw."""

    request: Request
    experimenter: Experimenter
    stimuli: int
    seed: int
    rows: list[list[Row]]
    wall_s: float


def run(request: Request, as_json: bool) -> int:
    """Do it; give the exit status."""
    started_s = time.perf_counter()
    fractions = _check(request)
    experimenter, notes = resume(request.state, request.engine)
    stimuli = _stimuli(request, experimenter, notes)
    say_if_not_historical(experimenter)
    seed = 1 if request.seed is None else request.seed
    with compiling_announced(request.engine):
        rows = _try_all(request, experimenter, stimuli, fractions, seed)
    if rows is None:
        console.say("firstwave: interrupted; nothing was written")
        return INTERRUPTED
    wall_s = time.perf_counter() - started_s
    outcome = Outcome(request, experimenter, len(stimuli), seed, rows, wall_s)
    if request.plot is not None:
        _draw(outcome, request.plot)
    if as_json:
        console.write_json(_document(outcome))
    else:
        _show(outcome)
    return DONE


# laying everything out


def _check(request: Request) -> list[float]:
    """Refuse what can be refused before any work; give the fractions."""
    if request.fault not in KINDS:
        raise Mistake(f"--fault {request.fault}: no such fault; there are {', '.join(KINDS)}")
    if not 1 <= request.draws <= MOST_DRAWS:
        raise Mistake(f"--draws must lie between 1 and {MOST_DRAWS}, not {request.draws}")
    if request.seed is not None and request.seed + request.draws > 2**63:
        raise Mistake(f"--seed {request.seed}: the table has no {request.draws} pages from there")
    pictures = Path(request.stimuli) if request.stimuli else None
    console.check_outputs({"state": request.state}, {"stimuli": pictures}, plot=request.plot)
    if request.plot is not None:
        check_picture_path(request.plot)
    return _fractions(request.fractions)


def _fractions(text: str) -> list[float]:
    fractions = []
    for word in text.split(","):
        try:
            fraction = float(word)
        except ValueError:
            fraction = -1.0
        if not 0 <= fraction <= 1:
            raise Mistake(
                f"--fractions: {word.strip()!r} is not a number from 0 to 1; "
                f"write them with commas, as in {EXAMPLE}"
            )
        if fraction in fractions:
            raise Mistake(f"--fractions: {word.strip()} stands twice")
        fractions.append(fraction)
    if len(fractions) > MOST_FRACTIONS:
        raise Mistake(f"--fractions: at most {MOST_FRACTIONS}, not {len(fractions)}")
    return sorted(fractions)


def _stimuli(request: Request, experimenter: Experimenter, notes: dict[str, Any]) -> StimulusSet:
    state, d = request.state, experimenter.machine.description
    if experimenter.busy:
        raise Mistake(
            f"{state}: its series is unfinished; end it with "
            f"firstwave mark1 train --resume {state} --save {state}"
        )
    if request.stimuli is None:
        stimuli = series_of(experimenter)
        if stimuli is None:
            raise Mistake(f"{state}: holds no series; name --stimuli to test with")
        return stimuli
    stimuli = named(request.stimuli, d.rows, d.columns, **how_seen(notes, None, None))
    if odd := [name for name in stimuli.classes if name not in experimenter.classes]:
        raise Mistake(
            f"--stimuli {request.stimuli}: class {odd[0]} is not among those taught: "
            f"{', '.join(experimenter.classes)}"
        )
    return stimuli


# trying


def _try_all(
    request: Request,
    experimenter: Experimenter,
    stimuli: StimulusSet,
    fractions: list[float],
    seed: int,
) -> list[list[Row]] | None:
    """Try every fraction with every draw; None if Ctrl-C was pressed meanwhile."""
    total, said_s = len(fractions) * request.draws, time.perf_counter()
    rows: list[list[Row]] = []
    with ctrl_c_noted() as stop:
        for fraction in fractions:
            rows.append([])
            for page in range(seed, seed + request.draws):
                rows[-1] += damage_curve(experimenter, stimuli, request.fault, [fraction], page)
                if stop.pressed:
                    return None
                if time.perf_counter() - said_s > SAY_EVERY_S:
                    said_s = time.perf_counter()
                    done = (len(rows) - 1) * request.draws + len(rows[-1])
                    console.say(f"{request.fault}: {done} of {total} machines tried")
    return rows


# what came of it


def _accuracy(rows: list[Row]) -> dict[str, float]:
    values = [row.accuracy for row in rows]
    return {"least": min(values), "mean": sum(values) / len(values), "most": max(values)}


def _document(outcome: Outcome) -> dict[str, Any]:
    request, machine = outcome.request, outcome.experimenter.machine
    again = request.fault == "motors-seized"
    result = {
        "state": str(request.state),
        "fault": request.fault,
        "unit": KINDS[request.fault].unit,
        "stimuli": outcome.stimuli,
        "draws": request.draws,
        "curve": [
            {
                "fraction": rows[0].fraction,
                "amount": rows[0].amount,
                "wrong": [row.wrong for row in rows],
                "accuracy": _accuracy(rows),
                **({"exposures": [row.exposures for row in rows]} if again else {}),
            }
            for rows in outcome.rows
        ],
        "files": {"plot": str(request.plot)} if request.plot is not None else {},
    }
    return console.document(
        "mark1-damage",
        result,
        machine=machine.name,
        engine=machine.engine,
        seed=outcome.seed,
        machine_s=machine.now_ns / 1e9,
        wall_s=round(outcome.wall_s, 3),
    )


def _show(outcome: Outcome) -> None:
    from rich.table import Table

    request, kind = outcome.request, KINDS[outcome.request.fault]
    pages = f"pages {outcome.seed} to {outcome.seed + request.draws - 1}"
    again = request.fault == "motors-seized"
    unit, size = _FOR_PEOPLE.get(kind.unit, (kind.unit, 1))
    titles = ["fraction", unit, "right, mean", "least", "most"]
    table = Table(*titles, *(["exposures, mean"] if again else []), box=None, pad_edge=False)
    for column in table.columns:
        column.justify = "right"
    for rows in outcome.rows:
        right = _accuracy(rows)
        cells = [f"{right[name]:.1%}" for name in ("mean", "least", "most")]
        if again:
            cells.append(f"{sum(row.exposures for row in rows) / len(rows):.1f}")
        table.add_row(f"{rows[0].fraction:g}", f"{rows[0].amount / size:.12g}", *cells)
    console.show(
        f"{request.state}: {console.stimuli(outcome.stimuli)} shown with reinforcement off",
        f"{request.fault}: {kind.doc}",
        f"{request.draws} draws a row, {pages} of the random-number table"
        if request.draws > 1
        else f"one draw, page {outcome.seed} of the random-number table",
        table,
        *([f"plot: {request.plot}"] if request.plot is not None else []),
    )


def _draw(outcome: Outcome, path: Path) -> None:
    kind = outcome.request.fault
    spans = [_accuracy(rows) for rows in outcome.rows]
    damage_bands(
        [rows[0].fraction for rows in outcome.rows],
        [[span[name] for span in spans] for name in ("least", "mean", "most")],
        path,
        title=f"{kind}: {console.stimuli(outcome.stimuli)}, {outcome.request.draws} draws",
        what=_AXES.get(kind, f"fraction of the {KINDS[kind].unit}"),
    )


_FOR_PEOPLE = {"udeg": ("degrees", 1_000_000), "permille": ("per cent", 10)}
"""Units that nobody reads aloud: what to call them instead, and how many of them that is."""
_AXES = {
    "values-drifted": "largest drift, as a fraction of the travel from centre to end stop",
    "retina-noise": "fraction of the photocells at each exposure",
}
