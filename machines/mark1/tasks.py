"""What a task is to one particular machine: which A-units answer, can it be done, how soon.

The theory (:mod:`machines.mark1.theory`) speaks of A-units that are active or not. Which ones are,
depends on plugboard, threshold, photocells and faults, and the machine itself says it best: it is
shown the stimuli, and its A-units are looked at. The theorems hold for the **ideal twin**: the same
plugboard with parts that are all alike, instant and exact, and shafts that meet no end stop.
"""

from __future__ import annotations

import dataclasses
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .machine import Mark1
from .physics import PHYSICS
from .state import Stage
from .theory import Verdict, correction_bound, separable_by_response

WIDE_MDEG = 10_000_000
"""Travel of the ideal twin's shafts: two thousand nominal pulses from the centre."""


class Corrections(NamedTuple):
    """What error correction came to on the ideal twin.

    Attributes
    ----------
    by_response
        int64, shape (R-units,): pulses that corrected each.
    bounds
        For each R-unit the number never exceeded (Novikoff); None where there is none.
    sweeps
        How many sweeps were shown.
    errorless
        Whether the last of them was without error.
    """

    by_response: NDArray[np.int64]
    bounds: tuple[int | None, ...]
    sweeps: int
    errorless: bool


def activity(machine: Mark1, levels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Show stimuli one after another, reinforcement off, and note which A-units answer each.

    The machine is afterwards as it was before, its clock included.

    Parameters
    ----------
    machine
        The machine, with no series going on.
    levels
        uint8, shape (stimuli, rows, columns).

    Returns
    -------
    numpy.ndarray
        uint8, shape (stimuli, A-units): 1 where the A-unit is active when the response is read.

    Raises
    ------
    Mistake
        If a series is going on, or the light does not fit the retina.

    Notes
    -----
    A grey level between those at which a photocell comes on and goes off is seen as the stimulus
    before left it, and noise on the retina falls otherwise every time; then the same stimulus can
    make other A-units active when it is shown again.
    """
    d = machine.description
    answers = np.zeros((len(levels), d.association_units), np.uint8)
    nothing_asked = np.zeros((1, d.response_units), np.int8)
    with machine.unwatched():
        before = machine.snapshot()
        try:
            for k in range(len(levels)):
                series = {"light": levels[k : k + 1], "desired": nothing_asked}
                machine.operate("mark1.control.train", {**series, "rule": "off", "sweeps": 1})
                machine.run(machine.now_ns + d.settle_us * 1000)
                answers[k] = machine.rack("mark1.association.A")
                machine.operate("mark1.control.halt")
        finally:
            machine.restore(before)
    return answers


def verdicts(machine: Mark1, active: ArrayLike, desired: ArrayLike) -> tuple[Verdict, ...]:
    """Tell for every R-unit in use whether any values at all do its task on this machine.

    Parameters
    ----------
    machine
        The machine.
    active
        As :func:`activity` gave it.
    desired
        Shape (stimuli, R-units): +1, -1, or 0 where nothing is asked.

    Raises
    ------
    Mistake
        If the shapes do not fit.
    """
    wanted = np.asarray(desired)[:, : machine.description.responses_in_use]
    return separable_by_response(active, wanted, machine.board.pot_a, machine.board.pot_r)


def ideal_twin(machine: Mark1) -> Mark1:
    """Switch on the machine of the theorems: same plugboard, threshold and faults, all values 0.

    Seized motors and noise on the retina stay out: the theorems have neither.
    """
    kept = dataclasses.replace(
        machine.description,
        **PHYSICS["off"],
        lighting_permille=1000,
        latch=0,
        retention_mdeg=0,
        decay_ppm=0,
        travel_mdeg=WIDE_MDEG,
    )
    twin = Mark1(kept, machine.board, machine.engine)
    twin.operate("mark1.association.theta", machine.number("mark1.association.theta"))
    for parts in ("S", "A", "wire"):
        twin.operate(f"mark1.faults.{parts}", machine.rack(f"mark1.faults.{parts}"))
    return twin


def corrections(
    machine: Mark1,
    levels: NDArray[np.uint8],
    desired: NDArray[np.int8],
    sweeps: int,
    order_seed: int = 0,
) -> Corrections:
    """Teach the ideal twin by error correction, and count the corrections of every R-unit.

    Parameters
    ----------
    machine
        The machine whose twin is taught.
    levels
        uint8, shape (stimuli, rows, columns).
    desired
        int8, shape (stimuli, R-units).
    sweeps
        At most so many; the first without error is the last.
    order_seed
        Page of the random-number table for the order in each sweep.

    Raises
    ------
    Mistake
        If the machine refuses the series.
    """
    twin = ideal_twin(machine)
    answered, board = activity(twin, levels), twin.board
    bounds = tuple(
        correction_bound(answered[:, board.pot_a[board.pot_r == r]], desired[:, r])
        for r in range(twin.description.responses_in_use)
    )
    twin.operate(
        "mark1.control.train",
        {
            "light": levels,
            "desired": desired,
            "rule": "error-correction",
            "sweeps": sweeps,
            "order_seed": order_seed,
            "until_errorless": True,
        },
    )
    counted = np.zeros(len(bounds), np.int64)
    d = twin.description
    while twin.number("mark1.control.stage") != Stage.IDLE:
        twin.run(twin.now_ns + d.settle_us * 1000)
        driven = twin.rack("mark1.response.drive")[: len(bounds)] != 0
        counted += driven
        pulse_us = d.pulse_us if driven.any() else 0
        twin.run(twin.now_ns + (pulse_us + d.rest_us) * 1000)
    curve = twin.rack("mark1.control.sweep_wrong")
    shown = curve[curve >= 0]
    return Corrections(counted, bounds, len(shown), bool(shown[-1] == 0))
