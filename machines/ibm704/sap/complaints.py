"""What the assembler has to say about a card.

A **complaint** names card, column, what is wrong and what would be right. In the listing it is one
letter before the card, as SAP printed it: U undefined, M defined more than once, A T D a part left
out, Q a quotient overlooked; E stands for what SAP would have passed over in silence.
"""

from __future__ import annotations

from typing import NamedTuple


class Complaint(NamedTuple):
    """One complaint about a card.

    Attributes
    ----------
    card
        Number of the card (line) in the source, from 1.
    column
        Column of the card it is about, from 1.
    flag
        Its letter in the listing.
    text
        What is wrong, and the cure.
    routine
        Name of the library routine the card belongs to; empty for the program itself.
    """

    card: int
    column: int
    flag: str
    text: str
    routine: str = ""

    def __str__(self) -> str:
        where = f"library routine {self.routine}, " if self.routine else ""
        return f"{where}card {self.card}, column {self.column}: {self.text}"


class Fault(Exception):  # noqa: N818  (it is the card's fault, and becomes a complaint)
    """Something wrong at a column of the card in hand."""

    def __init__(self, column: int, text: str, flag: str = "E") -> None:
        super().__init__(text)
        self.column, self.text, self.flag = column, text, flag
