"""The plugboard between S-units and A-units, and the sharing of the A-units among the R-units.

Each A-unit has x excitatory and y inhibitory **origin points**: different S-units, drawn from a
random-number table, whose lit cells count +1 or -1 to it. An S-unit has sockets for at most 40
plugs. The board stays as it is during an experiment and can be re-plugged between experiments,
so it is a file of its own: readable, one A-unit a line, and every plug by the S-unit's label
number with its sign.

Behind the A-units, each potentiometer takes the signal of one A-unit to one R-unit. On the
historical machine an A-unit has one potentiometer, so the 512 A-units are shared out.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from machines.mark1.description import Description
from simulator import chance
from simulator.errors import Mistake
from simulator.files import read_bytes, write_whole

SCHEMA = "firstwave/plugboard/1"
FILE_LIMIT = 64 << 20
_WIRING = chance.stream("mark1.wiring")


@dataclass(frozen=True, eq=False)
class Plugboard:
    """All wires of the board, sorted by A-unit, then by S-unit.

    Attributes
    ----------
    a_unit, s_unit
        int64, shape (plugs,): index (label number less one) of the units each wire joins.
    sign
        int8, shape (plugs,): +1 excitatory, -1 inhibitory.
    """

    a_unit: NDArray[np.int64]
    s_unit: NDArray[np.int64]
    sign: NDArray[np.int8]
    pot_a: NDArray[np.int64]
    pot_r: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.a_unit)


def from_wires(wires: list[tuple[int, int, int]], description: Description) -> Plugboard:
    """Plug a board from ``(a_unit, s_unit, sign)`` triples of indices.

    Raises
    ------
    Mistake
        If a wire goes to a unit that does not exist, two wires join the same pair of units, or an
        S-unit has more plugs than it has sockets.
    """
    table = np.array(sorted(wires), dtype=np.int64).reshape(-1, 3)
    a_unit, s_unit, sign = (np.ascontiguousarray(column) for column in table.T)
    board = Plugboard(a_unit, s_unit, sign.astype(np.int8), *share(description))
    check(board, description)
    return board


def check(board: Plugboard, description: Description) -> None:
    """Refuse a board that cannot be plugged on a machine.

    Raises
    ------
    Mistake
        As :func:`from_wires`, or if the wires are not sorted.
    """
    a_unit, s_unit, sign = board.a_unit, board.s_unit, board.sign
    for name, column, count in (
        ("A", a_unit, description.association_units),
        ("S", s_unit, description.s_units),
    ):
        outside = column[(column < 0) | (column >= count)]
        if outside.size:
            raise Mistake(
                f"plugboard: {name}{outside[0] + 1} does not exist, labels are 1..{count}"
            )
    if not np.isin(sign, (-1, 1)).all():
        raise Mistake("plugboard: a plug is + (excitatory) or - (inhibitory)")
    pair = a_unit * description.s_units + s_unit
    if (np.diff(pair) < 0).any():
        raise Mistake("plugboard: the wires must be sorted by A-unit, then by S-unit")
    if twice := np.flatnonzero(pair[1:] == pair[:-1]).tolist():
        a, s = a_unit[twice[0]] + 1, s_unit[twice[0]] + 1
        raise Mistake(f"plugboard: A{a} is plugged to S{s} twice")
    used = np.bincount(s_unit, minlength=description.s_units)
    if used.size and used.max() > description.plugs_per_s_unit:
        s = int(used.argmax())
        raise Mistake(
            f"plugboard: S{s + 1} has {used[s]} plugs, its sockets take "
            f"{description.plugs_per_s_unit}"
        )


def random_table(description: Description) -> Plugboard:
    """Plug the board from the random-number table: page ``wiring_seed``, one column per A-unit.

    S-units are drawn uniformly; one that is already taken by this A-unit or has no socket left is
    passed over. Should an A-unit's draw leave the rest of the board impossible to plug, that A-unit
    gets the S-units with the most free sockets instead (Gale and Ryser: then it stays possible).
    """
    x, count = description.excitatory, description.excitatory + description.inhibitory
    free = np.full(description.s_units, description.plugs_per_s_unit, dtype=np.int64)
    wires: list[tuple[int, int, int]] = []
    for a in range(description.association_units):
        rest = description.association_units - a - 1
        origin = _draw(description, a, count, free)
        if origin is not None:
            free[origin] -= 1
            if int(np.minimum(free, rest).sum()) < rest * count:
                free[origin] += 1
                origin = None
        if origin is None:
            origin = np.argsort(-free, kind="stable")[:count].tolist()
            free[origin] -= 1
        wires += [(a, s, 1 if place < x else -1) for place, s in enumerate(origin)]
    return from_wires(wires, description)


def _draw(description: Description, a: int, count: int, free: NDArray[np.int64]) -> Any:
    """Draw ``count`` different S-units with a socket left for one A-unit; None if too few are."""
    if int((free > 0).sum()) < count:
        return None
    origin: list[int] = []
    entry = 0
    while len(origin) < count:
        s = chance.below(description.s_units, description.wiring_seed, _WIRING + a, entry)
        if free[s] > 0 and s not in origin:
            origin.append(s)
        entry += 1
    return origin


def share(description: Description) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Share the A-units out among the R-units in use, in blocks as equal as can be.

    Returns
    -------
    a_unit, r_unit
        int64, shape (potentiometers,): the units each potentiometer joins, sorted by R-unit.
    """
    n = description.association_units
    a_unit = np.arange(n, dtype=np.int64)
    return a_unit, a_unit * description.responses_in_use // n


