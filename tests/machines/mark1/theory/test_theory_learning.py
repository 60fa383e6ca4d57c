"""The learning curves of 1958, as printed and refined."""

from math import comb, sqrt
from statistics import NormalDist

import pytest
from hypothesis import given
from hypothesis import strategies as st

from machines.mark1.theory import (
    Constants,
    asymptote,
    differentiated,
    generalised,
    generalises,
    ideal,
    recognised,
    recognition,
)
from simulator.errors import Mistake

SYSTEMS = [(system, read_out) for system in ("alpha", "gamma") for read_out in ("mu", "sigma")]
Phi = NormalDist().cdf


def test_the_constants_of_the_ideal_environment_are_those_of_the_published_analysis():
    p, units = 0.07, 500
    assert ideal("alpha", "mu", units, p) == pytest.approx((0, 1 - p, 0, 2 * (1 - p) / units))
    assert ideal("alpha", "sigma", units, p) == pytest.approx(
        (
            0,
            (1 - p) * p * units,
            2 * p**3 * (1 - p) * units,
            2 * p**2 * (1 - p) * units,
        )
    )
    for read_out in ("mu", "sigma"):
        assert ideal("gamma", read_out, units, p) == ideal("alpha", "mu", units, p)


def test_the_published_form_of_alpha_with_mu_in_one_line():
    z = sqrt(500 * 0.93 / (2 * 200))
    expected = (1 - 0.93**500) * Phi(z)
    assert recognition("alpha", "mu", 500, 0.07, 200, "published") == pytest.approx(expected)


def test_in_the_ideal_environment_there_is_nothing_to_generalise():
    for system, read_out in SYSTEMS:
        constants = ideal(system, read_out, 500, 0.07)
        assert generalised(constants, 500, 0.07, 200) == pytest.approx(0.5, abs=1e-12)
        assert asymptote(constants, 500, 0.07) == pytest.approx(0.5, abs=1e-12)


@pytest.mark.parametrize("read_out", ["mu", "sigma"])
def test_where_classes_are_alike_recognition_and_generalisation_meet(read_out):
    """Rosenblatt 1958, p. 400: P_g rises, and in the end P_r is no better: one asymptote."""
    constants = differentiated("alpha", read_out, 50, 0.2, same=0.35, other=0.15)
    curve = [10**k for k in range(8)]
    taught = [recognised(constants, 50, 0.2, n) for n in curve]
    new = [generalised(constants, 50, 0.2, n) for n in curve]
    limit = asymptote(constants, 50, 0.2)
    assert new == sorted(new)
    assert all(a > b for a, b in zip(taught, new, strict=True))
    assert taught[0] > limit > new[0]
    assert taught[-1] == pytest.approx(limit, abs=1e-4)
    assert new[-1] == pytest.approx(limit, abs=1e-4)
    assert 0.5 < limit < 1


def test_more_a_units_bring_the_asymptote_near_certainty():
    limits = [
        asymptote(differentiated("alpha", "mu", units, 0.2, 0.35, 0.15), units, 0.2)
        for units in (100, 1_000, 10_000)
    ]
    assert limits == sorted(limits)
    assert limits[-1] > 0.9999


def test_strays_from_one_test_stimulus_to_another_set_a_limit_that_no_a_units_remove():
    strays = {"over_stimuli": (0.1, 0.1), "over_units": (0.0, 0.0)}
    constants = differentiated("alpha", "mu", 10**7, 0.2, 0.35, 0.15, **strays)
    assert asymptote(constants, 10**7, 0.2) == pytest.approx(Phi(0.2 / sqrt(0.02)))


def test_the_constants_for_classes_alike():
    assert differentiated(
        "alpha", "sigma", 100, 0.2, 0.35, 0.15, over_units=(0, 0)
    ) == pytest.approx(
        (
            20 * (0.35 - 0.15),
            20 * (1 - 0.35),
            0.8 * 20 * (0.35**2 + 0.15**2),
            20 * (0.35 * 0.65 + 0.15 * 0.85),
        )
    )


def test_generalisation_asks_for_p_a_between_the_two_p_c():
    assert generalises(0.2, same=0.35, other=0.15)
    assert not generalises(0.2, same=0.35, other=0.25)
    assert not generalises(0.2, same=0.18, other=0.15)


