"""Numbers from cards: every form, every mistake, and what is said about it."""

import itertools
import random
import re
from fractions import Fraction

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from library_704 import ROUTINES, libs, run, words_at

from machines.ibm704 import words
from machines.ibm704.media import cards, codes
from simulator.errors import Mistake

SEED = 704
MOST = 34359738359
NOT_A_NUMBER, MISSING, NO_ROOM, NOT_BLANK, NO_CHARACTER = 1, 2, 3, 4, 5
engines = pytest.mark.parametrize("engine", ["compiled", "reference"])


def read(deck, entry="CARDF", width=24, count=1, engine="compiled"):
    """Read cards one call after the other, to the end of the deck.

    Returns
    -------
    found
        For each call the numbers, or what is wrong and in which column.
    cycles
        Those of all calls together.
    """
    most = len(deck) + 1
    source = f"""       ORG 64
GO     TSX {entry},4
       PZE X,,{count}
       PZE {width}
       TRA NONE
       TRA BAD
       CLA ZERO
       STO KINDS+{most},1
       LXA MANY,2
KEEP   CLA X+{count},2
PUT    STO Y
       CLA PUT
       ADD ONE
       STA PUT
       TIX KEEP,2,1
NEXT   TIX GO,1,1
       HTR *
BAD    CLA CARDC
       ALS 18
       ADD CARDK
       STO KINDS+{most},1
       CLA PUT
       ADD MANY
       STA PUT
       TRA NEXT
NONE   HTR *
START  LXA ALL,1
       TRA GO
ZERO   PZE
ONE    PZE 1
ALL    PZE {most}
MANY   PZE {count}
X      BSS {count}
KINDS  BSS {most}
Y      BSS {most * count}
{libs("CARD")}       END START
"""
    machine, at, _ = run(source, deck=deck, engine=engine)
    assert machine.number("ibm704.control.stopped_at") == at["NONE"]
    assert words_at(machine, at["CARDK"], 1) == [6]
    calls = most - machine.number("ibm704.register.XRA")
    kinds = words_at(machine, at["KINDS"], calls)
    found = []
    for number, kind in enumerate(kinds):
        numbers = words_at(machine, at["Y"] + number * count, count)
        found.append((kind & 7, kind >> 18) if kind else numbers)
    return found, machine.account().cycles


def numbers(texts, **how):
    """Read numbers, one a card."""
    return [one[0] if isinstance(one, list) else one for one in read(texts, **how)[0]]


# numbers


@st.composite
def written(draw):
    """A number as one may write it into a field of 24 columns."""
    before, behind = (
        draw(st.text("0123456789", max_size=9)),
        draw(st.text("0123456789", max_size=8)),
    )
    digits = before + draw(st.sampled_from(["", "."])) + behind
    digits = digits if any(c.isdecimal() for c in digits) else "0"
    exponent = draw(st.sampled_from(["", "", "E0", "E5", "E+12", "E-7", "E-30", "E20", "E007"]))
    return draw(st.sampled_from(["", "+", "-"])) + digits + exponent


@settings(max_examples=12, deadline=None)
@given(st.lists(st.tuples(written(), st.integers(0, 3)), min_size=1, max_size=40))
@example([("16777216", 0), ("134217727", 0), ("134217728", 0), ("-.1", 0), ("0E99", 0)])
@example([("12345678901234567", 0), ("99999999999999999999", 0), ("34359738359.", 0)])
@example([("1.7014118E38", 0), ("1.4693680E-39", 0), ("9.9999999999E-20", 0)])
def test_a_number_is_read_as_the_word_next_to_it(texts):
    found = numbers([" " * blanks + text for text, blanks in texts], width=36)
    for (text, _), word in zip(texts, found, strict=True):
        right = Fraction(text)
        if right == 0:
            assert word == 0, "never minus zero"
            continue
        assert not isinstance(word, tuple), text
        assert word >> 26 & 1, "a normal number"
        unit = Fraction(2) ** ((word >> 27 & 0o377) - 128 - 27)
        assert abs(words.floating(word) - right) <= Fraction(6, 10) * unit
        if right.denominator == 1 and abs(right) <= 1 << 27:
            assert words.floating(word) == right


