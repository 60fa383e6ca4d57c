"""Reading circuits as other programs write them: BLIF, and the JSON of Yosys.

BLIF is Berkeley's plain text, written by ABC, SIS, VPR and Yosys: ``.names`` is a gate by its truth
table, ``.latch`` a latch. The JSON is what Yosys writes after ``synth -flatten; abc -g simple``:
gates of one bit, such as ``$_AND_``. Of either, one module without others inside it is read. The
clock of the latches is the net's beat, whatever it is called; there can be only one.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from typing import Any

from simulator.errors import Mistake

from .circuit import MOST_FAN_IN, Circuit, Gate, Latch
from .truth import Product, cover, everything

MOST_CHARACTERS = 20_000_000
_TABLES: dict[str, tuple[str, str]] = {
    # type: (its inputs in order, the rows that are 1, row 0 first, input 0 the lowest bit)
    "$_BUF_": ("A", "01"),
    "$_NOT_": ("A", "10"),
    "$_AND_": ("AB", "0001"),
    "$_NAND_": ("AB", "1110"),
    "$_OR_": ("AB", "0111"),
    "$_NOR_": ("AB", "1000"),
    "$_XOR_": ("AB", "0110"),
    "$_XNOR_": ("AB", "1001"),
    "$_ANDNOT_": ("AB", "0100"),
    "$_ORNOT_": ("AB", "1101"),
    "$_MUX_": ("ABS", "01010011"),
    "$_NMUX_": ("ABS", "10101100"),
    "$_AOI3_": ("ABC", "11100000"),
    "$_OAI3_": ("ABC", "11111000"),
    "$_AOI4_": ("ABCD", "1110111011100000"),
    "$_OAI4_": ("ABCD", "1111100010001000"),
}
_LATCHES = ("$_DFF_P_", "$_DFF_N_", "$_FF_")


def read_blif(text: str) -> Circuit:
    """Read a circuit in BLIF.

    Raises
    ------
    Mistake
        Naming the line that is not read.
    """
    _limit(text)
    name, inputs, outputs = "", list[str](), list[str]()
    gates: dict[str, Gate] = {}
    latches: dict[str, Latch] = {}
    table: tuple[int, list[str], list[tuple[str, str]]] | None = None
    models = 0
    edges: set[tuple[str, ...]] = set()

    def close() -> None:
        nonlocal table
        if table is not None:
            line, wires, rows = table
            _drive(line, wires[-1], gates, latches)
            gates[wires[-1]] = Gate(tuple(wires[:-1]), _table(line, wires, rows))
        table = None

    for line, words in _lines(text):
        key = words[0]
        if not key.startswith("."):
            if table is None:
                raise Mistake(f"line {line}: a row of a table, and no .names before it")
            table[2].append(_cube(line, words, len(table[1]) - 1))
            continue
        close()
        match key:
            case ".model":
                models += 1
                if models > 1:
                    raise Mistake(f"line {line}: a second .model; flatten the circuit into one")
                name = " ".join(words[1:])
            case ".inputs":
                inputs += words[1:]
            case ".outputs":
                outputs += words[1:]
            case ".names":
                if len(words) < 2 or len(words) > MOST_FAN_IN + 2:
                    raise Mistake(
                        f"line {line}: .names has 0 to {MOST_FAN_IN} inputs and one output"
                    )
                table = (line, words[1:], [])
            case ".latch":
                _latch(line, words[1:], gates, latches)
                edges |= {tuple(words[3:5])} if len(words) > 4 else set()
                _one_clock(f"line {line}", edges)
            case ".end":
                break
            case ".clock" | ".default_input_arrival" | ".area" | ".delay":
                pass
            case _:
                raise Mistake(
                    f"line {line}: {key[:30]} is not read; write it with .names and .latch "
                    "(Yosys: synth -flatten; abc -g simple; write_blif)"
                )
    close()
    return _circuit(name, inputs, outputs, gates, latches)


def _limit(text: str) -> None:
    if len(text) > MOST_CHARACTERS:
        raise Mistake(f"the circuit has more than {MOST_CHARACTERS} characters")


def _lines(text: str) -> Iterable[tuple[int, list[str]]]:
    """Give the lines with words, joined where a line ends in a backslash; ``#`` begins a remark."""
    kept: list[str] = []
    first = 0
    for number, raw in enumerate(text.splitlines(), 1):
        line = raw.split("#")[0].rstrip()
        first = first or number
        more = line.endswith("\\")
        kept += line.removesuffix("\\").split()
        if not more:
            if kept:
                yield first, kept
            kept, first = [], 0
    if kept:
        yield first, kept


