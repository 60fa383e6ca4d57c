"""Truth tables, BLIF and Yosys' JSON into nets."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from logic_given import answers

from machines.mcculloch_pitts.calculus_print import functor
from machines.mcculloch_pitts.compile_table import (
    TruthTable,
    compile_table,
    expression_of,
    read_table,
)
from machines.mcculloch_pitts.gates import compile_circuit
from machines.mcculloch_pitts.gates_in import read_blif, read_yosys
from simulator.errors import Mistake

ADDER = """
a b c | sum carry
0 0 0 |  0   0
0 0 1 |  1   0
0 1 0 |  1   0
0 1 1 |  0   1
1 0 0 |  1   0
1 0 1 |  0   1
1 1 0 |  0   1
1 1 1 |  1   1
"""

COUNTER = """# two bits
.model counter
.inputs en
.outputs q0 q1
.latch d0 q0 re clk 0
.latch d1 q1 0
.names en q0 d0
10 1
01 1
.names en q0 q1 \\
d1
110 1
0-1 1
-01 1
.end
"""


@st.composite
def truth_tables(draw):
    n = draw(st.integers(1, 4))
    outputs = draw(st.integers(1, 3))
    table = st.integers(0, (1 << (1 << n)) - 1)
    free = [draw(table) for _ in range(outputs)]
    true = [draw(table) & ~open_ for open_ in free]
    names = tuple(f"x{k}" for k in range(n)), tuple(f"y{k}" for k in range(outputs))
    return TruthTable(*names, tuple(true), tuple(free))


@settings(max_examples=60)
@given(truth_tables())
def test_the_net_of_a_table_answers_every_row(given_table):
    made = compile_table(given_table, always_cell=True)
    assert made.proof.proved
    n = len(given_table.inputs)
    rows = np.array([[row >> k & 1 for k in range(n)] for row in range(1 << n)], np.uint8)
    shown = answers(made.net, rows, len(rows) - 1 + made.report.lag)[made.report.lag :]
    for k, (true, free) in enumerate(zip(given_table.true, given_table.free, strict=True)):
        for row in range(1 << n):
            if not free >> row & 1:
                assert shown[row, k] == true >> row & 1


def test_a_full_adder_is_read_and_compiled():
    made = compile_table(read_table(ADDER))
    assert made.proof.proved
    assert made.report.lag == 2
    assert made.report.max_threshold == 3
    assert [made.net.name(int(k)) for k in made.net.outputs] == ["sum", "carry"]


def test_a_majority_is_one_cell():
    made = compile_table(read_table(ADDER.replace("sum carry", "x carry")))
    alone = compile_table(
        TruthTable(("a", "b", "c"), ("carry",), (0b11101000,), (0,)), always_cell=False
    )
    assert alone.report.cells == 1
    assert alone.report.cells < made.report.cells


def test_open_rows_make_a_net_smaller():
    full = compile_table(read_table("a b | x\n00|0\n01|1\n10|1\n11|0"))
    open_ = compile_table(read_table("a b | x\n00|0\n01|1\n10|1\n11|-"))
    assert (full.report.cells, open_.report.cells) == (3, 1)


def test_commas_wildcards_and_remarks_are_read():
    table = read_table("a, b | x  # header\n-, 1 | 1\nx 0 | -\n")
    assert table.true == (0b1100,)
    assert table.free == (0b0011,)
    assert functor(expression_of(table, "x")) == "b"


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("", "empty"),
        ("a b\n00|1", "line 1"),
        ("a a | x\n00|1", "line 1 of the truth table: two columns are called a"),
        ("a b | x\n00|0\n0|1", "line 3 of the truth table has 2 signs"),
        ("a b | x\n00|2", "line 2 of the truth table: '2' is none of 0, 1 and -"),
        ("a b | x\n0-|0\n00|1", "line 3 of the truth table: x is 1 here and 0 in an earlier"),
        ("a b | x\n00|0", "does not say what x is in row 1 0"),
        (" ".join(f"a{k}" for k in range(20)) + " | x", "20 inputs; 16 at most"),
    ],
)
def test_a_mistake_in_a_table_is_shown_at_its_line(text, what):
    with pytest.raises(Mistake, match=what):
        read_table(text)


def test_rows_not_listed_may_be_settled_at_once():
    assert read_table("a b | x\n11|1", "0").true == (0b1000,)
    assert read_table("a b | x\n00|0", "1").true == (0b1110,)
    assert read_table("a b | x\n11|1", "-").free == (0b0111,)


def test_an_output_that_fires_in_silence_is_refused_by_theorem_iii():
    table = read_table("a | x\n0|1\n1|0")
    with pytest.raises(Mistake, match=r"x is 1 in the row of all zeros.*Theorem III"):
        compile_table(table)
    assert compile_table(table, always_cell=True).proof.proved


@given(st.text(alphabet="ab|01-, \n#x", max_size=40))
def test_any_text_is_a_table_or_refused(text):
    try:
        table = read_table(text, "0")
    except Mistake as mistake:
        assert_line = str(mistake)
    else:
        assert_line = ""
        assert compile_table(table, always_cell=True).proof.proved
    assert "\n" not in assert_line


def test_a_counter_in_blif_counts_in_beats():
    made = compile_circuit(read_blif(COUNTER))
    assert made.proof.proved
    period, lag = made.period, made.report.lag
    stimulus = np.zeros((6 * period, 1), np.uint8)
    stimulus[::period] = 1
    shown = answers(made.net, stimulus, 6 * period)[lag::period][:5]
    assert (shown @ [1, 2]).tolist() == [0, 1, 2, 3, 0]


def test_a_latch_that_moves_by_itself_needs_the_always_firing_cell():
    toggle = ".model t\n.inputs a\n.outputs q\n.latch d q 1\n.names q d\n0 1\n.end"
    with pytest.raises(Mistake, match="Theorem III"):
        compile_circuit(read_blif(toggle))
    made = compile_circuit(read_blif(toggle), always_cell=True)
    assert made.proof.proved
    shown = answers(made.net, None, 6 * made.period)[made.report.lag :: made.period, 0]
    assert shown[:4].tolist() == [1, 0, 1, 0]


@st.composite
def circuits(draw):
    """BLIF of a few gates and latches, gates reading earlier wires only."""
    inputs = ["i0", "i1"][: draw(st.integers(1, 2))]
    latches = [f"q{k}" for k in range(draw(st.integers(0, 2)))]
    wires = inputs + latches
    lines = [".model m", f".inputs {' '.join(inputs)}"]
    for k in range(draw(st.integers(1, 4))):
        read = draw(st.lists(st.sampled_from(wires), min_size=1, max_size=3))
        true = draw(st.integers(0, (1 << (1 << len(read))) - 1))
        lines.append(f".names {' '.join(read)} g{k}")
        for row in range(1 << len(read)):
            if true >> row & 1:
                lines.append("".join(str(row >> i & 1) for i in range(len(read))) + " 1")
        wires = [*wires, f"g{k}"]
    for name in latches:
        lines.append(f".latch {draw(st.sampled_from(wires))} {name} {draw(st.integers(0, 1))}")
    outputs = draw(st.lists(st.sampled_from(wires[len(inputs) :]), min_size=1, unique=True))
    return "\n".join([*lines, f".outputs {' '.join(outputs)}", ".end"])


@settings(max_examples=60)
@given(circuits())
def test_the_net_of_a_random_circuit_is_proved(text):
    assert compile_circuit(read_blif(text), always_cell=True).proof.proved


def test_two_wires_that_say_the_same_are_counted_twice():
    text = """.model m
