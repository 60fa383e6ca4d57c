"""Temporal propositional expressions: what a net can say about the past of its afferents.

McCulloch and Pitts (1943) write N1(t-2) for "cell 1 fired two synaptic delays ago" and S for the
functor that shifts a sentence one delay into the past. This module holds the sentences themselves
as trees, and their meaning: :func:`values` says by the definition, without any net, when a
sentence is true. Besides "and", "or", "not" and S there are the three operators of Theorem X, in
which a net with circles remembers: "ever", "always so far" and "every n-th tick".

Before t = 0 every afferent is silent. There "ever" is false and "always so far" is true, since
there was nothing yet; the ticks "every" counts go back without end.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Bools = NDArray[np.bool_]
LONGEST_DELAY = 10_000
"""No sentence looks back further, in synaptic delays."""


@dataclass(frozen=True)
class Constant:
    """A sentence true always or never."""

    value: bool
    at: int = field(default=0, compare=False)


@dataclass(frozen=True)
class Fibre:
    """The fibre of that name fires now."""

    name: str
    at: int = field(default=0, compare=False)


@dataclass(frozen=True)
class Past:
    """The part held that many synaptic delays ago: the functor S, so many times."""

    part: Expression
    ticks: int = 1
    at: int = field(default=0, compare=False)


@dataclass(frozen=True)
class Not:
    """The part does not hold."""

    part: Expression
    at: int = field(default=0, compare=False)


@dataclass(frozen=True)
class And:
    """All parts hold."""

    parts: tuple[Expression, ...]
    at: int = field(default=0, compare=False)


@dataclass(frozen=True)
class Or:
    """One part holds, or several."""

    parts: tuple[Expression, ...]
    at: int = field(default=0, compare=False)


@dataclass(frozen=True)
class Xor:
    """One of the two holds, and not both."""

    left: Expression
    right: Expression
    at: int = field(default=0, compare=False)


@dataclass(frozen=True)
class Ever:
    """The part held at some time from 0 until now: (Ex)t."""

    part: Expression
    at: int = field(default=0, compare=False)


@dataclass(frozen=True)
class Always:
    """The part held at every time from 0 until now: (x)t."""

    part: Expression
    at: int = field(default=0, compare=False)


@dataclass(frozen=True)
class Every:
    """The time leaves the rest ``phase`` when divided by n."""

    n: int
    phase: int = 0
    at: int = field(default=0, compare=False)


Expression = Constant | Fibre | Past | Not | And | Or | Xor | Ever | Always | Every

SILENT = Constant(False)


def parts(expression: Expression) -> tuple[Expression, ...]:
    """Return what an expression is put together from."""
    match expression:
        case Past() | Not() | Ever() | Always():
            return (expression.part,)
        case And() | Or():
            return expression.parts
        case Xor():
            return (expression.left, expression.right)
        case _:
            return ()


def walk(expression: Expression) -> Iterator[Expression]:
    """Visit an expression and everything in it, from left to right."""
    left = [expression]
    while left:
        one = left.pop()
        yield one
        left.extend(reversed(parts(one)))


def fibres(expression: Expression) -> tuple[str, ...]:
    """Return the names of the afferents an expression speaks of, in reading order."""
    return tuple(dict.fromkeys(one.name for one in walk(expression) if isinstance(one, Fibre)))


def remembers(expression: Expression) -> bool:
    """Tell whether an expression needs a circle: one of the operators of Theorem X."""
    return any(isinstance(one, Ever | Always | Every) for one in walk(expression))


def reach(expression: Expression) -> int:
    """Return how many delays an expression looks back, its circles not counted."""
    inner = max((reach(part) for part in parts(expression)), default=0)
    return inner + (expression.ticks if isinstance(expression, Past) else 0)


def past(expression: Expression, ticks: int) -> Expression:
    """Shift an expression into the past; two shifts become one, and none leaves it as it is."""
    if not ticks or isinstance(expression, Constant):
        return expression
    if isinstance(expression, Past):
        return past(expression.part, expression.ticks + ticks)
    if isinstance(expression, Every):
        return Every(expression.n, (expression.phase + ticks) % expression.n, expression.at)
    return Past(expression, ticks, expression.at)


def values(
    expression: Expression, stimulus: Mapping[str, Bools], ticks: int, before: int = 0
) -> Bools:
    """Say when an expression holds, by its definition.

    Parameters
    ----------
    expression
        Any expression.
    stimulus
        For each afferent a bool array of shape (>= ticks,): when it fires; before 0 it is silent.
    ticks
        How many ticks from t = 0.
    before
        How many ticks before t = 0 are wanted as well.

    Returns
    -------
    numpy.ndarray
        bool, shape (before + ticks,): whether it holds at t = -before ... ticks - 1.
    """
    match expression:
        case Constant(value):
            return np.full(before + ticks, value)
        case Fibre(name):
            return np.concatenate(
                [np.zeros(before, bool), np.asarray(stimulus[name][:ticks], bool)]
            )
        case Past(part, shift):
            return values(part, stimulus, ticks, before + shift)[: before + ticks]
        case Not(part):
            return ~values(part, stimulus, ticks, before)
        case And(several):
            every_part = np.ones(before + ticks, bool)
            for part in several:
                every_part &= values(part, stimulus, ticks, before)
            return every_part
        case Or(several):
            some_part = np.zeros(before + ticks, bool)
            for part in several:
                some_part |= values(part, stimulus, ticks, before)
            return some_part
        case Xor(left, right):
            return values(left, stimulus, ticks, before) ^ values(right, stimulus, ticks, before)
        case Ever(part):
            held = np.logical_or.accumulate(values(part, stimulus, ticks))
            return np.concatenate([np.zeros(before, bool), held])
        case Always(part):
            held = np.logical_and.accumulate(values(part, stimulus, ticks))
            return np.concatenate([np.ones(before, bool), held])
        case Every(n, phase):
            on: Bools = (np.arange(-before, ticks) - phase) % n == 0
            return on


def fires_in_silence(expression: Expression) -> bool:
    """Tell whether an expression is true where all it is put together from is false.

    The last row of its truth table, in the words of Theorem III; the operators of Theorem X are
    taken as the cells that realize them. Such an expression would have a cell fire unexcited.
    """
    match expression:
        case Constant(value):
            return value
        case Not(part):
            return not fires_in_silence(part)
        case And(several):
            return all(fires_in_silence(part) for part in several)
        case Or(several):
            return any(fires_in_silence(part) for part in several)
        case Xor(left, right):
            return fires_in_silence(left) != fires_in_silence(right)
        case Past(part) | Ever(part) | Always(part):
            return fires_in_silence(part)
        case Fibre() | Every():
            return False


def why_in_silence(expression: Expression) -> Expression:
    """Find the innermost part to blame for it that an expression fires out of silence."""
    match expression:
        case And(several) | Or(several):
            return why_in_silence(next(part for part in several if fires_in_silence(part)))
        case Past(part) | Ever(part) | Always(part):
            return why_in_silence(part)
        case Xor(left, right):
            return why_in_silence(left if fires_in_silence(left) else right)
        case _:
            return expression
