"""What the machine bears: A-units taken out, cells of the picture inverted.

Rosenblatt's claim of 1958 is of memory that is distributed: no single association sits in a single
place. Of the Mark I itself no figure of this kind is known; the figures held against it here are
those we computed ourselves before this machine was written, with another program and another
type. They are labelled so, and are no history.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from machines.mark1.experimenter import Experimenter, machine_for
from machines.mark1.machine import Mark1
from simulator.experiments import Parameters, Result, Spread, spread
from simulator.stimuli import StimulusSet, letters, noise

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
    where,
    wirings,
)
from .letters_1960 import ALPHABET, EXPOSURES
from .setting import UNSEEN, cards, dots, exact_experimenter, figures, with_units_removed

EARLIER = "our own calculation with another program and another type, 4 plugboards"


# distributed memory, 1958

PERMILLE = (0, 100, 200, 300, 500, 700, 900)
TASKS = ("squares and circles", "random patterns")
EACH = 100


def _associations(task: str, wiring: int) -> StimulusSet:
    """Give 100 stimuli for each of two responses."""
    if task == "squares and circles":
        return cards(figures("square", "circle"), EACH, wiring, shift=3)
    patterns = dots(2 * EACH, 100, wiring)
    return StimulusSet(
        patterns.levels, np.arange(2 * EACH, dtype=np.int64) % 2, ("1", "2"), patterns.names
    )


def _distributed(job: Parameters) -> Result:
    wiring = job["wiring"]
    taught = _associations(job["task"], wiring)
    experimenter = exact_experimenter(taught.classes, wiring)
    experimenter.teach(taught, 1, "forced", order_seed=wiring, until_errorless=False)
    desired = np.where(taught.labels == 1, 1, -1)  # the second class is "1"
    right, shrunk = [], []
    whole = _sums(experimenter.machine, taught)
    for permille in PERMILLE:
        sums = desired * _sums(with_units_removed(experimenter, permille, wiring).machine, taught)
        right.append(float((sums > 0).mean()))
        shrunk.append(float((np.abs(sums) < np.abs(whole)).mean()))
    return {"right": right, "shrunk": shrunk}


def _sums(machine: Mark1, stimuli: StimulusSet) -> NDArray[np.int64]:
    """Read the sum meter of R1 for each stimulus; int64, shape (stimuli,), udeg."""
    sums = []
    for picture in stimuli.levels:
        machine.operate("mark1.retina.light", picture)
        sums.append(int(machine.rack("mark1.response.sum")[0]))
    return np.array(sums)


def _distributed_jobs(count: int) -> list[Parameters]:
    return [{"task": task, **job} for task in TASKS for job in wirings(count)]


def _judge_distributed(runs: Runs) -> Finding:
    measures, curves, beyond, general = [], [], [], []
    part = np.array(PERMILLE) / 1000
    for task in TASKS:
        right = np.array([result["right"] for _, result in where(runs, task=task)])
        shrunk = np.array([result["shrunk"] for _, result in where(runs, task=task)])
        local = (1 - part) * right[:, :1] + part / 2
        kept = [spread(column) for column in (right - local).T[1:]]
        felt = [spread(column) for column in (shrunk - part).T[1:]]
        beyond += [more.mean > 2 * more.error for more in kept]
        general += [more.mean > 2 * more.error for more in felt]
        for p, r, s in zip(PERMILLE, right.T, shrunk.T, strict=True):
            out = f"{task}, {p / 10:g} % of the A-units out"
            measures.append(Measure(f"answered rightly, {out}", spread(r)))
            measures.append(Measure(f"sum nearer to zero than before, {out}", spread(s)))
            if p:
                more = kept[PERMILLE.index(p) - 1]
                measures.append(Measure(f"kept beyond a localised memory, {out}", more, "above 0"))
        points = [spread(column) for column in right.T]
        curves.append(Curve.of(task, zip((100 * part).tolist(), points, strict=True)))
        line = tuple(local.mean(axis=0).tolist())
        curves.append(Curve(f"{task}, if each sat in one place", curves[-1].x, line))
    return Finding(
        measures=(
            holds("settings in which no association is lost by itself", beyond),
            holds("settings in which the deficit is general", general),
            *measures,
        ),
        met=all(beyond) and all(general),
        remark="This is forced learning as in 1958, which leaves most associations a margin. Error "
        "correction stops where the last error is gone and leaves none: see damage.",
        plot=Plot("A-units taken out, %", "associations answered rightly", tuple(curves)),
    )


DISTRIBUTED = Experiment(
    name="distributed-memory",
    number="E7",
    title="Memory is distributed: A-units taken out",
    published=(
        Published(
            "If part of the association system is removed, no single association is lost; a "
            "general deficit in all of them begins to show.",
            "general deficit",
            Known.READ,
            "Psychological Review 65 (1958), conclusion 9",
        ),
    ),
    by=By.MACHINE,
    setting="A machine with exact parts and 512 A-units on one R-unit, 100 stimuli for each of two "
    "responses, forced learning, each shown once; then part of the A-units is taken out, by "
    "chance, and all are shown again.",
    varied="squares and circles in varied positions; random patterns, 100 of 400 cells lit",
    criterion="Were each association kept in a place of its own, taking out a part f of the "
    "A-units would leave the part f of them to guessing and the rest as it was. For every f from "
    ".1 to .9 more are answered rightly than that (no single association is lost), and for more "
    "than the part f the R-unit's sum comes nearer to zero (a general deficit): by more than two "
    "standard errors, with both sorts of stimuli.",
    wirings=30,
    jobs=_distributed_jobs,
    run=_distributed,
    judge=_judge_distributed,
)


# the letters, damaged and spoiled

REMOVED = {50: (0.015, 0.08), 100: (0.05, 0.23), 200: (0.11, 0.46), 300: (0.19, 0.68),
           500: (0.23, 0.68)}  # fmt: skip
"""Permille of the A-units taken out: bits and letters then wrong, by our own calculation."""
FLIPPED = {1: 0.41, 2: 0.49, 5: 0.69, 10: 0.83}
"""Per cent of the cells inverted: letters then wrong, by our own calculation."""
SHOWINGS = 20
"""How often every letter is shown with other cells inverted."""


def _taught_letters(wiring: int, stimuli: StimulusSet, in_use: int = 8) -> Experimenter:
    machine = machine_for(stimuli.classes, wiring, responses_in_use=in_use)
    experimenter = Experimenter(machine, stimuli.classes)
    experimenter.teach(stimuli, EXPOSURES, order_seed=wiring)
    return experimenter


def _damaged(job: Parameters) -> Result:
    alphabet = letters(ALPHABET)
    experimenter = _taught_letters(job["wiring"], alphabet)
    bits, wrong = [], []
    for permille in REMOVED:
        damaged = with_units_removed(experimenter, permille, job["wiring"])
        damaged.teach(alphabet, 1, "off", until_errorless=False)
        asked = experimenter.code != 0
        missed = (damaged.machine.rack("mark1.control.answers") != experimenter.code) & asked
        bits.append(float(missed.sum() / asked.sum()))
        wrong.append(float(missed.any(axis=1).mean()))
    return {"bits": bits, "letters": wrong}


def _spoiled(job: Parameters) -> Result:
    alphabet, wiring = letters(ALPHABET), job["wiring"]
    clean = _taught_letters(wiring, alphabet)
    copies = cards(alphabet, 10, wiring, noise=0.05)
    noisy = _taught_letters(wiring, copies, in_use=5)
    wrong: dict[str, list[float]] = {"clean": [], "noisy": []}
    for percent in FLIPPED:
        many = cards(alphabet, SHOWINGS, wiring, taught=False)
        spoiled = StimulusSet(
            noise(many.levels, percent / 100, wiring + UNSEEN),
            many.labels,
            many.classes,
            many.names,
        )
        for name, experimenter in (("clean", clean), ("noisy", noisy)):
            wrong[name].append(1 - experimenter.test(spoiled).accuracy)
    return wrong


def _columns(runs: Runs, key: str) -> list[Spread]:
    return [spread(column) for column in zip(*(result[key] for _, result in runs), strict=True)]


def _like(here: Sequence[Spread], earlier: Sequence[float]) -> bool:
    """Tell whether earlier figures lie within two standard deviations of ours."""
    pairs = zip(here, earlier, strict=True)
    return all(abs(each.mean - figure) <= 2 * each.deviation for each, figure in pairs)


def _judge_damage(runs: Runs) -> Finding:
    bits, wrong = _columns(runs, "bits"), _columns(runs, "letters")
    shares = [permille / 1000 for permille in REMOVED]
    lost_more = all(w.mean > share for w, share in zip(wrong, shares, strict=True))
    earlier_bits, earlier = zip(*REMOVED.values(), strict=True)
    percent = [100 * share for share in shares]
    return Finding(
        measures=tuple(
            Measure(f"{what} wrong with {p:g} % of the A-units taken out", each, f"{figure:g}")
            for what, row, figures_ in (("letters", wrong, earlier), ("bits", bits, earlier_bits))
            for p, each, figure in zip(percent, row, figures_, strict=True)
        ),
        met=_like(wrong, earlier) and _like(bits, earlier_bits),
        remark=(
            "Taking out a part of the A-units loses more than that part of the letters: error "
            "correction stops where the last error is gone, and leaves no margin."
            if lost_more
            else ""
        ),
        plot=Plot(
            "A-units taken out, %",
            "part wrong",
            (
                Curve.of("letters", zip(percent, wrong, strict=True)),
                Curve.of("bits", zip(percent, bits, strict=True)),
            ),
            printed=(*zip(percent, earlier, strict=True), *zip(percent, earlier_bits, strict=True)),
            printed_as="our earlier calculation",
        ),
    )


DAMAGE = Experiment(
    name="damage",
    number="L2",
    title="26 letters, then A-units taken out",
    published=(
        Published(
            "Nothing that can be read. We computed: with 5, 10, 20, 30, 50 % of the A-units taken "
            "out 8, 23, 46, 68, 68 % of the letters and 1.5, 5, 11, 19, 23 % of the bits are "
            "wrong.",
            "10 % out: 0.23 of the letters wrong",
            Known.OWN,
            EARLIER,
        ),
    ),
    by=By.MACHINE,
    setting="The nominal machine, 512 A-units shared by 8 R-units, of which the code uses 5; "
    "taught 26 letters by error correction until no error, at most 40 sweeps; then A-units are "
    "taken out by chance.",
    unknown="the type of that calculation, which decides the figures",
    criterion="Each of our earlier figures lies within two standard deviations (over the "
    "plugboards) of the mean.",
    wirings=40,
    jobs=wirings,
    run=_damaged,
    judge=_judge_damage,
)


def _judge_noise(runs: Runs) -> Finding:
    clean, noisy = _columns(runs, "clean"), _columns(runs, "noisy")
    better = all(n.mean < c.mean for n, c in zip(noisy, clean, strict=True))
    return Finding(
        measures=(
            *(
                Measure(f"letters wrong with {p} % of the cells inverted", each, f"{figure:g}")
                for (p, figure), each in zip(FLIPPED.items(), clean, strict=True)
            ),
            *(
                Measure(f"the same, taught with up to 5 % inverted, {p} %", each)
                for p, each in zip(FLIPPED, noisy, strict=True)
            ),
        ),
        met=_like(clean, tuple(FLIPPED.values())),
        remark="Whoever teaches it with spoiled letters gets fewer wrong throughout."
        if better
        else "",
        plot=Plot(
            "cells inverted, %",
            "letters wrong",
            (
                Curve.of("taught with clean letters", zip(FLIPPED, clean, strict=True)),
                Curve.of("taught with 10 spoiled copies of each", zip(FLIPPED, noisy, strict=True)),
            ),
            printed=tuple((float(p), figure) for p, figure in FLIPPED.items()),
            printed_as="our earlier calculation",
        ),
    )


NOISE = Experiment(
    name="noise",
    number="L3",
    title="26 letters, then cells of the picture inverted",
    published=(
        Published(
            "Nothing that can be read. We computed: taught with clean letters, 41, 49, 69, 83 % of "
            "them are wrong when 1, 2, 5, 10 % of the cells are inverted.",
            "1 % inverted: 0.41 of the letters wrong",
            Known.OWN,
            EARLIER,
        ),
    ),
    by=By.MACHINE,
    setting="The nominal machine, 512 A-units shared by 8 R-units, of which the code uses 5; "
    "taught 26 letters by error correction until no error, at most 40 sweeps; then every letter is "
    f"shown {SHOWINGS} times with cells inverted by chance. Beside it a machine taught with 10 "
    "copies of each letter with up to 5 % of the cells inverted.",
    unknown="the type of that calculation, which decides the figures",
    criterion="Each of our earlier figures lies within two standard deviations (over the "
    "plugboards) of the mean.",
    wirings=30,
    jobs=wirings,
    run=_spoiled,
    judge=_judge_noise,
)

EXPERIMENTS = (DISTRIBUTED, DAMAGE, NOISE)
