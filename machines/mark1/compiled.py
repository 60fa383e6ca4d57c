"""The compiled engine: the same Mark I, many thousand times faster.

One numba function takes the State from one instant at which something is due to the next, and
does what is due there in the order of the phases, exactly as the reference engine does with its
processes. Where all parts are instant and quiet (no pick-up delay, no wiper noise), a whole
trial of a series has a closed form, and :func:`_whole_trials` takes that short cut: A-units by
counting bits, shafts by whole pulses. The two ways, and the reference engine, agree bit by bit
at every trial's end.

All compiled functions stand in this one file: numba's cache notices an edit of the file it belongs
to, and of no other.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numba import njit, types
from numba.extending import intrinsic
from numpy.typing import NDArray

from simulator import state as states
from simulator.errors import Mistake

from .control import ORDER
from .given import Given
from .reference import BUSY, with_series
from .state import Phase, Rule, Stage, State

NEVER = -1
FAR = np.int64(2**63 - 1)
IDLE, SETTLING, READING, REINFORCING, RESTING = (int(stage) for stage in Stage)
FORCED, ERROR_CORRECTION, SPONTANEOUS = (
    int(rule) for rule in (Rule.FORCED, Rule.ERROR_CORRECTION, Rule.SPONTANEOUS)
)
assert list(Phase) == [Phase.SENSE, Phase.ASSOCIATE, Phase.RESPOND, Phase.CONTROL, Phase.REINFORCE]


class Masks(NamedTuple):
    """The plugboard as bit masks over the S-units, 64 to a word; for counting bits."""

    excitatory: NDArray[np.uint64]  # (words, n_a)
    inhibitory: NDArray[np.uint64]  # (words, n_a)
    step: NDArray[np.int64]  # (n_v,) how far a whole pulse turns each shaft, udeg
    whole: bool  # whether trials have a closed form on this machine


def masks(given: Given) -> Masks:
    """Work out the masks of one machine."""
    n_s, n_a = len(given.pickup_ns), len(given.a_first) - 1
    words = (n_s + 63) // 64
    table = np.zeros((2, words, n_a), np.uint64)
    a_unit = np.repeat(np.arange(n_a), np.diff(given.a_first))
    bit = np.uint64(1) << (given.plug_s % 64).astype(np.uint64)
    side = (given.plug_sign < 0).astype(np.int64)
    np.bitwise_or.at(table, (side, given.plug_s // 64, a_unit), bit)
    quiet = not given.pickup_ns.any() and given.wiper_noise == 0
    return Masks(table[0], table[1], given.rate * given.pulse_ns // 1_000_000, quiet)


class CompiledEngine:
    """Runs one Mark I in compiled code.

    Parameters
    ----------
    given
        The particulars of the machine.
    state
        The State to start from, at a quiet instant; a copy is taken.
    """

    name = "compiled"

    def __init__(self, given: Given, state: State) -> None:
        self._given = given
        self._masks = masks(given)
        self.restore(state)

    @property
    def state(self) -> State:
        """The live State at the last quiet instant."""
        return self._state

    @property
    def now_ns(self) -> int:
        """The quiet instant the machine stands at."""
        return int(self._state.now_ns[0])

    def restore(self, state: State) -> None:
        """Stand at another quiet State (a copy is taken)."""
        self._state: State = states.copy(state)
        self.run(self.now_ns)

    def run(self, until_ns: int) -> int:
        """Do everything due up to and including ``until_ns``."""
        _run(self._state, self._given, self._masks, until_ns)
        return until_ns

    def operate(self, path: str, value: Any) -> None:
        """Move a control to a canonical value, and settle."""
        s = self._state
        changed = 0
        match path.removeprefix("mark1."):
            case "retina.light":
                changed = LIGHT
                s.light[:] = value
            case "association.theta":
                changed = THETA
                s.theta[0] = value
            case "response.desired":
                s.desired[:] = value
            case "values.V":
                changed = VALUES
                s.value_start[:] = value
                s.motor_start_ns[s.motor != 0] = s.now_ns[0]
            case "control.rule":
                s.rule[0] = value
            case "control.reinforce":
                changed = REINFORCE
            case "control.halt":
                changed = HALT
            case "control.train":
                if s.stage[0] != IDLE:
                    raise Mistake(BUSY)
                self._state = s = with_series(s, value)
                changed = SERIES
            case _:
                raise NotImplementedError(path)
        _touch(s, self._given, self._masks, changed)


LIGHT, THETA, VALUES, REINFORCE, HALT, SERIES = 1, 2, 3, 4, 5, 6


# the random-number table, as in simulator/chance.py


@njit(cache=True)
def _mix(z):  # type: ignore[no-untyped-def]
    z = z + np.uint64(0x9E3779B97F4A7C15)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


@njit(cache=True)
def _bits(seed, stream, index):  # type: ignore[no-untyped-def]
    return _mix(_mix(_mix(np.uint64(seed)) ^ np.uint64(stream)) ^ np.uint64(index))


@njit(cache=True)
def _below(n, seed, stream, index):  # type: ignore[no-untyped-def]
    upper = _bits(seed, stream, index) >> np.uint64(32)
    return np.int64((upper * np.uint64(n)) >> np.uint64(32))


@njit(cache=True)
def _shuffle(order, seed, sweep):  # type: ignore[no-untyped-def]
    column = _bits(seed, ORDER, sweep)
    for i in range(len(order)):
        order[i] = i
    for last in range(len(order) - 1, 0, -1):
        other = _below(last + 1, column, 0, last)
        order[last], order[other] = order[other], order[last]


# values and sums


@njit(cache=True)
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


@njit(cache=True)
def _noise(g, k, t):  # type: ignore[no-untyped-def]
    if g.wiper_noise == 0:
        return np.int64(0)
    return _below(2 * g.wiper_noise + 1, g.parts_seed, g.wiper_stream + k, t) - g.wiper_noise


@njit(cache=True)
def _sum(s, g, r, t):  # type: ignore[no-untyped-def]
    total = np.int64(0)
    for k in range(g.r_first[r], g.r_first[r + 1]):
        if s.a_on[g.pot_a[k]]:
            total += _angle(s, g, k, t) + _noise(g, k, t)
    return total


@njit(cache=True)
def _show_meters(s, g, t):  # type: ignore[no-untyped-def]
    s.now_ns[0] = t
    for k in range(len(s.value)):
        s.value[k] = _angle(s, g, k, t)
    for r in range(len(s.r_sum)):
        s.r_sum[r] = _sum(s, g, r, t)


# one act of each phase; each tells what it changed


@njit(cache=True)
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


@njit(cache=True)
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


@njit(cache=True)
def _respond(s, g, r, t):  # type: ignore[no-untyped-def]
    if s.drive[r] == 0:
        s.r_due_ns[r] = NEVER
    elif s.r_due_ns[r] == NEVER or s.r_due_ns[r] == t:
        s.r_due_ns[r] = t + g.sample_ns
    _decide(s, g, r, _sum(s, g, r, t))


@njit(cache=True)
def _decide(s, g, r, total):  # type: ignore[no-untyped-def]
    if total > g.dead_zone:
        s.r_on[r] = 1
    elif total < -g.dead_zone:
        s.r_on[r] = -1


@njit(cache=True)
def _reinforce(s, g, t):  # type: ignore[no-untyped-def]
    """Start and stop motors as their A-units and drive lines ask."""
    for k in range(len(s.motor)):
        way = s.drive[g.pot_r[k]] if s.a_on[g.pot_a[k]] else np.int8(0)
        if way != s.motor[k]:
            s.value_start[k] = _angle(s, g, k, t)
            s.motor[k] = way
            s.motor_start_ns[k] = t if way != 0 else NEVER


# the control unit


@njit(cache=True)
def _reinforcement(rule, response, desired):  # type: ignore[no-untyped-def]
    if rule == FORCED:
        return desired
    if rule == ERROR_CORRECTION:
        return desired if response != desired else np.int8(0)
    if rule == SPONTANEOUS:
        return response
    return np.int8(0)


@njit(cache=True)
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


@njit(cache=True)
def _stop_motors(s, look):  # type: ignore[no-untyped-def]
    for r in range(len(s.drive)):
        if s.drive[r] != 0:
            s.drive[r] = 0
            look[r] = True


@njit(cache=True)
def _enter(s, stage, due):  # type: ignore[no-untyped-def]
    s.stage[0] = stage
    s.control_due_ns[0] = due


@njit(cache=True)
def _compare(s):  # type: ignore[no-untyped-def]
    """Write the answer down and count it."""
    stimulus = s.series_order[s.series_at[0]]
    wrong = False
    for r in range(len(s.r_on)):
        s.series_answer[stimulus, r] = s.r_on[r]
        wrong = wrong or (s.desired[r] != 0 and s.desired[r] != s.r_on[r])
    s.series_wrong[s.series_sweep[0]] += wrong
    s.trials[0] += 1
    s.wrong[0] += wrong


@njit(cache=True)
def _begin_sweep(s):  # type: ignore[no-untyped-def]
    _shuffle(s.series_order, s.series_seed[0], s.series_sweep[0])
    s.series_wrong[s.series_sweep[0]] = 0
    s.series_at[0] = 0


@njit(cache=True)
def _advance(s):  # type: ignore[no-untyped-def]
    """Go on to the next place of the series; False if the series is over."""
    s.series_at[0] += 1
    if s.series_at[0] == len(s.series_order):
        sweep = s.series_sweep[0]
        errorless = s.series_wrong[sweep] == 0
        last = sweep + 1 == len(s.series_wrong)
        if last or (errorless and s.series_until_errorless[0] != 0):
            return False
        s.series_sweep[0] += 1
        _begin_sweep(s)
    return True


@njit(cache=True)
def _expose(s, g, t, look):  # type: ignore[no-untyped-def]
    stimulus = s.series_order[s.series_at[0]]
    s.r_on[:] = 0
    look[:] = True
    s.light[:] = s.series_light[stimulus]
    s.desired[:] = s.series_desired[stimulus]
    _enter(s, SETTLING, t + g.settle_ns)


@njit(cache=True)
def _control(s, g, t, look):  # type: ignore[no-untyped-def]
    """Go on to the next stage; tell whether light and whether drive lines may have changed."""
    if s.stage[0] == SETTLING:
        s.r_on[:] = 0
        look[:] = True
        _enter(s, READING, t)
        return False, False
    if s.stage[0] == READING:
        _compare(s)
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
    if _advance(s):
        _expose(s, g, t, look)
        return True, False
    _enter(s, IDLE, NEVER)
    return False, False


# time


@njit(cache=True)
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


@njit(cache=True)
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


@njit(cache=True)
def _run(s, g, m, until):  # type: ignore[no-untyped-def]
    look = np.zeros(len(s.r_on), np.bool_)
    lit = np.zeros((0, 0), np.uint64)
    while True:
        if m.whole and s.stage[0] == SETTLING:
            lit = _whole_trials(s, g, m, until, lit)
        t = _next_due(s)
        if t > until:
            break
        sense = False
        for i in range(len(s.s_due_ns)):
            sense = sense or s.s_due_ns[i] == t
        for r in range(len(look)):
            look[r] = s.r_due_ns[r] == t
        _instant(s, g, t, sense, False, look, False)
    _show_meters(s, g, until)


@njit(cache=True)
def _touch(s, g, m, changed):  # type: ignore[no-untyped-def]
    """Let a control that was moved take effect at this instant."""
    t = s.now_ns[0]
    look = np.zeros(len(s.r_on), np.bool_)
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
        _begin_sweep(s)
        _expose(s, g, t, look)
    _instant(s, g, t, sense, changed == THETA, look, reinforce)
    _show_meters(s, g, t)


# the short cut


def _count_ones(typing: Any, word: Any) -> Any:
    """Count the one-bits of a word in one machine instruction."""

    def build(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.ctpop(args[0])

    return types.uint64(types.uint64), build


_popcount: Any = intrinsic(_count_ones)


@njit(cache=True)
def _pack(series_light, threshold, words):  # type: ignore[no-untyped-def]
    lit = np.zeros((len(series_light), words), np.uint64)
    for n in range(len(series_light)):
        for i in range(series_light.shape[1]):
            if series_light[n, i] >= threshold:
                lit[n, i // 64] |= np.uint64(1) << np.uint64(i % 64)
    return lit


@njit(cache=True)
def _sums(m, word_row, total):  # type: ignore[no-untyped-def]
    """Sum every A-unit's origin points: lit excitatory less lit inhibitory ones."""
    total[:] = 0
    for w in range(len(word_row)):
        word = word_row[w]
        excitatory, inhibitory = m.excitatory[w], m.inhibitory[w]
        for a in range(len(total)):
            total[a] += np.int64(_popcount(excitatory[a] & word)) - np.int64(
                _popcount(inhibitory[a] & word)
            )


