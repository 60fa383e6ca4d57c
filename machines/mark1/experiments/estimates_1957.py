"""What the report of 1957 says of A-units in passing: proportions, a sample, a guess.

CAL Report 85-460-1, like :mod:`.report_1957`; here chance has a part in it, or the figures are the
author's estimates.
"""

from __future__ import annotations

import numpy as np

from machines.mark1.theory import discrimination_1957
from simulator import chance
from simulator.experiments import Parameters, Result, Spread, spread, standard_normal
from simulator.stimuli import figure, shift

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
    wirings,
)
from .report_1957 import REPORT
from .setting import active, exact_machine

# proportions

PROPORTIONS = {
    "active for s and feeding r": 0.25,
    "active for 1 and 2 and feeding r": 0.125,
    "active for s and feeding 1 and 2": 0.125,
    "active for 1 and 2 and feeding 1 and 2": 0.0625,
}
_FEEDS = chance.stream("mark1.experiments.feeds")
_HALF = chance.stream("mark1.experiments.half")


def _count_proportions(job: Parameters) -> Result:
    wiring = job["wiring"]
    machine = exact_machine(wiring, excitatory=1, inhibitory=0, theta=1)
    cells = chance.shuffle(400, wiring, _HALF, 0)
    pictures = np.zeros((2, 400), np.uint8)
    pictures[0, cells[:200]] = 255
    pictures[1, cells[100:300]] = 255  # independent of the first: half of either is common
    on = active(machine, pictures.reshape(2, 20, 20))
    n = machine.description.association_units
    feeds = (chance.bits_of(wiring, _FEEDS, np.arange(2 * n)) >> np.uint64(63)).reshape(2, n) == 1
    shares = (
        np.mean([(a & f).mean() for a in on for f in feeds]),
        np.mean([(on.all(axis=0) & f).mean() for f in feeds]),
        np.mean([(a & feeds.all(axis=0)).mean() for a in on]),
        (on.all(axis=0) & feeds.all(axis=0)).mean(),
    )
    return dict(zip(PROPORTIONS, map(float, shares), strict=True))


def _judge_proportions(runs: Runs) -> Finding:
    here = {what: spread(over(runs, what)) for what in PROPORTIONS}
    return Finding(
        measures=tuple(
            Measure(f"A-units {what}", here[what], f"{part:g}")
            for what, part in PROPORTIONS.items()
        ),
        met=all(
            abs(here[what].mean - part) <= 4 * here[what].error
            for what, part in PROPORTIONS.items()
        ),
        remark="On the Mark I of 1960 an A-unit feeds one R-unit only; here each feeds either with "
        "the chance of a half, as in 1957.",
    )


PROPORTIONS_OF_1957 = Experiment(
    name="proportions",
    number="F3",
    title="Which A-units answer two stimuli and feed two responses",
    published=(
        Published(
            "Two stimuli, two responses, P_a = .5: 25 % of the A-units are active for a stimulus "
            "and feed a response, 12.5 % are active for both and feed it, 12.5 % are active for "
            "one and feed both, 6.25 % are active for both and feed both.",
            "25, 12.5, 12.5, 6.25 %",
            Known.READ,
            REPORT,
        ),
    ),
    by=By.PLUGBOARD,
    setting="512 A-units of one origin point each, theta = 1, two pictures that light half of the "
    "retina each and have half of that in common, so that P_a = .5; the R-units an A-unit feeds "
    "are drawn from the table.",
    criterion="All four means lie within four standard errors of the printed figures.",
    wirings=40,
    jobs=wirings,
    run=_count_proportions,
    judge=_judge_proportions,
)

# the 40 x 40 raster

RASTER = 40
SIDES = (10, 20)
UNITS = {
    "10 + 10, theta 2": (10, 10, 2),
    "5 + 5, theta 2": (5, 5, 2),
    "10 + 0, theta 4": (10, 0, 4),
}
SQUARES, CIRCLES = 0.2, 0.01


