"""How many A-units a stimulus makes active, and how alike two stimuli look to them.

Rosenblatt's analysis of 1957 and 1958 treats a stimulus as a set of lit points and an A-unit as a
random draw of x excitatory and y inhibitory origin points. Two numbers carry most of it:

* **P_a**, the chance that an A-unit is active for a stimulus that lights a part R of the retina;
* **P_c**, the chance that an A-unit active for one stimulus is active for another one too.

The finite forms draw without replacement, as a plugboard of 400 points does; the infinite ones take
every origin point by itself, as the papers do for their figures.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from itertools import product
from math import comb, prod

import numpy as np
from numpy.typing import NDArray

from simulator.errors import Mistake


def active_chance(x: int, y: int, theta: int, lit: float) -> float:
    """Give P_a on an infinite retina.

    Parameters
    ----------
    x, y
        Excitatory and inhibitory origin points of an A-unit.
    theta
        Threshold.
    lit
        R, the lit part of the retina, 0..1.

    Raises
    ------
    Mistake
        If ``lit`` is no fraction or a count is negative.

    Notes
    -----
    Rosenblatt, Psychological Review 65 (1958): the sum over e - i >= theta of
    C(x,e) R^e (1-R)^(x-e) C(y,i) R^i (1-R)^(y-i).
    """
    _check(x, y, lit=lit)
    return float(np.outer(_binomial(x, lit), _binomial(y, lit))[_reaches(x, y, theta)].sum())


def active_chance_finite(x: int, y: int, theta: int, lit_points: int, points: int) -> float:
    """Give P_a on a retina of ``points`` points of which ``lit_points`` are lit.

    Raises
    ------
    Mistake
        If the counts are negative or contradict one another.

    Notes
    -----
    Rosenblatt, CAL Report 85-460-1 (1957), equation 1: origin points are different points, so the
    draw is hypergeometric.
    """
    _check(x, y)
    if not 0 <= lit_points <= points or x + y > points:
        raise Mistake(f"{lit_points} lit of {points} points, {x} + {y} origin points: impossible")
    dark = points - lit_points
    ways = sum(
        comb(x, e) * comb(y, i) * comb(points - x - y, lit_points - e - i)
        for e in range(x + 1)
        for i in range(y + 1)
        if e - i >= theta and 0 <= lit_points - e - i <= points - x - y
    )
    return ways / comb(points, dark)


def common_chance(x: int, y: int, theta: int, lit: float, overlap: float) -> float:
    """Give P_c on an infinite retina, for two stimuli of equal area.

    Parameters
    ----------
    x, y, theta
        As in :func:`active_chance`.
    lit
        R, the lit part of the retina under either stimulus, above 0 and below 1.
    overlap
        C, the part of either stimulus's points that both light, 0..1.

    Returns
    -------
    float
        Of the A-units active for the first stimulus, the fraction active for the second; 0 if
        none are.

    Raises
    ------
    Mistake
        If a fraction is none, or so little of the retina is dark that the areas cannot differ so.

    Notes
    -----
    Rosenblatt 1958: an active unit loses each lit point with L = 1 - C and gains each dark one with
    G = R (1 - C) / (1 - R).
    """
    _check(x, y, lit=lit, overlap=overlap)
    lost = 1 - overlap
    gained = lit * lost / (1 - lit) if lit < 1 else 0.0
    if gained > 1:
        raise Mistake(f"two stimuli of area {lit} overlap by more than {overlap}")
    first = np.outer(_binomial(x, lit), _binomial(y, lit)) * _reaches(x, y, theta)
    both = 0.0
    for e, i in np.argwhere(first):
        kept_or_gained = np.convolve(_binomial(e, 1 - lost), _binomial(x - e, gained))
        hindering = np.convolve(_binomial(i, 1 - lost), _binomial(y - i, gained))
        second = np.outer(kept_or_gained, hindering)[_reaches(x, y, theta)].sum()
        both += first[e, i] * second
    return float(both / first.sum()) if first.any() else 0.0


def common_chance_finite(
    x: int, y: int, theta: int, lit_points: int, other_points: int, common_points: int, points: int
) -> float:
    """Give P_c on a retina of so many points, for two stimuli of any areas.

    Parameters
    ----------
    x, y, theta
        As in :func:`active_chance`.
    lit_points, other_points
        Points the first and the second stimulus light.
    common_points
        Points both light.
    points
        Points of the retina.

    Returns
    -------
    float
        Of the A-units active for the first stimulus, the fraction active for the second; 0 if
        none are.

    Raises
    ------
    Mistake
        If the counts are negative or contradict one another.

    Notes
    -----
    The retina falls into four regions: lit by both stimuli, by the first alone, by the second
    alone, by neither. An A-unit's x excitatory origin points are x different points of them, its y
    inhibitory ones y different points of what is left; every such choice is equally likely. The
    ways are counted in whole numbers. The sum has C(x+3, 3) C(y+3, 3) terms: a blink for 10 + 10
    origin points, a minute for 30 + 30.
    """
    _check(x, y)
    regions = (
        common_points,
        lit_points - common_points,
        other_points - common_points,
        points - lit_points - other_points + common_points,
    )
    if min(regions) < 0 or x + y > points:
        raise Mistake(
            f"stimuli of {lit_points} and {other_points} points with {common_points} in common, "
            f"{x} + {y} origin points, on {points} points: impossible"
        )
    choose = lru_cache(maxsize=None)(comb)
    first = both = 0
    for excitatory in _shared_out(x, regions):
        left = tuple(region - taken for region, taken in zip(regions, excitatory, strict=True))
        e_ways = _ways(choose, regions, excitatory)
        for inhibitory in _shared_out(y, left):
            gain = [e - i for e, i in zip(excitatory, inhibitory, strict=True)]
            if gain[0] + gain[1] >= theta:
                ways = e_ways * _ways(choose, left, inhibitory)
                first += ways
                if gain[0] + gain[2] >= theta:
                    both += ways
    return both / first if first else 0.0


def share_of_units(active: float, connected: float, stimuli: int, responses: int) -> float:
    """Give the part of the A-units that answer certain stimuli and feed certain R-units.

    Parameters
    ----------
    active
        P_a, the same for every stimulus.
    connected
        The chance that an A-unit feeds an R-unit (omega of 1958).
    stimuli
        How many stimuli the A-units must all be active for.
    responses
        How many R-units they must all feed.

    Raises
    ------
    Mistake
        If a fraction is none or a count is negative.

    Notes
    -----
    CAL Report 85-460-1 (1957) writes A_12.r for the units active for stimuli 1 and 2 that feed
    R-unit r, and so on. Stimuli and R-units are taken to be independent of one another.
    """
    _check(0, 0, active=active, connected=connected)
    if stimuli < 0 or responses < 0:
        raise Mistake(f"{stimuli} stimuli, {responses} R-units: counts are not negative")
    return float(active**stimuli * connected**responses)


def _check(x: int, y: int, **fractions: float) -> None:
    if x < 0 or y < 0:
        raise Mistake(f"an A-unit has {x} + {y} origin points? counts are not negative")
    for name, value in fractions.items():
        if not 0 <= value <= 1:
            raise Mistake(f"{name} must lie between 0 and 1, not {value}")


def _shared_out(count: int, regions: Sequence[int]) -> Iterator[tuple[int, ...]]:
    """Give every way to take ``count`` points from four regions, as counts by region."""
    for some in product(*(range(min(count, region) + 1) for region in regions[:3])):
        rest = count - sum(some)
        if 0 <= rest <= regions[3]:
            yield (*some, rest)


def _ways(choose: Callable[[int, int], int], regions: Sequence[int], taken: Sequence[int]) -> int:
    return prod(choose(region, some) for region, some in zip(regions, taken, strict=True))


def _binomial(n: int, p: float) -> NDArray[np.float64]:
    """Chances of 0 .. n successes, shape (n + 1,)."""
    k = np.arange(n + 1)
    ways = np.array([comb(int(n), int(i)) for i in k], dtype=np.float64)
    chances: NDArray[np.float64] = ways * p**k * (1 - p) ** (n - k)
    return chances


def _reaches(x: int, y: int, theta: int) -> NDArray[np.bool_]:
    """Where e - i >= theta; bool, shape (x + 1, y + 1)."""
    reaches: NDArray[np.bool_] = np.arange(x + 1)[:, None] - np.arange(y + 1)[None, :] >= theta
    return reaches
