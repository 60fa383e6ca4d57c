"""What the operator of a 704 has in hand: decks, reels, drums, paper and film, as files.

Media are mounted before a run and taken off after it, whatever became of it: what the machine wrote
until then is kept. Paper, punched cards and reels go to their files while it runs. A drum is
written back to its file in the end, if anything on it has changed.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from machines.ibm704 import Ibm704, Stop
from machines.ibm704.devices import (
    GrowingFile,
    Sink,
    Streams,
    mount_cards,
    mount_drum,
    mount_tape,
    save_drum,
    take_frames,
    write_frame,
)
from machines.ibm704.media import convert, decks, drums
from machines.ibm704.media.cards import Card
from machines.ibm704.operations import find
from machines.ibm704.words import ADDRESS
from simulator.errors import Mistake
from ui.cli import console
from ui.cli.ibm704_output import Outlet, Told, is_stream
from ui.cli.ibm704_set_up import Program, no_stream

TAPES, DRUMS = 10, 8
MIDWAY = (Stop.RUNNING, Stop.LIMIT, Stop.STEP, Stop.BREAKPOINT, Stop.WATCH)
"""Where a program is not at its end, but we stopped looking."""
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
    file_ends
        Whether the operator starts the empty reader once more, which is an end of file.
    tapes, drums
        Reels and drums.
    paper, punch, film
        Files for what is printed and punched; folder for what is filmed.
    """

    cards: Path | None = None
    file_ends: bool = True
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
        """Give the files that are written, by option; no devices, nor the folder of the film."""
        grown = {"print": self.paper, "punch": self.punch}
        known = {option: path for option, path in grown.items() if path and not is_stream(path)}
        tapes = {f"tape {one.number}": one.path for one in self.tapes if one.ring}
        drums = {f"drum {one.number}": one.path for one in self.drums}
        return known | tapes | drums


