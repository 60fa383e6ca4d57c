"""What is on a deck for a learning rule's program, read as the headers of the programs say.

An independent reader: it knows the card layouts and the limits from the headers, and nothing of the
programs. It tells at which labelled stop a deck should be refused.
"""

from __future__ import annotations

import re

from machines.ibm704.media import cards

MOST = 34359738359
WIDE = 2**34 - 1
MANY = 1_000_000
_WHOLE = re.compile(r" *([+-]?[0-9]+) *")
_FLOAT = re.compile(r" *([+-]?)([0-9]*)(?:(\.)([0-9]*))?(?:E([+-]?[0-9]+))? *")


class RefusedError(Exception):
    """A deck that a program should refuse, with the label of the stop."""


class Deck:
    """Cards read group by group; a group begins a card and goes on to as many as it needs."""

    def __init__(self, punched):
        self.left = list(punched)

    def _fields(self, count, width):
        """Give the texts of so many fields."""
        texts, a_card = [], 72 // width
        while len(texts) < count:
            if not self.left:
                raise RefusedError("HALTC")
            text = cards.text_of(self.left.pop(0)[:72] + (0,) * 8)
            if text is None:
                raise RefusedError("HALTC")
            text = text[:72]
            here = min(a_card, count - len(texts))
            texts += [text[i * width : (i + 1) * width] for i in range(here)]
            if text[here * width :].strip(" "):
                raise RefusedError("HALTC")
        return texts

    def whole(self, limits, width=12):
        """Read whole numbers; ``limits`` are the least and the most of each."""
        read = []
        for text in self._fields(len(limits), width):
            found = _WHOLE.fullmatch(text)
            if not found or abs(int(found[1])) > MOST:
                raise RefusedError("HALTC")
            read.append(int(found[1]))
        if any(not low <= n <= high for n, (low, high) in zip(read, limits, strict=True)):
            raise RefusedError("HALTR")
        return read

    def floats(self, count):
        """Read floating-point numbers, as near as that matters here."""
        return [_floating(text) for text in self._fields(count, 12)]

    def rows(self, rows, count):
        """Read rows of floating-point numbers."""
        for _ in range(rows):
            self.floats(count)


def _floating(text):
    """Read a number as CARDF says: ten digits count, and it must fit a word."""
    found = _FLOAT.fullmatch(text)
    if not found or not (found[2] or found[4]):
        raise RefusedError("HALTC")
    exponent = int(found[5] or 0)
    if abs(exponent) >= 1000:
        raise RefusedError("HALTC")
    digits = (found[2] + (found[4] or "")).lstrip("0")
    value = float(f"{found[1]}{digits or 0}E{exponent - len(found[4] or '')}")
    if digits and not 2.0**-129 <= abs(value) < 2.0**127:
        raise RefusedError("HALTC")
    return value


def check(refused, stop):
    """Refuse at a stop."""
    if refused:
        raise RefusedError(stop)


def threshold(deck):
    n, cells, _, tasks, _ = deck.whole([(1, 5), (0, 6), (0, 1), (0, 16), (0, 9)])
    for _ in range(cells):
        deck.whole([(-9999, 9999)] * (n + 1), 6)
    for _ in range(tasks):
        deck.whole([(0, 1)] * 2**n, 1)


def hebb(deck):
    n, m, patterns, rule, *_, seed = deck.whole(
        [(1, 1024), (1, 1024), (1, 16384), (1, 3), (1, MANY), (1, MANY), (0, WIDE)]
    )
    width = n + m * (rule == 1)
    check(n * m > 8192 or width * patterns > 16384, "HALTN")
    deck.floats(1)
    deck.floats(1) if seed else deck.rows(m, n)
    deck.rows(patterns, width)


def adaline(deck):
    n, patterns, _, _, seed, _ = deck.whole(
        [(1, 1024), (1, 20480), (1, 2), (1, MANY), (0, WIDE), (0, 1)]
    )
    check((n + 1) * patterns > 20480, "HALTN")
    deck.floats(1)
    deck.floats(1 if seed else n)
    deck.rows(patterns, n + 1)


def unit(deck):
    n, patterns, _, batch, *_, draw = deck.whole(
        [(1, 1024), (1, 2048), (0, 1), (1, 2048), (0, 1), (1, MANY), (1, MANY), (1, WIDE), (0, 1)]
    )
    check((n + 1) * patterns > 20480, "HALTN")
    check(batch > patterns, "HALTR")
    deck.floats(1)
    deck.floats(1 if draw else n)
    deck.rows(patterns, n + 1)


def layers(deck):
    n, h, m, patterns, direct, batch, *_, draw = deck.whole(
        [(1, 256)] * 3
        + [(1, 12288), (0, 1), (1, 12288), (1, MANY), (1, MANY), (0, WIDE), (0, 1)]
    )  # fmt: skip
    _, alpha, _, _ = deck.floats(4)
    check(batch > patterns or not 0 <= alpha < 1, "HALTR")
    fan = h + 1 + direct * n
    check(h * (n + 1) + m * fan > 6144 or (n + m) * patterns > 12288, "HALTN")
    if not draw:
        deck.rows(h, n + 1)
        deck.rows(m, fan)
    deck.rows(patterns, n + m)


def td(deck):
    k, d, begin, *_ = deck.whole(
        [(1, 512), (0, 512), (1, 512), (1, MANY), (1, MANY), (0, WIDE)]
    )  # fmt: skip
    deck.floats(6)
    check(begin > k, "HALTR")
    check(k * d > 16384, "HALTN")
    deck.rows(k, d) if d else None


def perceptron(deck):
    step, points, many, drawn = (1, 8388607), (0, 1024), (1, MANY), (0, WIDE)
    limits = [(1, 900), (1, 1024), (1, 8), (-1024, 1024), (0, 3), (0, 1), step, (0, 8388607)]
    limits += [points, points, drawn, (0, 1024), (1, 128), (0, 128), (0, 2), (1, WIDE), many]
    limits += [(0, 1), (0, 2)]
    ns, na, nr, *_, x, y, seed, pots, learn, tests, order, _, sweeps, _, _ = deck.whole(limits)
    check(nr > na or x + y > ns, "HALTR")
    if not seed and x + y:
        for _ in range(na):
            deck.whole([(-ns, ns)] * (x + y), 6)
    if pots:
        deck.whole([(1, na)] * pots, 6)
        deck.whole([(1, nr)] * pots, 6)
    for _ in range(learn + tests):
        deck.whole([(-1, 1)] * nr, 6)
        deck.whole([(0, 1)] * ns, 1)
    if order == 2:
        check(learn * sweeps > 2048, "HALTN")
        for _ in range(sweeps):
            deck.whole([(1, learn)] * learn, 6)


PROGRAMS = {
    "threshold": threshold, "hebb": hebb, "adaline": adaline, "unit": unit, "layers": layers,
    "td": td, "perceptron": perceptron,
}  # fmt: skip


def expected(program, punched):
    """Tell at which stop a program should refuse a deck; empty if it should take it."""
    deck = Deck(punched)
    try:
        PROGRAMS[program](deck)
        check(deck.left, "HALTM")
    except RefusedError as refused:
        return str(refused)
    return ""
