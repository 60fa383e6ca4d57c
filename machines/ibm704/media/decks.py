"""Decks of cards in files: ``.cbn`` column binary, and text.

A ``.cbn`` file has 160 bytes a card, two a column: rows 12 to 3, then rows 4 to 9, six bits each.
Bit 6 makes the parity of a byte odd, bit 7 marks the first byte of a card. (It is thus a binary
tape of 160-character records.) SIMH, Sim704 and sap23 write it, SIMH also under the name ``.dck``.

A text deck has a line a card. A card that is no text stands in it as SIMH writes it: ``~raw`` and
80 columns of four octal digits, so that any deck can be text and come back punch by punch.

Both are read card by card; a file of any length takes no more storage than one card.

Sources: those of SIMH, Sim704 and sap23.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from machines.ibm704.media import cards, codes
from machines.ibm704.media.cards import COLUMNS, Card
from simulator.errors import Mistake
from simulator.files import write_whole

CARD_BYTES = 2 * COLUMNS
LINE_LIMIT = 4096
_MARK = 0x80
_FILE_MARK = 0x8F
SPECIAL = {"~eor": 0o007, "~eof": 0o015, "~eoi": 0o017, "~78": 0o006}
"""First columns SIMH has a name for, on an otherwise blank card."""
_NAMED = {(column, *cards.BLANK_CARD[1:]): name for name, column in SPECIAL.items()}


def read_deck(path: str | Path) -> Iterator[Card]:
    """Read a deck, card by card, whichever form it has.

    Raises
    ------
    Mistake
        While it is read: if the file cannot be read, is cut short, has a byte of wrong parity, or a
        line that is no card. The line names file and card.
    """
    try:
        with Path(path).open("rb") as file:
            first = file.read(1)
            file.seek(0)
            yield from read_cbn(file, str(path)) if first >= b"\x80" else read_text(file, str(path))
    except OSError as error:
        raise Mistake(f"{path}: cannot be read ({error.strerror or error})") from error


def read_cbn(file: BinaryIO, name: str) -> Iterator[Card]:
    """Read the cards of an open ``.cbn`` file.

    A file mark (one byte, 8F hexadecimal), as SIMH may write, is the end of the deck.

    Raises
    ------
    Mistake
        If a card is cut short, too long or has a byte of wrong parity, or cards follow a file mark.
    """
    number = 0
    while image := file.read(CARD_BYTES):
        number += 1
        if image[0] == _FILE_MARK and (len(image) == 1 or image[1] & _MARK):
            if image.strip(bytes([_FILE_MARK])):
                raise Mistake(
                    f"{name}: cards follow a file mark after card {number - 1}; "
                    "cut the file there and read the two decks one after the other"
                )
            return
        yield _card(image, f"{name}: card {number}")


def _card(image: bytes, where: str) -> Card:
    marks = [place for place, byte in enumerate(image) if byte & _MARK]
    if marks != [0] or len(image) < CARD_BYTES:
        length = marks[1] if len(marks) > 1 and marks[0] == 0 else len(image)
        what = (
            "its first byte is not marked as one (bit 7)"
            if not marks or marks[0]
            else f"it has {length} bytes instead of {CARD_BYTES}"
        )
        raise Mistake(f"{where}: {what}; the file is cut short or is no .cbn deck, copy it again")
    for place, byte in enumerate(image):
        # sap23 counts the mark of a card's first byte into its parity
        if (byte & 0x7F).bit_count() % 2 == 0 and place:
            raise Mistake(
                f"{where}, column {place // 2 + 1}: wrong parity; "
                "the file is damaged, copy it again"
            )
    return tuple((image[2 * c] & 0o77) << 6 | image[2 * c + 1] & 0o77 for c in range(COLUMNS))


def cbn_of(card: Card) -> bytes:
    """Write a card as the 160 bytes of a ``.cbn`` file."""
    image = bytearray()
    for column in card:
        image += bytes((codes.ODD[column >> 6], codes.ODD[column & 0o77]))
    image[0] |= _MARK
    return bytes(image)


def read_text(file: BinaryIO, name: str) -> Iterator[Card]:
    """Read the cards of an open text deck.

    Tabs go to the next column after a multiple of eight. A line of a lone ``~``, SIMH's end of a
    file, ends the deck.

    Raises
    ------
    Mistake
        If a line is longer than a card or has a character the 704 has not.
    """
    number = 0
    while line := file.readline(LINE_LIMIT):
        number += 1
        where = f"{name}: card {number}"
        if len(line) == LINE_LIMIT:
            raise Mistake(f"{where}: the line is longer than {LINE_LIMIT - 1} bytes; no text deck")
        try:
            text = line.decode("utf-8").rstrip("\r\n\0 ").expandtabs(8)
        except UnicodeDecodeError as error:
            raise Mistake(f"{where}: not text; a binary deck begins with a marked byte") from error
        if text.startswith("~"):
            if text == "~":
                return
            yield _escaped(text, where)
        else:
            yield cards.from_text(text, where)


def _escaped(text: str, where: str) -> Card:
    word, digits = text[:4].lower(), text[4:].replace(" ", "")
    if text.lower() in SPECIAL:
        return (SPECIAL[text.lower()], *cards.BLANK_CARD[1:])
    octal = digits.isascii() and set(digits) <= set("01234567")
    if word != "~raw" or not octal or len(digits) != 4 * COLUMNS:
        raise Mistake(f"{where}: after ~raw stand {COLUMNS} columns of four octal digits")
    return tuple(int(digits[4 * c : 4 * c + 4], 8) for c in range(COLUMNS))


def line_of(card: Card) -> str:
    """Write a card as a line of a text deck, without the end of the line."""
    if card in _NAMED:
        return _NAMED[card]
    text = cards.text_of(card)
    if text is None or text.startswith("~"):
        return "~raw" + "".join(f"{column:04o}" for column in card)
    return text.rstrip()


def text_line_of(card: Card) -> bytes:
    """Write a card as a line of a text deck, with the end of the line, as bytes."""
    return line_of(card).encode("ascii") + b"\n"


def write_deck(path: str | Path, deck: Iterable[Card], form: str = "cbn") -> int:
    """Write a deck as ``"cbn"`` or ``"text"``, and tell how many cards it has.

    Raises
    ------
    Mistake
        If the file cannot be written or there is no such form.
    """
    if form not in ("cbn", "text"):
        raise Mistake(f"a deck is written as cbn or text, not as {form}")
    one = cbn_of if form == "cbn" else text_line_of
    written = [one(card) for card in deck]
    write_whole(path, b"".join(written))
    return len(written)
