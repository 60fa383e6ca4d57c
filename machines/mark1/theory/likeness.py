"""The G-matrix: how much teaching one stimulus helps or harms the answer to another.

Suppose stimulus k is reinforced by one step. The sum that an R-unit then forms for stimulus j
changes by g_jk: under the alpha system by one step for every A-unit active for both. The matrix of
all these numbers says of a machine and its stimuli all that matters for learning (Rosenblatt,
*Principles of Neurodynamics*, 1962; quoted, not read). Values learned from zero are made of such
steps, so a task can be done if and only if there are numbers of steps z, none negative, one for
each stimulus in its desired direction, with D G D z > 0 in every place, where D has the desired
responses, +1 and -1, on its diagonal.
"""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from simulator.errors import Mistake

from .separability import task


def g_matrix(active: ArrayLike, system: Literal["alpha", "gamma"] = "alpha") -> NDArray[Any]:
    """Give the G-matrix of some stimuli.

    Parameters
    ----------
    active
        bool or uint8, shape (stimuli, A-units): which A-units of the R-unit are active for each.
    system
        ``"alpha"``: active units change by one step. ``"gamma"``: they change by one step, and all
        units of the R-unit, active or not, by so much back that the sum of all values stays as it
        was.

    Returns
    -------
    numpy.ndarray
        Shape (stimuli, stimuli), symmetric. alpha: int64, A-units active for both. gamma: float64,
        that less n_j n_k / N, where n are the active units of each and N all A-units.

    Raises
    ------
    Mistake
        If the activity has another shape or other numbers, or no such system is known.
    """
    on, _ = task(active, np.zeros(len(np.atleast_1d(active)), np.int8))
    both: NDArray[Any] = on @ on.T
    if system == "alpha":
        return both
    if system != "gamma":
        raise Mistake(f'the G-matrix is that of "alpha" or "gamma", not {system!r}')
    count = on.sum(axis=1)
    both = both - np.outer(count, count) / max(on.shape[1], 1)
    return both
