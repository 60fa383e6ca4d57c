"""Numbers with a pedigree.

A simulator of a historical machine is full of numbers, and a reader must be able to tell which of
them history gives and which we chose. Every number of a machine's Description is declared with
:func:`constant`: its evidence, its source and what it means stand in the declaration, the table in
the machine's README is made from it, and a test fails on a number that has none.
"""

from __future__ import annotations

import dataclasses
from enum import StrEnum
from typing import Any, TypeVar

from simulator.errors import Mistake

Description = TypeVar("Description")


class Evidence(StrEnum):
    """How we know a number."""

    DOCUMENTED = "documented"
    """A named source gives it."""
    RECONSTRUCTED = "reconstructed"
    """No source gives it, but it follows from what sources give; the reason is stated."""
    ASSUMED = "assumed"
    """Chosen by us so that the machine works as such a machine would."""


@dataclasses.dataclass(frozen=True)
class Constant:
    """One row of a machine's table of numbers."""

    name: str
    default: Any
    unit: str
    evidence: Evidence
    source: str
    doc: str


def constant(default: Any, evidence: Evidence, source: str, doc: str, unit: str = "") -> Any:
    """Declare a field of a Description (a frozen dataclass) together with how we know it.

    Parameters
    ----------
    default
        The number itself, as the nominal machine has it.
    evidence, source
        How we know it, and from where (or by what reasoning).
    doc
        What it is, one phrase.
    unit
        Its unit, if it has one.
    """
    return dataclasses.field(
        default=default,
        metadata={"evidence": evidence, "source": source, "doc": doc, "unit": unit},
    )


def numbers_from(cls: type[Description], numbers: Any, what: str) -> Description:
    """Make a Description of the numbers of a file.

    Parameters
    ----------
    cls
        The Description's class.
    numbers
        What ``dataclasses.asdict`` gave, from JSON.
    what
        What it describes, for the message: ``a Mark I``.

    Raises
    ------
    Mistake
        If a number is missing or unknown, or impossible for the class.
    """
    names = {field.name for field in dataclasses.fields(cls)}  # type: ignore[arg-type]
    if not isinstance(numbers, dict):
        raise Mistake(f"not a description of {what}: no numbers")
    if odd := sorted(names ^ set(numbers)):
        raise Mistake(f"not a description of {what}: {odd[0]} is missing or unknown")
    return cls(**numbers)


def pedigree(description: Any) -> list[Constant]:
    """List the constants of a Description class or instance, in order.

    An instance shows its own values instead of the defaults.

    Raises
    ------
    TypeError
        If a field carries no evidence, source or meaning.
    """
    rows = []
    for field in dataclasses.fields(description):
        missing = [k for k in ("evidence", "source", "doc") if not field.metadata.get(k)]
        if missing:
            raise TypeError(f"{field.name} is declared without {' and '.join(missing)}")
        value = getattr(description, field.name, field.default)
        meta = field.metadata
        rows.append(
            Constant(field.name, value, meta["unit"], meta["evidence"], meta["source"], meta["doc"])
        )
    return rows


def table(description: Any) -> str:
    """Write the constants as a Markdown table, for the machine's README."""
    lines = ["| constant | value | what it is | evidence | source |", "|---|---|---|---|---|"]
    for row in pedigree(description):
        value = f"{row.default} {row.unit}".strip()
        lines.append(f"| `{row.name}` | {value} | {row.doc} | {row.evidence} | {row.source} |")
    return "\n".join(lines)


def presets_table(description: Any, presets: dict[str, dict[str, Any]]) -> str:
    """Write what each preset makes of the constants as a Markdown table; one row a constant.

    Parameters
    ----------
    description
        The Description class.
    presets
        For every preset's name the fields in which it differs from the defaults.
    """
    rows = [row for row in pedigree(description) if any(row.name in p for p in presets.values())]
    lines = [f"| constant | {' | '.join(presets)} | unit |", "|---" * (len(presets) + 2) + "|"]
    for row in rows:
        values = " | ".join(str(changes.get(row.name, row.default)) for changes in presets.values())
        lines.append(f"| `{row.name}` | {values} | {row.unit} |")
    return "\n".join(lines)
