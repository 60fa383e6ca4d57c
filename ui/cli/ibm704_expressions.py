"""What one may write for a location or a condition in the monitor, and what it comes to.

Numbers are octal, as on the console; ``10.`` with a point is decimal and ``1.5`` a fraction. Names
are the symbols of the program, the registers AC MQ SR IC XRA XRB XRC, and ``cycles`` and
``instructions``. ``*`` is the location counter, ``[X]`` the word at X, ``[X].address`` a part of it
(also ``.decrement``, ``.tag``, ``.float``). Words count as whole numbers with sign. They are put
together by ``+ - *``, compared by ``= # < > <= >=``, and joined by ``and or not`` and brackets; a
symbol with the name of a register is ``$AC``.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping
from fractions import Fraction

from machines.ibm704 import Ibm704
from machines.ibm704 import words as parts
from machines.ibm704.words import AC_MAGNITUDE, AC_SIGN, MAGNITUDE, SIGN
from simulator.errors import Mistake

Value = int | Fraction
Expression = Callable[[Ibm704], Value]

DEEPEST = 30
"""Most brackets within brackets."""
_LARGEST = 1 << 80
_TOKEN = re.compile(r"\s*(\d+\.\d+|\d+\.|\$?\w+(?:\$\w+)?|<=|>=|==|!=|\.[a-z]+|[][()+\-*=#<>])")
_COMPARISONS: Mapping[str, Callable[[Value, Value], bool]] = {
    "=": operator.eq, "==": operator.eq, "#": operator.ne, "!=": operator.ne,
    "<": operator.lt, ">": operator.gt, "<=": operator.le, ">=": operator.ge,
}  # fmt: skip
_NUMBERS = {
    "IC": "ibm704.register.IC",
    "XRA": "ibm704.register.XRA",
    "XRB": "ibm704.register.XRB",
    "XRC": "ibm704.register.XRC",
    "CYCLES": "ibm704.control.cycles",
    "INSTRUCTIONS": "ibm704.control.instructions",
}
_WORDS = ("AC", "MQ", "SR")
_PARTS: Mapping[str, Callable[[int], Value]] = {
    ".address": parts.address,
    ".decrement": parts.decrement,
    ".tag": parts.tag,
    ".float": parts.floating,
}


def parse(text: str, symbols: Mapping[str, int]) -> Expression:
    """Read an expression.

    Parameters
    ----------
    text
        As written.
    symbols
        What each symbol stands for.

    Returns
    -------
    expression
        To be asked for its value on a machine.

    Raises
    ------
    Mistake
        If it is none, or a name is not known. Asking may raise one too: there may be no such
        location.
    """
    return _Parser(text, symbols).whole()


def location(text: str, symbols: Mapping[str, int], machine: Ibm704) -> int:
    """Read an expression that is a location, and give it.

    Raises
    ------
    Mistake
        If it is none, or storage has no such location.
    """
    value = parse(text, symbols)(machine)
    if not isinstance(value, int):
        raise Mistake(f"{text} is no location: not a whole number")
    return _within(value, machine)


def _within(value: int, machine: Ibm704) -> int:
    words = machine.description.core_words
    if not 0 <= value < words:
        raise Mistake(f"there is no location {value:o}; storage goes from 0 to {words - 1:o}")
    return value


class _Parser:
    def __init__(self, text: str, symbols: Mapping[str, int]) -> None:
        self._text, self._symbols = text, symbols
        self._tokens = _tokens(text)
        self._at = 0
        self._depth = 0

    def whole(self) -> Expression:
        if not self._tokens:
            raise Mistake("an expression is missing, such as LOOP+1 or AC > 0")
        expression = self._either()
        if self._at < len(self._tokens):
            raise Mistake(f"{self._text}: {self._tokens[self._at]} is not expected there")
        return expression

    def _next(self, *wanted: str) -> str | None:
        """Take the next token if it is one of those wanted."""
        if self._at < len(self._tokens) and self._tokens[self._at].lower() in wanted:
            self._at += 1
            return self._tokens[self._at - 1].lower()
        return None

    def _either(self) -> Expression:
        left = self._both()
        while self._next("or"):
            left = _joined(lambda a, b: int(bool(a) or bool(b)), left, self._both())
        return left

    def _both(self) -> Expression:
        left = self._denied()
        while self._next("and"):
            left = _joined(lambda a, b: int(bool(a) and bool(b)), left, self._denied())
        return left

    def _denied(self) -> Expression:
        times = 0
        while self._next("not"):
            times += 1
        inner = self._compared()
        if not times:
            return inner
        return lambda machine: int(bool(inner(machine)) != bool(times % 2))

    def _compared(self) -> Expression:
        left = self._sum()
        if sign := self._next(*_COMPARISONS):
            compare = _COMPARISONS[sign]
            return _joined(lambda a, b: int(compare(a, b)), left, self._sum())
        return left

    def _sum(self) -> Expression:
        left = self._product()
        while sign := self._next("+", "-"):
            left = _joined(operator.add if sign == "+" else operator.sub, left, self._product())
        return left

    def _product(self) -> Expression:
        left = self._signed()
        while self._next("*"):
            left = _joined(operator.mul, left, self._signed())
        return left

    def _signed(self) -> Expression:
        minus = 0
        while sign := self._next("+", "-"):
            minus += sign == "-"
        inner = self._part()
        return (lambda machine: -inner(machine)) if minus % 2 else inner

    def _part(self) -> Expression:
        if self._at >= len(self._tokens):
            raise Mistake(f"{self._text}: something is missing at its end")
        token = self._tokens[self._at]
        self._at += 1
        if token in "([":
            return self._bracketed(token)
        if token == "*":
            return _number_at(_NUMBERS["IC"])
        if not (token[0].isalnum() or token[0] in "$_"):
            raise Mistake(f"{self._text}: {token} is not expected there")
        if "." in token:
            return _constant(int(token[:-1]) if token[-1] == "." else Fraction(token))
        if token.isdigit():
            return _constant(self._octal(token))
        if token.upper() in _WORDS:
            return self._word(lambda machine: _register(machine, token.upper()), _fixed_ac(token))
        if token.upper() in _NUMBERS:
            return _number_at(_NUMBERS[token.upper()])
        return self._symbol(token)

    def _bracketed(self, bracket: str) -> Expression:
        self._depth += 1
        if self._depth > DEEPEST:
            raise Mistake(f"more than {DEEPEST} brackets within each other; write it more simply")
        inner = self._either()
        self._depth -= 1
        closing = ")" if bracket == "(" else "]"
        if not self._next(closing):
            raise Mistake(f"{self._text}: {closing} is missing")
        if bracket == "(":
            return inner
        return self._word(lambda machine: _contents(machine, inner(machine)), None)

    def _word(self, read: Callable[[Ibm704], int], whole: Expression | None) -> Expression:
        """Take a part of a word if one is asked for, else all of it as a whole number."""
        name = self._next(*_PARTS)
        if name:
            part = _PARTS[name]
            return lambda machine: part(read(machine))
        return whole or (lambda machine: parts.fixed(read(machine)))

    def _octal(self, token: str) -> int:
        if len(token) > 24 or set(token) & {"8", "9"}:
            raise Mistake(f"{token} is no octal number; with a point behind it, {token}., decimal")
        return int(token, 8)

    def _symbol(self, token: str) -> Expression:
        name = token.upper().removeprefix("$")
        if name not in self._symbols:
            raise Mistake(
                f"{token} is not known: no symbol of the program, no register, no octal number"
            )
        return _constant(self._symbols[name])


def _tokens(text: str) -> list[str]:
    tokens, at, text = [], 0, text.rstrip()
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None or not match[1].isascii():
            raise Mistake(f"{text}: {text[at:].strip()[:1]} means nothing here")
        tokens.append(match[1])
        at = match.end()
    return tokens


def _joined(how: Callable[[Value, Value], Value], a: Expression, b: Expression) -> Expression:
    def value(machine: Ibm704) -> Value:
        result = how(a(machine), b(machine))
        if not -_LARGEST <= result <= _LARGEST:
            raise Mistake("the expression comes to a number far larger than a word")
        return result

    return value


def _constant(number: Value) -> Expression:
    return lambda machine: number


def _number_at(path: str) -> Expression:
    return lambda machine: machine.number(path)


def _contents(machine: Ibm704, at: Value) -> int:
    if not isinstance(at, int):
        raise Mistake("what stands in [ ] is no location: not a whole number")
    return machine.examine(_within(at, machine))


def _register(machine: Ibm704, name: str) -> int:
    """Give a register as a word; of AC S,1-35."""
    bits = machine.number(f"ibm704.register.{name}")
    return (SIGN if bits & AC_SIGN else 0) | bits & MAGNITUDE if name == "AC" else bits


def _fixed_ac(name: str) -> Expression | None:
    """Give AC as a whole number with Q and P; other registers are words."""
    if name.upper() != "AC":
        return None

    def value(machine: Ibm704) -> int:
        bits = machine.number("ibm704.register.AC")
        return -(bits & AC_MAGNITUDE) if bits & AC_SIGN else bits & AC_MAGNITUDE

    return value
