"""What is given about the input-output units: how long things take, and how much they hold.

The manual's own timing charts were not at hand. What a maintenance program measured on a card
reader or printer of the same model counts as documented; what follows from such measurements is
reconstructed, the rest assumed, and says so.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any

from simulator.errors import Mistake
from simulator.pedigree import Evidence, constant, numbers_from

_DOC, _REC, _ASS = Evidence.DOCUMENTED, Evidence.RECONSTRUCTED, Evidence.ASSUMED
_9C01A = "card reader test 9C01A of the 709, 711 reader of 250 cards a minute"


@dataclass(frozen=True)
class UnitsDescription:
    """The numbers of the units; whole numbers throughout.

    Raises
    ------
    Mistake
        If a number is impossible.
    """

    reader_cycle_us: int = constant(
        240_000, _DOC, "711 of 250 cards a minute (711-1: 150)", "a card of a moving reader", "us"
    )
    reader_start_us: int = constant(
        75_100, _DOC, _9C01A, "from the select to row 9 left, if the reader stands", "us"
    )
    reader_lead_us: int = constant(
        66_700, _REC, "9C01A: a select up to 41 ms after 12 right catches the next cycle",
        "least time from the select to row 9 left, if the reader moves", "us",
    )  # fmt: skip
    reader_row_us: int = constant(
        12_000, _REC, "9C01A: 238 ms a card less 98.1 between records and 7.5 after 12 right",
        "from row to row", "us",
    )  # fmt: skip
    reader_right_us: int = constant(
        327, _DOC, _9C01A, "from the left to the right half of a row", "us"
    )
    reader_end_us: int = constant(
        7_500, _DOC, _9C01A, "from row 12 right to the end of the record", "us"
    )
    punch_cycle_us: int = constant(
        600_000, _ASS, "721 punch of 100 cards a minute, from memory", "a card", "us"
    )
    punch_start_us: int = constant(
        75_000, _ASS, "as the reader", "from the select to row 9 left, if the punch stands", "us"
    )
    punch_lead_us: int = constant(75_000, _ASS, "as the start", "the same, if it moves", "us")
    punch_row_us: int = constant(
        30_000, _ASS, "a twentieth of the cycle, as in the reader", "from row to row", "us"
    )
    punch_right_us: int = constant(327, _ASS, "as the reader", "from left to right half", "us")
    punch_end_us: int = constant(
        7_500, _ASS, "as the reader", "from row 12 right to the end of the record", "us"
    )
    printer_cycle_us: int = constant(
        400_000, _DOC, "716 printer of 150 lines a minute", "a line", "us"
    )
    printer_start_us: int = constant(
        75_000, _ASS, "as the reader", "from the select to row 9 left, if the printer stands", "us"
    )
    printer_lead_us: int = constant(75_000, _ASS, "as the start", "the same, if it moves", "us")
    printer_row_us: int = constant(
        16_570, _DOC, "printer test 9P02A of the 709: 16.57 ms from row to row", "row to row", "us"
    )
    printer_right_us: int = constant(327, _ASS, "as the reader", "from left to right half", "us")
    printer_end_us: int = constant(
        7_500, _ASS, "as the reader", "from the last copy to the end of the line", "us"
    )
    tape_word_us: int = constant(
        400, _DOC, "727: 75 inches a second, 200 characters an inch", "six characters", "us"
    )
    tape_give_us: int = constant(
        336, _DOC, "Z0ftware's notes: a record ends when no copy follows within about 336 us",
        "time after a word within which the next copy must be given", "us",
    )  # fmt: skip
    tape_start_us: int = constant(
        10_000, _REC, "a record gap of 3/4 inch at 75 inches a second",
        "from the select to the first character", "us",
    )  # fmt: skip
    tape_load_point_us: int = constant(
        40_000, _ASS, "SIMH's figure", "the same from the beginning of the tape", "us"
    )
    tape_gap: int = constant(
        150, _DOC, "record gap of 3/4 inch", "length of a record gap", "1/200 inch"
    )
    tape_file_gap: int = constant(
        750, _DOC, "file gap of 3 3/4 inches", "length of the gap before a file mark", "1/200 inch"
    )
    tape_rewind_ns: int = constant(
        12_500, _ASS, "1.2 minutes for a reel", "time a 1/200 inch takes to rewind", "ns"
    )
    tape_length: int = constant(
        5_760_000, _DOC, "a reel of 2,400 feet", "tape on a reel", "1/200 inch"
    )
    tape_end: int = constant(
        5_712_000, _ASS, "a mark 20 feet before the end", "where the tape end indicator comes on",
        "1/200 inch",
    )  # fmt: skip
    drum_word_us: int = constant(
        96, _REC, "every 8th word of a drum with a word each 12 us; SIMH", "to the next address",
        "us",
    )  # fmt: skip
    drum_index_us: int = constant(
        120, _REC, "SIMH; a revolution is then 24.6 ms, 9D01A says about 24",
        "the same at the index", "us",
    )  # fmt: skip
    drum_settle_us: int = constant(
        300, _ASS, "enough for the first copy to be given", "from LDA or the select to a word", "us"
    )
    crt_point_us: int = constant(
        125, _ASS, "8,000 points a second", "a point or line on the screen", "us"
    )
    crt_film_us: int = constant(
        250_000, _ASS, "a camera of four frames a second", "moving the film one frame on", "us"
    )
    cards_held: int = constant(
        100_000, _ASS, "far above the 800 of a real hopper, since the operator refills it",
        "most cards in the reader's hopper, or taken by the punch's stacker before it stops",
    )  # fmt: skip
    lines_held: int = constant(
        100_000, _ASS, "some boxes of paper", "lines the printer prints before it stops"
    )
    film_held: int = constant(
        4_000_000, _ASS, "a reel of film", "points and frames on the film before the CRT stops"
    )

    def __post_init__(self) -> None:
        for field in dataclasses.fields(self):
            value = getattr(self, field.name)
            if isinstance(value, bool) or not isinstance(value, int):
                raise Mistake(f"{field.name} must be a whole number, not {value!r}")
            if not 1 <= value <= 10_000_000:
                raise Mistake(f"{field.name} must lie between 1 and 10000000, not {value}")
        for unit, rows in (("reader", 11), ("punch", 11), ("printer", 19)):
            cycle, start, lead, row, right, end = (
                getattr(self, f"{unit}_{name}_us")
                for name in ("cycle", "start", "lead", "row", "right", "end")
            )
            if lead > start:
                raise Mistake(f"{unit}_lead_us must not be more than {unit}_start_us")
            if right >= row // 2 or rows * row + right + end > cycle:
                raise Mistake(f"the rows of the {unit} do not fit into its cycle of {cycle} us")
        if self.tape_give_us > self.tape_word_us:
            raise Mistake("tape_give_us must not be more than tape_word_us")

    def to_json(self) -> dict[str, Any]:
        """Give the numbers as JSON."""
        return dataclasses.asdict(self)

    @classmethod
    def from_json(cls, numbers: Any) -> UnitsDescription:
        """Read what :meth:`to_json` gave.

        Raises
        ------
        Mistake
            If a number is missing, unknown or impossible.
        """
        return numbers_from(cls, numbers, "the units of a 704")


if __name__ == "__main__":
    from simulator.pedigree import table

    print(table(UnitsDescription))  # for the machine's README
