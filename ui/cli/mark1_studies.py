"""The Mark I's commands that study it: published experiments, damage, one trial, separability.

:mod:`ui.cli.mark1` makes commands of these functions; the work is done in modules of one command
each, such as :mod:`ui.cli.mark1_damage`, imported when a command runs.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ui.cli.mark1_options import Engine, EngineOption, Physics
from ui.cli.options import Json, Seed


def reproduce(
    names: Annotated[
        list[str] | None, typer.Argument(metavar="[NAME]...", help="Which; none: list them.")
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="All of them.")] = False,
    wirings: Annotated[
        int | None,
        typer.Option("--wirings", min=2, show_default="each its own", help="Plugboards for each."),
    ] = None,
    workers: Annotated[
        int | None,
        typer.Option("--workers", min=1, show_default="the cores", help="Processes at work."),
    ] = None,
    out: Annotated[
        Path, typer.Option("--out", help="Folder for results and plots; made if need be.")
    ] = Path("firstwave-reproductions"),
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Forget what was finished in an earlier run.")
    ] = False,
    page: Annotated[
        Path | None, typer.Option("--page", help="With --all: write it all up (.md).")
    ] = None,
    json: Json = False,
) -> None:
    """Do the published experiments again, over many plugboards, and judge them.

    What is finished is kept: interrupted, it goes on where it stood, and a second time it is there
    at once. Exit status 1: some published result was not reproduced.
    """
    from ui.cli import mark1_reproduce as room

    request = room.Request(
        names=tuple(names or ()),
        everything=everything,
        wirings=wirings,
        workers=workers,
        out=out,
        fresh=fresh,
        page=page,
    )
    raise typer.Exit(room.run(request, json))


def damage(
    state: Annotated[Path, typer.Option("--state", help="A taught machine (.npz).")],
    fault: Annotated[
        str,
        typer.Option(
            "--fault",
            help="S-dead, S-stuck, A-dead, A-stuck, wires-pulled, motors-seized, values-drifted "
            "or retina-noise.",
        ),
    ],
    fractions: Annotated[
        str, typer.Option("--fractions", help="How much is damaged, 0 to 1, with commas.")
    ] = "0,0.05,0.1,0.2,0.3,0.5",
    stimuli: Annotated[
        str | None,
        typer.Option(
            "--stimuli",
            show_default="the series in the machine",
            help='What to test with: "E,X", A-Z or a folder.',
        ),
    ] = None,
    draws: Annotated[
        int, typer.Option("--draws", help="Pages of the random-number table to try, from --seed.")
    ] = 5,
    seed: Annotated[
        int | None,
        typer.Option(
            "--seed",
            min=0,
            max=2**63 - 1,
            show_default="1",
            help="First page of the random-number table: which parts fail.",
        ),
    ] = None,
    plot: Annotated[
        Path | None, typer.Option("--plot", help="Draw the damage curve (.png, .svg, .pdf).")
    ] = None,
    engine: EngineOption = Engine.COMPILED,
    json: Json = False,
) -> None:
    """Damage a taught Mark I more and more, and see how much it still knows.

    The saved machine stays as it is. With motors-seized the machine is taught again from centred
    values before each test.

    firstwave mark1 damage --state ex.npz --fault A-dead --plot damage.png
    """
    from ui.cli import mark1_damage as room

    request = room.Request(
        state=state,
        fault=fault,
        fractions=fractions,
        stimuli=stimuli,
        draws=draws,
        seed=seed,
        plot=plot,
        engine=engine.value,
    )
    raise typer.Exit(room.run(request, json))


def trial(
    state: Annotated[Path | None, typer.Option("--state", help="A taught machine (.npz).")] = None,
    stimuli: Annotated[
        str | None, typer.Option("--stimuli", help="Or a new machine for these: E,X.")
    ] = None,
    show: Annotated[
        str | None,
        typer.Option(
            "--show",
            show_default="the first stimulus",
            help="One of them, another letter or figure, or a picture file.",
        ),
    ] = None,
    desired: Annotated[
        str | None,
        typer.Option(
            "--desired", show_default="its own", help="Class whose code is desired, or free."
        ),
    ] = None,
    rule: Annotated[
        str | None,
        typer.Option(
            "--rule",
            show_default="as taught, or error-correction",
            help="What a pulse reinforces; see firstwave mark1 rules.",
        ),
    ] = None,
    engine: EngineOption = Engine.COMPILED,
    seed: Seed = None,
    physics: Annotated[
        Physics | None,
        typer.Option("--physics", show_default="nominal", help="Parts exact, as new, or worn."),
    ] = None,
    vcd: Annotated[
        Path | None, typer.Option("--vcd", help="Write all lamps and meters as a waveform.")
    ] = None,
    json: Json = False,
) -> None:
    """Show one trial act by act, with times: exposed, sensed, answered, compared, reinforced.

    A saved machine is not altered.

    firstwave mark1 trial --stimuli E,X --show X
    """
    from ui.cli import mark1_trial as room

    request = room.Request(
        state=state,
        stimuli=stimuli,
        seed=seed,
        show=show,
        desired=desired,
        rule=rule,
        physics=physics.value if physics else None,
        engine=engine.value,
        vcd=vcd,
    )
    raise typer.Exit(room.run(request, json))


def separable(
    stimuli: Annotated[
        str | None, typer.Option("--stimuli", help='The task of a new machine: "E,X", A-Z.')
    ] = None,
    state: Annotated[
        Path | None, typer.Option("--state", help="Or what a saved machine was last taught.")
    ] = None,
    engine: EngineOption = Engine.COMPILED,
    seed: Seed = None,
    theta: Annotated[
        int | None, typer.Option("--theta", show_default="2", help="Threshold of the A-units.")
    ] = None,
    physics: Annotated[
        Physics | None,
        typer.Option("--physics", show_default="nominal", help="Parts exact, as new, or worn."),
    ] = None,
    plugboard: Annotated[
        Path | None, typer.Option("--plugboard", help="Use a saved plugboard (.json).")
    ] = None,
    json: Json = False,
) -> None:
    """Tell whether a Mark I can learn stimuli at all, with a proof for every R-unit.

    Exit status 1: the task of some R-unit is not separable, so that no values do it.

    firstwave mark1 separable --stimuli A-Z
    """
    from ui.cli import mark1_separable as room

    request = room.Request(
        state=state,
        stimuli=stimuli,
        seed=seed,
        changes={} if theta is None else {"theta": theta},
        physics=physics.value if physics else None,
        plugboard=plugboard,
        engine=engine.value,
    )
    raise typer.Exit(room.run(request, json))
