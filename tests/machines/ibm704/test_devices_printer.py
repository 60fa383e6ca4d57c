"""The printer: its speed, its wheels, its echoes, its hubs."""

import itertools
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from with_units import MS, examine, machine, pause, put, run, stopped_at

import machines.ibm704
from machines.ibm704 import Stop
from machines.ibm704.devices import Line, mount_cards, page, take_lines
from machines.ibm704.devices.printer import text_of
from machines.ibm704.media import cards, codes
from machines.ibm704.sap import read_source

PROGRAMS = Path(machines.ibm704.__file__).parent / "programs"
engines = pytest.mark.parametrize("engine", ["compiled", "reference"])

PRINT = """
       ORG 64
START  LXA LINES,2
LINE   {select}
       LXA COUNT,1
WRITE  CPY IMAGE+{copies},1
       TIX WRITE,1,1
       TIX LINE,2,1
       IOD
       HPR
LINES  PZE {lines}
COUNT  PZE {copies}
IMAGE  BSS {copies}
       END START"""


def image(text):
    return cards.words_of(cards.from_text(text))


def texts(made):
    return [line.text.rstrip() for line in take_lines(made)]


@engines
def test_the_printer_prints_150_lines_a_minute(engine):
    took = []
    for lines in (1, 11):
        made, at = machine(PRINT.format(select="WPR", lines=lines, copies=24), engine)
        made.operate("ibm704.printer.attached", 1)
        made.deposit(at["IMAGE"], image("A LINE OF 1957"))
        took.append(run(made))
        assert made.number("ibm704.printer.printed") == lines
        assert texts(made) == ["A LINE OF 1957"] * lines
    assert took[1] - took[0] == 10 * 60_000 * MS // 150


def test_the_rows_of_a_line_are_16_57_ms_apart():
    made, at = machine(PRINT.format(select="WPR", lines=1, copies=24))
    made.operate("ibm704.printer.attached", 1)
    made.operate("ibm704.console.start")
    times, seen = [], made.number("ibm704.register.XRA")
    while made.stop == Stop.RUNNING:
        made.run(made.next_due_ns())
        if 0 < made.number("ibm704.register.XRA") < 24 and seen != (
            seen := made.number("ibm704.register.XRA")
        ):
            times.append(made.now_ns)
    between = [b - a for a, b in itertools.pairwise(times[::2])]
    assert between == [16_570_000] * 11
    assert at["IMAGE"]


@engines
def test_cards_come_out_on_the_printer(engine):
    made, _ = machine(read_source(PROGRAMS / "card_to_printer.sap"), engine)
    text = ["HELLO, WORLD", "", "A+B=(C-D)*E/F.", "LINE 4 $9,'7"]
    mount_cards(made, map(cards.from_text, text))
    made.operate("ibm704.printer.attached", 1)
    run(made)
    assert list(page(take_lines(made))) == text


def test_all_48_characters_of_the_wheels_are_printed_and_no_other():
    wheels = "".join(sorted(codes.PRINTED - {" "}))
    made, at = machine(PRINT.format(select="WPR", lines=1, copies=24))
    made.operate("ibm704.printer.attached", 1)
    made.deposit(at["IMAGE"], image(wheels))
    run(made)
    assert texts(made) == [wheels]
    put(made, PRINT.format(select="WPR", lines=1, copies=24))
    made.deposit(at["IMAGE"], [1 << 35, 0] * 12)  # column 1 punched in every row
    run(made)
    assert texts(made) == ["?"]


@engines
def test_a_line_that_is_left_early_is_printed_as_far_as_it_came(engine):
    made, at = machine(PRINT.format(select="WPR", lines=1, copies=4), engine)
    made.operate("ibm704.printer.attached", 1)
    made.deposit(at["IMAGE"], image("9189")[:4])
    run(made)
    assert texts(made) == ["9 89"]


def test_a_late_copy_to_the_printer_is_a_check_and_the_line_is_kept():
    source = f"""
       ORG 64
START  WPR
       CPY NINES
       CPY NINES
{pause(1500)}
LATE   CPY NINES
       HPR
NINES  OCT 777777777777
       END START"""
    made, at = machine(source)
    made.operate("ibm704.printer.attached", 1)
    run(made, stop=Stop.READ_WRITE_CHECK)
    assert stopped_at(made) == at["LATE"]
    made.run(made.now_ns + 10**9)
    assert texts(made) == ["9" * 72]


