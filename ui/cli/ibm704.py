"""The commands of the IBM 704: run, debug, assemble, disassemble, convert.

Only the options stand here; the work is done in :mod:`ui.cli.ibm704_run`,
:mod:`ui.cli.ibm704_debug` and :mod:`ui.cli.ibm704_sap`, imported when a command runs.
"""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from ui.cli.options import Json

app = typer.Typer(help="The IBM 704 of 1954.")


class Engine(StrEnum):
    """Which engine runs the machine; they agree bit by bit."""

    COMPILED = "compiled"
    REFERENCE = "reference"


EngineOption = Annotated[Engine, typer.Option("--engine", help="Who runs the machine.")]
Core = Annotated[int, typer.Option("--core", help="Words of core storage: 4096, 8192 or 32768.")]
Switches = Annotated[
    str | None,
    typer.Option("--switches", show_default="none", help='Sense switches that are down: "1,3".'),
]
ProgramFile = Annotated[
    Path,
    typer.Argument(metavar="FILE", readable=False, help="SAP source, a deck of cards or a tape."),
]
Cards = Annotated[
    Path | None, typer.Option("--cards", readable=False, help="Deck for the card reader.")
]
NoEndOfFile = Annotated[
    bool,
    typer.Option(
        "--no-end-of-file", help="Let a program wait for cards; else it finds an end of file."
    ),
]
Tape = Annotated[
    list[str] | None,
    typer.Option(
        "--tape", metavar="N=FILE[:r]", help="Reel for tape unit N; :r without its ring, read only."
    ),
]
Drum = Annotated[
    list[str] | None, typer.Option("--drum", metavar="N=FILE", help="Words of logical drum N.")
]
Print = Annotated[
    Path | None,
    typer.Option(
        "--print", readable=False, show_default="stdout", help="Where the printer prints (text)."
    ),
]
Punch = Annotated[
    Path | None,
    typer.Option(
        "--punch", readable=False, help="Where the punch punches (.cbn, .dck, .crd, .txt)."
    ),
]
Film = Annotated[
    Path | None,
    typer.Option(
        "--film", readable=False, help="Folder for the CRT's frames (PNG); made if need be."
    ),
]

Probe = Annotated[
    list[str] | None,
    typer.Option(
        "--probe",
        metavar="WHERE[:fixed]",
        help="Watch a word by its name, as in SUM or W-3 (numbers octal).",
    ),
]
ProbeFile = Annotated[
    Path | None,
    typer.Option("--probes", help="Where probes write: .csv, .vcd, or a plot (.png ...)."),
]


@app.command()
def run(
    file: ProgramFile,
    cards: Cards = None,
    no_end_of_file: NoEndOfFile = False,
    tape: Tape = None,
    drum: Drum = None,
    paper: Print = None,
    punch: Punch = None,
    film: Film = None,
    switches: Switches = None,
    core: Core = 32768,
    engine: EngineOption = Engine.COMPILED,
    trace: Annotated[
        Path | None,
        typer.Option("--trace", readable=False, help="Write down every instruction, line by line."),
    ] = None,
    vcd: Annotated[
        Path | None,
        typer.Option("--vcd", readable=False, help="Write all registers and lamps as a waveform."),
    ] = None,
    probe: Probe = None,
    probes: ProbeFile = None,
    max_seconds: Annotated[
        float,
        typer.Option("--max-seconds", help="Machine time after which to stop, in seconds."),
    ] = 36_000.0,
    json: Json = False,
) -> None:
    """Run a program until the machine stops, and tell what it took and cost.

    Exit status 0: it halted, or wants more cards than there are; 1: the machine stopped for
    another reason, or time was up.

    firstwave 704 run program.sap --cards data.txt --tape 3=out.tap --switches 1,3
    """
    from ui.cli import ibm704_run as room
    from ui.cli.ibm704_units import media

    request = room.Request(
        file=file,
        media=media(cards, tape or (), drum or (), paper, punch, film, not no_end_of_file),
        switches=switches,
        core=core,
        engine=engine.value,
        trace=trace,
        vcd=vcd,
        probe=tuple(probe or ()),
        probes=probes,
        max_seconds=max_seconds,
    )
    raise typer.Exit(room.run(request, json))


_PARAMETERS = {"allow_extra_args": True, "ignore_unknown_options": True}
RuleName = Annotated[
    str | None, typer.Argument(metavar="[RULE]", help="Which rule; without it they are listed.")
]


