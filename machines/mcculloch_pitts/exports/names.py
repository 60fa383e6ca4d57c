"""Names every program accepts: letters, digits and underscores, and no two alike."""

from __future__ import annotations

import re

from simulator.errors import Mistake

from ..net import Net

MOST_FIBRES = 200_000
"""Nets of more fibres are not written as text: no program that reads them would finish."""
_RESERVED = """
always and assign begin buf case clk default else end endcase endmodule edge for force if initial
input inout integer module nand negedge nor not or output parameter posedge reg release repeat
reset signed supply0 supply1 table task time tri wait wand while wire wor xnor xor node graph
digraph subgraph strict net strong0 strong1 pull0 pull1 small medium large function event real
scalared vectored disable fork join forever deassign defparam primitive specify highz0 highz1 cmos
nmos pmos generate genvar localparam
"""
RESERVED = frozenset(_RESERVED.split())


def identifiers(net: Net) -> list[str]:
    """Give every fibre a name of letters, digits and underscores that starts with a letter.

    Raises
    ------
    Mistake
        If the net has more than ``MOST_FIBRES`` fibres.
    """
    if net.fibres > MOST_FIBRES:
        raise Mistake(f"the net has {net.fibres} fibres; nets up to {MOST_FIBRES} are written so")
    taken: set[str] = set()
    found = []
    for fibre in range(net.fibres):
        name = re.sub(r"[^A-Za-z0-9_]", "_", net.name(fibre))
        if not name[0].isalpha() or name.lower() in RESERVED:
            name = f"n_{name}"
        if name in taken:
            name = f"{name}_f{fibre + 1}"
        while name in taken:
            name += "_"
        taken.add(name)
        found.append(name)
    return found
