"""A Mark I of three source-sets of four A-units each, on which the systems of 1958 can be seen."""

from __future__ import annotations

import numpy as np

from machines.mark1 import Description, Mark1
from machines.mark1.plugboard import from_wires

SETS, SIZE = 3, 4


def rivals(engine: str, rule: str, **changes: int) -> Mark1:
    """Twelve cells, A-unit n plugged to S-unit n; A1 to A4 feed R1, the next four R2, then R3."""
    numbers = {
        "rows": SETS,
        "columns": SIZE,
        "association_units": SETS * SIZE,
        "response_units": SETS,
        "responses_in_use": SETS,
        "excitatory": 1,
        "inhibitory": 0,
        "theta": 1,
    }
    description = Description.ideal(**(numbers | changes))
    wires = [(a, a, 1) for a in range(SETS * SIZE)]
    machine = Mark1(description, from_wires(wires, description), engine)
    machine.operate("mark1.control.rule", rule)
    return machine


def expose(machine: Mark1, *active: int) -> None:
    """Light so many cells of each source-set, from its first on."""
    frame = np.zeros((SETS, SIZE), np.uint8)
    for row, count in zip(frame, active, strict=True):
        row[:count] = 255
    machine.operate("mark1.retina.light", frame)
