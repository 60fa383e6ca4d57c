"""Compiled code, the event loop: from one instant at which something is due to the next.

:func:`run` does what is due at an instant in the order of the phases, exactly as the reference
engine does with its processes. Where nobody looks inside the trials of a series it takes the short
cut of :mod:`machines.mark1.compiled_trials`. The short cut, the long way and the reference engine
agree bit by bit.

Compiled code is cached under a fingerprint of this file and of all those it takes functions,
constants and records from, so an edit of any of them is never overlooked.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from simulator import chance
from simulator.fingerprint import fingerprint

from . import (
    compiled_masks,
    compiled_memory,
    compiled_parts,
    compiled_trials,
    compiled_units,
    control,
    given,
    rules,
    state,
)
from .compiled_parts import (
    NEVER,
    UNTIL_TURNED,
    advance,
    begin_sweep,
    below,
    compare,
    faded,
    praised,
    pure,
    spread,
    way,
)
from .compiled_trials import whole_trials
from .compiled_units import (
    FAR,
    compare_sums,
    compete,
    look_at_light,
    release_s_units,
    respond,
    set_gains,
    set_motors,
    shaft,
    show_meters,
    sum_afresh,
    units_of,
)
from .given import COIN, RETENTION, RETINA
from .state import Stage

IDLE, SETTLING, READING, REINFORCING, RESTING = (int(stage) for stage in Stage)
(
    NOTHING, LIGHT, THETA, VALUES, RULE, DOMINANCE, REINFORCE, HALT, POWER, SERIES,
    S_UNITS, A_UNITS, MOTORS, WIRES,
) = range(14)  # fmt: skip
"""What was touched."""


# the control unit


@pure
def _pulse_ns(c, rule):  # type: ignore[no-untyped-def]
    return c.longest_pulse_ns if UNTIL_TURNED[rule] else c.pulse_ns


@pure
def _start_motors(c, q, t, look):  # type: ignore[no-untyped-def]
    driven = False
    right = praised(q.on, q.desired)
    for r in range(len(q.drive)):
        coin = 2 * below(2, q.seed, COIN + r, t) - 1
        chosen = way(q.rule[0], q.on[r], q.desired[r], right, coin)
        if chosen != q.drive[r]:
            q.drive[r] = chosen
            look[r] = True
        driven = driven or chosen != 0
    c.pulses[0] += driven
    return driven


@pure
def _stop_motors(q, look):  # type: ignore[no-untyped-def]
    for r in range(len(q.drive)):
        if q.drive[r] != 0:
            q.drive[r] = 0
            look[r] = True


@pure
def _enter(c, stage, due):  # type: ignore[no-untyped-def]
    c.stage[0] = stage
    c.due_ns[0] = due


@pure
def _expose(c, x, e, v, q, t, look):  # type: ignore[no-untyped-def]
    stimulus = x.order[x.at[0]]
    if c.decay_ppm:
        for k in range(len(v.start)):
            v.start[k] = faded(v.start[k], c.decay_ppm)
    q.on[:] = 0
    look[:] = True
    if e.latch:
        release_s_units(e)
    noise = c.retina_noise[0]
    for i in range(len(e.light)):
        flipped = noise != 0 and below(1000, v.seed, RETINA + i, t) < noise
        level = x.light[stimulus, i]
        e.light[i] = 255 - level if flipped else level
    for r in range(len(q.desired)):
        q.desired[r] = x.desired[stimulus, r]
    _enter(c, SETTLING, t + c.settle_ns)


@pure
def _go_on(c, x, e, v, q, t, look):  # type: ignore[no-untyped-def]
    """Enter the stage that follows; tell whether there is new light."""
    stage = c.stage[0]
    if stage == SETTLING:
        q.on[:] = 0
        look[:] = True
        _enter(c, READING, t + c.compare_ns)
    elif stage == READING:
        compare(q.desired, q.on, x.answer, x.order[x.at[0]], x.wrong, x.sweep[0], c.trials, c.wrong)
        if _start_motors(c, q, t, look):
            _enter(c, REINFORCING, t + _pulse_ns(c, q.rule[0]))
        else:
            _enter(c, RESTING, t + c.rest_ns)
    elif stage == REINFORCING:
        _end_pulse(c, x, q, t, look)
    elif advance(x.order, x.at, x.sweep, x.wrong, x.seed, x.until_errorless):
        _expose(c, x, e, v, q, t, look)
        return True
    else:
        _enter(c, IDLE, NEVER)
    return False


@pure
def _end_pulse(c, x, q, t, look):  # type: ignore[no-untyped-def]
    _stop_motors(q, look)
    if x.at[0] == len(x.order):
        _enter(c, IDLE, NEVER)
    else:
        _enter(c, RESTING, t + c.rest_ns)


@pure
def _any_turned(c, q):  # type: ignore[no-untyped-def]
    """Tell whether, under a non-quantised rule, a driven R-unit's response has turned."""
    if c.stage[0] != REINFORCING or not UNTIL_TURNED[q.rule[0]]:
        return False
    for r in range(len(q.drive)):
        if q.drive[r] != 0 and q.drive[r] == q.on[r]:
            return True
    return False


@pure
def _let_go(c, x, q, t, look):  # type: ignore[no-untyped-def]
    """Stop driving the R-units whose response has turned."""
    for r in range(len(q.drive)):
        if q.drive[r] != 0 and q.drive[r] == q.on[r]:
            q.drive[r] = 0
            look[r] = True
    if not q.drive.any():
        _end_pulse(c, x, q, t, look)


