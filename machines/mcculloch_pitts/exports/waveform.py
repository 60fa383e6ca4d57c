"""Runs as waveforms: a Value Change Dump, and how GTKWave is to show it.

One wire a fibre, in a scope for afferents and one for cells; a tick lasts as long as the machine's.
"""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from vcd import VCDWriter
from vcd.gtkw import GTKWSave

from simulator.errors import Mistake
from simulator.files import write_whole

from ..description import Description
from ..net import Net
from .names import identifiers


def dump(net: Net, record: NDArray[Any], tick_us: int = Description.tick_us) -> str:
    """Write a run as the text of a Value Change Dump.

    Parameters
    ----------
    net
        The net.
    record
        uint8 ``(ticks + 1, fibres)``.
    tick_us
        How long a tick is.

    Raises
    ------
    Mistake
        If the record is not one of this net.
    """
    check(net, record)
    text = io.StringIO()
    names = identifiers(net)
    with VCDWriter(text, timescale="1 us", comment=f"firstwave: {_line(net.title)}") as writer:
        wires = [
            writer.register_var(_scope(net, fibre), name, "wire", 1, init=int(record[0, fibre]))
            for fibre, name in enumerate(names)
        ]
        turned = np.diff(record.astype(np.int8), axis=0)
        for tick, fibre in np.argwhere(turned):
            now = int(tick + 1) * tick_us
            writer.change(wires[fibre], now, int(record[tick + 1, fibre]))
        writer.close(timestamp=len(record) * tick_us)
    return text.getvalue()


def save_file(net: Net, vcd_path: str | Path, tick_us: int = Description.tick_us) -> str:
    """Write GTKWave's save file for a dump: afferents, cells and outputs in groups."""
    text = io.StringIO()
    names = identifiers(net)
    save = GTKWSave(text)
    save.dumpfile(str(vcd_path))
    save.savefile(str(Path(vcd_path).with_suffix(".gtkw")))  # so that both can be moved together
    save.timestart(0)
    save.zoom_markers(-np.log2(tick_us))
    groups = {
        "afferents": range(net.afferents),
        "cells": range(net.afferents, net.fibres),
        "outputs": [int(n) for n in net.outputs],
    }
    for title, fibres in groups.items():
        if len(fibres):
            with save.group(title, closed=title == "cells" and len(fibres) > 40):
                for fibre in fibres:
                    save.trace(f"{_scope(net, fibre)}.{names[fibre]}")
    return text.getvalue()


def save(
    net: Net, record: NDArray[Any], path: str | Path, tick_us: int = Description.tick_us
) -> Path:
    """Write ``path`` (VCD) and a GTKWave save file beside it; give the path of the latter.

    Raises
    ------
    Mistake
        If a file cannot be written or the record is not one of this net.
    """
    beside = Path(path).with_suffix(".gtkw")
    if beside == Path(path):
        raise Mistake(f"{path}: is the name of a save file; name the dump, for example run.vcd")
    write_whole(path, dump(net, record, tick_us))
    write_whole(beside, save_file(net, path, tick_us))
    return beside


def raster(net: Net, record: NDArray[Any], fibres: list[int] | None = None) -> str:
    """Write a run as CSV: a row a tick, a column a fibre, 1 where it fires.

    Raises
    ------
    Mistake
        If the record is not one of this net.
    """
    check(net, record)
    chosen = list(range(net.fibres)) if fibres is None else fibres
    quoted = [_quoted(net.name(fibre)) for fibre in chosen]
    lines = [",".join(["t", *quoted])]
    for t, row in enumerate(np.asarray(record)[:, chosen].tolist()):
        lines.append(",".join(map(str, (t, *row))))
    return "\n".join(lines) + "\n"


def check(net: Net, record: NDArray[Any]) -> None:
    """Refuse what is no run of this net.

    Raises
    ------
    Mistake
        If it has no row, another number of columns, or anything but 0 and 1 in it.
    """
    if record.ndim != 2 or not len(record) or record.shape[1] != net.fibres:
        raise Mistake(f"a record of this net has {net.fibres} columns; this one is {record.shape}")
    if ((record != 0) & (record != 1)).any():
        raise Mistake("a record holds 0 (silent) and 1 (fires) and nothing else")


def _scope(net: Net, fibre: int) -> str:
    return "net.afferents" if fibre < net.afferents else "net.cells"


def _line(text: str) -> str:
    return " ".join(text.split()).replace("$", "S").encode("ascii", "replace").decode()


def _quoted(name: str) -> str:
    plain = not set(name) & set(',"\n\r')
    return name if plain else '"' + name.replace('"', '""') + '"'
