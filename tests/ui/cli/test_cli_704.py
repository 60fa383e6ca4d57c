"""The commands of the IBM 704: assemble, disassemble, convert, run."""

import os
import random
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from PIL import Image
from test_cli_formats import DOCUMENTED, same_shape

import machines.ibm704
from machines.ibm704.media import cards, decks, tapes
from machines.ibm704.sap import assemble, read_source

ROOT = Path(__file__).parents[3]
ENV = {**os.environ, "PYTHONPATH": str(ROOT)}
PROGRAMS = Path(machines.ibm704.__file__).parent / "programs"
DOT, ROOTS = PROGRAMS / "dot_product.sap", PROGRAMS / "square_root.sap"

LOOP = "       ORG 64\nLOOP   TRA LOOP\n       END LOOP\n"
BAD = "       ORG 64\nGO     CLA X\n       CLQ 5\n       DEC 1.2.3\n       END GO\n"
FILL = "       LXA N,1\nNEXT   CPY N\n       TIX NEXT,1,1"
STOPS = {
    "undefined": ("GO     OCT 012300000000", "undefined", "012300000000"),
    "wild-jump": ("GO     TRA 200", "wild-jump", "no program"),
    "divide-check": ("GO     CLA GO\n       DVH ZERO\nZERO   PZE", "divide-check", "quotient"),
    "read-write-check": ("GO     CPY GO", "read-write-check", "no unit"),
    "not-attached": ("GO     RTB 3", "not-attached", "tape 3 is not attached"),
}


def source(body, name="program.sap"):
    Path(name).write_text(f"       ORG 64\n{body}\n       END GO\n")
    return name


def refused(ran, *words):
    assert ran.status == 2, (ran.out, ran.err)
    assert ran.out == ""
    for word in words:
        assert str(word) in ran.said, ran.said


# run


@pytest.mark.parametrize("engine", ["compiled", "reference"])
def test_a_program_runs_to_its_halt_and_tells_its_cycles_time_and_cost(run, engine):
    ran = run("704", "run", DOT, "--engine", engine, "--json")
    result = ran.document["result"]
    assert ran.status == 0
    assert ran.document["engine"] == engine
    assert (result["stop"], result["location"], result["symbol"]) == ("halt", "00107", "STEP+5")
    assert result["registers"]["AC"] == "+0 207740000000", "120 in floating point"
    assert ran.document["machine_s"] == pytest.approx(result["cycles"] * 12e-6)
    assert result["dollars"] == pytest.approx(ran.document["machine_s"] / 3600 * 180, abs=1e-6)


def test_what_is_told_in_words_is_what_is_told_in_json(run):
    told, result = run("704", "run", DOT).out, run("704", "run", DOT, "--json").document["result"]
    assert result["why"] in told
    assert result["registers"]["AC"] in told
    assert f"{result['cycles']} cycles" in told


def test_what_run_prints_is_what_is_documented(run):
    ran = run("704", "run", DOT, "--trace", "t.txt", "--json")
    same_shape(DOCUMENTED["firstwave/704-run/1"], ran.document)
    assert ran.document["result"]["files"] == {"trace": "t.txt"}


@pytest.mark.parametrize("name", STOPS)
@pytest.mark.parametrize("engine", ["compiled", "reference"])
def test_a_stop_of_the_machine_names_cause_and_location_with_status_1(run, name, engine):
    body, stop, said = STOPS[name]
    ran = run("704", "run", source(body), "--engine", engine, "--json")
    assert ran.status == 1
    result = ran.document["result"]
    assert result["stop"] == stop
    assert said in result["why"]
    assert result["location"] in result["why"]


def test_an_endless_loop_ends_at_the_limit_with_status_1(run):
    Path("loop.sap").write_text(LOOP)
    ran = run("704", "run", "loop.sap", "--max-seconds", "2.5", "--json")
    assert ran.status == 1
    assert (ran.document["result"]["stop"], ran.document["machine_s"]) == ("limit", 2.5)
    assert ran.document["result"]["symbol"] == "LOOP"


def test_the_sense_switches_that_are_down_are_seen(run):
    body = "GO     SWT 3\n       HTR 1\n       SWT 1\n       HTR 2\n       HTR 3"
    told = [
        run("704", "run", source(body), *given, "--json").document["result"]["location"]
        for given in ([], ["--switches", "3"], ["--switches", "1,3"])
    ]
    assert told == ["00101", "00103", "00104"]


