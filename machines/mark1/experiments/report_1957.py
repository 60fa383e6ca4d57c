"""Rosenblatt's first report, of January 1957: sums worked out by hand, tables, estimates.

"The Perceptron, a perceiving and recognizing automaton (project PARA)", CAL Report 85-460-1. There
was no machine yet. Its appendix II follows six stimuli through 64 A-units on paper, to the last
digit, and that can be done again to the last digit.
"""

from __future__ import annotations

import numpy as np

from machines.mark1.description import Description
from machines.mark1.machine import Mark1
from machines.mark1.plugboard import from_wires
from machines.mark1.theory import discrimination_1957
from simulator.experiments import Parameters, Result, Spread, spread, standard_normal

from .experiment import (
    By,
    Curve,
    Experiment,
    Finding,
    Known,
    Measure,
    Plot,
    Published,
    Runs,
    once,
)
from .setting import ENGINE

REPORT = "CAL Report 85-460-1 (January 1957)"

# the worked example

STIMULI = {
    "S1": "OXOO OOOO XOXX OOXO OXOO OOOX XOXO OXOO  OXOO OXXO OXOO OOXO OXOX XOXO XOOO OOOO",
    "S2": "XOXO OOXO OXOO OOOX OXXO XOOO OOOO OXXO  XOXO OXOX OOOO OOXX OOOO OXOX XOOO OOXO",
    "S3": "XOOO OOXO XXOO OOXO OXOO XOOX XOXO OOOO  XOXO OOOX OXXO OOOO OOXO OXOO XOOX OOXO",
}
VALUES = {
    "a": "2110 0020 2211 0021 0310 2002 2020 0210  2020 1212 0022 0101 0120 0211 1101 1102",
    "b": "1112 0012 1111 0112 0022 1102 1011 0110  2120 0212 0210 0021 0111 1211 3001 0020",
}
BIASES = {"a": [[18, 6], [17, 13], [21, 14]], "b": [[10, 15], [11, 19], [10, 18]]}
HALVES = {"a": slice(0, 32), "b": slice(32, 64)}
"""The A-units of the response to which S1, S2, S3 are associated: R1 in (a), R2 in (b)."""
STEP = 5_000_000  # what one pulse turns a shaft of an exact machine, udeg


