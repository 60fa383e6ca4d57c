"""``firstwave nets export``: a net, or a run of it, for programs that others made."""

from __future__ import annotations

import time
from pathlib import Path
from typing import NamedTuple

from machines.mcculloch_pitts import net_json
from machines.mcculloch_pitts.exports import blif, dot, svg, verilog, waveform
from machines.mcculloch_pitts.net import Net
from simulator.errors import Mistake
from simulator.files import write_whole
from ui.cli import console
from ui.cli.nets_given import given
from ui.cli.nets_stimulus import record_of, stimulus_of, ticks_for
from ui.cli.status import DONE

SUFFIXES = {
    ".json": "json",
    ".svg": "svg",
    ".dot": "dot",
    ".gv": "dot",
    ".v": "verilog",
    ".blif": "blif",
}
RUNS = ("csv", "vcd")
"""Kinds that are of a run, and no net."""


class Request(NamedTuple):
    """What was asked for on the command line; None where nothing was said."""

    net: str
    to: str
    out: Path | None
    bench: Path | None
    stimulus: Path | None
    fire: tuple[str, ...]
    ticks: int | None


def kind_of(path: Path) -> str:
    """Tell by its name what a net is written to a file as.

    Raises
    ------
    Mistake
        If the name does not tell.
    """
    kind = SUFFIXES.get(path.suffix.lower())
    if kind is None:
        raise Mistake(f"{path}: a net is written to files that end in {', '.join(SUFFIXES)}")
    return kind


def text_as(net: Net, kind: str) -> str:
    """Write a net as text.

    Raises
    ------
    Mistake
        If it cannot be written so.
    """
    match kind:
        case "json":
            return net_json.dumps(net)
        case "svg":
            return svg.picture(net)
        case "dot":
            return dot.graph(net)
        case "verilog":
            return verilog.module(net)
    return blif.model(net)


def run(request: Request, as_json: bool) -> int:
    """Do it; give the exit status."""
    started_s = time.perf_counter()
    if request.out == Path("-"):
        request = request._replace(out=None)
    if request.bench is not None and request.to != "verilog":
        raise Mistake("--bench is a testbench for --to verilog")
    plays = request.to in RUNS or request.bench is not None
    if not plays and (request.stimulus or request.fire or request.ticks is not None):
        raise Mistake(f"--to {request.to} plays no stimulus; that is for csv, vcd and --bench")
    if as_json and request.out is None:
        raise Mistake("--json tells of files; name one with --out")
    one = given(request.net)
    files = {"out": request.out, "bench": request.bench}
    console.check_outputs({"net": one.path, "stimulus": request.stimulus}, None, **files)
    if plays:
        stimulus = stimulus_of(one.net, request.stimulus, request.fire)
        ticks = ticks_for(stimulus, request.ticks)
    if request.to in RUNS:
        record, _ = record_of(one.net, stimulus, ticks, "auto")
        writes = waveform.raster if request.to == "csv" else waveform.dump
        text = writes(one.net, record)
    else:
        text = text_as(one.net, request.to)
    if request.bench is not None:
        write_whole(request.bench, verilog.bench(one.net, stimulus, ticks))
    if request.out is not None:
        write_whole(request.out, text)
    if as_json:
        result = {
            "source": one.source,
            "form": one.form,
            "to": request.to,
            "fibres": one.net.fibres,
            "files": {name: str(path) for name, path in files.items() if path is not None},
        }
        wall_s = round(time.perf_counter() - started_s, 3)
        about = {"machine": "mcculloch_pitts", "wall_s": wall_s}
        console.write_json(console.document("nets-export", result, **about))
    elif request.out is None:
        console.write(text)
    for path in files.values():
        if path is not None:
            console.say(f"written: {path}")
    return DONE
