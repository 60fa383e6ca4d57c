"""The stimuli of the limits suite, and the facts about them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from machines.mark1 import Description, Mark1
from machines.mark1.theory import (
    double_spiral,
    holds,
    parity_blocks,
    parity_points,
    pieces,
    random_points,
    separable,
    snakes,
    xor_points,
)
from simulator.errors import Mistake

FRAME = "#####\n#...#\n#.#.#\n#...#\n#####"


def levels(drawing):
    return np.array([[cell == "#" for cell in row] for row in drawing.split()], np.uint8) * 255


def active_units(stimuli, **numbers):
    machine = Mark1(Description.ideal(responses_in_use=1, **numbers))
    active = []
    for light in stimuli.levels:
        machine.operate("mark1.retina.light", light.ravel())
        active.append(machine.rack("mark1.association.A") > 0)
    return np.array(active)


def test_xor_of_two_points():
    stimuli = xor_points((0, 1), (7, 3), rows=8, columns=8)
    assert stimuli.names == ("b", "a", "ab")
    assert [stimuli.classes[label] for label in stimuli.labels] == ["odd", "odd", "even"]
    assert [np.argwhere(one).tolist() for one in stimuli.levels] == [
        [[7, 3]],
        [[0, 1]],
        [[0, 1], [7, 3]],
    ]
    dark = xor_points((0, 1), (7, 3), rows=8, columns=8, dark=True)
    assert dark.names[0] == "dark"
    assert not dark.levels[0].any()
    assert dark.labels[0] == 0


@given(st.integers(1, 12), st.booleans())
def test_parity_shows_every_choice_once(count, dark):
    stimuli = parity_blocks(count, dark=dark)
    assert len({one.tobytes() for one in stimuli.levels}) == len(stimuli) == 2**count - (not dark)
    lit = (stimuli.levels > 0).sum(axis=(1, 2)) // 16
    assert (lit % 2 == stimuli.labels).all()
    assert all(len(name) == n for name, n in zip(stimuli.names, lit, strict=True) if n)


def test_nine_blocks_have_room_between_them():
    whole = parity_blocks(9).levels[-1]
    assert pieces(whole) == 9
    assert (whole > 0).sum() == 9 * 16


@given(st.integers(1, 400), st.integers(0, 2**32))
def test_points_from_the_table_differ(count, seed):
    points = random_points(count, seed)
    assert len(set(points)) == count
    assert all(0 <= row < 20 and 0 <= column < 20 for row, column in points)


@given(st.data())
def test_parity_needs_an_a_unit_that_sees_all_the_points(data):
    """Minsky and Papert's theorem 3.1 with its certificate: every stimulus once."""
    count = data.draw(st.integers(2, 5))
    stimuli = parity_points(random_points(count, 3), dark=True)
    lit = np.array([[letter in name for letter in "abcde"[:count]] for name in stimuli.names])
    lit[stimuli.names.index("dark")] = False
    subsets = st.lists(st.integers(0, count - 1), min_size=1, max_size=count - 1, unique=True)
    active = []
    for plugs in data.draw(st.lists(subsets, min_size=1, max_size=12)):
        signs = data.draw(
            st.lists(st.sampled_from([-1, 1]), min_size=len(plugs), max_size=len(plugs))
        )
        theta = data.draw(st.integers(-2, 3))
        active.append(lit[:, plugs] @ np.array(signs) >= theta)
    active, desired = np.transpose(active), 2 * stimuli.labels - 1
    assert separable(active, desired).separable is False
    every_stimulus_once = separable(active, desired)._replace(
        multipliers=np.ones(len(stimuli), np.int64)
    )
    assert holds(every_stimulus_once, active, desired)


def test_the_machine_can_do_xor_of_two_blocks():
    stimuli = parity_blocks(2)
    assert separable(active_units(stimuli), 2 * stimuli.labels - 1).separable


@pytest.mark.parametrize("count", [3, 4, 6, 8])
def test_the_machine_can_do_parity_of_a_few_blocks(count):
    stimuli = parity_blocks(count)
    assert separable(active_units(stimuli), 2 * stimuli.labels - 1).separable


def test_on_most_plugboards_the_machine_cannot_do_parity_of_four_points():
    stimuli = parity_points(random_points(4, 1))
    able = [
        separable(
            active_units(stimuli, wiring_seed=seed, theta=1), 2 * stimuli.labels - 1
        ).separable
        for seed in range(10)
    ]
    assert able.count(False) > 5


def test_pieces_are_counted_by_edges():
    assert pieces(levels(FRAME)) == 2
    assert pieces(levels("#.\n.#")) == 2
    assert pieces(levels("..\n..")) == 0


def test_the_double_spirals_differ_in_one_cell_and_in_pieces():
    broken, connected = double_spiral().levels
    assert double_spiral().classes == ("broken", "connected")
    assert (broken != connected).sum() == 1
    assert (pieces(broken), pieces(connected)) == (2, 1)
    # each arm is one cell wide: no lit cell but the two ends has other than two neighbours
    lit = np.pad(connected > 0, 1).astype(int)
    neighbours = lit[:-2, 1:-1] + lit[2:, 1:-1] + lit[1:-1, :-2] + lit[1:-1, 2:]
    assert sorted(neighbours[connected > 0].tolist())[:3] == [1, 1, 2]
    assert neighbours[connected > 0].max() == 2


@given(st.integers(1, 6), st.integers(0, 2**32), st.integers(8, 24), st.integers(8, 24))
def test_snakes_differ_in_one_cell_and_in_pieces(pairs, seed, rows, columns):
    stimuli = snakes(pairs, seed, rows=rows, columns=columns)
    assert stimuli.labels.tolist() == [0, 1] * pairs
    assert stimuli.levels.shape == (2 * pairs, rows, columns)
    for broken, connected in stimuli.levels.reshape(pairs, 2, rows, columns):
        assert (broken != connected).sum() == 1
        assert (pieces(broken), pieces(connected)) == (2, 1)


def test_counting_lit_cells_does_not_tell_snakes_apart():
    stimuli = snakes(200, 1)
    area = (stimuli.levels > 0).sum(axis=(1, 2))
    right = [((area >= cut) == stimuli.labels).mean() for cut in range(area.min(), area.max())]
    assert max(right) < 0.75


def test_stimuli_that_do_not_fit_are_refused():
    with pytest.raises(Mistake, match=r"point 2 \(20, 0\) is not on a retina of 20 x 20"):
        xor_points((0, 0), (20, 0))
    with pytest.raises(Mistake, match="must differ"):
        xor_points((3, 3), (3, 3))
    with pytest.raises(Mistake, match="give 1 to 12"):
        parity_points([])
    with pytest.raises(Mistake, match="give 1 to 12"):
        parity_points(random_points(13, 1))
    with pytest.raises(Mistake, match="13 blocks: 1 to 12 fit"):
        parity_blocks(13)
    with pytest.raises(Mistake, match="2 blocks: 1 to 1 fit"):
        parity_blocks(2, side=15)
    with pytest.raises(Mistake, match="at least one cell"):
        parity_blocks(2, side=0)
    with pytest.raises(Mistake, match="401 points"):
        random_points(401, 1)
    with pytest.raises(Mistake, match="0 pairs"):
        snakes(0, 1)
