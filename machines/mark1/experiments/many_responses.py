"""A hundred responses taught unequally often: alpha, beta and gamma compared (figure 10 of 1958).

10,000 A-units, each in 20 of 100 source-sets, do not fit on a Mark I, where an A-unit feeds one
R-unit. So this is done without a machine, in the *ideal environment* of the paper: a stimulus makes
every A-unit active with the chance P_a, whatever it looks like. Everything else is as printed. The
values grow by table 1 of the paper: while a response is reinforced, the active A-units of its
source-set gain, and

* **alpha**: that is all;
* **beta**: every source-set is fed alike, the dominant one through its active units, the others
  through all of their units;
* **gamma**: the inactive units of the dominant source-set lose what the active ones gain.

How often each response is taught varies; under alpha a response taught often becomes the stronger
one for that alone.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

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
    holds,
    where,
)
from .theory_1958 import PAPER

RESPONSES, UNITS, P_A, OMEGA = 100, 10_000, 0.07, 0.2
STIMULI = (10, 30, 100, 300)
"""n, mean number of stimuli for each response; sigma_n is half of it."""
ASKED = 10
"""Stimuli, of those taught to each response, that are shown again (with n = 10 in part twice)."""
SYSTEMS = ("alpha", "beta", "gamma")
_SETS, _COUNTS, _ACTIVE, _ORDER = (
    chance.stream(f"mark1.experiments.many-responses.{name}")
    for name in ("sets", "counts", "active", "order")
)

Values = NDArray[np.float64]


def source_sets(page: int) -> NDArray[np.bool_]:
    """Choose the fifth part of the responses each A-unit feeds: bool, (responses, units)."""
    entries = chance.bits_of(page, _SETS, np.arange(UNITS * RESPONSES)).reshape(RESPONSES, UNITS)
    least = np.argpartition(entries, round(OMEGA * RESPONSES), axis=0)
    member = np.zeros((RESPONSES, UNITS), np.bool_)
    np.put_along_axis(member, least[: round(OMEGA * RESPONSES)], True, axis=0)
    return member


def counts(mean: int, page: int) -> NDArray[np.int64]:
    """Draw how many stimuli each response is taught, normal, at least one; shape (responses,)."""
    uniform = chance.unit_interval(page, _COUNTS, np.arange(12 * RESPONSES)).reshape(12, -1)
    normal = uniform.sum(axis=0) - 6  # of twelve uniform numbers, as was done in 1958
    drawn: NDArray[np.int64] = np.maximum(1, np.rint(mean * (1 + 0.5 * normal))).astype(np.int64)
    return drawn


def answering(page: int, stimulus: int) -> NDArray[np.int64]:
    """Tell which A-units are active for a stimulus: their indices."""
    numbers = chance.unit_interval(page, _ACTIVE, stimulus * UNITS + np.arange(UNITS))
    return np.flatnonzero(numbers < P_A)


def taught(mean: int, page: int) -> tuple[dict[str, Values], NDArray[np.int64]]:
    """Teach everything once; give the values under each system, and each stimulus's response."""
    member = source_sets(page)
    sizes = member.sum(axis=1)
    number = counts(mean, page)
    responses = np.repeat(np.arange(RESPONSES), number)
    values = {system: np.zeros(UNITS) for system in SYSTEMS}
    fed = UNITS * OMEGA * P_A  # K, so that an active unit gains one on the average
    for stimulus, r in enumerate(responses.tolist()):
        mine = answering(page, stimulus)
        mine = mine[member[r, mine]]
        if not len(mine):
            continue
        values["alpha"][mine] += 1
        values["beta"][mine] += fed / len(mine)
        loss = len(mine) / (sizes[r] - len(mine))
        values["gamma"][mine] += 1 + loss
        values["gamma"] -= loss * member[r]
    # beta: while another response was reinforced each source-set was fed through all its units
    resting = (len(responses) - number) * fed / sizes
    values["beta"] += resting @ member
    return values, responses


