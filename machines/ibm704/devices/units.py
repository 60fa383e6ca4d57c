"""The input-output units put together: what :class:`~machines.ibm704.Ibm704` takes as its units.

Every unit is a process that sleeps until the next thing happens to its card, paper or tape. One at
a time is connected to the program; a select waits until the one before has disconnected. A unit
that is connected has three methods here: ``select`` (with whatever it has to know), ``copy`` for
each word, and ``cut``, which ends whatever it is doing.

What is mounted and taken away is moved by controls, so that a logbook has it: see
:func:`Units.controls`, and :mod:`.attach` for files.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from simulator.errors import Mistake
from simulator.kernel import Kernel
from simulator.points import Control, Point

from ..input_output import DONE, NO_PASSAGE, Answer, Passage, Reply
from ..media.drums import WORDS as DRUM_WORDS
from ..state import State
from . import card_punch, card_reader, crt, drum, printer, rack, tape
from .card_punch import CardPunch
from .card_reader import CardReader
from .connection import LATE, NOT_ATTACHED, Connection
from .crt import Crt
from .description import UnitsDescription
from .drum import Drum
from .memory import (
    FRAME_END,
    FREE_LENGTHS,
    TAPE_FIELDS,
    Equipped,
    blank,
    memory_of,
    replace,
    resize,
)
from .printer import Printer
from .soundness import unsound
from .tape import Tapes

WAIT_FOR_ALL = 0o333


class Units:
    """Card reader, punch, printer, ten tapes, eight drums and a CRT; an object serves one machine.

    Parameters
    ----------
    description
        Their numbers.
    """

    free_lengths = FREE_LENGTHS
    """Fields of the State whose length is free."""

    def __init__(self, description: UnitsDescription | None = None) -> None:
        self.description = description or UnitsDescription()

    def to_json(self) -> dict[str, Any]:
        """Give their numbers as JSON."""
        return self.description.to_json()

    def as_given(self, numbers: Any) -> None:
        """Have the numbers that :meth:`to_json` gave; only before a machine is made with them.

        Raises
        ------
        Mistake
            If a number is missing, unknown or impossible.
        """
        self.description = UnitsDescription.from_json(numbers)

    def points(self) -> Sequence[Point]:
        """Give the points of the units."""
        return rack.points()

    def controls(self) -> Sequence[Control]:
        """Give the controls of the units."""
        return rack.controls(self.description)

    def remember(self, state: State) -> State:
        """Give a State with the fields of the units besides."""
        equipped: State = Equipped(*state, *blank())
        return equipped

    def unsound(self, state: State) -> str | None:
        """Name the first field of the units that cannot be as it is; None if all are sound."""
        return unsound(state, memory_of(state))

    def wire(self, kernel: Kernel, state: State) -> None:
        """Work in this State from now on; start the processes of the units."""
        memory, given = memory_of(state), self.description
        to = Connection(kernel, state, memory)
        self._s, self._m, self._to = state, memory, to
        self._reader = CardReader(kernel, memory, to, given)
        self._punch = CardPunch(kernel, memory, to, given)
        self._printer = Printer(kernel, memory, to, given)
        self._tapes = Tapes(kernel, state, memory, to, given)
        self._drum = Drum(kernel, memory, to, given)
        self._crt = Crt(kernel, memory, to, given)

    def _connected(self) -> Any:
        """Give the unit that is connected; the CRT if it is selected and shows nothing."""
        address = self._to.unit
        if address in _TAPES:
            return self._tapes
        if address in _DRUMS:
            return self._drum
        if address == 0 and self._m.crt_selected[0]:
            return self._crt
        return {
            card_reader.ADDRESS: self._reader,
            card_punch.ADDRESS: self._punch,
            printer.ADDRESS: self._printer,
            crt.ADDRESS: self._crt,
        }.get(address)

    def _due_ns(self) -> int:
        """Tell when something next happens to the unit that is connected."""
        m, address = self._m, self._to.unit
        due = {
            card_reader.ADDRESS: m.reader_due_ns,
            card_punch.ADDRESS: m.punch_due_ns,
            printer.ADDRESS: m.printer_due_ns,
            crt.ADDRESS: m.crt_due_ns,
        }.get(address, m.tape_due_ns if address in _TAPES else m.drum_due_ns)
        return int(due[0])

    def select(self, name: str, unit: int) -> Reply:
        """Answer RDS, WRS, BST, WEF or REW (``name``) for a unit address."""
        if self._to.unit:
            return Reply(Answer.WAIT, again_ns=self._due_ns())
        if unit != crt.ADDRESS:
            self._m.crt_selected[0] = 0
        if unit in _TAPES:
            return self._tapes.select(name, unit)
        write = name == "WRS"
        if name not in ("RDS", "WRS"):
            return NOT_ATTACHED
        if unit in _DRUMS:
            return self._drum.select(unit, write=write)
        if unit == printer.ADDRESS:
            return self._printer.select(write=write)
        if unit == card_reader.ADDRESS and not write:
            return self._reader.select()
        if unit == card_punch.ADDRESS and write:
            return self._punch.select()
        if unit == crt.ADDRESS and write:
            return self._crt.select()
        if unit == WAIT_FOR_ALL and write:
            return self._wait_for_all()
        return NOT_ATTACHED

    def _wait_for_all(self) -> Reply:
        free_ns = max(int(self._m.tape_control_ns[0]), int(self._m.crt_free_ns[0]))
        if free_ns > self._to.now_ns:
            return Reply(Answer.WAIT, again_ns=free_ns)
        return DONE

    def copy(self, word: int) -> Reply:
        """Answer CPY or CAD; ``word`` is C(Y), for a unit that is written on."""
        unit = self._connected()
        if unit is None:
            return LATE
        reply: Reply = unit.copy(word)
        return reply

    def passage(self, until_ns: int, most: int) -> Passage:
        """Foretell up to ``most`` words of the unit that is connected."""
        unit = self._connected()
        if unit is None or not self._to.foretells:
            return NO_PASSAGE
        passage: Passage = unit.passage(until_ns, most)
        return passage

    def passed(self, passage: Passage, count: int) -> None:
        """Take notice that so many words of a passage have been copied."""
        self._connected().passed(passage, count)

    def locate(self, address: int) -> Reply:
        """Answer LDA: the drum address. Without a drum selected nothing takes notice."""
        if self._to.unit in _DRUMS:
            self._drum.locate(address)
        return DONE

    def sense(self, name: str, hub: int) -> Reply:
        """Answer SPU, SPT, SPR or CFF; the hub's number, 0 if it has none."""
        if name == "CFF":
            return self._crt.advance()
        if name == "SPT":
            return Reply(skip=int(self._m.printer_entry[0]))
        (self._punch if name == "SPU" else self._printer).sense(hub)
        return DONE

    def reset(self) -> None:
        """Disconnect everything: the reset or the clear key was pressed."""
        self._m.crt_selected[0] = 0
        unit = self._connected()
        if unit is not None:
            unit.cut()

    def operate(self, path: str, value: Any) -> State | None:
        """Move one of the controls.

        Raises
        ------
        Mistake
            If the unit is in the middle of a record; nothing has then changed.
        """
        unit, _, act = path.removeprefix("ibm704.").partition(".")
        m = self._m
        if unit.startswith("tape"):
            self._mount_tape(int(unit[4:]) - 1, value)
        elif unit.startswith("drum"):
            number = int(unit[4:])
            self._still(drum.FIRST + number)
            m.drum_attached[number - 1] = value is not None
            words = m.drum_words[(number - 1) * DRUM_WORDS : number * DRUM_WORDS]
            words[:] = 0 if value is None else value
        elif path == "ibm704.reader.ended":
            m.reader_ended[0] = value
        elif unit == "reader":
            self._still(card_reader.ADDRESS)
            m.reader_attached[0] = value is not None
            m.reader_next[0] = m.reader_ended[0] = 0
            replace(m.reader_columns, np.zeros(0, np.uint16) if value is None else value)
        elif act == "attached":
            self._still({"punch": card_punch.ADDRESS, "printer": printer.ADDRESS}.get(unit, 0o030))
            getattr(m, f"{unit}_attached")[0] = value
            if unit == "crt":
                m.crt_selected[0] &= value
        elif path == "ibm704.printer.entry":
            m.printer_entry[0] = value
        elif unit == "printer":
            count = len(m.printer_spaced) if value is None else value
            replace(m.printer_columns, m.printer_columns[printer.COLUMNS * count :].copy())
            replace(m.printer_spaced, m.printer_spaced[count:].copy())
        elif unit == "punch":
            resize(m.punch_columns, 0)
            resize(m.punch_stacked, 0)
        else:
            ends = np.flatnonzero(m.crt_film == FRAME_END)
            replace(m.crt_film, m.crt_film[int(ends[-1]) + 1 :].copy() if ends.size else m.crt_film)
        return None

    def _mount_tape(self, number: int, value: dict[str, Any] | None) -> None:
        m = self._m
        self._still(tape.BCD + number + 1, tape.BINARY + number + 1)
        m.tape_attached[number] = 0 if value is None else 1 if value["ring"] else tape.PROTECTED
        m.tape_head[number] = m.tape_place[number] = 0
        m.tape_free_ns[number] = self._to.now_ns
        frames = getattr(m, TAPE_FIELDS[number])
        replace(frames, np.zeros(0, np.uint8) if value is None else value["frames"])

    def _still(self, *addresses: int) -> None:
        if self._to.unit in addresses:
            raise Mistake(
                f"unit {self._to.unit:05o} is in the middle of a record; let the machine run on "
                "for a moment, or press reset"
            )


_TAPES = frozenset(base + n for base in (tape.BCD, tape.BINARY) for n in range(1, 11))
_DRUMS = frozenset(drum.FIRST + n for n in range(1, 9))
