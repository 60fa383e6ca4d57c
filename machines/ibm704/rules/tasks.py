"""What the programs are given to learn: patterns, pictures, plugboards, walks.

A task is data and nothing else, so that anybody can bring one: patterns of a file, letters drawn
with :mod:`simulator.stimuli`, the plugboard of a Mark I. The ones here are those the programs run
with if nothing is said.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simulator import chance

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

CLOUD = chance.stream("ibm704.rules.cloud")
CARDS_1958 = chance.stream("ibm704.rules.cards")


@dataclass(frozen=True, eq=False)
class Patterns:
    """Inputs and the outputs desired to them.

    Attributes
    ----------
    inputs
        float64, shape (patterns, inputs).
    desired
        float64, shape (patterns, outputs); shape (patterns, 0) where none are.
    weights
        float64, shape (weights,), in the order of the program's header, to begin with; None if the
        program draws them.
    """

    inputs: Floats
    desired: Floats
    weights: Floats | None = None


@dataclass(frozen=True, eq=False)
class Cells:
    """Cells of threshold logic, and tasks for which cells are looked for.

    Attributes
    ----------
    cells
        int64, shape (cells, inputs + 1): weights, then theta.
    tasks
        int64, shape (tasks, 2 ** inputs): 1 or 0 for each row of the truth table.
    """

    cells: Ints
    tasks: Ints


@dataclass(frozen=True, eq=False)
class Perceptron:
    """A plugboard, pictures, and the order in which they are shown.

    Attributes
    ----------
    pictures
        int64, shape (stimuli, S-units), 1 for lit; those to learn first.
    desired
        int64, shape (stimuli, R-units): 1, -1, or 0 for free.
    tests
        How many of the stimuli, the last ones, are for tests only.
    a_units
        How many A-units there are.
    wires
        int64, shape (A-units, origin points): labels of S-units from 1, minus for inhibitory, 0
        for none; None if the program draws them.
    potentiometers
        int64, shape (potentiometers, 2): labels of the A-unit and the R-unit; None if the A-units
        are shared out in blocks.
    order
        int64, shape (sweeps, stimuli to learn): labels of stimuli from 1; None if the program
        takes them as they stand or shuffles them.
    """

    pictures: Ints
    desired: Ints
    tests: int
    a_units: int
    wires: Ints | None = None
    potentiometers: Ints | None = None
    order: Ints | None = None


@dataclass(frozen=True, eq=False)
class Walk:
    """A random walk: the features of its states.

    Attributes
    ----------
    states
        How many.
    features
        float64, shape (states, features); shape (states, 0) for the table only.
    """

    states: int
    features: Floats


Task = Patterns | Cells | Perceptron | Walk

XOR = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])


def truth_tables() -> Cells:
    """NOT, AND and OR as cells of two inputs; AND, OR and exclusive OR as tasks."""
    cells = np.array([[-1, 0, 0], [1, 1, 2], [1, 1, 1]])
    tasks = np.array([[0, 0, 0, 1], [0, 1, 1, 1], [0, 1, 1, 0]])
    return Cells(cells, tasks)


def exclusive_or() -> Patterns:
    """Exclusive OR, inputs and outputs 0 and 1."""
    return Patterns(XOR, np.array([[0.0], [1.0], [1.0], [0.0]]))


def and_with_bias() -> Patterns:
    """AND of two inputs +1 and -1, with a third that is always one."""
    signs = 2 * XOR - 1
    return Patterns(np.hstack([signs, np.ones((4, 1))]), np.array([[-1.0], [-1.0], [-1.0], [1.0]]))


def pairs() -> Patterns:
    """Four orthogonal patterns, each with two outputs to be called up by it."""
    inputs = np.array([[1, 1, 1, 1], [1, -1, 1, -1], [1, 1, -1, -1], [1, -1, -1, 1]], np.float64)
    desired = np.array([[1, 1], [1, -1], [-1, 1], [-1, -1]], np.float64)
    return Patterns(inputs, desired)


def cloud(patterns: int = 200, seed: int = 1) -> Patterns:
    """Points around zero, variance 4 along a direction turned by 30 degrees, 1 across it."""
    angle = np.radians(30)
    turned = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    points = _normal(2 * patterns, seed).reshape(-1, 2) * [2, 1] @ turned.T
    return Patterns(np.round(points, 6), np.empty((patterns, 0)))


def line(patterns: int = 40, seed: int = 1) -> Patterns:
    """Points on a plane of two inputs and a constant one, with noise, to be fitted."""
    noise = _normal(3 * patterns, seed).reshape(-1, 3)
    inputs: Floats = np.hstack([noise[:, :2], np.ones((patterns, 1))])
    slopes: Floats = np.array([[2.0], [-1.0], [0.5]])
    desired: Floats = inputs @ slopes + 0.1 * noise[:, 2:]
    return Patterns(np.round(inputs, 6), np.round(desired, 6))


def two_clouds(patterns: int = 60, seed: int = 1) -> Patterns:
    """Two overlapping clouds of points, 1 and 0, and a constant one."""
    noise = _normal(2 * patterns, seed).reshape(-1, 2)
    side = np.arange(patterns) % 2
    points = noise + np.outer(2 * side - 1, [1.0, 0.5])
    inputs = np.hstack([points, np.ones((patterns, 1))])
    return Patterns(np.round(inputs, 6), side[:, None].astype(np.float64))


def left_right(
    learn: int = 50, tests: int = 50, side: int = 20, seed: int = 1, a_units: int = 512
) -> Perceptron:
    """Cards with a square of 4 by 4 on the left half or the right, as in July 1958."""
    pictures, desired = [], []
    for i in range(learn + tests):
        right = chance.below(2, seed, CARDS_1958, 3 * i)
        row = chance.below(side - 3, seed, CARDS_1958, 3 * i + 1)
        column = chance.below(side // 2 - 3, seed, CARDS_1958, 3 * i + 2) + right * side // 2
        picture = np.zeros((side, side), np.int64)
        picture[row : row + 4, column : column + 4] = 1
        pictures.append(picture.ravel())
        desired.append([2 * right - 1])
    return Perceptron(np.array(pictures), np.array(desired), tests, a_units)


def exclusive_or_pictures() -> Perceptron:
    """Exclusive OR for three A-units with a plug each: two inputs, and one that is always lit."""
    pictures = np.hstack([XOR, np.ones((4, 1))]).astype(np.int64)
    desired = np.array([[-1], [1], [1], [-1]])
    return Perceptron(pictures, desired, 0, 3, np.array([[1], [2], [3]]))


def wires_of(
    a_unit: Sequence[int], s_unit: Sequence[int], sign: Sequence[int], a_units: int
) -> Ints:
    """Lay the wires of a plugboard out for a :class:`Perceptron`.

    Parameters
    ----------
    a_unit, s_unit
        The units each wire joins, by index from 0.
    sign
        +1 excitatory, -1 inhibitory.
    a_units
        How many A-units there are.

    Returns
    -------
    numpy.ndarray
        int64, shape (A-units, most wires of one): labels from 1, minus for inhibitory, 0 for none.
    """
    rows: list[list[int]] = [[] for _ in range(a_units)]
    for a, s, way in zip(a_unit, s_unit, sign, strict=True):
        rows[a].append(int(way) * (int(s) + 1))
    wires = np.zeros((a_units, max(map(len, rows), default=0)), np.int64)
    for a, row in enumerate(rows):
        wires[a, : len(row)] = row
    return wires


def encoder(units: int = 4) -> Patterns:
    """One input on, the same output desired: through fewer hidden units (PDP, p. 335)."""
    return Patterns(np.eye(units, dtype=np.float64), np.eye(units, dtype=np.float64))


def walk(states: int, features: str = "states") -> Walk:
    """Give a random walk whose features are its states, one each, or a constant and the place."""
    if features == "states":
        return Walk(states, np.eye(states))
    place = np.arange(1, states + 1) / (states + 1)
    return Walk(states, np.column_stack([np.ones(states), np.round(place, 8)]))


def misfit(task: Task) -> str | None:
    """Say what in a task does not fit together, or None."""
    if isinstance(task, Patterns):
        if task.inputs.ndim != 2 or task.desired.ndim != 2 or not task.inputs.size:
            return "inputs and desired outputs are tables, a row a pattern, and not empty"
        if len(task.inputs) != len(task.desired):
            return f"{len(task.inputs)} inputs and {len(task.desired)} desired outputs do not match"
    elif isinstance(task, Cells):
        rows = 2 ** (task.cells.shape[1] - 1)
        if task.tasks.shape[1:] != (rows,):
            return f"a task of these cells is {rows} numbers, not {task.tasks.shape[-1]}"
    elif isinstance(task, Walk):
        if len(task.features) != task.states:
            return f"{task.states} states need as many rows of features, not {len(task.features)}"
    else:
        stimuli, learn = len(task.pictures), len(task.pictures) - task.tests
        if len(task.desired) != stimuli:
            return f"{stimuli} pictures and {len(task.desired)} desired responses do not match"
        if not 0 <= task.tests < stimuli:
            return f"of {stimuli} stimuli 0 to {stimuli - 1} are for tests only, not {task.tests}"
        if task.wires is not None and len(task.wires) != task.a_units:
            return f"{task.a_units} A-units need as many rows of wires, not {len(task.wires)}"
        if task.order is not None and task.order.shape[1] != learn:
            return f"an order is {learn} stimuli a sweep, not {task.order.shape[1]}"
    return None


def _normal(count: int, seed: int) -> Floats:
    """Draw normal deviates from the table: sums of twelve uniform ones, less six."""
    bits = [chance.bits(seed, CLOUD, i) for i in range(12 * count)]
    uniform = np.array(bits, np.uint64).astype(np.float64) / 2**64
    deviates: Floats = uniform.reshape(-1, 12).sum(axis=1) - 6
    return deviates


def shape_of(task: Task) -> Sequence[int]:
    """Give the counts of a task that stand on its first card."""
    if isinstance(task, Patterns):
        return (task.inputs.shape[1], task.desired.shape[1], len(task.inputs))
    if isinstance(task, Cells):
        return (task.cells.shape[1] - 1, len(task.cells), len(task.tasks))
    if isinstance(task, Perceptron):
        return (task.pictures.shape[1], task.a_units, task.desired.shape[1])
    return (task.states, task.features.shape[1])
