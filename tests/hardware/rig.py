"""The test bench: the compiled firmware in simavr, on simulated time, with a host at its port.

Nothing here looks at the clock on the wall: ``run`` simulates so many milliseconds and returns,
however long that takes, so a busy machine makes the tests slower and nothing else.
"""

import binascii
import json
import os
import re
import subprocess
import termios
import tty
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from compile_firmware import CHIPS

from simulator.serial_link.wirings import Wiring

# pins of the two chips behind the numbers printed on the boards (the makers' schematics)
_UNO = [f"PD{i}" for i in range(8)] + [f"PB{i}" for i in range(6)]
_MEGA = {
    **{2: "PE4", 3: "PE5", 4: "PG5", 5: "PE3", 6: "PH3", 7: "PH4", 8: "PH5", 9: "PH6"},
    **{22 + i: f"PA{i}" for i in range(8)},
    **{30 + i: f"PC{7 - i}" for i in range(8)},
    **{38: "PD7", 39: "PG2", 40: "PG1", 41: "PG0"},
    **{42 + i: f"PL{7 - i}" for i in range(8)},
}


def _pins(wiring: Wiring, numbers: Sequence[int]) -> str:
    names = _UNO if wiring.chip == "uno" else _MEGA
    return ",".join(names[number] for number in numbers) or "-"


def millivolts(levels: Sequence[int], bits: int = 6) -> list[int]:
    """Volts in the middle of each level, so that a converter's rounding decides nothing."""
    return [round((level + 0.5) * 5000 / 2**bits) for level in levels]


def crc(body: bytes) -> bytes:
    """Return four hexadecimal digits, CRC-16/CCITT-FALSE, of a line's body."""
    return b"%04X" % binascii.crc_hqx(body, 0xFFFF)


def sound(body: bytes) -> bytes:
    """Make a whole line of a body."""
    return body + b"*" + crc(body) + b"\n"


class Picture(NamedTuple):
    sequence: int
    lamps: int
    levels: list[int]


