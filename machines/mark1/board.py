"""The record of a plugged board: its wires, its potentiometers, and what a board can take.

A **wire** joins an S-unit to an A-unit, with a sign. A **potentiometer** takes the signal of one
A-unit to one R-unit. On the historical machine an A-unit has one potentiometer, so the 512 A-units
are shared out among the R-units in use: in blocks, unless somebody plugs them otherwise by hand.
The **dense** board, on which every A-unit reaches every R-unit, is how most simulators of today
draw the machine; it can be had here for comparison and is labelled as not historical.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from machines.mark1.description import Description
from simulator.errors import Mistake

NOT_HISTORICAL = "not historical: the Mark I had one potentiometer an A-unit"
"""What is said of a board on which an A-unit has several potentiometers."""


@dataclass(frozen=True, eq=False)
class Plugboard:
    """All wires of the board, and the potentiometers behind the A-units.

    Wires are sorted by A-unit, then by S-unit; potentiometers by R-unit, then by A-unit. Units are
    given by index, which is the label number less one.

    Attributes
    ----------
    a_unit, s_unit
        int64, shape (plugs,): the units each wire joins.
    sign
        int8, shape (plugs,): +1 excitatory, -1 inhibitory.
    pot_a, pot_r
        int64, shape (potentiometers,): the units each potentiometer joins.
    """

    a_unit: NDArray[np.int64]
    s_unit: NDArray[np.int64]
    sign: NDArray[np.int8]
    pot_a: NDArray[np.int64]
    pot_r: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.a_unit)


def from_wires(
    wires: Sequence[tuple[int, int, int]],
    description: Description,
    potentiometers: Sequence[tuple[int, int]] | None = None,
) -> Plugboard:
    """Plug a board from ``(a_unit, s_unit, sign)`` triples of indices, in any order.

    Parameters
    ----------
    wires
        The wires.
    description
        The machine.
    potentiometers
        ``(a_unit, r_unit)`` pairs of indices, in any order; shared out in blocks if left out.

    Raises
    ------
    Mistake
        If the board cannot be plugged on the machine; see :func:`check`.
    """
    table = np.array(sorted(wires), dtype=np.int64).reshape(-1, 3)
    a_unit, s_unit, sign = (np.ascontiguousarray(column) for column in table.T)
    if potentiometers is None:
        pot_a, pot_r = share(description)
    else:
        ends = np.array(sorted((r, a) for a, r in potentiometers), dtype=np.int64).reshape(-1, 2)
        pot_r, pot_a = (np.ascontiguousarray(column) for column in ends.T)
    board = Plugboard(a_unit, s_unit, sign.astype(np.int8), pot_a, pot_r)
    check(board, description)
    return board


def share(description: Description) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Share the A-units out among the R-units in use, in blocks as equal as can be.

    Returns
    -------
    a_unit, r_unit
        int64, shape (potentiometers,): the units each potentiometer joins, sorted by R-unit.
    """
    return _blocks(description.association_units, description.responses_in_use)


