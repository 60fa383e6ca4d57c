"""Reading temporal propositional expressions as people write them.

Both notations of the paper are read, and plain ASCII: ``N1(t-1) v N2(t-3).~N2(t-2)`` with the time
at each fibre, or ``a v S^2(b & ~S b)`` with the functor S. "Not", "and", exclusive or, "or",
"implies" and "if and only if" bind in this order, the first most closely; any bracket may be used.

==================  =========================================================
not                 ``~``  ``!``  ``¬``  ``not``
and                 ``.``  ``&``  ``·``  ``∧``  ``*``  ``and``
exclusive or        ``^``  ``⊕``  ``xor``
or                  ``v``  ``|``  ``∨``  ``+``  ``or``
implies             ``->``  ``⊃``  ``implies``
if and only if      ``==``  ``<->``  ``≡``  ``iff``
k delays ago        ``a(t-k)``  ``S^k a``  ``delay[k](a)``
at some time        ``ever(a)``  ``(Ex)t-k a(x)``
always so far       ``always(a)``  ``(x)t-k a(x)``
every n-th tick     ``every(n)``  ``every(n, m)``: t leaves the rest m
==================  =========================================================
"""

from __future__ import annotations

import re
from typing import NamedTuple, NoReturn

from simulator.errors import Mistake

from .calculus import (
    LONGEST_DELAY,
    Always,
    And,
    Constant,
    Ever,
    Every,
    Expression,
    Fibre,
    Not,
    Or,
    Past,
    Xor,
    parts,
    past,
)

MOST_CHARACTERS = 100_000
DEEPEST = 60

_KINDS = {
    "not": ("~", "!", "¬", "not"),
    "and": (".", "&", "&&", "·", "∧", "*", "and"),
    "xor": ("^", "⊕", "xor"),
    "or": ("v", "|", "||", "∨", "+", "or"),
    "implies": ("->", "⊃", "implies"),
    "iff": ("==", "<->", "≡", "iff"),
}
_WORDS = {spelling: kind for kind, spellings in _KINDS.items() for spelling in spellings}
_OPERATORS = ("ever", "always", "every", "delay")
_BINDING = {"iff": 1, "implies": 2, "or": 3, "xor": 4, "and": 5}
_CLOSING = {"(": ")", "[": "]", "{": "}"}
_NUMBER = r"\d{1,9}"
_TIME = rf"\(\s*[tx]\s*(?:[-−–]\s*(?P<ago>{_NUMBER})\s*)?\)"
_TOKEN = re.compile(
    rf"""
    (?P<space>\s+)
  | (?P<exists>\(\s*[E∃]\s*[xz]\s*\)\s*[t]\s*(?:[-−–]\s*(?P<exists_ago>{_NUMBER}))?)
  | (?P<forall>\(\s*[xz]\s*\)\s*[t]\s*(?:[-−–]\s*(?P<forall_ago>{_NUMBER}))?)
  | (?P<S>S(?:\s*\^\s*(?P<power>{_NUMBER}))?(?![\w']))
  | (?P<name>[^\W\d]\w*'*)(?P<time>\s*{_TIME})?
  | (?P<number>{_NUMBER})
  | (?P<sign><->|->|==|&&|\|\||[~!¬.&·∧*^⊕|∨+⊃≡()\[\]{{}},])
    """,
    re.VERBOSE,
)


class _Token(NamedTuple):
    kind: str
    text: str
    at: int
    ticks: int = 0


class Statement(NamedTuple):
    """What a cell says: its name, if given on the left, and the expression."""

    name: str | None
    expression: Expression


def read(text: str) -> Expression:
    """Read an expression.

    Raises
    ------
    Mistake
        Naming the character, counted from 1, at which the expression cannot go on, and the cure.
    """
    return _Reader(text).whole()


