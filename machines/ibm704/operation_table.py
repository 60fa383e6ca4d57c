"""The table of operations as a page shows it; ``docs/ibm704.md`` holds it between two markers.

    python -m machines.ibm704.operation_table docs/ibm704.md

writes it anew. A test compares the page with :mod:`machines.ibm704.operations`.
"""

from __future__ import annotations

import sys
from pathlib import Path

from simulator.errors import Mistake
from simulator.files import write_whole

from .operations import EXTENDED, OPERATIONS, Operation, signed

BEGIN, END = "<!-- operations: begin -->\n", "<!-- operations: end -->\n"
_HEAD = "| | code | x | cycles | evidence | effect |\n|---|---|---|---|---|---|\n"


def table() -> str:
    """Give the table: operations, with the sources of their cycles, then the selects."""
    sources: list[str] = []
    rows = [_row(operation, sources) for operation in OPERATIONS]
    notes = "".join(f"{number}. {source}\n" for number, source in enumerate(sources, 1))
    selects = "".join(
        f"| `{one.mnemonic}`{' n' if one.units else ''} | {_code(one)} | {one.effect} |\n"
        for one in EXTENDED
    )
    return (
        f"{_HEAD}{''.join(rows)}\nWhere the cycles come from:\n\n{notes}\n"
        f"Selects with their unit, by the names of SAP:\n\n| | code | effect |\n|---|---|---|\n"
        f"{selects}"
    )


def _row(operation: Operation, sources: list[str]) -> str:
    if operation.source not in sources:
        sources.append(operation.source)
    least, most = operation.cycles, operation.most
    cycles = f"{least}" if least == most else f"{least}-{most}"
    number = sources.index(operation.source) + 1
    name = f"`{operation.mnemonic}`" + (" n" if operation.units else "")
    indexable = "x" if operation.indexable else ""
    return (
        f"| {name} | {_code(operation)} | {indexable} | {cycles} | {operation.evidence} ({number}) "
        f"| {operation.effect} |\n"
    )


def _code(operation: Operation) -> str:
    """Write the code as the manual does, with the address where it belongs to the operation."""
    code = signed(operation.code)
    if operation.first < 0:
        return code
    if not operation.units:
        return f"{code} {operation.first:04o}"
    return f"{code} {operation.first + 1:04o}-{operation.first + operation.units:04o}"


def renew(page: str) -> str:
    """Give a page with the table between its markers as it should be.

    Raises
    ------
    Mistake
        If the markers are not there.
    """
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise Mistake(f"no {BEGIN.strip()} and {END.strip()} on the page; put them in")
    return f"{before}{BEGIN}\n{table()}\n{END}{after}"


if __name__ == "__main__":
    for name in sys.argv[1:]:
        write_whole(name, renew(Path(name).read_text(encoding="utf-8")).encode())