def _blocks(a_units: int, r_units: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    a_unit = np.arange(a_units, dtype=np.int64)
    return a_unit, a_unit * r_units // a_units


def in_blocks(board: Plugboard, a_units: int) -> bool:
    """Tell whether so many A-units are shared out in blocks, among however many R-units."""
    if not len(board.pot_r):
        return False
    pot_a, pot_r = _blocks(a_units, int(board.pot_r.max()) + 1)
    return np.array_equal(board.pot_a, pot_a) and np.array_equal(board.pot_r, pot_r)


def shared_anew(board: Plugboard, description: Description) -> Plugboard:
    """Fit a board to the R-units in use: one shared out in blocks is shared out among them.

    A board whose potentiometers were assigned otherwise stays as it is.
    """
    if not in_blocks(board, description.association_units):
        return board
    pot_a, pot_r = share(description)
    return dataclasses.replace(board, pot_a=pot_a, pot_r=pot_r)


def dense(board: Plugboard, description: Description) -> Plugboard:
    """Give every A-unit a potentiometer to every R-unit in use: not historical.

    The nominal machine then has 512 x 8 = 4096 potentiometers instead of its 512: the reading of
    most simulators of today, for comparison.
    """
    n_a, n_r = description.association_units, description.responses_in_use
    return dataclasses.replace(
        board,
        pot_a=np.tile(np.arange(n_a, dtype=np.int64), n_r),
        pot_r=np.repeat(np.arange(n_r, dtype=np.int64), n_a),
    )


def historical(board: Plugboard) -> bool:
    """Tell whether no A-unit has more than the one potentiometer it had on the machine."""
    return len(np.unique(board.pot_a)) == len(board.pot_a)


def check(board: Plugboard, description: Description) -> None:
    """Refuse a board that cannot be plugged on a machine.

    Raises
    ------
    Mistake
        If a wire or a potentiometer goes to a unit that does not exist, two join the same pair of
        units, an S-unit has more plugs than sockets, an R-unit in use has no potentiometer, or
        something is not sorted.
    """
    a_unit, s_unit, sign = board.a_unit, board.s_unit, board.sign
    if not len(a_unit) == len(s_unit) == len(sign) or len(board.pot_a) != len(board.pot_r):
        raise Mistake("plugboard: every wire has two ends and a sign, every potentiometer two ends")
    _check_labels("A", a_unit, description.association_units)
    _check_labels("S", s_unit, description.s_units)
    if not np.isin(sign, (-1, 1)).all():
        raise Mistake("plugboard: a plug is + (excitatory) or - (inhibitory)")
    pair = a_unit * description.s_units + s_unit
    if (np.diff(pair) < 0).any():
        raise Mistake("plugboard: the wires must be sorted by A-unit, then by S-unit")
    if twice := np.flatnonzero(pair[1:] == pair[:-1]).tolist():
        a, s = a_unit[twice[0]] + 1, s_unit[twice[0]] + 1
        raise Mistake(f"plugboard: A{a} is plugged to S{s} twice")
    used = np.bincount(s_unit, minlength=description.s_units)
    if used.max() > description.plugs_per_s_unit:
        s = int(used.argmax())
        raise Mistake(
            f"plugboard: S{s + 1} has {used[s]} plugs, its sockets take "
            f"{description.plugs_per_s_unit}"
        )
    _check_potentiometers(board, description)


def _check_potentiometers(board: Plugboard, description: Description) -> None:
    pot_a, pot_r, n_r = board.pot_a, board.pot_r, description.responses_in_use
    _check_labels("A", pot_a, description.association_units)
    _check_labels("R", pot_r, description.response_units)
    if (idle := pot_r[pot_r >= n_r]).size:
        raise Mistake(
            f"plugboard: R{idle[0] + 1} has a potentiometer but is not in use; {n_r} R-units are"
        )
    pair = pot_r * description.association_units + pot_a
    if (np.diff(pair) < 0).any():
        raise Mistake("plugboard: the potentiometers must be sorted by R-unit, then by A-unit")
    if twice := np.flatnonzero(pair[1:] == pair[:-1]).tolist():
        a, r = pot_a[twice[0]] + 1, pot_r[twice[0]] + 1
        raise Mistake(f"plugboard: two potentiometers go from A{a} to R{r}")
    if (without := np.flatnonzero(np.bincount(pot_r, minlength=n_r) == 0)).size:
        raise Mistake(f"plugboard: R{without[0] + 1} is in use but no potentiometer goes to it")


def _check_labels(kind: str, unit: NDArray[np.int64], count: int) -> None:
    if (outside := unit[(unit < 0) | (unit >= count)]).size:
        raise Mistake(f"plugboard: {kind}{outside[0] + 1} does not exist, labels are 1..{count}")
