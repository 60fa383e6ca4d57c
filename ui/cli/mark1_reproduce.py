"""``firstwave mark1 reproduce``: published experiments done again, over many plugboards.

Jobs are done on all cores, and each is kept as soon as it is finished, so that nothing is lost by
Ctrl-C and nothing is done twice. What can be refused is refused before the first job.
"""

from __future__ import annotations

import contextlib
import os
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from machines.mark1 import machine_for
from machines.mark1.experiments import EXPERIMENTS, Experiment, Verdict, named
from machines.mark1.experiments.sources import fingerprint_of
from simulator.errors import Mistake
from simulator.experiments import Crew, Store, crew, finished
from ui.cli import console
from ui.cli.mark1_reproduced import Reproduction, listing, listing_json, show, write_files
from ui.cli.series import Stop, compiling_announced, ctrl_c_noted
from ui.cli.status import DONE, INTERRUPTED, NO

STORE = "finished.sqlite"
PLAIN_EVERY_S = 5.0


@dataclass(frozen=True)
class Request:
    """What was asked for on the command line."""

    names: tuple[str, ...]
    everything: bool
    wirings: int | None
    workers: int | None
    out: Path
    fresh: bool
    page: Path | None


def run(request: Request, as_json: bool) -> int:
    """Do it; give the exit status."""
    started_s = time.perf_counter()
    chosen = _chosen(request)
    if not chosen:
        if as_json:
            console.write_json(listing_json())
        else:
            console.show(*listing())
        return DONE
    _make_folder(request)
    reproductions = []
    with (
        ctrl_c_noted("stopping when the jobs in hand are done") as stop,
        Store(request.out / STORE) as store,
        crew(request.workers, _compile) as workers,
    ):
        try:
            for experiment in chosen:
                reproductions.append(_reproduce(experiment, request, store, workers, stop))
        except KeyboardInterrupt:
            console.say(
                f"firstwave: interrupted; what is finished is kept in {request.out}; start again "
                "and it goes on"
            )
            return INTERRUPTED
    wall_s = time.perf_counter() - started_s
    content = write_files(request.out, request.page, reproductions, wall_s)
    if as_json:
        console.write_json(content)
    else:
        show(reproductions, content["result"]["files"])
    failed = any(each.verdict == Verdict.NOT_REPRODUCED for each in reproductions)
    return NO if failed else DONE


def _chosen(request: Request) -> list[Experiment]:
    """Tell which experiments are meant."""
    if request.page is not None and not request.everything:
        raise Mistake("--page writes up all experiments: ask for it with --all")
    if request.everything and request.names:
        raise Mistake(f"either --all or {request.names[0]}, not both")
    if not request.everything:
        return list({named(name).name: named(name) for name in request.names}.values())
    return list(EXPERIMENTS)


def _make_folder(request: Request) -> None:
    try:
        request.out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Mistake(f"{request.out}: the folder cannot be made ({error.strerror})") from error
    console.check_output(request.out / STORE)
    if request.page is not None:
        console.check_output(request.page)
        console.check_no_device(request.page)


def _compile() -> None:
    """Compile, or load, the engine once before all workers do."""
    with compiling_announced("compiled"):
        machine_for(("A", "B"))


def _reproduce(
    experiment: Experiment, request: Request, store: Store, workers: Crew, stop: Stop
) -> Reproduction:
    count = request.wirings if request.wirings and experiment.wirings > 1 else experiment.wirings
    jobs = experiment.jobs(count)
    if request.fresh:
        store.forget(experiment.name)
    with _progress(experiment.name, len(jobs)) as update:
        results = finished(
            experiment.name,
            experiment.run,
            jobs,
            fingerprint_of(experiment),
            store,
            workers,
            update,
            lambda: stop.pressed,
        )
    finding = experiment.judge(list(zip(jobs, results, strict=True)))
    return Reproduction(experiment, count, finding)


@contextlib.contextmanager
def _progress(name: str, jobs: int) -> Iterator[Callable[[int], None]]:
    """Show progress on stderr: a live line on a terminal, now and then a plain one elsewhere."""
    if sys.stderr.isatty() and os.environ.get("TERM") != "dumb":
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

        terminal = Console(stderr=True, highlight=False, emoji=False, file=sys.stderr)
        columns = (TextColumn("{task.description}"), BarColumn(bar_width=20), MofNCompleteColumn())
        with Progress(*columns, console=terminal, transient=True) as progress:
            task = progress.add_task(name, total=jobs)
            yield lambda done: progress.update(task, completed=done)
        return
    said_s, first = time.perf_counter(), True

    def update_plainly(done: int) -> None:
        nonlocal said_s, first
        if (first and done < jobs) or time.perf_counter() - said_s > PLAIN_EVERY_S:
            said_s, first = time.perf_counter(), False
            console.say(f"{name}: {done} of {jobs} jobs")

    yield update_plainly
