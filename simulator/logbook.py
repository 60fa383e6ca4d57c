"""The logbook: every operation, in sequence, with its time.

A machine is determined by its Description and by what was done to it when. So the logbook *is*
the recording: replaying it means, entry by entry, to let the machine run to the time written
there and to move the control named there. It serves as replay file, as test format and, with
snapshots, as undo.

On disk it is JSON Lines: a header, then one entry a line, so that it is readable, can be
streamed for days and is valid up to its last full line.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TextIO

import numpy as np

from simulator.errors import Mistake

if TYPE_CHECKING:
    from simulator.machine import Machine

SCHEMA = "firstwave/logbook/1"
LINE_LIMIT = 64 << 20
"""No line of a logbook file is longer than this many characters."""
_DTYPES = ("uint8", "int8", "int32", "int64")


class Entry(NamedTuple):
    """One operation.

    Attributes
    ----------
    sequence
        Counts from 0; orders entries of one instant.
    t_ns
        The quiet instant at which the control was moved.
    control
        Its path.
    value
        The canonical value: None, int, str, array, or a dict of these.
    """

    sequence: int
    t_ns: int
    control: str
    value: Any


class Logbook:
    """A sequence of operations, kept in memory or streamed to a file.

    Parameters
    ----------
    path
        A file to stream to; then nothing is kept in memory. None keeps the entries in ``entries``.
    machine, description
        Written into the file's header: which machine this belongs to (JSON values).

    Raises
    ------
    Mistake
        If the file cannot be written.
    """

    def __init__(
        self,
        path: str | Path | None = None,
        machine: str = "",
        description: dict[str, Any] | None = None,
    ) -> None:
        self.entries: list[Entry] = []
        self._next = 0
        self._file: TextIO | None = None
        if path is not None:
            header = {"schema": SCHEMA, "machine": machine, "description": description or {}}
            try:
                self._file = Path(path).open("w", encoding="utf-8")  # noqa: SIM115
            except OSError as error:
                raise Mistake(f"{path}: cannot be written ({error.strerror})") from error
            self._write(header)

    def record(self, t_ns: int, control: str, value: Any) -> None:
        """Write one operation down."""
        entry = Entry(self._next, t_ns, control, value)
        self._next += 1
        if self._file is None:
            self.entries.append(entry)
        else:
            self._write({**entry._asdict(), "value": to_json(value)})

    def truncate(self, length: int) -> None:
        """Forget the entries from ``length`` on (a logbook in memory only)."""
        del self.entries[length:]
        self._next = length

    def close(self) -> None:
        """Finish the file."""
        if self._file is not None:
            self._file.close()

    def _write(self, record: dict[str, Any]) -> None:
        assert self._file is not None
        try:
            self._file.write(json.dumps(record) + "\n")
            self._file.flush()
        except OSError as error:
            with contextlib.suppress(OSError):
                self._file.close()
            raise Mistake(f"{self._file.name}: cannot be written ({error.strerror})") from error


def save(path: str | Path, entries: Iterable[Entry], machine: str, description: Any) -> None:
    """Write entries as a logbook file."""
    book = Logbook(path, machine, description)
    for entry in entries:
        book.record(entry.t_ns, entry.control, entry.value)
    book.close()


def load(path: str | Path, machine: str) -> tuple[dict[str, Any], Iterator[Entry]]:
    """Open a logbook file: the machine's description and its entries, read as they are wanted.

    An unfinished last line (the machine was switched off while writing) is left out.

    Raises
    ------
    Mistake
        If the file is missing, is no logbook, or belongs to another machine or version; while
        iterating, if an entry is damaged.
    """
    lines = _lines(path)
    header = _parse(path, 1, next(lines, "{}"))
    if header.get("schema") != SCHEMA:
        raise Mistake(f"{path}: schema is {header.get('schema')}, this firstwave reads {SCHEMA}")
    if header.get("machine") != machine:
        raise Mistake(f"{path}: machine is {header.get('machine')}, not {machine}")
    description = header.get("description")
    if not isinstance(description, dict):
        raise Mistake(f"{path}: description is missing or no object; the logbook is damaged")
    return description, _entries(path, lines)


def _lines(path: str | Path) -> Iterator[str]:
    try:
        with Path(path).open(encoding="utf-8") as file:
            while line := file.readline(LINE_LIMIT):
                if line.endswith("\n"):
                    yield line
                elif len(line) == LINE_LIMIT:
                    raise Mistake(f"{path}: a line is longer than {LINE_LIMIT} characters")
    except OSError as error:
        raise Mistake(f"{path}: cannot be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise Mistake(f"{path}: not a logbook (not UTF-8 text)") from error


def _parse(path: str | Path, number: int, line: str) -> dict[str, Any]:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise Mistake(f"{path}, line {number}: not JSON; the logbook is damaged") from error
    if not isinstance(record, dict):
        raise Mistake(f"{path}, line {number}: not a logbook entry")
    return record


def _entries(path: str | Path, lines: Iterator[str]) -> Iterator[Entry]:
    last_ns = 0
    for sequence, line in enumerate(lines):
        record = _parse(path, sequence + 2, line)
        t_ns, control = record.get("t_ns"), record.get("control")
        in_order = isinstance(t_ns, int) and t_ns >= last_ns
        if record.get("sequence") != sequence or not in_order or not isinstance(control, str):
            raise Mistake(f"{path}, line {sequence + 2}: entry {sequence} is missing or damaged")
        last_ns = int(t_ns)  # type: ignore[arg-type]
        yield Entry(sequence, last_ns, control, from_json(record.get("value")))


def replay(machine: Machine, entries: Iterable[Entry]) -> None:
    """Do again what a logbook says: run to each entry's time, then move its control.

    Raises
    ------
    Mistake
        If the machine already stands later than an entry, or refuses one.
    """
    for entry in entries:
        machine.run(entry.t_ns)
        machine.operate(entry.control, entry.value)


def to_json(value: Any) -> Any:
    """Write a canonical control value as JSON; arrays become dtype, shape and hex bytes."""
    if isinstance(value, np.ndarray):
        little = value.astype(value.dtype.newbyteorder("<"))
        return {"dtype": value.dtype.name, "shape": value.shape, "hex": little.tobytes().hex()}
    if isinstance(value, dict):
        return {key: to_json(item) for key, item in value.items()}
    return value


def from_json(value: Any) -> Any:
    """Read what :func:`to_json` wrote.

    Raises
    ------
    Mistake
        If an array does not hold what its shape says.
    """
    if isinstance(value, dict) and value.keys() == {"dtype", "shape", "hex"}:
        try:
            if value["dtype"] not in _DTYPES:
                raise ValueError(f"dtype {value['dtype']} is not one of {', '.join(_DTYPES)}")
            kind = np.dtype(value["dtype"])
            flat = np.frombuffer(bytes.fromhex(value["hex"]), kind.newbyteorder("<"))
            return flat.astype(kind).reshape([int(n) for n in value["shape"]])
        except (TypeError, ValueError) as error:
            raise Mistake(f"logbook: an array is damaged ({error})") from error
    if isinstance(value, dict):
        return {key: from_json(item) for key, item in value.items()}
    return value
