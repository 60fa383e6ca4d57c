"""The learning rules that run on the 704: one table of programs, parameters and tasks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from machines.ibm704.rules import tasks
from machines.ibm704.rules.tasks import Task
from simulator.errors import Mistake
from simulator.pedigree import Evidence

_DOC, _REC, _ASS = Evidence.DOCUMENTED, Evidence.RECONSTRUCTED, Evidence.ASSUMED
_MANY = 1_000_000
_SEEDS = 2**34 - 1


class Parameter(NamedTuple):
    """A number of a rule that the user may choose.

    Attributes
    ----------
    name, default, low, high
        Its name, what it is if nothing is said, and its limits.
    whole
        Whether it is a whole number.
    doc
        What it is, one phrase.
    evidence, source
        How we know the default, and from where.
    """

    name: str
    default: float
    low: float
    high: float
    whole: bool
    doc: str
    evidence: Evidence
    source: str


class Rule(NamedTuple):
    """A learning rule as a program of the 704.

    Attributes
    ----------
    name
        Its name on the command line.
    program
        Its program, ``programs/rules/<program>.sap``.
    doc
        What it does, in a line.
    who
        Who published it, and when.
    source
        Where.
    parameters
        By name.
    task
        Makes the task it is given if nothing is said.
    curve
        What the numbers of a line of its learning curve are, the first first.
    weights
        The symbol of its weights: weight ``k`` of the header's order, from 1, stands at
        ``weights - k``.
    update
        The label of the first instruction of its weight update; empty if weights are fixed.
    """

    name: str
    program: str
    doc: str
    who: str
    source: str
    parameters: Mapping[str, Parameter]
    task: Callable[[], Task]
    curve: tuple[str, ...]
    weights: str
    update: str

    def values(self, chosen: Mapping[str, float]) -> dict[str, float]:
        """Complete the parameters chosen by the defaults of the others.

        Raises
        ------
        Mistake
            If there is no such parameter, or its value is beyond its limits.
        """
        if unknown := [name for name in chosen if name not in self.parameters]:
            known = ", ".join(self.parameters)
            raise Mistake(f"{self.name} has no parameter {unknown[0]}; it has {known}")
        values = {name: p.default for name, p in self.parameters.items()} | dict(chosen)
        for name, value in values.items():
            p = self.parameters[name]
            if not p.low <= value <= p.high or (p.whole and value != int(value)):
                kind = "a whole number" if p.whole else "a number"
                raise Mistake(f"{name} must be {kind} from {p.low:g} to {p.high:g}, not {value:g}")
        return values


def _whole(
    name: str, default: int, low: int, high: int, doc: str,
    evidence: Evidence = _ASS, source: str = "enough for the task",
) -> Parameter:  # fmt: skip
    return Parameter(name, default, low, high, True, doc, evidence, source)


def _real(
    name: str, default: float, low: float, high: float, doc: str,
    evidence: Evidence = _ASS, source: str = "learns the task without swinging",
) -> Parameter:  # fmt: skip
    return Parameter(name, default, low, high, False, doc, evidence, source)


def _rule(
    name: str, program: str, doc: str, who: str, source: str, task: Callable[[], Task],
    curve: tuple[str, ...], weights: str, update: str, *parameters: Parameter,
) -> Rule:  # fmt: skip
    table = {parameter.name: parameter for parameter in parameters}
    return Rule(name, program, doc, who, source, table, task, curve, weights, update)


_FIXED = "fixed by the rule"
_SWEEPS = _whole("sweeps", 20, 1, _MANY, "how often all patterns are shown")
_EVERY = _whole("every", 1, 1, _MANY, "sweeps to a printed line", source="paper is patient")
_SEED = _whole("seed", 1, 0, _SEEDS, "where the random numbers begin", source="any will do")
_SPREAD = _real("spread", 0.5, 0, 1e6, "largest size of a weight drawn",
                source="small against what is learned")  # fmt: skip


def _choice(name: str, value: int, doc: str) -> Parameter:
    return _whole(name, value, value, value, doc, _DOC, _FIXED)


def _perceptron(
    name: str, doc: str, task: Callable[[], Task], rule: int, system: int, theta: int, detail: int
) -> Rule:
    return _rule(
        name, "perceptron", doc, "F. Rosenblatt, 1957-1962",
        "Psychological Review 65 (1958) 386-408; Principles of Neurodynamics (1962)", task,
        ("sweep", "wrong answers"), "V", "UPDATE",
        _whole("theta", theta, -1024, 1024, "threshold of the A-units", _REC,
               "as of the Mark I: 10 + 10 origin points learn well with 1 or 2"),
        _whole("rule", rule, 0, 3, "0 none, 1 forced, 2 error correction, 3 spontaneous", _DOC,
               "Operators' Manual of the Mark I (1960), as quoted in the literature"),
        _whole("system", system, 0, 1, "0 alpha, 1 gamma", _DOC, "Rosenblatt 1958, table 1"),
        _whole("step", 1, 1, 8388607, "gain of a value in a trial", source="the unit of values"),
        _whole("travel", 0, 0, 8388607, "end stop of a value either way, 0 for none",
               source="a program of 1958 had no end stops"),
        _whole("x", 10, 0, 1024, "excitatory origin points drawn", _REC, "as of the Mark I"),
        _whole("y", 10, 0, 1024, "inhibitory origin points drawn", _REC, "as of the Mark I"),
        _SEED,
        _whole("order", 0, 0, 1, "0 stimuli as they stand, 1 shuffled each sweep"),
        _whole("order_seed", 1, 1, _SEEDS, "where the shuffling begins", source="any will do"),
        _SWEEPS,
        _whole("until", 1, 0, 1, "1 ends after a sweep without an error"),
        _whole("detail", detail, 0, 2, "lines for 0 sweeps, 1 trials, 2 values as well"),
    )  # fmt: skip


def _hebb(
    name: str, doc: str, who: str, source: str, task: Callable[[], Task],
    rule: int, rate: float, sweeps: int,
) -> Rule:  # fmt: skip
    return _rule(
        name, "hebb", doc, who, source, task, ("sweep", "squared length of the weights"), "W",
        "CHANGE",
        _whole("rule", rule, 1, 3, "1 Hebb with the outputs given, 2 with its own, 3 Oja", _DOC,
               _FIXED),
        _whole("outputs", 1, 1, 1024, "outputs, where none are given"),
        _real("rate", rate, -1e6, 1e6, "part of the product that is added"),
        _SWEEPS._replace(default=sweeps), _EVERY, _SEED, _SPREAD,
    )  # fmt: skip


def _unit(
    name: str, doc: str, who: str, source: str, task: Callable[[], Task],
    unit: int, batch: int, order: int,
) -> Rule:  # fmt: skip
    return _rule(
        name, "unit", doc, who, source, task,
        ("sweep", "mean squared error", "outputs on the wrong side"), "W", "CHANGE",
        _choice("unit", unit, "0 linear, 1 logistic"),
        _whole("batch", batch, 0, 2048, "patterns in a batch, 0 for all"),
        _whole("order", order, 0, 1, "0 patterns as they stand, 1 shuffled each sweep"),
        _real("rate", 0.2, -1e6, 1e6, "part of the slope that is gone down"),
        _SWEEPS, _EVERY, _SEED, _SPREAD,
    )  # fmt: skip


def _layers(name: str, doc: str, task: Callable[[], Task], hidden: int, sweeps: int) -> Rule:
    pdp = "Rumelhart, Hinton, Williams, PDP 1 (1986), chapter 8"
    return _rule(
        name, "layers", doc, "D. E. Rumelhart, G. E. Hinton, R. J. Williams, 1986", pdp, task,
        ("sweep", "sum of squared errors", "outputs not within"), "W", "ADDC",
        _whole("hidden", hidden, 1, 256, "hidden units", _DOC, pdp),
        _whole("direct", 0, 0, 1, "1 with weights from inputs to outputs as well", _DOC, pdp),
        _whole("batch", 1, 0, 12288, "patterns before the weights change, 0 for all", _DOC, pdp),
        _real("rate", 0.5, 0, 1e6, "eta", _DOC, "PDP p. 331"),
        _real("momentum", 0.9, 0, 0.999999, "alpha", _DOC, "PDP p. 330, 'about 0.9'"),
        _SPREAD,
        _real("within", 0.1, 0, 1, "error from which an output counts as right", _ASS,
              "the published criterion is not given"),
        _SWEEPS._replace(default=sweeps), _EVERY._replace(default=max(1, sweeps // 50)), _SEED,
    )  # fmt: skip


def _td(name: str, doc: str, states: int, left: float, value: float, rate: float) -> Rule:
    book = "Sutton and Barto, Reinforcement Learning (2018), example "
    example = book + ("6.2" if states == 5 else "7.1")
    return _rule(
        name, "td", doc, "R. S. Sutton, 1988", "Machine Learning 3 (1988) 9-44; " + book + "6.2",
        lambda: tasks.walk(states),
        ("walk", "steps", "root mean square error of the table", "the same of the sum"), "W",
        "CHANGE",
        _whole("begin", 0, 0, 512, "state in which a walk begins, 0 for the middle", _DOC, example),
        _whole("walks", 100 if states == 5 else 10, 1, _MANY, "how many walks", _DOC, example),
        _EVERY, _SEED,
        _real("rate", rate, 0, 1e6, "alpha of the table", _DOC, example),
        _real("weight_rate", rate, 0, 1e6, "alpha of the weights", _ASS, "as that of the table"),
        _real("left", left, -1e6, 1e6, "reward at the left end", _DOC, example),
        _real("right", 1, -1e6, 1e6, "reward at the right end", _DOC, example),
        _real("value", value, -1e6, 1e6, "value of a state to begin with", _DOC, example),
        _real("weight", value, -1e6, 1e6, "a weight to begin with", _ASS, "as the values"),
    )  # fmt: skip


_WIDROW = "B. Widrow, M. E. Hoff, 1960"
_WESCON = "IRE WESCON Convention Record 4 (1960) 96-104"


def _adaline(name: str, doc: str, rule: int, rate: float) -> Rule:
    return _rule(
        name, "adaline", doc, _WIDROW, _WESCON, tasks.and_with_bias,
        ("sweep", "mean squared error", "wrong signs"), "W", "CHANGE",
        _choice("rule", rule, "1 alpha, 2 mu"),
        _real("rate", rate, -1e6, 1e6, "alpha, or mu", _REC, "within the published range"),
        _SWEEPS, _SEED, _SPREAD,
        _whole("detail", 0, 0, 1, "1 for a line each trial"),
    )  # fmt: skip


_ALL = (
    _rule(
        "threshold", "threshold", "cells with fixed weights; none of them does exclusive or",
        "W. S. McCulloch, W. Pitts, 1943", "Bull. Math. Biophysics 5 (1943) 115-133",
        tasks.truth_tables, (), "W", "",
        _whole("kind", 0, 0, 1, "1: an inhibitory input silences, as in 1943; 0: it counts less"),
        _whole("size", 3, 0, 9, "largest size of the weights tried"),
    ),
    _hebb("hebb", "pairs of patterns, joined by their products", "D. O. Hebb, 1949",
          "The Organization of Behavior (1949), p. 62; the product is later", tasks.pairs,
          1, 0.25, 1),
    _hebb("oja", "Hebb's rule with decay finds the principal direction", "E. Oja, 1982",
          "J. Math. Biology 15 (1982) 267-273", tasks.cloud, 3, 0.01, 10),
    _perceptron("perceptron", "squares on the left or on the right of a card",
                tasks.left_right, 2, 0, 2, 0),
    _perceptron("gamma", "the same by the gamma-system, which conserves the sum of values",
                tasks.left_right, 1, 1, 2, 0),
    _perceptron("perceptron-xor", "exclusive or: it cycles, and proves it",
                tasks.exclusive_or_pictures, 2, 0, 1, 1),
    _adaline("adaline", "a linear neuron learns from the error of its sum", 1, 0.3),
    _adaline("adaline-mu", "the same with steps not divided by the size of the input", 2, 0.05),
    _unit("linear", "a linear unit goes down the slope of all patterns together", _WIDROW, _WESCON,
          tasks.line, 0, 0, 0),
    _unit("sgd-linear", "the same in batches of a few patterns in random order",
          "H. Robbins, S. Monro, 1951", "Annals of Mathematical Statistics 22 (1951) 400-407",
          tasks.line, 0, 8, 1),
    _unit("sgd-logistic", "a logistic unit in batches of a few patterns in random order",
          "D. R. Cox, 1958", "J. Royal Statistical Society B 20 (1958) 215-242",
          tasks.two_clouds, 1, 8, 1),
    _layers("backprop-xor", "exclusive or by two hidden units", tasks.exclusive_or, 2, 1000),
    _layers("backprop", "four messages through two hidden units", tasks.encoder, 2, 1000),
    _td("td-5", "values of a random walk of 5 states", 5, 0, 0.5, 0.1),
    _td("td-19", "values of a random walk of 19 states", 19, -1, 0, 0.8),
)  # fmt: skip

RULES: Mapping[str, Rule] = {rule.name: rule for rule in _ALL}
"""All rules by their names."""


def rule_named(name: str) -> Rule:
    """Give a rule by its name.

    Raises
    ------
    Mistake
        If there is none of that name.
    """
    if name not in RULES:
        raise Mistake(f"no rule is called {name}; there are {', '.join(RULES)}")
    return RULES[name]
