"""Compiled code, the short cut through whole trials of a series.

Most of what happens inside a trial leaves no trace: whichever way the photocells flicker while
they settle, the R-units are cleared before they are read. So a whole trial has a closed form, and
:func:`whole_trials` takes it wherever nobody looks in between: A-units by counting bits, shafts by
whole pulses.

The wiring is fixed, so which A-units answer a stimulus is worked out once and remembered, and so
is what an R-unit sums up for it until one of its values changes. Where the answer is not the
stimulus's alone (noise on the retina, a photocell in doubt between on and off) it is worked out at
every exposure.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from .compiled_masks import activate, copy_row, count_points, flip, pack, pack_equal, rows_equal
from .compiled_memory import (
    Memory,
    associate,
    choose_ways,
    compete,
    decide,
    fade,
    note_coincidences,
    run_motors,
)
from .compiled_parts import (
    CHANCE,
    DECIDES,
    EACH,
    ERROR,
    NEVER,
    NOBODY,
    advance,
    pure,
)
from .compiled_units import DEAD, STUCK_ON
from .state import Stage

RESTING = int(Stage.RESTING)
REMEMBERED_BYTES = 64 << 20
"""Most memory for what is remembered of the stimuli of a series."""


class Eye(NamedTuple):
    """The S-units as bits, and what light does to them; m stimuli, n words."""

    words: NDArray[np.uint64]  # (1, n) the S-units that are on
    before: NDArray[np.uint64]  # (1, n) those that were on before the first picture
    dead: NDArray[np.uint64]  # (n,)
    stuck: NDArray[np.uint64]  # (n,)
    lit: NDArray[np.uint64]  # (m + 1, n) cells each stimulus lights; the last is the light now
    held: NDArray[np.uint64]  # (m + 1, n) cells it keeps lit
    seen: NDArray[np.bool_]  # (m,) whether these two are known
    certain: NDArray[np.bool_]  # (m,) whether they are the same: nothing depends on what was


class Light(NamedTuple):
    """The light on the photocells, and what it takes to light them up."""

    levels: NDArray[np.uint8]
    on_level: NDArray[np.int64]
    off_level: NDArray[np.int64]
    latch: int


# S-units


@pure
def _see(eye, row, latch):  # type: ignore[no-untyped-def]
    """Have the S-units stand as they do when a picture has settled after the one before."""
    for w in range(len(eye.dead)):
        kept = np.uint64(0) if latch else eye.words[0, w] & eye.held[row, w]
        eye.words[0, w] = ((eye.lit[row, w] | kept) & ~eye.dead[w]) | eye.stuck[w]


@pure
def _see_first(eye, row, latch):  # type: ignore[no-untyped-def]
    """Have the S-units stand as the picture now on the retina leaves them; nothing was released."""
    for w in range(len(eye.dead)):
        kept = eye.before[0, w] if latch else eye.before[0, w] & eye.held[row, w]
        eye.words[0, w] = ((eye.lit[row, w] | kept) & ~eye.dead[w]) | eye.stuck[w]


# whole trials


@pure
def _may_be_last(x, place, sweep, wrong):  # type: ignore[no-untyped-def]
    """Tell whether the trial at a place may be the series' last; ``wrong``: so far in its sweep.

    A sweep in which something was answered wrongly does not end a series that goes on until one
    is without error.
    """
    if place + 1 < len(x.order):
        return False
    return sweep + 1 == len(x.wrong) or (x.until_errorless[0] != 0 and wrong == 0)


@pure
def _next_may_be_last(x):  # type: ignore[no-untyped-def]
    """Tell whether the trial after this one may be the series' last."""
    place, sweep = x.at[0] + 1, x.sweep[0]
    if place == len(x.order):
        return _may_be_last(x, 0, sweep + 1, 0)
    return _may_be_last(x, place, sweep, x.wrong[sweep])


