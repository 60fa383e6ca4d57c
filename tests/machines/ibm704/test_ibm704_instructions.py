"""What instructions do, on both engines: the corners a user of 1956 knew."""

import pytest
from programs_704 import HPR, SIGN, loaded, op, started

from machines.ibm704 import Stop

pytestmark = pytest.mark.parametrize("engine", ["reference", "compiled"])
P, Q, AC_SIGN = 1 << 35, 1 << 36, 1 << 37


def ac(machine):
    return machine.number("ibm704.register.AC")


def xr(machine, name):
    return machine.number(f"ibm704.register.XR{name}")


# loading and storing


def test_cls_of_plus_zero_gives_minus_zero(engine):
    assert ac(started(engine, [op("CLS", 0o200), HPR])) == AC_SIGN


def test_cal_takes_the_sign_as_a_bit_and_slw_puts_it_back(engine):
    machine = started(
        engine, [op("CAL", 0o200), op("SLW", 0o201), HPR], {"AC": AC_SIGN | Q}, {0o200: ["-5"]}
    )
    assert ac(machine) == P | 5
    assert machine.examine(0o201) == SIGN | 5


@pytest.mark.parametrize(
    ("store", "kept"),
    [
        ("STO", "000000000000"), ("STP", "077777777777"), ("STD", "700000777777"),
        ("STA", "777777700000"), ("STZ", "000000000000"), ("SLW", "000000000000"),
    ],
)  # fmt: skip
def test_partial_stores_keep_the_rest_of_the_word(engine, store, kept):
    machine = started(engine, [op(store, 0o200), HPR], {}, {0o200: ["777777777777"]})
    assert machine.examine(0o200) == int(kept, 8)


def test_slq_stores_the_left_half_of_mq(engine):
    data = {0o200: ["123456777777"]}
    machine = started(engine, [op("SLQ", 0o200), HPR], {"MQ": 0o765432101234}, data)
    assert machine.examine(0o200) == 0o765432777777


def test_stp_takes_p_not_the_sign(engine):
    machine = started(engine, [op("STP", 0o200), HPR], {"AC": AC_SIGN | 3 << 33})
    assert machine.examine(0o200) == 0o300000000000


# index registers


def test_an_index_register_is_subtracted(engine):
    machine = started(engine, [op("CLA", 0o210, 1), HPR], {"XRA": 8}, {0o200: [42]})
    assert ac(machine) == 42


def test_several_tags_mean_the_or_of_the_registers(engine):
    registers = {"XRA": 0b0101, "XRB": 0b0110}
    machine = started(engine, [op("CLA", 0o207, 3), HPR], registers, {0o200: [42]})
    assert ac(machine) == 42


def test_an_address_goes_around_the_end_of_storage(engine):
    machine = started(engine, [op("CLA", 3, 4), HPR], {"XRC": 5}, {0o7776: [42]})
    assert ac(machine) == 42


def test_address_bits_the_storage_does_not_need_are_not_looked_at(engine):
    machine = started(engine, [op("CLA", 0o70200), HPR], {}, {0o200: [42]})
    assert ac(machine) == 42


def test_loading_two_tagged_registers_loads_both_and_storing_them_leaves_their_or(engine):
    program = [op("LXA", 0o200, 5), op("SXD", 0o201, 6), HPR]
    machine = started(engine, program, {"XRB": 0o2}, {0o200: [0o25]})
    assert (xr(machine, "A"), xr(machine, "B"), xr(machine, "C")) == (0o25, 0o27, 0o27)
    assert machine.examine(0o201) == 0o27 << 18


def test_pxd_clears_the_accumulator_and_pax_and_pdx_read_it(engine):
    program = [op("PXD", 0, 1), op("PDX", 0, 2), op("PAX", 0, 4), HPR]
    machine = started(engine, program, {"AC": (1 << 38) - 1, "XRA": 0o1234})
    assert ac(machine) == 0o1234 << 18
    assert (xr(machine, "B"), xr(machine, "C")) == (0o1234, 0)


def test_tix_counts_down_while_the_register_exceeds_the_decrement(engine):
    program = [op("LXA", 0o200, 1), op("ADD", 0o201), op("TIX", 0o101, 1, 1), HPR]
    machine = started(engine, program, {}, {0o200: [10, 1]})
    assert ac(machine) == 10
    assert xr(machine, "A") == 1, "it does not go to zero"


