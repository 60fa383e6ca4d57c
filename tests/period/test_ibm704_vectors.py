"""The arithmetic against words that two other simulators of the 704 gave, on both engines.

Where the words come from, and what is double evidence, stands at the head of
``ibm704_arithmetic.json``.
"""

import json
from pathlib import Path

import pytest

from machines.ibm704 import Ibm704, Stop
from machines.ibm704.operations import BY_MNEMONIC
from machines.ibm704.words import MAGNITUDE, octal

FILE = Path(__file__).with_name("ibm704_arithmetic.json")
VECTORS = json.loads(FILE.read_text(encoding="utf-8"))["vectors"]


def calculated(machine, vector):
    """Let the machine do CLA, LDQ, the operation and HPR, and read what came of it."""
    machine.operate("ibm704.console.reset")
    code = BY_MNEMONIC[vector["op"]].code
    machine.deposit(
        0o100,
        ["050000000200", "056000000201", octal(code << 24 | 0o202), "042000000000"],
    )
    machine.deposit(0o200, [vector["ac_in"], vector["mq_in"], vector["y"]])
    machine.operate("ibm704.register.IC", 0o100)
    machine.operate("ibm704.console.start")
    machine.run_to_stop(machine.now_ns + 10_000_000)
    assert machine.stop == Stop.HALT
    ac = machine.number("ibm704.register.AC")
    return {
        "ac_out": octal((ac >> 37) << 35 | ac & MAGNITUDE),
        "ac_q": machine.number("ibm704.register.AC_Q"),
        "ac_p": machine.number("ibm704.register.AC_P"),
        "mq_out": octal(machine.number("ibm704.register.MQ")),
        "ac_overflow": bool(machine.number("ibm704.indicator.ac_overflow")),
        "mq_overflow": bool(machine.number("ibm704.indicator.mq_overflow")),
        "divide_check": bool(machine.number("ibm704.indicator.divide_check")),
    }


@pytest.mark.parametrize("engine", ["reference", "compiled"])
def test_every_vector_comes_out_exactly(engine):
    machine = Ibm704(engine=engine)
    wrong = []
    for vector in VECTORS:
        expected = {name: vector[name] for name in calculated(machine, vector)}
        got = calculated(machine, vector)
        if got != expected:
            wrong.append((vector, got))
    assert wrong == []


def test_the_vectors_cover_the_arithmetic_and_most_are_double_evidence():
    assert len(VECTORS) == 212
    assert {vector["op"] for vector in VECTORS} == {
        "FAD", "FSB", "FMP", "FDP", "UFA", "UFS", "UFM", "ADD", "SUB", "ADM", "SBM", "MPY",
        "MPR", "DVP", "ACL",
    }  # fmt: skip
    assert sum(vector["agreed"] for vector in VECTORS) > 150
