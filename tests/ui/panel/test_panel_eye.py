"""The panel with a photocell board for an eye: what falls on the retina, and what it says."""

from dataclasses import replace

import numpy as np
import pygame
import pytest
from panel_driver import FRAME_S, Driver

from simulator.serial_link import BoardEye, Cable, EmulatedBoard, HandClock, Link, Sight, State
from simulator.serial_link.calibration import calibrated
from simulator.serial_link.frames import Hello
from simulator.stimuli import letter
from ui.panels.mark1 import open_machine


class Sitting:
    """A panel whose board lives on a clock that is turned with the panel's frames."""

    def __init__(self, sight=None):
        self.clock = HandClock()
        self.picture = letter("E")
        self.board = EmulatedBoard(self.clock, scene=lambda now: self.picture)
        self.cable = Cable(self.board)
        self.link = Link(self.cable, self.clock)
        self.eye = BoardEye(self.link, sight=sight)
        self.driver = Driver(opened=lambda clock: open_machine(clock=clock, eye=self.eye))

    def seconds(self, s):
        for _ in range(round(s / FRAME_S)):
            until_s = self.clock.now() + FRAME_S
            while self.clock.now() < until_s:
                self.link.step()
            self.driver.frames(1)

    @property
    def light(self):
        return self.driver.machine.rack("mark1.retina.light").reshape(20, 20)

    @property
    def eye_line(self):
        return self.driver.panel.find("key.eye").text()


@pytest.fixture
def sitting():
    one = Sitting()
    one.seconds(2)
    yield one
    one.driver.close()


def test_what_the_board_sees_falls_on_the_retina(sitting):
    np.testing.assert_array_equal(sitting.light, letter("E"))
    sitting.picture = letter("X")
    sitting.seconds(0.3)
    np.testing.assert_array_equal(sitting.light, letter("X"))
    assert sitting.driver.machine.rack("mark1.retina.S").sum() == (letter("X") > 0).sum()


def test_a_cut_cable_darkens_the_retina(sitting):
    sitting.cable.pull()
    sitting.seconds(0.2)
    assert not sitting.light.any()
    assert "no connection" in sitting.eye_line
    assert "no such port" in sitting.driver.session.message
    sitting.cable.plug()
    sitting.seconds(4)
    np.testing.assert_array_equal(sitting.light, letter("E"))
    assert sitting.eye_line.endswith("reconnects 1")


def test_the_key_says_how_the_link_is(sitting):
    assert sitting.link.status().state is State.LIVE
    assert sitting.eye_line.startswith("eye: live")
    sitting.seconds(2)
    assert "25 frames/s" in sitting.eye_line
    assert "bad CRCs 0" in sitting.eye_line
    part = sitting.driver.panel.find("key.eye").part
    tip = part.tip_at(*part.box.middle)
    assert "20 x 20 cells" in tip
    assert "0 bad CRCs" in tip
    assert sitting.driver.brightness(part.box) > 20


@pytest.mark.parametrize("state", State)
def test_whatever_the_link_is_like_it_stands_whole_on_the_key(sitting, monkeypatch, state):
    status = sitting.link.status()
    counters = replace(status.counters, bad_crc=99_999, reconnects=9_999)
    told = status._replace(state=state, frames_per_s=100.0, counters=counters)
    monkeypatch.setattr(sitting.link, "look", lambda: (told, None))
    sitting.driver.key("k")
    canvas, box = sitting.driver.app.screen.canvas, sitting.driver.panel.find("key.eye").part.box
    words, numbers = sitting.eye_line.split("\n")
    assert words.startswith("HELD: ")
    assert numbers == "100 frames/s, bad CRCs 99999, reconnects 9999"
    assert canvas.width_of(words, 13, bold=True) < box.w - 4
    assert canvas.width_of(numbers, 11.5) < box.w - 4
    neighbours = [
        widget.part.box for widget in sitting.driver.panel.widgets if widget.part.id != "key.eye"
    ]
    for other in neighbours:
        apart = other.x >= box.x + box.w or other.x + other.w <= box.x
        assert apart or other.y >= box.y + box.h or other.y + other.h <= box.y


def test_an_eye_with_another_boards_calibration_says_so_on_the_panel():
    hello = Hello(20, 20, 6, 8, "another")
    dark, light = np.zeros((20, 20), np.uint8), np.full((20, 20), 63, np.uint8)
    one = Sitting(Sight(calibrated(hello, [dark], [light])))
    try:
        one.seconds(2)
        assert not one.light.any()
        assert one.eye_line.startswith("eye: live, but wrong calibration")
        assert "the calibration is of another (20 x 20, 6 bits)" in one.driver.session.message
    finally:
        one.driver.close()


def test_two_letters_are_taught_through_the_board_and_its_lamp_answers(sitting):
    for name, key, lit in (("E", "a", 1), ("X", "b", 0)):
        sitting.picture = letter(name)
        sitting.seconds(0.4)
        sitting.driver.key(key)
        sitting.seconds(2)
        assert sitting.board.lamps == lit
    for name, lit in (("E", 1), ("X", 0), ("E", 1)):
        sitting.picture = letter(name)
        sitting.seconds(1)
        assert sitting.board.lamps == lit
        assert sitting.driver.machine.number("mark1.response.R1") == (1 if lit else -1)


def test_held_the_eye_keeps_what_it_saw(sitting):
    sitting.driver.key("k")
    sitting.picture = letter("X")
    sitting.cable.pull()
    sitting.seconds(0.5)
    np.testing.assert_array_equal(sitting.light, letter("E"))
    assert sitting.eye_line.startswith("HELD")
    sitting.cable.plug()
    sitting.seconds(4)
    np.testing.assert_array_equal(sitting.light, letter("E"))
    sitting.driver.click("key.eye")
    sitting.seconds(0.3)
    np.testing.assert_array_equal(sitting.light, letter("X"))


def test_pictures_that_follow_each_other_are_one_act_for_undo(sitting):
    sitting.driver.key("c")
    for name in "ABCD":
        sitting.picture = letter(name)
        sitting.seconds(0.2)
    np.testing.assert_array_equal(sitting.light, letter("D"))
    sitting.driver.key("k")
    sitting.driver.key("ctrl+z")
    assert not sitting.light.any()


def test_a_panel_without_an_eye_has_no_key_for_it():
    driver = Driver()
    try:
        assert "key.eye" not in [widget.part.id for widget in driver.panel.widgets]
        pygame.event.clear()
    finally:
        driver.close()
