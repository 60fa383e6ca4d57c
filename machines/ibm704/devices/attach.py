"""Files on the units of a machine, and what they made back into files.

>>> from machines.ibm704 import Ibm704
>>> from machines.ibm704.devices import Units, mount_cards, take_lines
>>> machine = Ibm704(units=Units())
>>> machine.operate("ibm704.printer.attached", 1)

Files are read whole before anything is mounted and written whole or not at all. What comes off the
printer, punch and camera comes off in the order it was made; taking it makes room, so a run of any
length needs no more storage than one takes at a time.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from pathlib import Path

import numpy as np

from simulator.errors import Mistake

from ..machine import Ibm704
from ..media import cards, decks, drums, tapes
from ..media.cards import Card
from ..media.convert import form_of
from ..media.tapes import Record
from .memory import FRAME_END
from .printer import COLUMNS, Line, text_of
from .tape import frames_of, records_on
from .units import Units


def mount_cards(
    machine: Ibm704, deck: str | Path | Iterable[Card], *, file_ends: bool = True
) -> int:
    """Put a deck into the card reader, in place of what was there.

    Parameters
    ----------
    machine
        A machine with these units.
    deck
        A file, ``.cbn`` or text, or cards.
    file_ends
        Whether a program finds an end of file behind the last card, as after the operator has
        started the empty reader; else the reader is not ready at once, and whoever operates it may
        give the end of file later (``ibm704.reader.ended`` to 0), or more cards. Programs that end
        by reading a loader card, as the SHARE assembler does, take no end of file: they wait.

    Returns
    -------
    count
        How many cards it has.

    Raises
    ------
    Mistake
        If the file is damaged or larger than the hopper; nothing is mounted then.
    """
    read = decks.read_deck(deck) if isinstance(deck, str | Path) else deck
    held = _units(machine).description.cards_held
    columns = [column for card in islice(read, held + 1) for column in card]
    machine.operate("ibm704.reader.load", np.array(columns, np.uint16))
    if not file_ends:
        machine.operate("ibm704.reader.ended", 1)
    return len(columns) // cards.COLUMNS


def mount_tape(
    machine: Ibm704,
    number: int,
    tape: str | Path | Iterable[Record] | None = None,
    *,
    ring: bool = True,
) -> Mistake | None:
    """Mount a reel on a tape unit, at its beginning.

    Parameters
    ----------
    machine
        A machine with these units.
    number
        The unit, 1 to 10.
    tape
        A file, p7b or ``.tap``, or records; a blank reel if left out.
    ring
        Whether it can be written on.

    Returns
    -------
    trouble
        What is wrong behind the last good record of the file, if something is: a program that
        reads that far finds the unit not ready.

    Raises
    ------
    Mistake
        If there is no such unit, or no tape in the file, or more than goes on a reel.
    """
    length = _units(machine).description.tape_length
    trouble = None
    if tape is None:
        records: list[Record] = []
    elif isinstance(tape, str | Path):
        if Path(tape).is_file() and Path(tape).stat().st_size > 2 * length:
            raise Mistake(f"{tape}: larger than a reel of {length} characters")
        records, trouble = tapes.load_tape(tape)
    else:
        records = list(tape)
    value = {"frames": frames_of(records), "ring": int(ring)}
    machine.operate(f"ibm704.tape{number}.mount", value)
    return trouble


def save_tape(machine: Ibm704, number: int, path: str | Path) -> int:
    """Write what is on a tape unit to a file, p7b or SIMH by its suffix; give its records.

    Raises
    ------
    Mistake
        If there is no such unit, no reel on it, or the file cannot be written.
    """
    if not machine.number(f"ibm704.tape.attached[{number}]"):
        raise Mistake(f"there is no reel on tape {number}; mount one")
    form = form_of(path)
    if form not in ("p7b", "tap"):
        raise Mistake(f"{path}: a tape is kept as .p7b or .tap")
    return tapes.write_tape(path, records_on(machine.rack(f"ibm704.tape{number}.frames")), form)


def mount_drum(machine: Ibm704, number: int, path: str | Path | None = None) -> None:
    """Attach a logical drum, 1 to 8, with the words of a file; a drum of zeros if left out.

    Raises
    ------
    Mistake
        If there is no such drum, or none in the file.
    """
    words = [0] * drums.WORDS if path is None else drums.read_drum(path, number)
    machine.operate(f"ibm704.drum{number}.mount", np.array(words, np.int64))


def save_drum(machine: Ibm704, number: int, path: str | Path) -> None:
    """Write the words of a logical drum to a file.

    Raises
    ------
    Mistake
        If there is no such drum, or the file cannot be written.
    """
    if not machine.number(f"ibm704.drum.attached[{number}]"):
        raise Mistake(f"there is no drum {number}; attach it")
    words = machine.rack("ibm704.drum.words")[(number - 1) * drums.WORDS : number * drums.WORDS]
    drums.write_drum(path, words.tolist())


def take_cards(machine: Ibm704) -> list[Card]:
    """Take the punched cards out of the stacker."""
    columns = machine.rack("ibm704.punch.columns").reshape(-1, cards.COLUMNS)
    if len(columns):
        machine.operate("ibm704.punch.take")
    return [tuple(card) for card in columns.tolist()]


def take_lines(machine: Ibm704, *, leave: int = 0) -> list[Line]:
    """Tear the printed lines off; :func:`~machines.ibm704.devices.page` lays them out.

    Parameters
    ----------
    machine
        A machine with these units.
    leave
        How many to leave in the printer. An impulse of SPR may still belong to the last one: leave
        it there while the machine runs on.
    """
    lines = lines_on(machine)
    count = max(0, len(lines) - leave)
    if count:
        machine.operate("ibm704.printer.take", count)
    return lines[:count]


def lines_on(machine: Ibm704) -> list[Line]:
    """Read the lines in the printer and leave them there."""
    columns = machine.rack("ibm704.printer.columns").reshape(-1, COLUMNS)
    hubs = machine.rack("ibm704.printer.hubs")
    return [
        Line(text_of(line), frozenset(hub for hub in range(1, 11) if spaced >> hub - 1 & 1))
        for line, spaced in zip(columns.tolist(), hubs.tolist(), strict=True)
    ]


def take_frames(machine: Ibm704, *, last: bool = False) -> list[list[int]]:
    """Take the finished frames out of the camera: the words shown on each.

    Parameters
    ----------
    machine
        A machine with these units.
    last
        Whether to give what has been shown since the last of them as a frame too (it stays in the
        camera).
    """
    film = machine.rack("ibm704.crt.film")
    ends = [int(end) for end in np.flatnonzero(film == FRAME_END)]
    frames = [
        film[start:end].tolist()
        for start, end in zip([0, *(e + 1 for e in ends)], ends, strict=False)
    ]
    if ends:
        machine.operate("ibm704.crt.take")
    rest = film[ends[-1] + 1 if ends else 0 :]
    return [*frames, rest.tolist()] if last and len(rest) else frames


def _units(machine: Ibm704) -> Units:
    if not isinstance(machine.units, Units):
        raise Mistake("this 704 was built without input-output units; give it Units()")
    return machine.units