def _cube(line: int, words: list[str], n: int) -> tuple[str, str]:
    if len(words) != (2 if n else 1) or len("".join(words)) != n + 1:
        raise Mistake(f"line {line}: a row of this table has {n} signs, a space, and 0 or 1")
    signs, value = (words[0] if n else ""), words[-1]
    if set(signs) - set("01-") or value not in ("0", "1"):
        raise Mistake(f"line {line}: a row of a table is made of 0, 1 and -, its answer 0 or 1")
    return signs, value


def _table(line: int, wires: list[str], rows: list[tuple[str, str]]) -> int:
    n = len(wires) - 1
    if len({value for _, value in rows}) > 1:
        raise Mistake(f"line {line}: the table of {wires[-1]} lists both its 0 and its 1 rows")
    listed = 0
    for signs, _ in rows:
        firing = sum(1 << i for i, sign in enumerate(signs) if sign == "1")
        silent = sum(1 << i for i, sign in enumerate(signs) if sign == "0")
        listed |= cover(Product(firing, silent), n)
    return everything(n) & ~listed if rows and rows[0][1] == "0" else listed


def _latch(line: int, words: list[str], gates: dict[str, Gate], latches: dict[str, Latch]) -> None:
    if len(words) not in (2, 3, 4, 5):
        raise Mistake(f"line {line}: .latch names an input, an output, a clock and a first value")
    first = words[-1] if len(words) in (3, 5) else "3"
    if first not in ("0", "1", "2", "3"):
        raise Mistake(f"line {line}: a latch begins with 0, 1, 2 or 3, not {first[:20]}")
    _drive(line, words[1], gates, latches)
    latches[words[1]] = Latch(words[0], first == "1")


def _one_clock(where: str, edges: Collection[tuple[str, ...]]) -> None:
    """Refuse latches that do not all move together: a net has one beat."""
    if len(edges) > 1:
        told = ", ".join(sorted(" ".join(edge)[:40] for edge in edges)[:4])
        raise Mistake(f"{where}: latches with {len(edges)} clocks or edges ({told}); use one")


def _drive(line: int, wire: str, gates: dict[str, Gate], latches: dict[str, Latch]) -> None:
    if wire in gates or wire in latches:
        raise Mistake(f"line {line}: the wire {wire} is driven twice")


def _circuit(
    name: str,
    inputs: list[str],
    outputs: list[str],
    gates: dict[str, Gate],
    latches: dict[str, Latch],
) -> Circuit:
    for what, some in (("input", inputs), ("output", outputs)):
        if len(set(some)) != len(some):
            raise Mistake(f"the circuit names an {what} twice")
    if not outputs:
        raise Mistake("the circuit names no outputs")
    for wire in inputs:
        if wire in gates or wire in latches:
            raise Mistake(f"the input {wire} is driven by the circuit itself")
    return Circuit(name, tuple(inputs), tuple(outputs), gates, latches)


