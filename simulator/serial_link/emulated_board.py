"""A photocell board made of nothing: it speaks as the firmware does, for everyone without hardware.

It boots, says hello, sends frames as fast as its serial line carries them, lights its lamps and
forgets them when nobody has spoken to it for three seconds. What its photocells see is a *scene*,
a function of time. It lives by the same clock as the link, so that a test can turn it by hand.
How it can go wrong, :mod:`simulator.serial_link.emulated_faults` tells.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from simulator.errors import Mistake

from . import frames
from .clock import Clock
from .frames import Hello

Scene = Callable[[float], NDArray[np.uint8]]
"""What is before the photocells at a time (s): uint8, shape (rows, columns), 0 to 255."""

FORGETS_S = 3.0
"""Without a valid line for so long, the board stops its frames and puts its lamps out."""
HELLO_EVERY_S = 1.0
BOOT_S = {"uno": 1.4, "mega": 0.87, "none": 0.05}
"""From reset to hello, as measured with the bootloaders of the boards; ``none``: a board with USB
of its own, which opening the port does not reset."""
_STUCK_S = 9.3
"""From reset to hello of a Mega whose bootloader was spoken to."""
_COMMAND = re.compile(rb"[SL][0-9A-F]{2}")
_SHADES = " .:-=+oxO#%&$@MW"
_MOST_WAITING = 128
"""Lines that wait to go out: the largest board's picture for people, and what is said besides."""
_RING = 64
"""Bytes the firmware can hold between two looks at its line."""


def dark(rows: int, columns: int) -> Scene:
    """Give the scene of a covered board."""
    nothing = np.zeros((rows, columns), np.uint8)
    return lambda now: nothing


