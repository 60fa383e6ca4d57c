"""The ideal environment in compiled code against the procedure written out unit by unit."""

from fractions import Fraction

import numpy as np
import pytest

from machines.mark1.experiments.ideal_environment import drawn, simulate
from machines.mark1.theory import recognition
from simulator.errors import Mistake

SYSTEMS = ("alpha_mu", "alpha_sigma", "gamma_mu", "gamma_sigma")


def taught_values(activity, stimuli, units, gamma):
    """Values of both source-sets after teaching, exactly, one stimulus after the other."""
    values = [[Fraction(0)] * units for _ in range(2)]
    for stimulus in range(2 * stimuli):
        response = stimulus // stimuli
        on = activity[stimulus, response]
        count = int(on.sum())
        if gamma and count == units:
            continue
        loss = Fraction(count, units - count) if gamma else 0
        values[response] = [
            v + 1 if unit_on else v - loss for v, unit_on in zip(values[response], on, strict=True)
        ]
    return values


def inputs(values, active, read_out):
    """What the two responses receive from the active units of their source-sets."""
    received = []
    for source_set, on in zip(values, active, strict=True):
        mine = [v for v, unit_on in zip(source_set, on, strict=True) if unit_on]
        total = sum(mine, Fraction(0))
        received.append(total / len(mine) if read_out == "mu" and mine else total)
    return received


def points(received, desired):
    right, wrong = received[desired], received[1 - desired]
    return 2 if right > wrong else 1 if right == wrong else 0


@pytest.mark.parametrize(
    ("units", "active", "stimuli"),
    [(1, 0.5, 2), (3, 0.7, 2), (5, 0.3, 4), (64, 0.1, 5), (70, 0.25, 6), (130, 0.03, 3)],
)
def test_the_compiled_experiment_is_the_procedure_unit_by_unit(units, active, stimuli):
    replicas, seed = 40, 11
    score = {system: [0, 0, 0] for system in SYSTEMS}
    for replica in range(replicas):
        activity, shown, new_response = drawn(units, active, stimuli, replica, seed)
        for system in SYSTEMS:
            rule, read_out = system.split("_")
            values = taught_values(activity, stimuli, units, rule == "gamma")
            taught = points(inputs(values, activity[shown], read_out), shown // stimuli)
            new = points(inputs(values, activity[2 * stimuli], read_out), new_response)
            for k, more in enumerate((taught, new, taught == 1)):
                score[system][k] += more
    outcome = simulate(units, active, stimuli, replicas, seed)
    for system in SYSTEMS:
        got = getattr(outcome, system)
        assert [got.taught * 2 * replicas, got.new * 2 * replicas, got.ties * replicas] == (
            pytest.approx(score[system])
        ), system


def test_activity_is_drawn_with_the_chance_asked_for():
    units, active, stimuli = 100, 0.07, 50
    table = np.array([drawn(units, active, stimuli, replica, 3).activity for replica in range(20)])
    sigma = np.sqrt(active * (1 - active))
    assert table.mean() == pytest.approx(active, abs=4 * sigma / np.sqrt(table.size))
    for axes in [(0, 1, 2), (0, 2, 3)]:  # by unit, by stimulus
        means = table.mean(axis=axes)
        others = table.size / means.size
        assert np.abs(means - active).max() < 4.5 * sigma / np.sqrt(others)


def test_the_outcome_is_that_of_the_seed_however_the_replicas_are_shared_out():
    first = simulate(40, 0.2, 10, 333, 5)
    assert simulate(40, 0.2, 10, 333, 5) == first
    assert simulate(40, 0.2, 10, 333, 6) != first
    assert first.replicas == 333


@pytest.mark.parametrize("row", [(20, 0.2, 10), (100, 0.1, 100), (300, 0.3, 20)])
def test_simulation_and_refined_theory_agree_within_4_sigma(row):
    replicas = 4_000
    outcome = simulate(*row, replicas, 1)
    for system in SYSTEMS:
        expected = recognition(*system.split("_"), *row)
        sigma = np.sqrt(expected * (1 - expected) / replicas)
        assert getattr(outcome, system).taught == pytest.approx(expected, abs=4 * sigma), system
        sigma_new = 0.5 / np.sqrt(replicas)
        assert getattr(outcome, system).new == pytest.approx(0.5, abs=4 * sigma_new), system


def test_impossible_experiments_are_refused():
    with pytest.raises(Mistake, match="must be positive"):
        simulate(0, 0.1, 10, 10, 1)
    with pytest.raises(Mistake, match="must be positive"):
        simulate(10, 0.1, 0, 10, 1)
    with pytest.raises(Mistake, match="P_a between 0 and 1"):
        drawn(10, 1.0, 10, 0, 1)
    with pytest.raises(Mistake, match="too near to 0 or 1"):
        simulate(10, 1e-12, 10, 10, 1)
    with pytest.raises(Mistake, match="at least one is needed"):
        simulate(10, 0.1, 10, 0, 1)