def _follow(job: Parameters) -> Result:
    """Teach S1, S2, S3; then turn in all printed values and read the sums."""
    description = Description.ideal(
        rows=8, columns=8, association_units=64, excitatory=1, inhibitory=0, theta=1,
        response_units=2, responses_in_use=2,
    )  # fmt: skip
    machine = Mark1(description, from_wires([(a, a, 1) for a in range(64)], description), ENGINE)
    machine.operate("mark1.control.rule", "forced")
    machine.operate("mark1.response.desired", [1, 0] if job["association"] == "a" else [0, 1])
    for text in STIMULI.values():
        machine.operate("mark1.retina.light", _light(text))
        machine.operate("mark1.control.reinforce")
        machine.run(machine.now_ns + 2 * description.pulse_us * 1000)
    half = HALVES[job["association"]]
    taught = machine.rack("mark1.values.V")[half]
    machine.operate("mark1.values.V", np.array(_digits(VALUES[job["association"]])) * STEP)
    sums = []
    for text in STIMULI.values():
        machine.operate("mark1.retina.light", _light(text))
        sums.append((machine.rack("mark1.response.sum") // STEP).tolist())
    return {"values": (taught // STEP).tolist(), "biases": sums}


def _light(text: str) -> list[int]:
    return [255 * (sign == "X") for sign in text if sign in "XO"]


def _digits(text: str) -> list[int]:
    return [int(sign) for sign in text if sign.isdigit()]


def _judge_example(runs: Runs) -> Finding:
    values, biases, right = [], [], []
    for job, result in runs:
        association = job["association"]
        printed = _digits(VALUES[association])[HALVES[association]]
        values += [float(v == p) for v, p in zip(result["values"], printed, strict=True)]
        for sums, pair in zip(result["biases"], BIASES[association], strict=True):
            biases += [float(s == p) for s, p in zip(sums, pair, strict=True)]
            right.append(float((sums[0] > sums[1]) == (association == "a")))
    return Finding(
        measures=(
            Measure(
                "values learned from S1, S2, S3, as printed",
                spread(values),
                "128 values, 64 of them of S4 to S6",
                True,
            ),
            Measure(
                "sums of S1, S2, S3, as printed",
                spread(biases),
                "24 sums, 12 of them of S4 to S6",
                True,
            ),
            Measure("larger sum at the right response", spread(right), "6 of 6", True),
        ),
        met=all(values) and all(biases) and all(right),
        remark="The patterns of S4, S5, S6 cannot be read any more. So of the two tables the half "
        "taught by S1 to S3 is learned by the machine; the other half is turned in by hand as "
        "printed; and the 12 sums of S4 to S6 are not checked.",
    )


EXAMPLE = Experiment(
    name="worked-example",
    number="F1",
    title="Six stimuli, 64 A-units, followed to the last digit",
    published=(
        Published(
            "64 A-units, 32 for each response; six stimuli with ten active units in either half; "
            "(a) S1 to S3 to R1 and S4 to S6 to R2, (b) the other way round. All values and sums "
            "are printed; in both cases all six are answered rightly.",
            "128 values, 24 sums",
            Known.READ,
            f"{REPORT}, appendix II",
        ),
    ),
    by=By.MACHINE,
    setting="A machine of 64 S-units, 64 A-units and 2 R-units with exact parts, every A-unit "
    "plugged to one S-unit; forced reinforcement, one pulse each; then all printed values are "
    "turned in and S1 to S3 shown.",
    criterion="Every value and every sum that can be worked out again is the printed one.",
    wirings=1,
    jobs=lambda _: [{"association": "a"}, {"association": "b"}],
    run=_follow,
    judge=_judge_example,
)

# table I

TABLE_1 = {
    (0.10, 100): (23.6, 2.36, 0.236, 0.0745),
    (0.10, 200): (33.3, 3.33, 0.333, 0.105),
    (0.01, 1000): (707.0, 70.7, 7.07, 2.237),
    (0.01, 2000): (1000.0, 100.0, 10.0, 3.16),
}
STIMULI_OF_TABLE_1 = (10, 1_000, 100_000, 1_000_000)
TOLERANCE = 0.01


def _table_1(_job: Parameters) -> Result:
    return {
        "deviates": [
            [discrimination_1957(n, p_a, units) for n in STIMULI_OF_TABLE_1]
            for p_a, units in TABLE_1
        ]
    }


def _judge_table_1(runs: Runs) -> Finding:
    ((_, result),) = runs
    off, measures, curves = [], [], []
    for ((p_a, units), column), deviates in zip(TABLE_1.items(), result["deviates"], strict=True):
        label = f"P_a = {p_a}, N_A = {units}"
        off += [abs(z / printed - 1) for z, printed in zip(deviates, column, strict=True)]
        measures += [
            Measure(f"Z, {label}, N_s = {n:,}", Spread(z, 0.0, 1), f"{printed:g}")
            for n, z, printed in zip(STIMULI_OF_TABLE_1, deviates, column, strict=True)
        ]
        curves.append(Curve(label, STIMULI_OF_TABLE_1, tuple(standard_normal(z) for z in deviates)))
    return Finding(
        measures=(
            Measure("largest departure from print", Spread(max(off), 0.0, 1), "0"),
            *measures,
        ),
        met=max(off) <= TOLERANCE,
        remark="That the numerator of Z is 1 and not 1 - P_c, and that P_a^4 was left out where it "
        "is small, is our reading: it gives the printed figures.",
        plot=Plot(
            "stimuli for each response",
            "chance of the right response, P(Z)",
            tuple(curves),
            printed=tuple(
                (float(n), standard_normal(z))
                for column in TABLE_1.values()
                for n, z in zip(STIMULI_OF_TABLE_1, column, strict=True)
            ),
            logarithmic=True,
        ),
    )


TABLE = Experiment(
    name="table-1",
    number="F2",
    title="Table I: how surely a response is discriminated",
    published=(
        Published(
            "The normal deviate Z for 10 to 1,000,000 stimuli, four kinds of perceptron.",
            "16 figures",
            Known.READ,
            f"{REPORT}, table I",
        ),
    ),
    by=By.THEORY,
    setting="The formula Z = 1 / sigma, sigma^2 = (2 N_s / N_d) (P_a^3 - P_a^4), N_d = P_a N_A.",
    criterion=f"Every figure within {TOLERANCE:.0%} of print: half a per cent for its three "
    "digits, half a per cent for a term that it leaves out where P_a = .01.",
    wirings=1,
    jobs=once,
    run=_table_1,
    judge=_judge_table_1,
)

EXPERIMENTS = (EXAMPLE, TABLE)
