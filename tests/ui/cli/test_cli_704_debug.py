"""The monitor of the IBM 704: `firstwave 704 debug`, with scripts on stdin."""

import contextlib
import io
import os
import random
import signal
import subprocess
import sys
import time
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import machines.ibm704
from machines.ibm704 import Ibm704, load
from machines.ibm704.sap import assemble
from simulator.errors import Mistake
from ui.cli.ibm704_debug import BY_NAME, COMMANDS, answer
from ui.cli.ibm704_expressions import parse
from ui.cli.ibm704_monitor import Monitor
from ui.cli.ibm704_session import Session
from ui.cli.ibm704_set_up import Names

ROOT = Path(__file__).parents[3]
PROGRAMS = Path(machines.ibm704.__file__).parent / "programs"
DOT, PRINTER = PROGRAMS / "dot_product.sap", PROGRAMS / "card_to_printer.sap"
ENGINES = pytest.mark.parametrize("engine", ["compiled", "reference"])

COUNTING = """
       ORG 64
START  LXA N,1
       PXD 0,0
LOOP   ADD ONE
       STO SUM
       TIX LOOP,1,1
       HTR START
N      PZE 1000
ONE    PZE 1
SUM    BSS 1
       END START
"""


@pytest.fixture
def debug(run, monkeypatch):
    """Run a script through the monitor."""

    def one(file, script, *options):
        monkeypatch.setattr(sys, "stdin", io.StringIO(script.replace("; ", "\n") + "\n"))
        return run("704", "debug", file, *options)

    return one


@pytest.fixture
def counting():
    Path("counting.sap").write_text(COUNTING)
    return "counting.sap"


def monitor_of(source, engine="reference"):
    program = assemble(source).checked()
    machine = Ibm704(engine=engine)
    for at, word in program.words.items():
        machine.deposit(at, [word])
    machine.operate("ibm704.register.IC", program.start)
    session = Session(machine, Names(program.symbols, program.words))
    return Monitor(session, dict(program.symbols))


def seen(machine):
    """Everything a programmer can see, but not why and how the machine came to stand still."""
    names = [f"ibm704.register.{name}" for name in ("AC", "MQ", "IC", "XRA", "XRB", "XRC")]
    names += ["ibm704.control.cycles", "ibm704.control.instructions"]
    return machine.rack("ibm704.core.word").tolist(), [machine.number(name) for name in names]


# forth


def test_steps_show_the_next_instruction_and_the_registers(debug):
    ran = debug(DOT, "step; s 2; quit")
    assert ran.status == 0
    before, first, third = ran.out.splitlines()
    assert before.split()[:4] == ["00100", "START", "STZ", "SUM"]
    assert first.split()[:4] == ["00101", "START+1", "LXA", "COUNT,1"]
    assert third.split()[:4] == ["00103", "STEP+1", "FMP", "91,1"]
    assert "MQ 201400000000 XR 00010" in third


def test_a_substep_shows_the_cycles_and_does_nothing(debug):
    ran = debug(DOT, "go STEP; undo; step 4; substep; registers")
    rows = [line for line in ran.out.splitlines() if "SR " in line and "AC" in line]
    assert [row.split()[1] for row in rows][:2] == ["instruction", "execution"]
    assert len(rows) >= 5, "a floating addition, cycle by cycle"
    assert "IC  00104" in ran.out


def test_a_run_ends_at_a_halt(debug):
    ran = debug(DOT, "go; print [SUM].float; time")
    assert "halted at 00107" in ran.out
    assert "120\n" in ran.out
    assert "43 instructions, 250 cycles" in ran.out


def test_a_stop_of_the_machine_is_told_and_the_talk_goes_on(debug):
    Path("p.sap").write_text(
        "       ORG 64\nGO     TOV *+1\n       OCT 012300000000\n       END GO\n"
    )
    ran = debug("p.sap", "go; registers")
    assert ran.status == 0
    assert "undefined operation 012300000000" in ran.out
    assert "IC  00101" in ran.out


