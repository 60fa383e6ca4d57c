"""The listing and the binary deck of an assembly."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from machines.ibm704.media import cards
from machines.ibm704.sap import assemble, load
from simulator.errors import Mistake

SIXES = """       ORG 256
START  CLA SIX
       ADD SIX
       HTR *
SIX    DEC 6
       END START
"""
words36 = st.integers(0, (1 << 36) - 1)


def octal_cards(deck):
    return [[f"{word:012o}" for word in cards.words_of(card)] for card in deck]


def loaded_or_refused(rows, origin=0):
    """What a deck brings into storage; None if it is refused, which names the card."""
    try:
        return load([cards.from_words(row) for row in rows], origin)
    except Mistake as mistake:
        if "deck: card " not in str(mistake):
            raise
        return None


# the listing


def test_a_line_of_the_listing_has_the_columns_of_sap():
    # the line of CLA is one of its own listing; UA SAP, run on the simulated machine, prints
    # all of these
    lines = assemble(SIXES).checked().listing.split("\n")
    assert lines[:6] == [
        "                       00400        ORG 256",
        "      00400  0 50000 0 00403 START  CLA SIX",
        "      00401  0 40000 0 00403        ADD SIX",
        "      00402  0 00000 0 00402        HTR *",
        "      00403 +000000000006    SIX    DEC 6",
        "                       00400        END START",
    ]


def test_a_negative_operation_has_its_sign_apart():
    listing = assemble("       LTM\n       TXL 5,4,-1\n       OCT -5\n       END").listing
    assert [line[6:29] for line in listing.split("\n")[:3]] == [
        "00000 -0 76000 0 00007 ", "00001 -3 77777 4 00005 ", "00002 -000000000005    ",
    ]  # fmt: skip


def test_the_later_words_of_a_card_follow_without_its_text():
    listing = assemble("       BCD 2HELLO, ALL.\n       END").listing
    assert listing.split("\n")[:2] == [
        "      00000  302543434673           BCD 2HELLO, ALL.",
        "      00001  602143433360",
    ]


def test_a_part_that_is_undefined_is_blank():
    listing = assemble("       TIX X,Y,1\n       END").listing
    assert listing.startswith("U     00000  2 00001                TIX X,Y,1\n")


def test_a_wrong_card_has_its_letter_and_what_is_wrong_below():
    lines = assemble("A      CLA X\nA      XYZ 5\n       END").listing.split("\n")
    assert [line[:5].strip() for line in lines[:4]] == ["U", "*****", "MU", "*****"]
    assert lines[1] == (
        "***** card 1, column 12: X is not defined; put it before a card or define it by EQU"
    )
    assert "3 errors, 1 symbols" in lines


def test_parts_left_out_have_their_letters():
    lines = assemble("       TIX\n       LXA 5\n       CLM\n       END").listing.split("\n")
    assert [line[:5].rstrip() for line in lines[:3]] == ["ATD", "T", ""]


def test_every_card_of_the_source_is_listed():
    source = (
        "       ORG X\n       CLA 5\nB      EQU\n       REP\n       NONE\n       END\n       CLA 1"
    )
    listing = assemble(source).listing
    assert all(line in listing for line in source.split("\n"))


# cards


def test_absolute_cards_have_a_control_word_and_a_check_sum():
    deck = octal_cards(assemble(SIXES).deck())
    assert deck[0][:7] == [
        "000004000400", "110004002016", "050000000403", "040000000403", "000000000402",
        "000000000006", "000000000000",
    ]  # fmt: skip
    assert deck[1] == ["000000000400"] + ["000000000000"] * 23


def test_absolute_cards_hold_22_words():
    source = "       ORG 100\n       PZE 1\n       REP 1,44\n       END 100"
    control = [card[0] for card in octal_cards(assemble(source).deck())]
    assert control == ["000026000144", "000026000172", "000001000220", "000000000144"]


def test_full_cards_hold_24_words_and_nothing_else():
    source = "       ORG 0\n       FUL\n       PZE 1\n       REP 1,24\n       END"
    deck = octal_cards(assemble(source).deck())
    assert deck[0] == ["000000000001"] * 24
    assert deck[1] == ["000000000001"] + ["000000000000"] * 23


def test_a_new_origin_and_a_block_begin_a_new_card():
    source = "       PZE 1\nA      BSS 5\n       PZE 2\n       ORG 50\n       PZE 3\n       END"
    control = [card[0] for card in octal_cards(assemble(source).deck())]
    assert control == ["000001000000", "000001000006", "000001000062"]


def test_relocatable_cards_tell_of_each_part_how_it_moves():
    source = """
       REL
       ORG 0
