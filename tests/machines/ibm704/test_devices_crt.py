"""The CRT and its camera: points, lines, frames."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from with_units import CYCLE_NS, MS, machine, run

import machines.ibm704
from machines.ibm704 import Stop
from machines.ibm704.devices import picture, take_frames, write_frame
from machines.ibm704.sap import read_source
from simulator.errors import Mistake

PROGRAMS = Path(machines.ibm704.__file__).parent / "programs"
engines = pytest.mark.parametrize("engine", ["compiled", "reference"])
coordinates = st.integers(0, 1023)

SHOW = """
       ORG 64
START  WTV
       LXA COUNT,1
POINT  CPY TABLE+{count},1
       TIX POINT,1,1
       CFF
       WTV
       CPY TABLE
       HPR
COUNT  PZE {count}
TABLE  BSS {count}
       END START"""


@engines
def test_points_are_shown_8000_a_second_and_the_film_takes_a_quarter_of_one(engine):
    took = []
    for count in (1, 101):
        made, _ = machine(SHOW.format(count=count), engine)
        made.operate("ibm704.crt.attached", 1)
        took.append(run(made))
        # the last copy waits for the film
        assert made.now_ns >= 250 * MS
        assert [len(frame) for frame in take_frames(made)] == [count]
        assert take_frames(made) == []
        assert take_frames(made, last=True) == [[0]]
    assert took[1] - took[0] == 100 * 125_000


@engines
def test_the_circle_of_the_example_is_on_the_film(engine, tmp_path):
    made, _ = machine(read_source(PROGRAMS / "crt_picture.sap"), engine)
    made.operate("ibm704.crt.attached", 1)
    run(made)
    (frame,) = take_frames(made)
    write_frame(tmp_path / "frame.png", frame)
    with Image.open(tmp_path / "frame.png") as image:
        levels = np.asarray(image)
    assert levels.shape == (1024, 1024)
    edge = np.concatenate([levels[0], levels[-1], levels[:, 0], levels[:, -1]])
    assert (edge > 0).all(), "a frame all around"
    inside = levels[1:-1, 1:-1]
    rows, columns = np.nonzero(inside)
    radii = np.hypot(columns + 1 - 512, 1022 - rows - 512)
    assert 350 < len(radii) <= 403
    assert abs(radii - 400).max() < 5


@given(x=coordinates, y=coordinates, bright=st.booleans())
def test_a_point_stands_where_its_word_says(x, y, bright):
    levels = picture([bright << 35 | y << 18 | x])
    assert np.argwhere(levels).tolist() == [[1023 - y, x]]
    assert levels[1023 - y, x] == (255 if bright else 160)


@given(x=coordinates, y=coordinates)
def test_lines_go_to_the_edge(x, y):
    right, up, slope = (picture([kind << 33 | y << 18 | x]) for kind in (1, 2, 3))
    assert np.argwhere(right).tolist() == [[1023 - y, c] for c in range(x, 1024)]
    assert np.argwhere(up[::-1]).tolist() == [[r, x] for r in range(y, 1024)]
    along = range(1024 - max(x, y))
    assert np.argwhere(slope[::-1]).tolist() == [[y + i, x + i] for i in along]


def test_a_bright_point_outshines_a_dim_one_in_either_order():
    words = [1 << 35, 0]
    assert picture(words)[1023, 0] == picture(words[::-1])[1023, 0] == 255


def test_the_program_need_not_keep_up_with_the_screen():
    made, at = machine(
        """
       ORG 64
START  WTV
       CPY 0
       LXA COUNT,1
WAIT   TIX WAIT,1,1
       CPY 1
       HPR
COUNT  PZE 20000
       END START"""
    )
    made.operate("ibm704.crt.attached", 1)
    run(made)
    assert len(take_frames(made, last=True)[0]) == 2
    assert at["COUNT"]


def test_the_tube_is_let_go_by_the_select_of_another_unit():
    made, _ = machine(
        """
       ORG 64
START  WTV
       CPY 0
       IOD
       CPY 0
       HPR
       END START"""
    )
    made.operate("ibm704.crt.attached", 1)
    run(made, stop=Stop.READ_WRITE_CHECK)


def test_the_film_does_not_move_without_a_camera():
    made, _ = machine("       ORG 64\nSTART  CFF\n       HPR\n       END START")
    run(made, stop=Stop.NOT_ATTACHED)


def test_waiting_for_all_units_waits_for_the_film():
    made, _ = machine("       ORG 64\nSTART  CFF\n       IOD\n       HPR\n       END START")
    made.operate("ibm704.crt.attached", 1)
    assert run(made) == 250 * MS + 4 * CYCLE_NS


def test_film_that_is_used_up_stops_the_program():
    made, _ = machine(SHOW.format(count=20), film_held=10)
    made.operate("ibm704.crt.attached", 1)
    run(made, stop=Stop.NOT_READY)
    assert len(take_frames(made, last=True)[0]) == 10


def test_a_frame_that_cannot_be_written_is_a_mistake(tmp_path):
    with pytest.raises(Mistake):
        write_frame(tmp_path / "nowhere" / "frame.png", [0])
