"""The compiled engine of a net that stands as a machine; see ``compiled.py`` for what it runs."""

from __future__ import annotations

from typing import Any

import numpy as np

from simulator import state as states
from simulator.kernel import NEVER

from .compiled import Scratch, advance
from .description import Description
from .net import Net
from .state import State, coming, fall_silent, play, press, settle

BLOCK_BYTES = 1 << 24
"""So much of the net's record is made at a time, or one tick of it."""
MOST_TICKS = 1024


class CompiledEngine:
    """Runs one net in compiled code, many ticks at a time.

    Parameters
    ----------
    net, description
        What was given.
    state
        The State to start from, at a quiet instant; a copy is taken.
    """

    name = "compiled"

    def __init__(self, net: Net, description: Description, state: State) -> None:
        self._net, self._description = net, description
        self._scratch = Scratch(net)
        self._block = min(MOST_TICKS, max(1, BLOCK_BYTES // (net.fibres + 1)))
        self.restore(state)

    @property
    def state(self) -> State:
        """The live State at the last quiet instant."""
        return self._state

    @property
    def now_ns(self) -> int:
        """The quiet instant the machine stands at."""
        return int(self._state.now_ns[0])

    def restore(self, state: State) -> None:
        """Stand at another quiet State (a copy is taken)."""
        self._state: State = states.copy(state)
        self.run(self.now_ns)

    def run(self, until_ns: int) -> int:
        """Do everything due up to and including ``until_ns``."""
        s, tick_ns = self._state, self._description.tick_ns
        settle(s, self._net, self._description, self.now_ns)
        while NEVER < s.tick_due_ns[0] <= until_ns:
            ticks = min(self._block, until_ns // tick_ns - int(s.tick[0]))
            self._ticks(ticks)
            settle(s, self._net, self._description, (int(s.tick[0]) + ticks) * tick_ns)
        settle(s, self._net, self._description, until_ns)
        return until_ns

    def _ticks(self, ticks: int) -> None:
        s, net = self._state, self._net
        deep = len(s.past)
        rows = np.zeros((deep + 1 + ticks, net.fibres + 1), np.uint8)
        rows[:deep, :-1] = s.past[::-1]
        rows[deep, :-1] = s.fires
        rows[deep + 1 :, : net.afferents] = coming(s, ticks)
        advance(net, rows, deep, ticks, int(s.tick[0]), s.learned, "auto", self._scratch)
        s.series_at[0] = min(int(s.series_at[0]) + ticks, len(s.series))
        s.fires[:] = rows[-1, :-1]
        s.past[:] = rows[-2 : -deep - 2 : -1, :-1]
        s.firings[0] += np.count_nonzero(rows[deep + 1 :, net.afferents : -1])

    def operate(self, path: str, value: Any) -> None:
        """Move a control to a canonical value, and settle."""
        s = self._state
        match path.removeprefix("mcculloch_pitts."):
            case "afferents.keys":
                press(s, value)
            case "afferents.series":
                self._state = play(s, value)
            case "net.reset":
                self._state = fall_silent(s, self._net)
        self.run(self.now_ns)
