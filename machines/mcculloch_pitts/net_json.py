"""Nets as JSON that a person can read and write.

```json
{"schema": "firstwave/net/1", "title": "and", "law": {"name": "absolute"},
 "afferents": [{"name": "1"}, {"name": "2"}],
 "cells": [{"name": "3", "h": 2, "excite": [["1", 1], ["2", 1]], "veto": []}],
 "outputs": ["3"]}
```

``excite`` and ``veto`` list what ends on a cell as ``[source, endings]`` or ``[source, endings,
delay]``; ``fires_at_start``, ``at`` (two numbers), ``alterable`` (sources) may be given. In a
net without names, sources are numbers of fibres from 1, and ``afferents`` is a number. A net read
back is the net that was written, row by row.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from simulator.errors import Mistake
from simulator.files import read_bytes, write_whole

from .laws import Law
from .net import MOST_FIBRES, Net

SCHEMA = "firstwave/net/1"
LIMIT = 1 << 29
"""No net file is larger than this many bytes."""
_LAW = {"name", "raises", "window", "error_ppm", "seed"}
_CELL = {"name", "h", "excite", "veto", "fires_at_start", "at", "alterable"}
_NET = {"schema", "title", "law", "afferents", "cells", "outputs"}


def to_json(net: Net) -> dict[str, Any]:
    """Describe a net as JSON values."""
    named = net.names is not None
    label: list[Any] = list(net.names) if net.names is not None else list(range(1, net.fibres + 1))
    places = None if net.positions is None else net.positions.tolist()

    def fibre(number: int) -> dict[str, Any]:
        row: dict[str, Any] = {"name": label[number]} if named else {}
        return row if places is None else row | {"at": places[number]}

    def rows(starts: Any, *columns: Any) -> list[list[list[Any]]]:
        flat = [
            [label[source], endings] if delay == 1 else [label[source], endings, delay]
            for source, endings, delay in zip(*(c.tolist() for c in columns), strict=True)
        ]
        edges = starts.tolist()
        return [flat[a:b] for a, b in pairwise(edges)]

    excite = rows(net.starts, net.sources, net.endings, net.delays)
    veto = rows(net.veto_starts, net.vetoes, net.veto_endings, net.veto_delays)
    cells = []
    for i, (h, first) in enumerate(zip(net.h.tolist(), net.initial.tolist(), strict=True)):
        cell = fibre(net.afferents + i) | {"h": h, "excite": excite[i]}
        if veto[i]:
            cell["veto"] = veto[i]
        if first:
            cell["fires_at_start"] = True
        if net.alterable is not None:
            marks = net.alterable[net.starts[i] : net.starts[i + 1]].tolist()
            cell["alterable"] = [n for n, mark in enumerate(marks, 1) if mark]
        cells.append(cell)
    bare = not named and places is None
    return {
        "schema": SCHEMA,
        "title": net.title,
        "law": _law_to_json(net.law),
        "afferents": net.afferents if bare else [fibre(n) for n in range(net.afferents)],
        "cells": cells,
        "outputs": [label[n] for n in net.outputs],
    }


def _law_to_json(law: Law) -> dict[str, Any]:
    plain = Law()
    given = {"raises": list(law.raises), "window": law.window, "error_ppm": law.error_ppm,
             "seed": law.seed}  # fmt: skip
    blank = {"raises": [], "window": plain.window, "error_ppm": 0, "seed": 0}
    return {"name": law.name} | {k: v for k, v in given.items() if v != blank[k]}


def dumps(net: Net) -> str:
    """Write a net as text, one cell a line."""
    whole = to_json(net)
    cells = ",\n  ".join(json.dumps(cell) for cell in whole.pop("cells"))
    outputs = whole.pop("outputs")
    head = ",\n ".join(f"{json.dumps(key)}: {json.dumps(value)}" for key, value in whole.items())
    return f'{{{head},\n "cells": [\n  {cells}\n ],\n "outputs": {json.dumps(outputs)}}}\n'


def save(net: Net, path: str | Path) -> None:
    """Write a net to a file, whole or not at all.

    Raises
    ------
    Mistake
        If the file cannot be written.
    """
    write_whole(path, dumps(net))


def load(path: str | Path) -> Net:
    """Read a net from a file.

    Raises
    ------
    Mistake
        If there is no such file, or what is in it is no net: one line with file and place.
    """
    data = read_bytes(path, LIMIT)
    try:
        return loads(data)
    except Mistake as mistake:
        raise Mistake(f"{path}: {mistake}") from mistake


def loads(text: str | bytes) -> Net:
    """Read a net from text.

    Raises
    ------
    Mistake
        If it is no net: one line that names the place.
    """
    try:
        given = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Mistake(f"not a net: not JSON ({error})") from error
    return from_json(given)


def from_json(given: Any) -> Net:
    """Make the net that :func:`to_json` described.

    Raises
    ------
    Mistake
        If something is missing, unknown, or of the wrong kind: one line that names the place.
    """
    if not isinstance(given, dict):
        raise Mistake("not a net: it must be a JSON object")
    if given.get("schema") != SCHEMA:
        raise Mistake(f"schema is {given.get('schema')!r:.80}, this firstwave reads {SCHEMA}")
    _only(given, _NET, "a net")
    cells = _list(given.get("cells"), "cells")
    afferents = given.get("afferents", 0)
    first: list[Any] = (
        [{}] * afferents
        if isinstance(afferents, int) and 0 <= afferents <= MOST_FIBRES
        else _list(afferents, "afferents (a list, or how many)")
    )
    both = [_object(row, f"afferent {n}") for n, row in enumerate(first, 1)]
    both += [_object(row, f"cell {n}") for n, row in enumerate(cells, 1)]
    names = _names(both)
    number: dict[Any, int] = (
        {n: n - 1 for n in range(1, len(both) + 1)}
        if names is None
        else {name: n for n, name in enumerate(names)}
    )
    for row in both[: len(first)]:
        _only(row, {"name", "at"}, "an afferent")
    called = [_called(row, n) for n, row in enumerate(both[len(first) :], 1)]
    excite, veto = _Rows(number), _Rows(number)
    alterable: list[bool] = []
    for name, cell in zip(called, both[len(first) :], strict=True):
        if not cell.keys() <= _CELL:
            _only(cell, _CELL, f"cell {name}")
        rows = _list(cell.get("excite", []), f"excite of cell {name}")
        excite.add(name, rows)
        veto.add(name, _list(cell.get("veto", []), f"veto of cell {name}"))
        alterable += _marks(name, cell, len(rows))
    return Net(
        len(first),
        _numbers([_h(name, cell) for name, cell in zip(called, cells, strict=True)]),
        *excite.arrays(),
        *veto.arrays(),
        np.array([_at_start(n, c) for n, c in zip(called, cells, strict=True)], np.uint8),
        _numbers([_source(number, name, "outputs") for name in
                  _list(given.get("outputs", []), "outputs")]),
        names,
        _positions(both),
        _law(given.get("law", {"name": "absolute"})),
        _title(given.get("title", "")),
        np.array(alterable, np.uint8) if any("alterable" in c for c in cells) else None,
    )  # fmt: skip


class _Rows:
    """What ends on the cells, gathered cell by cell."""

    def __init__(self, number: Mapping[Any, int]) -> None:
        self._number = number
        self._cells: list[str] = []
        self._starts = [0]
        self._flat: list[Any] = []

    def add(self, name: str, rows: list[Any]) -> None:
        """Take what ends on one cell."""
        self._cells.append(name)
        self._flat += rows
        self._starts.append(len(self._flat))

    def arrays(self) -> tuple[Any, Any, Any, Any]:
        """Give starts, sources, endings and delays."""
        flat, number = self._flat, self._number
        whole: list[Any] = []
        if set(map(type, flat)) <= {list} and set(map(len, flat)) <= {2, 3}:
            whole = [row if len(row) == 3 else (*row, 1) for row in flat]
        named, endings, delays = ([row[i] for row in whole] for i in range(3))
        fine = len(whole) == len(flat) and set(map(type, endings + delays)) <= {int}
        if fine and set(map(type, named)) <= {str, int}:
            sources = [number.get(source, -1) for source in named]
            if min(sources, default=0) >= 0 and _in_range(endings) and _in_range(delays):
                columns = (np.array(c, np.int32) for c in (sources, endings, delays))
                return np.array(self._starts, np.int64), *columns  # type: ignore[return-value]
        raise self._mistake()

    def _mistake(self) -> Mistake:
        """Word what is wrong with the first row that is."""
        for name, (first, last) in zip(self._cells, pairwise(self._starts), strict=True):
            for row in self._flat[first:last]:
                if not isinstance(row, list) or not 2 <= len(row) <= 3:
                    return Mistake(
                        f"cell {name}: a row is [source, endings] or [source, endings, delay], "
                        f"not {row!r:.80}"
                    )
                if any(type(n) is not int or not _in_range([n]) for n in row[1:]):
                    return Mistake(
                        f"cell {name}: endings and delay are whole numbers from 1, in {row!r:.80}"
                    )
                if type(row[0]) not in (str, int) or row[0] not in self._number:
                    return Mistake(f"cell {name}: no fibre is called {row[0]!r:.80}")
        raise AssertionError("every row is sound")


def _in_range(numbers: Sequence[int]) -> bool:
    return min(numbers, default=1) >= 1 and max(numbers, default=1) < 1 << 31


def _source(number: Mapping[Any, int], source: Any, where: str) -> int:
    found = number.get(source) if type(source) in (str, int) else None
    if found is None:
        raise Mistake(f"{where}: no fibre is called {source!r:.80}")
    return found


def _names(fibres: list[dict[str, Any]]) -> tuple[str, ...] | None:
    if not any("name" in fibre for fibre in fibres):
        return None
    for n, fibre in enumerate(fibres, 1):
        name = fibre.get("name")
        if not isinstance(name, str) or not 1 <= len(name) <= 200 or not name.isprintable():
            raise Mistake(f"fibre {n} has no name, or none of 1 to 200 printable characters")
    return tuple(fibre["name"] for fibre in fibres)


def _called(cell: dict[str, Any], n: int) -> str:
    return str(cell.get("name", f"number {n}"))


def _marks(name: str, cell: dict[str, Any], rows: int) -> list[bool]:
    marks = [False] * rows
    for n in _list(cell.get("alterable", []), f"alterable of cell {name}"):
        if not 1 <= _whole(n, f"alterable of cell {name}") <= rows:
            raise Mistake(f"cell {name}: alterable lists rows of excite from 1 to {rows}, not {n}")
        marks[n - 1] = True
    return marks


def _h(name: str, cell: dict[str, Any]) -> int:
    return _whole(cell.get("h"), f"h of cell {name}")


def _at_start(name: str, cell: dict[str, Any]) -> bool:
    first = cell.get("fires_at_start", False)
    if not isinstance(first, bool):
        raise Mistake(f"cell {name}: fires_at_start is true or false, not {first!r:.80}")
    return first


def _positions(fibres: list[dict[str, Any]]) -> Any:
    if not any("at" in fibre for fibre in fibres):
        return None
    for n, fibre in enumerate(fibres, 1):
        at = fibre.get("at", [0, 0])
        if (
            not isinstance(at, list)
            or len(at) != 2
            or not all(type(x) in (int, float) and abs(x) < 1e30 for x in at)
        ):
            raise Mistake(f"fibre {n}: at is two numbers, x and y")
    return np.array([fibre.get("at", [0, 0]) for fibre in fibres], np.float32)


def _law(given: Any) -> Law:
    law = _object(given, "law")
    _only(law, _LAW, "a law")
    numbers = {key: _whole(value, f"the law's {key}") for key, value in law.items()
               if key not in ("name", "raises")}  # fmt: skip
    raises = [_whole(b, "the law's raises") for b in _list(law.get("raises", []), "raises")]
    name = law.get("name")
    if not isinstance(name, str):
        raise Mistake("a law has a name")
    return Law(name, tuple(raises), **numbers)


def _title(given: Any) -> str:
    if not isinstance(given, str) or len(given) > 10_000:
        raise Mistake("a title is a text of at most 10000 characters")
    return given


def _numbers(numbers: list[int]) -> Any:
    return np.array([max(-1, min(n, (1 << 31) - 1)) for n in numbers], np.int32)


def _whole(value: Any, what: str) -> int:
    if type(value) is not int:
        raise Mistake(f"{what} must be a whole number, not {value!r:.80}")
    return value


def _list(value: Any, what: str) -> list[Any]:
    if not isinstance(value, list):
        raise Mistake(f"{what} must be a list, not {value!r:.80}")
    return value


def _object(value: Any, what: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise Mistake(f"{what} must be an object, not {value!r:.80}")
    return value


def _only(given: dict[str, Any], known: set[str], what: str) -> None:
    if odd := sorted(set(given) - known):
        raise Mistake(f"{what} has no {odd[0]!r:.80}; it has {', '.join(sorted(known))}")
