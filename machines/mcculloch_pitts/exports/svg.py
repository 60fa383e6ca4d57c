"""Nets as pictures, in the convention of the paper's drawings.

A cell is a triangle; its axon leaves at the tip. An excitatory ending is a dot on the cell's flat
side, and an axon that suffices alone has two; an inhibitory ending is a small loop at the tip.
Cells stand where the net says; else in columns by how far they are from the afferents.
"""

from __future__ import annotations

from html import escape

import numpy as np
from numpy.typing import NDArray

from simulator.errors import Mistake

from ..net import Net

COLUMN, ROW, MARGIN = 150, 74, 60
BODY, TIP = 22, 20
"""Half the height of a cell's flat side, and half its length, in pixels."""
MOST_FIBRES = 600
MOST_DOTS = 6
_INK = "#1b1b1b"


def picture(net: Net) -> str:
    """Draw a net as SVG.

    Raises
    ------
    Mistake
        If the net has more fibres than a picture shows.
    """
    if net.fibres > MOST_FIBRES:
        raise Mistake(f"a picture shows up to {MOST_FIBRES} fibres; this net has {net.fibres}")
    at = _places(net)
    right, bottom = at.max(axis=0, initial=0).tolist()
    width, height = right + MARGIN + 40, bottom + MARGIN
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" '
        f'width="{width:.0f}" height="{height:.0f}" font-family="serif" font-size="15">',
        f"<title>{escape(net.title or 'a net')}</title>",
        f'<rect width="{width:.0f}" height="{height:.0f}" fill="#fffdf6"/>',
    ]
    for cell in range(net.cells):
        lines += _endings(net, cell, at)
    outputs = {int(n) for n in net.outputs}
    for fibre in range(net.fibres):
        lines += _fibre(net, fibre, at, fibre in outputs)
    return "\n".join([*lines, "</svg>", ""])


def _places(net: Net) -> NDArray[np.float64]:
    """Give where each fibre stands, in pixels."""
    if net.positions is not None:
        at = net.positions.astype(np.float64)
        at = at - at.min(axis=0)
        gaps = [np.diff(np.unique(np.round(at[:, axis], 3))) for axis in (0, 1)]
        scale = [
            need / max(1e-3, float(gap.min())) if len(gap) else 1.0
            for need, gap in zip((COLUMN, ROW), gaps, strict=True)
        ]
        placed: NDArray[np.float64] = np.minimum(at * scale, 20_000) + MARGIN
        return placed
    column = _columns(net)
    row = np.zeros(net.fibres)
    for x in np.unique(column):
        mine = np.flatnonzero(column == x)
        row[mine] = np.arange(len(mine)) + (x % 2) / 3
    return np.stack([column * COLUMN, row * ROW], axis=1) + MARGIN


def _columns(net: Net) -> NDArray[np.int64]:
    """Give each fibre's column: one more than the last of its sources, circles left out."""
    column = np.zeros(net.fibres, np.int64)
    waiting = set(range(net.afferents, net.fibres))
    sources = {
        net.afferents + i: {f for f, _, _ in (*net.excited_by(i), *net.vetoed_by(i))}
        for i in range(net.cells)
    }
    while waiting:
        ready = [f for f in sorted(waiting) if not (sources[f] - {f}) & waiting]
        if not ready:  # a circle: break it where most is known
            ready = [min(sorted(waiting), key=lambda f: len(sources[f] & waiting))]
        for fibre in ready:
            known = [column[s] for s in sources[fibre] if s not in waiting]
            column[fibre] = 1 + max(known, default=0)
        waiting -= set(ready)
    return column


def _fibre(net: Net, fibre: int, at: NDArray[np.float64], shown: bool) -> list[str]:
    x, y = at[fibre].tolist()
    name = escape(net.name(fibre))
    if fibre < net.afferents:
        return [
            f'<text x="{x - 6:.0f}" y="{y + 5:.0f}" text-anchor="end">{name}</text>',
            f'<circle cx="{x:.0f}" cy="{y:.0f}" r="2.5" fill="{_INK}"/>',
        ]
    cell = fibre - net.afferents
    body = f"{x - TIP:.0f},{y - BODY:.0f} {x - TIP:.0f},{y + BODY:.0f} {x + TIP:.0f},{y:.0f}"
    start = " fires at the start" if net.initial[cell] else ""
    from_below = any(at[source][1] > y for source, _, _ in net.vetoed_by(cell))
    name_y = y - BODY + 6 if from_below else y + BODY + 4  # not where a loop is drawn
    lines = [
        f'<polygon points="{body}" fill="{"#e8dcc0" if start else "#fffdf6"}" stroke="{_INK}" '
        f'stroke-width="1.6"><title>{name}, h = {net.h[cell]}{start}</title></polygon>',
        f'<text x="{x - 7:.0f}" y="{y + 5:.0f}" text-anchor="middle">{net.h[cell]}</text>',
        f'<text x="{x + TIP:.0f}" y="{name_y:.0f}" text-anchor="middle" '
        f'font-style="italic">{name}</text>',
    ]
    if shown:
        lines.append(f'<path d="M{x + TIP:.0f},{y:.0f} h40" stroke="{_INK}" fill="none"/>')
        lines.append(
            f'<path d="M{x + TIP + 34:.0f},{y - 4:.0f} l7,4 l-7,4" stroke="{_INK}" fill="none"/>'
        )
    return lines


