"""The commands of the photocell board, and teaching through one; the boards are emulated."""

import contextlib
import io
import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from simulator.serial_link import Cable, EmulatedBoard, HandClock, Link
from simulator.serial_link.emulated_kinds import FAULTS, spoil
from simulator.stimuli import letter
from ui.cli import board_calibrate, board_monitor, eye


class Before:
    """What stands before a board, changed by hand; notes which lamps it was lit by."""

    def __init__(self, levels):
        self.levels = levels
        self.lamps_seen = set()
        self.board = None

    def __call__(self, now):
        self.lamps_seen.add(self.board.lamps)
        return self.levels


@pytest.fixture
def board(monkeypatch):
    """An emulated board with a letter E before it, wherever a command opens a link.

    Its time is turned by whoever waits for it, so a busy computer makes no difference.
    """
    clock, before = HandClock(), Before(letter("E"))
    one = before.board = EmulatedBoard(clock, scene=before, bootloader="none")
    one.cable = Cable(one)
    one.links = []

    @contextlib.contextmanager
    def linked(port):
        link = Link(one.cable, clock)
        one.links.append(link)
        try:
            yield link
        finally:
            link.close()

    for module in (board_calibrate, board_monitor, eye):
        monkeypatch.setattr(module, "Link", linked)
    return one


PORT = "socket://127.0.0.1:1"
"""Where nobody is: no test with an emulated board opens it."""


class Hand:
    """Somebody at the terminal: does something before each Enter."""

    def __init__(self, *acts):
        self.acts = list(acts)

    def readline(self):
        if not self.acts:
            return ""
        self.acts.pop(0)()
        return "\n"


def put(board, levels):
    def act():
        board.scene.levels = levels

    return act


def test_monitoring_a_board_tells_how_its_line_is(run, board):
    ran = run("board", "monitor", PORT, "--seconds", "2", "--lamps", "1,8", "--json")
    assert ran.status == 0
    result = ran.document["result"]
    assert result["state"] == "live"
    assert result["board"] == {"id": "emulated", "rows": 20, "cols": 20, "bits": 6, "lamps": 8}
    assert result["lamps_lit"] == 0x81
    assert result["counters"]["bad_crc"] == 0
    assert 0x81 in board.scene.lamps_seen


def test_a_monitored_board_is_told_in_lines_or_drawn_at_a_terminal(run, board, monkeypatch):
    ran = run("board", "monitor", PORT, "--seconds", "3.5")
    assert ran.status == 0
    lines = ran.out.splitlines()
    assert len(lines) == 4
    assert lines[0].startswith("port open; ")
    assert re.match(r"live; 2[45]\.\d frames/s, 0 bad CRC, .* 0 reconnects$", lines[-1])
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    ran = run("board", "monitor", PORT, "--seconds", "2")
    assert "emulated: 20 x 20, 6 bits" in ran.out
    assert "@" * 22 in ran.out  # the uppermost stroke of the E, eleven cells wide


def test_a_monitored_board_that_is_unplugged_is_a_no_and_says_why(run, board):
    board.scene.levels = letter("E")
    noted = board.live

    def live():
        if board.clock.now() > 2:
            board.cable.pull()
        noted()

    board.live = live
    ran = run("board", "monitor", PORT, "--seconds", "4")
    assert ran.status == 1
    assert "no connection: [Errno 2] there is no such port" in ran.out


def test_monitoring_nothing_is_a_mistake_at_once(run):
    ran = run("board", "monitor", "socket://127.0.0.1:1", "--seconds", "60")
    assert ran.status == 2
    assert "nobody answers there" in ran.said


def test_a_silent_board_monitored_is_a_no(run, board):
    board.silent = True
    assert run("board", "monitor", PORT, "--seconds", "1").status == 1


@pytest.mark.parametrize("lamps", ["9", "0", "1;2", "a", "12"])
def test_lamps_that_are_none_are_refused(run, lamps):
    ran = run("board", "monitor", "socket://127.0.0.1:1", "--lamps", lamps)
    assert ran.status == 2
    assert "1 to 8" in ran.said


