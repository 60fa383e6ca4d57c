"""Symbols: names of up to six characters that stand for a number.

A symbol is anything of one to six characters without + - * / , $ or blank, at least one of which is
no digit. Under a **heading** (HED) a symbol of up to five characters is another one than without
it, so that routines written apart may use the same names: SAP puts the heading in front of the
symbol, filled up with zeros to six characters. ``H$SYM`` is SYM under heading H whatever heading is
in force, ``$SYM`` is SYM under none. As zeros fill up, leading zeros of a symbol count for nothing.

A symbol is **relocatable** if its number is a location that moves with the program.
"""

from __future__ import annotations

import re
from typing import NamedTuple

LENGTH = 6
_FORBIDDEN = re.compile(r"[-+*/,$\s]")
_NUMERIC = re.compile(r"[0-9='_:>{]*")
"""What SAP takes for a number: characters without a zone. Only digits make sense."""


class Symbol(NamedTuple):
    """A symbol and what it stands for.

    Attributes
    ----------
    name
        As it was written, with its heading: ``H$SYM``.
    value
        15 bits.
    relocatable
        Whether it is a location of the program.
    card, routine
        Where it was defined.
    """

    name: str
    value: int
    relocatable: bool
    card: int
    routine: str = ""


def is_number(element: str) -> bool:
    """Tell whether SAP takes an element for a decimal integer (no element is 0)."""
    return _NUMERIC.fullmatch(element) is not None


def reason_against(name: str) -> str | None:
    """Tell why a name cannot be a symbol; None if it can."""
    if len(name) > LENGTH:
        return f"{name} has {len(name)} characters, a symbol has at most six; shorten it"
    if name.startswith("="):
        return f"{name} is no symbol, and SAP has no literals; define {name[1:]} by DEC or OCT"
    if match := _FORBIDDEN.search(name):
        return f"{name} is no symbol: {match[0]!r} may not stand in one"
    if is_number(name):
        return f"{name or 'nothing'} is no symbol; one character at least must be no digit"
    return None


def key(name: str, heading: str) -> str:
    """Give the six characters by which SAP knows a symbol under a heading ("" for none)."""
    bare = name.lstrip("0")
    if len(bare) < LENGTH and heading not in ("", "0"):
        return heading + bare.rjust(LENGTH - 1, "0")
    return bare.rjust(LENGTH, "0")


def shown(name: str, heading: str) -> str:
    """Write a symbol with its heading, where it has an effect."""
    return f"{heading}${name}" if key(name, heading) != key(name, "") else name
