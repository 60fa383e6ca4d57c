"""The commands of the photocell board, and teaching through one; the boards are emulated."""

import io
import json
import re
import sys
import threading
import time
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from simulator.serial_link import Cable, EmulatedBoard, HandClock, Link, WallClock
from simulator.serial_link.emulated_kinds import FAULTS, spoil
from simulator.serial_link.emulated_ports import Socket, serve
from simulator.stimuli import letter


class Before:
    """What stands before a board, changed by hand."""

    def __init__(self, levels):
        self.levels = levels

    def __call__(self, now):
        return self.levels


@pytest.fixture
def board():
    """An emulated board on a socket, without a bootloader, with a letter E before it."""
    outlet = Socket("127.0.0.1:0")
    one = EmulatedBoard(WallClock(), scene=Before(letter("E")), bootloader="none")
    one.name = outlet.name
    one.lamps_seen = set()
    stop = threading.Event()
    thread = threading.Thread(
        target=serve,
        args=(one, outlet, stop),
        kwargs={"every_tick": lambda: one.lamps_seen.add(one.lamps)},
    )
    thread.start()
    yield one
    stop.set()
    thread.join(5)


class Hand:
    """Somebody at the terminal: does something before each Enter."""

    def __init__(self, *acts):
        self.acts = list(acts)

    def readline(self):
        if not self.acts:
            return ""
        self.acts.pop(0)()
        time.sleep(0.15)
        return "\n"


def put(board, levels):
    def act():
        board.scene.levels = levels

    return act


def test_monitoring_a_board_tells_how_its_line_is(run, board):
    ran = run("board", "monitor", board.name, "--seconds", "2", "--lamps", "1,8", "--json")
    assert ran.status == 0
    result = ran.document["result"]
    assert result["state"] == "live"
    assert result["board"] == {"id": "emulated", "rows": 20, "cols": 20, "bits": 6, "lamps": 8}
    assert result["lamps_lit"] == 0x81
    assert result["counters"]["bad_crc"] == 0
    assert 0x81 in board.lamps_seen


def test_monitoring_nothing_is_a_mistake_at_once(run):
    ran = run("board", "monitor", "socket://127.0.0.1:1", "--seconds", "60")
    assert ran.status == 2
    assert "nobody answers there" in ran.said


def test_a_silent_board_monitored_is_a_no(run, board):
    board.silent = True
    assert run("board", "monitor", board.name, "--seconds", "1").status == 1


@pytest.mark.parametrize("lamps", ["9", "0", "1;2", "a", "12"])
def test_lamps_that_are_none_are_refused(run, lamps):
    ran = run("board", "monitor", "socket://127.0.0.1:1", "--lamps", lamps)
    assert ran.status == 2
    assert "1 to 8" in ran.said


