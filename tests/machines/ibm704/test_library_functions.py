"""Square root, exponential and their like against values of 45 digits, over all of their domain."""

import decimal
import itertools
import math
import random
import re
from decimal import Decimal
from fractions import Fraction

import pytest
from library_704 import MARK, ROUTINES, results

from machines.ibm704 import words

decimal.getcontext().prec = 45
SEED = 704
PI = Decimal("3.14159265358979323846264338327950288419716939937510582")
ZERO, MINUS_ZERO = 0, 1 << 35
LARGEST, SMALLEST = 0o377777777777, 0o000400000000
SMALLEST_VALUE = Fraction(1, 1 << 129)
ONE = words.from_floating(1)


def exact(word):
    number = words.floating(word)
    return Decimal(number.numerator) / Decimal(number.denominator)


def exponential(x):
    return min(x, Decimal(1000)).exp()  # beyond a thousand it is all too large for a word


def logistic(x):
    return 1 / (1 + (-x).exp()) if x >= 0 else x.exp() / (1 + x.exp())


def tanh(x):
    if abs(x) < Decimal("1e-6"):
        return x - x**3 / 3 + 2 * x**5 / 15
    t = (-2 * abs(x)).exp()
    return ((1 - t) / (1 + t)).copy_sign(x)


def arctangent(x):
    size = abs(x)
    y, doubled = (1 / size if size > 1 else size), 0
    while y > Decimal("0.01"):
        y, doubled = y / (1 + (1 + y * y).sqrt()), doubled + 1
    total, term, n = Decimal(0), y, 1
    while abs(term) > Decimal(10) ** -55 * y:
        total, term, n = total + term / n, -term * y * y, n + 2
    angle = total * 2**doubled
    return (PI / 2 - angle if size > 1 else angle).copy_sign(x)


EXACT = {
    "SQRT": Decimal.sqrt, "EXP": exponential, "LOG": Decimal.ln, "LOGIS": logistic,
    "TANH": tanh, "ATAN": arctangent, "RELU": lambda x: max(x, Decimal(0)),
}  # fmt: skip
FUNCTIONS = pytest.mark.parametrize("name", sorted(EXACT))


def uniform(low, high, count=1000):
    rng = random.Random(f"{SEED} {low} {high}")
    return [words.from_floating(rng.uniform(low, high)) for _ in range(count)]


def of_every_size(count=1500, signs=1):
    rng = random.Random(SEED)
    return [
        rng.randrange(signs) << 35 | rng.randrange(256) << 27 | 1 << 26 | rng.getrandbits(26)
        for _ in range(count)
    ]


def around(number, count=60):
    """Words of the numbers next to one, on both sides."""
    middle = words.from_floating(number)
    near = range(middle - count, middle + count)
    return [word if word >> 26 & 1 else word - (1 << 26) for word in near if word > 0]


EDGES = [ZERO, MINUS_ZERO, LARGEST, LARGEST | MINUS_ZERO, SMALLEST, SMALLEST | MINUS_ZERO, ONE]
DOMAIN = {
    "SQRT": [*of_every_size(), *uniform(0.25, 1), *around(1), *around(0.5), *around(2), LARGEST,
             SMALLEST, ZERO, MINUS_ZERO],
    "LOG": [*of_every_size(), *uniform(0.5, 2, 2500), *around(1), *around(math.sqrt(0.5)),
            LARGEST, SMALLEST],
    "EXP": [*of_every_size(signs=2), *uniform(-89.5, 88.1, 2500), *uniform(-1, 1),
            *around(math.log(2) / 2), *EDGES],
    "LOGIS": [*of_every_size(signs=2), *uniform(-89.5, 20, 2000), *uniform(-3, 3), *around(18.7),
              *EDGES],
    "TANH": [*of_every_size(signs=2), *uniform(-1.5, 1.5, 2500), *around(0.5625), *around(16),
             *around(2**-13), *EDGES],
    "ATAN": [*of_every_size(signs=2), *uniform(-3, 3, 2500), *around(math.tan(math.pi / 8)),
             *around(math.tan(3 * math.pi / 8)), *around(1), *around(2**-13), *around(2**13),
             *EDGES],
    "RELU": [*of_every_size(signs=2), *EDGES],
}  # fmt: skip


def bounds(name):
    """Bound, and most seen, in units of 2^-26 of the result, as the heading says."""
    said = ROUTINES[name].error
    if said == "NONE":
        return 0.0, 0.0
    match = re.fullmatch(r"([\d.]+) TIMES 2\*\*-26 OF THE \w+, ([\d.]+) SEEN", said)
    return float(match[1]), float(match[2])