# time


@pure
def _instant(e, a, v, q, c, x, t, due, look):  # type: ignore[no-untyped-def]
    """Do all that is due at ``t``, always the earliest phase that has something to do.

    ``due`` says which phases have: sense, associate, feed, reinforce.
    """
    sense, associate, feed, reinforce = due
    rivals = False
    while True:
        if sense:
            changed, sense = look_at_light(e, t)
            associate = associate or changed
        elif associate:
            associate = False
            if compare_sums(a, v, t, look):
                feed = reinforce = True
        elif look.any():
            for r in range(len(look)):
                if look[r]:
                    look[r] = False
                    rivals = respond(q, v, r, t) or rivals
        elif rivals:
            rivals = False
            compete(q, v, t)
        elif c.due_ns[0] == t:
            sense = _go_on(c, x, e, v, q, t, look)
            associate = sense and e.latch != 0
            feed = True
        elif _any_turned(c, q):
            _let_go(c, x, q, t, look)
            feed = True
        elif feed:
            feed = False
            reinforce = set_gains(q, v) or reinforce
        elif reinforce:
            reinforce = False
            set_motors(q, v, t)
        else:
            return


@pure
def _earliest(due_ns, due):  # type: ignore[no-untyped-def]
    for i in range(len(due_ns)):
        if NEVER < due_ns[i] < due:
            due = due_ns[i]
    return due


@pure
def _any_due(due_ns, t):  # type: ignore[no-untyped-def]
    for i in range(len(due_ns)):
        if due_ns[i] == t:
            return True
    return False


# what was touched


@pure
def _turned_by_hand(v, angles, t):  # type: ignore[no-untyped-def]
    """Stand all shafts at the angles the meters show; motors that run go on from there."""
    for k in range(len(angles)):
        v.play[k] = shaft(v, k, t)[1]
        v.start[k] = angles[k]
        if v.motor[k] != 0:
            v.motor_start_ns[k] = t


@pure
def _drop_relays(e, a, v, q, retention, t):  # type: ignore[no-untyped-def]
    """Switch off and on: every relay drops; the shafts stay, give or take a little."""
    release_s_units(e)
    a.on[:] = 0
    a.due_ns[:] = NEVER
    for k in range(len(v.start)):
        creep = spread(retention, v.seed, RETENTION + k, t)
        v.start[k] = min(max(v.start[k] + creep, -v.travel), v.travel)
    q.on[:] = 0


def _way_in(sources: str) -> Any:
    """Make :func:`run`; numba keys its cache by what the function closes over: ``sources``."""

    @njit(cache=True, nogil=True)
    def run(s, g, m, touched, until):  # type: ignore[no-untyped-def]
        _ = sources
        e, a, v, q, c, x = units_of(s, g)
        t = s.now_ns[0]
        look = np.zeros(len(q.on), np.bool_)
        sense = touched in (LIGHT, SERIES, S_UNITS)
        associate = touched in (THETA, A_UNITS, WIRES)
        feed = touched in (RULE, DOMINANCE, REINFORCE, HALT, POWER)
        reinforce = touched == MOTORS
        if touched == VALUES:
            _turned_by_hand(v, s.value, t)
            look[:] = True
        elif touched == DOMINANCE:
            look[:] = True
        elif touched == WIRES:
            sum_afresh(e)
        elif touched == REINFORCE:
            if c.stage[0] == IDLE and _start_motors(c, q, t, look):
                _enter(c, REINFORCING, t + _pulse_ns(c, q.rule[0]))
        elif touched in (HALT, POWER):
            _stop_motors(q, look)
            x.at[0] = len(x.order)
            _enter(c, IDLE, NEVER)
        elif touched == SERIES:
            begin_sweep(x.order, x.at, x.sweep, x.wrong, x.seed)
            associate = e.latch != 0
            _expose(c, x, e, v, q, t, look)
        while t <= until:
            _instant(e, a, v, q, c, x, t, (sense, associate, feed, reinforce), look)
            if touched == POWER:  # the motors have stopped; now the relays drop
                touched = NOTHING
                _drop_relays(e, a, v, q, g.retention, t)
                look[:] = True
                sense = associate = True
                feed = reinforce = False
                continue
            if m.whole and c.stage[0] == SETTLING and not UNTIL_TURNED[q.rule[0]]:
                whole_trials(s, g, m, (a, v, q, c, x), until)
            t = _earliest(c.due_ns, FAR)
            t = _earliest(q.due_ns, _earliest(a.due_ns, _earliest(e.due_ns, t)))
            sense, associate = _any_due(e.due_ns, t), _any_due(a.due_ns, t)
            feed = reinforce = False
            for r in range(len(look)):
                look[r] = q.due_ns[r] == t
        s.now_ns[0] = until
        show_meters(v, s.value, s.r_sum, s.r_active, until)

    return run


SOURCES = (
    compiled_masks, compiled_memory, compiled_parts, compiled_trials, compiled_units,
    control, given, rules, state, chance,
)  # fmt: skip
"""What compiled code takes functions, constants and records from, besides this file."""

run: Any = _way_in(fingerprint(*(module.__file__ for module in SOURCES), __file__))
"""``run(state, given, masks, touched, until)``: something was touched; then time passes."""
