"""The compiled engine: the same 704, some thousand times faster.

Ordinary instructions are executed by ``compiled_loop.py``, in bursts: until the next
event of an input-output unit, until an instruction wants a unit, until the machine stops or time is
up. Copies belong to them as long as the unit can foretell its words. Everything else
(keys, steps, load keys, the units themselves) is done as in the reference engine.
"""

from __future__ import annotations

from typing import Any

from simulator import state as states
from simulator.kernel import NEVER, Kernel

from . import console, control
from .compiled_loop import run, run_watched
from .compiled_operations import BUDGET, UNIT
from .compiled_registers import Cells
from .core_storage import CoreStorage
from .description import Description
from .input_output import InputOutput
from .state import State, Stop

FEWEST_WORDS, MOST_WORDS = 32, 2048
"""How many words to have foretold: more and more, as long as the program takes them all."""


class CompiledEngine:
    """Runs one 704 in compiled code.

    Parameters
    ----------
    description
        What was given.
    state
        The State to start from, at a quiet instant; a copy is taken.
    units
        The input-output units.
    """

    name = "compiled"

    def __init__(self, description: Description, state: State, units: InputOutput) -> None:
        self._description = description
        self._units = units
        self._for_units = frozenset(row.path for row in units.controls())
        self._most = FEWEST_WORDS
        self.restore(state)

    @property
    def state(self) -> State:
        """The live State at the last quiet instant."""
        return self._state

    @property
    def now_ns(self) -> int:
        """The quiet instant the machine stands at."""
        return int(self._state.now_ns[0])

    def restore(self, state: State) -> None:
        """Stand at another quiet State (a copy is taken)."""
        self._stand_in(states.copy(state))

    def _stand_in(self, state: State) -> None:
        self._state = state
        self._core = CoreStorage(state)
        self._cells = Cells(*(getattr(state, name) for name in Cells._fields))
        self._marked = bool(state.marks.any())
        self._kernel = Kernel(self.now_ns)
        self._units.wire(self._kernel, state)
        self.run(self.now_ns)

    def run(self, until_ns: int) -> int:
        """Do everything due up to and including ``until_ns``."""
        while self._next(until_ns):
            pass
        return self._quiet(until_ns)

    def run_to_stop(self, limit_ns: int) -> int:
        """Run until the machine stands still and its last cycle is over, or to ``limit_ns``."""
        s = self._state
        while not s.stop[0] and self._next(limit_ns):
            pass
        end_ns = max(self._kernel.now_ns, int(s.free_ns[0])) if s.stop[0] else limit_ns
        return self.run(min(limit_ns, end_ns))

    def _quiet(self, now_ns: int) -> int:
        self._kernel.run_until(now_ns)
        self._state.now_ns[0] = now_ns
        control.show_index(self._state)
        return now_ns

    def _next(self, until_ns: int) -> bool:
        """Do what is next due, or a burst of instructions; False if nothing is due any more."""
        s = self._state
        event_ns = self._kernel.peek()
        last_ns = until_ns if event_ns > until_ns else int(event_ns) - 1
        cpu_ns, limit_ns = int(s.cpu_due_ns[0]), int(s.limit_due_ns[0])
        if NEVER < limit_ns <= last_ns and not NEVER < cpu_ns < limit_ns:
            self._kernel.run_until(limit_ns)
            control.time_is_up(s)
        elif NEVER < cpu_ns <= last_ns:
            before_limit_ns = until_ns if limit_ns == NEVER else min(until_ns, limit_ns - 1)
            self._instructions(cpu_ns, last_ns, before_limit_ns)
        elif event_ns <= until_ns:
            self._kernel.step()
        else:
            return False
        return True

    def _instructions(self, first_ns: int, quiet_ns: int, last_ns: int) -> None:
        """Execute the instructions that begin from ``first_ns`` on.

        They begin until ``last_ns``, and until ``quiet_ns``, before a unit acts by itself, unless
        it is foretold what it will do.
        """
        s = self._state
        if not s.automatic[0] or s.stepping[0] or s.loading[0] or s.waiting[0]:
            self._act(first_ns)
            return
        passage = self._units.passage(last_ns, self._most)
        foretold = len(passage.words)
        times = (
            first_ns,
            last_ns if foretold else min(last_ns, quiet_ns),
            self._description.cycle_ns,
        )
        cycles = int(s.cycles[0])
        burst = run_watched if self._marked else run
        why, waited_ns, copied = burst(
            self._cells, passage, times, self._description.undefined_stops != 0
        )
        cycles = int(s.cycles[0]) - cycles
        now_ns = first_ns + cycles * self._description.cycle_ns + waited_ns
        if cycles:
            s.free_ns[0] = now_ns
        s.cpu_due_ns[0] = now_ns
        if copied:
            self._units.passed(passage, copied)
        if foretold:
            self._most = min(2 * self._most, MOST_WORDS) if copied == foretold else FEWEST_WORDS
        if why == UNIT and copied and copied == foretold:
            return  # more words may be foretold from here
        if why == UNIT:
            self._act(now_ns)
        elif why != BUDGET:
            if why in (Stop.UNDEFINED, Stop.BREAKPOINT):
                self._kernel.run_until(now_ns)
            control.stop(s, Stop(why), int(s.stopped_at[0]))

    def _act(self, now_ns: int) -> None:
        self._kernel.run_until(now_ns)
        control.act(self._state, self._core, self._units, now_ns, self._description)

    def operate(self, path: str, value: Any) -> None:
        """Move a control to a canonical value, and settle."""
        if path in self._for_units:
            longer = self._units.operate(path, value)
            if longer is not None:
                self._stand_in(longer)
        else:
            console.operate(self._state, self._units, path, value, self.now_ns)
            self._marked = bool(self._state.marks.any())
        self.run(self.now_ns)
