"""What darkness and light are to each photocell of one board, found once and kept in a file.

No two photocells are alike: one reads in bright light what its neighbour reads at dusk. A board is
calibrated by covering it and then lighting it evenly; the mean of some readings of each is kept,
and from then on every reading is measured between the two. A cell that hardly tells dark from light
is dead, and its neighbours speak for it.
"""

from __future__ import annotations

import json
import math
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulator.errors import Mistake
from simulator.files import read_bytes, write_whole
from simulator.stimuli.steady import scaled

from .frames import MOST_BITS, MOST_SIDE, Hello

SCHEMA = "firstwave/board-calibration/1"
READINGS = 32
"""How many frames each mean is taken of."""
DEAD = 4 / 63
"""Of the whole range: a cell with less between dark and light is dead."""
_MOST_BYTES = 1_000_000


@dataclass(frozen=True)
class Calibration:
    """One board's calibration.

    Attributes
    ----------
    board_id, bits
        The board, as it says hello; its rows and columns are those of the arrays.
    dark, light
        float64, shape (rows, columns): the mean readings, 0 to ``2**bits - 1``.
    """

    board_id: str
    bits: int
    dark: NDArray[np.float64]
    light: NDArray[np.float64]

    @property
    def dead(self) -> NDArray[np.bool_]:
        """Tell which cells are dead: bool, shape (rows, columns)."""
        dead: NDArray[np.bool_] = self.light - self.dark < DEAD * ((1 << self.bits) - 1)
        return dead

    def mismatch(self, hello: Hello) -> str:
        """Tell why this is not the calibration of a board; empty if it is."""
        mine = (self.board_id, *self.dark.shape, self.bits)
        its = (hello.board_id, hello.rows, hello.columns, hello.bits)
        if mine == its:
            return ""
        told = "the calibration is of {} ({} x {}, {} bits), ".format(*mine)
        return told + "the board is {} ({} x {}, {} bits); calibrate it anew".format(*its)

    def levels(self, values: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """Give readings as levels 0 (dark) to 255 (light), dead cells repaired; uint8 both."""
        dead = self.dead
        light = np.where(dead, self.dark + 1, self.light)
        levels = scaled(values, self.dark, light)
        return _repaired(levels, dead) if dead.any() else levels


def _repaired(levels: NDArray[np.uint8], dead: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """Give dead cells the median of their living neighbours; 0 where none lives."""
    repaired = levels.copy()
    for row, column in np.argwhere(dead):
        near = np.s_[max(0, row - 1) : row + 2, max(0, column - 1) : column + 2]
        living = levels[near][~dead[near]]
        repaired[row, column] = np.uint8(np.median(living)) if living.size else 0
    return repaired


def calibrated(
    hello: Hello, dark: Sequence[NDArray[np.uint8]], light: Sequence[NDArray[np.uint8]]
) -> Calibration:
    """Work out a calibration from readings in the dark and in even light.

    Parameters
    ----------
    hello
        The board.
    dark, light
        Readings, uint8, each of shape (rows, columns).

    Raises
    ------
    Mistake
        If most cells do not tell dark from light.
    """
    found = Calibration(
        hello.board_id,
        hello.bits,
        np.mean(np.stack(dark), axis=0, dtype=np.float64),
        np.mean(np.stack(light), axis=0, dtype=np.float64),
    )
    dead = int(found.dead.sum())
    if 2 * dead > found.dead.size:
        raise Mistake(
            f"{dead} of {found.dead.size} cells hardly tell dark from light: cover the board well "
            "for the first reading, light it brightly and evenly for the second"
        )
    return found


def write(path: Path, calibration: Calibration) -> None:
    """Write a calibration to a file (docs/formats.md).

    Raises
    ------
    Mistake
        If it cannot be written.
    """
    content = _content(calibration)
    text = json.dumps({**content, "crc": _crc(content)}, indent=1)
    write_whole(path, (text + "\n").encode("ascii"))


def read(path: Path) -> Calibration:
    """Read a calibration back.

    Raises
    ------
    Mistake
        If the file cannot be read, is no calibration, or was changed.
    """
    try:
        content = json.loads(read_bytes(path, _MOST_BYTES))
    except (ValueError, RecursionError) as error:
        raise Mistake(f"{path}: is no JSON ({error})") from error
    try:
        return _understood(content)
    except Mistake as mistake:
        raise Mistake(f"{path}: {mistake}") from mistake


def _content(calibration: Calibration) -> dict[str, Any]:
    rows, columns = calibration.dark.shape
    return {
        "schema": SCHEMA,
        "board": {
            "id": calibration.board_id, "rows": rows, "cols": columns, "bits": calibration.bits,
        },
        "dark": [round(float(value), 3) for value in calibration.dark.ravel()],
        "light": [round(float(value), 3) for value in calibration.light.ravel()],
    }  # fmt: skip


def _crc(content: dict[str, Any]) -> str:
    plain = json.dumps(content, sort_keys=True, separators=(",", ":"))
    return f"{zlib.crc32(plain.encode()):08x}"


def _understood(content: Any) -> Calibration:
    if not isinstance(content, dict) or content.get("schema") != SCHEMA:
        raise Mistake(f"is no calibration of a photocell board (no schema {SCHEMA})")
    again = "calibrate the board anew"
    crc = content.pop("crc", None)
    if crc != _crc(content):
        raise Mistake(f"its checksum does not fit: it was changed or damaged; {again}")
    board = content.get("board")
    if not isinstance(board, dict) or not isinstance(board.get("id"), str):
        raise Mistake(f"names no board; {again}")
    numbers: list[Any] = [board.get(key) for key in ("rows", "cols", "bits")]
    most = (MOST_SIDE, MOST_SIDE, MOST_BITS)
    if not all(type(n) is int and 1 <= n <= limit for n, limit in zip(numbers, most, strict=True)):
        raise Mistake(f"its board has impossible rows, columns or bits; {again}")
    rows, columns, bits = numbers
    racks = []
    for name in ("dark", "light"):
        rack = content.get(name)
        if not isinstance(rack, list) or len(rack) != rows * columns:
            raise Mistake(f"{name}: must be {rows * columns} numbers; {again}")
        if not all(
            type(value) in (int, float) and math.isfinite(value) and 0 <= value < 1 << bits
            for value in rack
        ):
            raise Mistake(f"{name}: holds a reading that no cell of {bits} bits gives; {again}")
        racks.append(np.array(rack, np.float64).reshape(rows, columns))
    return Calibration(board["id"], bits, *racks)
