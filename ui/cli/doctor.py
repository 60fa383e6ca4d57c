"""``firstwave doctor`` looks whether this computer is fit to run firstwave, and says what to do.

Each check gives one row: what was looked at, what was found, a verdict, and where it is not "ok"
what it means or what to do. Only what nothing runs without (Python, the libraries, one pygame)
makes the verdict "bad"; a computer without screen, sound or serial ports is a good computer.
"""

from __future__ import annotations

import importlib
import json
import os
import platform
import subprocess
import sys
from importlib import metadata
from pathlib import Path
from typing import Any, NamedTuple

from ui.cli import console
from ui.cli.version import required, version

OLDEST, NEWEST = (3, 11), (3, 14)
OK, NOTE, BAD = "ok", "note", "bad"
PROBE_S = 10.0
"""Longest wait for screen or sound to answer."""
COMPILED = {"mark1": "10 to 20 s", "ibm704": "5 to 20 s"}
"""Machines with a compiled engine, and how long compiling it takes, once."""


class Row(NamedTuple):
    """One line of the doctor's table."""

    check: str
    found: str
    verdict: str = OK
    advice: str = ""


def run(as_json: bool) -> int:
    """Look everything over; 1 if something essential is missing."""
    rows = [python(), Row("computer", platform.platform()), *libraries(), pygame_conflict()]
    rows += [display(), sound(), serial_ports()]
    rows += [compiled_code(machine, longer) for machine, longer in COMPILED.items()]
    good = all(row.verdict != BAD for row in rows)
    if as_json:
        result = {"ok": good, "checks": [row._asdict() for row in rows]}
        console.write_json(console.document("doctor", result))
    else:
        _show(rows, good)
    return 0 if good else 1


def _show(rows: list[Row], good: bool) -> None:
    from rich.table import Table
    from rich.text import Text

    colours = {OK: "green", NOTE: "yellow", BAD: "bold red"}
    table = Table(box=None, pad_edge=False)
    for heading in (f"firstwave {version()}", "found", "", "what to do"):
        table.add_column(heading, overflow="fold")
    for row in rows:
        verdict = Text(row.verdict, style=colours[row.verdict])
        table.add_row(Text(row.check), Text(row.found), verdict, Text(row.advice))
    console.show(table, "", "all that is needed is there" if good else "not fit: see what is bad")


def python() -> Row:
    """Check Python's version."""
    found = f"{platform.python_version()} ({sys.executable})"
    if OLDEST <= sys.version_info[:2] <= NEWEST:
        return Row("Python", found)
    wanted = f"{'.'.join(map(str, OLDEST))} to {'.'.join(map(str, NEWEST))}"
    return Row("Python", found, BAD, f"use Python {wanted}")


def libraries() -> list[Row]:
    """Check that every library is installed, and recent enough."""
    return [_library(name, least) for name, least in required().items()]


def _library(name: str, least: str) -> Row:
    try:
        found = metadata.version(name)
    except metadata.PackageNotFoundError:
        return Row(name, "missing", BAD, f'pip install "{name}>={least}"')
    if _numbers(found) < _numbers(least):
        return Row(name, f"{found}: too old", BAD, f'pip install --upgrade "{name}>={least}"')
    return Row(name, found)


def _numbers(text: str) -> tuple[int, ...]:
    parts = []
    for part in text.split("."):
        digits = part[: len(part) - len(part.lstrip("0123456789"))]
        if not digits:
            break
        parts.append(int(digits))
    return tuple(parts)


def pygame_conflict() -> Row:
    """Check that pygame-ce does not share its folder with the old pygame."""
    try:
        old = metadata.version("pygame")
    except metadata.PackageNotFoundError:
        return Row("pygame conflict", "none: pygame-ce is alone")
    from ui.panels import REPAIR

    found = f"pygame {old} is installed beside pygame-ce, in the same folder"
    return Row("pygame conflict", found, BAD, REPAIR)


