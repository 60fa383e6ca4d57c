"""What several experiments set up alike: machines, figures, cards, and A-units taken out.

Two kinds of machine are used. What was done on the Mark I is done on the **nominal** machine, whose
parts stray as real ones do. What was done by a program on the IBM 704 is done on the **exact** one:
the same machine without delays, spread, noise and dead zone, with as many A-units and sockets as
the program had, and with potentiometers that turn on long after a real one would have met its stop.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from machines.mark1.description import Description
from machines.mark1.experimenter import Experimenter, responses_needed
from machines.mark1.machine import Mark1
from simulator import chance
from simulator.stimuli import StimulusSet, figure, variations

ENGINE = "compiled"
UNSEEN = 1 << 32
"""Added to a page of the random-number table for stimuli that are never taught."""
_REMOVED = chance.stream("mark1.experiments.removed")
_DOTS = chance.stream("mark1.experiments.dots")


def exact_machine(wiring: int, **changes: int) -> Mark1:
    """Switch on an exact machine.

    Parameters
    ----------
    wiring
        Page of the random-number table for its plugboard.
    **changes
        Fields of the Description that shall differ. A socket for every plug is there unless told
        otherwise, a pulse turns a shaft by 1 degree and the stops are 10,000 degrees away.
    """
    numbers = {
        "wiring_seed": wiring,
        "plugs_per_s_unit": changes.get("association_units", 512),
        "travel_mdeg": 10_000_000,
        "pulse_us": 50_000,
    }
    return Mark1(Description.ideal(**(numbers | changes)), engine=ENGINE)


def exact_experimenter(classes: tuple[str, ...], wiring: int, **changes: int) -> Experimenter:
    """Give an experimenter with an exact machine, its A-units shared by as few R-units as do."""
    in_use = {"responses_in_use": responses_needed(len(classes))}
    return Experimenter(exact_machine(wiring, **(in_use | changes)), classes)


def figures(*names: str, **how: Any) -> StimulusSet:
    """Show figures, each a class of its own; ``how`` as for :func:`simulator.stimuli.figure`."""
    return StimulusSet(
        levels=np.stack([figure(name, **how) for name in names]),
        labels=np.arange(len(names), dtype=np.int64),
        classes=names,
        names=names,
    )


def cards(
    stimuli: StimulusSet, each: int, wiring: int, taught: bool = True, **how: Any
) -> StimulusSet:
    """Make ``each`` varied copies of every stimulus, others for every plugboard.

    Parameters
    ----------
    stimuli
        What to vary.
    each
        Copies of each.
    wiring
        Page of the random-number table.
    taught
        True for cards to teach with, False for others to test with.
    **how
        Bounds, as for :func:`simulator.stimuli.variations`.
    """
    return variations(stimuli, each, wiring if taught else wiring + UNSEEN, **how)


def dots(count: int, lit: int, seed: int, rows: int = 20, columns: int = 20) -> StimulusSet:
    """Give random patterns of ``lit`` lit cells, each a class of its own."""
    levels = np.zeros((count, rows * columns), np.uint8)
    for number, picture in enumerate(levels):
        picture[chance.shuffle(rows * columns, seed, _DOTS, number)[:lit]] = 255
    names = tuple(f"P{number + 1}" for number in range(count))
    return StimulusSet(
        levels=levels.reshape(count, rows, columns),
        labels=np.arange(count, dtype=np.int64),
        classes=names,
        names=names,
    )


def with_units_removed(experimenter: Experimenter, permille: int, seed: int) -> Experimenter:
    """Give a machine with the same values, of whose A-units so many are dead.

    Parameters
    ----------
    experimenter
        With a taught machine at rest; it stays as it is.
    permille
        How many of its A-units.
    seed
        Which ones; a larger part includes a smaller one.
    """
    machine = experimenter.machine
    units = machine.description.association_units
    dead = np.zeros(units, np.uint8)
    dead[chance.shuffle(units, seed, _REMOVED, 0)[: round(units * permille / 1000)]] = 1
    damaged = Mark1(machine.description, machine.board, machine.engine)
    damaged.operate("mark1.values.V", machine.rack("mark1.values.V"))
    damaged.operate("mark1.faults.A", dead)
    return Experimenter(damaged, experimenter.classes)


def active(machine: Mark1, levels: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Show a machine at rest some pictures; tell which A-units each makes active.

    Parameters
    ----------
    machine
        A machine whose photocells act at once.
    levels
        uint8, shape (n, rows, columns).

    Returns
    -------
    numpy.ndarray
        bool, shape (n, A-units).
    """
    rows = []
    for picture in levels:
        machine.operate("mark1.retina.light", picture)
        rows.append(machine.rack("mark1.association.A") != 0)
    return np.array(rows)
