"""A board as JSON: the wires, and the potentiometers where they are not shared out in blocks.

The same form stands in a board's own file, in saved machines and in logbooks. It comes from
anywhere; what cannot be plugged is refused in one line.
"""

from __future__ import annotations

import re
import reprlib
from typing import Any

import numpy as np

from machines.mark1.board import NOT_HISTORICAL, Plugboard, from_wires, historical, share
from machines.mark1.description import Description
from simulator.errors import Mistake

LONGEST_NOTE = 1000
_LABEL = re.compile(r"[AR][1-9][0-9]{0,7}")
_TOO_LARGE = 10**9


def to_json(board: Plugboard) -> dict[str, list[int]]:
    """Give the wires as JSON: for each A-unit its plugs, S-unit labels signed + or -."""
    plugs: dict[str, list[int]] = {}
    for a, s, sign in zip(
        board.a_unit.tolist(), board.s_unit.tolist(), board.sign.tolist(), strict=True
    ):
        plugs.setdefault(f"A{a + 1}", []).append(sign * (s + 1))
    return plugs


def potentiometers_to_json(board: Plugboard) -> dict[str, list[int]]:
    """Give the potentiometers as JSON: for each R-unit the labels of their A-units."""
    potentiometers: dict[str, list[int]] = {}
    for a, r in zip(board.pot_a.tolist(), board.pot_r.tolist(), strict=True):
        potentiometers.setdefault(f"R{r + 1}", []).append(a + 1)
    return potentiometers


def leads_to_json(board: Plugboard, description: Description) -> dict[str, Any]:
    """Give what a saved machine says beside its plugs: nothing if shared out in blocks."""
    blocks = share(description)
    if all(map(np.array_equal, blocks, (board.pot_a, board.pot_r))):
        return {}
    said = described(board, "")
    return {"potentiometers": potentiometers_to_json(board), **({"note": said} if said else {})}


def from_json(plugs: Any, description: Description, potentiometers: Any = None) -> Plugboard:
    """Read what :func:`to_json` and :func:`potentiometers_to_json` gave.

    Without potentiometers the A-units are shared out in blocks among the R-units in use.

    Raises
    ------
    Mistake
        If an entry is malformed or cannot be plugged.
    """
    d = description
    rows = _a_rows(plugs, d.s_units * d.plugs_per_s_unit)
    wires = [(a - 1, abs(plug) - 1, 1 if plug > 0 else -1) for a, row in rows for plug in row]
    if potentiometers is None:
        return from_wires(wires, d)
    rows = r_rows(potentiometers, d.association_units * d.response_units)
    return from_wires(wires, d, [(a - 1, r - 1) for r, row in rows for a in row])


def described(board: Plugboard, note: str) -> str:
    """Give the note of a board, which says of one that is not historical that it is not.

    Raises
    ------
    Mistake
        If the note is too long.
    """
    rest = note.removeprefix(NOT_HISTORICAL).removeprefix("; ")
    parts = [part for part in ("" if historical(board) else NOT_HISTORICAL, rest) if part]
    said = "; ".join(parts)
    if len(said) > LONGEST_NOTE:
        raise Mistake(f"a plugboard's note has at most {LONGEST_NOTE} characters, not {len(said)}")
    return said


def _a_rows(plugs: Any, most: int) -> list[tuple[int, list[int]]]:
    rows = _labelled(plugs, "plugs", "A", most)
    for a, row in rows:
        for plug in row:
            if not _whole(plug) or not 0 < abs(plug) < _TOO_LARGE:
                said = reprlib.repr(plug)
                raise Mistake(f"plugboard: A{a}: {said} is not a signed S-unit label")
    return rows


def r_rows(potentiometers: Any, most: int) -> list[tuple[int, list[int]]]:
    """Read the labels of potentiometers: of each R-unit, those of its A-units.

    Raises
    ------
    Mistake
        If an entry is malformed, or there are more than ``most``.
    """
    rows = _labelled(potentiometers, "potentiometers", "R", most)
    for r, row in rows:
        for a in row:
            if not _whole(a) or not 0 < a < _TOO_LARGE:
                raise Mistake(f"plugboard: R{r}: {reprlib.repr(a)} is not an A-unit's label")
    return rows


def _whole(entry: Any) -> bool:
    return isinstance(entry, int) and not isinstance(entry, bool)


def _labelled(table: Any, what: str, kind: str, most: int) -> list[tuple[int, list[Any]]]:
    """Read an object whose keys are labels of one kind of unit, each with a list."""
    if not isinstance(table, dict):
        raise Mistake(f"plugboard: the {what} must be an object with one entry per {kind}-unit")
    rows: list[tuple[int, list[Any]]] = []
    entries = 0
    for label, row in table.items():
        if not isinstance(label, str) or not _LABEL.fullmatch(label) or label[0] != kind:
            row = None
        if not isinstance(row, list):
            said = reprlib.repr(label).strip("'\"")
            raise Mistake(f'plugboard: "{said}" is not an {kind}-unit with a list of {what}')
        entries += len(row)
        if entries > most:
            raise Mistake(f"plugboard: more {what} than the {most} the machine can take")
        rows.append((int(label[1:]), row))
    return rows
