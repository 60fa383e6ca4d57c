"""What the operator of a 704 has in hand: decks, reels, drums, paper and film, as files.

Media are mounted before a run and taken off after it, whatever became of it: what the machine wrote
until then is kept. A reel or drum is written back to its file if anything on it has changed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from machines.ibm704 import Ibm704
from machines.ibm704.devices import (
    mount_cards,
    mount_drum,
    mount_tape,
    page,
    save_drum,
    save_tape,
    take_cards,
    take_frames,
    take_lines,
    write_frame,
)
from machines.ibm704.media import convert, decks, drums
from machines.ibm704.media.cards import Card
from simulator.errors import Mistake
from simulator.files import write_whole
from ui.cli import console
from ui.cli.ibm704_set_up import Program

TAPES, DRUMS = 10, 8
_UNIT = re.compile(r"(\d{1,2})=(.+?)(:r)?")


@dataclass(frozen=True)
class Mount:
    """A reel or a drum: its number, its file, and whether it can be written on."""

    number: int
    path: Path
    ring: bool = True


@dataclass(frozen=True)
class Media:
    """What is mounted; None or nothing where a unit is not there.

    Attributes
    ----------
    cards
        Deck for the card reader.
    tapes, drums
        Reels and drums.
    paper, punch, film
        Files for what is printed and punched; folder for what is filmed.
    """

    cards: Path | None = None
    tapes: tuple[Mount, ...] = ()
    drums: tuple[Mount, ...] = ()
    paper: Path | None = None
    punch: Path | None = None
    film: Path | None = None

    def with_program(self, program: Program, path: Path) -> Media:
        """Give the media with the tape of a program that is on tape, on unit 1.

        Raises
        ------
        Mistake
            If there is another tape on it.
        """
        if program.key != "load_tape":
            return self
        if any(one.number == 1 for one in self.tapes):
            raise Mistake(f"{path}: a tape as program goes on unit 1, and --tape 1 is given too")
        return replace(self, tapes=(Mount(1, path, ring=False), *self.tapes))

    def read(self) -> dict[str, Path | None]:
        """Give the files that are only read, by option."""
        tapes = {f"tape {one.number}": one.path for one in self.tapes if not one.ring}
        return {"cards": self.cards, **tapes}

    def written(self) -> dict[str, Path]:
        """Give the files that are written, by option; not the folder of the film."""
        known = {"print": self.paper, "punch": self.punch}
        tapes = {f"tape {one.number}": one.path for one in self.tapes if one.ring}
        drums = {f"drum {one.number}": one.path for one in self.drums}
        return {option: path for option, path in known.items() if path} | tapes | drums


def media(
    cards: Path | None,
    tape: Sequence[str],
    drum: Sequence[str],
    paper: Path | None,
    punch: Path | None,
    film: Path | None,
) -> Media:
    """Read the options that mount something.

    Raises
    ------
    Mistake
        If one is not worded as it should be, or its file will not do.
    """
    reels = tuple(_mount("tape", text, TAPES) for text in tape)
    logical = tuple(_mount("drum", text, DRUMS) for text in drum)
    for option, mounts in (("tape", reels), ("drum", logical)):
        numbers = [one.number for one in mounts]
        if len(set(numbers)) < len(numbers):
            raise Mistake(f"--{option}: one number is given twice; a unit takes one file")
    for one in reels:
        if one.ring and convert.FORMS.get(one.path.suffix.lower()) not in ("p7b", "tap"):
            raise Mistake(f"--tape {one.number}={one.path}: name it .p7b or .tap, or add :r")
        if not one.ring and not one.path.exists():
            raise Mistake(f"--tape {one.number}={one.path}: there is no such file to read")
    for one in logical:
        if not one.ring:
            raise Mistake(f"--drum {one.number}={one.path}:r: a drum can always be written on")
        if one.path.is_file() and one.path.stat().st_size != drums.BYTES:
            raise Mistake(
                f"--drum {one.number}={one.path}: not the {drums.BYTES} bytes of a drum; "
                "704 convert makes one of SIMH's"
            )
    if punch and convert.form_of(punch) not in ("cbn", "text"):
        raise Mistake(f"--punch {punch}: a deck is .cbn, .dck, .crd or .txt")
    if film and film.exists() and not film.is_dir():
        raise Mistake(f"--film {film}: is a file; give a folder for the frames")
    return Media(cards, reels, logical, paper, punch, film)


def _mount(option: str, text: str, most: int) -> Mount:
    match = _UNIT.fullmatch(text)
    if match is None or not 1 <= int(match[1]) <= most:
        raise Mistake(f"--{option} {text}: give a number from 1 to {most} and a file, as in 3=FILE")
    return Mount(int(match[1]), Path(match[2]), match[3] is None)


class Mounted:
    """Media mounted on a machine.

    Parameters
    ----------
    machine
        A machine with :class:`~machines.ibm704.devices.Units`.
    given
        What to mount.
    deck
        Cards for the reader that come before those of ``given``.
    paper
        Whether there is paper even if no file is given for it.

    Raises
    ------
    Mistake
        If a file cannot be read, is damaged or too large.
    """

    def __init__(
        self, machine: Ibm704, given: Media, deck: Sequence[Card] = (), *, paper: bool = True
    ) -> None:
        self._machine, self._given = machine, given
        self.written: dict[str, str] = {}
        """What was written, by option."""
        self.lines: list[str] = []
        """What was printed, if there is no file for it."""
        self.trouble: dict[int, Mistake] = {}
        """What is wrong behind the last good record, by tape."""
        self._frames = 0
        if given.film:
            try:
                given.film.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise Mistake(f"--film {given.film}: {error.strerror}") from error
        if deck or given.cards:
            mount_cards(machine, [*deck, *(decks.read_deck(given.cards) if given.cards else ())])
        for tape in given.tapes:
            self._mount_tape(tape)
        for drum in given.drums:
            mount_drum(machine, drum.number, drum.path if drum.path.exists() else None)
        machine.operate("ibm704.printer.attached", int(paper or given.paper is not None))
        machine.operate("ibm704.punch.attached", int(given.punch is not None))
        machine.operate("ibm704.crt.attached", int(given.film is not None))
        self._reels = {one.number: self._frames_of(one.number) for one in given.tapes if one.ring}
        self._drums = machine.rack("ibm704.drum.words")

    def _mount_tape(self, tape: Mount) -> None:
        number, path = tape.number, tape.path if tape.path.exists() else None
        trouble = mount_tape(self._machine, number, path, ring=tape.ring)
        if trouble:
            self.trouble[number] = trouble
            if tape.ring:
                # to write the good records back would lose what is behind them
                mount_tape(self._machine, number, path, ring=False)
                console.say(f"{trouble}; the tape is mounted to be read only")

    def _frames_of(self, number: int) -> NDArray[Any]:
        return self._machine.rack(f"ibm704.tape{number}.frames")

    def take_film(self) -> None:
        """Take finished frames out of the camera, so that there is room."""
        self._develop(last=False)

    def _develop(self, *, last: bool) -> None:
        if self._given.film is None:
            return
        for words in take_frames(self._machine, last=last):
            self._frames += 1
            write_frame(self._given.film / f"frame-{self._frames:04d}.png", words)
            self.written["film"] = str(self._given.film)

    def take_off(self) -> None:
        """Take everything off and write it to its files, each whole or not at all.

        Raises
        ------
        Mistake
            If a file cannot be written; the others are.
        """
        given = self._given
        mistakes: list[Mistake] = []
        for act in (self._print, self._stack, partial(self._develop, last=True)):
            _tried(act, mistakes)
        for tape in given.tapes:
            _tried(partial(self._keep_tape, tape), mistakes)
        for drum in given.drums:
            _tried(partial(self._keep_drum, drum), mistakes)
        if mistakes:
            raise mistakes[0]

    def _print(self) -> None:
        lines = list(page(take_lines(self._machine)))
        if self._given.paper:
            write_whole(self._given.paper, "".join(f"{line}\n" for line in lines).encode())
            self.written["print"] = str(self._given.paper)
        else:
            self.lines = lines

    def _stack(self) -> None:
        if self._given.punch:
            form = convert.form_of(self._given.punch)
            decks.write_deck(self._given.punch, take_cards(self._machine), form)
            self.written["punch"] = str(self._given.punch)

    def _keep_tape(self, tape: Mount) -> None:
        number = tape.number
        if self._machine.number(f"ibm704.tape.attached[{number}]") != 1:
            return
        if not np.array_equal(self._frames_of(number), self._reels[number]):
            save_tape(self._machine, number, tape.path)
            self.written[f"tape {number}"] = str(tape.path)

    def _keep_drum(self, drum: Mount) -> None:
        own = slice((drum.number - 1) * drums.WORDS, drum.number * drums.WORDS)
        now = self._machine.rack("ibm704.drum.words")
        if not np.array_equal(now[own], self._drums[own]):
            save_drum(self._machine, drum.number, drum.path)
            self.written[f"drum {drum.number}"] = str(drum.path)


def _tried(act: Callable[[], None], mistakes: list[Mistake]) -> None:
    try:
        act()
    except Mistake as mistake:
        mistakes.append(mistake)


UNIT_NAMES = {0o321: "the card reader", 0o341: "the punch", 0o361: "the printer", 0o030: "the CRT"}
_CURES = {
    0o321: "--cards FILE", 0o341: "--punch FILE", 0o361: "--print FILE", 0o030: "--film DIR",
}  # fmt: skip


def unit_wanted(machine: Ibm704) -> int:
    """Give the address of the unit that the instruction or load key that stopped asked for."""
    if key := machine.number("ibm704.control.load_unit"):
        return key
    word = machine.number("ibm704.register.SR")
    index = 0
    for bit, name in ((1, "A"), (2, "B"), (4, "C")):
        if word >> 15 & bit:
            index |= machine.number(f"ibm704.register.XR{name}")
    return (word & 0o77777) - index & machine.description.core_words - 1


def unit_name(address: int) -> tuple[str, str]:
    """Name a unit by its address, and tell which option mounts it; both empty if it is none."""
    if address in UNIT_NAMES:
        return UNIT_NAMES[address], _CURES[address]
    if 0o201 <= address <= 0o232 and 1 <= (number := address & 0o17) <= TAPES:
        return f"tape {number}", f"--tape {number}=FILE"
    if 0o301 <= address <= 0o310:
        return f"drum {address & 0o17}", f"--drum {address & 0o17}=FILE"
    return "", ""
