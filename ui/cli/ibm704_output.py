"""What comes out of a 704 while it runs: lines on paper and punched cards, written as they come.

They go to their files between the slices of a run, so that a run that is killed keeps what it had
printed and punched, but for the last lines: an impulse of SPR can still change how those stand on
the paper. Looking at paper and cards does not take them from the machine, so a run is the same
whether somebody looks or not. A file may also be a device or a pipe, such as ``/dev/stdout``.
"""

from __future__ import annotations

import contextlib
import os
import re
import signal
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from machines.ibm704 import Ibm704
from machines.ibm704.devices import Line, page
from machines.ibm704.devices.printer import COLUMNS, text_of
from machines.ibm704.media.cards import COLUMNS as CARD_COLUMNS
from machines.ibm704.media.decks import cbn_of, line_of
from simulator.errors import Mistake
from simulator.files import write_whole

SAME_LINE = 9
"""The exit hub whose impulse sets a line beside the one before it."""
_OPEN_STREAM = re.compile(r"/dev/fd/(\d+)|/proc/self/fd/(\d+)|/dev/std(out|err)")


def is_stream(path: Path) -> bool:
    """Tell whether a file is a device, a pipe or a stream of this process, and no proper file."""
    return bool(_OPEN_STREAM.fullmatch(str(path))) or (
        path.exists() and not path.is_file() and not path.is_dir()
    )


def opened(path: Path) -> BinaryIO:
    """Open a file, a device or a pipe to write, or a stream of this process as it stands.

    A stream that leads to a file is not opened anew, which would write over what is in it.

    Raises
    ------
    OSError
        If it cannot be opened.
    """
    stream = _OPEN_STREAM.fullmatch(str(path))
    if stream is None:
        return path.open("wb")
    if stream[3]:
        return os.fdopen(os.dup(1 if stream[3] == "out" else 2), "wb")
    return os.fdopen(os.dup(int(stream[1] or stream[2])), "wb")


class Outlet:
    """A file that grows, and is as long at any time as what was written on it.

    Parameters
    ----------
    path
        The file, emptied if it is there; or a device, a pipe or a stream of this process.

    Raises
    ------
    Mistake
        If it cannot be written.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._read = True
        try:
            self._file = opened(path)
        except OSError as error:
            raise self._mistake(error) from error

    def write(self, data: bytes) -> None:
        """Write something; what nobody reads any more goes nowhere.

        Raises
        ------
        Mistake
            If it cannot be written on.
        """
        if not (self._read and data):
            return
        try:
            self._file.write(data)
            self._file.flush()
        except BrokenPipeError:
            self._read = False
        except OSError as error:
            raise self._mistake(error) from error

    def close(self) -> None:
        """Finish the file."""
        with contextlib.suppress(OSError):  # all was written, or complained of, before
            self._file.close()

    def _mistake(self, error: OSError) -> Mistake:
        return Mistake(f"{self._path}: cannot be written ({error.strerror or error})")


def write_out(path: Path, content: str) -> None:
    """Put a text into a file, whole or not at all, or onto a device or a pipe.

    Raises
    ------
    Mistake
        If it cannot be written.
    """
    if not is_stream(path):
        write_whole(path, content)
        return
    outlet = Outlet(path)
    try:
        outlet.write(content.encode())
    finally:
        outlet.close()


class Paper:
    """The printer's paper, read off line by line.

    Parameters
    ----------
    machine
        A machine with a printer.
    tell
        Is given the lines that have come, each with its end.
    """

    def __init__(self, machine: Ibm704, tell: Callable[[str], object]) -> None:
        self._machine, self._tell = machine, tell
        self._told = 0

    def advance(self, *, last: bool = False) -> None:
        """Tell the lines that no impulse can change any more; at last all of them."""
        hubs = self._machine.rack("ibm704.printer.hubs")
        end = len(hubs) if last else _settled(hubs)
        if end <= self._told:
            return
        columns = self._machine.rack("ibm704.printer.columns").reshape(-1, COLUMNS)
        own = slice(self._told, end)
        lines = [
            Line(text_of(row), frozenset(hub for hub in range(1, 11) if impulses >> hub - 1 & 1))
            for row, impulses in zip(columns[own].tolist(), hubs[own].tolist(), strict=True)
        ]
        self._told = end
        self._tell("".join(f"{line}\n" for line in page(lines)))


def _settled(hubs: Any) -> int:
    """Count the lines before the last one that stands below those before it for good.

    The last line printed can still get an impulse; and a line that another is set beside is not
    finished.
    """
    own_line = np.flatnonzero(hubs[:-1] >> SAME_LINE - 1 & 1 == 0)
    return int(own_line[-1]) if own_line.size else 0


class Stacker:
    """The punch's stacker, read off card by card.

    Parameters
    ----------
    machine
        A machine with a punch.
    form
        ``"cbn"`` or ``"text"``.
    tell
        Is given the cards that have come, as in a file of that form.
    """

    def __init__(self, machine: Ibm704, form: str, tell: Callable[[bytes], object]) -> None:
        self._machine, self._tell = machine, tell
        self._text = form == "text"
        self._told = 0

    def advance(self) -> None:
        """Tell the cards punched since the last time."""
        columns = self._machine.rack("ibm704.punch.columns").reshape(-1, CARD_COLUMNS)
        deck = [tuple(card) for card in columns[self._told :].tolist()]
        self._told += len(deck)
        if not deck:
            return
        images = (f"{line_of(c)}\n".encode("ascii") if self._text else cbn_of(c) for c in deck)
        self._tell(b"".join(images))


@contextlib.contextmanager
def told_to_end(end: Callable[[], None]) -> Iterator[None]:
    """Do something when the system asks this process to end (SIGTERM, SIGHUP), not die at once.

    Parameters
    ----------
    end
        What to do; the work is to come to its end soon after.
    """
    names = [name for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
    if threading.current_thread() is not threading.main_thread():
        names = []
    before = {}
    for number in (getattr(signal, name) for name in names):
        if signal.getsignal(number) == signal.SIG_DFL:  # not where nohup has it ignored
            before[number] = signal.signal(number, lambda *_: end())
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