def test_a_deck_runs_as_its_source_does(run):
    run("704", "assemble", ROOTS, "-o", "deck.cbn")
    run("704", "convert", "deck.cbn", "deck.txt")
    told = [run("704", "run", file).out.splitlines()[1:] for file in (ROOTS, "deck.cbn")]
    assert told[0] == told[1]
    assert run("704", "run", "deck.txt").out.splitlines()[1:] == told[0]


def test_every_instruction_of_a_run_is_on_the_trace(run):
    ran = run("704", "run", DOT, "--trace", "t.txt", "--json")
    heading, *lines = Path("t.txt").read_text().splitlines()
    assert len(lines) == ran.document["result"]["instructions"]
    assert heading.split()[:3] == ["microseconds", "where", "word"]
    first, last = lines[0].split(), lines[-1].split()
    assert first[:5] == ["0", "00100", "060000000112", "STZ", "SUM"]
    assert last[1:4] == ["00107", "042000000000", "HPR"]
    times = [int(line.split()[0]) for line in lines]
    assert times == sorted(times)
    assert all(time % 12 == 0 for time in times)


def test_a_trace_is_the_same_on_both_engines(run):
    run("704", "run", ROOTS, "--trace", "c.txt")
    run("704", "run", ROOTS, "--trace", "r.txt", "--engine", "reference")
    assert Path("c.txt").read_text() == Path("r.txt").read_text()


def test_a_waveform_shows_the_registers(run):
    assert run("704", "run", DOT, "--vcd", "w.vcd").status == 0
    text = Path("w.vcd").read_text()
    assert "$timescale 1 ns $end" in text
    assert re.search(r"\$var integer 38 \S+ AC \$end", text)
    assert f"#{250 * 12_000 - 24_000}" in text, "when the last instruction begins"


