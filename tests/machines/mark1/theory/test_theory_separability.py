"""Verdicts and their certificates, against plain error correction and by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from machines.mark1.theory import (
    correct_errors,
    g_matrix,
    holds,
    parity_blocks,
    parity_points,
    separable,
    separable_by_response,
)
from machines.mark1.theory.exact import balance
from simulator.errors import Mistake


@st.composite
def tasks(draw, most_stimuli=7, most_units=6):
    shape = draw(st.integers(1, most_stimuli)), draw(st.integers(1, most_units))
    active = draw(arrays(np.uint8, shape, elements=st.integers(0, 1)))
    desired = draw(arrays(np.int8, shape[0], elements=st.sampled_from([-1, -1, 1, 1, 0])))
    return active, desired


@given(tasks())
def test_a_verdict_is_the_truth_and_its_certificate_checks(task):
    """Plain error correction ends without error if and only if the task can be done."""
    active, desired = task
    verdict = separable(active, desired)
    assert holds(verdict, active, desired)
    course = correct_errors(active, desired, 20_000)
    assert (course.corrections[-1] == 0) != (course.cycle is not None)
    assert verdict.separable == (course.corrections[-1] == 0)


@given(tasks(12, 8))
def test_a_certificate_multiplies_out(task):
    active, desired = task
    verdict = separable(active, desired)
    if verdict.separable:
        sums = active.astype(int) @ verdict.values
        assert (sums[desired > 0] > 0).all()
        assert (sums[desired < 0] < 0).all()
    else:
        assert verdict.separable is False
        assert verdict.multipliers.min() >= 0
        assert verdict.multipliers.any()
        weighed = desired * verdict.multipliers
        assert not (weighed @ active.astype(int)).any()
        assert not verdict.multipliers[desired == 0].any()


@given(tasks(10, 8), st.randoms(use_true_random=False))
def test_the_order_of_stimuli_and_of_units_makes_no_difference(task, random):
    active, desired = task
    stimuli, units = list(range(active.shape[0])), list(range(active.shape[1]))
    random.shuffle(stimuli)
    random.shuffle(units)
    shuffled = separable(active[np.ix_(stimuli, units)], desired[stimuli])
    assert shuffled.separable == separable(active, desired).separable


@given(tasks())
def test_what_is_not_asked_makes_no_difference(task):
    active, desired = task
    asked = desired != 0
    assert (
        separable(active, desired).separable == separable(active[asked], desired[asked]).separable
    )


@given(tasks())
def test_the_opposite_task_is_as_hard(task):
    active, desired = task
    assert separable(active, desired).separable == separable(active, -desired).separable


@pytest.mark.parametrize(("stimuli", "units"), [(40, 64), (100, 64), (200, 64), (250, 512)])
def test_random_activity_of_the_size_of_the_machine(stimuli, units):
    """With n values, up to n stimuli at random can be told apart, beyond 2 n hardly ever."""
    random = np.random.default_rng(stimuli)
    active = random.random((stimuli, units)) < 0.2
    desired = random.choice([-1, 1], stimuli)
    verdict = separable(active, desired)
    assert verdict.separable == (stimuli < 2 * units)
    assert holds(verdict, active, desired)


def test_large_multipliers_are_python_whole_numbers():
    random = np.random.default_rng(2)
    active, desired = random.random((300, 100)) < 0.3, random.choice([-1, 1], 300)
    verdict = separable(active, desired)
    assert verdict.separable is False
    assert verdict.multipliers.dtype == object
    assert max(verdict.multipliers) > 2**63
    assert holds(verdict, active, desired)


def test_xor_of_two_points_with_no_unit_that_sees_both():
    verdict = separable([[1, 0, 1], [0, 1, 0], [1, 1, 1]], [1, 1, -1])
    assert verdict.separable is False
    assert verdict.multipliers.tolist() == [1, 1, 1]
    assert verdict.multipliers.dtype == np.int64
    assert (
        verdict.explain(["a", "b", "ab"])
        == "not separable: 1 x a + 1 x b = 1 x ab for every A-unit"
    )


def test_xor_of_two_points_with_one_unit_that_sees_both():
    verdict = separable([[1, 0, 0], [0, 1, 0], [1, 1, 1]], [1, 1, -1])
    assert verdict.separable
    assert verdict.values.dtype == np.int64
    assert verdict.explain() == "separable, with the values A1 +1, A2 +1, A3 -3, all others 0"


def test_four_stimuli_in_balance():
    verdict = separable([[1, 1, 0], [0, 1, 1], [1, 0, 0], [0, 0, 1]], [1, -1, -1, 1])
    assert verdict.explain() == "not separable: 1 x S1 + 1 x S4 = 1 x S2 + 1 x S3 for every A-unit"


def test_two_stimuli_alike_to_every_unit_cannot_be_told_apart():
    verdict = separable([[1, 0, 1], [0, 1, 0], [1, 0, 1]], [1, 1, -1])
    assert verdict.explain() == "not separable: 1 x S1 = 1 x S3 for every A-unit"


def test_a_stimulus_that_makes_no_unit_active_cannot_be_answered():
    verdict = separable([[1, 0], [0, 0]], [1, -1])
    assert verdict.explain() == "not separable: S2 makes no A-unit active"
    assert separable([[1, 0], [0, 0]], [1, 0]).separable
    assert separable(np.zeros((1, 0)), [1]).separable is False


def test_if_nothing_is_asked_any_values_do():
    verdict = separable([[1, 0], [0, 1]], [0, 0])
    assert verdict.separable
    assert verdict.values.tolist() == [0, 0]
    assert verdict.explain() == "separable: nothing is asked"


def alternating(n):
    """Stimulus k makes A-unit k active and all lower ones that stand for the other response."""
    active = [[j == k or (j < k and (k - j) % 2 == 1) for j in range(n)] for k in range(n)]
    return active, [1 if k % 2 else -1 for k in range(n)]


def test_values_that_must_grow_by_half_from_unit_to_unit_are_found():
    active, desired = alternating(40)
    verdict = separable(active, desired)
    assert verdict.separable
    assert np.abs(verdict.values).max() > 10**7
    assert holds(verdict, active, desired)


def test_where_no_proof_can_be_checked_the_verdict_is_undecided():
    active, desired = alternating(80)
    verdict = separable(active, desired)
    assert verdict.separable is None
    assert verdict.values is None
    assert verdict.multipliers is None
    assert verdict.explain().startswith("undecided")
    assert not holds(verdict, active, desired)


def test_a_forged_certificate_does_not_hold():
    active, desired = [[1, 0, 0], [0, 1, 0], [1, 1, 1]], [1, 1, -1]
    true = separable(active, desired)
    assert holds(true, active, desired)
    assert not holds(true._replace(values=np.array([1, 1, 1])), active, desired)
    assert not holds(true._replace(values=np.array([1, 1])), active, desired)
    forged = true._replace(separable=False, values=None, multipliers=np.array([1, 1, 1]))
    assert not holds(forged, active, desired)
    for weights in ([0, 0, 0], [1, -1, 1], [1, 1]):
        assert not holds(forged._replace(multipliers=np.array(weights)), active, desired)
    huge = np.array([2**62, 2**62, -(2**62)])
    assert not holds(true._replace(values=huge), active, desired)


def test_one_verdict_for_each_r_unit():
    active = [[1, 0, 1, 1], [0, 1, 1, 0], [1, 1, 1, 0]]
    desired = [[1, 1], [1, 0], [-1, -1]]
    first, second = separable_by_response(active, desired, [0, 1, 2, 3], [0, 0, 1, 1])
    assert first.explain() == "not separable: 1 x S1 + 1 x S2 = 1 x S3 for every A-unit"
    assert second.separable
    assert second.values.shape == (2,)
    assert np.sign(np.array([[1, 1], [1, 0]]) @ second.values).tolist() == [1, -1]


def test_blocks_and_points_through_one_layer_of_units_that_see_one_part_each():
    for stimuli in (parity_blocks(3), parity_points([(0, 0), (3, 4), (7, 7)])):
        lit = stimuli.levels.reshape(len(stimuli), -1) > 0
        assert separable(lit, 2 * stimuli.labels - 1).separable is False


def test_a_long_certificate_is_cut_short():
    active, desired = np.eye(60, dtype=np.uint8), np.ones(60)
    assert separable(active, desired).explain().endswith("A40 +1, (20 more), all others 0")


def test_tasks_of_the_wrong_form_are_refused():
    with pytest.raises(Mistake, match=r"must be \(stimuli, A-units\)"):
        separable([1, 0], [1, 1])
    with pytest.raises(Mistake, match=r"not \(2, 1\) and \(3,\)"):
        separable([[1], [0]], [1, 1, 1])
    with pytest.raises(Mistake, match="active"):
        separable([[2], [0]], [1, 1])
    with pytest.raises(Mistake, match="desired is 1, -1, or 0"):
        separable([[1], [0]], [1, 2])
    with pytest.raises(Mistake, match="2 stimuli need as many names"):
        separable([[1], [0]], [1, 1]).explain(["one"])
    with pytest.raises(Mistake, match="A-unit beyond the 1"):
        separable_by_response([[1], [0]], [[1], [1]], [1], [0])
    with pytest.raises(Mistake, match="pots are pairs"):
        separable_by_response([[1], [0]], [[1], [1]], [0, 0], [0])


# the G-matrix


def test_the_g_matrix_of_three_stimuli_by_hand():
    active = [[1, 1, 0, 0], [0, 1, 1, 0], [1, 1, 1, 1]]
    assert g_matrix(active).tolist() == [[2, 1, 2], [1, 2, 2], [2, 2, 4]]
    assert g_matrix(active, "gamma").tolist() == [[1, 0, 0], [0, 1, 0], [0, 0, 0]]


@given(tasks())
def test_the_g_matrix_is_what_one_reinforcement_does_to_every_sum(task):
    active = task[0].astype(int)
    for system in ("alpha", "gamma"):
        for k, taught in enumerate(active):
            change = taught - (taught.mean() if system == "gamma" else 0)
            assert g_matrix(active, system)[:, k] == pytest.approx(active @ change)


def test_the_g_matrix_of_another_system_is_refused():
    with pytest.raises(Mistake, match="not 'beta'"):
        g_matrix([[1]], "beta")
    with pytest.raises(Mistake, match="must be"):
        g_matrix([1, 0])


# balances in whole numbers


@given(st.integers(1, 12), st.data())
def test_a_balance_found_is_one(unknowns, data):
    equations = data.draw(arrays(np.int64, (unknowns - 1, unknowns), elements=st.integers(-1, 1)))
    found = balance(equations)
    rank = np.linalg.matrix_rank(equations) if unknowns > 1 else 0
    assert (found is not None) == (rank == unknowns - 1)
    if found is not None:
        assert not (equations.astype(object) @ np.array(found, object)).any()
        assert np.gcd.reduce(np.array(found, object)) == 1
        assert next(x for x in found if x) > 0


def test_a_balance_is_refused_where_there_is_none_or_more_than_one():
    assert balance(np.array([[1, 0], [0, 1]])) is None
    assert balance(np.array([[1, 1, 1]])) is None
