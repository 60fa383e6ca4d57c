"""``firstwave board emulate``: be a photocell board, for other programs on this computer."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simulator.errors import Mistake
from simulator.serial_link import EmulatedBoard, WallClock
from simulator.serial_link.emulated_kinds import FAULTS, spoil
from simulator.serial_link.emulated_ports import Outlet, Socket, Terminal, serve
from simulator.serial_link.ports import check_speed
from simulator.stimuli import named
from simulator.stimuli.area import area_average
from ui.cli import console
from ui.cli.series import ctrl_c_noted
from ui.cli.status import DONE, INTERRUPTED

_COVERED, _LIT = "dark", "light"
_LONGEST = 4096
"""Characters of a line that somebody types; what is longer is no name."""


@dataclass(frozen=True)
class Request:
    """What was asked for on the command line."""

    rows: int
    columns: int
    bits: int
    lamps: int
    show: str | None
    each_s: float | None
    faults: tuple[str, ...]
    socket: str | None
    bootloader: str
    baud: int
    seconds: float | None


class Stage:
    """What stands before the board: a few pictures, one after another or changed by hand."""

    def __init__(self, pictures: list[NDArray[np.uint8]], each_s: float | None) -> None:
        self.pictures = pictures
        self.each_s = each_s
        self._began_s: float | None = None

    def __call__(self, now: float) -> NDArray[np.uint8]:
        """Give what stands there at a time, s: uint8 (rows, columns)."""
        if self._began_s is None:
            self._began_s = now
        turn = int((now - self._began_s) / self.each_s) if self.each_s else 0
        return self.pictures[turn % len(self.pictures)]

    def put(self, picture: NDArray[np.uint8]) -> None:
        """Put one picture there, to stay."""
        self.pictures = [picture]


def run(request: Request, as_json: bool) -> int:
    """Be a board until told to stop."""
    if "help" in request.faults:
        for name, words in FAULTS.items():
            console.write(f"{name}: {words}\n")
        return DONE
    pictures = [_picture(_COVERED, request)]
    if request.show is not None:
        pictures = [_reduced(one, request) for one in named(request.show).levels]
    stage = Stage(pictures, request.each_s)
    board = EmulatedBoard(
        WallClock(), request.rows, request.columns, request.bits, request.lamps,
        stage, check_speed(request.baud), request.bootloader,
    )  # fmt: skip
    noise = spoil(board, request.faults)
    if "unplug" in request.faults and request.socket is None:
        raise Mistake("--fault unplug needs --socket: a pseudo terminal cannot be pulled out")
    outlet: Outlet = Terminal() if request.socket is None else Socket(request.socket)
    over, began_s = threading.Event(), time.monotonic()
    until_s = began_s + request.seconds if request.seconds is not None else float("inf")
    console.say(f"a board of {request.rows} x {request.columns} photocells is on {outlet.name}")
    console.say(f"look at it with: firstwave board monitor {outlet.name}")
    lamps = 0

    with ctrl_c_noted() as stop, _never_stopped_for_reading():
        threading.Thread(target=_listen, args=(stage, request), daemon=True).start()

        def every_tick() -> None:
            nonlocal lamps
            if board.lamps != lamps:
                lamps = board.lamps
                console.say("lamps " + "".join(str(lamps >> i & 1) for i in range(request.lamps)))
            if stop.pressed or time.monotonic() >= until_s:
                over.set()

        serve(board, outlet, over, noise, frozenset(request.faults), every_tick)
    if stop.pressed and request.seconds is not None:
        return INTERRUPTED
    if as_json:
        result = {
            "port": outlet.name,
            "rows": request.rows,
            "cols": request.columns,
            "bits": request.bits,
            "faults": list(request.faults),
            "opened": board.opened,
            "lamps": board.lamps,
        }
        wall_s = round(time.monotonic() - began_s, 3)
        console.write_json(console.document("board-emulate", result, wall_s=wall_s))
    return DONE


@contextlib.contextmanager
def _never_stopped_for_reading() -> Iterator[None]:
    """Go on though started with ``&``: the system stops whoever reads a terminal from behind."""
    if not hasattr(signal, "SIGTTIN"):  # Windows has no such thing
        yield
        return
    before = signal.signal(signal.SIGTTIN, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGTTIN, before)


def _listen(stage: Stage, request: Request) -> None:
    """Put before the board what somebody types, line by line, until stdin ends.

    Reads past Python's own buffer, whose lock a thread must not hold when the program ends.
    """
    try:
        number = sys.stdin.fileno()
    except (AttributeError, OSError, ValueError):
        return
    begun = b""
    with contextlib.suppress(OSError):  # in the background there is nobody to type
        while typed := os.read(number, _LONGEST):
            *lines, begun = (begun + typed).split(b"\n")
            begun = begun[-_LONGEST:]
            for line in lines:
                _put(line.decode("utf-8", "replace").strip(), stage, request)


def _put(name: str, stage: Stage, request: Request) -> None:
    if not name:
        return
    try:
        stage.put(_picture(name, request))
    except Mistake as mistake:
        console.say(str(mistake))
    else:
        console.say(f"{name} stands before the board")


def _picture(name: str, request: Request) -> NDArray[np.uint8]:
    if name in (_COVERED, _LIT):
        level = 255 if name == _LIT else 0
        return np.full((request.rows, request.columns), level, np.uint8)
    return _reduced(named(name).levels[0], request)


def _reduced(levels: NDArray[np.uint8], request: Request) -> NDArray[np.uint8]:
    return area_average(levels, request.rows, request.columns)
