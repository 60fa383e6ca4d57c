"""From a truth table to a net: one cell where one suffices, two layers where not.

A table has named inputs, one or several outputs, and for each row 0, 1, or ``-`` where it does not
matter. Each output becomes one cell if it can; the others are an "or" of products, and a product
that several outputs need is drawn once. All outputs answer at the same time. A row in which
everything is silent and something must fire is refused by Theorem III, unless an always-firing
cell is allowed.

As text a table is a line of names, inputs and outputs parted by ``|``, and lines of 0, 1 and ``-``
in the same order; commas, semicolons and spaces part the columns, ``#`` begins a remark::

    a b c | sum carry
    0 0 0 |  0    0
    - 1 1 |  -    1
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from simulator.errors import Mistake

from .calculus import Expression
from .calculus import Fibre as Name
from .drawing import Drawing, cells_for
from .minimal import shortest
from .net import Net
from .net_truth import begins_settled, truth_of
from .normal_form import Literal, Table, minimal
from .report import Compiled, Proof, diagram, report
from .single_cell import Cell, one_cell
from .truth import Product, cover, everything, lowest_row, runs_of, spread

MOST_INPUTS = 16
MOST_OUTPUTS = 64
MOST_LINES = 1 << MOST_INPUTS


@dataclass(frozen=True)
class TruthTable:
    """Named inputs and outputs, and for each output the rows that hold and those left open.

    Attributes
    ----------
    inputs, outputs
        Their names; input i is bit i of a row.
    true, free
        One table an output, as in :mod:`machines.mcculloch_pitts.truth`: rows in which it fires,
        and rows that do not matter.
    """

    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    true: tuple[int, ...]
    free: tuple[int, ...]


def read_table(text: str, others: str = "") -> TruthTable:
    """Read a truth table from text.

    Parameters
    ----------
    text
        As this module's head has it.
    others
        What holds in rows that are not listed: ``"0"``, ``"1"`` or ``"-"``; refused if left out.

    Raises
    ------
    Mistake
        Naming the line: of a name or sign that cannot be, or a row listed twice with different
        answers.
    """
    lines = [(k, line.split("#")[0].strip()) for k, line in enumerate(text.splitlines(), 1)]
    lines = [(k, line) for k, line in lines if line]
    if not lines:
        raise Mistake("the truth table is empty; it begins with a line of names, as: a b | out")
    inputs, outputs = _names(*lines[0])
    n = len(inputs)
    told = {value: [0] * len(outputs) for value in "01-"}
    if len(lines) > MOST_LINES + 1:
        raise Mistake(f"the truth table has more than {MOST_LINES} rows")
    for number, line in lines[1:]:
        left, right = _row(number, line, n, len(outputs))
        where = cover(
            Product(
                sum(1 << i for i, sign in enumerate(left) if sign == "1"),
                sum(1 << i for i, sign in enumerate(left) if sign == "0"),
            ),
            n,
        )
        for k, value in enumerate(right):
            for other in "01-":
                if other != value and told[other][k] & where:
                    raise Mistake(
                        f"line {number} of the truth table: {outputs[k]} is {value} here and "
                        f"{other} in an earlier line, for the same row"
                    )
            told[value][k] |= where
    for k, output in enumerate(outputs):
        missing = everything(n) & ~(told["0"][k] | told["1"][k] | told["-"][k])
        if missing and others not in ("0", "1", "-"):
            row = (missing & -missing).bit_length() - 1
            signs = " ".join(str(row >> i & 1) for i in range(n))
            raise Mistake(
                f"the truth table does not say what {output} is in row {signs}; list it, or say "
                "what holds in all other rows"
            )
        if missing:
            told[others][k] |= missing
    return TruthTable(inputs, outputs, tuple(told["1"]), tuple(told["-"]))


def _names(number: int, line: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    halves = [tuple(re.split(r"[\s,;]+", half.strip(" ,;\t"))) for half in line.split("|")]
    if len(halves) != 2 or "" in halves[0] + halves[1]:
        raise Mistake(
            f"line {number} of the truth table: names of inputs, one |, names of outputs, as "
            "a b | out"
        )
    names = halves[0] + halves[1]
    if len(set(names)) != len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise Mistake(f"line {number} of the truth table: two columns are called {twice}")
    for what, some, most in (
        ("inputs", halves[0], MOST_INPUTS),
        ("outputs", halves[1], MOST_OUTPUTS),
    ):
        if len(some) > most:
            raise Mistake(f"the truth table has {len(some)} {what}; {most} at most are compiled")
    return halves[0], halves[1]


def _row(number: int, line: str, n: int, outputs: int) -> tuple[str, str]:
    signs = re.sub(r"[\s,;|]+", "", line).replace("x", "-").replace("X", "-")
    if odd := re.search(r"[^01-]", signs):
        raise Mistake(f"line {number} of the truth table: {odd[0]!r} is none of 0, 1 and -")
    if len(signs) != n + outputs or ("|" in line and line.count("|") != 1):
        raise Mistake(
            f"line {number} of the truth table has {len(signs)} signs; {n} inputs and {outputs} "
            f"outputs are named"
        )
    return signs[:n], signs[n:]


def compile_table(given: TruthTable, *, always_cell: bool = False) -> Compiled:
    """Draw the net of a truth table.

    Parameters
    ----------
    given
        The table.
    always_cell
        Allow an always-firing cell for outputs that fire out of silence.

    Raises
    ------
    Mistake
        If an output fires out of silence and may not, or the net would be too large.
    """
    n = len(given.inputs)
    for name, true in zip(given.outputs, given.true, strict=True):
        if true & 1 and not always_cell:
            raise Mistake(
                f"{name} is 1 in the row of all zeros, and no cell fires out of silence (Theorem "
                "III); let an input be 1 there, or allow an always-firing cell"
            )
    board = Drawing(" ".join(given.outputs)[:80], given.inputs)
    plans = [_plan(true, free, n) for true, free in zip(given.true, given.free, strict=True)]
    layers = max(plan.layers for plan in plans)
    names = [
        _draw(board, plan, given.inputs, layers, board.free_name(name))
        for plan, name in zip(plans, given.outputs, strict=True)
    ]
    net = board.net(names)
    return Compiled(net, report(net, layers), _prove(net, given, layers))


@dataclass(frozen=True)
class _Plan:
    """How an output is drawn: denied or not, by one cell, by products, or by cells that count."""

    denied: bool
    cell: Cell | None = None
    products: tuple[Product, ...] = ()
    runs: tuple[tuple[int, int], ...] = ()

    @property
    def layers(self) -> int:
        if self.products:
            return 2
        if self.runs:
            return 3 + (len(self.runs) > 1)
        return 1 + self.denied


def _plan(true: int, free: int, n: int) -> _Plan:
    """Choose one cell if there is one, with silence decided first where it is left open."""
    free &= ~1
    denied = bool(true & 1)
    if denied:
        true = everything(n) & ~true & ~free
    if (cell := one_cell(true, n, free)) is not None:
        return _Plan(denied, cell)
    products = shortest(true, n, free).products
    runs = runs_of(true, n) if not free else None
    if runs is not None and cells_for(runs, n) < len(products):
        return _Plan(denied, runs=runs)
    return _Plan(denied, products=products)


def _draw(board: Drawing, plan: _Plan, inputs: tuple[str, ...], layers: int, name: str) -> str:
    own = layers - plan.layers
    at_hand = [board.delayed(fibre, [False] * own) for fibre in inputs]
    if plan.runs:
        told = board.counted(at_hand, plan.runs, (0, 0, 0))
        if not plan.denied:
            return board.circle(name, {told: 1}, h=1)
        return board.circle(name, {board.always(): 1}, [told], h=1, starts=True)
    if plan.cell is not None:
        excite = {at_hand[i]: e for i, e in enumerate(plan.cell.endings) if e}
        veto = [at_hand[i] for i in plan.cell.vetoes]
        if not plan.denied:
            return board.circle(name, excite, veto, h=plan.cell.h)
        inner = board.cell(excite, veto, h=plan.cell.h)
        return board.circle(name, {board.always(): 1}, [inner], h=1, starts=True)
    products = []
    for product in plan.products:
        firing = {at_hand[i]: 1 for i in range(len(inputs)) if product.firing >> i & 1}
        silent = [at_hand[i] for i in range(len(inputs)) if product.silent >> i & 1]
        products.append(board.cell(firing, silent, h=len(firing)))
    if plan.denied:
        return board.circle(name, {board.always(): 1}, products, h=1, starts=True)
    return board.circle(name, dict.fromkeys(products, 1), h=1)


def _prove(net: Net, given: TruthTable, lag: int) -> Proof:
    """Hold the net's own truth tables, from the law, against what the table says."""
    n = len(given.inputs)
    for k, number in enumerate(net.outputs):
        shown = truth_of(net, int(number))
        wrong = everything(n)
        if all(literal.ago == lag for literal in shown.literals):
            places = [given.inputs.index(one.name) for one in shown.literals]
            wrong = (spread(shown.true, places, n) ^ given.true[k]) & ~given.free[k]
        if wrong or not begins_settled(net):
            row = lowest_row(wrong) if wrong else 0
            inputs = {name: [bool(row >> i & 1)] for i, name in enumerate(given.inputs)}
            trace = f"{diagram(inputs)}\n{given.outputs[k]} is wrong {lag} ticks later"
            return Proof(False, "every row", len(given.outputs) << n, trace)
    return Proof(True, "every row", len(given.outputs) << n)


def expression_of(given: TruthTable, output: str) -> Expression:
    """Write an output as the shortest "or of ands" of the inputs, open rows taken as convenient."""
    k = given.outputs.index(output)
    n = len(given.inputs)
    chosen = shortest(given.true[k], n, given.free[k] & ~1)
    table = 0
    for product in chosen.products:
        table |= cover(product, n)
    return minimal(Table(tuple(Literal(Name(name), 0) for name in given.inputs), table))
