"""The operator's acts at a Mark I: draw, teach, train, and read what the lamps say.

Every act here is what a person could do at the machine with light, switches and keys; it goes by
the machine's controls and is one act for undo. Nothing here draws, so it is tested without pygame.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from machines.mark1 import Mark1
from machines.mark1.experimenter import class_shown
from machines.mark1.plugboard import Plugboard
from machines.mark1.rules import RULES
from machines.mark1.state import Stage
from simulator.errors import Mistake
from simulator.stimuli import LETTERS, Drawing, invert, letter, letters, noise
from ui.panel.session import Session

NOISE = 0.05
"""Fraction of the retina's cells that NOISE turns over."""
SWEEPS = 40
ON_THE_SWITCH = ("off", "forced", "error-correction", "spontaneous")
"""The reinforcement switch's positions on the panel: the three modes of the manual, and off."""


class CodeSheet(NamedTuple):
    """Which answer of the lamps means what.

    Attributes
    ----------
    names
        The classes.
    code
        int8, shape (classes, R-units): +1 "1", -1 "0", 0 not read.
    taught_by
        A letter for each class, shown when TRAIN is pressed.
    """

    names: tuple[str, ...]
    code: NDArray[np.int8]
    taught_by: str

    def positive(self, index: int) -> bool:
        """Tell whether a class's code begins with "1": on the first R-unit that is read."""
        read = self.code[index][self.code[index] != 0]
        return bool(read.size and read[0] > 0)


def two_answers(machine: Mark1) -> CodeSheet:
    """Give the visitor's code sheet: A is R1's "1", B is R1's "0"."""
    code = np.zeros((2, machine.description.response_units), np.int8)
    code[:, 0] = 1, -1
    return CodeSheet(("A", "B"), code, "EX")


def saved_answers(names: Sequence[str], code: NDArray[np.int8]) -> CodeSheet:
    """Give an experimenter's code sheet; classes that are letters are taught by themselves."""
    joined = "".join(names).upper()
    own = all(len(name) == 1 for name in names) and set(joined) <= set(LETTERS)
    return CodeSheet(tuple(names), code, joined if own and len(set(joined)) == len(names) else "")


