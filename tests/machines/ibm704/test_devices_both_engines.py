"""Both engines with all units; snapshots, saved machines and steps back in the middle of things."""

import itertools
import random
import tracemalloc

import numpy as np
import pytest
from with_units import MS, machine, put, run

from machines.ibm704 import Ibm704, Stop, load
from machines.ibm704.devices import (
    Units,
    UnitsDescription,
    mount_cards,
    mount_drum,
    mount_tape,
    page,
    take_cards,
    take_frames,
    take_lines,
)
from machines.ibm704.media import cards
from machines.ibm704.media.tapes import FILE_MARK, record_of
from machines.ibm704.operations import BY_MNEMONIC
from simulator import logbook
from simulator.errors import Mistake
from simulator.history import History
from simulator.lockstep import lockstep
from simulator.logbook import Entry
from simulator.pedigree import pedigree
from simulator.state import copy, diff

engines = pytest.mark.parametrize("engine", ["compiled", "reference"])

EVERYTHING = """
       ORG 64
START  RCD                CARD TO STORAGE
       LXA ZERO,1
READ   CPY IMAGE,1
       TXI READ,1,-1
       HTR *
       WPU                TO A CARD
       LXA COUNT,1
       CPY IMAGE+24,1
       TIX *-1,1,1
       WPR                TO PAPER
       LXA COUNT,1
       CPY IMAGE+24,1
       TIX *-1,1,1
       SPR 4
       WTB 1              TO TAPE
       LXA COUNT,1
       CPY IMAGE+24,1
       TIX *-1,1,1
       WEF 1
       BST 1
       BST 1
       RTB 1
       LXA COUNT,1
       CPY BACK+24,1
       TIX *-1,1,1
       WDR 2              TO THE DRUM
       LDA WHERE
       LXA COUNT,1
       CPY BACK+24,1
       TIX *-1,1,1
       RDR 2
       LDA WHERE
       LXA COUNT,1
       CPY BACK+24,1
       TIX *-1,1,1
       WTV                TO THE SCREEN
       LXA COUNT,1
       CPY BACK+24,1
       TIX *-1,1,1
       CFF
       IOD
       TRA START
ZERO   PZE
COUNT  PZE 24
WHERE  PZE 250
IMAGE  BSS 24
BACK   BSS 24
       END START"""


def equipped(engine, deck=None, source=EVERYTHING, tape_1=()):
    made, _ = machine(source, engine)
    if deck is None:
        deck = [cards.from_text(f"CARD {number}") for number in range(4)]
    mount_cards(made, deck)
    mount_tape(made, 1, tape_1)
    mount_tape(made, 2, [record_of([n], binary=n % 2 == 0) for n in range(9)] + [FILE_MARK])
    mount_drum(made, 2)
    for unit in ("punch", "printer", "crt"):
        made.operate(f"ibm704.{unit}.attached", 1)
    return made


@engines
def test_a_card_goes_all_the_way_round(engine):
    made = equipped(engine)
    run(made)
    text = [f"CARD {number}" for number in range(4)]
    assert list(page(take_lines(made))) == [line for card in text for line in ("", card)]
    assert take_cards(made) == [cards.from_text(card) for card in text]
    assert take_frames(made) == [cards.words_of(cards.from_text(card)) for card in text]


def test_the_engines_agree_with_every_unit_at_work():
    entries = [Entry(0, 0, "ibm704.console.start", None)]
    parted = lockstep(equipped("reference"), equipped("compiled"), entries, 9_000 * MS)
    assert parted is None, parted


@pytest.mark.parametrize("at_ms", [100, 137, 400, 600, 800, 1237, 1300])
@engines
def test_a_machine_goes_on_from_a_snapshot_as_though_nothing_had_been(engine, at_ms):
    made = equipped(engine)
    made.operate("ibm704.console.start")
    made.run(at_ms * MS)
    middle = made.snapshot()
    made.run(4_000 * MS)
    end = made.snapshot()
    made.restore(middle)
    made.run(4_000 * MS)
    assert diff(made.snapshot(), end) == []
    twin = Ibm704(engine="reference" if engine == "compiled" else "compiled", units=Units())
    twin.restore(middle)
    twin.run(4_000 * MS)
    assert diff(twin.snapshot(), end) == []


def test_a_machine_saved_in_the_middle_of_a_card_goes_on(tmp_path):
    made = equipped("compiled")
    made.operate("ibm704.console.start")
    made.run(140 * MS)
    assert made.number("ibm704.control.unit") == 0o321
    made.save(tmp_path / "middle.npz")
    loaded, _ = load(tmp_path / "middle.npz", "reference", Units())
    for one in (made, loaded):
        one.run(3_000 * MS)
    assert diff(made.snapshot(), loaded.snapshot()) == []


