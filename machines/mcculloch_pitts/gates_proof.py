"""Proving that the net of a circuit does what the circuit does, beat by beat.

A circuit without latches is held against the net's own truth tables, row by row. One with latches
is followed, with its net, through all inputs until no new state appears; where that takes too long
both are compared on random stimuli, sixty-four at once, and the result says so.
"""

from __future__ import annotations

from collections.abc import Hashable
from contextlib import suppress

import numpy as np

from .circuit import Circuit, beat, first_state, through
from .following import MOST_WORK, Follower, TooLarge, every_row, net_follower
from .net import Net
from .net_truth import truth_of
from .proof import decided
from .report import Proof, diagram
from .sampling import LANES, first_odd, rows_of, run, stimuli, ticks_for
from .truth import MOST_LITERALS, column, everything, lowest_row, spread

MOST_BITS = 1 << 33
"""No proof by truth tables goes through more bits of them (assumed: some seconds)."""
SAMPLE_BEATS = 256


def _by_rows(net: Net, given: Circuit, order: list[str], lag: int) -> Proof | None:
    """Hold a circuit without latches against the net's own truth tables; None if too large."""
    n = len(given.inputs)
    if given.latches or n > MOST_LITERALS:
        return None
    if (len(net.outputs) * net.fibres + len(order)) << n > MOST_BITS:
        return None
    wires = {name: column(k, n) for k, name in enumerate(given.inputs)}
    through(given, order, wires, everything(n))
    for k, number in enumerate(net.outputs):
        shown = truth_of(net, int(number))
        if any(literal.ago != lag for literal in shown.literals):
            return None
        places = [given.inputs.index(literal.name) for literal in shown.literals]
        if wrong := spread(shown.true, places, n) ^ wires[given.outputs[k]]:
            row = lowest_row(wrong)
            lines = {name: [bool(row >> i & 1)] for i, name in enumerate(given.inputs)}
            trace = f"{diagram(lines)}\n{given.outputs[k]} is wrong {lag} ticks later"
            return Proof(False, "every row", len(given.outputs) << n, trace)
    return Proof(True, "every row", len(given.outputs) << n)


def prove_circuit(net: Net, given: Circuit, order: list[str], lag: int, period: int) -> Proof:
    """Follow the circuit, beat by beat, and the net, presented with silence between the beats."""
    plain = _by_rows(net, given, order, lag)
    if plain is not None:
        return plain
    shown = net_follower(net, given.inputs, [int(number) for number in net.outputs])
    inputs = len(given.inputs)

    def one_beat(state: tuple[int, ...], row: int) -> tuple[int, tuple[int, ...]]:
        answers, following = beat(given, order, state, [row >> k & 1 for k in range(inputs)], 1)
        return sum(answer << k for k, answer in enumerate(answers)), following

    beats, rest_of_lag = divmod(lag, period)

    def ticks(state: Hashable, row: int) -> tuple[int, Hashable]:
        answer = 0
        for tick in range(period):
            seen, state = shown.step(state, row if tick == 0 else 0)
            if tick == rest_of_lag:
                answer = seen
        return answer, state

    said = Follower(first_state(given, 1), one_beat, len(order) + 1)
    ticked = Follower(shown.start, ticks, shown.size * period)
    with suppress(TooLarge):
        if shown.size * period <= MOST_WORK:
            return decided(said, ticked, every_row(inputs), beats, given.inputs)
    return _by_lanes(net, given, order, lag, period)


def _by_lanes(net: Net, given: Circuit, order: list[str], lag: int, period: int) -> Proof:
    """Hold the net against the circuit on sixty-four random stimuli."""
    late = -(-lag // period)
    some = max(1, ticks_for(net, SAMPLE_BEATS * period, len(given.inputs)) // period)
    words = stimuli(some + late, len(given.inputs))
    state, every = first_state(given, (1 << LANES) - 1), (1 << LANES) - 1
    said = np.zeros((some, len(given.outputs)), np.uint64)
    for k, row in enumerate(words[:some].tolist()):
        answers, state = beat(given, order, state, row, every)
        said[k] = np.array(answers, np.uint64)
    last = (some - 1) * period + lag
    shown = run(net, words, last, period)[lag::period][:some]
    odd = first_odd(said, shown)
    if odd is None:
        return Proof(True, "sample", some * LANES)
    bits = rows_of(words[: odd.tick + 1], odd.lane)
    lines = {name: [bool(row >> k & 1) for row in bits] for k, name in enumerate(given.inputs)}
    trace = f"{diagram(lines)}\n{given.outputs[odd.output]} is wrong {lag} ticks after the last"
    return Proof(False, "sample", some * LANES, trace)
