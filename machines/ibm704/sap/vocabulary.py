"""What SAP calls the operations, and which parts of the variable field each wants.

Most names are the machine's own (:mod:`machines.ibm704.operations`). SAP adds selects with their
unit in the name (RTB 3 for RDS with address 0223), and prefixes for words that are no operations:
PZE, PON, PTW, PTH for 0 to 3; MZE or FOR, MON or FVE, MTW or SIX, MTH or SVN for 4 to 7. No name at
all is PZE.

SAP puts an instruction together by adding nothing: it takes the word of the operation, where a
unit's class or an act of the sense group already stands in the address part, and *ors* address, tag
and decrement into it.

Source: the operation table of UA SAP 3-7 (R. Nutt's assembler in its SHARE edition), from which the
names, the addresses of the selects and the parts wanted are taken.
"""

from __future__ import annotations

from typing import NamedTuple

from machines.ibm704.operations import BY_MNEMONIC, MSE, PSE, Operation, Part


class Name(NamedTuple):
    """One name SAP knows an operation by.

    Attributes
    ----------
    word
        The instruction word with nothing in its variable field.
    wants
        The parts that should not be left out: some of ``"A"`` address, ``"T"`` tag, ``"D"``
        decrement. The listing shows their letter if they are.
    units
        Highest unit number the address may name; 0 if it names no unit.
    is_type_a
        Whether bits 3-17 are a decrement; in other instructions they belong to the operation.
    is_fixed
        Whether the address belongs to the operation, as in CLM or RCD.
    """

    word: int
    wants: str = ""
    units: int = 0
    is_type_a: bool = False
    is_fixed: bool = False


TAPE = 0o200
"""Address of tape 0 in REW, BST and WEF: SAP uses the BCD class, the machine takes either."""

_TAPE_OPERATIONS = ("REW", "BST", "WEF")
_PREFIXES = (
    ("PZE", ""), ("PON",), ("PTW",), ("PTH",),
    ("MZE", "FOR"), ("MON", "FVE"), ("MTW", "SIX"), ("MTH", "SVN"),
)  # fmt: skip


def _name(operation: Operation) -> Name:
    word = operation.code << 24 | max(operation.first, 0)
    if operation.mnemonic in _TAPE_OPERATIONS:
        return Name(word | TAPE, "A", 10)
    if operation.form == "A":
        return Name(word, "ATD", is_type_a=True)
    wants = "A" if operation.part != Part.NOTHING and operation.first < 0 else ""
    if operation.units:
        wants = "A"
    if not operation.indexable:
        wants += "T"
    is_fixed = operation.first >= 0 and not operation.units
    return Name(word, wants, operation.units, is_fixed=is_fixed)


NAMES: dict[str, Name] = (
    {mnemonic: _name(operation) for mnemonic, operation in BY_MNEMONIC.items()}
    | {"CAC": _name(BY_MNEMONIC["CAD"]), "PSE": Name(PSE << 24, "A"), "MSE": Name(MSE << 24, "A")}
    | {
        name: Name(prefix << 33, is_type_a=True)
        for prefix, names in enumerate(_PREFIXES)
        for name in names
    }
)
"""Every operation SAP knows, by its name of three letters; the blank name is PZE."""

DIVISIONS = frozenset(("DVH", "DVP", "FDH", "FDP"))
"""Their quotient is in MQ: a STO right after one is likely meant as STQ, and SAP marks it Q."""