def test_a_saved_machine_comes_back_with_the_numbers_its_units_had(tmp_path):
    made, _ = machine(EVERYTHING, drum_word_us=48, tape_length=1_000, tape_end=900)
    mount_drum(made, 1)
    made.save(tmp_path / "quick.npz")
    loaded, _ = load(tmp_path / "quick.npz", units=Units())
    assert loaded.units.description == made.units.description != UnitsDescription()
    put(
        loaded,
        "       ORG 64\nSTART  RDR 1\n       CPY 0\n       CPY 0\n       HPR\n       END START",
    )
    run(loaded)
    first_ns = 255 * 48_000 + 120_000  # a revolution
    assert loaded.now_ns == first_ns + 48_000 + 4 * 12_000
    with pytest.raises(Mistake, match="more than a reel"):
        mount_tape(loaded, 1, [record_of([1] * 400, binary=True)])


@pytest.mark.parametrize(
    "units", [{}, {"tape_gap": 1}, 3, {**UnitsDescription().to_json(), "x": 1}]
)
def test_impossible_numbers_of_saved_units_are_refused_in_one_line(units):
    given = {**Ibm704().to_json(), "units": units}
    with pytest.raises(Mistake, match="units of a 704") as refused:
        Ibm704.from_json(given, units=Units())
    assert "\n" not in str(refused.value)


def test_a_machine_saved_before_units_had_numbers_in_the_file_keeps_those_it_is_given():
    given = {"numbers": Ibm704().to_json()["numbers"]}
    units = Units(UnitsDescription(tape_length=7_000, tape_end=6_000))
    assert Ibm704.from_json(given, units=units).to_json()["units"]["tape_length"] == 7_000


def test_a_saved_machine_needs_its_units(tmp_path):
    equipped("compiled").save(tmp_path / "units.npz")
    with pytest.raises(Mistake, match=r"saved with input-output units; give units=Units\(\)"):
        load(tmp_path / "units.npz")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("reader_next", 99), ("io_word", 40), ("reader_due_ns", 5), ("tape_due_ns", 10**12),
        ("tape_head", 7), ("io_ready_ns", -1), ("punch_stacked", 9), ("drum_address", 2048),
        ("reader_words", 1 << 36), ("io_unit", 0o341),
    ],
)  # fmt: skip
def test_a_saved_machine_whose_units_contradict_themselves_is_refused(tmp_path, field, value):
    made = equipped("compiled")
    made.operate("ibm704.console.start")
    made.run(140 * MS)
    state = copy(made.snapshot())
    if field == "punch_stacked":
        state = state._replace(punch_stacked=np.full(1, value, np.int64))
    else:
        getattr(state, field)[0] = value
    assert made.units.unsound(made.snapshot()) is None
    assert made.units.unsound(state) is not None


def test_undo_takes_the_paper_back():
    made = equipped("compiled")
    history = History(made)
    history.mark()
    made.operate("ibm704.console.start")
    made.run(1_000 * MS)
    before = made.snapshot()
    history.mark()
    made.operate("ibm704.printer.take")
    made.run(3_000 * MS)
    history.undo()
    assert diff(made.snapshot(), before) == []
    history.redo()
    assert made.now_ns == 3_000 * MS


def test_a_logbook_brings_the_same_machine_back(tmp_path):
    made, _ = machine(EVERYTHING)
    made.logbook = logbook.Logbook(tmp_path / "book.jsonl", "ibm704", made.to_json())
    mount_cards(made, [cards.from_text("A"), cards.from_text("B")])
    mount_tape(made, 1)
    mount_drum(made, 2)
    for unit in ("punch", "printer", "crt"):
        made.operate(f"ibm704.{unit}.attached", 1)
    made.operate("ibm704.console.start")
    made.run(2_500 * MS)
    take_lines(made)
    made.run(3_000 * MS)
    made.logbook.close()
    other, _ = machine(EVERYTHING, "reference")
    _, entries = logbook.load(tmp_path / "book.jsonl", "ibm704")
    logbook.replay(other, entries)
    other.run(made.now_ns)
    assert diff(other.snapshot(), made.snapshot()) == []


@engines
def test_reset_in_the_middle_of_a_line_prints_what_there_is(engine):
    made = equipped(engine)
    made.operate("ibm704.console.start")
    while made.number("ibm704.control.unit") != 0o361:
        made.run(made.next_due_ns())
    made.run(made.now_ns + 150 * MS)
    made.operate("ibm704.console.reset")
    assert made.number("ibm704.control.unit") == 0
    assert len(take_lines(made)) == 1
    made.run(made.now_ns + 10**9)
    assert made.stop == Stop.IDLE


