"""Ports by name: which there are, which a photocell board may be on, and how one is opened.

Only the port that was named is ever opened: opening a serial port resets many devices, and another
machine's printer or motor may be on the next one. What is remembered of a named port is which
device was on it, by the numbers every USB device carries; if the system gives that device another
name after its cable was pulled, it is followed there, and a stranger on the old name is left alone.
"""

from __future__ import annotations

import os
import platform
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, NamedTuple

from simulator.errors import Mistake

from .link import LOST, READ_S
from .trouble import NETWORK, explain, explain_loss

if TYPE_CHECKING:
    import serial

BAUD = 115200
"""The default speed, in bits per second."""
SPEEDS = (9600, 19200, 38400, 57600, 115200, 230400, 250000, 500000, 1000000)
WRITE_S = 0.3
MOST_PORT = 65535

_UNO, _MEGA = "Arduino Uno", "Arduino Mega 2560"
KNOWN = {
    (0x2341, 0x0043): _UNO, (0x2341, 0x0001): _UNO, (0x2341, 0x0243): _UNO, (0x2A03, 0x0043): _UNO,
    (0x2341, 0x0010): _MEGA, (0x2341, 0x0042): _MEGA, (0x2341, 0x0210): _MEGA,
    (0x2A03, 0x0010): _MEGA, (0x2A03, 0x0042): _MEGA,
}  # fmt: skip
"""The boards the firmware is for, by vendor and product (Arduino's boards.txt)."""
CONVERTERS = {
    (0x1A86, 0x7523): "CH340 converter", (0x0403, 0x6001): "FTDI converter",
    (0x10C4, 0xEA60): "CP210x converter",
}  # fmt: skip
"""Converters that copies of those boards use, but so do printers and much else."""

_USB = re.compile(r"usb:([0-9A-Fa-f]{4}):([0-9A-Fa-f]{4})(?::(\S{1,64}))?")
_ADDRESS = re.compile(r"(?:socket|rfc2217)://(?:[^\s/?#:@\[\]]+|\[[0-9A-Fa-f:]+\]):([0-9]{1,5})/?")
_READ_AT_ONCE = 65536


class Found(NamedTuple):
    """A serial port of this computer.

    Attributes
    ----------
    device
        Its name, for ``--board``.
    description
        What the system calls it.
    vid, pid
        Vendor and product of a USB device, None for another.
    serial_number, location
        The device's own number, and the USB socket it is in; empty if unknown.
    board
        A key of ``KNOWN`` or ``CONVERTERS`` in words; empty if it is neither.
    known
        Whether it is a board that the firmware is for.
    """

    device: str
    description: str
    vid: int | None
    pid: int | None
    serial_number: str
    location: str
    board: str
    known: bool

    @property
    def usb(self) -> str:
        """The name that stays when the port's changes, ``usb:2341:0042:...``; empty if none."""
        if self.vid is None or self.pid is None:
            return ""
        name = f"usb:{self.vid:04X}:{self.pid:04X}"
        plain = re.fullmatch(r"\S{1,64}", self.serial_number)
        return f"{name}:{self.serial_number}" if plain else name

    @property
    def identity(self) -> tuple[int, int, str] | None:
        """What tells this device from others: its own number or, for want of one, its socket."""
        if self.vid is None or self.pid is None:
            return None
        return self.vid, self.pid, self.serial_number or f"@{self.location}"


def found_ports() -> list[Found]:
    """List the serial ports of this computer, boards first; opens none of them.

    Raises
    ------
    Mistake
        If pyserial is missing or cannot list them.
    """
    try:
        from serial.tools import list_ports

        ports = [_found(port) for port in list_ports.comports()]
    except ImportError as error:
        raise Mistake(f"serial ports need pyserial ({error}): pip install pyserial") from error
    except OSError as error:
        raise Mistake(f"the serial ports cannot be listed ({error})") from error
    return sorted(ports, key=lambda port: (not port.known, not port.board, port.device))


def _found(port: Any) -> Found:
    key = (port.vid, port.pid)
    return Found(
        device=port.device,
        description=port.description or "",
        vid=port.vid,
        pid=port.pid,
        serial_number=port.serial_number or "",
        location=port.location or "",
        board=KNOWN.get(key) or CONVERTERS.get(key) or "",
        known=key in KNOWN,
    )


def check_name(name: str, system: str = "") -> str:
    """Check how a port was named, and give it back.

    Parameters
    ----------
    name
        A device (``/dev/ttyACM0``, ``COM3``), ``usb:VID:PID`` with or without ``:NUMBER`` as
        ``firstwave board list`` prints it, ``socket://HOST:PORT`` or ``rfc2217://HOST:PORT``.
    system
        As :func:`platform.system` has it; this computer's if left out.

    Raises
    ------
    Mistake
        If it is none of these.
    """
    if "://" in name:
        match = _ADDRESS.fullmatch(name)
        if match is not None and 0 < int(match[1]) <= MOST_PORT:
            return name
        raise Mistake(
            f"{name}: no such kind of address; give a port (`firstwave board list`), "
            f"socket://HOST:PORT or rfc2217://HOST:PORT (PORT 1 to {MOST_PORT})"
        )
    if name.startswith("usb:"):
        if _USB.fullmatch(name):
            return name
        raise Mistake(f"{name}: give usb:VID:PID or usb:VID:PID:NUMBER, as board list does")
    if not name or name != name.strip():
        raise Mistake("name the board's port; `firstwave board list` shows those there are")
    if (system or platform.system()) == "Darwin" and name.startswith("/dev/tty."):
        raise Mistake(f"{name}: opening it would wait for ever; use /dev/cu.{name[9:]}")
    return name