@settings(max_examples=10, deadline=None)
@given(st.lists(st.integers(-MOST, MOST), min_size=1, max_size=40))
@example([0, MOST, -MOST, 1, -1])
def test_whole_numbers_are_read_exactly(whole):
    deck = [f"{number:>24}" for number in whole]
    assert numbers(deck, entry="CARDI") == [words.from_fixed(number) for number in whole]


def test_minus_zero_on_a_card_is_zero():
    assert numbers(["-0", "-0.0E5"]) == [0, 0]
    assert numbers(["-0"], entry="CARDI") == [0]


@pytest.mark.parametrize("width", [1, 2, 5, 6, 7, 12, 36, 72])
def test_fields_of_any_width_go_on_over_as_many_cards_as_it_takes(width):
    rng = random.Random(SEED + width)
    whole = [rng.randrange(10 ** min(width, 9)) for _ in range(150 // width + 3)]
    fields = [f"{number:>{width}}" for number in whole]
    a_card = 72 // width
    deck = ["".join(fields[i : i + a_card]) for i in range(0, len(fields), a_card)]
    (found,), _ = read(deck, entry="CARDI", width=width, count=len(whole))
    assert found == whole


def test_columns_73_to_80_are_not_read():
    assert numbers(["5".ljust(72) + "ABC-0017"], entry="CARDI") == [5]


# mistakes


@pytest.mark.parametrize(
    ("text", "kind", "column"),
    [
        ("12X", NOT_A_NUMBER, 3), ("1 2", NOT_A_NUMBER, 3), ("1.2.3", NOT_A_NUMBER, 4),
        ("--1", NOT_A_NUMBER, 2), ("+-1", NOT_A_NUMBER, 2), ("1-", NOT_A_NUMBER, 2),
        ("- 1", NOT_A_NUMBER, 2), ("1E", NOT_A_NUMBER, 3), ("1E+", NOT_A_NUMBER, 4),
        ("1E5.", NOT_A_NUMBER, 4), ("1E5E5", NOT_A_NUMBER, 4), ("E5", NOT_A_NUMBER, 1),
        (".", NOT_A_NUMBER, 2), ("+", NOT_A_NUMBER, 2), (".E5", NOT_A_NUMBER, 2),
        ("1E--5", NOT_A_NUMBER, 4), ("1,5", NOT_A_NUMBER, 2), ("1E5-3", NOT_A_NUMBER, 4),
        ("", MISSING, 24), ("1E39", NO_ROOM, 24), ("-1E-40", NO_ROOM, 24),
        ("1E64", NO_ROOM, 24), ("1E1000", NO_ROOM, 6), ("1.7014119E38", NO_ROOM, 24),
        ("1".ljust(30) + "2", NOT_BLANK, 31), ("1".ljust(71) + ".", NOT_BLANK, 72),
    ],
)  # fmt: skip
def test_what_is_no_number_is_told_with_its_column(text, kind, column):
    assert numbers([text]) == [(kind, column)]


@pytest.mark.parametrize(
    ("text", "kind", "column"),
    [
        ("1.", NOT_A_NUMBER, 2), ("1E5", NOT_A_NUMBER, 2), ("A", NOT_A_NUMBER, 1),
        ("34359738360", NO_ROOM, 11), ("-99999999999", NO_ROOM, 12), ("", MISSING, 24),
    ],
)  # fmt: skip
def test_what_is_no_whole_number_is_told_with_its_column(text, kind, column):
    assert numbers([text], entry="CARDI") == [(kind, column)]


@pytest.mark.parametrize("entry", ["CARDF", "CARDI"])
def test_a_wrong_character_is_found_in_every_column(entry):
    good = "".join(f"{n:>6}" for n in range(100000, 100012))
    deck = [good[:at] + "/" + good[at + 1 :] for at in range(72)]
    found, _ = read(deck, entry=entry, width=6, count=12)
    assert found == [(NOT_A_NUMBER, column) for column in range(1, 73)]


@settings(max_examples=10, deadline=None)
@given(st.lists(st.text("0123456789+-.E ", max_size=14), min_size=1, max_size=60))
def test_a_text_is_read_as_python_reads_it_or_refused(texts):
    found = numbers(texts, width=18)
    for text, word in zip(texts, found, strict=True):
        bare = text.strip()
        proper = re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)(E[+-]?\d+)?", bare)
        if not proper:
            far = re.match(r"[+-]?(\d+\.?\d*|\.\d+)E[+-]?0*[1-9]\d{3}", bare)
            assert word[0] == (NO_ROOM if far else NOT_A_NUMBER if bare else MISSING), text
        elif isinstance(word, tuple):
            exponent = abs(int((proper[2] or "E0")[1:]))
            assert word[0] == NO_ROOM
            assert exponent > 999 or not 2**-129 < abs(Fraction(bare)) < Fraction(2) ** 127
        else:
            assert abs(words.floating(word) - Fraction(bare)) <= abs(Fraction(bare)) / (1 << 26)


def test_a_number_that_is_missing_is_told():
    found, _ = read(["1", "2"], count=4, width=36)
    assert found == [(MISSING, 72), (MISSING, 72)]


def test_a_deck_that_ends_too_early_gives_no_numbers():
    assert read(["1" * 72, "1" * 72], entry="CARDI", count=150, width=1)[0] == []


# columns


def test_every_character_is_read_as_text():
    glyphs = codes.GLYPHS + codes.GLYPHS[:8]
    machine, at, _ = run(text_program(), deck=[glyphs])
    assert codes.text_of_words(words_at(machine, at["CARDW"], 12)) == glyphs
    assert words_at(machine, at["CARDN"], 1) == [1]


def text_program():
    return f"""       ORG 64
GO     TSX CARDT,4
       TRA NONE
       NOP
       CLA CARDC
       ALS 18
       ADD CARDK
       STO KINDS
       CLA GO+6
       ADD ONE
       STA GO+6
       TRA GO
NONE   HTR *
ONE    PZE 1
KINDS  BSS 2000
{libs("CARD")}       END GO
"""


def test_punches_that_are_no_character_are_found_in_their_column():
    rng = random.Random(SEED)
    pairs = [1 << a | 1 << b for a in range(12) for b in range(a)]
    several = [rng.getrandbits(12) for _ in range(120)]
    punched = [*(1 << row for row in range(12)), 0, *pairs, *several]
    deck, expected = [], []
    for punches in punched:
        column = rng.randrange(72)
        card = [codes.PUNCHES[rng.randrange(64)] for _ in range(80)]
        card[column] = punches
        deck.append(tuple(card))
        known = punches in codes.CODE_OF_PUNCHES
        expected.append(0 if known else column + 1 << 18 | NO_CHARACTER)
    machine, at, _ = run(text_program(), deck=deck)
    assert words_at(machine, at["KINDS"], len(deck)) == expected
    assert 0 in expected
    assert expected.count(0) < len(expected)


def test_a_column_punched_wrongly_is_never_read_as_a_number():
    column = (1 << 8) | (1 << 7)  # rows 1 and 2, which is no 3
    card = list(cards.from_text("  1"))
    card[1] = column
    assert numbers([tuple(card)], entry="CARDI") == [(NO_CHARACTER, 2)]
    with pytest.raises(Mistake):
        cards.from_text("€")


# what is said


def refused(deck, width=6, count=2):
    source = f"""       ORG 64
GO     TSX CARDI,4
       PZE X,,{count}
       PZE {width}
       TRA BAD
       TRA BAD
       TRA GO
BAD    TSX REFUS,4
       IOD
       HTR *
X      BSS {count}
{libs("REFUS")}       END GO
"""
    return run(source, deck=deck)


@pytest.mark.parametrize(
    ("deck", "said"),
    [
        (["     1     2", "     1    A2"], "CARD 2, COLUMN 11 IS NOT PART OF A NUMBER"),
        (["     1"], "CARD 1, COLUMN 12 AND THERE IS NO NUMBER"),
        (["     1     2     3"], "CARD 1, COLUMN 18 SHOULD BE BLANK"),
        (["     1     2"], "CARD 1, COLUMN 0 AND THERE ARE NO MORE CARDS"),
    ],
)
def test_a_refused_card_is_printed_with_what_is_wrong(deck, said):
    _, _, (first, second) = refused(deck)
    assert re.sub(r" +", " ", first).replace(" ,", ",") == said
    assert second == deck[-1]


def test_a_number_too_large_for_its_word_is_refused():
    _, _, (first, _) = refused(["99999999999"], 12, 1)
    assert "AND THE NUMBER DOES NOT FIT" in first


# time


def formula(fields, width):
    """Cycles that the heading gives for whole numbers in fields."""
    said = ROUTINES["CARD"].cycles
    card, number, digit, sign, before, behind, left = (
        int(re.search(pattern, said)[1])
        for pattern in (
            r"CARDI (\d+) A CARD", r"(\d+) A NUMBER", r"(\d+) A DIGIT", r"(\d+) A SIGN",
            r"(\d+) A BLANK BEFORE IT", r"(\d+) BEHIND IT", r"(\d+) A COLUMN LEFT",
        )
    )  # fmt: skip
    line = "".join(fields)
    return (
        card + number * len(fields) + digit * sum(c not in " -+" for c in line)
        + sign * (line.count("-") + line.count("+"))
        + before * sum(len(one) - len(one.lstrip()) for one in fields)
        + behind * sum(len(one) - len(one.rstrip()) for one in fields)
        + left * (72 - width * len(fields))
    )  # fmt: skip


def test_cycles_of_whole_numbers_are_those_of_the_heading():
    rng = random.Random(SEED)
    for _ in range(12):
        width = rng.choice([4, 6, 9, 12])
        fields = []
        for _ in range(rng.randint(1, 72 // width)):
            text = f"{rng.randint(-99, 999)}"
            fields.append((" " * rng.randint(0, width - len(text)) + text).ljust(width))
        program = once("CARDI", len(fields), width)
        cycles = run(program, deck=["".join(fields)])[0].account().cycles - 2
        assert cycles == pytest.approx(formula(fields, width), rel=0.02)


def once(entry, count, width):
    return f"""       ORG 64
GO     TSX {entry},4
       PZE X,,{count}
       PZE {width}
       HTR *
       HTR *
       HTR *
X      BSS {count}
{libs("CARD")}       END GO
"""


@pytest.mark.parametrize("text", ["7", "-12", "1.5", ".0001", "3.1415926536", "9E-31", "1E31"])
def test_cycles_of_other_numbers_are_in_the_range_of_the_heading(text):
    low, high = map(int, re.search(r"(\d+) TO (\d+) MORE", ROUTINES["CARD"].cycles).groups())
    cycles = run(once("CARDF", 6, 12), deck=[text.ljust(12) * 6])[0].account().cycles - 2
    assert low <= (cycles - formula([text.ljust(12)] * 6, 12)) / 6 <= high


def test_cycles_of_a_card_as_text_are_those_of_the_heading():
    said = int(re.search(r"CARDT (\d+)", ROUTINES["CARD"].cycles)[1])
    source = "       ORG 64\nGO     TSX CARDT,4\n       HTR *\n       HTR *\n       HTR *\n"
    for text in ("", "ANY TEXT", "7" * 72):
        machine, _, _ = run(f"{source}{libs('CARD')}       END GO\n", deck=[text])
        assert machine.account().cycles - 2 == pytest.approx(said, rel=0.02)


def test_cycles_of_a_refusal_are_in_the_range_of_the_heading():
    low, high = map(int, ROUTINES["REFUS"].cycles.split(" TO "))
    source = "       ORG 64\nGO     TSX REFUS,4\n       IOD\n       HTR *\n"
    for kind, card in itertools.product(range(1, 7), (" ", ".(")):
        data = {"CARDK": [kind], "CARDC": [kind], "CARDN": [kind]}
        data["CARDW"] = codes.words_of_text((card * 72)[:72])
        machine, _, lines = run(f"{source}{libs('REFUS')}       END GO\n", data)
        assert lines[0].startswith("CARD ")
        assert low <= machine.account().cycles - 4 <= high


@engines
def test_cards_are_read_alike_by_both_engines(engine):
    texts = ["3.1415927", "-2.5E-3", "17", "1E30", "X"]
    found = numbers(texts, engine=engine)
    assert found == numbers(texts)
    assert found[2] == words.from_floating(17)
    assert found[4] == (NOT_A_NUMBER, 1)
