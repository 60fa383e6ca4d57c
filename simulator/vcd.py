"""Waveforms: a probe that writes a Value Change Dump, as GTKWave and every logic analyser reads.

The dump's time unit is the nanosecond of the machine. A single point becomes a signal of its
width; a rack of lamps becomes one vector, label 1 at the right; a rack of numbers becomes one
signal a cell, named by its label (``V[17]``).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from vcd import VCDWriter

from simulator.errors import Mistake
from simulator.machine import Machine
from simulator.points import Point

FLUSH_EVERY = 64
"""The file is pushed to the disk after so many changes of time."""


class VcdWriter:
    """Writes points to a VCD file for as long as it is attached; close it at the end.

    Parameters
    ----------
    path
        The file to write; the dump in it is valid up to the last change pushed to the disk.
    machine
        The machine to watch.
    points
        Path or paths of the points to dump; None dumps all whose length is fixed.

    Raises
    ------
    Mistake
        If the file cannot be written or the machine has no such point.
    """

    def __init__(
        self, path: str | Path, machine: Machine, points: list[str] | str | None = None
    ) -> None:
        if isinstance(points, str):
            points = [points]
        state = machine.snapshot()
        chosen = (
            [point for point in machine.points if point.fixed]
            if points is None
            else [machine.points.find(path, state) for path in points]
        )
        for point in chosen:
            if not point.fixed:
                raise Mistake(f"{point.path} changes its length; it cannot go on a waveform")
        try:
            self._file = Path(path).open("w", encoding="ascii")  # noqa: SIM115
        except OSError as error:
            raise Mistake(f"{path}: cannot be written ({error.strerror})") from error
        self._writer = VCDWriter(
            self._file,
            timescale="1 ns",
            comment=f"{machine.name} on firstwave, {machine.engine} engine",
            init_timestamp=machine.now_ns,
        )
        self._rows = [(point, self._register(machine, point)) for point in chosen]
        self._seen: dict[str, Any] = {}
        self._observed = 0
        self._last_ns = machine.now_ns

    def _register(self, machine: Machine, point: Point) -> list[Any]:
        scope, _, label = point.path.rpartition(".")
        if point.cell is None and point.width > 1:
            cells = machine.rack(point.path)
            names = [f"{label}[{point.first_label + i}]" for i in range(len(cells))]
            return [self._writer.register_var(scope, n, "integer", point.width) for n in names]
        size = np.size(machine.read(point.path)) if point.cell is None else point.width
        kind = "wire" if point.cell is None or point.width == 1 else "integer"
        return [self._writer.register_var(scope, label, kind, max(1, size))]

    def observe(self, machine: Machine) -> None:
        """Dump every chosen point that changed since the last look."""
        now = machine.now_ns
        if now < self._last_ns:
            return  # a waveform cannot go back; it goes on when time is past what is drawn
        self._last_ns = now
        for point, variables in self._rows:
            value = machine.read(point.path)
            if isinstance(value, int):
                self._change(variables[0], now, point.path, value)
            elif point.width == 1:
                lit = np.flatnonzero(value > 0)
                self._change(variables[0], now, point.path, sum(1 << int(i) for i in lit))
            else:
                last = self._seen.get(point.path)
                cells = range(len(value)) if last is None else np.flatnonzero(value != last)
                for cell in cells:
                    self._writer.change(variables[cell], now, int(value[cell]))
                self._seen[point.path] = value
        self._observed += 1
        if self._observed % FLUSH_EVERY == 0:
            self._writer.flush()

    def _change(self, variable: Any, now_ns: int, path: str, value: int) -> None:
        if self._seen.get(path) != value:
            self._writer.change(variable, now_ns, value)
            self._seen[path] = value

    def close(self) -> None:
        """Finish the file; it is let go even if its end finds no room on the disk."""
        try:
            self._writer.close()
        finally:
            self._file.close()