@ENGINES
def test_a_breakpoint_stops_before_its_instruction(debug, engine):
    ran = debug(DOT, "break STEP+2; go; time; go; time; unbreak all; go", "--engine", engine)
    assert ran.out.count("breakpoint at 00104") == 2
    times = [line.split()[0] for line in ran.out.splitlines() if "instructions" in line]
    assert times == ["4", "9"]
    assert "halted" in ran.out


@ENGINES
def test_a_breakpoint_with_a_condition_stops_when_it_holds(debug, counting, engine):
    script = "break LOOP+1 if AC = 10. and XRA # 0; go; print AC; print XRA; time"
    ran = debug(counting, script, "--engine", engine)
    assert "breakpoint at 00103" in ran.out
    assert "12 octal, 10 decimal" in ran.out
    assert "991 decimal" in ran.out
    assert f"{2 + 3 * 9 + 1} instructions" in ran.out


@ENGINES
def test_a_watch_stops_after_a_word_was_stored(debug, counting, engine):
    script = "watch SUM; go; print [SUM]; go; print [SUM]; unwatch all; watch SUM if [SUM] >= 144"
    ran = debug(counting, f"{script}; go; print [SUM]", "--engine", engine)
    assert ran.out.count("watched location at 00103") == 3
    values = [line.split()[0] for line in ran.out.splitlines() if line.endswith("decimal")]
    assert values == ["1", "2", "144"]


TWO_SUMS = """
       ORG 64
GO     CLA ONE
       STO EVEN
       STO ODD
       CLA TWO
       STO EVEN
       LXA ONE,1
       STO ODD+1,1
       HTR *
ONE    PZE 1
TWO    PZE 2
EVEN   BSS 1
ODD    BSS 1
       END GO
"""


@ENGINES
def test_of_several_watches_the_one_stored_in_is_told_and_its_condition_asked(debug, engine):
    Path("two.sap").write_text(TWO_SUMS)
    script = "watch EVEN if [EVEN] = 2; watch ODD if [EVEN] = 2; go; go; go"
    ran = debug("two.sap", script, "--engine", engine)
    told = [line for line in ran.out.splitlines() if "was stored" in line]
    assert told == [
        "a word was stored at a watched location at 00104: 00112 (EVEN) is now 000000000002",
        "a word was stored at a watched location at 00106: 00113 (ODD) is now 000000000002",
    ]
    assert "halted at 00107" in ran.out


@ENGINES
def test_location_0_and_an_instruction_that_stores_over_itself_can_be_watched(debug, engine):
    Path("self.sap").write_text(
        "       ORG 64\nGO     STZ 0\nSELF   STZ SELF\n       HTR *\n       END GO\n"
    )
    ran = debug("self.sap", "watch 0; watch SELF; go; go", "--engine", engine)
    assert "at 00100: 00000 is now 000000000000" in ran.out
    assert "at 00101: 00101 (SELF) is now 000000000000" in ran.out


def test_a_unit_that_is_not_there_is_named_with_its_option_in_the_monitor_too(debug):
    ran = debug(DOT, "load cards; load tape; load drum")
    assert "the card reader is not attached at 00100; --cards FILE does it" in ran.out
    assert "tape 1 is not attached at 00100; --tape 1=FILE does it" in ran.out
    assert "drum 1 is not attached at 00100; --drum 1=FILE does it" in ran.out


def test_the_talk_ends_when_nobody_reads_any_more(tmp_path):
    going = subprocess.Popen(
        [sys.executable, "-m", "ui.cli", "704", "debug", str(DOT), "--engine", "reference"],
        cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT)}, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    assert going.stdout.readline().startswith("00100 START")
    going.stdout.close()
    going.stdin.write("step\n" * 3)
    going.stdin.flush()
    assert going.wait(timeout=60) == 0, "though stdin goes on"
    assert going.stderr.read() == ""
    going.stderr.close()
    with contextlib.suppress(BrokenPipeError):
        going.stdin.close()


def test_a_condition_begins_with_if_in_any_case_and_if_can_be_a_symbol(debug):
    Path("if.sap").write_text(
        "       ORG 64\nGO     LXA N,1\nIF     TIX IF,1,1\n       HTR *\nN      PZE 9\n"
        "       END GO\n"
    )
    ran = debug("if.sap", "BREAK IF IF XRA = 3; go; print XRA; break if if XRA = 1; go; print XRA")
    values = [line.split()[0] for line in ran.out.splitlines() if line.endswith("decimal")]
    assert values == ["3", "1"]


