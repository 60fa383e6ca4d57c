"""Dot product, vector add-scaled, matrix-vector and softmax against exact fractions."""

import decimal
import random
import re
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from library_704 import ROUTINES, libs, run, words_at

from machines.ibm704 import words

decimal.getcontext().prec = 45
SEED = 704
UNIT = Fraction(1, 1 << 26)
TINY, HUGE = 0o000400000000, 0o377777777777
MINUS = 1 << 35
engines = pytest.mark.parametrize("engine", ["compiled", "reference"])
NUMBER = st.builds(
    lambda sign, size, fraction: sign << 35 | size + 128 << 27 | 1 << 26 | fraction,
    st.integers(0, 1), st.integers(-40, 40), st.integers(0, (1 << 26) - 1),
)  # fmt: skip
ANY_NUMBER = st.builds(
    lambda sign, size, fraction: sign << 35 | size << 27 | 1 << 26 | fraction,
    st.integers(0, 1), st.integers(0, 255), st.integers(0, (1 << 26) - 1),
) | st.sampled_from([0, MINUS, TINY, HUGE, HUGE | MINUS])  # fmt: skip
SPILLED = "SPILLED"


def call(name, sequence, data, engine="compiled", before="", ends=2):
    """Call a routine once; the data are filled up, so that one program does for many lengths.

    Returns
    -------
    machine, at, cycles
        The machine, the program's symbols, and the cycles of the call.
    """
    stops = "       HTR *\n" * (ends - 1) + "RIGHT  HTR *\n"
    blocks = "".join(f"{one:7}BSS {max(1, len(its))}\n" for one, its in data.items())
    source = (
        f"       ORG 64\nGO     NOP\n{before}{sequence}{stops}{blocks}{libs(name)}       END GO\n"
    )
    machine, at, _ = run(source, {k: v for k, v in data.items() if v}, (), engine, units=False)
    stopped = machine.number("ibm704.control.stopped_at")
    assert at["RIGHT"] - ends < stopped <= at["RIGHT"]
    spilled = stopped != at["RIGHT"]
    cycles = machine.account().cycles - 4 - 2 * before.count("\n")
    return machine, at, SPILLED if spilled else cycles


def dot(a, b, engine="compiled", before=""):
    sequence = f"       TSX DOT,4\n       PZE A,,{len(a)}\n       PZE B\n"
    machine, _, cycles = call("DOT", sequence, {"A": a, "B": b}, engine, before)
    ac = machine.number("ibm704.register.AC")
    return SPILLED if cycles == SPILLED else (ac >> 37) << 35 | ac & MINUS - 1, cycles, machine


def add_scaled(x, y, c, engine="compiled", before=""):
    sequence = f"       TSX VADDS,4\n       PZE X,,{len(x)}\n       PZE Y\n       PZE C\n"
    data = {"X": x, "Y": y, "C": [c]}
    machine, at, cycles = call("VADDS", sequence, data, engine, before)
    return words_at(machine, at["Y"], len(y)), cycles, machine


def product(w, m, x, engine="compiled"):
    sequence = f"       TSX MATV,4\n       PZE W,,{m}\n       PZE X,,{len(x)}\n       PZE Y\n"
    data = {"W": w, "X": x, "Y": [HUGE] * m}
    machine, at, cycles = call("MATV", sequence, data, engine)
    return words_at(machine, at["Y"], m), cycles


def softmax(x, engine="compiled"):
    sequence = f"       TSX SOFTM,4\n       PZE X,,{len(x)}\n       PZE Y\n"
    data = {"X": x, "Y": [HUGE] * len(x)}
    machine, at, cycles = call("SOFTM", sequence, data, engine, ends=1)
    return words_at(machine, at["Y"], len(x)), cycles


def alike(count, salt=""):
    """Numbers of one size, so that no addition aligns far."""
    rng = random.Random(f"{SEED} {count} {salt}")
    return [words.from_floating(rng.uniform(0.5, 1)) for _ in range(count)]


def value(word):
    return words.floating(word)


# dot product


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(NUMBER, NUMBER), max_size=12))
def test_a_dot_product_is_as_exact_as_the_heading_says(pairs):
    a, b = [one for one, _ in pairs], [other for _, other in pairs]
    products = [value(one) * value(other) for one, other in pairs]
    found, _, _ = dot(a, b)
    assert abs(value(found) - sum(products)) <= (len(a) + 1) * UNIT * sum(map(abs, products))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(ANY_NUMBER, ANY_NUMBER), max_size=6))
