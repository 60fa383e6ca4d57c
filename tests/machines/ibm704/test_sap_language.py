"""SAP source: fields, symbols, expressions, pseudo-operations, and what it says of mistakes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from machines.ibm704.media import cards, decks
from machines.ibm704.operations import EXTENDED, OPERATIONS, find
from machines.ibm704.sap import assemble, assemble_all, read_library, read_source
from simulator.errors import Mistake


def words(source, **more):
    """Assemble what must be right, and give its words in order."""
    return list(assemble(source, **more).checked().words.values())


def complaints(source, **more):
    return [str(error) for error in assemble(source, **more).errors]


# fields


def test_fields_stand_in_the_columns_of_a_card():
    assembly = assemble("       ORG 256\nSTART  CLA START,2    COMMENT\n       END START").checked()
    assert assembly.words == {256: 0o050000200400}
    assert assembly.symbols == {"START": 256}
    assert assembly.start == 256


@pytest.mark.parametrize(
    "line",
    [
        "A      TIX A,1,3",
        "a      tix a,1,3    lower case",
        " A     TIX A,1,3    a blank in the location field counts for nothing",
        "a tix a,1,3",
        "a  tix   a,1,3",
        "a\ttix\ta,1,3",
        "a                   tix a,1,3",
    ],
)
def test_a_card_can_be_written_in_many_ways(line):
    assert words(f" org 64\n{line}\n end") == [0o200003100100]


@pytest.mark.parametrize("line", ["hpr", " hpr", "   hpr", "          hpr", "x hpr", "lab hpr"])
def test_an_operation_alone_on_a_line_is_found(line):
    source = f" {line}" if line == "hpr" else line
    assert words(f"{source}\n end") == [0o042000000000]


def test_the_first_blank_of_the_variable_field_begins_the_comment():
    assert words("       CLA 5 ,3\n       END") == [0o050000000005]


def test_columns_73_to_80_are_for_identification():
    line = "       CLA 5".ljust(72) + "SAP00012"
    assert words(line + "\n       END") == [0o050000000005]


def test_a_blank_card_is_a_word_of_zeros_but_a_blank_line_is_no_card():
    assert words(" " * 80 + "\n       PZE 1\n       END") == [0, 1]
    assert words("\n   \n       PZE 1\n       END") == [1]


def test_no_operation_is_plus_zero():
    assert words("           5,,7\nLABEL\n       END") == [0o000007000005, 0]


def test_a_remark_makes_no_word():
    assert words("       REM CLA 5\n* cla 6\n       END") == []


def test_a_number_in_the_location_field_is_a_location():
    assert assemble("100    CLA 5\n       CLA 6\n       END").checked().words == {
        100: 0o050000000005,
        101: 0o050000000006,
    }


def test_an_address_one_column_late_is_warned_of():
    assembly = assemble("SUM    CLA  SUM\n       END").checked()
    assert assembly.words == {0: 0o050000000000}
    assert "SUM is a comment and CLA has no address" in str(assembly.warnings[0])


# operations


@pytest.mark.parametrize("operation", OPERATIONS + EXTENDED, ids=lambda one: one.mnemonic)
def test_every_operation_of_the_machine_is_in_the_language(operation):
    field = "1,1,1" if operation.form == "A" else "1" if operation.units else ""
    (word,) = words(f"       {operation.mnemonic} {field}\n       END")
    found = find(word & ~(7 << 15))
    assert word >> 33 == operation.code >> 9
    assert found is not None
    assert found.code == operation.code
    if operation in OPERATIONS and operation.mnemonic != "SPR":
        assert found.mnemonic == operation.mnemonic


def test_extended_operations_put_the_unit_into_the_address():
    source = """
       RTB 10
       RTD 3
       WTB 1
       WTD 2
       RDR 4
       WDR 1
       RCD
       WPU
       WPR
       RPR
       WTV
       IOD
       WTS 2
       SLN 4
       SLT 1
       SWT 6
       END"""
    # the table of unit addresses
    expected = [
        0o076200000232, 0o076200000203, 0o076600000221, 0o076600000202, 0o076200000304,
        0o076600000301, 0o076200000321, 0o076600000341, 0o076600000361, 0o076200000361,
        0o076600000030, 0o076600000333, 0o076600000322, 0o076000000144, 0o476000000141,
        0o076000000166,
    ]  # fmt: skip
    assert words(source) == expected


def test_tape_operations_name_a_tape_by_number_or_by_its_whole_address():
    assert words(" rew 3\n bst 10\n wef 1\n rew 147\n end") == [
        0o077200000203, 0o076400000212, 0o077000000201, 0o077200000223,
    ]  # fmt: skip


def test_prefixes_make_words_that_are_no_operations():
    names = "PZE PON PTW PTH MZE MON MTW MTH FOR FVE SIX SVN"
    made = words("\n".join(f" {name} 1,2,3" for name in names.split()))
    assert [word >> 33 for word in made] == [0, 1, 2, 3, 4, 5, 6, 7, 4, 5, 6, 7]
    assert {word & (1 << 33) - 1 for word in made} == {0o000003200001}


def test_the_integer_loop_of_the_benchmark_has_the_words_of_the_reference_sheet():
    source = """
       ORG 62
       LXA 131,2
       LXA 130,1
       CLA 128
       ADD 129
       STO 128
       TIX 64,1,1
       TIX 63,2,1
       HPR
       END 62"""
    assert words(source) == [
        0o053400200203, 0o053400100202, 0o050000000200, 0o040000000201, 0o060100000200,
        0o200001100100, 0o200001200077, 0o042000000000,
    ]  # fmt: skip


def test_an_operation_of_the_709_is_refused_with_a_suggestion():
    (error,) = complaints(" axt 5,1\n sxa 5,1\n end")[:1]
    assert error.startswith("card 1, column 2: the 704 has no operation AXT")
    assert "SXD" in complaints(" sxa 5,1\n end")[0]


def test_an_operation_can_be_defined():
    assert words("XYZ    OPD +076000400005\n       XYZ 2\n       END") == [0o076000000007]


# expressions


def addresses(*texts, setting=""):
    cards = "".join(f"       PZE {text}\n" for text in texts)
    return [word & 0o77777 for word in words(setting + cards + "       END")]


def test_products_come_before_sums_and_quotients_are_cut():
    assert addresses("2+3*4", "20-7/2*2", "7/2", "2*3*4-1", "8/3/2") == [14, 14, 3, 23, 1]


def test_negative_numbers_are_complements():
    assert addresses("-1", "5-7", "-7/2", "**-2") == [0o77777, 0o77776, 0o77775, 0o77776]


def test_an_asterisk_is_this_location_and_two_are_zero():
    assert addresses("*", "*+1", "**", "2**", "*-*", setting="       ORG 100\n") == [
        100, 102, 0, 206, 0,
    ]  # fmt: skip


def test_a_sum_beyond_storage_comes_round():
    assert addresses("T+2", setting="T      SYN -1\n") == [1]


numbers = st.integers(0, 999_999)


@given(st.lists(st.tuples(st.sampled_from("+-*/"), numbers), min_size=1, max_size=8), st.booleans())
def test_an_expression_is_a_sum_of_products(pieces, negative):
    text, total, term = "", 0, 0
    first = True
    for operator, number in pieces:
        if first:
            operator = "-" if negative else "+"
        if operator == "/" and number == 0:
            number = 1
        text += ("" if first and not negative else operator) + str(number)
        if operator in "+-":
            total, term = total + term, number if operator == "+" else -number
        elif operator == "*":
            # of a product SAP keeps 35 bits
            term = abs(term * number) % (1 << 35) * (-1 if term < 0 else 1)
        else:
            term = abs(term) // number * (-1 if term < 0 else 1)
        first = False
    assembly = assemble(f"       PZE 0,0,{text}\n       END")
    if text.isdecimal() and int(text) > 32767:
        assert "goes to 32767" in str(assembly.errors[0])
    else:
        assert assembly.checked().words[0] >> 18 == (total + term) % (1 << 15)


@pytest.mark.parametrize(
    ("field", "said"),
    [
        ("5*/3", "column 14: 5*/3: an element is missing"),
        ("5+", "column 14: 5+: an element is missing"),
        ("/3", "column 12: /3: an element is missing"),
        ("*A", "column 12: *A: an operator is missing after *"),
        ("1,2,3,4", "column 18: an instruction has address, tag and decrement"),
        ("0,8", "column 14: a tag is 0 to 7"),
        (
            "77777",
            "column 12: 77777 is too large; a location or part of an instruction goes to 32767",
        ),
        ("5/0", "column 14: 5/0 divides by zero"),
        ("NOSUCH", "column 12: NOSUCH is not defined; put it before a card or define it by EQU"),
        ("TOOLONG", "column 12: TOOLONG has 7 characters, a symbol has at most six; shorten it"),
        ("AB$C", "column 12: AB$C: a heading is one character before the $"),
        ("=5", "column 12: =5 is no symbol, and SAP has no literals; define 5 by DEC or OCT"),
        ("1234567", "column 12: 1234567 is too long; an integer has up to six digits"),
    ],
)
def test_a_wrong_variable_field_is_told_with_its_column(field, said):
    (error,) = complaints(f"       CLA {field}\n       END")
    assert error.startswith(f"card 1, {said}")


# symbols and headings


def test_a_symbol_may_be_used_before_it_is_defined():
    assert words("       CLA LATER\nLATER  DEC 7\n       END") == [0o050000000001, 7]


def test_a_symbol_defined_twice_is_told_with_both_cards():
    (error,) = complaints("A      PZE\nB      PZE\nA      PZE\n       END")
    assert error == "card 3, column 1: A is defined on card 1 too; rename one of them"


def test_a_symbol_needs_a_character_that_is_no_digit():
    assert addresses("8.5", setting="8.5    EQU 3\n") == [3]
    assert complaints("1234.  EQU 3\n1=2    EQU 4\n       END") == [
        "card 2, column 1: 1=2 is no symbol; one character at least must be no digit"
    ]


def test_leading_zeros_of_a_symbol_count_for_nothing():
    assert addresses("X", "00X", setting="0X     EQU 9\n") == [9, 9]


def test_headings_keep_symbols_apart():
    source = """
