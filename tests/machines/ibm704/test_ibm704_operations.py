"""The table of operations."""

import pytest

from machines.ibm704.operations import (
    BY_MNEMONIC,
    EXTENDED,
    MSE,
    OPERATIONS,
    PSE,
    TAPE,
    find,
    signed,
)
from simulator.pedigree import Evidence


def test_there_are_the_95_operations_of_the_704_each_named_once():
    assert len(OPERATIONS) == 95
    assert len(BY_MNEMONIC) == len(OPERATIONS) + len(EXTENDED)
    assert all(len(operation.mnemonic) == 3 for operation in OPERATIONS)


def test_every_operation_is_found_by_its_code():
    for operation in OPERATIONS:
        addresses = [0o1234] if operation.first < 0 else [operation.first]
        if operation.units:
            addresses = [operation.first + n for n in range(1, operation.units + 1)]
        for address in addresses:
            assert find(operation.code << 24 | address) is operation


def test_a_code_is_written_as_in_the_manual():
    assert signed(BY_MNEMONIC["CLA"].code) == "+0500"
    assert signed(BY_MNEMONIC["CAL"].code) == "-0500"
    assert signed(BY_MNEMONIC["TNX"].code) == "-2000"
    assert (signed(PSE), signed(MSE)) == ("+0760", "-0760")


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("LAS", "434000000000"), ("LAC", "053500000000"), ("SXA", "063400000000"),
        ("STT", "062500000000"), ("XCA", "013100000000"), ("XEC", "052200000000"),
        ("ERA", "032200000000"), ("ZET", "052000000000"), ("AXT", "077400000000"),
        ("PAC", "073700000000"), ("LGR", "476500000000"), ("STR", "500000000000"),
        ("PXA", "075400000000"), ("ENK", "076000000004"), ("IOT", "076000000005"),
        ("FRN", "076000000011"), ("TCOA", "006000000000"), ("RCHA", "054000000000"),
    ],
)  # fmt: skip
def test_operations_of_the_709_do_not_exist(name, word):
    assert find(int(word, 8)) is None, name


def test_every_cycle_count_says_how_we_know_it():
    for operation in OPERATIONS:
        assert operation.source
        assert 2 <= operation.cycles <= operation.most
    documented = {o.mnemonic for o in OPERATIONS if o.evidence is Evidence.DOCUMENTED}
    assert {"CLA", "MPY", "FMP", "FDH", "ANA", "TRA", "NOP"} <= documented
    assert BY_MNEMONIC["CAS"].evidence is Evidence.ASSUMED


def test_a_dot_product_step_takes_the_30_cycles_of_the_literature():
    step = ["LDQ", "FMP", "FAD", "STO", "TIX"]
    assert sum(BY_MNEMONIC[mnemonic].cycles for mnemonic in step) == 30


def test_what_cannot_be_indexed_is_type_a_and_the_operations_with_bits_8_and_9():
    for operation in OPERATIONS:
        expected = operation.form == "B" and operation.code >> 2 & 3 != 3
        assert operation.indexable == expected, operation.mnemonic


def test_selects_have_the_unit_addresses_of_the_manual():
    assert BY_MNEMONIC["RTB"].first + 1 == 0o221 == TAPE + 1
    assert BY_MNEMONIC["RTD"].first + BY_MNEMONIC["RTD"].units == 0o212
    assert (BY_MNEMONIC["RCD"].first, BY_MNEMONIC["WPU"].first) == (0o321, 0o341)
