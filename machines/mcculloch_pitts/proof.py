"""Proving that a net says what it was drawn to say, or showing a stimulus on which it does not.

A net without circles is held against the truth table of the sentence, in every row; the net's own
table comes from the law, the sentence's from its meaning. Where something is remembered, both are
followed through all inputs until no new state appears. Only if that is too much are they compared
on a long random stimulus, and then the result says "sample" and is no proof.
"""

from __future__ import annotations

from collections.abc import Sequence

from simulator import chance
from simulator.errors import Mistake

from .calculus import Expression, Fibre, fibres, past, remembers
from .following import (
    MOST_WORK,
    Difference,
    Follower,
    TooLarge,
    every_row,
    expression_follower,
    first_difference,
    net_follower,
)
from .graph import has_circles
from .net import Net
from .net_truth import begins_settled, truth_of
from .normal_form import Literal, literals, reduced, table
from .report import Proof, diagram
from .truth import MOST_LITERALS, lowest_row, spread

SAMPLE_TICKS = 4_000
_SAMPLE = chance.stream("mcculloch_pitts.sample")


def prove(net: Net, expressions: Sequence[Expression], lag: int) -> Proof:
    """Decide whether output k of a net fires at t + lag exactly if expression k holds at t.

    Parameters
    ----------
    net
        The net; its outputs are compared, in order.
    expressions
        What they should say, about fibres called as the net's afferents.
    lag
        How many ticks later the net answers.

    Raises
    ------
    Mistake
        If the law of the net is one of those not analysed.
    """
    names = [net.name(k) for k in range(net.afferents)]
    names += [name for one in expressions for name in fibres(one) if name not in names]
    names = list(dict.fromkeys(names))
    if not any(remembers(one) for one in expressions) and not has_circles(net):
        plain = _by_rows(net, expressions, lag, names)
        if plain is not None:
            return plain
    outputs = [int(number) for number in net.outputs]
    said = expression_follower(expressions, names)
    return compared(said, net_follower(net, names, outputs), None, lag, names)


def compared(
    said: Follower, shown: Follower, rows: Sequence[int] | None, lag: int, names: Sequence[str]
) -> Proof:
    """Follow both through all inputs, or, if that is too much, on a random stimulus.

    Parameters
    ----------
    said
        What should be.
    shown
        What is, ``lag`` ticks later.
    rows
        The rows the afferents can carry at a tick; None: all.
    lag
        In ticks, 0 or more.
    names
        The names of the afferents, bit 0 of a row first.
    """
    try:
        found = first_difference(said, shown, rows or every_row(len(names)), lag)
    except TooLarge:
        return _by_sample(said, shown, rows, lag, names)
    trace = "" if found.difference is None else _trace(found.difference, names, lag)
    return Proof(not trace, "every state", found.transitions, trace)


def _by_rows(
    net: Net, expressions: Sequence[Expression], lag: int, names: list[str]
) -> Proof | None:
    """Compare truth tables row by row; None if the net starts unsettled or is too large."""
    if not begins_settled(net):
        return None
    cases = 0
    for number, expression in zip(net.outputs, expressions, strict=True):
        later = past(expression, lag)
        if len(literals(later)) > MOST_LITERALS:
            return None
        said = reduced(table(later))
        try:
            shown = truth_of(net, int(number))
        except Mistake:
            return None
        over = tuple(dict.fromkeys(said.literals + shown.literals))
        if len(over) > MOST_LITERALS:
            return None
        cases += 1 << len(over)
        left, right = (
            spread(one.true, [over.index(literal) for literal in one.literals], len(over))
            for one in (said, shown)
        )
        if left != right:
            row = lowest_row(left ^ right)
            stimulus = _stimulus(over, row, names)
            k = list(net.outputs).index(number)
            difference = Difference(stimulus, (left >> row & 1) << k, (right >> row & 1) << k)
            return Proof(False, "every row", cases, _trace(difference, names, lag))
    return Proof(True, "every row", cases)


def _stimulus(over: tuple[Literal, ...], row: int, names: list[str]) -> tuple[int, ...]:
    last = max((literal.ago for literal in over), default=0)
    rows = [0] * (last + 1)
    for i, literal in enumerate(over):
        if row >> i & 1 and isinstance(literal.atom, Fibre):
            rows[last - literal.ago] |= 1 << names.index(literal.atom.name)
    return tuple(rows)


def _by_sample(
    said: Follower, shown: Follower, rows: Sequence[int] | None, lag: int, names: Sequence[str]
) -> Proof:
    """Compare on a random stimulus; where any row may come, also on rows nearly silent."""
    ticks = max(200, min(SAMPLE_TICKS, MOST_WORK // (said.size + shown.size)))
    left_state, right_state = said.start, shown.start
    due: list[int] = []
    stimulus: list[int] = []
    for t in range(ticks):
        if rows is None:
            row = _any_row(len(names), t)
        else:
            row = rows[chance.bits(0, _SAMPLE, t) % len(rows)]
        stimulus.append(row)
        now, left_state = said.step(left_state, row)
        seen, right_state = shown.step(right_state, row)
        due.append(now)
        if t >= lag and due[t - lag] != seen:
            difference = Difference(tuple(stimulus), due[t - lag], seen)
            return Proof(False, "sample", t + 1, _trace(difference, names, lag))
    return Proof(True, "sample", ticks)


def _any_row(width: int, t: int) -> int:
    """Draw a row: for 64 ticks half the afferents fire, then a quarter, an eighth, a sixteenth."""
    row = (1 << width) - 1
    words = width // 64 + 1
    for layer in range(1 + t // 64 % 4):
        first = (4 * t + layer) * words
        row &= sum(chance.bits(0, _SAMPLE, first + k) << 64 * k for k in range(words))
    return row


def _trace(difference: Difference, names: Sequence[str], lag: int) -> str:
    shown = difference.stimulus[-60:]
    rows = {name: [bool(row >> k & 1) for row in shown] for k, name in enumerate(names)}
    last = len(difference.stimulus) - 1
    k = lowest_row(difference.left ^ difference.right)
    due = "fire" if difference.left >> k & 1 else "be silent"
    return (
        f"{diagram(rows)}\noutput {k + 1} should {due} at t = {last} (asked about t = "
        f"{last - lag}) and does not"
    )
