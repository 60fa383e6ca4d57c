"""Arithmetic against the manual done once more (``manual_704.py``), and against exact numbers."""

import random
from fractions import Fraction

import manual_704
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from machines.ibm704 import Description, Ibm704, Stop
from machines.ibm704.arithmetic import ON_REGISTERS, ON_WORDS, SHIFTS, Registers, shift_cycles
from machines.ibm704.floating import ADDITIONS, FLOATING
from machines.ibm704.operations import BY_MNEMONIC
from machines.ibm704.words import AC_MAGNITUDE, AC_SIGN, FRACTION, MAGNITUDE, floating

EDGES = [
    0, 1, 2, (1 << 35) - 1, (1 << 35) - 2, 1 << 34, (1 << 34) - 1, 1 << 26, (1 << 26) - 1,
    (1 << 27) - 1, (1 << 27) - 2, 1 << 27, 0o201400000000, 0o200400000000, 0o000400000000,
    0o377777777777, 0o377400000000, 0o033400000000, 0o032400000000, 0o200000000000,
    0o252525252525, 0o125252525252,
]  # fmt: skip
EDGES += [edge | 1 << 35 for edge in EDGES]

floats = st.builds(
    lambda sign, characteristic, fraction: sign << 35 | characteristic << 27 | fraction,
    st.integers(0, 1),
    st.one_of(st.integers(0, 255), st.sampled_from([0, 1, 26, 27, 28, 127, 128, 129, 254, 255])),
    st.one_of(
        st.integers(0, FRACTION),
        st.sampled_from([0, 1, 1 << 26, FRACTION, FRACTION - 1, (1 << 26) - 1, (1 << 26) + 1]),
    ),
)
words = st.one_of(st.sampled_from(EDGES), floats, st.integers(0, (1 << 36) - 1))
accumulators = st.one_of(
    words.map(lambda w: (w >> 35) << 37 | w & MAGNITUDE),
    words,
    st.integers(0, (1 << 38) - 1),
    words.map(lambda w: AC_SIGN | 3 << 35 | w & MAGNITUDE),
)


def done(name, ac, mq, y):
    """What the machine's arithmetic gives, in the form of the manual done once more."""
    before = Registers(ac, mq)
    if name in ADDITIONS:
        after = ADDITIONS[name](before, y)[0]
    elif name in SHIFTS:
        after = SHIFTS[name](before, y)
    else:
        after = {**ON_WORDS, **FLOATING}[name](before, y)
    alarms = ("A" if after.ac_overflow else "") + ("M" if after.mq_overflow else "")
    return after.ac, after.mq, alarms + ("D" if after.divide_check else "")


@pytest.mark.parametrize("name", sorted(manual_704.ON_WORDS))
@settings(max_examples=300)
@given(ac=accumulators, mq=words, y=words)
def test_arithmetic_follows_the_manual(name, ac, mq, y):
    assert done(name, ac, mq, y) == manual_704.ON_WORDS[name](ac, mq, y)


@pytest.mark.parametrize("name", sorted(manual_704.SHIFTS))
@settings(max_examples=200)
@given(ac=accumulators, mq=words, count=st.integers(0, 255))
def test_shifts_follow_the_manual_place_by_place(name, ac, mq, count):
    assert done(name, ac, mq, count) == manual_704.SHIFTS[name](ac, mq, count)


@given(ac=accumulators, mq=words)
def test_rounding_follows_the_manual(ac, mq):
    after = ON_REGISTERS["RND"](Registers(ac, mq))
    assert (after.ac, after.mq, "A" * after.ac_overflow) == manual_704.rnd(ac, mq)


# exact numbers


def in_ac(ac):
    """The number a floating-point AC within its range stands for."""
    return floating((ac >> 37) << 35 | ac & MAGNITUDE)


middling = st.builds(
    lambda sign, characteristic, fraction: sign << 35 | characteristic << 27 | fraction,
    st.integers(0, 1), st.integers(100, 125), st.integers(1 << 26, FRACTION),
)  # fmt: skip


@pytest.mark.parametrize("name", ["FAD", "FSB", "UFA", "UFS"])
@given(a=middling, y=middling)
def test_a_floating_sum_is_exact_in_both_registers_together(name, a, y):
    ac, mq, alarms = done(name, (a >> 35) << 37 | a & MAGNITUDE, 0, y)
    assert alarms == ""
    addend = floating(y) if name in ("FAD", "UFA") else -floating(y)
    lost = Fraction(1, 1 << 53) * max(abs(floating(a)), abs(floating(y)))
    assert abs(in_ac(ac) + floating(mq) - floating(a) - addend) <= lost


@given(mq=middling, y=middling)
def test_a_floating_product_is_exact_in_both_registers_together(mq, y):
    ac, low, _ = done("FMP", 0, mq, y)
    assert in_ac(ac) + floating(low) == floating(mq) * floating(y)
    assert ac >> 26 & 1, "the product of normal numbers is normal"


@given(a=middling, y=middling)
def test_a_floating_quotient_and_its_remainder_give_the_dividend_back(a, y):
    ac, mq, _ = done("FDP", (a >> 35) << 37 | a & MAGNITUDE, 0, y)
    assert floating(mq) * floating(y) + in_ac(ac) == floating(a)


@given(mq=words, y=words)
def test_a_product_is_exact_over_seventy_bits(mq, y):
    ac, low, _ = done("MPY", 0, mq, y)
    assert (ac & AC_MAGNITUDE) << 35 | low & MAGNITUDE == (mq & MAGNITUDE) * (y & MAGNITUDE)
    assert ac >> 37 == low >> 35 == mq >> 35 ^ y >> 35, "even of a product that is zero"


