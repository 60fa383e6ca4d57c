"""One conversation with a board, from the opening of the port to its closing, without the port.

Bytes go in, bytes come out, and the time is told: what follows from that (whether the board has
said hello, which frame is the newest, what must be said now, when to give up) is decided here, so
it can be tested without cables. The board is never asked to repeat a frame: a damaged one is
dropped and the next is as good. What it is told (frames per second, lamps) is said again until its
frames show that it was heard, and then as a sign of life.

A board that was just opened or reset is still in its bootloader, where a byte from the computer
may be mistaken for a new program. So nothing is said in the first seconds before the board has said
hello, nor when its frames have ceased: a board that is not sending frames says hello by itself.
"""

from __future__ import annotations

from collections import deque

from . import frames
from .frames import Frame, Hello, Lines, UnfitError
from .states import USUAL, Counters, Seen, State, Timing

_RATE_S = 2.0
"""Over how long frames per second are counted."""
_IN_A_ROW = 3
"""So many frames that follow each other are a new count, though their numbers have been before."""
_JUST_S = 0.02
"""Only so soon after a whole frame is anything said: a board that is reset just then hears it in
its bootloader, and a Mega is kept there by it until the port is opened again."""
_FAREWELL_S = 0.12
"""A farewell cannot wait for the next frame; nothing is said after so long without one."""


