"""The seam between the central processing unit and its input-output units.

A program selects a unit (RDS, WRS) and then copies words one by one (CPY); in between, cards, tape
and drum move on their own, in time. So the two sides meet at few places: an instruction of the
program **asks** the units (:class:`InputOutput`), and they answer with a :class:`Reply`: it is
done, it must be asked again at a later instant, or the machine stops and why. What the units do
meanwhile they do as SimPy processes in the phase ``UNITS``, before the control unit begins an
instruction at the same instant.

Both engines use the same object. The reference engine runs its kernel from event to event; the
compiled one executes instructions in bursts up to the kernel's next event. What units remember must
stand in the State (their pending times in fields named ``*_due_ns``), because an engine may be made
to stand in another State at any time: it then calls :meth:`InputOutput.wire` again.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from simulator.kernel import NEVER, Kernel
from simulator.points import Control, Point

from .arithmetic import acl
from .core_storage import CoreStorage
from .instructions import Outcome, put, registers
from .operations import Operation
from .state import State, Stop
from .words import ADDRESS

TAPES = frozenset((*range(0o201, 0o213), *range(0o221, 0o233)))
"""Unit addresses of tapes, BCD and binary."""


class Answer(IntEnum):
    """How a unit answers an instruction."""

    DONE = 0
    WAIT = 1
    """Ask again at ``again_ns``."""
    STOP = 2
    """The machine stops, for the reason in ``why``; the instruction was not carried out."""


class Reply(NamedTuple):
    """What the units answer.

    Attributes
    ----------
    answer
        Whether it is done.
    again_ns
        If not: the instant to ask again, later than now.
    why
        If the machine stops: ``NOT_ATTACHED``, ``NOT_READY`` or ``READ_WRITE_CHECK``.
    word
        To a copy from a unit that is read: the word, 36 bits.
    read
        Whether the word goes into storage (else the word from storage went out).
    skip
        Instructions to skip: to a copy 1 at the end of a file, 2 at the end of a record (then no
        word was copied); to SPT 1 if there was an impulse.
    """

    answer: Answer = Answer.DONE
    again_ns: int = NEVER
    why: Stop = Stop.RUNNING
    word: int = 0
    read: bool = False
    skip: int = 0


DONE = Reply()


class Passage(NamedTuple):
    """The next words that pass the connected unit, for an engine that takes many in one go.

    What the unit would answer to the copies of a program that keeps up with it, one word after the
    other, foretold: so time can pass from word to word without the unit being asked.

    Attributes
    ----------
    words
        (n,) int64, the words of a unit that is read; room for them if it is written on.
    passes_ns
        (n,) int64, when each of them passes.
    late_ns
        (n,) int64, from when on it is too late to give a copy for it.
    acts_ns
        (n + 1,) int64, when the unit acts by itself if 0, 1 ... n of them have been copied.
    pause_ns
        0; or, of a unit that waits for the program, how long after each word it takes the next.
        Then only the first of ``passes_ns`` is known; the others are filled in by the engine.
    write
        Whether the unit is written on.
    """

    words: NDArray[np.int64]
    passes_ns: NDArray[np.int64]
    late_ns: NDArray[np.int64]
    acts_ns: NDArray[np.int64]
    pause_ns: int
    write: bool


LAST_INSTANT_NS = 1 << 62
_NONE = np.zeros(0, np.int64)
NO_PASSAGE = Passage(_NONE, _NONE, _NONE, np.full(1, LAST_INSTANT_NS), 0, False)
"""No word can be foretold: every copy is to be asked for."""


class InputOutput(Protocol):
    """All the input-output units of one machine."""

    @property
    def free_lengths(self) -> frozenset[str]:
        """Fields the units add to the State whose length is free."""

    def to_json(self) -> Any:
        """Give the numbers the units were made with, as JSON; None if they have none."""

    def as_given(self, numbers: Any) -> None:
        """Have the numbers that :meth:`to_json` gave; only before a machine is made with them."""

    def points(self) -> Sequence[Point]:
        """Give the points of the units, for the machine's table."""

    def controls(self) -> Sequence[Control]:
        """Give the controls of the units, for the machine's table."""

    def remember(self, state: State) -> State:
        """Give a State just switched on with the fields the units add to it."""

    def unsound(self, state: State) -> str | None:
        """Name the first field of the units that cannot be as it is; None if all are sound."""

    def wire(self, kernel: Kernel, state: State) -> None:
        """Work in this State from now on; start processes, ring the bells for what is due."""

    def operate(self, path: str, value: Any) -> State | None:
        """Move one of the controls; give a new State if fields had to be replaced by longer ones.

        The engine then wires everything to the new State.
        """

    def select(self, name: str, unit: int) -> Reply:
        """Answer RDS, WRS, BST, WEF or REW (``name``) for a unit address."""

    def copy(self, word: int) -> Reply:
        """Answer CPY or CAD; ``word`` is C(Y), for a unit that is written on."""

    def locate(self, address: int) -> Reply:
        """Answer LDA: the drum address."""

    def sense(self, name: str, hub: int) -> Reply:
        """Answer SPU, SPT, SPR or CFF; the hub's number, 0 if it has none."""

    def passage(self, until_ns: int, most: int) -> Passage:
        """Foretell up to ``most`` words that pass until ``until_ns``; nothing changes."""

    def passed(self, passage: Passage, count: int) -> None:
        """Take notice that so many words of a passage, at least one, have been copied."""

    def reset(self) -> None:
        """Disconnect everything: the reset or the clear key was pressed."""