@pure
def _show_next(eye, memory, units, light, exposure):  # type: ignore[no-untyped-def]
    """Expose the next stimulus of the series; give it."""
    _, v, _, c, x = units
    advance(x.order, x.at, x.sweep, x.wrong, x.seed, x.until_errorless)
    shown = x.order[x.at[0]]
    if c.decay_ppm:
        fade(memory, v, c.decay_ppm)
    noise = c.retina_noise[0]
    if noise or not eye.seen[shown]:
        copy_row(x.light, shown, light.levels)
        flip(light.levels, noise, v.seed, exposure)
        pack(light.levels, light.on_level, eye.lit, shown)
        pack(light.levels, light.off_level, eye.held, shown)
        eye.seen[shown] = True
        eye.certain[shown] = light.latch != 0 or rows_equal(eye.lit, eye.held, shown)
    return shown


@pure
def _read(memory, units, wanted, want, row, t):  # type: ignore[no-untyped-def]
    """Have the R-units answer at ``t``, write it down and count; tell whether all was right."""
    _, v, q, c, x = units
    stimulus, right = x.order[x.at[0]], True
    competing = q.dominance[0] != EACH
    if competing:
        compete(memory, v, q, row, t)
    for r in range(len(memory.drive)):
        if not competing:
            q.on[r] = decide(memory, v, q.dead_zone, row, r, t)
        x.answer[stimulus, r] = q.on[r]
        right = right and (wanted[want, r] == 0 or wanted[want, r] == q.on[r])
    c.trials[0] += 1
    if not right:
        x.wrong[x.sweep[0]] += 1
        c.wrong[0] += 1
    return right


@pure
def _go_through(eye, memory, masks, units, light, wanted, until):  # type: ignore[no-untyped-def]
    """Go through trials; give the stimulus last shown (-1: the light that was there before)."""
    a, v, q, c, x = units
    due = c.due_ns[0]
    trial_ns = c.compare_ns + c.pulse_ns + c.rest_ns
    rows, light_now = np.int64(len(memory.known) - 1), np.int64(len(x.order))
    latch = light.latch != 0
    only_errors = DECIDES[q.rule[0]] in (NOBODY, ERROR, CHANCE)
    shown = np.int64(-1)
    # the stimulus the S-units show, where eye.words is not up to date
    behind = np.int64(-1)
    while True:
        row, want = rows, light_now
        if shown < 0:
            _see_first(eye, want, latch)
        else:
            want = shown
            if rows and eye.certain[shown]:
                row = shown
            if not memory.known[row]:
                if behind >= 0:
                    _see(eye, behind, latch)
                _see(eye, shown, latch)
        if memory.known[row]:
            behind = shown
        else:
            behind = np.int64(-1)
            associate(eye.words, memory, masks, v, a, row)
            memory.known[row] = row < rows
        right = _read(memory, units, wanted, want, row, due)
        due += c.compare_ns
        exposure = due + c.rest_ns
        if not (right and only_errors) and choose_ways(memory, q, wanted, want, due):
            c.pulses[0] += 1
            exposure += c.pulse_ns
            run_motors(memory, v, q, masks.step, c.pulse_ns, row)
        due = exposure + c.settle_ns
        if due + trial_ns > until or _next_may_be_last(x):
            break
        shown = _show_next(eye, memory, units, light, exposure)
    if behind >= 0:
        _see(eye, behind, latch)
    for any_row in range(rows + 1):
        note_coincidences(memory, v, any_row)
    c.stage[0], c.due_ns[0] = RESTING, exposure
    return shown


@pure
def _settles(s, masks, due):  # type: ignore[no-untyped-def]
    """Tell whether all that is on its way now will have settled by ``due``."""
    for i in range(len(s.s_due_ns)):
        if s.s_due_ns[i] != NEVER and s.s_due_ns[i] + masks.slowest_relay > due:
            return False
    for i in range(len(s.a_due_ns)):
        if s.a_due_ns[i] > due:
            return False
    for r in range(len(s.r_due_ns)):
        if s.r_due_ns[r] != NEVER:
            return False
    return True


