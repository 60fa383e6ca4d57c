"""Published results, done again: one named experiment each.

:data:`EXPERIMENTS` lists them all; what an experiment is, :mod:`.experiment` says. The modules are
named by where the result was published, or by what it is about where several sources share it.
"""

from __future__ import annotations

from simulator.errors import Mistake

from . import (
    activity_1958,
    damage,
    demonstration_1958,
    estimates_1957,
    in_circulation,
    letters_1960,
    limits,
    many_responses,
    psychological_review_1958,
    report_1957,
    research_trends_1958,
    theory_1958,
)
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
    Verdict,
)

_ROOMS = (
    report_1957,
    estimates_1957,
    activity_1958,
    theory_1958,
    research_trends_1958,
    many_responses,
    psychological_review_1958,
    demonstration_1958,
    letters_1960,
    damage,
    in_circulation,
    limits,
)
EXPERIMENTS: tuple[Experiment, ...] = tuple(one for room in _ROOMS for one in room.EXPERIMENTS)
"""All of them, in the order in which their originals were published, as far as we know."""

__all__ = [
    "EXPERIMENTS",
    "By",
    "Curve",
    "Experiment",
    "Finding",
    "Known",
    "Measure",
    "Plot",
    "Published",
    "Runs",
    "Verdict",
    "named",
]


def named(name: str) -> Experiment:
    """Give the experiment of that name, or of that number.

    Raises
    ------
    Mistake
        If there is none.
    """
    for experiment in EXPERIMENTS:
        if name.lower() in (experiment.name.lower(), experiment.number.lower()):
            return experiment
    known = ", ".join(experiment.name for experiment in EXPERIMENTS)
    raise Mistake(f"no experiment is called {name[:40]}; there are {known}")
