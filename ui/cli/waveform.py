"""A waveform on the side (``--vcd``): should its disk fill up, what is taught is not lost with it.

Where the taught machine is to be saved, teaching goes on without the waveform and the command
complains at its end; where nothing would be kept anyway, it ends at once.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from simulator.errors import Mistake
from simulator.machine import Machine
from simulator.vcd import VcdWriter


class Waveform:
    """A probe that writes a waveform for as long as that is possible.

    Parameters
    ----------
    path
        The file to write.
    machine
        The machine to watch.
    needed
        Whether nothing is worth doing without the waveform.

    Raises
    ------
    Mistake
        If the file cannot be begun.
    """

    def __init__(self, path: Path, machine: Machine, needed: bool) -> None:
        self.trouble: str | None = None
        """Why it could not be written to its end; None if all went well."""
        self._path = path
        self._needed = needed
        self._writer = VcdWriter(path, machine)

    def observe(self, machine: Machine) -> None:
        """Write what changed; take the instrument off if that is not possible."""
        try:
            self._writer.observe(machine)
        except OSError as error:
            machine.detach(self)
            self._note(error)
            if self._needed:
                raise Mistake(str(self.trouble)) from error

    def close(self) -> None:
        """Finish the file."""
        try:
            self._writer.close()
        except OSError as error:
            self._note(error)

    def _note(self, error: OSError) -> None:
        self.trouble = self.trouble or f"{self._path}: cannot be written ({error.strerror})"


@contextlib.contextmanager
def waveform(path: Path, machine: Machine, needed: bool) -> Iterator[Waveform]:
    """Clip a waveform on a machine for a while; see :class:`Waveform`."""
    instrument = Waveform(path, machine, needed)
    try:
        machine.attach(instrument)
        yield instrument
    finally:
        machine.detach(instrument)
        instrument.close()