def to_json(board: Plugboard) -> dict[str, list[int]]:
    """Give the board as JSON: for each A-unit its plugs, S-unit labels signed + or -."""
    plugs: dict[str, list[int]] = {}
    for a, s, sign in zip(
        board.a_unit.tolist(), board.s_unit.tolist(), board.sign.tolist(), strict=True
    ):
        plugs.setdefault(f"A{a + 1}", []).append(sign * (s + 1))
    return plugs


def from_json(plugs: Any, description: Description) -> Plugboard:
    """Read what :func:`to_json` gave.

    Raises
    ------
    Mistake
        If an entry is malformed or cannot be plugged.
    """
    wires: list[tuple[int, int, int]] = []
    if not isinstance(plugs, dict):
        raise Mistake("plugboard: the plugs must be an object with one entry per A-unit")
    for label, row in plugs.items():
        digits = label[1:]
        known = label[:1] == "A" and digits.isascii() and digits.isdigit() and len(digits) < 9
        if not known or not isinstance(row, list):
            raise Mistake(f'plugboard: "{label}" is not an A-unit with a list of plugs')
        for plug in row:
            if isinstance(plug, bool) or not isinstance(plug, int) or not 0 < abs(plug) < 10**9:
                raise Mistake(f"plugboard: {label}: {plug!r} is not a signed S-unit label")
            wires.append((int(digits) - 1, abs(plug) - 1, 1 if plug > 0 else -1))
    return from_wires(wires, description)


def save(path: str | Path, board: Plugboard) -> None:
    """Write the board as a readable file, one A-unit a line.

    Raises
    ------
    Mistake
        If the file cannot be written.
    """
    lines = [f'    "{label}": {json.dumps(row)}' for label, row in to_json(board).items()]
    text = f'{{\n  "schema": "{SCHEMA}",\n  "plugs": {{\n' + ",\n".join(lines) + "\n  }\n}\n"
    write_whole(path, text)


def load(path: str | Path, description: Description) -> Plugboard:
    """Read a board file.

    Raises
    ------
    Mistake
        If the file is missing, damaged, of another version, or does not fit the machine.
    """
    try:
        document = json.loads(read_bytes(path, FILE_LIMIT))
    except (ValueError, RecursionError) as error:
        raise Mistake(f"{path}: not JSON; the plugboard file is damaged ({error})") from error
    if not isinstance(document, dict) or document.get("schema") != SCHEMA:
        found = document.get("schema") if isinstance(document, dict) else None
        raise Mistake(f"{path}: schema is {found}, this firstwave reads {SCHEMA}")
    try:
        return from_json(document.get("plugs"), description)
    except Mistake as mistake:
        raise Mistake(f"{path}: {mistake}") from mistake
