"""The house's random-number table.

Every random thing in firstwave (which sockets a plugboard connects, how far a motor's rate
strays, which way a wiper crackles, the order in which stimuli are shown) is *looked up*, as the
operators of 1960 looked theirs up in a printed table: entry ``(seed, stream, index)`` always holds
the same 64 bits, whoever asks and however often. There is no generator whose hidden state could
differ between two engines, two releases of a library, or a run and its resumption.

The hash is the finaliser of splitmix64 (Steele, Lea and Flood, OOPSLA 2014), applied once for the
seed, once for the stream and once for the index.
"""

from __future__ import annotations

import zlib

import numpy as np
from numpy.typing import ArrayLike, NDArray

_MASK = (1 << 64) - 1
_GOLDEN = 0x9E3779B97F4A7C15
_M1 = 0xBF58476D1CE4E5B9
_M2 = 0x94D049BB133111EB


def stream(name: str) -> int:
    """Give the number of a named column of the table, for example ``stream("wiring")``."""
    return zlib.crc32(name.encode())


def mix(z: int) -> int:
    """Scramble 64 bits so that neighbouring inputs give unrelated outputs (splitmix64)."""
    z = (z + _GOLDEN) & _MASK
    z = ((z ^ (z >> 30)) * _M1) & _MASK
    z = ((z ^ (z >> 27)) * _M2) & _MASK
    return z ^ (z >> 31)


def bits(seed: int, stream: int, index: int) -> int:
    """Look up one entry of the table: an integer of 64 uniformly random bits."""
    return mix(mix(mix(seed & _MASK) ^ (stream & _MASK)) ^ (index & _MASK))


def column(seed: int, stream: int) -> int:
    """Look up where a column begins: for whoever reads many entries of one (see :func:`entry`)."""
    return mix(mix(seed & _MASK) ^ (stream & _MASK))


def entry(n: int, column: int, index: int) -> int:
    """Look up a whole number in ``0 .. n-1`` in a column: ``below`` for a known column."""
    z = ((column ^ (index & _MASK)) + _GOLDEN) & _MASK  # mix, in line: this is asked often
    z = ((z ^ (z >> 30)) * _M1) & _MASK
    z = ((z ^ (z >> 27)) * _M2) & _MASK
    return (((z ^ (z >> 31)) >> 32) * n) >> 32


def below(n: int, seed: int, stream: int, index: int) -> int:
    """Look up a whole number in ``0 .. n-1``; ``n`` from 1 to 2**32 (bias under ``n / 2**32``)."""
    return ((bits(seed, stream, index) >> 32) * n) >> 32


def spread(limit: int, seed: int, stream: int, index: int) -> int:
    """Look up a whole number in ``-limit .. +limit``, uniformly."""
    return below(2 * limit + 1, seed, stream, index) - limit


def shuffle(n: int, seed: int, stream: int, index: int) -> list[int]:
    """Give the ``index``-th random order of ``0 .. n-1`` (Fisher and Yates)."""
    order = list(range(n))
    column = bits(seed, stream, index)
    for last in range(n - 1, 0, -1):
        other = below(last + 1, column, 0, last)
        order[last], order[other] = order[other], order[last]
    return order


def bits_of(seed: int, stream: int, indices: ArrayLike) -> NDArray[np.uint64]:
    """Look up many entries at once.

    Parameters
    ----------
    seed, stream
        As in :func:`bits`.
    indices
        Array of any shape, integers in ``0 .. 2**63 - 1``.

    Returns
    -------
    numpy.ndarray
        uint64, same shape: ``bits(seed, stream, i)`` for every ``i``.
    """
    z = np.asarray(indices).astype(np.uint64) ^ np.uint64(mix(mix(seed & _MASK) ^ (stream & _MASK)))
    z = z + np.uint64(_GOLDEN)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(_M1)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(_M2)
    return z ^ (z >> np.uint64(31))


def unit_interval(seed: int, stream: int, indices: ArrayLike) -> NDArray[np.float64]:
    """Look up many numbers in ``[0, 1)``: the upper 53 bits of :func:`bits_of`, as float64."""
    upper = bits_of(seed, stream, indices) >> np.uint64(11)
    return upper.astype(np.float64) * 2.0**-53
