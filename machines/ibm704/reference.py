"""The reference engine: the 704 as SimPy processes and Python integers. It decides what is right.

core storage <-> storage register <-> arithmetic (AC, MQ)
                        |
                  control unit (IC, IR, index registers)  <->  input-output units
"""

from __future__ import annotations

from typing import Any

from simulator import state as states
from simulator.kernel import NEVER, Bell, Kernel, Life

from . import console, control
from .core_storage import CoreStorage
from .description import Description
from .input_output import InputOutput
from .state import Phase, State


class ControlUnit:
    """The control unit as a process: it sleeps from one instruction to the next.

    Parameters
    ----------
    kernel
        The kernel.
    state
        Remembered: the registers, and when what is due.
    units
        The input-output units.
    description
        How long a cycle lasts.
    """

    def __init__(
        self, kernel: Kernel, state: State, units: InputOutput, description: Description
    ) -> None:
        self._kernel = kernel
        self._s = state
        self._core = CoreStorage(state)
        self._units = units
        self._description = description
        self._bell = Bell(kernel, Phase.CONTROL)
        self.look()
        kernel.process(self._life())

    def look(self) -> None:
        """Ring for whatever is due; to be called after the State was changed from outside."""
        for due_ns in (int(self._s.cpu_due_ns[0]), int(self._s.limit_due_ns[0])):
            if due_ns != NEVER:
                self._bell.ring(due_ns)

    def _life(self) -> Life:
        while True:
            yield self._bell.heard()
            now_ns = self._kernel.now_ns
            if self._s.limit_due_ns[0] == now_ns:
                control.time_is_up(self._s)
            if self._s.cpu_due_ns[0] == now_ns:
                control.act(self._s, self._core, self._units, now_ns, self._description)
            self.look()


class ReferenceEngine:
    """Runs one 704 instruction by instruction.

    Parameters
    ----------
    description
        What was given.
    state
        The State to start from, at a quiet instant; a copy is taken.
    units
        The input-output units.
    """

    name = "reference"

    def __init__(self, description: Description, state: State, units: InputOutput) -> None:
        self._description = description
        self._units = units
        self._for_units = frozenset(row.path for row in units.controls())
        self.restore(state)

    @property
    def state(self) -> State:
        """The live State at the last quiet instant."""
        return self._state

    @property
    def now_ns(self) -> int:
        """The quiet instant the machine stands at."""
        return self._kernel.now_ns

    def restore(self, state: State) -> None:
        """Stand at another quiet State (a copy is taken)."""
        self._stand_in(states.copy(state))

    def _stand_in(self, state: State) -> None:
        self._state = state
        self._kernel = Kernel(int(state.now_ns[0]))
        self._units.wire(self._kernel, state)
        self._control = ControlUnit(self._kernel, state, self._units, self._description)
        self.run(self.now_ns)

    def run(self, until_ns: int) -> int:
        """Do everything due up to and including ``until_ns``."""
        self._state.now_ns[0] = self._kernel.run_until(until_ns)
        control.show_index(self._state)
        return until_ns

    def run_to_stop(self, limit_ns: int) -> int:
        """Run until the machine stands still and its last cycle is over, or to ``limit_ns``."""
        s = self._state
        while not s.stop[0] and self._kernel.peek() <= limit_ns:
            self._kernel.step()
        end_ns = max(self.now_ns, int(s.free_ns[0])) if s.stop[0] else limit_ns
        return self.run(min(limit_ns, end_ns))

    def operate(self, path: str, value: Any) -> None:
        """Move a control to a canonical value, and settle."""
        if path in self._for_units:
            longer = self._units.operate(path, value)
            if longer is not None:
                self._stand_in(longer)
        else:
            console.operate(self._state, self._units, path, value, self.now_ns)
            self._control.look()
        self.run(self.now_ns)
