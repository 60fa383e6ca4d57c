"""Random programs for the units of a 704: loops of copies, in time and late, and an operator."""

from __future__ import annotations

import random
from typing import Any

import numpy as np

from machines.ibm704 import Description, Ibm704
from machines.ibm704.devices import Units, UnitsDescription, mount_cards, mount_tape
from machines.ibm704.media import cards
from machines.ibm704.media.tapes import FILE_MARK, Record, record_of
from machines.ibm704.operations import BY_MNEMONIC
from simulator.logbook import Entry

CODE, WHERE, COUNTS, PAUSE, DATA = 64, 1000, 1010, 1020, 1200
"""Where the program stands, drum addresses, counts of words, the length of a delay, the data."""
SELECTS = [
    BY_MNEMONIC[name].code << 24 | unit
    for name, units in {
        "RDS": (0o221, 0o201, 0o222, 0o301, 0o302, 0o321, 0o361),
        "WRS": (0o221, 0o201, 0o301, 0o302, 0o341, 0o361, 0o030, 0o333),
        "REW": (0o221, 0o222), "WEF": (0o221, 0o202), "BST": (0o221, 0o222),
    }.items()
    for unit in units
]  # fmt: skip
ACTS = (0o030, 0o341, 0o342, 0o360, 0o361, 0o371)
"""CFF, SPU, SPT and SPR."""


def op(mnemonic: str, y: int = 0, tag: int = 0, decrement: int = 0) -> int:
    operation = BY_MNEMONIC[mnemonic]
    return operation.code << 24 | decrement << 18 | tag << 15 | y + max(0, operation.first)


def program(rng: random.Random) -> list[int]:
    """Selects, each with a loop of copies whose turns take a random time."""
    words: list[int] = []
    for _ in range(rng.randrange(4, 14)):
        words.append(rng.choice(SELECTS))
        if rng.random() < 0.3:
            words.append(op("LDA", WHERE + rng.randrange(8)))
        if rng.random() < 0.15:
            words.append(op("CLM") | rng.choice(ACTS))
        words.append(op("LXA", COUNTS + rng.randrange(4), 1))
        loop = CODE + len(words)
        to = rng.choice((DATA, DATA, DATA, DATA + 600, loop + 3))
        words.append(op(rng.choice(("CPY", "CPY", "CAD")), to, rng.choice((0, 1))))
        words += rng.choice((
            [], [], [op("COM")], [op("NOP")] * rng.randrange(4), [op("NOP")] * rng.randrange(16),
            [op("RTT"), op("NOP"), op("HPR")], [op("ADD", DATA), op("STO", DATA + 700)],
            [op("MPY", DATA)] * rng.randrange(1, 3),
        ))  # fmt: skip
        if rng.random() < 0.05:
            words += [op("LXA", PAUSE, 4), op("TIX", CODE + len(words) + 1, 4, 1)]
        words.append(op("TIX", loop, 1, 1))
        here = CODE + len(words)
        words.append(op("TRA", rng.choice((here + 3, here + 3, CODE))))
        words.append(op("TRA", here + 1 + rng.randrange(3)))
        words.append(op("RTT"))
        words.append(op("NOP"))
    return [*words, op("TRA", CODE)]


