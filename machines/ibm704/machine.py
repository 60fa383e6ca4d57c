"""The 704 put together: one Description, one of two engines, its input-output units."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple, Protocol

from simulator import state as states
from simulator.errors import Mistake
from simulator.kernel import NEVER
from simulator.machine import LAST_NS, Engine, Machine

from .description import Description
from .input_output import InputOutput, NothingAttached
from .points import controls, points
from .reference import ReferenceEngine
from .soundness import unsound
from .state import FREE_LENGTHS, State, Stop, power_on
from .sub_steps import SubStep, sub_steps
from .words import octal

ENGINES = ("compiled", "reference")
LONGEST_RECORD_NS = 2_000_000_000
"""More than any unit needs for the card, line or record it is writing when a program halts."""

_WHY = {
    Stop.RUNNING: "running",
    Stop.IDLE: "idle: switched on, reset or cleared, and not started",
    Stop.HALT: "halted",
    Stop.UNDEFINED: "undefined operation {word}; the 704 has no such one",
    Stop.DIVIDE_CHECK: "divide check: the quotient has no room",
    Stop.READ_WRITE_CHECK: "read-write check: a copy with no unit selected, or too late",
    Stop.NOT_ATTACHED: "{unit} is not attached",
    Stop.NOT_READY: "{unit} is not ready: nothing to read or no room to write",
    Stop.MANUAL: "stopped by the lever",
    Stop.STEP: "one instruction done",
    Stop.BREAKPOINT: "breakpoint",
    Stop.WATCH: "a word was stored at a watched location",
    Stop.LIMIT: "the time limit is reached",
}


class Account(NamedTuple):
    """What a run came to.

    Attributes
    ----------
    instructions, cycles
        Carried out, and what they took; waiting for units not counted.
    machine_s
        Seconds of the machine's time since it was switched on.
    dollars
        What they cost at the hourly rate of the Description.
    """

    instructions: int
    cycles: int
    machine_s: float
    dollars: float


class StoppingEngine(Engine, Protocol):
    """An engine that can also run until its machine stops."""

    def run_to_stop(self, limit_ns: int) -> int:
        """Run until the machine stands still and its last cycle is over, or to ``limit_ns``."""


class Ibm704(Machine):
    """An IBM 704, switched on.

    Parameters
    ----------
    description
        Its numbers; 32,768 words of core storage if left out.
    engine
        ``compiled`` (fast) or ``reference`` (the one to read); they agree bit by bit.
    units
        Its input-output units; none if left out. An object serves one machine.

    Raises
    ------
    Mistake
        If there is no such engine.
    """

    description: Description

    def __init__(
        self,
        description: Description | None = None,
        engine: str = "compiled",
        units: InputOutput | None = None,
    ) -> None:
        description = description or Description()
        self.units = units = NothingAttached() if units is None else units
        self._stopping = _engine(engine, description, units.remember(power_on(description)), units)
        super().__init__(
            "ibm704",
            description,
            [*points(description), *units.points()],
            [*controls(description), *units.controls()],
            self._stopping,
        )

    def run_to_stop(self, limit_ns: int) -> int:
        """Let time pass until the machine stops and its last cycle is over.

        Parameters
        ----------
        limit_ns
            Where to end if it does not stop: an instant, in nanoseconds since power-on.

        Returns
        -------
        int
            The quiet instant reached.

        Raises
        ------
        Mistake
            If the limit is past, not a whole number, or beyond the end of time.
        """
        limit_ns = self._instant(limit_ns)
        if not self._probes:
            return self._stopping.run_to_stop(limit_ns)
        while not self.number("ibm704.control.stop") and NEVER < self.next_due_ns() <= limit_ns:
            self._stopping.run(self.next_due_ns())
            self._observe()
        end_ns = limit_ns
        if self.number("ibm704.control.stop"):
            end_ns = min(limit_ns, max(self.now_ns, self.number("ibm704.control.free_ns")))
        quiet_ns = self._stopping.run(end_ns)
        self._observe()
        return quiet_ns

    def let_units_finish(self) -> int:
        """Let time pass until no unit is in the middle of a record; the machine stands still.

        A program may halt as soon as it has given the last word of a card or line: it is the unit
        that punches or prints it, some milliseconds later. Two seconds are more than any unit
        needs for what it writes; a longer record that is being read goes on passing.

        Returns
        -------
        int
            The quiet instant reached.

        Raises
        ------
        Mistake
            If the machine is running.
        """
        if self.stop == Stop.RUNNING:
            raise Mistake("the machine is running; its units finish when it has stopped")
        end_ns = min(LAST_NS, self.now_ns + LONGEST_RECORD_NS)
        while self.number("ibm704.control.unit"):
            due_ns = self.next_due_ns()
            if not self.now_ns < due_ns <= end_ns:
                break
            self.run(due_ns)
        return self.now_ns

    def step(self) -> int:
        """Do one instruction by the single step key (on manual), its cycles and waiting included.

        Raises
        ------
        Mistake
            If the lever is at automatic, or the machine is running.
        """
        self.operate("ibm704.console.single_step")
        while not self.number("ibm704.control.stop"):
            self.run(self.next_due_ns())
        return self.run(max(self.now_ns, self.number("ibm704.control.free_ns")))

    def deposit(self, at: int, words: Any) -> None:
        """Put words into core storage from a location on: whole numbers or octal texts.

        Raises
        ------
        Mistake
            If they are no words, or there is no room for them.
        """
        self.operate("ibm704.core.deposit", {"at": at, "words": words})

    def examine(self, at: int) -> int:
        """Give the word at a location.

        Raises
        ------
        Mistake
            If there is no such location.
        """
        return self.number(f"ibm704.core.word[{at}]")

    def sub_steps(self) -> list[SubStep]:
        """Tell what the next instruction will do, cycle by cycle; nothing changes."""
        return sub_steps(self.snapshot())

    @property
    def stop(self) -> Stop:
        """Why the machine stands still; ``RUNNING`` if it does not."""
        return Stop(self.number("ibm704.control.stop"))

    def why(self) -> str:
        """Say in one line why the machine stands still, with the location."""
        at = self.number("ibm704.control.stopped_at")
        word, key = self.number("ibm704.register.SR"), self.number("ibm704.control.load_unit")
        unit = f"unit {key:05o}, wanted by a load key," if key else f"the unit of {octal(word)}"
        reason = _WHY[self.stop].format(word=octal(word), unit=unit)
        if self.stop in (Stop.RUNNING, Stop.IDLE):
            return reason
        return f"{reason} at {at:05o}"

    def account(self) -> Account:
        """Tell what has been done since power-on, how long it took and what it cost."""
        machine_s = self.now_ns / 1e9
        return Account(
            self.number("ibm704.control.instructions"),
            self.number("ibm704.control.cycles"),
            machine_s,
            machine_s / 3600 * self.description.dollars_per_hour,
        )

    def save(self, path: str | Path, notes: dict[str, Any] | None = None) -> None:
        """Save description, State and notes (JSON) to one ``.npz`` file.

        Raises
        ------
        Mistake
            If the file cannot be written; a file that was there is then untouched.
        """
        states.save(path, self.name, self.to_json(), self.snapshot(), notes)

    def to_json(self) -> dict[str, Any]:
        """Give what was given as JSON, the numbers of the units too: for files and logbooks."""
        given, units = {"numbers": self.description.to_json()}, self.units.to_json()
        return given if units is None else {**given, "units": units}

    @classmethod
    def from_json(
        cls, given: Any, engine: str = "compiled", units: InputOutput | None = None
    ) -> Ibm704:
        """Switch on the machine that :meth:`to_json` described.

        The units get the numbers they had there, whatever they were made with; a description
        without any (of an older version) leaves them theirs.

        Raises
        ------
        Mistake
            If numbers are missing or impossible.
        """
        if not isinstance(given, dict):
            raise Mistake("not a description of a 704: no numbers")
        if units is not None and given.get("units") is not None:
            units.as_given(given["units"])
        return cls(Description.from_json(given.get("numbers")), engine, units)


def load(
    path: str | Path, engine: str = "compiled", units: InputOutput | None = None
) -> tuple[Ibm704, dict[str, Any]]:
    """Read a machine back as it stood when it was saved, and the notes saved with it.

    Raises
    ------
    Mistake
        If the file is missing, damaged, of another version, or contradicts itself.
    """
    saved = states.load(path, "ibm704")
    try:
        machine = Ibm704.from_json(saved.description, engine, units)
    except Mistake as mistake:
        raise Mistake(f"{path}: {mistake}") from mistake
    if units is None and "units" in saved.description:
        raise Mistake(f"{path}: saved with input-output units; give units=Units() to load it")
    free = FREE_LENGTHS | machine.units.free_lengths
    state: State = states.fit(path, saved, machine.snapshot(), free)
    if field := unsound(state, machine.description) or machine.units.unsound(state):
        raise Mistake(f"{path}: field {field} contradicts the rest; take an earlier copy")
    machine.restore(state)
    return machine, saved.notes


def _engine(
    name: str, description: Description, state: State, units: InputOutput
) -> StoppingEngine:
    if name == "reference":
        return ReferenceEngine(description, state, units)
    if name == "compiled":
        # numba takes a third of a second to import: only where it is wanted
        try:
            from .compiled import CompiledEngine
        except RuntimeError as error:
            if "cannot cache" not in str(error):
                raise
            raise Mistake(
                "compiled code can be kept nowhere on this computer; set NUMBA_CACHE_DIR to a "
                "folder that can be written"
            ) from error
        return CompiledEngine(description, state, units)
    raise Mistake(f"no engine is called {name}; there are {' and '.join(ENGINES)}")