def test_a_board_is_calibrated_and_its_file_is_used(run, board, monkeypatch):
    nothing, light = np.zeros((20, 20), np.uint8), np.full((20, 20), 180, np.uint8)
    light[3, 4] = 5
    monkeypatch.setattr(sys, "stdin", Hand(put(board, nothing), put(board, light)))
    ran = run("board", "calibrate", PORT, "--save", "board.json", "--json")
    assert ran.status == 0
    assert ran.document["result"]["dead"] == [[4, 5]]
    monkeypatch.setattr(sys, "stdin", Hand(put(board, letter("E") // 2), put(board, letter("X"))))
    train = ["mark1", "train", "--stimuli", "E,X", "--board", PORT]
    ran = run(*train, "--calibration", "board.json", "--json")
    assert ran.status == 0, ran.err
    board.hello = board.hello._replace(board_id="another")
    ran = run(*train, "--calibration", "board.json")
    assert ran.status == 2
    assert "board.json: the calibration is of emulated" in ran.said


def test_a_calibration_needs_somebody_there(run, board, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    ran = run("board", "calibrate", PORT, "--save", "board.json")
    assert ran.status == 2
    assert "press Enter" in ran.said
    assert not Path("board.json").exists()


def test_a_mark_i_is_taught_letters_through_a_board_and_knows_them_again(run, board, monkeypatch):
    acts = [put(board, letter(name)) for name in "EXL"]
    monkeypatch.setattr(sys, "stdin", Hand(*acts))
    taught = run(
        "mark1", "train", "--stimuli", "E,X,L", "--board", PORT, "--save", "exl.npz", "--json"
    )
    assert taught.status == 0, taught.err
    assert taught.document["result"]["errorless"] is True
    monkeypatch.setattr(sys, "stdin", Hand(*acts))
    known = run("mark1", "recognise", "--state", "exl.npz", "--board", PORT, "--json")
    assert known.status == 0
    answers = known.document["result"]["answers"]
    assert [answer["class"] for answer in answers] == ["E", "X", "L"]
    for answer in answers[:2]:  # the board's lamps said so, until the next was shown
        assert (
            sum(1 << i for i, r in enumerate(answer["responses"]) if r > 0)
            in board.scene.lamps_seen
        )


def test_a_letter_shown_twice_for_two_is_noticed(run, board, monkeypatch):
    monkeypatch.setattr(sys, "stdin", Hand(lambda: None, lambda: None))
    ran = run("mark1", "train", "--stimuli", "E,X", "--board", PORT)
    assert ran.status == 2
    assert "X: the eye sees exactly what it saw for E" in ran.said


def test_a_covered_board_is_noticed(run, board, monkeypatch):
    monkeypatch.setattr(sys, "stdin", Hand(put(board, np.zeros((20, 20), np.uint8))))
    ran = run("mark1", "train", "--stimuli", "E,X", "--board", PORT)
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
        for _ in range(100):
            eye.link.step()
        seen.append(eye.look().levels)
        return 0

    monkeypatch.setattr(panels, "open_panel", look)
    assert run("panel", "mark1", "--board", PORT).status == 0
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
    emulated = EmulatedBoard(clock, scene=lambda now: letter("E"))
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
        "monitor": run("board", "monitor", PORT, "--seconds", "1.5", "--json"),
        "calibrate": run("board", "calibrate", PORT, "--save", "board.json", "--json"),
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


def emulating(**how):
    """Start ``firstwave board emulate`` in a process of its own; give it, once it is there."""
    command = [sys.executable, "-m", "ui.cli", "board", "emulate", "--socket", "127.0.0.1:0"]
    root = Path(__file__).parents[3]
    process = subprocess.Popen(
        command, cwd=root, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True, **how
    )
    for _ in range(2):
        line = process.stderr.readline()
    assert line.startswith("look at it with: firstwave board monitor socket://127.0.0.1:")
    return process


def test_what_is_typed_stands_before_the_emulated_board():
    with emulating(stdin=subprocess.PIPE) as process:
        for typed, said in (("X", "X stands"), ("no such", "is unknown"), ("dark", "dark stands")):
            process.stdin.write(typed + "\n")
            process.stdin.flush()
            assert said in process.stderr.readline()
        process.stdin.close()
        time.sleep(0.1)
        assert process.poll() is None  # nobody at the keyboard is no reason to stop
        process.terminate()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo terminals of this kind")
def test_an_emulated_board_in_the_background_of_a_terminal_goes_on():
    """As started with ``&``: reading the terminal from there would stop the process."""
    master, slave = os.openpty()
    script = (
        "import os, subprocess, sys, time\n"
        "import fcntl, termios\n"
        "os.setsid(); fcntl.ioctl(0, termios.TIOCSCTTY, 0)\n"
        "one = subprocess.Popen([sys.executable, '-m', 'ui.cli', 'board', 'emulate',\n"
        "    '--socket', '127.0.0.1:0', '--seconds', '1'], process_group=0)\n"
        "_, status = os.waitpid(one.pid, os.WUNTRACED)\n"
        "if os.WIFSTOPPED(status): one.kill()\n"
        "sys.exit(3 if os.WIFSTOPPED(status) else os.waitstatus_to_exitcode(status))\n"
    )
    try:
        done = subprocess.run(
            [sys.executable, "-c", script], cwd=Path(__file__).parents[3], stdin=slave,
            capture_output=True, text=True, timeout=120,
        )  # fmt: skip
    finally:
        os.close(master)
        os.close(slave)
    assert done.returncode == 0, done.stderr