class Operator:
    """The one who sits at the panel.

    Parameters
    ----------
    session
        The sitting; its machine is a :class:`~machines.mark1.Mark1`.
    sheet
        What the answers mean.
    seed
        Page of the random-number table for the order of a series.
    """

    def __init__(self, session: Session, sheet: CodeSheet, seed: int = 1) -> None:
        self.session = session
        self.sheet = sheet
        self.description: Any = session.machine.description
        self.board: Plugboard = session.machine.board  # type: ignore[attr-defined]
        self._seed = seed
        self._shape = self.description.rows, self.description.columns
        self._drawing = Drawing(*self._shape, session.clock)
        self._pictures: dict[bytes, int] = {}
        with suppress(Mistake):  # on the smallest retinas no letter can be shown
            self._pictures = self._letters_on_the_sheet()

    def _letters_on_the_sheet(self) -> dict[bytes, int]:
        """Give the picture of each class that is a letter, and the class."""
        shown_by = self.sheet.taught_by or self.sheet.names
        return {
            letter(name, *self._shape).tobytes(): index
            for index, name in enumerate(shown_by)
            if len(name) == 1 and name in LETTERS
        }

    def standing(self) -> bool:
        """Tell whether the machine's time stands still, so that lamps show exact bits."""
        return not self.session.running

    # the eye

    @property
    def _light(self) -> NDArray[np.uint8]:
        return self.session.machine.rack("mark1.retina.light").reshape(self._shape)

    def _show(self, levels: NDArray[np.uint8], goes_on: bool = False) -> None:
        self._drawing.draw(levels)
        self.session.act(("mark1.retina.light", self._drawing.look().levels), goes_on=goes_on)

    def stroke(self, touched: NDArray[np.bool_], brings_light: bool, goes_on: bool) -> None:
        """Draw on the retina: the cells touched, bool (rows, columns), become light or dark."""
        light = np.where(touched, 255 if brings_light else 0, self._light).astype(np.uint8)
        if not goes_on:
            self.session.message = ""
        self._show(light, goes_on)

    def stamp(self, character: str) -> None:
        """Show a letter."""
        self.session.message = f"the letter {character} stands before the camera"
        self._show(letter(character, *self._shape))

    def clear(self) -> None:
        """Darken the retina."""
        self.session.message = ""
        self._show(np.zeros(self._shape, np.uint8))

    def invert(self) -> None:
        """Exchange light and dark."""
        self._show(invert(self._light))

    def noise(self) -> None:
        """Turn some cells over; which ones hangs on the picture, so that it repeats itself."""
        light = self._light
        self._show(noise(light, NOISE, zlib.crc32(light.tobytes())))

    # the response

    def teach(self, index: int) -> None:
        """Press TEACH: set the force switches to a class, forced reinforcement, and the key.

        Forced, not error-correcting, because a visitor who teaches wants to see motors turn,
        also when the machine was right already.
        """
        if self._busy():
            return
        machine = self.session.machine
        if not machine.rack("mark1.association.A").any():
            self.session.message = (
                "no A-unit is active, so no value would change: show it something"
            )
            return
        done = self.session.act(
            ("mark1.response.desired", self.sheet.code[index]),
            ("mark1.control.rule", "forced"),
            ("mark1.control.reinforce", None),
        )
        if done:
            self._pulse_begun(f"“this is {self.sheet.names[index]}”")

    def shown(self) -> int:
        """Tell the class whose letter stands on the retina, as an index; -1 for none."""
        return self._pictures.get(self._light.tobytes(), -1)

    def teach_shown(self) -> None:
        """Teach the class whose letter stands there (on a code sheet of many classes)."""
        index = self.shown()
        if index >= 0:
            self.teach(index)
        else:
            self.session.message = "show one of the letters on the code sheet first"

    def reinforce(self) -> None:
        """Press the reinforcement key as the switches stand."""
        if self._busy():
            return
        before = self.session.machine.number("mark1.control.pulses")
        self.session.act(("mark1.control.reinforce", None))
        if self.session.machine.number("mark1.control.pulses") == before:
            self.session.message = "nothing to reinforce, by the rule and the force switches"
        else:
            self._pulse_begun("reinforcement")

    def _pulse_begun(self, what: str) -> None:
        waits = "" if self.session.running else " (time stands still: press RUN or STEP)"
        self.session.message = f"{what}: the motors of the active A-units turn{waits}"

    def idle(self) -> bool:
        """Tell whether the control unit is at rest, so that its keys do something."""
        return self.session.machine.number("mark1.control.stage") == Stage.IDLE

    def _busy(self) -> bool:
        if self.idle():
            return False
        self.session.message = "the control unit is busy: wait, or press HALT"
        return True

    def halt(self) -> None:
        """Press the stop key."""
        self.session.message = "halted"
        self.session.act(("mark1.control.halt", None))

    def train(self) -> None:
        """Give the control unit a series: its letters, until a sweep without error."""
        stimuli = letters(self.sheet.taught_by, *self._shape)
        done = self.session.act(
            (
                "mark1.control.train",
                {
                    "light": stimuli.levels,
                    "desired": self.sheet.code,
                    "rule": "error-correction",
                    "sweeps": SWEEPS,
                    "order_seed": self._seed,
                    "until_errorless": True,
                },
            )
        )
        if done:
            pairs = zip(self.sheet.taught_by, self.sheet.names, strict=True)
            told = ", ".join(a if a == b else f"{a} is {b}" for a, b in pairs)
            self.session.message = f"a series by error correction: {told}"
            self.session.running = True

    def force(self, r: int, position: int) -> None:
        """Set a force switch: position 0 is "0", 1 free, 2 "1"."""
        desired = self.session.machine.rack("mark1.response.desired")
        desired[r] = position - 1
        self.session.act(("mark1.response.desired", desired))

    def forced(self, r: int) -> int:
        """Tell a force switch's position."""
        return int(self.session.machine.rack("mark1.response.desired")[r]) + 1

    def set_rule(self, position: int) -> None:
        """Turn the reinforcement switch; its last position stands for all rules not on it."""
        if position < len(ON_THE_SWITCH):
            self.session.act(("mark1.control.rule", ON_THE_SWITCH[position]))
        else:
            self.session.message = "other rules are set by scripts: mark1.control.rule"

    def rule(self) -> int:
        """Tell the reinforcement switch's position."""
        name = RULES[self.session.machine.number("mark1.control.rule")].name
        return ON_THE_SWITCH.index(name) if name in ON_THE_SWITCH else len(ON_THE_SWITCH)

    def move_theta(self, way: int) -> None:
        """Raise or lower the threshold of the A-units by one."""
        theta = self.session.machine.number("mark1.association.theta") + way
        self.session.message = f"threshold {theta:+d}"
        self.session.act(("mark1.association.theta", theta))

    def answered(self) -> int:
        """Tell which class the lamps show, as an index; -1 for none."""
        return class_shown(self.sheet.code, self.session.machine.rack("mark1.response.R"))

    def doing(self) -> str:
        """Say what the control unit is doing."""
        machine = self.session.machine
        stage = machine.number("mark1.control.stage")
        words = {
            Stage.IDLE: "at rest",
            Stage.SETTLING: "settling",
            Stage.REINFORCING: "reinforcing",
            Stage.RESTING: "changing the slide",
        }
        text = words.get(Stage(stage), "reading")
        place, sweep = machine.number("mark1.control.place"), machine.number("mark1.control.sweep")
        answers = machine.rack("mark1.control.answers")
        if not len(answers):
            return text
        wrong = int(machine.rack("mark1.control.sweep_wrong")[sweep])
        if place < len(answers):
            return f"sweep {sweep + 1}, {place + 1} of {len(answers)}, {wrong} wrong: {text}"
        return f"{text}; last sweep of the series: {wrong} wrong"
