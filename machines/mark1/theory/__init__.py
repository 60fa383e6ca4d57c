"""Theory beside the machine: what to expect of a Mark I before it is switched on.

* :mod:`~machines.mark1.theory.activity`: how many A-units a stimulus makes active, how alike two
  stimuli look to them (P_a and P_c);
* :mod:`~machines.mark1.theory.learning`: the learning curves of 1957 and 1958;
* :mod:`~machines.mark1.theory.separability`: whether any values can do a task, with proof;
* :mod:`~machines.mark1.theory.convergence`: how many corrections are enough, and what happens if
none
  are;
* :mod:`~machines.mark1.theory.limits`: tasks at the border of what can be done.
"""

from .activity import (
    active_chance,
    active_chance_finite,
    common_chance,
    common_chance_finite,
    share_of_units,
)
from .convergence import (
    Course,
    Expectation,
    Margin,
    correct_errors,
    correction_bound,
    margin,
    what_to_expect,
)
from .learning import (
    Constants,
    asymptote,
    check_experiment,
    differentiated,
    discrimination_1957,
    generalised,
    generalises,
    ideal,
    recognised,
    recognition,
)
from .likeness import g_matrix
from .limits import (
    double_spiral,
    parity_blocks,
    parity_points,
    pieces,
    random_points,
    snakes,
    xor_points,
)
from .refined import refined_recognition
from .separability import Verdict, holds, separable, separable_by_response

__all__ = [
    "Constants",
    "Course",
    "Expectation",
    "Margin",
    "Verdict",
    "active_chance",
    "active_chance_finite",
    "asymptote",
    "check_experiment",
    "common_chance",
    "common_chance_finite",
    "correct_errors",
    "correction_bound",
    "differentiated",
    "discrimination_1957",
    "double_spiral",
    "g_matrix",
    "generalised",
    "generalises",
    "holds",
    "ideal",
    "margin",
    "parity_blocks",
    "parity_points",
    "pieces",
    "random_points",
    "recognised",
    "recognition",
    "refined_recognition",
    "separable",
    "separable_by_response",
    "share_of_units",
    "snakes",
    "what_to_expect",
    "xor_points",
]
