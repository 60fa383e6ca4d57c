"""What comes out of the 704 while it runs, and files that are none: killed runs, devices, pipes."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from machines.ibm704.devices import UnitsDescription, page
from machines.ibm704.media import cards, decks, tapes

ROOT = Path(__file__).parents[3]
ENV = {**os.environ, "PYTHONPATH": str(ROOT)}
FIRSTWAVE = [sys.executable, "-m", "ui.cli", "704"]
UNIX = pytest.mark.skipif(sys.platform == "win32", reason="no such devices or signals there")

PRINTS = """
       ORG 64
GO     WPR
       LXA COUNT,1
LINE   CPY IMAGE+24,1
       TIX LINE,1,1
       WTB 3
       CPY COUNT
       WPU
       LXA COUNT,1
CARD   CPY IMAGE+24,1
       TIX CARD,1,1
       TRA GO
COUNT  PZE 24
IMAGE  OCT 400000000000,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0
       END GO
"""
"""Prints a 9, writes a record and punches a card, for ever."""
CARD = cards.from_words([1 << 35] + [0] * 23)


def begun(folder, *options):
    """Start a run that has no end, and wait until some lines are printed."""
    (folder / "prints.sap").write_text(PRINTS)
    given = ["--print", "p.txt", "--punch", "p.cbn", "--tape", "3=t.tap", *options]
    going = subprocess.Popen(
        [*FIRSTWAVE, "run", "prints.sap", "--max-seconds", "1e8", *given],
        cwd=folder, env=ENV, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    paper = folder / "p.txt"
    deadline = time.monotonic() + 60
    while not (paper.exists() and paper.stat().st_size > 20):
        assert time.monotonic() < deadline, "nothing is printed"
        time.sleep(0.05)
    return going


def out_of(folder):
    return (folder / "p.txt").read_text().splitlines(), list(decks.read_deck(folder / "p.cbn"))


@UNIX
def test_a_run_that_is_killed_keeps_what_it_had_printed_punched_and_put_on_tape(tmp_path):
    going = begun(tmp_path)
    going.kill()
    going.communicate(timeout=60)
    printed, punched = out_of(tmp_path)
    assert set(printed) == {"9"}
    assert set(punched) == {CARD}
    assert abs(len(printed) - len(punched)) <= 2
    records = list(tapes.read_tape(tmp_path / "t.tap"))
    assert {len(record.frames) for record in records} == {6}
    assert abs(len(printed) - len(records)) <= 2


@UNIX
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_a_run_that_is_told_to_end_keeps_all_and_tells_how_far_it_came(tmp_path, name):
    going = begun(tmp_path)
    going.send_signal(getattr(signal, name))
    out, err = going.communicate(timeout=60)
    assert going.returncode == 130
    assert "firstwave: interrupted; prints.sap was at" in err
    assert out.startswith("interrupted at ")
    assert "instructions" in out
    printed, punched = out_of(tmp_path)
    records = (tmp_path / "t.tap").stat().st_size // (4 + 6 + 4)
    assert len(printed) >= 10
    assert abs(len(printed) - records) <= 1
    assert abs(len(punched) - records) <= 1


@UNIX
def test_an_interrupted_run_is_one_json_object_too(tmp_path):
    going = begun(tmp_path, "--json")
    going.send_signal(signal.SIGTERM)
    out, _ = going.communicate(timeout=60)
    assert going.returncode == 130
    assert out.count("\n") == 1
    result = json.loads(out)["result"]
    assert result["stop"] == "interrupted"
    assert result["why"] == f"interrupted at {result['location']}"
    assert result["location"] == result["registers"]["IC"]
    assert result["files"] == {"print": "p.txt", "punch": "p.cbn", "tape 3": "t.tap"}


@UNIX
def test_the_monitor_told_to_end_keeps_what_was_written(tmp_path):
    (tmp_path / "prints.sap").write_text(PRINTS)
    given = ["--punch", "p.cbn", "--print", "p.txt", "--tape", "3=t.tap", "--engine", "reference"]
    talk = subprocess.Popen(
        [*FIRSTWAVE, "debug", "prints.sap", *given], cwd=tmp_path, env=ENV, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    talk.stdout.readline()
    talk.stdin.write("until CARD\n")
    talk.stdin.flush()
    assert "breakpoint" in talk.stdout.readline()
    talk.send_signal(signal.SIGTERM)
    _, err = talk.communicate(timeout=60)
    assert (talk.returncode, err) == (130, "")
    assert (tmp_path / "p.txt").read_text() == "9\n"
    assert (tmp_path / "t.tap").stat().st_size == 4 + 6 + 4


def test_lines_come_on_stdout_as_they_are_printed(tmp_path):
    (tmp_path / "prints.sap").write_text(PRINTS)
    going = subprocess.Popen(
        [*FIRSTWAVE, "run", "prints.sap", "--max-seconds", "1e8", "--punch", "p.cbn",
         "--tape", "3=t.tap"],
        cwd=tmp_path, env=ENV, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    assert [going.stdout.readline() for _ in range(3)] == ["9\n"] * 3, "while it runs"
    going.kill()
    going.communicate(timeout=60)


HUBS = """
       ORG 64