@given(ac=accumulators, mq=words, y=words)
def test_quotient_times_divisor_plus_remainder_is_the_dividend(ac, mq, y):
    after, quotient, alarms = done("DVP", ac, mq, y)
    if "D" in alarms:
        assert after == ac
        return
    dividend = (ac & AC_MAGNITUDE) << 35 | mq & MAGNITUDE
    remainder = after & AC_MAGNITUDE
    assert (quotient & MAGNITUDE) * (y & MAGNITUDE) + remainder == dividend
    assert remainder < y & MAGNITUDE


# single facts


def test_a_sum_of_zero_keeps_the_sign_of_the_accumulator():
    minus_five, five = AC_SIGN | 5, 5
    assert done("ADD", minus_five, 0, five) == (AC_SIGN, 0, "")
    assert done("SUB", five, 0, five) == (0, 0, "")


def test_an_indicator_that_is_on_stays_on():
    r = Registers(1, 0, 0, 1, 1, 1)
    for name, operation in {**ON_WORDS, **FLOATING}.items():
        after = operation(r, 0o201400000000)
        assert (after.ac_overflow, after.mq_overflow, after.divide_check) == (1, 1, 1), name


@pytest.mark.parametrize(
    ("count", "cycles"),
    [(0, 2), (1, 2), (12, 2), (13, 3), (24, 3), (25, 4), (36, 4), (72, 7), (255, 23)],
)
def test_a_long_shift_takes_a_cycle_more_for_every_twelve_places(count, cycles):
    assert shift_cycles(count) == cycles


def number(characteristic, fraction, sign=0):
    return sign << 35 | characteristic << 27 | fraction


@pytest.mark.parametrize(
    ("a", "y", "cycles"),
    [
        (number(128, 1 << 26), number(128, 1 << 26), 7),
        (number(116, 1 << 26), number(128, 1 << 26), 7),
        (number(115, 1 << 26), number(128, 1 << 26), 8),
        (number(92, 1 << 26), number(128, 1 << 26), 9),
        (number(10, 1 << 26), number(250, 1 << 26), 11),
        (number(128, (1 << 26) + (1 << 14)), number(128, 1 << 26, 1), 7),
        (number(128, (1 << 26) + (1 << 13)), number(128, 1 << 26, 1), 8),
        (number(128, (1 << 26) + 1), number(128, 1 << 26, 1), 9),
        (number(128, 1 << 26), number(128, (1 << 26) + (1 << 14), 1), 8),  # MQ unlike: 1 less
    ],
)
def test_a_floating_sum_takes_longer_to_align_and_to_normalise(a, y, cycles):
    assert ADDITIONS["FAD"](Registers(a, 0), y)[1] == cycles
    machine = Ibm704(Description(core_words=4096))
    machine.deposit(0o100, [BY_MNEMONIC["FAD"].code << 24 | 0o200, 0o42 << 27])
    machine.deposit(0o200, [y])
    machine.operate("ibm704.register.AC", a)
    machine.operate("ibm704.register.IC", 0o100)
    machine.operate("ibm704.console.start")
    machine.run_to_stop(10**9)
    assert machine.number("ibm704.control.cycles") == cycles + 2


# a hundred thousand each


def random_word(rng):
    kind = rng.randrange(4)
    if kind == 0:
        return rng.choice(EDGES)
    if kind == 1:
        return rng.getrandbits(36)
    characteristic = rng.choice((rng.getrandbits(8), rng.randrange(120, 136), rng.randrange(40)))
    fraction = rng.choice((rng.getrandbits(27), rng.getrandbits(27) | 1 << 26, 1 << 26, FRACTION))
    return rng.getrandbits(1) << 35 | characteristic << 27 | fraction


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(manual_704.ON_WORDS) + sorted(manual_704.SHIFTS))
def test_a_hundred_thousand_operations_follow_the_manual_on_both_engines(name):
    from machines.ibm704.compiled_loop import run
    from machines.ibm704.compiled_registers import Cells
    from machines.ibm704.input_output import NO_PASSAGE
    from machines.ibm704.state import power_on

    seed = 704
    print(f"seed {seed}")
    rng = random.Random(f"{name} {seed}")
    state = power_on(Description(core_words=4096))
    cells = Cells(*(getattr(state, field) for field in Cells._fields))
    shifts = name in manual_704.SHIFTS
    expected_of = manual_704.SHIFTS[name] if shifts else manual_704.ON_WORDS[name]
    operation = BY_MNEMONIC[name].code << 24
    for _ in range(100_000):
        mq = random_word(rng)
        w = random_word(rng)
        ac = rng.choice((rng.getrandbits(38), w, (w >> 35) << 37 | w & MAGNITUDE))
        y = rng.getrandbits(8) if shifts else random_word(rng)
        expected = expected_of(ac, mq, y)
        assert done(name, ac, mq, y) == expected, (name, oct(ac), oct(mq), oct(y))
        state.core[0] = operation | (y if shifts else 1)
        state.core[1] = 0 if shifts else y
        state.ic[0], state.ac[0], state.mq[0] = 0, ac, mq
        state.ac_overflow[0] = state.mq_overflow[0] = state.divide_check[0] = 0
        why, _, _ = run(cells, NO_PASSAGE, (0, 0, 12_000), True)
        alarms = "A" * int(state.ac_overflow[0]) + "M" * int(state.mq_overflow[0])
        alarms += "D" * int(state.divide_check[0])
        got = (int(state.ac[0]), int(state.mq[0]), alarms)
        assert got == expected, (name, oct(ac), oct(mq), oct(y))
        assert (why == Stop.DIVIDE_CHECK) == (name in ("DVH", "FDH") and "D" in alarms)
