"""Numbers and headings on the printer, and the power of ten behind them."""

import random
import re
from fractions import Fraction

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from library_704 import ROUTINES, libs, run, words_at

from machines.ibm704 import words
from machines.ibm704.media import codes

SEED = 704
FIXED = re.compile(r"[ -](?=.{9,11}$)\d*\.\d*")
SCIENTIFIC = re.compile(r"[ -]\d\.\d{5}E[+-]\d\d")
ANY_NUMBER = st.builds(
    lambda sign, size, fraction: sign << 35 | size << 27 | 1 << 26 | fraction,
    st.integers(0, 1), st.integers(0, 255), st.integers(0, (1 << 26) - 1),
)  # fmt: skip
EVERYDAY = st.floats(-1000, 1000).filter(lambda x: x == 0 or abs(x) > 1e-6)


def printed(calls, data, **how):
    """Run calls of the printing routines, then PRINT; give the lines."""
    blocks = "".join(f"{one:7}BSS {len(its)}\n" for one, its in data.items())
    source = f"       ORG 64\nGO     NOP\n{calls}       IOD\n       HTR *\n{blocks}"
    machine, _, lines = run(f"{source}{libs('PRINT')}       END GO\n", data, **how)
    return lines, machine


def fields_of(words_, engine="compiled"):
    """Print floating-point numbers and give their fields of twelve columns."""
    padded = words_ + [0] * (60 - len(words_))
    lines, _ = printed(
        "       TSX PUTV,4\n       PZE X,,60\n       TSX PRINT,4\n", {"X": padded}, engine=engine
    )
    text = "".join(line.ljust(72) for line in lines)
    return [text[at : at + 12] for at in range(0, 12 * len(words_), 12)]


def whole_fields(numbers):
    calls = "       LXA N,1\nLOOP   CLA X+30,1\n       TSX PUTI,4\n       TIX LOOP,1,1\n"
    calls += "       TSX PRINT,4\n       TRA *+2\nN      PZE 30\n"
    padded = [words.from_fixed(number) for number in numbers] + [0] * (30 - len(numbers))
    text = "".join(line.ljust(72) for line in printed(calls, {"X": padded})[0])
    return [text[at : at + 12] for at in range(0, 12 * len(numbers), 12)]


@settings(max_examples=15, deadline=None)
@given(st.lists(ANY_NUMBER | EVERYDAY.map(words.from_floating), min_size=1, max_size=60))
@example([words.from_floating(x) for x in (0.001, 0.0009999999, 99999999, 1e8, 9.9999999, 0.1)])
@example([words.from_floating(10.0**n) for n in range(-38, 21)])
@example([0o377777777777, 0o777777777777, 0o000400000000, 0o400400000000])
def test_a_number_is_printed_right_to_half_of_its_last_digit(numbers):
    for word, field in zip(numbers, fields_of(numbers), strict=True):
        right = words.floating(word)
        if right == 0:
            assert field == " 0.         "
            continue
        assert (field[0] == "-") == (right < 0)
        text = field.rstrip()
        mantissa, _, exponent = text.strip().partition("E")
        digits = mantissa.lstrip("-").replace(".", "")
        unit = Fraction(10) ** (int(exponent or 0) - len(mantissa.partition(".")[2]))
        assert abs(Fraction(text.strip()) - right) <= Fraction(51, 100) * unit
        if exponent:
            assert SCIENTIFIC.fullmatch(text)
            assert not Fraction(1, 1000) < abs(right) < 10**8 - 1
        else:
            assert FIXED.fullmatch(text)
            assert len(digits.lstrip("0")) == 8
            assert Fraction(999_999, 10**9) <= abs(right) < 10**8


def test_numbers_look_as_the_heading_says():
    shown = {
        -12.345678: "-12.345678  ", 0.0012345678: " .0012345678", 1.0: " 1.0000000  ",
        -1.23456e-12: "-1.23456E-12", 2.5e30: " 2.50000E+30", 12345678.0: " 12345678.  ",
    }  # fmt: skip
    assert fields_of([words.from_floating(x) for x in shown]) == list(shown.values())


def test_minus_zero_is_printed_as_zero():
    assert fields_of([1 << 35]) == [" 0.         "]
    calls = "       CLS X\n       TSX PUTI,4\n       TSX PRINT,4\n"
    assert printed(calls, {"X": [0]})[0] == ["           0"]


