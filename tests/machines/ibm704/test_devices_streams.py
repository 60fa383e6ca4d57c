"""Files that follow the printer, the punch and the tapes while the machine runs."""

import pytest
from with_units import MS, machine

from machines.ibm704.devices import (
    Streams,
    lines_on,
    mount_tape,
    page,
    save_tape,
    take_lines,
)
from machines.ibm704.media import cards, decks, tapes
from machines.ibm704.media.tapes import record_of
from simulator.errors import Mistake

PRINTS = """
       ORG 64
START  WPR
       LXA COUNT,1
       CPY IMAGE+24,1
       TIX *-1,1,1
       {after}
       WPU
       LXA COUNT,1
       CPY IMAGE+24,1
       TIX *-1,1,1
       TRA START
COUNT  PZE 24
IMAGE  BSS 24
       END START"""

WRITES = """
       ORG 64
START  WTB 1
       LXA COUNT,1
       CPY COUNT
       TIX *-1,1,1
       TIX START,2,1
       WEF 1
       {after}
       HPR
COUNT  PZE 50
       END START"""


def printing(after="NOP"):
    made, at = machine(PRINTS.format(after=after))
    made.deposit(at["IMAGE"], list(cards.words_of(cards.from_text("HELLO"))))
    for unit in ("printer", "punch"):
        made.operate(f"ibm704.{unit}.attached", 1)
    made.operate("ibm704.console.start")
    return made


def test_every_line_and_card_stands_in_its_file_as_soon_as_it_is_made(tmp_path):
    made = printing()
    streams = Streams(made, paper=tmp_path / "paper.txt", punch=tmp_path / "deck.cbn")
    for _ in range(60):
        made.run(made.now_ns + 333 * MS)
        streams.catch_up()
        lines = made.number("ibm704.printer.printed")
        assert (tmp_path / "paper.txt").read_text() == "HELLO\n" * lines
        deck = list(decks.read_deck(tmp_path / "deck.cbn"))
        assert deck == [cards.from_text("HELLO")] * made.number("ibm704.punch.punched")
    assert lines > 15
    assert len(lines_on(made)) <= 1, "there is room on the paper"


@pytest.mark.parametrize("after", ["SPR 3", "SPR 4", "SPR 9", "SPR 1"])
@pytest.mark.parametrize("step_ms", [101, 777])
def test_a_stream_of_paper_is_laid_out_as_the_whole(tmp_path, after, step_ms):
    made, whole = printing(after), printing(after)
    streams = Streams(made, paper=tmp_path / "paper.txt")
    while made.now_ns < 15_000 * MS:
        made.run(made.now_ns + step_ms * MS)
        streams.catch_up()
        assert (tmp_path / "paper.txt").read_text().count("HELLO") == made.number(
            "ibm704.printer.printed"
        )
    streams.close()
    whole.run(made.now_ns)
    expected = "".join(f"{line}\n" for line in page(take_lines(whole)))
    assert (tmp_path / "paper.txt").read_text() == expected


def test_an_impulse_after_a_line_reaches_it_though_those_before_were_torn_off():
    made = printing("SPR 4")
    while made.number("ibm704.printer.printed") < 2:
        made.run(made.next_due_ns())
    assert len(take_lines(made, leave=1)) == 1
    made.run(made.now_ns + 300 * MS)
    assert [line.hubs for line in take_lines(made)] == [{4}]


@pytest.mark.parametrize("suffix", ["p7b", "tap"])
@pytest.mark.parametrize("after", ["TRA START", "REW 1"])
def test_every_record_stands_in_its_file_as_soon_as_it_is_written(tmp_path, suffix, after):
    made, _ = machine(WRITES.format(after=after))
    path = tmp_path / f"reel.{suffix}"
    mount_tape(made, 1, [record_of([9], binary=True)])
    streams = Streams(made, tapes={1: path})
    streams.catch_up()
    assert not path.exists(), "nothing has been written on it yet"
    made.operate("ibm704.register.XRB", 6)
    made.operate("ibm704.console.start")
    seen = set()
    for _ in range(40):
        made.run(made.now_ns + 7 * MS)
        streams.catch_up()
        if path.exists():
            records = list(tapes.read_tape(path))
            assert {len(record.frames) for record in records} <= {1, 300}, "whole records alone"
            seen.add(len(records))
    assert {1, 2, 3, 4, 5} <= seen
    streams.close()
    save_tape(made, 1, tmp_path / f"whole.{suffix}")
    assert path.read_bytes() == (tmp_path / f"whole.{suffix}").read_bytes()


