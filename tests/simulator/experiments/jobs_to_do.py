"""Jobs that workers can import by their names."""

import os
import time
from pathlib import Path

from simulator.errors import Mistake


def square(job):
    return {"square": job["n"] ** 2}


def sleepy_square(job):
    """The first jobs take longest, so that they end last."""
    time.sleep(0.2 / (1 + job["n"]))
    return square(job)


def process(_job):
    return {"process": os.getpid()}


def noted(job):
    """Leave a trace of having been done."""
    with open(job["trace"], "a") as trace:
        trace.write(f"{job['n']}\n")
    return square(job)


def refused(job):
    raise Mistake(f"job {job['n']} cannot be done")


def killed(_job):
    os._exit(1)


def long(job):
    Path(job["folder"], f"{os.getpid()}.begun").touch()
    time.sleep(job["s"])
    return {"slept": job["s"]}
