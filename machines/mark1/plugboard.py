"""The plugboard between S-units and A-units, and the sharing of the A-units among the R-units.

Each A-unit has x excitatory and y inhibitory **origin points**: different S-units, drawn from a
random-number table, whose lit cells count +1 or -1 to it. An S-unit has sockets for at most 40
plugs. Behind the A-units, each **potentiometer** takes the signal of one A-unit to one R-unit.

The board stays as it is during an experiment and can be re-plugged between experiments. So it is
data: a record (:mod:`~machines.mark1.board`) that is drawn (:mod:`~machines.mark1.wiring`,
:mod:`~machines.mark1.topology`), re-plugged by hand (:mod:`~machines.mark1.plugging`), looked over
(:mod:`~machines.mark1.fan_out`), compared (:mod:`~machines.mark1.differences`) and kept as a
readable file (:mod:`~machines.mark1.board_files`). All of it can be had from here.
"""

from .board import (
    NOT_HISTORICAL,
    Plugboard,
    check,
    dense,
    from_wires,
    historical,
    in_blocks,
    share,
    shared_anew,
)
from .board_files import (
    FILE_LIMIT,
    SCHEMA,
    BoardFile,
    description_for,
    fit,
    load,
    read,
    responses_named,
    save,
)
from .board_json import described, from_json, leads_to_json, potentiometers_to_json, to_json
from .differences import Differences, apply, diff, lines
from .fan_out import FanOut, active_part, fan_out
from .plugging import Lead, Wire, leads, move, parse, plug, pull, re_sign, wires
from .topology import NEIGHBOURHOODS, REACH, topological
from .wiring import random_table

__all__ = [
    "FILE_LIMIT",
    "NEIGHBOURHOODS",
    "NOT_HISTORICAL",
    "REACH",
    "SCHEMA",
    "BoardFile",
    "Differences",
    "FanOut",
    "Lead",
    "Plugboard",
    "Wire",
    "active_part",
    "apply",
    "check",
    "dense",
    "described",
    "description_for",
    "diff",
    "fan_out",
    "fit",
    "from_json",
    "from_wires",
    "historical",
    "in_blocks",
    "leads",
    "leads_to_json",
    "lines",
    "load",
    "move",
    "parse",
    "plug",
    "potentiometers_to_json",
    "pull",
    "random_table",
    "re_sign",
    "read",
    "responses_named",
    "save",
    "share",
    "shared_anew",
    "to_json",
    "topological",
    "wires",
]