@pytest.mark.parametrize(
    ("mnemonic", "register", "goes", "left"),
    [
        ("TIX", 6, True, 1), ("TIX", 5, False, 5), ("TNX", 6, False, 1), ("TNX", 5, True, 5),
        ("TXH", 6, True, 6), ("TXH", 5, False, 5), ("TXL", 6, False, 6), ("TXL", 5, True, 5),
        ("TXI", 5, True, 10), ("TXI", 0o7777, True, 4),
    ],
)  # fmt: skip
def test_index_transfers(engine, mnemonic, register, goes, left):
    machine = started(engine, [op(mnemonic, 0o110, 2, 5), HPR], {"XRB": register})
    assert machine.number("ibm704.control.stopped_at") == (0o110 if goes else 0o101)
    assert xr(machine, "B") == left


def test_without_a_tag_tix_never_goes_and_txl_always(engine):
    assert started(engine, [op("TIX", 0o110), HPR]).number("ibm704.control.stopped_at") == 0o101
    assert started(engine, [op("TXL", 0o110), HPR]).number("ibm704.control.stopped_at") == 0o110


def test_tsx_leaves_the_complement_of_its_place_so_that_tra_1_returns_behind_it(engine):
    program = [op("TSX", 0o110, 4), HPR]
    machine = started(engine, program, {}, {0o110: [op("TRA", 1, 4)]})
    assert xr(machine, "C") == 4096 - 0o100
    assert machine.number("ibm704.control.stopped_at") == 0o101


def test_a_shift_count_can_be_indexed(engine):
    machine = started(engine, [op("ALS", 5, 1), HPR], {"AC": 1, "XRA": 2})
    assert ac(machine) == 8


# transfers and comparisons


@pytest.mark.parametrize(
    ("mnemonic", "value", "goes"),
    [
        ("TZE", AC_SIGN, True), ("TZE", Q, False), ("TNZ", Q, True), ("TNZ", AC_SIGN, False),
        ("TPL", 0, True), ("TPL", AC_SIGN, False), ("TMI", AC_SIGN, True), ("TRA", 0, True),
    ],
)  # fmt: skip
def test_transfers_look_at_sign_and_magnitude_by_themselves(engine, mnemonic, value, goes):
    machine = started(engine, [op(mnemonic, 0o110), HPR], {"AC": value})
    assert machine.number("ibm704.control.stopped_at") == (0o110 if goes else 0o101)


@pytest.mark.parametrize(
    ("left", "right", "skips"),
    [
        (1, 0, 0), (0, 0, 1), (0, 1, 2), (0, SIGN, 0), (AC_SIGN, 0, 2), (AC_SIGN | 1, SIGN, 2),
        (AC_SIGN | 1, SIGN | 1, 1), (P | 1, 1, 0), (AC_SIGN | Q, SIGN | 1, 2),
    ],
)  # fmt: skip
def test_cas_compares_with_sign_and_finds_plus_zero_above_minus_zero(engine, left, right, skips):
    program = [op("CAS", 0o200), HPR, HPR, HPR]
    machine = started(engine, program, {"AC": left}, {0o200: [right]})
    assert machine.number("ibm704.control.stopped_at") == 0o101 + skips


@pytest.mark.parametrize(
    ("mq", "accumulator", "goes"),
    [
        (0, 1, True), (1, 1, False), (SIGN, 0, True), (0, AC_SIGN, False), (SIGN | 2, AC_SIGN | 1,
        True), (SIGN | 1, AC_SIGN | 2, False), ((1 << 35) - 1, P, True),
    ],
)  # fmt: skip
def test_tlq_transfers_if_mq_is_less(engine, mq, accumulator, goes):
    machine = started(engine, [op("TLQ", 0o110), HPR], {"AC": accumulator, "MQ": mq})
    assert machine.number("ibm704.control.stopped_at") == (0o110 if goes else 0o101)


def test_tov_turns_the_light_off_and_transfers(engine):
    program = [op("ALS", 1), op("TOV", 0o105), HPR, HPR, HPR, op("TOV", 0o110), HPR]
    machine = started(engine, program, {"AC": 1 << 34})
    assert machine.number("ibm704.control.stopped_at") == 0o106
    assert machine.number("ibm704.indicator.ac_overflow") == 0


