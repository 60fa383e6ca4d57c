r"""The words of the photocell board's line: protocol version 1, worded and read.

Board and computer talk in short lines of plain ASCII, ``body*CCCC``, so that a person can follow
them in any terminal program. ``CCCC`` is a checksum of the body. A board introduces itself with a
*hello* (its rows, columns, bits and lamps), then sends *frames*: a running number, the lamps it has
lit, and one character for every photocell. Everything that does not fit, to the last character, is
refused here; this module neither waits nor remembers.

The protocol is written down in docs/photocell_board.md.

>>> parse_hello(seal(b"H1 rows=2 cols=2 bits=6 lamps=8 id=demo"))
Hello(rows=2, columns=2, bits=6, lamps=8, board_id='demo')
>>> lamps(0xA5)
b'LA5*FC5B\n'
"""

from __future__ import annotations

import binascii
import re
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

VERSION = 1
"""The protocol spoken here: the number after the H of a hello."""
MOST_SIDE, MOST_BITS, MOST_LAMPS = 64, 8, 8
LONGEST_LINE = 5 + MOST_SIDE * MOST_SIDE * 2 + 5
"""Characters of the longest frame there can be, checksum included, line end not."""
LONGEST_OTHER = 256
"""Characters of the longest hello or comment."""
FASTEST = 255
"""Most frames per second that can be asked for."""

_HEAD = 5  # F, two digits of running number, two of lamps
_TAIL = 5  # *CCCC
_VERSION = re.compile(rb"H(\d{1,3})(?: .*)?")
_KEYS = re.compile(r"(?: [a-z][a-z0-9_]{0,15}=[!-)+-~]{1,48})*")
_HEX = np.full(256, 255, np.uint8)
_HEX[list(b"0123456789ABCDEF")] = np.arange(16, dtype=np.uint8)


class Hello(NamedTuple):
    """How a board introduces itself.

    Attributes
    ----------
    rows, columns
        Of its photocells, 1 to 64.
    bits
        Of each reading, 1 to 8.
    lamps
        How many response lamps it has, 0 to 8.
    board_id
        Its kind of wiring, as its maker named it.
    """

    rows: int
    columns: int
    bits: int
    lamps: int
    board_id: str

    @property
    def cells(self) -> int:
        """How many photocells."""
        return self.rows * self.columns

    @property
    def line_length(self) -> int:
        """Characters of one of its frames, checksum included, line end not."""
        return _HEAD + self.cells * (1 if self.bits <= 6 else 2) + _TAIL

    @property
    def top(self) -> int:
        """The reading of full light."""
        return (1 << self.bits) - 1


class Frame(NamedTuple):
    """One reading of all photocells.

    Attributes
    ----------
    number
        Running number, 0 to 255 and round again.
    lamps
        The lamps lit on the board, a bit each, the lowest for lamp 1.
    values
        uint8, shape (rows, columns): 0 dark to ``2**bits - 1`` full light; read-only.
    """

    number: int
    lamps: int
    values: NDArray[np.uint8]


class UnfitError(Exception):
    """A line whose checksum is right but which nobody could obey; its text says why."""


class OtherVersionError(UnfitError):
    """A hello of another protocol version."""


# the envelope


def seal(body: bytes) -> bytes:
    """Put the checksum behind a body (CRC-16/CCITT-FALSE, four upper-case digits)."""
    return b"%b*%04X" % (body, binascii.crc_hqx(body, 0xFFFF))


def unseal(line: bytes) -> bytes | None:
    """Give the body of a line without its end; None unless the checksum is there and right.

    A body is of printable 7-bit characters without a star.
    """
    if len(line) < _TAIL + 1 or line[-_TAIL] != 0x2A:
        return None
    body = line[:-_TAIL]
    if line[-_TAIL + 1 :] != b"%04X" % binascii.crc_hqx(body, 0xFFFF):
        return None
    if not body.isascii() or b"*" in body or not body.decode("ascii").isprintable():
        return None
    return body


# what a board says