def media(
    cards: Path | None,
    tape: Sequence[str],
    drum: Sequence[str],
    paper: Path | None,
    punch: Path | None,
    film: Path | None,
    file_ends: bool = True,
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
    for path in (cards, *(one.path for one in (*reels, *logical))):
        if path:
            no_stream(path)
    for path in (paper, punch):
        if path and path.exists() and not os.access(path, os.W_OK):
            raise Mistake(f"{path}: cannot be written (permission denied)")
    if punch and convert.form_of(punch) not in ("cbn", "text"):
        raise Mistake(f"--punch {punch}: a deck is .cbn, .dck, .crd or .txt")
    if film and film.exists() and not film.is_dir():
        raise Mistake(f"--film {film}: is a file; give a folder for the frames")
    return Media(cards, file_ends, reels, logical, paper, punch, film)


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
    tell
        Is given the lines printed, if there is no file for them.

    Raises
    ------
    Mistake
        If a file cannot be read, is damaged or too large.
    """

    def __init__(
        self,
        machine: Ibm704,
        given: Media,
        deck: Sequence[Card] = (),
        *,
        tell: Callable[[str], object] = console.write,
    ) -> None:
        self._machine, self._given = machine, given
        self.written: dict[str, str] = {}
        """What was written, by option."""
        self.trouble: dict[int, Mistake] = {}
        """What is wrong behind the last good record, by tape."""
        self._frames = 0
        if given.film:
            try:
                given.film.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise Mistake(f"--film {given.film}: {error.strerror}") from error
        if deck or given.cards:
            more = decks.read_deck(given.cards) if given.cards else ()
            mount_cards(machine, [*deck, *more], file_ends=given.file_ends)
        for tape in given.tapes:
            self._mount_tape(tape)
        for drum in given.drums:
            mount_drum(machine, drum.number, drum.path if drum.path.exists() else None)
        machine.operate("ibm704.printer.attached", 1)
        machine.operate("ibm704.punch.attached", int(given.punch is not None))
        machine.operate("ibm704.crt.attached", int(given.film is not None))
        self._drums = machine.rack("ibm704.drum.words")
        self._reels = {
            one.number: one.path
            for one in given.tapes
            if one.ring and one.number not in self.trouble
        }
        self._outlets = ExitStack()
        self._streams = Streams(
            machine,
            paper=given.paper or Told(tell),
            punch=given.punch,
            tapes=self._reels,
            opened=self._opened,
        )
        grown = {"print": given.paper, "punch": given.punch}
        self.written |= {option: str(path) for option, path in grown.items() if path}

    def _opened(self, path: Path) -> Sink:
        return self._outlets.enter_context(Outlet(path)) if is_stream(path) else GrowingFile(path)

    def _mount_tape(self, tape: Mount) -> None:
        number, path = tape.number, tape.path if tape.path.exists() else None
        trouble = mount_tape(self._machine, number, path, ring=tape.ring)
        if trouble:
            self.trouble[number] = trouble
            if tape.ring:
                # to write the good records back would lose what is behind them
                mount_tape(self._machine, number, path, ring=False)
                console.say(f"{trouble}; the tape is mounted to be read only")

    def why_not_ready(self, unit: str) -> str:
        """Tell why a unit that is attached could not do what it was asked for, as far as known."""
        reel = next((one for one in self._given.tapes if unit == f"tape {one.number}"), None)
        if reel and writes(self._machine) and not reel.ring:
            return f": its reel {reel.path} has no ring (:r), nothing can be written on it"
        trouble = self.trouble.get(reel.number) if reel else None
        return f" ({trouble})" if trouble else ": nothing more to read or no room to write"

    def take_out(self) -> None:
        """Write what the units have made since the last time; finished frames and records only.

        Raises
        ------
        Mistake
            If a file cannot be written.
        """
        self._streams.catch_up()
        self._develop(last=False)

    def _develop(self, *, last: bool) -> None:
        if self._given.film is None:
            return
        for words in take_frames(self._machine, last=last):
            self._frames += 1
            write_frame(self._given.film / f"frame-{self._frames:04d}.png", words)
            self.written["film"] = str(self._given.film)

    def _tell_of_older_frames(self) -> None:
        """Frames of an earlier, longer run in the same folder would be taken for those of this."""
        film, last = self._given.film, f"frame-{self._frames:04d}.png"
        if film and any(file.name > last for file in film.glob("frame-????.png")):
            console.say(f"{film}: this run made {self._frames} frames; later ones are older")

    def take_off(self) -> None:
        """Take everything off and write what is left of it to its files.

        Raises
        ------
        Mistake
            If a file cannot be written; the others are.
        """
        let_units_finish(self._machine)
        with ExitStack() as acts:
            acts.callback(self._tell_of_older_frames)
            acts.enter_context(self._outlets)
            for drum in reversed(self._given.drums):
                acts.callback(self._keep_drum, drum)
            acts.callback(self._develop, last=True)
            acts.callback(self._close_streams)

    def _close_streams(self) -> None:
        try:
            self._streams.close()
        finally:
            for number in self._streams.tapes_written():
                self.written[f"tape {number}"] = str(self._reels[number])

    def _keep_drum(self, drum: Mount) -> None:
        own = slice((drum.number - 1) * drums.WORDS, drum.number * drums.WORDS)
        now = self._machine.rack("ibm704.drum.words")
        if not np.array_equal(now[own], self._drums[own]):
            save_drum(self._machine, drum.number, drum.path)
            self.written[f"drum {drum.number}"] = str(drum.path)


def let_units_finish(machine: Ibm704) -> None:
    """Let a machine whose program has ended finish its card, line or record."""
    if machine.stop not in MIDWAY:
        machine.let_units_finish()


UNIT_NAMES = {0o321: "the card reader", 0o341: "the punch", 0o361: "the printer", 0o030: "the CRT"}
_CURES = {
    0o321: "--cards FILE", 0o341: "--punch FILE", 0o361: "--print FILE", 0o030: "--film DIR",
}  # fmt: skip


def effective(machine: Ibm704, word: int) -> int:
    """Give the address of an instruction less the index registers of its tag."""
    index = 0
    for bit, name in ((1, "A"), (2, "B"), (4, "C")):
        if word >> 15 & bit:
            index |= machine.number(f"ibm704.register.XR{name}")
    return (word & ADDRESS) - index & machine.description.core_words - 1


def unit_wanted(machine: Ibm704) -> int:
    """Give the address of the unit that the instruction or load key that stopped asked for."""
    if key := machine.number("ibm704.control.load_unit"):
        return key
    return effective(machine, machine.number("ibm704.register.SR"))


def writes(machine: Ibm704) -> bool:
    """Tell whether the instruction that stopped asked for a unit to be written on."""
    operation = find(machine.number("ibm704.register.SR"))
    return operation is not None and operation.mnemonic in ("WRS", "WEF")


def unit_name(address: int) -> tuple[str, str]:
    """Name a unit by its address, and tell which option mounts it; both empty if it is none."""
    if address in UNIT_NAMES:
        return UNIT_NAMES[address], _CURES[address]
    if 0o201 <= address <= 0o232 and 1 <= (number := address & 0o17) <= TAPES:
        return f"tape {number}", f"--tape {number}=FILE"
    if 0o301 <= address <= 0o310:
        return f"drum {address & 0o17}", f"--drum {address & 0o17}=FILE"
    return "", ""
