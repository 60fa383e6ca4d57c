"""The net as the compiled engines want it: cells sorted by shape, endings as offsets.

The fibres of every tick stand in one row of a long array; before the first row stand the rows of
the past. One more column, always silent, pads what does not come out even. An ending then is one
number: how far behind the new row's oldest neighbour its fibre stands, delays included. Laws that
look back differ from the law of 1943 by further endings only: temporal summation by later ones,
extinction by inhibitory ones of a cell on itself, relative inhibition by negative weights.
"""

from __future__ import annotations

from typing import NamedTuple
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from simulator.errors import Mistake

from .net import Net

SIDE = 8
"""How many cells of one shape the lanes take side by side."""
MOST_OFFSETS = (1 << 31) - 1
ROUNDED = np.array([0, 1, 2, 4, 4, 6, 6])
"""How many bits a counter of the lanes gets that needs so many."""
STEPS = np.array([2, 2, 4, 4, 4, 8, 8])
"""How many endings are taken at a time with a counter of so many bits."""
Ints = NDArray[np.int32]
Longs = NDArray[np.int64]


class Rows(NamedTuple):
    """What arrives at the cells: one row for each source, weight and delay; sorted by cell."""

    starts: Longs
    sources: Ints
    weights: Ints
    delays: Ints


class Inputs(NamedTuple):
    """A net's endings: those that are counted and those that forbid.

    Attributes
    ----------
    counted
        Weights are positive where an ending excites, negative where it only raises the threshold.
    vetoes
        Absolute; their weights are 1.
    h
        int32 ``(cells,)``.
    """

    counted: Rows
    vetoes: Rows
    h: Ints


class Plan(NamedTuple):
    """Cells sorted into groups of one shape.

    Attributes
    ----------
    width, deep
        Length of a row (one more than the fibres), rows that decide the next.
    groups
        int64 ``(g, 6)``: number of cells, steps of counted endings, steps of vetoes, 1 if weights
        count, bits of the threshold (lanes), first cell if the cells' numbers run on, else -1.
    order
        int32 ``(cells,)``: the cells by number, group after group.
    h
        int32 ``(cells,)``: thresholds, in that order.
    offsets
        int32: of every ending, counted ones first, cell by cell; padded with the silent column.
    weights
        int32: of the counted and vetoing endings of the cells whose weights count, and of no other.
    """

    width: int
    deep: int
    groups: Longs
    order: Ints
    h: Ints
    offsets: Ints
    weights: Ints


def inputs(net: Net) -> Inputs:
    """List what arrives at every cell under the net's law."""
    counted = Rows(net.starts, net.sources, net.endings, net.delays)
    vetoes = Rows(net.veto_starts, net.vetoes, net.veto_endings, net.veto_delays)
    if net.law.name == "relative":
        counted = _joined(counted, vetoes._replace(weights=-vetoes.weights))
        vetoes = _nothing(net.cells)
    elif net.law.window > 1:
        for back in range(1, net.law.window):
            later = Rows(net.starts, net.sources, net.endings, net.delays + np.int32(back))
            counted = _joined(counted, later)
    elif net.law.raises:
        raises = [(back, b) for back, b in enumerate(net.law.raises, 1) if b]
        own = np.arange(net.afferents, net.fibres, dtype=np.int32)
        for back, b in raises:
            starts = np.arange(net.cells + 1, dtype=np.int64)
            again = Rows(starts, own, np.full_like(own, -b), np.full_like(own, back))
            counted = _joined(counted, again)
    return Inputs(counted, vetoes, net.h)


def _nothing(cells: int) -> Rows:
    empty = np.zeros(0, np.int32)
    return Rows(np.zeros(cells + 1, np.int64), empty, empty, empty)


def _joined(left: Rows, right: Rows) -> Rows:
    cell = np.concatenate([_cell_of(left), _cell_of(right)])
    order = np.argsort(cell, kind="stable")
    columns = (np.concatenate(pair)[order] for pair in zip(left[1:], right[1:], strict=True))
    return Rows(left.starts + right.starts, *columns)


def _cell_of(rows: Rows) -> Longs:
    return np.repeat(np.arange(len(rows.starts) - 1), np.diff(rows.starts))


_plans: WeakKeyDictionary[Net, dict[bool, Plan]] = WeakKeyDictionary()


def plan(net: Net, lanes: bool = False) -> Plan:
    """Give the plan of a net, for one stimulus or for lanes; made once.

    Raises
    ------
    Mistake
        If fibres times delays are more than 32-bit offsets can tell apart.
    """
    known = _plans.setdefault(net, {})
    if lanes not in known:
        known[lanes] = _plan(net, lanes)
    return known[lanes]