@engines
def test_on_manual_a_program_in_a_record_runs_on_until_the_unit_disconnects(engine):
    made = equipped(engine)
    made.operate("ibm704.console.start")
    made.run(100 * MS)
    made.operate("ibm704.console.lever", "manual")
    assert made.stop == Stop.RUNNING
    made.run(10_000 * MS)
    assert made.stop == Stop.MANUAL
    assert made.number("ibm704.control.unit") == 0


UNIT_WORDS = [
    BY_MNEMONIC[name].code << 24 | unit
    for name, units in {
        "RDS": (0o221, 0o202, 0o222, 0o302, 0o321, 0o361), "REW": (0o221, 0o202),
        "WRS": (0o221, 0o201, 0o302, 0o341, 0o361, 0o030, 0o333), "WEF": (0o201,),
        "BST": (0o201, 0o222),
    }.items()
    for unit in units
]  # fmt: skip
COPY, LDA, CAD = (BY_MNEMONIC[name].code << 24 for name in ("CPY", "LDA", "CAD"))
SENSE = [0o76000000030 | 0, *(0o76000000000 | hub for hub in (0o341, 0o342, 0o360, 0o361, 0o371))]


def random_program(rng):
    """Selects with copies, delays and senses between them; it stands from location 64 on."""
    words = []
    for _ in range(30):
        words.append(rng.choice(UNIT_WORDS))
        if rng.random() < 0.2:
            words.append(LDA | 200 + rng.randrange(8))
        for _ in range(rng.choice((0, 1, 1, 2, 5, 24))):
            words.append(rng.choice((COPY, COPY, COPY, CAD)) | 300 + rng.randrange(30))
            if rng.random() < 0.02:
                words.append(rng.choice(SENSE))
            if rng.random() < 0.01:
                # LXA 210,4 and TIX *,4,1: some to 20,000 cycles
                words += [0o053400400000 | 210, 0o200001400000 | 64 + len(words) + 1]
    return [*words, 0o002000000000 | 64]


def random_entries(rng, selects):
    """Starting again and again, with keys and hands on the units in between."""
    entries, t_ns = [], 0

    def add(control, value=None):
        entries.append(Entry(len(entries), t_ns, f"ibm704.{control}", value))

    add("console.start")
    for _ in range(40):
        t_ns += rng.choice((1, 12_000, 5 * MS, 100 * MS, 400 * MS))
        kind = rng.randrange(16)
        if kind < 12:
            add(
                "register.IC", rng.choice(selects) if rng.random() < 0.9 else 64 + rng.randrange(60)
            )
            add("console.start")
        elif kind == 12:
            add("console.reset")
        elif kind == 13:
            add(rng.choice(["printer.take", "punch.take", "crt.take"]))
        elif kind == 14:
            add("console.lever", rng.randrange(2))
        else:
            deck = np.array([rng.randrange(4096) for _ in range(160)], np.uint16)
            add("reader.load", deck)
    return entries, t_ns


def parting(seed):
    rng = random.Random(seed)
    program, data = random_program(rng), [rng.getrandbits(36) for _ in range(300)]
    selects = [64 + i for i, word in enumerate(program) if word in UNIT_WORDS]
    entries, t_ns = random_entries(rng, selects)
    both = []
    for engine in ("reference", "compiled"):
        records = [record_of(data[n : 3 * n], binary=True) for n in (1, 2, 9, 3, 30)]
        made = equipped(engine, [cards.from_words(data[:24])] * 2, tape_1=[*records, FILE_MARK])
        made.deposit(200, data)
        made.deposit(210, [seed * 7919 % 10_000])
        made.deposit(64, program[:10_000])
        both.append(made)
    parted = lockstep(*both, entries, t_ns + 500 * MS)
    final = both[1].snapshot()
    return parted, both[1].units.unsound(final), Stop(int(final.stop[0])), final


def compare(seeds):
    stops, moved = set(), 0
    for seed in seeds:
        parted, odd, stop, final = parting(seed)
        assert parted is None, f"seed {seed}: {parted}"
        assert odd is None, f"seed {seed}: {odd}"
        stops.add(stop)
        moved += int(final.printer_count[0] + final.punch_count[0] + final.reader_next[0])
    return stops, moved


def test_the_engines_agree_on_random_programs_for_the_units():
    stops, moved = compare(range(25))
    assert {Stop.READ_WRITE_CHECK} <= stops
    assert moved > 50


@pytest.mark.slow
def test_the_engines_agree_on_many_random_programs_for_the_units():
    compare(range(1000, 1300))


