"""Compiled code, what the short cut remembers: A-units by stimulus, and what R-units make of them.

The wiring is fixed, so which A-units answer a stimulus is worked out once; what an R-unit sums up
for it holds until one of its values changes. From there on a trial is a few additions.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .compiled_masks import activate, count_points
from .compiled_parts import (
    ALPHA,
    BETA,
    CHANCE,
    DECIDES,
    MU,
    REWARD,
    SYSTEM,
    below,
    faded,
    gains,
    praised,
    pure,
    speed_asked,
    way,
)
from .compiled_units import FAR
from .given import COIN, WIPER


class Memory(NamedTuple):
    """What is remembered of each stimulus; the last row is for those that are not."""

    known: NDArray[np.bool_]  # (rows + 1,)
    active: NDArray[np.int8]  # (rows + 1, n_v) all ones where a potentiometer's A-unit is active
    live: NDArray[np.int64]  # (rows + 1, n_r) active A-units of each R-unit
    total: NDArray[np.int64]  # (rows + 1, n_r) what it sums up
    total_of: NDArray[np.int64]  # (rows + 1, n_r) the version of its values that sum is of
    pulses: NDArray[np.int64]  # (rows + 1, n_r) pulses up less pulses down, not yet written down
    version: NDArray[np.int64]  # (n_r,) how often its values have changed
    a_total: NDArray[np.int64]  # (n_a,) scratch
    on: NDArray[np.uint8]  # (n_a,) scratch
    drive: NDArray[np.int8]  # (n_r,) scratch


# A-units


@pure
def associate(words, memory, masks, values, a, row):  # type: ignore[no-untyped-def]
    """Work out which potentiometers' A-units are active, and remember them in a row."""
    note_coincidences(memory, values, row)
    count_points(masks.excitatory, masks.inhibitory, masks.lowest, words, memory.a_total)
    activate(memory.a_total, a.theta[0], a.fault, memory.on)
    if masks.in_order:
        for k in range(len(values.pot_a)):
            memory.active[row, k] = -np.int8(memory.on[k])
    else:
        for k in range(len(values.pot_a)):
            memory.active[row, k] = -np.int8(memory.on[values.pot_a[k]])
    j = np.uint64(row)
    for r in range(len(memory.drive)):
        live = np.int64(0)
        for k in range(np.uint64(values.r_first[r]), np.uint64(values.r_first[r + 1])):
            live -= memory.active[j, k]
        memory.live[row, r] = live
        memory.total_of[row, r] = -1


# R-units


@pure
def sum_up(memory, values, row, r):  # type: ignore[no-untyped-def]
    """Give what an R-unit sums up, remembered or not, without the noise of the wipers."""
    if memory.total_of[row, r] != memory.version[r]:
        total = np.int64(0)
        j = np.uint64(row)
        for k in range(np.uint64(values.r_first[r]), np.uint64(values.r_first[r + 1])):
            total += values.start[k] & memory.active[j, k]  # unsigned indices: it vectorises
        memory.total[row, r] = total
        memory.total_of[row, r] = memory.version[r]
    return memory.total[row, r]


@pure
def _crackle(memory, values, row, r, t):  # type: ignore[no-untyped-def]
    """Sum the noise of an R-unit's wipers at ``t``."""
    total = np.int64(0)
    for k in range(values.r_first[r], values.r_first[r + 1]):
        if memory.active[row, k]:
            total += below(2 * values.noise + 1, values.seed, WIPER + k, t) - values.noise
    return total


@pure
def decide(memory, values, dead_zone, row, r, t):  # type: ignore[no-untyped-def]
    """Tell how an R-unit, just cleared, answers at ``t`` by itself.

    The noise of the wipers is bounded, so it need not be looked up where it cannot matter.
    """
    u = sum_up(memory, values, row, r)
    doubt = memory.live[row, r] * values.noise
    if doubt != 0 and abs(u) + doubt > dead_zone >= abs(u) - doubt:
        u += _crackle(memory, values, row, r, t)
    return np.int8(u > dead_zone) - np.int8(u < -dead_zone)


@pure
def compete(memory, values, q, row, t):  # type: ignore[no-untyped-def]
    """Tell how the R-units, just cleared, answer at ``t`` in competition."""
    best = second = -FAR
    winner = -1
    for r in range(len(memory.drive)):
        q.on[r] = 0
        live = memory.live[row, r]
        if live:
            strength = sum_up(memory, values, row, r)
            if values.noise:
                strength += _crackle(memory, values, row, r, t)
            if q.dominance[0] == MU:
                strength //= live
            if strength > best or winner < 0:
                best, second, winner = strength, best, r
            elif strength > second:
                second = strength
    if winner >= 0 and (second == -FAR or best - second > q.dead_zone):
        for r in range(len(memory.drive)):
            if values.r_first[r] < values.r_first[r + 1]:
                q.on[r] = 1 if r == winner else -1


