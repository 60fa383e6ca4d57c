"""The commands of the photocell board, a physical eye on a serial line.

Only the options stand here; the work is done in modules of one command each.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ui.cli.eye_options import BAUD, Baud, CalibrationOption, Port
from ui.cli.options import Json

app = typer.Typer(help="The photocell board: a physical eye on a serial line.")
Seconds = Annotated[
    float | None,
    typer.Option("--seconds", min=0.1, max=1e6, show_default="until Ctrl-C", help="For how long."),
]


@app.command("list")
def list_ports(json: Json = False) -> None:
    """List the serial ports, those a board may be on first; none is opened.

    Exit status 1: there is no serial port.
    """
    from ui.cli import board_list as room

    raise typer.Exit(room.run(json))


@app.command()
def monitor(
    port: Port,
    seconds: Seconds = None,
    lamps: Annotated[
        str, typer.Option("--lamps", help="Light these response lamps meanwhile: 1,3,8.")
    ] = "",
    calibration: CalibrationOption = None,
    baud: Baud = BAUD,
    json: Json = False,
) -> None:
    """Watch what a board sees, and how its line is.

    Exit status 1: at the end no frames were coming.
    """
    from ui.cli import board_monitor as room

    raise typer.Exit(room.run(port, seconds, lamps, calibration, baud, json))


@app.command()
def calibrate(
    port: Port,
    save: Annotated[Path, typer.Option("--save", help="The calibration's file (.json).")],
    baud: Baud = BAUD,
    json: Json = False,
) -> None:
    """Find out what darkness and light are to each photocell of a board."""
    from ui.cli import board_calibrate as room

    raise typer.Exit(room.run(port, save, baud, json))


@app.command()
def emulate(
    rows: Annotated[int, typer.Option("--rows", min=1, max=64, help="Rows of photocells.")] = 20,
    cols: Annotated[int, typer.Option("--cols", min=1, max=64, help="Photocells in a row.")] = 20,
    bits: Annotated[int, typer.Option("--bits", min=1, max=8, help="Of each reading.")] = 6,
    lamps: Annotated[int, typer.Option("--lamps", min=0, max=8, help="Response lamps.")] = 8,
    show: Annotated[
        str | None,
        typer.Option("--show", help="What stands before it, in turn: E,X, A-Z or a folder."),
    ] = None,
    each: Annotated[
        float | None,
        typer.Option(
            "--each",
            min=0.04,
            show_default="the first, until another is typed",
            help="Seconds for which each is shown.",
        ),
    ] = None,
    fault: Annotated[
        list[str] | None,
        typer.Option("--fault", help="What is wrong with it; several are allowed. help lists them"),
    ] = None,
    socket: Annotated[
        str | None,
        typer.Option(
            "--socket",
            metavar="HOST:PORT",
            show_default="a pseudo terminal",
            help="Where it is found; port 0 takes a free one.",
        ),
    ] = None,
    bootloader: Annotated[
        str, typer.Option("--bootloader", help="How it starts when opened: uno, mega or none.")
    ] = "uno",
    baud: Baud = BAUD,
    seconds: Seconds = None,
    json: Json = False,
) -> None:
    """Be a photocell board, for other programs on this computer.

    While it runs, type the name of a letter or figure to put it before the board, dark to cover it,
    or light to light it evenly.

    firstwave board emulate --show E --socket 127.0.0.1:7000
    """
    from ui.cli import board_emulate as room

    request = room.Request(
        rows=rows,
        columns=cols,
        bits=bits,
        lamps=lamps,
        show=show,
        each_s=each,
        faults=tuple(fault or ()),
        socket=socket,
        bootloader=bootloader,
        baud=baud,
        seconds=seconds,
    )
    raise typer.Exit(room.run(request, json))