class EmulatedBoard:
    """One board.

    Parameters
    ----------
    clock
        Its time.
    rows, columns
        Of its photocells, 1 to 64.
    bits
        Of a reading, 1 to 8.
    lamps
        How many response lamps it has, 0 to 8.
    scene
        What it sees; darkness if left out.
    baud
        Speed of its line.
    bootloader
        A key of ``BOOT_S``.
    board_id
        What it calls itself.

    Raises
    ------
    Mistake
        If no board can be so.
    """

    def __init__(
        self,
        clock: Clock,
        rows: int = 20,
        columns: int = 20,
        bits: int = 6,
        lamps: int = 8,
        scene: Scene | None = None,
        baud: int = 115200,
        bootloader: str = "uno",
        board_id: str = "emulated",
    ) -> None:
        side = frames.MOST_SIDE
        if not (1 <= rows <= side and 1 <= columns <= side):
            raise Mistake(f"a board has 1 to {side} rows and columns, not {rows} x {columns}")
        if not (1 <= bits <= frames.MOST_BITS and 0 <= lamps <= frames.MOST_LAMPS):
            raise Mistake(f"a board has 1 to 8 bits and 0 to 8 lamps, not {bits} and {lamps}")
        if bootloader not in BOOT_S:
            raise Mistake(f"no bootloader is called {bootloader}; there are {', '.join(BOOT_S)}")
        self.hello = Hello(rows, columns, bits, lamps, board_id)
        self.clock = clock
        self.scene: Scene = scene or dark(rows, columns)
        self.bootloader = bootloader
        self.version = frames.VERSION
        self.silent = False
        """Whether it says nothing at all."""
        self.twist: Callable[[bytes], bytes] = lambda line: line
        """What befalls each of its lines before it is sent."""
        self.lamps = 0
        """Bits: the lamps lit now."""
        self.number = 0
        """The running number of its last frame; the first after a reset is 0."""
        self.heard = bytearray()
        """The last 4096 bytes that were sent to it."""
        self.opened = 0
        """How often somebody opened its port."""
        self._byte_s = 10 / baud
        self._out: deque[tuple[float, bytes]] = deque()
        self._ring = bytearray()
        self.reset()

    def open(self) -> None:
        """Notice that its port is opened, which resets a board without USB of its own."""
        self.opened += 1
        if self.bootloader != "none":
            self.reset()

    def reset(self) -> None:
        """Press its reset button."""
        self._now = self.clock.now()
        self._booted_s = self._next_s = self._now + BOOT_S[self.bootloader]
        self._booting = True
        self._free_s = self._now
        self._valid_s = self._now
        self._per_s = self.lamps = 0
        self.number = 0xFF
        self._ring.clear()
        self._out.clear()

    # its line

    def receive(self, data: bytes) -> None:
        """Take bytes that arrive now."""
        self.live()
        self.heard = (self.heard + data)[-4096:]
        if self._booting:
            if self.bootloader == "mega":
                stuck_s = float("inf") if b"!" in data else self.clock.now() + _STUCK_S
                self._booted_s = self._next_s = max(self._booted_s, stuck_s)
            return
        self._ring += data[: _RING - len(self._ring)]  # what finds no room is lost
        if self._per_s == 0:
            self._obey()  # between hellos the line is looked at all the time

    def send(self) -> bytes:
        """Give the bytes that have gone out by now."""
        self.live()
        now, sent = self.clock.now(), bytearray()
        while self._out:
            start_s, data = self._out[0]
            gone = int((now - start_s) / self._byte_s + 1e-6)
            if gone >= len(data):
                sent += data
                self._out.popleft()
                continue
            if gone > 0:
                sent += data[:gone]
                self._out[0] = (start_s + gone * self._byte_s, data[gone:])
            break
        return bytes(sent)

    # its program

    def live(self) -> None:
        """Do all that was due by now."""
        now = self.clock.now()
        while self._next_s <= now:
            self._now = self._next_s
            if self._booting:
                self._booting = False
                self._valid_s = self._now
                self._say_hello()
                self._next_s = self._now + HELLO_EVERY_S
                continue
            self._obey()
            if self._now - self._valid_s >= FORGETS_S:
                self._per_s = self.lamps = 0
            if self._per_s:
                self._send_frame()
            else:
                self._say_hello()
                self._next_s = self._now + HELLO_EVERY_S
        self._now = now

    def _send_frame(self) -> None:
        values = quantised(self.scene(self._now), self.hello.bits)
        self.number = self.number + 1 & 0xFF
        self._say(frames.frame_line(self.number, self.lamps, values, self.hello.bits))
        self._next_s = max(self._now + 1 / self._per_s, self._free_s)

    def _say_hello(self) -> None:
        self._say(frames.hello_line(self.hello, self.version))

    def _draw(self) -> None:
        """Draw what it sees in comments, every cell twice, for people."""
        bits = self.hello.bits
        for row in quantised(self.scene(self._now), bits).astype(np.intp) * len(_SHADES) >> bits:
            shades = "".join(2 * _SHADES[shade] for shade in row)
            self._say(f"# |{shades}|\n".encode("ascii"))

    def _say(self, line: bytes) -> None:
        if self.silent:
            return
        line = self.twist(line)
        start_s = max(self._now, self._free_s)
        self._out.append((start_s, line))
        self._free_s = start_s + len(line) * self._byte_s

    def _obey(self) -> None:
        *lines, rest = bytes(self._ring).replace(b"\r", b"").split(b"\n")
        self._ring[:] = rest
        for line in lines:
            if len(self._out) >= _MOST_WAITING:
                return  # the firmware hears nothing while its line is full
            body = frames.unseal(line)
            if line == b"?" or body == b"?":
                self._valid_s = self._now
                self._say_hello()
            elif line == b"M" or body == b"M":
                self._valid_s = self._now
                self._draw()
            elif body is not None and _COMMAND.fullmatch(body):
                number = int(body[1:], 16)
                self._valid_s = self._now
                if body[:1] == b"L":
                    self.lamps = number & (1 << self.hello.lamps) - 1
                else:
                    if self._per_s == 0 and number:
                        self._next_s = self._now
                    self._per_s = number


def quantised(levels: NDArray[np.uint8], bits: int) -> NDArray[np.uint8]:
    """Give what a converter of so many bits makes of light 0 to 255: uint8, 0 to 2**bits - 1."""
    top = (1 << bits) - 1
    return ((levels.astype(np.uint16) * top + 127) // 255).astype(np.uint8)
