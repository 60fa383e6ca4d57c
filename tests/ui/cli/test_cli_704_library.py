"""The library of subroutines by the commands of the 704."""

from pathlib import Path

PROGRAM = """       ORG 64
GO     CLA X
       TSX SQRT,4
       HTR *
       TSX PUTF,4
       TSX PRINT,4
       IOD
       HTR *
X      DEC 2.
       LIB SQRT
       LIB PRINT
       LIB TEN
       END GO
"""


def test_a_program_finds_the_library_when_it_is_run(run):
    Path("p.sap").write_text(PROGRAM)
    ran = run("704", "run", "p.sap")
    assert ran.status == 0
    assert ran.out.startswith(" 1.4142136\nhalted at")


def test_a_program_is_assembled_with_the_library_into_a_deck_that_runs(run):
    Path("p.sap").write_text(PROGRAM)
    assert run("704", "assemble", "p.sap", "-o", "p.cbn", "--listing", "p.lst").status == 0
    assert "SQRT" in Path("p.lst").read_text()
    assert run("704", "run", "p.cbn").out.startswith(" 1.4142136\n")


def test_own_routines_come_before_those_of_the_library(run):
    Path("own").mkdir()
    Path("own/sqrt.sap").write_text("SQRT   TRA 2,4\n")
    Path("p.sap").write_text(PROGRAM)
    run("704", "assemble", "p.sap", "--library", "own", "-o", "p.cbn")
    assert run("704", "run", "p.cbn").out.startswith(" 2.0000000\n")


def test_a_routine_that_is_missing_is_told_with_those_there_are(run):
    Path("p.sap").write_text("       ORG 64\nGO     HTR *\n       LIB SINE\n       END GO\n")
    ran = run("704", "run", "p.sap")
    assert ran.status == 2
    assert "no SINE in the library; there is ATAN, CARD, DOT" in ran.said


def test_the_debugger_knows_the_symbols_of_a_routine(run, monkeypatch):
    import io

    Path("p.sap").write_text(PROGRAM)
    monkeypatch.setattr("sys.stdin", io.StringIO("break SQRT\ngo\nprint Q$X\nquit\n"))
    ran = run("704", "debug", "p.sap")
    assert ran.status == 0
    assert "SQRT" in ran.out
