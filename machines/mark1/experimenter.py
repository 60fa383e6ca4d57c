"""The experimenter: who shows the stimuli, holds the code sheet and reads the lamps.

A Mark I answers with lamps, not with names. The experimenter's **code sheet** gives every class
of stimuli a pattern of the R-units in use (26 letters need five of them, binary), teaches a
series by a rule, and tests with reinforcement off. Everything here goes by the machine's points
and controls; it is what a person could do by hand, written down.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulator.errors import Mistake
from simulator.stimuli.light import StimulusSet

from .description import Description
from .machine import Mark1, load
from .plugboard import Plugboard, shared_anew
from .rules import NUMBER, RULES
from .state import Stage

SLICE_S = 0.1
"""Wall seconds between two looks at the progress of a series."""
SHORTEST_SLICE_NS = 1_000_000_000
"""Machine time from which slices grow."""


class Answer(NamedTuple):
    """What the machine answered to one stimulus.

    Attributes
    ----------
    name
        The class whose code the lamps show; None if they show no class's code.
    responses
        int8, shape (R-units,): +1 "1", -1 "0", 0 undecided.
    """

    name: str | None
    responses: NDArray[np.int8]


class Result(NamedTuple):
    """What a test gave.

    Attributes
    ----------
    classes
        Names of the classes.
    confusion
        int64, shape (classes, classes + 1): row = class shown, column = class answered; the last
        column counts answers that are no class's code.
    answers
        int64, shape (stimuli,): index of the class answered, -1 for none.
    """

    classes: tuple[str, ...]
    confusion: NDArray[np.int64]
    answers: NDArray[np.int64]

    @property
    def wrong(self) -> int:
        """How many stimuli were not answered with their class."""
        return int(self.confusion.sum() - np.trace(self.confusion))

    @property
    def accuracy(self) -> float:
        """The fraction answered with their class."""
        total = int(self.confusion.sum())
        return (total - self.wrong) / total if total else 0.0


def responses_needed(classes: int, code: str = "binary") -> int:
    """Tell how many R-units a code for so many classes takes."""
    return classes if code == "one-each" else max(1, (classes - 1).bit_length())


def code_for(rule: str) -> str:
    """Tell which kind of code sheet a rule asks for: where R-units compete, one each."""
    known = rule in NUMBER and RULES[NUMBER[rule]].dominance
    return "one-each" if known else "binary"


def class_shown(code: NDArray[np.int8], responses: NDArray[np.int8]) -> int:
    """Tell which class's code the lamps show, as an index; -1 for none.

    Parameters
    ----------
    code
        int8, shape (classes, R-units): +1 "1", -1 "0", 0 not read.
    responses
        int8, shape (R-units,).
    """
    matches = np.flatnonzero(((code == responses) | (code == 0)).all(axis=1))
    return int(matches[0]) if matches.size else -1


def machine_for(
    classes: Sequence[str],
    seed: int = 1,
    engine: str = "compiled",
    *,
    physics: str = "nominal",
    board: Plugboard | None = None,
    code: str = "binary",
    **changes: int,
) -> Mark1:
    """Switch on a Mark I whose A-units are shared by as many R-units as the classes need.

    Parameters
    ----------
    classes
        Names of the classes to be told apart.
    seed
        Page of the random-number table for plugboard and parts.
    engine
        ``compiled`` or ``reference``.
    physics
        ``off`` (all parts alike, instant and exact), ``nominal`` or ``worn``.
    board
        Its plugboard; plugged from the random-number table if left out. One shared out in blocks is
        shared out anew among the R-units in use.
    code
        The kind of code sheet, as for :class:`Experimenter`.
    **changes
        Fields of the Description that shall differ.

    Raises
    ------
    Mistake
        If there are more classes than 8 R-units can tell apart, a number is impossible or the
        board does not fit.
    """
    if not len(classes):
        raise Mistake("there must be at least one class to tell apart")
    numbers = {
        "responses_in_use": responses_needed(len(classes), code),
        "wiring_seed": seed,
        "parts_seed": seed,
        **changes,
    }
    description = Description.with_physics(physics, **numbers)
    if board is not None:
        board = shared_anew(board, description)
    return Mark1(description, board, engine)


CODES = ("binary", "one-each")
"""Kinds of code sheet."""


class Experimenter:
    """Teaches and tests one Mark I.

    Parameters
    ----------
    machine
        The machine.
    classes
        Names of the classes, in the order of their codes.
    code
        ``binary``: each class has its own pattern of "1" and "0", up to 256 classes on eight
        R-units; ``one-each``: each class has an R-unit of its own, as where R-units compete.

    Raises
    ------
    Mistake
        If a name stands twice, there is no such code, or the R-units in use cannot tell so many
        classes apart.
    """

    def __init__(self, machine: Mark1, classes: Sequence[str], code: str = "binary") -> None:
        self.machine = machine
        self.classes = tuple(classes)
        self.code_name = code
        if code not in CODES:
            raise Mistake(f"no code is called {code}; there are {' and '.join(CODES)}")
        in_use = machine.description.responses_in_use
        if not self.classes or len(set(self.classes)) != len(self.classes):
            raise Mistake("there must be at least one class, and no class may stand twice")
        needed = responses_needed(len(self.classes), code)
        if needed > in_use:
            raise Mistake(
                f"{len(self.classes)} classes need {needed} R-units, "
                f"this machine has {in_use} in use"
            )
        self.code = np.zeros((len(self.classes), machine.description.response_units), np.int8)
        for r in range(needed):
            ones = [i == r if code == "one-each" else i >> r & 1 for i in range(len(self.classes))]
            self.code[:, r] = np.where(ones, 1, -1)

    # teaching

    def begin(
        self,
        stimuli: StimulusSet,
        exposures: int = 40,
        rule: str = "error-correction",
        order_seed: int = 0,
        until_errorless: bool = True,
    ) -> None:
        """Start a series: every stimulus is shown at most ``exposures`` times.

        Parameters
        ----------
        stimuli
            What to show; its classes must be on the code sheet.
        exposures
            How many sweeps through the stimuli.
        rule
            A name of :data:`machines.mark1.rules.RULES`.
        order_seed
            Page of the random-number table for the order in each sweep.
        until_errorless
            End after the first sweep without a wrong response.

        Raises
        ------
        Mistake
            If a class is not on the code sheet, or the machine refuses the series.
        """
        if code_for(rule) != self.code_name == "binary":
            raise Mistake(
                f"by {rule} the R-units compete and one alone shows 1: give each class an R-unit "
                "(code one-each)"
            )
        self.machine.operate(
            "mark1.control.train",
            {
                "light": stimuli.levels,
                "desired": self.desired(stimuli),
                "rule": rule,
                "sweeps": exposures,
                "order_seed": order_seed,
                "until_errorless": until_errorless,
            },
        )

    @property
    def busy(self) -> bool:
        """Whether a series or a pulse is going on."""
        return self.machine.number("mark1.control.stage") != Stage.IDLE

    def run_on(self, wall_s: float = SLICE_S) -> None:
        """Let the series go on for about ``wall_s`` seconds of the wall clock, an event at least.

        The machine never runs past the series' end: it stops at that very instant, so that the
        outcome does not depend on how the run was sliced.
        """
        deadline_s = time.perf_counter() + wall_s
        slice_ns = SHORTEST_SLICE_NS
        while self.busy:
            ahead_ns = min(self._certain_ns(), slice_ns)
            slice_ns *= 2
            now_ns = self.machine.now_ns
            self.machine.run(now_ns + ahead_ns if ahead_ns else self.machine.next_due_ns())
            if time.perf_counter() >= deadline_s:
                break

    def _certain_ns(self) -> int:
        """Tell for how long, at least, the series will still go on; 0 during what may be its end.

        A trial without a pulse is the shortest.
        """
        look, d = self.machine.number, self.machine.description
        m, sweep = len(self.machine.rack("mark1.control.answers")), look("mark1.control.sweep")
        wrong = self.machine.rack("mark1.control.sweep_wrong")
        trials = m - look("mark1.control.place") - 1
        if not look("mark1.control.until_errorless"):
            trials += (len(wrong) - sweep - 1) * m
        elif wrong[sweep] > 0 and sweep + 1 < len(wrong):
            trials += m  # another sweep follows, however it turns out
        return max(0, trials) * (d.settle_us + d.compare_us + d.rest_us) * 1000

    def finish(self, progress: Callable[[Experimenter], None] | None = None) -> NDArray[np.int64]:
        """Let the series go on to its end; give the learning curve.

        Parameters
        ----------
        progress
            Called about ten times a second.

        Returns
        -------
        numpy.ndarray
            int64, one per sweep shown: wrong responses in it.
        """
        while self.busy:
            self.run_on()
            if progress is not None:
                progress(self)
        return self.curve()

    def teach(
        self,
        stimuli: StimulusSet,
        exposures: int = 40,
        rule: str = "error-correction",
        order_seed: int = 0,
        until_errorless: bool = True,
        progress: Callable[[Experimenter], None] | None = None,
    ) -> NDArray[np.int64]:
        """Begin a series and finish it; give the learning curve (see :meth:`begin`)."""
        self.begin(stimuli, exposures, rule, order_seed, until_errorless)
        return self.finish(progress)

    def curve(self) -> NDArray[np.int64]:
        """Give the learning curve of the latest series: wrong responses in each sweep so far."""
        wrong = self.machine.rack("mark1.control.sweep_wrong")
        return wrong[wrong >= 0]

    # testing

    def test(self, stimuli: StimulusSet) -> Result:
        """Show every stimulus once with reinforcement off.

        The machine is afterwards exactly as it was before, its clock included.

        Raises
        ------
        Mistake
            If a class is not on the code sheet, or a series is going on.
        """
        shown = self._on_sheet(stimuli)
        responses = self._responses(stimuli)
        answers = np.array([class_shown(self.code, row) for row in responses], np.int64)
        confusion = np.zeros((len(self.classes), len(self.classes) + 1), np.int64)
        np.add.at(confusion, (shown, answers), 1)
        return Result(self.classes, confusion, answers)

    def recognise(self, levels: NDArray[np.uint8]) -> Answer:
        """Show one stimulus (uint8, shape (rows, columns)) with reinforcement off."""
        one = StimulusSet(levels[np.newaxis], np.zeros(1, np.int64), self.classes, ("stimulus",))
        responses = self._responses(one)[0]
        index = class_shown(self.code, responses)
        return Answer(self.classes[index] if index >= 0 else None, responses)

    def _responses(self, stimuli: StimulusSet) -> NDArray[np.int8]:
        with self.machine.unwatched():
            before = self.machine.snapshot()
            try:
                self.begin(stimuli, exposures=1, rule="off", until_errorless=False)
                self.finish()
                return self.machine.rack("mark1.control.answers")
            finally:
                self.machine.restore(before)

    def desired(self, stimuli: StimulusSet) -> NDArray[np.int8]:
        """Give the responses desired, int8 (stimuli, R-units); an unknown class is a Mistake."""
        rows: NDArray[np.int8] = self.code[self._on_sheet(stimuli)]
        return rows

    def _on_sheet(self, stimuli: StimulusSet) -> NDArray[np.int64]:
        """Give each stimulus's row of the code sheet."""
        for name in stimuli.classes:
            if name not in self.classes:
                raise Mistake(
                    f"the class {name} is not on the code sheet: {', '.join(self.classes)}"
                )
        rows = np.array([self.classes.index(name) for name in stimuli.classes], np.int64)
        return rows[stimuli.labels]

    # keeping

    def save(self, path: str | Path, notes: dict[str, Any] | None = None) -> None:
        """Save machine and code sheet to one ``.npz`` file, with further notes (JSON) if given.

        Raises
        ------
        Mistake
            If the file cannot be written.
        """
        sheet = {"classes": list(self.classes), "code": self.code_name}
        self.machine.save(path, {**(notes or {}), **sheet})


def resume(path: str | Path, engine: str = "compiled") -> tuple[Experimenter, dict[str, Any]]:
    """Read back what :meth:`Experimenter.save` wrote: the experimenter, and the notes.

    Raises
    ------
    Mistake
        If the file does not fit, or holds a machine without a code sheet.
    """
    machine, notes = load(path, engine)
    classes = notes.get("classes")
    if not isinstance(classes, list) or not all(isinstance(name, str) for name in classes):
        raise Mistake(f"{path}: holds a machine but no code sheet (no list of classes)")
    try:
        return Experimenter(machine, classes, str(notes.get("code", "binary"))), notes
    except Mistake as mistake:
        raise Mistake(f"{path}: {mistake}") from mistake