def test_a_long_trace_streams_to_the_disk_and_ctrl_c_keeps_it(tmp_path):
    (tmp_path / "loop.sap").write_text(LOOP)
    going = subprocess.Popen(
        [sys.executable, "-m", "ui.cli", "704", "run", "loop.sap", "--trace", "t.txt"],
        cwd=tmp_path, env=ENV, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    trace = tmp_path / "t.txt"
    deadline = time.monotonic() + 60
    while not (trace.exists() and trace.stat().st_size > 100_000):
        assert time.monotonic() < deadline, "the trace does not grow"
        time.sleep(0.05)
    going.send_signal(signal.SIGINT)
    out, err = going.communicate(timeout=60)
    assert going.returncode == 130
    assert out.startswith("interrupted at 00100 (LOOP)\n")
    assert "firstwave: interrupted" in err
    assert "00100 (LOOP)" in err
    lines = trace.read_text().splitlines()[1:]
    assert len({line[13:] for line in lines}) == 1, "always the same instruction"


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")
def test_a_full_disk_under_a_trace_is_one_line(run):
    Path("loop.sap").write_text(LOOP)
    ran = run("704", "run", "loop.sap", "--trace", "/dev/full", "--max-seconds", "1")
    refused(ran, "cannot be written", "No space left")


# units


def test_cards_come_out_on_paper(run):
    lines = ["HELLO, WORLD", "", "A+B=(C-D)*E/F."]
    Path("data.txt").write_text("".join(f"{line}\n" for line in lines))
    printer = PROGRAMS / "card_to_printer.sap"
    ran = run("704", "run", printer, "--cards", "data.txt", "--print", "paper.txt", "--json")
    assert ran.status == 0
    assert Path("paper.txt").read_text().splitlines() == lines
    assert ran.document["result"]["files"] == {"print": "paper.txt"}
    on_stdout = run("704", "run", printer, "--cards", "data.txt")
    assert on_stdout.out.splitlines()[:3] == lines
    assert "halted at 00112 (EMPTY)" in on_stdout.out.splitlines()[3]
    printed = run("704", "run", printer, "--cards", "data.txt", "--json").document["result"]
    assert printed["printed"] == lines


def test_an_empty_reader_ends_a_run_with_status_0(run):
    Path("data.txt").write_text("ONE\n")
    body = "GO     RCD\n       CPY 0\n       TRA GO\n       TRA GO"
    ran = run("704", "run", source(body), "--cards", "data.txt", "--json")
    assert ran.status == 0
    assert ran.document["result"]["stop"] == "reader-empty"
    assert ran.document["result"]["why"] == "the card reader is empty at 00100"


def test_without_an_end_of_file_a_program_waits_for_more_cards(run):
    Path("data.txt").write_text("ONE\n")
    body = "GO     RCD\n       CPY 0\n       TRA GO\n       HTR 7"
    given = ["704", "run", source(body), "--cards", "data.txt", "--json"]
    assert run(*given).document["result"]["stop"] == "halt"
    ran = run(*given, "--no-end-of-file")
    assert (ran.status, ran.document["result"]["stop"]) == (0, "reader-empty")


def test_the_operation_that_is_not_simulated_is_told_as_such(run):
    ran = run("704", "run", source("GO     WRS 209"), "--json")
    assert ran.status == 1
    assert ran.document["result"]["why"].startswith("WTS at 00100 is not simulated")


def test_cards_behind_a_program_deck_and_those_of_the_option_follow_each_other(run):
    run("704", "assemble", PROGRAMS / "card_to_printer.sap", "-o", "deck.txt")
    with Path("deck.txt").open("a") as deck:
        deck.write("BEHIND\n")
    Path("data.txt").write_text("OPTION\n")
    ran = run("704", "run", "deck.txt", "--cards", "data.txt")
    assert ran.out.splitlines()[:2] == ["BEHIND", "OPTION"]


@pytest.mark.parametrize("form", ["source", "cards", "tape"])
def test_what_loads_itself_is_loaded_by_its_key(run, form):
    file = PROGRAMS / "self_loading_card.sap"
    if form == "cards":
        run("704", "assemble", file, "-o", "self.cbn")
        file = "self.cbn"
    elif form == "tape":
        words = assemble(read_source(file)).words
        record = tapes.record_of([words[at] for at in sorted(words)], binary=True)
        tapes.write_tape("self.p7b", [record])
        file = "self.p7b"
    ran = run("704", "run", file, "--json")
    assert ran.document["result"]["stop"] == "halt"
    assert ran.document["result"]["registers"]["AC"] == f"+0 {5050:012o}"


def test_a_deck_with_its_loader_card_runs_too(run):
    run("704", "assemble", DOT, "-o", "deck.cbn", "--loader")
    result = run("704", "run", "deck.cbn", "--json").document["result"]
    assert (result["stop"], result["registers"]["AC"]) == ("halt", "+0 207740000000")


WRITE = (
    "GO     WTB 3\n       CPY DATA\n       CPY DATA+1\n       IOD\n       WEF 3\n"
    "       REW 3\n       HTR *\nDATA   OCT 1,-2"
)


@pytest.mark.parametrize("name", ["out.tap", "out.p7b"])
def test_a_tape_is_written_to_its_file_and_read_again(run, name):
    ran = run("704", "run", source(WRITE), "--tape", f"3={name}", "--json")
    assert ran.document["result"]["files"] == {"tape 3": name}
    record, mark = tapes.read_tape(name)
    assert tapes.words_of(record, binary=True)[0] == [1, 0o400000000002]
    assert mark.is_mark
    written = Path(name).read_bytes()
    read = "GO     RTB 3\n       CPY 0\n       CPY 1\n       CLA 1\n       HTR *"
    ran = run("704", "run", source(read), "--tape", f"3={name}", "--json")
    assert ran.document["result"]["registers"]["AC"] == "-0 000000000002"
    assert ran.document["result"]["files"] == {}
    assert Path(name).read_bytes() == written


def test_a_reel_without_its_ring_is_not_written_on(run):
    run("704", "run", source(WRITE), "--tape", "3=out.tap")
    written = Path("out.tap").read_bytes()
    ran = run("704", "run", source(WRITE), "--tape", "3=out.tap:r", "--json")
    assert ran.status == 1
    why = ran.document["result"]["why"]
    assert why.startswith("tape 3 is not ready at 00100: its reel out.tap has no ring (:r)")
    assert Path("out.tap").read_bytes() == written


def test_a_blank_reel_nobody_wrote_on_makes_no_file(run):
    ran = run("704", "run", source("GO     REW 3\n       HTR *"), "--tape", "3=out.tap", "--json")
    assert ran.status == 0
    assert ran.document["result"]["files"] == {}
    assert not Path("out.tap").exists()


def test_a_tape_with_junk_behind_its_records_is_kept_as_it_is(run):
    run("704", "run", source(WRITE), "--tape", "3=out.tap")
    with Path("out.tap").open("ab") as tape:
        tape.write(b"junk!")
    before = Path("out.tap").read_bytes()
    read = "GO     RTB 3\n       CPY 0\n       RTB 3\n       CPY 0\n       TRA *+1\n       RTB 3"
    ran = run("704", "run", source(read), "--tape", "3=out.tap", "--json")
    assert ran.status == 1
    assert "tape 3 is not ready at 00105 (out.tap: record 3" in ran.document["result"]["why"]
    assert Path("out.tap").read_bytes() == before


def test_a_waveform_of_units_stays_small(run):
    Path("data.txt").write_text("ONE\n")
    printer = PROGRAMS / "card_to_printer.sap"
    assert run("704", "run", printer, "--cards", "data.txt", "--vcd", "w.vcd").status == 0
    assert Path("w.vcd").stat().st_size < 200_000


def test_a_drum_keeps_its_words_from_run_to_run(run):
    write = "GO     WDR 2\n       LDA AT\n       CPY AT\n       IOD\n       HTR *\nAT     PZE 7"
    ran = run("704", "run", source(write), "--drum", "2=d.drum", "--json")
    assert ran.document["result"]["files"] == {"drum 2": "d.drum"}
    read = "GO     RDR 2\n       LDA AT\n       CPY 0\n       CLA 0\n       HTR *\nAT     PZE 7"
    ran = run("704", "run", source(read), "--drum", "2=d.drum", "--json")
    assert ran.document["result"]["registers"]["AC"] == "+0 000000000007"


def test_cards_are_punched_into_a_deck(run):
    body = f"GO     WPU\n{FILL}\n       IOD\n       HTR *\nN      PZE 24"
    assert run("704", "run", source(body), "--punch", "out.cbn").status == 0
    (card,) = decks.read_deck("out.cbn")
    assert cards.words_of(card) == [24] * 24


def test_the_film_is_developed_into_pictures(run):
    ran = run("704", "run", PROGRAMS / "crt_picture.sap", "--film", "film", "--json")
    assert ran.document["result"]["files"] == {"film": "film"}
    (frame,) = Path("film").iterdir()
    with Image.open(frame) as picture:
        assert picture.size == (1024, 1024)
        assert picture.getpixel((512, 0)) > 0, "the frame"
        assert picture.getpixel((512, 512)) == 0, "the middle of the circle"
        right = picture.crop((600, 500, 1000, 524)).getbbox()
        assert right is not None, "the circle of 400 around the middle"
        assert abs(600 + right[0] - 912) < 6
        assert abs(600 + right[2] - 912) < 6


def test_what_was_printed_until_the_limit_is_kept(run):
    body = f"GO     WPR\n{FILL}\n       TRA GO\nN      PZE 24"
    ran = run("704", "run", source(body), "--print", "p.txt", "--max-seconds", "4", "--json")
    assert (ran.status, ran.document["result"]["stop"]) == (1, "limit")
    assert 8 <= len(Path("p.txt").read_text().splitlines()) <= 10, "150 lines a minute"


@pytest.mark.parametrize(
    ("operation", "unit", "cure"),
    [
        ("RCD", "the card reader", "--cards FILE"),
        ("WPU", "the punch", "--punch FILE"),
        ("WTV", "the CRT", "--film DIR"),
        ("RTD 10", "tape 10", "--tape 10=FILE"),
        ("REW 4", "tape 4", "--tape 4=FILE"),
        ("RDR 8", "drum 8", "--drum 8=FILE"),
    ],
)
def test_a_unit_that_is_not_there_is_named_with_its_option(run, operation, unit, cure):
    ran = run("704", "run", source(f"GO     {operation}"), "--json")
    assert ran.status == 1
    assert ran.document["result"]["why"] == f"{unit} is not attached at 00100; {cure} does it"


# mistakes


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["gone.sap"], "gone.sap: cannot be read"),
        (["folder"], "folder: cannot be read"),
        (["empty.sap"], "no program"),
        (["nothing.sap"], "no program"),
        (["bytes.sap"], "no text"),
        (["loop.sap", "--core", "16384"], "4096, 8192, 32768"),
        (["high.sap", "--core", "4096"], "storage ends at 07777"),
        (["loop.sap", "--switches", "7"], "--switches 7"),
        (["loop.sap", "--switches", "one"], "--switches one"),
        (["loop.sap", "--max-seconds", "0"], "--max-seconds 0"),
        (["loop.sap", "--max-seconds", "nan"], "--max-seconds nan"),
        (["loop.sap", "--max-seconds", "1e30"], "--max-seconds 1e+30"),
        (["loop.sap", "--trace", "loop.sap"], "both name loop.sap"),
        (["loop.sap", "--trace", "gone/t.txt"], "there is no folder gone"),
        (["loop.sap", "--trace", "a", "--vcd", "a"], "both name a"),
        (["loop.sap", "--engine", "diesel"], "diesel"),
        (["loop.sap", "--cards", "gone.txt"], "gone.txt"),
        (["loop.sap", "--tape", "11=a.tap"], "from 1 to 10"),
        (["loop.sap", "--tape", "a.tap"], "as in 3=FILE"),
        (["loop.sap", "--tape", "3=a.tap", "--tape", "3=b.tap"], "given twice"),
        (["loop.sap", "--tape", "3=loop.sap"], "name it .p7b or .tap"),
        (["loop.sap", "--tape", "3=gone.tap:r"], "no such file"),
        (["loop.sap", "--tape", "3=loop.sap:r"], "loop.sap"),
        (["loop.sap", "--tape", "3=a.tap", "--tape", "4=a.tap"], "both name a.tap"),
        (["loop.sap", "--drum", "9=a.drum"], "from 1 to 8"),
        (["loop.sap", "--drum", "1=loop.sap"], "10240 bytes"),
        (["loop.sap", "--punch", "a.tap"], "--punch a.tap"),
        (["loop.sap", "--film", "loop.sap"], "give a folder"),
        (["loop.sap", "--print", "loop.sap"], "both name loop.sap"),
    ],
)
def test_a_mistake_is_one_line_and_status_2(run, given, said):
    Path("folder").mkdir()
    Path("loop.sap").write_text(LOOP)
    Path("empty.sap").write_text("")
    Path("nothing.sap").write_text("       ORG 64\n       END\n")
    Path("bytes.sap").write_bytes(b"CLA \xff\xfe\n")
    Path("high.sap").write_text("       ORG 5000\nGO     HTR *\n       END GO\n")
    refused(run("704", "run", *given), said)
    assert Path("loop.sap").read_text() == LOOP


