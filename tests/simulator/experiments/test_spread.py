import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.errors import Mistake
from simulator.experiments import spread, standard_normal


@given(st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=50))
def test_mean_and_deviation_are_those_of_the_textbook(numbers):
    here = spread(numbers)
    assert here.mean == pytest.approx(statistics.fmean(numbers), abs=1e-6)
    assert here.deviation == pytest.approx(statistics.stdev(numbers), abs=1e-4)
    assert here.runs == len(numbers)
    assert here.error == pytest.approx(here.deviation / len(numbers) ** 0.5)


def test_a_single_number_does_not_spread():
    assert spread([3]) == (3.0, 0.0, 1)


def test_no_numbers_have_no_mean():
    with pytest.raises(Mistake, match="at least one"):
        spread([])


@pytest.mark.parametrize(
    ("deviate", "chance"), [(0, 0.5), (1, 0.8413), (-2, 0.0228), (2.237, 0.987)]
)
def test_chances_of_the_normal_curve(deviate, chance):
    assert standard_normal(deviate) == pytest.approx(chance, abs=5e-4)
