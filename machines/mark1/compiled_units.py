"""Compiled code, part of the units: what each unit of the machine does in its phase.

The same acts as those of the processes in ``retina.py``, ``association.py``, ``values.py``,
``response.py`` and ``feed.py``, over whole racks at once. Each unit's arrays are handed over as one
small record: what it was given, what it remembers, and the wires it shares with others.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from .compiled_parts import EACH, MU, NEVER, gains, pure, speed_asked, spread
from .given import WIPER
from .state import Fault

FAR = np.int64(2**63 - 1)
SOUND, DEAD, STUCK_ON = (int(fault) for fault in Fault)


# the units as compiled code sees them: what each was given and what it remembers


class Retina(NamedTuple):
    """The photocells, and the wires from them."""

    light: NDArray[np.uint8]
    on: NDArray[np.uint8]
    due_ns: NDArray[np.int64]
    fault: NDArray[np.uint8]
    on_level: NDArray[np.int64]
    off_level: NDArray[np.int64]
    pickup_ns: NDArray[np.int64]
    first: NDArray[np.int64]
    plug_a: NDArray[np.int64]
    plug_sign: NDArray[np.int8]
    plug_wire: NDArray[np.int64]
    pulled: NDArray[np.uint8]
    a_sum: NDArray[np.int32]
    latch: int


class Association(NamedTuple):
    """The A-units."""

    total: NDArray[np.int32]
    theta: NDArray[np.int64]
    on: NDArray[np.uint8]
    due_ns: NDArray[np.int64]
    fault: NDArray[np.uint8]
    relay_ns: NDArray[np.int64]
    fresh: NDArray[np.uint8]


class Values(NamedTuple):
    """The potentiometers, their motors, and what their R-units ask of them."""

    start: NDArray[np.int64]
    play: NDArray[np.int64]
    motor: NDArray[np.int64]
    motor_start_ns: NDArray[np.int64]
    coincidences: NDArray[np.int64]
    seized: NDArray[np.uint8]
    rate: NDArray[np.int64]
    pot_a: NDArray[np.int64]
    pot_r: NDArray[np.int64]
    r_first: NDArray[np.int64]
    a_on: NDArray[np.uint8]
    gain_on: NDArray[np.int64]
    gain_off: NDArray[np.int64]
    travel: int
    backlash: int
    noise: int
    seed: int


class Response(NamedTuple):
    """The R-units and their lines."""

    on: NDArray[np.int8]
    due_ns: NDArray[np.int64]
    desired: NDArray[np.int8]
    drive: NDArray[np.int8]
    dominance: NDArray[np.int64]
    rule: NDArray[np.int64]
    dead_zone: int
    sample_ns: int
    feed_units: int
    seed: int


class Control(NamedTuple):
    """The control unit: its counters and times."""

    stage: NDArray[np.int64]
    due_ns: NDArray[np.int64]
    trials: NDArray[np.int64]
    wrong: NDArray[np.int64]
    pulses: NDArray[np.int64]
    retina_noise: NDArray[np.int64]
    decay_ppm: int
    settle_ns: int
    compare_ns: int
    pulse_ns: int
    longest_pulse_ns: int
    rest_ns: int


class Series(NamedTuple):
    """The series on the control unit."""

    light: NDArray[np.uint8]
    desired: NDArray[np.int8]
    answer: NDArray[np.int8]
    order: NDArray[np.int64]
    wrong: NDArray[np.int64]
    seed: NDArray[np.int64]
    until_errorless: NDArray[np.int64]
    sweep: NDArray[np.int64]
    at: NDArray[np.int64]


@njit(inline="always")
def units_of(s, g):  # type: ignore[no-untyped-def]
    """Hand each unit its arrays, from what the machine remembers and what it was given."""
    retina = Retina(
        s.light, s.s_on, s.s_due_ns, s.s_fault, g.on_level, g.off_level, g.pickup_ns, g.s_first,
        g.plug_a, g.plug_a_sign, g.plug_wire, s.pulled, s.a_sum, g.latch,
    )  # fmt: skip
    association = Association(
        s.a_sum, s.theta, s.a_on, s.a_due_ns, s.a_fault, g.relay_ns, np.zeros_like(s.a_on)
    )
    values = Values(
        s.value_start, s.play, s.motor, s.motor_start_ns, s.coincidences, s.seized, g.rate,
        g.pot_a, g.pot_r, g.r_first, s.a_on, s.gain_on, s.gain_off, g.travel, g.backlash,
        g.wiper_noise, g.parts_seed,
    )  # fmt: skip
    response = Response(
        s.r_on, s.r_due_ns, s.desired, s.drive, s.dominance, s.rule, g.dead_zone, g.sample_ns,
        g.feed_units, g.parts_seed,
    )  # fmt: skip
    control = Control(
        s.stage, s.control_due_ns, s.trials, s.wrong, s.pulses, s.retina_noise, g.decay_ppm,
        g.settle_ns, g.compare_ns, g.pulse_ns, g.longest_pulse_ns, g.rest_ns,
    )  # fmt: skip
    series = Series(
        s.series_light, s.series_desired, s.series_answer, s.series_order, s.series_wrong,
        s.series_seed, s.series_until_errorless, s.series_sweep, s.series_at,
    )  # fmt: skip
    return retina, association, values, response, control, series


# values and sums


@pure
def _stands(start, play, speed, elapsed, travel, backlash):  # type: ignore[no-untyped-def]
    """Give angle and place in the backlash of a shaft whose motor runs for ``elapsed`` ns now."""
    if speed == 0:
        return start, play
    up = speed > 0
    own = abs(speed)
    slack = backlash - play if up else play
    room = travel - start if up else travel + start
    # first whether the stop was reached, so that the product below stays within 64 bits
    if elapsed > (room + slack) * 1_000_000 // own:
        turned = room + slack
    else:
        turned = own * elapsed // 1_000_000
    followed, taken = min(room, max(np.int64(0), turned - slack)), min(slack, turned)
    return (start + followed, play + taken) if up else (start - followed, play - taken)


@pure
def shaft(v, k, t):  # type: ignore[no-untyped-def]
    """Give angle and place in the backlash of shaft ``k`` at ``t``."""
    elapsed = t - v.motor_start_ns[k]
    return _stands(v.start[k], v.play[k], v.motor[k], elapsed, v.travel, v.backlash)


@pure
def sum_of(v, r, t):  # type: ignore[no-untyped-def]
    """Give what R-unit ``r`` sums up at ``t``, noise of the wipers included."""
    total = np.int64(0)
    for k in range(v.r_first[r], v.r_first[r + 1]):
        if v.a_on[v.pot_a[k]]:
            total += shaft(v, k, t)[0] + spread(v.noise, v.seed, WIPER + k, t)
    return total


@pure
def active_units(v, r):  # type: ignore[no-untyped-def]
    """Count the active A-units of R-unit ``r``."""
    count = np.int64(0)
    for k in range(v.r_first[r], v.r_first[r + 1]):
        count += v.a_on[v.pot_a[k]]
    return count


@pure
def show_meters(v, value, r_sum, r_active, t):  # type: ignore[no-untyped-def]
    """Write what the meters show at ``t``."""
    for k in range(len(value)):
        value[k] = shaft(v, k, t)[0]
    for r in range(len(r_sum)):
        r_sum[r] = sum_of(v, r, t)
        r_active[r] = active_units(v, r)


# one act of each phase; each tells what it changed


@pure
def look_at_light(e, t):  # type: ignore[no-untyped-def]
    """Let every photocell look; tell whether an S-unit changed, and whether one must look again."""
    changed = again = False
    for i in range(len(e.light)):
        if e.due_ns[i] == t:
            e.on[i] = 1 - e.on[i]
            e.due_ns[i] = NEVER
            changed = True
            _tell_a_units(e, i, 1 if e.on[i] else -1)
        if e.fault[i] != SOUND:
            wanted = e.fault[i] == STUCK_ON
        elif e.on[i]:
            wanted = e.latch != 0 or e.light[i] >= e.off_level[i]
        else:
            wanted = e.light[i] >= e.on_level[i]
        if wanted == (e.on[i] != 0):
            e.due_ns[i] = NEVER
        elif e.due_ns[i] == NEVER:
            e.due_ns[i] = t + e.pickup_ns[i]
            again = again or e.pickup_ns[i] == 0
    return changed, again


@pure
def _tell_a_units(e, i, change):  # type: ignore[no-untyped-def]
    for w in range(e.first[i], e.first[i + 1]):
        if not e.pulled[e.plug_wire[w]]:
            e.a_sum[e.plug_a[w]] += change * e.plug_sign[w]


@pure
def release_s_units(e):  # type: ignore[no-untyped-def]
    """Drop the relay of every S-unit at once."""
    for i in range(len(e.on)):
        if e.on[i]:
            e.on[i] = 0
            _tell_a_units(e, i, -1)
        e.due_ns[i] = NEVER


@pure
def sum_afresh(e):  # type: ignore[no-untyped-def]
    """Sum all A-units from nothing: wires were pulled or put back."""
    e.a_sum[:] = 0
    for i in range(len(e.on)):
        if e.on[i]:
            _tell_a_units(e, i, 1)


@pure
def compare_sums(a, v, t, look):  # type: ignore[no-untyped-def]
    """Let every A-unit compare, mark the R-units that must look; tell whether any changed."""
    changed = False
    theta = a.theta[0]
    a.fresh[:] = 0
    for i in range(len(a.on)):
        before = a.on[i]
        if a.due_ns[i] == t:
            a.on[i] = 1 - a.on[i]
            a.due_ns[i] = NEVER
        wanted = a.fault[i] == STUCK_ON if a.fault[i] != SOUND else a.total[i] >= theta
        if wanted == (a.on[i] != 0):
            a.due_ns[i] = NEVER
        elif a.relay_ns[i] == 0:
            a.on[i] = wanted
        elif a.due_ns[i] == NEVER:
            a.due_ns[i] = t + a.relay_ns[i]
        if a.on[i] != before:
            a.fresh[i] = 1
            changed = True
    if changed:
        for k in range(len(v.pot_a)):
            if a.fresh[v.pot_a[k]]:
                look[v.pot_r[k]] = True
    return changed


@pure
def respond(q, v, r, t):  # type: ignore[no-untyped-def]
    """Let an R-unit look; tell whether it must compete."""
    if q.drive[r] == 0:
        q.due_ns[r] = NEVER
    elif q.due_ns[r] == NEVER or q.due_ns[r] == t:
        q.due_ns[r] = t + q.sample_ns
    if q.dominance[0] != EACH:
        return v.r_first[r] < v.r_first[r + 1]
    total = sum_of(v, r, t)
    if total > q.dead_zone:
        q.on[r] = 1
    elif total < -q.dead_zone:
        q.on[r] = -1
    return False


@pure
def compete(q, v, t):  # type: ignore[no-untyped-def]
    """Let the R-units compete."""
    best = second = -FAR
    winner = -1
    for r in range(len(q.on)):
        active = active_units(v, r)
        if active:
            strength = sum_of(v, r, t)
            if q.dominance[0] == MU:
                strength //= active
            if strength > best or winner < 0:
                best, second, winner = strength, best, r
            elif strength > second:
                second = strength
    if winner >= 0 and (second == -FAR or best - second > q.dead_zone):
        for r in range(len(q.on)):
            if v.r_first[r] < v.r_first[r + 1]:
                q.on[r] = 1 if r == winner else -1


@pure
def set_gains(q, v):  # type: ignore[no-untyped-def]
    """Set the speeds asked of the motors; tell whether any changed."""
    driven = q.drive.any()
    changed = False
    for r in range(len(q.drive)):
        active = active_units(v, r) if driven else np.int64(0)
        units = v.r_first[r + 1] - v.r_first[r]
        on, off = gains(q.rule[0], q.drive[r], driven, active, units, q.feed_units)
        changed = changed or on != v.gain_on[r] or off != v.gain_off[r]
        v.gain_on[r], v.gain_off[r] = on, off
    return changed


@pure
def set_motors(q, v, t):  # type: ignore[no-untyped-def]
    """Start, stop and change the speed of motors as their A-units and lines ask."""
    for k in range(len(v.motor)):
        r, active = v.pot_r[k], v.a_on[v.pot_a[k]] != 0
        speed = np.int64(0)
        if not v.seized[k]:
            speed = speed_asked(v.rate[k], v.gain_on[r] if active else v.gain_off[r])
        if speed != v.motor[k]:
            turns = v.motor[k] == 0 or (speed > 0) != (v.motor[k] > 0)
            if active and speed != 0 and turns:
                v.coincidences[k] += q.drive[r]
            v.start[k], v.play[k] = shaft(v, k, t)
            v.motor[k] = speed
            v.motor_start_ns[k] = t if speed != 0 else NEVER
