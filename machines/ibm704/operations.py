"""The operations of the 704: one row each, and nothing about an operation is written elsewhere.

An instruction is a 36-bit word. **Type B** names its operation in bits S,1-11 (bits 1 and 2 are 0),
a tag in bits 18-20 and an address in 21-35. **Type A** has only the three bits S,1,2 for its
operation (bits 1 and 2 not both 0), which leaves bits 3-17 for a second number, the decrement.

A code is written as the manual writes it, with a sign and four octal digits: ``-0500`` is CAL. In
the table it is the twelve bits S,1-11 as they stand in the word, so -0500 is ``0o4500``;
:func:`signed` gives the manual's form.

Two operations, PSE (+0760) and MSE (-0760), name some forty acts by their *address*; an act of
this **sense group** is a row of its own here. RDS, WRS and the tape operations name a unit by it;
the assembler's names for a select with its unit (RTB 3 for RDS 0223) are :data:`EXTENDED`.

Cycles are of 12 microseconds, one access to core storage each. How we know them stands in the row.
"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from simulator.pedigree import Evidence


class Part(StrEnum):
    """What the address part of an instruction means."""

    WORD = "word"
    """The location of a word."""
    PLACE = "place"
    """Where to go."""
    COUNT = "count"
    """How many places to shift: the low 8 bits."""
    UNIT = "unit"
    """An input-output unit."""
    SENSE = "sense"
    """One of the acts of the sense group."""
    NOTHING = "nothing"


class Operation(NamedTuple):
    """One operation.

    Attributes
    ----------
    mnemonic
        Its three letters.
    code
        Bits S,1-11 of the word, 12 bits with the sign at the left. Type A uses the upper three.
    form
        ``A`` (with decrement) or ``B``.
    indexable
        Whether the tagged index register is subtracted from the address.
    part
        What the address part means.
    first, units
        For operations with a fixed address: ``first`` and no units (0), or ``first + n`` for unit
        ``n`` from 1 to ``units``. ``first`` is -1 where the address is free.
    cycles, most
        Least and most cycles; equal where an operation always takes as long. What waiting for an
        input-output unit adds is not counted.
    evidence, source
        How we know the cycles.
    effect
        What it does, in one line; ``Y`` is the effective address, ``C(Y)`` the word there.
    """

    mnemonic: str
    code: int
    form: str
    indexable: bool
    part: Part
    first: int
    units: int
    cycles: int
    most: int
    evidence: Evidence
    source: str
    effect: str


_MANUAL = "704 Manual of Operation, as quoted in the UTA simulator"
_ANNOUNCED = "IBM's announcement of the 704, as quoted on the web"
_DRUM_TEST = "709 diagnostic 9D01A, same storage and cycle"
_ALIGNING = "manual's range; where in it, after 709 diagnostic 9M08A: 12 places a cycle"
_RECALLED = "recalled, not confirmed"
_SHIFTING = "not confirmed; 12 places a cycle, as 709 diagnostic 9M08A has it for FAD"

_DOC, _REC, _ASM = Evidence.DOCUMENTED, Evidence.RECONSTRUCTED, Evidence.ASSUMED


def _code(signed_code: str) -> int:
    """Give bits S,1-11 of a code written with its sign: ``-0500`` is 0o4500."""
    return int(signed_code[1:], 8) | (0o4000 if signed_code[0] == "-" else 0)


def _b(
    mnemonic: str,
    code: str,
    part: Part,
    cycles: int | tuple[int, int],
    how: tuple[Evidence, str],
    effect: str,
    *,
    indexable: bool = True,
    first: int = -1,
    units: int = 0,
) -> Operation:
    least, most = (cycles, cycles) if isinstance(cycles, int) else cycles
    return Operation(
        mnemonic, _code(code), "B", indexable, part, first, units, least, most, *how, effect
    )


def _a(mnemonic: str, code: str, effect: str) -> Operation:
    return Operation(
        mnemonic, _code(code), "A", False, Part.PLACE, -1, 0, 2, 2, _ASM, _RECALLED, effect
    )


def _sense(
    mnemonic: str,
    code: str,
    first: int,
    effect: str,
    how: tuple[Evidence, str] = (_ASM, _RECALLED),
    units: int = 0,
) -> Operation:
    return _b(mnemonic, code, Part.SENSE, 2, how, effect, first=first, units=units)


_M = (_DOC, _MANUAL)
_R = (_ASM, _RECALLED)
_SHIFT = ((2, 23), (_ASM, _SHIFTING))
_WORD, _PLACE, _COUNT, _UNIT, _NOTHING = Part.WORD, Part.PLACE, Part.COUNT, Part.UNIT, Part.NOTHING

OPERATIONS = (
    # fixed point
    _b("CLA", "+0500", _WORD, 2, _M, "AC(S,1-35) = C(Y); Q and P cleared"),
    _b("CLS", "+0502", _WORD, 2, _M, "as CLA, with the sign inverted"),
    _b("CAL", "-0500", _WORD, 2, _R, "AC(P,1-35) = C(Y); S and Q cleared"),
    _b("ADD", "+0400", _WORD, 2, _R, "AC + C(Y)"),
    _b("SUB", "+0402", _WORD, 2, _R, "AC - C(Y)"),
    _b("ADM", "+0401", _WORD, 2, _R, "AC + magnitude of C(Y)"),
    _b("SBM", "-0400", _WORD, 2, _M, "AC - magnitude of C(Y)"),
    _b("ACL", "+0361", _WORD, 2, _R, "AC(P,1-35) + C(Y) with the carry brought around"),
    _b("MPY", "+0200", _WORD, 20, _M, "AC, MQ = MQ times C(Y): 70 bits"),
    _b("MPR", "-0200", _WORD, 20, _R, "as MPY, then rounded to AC"),
    _b("DVH", "+0220", _WORD, 20, (_DOC, _ANNOUNCED),
       "MQ = (AC, MQ) divided by C(Y), AC = remainder; stops on a divide check"),
    _b("DVP", "+0221", _WORD, 20, (_DOC, _ANNOUNCED),
       "as DVH, but goes on after a divide check"),
    _b("LDQ", "+0560", _WORD, 2, _M, "MQ = C(Y)"),
    _b("STO", "+0601", _WORD, 2, _R, "C(Y) = AC(S,1-35)"),
    _b("STQ", "-0600", _WORD, 2, _M, "C(Y) = MQ"),
    _b("SLQ", "-0620", _WORD, 3, _R, "C(Y)(S,1-17) = MQ(S,1-17)"),
    _b("STZ", "+0600", _WORD, 2, _R, "C(Y) = +0"),
    _b("SLW", "+0602", _WORD, 2, _R, "C(Y) = AC(P,1-35)"),
    _b("STP", "+0630", _WORD, 3, _R, "C(Y)(S,1,2) = AC(P,1,2)"),
    _b("STD", "+0622", _WORD, 3, _R, "C(Y)(3-17) = AC(3-17)"),
    _b("STA", "+0621", _WORD, 3, _R, "C(Y)(21-35) = AC(21-35)"),
    # floating point
    _b("FAD", "+0300", _WORD, (7, 11), (_REC, _ALIGNING), "AC, MQ = AC + C(Y), floating"),
    _b("FSB", "+0302", _WORD, (7, 11), (_REC, _ALIGNING), "AC, MQ = AC - C(Y), floating"),
    _b("UFA", "-0300", _WORD, (6, 11), _R, "as FAD, not normalised"),
    _b("UFS", "-0302", _WORD, (6, 11), _R, "as FSB, not normalised"),
    _b("FMP", "+0260", _WORD, 17, (_DOC, _ANNOUNCED), "AC, MQ = MQ times C(Y), floating"),
    _b("UFM", "-0260", _WORD, 17, _R, "as FMP, not normalised"),
    _b("FDH", "+0240", _WORD, 18, (_DOC, _ANNOUNCED),
       "MQ = AC divided by C(Y), AC = remainder, floating; stops on a divide check"),
    _b("FDP", "+0241", _WORD, 18, (_DOC, _ANNOUNCED),
       "as FDH, but goes on after a divide check"),
    # logic
    _b("ANA", "-0320", _WORD, 3, (_DOC, _DRUM_TEST), "AC(P,1-35) and C(Y); S and Q cleared"),
    _b("ANS", "+0320", _WORD, 4, _R, "C(Y) = AC(P,1-35) and C(Y)"),
    _b("ORA", "-0501", _WORD, 2, _R, "AC(P,1-35) or C(Y)"),
    _b("ORS", "-0602", _WORD, 3, _R, "C(Y) = AC(P,1-35) or C(Y)"),
    # shifts
    _b("ALS", "+0767", _COUNT, *_SHIFT, "AC(Q,P,1-35) left"),
    _b("ARS", "+0771", _COUNT, *_SHIFT, "AC(Q,P,1-35) right"),
    _b("LLS", "+0763", _COUNT, *_SHIFT, "AC(Q,P,1-35), MQ(1-35) left; AC sign = MQ sign"),
    _b("LRS", "+0765", _COUNT, *_SHIFT, "AC(Q,P,1-35), MQ(1-35) right; MQ sign = AC sign"),
    _b("LGL", "-0763", _COUNT, *_SHIFT, "AC(Q,P,1-35), MQ(S,1-35) left"),
    _b("RQL", "-0773", _COUNT, *_SHIFT, "MQ(S,1-35) rotated left"),
    # control
    _b("HTR", "+0000", _PLACE, 2, _M, "stop; the start key goes on at Y"),
    _b("HPR", "+0420", _NOTHING, 2, _R, "stop; the start key goes on"),
    _b("NOP", "+0761", _NOTHING, 2, (_DOC, _DRUM_TEST), "nothing"),
    _b("TRA", "+0020", _PLACE, 2, _M, "to Y"),
    _b("TTR", "+0021", _PLACE, 2, _M, "to Y, even while trapping"),
    _b("TZE", "+0100", _PLACE, 2, _M, "to Y if AC(Q,P,1-35) is zero"),
    _b("TNZ", "-0100", _PLACE, 2, _M, "to Y if AC(Q,P,1-35) is not zero"),
    _b("TPL", "+0120", _PLACE, 2, _M, "to Y if the AC sign is plus"),
    _b("TMI", "-0120", _PLACE, 2, _M, "to Y if the AC sign is minus"),
    _b("TOV", "+0140", _PLACE, 2, _M, "AC overflow off; to Y if it was on"),
    _b("TNO", "-0140", _PLACE, 2, _R, "AC overflow off; to Y if it was off"),
    _b("TQO", "+0161", _PLACE, 2, _M, "MQ overflow off; to Y if it was on"),
    _b("TQP", "+0162", _PLACE, 2, _M, "to Y if the MQ sign is plus"),
    _b("TLQ", "+0040", _PLACE, 2, _M, "to Y if MQ is less than AC"),
    _b("CAS", "+0340", _WORD, 3, _R, "AC greater: next; equal: skip 1; less than C(Y): skip 2"),
    # index registers
    _b("TSX", "+0074", _PLACE, 2, _R, "XR = complement of this location; to the address",
       indexable=False),
    _a("TXI", "+1000", "XR + decrement; to the address"),
    _a("TIX", "+2000", "if XR exceeds the decrement, XR - decrement and to the address"),
    _a("TNX", "-2000", "if XR exceeds the decrement, XR - decrement, else to the address"),
    _a("TXH", "+3000", "to the address if XR exceeds the decrement"),
    _a("TXL", "-3000", "to the address if XR does not exceed the decrement"),
    _b("LXA", "+0534", _WORD, 2, _R, "XR = address part of C(address)", indexable=False),
    _b("LXD", "-0534", _WORD, 2, _R, "XR = decrement part of C(address)", indexable=False),
    _b("SXD", "-0634", _WORD, 3, _R, "decrement part of C(address) = XR", indexable=False),
    _b("PAX", "+0734", _NOTHING, 2, _R, "XR = address part of AC", indexable=False),
    _b("PDX", "-0734", _NOTHING, 2, _R, "XR = decrement part of AC", indexable=False),
    _b("PXD", "-0754", _NOTHING, 2, _R, "AC cleared, its decrement part = XR", indexable=False),
    # the sense group
    _sense("CLM", "+0760", 0o000, "AC(Q,P,1-35) cleared", _M),
    _sense("LBT", "+0760", 0o001, "skip 1 if AC(35) is 1", _M),
    _sense("CHS", "+0760", 0o002, "AC sign inverted", _M),
    _sense("SSP", "+0760", 0o003, "AC sign plus", _M),
    _sense("COM", "+0760", 0o006, "AC(Q,P,1-35) inverted"),
    _sense("ETM", "+0760", 0o007, "trapping on", _M),
    _sense("RND", "+0760", 0o010, "AC + 1 at 35 if MQ(1) is 1"),
    _sense("DCT", "+0760", 0o012, "divide check off; skip 1 if it was off"),
    _sense("CFF", "+0760", 0o030, "the film of the CRT recorder advances one frame"),
    _sense("SLF", "+0760", 0o140, "all sense lights off"),
    _sense("SLN", "+0760", 0o140, "sense light on", units=4),
    _sense("SWT", "+0760", 0o160, "skip 1 if the sense switch is down", units=6),
    _sense("SPU", "+0760", 0o340, "impulse to an exit hub of the punch", units=2),
    _sense("SPT", "+0760", 0o360, "skip 1 if the printer's entry hub has an impulse"),
    _sense("SPR", "+0760", 0o360, "impulse to an exit hub of the printer", units=10),
    _sense("PBT", "-0760", 0o001, "skip 1 if AC(P) is 1", _M),
    _sense("SSM", "-0760", 0o003, "AC sign minus", _M),
    _sense("LTM", "-0760", 0o007, "trapping off", _M),
    _sense("ETT", "-0760", 0o011, "tape end indicator off; skip 1 if it was off"),
    _sense("RTT", "-0760", 0o012, "tape check off; skip 1 if it was off"),
    _sense("SLT", "-0760", 0o140, "sense light off; skip 1 if it was on", units=4),
    # input and output
    _b("RDS", "+0762", _UNIT, 2, _M, "select the unit for reading"),
    _b("WRS", "+0766", _UNIT, 2, _M, "select the unit for writing"),
    _b("BST", "+0764", _UNIT, 2, _R, "tape back over one record"),
    _b("WEF", "+0770", _UNIT, 2, _R, "write a file mark on the tape"),
    _b("REW", "+0772", _UNIT, 2, _R, "rewind the tape"),
    _b("LDA", "+0460", _WORD, 2, _R, "drum address = address part of C(Y)"),
    _b("CPY", "+0700", _WORD, 2, _R,
       "one word between the unit and C(Y) by way of MQ; end of file: skip 1, of record: skip 2"),
    _b("CAD", "-0700", _WORD, 2, _R, "as CPY, then ACL of the same word"),
)  # fmt: skip
"""Every operation of the 704. PSE and MSE appear as the acts they stand for."""


def _select(mnemonic: str, of: str, first: int, units: int, effect: str) -> Operation:
    base = next(operation for operation in OPERATIONS if operation.mnemonic == of)
    return base._replace(mnemonic=mnemonic, first=first, units=units, effect=effect)


EXTENDED = (
    _select("RTD", "RDS", 0o200, 10, "read a tape in BCD (even parity)"),
    _select("RTB", "RDS", 0o220, 10, "read a tape in binary (odd parity)"),
    _select("RDR", "RDS", 0o300, 8, "read a drum"),
    _select("RCD", "RDS", 0o321, 0, "read a card"),
    _select("RPR", "RDS", 0o361, 0, "print a line and read its echoes"),
    _select("WTD", "WRS", 0o200, 10, "write a tape in BCD (even parity)"),
    _select("WTB", "WRS", 0o220, 10, "write a tape in binary (odd parity)"),
    _select("WDR", "WRS", 0o300, 8, "write on a drum"),
    _select("WTS", "WRS", 0o320, 10, "not simulated: no source read tells what it writes along"),
    _select("WPU", "WRS", 0o341, 0, "punch a card"),
    _select("WPR", "WRS", 0o361, 0, "print a line"),
    _select("WTV", "WRS", 0o030, 0, "display points on the CRT"),
    _select("IOD", "WRS", 0o333, 0, "wait until input and output are done"),
)
"""Selects with their unit, as the assembler names them; the sense acts stand in OPERATIONS.

