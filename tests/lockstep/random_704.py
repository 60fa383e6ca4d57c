"""Random programs for a 704, and a toy unit for them to read from and write on."""

from __future__ import annotations

import random
from collections import namedtuple
from typing import Any

import numpy as np

from machines.ibm704 import Description
from machines.ibm704.input_output import NO_PASSAGE, Answer, Reply
from machines.ibm704.operations import OPERATIONS, Operation, Part
from machines.ibm704.points import controls, points
from machines.ibm704.state import Phase, State, Stop, power_on
from simulator import chance
from simulator.kernel import NEVER, Bell
from simulator.machine import Machine

EDGES = (
    0, 1, 1 << 35, (1 << 35) - 1, (1 << 36) - 1, 1 << 34, 1 << 26, (1 << 27) - 1,
    0o201400000000, 0o577400000000, 0o000400000000, 0o377777777777, 0o200000000000,
)  # fmt: skip
TRA = 0o20 << 24
CODE, DATA = 0o100, 0o200
"""Programs stand from CODE on and their data from DATA on, and both may go astray."""


def word(rng: random.Random) -> int:
    """Any word: an edge, a float of moderate size, a few bits, or 36 random ones."""
    kind = rng.randrange(5)
    if kind == 0:
        return rng.choice(EDGES)
    if kind == 1:
        return rng.getrandbits(1) << 35 | rng.randrange(120, 140) << 27 | rng.getrandbits(27)
    if kind == 2:
        return rng.getrandbits(1) << 35 | rng.getrandbits(8) << 27 | 1 << rng.randrange(27)
    if kind == 3:
        return rng.getrandbits(rng.randrange(1, 37))
    return rng.getrandbits(36)


def instruction(rng: random.Random, operation: Operation) -> int:
    """An instruction with an address that makes sense as a rule."""
    tag = rng.choice((0, 0, 0, 0, 1, 2, 4, 3, 5, 6, 7)) << 15
    operation_bits = operation.code << 24
    if operation.form == "A":
        decrement = rng.choice((0, 1, 2, 3, 0o77777, rng.getrandbits(15)))
        return operation_bits | decrement << 18 | tag | rng.randrange(CODE, CODE + 0o50)
    if operation.part == Part.SENSE:
        tag = tag if rng.randrange(8) == 0 else 0
        return operation_bits | tag | operation.first + rng.randrange(operation.units + 1)
    if operation.part == Part.COUNT:
        return operation_bits | tag | rng.choice((0, 1, 2, 12, 13, 34, 35, 36, 37, 70, 71, 72,
                                                  73, 255, rng.getrandbits(8)))  # fmt: skip
    if operation.part == Part.UNIT:
        return operation_bits | rng.choice((0o221, 0o201, 0o321, 0o333, 0o341, 0o361))
    if operation.part == Part.PLACE:
        return operation_bits | tag | rng.randrange(CODE, CODE + 0o50)
    place = DATA + rng.randrange(16)
    if rng.randrange(6) == 0:
        place = CODE + rng.randrange(0o50)
    return operation_bits | tag | place


ORDINARY = [
    operation
    for operation in OPERATIONS
    if operation.part != Part.UNIT
    and operation.mnemonic not in ("HTR", "HPR", "CPY", "CAD", "DVH", "FDH")
]
STOPPING = [operation for operation in OPERATIONS if operation not in ORDINARY]


def program(rng: random.Random, length: int, stopping: float = 0.02) -> list[int]:
    """A program of random instructions, among them undefined ones and plain words."""
    words = []
    for _ in range(length):
        if rng.random() < stopping:
            words.append(instruction(rng, rng.choice(STOPPING)))
        elif rng.random() < 0.003:
            words.append(word(rng))
        else:
            words.append(instruction(rng, rng.choice(ORDINARY)))
    return words


def scatter(rng: random.Random, state: Any) -> None:
    """Put a random program, random data and random registers into a State."""
    last = len(state.core) - 1
    state.core[CODE : CODE + 0o50] = program(rng, 0o50)
    for at in (0, 1, CODE + 0o50, CODE + 0o51, CODE + 0o52):  # so that few runs fall off the end
        state.core[at] = TRA | rng.randrange(CODE, CODE + 0o50)
    for i in range(32):
        state.core[DATA + i - 8] = word(rng)
    state.ac[0] = rng.choice((word(rng), rng.getrandbits(38), word(rng) & ~(1 << 35)))
    state.mq[0] = word(rng)
    state.ic[0] = rng.randrange(CODE, CODE + 0o50)
    for i in range(3):
        state.xr[i] = rng.choice((0, 1, 2, 3, last, rng.randrange(last)))
    for name in ("ac_overflow", "mq_overflow", "divide_check", "tape_check", "tape_end"):
        getattr(state, name)[0] = rng.getrandbits(1)
    state.trapping[0] = rng.random() < 0.15
    state.sense_switch[:] = [rng.getrandbits(1) for _ in range(6)]
    state.sense_light[:] = [rng.getrandbits(1) for _ in range(4)]


