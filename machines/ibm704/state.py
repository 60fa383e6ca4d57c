"""What is remembered: the State of a 704, and the words for why it stands still.

Words are whole numbers as in ``words.py``: 36 bits, S the highest; the accumulator has 38. A quiet
instant lies between two instructions: the one that began last has had all its effects, though its
cycles may not be over (``free_ns``), and the next begins at ``cpu_due_ns``.
"""

from __future__ import annotations

from enum import IntEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulator.kernel import NEVER

from .description import Description


class Phase(IntEnum):
    """The order of acts inside one instant; what an act causes in an earlier phase comes next."""

    UNITS = 10
    """Input-output units: cards, tapes, drums and paper move; phases up to 19 are theirs."""
    CONTROL = 20
    """The control unit begins an instruction, or asks a unit again."""


class Stop(IntEnum):
    """Why the machine does not go on by itself; 0 while it does."""

    RUNNING = 0
    """It does."""
    IDLE = 1
    """Just switched on, reset or cleared."""
    HALT = 2
    """HTR or HPR."""
    UNDEFINED = 3
    """An operation the 704 does not have; the location counter still shows it."""
    DIVIDE_CHECK = 4
    """DVH or FDH could not divide."""
    READ_WRITE_CHECK = 5
    """A CPY with no unit selected, or too late for it."""
    NOT_ATTACHED = 6
    """A unit was selected that is not there; the location counter still shows the instruction."""
    NOT_READY = 7
    """A unit has no cards, tape or paper; the location counter still shows the instruction."""
    MANUAL = 8
    """The lever was put to manual."""
    STEP = 9
    """The instruction the single step key (or enter instruction) asked for is done."""
    BREAKPOINT = 10
    """The next instruction is marked."""
    WATCH = 11
    """The instruction just done stored a word at a marked location."""
    LIMIT = 12
    """The time set beforehand is up."""


BREAK, WATCH = 1, 2
"""Marks of a location: stop before the instruction there, stop after a word was stored there."""


class Loading(IntEnum):
    """How far a load key has got."""

    NO = 0
    SELECT = 1
    FIRST = 2
    SECOND = 3


class State(NamedTuple):
    """Everything a 704 remembers; n words of core storage."""

    now_ns: NDArray[np.int64]  # (1,)
    core: NDArray[np.int64]  # (n,) words
    ac: NDArray[np.int64]  # (1,) accumulator S,Q,P,1-35
    mq: NDArray[np.int64]  # (1,) multiplier-quotient register
    sr: NDArray[np.int64]  # (1,) storage register
    ir: NDArray[np.int64]  # (1,) instruction register, bits S,1-17 of the instruction
    ic: NDArray[np.int64]  # (1,) instruction location counter
    xr: NDArray[np.int64]  # (3,) index registers A, B, C
    ac_overflow: NDArray[np.uint8]  # (1,)
    mq_overflow: NDArray[np.uint8]  # (1,)
    divide_check: NDArray[np.uint8]  # (1,)
    tape_check: NDArray[np.uint8]  # (1,)
    tape_end: NDArray[np.uint8]  # (1,)
    read_write_check: NDArray[np.uint8]  # (1,)
    trapping: NDArray[np.uint8]  # (1,)
    sense_light: NDArray[np.uint8]  # (4,)
    sense_switch: NDArray[np.uint8]  # (6,) 1 down
    entry: NDArray[np.int64]  # (1,) entry switches, a word
    automatic: NDArray[np.uint8]  # (1,) lever: 1 automatic, 0 manual
    index_shown: NDArray[np.int64]  # (1,) tag of the index register on display; 0 none
    index_lamps: NDArray[np.int64]  # (1,) what the index lamps show
    stop: NDArray[np.int64]  # (1,) a Stop
    stopped_at: NDArray[np.int64]  # (1,) location of the instruction that stopped it
    stepping: NDArray[np.uint8]  # (1,) 1: one instruction is yet to be done on manual
    keyed: NDArray[np.uint8]  # (1,) 1: the next instruction is the one in the entry switches
    multiple_step: NDArray[np.uint8]  # (1,) 1 while the key is held
    loading: NDArray[np.int64]  # (1,) a Loading
    load_unit: NDArray[np.int64]  # (1,) address of the unit a load key reads from
    past_break: NDArray[np.uint8]  # (1,) 1: a mark at the next instruction has been seen
    waiting: NDArray[np.uint8]  # (1,) 1: the next instruction waits for an input-output unit
    cpu_due_ns: NDArray[np.int64]  # (1,) when the next instruction begins, or a unit is asked again
    free_ns: NDArray[np.int64]  # (1,) when the cycles of the last instruction are over
    limit_due_ns: NDArray[np.int64]  # (1,) when the machine is to stop
    cycles: NDArray[np.int64]  # (1,) of instructions since power-on, waiting not counted
    instructions: NDArray[np.int64]  # (1,) begun since power-on
    marks: NDArray[np.uint8]  # (n,) BREAK, WATCH
    io_unit: NDArray[np.int64]  # (1,) address of the unit now connected; 0 none


FREE_LENGTHS: frozenset[str] = frozenset()
"""Fields whose length is free."""


def power_on(description: Description) -> State:
    """Give the State of a machine just switched on: core cleared, lever at automatic, idle."""

    def number(value: int = 0) -> NDArray[np.int64]:
        return np.full(1, value, np.int64)

    def lamps(count: int = 1) -> NDArray[np.uint8]:
        return np.zeros(count, np.uint8)

    return State(
        now_ns=number(),
        core=np.zeros(description.core_words, np.int64),
        ac=number(),
        mq=number(),
        sr=number(),
        ir=number(),
        ic=number(),
        xr=np.zeros(3, np.int64),
        ac_overflow=lamps(),
        mq_overflow=lamps(),
        divide_check=lamps(),
        tape_check=lamps(),
        tape_end=lamps(),
        read_write_check=lamps(),
        trapping=lamps(),
        sense_light=lamps(4),
        sense_switch=lamps(6),
        entry=number(),
        automatic=np.ones(1, np.uint8),
        index_shown=number(),
        index_lamps=number(),
        stop=number(Stop.IDLE),
        stopped_at=number(),
        stepping=lamps(),
        keyed=lamps(),
        multiple_step=lamps(),
        loading=number(),
        load_unit=number(),
        past_break=lamps(),
        waiting=lamps(),
        cpu_due_ns=number(NEVER),
        free_ns=number(),
        limit_due_ns=number(NEVER),
        cycles=number(),
        instructions=number(),
        marks=lamps(description.core_words),
        io_unit=number(),
    )