def read_yosys(text: str, module: str | None = None) -> Circuit:
    """Read a circuit in the JSON of Yosys.

    Parameters
    ----------
    text
        What ``write_json`` writes.
    module
        Which module; its only one if left out.

    Raises
    ------
    Mistake
        If it is no such JSON, or has other parts than gates and latches of one bit.
    """
    _limit(text)
    try:
        whole = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Mistake(f"this is no JSON: {error}") from error
    modules = _object(_object(whole, "the file").get("modules"), "modules")
    if module is None and len(modules) != 1:
        raise Mistake(f"the file has {len(modules)} modules; name one, or flatten them into one")
    name = module if module is not None else next(iter(modules))
    if name not in modules:
        raise Mistake(f"the file has no module {name[:60]}")
    mine = _object(modules[name], f"module {name}")
    wires = {"0": "0", "1": "1"}
    inputs, outputs = list[str](), list[str]()
    gates: dict[str, Gate] = {}
    latches: dict[str, Latch] = {}
    cells = _object(mine.get("cells", {}), "cells")
    edges = {(_type(c), str(_bit(c, "C"))) for c in cells.values() if _type(c) in _LATCHES[:2]}
    _one_clock(f"module {name}", edges)
    clocks = {clock for _, clock in edges}
    for port, given in _object(mine.get("ports"), f"the ports of module {name}").items():
        row = _object(given, f"port {port}")
        bits = row.get("bits")
        if not isinstance(bits, list) or row.get("direction") not in ("input", "output"):
            raise Mistake(f"port {port} needs a direction, input or output, and bits")
        for k, bit in enumerate(bits):
            wire = port if len(bits) == 1 else f"{port}[{k}]"
            if row["direction"] == "output":
                outputs.append(wire)
                gates[wire] = Gate((_wire(bit),), 0b10)
            elif str(bit) not in clocks:
                inputs.append(wire)
                wires[str(bit)] = wire
    first = _first_values(mine)
    for cell, given in cells.items():
        kind = _type(given)
        if kind in _TABLES:
            letters, signs = _TABLES[kind]
            true = sum(1 << row for row, sign in enumerate(signs) if sign == "1")
            read = tuple(_wire(_bit(given, letter)) for letter in letters)
            out = _wire(_bit(given, "Y"))
            _once(cell, out, gates, latches)
            gates[out] = Gate(read, true)
        elif kind in _LATCHES:
            bit = _bit(given, "Q")
            _once(cell, _wire(bit), gates, latches)
            latches[_wire(bit)] = Latch(_wire(_bit(given, "D")), first.get(str(bit)) == "1")
        else:
            plain = "dfflegalize -cell $_DFF_P_ 01; " if "DFF" in kind else ""
            raise Mistake(
                f"cell {cell[:60]} is a {kind[:40]}; write the circuit with gates of one bit "
                f"(Yosys: synth -flatten; {plain}abc -g simple; write_json)"
            )
    for bit, wire in wires.items():
        gates[_wire(bit)] = Gate((), int(bit == "1")) if bit in "01" else Gate((wire,), 0b10)
    gates[_wire("x")] = gates[_wire("z")] = Gate((), 0)
    return _circuit(name, inputs, outputs, gates, latches)


def _wire(bit: int | str) -> str:
    """Name the wire of a bit as no port can be called, for it holds a space."""
    return f"bit {bit}"


def _object(given: Any, what: str) -> dict[str, Any]:
    if not isinstance(given, dict):
        raise Mistake(f"{what[:80]} should be a JSON object, as Yosys writes it")
    return given


def _type(cell: Any) -> str:
    return str(_object(cell, "a cell").get("type", ""))


def _bit(cell: Any, letter: str) -> int | str:
    connections = _object(_object(cell, "a cell").get("connections"), "the connections of a cell")
    bits = connections.get(letter)
    if not isinstance(bits, list) or len(bits) != 1 or not isinstance(bits[0], int | str):
        raise Mistake(f"a {_type(cell)[:40]} needs one bit at {letter}")
    return bits[0]


def _once(cell: str, wire: str, gates: dict[str, Gate], latches: dict[str, Latch]) -> None:
    if wire in gates or wire in latches:
        raise Mistake(f"cell {cell[:60]} drives a wire that is driven already")


def _first_values(module: dict[str, Any]) -> dict[str, str]:
    """Return the first values Yosys notes at nets, by bit."""
    found: dict[str, str] = {}
    for net in _object(module.get("netnames", {}), "netnames").values():
        row = _object(net, "a net")
        signs = _object(row.get("attributes", {}), "attributes").get("init")
        bits = row.get("bits")
        if isinstance(signs, str) and isinstance(bits, list):
            found |= {str(bit): sign for bit, sign in zip(bits, reversed(signs), strict=False)}
    return found
