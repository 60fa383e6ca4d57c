"""Printing temporal propositional expressions, in the paper's notation and with the functor S.

The paper writes the time at every fibre, ``N1(t-1) v [N2(t-3).~N2(t-2)]``; its dots used as
brackets are printed as brackets. The other form keeps S and plain signs: ``S a | S^3 b & ~S^2 b``.
Both are read again by :mod:`machines.mcculloch_pitts.calculus_read`.
"""

from __future__ import annotations

from .calculus import (
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
    past,
)

_CHOICE, _LAST, _AMONG, _DENIED = 1, 2, 3, 4
"""Where a part stands: in an "or", last in a product, elsewhere in one, after "not"."""


def paper(expression: Expression) -> str:
    """Print in the paper's notation, with the time at each fibre."""
    return _timed(expression, 0, "t", 0)


def functor(expression: Expression) -> str:
    """Print with the functor S before what it shifts, and with plain signs."""
    return _shifted(expression, 0)


def equation(name: str, expression: Expression) -> str:
    """Print what a cell says in the paper's notation: ``N3(t) == N1(t-1).~N2(t-1)``."""
    return f"{name}(t) == {paper(expression)}"


def _timed(expression: Expression, ago: int, now: str, binding: int) -> str:
    """Print as of ``ago`` ticks before now, with brackets if what is around binds closer."""
    time = f"{now}-{ago}" if ago else now
    match expression:
        case Constant(value):
            return "1" if value else "0"
        case Fibre(name):
            return f"{name}({time})"
        case Past(part, ticks):
            return _timed(part, ago + ticks, now, binding)
        case Not(part):
            return "~" + _timed(part, ago, now, _DENIED)
        case And(several):
            last = len(several) - 1
            inner = [
                _timed(part, ago, now, _LAST if k == last else _AMONG)
                for k, part in enumerate(several)
            ]
            return _bracket(".".join(inner), binding >= _LAST)
        case Or(several):
            inner = [_timed(one, ago, now, _CHOICE) for one in several]
            return _bracket(" v ".join(inner), binding > 0)
        case Xor(left, right):
            both = f"{_timed(left, ago, now, _AMONG)} ^ {_timed(right, ago, now, _AMONG)}"
            return _bracket(both, binding > 0)
        case Ever(part) | Always(part):
            sign = "(Ex)" if isinstance(expression, Ever) else "(x)"
            if now == "x":  # a second variable would be read as the first
                word = "ever" if isinstance(expression, Ever) else "always"
                # S stays outside: before the beginning an "always" has seen nothing
                before = ("S " if ago == 1 else f"S^{ago} ") if ago else ""
                return f"{before}{word}({_timed(part, 0, now, 0)})"
            inside = _timed(part, 0, "x", _CHOICE if isinstance(part, And) else _LAST)
            return _bracket(f"{sign}{time} {inside}", binding >= _AMONG)
        case Every(n, phase):
            rest = (phase + ago) % n
            return f"every({n}, {rest})" if rest else f"every({n})"


def _bracket(text: str, needed: bool) -> str:
    return f"[{text}]" if needed else text


def _shifted(expression: Expression, binding: int) -> str:
    match expression:
        case Constant(value):
            return "1" if value else "0"
        case Fibre(name):
            return name
        case Past(part, ticks):
            return ("S " if ticks == 1 else f"S^{ticks} ") + _shifted(part, 9)
        case Not(part):
            return "~" + _shifted(part, 9)
        case And(several):
            return _round(" & ".join(_shifted(part, 5) for part in several), binding >= 5)
        case Or(several):
            return _round(" | ".join(_shifted(part, 3) for part in several), binding >= 3)
        case Xor(left, right):
            return _round(f"{_shifted(left, 4)} ^ {_shifted(right, 4)}", binding >= 4)
        case Ever(part):
            return f"ever({_shifted(part, 0)})"
        case Always(part):
            return f"always({_shifted(part, 0)})"
        case Every(n, phase):
            return f"every({n}, {phase})" if phase else f"every({n})"


def _round(text: str, needed: bool) -> str:
    return f"({text})" if needed else text


def tidy(expression: Expression) -> Expression:
    """Put an expression into the order the paper prints.

    Shifts are moved inward to the fibres, ands within ands and ors within ors are joined, and in a
    product come first the fibres that fire, then the silent ones, then what needs brackets.
    """
    match expression:
        case Past(part, ticks):
            return _shift(tidy(part), ticks)
        case Not(part):
            inner = tidy(part)
            return inner.part if isinstance(inner, Not) else Not(inner, expression.at)
        case And(several):
            flat = _flat(And, several)
            return And(tuple(sorted(flat, key=_rank)), expression.at) if len(flat) > 1 else flat[0]
        case Or(several):
            flat = _flat(Or, several)
            return Or(tuple(flat), expression.at) if len(flat) > 1 else flat[0]
        case Xor(left, right):
            return Xor(tidy(left), tidy(right), expression.at)
        case Ever(part):
            return Ever(tidy(part), expression.at)
        case Always(part):
            return Always(tidy(part), expression.at)
        case _:
            return expression


def _flat(kind: type[And] | type[Or], several: tuple[Expression, ...]) -> list[Expression]:
    found: list[Expression] = []
    for part in map(tidy, several):
        found += part.parts if isinstance(part, kind) else (part,)
    return list(dict.fromkeys(found))


def _shift(expression: Expression, ticks: int) -> Expression:
    """Move a shift inward; what remembers keeps it outside."""
    match expression:
        case Not(part):
            return Not(_shift(part, ticks), expression.at)
        case And(several):
            return And(tuple(_shift(part, ticks) for part in several), expression.at)
        case Or(several):
            return Or(tuple(_shift(part, ticks) for part in several), expression.at)
        case Xor(left, right):
            return Xor(_shift(left, ticks), _shift(right, ticks), expression.at)
        case _:
            return past(expression, ticks)


def _rank(expression: Expression) -> int:
    inner = expression.part if isinstance(expression, Past) else expression
    match inner:
        case Fibre() | Constant() | Every():
            return 0
        case Not(Fibre() | Past(Fibre())):
            return 1
        case Ever() | Always():
            return 3
        case _:
            return 2
