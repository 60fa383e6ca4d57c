"""The given, part by part: what the Description and the plugboard say, as the engines want it.

A Description speaks of spreads; an engine needs to know how fast motor 17 turns. Both engines
are built from this one record, so they cannot disagree about what was given. Times are in
nanoseconds, angles in microdegrees (``udeg``).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from machines.mark1.description import Description
from machines.mark1.plugboard import Plugboard, share
from simulator import chance

_PICKUP = chance.stream("mark1.pickup")
_MOTOR = chance.stream("mark1.motor")
_WIPER = chance.stream("mark1.wiper")


class Given(NamedTuple):
    """One particular machine; n_s S-units, n_a A-units, n_v potentiometers, n_r R-units."""

    # wires of the plugboard, sorted by A-unit; those of A-unit a from a_first[a] to a_first[a + 1]
    plug_s: NDArray[np.int64]  # (plugs,)
    plug_sign: NDArray[np.int8]  # (plugs,)
    a_first: NDArray[np.int64]  # (n_a + 1,)
    # the same wires sorted by S-unit
    plug_a: NDArray[np.int64]  # (plugs,)
    plug_a_sign: NDArray[np.int8]  # (plugs,)
    s_first: NDArray[np.int64]  # (n_s + 1,)
    # potentiometers, sorted by R-unit; those of R-unit r from r_first[r] to r_first[r + 1]
    pot_a: NDArray[np.int64]  # (n_v,)
    pot_r: NDArray[np.int64]  # (n_v,)
    r_first: NDArray[np.int64]  # (n_r + 1,)
    pickup_ns: NDArray[np.int64]  # (n_s,)
    rate: NDArray[np.int64]  # (n_v,) udeg per ms
    photocell_threshold: int
    travel: int  # udeg
    dead_zone: int  # udeg
    wiper_noise: int  # udeg
    parts_seed: int
    wiper_stream: int
    sample_ns: int
    settle_ns: int
    pulse_ns: int
    rest_ns: int


def given(description: Description, board: Plugboard) -> Given:
    """Work out the particulars of one machine."""
    seed = description.parts_seed
    pot_a, pot_r = share(description)
    by_s = np.argsort(board.s_unit, kind="stable")
    pickup = [
        _stray(description.pickup_us * 1000, description.pickup_spread_permille, seed, _PICKUP, s)
        for s in range(description.s_units)
    ]
    rate = [
        max(
            1,
            _stray(
                description.motor_mdeg_per_s, description.motor_spread_permille, seed, _MOTOR, k
            ),
        )
        for k in range(len(pot_a))
    ]
    return Given(
        plug_s=board.s_unit,
        plug_sign=board.sign,
        a_first=_first(board.a_unit, description.association_units),
        plug_a=np.ascontiguousarray(board.a_unit[by_s]),
        plug_a_sign=np.ascontiguousarray(board.sign[by_s]),
        s_first=_first(board.s_unit, description.s_units),
        pot_a=pot_a,
        pot_r=pot_r,
        r_first=_first(pot_r, description.response_units),
        pickup_ns=np.array(pickup, np.int64),
        rate=np.array(rate, np.int64),
        photocell_threshold=description.photocell_threshold,
        travel=description.travel_mdeg * 1000,
        dead_zone=description.dead_zone_mdeg * 1000,
        wiper_noise=description.wiper_noise_mdeg * 1000,
        parts_seed=seed,
        wiper_stream=_WIPER,
        sample_ns=description.sample_us * 1000,
        settle_ns=description.settle_us * 1000,
        pulse_ns=description.pulse_us * 1000,
        rest_ns=description.rest_us * 1000,
    )


def _stray(nominal: int, permille: int, seed: int, stream: int, part: int) -> int:
    """Give one part's own figure, within ``permille`` of the nominal one."""
    return nominal + chance.spread(nominal * permille // 1000, seed, stream, part)


def _first(unit: NDArray[np.int64], units: int) -> NDArray[np.int64]:
    """Tell where each unit's wires begin in a list of wires sorted by unit."""
    counts = np.bincount(unit, minlength=units)
    return np.concatenate(([0], np.cumsum(counts))).astype(np.int64)
