"""``firstwave mark1 plugboard``: boards are made, shown, checked, re-plugged and compared."""

import json
import re
from pathlib import Path

import numpy as np
import pytest

from machines.mark1 import Description, load
from machines.mark1 import plugboard as boards

BOARD = ("mark1", "plugboard")


def refused(ran, *words):
    assert ran.status == 2, (ran.out, ran.err)
    assert ran.out == ""
    assert ran.err.count("\n") == 1
    for word in words:
        assert word in ran.said, ran.said


@pytest.fixture
def made(run):
    """Make board.json, the nominal one, and go on in its folder."""
    assert run(*BOARD, "make", "-o", "board.json").status == 0
    return run


# make


def test_a_made_board_is_the_one_of_the_page(run):
    ran = run(*BOARD, "make", "-o", "board.json", "--seed", 7)
    assert ran.out.startswith("board.json: 10240 plugs, 512 A-units with 10 excitatory and 10 inh")
    d = Description(wiring_seed=7)
    assert not boards.diff(boards.load("board.json", d), boards.random_table(d))
    assert "page 7 of the random-number table" in boards.read("board.json").note


def test_a_topological_board_is_made(run):
    command = [*BOARD, "make", "-o", "near.json", "--wiring", "uniform"]
    assert run(*command, "--reach", 6, "--excitatory", 8, "--inhibitory", 3).status == 0
    d = Description(excitatory=8, inhibitory=3)
    near = boards.topological(d, "uniform", 6)
    assert not boards.diff(boards.load("near.json", d), near)


def test_a_dense_board_says_that_it_is_not_historical_wherever_it_is_seen(run):
    ran = run(*BOARD, "make", "-o", "dense.json", "--dense")
    assert "4096 potentiometers; not historical" in ran.out
    assert "not historical" in json.loads(Path("dense.json").read_text())["note"]
    for command in (["show"], ["show", "--unit", "A5"], ["check"]):
        shown = run(*BOARD, command[0], "dense.json", *command[1:])
        assert "not historical" in shown.out, command
    plugged = run(*BOARD, "plug", "dense.json", "--pull", "A1+S19", "-o", "pulled.json")
    assert "not historical" in plugged.out
    assert "not historical" in json.loads(Path("pulled.json").read_text())["note"]
    for command in (["show", "dense.json"], ["check", "dense.json"]):
        assert run(*BOARD, *command, "--json").document["result"]["historical"] is False


def test_a_note_of_ones_own_is_kept(run):
    run(*BOARD, "make", "-o", "noted.json", "--note", "of the lecture")
    assert boards.read("noted.json").note == "of the lecture"
    assert "note: of the lecture\n" in run(*BOARD, "show", "noted.json").out


def test_a_note_does_not_reach_the_terminal_with_its_control_characters(run):
    run(*BOARD, "make", "-o", "noted.json", "--note", "red \x1b[31m\nsecond line")
    shown = run(*BOARD, "show", "noted.json").out
    assert "\x1b" not in shown
    assert "note: red  [31m second line\n" in shown


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--reach", 3], ["--reach is for --wiring gaussian and uniform"]),
        (["--wiring", "uniform", "--reach", 3], ["reach 3 is too small", "reach 4 is enough"]),
        (["--wiring", "gaussian", "--reach", -1], ["reach must be a whole number from 1"]),
        (["--wiring", "round"], ["round", "gaussian"]),
        (["--responses", 9], ["responses_in_use is 9"]),
        (["--excitatory", 22], ["16384 plugs", "16000 in all"]),
        (["--association-units", 4], ["at least one A-unit for every R-unit"]),
        (["--note", "x" * 1001], ["at most 1000 characters"]),
    ],
)
def test_a_board_that_cannot_be_made_is_one_line(run, options, words):
    refused(run(*BOARD, "make", "-o", "board.json", *options), *words)
    assert not Path("board.json").exists()


def test_a_board_is_not_written_where_nothing_can_be(run):
    refused(run(*BOARD, "make", "-o", "gone/board.json"), "gone", "folder")
    Path("folder.json").mkdir()
    refused(run(*BOARD, "make", "-o", "folder.json"), "is a folder")


# show and check


def test_a_board_is_shown_with_the_plugs_of_every_s_unit(made):
    out = made(*BOARD, "show", "board.json").out
    grid = [list(map(int, line.split())) for line in out.splitlines()[-20:]]
    board = boards.load("board.json", Description())
    assert np.ravel(grid).tolist() == np.bincount(board.s_unit).tolist()


