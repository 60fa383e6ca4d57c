"""Options of every command that looks through a physical eye, each worded once."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

BAUD = 115200
"""The default speed of a board's line."""


class Placing(StrEnum):
    """How a board's photocells come to stand on the retina."""

    FILL = "fill"
    SMOOTH = "smooth"


BoardOption = Annotated[
    str | None,
    typer.Option(
        "--board",
        metavar="PORT|URL",
        help="Look through a photocell board: /dev/ttyACM0, COM3, usb:VID:PID, "
        "socket://HOST:PORT or rfc2217://HOST:PORT.",
    ),
]
Port = Annotated[
    str,
    typer.Argument(
        metavar="PORT|URL",
        help="The board: /dev/ttyACM0, COM3, usb:VID:PID, socket://HOST:PORT "
        "or rfc2217://HOST:PORT.",
    ),
]
Baud = Annotated[
    int, typer.Option("--baud", help="Speed of the board's line, as set in its sketch.")
]
CalibrationOption = Annotated[
    Path | None,
    typer.Option(
        "--calibration",
        show_default="none: by the darkest and lightest seen lately",
        help="The board's calibration (.json), from firstwave board calibrate.",
    ),
]
DarkFigure = Annotated[
    bool, typer.Option("--dark-figure", help="The figure is dark on a light ground (print).")
]
PlacingOption = Annotated[
    Placing, typer.Option("--placing", help="Each photocell a block, or blended with the next.")
]
WebcamOption = Annotated[
    int | None,
    typer.Option("--webcam", min=0, max=63, help="Look through a webcam: its number, from 0."),
]
