"""Following two machines through all inputs at once: agreement decided, or the shortest difference.

A net has finitely many states, and so has a sentence about the past that is checked while time
goes on. Start both, give both every possible input, and note every pair of states they reach: if
no pair ever shows different answers, they agree for ever, on every input there is. Otherwise the
way back to the start is the shortest stimulus that tells them apart.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from simulator.errors import Mistake

from .calculus import (
    Always,
    And,
    Constant,
    Ever,
    Every,
    Expression,
    Fibre,
    Not,
    Or,
    Past,
    Xor,
    values,
)
from .calculus import parts as parts_of
from .calculus_print import tidy
from .net import Net

MOST_TRANSITIONS = 400_000
"""No more steps than this are followed, if nothing else is asked for."""
MOST_WORK = 3_000_000
"""Nor, all together, more cells than this (assumed: some seconds)."""
_FIRST_STEPS, _FIRST_WORK = 2_000, 10_000_000
"""But in any case so many steps, or in a very large net so many cells."""

_FEWEST_STATES = 32
"""Where not even so many states could be followed, it is not begun."""

State = Hashable
Row = int
"""The afferents at one tick: bit i is the i-th of those followed."""


@dataclass(frozen=True)
class Follower:
    """A machine as a start and a step: ``step(state, row)`` gives the answer now and what follows.

    The answer is a whole number, one bit an output.
    """

    start: State
    step: Callable[[Any, Row], tuple[int, State]]
    size: int = 1
    """How many cells, or parts of a sentence, a step goes through."""


class Difference(NamedTuple):
    """Where two machines first differ: the stimulus, one row a tick, and both answers then."""

    stimulus: tuple[Row, ...]
    left: int
    right: int


class Agreement(NamedTuple):
    """What following found: a difference, or None after so many pairs of states and steps."""

    difference: Difference | None
    states: int
    transitions: int


class TooLarge(Mistake):
    """There are more states than are followed."""


def first_difference(
    left: Follower,
    right: Follower,
    rows: Sequence[Row],
    lag: int = 0,
    most: int | None = None,
) -> Agreement:
    """Decide whether ``left(t) == right(t + lag)`` at every t from 0, whatever the input.

    Parameters
    ----------
    left, right
        The machines.
    rows
        The rows of afferents that can occur at a tick.
    lag
        How many ticks, 0 or more, the right machine answers later.
    most
        How many steps are followed; if left out, what takes some seconds.

    Raises
    ------
    TooLarge
        If that was not enough to decide.
    """
    most = steps_for(left.size + right.size + lag) if most is None else most
    nothing: tuple[int | None, ...] = (None,) * lag
    if len(rows) > most // _FEWEST_STATES:
        raise TooLarge(
            f"{len(rows)} different rows of afferents at each tick are too many to follow; give "
            "fewer afferents, split the net, or allow more steps"
        )
    origin: tuple[Any, Any, tuple[int | None, ...]] = (left.start, right.start, nothing)
    reached: dict[Hashable, tuple[Any, Row] | None] = {origin: None}
    waiting = deque([origin])
    steps = 0
    while waiting:
        here = waiting.popleft()
        left_state, right_state, due = here
        for row in rows:
            steps += 1
            if steps > most:
                raise TooLarge(
                    f"undecided after {most} steps through {len(reached)} pairs of states; give "
                    "fewer afferents, split the net, or allow more steps"
                )
            shown, left_next = left.step(left_state, row)
            seen, right_next = right.step(right_state, row)
            queue = (*due, shown)
            if queue[0] is not None and queue[0] != seen:
                way = [row]
                back = reached[here]
                while back is not None:
                    way.append(back[1])
                    back = reached[back[0]]
                return Agreement(
                    Difference(tuple(reversed(way)), queue[0], seen), len(reached), steps
                )
            following = (left_next, right_next, queue[1:])
            if following not in reached:
                reached[following] = (here, row)
                waiting.append(following)
    return Agreement(None, len(reached), steps)


def every_row(afferents: int) -> range:
    """Return all rows so many afferents can carry.

    Raises
    ------
    TooLarge
        If there are more than 2^16.
    """
    if afferents > 16:
        raise TooLarge(
            f"{afferents} afferents carry 2^{afferents} different rows at each tick, too many to "
            "follow; give fewer afferents, or split the net"
        )
    return range(1 << afferents)


def steps_for(size: int) -> int:
    """Tell how many steps of machines of that size are followed if nothing else is asked for."""
    first = min(_FIRST_STEPS, _FIRST_WORK // max(1, size))
    return max(1, first, min(MOST_TRANSITIONS, MOST_WORK // max(1, size)))


def check_law(net: Net) -> None:
    """Refuse the laws under which a cell remembers more than its fibres carry.

    Raises
    ------
    Mistake
        Naming the cure.
    """
    if net.law.name not in ("absolute", "relative", "minsky"):
        raise Mistake(
            f"the law {net.law.name} is not analysed; transform the net into one of 1943 first "
            "(Theorems V to VII)"
        )


def net_follower(net: Net, afferents: Sequence[str], outputs: Sequence[int]) -> Follower:
    """Make a follower of a net.

    Parameters
    ----------
    net
        The net, under the law absolute, relative or minsky.
    afferents
        The names of the afferents, bit 0 of a row first; others of the net stay silent.
    outputs
        The fibres whose firing is the answer, bit 0 first.

    Raises
    ------
    Mistake
        If the law is another one.
    """
    check_law(net)
    relative = net.law.name == "relative"
    depth = net.longest_delay
    width = net.fibres
    everything = (1 << width * depth) - 1
    place = {name: k for k, name in enumerate(afferents)}
    carried = [(i, place[net.name(i)]) for i in range(net.afferents) if net.name(i) in place]
    straight = carried == [(i, i) for i in range(net.afferents)]
    cells = [_cell(net, cell, width) for cell in range(net.cells)]

    def step(state: int, row: Row) -> tuple[int, int]:
        if straight:
            now = state | row & ((1 << net.afferents) - 1)
        else:
            now = state
            for fibre, bit in carried:
                now |= (row >> bit & 1) << fibre
        following = 0
        for bit, h, excite, veto in cells:
            excited = 0
            for number, mask in excite:
                excited += number * (now & mask).bit_count()
            if relative:
                for number, mask in veto:
                    excited -= number * (now & mask).bit_count()
            elif any(now & mask for _, mask in veto):
                continue
            if excited >= h:
                following |= bit
        answer = 0
        for k, fibre in enumerate(outputs):
            answer |= (now >> fibre & 1) << k
        return answer, (now << width | following) & everything

    start = sum(int(fires) << net.afferents + i for i, fires in enumerate(net.initial))
    return Follower(start, step, net.cells)


def _cell(
    net: Net, cell: int, width: int
) -> tuple[int, int, list[tuple[int, int]], list[tuple[int, int]]]:
    """Return a cell's bit, its h, and for each number of endings the mask of their sources."""

    def masks(rows: list[tuple[int, int, int]]) -> list[tuple[int, int]]:
        found: dict[tuple[int, int], int] = {}
        for fibre, endings, delay in rows:
            bit, layer = 1 << fibre + width * (delay - 1), 0
            while found.get((endings, layer), 0) & bit:
                layer += 1
            found[endings, layer] = found.get((endings, layer), 0) | bit
        return [(endings, mask) for (endings, _), mask in found.items()]

    own = 1 << net.afferents + cell
    return own, int(net.h[cell]), masks(net.excited_by(cell)), masks(net.vetoed_by(cell))


