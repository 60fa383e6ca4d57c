"""The law, written out: what a net does in one tick. This decides what is right.

Plain Python integers, no speed. ``state(t)`` and ``inputs(t)`` are read together and give
``state(t+1)``: a cell fires at t+1 if the excitatory endings active one tick (or their delay)
before number at least ``h`` and none of its inhibitory endings was active. Before t = 0 there was
silence (McCulloch and Pitts 1943, section 2; the variations stand in ``laws.py``).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulator import chance
from simulator.errors import Mistake

from .laws import MILLION
from .net import Net

NOISE = chance.stream("mcculloch_pitts.noise")
"""The column of the random-number table that says which organ errs at which tick."""
MOST_BYTES = 1 << 32
"""No record of a run is larger than this."""
Row = Sequence[int] | NDArray[np.uint8]


def after(
    net: Net,
    fibres: Row,
    inputs: Row = (),
    past: Sequence[Row] = (),
    tick: int = 0,
    learned: NDArray[np.uint8] | None = None,
) -> list[int]:
    """Tell the fibres one tick later.

    Parameters
    ----------
    net
        The net.
    fibres
        0 or 1 for every fibre at time t, afferents included.
    inputs
        What the afferents carry at t+1; silence if left out.
    past
        The fibres at t-1, t-2, ...: what longer delays and some laws look back on. What is left
        out was silent.
    tick
        t, which noisy organs depend on.
    learned
        uint8 ``(E,)``, law ``alterable``: 1 where an alterable row counts by now. It is written
        to.

    Returns
    -------
    list of int
        0 or 1 for every fibre at t+1.
    """
    rows = [fibres, *past]

    def active(fibre: int, delay: int) -> int:
        return int(rows[delay - 1][fibre]) if delay <= len(rows) else 0

    new = [int(bool(level)) for level in inputs] or [0] * net.afferents
    for cell in range(net.cells):
        new.append(_fires(net, cell, active, tick, learned))
    return new


def _fires(net: Net, cell: int, active: Any, tick: int, learned: NDArray[np.uint8] | None) -> int:
    """Tell whether one cell fires at ``tick + 1``; ``active(fibre, delay)`` looks back from it."""
    law, first, own = net.law, int(net.starts[cell]), net.afferents + cell
    excited, arrived = 0, []
    for e, (fibre, endings, delay) in enumerate(net.excited_by(cell), first):
        pulses = sum(active(fibre, delay + back) for back in range(law.window))
        if pulses and net.alterable is not None and net.alterable[e]:
            arrived.append(e)
            if learned is not None and not learned[e]:
                continue
        excited += pulses * endings
    inhibited = sum(endings * active(fibre, delay) for fibre, endings, delay in net.vetoed_by(cell))
    needed = int(net.h[cell])
    needed += sum(b * active(own, back) for back, b in enumerate(law.raises, 1))
    if law.name == "relative":
        needed += inhibited
        inhibited = 0
    fires = int(excited >= needed and not inhibited)
    if fires and learned is not None:
        learned[arrived] = 1
    if law.name == "noisy" and errs(net, cell, tick + 1):
        fires = 1 - fires
    return fires


def errs(net: Net, cell: int, tick: int) -> bool:
    """Tell whether a noisy organ's answer at a tick is wrong."""
    index = tick * net.cells + cell
    return chance.below(MILLION, net.law.seed, NOISE, index) < net.law.error_ppm


def begin(net: Net, inputs: Row = ()) -> list[int]:
    """Tell the fibres at t = 0."""
    first = [int(bool(level)) for level in inputs] or [0] * net.afferents
    return first + [int(level) for level in net.initial]


def run(net: Net, stimulus: NDArray[np.uint8] | None, ticks: int) -> NDArray[np.uint8]:
    """Run a net from t = 0 by the law as it is written.

    Parameters
    ----------
    net
        The net.
    stimulus
        uint8 ``(n, afferents)``: row t is what the afferents carry at time t; silence after it.
    ticks
        How many ticks to run.

    Returns
    -------
    numpy.ndarray
        uint8 ``(ticks + 1, fibres)``: row t shows the fibres at time t, afferents included.

    Raises
    ------
    Mistake
        If the stimulus does not fit the net.
    """
    given = stimulus_for(net, stimulus, ticks)
    learned = np.zeros(len(net.sources), np.uint8) if net.law.name == "alterable" else None
    rows = [begin(net, given[0])]
    for t in range(ticks):
        past = rows[-2 : -net.memory - 1 : -1]
        rows.append(after(net, rows[-1], given[t + 1], past, t, learned))
    return np.array(rows, np.uint8).reshape(ticks + 1, net.fibres)


def stimulus_for(net: Net, stimulus: Any, ticks: int) -> NDArray[np.uint8]:
    """Give a stimulus as uint8 ``(ticks + 1, afferents)``: cut, or followed by silence.

    Raises
    ------
    Mistake
        If it has another number of columns, holds anything but 0 and 1, or the record of the run
        would be too large.
    """
    if ticks < 0:
        raise Mistake(f"a net runs 0 or more ticks, not {ticks}")
    if (ticks + 1) * (net.fibres + 1) > MOST_BYTES:
        raise Mistake(
            f"a record of {ticks} ticks of {net.fibres} fibres takes more than {MOST_BYTES} bytes; "
            "run fewer at a time"
        )
    whole = np.zeros((ticks + 1, net.afferents), np.uint8)
    if stimulus is None:
        return whole
    given = np.asarray(stimulus)
    if given.ndim != 2 or given.shape[1] != net.afferents:
        raise Mistake(
            f"a stimulus has a row a tick and {net.afferents} columns, one an afferent; "
            f"this one is {given.shape}"
        )
    if given.dtype.kind not in "iub" or (given.size and (given.min() < 0 or given.max() > 1)):
        raise Mistake("a stimulus holds 0 (silent) and 1 (fires) and nothing else")
    given = given[: ticks + 1]
    whole[: len(given)] = given
    return whole