REW, BST and WEF have tape ``n`` at ``TAPE + n``.
"""

TAPE = 0o220
"""REW, BST and WEF name tape ``n`` (1 to 10) by the address ``TAPE + n``."""

PSE, MSE = _code("+0760"), _code("-0760")
"""The sense groups: the address tells the act."""

TYPE_A = {operation.code >> 9: operation for operation in OPERATIONS if operation.form == "A"}
"""Type A operations by prefix, bits S,1,2."""
TYPE_B = {
    operation.code: operation
    for operation in OPERATIONS
    if operation.form == "B" and operation.part != Part.SENSE
}
"""Type B operations by code, bits S,1-11; the sense group left out."""
SENSE = {
    (operation.code, address): operation
    for operation in OPERATIONS
    if operation.part == Part.SENSE
    for address in (
        range(operation.first + 1, operation.first + operation.units + 1)
        if operation.units
        else [operation.first]
    )
}
"""The sense group by code and address."""
BY_MNEMONIC = {operation.mnemonic: operation for operation in OPERATIONS + EXTENDED}


def find(word: int) -> Operation | None:
    """Tell which operation an instruction word asks for; None if the 704 has no such one.

    Parameters
    ----------
    word
        The instruction, 36 bits; its address part must be the effective one if it is of the sense
        group, where the address tells the act.
    """
    prefix, code = word >> 33, word >> 24
    if prefix & 0o3:
        return TYPE_A.get(prefix)
    if code in (PSE, MSE):
        return SENSE.get((code, word & 0o77777))
    return TYPE_B.get(code)


def signed(code: int) -> str:
    """Write a code (bits S,1-11) as the manual does: sign and four octal digits."""
    return f"{'-' if code & 0o4000 else '+'}{code & 0o3777:04o}"
