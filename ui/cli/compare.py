"""``firstwave compare``: the same plugboard, stimuli, order and rule on the Mark I and on the 704.

The perceptron was a program of the 704 before it was a machine. Here both learn side by side, trial
by trial. With its physics off a Mark I is a whole-number machine (a pulse turns an active A-unit's
potentiometer by one step), and both must agree to the last value. With motors that differ, end
stops, noise and dead zone they part sooner or later; the first place where they do is explained.
"""

from __future__ import annotations

import contextlib
import csv
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulator import chance
from simulator.errors import Mistake
from ui.cli import console
from ui.cli.compare_parting import Parting, partings
from ui.cli.mark1_set_up import SEED, how_seen, say_if_not_historical, switched_on
from ui.cli.series import Stop, compiling_announced, ctrl_c_noted
from ui.cli.status import DONE, INTERRUPTED, NO

if TYPE_CHECKING:
    from machines.ibm704 import Account
    from machines.ibm704.rules import Loaded
    from machines.mark1 import Description, Experimenter
    from simulator.stimuli import StimulusSet

RULES = {"forced": 1, "error-correction": 2, "spontaneous": 3}
"""Rules that both machines have, and their numbers on the cards of the 704's program."""
ORDER = chance.stream("mark1.order")
COMPILING = "compiling both machines' engines, once (20 to 30 s); later starts take about a second"
PROGRESS_S = 5.0
LIT = 128
"""Light level from which a photocell is punched as lit."""
_LONG_NS = 10**15


@dataclass(frozen=True)
class Request:
    """What was asked for on the command line; None where nothing was said."""

    stimuli: str
    exposures: int
    rule: str
    physics: str
    seed: int | None
    plugboard: Path | None
    changes: dict[str, int]
    engine: str
    table: Path | None


class Seen(NamedTuple):
    """What one machine did in a trial.

    Attributes
    ----------
    lit
        bool, shape (S-units,): which S-units the stimulus turned on.
    active
        bool, shape (A-units,): which A-units answered it.
    sums
        float64, shape (R-units,): the sums by which the R-units decided, in steps of a value.
    answers
        int64, shape (R-units,): +1 "1", -1 "0", 0 undecided.
    before, after
        float64, shape (potentiometers,): the values, in steps, before and after reinforcement.
    """

    lit: NDArray[np.bool_]
    active: NDArray[np.bool_]
    sums: NDArray[np.float64]
    answers: NDArray[np.int64]
    before: NDArray[np.float64]
    after: NDArray[np.float64]


class Trial(NamedTuple):
    """One trial on both machines; sweep and number from 1, the stimulus by its place in the set."""

    number: int
    sweep: int
    stimulus: int
    mark1: Seen
    ibm704: Seen


@dataclass(frozen=True)
class Comparison:
    """What came of it."""

    stimuli: StimulusSet
    experimenter: Experimenter
    desired: NDArray[np.int64]
    trials: int
    """How many were compared."""
    partings: dict[str, Parting]
    """The first place where they part, by what differs: activity, answer, value."""
    answers_apart: int
    """Trials whose answers differ."""
    values_apart: float
    """Largest difference between two values in the end, in steps."""
    wrong: tuple[int, int]
    """Trials answered wrongly, by the Mark I and by the 704."""
    mark1_s: float
    account: Account
    interrupted: bool


def run(request: Request, as_json: bool) -> int:
    """Do it; give the exit status: 1 if they part."""
    from ui.cli.compare_report import document, show

    if request.rule not in RULES:
        raise Mistake(f"--rule {request.rule}: both machines have {', '.join(RULES)}")
    console.check_outputs({"plugboard": request.plugboard}, {}, csv=request.table)
    started_s = time.perf_counter()
    seed = SEED if request.seed is None else request.seed
    with (
        ctrl_c_noted() as stop,
        compiling_announced(request.engine, COMPILING),
        contextlib.ExitStack() as stack,
    ):
        found = _compare(
            request, seed, stop, lambda used: stack.enter_context(_table(request, used))
        )
    wall_s = time.perf_counter() - started_s
    if as_json:
        console.write_json(document(request, seed, found, wall_s))
    else:
        show(request, seed, found)
    if found.interrupted:
        console.say(f"firstwave: interrupted after {found.trials} trials")
        return INTERRUPTED
    return NO if found.partings else DONE


