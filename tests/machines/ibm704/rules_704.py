"""A learning rule's program under observation: stopped at labels, its arrays read."""

from __future__ import annotations

import re

import numpy as np

from machines.ibm704 import words
from machines.ibm704.rules import loaded
from machines.ibm704.rules.running import PROGRAMS
from machines.ibm704.state import BREAK

LONG_NS = 10**15


class Watched:
    """A program loaded with its deck; arrays of the programs run backwards from their symbol."""

    def __init__(self, name, task=None, engine="compiled", **values):
        self.of = loaded(name, task, engine=engine, **values)
        self.machine, self.symbols = self.of.machine, self.of.program.symbols

    def to(self, *labels):
        """Run until just before the instruction at one of some labels; give the label."""
        self.machine.operate("ibm704.control.unmark")
        for label in labels:
            mark = {"at": self.symbols[label], "mark": BREAK}
            self.machine.operate("ibm704.control.mark", mark)
        self.machine.operate("ibm704.console.start")
        self.machine.run_to_stop(self.machine.now_ns + LONG_NS)
        at = self.machine.number("ibm704.control.stopped_at")
        return next((label for label in labels if self.symbols[label] == at), self.machine.why())

    def word(self, symbol):
        return self.machine.examine(self.symbols[symbol])

    def float(self, symbol):
        return float(words.floating(self.word(symbol)))

    def int(self, symbol):
        return words.fixed(self.word(symbol))

    def floats(self, symbol, count):
        return np.array([float(words.floating(word)) for word in self._words(symbol, count)])

    def ints(self, symbol, count):
        return np.array([words.fixed(word) for word in self._words(symbol, count)])

    def _words(self, symbol, count):
        at = self.symbols[symbol]
        return self.machine.rack("ibm704.core.word")[at - count : at][::-1].tolist()

    @property
    def cycles(self):
        return self.machine.account().cycles


def source(program):
    """The text of a program."""
    return (PROGRAMS / "rules" / f"{program}.sap").read_text()


def formulas(program):
    """The cycles its header states: (first label, last label): formula in Python."""
    found = re.findall(
        r"^ +REM +(\w+) +TO (\w+) +(.+?)(?:  .*)?$",
        source(program).split("REM  CYCLES")[1].split(" ORG ")[0],
        re.M,
    )
    return {
        (first, last): re.sub(r"(\w|\)) (?=[\w(])", r"\1 * ", text.strip())
        for first, last, text in found
    }


class Rand:
    """RAND of the library: X = 5**15 X modulo 2**35, begun at 2 seed + 1."""

    def __init__(self, seed):
        self.x = (2 * seed + 1) % 2**35

    def _next(self):
        self.x = 5**15 * self.x % 2**35
        return self.x

    def below(self, n):
        """RANDN: a whole number from 0 to n-1."""
        return n * self._next() >> 35

    def fraction(self):
        """RAND: the first 27 bits."""
        return (self._next() >> 8) / 2**27

    def shuffle(self, order):
        """Exchange places from the last down, as MIX does."""
        for last in range(len(order) - 1, -1, -1):
            other = self.below(last + 1)
            order[last], order[other] = order[other], order[last]
