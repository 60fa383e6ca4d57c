"""Boards drawn from the random-number table: the same ones for ever, and always to be plugged."""

import hashlib
import re
import statistics
import time

import numpy as np
import pytest
from any_board import told
from hypothesis import event, given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_flow

from machines.mark1 import Description
from machines.mark1 import plugboard as boards
from simulator import chance
from simulator.errors import Mistake


def checksum(board):
    total = hashlib.sha256()
    for column, kind in ((board.a_unit, "<i8"), (board.s_unit, "<i8"), (board.sign, "i1")):
        total.update(column.astype(kind).tobytes())
    return total.hexdigest()


def read_the_page(d):
    """Draw a random board as one reads a page: entry by entry, an A-unit at a time."""
    x, count = d.excitatory, d.excitatory + d.inhibitory
    free, wires = np.full(d.s_units, d.plugs_per_s_unit), []
    for a in range(d.association_units):
        rest, origin, entry = d.association_units - a - 1, [], 0
        while len(origin) < count <= (free > 0).sum():
            s = chance.below(d.s_units, d.wiring_seed, chance.stream("mark1.wiring") + a, entry)
            if free[s] > 0 and s not in origin:
                origin.append(s)
            entry += 1
        left = free.copy()
        left[origin] -= 1
        if not origin or np.minimum(left, rest).sum() < rest * count:
            origin = np.argsort(-free, kind="stable")[:count].tolist()
        free[origin] -= 1
        wires += [(a, s, 1 if place < x else -1) for place, s in enumerate(origin)]
    return boards.from_wires(wires, d)


# random boards


@pytest.mark.parametrize(
    ("numbers", "total"),
    [
        ({}, "8e5ab5af7c9a9b8ea16b48239afec4ce5059a75b061df53afd812e5b1ddd31f0"),
        (
            {"wiring_seed": 2**63 - 1},
            "72865515d3aa9061a024531828bdee1e5d5b31ec89f44c51f6c214277c8df55f",
        ),
        (
            {"excitatory": 15, "inhibitory": 16, "theta": 3},
            "4913d7b41b937f4797f20ecb3b4b818e7203912bb5f8e089e1c6a9b89ada8138",
        ),
        (
            {"association_units": 3000, "plugs_per_s_unit": 400, "responses_in_use": 5},
            "16dafac0544193bfa31f2fe7d3554c22ce0ce714cef0bac047bde17648ca673a",
        ),
        (
            {"rows": 1, "columns": 7, "association_units": 40, "excitatory": 5, "inhibitory": 2},
            "1270c913572a8be21393092d15498027175b3b3e5ac20e5303a6da0e12db28fe",
        ),
        (
            {"excitatory": 200, "inhibitory": 200, "association_units": 40, "theta": 5},
            "94a026022970c85d328bc5e877114a05700bffb8038a9f5a8763fee4cc4f010b",
        ),
    ],
)
def test_a_page_of_the_table_gives_the_board_it_always_gave(numbers, total):
    assert checksum(boards.random_table(Description(**numbers))) == total


