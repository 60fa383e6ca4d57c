"""The learning curves that the theory of 1958 expects: computed, not measured.

"The Perceptron: a probabilistic model", Psychological Review 65, 386-408. No machine is run here.
Of most figures of the paper we have the captions and cannot read the curves.
"""

from __future__ import annotations

from math import sqrt
from typing import Literal

import numpy as np

from simulator.experiments import Parameters, Result, Spread, spread

from .experiment import (
    By,
    Curve,
    Experiment,
    Finding,
    Known,
    Measure,
    Plot,
    Published,
    Runs,
    holds,
    once,
    over,
    where,
)

PAPER = "Psychological Review 65 (1958)"

# the ideal environment

IDEAL = ((100, 0.1, 100), (500, 0.07, 200), (1000, 0.07, 1000), (2000, 0.2, 300))
"""N_e, P_a, n."""
EARLIER = {
    "alpha-mu": (0.733, 0.831, 0.737, 0.952),
    "alpha-sigma": (0.551, 0.599, 0.543, 0.591),
    "gamma-mu": (0.763, 0.856, 0.761, 0.968),
}
"""By our own earlier calculation."""
REPLICAS = 1000
FROM_THEORY = 0.015


def _simulate(job: Parameters) -> Result:
    from .ideal_environment import simulate

    units, p_a, stimuli = job["setting"]
    outcome = simulate(units, p_a, stimuli, REPLICAS, job["wiring"])
    return {
        "alpha-mu": outcome.alpha_mu.taught,
        "alpha-sigma": outcome.alpha_sigma.taught,
        "gamma-mu": outcome.gamma_mu.taught,
        "gamma-sigma": outcome.gamma_sigma.taught,
    }


def _ideal_jobs(count: int) -> list[Parameters]:
    return [
        {"setting": list(setting), "wiring": page}
        for setting in IDEAL
        for page in range(1, count + 1)
    ]


def _judge_ideal(runs: Runs) -> Finding:
    from machines.mark1.theory import recognition

    measures, ordered, near, apart = [], [], [], []
    for place, (units, p_a, n) in enumerate(IDEAL):
        results = where(runs, setting=[units, p_a, n])
        here = {system: spread(over(results, system)) for system in [*EARLIER, "gamma-sigma"]}
        mu, sigma, gamma = (here[system].mean for system in EARLIER)
        clear = 2 * sqrt(here["alpha-mu"].error ** 2 + here["alpha-sigma"].error ** 2)
        ordered.append(mu - sigma > clear and abs(gamma - mu) < min(mu, gamma) - sigma)
        doubt = 2 * sqrt(here["alpha-mu"].error ** 2 + here["gamma-mu"].error ** 2)
        apart.append(gamma - mu > doubt)
        of_alpha = recognition("alpha", "mu", units, p_a, n, "refined")
        of_gamma = recognition("gamma", "mu", units, p_a, n, "refined")
        near += [abs(mu - of_alpha) <= FROM_THEORY, abs(gamma - of_gamma) <= FROM_THEORY]
        label = f"N_e = {units}, P_a = {p_a}, n = {n}"
        for system, each in here.items():
            earlier = f"{EARLIER[system][place]} (our own)" if system in EARLIER else ""
            measures.append(Measure(f"P_r, {system}, {label}", each, earlier))
        for form in ("published", "refined"):
            theory = recognition("alpha", "mu", units, p_a, n, form)
            measures.append(
                Measure(f"P_r, alpha-mu by the {form} formula, {label}", Spread(theory, 0.0, 1))
            )
    return Finding(
        measures=(
            holds("settings in which both beat alpha-Sigma, and are nearer to each other", ordered),
            holds(f"within {FROM_THEORY} of the refined theory, alpha-mu and gamma-mu", near),
            holds("settings in which gamma is better than alpha-mu all the same", apart),
            *measures,
        ),
        met=all(ordered) and all(near),
        remark="Gamma and alpha-mu are alike but not equal: gamma is better wherever this many "
        "perceptrons can tell, because its values sum to zero. The paper gives both the same "
        "formula.",
    )


IDEAL_ENVIRONMENT = Experiment(
    name="ideal-environment",
    number="F6",
    title="Random stimuli: gamma and alpha-mu do better than alpha-Sigma",
    published=(
        Published(
            "In an ideal environment gamma does as well as alpha read out by means (mu), and alpha "
            "read out by sums (Sigma) does worse.",
            "gamma = alpha-mu > alpha-Sigma",
            Known.READ,
            f"{PAPER}, p. 398 f.",
        ),
        Published(
            "P_r in four settings.", "12 figures", Known.OWN, "our own calculation, another program"
        ),
    ),
    by=By.THEORY,
    setting=f"Two source-sets of N_e A-units without a retina, each active by chance; {REPLICAS} "
    "perceptrons for each page of the table. No machine is run.",
    criterion="In all four settings alpha-mu is above alpha-Sigma by more than two standard "
    "errors, and gamma-mu is nearer to alpha-mu than either is to alpha-Sigma; and both are within "
    f"{FROM_THEORY} of the theory refined here.",
    wirings=20,
    jobs=_ideal_jobs,
    run=_simulate,
    judge=_judge_ideal,
)

