"""Core storage: 4,096, 8,192 or 32,768 words of magnetic cores, each read or written in a cycle.

An address has 12, 13 or 15 bits, as many as the storage needs; bits of an address beyond those are
not looked at. A word leaves the storage by way of the storage register, and so does one that
enters. (Cores forget what they held when they are read, and the word is written back within the
same cycle: nothing of that can be seen from outside.)
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .state import State


class CoreStorage:
    """Core storage, with the storage register before it.

    Parameters
    ----------
    state
        Remembered: the words, and the storage register.
    """

    def __init__(self, state: State) -> None:
        self._words: NDArray[np.int64] = state.core
        self._register = state.sr
        self.mask = len(state.core) - 1
        """The bits of an address that are looked at."""

    def read(self, address: int) -> int:
        """Give the word at an address; the storage register holds it, too."""
        word = int(self._words[address & self.mask])
        self._register[0] = word
        return word

    def write(self, address: int, word: int) -> None:
        """Put a word at an address, by way of the storage register."""
        self._register[0] = word
        self._words[address & self.mask] = word
