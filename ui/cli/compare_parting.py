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
        why = f"its photocells and relays saw the stimulus another way{more}"
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


def _why_answers(trial: Trial, d: Description, board: Plugboard, r: int) -> str:
    step = _step_mdeg(d)
    one, other = trial.mark1, trial.ibm704
    zone = d.dead_zone_mdeg / step
    if abs(one.sums[r]) <= zone:
        return f"the sum lies within the dead zone of {zone:.3g} steps, where an R-unit holds"
    mine = (board.pot_r == r) & one.active[board.pot_a]
    exact = float(one.before[mine].sum())
    if np.sign(exact) == np.sign(other.sums[r]):
        return f"the noise of the wipers: without it the sum were {exact:+.3f} steps"
    if not np.array_equal(one.active, other.active):
        return "its A-units are not the same ones"
    off = np.flatnonzero(mine & (np.abs(one.before - other.before) > ALIKE))
    named = ", ".join(f"V{k + 1} {one.before[k]:+.3f}" for k in off[:SHOWN])
    return f"{off.size} of its values are not whole steps: {named}{' ...' * (off.size > SHOWN)}"


def _why_values(trial: Trial, d: Description, board: Plugboard, k: int) -> str:
    one, other, unit = trial.mark1, trial.ibm704, int(board.pot_a[k])
    travel = d.travel_mdeg / _step_mdeg(d)
    if one.active[unit] != other.active[unit]:
        return f"A{unit + 1} is active on one machine only"
    if abs(one.after[k]) >= travel - ALIKE or abs(other.after[k]) >= int(travel):
        return f"an end stop: the shaft cannot turn beyond {travel:g} steps"
    if abs(one.before[k] - other.before[k]) > ALIKE:
        return "the value had changed between trials: decay, or a shaft that crept"
    if not np.array_equal(one.answers, other.answers):
        return "the answers differ, and with them what is reinforced"
    turned, asked = one.after[k] - one.before[k], other.after[k] - other.before[k]
    degrees = _step_mdeg(d) / 1000
    parts = "its own speed, and the play of its gears" if d.backlash_mdeg else "its own speed"
    return (
        f"its motor turned it by {turned * degrees:+.3f} degrees, the 704 counts "
        f"{asked * degrees:+.3f}: {parts}"
    )


def _step_mdeg(d: Description) -> float:
    return d.motor_mdeg_per_s * d.pulse_us / 1e6
