"""``firstwave nets run``: a net from t = 0, as a time diagram, a waveform, a raster, a cause."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from machines.mcculloch_pitts.description import Description
from machines.mcculloch_pitts.explain import Cause, explain
from machines.mcculloch_pitts.exports import waveform
from machines.mcculloch_pitts.net import Net
from simulator.errors import Mistake
from simulator.files import write_whole
from ui.cli import console
from ui.cli.nets_given import Given, given
from ui.cli.nets_stimulus import Bits, record_of, remarks, stimulus_of, ticks_for
from ui.cli.nets_text import count, diagram
from ui.cli.status import DONE

MOST_SHOWN = 64
"""So many fibres are shown if nothing else is asked for."""
DEEPEST = 100
"""Causes are followed so many ticks back."""


@dataclass(frozen=True)
class Request:
    """What was asked for on the command line; None where nothing was said."""

    net: str
    stimulus: Path | None
    fire: tuple[str, ...]
    ticks: int | None
    show: str | None
    explain: str | None
    vcd: Path | None
    raster: Path | None
    engine: str


def run(request: Request, as_json: bool) -> int:
    """Do it; give the exit status."""
    started_s = time.perf_counter()
    one = given(request.net)
    net = one.net
    beside = None if request.vcd is None else request.vcd.with_suffix(".gtkw")
    console.check_outputs(
        {"net": one.path, "stimulus": request.stimulus},
        None,
        raster=request.raster,
        vcd=request.vcd,
        gtkw=beside,
    )
    if request.vcd is not None:
        console.check_no_device(request.vcd)
    stimulus = stimulus_of(net, request.stimulus, request.fire)
    ticks = ticks_for(stimulus, request.ticks)
    for remark in remarks(net, stimulus, ticks):
        console.say(remark)
    asked = None if request.explain is None else _asked(net, request.explain, ticks)
    shown = _shown(net, request.show)
    record, engine = record_of(net, stimulus, ticks, request.engine)
    why = None if asked is None else explain(net, record, *asked, depth=DEEPEST)
    files = {}
    if request.raster is not None:
        write_whole(request.raster, waveform.raster(net, record))
        files["raster"] = str(request.raster)
    if request.vcd is not None:
        waveform.save(net, record, request.vcd)
        files |= {"vcd": str(request.vcd), "gtkw": str(beside)}
    if as_json:
        result = _json(one, record, shown, why) | {"files": files or None}
        about = {"machine": "mcculloch_pitts", "engine": engine}
        wall_s = round(time.perf_counter() - started_s, 3)
        machine_s = round(ticks * Description.tick_us / 1e6, 9)
        console.write_json(
            console.document("nets-run", result, **about, machine_s=machine_s, wall_s=wall_s)
        )
    else:
        console.write("\n".join([*_lines(one, record, shown, why, engine), ""]))
        for path in files.values():
            console.say(f"written: {path}")
    return DONE


def _shown(net: Net, names: str | None) -> list[int]:
    if names is not None:
        listed = [name.strip() for name in names.split(",")]
        if not all(listed):
            raise Mistake(f"--show {names!r:.60}: a name is missing; write them as N1,N3")
        try:
            return [net.fibre(name) for name in listed]
        except Mistake as mistake:
            raise Mistake(f"--show: {mistake}") from mistake
    if net.fibres <= MOST_SHOWN:
        return list(range(net.fibres))
    outputs = [int(number) for number in net.outputs]
    few = [*range(net.afferents), *(n for n in outputs if n >= net.afferents)]
    return few if len(few) <= MOST_SHOWN else (outputs or few)[:MOST_SHOWN]


def _asked(net: Net, text: str, ticks: int) -> tuple[str, int]:
    name, at, when = text.rpartition("@")
    if not at or not name or not when.isascii() or not when.isdigit() or len(when) > 9:
        raise Mistake(f"--explain {text}: write the fibre, @ and the tick, as N3@3")
    net.fibre(name)
    if int(when) > ticks:
        raise Mistake(f"--explain {text}: the run ends at t = {ticks}; let it last (--ticks)")
    return name, int(when)


def _lines(
    one: Given, record: Bits, shown: list[int], why: Cause | None, engine: str
) -> Iterator[str]:
    net = one.net
    law = "" if net.law.name == "absolute" else f", law {net.law.name}"
    yield f"{net.title or one.source}: {count(len(record) - 1, 'tick')}{law}, engine {engine}"
    yield from one.remarks()
    yield from diagram([net.name(fibre) for fibre in shown], record[:, shown])
    if len(shown) < net.fibres:
        yield f"({len(shown)} of {net.fibres} fibres; --show names others)"
    if why is not None:
        yield ""
        yield str(why)


def _json(one: Given, record: Bits, shown: list[int], why: Cause | None) -> dict[str, Any]:
    net = one.net
    return {
        "source": one.source,
        "title": net.title,
        "law": net.law.name,
        "ticks": len(record) - 1,
        "pulses": int(np.count_nonzero(record[:, net.afferents :])),
        "fibres": [
            {
                "name": net.name(fibre),
                "kind": "afferent" if fibre < net.afferents else "cell",
                "fires": np.flatnonzero(record[:, fibre]).tolist(),
            }
            for fibre in shown
        ],
        "outputs": [net.name(int(number)) for number in net.outputs],
        "explanation": None if why is None else _tree(why),
    }


def _tree(cause: Cause) -> dict[str, Any]:
    """Describe a tree of causes as JSON values."""
    about: dict[str, Any] = {
        "fibre": cause.fibre,
        "tick": cause.tick,
        "fires": cause.fires,
        "why": cause.why,
    }
    return about | ({"causes": [_tree(inner) for inner in cause.causes]} if cause.causes else {})
