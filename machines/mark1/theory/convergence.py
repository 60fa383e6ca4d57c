"""How long error correction takes, and what it does when the task cannot be done.

Two theorems about the plainest machine: all values start at 0; stimuli come in any order; after a
wrong or undecided response every active A-unit's value moves one step towards the right one; no end
stops, no dead zone, no noise.

* **Novikoff's bound** (1962): if some values do the task with a margin, so many corrections are
enough,
  in whatever order the stimuli come.
* **The cycling theorem** (Minsky and Papert 1969; Block and Levin 1970): if no values do it,
corrections
  never end, but the values stay within bounds. In a fixed order of stimuli they must then come back
  to where they were, and from there everything repeats.
"""

from __future__ import annotations

from math import sqrt
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from simulator.errors import Mistake

from .certificates import nearest_mixture, whole_values
from .separability import Verdict, separable, task

Integers = NDArray[np.int64]


class Margin(NamedTuple):
    """How clearly a task can be done.

    Attributes
    ----------
    values
        int64, shape (A-units,): values that do it with (nearly) the widest margin there is.
    width
        The smallest sum they give, divided by their length: the distance, in steps, of the nearest
        stimulus from the border between the responses.
    corrections
        Novikoff's bound for them.
    """

    values: Integers
    width: float
    corrections: int


class Expectation(NamedTuple):
    """What error correction will come to, from zero values and with equal steps.

    Attributes
    ----------
    verdict
        Whether the task can be done, with proof.
    corrections
        No more than so many are made, if it can; else None.
    most_active
        A-units active for the stimulus that has most of them: max |a|^2.
    """

    verdict: Verdict
    corrections: int | None
    most_active: int

    def longest(self, corrections: int) -> float:
        """Give what the values' length cannot exceed after so many corrections, in steps.

        A correction lengthens the square by the active units at most, since the sum it corrects had
        the wrong sign: |v|^2 <= corrections x max |a|^2. If the task cannot be done, the cycling
        theorem promises more, a bound for good; but it gives no number of practical size.
        """
        return sqrt(corrections * self.most_active)

    def explain(self) -> str:
        """Say it in one sentence."""
        if self.verdict.separable:
            return f"at most {self.corrections} corrections, then no more errors"
        if self.verdict.separable is None:
            return "undecided; if there is an end to the errors, it is not known when"
        return "errors never end; values stay within bounds, and in a fixed order they come round"


class Course(NamedTuple):
    """How a run of :func:`correct_errors` went.

    Attributes
    ----------
    corrections
        int64, shape (sweeps made,).
    values
        int64, shape (A-units,), at the end.
    longest
        Greatest length the values had, in steps.
    cycle
        Sweep (from 0) before which the values first stood as they do at the end, and after how
        many sweeps they come back; None if the run ended without error or came to its last sweep.
    """

    corrections: Integers
    values: Integers
    longest: float
    cycle: tuple[int, int] | None


def margin(active: ArrayLike, desired: ArrayLike) -> Margin | None:
    """Find the values of widest margin, in whole numbers.

    Parameters
    ----------
    active, desired
        As in :func:`machines.mark1.theory.separable`.

    Returns
    -------
    Margin or None
        None if the task cannot be done, or nothing is asked, or it stays undecided.

    Raises
    ------
    Mistake
        As :func:`machines.mark1.theory.separable`.

    Notes
    -----
    The values are the point nearest to zero among all mixtures of the stimuli (each times its
    desired response), rounded to 40 binary digits. Width and bound are worked out from the whole
    numbers themselves: the width is one that is reached, and the bound holds, rounding or not.
    """
    on, want = task(active, desired)
    asked = np.flatnonzero(want)
    signed = on[asked] * want[asked, None].astype(np.int64)
    weights = nearest_mixture(signed) if len(asked) else None
    values = None if weights is None else whole_values(signed, weights @ signed, finest=True)
    if values is None and len(asked):
        values = separable(on, want).values
    if values is None:
        return None
    square = sum(v * v for v in values.tolist())
    smallest = int((signed @ values).min())
    return Margin(
        values, smallest / sqrt(square), _most_active(signed) * square // (smallest * smallest)
    )


def correction_bound(active: ArrayLike, desired: ArrayLike) -> int | None:
    """Give a number of corrections that is never exceeded (Novikoff).

    Parameters
    ----------
    active, desired
        As in :func:`machines.mark1.theory.separable`.

    Returns
    -------
    int or None
        max |a|^2 |v|^2 / (smallest sum)^2 for the values v of :func:`margin`, less a fraction
        (corrections are whole); 0 if nothing is asked; None if the task cannot be done or stays
        undecided.

    Raises
    ------
    Mistake
        As :func:`machines.mark1.theory.separable`.

    Notes
    -----
    Holds for any order of stimuli under these conditions: values start at 0, every correction moves
    the active units' values by one and the same step, a sum of 0 counts as wrong (else there are
    fewer corrections still), values meet no end stop, no dead zone, no noise, no decay.
    """
    _, want = task(active, desired)
    if not want.any():
        return 0
    found = margin(active, desired)
    return None if found is None else found.corrections


def what_to_expect(active: ArrayLike, desired: ArrayLike) -> Expectation:
    """Say what error correction will come to on this task.

    Parameters
    ----------
    active, desired
        As in :func:`machines.mark1.theory.separable`.

    Raises
    ------
    Mistake
        As :func:`machines.mark1.theory.separable`.
    """
    on, want = task(active, desired)
    verdict = separable(on, want)
    bound = correction_bound(on, want) if verdict.separable else None
    return Expectation(verdict, bound, _most_active(on[want != 0]))


def correct_errors(active: ArrayLike, desired: ArrayLike, sweeps: int) -> Course:
    """Run the plainest machine through the stimuli in their order, sweep after sweep.

    It ends with the first sweep without error, or when the values stand as before an earlier sweep.

    Parameters
    ----------
    active, desired
        As in :func:`machines.mark1.theory.separable`.
    sweeps
        At most so many.

    Raises
    ------
    Mistake
        As :func:`machines.mark1.theory.separable`, or if there are no sweeps.
    """
    if sweeps < 1:
        raise Mistake(f"{sweeps} sweeps: at least one is needed")
    on, want = task(active, desired)
    values = np.zeros(on.shape[1], np.int64)
    stood: dict[bytes, int] = {values.tobytes(): 0}
    corrections: list[int] = []
    longest, cycle = 0, None
    while len(corrections) < sweeps and cycle is None and corrections[-1:] != [0]:
        wrong = 0
        for row, way in zip(on, want.tolist(), strict=True):
            if way and way * int(row @ values) <= 0:
                values += way * row
                wrong += 1
                longest = max(longest, int(values @ values))
        corrections.append(wrong)
        before = stood.setdefault(values.tobytes(), len(corrections))
        if wrong and before < len(corrections):
            cycle = (before, len(corrections) - before)
    return Course(np.array(corrections, np.int64), values, sqrt(longest), cycle)


def _most_active(rows: Integers) -> int:
    return int((rows != 0).sum(axis=1).max(initial=0))
