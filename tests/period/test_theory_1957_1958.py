"""Printed tables of 1957, values of the formulas of 1958, and the machine against both."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from machines.mark1 import Description, Mark1
from machines.mark1.theory import (
    active_chance,
    active_chance_finite,
    common_chance,
    discrimination_1957,
    share_of_units,
)
from simulator import chance
from simulator.errors import Mistake


@pytest.mark.parametrize(
    ("setting", "expected"),
    [
        ((10, 0, 1), (0.651, 0.893, 0.972, 0.999)),
        ((10, 0, 4), (0.0128, 0.121, 0.350, 0.828)),
        ((5, 5, 1), (0.269, 0.340, 0.364, 0.377)),
        ((5, 5, 2), (0.0509, 0.111, 0.148, 0.172)),
        ((5, 5, 3), (0.0052, 0.0218, 0.0392, 0.0547)),
        ((10, 10, 2), (0.122, 0.197, 0.231, 0.252)),
    ],
)
def test_p_a_of_1958_to_three_digits(setting, expected):
    for lit, value in zip((0.1, 0.2, 0.3, 0.5), expected, strict=True):
        assert active_chance(*setting, lit) == pytest.approx(value, rel=5e-3, abs=5e-5)


@pytest.mark.parametrize(
    ("lit", "theta", "expected"),
    [
        (0.5, 5, (0.395, 0.501, 0.623, 0.754, 0.864)),
        (0.5, 7, (0, 0.029, 0.172, 0.423, 0.672)),
        (0.2, 5, (0.0008, 0.048, 0.169, 0.409, 0.684)),
        (0.2, 10, (0, 0, 0.001, 0.056, 0.349)),
        (0.5, 10, (0, 0, 0.001, 0.056, 0.349)),
    ],
)
def test_p_c_of_1958_to_three_digits(lit, theta, expected):
    for overlap, value in zip((0, 0.25, 0.5, 0.75, 0.9), expected, strict=True):
        assert common_chance(10, 0, theta, lit, overlap) == pytest.approx(value, abs=5.1e-4)


@pytest.mark.parametrize(
    ("active", "units", "column"),
    [
        (0.10, 100, (23.6, 2.36, 0.236, 0.0745)),
        (0.10, 200, (33.3, 3.33, 0.333, 0.105)),
        (0.01, 1000, (707, 70.7, 7.07, 2.237)),
        (0.01, 2000, (1000, 100, 10.0, 3.16)),
    ],
)
def test_table_1_of_1957_within_two_per_cent(active, units, column):
    for stimuli, printed in zip((10, 1_000, 100_000, 1_000_000), column, strict=True):
        assert discrimination_1957(stimuli, active, units) == pytest.approx(printed, rel=0.02)


@pytest.mark.parametrize(
    ("stimuli", "responses", "printed"),
    [(1, 1, 0.25), (2, 1, 0.125), (1, 2, 0.125), (2, 2, 0.0625)],
)
def test_the_proportions_of_1957(stimuli, responses, printed):
    """A_s.r, A_12.r, A_s.12 and A_12.12 for P_a = .5, two stimuli and two responses."""
    assert share_of_units(0.5, 0.5, stimuli, responses) == printed


@given(st.integers(0, 8), st.integers(0, 8), st.integers(-5, 5), st.floats(0, 1))
def test_a_large_finite_retina_is_like_an_infinite_one(x, y, theta, lit):
    points = 8_000
    finite = active_chance_finite(x, y, theta, round(lit * points), points)
    assert finite == pytest.approx(active_chance(x, y, theta, lit), abs=5e-3)


@given(st.integers(0, 10), st.integers(0, 10), st.integers(-5, 8), st.floats(0.01, 0.5))
def test_a_stimulus_has_all_its_a_units_in_common_with_itself(x, y, theta, lit):
    common = common_chance(x, y, theta, lit, 1.0)
    assert common == pytest.approx(1.0 if active_chance(x, y, theta, lit) > 0 else 0.0)


@pytest.mark.parametrize("cells", [40, 100, 160])
def test_the_plugboard_draws_as_the_theory_of_1957_says(cells):
    """Active A-units of 40 wirings against P_a on a retina of 400 points, within 4 sigma."""
    p = active_chance_finite(10, 10, 2, cells, 400)
    light = np.zeros(400, np.uint8)
    light[chance.shuffle(400, 5, 0, cells)[:cells]] = 255
    active = []
    for seed in range(40):
        machine = Mark1(Description.ideal(wiring_seed=seed))
        machine.operate("mark1.retina.light", light)
        active.append(int(machine.rack("mark1.association.A").sum()))
    sigma = np.sqrt(512 * p * (1 - p) / 40)
    assert np.mean(active) == pytest.approx(512 * p, abs=4 * sigma)


def test_impossible_numbers_are_refused():
    with pytest.raises(Mistake, match="lit must lie between 0 and 1"):
        active_chance(10, 10, 2, 1.5)
    with pytest.raises(Mistake, match="not negative"):
        active_chance(-1, 0, 1, 0.5)
    with pytest.raises(Mistake, match="impossible"):
        active_chance_finite(300, 200, 1, 10, 400)
    with pytest.raises(Mistake, match="overlap by more"):
        common_chance(10, 0, 5, 0.8, 0.1)
    with pytest.raises(Mistake, match="positive"):
        discrimination_1957(0, 0.1, 100)
