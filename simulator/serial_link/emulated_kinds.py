"""The faults an emulated board can be started with, by name: a bad line, or a board gone wrong.

>>> from simulator.serial_link import EmulatedBoard, HandClock
>>> board = EmulatedBoard(HandClock())
>>> spoil(board, ["drop", "other-version"]).drop
0.002
>>> board.version
2
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import replace

from simulator.points import unknown

from .emulated_board import EmulatedBoard
from .emulated_faults import Noise
from .frames import seal

FAULTS = {
    "drop": "one byte in 500 is lost",
    "flip": "one byte in 500 has a bit turned over",
    "duplicate": "one byte in 500 comes twice",
    "flood": "for one second in three, 20 000 bytes of garbage come in besides",
    "wrong-speed": "the two ends are set to different speeds",
    "other-version": "the board speaks protocol 2",
    "absurd": "the board claims 65000 rows",
    "silent": "the board says nothing at all",
    "greets-only": "the board says hello and sends no frame",
    "short-frames": "every other frame is a cell short, its checksum right",
    "odd-cells": "every other frame has a cell that is no number, its checksum right",
    "replay": "one frame in ten is followed by one of a second ago",
    "reset": "somebody presses the reset button every 10 seconds",
    "unplug": "the cable is pulled every 10 seconds, for 3 seconds (with --socket)",
}
"""What each fault is, in words."""

_RATE = 0.002
_ABSURD = seal(b"H1 rows=65000 cols=20 bits=6 lamps=8 id=absurd") + b"\n"


def spoil(board: EmulatedBoard, names: Iterable[str]) -> Noise:
    """Give a board some faults; give those of its line.

    ``reset`` and ``unplug`` are acts, and left to whoever serves the board.

    Raises
    ------
    Mistake
        If there is no fault of a name.
    """
    noise = Noise()
    for name in names:
        match name:
            case "drop":
                noise = replace(noise, drop=_RATE)
            case "flip":
                noise = replace(noise, flip=_RATE)
            case "duplicate":
                noise = replace(noise, double=_RATE)
            case "flood":
                noise = replace(noise, flood_per_s=20_000.0, flood_share=1 / 3)
            case "wrong-speed":
                noise = replace(noise, wrong_speed=True)
            case "other-version":
                board.version = 2
            case "silent":
                board.silent = True
            case "reset" | "unplug":
                pass
            case _ if name in FAULTS:
                _twist(board, name)
            case _:
                raise unknown("fault", name, FAULTS)
    return noise


def _twist(board: EmulatedBoard, name: str) -> None:
    before, sent = board.twist, deque[bytes](maxlen=26)
    turn = 0

    def twisted(line: bytes) -> bytes:
        nonlocal turn
        line = before(line)
        if not line.startswith(b"F"):
            return _ABSURD if name == "absurd" else line
        turn += 1
        sent.append(line)
        body = line[:-6]
        if name == "greets-only":
            return b""
        if name == "short-frames" and turn % 2:
            return seal(body[:-1]) + b"\n"
        if name == "odd-cells" and turn % 2:
            return seal(body[:-1] + b"~") + b"\n"
        if name == "replay" and turn % 10 == 0 and len(sent) == sent.maxlen:
            return line + sent[0]
        return line

    board.twist = twisted
