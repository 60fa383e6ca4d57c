"""The commands of McCulloch-Pitts nets: draw, compile, run, analyse, compare, export, break.

Only the options stand here; each job is done in a module of its own (``nets_run`` and so on),
imported when a command runs.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ui.cli.nets_choices import Code, Engine, Kind, Others, Target
from ui.cli.options import Json

app = typer.Typer(help="The nets of McCulloch and Pitts, 1943.")


NET = "A file (JSON, neur text, BLIF, JSON of Yosys), or a figure of the paper: figure:1e."
NetArgument = Annotated[str, typer.Argument(metavar="NET", show_default=False, help=NET)]
Stimulus = Annotated[
    Path | None,
    typer.Option(
        "--stimulus",
        metavar="FILE",
        readable=False,
        help="What the afferents carry: CSV with their names on top, lines as: N1 ..||. or VCD.",
    ),
]
Fire = Annotated[
    list[str] | None,
    typer.Option(
        "--fire",
        metavar="NAME@T",
        help="Let an afferent fire: at a tick, some, or a stretch: N2@0  N1@1,4,7-9.",
    ),
]
Ticks = Annotated[
    int | None,
    typer.Option("--ticks", min=0, show_default="8 beyond the stimulus", help="How long to run."),
]
WrittenTo = Annotated[
    Path | None,
    typer.Option(
        "--to", metavar="FILE", readable=False, help="Write the net: .json .svg .dot .v .blif"
    ),
]
AlwaysCell = Annotated[
    bool,
    typer.Option(
        "--always-cell", help="Allow a cell that always fires, for what fires out of silence."
    ),
]


@app.command()
def figures(
    name: Annotated[
        str | None,
        typer.Argument(show_default="all", help="Which net of figure 1: 1a ... 1i."),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="FOLDER", help="Draw them there (SVG); made if need be."),
    ] = None,
    json: Json = False,
) -> None:
    """Show the nets of figure 1 of the paper, their formulas derived back from the wiring.

    firstwave nets figures 1e     # with the illusion of heat and cold
    """
    from ui.cli import nets_figures as room

    raise typer.Exit(room.run(name, out, json))


@app.command("compile")
def compile_(
    expression: Annotated[
        str | None,
        typer.Argument(
            metavar="EXPRESSION", show_default=False, help='What to say: "N1(t-1) v S^2 N2.~N3".'
        ),
    ] = None,
    table: Annotated[
        Path | None,
        typer.Option("--table", metavar="FILE", readable=False, help="A truth table instead."),
    ] = None,
    regex: Annotated[
        str | None, typer.Option("--regex", metavar="R", help="A regular expression instead.")
    ] = None,
    circuit: Annotated[
        Path | None,
        typer.Option(
            "--circuit", metavar="FILE", readable=False, help="BLIF or JSON of Yosys instead."
        ),
    ] = None,
    literal: Annotated[
        bool,
        typer.Option("--literal/--compact", help="Theorem II as it is proved, or fewest cells."),
    ] = False,
    always_cell: AlwaysCell = False,
    others: Annotated[
        Others | None,
        typer.Option("--others", help="What holds in rows the truth table does not list."),
    ] = None,
    alphabet: Annotated[
        str, typer.Option("--alphabet", help="All letters, if there are more than in R.")
    ] = "",
    search: Annotated[
        bool, typer.Option("--search", help="Answer whenever a word of R has just ended.")
    ] = False,
    start_fibre: Annotated[
        bool, typer.Option("--start-fibre", help="Let START be an afferent of its own.")
    ] = False,
    minsky: Annotated[
        bool, typer.Option("--minsky", help="By the automaton: a cell for each state and letter.")
    ] = False,
    code: Annotated[
        Code,
        typer.Option("--code", help="A fibre a letter, or numbers from 1 or 0 and a decoder."),
    ] = Code.ONE_HOT,
    to: WrittenTo = None,
    json: Json = False,
) -> None:
    """Draw the net of a sentence, a truth table, a regular expression or a circuit, with proof.

    Exit status 1: the net is wrong, which the counterexample shows.

    firstwave nets compile "a(t-1) v b(t-3).~b(t-2)" --to net.json
    firstwave nets compile --regex "(a|b)*abb"
    """
    from ui.cli import nets_compile as room

    given = room.Request(
        expression=expression,
        table=table,
        regex=regex,
        circuit=circuit,
        literal=literal,
        always_cell=always_cell,
        others=None if others is None else others.value,
        alphabet=alphabet,
        search=search,
        start_fibre=start_fibre,
        minsky=minsky,
        code=code.value,
        to=to,
    )
    raise typer.Exit(room.run(given, json))


@app.command()
def run(
    net: NetArgument,
    stimulus: Stimulus = None,
    fire: Fire = None,
    ticks: Ticks = None,
    show: Annotated[
        str | None,
        typer.Option("--show", metavar="NAMES", help="Which fibres to show, parted by commas."),
    ] = None,
    explain: Annotated[
        str | None,
        typer.Option("--explain", metavar="CELL@T", help="Why did it fire, or not? The causes."),
    ] = None,
    vcd: Annotated[
        Path | None,
        typer.Option("--vcd", readable=False, help="Write a waveform, and GTKWave's save file."),
    ] = None,
    raster: Annotated[
        Path | None, typer.Option("--raster", readable=False, help="Write all pulses as CSV.")
    ] = None,
    engine: Annotated[Engine, typer.Option("--engine", help="Who runs the net.")] = Engine.AUTO,
    json: Json = False,
) -> None:
    """Run a net from t = 0 and draw what every fibre does.

    firstwave nets run figure:1e --fire N2@0 --explain N3@3
    """
    from ui.cli import nets_run as room

    given = room.Request(
        net=net,
        stimulus=stimulus,
        fire=tuple(fire or ()),
        ticks=ticks,
        show=show,
        explain=explain,
        vcd=vcd,
        raster=raster,
        engine=engine.value,
    )
    raise typer.Exit(room.run(given, json))


@app.command()
def analyse(
    net: NetArgument,
    cell: Annotated[
        str | None,
        typer.Option("--cell", show_default="its outputs", help="Which cell to ask about."),
    ] = None,
    letters: Annotated[
        bool, typer.Option("--letters", help="Exactly one afferent fires at a time: letters.")
    ] = False,
    wait: Annotated[
        int | None,
        typer.Option(
            "--wait",
            min=0,
            max=1000,
            show_default="0; 1 with --letters",
            help="Silent ticks after a word before the answer is read.",
        ),
    ] = None,
    json: Json = False,
) -> None:
    """Tell what a net says: its formulas; with circles its order, automaton, regular expression.

    firstwave nets analyse figure:1i
    """
    from ui.cli import nets_analyse as room

    raise typer.Exit(room.run(net, cell, letters, wait, json))


@app.command()
def equivalent(
    left: Annotated[str, typer.Argument(metavar="A", show_default=False, help=NET)],
    right: Annotated[str, typer.Argument(metavar="B", show_default=False, help=NET)],
    lag: Annotated[
        int | None,
        typer.Option(
            "--lag",
            min=-1000,
            max=1000,
            show_default="any",
            help="Ticks B answers later than A; negative: earlier.",
        ),
    ] = None,
    json: Json = False,
) -> None:
    """Decide whether two nets say the same, up to a lag.

    Exit status 1: they do not, and a stimulus is shown that tells them apart.
    """
    from ui.cli import nets_equivalent as room

    raise typer.Exit(room.run(left, right, lag, json))


@app.command()
def transform(
    net: NetArgument,
    law: Annotated[Target, typer.Option("--law", help="The law to bring it under.")],
    to: WrittenTo = None,
    json: Json = False,
) -> None:
    """Bring a net under another law, as Theorems IV to VII do, and tell the lag that adds."""
    from ui.cli import nets_transform as room

    raise typer.Exit(room.run(net, law.value, to, json))


@app.command()
def threshold(
    function: Annotated[
        str | None,
        typer.Argument(metavar="F", show_default=False, help='A truth function: "a v b.c".'),
    ] = None,
    count: Annotated[
        int | None,
        typer.Option("--count", min=0, max=6, metavar="N", help="Count those of N fibres instead."),
    ] = None,
    to: Annotated[
        Path | None,
        typer.Option(
            "--to",
            metavar="FILE",
            readable=False,
            help="Write that cell as a net under relative inhibition: .json .svg .dot .v .blif",
        ),
    ] = None,
    json: Json = False,
) -> None:
    """Decide whether one cell with weights can do it: the least weights, or a proof it cannot.

    Exit status 1: it cannot.

    firstwave nets threshold "a ^ b"
    """
    from ui.cli import nets_threshold as room

    raise typer.Exit(room.run(function, count, to, json))


@app.command()
def export(
    net: NetArgument,
    to: Annotated[Kind, typer.Option("--to", help="What to write it as.")],
    out: Annotated[
        Path | None,
        typer.Option(
            "-o", "--out", readable=False, show_default="stdout", help="The file; - is stdout."
        ),
    ] = None,
    bench: Annotated[
        Path | None,
        typer.Option(
            "--bench", readable=False, help="A testbench that checks itself (--to verilog)."
        ),
    ] = None,
    stimulus: Stimulus = None,
    fire: Fire = None,
    ticks: Ticks = None,
    json: Json = False,
) -> None:
    """Write a net as Verilog, BLIF, DOT, SVG or JSON, or a run of it as CSV or VCD.

    firstwave nets export figure:1e --to verilog -o net.v --bench net_test.v --fire N2@0
    """
    from ui.cli import nets_export as room

    given = room.Request(net, to.value, out, bench, stimulus, tuple(fire or ()), ticks)
    raise typer.Exit(room.run(given, json))


@app.command()
def faults(
    net: NetArgument,
    stimulus: Stimulus = None,
    fire: Fire = None,
    ticks: Ticks = None,
    at_least: Annotated[
        float | None,
        typer.Option(
            "--at-least", min=0, max=100, metavar="PERCENT", help="Coverage that is wanted."
        ),
    ] = None,
    json: Json = False,
) -> None:
    """Break a net in every way, one fault at a time, and tell which faults a stimulus shows.

    Exit status 1: fewer than --at-least.
    """
    from ui.cli import nets_faults as room

    raise typer.Exit(room.run(net, stimulus, tuple(fire or ()), ticks, at_least, json))


@app.command()
def reliability(
    error: Annotated[
        float,
        typer.Option("--error", min=0, max=0.5, help="How often an organ's answer is wrong."),
    ] = 0.005,
    lines: Annotated[
        int, typer.Option("--lines", min=1, max=100_000, help="Lines of a bundle.")
    ] = 1000,
    delta: Annotated[
        float,
        typer.Option("--delta", min=0, max=0.5, help="Part of a bundle that may be wrong."),
    ] = 0.07,
    trials: Annotated[
        int, typer.Option("--trials", min=1, max=1_000_000, help="Stages that are tried.")
    ] = 200,
    seed: Annotated[
        int,
        typer.Option("--seed", min=0, max=2**62, help="Page of the random-number table."),
    ] = 1,
    json: Json = False,
) -> None:
    """Measure von Neumann's organs that err, triplicated and multiplexed, beside the theory."""
    from ui.cli import nets_reliability as room

    raise typer.Exit(room.run(room.Request(error, lines, delta, trials, seed), json))
