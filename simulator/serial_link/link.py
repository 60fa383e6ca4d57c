"""The link to a photocell board: one thread that owns the port, and looks after it.

The thread opens the port, talks with the board, and when the cable is pulled, the board reset or
the line drowned in noise, closes it and tries again, for as long as the link is open. Nobody else
touches the port. Whoever uses the link takes the newest frame, tells it which lamps to light, and
reads how it stands; none of that ever waits.

>>> from simulator.serial_link import Cable, EmulatedBoard, HandClock
>>> clock = HandClock()
>>> link = Link(Cable(EmulatedBoard(clock, rows=4, columns=4)), clock)
>>> for _ in range(100):
...     link.step()
>>> link.status().text
'live'
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from typing import Protocol, Self

from .clock import Clock, WallClock
from .conversation import Conversation
from .states import TEXTS, USUAL, Counters, Seen, State, Status, Timing, copy_of

READ_S = 0.05
"""The longest wait for a byte."""

_terminal: tuple[type[Exception], ...] = ()
with contextlib.suppress(ImportError):  # Windows has none
    import termios

    _terminal = (termios.error,)  # no OSError, and pyserial lets it through
LOST: tuple[type[Exception], ...] = (OSError, TypeError, AttributeError, ValueError, *_terminal)
"""All that a port pulled out, or closed under its reader, has been seen to raise (pyserial's own
exceptions are OSErrors)."""


class Port(Protocol):
    """An open port; any method may raise one of ``LOST``."""

    name: str

    def read_some(self) -> bytes:
        """Give what has come in, waiting at most 50 ms for the first byte."""
        ...

    def write(self, data: bytes) -> None:
        """Send, waiting at most 300 ms."""
        ...

    def forget(self) -> None:
        """Throw away what has come in and was not read."""
        ...

    def close(self) -> None:
        """Close."""
        ...


class Link:
    """A link to one board.

    Parameters
    ----------
    open_port
        Opens the port, and only the one it was told to; called again after every loss. What it
        raises is shown as the reason why there is no connection.
    clock
        The time; the wall's if left out.
    frames_per_s
        How many frames per second to ask for, 1 to 255.
    timing
        How long to wait for what.
    """

    def __init__(
        self,
        open_port: Callable[[], Port],
        clock: Clock | None = None,
        frames_per_s: int = 25,
        timing: Timing = USUAL,
    ) -> None:
        self.clock: Clock = clock or WallClock()
        self._open_port = open_port
        self._frames_per_s = frames_per_s
        self._timing = timing
        self._counters = Counters()
        self._port: Port | None = None
        self._talk: Conversation | None = None
        self._try_again_s = self._looked_s = self.clock.now()
        self._back_off_s = timing.back_off_s[0]
        self._has_been_live = self._live_now = False
        self._lamps = 0
        self._name = str(getattr(open_port, "name", ""))
        self._last_error = ""
        self._lock = threading.Lock()
        self._seen: Seen | None = None
        self._status = self._say(State.DOWN, "")
        self._closing = threading.Event()
        self._thread: threading.Thread | None = None

    # for everybody

    def look(self) -> tuple[Status, Seen | None]:
        """Give how the link stands, and the newest frame if there is a living picture.

        If a driver keeps the thread waiting, the last frame is no living picture for longer than
        if the board had fallen silent.
        """
        with self._lock:
            status, seen = self._status, self._seen
        if seen is None or self.clock.now() - seen.at_s < self._timing.stalled_s:
            return status, seen
        return status._replace(state=State.STALLED, text=TEXTS[State.STALLED]), None

    def status(self) -> Status:
        """Give how the link stands."""
        return self.look()[0]

    def light_lamps(self, lit: int) -> None:
        """Have these lamps lit on the board, a bit each, the lowest for lamp 1; others go out."""
        self._lamps = lit & 0xFF

    @property
    def alone(self) -> bool:
        """Whether it has no thread, so that somebody must do its steps."""
        return self._thread is None

    def start(self) -> Self:
        """Start the thread."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="photocell board", daemon=True)
            self._thread.start()
        return self

    def close(self) -> None:
        """Put the lamps out, close the port and end the thread."""
        self._closing.set()
        if self._thread is None:
            self._leave()
        elif self._thread is not threading.current_thread():
            self._thread.join(2.0)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.close()

    # the thread's own

    def _run(self) -> None:
        while not self._closing.is_set():
            self.step()
        self._leave()

    def step(self) -> None:
        """Do one turn of the thread's work: for tests that turn the clock by hand; never raises."""
        try:
            if self._port is None:
                self._open()
            else:
                self._converse(self._port)
        except Exception as error:
            # The thread must outlive even a mistake of ours; it is counted, and shown as such.
            self._counters.defects += 1
            self._lose(f"the link itself failed, please report it: {error!r}")
            self.clock.sleep(READ_S)

    def _open(self) -> None:
        now = self.clock.now()
        if now < self._try_again_s:
            self.clock.sleep(min(READ_S, self._try_again_s - now))
            return
        self._publish(self._say(State.OPEN, ""), None)
        try:
            self._port = self._open_port()
        except Exception as error:  # whatever a driver comes up with: there is no port
            self._lose(str(error) or type(error).__name__)
            return
        self._counters.opened += 1
        self._name = self._port.name
        self._looked_s = self.clock.now()
        self._talk = Conversation(self._looked_s, self._counters, self._frames_per_s, self._timing)
        self._tell(self._talk, self._looked_s)

    def _converse(self, port: Port) -> None:
        talk = self._talk
        assert talk is not None
        try:
            data = port.read_some()
            now = self.clock.now()
            if now - self._looked_s >= self._timing.pause_s:
                port.forget()
                data = b""
                talk.held_up(now)
            self._looked_s = now
            talk.lamps_wanted = self._lamps
            talk.hear(data, now)
            if words := talk.speak(now):
                port.write(words)
        except LOST as error:
            self._lose(str(error) or type(error).__name__)
            return
        if talk.state is State.LIVE:
            self._back_off_s = self._timing.back_off_s[0]
            if not self._live_now and self._has_been_live:
                self._counters.reconnects += 1
            self._has_been_live = self._live_now = True
        if why := talk.over(now):
            self._lose(why)
            return
        self._tell(talk, now)

    def _lose(self, why: str) -> None:
        """Close the port, if it is open, and wait a little longer each time."""
        port, self._port, self._talk, self._live_now = self._port, None, None, False
        if port is not None:
            try:
                port.close()
            except Exception as error:  # it is gone either way
                why = f"{why} ({error})"
        self._last_error = why
        self._try_again_s = self.clock.now() + self._back_off_s
        self._back_off_s = min(2 * self._back_off_s, self._timing.back_off_s[1])
        self._publish(self._say(State.DOWN, why), None)

    def _leave(self) -> None:
        if self._port is not None and self._talk is not None:
            try:
                self._port.write(self._talk.farewell(self.clock.now()))
            except LOST as error:
                self._last_error = str(error)
            self._lose("closed")
        else:
            self._publish(self._say(State.DOWN, "closed"), None)

    def _tell(self, talk: Conversation, now: float) -> None:
        reason = talk.reason or (talk.unheard if talk.state is State.ASKING else "")
        if reason and talk.state is State.REFUSED:
            self._last_error = reason
        status = self._say(talk.state, reason, talk, now)
        self._publish(status, talk.seen if talk.state is State.LIVE else None)

    def _say(
        self, state: State, reason: str, talk: Conversation | None = None, now: float = 0.0
    ) -> Status:
        return Status(
            state=state,
            text=f"{TEXTS[state]}: {reason}" if reason else TEXTS[state],
            port=self._name,
            hello=talk.hello if talk else None,
            frames_per_s=talk.frames_per_s(now) if talk else 0.0,
            lamps_wanted=self._lamps,
            lamps_lit=talk.lamps_lit if talk else -1,
            last_error=self._last_error,
            counters=copy_of(self._counters),
        )

    def _publish(self, status: Status, seen: Seen | None) -> None:
        with self._lock:
            self._status, self._seen = status, seen
