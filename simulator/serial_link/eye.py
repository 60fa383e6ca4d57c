"""The photocell board as a source of light, like a drawing or a picture file.

The eye takes the newest frame of the link, measures it by the board's calibration (or, for want of
one, against the darkest and lightest seen lately), places it on the retina and makes each cell on
or off. When the link is lost the retina is dark: an old picture is never passed off as a new one.
*Held*, the eye keeps showing what it saw, as a shutter does.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulator.errors import Mistake
from simulator.stimuli.light import LightFrame
from simulator.stimuli.steady import OFF_AT, ON_AT, OnOff, Range

from .calibration import Calibration
from .frames import Hello
from .link import Link
from .placing import check_placing, placed
from .states import Seen, State, Status

EXPOSURE_FRAMES = 9
"""An exposure is the majority of so many frames, cell by cell."""
WAIT_S = 15.0
"""How long a board is waited for: a Mega that was spoken to too early takes nine seconds."""


class Sight(NamedTuple):
    """How an eye sees.

    Attributes
    ----------
    calibration
        Of the board; None to go by the darkest and lightest seen lately.
    placing
        One of :data:`simulator.serial_link.placing.PLACINGS`.
    dark_figure
        Whether what is dark is the figure, as with print on paper.
    on_at, off_at
        Levels at which a cell comes on and goes off, of full light.
    """

    calibration: Calibration | None = None
    placing: str = "fill"
    dark_figure: bool = False
    on_at: float = ON_AT
    off_at: float = OFF_AT


class BoardEye:
    """Looks through a board (a :class:`simulator.stimuli.sources.LightSource`).

    Parameters
    ----------
    link
        The link to the board; the eye never waits for it.
    rows, columns
        Of the retina.
    sight
        How it sees.

    Raises
    ------
    Mistake
        If the sight is impossible.
    """

    def __init__(
        self, link: Link, rows: int = 20, columns: int = 20, sight: Sight | None = None
    ) -> None:
        self.link = link
        self.sight = sight = sight or Sight()
        check_placing(sight.placing)
        self.held = False
        self.trouble = ""
        """Why the eye is blind though the link is live; empty if it is not."""
        self._shape = rows, columns
        self._cells = OnOff(sight.on_at, sight.off_at)
        self._range = Range()
        self._hello: Hello | None = None
        self._nth = 0
        self._seq = 1
        self._taken_s = link.clock.now()
        self._levels = np.zeros(self._shape, np.uint8)
        self._levels.flags.writeable = False

    def look(self) -> LightFrame:
        """Give what the board sees now, uint8 (rows, columns), 0 or 255; dark while it is lost.

        ``seq`` rises when a cell has changed; the age is that of the frame it was last seen in.
        """
        if not self.held:
            seen = self.link.look()[1]
            if seen is None:
                self._lose()
            elif seen.nth != self._nth:
                self._nth, self._taken_s = seen.nth, seen.at_s
                self._show(self._made_of(seen))
        return LightFrame(self._levels, self._seq, self.link.clock.now() - self._taken_s)

    def hold(self) -> None:
        """Keep showing what is seen now, whatever becomes of the board."""
        self.look()
        self.held = True

    def release(self) -> None:
        """Look again."""
        self.held = False

    def expose(self, frames: int = EXPOSURE_FRAMES, wait_s: float = WAIT_S) -> NDArray[np.uint8]:
        """Take one exposure: the majority of some frames from now on; waits for them.

        Returns
        -------
        numpy.ndarray
            uint8, shape (rows, columns), 0 or 255.

        Raises
        ------
        Mistake
            If the board does not send them in time, or the calibration is not its own.
        """
        votes = np.zeros(self._shape, np.int64)
        for seen in frames_of(self.link, frames, wait_s):
            votes += self._made_of(seen) > 0
            if self.trouble:
                raise Mistake(self.trouble)
        return np.where(2 * votes > frames, 255, 0).astype(np.uint8)

    def _made_of(self, seen: Seen) -> NDArray[np.uint8]:
        if seen.hello != self._hello:
            self._hello = seen.hello
            self._range = Range(seen.hello.top)
            self._cells.forget()
        calibration = self.sight.calibration
        self.trouble = calibration.mismatch(seen.hello) if calibration else ""
        if self.trouble:
            return np.zeros(self._shape, np.uint8)
        if calibration is not None:
            levels = calibration.levels(seen.values)
        else:
            levels = self._range.stretched(seen.values, seen.at_s)
            if self.sight.dark_figure and not levels.any():
                return self._cells.cells(np.zeros(self._shape, np.uint8))
        if self.sight.dark_figure:
            levels = 255 - levels
        return self._cells.cells(placed(levels, *self._shape, self.sight.placing))

    def _lose(self) -> None:
        """Go dark; what was on before is forgotten."""
        self._hello = None
        self._cells.forget()
        if self._levels.any():
            self._taken_s = self.link.clock.now()
            self._show(np.zeros(self._shape, np.uint8))

    def _show(self, levels: NDArray[np.uint8]) -> None:
        if not np.array_equal(levels, self._levels):
            levels.flags.writeable = False
            self._levels = levels
            self._seq += 1


def wait_for(link: Link, wait_s: float = WAIT_S) -> Hello:
    """Wait until a link is live; give the board.

    Raises
    ------
    Mistake
        If the port cannot be opened at all, the board is refused, or it is not live in time.
    """
    until_s = link.clock.now() + wait_s
    while True:
        status = link.status()
        if status.hello is not None and link.look()[1] is not None:
            return status.hello
        if status.state is State.REFUSED:
            raise Mistake(status.last_error)
        _check_opens(status)
        if link.clock.now() >= until_s:
            raise Mistake(f"no board answers on {status.port} within {wait_s:g} s: {status.text}")
        pause(link)


def wait_until_open(link: Link) -> None:
    """Wait until the port has been opened for the first time.

    Raises
    ------
    Mistake
        If it cannot be opened: with the cause and the cure.
    """
    while not (status := link.status()).counters.opened:
        _check_opens(status)
        pause(link)


def _check_opens(status: Status) -> None:
    if not status.counters.opened and status.last_error:
        raise Mistake(status.last_error)


def frames_of(link: Link, count: int, wait_s: float = WAIT_S) -> list[Seen]:
    """Wait for so many frames that come from now on, one after another.

    Raises
    ------
    Mistake
        If they do not come in time.
    """
    until_s = link.clock.now() + wait_s
    last = link.status().counters.frames
    found: list[Seen] = []
    while len(found) < count:
        status, seen = link.look()
        if seen is not None and seen.nth > last:
            last = seen.nth
            found = [one for one in found if one.hello == seen.hello] + [seen]
        elif link.clock.now() >= until_s:
            raise Mistake(f"the board sent too few frames within {wait_s:g} s: {status.text}")
        else:
            pause(link)
    return found


def pause(link: Link) -> None:
    """Let a little time pass; a link without a thread of its own does a turn of its work."""
    if link.alone:
        link.step()
    else:
        link.clock.sleep(0.01)


def lamps_of(responses: NDArray[np.int8]) -> int:
    """Give the lamps that show R-units' responses: a bit each, set where the unit shows "1".

    Parameters
    ----------
    responses
        int8, shape (R-units,): +1 "1", -1 "0", 0 undecided; lamps 9 and above there are none.
    """
    return sum(1 << i for i, response in enumerate(responses[:8]) if response > 0)
