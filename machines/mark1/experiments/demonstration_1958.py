"""The demonstration of July 1958: left or right. It ran on an IBM 704, not on the Mark I."""

from __future__ import annotations

from math import sqrt

import numpy as np

from simulator import chance
from simulator.experiments import Parameters, Result, spread
from simulator.stimuli import StimulusSet

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
    over,
    where,
)
from .setting import UNSEEN, exact_experimenter

CARDS, UNSEEN_CARDS = 50, 200
SIDE = 20
MARKS = (2, 4, 6)
RULES = ("forced", "error-correction")
_PLACES = chance.stream("mark1.experiments.left-right")
GUESSING = 0.5 + 1.645 * 0.5 / sqrt(UNSEEN_CARDS)
"""Whoever guesses answers this part of the unseen cards rightly once in twenty times."""


def marked(count: int, size: int, page: int) -> StimulusSet:
    """Make cards with one square mark, in turn on their left and their right half.

    Parameters
    ----------
    count
        How many cards.
    size
        Side of the mark, cells.
    page
        Of the random-number table, for where the mark is; it never crosses the middle.
    """
    levels = np.zeros((count, SIDE, SIDE), np.uint8)
    for number, card in enumerate(levels):
        top = chance.below(SIDE - size + 1, page, _PLACES, 2 * number)
        left = chance.below(SIDE // 2 - size + 1, page, _PLACES, 2 * number + 1)
        left += SIDE // 2 * (number % 2)
        card[top : top + size, left : left + size] = 255
    return StimulusSet(
        levels=levels,
        labels=np.arange(count, dtype=np.int64) % 2,
        classes=("left", "right"),
        names=tuple(f"card {number + 1}" for number in range(count)),
    )


def _run(job: Parameters) -> Result:
    wiring = job["wiring"]
    experimenter = exact_experimenter(("left", "right"), wiring)
    experimenter.teach(
        marked(CARDS, job["mark"], wiring), 1, job["rule"], order_seed=wiring, until_errorless=False
    )
    unseen = marked(UNSEEN_CARDS, job["mark"], wiring + UNSEEN)
    return {"unseen": experimenter.test(unseen).accuracy}


def _jobs(count: int) -> list[Parameters]:
    return [
        {"mark": mark, "rule": rule, "wiring": wiring}
        for rule in RULES
        for mark in MARKS
        for wiring in range(1, count + 1)
    ]


def _judge(runs: Runs) -> Finding:
    right = {
        (mark, rule): over(where(runs, mark=mark, rule=rule), "unseen")
        for mark in MARKS
        for rule in RULES
    }
    told = {
        setting: spread(float(part > GUESSING) for part in parts)
        for setting, parts in right.items()
    }
    enough = [each.mean >= 0.95 for each in told.values()]
    settings = sorted(right, key=lambda setting: (setting[0] != 4, setting))
    return Finding(
        measures=(
            holds("settings told apart on 95 of 100 plugboards", enough),
            *(
                Measure(
                    f"unseen cards right, {mark} x {mark} mark, {rule}", spread(right[mark, rule])
                )
                for mark, rule in settings
            ),
            *(
                Measure(
                    f"better than guessing, {mark} x {mark} mark, {rule}",
                    told[mark, rule],
                    "1 of 1",
                    True,
                )
                for mark, rule in settings
            ),
        ),
        met=True if all(enough) else None if any(enough) else False,
        remark="Press accounts give no figure. That the program taught itself is what they say; "
        "here the experimenter says left or right.",
        plot=Plot(
            "side of the mark, cells (of 20)",
            "unseen cards answered rightly after 50 cards",
            tuple(
                Curve.of(rule, [(mark, spread(right[mark, rule])) for mark in MARKS])
                for rule in RULES
            ),
        ),
    )


LEFT_RIGHT = Experiment(
    name="left-right",
    number="E12",
    title="A mark left or right, 50 cards",
    published=(
        Published(
            "Shown 50 cards marked on the left or on the right, it told left from right "
            "afterwards.",
            "tells left from right",
            Known.QUOTED,
            "press accounts of the demonstration on the IBM 704 of 7 July 1958",
        ),
    ),
    by=By.MACHINE,
    setting="A machine with exact parts and 512 A-units on one R-unit; 50 cards, each shown once; "
    f"tested with {UNSEEN_CARDS} other cards.",
    varied="marks of 2 x 2, 4 x 4 and 6 x 6 cells on 20 x 20; forced reinforcement and error "
    "correction",
    criterion=f"In every one of these settings at least 95 of 100 plugboards answer more than "
    f"{GUESSING:.3f} of the unseen cards rightly, which guessing does once in twenty times.",
    wirings=50,
    jobs=_jobs,
    run=_run,
    judge=_judge,
)

EXPERIMENTS = (LEFT_RIGHT,)
