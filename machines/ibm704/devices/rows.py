"""What card reader, punch and printer have in common: a cycle of twelve rows of two words.

A motor runs, and a clutch takes a card (or a line) along: at once if the unit moves and the select
comes early enough in its cycle, else after a start. Then the rows pass, 9 left, 9 right, 8 left ...
12 right, each at its time from row 9 left.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulator.kernel import NEVER

from ..input_output import Passage
from ..media.cards import WORDS
from .connection import US, passage_of
from .description import UnitsDescription


class Cycle(NamedTuple):
    """The times of a unit of rows, in nanoseconds; see :mod:`.description`."""

    cycle_ns: int
    start_ns: int
    lead_ns: int
    row_ns: int
    right_ns: int
    end_ns: int

    def first_ns(self, now_ns: int, last_ns: int) -> int:
        """Tell when row 9 left passes after a select now; ``last_ns``: when it last did."""
        if last_ns != NEVER and now_ns + self.lead_ns <= last_ns + self.cycle_ns:
            return last_ns + self.cycle_ns
        return now_ns + self.start_ns

    def passes_ns(self, first_ns: int, word: int) -> int:
        """Tell when a word of 0 to 23 passes; 24 is the end of the record."""
        if word == WORDS:
            return self.passes_ns(first_ns, WORDS - 1) + self.end_ns
        return first_ns + word // 2 * self.row_ns + word % 2 * self.right_ns

    def passage(
        self, first_ns: int, words: NDArray[np.int64], number: int, *, write: bool
    ) -> Passage:
        """Foretell the words of a card or line from ``number`` on, and its end."""
        times_ns = [self.passes_ns(first_ns, word) for word in range(number, WORDS + 1)]
        return passage_of(words[number:].copy(), np.array(times_ns), write=write, ends=True)


def cycle_of(description: UnitsDescription, unit: str) -> Cycle:
    """Give the times of ``reader``, ``punch`` or ``printer``."""
    return Cycle(*(getattr(description, f"{unit}_{name[:-3]}_us") * US for name in Cycle._fields))
