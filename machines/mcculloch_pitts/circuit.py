"""A circuit of gates and latches: what it is, and what it does from beat to beat.

A gate answers at once, by its truth table; a latch holds a value from one beat of the clock to the
next. Wires are whole numbers here, one bit a case: a row of a truth table, or one of sixty-four
stimuli, so that all cases are worked out together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

MOST_FAN_IN = 10
"""No gate reads more wires."""


@dataclass(frozen=True)
class Gate:
    """A gate: the wires it reads and its truth table, wire i being bit i of a row."""

    inputs: tuple[str, ...]
    true: int


@dataclass(frozen=True)
class Latch:
    """A latch: the wire it takes over at each beat, and its first value."""

    input: str
    first: bool


@dataclass(frozen=True)
class Circuit:
    """Gates and latches, each under the name of the wire it drives.

    Attributes
    ----------
    name
        What the circuit is called.
    inputs, outputs
        Names of wires, in order.
    gates, latches
        What drives all other wires.
    """

    name: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    gates: Mapping[str, Gate]
    latches: Mapping[str, Latch]


def through(given: Circuit, order: list[str], wires: dict[str, int], every: int) -> None:
    """Work out all gates, in every case at once."""
    for name in order:
        gate = given.gates[name]
        found = [every if gate.true >> row & 1 else 0 for row in range(1 << len(gate.inputs))]
        for one in gate.inputs:  # the lowest bit of a row first
            on = wires[one]
            found = [
                low if low == high else low & ~on | high & on
                for low, high in zip(found[::2], found[1::2], strict=True)
            ]
        wires[name] = found[0]


def first_state(given: Circuit, every: int) -> tuple[int, ...]:
    """Tell what the latches hold at first, in all cases of ``every``."""
    return tuple(every if latch.first else 0 for latch in given.latches.values())


def beat(
    given: Circuit, order: list[str], state: tuple[int, ...], inputs: Sequence[int], every: int
) -> tuple[list[int], tuple[int, ...]]:
    """Tell the outputs at a beat and what the latches hold then, in every case at once."""
    wires = dict(zip(given.inputs, inputs, strict=True))
    wires |= dict(zip(given.latches, state, strict=True))
    through(given, order, wires, every)
    following = tuple(wires[latch.input] for latch in given.latches.values())
    return [wires[name] for name in given.outputs], following
