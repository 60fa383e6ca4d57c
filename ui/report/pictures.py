"""Pictures for a report: the learning curve, and what each R-unit has come to look for.

matplotlib is imported only when a picture is drawn, and drawn on a Figure of its own, so that no
display is needed and a panel that is open is not disturbed.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from simulator.errors import Mistake
from simulator.files import write_whole

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SUFFIXES = (".png", ".svg", ".pdf")
_ORANGE, _BLUE, _GREY = "#d9700a", "#1f5fa8", "#8a8a8a"


def check_picture_path(path: str | Path) -> None:
    """Refuse a picture's path whose suffix names no format we draw.

    Raises
    ------
    Mistake
        If the suffix is none of ``SUFFIXES``.
    """
    if Path(path).suffix.lower() not in SUFFIXES:
        raise Mistake(f"{path}: a drawing must end in {', '.join(SUFFIXES)}")


def learning_curve(
    curve: Sequence[int] | NDArray[Any],
    path: str | Path,
    title: str = "Learning curve",
    stimuli: int | None = None,
    published_exposures: int | None = None,
) -> None:
    """Draw how many responses were wrong in each sweep through the stimuli.

    Parameters
    ----------
    curve
        Wrong responses in each sweep, from the first.
    path
        Where to, a PNG, SVG or PDF by its suffix.
    title
        Written above.
    stimuli
        How many stimuli a sweep has; if given, the axis reaches up to it.
    published_exposures
        Where to mark the published number of exposures, if anywhere.

    Raises
    ------
    Mistake
        If the suffix is unknown or the file cannot be written.
    """
    check_picture_path(path)
    from matplotlib.figure import Figure
    from matplotlib.ticker import MaxNLocator

    wrong = np.asarray(curve, dtype=np.int64)
    sweeps = np.arange(1, len(wrong) + 1)
    figure = Figure(figsize=(7, 4.2), dpi=120, layout="constrained")
    axes = figure.add_subplot()
    axes.plot(
        sweeps,
        wrong,
        color=_BLUE,
        marker="o" if len(wrong) <= 60 else "",
        markersize=4,
        clip_on=False,
    )
    if published_exposures is not None:
        axes.axvline(published_exposures, color=_GREY, linestyle="--", linewidth=1)
        axes.annotate(
            f"published: errorless\nafter {published_exposures} exposures",
            (published_exposures, 1),
            xycoords=("data", "axes fraction"),
            xytext=(-6, -6),
            textcoords="offset points",
            ha="right",
            va="top",
            color=_GREY,
        )
    last = max(len(wrong), published_exposures or 1)
    axes.set_xlim(0.5, last * 1.02 + 0.5)
    axes.set_ylim(0, max(int(wrong.max(initial=0)), stimuli or 1) * 1.05)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.yaxis.set_major_locator(MaxNLocator(integer=True))
    axes.set_xlabel("exposures of each stimulus")
    axes.set_ylabel("wrong responses in the sweep")
    axes.set_title(title)
    axes.grid(alpha=0.3)
    write_figure(figure, path)


def receptive_fields(
    fields: NDArray[Any], path: str | Path, title: str = "What each R-unit looks for"
) -> None:
    """Draw for each R-unit how light on each photocell counts: orange for "1", blue for "0".

    Parameters
    ----------
    fields
        Shape (R-units, rows, columns), any number type: for each cell the sum, over the A-units
        plugged to it, of value times the sign of the plug.
    path
        Where to, a PNG, SVG or PDF by its suffix.
    title
        Written above.

    Raises
    ------
    Mistake
        If the suffix is unknown or the file cannot be written.
    """
    check_picture_path(path)
    from matplotlib.colors import LinearSegmentedColormap
    from matplotlib.figure import Figure

    colours = LinearSegmentedColormap.from_list("response", [_BLUE, "#ffffff", _ORANGE])
    count = len(fields)
    across = min(count, 4)
    down = -(-count // across)
    figure = Figure(figsize=(2.2 * across, 2.3 * down + 0.5), dpi=120, layout="constrained")
    for r, field in enumerate(np.asarray(fields, dtype=np.float64)):
        axes = figure.add_subplot(down, across, r + 1)
        reach = float(np.abs(field).max()) or 1.0
        axes.imshow(field, cmap=colours, vmin=-reach, vmax=reach)
        axes.set_title(f"R{r + 1}", fontsize=10)
        axes.set_xticks([])
        axes.set_yticks([])
    figure.suptitle(title)
    write_figure(figure, path)


def damage_bands(
    fractions: Sequence[float],
    accuracy: Sequence[Sequence[float]],
    path: str | Path,
    title: str = "Damage",
    what: str = "fraction of the parts",
) -> None:
    """Draw how many stimuli a machine still answers rightly, against how much of it is damaged.

    Parameters
    ----------
    fractions
        How much is damaged, 0 to 1, ascending.
    accuracy
        Three sequences as long: least, mean and largest fraction answered rightly, over the draws.
    path
        Where to, a PNG, SVG or PDF by its suffix.
    title
        Written above.
    what
        Written below: what the fraction is one of.

    Raises
    ------
    Mistake
        If the suffix is unknown or the file cannot be written.
    """
    check_picture_path(path)
    from matplotlib.figure import Figure
    from matplotlib.ticker import PercentFormatter

    least, mean, most = (100 * np.asarray(row, dtype=np.float64) for row in accuracy)
    figure = Figure(figsize=(7, 4.2), dpi=120, layout="constrained")
    axes = figure.add_subplot()
    axes.fill_between(fractions, least, most, color=_BLUE, alpha=0.15, linewidth=0)
    axes.plot(fractions, mean, color=_BLUE, marker="o", markersize=4, clip_on=False)
    axes.set_xlim(0, max(fractions) or 1)
    axes.set_ylim(0, 100)
    axes.yaxis.set_major_formatter(PercentFormatter())
    axes.set_xlabel(what)
    axes.set_ylabel("answered rightly: mean, least and most")
    axes.set_title(title)
    axes.grid(alpha=0.3)
    write_figure(figure, path)


def write_figure(figure: Figure, path: str | Path) -> None:
    """Write a drawing as its path's suffix says, whole or not at all.

    Raises
    ------
    Mistake
        If the file cannot be written.
    """
    buffer = io.BytesIO()
    figure.savefig(buffer, format=Path(path).suffix.lower().removeprefix("."))
    write_whole(path, buffer.getvalue())
