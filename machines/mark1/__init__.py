"""The Mark I Perceptron of 1960; see the README beside this file.

>>> from machines.mark1 import Experimenter, machine_for
>>> from simulator.stimuli import letters
>>> stimuli = letters("EX")
>>> experimenter = Experimenter(machine_for(stimuli.classes), stimuli.classes)
>>> experimenter.teach(stimuli)[-1]
0
"""

from .description import Description
from .experimenter import Answer, Experimenter, Result, code_for, machine_for, resume
from .machine import Mark1, load

__all__ = [
    "Answer",
    "Description",
    "Experimenter",
    "Mark1",
    "Result",
    "code_for",
    "load",
    "machine_for",
    "resume",
]