@app.command(context_settings=_PARAMETERS)
def learn(
    context: typer.Context,
    rule: RuleName = None,
    cards: Annotated[
        Path | None,
        typer.Option("--cards", readable=False, help="A data deck of your own (text or .cbn)."),
    ] = None,
    punch: Annotated[
        Path | None,
        typer.Option("--punch", readable=False, help="Keep the data deck as text, a card a line."),
    ] = None,
    engine: EngineOption = Engine.COMPILED,
    paper: Annotated[
        Path | None,
        typer.Option("--print", readable=False, help="Keep what the printer printed (text)."),
    ] = None,
    plot: Annotated[
        Path | None, typer.Option("--plot", help="Draw the learning curve (.png, .svg, .pdf).")
    ] = None,
    trace: Annotated[
        Path | None,
        typer.Option("--trace", readable=False, help="Write down every instruction, line by line."),
    ] = None,
    probe: Probe = None,
    probes: ProbeFile = None,
    max_seconds: Annotated[
        float,
        typer.Option("--max-seconds", help="Machine time after which to stop, in seconds."),
    ] = 360_000.0,
    json: Json = False,
) -> None:
    """Run a learning rule as a program of the 704; its parameters are options too.

    Exit status 0: the program came to its end; 1: it stopped before, and says why.

    firstwave 704 learn backprop-xor --rate 0.5 --momentum 0.9 --seed 7 --plot curve.png
    """
    from ui.cli import ibm704_learn as room

    if rule is None:
        from simulator.errors import Mistake
        from ui.cli import console

        if json or any((cards, punch, paper, plot, trace, probe, probes)):
            raise Mistake("which rule? `firstwave 704 learn` lists them")
        console.write(room.list_rules())
        raise typer.Exit
    request = room.Request(
        rule=rule,
        chosen=room.parameters(context.args),
        cards=cards,
        punch=punch,
        engine=engine.value,
        paper=paper,
        plot=plot,
        trace=trace,
        probe=tuple(probe or ()),
        probes=probes,
        max_seconds=max_seconds,
    )
    raise typer.Exit(room.run(request, json))


@app.command(context_settings=_PARAMETERS)
def step(
    context: typer.Context,
    rule: Annotated[str, typer.Argument(metavar="RULE", help="Which rule: see 704 learn.")],
    engine: EngineOption = Engine.COMPILED,
) -> None:
    """Open the debugger where a rule changes its first weight, and show it before and after.

    Parameters of the rule are options, as for learn. Commands come from stdin, a line each.
    """
    from ui.cli import ibm704_step as room
    from ui.cli.ibm704_learn import parameters

    raise typer.Exit(room.run(rule, parameters(context.args), engine.value))


@app.command()
def debug(
    file: ProgramFile,
    cards: Cards = None,
    no_end_of_file: NoEndOfFile = False,
    tape: Tape = None,
    drum: Drum = None,
    paper: Print = None,
    punch: Punch = None,
    film: Film = None,
    switches: Switches = None,
    core: Core = 32768,
    engine: EngineOption = Engine.COMPILED,
) -> None:
    """Look over a program's shoulder: step, break, watch, examine, deposit, and back again.

    Commands come from stdin, a line each; `help` lists them. In a script the first mistake ends
    the session with status 2.
    """
    from ui.cli import ibm704_debug as room
    from ui.cli.ibm704_units import media

    given = media(cards, tape or (), drum or (), paper, punch, film, not no_end_of_file)
    raise typer.Exit(room.run(file, given, switches, core, engine.value))


@app.command()
def assemble(
    source: Annotated[
        Path, typer.Argument(metavar="SRC", readable=False, help="SAP source (docs/sap.md).")
    ],
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", "-o", readable=False, help="Where to punch the deck (.cbn, .dck, .crd, .txt)."
        ),
    ] = None,
    listing: Annotated[
        Path | None, typer.Option("--listing", readable=False, help="Where to print the listing.")
    ] = None,
    library: Annotated[
        Path | None,
        typer.Option("--library", readable=False, help="Folder of routines (NAME.sap) for LIB."),
    ] = None,
    loader: Annotated[
        bool, typer.Option("--loader", help="Put a card in front that loads the others.")
    ] = False,
    json: Json = False,
) -> None:
    """Assemble SAP source into a binary deck; without -o only look for mistakes.

    firstwave 704 assemble program.sap -o deck.cbn --listing program.lst
    """
    from ui.cli import ibm704_sap as room

    raise typer.Exit(room.assemble(source, out, listing, library, loader, json))


@app.command()
def disassemble(
    deck: Annotated[
        Path, typer.Argument(metavar="DECK", readable=False, help="A deck of binary cards.")
    ],
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", "-o", readable=False, show_default="stdout", help="Where to write the source."
        ),
    ] = None,
    start: Annotated[
        str | None,
        typer.Option(
            "--start",
            show_default="as on the transfer card",
            help="Octal location to follow the program from; none: take all for instructions.",
        ),
    ] = None,
) -> None:
    """Write a deck of cards as SAP source that assembles to the same words."""
    from ui.cli import ibm704_sap as room

    raise typer.Exit(room.disassemble(deck, out, start))


@app.command()
def convert(
    source: Annotated[
        Path, typer.Argument(metavar="SRC", readable=False, help="Cards, a tape or a drum.")
    ],
    target: Annotated[
        Path, typer.Argument(metavar="DST", readable=False, help="Its suffix tells the form.")
    ],
    json: Json = False,
) -> None:
    """Write cards, a tape or a drum in another form; nothing is lost (docs/formats.md).

    firstwave 704 convert deck.cbn deck.tap
    """
    from ui.cli import ibm704_sap as room

    raise typer.Exit(room.convert_file(source, target, json))