def check_speed(baud: int) -> int:
    """Check a speed in bits per second, and give it back; a Mistake if no board has it."""
    if baud not in SPEEDS:
        raise Mistake(f"--baud {baud}: give one of {', '.join(map(str, SPEEDS))}")
    return baud


class NamedPort:
    """A port by its name; called, it opens it, wherever its device is now.

    Parameters
    ----------
    name
        See :func:`check_name`.
    baud
        Speed in bits per second; ``socket://`` and boards with USB of their own have none.
    list_found
        Lists the ports there are.

    Raises
    ------
    Mistake
        If the name or the speed is impossible.
    """

    def __init__(self, name: str, baud: int = BAUD, list_found: Any = found_ports) -> None:
        self.name = check_name(name)
        self.baud = check_speed(baud)
        self._list = list_found
        self._identity: tuple[int, int, str] | None = None

    def __call__(self) -> SerialPort:
        """Open the port.

        Raises
        ------
        Mistake
            If it is not there, not allowed, in use, or another device has its name now.
        """
        device = self.device()
        try:
            import serial
        except ImportError as error:
            raise Mistake(f"serial ports need pyserial ({error}): pip install pyserial") from error
        network = device.startswith(NETWORK)
        settings: dict[str, Any] = {"timeout": READ_S}
        if not network:
            settings["exclusive"] = True
        if not device.startswith("rfc2217://"):  # which gives up writing after 5 s by itself
            settings["write_timeout"] = WRITE_S
        try:
            port = serial.serial_for_url(device, self.baud, **settings)
        except (OSError, ValueError) as error:
            raise Mistake(explain(error, device, group=_group(device))) from error
        return SerialPort(port, device, network)

    def device(self) -> str:
        """Tell where the named device is now; for an address, the address.

        Raises
        ------
        Mistake
            If it is not plugged in, or a stranger is in its place.
        """
        if self.name.startswith(NETWORK):
            return self.name
        if (match := _USB.fullmatch(self.name)) is not None:
            return self._by_numbers(int(match[1], 16), int(match[2], 16), match[3])
        ports = self._list()
        real = os.path.realpath(self.name)
        here = next((port for port in ports if port.device in (self.name, real)), None)
        if self._identity is None:
            self._identity = here.identity if here else None
            return self.name
        if here is not None and here.identity == self._identity:
            return self.name
        moved = [port for port in ports if port.identity == self._identity]
        if len(moved) == 1:
            return str(moved[0].device)
        if here is not None:
            raise Mistake(
                f"{self.name}: another device has this name now ({here.description}); "
                "plug the board in again"
            )
        return self.name

    def _by_numbers(self, vid: int, pid: int, number: str | None) -> str:
        ports = [port for port in self._list() if (port.vid, port.pid) == (vid, pid)]
        if number is not None:
            ports = [port for port in ports if port.serial_number == number]
        if len(ports) == 1:
            return str(ports[0].device)
        if not ports:
            raise Mistake(f"{self.name}: no such device is plugged in; try `firstwave board list`")
        names = ", ".join(port.device for port in ports)
        raise Mistake(f"{self.name}: there are {len(ports)} ({names}); name one of them")


def _group(device: str) -> str:
    """Tell which group of users may open a device, where the system knows such groups."""
    with suppress(ImportError, OSError, KeyError):
        import grp

        return grp.getgrgid(os.stat(device).st_gid).gr_name
    return ""


class SerialPort:
    """A port opened by pyserial, as a link wants it: when it is gone, an OSError tells the cure."""

    def __init__(self, port: serial.SerialBase, name: str, network: bool) -> None:
        self.name = name
        self._port: Any = port
        self._socket = network and name.startswith("socket://")

    def read_some(self) -> bytes:
        """Give what has come in, waiting at most 50 ms for the first byte."""
        with self._loss_explained():
            return self._read()

    def _read(self) -> bytes:
        port = self._port
        if not self._socket:
            return bytes(port.read(max(1, min(port.in_waiting, _READ_AT_ONCE))))
        first = port.read(1)  # a socket cannot tell how many more there are
        if not first:
            return b""
        port.timeout = 0
        try:
            return bytes(first + port.read(_READ_AT_ONCE))
        finally:
            port.timeout = READ_S

    def write(self, data: bytes) -> None:
        """Send, waiting at most 300 ms."""
        with self._loss_explained():
            self._port.write(data)

    def forget(self) -> None:
        """Throw away what has come in and was not read."""
        with self._loss_explained():
            self._port.reset_input_buffer()

    def close(self) -> None:
        """Close."""
        self._port.close()

    @contextmanager
    def _loss_explained(self) -> Iterator[None]:
        try:
            yield
        except LOST as error:
            raise OSError(explain_loss(error, self.name)) from error