GO     WPR
       LXA COUNT,1
LINE   CPY IMAGE+24,1
       TIX LINE,1,1
       IOD
       SPR 9
       IOD
       WPR
       LXA COUNT,1
NEXT   CPY IMAGE+24,1
       TIX NEXT,1,1
       SPR 4
       TRA GO
COUNT  PZE 24
IMAGE  OCT 400000000000,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0
       END GO
"""
"""Every other line is set beside the one before it, by an impulse that comes after it."""


def test_paper_written_line_by_line_is_laid_out_as_paper_torn_off_at_the_end(run):
    """Long runs are read off between slices of a second, short ones at their end."""
    from machines.ibm704 import Ibm704
    from machines.ibm704.devices import Units, take_lines
    from machines.ibm704.sap import assemble

    Path("hubs.sap").write_text(HUBS)
    assert run("704", "run", "hubs.sap", "--print", "p.txt", "--max-seconds", "30").status == 1
    program = assemble(HUBS).checked()
    machine = Ibm704(units=Units())
    machine.deposit(64, list(program.words.values()))
    machine.operate("ibm704.printer.attached", 1)
    machine.operate("ibm704.register.IC", program.start)
    machine.operate("ibm704.console.start")
    machine.run_to_stop(30_000_000_000)
    lines = take_lines(machine)
    assert any(9 in line.hubs for line in lines)
    assert len(lines) > 60
    assert Path("p.txt").read_text().splitlines() == list(page(lines))


ENDS = {
    "WPR": ("--print", "p.txt", lambda: Path("p.txt").read_text() == "9\n"),
    "WPU": ("--punch", "p.cbn", lambda: list(decks.read_deck("p.cbn")) == [CARD]),
}


@pytest.mark.parametrize("operation", ENDS)
@pytest.mark.parametrize("engine", ["compiled", "reference"])
def test_a_card_or_line_is_finished_though_the_program_halts_at_its_last_word(
    run, operation, engine
):
    option, file, right = ENDS[operation]
    body = PRINTS[: PRINTS.index("       WTB 3")].replace("WPR", operation)
    Path("ends.sap").write_text(f"{body}       HTR *\n{PRINTS[PRINTS.index('COUNT  PZE') :]}")
    ran = run("704", "run", "ends.sap", option, file, "--engine", engine, "--json")
    assert ran.document["result"]["stop"] == "halt"
    assert right()
    machine_s = ran.document["machine_s"]
    assert machine_s < 0.45, "as when it halted: the unit is not done then"


ONCE = PRINTS.replace("       WTB 3\n       CPY COUNT\n       WPU", "       IOD\n       HTR *")


@pytest.mark.slow
def test_more_lines_come_out_than_the_printer_has_paper_for(run):
    loop = f"{PRINTS[: PRINTS.index('       WTB 3')]}       TRA GO\n"
    Path("long.sap").write_text(loop + PRINTS[PRINTS.index("COUNT  PZE") :])
    ran = run("704", "run", "long.sap", "--print", "p.txt", "--max-seconds", "40100", "--json")
    assert ran.document["result"]["stop"] == "limit"
    lines = Path("p.txt").read_text().splitlines()
    assert len(lines) > UnitsDescription().lines_held
    assert set(lines) == {"9"}


@UNIX
def test_paper_can_go_to_a_device_or_a_stream(run):
    Path("once.sap").write_text(ONCE)
    ran = run("704", "run", "once.sap", "--print", "/dev/stdout")
    assert (ran.status, ran.out.splitlines()[0]) == (0, "9")
    ran = run("704", "run", "once.sap", "--print", "/dev/stderr", "--engine", "reference")
    assert ran.err == "9\n"
    assert run("704", "run", "once.sap", "--print", "/dev/null").status == 0


@UNIX
def test_a_stream_sent_to_a_file_is_written_in_the_order_things_come(tmp_path):
    (tmp_path / "once.sap").write_text(ONCE)
    with (tmp_path / "all.txt").open("w") as file:
        file.write("before\n")
        file.flush()
        streams = ["--print", "/dev/stdout", "--trace", "/dev/fd/1"]
        command = [*FIRSTWAVE, "run", "once.sap", *streams]
        subprocess.run(command, cwd=tmp_path, env=ENV, stdout=file, check=True, timeout=120)
    lines = (tmp_path / "all.txt").read_text().splitlines()
    assert (lines[0], lines.count("9")) == ("before", 1)
    done = int(lines[-1].split()[0])
    assert len([line for line in lines if " 00100 0766" in line]) == 1
    assert len(lines) == len(["before", "9", "heading"]) + done + len(["halted", "AC", "done"])
    assert lines[-3].startswith("halted")


@UNIX
def test_a_listing_and_source_can_go_to_a_device_or_a_stream(run):
    Path("once.sap").write_text(ONCE)
    listed = run("704", "assemble", "once.sap", "-o", "once.cbn", "--listing", "/dev/stdout").out
    assert "00100  0 76600 0 00361 GO     WPR" in listed
    assert "0 errors" in listed
    source = run("704", "disassemble", "once.cbn", "-o", "/dev/stdout").out
    assert source == run("704", "disassemble", "once.cbn").out


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")
@pytest.mark.parametrize(
    "arguments",
    [
        ["run", "once.sap", "--print", "/dev/full"],
        ["assemble", "once.sap", "--listing", "/dev/full"],
        ["disassemble", "once.cbn", "-o", "/dev/full"],
    ],
)
def test_a_full_disk_is_one_line(run, arguments):
    Path("once.sap").write_text(ONCE)
    run("704", "assemble", "once.sap", "-o", "once.cbn")
    ran = run("704", *arguments)
    assert ran.status == 2
    assert ran.said == "firstwave: /dev/full: cannot be written (No space left on device)"


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")
def test_paper_that_cannot_be_written_ends_the_run_and_keeps_the_rest(run):
    Path("prints.sap").write_text(PRINTS)
    more = ["--punch", "p.cbn", "--tape", "3=t.tap"]
    ran = run("704", "run", "prints.sap", "--print", "/dev/full", *more)
    assert ran.status == 2
    assert "No space left" in ran.said
    assert set(decks.read_deck("p.cbn")) == {CARD}
    assert Path("t.tap").stat().st_size % (4 + 6 + 4) == 0


@UNIX
def test_a_device_or_a_pipe_as_input_is_one_line_with_the_cure_and_no_hang(run):
    Path("once.sap").write_text(ONCE)
    os.mkfifo("pipe")
    for path in ("/dev/zero", "/dev/null", "pipe"):
        for given in (
            ["run", path],
            ["run", "once.sap", "--cards", path],
            ["run", "once.sap", "--tape", f"3={path}:r"],
            ["run", "once.sap", "--drum", f"1={path}"],
            ["assemble", path],
            ["disassemble", path],
            ["convert", path, "x.tap"],
        ):
            ran = run("704", *given)
            assert ran.status == 2
            assert ran.said.endswith(
                f"{path}: is a device or a pipe; copy what it gives into a file and read it"
            )


@UNIX
def test_a_command_started_without_its_streams_does_its_work_all_the_same(tmp_path):
    (tmp_path / "once.sap").write_text(ONCE)
    given = ["once.sap", "--engine", "reference"]  # which says nothing of compiling
    for closed in ("<&-", ">&-", "2>&-", "<&- >&- 2>&-"):
        for command in ("run", "debug"):
            done = subprocess.run(
                ["sh", "-c", f'"$@" {closed}', "sh", *FIRSTWAVE, command, *given],
                cwd=tmp_path, env=ENV, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                timeout=120, check=False,
            )  # fmt: skip
            assert (done.returncode, done.stderr) == (0, ""), (closed, command)


@UNIX
@pytest.mark.slow
def test_a_billion_instructions_take_no_more_memory_than_a_million(tmp_path):
    (tmp_path / "loop.sap").write_text("       ORG 64\nGO     TRA GO\n       END GO\n")

    def peak_bytes(machine_s):
        command = [*FIRSTWAVE, "run", "loop.sap", "--max-seconds", str(machine_s), "--json"]
        with (tmp_path / "out.json").open("w") as out:
            going = subprocess.Popen(
                command, cwd=tmp_path, env=ENV, stdout=out, stderr=subprocess.DEVNULL
            )
            _, status, usage = os.wait4(going.pid, 0)
        going.returncode = os.waitstatus_to_exitcode(status)
        assert going.returncode == 1
        assert f'"instructions": {machine_s * 125_000 // 3}' in (tmp_path / "out.json").read_text()
        return usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)

    peak_bytes(3)  # compiles, if need be
    short, long = peak_bytes(24), peak_bytes(24_000)
    assert long - short < 10_000_000, (short, long)
