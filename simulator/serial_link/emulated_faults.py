"""What befalls an emulated board: a bad line, a pulled cable, a board that talks nonsense.

A :class:`Cable` joins an emulated board to a link within one program. It can be pulled and plugged
in again, and its :class:`Noise` loses, turns over, doubles and invents bytes, by the random-number
table so that a failure can be repeated. :data:`FAULTS` are the faults that go by a name on the
command line.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simulator import chance

from .emulated_board import EmulatedBoard
from .link import READ_S

_STEP_S = 0.01
_CYCLE_S = 3.0
_MOST_HELD = 4096
"""Bytes a kernel keeps for a reader that does not read."""


@dataclass
class Noise:
    """What a line does to the bytes that pass along it.

    Attributes
    ----------
    drop, flip, double
        The fraction of bytes that is lost, has one bit turned over, comes twice.
    flood_per_s
        So many bytes per second of garbage come in besides.
    flood_share
        During this fraction of every three seconds.
    flood_of
        The bytes the garbage is made of; any if empty.
    wrong_speed
        Whether the two ends are set to different speeds, so that nothing is what it was.
    seed
        Page of the random-number table.
    """

    drop: float = 0.0
    flip: float = 0.0
    double: float = 0.0
    flood_per_s: float = 0.0
    flood_share: float = 1.0
    flood_of: bytes = b""
    wrong_speed: bool = False
    seed: int = 1

    def __post_init__(self) -> None:
        self._passed = 0
        self._passed_s = 0.0

    def on(self, data: bytes, passed_s: float) -> bytes:
        """Give what comes out at the other end of what was sent during so many seconds."""
        first, self._passed = self._passed, self._passed + len(data)
        at = np.arange(first, self._passed)
        cells = np.frombuffer(data, np.uint8)
        if self.wrong_speed and len(data):  # at half the speed, two bits are taken for one
            stream = chance.stream("board.speed")
            cells = (chance.bits_of(self.seed, stream, at) & np.uint64(0xF7)).astype(np.uint8)[::2]
            at = at[::2]
        if self.flip:
            hit = self._falls("board.flip", at, self.flip)
            which = chance.bits_of(self.seed, chance.stream("board.bit"), at) % np.uint64(8)
            cells = np.where(hit, cells ^ (1 << which).astype(np.uint8), cells)
        if self.drop or self.double:
            lost = self._falls("board.drop", at, self.drop)
            twice = self._falls("board.double", at, self.double)
            cells = np.repeat(cells, np.where(lost, 0, np.where(twice, 2, 1)))
        return self._flooded(cells.tobytes(), passed_s)

    def _falls(self, name: str, at: NDArray[np.int64], p: float) -> NDArray[np.bool_]:
        """Tell which of the bytes so numbered a fault of probability ``p`` befalls."""
        drawn = chance.unit_interval(self.seed, chance.stream(name), at)
        befallen: NDArray[np.bool_] = drawn < p
        return befallen

    def _flooded(self, data: bytes, passed_s: float) -> bytes:
        self._passed_s += passed_s
        count = int(self.flood_per_s * passed_s)
        if not count or self._passed_s % _CYCLE_S >= self.flood_share * _CYCLE_S:
            return data
        index = np.arange(self._passed, self._passed + count)
        self._passed += count
        drawn = chance.bits_of(self.seed, chance.stream("board.flood"), index)
        if self.flood_of:
            alphabet = np.frombuffer(self.flood_of, np.uint8)
            garbage = alphabet[(drawn % np.uint64(len(alphabet))).astype(np.intp)].tobytes()
        else:
            garbage = drawn.astype(np.uint8).tobytes()
        middle = len(data) // 2
        return data[:middle] + garbage + data[middle:]


class Cable:
    """A cable from an emulated board to a link in the same program; called, it opens the port.

    Parameters
    ----------
    board
        The board at its far end.
    noise
        What the line does; nothing if left out.
    pieces
        The most bytes that are read at once.
    """

    name = "emulated board"

    def __init__(
        self, board: EmulatedBoard, noise: Noise | None = None, pieces: int = 65536
    ) -> None:
        self.board = board
        self.noise = noise or Noise()
        self.pieces = pieces
        self.pulled = False
        self.spoken = 0
        """Bytes the link has written."""
        self.open_ports = 0
        self.port: EmulatedPort | None = None
        """The near end, as it was last opened."""

    def __call__(self) -> EmulatedPort:
        """Open the port, which resets the board.

        Raises
        ------
        OSError
            If the cable is pulled.
        """
        if self.pulled:
            raise FileNotFoundError(2, "there is no such port")
        self.board.open()
        self.open_ports += 1
        self.port = EmulatedPort(self)
        return self.port

    def pull(self) -> None:
        """Pull it out; the board has no current then."""
        self.pulled = True

    def plug(self) -> None:
        """Plug it in; the board starts."""
        self.pulled = False
        self.board.reset()


class EmulatedPort:
    """The near end of a :class:`Cable`."""

    def __init__(self, cable: Cable) -> None:
        self.name = cable.name
        self._cable = cable
        self._clock = cable.board.clock
        self._took_s = self._clock.now()
        self._waiting: deque[int] = deque(maxlen=_MOST_HELD)
        self._closed = False

    def read_some(self) -> bytes:
        """Give what has come in, waiting at most 50 ms for the first byte."""
        until_s = self._clock.now() + READ_S
        while True:
            self._check()
            self._take()
            if self._waiting or self._clock.now() >= until_s:
                break
            self._clock.sleep(_STEP_S)
        count = min(self._cable.pieces, len(self._waiting))
        return bytes(self._waiting.popleft() for _ in range(count))

    def _take(self) -> None:
        now = self._clock.now()
        self._waiting.extend(self._cable.noise.on(self._cable.board.send(), now - self._took_s))
        self._took_s = now

    def write(self, data: bytes) -> None:
        """Send."""
        self._check()
        self._cable.spoken += len(data)
        self._cable.board.receive(data)

    def forget(self) -> None:
        """Throw away what has come in."""
        self._check()
        self._waiting.clear()

    def close(self) -> None:
        """Close."""
        if not self._closed:
            self._cable.open_ports -= 1
        self._closed = True

    def _check(self) -> None:
        if self._cable.pulled or self._closed:
            raise OSError(5, "the device is gone")
