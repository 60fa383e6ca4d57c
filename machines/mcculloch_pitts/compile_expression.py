"""From a sentence to a net that says it: Theorem II.

Two ways. The *literal* one is the proof of the theorem: a cell of figure 1a for every S, a cell of
figure 1b, 1c or 1d for every connective, and more cells of 1a before the operand that would come
too early. The *compact* one draws up the truth table over the literals and finds one cell that has
it, or one cell for each product of the minimal form and one more for their "or"; delays are shared.

The theorem knows no bare "not". By Theorem III a sentence can be realized exactly if it is false
where all its constituents are: no cell fires out of silence. Every other sentence is refused, with
the character to blame, unless an always-firing cell is allowed (``always_cell``): a cell that
excites itself and fires at the start. For the operators of Theorem X there are circles.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

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
    fibres,
    fires_in_silence,
    past,
    reach,
    values,
    why_in_silence,
)
from .calculus_print import functor, tidy
from .calculus_read import fault, statement
from .drawing import Drawing, added, cells_for
from .minimal import shortest
from .normal_form import Literal, Table, literals, reduced, table
from .proof import prove
from .report import Compiled, report
from .single_cell import one_cell
from .truth import Product, everything, runs_of

_TABLE_LITERALS = 12


class Signal(NamedTuple):
    """A fibre that says something, so many ticks late."""

    fibre: str
    lag: int
    says: Expression


def compile_text(
    text: str, *, literal: bool = False, always_cell: bool = False, afferents: Sequence[str] = ()
) -> Compiled:
    """Read an expression and compile it.

    Parameters
    ----------
    text
        An expression, or ``NAME(t) == expression``; the cell is then called so.
    literal
        Theorem II as it is proved, rather than a compact net.
    always_cell
        Allow an always-firing cell where the sentence fires out of silence.
    afferents
        Names the net shall have as its first afferents, in this order.

    Raises
    ------
    Mistake
        Naming the character to blame: by the grammar, or by Theorem III.
    """
    name, expression = statement(text)
    if fires_in_silence(expression) and not always_cell:
        blamed = why_in_silence(expression)
        raise fault(text, blamed.at, silence(expression))
    return compile_expression(
        expression, name=name, literal=literal, always_cell=always_cell, afferents=afferents
    )


def silence(expression: Expression) -> str:
    """Say in the words of Theorem III why an expression cannot be realized, and the cure."""
    return (
        f"{functor(expression)[:60]} is true while all its constituents are false, and no cell "
        "fires out of silence (Theorem III); say what must fire as well, or allow an "
        "always-firing cell"
    )


def compile_expression(
    expression: Expression,
    *,
    name: str | None = None,
    literal: bool = False,
    always_cell: bool = False,
    afferents: Sequence[str] = (),
) -> Compiled:
    """Compile an expression; see :func:`compile_text`.

    Raises
    ------
    Mistake
        If the expression fires out of silence, or the net grows too large.
    """
    if fires_in_silence(expression) and not always_cell:
        raise Mistake(silence(expression))
    if (ago := reach(expression)) > LONGEST_DELAY:
        raise Mistake(
            f"the sentence looks back {ago} synaptic delays; {LONGEST_DELAY} are the most"
        )
    named = tuple(dict.fromkeys([*afferents, *fibres(expression)]))
    if name in named:
        raise Mistake(f"{name} cannot be said by itself: a net with that circle is drawn by hand")
    title = functor(expression)
    board = Drawing(title if len(title) <= 80 else title[:77] + "...", named)
    draw = _Literal(board) if literal else _Compact(board)
    positive, signal = draw.signal(expression)
    if not positive:
        signal = _denied(board, signal)
    elif signal.fibre in named or signal.fibre in board.rings or name is not None:
        signal = _a_cell_of_its_own(board, signal, name)
    net = board.net([signal.fibre])
    return Compiled(net, report(net, signal.lag), prove(net, [expression], signal.lag))


def _starts(says: Expression, lag: int) -> bool:
    """Tell whether a cell that says it so late fires at t = 0, all afferents having been silent."""
    return _all_start(says, lag, lag + 1)[0]


def _all_start(says: Expression, least: int, below: int) -> list[bool]:
    """Tell so of cells that say it ``least``, ``least + 1`` ... ``below - 1`` ticks late."""
    if least >= below:
        return []
    ticks, before = max(0, 1 - least), max(0, below - 1)
    silent = {name: np.zeros(ticks, bool) for name in fibres(says)}
    held = values(says, silent, ticks, before)
    return [bool(held[before - late]) for late in range(least, below)]


def _denied(board: Drawing, signal: Signal) -> Signal:
    """Fire always but where a signal fires."""
    says = Not(signal.says)
    starts = _starts(says, signal.lag + 1)
    fibre = board.circle(
        board.free_name("answer"), {board.always(): 1}, [signal.fibre], h=1, starts=starts
    )
    return Signal(fibre, signal.lag + 1, says)


def _a_cell_of_its_own(board: Drawing, signal: Signal, name: str | None) -> Signal:
    starts = _starts(signal.says, signal.lag + 1)
    fibre = board.circle(board.free_name(name), {signal.fibre: 2}, h=2, starts=starts)
    return Signal(fibre, signal.lag + 1, signal.says)


def _later(board: Drawing, signal: Signal, lag: int) -> Signal:
    """Bring a signal to a greater lag by delays."""
    if isinstance(signal.says, Every):
        n, phase = signal.says.n, signal.says.phase
        return Signal(board.ring(n, (phase + lag) % n), lag, signal.says)
    firsts = _all_start(signal.says, signal.lag + 1, lag + 1)
    return Signal(board.delayed(signal.fibre, firsts), lag, signal.says)


def _remembered(board: Drawing, inner: Signal, says: Ever | Always) -> Signal:
    """Draw the circle of Theorem X: M == Pr v SM, or A == Pr.SA with A firing at the start.

    A sentence that comes late shows first what it was before t = 0, when nothing was to be
    remembered. Where that would matter, cells that fire at the start and lead nowhere else keep
    the circle silent, or going, for so many ticks.
    """
    ever = isinstance(says, Ever)
    key = (says, inner.fibre)
    if key not in board.circles:
        name = board.free_name("ever" if ever else "always_so_far")
        misleads = ever in _all_start(inner.says, 1, inner.lag + 1)
        until = [board.head_start(inner.lag)] if misleads else []
        if ever:
            board.circle(name, {inner.fibre: 2, name: 2}, until, h=2)
        else:
            excite = {inner.fibre: 1, name: 1} | dict.fromkeys(until, 2)
            board.circle(name, excite, h=2, starts=True)
        board.circles[key] = name
    return Signal(board.circles[key], inner.lag + 1, says)


def _rested(expression: Expression) -> Expression:
    """Let "ever" and "always" speak only of what is false in silence; deny them where need be."""
    match expression:
        case Past(part, ticks):
            return past(_rested(part), ticks)
        case Not(part):
            return Not(_rested(part))
        case And(several):
            return And(tuple(_rested(part) for part in several))
        case Or(several):
            return Or(tuple(_rested(part) for part in several))
        case Xor(left, right):
            return Xor(_rested(left), _rested(right))
        case Ever(part) | Always(part):
            inner = _rested(part)
            if not fires_in_silence(inner):
                return type(expression)(inner)
            return Not((Always if isinstance(expression, Ever) else Ever)(Not(inner)))
        case _:
            return expression


class _Literal:
    """Theorem II by its proof; a sentence that fires in silence is carried as its denial."""

    def __init__(self, board: Drawing) -> None:
        self.board = board

    def signal(self, expression: Expression) -> tuple[bool, Signal]:
        """Draw an expression: (True, what says it) or (False, what denies it)."""
        match expression:
            case Constant(value):
                return not value, Signal(self.board.silent(), 0, Constant(False))
            case Fibre(name):
                return True, Signal(name, 0, expression)
            case Every(n, phase):
                return True, Signal(self.board.ring(n, phase), 0, expression)
            case Past(part, ticks):
                positive, inner = self.signal(part)
                late = _later(self.board, inner, inner.lag + ticks)
                return positive, Signal(late.fibre, inner.lag, past(inner.says, ticks))
            case Not(part):
                positive, inner = self.signal(part)
                return not positive, inner
            case Ever(part) | Always(part):
                positive, inner = self.signal(part)
                # denied, "always" is "ever" and "ever" is "always"
                kind = Ever if isinstance(expression, Ever) == positive else Always
                return positive, _remembered(self.board, inner, kind(inner.says))
            case Xor(left, right):
                return self.one_of_two(self.signal(left), self.signal(right))
            case And(several):
                return self.all_of([self.signal(part) for part in several])
            case Or(several):
                return _deny(self.all_of([_deny(self.signal(part)) for part in several]))

    def all_of(self, found: list[tuple[bool, Signal]]) -> tuple[bool, Signal]:
        """Draw "and" of several, by twos, so that it takes as few layers as can be."""
        while len(found) > 1:
            pairs = [self.join(*found[k : k + 2]) for k in range(0, len(found) - 1, 2)]
            found = pairs + found[2 * len(pairs) :]
        return found[0]

    def one_of_two(
        self, left: tuple[bool, Signal], right: tuple[bool, Signal]
    ) -> tuple[bool, Signal]:
        """Draw exclusive or: one and not the other, or the other and not the one."""
        (first, one), (second, other) = left, right
        ways = [
            self.join((True, one), (False, other)),
            self.join((False, one), (True, other)),
        ]
        _, either = _deny(self.join(*map(_deny, ways)))
        return first == second, Signal(either.fibre, either.lag, Xor(one.says, other.says))

    def join(self, left: tuple[bool, Signal], right: tuple[bool, Signal]) -> tuple[bool, Signal]:
        """Draw "and": figure 1c, 1d, or, of two denials, the denial by 1b."""
        (first, one), (second, other) = left, right
        lag = max(one.lag, other.lag)
        one, other = _later(self.board, one, lag), _later(self.board, other, lag)
        veto: tuple[str, ...] = ()
        if first != second:
            if second:
                one, other = other, one
            says: Expression = And((one.says, Not(other.says)))
            excite, veto = {one.fibre: 2}, (other.fibre,)
        elif first:
            says, excite = And((one.says, other.says)), {one.fibre: 1, other.fibre: 1}
        else:
            says, excite = Or((one.says, other.says)), {one.fibre: 2, other.fibre: 2}
        if one.fibre == other.fibre and first == second:
            excite = {one.fibre: 2}
        starts = _starts(says, lag + 1)
        fibre = self.board.cell(excite, veto, h=2, starts=starts)
        return first or second, Signal(fibre, lag + 1, says)


def _deny(found: tuple[bool, Signal]) -> tuple[bool, Signal]:
    return not found[0], found[1]


class _Compact:
    """Fewest cells first: one, or one a product and one for their "or", or cells that count."""

    def __init__(self, board: Drawing) -> None:
        self.board = board

    def signal(self, expression: Expression) -> tuple[bool, Signal]:
        """Draw an expression: (True, what says it) or (False, what denies it)."""
        whole = tidy(_rested(expression))
        if len(literals(whole)) > _TABLE_LITERALS:
            return _Literal(self.board).signal(whole)
        drawn = reduced(table(whole))
        if drawn.true & 1:
            return False, self.of_table(
                Table(drawn.literals, drawn.true ^ everything(drawn.n)), tidy(Not(whole))
            )
        return True, self.of_table(drawn, whole)

    def of_table(self, drawn: Table, says: Expression) -> Signal:
        """Draw a table that is false in silence."""
        if not drawn.true:
            return Signal(self.board.silent(), 0, Constant(False))
        atoms = [self.atom(literal) for literal in drawn.literals]
        if drawn.n == 1:
            (atom,), (literal,) = atoms, drawn.literals
            lag = max(0, atom.lag - literal.ago)
            alone = _later(self.board, atom, lag + literal.ago)
            return Signal(alone.fibre, lag, literal.expression())
        cell = one_cell(drawn.true, drawn.n)
        runs = runs_of(drawn.true, drawn.n) if cell is None else None
        chosen = _products(drawn, runs) if cell is None else ()
        layers = 1 if cell is not None else 2 if chosen or len(runs or ()) == 1 else 3
        lag = max(0, *(layers + a.lag - b.ago for a, b in zip(atoms, drawn.literals, strict=True)))

        def inputs(layer: int) -> list[str]:
            return [
                _later(self.board, atom, lag - layer + literal.ago).fibre
                for atom, literal in zip(atoms, drawn.literals, strict=True)
            ]

        if cell is not None:
            at_hand = inputs(1)
            excite = added((at_hand[i], e) for i, e in enumerate(cell.endings) if e)
            veto = [at_hand[i] for i in cell.vetoes]
            fibre = self.board.cell(excite, veto, h=cell.h, starts=_starts(says, lag))
            return Signal(fibre, lag, says)
        at_hand = inputs(layers)
        if runs is not None and not chosen:
            begins = (
                sum(_starts(one.expression(), lag - layers + layer) for one in drawn.literals)
                for layer in (1, 2, 3)
            )
            return Signal(self.board.counted(at_hand, runs, begins), lag, says)
        products = []
        for product in chosen:
            firing = [i for i in range(drawn.n) if product.firing >> i & 1]
            silent = [i for i in range(drawn.n) if product.silent >> i & 1]
            factors = [drawn.literals[i].expression() for i in firing]
            denied = [Not(drawn.literals[i].expression()) for i in silent]
            starts = _starts(And((*factors, *denied)), lag - 1)
            excite = added((at_hand[i], 2 if len(firing) == 1 else 1) for i in firing)
            products.append(
                self.board.cell(
                    excite,
                    [at_hand[i] for i in silent],
                    h=max(2, len(firing)),
                    starts=starts,
                )
            )
        starts = _starts(says, lag)
        fibre = self.board.cell(dict.fromkeys(products, 2), h=2, starts=starts)
        return Signal(fibre, lag, says)

    def atom(self, literal: Literal) -> Signal:
        """Draw a fibre, or what stands in a fibre's place."""
        atom = literal.atom
        match atom:
            case Fibre(name):
                return Signal(name, 0, atom)
            case Every(n, phase):
                return Signal(self.board.ring(n, phase), 0, atom)
            case Ever(part) | Always(part):
                _, inner = self.signal(part)
                return _remembered(self.board, inner, type(atom)(inner.says))


def _products(drawn: Table, runs: tuple[tuple[int, int], ...] | None) -> tuple[Product, ...]:
    """Choose the products of a table; none if cells that count are fewer."""
    most = 1 << 20 if runs is None else cells_for(runs, drawn.n)
    if most <= drawn.n:  # hardly ever fewer products: do not look for thousands
        return ()
    chosen = shortest(drawn.true, drawn.n).products
    return chosen if len(chosen) + 1 <= most else ()