def test_the_line_at_the_printer_is_shown_and_no_time_passes(debug):
    Path("line.sap").write_text(
        "       ORG 64\nGO     WPR\n       LXA N,1\nNEXT   CPY NINE\n       TIX NEXT,1,1\n"
        "       HTR *\nN      PZE 1\nNINE   OCT 400000000000\n       END GO\n"
    )
    ran = debug("line.sap", "go; time; printed; time")
    lines = ran.out.splitlines()
    assert "9" in lines[4:5]
    assert lines[3] == lines[5]


def test_until_runs_to_a_place_once(debug):
    ran = debug(DOT, "until 105; break; until STEP")
    assert "breakpoint at 00105" in ran.out
    assert "none\n" in ran.out
    assert "breakpoint at 00102" in ran.out


# back


@ENGINES
@pytest.mark.parametrize("forth", ["step 30", "go", "break LOOP+2 if AC > 5; go", "until LOOP; go"])
@pytest.mark.parametrize("count", [1, 2, 7])
def test_going_back_is_as_if_one_had_not_gone_so_far(forth, count, engine):
    monitor = monitor_of(COUNTING, engine)
    for line in forth.split("; "):
        answer(monitor, line)
    wanted = monitor.session.done - count
    answer(monitor, f"back {count}")
    assert monitor.session.done == wanted
    other = monitor_of(COUNTING, engine)
    for _ in range(wanted // 100):
        answer(other, "step 100")
    if wanted % 100:
        answer(other, f"step {wanted % 100}")
    assert seen(monitor.session.machine) == seen(other.session.machine)


def test_random_ways_back_and_forth_end_where_straight_ones_do():
    seed = 704
    chance = random.Random(seed)
    monitor, straight = monitor_of(COUNTING), monitor_of(COUNTING)
    for _ in range(60):
        done = monitor.session.done
        acts = ["step", f"step {chance.randint(1, 20)}", "break LOOP+1; go", "until LOOP+2"]
        if done > 3:
            acts += [f"back {chance.randint(1, min(done, 12))}", "undo"]
        for line in [*chance.choice(acts).split("; "), "unbreak all"]:
            answer(monitor, line)
    answer(straight, f"step {monitor.session.done}")
    assert seen(monitor.session.machine) == seen(straight.session.machine), f"seed {seed}"


def test_what_was_done_after_going_back_is_another_history(debug, counting):
    ran = debug(counting, "step 5; back 2; set AC 77; go; print [SUM]")
    assert f"{0o77 + 999} decimal" in ran.out


def test_undo_takes_back_the_last_command(debug):
    ran = debug(DOT, "deposit 200 CLA SUM; set XRA 7; undo; undo; examine 200 octal; registers")
    assert "000000000000" in ran.out.splitlines()[-6]
    assert "XRA 00000" in ran.out


def test_a_marked_location_stays_marked_when_going_back(debug):
    ran = debug(DOT, "break STEP; go; back; go")
    assert ran.out.count("breakpoint at 00102") == 2


def test_the_history_is_that_of_the_trace(run, debug):
    run("704", "run", DOT, "--trace", "t.txt")
    trace = Path("t.txt").read_text().splitlines()[1:]
    ran = debug(DOT, "step 3; go; history 100")
    told = [line for line in ran.out.splitlines() if line in trace]
    assert told == trace
    assert debug(DOT, "go; history 3").out.splitlines()[-3:] == trace[-3:]
    assert debug(DOT, "go; back 5; history 3").out.splitlines()[-3:] == trace[-8:-5]


def test_units_go_back_too(debug):
    Path("data.txt").write_text("ONE\nTWO\n")
    script = "go; printed; back 60; printed; go; printed"
    ran = debug(PRINTER, script, "--cards", "data.txt", "--print", "paper.txt")
    assert ran.out.split().count("ONE") == 3
    assert ran.out.split().count("TWO") == 2
    assert Path("paper.txt").read_text() == "ONE\nTWO\n"


def test_a_program_that_loads_itself_is_begun_by_its_key(debug):
    ran = debug(PROGRAMS / "self_loading_card.sap", "break START; load cards; go; print AC")
    assert "load cards begins it" in ran.out
    assert ran.out.index("breakpoint at 00004") < ran.out.index("halted at 00014")
    assert "5050 decimal" in ran.out


# looking and touching


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ("200 123456701234", 0o123456701234),
        ("200 -5", 0o400000000005),
        ("200 CLA SUM", 0o050000000112),
        ("200 TIX STEP,1,1", 0o200001100102),
        ("200 cla step+2", 0o050000000104),
        ("200 DEC 1.5", 0o201600000000),
        ("200 BCD 1HELLO ", 0o302543434660),
        ("START+100 OCT 7", 0o7),
    ],
)
def test_words_are_deposited_in_octal_and_in_symbols(line, word):
    monitor = monitor_of(DOT.read_text())
    answer(monitor, f"deposit {line}")
    assert monitor.session.machine.examine(0o200) == word


