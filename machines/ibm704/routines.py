"""The library of subroutines in SAP: their sources, and what their headings promise.

``programs/library`` holds one file for each routine, as the installations of SHARE passed them to
each other. A program brings one in by ``LIB`` and calls it by ``TSX NAME,4``. A file begins with
remarks that tell how it is called, for which numbers, how exact it is, how long it takes and what
storage it needs; here they are read, for the table in ``docs/ibm704_library.md``, for the tests
that hold the routines to them, and for whoever asks.

    python -m machines.ibm704.routines docs/ibm704_library.md

writes the table anew.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import NamedTuple

from simulator.errors import Mistake
from simulator.files import write_whole

from .sap import read_library

FOLDER = Path(__file__).parent / "programs" / "library"
BEGIN, END = "<!-- routines: begin -->\n", "<!-- routines: end -->\n"
_REMARK = re.compile(r" {7}REM(?:  (?P<key>[A-Z]{1,6})?(?: +(?P<text>.*))?)?")
_TEXT_COLUMN = 20
_HEAD = (
    "| LIB | calls | | domain | error | cycles | core | needs |\n"
    "|---|---|---|---|---|---|---|---|\n"
)
_KEYS = ("CALL", "DOMAIN", "ERROR", "CYCLES", "CORE", "NEEDS", "METHOD", "NOTE")


class Routine(NamedTuple):
    """What the remarks at the head of a routine say.

    Attributes
    ----------
    name
        By which LIB knows it.
    title
        What it does.
    calls
        Its calling sequences, each a tuple of lines.
    domain, error, cycles, core, method, note
        As they stand there, in one line; ``note`` is empty where there is none.
    needs
        Names of the routines it calls, which a program has to bring in as well.
    """

    name: str
    title: str
    calls: tuple[tuple[str, ...], ...]
    domain: str
    error: str
    cycles: str
    core: str
    needs: tuple[str, ...]
    method: str
    note: str

    @property
    def entries(self) -> tuple[str, ...]:
        """The symbols it is called by, in the order of its calling sequences."""
        found = re.findall(r"TSX (\w+),4(?: +OR (\w+) )?", "\n".join(map("\n".join, self.calls)))
        return tuple(dict.fromkeys(name for pair in found for name in pair if name))


def standard_library(folder: Path | None = None) -> dict[str, str]:
    """Give the source of each routine by its name, for the assembler's LIB.

    Parameters
    ----------
    folder
        Routines of one's own, NAME.sap each, which come before those of the same name here.

    Raises
    ------
    Mistake
        If one of them cannot be read or is no text.
    """
    return read_library(FOLDER) | (read_library(folder) if folder else {})


def routine_of(source: str, name: str = "the routine") -> Routine:
    """Read the remarks at the head of a routine.

    Parameters
    ----------
    source
        Its cards.
    name
        What to call it in a complaint.

    Raises
    ------
    Mistake
        If the remarks do not say all that they should.
    """
    title = ""
    said: list[tuple[str, list[str]]] = []
    for line in source.splitlines():
        match = _REMARK.fullmatch(line.rstrip())
        if match is None:
            break
        key, text = match["key"], line[_TEXT_COLUMN:].rstrip()
        if key and not title:
            name, title = key, text
        elif key:
            said.append((key, [text]))
        elif text and said:
            said[-1][1].append(text)
    words = {key: " ".join(part.strip() for part in lines) for key, lines in said}
    missing = [key for key in _KEYS[:-1] if not words.get(key)]
    if missing or not set(words) <= set(_KEYS):
        raise Mistake(f"{name}: its remarks lack {', '.join(missing) or 'known keys'}")
    return Routine(
        name,
        title,
        tuple(tuple(lines) for key, lines in said if key == "CALL"),
        words["DOMAIN"],
        words["ERROR"],
        words["CYCLES"],
        words["CORE"],
        tuple(words["NEEDS"].split()) if words["NEEDS"] != "NOTHING" else (),
        words["METHOD"],
        words.get("NOTE", ""),
    )


def routines() -> dict[str, Routine]:
    """Give what the heading of each routine of the library says, by its name."""
    return {name: routine_of(source, name) for name, source in read_library(FOLDER).items()}


def table() -> str:
    """Give the table of the library as a page shows it."""
    rows = [
        f"| `{one.name}` | {', '.join(f'`{entry}`' for entry in one.entries)} | {_said(one)} "
        f"| {' '.join(f'`{name}`' for name in one.needs)} |\n"
        for one in routines().values()
    ]
    return f"{_HEAD}{''.join(rows)}"


def _said(one: Routine) -> str:
    texts = (one.title, one.domain, one.error, one.cycles, one.core)
    return " | ".join(texts).lower().replace("**", "^")


def renew(page: str) -> str:
    """Give a page with the table between its markers as it should be.

    Raises
    ------
    Mistake
        If the markers are not there.
    """
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise Mistake(f"no {BEGIN.strip()} and {END.strip()} on the page; put them in")
    return f"{before}{BEGIN}\n{table()}\n{END}{after}"


if __name__ == "__main__":
    for name in sys.argv[1:]:
        write_whole(name, renew(Path(name).read_text(encoding="utf-8")).encode())
