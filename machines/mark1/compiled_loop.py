"""The compiled loop: one Mark I from one instant at which something is due to the next.

:func:`run` does what is due at an instant in the order of the phases, exactly as the reference
engine does with its processes. But most of what happens inside a trial of a series leaves no
trace: whichever way the photocells flicker while they settle, the R-units are cleared before they
are read. So a whole trial has a closed form, and :func:`_whole_trials` takes that short cut
wherever nobody looks in between: A-units by counting bits, shafts by whole pulses. The short cut,
the long way and the reference engine agree bit by bit.

All functions that numba compiles stand in this file, longer than others for it. Compiled code is
cached under a fingerprint of this file and of those it takes constants and records from, so an edit
of any of them is never overlooked.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numba import njit, types
from numba.extending import intrinsic
from numpy.typing import NDArray

from simulator.fingerprint import fingerprint

from . import control, given, state
from .control import ORDER
from .state import Rule, Stage

NEVER = -1
FAR = np.int64(2**63 - 1)
IDLE, SETTLING, READING, REINFORCING, RESTING = (int(stage) for stage in Stage)
FORCED, ERROR_CORRECTION, SPONTANEOUS = (
    int(rule) for rule in (Rule.FORCED, Rule.ERROR_CORRECTION, Rule.SPONTANEOUS)
)
NOTHING, LIGHT, THETA, VALUES, REINFORCE, HALT, SERIES = range(7)
"""Which control was moved."""


class Masks(NamedTuple):
    """The plugboard as bit masks over the S-units, 64 to a word; for counting bits."""

    excitatory: NDArray[np.uint64]  # (words, n_a)
    inhibitory: NDArray[np.uint64]  # (words, n_a)
    lowest: NDArray[np.int64]  # (n_a,) sum when all inhibitory origin points alone are lit
    step: NDArray[np.int64]  # (n_v,) how far a whole pulse turns each shaft, udeg
    in_order: bool  # whether potentiometer k belongs to A-unit k, as on the historical machine
    whole: bool  # whether photocells settle before the reading: then a trial has a closed form


# the random-number table, as in simulator/chance.py


@njit(inline="always")
def _mix(z):  # type: ignore[no-untyped-def]
    z = z + np.uint64(0x9E3779B97F4A7C15)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


@njit(inline="always")
def _bits(seed, stream, index):  # type: ignore[no-untyped-def]
    return _mix(_mix(_mix(np.uint64(seed)) ^ np.uint64(stream)) ^ np.uint64(index))


@njit(inline="always")
def _below(n, seed, stream, index):  # type: ignore[no-untyped-def]
    upper = _bits(seed, stream, index) >> np.uint64(32)
    return np.int64((upper * np.uint64(n)) >> np.uint64(32))


@njit(inline="always")
def _shuffle(order, seed, sweep):  # type: ignore[no-untyped-def]
    column = _bits(seed, ORDER, sweep)
    for i in range(len(order)):
        order[i] = i
    for last in range(len(order) - 1, 0, -1):
        other = _below(last + 1, column, 0, last)
        order[last], order[other] = order[other], order[last]


# values and sums


@njit(inline="always")
def _angle(s, g, k, t):  # type: ignore[no-untyped-def]
    way, start = np.int64(s.motor[k]), s.value_start[k]
    if way == 0:
        return start
    elapsed = t - s.motor_start_ns[k]
    room = g.travel - way * start
    # first whether the stop was reached, so that the product below stays within 64 bits
    if elapsed > room * 1_000_000 // g.rate[k]:
        return start + way * room
    return start + way * min(room, g.rate[k] * elapsed // 1_000_000)


@njit(inline="always")
def _noise(g, k, t):  # type: ignore[no-untyped-def]
    if g.wiper_noise == 0:
        return np.int64(0)
    return _below(2 * g.wiper_noise + 1, g.parts_seed, g.wiper_stream + k, t) - g.wiper_noise


@njit(inline="always")
def _sum(s, g, r, t):  # type: ignore[no-untyped-def]
    total = np.int64(0)
    for k in range(g.r_first[r], g.r_first[r + 1]):
        if s.a_on[g.pot_a[k]]:
            total += _angle(s, g, k, t) + _noise(g, k, t)
    return total


@njit(inline="always")
def _show_meters(s, g, t):  # type: ignore[no-untyped-def]
    s.now_ns[0] = t
    for k in range(len(s.value)):
        s.value[k] = _angle(s, g, k, t)
    for r in range(len(s.r_sum)):
        s.r_sum[r] = _sum(s, g, r, t)


# one act of each phase; each tells what it changed


@njit(inline="always")
def _sense(s, g, t):  # type: ignore[no-untyped-def]
    """Let every photocell look; tell whether an S-unit changed, and whether one must look again."""
    changed = again = False
    for i in range(len(s.light)):
        if s.s_due_ns[i] == t:
            s.s_on[i] = 1 - s.s_on[i]
            s.s_due_ns[i] = NEVER
            changed = True
            way = 1 if s.s_on[i] else -1
            for w in range(g.s_first[i], g.s_first[i + 1]):
                s.a_sum[g.plug_a[w]] += way * g.plug_a_sign[w]
        lit = s.light[i] >= g.photocell_threshold
        if lit == (s.s_on[i] != 0):
            s.s_due_ns[i] = NEVER
        elif s.s_due_ns[i] == NEVER:
            s.s_due_ns[i] = t + g.pickup_ns[i]
            again = again or g.pickup_ns[i] == 0
    return changed, again


@njit(inline="always")
def _associate(s, g, look):  # type: ignore[no-untyped-def]
    """Let every A-unit compare, mark the R-units that must look; tell whether any changed."""
    changed = False
    theta = s.theta[0]
    fresh = np.zeros(len(s.a_on), np.uint8)
    for a in range(len(s.a_on)):
        on = np.uint8(s.a_sum[a] >= theta)
        if on != s.a_on[a]:
            s.a_on[a] = on
            fresh[a] = 1
            changed = True
    if changed:
        for k in range(len(g.pot_a)):
            if fresh[g.pot_a[k]]:
                look[g.pot_r[k]] = True
    return changed


@njit(inline="always")
def _respond(s, g, r, t):  # type: ignore[no-untyped-def]
    if s.drive[r] == 0:
        s.r_due_ns[r] = NEVER
    elif s.r_due_ns[r] == NEVER or s.r_due_ns[r] == t:
        s.r_due_ns[r] = t + g.sample_ns
    _decide(s, g, r, _sum(s, g, r, t))


@njit(inline="always")
def _decide(s, g, r, total):  # type: ignore[no-untyped-def]
    if total > g.dead_zone:
        s.r_on[r] = 1
    elif total < -g.dead_zone:
        s.r_on[r] = -1


@njit(inline="always")
def _reinforce(s, g, t):  # type: ignore[no-untyped-def]
    """Start and stop motors as their A-units and drive lines ask."""
    for k in range(len(s.motor)):
        way = s.drive[g.pot_r[k]] if s.a_on[g.pot_a[k]] else np.int8(0)
        if way != s.motor[k]:
            s.value_start[k] = _angle(s, g, k, t)
            s.motor[k] = way
            s.motor_start_ns[k] = t if way != 0 else NEVER


# the control unit


@njit(inline="always")
def _reinforcement(rule, response, desired):  # type: ignore[no-untyped-def]
    if rule == FORCED:
        return desired
    if rule == ERROR_CORRECTION:
        return desired if response != desired else np.int8(0)
    if rule == SPONTANEOUS:
        return response
    return np.int8(0)


@njit(inline="always")
def _start_motors(s, look):  # type: ignore[no-untyped-def]
    driven = False
    for r in range(len(s.drive)):
        way = _reinforcement(s.rule[0], s.r_on[r], s.desired[r])
        if way != s.drive[r]:
            s.drive[r] = way
            look[r] = True
        driven = driven or way != 0
    s.pulses[0] += driven
    return driven


@njit(inline="always")
def _stop_motors(s, look):  # type: ignore[no-untyped-def]
    for r in range(len(s.drive)):
        if s.drive[r] != 0:
            s.drive[r] = 0
            look[r] = True


@njit(inline="always")
def _enter(s, stage, due):  # type: ignore[no-untyped-def]
    s.stage[0] = stage
    s.control_due_ns[0] = due


@njit
def _compare(desired, r_on, answer, sweep_wrong, trials, all_wrong):  # type: ignore[no-untyped-def]
    """Write the answer down and count it; the arrays are views of the State's cells in question."""
    wrong = False
    for r in range(len(r_on)):
        answer[r] = r_on[r]
        wrong = wrong or (desired[r] != 0 and desired[r] != r_on[r])
    sweep_wrong[0] += wrong
    trials[0] += 1
    all_wrong[0] += wrong


