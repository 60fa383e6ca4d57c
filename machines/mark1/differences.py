"""Comparing two boards, wire by wire, as one would who stands before both with a list.

::

    - A17+S203            a wire, or a potentiometer, of the left board only
    + A20-S5              of the right board only
    ~ A3+S7 -> A3-S7      a wire re-signed
    ~ A9>R1 -> A9>R3      a potentiometer moved

What one board has to become another can be applied to it.
"""

from __future__ import annotations

from typing import NamedTuple

from machines.mark1.board import Plugboard, from_wires
from machines.mark1.description import Description
from machines.mark1.plugging import Lead, Wire, leads, wires
from simulator.errors import Mistake


class Differences(NamedTuple):
    """What must be done to the left board to have the right one; false if nothing.

    Attributes
    ----------
    pulled, plugged
        Wires and potentiometers of the left board only, and of the right board only.
    re_signed
        Wires that join the same units on both boards, as they are on the left.
    moved
        Potentiometers of A-units that have one on either board: as on the left, as on the right.
    """

    pulled: tuple[Wire | Lead, ...]
    plugged: tuple[Wire | Lead, ...]
    re_signed: tuple[Wire, ...]
    moved: tuple[tuple[Lead, Lead], ...]

    def __bool__(self) -> bool:
        return any(self[:])


def diff(left: Plugboard, right: Plugboard) -> Differences:
    """Compare two boards."""
    ours, theirs = set(wires(left)), set(wires(right))
    re_signed = {wire for wire in ours if _other(wire) in theirs}
    our_leads, their_leads = _by_a_unit(left), _by_a_unit(right)
    moved = []
    for a in our_leads.keys() & their_leads.keys():
        if len(our_leads[a]) == len(their_leads[a]) == 1 and our_leads[a] != their_leads[a]:
            moved.append((our_leads[a].pop(), their_leads[a].pop()))
    our_rest, their_rest = (
        {lead for group in groups.values() for lead in group} for groups in (our_leads, their_leads)
    )
    return Differences(
        (*sorted(ours - theirs - re_signed), *sorted(our_rest - their_rest)),
        (*sorted(theirs - ours - set(map(_other, re_signed))), *sorted(their_rest - our_rest)),
        tuple(sorted(re_signed)),
        tuple(sorted(moved)),
    )


def apply(board: Plugboard, differences: Differences, description: Description) -> Plugboard:
    """Make the right board of a :func:`diff` of the left one.

    Raises
    ------
    Mistake
        If the board is not such as the left one was, or cannot be plugged in the end.
    """
    pulled = {*differences.pulled, *differences.re_signed, *(old for old, _ in differences.moved)}
    plugged = {
        *differences.plugged,
        *map(_other, differences.re_signed),
        *(new for _, new in differences.moved),
    }
    have: set[Wire | Lead] = {*wires(board), *leads(board)}
    if missing := pulled - have:
        raise Mistake(f"{min(map(str, missing))} is not plugged, so it cannot be pulled")
    if there := plugged & have:
        raise Mistake(f"{min(map(str, there))} is plugged already")
    result = (have - pulled) | plugged
    return from_wires(
        [item for item in result if isinstance(item, Wire)],
        description,
        [item for item in result if isinstance(item, Lead)],
    )


def lines(differences: Differences) -> list[str]:
    """Write the differences down, one a line; see the head of this module."""
    return [
        *(f"- {item}" for item in differences.pulled),
        *(f"+ {item}" for item in differences.plugged),
        *(f"~ {wire} -> {_other(wire)}" for wire in differences.re_signed),
        *(f"~ {old} -> {new}" for old, new in differences.moved),
    ]


def _other(wire: Wire) -> Wire:
    """Give the wire with the other sign."""
    return wire._replace(sign=-wire.sign)


def _by_a_unit(board: Plugboard) -> dict[int, set[Lead]]:
    groups: dict[int, set[Lead]] = {}
    for lead in leads(board):
        groups.setdefault(lead.a_unit, set()).add(lead)
    return groups
