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
from .state import Rule, Stage, State

MOST_THETA = 1000
"""No A-unit of any Description has a threshold beyond this."""


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
    yield "s_on", bool((s.s_on <= 1).all())
    yield "s_due_ns", _pends(s.s_due_ns, now, g.pickup_ns)
    yield "theta", bool(abs(int(s.theta[0])) <= MOST_THETA)
    a_unit = np.repeat(np.arange(n_a), np.diff(g.a_first))
    sums = np.zeros(n_a, np.int64)
    np.add.at(sums, a_unit, g.plug_sign * s.s_on[g.plug_s].astype(np.int64))
    yield "a_sum", bool((s.a_sum == sums).all())
    yield "a_on", bool((s.a_on == (sums >= s.theta[0])).all())
    for name in ("r_on", "desired", "drive", "series_desired", "series_answer"):
        yield name, bool((np.abs(getattr(s, name)) <= 1).all())
    yield "motor", bool((s.motor == s.drive[g.pot_r] * s.a_on[g.pot_a].astype(np.int8)).all())
    runs = s.motor != 0
    since = np.where(runs, (s.motor_start_ns >= 0) & (s.motor_start_ns <= now), True)
    yield "motor_start_ns", bool((since & (runs | (s.motor_start_ns == NEVER))).all())
    yield "value_start", bool((np.abs(s.value_start) <= g.travel).all())
    yield "r_due_ns", bool(((s.r_due_ns != NEVER) == (s.drive != 0)).all())
    yield "r_due_ns", _pends(s.r_due_ns, now, g.sample_ns)
    yield "rule", s.rule[0] in list(Rule)
    yield "stage", s.stage[0] in set(Stage) - {Stage.READING}
    idle = s.stage[0] == Stage.IDLE
    longest = max(g.settle_ns, g.pulse_ns, g.rest_ns)
    yield "control_due_ns", bool((s.control_due_ns[0] == NEVER) == idle)
    yield "control_due_ns", _pends(s.control_due_ns, now, longest)
    yield "drive", bool(s.drive.any()) == bool(s.stage[0] == Stage.REINFORCING)
    for name in ("trials", "wrong", "pulses"):
        yield name, bool(getattr(s, name)[0] >= 0)
    yield from _series_checks(s, idle)


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
