"""A plugboard in words and small pictures, for a person at a terminal; plain characters only."""

from __future__ import annotations

import re
import reprlib
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from machines.mark1 import Description
from machines.mark1.plugboard import (
    NOT_HISTORICAL,
    BoardFile,
    FanOut,
    Plugboard,
    fan_out,
    historical,
)
from simulator.errors import Mistake

_UNIT = re.compile(r"([ASR])([1-9][0-9]{0,7})")


def is_unit(text: str, description: Description) -> tuple[str, int]:
    """Read the label of a unit: its kind and its index.

    Raises
    ------
    Mistake
        If there is no such unit.
    """
    d = description
    counts = {"A": d.association_units, "S": d.s_units, "R": d.response_units}
    found = _UNIT.fullmatch(text)
    if not found:
        raise Mistake(f"{reprlib.repr(text)} is no unit; name one such as A17, S203 or R3")
    kind, label = found[1], int(found[2])
    if label > counts[kind]:
        raise Mistake(f"{text} does not exist, labels are {kind}1..{kind}{counts[kind]}")
    return kind, label - 1


def unit_row(text: str, board: Plugboard, description: Description) -> dict[str, Any]:
    """Tell what one unit is plugged to, as JSON: label numbers from 1."""
    kind, index = is_unit(text, description)
    if kind == "R":
        return {"unit": text, "a_units": (board.pot_a[board.pot_r == index] + 1).tolist()}
    here, there = (board.a_unit, board.s_unit) if kind == "A" else (board.s_unit, board.a_unit)
    excitatory, inhibitory = (
        (there[(here == index) & (board.sign == sign)] + 1).tolist() for sign in (1, -1)
    )
    row: dict[str, Any] = {"unit": text, "excitatory": excitatory, "inhibitory": inhibitory}
    if kind == "A":
        row["responses"] = (board.pot_r[board.pot_a == index] + 1).tolist()
    else:
        row["sockets_free"] = description.plugs_per_s_unit - len(excitatory) - len(inhibitory)
    return row


def unit_text(text: str, board: Plugboard, description: Description, left_open: bool) -> str:
    """Tell what one unit is plugged to, in words; of an A-unit, with a picture of the retina.

    ``left_open``: the file does not say where the potentiometers lead; they are shared out in
    blocks among however many R-units are in use.
    """
    row, kind = unit_row(text, board, description), text[0]
    in_use = description.responses_in_use
    when = f" when all {in_use} R-units are in use" if left_open else ""
    if kind == "R":
        of = labels("A", row["a_units"])
        return f"{text}: {len(row['a_units'])} potentiometers{when}, of {of}\n"
    other = "S" if kind == "A" else "A"
    told = "".join(
        f"{text}: {len(row[sign])} {sign}: {labels(other, row[sign])}\n"
        for sign in ("excitatory", "inhibitory")
    )
    if kind == "S":
        return f"{told}{text}: {row['sockets_free']} sockets free\n"
    picture = np.full(description.s_units, ".")
    for sign, mark in (("excitatory", "+"), ("inhibitory", "-")):
        picture[np.array(row[sign], np.int64) - 1] = mark
    to = labels("R", row["responses"])
    said = "" if len(row["responses"]) < 2 else f" ({NOT_HISTORICAL})"
    retina = picture.reshape(description.rows, description.columns)
    drawn = "\n".join("  " + " ".join(line) for line in retina.tolist())
    return f"{told}{text}: potentiometer to {to}{when}{said}\n{drawn}\n"


def show_text(file: BoardFile, board: Plugboard, description: Description) -> str:
    """Describe a board, with the plugs of every S-unit at its place on the retina."""
    found = fan_out(board, description)
    grid = found.plugs.reshape(description.rows, description.columns)
    return (
        f"{file.path}: {len(board)} plugs\n{_head(file, board)}"
        f"{_potentiometers(found, file.potentiometers is None)}"
        f"plugs of each S-unit, S1 at the upper left, {description.plugs_per_s_unit} sockets:\n"
        f"{_grid(grid)}"
    )


def check_text(file: BoardFile, found: FanOut, description: Description) -> str:
    """Tell how a board's plugs are spread."""
    d, said = description, found.plugs_of_an_s_unit
    told = [
        f"{file.path}: can be plugged; {found.plugs.sum()} plugs, {found.sockets_free} of "
        f"{d.s_units * d.plugs_per_s_unit} sockets free",
        f"an S-unit has {_range(said)} plugs, and {d.plugs_per_s_unit} sockets",
        f"an A-unit has {_range(found.excitatory)} excitatory and {_range(found.inhibitory)} "
        "inhibitory origin points",
    ]
    for kind, unplugged, what in (
        ("S", found.s_unplugged, "without a plug"),
        ("A", found.a_unplugged, "without an origin point"),
        ("A", found.a_without_potentiometer, "without a potentiometer"),
    ):
        if unplugged:
            told.append(f"{what}: {labels(kind, unplugged)}")
    ending = "" if found.historical else f"{NOT_HISTORICAL}\n"
    return "\n".join(told) + "\n" + _potentiometers(found, file.potentiometers is None) + ending


def labels(kind: str, numbers: list[int]) -> str:
    """Write label numbers as ``S3 S17``; three and more in a row as ``A1..A64``."""
    if not numbers:
        return "none"
    ends = [0, *(i for i, (a, b) in enumerate(pairwise(numbers), 1) if b != a + 1), len(numbers)]
    runs = [numbers[start:end] for start, end in pairwise(ends)]
    return " ".join(
        f"{kind}{run[0]}..{kind}{run[-1]}"
        if len(run) > 2
        else " ".join(f"{kind}{number}" for number in run)
        for run in runs
    )


def _head(file: BoardFile, board: Plugboard) -> str:
    """Give what a file says of itself, fit for a terminal, and whether it is historical."""
    note = "".join(c if c.isprintable() else " " for c in file.note)
    said = f"note: {note}\n" if note else ""
    if not historical(board) and NOT_HISTORICAL not in note:
        said += f"{NOT_HISTORICAL}\n"
    return said


def _potentiometers(found: FanOut, left_open: bool) -> str:
    if left_open:
        return "potentiometers: shared out in blocks among the R-units in use\n"
    each = ", ".join(f"R{r} {n}" for r, n in enumerate(found.potentiometers, 1))
    return f"potentiometers: {each}\n"


def _range(spread: Any) -> str:
    if spread.least == spread.most:
        return str(spread.least)
    return f"{spread.least} to {spread.most} ({spread.mean:.3g} on the average)"


def _grid(counts: NDArray[np.int64]) -> str:
    width = len(str(counts.max())) + 1
    return "".join("".join(f"{n:{width}}" for n in row) + "\n" for row in counts.tolist())
