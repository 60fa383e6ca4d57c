"""A net that stands as a machine: one net, one description, one of two engines."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from simulator import state as states
from simulator.errors import Mistake
from simulator.machine import LAST_NS, Engine, Machine

from . import net_json
from .description import Description
from .net import Net
from .points import controls, points
from .reference import ReferenceEngine
from .state import FREE_LENGTHS, State, power_on, settle

ENGINES = ("compiled", "reference")


class McCullochPitts(Machine):
    """A net of McCulloch-Pitts cells, alive.

    Parameters
    ----------
    net
        The net.
    description
        How long a tick is; 0.5 ms if left out.
    engine
        ``compiled`` (fast) or ``reference`` (the one to read); they agree bit by bit.

    Raises
    ------
    Mistake
        If there is no such engine.
    """

    description: Description

    def __init__(
        self, net: Net, description: Description | None = None, engine: str = "compiled"
    ) -> None:
        description = description or Description()
        self.net = net
        super().__init__(
            "mcculloch_pitts",
            description,
            points(net),
            controls(net),
            _engine(engine, net, description, power_on(net)),
        )

    def ticks(self, ticks: int = 1) -> int:
        """Let so many ticks begin; give the number of the last."""
        now = self.number("mcculloch_pitts.net.tick")
        if ticks < 0 or now + ticks > LAST_NS // self.description.tick_ns:
            raise Mistake(f"cannot run {ticks} ticks from tick {now} on: time ends after 73 years")
        self.run(max(self.now_ns, (now + ticks) * self.description.tick_ns))
        return now + ticks

    def save(self, path: str | Path, notes: dict[str, Any] | None = None) -> None:
        """Save net, description, State and notes (JSON) to one ``.npz`` file.

        Raises
        ------
        Mistake
            If the file cannot be written; a file that was there is then untouched.
        """
        states.save(path, self.name, self.to_json(), self.snapshot(), notes)

    def to_json(self) -> dict[str, Any]:
        """Give what was given, net and tick, as JSON: for files and logbooks."""
        return {"tick_us": self.description.tick_us, "net": net_json.to_json(self.net)}

    @classmethod
    def from_json(cls, given: Any, engine: str = "compiled") -> McCullochPitts:
        """Switch on the machine that :meth:`to_json` described.

        Raises
        ------
        Mistake
            If net or tick are missing or impossible.
        """
        if not isinstance(given, dict) or not {"tick_us", "net"} <= given.keys():
            raise Mistake("not a description of a net: no tick and no net")
        net = net_json.from_json(given["net"])
        return cls(net, Description(given["tick_us"]), engine)


def load(path: str | Path, engine: str = "compiled") -> tuple[McCullochPitts, dict[str, Any]]:
    """Read a machine back as it stood when it was saved, and the notes saved with it.

    Raises
    ------
    Mistake
        If the file is missing, damaged, of another version, or contradicts itself.
    """
    saved = states.load(path, "mcculloch_pitts")
    try:
        machine = McCullochPitts.from_json(saved.description, engine)
    except Mistake as mistake:
        raise Mistake(f"{path}: {mistake}") from mistake
    state: State = states.fit(path, saved, machine.snapshot(), FREE_LENGTHS)
    for field in _unsound(state, machine):
        raise Mistake(f"{path}: field {field} contradicts the rest; take an earlier copy")
    machine.restore(state)
    return machine, saved.notes


def _unsound(s: State, machine: McCullochPitts) -> Iterator[str]:
    """Name the fields of a State that no run of the machine leads to."""
    if not 0 <= s.now_ns[0] <= LAST_NS:
        yield "now_ns"
    if s.series.shape[1] != machine.net.afferents:
        yield "series"
        return
    if not 0 <= s.series_at[0] <= len(s.series):
        yield "series_at"
    for name in ("fires", "past", "keys", "series", "learned"):
        if (getattr(s, name) > 1).any():
            yield name
    if machine.net.alterable is not None and (s.learned > machine.net.alterable).any():
        yield "learned"
    if s.firings[0] < 0:
        yield "firings"
    settled = states.copy(s)
    settle(settled, machine.net, machine.description, int(s.now_ns[0]))
    for name in ("tick", "tick_due_ns"):
        if getattr(settled, name)[0] != getattr(s, name)[0]:
            yield name


def _engine(name: str, net: Net, description: Description, state: State) -> Engine:
    if name == "reference":
        return ReferenceEngine(net, description, state)
    if name == "compiled":
        # numba takes a third of a second to import: only where it is wanted
        try:
            from .compiled_engine import CompiledEngine
        except RuntimeError as error:
            if "cannot cache" not in str(error):
                raise
            raise Mistake(
                "compiled code can be kept nowhere on this computer; set NUMBA_CACHE_DIR to a "
                "folder that can be written"
            ) from error
        return CompiledEngine(net, description, state)
    raise Mistake(f"no engine is called {name}; there are {' and '.join(ENGINES)}")
