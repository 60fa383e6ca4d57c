"""von Neumann's figures, and experiments that agree with them within what chance allows."""

import pytest

from machines.mcculloch_pitts import unreliable as lab
from simulator.errors import Mistake


def within(measured, theory, trials):
    """Five standard deviations of a binomial count."""
    return abs(measured - theory) <= 5 * (max(theory * (1 - theory), 1e-12) / trials) ** 0.5


@pytest.mark.parametrize(("eps", "level"), [(0.01, 0.0103104), (0.1, 0.1464466), (0.15, 0.3110178)])
def test_triplication_settles_at_the_level_of_the_closed_form(eps, level):
    assert lab.triplication_level(eps) == pytest.approx(level, abs=5e-8)
    eta = 0.0
    for _ in range(2000):
        eta = lab.triplicated(eta, eps)
    assert eta == pytest.approx(level, abs=1e-6)


def test_triplication_fails_from_one_in_six():
    assert lab.triplication_level(1 / 6) is None
    assert lab.triplication_level(0.1666) is not None
    eta = 0.0
    for _ in range(5000):
        eta = lab.triplicated(eta, 0.17)
    assert eta == pytest.approx(0.5, abs=1e-6), "every answer is a toss of a coin"


@pytest.mark.parametrize("error_ppm", [0, 10_000, 100_000, 200_000])
def test_a_tree_of_majority_cells_errs_as_theory_says(error_ppm):
    for level in lab.measure_triplication(5, error_ppm, 150_000, ticks=32, seed=1956):
        assert within(level.measured, level.theory, level.lines), level


def test_multiplexing_holds_up_to_the_published_error():
    eps, delta = lab.multiplexing_limit()
    assert eps == pytest.approx(0.01077, abs=5e-6)
    assert delta == pytest.approx(0.073, abs=5e-4)
    assert lab.holds(0.0107, 0.07)
    assert not lab.holds(0.0109, 0.07)


def test_a_bundle_of_strokes_fails_at_the_error_theory_says():
    """Between the errors at which the mean answer is three deviations inside and outside."""
    lines, delta = 30_000, 0.07

    def edge(deviations):
        low, high = 0.0, 0.05
        for _ in range(40):
            middle = (low + high) / 2
            mean, deviation = lab.answer(middle, delta, lines)
            inside = mean + deviations * deviation <= delta
            low, high = (middle, high) if inside else (low, middle)
        return low * 1e6

    measured = lab.measure_multiplexing_limit(lines, 70, seed=2)
    assert edge(3) < lab.limit_at(delta) * 1e6 < edge(-3)
    assert edge(3) <= measured <= edge(-3)


@pytest.mark.parametrize("lines", [500, 1000, 2000])
def test_bundles_fail_as_often_as_the_normal_law_says(lines):
    trials = 2000
    failed = lab.measure_failures(lines, 5000, 70, trials, seed=4)
    theory = lab.failure_normal(lines, 0.005, 0.07)
    assert within(failed / trials, theory, trials)
    assert theory < lab.failure_theory(lines), "the recalled formula is an upper one here"


def test_longer_bundles_fail_less_often():
    rates = [lab.measure_failures(lines, 5000, 70, 300, seed=3) for lines in (200, 800, 3000)]
    assert rates[0] > rates[1] > rates[2]


@pytest.mark.parametrize(
    ("lines", "rho"),
    [(1000, 2.8e-2), (2000, 2.7e-3), (5000, 4.5e-6), (10_000, 1.6e-10), (25_000, 1.3e-23)],
)
def test_the_published_chance_of_failure_is_tabulated(lines, rho):
    assert lab.failure_theory(lines) == pytest.approx(rho, rel=0.05)


def test_no_formula_of_noisy_strokes_computes_beyond_the_modern_limit():
    assert pytest.approx(0.08856, abs=5e-6) == lab.NAND_LIMIT


def test_numbers_out_of_range_are_refused():
    for act in (
        lambda: lab.majority_tree(0, 0),
        lambda: lab.majority_tree(8, 0),
        lambda: lab.measure_triplication(1, 0, -1),
        lambda: lab.Bundles(0, 0),
        lambda: lab.Bundles(10, 1_000_001),
        lambda: lab.measure_failures(10, 0, 501, 1),
    ):
        with pytest.raises(Mistake):
            act()