@pure
def _last_in_use(r_first):  # type: ignore[no-untyped-def]
    """Give the number of the last R-unit that any potentiometer leads to."""
    n_r = len(r_first) - 1
    while n_r and r_first[n_r - 1] == r_first[n_r]:
        n_r -= 1
    return n_r


@njit(inline="always")
def whole_trials(s, g, masks, units, until):  # type: ignore[no-untyped-def]
    """Go from a trial of the series to the rest after a later one, as far as may be.

    Enters while a stimulus settles, all motors still; leaves with the machine at rest before the
    next exposure, which is due by ``until``. What the R-units then show is left as it was, for the
    exposure clears them. The last trial of a series is left to the long way, since what is shown
    then stays.
    """
    x = units[4]
    due, m = s.control_due_ns[0], len(x.order)
    if (
        not _may_be_last(x, x.at[0], x.sweep[0], x.wrong[x.sweep[0]])
        and due + g.compare_ns + g.pulse_ns + g.rest_ns <= until
        and _settles(s, masks, due)
    ):
        n_a, n_v, n_r = len(s.a_on), len(s.value), _last_in_use(g.r_first)
        n = len(masks.excitatory)
        eye = Eye(
            np.zeros((1, n), np.uint64), np.zeros((1, n), np.uint64), np.zeros(n, np.uint64),
            np.zeros(n, np.uint64), np.zeros((m + 1, n), np.uint64),
            np.zeros((m + 1, n), np.uint64), np.zeros(m, np.bool_), np.zeros(m, np.bool_),
        )  # fmt: skip
        pack_equal(s.s_fault, DEAD, eye.dead)
        pack_equal(s.s_fault, STUCK_ON, eye.stuck)
        pack_equal(s.s_on, 1, eye.before[0])
        pack(s.light, g.on_level, eye.lit, m)
        pack(s.light, g.off_level, eye.held, m)
        remember = masks.remember and s.retina_noise[0] == 0
        rows = m if remember and m * (n_v + 24 * n_r) <= REMEMBERED_BYTES else 0
        memory = Memory(
            np.zeros(rows + 1, np.bool_), np.zeros((rows + 1, n_v), np.int8),
            np.zeros((rows + 1, n_r), np.int64), np.zeros((rows + 1, n_r), np.int64),
            np.full((rows + 1, n_r), -1, np.int64), np.zeros((rows + 1, n_r), np.int64),
            np.zeros(n_r, np.int64),
            np.zeros(n_a, np.int64), np.zeros(n_a, np.uint8), np.zeros(n_r, np.int8),
        )  # fmt: skip
        wanted = np.zeros((m + 1, len(s.desired)), np.int8)
        wanted[:m] = x.desired
        wanted[m] = s.desired
        s.r_on[:] = 0
        light = Light(s.light, g.on_level, g.off_level, g.latch)
        shown = _go_through(eye, memory, masks, units, light, wanted, until)
        if shown >= 0:
            copy_row(x.desired, shown, s.desired)
            if s.retina_noise[0] == 0:
                copy_row(x.light, shown, s.light)
        _stand(s, eye, memory, masks)


@pure
def _stand(s, eye, memory, masks):  # type: ignore[no-untyped-def]
    """Have all units stand as they do when the stimulus last shown has settled."""
    count_points(masks.excitatory, masks.inhibitory, masks.lowest, eye.words, memory.a_total)
    activate(memory.a_total, s.theta[0], s.a_fault, s.a_on)
    for i in range(len(s.s_on)):
        s.s_on[i] = (eye.words[0, i // 64] >> np.uint64(i % 64)) & np.uint64(1)
        s.s_due_ns[i] = NEVER
    for a in range(len(s.a_on)):
        s.a_sum[a] = memory.a_total[a]
        s.a_due_ns[a] = NEVER