@pytest.mark.parametrize("command", ["run", "assemble", "debug"])
def test_bad_source_names_the_first_card_its_column_and_the_cure(run, command):
    Path("bad.sap").write_text(BAD)
    ran = run("704", command, "bad.sap")
    refused(ran, "bad.sap: card 2, column 12: X is not defined; put it", "(and 2 more)")


def test_what_is_named_as_a_deck_or_a_text_is_never_taken_for_a_tape(run):
    run("704", "assemble", DOT, "-o", "deck.cbn")
    Path("short.cbn").write_bytes(Path("deck.cbn").read_bytes()[:100])
    Path("zeros.sap").write_bytes(bytes(100))
    Path("utf16.sap").write_text(LOOP, encoding="utf-16")
    for command in (["run"], ["disassemble"], ["convert", "x.tap"], ["assemble"], ["debug"]):
        name, *more = command
        refused(run("704", name, "zeros.sap", *more), "zeros.sap: no text")
        refused(run("704", name, "utf16.sap", *more), "utf16.sap: no text")
        if name != "assemble":
            refused(run("704", name, "short.cbn", *more), "short.cbn: card 1", "100 bytes")
    assert not Path("x.tap").exists()


def test_a_picture_is_no_tape(run):
    Image.new("L", (64, 64)).save("picture.png")
    refused(run("704", "run", "picture.png"), "picture.png: no text, no deck and no tape")


