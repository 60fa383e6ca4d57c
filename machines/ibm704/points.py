"""The two tables of the 704: what one can look at, and what one can touch.

Lamps and registers have the names of the console. Words are taken as whole numbers or, where a
person writes them, as octal text.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulator.errors import Mistake
from simulator.machine import LAST_NS
from simulator.points import Control, Kind, Point

from .description import Description
from .state import BREAK, WATCH, Stop
from .words import AC, WORD, from_octal

REASONS = ", ".join(f"{reason.value} {reason.name.lower().replace('_', ' ')}" for reason in Stop)


def points(description: Description) -> list[Point]:
    """Give the table of points of the central processing unit."""
    lamp, register, meter = Kind.LAMP, Kind.REGISTER, Kind.METER
    n = description.core_words.bit_length() - 1
    rows = [
        Point("ibm704.core.word", "core", register, "core storage, by location", width=36,
              first_label=0),
        Point("ibm704.register.AC", "ac", register, "accumulator S,Q,P,1-35", cell=0, width=38),
        Point("ibm704.register.AC_S", "ac", lamp, "accumulator S: 1 minus", cell=0, bits=(37, 37),
              width=1),
        Point("ibm704.register.AC_Q", "ac", lamp, "accumulator Q", cell=0, bits=(36, 36), width=1),
        Point("ibm704.register.AC_P", "ac", lamp, "accumulator P", cell=0, bits=(35, 35), width=1),
        Point("ibm704.register.AC_1_35", "ac", register, "accumulator 1-35", cell=0, bits=(34, 0),
              width=35),
        Point("ibm704.register.MQ", "mq", register, "multiplier-quotient register S,1-35", cell=0,
              width=36),
        Point("ibm704.register.SR", "sr", register, "storage register S,1-35", cell=0, width=36),
        Point("ibm704.register.IR", "ir", register,
              "instruction register: bits S,1-17 of the instruction", cell=0, width=18),
        Point("ibm704.register.IC", "ic", register, "instruction location counter", cell=0,
              width=n),
        Point("ibm704.register.XRA", "xr", register, "index register A, tag 1", cell=0, width=n),
        Point("ibm704.register.XRB", "xr", register, "index register B, tag 2", cell=1, width=n),
        Point("ibm704.register.XRC", "xr", register, "index register C, tag 4", cell=2, width=n),
        Point("ibm704.sense.light", "sense_light", lamp, "sense lights", width=1),
        Point("ibm704.sense.switch", "sense_switch", lamp, "sense switches: 1 down", width=1),
        Point("ibm704.console.automatic", "automatic", lamp, "lever: 1 automatic, 0 manual",
              cell=0, width=1),
        Point("ibm704.console.entry", "entry", register, "entry switches S,1-35", cell=0, width=36),
        Point("ibm704.console.index", "index_lamps", register,
              "index lamps: the index register on display", cell=0, width=n),
        Point("ibm704.console.index_shown", "index_shown", register,
              "which that is, by tag: 1 A, 2 B, 4 C, 0 none", cell=0, width=3),
        Point("ibm704.console.multiple_step", "multiple_step", lamp,
              "1 while the multiple step key is held", cell=0, width=1),
        Point("ibm704.control.stop", "stop", register, f"why the machine stands still: {REASONS}",
              cell=0, width=4),
        Point("ibm704.control.stopped_at", "stopped_at", register,
              "location of the instruction that stopped it", cell=0, width=n),
        Point("ibm704.control.waiting", "waiting", lamp,
              "1 while an instruction waits for an input-output unit", cell=0, width=1),
        Point("ibm704.control.loading", "loading", register,
              "load key: 0 not at work, 1 selects, 2 and 3 copies the first and second word",
              cell=0, width=2),
        Point("ibm704.control.load_unit", "load_unit", register,
              "address of the unit a load key wants, until its two words are in", cell=0, width=9),
        Point("ibm704.control.unit", "io_unit", lamp,
              "read-write select: address of the unit connected, 0 none", cell=0, width=9),
        Point("ibm704.control.cycles", "cycles", register,
              "machine cycles of instructions since power-on, waiting not counted", cell=0),
        Point("ibm704.control.instructions", "instructions", register,
              "instructions carried out since power-on", cell=0),
        Point("ibm704.control.next_ns", "cpu_due_ns", meter,
              "when the next instruction begins; -1 never", cell=0, unit="ns"),
        Point("ibm704.control.free_ns", "free_ns", meter,
              "when the cycles of the last instruction are over", cell=0, unit="ns"),
        Point("ibm704.control.limit_ns", "limit_due_ns", meter,
              "when the machine is to stop; -1 never", cell=0, unit="ns"),
        Point("ibm704.control.mark", "marks", register,
              "marks of locations: 1 stop before the instruction, 2 stop after a store", width=2,
              first_label=0),
    ]  # fmt: skip
    indicators = [
        ("ac_overflow", "AC overflow: a carry into P or a characteristic out of range"),
        ("mq_overflow", "quotient overflow: an MQ characteristic out of range"),
        ("divide_check", "divide check"),
        ("tape_check", "tape check: a redundancy error"),
        ("tape_end", "tape end indicator"),
        ("read_write_check", "read-write check: a copy without a unit, or too late"),
        ("trapping", "trap: transfers go to location 1"),
    ]
    for field, doc in indicators:
        rows.append(Point(f"ibm704.indicator.{field}", field, lamp, doc, cell=0, width=1))
    return rows


def controls(description: Description) -> list[Control]:
    """Give the table of controls of the central processing unit."""
    last = description.core_words - 1

    def key(value: Any) -> None:
        if value is not None:
            raise Mistake(f"a key is pressed without a value, not with {value!r}")

    def switch(value: Any) -> int:
        return _whole("a switch", value, 0, 1)

    def lever(value: Any) -> int:
        if isinstance(value, str) and value in ("manual", "automatic"):
            return int(value == "automatic")
        return _whole("the lever (1 automatic, 0 manual)", value, 0, 1)

    def deposit(value: Any) -> dict[str, Any]:
        if not isinstance(value, dict) or set(value) != {"at", "words"}:
            raise Mistake("a deposit is a dict of at (a location) and words")
        at = _whole("at", value["at"], 0, last)
        words = _words(value["words"])
        if at + len(words) > last + 1:
            raise Mistake(
                f"{len(words)} words from {at:05o} on do not fit into {last + 1} words of core "
                f"storage, whose last is {last:05o}"
            )
        return {"at": at, "words": words}

    def mark(value: Any) -> dict[str, int]:
        if not isinstance(value, dict) or set(value) != {"at", "mark"}:
            raise Mistake("a mark is a dict of at (a location) and mark (0 to 3)")
        at = _whole("at", value["at"], 0, last)
        return {"at": at, "mark": _whole("mark", value["mark"], 0, BREAK | WATCH)}

    def limit(value: Any) -> int | None:
        return None if value is None else _whole("the limit", value, 0, LAST_NS)

    keys = [
        ("start", "start: go on from the instruction counter (automatic)"),
        ("reset", "reset: registers and indicators cleared, units disconnected"),
        ("clear", "clear: as reset, and core storage cleared (automatic)"),
        ("single_step", "single step: one instruction (manual)"),
        ("enter_mq", "enter MQ: the entry switches into MQ (manual)"),
        ("enter_instruction", "enter instruction: execute the entry switches (manual)"),
        ("display_storage", "display storage: the word at the entry address into SR (manual)"),
        ("display_effective_address", "display effective address: of the word in SR (manual)"),
        ("display_A", "display A: index register A in the index lamps (manual)"),
        ("display_B", "display B: index register B in the index lamps (manual)"),
        ("display_C", "display C: index register C in the index lamps (manual)"),
        ("load_cards", "load cards: two words from the card reader, then start (automatic)"),
        ("load_tape", "load tape: two words from tape 1, then start (automatic)"),
        ("load_drum", "load drum: two words from drum 1, then start (automatic)"),
    ]
    table: list[tuple[str, str, Callable[[Any], Any]]] = [
        *((f"ibm704.console.{name}", f"key {doc}", key) for name, doc in keys),
        ("ibm704.console.lever", "lever: automatic (1) or manual (0)", lever),
        ("ibm704.console.multiple_step", "key multiple step: 1 held, 0 let go (manual)", switch),
        ("ibm704.console.entry", "entry switches: a word, or octal text", _word(WORD)),
        *((f"ibm704.sense.switch{i}", f"sense switch {i}: 1 down, 0 up", switch)
          for i in range(1, 7)),
        ("ibm704.register.AC", "put 38 bits S,Q,P,1-35 into the accumulator", _word(AC)),
        ("ibm704.register.MQ", "put a word into MQ", _word(WORD)),
        *((f"ibm704.register.{name}", f"put a location into {name}", _word(last))
          for name in ("IC", "XRA", "XRB", "XRC")),
        ("ibm704.core.deposit", "put words into storage: dict of at and words", deposit),
        ("ibm704.control.mark",
         "mark a location: dict of at and mark (1 stop before, 2 stop after a store, 0 none)",
         mark),
        ("ibm704.control.unmark", "take all marks away", key),
        ("ibm704.control.limit", "stop at this time, in ns; None for never", limit),
    ]  # fmt: skip
    return [Control(path, doc, accept) for path, doc, accept in table]


def _whole(name: str, value: Any, low: int, high: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int | np.integer):
        raise Mistake(f"{name} must be a whole number, not {value!r}")
    if not low <= value <= high:
        raise Mistake(f"{name} must lie between {low} and {high}, not {value}")
    return int(value)


def _word(most: int) -> Callable[[Any], int]:
    def accept(value: Any) -> int:
        if isinstance(value, str):
            value = from_octal(value)
        return _whole("a word", value, 0, most)

    return accept


def _words(value: Any) -> NDArray[np.int64]:
    """Take words as an array of whole numbers or a list of numbers and octal texts."""
    if isinstance(value, list | tuple):
        value = [_word(WORD)(word) for word in value]
    array = np.asarray(value, dtype=None if len(value) else np.int64)
    if array.ndim != 1 or array.dtype.kind not in "iu":
        raise Mistake("words must be whole numbers or octal texts, one after the other")
    if array.size and not 0 <= int(array.min()) <= int(array.max()) <= WORD:
        raise Mistake("a word has 36 bits: whole numbers from 0 to 777777777777 octal")
    return array.astype(np.int64)
