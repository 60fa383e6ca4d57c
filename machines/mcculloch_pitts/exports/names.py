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
nmos pmos generate genvar localparam unsigned design config library use automatic trior triand tri0
tri1 trireg rnmos rpmos rcmos tran tranif0 tranif1 pullup pulldown notif0 notif1 bufif0 bufif1 casex
casez endfunction endgenerate endprimitive endspecify endtable endtask incdir include instance
liblist macromodule noshowcancelled showcancelled specparam highz0 highz1 vectored
alias bind bins bit break byte chandle class clocking const context continue cover covergroup
coverpoint cross dist do enum expect export extends extern final first_match foreach forkjoin iff
ignore_bins illegal_bins import inside int interface intersect join_any join_none local logic
longint matches modport new null package packed priority program property protected pure rand randc
randcase randsequence ref return sequence shortint shortreal solve static string struct super tagged
this throughout timeprecision timeunit type typedef union unique var virtual void wait_order
wildcard with within checker eventually global implies let nexttime reject_on restrict s_always
s_eventually s_nexttime s_until strong sync_accept_on sync_reject_on unique0 until untyped weak
accept_on endclass endclocking endgroup endinterface endpackage endprogram endproperty endsequence
endchecker implements interconnect nettype soft
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
