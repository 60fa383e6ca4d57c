"""Nets as text in the rules of ``neur``: prose in which starred words are neurons.

A word with a star at its end is a neuron, wherever it stands in a sentence; all other words are
commentary. A colon between two lists of neurons lets each of the left excite each of the right, a
semicolon lets it inhibit them, and rules can be chained; a full stop ends a rule. A rule with
neither names the neurons that fire at the start. A neuron's threshold is the number of neurons on
the left of the first colon that leads to it, unless its name gives one: ``OR/1*``. A mark in a
sentence that has named no neuron yet is commentary too.

Source: the notation page of the XXIIVV wiki (``mcculloch_pitts``) and the behaviour of its
program of February 2025. Settled here as that program does them: a threshold comes from the
*first* connection to a neuron, an inhibitory one included; several connections between the same
two neurons each count; a neuron named as firing at the start before anything leads to it has
threshold 1. So has one to which nothing leads. A threshold of 0 gives a net under the law
``minsky``; in the program such a neuron fires on for good only once it has begun to, here it
always does.
"""

from __future__ import annotations

import re
from collections import Counter

from simulator.errors import Mistake

from .laws import ABSOLUTE, Law
from .net import Net
from .wiring import Wiring

MOST_CHARACTERS = 1 << 20
MOST_CONNECTIONS = 1 << 20
_TOKEN = re.compile(r"(?P<name>[^\s*:;.]*)\*|(?P<mark>[:;.])|\n")
_NAME = re.compile(r"(?P<name>[^/]*)(?:/(?P<threshold>\d{1,6}))?")


def read(text: str, title: str = "") -> Net:
    """Read a net in the rules of neur; it has no afferents, and shows all its cells.

    Raises
    ------
    Mistake
        If a star has no name before it, a mark has no neuron on one side, or a rule has no end:
        one line that gives line and column.
    """
    if len(text) > MOST_CHARACTERS:
        raise Mistake(f"a text of more than {MOST_CHARACTERS} characters is not read as a net")
    rules = _Rules()
    line, begins = 1, 0
    for token in _TOKEN.finditer(text):
        where = f"line {line}, column {token.start() - begins + 1}"
        if token[0] == "\n":
            line, begins = line + 1, token.end()
        elif token["mark"] is None:
            rules.neuron(token["name"], where)
        else:
            rules.mark(token["mark"], where)
    rules.end()
    return rules.net(title)


class _Rules:
    """The rules read so far."""

    def __init__(self) -> None:
        self._threshold: dict[str, int | None] = {}
        self._starts: set[str] = set()
        self._excite: dict[str, Counter[str]] = {}
        self._veto: dict[str, Counter[str]] = {}
        self._left: list[str] = []
        self._right: list[str] = []
        self._mark = ""
        self._connections = 0
        self._where = ""

    def neuron(self, word: str, where: str) -> None:
        """Take a starred word."""
        match = _NAME.fullmatch(word)
        if match is None or not match["name"] or not match["name"].isprintable():
            raise Mistake(f"{where}: {word!r:.60}* is no neuron; write name* or name/2*")
        name, given = match["name"], match["threshold"]
        if name not in self._threshold:
            self._threshold[name] = None
            self._excite[name], self._veto[name] = Counter(), Counter()
        if given is not None and self._threshold[name] is None:
            self._threshold[name] = int(given)
        self._right.append(name)
        self._where = where

    def mark(self, mark: str, where: str) -> None:
        """Take a colon, a semicolon or a full stop."""
        if not self._right and not self._mark:
            return  # a mark in a sentence that has named no neuron yet
        if not self._right:
            raise Mistake(f"{where}: no neuron stands between this {mark!r} and the mark before it")
        if self._mark:
            self._connect()
        elif mark == ".":
            self._starts |= set(self._right)
            for name in self._right:
                if self._threshold[name] is None:
                    self._threshold[name] = 1
        self._left = self._right
        self._right = []
        self._mark = "" if mark == "." else mark
        self._where = where

    def _connect(self) -> None:
        self._connections += len(self._left) * len(self._right)
        if self._connections > MOST_CONNECTIONS:
            raise Mistake(f"{self._where}: more than {MOST_CONNECTIONS} connections")
        ends = self._excite if self._mark == ":" else self._veto
        for target in self._right:
            ends[target].update(self._left)
            if self._threshold[target] is None:
                self._threshold[target] = len(self._left)

    def end(self) -> None:
        """Check that the last rule ended."""
        if self._right or self._mark:
            raise Mistake(f"{self._where}: this rule has no end; put a full stop after it")
        if not self._threshold:
            raise Mistake("the text names no neuron; put a star at the end of a word: name*")

    def net(self, title: str) -> Net:
        """Draw the net."""
        thresholds = {name: 1 if t is None else t for name, t in self._threshold.items()}
        law = ABSOLUTE if min(thresholds.values()) > 0 else Law("minsky")
        board = Wiring(title, law)
        for name, h in thresholds.items():
            board.cell(
                name, self._excite[name], self._veto[name], h=h, fires_at_start=name in self._starts
            )
        board.output(*thresholds)
        return board.net()
