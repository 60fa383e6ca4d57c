"""The ideal environment once more, with fewer short cuts than in 1958.

Equation 4 of 1958 puts the mean number of active A-units everywhere. But means of few values stray
more, and the sum over a source-set that happens to be more active is larger. Here the numbers N1
and N2 of active units in the right and in the other source-set are what they are, binomial, and the
chance of the right response is averaged over them. For gamma a second thing counts: the values of a
source-set always sum to zero, so the mean over a large part of them strays less than it would
otherwise. That is why gamma is a little *better* than alpha with mu, not equal to it as printed: by
1 / sqrt(1 - P_a) in Z.

What remains approximate: given N1 and N2 the difference of the two inputs is taken to be
normal. For alpha the sums are in truth binomial; for gamma a sum over a draw without
replacement. Inputs that are exactly equal count one half, which the normal curve does by itself.
Exact are the binomial numbers of active units, and the cases where a source-set is silent.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln, ndtr

Floats = NDArray[np.float64]

_NEGLIGIBLE = 1e-15


def refined_recognition(
    system: str, read_out: str, units: int, active: float, stimuli: int
) -> float:
    """Give P_r in the ideal environment, averaged over the numbers of active A-units.

    Parameters
    ----------
    system, read_out, units, active, stimuli
        As in :func:`machines.mark1.theory.recognition`, which checks them.

    Returns
    -------
    float
        0..1; a tie counts one half, and a source-set without an active unit puts in 0.

    Notes
    -----
    Let p = P_a, n = stimuli. An active unit of the right source-set has gained 1 from the test
    stimulus itself. From the n - 1 others of its response (in the other source-set: from n) it has

    * alpha: a binomial number, mean p a stimulus, variance p (1 - p), independent of the others;
    * gamma: mean 0, and mean square v = E[m / (1 - m)] a stimulus, where m is the part of the set
      that was active; of N such values out of N_e that sum to zero, the mean has variance
      (v / N) (N_e - N) / (N_e - 1), about p / N.

    So, given N1 and N2, with both above 0,

    * alpha-mu: Z = (1 - p) / sqrt(p (1 - p) ((n - 1) / N1 + n / N2));
    * alpha-sigma: Z = (N1 (1 + (n - 1) p) - N2 n p) / sqrt(p (1 - p) ((n - 1) N1 + n N2));
    * gamma-mu: Z = 1 / sqrt(v ((n - 1) f1 / N1 + n f2 / N2)) with f = (N_e - N) / (N_e - 1);
    * gamma-sigma: Z = N1 / sqrt(v ((n - 1) f1 N1 + n f2 N2)).
    """
    n, p = stimuli, active
    count, chance = _active_units(units, p)
    n1, n2 = count[:, None], count[None, :]
    if system == "alpha":
        right = _alpha(read_out, n1, n2, p, n)
    else:
        others = np.where(count < units, units - count, np.inf)  # nothing changes if all are active
        v = float(chance @ (count / others))
        right = _gamma(read_out, n1, n2, units, v, n)
    return float(chance @ right @ chance)


def _alpha(read_out: str, n1: Floats, n2: Floats, p: float, n: int) -> Floats:
    """Chance of the right response given N1 and N2; shape (N1, N2)."""
    some1, some2 = np.maximum(n1, 1), np.maximum(n2, 1)
    if read_out == "mu":
        bias = 1 - p + 0 * (n1 + n2)
        variance = p * (1 - p) * ((n - 1) / some1 + n / some2)
    else:
        bias = n1 * (1 + (n - 1) * p) - n2 * n * p
        variance = p * (1 - p) * ((n - 1) * some1 + n * some2)
    right: Floats = ndtr(bias / np.sqrt(variance))
    # values are never negative: against a silent set any active unit of the right set wins, and
    # without one a tie (all values of the other set still 0) is the best that can happen
    right = np.where(n2 == 0, 1.0, right)
    return np.where(n1 == 0, (1 - p) ** (n * n2) / 2, right)


def _gamma(read_out: str, n1: Floats, n2: Floats, units: int, v: float, n: int) -> Floats:
    """Chance of the right response given N1 and N2; shape (N1, N2)."""
    # a set active as a whole has the input 0, like a silent one
    rest = v / max(units - 1, 1)
    stray1, stray2 = rest * (n - 1) * (units - n1), rest * n * (units - n2)
    gained = (n1 > 0) & (n1 < units)
    if read_out == "mu":
        bias = gained * 1.0 + 0 * n2
        variance = stray1 / np.maximum(n1, 1) * (n1 > 0) + stray2 / np.maximum(n2, 1) * (n2 > 0)
    else:
        bias = gained * n1 + 0 * n2
        variance = stray1 * n1 + stray2 * n2
    certain = np.where(bias > 0, 1.0, 0.5)
    z = bias / np.sqrt(np.where(variance > 0, variance, 1))
    return np.where(variance > 0, ndtr(z), certain)


def _active_units(units: int, p: float) -> tuple[Floats, Floats]:
    """Give the numbers of active units worth counting and their binomial chances."""
    k = np.arange(units + 1, dtype=np.float64)
    log_ways = gammaln(units + 1) - gammaln(k + 1) - gammaln(units - k + 1)
    chance = np.exp(log_ways + k * np.log(p) + (units - k) * np.log1p(-p))
    worth = chance > _NEGLIGIBLE
    return k[worth], chance[worth]
