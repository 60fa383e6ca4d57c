"""From a circuit of gates and latches to a net.

A circuit as other programs write it has gates without delay and latches that hold a value from one
beat of a clock to the next. A cell has a delay of its own, so the net works in beats of several
ticks: the afferents are presented every ``period`` ticks, with silence in between, and every way
from a latch back to a latch is made exactly ``period`` ticks long. What goes on at other ticks
then never meets the beats, and no clock is needed. A circuit without latches has a period of one.

No cell fires out of silence. So every wire is carried as it is if it is 0 while the circuit is at
rest (all inputs 0, all latches at their first value), and denied if it is 1 then: at rest the whole
net is silent. Only outputs that are 1 at rest need an always-firing cell at the end.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from simulator.errors import Mistake

from .circuit import MOST_FAN_IN, Circuit, Gate
from .drawing import Drawing, added
from .gates_proof import prove_circuit
from .minimal import shortest
from .net import Net
from .report import Proof, Report, report
from .single_cell import one_cell
from .truth import column, reorder, support

MOST_GATES = 20_000


@dataclass(frozen=True)
class CompiledCircuit:
    """A net for a circuit; the afferents are presented at t = 0, period, 2 period ...

    The outputs of the beat at t answer at t + lag.
    """

    net: Net
    report: Report
    proof: Proof
    period: int


def compile_circuit(given: Circuit, *, always_cell: bool = False) -> CompiledCircuit:
    """Draw the net of a circuit.

    Parameters
    ----------
    given
        The circuit.
    always_cell
        Allow an always-firing cell for outputs that are 1 while the circuit is at rest.

    Raises
    ------
    Mistake
        If a wire is driven by nothing, gates form a circle without a latch, a gate has too many
        inputs, or an output fires out of silence and may not.
    """
    order = _order(given)
    rest = _at_rest(given, order)
    if not always_cell:
        _refuse_what_fires_in_silence(given, rest)
    board = Drawing(given.name[:80] or "circuit", given.inputs)
    layers, tables = _layers(given, order, rest)
    depth = max((layers[name] for name in given.outputs), default=0)
    period = max([1, *(layers[latch.input] + 1 for latch in given.latches.values())])
    cells = _Cells(board, given, rest, layers, tables, period)
    for name in order:
        cells.gate(name)
    cells.close_latches()
    outputs = [cells.output(name, depth) for name in given.outputs]
    lag = depth + 1
    net = board.net(outputs)
    proof = prove_circuit(net, given, order, lag, period)
    return CompiledCircuit(net, report(net, lag), proof, period)


def _refuse_what_fires_in_silence(given: Circuit, rest: Mapping[str, bool]) -> None:
    why = "and no cell fires out of silence (Theorem III); allow an always-firing cell"
    for name in given.outputs:
        if rest[name]:
            raise Mistake(
                f"{name} is 1 while all inputs are 0 and all latches at their first value, {why}"
            )
    for name, latch in given.latches.items():
        if rest[latch.input] != latch.first:
            raise Mistake(
                f"the latch {name} leaves its first value {int(latch.first)} while all inputs are "
                f"0, {why}"
            )


def _order(given: Circuit) -> list[str]:
    """Sort the gates so that each comes after those it reads."""
    if len(given.gates) > MOST_GATES:
        raise Mistake(f"the circuit has {len(given.gates)} gates; at most {MOST_GATES} are drawn")
    done: dict[str, None] = dict.fromkeys([*given.inputs, *given.latches])
    started: set[str] = set()
    wanted = [*given.outputs, *(latch.input for latch in given.latches.values())]
    for root in wanted:
        work = [root]
        while work:
            name = work[-1]
            if name in done:
                work.pop()
                continue
            gate = given.gates.get(name)
            if gate is None:
                raise Mistake(f"the wire {name} is read and nothing drives it")
            due = [one for one in gate.inputs if one not in done]
            if not due:
                done[work.pop()] = None
            elif name in started:
                raise Mistake(f"the wire {due[0]} hangs on itself without a latch in between")
            else:
                started.add(name)
                work += due
    return [name for name in done if name in given.gates and name not in given.latches]


def _at_rest(given: Circuit, order: list[str]) -> dict[str, bool]:
    rest = dict.fromkeys(given.inputs, False)
    rest |= {name: latch.first for name, latch in given.latches.items()}
    for name in order:
        gate = given.gates[name]
        row = sum(int(rest[one]) << i for i, one in enumerate(gate.inputs))
        rest[name] = bool(gate.true >> row & 1)
    return rest


def _carried(gate: Gate, rest: Mapping[str, bool], own: bool) -> tuple[tuple[str, ...], int]:
    """Return a gate's table over the wires as they are carried, and the wires that matter."""
    n = len(gate.inputs)
    if n > MOST_FAN_IN:
        raise Mistake(f"a gate has {n} inputs; at most {MOST_FAN_IN} are drawn, so split it")
    turned = sum(int(rest[one]) << i for i, one in enumerate(gate.inputs))
    true = sum(1 << row for row in range(1 << n) if bool(gate.true >> (row ^ turned) & 1) != own)
    wires = tuple(dict.fromkeys(gate.inputs))
    if len(wires) < n:  # a wire that is read twice
        places = [wires.index(one) for one in gate.inputs]
        small = 0
        for row in range(1 << len(wires)):
            wide = sum((row >> place & 1) << i for i, place in enumerate(places))
            small |= (true >> wide & 1) << row
        true, n = small, len(wires)
    kept = support(true, n)
    return tuple(wires[k] for k in kept), reorder(true, kept, n)


