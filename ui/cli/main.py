"""The ``firstwave`` command: its front door.

This module only names the commands and turns mistakes into one line. What a command needs (numpy,
numba, matplotlib, the machines) is imported inside the command, so that ``firstwave --version``
answers at once.

Data goes to stdout, progress and mistakes to stderr. Exit status: 0 done, 1 ran but the answer is
no, 2 a mistake of the user's, 130 interrupted.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
import typer.core

from ui.cli import board as board_commands
from ui.cli import eye_options as eyes
from ui.cli import ibm704, mark1, nets
from ui.cli.mark1_options import AssociationUnits, Engine, EngineOption, Physics
from ui.cli.options import Json, Seed, State
from ui.cli.status import INTERRUPTED, USER_MISTAKE

# newer typer carries a copy of click of its own, older typer uses click itself: the root of all
# mistakes on a command line is reached the same way in both.
_UsageMistake: type[Exception] = typer.BadParameter.__mro__[2]


class _Commands(typer.core.TyperGroup):
    """All commands; Ctrl-C leaves them as an exception, whatever typer makes of it."""

    def invoke(self, ctx: Any) -> Any:
        """Run one; newer typer would give status 130 for Ctrl-C without a word."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt as stopped:
            raise typer.Abort from stopped


app = typer.Typer(
    cls=_Commands,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.add_typer(mark1.app, name="mark1")
app.add_typer(ibm704.app, name="704")
app.add_typer(nets.app, name="nets")
app.add_typer(board_commands.app, name="board")


def _print_version(wanted: bool) -> None:
    if wanted:
        from ui.cli.version import version

        print(f"firstwave {version()}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def firstwave(
    context: typer.Context,
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_print_version, is_eager=True, help="Tell the version and leave."
        ),
    ] = False,
) -> None:
    """Simulate the first wave of neural machines, event by event.

    Without a command the Mark I's front panel opens; where there is no display, the demo runs.
    """
    if context.invoked_subcommand is None:
        from ui.cli import demo, panel

        if panel.has_display():
            raise typer.Exit(panel.open_panel("mark1"))
        print(
            "firstwave: no display here, so instead of the panel this is `firstwave demo`",
            file=sys.stderr,
        )
        raise typer.Exit(demo.run())


@app.command()
def doctor(json: Json = False) -> None:
    """Look over this computer: libraries, display, sound, serial ports, compiled code."""
    from ui.cli import doctor as room

    raise typer.Exit(room.run(json))


@app.command()
def demo(
    out: Annotated[
        Path, typer.Option("--out", help="Folder for the results; made if need be.")
    ] = Path("firstwave-demo"),
    seed: Seed = None,
    json: Json = False,
) -> None:
    """Teach a Mark I the alphabet, as in June 1960; no screen needed."""
    from ui.cli import demo as room

    raise typer.Exit(room.run(out, 1 if seed is None else seed, json))


@app.command()
def compare(
    stimuli: Annotated[
        str, typer.Option("--stimuli", help="What both are taught: letters, or a folder.")
    ] = "A-Z",
    exposures: Annotated[
        int, typer.Option("--exposures", min=1, max=1000, help="Sweeps through the stimuli.")
    ] = 8,
    rule: Annotated[
        str, typer.Option("--rule", help="forced, error-correction or spontaneous.")
    ] = "error-correction",
    physics: Annotated[
        Physics, typer.Option("--physics", help="The Mark I's parts; off: exact and instant.")
    ] = Physics.OFF,
    plugboard: Annotated[
        Path | None, typer.Option("--plugboard", help="A plugboard (.json); else drawn by --seed.")
    ] = None,
    theta: Annotated[
        int | None, typer.Option("--theta", show_default="2", help="Threshold of the A-units.")
    ] = None,
    association_units: AssociationUnits = None,
    table: Annotated[
        Path | None, typer.Option("--csv", help="Write answers and sums down, a line a trial.")
    ] = None,
    seed: Seed = None,
    engine: EngineOption = Engine.COMPILED,
    json: Json = False,
) -> None:
    """Teach the Mark I and the 704's program the same, trial by trial, and tell where they part.

    Exit status 0: they agree in every A-unit, sum, answer and value; 1: they part.
    """
    from ui.cli import compare as room

    given = {"theta": theta, "association_units": association_units}
    request = room.Request(
        stimuli=stimuli,
        exposures=exposures,
        rule=rule,
        physics=physics.value,
        seed=seed,
        plugboard=plugboard,
        changes={name: value for name, value in given.items() if value is not None},
        engine=engine.value,
        table=table,
    )
    raise typer.Exit(room.run(request, json))


