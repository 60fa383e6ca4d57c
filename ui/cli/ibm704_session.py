"""A 704 under the eyes of a programmer: going forth and back, an instruction or a run at a time.

Everything the programmer does is an **act** in a history (:mod:`simulator.history`), so it can be
undone. One can also go back by instructions, into the middle of a run: the machine is put to where
that run began and let go until the instant at which the wanted instruction began, which is found by
halving. Breakpoints and what is printed do not change what a run does, so it comes out the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

from machines.ibm704 import Ibm704, Stop
from machines.ibm704.operations import find
from machines.ibm704.state import BREAK, WATCH
from machines.ibm704.words import ADDRESS, octal
from simulator.errors import Mistake
from simulator.history import History
from simulator.machine import LAST_NS
from simulator.state import Record
from ui.cli.ibm704_expressions import Expression
from ui.cli.ibm704_run import run_in_slices
from ui.cli.ibm704_set_up import Names
from ui.cli.ibm704_trace import Teller
from ui.cli.ibm704_units import effective
from ui.cli.series import Stop as CtrlC

LONGEST_NS = 36_000 * 1_000_000_000
"""The longest run without a stop: ten hours of the machine."""
REMEMBERED = 64
"""Acts whose instructions can be told again."""
STORING = (
    "STO", "STQ", "SLQ", "STZ", "SLW", "STP", "STD", "STA", "ANS", "ORS", "SXD", "CPY", "CAD",
)  # fmt: skip
"""The operations that can store a word."""
COUNT = "ibm704.control.instructions"
START = (("ibm704.console.lever", 1), ("ibm704.console.start", None))


class Act(NamedTuple):
    """Something that was done: how it was begun, and the machine before it.

    Attributes
    ----------
    opening
        Controls to move so that the machine runs as it did; none if it did not run.
    first
        Instructions done before.
    state
        The machine before.
    """

    opening: Sequence[tuple[str, Any]]
    first: int
    state: Record


class Mark(NamedTuple):
    """A marked location: BREAK or WATCH, and when to stop there (None: always)."""

    kind: int
    condition: Expression | None
    text: str


class Session:
    """One machine, its history and its marks.

    Parameters
    ----------
    machine
        A machine that stands still.
    names
        Names of its locations.
    why
        Tells in a line why the machine stands still; the machine's own words if left out.
    """

    def __init__(
        self, machine: Ibm704, names: Names, why: Callable[[Ibm704], str] = Ibm704.why
    ) -> None:
        self.machine = machine
        self.names = names
        self._told_why = why
        self.marks: dict[tuple[int, int], Mark] = {}
        """Marks by location and kind."""
        self._history = History(machine)
        self._acts: list[Act] = []
        machine.operate("ibm704.console.lever", 0)

    @property
    def done(self) -> int:
        """Instructions done since power-on."""
        return self.machine.number(COUNT)

    # forth

    @contextmanager
    def act(self, opening: Sequence[tuple[str, Any]] = ()) -> Iterator[None]:
        """Let what is operated within be one act, or if it fails nothing at all."""
        before = Act(opening, self.done, self.machine.snapshot())
        with self._history.act():
            yield
        self._acts.append(before)
        if len(self._acts) > 2 * REMEMBERED:
            del self._acts[:REMEMBERED]

    def step(self, count: int, ctrl_c: CtrlC) -> str:
        """Do some instructions by the single step key; tell why no more, or nothing."""
        with self.act(START):
            for _ in range(count):
                self.machine.step()
                if self.machine.stop != Stop.STEP or ctrl_c.pressed:
                    break
        return "" if self.machine.stop == Stop.STEP else self._why()

    def go(self, ctrl_c: CtrlC, opening: Sequence[tuple[str, Any]] = START) -> str:
        """Let the machine run to a stop, a mark whose condition holds, or Ctrl-C; tell why."""
        machine, moment = self.machine, self._history.moment()
        with self.act(opening):
            limit_ns = min(LAST_NS, machine.now_ns + LONGEST_NS)
            passed = False
            self._begin(opening, limit_ns)
            while True:
                run_in_slices(machine, limit_ns, ctrl_c)
                if machine.stop not in (Stop.BREAKPOINT, Stop.WATCH) or self._wanted():
                    break
                passed = True
                with machine.unwatched():
                    self._begin(START, limit_ns)
            why = self._why()
            if passed or machine.stop == Stop.RUNNING:
                # the same run again without a stop between: that is what is remembered
                until_ns = machine.now_ns + (machine.stop == Stop.RUNNING)
                self._history.go_back(moment)
                self._run_until(opening, until_ns)
            else:
                self._stand_still()
        return why

    def _why(self) -> str:
        machine = self.machine
        if machine.stop == Stop.RUNNING:
            return "interrupted"
        at = self._stored() if machine.stop == Stop.WATCH else None
        if at is None:
            return self._told_why(machine)
        return f"{machine.why()}: {self.names.tell(at)} is now {octal(machine.examine(at))}"

    def _stored(self) -> int | None:
        """Tell in which watched location the instruction that stopped on a watch stored a word."""
        at = self.machine.number("ibm704.control.stopped_at")
        word = self.machine.examine(at)
        operation = find(word)
        if operation is None or operation.mnemonic not in STORING:
            return at if (at, WATCH) in self.marks else None  # it stored over itself
        to = effective(self.machine, word if operation.indexable else word & ADDRESS)
        return to if (to, WATCH) in self.marks else None

    def _begin(self, opening: Sequence[tuple[str, Any]], limit_ns: int) -> None:
        for control, value in [("ibm704.control.limit", limit_ns), *opening]:
            self.machine.operate(control, value)

    def _stand_still(self) -> None:
        self.machine.operate("ibm704.console.lever", 0)
        self.machine.operate("ibm704.control.limit", None)

    def _run_until(self, opening: Sequence[tuple[str, Any]], until_ns: int) -> None:
        """Run as an act did, past all marks, up to an instant; then stand still on manual."""
        self.machine.operate("ibm704.control.unmark")
        self._begin(opening, until_ns)
        self.machine.run_to_stop(until_ns)
        self.machine.run_to_stop(min(LAST_NS, until_ns + LONGEST_NS))
        self._stand_still()
        self._mark()

    def _wanted(self) -> bool:
        """Tell whether the condition of the mark the machine stopped at holds."""
        if self.machine.stop == Stop.BREAKPOINT:
            key = self.machine.number("ibm704.control.stopped_at"), BREAK
        else:
            stored = self._stored()
            key = -1 if stored is None else stored, WATCH
        mark = self.marks.get(key)
        return mark is not None and (mark.condition is None or bool(mark.condition(self.machine)))

    # marks

    def mark(self, at: int, mark: Mark) -> None:
        """Mark a location."""
        self.marks[at, mark.kind] = mark
        self._mark()

    def unmark(self, at: int | None, kind: int) -> int:
        """Take marks of a kind away, at a location or everywhere; tell how many."""
        gone = [key for key in self.marks if key[1] == kind and at in (None, key[0])]
        for key in gone:
            del self.marks[key]
        self._mark()
        return len(gone)

    def _mark(self) -> None:
        kinds: dict[int, int] = {}
        for at, kind in self.marks:
            kinds[at] = kinds.get(at, 0) | kind
        self.machine.operate("ibm704.control.unmark")
        for at, kind in kinds.items():
            self.machine.operate("ibm704.control.mark", {"at": at, "mark": kind})

    # back

    def undo(self) -> None:
        """Go back to before the last act.

        Raises
        ------
        Mistake
            If there is none that is remembered.
        """
        if not self._history.undo():
            raise Mistake("there is nothing to undo")
        if self._acts:
            self._acts.pop()
        self._mark()  # going back in time does not take marks away

    def back(self, count: int) -> None:
        """Go back by some instructions, and undo what was done by hand since.

        Raises
        ------
        Mistake
            If so many have not been done, or are no longer remembered.
        """
        target = self.done - count
        if not self._acts or target < self._acts[0].first:
            since = self.done - self._acts[0].first if self._acts else 0
            raise Mistake(f"cannot go back {count} instructions; {since} are remembered")
        act = None
        while self.done > target:
            act = self._acts[-1]
            self.undo()
        if act is not None and self.done < target:
            until_ns = self._begin_of(target, act)
            with self.act(act.opening):
                self._run_until(act.opening, until_ns)

    def _begin_of(self, target: int, act: Act) -> int:
        """Find when the instruction begins that comes after so many, in the run of an act."""
        machine = self.machine
        with self._scratch(act):
            self._seek(target, act)
            return max(machine.number("ibm704.control.next_ns"), machine.now_ns)

    @contextmanager
    def _scratch(self, act: Act) -> Iterator[None]:
        """Let the machine stand as before an act, without marks, and afterwards as it stands."""
        machine = self.machine
        before = machine.snapshot()
        with machine.unwatched():
            try:
                machine.restore(act.state)
                machine.operate("ibm704.control.unmark")
                yield
            finally:
                machine.restore(before)

    def _seek(self, target: int, act: Act) -> None:
        """Run as an act did until so many instructions are done, more than before it."""
        machine, stride_ns, high_ns = self.machine, 1_000_000, 0
        self._begin(act.opening, min(LAST_NS, machine.now_ns + 2 * LONGEST_NS))
        low = machine.snapshot()
        while self.done != target:
            if high_ns:
                machine.run((machine.now_ns + high_ns) // 2)
            else:
                stride_ns *= 2
                machine.run(min(LAST_NS, machine.now_ns + stride_ns))
            if self.done > target:
                high_ns = machine.now_ns
                machine.restore(low)
            else:
                assert machine.stop == Stop.RUNNING or self.done == target, "another run"
                low = machine.snapshot()

    def recent(self, count: int) -> list[str]:
        """Tell the last instructions done, oldest first, a line each."""
        lines: list[str] = []
        last = self.done
        for act in reversed(self._acts[-REMEMBERED:]):
            if len(lines) >= count or not last:
                break
            if act.first < last:
                first = max(act.first, last - (count - len(lines)))
                lines = self._told(act, first, last) + lines
                last = act.first
        return lines

    def _told(self, act: Act, first: int, last: int) -> list[str]:
        lines: list[str] = []
        machine = self.machine
        teller = Teller(self.names, lines.append)
        with self._scratch(act):
            if first > act.first:
                self._seek(first, act)
                teller.observe(machine)
            else:
                teller.observe(machine)
                self._begin(act.opening, min(LAST_NS, machine.now_ns + 2 * LONGEST_NS))
                teller.observe(machine)
            while self.done < last:
                machine.run(machine.next_due_ns())
                teller.observe(machine)
        return lines
