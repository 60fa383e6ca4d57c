"""What the input-output units remember: further fields of the State.

Media are part of it: the cards in the hopper, the frames on each tape, the drums, what was printed,
punched and filmed and has not been taken away yet. So a snapshot, a saved machine and a step back
hold them too, and two engines are compared to the last punch. Fields that hold media are as long as
their content; they grow and shrink in place while the machine runs.
"""

from __future__ import annotations

from collections import namedtuple
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulator.kernel import NEVER

from ..media.drums import WORDS as DRUM_WORDS
from ..state import State

TAPES, DRUMS = 10, 8
FRAME_END = -1
"""On the film: here it was moved to the next frame."""


class Memory(NamedTuple):
    """The fields of the units."""

    io_write: NDArray[np.uint8]  # (1,) 1: the unit connected is written on
    io_word: NDArray[np.int64]  # (1,) number of the next word, from 0
    io_ready_ns: NDArray[np.int64]  # (1,) when the next word, or end, passes
    io_asked: NDArray[np.uint8]  # (1,) 1: a copy has been given for it
    io_lost: NDArray[np.uint8]  # (1,) 1: one was not given in time
    reader_due_ns: NDArray[np.int64]  # (1,)
    reader_attached: NDArray[np.uint8]  # (1,)
    reader_columns: NDArray[np.uint16]  # (80 n,) cards in the hopper and read
    reader_next: NDArray[np.int64]  # (1,) cards that have left the hopper
    reader_ended: NDArray[np.uint8]  # (1,) 1: the end of the file has been given
    reader_words: NDArray[np.int64]  # (24,) the card under the brushes
    reader_first_ns: NDArray[np.int64]  # (1,) row 9 left of the last card
    punch_due_ns: NDArray[np.int64]  # (1,)
    punch_attached: NDArray[np.uint8]  # (1,)
    punch_columns: NDArray[np.uint16]  # (80 n,) cards in the stacker
    punch_words: NDArray[np.int64]  # (24,) the card under the punches
    punch_first_ns: NDArray[np.int64]  # (1,)
    punch_hubs: NDArray[np.int64]  # (1,) exit hubs that had an impulse since the select, bit i-1
    punch_stacked: NDArray[np.int64]  # (n,) exit hubs of each card in the stacker
    punch_count: NDArray[np.int64]  # (1,) cards punched since power-on
    printer_due_ns: NDArray[np.int64]  # (1,)
    printer_attached: NDArray[np.uint8]  # (1,)
    printer_columns: NDArray[np.uint16]  # (72 n,) punches of the columns of each line
    printer_words: NDArray[np.int64]  # (24,) the line being set up
    printer_first_ns: NDArray[np.int64]  # (1,)
    printer_hubs: NDArray[np.int64]  # (1,) exit hubs that had an impulse since the select, bit i-1
    printer_entry: NDArray[np.uint8]  # (1,) 1: impulse at the entry hub
    printer_spaced: NDArray[np.int64]  # (n,) exit hubs of each line
    printer_count: NDArray[np.int64]  # (1,) lines printed since power-on
    tape_due_ns: NDArray[np.int64]  # (1,)
    tape_attached: NDArray[np.uint8]  # (10,) 0 no reel, 1 a reel, 2 one without its ring
    tape_head: NDArray[np.int64]  # (10,) frame at the head
    tape_place: NDArray[np.int64]  # (10,) 1/200 inch from the beginning
    tape_free_ns: NDArray[np.int64]  # (10,) when it is rewound
    tape_control_ns: NDArray[np.int64]  # (1,) when the tape control is free
    tape_end_of: NDArray[np.int64]  # (1,) end of the record being read, in frames
    tape_1: NDArray[np.uint8]  # (n,) frames; bit 7 marks the first of a record
    tape_2: NDArray[np.uint8]
    tape_3: NDArray[np.uint8]
    tape_4: NDArray[np.uint8]
    tape_5: NDArray[np.uint8]
    tape_6: NDArray[np.uint8]
    tape_7: NDArray[np.uint8]
    tape_8: NDArray[np.uint8]
    tape_9: NDArray[np.uint8]
    tape_10: NDArray[np.uint8]
    drum_due_ns: NDArray[np.int64]  # (1,)
    drum_attached: NDArray[np.uint8]  # (8,)
    drum_address: NDArray[np.int64]  # (1,) of the next word
    drum_words: NDArray[np.int64]  # (16384,) 2048 of each logical drum
    crt_due_ns: NDArray[np.int64]  # (1,)
    crt_attached: NDArray[np.uint8]  # (1,)
    crt_selected: NDArray[np.uint8]  # (1,) 1 until another unit is selected
    crt_free_ns: NDArray[np.int64]  # (1,) when the film stands still again
    crt_film: NDArray[np.int64]  # (n,) words shown; FRAME_END between frames
    crt_count: NDArray[np.int64]  # (1,) frames since power-on


TAPE_FIELDS = tuple(f"tape_{number}" for number in range(1, TAPES + 1))
FREE_LENGTHS = frozenset(
    {"reader_columns", "punch_columns", "punch_stacked", "printer_columns", "printer_spaced",
     "crt_film", *TAPE_FIELDS}
)  # fmt: skip
"""Fields whose length is free."""

_LENGTHS = {
    "reader_words": 24, "punch_words": 24, "printer_words": 24, "tape_attached": TAPES,
    "tape_head": TAPES, "tape_place": TAPES, "tape_free_ns": TAPES, "drum_attached": DRUMS,
    "drum_words": DRUMS * DRUM_WORDS,
}  # fmt: skip
_BYTES = {
    "io_write", "io_asked", "io_lost", "reader_attached", "reader_ended", "punch_attached",
    "printer_attached", "printer_entry", "tape_attached", "drum_attached", "crt_attached",
    "crt_selected", *TAPE_FIELDS,
}  # fmt: skip
_COLUMNS = {"reader_columns", "punch_columns", "printer_columns"}

_record: Any = namedtuple
Equipped: Any = _record("Equipped", (*State._fields, *Memory._fields))
"""A State with the fields of the units."""


def blank() -> Memory:
    """Give what the units remember when they are just switched on: nothing is attached."""
    return Memory(*map(_blank, Memory._fields))


def _blank(name: str) -> NDArray[Any]:
    kind = np.uint8 if name in _BYTES else np.uint16 if name in _COLUMNS else np.int64
    length = 0 if name in FREE_LENGTHS else _LENGTHS.get(name, 1)
    nothing = name.endswith(("_due_ns", "_ready_ns", "_first_ns"))
    return np.full(length, NEVER if nothing else 0, kind)


def memory_of(state: Any) -> Memory:
    """Give the units' fields of a State; the arrays are the State's own."""
    return Memory(*(getattr(state, name) for name in Memory._fields))


def append(array: NDArray[Any], values: Any) -> None:
    """Make an array longer, in place, by some values."""
    start = len(array)
    resize(array, start + len(values))
    array[start:] = values


def resize(array: NDArray[Any], length: int) -> None:
    """Make an array longer (by zeros) or shorter, in place.

    The State's arrays are known to more than one part, so a new array would not do. None of them
    keeps a view of an array of free length.
    """
    array.resize(length, refcheck=False)


def replace(array: NDArray[Any], values: Any) -> None:
    """Give an array another content and its length, in place."""
    resize(array, len(values))
    array[:] = values
