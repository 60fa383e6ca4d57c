"""Where the Mark I and the 704 part, and why: the first difference of a trial, explained."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from machines.mark1 import Description
    from machines.mark1.plugboard import Plugboard
    from ui.cli.compare import Trial

SHOWN = 4
"""A-units named."""
ALIKE = 1e-9
"""Steps within which two values are one: less than a millionth of a degree."""


class Parting(NamedTuple):
    """The first difference between the machines.

    Attributes
    ----------
    trial, sweep, stimulus
        Where: number of the trial and of the sweep from 1, place of the stimulus in the set.
    what
        ``activity``, ``answer`` or ``value``.
    where
        The unit: ``A17``, ``R3`` or ``V17``.
    mark1, ibm704
        What each machine had there: 1 or 0 for an A-unit, the sum or the value in steps.
    because
        Why, in a line.
    """

    trial: int
    sweep: int
    stimulus: int
    what: str
    where: str
    mark1: float
    ibm704: float
    because: str


def partings(trial: Trial, d: Description, board: Plugboard) -> Iterator[Parting]:
    """Give the first difference of each kind in a trial: in A-units, in answers, in values."""
    place = trial.number, trial.sweep, trial.stimulus
    one, other = trial.mark1, trial.ibm704
    apart = np.flatnonzero(one.active != other.active)
    if apart.size:
        a = int(apart[0])
        more = f", and {apart.size - 1} more A-units" if apart.size > 1 else ""
        why = _why_activity(trial, board, a) + more
        on = float(one.active[a]), float(other.active[a])
        yield Parting(*place, "activity", f"A{a + 1}", *on, why)
    apart = np.flatnonzero(one.answers != other.answers)
    if apart.size:
        r = int(apart[0])
        sums = float(one.sums[r]), float(other.sums[r])
        yield Parting(*place, "answer", f"R{r + 1}", *sums, _why_answers(trial, d, board, r))
    apart = np.flatnonzero(np.abs(one.after - other.after) > ALIKE)
    if apart.size:
        k = int(apart[0])
        values = float(one.after[k]), float(other.after[k])
        yield Parting(*place, "value", f"V{k + 1}", *values, _why_values(trial, d, board, k))


def _why_activity(trial: Trial, board: Plugboard, a: int) -> str:
    lit = trial.mark1.lit
    plugged = np.unique(board.s_unit[board.a_unit == a])
    off = plugged[lit[plugged] != trial.ibm704.lit[plugged]]
    if not off.size:
        return "its relay had not answered when the response was read"
    named = ", ".join(f"S{s + 1} {'lit' if lit[s] else 'dark'}" for s in off[:SHOWN])
    return f"photocells saw the stimulus another way: {named}{' ...' * (off.size > SHOWN)}"


def _why_answers(trial: Trial, d: Description, board: Plugboard, r: int) -> str:
    """Take the Mark I's physics away, one after another, until it answers as the 704 did."""
    one, other = trial.mark1, trial.ibm704
    zone, said = d.dead_zone_mdeg / _step_mdeg(d), int(other.answers[r])
    mine = (board.pot_r == r) & one.active[board.pot_a]
    exact = float(one.before[mine].sum())
    within = abs(exact) <= zone
    if np.sign(exact) == said and within and one.answers[r] == 0:
        return f"the sum lies within the dead zone of {zone:.3g} steps: its R-unit stays undecided"
    if np.sign(exact) == said or (within and said == 0):
        return f"the noise of the wipers: without it the sum were {exact:+.3f} steps"
    if np.sign(other.before[mine].sum()) != said:
        return "its active A-units are not the same ones"
    off = np.flatnonzero(mine & (np.abs(one.before - other.before) > ALIKE))
    named = ", ".join(
        f"V{k + 1} {one.before[k]:+.3f} for {other.before[k]:+.3f}" for k in off[:SHOWN]
    )
    return f"{off.size} of its values are not the 704's: {named}{' ...' * (off.size > SHOWN)}"


def _why_values(trial: Trial, d: Description, board: Plugboard, k: int) -> str:
    one, other, unit = trial.mark1, trial.ibm704, int(board.pot_a[k])
    r = int(board.pot_r[k])
    travel = d.travel_mdeg / _step_mdeg(d)
    if abs(one.before[k] - other.before[k]) > ALIKE:
        return f"decay: a value loses {d.decay_ppm} millionths of itself at every exposure"
    if one.active[unit] != other.active[unit]:
        return f"A{unit + 1} is active on one machine only"
    turned, asked = one.after[k] - one.before[k], other.after[k] - other.before[k]
    if one.answers[r] != other.answers[r] and np.sign(turned) != np.sign(asked):
        return f"R{r + 1} answered otherwise, and with that changes what is reinforced"
    if abs(one.after[k]) >= travel - ALIKE:
        return f"an end stop: the shaft cannot turn beyond {travel:g} steps"
    degrees = _step_mdeg(d) / 1000
    parts = "its own speed, and the play of its gears" if d.backlash_mdeg else "its own speed"
    return (
        f"its motor turned it by {turned * degrees:+.3f} degrees, the 704 counts "
        f"{asked * degrees:+.3f}: {parts}"
    )


def _step_mdeg(d: Description) -> float:
    return d.motor_mdeg_per_s * d.pulse_us / 1e6
