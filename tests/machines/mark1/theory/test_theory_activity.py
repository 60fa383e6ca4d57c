"""P_a and P_c against plain counting, and against the machine."""

from fractions import Fraction
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from machines.mark1 import Description, Mark1
from machines.mark1.theory import (
    active_chance_finite,
    common_chance,
    common_chance_finite,
    share_of_units,
)
from simulator import chance
from simulator.errors import Mistake


def every_a_unit(x, y, points):
    """Every way to plug an A-unit: sets of excitatory and of inhibitory origin points."""
    for excitatory in combinations(range(points), x):
        rest = [point for point in range(points) if point not in excitatory]
        for inhibitory in combinations(rest, y):
            yield set(excitatory), set(inhibitory)


def is_active(a_unit, theta, lit):
    return len(a_unit[0] & lit) - len(a_unit[1] & lit) >= theta


@st.composite
def retinas(draw):
    """Two stimuli on a small retina, and an A-unit's numbers of origin points."""
    regions = draw(st.lists(st.integers(0, 3), min_size=4, max_size=4))
    both, first, second, _ = regions
    points = sum(regions)
    x = draw(st.integers(0, min(3, points)))
    y = draw(st.integers(0, min(3, points - x)))
    theta = draw(st.integers(-2, 3))
    return x, y, theta, both + first, both + second, both, points


@given(retinas())
def test_p_c_on_a_small_retina_is_what_counting_all_plugboards_gives(retina):
    x, y, theta, lit, other, common, points = retina
    one = set(range(lit))
    two = set(range(common)) | set(range(lit, lit + other - common))
    units = list(every_a_unit(x, y, points))
    active = [unit for unit in units if is_active(unit, theta, one)]
    both = [unit for unit in active if is_active(unit, theta, two)]
    expected = Fraction(len(both), len(active)) if active else 0
    assert common_chance_finite(*retina) == float(expected)
    p_a = Fraction(len(active), len(units))
    assert active_chance_finite(x, y, theta, lit, points) == pytest.approx(float(p_a), rel=1e-12)


@given(retinas())
def test_units_active_for_both_stimuli_are_as_many_seen_from_either(retina):
    x, y, theta, lit, other, common, points = retina
    seen = [
        active_chance_finite(x, y, theta, area, points)
        * common_chance_finite(x, y, theta, area, another, common, points)
        for area, another in ((lit, other), (other, lit))
    ]
    assert seen[0] == pytest.approx(seen[1], rel=1e-9, abs=1e-15)


@pytest.mark.parametrize("overlap", [0.0, 0.25, 0.5, 0.9])
def test_p_c_on_a_large_retina_is_that_of_an_infinite_one(overlap):
    lit, points = 8_000, 40_000
    finite = common_chance_finite(10, 10, 2, lit, lit, round(overlap * lit), points)
    assert finite == pytest.approx(common_chance(10, 10, 2, 0.2, overlap), abs=1e-4)


def test_p_c_on_20_by_20_points_differs_from_the_infinite_retina_in_the_third_digit():
    finite = common_chance_finite(10, 10, 2, 80, 80, 40, 400)
    infinite = common_chance(10, 10, 2, 0.2, 0.5)
    assert 5e-5 < abs(finite - infinite) < 5e-3


def test_the_plugboard_draws_as_p_c_says():
    """Two stimuli of 60 and 90 cells, 30 in common, on 40 wirings; within 4 sigma."""
    cells = chance.shuffle(400, 6, 0, 0)
    stimuli = np.zeros((2, 400), np.uint8)
    stimuli[0, cells[:60]] = stimuli[1, cells[30:120]] = 255
    first = both = 0
    for seed in range(40):
        machine = Mark1(Description.ideal(wiring_seed=seed), engine="compiled")
        active = []
        for light in stimuli:
            machine.operate("mark1.retina.light", light)
            active.append(machine.rack("mark1.association.A") > 0)
        first += int(active[0].sum())
        both += int((active[0] & active[1]).sum())
    p_c = common_chance_finite(10, 10, 2, 60, 90, 30, 400)
    assert both / first == pytest.approx(p_c, abs=4 * np.sqrt(p_c * (1 - p_c) / first))


def test_contradictory_stimuli_are_refused():
    with pytest.raises(Mistake, match="stimuli of 10 and 10 points with 11 in common"):
        common_chance_finite(1, 1, 1, 10, 10, 11, 400)
    with pytest.raises(Mistake, match="impossible"):
        common_chance_finite(10, 10, 2, 300, 300, 100, 400)
    with pytest.raises(Mistake, match="300 \\+ 200 origin points"):
        common_chance_finite(300, 200, 2, 100, 100, 100, 400)
    with pytest.raises(Mistake, match="not negative"):
        share_of_units(0.5, 0.5, -1, 1)
    with pytest.raises(Mistake, match="connected must lie between 0 and 1"):
        share_of_units(0.5, 1.5, 1, 1)