def statement(text: str) -> Statement:
    """Read an expression that may begin with the cell it belongs to, ``N3(t) == ...``."""
    named = re.match(r"\s*([^\W\d]\w*'*)\s*\(\s*t\s*\)\s*[.:]*\s*(?:==|≡|=)\s*[.:]*", text)
    if named is None or named[1] in _WORDS:
        return Statement(None, read(text))
    return Statement(named[1], read(" " * named.end() + text[named.end() :]))


def fault(text: str, at: int, what: str) -> Mistake:
    """Return the mistake at a character (from 0), shown within the few that surround it."""
    if at >= len(text.rstrip()):
        return Mistake(f"character {at + 1}, the end of the expression: {what}")
    around = text[max(0, at - 12) : at] + "»" + text[at] + "«" + text[at + 1 : at + 13]
    return Mistake(f"character {at + 1}, at {around!r}: {what}")


def _tokens(text: str) -> list[_Token]:
    if len(text) > MOST_CHARACTERS:
        raise Mistake(
            f"the expression has {len(text)} characters; at most {MOST_CHARACTERS} are read"
        )
    found: list[_Token] = []
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise fault(text, at, "this character has no meaning in the calculus")
        name = match["name"]
        if name in _WORDS or name in _OPERATORS:  # a bracket after it is its own, not a time
            found.append(_Token(_WORDS.get(name, name), name, at))
            at += len(name)
            continue
        if not match["space"]:
            found.append(_token(text, match, at))
        at = match.end()
    found.append(_Token("end", "", len(text)))
    return found


def _token(text: str, match: re.Match[str], start: int) -> _Token:
    """Sort one match into its kind."""
    if match["exists"] or match["forall"]:
        ago = int(match["exists_ago"] or match["forall_ago"] or 0)
        kind = "exists" if match["exists"] else "forall"
        return _Token(kind, match[0], start, _delay(text, start, ago))
    if match["S"]:
        return _Token("S", match[0], start, _delay(text, start, int(match["power"] or 1)))
    if match["name"]:
        ticks = _delay(text, start, int(match["ago"] or 0))
        return _Token("name", match["name"], start, ticks)
    if match["number"]:
        return _Token("number", match[0], start)
    return _Token(_WORDS.get(match[0], match[0]), match[0], start)


def _delay(text: str, at: int, ticks: int) -> int:
    if ticks > LONGEST_DELAY:
        raise fault(text, at, f"at most {LONGEST_DELAY} synaptic delays are looked back")
    return ticks


