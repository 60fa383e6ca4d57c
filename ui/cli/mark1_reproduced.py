"""What came of the reproductions: a table, JSON, CSV, plots."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from machines.mark1.experiments import EXPERIMENTS, Experiment, Finding, Measure, Verdict
from simulator.files import write_whole
from ui.cli import console
from ui.report import Line, curves

if TYPE_CHECKING:
    from rich.table import Table

COLOURS = {
    Verdict.REPRODUCED: "green",
    Verdict.NOT_REPRODUCED: "red",
    Verdict.PARAMETERS_UNKNOWN: "yellow",
}


@dataclass(frozen=True)
class Reproduction:
    """An experiment and what came of it over so many plugboards."""

    experiment: Experiment
    wirings: int
    finding: Finding

    @property
    def verdict(self) -> Verdict:
        """The verdict."""
        return self.experiment.verdict(self.finding)

    @property
    def fewer(self) -> str:
        """What to say beside the verdict where it rests on fewer plugboards than were meant."""
        meant = self.experiment.wirings
        return f" ({self.wirings} of {meant} wirings)" if self.wirings < meant else ""


# for a person


def listing() -> list[Any]:
    """Give the table of all experiments."""
    from rich.table import Table

    table = Table("", "name", "what it is about", "published", box=None, pad_edge=False)
    for experiment in EXPERIMENTS:
        first = experiment.published[0]
        published = f"{first.value} [{first.known}]"
        table.add_row(experiment.number, experiment.name, experiment.title, published)
    hint = "firstwave mark1 reproduce NAME does one of them, --all does all (some minutes)."
    return [table, "", hint]


def show(reproductions: Sequence[Reproduction], files: dict[str, str]) -> None:
    """Write the outcome for a person: a line each, and in full where it is one alone."""
    lines: list[Any] = [_table(reproductions)]
    if len(reproductions) == 1:
        lines += _in_full(reproductions[0])
    counts = Counter(each.verdict for each in reproductions)
    lines += [
        "",
        ", ".join(f"{counts[verdict]} {verdict}" for verdict in Verdict),
        _written(files),
    ]
    console.show(*lines)


def _written(files: dict[str, str]) -> str:
    plots = len(set(files) - {"results", "table", "page"})
    named = [files[name] for name in ("results", "table", "page") if name in files]
    return f"Written: {', '.join(named)}" + (f"; plots beside them: {plots}" if plots else "")


def _table(reproductions: Sequence[Reproduction]) -> Table:
    from rich.table import Table
    from rich.text import Text

    table = Table(
        *("", "experiment", "published", "here: mean ± spread (N)", "verdict"),
        box=None,
        pad_edge=False,
    )
    for each in reproductions:
        first, measure = each.experiment.published[0], each.finding.measures[0]
        table.add_row(
            Text(each.experiment.number),
            Text(each.experiment.name),
            Text(f"{first.value} [{first.known}]"),
            Text(f"{measure.what}: {said(measure)}"),
            Text(f"{each.verdict}{each.fewer}", style=COLOURS[each.verdict]),
        )
    return table


def _in_full(reproduction: Reproduction) -> list[str]:
    experiment, finding = reproduction.experiment, reproduction.finding
    lines = ["", experiment.title]
    for stated in experiment.published:
        lines.append(f"Published [{stated.known}]: {stated.what} ({stated.source})")
    lines.append(f"Here: {experiment.setting}")
    lines += [f"{what}: {text}" for what, text in _conditions(experiment)]
    lines.append(f"Criterion: {experiment.criterion}")
    lines += [f"  {_measured(measure)}" for measure in finding.measures]
    return [*lines, finding.remark] if finding.remark else lines


def _conditions(experiment: Experiment) -> list[tuple[str, str]]:
    texts = (("Unknown", experiment.unknown), ("Tried over", experiment.varied))
    return [(what, text) for what, text in texts if text]


def _measured(measure: Measure) -> str:
    published = f"; published {measure.published}" if measure.published else ""
    return f"{measure.what}: {said(measure)}{published}"


def said(measure: Measure) -> str:
    """Word what was measured, for example ``0.976 ± 0.012 (20)`` or ``19 of 20``."""
    here = measure.here
    if measure.yes_or_no:
        return f"{round(here.mean * here.runs)} of {here.runs}"
    if here.runs == 1:
        return _number(here.mean)
    return f"{_number(here.mean)} ± {_number(here.deviation)} ({here.runs})"


def _number(value: float) -> str:
    if value and abs(value) < 0.01:
        return f"{value:.2g}"
    return f"{value:.3f}" if abs(value) < 10 else f"{value:.1f}"


# for a script


def listing_json() -> dict[str, Any]:
    """Give the list of all experiments as JSON."""
    result = {"experiments": [_published_json(experiment) for experiment in EXPERIMENTS]}
    return console.document("mark1-reproduce", result, machine="mark1")


def document(
    reproductions: Sequence[Reproduction], files: dict[str, str], wall_s: float
) -> dict[str, Any]:
    """Give the outcome as JSON."""
    counts = Counter(each.verdict for each in reproductions)
    result = {
        "experiments": [_json(each) for each in reproductions],
        "verdicts": {str(verdict): counts[verdict] for verdict in Verdict},
        "files": files,
    }
    about = {"machine": "mark1", "engine": "compiled", "wall_s": round(wall_s, 3)}
    return console.document("mark1-reproduce", result, **about)


def _published_json(experiment: Experiment) -> dict[str, Any]:
    return {
        "name": experiment.name,
        "number": experiment.number,
        "title": experiment.title,
        "published": [
            {
                "what": stated.what,
                "value": stated.value,
                "known": str(stated.known),
                "source": stated.source,
            }
            for stated in experiment.published
        ],
        "by": str(experiment.by),
        "setting": experiment.setting,
        "unknown": experiment.unknown,
        "varied": experiment.varied,
        "criterion": experiment.criterion,
    }


def _json(reproduction: Reproduction) -> dict[str, Any]:
    finding = reproduction.finding
    return {
        **_published_json(reproduction.experiment),
        "wirings": reproduction.wirings,
        "measures": [
            {
                "what": measure.what,
                "mean": measure.here.mean,
                "deviation": measure.here.deviation,
                "runs": measure.here.runs,
                "published": measure.published,
            }
            for measure in finding.measures
        ],
        "met": finding.met,
        "verdict": str(reproduction.verdict),
        "remark": finding.remark,
        "plot": _plot_json(finding),
    }


def _plot_json(finding: Finding) -> dict[str, Any] | None:
    if (plot := finding.plot) is None:
        return None
    return {
        "x": plot.x,
        "y": plot.y,
        "curves": [
            {"label": c.label, "x": c.x, "mean": c.mean, "deviation": c.deviation}
            for c in plot.curves
        ],
        "printed": plot.printed,
        "printed_as": plot.printed_as,
    }


# files


def write_files(
    out: Path, page: Path | None, reproductions: Sequence[Reproduction], wall_s: float
) -> dict[str, Any]:
    """Write JSON, CSV, plots and the page; give the document that was written."""
    from ui.cli.mark1_reproductions_page import page_of

    files = {"results": out / "results.json", "table": out / "results.csv"}
    for each in reproductions:
        if each.finding.plot is not None:
            files[each.experiment.name] = out / f"{each.experiment.name}.png"
            _draw(each, files[each.experiment.name])
    write_whole(files["table"], _csv(reproductions))
    if page is not None:
        files["page"] = page
        write_whole(page, page_of(reproductions))
    content = document(reproductions, {name: str(path) for name, path in files.items()}, wall_s)
    write_whole(files["results"], json.dumps(content, indent=2) + "\n")
    return content


def _csv(reproductions: Sequence[Reproduction]) -> str:
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(["experiment", "measure", "published", "mean", "deviation", "runs", "verdict"])
    for each in reproductions:
        for measure in each.finding.measures:
            here = measure.here
            figures = (repr(here.mean), repr(here.deviation), here.runs)
            about = (each.experiment.name, measure.what, measure.published)
            rows.writerow([*about, *figures, each.verdict])
    return text.getvalue()


def _draw(reproduction: Reproduction, path: Path) -> None:
    experiment, plot = reproduction.experiment, reproduction.finding.plot
    if plot is not None:
        curves(
            path,
            experiment.title,
            (plot.x, plot.y),
            [Line(*curve) for curve in plot.curves],
            plot.printed,
            plot.printed_as,
            plot.logarithmic,
            caption=_caption(reproduction),
        )


def _caption(reproduction: Reproduction) -> str:
    if reproduction.wirings == 1:
        return str(reproduction.verdict)
    return f"N = {reproduction.wirings}, bands: one standard deviation; {reproduction.verdict}"
