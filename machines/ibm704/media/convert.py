"""From one medium to another, without losing a punch or a bit.

The form of a target is told by its suffix, that of a source by its content, as long as its name
does not say otherwise (a drum's words could be anything, and a damaged deck looks like a tape).
Between media:

* a card and a record: a card of text is a BCD record of 84 characters, any other card a binary
  record of 160, two a column, as in a ``.cbn`` file; a file mark is the card ``~eof`` (6, 7 and 9
  in column 1);
* a drum and a record: its 2048 words are one binary record;
* a drum and cards: 24 words a card in row binary, 86 cards.

What does not fit is refused, never cut.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from machines.ibm704.media import cards, codes, decks, drums, tapes
from machines.ibm704.media.cards import COLUMNS, Card
from machines.ibm704.media.tapes import Record
from simulator.errors import Mistake

FORMS = {
    ".cbn": "cbn", ".dck": "cbn",
    ".txt": "text", ".sap": "text", ".crd": "text",
    ".p7b": "p7b", ".tap": "tap", ".tp": "tap",
    ".drum": "drum", ".drm": "drum",
}  # fmt: skip
"""The form a file is written in, by its suffix."""

_TEXT_RECORD = 84
_EOF_CARD = (decks.SPECIAL["~eof"], *cards.BLANK_CARD[1:])


def form_of(path: str | Path) -> str:
    """Tell the form a target is to have by its suffix: cbn, text, p7b, tap or drum.

    Raises
    ------
    Mistake
        If the suffix is none of those.
    """
    form = FORMS.get(Path(path).suffix.lower())
    if form is None:
        known = ", ".join(sorted(FORMS))
        raise Mistake(f"{path}: which form? name it with one of {known}")
    return form


def convert(source: str | Path, target: str | Path) -> int:
    """Write ``source`` anew in the form the suffix of ``target`` asks for.

    Returns
    -------
    count
        How many cards, records or words were written.

    Raises
    ------
    Mistake
        If the source is damaged or what it holds does not fit the target.
    """
    have, want = _medium(source), form_of(target)
    if want == "drum":
        words = _words(source, have)
        drums.write_drum(target, words)
        return drums.WORDS
    if want in ("p7b", "tap"):
        return tapes.write_tape(target, _records(source, have), want)
    return decks.write_deck(target, _cards(source, have), want)


def recognise(path: str | Path) -> str:
    """Tell the form of a file by its content, as long as its name does not say otherwise.

    A deck that is damaged can look like a tape, and so can a text in another code or a picture:
    what is named as a deck or a text is never taken for a tape, and what has no such name only if
    it begins with a good record. What is named as a tape is one; a ``.cbn`` deck under the name
    ``.p7b`` is a tape of 160-character records. A drum is told by its name alone.

    Returns
    -------
    form
        cbn, text, p7b, tap or drum. Of a file named as a deck whatever is wrong with it is told
        when it is read.

    Raises
    ------
    Mistake
        If it cannot be read, or is not what its name says.
    """
    named = FORMS.get(Path(path).suffix.lower())
    if named in ("drum", "p7b", "tap"):
        return named
    form = _looks_like(path)
    if form in ("p7b", "tap"):
        if named == "cbn":
            return named
        if named == "text":
            raise Mistake(f"{path}: no text, though its name says so; a tape is named .p7b or .tap")
        if form == "p7b" and not _begins_well(path):
            raise Mistake(f"{path}: no text, no deck and no tape: wrong parity where a tape begins")
    return form


def _looks_like(path: str | Path) -> str:
    try:
        with Path(path).open("rb") as file:
            if tapes.begins_like_tap(file):
                return "tap"
            file.seek(0)
            image = file.read(decks.CARD_BYTES + 1)
    except OSError as error:
        raise Mistake(f"{path}: cannot be read ({error.strerror or error})") from error
    marks = [place for place, byte in enumerate(image) if byte & tapes.MARK]
    if marks[:1] != [0]:
        return "text"
    is_card = marks == [0, decks.CARD_BYTES] or (marks == [0] and len(image) == decks.CARD_BYTES)
    return "cbn" if is_card else "p7b"


def _begins_well(path: str | Path) -> bool:
    first = next(tapes.read_tape(path), None)
    return first is not None and any(tapes.good(first, binary=binary) for binary in (True, False))


def _medium(path: str | Path) -> str:
    return {"cbn": "cards", "text": "cards", "drum": "drum"}.get(recognise(path), "tape")


def _cards(path: str | Path, medium: str) -> Iterator[Card]:
    if medium == "cards":
        yield from decks.read_deck(path)
    elif medium == "drum":
        words = drums.read_drum(path)
        for first in range(0, len(words), cards.WORDS):
            yield cards.from_words(words[first : first + cards.WORDS])
    else:
        for number, record in enumerate(tapes.read_tape(path), 1):
            yield card_of(record, f"{path}: record {number}")


def _records(path: str | Path, medium: str) -> Iterator[Record]:
    if medium == "tape":
        yield from tapes.read_tape(path)
    elif medium == "drum":
        yield tapes.record_of(drums.read_drum(path), binary=True)
    else:
        yield from map(record_of, decks.read_deck(path))


def _words(path: str | Path, medium: str) -> list[int]:
    if medium == "drum":
        return drums.read_drum(path)
    words: list[int] = []
    where = f"{path}: "
    if medium == "cards":
        for number, card in enumerate(decks.read_deck(path), 1):
            if any(card[72:]):
                raise Mistake(f"{where}card {number}: columns 73-80 are punched, no drum has them")
            words += cards.words_of(card)
            _drum_full(words, where)
    else:
        for number, record in enumerate(tapes.read_tape(path), 1):
            own, good = tapes.words_of(record, binary=True)
            if not good or len(record.frames) % 6:
                raise Mistake(
                    f"{where}record {number}: not binary words; only those go onto a drum"
                )
            words += own
            _drum_full(words, where)
    return words[: drums.WORDS]


def _drum_full(words: list[int], where: str) -> None:
    if any(words[drums.WORDS :]) or len(words) >= drums.WORDS + cards.WORDS:
        raise Mistake(f"{where}more than the {drums.WORDS} words of a drum")


def record_of(card: Card) -> Record:
    """Write a card on tape: BCD of 84 characters if it is text, else binary of 160.

    A card with 6, 7 and 9 in column 1 and nothing else is a file mark.
    """
    if card == _EOF_CARD:
        return tapes.FILE_MARK
    text = cards.text_of(card)
    if text is not None and "_" not in text:  # BCD 12 cannot come back from a tape
        words = codes.words_of_text(text.ljust(_TEXT_RECORD))
        return tapes.record_of(words, binary=False)
    halves = [half for column in card for half in (column >> 6, column & 0o77)]
    return Record(bytes(codes.ODD[half] for half in halves))


def card_of(record: Record, where: str = "record") -> Card:
    """Punch the card a record tells of: BCD of up to 80 characters, binary of 160, or file mark.

    Raises
    ------
    Mistake
        If it is neither.
    """
    if record.is_mark:
        return _EOF_CARD
    text = tapes.text_of(record)
    if text is not None and len(text.rstrip()) <= COLUMNS:
        return cards.from_text(text, where)
    if len(record.frames) == 2 * COLUMNS and tapes.good(record, binary=True):
        frames = [frame & 0o77 for frame in record.frames]
        return tuple(frames[2 * c] << 6 | frames[2 * c + 1] for c in range(COLUMNS))
    raise Mistake(
        f"{where}: {len(record.frames)} characters; a card is a BCD record of up to {COLUMNS} "
        f"characters or a binary one of {2 * COLUMNS}, the rest cannot be punched"
    )
