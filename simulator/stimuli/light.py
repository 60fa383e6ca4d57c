"""Light on its way to a retina, and sets of it with names.

Every source of light (a drawing, a picture file, a camera, the photocell board) delivers a
:class:`LightFrame`. The levels are uint8 so that a file, a serial line and a logbook replay exactly
what was seen: 0 is dark, 255 is full light. Here a *lit* cell is part of the figure, a dark
one of its ground (why, :mod:`simulator.stimuli.letters` tells).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulator.errors import Mistake

DARK, LIT = 0, 255


class LightFrame(NamedTuple):
    """One look at the world, delivered without blocking.

    Attributes
    ----------
    levels
        uint8, shape (rows, columns); 0 dark .. 255 full light.
    seq
        Increases by at least one whenever the source has a new picture; whoever drives a machine
        operates its retina when ``seq`` changes.
    age_s
        Seconds since the picture was taken.
    """

    levels: NDArray[np.uint8]
    seq: int
    age_s: float


@dataclass(frozen=True)
class StimulusSet:
    """Pictures with the class each belongs to: what one shows a machine in a training run.

    Attributes
    ----------
    levels
        uint8, shape (number of stimuli, rows, columns).
    labels
        int64, shape (number of stimuli,); index into ``classes``.
    classes
        Names of the classes, in order.
    names
        One name per stimulus, for reports (a letter, a file name).
    """

    levels: NDArray[np.uint8]
    labels: NDArray[np.int64]
    classes: tuple[str, ...]
    names: tuple[str, ...]

    def __post_init__(self) -> None:
        n = len(self.levels)
        if self.levels.ndim != 3 or self.levels.dtype != np.uint8:
            raise Mistake(
                f"stimuli must be uint8 of shape (n, rows, columns), "
                f"not {self.levels.dtype} {self.levels.shape}"
            )
        if not (len(self.labels) == len(self.names) == n):
            raise Mistake(f"{n} stimuli need as many labels and names")
        if n and not (0 <= int(self.labels.min()) <= int(self.labels.max()) < len(self.classes)):
            raise Mistake(f"labels must lie between 0 and {len(self.classes) - 1}")

    def __len__(self) -> int:
        return len(self.levels)
