"""The magnetic tapes, type 727: ten units on one control.

A tape on a unit is a row of frames; the first of each record is marked, and a file mark is a record
of one frame (as in a p7b file). RDS starts the tape; a copy is given a word every 400 microseconds,
one after the last word meets the **end of the record**, one at a file mark the **end of the file**.
Copied or not, the whole record passes. WRS writes as long as copies come, then the record ends by
itself. Writing makes everything behind it on the tape worthless: it is cut off here. If a frame of
a record that passed had the wrong parity, the **tape check** comes on; if the tape is written on
near its end, the **tape end** indicator.

One tape at a time reads, writes, writes a file mark (WEF) or goes back a record (BST); rewinding
(REW) a unit does alone. The program goes on meanwhile and waits at the next select that needs it.

Sources: the manual, through Sim704 and Z0ftware; timing in :mod:`.description`.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from simulator.kernel import Kernel

from ..input_output import DONE, NO_PASSAGE, Answer, Passage, Reply
from ..media import tapes
from ..media.tapes import MARK, Record
from ..state import State
from .connection import (
    END_OF_FILE,
    END_OF_RECORD,
    GONE_NS,
    NOT_ATTACHED,
    NOT_READY,
    US,
    Alarm,
    Connection,
    passage_of,
)
from .description import UnitsDescription
from .memory import TAPE_FIELDS, Memory, append, resize

BCD, BINARY = 0o200, 0o220
"""Tape n, 1 to 10, is unit BCD + n or BINARY + n."""
REEL, PROTECTED = 1, 2
"""On a unit: a reel, or one that cannot be written on (its ring is out)."""
FILE_MARK = MARK | tapes.FILE_MARK.frames[0]
_FILE = -1
"""Number of the word that is the end of the file."""
_CHARACTERS = 6
_NEAR = 4096


class Tapes:
    """The 727s and their control; see the units' common methods in :mod:`.units`."""

    def __init__(
        self,
        kernel: Kernel,
        state: State,
        memory: Memory,
        connection: Connection,
        given: UnitsDescription,
    ) -> None:
        self._s, self._m, self._to, self._given = state, memory, connection, given
        self._word_ns, self._give_ns = given.tape_word_us * US, given.tape_give_us * US
        self._alarm = Alarm(kernel, memory.tape_due_ns, self._passes)

    def frames(self, tape: int) -> NDArray[np.uint8]:
        """Give the frames on a unit, by its index from 0."""
        frames: NDArray[np.uint8] = getattr(self._m, TAPE_FIELDS[tape])
        return frames

    def select(self, name: str, unit: int) -> Reply:
        """Answer RDS, WRS, BST, WEF or REW of a tape."""
        m, tape, now_ns = self._m, (unit & 0o17) - 1, self._to.now_ns
        if not m.tape_attached[tape]:
            return NOT_ATTACHED
        free_ns = max(int(m.tape_free_ns[tape]), int(m.tape_control_ns[0]))
        if now_ns < free_ns:
            return Reply(Answer.WAIT, again_ns=free_ns)
        if name == "REW":
            m.tape_free_ns[tape] = now_ns + int(m.tape_place[tape]) * self._given.tape_rewind_ns
            m.tape_head[tape] = m.tape_place[tape] = 0
            return DONE
        if name == "BST":
            self._back(tape)
            return DONE
        if name == "RDS":
            return self._read(tape, unit)
        if m.tape_attached[tape] == PROTECTED or m.tape_place[tape] >= self._given.tape_length:
            return NOT_READY
        if name == "WEF":
            self._write_mark(tape)
        else:
            self._connect(unit, self._starts_ns(tape), write=True)
        return DONE

    def _connect(self, unit: int, ready_ns: int, *, write: bool, word: int = 0) -> None:
        self._to.connect(unit, ready_ns, write=write, word=word)
        self._alarm.set(ready_ns if word == _FILE else ready_ns + GONE_NS)

    def _starts_ns(self, tape: int) -> int:
        """Tell when the first character of a record would pass."""
        given = self._given
        start_us = given.tape_start_us if self._m.tape_place[tape] else given.tape_load_point_us
        return self._to.now_ns + start_us * US

    def _length_ns(self, length: int) -> int:
        """Tell how long so many 1/200 inch of tape take to pass."""
        return length * self._word_ns // _CHARACTERS

    # reading

    def _read(self, tape: int, unit: int) -> Reply:
        frames, head = self.frames(tape), int(self._m.tape_head[tape])
        if head >= len(frames):
            return NOT_READY
        self._m.tape_end_of[0] = end = _next_mark(frames, head + 1)
        starts_ns = self._starts_ns(tape)
        if end == head + 1 and frames[head] == FILE_MARK:
            gap_ns = self._length_ns(self._given.tape_file_gap)
            self._connect(unit, starts_ns + gap_ns, write=False, word=_FILE)
        else:
            self._connect(unit, starts_ns + self._word_ns, write=False)
        return DONE

    def _span(self) -> tuple[int, NDArray[np.uint8], int, int]:
        """Give the tape being read, its frames, and where the record begins and ends."""
        tape = (self._to.unit & 0o17) - 1
        return tape, self.frames(tape), int(self._m.tape_head[tape]), int(self._m.tape_end_of[0])

    def _is_over(self) -> bool:
        _, _, head, end = self._span()
        return self._to.word == _FILE or head + self._to.word * _CHARACTERS >= end

    def _next_word(self) -> None:
        """Expect the next word of the record being read, or its end."""
        word_ns, tape = self._to.ready_ns, (self._to.unit & 0o17) - 1
        next_frame = int(self._m.tape_head[tape]) + (self._to.word + 1) * _CHARACTERS
        if next_frame < self._m.tape_end_of[0]:
            self._to.expect(word_ns + self._word_ns)
            self._alarm.set(word_ns + self._word_ns + GONE_NS)
        else:
            self._to.expect(word_ns + self._give_ns)
            self._alarm.set(word_ns + self._give_ns)

    def _run_out(self) -> None:
        """Let the record go by to its end; nothing more can be copied from it."""
        _, _, head, end = self._span()
        left = -(-(end - head) // _CHARACTERS) - 1 - self._to.word
        self._to.go_on(left, self._to.ready_ns + left * self._word_ns)
        self._next_word()

    def _end_reading(self) -> None:
        tape, frames, head, end = self._span()
        if self._to.word == _FILE:
            self._m.tape_place[tape] += self._given.tape_file_gap + 1
        else:
            self._m.tape_place[tape] += end - head + self._given.tape_gap
            record = Record((frames[head:end] & 0x7F).tobytes())
            if not tapes.good(record, binary=self._is_binary()):
                self._s.tape_check[0] = 1
        self._m.tape_head[tape] = end
        self._disconnect()

    def _is_binary(self) -> bool:
        return self._to.unit & BINARY == BINARY

    # copying

    def copy(self, word: int) -> Reply:
        """Answer a copy."""
        number, write = self._to.word, self._to.write
        over = not write and self._is_over()
        reply = self._to.meet(0 if over or number == 0 else self._word_ns - self._give_ns)
        if reply is not None:
            return reply
        if write:
            return self._put(word)
        if over:
            self._end_reading()
            return END_OF_FILE if number == _FILE else END_OF_RECORD
        _, frames, head, end = self._span()
        first = head + number * _CHARACTERS
        part = Record((frames[first : min(first + _CHARACTERS, end)] & 0x7F).tobytes())
        (got,), _ = tapes.words_of(part, binary=self._is_binary())
        self._next_word()
        return Reply(word=got, read=True)

    def _put(self, word: int) -> Reply:
        if not self._room():
            return NOT_READY
        self._write([word])
        self._write_next()
        return DONE

    def _room(self) -> int:
        """Tell how many words there is tape for."""
        place = int(self._m.tape_place[(self._to.unit & 0o17) - 1])
        return max(0, self._given.tape_length - place) // _CHARACTERS

    def _write(self, words: Sequence[int]) -> None:
        """Write words; the first of a record makes worthless whatever stood behind."""
        tape = (self._to.unit & 0o17) - 1
        frames = bytearray(tapes.record_of(words, binary=self._is_binary()).frames)
        if self._to.word == 0:
            resize(self.frames(tape), int(self._m.tape_head[tape]))
            frames[0] |= MARK
        append(self.frames(tape), np.frombuffer(frames, np.uint8))
        self._m.tape_place[tape] += len(frames)

    def _write_next(self) -> None:
        self._to.expect(self._to.ready_ns + self._word_ns)
        self._alarm.set(self._to.ready_ns + GONE_NS)

    # copying many words in one go

    def passage(self, until_ns: int, most: int) -> Passage:
        """Foretell the next words of the record, or when they could be written."""
        number, write = self._to.word, self._to.write
        most = min(most, 1 + max(0, until_ns - self._to.ready_ns) // self._word_ns)
        if write:
            words, ends = np.zeros(min(most, self._room()), np.int64), False
        elif self._is_over():
            return NO_PASSAGE
        else:
            _, frames, head, end = self._span()
            first = head + number * _CHARACTERS
            last = min(first + most * _CHARACTERS, end)
            part = Record((frames[first:last] & 0x7F).tobytes())
            words, ends = np.array(tapes.words_of(part, binary=self._is_binary())[0]), last == end
        times_ns = self._to.ready_ns + np.arange(len(words) + 1) * self._word_ns
        times_ns[-1] -= (self._word_ns - self._give_ns) * ends
        passage = passage_of(words, times_ns, write=write, ends=ends)
        return passage._replace(late_ns=passage.late_ns - (self._word_ns - self._give_ns))

    def passed(self, passage: Passage, count: int) -> None:
        """Go on behind so many words, which now stand on the tape if it is written on."""
        if passage.write:
            self._write(passage.words[:count].tolist())
        self._to.take(passage, count)
        if passage.write:
            self._write_next()
        else:
            self._next_word()

    def _passes(self) -> None:
        if self._to.awaited:
            self._alarm.set(self._to.now_ns + GONE_NS)
        elif self._to.write:
            self._end_writing()
        elif self._is_over():
            self._end_reading()
        else:
            self._to.lose()
            self._run_out()

    # writing, and moving without the program

    def _end_writing(self) -> None:
        tape = (self._to.unit & 0o17) - 1
        if self._to.word:
            self._written(tape, self._given.tape_gap)
        self._disconnect()

    def _written(self, tape: int, gap: int) -> None:
        self._m.tape_head[tape] = len(self.frames(tape))
        self._m.tape_place[tape] += gap
        if self._m.tape_place[tape] >= self._given.tape_end:
            self._s.tape_end[0] = 1

    def _write_mark(self, tape: int) -> None:
        starts_ns = self._starts_ns(tape)
        resize(self.frames(tape), int(self._m.tape_head[tape]))
        append(self.frames(tape), [FILE_MARK])
        self._written(tape, self._given.tape_file_gap + 1)
        self._m.tape_control_ns[0] = starts_ns + self._length_ns(self._given.tape_file_gap + 1)

    def _back(self, tape: int) -> None:
        frames, end = self.frames(tape), int(self._m.tape_head[tape])
        if end == 0:
            return
        head = _last_mark(frames, end)
        is_mark = end == head + 1 and frames[head] == FILE_MARK
        length = end - head + (self._given.tape_file_gap if is_mark else self._given.tape_gap)
        self._m.tape_control_ns[0] = self._starts_ns(tape) + self._length_ns(length)
        self._m.tape_head[tape] = head
        self._m.tape_place[tape] = max(0, int(self._m.tape_place[tape]) - length) if head else 0

    def _disconnect(self) -> None:
        self._alarm.clear()
        self._to.disconnect()

    def cut(self) -> None:
        """Disconnect; a record being written ends here, one being read passes."""
        if self._to.write:
            self._end_writing()
        else:
            self._end_reading()


def _next_mark(frames: NDArray[np.uint8], first: int) -> int:
    """Find where the next record begins from a frame on; the length of the tape if none does."""
    while first < len(frames):
        marks = np.flatnonzero(frames[first : first + _NEAR] & MARK)
        if marks.size:
            return first + int(marks[0])
        first += _NEAR
    return len(frames)


def _last_mark(frames: NDArray[np.uint8], end: int) -> int:
    """Find where the last record before a frame begins."""
    while end > 0:
        start = max(0, end - _NEAR)
        marks = np.flatnonzero(frames[start:end] & MARK)
        if marks.size:
            return start + int(marks[-1])
        end = start
    return 0


def frames_of(records: list[Record]) -> NDArray[np.uint8]:
    """Give the frames of records as they stand on a unit.

    A record that a file tells is damaged gets a frame of wrong parity, so that it is found out.
    """
    parts = bytearray()
    for record in records:
        start = len(parts)
        parts += record.frames
        if record.damaged:
            parts[start] ^= 0x40
        parts[start] |= MARK
    return np.frombuffer(bytes(parts), np.uint8)


def records_on(frames: NDArray[np.uint8]) -> list[Record]:
    """Give the records of frames as they stand on a unit; none of a blank reel."""
    bounds = [*(int(start) for start in np.flatnonzero(frames & MARK)), len(frames)]
    plain = (frames & 0x7F).tobytes()
    return [Record(plain[start:end]) for start, end in pairwise(bounds)]
