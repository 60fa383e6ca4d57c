"""``firstwave mark1 train``: teach a Mark I, keep it, test it, draw what it learned.

The order matters to whoever waits: everything that can be refused is refused before the first
exposure (:mod:`ui.cli.mark1_lesson`), the taught machine is saved before anything else is done with
it, and Ctrl-C saves it as it stands.
"""

from __future__ import annotations

import time
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from machines.mark1.rules import NUMBER, RULES, Decides
from simulator.errors import Mistake
from ui.cli import console
from ui.cli.eye import light_lamps
from ui.cli.mark1_lesson import RULE, Request, Session, check_request, laid_out
from ui.cli.mark1_possible import separability_line, what_was_separable
from ui.cli.mark1_report import result_json, show_result
from ui.cli.mark1_set_up import fields, series_of
from ui.cli.series import Stop, compiling_announced, ctrl_c_noted, run_series
from ui.cli.status import DONE, INTERRUPTED, NO
from ui.cli.waveform import Waveform, waveform
from ui.report import learning_curve, receptive_fields

if TYPE_CHECKING:
    from machines.mark1 import Result

EXPOSURES = 40


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
    check_request(request)
    with ExitStack() as stack:
        stop = stack.enter_context(ctrl_c_noted())
        stack.enter_context(compiling_announced(request.engine))
        session = laid_out(request, stack)
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
