"""Looking a board over: how many plugs each S-unit has, how many origin points each A-unit.

The sockets of an S-unit were the scarce thing on the machine: 40 of them, against some 26 plugs
that ten excitatory and ten inhibitory origin points of 512 A-units ask of it on the average.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from machines.mark1.board import Plugboard, historical
from machines.mark1.description import Description
from machines.mark1.theory import active_chance


class Spread(NamedTuple):
    """The least, the mean and the most of a count."""

    least: int
    mean: float
    most: int


class FanOut(NamedTuple):
    """How a board is plugged.

    Attributes
    ----------
    plugs
        int64, shape (S-units,): plugs of each S-unit.
    plugs_of_an_s_unit, excitatory, inhibitory
        Plugs of an S-unit; origin points of an A-unit of either sign.
    sockets_free
        Sockets of all S-units without a plug.
    s_unplugged, a_unplugged
        Labels of S-units without a plug and of A-units without an origin point.
    a_without_potentiometer
        Labels of A-units no potentiometer leads away from.
    potentiometers
        Potentiometers of each R-unit in use, from R1.
    historical
        Whether no A-unit has more than one potentiometer.
    """

    plugs: NDArray[np.int64]
    plugs_of_an_s_unit: Spread
    sockets_free: int
    excitatory: Spread
    inhibitory: Spread
    s_unplugged: list[int]
    a_unplugged: list[int]
    a_without_potentiometer: list[int]
    potentiometers: list[int]
    historical: bool


def fan_out(board: Plugboard, description: Description) -> FanOut:
    """Count the plugs of a board that :func:`~machines.mark1.board.check` has passed."""
    d = description
    plugs = np.bincount(board.s_unit, minlength=d.s_units)
    excitatory, inhibitory = _origin_points(board, d)
    leads = np.bincount(board.pot_a, minlength=d.association_units)
    return FanOut(
        plugs=plugs,
        plugs_of_an_s_unit=_spread(plugs),
        sockets_free=d.s_units * d.plugs_per_s_unit - len(board),
        excitatory=_spread(excitatory),
        inhibitory=_spread(inhibitory),
        s_unplugged=_labels(plugs == 0),
        a_unplugged=_labels(excitatory + inhibitory == 0),
        a_without_potentiometer=_labels(leads == 0),
        potentiometers=np.bincount(board.pot_r, minlength=d.responses_in_use).tolist(),
        historical=historical(board),
    )


def active_part(board: Plugboard, description: Description, theta: int, lit: float) -> float:
    """Give the part of the A-units that theory expects to be active: P_a of each, averaged.

    Parameters
    ----------
    board, description
        The board and its machine.
    theta
        Threshold of the A-units.
    lit
        R, the lit part of the retina, 0..1.

    Raises
    ------
    Mistake
        If ``lit`` is no fraction.

    Notes
    -----
    Theory takes each origin point as drawn by itself from all of the retina. On a topological
    board those of an A-unit are lit and dark together, and the number is only a first guess.
    """
    pairs, times = np.unique(
        np.stack(_origin_points(board, description)), axis=1, return_counts=True
    )
    chances = [active_chance(x, y, theta, lit) for x, y in pairs.T.tolist()]
    return float(np.average(chances, weights=times))


def _origin_points(board: Plugboard, d: Description) -> tuple[NDArray[np.int64], ...]:
    """Count each A-unit's excitatory and inhibitory origin points."""
    return tuple(
        np.bincount(board.a_unit[board.sign == sign], minlength=d.association_units)
        for sign in (1, -1)
    )


def _spread(counts: NDArray[np.int64]) -> Spread:
    return Spread(int(counts.min()), float(counts.mean()), int(counts.max()))


def _labels(these: NDArray[np.bool_]) -> list[int]:
    labels: list[int] = (np.flatnonzero(these) + 1).tolist()
    return labels
