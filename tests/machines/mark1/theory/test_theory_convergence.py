"""Novikoff's bound and the cycling theorem against plain runs of error correction."""

from math import sqrt

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from machines.mark1 import Description, Experimenter, Mark1
from machines.mark1.theory import (
    correct_errors,
    correction_bound,
    margin,
    separable,
    what_to_expect,
)
from simulator.errors import Mistake
from simulator.stimuli import StimulusSet, letters


@st.composite
def tasks(draw, most_stimuli=6, most_units=5):
    shape = draw(st.integers(1, most_stimuli)), draw(st.integers(1, most_units))
    active = draw(arrays(np.int64, shape, elements=st.integers(0, 1)))
    desired = draw(arrays(np.int64, shape[0], elements=st.sampled_from([-1, 1])))
    return active, desired


@st.composite
def doable_tasks(draw):
    """Tasks that some values do, since they were made by them."""
    active, _ = draw(tasks(10, 8))
    values = draw(arrays(np.int64, active.shape[1], elements=st.integers(-5, 5).filter(bool)))
    sums = active @ values
    active, sums = active[sums != 0], sums[sums != 0]
    assume(len(sums))
    return active, np.sign(sums)


def corrections_in_order(active, desired, order):
    """Plain error correction, as long as the order goes on or until nothing is wrong."""
    values = np.zeros(active.shape[1], np.int64)
    made = 0
    for k in order:
        wrong = [j for j in range(len(active)) if desired[j] * (active[j] @ values) <= 0]
        if not wrong:
            return made, values
        # the order decides which of the wrong ones comes next: any order comes to this
        chosen = wrong[k % len(wrong)]
        values += desired[chosen] * active[chosen]
        made += 1
    return made, values


@given(doable_tasks(), st.lists(st.integers(0, 1000), min_size=1, max_size=60))
def test_novikoffs_bound_is_never_exceeded(task, order):
    active, desired = task
    bound = correction_bound(active, desired)
    made, values = corrections_in_order(active, desired, order * (bound // len(order) + 2))
    assert made <= bound
    assert (desired * (active @ values) > 0).all()


@given(tasks())
def test_there_is_a_bound_where_the_task_can_be_done(task):
    active, desired = task
    verdict = separable(active, desired)
    bound = correction_bound(active, desired)
    found = margin(active, desired)
    assert (bound is not None) == bool(verdict.separable) == (found is not None)
    if found is not None:
        sums = desired * (active @ found.values)
        length = sqrt(sum(int(v) ** 2 for v in found.values))
        assert found.width == pytest.approx(sums.min() / length, rel=1e-12)
        assert bound <= active.sum(axis=1).max() / found.width**2 * (1 + 1e-9)


@given(doable_tasks(), arrays(np.int64, 8, elements=st.integers(-9, 9)))
def test_no_values_have_a_wider_margin(task, other):
    active, desired = task
    found = margin(active, desired)
    other = other[: active.shape[1]]
    assume(other.any())
    rival = (desired * (active @ other)).min() / np.linalg.norm(other)
    assert rival <= found.width * (1 + 1e-9)


@given(tasks(), st.lists(st.integers(0, 1000), min_size=1, max_size=400))
def test_values_never_grow_faster_than_expected(task, order):
    active, desired = task
    made, values = corrections_in_order(active, desired, order)
    longest = what_to_expect(active, desired).longest(made)
    assert np.linalg.norm(values) <= longest * (1 + 1e-12)


@given(tasks())
def test_where_the_task_cannot_be_done_values_come_round_and_stay_bounded(task):
    """The cycling theorem, on sets small enough to see the end of it."""
    active, desired = task
    expected = what_to_expect(active, desired)
    assume(expected.verdict.separable is False)
    course = correct_errors(active, desired, 20_000)
    assert course.cycle is not None
    assert course.corrections.min() > 0
    first, period = course.cycle
    # three more rounds end at the same values and reach no further
    assert first + period == len(course.corrections)
    values, longest = np.zeros(active.shape[1], np.int64), 0
    for _ in range(first + 4 * period):
        for row, way in zip(active, desired, strict=True):
            if way * (row @ values) <= 0:
                values += way * row
                longest = max(longest, values @ values)
    assert values.tolist() == course.values.tolist()
    assert sqrt(longest) == course.longest


def test_two_stimuli_of_one_unit_each():
    assert correction_bound([[1, 0], [0, 1]], [1, -1]) == 2
    found = margin([[1, 0], [0, 1]], [1, -1])
    assert found.width == pytest.approx(sqrt(0.5))
    assert correct_errors([[1, 0], [0, 1]], [1, -1], 9).corrections.tolist() == [2, 0]


def test_what_to_expect_in_words():
    assert (
        what_to_expect([[1, 0], [0, 1]], [1, -1]).explain()
        == "at most 2 corrections, then no more errors"
    )
    hopeless = what_to_expect([[1], [1]], [1, -1])
    assert hopeless.explain().startswith("errors never end; values stay within bounds")
    assert hopeless.corrections is None
    assert correct_errors([[1], [1]], [1, -1], 9).cycle == (0, 1)
    assert what_to_expect([[1, 0], [0, 1]], [0, 0]).corrections == 0
    n = 80
    steep = [[j == k or (j < k and (k - j) % 2 == 1) for j in range(n)] for k in range(n)]
    unknown = what_to_expect(steep, [1 if k % 2 else -1 for k in range(n)])
    assert unknown.explain().startswith("undecided")
    assert unknown.corrections is None


def test_a_run_may_be_cut_short():
    course = correct_errors([[1, 0], [1, 1]], [1, -1], 1)
    assert course.cycle is None
    assert course.corrections.tolist() == [2]
    with pytest.raises(Mistake, match="at least one is needed"):
        correct_errors([[1]], [1], 0)


@pytest.mark.parametrize("wiring_seed", [1, 2, 3])
@pytest.mark.parametrize("picked", ["F", "AEIOU"])
def test_the_ideal_machine_keeps_within_the_bound(wiring_seed, picked):
    """Some letters against the other ones, all A-units on one R-unit."""
    case = letters("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    labels = np.array([int(name in picked) for name in case.names])
    stimuli = StimulusSet(case.levels, labels, ("other", "picked"), case.names)
    machine = Mark1(Description.ideal(responses_in_use=1, wiring_seed=wiring_seed))
    active = []
    for light in stimuli.levels:
        machine.operate("mark1.retina.light", light.ravel())
        active.append(machine.rack("mark1.association.A") > 0)
    bound = correction_bound(active, 2 * labels - 1)
    experimenter = Experimenter(machine, stimuli.classes)
    assert experimenter.teach(stimuli, 200)[-1] == 0
    corrections = int(machine.read("mark1.control.pulses"))
    assert len(picked) <= corrections <= bound
    steps = machine.rack("mark1.values.V") // 5_000_000
    assert what_to_expect(active, 2 * labels - 1).longest(corrections) >= np.linalg.norm(steps)
