"""The binary deck: how FUL, ABS and REL put words on cards, and how they are taken off again.

* **FUL** fills cards with 24 words and nothing else. The load button brings the first two of a card
  to locations 0 and 1 and goes to 0; the rest is for the program to read.
* **ABS** puts up to 22 words behind a *control word* (9 left), with their count in its decrement
  and the location of the first in its address, and a *check sum* (9 right): control word and data,
  added with the carry brought around, as ACL does.
* **REL** has bit 1 of the control word on, and up to 20 words. Row 8 tells for each word, bit by
  bit from the left, how its decrement and then its address are relocated: 0 not, 10 by adding the
  location of the program, 11 as a complement. The check sum is of row 8 too.
* A **transfer card** has a count of zero and the location to go to.

A check sum of zero, or bit 2 of the control word, tells a loader not to check.

Sources: the punch routines of UA SAP 3-7; Z0ftware's notes on binary cards.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from machines.ibm704.media import cards
from machines.ibm704.media.cards import Card
from machines.ibm704.sap.expressions import COMPLEMENTED, DIRECT
from simulator.errors import Mistake

ABSOLUTE, FULL, RELOCATABLE, TRANSFER = "ABS", "FUL", "REL", "transfer"
ABS_WORDS, REL_WORDS = 22, 20
_RELOCATE, _UNCHECKED = 1 << 34, 1 << 33
_ROW_BITS, _LAST_BITS = 72, 68
_MASK, _ADDRESS = (1 << 36) - 1, 0o77777
_BITS = {0: "0", DIRECT: "10", COMPLEMENTED: "11"}


class Block(NamedTuple):
    """Words that are punched together, on as many cards as they need.

    Attributes
    ----------
    form
        FUL, ABS, REL, or ``transfer`` for a transfer card.
    origin
        Where the first is loaded; of a transfer card, where to go.
    words
        36 bits each.
    relocation
        For each word how its decrement and its address are relocated: 0, 2 or 3.
    relocatable
        Whether a transfer card is relocatable.
    """

    form: str
    origin: int
    words: tuple[int, ...]
    relocation: tuple[tuple[int, int], ...]
    relocatable: bool = False


class Loaded(NamedTuple):
    """What a deck of ABS and REL cards brings into storage: words by location, where to go."""

    words: dict[int, int]
    start: int | None


def check_sum(words: Iterable[int]) -> int:
    """Add words of 36 bits as ACL does: the carry out of the left end comes in at the right."""
    total = 0
    for word in words:
        total += word
        total = (total & _MASK) + (total >> 36)
    return total


def cards_of(blocks: Iterable[Block]) -> list[Card]:
    """Punch blocks on cards, each beginning a new card."""
    return [cards.from_words(words) for block in blocks for words in _punched(block)]


def _punched(block: Block) -> Iterator[list[int]]:
    if block.form == TRANSFER:
        yield [block.origin | (_RELOCATE if block.relocatable else 0)]
    elif block.form == FULL:
        for first in range(0, len(block.words), cards.WORDS):
            yield list(block.words[first : first + cards.WORDS])
    elif block.form == ABSOLUTE:
        for first in range(0, len(block.words), ABS_WORDS):
            data = block.words[first : first + ABS_WORDS]
            yield _with_control((block.origin + first) & _ADDRESS, data, ())
    else:
        yield from _relocatable(block)


def _with_control(origin: int, data: Sequence[int], row_8: Sequence[int]) -> list[int]:
    control = (_RELOCATE if row_8 else 0) | len(data) << 18 | origin
    return [control, check_sum([*row_8, *data, control]), *row_8, *data]


def _relocatable(block: Block) -> Iterator[list[int]]:
    first, bits = 0, ""
    for place, (decrement, address) in enumerate(block.relocation):
        bits += _BITS[decrement] + _BITS[address]
        last = place + 1 == len(block.words)
        if last or len(bits) > _LAST_BITS or place + 1 - first == REL_WORDS:
            row = int(bits.ljust(_ROW_BITS, "0"), 2)
            data = block.words[first : place + 1]
            yield _with_control((block.origin + first) & _ADDRESS, data, (row >> 36, row & _MASK))
            first, bits = place + 1, ""


def load(deck: Iterable[Card], origin: int = 0, name: str = "deck") -> Loaded:
    """Load a deck of ABS, REL and transfer cards, as a loader would.

    Parameters
    ----------
    deck
        The cards, up to the first transfer card.
    origin
        Where location 0 of relocatable cards comes to lie.
    name
        What to call the deck in a mistake.

    Returns
    -------
    loaded
        Words by location, and where the transfer card goes (None if there is none).

    Raises
    ------
    Mistake
        If a card's count or check sum is wrong. The line names the card.
    """
    words: dict[int, int] = {}
    for number, card in enumerate(deck, 1):
        where = f"{name}: card {number}"
        row = cards.words_of(card)
        control, relocate = row[0], bool(row[0] & _RELOCATE)
        count, first = control >> 18 & _ADDRESS, control & _ADDRESS
        if control >> 35 or count > (REL_WORDS if relocate else ABS_WORDS):
            raise Mistake(
                f"{where}: no ABS or REL card, its control word is {control:012o}; "
                "a self-loading deck is read by the load button"
            )
        first = (first + origin if relocate else first) & _ADDRESS
        if count == 0:
            if any(row[2:]):
                raise Mistake(f"{where}: a correction card; those are not supported")
            return Loaded(words, first)
        used = row[2 : 2 + count + 2 * relocate]
        if row[1] and not control & _UNCHECKED and check_sum([control, *used]) != row[1]:
            raise Mistake(
                f"{where}: its check sum is {check_sum([control, *used]):012o}, punched is "
                f"{row[1]:012o}; a hole is wrong, punch the card again"
            )
        data = _relocated(used, origin, where) if relocate else used
        words |= {(first + place) & _ADDRESS: word for place, word in enumerate(data)}
    return Loaded(words, None)


def _relocated(used: Sequence[int], origin: int, where: str) -> Iterator[int]:
    """Move the words of a relocatable card by ``origin``, as its row 8 tells."""
    bits = iter(f"{used[0] << 36 | used[1]:0{_ROW_BITS}b}")
    for word in used[2:]:
        moved = word
        for shift in (18, 0):
            bit = next(bits, "")
            by = 0 if bit == "0" else -origin if (bit := next(bits, "")) == "1" else origin
            if not bit:
                raise Mistake(f"{where}: row 8 has no bits left for its last words")
            part = (moved >> shift & _ADDRESS) + by & _ADDRESS
            moved = moved & ~(_ADDRESS << shift) | part << shift
        yield moved
