"""A lesson laid out for ``firstwave mark1 train``: what was asked for, the machine, the stimuli.

Whatever can be refused is refused here, before the first exposure.
"""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from machines.mark1 import code_for, resume
from machines.mark1.points import MOST_SWEEPS
from machines.mark1.rules import NUMBER
from simulator.errors import Mistake
from simulator.stimuli import folder, named
from ui.cli import console
from ui.cli.eye import Eye, EyeRequest, check, exposures_of, opened
from ui.cli.mark1_set_up import (
    PHYSICS,
    SEED,
    how_seen,
    say_if_not_historical,
    seed_of,
    switched_on,
)
from ui.report import check_picture_path

if TYPE_CHECKING:
    from machines.mark1 import Experimenter
    from simulator.stimuli import StimulusSet

RULE = "error-correction"


@dataclass(frozen=True)
class Request:
    """What was asked for on the command line; None where nothing was said."""

    stimuli: str | None
    exposures: int | None
    rule: str | None
    engine: str
    seed: int | None
    changes: dict[str, int]
    physics: str | None
    plugboard: Path | None
    resume: Path | None
    threshold: str | None
    crop: str | None
    save: Path | None
    test: Path | None
    plot: Path | None
    fields: Path | None
    vcd: Path | None
    eye: EyeRequest


@dataclass(frozen=True)
class Session:
    """A machine with everything laid out to teach it."""

    experimenter: Experimenter
    notes: dict[str, Any]
    stimuli: StimulusSet | None
    """What to begin a series with; None to go on with the one in the machine."""
    held_out: StimulusSet | None
    eye: Eye | None = None
    """What the stimuli were seen with; None if they were made or read from files."""


def check_request(request: Request) -> None:
    """Refuse what cannot be meant, before anything is opened or switched on.

    Raises
    ------
    Mistake
        If a number, a rule, a path or the eye is impossible.
    """
    _check_exposures(request.exposures)
    _check_rule(request.rule)
    _check_paths(request)
    _check_eye(request)


def laid_out(request: Request, stack: ExitStack) -> Session:
    """Switch on or bring back the machine, and see the stimuli.

    Parameters
    ----------
    request
        As :func:`check_request` let it pass.
    stack
        Closes the eye in the end, if there is one.

    Raises
    ------
    Mistake
        If machine, stimuli and what was asked for do not fit, or the eye does not see them.
    """
    session = _fresh(request) if request.resume is None else _resumed(request, request.resume)
    return _seen_by_eye(request, session, stack)


def _check_exposures(exposures: int | None) -> None:
    if exposures is not None and not 1 <= exposures <= MOST_SWEEPS:
        raise Mistake(f"--exposures must lie between 1 and {MOST_SWEEPS}, not {exposures}")


def _check_rule(rule: str | None) -> None:
    if rule == "off":
        raise Mistake("off teaches nothing; choose another rule (`firstwave mark1 rules`)")
    if rule is not None and rule not in NUMBER:
        raise Mistake(f"no rule is called {rule!r}; `firstwave mark1 rules` lists them")


def _check_paths(request: Request) -> None:
    folder_taught = Path(request.stimuli) if request.stimuli else None
    console.check_outputs(
        {"resume": request.resume, "plugboard": request.plugboard},
        {"stimuli": folder_taught, "test": request.test},
        save=request.save,
        plot=request.plot,
        fields=request.fields,
        vcd=request.vcd,
    )
    for drawing in (request.plot, request.fields):
        if drawing is not None:
            check_picture_path(drawing)


def _check_eye(request: Request) -> None:
    check(request.eye)
    if request.eye.wanted and request.stimuli is None:
        raise Mistake("--board or --webcam: name with --stimuli what will be shown, as E,X")


