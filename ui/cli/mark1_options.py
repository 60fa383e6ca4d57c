"""Options that several commands of the Mark I share, each worded once."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer


class Engine(StrEnum):
    """Which engine runs the machine; they agree bit by bit."""

    COMPILED = "compiled"
    REFERENCE = "reference"


class Physics(StrEnum):
    """How the machine's parts are: see the table in machines/mark1/README.md."""

    OFF = "off"
    NOMINAL = "nominal"
    WORN = "worn"


class Crop(StrEnum):
    """Which piece of a picture the eye is given."""

    NONE = "none"
    SQUARE = "square"
    FIGURE = "figure"


EngineOption = Annotated[Engine, typer.Option("--engine", help="Who runs the machine.")]
Threshold = Annotated[
    str | None,
    typer.Option(
        "--threshold",
        show_default="otsu, or as taught",
        help="For pictures, lit from here: 0..255, mean, otsu, local (uneven light), none (grey).",
    ),
]
CropOption = Annotated[
    Crop | None,
    typer.Option(
        "--crop", show_default="none, or as taught", help="For pictures, which piece to show."
    ),
]
Excitatory = Annotated[
    int | None,
    typer.Option("--excitatory", show_default="10", help="Excitatory origin points of an A-unit."),
]
Inhibitory = Annotated[
    int | None,
    typer.Option("--inhibitory", show_default="10", help="Inhibitory origin points of an A-unit."),
]
AssociationUnits = Annotated[
    int | None, typer.Option("--association-units", show_default="512", help="A-units.")
]
