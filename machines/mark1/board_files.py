"""A board as a file: readable, one A-unit a line, every plug by the S-unit's label and its sign.

::

    {
      "schema": "firstwave/plugboard/1",
      "note": "what somebody wants to say of it",
      "plugs": {
        "A1": [17, -230, 388]
      },
      "potentiometers": {
        "R1": [1, 2, 3]
      }
    }

The potentiometers, given by the labels of their A-units, are left out where the A-units are shared
out in blocks: such a board does for any number of R-units. A file comes from anywhere; one that
cannot be plugged is refused in one line.
"""

from __future__ import annotations

import json
import reprlib
from pathlib import Path
from typing import Any, NamedTuple

from machines.mark1.board import Plugboard, in_blocks
from machines.mark1.board_json import (
    LONGEST_NOTE,
    described,
    from_json,
    potentiometers_to_json,
    r_rows,
    to_json,
)
from machines.mark1.description import Description
from simulator.errors import Mistake
from simulator.files import read_bytes, write_whole

SCHEMA = "firstwave/plugboard/1"
FILE_LIMIT = 64 << 20


class BoardFile(NamedTuple):
    """What a file holds, before it is known which machine the board is for.

    Attributes
    ----------
    path
        Where it was read.
    plugs, potentiometers
        As they stand in the file; potentiometers None where it has none.
    note
        What the file says of itself; empty if nothing.
    """

    path: str
    plugs: Any
    potentiometers: Any
    note: str


def save(
    path: str | Path, board: Plugboard, note: str = "", *, potentiometers: bool | None = None
) -> None:
    """Write the board as a readable file, one A-unit a line.

    Parameters
    ----------
    path
        Where to.
    board
        The board.
    note
        What the file shall say of itself. That a board is not historical it says in any case.
    potentiometers
        Whether the file shall name the potentiometers, or do for any number of R-units in use, its
        A-units being shared out in blocks. If left out, they are named unless all A-units, up to
        the last that has a wire or a potentiometer, are shared out in blocks.

    Raises
    ------
    Mistake
        If the file cannot be written, or the note is too long.
    """
    parts = [f'  "schema": "{SCHEMA}"']
    if said := described(board, note):
        parts.append(f'  "note": {json.dumps(said)}')
    parts.append(_lines("plugs", to_json(board)))
    if potentiometers is None:
        a_units = int(max(board.a_unit.max(initial=0), board.pot_a.max(initial=0))) + 1
        potentiometers = not in_blocks(board, a_units)
    if potentiometers:
        parts.append(_lines("potentiometers", potentiometers_to_json(board)))
    write_whole(path, "{\n" + ",\n".join(parts) + "\n}\n")


def _lines(name: str, table: dict[str, list[int]]) -> str:
    rows = ",\n".join(f'    "{label}": {json.dumps(row)}' for label, row in table.items())
    return f'  "{name}": {{\n{rows}\n  }}' if rows else f'  "{name}": {{}}'


def read(path: str | Path) -> BoardFile:
    """Read a board's file, without holding it against a machine yet.

    Raises
    ------
    Mistake
        If the file is missing, damaged or of another version.
    """
    content = read_bytes(path, FILE_LIMIT)
    try:
        document = json.loads(content, object_pairs_hook=_no_key_twice)
    except Mistake as mistake:
        raise Mistake(f"{path}: {mistake}") from mistake
    except (ValueError, RecursionError) as error:
        raise Mistake(f"{path}: not JSON; the plugboard file is damaged ({error})") from error
    found = document.get("schema") if isinstance(document, dict) else None
    if found is None:
        raise Mistake(f"{path}: not a plugboard file; one has the schema {SCHEMA}")
    if found != SCHEMA:
        shown = reprlib.repr(found).strip("'")
        raise Mistake(f"{path}: schema is {shown}, this firstwave reads {SCHEMA}")
    note = document.get("note", "")
    if not isinstance(note, str) or len(note) > LONGEST_NOTE:
        raise Mistake(f"{path}: the note must be a text of at most {LONGEST_NOTE} characters")
    return BoardFile(str(path), document.get("plugs"), document.get("potentiometers"), note)


def _no_key_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    table: dict[str, Any] = {}
    for key, value in pairs:
        if key in table:
            raise Mistake(f"plugboard: {reprlib.repr(key)} stands twice")
        table[key] = value
    return table


def responses_named(file: BoardFile) -> int | None:
    """Tell the R-units a file says its potentiometers go to; None where it leaves that open.

    Raises
    ------
    Mistake
        If the potentiometers are malformed.
    """
    if file.potentiometers is None:
        return None
    try:
        rows = r_rows(file.potentiometers, FILE_LIMIT)
    except Mistake as mistake:
        raise Mistake(f"{file.path}: {mistake}") from mistake
    return max((r for r, _ in rows), default=1)


def description_for(file: BoardFile, **changes: int) -> Description:
    """Describe the machine a file is for: as many R-units are in use as the file says, if it does.

    Parameters
    ----------
    file
        What was read.
    **changes
        Fields of the Description that shall differ from the nominal machine's.

    Raises
    ------
    Mistake
        If a number is impossible, or the file's potentiometers are malformed.
    """
    if (named := responses_named(file)) is not None:
        changes = {"responses_in_use": min(named, Description.response_units)} | changes
    return Description(**changes)


def fit(file: BoardFile, description: Description) -> Plugboard:
    """Plug a board that was read on a machine.

    Raises
    ------
    Mistake
        If it does not fit the machine.
    """
    try:
        return from_json(file.plugs, description, file.potentiometers)
    except Mistake as mistake:
        raise Mistake(f"{file.path}: {mistake}") from mistake


def load(path: str | Path, description: Description) -> Plugboard:
    """Read a board file.

    Raises
    ------
    Mistake
        If the file is missing, damaged, of another version, or does not fit the machine.
    """
    return fit(read(path), description)