def test_a_tape_needs_no_suffix(run):
    run("704", "run", source(WRITE), "--tape", "3=out.p7b")
    Path("out.p7b").rename("reel")
    run("704", "convert", "reel", "reel.tap")
    assert list(tapes.read_tape("reel.tap")) == list(tapes.read_tape("reel"))


def test_a_deck_is_no_source(run):
    run("704", "assemble", DOT, "-o", "deck.cbn")
    run("704", "convert", "deck.cbn", "deck.txt")
    for deck in ("deck.cbn", "deck.txt"):
        refused(run("704", "assemble", deck), f"{deck}: a binary deck, no source")


@pytest.mark.skipif(sys.platform == "win32", reason="no such permissions there")
def test_paper_that_may_not_be_written_is_told_before_the_run(run, monkeypatch):
    Path("p.txt").write_text("old\n")
    real = os.access
    monkeypatch.setattr(
        os, "access", lambda path, mode: str(path) != "p.txt" and real(path, mode)
    )  # root may write everywhere
    refused(run("704", "run", DOT, "--print", "p.txt"), "p.txt: cannot be written")
    assert Path("p.txt").read_text() == "old\n"


def test_frames_of_an_earlier_run_in_the_same_folder_are_told_of(run):
    Path("film").mkdir()
    Path("film/frame-0002.png").write_bytes(b"an older one")
    ran = run("704", "run", PROGRAMS / "crt_picture.sap", "--film", "film")
    assert "film: this run made 1 frames; later ones are older" in ran.err
    assert Path("film/frame-0002.png").read_bytes() == b"an older one"


