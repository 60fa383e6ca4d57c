"""Arithmetic in float64 that keeps a bound on what the 704's 27-bit fractions may differ from it.

A floating operation of the 704 cuts its exact result off after 27 places. A normal fraction is 1/2
or more, so that what is lost is less than 2**-27 / (1/2) = 2**-26 of the result (FAD, FMP, FDH).
Each operation here adds that to what its operands may be off already. The bounds need nothing from
the programs; the order of operations does not matter to them but by the sums of bounds.
"""

from __future__ import annotations

import numpy as np

UNIT = 2.0**-26
TINY = 1e-60
"""So that a bound is never zero; far below the smallest number of the 704, where results spill."""
SMALLEST = 2.0**-129
"""A result of a routine of the library that is less becomes zero."""


class Bounded:
    """Values, float64 of any shape, and how far the 704 may be away from each."""

    def __init__(self, value, off=0.0):
        self.value = np.asarray(value, float)
        self.off = np.broadcast_to(np.asarray(off, float), self.value.shape)

    def __getitem__(self, place):
        return Bounded(self.value[place], self.off[place])

    def __add__(self, other):
        other = of(other)
        value = self.value + other.value
        return _rounded(value, self.off + other.off)

    def __neg__(self):
        return Bounded(-self.value, self.off)

    def __sub__(self, other):
        return self + (-of(other))

    def __rsub__(self, other):
        return of(other) - self

    def __mul__(self, other):
        other = of(other)
        off = (
            abs(self.value) * other.off
            + abs(other.value) * self.off
            + self.off * other.off
        )  # fmt: skip
        return _rounded(self.value * other.value, off)

    __radd__, __rmul__ = __add__, __mul__

    def __truediv__(self, other):
        other = of(other)
        nearest = abs(other.value) - other.off
        assert (nearest > 0).all(), "a divisor that may be zero"
        value = self.value / other.value
        return _rounded(value, (self.off + abs(value) * other.off) / nearest)

    def total(self):
        """The sum over the last axis, by one FAD after the other, in any order."""
        most = np.abs(self.value).sum(-1) + self.off.sum(-1)  # no sum on the way is larger
        cut = self.value.shape[-1] * UNIT * most * 1.001
        return Bounded(self.value.sum(-1), self.off.sum(-1) + cut + TINY)

    def allows(self, words):
        """Whether numbers of the 704 are within the bounds."""
        return bool((np.abs(np.asarray(words) - self.value) <= self.off).all())

    def room(self, words):
        """How much of the bounds they use, the largest part."""
        return float((np.abs(np.asarray(words) - self.value) / (self.off + TINY)).max())


def of(number):
    """A number as bounded, exact if it is not bounded already."""
    return number if isinstance(number, Bounded) else Bounded(number)


def join(parts):
    """Some bounded numbers or arrays behind each other."""
    parts = [of(part) for part in parts]
    return Bounded(
        np.concatenate([np.atleast_1d(p.value) for p in parts]),
        np.concatenate([np.atleast_1d(p.off) for p in parts]),
    )


def logistic(x):
    """1/(1+exp(-x)); the routine is within 3 UNIT of the result (library, LOGIS)."""
    y = 1 / (1 + np.exp(-x.value))
    steepest = np.minimum(0.25, 1.001 * y * (1 - y) * np.exp(x.off))
    return Bounded(y, 3 * UNIT * y + steepest * x.off + SMALLEST)


def _rounded(value, off):
    return Bounded(value, off + UNIT * (np.abs(value) + off) + TINY)
