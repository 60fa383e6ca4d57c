"""How letters come to a net: on a fibre each, or in a binary code that is decoded first.

With one fibre a letter, exactly one fires at a time. A code takes fewer fibres: letter number i
fires those whose bits are 1 in its number, and a layer of cells, one a letter, tells from them
which letter it was, one tick later: excited by its ones, vetoed by its zeros. The letter that is
all zeros would have to fire its cell out of silence, which no cell does (Theorem III). So the
numbers begin with 1; or, if they shall begin with 0, a cell that always fires excites that one,
and silence is read as that letter; or a clock fibre does, which fires with every letter.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from simulator.errors import Mistake

from .drawing import Drawing

CODES = ("one-hot", "binary", "binary-always", "binary-clock")
"""A fibre a letter; numbers from 1; from 0 by an always-firing cell; from 0 by a clock fibre."""


class Symbols(NamedTuple):
    """The letters of a net and what carries them.

    Attributes
    ----------
    letters
        Their names.
    code
        One of :data:`CODES`.
    afferents
        The fibres that carry them.
    fires
        For each letter the fibres that fire for it.
    """

    letters: tuple[str, ...]
    code: str
    afferents: tuple[str, ...]
    fires: tuple[tuple[str, ...], ...]

    @property
    def lag(self) -> int:
        """After how many ticks each letter has a fibre of its own."""
        return int(self.code != "one-hot")

    @property
    def rows(self) -> tuple[int, ...]:
        """For each letter the afferents that fire, bit i the i-th."""
        places = {name: 1 << k for k, name in enumerate(self.afferents)}
        return tuple(sum(places[name] for name in some) for some in self.fires)


def symbols(letters: Sequence[str], code: str = "one-hot") -> Symbols:
    """Say which fibres carry letters.

    Raises
    ------
    Mistake
        If there is no such code, or no letter.
    """
    if code not in CODES:
        raise Mistake(f"no code is called {code!r}; there are {', '.join(CODES)}")
    if not letters:
        raise Mistake("there are no letters to be carried; give an alphabet")
    names = tuple(letters)
    if code == "one-hot":
        return Symbols(names, code, names, tuple((name,) for name in names))
    first = int(code == "binary")
    bits = _free([f"bit{k}" for k in range(max(1, (len(names) - 1 + first).bit_length()))], names)
    clock = _free(["CLOCK"], names) if code == "binary-clock" else []
    fires = tuple(
        (*(bit for k, bit in enumerate(bits) if number >> k & 1), *clock)
        for number in range(first, first + len(names))
    )
    return Symbols(names, code, (*bits, *clock), fires)


def _free(wanted: list[str], letters: Sequence[str]) -> list[str]:
    """Make names no letter has."""
    while set(wanted) & set(letters):
        wanted = [f"{name}_" for name in wanted]
    return wanted


def decoded(board: Drawing, given: Symbols) -> dict[str, str]:
    """Draw what tells the letters from their code; give each letter's own fibre."""
    if given.code == "one-hot":
        return {letter: letter for letter in given.letters}
    found = {}
    for letter, firing in zip(given.letters, given.fires, strict=True):
        carriers = firing or (board.always(),)
        zeros = [fibre for fibre in given.afferents if fibre not in firing]
        name = board.free_name(letter)
        found[letter] = board.circle(name, dict.fromkeys(carriers, 1), zeros, h=len(carriers))
    return found
