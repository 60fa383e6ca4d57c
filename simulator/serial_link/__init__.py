"""The serial link to a photocell board: a physical eye for the machines.

A board of photocells on an Arduino (or an emulated one) is joined by a serial line. ``frames``
words and reads its protocol, ``conversation`` knows what follows from what was said, ``link`` looks
after the port in a thread of its own.
"""

from .clock import Clock, HandClock, WallClock
from .emulated_board import EmulatedBoard
from .emulated_faults import Cable, Noise
from .eye import BoardEye, Sight
from .link import Link, Port
from .ports import NamedPort
from .states import Counters, Seen, State, Status, Timing

__all__ = [
    "BoardEye", "Cable", "Clock", "Counters", "EmulatedBoard", "HandClock", "Link", "NamedPort",
    "Noise", "Port", "Seen", "Sight", "State", "Status", "Timing", "WallClock",
]  # fmt: skip
