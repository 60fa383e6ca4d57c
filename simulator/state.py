"""State: everything a machine remembers, in one named record.

A machine's State is a ``NamedTuple`` of C-contiguous numpy arrays of fixed dtype; a single
number is an array of length 1, and what is pending stands in fields whose names end in
``_due_ns`` (:data:`~simulator.kernel.NEVER` where nothing is). So a copy is a snapshot, two
machines are compared field by field, and one compiled function serves machines of every size.

On disk a State is an ``.npz`` archive with a readable header (JSON) that names the machine, the
format's version, the Description and a checksum. It is never a pickle, and a file that does not fit
is refused with one line.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
import zlib
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulator.errors import Mistake
from simulator.files import read_bytes, write_whole
from simulator.kernel import NEVER

Record = Any
"""A ``NamedTuple`` of arrays; the type of it is each machine's own."""
SCHEMA = "firstwave/state/2"
LIMIT = 1 << 30
"""No state file, packed or unpacked, is larger than this many bytes."""


class Difference(NamedTuple):
    """The first place at which one field of two States differs."""

    field: str
    at: tuple[int, ...]
    left: Any
    right: Any

    def __str__(self) -> str:
        """Say it in one line, in the manner ``value[17]: 3 against 4``."""
        if not self.at:
            return f"{self.field}: {self.left} against {self.right}"
        where = ", ".join(str(i) for i in self.at)
        return f"{self.field}[{where}]: {self.left} against {self.right}"


def copy(state: Record) -> Record:
    """Take a snapshot: the same record with arrays of its own."""
    return type(state)(*(array.copy() for array in state))


def diff(left: Record, right: Record) -> list[Difference]:
    """Compare two States; an empty list means bit-equal (values, shapes and dtypes)."""
    found = []
    for name, a, b in zip(left._fields, left, right, strict=True):
        if a.shape != b.shape or a.dtype != b.dtype:
            found.append(Difference(name, (), f"{a.dtype}{a.shape}", f"{b.dtype}{b.shape}"))
        elif not np.array_equal(a, b):
            where = tuple(int(i) for i in np.argwhere(a != b)[0])
            found.append(Difference(name, where, a[where].item(), b[where].item()))
    return found


def next_due_ns(state: Record) -> int:
    """Tell when something is next due (the least of the ``_due_ns`` fields), or ``NEVER``."""
    earliest = NEVER
    for name, array in zip(state._fields, state, strict=True):
        if name.endswith("_due_ns"):
            pending = array[array >= 0]
            if pending.size:
                due = int(pending.min())
                earliest = due if earliest == NEVER else min(earliest, due)
    return earliest


class Saved(NamedTuple):
    """What a state file holds: what was given, what was remembered, and notes beside it."""

    description: dict[str, Any]
    fields: dict[str, NDArray[Any]]
    notes: dict[str, Any]


def save(
    path: str | Path,
    machine: str,
    description: dict[str, Any],
    state: Record,
    notes: dict[str, Any] | None = None,
) -> None:
    """Write a State to an ``.npz`` file, whole or not at all.

    Parameters
    ----------
    path
        Where to.
    machine
        The machine's id, for example ``mark1``.
    description, notes
        What was given before power-on, and anything that goes with the file: JSON values.
    state
        The record.

    Raises
    ------
    Mistake
        If the file cannot be written.
    """
    fields = dict(zip(state._fields, state, strict=True))
    header: dict[str, Any] = {
        "schema": SCHEMA,
        "machine": machine,
        "description": description,
        "notes": notes or {},
    }
    header["sha256"] = _checksum(header, fields)
    text = np.frombuffer(json.dumps(header).encode(), dtype=np.uint8)
    buffer = io.BytesIO()
    np.savez_compressed(buffer, allow_pickle=False, header=text, **fields)
    write_whole(path, buffer.getvalue())


def load(path: str | Path, machine: str) -> Saved:
    """Read a state file back.

    Raises
    ------
    Mistake
        If the file is missing, cut short, damaged, of another format, version or machine.
    """
    data = read_bytes(path, LIMIT)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(member.file_size for member in archive.infolist()) > LIMIT:
                raise Mistake(f"{path}: unpacks to more than {LIMIT} bytes; not a state of ours")
        with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
            fields = {name: np.ascontiguousarray(arrays[name]) for name in arrays.files}
        header = json.loads(fields.pop("header").tobytes())
    except Mistake:
        raise
    except (
        OSError,
        EOFError,
        ValueError,
        KeyError,
        RuntimeError,
        SyntaxError,
        RecursionError,
        MemoryError,
        OverflowError,
        NotImplementedError,
        AttributeError,
        TypeError,
        zipfile.BadZipFile,
        zlib.error,
    ) as error:
        raise Mistake(
            f"{path}: not a firstwave state, or cut short or damaged "
            f"({str(error) or type(error).__name__}); take an earlier copy"
        ) from error
    if not isinstance(header, dict) or not str(header.get("schema")).startswith("firstwave/state/"):
        raise Mistake(f"{path}: not a firstwave state (its header names no firstwave/state schema)")
    if header["schema"] != SCHEMA:
        raise Mistake(
            f"{path}: schema is {header['schema']}, this firstwave reads {SCHEMA}; "
            "use the release that wrote it"
        )
    for part in ("description", "notes"):
        if not isinstance(header.get(part), dict):
            raise Mistake(f"{path}: {part} is missing or no object; the file is damaged")
    if header.get("machine") != machine:
        raise Mistake(f"{path}: machine is {header.get('machine')}, not {machine}")
    claimed = header.pop("sha256", None)
    if claimed != _checksum(header, fields):
        raise Mistake(f"{path}: checksum does not match; the file is damaged, take an earlier copy")
    return Saved(header["description"], fields, header["notes"])


def _checksum(header: dict[str, Any], fields: dict[str, NDArray[Any]]) -> str:
    digest = hashlib.sha256(json.dumps(header, sort_keys=True).encode())
    for name in sorted(fields):
        array = fields[name]
        digest.update(f"{name} {array.dtype.str} {array.shape}".encode())
        digest.update(np.ascontiguousarray(array).tobytes())
    return digest.hexdigest()


def fit(
    path: str | Path, saved: Saved, blank: Record, free: frozenset[str] = frozenset()
) -> Record:
    """Give the fields of a state file as a record like ``blank``.

    Parameters
    ----------
    path
        Named in the message if something does not fit.
    saved
        What :func:`load` gave.
    blank
        A State of the machine the file describes.
    free
        Names of the fields whose length is free.

    Raises
    ------
    Mistake
        If a field is missing, unknown, or of another shape or dtype.
    """
    names = set(blank._fields)
    if odd := sorted(names ^ set(saved.fields)):
        raise Mistake(f"{path}: field {odd[0]} is {'missing' if odd[0] in names else 'unknown'}")
    for name, mine in zip(blank._fields, blank, strict=True):
        new = saved.fields[name]
        same = new.ndim == mine.ndim if name in free else new.shape == mine.shape
        if new.dtype != mine.dtype or not same:
            raise Mistake(
                f"{path}: field {name} is {new.dtype}{new.shape}, "
                f"this machine's is {mine.dtype}{mine.shape}"
            )
    return type(blank)(*(saved.fields[name] for name in blank._fields))
