"""Probes: instruments that clip on to points from outside.

A probe is shown the machine at every instant at which something may have changed; it reads points,
keeps its own accumulators, and alters nothing. A machine without probes runs a loop that does not
know of them.

    trace = Trace("mark1.response.R1")
    machine.attach(trace)
    machine.run(1_000_000_000)
    trace.changes              # [(0, 0), (8000000, 1), ...]
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulator.machine import Machine


class Trace:
    """Writes down every change of one point.

    Parameters
    ----------
    path
        The point: a single one, a rack, or one cell of a rack.

    Attributes
    ----------
    changes
        ``(t_ns, value)`` pairs, the first at the instant of attaching.
    """

    def __init__(self, path: str) -> None:
        self.path = path
        self.changes: list[tuple[int, Any]] = []

    def observe(self, machine: Machine) -> None:
        """Note the value if it is another than last time."""
        value = machine.read(self.path)
        if not self.changes or not np.array_equal(value, self.changes[-1][1]):
            self.changes.append((machine.now_ns, value))


class Count:
    """Counts the rising edges (from 0 or less to more than 0) of a point, cell by cell.

    Parameters
    ----------
    path
        The point to watch.

    Attributes
    ----------
    edges
        int64, one per cell of a rack (length 1 for a single point).
    """

    def __init__(self, path: str) -> None:
        self.path = path
        self.edges: NDArray[np.int64] = np.zeros(0, np.int64)
        self._up: NDArray[np.bool_] | None = None

    def observe(self, machine: Machine) -> None:
        """Count the cells that are up now and were not before."""
        up = np.atleast_1d(np.asarray(machine.read(self.path))) > 0
        if self._up is None:
            self.edges = np.zeros(up.shape, np.int64)
        else:
            self.edges += up & ~self._up
        self._up = up


class DutyCycle:
    """Tells for which part of the time each lamp of a point was lit: how bright it looks.

    Parameters
    ----------
    path
        The point to watch; a cell is lit while it is greater than 0.
    """

    def __init__(self, path: str) -> None:
        self.path = path
        self._lit_ns: NDArray[np.int64] = np.zeros(0, np.int64)
        self._up: NDArray[np.bool_] | None = None
        self._since_ns = 0
        self._seen_ns = 0

    def observe(self, machine: Machine) -> None:
        """Account for the time since the last look, during which nothing changed."""
        up = np.atleast_1d(np.asarray(machine.read(self.path))) > 0
        now = machine.now_ns
        if self._up is None or now < self._seen_ns:
            self._lit_ns = np.zeros(up.shape, np.int64)
            self._since_ns = now
        else:
            self._lit_ns += self._up * (now - self._seen_ns)
        self._up, self._seen_ns = up, now

    def take(self) -> NDArray[np.float64]:
        """Give the lit fraction (0..1, float64, one per cell) since the last take, and start anew.

        If no time has passed, as on a machine that stands still, the lamps' exact state is given.
        """
        if self._up is None:
            return np.zeros(0)
        elapsed = self._seen_ns - self._since_ns
        duty = self._lit_ns / elapsed if elapsed else self._up.astype(float)
        self._lit_ns = np.zeros_like(self._lit_ns)
        self._since_ns = self._seen_ns
        return duty
