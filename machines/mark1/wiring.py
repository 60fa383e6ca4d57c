"""Drawing a board from the random-number table.

Whoever plugs a board reads the S-units off a page of random numbers: each A-unit has a column of
the page (``wiring_seed``) to itself, and its origin points are the first S-units in that column to
which it can be plugged. An S-unit that it is plugged to already, or that has no socket left, is
passed over.
"""

from __future__ import annotations

import bisect
from collections.abc import Collection, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from machines.mark1.board import Plugboard, check, share
from machines.mark1.description import Description
from simulator import chance

_WIRING = chance.stream("mark1.wiring")


def random_table(description: Description) -> Plugboard:
    """Plug the board from the random-number table: page ``wiring_seed``, one column per A-unit.

    S-units are drawn uniformly; one that is already taken by this A-unit or has no socket left is
    passed over. Should an A-unit's draw leave the rest of the board impossible to plug, that A-unit
    gets the S-units with the most free sockets instead (Gale and Ryser: then it stays possible).
    """
    d, count = description, description.excitatory + description.inhibitory
    drawn = _entries(d, range(d.association_units), count + count * count // d.s_units + 6)
    origins = _first_different_of_each(drawn, count)
    sure = _surely_plugged(origins, d)
    free = d.plugs_per_s_unit - np.bincount(origins[:sure].ravel(), minlength=d.s_units)
    for a in range(sure, d.association_units):
        full = set(np.flatnonzero(free == 0).tolist())
        origin = first_different(drawn[a].tolist(), count, full)
        if len(origin) < count:
            origin = _read_on(d, a, count, full)
        rest = d.association_units - a - 1
        if not origin or not _can_be_ended(free, origin, rest, count):
            origin = np.argsort(-free, kind="stable")[:count].tolist()
        free[origin] -= 1
        origins[a] = origin
    return plugged(origins, d)


def _entries(d: Description, a_units: Sequence[int], entries: int) -> NDArray[np.int64]:
    """Read the first entries of some A-units' columns: indices of S-units."""
    return below(d.s_units, table(d.wiring_seed, _WIRING, a_units, entries))


def _first_different_of_each(drawn: NDArray[np.int64], count: int) -> NDArray[np.int64]:
    """Give the first ``count`` different entries of each row; a row that has fewer stays as it is.

    Returns
    -------
    numpy.ndarray
        int64, shape (rows, count).
    """
    origins = drawn[:, :count].copy()
    for a in _with_repeats(origins):
        origin = first_different(drawn[a].tolist(), count)
        if len(origin) == count:
            origins[a] = origin
    return origins


def _surely_plugged(origins: NDArray[np.int64], d: Description) -> int:
    """Tell how many A-units, from A1, can be plugged as drawn without looking at sockets.

    None of them repeats an S-unit or wants a socket that is taken, and as many A-units as an S-unit
    has sockets are still to come, so that the rest can be plugged (see :func:`_can_be_ended`).
    """

    def overdrawn(a_units: int) -> bool:
        used = np.bincount(origins[:a_units].ravel(), minlength=1)
        return bool(used.max() > d.plugs_per_s_unit)

    most = min([len(origins) - d.plugs_per_s_unit, *_with_repeats(origins)[:1]])
    return bisect.bisect_left(range(1, max(0, most) + 1), True, key=overdrawn)


def _with_repeats(origins: NDArray[np.int64]) -> list[int]:
    """Name the rows in which an S-unit stands twice."""
    in_order = np.sort(origins, axis=1)
    repeats: list[int] = np.flatnonzero((in_order[:, 1:] == in_order[:, :-1]).any(axis=1)).tolist()
    return repeats


def _read_on(d: Description, a: int, count: int, full: Collection[int]) -> list[int]:
    """Read an A-unit's column as far down as it takes; nothing if too few have sockets left."""
    if d.s_units - len(full) < count:
        return []
    origin, entries = list[int](), 2 * count
    while len(origin) < count:
        entries *= 2
        origin = first_different(_entries(d, [a], entries)[0].tolist(), count, full)
    return origin


def _can_be_ended(free: NDArray[np.int64], origin: list[int], rest: int, count: int) -> bool:
    """Tell whether the remaining A-units can all be plugged if this one takes ``origin``.

    ``rest`` A-units of ``count`` different S-units each need as many sockets, and can use no more
    than ``rest`` of an S-unit's (Gale and Ryser). Where no S-unit has more, the sheer number of
    sockets decides, and the Description has seen to that.
    """
    left = free.copy()
    left[origin] -= 1
    return int(np.minimum(left, rest).sum()) >= rest * count


def table(seed: int, stream: int, columns: Sequence[int], entries: int) -> NDArray[np.uint64]:
    """Look up the first entries of several columns at once.

    Returns
    -------
    numpy.ndarray
        uint64, shape (columns, entries): ``chance.bits(seed, stream + column, entry)``.
    """
    streams: Any = np.array(columns, np.uint64)[:, np.newaxis] + np.uint64(stream)
    return chance.bits_of(seed, streams, np.arange(entries, dtype=np.uint64))


def below(n: int, bits: NDArray[np.uint64]) -> NDArray[np.int64]:
    """Make whole numbers in ``0 .. n-1`` of entries, as :func:`simulator.chance.below` does."""
    return (((bits >> np.uint64(32)) * np.uint64(n)) >> np.uint64(32)).astype(np.int64)


def first_different(drawn: list[int], count: int, without: Collection[int] = ()) -> list[int]:
    """Give the first ``count`` different S-units of a draw, passing over some; fewer if so."""
    if without:
        drawn = [s for s in drawn if s not in without]
    return list(dict.fromkeys(drawn))[:count]


def plugged(origins: NDArray[np.int64], description: Description) -> Plugboard:
    """Plug the board: of each A-unit's origin points, in the order drawn, the first x excite it.

    Parameters
    ----------
    origins
        int64, shape (A-units, origin points): indices of S-units.
    description
        The machine.

    Raises
    ------
    Mistake
        If the board cannot be plugged on the machine.
    """
    n_a, count = origins.shape
    inhibitory = np.arange(count) >= description.excitatory
    plugs = np.sort(origins * 2 + inhibitory, axis=1).ravel()
    a_unit = np.repeat(np.arange(n_a, dtype=np.int64), count)
    sign = (1 - 2 * (plugs & 1)).astype(np.int8)
    board = Plugboard(a_unit, plugs >> 1, sign, *share(description))
    check(board, description)
    return board
