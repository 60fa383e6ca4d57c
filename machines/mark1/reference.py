"""The reference engine: the Mark I unit by unit, as SimPy processes. It decides what is right.

Read :meth:`ReferenceEngine._assemble` against the block diagram of the Operators' Manual:

    photocells -> S-units -> plugboard -> A-units -> potentiometers -> R-units
                                              ^  motors  ^               |
                                              +-- reinforcement control <+
"""

from __future__ import annotations

from typing import Any

from simulator import state as states
from simulator.errors import Mistake
from simulator.kernel import Kernel
from simulator.signal import Signal, bus

from .association import AUnit
from .control import ControlUnit
from .given import Given
from .response import RUnit
from .retina import SUnit
from .state import BUSY, Stage, State, with_series
from .values import Potentiometer, Wiper


class ReferenceEngine:
    """Runs one Mark I event by event.

    Parameters
    ----------
    given
        The particulars of the machine.
    state
        The State to start from, at a quiet instant; a copy is taken.
    """

    name = "reference"

    def __init__(self, given: Given, state: State) -> None:
        self._given = given
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
        self._state: State = states.copy(state)
        self._kernel = Kernel(int(state.now_ns[0]))
        self._assemble()
        self.run(self.now_ns)

    def run(self, until_ns: int) -> int:
        """Do everything due up to and including ``until_ns``."""
        quiet_ns = self._kernel.run_until(until_ns)
        self._state.now_ns[0] = quiet_ns
        self._state.value[:] = [wiper.angle() for wiper in self._wipers]
        self._state.r_sum[:] = [unit.sum() for unit in self._r_units]
        return quiet_ns

    def _assemble(self) -> None:
        """Wire the machine up: this is the wiring list."""
        kernel, g, s = self._kernel, self._given, self._state
        light, s_on, a_on = bus(s.light), bus(s.s_on), bus(s.a_on)
        r_on, drive, desired = bus(s.r_on), bus(s.drive), bus(s.desired)
        motor, start_ns, start = bus(s.motor), bus(s.motor_start_ns), bus(s.value_start)
        theta = Signal(s.theta, 0)

        for i, due_ns in enumerate(bus(s.s_due_ns)):
            SUnit(kernel, light[i], s_on[i], due_ns, g.photocell_threshold, int(g.pickup_ns[i]))

        for a, total in enumerate(bus(s.a_sum)):
            wires = slice(g.a_first[a], g.a_first[a + 1])
            plugs = [
                (s_on[i], sign)
                for i, sign in zip(
                    g.plug_s[wires].tolist(), g.plug_sign[wires].tolist(), strict=True
                )
            ]
            AUnit(kernel, plugs, theta, total, a_on[a])

        self._wipers = []
        self._potentiometers = []
        for k, (a, r) in enumerate(zip(g.pot_a.tolist(), g.pot_r.tolist(), strict=True)):
            column = (g.parts_seed, g.wiper_stream + k)
            wiper = Wiper(
                kernel, motor[k], start_ns[k], start[k],
                int(g.rate[k]), g.travel, g.wiper_noise, column,
            )  # fmt: skip
            self._wipers.append(wiper)
            self._potentiometers.append(
                Potentiometer(kernel, a_on[a], drive[r], motor[k], start_ns[k], start[k], wiper)
            )

        self._r_units = []
        for r, due_ns in enumerate(bus(s.r_due_ns)):
            inputs = [
                (a_on[g.pot_a[k]], self._wipers[k]) for k in range(g.r_first[r], g.r_first[r + 1])
            ]
            self._r_units.append(
                RUnit(kernel, inputs, drive[r], r_on[r], due_ns, g.dead_zone, g.sample_ns)
            )

        self._control = ControlUnit(
            kernel, r_on, [unit.clear for unit in self._r_units], light, desired, drive, s,
            g.settle_ns, g.pulse_ns, g.rest_ns,
        )  # fmt: skip
        self._light, self._desired, self._theta = light, desired, theta

    def operate(self, path: str, value: Any) -> None:
        """Move a control to a canonical value, and settle."""
        match path.removeprefix("mark1."):
            case "retina.light":
                for line, level in zip(self._light, value.tolist(), strict=True):
                    line.set(level)
            case "association.theta":
                self._theta.set(value)
            case "response.desired":
                for line, way in zip(self._desired, value.tolist(), strict=True):
                    line.set(way)
            case "values.V":
                for potentiometer, angle in zip(self._potentiometers, value.tolist(), strict=True):
                    potentiometer.turn_to(angle)
                for unit in self._r_units:
                    unit.look()
            case "control.rule":
                self._state.rule[0] = value
            case "control.reinforce":
                self._control.reinforce()
            case "control.halt":
                self._control.halt()
            case "control.train":
                self._begin_series(value)
            case _:
                raise NotImplementedError(path)
        self.run(self.now_ns)

    def _begin_series(self, series: dict[str, Any]) -> None:
        if self._state.stage[0] != Stage.IDLE:
            raise Mistake(BUSY)
        self._state = with_series(self._state, series)
        self._control.begin_series(self._state)