def test_a_damaged_deck_names_the_card(run):
    run("704", "assemble", ROOTS, "-o", "deck.cbn")
    image = bytearray(Path("deck.cbn").read_bytes())
    Path("short.cbn").write_bytes(image[:-7])
    refused(run("704", "run", "short.cbn"), "short.cbn: card 4", "153 bytes")
    image[200] ^= 0x40
    Path("parity.cbn").write_bytes(image)
    refused(run("704", "run", "parity.cbn"), "parity.cbn: card 2, column 21", "parity")
    image[200] ^= 0x43
    Path("hole.cbn").write_bytes(image)
    refused(run("704", "run", "hole.cbn"), "hole.cbn: card 2", "check sum")


@pytest.mark.parametrize("suffix", ["sap", "cbn", "p7b", "tap", "drum", "bin"])
def test_a_file_of_noise_is_a_mistake_or_a_stop_and_never_a_crash(run, suffix):
    seed = 704
    chance = random.Random(f"{seed} {suffix}")
    for number in range(25):
        content = bytearray(chance.randbytes(chance.choice([1, 7, 160, 320, 1000])))
        if number % 3 == 1:
            content[0] |= 0x80
        if number % 3 == 2:
            content[:4] = len(content).to_bytes(4, "little")
        Path(f"noise.{suffix}").write_bytes(content)
        for command in (["run"], ["disassemble"], ["convert"]):
            more = {"run": ["--max-seconds", "60"], "convert": ["out.tap"]}.get(command[0], [])
            ran = run("704", *command, f"noise.{suffix}", *more)
            assert ran.status in (0, 1, 2), f"seed {seed}, {number}"
            if ran.status == 2:
                assert ran.said, f"seed {seed}, {number}"


def test_a_deck_of_random_holes_ends_in_a_stop_that_is_told(run):
    seed = 1957
    chance = random.Random(seed)
    for number in range(20):
        deck = [
            cards.from_words([chance.getrandbits(36) for _ in range(24)])
            for _ in range(chance.randint(1, 3))
        ]
        decks.write_deck("noise.cbn", deck)
        ran = run("704", "run", "noise.cbn", "--max-seconds", "20", "--json")
        assert ran.status in (0, 1, 2), f"seed {seed}, {number}"
        if ran.status < 2:
            assert ran.document["result"]["location"] in ran.document["result"]["why"]


# assemble, disassemble, convert


def test_a_deck_and_a_listing_are_made(run):
    ran = run("704", "assemble", DOT, "-o", "deck.cbn", "--listing", "dot.lst", "--json")
    program = assemble(read_source(DOT))
    assert ran.status == 0
    assert list(decks.read_deck("deck.cbn")) == program.deck()
    assert Path("dot.lst").read_text() == program.listing
    assert ran.document["result"]["symbols"]["STEP"] == "00102"
    same_shape(DOCUMENTED["firstwave/704-assemble/1"], ran.document)


def test_without_a_deck_to_punch_source_is_only_looked_through(run):
    ran = run("704", "assemble", DOT)
    assert ran.status == 0
    assert "26 words" in ran.out
    assert list(Path().iterdir()) == []


