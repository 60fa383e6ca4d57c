"""Proving that a net says what it was drawn to say, or showing a stimulus on which it does not.

A net without circles is held against the truth table of the sentence, in every row; the net's own
table comes from the law, the sentence's from its meaning. Where something is remembered, both are
followed through all inputs until no new state appears. Only if that is too much are they compared
on random stimuli, sixty-four at once where any input may come, and then the result says "sample"
and is no proof.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from contextlib import suppress
from typing import Any

import numpy as np

from simulator import chance
from simulator.errors import Mistake

from .calculus import Expression, Past, fibres, past, reach, remembers, values, walk
from .calculus_print import tidy
from .following import (
    MOST_WORK,
    Difference,
    Follower,
    TooLarge,
    check_law,
    every_row,
    expression_follower,
    first_difference,
    net_follower,
)
from .graph import has_circles
from .net import Net
from .net_truth import begins_settled, truth_of
from .normal_form import compared as tables_compared
from .normal_form import literals, reduced, table
from .report import Proof, diagram
from .sampling import LANES, first_odd, rows_of, run, stimuli, ticks_for
from .truth import MOST_LITERALS, lowest_row

SAMPLE_STEPS = 4_000
SAMPLE_TICKS = 256
MOST_VALUES = 1 << 30
"""Of sentences, no more parts are worked out for a sample, ticks and lanes counted (assumed: some
seconds)."""
_MOST_MEMORY = 50_000
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
        If the law of the net is one of those not analysed, or it has not one output a sentence.
    """
    if len(expressions) != len(net.outputs):
        raise Mistake(
            f"{len(expressions)} sentences are held against {len(net.outputs)} outputs of the net; "
            "one each is needed"
        )
    names = [net.name(k) for k in range(net.afferents)]
    names += [name for one in expressions for name in fibres(one) if name not in names]
    names = list(dict.fromkeys(names))
    if not any(remembers(one) for one in expressions) and not has_circles(net):
        plain = _by_rows(net, expressions, lag, names)
        if plain is not None:
            return plain
    check_law(net)
    if _memory(expressions) <= _MOST_MEMORY:
        said = expression_follower(expressions, names)
        shown = net_follower(net, names, [int(number) for number in net.outputs])
        with suppress(TooLarge):
            return decided(said, shown, every_row(len(names)), lag, names)
    return _by_lanes(net, expressions, lag, names)


def _memory(expressions: Sequence[Expression]) -> int:
    """Tell how many past ticks sentences hold in mind, once their shifts stand at the fibres."""
    every = (one for said in expressions for one in walk(tidy(said)))
    return sum(one.ticks for one in every if isinstance(one, Past))


def decided(
    said: Follower, shown: Follower, rows: Sequence[int], lag: int, names: Sequence[str]
) -> Proof:
    """Follow both through all inputs; the parameters are those of :func:`compared`.

    Raises
    ------
    TooLarge
        If there are too many states.
    """
    found = first_difference(said, shown, rows, lag)
    trace = "" if found.difference is None else _trace(found.difference, names, lag)
    return Proof(not trace, "every state", found.transitions, trace)


def compared(
    said: Follower, shown: Follower, rows: Sequence[int], lag: int, names: Sequence[str]
) -> Proof:
    """Follow both through all inputs, or, if that is too much, through random ones.

    Parameters
    ----------
    said
        What should be.
    shown
        What is, ``lag`` ticks later.
    rows
        The rows the afferents can carry at a tick.
    lag
        In ticks, 0 or more.
    names
        The names of the afferents, bit 0 of a row first.
    """
    try:
        return decided(said, shown, rows, lag, names)
    except TooLarge:
        return _by_sample(said, shown, rows, lag, names)


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
        found = tables_compared(said, shown)
        if found is None:
            return None
        cases += 1 << len(found.over)
        if found.row is not None:
            k = list(net.outputs).index(number)
            difference = Difference(
                found.stimulus(names), int(found.left) << k, int(not found.left) << k
            )
            return Proof(False, "every row", cases, _trace(difference, names, lag))
    return Proof(True, "every row", cases)


def _by_sample(
    said: Follower, shown: Follower, rows: Sequence[int], lag: int, names: Sequence[str]
) -> Proof:
    """Compare on random stimuli.

    Half the steps go on from the newest pair of states, half from any earlier one: most words soon
    lead an expression to where nothing matters any more, and one long stimulus would stay there.
    """
    steps = max(50, min(SAMPLE_STEPS, MOST_WORK // (said.size + shown.size)))
    origin: tuple[Any, Any, tuple[int, ...]] = (said.start, shown.start, ())
    pairs, ways = [origin], [(0, 0)]
    known: set[Hashable] = {origin}
    for step in range(steps):
        drawn = chance.bits(0, _SAMPLE, 2 * step)
        here = len(pairs) - 1 if step % 2 else (drawn >> 32) % len(pairs)
        row = rows[chance.bits(0, _SAMPLE, 2 * step + 1) % len(rows)]
        left, right, due = pairs[here]
        now, left = said.step(left, row)
        seen, right = shown.step(right, row)
        due = (*due, now)
        if len(due) > lag:
            if due[0] != seen:
                way = [row]
                while here:
                    here, row = ways[here]
                    way.append(row)
                difference = Difference(tuple(reversed(way)), due[0], seen)
                return Proof(False, "sample", step + 1, _trace(difference, names, lag))
            due = due[1:]
        if (pair := (left, right, due)) not in known:
            known.add(pair)
            pairs.append(pair)
            ways.append((here, row))
    return Proof(True, "sample", steps)


def _by_lanes(net: Net, expressions: Sequence[Expression], lag: int, names: Sequence[str]) -> Proof:
    """Compare on sixty-four random stimuli, or fewer where the sentences are very long."""
    far = max(reach(one) for one in expressions)
    asked = ticks_for(net, far + lag + SAMPLE_TICKS, len(names))
    words = stimuli(asked + lag, len(names))
    nodes = sum(1 for one in expressions for _ in walk(one))
    some = max(1, min(LANES, MOST_VALUES // (nodes * (1000 + asked + far))))
    lanes = range(0, LANES, -(-LANES // some))
    said = np.zeros((asked, len(expressions)), np.uint64)
    for lane in lanes:
        bits = (words >> np.uint64(lane) & np.uint64(1)).astype(bool)
        stimulus = {name: bits[:, k] for k, name in enumerate(names)}
        for k, one in enumerate(expressions):
            held = values(one, stimulus, asked).astype(np.uint64)
            said[:, k] |= held << np.uint64(lane)
    shown = run(net, words, asked + lag - 1)[lag : asked + lag]
    odd = first_odd(said, shown, sum(1 << lane for lane in lanes))
    if odd is None:
        return Proof(True, "sample", asked * len(lanes))
    due = int(said[odd.tick, odd.output]) >> odd.lane & 1
    rows = rows_of(words[: odd.tick + lag + 1], odd.lane)
    difference = Difference(rows, due << odd.output, (1 - due) << odd.output)
    return Proof(False, "sample", asked * len(lanes), _trace(difference, names, lag))


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
