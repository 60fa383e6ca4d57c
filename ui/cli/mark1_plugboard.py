"""The commands of the Mark I's plugboard: make, show, check, plug, diff.

Only the options stand here; the work is done in :mod:`ui.cli.mark1_boards`, imported when a
command runs.
"""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from ui.cli.mark1_options import AssociationUnits, Excitatory, Inhibitory
from ui.cli.options import Json, Seed

app = typer.Typer(help="The plugboard of the Mark I: draw one, look it over, re-plug it.")


class Wiring(StrEnum):
    """How the origin points of an A-unit are drawn."""

    RANDOM = "random"
    GAUSSIAN = "gaussian"
    UNIFORM = "uniform"


Board = Annotated[Path, typer.Argument(metavar="FILE", help="A saved plugboard (.json).")]
Out = Annotated[Path, typer.Option("--out", "-o", help="Where to save the board (.json).")]
Note = Annotated[str | None, typer.Option("--note", help="What the file shall say of itself.")]


@app.command()
def make(
    out: Out,
    seed: Seed = None,
    wiring: Annotated[
        Wiring,
        typer.Option("--wiring", help="Origin points from all of the retina, or around a centre."),
    ] = Wiring.RANDOM,
    reach: Annotated[
        int | None,
        typer.Option(
            "--reach",
            show_default="4",
            help="Around a centre, how far, in photocells: gaussian, standard deviation; "
            "uniform, most rows and columns.",
        ),
    ] = None,
    dense: Annotated[
        bool,
        typer.Option("--dense", help="Not historical: each A-unit to each R-unit in use."),
    ] = False,
    responses: Annotated[
        int | None,
        typer.Option(
            "--responses",
            show_default="as the classes need",
            help="Fix among how many R-units the A-units are shared out.",
        ),
    ] = None,
    excitatory: Excitatory = None,
    inhibitory: Inhibitory = None,
    association_units: AssociationUnits = None,
    note: Note = None,
    json: Json = False,
) -> None:
    """Draw a board from the random-number table and save it, one A-unit a line.

    firstwave mark1 plugboard make -o board.json --wiring gaussian --reach 3
    """
    from ui.cli import mark1_boards as room

    changes = {
        "wiring_seed": seed,
        "responses_in_use": responses,
        "excitatory": excitatory,
        "inhibitory": inhibitory,
        "association_units": association_units,
    }
    known = {name: value for name, value in changes.items() if value is not None}
    raise typer.Exit(room.make(out, wiring.value, reach, dense, known, note, json))


@app.command()
def show(
    file: Board,
    unit: Annotated[
        list[str] | None,
        typer.Option("--unit", help="Only what this unit is plugged to: A17, S203 or R3."),
    ] = None,
    association_units: AssociationUnits = None,
    json: Json = False,
) -> None:
    """Show a board, or what one unit is plugged to.

    firstwave mark1 plugboard show board.json --unit A17
    """
    from ui.cli import mark1_boards as room

    raise typer.Exit(room.show(file, unit or [], association_units, json))


@app.command()
def check(
    file: Board,
    lit: Annotated[
        float | None,
        typer.Option("--lit", help="Tell P_a for a stimulus that lights this part of the retina."),
    ] = None,
    theta: Annotated[
        int | None,
        typer.Option("--theta", show_default="2", help="Threshold of the A-units, for P_a."),
    ] = None,
    association_units: AssociationUnits = None,
    json: Json = False,
) -> None:
    """Tell whether a board can be plugged, and how its plugs are spread.

    firstwave mark1 plugboard check board.json --lit 0.2
    """
    from ui.cli import mark1_boards as room

    raise typer.Exit(room.check(file, lit, theta, association_units, json))


@app.command()
def plug(
    file: Board,
    wires: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="WIRE", help="To plug: A17+S203, A17-S5; to move, in quotes: 'A17>R3'."
        ),
    ] = None,
    *,
    out: Out,
    pull: Annotated[
        list[str] | None, typer.Option("--pull", help="A wire to pull first; may be repeated.")
    ] = None,
    association_units: AssociationUnits = None,
    note: Note = None,
    json: Json = False,
) -> None:
    """Re-plug a board by hand, and save it as another.

    firstwave mark1 plugboard plug board.json A17+S203 'A17>R3' --pull A17+S5 -o mine.json
    """
    from ui.cli import mark1_boards as room

    acts = room.Acts(pull or [], wires or [])
    raise typer.Exit(room.plug(file, acts, out, note, association_units, json))


@app.command()
def diff(
    left: Annotated[Path, typer.Argument(metavar="LEFT", help="A saved plugboard.")],
    right: Annotated[Path, typer.Argument(metavar="RIGHT", help="Another one.")],
    association_units: AssociationUnits = None,
    json: Json = False,
) -> None:
    """Compare two boards, a wire a line.

    Exit status 0: they are plugged alike; 1: they differ.

    firstwave mark1 plugboard diff board.json mine.json
    """
    from ui.cli import mark1_boards as room

    raise typer.Exit(room.diff(left, right, association_units, json))
