"""Threshold logic: separability with proofs, least weights, counts, single cells."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from machines.mcculloch_pitts import single_cell
from machines.mcculloch_pitts.minimal import shortest
from machines.mcculloch_pitts.single_cell import one_cell
from machines.mcculloch_pitts.threshold import (
    Contradiction,
    Weights,
    chow_parameters,
    contradicts,
    separate,
    separates,
)
from machines.mcculloch_pitts.threshold_counts import count, weight_bound
from machines.mcculloch_pitts.truth import (
    at_least,
    column,
    cover,
    everything,
    reorder,
    restrict,
    rows,
    spread,
    support,
)
from simulator.errors import Mistake


def tables(n):
    return st.integers(0, everything(n))


def test_exclusive_or_is_refuted_by_adding_up():
    found = separate(0b0110, 2)
    assert isinstance(found, Contradiction)
    assert found == Contradiction(((1, 1), (2, 1)), ((0, 1), (3, 1)))
    assert found.proof(["a", "b"]).splitlines()[-1] == (
        "added up: 2T <= w(a) + w(b) <= 2T - 2, which no weights and no T can do"
    )


def test_majority_needs_weights_of_one():
    majority = sum(1 << row for row in range(8) if row.bit_count() >= 2)
    found = separate(majority, 3)
    assert found == Weights((1, 1, 1), 2)
    assert found.proof("abc") == "1*a + 1*b + 1*c >= 2"
    assert chow_parameters(majority, 3) == (4, 3, 3, 3)


@settings(max_examples=60)
@given(st.integers(1, 5).flatmap(lambda n: st.tuples(st.just(n), tables(n), tables(n))))
def test_a_table_is_separated_or_refuted_never_both(case):
    n, true, free = case
    found = separate(true, n, free)
    if isinstance(found, Weights):
        assert separates(found, true, n, free)
    else:
        assert contradicts(found, true, n, free)
        # no small weights do what the contradiction forbids
        if n <= 3:
            for weights in product(range(-3, 4), repeat=n):
                for threshold in range(-6, 8):
                    assert not separates(Weights(weights, threshold), true, n, free)


def test_a_false_contradiction_is_not_taken_for_one():
    assert not contradicts(Contradiction(((1, 1),), ((2, 1),)), 0b0110, 2)
    assert not contradicts(Contradiction((), ()), 0b0110, 2)
    assert not contradicts(Contradiction(((1, 1), (2, 1)), ((0, 2),)), 0b0110, 2)


@pytest.mark.parametrize(
    ("n", "functions", "classes", "largest"),
    [
        (0, 2, 2, 0),
        (1, 4, 3, 1),
        (2, 14, 5, 1),
        (3, 104, 10, 2),
        (4, 1882, 27, 3),
        (5, 94572, 119, 5),
        (6, 15028134, 1113, 9),
    ],
)
def test_threshold_functions_are_as_many_as_the_literature_counts(n, functions, classes, largest):
    found = count(n)
    assert (found.functions, found.classes, found.largest) == (functions, classes, largest)
    assert sum(found.by_largest) == functions
    assert largest <= found.bound


def test_the_six_fibre_functions_by_their_largest_weight():
    assert count(6).by_largest == (
        2, 2916, 58880, 374336, 1062912, 2358528, 2964480, 3828480, 2718720, 1658880,
    )  # fmt: skip
    assert [weight_bound(n) for n in range(1, 7)] == [1, 1, 2, 3, 6, 14]
    with pytest.raises(Mistake, match="0 to 6"):
        count(7)


def test_the_count_agrees_with_asking_every_table_of_three_fibres():
    single = [separate(true, 3) for true in range(256)]
    assert sum(isinstance(one, Weights) for one in single) == count(3).functions
    assert max(one.largest for one in single if isinstance(one, Weights)) == 2
    chow = [chow_parameters(k, 3) for k, one in enumerate(single) if isinstance(one, Weights)]
    assert len(set(chow)) == len(chow)


@pytest.mark.parametrize("n", [1, 2, 3])
def test_one_cell_is_found_exactly_where_one_suffices(n):
    for least_h, counts in ((1, (2, 7, 34, 249)), (0, (4, 11, 42, 265))):
        found = 0
        for true in range(1 << (1 << n)):
            cell = one_cell(true, n, least_h=least_h)
            if cell is not None:
                assert cell.table(n) == true
                assert cell.h >= least_h
                found += 1
        assert found == counts[n - 1] == single_cell.count(n, least_h)


def test_single_cells_of_four_fibres_are_249():
    assert single_cell.count(4) == 249
    assert single_cell.count(4, 0) == 265
    assert sum(one_cell(true, 4) is not None for true in range(0, 1 << 16, 2)) == 249


@settings(max_examples=60)
@given(st.integers(1, 4).flatmap(lambda n: st.tuples(st.just(n), tables(n), tables(n))))
def test_open_rows_are_used_to_make_one_cell_do(case):
    n, true, free = case
    cell = one_cell(true, n, free)
    fits = (
        any(one_cell(true & ~free | chosen, n) is not None for chosen in _subsets(free))
        if free.bit_count() <= 6
        else cell is not None
    )
    assert (cell is not None) == fits
    if cell is not None:
        assert (cell.table(n) ^ true) & ~free == 0


def _subsets(mask):
    chosen = mask
    while True:
        yield chosen
        if not chosen:
            return
        chosen = (chosen - 1) & mask


@given(st.integers(1, 6).flatmap(lambda n: st.tuples(st.just(n), tables(n), tables(n))))
def test_the_minimal_form_covers_what_must_be_and_nothing_that_must_not(case):
    n, true, free = case
    said = 0
    for one in shortest(true, n, free).products:
        said |= cover(one, n)
    assert true & ~free & ~said == 0
    assert said & ~(true | free) == 0


@settings(max_examples=40)
@given(tables(3))
def test_no_shorter_form_of_three_fibres_exists(true):
    found = shortest(true, 3)
    assert found.exact
    cubes = [
        cover(type(found.products[0])(f, s), 3) if found.products else 0
        for f in range(8)
        for s in range(8)
        if not f & s
    ]
    inside = [cube for cube in set(cubes) if cube & ~true == 0]
    reach = {0}
    for number in range(len(found.products)):
        assert true not in reach or not true, number
        reach = {said | cube for said in reach for cube in inside}
    assert true in reach


def test_the_irredundant_form_of_ten_fibres_says_the_table():
    true = at_least(5, [(column(i, 10), 1) for i in range(10)], 10)
    said = 0
    for one in shortest(true, 10).products:
        said |= cover(one, 10)
    assert said == true


@given(st.integers(1, 5).flatmap(lambda n: st.tuples(st.just(n), tables(n))), st.data())
def test_tables_are_redrawn_without_change(case, data):
    n, true = case
    order = data.draw(st.permutations(range(n)))
    moved = reorder(true, order, n)
    assert spread(moved, order, n) == true
    assert moved.bit_count() == true.bit_count() == len(rows(true))
    kept = support(true, n)
    assert spread(reorder(true, kept, n), kept, n) == true
    for i in range(n):
        assert (i in kept) == (restrict(true, i, 0, n) != restrict(true, i, 1, n))


def test_more_than_ten_fibres_are_refused():
    with pytest.raises(Mistake, match="10 at most"):
        separate(1, 11)
