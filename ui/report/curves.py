"""Curves with their spread: what a figure of the literature looks like when it is done again."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from ui.report.pictures import check_picture_path, write_figure

_COLOURS = ("#1f5fa8", "#d9700a", "#2f8f4e", "#8e44ad", "#7a5c3e", "#c0392b", "#16808a", "#555555")
_GREY = "#444444"
MOST_MARKED = 40
"""Of more points than this a line shows none."""


class Line(NamedTuple):
    """One curve: at each x a mean and, if there are any, the standard deviation about it."""

    label: str
    x: Sequence[float]
    mean: Sequence[float]
    deviation: Sequence[float] = ()


def curves(
    path: str | Path,
    title: str,
    axes_names: tuple[str, str],
    lines: Sequence[Line],
    printed: Sequence[tuple[float, float]] = (),
    printed_as: str = "published",
    logarithmic: bool = False,
    caption: str = "",
) -> None:
    """Draw curves with a band of one standard deviation, and points to hold them against.

    Parameters
    ----------
    path
        Where to, a PNG, SVG or PDF by its suffix.
    title
        Written above.
    axes_names
        What x and y show.
    lines
        The curves.
    printed
        Points ``(x, y)`` to hold them against, marked by crosses.
    printed_as
        What these are, for the legend.
    logarithmic
        Whether x is.
    caption
        Written in the corner, small.

    Raises
    ------
    Mistake
        If the suffix is unknown or the file cannot be written.
    """
    check_picture_path(path)
    from matplotlib.figure import Figure
    from matplotlib.ticker import NullFormatter

    figure = Figure(figsize=(7, 5), dpi=120, layout="constrained")
    axes = figure.add_subplot()
    for number, line in enumerate(lines):
        colour = _COLOURS[number % len(_COLOURS)]
        marker = "o" if len(line.x) <= MOST_MARKED else ""
        axes.plot(line.x, line.mean, color=colour, marker=marker, markersize=4, label=line.label)
        if len(line.deviation):
            mean, off = np.asarray(line.mean), np.asarray(line.deviation)
            axes.fill_between(line.x, mean - off, mean + off, color=colour, alpha=0.15, linewidth=0)
    if printed:
        x, y = zip(*printed, strict=True)
        axes.plot(x, y, "x", color=_GREY, markersize=9, markeredgewidth=2, label=printed_as)
    if logarithmic:
        axes.set_xscale("log")
        axes.xaxis.set_minor_formatter(NullFormatter())
    axes.set_xlabel(axes_names[0])
    axes.set_ylabel(axes_names[1])
    axes.set_title(title)
    axes.grid(alpha=0.3)
    figure.legend(loc="outside lower center", ncols=2, fontsize=8, frameon=False)
    if caption:
        axes.annotate(
            *(caption, (1, 0), (-4, 4)),
            xycoords="axes fraction",
            textcoords="offset points",
            ha="right",
            va="bottom",
            fontsize=7,
            color=_GREY,
        )
    write_figure(figure, path)