.inputs i0
.outputs g1
.names q0 g0
0 1
.names i0 g0 q0 g1
001 1
.latch i0 q0 0
.end"""
    assert compile_circuit(read_blif(text)).proof.proved


@pytest.mark.parametrize(
    ("text", "what"),
    [
        (".model m\n.gate nand2 A=a B=b O=c", r"line 2: .gate is not read"),
        ("11 1", "line 1: a row of a table, and no .names"),
        (".outputs x\n.names a b x\n1 1", "line 3: a row of this table has 2 signs"),
        (".outputs x\n.names a b x\n11 1\n00 0", "line 2: the table of x lists both"),
        (".outputs x\n.names a x\n1 1\n.names a x\n0 1", "line 4: the wire x is driven twice"),
        (".model m\n.model n", "line 2: a second .model"),
        (".inputs a", "names no outputs"),
        (".outputs x\n.latch x", "line 2: .latch names"),
        (".outputs x\n.latch d x 7", "line 2: a latch begins with"),
    ],
)
def test_blif_that_is_not_read_is_refused_by_its_line(text, what):
    with pytest.raises(Mistake, match=what):
        read_blif(text)


def test_a_circuit_that_hangs_in_the_air_or_on_itself_is_refused():
    with pytest.raises(Mistake, match="a is read and nothing drives it"):
        compile_circuit(read_blif(".outputs x\n.names a x\n1 1"))
    circle = ".outputs x\n.names y x\n1 1\n.names x y\n1 1"
    with pytest.raises(Mistake, match="hangs on itself without a latch"):
        compile_circuit(read_blif(circle))


def yosys(cells, ports, **more):
    return json.dumps({"modules": {"m": {"ports": ports, "cells": cells, **more}}})


PORTS = {
    "a": {"direction": "input", "bits": [2]},
    "b": {"direction": "input", "bits": [3, 4]},
    "y": {"direction": "output", "bits": [5]},
}


def test_gates_of_yosys_are_read():
    cell = {"type": "$_MUX_", "connections": {"A": [2], "B": [3], "S": [4], "Y": [5]}}
    circuit = read_yosys(yosys({"c": cell}, PORTS))
    assert circuit.inputs == ("a", "b[0]", "b[1]")
    made = compile_circuit(circuit)
    assert made.proof.proved
    rows = np.array([[r & 1, r >> 1 & 1, r >> 2] for r in range(8)], np.uint8)
    shown = answers(made.net, rows, 7 + made.report.lag)[made.report.lag :, 0]
    assert shown.tolist() == [(r >> 1 & 1) if r >> 2 else (r & 1) for r in range(8)]


def test_a_latch_of_yosys_takes_its_clock_as_the_beat():
    ports = PORTS | {"clk": {"direction": "input", "bits": [9]}}
    cells = {
        "x": {"type": "$_XOR_", "connections": {"A": [2], "B": [5], "Y": [7]}},
        "f": {"type": "$_DFF_P_", "connections": {"C": [9], "D": [7], "Q": [5]}},
    }
    circuit = read_yosys(yosys(cells, ports))
    assert "clk" not in circuit.inputs
    assert compile_circuit(circuit).proof.proved


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("{", "no JSON"),
        ("[]", "the file should be a JSON object"),
        ('{"modules": {}}', "0 modules"),
        (yosys({"c": {"type": "$add", "connections": {}}}, PORTS), r"cell c is a \$add"),
        (yosys({"c": {"type": "$_AND_", "connections": {"A": [2]}}}, PORTS), "one bit at B"),
        (yosys({}, {"a": {"direction": "sideways", "bits": [2]}}), "port a needs a direction"),
    ],
)
def test_json_that_is_not_read_is_refused(text, what):
    with pytest.raises(Mistake, match=what):
        read_yosys(text)


JSON = st.recursive(
    st.none() | st.integers(0, 9) | st.sampled_from(["$_AND_", "input", "x"]),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(
            st.sampled_from(["modules", "ports", "cells", "type", "connections", "bits", "Y", "A"]),
            inner,
            max_size=3,
        )
    ),
    max_leaves=12,
)


@given(JSON)
def test_any_json_is_a_circuit_or_refused(given_json):
    with pytest.raises(Mistake) as refused:
        read_yosys(json.dumps({"modules": {"m": given_json}}))
    assert "\n" not in str(refused.value)


def test_a_circuit_of_many_gates_is_proved_row_by_row():
    lines = [".model deep", ".inputs a b c d", ".outputs g199"]
    wires = ["a", "b", "c", "d"]
    for k in range(200):
        lines += [f".names {wires[-1]} {wires[k % 3 - 4]} {wires[k % 4]} g{k}", "11- 1", "0-1 1"]
        wires.append(f"g{k}")
    made = compile_circuit(read_blif("\n".join([*lines, ".end"])), always_cell=True)
    assert made.proof.method == "every row"
    assert made.proof.proved