@settings(max_examples=12, deadline=None)
@given(st.lists(st.integers(-(2**35) + 1, 2**35 - 1), min_size=1, max_size=30))
@example([0, 9, 10, -1, -10, 2**35 - 1, 1 - 2**35])
def test_whole_numbers_end_in_the_last_column(numbers):
    assert whole_fields(numbers) == [f"{number:>12}" for number in numbers]


@settings(max_examples=12, deadline=None)
@given(st.lists(st.text(sorted(codes.PRINTED), max_size=72), min_size=1, max_size=6))
def test_headings_are_printed_as_they_are(texts):
    lengths = [-(-len(text) // 6) for text in texts]
    calls = "".join(
        f"       TSX HEAD,4\n       PZE T+{12 * i},,{n}\n" for i, n in enumerate(lengths)
    )
    data = [word for text in texts for word in codes.words_of_text(text.ljust(72))]
    assert printed(calls, {"T": data})[0] == [text.rstrip() for text in texts]


def test_text_and_numbers_share_a_line():
    calls = """       TSX PUTT,4
       PZE T,,2
       CLA N
       TSX PUTI,4
       CLA X
       TSX PUTF,4
       TSX PRINT,4
"""
    data = {
        "T": codes.words_of_text("SWEEP       "), "N": [17], "X": [words.from_floating(-0.25)]
    }  # fmt: skip
    assert printed(calls, data)[0] == ["SWEEP                 17-.25000000"]


def test_a_full_line_is_printed_before_what_does_not_fit():
    numbers = [words.from_floating(n) for n in range(1, 9)]
    calls = "       TSX PUTV,4\n       PZE X,,8\n       TSX HEAD,4\n       PZE X,,0\n"
    lines, _ = printed(calls, {"X": numbers})
    assert [len(line.split()) for line in lines] == [6, 2, 0]
    text = codes.words_of_text("A" * 66)
    calls = "       CLA X\n       TSX PUTF,4\n       TSX PUTT,4\n       PZE T,,11\n"
    lines, _ = printed(calls + "       TSX PRINT,4\n", {"X": numbers[:1], "T": text})
    assert lines == [" 1.0000000", "A" * 66]


def test_more_words_than_a_line_holds_are_cut_off():
    text = codes.words_of_text("B" * 90)
    lines, _ = printed("       TSX HEAD,4\n       PZE T,,15\n", {"T": text})
    assert lines == ["B" * 72]


def test_indicators_and_index_registers_stay_as_they_were():
    calls = "       LXA N,1\n       LXA N,2\n       CLA X\n       TSX PUTF,4\n       CLA X\n"
    calls += "       TSX PUTI,4\n       TSX PRINT,4\n       TSX HEAD,4\n       PZE T,,12\n"
    data = {"N": [7], "X": [0o777777777777], "T": [0o777777777777] * 12}
    _, machine = printed(calls, data)
    for name in ("XRA", "XRB"):
        assert machine.number(f"ibm704.register.{name}") == 7
    for name in ("ac_overflow", "mq_overflow", "divide_check"):
        assert machine.number(f"ibm704.indicator.{name}") == 0


# time


def cycles_of(calls, data):
    _, machine = printed(calls, data)
    return machine.account().cycles - 2 - 2 - 2  # NOP, IOD, HTR


def said(pattern):
    return tuple(map(int, re.search(pattern, ROUTINES["PRINT"].cycles).groups()))


@pytest.mark.parametrize(
    ("text", "kind"), [("", 0), ("7-" * 36, 1), ("AZ" * 36, 2), (".(" * 36, 3)]
)
def test_cycles_of_a_line_are_those_of_the_heading(text, kind):
    line, *each = said(r"PRINT (\d+), (\d+) MORE A DIGIT OR SIGN, (\d+) A LETTER, (\d+) ONE OF")
    fixed, a_word = said(r"HEAD (\d+) \+ (\d+)N")
    more = len(text) * [0, *each][kind]
    assert cycles_of("       TSX PRINT,4\n", {"X": [0]}) == pytest.approx(line, rel=0.02)
    data = {"T": codes.words_of_text(text.ljust(72))}
    cycles = cycles_of("       TSX HEAD,4\n       PZE T,,12\n", data)
    assert cycles == pytest.approx(fixed + 12 * a_word + more, rel=0.02)


@pytest.mark.parametrize("n", [1, 2, 7, 12])
def test_cycles_of_text_are_those_of_the_heading(n):
    fixed, a_word = said(r"PUTT (\d+) \+ (\d+)N")
    calls = f"       TSX PUTT,4\n       PZE T,,{n}\n"
    cycles = cycles_of(calls, {"T": codes.words_of_text("TEXT".ljust(72))})
    assert cycles == pytest.approx(fixed + a_word * n, rel=0.02)


@pytest.mark.parametrize("number", [0, 5, -17, 123456, -34359738367])
def test_cycles_of_a_whole_number_are_those_of_the_heading(number):
    fixed, digit, minus = said(r"PUTI (\d+) AND (\d+) A DIGIT, (\d+) A MINUS")
    formula = fixed + digit * len(str(abs(number))) + minus * (number < 0)
    data = {"X": [words.from_fixed(number)]}
    cycles = cycles_of("       CLA X\n       TSX PUTI,4\n", data) - 2
    assert cycles == pytest.approx(formula, rel=0.02)


def test_cycles_of_a_number_are_in_the_range_of_the_heading():
    low, high, e_high = said(r"PUTF (\d+) TO (\d+), IN E FORM TO (\d+)")
    rng = random.Random(SEED)
    for size in [0.0, *(10.0**n for n in range(-38, 39, 2))]:
        number = words.from_floating(size * rng.uniform(1, 1.7))
        cycles = cycles_of("       CLA X\n       TSX PUTF,4\n", {"X": [number]}) - 2
        fixed = size == 0 or 1e-3 <= size < 1e8
        assert low <= cycles <= (high if fixed else e_high), size


@pytest.mark.parametrize("n", [1, 3, 6])
def test_cycles_of_many_are_those_of_one_each(n):
    fixed, each = said(r"PUTV (\d+) \+ (\d+)N AND")
    data = {"X": [words.from_floating(2.5)] * n}
    one = cycles_of("       CLA X\n       TSX PUTF,4\n", data) - 2
    many = cycles_of(f"       TSX PUTV,4\n       PZE X,,{n}\n", data)
    assert many == pytest.approx(fixed + (each + one) * n, rel=0.02)


def test_both_engines_print_the_same():
    numbers = [words.from_floating(x) for x in (0.0, 1.0, -2.5, 1e-20, 3e37, 123.456, 0.0099)]
    assert fields_of(numbers, "reference") == fields_of(numbers)


# the power of ten


@pytest.mark.parametrize(("most", "bound"), [(15, -34), (63, -31)])
def test_a_power_of_ten_is_as_exact_as_the_heading_says(most, bound):
    assert ROUTINES["TEN"].error == "2**-34 OF THE NUMBER, 2**-31 IF K IS BEYOND 15"
    low, high = map(int, re.fullmatch(r"(\d+) TO (\d+)", ROUTINES["TEN"].cycles).groups())
    rng = random.Random(SEED)
    powers = list(range(-most, most + 1))
    fractions = [1 << 34 | rng.getrandbits(34) for _ in powers]
    fractions[0], fractions[1] = 1 << 34, (1 << 35) - 1
    count = len(powers)
    source = f"""       ORG 64
GO     LXA N,1
LOOP   STZ TENE
       CLA K+{count},1
       STO TENK
       CLA X+{count},1
       TSX TEN,4
       STO Y+{count},1
       CLA TENE
       STO E+{count},1
       TIX LOOP,1,1
       HTR *
N      PZE {count}
X      BSS {count}
K      BSS {count}
Y      BSS {count}
E      BSS {count}
{libs("TEN")}       END GO
"""
    if most == 63:  # the fewest and the most it can take
        for k, x in ((0, 1 << 34), (-63, (1 << 35) - 1), (63, 1 << 34), (1, 1 << 34)):
            one = re.sub(rf"\b{count}\b", "1", source)
            machine, _, _ = run(one, {"X": [x], "K": [words.from_fixed(k)]}, units=False)
            assert low <= machine.account().cycles - 4 - 18 <= high
    data = {"X": fractions, "K": [words.from_fixed(power) for power in powers]}
    machine, at, _ = run(source, data, units=False)
    found = words_at(machine, at["Y"], count), words_at(machine, at["E"], count)
    for power, fraction, result, exponent in zip(powers, fractions, *found, strict=True):
        right = Fraction(fraction, 1 << 35) * Fraction(10) ** power
        value = Fraction(result, 1 << 35) * Fraction(2) ** words.fixed(exponent)
        assert 1 << 34 <= result < 1 << 35, "from 1/2 to 1"
        assert abs(value / right - 1) <= Fraction(2) ** bound
