"""Random stimuli, sixty-four at once: what is compared where deciding would take too long.

Nets remember, and most of what they remember is decided by the first few pulses. So the stimuli
are of four densities: in the first sixteen lanes half of the afferents fire, in the others a
quarter, an eighth and a sixteenth. A comparison on them proves nothing, and says so; what it finds
is a stimulus that shows a difference.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulator import chance

from .net import Net

LANES = 64
MOST_WORDS = 1 << 20
"""A stimulus has no more words than this, ticks times afferents (assumed: a second)."""
MOST_ENDINGS = 1 << 32
"""Nor does a net pass on pulses at more fibres' ends, ticks times rows (assumed: some seconds)."""
_STIMULI = chance.stream("mcculloch_pitts.sampling")


class Odd(NamedTuple):
    """Where two records first differ: the tick, the output, and the lane of the stimulus."""

    tick: int
    output: int
    lane: int


def ticks_for(net: Net, wanted: int, afferents: int) -> int:
    """Tell for how many ticks a net can be sampled, ``wanted`` at most and 1 at least."""
    rows = net.cells + len(net.sources) + len(net.vetoes)
    return max(1, min(wanted, MOST_WORDS // max(1, afferents), MOST_ENDINGS // max(1, rows)))


def stimuli(ticks: int, afferents: int) -> NDArray[np.uint64]:
    """Draw sixty-four stimuli: uint64 ``(ticks, afferents)``, bit k of a word for lane k."""
    places = np.arange(ticks * afferents)
    words = chance.bits_of(0, _STIMULI, places)
    for layer in range(1, 4):
        dense = np.uint64((1 << 16 * layer) - 1)
        words = words & (chance.bits_of(0, _STIMULI, places + layer * len(places)) | dense)
    return words.reshape(ticks, afferents)


def run(net: Net, words: NDArray[np.uint64], ticks: int, every: int = 1) -> NDArray[np.uint64]:
    """Run a net on words whose first columns are its afferents', silence in between.

    Parameters
    ----------
    net
        The net.
    words
        uint64 ``(n, >= afferents)``: row t is presented at ``t * every``.
    ticks
        How many ticks to run.
    every
        How many ticks lie between the rows.

    Returns
    -------
    numpy.ndarray
        uint64 ``(ticks + 1, outputs)``.
    """
    from .compiled import lanes  # numba takes a third of a second to import: only where wanted

    given = np.zeros((ticks + 1, net.afferents), np.uint64)
    given[::every] = words[: len(given[::every]), : net.afferents]
    return lanes(net, given, ticks, net.outputs)


def first_odd(
    said: NDArray[np.uint64], shown: NDArray[np.uint64], lanes: int = (1 << LANES) - 1
) -> Odd | None:
    """Find the first difference of two records, uint64 ``(ticks, outputs)``, in some lanes."""
    wrong = (said ^ shown) & np.uint64(lanes)
    if not wrong.any():
        return None
    tick = int(wrong.any(axis=1).argmax())
    output = int((wrong[tick] != 0).argmax())
    word = int(wrong[tick, output])
    return Odd(tick, output, (word & -word).bit_length() - 1)


def rows_of(words: NDArray[np.uint64], lane: int) -> tuple[int, ...]:
    """Give the stimulus of one lane: a whole number a tick, bit i for afferent i."""
    bits = words >> np.uint64(lane) & np.uint64(1)
    return tuple(sum(bit << k for k, bit in enumerate(row)) for row in bits.tolist())
