"""``firstwave mark1 separable``: can this machine learn it at all? A verdict, with its proof."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from machines.mark1.tasks import Corrections, activity, corrections, verdicts
from simulator.errors import Mistake
from ui.cli import console
from ui.cli.mark1_set_up import at_the_bench, seed_line
from ui.cli.series import compiling_announced
from ui.cli.status import DONE, NO

if TYPE_CHECKING:
    from machines.mark1 import Experimenter
    from machines.mark1.theory import Verdict
    from simulator.stimuli import StimulusSet
    from ui.cli.mark1_set_up import Bench

SWEEPS = 100
"""Most sweeps the ideal machine is taught for."""
LISTED = 30
"""Sums written out for an R-unit."""


@dataclass(frozen=True)
class Request:
    """What was asked for on the command line; None where nothing was said."""

    state: Path | None
    stimuli: str | None
    seed: int | None
    changes: dict[str, int]
    physics: str | None
    plugboard: Path | None
    engine: str


@dataclass(frozen=True)
class Found:
    """What was found out."""

    bench: Bench
    stimuli: StimulusSet
    active: NDArray[np.uint8]
    """Shape (stimuli, A-units)."""
    verdicts: tuple[Verdict, ...]
    made: Corrections
    plugboard: Path | None

    @property
    def names(self) -> list[str]:
        """Give the stimuli's names; where one stands twice, with their numbers."""
        names = list(self.stimuli.names)
        if len(set(names)) == len(names):
            return names
        return [f"{name} ({k + 1})" for k, name in enumerate(names)]

    def proof(self, r: int) -> str:
        """Put an R-unit's verdict and certificate in a sentence."""
        board = self.bench.experimenter.machine.board
        units = [f"A{a + 1}" for a in board.pot_a[board.pot_r == r].tolist()]
        return self.verdicts[r].explain(self.names, units)

    def sums(self, r: int) -> list[int] | None:
        """Give what an R-unit sums for each stimulus with the values of its certificate."""
        values, board = self.verdicts[r].values, self.bench.experimenter.machine.board
        if values is None:
            return None
        on = self.active[:, board.pot_a[board.pot_r == r]].astype(np.int64)
        sums: list[int] = (on @ values).tolist()
        return sums


def run(request: Request, as_json: bool) -> int:
    """Do it; give the exit status: 1 if the task of some R-unit is not separable."""
    started_s = time.perf_counter()
    bench = at_the_bench(
        request.state,
        request.stimuli,
        request.engine,
        seed=request.seed,
        physics=request.physics,
        plugboard=request.plugboard,
        changes=request.changes,
    )
    stimuli, experimenter = bench.stimuli, bench.experimenter
    if stimuli is None:
        raise Mistake(f"{request.state}: was never taught anything, so it has no task")
    machine, desired = experimenter.machine, experimenter.desired(stimuli)
    with compiling_announced(request.engine):
        active = activity(machine, stimuli.levels)
        made = corrections(machine, stimuli.levels, desired, SWEEPS, bench.seed)
    found = Found(
        bench, stimuli, active, verdicts(machine, active, desired), made, request.plugboard
    )
    if as_json:
        console.write_json(_json(found, round(time.perf_counter() - started_s, 3)))
    else:
        _show(found)
    return NO if any(verdict.separable is False for verdict in found.verdicts) else DONE


def _json(found: Found, wall_s: float) -> dict[str, Any]:
    machine, made = found.bench.experimenter.machine, found.made
    rows = zip(found.verdicts, made.bounds, made.by_response.tolist(), strict=True)
    result = {
        "classes": list(found.bench.experimenter.classes),
        "stimuli": [
            {"name": name, "active": (np.flatnonzero(row) + 1).tolist()}
            for name, row in zip(found.names, found.active, strict=True)
        ],
        "responses": [
            {
                "label": f"R{r + 1}",
                "separable": verdict.separable,
                "proof": found.proof(r),
                "sums": found.sums(r),
                "corrections": counted,
                "bound": bound,
            }
            for r, (verdict, bound, counted) in enumerate(rows)
        ],
        "ideal": {"sweeps": made.sweeps, "errorless": made.errorless},
    }
    about = {"machine": machine.name, "engine": machine.engine, "seed": found.bench.seed}
    return console.document("mark1-separable", result, **about, wall_s=wall_s)


def _show(found: Found) -> None:
    from rich.table import Table

    bench, made = found.bench, found.made
    table = Table("R-unit", "separable", "corrections", "never more than", box=None, pad_edge=False)
    for column in table.columns[2:]:
        column.justify = "right"
    rows = zip(found.verdicts, made.bounds, made.by_response.tolist(), strict=True)
    for r, (verdict, bound, counted) in enumerate(rows):
        yes = {True: "yes", False: "no", None: "undecided"}[verdict.separable]
        table.add_row(f"R{r + 1}", yes, str(counted), "-" if bound is None else str(bound))
    ended = "without error" if made.errorless else "with errors left"
    console.show(
        f"Mark I, {seed_line(bench.seed, found.plugboard)}: "
        f"{console.stimuli(len(found.stimuli))}, "
        f"{', '.join(bench.experimenter.classes)}",
        table,
        f"corrections: counted on the ideal machine of this plugboard, {made.sweeps} sweeps of at "
        f"most {SWEEPS}, the last {ended}; never more: Novikoff's bound for it",
        *_proofs(found),
        "to check: --json lists the A-units active for each stimulus",
        *_rivals(bench.experimenter),
    )


def _proofs(found: Found) -> Iterator[str]:
    for r in range(len(found.verdicts)):
        yield f"R{r + 1} is {found.proof(r)}"
        if (sums := found.sums(r)) is not None:
            pairs = list(zip(found.names, sums, strict=True))
            more = f", and {len(pairs) - LISTED} more" if len(pairs) > LISTED else ""
            listed = ", ".join(f"{name} {total:+d}" for name, total in pairs[:LISTED])
            yield f"   its sums are then {listed}{more}"


def _rivals(experimenter: Experimenter) -> list[str]:
    if experimenter.code_name == "binary":
        return []
    return ["(each R-unit by itself; in competition they may do what no one of them does alone)"]
