"""Whether what the units remember can be so; see :mod:`machines.ibm704.soundness`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from simulator.kernel import NEVER
from simulator.machine import LAST_NS

from ..media.cards import COLUMNS, WORDS
from ..media.drums import WORDS as DRUM_WORDS
from ..media.tapes import MARK
from ..state import State
from ..words import WORD
from . import card_punch, card_reader, crt, printer
from .memory import DRUMS, FRAME_END, TAPE_FIELDS, TAPES, Memory

_UNITS = {
    "reader": (card_reader.ADDRESS,),
    "punch": (card_punch.ADDRESS,),
    "printer": (printer.ADDRESS,),
    "crt": (crt.ADDRESS,),
    "tape": (*range(0o201, 0o201 + TAPES), *range(0o221, 0o221 + TAPES)),
    "drum": tuple(range(0o301, 0o301 + DRUMS)),
}


def unsound(state: State, memory: Memory) -> str | None:
    """Name the first field that cannot be as it is; None if all are sound."""
    checks = (*_times(state, memory), *_media(memory), *_record(state, memory))
    return next((name for name, sound in checks if not sound), None)


def _times(s: State, m: Memory) -> Iterator[tuple[str, bool]]:
    now_ns, unit = int(s.now_ns[0]), int(s.io_unit[0])
    for name, addresses in _UNITS.items():
        due_ns = int(getattr(m, f"{name}_due_ns")[0])
        connected = unit in addresses
        yield f"{name}_due_ns", now_ns < due_ns <= LAST_NS if connected else due_ns == NEVER
    yield "io_unit", unit == 0 or any(unit in addresses for addresses in _UNITS.values())
    for name in Memory._fields:
        cells = getattr(m, name)
        if name.endswith("_ns") and not name.endswith("_due_ns"):
            yield name, _within(cells, LAST_NS, NEVER)
        if name.startswith("io_") and not name.endswith("_ns") and unit == 0:
            yield name, not cells[0]


def _media(m: Memory) -> Iterator[tuple[str, bool]]:
    for name in (
        "io_write", "io_asked", "io_lost", "reader_attached", "reader_ended", "punch_attached",
        "printer_attached", "printer_entry", "drum_attached", "crt_attached", "crt_selected",
    ):  # fmt: skip
        yield name, _within(getattr(m, name), 1)
    for name in ("reader", "punch", "printer"):
        yield f"{name}_columns", _within(getattr(m, f"{name}_columns"), 0o7777)
        yield f"{name}_words", _within(getattr(m, f"{name}_words"), WORD)
    yield "reader_columns", len(m.reader_columns) % COLUMNS == 0
    yield "reader_next", _within(m.reader_next, len(m.reader_columns) // COLUMNS)
    yield "punch_columns", len(m.punch_columns) == COLUMNS * len(m.punch_stacked)
    yield "printer_columns", len(m.printer_columns) == printer.COLUMNS * len(m.printer_spaced)
    for name in ("punch_hubs", "punch_stacked"):
        yield name, _within(getattr(m, name), 3)
    for name in ("printer_hubs", "printer_spaced"):
        yield name, _within(getattr(m, name), 0o1777)
    for name in ("punch_count", "printer_count", "crt_count"):
        yield name, _within(getattr(m, name), LAST_NS)
    yield "drum_words", _within(m.drum_words, WORD)
    yield "drum_address", _within(m.drum_address, DRUM_WORDS - 1)
    yield "crt_film", _within(m.crt_film, WORD, FRAME_END)
    yield "tape_attached", _within(m.tape_attached, 2)
    yield "tape_place", _within(m.tape_place, LAST_NS >> 20)
    for number, name in enumerate(TAPE_FIELDS):
        frames, head = getattr(m, name), int(m.tape_head[number])
        yield name, not len(frames) or bool(frames[0] & MARK)
        at_record = 0 <= head <= len(frames) and (head == len(frames) or frames[head] & MARK)
        yield "tape_head", bool(at_record)


def _record(s: State, m: Memory) -> Iterator[tuple[str, bool]]:
    """Check the record that is passing: compiled or not, its words are taken by their numbers."""
    unit, word, write = int(s.io_unit[0]), int(m.io_word[0]), bool(m.io_write[0])
    if unit in _UNITS["tape"]:
        tape = (unit & 0o17) - 1
        frames, head = getattr(m, TAPE_FIELDS[tape]), int(m.tape_head[tape])
        end = int(m.tape_end_of[0])
        yield "tape_attached", bool(m.tape_attached[tape])
        yield "tape_end_of", write or head < end <= len(frames)
        # written frames stand behind the head while their record lasts
        yield "io_word", word >= -1 and (write or 6 * (word - 1) < end - head)
    elif unit in _UNITS["drum"]:
        yield "drum_attached", bool(m.drum_attached[(unit & 0o17) - 1])
        yield "io_word", word >= 0
    elif unit == card_reader.ADDRESS:
        yield "io_word", 0 <= word <= WORDS + 1
        yield "io_write", not write
    elif unit == printer.ADDRESS:
        yield "io_word", 0 <= word <= len(printer.WRITING if write else printer.READING)
    elif unit == card_punch.ADDRESS:
        yield "io_word", 0 <= word <= WORDS
        yield "io_write", write
    if unit:
        yield "io_ready_ns", int(m.io_ready_ns[0]) >= 0
    for name in ("reader", "punch", "printer"):
        if unit in _UNITS[name]:
            on_file = name == "reader" and word > WORDS
            yield f"{name}_first_ns", on_file or int(getattr(m, f"{name}_first_ns")[0]) >= 0


def _within(cells: Any, most: int, least: int = 0) -> bool:
    return not cells.size or bool(np.all((cells >= least) & (cells <= most)))
