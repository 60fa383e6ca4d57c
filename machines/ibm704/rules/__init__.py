"""Learning rules as programs of the 704: run them, read what they printed.

>>> from machines.ibm704.rules import run
>>> run("perceptron-xor").certificate is not None
True

* :mod:`~machines.ibm704.rules.table`: the rules, their parameters, who published them;
* :mod:`~machines.ibm704.rules.tasks`: what they are given to learn;
* :mod:`~machines.ibm704.rules.decks`: parameters and task as a deck of cards;
* :mod:`~machines.ibm704.rules.running`: from rule to printed pages;
* :mod:`~machines.ibm704.rules.results`: the printed pages as numbers.

The programs themselves are in ``machines/ibm704/programs/rules``.
"""

from machines.ibm704.rules import decks, tasks
from machines.ibm704.rules.results import Record
from machines.ibm704.rules.running import Loaded, assembled, loaded, record, run
from machines.ibm704.rules.table import RULES, Parameter, Rule, rule_named
from machines.ibm704.rules.tasks import Cells, Patterns, Perceptron, Task, Walk

__all__ = [
    "RULES", "Cells", "Loaded", "Parameter", "Patterns", "Perceptron", "Record", "Rule", "Task",
    "Walk", "assembled", "decks", "loaded", "record", "rule_named", "run", "tasks",
]  # fmt: skip