A      CLA A              0, 10
       TIX A,1,B-A        0, 10
       PZE B-A,,B         10, 0
B      PZE -A,,5          0, 11
N      EQU 7
       PZE N,,*-5         10, 0
       DEC 1              0, 0
       STA **             0, 10, as a location is in it
       END A"""
    first, last = octal_cards(assemble(source).checked().deck())
    assert first[0] == "200007000000"
    bits = f"{int(first[2], 8):036b}"
    assert bits.startswith("01001010001110000")
    assert last[0] == "200000000000"


programs = st.lists(
    st.sampled_from(
        ["CLA A", "STO B+1", "TIX A,1,B-A", "PZE B,,A", "PZE -A,,-B", "DEC 5", "TRA *+1", "HTR 0"]
    ),
    min_size=1,
    max_size=60,
)


@given(programs, st.integers(0, 1000))
def test_a_relocated_program_is_the_program_assembled_elsewhere(body, origin):
    source = "       REL\n       ORG {}\nA      BSS 0\n" + "".join(
        f"       {one}\n" for one in body
    )
    source += "B      PZE B\n       PZE A\n       END A"
    here = assemble(source.format(0)).checked()
    there = assemble(source.format(origin)).checked()
    loaded = load(here.deck(), origin)
    assert loaded.words == there.words
    assert loaded.start == there.start


@given(st.lists(words36, min_size=1, max_size=70), st.integers(0, 32000))
def test_what_is_punched_absolute_is_loaded_again(data, origin):
    source = f"       ORG {origin}\n" + "".join(f"       OCT {word:o}\n" for word in data)
    assembly = assemble(source + "       END 5").checked()
    assert load(assembly.deck()) == (assembly.words, 5)
    assert list(assembly.words.values()) == data


@given(st.lists(words36, min_size=1, max_size=22), st.integers(0, 24 * 36 - 1))
def test_a_wrong_hole_is_found_by_the_check_sum(data, hole):
    source = "".join(f"       OCT {word:o}\n" for word in data)
    row = cards.words_of(assemble(source + "       END").deck()[0])
    used = 2 + len(data)
    place, bit = divmod(hole % (used * 36), 36)
    row[place] ^= 1 << bit
    loaded = loaded_or_refused([row])
    # only these pass: no sum at all, the sum told to be ignored, no words at all
    assert loaded is None or row[1] == 0 or row[0] >> 33 & 1 or loaded.start is not None


def test_a_self_loading_card_is_not_taken_for_an_absolute_one():
    deck = assemble("       FUL\n       MZE\n       END").deck()
    with pytest.raises(Mistake, match="a self-loading deck is read by the load button"):
        load(deck)


@given(st.lists(st.lists(words36, max_size=24), max_size=4), st.integers(0, 32767))
def test_no_deck_is_too_bad_to_be_loaded_or_refused(deck, origin):
    loaded = loaded_or_refused(deck, origin)
    assert loaded is None or all(0 <= place < 1 << 15 for place in loaded.words)


def test_a_relocatable_card_whose_row_8_runs_out_is_refused():
    row = [1 << 34 | 20 << 18, 0, (1 << 36) - 1, (1 << 36) - 1, *[0] * 20]
    with pytest.raises(Mistake, match="card 1: row 8 has no bits left for its last words"):
        load([cards.from_words(row)])