def test_certainty_and_chance_at_the_ends_of_equation_4():
    assert recognised(Constants(0, 1, 0, 0), 1_000, 0.2, 5) == pytest.approx(1)
    assert recognised(Constants(0, 0, 0, 0), 1_000, 0.2, 5) == pytest.approx(0.5)


def binomial(n, p):
    return [comb(n, k) * p**k * (1 - p) ** (n - k) for k in range(n + 1)]


@pytest.mark.parametrize("read_out", ["mu", "sigma"])
@pytest.mark.parametrize(("units", "active", "stimuli"), [(6, 0.3, 12), (12, 0.2, 8)])
def test_refined_alpha_is_near_the_exact_chance_for_few_units(read_out, units, active, stimuli):
    """All cases counted out: the sums of both source-sets are binomial, given the active units."""
    exact = 0.0
    answering = binomial(units, active)
    for n1, chance1 in enumerate(answering):
        for n2, chance2 in enumerate(answering):
            m1, m2 = (max(n1, 1), max(n2, 1)) if read_out == "mu" else (1, 1)
            for u1, c1 in enumerate(binomial(n1 * (stimuli - 1), active)):
                for u2, c2 in enumerate(binomial(n2 * stimuli, active)):
                    right, wrong = (n1 + u1) * m2, u2 * m1
                    won = 1 if right > wrong else 0.5 if right == wrong else 0
                    exact += chance1 * chance2 * c1 * c2 * won
    refined = recognition("alpha", read_out, units, active, stimuli)
    assert refined == pytest.approx(exact, abs=0.005)


@pytest.mark.parametrize("active", [0.05, 0.2, 0.5])
@pytest.mark.parametrize("read_out", ["mu", "sigma"])
def test_gamma_is_better_than_alpha_by_the_inactive_part(active, read_out):
    """With many units Z of gamma is that of alpha with mu divided by sqrt(1 - P_a)."""
    units, stimuli = 20_000, 20_000
    z = NormalDist().inv_cdf
    alpha = z(recognition("alpha", "mu", units, active, stimuli))
    gamma = z(recognition("gamma", read_out, units, active, stimuli))
    assert gamma / alpha == pytest.approx(1 / sqrt(1 - active), rel=2e-3)


@pytest.mark.parametrize(("system", "read_out"), SYSTEMS)
def test_for_many_units_of_which_few_answer_both_forms_agree(system, read_out):
    refined, published = (
        recognition(system, read_out, 200_000, 0.002, 100_000, form)
        for form in ("refined", "published")
    )
    assert refined == pytest.approx(published, abs=1e-3)


@given(
    st.sampled_from(SYSTEMS),
    st.integers(1, 200),
    st.floats(0.001, 0.999),
    st.integers(1, 10_000),
    st.sampled_from(["refined", "published"]),
)
def test_a_chance_is_a_chance_and_teaching_does_no_harm(way, units, active, stimuli, form):
    chance = recognition(*way, units, active, stimuli, form)
    assert 0 <= chance <= 1
    answers = 1 - (1 - active) ** units
    assert chance >= (0.5 * answers if form == "published" else 0.49)


def test_experiments_without_a_theory_are_refused():
    with pytest.raises(Mistake, match="no theory for beta-mu; there is alpha-mu"):
        recognition("beta", "mu", 100, 0.1, 10)
    with pytest.raises(Mistake, match="no theory for alpha-mean"):
        ideal("alpha", "mean", 100, 0.1)
    with pytest.raises(Mistake, match="must be positive, P_a between"):
        recognition("alpha", "mu", 0, 0.1, 10)
    with pytest.raises(Mistake, match="must be positive, P_a between"):
        recognition("alpha", "mu", 100, 1.0, 10)
    with pytest.raises(Mistake, match='"refined" or "published", not \'rough\''):
        recognition("alpha", "mu", 100, 0.1, 10, "rough")
    with pytest.raises(Mistake, match="P_c11 and P_c12 must lie between"):
        differentiated("alpha", "mu", 100, 0.1, 1.2, 0.1)
    with pytest.raises(Mistake, match="standard deviation is not negative"):
        differentiated("alpha", "mu", 100, 0.1, 0.2, 0.1, over_units=(-0.1, 0.1))
