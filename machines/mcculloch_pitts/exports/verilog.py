"""Nets as Verilog, with a testbench that checks itself.

Every cell is a register, the clock's period is the tick; longer delays are shift registers. A cell
fires if enough of its endings are active and no veto is: written as the paper has it, with sums
and a comparison. The testbench plays a stimulus, compares every fibre at every tick with what our
engines gave, says PASS or names the first difference, and writes a waveform.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulator.errors import Mistake

from ..compiled_plan import Inputs, inputs
from ..law import run
from ..net import Net
from .names import identifiers

HALF = 5
"""Half a tick, in time units of the testbench."""


def module(net: Net, name: str = "net") -> str:
    """Write a net as a Verilog module.

    Its ports are ``clk``, ``reset`` (which gives the state at t = 0), the afferents and all cells.

    Raises
    ------
    Mistake
        If the organs are noisy or synapses alterable, or the net is too large.
    """
    if net.law.name in ("noisy", "alterable"):
        raise Mistake(
            f"a net under the law {net.law.name} is not written as Verilog; "
            + ("chance is no circuit" if net.law.name == "noisy" else "turn it into circles first")
        )
    names = identifiers(net)
    given = inputs(net)
    lines = [f"// {_line(net.title)}", f"// law: {net.law.name}; one clock is one synaptic delay"]
    ports = ["input wire clk", "input wire reset"]
    ports += [f"input wire {names[fibre]}" for fibre in range(net.afferents)]
    ports += [f"output reg {names[fibre]}" for fibre in range(net.afferents, net.fibres)]
    lines.append(f"module {name} (\n  " + ",\n  ".join(ports) + "\n);")
    deepest = _deepest(net, given)
    late = {fibre: f"_late{fibre + 1}" for fibre in np.flatnonzero(deepest > 1).tolist()}
    lines += [f"  reg [{deepest[fibre]}:2] {wire};" for fibre, wire in late.items()]

    def level(fibre: int, delay: int) -> str:
        return names[fibre] if delay == 1 else f"{late[fibre]}[{delay}]"

    begin = [f"      {wire} <= 0;" for wire in late.values()]
    go_on = []
    for fibre, wire in late.items():
        longer = f"{{{wire}[{deepest[fibre] - 1}:2], {names[fibre]}}}"
        go_on.append(f"      {wire} <= {longer if deepest[fibre] > 2 else names[fibre]};")
    for cell in range(net.cells):
        own = names[net.afferents + cell]
        begin.append(f"      {own} <= {int(net.initial[cell])};")
        go_on.append(f"      {own} <= {_fires(net, given, cell, level)};")
    lines += ["  always @(posedge clk)", "    if (reset) begin", *begin]
    lines += ["    end else begin", *go_on, "    end", "endmodule", ""]
    return "\n".join(lines)


def _deepest(net: Net, given: Inputs) -> NDArray[np.int64]:
    deepest = np.ones(net.fibres, np.int64)
    for rows in (given.counted, given.vetoes):
        np.maximum.at(deepest, rows.sources, rows.delays)
    return deepest


def _fires(net: Net, given: Inputs, cell: int, level: Any) -> str:
    excite: list[str] = []
    raise_: list[str] = []
    veto: list[str] = []
    rows = given.counted
    for e in range(int(rows.starts[cell]), int(rows.starts[cell + 1])):
        weight = int(rows.weights[e])
        term = f"{abs(weight)}*{level(int(rows.sources[e]), int(rows.delays[e]))}"
        (excite if weight > 0 else raise_).append(term)
    rows = given.vetoes
    for e in range(int(rows.starts[cell]), int(rows.starts[cell + 1])):
        veto.append(level(int(rows.sources[e]), int(rows.delays[e])))
    needed = " + ".join([str(int(net.h[cell])), *raise_])
    enough = f"({' + '.join(excite) or '0'} >= {needed})"
    return f"{enough} & ~({' | '.join(veto)})" if veto else enough


def bench(net: Net, stimulus: NDArray[np.uint8] | None, ticks: int, name: str = "net") -> str:
    """Write a testbench that plays a stimulus and checks every fibre at every tick.

    It prints ``PASS``, or ``FAIL`` with the tick, and dumps waveforms to ``<name>.vcd``.

    Parameters
    ----------
    net, stimulus, ticks
        What to run, as for ``law.run``, which says what is expected.
    name
        The module's name.

    Raises
    ------
    Mistake
        If the stimulus does not fit the net, or the net cannot be written.
    """
    names = identifiers(net)
    want = run(net, stimulus, ticks)
    width = net.fibres
    fibres = ", ".join(f"dut.{n}" for n in reversed(names))
    wires = [f".{n}(given[{i}])" for i, n in enumerate(names[: net.afferents])]
    ports = ", ".join([".clk(clk)", ".reset(reset)", *wires])
    rows = ("".join(map(str, row[::-1])) for row in want.tolist())
    words = "\n".join(f"    want[{t}] = {width}'b{row};" for t, row in enumerate(rows))
    take = f"want[t][{net.afferents - 1}:0]" if net.afferents else "0"
    return f"""\
`timescale 1ns/1ns
module {name}_test;
  reg clk = 0, reset = 1;
  reg [{max(1, net.afferents) - 1}:0] given = 0;
  reg [{width - 1}:0] want [0:{ticks}];
  wire [{width - 1}:0] got = {{{fibres}}};
  integer t, wrong = 0;
  {name} dut ({ports});
  initial begin
{words}
    $dumpfile("{name}.vcd");
    $dumpvars(1, dut);
    #{HALF} clk = 1;  // the state at t = 0
    #{HALF} clk = 0; reset = 0;
    for (t = 0; t <= {ticks}; t = t + 1) begin
      given = {take};
      #{HALF};
      if (got !== want[t]) begin
        if (wrong == 0) $display("FAIL at t = %0d: %b, expected %b", t, got, want[t]);
        wrong = wrong + 1;
      end
      clk = 1;
      #{HALF} clk = 0;
    end
    if (wrong == 0) $display("PASS");
    $finish;
  end
endmodule
"""


def _line(text: str) -> str:
    return " ".join(text.split()) or "a net of McCulloch-Pitts cells"
