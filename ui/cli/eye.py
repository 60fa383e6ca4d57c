"""Opening a physical eye for a command: a photocell board by its port, a webcam by its number."""

from __future__ import annotations

import contextlib
import signal
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from simulator.errors import Mistake
from simulator.serial_link import BoardEye, Link, NamedPort, Sight
from simulator.serial_link.calibration import read
from simulator.serial_link.eye import lamps_of, wait_for
from simulator.serial_link.ports import BAUD
from simulator.stimuli import StimulusSet
from simulator.stimuli.light import LightFrame
from simulator.stimuli.webcam import OpenCvCamera, Webcam
from ui.cli import console


class Eye(Protocol):
    """What a command asks of a board or a webcam."""

    def look(self) -> LightFrame:
        """Give what it sees now."""
        ...

    def expose(self) -> NDArray[np.uint8]:
        """Wait for one exposure: uint8 (rows, columns), 0 or 255."""
        ...

    def hold(self) -> None:
        """Keep showing what is seen now."""
        ...

    def release(self) -> None:
        """Look again."""
        ...


@dataclass(frozen=True)
class EyeRequest:
    """What was asked for on the command line."""

    board: str | None = None
    webcam: int | None = None
    baud: int = BAUD
    calibration: Path | None = None
    dark_figure: bool = False
    placing: str = "fill"

    @property
    def wanted(self) -> bool:
        """Whether an eye is asked for at all."""
        return self.board is not None or self.webcam is not None


def check(request: EyeRequest) -> None:
    """Refuse what cannot be meant, before anything is opened.

    Raises
    ------
    Mistake
        If two eyes are asked for, or options of a board without one, or a name is impossible.
    """
    if request.board is not None and request.webcam is not None:
        raise Mistake("--board and --webcam: give one of them")
    given = {
        "--calibration": request.calibration is not None,
        "--placing": request.placing != "fill",
        "--baud": request.baud != BAUD,
    }
    if request.board is None:
        for option, is_given in given.items():
            if is_given:
                raise Mistake(f"{option} without --board: it is the board's")
        if request.dark_figure and request.webcam is None:
            raise Mistake("--dark-figure without --board or --webcam: it is the eye's")
        return
    NamedPort(request.board, request.baud)
    if request.calibration is not None:
        read(request.calibration)


@contextlib.contextmanager
def opened(request: EyeRequest, rows: int, columns: int, wait: bool = True) -> Iterator[Eye]:
    """Open the eye that was asked for, and close it in the end.

    Parameters
    ----------
    request
        As :func:`check` let it pass.
    rows, columns
        Of the retina.
    wait
        Whether to wait until a board is live; else one that is not there yet is waited for by its
        link, while the retina is dark.

    Raises
    ------
    Mistake
        If the board does not answer, is refused, or the calibration is not its own; or if there is
        no such camera.
    """
    if request.webcam is not None:
        camera = OpenCvCamera(request.webcam)
        with Webcam(camera, rows, columns, request.dark_figure) as webcam:
            yield webcam
        return
    assert request.board is not None
    port = NamedPort(request.board, request.baud)
    calibration = read(request.calibration) if request.calibration is not None else None
    sight = Sight(calibration, request.placing, request.dark_figure)
    with Link(port) as link:
        if wait:
            console.say(f"waiting for the board on {request.board}")
            hello = wait_for(link)
            if calibration is not None and (why := calibration.mismatch(hello)):
                raise Mistake(f"{request.calibration}: {why}")
            console.say(f"the board is live: {hello.board_id}, {hello.rows} x {hello.columns}")
        yield BoardEye(link, rows, columns, sight)


def press_enter(words: str) -> None:
    """Say something on stderr and wait until somebody presses Enter.

    Raises
    ------
    Mistake
        If nobody can, because stdin has ended.
    """
    if not enter_pressed(words):
        raise Mistake("somebody must press Enter here, but stdin has ended")


def enter_pressed(words: str) -> bool:
    """Say something on stderr and wait for Enter; False if stdin has ended (Ctrl-D) instead."""
    console.say(words)
    with _ctrl_c_at_once():
        return bool(sys.stdin.readline())


def light_lamps(eye: Eye, responses: NDArray[np.int8]) -> None:
    """Light a board's lamps by the R-units' responses; a webcam has none."""
    if isinstance(eye, BoardEye):
        eye.link.light_lamps(lamps_of(responses))


@contextlib.contextmanager
def _ctrl_c_at_once() -> Iterator[None]:
    """Let Ctrl-C end the wait, though the work around it would only note it."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def exposures_of(eye: Eye, stimuli: StimulusSet) -> StimulusSet:
    """Have every stimulus of a set shown to the eye; give what it saw, under the same names.

    Raises
    ------
    Mistake
        If the eye sees nothing at all, or is lost.
    """
    seen: list[NDArray[np.uint8]] = []
    for place, name in enumerate(stimuli.names, start=1):
        press_enter(f"{place} of {len(stimuli)}: show it {name}, and press Enter")
        levels = eye.expose()
        lit = int((levels > 0).sum())
        if lit in (0, levels.size):
            raise Mistake(
                f"{name}: the eye sees {'nothing' if lit == 0 else 'nothing but light'}; light the "
                "figure better, calibrate the board, or try --dark-figure"
            )
        for other, before in zip(stimuli.names, seen, strict=False):
            if np.array_equal(levels, before):
                raise Mistake(f"{name}: the eye sees exactly what it saw for {other}; show another")
        console.say(f"{name}: {lit} of {levels.size} cells are lit")
        seen.append(levels)
    return StimulusSet(np.stack(seen), stimuli.labels, stimuli.classes, stimuli.names)
