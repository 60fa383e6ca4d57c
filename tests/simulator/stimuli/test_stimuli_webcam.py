"""A webcam for an eye, with a camera that is none."""

import sys
import threading
import time

import numpy as np
import pytest

from simulator.errors import Mistake
from simulator.stimuli import letter
from simulator.stimuli.webcam import OpenCvCamera, Webcam


class Painted:
    """A camera that sees what it is given, 320 x 240, at a hundred pictures a second."""

    def __init__(self, levels):
        self.levels = levels
        self.closed = False
        self.blind = False

    def take(self):
        time.sleep(0.01)
        if self.blind:
            return None
        picture = np.full((240, 320), 128, np.uint8)
        picture[:, 40:280] = np.kron(self.levels, np.ones((12, 12), np.uint8))
        return picture

    def close(self):
        self.closed = True


def wait_for(webcam, levels, seconds=10):
    until_s = time.monotonic() + seconds
    while not np.array_equal(webcam.look().levels, levels):
        assert time.monotonic() < until_s, "the webcam does not see what it should"
        time.sleep(0.005)


def test_the_middle_square_of_the_picture_falls_on_the_retina():
    camera = Painted(letter("E"))
    with Webcam(camera) as webcam:
        wait_for(webcam, letter("E"))
        before = webcam.look().seq
        camera.levels = letter("X")
        wait_for(webcam, letter("X"))
        assert webcam.look().seq > before
        np.testing.assert_array_equal(webcam.expose(), letter("X"))
    assert camera.closed
    assert "webcam" not in [thread.name for thread in threading.enumerate()]


def test_a_dark_letter_on_paper_and_a_mirror():
    with Webcam(Painted(255 - letter("E")), dark_figure=True) as webcam:
        wait_for(webcam, letter("E"))
    with Webcam(Painted(letter("E")), mirrored=True) as webcam:
        wait_for(webcam, letter("E")[:, ::-1])


def test_a_camera_that_goes_blind_leaves_no_old_picture():
    camera = Painted(letter("E"))
    with Webcam(camera) as webcam:
        wait_for(webcam, letter("E"))
        webcam.hold()
        camera.blind = True
        time.sleep(1.1)
        assert webcam.look().levels.any()
        webcam.release()
        wait_for(webcam, np.zeros((20, 20), np.uint8))
        with pytest.raises(Mistake, match="no pictures"):
            webcam.expose(wait_s=0.2)


def test_without_opencv_the_line_that_installs_it_is_said(monkeypatch):
    monkeypatch.setitem(sys.modules, "cv2", None)
    with pytest.raises(Mistake, match=r'pip install "firstwave\[webcam\]"'):
        OpenCvCamera(0)
