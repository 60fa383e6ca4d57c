import errno
import io
import json
import os
import shutil
import struct
import sys
import tempfile
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from machines.mark1 import Experimenter, load
from simulator import state as states
from simulator.errors import Mistake
from ui.cli import console


def refused(ran, *words):
    assert ran.status == 2, (ran.out, ran.err)
    assert ran.out == ""
    for word in words:
        assert str(word) in ran.said, ran.said


# pictures


def huge_png():
    """Make a PNG of a few bytes that claims to be 100,000 x 100,000 pixels."""

    def chunk(kind, data):
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    header = struct.pack(">IIBBBBB", 100_000, 100_000, 8, 0, 0, 0, 0)
    pixels = chunk(b"IDAT", zlib.compress(bytes(1000)))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + pixels + chunk(b"IEND", b"")


def png(size, level=255):
    buffer = io.BytesIO()
    Image.new("L", size, level).save(buffer, "PNG")
    return buffer.getvalue()


PICTURES = {
    "no picture.png": (b"This is not a picture.", "not a picture"),
    "empty.png": (b"", "not a picture"),
    "cut short.png": (png((300, 300))[:60], "damaged or cut short"),
    "one pixel.png": (png((1, 1)), "1 x 1"),
    "huge.png": (huge_png(), "pixels"),
    "blank.png": (png((100, 100)), "no figure"),
}


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_that_is_none_is_one_line(run, taught, name):
    content, said = PICTURES[name]
    Path(name).write_bytes(content)
    refused(run("mark1", "recognise", name, "--state", taught), name, said)


def test_a_missing_picture_is_named_before_any_is_recognised(run, taught, photographs):
    good = next((photographs / "held-out").iterdir())
    refused(run("mark1", "recognise", good, "gone.png", "--state", taught), "gone.png", "no such")


def test_a_folder_of_pictures_with_a_bad_one_is_refused(run, photographs):
    Path("letters").mkdir()
    Path("letters/E-1.png").write_bytes(b"not")
    refused(run("mark1", "train", "--stimuli", "letters"), "E-1.png")


# what to teach


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--stimuli", "E,Ж"], ["Ж"]),
        (["--stimuli", "E,E"], ["twice"]),
        (["--stimuli", "sqare"], ["square"]),
        (["--stimuli", ""], ["missing"]),
        (["--stimuli", "no/such/folder"], ["no/such/folder"]),
        ([], ["--stimuli"]),
        (["--stimuli", "E,X", "--theta", "50"], ["theta", "-9", "10"]),
        (["--stimuli", "E,X", "--excitatory", "399"], ["origin points"]),
        (["--stimuli", "E,X", "--excitatory", "30"], ["plugs"]),
        (["--stimuli", "E,X", "--association-units", "0"], ["association_units"]),
        (["--stimuli", "E,X", "--excitatory", "-3"], ["excitatory"]),
        (["--stimuli", "E,X", "--exposures", "99999999"], ["--exposures", "1000000"]),
        (["--stimuli", "E,X", "--test", "gone"], ["gone"]),
        (["--stimuli", "E,X", "--plugboard", "gone.json"], ["gone.json"]),
        (["--stimuli", "E,X", "--threshold", "bright"], ["bright"]),
        (["--stimuli", "E,X", "--threshold", ""], ["threshold"]),
    ],
)
def test_what_cannot_be_taught_is_one_line(run, options, words):
    Path("letters").mkdir()
    refused(run("mark1", "train", *options), *words)


def test_a_threshold_that_does_not_exist_is_refused_for_pictures(run, photographs):
    folder = photographs / "taught"
    refused(run("mark1", "train", "--stimuli", folder, "--threshold", "bright"), "bright")


def test_held_out_pictures_of_a_class_not_taught_are_refused_before_teaching(run, photographs):
    ran = run(
        *("mark1", "train", "--stimuli", "E,X", "--test", photographs / "held-out"),
        *("--save", "x.npz", "--threshold", "local"),
    )
    refused(ran, "class L", "E, X")
    assert not Path("x.npz").exists()


def test_a_plugboard_for_more_units_than_there_are_is_refused(run):
    run("mark1", "plugboard", "make", "-o", "board.json")
    ran = run(
        *("mark1", "train", "--stimuli", "E,X", "--plugboard", "board.json"),
        *("--association-units", 100),
    )
    refused(ran, "board.json", "A101")


def test_a_damaged_plugboard_is_refused(run):
    Path("board.json").write_text("{")
    refused(run("mark1", "train", "--stimuli", "E,X", "--plugboard", "board.json"), "not JSON")


# saved machines


