"""Circuit symbols for the drawings of the photocell board, each a piece of SVG.

A drawing is a list of such pieces on white paper. Positions and lengths are in pixels, x to the
right and y downwards; a symbol with two ends lies along a straight line between them.
"""

from collections.abc import Iterable, Sequence
from html import escape

STYLE = (
    "text{font:11px sans-serif;fill:#111}"
    ".title{font-size:16px;font-weight:bold}.small{font-size:9px}.strong{font-weight:bold}"
    ".wire{stroke:#111;stroke-width:1.2;fill:none}.thick{stroke:#111;stroke-width:3;fill:none}"
    ".s0{stroke:#1b6ca8}.s1{stroke:#2e7d32}.s2{stroke:#b26a00}.s3{stroke:#8e24aa}"
    ".power{stroke:#c62828}.heard{stroke:#00796b}"
    ".part{stroke:#111;stroke-width:1.2;fill:#fff}.chip{stroke:#111;stroke-width:1.5;fill:#eef2f5}"
    ".solid{fill:#111}"
)


def paper(width: int, height: int, title: str, pieces: Iterable[str]) -> str:
    """Put pieces on a sheet of paper; returns the whole SVG file."""
    body = "\n".join(pieces)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}" role="img">\n<title>{escape(title)}</title>\n'
        f"<style>{STYLE}</style>\n"
        f'<rect width="{width}" height="{height}" fill="#fff"/>\n'
        f"{text(20, 28, title, 'title')}\n{body}\n</svg>\n"
    )


def text(x: float, y: float, words: str, kind: str = "", anchor: str = "start") -> str:
    """Write words; ``anchor`` is start, middle or end."""
    return f'<text x="{x:g}" y="{y:g}" class="{kind}" text-anchor="{anchor}">{escape(words)}</text>'


def wire(*points: tuple[float, float], kind: str = "") -> str:
    """Draw a wire through points."""
    along = " ".join(f"{x:g},{y:g}" for x, y in points)
    return f'<polyline points="{along}" class="wire {kind}"/>'


def joint(x: float, y: float) -> str:
    """Draw the dot where wires are joined."""
    return f'<circle cx="{x:g}" cy="{y:g}" r="2.6" class="solid"/>'


def ground(x: float, y: float) -> str:
    """Draw the sign for ground, hanging at a point."""
    bars = ((9, 8), (6, 12), (3, 16))
    lines = [wire((x, y), (x, y + 8))]
    lines += [wire((x - half, y + down), (x + half, y + down)) for half, down in bars]
    return "".join(lines)


def supply(x: float, y: float) -> str:
    """Draw the sign for +5 V, standing on a point."""
    arrow = wire((x, y), (x, y - 8), kind="power")
    tip = wire((x - 4, y - 5), (x, y - 10), (x + 4, y - 5), kind="power")
    return arrow + tip + text(x, y - 13, "+5 V", "small", "middle")


def _turned(x: float, y: float, upright: bool, drawn: str) -> str:
    turn = " rotate(90)" if upright else ""
    return f'<g transform="translate({x:g} {y:g}){turn}">{drawn}</g>'


def resistor(x: float, y: float, upright: bool = False) -> str:
    """Draw a resistor 30 long, from a point to the right, or downwards."""
    drawn = '<rect x="3" y="-4" width="24" height="8" class="part"/>'
    return _turned(x, y, upright, wire((0, 0), (3, 0)) + drawn + wire((27, 0), (30, 0)))


def photocell(x: float, y: float, upright: bool = False) -> str:
    """Draw a photocell (a resistor that light falls on) 30 long."""
    light = wire((8, -13), (13, -6), (9.5, -7.5)) + wire((16, -13), (21, -6), (17.5, -7.5))
    return resistor(x, y, upright) + _turned(x, y, upright, light)


def diode(x: float, y: float, upright: bool = False) -> str:
    """Draw a diode 30 long that conducts away from the point."""
    drawn = '<path d="M9 -6 L21 0 L9 6 Z" class="part"/>' + wire((21, -6), (21, 6))
    return _turned(x, y, upright, wire((0, 0), (9, 0)) + drawn + wire((21, 0), (30, 0)))


def lamp(x: float, y: float) -> str:
    """Draw a light-emitting diode 30 long, with its light."""
    light = wire((12, -9), (17, -15)) + wire((18, -9), (23, -15))
    return diode(x, y) + _turned(x, y, False, light)


def box(x: float, y: float, width: float, height: float, *names: str) -> str:
    """Draw a chip or a board with its names at the top."""
    drawn = f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" class="chip"/>'
    middle = x + width / 2
    return drawn + "".join(
        text(middle, y + 16 + 14 * i, name, "strong" if i == 0 else "small", "middle")
        for i, name in enumerate(names)
    )


def pin_names(x: float, ys: Sequence[float], names: Sequence[str], anchor: str = "end") -> str:
    """Write the names of pins inside the edge of a box at ``x``, beside their wires."""
    inside = x - 5 if anchor == "end" else x + 5
    return "".join(text(inside, y + 4, name, "", anchor) for y, name in zip(ys, names, strict=True))
