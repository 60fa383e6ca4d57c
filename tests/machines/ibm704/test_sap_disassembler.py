"""From words to source and back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from machines.ibm704.operations import OPERATIONS
from machines.ibm704.sap import assemble, disassemble, instruction
from simulator.errors import Mistake

words36 = st.integers(0, (1 << 36) - 1)
instructions = st.builds(
    lambda operation, tag, address: operation.code << 24 | tag << 15 | address,
    st.sampled_from(OPERATIONS),
    st.sampled_from([0, 0, 1, 7]),
    st.integers(0, 0o400) | st.integers(0, 0o77777),
)
small = st.integers(0, 100)
any_word = words36 | instructions | small


@given(st.lists(any_word, min_size=1, max_size=40), st.integers(0, 32000), st.data())
def test_what_is_disassembled_assembles_to_the_same_words(words, origin, data):
    start = data.draw(st.none() | st.integers(origin, origin + len(words) - 1))
    assembly = assemble(disassemble(words, origin, start)).checked()
    assert assembly.words == {origin + place: word for place, word in enumerate(words)}
    assert assembly.start == start


@given(st.dictionaries(st.integers(0, 200), any_word, max_size=60))
def test_words_with_gaps_between_them_come_back_in_their_places(words):
    assert assemble(disassemble(words)).checked().words == words


@given(
    st.lists(any_word, min_size=1, max_size=30),
    st.dictionaries(st.text("ABC019.=$+ ", max_size=7), st.integers(0, 40), max_size=20),
)
def test_any_symbols_may_be_given(words, symbols):
    assembly = assemble(disassemble(words, 0, 0, symbols)).checked()
    assert list(assembly.words.values()) == words


@pytest.mark.parametrize("low", [0, 0o5, 0o100077, 0o7_77777, 0o01_0_00000])
def test_every_operation_code_comes_back(low):
    words = [code << 24 | low for code in range(4096)]
    assert list(assemble(disassemble(words)).checked().words.values()) == words


def test_an_operation_the_704_has_not_is_octal():
    assert instruction(0o053500000000) is None
    assert "OCT 053500000005" in disassemble([0o053500000005])


@pytest.mark.parametrize(
    ("word", "text"),
    [
        (0o050000000403, ("CLA", "259")),
        (0o053400400000, ("LXA", "0,4")),
        (0o177777400001, ("TXI", "1,4,-1")),
        (0o476000000007, ("LTM", "")),
        (0o076200000321, ("RCD", "")),
        (0o076200000223, ("RTB", "3")),
        (0o076000000143, ("SLN", "3")),
        (0o076000000140, ("SLF", "")),
        (0o076600000333, ("IOD", "")),
        (0o077200000223, ("REW", "147")),
        (0o076000000500, ("PSE", "320")),
        (0o475400100000, ("PXD", "0,1")),
        (0o042000000000, ("HPR", "")),
        (0o076200000233, ("RDS", "155")),
        (0o000000000000, ("HTR", "0")),
    ],
)
def test_an_instruction_reads_as_a_person_would_write_it(word, text):
    assert instruction(word) == text


PROGRAM = """       ORG 64
START  LXA COUNT,1
LOOP   CLA TABLE+3,1
       TSX PRINT,4
       TIX LOOP,1,1
       HTR START
PRINT  STO SAVE
       TRA 1,4
COUNT  PZE 3
SAVE   PZE
TABLE  DEC 1.5,-2.5,3E5
TEXT   BCD 1HELLO.
       OCT 0
       REP 1,9
       END START
"""


def test_control_is_followed_and_the_rest_is_data():
    assembly = assemble(PROGRAM).checked()
    source = disassemble(assembly.words, start=assembly.start, symbols=assembly.symbols)
    lines = source.split("\n")
    assert lines[1] == "START  LXA COUNT,1"
    assert lines[3] == "       TSX PRINT,4"
    assert "COUNT  OCT 3" in lines
    assert "TABLE  OCT 201600000000   1.5" in lines
    assert "TEXT   OCT 302543434633   HELLO." in lines
    assert lines[-3:] == ["       REP 1,9", "       END START", ""]


def test_symbols_are_made_where_there_are_none():
    assembly = assemble(PROGRAM).checked()
    source = disassemble(assembly.words, start=64)
    assert "L00100 LXA L00107,1" in source
    assert assemble(source).checked().words == assembly.words


def test_without_a_start_what_can_be_an_instruction_is_one():
    source = disassemble([0o050000000001, 5])
    assert source == "       ORG 0\n       CLA L00001\nL00001 OCT 5\n       END\n"


@pytest.mark.parametrize("words", [{0: 1 << 36}, {0: -1}, {32768: 0}, {-1: 0}])
def test_words_no_704_has_are_refused(words):
    with pytest.raises(Mistake, match="locations go to 32767, words have 36 bits"):
        disassemble(words)