class SimulatedBoard:
    """The board with its firmware; a context manager. Volts in, lamps and lines out."""

    def __init__(self, simulator: Path, wiring: Wiring, folder: Path, *programs: Path) -> None:
        self.wiring = wiring
        self.port = folder / "port"
        command = [simulator, CHIPS[wiring.chip], self.port, wiring.kind]
        command += [
            ",".join(str(i) for i in range(wiring.inputs)),
            _pins(wiring, wiring.select_pins),
            _pins(wiring, wiring.enable_pins),
            _pins(wiring, wiring.row_pins),
            _pins(wiring, wiring.lamp_pins),
        ]
        self._process = subprocess.Popen(
            [*command, *programs], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.state: dict[str, Any] = self._answer()

    def _answer(self) -> dict[str, Any]:
        line = self._process.stdout.readline()
        assert line, f"the simulated board has stopped ({self._process.wait(5)})"
        self.state = json.loads(line)
        return self.state

    def tell(self, command: str) -> dict[str, Any]:
        """Send one command to the simulator (they stand at the top of simulated_board.c)."""
        self._process.stdin.write(command + "\n")
        self._process.stdin.flush()
        return self._answer()

    def run(self, ms: float) -> dict[str, Any]:
        return self.tell(f"run {round(ms * 1000)}")

    def show(self, levels: Sequence[int], bits: int = 6) -> None:
        """Let light of these levels fall on the photocells."""
        self.tell("cells " + " ".join(str(mv) for mv in millivolts(levels, bits)))

    @property
    def ms(self) -> float:
        return float(self.state["time_us"]) / 1000

    def __enter__(self) -> "SimulatedBoard":
        return self

    def __exit__(self, *_: object) -> None:
        self._process.stdin.close()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(10)
        self._process.stdout.close()


def open_port(path: Path, speed: int = termios.B115200) -> int:
    """Open a pseudo terminal as pyserial opens a port: raw, at that speed, never waiting."""
    fd = os.open(path, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
    tty.setraw(fd)
    mode = termios.tcgetattr(fd)
    mode[4] = mode[5] = speed
    termios.tcsetattr(fd, termios.TCSANOW, mode)
    return fd


class SimulatedClock:
    """The board's own time, for a link: to sleep is to simulate."""

    def __init__(self, board: SimulatedBoard) -> None:
        self._board = board

    def now(self) -> float:
        return self._board.ms / 1000

    def sleep(self, seconds: float) -> None:
        self._board.run(1000 * max(0.001, seconds))  # time must not stand


class SimulatedPort:
    """A port as a link wants one, on simulated time; raises what the system raises."""

    def __init__(self, board: SimulatedBoard) -> None:
        self._board = board
        self.name = str(board.port)
        self._fd = open_port(board.port)

    def read_some(self) -> bytes:
        """Give what has come, waiting at most 50 simulated milliseconds for the first byte."""
        for _ in range(10):
            self._board.run(5)
            try:
                data = os.read(self._fd, 65536)
            except BlockingIOError:
                continue
            if not data:
                raise OSError("the port is gone")
            return data
        return b""

    def write(self, data: bytes) -> None:
        assert os.write(self._fd, data) == len(data)

    def forget(self) -> None:
        termios.tcflush(self._fd, termios.TCIFLUSH)

    def close(self) -> None:
        os.close(self._fd)


class Host:
    """The bare other end of the cable: bytes in, bytes out, no opinion; a context manager.

    ``heartbeat`` is a body sent every simulated half second while running, as a host must.
    """

    def __init__(self, board: SimulatedBoard, speed: int = termios.B115200) -> None:
        self.board = board
        self.heartbeat: bytes | None = None
        self.heard = b""  # everything, since the beginning
        self._beat_ms = board.ms
        self._fd = open_port(board.port, speed)

    def send(self, data: bytes) -> None:
        """Put bytes into the line; the board takes them at the line's speed."""
        while data:
            try:
                data = data[os.write(self._fd, data) :]
            except BlockingIOError:
                self.board.run(5)

    def run(self, ms: float, *, reading: bool = True) -> bytes:
        """Simulate so long, reading as a host does; returns what came."""
        began, end = len(self.heard), self.board.ms + ms
        while self.board.ms < end:
            if self.heartbeat is not None and self.board.ms >= self._beat_ms:
                self.send(sound(self.heartbeat))
                self._beat_ms = self.board.ms + 500
            self.board.run(min(20, end - self.board.ms))
            if reading:
                self.read()
        return self.heard[began:]

    def read(self) -> None:
        while True:
            try:
                data = os.read(self._fd, 65536)
            except BlockingIOError:
                return
            except OSError:  # the cable is out
                return
            if not data:
                return
            self.heard += data

    def lines(self) -> list[bytes]:
        """Whole lines heard, without their ends."""
        return self.heard.split(b"\n")[:-1]

    def sound_bodies(self) -> list[bytes]:
        """Return the bodies of the lines whose CRC is right."""
        parts = (line.rsplit(b"*", 1) for line in self.lines())
        return [part[0] for part in parts if len(part) == 2 and part[1] == crc(part[0])]

    def hellos(self) -> list[dict[str, str]]:
        """Return the keys and values of every sound hello."""
        return [
            dict(word.split("=") for word in body.decode().split()[1:])
            for body in self.sound_bodies()
            if body.startswith(b"H1 ")
        ]

    def pictures(self, bits: int = 6) -> list[Picture]:
        """Return every sound picture of the wiring's size."""
        cells, width = self.board.wiring.cells, 1 if bits == 6 else 2
        size = re.compile(rb"F([0-9A-F]{2})([0-9A-F]{2})(.{%d})" % (cells * width), re.S)
        found = [m for m in map(size.fullmatch, self.sound_bodies()) if m]
        return [Picture(int(m[1], 16), int(m[2], 16), _levels(m[3], width)) for m in found]

    def close(self) -> None:
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1

    def __enter__(self) -> "Host":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _levels(cells: bytes, width: int) -> list[int]:
    if width == 1:
        return [char - ord("0") for char in cells]
    return list(bytes.fromhex(cells.decode()))
