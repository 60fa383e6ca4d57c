"""What the afferents carry: read from a file, or given pulse by pulse on the command line.

Three forms of file. CSV: the names of afferents on top, a row of 0 and 1 a tick; a column ``t`` is
passed over, and so are columns of cells, so that what ``--raster`` wrote can be played again. Or a
time diagram, a line an afferent, as ``firstwave nets run`` draws it: ``N1 ..||.``, where ``|`` is
a pulse. Or a waveform (VCD), as ``--vcd`` writes it.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from machines.mcculloch_pitts import waveform_in
from machines.mcculloch_pitts.net import Net
from simulator.errors import Mistake
from ui.cli.nets_given import text_of

LIMIT = 1 << 28
"""No stimulus is read from a file of more bytes."""
MOST_PULSES = waveform_in.MOST_PULSES
"""No stimulus has more ticks times afferents."""
BEYOND = 8
"""Ticks a net runs beyond its stimulus if nothing else is said."""
Bits = NDArray[np.uint8]
FORMS = (
    "; a stimulus is CSV with the names of afferents on top, lines such as: N1 ..||.  or a waveform"
)
"""The forms of a stimulus, for who gave something else."""
_LINE = re.compile(r"(\S+)\s+([.|]+)")
_PART = re.compile(r"(\d{1,9})(?:-(\d{1,9}))?")


def stimulus_of(net: Net, path: Path | None, fire: Sequence[str]) -> Bits:
    """Read a stimulus.

    Parameters
    ----------
    net
        The net it is for.
    path
        The file, or None.
    fire
        Pulses besides, as ``N2@0`` and ``N1@1,4,7-9``.

    Returns
    -------
    numpy.ndarray
        uint8 ``(n, afferents)``: row t is what the afferents carry at time t.

    Raises
    ------
    Mistake
        Naming the line, column or character that is wrong.
    """
    rows: Bits = np.zeros((0, net.afferents), np.uint8)
    if path is not None:
        try:
            rows = _from_text(net, text_of(path, LIMIT))
        except Mistake as mistake:
            said = str(mistake)
            raise Mistake(said if said.startswith(str(path)) else f"{path}: {said}") from mistake
    return _with_pulses(net, rows, fire)


def ticks_for(stimulus: Bits, ticks: int | None) -> int:
    """Tell how many ticks to run: as many as were asked for, or some beyond the stimulus."""
    return max(0, len(stimulus) - 1) + BEYOND if ticks is None else ticks


def remarks(net: Net, stimulus: Bits, ticks: int) -> list[str]:
    """Say what a user may have forgotten: a stimulus, or to let the run last as long as it."""
    if net.afferents and not stimulus.any():
        return ["no afferent is made to fire; --fire NAME@T or --stimulus FILE does"]
    late = int(np.count_nonzero(stimulus[ticks + 1 :]))
    if late:
        pulses = "1 pulse comes" if late == 1 else f"{late} pulses come"
        return [f"{pulses} after t = {ticks}, where the run ends (--ticks)"]
    return []


def _from_text(net: Net, text: str) -> Bits:
    lines = [(number, line.strip()) for number, line in enumerate(text.splitlines(), 1)]
    lines = [(number, line) for number, line in lines if line and not line.startswith("#")]
    if not lines:
        raise Mistake("the stimulus is empty; it begins with the names of afferents")
    if waveform_in.looks_like_waveform(lines[0][1]):
        return waveform_in.read(net, text.encode())
    if _LINE.fullmatch(lines[0][1]):
        return _diagram(net, lines)
    return _table(net, lines)


def _afferent(net: Net, name: str) -> int:
    """Find an afferent by name; a cell is none."""
    fibre = net.fibre(name)
    if fibre >= net.afferents:
        raise Mistake(f"{name} is a cell, and no afferent that could be made to fire")
    return fibre


def _diagram(net: Net, lines: list[tuple[int, str]]) -> Bits:
    found: dict[int, list[bool]] = {}
    for number, line in lines:
        match = _LINE.fullmatch(line)
        if match is None:
            raise Mistake(f"line {number}: a name and its pulses, | or . a tick, as N1 ..||.")
        try:
            fibre = _afferent(net, match[1])
        except Mistake as mistake:
            raise Mistake(f"line {number}: {mistake}") from mistake
        if fibre in found:
            raise Mistake(f"line {number}: {match[1]} stands in an earlier line too")
        found[fibre] = [sign == "|" for sign in match[2]]
    rows = np.zeros((max(map(len, found.values())), net.afferents), np.uint8)
    for fibre, pulses in found.items():
        rows[: len(pulses), fibre] = pulses
    return rows


def _table(net: Net, lines: list[tuple[int, str]]) -> Bits:
    number, head = lines[0]
    comma = "," in head
    names = _fields(head, comma)
    if len(set(names)) != len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise Mistake(f"line {number}: two columns are called {twice}")
    columns: list[int | None] = []
    called = {net.name(k) for k in range(net.afferents)}
    for name in names:
        if name == "t" and name not in called:
            columns.append(None)
            continue
        try:
            fibre = net.fibre(name)
        except Mistake as mistake:
            said = f"line {number}: {mistake}"
            known = {net.name(k) for k in range(net.fibres)}
            raise Mistake(said if known & set(names) else f"{said}{FORMS}") from mistake
        columns.append(fibre if fibre < net.afferents else None)
    if all(fibre is None for fibre in columns):
        raise Mistake(f"line {number}: names no afferent of the net")
    if len(lines) == 1:
        raise Mistake(f"line {number}: names, and no row of 0 and 1 below them")
    if len(lines) * max(1, net.afferents) > MOST_PULSES:
        raise Mistake(f"the stimulus has more than {MOST_PULSES} ticks times afferents")
    rows = np.zeros((len(lines) - 1, net.afferents), np.uint8)
    for t, (number, line) in enumerate(lines[1:]):
        fields = _fields(line, comma)
        if len(fields) != len(names):
            raise Mistake(f"line {number}: {len(fields)} fields, and {len(names)} columns on top")
        for column, name, field in zip(columns, names, fields, strict=True):
            if column is None:
                if name == "t" and field != str(t):
                    raise Mistake(
                        f"line {number}: t is {field!r:.20}, and {t} is due: a row is a tick, the "
                        "first t = 0 (leave the column t out if it counts otherwise)"
                    )
                continue
            if field not in ("0", "1"):
                raise Mistake(f"line {number}: {name} is {field!r:.20}; it fires (1) or not (0)")
            rows[t, column] = field == "1"
    return rows


def _fields(line: str, comma: bool) -> list[str]:
    if not comma:
        return re.split(r"[;\s]+", line.strip("; \t"))
    return [field.strip() for field in next(csv.reader([line]))]


def _with_pulses(net: Net, rows: Bits, fire: Sequence[str]) -> Bits:
    pulses: list[tuple[int, int, int]] = []
    for text in fire:
        name, at, when = text.rpartition("@")
        if not at or not name:
            raise Mistake(f"--fire {text}: write the afferent, @ and ticks, as N2@0 or N1@1,4,7-9")
        try:
            fibre = _afferent(net, name)
        except Mistake as mistake:
            raise Mistake(f"--fire {text}: {mistake}") from mistake
        place = len(name) + 1
        for part in when.split(","):
            match = _PART.fullmatch(part)
            if match is None:
                raise Mistake(
                    f"--fire {text}: character {place + 1}, at {part!r:.20}: a tick from 0 on is "
                    "due, or a stretch as 7-9"
                )
            first, last = int(match[1]), int(match[2] or match[1])
            if last < first:
                raise Mistake(f"--fire {text}: character {place + 1}: {part} ends before it begins")
            pulses.append((fibre, first, last))
            place += len(part) + 1
    longest = max((last + 1 for _, _, last in pulses), default=0)
    if longest * max(1, net.afferents) > MOST_PULSES:
        raise Mistake(
            f"--fire: the stimulus would last {longest} ticks; ticks times afferents are at most "
            f"{MOST_PULSES}, let it end earlier"
        )
    if longest > len(rows):
        rows = np.vstack([rows, np.zeros((longest - len(rows), net.afferents), np.uint8)])
    for fibre, first, last in pulses:
        rows[first : last + 1, fibre] = 1
    return rows


def record_of(net: Net, stimulus: Bits, ticks: int, engine: str) -> tuple[Bits, str]:
    """Run a net; give uint8 ``(ticks + 1, fibres)`` and who ran it.

    Raises
    ------
    Mistake
        If the record would be too large, or the engine does not do this.
    """
    from machines.mcculloch_pitts.law import run

    if engine == "auto":
        work = (ticks + 1) * (len(net.sources) + len(net.vetoes) + net.cells)
        engine = "law" if work * net.law.window <= SMALL else "compiled"
    if engine == "law":
        return run(net, stimulus, ticks), engine
    if engine == "reference":
        return _by_events_of_simpy(net, stimulus, ticks), engine
    from ui.cli.series import compiling_announced

    with compiling_announced("compiled", COMPILING):
        from machines.mcculloch_pitts import compiled

        chosen = "auto" if engine == "compiled" else engine
        return compiled.run(net, stimulus, ticks, chosen), engine


SMALL = 200_000
"""Runs of fewer cells and endings asked are done by the law as it is written: at once."""
COMPILING = "compiling the engine of nets, once (some seconds); later starts take under a second"


def _by_events_of_simpy(net: Net, stimulus: Bits, ticks: int) -> Bits:
    from machines.mcculloch_pitts import McCullochPitts
    from machines.mcculloch_pitts.law import stimulus_for

    stimulus_for(net, stimulus, ticks)  # refuses a record that would be too large
    machine = McCullochPitts(net, engine="reference")
    if len(stimulus):
        machine.operate("mcculloch_pitts.afferents.series", stimulus)
    rows: list[Any] = [machine.rack("mcculloch_pitts.net.fires").copy()]
    for _ in range(ticks):
        machine.ticks()
        rows.append(machine.rack("mcculloch_pitts.net.fires").copy())
    return np.array(rows, np.uint8).reshape(ticks + 1, net.fibres)
