"""Files that follow what the units make: paper, cards and tapes, while the machine runs.

Whoever runs a machine for long calls :meth:`Streams.catch_up` now and then. Then every line that
was printed, every card that was punched and every record that was written so far stands in its
file, which is whole to that point: if the program that runs the machine is killed, nothing of it is
lost. It makes room on the paper and in the stacker, too, so a run may print without end.

Paper and cards are written behind what is there; so are tapes as long as records are only added. A
tape on which something else has changed is written anew, whole or not at all.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from simulator.errors import Mistake

from ..machine import Ibm704
from ..media import decks, tapes
from ..media.cards import Card
from ..media.convert import form_of
from .attach import lines_on, save_tape, take_cards, take_lines
from .printer import Line, page
from .tape import BCD, BINARY, records_on


class Sink(Protocol):
    """Where paper or cards go."""

    def settle(self, settled: bytes, rest: bytes) -> None:
        """Take what is there for good, and behind it what is yet to change; not kept here."""


class GrowingFile:
    """A file that grows; behind what is settled may stand something that is yet to change.

    Parameters
    ----------
    path
        The file.
    begin
        How many bytes of it are settled already; if left out, it is emptied.

    Raises
    ------
    Mistake
        If it cannot be written; so :meth:`settle`, too.
    """

    def __init__(self, path: str | Path, begin: int | None = None) -> None:
        self._path, self._place, self._rest = Path(path), begin or 0, b""
        if begin is None:
            self._write("wb", b"")

    def settle(self, settled: bytes, rest: bytes) -> None:
        """Write what is new, in one go."""
        if settled or rest != self._rest:
            self._write("r+b", settled + rest)
        self._place, self._rest = self._place + len(settled), rest

    def _write(self, mode: str, data: bytes) -> None:
        try:
            with self._path.open(mode) as file:
                file.seek(self._place)
                file.write(data)
                file.truncate()
        except OSError as error:
            reason = error.strerror or error
            raise Mistake(f"{self._path}: cannot be written ({reason})") from error


class Streams:
    """The files of one machine; they are begun anew, but for tapes, which begin as mounted.

    Parameters
    ----------
    machine
        A machine with :class:`~machines.ibm704.devices.Units`, its tapes mounted.
    paper
        Text file for what is printed, or what else takes it; none if left out.
    punch
        Deck for what is punched, ``.cbn`` or text by its suffix.
    tapes
        File of each reel that is to be kept, by its unit, 1 to 10; p7b or SIMH by its suffix. It
        is written as soon as what is on the reel is no longer what was mounted.
    opened
        How the files of paper and punch are begun.

    Raises
    ------
    Mistake
        If a file cannot be written, or its suffix is none of these.
    """

    def __init__(
        self,
        machine: Ibm704,
        *,
        paper: str | Path | Sink | None = None,
        punch: str | Path | None = None,
        tapes: Mapping[int, str | Path] | None = None,
        opened: Callable[[Path], Sink] = GrowingFile,
    ) -> None:
        self._machine = machine
        if punch is not None and form_of(punch) not in ("cbn", "text"):
            raise Mistake(f"{punch}: a deck is .cbn, .dck, .crd or .txt")
        self._reels = [_Reel(machine, number, path) for number, path in (tapes or {}).items()]
        if isinstance(paper, str | Path):
            paper = opened(Path(paper))
        self._paper = None if paper is None else _Paper(paper)
        self._punch = None if punch is None else opened(Path(punch))
        self._cards: list[Card] = []
        self._image_of = decks.cbn_of if punch and form_of(punch) == "cbn" else decks.text_line_of

    def catch_up(self) -> None:
        """Have everything made so far in its file.

        Raises
        ------
        Mistake
            If a file cannot be written; what it had before is still there.
        """
        if self._paper:
            self._paper.add(take_lines(self._machine, leave=1), lines_on(self._machine))
        self._stack()
        for reel in self._reels:
            reel.catch_up()

    def close(self) -> None:
        """Catch up for the last time: nothing can be added to the last line any more.

        Raises
        ------
        Mistake
            If a file cannot be written; the others are.
        """
        with ExitStack() as acts:
            for reel in self._reels:
                acts.callback(reel.close)
            acts.callback(self._stack)
            if self._paper:
                acts.callback(self._paper.end, take_lines(self._machine))

    def tapes_written(self) -> list[int]:
        """Tell which reels are no longer what was mounted, and so were written."""
        return [reel.number for reel in self._reels if reel.written]

    def _stack(self) -> None:
        if self._punch:
            self._cards += take_cards(self._machine)  # kept if they cannot be written now
            self._punch.settle(b"".join(map(self._image_of, self._cards)), b"")
            self._cards.clear()


class _Paper:
    """What is printed; the last line is written again as long as something may be added to it."""

    def __init__(self, sink: Sink) -> None:
        self._sink = sink
        self._open: list[Line] = []

    def add(self, taken: list[Line], on_paper: list[Line]) -> None:
        """Write lines, and those that are still in the printer."""
        self._open = lines = [*self._open, *taken]  # kept if they cannot be written now
        begins = (place for place, line in enumerate(lines) if 9 not in line.hubs)
        place = max(begins, default=0)
        self._sink.settle(_text(lines[:place]), _text([*lines[place:], *on_paper]))
        self._open = lines[place:]

    def end(self, taken: list[Line]) -> None:
        """Write the last lines."""
        self._open += taken
        self._sink.settle(_text(self._open), b"")
        self._open = []


class _Reel:
    """A reel, and how much of it stands in its file."""

    def __init__(self, machine: Ibm704, number: int, path: str | Path) -> None:
        if form_of(path) not in ("p7b", "tap"):
            raise Mistake(f"{path}: a tape is kept as .p7b or .tap")
        self.number = number
        self.written = False
        self._machine, self._path = machine, Path(path)
        self._kept = self._frames()
        self._file: GrowingFile | None = None

    def _frames(self) -> NDArray[np.uint8]:
        """Give the frames of the reel, without those of a record that is still being written."""
        number, look = self.number, self._machine
        frames: NDArray[np.uint8] = look.rack(f"ibm704.tape{number}.frames")
        connected = look.number("ibm704.control.unit") in (BCD + number, BINARY + number)
        if connected and look.number("ibm704.copy.write") and look.number("ibm704.copy.word"):
            return frames[: look.number(f"ibm704.tape.head[{number}]")]
        return frames

    def catch_up(self) -> None:
        frames, kept = self._frames(), self._kept
        if np.array_equal(frames, kept):
            return
        if self._file and np.array_equal(frames[: len(kept)], kept):
            one = tapes.p7b_of if form_of(self._path) == "p7b" else tapes.tap_of
            self._file.settle(b"".join(map(one, records_on(frames[len(kept) :]))), b"")
        else:
            try:
                tapes.write_tape(self._path, records_on(frames), str(form_of(self._path)))
            except Mistake:
                return  # a p7b may not be able to hold what is there just now: told at the end
            self._file = GrowingFile(self._path, self._path.stat().st_size)
        self._kept, self.written = frames, True

    def close(self) -> None:
        """Write the reel whole; a record that is being written ends here."""
        frames = self._machine.rack(f"ibm704.tape{self.number}.frames")
        if self._file or not np.array_equal(frames, self._kept):
            save_tape(self._machine, self.number, self._path)
            self.written = True


def _text(lines: list[Line]) -> bytes:
    return "".join(f"{line}\n" for line in page(lines)).encode()
