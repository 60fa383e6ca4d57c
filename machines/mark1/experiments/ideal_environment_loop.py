"""The ideal environment in compiled code: many small perceptrons taught one after the other.

Whether an A-unit is active for a stimulus is decided by the random-number table, for 64 A-units at
a time. Each A-unit owns one bit position of a word; the words of one place in the table, read one
after the other, give every unit a binary fraction, and the unit is active if its fraction is below
P_a. Reading stops as soon as it is decided for all 64, after about seven words.

All functions that numba compiles stand in this file and take nothing from others.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit, types
from numba.extending import intrinsic

DEPTH = 32
"""Binary digits of P_a, and entries of the table kept for each word of A-units."""

TIE = 1e-9
"""Inputs of the gamma system that differ by less, as a part of their size, are equal."""


@njit(inline="always")
def _mix(z):  # type: ignore[no-untyped-def]
    """Scramble 64 bits, as in simulator/chance.py."""
    z = z + np.uint64(0x9E3779B97F4A7C15)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


@njit(inline="always")
def _column(seed, stream):  # type: ignore[no-untyped-def]
    return _mix(_mix(np.uint64(seed)) ^ np.uint64(stream))


@njit(inline="always")
def _below(n, column, index):  # type: ignore[no-untyped-def]
    upper = _mix(column ^ np.uint64(index)) >> np.uint64(32)
    return np.int64((upper * np.uint64(n)) >> np.uint64(32))


def _count_ones(typing: Any, word: Any) -> Any:
    """Count the one-bits of a word in one machine instruction."""

    def build(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.ctpop(args[0])

    return types.uint64(types.uint64), build


_popcount: Any = intrinsic(_count_ones)


@njit(inline="always")
def _active_word(column, index, digits, present):  # type: ignore[no-untyped-def]
    """Tell which of up to 64 A-units are active: one bit for each that is ``present``.

    ``digits`` are those of P_a, the first in the highest bit; ``index`` is where the units' own
    begin.
    """
    active, undecided = np.uint64(0), present
    while undecided != 0 and digits != 0:
        word = _mix(column ^ index)
        if digits >> np.uint64(63) != 0:
            active |= undecided & ~word
            undecided &= word
        else:
            undecided &= ~word
        digits <<= np.uint64(1)
        index += np.uint64(1)
    return active


@njit(inline="always")
def _place(stimulus, source_set, words):  # type: ignore[no-untyped-def]
    return np.uint64((stimulus * 2 + source_set) * words * DEPTH)


@njit(inline="always")
def _compare(right, wrong, closeness):  # type: ignore[no-untyped-def]
    """Give 2 if the right response wins, 1 for a tie, 0 if it loses."""
    if right - wrong > closeness:
        return 2
    return 0 if wrong - right > closeness else 1


@njit(inline="always")
def _judge(desired, answering, alpha, gamma, score):  # type: ignore[no-untyped-def]
    """Let both responses compete under all four systems, and keep the score.

    Arrays are by source-set: active units, sums of their values under alpha and gamma. A source-set
    without an active unit has the mean 0.
    """
    other = 1 - desired
    some, some_other = max(answering[desired], 1), max(answering[other], 1)
    right, wrong = gamma[desired], gamma[other]
    mean, mean_other = right / some, wrong / some_other
    results = (
        _compare(alpha[desired] * some_other, alpha[other] * some, 0),
        _compare(alpha[desired], alpha[other], 0),
        _compare(mean, mean_other, TIE * (1 + abs(mean) + abs(mean_other))),
        _compare(right, wrong, TIE * (1 + abs(right) + abs(wrong))),
    )
    for system in range(4):
        score[system, 0] += results[system]
        score[system, 1] += results[system] == 1


@njit(cache=True, nogil=True)
def teach(first, last, seed, streams, units, digits, stimuli, score):  # type: ignore[no-untyped-def]
    """Teach the perceptrons ``first`` .. ``last - 1`` and try each on a taught and a new stimulus.

    What a test stimulus finds in a source-set is the sum of the values of its active units, and a
    value is a sum over the stimuli taught. The two sums are taken in the other order: for every
    stimulus taught, what it adds to the units that the test stimulus will make active. Under gamma
    a stimulus with N active of N_e units adds 1 to each of those and takes N / (N_e - N) from each
    other one; if all are active there is nobody to take from, and nothing changes. What a stimulus
    taught does in the *other* response's source-set changes no value and is not looked up.

    Parameters
    ----------
    first, last
        Numbers of the replicas.
    seed
        uint64.
    streams
        uint64: columns of the table for the replicas' pages, for activity and for what is shown.
    units
        N_e, A-units of each source-set.
    digits
        uint64: P_a as a binary fraction, its first digit in the highest bit; the last 32 are 0.
    stimuli
        n, stimuli for each response.
    score
        int64, (2, 4, 2), added to: taught or new stimulus; alpha-mu, alpha-sigma, gamma-mu,
        gamma-sigma; half points (2 right, 1 tie), ties.
    """
    words = (units + 63) // 64
    present = np.full(words, ~np.uint64(0))
    present[words - 1] >>= np.uint64(64 * words - units)
    test = np.zeros((2, words), np.uint64)
    answering = np.zeros((2, 2), np.int64)  # taught or new, source-set
    alpha = np.zeros((2, 2), np.int64)
    gamma = np.zeros((2, 2), np.float64)
    pages = _column(seed, streams[0])
    for replica in range(first, last):
        page = _mix(pages ^ np.uint64(replica))
        column, shown = _column(page, streams[1]), _column(page, streams[2])
        taught, desired_of_new = _below(2 * stimuli, shown, 0), _below(2, shown, 1)
        for own in range(2):
            answering[:, own] = 0
            for k, stimulus in enumerate((taught, 2 * stimuli)):
                at = _place(stimulus, own, words)
                for w in range(words):
                    test[k, w] = _active_word(column, at, digits, present[w])
                    answering[k, own] += np.int64(_popcount(test[k, w]))
                    at += np.uint64(DEPTH)
            taught_active, new_active = answering[0, own], answering[1, own]
            a0 = a1 = np.int64(0)
            g0 = g1 = 0.0
            for stimulus in range(own * stimuli, (own + 1) * stimuli):
                at = _place(stimulus, own, words)
                active = in_taught = in_new = np.uint64(0)
                for w in range(words):
                    word = _active_word(column, at, digits, present[w])
                    active += _popcount(word)
                    in_taught += _popcount(word & test[0, w])
                    in_new += _popcount(word & test[1, w])
                    at += np.uint64(DEPTH)
                n, o0, o1 = np.int64(active), np.int64(in_taught), np.int64(in_new)
                a0 += o0
                a1 += o1
                if n < units:
                    g0 += (o0 * units - taught_active * n) / (units - n)
                    g1 += (o1 * units - new_active * n) / (units - n)
            alpha[0, own], alpha[1, own] = a0, a1
            gamma[0, own], gamma[1, own] = g0, g1
        _judge(taught // stimuli, answering[0], alpha[0], gamma[0], score[0])
        _judge(desired_of_new, answering[1], alpha[1], gamma[1], score[1])
