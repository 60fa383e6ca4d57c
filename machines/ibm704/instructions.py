"""What an instruction does, read beside the manual: the reference engine's view of it.

An instruction is fetched into the storage register, its operation part into the instruction
register. Then the tagged index register is **subtracted** from its address (if several are tagged,
their OR), which gives the effective address Y, and the operation is carried out. In **trapping
mode** every transfer, whether it would take place or not, leaves its own location in the address
part of location 0; if it would, control goes to location 1 instead.

Everything here happens at the instant at which the instruction begins; how many cycles it then
takes is part of what :func:`execute` tells.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulator.kernel import NEVER

from . import operations
from .arithmetic import ON_REGISTERS, ON_WORDS, SHIFTS, Registers, ac_word, shift_cycles
from .core_storage import CoreStorage
from .floating import ADDITIONS, FLOATING
from .operations import Operation
from .state import State, Stop
from .words import AC_MAGNITUDE, AC_P, AC_SIGN, ADDRESS, LEFT, MAGNITUDE, SIGN, WORD

Lamps = NDArray[np.uint8]
DECREMENT = ADDRESS << 18
PREFIX = 7 << 33
FOR_UNITS = frozenset(
    {"RDS", "WRS", "BST", "WEF", "REW", "LDA", "CPY", "CAD", "SPU", "SPT", "SPR", "CFF"}
)
"""Operations that an input-output unit carries out."""


class Outcome(NamedTuple):
    """What became of an instruction.

    Attributes
    ----------
    cycles
        How many it takes; 0 if it was not carried out.
    to
        Where a transfer leads; None if control goes on in sequence.
    skip
        How many instructions are then skipped.
    stop
        Why the machine stops; ``RUNNING`` if it does not.
    for_units
        The operation, if it is one that the units carry out.
    y
        Its effective address.
    stored
        The location a word was stored at; None if none was.
    again_ns
        When to try again, if an input-output unit is not ready for it; else ``NEVER``.
    """

    cycles: int
    to: int | None = None
    skip: int = 0
    stop: Stop = Stop.RUNNING
    for_units: Operation | None = None
    y: int = 0
    stored: int | None = None
    again_ns: int = NEVER


def execute(s: State, core: CoreStorage, word: int, location: int, strict: bool) -> Outcome:
    """Carry an instruction out, unless it is one for an input-output unit.

    Parameters
    ----------
    s
        The State; its registers and storage change.
    core
        Its core storage.
    word, location
        The instruction and where it stands.
    strict
        Whether an undefined operation stops the machine; else it does nothing.

    Returns
    -------
    Outcome
        With 0 cycles if nothing was carried out: it is undefined and ``strict``, or for a unit.
    """
    s.sr[0], s.ir[0] = word, word >> 18
    operation, y = decode(s, core, word)
    if operation is None:
        return Outcome(0, stop=Stop.UNDEFINED) if strict else Outcome(2)
    if operation.mnemonic in FOR_UNITS:
        return Outcome(0, for_units=operation, y=y)
    return _carry_out(s, core, operation, word, y, location)


def decode(s: State, core: CoreStorage, word: int) -> tuple[Operation | None, int]:
    """Tell which operation an instruction asks for (None: no such one), and its address Y."""
    address = word & core.mask
    y = (address - tagged(s, word >> 15 & 7)) & core.mask
    operation = operations.find(word & ~ADDRESS | y)
    return operation, y if operation is None or operation.indexable else address


def _carry_out(
    s: State, core: CoreStorage, operation: Operation, word: int, y: int, location: int
) -> Outcome:
    name, cycles = operation.mnemonic, operation.cycles
    if name in ON_WORDS or name in FLOATING:
        before = registers(s)._replace(divide_check=0)
        after = (ON_WORDS.get(name) or FLOATING[name])(before, core.read(y))
        put(s, after._replace(divide_check=after.divide_check | int(s.divide_check[0])))
        stops = after.divide_check and name in ("DVH", "FDH")
        return Outcome(cycles, stop=Stop.DIVIDE_CHECK if stops else Stop.RUNNING)
    if name in ADDITIONS:
        after, cycles = ADDITIONS[name](registers(s), core.read(y))
        put(s, after)
        return Outcome(cycles)
    if name in SHIFTS:
        put(s, SHIFTS[name](registers(s), y & 0o377))
        return Outcome(shift_cycles(y & 0o377))
    if name in ON_REGISTERS:
        put(s, ON_REGISTERS[name](registers(s)))
        return Outcome(cycles)
    if name in _STORED:
        core.write(y, _STORED[name](registers(s), core.read(y)))
        return Outcome(cycles, stored=y)
    if name in _SKIPS:
        return Outcome(cycles, skip=_SKIPS[name](s, y))
    if name == "CAS":
        return Outcome(cycles, skip=_compare(int(s.ac[0]), core.read(y)))
    if name in _CONDITIONS:
        return Outcome(cycles, to=_transfer(s, core, _CONDITIONS[name](s), y, location))
    if name in _INDEXING:
        goes = _INDEXING[name](s, word, core.mask)
        return Outcome(cycles, to=_transfer(s, core, goes, y, location))
    if name == "TSX":
        load_index(s, word >> 15 & 7, -location & core.mask)
        return Outcome(cycles, to=_transfer(s, core, True, y, location))
    if name in ("LXA", "LXD", "PAX", "PDX"):
        source = core.read(y) if name in ("LXA", "LXD") else int(s.ac[0])
        part = source if name in ("LXA", "PAX") else source >> 18
        load_index(s, word >> 15 & 7, part & core.mask)
        return Outcome(cycles)
    if name in ("SXD", "PXD"):
        index = tagged(s, word >> 15 & 7)
        load_index(s, word >> 15 & 7, index)  # with several tags all of them hold the OR now
        if name == "PXD":
            s.ac[0] = index << 18
            return Outcome(cycles)
        core.write(y, core.read(y) & ~DECREMENT | index << 18)
        return Outcome(cycles, stored=y)
    if name in ("HTR", "HPR"):
        return Outcome(cycles, to=y if name == "HTR" else None, stop=Stop.HALT)
    if name == "TTR":
        return Outcome(cycles, to=y)
    if name in ("ETM", "LTM"):
        s.trapping[0] = name == "ETM"
    elif name == "SLF":
        s.sense_light[:] = 0
    elif name == "SLN":
        s.sense_light[y - operation.first - 1] = 1
    else:
        assert name == "NOP", name
    return Outcome(cycles)


# registers


def registers(s: State) -> Registers:
    """Give the arithmetic registers of a State."""
    return Registers(
        int(s.ac[0]), int(s.mq[0]), int(s.sr[0]),
        int(s.ac_overflow[0]), int(s.mq_overflow[0]), int(s.divide_check[0]),
    )  # fmt: skip


def put(s: State, r: Registers) -> None:
    """Put arithmetic registers into a State."""
    s.ac[0], s.mq[0], s.sr[0] = r.ac, r.mq, r.sr
    s.ac_overflow[0], s.mq_overflow[0] = r.ac_overflow, r.mq_overflow
    s.divide_check[0] = r.divide_check


def tagged(s: State, tag: int) -> int:
    """Give the index register a tag names; the OR if it names several, 0 if none."""
    index = 0
    for register, bit in enumerate((1, 2, 4)):
        if tag & bit:
            index |= int(s.xr[register])
    return index


def load_index(s: State, tag: int, value: int) -> None:
    """Load every index register a tag names."""
    for register, bit in enumerate((1, 2, 4)):
        if tag & bit:
            s.xr[register] = value


# storing

_STORED: dict[str, Callable[[Registers, int], int]] = {
    "STO": lambda r, old: ac_word(r.ac),
    "STQ": lambda r, old: r.mq,
    "SLQ": lambda r, old: old & ~LEFT | r.mq & LEFT,
    "STZ": lambda r, old: 0,
    "SLW": lambda r, old: r.ac & WORD,
    "STP": lambda r, old: old & ~PREFIX | r.ac & PREFIX,
    "STD": lambda r, old: old & ~DECREMENT | r.ac & DECREMENT,
    "STA": lambda r, old: old & ~ADDRESS | r.ac & ADDRESS,
    "ANS": lambda r, old: old & r.ac,
    "ORS": lambda r, old: old | r.ac & WORD,
}
"""Which word an operation stores, by the registers and the word that was there."""


# skipping and comparing


def _key(sign: int, magnitude: int) -> int:
    """Give a number by which signed magnitudes compare: +0 is greater than -0."""
    return ~magnitude if sign else magnitude


def _compare(ac: int, word: int) -> int:
    mine = _key(ac >> 37, ac & AC_MAGNITUDE)
    other = _key(word >> 35, word & MAGNITUDE)
    return 0 if mine > other else 1 if mine == other else 2


def _off_or_skip(lamps: Lamps, lamp: int = 0) -> int:
    """Turn an indicator off; skip one instruction if it was off already."""
    was, lamps[lamp] = int(lamps[lamp]), 0
    return 1 - was


_SKIPS: dict[str, Callable[[State, int], int]] = {
    "LBT": lambda s, y: int(s.ac[0]) & 1,
    "PBT": lambda s, y: int(bool(int(s.ac[0]) & AC_P)),
    "DCT": lambda s, y: _off_or_skip(s.divide_check),
    "ETT": lambda s, y: _off_or_skip(s.tape_end),
    "RTT": lambda s, y: _off_or_skip(s.tape_check),
    "SWT": lambda s, y: int(s.sense_switch[y - 0o161]),
    "SLT": lambda s, y: 1 - _off_or_skip(s.sense_light, y - 0o141),
}
"""How many instructions an operation skips."""


# transferring


def _transfer(s: State, core: CoreStorage, goes: bool, y: int, location: int) -> int | None:
    if s.trapping[0]:
        s.core[0] = int(s.core[0]) & ~ADDRESS | location
        y = 1
    return y if goes else None


def _was_on(lamps: Lamps) -> bool:
    was, lamps[0] = bool(lamps[0]), 0
    return was


def _mq_is_less(s: State) -> bool:
    ac, mq = int(s.ac[0]), int(s.mq[0])
    return _key(mq >> 35, mq & MAGNITUDE) < _key(ac >> 37, ac & AC_MAGNITUDE)


_CONDITIONS: dict[str, Callable[[State], bool]] = {
    "TRA": lambda s: True,
    "TZE": lambda s: not int(s.ac[0]) & AC_MAGNITUDE,
    "TNZ": lambda s: bool(int(s.ac[0]) & AC_MAGNITUDE),
    "TPL": lambda s: not int(s.ac[0]) & AC_SIGN,
    "TMI": lambda s: bool(int(s.ac[0]) & AC_SIGN),
    "TOV": lambda s: _was_on(s.ac_overflow),
    "TNO": lambda s: not _was_on(s.ac_overflow),
    "TQO": lambda s: _was_on(s.mq_overflow),
    "TQP": lambda s: not int(s.mq[0]) & SIGN,
    "TLQ": _mq_is_less,
}
"""Whether a transfer takes place."""


def _count_down(s: State, word: int, mask: int) -> bool:
    """Take the decrement from the index register if that is greater; tell whether it was."""
    index, decrement = tagged(s, word >> 15 & 7), word >> 18 & mask
    if index > decrement:
        load_index(s, word >> 15 & 7, index - decrement)
    return index > decrement


def _count_up(s: State, word: int, mask: int) -> bool:
    tag = word >> 15 & 7
    load_index(s, tag, (tagged(s, tag) + (word >> 18)) & mask)
    return True


def _is_high(s: State, word: int, mask: int) -> bool:
    return tagged(s, word >> 15 & 7) > word >> 18 & mask


_INDEXING: dict[str, Callable[[State, int, int], bool]] = {
    "TIX": _count_down,
    "TNX": lambda s, word, mask: not _count_down(s, word, mask),
    "TXI": _count_up,
    "TXH": _is_high,
    "TXL": lambda s, word, mask: not _is_high(s, word, mask),
}
"""Type A: what becomes of the index register, and whether the transfer takes place."""
