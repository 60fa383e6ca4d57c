"""Where the output of a 704 goes that is no proper file: the console, devices and pipes.

What the units make is written by :class:`machines.ibm704.devices.Streams` while the machine runs.
On a console, a device (``/dev/stdout``) or a pipe nothing can be written again, so a line is told
there once no impulse of SPR can change how it stands on the paper.
"""

from __future__ import annotations

import contextlib
import os
import re
import signal
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

from simulator.errors import Mistake
from simulator.files import write_whole

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
    """A device, a pipe or a stream of this process, to write on.

    Parameters
    ----------
    path
        Which.

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

    def settle(self, settled: bytes, rest: bytes) -> None:
        """Write what is there for good."""
        self.write(settled)

    def __enter__(self) -> Outlet:
        """Give it to write on; it is closed at the end."""
        return self

    def __exit__(self, *_: object) -> None:
        """Be done with it."""
        with contextlib.suppress(OSError):  # all was written, or complained of, before
            self._file.close()

    def _mistake(self, error: OSError) -> Mistake:
        return Mistake(f"{self._path}: cannot be written ({error.strerror or error})")


class Told:
    """What is printed, told as text line by line.

    Parameters
    ----------
    tell
        Is given the lines that have come, each with its end.
    """

    def __init__(self, tell: Callable[[str], object]) -> None:
        self._tell = tell

    def settle(self, settled: bytes, rest: bytes) -> None:
        """Tell the lines that no impulse can change any more."""
        if settled:
            self._tell(settled.decode())


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
    with Outlet(path) as outlet:
        outlet.write(content.encode())


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