@pytest.mark.slow
def test_a_board_is_calibrated_and_its_file_is_used(run, board, monkeypatch):
    nothing, light = np.zeros((20, 20), np.uint8), np.full((20, 20), 180, np.uint8)
    light[3, 4] = 5
    monkeypatch.setattr(sys, "stdin", Hand(put(board, nothing), put(board, light)))
    ran = run("board", "calibrate", board.name, "--save", "board.json", "--json")
    assert ran.status == 0
    assert ran.document["result"]["dead"] == [[4, 5]]
    monkeypatch.setattr(sys, "stdin", Hand(put(board, letter("E") // 2), put(board, letter("X"))))
    train = ["mark1", "train", "--stimuli", "E,X", "--board", board.name]
    ran = run(*train, "--calibration", "board.json", "--json")
    assert ran.status == 0, ran.err
    board.hello = board.hello._replace(board_id="another")
    ran = run(*train, "--calibration", "board.json")
    assert ran.status == 2
    assert "board.json: the calibration is of emulated" in ran.said


def test_a_calibration_needs_somebody_there(run, board, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    ran = run("board", "calibrate", board.name, "--save", "board.json")
    assert ran.status == 2
    assert "press Enter" in ran.said
    assert not Path("board.json").exists()


def test_a_mark_i_is_taught_letters_through_a_board_and_knows_them_again(run, board, monkeypatch):
    acts = [put(board, letter(name)) for name in "EXL"]
    monkeypatch.setattr(sys, "stdin", Hand(*acts))
    taught = run(
        "mark1", "train", "--stimuli", "E,X,L", "--board", board.name, "--save", "exl.npz", "--json"
    )
    assert taught.status == 0, taught.err
    assert taught.document["result"]["errorless"] is True
    monkeypatch.setattr(sys, "stdin", Hand(*acts))
    known = run("mark1", "recognise", "--state", "exl.npz", "--board", board.name, "--json")
    assert known.status == 0
    answers = known.document["result"]["answers"]
    assert [answer["class"] for answer in answers] == ["E", "X", "L"]
    for answer in answers[:2]:  # the board's lamps said so, until the next was shown
        assert sum(1 << i for i, r in enumerate(answer["responses"]) if r > 0) in board.lamps_seen


def test_a_letter_shown_twice_for_two_is_noticed(run, board, monkeypatch):
    monkeypatch.setattr(sys, "stdin", Hand(lambda: None, lambda: None))
    ran = run("mark1", "train", "--stimuli", "E,X", "--board", board.name)
    assert ran.status == 2
    assert "X: the eye sees exactly what it saw for E" in ran.said


def test_a_covered_board_is_noticed(run, board, monkeypatch):
    monkeypatch.setattr(sys, "stdin", Hand(put(board, np.zeros((20, 20), np.uint8))))
    ran = run("mark1", "train", "--stimuli", "E,X", "--board", board.name)
    assert ran.status == 2
    assert "the eye sees nothing" in ran.said


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["mark1", "train", "--stimuli", "E,X", "--board", "spy://x"], "no such kind of address"),
        (["mark1", "train", "--stimuli", "E,X", "--baud", "9600"], "--baud without --board"),
        (["mark1", "train", "--stimuli", "E,X", "--dark-figure"], "--dark-figure without"),
        (["mark1", "train", "--stimuli", "E,X", "--board", "COM9", "--webcam", "0"], "one of them"),
        (["mark1", "train", "--stimuli", "E,X", "--board", "COM9", "--baud", "7"], "--baud 7"),
        (["mark1", "train", "--board", "COM9"], "name with --stimuli"),
        (["mark1", "train", "--stimuli", "E,X", "--board", "COM9", "--calibration", "no.json"],
         "no.json"),
        (["panel", "mark1", "--board", "COM9", "--shot", "x.png"], "--shot with an eye"),
        (["board", "emulate", "--socket", "here"], "HOST:PORT"),
        (["board", "emulate", "--fault", "gremlins"], "no fault is called gremlins"),
        (["board", "emulate", "--fault", "unplug"], "needs --socket"),
        (["board", "emulate", "--bootloader", "due", "--socket", "127.0.0.1:0"], "no bootloader"),
        (["board", "emulate", "--baud", "1", "--socket", "127.0.0.1:0"], "--baud 1"),
        (["board", "monitor", "/dev/nobody-here"], "no such port"),
    ],
)  # fmt: skip
def test_mistakes_with_a_board_are_told_in_a_line(run, arguments, words):
    ran = run(*arguments)
    assert ran.status == 2
    assert words in ran.said


def test_a_webcam_without_opencv_is_a_mistake_that_names_the_cure(run, monkeypatch):
    monkeypatch.setitem(sys.modules, "cv2", None)
    ran = run("mark1", "train", "--stimuli", "E,X", "--webcam", "0")
    assert ran.status == 2
    assert 'pip install "firstwave[webcam]"' in ran.said


def test_a_panel_is_opened_with_the_board_for_its_eye(run, board, monkeypatch):
    from ui import panels

    seen = []

    def look(name, *, eye, **_):
        until_s = time.monotonic() + 10
        while not eye.look().levels.any() and time.monotonic() < until_s:
            time.sleep(0.01)
        seen.append(eye.look().levels)
        return 0

    monkeypatch.setattr(panels, "open_panel", look)
    assert run("panel", "mark1", "--board", board.name).status == 0
    np.testing.assert_array_equal(seen[0], letter("E"))


def test_nothing_to_recognise_is_a_mistake(run, taught):
    ran = run("mark1", "recognise", "--state", taught)
    assert ran.status == 2
    assert "name pictures to show, or an eye" in ran.said


def test_without_ports_the_list_says_what_to_do(run, monkeypatch):
    from serial.tools import list_ports

    monkeypatch.setattr(list_ports, "comports", list)
    ran = run("board", "list")
    assert ran.status == 1
    assert "board emulate" in ran.out


def test_the_emulated_board_lists_its_faults(run):
    ran = run("board", "emulate", "--fault", "help")
    assert ran.status == 0
    assert [line.split(":")[0] for line in ran.out.splitlines()] == list(FAULTS)


@pytest.mark.parametrize("fault", FAULTS)
def test_every_fault_of_the_emulated_board_is_survived(fault):
    """On a hand-turned clock: no defect, no wrong frame, and a text for a person throughout."""
    clock = HandClock()
    emulated = EmulatedBoard(clock, scene=Before(letter("E")))
    cable = Cable(emulated, spoil(emulated, [fault]))
    link = Link(cable, clock)
    right, frames = np.where(letter("E") > 0, 63, 0), 0
    while clock.now() < 12:
        link.step()
        status, seen = link.look()
        assert status.text
        assert status.counters.defects == 0
        if seen is not None:
            frames += 1
            np.testing.assert_array_equal(seen.values, right)
    deaf = {"wrong-speed", "other-version", "absurd", "silent", "greets-only"}
    assert (frames == 0) == (fault in deaf)


PAGE = (Path(__file__).parents[3] / "docs" / "formats.md").read_text(encoding="utf-8")
SHAPES = {
    shape["schema"]: shape
    for block in re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)
    if "firstwave/board-" in block
    for shape in [json.loads(block)]
}


