"""Topological boards: origin points that lie around a centre on the retina.

The Operators' Manual (1960) is cited as giving random or topological connections. What a
topological board looked like in particular is not known: the shapes of a neighbourhood, its reach
and how the centres lie are assumed.

Each A-unit has a **centre**, a photocell drawn from the random-number table, evenly from all of the
retina. Its origin points are drawn around the centre:

* ``uniform``: any photocell no more than ``reach`` rows and ``reach`` columns away is as likely as
  any other;
* ``gaussian``: rows and columns are spread like a bell of the standard deviation ``reach``, cut off
  at three times that. A bell is had from the table by adding up twelve numbers.

What falls beside the retina is passed over, like an S-unit that is taken or has no socket left.
Whole numbers throughout: a page of the table gives the same board on every computer.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from machines.mark1.board import Plugboard
from machines.mark1.description import Description
from machines.mark1.wiring import below, first_different, plugged, table
from simulator import chance
from simulator.errors import Mistake

NEIGHBOURHOODS = ("gaussian", "uniform")
REACH = 4
"""Reach where none is asked for: about a fifth of the retina's width."""
FURTHEST = 3
"""Where a Gaussian neighbourhood ends, in standard deviations."""
MOST_DRAWS = 32
"""Draws for each origin point before the nearest photocells are taken instead."""
MOST_REACH = 1000
_AT_ONCE = 1 << 16
_CENTRE = chance.stream("mark1.centre")
_AROUND = chance.stream("mark1.around")


