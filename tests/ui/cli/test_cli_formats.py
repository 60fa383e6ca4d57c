"""docs/formats.md against what is really printed and written."""

import json
import re
from pathlib import Path

import numpy as np
import pytest

from machines.mark1 import Mark1
from simulator import logbook

PAGE = (Path(__file__).parents[3] / "docs" / "formats.md").read_text(encoding="utf-8")
SHAPES = [json.loads(block) for block in re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)]
DOCUMENTED = {shape["schema"]: shape for shape in SHAPES if "schema" in shape}
BOARD = ["mark1", "plugboard"]
HAND_WORK = ["A1+S2", "A1-S19", "A1>R2", "--pull", "A1+S19", "--pull", "A1+S99"]
COMMANDS = {
    "demo": ["demo"],
    "doctor": ["doctor"],
    "mark1-points": ["mark1", "points"],
    "mark1-rules": ["mark1", "rules"],
    "mark1-plugboard-make": [*BOARD, "make", "-o", "g.json", "--wiring", "gaussian"],
    "mark1-plugboard-show": [*BOARD, "show", "board.json", "--unit", "A1"],
    "mark1-plugboard-check": [*BOARD, "check", "few.json", "--lit", "0.2"],
    "mark1-plugboard-plug": [*BOARD, "plug", "board.json", *HAND_WORK, "-o", "again.json"],
    "mark1-plugboard-diff": [*BOARD, "diff", "board.json", "mine.json"],
    "mark1-train": ["mark1", "train", "--save", "ex.npz", "--plot", "curve.png"],
    "mark1-recognise": ["mark1", "recognise"],
    "mark1-reproduce": ["mark1", "reproduce", "letters", "--wirings", "2", "--workers", "1"],
    "mark1-damage": ["mark1", "damage", "--fault", "motors-seized", "--draws", 2],
    "mark1-trial": ["mark1", "trial", "--stimuli", "E,X", "--vcd", "trial.vcd"],
    "mark1-separable": ["mark1", "separable", "--stimuli", "E,X"],
}


def same_shape(documented, real, where="object"):
    """Compare keys, in order, and kinds of values; of lists, the first items."""
    if isinstance(documented, dict):
        assert isinstance(real, dict), where
        assert list(documented) == list(real), where
        for key, value in documented.items():
            same_shape(value, real[key], f"{where}.{key}")
    elif isinstance(documented, list):
        assert isinstance(real, list), where
        assert real, where
        same_shape(documented[0], real[0], f"{where}[0]")
    elif isinstance(documented, bool | str):
        assert type(documented) is type(real), where
    else:
        assert isinstance(real, int | float), where
        assert not isinstance(real, bool), where
        if isinstance(documented, int):
            assert isinstance(real, int), where


def arguments_of(command, photographs, taught):
    if command == "mark1-train":
        held_out = Path("held-out")
        held_out.mkdir()
        for picture in (photographs / "held-out").glob("[EX]-*.jpg"):
            (held_out / picture.name).write_bytes(picture.read_bytes())
        seen = ["--stimuli", "E,X", "--test", "held-out", "--threshold", "local"]
        return [*COMMANDS[command], *seen]
    if command == "mark1-recognise":
        picture = next((photographs / "held-out").glob("E-*.jpg"))
        return [*COMMANDS[command], picture, "--state", taught, "--threshold", "local"]
    if command == "mark1-damage":
        return [*COMMANDS[command], "--state", taught, "--plot", "damage.png"]
    return COMMANDS[command]


def lay_out_boards(run):
    """Make board.json, mine.json, which differs from it in every way, and few.json, uneven."""
    few = ["--association-units", 100, "--responses", 2, "--excitatory", 2, "--inhibitory", 1]
    for made in (
        run(*BOARD, "make", "-o", "board.json"),
        run(*BOARD, "make", "-o", "few.json", *few),
        run(*BOARD, "plug", "board.json", *HAND_WORK, "-o", "mine.json"),
    ):
        assert made.status == 0


@pytest.mark.parametrize("command", COMMANDS)
def test_what_a_command_prints_is_what_is_documented(run, photographs, taught, command):
    if command.startswith("mark1-plugboard"):
        lay_out_boards(run)
    ran = run(*arguments_of(command, photographs, taught), "--json")
    same_shape(DOCUMENTED[f"firstwave/{command}/1"], ran.document)
    assert ran.document["schema"] == f"firstwave/{command}/1"
    assert ran.err == "" or "Traceback" not in ran.err


def test_every_documented_command_is_compared():
    of_files = {"firstwave/state/2", "firstwave/plugboard/1", "firstwave/logbook/1"}
    of_files.add("firstwave/net/1")
    # test_cli_704.py, test_cli_board.py, test_cli_compare.py, test_cli_nets_formats.py
    elsewhere = ("firstwave/704-", "firstwave/board-", "firstwave/compare/", "firstwave/nets-")
    here = {name for name in DOCUMENTED if not name.startswith(elsewhere)}
    assert here - of_files == {f"firstwave/{command}/1" for command in COMMANDS}


def test_a_saved_machine_has_the_documented_header(taught):
    with np.load(taught, allow_pickle=False) as arrays:
        header = json.loads(arrays["header"].tobytes())
    documented = DOCUMENTED["firstwave/state/2"]
    assert list(header) == list(documented)
    assert list(header["notes"]) == list(documented["notes"])
    assert list(header["description"]) == list(documented["description"])


def test_a_plugboard_is_as_documented(run):
    run(*BOARD, "make", "--out", "board.json", "--responses", "5")
    board = json.loads(Path("board.json").read_text())
    assert list(board) == list(DOCUMENTED["firstwave/plugboard/1"])
    assert len(board["plugs"]["A1"]) == 20
    assert all(isinstance(plug, int) and plug for plug in board["plugs"]["A512"])


def test_a_logbook_is_as_documented(tmp_path):
    machine = Mark1(engine="reference")
    machine.logbook = logbook.Logbook(tmp_path / "book.jsonl", "mark1", {})
    machine.operate("mark1.control.rule", "error-correction")
    machine.operate("mark1.retina.light", np.zeros((20, 20), np.uint8))
    machine.logbook.close()
    header, entry, light = map(json.loads, (tmp_path / "book.jsonl").read_text().splitlines())
    assert header == DOCUMENTED["firstwave/logbook/1"]
    assert entry == next(shape for shape in SHAPES if "sequence" in shape)
    assert list(light["value"]) == ["dtype", "shape", "hex"]
