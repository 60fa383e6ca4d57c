"""Magnetic tape in files: p7b and SIMH ``.tap``, and the records on it as words.

A tape is a row of **records**. A record is a row of **frames** of seven bits: a character of six
and its parity, odd in binary records, even in BCD ones; six frames make a word of the 704. A **file
mark** is a record of the single frame 0F (17 octal). What the 704 sees in a frame depends on how it
reads: a record of the other parity gives words too, and the tape check.

p7b: a byte a frame, bit 6 its parity, bit 7 set on the first frame of each record. ``.tap``: before
and after each record its length, four bytes, lowest first; a record of odd length is followed by a
byte that counts for nothing, and a length of zero is a file mark.

Readers go record by record; a tape of any length takes no more storage than one record.

Sources: SIMH's and Sim704's sources; Z0ftware's notes on tape codes.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple

from machines.ibm704.media import codes
from simulator.errors import Mistake
from simulator.files import write_whole

RECORD_LIMIT = 1 << 20
"""Most frames of a record: five times the largest storage, a fifth of a reel."""

MARK = 0x80
_MARK_FRAME = 0x0F
_CHUNK = 1 << 16
_LENGTH = struct.Struct("<I")
_GAP, _END = 0xFFFFFFFE, 0xFFFFFFFF
_ERROR, _LENGTH_MASK = 0x80000000, 0x00FFFFFF


class Record(NamedTuple):
    """A record, or a file mark.

    Attributes
    ----------
    frames
        A byte a frame: six bits of character, bit 6 the parity as it was found.
    damaged
        Whether a ``.tap`` file tells that the record could not be read well.
    """

    frames: bytes
    damaged: bool = False

    @property
    def is_mark(self) -> bool:
        """Whether it is a file mark."""
        return self.frames == FILE_MARK.frames


FILE_MARK = Record(bytes([_MARK_FRAME]))

_ODD, _EVEN = bytes(codes.ODD), bytes(codes.EVEN)
_WRITE_BCD = bytes(codes.EVEN[codes.TO_TAPE[code]] for code in range(64))
_READ_BCD = bytes(codes.FROM_TAPE[frame & 0o77] for frame in range(128))
_READ_BINARY = bytes(frame & 0o77 for frame in range(128))


def record_of(words: Iterable[int], *, binary: bool) -> Record:
    """Write words (36 bits) as a record: odd parity if ``binary``, else BCD in tape code."""
    characters = bytes(codes.characters_of_words(words))
    table = _ODD if binary else _WRITE_BCD
    return Record(characters.translate(table + bytes(192)))


def words_of(record: Record, *, binary: bool) -> tuple[list[int], bool]:
    """Read a record as words, as RTB (``binary``) or RTD does.

    Returns
    -------
    words, good
        The words, the last filled up with zeros at the right, and whether every frame had the right
        parity (if not, the tape check comes on).
    """
    table = _READ_BINARY if binary else _READ_BCD
    characters = record.frames.translate(table + bytes(128))
    return codes.words_of_characters(characters), good(record, binary=binary)


def good(record: Record, *, binary: bool) -> bool:
    """Tell whether every frame of a record has the parity of a binary or of a BCD record."""
    table = _ODD if binary else _EVEN
    proper = record.frames.translate(_READ_BINARY + bytes(128)).translate(table + bytes(192))
    return proper == record.frames and not record.damaged


def records_of_text(lines: Iterable[str], length: int = 84) -> Iterator[Record]:
    """Write lines as BCD records of ``length`` characters, filled up with blanks.

    A card of 80 columns makes a record of 84 characters, 14 words, as the SHARE assembler reads it.

    Raises
    ------
    Mistake
        If a line is too long or has a character the 704 has not.
    """
    for number, line in enumerate(lines, 1):
        text = line.rstrip()
        if len(text) > length:
            raise Mistake(f"line {number}: {len(text)} characters, a record takes {length}")
        yield record_of(codes.words_of_text(text.ljust(length), f"line {number}"), binary=False)


def text_of(record: Record) -> str | None:
    """Read a BCD record as text; None if it is a file mark or has frames of odd parity."""
    if record.is_mark or not good(record, binary=False):
        return None
    return codes.glyphs(record.frames.translate(_READ_BCD + bytes(128)))


def read_tape(path: str | Path) -> Iterator[Record]:
    """Read a tape, record by record, whichever form the file has.

    Raises
    ------
    Mistake
        While it is read: if the file cannot be read, is no tape or is cut short. The line names
        file and record.
    """
    try:
        with Path(path).open("rb") as file:
            reader = _recognise(file, str(path))
            file.seek(0)
            yield from reader(file, str(path))
    except OSError as error:
        raise Mistake(f"{path}: cannot be read ({error.strerror or error})") from error


def load_tape(path: str | Path) -> tuple[list[Record], Mistake | None]:
    """Read a tape up to where its file is damaged, and tell what is wrong there.

    Tapes of other simulators may have remains of an older tape behind their last record. A unit
    mounts what is good and complains only if a program reads that far.

    Returns
    -------
    records, trouble
        The records, and the mistake behind the last of them; None if the whole file is good.

    Raises
    ------
    Mistake
        If not even the first record can be read.
    """
    records: list[Record] = []
    try:
        records.extend(read_tape(path))
    except Mistake as mistake:
        if not records:
            raise
        return records, mistake
    return records, None


def begins_like_tap(file: BinaryIO) -> bool:
    """Tell whether an open file begins with a record of a ``.tap``, closed by its length."""
    head = file.read(4)
    if len(head) < 4:
        return False
    (length,) = _LENGTH.unpack(head)
    if length in (0, _GAP, _END):
        return True
    file.seek(_padded(length), 1)
    return file.read(4) == head


def _recognise(file: BinaryIO, name: str) -> Callable[[BinaryIO, str], Iterator[Record]]:
    if begins_like_tap(file):
        return read_tap
    file.seek(0)
    head = file.read(1)
    if head and not head[0] & MARK:
        raise Mistake(
            f"{name}: neither a p7b tape (its first byte is not marked, bit 7) nor a SIMH .tap (no "
            "length closes its first record); it is damaged or no tape"
        )
    return read_p7b


def read_p7b(file: BinaryIO, name: str) -> Iterator[Record]:
    """Read the records of an open p7b file.

    A record all of 0F frames is a file mark (the second is its check character). SIMH ends a file
    with the first byte of its last record once more; that is no record.

    Raises
    ------
    Mistake
        If the file does not begin with a marked byte or a record is longer than any 704 writes.
    """
    record, number, last = bytearray(), 0, b""
    while chunk := file.read(_CHUNK):
        if not record and not number and not chunk[0] & MARK:
            raise Mistake(f"{name}: its first byte is not marked (bit 7); no p7b tape")
        start = 0
        for place in _marks(chunk):
            record += chunk[start:place]
            start = place
            if record:
                number += 1
                last = _frames(record, name, number)
                yield Record(last)
                record.clear()
        record += chunk[start:]
        if len(record) > RECORD_LIMIT:
            _frames(record, name, number + 1)
    if record and not _is_simh_end(record, last):
        yield Record(_frames(record, name, number + 1))


def _marks(chunk: bytes) -> list[int]:
    return [place for place, byte in enumerate(chunk) if byte & MARK]


def _is_simh_end(record: bytearray, last: bytes) -> bool:
    return len(record) == 1 and len(last) > 1 and record[0] & 0x7F == last[0]


def _frames(record: bytearray, name: str, number: int) -> bytes:
    if len(record) > RECORD_LIMIT:
        raise Mistake(
            f"{name}: record {number} is longer than {RECORD_LIMIT} characters; no tape of a 704"
        )
    record[0] &= 0x7F
    return FILE_MARK.frames if not record.strip(FILE_MARK.frames) else bytes(record)


def read_tap(file: BinaryIO, name: str) -> Iterator[Record]:
    """Read the records of an open SIMH ``.tap`` file, up to its end-of-medium mark or its end.

    Raises
    ------
    Mistake
        If a record is cut short, is not closed by its length, is longer than any 704 writes, or has
        a byte that is no frame of seven bits.
    """
    number = 0
    while head := file.read(4):
        number += 1
        where = f"{name}: record {number}"
        if len(head) < 4:
            raise Mistake(f"{where}: the file is cut short in the record's length; copy it again")
        (length,) = _LENGTH.unpack(head)
        if length == _END:
            return
        if length == _GAP:
            number -= 1
        elif length == 0:
            yield FILE_MARK
        else:
            yield Record(_closed(file, length, where), bool(length & _ERROR))


def _padded(length: int) -> int:
    return (length & _LENGTH_MASK) + (length & 1)


def _closed(file: BinaryIO, length: int, where: str) -> bytes:
    count = length & _LENGTH_MASK
    if count > RECORD_LIMIT or count == 0 or length & ~(_ERROR | _LENGTH_MASK):
        raise Mistake(
            f"{where}: a length of {length} bytes; the file is damaged or no .tap of a 704"
        )
    body = file.read(_padded(length))
    tail = file.read(4)
    if len(body) < _padded(length) or len(tail) < 4:
        raise Mistake(f"{where}: cut short, it should have {count} bytes; copy the file again")
    if tail != _LENGTH.pack(length):
        raise Mistake(
            f"{where}: its length after it ({_LENGTH.unpack(tail)[0]}) is not the one before it "
            f"({length}); the file is damaged, copy it again"
        )
    frames = body[:count]
    if max(frames) & MARK:
        raise Mistake(f"{where}: a byte of eight bits; the tape was not written by a 7-track unit")
    return FILE_MARK.frames if not frames.strip(FILE_MARK.frames) else frames


def p7b_of(record: Record) -> bytes:
    """Write a record as it stands in a p7b file.

    Raises
    ------
    Mistake
        If it is damaged, which p7b cannot tell, or has no frames.
    """
    if record.damaged or not record.frames:
        raise Mistake("p7b cannot tell that a record is damaged or empty; keep it as .tap")
    return bytes([record.frames[0] | MARK]) + record.frames[1:]


def tap_of(record: Record) -> bytes:
    """Write a record as it stands in a ``.tap`` file."""
    if record.is_mark:
        return _LENGTH.pack(0)
    length = _LENGTH.pack(len(record.frames) | (_ERROR if record.damaged else 0))
    return length + record.frames + bytes(len(record.frames) & 1) + length


def write_tape(path: str | Path, tape: Iterable[Record], form: str = "p7b") -> int:
    """Write a tape as ``"p7b"`` or ``"tap"``, and tell how many records it has.

    Raises
    ------
    Mistake
        If the file cannot be written, there is no such form, or p7b cannot hold a record.
    """
    if form not in ("p7b", "tap"):
        raise Mistake(f"a tape is written as p7b or tap, not as {form}")
    one = p7b_of if form == "p7b" else tap_of
    written: list[bytes] = []
    for number, record in enumerate(tape, 1):
        try:
            written.append(one(record))
        except Mistake as mistake:
            raise Mistake(f"{path}: record {number}: {mistake}") from mistake
    if form == "p7b" and len(written) > 1:
        before, last = written[-2:]
        if len(last) == 1 < len(before) and last[0] == before[0]:
            raise Mistake(
                f"{path}: record {len(written)}: a last record of one character like the first "
                "before it cannot be told from SIMH's end of a p7b file; keep the tape as .tap"
            )
    write_whole(path, b"".join(written))
    return len(written)
