"""Compiled code, its parts: what both the event loop and the short cut are made of.

The random-number table, the rules of reinforcement and the order of a series, exactly as the
readable modules have them (``simulator/chance.py``, ``rules.py``, ``control.py``).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from .control import ORDER
from .rules import RULES, Decides, Dominance, System

_OPTIONS: dict[str, Any] = {"_nrt": False, "forceinline": True}
pure: Any = njit(**_OPTIONS)
"""For functions that make and keep no arrays: compiled without counting references to them.

Counting is what most of their time would go into otherwise.
"""

NEVER = -1
NOBODY, EXPERIMENTER, MACHINE, ERROR, CHANCE, REWARD = (int(who) for who in Decides)
ALPHA, BETA, GAMMA = (int(system) for system in System)
EACH, MU, SIGMA = (int(dominance) for dominance in Dominance)
DECIDES = np.array([rule.decides for rule in RULES], np.int64)
SYSTEM = np.array([rule.system for rule in RULES], np.int64)
UNTIL_TURNED = np.array([rule.until_turned for rule in RULES], np.bool_)
MONOPOLAR = np.array([rule.monopolar for rule in RULES], np.bool_)


# the random-number table


@pure
def mix(z):  # type: ignore[no-untyped-def]
    """Scramble 64 bits (splitmix64)."""
    z = z + np.uint64(0x9E3779B97F4A7C15)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


@pure
def bits(seed, stream, index):  # type: ignore[no-untyped-def]
    """Look up one entry of the random-number table."""
    return mix(mix(mix(np.uint64(seed)) ^ np.uint64(stream)) ^ np.uint64(index))


@pure
def below(n, seed, stream, index):  # type: ignore[no-untyped-def]
    """Look up a whole number in ``0 .. n-1``."""
    upper = bits(seed, stream, index) >> np.uint64(32)
    return np.int64((upper * np.uint64(n)) >> np.uint64(32))


@pure
def spread(limit, seed, stream, index):  # type: ignore[no-untyped-def]
    """Look up a whole number in ``-limit .. +limit``."""
    if limit == 0:
        return np.int64(0)
    return below(2 * limit + 1, seed, stream, index) - limit


@pure
def shuffle(order, seed, stream, sweep):  # type: ignore[no-untyped-def]
    """Give a random order of ``0 .. n-1``."""
    column = bits(seed, stream, sweep)
    for i in range(len(order)):
        order[i] = i
    for last in range(len(order) - 1, 0, -1):
        other = below(last + 1, column, 0, last)
        order[last], order[other] = order[other], order[last]


# the rules


@pure
def way(rule, response, desired, all_right, coin):  # type: ignore[no-untyped-def]
    """Tell which way an R-unit is driven (``rules.way``)."""
    decides = DECIDES[rule]
    chosen = np.int8(0)
    if decides == EXPERIMENTER:
        chosen = desired
    elif decides == MACHINE:
        chosen = response
    elif decides == ERROR:
        if response != desired:
            chosen = desired
    elif decides == CHANCE:
        if desired != 0 and desired != response:
            chosen = np.int8(coin)
    elif decides == REWARD and desired != 0:
        shown = response if response != 0 else np.int8(-1)
        chosen = shown if all_right else np.int8(-shown)
    if MONOPOLAR[rule] and chosen < 0:
        chosen = np.int8(0)
    return chosen


@pure
def praised(on, desired):  # type: ignore[no-untyped-def]
    """Tell whether the answer was right, an undecided R-unit counting as off."""
    for r in range(len(on)):
        if desired[r] != 0 and desired[r] != (on[r] if on[r] != 0 else -1):
            return False
    return True


@pure
def gains(rule, drive, any_driven, active, units, feed):  # type: ignore[no-untyped-def]
    """Tell how fast an R-unit's motors run, in ppm of their own speed (``rules.gains``)."""
    system = SYSTEM[rule]
    if system == BETA and any_driven:
        if drive == 0:
            share = feed * 1_000_000 // max(units, 1)
            return share, share
        return drive * (feed * 1_000_000 // max(active, 1)), np.int64(0)
    if drive == 0:
        return np.int64(0), np.int64(0)
    own = np.int64(drive) * 1_000_000
    if system == GAMMA:
        if active == units:
            return np.int64(0), np.int64(0)
        return own, -np.int64(drive) * (active * 1_000_000 // (units - active))
    return own, np.int64(0)


@pure
def speed_asked(rate, gain):  # type: ignore[no-untyped-def]
    """Give a motor's signed speed, udeg per ms."""
    return rate * gain // 1_000_000 if gain >= 0 else -(rate * -gain // 1_000_000)


@pure
def faded(angle, ppm):  # type: ignore[no-untyped-def]
    """Give what is left of a value after an exposure."""
    return angle - angle * ppm // 1_000_000 if angle >= 0 else angle + -angle * ppm // 1_000_000


# the series


@pure
def begin_sweep(order, at, sweep, wrong, seed):  # type: ignore[no-untyped-def]
    """Begin a sweep: draw its order, start counting."""
    shuffle(order, seed[0], ORDER, sweep[0])
    wrong[sweep[0]] = 0
    at[0] = 0


@pure
def advance(order, at, sweep, wrong, seed, until_errorless):  # type: ignore[no-untyped-def]
    """Go on to the next place of the series; False if the series is over."""
    at[0] += 1
    if at[0] == len(order):
        last = sweep[0] + 1 == len(wrong)
        if last or (wrong[sweep[0]] == 0 and until_errorless[0] != 0):
            return False
        sweep[0] += 1
        begin_sweep(order, at, sweep, wrong, seed)
    return True


@pure
def compare(desired, r_on, answer, stimulus, sweep_wrong, sweep, trials, all_wrong):  # type: ignore[no-untyped-def]
    """Write the answer down and count it; tell whether all of it was right."""
    right = True
    for r in range(len(r_on)):
        answer[stimulus, r] = r_on[r]
        right = right and (desired[r] == 0 or desired[r] == r_on[r])
    if not right:
        sweep_wrong[sweep] += 1
        all_wrong[0] += 1
    trials[0] += 1
    return right
