"""The operator's console: lever, keys, switches and their interlocks, on both engines."""

import pytest
from programs_704 import HPR, SIGN, loaded, op, small

from machines.ibm704 import Stop
from machines.ibm704.input_output import Answer, NothingAttached, Reply
from simulator.errors import Mistake
from simulator.state import diff

pytestmark = pytest.mark.parametrize("engine", ["reference", "compiled"])
LOOP = [op("TXI", 0o100, 1, 1)]


def press(machine, *keys):
    for key in keys:
        machine.operate(f"ibm704.console.{key}")


def on_manual(machine):
    machine.operate("ibm704.console.lever", "manual")
    return machine


def test_the_lever_stops_a_running_machine_after_the_current_instruction(engine):
    machine = loaded(engine, LOOP)
    press(machine, "start")
    machine.run(1_000_000)
    on_manual(machine)
    assert machine.stop == Stop.MANUAL
    count = machine.account().instructions
    assert count == 1_000_000 // 24_000 + 1
    machine.run(2_000_000)
    assert machine.account().instructions == count
    machine.operate("ibm704.console.lever", "automatic")
    assert machine.stop == Stop.MANUAL, "it waits for the start key"
    press(machine, "start")
    machine.run(3_000_000)
    assert machine.account().instructions > count


def test_the_single_step_key_does_one_instruction(engine):
    machine = on_manual(loaded(engine, [op("CLA", 0o200), op("ADD", 0o200), HPR], {}, {0o200: [7]}))
    assert machine.step() == 24_000
    assert machine.stop == Stop.STEP
    assert machine.number("ibm704.register.IC") == 0o101
    machine.step()
    assert machine.number("ibm704.register.AC") == 14
    machine.step()
    assert machine.stop == Stop.HALT
    assert machine.now_ns == 72_000


def test_the_multiple_step_key_goes_on_slowly_while_it_is_held(engine):
    machine = on_manual(loaded(engine, LOOP))
    machine.operate("ibm704.console.multiple_step", 1)
    machine.run(1_050_000_000)
    assert machine.account().instructions == 11, "one at once, then one every 100 ms"
    machine.operate("ibm704.console.multiple_step", 0)
    assert machine.stop == Stop.MANUAL
    machine.run(2_000_000_000)
    assert machine.account().instructions == 11


@pytest.mark.parametrize(
    "key",
    ["single_step", "enter_mq", "enter_instruction", "display_storage",
     "display_effective_address", "display_A"],
)  # fmt: skip
def test_on_automatic_the_keys_for_manual_are_dead(engine, key):
    machine = small(engine)
    before = machine.snapshot()
    with pytest.raises(Mistake, match="works on manual only"):
        press(machine, key)
    assert diff(before, machine.snapshot()) == []


@pytest.mark.parametrize("key", ["start", "clear", "load_cards", "load_tape", "load_drum"])
def test_on_manual_the_keys_for_automatic_are_dead(engine, key):
    with pytest.raises(Mistake, match="works on automatic only"):
        press(on_manual(small(engine)), key)


def test_a_running_machine_takes_no_start(engine):
    machine = loaded(engine, LOOP)
    press(machine, "start")
    with pytest.raises(Mistake, match="the machine is running"):
        press(machine, "start")


def test_words_are_entered_into_mq_by_the_switches(engine):
    machine = on_manual(small(engine))
    machine.operate("ibm704.console.entry", "-0 00000 0 00017")
    press(machine, "enter_mq")
    assert machine.number("ibm704.register.MQ") == SIGN | 0o17


def test_an_instruction_is_executed_from_the_switches_and_the_counter_stays(engine):
    machine = on_manual(loaded(engine, LOOP, {"AC": 5}))
    machine.operate("ibm704.console.entry", op("STO", 0o200))
    press(machine, "enter_instruction")
    assert machine.stop == Stop.STEP
    assert machine.examine(0o200) == 5
    assert machine.number("ibm704.register.IC") == 0o100
    assert machine.number("ibm704.register.IR") == 0o060100
    machine.run(machine.now_ns + 24_000)
    machine.operate("ibm704.console.entry", op("TRA", 0o300))
    press(machine, "enter_instruction")
    assert machine.number("ibm704.register.IC") == 0o300