def test_a_dot_product_is_never_silently_wrong(pairs):
    a, b = [one for one, _ in pairs], [other for _, other in pairs]
    products = [value(one) * value(other) for one, other in pairs]
    found, _, machine = dot(a, b)
    assert not machine.number("ibm704.indicator.ac_overflow")
    size = sum(map(abs, products))
    if found == SPILLED:
        assert size >= Fraction(2) ** 126
    else:
        small = len(a) * Fraction(1, 1 << 128)  # what was too small for a word
        assert abs(value(found) - sum(products)) <= (len(a) + 1) * UNIT * size + small


@engines
@pytest.mark.parametrize(
    ("a", "b", "sum_"),
    [
        ([TINY, 0o201400000000], [TINY, 0o202400000000], 0o202400000000),
        ([HUGE], [HUGE], SPILLED),
        ([HUGE, HUGE], [0o201400000000] * 2, SPILLED),
        ([TINY, TINY], [0o201400000000, 0o601400000001], 0),
        ([], [], 0),
    ],
    ids=["too small", "product too large", "sum too large", "difference too small", "none"],
)
def test_spills_of_a_dot_product(engine, a, b, sum_):
    found, _, _ = dot(a, b, engine)
    assert found == sum_ if sum_ == SPILLED else value(found) == value(sum_)


def test_an_overflow_from_before_the_call_does_no_harm():
    before = "       CLA BIG\n       FAD BIG\n       TRA *+2\nBIG    OCT 377777777777\n"
    assert dot([0o202400000000], [0o202600000000], before=before)[0] == 0o203600000000
    y, _, _ = add_scaled([0o202400000000], [0o201400000000], 0o202400000000, before=before)
    assert y == [words.from_floating(5)]


# vector add-scaled


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(ANY_NUMBER, ANY_NUMBER), max_size=6), ANY_NUMBER)
def test_a_vector_is_added_element_by_element(pairs, c):
    x, y = [one for one, _ in pairs], [other for _, other in pairs]
    found, cycles, machine = add_scaled(x, y, c)
    assert not machine.number("ibm704.indicator.ac_overflow")
    terms = [value(one) * value(c) for one in x]
    right = [value(one) + term for one, term in zip(y, terms, strict=True)]
    largest = [max(abs(one), abs(term)) for one, term in zip(right, terms, strict=True)]

    def is_done(i):
        slack = UNIT * (abs(terms[i]) + abs(right[i])) + Fraction(1, 1 << 128)
        return largest[i] < Fraction(2) ** 127 and abs(value(found[i]) - right[i]) <= slack

    if cycles != SPILLED:
        assert all(map(is_done, range(len(x))))
        return
    near = [i for i, one in enumerate(largest) if one >= Fraction(2) ** 127 * (1 - UNIT)]
    assert any(all(map(is_done, range(i))) and found[i:] == y[i:] for i in near)


# matrix times vector


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 4), st.integers(0, 5), st.data())
def test_a_matrix_times_a_vector_is_a_row_of_dot_products(m, n, data):
    w = data.draw(st.lists(NUMBER, min_size=m * n, max_size=m * n))
    x = data.draw(st.lists(NUMBER, min_size=n, max_size=n))
    found, _ = product(w, m, x)
    rows = [w[i * n : i * n + n] for i in range(m)]
    assert found == [dot(row, x)[0] for row in rows]


@engines
def test_a_matrix_with_numbers_too_small_and_too_large(engine):
    one = 0o201400000000
    assert product([TINY, one, one, one], 2, [TINY, one], engine)[0] == [one, one]
    y, cycles = product([one, one, HUGE, HUGE, one, one], 3, [one, one], engine)
    assert cycles == SPILLED
    assert y == [words.from_floating(2), HUGE, HUGE]


# softmax


def exact_softmax(x):
    numbers = [Decimal(n.numerator) / Decimal(n.denominator) for n in map(value, x)]
    powers = [(number - max(numbers)).exp() for number in numbers]
    return numbers, [power / sum(powers) for power in powers]


@settings(max_examples=30, deadline=None)
@given(st.lists(st.floats(-60, 60), min_size=1, max_size=20))
def test_softmax_is_as_exact_as_the_heading_says(floats):
    x = [words.from_floating(one if abs(one) > 1e-30 else 0.0) for one in floats]
    found, _ = softmax(x)
    numbers, right = exact_softmax(x)
    for word, exact, number in zip(found, right, numbers, strict=True):
        result = Decimal(value(word).numerator) / Decimal(value(word).denominator)
        if exact < Decimal(2) ** -129:
            assert result <= Decimal(2) ** -128
        else:
            slack = (len(x) + 3 + max(numbers) - number) * Decimal(2) ** -26
            assert abs(result / exact - 1) <= slack