def _plan(net: Net, lanes: bool) -> Plan:
    given = inputs(net)
    width, deep = net.fibres + 1, net.memory
    if width * deep > MOST_OFFSETS:
        raise Mistake(
            f"{net.fibres} fibres remembered for {deep} ticks are more than the compiled engines "
            "hold; shorten the delays"
        )
    h, weighted = _thresholds(given)
    counts, vetoes = np.diff(given.counted.starts), np.diff(given.vetoes.starts)
    bits = np.zeros(net.cells, np.int64)
    if lanes:
        bits = _bits(given, h)
        weighted |= bits > 6
        h = np.where(weighted, given.h, h)
        bits = np.where(weighted, _bits(given, h), ROUNDED[np.minimum(bits, 6)])
    step = STEPS[np.minimum(bits, len(STEPS) - 1)]
    step[weighted] = 2
    shape = np.stack([-(-counts // step), -(-vetoes // 2), weighted.astype(np.int64), bits], axis=1)
    order = np.lexsort(shape[:, [0, 1, 3, 2]].T)  # cells whose weights count come last
    shape = shape[order]
    new = np.ones(net.cells, np.bool_)
    new[1:] = (shape[1:] != shape[:-1]).any(axis=1)
    first = np.flatnonzero(new)
    sizes = np.diff(np.append(first, net.cells))
    last = order[first + sizes - 1]  # sorting was stable, so a group rises
    run_on = np.where(last - order[first] == sizes - 1, order[first], -1)
    groups = np.concatenate([sizes[:, None], shape[first], run_on[:, None]], axis=1)

    padded_counts, padded_vetoes = -(-counts // step) * step, -(-vetoes // 2) * 2
    lengths = (padded_counts + padded_vetoes)[order]
    places, apart = np.zeros((2, net.cells), np.int64)
    places[order], apart[order] = _side_by_side(lengths, sizes, weighted[order] | (not lanes))
    silent = net.fibres + (deep - 1) * width
    offsets = np.full(int(lengths.sum()), silent, np.int32)
    weights_from = _lay(offsets, given.counted, places, apart, width, deep)
    _lay(offsets, given.vetoes, places + padded_counts * apart, apart, width, deep)
    light = int(lengths[~weighted[order]].sum())
    weights = np.zeros(len(offsets) - light, np.int32)
    if len(weights):
        heavy = weights_from >= light
        weights[weights_from[heavy] - light] = given.counted.weights[heavy]
    return Plan(
        width, deep, np.ascontiguousarray(groups), order.astype(np.int32),
        h[order].astype(np.int32), offsets, weights,
    )  # fmt: skip


def _thresholds(given: Inputs) -> tuple[Longs, NDArray[np.bool_]]:
    """Give thresholds counted in endings of equal weight, and the cells that have no such."""
    rows, h = given.counted, given.h.astype(np.int64)
    if not len(rows.weights) or (rows.weights == 1).all():
        return np.minimum(h, np.diff(rows.starts) + 1), h <= 0
    some = np.flatnonzero(np.diff(rows.starts))
    clipped = np.minimum(rows.weights, np.maximum(1, np.repeat(h, np.diff(rows.starts))))
    least, most = np.ones(len(h), np.int64), np.ones(len(h), np.int64)
    least[some] = np.minimum.reduceat(clipped, rows.starts[some])
    most[some] = np.maximum.reduceat(clipped, rows.starts[some])
    equal = (least == most) & (least > 0) & (h > 0)
    shared = np.minimum(-(-h // np.maximum(least, 1)), np.diff(rows.starts) + 1)
    return np.where(equal, shared, h), ~equal


def _bits(given: Inputs, h: Longs) -> Longs:
    """Tell how many bits a cell's counter needs so that it overflows at the threshold."""
    rows = given.counted
    raised = np.zeros(len(h), np.int64)
    if len(rows.weights) and rows.weights.min() < 0:
        np.add.at(raised, _cell_of(rows), np.maximum(0, -rows.weights.astype(np.int64)))
    needed = np.maximum(0, h + raised - 1)
    bits: Longs = np.ceil(np.log2(needed + 1)).astype(np.int64)
    return bits


def _side_by_side(
    lengths: Longs, sizes: Longs, alone: NDArray[np.bool_]
) -> tuple[Longs, NDArray[np.int64]]:
    """Give each cell's first place and how far apart its places are, eight cells side by side.

    What is left of a group when it is divided by eight stands cell by cell, as all do that are to
    stand ``alone``.
    """
    within = np.arange(len(lengths)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    beside = ~alone & (within < np.repeat(sizes // SIDE * SIDE, sizes))
    places = np.cumsum(lengths) - lengths
    places -= np.where(beside, within % SIDE * (lengths - 1), 0)
    return places, np.where(beside, SIDE, 1)


def _lay(offsets: Ints, rows: Rows, places: Longs, apart: Longs, width: int, deep: int) -> Longs:
    """Put rows into their places; give where each went."""
    each = np.diff(rows.starts)
    within = np.arange(len(rows.sources)) - np.repeat(rows.starts[:-1], each)
    at: Longs = within * np.repeat(apart, each) + np.repeat(places, each)
    offsets[at] = rows.sources + (deep - rows.delays) * width
    return at
