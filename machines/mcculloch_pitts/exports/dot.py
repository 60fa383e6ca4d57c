"""Nets as DOT, for Graphviz, in the convention of the drawings.

An excitatory ending is a line with a dot at its end, two endings two lines; an inhibitory one ends
in a small open circle. A cell shows its name and how many endings it needs.
"""

from __future__ import annotations

import json

from ..net import Net
from .names import identifiers

MOST_LINES = 4
"""So many endings are drawn as lines of their own; more are a number at one line."""


def graph(net: Net) -> str:
    """Write a net as a Graphviz graph, from left to right."""
    names = identifiers(net)
    outputs = {int(n) for n in net.outputs}
    lines = [f"digraph {json.dumps(net.title or 'net')} {{", "  rankdir=LR;"]
    for fibre, name in enumerate(names):
        label = net.name(fibre)
        if fibre < net.afferents:
            lines.append(f"  {name} [shape=plaintext, label={_text(label)}];")
            continue
        cell = fibre - net.afferents
        start = "*" if net.initial[cell] else ""
        rings = 2 if fibre in outputs else 1
        text = _text(f"{label}{start}\nh {net.h[cell]}")
        lines.append(f"  {name} [shape=circle, peripheries={rings}, label={text}];")
    for cell in range(net.cells):
        own = names[net.afferents + cell]
        for head, rows in (("dot", net.excited_by(cell)), ("odot", net.vetoed_by(cell))):
            for fibre, endings, delay in rows:
                words = [f"x{endings}"] if endings > MOST_LINES else []
                words += [f"+{delay - 1}"] if delay > 1 else []
                label = f", label={_text(' '.join(words))}" if words else ""
                times = endings if endings <= MOST_LINES else 1
                lines += [f"  {names[fibre]} -> {own} [arrowhead={head}{label}];"] * times
    return "\n".join([*lines, "}", ""])


def _text(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'
