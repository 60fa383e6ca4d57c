"""The cycles the header of each program states for its inner loops, measured between labels."""

import numpy as np
import pytest
from rules_704 import Watched, formulas, source

from machines.ibm704.rules import RULES, Cells, Patterns, Perceptron, Walk
from machines.ibm704.rules.running import PROGRAMS


def spread(seed, *shape):
    """Numbers from 1/2 to 1 of either sign, so that sums need no long shifts."""
    rng = np.random.default_rng(seed)
    return np.round(rng.uniform(0.5, 1, shape) * rng.choice([-1, 1], shape), 6)


N = 60
X, D, W = spread(1, 4, N), spread(2, 4, 1), spread(3, N)


def perceptron():
    rng = np.random.default_rng(4)
    wires = rng.integers(-50, 51, (40, 9))
    task = Perceptron(rng.integers(0, 2, (3, 50)), np.ones((3, 1), int), 0, 40, wires)
    run = Watched("perceptron", task, theta=1)
    run.to("WIRES")
    plugged = np.where(wires == 0, 0, np.sign(wires) * task.pictures[0][abs(wires) - 1])
    active = int((plugged.sum(1) >= 1).sum())
    names = {"W": int((wires != 0).sum()), "NA": 40, "NPOT": 40, "NON": active, "PON": active}
    return run, names


def threshold():
    cells = Cells(np.array([[2, -1, 3, -2, 1, 4]]), np.empty((0, 32), int))
    run = Watched("threshold", cells)
    for _ in range(14):  # row 14 is 01101 in binary: three inputs on, one of them below zero
        run.to("TCELL")
    return run, {"N": 5, "LIT": 3, "LOW": 1}


def watched(name, task, names, skip="", times=0, **values):
    def ready():
        run = Watched(name, task, **values)
        for _ in range(times):
            run.to(skip)
        return run, names

    return ready


def layers(direct):
    task = Patterns(spread(5, 3, N), abs(spread(6, 3, 2)) / 2)
    names = {"N": N, "F": 31 + direct * N, "NW": 30 * (N + 1) + 2 * (31 + direct * N)}
    return watched("backprop", task, names, "TRIALB", 2, hidden=30, direct=direct, spread=0.1)


CASES = {
    "threshold": [threshold],
    "hebb": [watched("hebb", Patterns(X, D, W), {"N": N}),
             watched("oja", Patterns(X, D, W), {"N": N}, rate=0.1)],
    "perceptron": [perceptron],
    "adaline": [watched("adaline", Patterns(X, D, W), {"N": N})],
    "unit": [watched("linear", Patterns(X, D, W), {"N": N}, "TRIALB", 2)],
    "layers": [layers(0), layers(1)],
    "td": [watched("td-5", Walk(7, spread(7, 7, N)), {"D": N}, "STEP", 2)],
}  # fmt: skip


@pytest.mark.parametrize("program", CASES)
def test_the_stated_cycles_hold_within_two_per_cent(program):
    stated = formulas(program)
    assert stated, "the header states none"
    measured = set()
    for ready in CASES[program]:
        for first, last in stated:
            run, names = ready()
            if run.to(first, "DONE") != first:
                continue
            cycles = run.cycles
            if run.to(last, "DONE") != last:
                continue
            expected = eval(stated[first, last], {}, names)
            assert run.cycles - cycles == pytest.approx(expected, rel=0.02), (first, last)
            measured.add((first, last))
    assert measured == set(stated)


def test_every_program_is_among_these_and_all_begin_with_who_and_when():
    programs = {path.stem for path in (PROGRAMS / "rules").glob("*.sap")}
    assert programs == set(CASES) == {rule.program for rule in RULES.values()}
    for program in programs:
        head = source(program).split("       ORG")[0]
        assert any(str(year) in head for year in range(1943, 1990))
        for part in ("CARDS", "PRINTS", "STOPS", "CORE", "CYCLES"):
            assert f"REM  {part}" in head, f"{program}: no {part}"
        assert all(len(line) <= 72 for line in source(program).splitlines()), program


@pytest.mark.parametrize("path", sorted((PROGRAMS / "rules").rglob("*.sap")), ids=lambda p: p.stem)
def test_every_instruction_is_explained_on_its_own_card(path):
    no_words = {"REM", "HED", "LIB", "ORG", "END", "EQU", "BCD"}
    for number, card in enumerate(path.read_text().splitlines(), 1):
        operation, field_and_remark = card[7:10].strip(), card[11:]
        if operation in no_words or card[7:10] == "   ":
            continue
        field, _, remark = field_and_remark.partition(" ")
        assert remark.strip(), f"{path.name}, card {number}: {operation} {field} is not explained"
        assert len(card) <= 72, f"{path.name}, card {number}"
