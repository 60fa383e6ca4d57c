"""Compiled code, the operations: what the loop looks up instead of deciding.

The operations are numbered without gaps, so that LLVM makes one jump table of the branches of the
loop. The tables here tell the number of an instruction's operation, what its cycles add to the
counters, and what it leaves in the storage register; all come from the table in ``operations.py``.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .operations import BY_MNEMONIC, MSE, OPERATIONS, PSE, SENSE, TYPE_A, Part
from .state import Stop

BUDGET, UNIT = 0, -1
"""Why a run ended, beside the values of Stop: time is used up; a unit is wanted."""
HALT, UNDEFINED_STOP = int(Stop.HALT), int(Stop.UNDEFINED)
DIVIDE_CHECK, AT_BREAK, AT_WATCH = int(Stop.DIVIDE_CHECK), int(Stop.BREAKPOINT), int(Stop.WATCH)

# The operations by consecutive numbers.

_ORDER = (
    "CLA", "ADD", "STO", "TIX", "LDQ", "FMP", "FAD", "SUB", "TZE", "TRA", "TNZ", "TPL", "TMI",
    "CAS", "STQ", "LXA", "LXD", "SXD", "TSX", "TXI", "TNX", "TXH", "TXL", "CLS", "CAL", "ADM",
    "SBM", "ACL", "MPY", "MPR", "DVH", "DVP", "SLQ", "STZ", "SLW", "STP", "STD", "STA", "FSB",
    "UFA", "UFS", "UFM", "FDH", "FDP", "ANA", "ANS", "ORA", "ORS", "ALS", "ARS", "LLS", "LRS",
    "LGL", "RQL", "HTR", "HPR", "NOP", "TTR", "TOV", "TNO", "TQO", "TQP", "TLQ", "PAX", "PDX",
    "PXD", "CLM", "LBT", "CHS", "SSP", "COM", "ETM", "RND", "DCT", "SLF", "SLN", "SWT", "PBT",
    "SSM", "LTM", "ETT", "RTT", "SLT", "CPY", "CAD",
)  # fmt: skip
_NUMBER = {mnemonic: number for number, mnemonic in enumerate(_ORDER)}
(
    CLA, ADD, STO, TIX, LDQ, FMP, FAD, SUB, TZE, TRA, TNZ, TPL, TMI, CAS, STQ, LXA, LXD, SXD, TSX,
    TXI, TNX, TXH, TXL, CLS, CAL, ADM, SBM, ACL, MPY, MPR, DVH, DVP, SLQ, STZ, SLW, STP, STD, STA,
    FSB, UFA, UFS, UFM, FDH, FDP, ANA, ANS, ORA, ORS, ALS, ARS, LLS, LRS, LGL, RQL, HTR, HPR, NOP,
    TTR, TOV, TNO, TQO, TQP, TLQ, PAX, PDX, PXD, CLM, LBT, CHS, SSP, COM, ETM, RND, DCT, SLF, SLN,
    SWT, PBT, SSM, LTM, ETT, RTT, SLT, CPY, CAD,
) = range(len(_ORDER))  # fmt: skip
PLUS_SENSE, MINUS_SENSE, WANTS_UNIT, UNDEFINED = range(len(_ORDER), len(_ORDER) + 4)


def _table() -> Any:
    """Tell the number of the operation for every value of bits S,1-11; uint8, (4096,)."""
    table = np.full(4096, UNDEFINED, np.uint8)
    for operation in OPERATIONS:
        if operation.form == "B" and operation.part != Part.SENSE:
            table[operation.code] = _NUMBER.get(operation.mnemonic, WANTS_UNIT)
    for code in range(4096):
        if code >> 9 & 3:
            known = TYPE_A.get(code >> 9)
            table[code] = _NUMBER[known.mnemonic] if known else UNDEFINED
    table[PSE], table[MSE] = PLUS_SENSE, MINUS_SENSE
    return table


def _senses(code: int) -> Any:
    """Tell the number of the act for every address of a sense group; uint8, (256,)."""
    table = np.full(256, UNDEFINED, np.uint8)
    for (group, address), operation in SENSE.items():
        if group == code:
            table[address] = _NUMBER.get(operation.mnemonic, WANTS_UNIT)
    return table


OPERATION, PLUS, MINUS = _table(), _senses(PSE), _senses(MSE)

# What is added to the counters: cycles in the upper 32 bits, instructions in the lower.


def _cost(mnemonic: str) -> int:
    """Give what an instruction adds to the counters: its cycles above, and one below."""
    return BY_MNEMONIC[mnemonic].cycles << 32 | 1


TWO, CAS_COST, SXD_COST, SLQ_COST = _cost("CLA"), _cost("CAS"), _cost("SXD"), _cost("SLQ")
STP_COST, STD_COST, STA_COST = _cost("STP"), _cost("STD"), _cost("STA")
ANA_COST, ANS_COST, ORS_COST = _cost("ANA"), _cost("ANS"), _cost("ORS")
MPY_COST, DVP_COST, FMP_COST, FDP_COST = _cost("MPY"), _cost("DVP"), _cost("FMP"), _cost("FDP")

# What the storage register holds after each operation.

(
    HELD_INSTRUCTION, HELD_WORD, HELD_NEGATIVE, HELD_PLUS, HELD_MINUS, HELD_UNINDEXED, HELD_AS_LEFT
) = range(7)  # fmt: skip


def _held() -> Any:
    held = np.full(len(_ORDER) + 4, HELD_INSTRUCTION, np.uint8)
    for number, mnemonic in enumerate(_ORDER):
        if BY_MNEMONIC[mnemonic].part == Part.WORD:
            held[number] = HELD_WORD if BY_MNEMONIC[mnemonic].indexable else HELD_UNINDEXED
    held[[SUB, CLS]], held[ADM], held[SBM] = HELD_NEGATIVE, HELD_PLUS, HELD_MINUS
    held[[FAD, FSB, UFA, UFS]] = HELD_AS_LEFT
    return held


HELD = _held()
"""What is in the storage register afterwards, by number of the operation; uint8."""
