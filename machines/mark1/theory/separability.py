"""Can any values at all do this task? A verdict, and a proof of it that can be checked by hand.

An R-unit adds up the values of its active A-units and says "1" if the sum is above 0, "0" if it is
below. A task (these stimuli, these responses) is **separable** if some set of values gets every
stimulus right. Then error correction finds such values in the end; if not, no rule can.

Either answer comes with a certificate in whole numbers:

* *separable*: values that do it; add them up and see;
* *not separable*: a balance of stimuli, such as ``1 x S1 + 1 x S4 = 1 x S2 + 1 x S3 for every
  A-unit``. Whatever the values, the sums of S1 and S4 together then equal those of S2 and S3
  together, so it cannot be that the first two are above 0 and the last two below. (That one of the
  two certificates always exists is Gordan's theorem of 1873.)

The search is done in ordinary arithmetic, but a certificate is given out only after it has been
checked in whole numbers. If that fails, as it can where values must differ some
billionfold, the verdict is *undecided*.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from simulator.errors import Mistake

from .certificates import balances, does_it, find

Integers = NDArray[np.int64]

_LISTED = 40
"""Terms of a certificate that :meth:`Verdict.explain` writes out."""


class Verdict(NamedTuple):
    """Whether a task can be done, and the proof.

    Attributes
    ----------
    separable
        True, False, or None for undecided.
    values
        int64, shape (A-units,): with these every sum has the desired sign; or None.
    multipliers
        Shape (stimuli,), none negative, not all 0: with them the active A-units of the stimuli that
        ask for +1 and of those that ask for -1 balance exactly; or None. int64; if the numbers are
        too large for that, an object array of Python's whole numbers.
    desired
        int8, shape (stimuli,): the task.
    """

    separable: bool | None
    values: Integers | None
    multipliers: NDArray[Any] | None
    desired: NDArray[np.int8]

    def explain(
        self, names: Sequence[str] | None = None, units: Sequence[str] | None = None
    ) -> str:
        """Put the verdict and its proof into one sentence.

        Parameters
        ----------
        names
            One for each stimulus; S1, S2, ... if not given.
        units
            One for each A-unit; A1, A2, ... if not given.

        Raises
        ------
        Mistake
            If there are not as many names as stimuli, or as A-units.
        """
        names = [f"S{k + 1}" for k in range(len(self.desired))] if names is None else list(names)
        if len(names) != len(self.desired):
            raise Mistake(f"{len(self.desired)} stimuli need as many names, not {len(names)}")
        if self.values is not None:
            count = len(self.values)
            units = [f"A{k + 1}" for k in range(count)] if units is None else list(units)
            if len(units) != count:
                raise Mistake(f"{count} A-units need as many names, not {len(units)}")
            values = zip(units, self.values.tolist(), strict=True)
            terms = [f"{unit} {value:+d}" for unit, value in values if value]
            if not terms:
                return "separable: nothing is asked"
            return f"separable, with the values {_listed(terms, ', ')}, all others 0"
        if self.multipliers is None:
            return "undecided: no proof for either answer could be checked in whole numbers"
        sides: dict[int, list[str]] = {1: [], -1: []}
        weighed = zip(self.multipliers.tolist(), self.desired.tolist(), names, strict=True)
        for times, way, name in weighed:
            if times:
                sides[way].append(f"{times} x {name}")
        if not (sides[1] and sides[-1]):
            return f"not separable: {(sides[1] + sides[-1])[0][4:]} makes no A-unit active"
        left, right = (_listed(sides[way], " + ") or "0" for way in (1, -1))
        return f"not separable: {left} = {right} for every A-unit"


def separable(active: ArrayLike, desired: ArrayLike) -> Verdict:
    """Decide whether one R-unit can give every stimulus the response desired.

    Parameters
    ----------
    active
        bool or uint8, shape (stimuli, A-units): which A-units of the R-unit are active for each
        stimulus.
    desired
        Shape (stimuli,): +1 for "1", -1 for "0", 0 where nothing is asked.

    Returns
    -------
    Verdict
        With its certificate.

    Raises
    ------
    Mistake
        If the shapes do not fit or another number occurs.
    """
    on, want = task(active, desired)
    asked = np.flatnonzero(want)
    signed = on[asked] * want[asked, None].astype(np.int64)  # every row wants a sum above 0
    values, weights = find(signed)
    if weights is not None:
        multipliers = np.zeros(len(want), weights.dtype)
        multipliers[asked] = weights
        return Verdict(False, None, multipliers, want)
    return Verdict(None if values is None else True, values, None, want)


def separable_by_response(
    active: ArrayLike, desired: ArrayLike, pot_a: ArrayLike, pot_r: ArrayLike
) -> tuple[Verdict, ...]:
    """Decide for every R-unit of a machine, each with the A-units it has potentiometers of.

    Parameters
    ----------
    active
        As in :func:`separable`, for all A-units.
    desired
        Shape (stimuli, R-units).
    pot_a, pot_r
        Shape (potentiometers,): index of the A-unit and of the R-unit of each, as the plugboard has
        them.

    Returns
    -------
    tuple of Verdict
        One for each R-unit; its ``values`` are those of the R-unit's potentiometers in their order.

    Raises
    ------
    Mistake
        As :func:`separable`, or if a potentiometer has no such unit.
    """
    on, want = np.asarray(active), np.asarray(desired)
    a_unit, r_unit = np.asarray(pot_a, dtype=np.int64), np.asarray(pot_r, dtype=np.int64)
    if on.ndim != 2 or want.ndim != 2 or a_unit.shape != r_unit.shape:
        raise Mistake("activity is (stimuli, A-units), desired (stimuli, R-units), pots are pairs")
    for name, unit, count in (("A", a_unit, on.shape[1]), ("R", r_unit, want.shape[1])):
        if unit.size and not 0 <= int(unit.min()) <= int(unit.max()) < count:
            raise Mistake(f"a potentiometer belongs to an {name}-unit beyond the {count} there are")
    return tuple(separable(on[:, a_unit[r_unit == r]], want[:, r]) for r in range(want.shape[1]))


def holds(verdict: Verdict, active: ArrayLike, desired: ArrayLike) -> bool:
    """Check a verdict's certificate in whole numbers; an undecided one holds nothing.

    Parameters
    ----------
    verdict
        To be checked.
    active, desired
        The task, as in :func:`separable`.
    """
    on, want = task(active, desired)
    asked = np.flatnonzero(want)
    signed = on[asked] * want[asked, None].astype(np.int64)
    if verdict.separable is True and verdict.values is not None:
        return does_it(signed, verdict.values)
    if verdict.separable is False and verdict.multipliers is not None:
        weights = verdict.multipliers
        return weights.shape == want.shape and balances(signed, weights[asked])
    return False


def task(active: ArrayLike, desired: ArrayLike) -> tuple[Integers, NDArray[np.int8]]:
    """Refuse what is no task; give activity as int64 0 and 1, and the desired responses as int8."""
    on, want = np.asarray(active), np.asarray(desired)
    if on.ndim != 2 or want.shape != on.shape[:1]:
        raise Mistake(
            f"activity must be (stimuli, A-units) and desired (stimuli,), "
            f"not {on.shape} and {want.shape}"
        )
    if not (np.isin(on, (0, 1)).all() and np.isin(want, (-1, 0, 1)).all()):
        raise Mistake("an A-unit is active (1) or not (0); desired is 1, -1, or 0 where not asked")
    return on.astype(np.int64), want.astype(np.int8)


def _listed(terms: list[str], joint: str) -> str:
    rest = [f"({len(terms) - _LISTED} more)"] if len(terms) > _LISTED else []
    return joint.join(terms[:_LISTED] + rest)
