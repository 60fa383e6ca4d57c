import math

import numpy as np
import pytest

from machines.mark1 import Mark1
from simulator.errors import Mistake
from simulator.stimuli import (
    Drawing,
    Follower,
    LightFrame,
    LightSource,
    Slides,
    Still,
    letter,
    letters,
)


class Clock:
    """A clock set by hand."""

    def __init__(self):
        self.now_s = 1000.0

    def __call__(self):
        return self.now_s


@pytest.fixture
def clock():
    return Clock()


def test_still_stays_the_same_picture_and_only_ages(clock):
    source: LightSource = Still(letter("C"), clock)
    for age_s in (0.0, 0.25, 3600.0):
        clock.now_s = 1000.0 + age_s
        frame = source.look()
        assert isinstance(frame, LightFrame)
        assert np.array_equal(frame.levels, letter("C"))
        assert (frame.seq, frame.age_s) == (1, age_s)


def test_slides_follow_one_another_and_the_tray_begins_again(clock):
    tray = letters("EXC")
    source: LightSource = Slides(tray.levels, 2.0, clock)
    seen = []
    for _ in range(8):
        frame = source.look()
        slide = (tray.levels == frame.levels).all(axis=(1, 2)).argmax()
        seen.append((tray.classes[slide], frame.seq, frame.age_s))
        clock.now_s += 1.0
    assert seen == [
        ("E", 1, 0.0),
        ("E", 1, 1.0),
        ("X", 2, 0.0),
        ("X", 2, 1.0),
        ("C", 3, 0.0),
        ("C", 3, 1.0),
        ("E", 4, 0.0),
        ("E", 4, 1.0),
    ]


def test_slide_missed_between_two_looks_is_counted(clock):
    source = Slides(letters("EXC").levels, 2.0, clock)
    clock.now_s += 4.5
    assert source.look()[1:] == (3, 0.5)


@pytest.mark.parametrize("kind", [Still, lambda levels, clock: Slides(levels[None], 1.0, clock)])
def test_picture_in_a_source_is_its_own(clock, kind):
    mine = letter("A")
    source = kind(mine, clock)
    mine[:] = 7
    seen = source.look().levels
    assert np.array_equal(seen, letter("A"))
    with pytest.raises(ValueError, match="read-only"):
        seen[0, 0] = 7


@pytest.mark.parametrize(
    "levels",
    [
        np.zeros((20, 20), np.uint8),
        np.zeros((0, 20, 20), np.uint8),
        np.zeros((2, 20, 20), np.float64),
    ],
)
def test_slides_of_another_kind_are_refused(levels):
    with pytest.raises(Mistake, match="uint8"):
        Slides(levels, 1.0)


@pytest.mark.parametrize("levels", [np.zeros((2, 20, 20), np.uint8), np.zeros((20, 20), np.bool_)])
def test_still_of_another_kind_is_refused(levels):
    with pytest.raises(Mistake, match="uint8"):
        Still(levels)


@pytest.mark.parametrize("seconds", [0.0, -1.0, math.nan])
def test_slide_that_stands_for_no_time_is_refused(seconds):
    with pytest.raises(Mistake, match="more than 0"):
        Slides(letters("EX").levels, seconds)


def test_follower_shows_a_picture_once(clock):
    shown = []
    eye = Follower(Slides(letters("EX").levels, 2.0, clock), shown.append)
    told = []
    for _ in range(5):
        told.append(eye.look())
        clock.now_s += 1.0
    assert told == [True, False, True, False, True]
    assert np.array_equal(shown, [letter("E"), letter("X"), letter("E")])


def test_follower_shows_again_what_was_not_taken(clock):
    taken = []

    def show(levels):
        if not clock.now_s > 1000.0:
            raise Mistake("the retina is not connected")
        taken.append(levels)

    eye = Follower(Still(letter("E"), clock), show)
    with pytest.raises(Mistake):
        eye.look()
    clock.now_s += 1.0
    assert eye.look()
    assert not eye.look()
    assert len(taken) == 1


def test_mark1_sees_each_slide_through_its_retina(clock):
    machine = Mark1()
    operated = []

    def show(levels):
        operated.append(clock.now_s)
        machine.operate("mark1.retina.light", levels)

    eye = Follower(Slides(letters("EX").levels, 1.0, clock), show)
    for character in "EEXXEE":
        eye.look()
        seen = machine.rack("mark1.retina.light").reshape(20, 20)
        assert np.array_equal(seen, letter(character))
        clock.now_s += 0.5
    assert operated == [1000.0, 1001.0, 1002.0]


def test_a_drawing_is_a_new_frame_at_every_stroke_and_ages_between():
    now_s = 10.0
    drawing = Drawing(2, 3, lambda: now_s)
    assert (drawing.look().seq, drawing.look().levels.tolist()) == (1, [[0, 0, 0], [0, 0, 0]])
    stroke = np.full((2, 3), 255, np.uint8)
    drawing.draw(stroke)
    stroke[:] = 7
    now_s = 12.5
    frame = drawing.look()
    assert (frame.seq, frame.age_s, int(frame.levels.min())) == (2, 2.5, 255)
    shown = []
    eye = Follower(drawing, shown.append)
    assert (eye.look(), eye.look()) == (True, False)
    drawing.draw(stroke)
    assert eye.look()
    assert shown[-1].tolist() == stroke.tolist()