def test_a_saved_machine_cut_short_is_refused(run, taught):
    Path("cut.npz").write_bytes(taught.read_bytes()[:5000])
    refused(run("mark1", "train", "--resume", "cut.npz"), "cut.npz", "cut short")


def test_a_saved_machine_of_another_version_is_refused(run, taught):
    with np.load(taught) as arrays:
        fields = {name: arrays[name] for name in arrays.files}
    header = json.loads(fields["header"].tobytes())
    header["schema"] = "firstwave/state/7"
    fields["header"] = np.frombuffer(json.dumps(header).encode(), np.uint8)
    np.savez("later.npz", **fields)
    refused(run("mark1", "recognise", "x.png", "--state", "later.npz"), "firstwave/state/7")


def test_a_saved_machine_that_is_not_there_is_refused(run):
    refused(run("mark1", "train", "--resume", "gone.npz"), "gone.npz")


# where to write


@pytest.mark.parametrize("option", ["--save", "--plot", "--vcd", "--fields"])
def test_files_that_could_not_be_written_are_refused_before_teaching(run, option):
    ran = run("mark1", "train", "--stimuli", "E,X", option, "gone/file.png")
    refused(ran, "gone", "folder")
    assert "teaching" not in ran.err
    Path("there.png").mkdir()
    refused(run("mark1", "train", "--stimuli", "E,X", option, "there.png"), "is a folder")


def test_a_folder_without_permission_is_refused_before_teaching(run, monkeypatch):
    def denied(**_given):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    Path("locked").mkdir()
    monkeypatch.setattr(tempfile, "TemporaryFile", denied)
    ran = run("mark1", "train", "--stimuli", "E,X", "--save", "locked/x.npz")
    refused(ran, "locked", "Permission denied")
    assert "teaching" not in ran.err


def test_one_file_for_two_things_is_refused(run):
    ran = run("mark1", "train", "--stimuli", "E,X", "--save", "a.png", "--plot", "./a.png")
    refused(ran, "--save", "--plot")


@pytest.fixture
def laid_out(run, taught, photographs):
    """Lay a saved machine, a plugboard and two folders of pictures in the current folder."""
    shutil.copy(taught, "r.npz")
    run("mark1", "plugboard", "make", "-o", "pb.json")
    shutil.copytree(photographs / "taught", "letters")
    shutil.copytree(photographs / "held-out", "held-out")
    os.link("r.npz", "linked.npz")
    if sys.platform != "win32":
        os.symlink("pb.json", "pointed.json")
    return contents()


def contents():
    return {path: path.read_bytes() for path in Path().rglob("*") if path.is_file()}


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--resume", "r.npz", "--vcd", "r.npz"], ["--resume", "--vcd"]),
        (["--resume", "./r.npz", "--vcd", "linked.npz"], ["--resume", "--vcd"]),
        (["--plugboard", "pb.json", "--save", "pb.json"], ["--plugboard", "--save"]),
        pytest.param(
            ["--plugboard", "pb.json", "--vcd", "pointed.json"],
            ["--plugboard", "--vcd"],
            marks=pytest.mark.skipif(sys.platform == "win32", reason="needs symbolic links"),
        ),
        (["--plot", "letters/E/0.jpg"], ["--plot", "--stimuli letters"]),
        (["--vcd", "letters/E/0.jpg"], ["--vcd", "--stimuli letters"]),
        (["--plot", "letters/curve.png"], ["--plot", "--stimuli letters"]),
        (["--save", "held-out/E-10.jpg"], ["--save", "--test held-out"]),
        (["--resume", "r.npz", "--save", "r.npz", "--vcd", "r.npz"], ["--vcd"]),
    ],
)
def test_an_output_never_takes_the_place_of_an_input(run, laid_out, options, words):
    seen = ["--stimuli", "letters", "--test", "held-out", "--threshold", "local"]
    ran = run("mark1", "train", *seen, *options)
    refused(ran, *words)
    assert "teaching" not in ran.err
    assert contents() == laid_out


def test_a_machine_gone_on_with_may_be_saved_in_its_place(run, laid_out):
    command = ["mark1", "train", "--resume", "r.npz", "--save", "r.npz", "--stimuli", "X"]
    assert run(*command, "--rule", "forced").status in (0, 1)
    assert Path("r.npz").read_bytes() != laid_out[Path("r.npz")]


def test_what_is_no_picture_may_be_written_beside_the_pictures(run, laid_out):
    command = ["mark1", "train", "--stimuli", "letters", "--threshold", "local"]
    assert run(*command, "--save", "letters/mine.npz").status == 0
    assert run(*command, "--save", "letters/mine.npz").status == 0


def test_the_picture_of_a_panel_does_not_take_the_place_of_its_machine(run, laid_out):
    refused(run("panel", "--state", "r.npz", "--shot", "r.npz"), "--state", "--shot")
    assert contents() == laid_out