def test_words_are_examined_in_every_view(debug):
    ran = debug(
        DOT, "e B all; e B octal; e B fixed; e B float; e STEP sap; d 200 BCD 1A+B=C ; e 200 bcd"
    )
    assert "204400000000" in ran.out
    assert f"{0o204400000000}" in ran.out
    lines = [line.split(None, 2)[-1] for line in ran.out.splitlines()[2:-1]]
    assert lines[:4] == ["204400000000", f"{0o204400000000}", "8", "LDQ B,1"]
    assert ran.out.endswith("'A+B=C '\n")


def test_the_listing_points_at_the_next_instruction(debug):
    ran = debug(DOT, "step 4; break 105; list; list START,3")
    lines = ran.out.splitlines()
    assert next(line for line in lines if line.startswith(">")).split() == [
        ">00104", "030000000112", "FAD", "SUM",
    ]  # fmt: skip
    assert any(line.startswith("*00105") for line in lines)
    assert lines[-3].split()[:3] == ["00100", "060000000112", "START"]


def test_registers_and_switches_are_set_and_shown(debug):
    ran = debug(DOT, "set AC -5; set MQ 17; set XRC 10; set IC STEP; switch 3 down; registers")
    assert "AC  -0 000000000005  -5" in ran.out
    assert "XRC 00010" in ran.out
    assert "IC  00102" in ran.out
    assert "switch 3 down" in ran.out


def test_a_machine_is_saved_as_it_stands(debug):
    debug(DOT, "go; save m.npz")
    from machines.ibm704.devices import Units

    machine, _ = load("m.npz", "reference", Units())
    assert machine.number("ibm704.control.instructions") == 43


def test_help_names_every_command(debug):
    ran = debug(DOT, "help; help examine")
    for command in COMMANDS:
        assert any(line.startswith(command.names[0]) for line in ran.out.splitlines())
        assert command.help in ran.out
    assert sum(len(command.names) for command in COMMANDS) == len(BY_NAME), "no name twice"
    assert all(len(line) <= 110 for line in ran.out.splitlines())