def _layers(
    given: Circuit, order: list[str], rest: Mapping[str, bool]
) -> tuple[dict[str, int], dict[str, tuple[tuple[str, ...], int]]]:
    """Tell after how many ticks each wire is there, and what each gate reads."""
    layers = dict.fromkeys([*given.inputs, *given.latches], 0)
    tables = {}
    for name in order:
        wires, true = tables[name] = _carried(given.gates[name], rest, rest[name])
        n = len(wires)
        if not true or (true == column(0, 1) and n == 1):
            layers[name] = layers[wires[0]] if true else 0
            continue
        own = 1 if one_cell(true, n) is not None else 2
        layers[name] = own + max(layers[one] for one in wires)
    return layers, tables


class _Cells:
    """The cells of a circuit while they are drawn, wire by wire."""

    def __init__(
        self,
        board: Drawing,
        given: Circuit,
        rest: Mapping[str, bool],
        layers: Mapping[str, int],
        tables: Mapping[str, tuple[tuple[str, ...], int]],
        period: int,
    ) -> None:
        self.board, self.given, self.rest, self.layers = board, given, rest, layers
        self.tables, self.period = tables, period
        self.fibres = {name: name for name in given.inputs}
        # a latch is the last of the delays that bring its wire to the next beat
        self.fibres |= {name: board.free_name(name) for name in given.latches}
        self.lines: dict[str, list[str]] = {}

    def at(self, wire: str, layer: int) -> str:
        """Give the fibre that carries a wire at a layer, through delays."""
        fibre = self.fibres[wire]
        line = self.lines.setdefault(fibre, [fibre])
        while len(line) <= layer - self.layers[wire]:
            line.append(self.board.delayed(line[-1], [False]))
        return line[layer - self.layers[wire]]

    def gate(self, name: str) -> None:
        wires, true = self.tables[name]
        if not true:
            self.fibres[name] = self.board.silent()
            return
        layer, n = self.layers[name], len(wires)
        if layer == self.layers[wires[0]] and n == 1:
            self.fibres[name] = self.fibres[wires[0]]
            return
        if (cell := one_cell(true, n)) is not None:
            at_hand = [self.at(one, layer - 1) for one in wires]
            excite = added((at_hand[i], e) for i, e in enumerate(cell.endings) if e)
            veto = [at_hand[i] for i in cell.vetoes]
            self.fibres[name] = self.board.cell(excite, veto, h=cell.h)
            return
        at_hand = [self.at(one, layer - 2) for one in wires]
        products = []
        for product in shortest(true, n).products:
            firing = added((at_hand[i], 1) for i in range(n) if product.firing >> i & 1)
            silent = [at_hand[i] for i in range(n) if product.silent >> i & 1]
            products.append(self.board.cell(firing, silent, h=product.firing.bit_count()))
        self.fibres[name] = self.board.cell(dict.fromkeys(products, 1), h=1)

    def close_latches(self) -> None:
        """Draw for each latch the cell that brings its wire to the next beat."""
        for name, latch in self.given.latches.items():
            before = self.at(latch.input, self.period - 1)
            if self.rest[latch.input] == latch.first:
                self.board.circle(self.fibres[name], {before: 1}, h=1)
            else:
                self.board.circle(self.fibres[name], {self.board.always(): 1}, [before], h=1)

    def output(self, name: str, depth: int) -> str:
        """Draw an output's own cell, one tick after the deepest."""
        fibre = self.at(name, depth)
        own = self.board.free_name(name if name not in self.given.latches else f"{name}_out")
        if self.rest[name]:
            return self.board.circle(own, {self.board.always(): 1}, [fibre], h=1, starts=True)
        return self.board.circle(own, {fibre: 1}, h=1)
