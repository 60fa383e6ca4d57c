"""Workers: processes that do independent jobs at the same time, one a core.

They are spawned when the first job is given out and kept until the crew is dismissed, because each
needs a second to import what it works with. Ctrl-C concerns the process that hired them and no
other: workers neither hear it nor print about it. Should that process be killed, they leave.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from typing import Any, TypeVar

from simulator.errors import Mistake

J = TypeVar("J")
R = TypeVar("R")


@dataclass
class Crew:
    """Those who do the jobs.

    Attributes
    ----------
    executor
        Takes the jobs.
    count
        How many jobs it does at a time.
    prepare
        Called in this process before the first job is given out, once: for what all workers
        would otherwise do at the same time, such as compiling. None when done.
    """

    executor: Executor
    count: int
    prepare: Callable[[], None] | None = None


@contextlib.contextmanager
def crew(count: int | None = None, prepare: Callable[[], None] | None = None) -> Iterator[Crew]:
    """Hire workers for as long as the ``with`` block lasts.

    Parameters
    ----------
    count
        How many; as many as this computer has cores if left out. With 1 the jobs are done in this
        very process.
    prepare
        As in :class:`Crew`.

    Raises
    ------
    Mistake
        If the count is below 1.
    """
    count = (os.cpu_count() or 1) if count is None else count
    if count < 1:
        raise Mistake(f"there must be at least one worker, not {count}")
    executor: Executor = _InProcess() if count == 1 else _processes(count)
    try:
        yield Crew(executor, count, prepare)
    finally:
        executor.shutdown(wait=True, cancel_futures=True)


def each(
    function: Callable[[J], R],
    jobs: Sequence[J],
    crew: Crew,
    done: Callable[[int, R], None] = lambda place, result: None,
    stop: Callable[[], bool] = lambda: False,
) -> list[R]:
    """Do a function for each of a list of jobs; give the results in the order of the jobs.

    Parameters
    ----------
    function
        A function of a module (workers import it by its name).
    jobs
        What it is called with, one after the other; must be picklable.
    crew
        Who does it.
    done
        Called here with a job's place and result as soon as it is finished, in any order.
    stop
        Asked between jobs: when it says True no further job is begun, and those in hand are
        finished (and told to ``done``).

    Raises
    ------
    KeyboardInterrupt
        If ``stop`` said True and jobs are left undone.
    Mistake
        If a job raised one, or a worker died.
    """
    if jobs and crew.prepare is not None:
        prepare, crew.prepare = crew.prepare, None
        prepare()
    results: dict[int, R] = {}
    waiting = deque(enumerate(jobs))
    in_hand: dict[Future[R], int] = {}
    try:
        while (waiting and not stop()) or in_hand:
            if waiting and len(in_hand) <= crew.count and not stop():
                place, job = waiting.popleft()
                with _ctrl_c_held_back():
                    in_hand[crew.executor.submit(function, job)] = place
                finished = {future for future in in_hand if future.done()}
            else:
                finished, _ = wait(in_hand, return_when=FIRST_COMPLETED)
            for future in finished:
                place = in_hand.pop(future)
                results[place] = future.result()
                done(place, results[place])
    except BrokenProcessPool as error:
        raise Mistake(
            "a worker process died, perhaps for want of memory; what is finished is kept, go on "
            "with fewer workers"
        ) from error
    finally:
        for future in in_hand:
            future.cancel()
    if waiting:
        raise KeyboardInterrupt
    return [results[place] for place in range(len(jobs))]


def _processes(count: int) -> ProcessPoolExecutor:
    context = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(count, mp_context=context, initializer=_begin_work)


def _begin_work() -> None:
    """Set a worker up: deaf to Ctrl-C, and gone when the process that hired it is."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_leave_with_parent, daemon=True).start()


def _leave_with_parent() -> None:
    if (parent := multiprocessing.parent_process()) is not None:
        parent.join()
        os._exit(1)


@contextlib.contextmanager
def _ctrl_c_held_back() -> Iterator[None]:
    """Hold Ctrl-C back while a job is given out.

    A worker spawned meanwhile inherits that, so that not even its first moments, before
    :func:`_begin_work`, can be torn.
    """
    if not hasattr(signal, "pthread_sigmask"):  # not on Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


class _InProcess(Executor):
    """Does every job at once, here."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:
            future.set_exception(error)
        return future