# curves of which we have the captions

UNITS = (100, 1000, 10_000)
ReadOut = Literal["mu", "sigma"]
READ_OUTS: tuple[ReadOut, ...] = ("mu", "sigma")


def _caption_curve(read_out: ReadOut, p_a: float, stimuli: tuple[int, ...]) -> Result:
    from machines.mark1.theory import recognition

    return {
        str(units): [recognition("alpha", read_out, units, p_a, n, "published") for n in stimuli]
        for units in UNITS
    }


FIGURE_7 = (100, 300, 1_000, 3_000, 10_000, 30_000, 100_000)
FIGURE_8 = (10, 30, 100, 300, 1_000, 3_000, 10_000)


def _figure_7(_job: Parameters) -> Result:
    return _caption_curve("sigma", 0.005, FIGURE_7)


def _figure_8(_job: Parameters) -> Result:
    return _caption_curve("mu", 0.07, FIGURE_8)


def _judge_caption(stimuli: tuple[int, ...], runs: Runs) -> Finding:
    ((_, result),) = runs
    return Finding(
        measures=tuple(
            Measure(f"P_r by the formula, N_e = {units}, n = {n:,}", Spread(p, 0.0, 1))
            for units in UNITS
            for n, p in zip(stimuli, result[str(units)], strict=True)
        ),
        met=None,
        remark="Of the figure we have the caption. The constants of its formula are derived, not "
        "read: the copies are illegible there.",
        plot=Plot(
            "stimuli for each response, omega n",
            "P_r",
            tuple(Curve(f"N_e = {u}", stimuli, tuple(result[str(u)])) for u in UNITS),
            logarithmic=True,
        ),
    )


def _caption(figure: int, what: str) -> Published:
    return Published(
        f"{what}; disjoint source-sets, ideal environment.",
        "a curve",
        Known.READ,
        f"{PAPER}, caption of figure {figure}",
    )


SIGMA_CURVE = Experiment(
    name="figure-7",
    number="E2",
    title="Figure 7: P_r of the Sigma-system against the stimuli for each response",
    published=(_caption(7, "P_r of the Sigma-system, P_a = .005, against omega n"),),
    by=By.THEORY,
    setting="Equation 4 for alpha-Sigma.",
    unknown="the A-units of a source-set, and the curve itself",
    criterion="None: we cannot read the curve.",
    wirings=1,
    jobs=once,
    run=_figure_7,
    judge=lambda runs: _judge_caption(FIGURE_7, runs),
)
MU_CURVE = Experiment(
    name="figure-8",
    number="E3",
    title="Figure 8: P_r of the mu-system against the stimuli for each response",
    published=(_caption(8, "P_r of the mu-system, P_a = .07, against omega n"),),
    by=By.THEORY,
    setting="Equation 4 for alpha-mu.",
    unknown="the A-units of a source-set, and the curve itself",
    criterion="None: we cannot read the curve.",
    wirings=1,
    jobs=once,
    run=_figure_8,
    judge=lambda runs: _judge_caption(FIGURE_8, runs),
)

P_AS = (*(round(1e-5 * 10 ** (step / 8), 8) for step in range(40)), 0.9)


def _figure_9(_job: Parameters) -> Result:
    from machines.mark1.theory import recognition

    return {
        f"{read_out}, N_e = {units}": [
            recognition("alpha", read_out, units, p_a, 1000, "published") for p_a in P_AS
        ]
        for read_out in READ_OUTS
        for units in UNITS
    }


def _judge_optimum(runs: Runs) -> Finding:
    ((_, result),) = runs
    best = {label: int(np.argmax(curve)) for label, curve in result.items()}
    inside = [0 < place < len(P_AS) - 1 for place in best.values()]
    return Finding(
        measures=(
            holds("settings with an optimum inside", inside),
            *(
                Measure(f"P_a at the optimum, {label}", Spread(P_AS[place], 0.0, 1))
                for label, place in best.items()
            ),
        ),
        met=True if all(inside) else None if any(inside) else False,
        plot=Plot(
            "P_a",
            "P_r after 1000 stimuli for each response",
            tuple(Curve(label, P_AS, tuple(curve)) for label, curve in result.items()),
            logarithmic=True,
        ),
    )


OPTIMUM = Experiment(
    name="figure-9",
    number="E4",
    title="Figure 9: there is a best P_a",
    published=(
        Published(
            "P_r against P_a for n = 1000: neither very few nor very many active A-units are best.",
            "an optimum",
            Known.READ,
            f"{PAPER}, figure 9",
        ),
    ),
    by=By.THEORY,
    setting="Equation 4 for alpha, P_a from .00001 to .9.",
    varied="100, 1000 and 10,000 A-units in a source-set; mu and Sigma",
    criterion="In every one of these settings the largest P_r lies at neither end.",
    wirings=1,
    jobs=once,
    run=_figure_9,
    judge=_judge_optimum,
)

EXPERIMENTS = (IDEAL_ENVIRONMENT, SIGMA_CURVE, MU_CURVE, OPTIMUM)