def test_storage_and_effective_address_are_displayed_in_the_storage_register(engine):
    machine = on_manual(loaded(engine, LOOP, {"XRA": 3}, {0o200: [op("CLA", 0o345, 1)]}))
    machine.operate("ibm704.console.entry", 0o200)
    press(machine, "display_storage")
    assert machine.number("ibm704.register.SR") == op("CLA", 0o345, 1)
    press(machine, "display_effective_address")
    assert machine.number("ibm704.register.SR") == op("CLA", 0o342, 1)


def test_an_index_register_on_display_blocks_the_effective_address_until_the_lever_moves(engine):
    machine = on_manual(loaded(engine, LOOP, {"XRB": 0o1234}))
    press(machine, "display_B")
    assert machine.number("ibm704.console.index") == 0o1234
    with pytest.raises(Mistake, match="move the lever to automatic and back"):
        press(machine, "display_effective_address")
    machine.operate("ibm704.console.lever", 1)
    on_manual(machine)
    assert machine.number("ibm704.console.index") == 0
    press(machine, "display_effective_address")


def test_reset_clears_registers_and_indicators_and_leaves_storage(engine):
    machine = loaded(engine, [op("ETM"), op("ALS", 35), op("SLN", 1), HPR], {"AC": 1, "XRA": 5})
    press(machine, "start")
    machine.run_to_stop(10**9)
    assert machine.number("ibm704.indicator.ac_overflow") == 1
    press(machine, "reset")
    assert machine.stop == Stop.IDLE
    for path in ("register.AC", "register.XRA", "register.IC", "indicator.ac_overflow",
                 "indicator.trapping", "sense.light[1]"):  # fmt: skip
        assert machine.number(f"ibm704.{path}") == 0, path
    assert machine.examine(0o103) == int(HPR, 8)
    press(machine, "clear")
    assert not machine.rack("ibm704.core.word").any()


def test_after_a_halt_and_transfer_the_counter_shows_where_start_goes_on(engine):
    machine = loaded(engine, [op("HTR", 0o300)], {}, {0o300: [HPR]})
    press(machine, "start")
    machine.run_to_stop(10**9)
    assert machine.why() == "halted at 00100"
    assert machine.number("ibm704.register.IC") == 0o300
    press(machine, "start")
    machine.run_to_stop(10**9)
    assert machine.why() == "halted at 00300"


class OneCard(NothingAttached):
    """A reader with one card of words; the first is ready after 40 ms."""

    def __init__(self, *words):
        self.words = list(words)
        self.asked = 0

    def select(self, name, unit):
        assert (name, unit) == ("RDS", 0o321)
        return Reply()

    def copy(self, word):
        self.asked += 1
        if self.asked == 1:
            return Reply(Answer.WAIT, again_ns=40_000_000)
        return Reply(word=self.words.pop(0), read=True) if self.words else Reply(skip=2)


def test_the_load_key_copies_two_words_and_starts_at_zero(engine):
    reader = OneCard(op("CPY", 2), op("TRA", 0), int(HPR, 8))
    machine = loaded(engine, LOOP, {"MQ": 7}, units=reader)
    press(machine, "load_cards")
    machine.run(39_000_000)
    assert machine.number("ibm704.control.waiting") == 1
    machine.run_to_stop(10**9)
    assert machine.why() == "halted at 00003", "the end of the record skips two"
    assert machine.examine(0) == op("CPY", 2)
    assert machine.number("ibm704.register.MQ") == int(HPR, 8)
    # from the first word on: two copies by the key; then CPY, TRA, CPY, HTR
    assert machine.account().instructions == 4
    assert machine.now_ns == 40_000_000 + 6 * 24_000


def test_a_load_key_without_a_reader_says_so(engine):
    machine = small(engine)
    press(machine, "load_cards")
    assert machine.stop == Stop.NOT_ATTACHED
    assert machine.why() == "unit 00321, wanted by a load key, is not attached at 00000"


def test_a_waiting_machine_finishes_its_instruction_before_the_lever_stops_it(engine):
    reader = OneCard(5)
    machine = loaded(engine, [op("CPY", 0o200), HPR], units=reader)
    press(machine, "start")
    machine.run(1_000_000)
    on_manual(machine)
    assert machine.stop == Stop.RUNNING
    machine.run_to_stop(10**9)
    assert machine.stop == Stop.MANUAL
    assert machine.examine(0o200) == 5
    assert machine.number("ibm704.register.IC") == 0o101
