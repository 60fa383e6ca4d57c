"""What can be said about a link at any moment: its state, a text for a person, and its counters."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .frames import Hello


class State(StrEnum):
    """Where a link stands."""

    DOWN = "down"
    OPEN = "open"
    BOOT = "boot"
    ASKING = "asking"
    HANDSHAKEN = "handshaken"
    LIVE = "live"
    STALLED = "stalled"
    REFUSED = "refused"


TEXTS = {
    State.DOWN: "no connection",
    State.OPEN: "opening the port",
    State.BOOT: "port open; giving the board time to start",
    State.ASKING: "asking the board to say hello",
    State.HANDSHAKEN: "the board has said hello; waiting for its first frame",
    State.LIVE: "live",
    State.STALLED: "no frame for more than a second",
    State.REFUSED: "refused",
}
"""A text for each state; a reason may follow after a colon."""


class Timing(NamedTuple):
    """How long a link waits for what, in seconds.

    The boot window and the time to a hello are measured on the bootloaders of an Uno and a Mega,
    which mistake whatever is sent too early for a new program (docs/photocell_board.md).
    """

    silent_s: float = 2.5
    """After opening: nothing is sent unless the board has said hello."""
    ask_every_s: float = 0.5
    no_hello_s: float = 8.0
    """Without a hello the port is closed and opened again, which restarts most boards; a board that
    is not restarted by opening may be given 12."""
    stalled_s: float = 1.0
    """Without a frame the picture counts as gone."""
    reopen_s: float = 3.0
    """Without a frame the port is closed and opened again."""
    lamps_until_echoed_s: float = 0.1
    lamps_heartbeat_s: float = 0.5
    stream_every_s: float = 1.0
    back_off_s: tuple[float, float] = (0.1, 2.0)
    """First and longest wait before another attempt to open; it doubles in between."""
    pause_s: float = 1.0
    """If the reader itself was held up for so long, what came in meanwhile is thrown away."""


USUAL = Timing()


@dataclass
class Counters:
    """What happened on a link since it was made; none of these ever decreases."""

    bytes_in: int = 0
    bytes_out: int = 0
    hellos: int = 0
    frames: int = 0
    """Frames that were whole and right, and passed on."""
    bad_crc: int = 0
    """Lines whose checksum was wrong or missing."""
    unfit: int = 0
    """Lines with a right checksum that nobody could obey."""
    too_long: int = 0
    """Lines longer than any can be."""
    missed: int = 0
    """Frames that never came, by the running numbers."""
    out_of_turn: int = 0
    """Frames thrown away because their running number had been before."""
    opened: int = 0
    """How often the port was opened."""
    reconnects: int = 0
    """How often frames came again after the port had been lost."""
    held_up: int = 0
    """How often the reader itself was held up and threw away what had waited."""
    defects: int = 0
    """Failures of the link's own program: to be reported as errors of firstwave."""


class Seen(NamedTuple):
    """The newest frame.

    Attributes
    ----------
    values
        uint8, shape (rows, columns), 0 to ``hello.top``; read-only.
    nth
        Of all frames passed on, from 1.
    at_s
        When its last byte was read, on the link's clock.
    hello
        The board it is from.
    """

    values: NDArray[np.uint8]
    nth: int
    at_s: float
    hello: Hello


class Status(NamedTuple):
    """A link at one moment.

    Attributes
    ----------
    state, text
        Where it stands, for a program and for a person.
    port
        The port or address as it was named, or where the board has moved to.
    hello
        The board, once it has said hello on this opening of the port.
    frames_per_s
        Frames passed on per second, lately.
    lamps_wanted, lamps_lit
        Bits: what the board was told to light, and what it says it has lit (-1: has not said).
    last_error
        What last went wrong, if anything has.
    counters
        A copy.
    """

    state: State
    text: str
    port: str
    hello: Hello | None
    frames_per_s: float
    lamps_wanted: int
    lamps_lit: int
    last_error: str
    counters: Counters


def copy_of(counters: Counters) -> Counters:
    """Give the counters as they stand."""
    return replace(counters)