ECHO_ORDER = [
    *((row, None) for row in "987654321"), (None, "8-4"), ("0", None), (None, "8-3"), ("11", None),
    (None, "9"), ("12", None), *((None, row) for row in "87654321"),
]  # fmt: skip


def echoes_of(text):
    """What the wheels give back for a line: by echo, the columns that stand there."""
    found = {}
    for column, character in enumerate(text.ljust(72)):
        digit = codes.code_of(character) & 0o17
        zero = character in "0 " or (digit == 0 and character != "0")
        name = {11: "8-3", 12: "8-4"}.get(digit, str(digit))
        if not zero:
            side, bit = divmod(column, 36)
            found[name, side] = found.get((name, side), 0) | 1 << 35 - bit
    return found


@engines
def test_reading_the_printer_gives_the_echoes_in_between(engine):
    text = "ECHO 0123456789 +-=',.*()$/ THE QUICK BROWN FOX JUMPS OVER THE LAZY DOG"
    text = text[:72]
    made, at = machine(PRINT.format(select="RPR", lines=1, copies=46), engine)
    made.operate("ibm704.printer.attached", 1)
    words = image(text)
    sequence = [
        words[2 * cards.ROWS.index(row) + side] if row else 0
        for row, _ in ECHO_ORDER
        for side in (0, 1)
    ]
    made.deposit(at["IMAGE"], sequence)
    run(made)
    assert texts(made) == [text.rstrip()]
    found = echoes_of(text)
    expected = [
        words[2 * cards.ROWS.index(row) + side] if row else found.get((echo, side), 0)
        for row, echo in ECHO_ORDER
        for side in (0, 1)
    ]
    assert examine(made, at["IMAGE"], 46) == expected


def test_lines_with_echoes_are_printed_as_fast():
    took = []
    for lines in (1, 6):
        made, _ = machine(PRINT.format(select="RPR", lines=lines, copies=46))
        made.operate("ibm704.printer.attached", 1)
        took.append(run(made))
    assert took[1] - took[0] == 5 * 400 * MS


def test_impulses_at_the_exit_hubs_are_kept_with_their_line():
    made, _ = machine(
        """
       ORG 64
START  WPR
       SPR 9
       WPR
       SPR 1
       SPR 10
       WPR
       IOD
       SPR 3              AFTER THE LINE
       HPR
       END START"""
    )
    made.operate("ibm704.printer.attached", 1)
    run(made)
    assert [set(line.hubs) for line in take_lines(made)] == [{9}, {1, 10}, {3}]


@pytest.mark.parametrize("impulse", [0, 1])
def test_spt_skips_if_the_entry_hub_has_an_impulse(impulse):
    made, at = machine("       ORG 64\nSTART  SPT\n       HTR 1\n       HTR 2\n       END START")
    made.operate("ibm704.printer.entry", impulse)
    run(made)
    assert stopped_at(made) == at["START"] + 1 + impulse


def test_paper_that_is_full_stops_the_printer():
    made, _ = machine(PRINT.format(select="WPR", lines=5, copies=24), lines_held=2)
    made.operate("ibm704.printer.attached", 1)
    run(made, stop=Stop.NOT_READY)
    assert len(take_lines(made)) == 2
    run(made, stop=Stop.NOT_READY)
    assert len(take_lines(made)) == 2
    run(made)
    assert len(take_lines(made)) == 1


def test_a_page_has_the_second_pass_of_a_line_on_its_wheels_73_to_120():
    left, right, plain = "L".ljust(72), ("R" * 48).ljust(72), "P".ljust(72)
    lines = [Line(left), Line(right, frozenset({9})), Line(plain)]
    assert list(page(lines)) == ["L".ljust(72) + "R" * 48, "P"]


def test_a_page_is_spaced_by_its_hubs():
    lines = [
        Line("A"), Line("B", frozenset({4})), Line("C", frozenset({1})),
        Line("D", frozenset({3})), Line("E"),
    ]  # fmt: skip
    assert list(page(lines)) == ["A", "", "B", "\fC", "D", "", "E"]


@given(st.text(alphabet=sorted(codes.PRINTED), max_size=72))
def test_a_line_reads_as_it_was_punched(text):
    assert text_of(cards.from_text(text)[:72]).rstrip() == text.rstrip()
