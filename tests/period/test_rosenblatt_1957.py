"""Rosenblatt's worked example of 1957, on the machine, to the last digit.

CAL Report 85-460-1, appendix II: 64 A-units, 32 for each of two responses, six stimuli that
each activate ten units of either half; three are associated with each response by adding 1 to
the value of every active unit of that response (forced reinforcement, alpha). The report prints
the patterns of S1 to S3, all values, and the sums ("biases") each stimulus then gives. The
patterns of S4 to S6 cannot be read any more; what they left behind is turned in by hand from
the printed values.
"""

import numpy as np
import pytest

from machines.mark1 import Description, Mark1
from machines.mark1.plugboard import from_wires

STIMULI = {
    "S1": "OXOO OOOO XOXX OOXO OXOO OOOX XOXO OXOO  OXOO OXXO OXOO OOXO OXOX XOXO XOOO OOOO",
    "S2": "XOXO OOXO OXOO OOOX OXXO XOOO OOOO OXXO  XOXO OXOX OOOO OOXX OOOO OXOX XOOO OOXO",
    "S3": "XOOO OOXO XXOO OOXO OXOO XOOX XOXO OOOO  XOXO OOOX OXXO OOOO OOXO OXOO XOOX OOXO",
}
PRINTED = {
    "(a) S1-S3 to R1, S4-S6 to R2": (
        1,
        "2110 0020 2211 0021 0310 2002 2020 0210  2020 1212 0022 0101 0120 0211 1101 1102",
        {"S1": (18, 6), "S2": (17, 13), "S3": (21, 14)},
    ),
    "(b) S1-S3 to R2, S4-S6 to R1": (
        2,
        "1112 0012 1111 0112 0022 1102 1011 0110  2120 0212 0210 0021 0111 1211 3001 0020",
        {"S1": (10, 15), "S2": (11, 19), "S3": (10, 18)},
    ),
}
STEP = 5_000_000  # what one pulse turns a shaft of the ideal machine, udeg


def pattern(text):
    return np.array([c == "X" for c in text if c in "XO"], np.uint8) * 255


def digits(text):
    return np.array([int(c) for c in text if c.isdigit()])


@pytest.mark.parametrize("engine", ["reference", "compiled"])
@pytest.mark.parametrize("association", PRINTED)
def test_values_and_biases_are_the_printed_ones(association, engine):
    taught, values, biases = PRINTED[association]
    description = Description.ideal(
        rows=8, columns=8, association_units=64, excitatory=1, inhibitory=0, theta=1,
        response_units=2, responses_in_use=2,
    )  # fmt: skip
    machine = Mark1(description, from_wires([(a, a, 1) for a in range(64)], description), engine)
    machine.operate("mark1.control.rule", "forced")
    machine.operate("mark1.response.desired", [1, 0] if taught == 1 else [0, 1])
    for text in STIMULI.values():
        assert (pattern(text).reshape(2, 32) > 0).sum(axis=1).tolist() == [10, 10]
        machine.operate("mark1.retina.light", pattern(text))
        machine.operate("mark1.control.reinforce")
        machine.run(machine.now_ns + 300_000_000)

    mine = slice(0, 32) if taught == 1 else slice(32, 64)
    learned = machine.rack("mark1.values.V")
    assert (learned[mine] == digits(values)[mine] * STEP).all()

    learned[:] = digits(values) * STEP
    machine.operate("mark1.values.V", learned)
    for name, text in STIMULI.items():
        machine.operate("mark1.retina.light", pattern(text))
        sums = machine.rack("mark1.response.sum")
        assert tuple(sums // STEP) == biases[name]
        assert np.argmax(sums) == taught - 1, "the right response has the larger bias"
