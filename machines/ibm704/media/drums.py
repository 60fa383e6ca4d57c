"""A magnetic drum in a file: the 2048 words of one logical drum.

The file has five bytes a word, as Sim704 writes it: address part and decrement part, two bytes
each, lowest first, then a byte with the prefix in its upper half and the tag in its lower one. A
drum file of SIMH, eight bytes a word and as many words as were ever written, is read too.

Sources: Sim704's source for the order of the parts, SIMH's for its form.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from pathlib import Path

from simulator.errors import Mistake
from simulator.files import read_bytes, write_whole

WORDS = 2048
BYTES = 5 * WORDS
_PARTS = struct.Struct("<HHB")
_SIMH_LIMIT = 8 * WORDS * 16


def read_drum(path: str | Path, drum: int = 1) -> list[int]:
    """Read a drum file.

    Parameters
    ----------
    path
        The file.
    drum
        Which logical drum to take out of a SIMH file, which holds all of them, from 1.

    Returns
    -------
    words
        2048 words of 36 bits.

    Raises
    ------
    Mistake
        If the file cannot be read, has the length of no drum, or a word of more than 36 bits.
    """
    content = read_bytes(path, _SIMH_LIMIT)
    if len(content) == BYTES and _fits(content):
        return [
            prefix >> 4 << 33 | decrement << 18 | (prefix & 0o7) << 15 | address
            for address, decrement, prefix in _PARTS.iter_unpack(content)
        ]
    if not content or len(content) % 8:
        raise Mistake(
            f"{path}: {len(content)} bytes; a drum file has {BYTES} (or, written by SIMH, eight "
            "for each word); it is cut short or no drum, copy it again"
        )
    words = list(struct.unpack(f"<{len(content) // 8}Q", content))
    if max(words) >> 36:
        place = next(place for place, word in enumerate(words) if word >> 36)
        raise Mistake(f"{path}: word {place} has more than 36 bits; the file is damaged or no drum")
    own = words[(drum - 1) * WORDS : drum * WORDS]
    return own + [0] * (WORDS - len(own))


def _fits(content: bytes) -> bool:
    return all(
        address < 1 << 15 and decrement < 1 << 15 and not prefix & 0o10 and prefix < 0x80
        for address, decrement, prefix in _PARTS.iter_unpack(content)
    )


def write_drum(path: str | Path, words: Sequence[int]) -> None:
    """Write the words of a drum (up to 2048 of 36 bits; the rest is zero).

    Raises
    ------
    Mistake
        If there are too many words, one is too large, or the file cannot be written.
    """
    if len(words) > WORDS:
        raise Mistake(f"{path}: a drum holds {WORDS} words, not {len(words)}")
    full = [*words, *[0] * (WORDS - len(words))]
    if any(not 0 <= word < 1 << 36 for word in full):
        raise Mistake(f"{path}: a word of a drum is 36 bits")
    write_whole(
        path,
        b"".join(
            _PARTS.pack(word & 0o77777, word >> 18 & 0o77777, word >> 33 << 4 | word >> 15 & 0o7)
            for word in full
        ),
    )
