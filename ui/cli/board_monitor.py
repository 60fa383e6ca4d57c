"""``firstwave board monitor``: what a board sees, and how its line is."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulator.errors import Mistake
from simulator.serial_link import Link, NamedPort, State, Status
from simulator.serial_link.calibration import Calibration, read
from simulator.serial_link.eye import pause, wait_until_open
from ui.cli import console
from ui.cli.series import ctrl_c_noted
from ui.cli.status import DONE, INTERRUPTED, NO

DENSITY = " .:-=+*#%@"
"""Ten characters from dark to light."""
EVERY_S = 0.1
PLAIN_EVERY_S = 1.0


def run(
    port: str,
    seconds: float | None,
    lamps: str,
    calibration_path: Path | None,
    baud: int,
    as_json: bool,
) -> int:
    """Watch; 1 if no frames were coming at the end."""
    named, lit = NamedPort(port, baud), lamps_of(lamps)
    calibration = read(calibration_path) if calibration_path is not None else None
    began_s = time.monotonic()
    with ctrl_c_noted() as stop, Link(named) as link:
        wait_until_open(link)
        link.light_lamps(lit)
        watch = _watch
        if as_json or not sys.stdout.isatty():
            watch = partial(_tell, console.say if as_json else _write_line)
        until_s = link.clock.now() + seconds if seconds is not None else float("inf")
        watch(link, calibration, lambda: stop.pressed or link.clock.now() >= until_s)
        status = link.status()
    if stop.pressed and seconds is not None:
        return INTERRUPTED
    if as_json:
        wall_s = round(time.monotonic() - began_s, 3)
        console.write_json(console.document("board-monitor", status_json(status), wall_s=wall_s))
    return DONE if status.state is State.LIVE else NO


def lamps_of(text: str) -> int:
    """Read a list of lamps, ``1,3,8``, as bits.

    Raises
    ------
    Mistake
        If it is no such list.
    """
    lit = 0
    for word in filter(None, (piece.strip() for piece in text.split(","))):
        if word not in "12345678" or len(word) != 1:
            raise Mistake(f"--lamps {text}: give numbers from 1 to 8, with commas")
        lit |= 1 << int(word) - 1
    return lit


def status_json(status: Status) -> dict[str, Any]:
    """Give how a link stands, as docs/formats.md has it."""
    hello = status.hello
    return {
        "port": status.port,
        "state": str(status.state),
        "text": status.text,
        "board": hello
        and {
            "id": hello.board_id, "rows": hello.rows, "cols": hello.columns, "bits": hello.bits,
            "lamps": hello.lamps,
        },
        "frames_per_s": round(status.frames_per_s, 1),
        "lamps_lit": status.lamps_lit if status.lamps_lit >= 0 else None,
        "counters": vars(status.counters),
        "last_error": status.last_error,
    }  # fmt: skip


def line_of(status: Status) -> str:
    """Say in a line how a link stands."""
    c = status.counters
    line = (
        f"{status.text}; {status.frames_per_s:.1f} frames/s, {c.bad_crc} bad CRC, "
        f"{c.unfit + c.too_long} unfit, {c.missed} missed, {c.reconnects} reconnects"
    )
    return f"{line}; last error: {status.last_error}" if status.last_error else line


def picture(values: NDArray[np.uint8], top: int) -> str:
    """Draw readings, uint8 (rows, columns), 0 to ``top``, as lines of characters."""
    shades = values.astype(np.intp) * (len(DENSITY) - 1) // max(1, top)
    return "\n".join("".join(2 * DENSITY[shade] for shade in row) for row in shades)


def _write_line(line: str) -> None:
    console.write(line + "\n")


def _tell(
    say: Callable[[str], None],
    link: Link,
    calibration: Calibration | None,
    over: Callable[[], bool],
) -> None:
    """Say a line each second: stdout is no terminal, or kept for the object."""
    said_s = float("-inf")
    while not over():
        if link.clock.now() - said_s >= PLAIN_EVERY_S:
            said_s = link.clock.now()
            status = link.status()
            line = line_of(status)
            if calibration and status.hello and (why := calibration.mismatch(status.hello)):
                line += f"; {why}"
            say(line)
        pause(link)


def _watch(link: Link, calibration: Calibration | None, over: Callable[[], bool]) -> None:
    from rich.live import Live
    from rich.text import Text

    with Live(console=console.terminal(), auto_refresh=False, transient=False) as live:
        while not over():
            status, seen = link.look()
            lines = [line_of(status)]
            if seen is not None:
                board = seen.hello
                lines.append(f"{board.board_id}: {board.rows} x {board.columns}, {board.bits} bits")
                values, top = seen.values, board.top
                if calibration is not None and (why := calibration.mismatch(board)):
                    lines.append(why)
                elif calibration is not None:
                    values, top = calibration.levels(values), 255
                lines.append(picture(values, top))
            live.update(Text("\n".join(lines), no_wrap=True), refresh=True)
            again_s = link.clock.now() + EVERY_S
            while link.clock.now() < again_s:
                pause(link)
