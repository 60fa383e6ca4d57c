"""The compiled engine: the same Mark I, about a thousand times faster.

Here a control that was moved is written into the State; what follows from it, and all that time
brings, is done by the compiled loop beside this file.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from simulator import state as states
from simulator.errors import Mistake

from .compiled_loop import (
    HALT,
    LIGHT,
    NOTHING,
    REINFORCE,
    SERIES,
    THETA,
    VALUES,
    Masks,
    run,
)
from .given import Given
from .state import BUSY, Stage, State, with_series


def masks(given: Given) -> Masks:
    """Work out the masks of one machine."""
    n_s, n_a = len(given.pickup_ns), len(given.a_first) - 1
    words = (n_s + 63) // 64
    table = np.zeros((2, words, n_a), np.uint64)
    a_unit = np.repeat(np.arange(n_a), np.diff(given.a_first))
    bit = np.uint64(1) << (given.plug_s % 64).astype(np.uint64)
    side = (given.plug_sign < 0).astype(np.int64)
    np.bitwise_or.at(table, (side, given.plug_s // 64, a_unit), bit)
    step = given.rate * given.pulse_ns // 1_000_000
    in_order = np.array_equal(given.pot_a, np.arange(n_a))
    whole = bool(given.pickup_ns.max() <= given.settle_ns)
    lowest = -np.bincount(a_unit, weights=side, minlength=n_a).astype(np.int64)
    return Masks(table[0], table[1], lowest, step, in_order, whole)


class CompiledEngine:
    """Runs one Mark I in compiled code.

    Parameters
    ----------
    given
        The particulars of the machine.
    state
        The State to start from, at a quiet instant; a copy is taken.
    """

    name = "compiled"

    def __init__(self, given: Given, state: State) -> None:
        self._given = given
        self._masks = masks(given)
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
        self._state: State = states.copy(state)
        self.run(self.now_ns)

    def run(self, until_ns: int) -> int:
        """Do everything due up to and including ``until_ns``."""
        run(self._state, self._given, self._masks, NOTHING, until_ns)
        return until_ns

    def operate(self, path: str, value: Any) -> None:
        """Move a control to a canonical value, and settle."""
        s = self._state
        changed = NOTHING
        match path.removeprefix("mark1."):
            case "retina.light":
                changed = LIGHT
                s.light[:] = value
            case "association.theta":
                changed = THETA
                s.theta[0] = value
            case "response.desired":
                s.desired[:] = value
            case "values.V":
                changed = VALUES
                s.value_start[:] = value
                s.motor_start_ns[s.motor != 0] = s.now_ns[0]
            case "control.rule":
                s.rule[0] = value
            case "control.reinforce":
                changed = REINFORCE
            case "control.halt":
                changed = HALT
            case "control.train":
                if s.stage[0] != Stage.IDLE:
                    raise Mistake(BUSY)
                self._state = s = with_series(s, value)
                changed = SERIES
            case _:
                raise NotImplementedError(path)
        run(s, self._given, self._masks, changed, self.now_ns)
