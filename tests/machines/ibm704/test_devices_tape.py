"""The tapes: their speed, records and files, back and rewind, checks and ends."""

import random

import pytest
from with_units import CYCLE_NS, MS, examine, machine, pause, put, run, stopped_at

from machines.ibm704 import Stop
from machines.ibm704.devices import mount_tape, save_tape
from machines.ibm704.media import tapes
from machines.ibm704.media.tapes import FILE_MARK, record_of
from simulator.errors import Mistake

engines = pytest.mark.parametrize("engine", ["compiled", "reference"])

READ = """
       ORG 64
START  RTB 1
       LXA ZERO,1
READ   CPY DATA,1
       TXI READ,1,-1
       HTR *              END OF FILE
       TRA {after}        END OF RECORD
DONE   HPR
ZERO   PZE
DATA   BSS 2500
       END START"""

WRITE = """
       ORG 64
START  LXA RECS,2
NEXT   {select}
       LXA COUNT,1
WRITE  CPY DATA+{words},1
       TIX WRITE,1,1
       TIX NEXT,2,1
       IOD
       HPR
RECS   PZE {records}
COUNT  PZE {words}
DATA   BSS {words}
       END START"""


def some_words(count, seed=727):
    rng = random.Random(seed)
    return [rng.getrandbits(36) for _ in range(count)]


def on(made, number):
    """The records on a tape."""
    frames = made.rack(f"ibm704.tape{number}.frames").tobytes()
    starts = [place for place, byte in enumerate(frames) if byte & 0x80]
    return [
        bytes(byte & 0x7F for byte in frames[start:end])
        for start, end in zip(starts, [*starts[1:], len(frames)], strict=True)
    ]


@engines
def test_a_tape_reads_2500_words_a_second(engine):
    took = []
    for count in (1, 2501):
        made, at = machine(READ.format(after="DONE"), engine)
        words = some_words(count)
        mount_tape(made, 1, [record_of(words, binary=True)])
        took.append(run(made))
        assert examine(made, at["DATA"], min(count, 2500)) == words[:2500]
        assert made.number("ibm704.indicator.tape_check") == 0
    assert took[1] - took[0] == 10**9


@engines
def test_a_tape_writes_2500_words_a_second(engine):
    took = []
    for count in (1, 2501):
        made, at = machine(WRITE.format(select="WTB 1", records=1, words=count), engine)
        mount_tape(made, 1)
        words = some_words(count)
        made.deposit(at["DATA"], words)
        took.append(run(made))
        assert on(made, 1) == [record_of(words, binary=True).frames]
    assert took[1] - took[0] == 10**9


@engines
def test_records_are_a_gap_of_three_quarters_of_an_inch_apart(engine):
    made, _ = machine(WRITE.format(select="WTB 1", records=10, words=20), engine)
    mount_tape(made, 1)
    run(made)
    assert made.number("ibm704.tape.place[1]") == 10 * (20 * 6 + 150)
    assert [len(frames) for frames in on(made, 1)] == [120] * 10
    # 40 ms from the load point, then 10 ms a gap; 20 words of 0.4 ms a record
    assert abs(made.now_ns - (40 + 9 * 10 + 10 * 20 * 0.4) * MS) < 3 * MS


@engines
def test_a_record_ends_by_itself_and_then_a_copy_is_too_late(engine):
    source = """
       ORG 64
START  WTB 1
       CPY DATA
{wait}
LATE   CPY DATA
       HPR
DATA   OCT 1
       END START"""
    for cycles, stop in ((24, Stop.HALT), (28, Stop.READ_WRITE_CHECK)):  # 336 us are 28 cycles
        made, at = machine(source.format(wait=pause(cycles)), engine)
        mount_tape(made, 1)
        run(made, stop=stop)
        made.run(made.now_ns + 10**9)
        assert on(made, 1) == [record_of([1] * (1 + (stop == Stop.HALT)), binary=True).frames]
        if stop != Stop.HALT:
            assert stopped_at(made) == at["LATE"]


@engines
def test_ends_of_records_and_of_the_file_skip(engine):
    made, at = machine(READ.format(after="START"), engine)
    records = [some_words(3, 1), some_words(4, 2)]
    mount_tape(made, 1, [*(record_of(words, binary=True) for words in records), FILE_MARK])
    run(made)
    assert stopped_at(made) == at["READ"] + 2
    assert examine(made, at["DATA"], 4) == records[1]


@engines
def test_the_file_mark_is_3_75_inches_away(engine):
    made, _ = machine(READ.format(after="START"), engine)
    mount_tape(made, 1, [FILE_MARK])
    took = run(made)
    assert took == (40 + 50) * MS + 3 * 2 * CYCLE_NS - 2 * CYCLE_NS


@engines
def test_a_record_that_is_not_copied_passes_all_the_same(engine):
    made, at = machine(
        """
       ORG 64
START  RTB 1
       RTB 1
       RTB 1              THE MARK
       RTB 1
       CPY DATA
       HPR
DATA   BSS 1
       END START""",
        engine,
    )
    long, short = record_of(some_words(100), binary=True), record_of([2], binary=True)
    mount_tape(made, 1, [long, short, FILE_MARK, record_of([3], binary=True)])
    run(made)
    assert made.examine(at["DATA"]) == 3


