"""Why a port cannot be opened, and what to do about it on this kind of computer.

What a driver says is short and the same for many causes; what helps differs from system to system.
Nothing here touches a port.
"""

from __future__ import annotations

import errno
import platform
import re

NETWORK = ("socket://", "rfc2217://")
"""How the names of ports begin that another program or computer passes on."""
_ERRNO = re.compile(r"\[Errno (\d+)\]|Error\((\d+),")


def explain(error: BaseException, name: str, system: str = "", group: str = "") -> str:
    """Say in one line what is wrong with a port and what to do.

    Parameters
    ----------
    error
        What opening (or reading) it raised.
    name
        The port or address, as it was named.
    system
        ``Linux``, ``Darwin`` or ``Windows``; this computer's if left out.
    group
        The group of users that may open the port, where that is known.
    """
    system = system or platform.system()
    said = " ".join(str(error).split()) or type(error).__name__
    if name.startswith(NETWORK):
        said = said.removeprefix(f"Could not open port {name}: ")
        return (
            f"{name}: nobody answers there ({said}); start the board's server first, for example "
            "`firstwave board emulate --socket 127.0.0.1:7000`"
        )
    number = _number(error, said)
    if number in (errno.EACCES, errno.EPERM):
        return _not_allowed(name, system, group)
    if number in (errno.EBUSY, errno.EAGAIN) or "lock port" in said:
        return _busy(name, system)
    if number == errno.ENOENT or "FileNotFoundError" in said:
        return _missing(name, system)
    if number in (errno.EIO, errno.ENXIO, errno.ENODEV):
        return explain_loss(error, name)
    return f"{name}: cannot be used ({said})"


def explain_loss(error: BaseException, name: str) -> str:
    """Say in one line why a port that was open is gone, and what to do.

    Parameters
    ----------
    error
        What reading or writing raised.
    name
        The port or address, as it was named.
    """
    said = " ".join(str(error).split()) or type(error).__name__
    if name.startswith(NETWORK):
        return (
            f"{name}: the other end has closed the connection ({said}); is its server running, "
            "and does no other program use that board?"
        )
    return (
        f"{name}: the board was unplugged, or another program reads from it too ({said}); "
        "check the cable, then for a second program"
    )


def _number(error: BaseException, said: str) -> int | None:
    found = getattr(error, "errno", None)
    if isinstance(found, int):
        return found
    match = _ERRNO.search(said)
    return int(match[1] or match[2]) if match else None


def _not_allowed(name: str, system: str, group: str) -> str:
    if system == "Windows":  # where "access is denied" means that somebody else has it
        return _busy(name, system)
    if system == "Darwin":
        return f"{name}: no permission to open it; unplug the board and plug it in again"
    group = group or "dialout"
    return (
        f"{name}: no permission to open it; join the group {group} "
        f"(sudo usermod -a -G {group} $USER), then log out and in again"
    )


def _busy(name: str, system: str) -> str:
    text = f"{name}: in use by another program; close it (the Arduino IDE's Serial Monitor?)"
    if system == "Linux":
        text += ", or wait 20 s: ModemManager tries every new port at first"
    return text


def _missing(name: str, system: str) -> str:
    text = f"{name}: there is no such port; is the board plugged in? `firstwave board list` shows "
    text += "the ports there are"
    if system == "Linux":
        text += "; if a board's port vanishes at once, brltty took it: sudo apt remove brltty"
    elif system == "Darwin":
        text += "; on a Mac, use the name that begins with /dev/cu."
    elif system == "Windows":
        text += ", and so does the Device Manager under Ports (COM & LPT)"
    return text