def test_an_empty_threshold_is_refused_for_recognition_too(run, laid_out):
    command = ["mark1", "recognise", "letters/E/0.jpg", "--state", "r.npz"]
    refused(run(*command, "--threshold", ""), "threshold")


def test_a_drawing_of_unknown_kind_is_refused(run):
    refused(run("mark1", "train", "--stimuli", "E,X", "--plot", "curve.doc"), ".png")


def test_the_demo_does_not_write_into_a_file(run):
    Path("taken").write_text("mine")
    refused(run("demo", "--out", "taken"), "taken")
    assert Path("taken").read_text() == "mine"


def test_a_full_disk_leaves_the_machine_saved_before(run, monkeypatch):
    command = ["mark1", "train", "--stimuli", "E,X", "--save", "ex.npz"]
    run(*command)
    before = Path("ex.npz").read_bytes()

    def full(_descriptor):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    ran = run(*command, "--seed", 2)
    assert ran.status == 2
    for word in ("ex.npz", "No space left on device", "untouched"):
        assert word in ran.said
    assert Path("ex.npz").read_bytes() == before
    assert [path.name for path in Path().iterdir()] == ["ex.npz"]


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")
def test_a_device_to_save_in_is_refused_before_anything_is_taught(run, monkeypatch):
    monkeypatch.setattr(console, "check_output", lambda _path: None)  # /dev itself may be locked
    Path("link.npz").symlink_to("/dev/full")
    for path in ("/dev/full", "link.npz"):
        ran = run("mark1", "train", "--stimuli", "E,X", "--save", path)
        refused(ran, path, "device")
        assert "teaching" not in ran.err


def test_what_was_found_out_is_printed_even_if_the_machine_cannot_be_saved(run, monkeypatch):
    def full(_self, path, _notes):
        raise Mistake(f"{path}: cannot be written (No space left on device)")

    monkeypatch.setattr(Experimenter, "save", full)
    command = ["mark1", "train", "--stimuli", "E,X", "--save", "ex.npz"]
    ran = run(*command)
    assert ran.status == 2
    assert "2 of 2 right" in ran.out
    assert "save:" not in ran.out
    assert ran.said == "firstwave: ex.npz: cannot be written (No space left on device)"
    ran = run(*command, "--json")
    assert ran.status == 2
    assert ran.document["result"]["files"] == {}


def test_the_switch_at_off_teaches_nothing_and_an_unknown_rule_is_quoted(run):
    train = ["mark1", "train", "--stimuli", "E,X", "--rule"]
    refused(run(*train, "off"), "off teaches nothing; choose another rule")
    refused(run(*train, "delta"), "no rule is called 'delta'", "mark1 rules")


def test_a_class_that_is_not_on_the_code_sheet_is_refused_with_the_cure(run, taught):
    ran = run("mark1", "train", "--resume", taught, "--stimuli", "A")
    refused(ran, "class A is not among those taught: E, X", "without --resume")


def test_unknown_stimuli_are_no_folder_either(run):
    refused(run("mark1", "train", "--stimuli", "foo"), "and there is no folder of that name")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")
def test_a_disk_that_fills_up_under_a_waveform_is_one_line(run, monkeypatch):
    monkeypatch.setattr(console, "check_output", lambda _path: None)  # /dev itself may be locked
    refused(run("mark1", "train", "--stimuli", "E,X", "--vcd", "/dev/full"), "/dev/full")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")
@pytest.mark.parametrize("rule", ["error-correction", "forced"])
def test_a_disk_that_fills_up_under_a_waveform_does_not_lose_the_training(run, monkeypatch, rule):
    monkeypatch.setattr(console, "check_output", lambda _path: None)  # /dev itself may be locked
    command = ["mark1", "train", "--stimuli", "A-D", "--rule", rule, "--exposures", 5]
    assert run(*command, "--save", "plain.npz").status in (0, 1)
    ran = run(*command, "--vcd", "/dev/full", "--save", "kept.npz")
    refused(ran, "/dev/full", "No space left on device", "kept.npz")
    left, right = (load(f"{name}.npz")[0].snapshot() for name in ("plain", "kept"))
    assert states.diff(left, right) == []


def test_what_was_found_out_is_printed_even_if_a_drawing_cannot_be_written(run, monkeypatch):
    def full(_descriptor):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    ran = run("mark1", "train", "--stimuli", "E,X", "--plot", "curve.png", "--fields", "f.png")
    assert ran.status == 2
    assert "2 of 2 right" in ran.out
    for word in ("curve.png", "f.png", "No space left on device"):
        assert word in ran.said
    assert list(Path().iterdir()) == []
