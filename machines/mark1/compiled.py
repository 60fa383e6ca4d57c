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
    A_UNITS,
    DOMINANCE,
    HALT,
    LIGHT,
    MOTORS,
    NOTHING,
    POWER,
    REINFORCE,
    RULE,
    S_UNITS,
    SERIES,
    THETA,
    VALUES,
    WIRES,
    run,
)
from .compiled_masks import Masks
from .given import Given
from .state import BUSY, Stage, State, turn_rule_switch, with_series


def masks(given: Given, state: State, remember: bool = True) -> Masks:
    """Work out the masks of one machine, as its wires and motors are now.

    Parameters
    ----------
    given, state
        The machine.
    remember
        Whether the short cut may remember which A-units answer a stimulus.
    """
    n_s, n_a = len(given.pickup_ns), len(given.a_first) - 1
    words = (n_s + 63) // 64
    table = np.zeros((2, words, n_a), np.uint64)
    plugged = state.pulled == 0
    a_unit = np.repeat(np.arange(n_a), np.diff(given.a_first))[plugged]
    s_unit = given.plug_s[plugged]
    bit = np.uint64(1) << (s_unit % 64).astype(np.uint64)
    side = (given.plug_sign[plugged] < 0).astype(np.int64)
    np.bitwise_or.at(table, (side, s_unit // 64, a_unit), bit)
    return Masks(
        excitatory=table[0],
        inhibitory=table[1],
        lowest=-np.bincount(a_unit, weights=side, minlength=n_a).astype(np.int64),
        step=np.where(state.seized == 0, given.rate * given.pulse_ns // 1_000_000, 0),
        in_order=np.array_equal(given.pot_a, np.arange(n_a)),
        slowest_relay=int(given.relay_ns.max()),
        whole=bool(given.pickup_ns.max() + given.relay_ns.max() <= given.settle_ns),
        remember=remember,
    )


class CompiledEngine:
    """Runs one Mark I in compiled code.

    Parameters
    ----------
    given
        The particulars of the machine.
    state
        The State to start from, at a quiet instant; a copy is taken.
    remember
        Whether it may remember which A-units answer a stimulus; off only to measure the worth.
    """

    name = "compiled"

    def __init__(self, given: Given, state: State, remember: bool = True) -> None:
        self._given = given
        self._remember = remember
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
        self._masks = masks(self._given, self._state, self._remember)
        self.run(self.now_ns)

    def run(self, until_ns: int) -> int:
        """Do everything due up to and including ``until_ns``."""
        run(self._state, self._given, self._masks, NOTHING, until_ns)
        return until_ns

    def operate(self, path: str, value: Any) -> None:
        """Move a control to a canonical value, and settle."""
        s = self._state
        touched = NOTHING
        match path.removeprefix("mark1."):
            case "retina.light":
                touched = LIGHT
                s.light[:] = value
            case "association.theta":
                touched = THETA
                s.theta[0] = value
            case "response.desired":
                s.desired[:] = value
            case "values.V":
                touched = VALUES
                s.value[:] = value
            case "control.rule":
                before = s.dominance[0]
                turn_rule_switch(s, value)
                touched = RULE if s.dominance[0] == before else DOMINANCE
            case "control.reinforce":
                touched = REINFORCE
            case "control.halt":
                touched = HALT
            case "control.power":
                touched = POWER
            case "faults.S":
                touched = S_UNITS
                s.s_fault[:] = value
            case "faults.A":
                touched = A_UNITS
                s.a_fault[:] = value
            case "faults.motor":
                touched = MOTORS
                s.seized[:] = value
                self._masks = masks(self._given, s, self._remember)
            case "faults.wire":
                touched = WIRES
                s.pulled[:] = value
                self._masks = masks(self._given, s, self._remember)
            case "faults.retina_noise":
                s.retina_noise[0] = value
            case "control.train":
                if s.stage[0] != Stage.IDLE:
                    raise Mistake(BUSY)
                self._state = s = with_series(s, value)
                touched = SERIES
            case _:
                raise NotImplementedError(path)
        run(s, self._given, self._masks, touched, self.now_ns)
