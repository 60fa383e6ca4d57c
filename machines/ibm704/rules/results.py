"""What a program printed, read back into numbers.

A line of the programs begins with a word (SWEEP, TRIAL, ANSWER, WEIGHTS ...) in a field of twelve
columns; numbers follow in fields as wide. A line without a word goes on with the one before. All
other lines are messages.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from machines.ibm704 import Account
from simulator.errors import Mistake

WIDTH = 12
ROWS = ("TABLE", "TRIED", "CELL", "PROOF", "SWEEP", "TRIAL", "CYCLE", "VALUES", "ANSWER",
        "WEIGHTS", "LENGTH", "WALK", "STATE")  # fmt: skip
"""The words with which lines of numbers begin."""

Table = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Record:
    """A run of a program, as its printed pages and the console tell it.

    Attributes
    ----------
    rule
        Its name in :data:`~machines.ibm704.rules.RULES`.
    stop
        The label it stopped at: ``DONE``, one of the stops of INTAKE, or empty if it did not halt
        at a labelled stop.
    why
        Why the machine stands still, in a line.
    lines
        All that was printed, a line each, without blanks at its end.
    messages
        The lines that are no numbers, without the title.
    tables
        For each word what stood behind it: float64, shape (lines, numbers).
    account
        Instructions, cycles, seconds of the machine, dollars.
    """

    rule: str
    stop: str
    why: str
    lines: tuple[str, ...]
    messages: tuple[str, ...]
    tables: Mapping[str, Table]
    account: Account

    @property
    def done(self) -> bool:
        """Whether the program came to its end."""
        return self.stop == "DONE"

    @property
    def learned(self) -> bool:
        """Whether it said that it made no more errors."""
        return "LEARNED" in self.messages

    @property
    def certificate(self) -> tuple[int, int] | None:
        """The two sweeps after which all values were the same, if it found such (perceptron)."""
        cycle = self.tables.get("CYCLE")
        return None if cycle is None else (int(cycle[0, 0]), int(cycle[0, 1]))

    @property
    def curve(self) -> Table:
        """The learning curve, float64, shape (lines, numbers): sweep or walk, then what of it."""
        return next(
            (self.tables[word] for word in ("SWEEP", "LENGTH", "WALK") if word in self.tables),
            np.empty((0, 0)),
        )

    @property
    def weights(self) -> Table:
        """The weights or values in the end, float64, shape (weights,); empty if none."""
        held = self.tables.get("WEIGHTS", self.tables.get("VALUES", np.empty((1, 0))))
        last: Table = held[-1]
        return last

    @property
    def answers(self) -> Table:
        """What it answered in the end, float64, shape (patterns, numbers), patterns in order."""
        return self.tables.get("ANSWER", np.empty((0, 1)))[:, 1:]


def tables(lines: Iterable[str]) -> tuple[dict[str, Table], tuple[str, ...]]:
    """Read printed lines: the tables by their words, and the messages.

    Raises
    ------
    Mistake
        If a line of numbers cannot be read, or lines of one word differ in length.
    """
    rows: dict[str, list[list[float]]] = {}
    messages: list[str] = []
    open_row: list[float] | None = None
    for line in lines:
        text = line.rstrip()
        word = text[:WIDTH].strip()
        if word in ROWS and (numbers := _numbers(text[WIDTH:], word)) is not None:
            open_row = numbers
            rows.setdefault(word, []).append(open_row)
        elif open_row is not None and (numbers := _numbers(text, "")) is not None:
            open_row.extend(numbers)
        elif text:
            open_row = None
            messages.append(text.strip())
    read = {}
    for word, table in rows.items():
        if len({len(row) for row in table}) != 1:
            raise Mistake(f"the lines {word} of the printer differ in length; was it stopped?")
        read[word] = np.array(table)
    return read, tuple(messages)


def _numbers(text: str, word: str) -> list[float] | None:
    """Read fields as numbers, a table of threshold logic digit by digit; None if it is text."""
    if word == "TABLE":
        return [float(text[:WIDTH]), *(float(digit) for digit in text[WIDTH:] if digit != " ")]
    fields = [text[i : i + WIDTH].strip() for i in range(0, len(text), WIDTH)]
    try:
        return [float(field) for field in fields]
    except ValueError:
        return None