@njit(cache=True)
def _whole_sum(s, g, r):  # type: ignore[no-untyped-def]
    total = np.int64(0)
    for k in range(g.r_first[r], g.r_first[r + 1]):
        if s.a_on[g.pot_a[k]]:
            total += s.value_start[k]
    return total


@njit(cache=True)
def _read_anew(s, g):  # type: ignore[no-untyped-def]
    s.r_on[:] = 0
    for r in range(len(s.r_on)):
        _decide(s, g, r, _whole_sum(s, g, r))


@njit(cache=True)
def _whole_pulse(s, g, m):  # type: ignore[no-untyped-def]
    """Give one pulse from beginning to end, if the rule asks for it; tell whether it did."""
    pulse = False
    for r in range(len(s.drive)):
        way = np.int64(_reinforcement(s.rule[0], s.r_on[r], s.desired[r]))
        if way != 0:
            pulse = True
            for k in range(g.r_first[r], g.r_first[r + 1]):
                if s.a_on[g.pot_a[k]]:
                    start = s.value_start[k]
                    s.value_start[k] = start + way * min(g.travel - way * start, m.step[k])
    s.pulses[0] += pulse
    return pulse


@njit(cache=True)
def _whole_trials(s, g, m, until, lit):  # type: ignore[no-untyped-def]
    """Go from one exposure of the series to a later one, trial by trial, as far as may be.

    Enters and leaves at an exposure that has settled, with all motors still. What happens between
    is not looked at by anyone: an R-unit's answer is taken from the State, the pulse turns the
    shafts, and the next stimulus clears the R-units. ``lit`` is the series packed into words, or
    empty; it is given back for the next time.
    """
    if s.r_due_ns.max() != NEVER or s.s_due_ns.max() != NEVER or s.motor.any():
        return lit
    shown = -1
    total = np.zeros(len(s.a_on), np.int64)
    if s.control_due_ns[0] + g.pulse_ns + g.rest_ns <= until:
        _read_anew(s, g)
    while s.control_due_ns[0] + g.pulse_ns + g.rest_ns <= until:
        exposure = s.control_due_ns[0] + g.rest_ns
        _compare(s)
        pulse = _whole_pulse(s, g, m)
        if pulse:
            exposure += g.pulse_ns
        if not _advance(s):
            if pulse:
                for r in range(len(s.r_on)):
                    _decide(s, g, r, _whole_sum(s, g, r))
            _enter(s, IDLE, NEVER)
            break
        if len(lit) == 0:
            lit = _pack(s.series_light, g.photocell_threshold, len(m.excitatory))
        shown = s.series_order[s.series_at[0]]
        s.desired[:] = s.series_desired[shown]
        _sums(m, lit[shown], total)
        for a in range(len(total)):
            s.a_on[a] = total[a] >= s.theta[0]
        _read_anew(s, g)
        _enter(s, SETTLING, exposure + g.settle_ns)
    if shown >= 0:
        s.light[:] = s.series_light[shown]
        for i in range(len(s.light)):
            s.s_on[i] = s.light[i] >= g.photocell_threshold
        s.a_sum[:] = total
    return lit
