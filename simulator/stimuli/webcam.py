"""A webcam as an eye: its picture, reduced to the few cells of a retina.

The middle square of what the camera sees is averaged over each cell, measured against the darkest
and the lightest seen lately, and made on or off. A thread of its own takes the pictures, so that a
look never waits; no picture is ever stored. OpenCV, which reads the camera, is large and therefore
an extra: ``pip install "firstwave[webcam]"``.
"""

from __future__ import annotations

import threading
import time
from typing import Any, Protocol, Self

import numpy as np
from numpy.typing import NDArray

from simulator.errors import Mistake
from simulator.stimuli.area import area_average
from simulator.stimuli.light import LightFrame
from simulator.stimuli.sources import Clock
from simulator.stimuli.steady import OFF_AT, ON_AT, OnOff, Range

EXTRA = 'pip install "firstwave[webcam]"'
WIDTH, HEIGHT = 320, 240
"""Asked of the camera, in pixels: more than enough for 20 x 20 cells."""
LOST_S = 1.0
"""Without a picture for so long, the retina is dark."""
EXPOSURE_FRAMES = 9
_REST_S = 0.05


class Camera(Protocol):
    """What takes pictures."""

    def take(self) -> NDArray[np.uint8] | None:
        """Wait for a picture and give it: uint8, shape (height, width); None if there is none."""
        ...

    def close(self) -> None:
        """Let go of the camera."""
        ...


class OpenCvCamera:
    """A camera of this computer, by OpenCV.

    Parameters
    ----------
    index
        Which, from 0.

    Raises
    ------
    Mistake
        If OpenCV is not installed or there is no such camera.
    """

    def __init__(self, index: int = 0) -> None:
        try:
            import cv2
        except ImportError as error:
            raise Mistake(f"a webcam needs OpenCV, which is not installed: {EXTRA}") from error
        cv2.setLogLevel(0)  # it has its own opinion of a missing camera; ours follows
        self._cv2: Any = cv2
        self._capture = cv2.VideoCapture(index)
        if not self._capture.isOpened():
            raise Mistake(
                f"--webcam {index}: there is no such camera, another program has it, or this "
                "terminal is not allowed to use it (on a Mac: System Settings, Privacy, Camera)"
            )
        self._capture.set(cv2.CAP_PROP_FRAME_WIDTH, WIDTH)
        self._capture.set(cv2.CAP_PROP_FRAME_HEIGHT, HEIGHT)

    def take(self) -> NDArray[np.uint8] | None:
        """Wait for a picture and give it in grey."""
        good, picture = self._capture.read()
        if not good:
            return None
        grey: NDArray[np.uint8] = self._cv2.cvtColor(picture, self._cv2.COLOR_BGR2GRAY)
        return grey

    def close(self) -> None:
        """Let go of the camera."""
        self._capture.release()


class Webcam:
    """Looks through a camera (a :class:`simulator.stimuli.sources.LightSource`).

    Parameters
    ----------
    camera
        The camera; closed in the end.
    rows, columns
        Of the retina.
    dark_figure
        Whether what is dark is the figure, as with print on paper.
    mirrored
        Whether left and right are exchanged, as in a mirror.
    clock
        Gives seconds.
    """

    def __init__(
        self,
        camera: Camera,
        rows: int = 20,
        columns: int = 20,
        dark_figure: bool = False,
        mirrored: bool = False,
        clock: Clock = time.monotonic,
    ) -> None:
        self._camera = camera
        self._shape = rows, columns
        self._dark_figure = dark_figure
        self._mirrored = mirrored
        self._clock = clock
        self._lock = threading.Lock()
        self._newest: tuple[NDArray[np.uint8], int, float] | None = None
        self._made = 0
        self._range, self._cells = Range(), OnOff(ON_AT, OFF_AT)
        self._levels = np.zeros(self._shape, np.uint8)
        self._levels.flags.writeable = False
        self._seq, self._taken_s = 1, clock()
        self.held = False
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self._run, name="webcam", daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        if self._thread is not None:
            self._thread.join(2.0)

    def look(self) -> LightFrame:
        """Give what the camera sees now, uint8 (rows, columns), 0 or 255; dark if it sees none."""
        now_s = self._clock()
        if not self.held:
            with self._lock:
                newest = self._newest
            if newest is not None and newest[1] != self._made:
                picture, self._made, self._taken_s = newest
                self._show(self._made_of(picture, self._taken_s))
            elif now_s - self._taken_s >= LOST_S:
                self._cells.forget()
                self._show(np.zeros(self._shape, np.uint8))
        return LightFrame(self._levels, self._seq, now_s - self._taken_s)

    def hold(self) -> None:
        """Keep showing what is seen now."""
        self.look()
        self.held = True

    def release(self) -> None:
        """Look again."""
        self.held = False

    def expose(self, frames: int = EXPOSURE_FRAMES, wait_s: float = 5.0) -> NDArray[np.uint8]:
        """Take one exposure: the majority of some pictures from now on; waits for them.

        Raises
        ------
        Mistake
            If the camera does not give them in time.
        """
        votes = np.zeros(self._shape, np.int64)
        until_s, taken = self._clock() + wait_s, 0
        last = self._newest[1] if self._newest else 0
        while taken < frames:
            with self._lock:
                newest = self._newest
            if newest is not None and newest[1] != last:
                last = newest[1]
                votes += self._made_of(newest[0], newest[2]) > 0
                taken += 1
            elif self._clock() >= until_s:
                raise Mistake("the webcam gives no pictures; is it covered or in use elsewhere?")
            else:
                time.sleep(0.005)
        return np.where(2 * votes > frames, 255, 0).astype(np.uint8)

    def _made_of(self, picture: NDArray[np.uint8], taken_s: float) -> NDArray[np.uint8]:
        height, width = picture.shape
        side = min(height, width)
        window = ((height - side) // 2, (width - side) // 2, side, side)
        levels = area_average(picture, *self._shape, window)
        if self._mirrored:
            levels = levels[:, ::-1]
        levels = self._range.stretched(levels, taken_s)
        if self._dark_figure and levels.any():
            levels = 255 - levels
        return self._cells.cells(levels)

    def _show(self, levels: NDArray[np.uint8]) -> None:
        if not np.array_equal(levels, self._levels):
            levels.flags.writeable = False
            self._levels = levels
            self._seq += 1

    def _run(self) -> None:
        nth = 0
        try:
            while not self._stop.is_set():
                picture = self._camera.take()
                if picture is None:
                    self._stop.wait(_REST_S)
                    continue
                nth += 1
                with self._lock:
                    self._newest = picture, nth, self._clock()
        finally:
            self._camera.close()