@contextlib.contextmanager
def _table(request: Request, used: int) -> Iterator[Any]:
    """Open the table and write its heading; None if none was asked for."""
    if request.table is None:
        yield None
        return
    try:
        with request.table.open("w", encoding="utf-8", newline="") as file:
            table = csv.writer(file)
            table.writerow(_heading(used))
            yield table
    except OSError as error:
        raise Mistake(f"{request.table}: cannot be written ({error.strerror})") from error


def _row(trial: Trial, stimuli: StimulusSet) -> list[object]:
    one, other = trial.mark1, trial.ibm704
    return [
        trial.number, trial.sweep, stimuli.names[trial.stimulus],
        *one.answers.tolist(), *other.answers.tolist(),
        *(f"{total:.6g}" for total in (*one.sums.tolist(), *other.sums.tolist())),
        f"{np.abs(one.after - other.after).max():.6g}",
    ]  # fmt: skip


def _heading(used: int) -> list[str]:
    sides = [(side, r) for side in ("mark1", "ibm704") for r in range(1, used + 1)]
    return [
        "trial", "sweep", "stimulus", *(f"{side} R{r}" for side, r in sides),
        *(f"{side} sum {r}" for side, r in sides), "values apart",
    ]  # fmt: skip


def _compare(request: Request, seed: int, stop: Stop, table_of: Callable[[int], Any]) -> Comparison:
    """Compare; the table is opened once both machines have done a trial."""
    from simulator.stimuli import named

    stimuli = named(request.stimuli, **how_seen({}, None, None))
    experimenter = switched_on(
        stimuli.classes, seed, request.engine, request.changes, request.physics, request.plugboard,
        "binary",
    )  # fmt: skip
    say_if_not_historical(experimenter)
    machine = experimenter.machine
    d, board = machine.description, machine.board
    desired = experimenter.desired(stimuli)[:, : d.responses_in_use].astype(np.int64)
    order = [chance.shuffle(len(stimuli), seed, ORDER, sweep) for sweep in range(request.exposures)]
    ibm = _on_the_704(request, d, board, stimuli, desired, order)
    experimenter.begin(stimuli, request.exposures, request.rule, seed, until_errorless=False)
    found: dict[str, Parting] = {}
    apart, done, wrong = 0, 0, [0, 0]
    table: Any = None
    trial: Trial | None = None
    told_s = time.perf_counter()
    shown = stimuli.levels.reshape(len(stimuli), -1) >= LIT
    in_turn = (shown[at] for sweep in order for at in sweep)
    sides = zip(
        _trials_of_the_mark1(experimenter), _trials_of_the_704(ibm, d, board, in_turn), strict=True
    )
    for place, (mark1, ibm704) in enumerate(sides):
        if place == 0:
            table = table_of(d.responses_in_use)
        sweep, at = divmod(place, len(stimuli))
        trial = Trial(place + 1, sweep + 1, order[sweep][at], mark1, ibm704)
        for parting in partings(trial, d, board):
            found.setdefault(parting.what, parting)
        if table is not None:
            table.writerow(_row(trial, stimuli))
        apart += not np.array_equal(mark1.answers, ibm704.answers)
        for side, seen in enumerate((mark1, ibm704)):
            want = desired[trial.stimulus]
            wrong[side] += bool(((want != 0) & (seen.answers != want)).any())
        done += 1
        if stop.pressed:
            break
        if time.perf_counter() - told_s > PROGRESS_S:
            told_s = time.perf_counter()
            console.say(f"{done} of {request.exposures * len(stimuli)} trials")
    assert trial is not None
    machine_s = machine.now_ns / 1e9
    return Comparison(
        stimuli=stimuli,
        experimenter=experimenter,
        desired=desired,
        trials=done,
        partings=found,
        answers_apart=apart,
        values_apart=float(np.abs(trial.mark1.after - trial.ibm704.after).max()),
        wrong=(wrong[0], wrong[1]),
        mark1_s=machine_s,
        account=ibm.machine.account(),
        interrupted=stop.pressed,
    )