def _endings(net: Net, cell: int, at: NDArray[np.float64]) -> list[str]:
    """Draw what ends on one cell: dots share its flat side, loops sit at the tip."""
    x, y = at[net.afferents + cell].tolist()
    excite = sorted(net.excited_by(cell), key=lambda row: at[row[0]][1])
    veto = net.vetoed_by(cell)
    dots = [min(row[1], MOST_DOTS) for row in excite]
    slots = np.linspace(y - BODY, y + BODY, sum(dots) + 2)[1:-1].tolist()
    lines, used = [], 0
    for (fibre, endings, delay), mine in zip(excite, dots, strict=True):
        ends = slots[used : used + mine]
        used += mine
        middle = sum(ends) / mine
        fork = (x - TIP - 16, middle)
        lines.append(_axon(net, fibre, at, fork, delay))
        for end in ends:
            lines.append(f'<path d="M{fork[0]:.0f},{fork[1]:.1f} L{x - TIP - 3:.0f},{end:.1f}" '
                         f'stroke="{_INK}" fill="none"/>')  # fmt: skip
            lines.append(f'<circle cx="{x - TIP - 3:.0f}" cy="{end:.1f}" r="3" fill="{_INK}"/>')
        if endings > MOST_DOTS:
            lines.append(_words(x - TIP - 22, middle - 5, f"x{endings}"))
    for i, (fibre, endings, delay) in enumerate(veto):
        up = -1 if at[fibre][1] <= y else 1
        loop = (x + TIP - 4 - 12 * i, y + up * (8 + 6 * i))
        lines.append(_axon(net, fibre, at, (loop[0], loop[1] + up * 5), delay, up * 26))
        lines.append(f'<circle cx="{loop[0]:.0f}" cy="{loop[1]:.1f}" r="5" fill="none" '
                     f'stroke="{_INK}" stroke-width="1.4"/>')  # fmt: skip
        if net.law.name == "relative" and endings > 1:
            lines.append(_words(loop[0] + 10, loop[1] + up * 8, f"x{endings}"))
    return lines


def _axon(
    net: Net,
    fibre: int,
    at: NDArray[np.float64],
    end: tuple[float, float],
    delay: int,
    from_above: float = 0.0,
) -> str:
    """Draw a fibre from its cell's tip to where it forks; back over the top if it goes back."""
    x, y = at[fibre].tolist()
    x += TIP if fibre >= net.afferents else 0.0
    bend = max(30.0, (end[0] - x) / 2)
    if end[0] > x:
        second = f"{end[0]:.0f},{end[1] + from_above:.0f}" if from_above else (
            f"{end[0] - bend:.0f},{end[1]:.0f}"
        )  # fmt: skip
        path = f"M{x:.0f},{y:.1f} C{x + bend:.0f},{y:.1f} {second} {end[0]:.0f},{end[1]:.1f}"
    else:
        top = min(y, end[1]) - BODY - 24
        before = end[0] if from_above else end[0] - 34
        path = (f"M{x:.0f},{y:.1f} C{x + 40:.0f},{y:.1f} {x + 40:.0f},{top:.1f} {x:.0f},{top:.1f} "
                f"L{end[0]:.0f},{top:.1f} C{before:.0f},{top:.1f} {before:.0f},{end[1]:.1f} "
                f"{end[0]:.0f},{end[1]:.1f}")  # fmt: skip
    drawn = f'<path d="{path}" stroke="{_INK}" stroke-width="1.2" fill="none"/>'
    if delay > 1:
        drawn += _words((x + end[0]) / 2, (y + end[1]) / 2 - 6, f"+{delay - 1}")
    return drawn


def _words(x: float, y: float, text: str) -> str:
    return f'<text x="{x:.0f}" y="{y:.0f}" font-size="12" text-anchor="middle">{text}</text>'