@FUNCTIONS
def test_results_are_as_exact_as_the_heading_says(name):
    bound, seen = bounds(name)
    assert seen <= bound
    found, _ = results(name, DOMAIN[name])
    worst = Decimal(0)
    for argument, result in zip(DOMAIN[name], found, strict=True):
        right = EXACT[name](exact(argument))
        if result == MARK and name == "EXP":
            assert right >= Decimal(2) ** 127 * (1 - Decimal(2) ** -27)
        elif right == 0 or (name in ("EXP", "LOGIS") and right < Decimal(2) ** -129):
            assert words.floating(result) == 0
        else:
            assert result >> 26 & 1, "a normal number"
            worst = max(worst, abs(exact(result) / right - 1) * 2**26)
    assert worst <= Decimal(seen)


@FUNCTIONS
def test_cycles_are_those_of_the_heading(name):
    said = re.findall(r"(\d+) FROM (\S+) TO (\S+?)(?:,|$)", ROUTINES[name].cycles)
    assert said
    for cycles, low, high in said:
        _, measured = results(name, uniform(float(low), float(high)))
        assert measured == pytest.approx(int(cycles), rel=0.02)


@FUNCTIONS
def test_both_engines_agree_to_the_bit(name):
    some = DOMAIN[name][::97] + DOMAIN[name][-12:]
    assert results(name, some) == results(name, some, "reference")


@pytest.mark.parametrize(
    ("name", "argument", "result"),
    [
        ("SQRT", ZERO, ZERO), ("SQRT", MINUS_ZERO, MINUS_ZERO), ("SQRT", ONE | MINUS_ZERO, MARK),
        ("SQRT", words.from_floating(144), words.from_floating(12)),
        ("LOG", ZERO, MARK), ("LOG", MINUS_ZERO, MARK), ("LOG", ONE | MINUS_ZERO, MARK),
        ("LOG", ONE, ZERO), ("EXP", ZERO, ONE), ("EXP", MINUS_ZERO, ONE),
        ("EXP", LARGEST, MARK), ("EXP", LARGEST | MINUS_ZERO, ZERO),
        ("LOGIS", ZERO, words.from_floating(0.5)), ("LOGIS", LARGEST, ONE),
        ("LOGIS", LARGEST | MINUS_ZERO, ZERO), ("TANH", ZERO, ZERO),
        ("TANH", MINUS_ZERO, MINUS_ZERO), ("TANH", LARGEST, ONE),
        ("TANH", LARGEST | MINUS_ZERO, ONE | MINUS_ZERO), ("ATAN", ZERO, ZERO),
        ("ATAN", MINUS_ZERO, MINUS_ZERO),
        ("ATAN", LARGEST, words.from_floating(math.pi / 2)),
        ("RELU", ZERO, ZERO), ("RELU", MINUS_ZERO, ZERO), ("RELU", LARGEST | MINUS_ZERO, ZERO),
        ("RELU", LARGEST, LARGEST),
    ],
)  # fmt: skip
def test_the_edges_of_the_domain(name, argument, result):
    assert results(name, [argument])[0] == [result]


def test_every_square_comes_back_from_the_square_root():
    whole = list(range(1, 4000))
    found, _ = results("SQRT", [words.from_floating(n * n) for n in whole])
    assert [words.floating(word) for word in found] == whole


@pytest.mark.parametrize("name", ["TANH", "ATAN"])
def test_odd_functions_are_odd_to_the_bit(name):
    arguments = of_every_size(800)
    plus, _ = results(name, arguments)
    minus, _ = results(name, [word | MINUS_ZERO for word in arguments])
    assert minus == [word | MINUS_ZERO for word in plus]


@pytest.mark.parametrize(("name", "low", "high"), [("EXP", -80, 80), ("LOGIS", -20, 18)])
def test_they_grow_where_they_should(name, low, high):
    arguments = sorted(uniform(low, high), key=words.floating)
    found = [words.floating(word) for word in results(name, arguments)[0]]
    slack = 1 + Fraction(3, 1 << 26)
    assert all(a <= b * slack for a, b in itertools.pairwise(found))


def test_too_small_for_a_word_is_zero_and_the_smallest_that_fits_is_there():
    bottom = -129 * math.log(2)
    found, _ = results("EXP", [words.from_floating(bottom * (1 + s)) for s in (1e-6, -1e-6)])
    assert words.floating(found[0]) == 0
    assert SMALLEST_VALUE <= words.floating(found[1]) < SMALLEST_VALUE * Fraction(1001, 1000)