@app.command()
def panel(
    machine: Annotated[str, typer.Argument(help="Which machine: mark1.")] = "mark1",
    shot: Annotated[
        Path | None, typer.Option("--shot", help="Write a picture of a lesson, or of --state.")
    ] = None,
    after: Annotated[
        float, typer.Option("--after", min=0, help="Seconds before the picture is taken.")
    ] = 3.0,
    seed: Seed = None,
    state: State = None,
    board: eyes.BoardOption = None,
    webcam: eyes.WebcamOption = None,
    calibration: eyes.CalibrationOption = None,
    dark_figure: eyes.DarkFigure = False,
    placing: eyes.PlacingOption = eyes.Placing.FILL,
    baud: eyes.Baud = eyes.BAUD,
) -> None:
    """Open a machine's front panel, with a photocell board or a webcam as its eye if one is named.

    firstwave panel mark1 --board socket://127.0.0.1:7000
    """
    from simulator.errors import Mistake
    from ui.cli import panel as room
    from ui.cli.eye import EyeRequest

    if seed is not None and state is not None:
        raise Mistake(f"--seed with --state: the machine saved in {state} has its own")
    eye = EyeRequest(board, webcam, baud, calibration, dark_figure, placing.value)
    page = 1 if seed is None else seed
    raise typer.Exit(room.open_panel(machine, shot, after, page, state, eye))


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command line.

    Parameters
    ----------
    argv
        The arguments; those of this process if left out.

    Returns
    -------
    int
        The exit status.
    """
    _open_what_is_closed()
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(AttributeError, ValueError):
            stream.reconfigure(errors="replace")  # type: ignore[union-attr]
    try:
        status = _run(argv)
        sys.stdout.flush()
    except BrokenPipeError:  # whoever read our output has left
        from ui.cli.console import silence

        silence(sys.stdout)
        status = 0
    except OSError as error:
        if error.filename is not None:
            raise
        status = _complain(f"the output cannot be written ({error.strerror})")
    return status


def _open_what_is_closed() -> None:
    """Give this process streams that lead nowhere for those it was started without (``>&-``)."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115


def _run(argv: Sequence[str] | None) -> int:
    from simulator.errors import Mistake

    arguments = sys.argv[1:] if argv is None else list(argv)
    try:
        status = app(args=arguments, prog_name="firstwave", standalone_mode=False)
    except (KeyboardInterrupt, typer.Abort):
        _complain("interrupted")
        return INTERRUPTED
    except Mistake as mistake:
        return _complain(str(mistake))
    except _UsageMistake as mistake:
        return _complain(_usage(mistake))
    return int(status or 0)


def _usage(mistake: Exception) -> str:
    """Word a usage mistake in one line that says where help is."""
    said = " ".join(mistake.format_message().split())  # type: ignore[attr-defined]
    context = getattr(mistake, "ctx", None)
    return f"{said} (see `{context.command_path if context else 'firstwave'} --help`)"


def _complain(line: str) -> int:
    print(f"firstwave: {line}", file=sys.stderr)
    return USER_MISTAKE


if __name__ == "__main__":
    raise SystemExit(main())