@njit
def _begin_sweep(order, at, sweep, wrong, seed):  # type: ignore[no-untyped-def]
    _shuffle(order, seed[0], sweep[0])
    wrong[sweep[0]] = 0
    at[0] = 0


@njit
def _advance(order, at, sweep, wrong, seed, until_errorless):  # type: ignore[no-untyped-def]
    """Go on to the next place of the series; False if the series is over."""
    at[0] += 1
    if at[0] == len(order):
        last = sweep[0] + 1 == len(wrong)
        if last or (wrong[sweep[0]] == 0 and until_errorless[0] != 0):
            return False
        sweep[0] += 1
        _begin_sweep(order, at, sweep, wrong, seed)
    return True


@njit(inline="always")
def _expose(s, g, t, look):  # type: ignore[no-untyped-def]
    stimulus = s.series_order[s.series_at[0]]
    s.r_on[:] = 0
    look[:] = True
    s.light[:] = s.series_light[stimulus]
    s.desired[:] = s.series_desired[stimulus]
    _enter(s, SETTLING, t + g.settle_ns)


@njit(inline="always")
def _control(s, g, t, look):  # type: ignore[no-untyped-def]
    """Go on to the next stage; tell whether light and whether drive lines may have changed."""
    if s.stage[0] == SETTLING:
        s.r_on[:] = 0
        look[:] = True
        _enter(s, READING, t)
        return False, False
    if s.stage[0] == READING:
        stimulus, sweep = s.series_order[s.series_at[0]], s.series_sweep[0]
        answer, sweep_wrong = s.series_answer[stimulus], s.series_wrong[sweep : sweep + 1]
        _compare(s.desired, s.r_on, answer, sweep_wrong, s.trials, s.wrong)
        if _start_motors(s, look):
            _enter(s, REINFORCING, t + g.pulse_ns)
        else:
            _enter(s, RESTING, t + g.rest_ns)
        return False, True
    if s.stage[0] == REINFORCING:
        _stop_motors(s, look)
        if s.series_at[0] == len(s.series_order):
            _enter(s, IDLE, NEVER)
        else:
            _enter(s, RESTING, t + g.rest_ns)
        return False, True
    order, at, sweep = s.series_order, s.series_at, s.series_sweep
    wrong, seed, until_errorless = s.series_wrong, s.series_seed, s.series_until_errorless
    if _advance(order, at, sweep, wrong, seed, until_errorless):
        _expose(s, g, t, look)
        return True, False
    _enter(s, IDLE, NEVER)
    return False, False


