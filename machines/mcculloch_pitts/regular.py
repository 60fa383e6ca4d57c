r"""Regular expressions read into positions and their neighbours.

What Kleene (1956) called regular events: letters put after one another, alternatives, and
repetition. Every letter written down is a *position*; what matters for a net is which positions can
come first, which last, which can follow which, and whether nothing at all is enough (Glushkov
1961). The notation is that of Python's ``re``, as far as it is regular:
``a`` ``.`` ``[abc]`` ``[a-c]`` ``[^a]`` ``(...)`` ``(?:...)`` ``|`` ``*`` ``+`` ``?`` ``{m}``
``{m,n}`` ``{m,}`` and ``\`` before a sign that is meant as a letter.
"""

from __future__ import annotations

from typing import NamedTuple, NoReturn

from simulator.errors import Mistake

from .calculus_read import fault

MOST_CHARACTERS = 10_000
MOST_POSITIONS = 2_000
MOST_PAIRS = 200_000
MOST_READINGS = 100_000
"""Letters are read again for every repetition, and some repetitions leave none behind."""
DEEPEST = 60
MOST_REPEATS = 1_000

_SIGNS = "()[]{}|*+?.\\"


class Letters(NamedTuple):
    """One position: the letters that may stand there."""

    letters: frozenset[str]
    others: bool
    """Whether all letters but these are meant, as in ``[^a]`` and ``.``"""


class Positions(NamedTuple):
    """A regular expression taken apart (Glushkov 1961).

    Attributes
    ----------
    letters
        For each position the letters of the alphabet, in order, that may stand there.
    first, last
        The positions a word can begin and end with.
    follows
        For each position those that can come after it.
    empty
        Whether the word without letters belongs to it.
    alphabet
        All letters, in order.
    """

    letters: tuple[str, ...]
    first: tuple[int, ...]
    last: tuple[int, ...]
    follows: tuple[tuple[int, ...], ...]
    empty: bool
    alphabet: str


class _Part(NamedTuple):
    """A stretch of the expression while it is read."""

    empty: bool
    first: frozenset[int]
    last: frozenset[int]


def positions(text: str, alphabet: str = "") -> Positions:
    """Take a regular expression apart.

    Parameters
    ----------
    text
        The expression.
    alphabet
        All letters there are; those of the expression if left out. Needed for ``.`` and ``[^a]``
        to mean more than the letters written down.

    Raises
    ------
    Mistake
        Naming the character that cannot stand there; or if there are too many positions.
    """
    reader = _Reader(text)
    whole = reader.choice()
    if reader.at < len(text):
        reader.refuse("this bracket was never opened")
    written = sorted({letter for one in reader.letters for letter in one.letters})
    whole_alphabet = "".join(dict.fromkeys(alphabet)) or "".join(written)
    for letter in written:
        if letter not in whole_alphabet:
            raise Mistake(f"the letter {letter!r} of the expression is not in the alphabet")
    if not whole_alphabet:
        raise Mistake("the expression has no letters; give an alphabet as well")
    return Positions(
        tuple(
            "".join(letter for letter in whole_alphabet if (letter in one.letters) != one.others)
            for one in reader.letters
        ),
        tuple(sorted(whole.first)),
        tuple(sorted(whole.last)),
        tuple(tuple(sorted(following)) for following in reader.follows),
        whole.empty,
        whole_alphabet,
    )


