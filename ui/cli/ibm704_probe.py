"""Probes on words of the 704 by their names (``W-17``, ``SUM+3``): as numbers, waveform or plot.

Which, the suffix of the file says: ``.csv`` and ``.vcd`` are written while the program runs, a
picture (``.png``, ``.svg``, ``.pdf``) in the end.
"""

from __future__ import annotations

import contextlib
import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from vcd import VCDWriter

from machines.ibm704 import Ibm704
from machines.ibm704 import words as parts
from machines.ibm704.stores import Words
from machines.ibm704.words import octal
from simulator.errors import Mistake
from ui.cli.ibm704_expressions import location
from ui.report import Line, check_picture_path, curves

PICTURES = (".png", ".svg", ".pdf")
VIEWS: Mapping[str, Callable[[int], float]] = {
    "float": lambda word: float(parts.floating(word)),
    "fixed": lambda word: float(parts.fixed(word)),
}
_TERM = r"(\$?\w+(\$\w+)?|\d+\.)"
_PLACE = re.compile(rf"{_TERM}([-+]{_TERM})*", re.ASCII)
_REGISTER = re.compile(
    r"(?<![\w$])(AC|MQ|SR|IC|XR[ABC]|CYCLES|INSTRUCTIONS)(?![\w$])", re.IGNORECASE
)
MOST_PLOTTED = 1_000_000
"""Changes a plot remembers."""


class Probes:
    """Probes clipped on a machine, or none.

    Parameters
    ----------
    machine
        The machine.
    locations
        Locations by name.
    views
        What each word is read as: ``float`` or ``fixed``, by name.
    tell
        Is told of each change: instant in nanoseconds, name, word.
    """

    def __init__(
        self,
        machine: Ibm704,
        locations: Mapping[str, int],
        views: Mapping[str, str],
        tell: Callable[[int, str, int], object] = lambda *_: None,
    ) -> None:
        self._machine = machine
        self._words = Words(machine, locations) if locations else None
        self._views, self._tell = views, tell

    @property
    def now(self) -> dict[str, float]:
        """The numbers in the words, by name."""
        words = self._words.now if self._words else {}
        return {name: VIEWS[self._views[name]](word) for name, word in words.items()}

    def run_to_stop(self, limit_ns: int) -> int:
        """Let the machine run to a stop of its own or a limit, and tell of changes."""
        if self._words is None:
            return self._machine.run_to_stop(limit_ns)
        return self._words.run_to_stop(limit_ns, self._tell)


@contextlib.contextmanager
def probe_file(
    machine: Ibm704,
    named: Sequence[str],
    path: Path | None,
    symbols: Mapping[str, int],
    view: str,
) -> Iterator[Probes]:
    """Clip probes on for a while, and write what they see to a file.

    Parameters
    ----------
    machine
        The machine, its program in storage.
    named
        Locations as in the debugger, numbers octal; ``:fixed`` or ``:float`` behind one tells
        what its word is.
    path
        The file; None for no probes.
    symbols
        The program's symbols.
    view
        What words are of which it is not told.

    Raises
    ------
    Mistake
        If there is no such location, or the file is of no known kind or cannot be written.
    """
    if named and path is None:
        raise Mistake("--probe needs --probes FILE: .csv, .vcd, .png, .svg or .pdf")
    if path is not None and not named:
        raise Mistake(f"--probes {path}: nothing is probed; name a word, as in --probe W-1")
    if path is None:
        yield Probes(machine, {}, {})
        return
    views: dict[str, str] = {}
    locations: dict[str, int] = {}
    for text in named:
        name, colon, kind = "".join(text.split()).partition(":")
        if colon and kind not in VIEWS:
            raise Mistake(f"--probe {text}: behind the colon stands fixed or float")
        if not _PLACE.fullmatch(name) or _REGISTER.search(name):
            raise Mistake(
                f"--probe {text}: give a word of core storage, as W-3 or 1234; no register, "
                "no brackets"
            )
        if views.setdefault(name, kind or view) != (kind or view):
            raise Mistake(f"--probe {text}: {name} is probed as {views[name]} already")
        locations[name] = location(name, symbols, machine)
    suffix = path.suffix.lower()
    write = _WRITERS.get(suffix)
    if write is None and suffix not in PICTURES:
        raise Mistake(f"--probes {path}: .csv, .vcd, .png, .svg or .pdf")
    try:
        with (write or _plot)(path, machine, views) as tell:
            for name, at in locations.items():
                tell(machine.now_ns, name, machine.examine(at))
            yield Probes(machine, locations, views, tell)
    except OSError as error:
        raise Mistake(f"{path}: cannot be written ({error.strerror})") from error


Tell = Callable[[int, str, int], None]


@contextlib.contextmanager
def _csv(path: Path, _machine: Ibm704, views: Mapping[str, str]) -> Iterator[Tell]:
    with path.open("w", encoding="ascii") as file:
        file.write("microseconds,word,octal,value\n")

        def tell(t_ns: int, name: str, word: int) -> None:
            file.write(f"{t_ns // 1000},{name},{octal(word)},{VIEWS[views[name]](word):.12g}\n")

        yield tell


@contextlib.contextmanager
def _vcd(path: Path, machine: Ibm704, views: Mapping[str, str]) -> Iterator[Tell]:
    with path.open("w", encoding="ascii") as file:
        comment = f"{machine.name} on firstwave, {machine.engine} engine"
        writer = VCDWriter(file, timescale="1 ns", comment=comment, init_timestamp=machine.now_ns)
        words: dict[str, Any] = {}
        numbers: dict[str, Any] = {}
        for name in views:
            legal = name.replace("-", "_minus_").replace("+", "_plus_")
            legal = legal.replace("$", "_").replace(".", "")
            words[name] = writer.register_var("ibm704.core", f"{legal}_word", "wire", 36)
            numbers[name] = writer.register_var("ibm704.core", legal, "real")

        def tell(t_ns: int, name: str, word: int) -> None:
            writer.change(words[name], t_ns, word)
            writer.change(numbers[name], t_ns, VIEWS[views[name]](word))

        yield tell
        writer.close()


@contextlib.contextmanager
def _plot(path: Path, machine: Ibm704, views: Mapping[str, str]) -> Iterator[Tell]:
    check_picture_path(path)
    seen: dict[str, list[tuple[float, float]]] = {name: [] for name in views}
    count = 0

    def tell(t_ns: int, name: str, word: int) -> None:
        nonlocal count
        if count < MOST_PLOTTED:
            seen[name].append((t_ns / 1e9, VIEWS[views[name]](word)))
            count += 1

    yield tell
    end_s = machine.now_ns / 1e9
    lines = []
    for name, changes in seen.items():
        steps = [*changes, (end_s, changes[-1][1] if changes else math.nan)]
        x = [t for t, _ in steps[1:] for _ in range(2)]
        y = [v for _, v in steps[:-1] for _ in range(2)]
        lines.append(Line(name, [steps[0][0], *x[:-1]], y))
    curves(path, "IBM 704: words of core storage", ("seconds of machine time", ""), lines)


_WRITERS = {".csv": _csv, ".vcd": _vcd}