# time


@njit(inline="always")
def _instant(s, g, t, sense, associate, look, reinforce):  # type: ignore[no-untyped-def]
    """Do all that is due at ``t``, always the earliest phase that has something to do."""
    while True:
        if sense:
            changed, sense = _sense(s, g, t)
            associate = associate or changed
        elif associate:
            associate = False
            if _associate(s, g, look):
                reinforce = True
        elif look.any():
            for r in range(len(look)):
                if look[r]:
                    look[r] = False
                    _respond(s, g, r, t)
        elif s.control_due_ns[0] == t:
            sense, driven = _control(s, g, t, look)
            reinforce = reinforce or driven
        elif reinforce:
            reinforce = False
            _reinforce(s, g, t)
        else:
            return


@njit(inline="always")
def _next_due(s):  # type: ignore[no-untyped-def]
    due = FAR
    for i in range(len(s.s_due_ns)):
        if NEVER < s.s_due_ns[i] < due:
            due = s.s_due_ns[i]
    for r in range(len(s.r_due_ns)):
        if NEVER < s.r_due_ns[r] < due:
            due = s.r_due_ns[r]
    if NEVER < s.control_due_ns[0] < due:
        due = s.control_due_ns[0]
    return due


# the short cut


def _count_ones(typing: Any, word: Any) -> Any:
    """Count the one-bits of a word in one machine instruction."""

    def build(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.ctpop(args[0])

    return types.uint64(types.uint64), build


_popcount: Any = intrinsic(_count_ones)


@njit
def _pack(levels, threshold, words):  # type: ignore[no-untyped-def]
    """Write which cells are lit into the bits of words."""
    words[:] = 0
    for i in range(len(levels)):
        if levels[i] >= threshold:
            words[i // 64] |= np.uint64(1) << np.uint64(i % 64)


@njit
def _packed(series_light, threshold, words):  # type: ignore[no-untyped-def]
    lit = np.zeros((len(series_light), words), np.uint64)
    for n in range(len(lit)):
        _pack(series_light[n], threshold, lit[n])
    return lit


@njit
def _sums(excitatory, inhibitory, lowest, words, total):  # type: ignore[no-untyped-def]
    """Sum every A-unit's origin points: lit excitatory less lit inhibitory ones.

    Counts lit excitatory and *dark* inhibitory ones, in one go, up from the lowest sum possible.
    """
    for a in range(len(total)):
        total[a] = lowest[a]
    for w in range(len(words)):
        word = words[w]
        for a in range(len(total)):
            points = (excitatory[w, a] & word) | (inhibitory[w, a] & ~word)
            total[a] += np.int64(_popcount(points))


@njit
def _activate(total, theta, pot_a, in_order, active):  # type: ignore[no-untyped-def]
    if in_order:
        for k in range(len(active)):
            active[k] = -np.int64(total[k] >= theta)
    else:
        for k in range(len(active)):
            active[k] = -np.int64(total[pot_a[k]] >= theta)


@njit
def _answers(value, active, r_first, noise, dead_zone, t, r_on):  # type: ignore[no-untyped-def]
    """Tell how the R-units, just cleared, answer at ``t`` with all motors still.

    ``noise`` is the wipers' limit, seed and stream. It is bounded, so it need not be looked up
    where it cannot matter.
    """
    limit, seed, stream = noise
    for r in range(len(r_on)):
        first, last = r_first[r], r_first[r + 1]
        mine, live = value[first:last], active[first:last]
        total = count = np.int64(0)
        for k in range(len(mine)):
            total += mine[k] & live[k]
            count -= live[k]
        doubt = count * limit
        if abs(total) + doubt > dead_zone >= abs(total) - doubt:
            for k in range(len(mine)):
                if live[k]:
                    total += _below(2 * limit + 1, seed, stream + first + k, t) - limit
        r_on[r] = 0
        if total > dead_zone:
            r_on[r] = 1
        elif total < -dead_zone:
            r_on[r] = -1


@njit
def _whole_pulses(value, active, step, r_first, rule, r_on, desired, travel):  # type: ignore[no-untyped-def]
    """Turn the shafts for a pulse from beginning to end as the rule asks; tell whether it did."""
    pulse = False
    for r in range(len(r_on)):
        way = np.int64(_reinforcement(rule, r_on[r], desired[r]))
        if way != 0:
            pulse = True
            first, last = r_first[r], r_first[r + 1]
            mine, live, turn = value[first:last], active[first:last], step[first:last]
            for k in range(len(mine)):
                turned = mine[k] + way * (turn[k] & live[k])
                mine[k] = min(max(turned, -travel), travel)
    return pulse


@njit
def _may_be_last(at, sweep, m, sweeps, until_errorless):  # type: ignore[no-untyped-def]
    """Tell whether the trial at a place of a sweep may be the series' last."""
    return at + 1 == m and (until_errorless or sweep + 1 == sweeps)


@njit(inline="always")
def _whole_trials(s, g, m, until, lit):  # type: ignore[no-untyped-def]
    """Go from a trial of the series to the rest after a later one, as far as may be.

    Enters while a stimulus settles, all motors still; leaves with the machine at rest before the
    next exposure, which is due by ``until``. What the R-units then show is left as it was, for the
    exposure clears them. The last trial of a series is left to the long way, since what is shown
    then stays. ``lit`` is the series packed into words, or empty; it is given back for the next
    time.
    """
    due = s.control_due_ns[0]
    if s.s_due_ns.max() > due or s.r_due_ns.max() != NEVER or s.motor.any():
        return lit
    # names for the arrays: to get one out of the State costs more than to use it
    excitatory, inhibitory, lowest, step = m.excitatory, m.inhibitory, m.lowest, m.step
    pot_a, r_first, value, r_on, desired = g.pot_a, g.r_first, s.value_start, s.r_on, s.desired
    order, at, sweep = s.series_order, s.series_at, s.series_sweep
    wrong, seed, until_errorless = s.series_wrong, s.series_seed, s.series_until_errorless
    series_desired, series_answer = s.series_desired, s.series_answer
    trials, all_wrong, pulses = s.trials, s.wrong, s.pulses
    noise = (g.wiper_noise, g.parts_seed, g.wiper_stream)
    rule, theta = s.rule[0], s.theta[0]
    trial_ns = g.pulse_ns + g.rest_ns

    words = np.zeros(lit.shape[1], np.uint64)
    total = np.zeros(len(lowest), np.int64)
    active = np.zeros(len(value), np.int64)  # all ones where a potentiometer's A-unit is active
    shown = exposure = -1
    while due + trial_ns <= until:
        if exposure < 0:
            if _may_be_last(at[0], sweep[0], len(order), len(wrong), until_errorless[0] != 0):
                break
            _pack(s.light, g.photocell_threshold, words)
        else:
            next_at, next_sweep = at[0] + 1, sweep[0]
            if next_at == len(order):
                next_at, next_sweep = 0, next_sweep + 1
            if _may_be_last(next_at, next_sweep, len(order), len(wrong), until_errorless[0] != 0):
                break
            _advance(order, at, sweep, wrong, seed, until_errorless)
            if len(lit) == 0:
                lit = _packed(s.series_light, g.photocell_threshold, lit.shape[1])
            shown = order[at[0]]
            desired[:] = series_desired[shown]
            words[:] = lit[shown]
        _sums(excitatory, inhibitory, lowest, words, total)
        _activate(total, theta, pot_a, m.in_order, active)
        _answers(value, active, r_first, noise, g.dead_zone, due, r_on)
        _compare(
            desired, r_on, series_answer[order[at[0]]], wrong[sweep[0] : sweep[0] + 1],
            trials, all_wrong,
        )  # fmt: skip
        exposure = due + g.rest_ns
        if _whole_pulses(value, active, step, r_first, rule, r_on, desired, g.travel):
            pulses[0] += 1
            exposure += g.pulse_ns
        due = exposure + g.settle_ns
    if exposure >= 0:
        _enter(s, RESTING, exposure)
        _settle_on(s, g, shown, total)
    return lit


@njit(inline="always")
def _settle_on(s, g, shown, total):  # type: ignore[no-untyped-def]
    """Have all units stand as they do when the stimulus last shown has settled."""
    if shown >= 0:
        s.light[:] = s.series_light[shown]
    for i in range(len(s.light)):
        s.s_on[i] = s.light[i] >= g.photocell_threshold
        s.s_due_ns[i] = NEVER
    for a in range(len(total)):
        s.a_sum[a] = total[a]
        s.a_on[a] = total[a] >= s.theta[0]


# the way in


def _way_in(sources: str) -> Any:
    """Make :func:`run`; numba keys its cache by what the function closes over: ``sources``."""

    @njit(cache=True)
    def run(s, g, m, changed, until):  # type: ignore[no-untyped-def]
        _ = sources
        look = np.zeros(len(s.r_on), np.bool_)
        lit = np.zeros((0, len(m.excitatory)), np.uint64)
        t = s.now_ns[0]
        sense = changed in (LIGHT, SERIES)
        reinforce = changed in (REINFORCE, HALT)
        if changed == VALUES:
            look[:] = True
        elif changed == REINFORCE:
            if s.stage[0] == IDLE and _start_motors(s, look):
                _enter(s, REINFORCING, t + g.pulse_ns)
        elif changed == HALT:
            _stop_motors(s, look)
            s.series_at[0] = len(s.series_order)
            _enter(s, IDLE, NEVER)
        elif changed == SERIES:
            _begin_sweep(s.series_order, s.series_at, s.series_sweep, s.series_wrong, s.series_seed)
            _expose(s, g, t, look)
        associate = changed == THETA
        while t <= until:
            _instant(s, g, t, sense, associate, look, reinforce)
            if m.whole and s.stage[0] == SETTLING:
                lit = _whole_trials(s, g, m, until, lit)
            t = _next_due(s)
            sense = associate = reinforce = False
            for i in range(len(s.s_due_ns)):
                sense = sense or s.s_due_ns[i] == t
            for r in range(len(look)):
                look[r] = s.r_due_ns[r] == t
        _show_meters(s, g, until)

    return run


run: Any = _way_in(fingerprint(__file__, state.__file__, given.__file__, control.__file__))
"""``run(state, given, masks, changed, until)``: a control was moved; then time passes."""
