"""What is remembered: which fibres are active, and which were."""

from __future__ import annotations

from enum import IntEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulator.kernel import NEVER

from .description import Description
from .law import begin
from .net import Net


class Phase(IntEnum):
    """The order of acts inside one instant, which is always the beginning of a tick."""

    TURN = 10
    """The present becomes the past; the afferents carry what is given."""
    ARRIVE = 20
    """Pulses reach the endings."""
    FIRE = 30
    """Cells fire or stay silent."""


class State(NamedTuple):
    """Everything a net remembers; ``m`` ticks of the past, a series of ``n`` rows."""

    now_ns: NDArray[np.int64]  # (1,)
    tick: NDArray[np.int64]  # (1,) how many ticks have begun since t = 0
    tick_due_ns: NDArray[np.int64]  # (1,) when something may change next
    fires: NDArray[np.uint8]  # (fibres,) what every fibre does in this tick
    past: NDArray[np.uint8]  # (m, fibres) what it did one tick ago, two ticks ago ...
    keys: NDArray[np.uint8]  # (afferents,) held down: these fire at every tick
    series: NDArray[np.uint8]  # (n, afferents) what the afferents carry tick by tick
    series_at: NDArray[np.int64]  # (1,) the row that comes next; n when the series is over
    learned: NDArray[np.uint8]  # (E,) or (0,): alterable rows that count by now
    firings: NDArray[np.int64]  # (1,) pulses of all cells since t = 0


FREE_LENGTHS = frozenset({"series"})
"""Fields whose length is free."""


def power_on(net: Net) -> State:
    """Give the State at t = 0: silence, but for cells that fire at the start."""

    def number(n: int) -> NDArray[np.int64]:
        return np.array([n], np.int64)

    learned = len(net.sources) if net.law.name == "alterable" else 0
    return State(
        now_ns=number(0),
        tick=number(0),
        tick_due_ns=number(NEVER),
        fires=np.array(begin(net), np.uint8),
        past=np.zeros((net.memory, net.fibres), np.uint8),
        keys=np.zeros(net.afferents, np.uint8),
        series=np.zeros((0, net.afferents), np.uint8),
        series_at=number(0),
        learned=np.zeros(learned, np.uint8),
        firings=number(int(net.initial.sum())),
    )


def coming(s: State, ticks: int) -> NDArray[np.uint8]:
    """Give what the afferents carry in the next ticks: the rest of the series, then the keys."""
    rest = s.series[int(s.series_at[0]) :][:ticks]
    rows = np.broadcast_to(s.keys, (ticks, len(s.keys))).copy()
    rows[: len(rest)] = rest
    return rows


def settle(s: State, net: Net, description: Description, now_ns: int) -> None:
    """Write down what time it is, and when something may change next.

    A net in which nothing is on its way sleeps until it is touched; one with cells of threshold
    0, or with noisy organs, never does.
    """
    s.now_ns[0] = now_ns
    s.tick[0] = now_ns // description.tick_ns
    restless = net.law.name == "noisy" or bool((net.h <= 0).any())
    pending = int(s.series_at[0]) < len(s.series)
    awake = restless or pending or s.keys.any() or s.fires.any() or s.past.any()
    s.tick_due_ns[0] = (int(s.tick[0]) + 1) * description.tick_ns if awake else NEVER


def press(s: State, keys: NDArray[np.uint8]) -> None:
    """Hold these keys down from this tick on; while a series runs, from its end on."""
    s.keys[:] = keys
    if int(s.series_at[0]) >= len(s.series):
        s.fires[: len(keys)] = keys


def play(s: State, series: NDArray[np.uint8]) -> State:
    """Play a series from this tick on, in place of any before; give the State with it."""
    if len(series):
        s.fires[: len(s.keys)] = series[0]
    else:
        s.fires[: len(s.keys)] = s.keys
    s.series_at[0] = min(1, len(series))
    return s._replace(series=series.copy())


def fall_silent(s: State, net: Net) -> State:
    """Stand as at t = 0 again, though time goes on: what was learned is forgotten too."""
    fresh = power_on(net)
    s.fires[:] = fresh.fires
    s.past[:] = 0
    s.keys[:] = 0
    s.learned[:] = 0
    s.series_at[0] = 0
    return s._replace(series=fresh.series)
