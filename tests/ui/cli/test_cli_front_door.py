import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from ui import panels
from ui.cli import demo

ROOT = Path(__file__).parents[3]
ENV = {**os.environ, "PYTHONPATH": str(ROOT)}


def test_the_version_is_told(run):
    ran = run("--version")
    assert ran.status == 0
    assert ran.out.startswith("firstwave ")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nerve-nets"], "No such command"),
        (["--colour"], "No such option"),
        (["mark1"], "Missing command"),
        (["mark1", "train", "--exposures", "0"], "greater than or equal to 1"),
        (["mark1", "train", "--seed", "-1"], "greater than or equal to 0"),
        (["mark1", "train", "--exposures", "many"], "--exposures"),
        (["mark1", "recognise"], "Missing option"),
        (["mark1", "plugboard"], "Missing command"),
        (["mark1", "plugboard", "make"], "--out"),
    ],
)
def test_a_slip_on_the_command_line_is_one_line_and_status_2(run, arguments, said):
    ran = run(*arguments)
    assert ran.status == 2
    assert said in ran.said
    assert "--help`" in ran.said
    assert ran.out == ""
    assert ran.err.count("\n") == 1


def test_help_is_no_mistake(run):
    ran = run("mark1", "train", "--help")
    assert ran.status == 0
    assert "--resume" in ran.out


def test_firstwave_alone_opens_the_panel(run, monkeypatch):
    opened = []
    monkeypatch.setattr(panels, "has_display", lambda: True)
    monkeypatch.setattr(panels, "open_panel", lambda name, **given: opened.append(name) or 0)
    assert run().status == 0
    assert opened == ["mark1"]


def test_firstwave_alone_without_a_display_says_so_and_runs_the_demo(run, monkeypatch):
    monkeypatch.setattr(panels, "has_display", lambda: False)
    monkeypatch.setattr(demo, "run", lambda: 0)
    ran = run()
    assert ran.status == 0
    assert "no display" in ran.said
    assert ran.err.count("\n") == 1


def test_the_panel_is_asked_for_a_picture(run, monkeypatch):
    given = {}
    monkeypatch.setattr(panels, "open_panel", lambda name, **rest: given.update(rest) or 0)
    assert run("panel", "mark1", "--shot", "p.png", "--after", "1.5", "--seed", "7").status == 0
    assert (given["shot"].name, given["after_s"], given["seed"]) == ("p.png", 1.5, 7)


def test_a_panel_without_a_display_is_one_line(run, monkeypatch):
    monkeypatch.setattr(panels, "has_display", lambda: False)
    ran = run("panel")
    assert ran.status == 2
    assert "--shot" in ran.said


def test_an_unknown_panel_is_one_line(run):
    ran = run("panel", "eniac", "--shot", "p.png")
    assert ran.status == 2
    assert "eniac" in ran.said


def test_a_reader_that_leaves_early_is_no_mistake():
    writer = subprocess.Popen(
        [sys.executable, "-m", "ui.cli", "mark1", "points", "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=ENV,
    )
    writer.stdout.close()
    said = writer.stderr.read()
    assert writer.wait(timeout=60) == 0
    assert said == b""
    writer.stderr.close()


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")
def test_a_full_disk_behind_stdout_is_one_line():
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "ui.cli", "mark1", "points"],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            env=ENV,
            check=False,
        )
    assert done.returncode == 2
    assert done.stderr == "firstwave: the output cannot be written (No space left on device)\n"


def test_no_colours_and_no_live_lines_where_nobody_looks(run):
    ran = run("mark1", "train", "--stimuli", "E,X")
    assert "\x1b" not in ran.out + ran.err
    assert "\r" not in ran.err


def on_a_terminal(*arguments, **environment):
    """Run a command with its output on a terminal; give what the terminal was sent."""
    pty = pytest.importorskip("pty")
    ours, theirs = pty.openpty()
    done = subprocess.Popen(
        [sys.executable, "-m", "ui.cli", *arguments],
        stdout=theirs,
        stderr=theirs,
        env={**ENV, "TERM": "xterm-256color", **environment},
    )
    os.close(theirs)
    sent = b""
    try:
        while chunk := os.read(ours, 65536):
            sent += chunk
    except OSError:  # so ends a terminal on Linux
        pass
    os.close(ours)
    assert done.wait(timeout=60) == 0
    return sent.decode()


@pytest.mark.skipif(sys.platform == "win32", reason="needs a terminal of the POSIX kind")
@pytest.mark.parametrize(
    "arguments",
    [
        ["--help"],
        ["mark1", "train", "--help"],
        ["mark1", "train", "--stimuli", "A-Z", "--vcd", "trace.vcd"],
        ["mark1", "points"],
        ["demo"],
        ["doctor"],
    ],
)
def test_a_terminal_of_40_columns_is_wide_enough(tmp_path, monkeypatch, arguments):
    monkeypatch.chdir(tmp_path)
    assert "Traceback" not in on_a_terminal(*arguments, COLUMNS="40")


@pytest.mark.skipif(sys.platform == "win32", reason="needs a terminal of the POSIX kind")
def test_a_terminal_gets_colours_unless_it_wants_none():
    coloured, plain = "\x1b[32m", "\x1b[3"
    arguments = ("mark1", "train", "--stimuli", "E,X")
    assert coloured in on_a_terminal(*arguments)
    assert plain not in on_a_terminal(*arguments, NO_COLOR="1")


def test_plain_characters_where_the_output_takes_no_others():
    plain = subprocess.run(
        [sys.executable, "-m", "ui.cli", "mark1", "train", "--stimuli", "E,X"],
        capture_output=True,
        env={**ENV, "PYTHONIOENCODING": "ascii"},
        check=True,
    )
    assert "?" not in plain.stdout.decode("ascii")


@pytest.mark.skipif(sys.platform == "win32", reason="numba keeps its code elsewhere")
def test_a_computer_where_compiled_code_can_be_kept_nowhere_is_told_the_cure(tmp_path):
    """So it is for an installation that cannot be written and a user without a home."""
    for package in ("machines", "simulator", "ui"):
        without = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / package, tmp_path / package, ignore=without)
    nowhere = tmp_path / "machines" / "mark1" / "__pycache__"
    nowhere.write_text("a file where a folder should be")
    kept_out = {"XDG_CACHE_HOME": str(nowhere), "HOME": str(nowhere)}
    environment = {name: value for name, value in ENV.items() if name != "NUMBA_CACHE_DIR"}
    for arguments in (["mark1", "train", "--stimuli", "E,X"], ["demo"]):
        done = subprocess.run(
            [sys.executable, "-m", "ui.cli", *arguments],
            capture_output=True,
            text=True,
            cwd=tmp_path,
            env={**environment, **kept_out, "PYTHONPATH": str(tmp_path)},
            check=False,
        )
        assert done.returncode == 2, done.stderr
        assert done.stdout == ""
        assert done.stderr.startswith("firstwave: ")
        assert done.stderr.count("\n") == 1
        assert "set NUMBA_CACHE_DIR to a folder" in done.stderr


def test_a_panel_of_a_saved_machine_takes_no_seed(run):
    ran = run("panel", "mark1", "--state", "x.npz", "--seed", "4")
    assert ran.status == 2
    assert "--seed with --state" in ran.err
