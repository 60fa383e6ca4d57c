"""The page that writes all reproductions up, docs/reproductions.md.

What was published, what is done here and how it is judged stands in the page as it stands in the
code; what came of it stands between marks, so that a test can hold the one against the code and
leave the other to whoever runs it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from machines.mark1.experiments import EXPERIMENTS, Experiment

if TYPE_CHECKING:
    from ui.cli.mark1_reproduced import Reproduction

OPEN, CLOSE = "<!-- here -->", "<!-- end of here -->"
_HEAD = """# Published experiments, done again

This page is written by `firstwave mark1 reproduce --all --page docs/reproductions.md`.

What was published on perceptrons up to 1960 is done again on this machine, each over many
plugboards drawn from the random-number table: a single plugboard proves little. Figures are means,
then the standard deviation over the plugboards, then how many there were.

How we know what was published: *read* means that the primary text or figure was read for this
project, *quoted* that it is known through other authors, *our own* that it was computed for this
project, if from a published formula: such figures are no history. The numbers (F1, E1, ...) are
ours.

The verdicts:

* **reproduced**: the criterion, written down before the run, is met;
* **not reproduced**: it is not;
* **parameters unknown**: conditions that decide the outcome are lost, or it comes out one way under
  some and another way under others; the figures are those of settings we assumed.

Numbers of the machine that no source gives (x, y, theta and others) are those of its README. Any of
the experiments can be done by itself, in full or with fewer plugboards:

```sh
firstwave mark1 reproduce letters --wirings 4
```
"""


def page_of(reproductions: Sequence[Reproduction]) -> str:
    """Give the page in Markdown.

    Parameters
    ----------
    reproductions
        What came of the experiments; those left out have their published part only.
    """
    from ui.cli.mark1_reproduced import said

    came = {each.experiment.name: each for each in reproductions}
    lines = [_HEAD, "## At a glance", "", OPEN]
    lines += ["| experiment | published | known | here | verdict |", "|---|---|---|---|---|"]
    for each in reproductions:
        first, measure = each.experiment.published[0], each.finding.measures[0]
        name = each.experiment.name
        here = f"{measure.what}: {said(measure)}"
        cells = (
            f"[{name}](#{name.lower()})",
            first.value,
            first.known,
            here,
            f"**{each.verdict}**",
        )
        lines.append(_row(*cells))
    lines.append(CLOSE)
    for experiment in EXPERIMENTS:
        lines += ["", *_fixed(experiment), "", OPEN]
        if experiment.name in came:
            lines += _came(came[experiment.name])
        lines.append(CLOSE)
    return "\n".join(lines) + "\n"


def _fixed(experiment: Experiment) -> list[str]:
    lines = [f"## {experiment.name}", "", f"**{experiment.title}**", ""]
    lines += ["| published | figure | known | source |", "|---|---|---|---|"]
    lines += [_row(*stated) for stated in experiment.published]
    lines += ["", f"* *Here* ({experiment.by}): {experiment.setting}"]
    if experiment.unknown:
        lines.append(f"* *Unknown*: {experiment.unknown}")
    if experiment.varied:
        lines.append(f"* *Unknown, tried over*: {experiment.varied}")
    return [*lines, f"* *Criterion*: {experiment.criterion}"]


def _came(reproduction: Reproduction) -> list[str]:
    from ui.cli.mark1_reproduced import said

    finding = reproduction.finding
    lines = ["| figure | here | published |", "|---|---|---|"]
    lines += [_row(m.what, said(m), m.published) for m in finding.measures]
    lines += ["", f"**{reproduction.verdict}**. {finding.remark}".strip()]
    return lines


def _row(*cells: str) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