def expression_follower(expressions: Sequence[Expression], afferents: Sequence[str]) -> Follower:
    """Make a follower of what expressions say, straight from their meaning and without any net.

    Parameters
    ----------
    expressions
        The sentences; the answer has one bit for each, bit 0 first.
    afferents
        The names of the afferents, bit 0 of a row first; others stay silent.
    """
    nodes: dict[Expression, int] = {}
    order: list[Expression] = []

    def place(one: Expression) -> int:
        if one not in nodes:
            for part in parts_of(one):
                place(part)
            nodes[one] = len(order)
            order.append(one)
        return nodes[one]

    answers = [place(tidy(one)) for one in expressions]
    bits = {name: k for k, name in enumerate(afferents)}
    inputs = [[nodes[part] for part in parts_of(one)] for one in order]

    def first(one: Expression) -> Hashable:
        match one:
            case Past(part, ticks):
                none = {name: np.zeros(0, bool) for name in _names(part)}
                return tuple(bool(held) for held in values(part, none, 0, ticks))
            case Always():
                return True
            case Ever():
                return False
            case Every(n, phase):
                return -phase % n
            case _:
                return None

    def step(state: tuple[Any, ...], row: Row) -> tuple[int, tuple[Any, ...]]:
        held: list[bool] = []
        following: list[Any] = []
        for one, from_, memory in zip(order, inputs, state, strict=True):
            kept: Any = None
            match one:
                case Constant(value):
                    now = value
                case Fibre(name):
                    now = name in bits and bool(row >> bits[name] & 1)
                case Past():
                    now, kept = memory[0], (*memory[1:], held[from_[0]])
                case Not():
                    now = not held[from_[0]]
                case And():
                    now = all(held[k] for k in from_)
                case Or():
                    now = any(held[k] for k in from_)
                case Xor():
                    now = held[from_[0]] != held[from_[1]]
                case Ever():
                    now = kept = memory or held[from_[0]]
                case Always():
                    now = kept = memory and held[from_[0]]
                case Every(n):
                    now, kept = memory == 0, (memory + 1) % n
            held.append(now)
            following.append(kept)
        return sum(held[k] << place for place, k in enumerate(answers)), tuple(following)

    return Follower(tuple(first(one) for one in order), step, len(order))


def _names(expression: Expression) -> set[str]:
    if isinstance(expression, Fibre):
        return {expression.name}
    return {name for part in parts_of(expression) for name in _names(part)}
