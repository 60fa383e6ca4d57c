"""The first learning curves to be printed: squares and circles, summer 1958.

"The Design of an Intelligent Automaton", CAL Research Trends VI(2). Two source-sets of A-units
compete, one for squares, one for circles; curves show how surely a figure taught (P_r) and one
never shown (P_g) are answered, as more and more are taught. They were computed, and run on the 704;
what the figures were like and how their position varied is not said.
"""

from __future__ import annotations

import numpy as np

from machines.mark1.experimenter import Experimenter
from simulator.experiments import Parameters, Result, Spread, spread
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
    where,
)
from .setting import cards, exact_machine, figures

TAUGHT = (10, 30, 100, 300, 1000)
"""Squares, and circles, taught so far when the machine is tested."""
SHOWN_AGAIN = 200
"""At most so many of those taught are shown again, and so many are new."""
SETTINGS = ((100, 1), (100, 2), (100, 3), (200, 1), (500, 1))
"""A-units in a source-set, and the most cells figures are moved by; the first is assumed."""
SYSTEMS = ("alpha-mu", "gamma-mu")


def _learning_curve(job: Parameters) -> Result:
    wiring, stimuli = job["wiring"], figures("square", "circle")
    machine = exact_machine(
        wiring, association_units=2 * job["set"], response_units=2, responses_in_use=2
    )
    experimenter = Experimenter(machine, stimuli.classes, "one-each")
    all_cards = cards(stimuli, TAUGHT[-1], wiring, shift=job["shift"])
    new = cards(stimuli, SHOWN_AGAIN // 2, wiring, taught=False, shift=job["shift"])
    taught, unseen, before = [], [], 0
    for count in TAUGHT:
        part = _each(all_cards, before, count)
        experimenter.teach(part, 1, job["system"], order_seed=wiring, until_errorless=False)
        again = _each(all_cards, 0, min(count, SHOWN_AGAIN // 2))
        taught.append(experimenter.test(again).accuracy)
        unseen.append(experimenter.test(new).accuracy)
        before = count
    return {"taught": taught, "unseen": unseen}


def _each(stimuli: StimulusSet, first: int, last: int) -> StimulusSet:
    """Give the cards ``first`` .. ``last - 1`` of either class."""
    count = len(stimuli) // len(stimuli.classes)
    chosen = [i for i in range(len(stimuli)) if first <= i % count < last]
    names = tuple(stimuli.names[i] for i in chosen)
    labels = np.array(stimuli.labels[chosen], np.int64)
    return StimulusSet(stimuli.levels[chosen], labels, stimuli.classes, names)


def _jobs(count: int) -> list[Parameters]:
    return [
        {"system": system, "set": units, "shift": shift, "wiring": wiring}
        for system in SYSTEMS
        for units, shift in SETTINGS
        for wiring in range(1, count + 1)
    ]


def _judge(runs: Runs) -> Finding:
    def curve(key: str, **setting: object) -> list[Spread]:
        results = [result[key] for _, result in where(runs, **setting)]
        return [spread(column) for column in zip(*results, strict=True)]

    measures, curves, falls = [], [], []
    at_100 = TAUGHT.index(100)
    for system in SYSTEMS:
        for units, shift in SETTINGS:
            setting = {"system": system, "set": units, "shift": shift}
            taught, unseen = curve("taught", **setting), curve("unseen", **setting)
            printed = system == SYSTEMS[0] and (units, shift) == SETTINGS[0]
            label = f"{system}, {units} A-units a set, shift ±{shift}"
            measures += [
                Measure(f"P_r, {label}, n = 100", taught[at_100], "0.92" if printed else ""),
                Measure(f"P_g, {label}, n = 100", unseen[at_100], "0.85" if printed else ""),
                Measure(f"P_r, {label}, n = 1000", taught[-1], "to 0.887" if printed else ""),
                Measure(f"P_g, {label}, n = 1000", unseen[-1], "to 0.887" if printed else ""),
            ]
            if system == SYSTEMS[0] and units == SETTINGS[0][0]:
                curves.append(Curve.of(f"P_r, {label}", zip(TAUGHT, taught, strict=True)))
                curves.append(Curve.of(f"P_g, {label}", zip(TAUGHT, unseen, strict=True)))
            gaps = [r.mean - g.mean for r, g in zip(taught, unseen, strict=True)]
            falls.append(
                taught[-1].mean < taught[0].mean
                and unseen[-1].mean > unseen[0].mean
                and gaps[-1] < gaps[0]
            )
    return Finding(
        measures=tuple(measures),
        met=all(falls),
        remark=f"P_r falls, P_g rises and they draw together in {sum(falls)} of {len(falls)} "
        "settings.",
        plot=Plot(
            "squares, and circles, taught",
            "answered rightly",
            tuple(curves),
            printed=((100, 0.92), (100, 0.85), (1000, 0.887)),
            logarithmic=True,
        ),
    )


LEARNING_CURVE = Experiment(
    name="learning-curve",
    number="E1",
    title="Squares and circles, two source-sets: the first learning curve",
    published=(
        Published(
            "With 100 A-units in each source-set and 100 squares and 100 circles taught P_r = .92 "
            "and P_g = .85; both tend to .887 as more are taught. Curves also for 200 and 500.",
            ".92, .85, both to .887",
            Known.READ,
            "CAL Research Trends VI(2) (1958), figure 5",
        ),
    ),
    by=By.MACHINE,
    setting="A machine with exact parts and two R-units in competition; solid figures of 14 of 20 "
    "cells, moved by up to so many cells, not turned; each card shown once; tested along the way "
    f"with {SHOWN_AGAIN} cards taught (or all, if fewer) and {SHOWN_AGAIN} new ones.",
    unknown="retina, size of the figures, how far their position varied, x, y, theta and P_a, and "
    "which system it was",
    criterion="In all settings P_r falls, P_g rises, and the gap between them closes from n = 10 "
    "to n = 1000; the figures themselves are shown for comparison.",
    wirings=20,
    jobs=_jobs,
    run=_learning_curve,
    judge=_judge,
)

EXPERIMENTS = (LEARNING_CURVE,)
