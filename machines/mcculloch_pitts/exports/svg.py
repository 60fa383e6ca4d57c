"""Nets as pictures, in the convention of the paper's drawings.

A cell is a triangle with hollow sides whose tip points back at its sources; its axon leaves at the
flat side. An excitatory ending is a bulb on a hollow side, and an axon that suffices alone has two;
an inhibitory ending is a loop round the tip; a dotted ending has yet to be learned (figure 1,
p. 105 of the reprint of 1990). Where every cell needs two endings, as in the paper, its name stands
on its body; else the number it needs does, which the paper does not show, and the name beside.
Afferents, which the paper draws as cells, are ends of fibres.
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
POINT = 8
"""By how much the tip is drawn out, in pixels."""
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
    flat = x + TIP
    across, down = _side(np.linspace(0, 1, 7))
    body = " ".join(
        f"{x + right:.1f},{y + side * low:.1f}"
        for side, order in ((-1, range(7)), (1, range(6, 0, -1)))
        for right, low in ((across[k], down[k]) for k in order)
    )
    start = " fires at the start" if net.initial[cell] else ""
    as_in_the_paper = bool((net.h == 2).all()) and len(net.name(fibre)) <= 3
    lines = [
        f'<polygon points="{body}" fill="{"#e8dcc0" if start else "#fffdf6"}" stroke="{_INK}" '
        f'stroke-width="1.6"><title>{name}, h = {net.h[cell]}{start}</title></polygon>',
        f'<text x="{flat - 3:.0f}" y="{y + 5:.0f}" text-anchor="end" '
        f'font-size="13">{name if as_in_the_paper else net.h[cell]}</text>',
    ]
    if not as_in_the_paper:
        lines.append(f'<text x="{flat - 4:.0f}" y="{y + BODY + 15:.0f}" text-anchor="middle" '
                     f'font-style="italic">{name}</text>')  # fmt: skip
    if shown:
        lines.append(f'<path d="M{x + TIP:.0f},{y:.0f} h40" stroke="{_INK}" fill="none"/>')
        lines.append(
            f'<path d="M{x + TIP + 34:.0f},{y - 4:.0f} l7,4 l-7,4" stroke="{_INK}" fill="none"/>'
        )
    return lines


def _endings(net: Net, cell: int, at: NDArray[np.float64]) -> list[str]:
    """Draw what ends on one cell: bulbs share its two hollow sides, loops sit round the tip."""
    x, y = at[net.afferents + cell].tolist()
    tip = x - TIP - POINT
    lines = []
    for fibre, endings, delay, side, bulbs in _bulbs(net, cell, at):
        fork = (min(bulb[0] for bulb in bulbs) - 12, float(np.mean(bulbs, axis=0)[1]) + side * 5)
        if len(bulbs) == 1:
            fork = (fork[0], bulbs[0][1])
        lines.append(_axon(net, fibre, at, fork, delay))
        dotted = ' stroke-dasharray="2 3"' if _learned_later(net, cell, fibre) else ""
        for bulb in bulbs:
            lines.append(f'<path d="M{fork[0]:.0f},{fork[1]:.1f} L{bulb[0]:.1f},{bulb[1]:.1f}" '
                         f'stroke="{_INK}" fill="none"{dotted}/>')  # fmt: skip
            lines.append(f'<circle cx="{bulb[0]:.1f}" cy="{bulb[1]:.1f}" r="3" fill="{_INK}"/>')
        if endings > MOST_DOTS:
            lines.append(_words(fork[0] - 8, fork[1] + side * 12, f"x{endings}"))
    veto = net.vetoed_by(cell)
    if veto:
        drawn_out = tip - 12 * len(veto) - 2
        lines.append(f'<path d="M{tip:.0f},{y:.0f} H{drawn_out:.0f}" stroke="{_INK}"/>')
    for i, (fibre, endings, delay) in enumerate(veto):
        up = int(np.sign(at[fibre][1] - y))
        loop = (tip - 6 - 12 * i, y)
        if up:
            lines.append(_axon(net, fibre, at, (loop[0], y + up * 5), delay, up * 26))
        else:
            lines.append(_axon(net, fibre, at, (loop[0] - 5, y), delay))
        lines.append(f'<circle cx="{loop[0]:.0f}" cy="{loop[1]:.1f}" r="5" fill="none" '
                     f'stroke="{_INK}" stroke-width="1.4"/>')  # fmt: skip
        if net.law.name == "relative" and endings > 1:
            lines.append(_words(loop[0], y + (16 if up < 0 else -9), f"x{endings}"))
    return lines


def _learned_later(net: Net, cell: int, fibre: int) -> bool:
    """Tell whether a fibre's endings on a cell count only once learned."""
    if net.alterable is None:
        return False
    rows = enumerate(net.excited_by(cell), int(net.starts[cell]))
    return any(net.alterable[e] for e, row in rows if row[0] == fibre)


def _side(along: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Follow a hollow side from the tip (0) to the flat side (1): right and down of the middle."""
    across = along**2 * TIP - (1 - along) ** 2 * (TIP + POINT)
    return across, 6 * along * (1 - along) + along**2 * BODY


_Bulbs = list[tuple[float, float]]


def _bulbs(net: Net, cell: int, at: NDArray[np.float64]) -> list[tuple[int, int, int, int, _Bulbs]]:
    """Give where a cell's bulbs sit: fibre, endings, delay, side (-1 above) and places of each.

    The upper sources share the upper side, so that no axon crosses another on the way to the cell.
    """
    x, y = at[net.afferents + cell].tolist()
    rows = sorted(net.excited_by(cell), key=lambda row: at[row[0]][1])
    dots = [min(row[1], MOST_DOTS) for row in rows]
    cut = min(range(len(rows) + 1), key=lambda k: abs(sum(dots[:k]) - sum(dots[k:])))
    if len(rows) == 1:  # where its axon comes from, unless an inhibitory one does too
        higher = {bool(at[fibre][1] <= y) for fibre, _, _ in net.vetoed_by(cell)}
        cut = int(False in higher if higher else at[rows[0][0]][1] <= y)
    found = []
    for side, mine in ((-1, range(cut - 1, -1, -1)), (1, range(cut, len(rows)))):
        along = np.linspace(0.3, 1.0, sum(dots[k] for k in mine) + 2)[1:-1]
        across, down = _side(along)
        centres = (x + across - 1.5, y + side * (down + 3.5))
        places = list(zip(*(centre.tolist() for centre in centres), strict=True))
        for k in mine:
            found.append((*rows[k], side, places[: dots[k]]))
            places = places[dots[k] :]
    return found


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
        top = min(y, end[1] + BODY) - BODY - 20
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
