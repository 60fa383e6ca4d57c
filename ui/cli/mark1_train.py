"""``firstwave mark1 train``: teach a Mark I, keep it, test it, draw what it learned.

The order matters to whoever waits: everything that can be refused is refused before the first
exposure, the taught machine is saved before anything else is done with it, and Ctrl-C saves it
as it stands.
"""

from __future__ import annotations

import time
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from machines.mark1 import code_for, resume
from machines.mark1.points import MOST_SWEEPS
from machines.mark1.rules import NUMBER, RULES, Decides
from simulator.errors import Mistake
from simulator.stimuli import folder, named
from ui.cli import console
from ui.cli.eye import Eye, EyeRequest, check, exposures_of, light_lamps, opened
from ui.cli.mark1_possible import separability_line, what_was_separable
from ui.cli.mark1_report import result_json, show_result
from ui.cli.mark1_set_up import (
    PHYSICS,
    SEED,
    fields,
    how_seen,
    say_if_not_historical,
    seed_of,
    series_of,
    switched_on,
)
from ui.cli.series import Stop, compiling_announced, ctrl_c_noted, run_series
from ui.cli.status import DONE, INTERRUPTED, NO
from ui.cli.waveform import Waveform, waveform
from ui.report import check_picture_path, learning_curve, receptive_fields

if TYPE_CHECKING:
    from machines.mark1 import Experimenter, Result
    from simulator.stimuli import StimulusSet

EXPOSURES, RULE = 40, "error-correction"


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


@dataclass(frozen=True)
class Outcome:
    """What came of it."""

    session: Session
    asked: str | None
    """The stimuli as they were named."""
    plugboard: Path | None
    rule: str
    limit: int
    curve: list[int]
    errorless: bool | None
    """Whether all that was taught is answered rightly; None where the machine was not told."""
    separable: dict[str, bool | None] | None
    """Where errors were left: for each R-unit, whether any values at all do its task."""
    separability: str | None
    """The same in a line for a person."""
    taught: Result | None
    held_out: Result | None
    wall_s: float


def run(request: Request, as_json: bool) -> int:
    """Do it; give the exit status."""
    started_s = time.perf_counter()
    _check_exposures(request.exposures)
    _check_rule(request.rule)
    _check_paths(request)
    _check_eye(request)
    with ExitStack() as stack:
        stop = stack.enter_context(ctrl_c_noted())
        stack.enter_context(compiling_announced(request.engine))
        session = _fresh(request) if request.resume is None else _resumed(request, request.resume)
        session = _seen_by_eye(request, session, stack)
        trouble = _teach(request, session, stop)
        not_kept = _keep(request, session)
        if trouble is not None:
            kept = f"; the machine is kept in {request.save}" if request.save is not None else ""
            raise Mistake(trouble + (f"; {not_kept}" if not_kept is not None else kept))
        if stop.pressed and session.experimenter.busy:
            if not_kept is not None:
                raise not_kept
            _say_interrupted(request, session)
            return INTERRUPTED
    outcome = _outcome(request, session, started_s)
    lost = _draw(request, outcome)
    if not_kept is not None:
        lost["save"] = not_kept
    written = {
        name: str(path)
        for name in ("save", "plot", "fields", "vcd")
        if (path := getattr(request, name)) is not None and name not in lost
    }
    if as_json:
        console.write_json(result_json(outcome, written))
    else:
        show_result(outcome, written)
    if lost:
        raise Mistake("; ".join(str(mistake) for mistake in lost.values()))
    return NO if outcome.errorless is False else DONE


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


# laying everything out


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


# teaching


def _teach(request: Request, session: Session, stop: Stop) -> str | None:
    """Run the series to its end or to Ctrl-C, with a waveform if one is wanted.

    Returns
    -------
    str or None
        What went wrong with the waveform, if anything.
    """
    if request.vcd is None:
        _run_on(request, session, stop, None)
        return None
    machine = session.experimenter.machine
    with waveform(request.vcd, machine, needed=request.save is None) as instrument:
        _run_on(request, session, stop, instrument)
    return instrument.trouble


def _run_on(request: Request, session: Session, stop: Stop, instrument: Waveform | None) -> None:
    experimenter = session.experimenter
    if session.stimuli is not None:
        rule = request.rule or RULE
        experimenter.begin(
            session.stimuli,
            EXPOSURES if request.exposures is None else request.exposures,
            rule,
            order_seed=session.notes["seed"],
            until_errorless=RULES[NUMBER[rule]].decides in (Decides.ERROR, Decides.CHANCE),
        )
    if experimenter.busy:

        def watched() -> bool:
            if session.eye is not None:
                light_lamps(session.eye, experimenter.machine.rack("mark1.response.R"))
            return instrument is not None and instrument.trouble is None

        run_series(experimenter, stop, "teaching", watched)


def _keep(request: Request, session: Session) -> Mistake | None:
    """Save the machine if that was asked for; give what kept it from being saved, if anything."""
    if request.save is not None:
        try:
            session.experimenter.save(request.save, session.notes)
        except Mistake as mistake:
            return mistake
    return None


def _say_interrupted(request: Request, session: Session) -> None:
    shown = session.experimenter.machine.number("mark1.control.trials")
    if request.save is None:
        console.say(f"firstwave: interrupted after {shown} trials; not kept, for want of --save")
    else:
        console.say(
            f"firstwave: interrupted after {shown} trials, kept in {request.save}; go on with "
            f"firstwave mark1 train --resume {request.save} --save {request.save}"
        )


# what came of it


def _outcome(request: Request, session: Session, started_s: float) -> Outcome:
    experimenter = session.experimenter
    machine = experimenter.machine
    rule = RULES[machine.number("mark1.control.rule")]
    stimuli = session.stimuli or series_of(experimenter)
    taught = experimenter.test(stimuli) if stimuli is not None else None
    held_out = experimenter.test(session.held_out) if session.held_out is not None else None
    curve = experimenter.curve().tolist()
    errorless: bool | None = None
    if rule.decides not in (Decides.NOBODY, Decides.MACHINE) and taught is not None:
        errorless = taught.wrong == 0
    possible = what_was_separable(experimenter, stimuli, rule, curve) if stimuli else None
    return Outcome(
        session=session,
        asked=request.stimuli,
        plugboard=request.plugboard,
        rule=rule.name,
        limit=len(machine.rack("mark1.control.sweep_wrong")),
        curve=curve,
        errorless=errorless,
        separable=possible,
        separability=separability_line(possible, rule, curve, len(stimuli) if stimuli else 0),
        taught=taught,
        held_out=held_out,
        wall_s=time.perf_counter() - started_s,
    )


def _draw(request: Request, outcome: Outcome) -> dict[str, Mistake]:
    """Draw what was asked for; give what could not be written, so that the results are shown."""
    experimenter = outcome.session.experimenter
    stimuli = len(experimenter.machine.rack("mark1.control.answers"))
    title = f"Mark I, {len(experimenter.classes)} classes, {outcome.rule}"
    lost = {}
    if request.plot is not None:
        try:
            learning_curve(outcome.curve, request.plot, title, stimuli)
        except Mistake as mistake:
            lost["plot"] = mistake
    if request.fields is not None:
        try:
            receptive_fields(fields(experimenter.machine), request.fields)
        except Mistake as mistake:
            lost["fields"] = mistake
    return lost
