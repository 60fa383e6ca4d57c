"""The data deck of a program: parameters and a task, on cards as its header asks for them.

:func:`lines` writes a deck as text, a card a line, which is what one would keep in a file and look
at; :func:`deck` punches it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from machines.ibm704.media.cards import Card
from machines.ibm704.rules.fields import NARROW, WIDE, floating, punch, whole
from machines.ibm704.rules.tasks import Cells, Patterns, Perceptron, Task, Walk, misfit
from simulator.errors import Mistake

Values = Mapping[str, float]
"""Parameters of a rule by name."""


def deck(program: str, task: Task, values: Values) -> list[Card]:
    """Punch the data deck of a program.

    Parameters
    ----------
    program
        The program, as ``perceptron``.
    task
        What it is given to learn.
    values
        All parameters of the rule.

    Raises
    ------
    Mistake
        If the task is of another kind than the program takes, its parts do not fit together, or a
        number cannot be punched.
    """
    return punch(lines(program, task, values), program)


def lines(program: str, task: Task, values: Values) -> list[str]:
    """Write the data deck of a program as text, a card a line.

    Raises
    ------
    Mistake
        As :func:`deck`.
    """
    kind, write = _DECKS[program]
    if not isinstance(task, kind):
        raise Mistake(f"{program} takes {kind.__name__}, not {type(task).__name__}")
    if (wrong := misfit(task)) is not None:
        raise Mistake(wrong)
    return write(task, values)


def _threshold(task: Task, values: Values) -> list[str]:
    assert isinstance(task, Cells)
    head = [task.cells.shape[1] - 1, len(task.cells), _int(values, "kind"), len(task.tasks),
            _int(values, "size")]  # fmt: skip
    return [
        *whole(head, WIDE),
        *(line for cell in task.cells for line in whole(cell, NARROW)),
        *(line for rows in task.tasks for line in whole(rows, 1)),
    ]


def _hebb(task: Task, values: Values) -> list[str]:
    assert isinstance(task, Patterns)
    outputs = task.desired.shape[1]
    if _int(values, "rule") != 1:
        outputs = _int(values, "outputs")
        task = Patterns(task.inputs, np.empty((len(task.inputs), 0)), task.weights)
    head = [task.inputs.shape[1], outputs, len(task.inputs), _int(values, "rule"),
            _int(values, "sweeps"), _int(values, "every"), _seed(task, values)]  # fmt: skip
    width = task.inputs.shape[1]
    return [
        *whole(head, WIDE),
        *floating([values["rate"]]),
        *_weights(task, [width] * outputs, values),
        *_rows(task),
    ]


def _adaline(task: Task, values: Values) -> list[str]:
    assert isinstance(task, Patterns)
    head = [task.inputs.shape[1], len(task.inputs), _int(values, "rule"), _int(values, "sweeps"),
            _seed(task, values), _int(values, "detail")]  # fmt: skip
    return [
        *whole(head, WIDE),
        *floating([values["rate"]]),
        *_weights(task, [task.inputs.shape[1]], values),
        *_rows(task),
    ]


def _unit(task: Task, values: Values) -> list[str]:
    assert isinstance(task, Patterns)
    head = [task.inputs.shape[1], len(task.inputs), _int(values, "unit"), _batch(task, values),
            _int(values, "order"), _int(values, "sweeps"), _int(values, "every"),
            _int(values, "seed"), int(task.weights is None)]  # fmt: skip
    return [
        *whole(head, WIDE),
        *floating([values["rate"]]),
        *_weights(task, [task.inputs.shape[1]], values),
        *_rows(task),
    ]


def _layers(task: Task, values: Values) -> list[str]:
    assert isinstance(task, Patterns)
    inputs, outputs, hidden = task.inputs.shape[1], task.desired.shape[1], _int(values, "hidden")
    direct = _int(values, "direct")
    head = [inputs, hidden, outputs, len(task.inputs), direct,
            _batch(task, values), _int(values, "sweeps"),
            _int(values, "every"), _int(values, "seed"), int(task.weights is None)]  # fmt: skip
    rates = [values["rate"], values["momentum"], values["spread"], values["within"]]
    widths = [inputs + 1] * hidden + [hidden + 1 + direct * inputs] * outputs
    drawn = task.weights is None
    return [
        *whole(head, WIDE),
        *floating(rates),
        *([] if drawn else _weights(task, widths, values)),
        *_rows(task),
    ]


def _perceptron(task: Task, values: Values) -> list[str]:
    assert isinstance(task, Perceptron)
    wires, pots, order = task.wires, task.potentiometers, task.order
    plugs = (_int(values, "x"), _int(values, "y")) if wires is None else (wires.shape[1], 0)
    head = [
        task.pictures.shape[1], task.a_units, task.desired.shape[1], _int(values, "theta"),
        _int(values, "rule"), _int(values, "system"), _int(values, "step"),
        _int(values, "travel"), *plugs, _int(values, "seed") if wires is None else 0,
        0 if pots is None else len(pots), len(task.pictures) - task.tests, task.tests,
        _int(values, "order") if order is None else 2, _int(values, "order_seed"),
        _int(values, "sweeps") if order is None else len(order), _int(values, "until"),
        _int(values, "detail"),
    ]  # fmt: skip
    if wires is None and head[10] == 0:
        raise Mistake("seed must be 1 or more where the program draws the wires")
    wired = () if wires is None or not wires.shape[1] else tuple(wires)
    return [
        *whole(head, WIDE),
        *(line for unit in wired for line in whole(unit, NARROW)),
        *([] if pots is None else whole(pots[:, 0], NARROW) + whole(pots[:, 1], NARROW)),
        *(
            line
            for want, picture in zip(task.desired, task.pictures, strict=True)
            for line in (*whole(want, NARROW), *whole(picture, 1))
        ),
        *([] if order is None else (line for sweep in order for line in whole(sweep, NARROW))),
    ]


def _td(task: Task, values: Values) -> list[str]:
    assert isinstance(task, Walk)
    begin = _int(values, "begin") or (task.states + 1) // 2
    head = [task.states, task.features.shape[1], begin, _int(values, "walks"),
            _int(values, "every"), _int(values, "seed")]  # fmt: skip
    rates = [values[name] for name in ("rate", "weight_rate", "left", "right", "value", "weight")]
    return [
        *whole(head, WIDE),
        *floating(rates),
        *(line for row in task.features for line in floating(row)),
    ]


_DECKS: dict[str, tuple[type, Callable[[Task, Values], list[str]]]] = {
    "threshold": (Cells, _threshold),
    "hebb": (Patterns, _hebb),
    "perceptron": (Perceptron, _perceptron),
    "adaline": (Patterns, _adaline),
    "unit": (Patterns, _unit),
    "layers": (Patterns, _layers),
    "td": (Walk, _td),
}


def _rows(task: Patterns) -> list[str]:
    return [line for row in np.hstack([task.inputs, task.desired]) for line in floating(row)]


def _weights(task: Patterns, widths: list[int], values: Values) -> list[str]:
    """Write the weights to begin with, a group a unit; or the largest size of those drawn."""
    if task.weights is None:
        return floating([values["spread"]])
    if task.weights.shape != (sum(widths),):
        raise Mistake(f"{sum(widths)} weights are needed, not {task.weights.size}")
    ends = np.cumsum(widths)[:-1]
    return [line for row in np.split(task.weights, ends) for line in floating(row)]


def _seed(task: Patterns, values: Values) -> int:
    if task.weights is not None:
        return 0
    if _int(values, "seed") == 0:
        raise Mistake("seed must be 1 or more where the program draws the weights")
    return _int(values, "seed")


def _batch(task: Patterns, values: Values) -> int:
    return min(_int(values, "batch") or len(task.inputs), len(task.inputs))


def _int(values: Values, name: str) -> int:
    value = values[name]
    if value != int(value):
        raise Mistake(f"{name} must be a whole number, not {value}")
    return int(value)