def same_keys(documented, real, where="object"):
    if isinstance(documented, dict):
        assert list(documented) == list(real), where
        for key, value in documented.items():
            same_keys(value, real[key], f"{where}.{key}")
    elif isinstance(documented, list) and documented and real:
        same_keys(documented[0], real[0], f"{where}[0]")
    elif documented is not None:
        assert isinstance(real, type(documented) | int), where


@pytest.mark.slow
def test_what_the_commands_print_and_write_is_what_is_documented(run, board, monkeypatch):
    from serial.tools import list_ports

    one = SimpleNamespace(
        device="/dev/ttyACM0", description="ttyACM0", vid=0x2341, pid=0x0042,
        serial_number="957", location="1-1",
    )  # fmt: skip
    monkeypatch.setattr(list_ports, "comports", lambda: [one])
    covered, light = np.zeros((20, 20), np.uint8), np.full((20, 20), 200, np.uint8)
    light[3, 4] = 5
    monkeypatch.setattr(sys, "stdin", Hand(put(board, covered), put(board, light)))
    printed = {
        "list": run("board", "list", "--json"),
        "monitor": run("board", "monitor", board.name, "--seconds", "1.5", "--json"),
        "calibrate": run("board", "calibrate", board.name, "--save", "board.json", "--json"),
        "emulate": run(
            "board", "emulate", "--socket", "127.0.0.1:0", "--seconds", "0.2", "--fault", "drop",
            "--json",
        ),
    }  # fmt: skip
    for name, ran in printed.items():
        same_keys(SHAPES[f"firstwave/board-{name}/1"], ran.document)
    written = json.loads(Path("board.json").read_text())
    same_keys(SHAPES["firstwave/board-calibration/1"], written)
    assert len(SHAPES) == len(printed) + 1


def test_the_emulated_board_runs_for_as_long_as_it_is_told(run):
    ran = run("board", "emulate", "--socket", "127.0.0.1:0", "--seconds", "0.3", "--json")
    assert ran.status == 0
    assert ran.document["result"]["port"].startswith("socket://127.0.0.1:")
    assert "look at it with: firstwave board monitor socket://" in ran.err
    assert json.dumps(ran.document)