@engines
def test_back_one_record_and_rewind(engine):
    made, at = machine(
        """
       ORG 64
START  RTB 1
       RTB 1
       BST 1
       RTB 1
       CPY DATA
       REW 1
       RTB 1
       CPY DATA+1
       BST 1
       BST 1
       BST 1              AT THE LOAD POINT
       RTB 1
       CPY DATA+2
       HPR
DATA   BSS 3
       END START""",
        engine,
    )
    mount_tape(made, 1, [record_of([n], binary=True) for n in (1, 2, 3)])
    run(made)
    assert examine(made, at["DATA"], 3) == [2, 1, 1]
    made.run(made.now_ns + 10**9)
    assert made.number("ibm704.tape.place[1]") == 156


def test_a_whole_reel_rewinds_in_72_seconds_while_the_program_goes_on():
    made, at = machine(
        """
       ORG 64
START  REW 1
ON     STZ 0              THE PROGRAM GOES ON
       RTB 1
       HPR
       END START"""
    )
    mount_tape(made, 1, [record_of([n], binary=True) for n in range(8)])
    state = made.snapshot()
    state.tape_place[0] = 5_760_000
    made.restore(state)
    made.operate("ibm704.console.start")
    made.run(1 * MS)
    assert made.number("ibm704.register.IC") == at["ON"] + 1
    made.run_to_stop(10**12)
    assert made.now_ns == 72 * 10**9 + 2 * 2 * CYCLE_NS


@engines
def test_bcd_goes_on_tape_in_its_own_code_and_parity(engine):
    made, at = machine(
        """
       ORG 64
START  WTD 2
       CPY TEXT
       REW 2
       RTD 2
       CPY BACK
       CPY BACK
       HTR 0
       HTR 1
       HTR 2              END OF RECORD
TEXT   BCD 1A0 S/Z
BACK   BSS 1
       END START""",
        engine,
    )
    mount_tape(made, 2)
    run(made)
    assert made.examine(at["BACK"]) == made.examine(at["TEXT"])
    assert tapes.text_of(tapes.Record(on(made, 2)[0])) == "A0 S/Z"
    assert stopped_at(made) == at["TEXT"] - 1
    assert made.number("ibm704.indicator.tape_check") == 0


@engines
@pytest.mark.parametrize("binary", [True, False])
def test_a_frame_of_wrong_parity_turns_the_tape_check_on(engine, binary):
    made, at = machine(
        f"""
       ORG 64
START  {"RTB" if binary else "RTD"} 1
       CPY DATA
       IOD
       RTT
       HTR 1              IT WAS ON
       HTR 2
DATA   BSS 1
       END START""",
        engine,
    )
    frames = bytearray(record_of(some_words(50), binary=binary).frames)
    frames[200] ^= 0x40
    mount_tape(made, 1, [tapes.Record(bytes(frames))])
    run(made)
    assert stopped_at(made) == at["DATA"] - 2
    assert made.number("ibm704.indicator.tape_check") == 0, "RTT turned it off"


def test_a_record_read_in_the_other_parity_is_a_tape_check():
    made, _ = machine(READ.format(after="DONE"))
    mount_tape(made, 1, [record_of(some_words(5), binary=False)])
    run(made)
    assert made.number("ibm704.indicator.tape_check") == 1


def test_a_record_its_file_calls_damaged_is_a_tape_check():
    made, _ = machine(READ.format(after="DONE"))
    mount_tape(made, 1, [record_of([1, 2], binary=True)._replace(damaged=True)])
    run(made)
    assert made.number("ibm704.indicator.tape_check") == 1


def test_a_record_of_odd_length_ends_in_a_word_filled_up():
    made, at = machine(READ.format(after="DONE"))
    frames = record_of([0o010203040506, 0o070000000000], binary=True).frames[:7]
    mount_tape(made, 1, [tapes.Record(frames)])
    run(made)
    assert examine(made, at["DATA"], 2) == [0o010203040506, 0o070000000000]
    assert made.number("ibm704.register.XRA") == (1 << 15) - 2


def test_blank_tape_has_nothing_to_read():
    made, at = machine(READ.format(after="START"))
    mount_tape(made, 1, [record_of([1], binary=True)])
    run(made, stop=Stop.NOT_READY)
    assert stopped_at(made) == at["START"]


def test_a_tape_without_its_ring_is_not_written_on():
    made, at = machine(WRITE.format(select="WTB 7", records=1, words=1))
    mount_tape(made, 7, [record_of([1], binary=True)], ring=False)
    run(made, stop=Stop.NOT_READY)
    assert stopped_at(made) == at["NEXT"]
    assert len(on(made, 7)) == 1


