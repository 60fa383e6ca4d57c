import numpy as np
import pytest
from rich.console import Console

from simulator.errors import Mistake
from ui.report import (
    always_right,
    confusion_table,
    learning_curve,
    mistaken,
    receptive_fields,
    sparkline,
)

CLASSES = ("E", "X", "L")
CONFUSION = np.array([[3, 0, 1, 0], [0, 4, 0, 0], [0, 2, 0, 2]])


def test_mistakes_are_listed_most_frequent_first():
    assert mistaken(CLASSES, CONFUSION) == [("L", "X", 2), ("L", None, 2), ("E", "L", 1)]
    assert mistaken(CLASSES, np.eye(3, 4, dtype=int)) == []


def test_the_classes_never_mistaken_are_listed():
    assert always_right(CLASSES, CONFUSION) == (["X"], 3)
    assert always_right(CLASSES, np.zeros((3, 4), int)) == ([], 0)


def test_a_grid_shows_every_count():
    console = Console(width=80, no_color=True)
    with console.capture() as captured:
        console.print(confusion_table(CLASSES, CONFUSION, 80))
    rows = [line.split() for line in captured.get().splitlines()]
    assert ["E", "3", "·", "1", "·"] in rows
    assert ["L", "·", "2", "0", "2"] in rows


def test_a_class_called_like_a_colour_is_shown_as_it_is_called():
    console = Console(width=80, no_color=True)
    with console.capture() as captured:
        console.print(confusion_table(("[red]", "b"), np.eye(2, 3, dtype=int), 80))
    assert captured.get().count("[red]") == 2


@pytest.mark.parametrize(("classes", "width"), [(3, 20), (26, 72), (100, 200)])
def test_a_grid_that_would_not_fit_is_left_out(classes, width):
    names = [chr(ord("A") + i) for i in range(classes)]
    assert confusion_table(names, np.eye(classes, classes + 1, dtype=int), width) is None


def test_26_letters_fit_on_a_terminal_of_80_columns():
    names = [chr(ord("A") + i) for i in range(26)]
    console = Console(width=80, no_color=True)
    with console.capture() as captured:
        console.print(confusion_table(names, np.eye(26, 27, dtype=int), 80))
    lines = captured.get().splitlines()
    assert len(lines) == 27
    assert max(len(line.rstrip()) for line in lines) <= 80
    assert lines[26].split() == ["Z", *["·"] * 25, "1", "·"]


def test_a_line_of_bars_rises_with_the_numbers():
    assert sparkline([0, 1, 2, 7]) == "▁▂▃█"
    assert sparkline([0, 7], ascii_only=True).isascii()
    assert sparkline([0, 0]) == "▁▁"
    assert sparkline([]) == ""
    assert len(sparkline(list(range(1000)))) == 60


@pytest.mark.parametrize("curve", [[26, 10, 3, 0], [5], [], [1] * 5000])
def test_any_curve_is_drawn(tmp_path, curve):
    learning_curve(curve, tmp_path / "c.png", "title", 26, 40)
    assert (tmp_path / "c.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize(("suffix", "begins"), [("svg", b"<?xml"), ("pdf", b"%PDF")])
def test_the_suffix_decides_the_format(tmp_path, suffix, begins):
    learning_curve([2, 0], tmp_path / f"c.{suffix}")
    receptive_fields(np.zeros((5, 20, 20)), tmp_path / f"f.{suffix}")
    assert (tmp_path / f"c.{suffix}").read_bytes().startswith(begins)
    assert (tmp_path / f"f.{suffix}").read_bytes().startswith(begins)


def test_another_suffix_is_refused(tmp_path):
    with pytest.raises(Mistake, match=r"\.png"):
        learning_curve([1], tmp_path / "c.doc")