@pytest.mark.slow
def test_a_long_run_needs_no_more_storage_than_what_is_taken_at_a_time():
    source = """
       ORG 64
START  WPR
       LXA COUNT,1
       CPY DATA+24,1
       TIX *-1,1,1
       WTB 1
       CPY DATA
       REW 1
       TRA START
COUNT  PZE 24
DATA   BSS 24
       END START"""
    made = equipped("compiled", source=source)
    made.operate("ibm704.console.start")
    lines, peaks = 0, []
    tracemalloc.start()
    for quarter in range(1, 21):
        made.run(quarter * 15_000 * MS)
        lines += len(take_lines(made))
        if quarter % 10 == 0:
            peaks.append(tracemalloc.get_traced_memory()[0])
    tracemalloc.stop()
    assert lines == made.number("ibm704.printer.printed") > 700
    assert peaks[1] < peaks[0] + 100_000


def test_output_so_far_is_kept_when_the_machine_stops_by_a_check():
    made = equipped("compiled")
    put(made, EVERYTHING.replace("       SPR 4", "       CPY 0"))
    run(made, stop=Stop.READ_WRITE_CHECK)
    made.run(made.now_ns + 10**9)
    assert len(take_lines(made)) == len(take_cards(made)) == 1


ONE_RECORD = """
       ORG 64
START  {select}
       LXA COUNT,1
       CPY COUNT
       TIX *-1,1,1
       HTR *
COUNT  PZE 24
       END START"""


@pytest.mark.parametrize("select", ["WPU", "WPR", "WTB 1", "WDR 2", "WTV", "RCD", "RTB 2"])
@engines
def test_units_finish_what_they_do_after_a_halt(engine, select):
    made = equipped(engine, source=ONE_RECORD.format(select=select))
    run(made)
    halted_ns = made.now_ns
    assert made.let_units_finish() == made.now_ns < halted_ns + 50 * MS
    assert made.number("ibm704.control.unit") == 0
    assert made.stop == Stop.HALT
    made_of = {"WPU": take_cards(made), "WPR": take_lines(made)}
    assert len(made_of.get(select, "x")) == 1


def test_units_are_not_waited_for_without_end():
    made, _ = machine("       ORG 64\nSTART  RTB 1\n       HTR *\n       END START")
    mount_tape(made, 1, [record_of([1] * 20_000, binary=True)])  # passes in eight seconds
    run(made)
    halted_ns = made.now_ns
    assert made.let_units_finish() < halted_ns + 2_001 * MS


def test_units_do_not_finish_while_the_machine_runs():
    made = equipped("compiled")
    made.operate("ibm704.console.start")
    with pytest.raises(Mistake, match="is running"):
        made.let_units_finish()


def test_every_number_of_the_units_has_its_evidence():
    rows = pedigree(UnitsDescription)
    assert len(rows) > 30
    assert all(row.source for row in rows)


@pytest.mark.parametrize(
    "numbers",
    [
        {"reader_row_us": 0}, {"tape_give_us": 500}, {"reader_lead_us": 80_000},
        {"printer_cycle_us": 100_000}, {"punch_right_us": 20_000}, {"crt_point_us": 1.5},
    ],
)  # fmt: skip
def test_impossible_numbers_are_refused(numbers):
    with pytest.raises(Mistake):
        UnitsDescription(**numbers)


def test_the_controls_of_the_units_refuse_what_is_no_value_in_one_line():
    made, _ = machine()
    for path, control in made.controls.items():
        if path.split(".")[1].rstrip("0123456789") not in (
            "reader", "punch", "printer", "crt", "tape", "drum",
        ):  # fmt: skip
            continue
        assert control.doc
        for value in ("x", [0.5], {"frames": 3}, [[1]], object()):
            with pytest.raises(Mistake) as refused:
                made.operate(path, value)
            assert "\n" not in str(refused.value), path


def test_a_machine_without_units_has_nowhere_to_mount_a_deck():
    with pytest.raises(Mistake, match="without input-output units"):
        mount_cards(Ibm704(), [])


def test_a_deck_without_end_is_refused_and_does_not_fill_the_storage():
    made, _ = machine(cards_held=1_000)
    with pytest.raises(Mistake, match="up to 1000 cards"):
        mount_cards(made, itertools.repeat(cards.BLANK_CARD))


def test_a_file_larger_than_a_reel_is_refused(tmp_path):
    made, _ = machine(tape_length=1_000, tape_end=900)
    (tmp_path / "large.p7b").write_bytes(record_of([1] * 400, binary=True).frames)
    with pytest.raises(Mistake, match="larger than a reel"):
        mount_tape(made, 1, tmp_path / "large.p7b")
