"""The cathode ray tube recorder, type 740: a camera looks at its screen, a word is a point.

The screen has 1024 by 1024 points. Bits 8-17 of a word are the height of the point, bits 26-35 its
place from the left. Bit 2 makes it a line to the right, bit 1 a line upwards, both one at 45
degrees; a line ends at the edge. With bit S a 1 it is brighter. CFF moves the film on. Points have
time: a copy waits for the last point, and for the film, and none is ever too late.

The picture is all that was shown between two CFF. Which coordinate is which is not beyond doubt: it
follows from the axis constants of a maintenance program.

Sources: constants of the 709's CRT diagnostic 9V01A; timing in :mod:`.description`.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from simulator.files import write_whole
from simulator.kernel import Kernel

from ..input_output import DONE, Answer, Passage, Reply
from ..words import SIGN
from .connection import NOT_ATTACHED, NOT_READY, US, Alarm, Connection, leisurely
from .description import UnitsDescription
from .memory import FRAME_END, Memory, append

ADDRESS = 0o030
SIDE = 1024
DIM, BRIGHT = 160, 255
"""How white a point is on the picture."""
_UPWARDS, _RIGHTWARDS = 1 << 34, 1 << 33


class Crt:
    """The 740; see the units' common methods in :mod:`.units`."""

    def __init__(
        self, kernel: Kernel, memory: Memory, connection: Connection, given: UnitsDescription
    ) -> None:
        self._m, self._to = memory, connection
        self._held = given.film_held
        self._point_ns, self._film_ns = given.crt_point_us * US, given.crt_film_us * US
        self._alarm = Alarm(kernel, memory.crt_due_ns, self.cut)

    def select(self) -> Reply:
        """Answer WRS 030."""
        if not self._m.crt_attached[0]:
            return NOT_ATTACHED
        self._m.crt_selected[0] = 1
        return DONE

    def copy(self, word: int) -> Reply:
        """Answer a copy: show a point or a line."""
        reply = self._busy()
        if reply is not None:
            return reply
        self._show([word], self._to.now_ns)
        return DONE

    def _show(self, words: Sequence[int], last_ns: int) -> None:
        append(self._m.crt_film, words)
        self._to.connect(ADDRESS, last_ns, write=True)
        self._alarm.set(last_ns + self._point_ns)

    def passage(self, until_ns: int, most: int) -> Passage:
        """Foretell that points are shown as they come, as long as there is film."""
        room = min(most, max(0, self._held - len(self._m.crt_film)))
        return leisurely(room, self._free_ns(), self._point_ns)

    def passed(self, passage: Passage, count: int) -> None:
        """Show so many points."""
        self._show(passage.words[:count].tolist(), int(passage.passes_ns[count - 1]))

    def advance(self) -> Reply:
        """Answer CFF: move the film one frame on."""
        if not self._m.crt_attached[0]:
            return NOT_ATTACHED
        reply = self._busy()
        if reply is not None:
            return reply
        append(self._m.crt_film, [FRAME_END])
        self._m.crt_count[0] += 1
        self._m.crt_free_ns[0] = self._to.now_ns + self._film_ns
        return DONE

    def _free_ns(self) -> int:
        return max(int(self._m.crt_due_ns[0]), int(self._m.crt_free_ns[0]))

    def _busy(self) -> Reply | None:
        free_ns = self._free_ns()
        if free_ns > self._to.now_ns:
            return Reply(Answer.WAIT, again_ns=free_ns)
        return NOT_READY if len(self._m.crt_film) >= self._held else None

    def cut(self) -> None:
        """End a point: the unit is not connected until the next."""
        self._alarm.clear()
        self._to.disconnect()


def picture(words: Iterable[int]) -> NDArray[np.uint8]:
    """Develop a frame.

    Parameters
    ----------
    words
        What was shown, 36 bits each.

    Returns
    -------
    levels
        (1024, 1024), the top row first; 0 black.
    """
    screen = np.zeros((SIDE, SIDE), np.uint8)  # by height and place, the lowest first
    for word in words:
        y, x = word >> 18 & SIDE - 1, word & SIDE - 1
        rows, columns = slice(y, y + 1), slice(x, x + 1)
        level = BRIGHT if word & SIGN else DIM
        if word & _UPWARDS and word & _RIGHTWARDS:
            along = np.arange(SIDE - max(x, y))
            lit = screen[y + along, x + along]
            screen[y + along, x + along] = np.maximum(lit, level)
            continue
        if word & _RIGHTWARDS:
            columns = slice(x, SIDE)
        elif word & _UPWARDS:
            rows = slice(y, SIDE)
        np.maximum(screen[rows, columns], level, out=screen[rows, columns])
    return np.ascontiguousarray(screen[::-1])


def write_frame(path: str | Path, words: Iterable[int]) -> None:
    """Write a frame as a PNG file, whole or not at all.

    Raises
    ------
    Mistake
        If it cannot be written.
    """
    from PIL import Image

    image = io.BytesIO()
    Image.fromarray(picture(words)).save(image, "PNG")
    write_whole(path, image.getvalue())