def test_a_reel_that_was_only_read_leaves_its_file_alone(tmp_path):
    made, _ = machine("       ORG 64\nSTART  RTB 1\n       HPR\n       END START")
    path = tmp_path / "reel.p7b"
    tapes.write_tape(path, [record_of([1, 2], binary=True)])
    before = path.stat()
    mount_tape(made, 1, path)
    streams = Streams(made, tapes={1: path})
    made.operate("ibm704.console.start")
    made.run(100 * MS)
    streams.catch_up()
    streams.close()
    assert (path.stat().st_ino, path.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_a_record_that_a_halt_cut_short_is_kept_at_the_end(tmp_path):
    made, _ = machine("       ORG 64\nSTART  WTB 1\n       CPY 0\n       HPR\n       END START")
    mount_tape(made, 1)
    streams = Streams(made, tapes={1: tmp_path / "reel.tap"})
    made.operate("ibm704.console.start")
    made.run_to_stop(100 * MS)
    streams.catch_up()
    assert not (tmp_path / "reel.tap").exists()
    streams.close()
    assert [len(record.frames) for record in tapes.read_tape(tmp_path / "reel.tap")] == [6]


@pytest.mark.parametrize(
    "files",
    [{"paper": "."}, {"punch": "deck.p7b"}, {"punch": "no/deck.cbn"}, {"tapes": {1: "reel.txt"}}],
)
def test_a_stream_that_cannot_be_is_refused_in_one_line(tmp_path, monkeypatch, files):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(Mistake) as refused:
        Streams(machine()[0], **files)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("value", [-1, True, 1.5, "2"])
def test_lines_to_tear_off_are_a_whole_number(value):
    with pytest.raises(Mistake, match="whole number"):
        machine()[0].operate("ibm704.printer.take", value)


def test_lines_are_told_elsewhere_once_nothing_can_be_added_to_them():
    class Told:
        lines = b""

        def settle(self, settled, rest):
            self.lines += settled

    made, told = printing("SPR 9"), Told()
    streams = Streams(made, paper=told)
    while made.now_ns < 5_000 * MS:
        made.run(made.now_ns + 400 * MS)
        streams.catch_up()
    assert told.lines == b"", "each line is set beside the one before"
    streams.close()
    assert told.lines.count(b"HELLO") == made.number("ibm704.printer.printed") > 5


def test_a_file_that_cannot_be_written_does_not_take_the_others_with_it(tmp_path):
    made = printing("WTB 1\n       CPY COUNT")
    mount_tape(made, 1)
    paper, deck, reel = tmp_path / "paper.txt", tmp_path / "deck.txt", tmp_path / "reel.tap"
    streams = Streams(made, paper=paper, punch=deck, tapes={1: reel})
    made.run(3_000 * MS)
    paper.unlink()
    paper.mkdir()
    with pytest.raises(Mistake, match=r"paper\.txt: cannot be written"):
        streams.close()
    assert deck.read_text() == "HELLO\n" * made.number("ibm704.punch.punched") > ""
    assert len(list(tapes.read_tape(reel))) >= 2
    assert streams.tapes_written() == [1]


def test_what_could_not_be_written_is_written_later(tmp_path):
    made = printing()
    paper, punch = tmp_path / "paper.txt", tmp_path / "deck.txt"
    streams = Streams(made, paper=paper, punch=punch)
    for path in (paper, punch):
        made.run(made.now_ns + 3_000 * MS)
        path.unlink()
        path.mkdir()
        with pytest.raises(Mistake, match=path.name):
            streams.catch_up()
        path.rmdir()
        path.touch()
    streams.close()
    for path, made_so_far in ((paper, "printer.printed"), (punch, "punch.punched")):
        assert path.read_text().count("HELLO") == made.number(f"ibm704.{made_so_far}") > 3
