"""What the paper of 1958 says a perceptron can do: many A-units, many classes, no teacher.

"The Perceptron: a probabilistic model", Psychological Review 65, 386-408, from p. 401 on.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from machines.mark1.experimenter import Experimenter, responses_needed
from simulator import chance
from simulator.experiments import Parameters, Result, Spread, spread
from simulator.stimuli import StimulusSet, figure, shift

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
    over,
    where,
)
from .setting import cards, dots, exact_experimenter, exact_machine, figures
from .theory_1958 import PAPER

# thousands of A-units

UNITS = (200, 500, 1000, 2000, 4000, 6000)
TAUGHT, NEW = 500, 200
BIVALENT, MEANS = "bivalent", "mean-discriminating"
READ_OUTS = (BIVALENT, MEANS)
SHIFTS = (1, 3)
"""By how many cells figures are moved at most; the first is assumed."""
NEGLIGIBLE = 0.01


def _large(job: Parameters) -> Result:
    wiring, stimuli = job["wiring"], figures("square", "circle")
    in_use = 1 if job["read out"] == BIVALENT else 2
    machine = exact_machine(
        wiring, association_units=job["units"], response_units=2, responses_in_use=in_use
    )
    if in_use == 1:
        experimenter, rule = Experimenter(machine, stimuli.classes), "forced"
    else:
        experimenter, rule = Experimenter(machine, stimuli.classes, "one-each"), "alpha-mu"
    taught = cards(stimuli, TAUGHT, wiring, shift=job["shift"])
    experimenter.teach(taught, 1, rule, order_seed=wiring, until_errorless=False)
    new = cards(stimuli, NEW // 2, wiring, taught=False, shift=job["shift"])
    return {"wrong": 1 - experimenter.test(new).accuracy}


def _large_jobs(count: int) -> list[Parameters]:
    return [
        {"read out": read_out, "units": units, "shift": shift, "wiring": wiring}
        for read_out in READ_OUTS
        for shift in SHIFTS
        for units in UNITS
        for wiring in range(1, count + 1)
    ]


def _judge_large(runs: Runs) -> Finding:
    def at(read_out: str, shift: int, units: int) -> Spread:
        setting = {"read out": read_out, "shift": shift, "units": units}
        return spread(over(where(runs, **setting), "wrong"))

    lines = [(read_out, shift) for shift in SHIFTS for read_out in READ_OUTS]
    return Finding(
        measures=tuple(
            Measure(
                f"new figures answered wrongly, {read_out}, {units} A-units, shift ±{shift}",
                at(read_out, shift, units),
                "negligible" if units >= 2000 and shift == SHIFTS[0] else "",
            )
            for read_out, shift in lines
            for units in reversed(UNITS)
        ),
        met=all(at(name, SHIFTS[0], UNITS[-1]).mean <= NEGLIGIBLE for name in READ_OUTS),
        plot=Plot(
            "A-units",
            "new figures answered wrongly",
            tuple(
                Curve.of(f"{name}, shift ±{shift}", [(u, at(name, shift, u)) for u in UNITS])
                for name, shift in lines
            ),
            logarithmic=True,
        ),
    )


LARGE = Experiment(
    name="thousands-of-units",
    number="E6",
    title="Squares and circles with thousands of A-units",
    published=(
        Published(
            "With the parameters of squares and circles errors become negligible with several "
            "thousand A-units, in the mean-discriminating and in the bivalent system.",
            "negligible",
            Known.READ,
            f"{PAPER}, figures 11 and 12",
        ),
    ),
    by=By.MACHINE,
    setting="A machine with exact parts; solid figures of 14 of 20 cells, moved by up to so many "
    f"cells; {TAUGHT} squares and as many circles, each shown once, forced: one R-unit whose "
    "values go up and down (bivalent), or two that compete by their means (alpha-mu); tested with "
    f"{NEW} new ones.",
    unknown="retina, size of the figures, how far their position varied, x, y, theta and P_a",
    criterion=f"With {UNITS[-1]} A-units and the assumed shift of ±{SHIFTS[0]} cell no more than "
    f"{NEGLIGIBLE:.0%} of the new figures are answered wrongly.",
    wirings=20,
    jobs=_large_jobs,
    run=_large,
    judge=_judge_large,
)

# a hundred classes

CLASSES, LIT, EXPOSURES = 100, 100, 400
CODES_UNITS = (512, 1024)


def _hundred(job: Parameters) -> Result:
    wiring = job["wiring"]
    patterns = dots(CLASSES, LIT, wiring)
    experimenter = exact_experimenter(patterns.classes, wiring, association_units=job["units"])
    curve = experimenter.teach(patterns, EXPOSURES, order_seed=wiring)
    return {"wrong": experimenter.test(patterns).wrong, "exposures": len(curve)}


def _hundred_jobs(count: int) -> list[Parameters]:
    return [
        {"units": units, "wiring": wiring}
        for units in CODES_UNITS
        for wiring in range(1, count + 1)
    ]


def _judge_hundred(runs: Runs) -> Finding:
    needed = responses_needed(CLASSES)
    errorless = {
        units: spread(float(wrong == 0) for wrong in over(where(runs, units=units), "wrong"))
        for units in CODES_UNITS
    }
    learned = [share.mean >= 0.95 for share in errorless.values()]
    return Finding(
        measures=(
            *(
                Measure(f"plugboards that name all 100, {units} A-units", share, "1 of 1", True)
                for units, share in errorless.items()
            ),
            *(
                Measure(
                    f"exposures of each, {units} A-units",
                    spread(over(where(runs, units=units), "exposures")),
                )
                for units in CODES_UNITS
            ),
            *(
                Measure(
                    f"patterns named wrongly, {units} A-units",
                    spread(over(where(runs, units=units), "wrong")),
                )
                for units in CODES_UNITS
            ),
        ),
        met=needed == 7 and (True if all(learned) else None if any(learned) else False),
        remark=f"{CLASSES} classes need {needed} binary responses, since 2^6 = 64 is too few.",
    )


HUNDRED = Experiment(
    name="hundred-classes",
    number="E10",
    title="100 classes by seven binary responses",
    published=(
        Published(
            "Instead of 100 responses, one for each of 100 classes, seven binary ones are enough.",
            "7 binary responses",
            Known.READ,
            f"{PAPER}, p. 402",
        ),
    ),
    by=By.MACHINE,
    setting=f"A machine with exact parts whose A-units are shared by seven R-units; {CLASSES} "
    f"random patterns of {LIT} of 400 cells; error correction until no error, at most {EXPOSURES} "
    "sweeps; then all once more with reinforcement off.",
    varied="512 and 1024 A-units",
    criterion="Seven are enough and six are not; and in every one of these settings at least 95 of "
    "100 plugboards name all 100 patterns.",
    wirings=20,
    jobs=_hundred_jobs,
    run=_hundred,
    judge=_judge_hundred,
)

# no teacher

EACH, SWEEPS, NEW_EACH = 25, 20, 100
DECAYS = (0, 1_000, 10_000, 50_000)
"""Parts per million of every value lost at each exposure."""
ALONE = ("spontaneous-alpha-mu", "spontaneous-gamma-mu")
_FIRST = chance.stream("mark1.experiments.first-values")


def _dissimilar() -> StimulusSet:
    """Give a square in the left and one in the right half of the retina."""
    square = figure("square", 8)
    levels = np.stack([shift(square, right=-5), shift(square, right=5)])
    classes = ("left", "right")
    return StimulusSet(levels, np.arange(2, dtype=np.int64), classes, classes)


def _alone(job: Parameters) -> Result:
    """Leave a machine alone with cards of two kinds; tell what it answers after a while."""
    wiring, stimuli = job["wiring"], _dissimilar()
    machine = exact_machine(wiring, response_units=2, responses_in_use=2, decay_ppm=job["decay"])
    experimenter = Experimenter(machine, stimuli.classes, "one-each")
    units = machine.description.association_units
    first = [chance.below(1_000_000, wiring, _FIRST, unit) for unit in range(units)]
    machine.operate("mark1.values.V", first)
    seen = cards(stimuli, EACH, wiring, shift=1)
    new = cards(stimuli, NEW_EACH, wiring, taught=False, shift=1)
    kinds = []
    for half in range(2):
        order = 2 * wiring + half
        experimenter.teach(seen, SWEEPS, job["rule"], order_seed=order, until_errorless=False)
        kinds.append(_kind(experimenter.test(new).confusion))
    return {"kind": kinds[-1] if kinds[0] == kinds[1] else "unstable"}


def _kind(confusion: NDArray[np.int64]) -> str:
    """Tell whether the answers divide the classes, are all one, or neither."""
    parts = confusion / confusion.sum(axis=1, keepdims=True)
    most = parts.argmax(axis=1)
    if parts.max(axis=1).min() < 0.95:
        return "neither"
    return "divided" if most[0] != most[1] else "one"


def _alone_jobs(count: int) -> list[Parameters]:
    return [
        {"rule": rule, "decay": decay, "wiring": wiring}
        for rule in ALONE
        for decay in DECAYS
        for wiring in range(1, count + 1)
    ]


def _judge_alone(runs: Runs) -> Finding:
    def share(kind: str, rule: str, decay: int) -> Spread:
        results = [result for _, result in where(runs, rule=rule, decay=decay)]
        return spread(float(result["kind"] == kind) for result in results)

    kinds = {"divided": "divides the classes", "one": "gives all one response"}
    as_told = [
        share("one", rule, 0).mean >= 0.95
        and any(share("divided", rule, decay).mean >= 0.95 for decay in DECAYS[1:])
        for rule in ALONE
    ]
    settings = [(rule, decay) for decay in (*DECAYS[1:], 0) for rule in reversed(ALONE)]
    return Finding(
        measures=tuple(
            Measure(
                f"{said}, {rule}, decay {decay / 10_000:g} % an exposure",
                share(kind, rule, decay),
                "yes" if (kind == "divided") == bool(decay) else "no",
                True,
            )
            for rule, decay in settings
            for kind, said in kinds.items()
        ),
        met=any(as_told),
        remark=""
        if any(as_told)
        else "Neither system does both. Of ours it is gamma, in which the "
        "inactive A-units pay for the active, that divides the classes, whether values decay or "
        "not; alpha ends with one response, whether they decay or not.",
        plot=Plot(
            "decay, % an exposure",
            "part of the plugboards that divide the classes",
            tuple(
                Curve.of(
                    rule,
                    [
                        (decay / 10_000, share("divided", rule, decay)._replace(deviation=0.0))
                        for decay in DECAYS
                    ],
                )
                for rule in ALONE
            ),
        ),
    )


SPONTANEOUS = Experiment(
    name="spontaneous",
    number="E11",
    title="Two classes told apart without a teacher",
    published=(
        Published(
            "A machine that reinforces its own responses, and whose values decay, comes to answer "
            "one of two dissimilar classes with one response and the other with the other; without "
            "decay it ends by giving one response to everything.",
            "division with decay",
            Known.READ,
            f"{PAPER}, p. 404; said to have been shown on the IBM 704",
        ),
    ),
    by=By.MACHINE,
    setting="A machine with exact parts, two R-units in competition, random values below one pulse "
    f"at first; {2 * EACH} cards with a square of 8 x 8 cells in the left or the right half, moved "
    f"by up to a cell; {SWEEPS} sweeps, a test with {2 * NEW_EACH} other cards, {SWEEPS} sweeps "
    "more, another test. At least 95 % of either class must get one response, in both tests.",
    unknown="stimuli, sizes, rate of decay, which system it was",
    criterion="In one of the systems at least 95 of 100 plugboards divide the classes at some rate "
    "of decay, and give all one response without decay.",
    wirings=40,
    jobs=_alone_jobs,
    run=_alone,
    judge=_judge_alone,
)

EXPERIMENTS = (LARGE, HUNDRED, SPONTANEOUS)
