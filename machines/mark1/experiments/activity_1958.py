"""P_a and P_c of 1958 against the plugboard: how many A-units answer, how alike two stimuli look.

"The Perceptron: a probabilistic model", Psychological Review 65, 386-408. Its formulas speak of
A-units with random origin points, and so of this machine's plugboard; the values we compute from
them are ours.
"""

from __future__ import annotations

from math import sqrt

import numpy as np
from numpy.typing import NDArray

from machines.mark1.theory import active_chance, active_chance_finite, common_chance
from simulator import chance
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
    where,
    wirings,
)
from .setting import active, exact_machine
from .theory_1958 import PAPER

ERRORS = 4
"""Standard errors within which a measured share must lie of the formula's."""
_LIT = chance.stream("mark1.experiments.lit")

# P_a

LIT = (0.1, 0.2, 0.3, 0.5)
KINDS = ((10, 0, 1), (10, 0, 4), (5, 5, 1), (5, 5, 2), (5, 5, 3), (10, 10, 2))
SIDE, CELLS = 20, 400


def _measure_p_a(job: Parameters) -> Result:
    x, y, theta = job["kind"]
    machine = exact_machine(job["wiring"], excitatory=x, inhibitory=y, theta=theta)
    order = chance.shuffle(CELLS, job["wiring"], _LIT, 0)
    pictures = _lit(CELLS, [order[: round(lit * CELLS)] for lit in LIT])
    counts = active(machine, pictures.reshape(-1, SIDE, SIDE)).sum(axis=1)
    return {"active": counts.tolist(), "units": machine.description.association_units}


def _lit(cells: int, sets: list[list[int]]) -> NDArray[np.uint8]:
    pictures = np.zeros((len(sets), cells), np.uint8)
    for picture, lit in zip(pictures, sets, strict=True):
        picture[lit] = 255
    return pictures


def _p_a_jobs(count: int) -> list[Parameters]:
    return [
        {"kind": list(kind), "wiring": wiring} for kind in KINDS for wiring in range(1, count + 1)
    ]


def _flatness(x: int, y: int, theta: int) -> float:
    return active_chance(x, y, theta, 0.5) / active_chance(x, y, theta, 0.1)


def _judge_p_a(runs: Runs) -> Finding:
    measures, curves, worst = [], [], 0.0
    for kind in KINDS:
        results = [result for _, result in where(runs, kind=list(kind))]
        label = "{} + {}, theta {}".format(*kind)
        points = []
        for place, lit in enumerate(LIT):
            here = spread(result["active"][place] / result["units"] for result in results)
            p = active_chance_finite(*kind, round(lit * CELLS), CELLS)
            trials = sum(result["units"] for result in results)
            worst = max(worst, abs(here.mean - p) / sqrt(p * (1 - p) / trials))
            formula = f"{active_chance(*kind, lit):.3g} (our own)"
            measures.append(Measure(f"P_a, {label}, R = {lit}", here, formula))
            points.append((lit, here))
        curves.append(Curve.of(label, points))
    flatter = [_flatness(5, 5, theta) < _flatness(10, 0, theta) for theta in range(1, 6)]
    off = Measure("largest departure from the formula, standard errors", Spread(worst, 0.0, 1))
    return Finding(
        measures=(off, *measures),
        met=worst <= ERRORS and all(flatter),
        remark="P_a(.5) / P_a(.1) is smaller for 5 + 5 than for 10 + 0 origin points in "
        f"{sum(flatter)} of {len(flatter)} thresholds (1 to 5).",
        plot=Plot(
            "R, lit part of the retina",
            "P_a, part of the A-units active",
            tuple(curves),
            printed=tuple((lit, active_chance(*kind, lit)) for kind in KINDS for lit in LIT),
            printed_as="by the formula, for an infinite retina",
        ),
    )


P_A = Experiment(
    name="p-a",
    number="F4",
    title="P_a: how many A-units answer a stimulus",
    published=(
        Published(
            "With as many inhibitory as excitatory origin points P_a depends less on the size of "
            "the stimulus (figure 4).",
            "x = y flattens P_a",
            Known.READ,
            f"{PAPER}, figure 4",
        ),
        Published(
            "The formula for P_a. Its values are computed by us.",
            "formula",
            Known.READ,
            f"{PAPER}; CAL Report 85-460-1 (1957), equation 1",
        ),
    ),
    by=By.PLUGBOARD,
    setting="Boards of 512 A-units, six kinds; a tenth, a fifth, three tenths, half of 400 cells "
    "lit, by chance.",
    criterion=f"Every measured share lies within {ERRORS} standard errors of the formula for 400 "
    "points (1957, equation 1); and by the formula P_a grows by a smaller factor from R = .1 to .5 "
    "with 5 + 5 than with 10 + 0 origin points, at every threshold from 1 to 5.",
    wirings=20,
    jobs=_p_a_jobs,
    run=_measure_p_a,
    judge=_judge_p_a,
)