@settings(max_examples=150)
@given(st.data())
def test_a_board_is_drawn_as_one_reads_the_page(data):
    """On roomy boards and on those with hardly a socket to spare, where draws are passed over."""
    cells, units = data.draw(st.integers(1, 30)), data.draw(st.integers(1, 40))
    plugs = data.draw(st.integers(1, cells))
    x = data.draw(st.integers(0, plugs))
    description = Description(
        rows=1, columns=cells, association_units=units, responses_in_use=1,
        excitatory=x, inhibitory=plugs - x, theta=min(1, x),
        plugs_per_s_unit=-(-plugs * units // cells) + data.draw(st.integers(0, 4)),
        wiring_seed=data.draw(st.integers(0, 2**63 - 1)),
    )  # fmt: skip
    assert checksum(boards.random_table(description)) == checksum(read_the_page(description))


@pytest.mark.benchmark
def test_drawing_a_board_against_reading_the_page(capsys):
    rows = []
    for seed in range(31):
        description = Description(wiring_seed=seed)
        started = time.perf_counter()
        slow = read_the_page(description)
        between = time.perf_counter()
        fast = boards.random_table(description)
        rows.append((between - started, time.perf_counter() - between))
        assert checksum(slow) == checksum(fast)
    ratios = sorted(slow / fast for slow, fast in rows)
    drawn_ms = statistics.median(fast for _, fast in rows) * 1e3
    with capsys.disabled():
        print(
            f"\n  a nominal board is drawn in {drawn_ms:.1f} ms; entry by entry takes, median "
            f"(least .. most), {ratios[15]:.1f} ({ratios[0]:.1f} .. {ratios[-1]:.1f}) times as long"
        )


# topological boards


@pytest.mark.parametrize(
    ("neighbourhood", "reach", "numbers", "total"),
    [
        ("gaussian", 4, {}, "a1109236ded5634d02cbba5d0099f605dbc52d57435a63a156e10170317d7892"),
        ("uniform", 4, {}, "3caf564e48c16e1326c890cf8e2e4fece96507fa0cbcaa3200be376408757ae5"),
        (
            "gaussian",
            2,
            {"wiring_seed": 2, "excitatory": 15, "inhibitory": 16},
            "73d5a993e8e09ffc2acca9b6f35a8d4f4d44ec237f5756d9d1752cff909374b5",
        ),
    ],
)
def test_a_topological_board_is_the_same_on_every_computer(neighbourhood, reach, numbers, total):
    board = boards.topological(Description(**numbers), neighbourhood, reach)
    assert checksum(board) == total


@pytest.mark.parametrize(("neighbourhood", "reach", "end"), [("uniform", 4, 4), ("gaussian", 2, 6)])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_origin_points_lie_within_reach_of_a_centre(neighbourhood, reach, end, seed):
    board = boards.topological(Description(wiring_seed=seed), neighbourhood, reach)
    points = board.s_unit.reshape(512, 20)
    assert all(len(set(row)) == 20 for row in points.tolist())
    assert ((board.sign.reshape(512, 20) == 1).sum(axis=1) == 10).all()
    assert np.bincount(board.s_unit).max() <= 40
    for ends in (points // 20, points % 20):
        assert np.ptp(ends, axis=1).max() <= 2 * end


def test_a_gaussian_neighbourhood_has_the_reach_for_its_standard_deviation():
    d = Description(rows=120, columns=120, association_units=400, plugs_per_s_unit=100)
    for reach in (3, 5, 8):
        board = boards.topological(d, "gaussian", reach)
        points = board.s_unit.reshape(400, 20)
        inside = ~((points // 120 % 117 <= 2) | (points % 120 % 117 <= 2)).any(axis=1)
        assert inside.sum() > 200
        for ends in (points // 120, points % 120):
            deviation = np.sqrt(ends[inside].var(axis=1, ddof=1).mean())
            assert deviation == pytest.approx(reach, rel=0.04)


def test_a_uniform_neighbourhood_favours_no_place_in_it():
    """Rows and columns of origin points around centres inland; chi-square, p = 0.001."""
    d = Description(rows=100, columns=100, association_units=900, plugs_per_s_unit=100)
    board = boards.topological(d, "uniform", 5)
    stream = chance.stream("mark1.centre")
    centres = np.array([chance.below(10_000, 1, stream, a) for a in range(900)])[board.a_unit]
    for ends, middle in (
        (board.s_unit // 100, centres // 100),
        (board.s_unit % 100, centres % 100),
    ):
        off = (ends - middle)[(middle >= 5) & (middle < 95)]
        counts = np.bincount(off + 5, minlength=11)
        assert len(counts) == 11
        expected = counts.sum() / 11
        assert ((counts - expected) ** 2 / expected).sum() < 29.6


def test_every_r_unit_sees_all_of_the_retina():
    board = boards.topological(Description(), "gaussian", 2)
    for r in range(8):
        seen = board.s_unit[np.isin(board.a_unit, board.pot_a[board.pot_r == r])]
        assert len(np.unique(seen)) > 350


@pytest.mark.parametrize(
    ("neighbourhood", "reach", "complaint"),
    [
        ("uniform", 3, "reach 3 is too small: a photocell in a corner of the retina has only 16"),
        ("uniform", 3, "needs 20 origin points; reach 4 is enough"),
        ("gaussian", 1, "reach 2 is enough"),
        ("gaussian", 0, "whole number from 1 to 1000, not 0"),
        ("gaussian", 2.5, "not 2.5"),
        ("gaussian", True, "not True"),
        ("round", 4, "no neighbourhood is called round; there are gaussian and uniform"),
    ],
)
def test_a_reach_that_cannot_be_is_refused_in_one_line(neighbourhood, reach, complaint):
    with pytest.raises(Mistake, match=re.escape(complaint)):
        boards.topological(Description(), neighbourhood, reach)


def test_a_reach_said_to_be_enough_is_enough():
    for plugs in (1, 9, 25, 60):
        d = Description(excitatory=plugs, inhibitory=0, association_units=100, theta=1)
        lines = [told(boards.topological, d, "uniform", reach) for reach in range(1, 10)]
        enough = {int(line.split()[-3]) for line in lines if line is not None}
        assert enough <= {lines.index(None) + 1}
        assert lines[lines.index(None) :] == [None] * (9 - lines.index(None))


def plugs_possible(d, centres, reach):
    """Tell how many plugs there can be at most: a maximum flow, by another's program."""
    n_a, n_s, count = d.association_units, d.s_units, d.excitatory + d.inhibitory
    flow = np.zeros((n_a + n_s + 2, n_a + n_s + 2), np.int32)
    flow[0, 1 : n_a + 1] = count
    flow[n_a + 1 : -1, -1] = d.plugs_per_s_unit
    for a, centre in enumerate(centres):
        for s in range(n_s):
            (r, c), (down, right) = divmod(centre, d.columns), divmod(s, d.columns)
            flow[a + 1, n_a + 1 + s] = max(abs(r - down), abs(c - right)) <= reach
    return maximum_flow(csr_array(flow), 0, n_a + n_s + 1).flow_value


@settings(max_examples=200)
@given(st.data())
def test_a_topological_board_is_found_whenever_there_is_one(data):
    rows, columns = data.draw(st.integers(1, 3)), data.draw(st.integers(3, 9))
    reach, units = data.draw(st.integers(1, 2)), data.draw(st.integers(4, 25))
    corner = min(rows, reach + 1) * min(columns, reach + 1)
    plugs = data.draw(st.integers(1, corner))
    d = Description(
        rows=rows, columns=columns, association_units=units, responses_in_use=1,
        excitatory=plugs, inhibitory=0, theta=1,
        plugs_per_s_unit=-(-plugs * units // (rows * columns)) + data.draw(st.integers(0, 1)),
        wiring_seed=data.draw(st.integers(0, 1000)),
    )  # fmt: skip
    stream = chance.stream("mark1.centre")
    centres = [chance.below(d.s_units, d.wiring_seed, stream, a) for a in range(units)]
    possible = plugs_possible(d, centres, reach) == plugs * units
    event("there is one" if possible else "there is none")
    line = told(boards.topological, d, "uniform", reach)
    assert (line is None) == possible
    if line is not None:
        assert "the sockets around S" in line
        return
    board = boards.topological(d, "uniform", reach)
    boards.check(board, d)
    assert np.bincount(board.a_unit).tolist() == [plugs] * units
    down, right = (np.array(ends)[board.a_unit] for ends in np.divmod(centres, columns))
    assert np.abs(board.s_unit // columns - down).max() <= reach
    assert np.abs(board.s_unit % columns - right).max() <= reach


@given(st.integers(0, 2**63 - 1), st.sampled_from(["gaussian", "uniform"]), st.integers(2, 30))
@settings(max_examples=30)
def test_any_drawn_board_passes_the_check(seed, neighbourhood, reach):
    description = Description(wiring_seed=seed, excitatory=5, inhibitory=4, theta=1)
    for board in (
        boards.random_table(description),
        boards.topological(description, neighbourhood, reach),
    ):
        boards.check(board, description)
        assert boards.historical(board)
        assert boards.in_blocks(board, 512)