def step_udeg(d: Description) -> int:
    """Give the angle by which a pulse turns a potentiometer of a machine without spread, udeg."""
    return d.motor_mdeg_per_s * d.pulse_us // 1000


# the 704


def _on_the_704(
    request: Request, d: Description, board: object, stimuli: StimulusSet,
    desired: NDArray[np.int64], order: list[list[int]],
) -> Loaded:  # fmt: skip
    from machines.ibm704.rules import Perceptron, loaded
    from machines.ibm704.rules.tasks import wires_of
    from machines.mark1.plugboard import Plugboard

    assert isinstance(board, Plugboard)
    pictures = (stimuli.levels.reshape(len(stimuli), -1) >= LIT).astype(np.int64)
    wires = wires_of(
        board.a_unit.tolist(), board.s_unit.tolist(), board.sign.tolist(), d.association_units
    )
    pots = np.column_stack([board.pot_a, board.pot_r]).astype(np.int64) + 1
    task = Perceptron(
        pictures, desired, 0, d.association_units, wires, pots, np.array(order, np.int64) + 1
    )
    numbers = {"theta": d.theta, "rule": RULES[request.rule], "until": 0, "detail": 0}
    travel = d.travel_mdeg * 1000 // step_udeg(d)
    return loaded("perceptron", task, engine=request.engine, travel=travel, **numbers)


def _trials_of_the_704(
    ibm: Loaded, d: Description, board: object, shown: Iterator[NDArray[np.bool_]]
) -> Iterator[Seen]:
    """Stop the program at the end of each trial, which costs no time of the machine, and look."""
    from machines.ibm704.rules import record
    from machines.ibm704.state import BREAK
    from machines.mark1.plugboard import Plugboard

    assert isinstance(board, Plugboard)
    machine, pots = ibm.machine, len(board.pot_a)
    end = ibm.program.symbols["TRIALE"]
    machine.operate("ibm704.control.mark", {"at": end, "mark": BREAK})
    before = np.zeros(pots)
    while True:
        machine.operate("ibm704.console.start")
        machine.run_to_stop(machine.now_ns + _LONG_NS)
        if machine.number("ibm704.control.stopped_at") != end:
            told = record(ibm)
            if not told.done:
                said = "; ".join(told.messages) or told.why
                raise Mistake(f"the 704 could not do it: {said}")
            return
        sums = _whole(ibm, "SUM", d.responses_in_use).astype(float)
        after = _whole(ibm, "V", pots).astype(float)
        active = _whole(ibm, "A", d.association_units) != 0
        yield Seen(next(shown), active, sums, np.sign(sums).astype(np.int64), before, after)
        before = after


def _whole(ibm: Loaded, symbol: str, count: int) -> NDArray[np.int64]:
    """Give the whole numbers of an array of the program; arrays run backwards from their name."""
    from machines.ibm704.words import fixed

    at = ibm.program.symbols[symbol]
    words = ibm.machine.rack("ibm704.core.word")[at - count : at][::-1].tolist()
    return np.array([fixed(word) for word in words], np.int64)


# the Mark I


def _trials_of_the_mark1(experimenter: Experimenter) -> Iterator[Seen]:
    """Let the Mark I go from the reading of one answer to the next, and look.

    The sums are those of the instant at which its R-units decide: the noise of the wipers is
    another one when the answer is compared.
    """
    from machines.mark1.state import Stage

    machine = experimenter.machine
    d = machine.description
    step, used = step_udeg(d), d.responses_in_use
    while experimenter.busy:
        machine.run(machine.now_ns + d.settle_us * 1000)
        sums = machine.rack("mark1.response.sum")[:used] / step
        machine.run(machine.now_ns + d.compare_us * 1000)
        before = machine.rack("mark1.values.V") / step
        seen = (
            machine.rack("mark1.retina.S").ravel() != 0,
            machine.rack("mark1.association.A") != 0,
            sums,
            machine.rack("mark1.response.R")[:used].astype(np.int64),
        )
        if machine.number("mark1.control.stage") == Stage.REINFORCING:
            machine.run(machine.now_ns + d.pulse_us * 1000)
        yield Seen(*seen, before, machine.rack("mark1.values.V") / step)
        machine.run(machine.now_ns + d.rest_us * 1000)