def test_an_a_unit_is_shown_with_its_origin_points_on_the_retina(made):
    out = made(*BOARD, "show", "board.json", "--unit", "A17").out
    board = boards.load("board.json", Description())
    mine = board.a_unit == 16
    picture = "".join(out.splitlines()[-20:]).replace(" ", "")
    assert {s: mark for s, mark in enumerate(picture) if mark != "."} == {
        s: "+" if sign > 0 else "-"
        for s, sign in zip(board.s_unit[mine].tolist(), board.sign[mine].tolist(), strict=True)
    }
    assert "A17: potentiometer to R1 when all 8 R-units are in use\n" in out


def test_s_units_and_r_units_are_shown(made):
    ran = made(*BOARD, "show", "board.json", "--unit", "S203", "--unit", "R2")
    assert "S203: 18 sockets free" in ran.out
    assert "R2: 64 potentiometers when all 8 R-units are in use, of A65..A128" in ran.out
    units = made(*BOARD, "show", "board.json", "--unit", "S203", "--unit", "R2", "--json").document[
        "result"
    ]["units"]
    assert len(units[0]["excitatory"]) + len(units[0]["inhibitory"]) == 40 - 18
    assert units[0]["sockets_free"] == 18
    assert units[1] == {"unit": "R2", "a_units": list(range(65, 129))}


@pytest.mark.parametrize(
    ("unit", "words"),
    [
        ("A513", "A513 does not exist, labels are A1..A512"),
        ("S401", "S1..S400"),
        ("R9", "R1..R8"),
        ("Q1", "'Q1' is no unit; name one such as A17, S203 or R3"),
        ("A0", "is no unit"),
        ("", "is no unit"),
    ],
)
def test_a_unit_that_does_not_exist_is_one_line(made, unit, words):
    refused(made(*BOARD, "show", "board.json", "--unit", unit), words)


def test_a_nominal_board_is_checked(made):
    out = made(*BOARD, "check", "board.json", "--lit", "0.2").out
    assert "can be plugged; 10240 plugs, 5760 of 16000 sockets free" in out
    assert re.search(r"an S-unit has \d+ to \d+ \(25.6 on the average\) plugs", out)
    assert "an A-unit has 10 excitatory and 10 inhibitory origin points" in out
    assert "P_a 0.197" in out, "the value of the papers' formula for x = y = 10, theta = 2, R = .2"


def test_theta_alone_is_refused_and_so_is_a_fraction_that_is_none(made):
    refused(made(*BOARD, "check", "board.json", "--theta", 1), "--theta needs --lit")
    for lit in ("1.5", "-0.1", "nan"):
        refused(made(*BOARD, "check", "board.json", "--lit", lit), "lit must lie between 0 and 1")


def test_units_left_unplugged_are_told(run):
    Path("bare.json").write_text(
        '{"schema": "firstwave/plugboard/1", "plugs": {"A2": [4, 5, -9], "A512": [4]}, '
        '"potentiometers": {"R1": [2, 512]}}'
    )
    out = run(*BOARD, "check", "bare.json").out
    assert "without a plug: S1..S3 S6..S8 S10..S400" in out
    assert "without an origin point: A1 A3..A511" in out
    assert "without a potentiometer: A1 A3..A511" in out
    assert "an A-unit has 0 to 2 (0.00586 on the average) excitatory" in out
    found = run(*BOARD, "check", "bare.json", "--json").document["result"]
    assert found["unplugged"]["a_units"][:3] == [1, 3, 4]
    assert found["potentiometers"] == [2]


def test_boards_of_a_larger_machine_are_looked_at_as_such(run):
    run(*BOARD, "make", "-o", "large.json", "--association-units", 700)
    refused(run(*BOARD, "check", "large.json"), "large.json", "A513 does not exist")
    for command in (["check", "large.json"], ["diff", "large.json", "large.json"]):
        assert run(*BOARD, *command, "--association-units", 700).status == 0


@pytest.mark.parametrize("command", [["show"], ["check"], ["diff", "board.json"]])
@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "not JSON"),
        ("{}", "not a plugboard file"),
        ('{"schema": "firstwave/plugboard/9"}', "firstwave/plugboard/9"),
        ('{"schema": "firstwave/plugboard/1", "plugs": {"A1": [999]}}', "S999 does not exist"),
        ('{"schema": "firstwave/plugboard/1", "plugs": {}, "potentiometers": 1}', "an object"),
    ],
)
def test_a_file_that_is_no_board_is_one_line(made, command, text, words):
    Path("odd.json").write_text(text)
    refused(made(*BOARD, *command, "odd.json"), "odd.json", words)
    refused(made(*BOARD, *command, "gone.json"), "gone.json", "cannot be read")


