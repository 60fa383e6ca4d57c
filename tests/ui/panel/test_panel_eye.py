"""The panel with a photocell board for an eye: what falls on the retina, and what it says."""

import numpy as np
import pygame
import pytest
from panel_driver import FRAME_S, Driver

from simulator.serial_link import BoardEye, Cable, EmulatedBoard, HandClock, Link, State
from simulator.stimuli import letter
from ui.panels.mark1 import open_machine


class Sitting:
    """A panel whose board lives on a clock that is turned with the panel's frames."""

    def __init__(self):
        self.clock = HandClock()
        self.picture = letter("E")
        self.board = EmulatedBoard(self.clock, scene=lambda now: self.picture)
        self.cable = Cable(self.board)
        self.link = Link(self.cable, self.clock)
        self.eye = BoardEye(self.link)
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
    assert sitting.eye_line.endswith("re 1")


def test_the_key_says_how_the_link_is(sitting):
    assert sitting.link.status().state is State.LIVE
    assert sitting.eye_line.startswith("eye: live")
    sitting.seconds(2)
    assert "25/s" in sitting.eye_line
    assert "bad 0" in sitting.eye_line
    part = sitting.driver.panel.find("key.eye").part
    tip = part.tip_at(*part.box.middle)
    assert "20 x 20 cells" in tip
    assert "0 bad CRCs" in tip
    assert sitting.driver.brightness(part.box) > 20


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