def _sample_raster(job: Parameters) -> Result:
    """Move a square and a circle over the raster; count who answers either."""
    x, y, theta = UNITS[job["unit"]]
    machine = exact_machine(
        job["wiring"], rows=RASTER, columns=RASTER, excitatory=x, inhibitory=y, theta=theta
    )
    side = job["side"]
    reach = range(-(RASTER - side) // 2, (RASTER - side) // 2 + 1, 2)
    parts = []
    for name in ("square", "circle"):
        one = figure(name, side, RASTER, RASTER)
        moved = np.array([shift(one, down, right) for down in reach for right in reach])
        parts.append(active(machine, moved).mean(axis=0))
    squares, circles = parts
    best = int(np.argmax(squares * (circles <= CIRCLES)))
    fits = (squares >= SQUARES) & (circles <= CIRCLES)
    return {
        "fits": int(fits.sum()),
        "squares": float(squares[best]),
        "circles": float(circles[best]),
    }


def _raster_jobs(count: int) -> list[Parameters]:
    return [
        {"unit": unit, "side": side, "wiring": wiring}
        for unit in UNITS
        for side in SIDES
        for wiring in range(1, count + 1)
    ]


def _judge_raster(runs: Runs) -> Finding:
    settings = [(unit, side) for unit in UNITS for side in SIDES]
    at = {
        (unit, side): [result for _, result in where(runs, unit=unit, side=side)]
        for unit, side in settings
    }
    found = {setting: any(result["fits"] for result in results) for setting, results in at.items()}
    return Finding(
        measures=(
            holds("settings with such an A-unit", found.values()),
            *(
                Measure(
                    f"squares answered by the best A-unit, {unit}, {side} cells wide",
                    spread(result["squares"] for result in at[unit, side]),
                    "about 0.2",
                )
                for unit, side in settings
            ),
            *(
                Measure(
                    f"such A-units of 512, {unit}, {side} cells wide",
                    spread(result["fits"] for result in at[unit, side]),
                    "one at least",
                )
                for unit, side in settings
            ),
        ),
        met=True if all(found.values()) else None if any(found.values()) else False,
    )


RASTER_SAMPLE = Experiment(
    name="raster-40",
    number="E8",
    title="One A-unit that answers squares and hardly any circle",
    published=(
        Published(
            "On a raster of 40 x 40 points a single A-unit may answer to about 20 % of the "
            "transposed squares and to 0 to 1 % of the circles.",
            "20 % and 0-1 %",
            Known.READ,
            f"{REPORT}, appendix II",
        ),
    ),
    by=By.PLUGBOARD,
    setting="512 A-units on a retina of 40 x 40; a square and a circle of one width, wherever they "
    "have room, every second cell.",
    varied="figures 10 and 20 cells wide; A-units of 10 + 10 origin points with theta 2, 5 + 5 "
    "with theta 2, 10 + 0 with theta 4",
    criterion="In every one of these settings some A-unit on some plugboard answers at least 20 % "
    "of the squares and at most 1 % of the circles.",
    wirings=20,
    jobs=_raster_jobs,
    run=_sample_raster,
    judge=_judge_raster,
)

# capacity

VOCABULARY_UNITS = (2000, 3000)
VOCABULARY = (1_000, 10_000, 100_000, 1_000_000)


def _capacity(_job: Parameters) -> Result:
    return {
        str(units): [
            standard_normal(discrimination_1957(words, 0.01, units)) for words in VOCABULARY
        ]
        for units in VOCABULARY_UNITS
    }


def _judge_capacity(runs: Runs) -> Finding:
    ((_, result),) = runs
    return Finding(
        measures=tuple(
            Measure(
                f"P(Z), {units} A-units, {words:,} stimuli for each response", Spread(p, 0.0, 1)
            )
            for units in VOCABULARY_UNITS
            for words, p in zip(VOCABULARY, result[str(units)], strict=True)
        ),
        met=None,
        remark="Nothing to run: the report gives no reckoning for its guess. By its own formula, "
        "with P_a = .01 as in table I, either number serves a million stimuli for each response.",
        plot=Plot(
            "stimuli for each response",
            "chance of the right response, P(Z)",
            tuple(
                Curve(f"{units} A-units, P_a = .01", VOCABULARY, tuple(result[str(units)]))
                for units in VOCABULARY_UNITS
            ),
            logarithmic=True,
        ),
    )


CAPACITY = Experiment(
    name="vocabulary",
    number="E9",
    title="How many A-units the vocabulary of English would take",
    published=(
        Published(
            "2000 to 3000 A-units for a vocabulary as large as that of English: a crude estimate.",
            "2000-3000 A-units",
            Known.READ,
            REPORT,
        ),
    ),
    by=By.THEORY,
    setting="The formula of table I with P_a = .01.",
    unknown="how the estimate was made",
    criterion="None: a guess cannot be reproduced.",
    wirings=1,
    jobs=once,
    run=_capacity,
    judge=_judge_capacity,
)

EXPERIMENTS = (PROPORTIONS_OF_1957, RASTER_SAMPLE, CAPACITY)