def _seen_by_eye(request: Request, session: Session, stack: ExitStack) -> Session:
    """Have the stimuli shown to the eye, if there is one."""
    if session.stimuli is None or not request.eye.wanted:
        return session
    rows, columns = session.stimuli.levels.shape[1:]
    eye = stack.enter_context(opened(request.eye, rows, columns))
    return replace(session, stimuli=exposures_of(eye, session.stimuli), eye=eye)


def _fresh(request: Request) -> Session:
    if request.stimuli is None:
        raise Mistake("nothing to teach: name --stimuli, for example --stimuli E,X, or --resume")
    if request.plugboard is not None:
        for name in ("excitatory", "inhibitory"):
            if name in request.changes:
                raise Mistake(f"--{name} with --plugboard: the plugboard's file says where it goes")
    seed = SEED if request.seed is None else request.seed
    seen = how_seen({}, request.threshold, request.crop)
    stimuli = named(request.stimuli, **seen)
    _say_if_loose(request.stimuli)
    experimenter = switched_on(
        stimuli.classes,
        seed,
        request.engine,
        request.changes,
        request.physics or PHYSICS,
        request.plugboard,
        code_for(request.rule or RULE),
    )
    notes = {"seed": seed, **seen}
    say_if_not_historical(experimenter)
    return Session(experimenter, notes, stimuli, _held_out(request, experimenter, seen))


def _say_if_loose(stimuli: str) -> None:
    """Tell somebody who named a folder of loose pictures what their classes are."""
    path = Path(stimuli)
    if path.is_dir() and not any(entry.is_dir() for entry in path.iterdir()):
        console.say(f"{path} has no sub-folders, so each picture's own name tells its class")


def _resumed(request: Request, path: Path) -> Session:
    given = {
        "seed": request.seed is not None,
        "physics": request.physics is not None,
        "plugboard": request.plugboard is not None,
        **{name.replace("_", "-"): True for name in request.changes},
    }
    for name, contradicts in given.items():
        if contradicts:
            raise Mistake(f"--{name} with --resume: the machine saved in {path} has its own")
    experimenter, notes = resume(path, request.engine)
    seen = how_seen(notes, request.threshold, request.crop)
    notes = {**notes, **seen, "seed": seed_of(experimenter.machine, notes)}
    asked = {
        "stimuli": request.stimuli,
        "exposures": request.exposures,
        "rule": request.rule,
    }
    said = next((name for name, value in asked.items() if value is not None), None)
    if experimenter.busy and said is not None:
        raise Mistake(
            f"--{said} with --resume: {path} holds an unfinished series, which goes on as it was "
            f"begun; resume it without --{said} first"
        )
    if said is not None and request.stimuli is None:
        raise Mistake(
            f"--{said} with --resume: the series in {path} is finished; name --stimuli to teach on"
        )
    d, stimuli = experimenter.machine.description, None
    if request.stimuli is not None:
        stimuli = named(request.stimuli, d.rows, d.columns, **seen)
        fixed = "; a code sheet is fixed: teach a new machine, without --resume"
        _check_classes(f"--stimuli {request.stimuli}", stimuli, experimenter, fixed)
    elif not experimenter.busy:
        console.say(f"{path}: its series is finished; name --stimuli to teach on")
    say_if_not_historical(experimenter)
    return Session(experimenter, notes, stimuli, _held_out(request, experimenter, seen))


def _held_out(
    request: Request, experimenter: Experimenter, seen: dict[str, Any]
) -> StimulusSet | None:
    if request.test is None:
        return None
    d = experimenter.machine.description
    stimuli = folder(request.test, d.rows, d.columns, **seen)
    _check_classes(f"--test {request.test}", stimuli, experimenter)
    return stimuli


def _check_classes(
    what: str, stimuli: StimulusSet, experimenter: Experimenter, cure: str = ""
) -> None:
    if odd := [name for name in stimuli.classes if name not in experimenter.classes]:
        taught = ", ".join(experimenter.classes)
        raise Mistake(f"{what}: class {odd[0]} is not among those taught: {taught}{cure}")
