"""Finding the certificates of separability, and checking them in whole numbers.

Here a task is a matrix of one row a stimulus: +1 where an A-unit is active and the desired response
is "1", -1 where it is active and "0" is desired. Then *every* row wants a sum above 0. A search in
ordinary arithmetic comes near a certificate; this is then rounded or solved again so that it holds
exactly, and multiplied out before anyone sees it.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog, nnls

from .exact import balance

Integers = NDArray[np.int64]

_LIMIT = 2**62
_FEW = 64
_SCALES = (1, 2, 3, 5, 8, 12, *(2**k for k in range(4, 41, 4)))


def find(signed: Integers) -> tuple[Integers | None, NDArray[Any] | None]:
    """Find a certificate.

    Parameters
    ----------
    signed
        int64, shape (stimuli, A-units): -1, 0 and 1.

    Returns
    -------
    values
        int64, shape (A-units,), giving every row a sum above 0; or None.
    weights
        Shape (stimuli,), none negative, not all 0, with which the rows add up to 0; or None. int64,
        or object (Python's whole numbers) if too large for that.
    """
    if not len(signed):
        return np.zeros(signed.shape[1], np.int64), None
    if (plain := _plain_contradiction(signed)) is not None:
        return None, plain
    if len(signed) <= _FEW and (values := _few_values(signed)) is not None:
        return values, None
    mixture = nearest_mixture(signed)
    if mixture is not None:
        if (values := whole_values(signed, mixture @ signed)) is not None:
            return values, None
        if (weights := _whole_weights(signed, mixture)) is not None:
            return None, weights
    ones, sums = np.ones(len(signed)), np.append(np.zeros(signed.shape[1]), 1.0)
    balanced = linprog(0 * ones, A_eq=np.vstack([signed.T, ones]), b_eq=sums).x
    if balanced is not None and (weights := _whole_weights(signed, balanced)) is not None:
        return None, weights
    return _few_values(signed), None


def nearest_mixture(signed: Integers) -> NDArray[np.float64] | None:
    """Weigh the rows so that their mixture comes nearest to zero.

    If it stays away from zero, the mixture itself is a set of values that does the task, and the
    one of widest margin; if it reaches zero, the weights are a balance.

    Parameters
    ----------
    signed
        As in :func:`find`, with at least one row.

    Returns
    -------
    numpy.ndarray or None
        float64, shape (stimuli,), none negative, sum 1; None if the search gave up.
    """
    stimuli, units = signed.shape
    rows = np.vstack([signed.T, np.ones(stimuli)])
    try:
        weights, _ = nnls(rows, np.append(np.zeros(units), 1.0), maxiter=30 * stimuli)
    except RuntimeError:
        return None
    found: NDArray[np.float64] = weights / weights.sum()
    return found


def whole_values(
    signed: Integers, values: NDArray[np.float64], *, finest: bool = False
) -> Integers | None:
    """Round values to small whole numbers that do the task.

    Parameters
    ----------
    signed
        As in :func:`find`.
    values
        float64, shape (A-units,).
    finest
        Rather round as finely as can be.

    Returns
    -------
    numpy.ndarray or None
        int64, shape (A-units,); None if no rounding does the task.
    """
    largest = float(np.abs(values).max(initial=0))
    if not 0 < largest < np.inf:
        return None
    for scale in reversed(_SCALES) if finest else _SCALES:
        whole: Integers = np.rint(values * (scale / largest)).astype(np.int64)
        if does_it(signed, whole):
            return whole
    return None


def does_it(signed: Integers, values: Integers) -> bool:
    """Tell whether every row's sum is above 0, in whole numbers."""
    if values.shape != signed.shape[1:] or np.abs(values.astype(object)).sum() >= _LIMIT:
        return False
    return bool((signed @ values > 0).all())


def balances(signed: Integers, weights: NDArray[Any]) -> bool:
    """Tell whether the weights, none negative and not all 0, add the rows up to 0 exactly."""
    used = np.flatnonzero(weights)
    if not used.size or (weights[used] < 0).any():
        return False
    return not (weights[used].astype(object) @ signed[used].astype(object)).any()


def _few_values(signed: Integers) -> Integers | None:
    """Find values that do the task and leave most A-units at 0: easier to check by hand.

    Of all values that give every row a sum of at least 1, those whose sizes add up to least; no
    more of them differ from 0 than there are rows.
    """
    both = np.hstack([signed, -signed])  # a value is the difference of two that are not negative
    found = linprog(np.ones(both.shape[1]), A_ub=-both, b_ub=-np.ones(len(both))).x
    if found is None:
        return None
    units = signed.shape[1]
    return whole_values(signed, found[:units] - found[units:])


def _whole_weights(signed: Integers, weights: NDArray[np.float64]) -> NDArray[Any] | None:
    """Turn weights that nearly balance into whole numbers that do."""
    used = np.flatnonzero(weights > 1e-10 * weights.max())
    solved = balance(np.unique(signed[used].T, axis=0))
    if solved is None or min(solved) < 0:
        return None
    whole = np.zeros(len(signed), np.int64 if sum(solved) < _LIMIT else object)
    whole[used] = solved
    return whole if balances(signed, whole) else None


def _plain_contradiction(signed: Integers) -> Integers | None:
    """Find what anyone can see: a row of zeros, or two rows that are each other's opposite."""
    weights = np.zeros(len(signed), np.int64)
    seen: dict[bytes, int] = {}
    for k, row in enumerate(signed):
        twin = seen.get((-row).tobytes()) if row.any() else k
        if twin is not None:
            weights[[k, twin]] = 1
            return weights
        seen.setdefault(row.tobytes(), k)
    return None
