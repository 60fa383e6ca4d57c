"""What the afferents carry, read from a waveform: a Value Change Dump.

The dump of a run can be played again, also into another net: the wires called as the afferents
are taken, all others are passed over. A wire that is not dumped stays silent. Every change must
fall on a tick, since a net knows no time between ticks; a simulator of circuits writes other
times, and such a dump is refused rather than rounded.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from vcd.reader import (
    RealChange,
    ScalarChange,
    ScopeDecl,
    StringChange,
    Token,
    TokenKind,
    VarDecl,
    VCDParseError,
    VectorChange,
    tokenize,
)

from simulator.errors import Mistake

from .description import Description
from .exports.names import identifiers
from .net import Net

MOST_BYTES = 1 << 25
"""No waveform of more bytes is read (about half a minute's work)."""
MOST_PULSES = 1 << 28
"""No stimulus has more ticks times afferents."""
AFFERENTS = ("net", "afferents")
"""The scope of the afferents in dumps of nets."""
_CHANGES = (ScalarChange, VectorChange, RealChange, StringChange)
"""How a dump may tell a wire's value; some programs write one bit as a vector of one, ``b1``."""
_UNITS_FS = {"s": 10**15, "ms": 10**12, "us": 10**9, "ns": 10**6, "ps": 10**3, "fs": 1}


class Wire(NamedTuple):
    """A wire that is declared: in which scope, its code in the dump, how many bits."""

    scope: tuple[str, ...]
    code: str
    size: int


def looks_like_waveform(text: str) -> bool:
    """Tell whether a text begins as Value Change Dumps do."""
    first = text[:200].split(maxsplit=1)
    return bool(first) and first[0] in ("$comment", "$date", "$version", "$timescale", "$scope")


def read(net: Net, data: bytes, tick_us: int = Description.tick_us) -> NDArray[np.uint8]:
    """Read what a dump has for the afferents of a net.

    Parameters
    ----------
    net
        The net; its afferents are looked up under the names they have in dumps of it.
    data
        The dump, ASCII.
    tick_us
        How long a tick is.

    Returns
    -------
    numpy.ndarray
        uint8 ``(n, afferents)``: row t is what the afferents carry at time t. The dump's last
        time is where row n would begin.

    Raises
    ------
    Mistake
        If it is no dump, none of its wires is called as an afferent, or a wire changes between
        ticks, is wider than a bit, or neither 0 nor 1: place or wire are named.
    """
    if len(data) > MOST_BYTES:
        raise Mistake(f"a waveform of more than {MOST_BYTES} bytes is not read; give CSV")
    unit_fs = 0
    scope: list[str] = []
    wires: dict[str, list[Wire]] = {}
    fibres: dict[str, list[int]] = {}
    changes: list[tuple[int, int, int]] = []
    now_fs, tick_fs = 0, tick_us * _UNITS_FS["us"]
    begun = False
    for token in _tokens(data):
        found = token.data
        if token.kind is TokenKind.TIMESCALE:
            unit_fs = int(token.timescale.magnitude) * _UNITS_FS[token.timescale.unit.value]
        elif isinstance(found, ScopeDecl):
            scope.append(found.ident)
        elif token.kind is TokenKind.UPSCOPE:
            del scope[-1:]
        elif isinstance(found, VarDecl):
            wires.setdefault(found.reference, []).append(
                Wire(tuple(scope), found.id_code, found.size)
            )
        elif token.kind is TokenKind.ENDDEFINITIONS:
            fibres, begun = _fibres(net, wires), True
            if not unit_fs:
                raise Mistake("the waveform has no $timescale; it tells how long its unit is")
        elif token.kind is TokenKind.CHANGE_TIME:
            before = now_fs
            now_fs = token.time_change * unit_fs
            if now_fs < before:
                raise Mistake(f"line {token.span.start.line}: time goes back in the waveform")
        elif isinstance(found, _CHANGES) and found.id_code in fibres:
            line = token.span.start.line
            now, rest = divmod(now_fs, tick_fs)
            if rest:
                raise Mistake(
                    f"line {line}: an afferent changes between t = {now} and {now + 1}; a tick is "
                    f"{tick_us} us, and changes fall on ticks"
                )
            if str(found.value) not in ("0", "1"):
                name = net.name(fibres[found.id_code][0])
                raise Mistake(
                    f"line {line}: {name} is {str(found.value)!r:.20}; it fires (1) or not (0)"
                )
            changes += [(now, fibre, int(found.value)) for fibre in fibres[found.id_code]]
    if not begun:
        raise Mistake("not a waveform (VCD): it ends before $enddefinitions")
    return _rows(net, changes, max(-(-now_fs // tick_fs), changes[-1][0] + 1 if changes else 0))


def _tokens(data: bytes) -> Iterator[Token]:
    try:
        yield from tokenize(io.BytesIO(data))
    except VCDParseError as error:
        raise Mistake(f"not a waveform (VCD): line {error.loc.line}: {error}") from error
    except (ValueError, IndexError, UnicodeDecodeError) as error:
        raise Mistake(f"not a waveform (VCD): {error}") from error


def _fibres(net: Net, wires: dict[str, list[Wire]]) -> dict[str, list[int]]:
    """Tell which afferents each code of the dump stands for."""
    found: dict[str, list[int]] = {}
    names = identifiers(net)[: net.afferents]
    for fibre, name in enumerate(names):
        called = wires.get(name, [])
        mine = [wire for wire in called if wire.scope == AFFERENTS] or called
        if len({wire.code for wire in mine}) > 1:
            scopes = " and ".join(".".join(wire.scope) for wire in mine[:2])
            raise Mistake(f"several wires are called {name}, in {scopes}; leave one")
        for wire in mine[:1]:
            if wire.size != 1:
                raise Mistake(f"the wire {name} has {wire.size} bits; an afferent carries one")
            found.setdefault(wire.code, []).append(fibre)
    if not found:
        there = ", ".join(sorted(wires)[:8]) or "none"
        raise Mistake(
            f"no wire of the waveform is called as an afferent of the net: "
            f"{', '.join(names[:8]) or 'it has none'} (wires: {there})"
        )
    return found


def _rows(net: Net, changes: list[tuple[int, int, int]], ticks: int) -> NDArray[np.uint8]:
    if ticks * max(1, net.afferents) > MOST_PULSES:
        raise Mistake(f"the waveform lasts {ticks} ticks; ticks times afferents are at most "
                      f"{MOST_PULSES}")  # fmt: skip
    turns = np.zeros((ticks, net.afferents), np.int8)
    level = np.zeros(net.afferents, np.int8)
    for tick, fibre, now in changes:
        turns[tick, fibre] += now - level[fibre]
        level[fibre] = now
    np.cumsum(turns, axis=0, dtype=np.int8, out=turns)
    return turns.view(np.uint8)
