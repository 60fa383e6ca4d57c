"""What an experiment of the past is here: what was published, what we do, how we judge it.

An :class:`Experiment` is written down before it is run. Its **published** part says what was
claimed, by whom, and whether we read it or know it through others; a figure of our own is labelled
as such and is no history. Its **setting** says what this machine is made to do, **unknown** which
conditions of the original nobody can tell us any more, and its **criterion**, in words and as the
function ``judge``, what counts as having been reproduced. The criterion follows from the published
statement and looks at the results of all plugboards together; nothing is tuned to a plugboard.

A :class:`Finding` is what came of it. Its verdict is one of three:

* **reproduced**: the criterion is met;
* **not reproduced**: it is not;
* **parameters unknown**: conditions that decide the outcome are lost. The figures are then those
  of a setting we assumed, shown for comparison and for nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple

from simulator.experiments import Parameters, Result, Spread, spread


class Known(StrEnum):
    """How we know what was published."""

    READ = "read"
    """The primary text or figure was read for this project."""
    QUOTED = "quoted"
    """Known through other authors."""
    OWN = "our own"
    """Computed for this project, perhaps from a published formula; not history."""


class By(StrEnum):
    """What gives the figures of this side."""

    MACHINE = "machine"
    """The Mark I (or one with other numbers), run event by event."""
    PLUGBOARD = "plugboard"
    """The Mark I's plugboard and A-units; nothing is learned."""
    THEORY = "theory"
    """Formulas or sums on paper; no machine is run."""


class Verdict(StrEnum):
    """What became of a published result."""

    REPRODUCED = "reproduced"
    NOT_REPRODUCED = "not reproduced"
    PARAMETERS_UNKNOWN = "parameters unknown"


class Published(NamedTuple):
    """One published statement.

    Attributes
    ----------
    what
        What is stated, in our words.
    value
        The figure as printed, or the claim in a word.
    known
        How we know.
    source
        Where it stands.
    """

    what: str
    value: str
    known: Known
    source: str


class Measure(NamedTuple):
    """One figure of this side.

    Attributes
    ----------
    what
        What was measured.
    here
        What came of it over all runs.
    published
        The figure it is to be held against, as printed; empty if there is none.
    yes_or_no
        Whether each run gave 1 (yes) or 0 (no), so that the mean tells how many said yes.
    """

    what: str
    here: Spread
    published: str = ""
    yes_or_no: bool = False


class Curve(NamedTuple):
    """One line of a plot: at each x the mean over all runs and their standard deviation."""

    label: str
    x: tuple[float, ...]
    mean: tuple[float, ...]
    deviation: tuple[float, ...] = ()

    @classmethod
    def of(cls, label: str, points: Iterable[tuple[float, Spread]]) -> Curve:
        """Draw a line through what was measured at each x."""
        points = list(points)
        return cls(
            label,
            tuple(float(x) for x, _ in points),
            tuple(here.mean for _, here in points),
            tuple(here.deviation for _, here in points),
        )


class Plot(NamedTuple):
    """A plot of an experiment.

    Attributes
    ----------
    x, y
        What the axes show.
    curves
        The lines.
    printed
        Points ``(x, y)`` to hold them against.
    printed_as
        What these are.
    logarithmic
        Whether x is.
    """

    x: str
    y: str
    curves: tuple[Curve, ...]
    printed: tuple[tuple[float, float], ...] = ()
    printed_as: str = "published"
    logarithmic: bool = False


@dataclass(frozen=True)
class Finding:
    """What came of an experiment.

    Attributes
    ----------
    measures
        The figures; the first is the one a table has room for.
    met
        Whether the criterion is met; None if the outcome depends on what we do not know.
    remark
        What a reader should know of it.
    plot
        Its curves, if there are any.
    """

    measures: tuple[Measure, ...]
    met: bool | None
    remark: str = ""
    plot: Plot | None = None


Runs = Sequence[tuple[Parameters, Result]]
"""The parameters of every job with its result."""


@dataclass(frozen=True)
class Experiment:
    """A published result, how it is done again, and how it is judged.

    Attributes
    ----------
    name
        What one calls it on the command line.
    number
        A short one that it also goes by; the numbering is ours.
    title
        What it is about, in a line.
    published
        What was published; the first statement is the one a table has room for.
    by
        What gives the figures of this side.
    setting
        What is done here.
    unknown
        Conditions of the original that are lost and decide the figures; empty if there are none.
        Where there are, the verdict is *parameters unknown* whatever came out.
    varied
        Conditions that are lost, but over which a claim without a figure (one thing is more than
        another) was tried: it is met if it holds under all of them, not met if under none.
    criterion
        What counts as reproduced.
    wirings
        Over how many plugboards (or draws, where no plugboard comes in) unless told otherwise; 1
        where nothing is drawn.
    jobs
        Gives the jobs for so many plugboards.
    run
        Does one job.
    judge
        Judges all of them.
    """

    name: str
    number: str
    title: str
    published: tuple[Published, ...]
    by: By
    setting: str
    criterion: str
    wirings: int
    jobs: Callable[[int], list[Parameters]]
    run: Callable[[Parameters], Result]
    judge: Callable[[Runs], Finding]
    unknown: str = ""
    varied: str = ""

    def verdict(self, finding: Finding) -> Verdict:
        """Give the verdict on a finding of this experiment."""
        if self.unknown or finding.met is None:
            return Verdict.PARAMETERS_UNKNOWN
        return Verdict.REPRODUCED if finding.met else Verdict.NOT_REPRODUCED


def wirings(count: int) -> list[Parameters]:
    """Give one job for each plugboard, pages 1 .. count of the random-number table."""
    return [{"wiring": seed} for seed in range(1, count + 1)]


def once(_wirings: int) -> list[Parameters]:
    """Give the one job of an experiment without anything to be drawn."""
    return [{}]


def where(runs: Runs, **known: Any) -> Runs:
    """Give the runs whose parameters are these; None for a parameter that is not there."""
    return [run for run in runs if all(run[0].get(key) == value for key, value in known.items())]


def holds(what: str, settings: Iterable[bool], published: str = "all") -> Measure:
    """Count in how many settings something holds."""
    return Measure(what, spread(float(each) for each in settings), published, True)


def over(runs: Runs, key: str) -> list[float]:
    """Give one figure of all results."""
    return [float(result[key]) for _, result in runs]
