"""The points and controls of the units: what one can look at and touch on them.

Outputs stay on a unit (the lines on its paper, the cards in its stacker, the frames on its film)
until they are taken away, by a control; whoever runs the machine for long takes them as it goes.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulator.errors import Mistake
from simulator.points import Control, Kind, Point

from ..media.cards import COLUMNS
from ..media.drums import WORDS as DRUM_WORDS
from ..media.tapes import MARK
from ..words import WORD
from .description import UnitsDescription
from .memory import DRUMS, TAPES


def points() -> list[Point]:
    """Give the table of points of the units."""
    lamp, register, meter = Kind.LAMP, Kind.REGISTER, Kind.METER
    rows = [
        Point("ibm704.reader.attached", "reader_attached", lamp, "1: a deck was put in", cell=0,
              width=1),
        Point("ibm704.reader.columns", "reader_columns", register,
              "cards put in, 80 columns of 12 bits each", width=12, fixed=False),
        Point("ibm704.reader.read", "reader_next", meter, "cards of them that were read", cell=0),
        Point("ibm704.reader.ended", "reader_ended", lamp,
              "1: the end of the file has been given; an empty hopper is not ready", cell=0,
              width=1),
        Point("ibm704.punch.attached", "punch_attached", lamp, "1: there are blank cards", cell=0,
              width=1),
        Point("ibm704.punch.columns", "punch_columns", register,
              "cards in the stacker, 80 columns of 12 bits each", width=12, fixed=False),
        Point("ibm704.punch.hubs", "punch_stacked", register,
              "exit hubs that had an impulse, bit 0 is hub 1, for each card in the stacker",
              width=2, fixed=False),
        Point("ibm704.punch.punched", "punch_count", meter, "cards punched since power-on",
              cell=0),
        Point("ibm704.printer.attached", "printer_attached", lamp, "1: there is paper", cell=0,
              width=1),
        Point("ibm704.printer.columns", "printer_columns", register,
              "lines on the paper, 72 columns of 12 bits each", width=12, fixed=False),
        Point("ibm704.printer.hubs", "printer_spaced", register,
              "exit hubs that had an impulse, bit 0 is hub 1, for each line on the paper",
              width=10, fixed=False),
        Point("ibm704.printer.printed", "printer_count", meter, "lines printed since power-on",
              cell=0),
        Point("ibm704.printer.entry", "printer_entry", lamp, "1: impulse at the entry hub", cell=0,
              width=1),
        Point("ibm704.drum.words", "drum_words", register, "2,048 words of drum 1, of drum 2 ...",
              width=36, first_label=0),
        Point("ibm704.drum.attached", "drum_attached", lamp, "1: the logical drum is there",
              width=1),
        Point("ibm704.drum.address", "drum_address", register, "drum address of the next word",
              cell=0, width=11),
        Point("ibm704.copy.write", "io_write", lamp, "1: the unit connected is written on", cell=0,
              width=1),
        Point("ibm704.copy.word", "io_word", meter,
              "number of the next word of the record, from 0", cell=0),
        Point("ibm704.crt.attached", "crt_attached", lamp, "1: there is film", cell=0, width=1),
        Point("ibm704.crt.film", "crt_film", register,
              "words shown, in their order; -1 where the film was moved on", fixed=False),
        Point("ibm704.crt.frames", "crt_count", meter, "frames since power-on", cell=0),
        Point("ibm704.tape.attached", "tape_attached", register,
              "0 no reel, 1 a reel, 2 one without its ring, which cannot be written on", width=2),
        Point("ibm704.tape.place", "tape_place", meter, "tape wound off, in 1/200 inch"),
        Point("ibm704.tape.head", "tape_head", meter, "frames wound off"),
    ]  # fmt: skip
    for number in range(1, TAPES + 1):
        rows.append(
            Point(f"ibm704.tape{number}.frames", f"tape_{number}", register,
                  "frames on the reel; bit 7 marks the first of a record", width=8, fixed=False)
        )  # fmt: skip
    return rows


def controls(given: UnitsDescription) -> list[Control]:
    """Give the table of controls of the units."""

    def deck(value: Any) -> NDArray[np.int32] | None:
        if value is None:
            return None
        columns = _array("the columns of a deck", value, 0o7777, np.int32)
        if len(columns) % COLUMNS or len(columns) > given.cards_held * COLUMNS:
            raise Mistake(
                f"a deck is up to {given.cards_held} cards of {COLUMNS} columns each, not "
                f"{len(columns)} columns"
            )
        return columns

    def reel(value: Any) -> dict[str, Any] | None:
        if value is None:
            return None
        if not isinstance(value, dict) or set(value) != {"frames", "ring"}:
            raise Mistake("a reel is a dict of frames and ring (1 in, 0 out: not to be written on)")
        frames = _array("frames", value["frames"], 0o377, np.uint8)
        if len(frames) > given.tape_length:
            raise Mistake(f"{len(frames)} characters are more than a reel of tape holds")
        if len(frames) and not frames[0] & MARK:
            raise Mistake("the first frame of a reel must be marked (bit 7) as that of a record")
        return {"frames": frames, "ring": _switch("ring", value["ring"])}

    def drum(value: Any) -> NDArray[np.int64] | None:
        if value is None:
            return None
        words = _array("words of a drum", value, WORD, np.int64)
        if len(words) != DRUM_WORDS:
            raise Mistake(f"a drum is {DRUM_WORDS} words, not {len(words)}")
        return words

    def nothing(value: Any) -> None:
        if value is not None:
            raise Mistake(f"this is done without a value, not with {value!r}")

    def lines(value: Any) -> int | None:
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < 0:
            raise Mistake(f"lines to tear off are a whole number (None: all), not {value!r}")
        return int(value)

    def switch(value: Any) -> int:
        return _switch("this", value)

    table: list[tuple[str, str, Callable[[Any], Any]]] = [
        ("reader.load", "put a deck into the hopper: columns, 80 a card; None takes it out", deck),
        ("reader.ended",
         "whether a select of the empty reader finds it not ready (1), or first an end of file (0)",
         switch),
        ("punch.attached", "blank cards for the punch: 1 in, 0 out", switch),
        ("punch.take", "take the cards out of the stacker", nothing),
        ("printer.attached", "paper for the printer: 1 in, 0 out", switch),
        ("printer.take", "tear so many of the printed lines off, the first; None: all", lines),
        ("printer.entry", "impulse at the entry hub: 1 or 0", switch),
        ("crt.attached", "film for the CRT's camera: 1 in, 0 out", switch),
        ("crt.take", "take the finished frames out", nothing),
        *((f"tape{n}.mount", f"mount a reel on tape {n}: dict of frames and ring; None takes it "
           "off", reel) for n in range(1, TAPES + 1)),
        *((f"drum{n}.mount", f"put words on logical drum {n}; None takes it away", drum)
          for n in range(1, DRUMS + 1)),
    ]  # fmt: skip
    return [Control(f"ibm704.{path}", doc, accept) for path, doc, accept in table]


def _switch(name: str, value: Any) -> int:
    if isinstance(value, str) or value not in (0, 1):
        raise Mistake(f"{name} is 0 or 1, not {value!r}")
    return int(value)


def _array(name: str, value: Any, most: int, kind: Any) -> NDArray[Any]:
    try:
        array = np.asarray(value)
    except (ValueError, OverflowError) as error:
        raise Mistake(f"{name} must be whole numbers") from error
    if array.size == 0:
        return np.zeros(0, kind)
    if array.ndim != 1 or array.dtype.kind not in "iu":
        raise Mistake(f"{name} must be whole numbers, one after the other")
    if not 0 <= int(array.min()) <= int(array.max()) <= most:
        raise Mistake(f"{name} must lie between 0 and {most:o} octal")
    return array.astype(kind)
