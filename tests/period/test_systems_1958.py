"""Table 1 of Rosenblatt, Psychological Review 65 (1958): what the three systems gain, row by row.

The machine has three source-sets of four A-units each; N_Ar = 4 and N_ar are its units all together
and those active. The unit of gain is what one active A-unit of the alpha-system gains by a pulse;
the constant feed K is set to 6. Both engines.
"""

from itertools import product

import numpy as np
import pytest

from machines.mark1 import Description, Mark1
from machines.mark1.plugboard import from_wires

SETS, SIZE = 3, 4
GAIN = 5_000_000
"""What an active A-unit gains by a pulse under alpha, udeg."""
K = 6
GRAIN = 1e-4
"""Speeds are whole udeg per ms: a unit of gain is 20,000 of them."""
SYSTEMS = ["alpha", "beta", "gamma"]

pytestmark = [
    pytest.mark.parametrize("engine", ["reference", "compiled"]),
    pytest.mark.parametrize("dominance", ["mu", "sigma"]),
]


def rivals(engine, rule, *active, **changes):
    """Switch a machine on and light so many cells of each source-set; A-unit n sees cell n."""
    d = Description.ideal(
        rows=SETS, columns=SIZE, association_units=SETS * SIZE, response_units=SETS,
        responses_in_use=SETS, excitatory=1, inhibitory=0, theta=1, feed_units=K, **changes,
    )  # fmt: skip
    machine = Mark1(d, from_wires([(a, a, 1) for a in range(SETS * SIZE)], d), engine)
    machine.operate("mark1.control.rule", rule)
    lit = [[255] * count + [0] * (SIZE - count) for count in active]
    machine.operate("mark1.retina.light", np.array(lit, np.uint8))
    return machine


def pulse(machine, r):
    """Reinforce R-unit r once."""
    machine.operate("mark1.response.desired", [1 if other == r else -1 for other in range(SETS)])
    machine.operate("mark1.control.reinforce")
    machine.run(machine.now_ns + 250_000_000)


def values(machine):
    """Give the values in gains, a row a source-set."""
    return machine.rack("mark1.values.V").reshape(SETS, SIZE) / GAIN


def gains(engine, system, dominance, *active):
    """Reinforce R1 once, so many A-units of each source-set being active; a row a source-set."""
    machine = rivals(engine, f"{system}-{dominance}", *active)
    pulse(machine, 0)
    return values(machine)


@pytest.mark.parametrize("n_ar", [1, 2, 3])
@pytest.mark.parametrize("system", SYSTEMS)
def test_who_gains_how_much(engine, dominance, system, n_ar):
    gained = gains(engine, system, dominance, n_ar, 0, 0)
    active = {"alpha": 1, "beta": K / n_ar, "gamma": 1}[system]
    inactive_inside = {"alpha": 0, "beta": 0, "gamma": -n_ar / (SIZE - n_ar)}[system]
    inactive_outside = {"alpha": 0, "beta": K / SIZE, "gamma": 0}[system]
    assert gained[0, :n_ar] == pytest.approx(active, abs=GRAIN)
    assert gained[0, n_ar:] == pytest.approx(inactive_inside, abs=GRAIN)
    assert gained[1:] == pytest.approx(inactive_outside, abs=GRAIN)


@pytest.mark.parametrize("n_ar", [1, 2, 3])
def test_total_gain_of_a_source_set(engine, dominance, n_ar):
    def total(system):
        return gains(engine, system, dominance, n_ar, 2, 1).sum(axis=1)

    assert total("alpha") == pytest.approx([n_ar, 0, 0], abs=SIZE * GRAIN)
    assert total("beta") == pytest.approx([K, K, K], abs=SIZE * GRAIN)
    assert total("gamma") == pytest.approx([0, 0, 0], abs=SIZE * GRAIN)


def means(engine, system, dominance, times):
    """Reinforce each R-unit so many times, in every case with two active A-units in each set.

    Returns
    -------
    numpy.ndarray
        Mean value of each source-set at the end.
    """
    machine = rivals(engine, f"{system}-{dominance}", 2, 2, 2, travel_mdeg=10_000_000)
    for r, count in enumerate(times):
        for _ in range(count):
            pulse(machine, r)
    return values(machine).mean(axis=1)


TIMES = [(1, 2, 3), (5, 0, 1)]


@pytest.mark.parametrize("times", TIMES)
def test_mean_value_under_alpha_grows_with_the_number_of_reinforcements(engine, dominance, times):
    grown = means(engine, "alpha", dominance, times)
    assert grown == pytest.approx([2 * count / SIZE for count in times])
    for one, other in product(range(SETS), repeat=2):
        difference = times[one] - times[other]
        assert grown[one] - grown[other] == pytest.approx(2 / SIZE * difference)


@pytest.mark.parametrize("times", TIMES)
def test_mean_value_under_beta_grows_with_time_alike_in_all_source_sets(engine, dominance, times):
    grown = means(engine, "beta", dominance, times)
    assert grown == pytest.approx([sum(times) * K / SIZE] * SETS)


@pytest.mark.parametrize("times", TIMES)
def test_mean_value_under_gamma_is_constant(engine, dominance, times):
    assert np.allclose(means(engine, "gamma", dominance, times), 0, atol=GRAIN * sum(times))
