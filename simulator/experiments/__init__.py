"""Experiments that no single run decides: many independent jobs, their results kept, their spread.

What a machine does with one plugboard proves little; the same experiment is done over many. Each
such run is a **job**: a function that can be sent to another process, and its parameters, a dict of
JSON values. :func:`crew` hires the processes, :func:`each` gives them the jobs, a :class:`Store`
keeps every result on disk so that what was interrupted goes on where it stood, and a
:class:`Spread` says what came of it. Nothing here knows a machine.
"""

from simulator.experiments.jobs import Parameters, Result, finished
from simulator.experiments.spread import Spread, spread, standard_normal
from simulator.experiments.store import Store
from simulator.experiments.workers import Crew, crew, each

__all__ = [
    "Crew",
    "Parameters",
    "Result",
    "Spread",
    "Store",
    "crew",
    "each",
    "finished",
    "spread",
    "standard_normal",
]
