"""The drum: its revolution, its addresses, its windows."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from with_units import CYCLE_NS, MS, examine, machine, run, stopped_at

from machines.ibm704 import Stop
from machines.ibm704.devices import mount_drum, save_drum
from machines.ibm704.media import drums
from simulator.errors import Mistake

engines = pytest.mark.parametrize("engine", ["compiled", "reference"])
TURN_NS = 24_600_000

COPY = """
       ORG 64
START  {select}
{lda}
       LXA COUNT,1
COPY   CPY DATA+{count},1
       TIX COPY,1,1
       HPR
COUNT  PZE {count}
WHERE  PZE {where}
DATA   BSS {count}
       END START"""


def some_words(count, seed=733):
    rng = random.Random(seed)
    return [rng.getrandbits(36) for _ in range(count)]


def copying(engine, select, count, where=None):
    lda = "       REM" if where is None else "       LDA WHERE"
    made, at = machine(COPY.format(select=select, lda=lda, count=count, where=where or 0), engine)
    for number in range(1, 9):
        mount_drum(made, number)
    return made, at


def words_on(made, drum):
    return made.rack("ibm704.drum.words")[(drum - 1) * 2048 : drum * 2048].tolist()


@engines
def test_eight_turns_read_a_whole_drum_at_10_000_words_a_second(engine):
    took = []
    for count in (1, 2048):
        made, at = copying(engine, "RDR 3", count)
        words = some_words(2048)
        made.operate("ibm704.drum3.mount", words)
        took.append(run(made))
        assert examine(made, at["DATA"], count) == words[:count]
    # the last word is 255 places after the first of its turn
    assert took[1] - took[0] == 7 * TURN_NS + 255 * 96_000
    assert 10_000 < 2047 / ((took[1] - took[0]) / 1e9) < 10_500


@engines
@pytest.mark.parametrize("where", [None, 0, 5, 255, 256, 1000, 2040])
def test_words_written_on_a_drum_stand_where_lda_said(engine, where):
    made, at = copying(engine, "WDR 8", 8, where)
    words = some_words(8)
    made.deposit(at["DATA"], words)
    run(made)
    begin = where or 0
    expected = [0] * 2048
    for i, word in enumerate(words):
        expected[(begin + i) % 2048] = word
    assert words_on(made, 8) == expected
    assert not any(words_on(made, 7))


@given(where=st.integers(0, 2047), begin=st.integers(0, 3_000_000))
@settings(max_examples=30, deadline=None)
def test_a_word_comes_round_within_a_turn(where, begin):
    made, _ = copying("compiled", "RDR 1", 1, where)
    made.run(begin * 12)
    took = run(made)
    at_most_before = 300_000 + 4 * 2 * CYCLE_NS
    assert 300_000 < took <= TURN_NS + at_most_before
    place_ns = where % 256 * 96_000
    taken_ns = made.now_ns - 3 * 2 * CYCLE_NS  # CPY, TIX and HPR
    assert taken_ns % TURN_NS == place_ns


def test_an_access_takes_half_a_turn_on_average():
    took = []
    for where in range(0, 256, 8):
        made, _ = copying("compiled", "RDR 1", 1, where)
        took.append(run(made))
    assert abs(sum(took) / len(took) - TURN_NS / 2) < 1 * MS


@engines
def test_a_late_copy_finds_the_drum_disconnected(engine):
    source = """
       ORG 64
START  RDR 1
       CPY DATA
{wait}
LATE   CPY DATA
       HPR
DATA   BSS 1
       END START"""
    # with the copy before, 6 cycles and 8; 96 us are 8, and a copy must be given before
    for pauses, stop in ((2, Stop.HALT), (3, Stop.READ_WRITE_CHECK)):
        wait = "\n".join(["       NOP"] * pauses)
        made, at = machine(source.format(wait=wait), engine)
        mount_drum(made, 1)
        run(made, stop=stop)
        if stop != Stop.HALT:
            assert stopped_at(made) == at["LATE"]


def test_lda_with_no_drum_selected_does_nothing():
    made, _ = machine("       ORG 64\nSTART  LDA 0\n       HPR\n       END START")
    assert run(made) == 4 * CYCLE_NS


@engines
def test_the_load_key_reads_from_drum_1(engine):
    made, _ = machine(engine=engine)
    words = [0o070000000002, 0o002000000002, 0o042000000000] + [0] * 2045
    made.operate("ibm704.drum1.mount", words)
    run(made, "load_drum")
    assert stopped_at(made) == 2


def test_a_drum_is_kept_in_a_file_and_comes_back(tmp_path):
    made, _ = machine()
    words = some_words(2048)
    drums.write_drum(tmp_path / "in.drum", words)
    mount_drum(made, 2, tmp_path / "in.drum")
    save_drum(made, 2, tmp_path / "out.drum")
    assert drums.read_drum(tmp_path / "out.drum") == words
    with pytest.raises(Mistake, match="no drum 3"):
        save_drum(made, 3, tmp_path / "none.drum")


def test_a_drum_of_the_wrong_size_is_refused():
    made, _ = machine()
    with pytest.raises(Mistake, match="2048 words"):
        made.operate("ibm704.drum1.mount", [1, 2, 3])
