"""Whether a State is one a Mark I can stand in at a quiet instant.

Compiled code trusts its indices, and a file may come from anywhere. Before a machine is made to
stand in a State that was read from a file, every field is held against the description and
against the other fields: what is derived must be what it is derived from, and what is pending
must lie ahead.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulator.kernel import NEVER
from simulator.machine import LAST_NS

from .given import Given
from .rules import RULES, Dominance, gains
from .state import Fault, Stage, State

MOST_THETA = 1000
"""No A-unit of any Description has a threshold beyond this."""
MOST_COUNTED = 1 << 61
"""No counter comes to this in the machine's time."""


def unsound(state: State, given: Given) -> str | None:
    """Name the first field that cannot be as it is; None if the State is sound.

    Parameters
    ----------
    state
        A State whose fields have the dtypes and shapes of this machine.
    given
        The particulars of the machine.
    """
    return next((name for name, sound in _checks(state, given) if not sound), None)


def _checks(s: State, g: Given) -> Iterator[tuple[str, bool]]:
    now = int(s.now_ns[0])
    n_a = len(s.a_on)
    yield "now_ns", bool(0 <= now <= LAST_NS)
    for name in ("s_on", "a_on", "seized", "pulled"):
        yield name, bool((getattr(s, name) <= 1).all())
    for name in ("s_fault", "a_fault"):
        yield name, bool((getattr(s, name) <= max(Fault)).all())
    yield "retina_noise", bool(0 <= s.retina_noise[0] <= 1000)
    yield "s_due_ns", _pends(s.s_due_ns, now, g.pickup_ns)
    stays = (s.light >= g.off_level) | (g.latch != 0)
    lit = np.where(s.s_on != 0, stays, s.light >= g.on_level)
    lit = np.where(s.s_fault == Fault.SOUND, lit, s.s_fault == Fault.STUCK_ON)
    yield "s_on", bool(((s.s_on == lit) == (s.s_due_ns == NEVER)).all())
    yield "theta", bool(abs(int(s.theta[0])) <= MOST_THETA)
    a_unit = np.repeat(np.arange(n_a), np.diff(g.a_first))
    sums = np.zeros(n_a, np.int64)
    sign = np.where(s.pulled == 0, g.plug_sign, 0)
    np.add.at(sums, a_unit, sign * s.s_on[g.plug_s].astype(np.int64))
    yield "a_sum", bool((s.a_sum == sums).all())
    yield "a_due_ns", _pends(s.a_due_ns, now, g.relay_ns)
    reaches = np.where(s.a_fault == Fault.SOUND, sums >= s.theta[0], s.a_fault == Fault.STUCK_ON)
    yield "a_on", bool(((s.a_on == reaches) == (s.a_due_ns == NEVER)).all())
    for name in ("r_on", "desired", "drive", "series_desired", "series_answer"):
        yield name, bool((np.abs(getattr(s, name)) <= 1).all())
    yield "rule", bool(0 <= s.rule[0] < len(RULES))
    yield "dominance", s.dominance[0] in list(Dominance)
    unused = np.diff(g.r_first) == 0
    for name in ("r_on", "desired", "drive", "series_desired", "series_answer"):
        yield name, not getattr(s, name)[..., unused].any()
    turned = (s.drive != 0) & (s.drive == s.r_on)
    yield "drive", not (RULES[s.rule[0]].until_turned and turned.any())
    yield from _motor_checks(s, g, now)
    yield "r_due_ns", bool(((s.r_due_ns != NEVER) == (s.drive != 0)).all())
    yield "r_due_ns", _pends(s.r_due_ns, now, g.sample_ns)
    yield "stage", s.stage[0] in list(Stage)
    idle = s.stage[0] == Stage.IDLE
    longest = max(g.settle_ns, g.compare_ns, g.pulse_ns, g.longest_pulse_ns, g.rest_ns)
    yield "control_due_ns", bool((s.control_due_ns[0] == NEVER) == idle)
    yield "control_due_ns", _pends(s.control_due_ns, now, longest)
    yield "drive", bool(s.drive.any()) == bool(s.stage[0] == Stage.REINFORCING)
    for name in ("trials", "wrong", "pulses"):
        yield name, bool(0 <= getattr(s, name)[0] <= MOST_COUNTED)
    yield "coincidences", bool((abs(s.coincidences) <= MOST_COUNTED).all())
    yield from _series_checks(s, idle)


def _motor_checks(s: State, g: Given, now: int) -> Iterator[tuple[str, bool]]:
    on = s.a_on[g.pot_a] != 0
    driven = bool(s.drive.any())
    for r, first in enumerate(g.r_first[:-1].tolist()):
        mine = on[first : g.r_first[r + 1]]
        asked = gains(
            RULES[s.rule[0]], int(s.drive[r]), driven, int(mine.sum()), len(mine), g.feed_units
        )
        yield "gain_on", (int(s.gain_on[r]), int(s.gain_off[r])) == asked
    gain = np.where(on, s.gain_on[g.pot_r], s.gain_off[g.pot_r])
    speed = np.where(s.seized == 0, np.sign(gain) * (g.rate * np.abs(gain) // 1_000_000), 0)
    yield "motor", bool((s.motor == speed).all())
    runs = s.motor != 0
    since = np.where(runs, (s.motor_start_ns >= 0) & (s.motor_start_ns <= now), True)
    yield "motor_start_ns", bool((since & (runs | (s.motor_start_ns == NEVER))).all())
    yield "value_start", bool((np.abs(s.value_start) <= g.travel).all())
    yield "play", bool(((s.play >= 0) & (s.play <= g.backlash)).all())


def _pends(due_ns: NDArray[np.int64], now_ns: int, longest_ns: Any) -> bool:
    """Tell whether due-times lie ahead, and no further than they can have been set."""
    ahead = (due_ns > now_ns) & (due_ns <= now_ns + longest_ns)
    return bool(((due_ns == NEVER) | ahead).all())


def _series_checks(s: State, idle: bool) -> Iterator[tuple[str, bool]]:
    m, sweeps = len(s.series_order), len(s.series_wrong)
    for name, width in (
        ("series_light", len(s.light)),
        ("series_desired", len(s.r_on)),
        ("series_answer", len(s.r_on)),
    ):
        yield name, getattr(s, name).shape == (m, width)
    yield "series_order", sorted(s.series_order.tolist()) == list(range(m))
    yield "series_wrong", bool(((s.series_wrong >= -1) & (s.series_wrong <= m)).all())
    at, sweep = int(s.series_at[0]), int(s.series_sweep[0])
    going = at < m
    by_hand = s.stage[0] == Stage.REINFORCING
    yield "series_at", 0 <= at <= m and (going != idle or (by_hand and not going))
    yield "series_sweep", sweep >= 0 and (sweep < sweeps or not going)
    yield "series_wrong", not going or bool(s.series_wrong[sweep] >= 0)