def test_the_tape_end_indicator_comes_on_near_the_end_and_the_reel_ends():
    made, _ = machine(
        WRITE.format(select="WTB 1", records=10, words=20), tape_end=1_000, tape_length=2_000
    )
    mount_tape(made, 1)
    made.operate("ibm704.console.start")
    while not made.number("ibm704.indicator.tape_end"):
        made.run(made.next_due_ns())
    assert made.number("ibm704.tape.place[1]") == 4 * 270
    made.run_to_stop(10**11)
    assert made.stop == Stop.NOT_READY
    made.run(made.now_ns + 10**9)
    # the eighth record still begins on the tape and is cut short by the end of it
    assert [len(frames) for frames in on(made, 1)] == [120] * 7 + [108]


def test_writing_makes_what_lay_behind_worthless():
    made, _ = machine(
        """
       ORG 64
START  RTB 1
       WTB 1
       CPY START
       IOD
       RTB 1
       HPR
       END START"""
    )
    mount_tape(made, 1, [record_of([n], binary=True) for n in (1, 2, 3)])
    run(made, stop=Stop.NOT_READY)
    assert on(made, 1)[0] == record_of([1], binary=True).frames
    assert len(on(made, 1)) == 2


def test_a_file_mark_is_written_while_the_program_goes_on_but_other_tapes_wait():
    made, at = machine(
        """
       ORG 64
START  WEF 1
ON     STZ 0
       RTB 2
       HPR
       END START"""
    )
    mount_tape(made, 1)
    mount_tape(made, 2, [record_of([1], binary=True)])
    made.operate("ibm704.console.start")
    made.run(50_000)
    assert made.number("ibm704.register.IC") == at["ON"] + 1
    made.run_to_stop(10**10)
    assert made.now_ns == 40 * MS + 751 * 400_000 // 6 + 2 * 2 * CYCLE_NS
    assert on(made, 1) == [FILE_MARK.frames]


@engines
def test_the_load_key_reads_two_words_from_tape_1(engine):
    made, _ = machine(engine=engine)
    loader = [0o070000000002, 0o002000000002]  # CPY 2 and TRA 2
    mount_tape(made, 1, [record_of([*loader, 0o042000000000], binary=True)])
    run(made, "load_tape")
    assert made.number("ibm704.control.stopped_at") == 2
    assert examine(made, 0, 2) == loader


@pytest.mark.parametrize("suffix", ["p7b", "tap"])
def test_a_tape_is_kept_in_a_file_and_comes_back(tmp_path, suffix):
    made, at = machine(WRITE.format(select="WTB 10", records=3, words=50))
    mount_tape(made, 10)
    words = some_words(50)
    made.deposit(at["DATA"], words)
    run(made)
    path = tmp_path / f"out.{suffix}"
    assert save_tape(made, 10, path) == 3
    other, at = machine(READ.format(after="DONE"))
    assert mount_tape(other, 1, path) is None
    run(other)
    assert examine(other, at["DATA"], 50) == words


@pytest.mark.parametrize("suffix", ["p7b", "tap"])
def test_a_blank_reel_is_kept_as_a_tape_without_records(tmp_path, suffix):
    made, _ = machine()
    mount_tape(made, 3)
    path = tmp_path / f"blank.{suffix}"
    assert save_tape(made, 3, path) == 0
    assert mount_tape(made, 4, path) is None
    assert save_tape(made, 4, path) == 0


def test_a_file_that_is_cut_short_is_read_as_far_as_it_is_good(tmp_path):
    made, _ = machine(READ.format(after="START"))
    good = tapes.tap_of(record_of([1, 2], binary=True))
    (tmp_path / "cut.tap").write_bytes(good * 2 + good[:-3])
    trouble = mount_tape(made, 1, tmp_path / "cut.tap")
    assert "record 3" in str(trouble)
    run(made, stop=Stop.NOT_READY)


def test_a_file_that_is_no_tape_is_not_mounted(tmp_path):
    made, _ = machine()
    (tmp_path / "no.tap").write_bytes(b"no tape at all")
    with pytest.raises(Mistake, match="no tape"):
        mount_tape(made, 1, tmp_path / "no.tap")
    assert not made.rack("ibm704.tape.attached").any()


@pytest.mark.parametrize("number", [0, 11])
def test_there_are_ten_tapes(number):
    made, _ = machine()
    with pytest.raises(Mistake, match="tape"):
        mount_tape(made, number)


def test_there_is_nothing_to_save_without_a_reel(tmp_path):
    made, _ = machine()
    with pytest.raises(Mistake, match="no reel on tape 4"):
        save_tape(made, 4, tmp_path / "out.p7b")


@pytest.mark.slow
def test_storage_stays_flat_over_many_records():
    source = """
       ORG 64
START  LXA TURNS,2
TURN   REW 1
       LXA RECS,4
NEXT   WTB 1
       LXA COUNT,1
WRITE  CPY DATA+20,1
       TIX WRITE,1,1
       TIX NEXT,4,1
       TIX TURN,2,1
       HPR
TURNS  PZE 40
RECS   PZE 25
COUNT  PZE 20
DATA   BSS 20
       END START"""
    made, _ = machine(source)
    mount_tape(made, 1)
    sizes = []
    for _ in range(2):
        put(made, source)
        run(made)
        sizes.append(sum(array.nbytes for array in made.snapshot()))
    assert sizes[0] == sizes[1]
    assert len(on(made, 1)) == 25