def test_the_listing_is_printed_even_if_there_are_errors(run):
    Path("bad.sap").write_text(BAD)
    refused(run("704", "assemble", "bad.sap", "-o", "d.cbn", "--listing", "bad.lst"), "and 2 more")
    assert Path("bad.lst").read_text().count("*****") == 3
    assert not Path("d.cbn").exists()


def test_a_loader_card_comes_first_if_wanted(run):
    run("704", "assemble", DOT, "-o", "plain.cbn")
    run("704", "assemble", DOT, "-o", "whole.cbn", "--loader")
    loader = assemble(read_source(PROGRAMS / "loader_card.sap")).deck()
    assert list(decks.read_deck("whole.cbn")) == loader + list(decks.read_deck("plain.cbn"))


def test_a_library_routine_is_brought_in(run):
    Path("lib").mkdir()
    Path("lib/TWICE.sap").write_text("TWICE  ADD X\n       TRA 1,4\nX      PZE 5\n")
    Path("p.sap").write_text(
        "       ORG 64\nGO     TSX TWICE,4\n       HTR *\nTWICE  LIB\n       END GO\n"
    )
    assert run("704", "assemble", "p.sap", "--library", "lib").status == 0
    refused(run("704", "assemble", "p.sap", "--library", "gone"), "gone")


@pytest.mark.parametrize("loader", [[], ["--loader"]])
@pytest.mark.parametrize("path", [DOT, ROOTS], ids=lambda path: path.stem)
def test_what_was_disassembled_assembles_to_the_same_words(run, path, loader):
    run("704", "assemble", path, "-o", "deck.cbn", *loader)
    text = run("704", "disassemble", "deck.cbn").out
    assert run("704", "disassemble", "deck.cbn", "-o", "again.sap").out == ""
    assert Path("again.sap").read_text() == text
    was, now = assemble(read_source(path)), assemble(text)
    assert (now.words, now.start) == (was.words, was.start)


def test_a_deck_that_loads_itself_is_disassembled_from_0_on(run):
    run("704", "assemble", PROGRAMS / "self_loading_card.sap", "-o", "self.cbn")
    text = run("704", "disassemble", "self.cbn", "--start", "none").out
    assert assemble(text).words == assemble(read_source(PROGRAMS / "self_loading_card.sap")).words


def test_a_deck_goes_to_tape_and_back(run):
    run("704", "assemble", DOT, "-o", "deck.cbn")
    ran = run("704", "convert", "deck.cbn", "deck.tap", "--json")
    same_shape(DOCUMENTED["firstwave/704-convert/1"], ran.document)
    assert len(list(tapes.read_tape("deck.tap"))) == ran.document["result"]["count"] == 3
    assert run("704", "convert", "deck.tap", "again.cbn").out == "again.cbn: 3 cards\n"
    assert Path("again.cbn").read_bytes() == Path("deck.cbn").read_bytes()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["convert", "gone.cbn", "a.tap"], "gone.cbn"),
        (["convert", "loop.sap", "a.xyz"], "which form"),
        (["convert", "loop.sap", "loop.sap"], "both name"),
        (["assemble", "loop.sap", "-o", "loop.sap"], "both name"),
        (["assemble", "loop.sap", "-o", "a.tap"], "a deck is"),
        (["assemble", "gone.sap"], "gone.sap"),
        (["disassemble", "loop.sap"], "cards of text"),
        (["disassemble", "deck.cbn", "--start", "9"], "--start 9"),
        (["disassemble", "deck.cbn", "--start", "77777"], "--start 77777"),
        (["disassemble", "deck.tap"], "convert"),
    ],
)
def test_a_slip_with_files_is_one_line_and_status_2(run, given, said):
    Path("loop.sap").write_text(LOOP)
    run("704", "assemble", DOT, "-o", "deck.cbn")
    run("704", "convert", "deck.cbn", "deck.tap")
    refused(run("704", *given), said)
    assert Path("loop.sap").read_text() == LOOP


def test_every_documented_shape_of_the_704_is_compared():
    documented = {name for name in DOCUMENTED if name.startswith("firstwave/704-")}
    assert documented == {f"firstwave/704-{c}/1" for c in ("assemble", "convert", "learn", "run")}