class NothingAttached:
    """A machine without any unit: whatever is selected is not there, and a copy is a check."""

    free_lengths: frozenset[str] = frozenset()

    def remember(self, state: State) -> State:
        """Add nothing."""
        return state

    def unsound(self, state: State) -> str | None:
        """Find nothing."""
        return None

    def to_json(self) -> Any:
        """Give nothing."""

    def as_given(self, numbers: Any) -> None:
        """Take no notice."""

    def points(self) -> Sequence[Point]:
        """Give none."""
        return ()

    def controls(self) -> Sequence[Control]:
        """Give none."""
        return ()

    def wire(self, kernel: Kernel, state: State) -> None:
        """Do nothing."""

    def operate(self, path: str, value: Any) -> State | None:
        """Never be called: there are no controls."""
        raise NotImplementedError(path)

    def select(self, name: str, unit: int) -> Reply:
        """Answer that the unit is not there; waiting for all units (IOD) is done at once."""
        if name == "WRS" and unit == 0o333:
            return DONE
        return Reply(Answer.STOP, why=Stop.NOT_ATTACHED)

    def copy(self, word: int) -> Reply:
        """Answer that no unit is selected."""
        return Reply(Answer.STOP, why=Stop.READ_WRITE_CHECK)

    def locate(self, address: int) -> Reply:
        """Take no notice."""
        return DONE

    def sense(self, name: str, hub: int) -> Reply:
        """Take no notice; there is no impulse."""
        return DONE

    def passage(self, until_ns: int, most: int) -> Passage:
        """Foretell nothing."""
        return NO_PASSAGE

    def passed(self, passage: Passage, count: int) -> None:
        """Never be called: nothing passes."""
        raise NotImplementedError

    def reset(self) -> None:
        """Do nothing."""


def perform(
    s: State, core: CoreStorage, units: InputOutput, operation: Operation, y: int
) -> Outcome:
    """Carry out an instruction for the units: ask, and do the central side of it."""
    name = operation.mnemonic
    if name in ("CPY", "CAD"):
        reply = units.copy(int(s.core[y]))
    elif name == "LDA":
        reply = units.locate(int(s.core[y]) & ADDRESS)
    elif operation.first >= 0:
        reply = units.sense(name, y - operation.first)
    else:
        reply = units.select(name, y)
    if reply.answer == Answer.WAIT:
        return Outcome(0, again_ns=reply.again_ns)
    if reply.answer == Answer.STOP:
        return Outcome(0, stop=reply.why)
    stored = None
    if name in ("CPY", "CAD") and not reply.skip:
        if reply.read:
            core.write(y, reply.word)
            stored = y
        word = core.read(y)
        s.mq[0] = word
        if name == "CAD":
            put(s, acl(registers(s), word))
    elif name == "LDA":
        core.read(y)
    elif name == "RDS" and y in TAPES:
        s.mq[0] = 0
    return Outcome(operation.cycles, skip=reply.skip, stored=stored)
