"""Options that several commands share, each worded once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Json = Annotated[
    bool, typer.Option("--json", help="Print one JSON object on stdout (docs/formats.md).")
]
Seed = Annotated[
    int | None,
    typer.Option(
        "--seed",
        min=0,
        max=2**63 - 1,
        show_default="1",
        help="Page of the random-number table: plugboard, parts, order of exposures.",
    ),
]
State = Annotated[Path | None, typer.Option("--state", help="A saved machine (.npz).")]
