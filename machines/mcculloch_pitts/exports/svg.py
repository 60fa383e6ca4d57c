"""Nets as pictures, in the convention of the paper's drawings.

A cell is a triangle with hollow sides whose tip points back at its sources; its axon leaves at the
flat side. An excitatory ending is a bulb on a hollow side, and an axon that suffices alone has two;
an inhibitory ending is a loop round the tip; a dotted ending has yet to be learned (figure 1,
p. 105 of the reprint of 1990). Where every cell needs two endings, as in the paper, its name stands
on its body; else the number it needs does, which the paper does not show, and the name beside.
Afferents, which the paper draws as cells, are ends of fibres.
Cells stand where the net says; else in columns by how far they are from the afferents, and fibres
take ways that lead through none of them (``layout``, ``ways``).
"""

from __future__ import annotations

from html import escape

import numpy as np
from numpy.typing import NDArray

from simulator.errors import Mistake

from ..net import Net
from .ways import (
    BODY,
    INK,
    MARGIN,
    POINT,
    TIP,
    Ways,
    comes_from,
    extent,
    loops,
    to_fork,
    to_loop,
    trunks,
    ways,
    words,
)  # fmt: skip

MOST_FIBRES = 600
MOST_DOTS = 6


def picture(net: Net) -> str:
    """Draw a net as SVG.

    Raises
    ------
    Mistake
        If the net has more fibres than a picture shows.
    """
    if net.fibres > MOST_FIBRES:
        raise Mistake(f"a picture shows up to {MOST_FIBRES} fibres; this net has {net.fibres}")
    given = ways(net)
    right, bottom = extent(given)
    width, height = right + MARGIN + 40, bottom + MARGIN
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" '
        f'width="{width:.0f}" height="{height:.0f}" font-family="serif" font-size="15">',
        f"<title>{escape(net.title or 'a net')}</title>",
        f'<rect width="{width:.0f}" height="{height:.0f}" fill="#fffdf6"/>',
    ]
    if given.found is not None:
        lines += trunks(net, given.found)
    for cell in range(net.cells):
        lines += _endings(net, cell, given)
    outputs = {int(n) for n in net.outputs}
    for fibre in range(net.fibres):
        lines += _fibre(net, fibre, given.at, fibre in outputs)
    return "\n".join([*lines, "</svg>", ""])


def _fibre(net: Net, fibre: int, at: NDArray[np.float64], shown: bool) -> list[str]:
    x, y = at[fibre].tolist()
    name = escape(net.name(fibre))
    if fibre < net.afferents:
        return [
            f'<text x="{x - 6:.0f}" y="{y + 5:.0f}" text-anchor="end">{name}</text>',
            f'<circle cx="{x:.0f}" cy="{y:.0f}" r="2.5" fill="{INK}"/>',
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
        f'<polygon points="{body}" fill="{"#e8dcc0" if start else "#fffdf6"}" stroke="{INK}" '
        f'stroke-width="1.6"><title>{name}, h = {net.h[cell]}{start}</title></polygon>',
        f'<text x="{flat - 3:.0f}" y="{y + 5:.0f}" text-anchor="end" '
        f'font-size="13">{name if as_in_the_paper else net.h[cell]}</text>',
    ]
    if not as_in_the_paper:
        lines.append(f'<text x="{flat - 4:.0f}" y="{y + BODY + 15:.0f}" text-anchor="middle" '
                     f'font-style="italic">{name}</text>')  # fmt: skip
    if shown:
        lines.append(f'<path d="M{x + TIP:.0f},{y:.0f} h40" stroke="{INK}" fill="none"/>')
        lines.append(
            f'<path d="M{x + TIP + 34:.0f},{y - 4:.0f} l7,4 l-7,4" stroke="{INK}" fill="none"/>'
        )
    return lines


def _endings(net: Net, cell: int, given: Ways) -> list[str]:
    """Draw what ends on one cell: bulbs share its two hollow sides, loops sit round the tip."""
    own = net.afferents + cell
    x, y = given.at[own].tolist()
    tip = x - TIP - POINT
    lines = []
    for fibre, endings, delay, side, bulbs in _bulbs(net, cell, given):
        fork = (min(bulb[0] for bulb in bulbs) - 12, float(np.mean(bulbs, axis=0)[1]) + side * 5)
        if len(bulbs) == 1:
            fork = (fork[0], bulbs[0][1])
        lines.append(to_fork(net, fibre, own, given, fork, delay))
        dotted = ' stroke-dasharray="2 3"' if _learned_later(net, cell, fibre) else ""
        for bulb in bulbs:
            lines.append(f'<path d="M{fork[0]:.0f},{fork[1]:.1f} L{bulb[0]:.1f},{bulb[1]:.1f}" '
                         f'stroke="{INK}" fill="none"{dotted}/>')  # fmt: skip
            lines.append(f'<circle cx="{bulb[0]:.1f}" cy="{bulb[1]:.1f}" r="3" fill="{INK}"/>')
        if endings > MOST_DOTS:
            lines.append(words(fork[0] - 8, fork[1] + side * 12, f"x{endings}"))
    veto = net.vetoed_by(cell)
    if veto:
        drawn_out = loops(tip, len(veto))[-1] - 8
        lines.append(f'<path d="M{tip:.0f},{y:.0f} H{drawn_out:.0f}" stroke="{INK}"/>')
    for i, ((fibre, endings, delay), right) in enumerate(
        zip(veto, loops(tip, len(veto)), strict=True)
    ):
        up = int(np.sign(comes_from(net, fibre, own, given) - y))
        loop = (right, y)
        lines.append(to_loop(net, fibre, own, given, loop, up, i, delay))
        lines.append(f'<circle cx="{loop[0]:.0f}" cy="{loop[1]:.1f}" r="5" fill="none" '
                     f'stroke="{INK}" stroke-width="1.4"/>')  # fmt: skip
        if net.law.name == "relative" and endings > 1:
            lines.append(words(loop[0], y + (16 if up < 0 else -9), f"x{endings}"))
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


def _bulbs(net: Net, cell: int, given: Ways) -> list[tuple[int, int, int, int, _Bulbs]]:
    """Give where a cell's bulbs sit: fibre, endings, delay, side (-1 above) and places of each.

    The upper sources share the upper side, so that no axon crosses another on the way to the cell.
    """
    own = net.afferents + cell
    x, y = given.at[own].tolist()
    high = {row[0]: comes_from(net, row[0], own, given) for row in net.excited_by(cell)}
    rows = sorted(net.excited_by(cell), key=lambda row: high[row[0]])
    dots = [min(row[1], MOST_DOTS) for row in rows]
    cut = min(range(len(rows) + 1), key=lambda k: abs(sum(dots[:k]) - sum(dots[k:])))
    if len(rows) == 1:  # where its axon comes from, unless an inhibitory one does too
        vetoes = [comes_from(net, fibre, own, given) for fibre, _, _ in net.vetoed_by(cell)]
        cut = int(any(at > y for at in vetoes) if vetoes else high[rows[0][0]] <= y)
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