X      EQU 1
A      HED
X      EQU 2
       PZE X,,B$X
       HED B
X      EQU 3
       PZE X,,A$X
       PZE $X,,LONGER
       HED
       PZE X
LONGER EQU 4
       END"""
    assembly = assemble(source).checked()
    assert [(w & 0o77777, w >> 18) for w in assembly.words.values()] == [
        (2, 3),
        (3, 2),
        (1, 4),
        (1, 0),
    ]
    assert assembly.symbols == {"X": 1, "A$X": 2, "B$X": 3, "LONGER": 4}


# pseudo-operations


def test_equ_and_syn_define_symbols():
    assert words("N      EQU 5\nM      SYN N*2\n       PZE N,,M\n       END") == [0o000012000005]


def test_equ_must_know_its_symbols_by_then():
    (error,) = complaints("N      EQU LATER\nLATER  EQU 1\n       END")
    assert error.startswith("card 1, column 12: LATER is not defined before this card; EQU needs")


def test_bss_names_the_first_word_and_bes_the_one_after_the_block():
    # from the listing UA SAP makes of its own source
    source = "       ORG 1231\nPUSST  BSS 3\nCHAR   BES 6\n       PZE CHAR\n       END"
    assembly = assemble(source).checked()
    assert assembly.symbols == {"PUSST": 0o2317, "CHAR": 0o2330}
    assert assembly.words == {0o2330: 0o2330}


def test_dec_takes_integers_floating_and_scaled_numbers():
    assert words("       DEC 42,-1.5,6E2,1.5B17,1.,.5,-.25,,-0\n       END") == [
        42, 0o601600000000, 0o212454000000, 0o000001400000, 0o201400000000, 0o200400000000,
        0o577400000000, 0, 0o400000000000,
    ]  # fmt: skip


def test_oct_takes_up_to_twelve_digits_and_a_sign():
    assert words("       OCT 777777777777,-1,+7,-377777777777\n       END") == [
        0o777777777777, 0o400000000001, 7, 0o777777777777,
    ]  # fmt: skip


def test_bcd_takes_as_many_words_as_its_digit_says_or_ten():
    assert words("       BCD 2000END000FIN\n       END") == [0o000000254524, 0o000000263145]
    made = words("       BCD  HELLO\n       END")
    assert made == [0o302543434660] + [0o606060606060] * 9


def test_rep_repeats_words_at_their_new_places():
    source = "       DEC 1\nA      PZE *\n       DEC 2,3\n       REP 3,2\n       PZE A\n       END"
    assert words(source) == [1, 1, 2, 3, 4, 2, 3, 7, 2, 3, 1]


def test_rep_counts_words_not_cards():
    (error,) = complaints("       DEC 2,3\n       REP 1,2\n       END")
    assert "the words to repeat begin in the middle of a card" in error
    (error,) = complaints("       DEC 2\n       ORG 5\n       REP 1,2\n       END")
    assert "the words to repeat are not there" in error


def test_def_gives_places_to_the_symbols_left():
    assembly = assemble("       DEF 1000\n       CLA P\n       ADD Q\n       STO P\n       END")
    assert [word & 0o77777 for word in assembly.checked().words.values()] == [1000, 1001, 1000]
    assert assembly.symbols == {"P": 1000, "Q": 1001}


def test_def_may_be_for_so_many_symbols_only():
    (error,) = complaints("       DEF 1000,1\n       CLA P\n       ADD Q\n       END")
    assert "Q is not defined" in error


def test_loc_counts_on_without_loading_there():
    source = "       ORG 100\n       PZE *\n       LOC 200\nA      PZE *\n       END"
    assembly = assemble(source).checked()
    assert assembly.words == {100: 100, 101: 200}
    assert assembly.symbols == {"A": 200}


def test_a_library_routine_is_brought_in_where_it_is_called_for():
    library = {"SQRT": "SQRT   TRA 1,4\n       END"}
    source = "       TSX SQRT,4\nSQRT   LIB\n       END"
    assert words(source, library=library) == [0o007400400001, 0o002000400001]
    assert words(source.replace("SQRT   LIB", "       LIB SQRT"), library=library)[1]


def test_a_mistake_in_a_library_routine_names_the_routine():
    (error,) = complaints("R      LIB\n       END", library={"R": "       CLA X\n"})
    assert error.startswith("library routine R, card 1, column 12: X is not defined")


def test_a_routine_that_is_not_in_the_library_is_told_with_those_that_are():
    (error,) = complaints("R      LIB\n       END", library={"SQRT": ""})
    assert error == "card 1, column 8: no R in the library; there is SQRT"
    (error,) = complaints("R      LIB\n       END")
    assert error == "card 1, column 8: no R: the library is empty; --library names its folder"


def test_a_library_is_a_folder_of_files(tmp_path):
    (tmp_path / "sqrt.sap").write_text("SQRT   TRA 1,4\n")
    assert list(read_library(tmp_path)) == ["SQRT"]


def test_programs_one_after_the_other_can_share_a_symbol_table():
    source = """