def _joined(operator: _Token, several: list[Expression]) -> Expression:
    """Join operands by "and", "or", exclusive or, or "if and only if"."""
    if operator.kind == "and":
        return And(tuple(several), operator.at)
    if operator.kind == "or":
        return Or(tuple(several), operator.at)
    denied = operator.kind == "iff" and len(several) % 2 == 0
    while len(several) > 1:  # by twos: a long line becomes a shallow tree
        pairs = zip(several[::2], several[1::2], strict=False)
        rest = several[len(several) // 2 * 2 :]
        several = [*(Xor(one, other, operator.at) for one, other in pairs), *rest]
    return Not(several[0], operator.at) if denied else several[0]


class _Reader:
    """One reading of one text: the tokens and how far it has come."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = _tokens(text)
        self.next = 0
        self.depth = 0

    def whole(self) -> Expression:
        found = self.sentence(1)
        if self.here.kind != "end":
            if self.here.kind in (")", "]", "}"):
                self.refuse("this bracket was never opened")
            self.refuse("an operator such as & or v is missing before this")
        self.refuse_what_is_too_long_ago(found)
        return found

    def refuse_what_is_too_long_ago(self, whole: Expression) -> None:
        left = [(whole, 0)]
        while left:
            one, ago = left.pop()
            ago += one.ticks if isinstance(one, Past) else 0
            if ago > LONGEST_DELAY:
                what = f"this is looked back on by {ago} synaptic delays, {LONGEST_DELAY} at most"
                raise fault(self.text, one.at, what)
            left += [(part, ago) for part in parts(one)]

    @property
    def here(self) -> _Token:
        return self.tokens[self.next]

    def refuse(self, what: str) -> NoReturn:
        raise fault(self.text, self.here.at, what)

    def take(self) -> _Token:
        token = self.here
        self.next += 1
        return token

    def sentence(self, binding: int) -> Expression:
        """Read operands joined by operators that bind at least that closely."""
        self.depth += 1
        if self.depth > DEEPEST:
            self.refuse(f"nested more than {DEEPEST} deep; name the inner parts as cells of a net")
        left = self.operand()
        while (mine := _BINDING.get(self.here.kind, 0)) >= binding:
            operator = self.take()
            if operator.kind == "implies":
                left = Or((Not(left, operator.at), self.sentence(mine)), operator.at)
            else:
                several = [left, self.sentence(mine + 1)]
                while self.here.kind == operator.kind:
                    self.take()
                    several.append(self.sentence(mine + 1))
                left = _joined(operator, several)
        self.depth -= 1
        return left

    def operand(self) -> Expression:
        token = self.take()
        match token.kind:
            case "name":
                return past(Fibre(token.text, token.at), token.ticks)
            case "not":
                return Not(self.prefixed(), token.at)
            case "S":
                return past(self.prefixed(), token.ticks)
            case "exists":
                return past(Ever(self.sentence(_BINDING["and"]), token.at), token.ticks)
            case "forall":
                return past(Always(self.sentence(_BINDING["and"]), token.at), token.ticks)
            case "number" if token.text in ("0", "1"):
                return Constant(token.text == "1", token.at)
            case "(" | "[" | "{":
                return self.closed(token)
            case "ever":
                return Ever(self.closed(self.bracket("ever")), token.at)
            case "always":
                return Always(self.closed(self.bracket("always")), token.at)
            case "every":
                return self.every(token)
            case "delay":
                return self.delay()
        self.next -= 1
        if token.kind == "end":
            self.refuse("an operand is missing, such as a fibre's name")
        if token.kind == "number":
            self.refuse("a number stands here; only 0 (never) and 1 (always) are sentences")
        self.refuse("here a fibre's name, ~, S or an opening bracket is due")

    def prefixed(self) -> Expression:
        self.depth += 1
        if self.depth > DEEPEST:
            self.refuse(f"nested more than {DEEPEST} deep; name the inner parts as cells of a net")
        found = self.operand()
        self.depth -= 1
        return found

    def bracket(self, word: str) -> _Token:
        if self.here.kind not in _CLOSING:
            self.refuse(f"{word} needs a bracket, as {word}(a)")
        return self.take()

    def closed(self, opening: _Token) -> Expression:
        found = self.sentence(1)
        self.close(opening)
        return found

    def close(self, opening: _Token) -> None:
        if self.here.kind != _CLOSING[opening.kind]:
            self.refuse(
                f"{_CLOSING[opening.kind]!r} is due, for the bracket at character {opening.at + 1}"
            )
        self.take()

    def whole_number(self, most: int, what: str) -> int:
        if self.here.kind != "number":
            self.refuse(f"{what} is due, a whole number")
        if int(self.here.text) > most:
            self.refuse(f"{what} is at most {most}")
        return int(self.take().text)

    def every(self, token: _Token) -> Expression:
        opening = self.bracket("every")
        n = self.whole_number(LONGEST_DELAY, "the number of ticks")
        if n < 1:
            self.next -= 1
            self.refuse("the number of ticks is at least 1")
        phase = 0
        if self.here.kind == ",":
            self.take()
            phase = self.whole_number(LONGEST_DELAY, "the rest") % n
        self.close(opening)
        return Every(n, phase, token.at)

    def delay(self) -> Expression:
        ticks = 1
        if self.here.kind == "[":
            opening = self.take()
            ticks = self.whole_number(LONGEST_DELAY, "the number of delays")
            self.close(opening)
        return past(self.closed(self.bracket("delay")), ticks)