def operator(rng: random.Random, words: list[int]) -> tuple[list[Entry], int]:
    """What somebody does meanwhile with keys, marks, cards and paper; and until when."""
    entries: list[Entry] = []
    t_ns = 0

    def add(control: str, value: Any = None) -> None:
        entries.append(Entry(len(entries), t_ns, f"ibm704.{control}", value))

    selects = [CODE + place for place, word in enumerate(words) if word in SELECTS]
    add("console.start")
    for _ in range(rng.randrange(3, 40)):
        t_ns += rng.choice((1, 12_000, 24_000, 96_000, 400_000, 777_777, 5_000_000, 400_000_000))
        at = rng.choice((DATA, DATA - 10, CODE + rng.randrange(len(words))))
        deck = np.array([rng.randrange(4096) for _ in range(80 * rng.randrange(4))], np.uint16)
        act, value = rng.choice((
            ("console.reset", None), ("printer.take", rng.choice((None, 1))), ("punch.take", None),
            ("crt.take", None), ("console.lever", rng.randrange(2)), ("control.unmark", None),
            ("control.mark", {"at": at, "mark": rng.randrange(4)}), ("reader.load", deck),
            ("control.limit", t_ns + rng.choice((0, 1, 50_000, 3_000_000, 100_000_000))),
            ("console.single_step", None), ("console.multiple_step", rng.randrange(2)),
            (rng.choice(("console.load_cards", "console.load_tape", "console.load_drum")), None),
            ("printer.entry", rng.randrange(2)), *[("console.start", None)] * 9,
        ))  # fmt: skip
        if act == "console.start":
            add("register.IC", rng.choice(selects))
        add(act, value)
    return entries, t_ns


def numbers(rng: random.Random) -> dict[str, int]:
    """Units that are slow or quick, large or small."""
    given: dict[str, int] = {}
    for some in (
        {"tape_length": rng.choice((3000, 9000)), "tape_end": 2500}, {"lines_held": 3},
        {"film_held": rng.choice((3, 100))}, {"cards_held": 4},
        {"drum_word_us": rng.choice((24, 36)), "drum_index_us": rng.choice((24, 40, 120))},
        {"tape_word_us": rng.choice((60, 36)), "tape_give_us": rng.choice((36, 20, 1))},
    ):  # fmt: skip
        given |= some if rng.random() < 0.2 else {}
    return given


def reel(rng: random.Random) -> list[Record]:
    """Records of both parities, some with part of a word at their end, and file marks."""
    records = []
    for _ in range(rng.randrange(9)):
        words = [rng.getrandbits(36) for _ in range(rng.choice((1, 2, 3, 14, 25, 90)))]
        record = record_of(words, binary=rng.random() < 0.8)
        records.append(Record(record.frames[: len(record.frames) - rng.choice((0, 0, 0, 1, 3))]))
        if rng.random() < 0.15:
            records.append(FILE_MARK)
    return records


def machine(engine: str, seed: int) -> tuple[Ibm704, list[int], random.Random]:
    """A machine with everything mounted and a program in it; the program, and more chance."""
    rng = random.Random(seed)
    given = numbers(rng)
    cpu = Description(
        core_words=rng.choice((4096, 32768)), cycle_us=rng.choice((12, 12, 7)),
        undefined_stops=rng.randrange(2),
    )  # fmt: skip
    made = Ibm704(cpu, engine=engine, units=Units(UnitsDescription(**given)))
    words = program(rng)
    made.deposit(0, [op("TRA", CODE)] * CODE)
    made.deposit(CODE, words)
    made.deposit(WHERE, [rng.choice((0, 250, 255, 2040, 2047)) for _ in range(8)])
    made.deposit(COUNTS, [rng.choice((1, 5, 14, 23, 24, 24, 24, 25, 300, 2100)) for _ in range(4)])
    made.deposit(PAUSE, [rng.choice((100, 3000, 20000))])
    made.deposit(DATA, [rng.getrandbits(36) for _ in range(600)])
    deck = [
        cards.from_words([rng.getrandbits(36) for _ in range(24)]) for _ in range(rng.randrange(4))
    ]
    mount_cards(made, deck, file_ends=rng.random() < 0.7)
    small = "tape_length" in given
    for number in (1, 2):
        mount_tape(made, number, [] if small else reel(rng), ring=rng.random() < 0.8)
        content = np.array([rng.getrandbits(36) for _ in range(2048)])
        made.operate(f"ibm704.drum{number}.mount", content)
    for unit in ("punch", "printer", "crt"):
        made.operate(f"ibm704.{unit}.attached", 1)
    made.operate("ibm704.register.IC", CODE)
    return made, words, rng