# plug and diff


def test_a_board_is_re_plugged_by_hand_and_compared(made):
    acts = ["A17+S203", "A1-S19", "A17>R3", "--pull", "A1+S19", "--pull", "A1+S99"]
    ran = made(*BOARD, "plug", "board.json", *acts, "-o", "mine.json")
    assert ran.status == 0
    lines = ["- A1+S99", "+ A17+S203", "~ A1+S19 -> A1-S19", "~ A17>R1 -> A17>R3"]
    told = ran.out.splitlines()
    assert told[:-1] == [*lines, "mine.json: 10240 plugs"]
    assert told[-1].endswith("and so fixes that 8 R-units are in use")
    again = made(*BOARD, "plug", "mine.json", "A17>R4", "-o", "more.json")
    assert "fixes" not in again.out, "it was fixed before"
    compared = made(*BOARD, "diff", "board.json", "mine.json")
    assert (compared.status, compared.out.splitlines()) == (1, lines)
    assert boards.read("mine.json").note.endswith("; re-plugged by hand")


def test_small_letters_name_units_and_wires_too(made):
    asked = made(*BOARD, "show", "board.json", "--unit", "a17")
    assert asked.out == made(*BOARD, "show", "board.json", "--unit", "A17").out
    ran = made(*BOARD, "plug", "board.json", "a17+s203", "--pull", "a17+s40", "-o", "mine.json")
    assert ran.out.splitlines()[:2] == ["- A17+S40", "+ A17+S203"]


def test_a_board_shared_out_in_blocks_says_that_its_potentiometers_are_not_fixed(made):
    when = "when all 8 R-units are in use"
    out = made(*BOARD, "show", "board.json", "--unit", "A17", "--unit", "R3").out
    assert f"A17: potentiometer to R1 {when}" in out
    assert f"R3: 64 potentiometers {when}, of A129..A192" in out
    made(*BOARD, "make", "-o", "fixed.json", "--responses", 5)
    assert "when all" not in made(*BOARD, "show", "fixed.json", "--unit", "A17").out


def test_whatever_a_dense_board_is_used_for_it_is_said_to_be_not_historical(run):
    run(*BOARD, "make", "-o", "dense.json", "--dense", "--responses", 2)
    ran = run("mark1", "train", "--stimuli", "E,X,L", "--plugboard", "dense.json", "--seed", 7,
              "--save", "dense.npz")  # fmt: skip
    assert "1024 potentiometers; not historical" in ran.err
    assert "seed 7 (parts and order), plugboard dense.json" in ran.out
    ran = run("mark1", "separable", "--stimuli", "E,X,L", "--plugboard", "dense.json", "--json")
    assert "not historical" in ran.err
    for command in (
        ["train", "--resume", "dense.npz"],
        ["trial", "--state", "dense.npz"],
        ["separable", "--state", "dense.npz"],
        ["damage", "--state", "dense.npz", "--fault", "A-dead", "--fractions", 0, "--draws", 1],
    ):
        assert run("mark1", *command).err.count("not historical") == 1, command


def test_a_board_of_the_mark_i_is_not_called_anything(made):
    ran = made("mark1", "train", "--stimuli", "E,X", "--plugboard", "board.json")
    assert "historical" not in ran.out + ran.err


def test_boards_plugged_alike_do_not_differ(made):
    made(*BOARD, "make", "-o", "again.json", "--responses", 5, "--note", "the same page")
    ran = made(*BOARD, "diff", "board.json", "again.json")
    assert (ran.status, ran.out, ran.err) == (0, "", "")
    assert made(*BOARD, "diff", "again.json", "board.json", "--json").document["result"] == {
        "left": "again.json", "right": "board.json", "differ": False,
        "pulled": [], "plugged": [], "re_signed": [], "moved": [],
    }  # fmt: skip


def test_boards_for_other_numbers_of_r_units_differ_by_their_potentiometers(made):
    for responses in (2, 5):
        made(*BOARD, "make", "-o", f"{responses}.json", "--responses", responses)
    ran = made(*BOARD, "diff", "2.json", "5.json", "--json")
    assert ran.status == 1
    assert ran.document["result"]["pulled"] == []
    assert {"from": "A512>R2", "to": "A512>R5"} in ran.document["result"]["moved"]