def topological(
    description: Description, neighbourhood: str = "gaussian", reach: int = REACH
) -> Plugboard:
    """Plug a topological board from page ``wiring_seed`` of the random-number table.

    Parameters
    ----------
    description
        The machine.
    neighbourhood
        ``gaussian`` or ``uniform``.
    reach
        In photocells: standard deviation, or half the width of the neighbourhood.

    Raises
    ------
    Mistake
        If there is no such neighbourhood, or no board with this reach exists: a photocell in a
        corner of the retina has too few around it, or the sockets there do not suffice however
        they are shared. Whenever a board exists for the centres drawn, one is found.
    """
    d, count = description, description.excitatory + description.inhibitory
    width = _width(d, neighbourhood, reach)
    shape = _gaussian if neighbourhood == "gaussian" else _uniform
    near = functools.cache(lambda centre: frozenset(around(d, centre, width)))
    centres = below(d.s_units, table(d.wiring_seed, _CENTRE, [0], d.association_units))[0]
    rows, draws = max(1, _AT_ONCE // count), 3 * count
    origins = np.full((d.association_units, count), -1, np.int64)
    free, full = np.full(d.s_units, d.plugs_per_s_unit), {-1}
    for a, centre in enumerate(centres.tolist()):
        if a % rows == 0:
            block = range(a, min(a + rows, len(centres)))
            drawn = _drawn(d, shape, block, centres[a : a + rows], reach, draws)
        origin = first_different(drawn[a % rows].tolist(), count, full)
        if len(origin) < count:
            further = _drawn(d, shape, [a], centres[a : a + 1], reach, MOST_DRAWS * count)
            origin = first_different(further[0].tolist(), count, full)
        if len(origin) < count:
            origin = first_different(origin + around(d, centre, width), count, full)
        free[origin] -= 1
        origins[a, : len(origin)] = origin
        for place in range(len(origin), count):
            _make_room(origins, centres, (a, place), near, free)
        full = {-1, *np.flatnonzero(free == 0).tolist()}
    return plugged(origins, d)


def around(description: Description, centre: int, width: int) -> list[int]:
    """List the S-units no more than ``width`` rows and columns from one, nearest first."""
    row, column = divmod(centre, description.columns)
    near = [
        ((r - row) ** 2 + (c - column) ** 2, r * description.columns + c)
        for r in range(max(0, row - width), min(description.rows, row + width + 1))
        for c in range(max(0, column - width), min(description.columns, column + width + 1))
    ]
    return [s for _, s in sorted(near)]


def _width(d: Description, neighbourhood: str, reach: int) -> int:
    """Tell how many rows and columns from its centre a neighbourhood ends."""
    if neighbourhood not in NEIGHBOURHOODS:
        raise Mistake(
            f"no neighbourhood is called {neighbourhood}; there are {' and '.join(NEIGHBOURHOODS)}"
        )
    if isinstance(reach, bool) or not isinstance(reach, int) or not 1 <= reach <= MOST_REACH:
        raise Mistake(f"reach must be a whole number from 1 to {MOST_REACH}, not {reach!r}")
    times, count = FURTHEST if neighbourhood == "gaussian" else 1, d.excitatory + d.inhibitory

    def in_the_corner(reach: int) -> int:
        return min(d.rows, times * reach + 1) * min(d.columns, times * reach + 1)

    if in_the_corner(reach) < count:
        enough = next(r for r in range(reach, MOST_REACH) if in_the_corner(r) >= count)
        raise Mistake(
            f"reach {reach} is too small: a photocell in a corner of the retina has only "
            f"{in_the_corner(reach)} in its {neighbourhood} neighbourhood, an A-unit needs {count} "
            f"origin points; reach {enough} is enough"
        )
    return times * reach


def _drawn(
    d: Description,
    shape: Callable[[Description, Sequence[int], int, int], tuple[NDArray[np.int64], ...]],
    a_units: Sequence[int],
    centres: NDArray[np.int64],
    reach: int,
    draws: int,
) -> NDArray[np.int64]:
    """Draw S-units around centres: int64, shape (A-units, draws), -1 beside the retina."""
    down, right = shape(d, a_units, reach, draws)
    row, column = (ends[:, np.newaxis] for ends in np.divmod(centres, d.columns))
    row, column = row + down, column + right
    beside = (row < 0) | (row >= d.rows) | (column < 0) | (column >= d.columns)
    return np.where(beside, -1, row * d.columns + column)


def _uniform(
    d: Description, a_units: Sequence[int], reach: int, draws: int
) -> tuple[NDArray[np.int64], ...]:
    """Draw how far down and right: one entry each, its upper and its lower half."""
    entries = table(d.wiring_seed, _AROUND, a_units, draws)
    side = 2 * reach + 1
    return below(side, entries) - reach, below(side, entries << np.uint64(32)) - reach


def _gaussian(
    d: Description, a_units: Sequence[int], reach: int, draws: int
) -> tuple[NDArray[np.int64], ...]:
    """Draw how far down and right: three entries for each way, four numbers of 16 bits an entry.

    The sum of twelve numbers drawn evenly from 0 .. 65535 has the mean 393210 and, to four digits
    and more, the standard deviation 65536. Beyond three of them it counts as beside the retina.
    """
    entries = table(d.wiring_seed, _AROUND, a_units, 6 * draws).reshape(-1, draws, 2, 3, 1)
    parts = (entries >> np.array([0, 16, 32, 48], np.uint64)) & np.uint64(0xFFFF)
    off = parts.astype(np.int64).sum(axis=(3, 4)) - 393_210
    cells = (2 * off * reach + 65_536) >> 17
    beyond = (np.abs(cells) > FURTHEST * reach).any(axis=2)
    down, right = np.where(beyond, d.rows + d.columns, np.moveaxis(cells, 2, 0))
    return down, right


def _make_room(
    origins: NDArray[np.int64],
    centres: NDArray[np.int64],
    wanted: tuple[int, int],
    near: Callable[[int], frozenset[int]],
    free: NDArray[np.int64],
) -> None:
    """Find an A-unit one more origin point by re-plugging others, when its neighbours are full.

    Another A-unit gives up its plug at one of the full S-units and takes one within its own
    neighbourhood instead, for which a third may have to give way, and so on (Ford and Fulkerson's
    augmenting path, found breadth first). If there is none, no board of this reach exists.
    """
    a, place = wanted
    unseen, came = set(range(len(free))), dict[int, tuple[int, int, int]]()
    asked, queue = set[int](), list[int]()

    def ask(user: int, at: int, whence: int) -> int | None:
        """Note where a plug of an A-unit could go instead; name a place with a free socket."""
        asked.add(user)
        new = sorted((near(int(centres[user])) & unseen).difference(origins[user].tolist()))
        unseen.difference_update(new)
        came.update(dict.fromkeys(new, (user, at, whence)))
        queue.extend(new)
        return next((s for s in new if free[s]), None)

    end = ask(a, place, -1)
    for s in queue:
        if end is not None:
            break
        users, places = np.nonzero(origins[:a] == s)
        for user, at in zip(users.tolist(), places.tolist(), strict=True):
            if user not in asked and (end := ask(user, at, s)) is not None:
                break
    if end is None:
        raise Mistake(
            f"the sockets around S{centres[a] + 1} do not suffice for A{a + 1}, however they are "
            "shared: take a longer reach or fewer origin points"
        )
    free[end] -= 1
    while end >= 0:
        user, at, before = came[end]
        origins[user, at] = end
        end = before
