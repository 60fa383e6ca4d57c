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
from machines.mark1.plugboard import Plugboard
from simulator import chance

_PICKUP = chance.stream("mark1.pickup")
_MOTOR = chance.stream("mark1.motor")
_RELAY = chance.stream("mark1.relay")
_PHOTOCELL = chance.stream("mark1.photocell")
WIPER = chance.stream("mark1.wiper")
"""Column of the random-number table for the noise of the first wiper; the next have the next."""
RETENTION = chance.stream("mark1.retention")
"""The same for the creep of shafts at power-on."""
RETINA = chance.stream("mark1.retina")
"""The same for photocells flipped at an exposure."""
COIN = chance.stream("mark1.coin")
"""The same for the coins of random-sign correction."""
NO_LIGHT = 256
"""A level no light reaches."""


class Given(NamedTuple):
    """One particular machine; n_s S-units, n_a A-units, n_v potentiometers, n_r R-units."""

    # wires of the plugboard, sorted by A-unit; those of A-unit a from a_first[a] to a_first[a + 1]
    plug_s: NDArray[np.int64]  # (plugs,)
    plug_sign: NDArray[np.int8]  # (plugs,)
    a_first: NDArray[np.int64]  # (n_a + 1,)
    # the same wires sorted by S-unit
    plug_a: NDArray[np.int64]  # (plugs,)
    plug_a_sign: NDArray[np.int8]  # (plugs,)
    plug_wire: NDArray[np.int64]  # (plugs,) place of the wire in the first list
    s_first: NDArray[np.int64]  # (n_s + 1,)
    # potentiometers, sorted by R-unit; those of R-unit r from r_first[r] to r_first[r + 1]
    pot_a: NDArray[np.int64]  # (n_v,)
    pot_r: NDArray[np.int64]  # (n_v,)
    r_first: NDArray[np.int64]  # (n_r + 1,)
    on_level: NDArray[np.int64]  # (n_s,) light level from which a photocell lights up, 256 never
    off_level: NDArray[np.int64]  # (n_s,) light level below which it goes dark again
    pickup_ns: NDArray[np.int64]  # (n_s,)
    relay_ns: NDArray[np.int64]  # (n_a,)
    rate: NDArray[np.int64]  # (n_v,) udeg per ms
    latch: int
    travel: int  # udeg
    backlash: int  # udeg
    retention: int  # udeg
    decay_ppm: int
    feed_units: int
    dead_zone: int  # udeg
    wiper_noise: int  # udeg
    parts_seed: int
    sample_ns: int
    settle_ns: int
    compare_ns: int
    pulse_ns: int
    longest_pulse_ns: int
    rest_ns: int


def given(description: Description, board: Plugboard) -> Given:
    """Work out the particulars of one machine."""
    d = description
    pot_a, pot_r = board.pot_a, board.pot_r
    by_s = np.argsort(board.s_unit, kind="stable")
    on_level, off_level = _levels(d)
    return Given(
        plug_s=board.s_unit,
        plug_sign=board.sign,
        a_first=_first(board.a_unit, d.association_units),
        plug_a=np.ascontiguousarray(board.a_unit[by_s]),
        plug_a_sign=np.ascontiguousarray(board.sign[by_s]),
        plug_wire=by_s.astype(np.int64),
        s_first=_first(board.s_unit, d.s_units),
        pot_a=pot_a,
        pot_r=pot_r,
        r_first=_first(pot_r, d.response_units),
        on_level=on_level,
        off_level=off_level,
        pickup_ns=_stray(
            d.pickup_us * 1000, d.pickup_spread_permille, d.parts_seed, _PICKUP, d.s_units
        ),
        relay_ns=_stray(
            d.relay_us * 1000, d.relay_spread_permille, d.parts_seed, _RELAY, d.association_units
        ),
        rate=np.maximum(
            1,
            _stray(d.motor_mdeg_per_s, d.motor_spread_permille, d.parts_seed, _MOTOR, len(pot_a)),
        ),
        latch=d.latch,
        travel=d.travel_mdeg * 1000,
        backlash=d.backlash_mdeg * 1000,
        retention=d.retention_mdeg * 1000,
        decay_ppm=d.decay_ppm,
        feed_units=d.feed_units,
        dead_zone=d.dead_zone_mdeg * 1000,
        wiper_noise=d.wiper_noise_mdeg * 1000,
        parts_seed=d.parts_seed,
        sample_ns=d.sample_us * 1000,
        settle_ns=d.settle_us * 1000,
        compare_ns=d.compare_us * 1000,
        pulse_ns=d.pulse_us * 1000,
        longest_pulse_ns=d.longest_pulse_us * 1000,
        rest_ns=d.rest_us * 1000,
    )


def _levels(d: Description) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Tell from which level of light each photocell lights up, and below which it goes dark.

    Its own threshold is set in the light that falls on it; the lamps give less of it, or more,
    and less from column to column.
    """
    threshold = _stray(
        d.photocell_threshold, d.photocell_spread_permille, d.parts_seed, _PHOTOCELL, d.s_units
    )
    column = np.arange(d.s_units, dtype=np.int64) % d.columns
    fallen = d.gradient_permille * column // max(d.columns - 1, 1)
    ppm = np.maximum(d.lighting_permille * (1000 - fallen), 1)
    on_level = -(-threshold * 1_000_000 // ppm)
    off_level = -(-(threshold - d.hysteresis) * 1_000_000 // ppm)
    return np.minimum(on_level, NO_LIGHT), np.minimum(off_level, NO_LIGHT)


def _stray(nominal: int, permille: int, seed: int, stream: int, parts: int) -> NDArray[np.int64]:
    """Give each part's own figure, within ``permille`` of the nominal one; int64, (parts,)."""
    limit = nominal * permille // 1000
    if limit == 0:
        return np.full(parts, nominal, np.int64)
    upper = (chance.bits_of(seed, stream, np.arange(parts)) >> np.uint64(32)).tolist()
    least = nominal - limit
    return np.array([least + (entry * (2 * limit + 1) >> 32) for entry in upper], np.int64)


def _first(unit: NDArray[np.int64], units: int) -> NDArray[np.int64]:
    """Tell where each unit's wires begin in a list of wires sorted by unit."""
    counts = np.bincount(unit, minlength=units)
    return np.concatenate(([0], np.cumsum(counts))).astype(np.int64)
