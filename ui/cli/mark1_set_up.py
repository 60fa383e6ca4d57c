"""Setting a Mark I up for a session: switched on anew, or as it was saved.

The seed, and how pictures were made fit for the retina, are kept in the saved file's notes, so
that a machine taught with pictures sees later ones in the same way.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from machines.mark1 import Description, Experimenter, Mark1, machine_for, resume
from machines.mark1 import plugboard as boards
from machines.mark1.plugboard import Plugboard
from simulator.errors import Mistake
from simulator.stimuli import StimulusSet, named
from simulator.stimuli.thresholds import parse_threshold
from ui.cli import console

SEED, PHYSICS = 1, "nominal"
"""What holds where nothing is said."""


@dataclass(frozen=True)
class Bench:
    """A machine to look at, and what it is, or was, to learn."""

    experimenter: Experimenter
    seed: int
    seen: dict[str, Any]
    """How pictures are made fit for its retina."""
    stimuli: StimulusSet | None
    """None if the machine was never taught anything."""


def at_the_bench(
    state: Path | None,
    stimuli: str | None,
    engine: str,
    *,
    seed: int | None = None,
    physics: str | None = None,
    plugboard: Path | None = None,
    changes: dict[str, int] | None = None,
    code: str = "binary",
) -> Bench:
    """Read a taught machine back, or switch one on for some stimuli.

    Raises
    ------
    Mistake
        If neither or both are named, the machine saved is still at work, or something does not fit.
    """
    changes = changes or {}
    if (state is None) == (stimuli is None):
        raise Mistake("name either --stimuli, for example --stimuli E,X, or --state: one of them")
    if state is None:
        assert stimuli is not None
        seen, seed = how_seen({}, None, None), SEED if seed is None else seed
        shown = named(stimuli, **seen)
        experimenter = switched_on(
            shown.classes, seed, engine, changes, physics or PHYSICS, plugboard, code
        )
        say_if_not_historical(experimenter)
        return Bench(experimenter, seed, seen, shown)
    given = {"seed": seed, "physics": physics, "plugboard": plugboard, **changes}
    for name, value in given.items():
        if value is not None:
            raise Mistake(f"--{name} with --state: the machine saved in {state} has its own")
    experimenter, notes = resume(state, engine)
    if experimenter.busy:
        raise Mistake(
            f"{state}: its series is unfinished; end it with "
            f"firstwave mark1 train --resume {state} --save {state}"
        )
    own_seed = seed_of(experimenter.machine, notes)
    seen = how_seen(notes, None, None)
    say_if_not_historical(experimenter)
    return Bench(experimenter, own_seed, seen, series_of(experimenter))


def switched_on(
    classes: tuple[str, ...],
    seed: int,
    engine: str,
    changes: dict[str, int],
    physics: str,
    plugboard: Path | None,
    code: str,
) -> Experimenter:
    """Switch on a Mark I for some classes.

    Raises
    ------
    Mistake
        If there are too many classes, a number is impossible or the plugboard does not fit.
    """
    board = None
    if plugboard is not None:
        file = boards.read(plugboard)
        loose = boards.description_for(file, **_without(changes, "theta"))
        board = boards.fit(file, loose)
        if file.potentiometers is not None:
            changes = {"responses_in_use": loose.responses_in_use} | changes
        changes = _origin_points(board, loose) | changes
    machine = machine_for(classes, seed, engine, physics=physics, board=board, code=code, **changes)
    return Experimenter(machine, classes, code)


def _without(changes: dict[str, int], name: str) -> dict[str, int]:
    return {key: value for key, value in changes.items() if key != name}


def _origin_points(board: Plugboard, description: Description) -> dict[str, int]:
    """Read x and y off a plugboard whose A-units are all plugged alike."""
    counts = {
        name: np.bincount(board.a_unit[board.sign == sign], minlength=description.association_units)
        for name, sign in (("excitatory", 1), ("inhibitory", -1))
    }
    alike = {name: int(n[0]) for name, n in counts.items() if (n == n[0]).all()}
    return alike if any(alike.values()) else {}


def say_if_not_historical(experimenter: Experimenter) -> None:
    """Say it on stderr of a machine whose A-units have more than a potentiometer each."""
    board = experimenter.machine.board
    if not boards.historical(board):
        console.say(f"its plugboard has {len(board.pot_a)} potentiometers; {boards.NOT_HISTORICAL}")


def seed_line(seed: int, plugboard: Path | None) -> str:
    """Tell the page of the random-number table, and what was not drawn from it."""
    return f"seed {seed}" + (f" (parts and order), plugboard {plugboard}" if plugboard else "")


def how_seen(notes: dict[str, Any], threshold: str | None, crop: str | None) -> dict[str, Any]:
    """Tell how pictures are made fit for the retina: as asked for, or as when it was taught.

    Raises
    ------
    Mistake
        If there is no such threshold.
    """
    threshold = str(notes.get("threshold", "otsu")) if threshold is None else threshold
    parse_threshold(threshold)
    return {"threshold": threshold, "crop": crop or str(notes.get("crop", "none"))}


def seed_of(machine: Mark1, notes: dict[str, Any]) -> int:
    """Tell the seed a saved machine was switched on with."""
    seed = notes.get("seed")
    if isinstance(seed, int) and not isinstance(seed, bool) and 0 <= seed < 2**63:
        return seed
    return machine.description.wiring_seed


def series_of(experimenter: Experimenter) -> StimulusSet | None:
    """Give the stimuli of the machine's latest series; None if it has seen none.

    Raises
    ------
    Mistake
        If a response desired in it is no class's code.
    """
    machine, d = experimenter.machine, experimenter.machine.description
    light = machine.rack("mark1.control.series_light")
    if not len(light):
        return None
    desired = machine.rack("mark1.control.series_desired")
    alike = (desired[:, None, :] == experimenter.code[None, :, :]).all(axis=2)
    if not alike.any(axis=1).all():
        raise Mistake("the saved series desires a response that is no class's code")
    labels = alike.argmax(axis=1).astype(np.int64)
    return StimulusSet(
        levels=light.reshape(-1, d.rows, d.columns),
        labels=labels,
        classes=experimenter.classes,
        names=tuple(experimenter.classes[label] for label in labels),
    )


def fields(machine: Mark1) -> NDArray[np.float64]:
    """Work out what each R-unit in use looks for.

    Returns
    -------
    numpy.ndarray
        float64, shape (R-units in use, rows, columns): for each S-unit the sum, over the A-units
        it is plugged to, of the A-unit's value times the sign of the plug, in degrees.
    """
    d, board = machine.description, machine.board
    to_response = np.zeros((d.responses_in_use, d.association_units))
    to_response[board.pot_r, board.pot_a] = machine.rack("mark1.values.V") / 1e6
    from_sense = np.zeros((d.association_units, d.s_units))
    from_sense[board.a_unit, board.s_unit] = board.sign
    return (to_response @ from_sense).reshape(-1, d.rows, d.columns)
