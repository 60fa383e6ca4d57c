"""The ideal environment of 1958, as an experiment: teach stimuli without likeness, then ask.

Two responses have a source-set of N_e A-units each. There is no retina: every A-unit is active
for every stimulus with the chance P_a, independently of everything else, as Rosenblatt assumed to
work out what chance alone allows (Psychological Review 65 (1958), p. 396 ff.). n stimuli are taught
to each response by forced reinforcement, which concerns the active (under gamma also the inactive)
units of that response's source-set. Then values stay as they are and two stimuli are shown: one
drawn from those taught, and a new one to which a response is assigned at random.

One such perceptron with its stimuli is a *replica*. All four systems (alpha and gamma, read out by
means or by sums) are tried on the same replicas; they differ in what they make of the same
activity. :mod:`machines.mark1.theory` says what to expect.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from machines.mark1.experiments.ideal_environment_loop import DEPTH, teach
from machines.mark1.theory import check_experiment
from simulator import chance
from simulator.errors import Mistake

_PAGE, _ACTIVE, _SHOWN = (
    chance.stream(f"mark1.ideal-environment.{name}") for name in ("page", "active", "shown")
)
_BLOCK = 50
"""Replicas a thread takes at a time."""


class Score(NamedTuple):
    """How one system did; parts of all replicas."""

    taught: float
    """P_r: a taught stimulus got the right response; a tie counts one half."""
    new: float
    """P_g: the same for the new stimulus; by symmetry it can only come from 0.5."""
    ties: float
    """The two inputs were equal for the taught stimulus."""


class Outcome(NamedTuple):
    """What came out, system by system."""

    replicas: int
    alpha_mu: Score
    alpha_sigma: Score
    gamma_mu: Score
    gamma_sigma: Score


class Drawn(NamedTuple):
    """One replica's stimuli, as the A-units see them.

    Attributes
    ----------
    activity
        bool, shape (2 n + 1, 2, N_e): whether each A-unit of either source-set is active for each
        stimulus; first the n of response 0, then the n of response 1, then the new one.
    shown
        Which taught stimulus is shown after teaching.
    new_response
        0 or 1: the response assigned to the new stimulus.
    """

    activity: NDArray[np.bool_]
    shown: int
    new_response: int


def simulate(units: int, active: float, stimuli: int, replicas: int, seed: int) -> Outcome:
    """Teach and test so many perceptrons.

    The result is the same on any number of processors.

    Parameters
    ----------
    units
        N_e, A-units of each of the two source-sets.
    active
        P_a; kept to 32 binary digits.
    stimuli
        n, stimuli taught to each response.
    replicas
        How many perceptrons, each with stimuli of its own.
    seed
        Page of the random-number table.

    Returns
    -------
    Outcome
        Chances as counted. A tie counts one half: nothing in the machine prefers either response
        then, and the theory's normal curve counts it so, too.

    Raises
    ------
    Mistake
        If a count is not positive or P_a not between 0 and 1.
    """
    digits = _digits(units, active, stimuli)
    if replicas < 1:
        raise Mistake(f"{replicas} replicas: at least one is needed")
    streams = np.array([_PAGE, _ACTIVE, _SHOWN], np.uint64)
    page = np.uint64(seed & (1 << 64) - 1)

    def block(first: int) -> NDArray[np.int64]:
        score = np.zeros((2, 4, 2), np.int64)
        last = min(first + _BLOCK, replicas)
        teach(first, last, page, streams, units, np.uint64(digits << 32), stimuli, score)
        return score

    with ThreadPoolExecutor(os.cpu_count()) as threads:
        score = sum(threads.map(block, range(0, replicas, _BLOCK)), np.zeros((2, 4, 2), np.int64))
    scores = [
        Score(int(taught) / (2 * replicas), int(new) / (2 * replicas), int(ties) / replicas)
        for (taught, ties), (new, _) in zip(*score, strict=True)
    ]
    return Outcome(replicas, *scores)


def drawn(units: int, active: float, stimuli: int, replica: int, seed: int) -> Drawn:
    """Write out the activity that one replica of :func:`simulate` has, for looking at it.

    Parameters
    ----------
    units, active, stimuli, seed
        As in :func:`simulate`.
    replica
        Its number, from 0.

    Raises
    ------
    Mistake
        As :func:`simulate`.
    """
    digits = _digits(units, active, stimuli)
    page = chance.bits(seed, _PAGE, replica)
    words = (units + 63) // 64
    unit = np.arange(units)
    place = (np.arange(2 * (2 * stimuli + 1)) * words)[:, None] + unit // 64
    fraction = np.zeros(place.shape, np.uint64)
    for digit in range(DEPTH):
        entry = chance.bits_of(page, _ACTIVE, place * DEPTH + digit)
        own = (entry >> (unit % 64).astype(np.uint64)) & np.uint64(1)
        fraction = fraction * np.uint64(2) + own
    return Drawn(
        (fraction < np.uint64(digits)).reshape(2 * stimuli + 1, 2, units),
        chance.below(2 * stimuli, page, _SHOWN, 0),
        chance.below(2, page, _SHOWN, 1),
    )


def _digits(units: int, active: float, stimuli: int) -> int:
    """Give P_a in parts of 2**32."""
    check_experiment("alpha", "mu", units, active, stimuli)
    digits = round(active * (1 << DEPTH))
    if not 0 < digits < 1 << DEPTH:
        raise Mistake(f"P_a {active} is too near to 0 or 1 for a table of 32 binary digits")
    return digits
