"""Inside one instruction: what the registers show at the end of each of its cycles.

The machine itself is indivisible here, an instruction at a time; but its next instruction can be
looked into, as customer engineers did with the machine cycle key. For a floating addition the rows
follow the steps of the 709 diagnostic 9M08A: compare the characteristics, align, add, test, and
normalise, twelve places of shifting to a cycle. For other operations the cycle that fetches the
instruction, the one that fetches the word, and the end are shown: what a 704 does meanwhile in a
multiplication, say, is not known well enough.
"""

from __future__ import annotations

from typing import NamedTuple

from .core_storage import CoreStorage
from .floating import FETCHING, floating_add
from .instructions import FOR_UNITS, decode, execute, registers
from .operations import Part
from .state import State
from .words import SIGN

_FLOATING = {"FAD": (True, 0), "FSB": (True, SIGN), "UFA": (False, 0), "UFS": (False, SIGN)}


class SubStep(NamedTuple):
    """One cycle of an instruction, or several in one.

    Attributes
    ----------
    first, last
        The cycles, counted from 1.
    what
        What is done in them.
    places
        How many places are shifted.
    ac, mq, sr
        The registers at their end: 38, 36 and 36 bits.
    """

    first: int
    last: int
    what: str
    places: int
    ac: int
    mq: int
    sr: int

    def __str__(self) -> str:
        """Write it as a line: cycles, what, and the registers in octal."""
        cycles = f"{self.first}" if self.first == self.last else f"{self.first}-{self.last}"
        what = f"{self.what} {self.places}" if self.places else self.what
        return (
            f"{cycles:>5}  {what:<13} SR {self.sr:012o}  AC {self.ac >> 37} {self.ac >> 35 & 3:o} "
            f"{self.ac & SIGN - 1:012o}  MQ {self.mq:012o}"
        )


def sub_steps(state: State) -> list[SubStep]:
    """Tell what the instruction at the location counter would do, cycle by cycle.

    Parameters
    ----------
    state
        A State of one's own: it is changed.

    Returns
    -------
    list of SubStep
        Only the cycle that fetches it for an undefined instruction, or one for a unit.
    """
    core, location = CoreStorage(state), int(state.ic[0])
    word = core.read(location)
    before = registers(state)
    rows = [SubStep(1, 1, "instruction", 0, before.ac, before.mq, word)]
    operation, y = decode(state, core, word)
    if operation is None or operation.mnemonic in FOR_UNITS:
        return rows
    if operation.mnemonic in _FLOATING:
        normal, inverted = _FLOATING[operation.mnemonic]
        operand = int(state.core[y]) ^ inverted
        rows.append(SubStep(2, 2, "execution", 0, before.ac, before.mq, operand))
        for n, (step, places, r) in enumerate(floating_add(before, operand, normal), FETCHING + 1):
            rows.append(SubStep(n, n, step, places, r.ac, r.mq, r.sr))
        return rows
    last = execute(state, core, word, location, strict=True).cycles
    after = registers(state)
    if operation.part == Part.WORD and last > 2:
        rows.append(SubStep(2, 2, "execution", 0, before.ac, before.mq, int(state.sr[0])))
    rows.append(SubStep(len(rows) + 1, last, "execution", 0, after.ac, after.mq, after.sr))
    return rows
