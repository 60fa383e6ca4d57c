"""A punched card: 80 columns of 12 rows, and the 24 words the 704 sees in it.

A card is a tuple of 80 columns. A column is 12 bits, its rows from the top edge down: 12, 11, 0, 1
... 9, row 12 at the left (4000 octal) and row 9 at the right (1).

The 704 reads and punches **row binary**: its card machines are wired to columns 1-72, and a row of
them is two words. Rows come from the bottom edge up, the left word first: 9 left, 9 right, 8 left
... 0 right, 11 left, 11 right, 12 left, 12 right. Bit S of a word is its first column.

As **text** a column is one character (:mod:`machines.ibm704.media.codes`).

Source: the manual on the 711 reader (row order 9L, 9R, 8L ... 12R), through Z0ftware and Sim704.
"""

from __future__ import annotations

from collections.abc import Sequence

from machines.ibm704.media import codes
from simulator.errors import Mistake

Card = tuple[int, ...]
"""80 columns of 12 bits."""

COLUMNS = 80
WORDS = 24
BLANK_CARD: Card = (0,) * COLUMNS

ROWS = ("9", "8", "7", "6", "5", "4", "3", "2", "1", "0", "11", "12")
"""The rows in the order in which the 704 reads them; row ``ROWS[r]`` is bit ``r`` of a column."""


def from_words(words: Sequence[int]) -> Card:
    """Punch a card from up to 24 words of 36 bits, 9 left first; columns 73-80 stay blank.

    Raises
    ------
    Mistake
        If there are more than 24 words, or one has more than 36 bits.
    """
    if len(words) > WORDS:
        raise Mistake(f"a card holds {WORDS} words, not {len(words)}; use several cards")
    columns = [0] * COLUMNS
    for place, word in enumerate(words):
        if not 0 <= word < 1 << 36:
            raise Mistake(f"word {place + 1} of a card is {word}; a word is 36 bits")
        row, first = 1 << (place // 2), 36 * (place % 2)
        while word:
            low = word & -word
            columns[first + 36 - low.bit_length()] |= row
            word ^= low
    return tuple(columns)


def words_of(card: Card) -> list[int]:
    """Read the 24 words of columns 1-72, 9 left first."""
    words = [0] * WORDS
    for column, punches in enumerate(card[:72]):
        side, bit = divmod(column, 36)
        while punches:
            low = punches & -punches
            words[2 * (low.bit_length() - 1) + side] |= 1 << (35 - bit)
            punches ^= low
    return words


def from_text(line: str, where: str = "card") -> Card:
    """Punch a card from a line of up to 80 characters.

    Raises
    ------
    Mistake
        If a character has no punches or the line is too long.
    """
    line = line.rstrip()
    if len(line) > COLUMNS:
        raise Mistake(
            f"{where}: {len(line)} characters, a card has {COLUMNS} columns; shorten the line"
        )
    punched = [codes.PUNCHES[code] for code in codes.codes(line, where)]
    return tuple(punched + [0] * (COLUMNS - len(punched)))


def text_of(card: Card) -> str | None:
    """Read a card as text of 80 characters; None if a column is no character."""
    bcd = [codes.CODE_OF_PUNCHES.get(punches) for punches in card]
    return None if None in bcd else codes.glyphs(code for code in bcd if code is not None)
