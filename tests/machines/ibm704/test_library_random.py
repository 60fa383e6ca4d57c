"""The random numbers of the library: the very sequence, its period, and tests of chance."""

import itertools
import math
import re
from functools import cache

import pytest
from library_704 import ROUTINES, libs, run, words_at

from machines.ibm704 import words

MULTIPLIER, MODULUS = 5**15, 1 << 35
SEED = 1957


def sequence(seed):
    """The numbers x as the heading defines them."""
    x = (2 * abs(seed) + 1) % MODULUS
    while True:
        x = x * MULTIPLIER % MODULUS
        yield x


@cache
def seeding():
    """Cycles of giving a seed."""
    source = f"       ORG 64\nGO     TSX RSEED,4\n       HTR *\n{libs('RAND')}       END GO\n"
    return run(source, units=False)[0].account().cycles - 2


@cache
def drawn(seed, count, entry="RAND", below=0, engine="compiled"):
    """Let the machine draw numbers after a seed; gives words and cycles of a call."""
    source = f"""       ORG 64
GO     CLA SEED
       TSX RSEED,4
       LXA N,1
LOOP   TSX {entry},4
{f"       PZE {below}" if entry == "RANDN" else ""}
       STO Y+{count},1
       TIX LOOP,1,1
       HTR *
SEED   DEC {seed}
N      PZE {count}
Y      BSS {count}
{libs("RAND")}       END GO
"""
    machine, at, _ = run(source, engine=engine, units=False)
    cycles = (machine.account().cycles - 3 * 2 - seeding()) / count - 2 * 2
    return words_at(machine, at["Y"], count), cycles


@pytest.mark.parametrize("engine", ["compiled", "reference"])
@pytest.mark.parametrize("seed", [0, 1, SEED, -5, 2**34 + 3, 2**35 - 1])
def test_the_numbers_are_those_of_the_formula(seed, engine):
    found, _ = drawn(seed, 200, engine=engine)
    for word, x in zip(found, sequence(seed), strict=False):
        assert words.floating(word) * 2**27 == x >> 8
        assert word >> 26 & 1 or word & MODULUS - 1 == 0o200000000000, "normal, or zero"


@pytest.mark.parametrize("below", [1, 2, 10, 400, 32767])
def test_whole_numbers_are_those_of_the_formula(below):
    found, _ = drawn(SEED, 500, "RANDN", below)
    assert found == [below * x >> 35 for x, _ in zip(sequence(SEED), range(500), strict=False)]


def test_an_odd_number_comes_back_after_two_to_the_33rd_draws_and_no_fewer():
    assert pow(MULTIPLIER, 1 << 33, MODULUS) == 1
    assert pow(MULTIPLIER, 1 << 32, MODULUS) != 1


def test_no_seed_gets_stuck():
    for seed in (0, 2**34, 2**35 - 1):
        assert len(set(drawn(seed, 200)[0])) == 200


def test_cycles_of_random_numbers_are_those_of_the_heading():
    said = {name: int(n) for name, n in re.findall(r"(\w+) (\d+)", ROUTINES["RAND"].cycles)}
    assert seeding() == said["RSEED"]
    assert drawn(SEED, 2000)[1] == pytest.approx(said["RAND"], rel=0.02)
    assert drawn(SEED, 2000, "RANDN", 10)[1] == pytest.approx(said["RANDN"], rel=0.02)


# tests of chance; limits at which a fair sequence fails once in a million times

FAR = 4.9
COUNT = 12_000


@cache
def fractions(seed):
    return [float(words.floating(word)) for word in drawn(seed, COUNT)[0]]


def chi_square(counts, expected):
    """How far counts are from what was expected, in standard deviations."""
    total = sum((count - expected) ** 2 / expected for count in counts)
    freedom = len(counts) - 1
    return (total - freedom) / math.sqrt(2 * freedom)


seeds = pytest.mark.parametrize("seed", [1, 704, SEED])


@seeds
def test_they_fill_the_interval_evenly(seed):
    cells = [0] * 100
    for u in fractions(seed):
        cells[int(100 * u)] += 1
    assert abs(chi_square(cells, COUNT / 100)) < FAR


@seeds
@pytest.mark.parametrize("size", [2, 3])
def test_neighbours_fill_the_square_and_the_cube_evenly(seed, size):
    side, u = {2: 12, 3: 7}[size], fractions(seed)
    cells = [0] * side**size
    for first in range(0, COUNT - size + 1, size):
        place = 0
        for k in range(size):
            place = place * side + int(side * u[first + k])
        cells[place] += 1
    assert abs(chi_square(cells, COUNT // size / side**size)) < FAR


@seeds
@pytest.mark.parametrize("lag", [1, 2, 3, 5, 10, 100])
def test_they_do_not_follow_from_those_before(seed, lag):
    u = [one - 0.5 for one in fractions(seed)]
    pairs = zip(u, u[lag:], strict=False)
    correlation = 12 * sum(a * b for a, b in pairs) / (COUNT - lag)
    assert abs(correlation) < FAR / math.sqrt(COUNT)


@seeds
def test_runs_up_and_down_are_as_long_as_by_chance(seed):
    u = fractions(seed)
    ups = [b > a for a, b in itertools.pairwise(u)]
    runs = 1 + sum(a != b for a, b in itertools.pairwise(ups))
    mean, variance = (2 * COUNT - 1) / 3, (16 * COUNT - 29) / 90
    assert abs(runs - mean) < FAR * math.sqrt(variance)


@seeds
def test_each_of_the_first_bits_is_fair(seed):
    found = [int(u * 2**20) for u in fractions(seed)]
    for bit in range(20):
        ones = sum(one >> bit & 1 for one in found)
        assert abs(ones - COUNT / 2) < FAR * math.sqrt(COUNT) / 2