# P_c

OVERLAPS = (0.0, 0.25, 0.5, 0.75, 0.9)
CASES = ((0.5, 5), (0.5, 7), (0.2, 5), (0.75, 10))
"""R and theta; A-units have 10 excitatory origin points and no inhibitory ones."""
WIDE = 80


def _overlaps(lit: float) -> list[float]:
    """Give the overlaps that two stimuli of this area can have."""
    return [overlap for overlap in OVERLAPS if lit * (2 - overlap) <= 1 + 1e-9]


def _measure_p_c(job: Parameters) -> Result:
    machine = exact_machine(
        job["wiring"], rows=WIDE, columns=WIDE, excitatory=10, inhibitory=0, theta=5
    )
    order = chance.shuffle(WIDE * WIDE, job["wiring"], _LIT, 1)
    counts = {}
    for lit, theta in CASES:
        machine.operate("mark1.association.theta", theta)
        area = round(lit * WIDE * WIDE)
        overlaps = _overlaps(lit)
        first = [round((1 - overlap) * area) for overlap in overlaps]
        sets = [order[:area], *(order[start : start + area] for start in first)]
        on = active(machine, _lit(WIDE * WIDE, sets).reshape(-1, WIDE, WIDE))
        counts[_case(lit, theta)] = [
            [int((on[0] & other).sum()), int(on[0].sum())] for other in on[1:]
        ]
    return counts


def _case(lit: float, theta: int) -> str:
    return f"R = {lit}, theta {theta}"


def _judge_p_c(runs: Runs) -> Finding:
    measures, curves, worst = [], [], 0.0
    for lit, theta in CASES:
        label, points = _case(lit, theta), []
        for place, overlap in enumerate(_overlaps(lit)):
            pairs = [result[label][place] for _, result in runs]
            both, first = (sum(column) for column in zip(*pairs, strict=True))
            p = common_chance(10, 0, theta, lit, overlap)
            stray = sqrt(p * (1 - p) / first)
            off = abs(both / first - p)
            worst = max(worst, off / stray if stray else float("inf") if off else 0.0)
            each = spread(b / f for b, f in pairs if f)
            what = f"P_c, {label}, C = {overlap}"
            measures.append(Measure(what, each._replace(mean=both / first), f"{p:.3g} (our own)"))
            points.append((overlap, measures[-1].here))
        curves.append(Curve.of(label, points))
    off_measure = Measure(
        "largest departure from the formula, standard errors", Spread(worst, 0.0, 1)
    )
    return Finding(
        measures=(off_measure, *measures),
        met=worst <= ERRORS,
        plot=Plot(
            "C, part of either stimulus that both light",
            "P_c, part of the A-units active for both",
            tuple(curves),
            printed=tuple(
                (overlap, common_chance(10, 0, theta, lit, overlap))
                for lit, theta in CASES
                for overlap in _overlaps(lit)
            ),
            printed_as="by the formula",
        ),
    )


P_C = Experiment(
    name="p-c",
    number="F5",
    title="P_c: how alike two stimuli look to the A-units",
    published=(
        Published(
            "The formula for P_c, and its limit C^x for theta = x. Its values are computed by us, "
            "for 10 excitatory and no inhibitory origin points as in figure 6.",
            "formula",
            Known.READ,
            f"{PAPER}, figure 6; CAL Report 85-460-1 (1957), equation 3",
        ),
    ),
    by=By.PLUGBOARD,
    setting=f"Boards of 512 A-units with 10 excitatory origin points on a retina of {WIDE} x "
    f"{WIDE} (the formula is for an infinite one); two stimuli of one area with the part C in "
    "common, by chance.",
    criterion=f"Every measured share lies within {ERRORS} standard errors of the formula.",
    wirings=20,
    jobs=wirings,
    run=_measure_p_c,
    judge=_judge_p_c,
)

EXPERIMENTS = (P_A, P_C)