WithUnit: Any = namedtuple(
    "WithUnit", (*State._fields, "unit_due_ns", "unit_words", "unit_sum")
)  # fmt: skip
"""A State with what the toy unit remembers."""


class ToyUnit:
    """A unit with records of some words, one every 500 us; it comes and goes in time.

    A record ends by itself; words not copied in time are lost, a copy after the end is a check.
    """

    WORD_NS = 500_000

    def __init__(self, seed: int) -> None:
        self._seed = seed

    def points(self):
        return ()

    def controls(self):
        return ()

    def wire(self, kernel, state):
        self._kernel, self._s = kernel, state
        self._bell = Bell(kernel, Phase.UNITS)
        if state.unit_due_ns[0] != NEVER:
            self._bell.ring(int(state.unit_due_ns[0]))
        kernel.process(self._life())

    def _life(self):
        while True:
            yield self._bell.heard()
            if self._s.unit_due_ns[0] != self._kernel.now_ns:
                continue
            self._s.unit_words[0] -= 1
            self._s.unit_due_ns[0] = NEVER
            if self._s.unit_words[0] > -3:
                self._again()
            else:
                self._s.io_unit[0] = 0

    def _again(self):
        self._s.unit_due_ns[0] = self._kernel.now_ns + self.WORD_NS
        self._bell.ring(int(self._s.unit_due_ns[0]))

    def operate(self, path, value):
        raise NotImplementedError(path)

    def select(self, name, unit):
        if self._s.io_unit[0]:
            return Reply(Answer.WAIT, again_ns=int(self._s.unit_due_ns[0]))
        if unit in (0o341, 0o361):
            return Reply(Answer.STOP, why=Stop.NOT_ATTACHED if unit == 0o341 else Stop.NOT_READY)
        if name in ("RDS", "WRS") and unit != 0o333:
            self._s.io_unit[0] = unit
            self._s.unit_words[0] = 1 + chance.below(5, self._seed, 1, self._kernel.now_ns)
            self._again()
        return Reply()

    def passage(self, until_ns, most):
        return NO_PASSAGE

    def copy(self, word):
        s, now_ns = self._s, self._kernel.now_ns
        if not s.io_unit[0]:
            return Reply(Answer.STOP, why=Stop.READ_WRITE_CHECK)
        if s.unit_words[0] <= 0:
            return Reply(skip=1 if s.io_unit[0] == 0o201 else 2)
        if chance.below(2, self._seed, 2, int(s.unit_words[0])):
            s.unit_words[0] -= 1
            s.unit_sum[0] = (s.unit_sum[0] + word) % (1 << 36)
            if s.io_unit[0] == 0o321:
                return Reply()
            return Reply(word=chance.bits(self._seed, 3, now_ns) >> 28, read=True)
        return Reply(Answer.WAIT, again_ns=int(s.unit_due_ns[0]))

    def locate(self, address):
        self._s.unit_sum[0] ^= address
        return Reply()

    def sense(self, name, hub):
        self._s.unit_sum[0] ^= hub
        return Reply(skip=int(name == "SPT") * chance.below(2, self._seed, 4, self._kernel.now_ns))

    def reset(self):
        self._s.io_unit[0] = 0
        self._s.unit_due_ns[0] = NEVER


def machine(engine: type, description: Description, units: Any, state: Any) -> Machine:
    """A 704 with these units, standing in a copy of this State."""
    return Machine(
        "ibm704", description, points(description), controls(description),
        engine(description, state, units),
    )  # fmt: skip


def with_unit(description: Description) -> Any:
    """A State of a 704 with the toy unit, just switched on."""
    return WithUnit(
        *power_on(description),
        unit_due_ns=np.full(1, NEVER, np.int64),
        unit_words=np.zeros(1, np.int64),
        unit_sum=np.zeros(1, np.int64),
    )
