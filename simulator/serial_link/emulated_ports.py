"""Where others find an emulated board: a pseudo terminal, or a socket of this computer.

Either can be opened like a real board's port, by firstwave or by any other program. Opening it
resets the board, as opening the port of an Arduino does.
"""

from __future__ import annotations

import contextlib
import os
import select
import socket
import threading
from collections.abc import Callable
from typing import Protocol

from simulator.errors import Mistake

from .emulated_board import EmulatedBoard
from .emulated_faults import Noise

TICK_S = 0.005
EVERY_S, GONE_S = 10.0, 3.0
"""How often faults that are acts happen, and how long a pulled cable is out."""


class Outlet(Protocol):
    """Where a board's cable ends."""

    name: str

    def opened(self) -> bool:
        """Tell whether somebody has it open; a new opener counts once the last has left."""
        ...

    def read(self) -> bytes:
        """Give what was written to it, without waiting."""
        ...

    def write(self, data: bytes) -> None:
        """Send; what finds no room is lost, as on a serial line."""
        ...

    def cut(self) -> None:
        """Drop whoever has it open."""
        ...

    def close(self) -> None:
        """Take it down."""
        ...


class Terminal:
    """A pseudo terminal (Linux, macOS)."""

    def __init__(self) -> None:
        try:
            import tty

            self._master, far = os.openpty()
            tty.setraw(far)  # else the board would hear its own words as an echo
        except (ImportError, AttributeError, OSError) as error:
            raise Mistake(f"there are no pseudo terminals here ({error}); use --socket") from error
        self.name = os.ttyname(far)
        os.close(far)  # from now on the master tells whether anybody has it open
        os.set_blocking(self._master, False)
        self._poll = select.poll()
        self._poll.register(self._master, select.POLLIN)

    def opened(self) -> bool:
        """Tell whether somebody has it open."""
        return not any(event & select.POLLHUP for _, event in self._poll.poll(0))

    def read(self) -> bytes:
        """Give what was written to it."""
        with contextlib.suppress(OSError):
            return os.read(self._master, 4096)
        return b""

    def write(self, data: bytes) -> None:
        """Send."""
        with contextlib.suppress(OSError):
            os.write(self._master, data)

    def cut(self) -> None:
        """Do nothing: a pseudo terminal cannot be pulled out and put back."""

    def close(self) -> None:
        """Take it down."""
        os.close(self._master)


class Socket:
    """A listening socket; one opener at a time, others are turned away.

    Parameters
    ----------
    address
        ``HOST:PORT``; port 0 takes a free one.

    Raises
    ------
    Mistake
        If the address is none, or cannot be had.
    """

    def __init__(self, address: str) -> None:
        host, _, port = address.rpartition(":")
        if not host or not port.isascii() or not port.isdigit() or int(port) > 65535:
            raise Mistake(f"--socket {address}: give HOST:PORT, for example 127.0.0.1:7000")
        try:
            self._listener = socket.create_server((host, int(port)))
        except OSError as error:
            raise Mistake(f"--socket {address}: cannot be had ({error.strerror})") from error
        self._listener.setblocking(False)
        self._peer: socket.socket | None = None
        self.name = f"socket://{host}:{self._listener.getsockname()[1]}"

    def opened(self) -> bool:
        """Tell whether somebody has it open."""
        with contextlib.suppress(OSError):  # nobody waits, or has given up waiting
            peer = self._listener.accept()[0]
            if self._peer is not None:
                peer.close()
            else:
                peer.setblocking(False)
                self._peer = peer
        return self._peer is not None

    def read(self) -> bytes:
        """Give what was written to it."""
        if self._peer is None:
            return b""
        try:
            data = self._peer.recv(4096)
        except BlockingIOError:
            return b""
        except OSError:
            data = b""
        if not data:
            self.cut()
        return data

    def write(self, data: bytes) -> None:
        """Send."""
        if self._peer is None:
            return
        try:
            self._peer.send(data)
        except BlockingIOError:
            pass
        except OSError:
            self.cut()

    def cut(self) -> None:
        """Drop whoever has it open."""
        if self._peer is not None:
            self._peer.close()
        self._peer = None

    def close(self) -> None:
        """Take it down."""
        self.cut()
        self._listener.close()


def serve(
    board: EmulatedBoard,
    outlet: Outlet,
    stop: threading.Event,
    noise: Noise | None = None,
    acts: frozenset[str] = frozenset(),
    every_tick: Callable[[], None] = lambda: None,
) -> None:
    """Let a board live at an outlet until told to stop.

    Parameters
    ----------
    board
        The board, on the clock by which this waits.
    outlet
        Closed in the end.
    stop
        Set when it shall end.
    noise
        What its line does.
    acts
        ``reset``, ``unplug``: what befalls it every ten seconds.
    every_tick
        Called two hundred times a second.
    """
    clock, line = board.clock, noise or Noise()
    open_before, then_s = False, clock.now()
    act_s, back_s = then_s + EVERY_S, then_s
    try:
        while not stop.is_set():
            now = clock.now()
            if now >= act_s:
                act_s = now + EVERY_S
                if "reset" in acts:
                    board.reset()
                if "unplug" in acts:
                    back_s = now + GONE_S
            is_open = outlet.opened()
            if now < back_s:
                outlet.cut()
                is_open = False
            if is_open and not open_before:
                board.open()
            open_before = is_open
            if data := outlet.read():
                board.receive(data)
            sent = line.on(board.send(), now - then_s)
            then_s = now
            if is_open and sent:
                outlet.write(sent)
            every_tick()
            clock.sleep(TICK_S)
    finally:
        outlet.close()
