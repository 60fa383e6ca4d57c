"""Instruments clipped on a 704 while a program runs: the trace of its instructions, a waveform.

They write as they go, so that a run that never ends fills a file and not this computer's storage.
What was written before a disk filled up or somebody pressed Ctrl-C is kept.
"""

from __future__ import annotations

import contextlib
import io
from collections.abc import Callable, Iterator
from pathlib import Path

from machines.ibm704 import Ibm704
from machines.ibm704.sap import instruction
from machines.ibm704.words import octal
from simulator.errors import Mistake
from simulator.machine import Machine
from simulator.vcd import VcdWriter
from ui.cli.ibm704_output import opened
from ui.cli.ibm704_set_up import Names, accumulator

LARGE = ("ibm704.core.word", "ibm704.control.mark", "ibm704.drum.words")
"""Racks of a cell for each location: too much for a waveform."""

HEADING = (
    f"{'microseconds':>12} where word         {'instruction':20}  AC               MQ           "
    "XRA   XRB   XRC\n"
)


def symbolic(word: int, names: Names | None = None) -> str:
    """Write an instruction as in source; what is none as OCT."""
    text = instruction(word, names.labels if names else None)
    return f"{text[0]} {text[1]}".rstrip() if text else f"OCT {octal(word)}"


def registers(machine: Machine) -> str:
    """Write AC, MQ and the index registers in the columns of the trace."""
    ac, mq = (machine.number(f"ibm704.register.{name}") for name in ("AC", "MQ"))
    index = " ".join(f"{machine.number(f'ibm704.register.XR{x}'):05o}" for x in "ABC")
    return f"{accumulator(ac)}  {octal(mq)} {index}"


class Teller:
    """A probe that tells each instruction done: when it began, and what it left.

    Parameters
    ----------
    names
        Names of locations.
    tell
        Is given a line for each, without its end.
    """

    def __init__(self, names: Names, tell: Callable[[str], object]) -> None:
        self._names = names
        self._tell = tell
        self._done = -1
        self._next = (0, 0)

    def observe(self, machine: Machine) -> None:
        """Tell of the instruction that was done since the last look, if one was."""
        done = machine.number("ibm704.control.instructions")
        if done == self._done:
            return
        if 0 <= self._done < done:
            at, word = self._next
            text = symbolic(word, self._names)
            self._tell(
                f"{machine.now_ns // 1000:12} {at:05o} {octal(word)} {text:20}  "
                f"{registers(machine)}"
            )
        at = machine.number("ibm704.register.IC")
        self._next = (at, machine.number(f"ibm704.core.word[{at}]"))
        self._done = done


class InstructionTrace:
    """A probe that writes a line for each instruction done.

    Parameters
    ----------
    path
        The file to write.
    names
        Names of locations.

    Raises
    ------
    Mistake
        If the file cannot be begun.
    """

    def __init__(self, path: Path, names: Names) -> None:
        try:
            self._file = io.TextIOWrapper(opened(path), encoding="ascii", errors="replace")
        except OSError as error:
            raise Mistake(f"{path}: cannot be written ({error.strerror})") from error
        self._file.write(HEADING)
        self._teller = Teller(names, lambda line: self._file.write(line + "\n"))

    def observe(self, machine: Machine) -> None:
        """Write down what was done since the last look."""
        self._teller.observe(machine)

    def close(self) -> None:
        """Finish the file."""
        self._file.close()


@contextlib.contextmanager
def instruments(
    machine: Ibm704, names: Names, trace: Path | None, vcd: Path | None
) -> Iterator[None]:
    """Clip instruments on for a while.

    Raises
    ------
    Mistake
        If a file cannot be begun, or written on.
    """
    clipped: list[InstructionTrace | VcdWriter] = []
    try:
        if trace:
            clipped.append(InstructionTrace(trace, names))
        if vcd:
            small = [p.path for p in machine.points if p.fixed and p.path not in LARGE]
            clipped.append(VcdWriter(vcd, machine, small))
        for probe in clipped:
            machine.attach(probe)
        yield
        while clipped:
            probe = clipped.pop()
            machine.detach(probe)
            probe.close()
    except OSError as error:
        named = " or ".join(str(one) for one in (trace, vcd) if one)
        raise Mistake(f"{named}: cannot be written on ({error.strerror})") from error
    finally:
        for probe in clipped:
            machine.detach(probe)
            with contextlib.suppress(OSError):
                probe.close()
