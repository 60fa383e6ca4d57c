"""The six-bit characters of the 704, and how they are written on cards and on tape.

In storage a character is six bits, six characters a word. **BCD** of the 704 puts the digits at
00-11 (octal), A-I at 21-31, J-R at 41-51, S-Z at 62-71 and the blank at 60. Its wheels print 48
characters. The other 16 codes have no character of their own; here they are written by the ASCII
characters other simulators of the 704 use for them, so that no code is ever lost.

On a **card** a character is a column: the two upper bits of its code are a zone punch (12, 11 or
0), the four lower ones a punch in row 1 to 9, or two (8 and 2 to 7) from ten on.

On **tape** a frame is seven bits, the seventh a parity bit: odd in binary records, even in BCD
ones. BCD is rearranged on its way: zones 01 and 11 change places, and 00 is written as 12, because
a frame without a single 1 would be blank tape.

Sources: character table, tape code and parity after the 704 manual as given in Z0ftware's notes on
BCD; the punches of the 16 codes without a character after Sim704.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from simulator.errors import Mistake

GLYPHS = "0123456789_=':>{+ABCDEFGHI?.)[<}-JKLMNOPQR!$*];^ /STUVWXYZ|,(~\\\""
"""The 64 characters, by their BCD code."""

PRINTED = frozenset(GLYPHS) - frozenset('_:>{?[<}!];^|~\\"')
"""The 48 characters the wheels of the printer have (the blank is one)."""

BLANK = GLYPHS.index(" ")
"""BCD code of the blank: 60 octal."""

_OTHERS = {"#": "=", "@": "'", "&": "+", "%": "("}
"""What a card of business use shows for the same punches."""

_CODE = {glyph: code for code, glyph in enumerate(GLYPHS)}
_CODE |= {other: _CODE[glyph] for other, glyph in _OTHERS.items()}
_CODE |= {glyph.lower(): code for glyph, code in _CODE.items()}

_ZONE = (0, 0o4000, 0o2000, 0o1000)  # none, 12, 11, 0


def _punches(code: int) -> int:
    """Give the punches of a code: 12 bits, rows 12, 11, 0, 1 ... 9 from the left."""
    zone, digit = code >> 4, code & 0o17
    if code == BLANK:
        return 0
    if code == 0:
        return 0o1000
    rows = [] if digit == 0 else [digit] if digit < 10 else [8, digit - 8]
    return _ZONE[zone] | sum(1 << (9 - row) for row in rows)


PUNCHES = tuple(_punches(code) for code in range(64))
"""Column punches of each BCD code: 12 bits, rows 12, 11, 0, 1 ... 9 from the left."""

CODE_OF_PUNCHES = {punches: code for code, punches in enumerate(PUNCHES)}
"""BCD code of a column; columns not in it are no character."""

TO_TAPE = tuple(0o12 if code == 0 else code ^ 0o40 if code & 0o20 else code for code in range(64))
"""Tape character of a BCD code, without parity. Code 12 goes out as it is and comes back as 00."""

FROM_TAPE = tuple(0 if code == 0o12 else code ^ 0o40 if code & 0o20 else code for code in range(64))
"""BCD code of a tape character."""

ODD = tuple(code | (0o100 if code.bit_count() % 2 == 0 else 0) for code in range(64))
"""A tape frame, seven bits, of a character with odd parity."""

EVEN = tuple(code | (0o100 if code.bit_count() % 2 else 0) for code in range(64))
"""A tape frame, seven bits, of a character with even parity."""


def code_of(character: str) -> int | None:
    """Give the BCD code of a character; None if it has none. Lower case counts as upper."""
    return _CODE.get(character)


def codes(text: str, where: str = "text") -> list[int]:
    """Write text as BCD codes.

    Parameters
    ----------
    text
        Characters of :data:`GLYPHS`; lower case counts as upper, ``# @ & %`` as ``= ' + (``.
    where
        What the text is, for the mistake.

    Raises
    ------
    Mistake
        If a character has no code.
    """
    result = []
    for place, character in enumerate(text, 1):
        code = _CODE.get(character)
        if code is None:
            raise Mistake(
                f"{where}: the 704 has no character {character!r} (column {place}); "
                "it has letters, digits and + - * / = ' . , ( ) $"
            )
        result.append(code)
    return result


def glyphs(bcd: Iterable[int]) -> str:
    """Write BCD codes (0..63) as text."""
    return "".join(GLYPHS[code] for code in bcd)


def words_of_text(text: str, where: str = "text") -> list[int]:
    """Pack text into words of six characters, the last filled up with blanks.

    Raises
    ------
    Mistake
        If a character has no code.
    """
    bcd = codes(text, where)
    bcd += [BLANK] * (-len(bcd) % 6)
    return words_of_characters(bcd)


def text_of_words(words: Iterable[int]) -> str:
    """Read words (36 bits) as text, six characters each."""
    return glyphs(characters_of_words(words))


def words_of_characters(characters: Sequence[int]) -> list[int]:
    """Pack six-bit characters into words, the last filled up with zeros at the right."""
    words = []
    for first in range(0, len(characters), 6):
        word = 0
        for character in characters[first : first + 6]:
            word = word << 6 | character
        words.append(word << 6 * max(0, first + 6 - len(characters)))
    return words


def characters_of_words(words: Iterable[int]) -> list[int]:
    """Take words (36 bits) apart into characters, six each."""
    return [word >> shift & 0o77 for word in words for shift in (30, 24, 18, 12, 6, 0)]