def test_a_bit_that_only_leaves_p_is_no_overflow(engine):
    machine = started(engine, [op("ALS", 1), HPR], {"AC": P})
    assert ac(machine) == Q
    assert machine.number("ibm704.indicator.ac_overflow") == 0


def test_skips_by_bits_lights_and_switches(engine):
    program = [
        op("SLN", 3), op("SLT", 3), HPR, op("SLT", 3), op("SWT", 2), HPR, op("LBT"), HPR,
        op("PBT"), HPR, HPR,
    ]  # fmt: skip
    machine = loaded(engine, program, {"AC": P | 1})
    machine.operate("ibm704.sense.switch2", 1)
    machine.operate("ibm704.console.start")
    machine.run_to_stop(10**9)
    assert machine.number("ibm704.control.stopped_at") == 0o112
    assert machine.rack("ibm704.sense.light").tolist() == [0, 0, 0, 0]


def test_divide_check_is_tested_and_turned_off_by_dct(engine):
    program = [op("DVP", 0o200), op("DCT"), op("DCT"), HPR, HPR]
    machine = started(engine, program, {"AC": AC_SIGN | 7, "MQ": 5})
    assert machine.number("ibm704.control.stopped_at") == 0o104, "on: next; off: skip"
    assert ac(machine) == AC_SIGN | 7, "the dividend stays"
    assert machine.number("ibm704.register.MQ") == SIGN | 5, "but for the sign of MQ"


# trapping


def test_while_trapping_a_transfer_leaves_its_place_and_goes_to_one(engine):
    program = [op("ETM"), op("TZE", 0o110), HPR]
    machine = started(engine, program, {}, {0: ["123456712345", HPR]})
    assert machine.number("ibm704.control.stopped_at") == 1
    assert machine.examine(0) == 0o123456700101, "only the address part of location 0 changes"
    assert machine.number("ibm704.indicator.trapping") == 1


def test_while_trapping_even_a_transfer_that_does_not_happen_leaves_its_place(engine):
    machine = started(engine, [op("ETM"), op("TNZ", 0o110), op("LTM"), HPR])
    assert machine.examine(0) == 0o101
    assert machine.number("ibm704.control.stopped_at") == 0o103
    assert machine.number("ibm704.indicator.trapping") == 0


def test_while_trapping_index_registers_change_as_usual_and_ttr_is_immune(engine):
    program = [op("ETM"), op("TTR", 0o104), HPR, HPR, op("TIX", 0o110, 1, 2), HPR]
    machine = started(engine, program, {"XRA": 5}, {1: [HPR]})
    assert machine.number("ibm704.control.stopped_at") == 1
    assert machine.examine(0) == 0o104
    assert xr(machine, "A") == 3


# time


def test_a_program_modifies_itself_between_two_instructions(engine):
    program = [op("CLA", 0o200), op("STO", 0o102), HPR, HPR]
    machine = started(engine, program, {}, {0o200: [op("NOP")]})
    assert machine.number("ibm704.control.stopped_at") == 0o103


@pytest.mark.parametrize(
    ("instruction", "cycles"),
    [
        (op("CLA", 0o200), 2), (op("ANA", 0o200), 3), (op("ANS", 0o200), 4), (op("CAS", 0o200), 3),
        (op("MPY", 0o200), 20), (op("DVP", 0o201), 20), (op("FMP", 0o200), 17),
        (op("FDP", 0o201), 18), (op("FAD", 0o200), 7), (op("UFA", 0o200), 6), (op("STA", 0o200), 3),
        (op("LRS", 35), 4), (op("LLS", 0), 2), (op("RQL", 255), 23), (op("NOP"), 2),
    ],
)  # fmt: skip
def test_an_instruction_takes_its_cycles_of_12_microseconds(engine, instruction, cycles):
    machine = started(engine, [instruction, HPR, HPR, HPR], {}, {0o201: ["201400000000"]})
    assert machine.number("ibm704.control.cycles") == cycles + 2
    assert machine.now_ns == (cycles + 2) * 12_000


def test_undefined_operations_may_be_made_to_do_nothing(engine):
    machine = started(engine, ["077400100005", HPR], undefined_stops=0)
    assert machine.stop == Stop.HALT
    assert machine.number("ibm704.control.cycles") == 4
    assert xr(machine, "A") == 0, "there is no AXT"