def display() -> Row:
    """Check whether there is a screen for the panels."""
    found = _probe("screen")
    if "error" in found:
        return Row("display", found["error"], NOTE, "the panels will not open; the rest works")
    driver = f"{found['driver']} (SDL {found['sdl']})"
    if found["driver"] in ("dummy", "offscreen"):
        if os.environ.get("SDL_VIDEODRIVER"):
            return Row("display", driver, NOTE, "as SDL_VIDEODRIVER asks; unset it to see a panel")
        advice = "no screen: panels only as pictures, `firstwave panel mark1 --shot FILE`"
        return Row("display", f"none; SDL chose {driver}", NOTE, advice)
    sizes = ", ".join(f"{width} x {height}" for width, height in found["sizes"])
    return Row("display", f"{driver}, {sizes}")


def sound() -> Row:
    """Check whether the panels' sounds will be heard."""
    found = _probe("sound")
    if "error" in found:
        return Row("sound", f"silent: {found['error']}", NOTE, "the panels work without it")
    rate, _, channels = found["settings"]
    settings = f"{rate} Hz, {channels} channels"
    return Row("sound", f"{found['driver']}, {settings}" if found["driver"] else settings)


def _probe(what: str) -> dict[str, Any]:
    """Try screen or sound in a process of its own, for a limited time.

    A sound driver that hangs or a library that crashes then takes only that process with it.
    """
    script = f"from ui.cli import doctor; doctor.try_out({what!r})"
    root = str(Path(__file__).parents[2])
    path = os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH"))))
    environment = {**os.environ, "PYTHONPATH": path, "PYGAME_HIDE_SUPPORT_PROMPT": "1"}
    try:
        done = subprocess.run(
            [sys.executable, "-c", script],
            capture_output=True,
            timeout=PROBE_S,
            check=False,
            env=environment,
        )
        found: dict[str, Any] = json.loads(done.stdout)
    except subprocess.TimeoutExpired:
        return {"error": f"no answer within {PROBE_S:.0f} s"}
    except (OSError, ValueError):
        return {"error": "the trial crashed"}
    return found


def try_out(what: str) -> None:
    """Open SDL's ``screen`` or ``sound`` and print what was found as JSON."""
    found: dict[str, Any]
    try:
        import pygame

        if what == "screen":
            pygame.display.init()
            found = {
                "driver": pygame.display.get_driver(),
                "sizes": pygame.display.get_desktop_sizes(),
                "sdl": ".".join(map(str, pygame.get_sdl_version())),
            }
        else:
            pygame.mixer.init()
            driver = getattr(pygame.mixer, "get_driver", str)()
            found = {"driver": driver, "settings": pygame.mixer.get_init()}
    except Exception as error:  # whatever it is, the doctor tells it
        found = {"error": str(error) or type(error).__name__}
    print(json.dumps(found))


def serial_ports() -> Row:
    """List the serial ports a photocell board could be on."""
    try:
        from serial.tools import list_ports

        ports = list_ports.comports()
    except ImportError as error:
        return Row("serial ports", f"pyserial does not start ({error})", NOTE)
    except OSError as error:
        return Row("serial ports", f"cannot be listed ({error})", NOTE)
    if not ports:
        return Row("serial ports", "none: no photocell board is plugged in")
    return Row("serial ports", "; ".join(f"{port.device} ({port.description})" for port in ports))


def compiled_code(machine: str, longer: str) -> Row:
    """Tell where a machine's compiled engine is kept, and whether it is there yet.

    Parameters
    ----------
    machine
        The package of the machine.
    longer
        How much longer a start takes that compiles.
    """
    check = f"compiled code, {machine}"
    try:
        engine = importlib.import_module(f"machines.{machine}.compiled_loop")
    except ImportError as error:
        return Row(check, f"numba does not start ({error})", BAD, "reinstall numba")
    except RuntimeError as error:
        advice = "set NUMBA_CACHE_DIR to a folder that can be written"
        return Row(check, f"nowhere to keep it ({error})", BAD, advice)
    folder, source = Path(engine.run.stats.cache_path), Path(engine.__file__ or "")
    files = folder.glob(f"{source.stem}.*.nbi")
    kept = [file for file in files if file.stat().st_mtime >= source.stat().st_mtime]
    if kept:
        return Row(check, f"ready in {folder}")
    if not os.access(folder if folder.exists() else folder.parent, os.W_OK):
        advice = f"set NUMBA_CACHE_DIR, or every start compiles for {longer}"
        return Row(check, f"{folder} cannot be written", NOTE, advice)
    return Row(check, f"not yet; {folder}", NOTE, f"the first run takes {longer} longer")