class _Reader:
    """One reading of one text: how far it has come, and the positions so far."""

    def __init__(self, text: str) -> None:
        if len(text) > MOST_CHARACTERS:
            raise Mistake(
                f"the expression has {len(text)} characters; at most {MOST_CHARACTERS} are read"
            )
        self.text = text
        self.at = 0
        self.depth = 0
        self.letters: list[Letters] = []
        self.follows: list[set[int]] = []
        self.pairs = 0
        self.readings = 0

    def refuse(self, what: str, at: int | None = None) -> NoReturn:
        raise fault(self.text, self.at if at is None else at, what)

    def peek(self) -> str:
        return self.text[self.at : self.at + 1]

    def position(self, letters: Letters) -> _Part:
        self.readings += 1
        if len(self.letters) >= MOST_POSITIONS or self.readings > MOST_READINGS:
            self.refuse(f"more than {MOST_POSITIONS} positions; shorten the repetitions")
        self.letters.append(letters)
        self.follows.append(set())
        one = frozenset([len(self.letters) - 1])
        return _Part(False, one, one)

    def link(self, last: frozenset[int], first: frozenset[int]) -> None:
        for one in last:
            before = len(self.follows[one])
            self.follows[one] |= first
            self.pairs += len(self.follows[one]) - before
            if self.pairs > MOST_PAIRS:
                self.refuse(f"more than {MOST_PAIRS} pairs of neighbours; shorten the repetitions")

    def after(self, left: _Part, right: _Part) -> _Part:
        self.link(left.last, right.first)
        return _Part(
            left.empty and right.empty,
            left.first | right.first if left.empty else left.first,
            left.last | right.last if right.empty else right.last,
        )

    def choice(self) -> _Part:
        self.depth += 1
        if self.depth > DEEPEST:
            self.refuse(f"brackets nested more than {DEEPEST} deep")
        whole = self.sequence()
        while self.peek() == "|":
            self.at += 1
            other = self.sequence()
            whole = _Part(
                whole.empty or other.empty, whole.first | other.first, whole.last | other.last
            )
        self.depth -= 1
        return whole

    def sequence(self) -> _Part:
        whole = _Part(True, frozenset(), frozenset())
        while self.peek() not in ("", "|", ")"):
            whole = self.after(whole, self.repeated())
        return whole

    def repeated(self) -> _Part:
        start, before = self.at, len(self.letters)
        part = self.one()
        end, after = self.at, len(self.letters)
        least, most = self.count()
        if (least, most) == (1, 1):
            return part
        if self.peek() in ("*", "+", "?", "{") and self.peek():
            self.refuse("one repetition upon another; use brackets")
        if after == before:  # nothing, however often, is nothing
            return part
        if most is None and least <= 1:
            self.link(part.last, part.first)
            return part._replace(empty=part.empty or least == 0)
        return self.copies(part, range(before, after), least, most, (start, end))

    def count(self) -> tuple[int, int | None]:
        """Read what says how often."""
        sign = self.peek()
        if sign in ("*", "+", "?") and sign:
            self.at += 1
            return (1 if sign == "+" else 0), (1 if sign == "?" else None)
        if sign != "{":
            return 1, 1
        opened = self.at
        self.at += 1
        least = self.number("the least number")
        most: int | None = least
        if self.peek() == ",":
            self.at += 1
            most = None if self.peek() == "}" else self.number("the most")
        if self.peek() != "}":
            self.refuse(f"'}}' is due, for the brace at character {opened + 1}")
        self.at += 1
        if most is not None and most < least:
            self.refuse("the most is less than the least", opened)
        return least, most

    def number(self, what: str) -> int:
        start = self.at
        while self.peek() and self.peek() in "0123456789":
            self.at += 1
        digits = self.text[start : self.at]
        if not digits:
            self.refuse(f"{what} of repetitions is due (a brace meant as a letter is \\{{)")
        if len(digits) > 6 or int(digits) > MOST_REPEATS:
            self.refuse(f"{what} of repetitions is at most {MOST_REPEATS}", start)
        return int(digits)

    def copies(
        self, part: _Part, mine: range, least: int, most: int | None, where: tuple[int, int]
    ) -> _Part:
        """Write a part several times over: the text is read again for each further copy."""
        if most == 0:
            del self.letters[mine.start :], self.follows[mine.start :]
            return _Part(True, frozenset(), frozenset())
        whole = part if least else part._replace(empty=True)
        copies = max(least, most or 0, 1)
        back = self.at
        for k in range(1, copies):
            self.at = where[0]
            again = self.one()
            whole = self.after(whole, again if k < least else again._replace(empty=True))
            if most is None and k == copies - 1:
                self.link(again.last, again.first)
        self.at = back
        return whole

    def one(self) -> _Part:
        sign = self.peek()
        if sign == "(":
            return self.group()
        if sign == "[":
            return self.position(self.several())
        if sign == ".":
            self.at += 1
            return self.position(Letters(frozenset(), True))
        if sign == "\\":
            return self.position(Letters(frozenset([self.escaped()]), False))
        if sign in "^$":
            self.refuse(f"the whole word is meant anyway; write \\{sign} for the letter")
        if sign in _SIGNS:
            self.refuse(f"there is nothing before this to repeat; write \\{sign} for the letter")
        self.at += 1
        return self.position(Letters(frozenset([sign]), False))

    def group(self) -> _Part:
        opened = self.at
        self.at += 1
        if self.peek() == "?":
            if self.text[self.at : self.at + 2] != "?:":
                self.refuse("only (?:...) is regular; looking ahead and naming are not read")
            self.at += 2
        part = self.choice()
        if self.peek() != ")":
            self.refuse(f"')' is due, for the bracket at character {opened + 1}")
        self.at += 1
        return part

    def escaped(self) -> str:
        self.at += 1
        letter = self.peek()
        if not letter:
            self.refuse("a letter is due after the backslash")
        if letter.isalnum():
            self.refuse(f"\\{letter} is not read; write the letters in brackets, as [0-9]")
        self.at += 1
        return letter

    def several(self) -> Letters:
        """Read a set of letters in square brackets."""
        opened = self.at
        self.at += 1
        others = self.peek() == "^"
        self.at += others
        found: set[str] = set()
        while self.peek() != "]" or not found:
            letter = self.member(opened)
            if self.peek() == "-" and self.text[self.at + 1 : self.at + 2] not in ("]", ""):
                self.at += 1
                end = self.member(opened)
                if end < letter:
                    self.refuse(f"{letter}-{end} runs backwards", self.at - 1)
                if ord(end) - ord(letter) > 255:
                    self.refuse(f"{letter}-{end} are more than 256 letters", self.at - 1)
                found |= {chr(code) for code in range(ord(letter), ord(end) + 1)}
            else:
                found.add(letter)
        self.at += 1
        return Letters(frozenset(found), others)

    def member(self, opened: int) -> str:
        letter = self.peek()
        if not letter:
            self.refuse(f"']' is due, for the bracket at character {opened + 1}")
        if letter == "\\":
            return self.escaped()
        self.at += 1
        return letter
