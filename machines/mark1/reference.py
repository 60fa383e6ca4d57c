"""The reference engine: the Mark I unit by unit, as SimPy processes. It decides what is right.

Read :meth:`ReferenceEngine._assemble` against the block diagram of the Operators' Manual:

    photocells -> S-units -> plugboard -> A-units -> potentiometers -> R-units
                                              ^  motors  ^               |
                                              +-- reinforcement control <+
"""

from __future__ import annotations

from typing import Any

from simulator import chance
from simulator import state as states
from simulator.errors import Mistake
from simulator.kernel import Kernel
from simulator.signal import Signal, bus

from .association import AUnit, Sockets
from .control import ControlUnit, Lines
from .feed import Feed
from .given import RETENTION, WIPER, Given
from .response import Rivalry, RUnit
from .retina import SUnit
from .rules import RULES
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
        self._state.r_active[:] = [unit.active() for unit in self._r_units]
        return quiet_ns

    def _assemble(self) -> None:
        """Wire the machine up: this is the wiring list."""
        kernel, g, s = self._kernel, self._given, self._state
        light, s_on, a_on = bus(s.light), bus(s.s_on), bus(s.a_on)
        r_on, drive, desired = bus(s.r_on), bus(s.drive), bus(s.desired)
        gain_on, gain_off = bus(s.gain_on), bus(s.gain_off)
        motor, start_ns, start = bus(s.motor), bus(s.motor_start_ns), bus(s.value_start)
        play, coincidences, seized = bus(s.play), bus(s.coincidences), bus(s.seized)
        s_fault, a_fault = bus(s.s_fault), bus(s.a_fault)
        theta, rule, dominance = Signal(s.theta, 0), Signal(s.rule, 0), Signal(s.dominance, 0)

        self._s_units = [
            SUnit(
                kernel, light[i], s_on[i], due_ns, s_fault[i],
                int(g.on_level[i]), int(g.off_level[i]), bool(g.latch), int(g.pickup_ns[i]),
            )
            for i, due_ns in enumerate(bus(s.s_due_ns))
        ]  # fmt: skip

        self._totals = bus(s.a_sum)
        self._a_units = [
            AUnit(kernel, total, theta, a_on[a], due_ns, a_fault[a], int(g.relay_ns[a]))
            for a, (total, due_ns) in enumerate(zip(self._totals, bus(s.a_due_ns), strict=True))
        ]
        pulled = bus(s.pulled)
        self._sockets = [
            Sockets(
                s_on[i],
                [
                    (self._totals[g.plug_a[w]], int(g.plug_a_sign[w]), pulled[g.plug_wire[w]])
                    for w in range(g.s_first[i], g.s_first[i + 1])
                ],
            )
            for i in range(len(s_on))
        ]

        self._wipers = []
        self._potentiometers = []
        for k, (a, r) in enumerate(zip(g.pot_a.tolist(), g.pot_r.tolist(), strict=True)):
            wiper = Wiper(
                kernel, motor[k], start_ns[k], start[k], play[k],
                g.travel, g.backlash, g.wiper_noise, (g.parts_seed, WIPER + k),
            )  # fmt: skip
            self._wipers.append(wiper)
            self._potentiometers.append(
                Potentiometer(
                    kernel, a_on[a], drive[r], gain_on[r], gain_off[r], seized[k],
                    motor[k], coincidences[k], start_ns[k], start[k], play[k],
                    wiper, int(g.rate[k]),
                )
            )  # fmt: skip

        self._r_units = []
        for r, due_ns in enumerate(bus(s.r_due_ns)):
            mine = range(g.r_first[r], g.r_first[r + 1])
            inputs = [(a_on[g.pot_a[k]], self._wipers[k]) for k in mine]
            self._r_units.append(
                RUnit(kernel, inputs, drive[r], r_on[r], due_ns, dominance, g.dead_zone,
                      g.sample_ns)
            )  # fmt: skip
            active = [a_on[g.pot_a[k]] for k in mine]
            Feed(kernel, active, drive[r], drive, rule, gain_on[r], gain_off[r], g.feed_units)
        Rivalry(kernel, self._r_units, r_on, dominance, g.dead_zone)

        lines = Lines(
            responses=r_on, rule=rule, desired=desired, light=light, drive=drive,
            clear=[unit.clear for unit in self._r_units],
            release=[unit.release for unit in self._s_units],
            fade=[potentiometer.fade for potentiometer in self._potentiometers],
        )  # fmt: skip
        self._control = ControlUnit(kernel, lines, s, g)
        self._light, self._desired, self._theta, self._rule = light, desired, theta, rule
        self._s_fault, self._a_fault, self._seized = s_fault, a_fault, seized
        self._pulled, self._dominance = pulled, dominance

    def operate(self, path: str, value: Any) -> None:
        """Move a control to a canonical value, and settle."""
        match path.removeprefix("mark1."):
            case "retina.light":
                _put(self._light, value)
            case "association.theta":
                self._theta.set(value)
            case "response.desired":
                _put(self._desired, value)
            case "values.V":
                for potentiometer, angle in zip(self._potentiometers, value.tolist(), strict=True):
                    potentiometer.turn_to(angle)
                self._all_look()
            case "control.rule":
                self._turn_rule_switch(value)
            case "control.reinforce":
                self._control.reinforce()
            case "control.halt":
                self._control.halt()
            case "control.power":
                self._switch_off_and_on()
            case "control.train":
                self._begin_series(value)
            case "faults.S":
                _put(self._s_fault, value)
            case "faults.A":
                _put(self._a_fault, value)
            case "faults.motor":
                _put(self._seized, value)
            case "faults.wire":
                _put(self._pulled, value)
                for total in self._totals:
                    total.set(0)
                for sockets in self._sockets:
                    sockets.plug_again()
            case "faults.retina_noise":
                self._state.retina_noise[0] = value
            case _:
                raise NotImplementedError(path)
        self.run(self.now_ns)

    def _all_look(self) -> None:
        for unit in self._r_units:
            unit.look()

    def _turn_rule_switch(self, position: int) -> None:
        self._rule.set(position)
        dominance = RULES[position].dominance
        if dominance is not None and dominance != self._dominance.value:
            self._dominance.set(dominance)
            self._all_look()

    def _switch_off_and_on(self) -> None:
        """Drop every relay and stop every motor; the shafts stay, give or take a little."""
        self._control.halt()
        self.run(self.now_ns)
        for photocell in self._s_units:
            photocell.release()
        for unit in self._a_units:
            unit.release()
        for k, (potentiometer, wiper) in enumerate(
            zip(self._potentiometers, self._wipers, strict=True)
        ):
            creep = chance.spread(
                self._given.retention, self._given.parts_seed, RETENTION + k, self.now_ns
            )
            limit = self._given.travel
            potentiometer.turn_to(min(max(wiper.angle() + creep, -limit), limit))
        for response in self._r_units:
            response.clear()

    def _begin_series(self, series: dict[str, Any]) -> None:
        if self._state.stage[0] != Stage.IDLE:
            raise Mistake(BUSY)
        self._turn_rule_switch(series["rule"])
        self._state = with_series(self._state, series)
        self._control.begin_series(self._state)


def _put(lines: list[Signal], values: Any) -> None:
    for line, value in zip(lines, values.tolist(), strict=True):
        line.set(value)
