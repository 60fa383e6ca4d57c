"""Expressions as truth tables over literals.

The functor S commutes with "and", "or" and "not", so it can be moved inward until it stands at the
fibres. Then an expression is a truth table over its literals "this fibre fired so many ticks ago";
an operator of Theorem X counts as a fibre of its own. Two expressions say the same exactly if
their tables over the same literals are the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from simulator.errors import Mistake

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
from .minimal import shortest
from .truth import MOST_LITERALS, column, everything, lowest_row, reorder, spread, support

Atom = Fibre | Ever | Always | Every


class Literal(NamedTuple):
    """A fibre, or an operator of Theorem X in its place, so many ticks ago."""

    atom: Atom
    ago: int

    def expression(self) -> Expression:
        """Return the literal as an expression."""
        return past(self.atom, self.ago)

    def earlier(self, ticks: int) -> Literal:
        """Return the literal so many ticks earlier still."""
        return Literal(self.atom, self.ago + ticks)

    @property
    def name(self) -> str:
        """The name of the fibre; only a literal that is one has it."""
        if not isinstance(self.atom, Fibre):
            raise TypeError("an operator of Theorem X has no name")
        return self.atom.name


class Table(NamedTuple):
    """A truth table and the literals it is drawn up over, literal i its fibre i."""

    literals: tuple[Literal, ...]
    true: int

    @property
    def n(self) -> int:
        """How many literals."""
        return len(self.literals)

    def earlier(self, ticks: int) -> Table:
        """Return the table of the same, so many ticks earlier."""
        return Table(tuple(literal.earlier(ticks) for literal in self.literals), self.true)


def literals(expression: Expression) -> tuple[Literal, ...]:
    """Return the literals of an expression, each once, in reading order."""
    found: dict[Literal, None] = {}
    left: list[tuple[Expression, int]] = [(expression, 0)]
    while left:
        one, ago = left.pop()
        match one:
            case Past(part, ticks):
                left.append((part, ago + ticks))
            case Not(part):
                left.append((part, ago))
            case And(several) | Or(several):
                left += [(part, ago) for part in reversed(several)]
            case Xor(first, second):
                left += [(second, ago), (first, ago)]
            case Every(n, phase):
                found[Literal(Every(n, (phase + ago) % n), 0)] = None
            case Fibre() | Ever() | Always():
                found[Literal(one, ago)] = None
            case Constant():
                pass
    return tuple(found)


def table(expression: Expression, over: Sequence[Literal] | None = None) -> Table:
    """Draw up the truth table of an expression.

    Parameters
    ----------
    expression
        Any expression.
    over
        The literals of the table; those of the expression if left out.

    Raises
    ------
    Mistake
        If the expression has too many literals for a table.
    """
    mine = tuple(literals(expression) if over is None else over)
    if len(mine) > MOST_LITERALS:
        raise Mistake(
            f"the expression has {len(mine)} different literals; a truth table is drawn up for "
            f"{MOST_LITERALS} at most: compile it as it is written, with literal=True"
        )
    n = len(mine)
    place = {literal: column(i, n) for i, literal in enumerate(mine)}

    def of(one: Expression, ago: int) -> int:
        match one:
            case Constant(value):
                return everything(n) if value else 0
            case Past(part, ticks):
                return of(part, ago + ticks)
            case Not(part):
                return everything(n) & ~of(part, ago)
            case And(several):
                result = everything(n)
                for part in several:
                    result &= of(part, ago)
                return result
            case Or(several):
                result = 0
                for part in several:
                    result |= of(part, ago)
                return result
            case Xor(left, right):
                return of(left, ago) ^ of(right, ago)
            case Every(ticks, phase):
                return place[Literal(Every(ticks, (phase + ago) % ticks), 0)]
            case Fibre() | Ever() | Always():
                return place[Literal(one, ago)]

    return Table(mine, of(expression, 0))


def reduced(drawn: Table) -> Table:
    """Leave out the literals a table does not depend on."""
    kept = support(drawn.true, drawn.n)
    if len(kept) == drawn.n:
        return drawn
    return Table(tuple(drawn.literals[k] for k in kept), reorder(drawn.true, kept, drawn.n))


def minimal(drawn: Table) -> Expression:
    """Return the shortest "or of ands" that a table allows; see :mod:`~.minimal`."""
    small = reduced(drawn)
    products: list[Expression] = []
    for product in shortest(small.true, small.n).products:
        factors: list[Expression] = [
            literal.expression()
            for i, literal in enumerate(small.literals)
            if product.firing >> i & 1
        ] + [
            Not(literal.expression())
            for i, literal in enumerate(small.literals)
            if product.silent >> i & 1
        ]
        products.append(And(tuple(factors)) if len(factors) > 1 else (*factors, Constant(True))[0])
    if not products:
        return Constant(False)
    return Or(tuple(products)) if len(products) > 1 else products[0]


class Compared(NamedTuple):
    """Two tables drawn up over the same literals: these, and the first row that differs, if any."""

    over: tuple[Literal, ...]
    row: int | None
    left: bool = False
    """What the left table has there; the right one has the contrary."""

    def stimulus(self, names: Sequence[str]) -> tuple[int, ...]:
        """Give the stimulus of that row, one row a tick, bit i afferent i of ``names``."""
        last = max((literal.ago for literal in self.over), default=0)
        rows = [0] * (last + 1)
        for i, literal in enumerate(self.over):
            if (self.row or 0) >> i & 1:
                rows[last - literal.ago] |= 1 << names.index(literal.name)
        return tuple(rows)


def compared(left: Table, right: Table) -> Compared | None:
    """Hold two tables against each other; None if they have too many literals together."""
    over = tuple(dict.fromkeys(left.literals + right.literals))
    if len(over) > MOST_LITERALS:
        return None
    one, other = (
        spread(mine.true, [over.index(literal) for literal in mine.literals], len(over))
        for mine in (left, right)
    )
    if one == other:
        return Compared(over, None)
    row = lowest_row(one ^ other)
    return Compared(over, row, bool(one >> row & 1))


def equivalent(left: Expression, right: Expression) -> bool:
    """Tell whether two expressions say the same, operators of Theorem X taken by their letter.

    Raises
    ------
    Mistake
        If they have too many literals together for a table.
    """
    over = tuple(dict.fromkeys(literals(left) + literals(right)))
    return table(left, over).true == table(right, over).true
