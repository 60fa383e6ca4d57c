"""The two tables of a net: what one can look at, and what one can touch."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulator.errors import Mistake
from simulator.points import Control, Kind, Point

from .net import Net

MOST_NAMED = 4096
"""In a net of more fibres, points go by number alone."""
LONGEST_SERIES = 1 << 26
"""No series has more entries than this."""
_PLAIN = re.compile(r"[A-Za-z0-9_]{1,64}")


def points(net: Net) -> list[Point]:
    """Give the table of points; fibres with plain names have a point each."""
    lamp, register, meter = Kind.LAMP, Kind.REGISTER, Kind.METER
    rows = [
        Point("mcculloch_pitts.net.fires", "fires", lamp,
              "fibres, afferents first: 1 fires in this tick", width=1),
        Point("mcculloch_pitts.net.tick", "tick", register, "ticks since t = 0", cell=0),
        Point("mcculloch_pitts.net.firings", "firings", register,
              "pulses of all cells since t = 0", cell=0),
        Point("mcculloch_pitts.net.learned", "learned", lamp,
              "excitatory rows that count because they were learned", width=1),
        Point("mcculloch_pitts.afferents.keys", "keys", lamp,
              "afferents held down: 1 fires at every tick", width=1),
        Point("mcculloch_pitts.afferents.series", "series", meter,
              "what the afferents carry tick by tick", width=1, fixed=False),
        Point("mcculloch_pitts.afferents.place", "series_at", register,
              "row of the series that comes next; its length when it is over", cell=0),
    ]  # fmt: skip
    if net.fibres <= MOST_NAMED:
        for fibre in range(net.fibres):
            name = net.name(fibre)
            kind = "afferent" if fibre < net.afferents else "cell"
            if _PLAIN.fullmatch(name):
                doc = f"{kind} {name}: 1 fires in this tick"
                path = f"mcculloch_pitts.{kind}.{name}"
                rows.append(Point(path, "fires", lamp, doc, cell=fibre, width=1))
    return rows


def controls(net: Net) -> list[Control]:
    """Give the table of controls."""

    def key(value: Any) -> None:
        if value is not None:
            raise Mistake(f"a key is pressed without a value, not with {value!r}")

    def keys(value: Any) -> NDArray[np.uint8]:
        if value is None:
            return np.zeros(net.afferents, np.uint8)
        return _bits("afferents.keys", value, (net.afferents,))

    def series(value: Any) -> NDArray[np.uint8]:
        if value is None:
            value = []
        if not isinstance(value, list | tuple | np.ndarray) or not np.ndim(value[:1]):
            raise Mistake("a series is an array of rows, one a tick")
        rows = len(value)
        if rows * max(1, net.afferents) > LONGEST_SERIES:
            raise Mistake(f"a series has {LONGEST_SERIES} entries at most; play it in parts")
        if not rows:
            return np.zeros((0, net.afferents), np.uint8)
        return _bits("afferents.series", value, (rows, net.afferents))

    table: list[tuple[str, str, Callable[[Any], Any]]] = [
        ("mcculloch_pitts.afferents.keys",
         f"hold afferents down: uint8 ({net.afferents},), 1 fires at every tick from this one on; "
         "None lets go of all", keys),
        ("mcculloch_pitts.afferents.series",
         f"play a series: uint8 (n, {net.afferents}), its first row in this tick; None: stop",
         series),
        ("mcculloch_pitts.net.reset",
         "key: silence, and the state of t = 0; time goes on", key),
    ]  # fmt: skip
    return [Control(path, doc, accept) for path, doc, accept in table]


def _bits(name: str, value: Any, shape: tuple[int, ...]) -> NDArray[np.uint8]:
    try:
        array = np.asarray(value)
    except ValueError as error:
        raise Mistake(f"{name} must be an array of equal rows ({error})") from error
    if array.shape != shape:
        raise Mistake(f"{name} must have shape {shape}, not {array.shape}")
    if array.dtype.kind not in "iub" or ((array != 0) & (array != 1)).any():
        raise Mistake(f"{name} must hold 0 and 1 and nothing else")
    return np.array(array, np.uint8, order="C")