# motors


@pure
def choose_ways(memory, q, wanted, want, t):  # type: ignore[no-untyped-def]
    """Choose which way each R-unit is driven; tell whether any is."""
    rule = q.rule[0]
    driven = False
    right = DECIDES[rule] == REWARD and praised(q.on, wanted[want])
    for r in range(len(memory.drive)):
        coin = np.int64(0)
        if DECIDES[rule] == CHANCE:
            coin = 2 * below(2, q.seed, COIN + r, t) - 1
        memory.drive[r] = way(rule, q.on[r], wanted[want, r], right, coin)
        driven = driven or memory.drive[r] != 0
    return driven


@pure
def run_motors(memory, values, q, step, pulse_ns, row):  # type: ignore[no-untyped-def]
    """Run the motors of the driven R-units for a whole pulse."""
    rule = q.rule[0]
    for r in range(len(memory.drive)):
        if memory.drive[r] != 0 and SYSTEM[rule] == ALPHA:
            memory.version[r] += 1
            _turn(memory, values, step, row, r)
        elif memory.drive[r] != 0 or SYSTEM[rule] == BETA:
            memory.version[r] += 1
            _turn_fed(memory, values, q, pulse_ns, row, r)


@pure
def _turn(memory, v, step, row, r):  # type: ignore[no-untyped-def]
    """Turn the shafts of one R-unit's active A-units (alpha-system)."""
    j, way = np.uint64(row), np.int64(memory.drive[r])
    first, last = np.uint64(v.r_first[r]), np.uint64(v.r_first[r + 1])
    travel, backlash = v.travel, v.backlash
    if backlash == 0:
        for k in range(first, last):
            turned = v.start[k] + way * (step[k] & memory.active[j, k])
            v.start[k] = min(max(turned, -travel), travel)
    else:
        for k in range(first, last):
            turned = step[k] & memory.active[j, k]
            slack = backlash - v.play[k] if way > 0 else v.play[k]
            taken = min(slack, turned)
            v.play[k] += way * taken
            v.start[k] = min(max(v.start[k] + way * (turned - taken), -travel), travel)
    memory.pulses[row, r] += way


@pure
def note_coincidences(memory, v, row):  # type: ignore[no-untyped-def]
    """Write down how often A-units were active while their R-units were driven (alpha-system)."""
    j = np.uint64(row)
    for r in range(len(memory.drive)):
        pulses = memory.pulses[row, r]
        if pulses != 0:
            for k in range(np.uint64(v.r_first[r]), np.uint64(v.r_first[r + 1])):
                v.coincidences[k] -= pulses * np.int64(memory.active[j, k]) * (v.seized[k] == 0)
            memory.pulses[row, r] = 0


@pure
def _turn_fed(memory, v, q, pulse_ns, row, r):  # type: ignore[no-untyped-def]
    """Turn the shafts of one R-unit at the speeds its regulator asks (beta, gamma)."""
    first, last = v.r_first[r], v.r_first[r + 1]
    drive, active = memory.drive[r], memory.active
    on, off = gains(q.rule[0], drive, True, memory.live[row, r], last - first, q.feed_units)
    for k in range(first, last):
        speed = np.int64(0)
        if not v.seized[k]:
            speed = speed_asked(v.rate[k], on if active[row, k] else off)
        if speed == 0:
            continue
        if active[row, k]:
            v.coincidences[k] += drive
        up, own = speed > 0, abs(speed)
        slack = v.backlash - v.play[k] if up else v.play[k]
        room = v.travel - v.start[k] if up else v.travel + v.start[k]
        turned = room + slack
        if pulse_ns <= turned * 1_000_000 // own:
            turned = own * pulse_ns // 1_000_000
        taken = min(slack, turned)
        followed = min(room, turned - taken)
        v.start[k] += followed if up else -followed
        v.play[k] += taken if up else -taken


@pure
def fade(memory, values, ppm):  # type: ignore[no-untyped-def]
    """Let all values lose a part, and with them what was summed up."""
    for k in range(len(values.start)):
        values.start[k] = faded(values.start[k], ppm)
    for r in range(len(memory.version)):
        memory.version[r] += 1
