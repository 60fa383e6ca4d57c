"""Compiled code, the masks: S-units and A-units as bits, 64 to a word.

An A-unit's sum is lit excitatory less lit inhibitory origin points. With the S-units as bits of a
few words, and the plugs of every A-unit as masks over them, a processor counts that in a handful
of instructions an A-unit.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numba import types
from numba.extending import intrinsic
from numpy.typing import NDArray

from .compiled_parts import below, pure
from .compiled_units import SOUND, STUCK_ON
from .given import RETINA


class Masks(NamedTuple):
    """The plugboard as bit masks over the S-units, 64 to a word; for counting bits."""

    excitatory: NDArray[np.uint64]  # (words, n_a)
    inhibitory: NDArray[np.uint64]  # (words, n_a)
    lowest: NDArray[np.int64]  # (n_a,) sum when all inhibitory origin points alone are lit
    step: NDArray[np.int64]  # (n_v,) how far a whole pulse turns each motor, udeg
    in_order: bool  # whether potentiometer k belongs to A-unit k, as on the historical machine
    slowest_relay: int  # ns
    whole: bool  # whether all units settle before the reading: then a trial has a closed form
    remember: bool  # whether to remember at all; off only to measure what it is worth


# bits


def _count_ones(typing: Any, word: Any) -> Any:
    """Count the one-bits of a word in one machine instruction."""

    def build(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.ctpop(args[0])

    return types.uint64(types.uint64), build


popcount: Any = intrinsic(_count_ones)


# S-units


@pure
def pack(light, level, words, row):  # type: ignore[no-untyped-def]
    """Write which photocells get at least their level of light into the bits of a row of words."""
    for w in range(words.shape[1]):
        words[row, w] = 0
    for i in range(len(light)):
        if light[i] >= level[i]:
            words[row, i // 64] |= np.uint64(1) << np.uint64(i % 64)


@pure
def pack_equal(cells, value, words):  # type: ignore[no-untyped-def]
    """Write which cells hold a value into the bits of words."""
    words[:] = 0
    for i in range(len(cells)):
        if cells[i] == value:
            words[i // 64] |= np.uint64(1) << np.uint64(i % 64)


@pure
def copy_row(rows, row, cells):  # type: ignore[no-untyped-def]
    """Copy one row of a rack."""
    for i in range(len(cells)):
        cells[i] = rows[row, i]


@pure
def rows_equal(left, right, row):  # type: ignore[no-untyped-def]
    """Tell whether a row of two tables is the same."""
    for w in range(left.shape[1]):
        if left[row, w] != right[row, w]:
            return False
    return True


@pure
def flip(light, permille, seed, t):  # type: ignore[no-untyped-def]
    """Turn the light over where noise on the retina does, at an exposure at ``t``."""
    for i in range(len(light) if permille else 0):
        if below(1000, seed, RETINA + i, t) < permille:
            light[i] = 255 - light[i]


# A-units


@pure
def count_points(excitatory, inhibitory, lowest, words, total):  # type: ignore[no-untyped-def]
    """Sum every A-unit's origin points: lit excitatory less lit inhibitory ones.

    Counts lit excitatory and *dark* inhibitory ones, in one go, up from the lowest sum possible.
    """
    for a in range(len(total)):
        total[a] = lowest[a]
    for w in range(words.shape[1]):
        word = words[0, w]
        for a in range(len(total)):
            points = (excitatory[w, a] & word) | (inhibitory[w, a] & ~word)
            total[a] += np.int64(popcount(points))


@pure
def activate(total, theta, fault, on):  # type: ignore[no-untyped-def]
    """Tell which A-units are active; a faulty one is as its fault has it."""
    for a in range(len(on)):
        on[a] = np.uint8(total[a] >= theta)
    for a in range(len(on)):
        if fault[a] != SOUND:
            on[a] = np.uint8(fault[a] == STUCK_ON)