def parse_hello(line: bytes) -> Hello | None:
    """Read a hello; None if the line is none (or is damaged).

    Raises
    ------
    OtherVersionError
        If it is one of another protocol version.
    UnfitError
        If its checksum is right but a key is missing, stands twice, or has an impossible value.
    """
    body = unseal(line)
    if body is None or not body.startswith(b"H"):
        return None
    found = _VERSION.fullmatch(body)
    if found is not None and (version := int(found[1])) != VERSION:
        raise OtherVersionError(
            f"the board speaks protocol {version}, firstwave speaks {VERSION}: "
            "load the sketch that came with this firstwave onto the board"
        )
    said = body.decode("ascii")
    if found is None or _KEYS.fullmatch(rest := said[1 + len(found[1]) :]) is None:
        raise UnfitError(f"its hello cannot be read: {said[:60]}")
    pairs = [word.split("=", 1) for word in rest.split()]
    given = dict(pairs)
    if len(given) != len(pairs):
        raise UnfitError("its hello says something twice")
    try:
        sides = tuple(_number(given[key]) for key in ("rows", "cols", "bits", "lamps"))
        rows, columns, bits, lit = sides
        board_id = given["id"]
    except KeyError as missing:
        raise UnfitError(f"its hello does not say {missing.args[0]}") from None
    ok = 1 <= rows <= MOST_SIDE and 1 <= columns <= MOST_SIDE
    if not (ok and 1 <= bits <= MOST_BITS and 0 <= lit <= MOST_LAMPS):
        raise UnfitError(
            f"the board claims {rows} x {columns} cells of {bits} bits and {lit} lamps; possible "
            f"are {MOST_SIDE} x {MOST_SIDE}, {MOST_BITS} bits and {MOST_LAMPS} lamps at most"
        )
    return Hello(rows, columns, bits, lit, board_id)


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 5):
        raise UnfitError(f"its hello has {text[:12]!r} for a number")
    return int(text)


def parse_frame(line: bytes, hello: Hello) -> Frame | None:
    """Read a frame of a board that introduced itself so; None if the line is none or is damaged.

    Raises
    ------
    UnfitError
        If its checksum is right but its length or a character is not.
    """
    if not line.startswith(b"F") or (body := unseal(line)) is None:
        return None
    if len(line) != hello.line_length:
        raise UnfitError(f"a frame of {len(line)} characters, expected {hello.line_length}")
    digits = _HEX[np.frombuffer(body, np.uint8, 4, 1)]
    if digits.max() > 15:
        raise UnfitError("a frame whose number or lamps are no digits")
    number, lit = int(digits[0] << 4 | digits[1]), int(digits[2] << 4 | digits[3])
    cells = np.frombuffer(body, np.uint8, offset=_HEAD)
    if hello.bits <= 6:
        # what lies under '0' wraps round to above 200
        values: NDArray[np.uint8] = cells - np.uint8(48)
    else:
        pairs = _HEX[cells].reshape(-1, 2)
        if pairs.max() > 15:
            raise UnfitError("a frame with a cell that is no number")
        values = (pairs[:, 0] << 4 | pairs[:, 1]).astype(np.uint8)
    if values.max() > hello.top:
        raise UnfitError("a frame with a cell that is no number")
    values.flags.writeable = False
    return Frame(number, lit, values.reshape(hello.rows, hello.columns))


# what the computer says


def ask() -> bytes:
    """Word the request for a hello."""
    return b"?\n"


def stream(frames_per_s: int) -> bytes:
    """Word the command to send so many frames a second, 0 to 255; 0 stops them."""
    return seal(b"S%02X" % frames_per_s) + b"\n"


def lamps(lit: int) -> bytes:
    """Word the command to light these lamps, a bit each, the lowest for lamp 1."""
    return seal(b"L%02X" % lit) + b"\n"


# what a board says, for those who play one


def hello_line(hello: Hello, version: int = VERSION) -> bytes:
    """Word a hello."""
    said = "H{} rows={} cols={} bits={} lamps={} id={}".format(version, *hello)
    return seal(said.encode("ascii")) + b"\n"


def frame_line(number: int, lit: int, values: NDArray[np.uint8], bits: int) -> bytes:
    """Word a frame of these readings: uint8, shape (rows, columns)."""
    cells = (values + np.uint8(48)).tobytes() if bits <= 6 else values.tobytes().hex().upper()
    body = b"F%02X%02X" % (number, lit) + (cells if isinstance(cells, bytes) else cells.encode())
    return seal(body) + b"\n"


# from bytes to lines


class Lines:
    """Cuts what comes in into lines, and never keeps more than the longest line there can be.

    Carriage returns are passed over. A line longer than ``longest`` is thrown away to its end and
    counted.
    """

    def __init__(self) -> None:
        self.longest = LONGEST_LINE
        self.too_long = 0
        self._begun = bytearray()
        self._skipping = False

    def feed(self, data: bytes) -> list[bytes]:
        """Take bytes as they come; give the lines that are whole now, without their ends."""
        lines = []
        *ends, rest = data.replace(b"\r", b"").split(b"\n")
        for end in ends:
            self._add(end)
            if not self._skipping:
                lines.append(bytes(self._begun))
            self._begun.clear()
            self._skipping = False
        self._add(rest)
        return lines

    def forget(self) -> None:
        """Throw away the line begun."""
        self._begun.clear()
        self._skipping = False

    def _add(self, piece: bytes) -> None:
        if self._skipping:
            return
        if len(self._begun) + len(piece) > self.longest:
            self.too_long += 1
            self._begun.clear()
            self._skipping = True
            return
        self._begun += piece

    def __len__(self) -> int:
        return len(self._begun)
