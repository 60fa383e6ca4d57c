"""Small Mark I machines on which a person can work out by hand what must happen."""

from __future__ import annotations

import numpy as np

from machines.mark1 import Description, Mark1
from machines.mark1.plugboard import from_wires

MS = 1_000_000
STEP = 5_000_000
"""What one nominal pulse of 250 ms at 20 degrees a second turns a shaft, udeg."""

SMALL = {
    "rows": 2,
    "columns": 2,
    "association_units": 4,
    "response_units": 2,
    "responses_in_use": 2,
    "excitatory": 1,
    "inhibitory": 0,
    "theta": 1,
}


def one_to_one(engine: str, **changes: int) -> Mark1:
    """Four cells, A-unit n plugged to S-unit n; A1 and A2 feed R1, A3 and A4 feed R2."""
    description = Description.ideal(**(SMALL | changes))
    return Mark1(description, from_wires([(a, a, 1) for a in range(4)], description), engine)


def light(*cells: int) -> np.ndarray:
    """Light on the cells with these labels."""
    frame = np.zeros(4, np.uint8)
    frame[[cell - 1 for cell in cells]] = 255
    return frame