def test_plugging_and_then_pulling_gives_the_board_back(made):
    made(*BOARD, "plug", "board.json", "A17+S203", "-o", "one.json")
    made(*BOARD, "plug", "one.json", "--pull", "A17+S203", "-o", "two.json")
    assert made(*BOARD, "diff", "board.json", "two.json").status == 0
    assert boards.read("two.json").note.count("by hand") == 1
    assert "potentiometers" not in json.loads(Path("two.json").read_text())


@pytest.mark.parametrize(
    ("acts", "words"),
    [
        ([], "nothing to do"),
        (["A17"], "'A17' is no wire: write A17+S203"),
        (["A17+S40"], "firstwave: A17+S40 is plugged already; pull it first"),
        (["A17+S203", "A17-S203"], "A17-S203: A17+S203 is plugged already; pull it first"),
        (["--pull", "A17+S203"], "A17+S203 is not plugged"),
        (["--pull", "A17>R1"], "a potentiometer is moved, not pulled"),
        (["A17>R1"], "that is where its potentiometer goes already"),
        (["A17>R9"], "R9 does not exist"),
        (["A600+S1"], "A600 does not exist"),
        (["A1+S379"], "S379 has no socket left, all 40 are taken"),
    ],
)
def test_what_cannot_be_plugged_is_one_line_and_nothing_is_written(made, acts, words):
    refused(made(*BOARD, "plug", "board.json", *acts, "-o", "mine.json"), words)
    assert not Path("mine.json").exists()


def test_a_board_is_not_written_over_the_one_that_is_read(made):
    before = Path("board.json").read_bytes()
    Path("linked.json").hardlink_to("board.json")
    for out in ("board.json", "./board.json", "linked.json"):
        refused(made(*BOARD, "plug", "board.json", "A17+S203", "-o", out), "the board that is read")
    assert Path("board.json").read_bytes() == before


def test_a_board_of_uneven_a_units_goes_through_every_command(run):
    Path("odd.json").write_text(
        '{"schema": "firstwave/plugboard/1", "plugs": {"A1": [1, -2, 3], "A7": [], "A9": [-400]}}'
    )
    for command in (
        ["show", "odd.json"],
        ["show", "odd.json", "--unit", "A7", "--unit", "A1", "--unit", "S400", "--unit", "S5"],
        ["check", "odd.json", "--lit", "0.3", "--theta", "1"],
        ["plug", "odd.json", "A7+S7", "A512>R1", "-o", "odder.json"],
        ["diff", "odd.json", "odd.json"],
    ):
        for way in ([], ["--json"]):
            ran = run(*BOARD, *command, *way)
            assert ran.status == 0, ran.err
            assert ran.err == ""


# boards on machines that are taught


def test_potentiometers_of_the_file_are_those_of_the_machine(run):
    run(*BOARD, "make", "-o", "five.json", "--responses", 5)
    command = ["mark1", "train", "--stimuli", "E,X", "--plugboard"]
    assert run(*command, "five.json", "--save", "five.npz").status == 0
    machine = load("five.npz")[0]
    assert machine.description.responses_in_use == 5
    run(*BOARD, "plug", "five.json", "A1>R5", "-o", "moved.json")
    assert run(*command, "moved.json", "--save", "moved.npz").status == 0
    assert boards.Lead(0, 4) in boards.leads(load("moved.npz")[0].board)


def test_a_board_for_too_few_r_units_is_refused(run):
    run(*BOARD, "make", "-o", "two.json", "--responses", 2)
    ran = run("mark1", "train", "--stimuli", "A-E", "--plugboard", "two.json")
    refused(ran, "5 classes need 3 R-units", "has 2 in use")


@pytest.mark.parametrize("options", [["--dense"], ["--wiring", "gaussian", "--reach", 3]])
def test_other_boards_are_taught_and_drawn_too(run, options):
    run(*BOARD, "make", "-o", "board.json", *options)
    command = ["mark1", "train", "--stimuli", "E,X,L", "--plugboard", "board.json"]
    assert run(*command, "--save", "x.npz", "--fields", "fields.png").status == 0
    board = boards.load("board.json", Description())
    wires = boards.wires(load("x.npz")[0].board)
    assert wires == boards.wires(board)
