"""Letting a series run while somebody watches: progress, Ctrl-C, and a word about compiling.

Progress goes to stderr: a live line where that is a terminal, an occasional plain one where it is
not. Ctrl-C is only noted; the machine stops at its next quiet instant, where it can be saved and
later resumed as if nothing had happened. A second Ctrl-C stops everything at once.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ui.cli.console import say
from ui.cli.console import stimuli as counted

if TYPE_CHECKING:
    from machines.mark1 import Experimenter

SLICE_S = 0.1
PLAIN_EVERY_S = 5.0
COMPILING = "compiling the Mark I's engine, once (10 to 20 s); later starts take under a second"


@dataclass
class Stop:
    """Whether Ctrl-C was pressed."""

    pressed: bool = False


@contextlib.contextmanager
def ctrl_c_noted(word: str | None = None) -> Iterator[Stop]:
    """Note the first Ctrl-C instead of being torn out of the work by it.

    Parameters
    ----------
    word
        What to say at once on stderr, where the work stops some time later only.
    """
    stop = Stop()

    def note(_signal: int, _frame: Any) -> None:
        stop.pressed = True
        if word is not None:
            # print() may be in the midst of a line of its own when the signal comes
            with contextlib.suppress(OSError):
                os.write(2, f"{os.linesep}{word}{os.linesep}".encode())
        signal.signal(signal.SIGINT, signal.default_int_handler)

    if threading.current_thread() is not threading.main_thread():
        yield stop
        return
    before = signal.signal(signal.SIGINT, note)
    try:
        yield stop
    finally:
        signal.signal(signal.SIGINT, before)


@contextlib.contextmanager
def compiling_announced(engine: str, words: str = COMPILING) -> Iterator[None]:
    """Say it once on stderr should the compiled engine have to be compiled meanwhile."""
    if engine != "compiled":
        yield
        return
    from numba.core import event

    class Announcer(event.Listener):
        said = False

        def on_start(self, _event: Any) -> None:
            if not self.said:
                self.said = True
                say(words)

        def on_end(self, _event: Any) -> None:
            pass

    with event.install_listener("numba:compile", Announcer()):
        yield


def run_series(
    experimenter: Experimenter,
    stop: Stop,
    title: str,
    every_event: Callable[[], bool] = lambda: False,
) -> None:
    """Let the series go on to its end, or to the first quiet instant after Ctrl-C.

    Parameters
    ----------
    experimenter
        Who began the series.
    stop
        As :func:`ctrl_c_noted` gave it.
    title
        What is going on, for the progress line.
    every_event
        Whether to stop at events only, for an instrument that is clipped on: what it sees then
        does not depend on how fast this computer is.
    """
    with _progress(experimenter, title) as update:
        while experimenter.busy and not stop.pressed:
            if every_event():
                _step_on(experimenter, stop)
            else:
                experimenter.run_on(SLICE_S)
            update()


def _step_on(experimenter: Experimenter, stop: Stop) -> None:
    machine, deadline_s = experimenter.machine, time.perf_counter() + SLICE_S
    while experimenter.busy and time.perf_counter() < deadline_s and not stop.pressed:
        machine.run(machine.next_due_ns())


def speed_line(machine_s: float, wall_s: float) -> str:
    """Compare the machine's clock with the one on the wall."""
    ratio = machine_s / max(wall_s, 1e-6)
    times = f"{ratio:,.0f}" if ratio >= 10 else f"{ratio:.2g}"
    return f"machine {machine_s:.1f} s, wall {wall_s:.2g} s ({times} times as fast)"


@contextlib.contextmanager
def _progress(experimenter: Experimenter, title: str) -> Iterator[Callable[[], None]]:
    """Show progress on stderr; give what is to be called now and then."""
    machine = experimenter.machine
    started_s, started_ns = time.perf_counter(), machine.now_ns

    def line() -> str:
        shown, limit = len(experimenter.curve()), len(machine.rack("mark1.control.sweep_wrong"))
        ended = experimenter.curve()[: -1 if experimenter.busy else None]
        last = f", {ended[-1]} wrong in the last" if len(ended) else ""
        speed = speed_line((machine.now_ns - started_ns) / 1e9, time.perf_counter() - started_s)
        return f"{title}: sweep {shown} of at most {limit}{last}; {speed}"

    if sys.stderr.isatty() and os.environ.get("TERM") != "dumb":
        with _live(line, machine) as update:
            yield update
    else:
        said_s = time.perf_counter()
        limit = len(machine.rack("mark1.control.sweep_wrong"))
        say(f"{title}: {counted(_stimuli(machine))}, at most {limit} exposures of each")

        def update_plainly() -> None:
            nonlocal said_s
            if time.perf_counter() - said_s > PLAIN_EVERY_S:
                said_s = time.perf_counter()
                say(line())

        yield update_plainly
    say(line())


@contextlib.contextmanager
def _live(line: Callable[[], str], machine: Any) -> Iterator[Callable[[], None]]:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn

    console = Console(stderr=True, highlight=False, emoji=False, file=sys.stderr)
    columns = (BarColumn(bar_width=20), TextColumn("{task.description}", markup=False))
    with Progress(*columns, console=console, transient=True) as progress:
        limit = len(machine.rack("mark1.control.sweep_wrong")) * _stimuli(machine)
        task = progress.add_task(line(), total=limit)

        def update() -> None:
            at = machine.number("mark1.control.place")
            done = machine.number("mark1.control.sweep") * _stimuli(machine) + at
            progress.update(task, completed=done, description=line())

        yield update


def _stimuli(machine: Any) -> int:
    return max(1, len(machine.rack("mark1.control.answers")))