@engines
def test_softmax_of_extremes(engine):
    one, half = 0o201400000000, 0o200400000000
    assert softmax([HUGE, HUGE | MINUS, 0], engine)[0] == [one, 0, 0]
    assert softmax([HUGE, HUGE], engine)[0] == [half, half]
    assert softmax([HUGE | MINUS], engine)[0] == [one]
    x = [words.from_floating(n) for n in (3, 3, -85.7, -86.3, -88.5)]
    y = softmax(x, engine)[0]
    assert y[:2] == [half, half]
    assert Fraction(1, 1 << 129) < value(y[2]) < Fraction(1, 1 << 128)
    assert y[3:] == [0, 0], "the quotient is too small, and then the exponential itself"


@engines
def test_softmax_leaves_the_overflow_indicators_off_as_its_heading_says(engine):
    sequence = "       TSX SOFTM,4\n       PZE X,,4\n       PZE Y\n"
    before = "       CLA X\n       FAD X\n       FMP X\n"
    for x in ([HUGE, HUGE | MINUS, TINY, 0], [TINY] * 4, [0] * 4, [0o203700000000] * 4):
        data = {"X": x, "Y": [0] * 4}
        machine, _, _ = call("SOFTM", sequence, data, engine, before=before, ends=1)
        for name in ("ac_overflow", "mq_overflow"):
            assert not machine.number(f"ibm704.indicator.{name}"), (name, x)


def test_softmax_may_write_over_its_arguments():
    sequence = "       TSX SOFTM,4\n       PZE X,,3\n       PZE X\n"
    x = [words.from_floating(n) for n in (1, -2, 0.5)]
    machine, at, _ = call("SOFTM", sequence, {"X": x}, ends=1)
    assert words_at(machine, at["X"], 3) == softmax(x)[0]


# all of them


@pytest.mark.parametrize("n", [1, 10, 100, 1000])
def test_cycles_of_vectors_are_those_of_the_heading(n):
    a, b = alike(n, "a"), alike(n, "b")
    found = {
        "DOT": dot(a, b)[1],
        "VADDS": add_scaled(a, b, alike(1)[0])[1],
        "MATV": product(alike(7 * n, "w"), 7, b)[1],
        "SOFTM": softmax(a)[1],
    }
    for name, cycles in found.items():
        said = ROUTINES[name].cycles
        fixed, a_row, each = re.fullmatch(r"(\d+) \+ (?:M\((\d+) \+ )?(\d+)N\)?", said).groups()
        rows = 7 if a_row else 1
        formula = int(fixed) + rows * (int(a_row or 0) + int(each) * n)
        assert cycles == pytest.approx(formula, rel=0.02), name


def test_both_engines_agree_on_vectors_to_the_bit():
    rng = random.Random(SEED)
    of_all_sizes = [
        rng.randrange(2) << 35 | rng.randrange(100, 160) << 27 | 1 << 26 | rng.getrandbits(26)
        for _ in range(60)
    ]
    a, b, c = of_all_sizes[:20], of_all_sizes[20:40], of_all_sizes[40]
    for act in (
        lambda engine: dot(a, b, engine)[:2],
        lambda engine: add_scaled(a, b, c, engine)[:2],
        lambda engine: product(of_all_sizes, 3, a, engine),
        lambda engine: softmax([words.from_floating(n / 7) for n in range(9)], engine),
    ):
        assert act("compiled") == act("reference")


def test_index_registers_stay_as_they_were():
    set_them = "       LXA SEVEN,1\n       LXA FIVE,2\n       TRA *+3\nSEVEN  PZE 7\nFIVE   PZE 5\n"
    for name, sequence, ends in (
        ("DOT", "       TSX DOT,4\n       PZE A,,3\n       PZE A\n", 2),
        ("VADDS", "       TSX VADDS,4\n       PZE A,,3\n       PZE A\n       PZE A\n", 2),
        ("MATV", "       TSX MATV,4\n       PZE A,,1\n       PZE A,,3\n       PZE A\n", 2),
        ("SOFTM", "       TSX SOFTM,4\n       PZE A,,3\n       PZE A\n", 1),
    ):
        machine, _, _ = call(name, sequence, {"A": alike(3)}, before=set_them, ends=ends)
        assert machine.number("ibm704.register.XRA") == 7, name
        assert machine.number("ibm704.register.XRB") == 5, name
