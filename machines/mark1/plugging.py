"""Plugging by hand: one wire or one potentiometer at a time.

A wire is written as it would be said at the board: ``A17+S203`` is excitatory, ``A17-S5``
inhibitory; ``A17>R3`` is the potentiometer that takes A17 to R3. Every act gives a new board and
leaves the old one as it was, and the impossible is refused in one line.
"""

from __future__ import annotations

import dataclasses
import re
import reprlib
from typing import NamedTuple

import numpy as np

from machines.mark1.board import Plugboard, check
from machines.mark1.description import Description
from simulator.errors import Mistake

_WIRE = re.compile(r"A([1-9][0-9]{0,7})([+-])S([1-9][0-9]{0,7})")
_LEAD = re.compile(r"A([1-9][0-9]{0,7})>R([1-9][0-9]{0,7})")


class Wire(NamedTuple):
    """A wire of the board, by indices (label less one); ``str()`` gives ``A17+S203``.

    Attributes
    ----------
    a_unit, s_unit
        The units it joins.
    sign
        +1 excitatory, -1 inhibitory.
    """

    a_unit: int
    s_unit: int
    sign: int

    def __str__(self) -> str:
        return f"A{self.a_unit + 1}{'+' if self.sign > 0 else '-'}S{self.s_unit + 1}"


class Lead(NamedTuple):
    """A potentiometer, by the indices of the units it joins; ``str()`` gives ``A17>R3``."""

    a_unit: int
    r_unit: int

    def __str__(self) -> str:
        return f"A{self.a_unit + 1}>R{self.r_unit + 1}"


def parse(text: str) -> Wire | Lead:
    """Read ``A17+S203``, ``A17-S5`` or ``A17>R3``.

    Raises
    ------
    Mistake
        If it is none of these.
    """
    if found := _WIRE.fullmatch(text):
        return Wire(int(found[1]) - 1, int(found[3]) - 1, 1 if found[2] == "+" else -1)
    if found := _LEAD.fullmatch(text):
        return Lead(int(found[1]) - 1, int(found[2]) - 1)
    raise Mistake(
        f"{reprlib.repr(text)} is no wire: write A17+S203 (excitatory), A17-S5 (inhibitory) or "
        "'A17>R3' (potentiometer; in quotes, a shell takes > for itself)"
    )


def wires(board: Plugboard) -> list[Wire]:
    """List the wires of a board, sorted by A-unit, then by S-unit."""
    columns = (board.a_unit.tolist(), board.s_unit.tolist(), board.sign.tolist())
    return [Wire(*row) for row in zip(*columns, strict=True)]


def leads(board: Plugboard) -> list[Lead]:
    """List the potentiometers of a board, sorted by R-unit, then by A-unit."""
    return [Lead(*row) for row in zip(board.pot_a.tolist(), board.pot_r.tolist(), strict=True)]


def plug(board: Plugboard, wire: Wire, description: Description) -> Plugboard:
    """Plug one more wire.

    Raises
    ------
    Mistake
        If there is no such unit, the two are joined already or the S-unit has no socket left.
    """
    if (there := _joining(board, wire)) is not None:
        what = str(wire) if there == wire else f"{wire}: {there}"
        raise Mistake(f"{what} is plugged already; pull it first")
    used, sockets = int((board.s_unit == wire.s_unit).sum()), description.plugs_per_s_unit
    if used >= sockets:
        raise Mistake(f"{wire}: S{wire.s_unit + 1} has no socket left, all {sockets} are taken")
    place = int(np.searchsorted(board.a_unit, wire.a_unit))
    place += int((board.s_unit[board.a_unit == wire.a_unit] < wire.s_unit).sum())
    changed = dataclasses.replace(
        board,
        a_unit=np.insert(board.a_unit, place, wire.a_unit),
        s_unit=np.insert(board.s_unit, place, wire.s_unit),
        sign=np.insert(board.sign, place, wire.sign),
    )
    check(changed, description)
    return changed


def pull(board: Plugboard, wire: Wire) -> Plugboard:
    """Pull a wire.

    Raises
    ------
    Mistake
        If it is not plugged, or has the other sign.
    """
    place = _place(board, wire)
    return dataclasses.replace(
        board,
        a_unit=np.delete(board.a_unit, place),
        s_unit=np.delete(board.s_unit, place),
        sign=np.delete(board.sign, place),
    )


def re_sign(board: Plugboard, wire: Wire) -> Plugboard:
    """Make an excitatory wire inhibitory, or an inhibitory one excitatory.

    Raises
    ------
    Mistake
        If the wire, as it is before, is not plugged.
    """
    sign = board.sign.copy()
    sign[_place(board, wire)] *= -1
    return dataclasses.replace(board, sign=sign)


def move(board: Plugboard, lead: Lead, description: Description) -> Plugboard:
    """Take an A-unit's potentiometer to another R-unit; ``lead`` says where it shall go.

    An A-unit that has none gets one.

    Raises
    ------
    Mistake
        If there is no such unit or it is not in use, the potentiometer goes there already, it is
        not the A-unit's only one, or the R-unit it leaves would have none.
    """
    now = np.flatnonzero(board.pot_a == lead.a_unit)
    if len(now) > 1:
        raise Mistake(
            f"{lead}: A{lead.a_unit + 1} has {len(now)} potentiometers; by hand, only boards with "
            "one an A-unit are re-plugged"
        )
    if len(now) and board.pot_r[now[0]] == lead.r_unit:
        raise Mistake(f"{lead}: that is where its potentiometer goes already")
    pot_a = np.append(np.delete(board.pot_a, now), lead.a_unit)
    pot_r = np.append(np.delete(board.pot_r, now), lead.r_unit)
    order = np.lexsort((pot_a, pot_r))
    changed = dataclasses.replace(board, pot_a=pot_a[order], pot_r=pot_r[order])
    check(changed, description)
    return changed


def _joining(board: Plugboard, wire: Wire) -> Wire | None:
    """Give the wire that joins the same two units, whatever its sign."""
    found = np.flatnonzero((board.a_unit == wire.a_unit) & (board.s_unit == wire.s_unit))
    return wire._replace(sign=int(board.sign[found[0]])) if found.size else None


def _place(board: Plugboard, wire: Wire) -> int:
    """Find a wire in the record."""
    there = _joining(board, wire)
    if there is None:
        raise Mistake(f"{wire} is not plugged")
    if there.sign != wire.sign:
        raise Mistake(f"{wire} is not plugged, but {there} is")
    same = (board.a_unit == wire.a_unit) & (board.s_unit == wire.s_unit)
    return int(np.flatnonzero(same)[0])