# mistakes


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("fly", "no command fly"),
        ("help fly", "no command fly"),
        ("step 0", "no count"),
        ("step many", "no count"),
        ("step 99999999999999999999", "no count"),
        ("back", "cannot go back"),
        ("back 5", "cannot go back"),
        ("undo", "nothing to undo"),
        ("go NOWHERE", "NOWHERE is not known"),
        ("go 100000", "no location 100000"),
        ("go 1.5", "no location"),
        ("break STEP if", "condition is missing"),
        ("break STEP if AC >", "missing at its end"),
        ("break STEP if [777777] = 0", "no location"),
        ("break STEP when AC", "when"),
        ("unbreak STEP", "none at STEP"),
        ("examine", "expression is missing"),
        ("examine STEP,0", "no count"),
        ("examine 89", "no octal number"),
        ("examine [[", "missing"),
        ("examine (1", ") is missing"),
        ("examine 1 2", "not expected"),
        ("examine ;", "means nothing"),
        ("deposit 100", "a word is missing"),
        ("deposit 100 CLQ 5", "no operation CLQ"),
        ("deposit 77777 1 2 3", "storage ends"),
        ("deposit 100 EQU 5", ""),
        ("set PC 5", "set takes"),
        ("set AC 8", "no octal word"),
        ("switch 7 down", "from 1 to 6"),
        ("load paper", "cards, tape or drum"),
        ("load cards", "not attached"),
        ("print " + "(" * 200 + "1", "brackets"),
        ("print " + "1" * 480, "no octal number"),
        ("print 7777777777*7777777777*7777777777", "far larger"),
        ("print é", "means nothing"),
        ("save gone/m.npz", "no folder gone"),
        ("save a\x00b", "the name of a file"),
        ("\x1b[2Jfly", "no command of that name"),
        ("registers now", "nothing follows"),
        ("x" * 600, "longer than 500"),
    ],
)
def test_a_wrong_command_ends_a_script_with_its_line_and_changes_nothing(debug, line, said):
    if line == "load cards":
        assert said in debug(DOT, line).out
        return
    monitor = monitor_of(DOT.read_text())
    before = monitor.session.machine.snapshot()
    with pytest.raises(Mistake):
        answer(monitor, line)
    after = monitor.session.machine.snapshot()
    assert all((a == b).all() for a, b in zip(before, after, strict=True))
    ran = debug(DOT, f"registers; {line}; registers")
    assert ran.status == 2
    assert ran.said.startswith("firstwave: line 2: ")
    assert said in ran.said


def test_ctrl_c_stops_a_run_and_the_talk_goes_on(tmp_path):
    (tmp_path / "loop.sap").write_text("       ORG 64\nLOOP   TRA LOOP\n       END LOOP\n")
    talk = subprocess.Popen(
        [sys.executable, "-m", "ui.cli", "704", "debug", "loop.sap", "--engine", "reference"],
        cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT)}, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    assert talk.stdin is not None
    assert talk.stdout is not None
    assert "LOOP" in talk.stdout.readline()
    talk.stdin.write("go\n")
    talk.stdin.flush()
    time.sleep(1.5)
    talk.send_signal(signal.SIGINT)
    assert talk.stdout.readline() == "interrupted\n"
    out, err = talk.communicate("time\nback 3\ntime\nquit\n", timeout=60)
    assert (talk.returncode, err) == (0, "")
    done = [int(line.split()[0].replace(",", "")) for line in out.splitlines() if "cycles" in line]
    assert done[0] - done[1] == 3


@settings(max_examples=300, deadline=None)
@given(st.text(st.sampled_from("01789.+-*()[]=<># ACXRAMQSUMandornotif$é,'\""), max_size=40))
def test_an_expression_has_a_value_or_is_a_mistake(text):
    monitor = monitor_of("       ORG 64\nA      HTR *\n       END A\n")
    try:
        value = parse(text, monitor.table)(monitor.session.machine)
    except Mistake:
        return
    assert isinstance(value, int | Fraction)


@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from(sorted(set(BY_NAME) - {"save", "step", "s"})),
    st.text(st.characters(codec="utf-8"), max_size=30),
)
def test_a_command_answers_or_is_a_mistake(name, rest):
    monitor = monitor_of(COUNTING)
    answer(monitor, "step 3")
    try:
        told = answer(monitor, f"{name} {rest}")
    except Mistake:
        return
    assert isinstance(told, str)


@settings(max_examples=200, deadline=None)
@given(st.integers(-(8**9), 8**9), st.integers(-(8**9), 8**9), st.sampled_from("+-*"))
def test_sums_and_products_of_octal_numbers_are_right(a, b, sign):
    monitor = monitor_of("       ORG 64\nA      HTR *\n       END A\n")
    text = f"({'-' if a < 0 else ''}{abs(a):o}){sign}({'-' if b < 0 else ''}{abs(b):o})"
    right = {"+": a + b, "-": a - b, "*": a * b}[sign]
    assert parse(text, {})(monitor.session.machine) == right
    decimal = f"({'-' if a < 0 else ''}{abs(a)}.){sign}({'-' if b < 0 else ''}{abs(b)}.)"
    assert parse(decimal, {})(monitor.session.machine) == right
