"""A physical eye at the panel: the board or camera whose picture falls on the retina, and its key.

What the eye sees is shown to the machine as a drawing is, by the same control; pictures that follow
each other are one act for undo. The R-units' responses light the board's lamps.
"""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from simulator.errors import Mistake
from simulator.serial_link import BoardEye, Link, State
from simulator.serial_link.eye import lamps_of
from simulator.stimuli.light import LightFrame
from simulator.stimuli.sources import Follower
from ui.panel import theme
from ui.panel.keys import Key
from ui.panel.part import Part, Widget

from . import places
from .operator import Operator

WORDS = {
    State.DOWN: "no connection",
    State.OPEN: "opening the port",
    State.BOOT: "waiting for the board",
    State.ASKING: "asking for a hello",
    State.HANDSHAKEN: "board found, no frame yet",
    State.LIVE: "live",
    State.STALLED: "no frames",
    State.REFUSED: "board refused",
}
"""A link's states in words short enough for a key; the explanation and the message say more."""
TOGETHER = 50
"""So many pictures in a row are one act at most, so that what undo keeps stays bounded."""


class Eye(Protocol):
    """What the panel asks of an eye."""

    held: bool

    def look(self) -> LightFrame:
        """Give what it sees now."""
        ...

    def hold(self) -> None:
        """Keep showing what is seen now."""
        ...

    def release(self) -> None:
        """Look again."""
        ...


class EyeAtPanel:
    """An eye on its way to a machine's retina.

    Parameters
    ----------
    op
        Who shows what the eye sees.
    eye
        A board or a camera, open.
    """

    def __init__(self, op: Operator, eye: Eye) -> None:
        self._op = op
        self._eye = eye
        self._follower = Follower(eye, self._show)
        self._acts = -1
        self._together = 0
        self._told = ""

    def look(self) -> None:
        """Show the machine what is new; while its control unit is busy, nothing."""
        if self._op.idle():
            self._follower.look()
        if self._link is not None:
            self._link.light_lamps(lamps_of(self._op.session.machine.rack("mark1.response.R")))
            trouble = self._blind or self._link.status().last_error
            if trouble != self._told and trouble:
                self._op.session.message = trouble
            self._told = trouble

    def toggle(self) -> None:
        """Hold what is seen, or look again."""
        if self._eye.held:
            self._eye.release()
            self._op.session.message = "the eye looks again"
        else:
            self._eye.hold()
            self._op.session.message = "the eye holds what it saw"

    @property
    def held(self) -> bool:
        """Whether it shows what it saw."""
        return self._eye.held

    def line(self) -> str:
        """Say how the eye is: of a board its link, frames per second, bad CRCs and reconnects."""
        held = "HELD" if self._eye.held else "eye"
        if self._link is None:
            return f"{held}: webcam\npicture {self._eye.look().age_s:.1f} s old"
        status = self._link.status()
        words = "live, but wrong calibration" if self._blind else WORDS[status.state]
        return (
            f"{held}: {words}\n{status.frames_per_s:.0f} frames/s, "
            f"bad CRCs {status.counters.bad_crc}, reconnects {status.counters.reconnects}"
        )

    def tip(self, x: float, y: float) -> str:
        """Explain the key, with all that is known of the link."""
        text = "Press to hold what the eye sees, as a shutter does, or to look again. "
        if self._link is None:
            return text
        status, c = self._link.status(), self._link.status().counters
        board = f"{status.hello.rows} x {status.hello.columns} cells, " if status.hello else ""
        text += (
            f"Board on {status.port or 'no port'}: {board}{status.text}; "
            f"{status.frames_per_s:.1f} frames per second, {c.bad_crc} bad CRCs, "
            f"{c.unfit + c.too_long} unfit lines, {c.missed} frames missed, "
            f"{c.reconnects} reconnects. "
        )
        last = f"Last error: {status.last_error}. " if status.last_error else ""
        return text + last + self._blind

    @property
    def _blind(self) -> str:
        return self._eye.trouble if isinstance(self._eye, BoardEye) else ""

    @property
    def _link(self) -> Link | None:
        return self._eye.link if isinstance(self._eye, BoardEye) else None

    def _show(self, levels: NDArray[np.uint8]) -> None:
        session = self._op.session
        goes_on = session.acts == self._acts and self._together < TOGETHER
        light = ("mark1.retina.light", levels)
        if not (goes_on and session.act(light, goes_on=True)):
            goes_on = False
            if not session.act(light):
                raise Mistake(session.message)
        self._together = self._together + 1 if goes_on else 0
        self._acts = session.acts


def widgets(eye: EyeAtPanel) -> list[Widget]:
    """Give the eye's key, which says how the eye is."""
    part = Part("key.eye", places.EYE, "", eye.tip, "K")
    return [Key(part, eye.line, eye.toggle, theme.GREY_KEY, theme.IVORY, 13, lit=lambda: eye.held)]