N      EQU 5
       WST 10,1
       END
       RST 10,1
       PZE N
       PZE M
       END
       FIN
       NOT READ"""
    first, second = assemble_all(source)
    assert first.symbols == second.symbols == {"N": 5}
    assert [str(error)[:31] for error in second.errors] == ["card 7, column 12: M is not def"]


def test_cards_after_end_are_no_part_of_the_program():
    (error,) = complaints("       PZE\n       END\n       PZE")
    assert error == "card 3, column 1: END was before it; assemble what follows apart"


def test_a_program_cannot_go_beyond_the_last_location():
    source = "       ORG 32767\n       PZE\n       PZE\n       END"
    assert complaints(source) == [
        "card 3, column 8: it goes beyond location 32767, the last there is"
    ]


# mistakes


def test_all_mistakes_are_told_at_once_and_the_rest_is_assembled():
    source = "       CLA X\n       XXX 5\n       DEC 5,X,7\n       PZE 3\n       END"
    assembly = assemble(source)
    assert [error.card for error in assembly.errors] == [1, 2, 3]
    assert list(assembly.words.values()) == [0o050000000000, 5, 5, 0, 7, 3]


def test_the_first_mistake_and_the_number_of_others_fit_on_one_line():
    with pytest.raises(Mistake, match=r"^p\.sap: card 1, column 12: X is not.* \(and 1 more\)$"):
        assemble("       CLA X\n       XXX 5\n       END").checked("p.sap")


def test_a_quotient_left_in_mq_is_warned_of():
    assembly = assemble("X      DVP X\n       STO X\n       END").checked()
    assert "the quotient is in MQ; STQ stores it" in str(assembly.warnings[0])


def test_source_is_read_from_text_and_from_cards(tmp_path):
    text = "       ORG 5\n       PZE 7\n       END"
    (tmp_path / "a.sap").write_text(text)
    decks.write_deck(tmp_path / "a.cbn", map(cards.from_text, text.split("\n")))
    for name in ("a.sap", "a.cbn"):
        assert assemble(read_source(tmp_path / name)).checked().words == {5: 7}


def test_a_source_that_is_no_text_is_refused(tmp_path):
    (tmp_path / "a.sap").write_bytes(b"  \xff\xfe\n")
    with pytest.raises(Mistake, match="no text"):
        read_source(tmp_path / "a.sap")


FRAGMENTS = """ORG EQU SYN DEC OCT BCD BSS BES REP DEF HED LIB REM END FUL ABS REL LOC TCD OPD WST
    RST CLA TIX RTB SLN A B$C X, , 5 -3 1.5B17 6E99 * ** / + - $ ( 'x' 777777777777 é"""
fragments = st.sampled_from([*FRAGMENTS.split(), "\t", "\n", "\n", "\n"])


@given(st.lists(fragments | st.text(max_size=4), max_size=40), st.sampled_from(["", " ", "      "]))
def test_no_source_is_too_bad_to_be_assembled(pieces, glue):
    source = glue.join(pieces)
    assembly = assemble(source, library={"A": "B      CLA A"})
    assembly.deck()
    assert all(0 <= word < 1 << 36 for word in assembly.words.values())
    assert all(0 <= location < 1 << 15 for location in assembly.words)
    assert all(str(error).isprintable() for error in assembly.errors)