def _run(job: Parameters) -> Result:
    mean, page = job["stimuli"], job["wiring"]
    member = source_sets(page)
    values, responses = taught(mean, page)
    asked = [
        int(np.flatnonzero(responses == r)[chance.below(int(n), page, _ORDER, ASKED * r + k)])
        for r, n in enumerate(np.bincount(responses))
        for k in range(ASKED)
    ]
    pairs = {system: 0.0 for system in SYSTEMS}
    firsts = {system: 0.0 for system in SYSTEMS}
    for stimulus in asked:
        on, r = answering(page, stimulus), responses[stimulus]
        inside = member[:, on]
        count = np.maximum(inside.sum(axis=1), 1)
        for system in SYSTEMS:
            means = inside @ values[system][on] / count
            beaten = (means[r] > means).sum() + 0.5 * ((means[r] == means).sum() - 1)
            pairs[system] += beaten / (RESPONSES - 1) / len(asked)
            firsts[system] += float(beaten == RESPONSES - 1) / len(asked)
    return {"pairs": pairs, "firsts": firsts}


def _jobs(count: int) -> list[Parameters]:
    return [{"stimuli": mean, "wiring": page} for mean in STIMULI for page in range(1, count + 1)]


READ = {"pairs": "stronger than a rival", "firsts": "strongest of 100"}


def _judge(runs: Runs) -> Finding:
    def figures(mean: int, read: str, system: str) -> list[float]:
        return [result[read][system] for _, result in where(runs, stimuli=mean)]

    def above(mean: int, read: str, better: str, worse: str) -> bool:
        pairs = zip(figures(mean, read, better), figures(mean, read, worse), strict=True)
        gain = spread(b - w for b, w in pairs)
        return gain.mean > 2 * gain.error

    ordered = {
        (mean, read): (above(mean, read, "gamma", "alpha"), above(mean, read, "alpha", "beta"))
        for mean in STIMULI
        for read in READ
    }
    all_so = [all(both) for both in ordered.values()]

    def at(mean: int, read: str, system: str) -> Spread:
        return spread(figures(mean, read, system))

    gamma, alpha = (sum(both[place] for both in ordered.values()) for place in (0, 1))
    return Finding(
        measures=(
            holds("settings in which that is the order", all_so),
            *(
                Measure(f"right response {said}, {system}, n = {mean}", at(mean, read, system))
                for read, said in READ.items()
                for mean in reversed(STIMULI)
                for system in reversed(SYSTEMS)
            ),
        ),
        met=True if all(all_so) else None if any(all_so) else False,
        remark=f"Gamma is above alpha in {gamma} and alpha above beta in {alpha} of {len(ordered)} "
        "settings.",
        plot=Plot(
            "n, stimuli for each response on the average",
            "right response stronger than a rival",
            tuple(
                Curve.of(system, [(mean, at(mean, "pairs", system)) for mean in STIMULI])
                for system in SYSTEMS
            ),
            logarithmic=True,
        ),
    )


MANY_RESPONSES = Experiment(
    name="figure-10",
    number="E5",
    title="Figure 10: gamma, alpha, beta with responses taught unequally often",
    published=(
        Published(
            "100 responses, 10,000 A-units, P_a = .07, omega = .2, the stimuli for each response "
            "straying by half of their mean number: gamma does best, then alpha, then beta.",
            "gamma > alpha > beta",
            Known.READ,
            f"{PAPER}, figure 10",
        ),
    ),
    by=By.THEORY,
    setting="All numbers as printed, in the ideal environment; values by table 1 of the paper; "
    f"read out by means; {ASKED} of the stimuli taught to each response are shown again. No "
    "machine is run: on a Mark I an A-unit feeds one R-unit only.",
    varied="10, 30, 100, 300 stimuli for each response on the average; right against one rival, "
    "and against all",
    criterion="In every one of these settings gamma is above alpha and alpha above beta, by more "
    "than two standard errors of the difference.",
    wirings=10,
    jobs=_jobs,
    run=_run,
    judge=_judge,
)

EXPERIMENTS = (MANY_RESPONSES,)