class Conversation:
    """What has been said since a port was opened.

    Parameters
    ----------
    now
        When the port was opened, s.
    counters
        Where to count.
    frames_per_s
        How many frames per second to ask for, 1 to 255.
    timing
        How long to wait for what.
    """

    def __init__(
        self, now: float, counters: Counters, frames_per_s: int = 25, timing: Timing = USUAL
    ) -> None:
        self.state = State.BOOT
        self.reason = ""
        self.hello: Hello | None = None
        self.seen: Seen | None = None
        self.lamps_wanted = 0
        self.lamps_lit = -1
        self.comment = ""
        self._counters = counters
        self._frames_per_s = frames_per_s
        self._timing = timing
        self._lines = Lines()
        self._first_line = True
        self._stray = 0
        self._opened_s = self._good_s = self._frame_s = now
        self._ask_s = now + timing.silent_s
        self._stream_s = self._lamps_s = now
        self._said_lamps = -1
        self._number: int | None = None
        self._turned: list[int] = []
        self._arrivals: deque[float] = deque(maxlen=2 * frames.FASTEST)

    # hearing

    def hear(self, data: bytes, now: float) -> None:
        """Take what came in."""
        self._counters.bytes_in += len(data)
        if self.hello is None:
            self._stray += len(data)
        before = self._lines.too_long
        for line in self._lines.feed(data):
            self._hear_line(line, now)
            self._first_line = False
        self._counters.too_long += self._lines.too_long - before
        if self.state is State.LIVE and now - self._frame_s >= self._timing.stalled_s:
            self.state = State.STALLED
        elif self.state is State.BOOT and now >= self._ask_s:
            self.state = State.ASKING

    def _hear_line(self, line: bytes, now: float) -> None:
        if not line:
            return
        if line.startswith(b"#"):
            if len(line) <= frames.LONGEST_OTHER:
                self.comment = line[1:].decode("ascii", "replace").strip()
            return
        if not line.startswith(b"H") and (late := line.rfind(b"H1 ")) > 0:
            line = line[late:]  # behind the frame in the middle of which the board was reset
        try:
            if line.startswith(b"H") and (hello := frames.parse_hello(line)) is not None:
                self._greeted(hello, now)
            elif self.hello is None:
                return  # of a frame nobody knows the shape yet
            elif (frame := frames.parse_frame(line, self.hello)) is not None:
                self._seen(frame, self.hello, now)
            elif frames.unseal(line) is not None:
                self._counters.unfit += 1
            elif not self._first_line:
                self._counters.bad_crc += 1
        except UnfitError as unfit:
            self._counters.unfit += 1
            if line.startswith(b"H"):
                self._refuse(str(unfit))

    def _greeted(self, hello: Hello, now: float) -> None:
        self._counters.hellos += 1
        if self.state is not State.HANDSHAKEN:  # one that only greets is not waited for for ever
            self._good_s = now
        if hello != self.hello or self.state is not State.LIVE:
            self.seen, self.state = None, State.HANDSHAKEN
        self.hello, self.reason = hello, ""
        self.lamps_lit, self._number = -1, None
        self._lines.longest = hello.line_length + frames.LONGEST_OTHER
        self._stream_s = self._lamps_s = now

    def _refuse(self, reason: str) -> None:
        self.state, self.reason, self.hello, self.seen = State.REFUSED, reason, None, None
        self.lamps_lit = -1
        self._lines.longest = frames.LONGEST_LINE

    def _seen(self, frame: Frame, hello: Hello, now: float) -> None:
        if not self._in_turn(frame.number, now):
            self._counters.out_of_turn += 1
            return
        self._counters.frames += 1
        self._arrivals.append(now)
        self.lamps_lit, self.state = frame.lamps, State.LIVE
        self._frame_s = self._good_s = now
        self.seen = Seen(frame.values, self._counters.frames, now, hello)

    def _in_turn(self, number: int, now: float) -> bool:
        """Tell whether a frame is newer than the last: an old one that comes again is not shown."""
        if self._number is None or now - self._frame_s >= self._timing.stalled_s:
            ahead = 1
        else:
            ahead = number - self._number & 0xFF
        if not 0 < ahead < 128:
            follows = self._turned and number == self._turned[-1] + 1 & 0xFF
            self._turned = [*(self._turned if follows else []), number]
            if len(self._turned) < _IN_A_ROW:
                return False
            ahead = 1
        self._turned = []
        self._counters.missed += ahead - 1
        self._number = number
        return True

    # speaking

    def speak(self, now: float) -> bytes:
        """Give what must be said now; it counts as said."""
        words = b""
        if self.state is State.ASKING and now >= self._ask_s:
            self._ask_s = now + self._timing.ask_every_s
            words = frames.ask()
        elif self._awake(now, _JUST_S) and self.hello is not None:
            if now >= self._stream_s:
                self._stream_s = now + self._timing.stream_every_s
                words += frames.stream(self._frames_per_s)
            if now >= self._lamps_s or self.lamps_asked != self._said_lamps:
                echoed = self.lamps_asked == self.lamps_lit
                timing = self._timing
                wait_s = timing.lamps_heartbeat_s if echoed else timing.lamps_until_echoed_s
                self._lamps_s = now + wait_s
                self._said_lamps = self.lamps_asked
                words += frames.lamps(self.lamps_asked)
        self._counters.bytes_out += len(words)
        return words

    @property
    def lamps_asked(self) -> int:
        """The lamps wanted, as far as the board has them."""
        return self.lamps_wanted & ((1 << self.hello.lamps) - 1) if self.hello else 0

    def _awake(self, now: float, within_s: float) -> bool:
        """Tell whether the board is hardly in its bootloader: it has spoken just now."""
        if self.state is State.HANDSHAKEN:
            return True
        return self.state is State.LIVE and now - self._frame_s < within_s

    def farewell(self, now: float) -> bytes:
        """Give what is said before closing: lamps out, no more frames; nothing to a sleeper."""
        if not self._awake(now, max(_FAREWELL_S, 3 / self._frames_per_s)):
            return b""
        return frames.lamps(0) + frames.stream(0)

    # giving up, and going on

    def over(self, now: float) -> str:
        """Tell why the port must be closed and opened again; empty while there is hope."""
        if self.state in (State.BOOT, State.ASKING):
            if now - self._opened_s >= self._timing.no_hello_s:
                return self.unheard or "the board said no hello"
        elif self.state is not State.REFUSED and now - self._good_s >= self._timing.reopen_s:
            return f"no frame for {self._timing.reopen_s:g} seconds"
        return ""

    @property
    def unheard(self) -> str:
        """What is likely wrong if bytes come but no hello."""
        if self._stray < 8:
            return ""
        return "bytes arrive but no hello: check the speed (--baud) and the board's sketch"

    def held_up(self, now: float) -> None:
        """Begin afresh after a pause of the reader itself: what waited so long is no picture."""
        self._counters.held_up += 1
        self._lines.forget()
        self._first_line = True
        self._number = None
        self._good_s = now
        if self.state is State.LIVE:
            self.state = State.STALLED

    def frames_per_s(self, now: float) -> float:
        """Give how many frames per second came lately."""
        while self._arrivals and self._arrivals[0] < now - _RATE_S:
            self._arrivals.popleft()
        if len(self._arrivals) < 2 or now <= self._arrivals[0]:
            return 0.0
        return (len(self._arrivals) - 1) / (now - self._arrivals[0])
