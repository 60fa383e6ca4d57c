"""The library of subroutines as a whole: its files, its headings and its page."""

import re
from pathlib import Path

import pytest
from library_704 import ROUTINES, libs

from machines.ibm704.media import codes
from machines.ibm704.routines import FOLDER, renew, routine_of, routines, standard_library
from machines.ibm704.sap import assemble
from simulator.errors import Mistake

PAGE = Path(__file__).parents[3] / "docs" / "ibm704_library.md"
every = pytest.mark.parametrize("name", sorted(ROUTINES))


def test_the_library_has_what_the_learning_rules_need():
    wanted = "SQRT EXP LOG LOGIS TANH ATAN RELU SOFTM RAND DOT VADDS MATV CARD PRINT REFUS TEN"
    assert set(ROUTINES) == set(wanted.split())


@every
def test_a_routine_is_cards_that_a_704_could_read_and_print(name):
    lines = (FOLDER / f"{name.lower()}.sap").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if len(line) > 72 or not set(line) <= codes.PRINTED] == []


@every
def test_a_routine_assembles_with_what_it_needs_and_takes_the_core_it_says(name):
    source = f"       ORG 100\n       LIB {name}\nBEHIND SYN *\n"
    source += libs(name).partition("\n")[2] + "       END\n"
    program = assemble(source, library=standard_library()).checked()
    assert program.warnings == ()
    assert ROUTINES[name].core.startswith(f"{program.symbols['BEHIND'] - 100} WORDS")
    assert set(ROUTINES[name].entries) <= set(program.symbols)


@every
def test_a_routine_needs_what_it_says_and_nothing_else(name):
    needs = ROUTINES[name].needs
    for left_out in needs:
        rest = [need for need in needs if need != left_out]
        source = "".join(f"       LIB {one}\n" for one in [name, *rest]) + "       END\n"
        assert assemble(source, library=standard_library()).errors, left_out


@every
def test_symbols_of_a_routine_do_not_meet_those_of_a_program(name):
    entries = set(ROUTINES[name].entries)
    source = f"       ORG 100\n{libs(name)}       END\n"
    plain = {one for one in assemble(source, library=standard_library()).symbols if "$" not in one}
    shared = {"TENE", "TENK", "CARDW", "CARDN", "CARDC", "CARDK", "RANDX"}
    every_entry = entries.union(*(ROUTINES[need].entries for need in ROUTINES[name].needs))
    assert plain <= every_entry | shared


def test_all_routines_go_into_one_program():
    source = "       ORG 100\nX      EQU 1\n" + "".join(f"       LIB {n}\n" for n in ROUTINES)
    assert assemble(source + "       END\n", library=standard_library()).checked().words


def test_the_table_of_the_page_is_made_from_the_headings():
    page = PAGE.read_text(encoding="utf-8")
    assert renew(page) == page, f"python -m machines.ibm704.routines docs/{PAGE.name}"


def test_a_page_without_markers_is_refused():
    with pytest.raises(Mistake, match="put them in"):
        renew("no table")


def test_calling_sequences_are_read_from_the_heading():
    exp = routines()["EXP"]
    assert exp.title == "EXPONENTIAL"
    assert exp.calls == (
        (
            "X IN THE ACCUMULATOR, FLOATING POINT",
            "TSX EXP,4",
            "(SPILL, THE RESULT IS TOO LARGE)",
            "(RETURN, RESULT IN THE ACCUMULATOR)",
        ),
    )
    assert routines()["CARD"].entries == ("CARDF", "CARDI", "CARDT")


def test_a_heading_that_says_too_little_is_refused():
    with pytest.raises(Mistake, match="R: its remarks lack DOMAIN, ERROR, CYCLES"):
        routine_of("       REM  R       A ROUTINE\n       REM  CALL    TSX R,4\nR      TRA 1,4\n")


def test_a_routine_of_ones_own_comes_before_that_of_the_library(tmp_path):
    (tmp_path / "exp.sap").write_text("EXP    TRA 2,4\n")
    own = standard_library(tmp_path)
    assert own["EXP"] == "EXP    TRA 2,4\n"
    assert own["SQRT"] == standard_library()["SQRT"]


def test_every_routine_is_on_the_page_under_its_name():
    rows = re.findall(r"^\| `(\w+)` \|", PAGE.read_text(encoding="utf-8"), re.M)
    assert rows == sorted(ROUTINES)
