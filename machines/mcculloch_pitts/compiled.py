"""The compiled engines: the same nets, some thousand times faster.

Three of them, equal bit by bit: the **sweep** asks every cell at every tick, the **event-driven**
engine follows pulses, the **lanes** run sixty-four stimuli at once. :func:`run` changes between
the first two as activity rises and falls.

>>> from machines.mcculloch_pitts.wiring import Wiring
>>> board = Wiring("one delay")
>>> _ = board.afferent("1"), board.cell("2", {"1": 2}, h=2)
>>> run(board.net(), [[1], [0], [1]], 3)[:, 1].tolist()
[0, 1, 0, 1]
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from simulator.errors import Mistake

from .compiled_events import Reach, follow, reach
from .compiled_lanes import sweep_lanes
from .compiled_loop import sweep, sweep_alterable
from .compiled_plan import plan
from .law import MOST_BYTES, stimulus_for
from .net import Net

ENGINES = ("auto", "sweep", "events")
SMALL = 512
"""Nets with fewer cells are always swept: asking all of them costs no more than one choice."""
BLOCK = 64
"""After so many ticks of sweeping, activity is looked at again."""
QUIET = 30
"""Events are followed while fewer than one ending in so many is active (measured break-even)."""
STRETCH = 1 << 16
"""Pulses are followed for so many ticks at a time; what is noted of each tick takes room."""
CACHED = 1 << 21
"""Lanes of which a few are watched are kept in so many bytes (a second-level cache)."""


def run(
    net: Net,
    stimulus: Any,
    ticks: int,
    engine: str = "auto",
    learned: NDArray[np.uint8] | None = None,
    watch: ArrayLike | None = None,
) -> NDArray[np.uint8]:
    """Run a net from t = 0.

    Parameters
    ----------
    net
        The net, under any law.
    stimulus
        uint8 ``(n, afferents)``: row t is what the afferents carry at time t; silence after it.
        None: silence.
    ticks
        How many ticks to run.
    engine
        ``sweep``, ``events``, or ``auto``: whichever activity calls for. All give the same.
    learned
        uint8 ``(E,)``, law ``alterable``: what has been learned before; written to.
    watch
        Numbers of the fibres to show; all if left out. A few of a large net take less time and
        memory.

    Returns
    -------
    numpy.ndarray
        uint8 ``(ticks + 1, fibres)``, or as many columns as are watched: row t shows the fibres
        at time t, afferents included.

    Raises
    ------
    Mistake
        If the stimulus does not fit, there is no such engine or no such fibre to watch, or the
        record would be too large.
    """
    _check_engine(engine)
    given = stimulus_for(net, stimulus, ticks if watch is None else min(ticks, _rows_of(stimulus)))
    if learned is None:
        learned = np.zeros(len(net.sources), np.uint8)
    if watch is not None:
        few, places = np.unique(_watched(net, watch, ticks, 1), return_inverse=True)
        return _few(net, given, ticks, few, engine, learned)[:, places]
    deep = net.memory
    rows = _blank(net, deep + ticks, np.uint8)
    _lay(rows[deep - 1 :], given)
    rows[deep - 1, net.afferents : -1] = net.initial
    advance(net, rows, deep - 1, ticks, 0, learned, engine)
    return rows[deep - 1 :, :-1]


def _few(
    net: Net,
    given: NDArray[np.uint8],
    ticks: int,
    fibres: NDArray[np.int64],
    engine: str,
    learned: NDArray[np.uint8],
) -> NDArray[np.uint8]:
    """Run, and show some fibres; of the others no more than a few rows are kept at a time."""
    deep, width = net.memory, net.fibres + 1
    most = CACHED // width - deep
    block = max(1, min(ticks, most if engine == "sweep" else min(BLOCK, most)))
    rows = _blank(net, deep + block, np.uint8)
    _lay(rows[deep - 1 : deep], given[:1])
    rows[deep - 1, net.afferents : -1] = net.initial
    shown = np.zeros((ticks + 1, len(fibres)), np.uint8)
    shown[0] = rows[deep - 1, fibres]
    afferents = fibres < net.afferents
    shown[: len(given), afferents] = given[:, fibres[afferents]]
    columns = np.full(net.fibres, -1, np.int32)
    columns[fibres] = np.arange(len(fibres))
    scratch, tick = Scratch(net), 0
    while tick < ticks:
        table = _events_suit(net, rows[deep - 1], engine)
        if table is not None:
            some = _follow(
                net, table, rows[:deep], given, shown, columns[net.afferents :], tick, tick,
                ticks - tick, _most(table, engine), scratch,
            )  # fmt: skip
            if some:
                tick += some
                continue
        some = min(block, ticks - tick)
        new = rows[deep : deep + some]
        _lay(new, given[tick + 1 :])
        advance(net, rows, deep - 1, some, tick, learned, "sweep")
        shown[tick + 1 : tick + 1 + some] = new[:, fibres]
        rows[:deep] = rows[some : some + deep].copy()
        tick += some
    return shown


def _rows_of(stimulus: Any) -> int:
    """Tell how many ticks a stimulus lasts beyond its first row."""
    return max(0, len(stimulus) - 1) if hasattr(stimulus, "__len__") else 0


def _check_engine(engine: str) -> None:
    if engine not in ENGINES:
        raise Mistake(f"no engine is called {engine!r}; there are {', '.join(ENGINES)}")


def _watched(net: Net, watch: ArrayLike, ticks: int, itemsize: int) -> NDArray[np.int64]:
    given = np.asarray(watch).reshape(-1)
    if given.size and given.dtype.kind not in "iu":
        raise Mistake(f"fibres are watched by number, from 0 on; these are {given.dtype}")
    if given.size and not 0 <= given.min() <= given.max() < net.fibres:
        raise Mistake(f"a watched fibre is none of the net's {net.fibres}, counted from 0")
    size = (ticks + 1) * max(1, given.size) * itemsize
    if size > MOST_BYTES:
        raise Mistake(
            f"a record of {ticks} ticks of {given.size} watched fibres takes {size} bytes, more "
            f"than {MOST_BYTES}; run fewer ticks at a time, or watch fewer"
        )
    return given.astype(np.int64)


def _lay(rows: NDArray[Any], given: NDArray[Any]) -> None:
    """Lay what the afferents carry into rows; silence where nothing is given."""
    afferents = given.shape[1]
    rows[:, :afferents] = 0
    rows[: len(given), :afferents] = given[: len(rows)]


class Scratch:
    """Working storage of the event-driven engine; kept from one stretch of a run to the next."""

    def __init__(self, net: Net) -> None:
        self._cells = net.cells
        self._made: tuple[NDArray[np.int64], NDArray[np.int32]] | None = None

    def arrays(self) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
        """Give sums (0 for every cell) and room for a list of all cells; made when wanted."""
        if self._made is None:
            self._made = np.zeros(self._cells, np.int64), np.empty(self._cells, np.int32)
        return self._made


def lanes(
    net: Net,
    stimulus: NDArray[np.uint64],
    ticks: int | None = None,
    watch: ArrayLike | None = None,
) -> NDArray[np.uint64]:
    """Run a net under sixty-four stimuli at once.

    Parameters
    ----------
    net
        The net, under any law but ``alterable``. Noisy organs err in lane k as with seed + k.
    stimulus
        uint64 ``(n, afferents)``: bit k of row t is what the afferent carries at t in lane k.
    ticks
        How many ticks to run; as many as the stimulus has rows if left out.
    watch
        Numbers of the fibres to show; all if left out. A few of a large net take less time and
        memory.

    Returns
    -------
    numpy.ndarray
        uint64 ``(ticks + 1, fibres)``, or as many columns as are watched.

    Raises
    ------
    Mistake
        If the stimulus does not fit, there is no such fibre to watch, the record would be too
        large, or the law is ``alterable``.
    """
    none = np.zeros(0, np.uint64)
    return lanes_with(net, stimulus, ticks, watch, none, none)


def lanes_with(
    net: Net,
    stimulus: NDArray[np.uint64],
    ticks: int | None,
    watch: ArrayLike | None,
    forced_on: NDArray[np.uint64],
    forced_off: NDArray[np.uint64],
) -> NDArray[np.uint64]:
    """Run as :func:`lanes` does, with cells held: uint64 ``(cells,)``, or empty for none.

    Where a bit of ``forced_on`` is set the cell fires at every tick in that lane, from t = 0 on;
    where one of ``forced_off`` is set it never does.
    """
    if net.law.name == "alterable":
        raise Mistake("alterable synapses cannot run in lanes; turn them into circles first")
    given = np.ascontiguousarray(stimulus)
    if given.dtype != np.uint64 or given.ndim != 2 or given.shape[1] != net.afferents:
        raise Mistake(
            f"lanes take uint64 words, a row a tick and {net.afferents} columns, one an afferent; "
            f"these are {given.dtype}{given.shape}"
        )
    ticks = len(given) if ticks is None else ticks
    if ticks < 0:
        raise Mistake(f"a net runs 0 or more ticks, not {ticks}")
    fibres = None if watch is None else _watched(net, watch, ticks, 8)
    p = plan(net, lanes=True)
    block = ticks if watch is None else max(1, min(ticks, CACHED // (8 * p.width) - p.deep))
    rows = _blank(net, p.deep + block, np.uint64)
    now = p.deep - 1
    _lay(rows[now : now + 1], given[:1])
    rows[now, net.afferents : -1] = np.where(net.initial, ~np.uint64(0), np.uint64(0))
    if len(forced_on):
        rows[now, net.afferents : -1] |= forced_on
        rows[now, net.afferents : -1] &= ~forced_off
    shown = rows[now:, :-1]
    if fibres is not None:
        shown = np.empty((ticks + 1, len(fibres)), np.uint64)
        shown[0] = rows[now, fibres]
    for tick in range(0, ticks, max(1, block)):
        some = min(block, ticks - tick)
        new = rows[now + 1 : now + 1 + some]
        _lay(new, given[tick + 1 :])
        sweep_lanes(
            rows.reshape(-1), p.width, p.deep, now, some, net.afferents, p.groups, p.order,
            p.h, p.offsets, p.weights, net.law.error_ppm, net.law.seed, tick,
            forced_on, forced_off,
        )  # fmt: skip
        if fibres is not None:
            shown[tick + 1 : tick + 1 + some] = new[:, fibres]
            rows[: p.deep] = rows[some : some + p.deep].copy()
    return shown


def _blank(net: Net, rows: int, dtype: type) -> NDArray[Any]:
    size = rows * (net.fibres + 1) * np.dtype(dtype).itemsize
    if size > MOST_BYTES:
        raise Mistake(
            f"a record of {rows} rows of {net.fibres} fibres takes {size} bytes, more than "
            f"{MOST_BYTES}; run fewer ticks at a time"
        )
    return np.zeros((rows, net.fibres + 1), dtype)


def advance(
    net: Net,
    rows: NDArray[np.uint8],
    row: int,
    ticks: int,
    tick: int,
    learned: NDArray[np.uint8],
    engine: str = "auto",
    scratch: Scratch | None = None,
) -> None:
    """Fill in ``ticks`` rows after ``row``; what afferents carry in them stands there already.

    Parameters
    ----------
    net
        The net.
    rows
        uint8 ``(n, fibres + 1)``, the last column 0; coming rows of cells hold 0.
    row
        The row of the present, with at least ``net.memory - 1`` rows before it.
    ticks, tick
        How many ticks to run, from which.
    learned
        uint8 ``(E,)``, law ``alterable``.
    engine
        As for :func:`run`.
    scratch
        Working storage to use again.
    """
    scratch = scratch or Scratch(net)
    _check_engine(engine)
    if net.law.name == "alterable":
        alterable = np.zeros(len(net.sources), np.uint8)
        if net.alterable is not None:
            alterable[:] = net.alterable
        sweep_alterable(
            rows.reshape(-1), rows.shape[1], row, ticks, net.afferents, net.h, net.starts,
            net.sources, net.endings, net.delays, alterable, learned, net.veto_starts,
            net.vetoes, net.veto_delays,
        )  # fmt: skip
        return
    end = row + ticks
    while row < end:
        table = _events_suit(net, rows[row], engine)
        done = 0
        if table is not None:
            every = np.arange(net.afferents, net.fibres, dtype=np.int32)
            done = _follow(
                net, table, rows[row - net.memory + 1 : row + 1].copy(), rows, rows, every, row,
                row, end - row, _most(table, engine), scratch,
            )  # fmt: skip
        if not done:
            done = min(BLOCK, end - row)
            p = plan(net)
            sweep(
                rows.reshape(-1), p.width, p.deep, row, done, net.afferents, p.groups, p.order,
                p.h, p.offsets, p.weights, net.law.error_ppm, net.law.seed, tick,
            )  # fmt: skip
        row, tick = row + done, tick + done


def _events_suit(net: Net, now: NDArray[np.uint8], engine: str) -> Reach | None:
    if engine == "sweep" or (engine == "auto" and net.cells < SMALL):
        return None
    if engine == "auto" and int(np.count_nonzero(now.view(np.bool_))) * QUIET > net.fibres:
        return None
    return reach(net)


def _most(table: Reach, engine: str) -> int:
    """Tell how many endings may be active at once before pulses are no longer followed."""
    return max(1, len(table.ends) // (1 if engine == "events" else QUIET // 2))


def _follow(
    net: Net,
    table: Reach,
    past: NDArray[np.uint8],
    given: NDArray[np.uint8],
    out: NDArray[np.uint8],
    columns: NDArray[np.int32],
    row: int,
    present: int,
    ticks: int,
    most: int,
    scratch: Scratch,
) -> int:
    """Follow pulses from row ``row`` of ``out`` on, for a while; give how many ticks were done.

    ``given[present]`` and the rows after it begin with what the afferents carry. ``past``, uint8
    ``(net.memory, fibres + 1)``, ends with the present and is written to.
    """
    past_row, fired = np.divmod(np.flatnonzero(past.view(np.bool_)), past.shape[1])
    seen, ticks = len(past) - 1, min(ticks, STRETCH)
    log = np.empty(len(fired) + max(4 * net.fibres, 1 << 16), np.int32)
    log[: len(fired)] = fired
    log_starts = np.zeros(seen + ticks + 2, np.int64)
    log_starts[: seen + 2] = np.searchsorted(past_row, np.arange(seen + 2))
    done = int(
        follow(
            out, columns, row, ticks, net.afferents, net.h, table.delays,
            table.starts, table.ends, table.restless, log, log_starts, seen,
            given, present, *scratch.arrays(), most,
        )
    )  # fmt: skip
    if done:
        past[:] = 0
        for back, fires in enumerate(past, done):
            fires[log[log_starts[back] : log_starts[back + 1]]] = 1
    return done
