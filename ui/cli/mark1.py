"""The commands of the Mark I Perceptron.

Only the options stand here; the work is done in modules of one command each, such as
:mod:`ui.cli.mark1_train`, imported when a command runs.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ui.cli import eye_options as eyes
from ui.cli import mark1_plugboard
from ui.cli.mark1_options import (
    AssociationUnits,
    CropOption,
    Engine,
    EngineOption,
    Excitatory,
    Inhibitory,
    Physics,
    Threshold,
)
from ui.cli.mark1_studies import damage, reproduce, separable, trial
from ui.cli.options import Json, Seed

app = typer.Typer(help="The Mark I Perceptron of 1960.")
app.add_typer(mark1_plugboard.app, name="plugboard")


@app.command()
def train(
    stimuli: Annotated[
        str | None,
        typer.Option("--stimuli", help='What to teach: "E,X", A-Z, square,circle or a folder.'),
    ] = None,
    exposures: Annotated[
        int | None,
        typer.Option(
            "--exposures", min=1, show_default="40", help="Most exposures of each stimulus."
        ),
    ] = None,
    rule: Annotated[
        str | None,
        typer.Option(
            "--rule",
            show_default="error-correction",
            help="What a pulse reinforces; see firstwave mark1 rules.",
        ),
    ] = None,
    engine: EngineOption = Engine.COMPILED,
    seed: Seed = None,
    save: Annotated[
        Path | None, typer.Option("--save", help="Save the taught machine, also upon Ctrl-C.")
    ] = None,
    resume: Annotated[
        Path | None,
        typer.Option("--resume", help="Go on with a saved machine, as if never interrupted."),
    ] = None,
    test: Annotated[
        Path | None, typer.Option("--test", help="Folder of held-out pictures to test with.")
    ] = None,
    plot: Annotated[
        Path | None, typer.Option("--plot", help="Draw the learning curve (.png, .svg, .pdf).")
    ] = None,
    fields: Annotated[
        Path | None,
        typer.Option("--fields", help="Draw what each R-unit looks for (.png, .svg, .pdf)."),
    ] = None,
    vcd: Annotated[
        Path | None, typer.Option("--vcd", help="Write all lamps and meters as a waveform.")
    ] = None,
    threshold: Threshold = None,
    crop: CropOption = None,
    theta: Annotated[
        int | None, typer.Option("--theta", show_default="2", help="Threshold of the A-units.")
    ] = None,
    excitatory: Excitatory = None,
    inhibitory: Inhibitory = None,
    association_units: AssociationUnits = None,
    physics: Annotated[
        Physics | None,
        typer.Option(
            "--physics",
            show_default="nominal",
            help="Parts exact and instant, as new, or worn.",
        ),
    ] = None,
    plugboard: Annotated[
        Path | None, typer.Option("--plugboard", help="Use a saved plugboard (.json).")
    ] = None,
    board: eyes.BoardOption = None,
    webcam: eyes.WebcamOption = None,
    calibration: eyes.CalibrationOption = None,
    dark_figure: eyes.DarkFigure = False,
    placing: eyes.PlacingOption = eyes.Placing.FILL,
    baud: eyes.Baud = eyes.BAUD,
    json: Json = False,
) -> None:
    """Teach a Mark I a set of stimuli.

    With --board or --webcam the stimuli named are shown to that eye, one after another, at first.

    Exit status 0: every stimulus, shown again, is answered rightly; 1: some are not. Under the
    spontaneous rules, where the machine chooses its own responses, it is always 0.

    firstwave mark1 train --stimuli E,X --save ex.npz --plot curve.png
    """
    from ui.cli import mark1_train as room
    from ui.cli.eye import EyeRequest
    from ui.cli.mark1_lesson import Request

    changes = {
        "theta": theta,
        "excitatory": excitatory,
        "inhibitory": inhibitory,
        "association_units": association_units,
    }
    request = Request(
        stimuli=stimuli,
        exposures=exposures,
        rule=rule,
        engine=engine.value,
        seed=seed,
        changes={name: value for name, value in changes.items() if value is not None},
        physics=physics.value if physics else None,
        plugboard=plugboard,
        resume=resume,
        threshold=threshold,
        crop=crop.value if crop else None,
        save=save,
        test=test,
        plot=plot,
        fields=fields,
        vcd=vcd,
        eye=EyeRequest(board, webcam, baud, calibration, dark_figure, placing.value),
    )
    raise typer.Exit(room.run(request, json))


@app.command()
def recognise(
    state: Annotated[Path, typer.Option("--state", help="A taught machine (.npz).")],
    pictures: Annotated[
        list[Path] | None, typer.Argument(metavar="[PICTURE]...", help="Picture files.")
    ] = None,
    threshold: Threshold = None,
    crop: CropOption = None,
    engine: EngineOption = Engine.COMPILED,
    board: eyes.BoardOption = None,
    webcam: eyes.WebcamOption = None,
    calibration: eyes.CalibrationOption = None,
    dark_figure: eyes.DarkFigure = False,
    placing: eyes.PlacingOption = eyes.Placing.FILL,
    baud: eyes.Baud = eyes.BAUD,
    json: Json = False,
) -> None:
    """Show pictures to a taught Mark I and read its lamps.

    With --board or --webcam, whatever stands before that eye when Enter is pressed, until stdin
    ends (Ctrl-D). Exit status 1: something was answered with no class's code.
    """
    from ui.cli import mark1_bench as room
    from ui.cli.eye import EyeRequest

    crop_value = crop.value if crop else None
    eye = EyeRequest(board, webcam, baud, calibration, dark_figure, placing.value)
    raise typer.Exit(
        room.recognise(pictures or [], state, threshold, crop_value, engine.value, eye, json)
    )


for study in (reproduce, damage, trial, separable):
    app.command()(study)


@app.command()
def points(json: Json = False) -> None:
    """List everything one can look at and everything one can touch."""
    from ui.cli import mark1_bench as room

    raise typer.Exit(room.points(json))


@app.command()
def rules(json: Json = False) -> None:
    """List the positions of the reinforcement switch: all rules, with their sources."""
    from ui.cli import mark1_bench as room

    raise typer.Exit(room.rules(json))
