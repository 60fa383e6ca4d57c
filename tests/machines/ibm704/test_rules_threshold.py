"""Threshold logic: truth tables, the search for cells, and the proof that there is none."""

import itertools

import numpy as np
import pytest

from machines.ibm704.rules import Cells, run

ROWS = {n: np.array(list(itertools.product([0, 1], repeat=n))) for n in range(1, 6)}


def fires(cell, rows, kind):
    weights, theta = cell[:-1], cell[-1]
    silent = kind * ((weights < 0) @ rows.T > 0)
    return ((rows @ weights >= theta) & (silent == 0)).astype(int)


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("kind", [0, 1])
def test_the_table_is_what_the_cells_do(kind, seed):
    rng = np.random.default_rng(seed)
    n = 3 + seed % 3
    cells = rng.integers(-4, 5, (5, n + 1))
    record = run("threshold", Cells(cells, np.empty((0, 2**n), int)), kind=kind)
    table = record.tables["TABLE"]
    assert (table[:, 1 : n + 1] == ROWS[n]).all()
    expected = np.transpose([fires(cell, ROWS[n], kind) for cell in cells])
    assert (table[:, n + 1 :] == expected).all()


@pytest.mark.parametrize("kind", [0, 1])
def test_all_cells_are_tried_for_all_sixteen_tasks_of_two_inputs(kind):
    tasks = np.array(list(itertools.product([0, 1], repeat=4)))
    record = run("threshold", Cells(np.empty((0, 3), int), tasks), kind=kind, size=2)
    cells = [np.array(cell) for cell in itertools.product(range(-2, 3), repeat=3)]
    done = np.array([fires(cell, ROWS[2], kind) for cell in cells])
    expected = [(done == task).all(1).sum() for task in tasks]
    assert record.tables["TRIED"][:, 1].tolist() == [125] * 16
    assert record.tables["TRIED"][:, 2].tolist() == expected
    first = {int(row[0]): row[1:] for row in record.tables["CELL"]}
    for number, task in enumerate(tasks, 1):
        assert (number in first) == (expected[number - 1] > 0)
        if number in first:
            assert (fires(first[number], ROWS[2], kind) == task).all()


def test_exclusive_or_and_its_opposite_are_proved_impossible_and_nothing_else():
    tasks = np.array(list(itertools.product([0, 1], repeat=4)))
    record = run("threshold", Cells(np.empty((0, 3), int), tasks), size=2)
    proved = {int(row[0]): row[1:].astype(int) - 1 for row in record.tables["PROOF"]}
    assert [tasks[number - 1].tolist() for number in proved] == [[0, 1, 1, 0], [1, 0, 0, 1]]
    for number, (a, b, c, d) in proved.items():
        task = tasks[number - 1]
        assert task[a] == task[b] == 1
        assert task[c] == task[d] == 0
        assert (ROWS[2][a] + ROWS[2][b] == ROWS[2][c] + ROWS[2][d]).all()
