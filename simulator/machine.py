"""A machine as its users meet it: look, touch, let time pass.

A :class:`Machine` joins a table of points, a table of controls and an engine. ``read(path)`` is
the only way to look at it and ``operate(path, value)`` the only way to touch it; panels,
scripts, boards, tests and replays all use these two calls. Between the calls the machine stands
at a **quiet instant**: everything due up to and including that instant has happened.
"""

from __future__ import annotations

import operator
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Protocol

from numpy.typing import NDArray

from simulator import state as states
from simulator.errors import Mistake
from simulator.kernel import NEVER
from simulator.logbook import Logbook
from simulator.points import Control, Point, PointTable, unknown
from simulator.state import Record

LAST_NS = 1 << 61
"""The end of time (73 years): so that sums of times stay within 64 bits."""


class Engine(Protocol):
    """What moves a machine's State through time; every machine has two, equal bit by bit."""

    name: str
    """``reference`` or ``compiled``."""

    @property
    def state(self) -> Record:
        """The live State at the last quiet instant; not to be written by others."""

    @property
    def now_ns(self) -> int:
        """The quiet instant the machine stands at."""

    def run(self, until_ns: int) -> int:
        """Do everything due up to and including ``until_ns``; return the quiet instant reached."""

    def operate(self, path: str, value: Any) -> None:
        """Move a control to a canonical value at this instant, and settle to quiet again."""

    def restore(self, state: Record) -> None:
        """Stand at another quiet State of the same machine (a copy is taken)."""


class Probe(Protocol):
    """An instrument clipped on from outside; it looks and never touches."""

    def observe(self, machine: Machine) -> None:
        """Look at the machine at a quiet instant at which something may have changed."""


class Machine:
    """One machine, ready to be looked at, operated and run.

    Parameters
    ----------
    name
        The machine's id: ``mark1``, ``ibm704``, ``mcculloch_pitts``.
    description
        What was fixed before power-on; frozen.
    points, controls
        The two tables.
    engine
        What runs it.
    """

    def __init__(
        self,
        name: str,
        description: Any,
        points: Iterable[Point],
        controls: Iterable[Control],
        engine: Engine,
    ) -> None:
        self.name = name
        self.description = description
        self.points = PointTable(points)
        self.controls = {control.path: control for control in controls}
        self.logbook: Logbook | None = None
        """Where operations are written down, if anywhere."""
        self._engine = engine
        self._probes: tuple[Probe, ...] = ()

    @property
    def engine(self) -> str:
        """Which engine runs it: ``reference`` or ``compiled``."""
        return self._engine.name

    @property
    def now_ns(self) -> int:
        """The quiet instant the machine stands at, in nanoseconds since it was switched on."""
        return self._engine.now_ns

    def read(self, path: str) -> int | NDArray[Any]:
        """Look at a point: an int, or for a rack a copy of its array.

        Raises
        ------
        Mistake
            If the machine has no such point.
        """
        state = self._engine.state
        return self.points.find(path, state).look(state)

    def rack(self, path: str) -> NDArray[Any]:
        """Look at a point that is a rack, as an array.

        Raises
        ------
        Mistake
            If the machine has no such point, or it is a single one.
        """
        value = self.read(path)
        if isinstance(value, int):
            raise Mistake(f"{path} is a single {type(value).__name__}, not a rack")
        return value

    def number(self, path: str) -> int:
        """Look at a point that is a single number.

        Raises
        ------
        Mistake
            If the machine has no such point, or it is a rack.
        """
        value = self.read(path)
        if not isinstance(value, int):
            raise Mistake(f"{path} is a rack; name one of its cells, for example {path}[1]")
        return value

    def operate(self, path: str, value: Any = None) -> None:
        """Move a control at this instant.

        Raises
        ------
        Mistake
            If there is no such control, or it does not take this value; nothing has then moved.
        """
        if path not in self.controls:
            raise unknown("control", path, self.controls)
        canonical = self.controls[path].accept(value)
        t_ns = self.now_ns
        self._engine.operate(path, canonical)
        if self.logbook is not None:
            self.logbook.record(t_ns, path, canonical)
        self._observe()

    def run(self, until_ns: int) -> int:
        """Let time pass up to and including ``until_ns``; return the quiet instant reached.

        Raises
        ------
        Mistake
            If ``until_ns`` is past, not a whole number, or beyond ``LAST_NS``.
        """
        until_ns = self._instant(until_ns)
        if not self._probes:
            return self._engine.run(until_ns)
        while NEVER < (due := states.next_due_ns(self._engine.state)) <= until_ns:
            self._engine.run(due)
            self._observe()
        quiet = self._engine.run(until_ns)
        self._observe()
        return quiet

    def _instant(self, until_ns: int) -> int:
        try:
            instant = operator.index(until_ns)
        except TypeError:
            raise Mistake(
                f"cannot run to {until_ns!r}: a time is a whole number of nanoseconds"
            ) from None
        if instant < self.now_ns:
            raise Mistake(
                f"cannot run to {instant} ns: the machine stands at {self.now_ns} ns, and time "
                "does not run backwards (restore a snapshot instead)"
            )
        if instant > LAST_NS:
            raise Mistake(f"cannot run to {instant} ns: time ends at {LAST_NS} ns, in 73 years")
        return instant

    def next_due_ns(self) -> int:
        """Tell when something is next due to happen by itself, or ``NEVER``."""
        return states.next_due_ns(self._engine.state)

    def snapshot(self) -> Record:
        """Copy the State as it stands."""
        return states.copy(self._engine.state)

    def restore(self, state: Record) -> None:
        """Stand again as in a snapshot (of this machine, or of its twin on the other engine)."""
        self._engine.restore(state)
        self._observe()

    def attach(self, probe: Probe) -> None:
        """Clip an instrument on; it sees the machine as it stands, and every change from now on."""
        self._probes = (*self._probes, probe)
        probe.observe(self)

    def detach(self, probe: Probe) -> None:
        """Take an instrument off."""
        self._probes = tuple(other for other in self._probes if other is not probe)

    @contextmanager
    def unwatched(self) -> Iterator[None]:
        """Set logbook and probes aside: what is done within is nobody's business."""
        probes, book = self._probes, self.logbook
        self._probes, self.logbook = (), None
        try:
            yield
        finally:
            self._probes, self.logbook = probes, book

    def _observe(self) -> None:
        for probe in self._probes:
            probe.observe(self)
