"""Jobs that are done once: what the store knows is not done again."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

from simulator.experiments.store import Store
from simulator.experiments.workers import Crew, each

Parameters = dict[str, Any]
"""JSON values that say which job of an experiment this is."""
Result = dict[str, Any]
"""JSON values that came of it."""


def finished(
    experiment: str,
    function: Callable[[Parameters], Result],
    jobs: Sequence[Parameters],
    fingerprint: str,
    store: Store,
    crew: Crew,
    progress: Callable[[int], None] = lambda done: None,
    stop: Callable[[], bool] = lambda: False,
) -> list[Result]:
    """Give the results of all jobs of an experiment, doing those that are not in the store.

    Parameters
    ----------
    experiment
        Its name.
    function
        Does one job; a function of a module.
    jobs
        The parameters of each, all different.
    fingerprint
        Of the sources that decide the results.
    store
        Where every result is kept as soon as it is there.
    crew
        Who does what is left to do.
    progress
        Called with the number of jobs finished so far.
    stop
        As in :func:`each`.

    Raises
    ------
    KeyboardInterrupt, Mistake
        As :func:`each` and :class:`Store`.
    """
    known = [store.find(experiment, job, fingerprint) for job in jobs]
    left = [place for place, result in enumerate(known) if result is None]
    progress(len(jobs) - len(left))

    def keep(place: int, result: Result) -> None:
        store.keep(experiment, jobs[left[place]], fingerprint, result)
        # what comes fresh shall be no different from what comes from the file
        known[left[place]] = json.loads(json.dumps(result))
        progress(sum(result is not None for result in known))

    each(function, [jobs[place] for place in left], crew, keep, stop)
    return known
