"""What such a machine cannot do: parity, point by point.

Whether an odd number of regions is lit is not settled by any of them, nor by any part of them: some
A-unit must look at all. Minsky and Papert made this a theorem in 1969. With random origin points
coarse regions are no trouble, as each A-unit touches several; for a few single points there is
hardly an A-unit that is plugged to all.
"""

from __future__ import annotations

import numpy as np

from machines.mark1.plugboard import Plugboard
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
    over,
    where,
)
from .setting import active, exact_experimenter

SIDE, BLOCK = 20, 4
KINDS = {"blocks": (2, 3, 4, 6, 8), "points": (2, 3, 4)}
SOLVED = {2: True, 3: True, 4: True, 6: True, 8: False}
"""Which numbers of blocks were learned in our own calculation."""
SWEEPS = 200
BACKGROUND = 80
"""Cells that are always lit, so that A-units are active when no region is."""
_PLACES = chance.stream("mark1.experiments.parity")


def regions(kind: str, count: int, page: int) -> list[list[int]]:
    """Choose some regions of the retina: blocks of 4 x 4 cells, or single points.

    Returns
    -------
    list of list of int
        Indices of the cells of each, no cell in two.
    """
    if kind == "points":
        return [[cell] for cell in chance.shuffle(SIDE * SIDE, page, _PLACES, 0)[:count]]
    across = SIDE // BLOCK
    chosen = chance.shuffle(across * across, page, _PLACES, 0)[:count]
    cells = np.arange(SIDE * SIDE).reshape(SIDE, SIDE)
    return [
        cells[top : top + BLOCK, left : left + BLOCK].ravel().tolist()
        for top, left in ((b // across * BLOCK, b % across * BLOCK) for b in chosen)
    ]


def parity(places: list[list[int]], page: int) -> StimulusSet:
    """Show every combination of regions; the class is whether an odd number of them is lit."""
    taken = {cell for region in places for cell in region}
    order = chance.shuffle(SIDE * SIDE, page, _PLACES, 1)
    always = [cell for cell in order if cell not in taken][:BACKGROUND]
    levels = np.zeros((2 ** len(places), SIDE * SIDE), np.uint8)
    levels[:, always] = 255
    for number, picture in enumerate(levels):
        for place, region in enumerate(places):
            if number >> place & 1:
                picture[region] = 255
    return StimulusSet(
        levels=levels.reshape(-1, SIDE, SIDE),
        labels=np.array([number.bit_count() % 2 for number in range(len(levels))], np.int64),
        classes=("even", "odd"),
        names=tuple(f"{number:b}" for number in range(len(levels))),
    )


def seeing_all(board: Plugboard, places: list[list[int]]) -> int:
    """Count the A-units plugged to at least one cell of every region."""
    region = np.full(SIDE * SIDE, -1)
    for number, cells in enumerate(places):
        region[cells] = number
    touched = np.zeros((int(board.a_unit.max()) + 1, len(places)), np.bool_)
    looks = region[board.s_unit] >= 0
    touched[board.a_unit[looks], region[board.s_unit[looks]]] = True
    return int(touched.all(axis=1).sum())


def _run(job: Parameters) -> Result:
    from machines.mark1.theory import separable

    wiring = job["wiring"]
    places = regions(job["kind"], job["count"], wiring)
    stimuli = parity(places, wiring)
    experimenter = exact_experimenter(stimuli.classes, wiring)
    on = active(experimenter.machine, stimuli.levels)
    possible = separable(on, np.where(stimuli.labels == 1, 1, -1)).separable
    curve = experimenter.teach(stimuli, SWEEPS, order_seed=wiring)
    learned = experimenter.test(stimuli).wrong == 0
    return {
        "learned": int(learned),
        "possible": possible,
        "sweeps": len(curve),
        "see all": seeing_all(experimenter.machine.board, places),
    }


def _jobs(count: int) -> list[Parameters]:
    return [
        {"kind": kind, "count": regions_, "wiring": wiring}
        for kind, counts in KINDS.items()
        for regions_ in counts
        for wiring in range(1, count + 1)
    ]


def _judge(runs: Runs) -> Finding:
    def at(kind: str, count: int, key: str) -> list[float]:
        return over(where(runs, kind=kind, count=count), key)

    settings = [(kind, count) for kind, counts in KINDS.items() for count in counts]
    without = [result for _, result in runs if not result["see all"]]
    possible = [float(result["possible"] is not False) for result in without]
    impossible = [result for _, result in runs if result["possible"] is False]
    marvels = [float(result["learned"]) for result in impossible]
    theorem = {
        "possible although no A-unit is plugged to all": possible,
        "learned although proved impossible": marvels,
    }
    names = {True: "learned", False: "not in 200 sweeps"}
    return Finding(
        measures=(
            *(Measure(what, spread(each), "none", True) for what, each in theorem.items() if each),
            *(
                Measure(
                    f"parity of {count} {kind} learned",
                    spread(at(kind, count, "learned")),
                    f"{names[SOLVED[count]]} (our own)" if kind == "blocks" else "",
                    True,
                )
                for kind, count in settings
            ),
            *(
                Measure(
                    f"parity of {count} {kind} possible, proved",
                    spread(
                        float(result["possible"] is True)
                        for _, result in where(runs, kind=kind, count=count)
                    ),
                    yes_or_no=True,
                )
                for kind, count in settings
            ),
            *(
                Measure(
                    f"A-units plugged to all of {count} {kind}", spread(at(kind, count, "see all"))
                )
                for kind, count in settings
            ),
        ),
        met=not any(possible) and not any(marvels),
        remark="That it cannot do XOR is too simple: of two coarse regions it can.",
        plot=Plot(
            "regions",
            "part of the plugboards that learned",
            tuple(
                Curve.of(
                    "blocks of 4 x 4 cells" if kind == "blocks" else "single points",
                    [(c, spread(at(kind, c, "learned"))._replace(deviation=0.0)) for c in counts],
                )
                for kind, counts in KINDS.items()
            ),
        ),
    )


PARITY = Experiment(
    name="parity",
    number="M1",
    title="Parity of blocks and of single points",
    published=(
        Published(
            "Parity has the order of its whole retina: it is decided only if some A-unit looks at "
            "all of the points.",
            "order of parity = number of points",
            Known.QUOTED,
            "Minsky and Papert, Perceptrons (1969), theorem 3.1, through a reader's notes",
        ),
        Published(
            "Parity of 2, 3, 4, 6 blocks of 4 x 4 cells is learned, of 8 not in 200 sweeps; of "
            "single points mostly not from 2 on.",
            "learned up to 6 blocks",
            Known.OWN,
            "our own calculation with another program",
        ),
    ),
    by=By.MACHINE,
    setting="A machine with exact parts and 512 A-units on one R-unit; all 2^k combinations of k "
    f"regions, beside {BACKGROUND} cells that are always lit; error correction, at most {SWEEPS} "
    "sweeps; then all once more with reinforcement off.",
    criterion="On no plugboard without an A-unit plugged to all regions are there values that do "
    "it, which is proved for each plugboard; and no machine learns what is proved impossible.",
    wirings=20,
    jobs=_jobs,
    run=_run,
    judge=_judge,
)

EXPERIMENTS = (PARITY,)
