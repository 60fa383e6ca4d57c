"""What many runs say together: their mean, how far they spread, and how many they were."""

from __future__ import annotations

from collections.abc import Iterable
from math import erf, sqrt
from typing import NamedTuple

from simulator.errors import Mistake


class Spread(NamedTuple):
    """The mean of some numbers and how they spread about it.

    Attributes
    ----------
    mean
        Their mean.
    deviation
        Their standard deviation (of a sample, divided by n - 1); 0 for a single number.
    runs
        How many they were.
    """

    mean: float
    deviation: float
    runs: int

    @property
    def error(self) -> float:
        """The standard error of the mean."""
        return self.deviation / sqrt(self.runs)


def spread(numbers: Iterable[float]) -> Spread:
    """Give the mean and the spread of some numbers.

    Raises
    ------
    Mistake
        If there are none.
    """
    values = [float(number) for number in numbers]
    if not values:
        raise Mistake("no run, no mean: there must be at least one")
    mean = sum(values) / len(values)
    squares = sum((value - mean) ** 2 for value in values)
    return Spread(mean, sqrt(squares / max(1, len(values) - 1)), len(values))


def standard_normal(deviate: float) -> float:
    """Give the chance that a normal number lies below so many standard deviations."""
    return 0.5 * (1 + erf(deviate / sqrt(2)))
