"""A toy machine of four cells, on which the simulator's contracts are proved.

Two relays follow two keys, each after its own delay. A latch takes over what the data relay gives
whenever the clock relay picks up, and a counter counts how often. If data and clock change at
one instant, only a declared order (relays first, then the latch) says what the latch takes.
"""

from __future__ import annotations

from enum import IntEnum
from typing import Any, NamedTuple

import numpy as np

from simulator import state as states
from simulator.errors import Mistake
from simulator.kernel import NEVER, Bell, Kernel, Life
from simulator.machine import Machine
from simulator.points import Control, Kind, Point
from simulator.signal import Signal, bus

DELAY_NS = (3000, 3000)


class Phase(IntEnum):
    RELAY = 10
    LATCH = 20


class State(NamedTuple):
    now_ns: Any
    key: Any
    relay: Any
    relay_due_ns: Any
    seen: Any
    latch: Any
    count: Any


def power_on() -> State:
    def zeros(n: int, dtype: Any) -> Any:
        return np.zeros(n, dtype)

    return State(
        zeros(1, np.int64), zeros(2, np.uint8), zeros(2, np.uint8), np.full(2, NEVER, np.int64),
        zeros(1, np.uint8), zeros(1, np.uint8), zeros(1, np.int64),
    )  # fmt: skip


class Relay:
    def __init__(self, kernel: Kernel, key: Signal, on: Signal, due: Signal, delay: int) -> None:
        self.kernel, self.key, self.on, self.due, self.delay = kernel, key, on, due, delay
        self.bell = Bell(kernel, Phase.RELAY)
        key.feeds(self.bell)
        if due.value != NEVER:
            self.bell.ring(due.value)
        kernel.process(self.life())

    def life(self) -> Life:
        while True:
            yield self.bell.heard()
            now = self.kernel.now_ns
            if self.due.value == now:
                self.on.set(1 - self.on.value)
                self.due.set(NEVER)
            if self.key.value == self.on.value:
                self.due.set(NEVER)
            elif self.due.value == NEVER:
                self.due.set(now + self.delay)
                self.bell.ring(now + self.delay)


class Latch:
    def __init__(
        self, kernel: Kernel, data: Signal, clock: Signal, seen: Signal, out: Signal, count: Signal
    ) -> None:
        self.data, self.clock, self.seen, self.out, self.count = data, clock, seen, out, count
        self.bell = Bell(kernel, Phase.LATCH)
        clock.feeds(self.bell)
        kernel.process(self.life())

    def life(self) -> Life:
        while True:
            yield self.bell.heard()
            if self.clock.value and not self.seen.value:
                self.out.set(self.data.value)
                self.count.set(self.count.value + 1)
            self.seen.set(self.clock.value)


class Reference:
    name = "reference"

    def __init__(self) -> None:
        self.restore(power_on())

    @property
    def state(self) -> State:
        return self._state

    @property
    def now_ns(self) -> int:
        return self._kernel.now_ns

    def restore(self, state: State) -> None:
        s = self._state = states.copy(state)
        self._kernel = Kernel(int(s.now_ns[0]))
        relay, due = bus(s.relay), bus(s.relay_due_ns)
        self._keys = bus(s.key)
        for i in range(2):
            Relay(self._kernel, self._keys[i], relay[i], due[i], DELAY_NS[i])
        Latch(
            self._kernel, relay[0], relay[1], Signal(s.seen, 0), Signal(s.latch, 0),
            Signal(s.count, 0),
        )  # fmt: skip
        self.run(self.now_ns)

    def run(self, until_ns: int) -> int:
        self._state.now_ns[0] = self._kernel.run_until(until_ns)
        return until_ns

    def operate(self, path: str, value: int) -> None:
        self._keys[("toy.data", "toy.clock").index(path)].set(value)
        self.run(self.now_ns)


class Sweeping:
    """The other engine: no processes, a loop over due-times."""

    name = "compiled"
    late_latch = False
    """Broken on purpose where a test wants to see the difference found."""

    def __init__(self) -> None:
        self.restore(power_on())

    @property
    def state(self) -> State:
        return self._state

    @property
    def now_ns(self) -> int:
        return int(self._state.now_ns[0])

    def restore(self, state: State) -> None:
        self._state = states.copy(state)

    def run(self, until_ns: int) -> int:
        s = self._state
        while NEVER < (due := states.next_due_ns(s)) <= until_ns:
            before = s.relay[0]
            for i in range(2):
                if s.relay_due_ns[i] == due:
                    s.relay[i] = 1 - s.relay[i]
                    s.relay_due_ns[i] = NEVER
            if s.relay[1] and not s.seen[0]:
                s.latch[0] = before if self.late_latch else s.relay[0]
                s.count[0] += 1
            s.seen[0] = s.relay[1]
        s.now_ns[0] = until_ns
        return until_ns

    def operate(self, path: str, value: int) -> None:
        s = self._state
        i = ("toy.data", "toy.clock").index(path)
        s.key[i] = value
        if s.key[i] == s.relay[i]:
            s.relay_due_ns[i] = NEVER
        elif s.relay_due_ns[i] == NEVER:
            s.relay_due_ns[i] = s.now_ns[0] + DELAY_NS[i]


class LateSweeping(Sweeping):
    late_latch = True


def _switch(value: Any) -> int:
    if value not in (0, 1):
        raise Mistake(f"a key is 0 or 1, not {value!r}")
    return int(value)


POINTS = [
    Point("toy.relay", "relay", Kind.LAMP, "the relays", width=1, first_label=1),
    Point("toy.due", "relay_due_ns", Kind.METER, "when the relays change"),
    Point("toy.latch", "latch", Kind.LAMP, "the latch", cell=0, width=1),
    Point("toy.count", "count", Kind.REGISTER, "latchings", cell=0),
    Point("toy.count_low", "count", Kind.REGISTER, "its low bits", cell=0, bits=(1, 0), width=2),
]


def toy(engine: type = Reference) -> Machine:
    return Machine(
        "toy",
        None,
        POINTS,
        [Control("toy.data", "the data key", _switch), Control("toy.clock", "clock", _switch)],
        engine(),
    )
