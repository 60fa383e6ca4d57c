"""Words that are sure to come: the compiled engine copies them without asking the unit for each."""

import pytest
from with_units import CYCLE_NS, MS, machine, run

from machines.ibm704 import Ibm704, Stop
from machines.ibm704.devices import Units, mount_cards, mount_drum, mount_tape
from machines.ibm704.media import cards
from machines.ibm704.media.tapes import record_of
from machines.ibm704.sap import assemble

LOOPS = {
    "drum read": "GO RDR 1\nL CPY D\n TRA L",
    "drum written": "GO WDR 1\nL CPY D\n TRA L",
    "tape read": "GO RTB 1\nL CPY D\n TRA L\n TRA E\n TRA GO\nE REW 1\n TRA GO",
    "tape written": "GO REW 1\n WTB 1\n LXA N,1\nL CPY D\n TIX L,1,1\n TRA GO",
    "cards": "GO RCD\nL CPY D\n TRA L\n HTR *\n TRA GO",
    "lines": "GO WPR\n LXA K,1\nL CPY D\n TIX L,1,1\n TRA GO",
    "points": "GO WTV\nL CPY D\n TRA L",
}


class Counted(Units):
    """Units that count how often they are asked for a word."""

    def __init__(self):
        super().__init__()
        self.asked = 0

    def copy(self, word):
        self.asked += 1
        return super().copy(word)


def at_work(loop, engine="compiled"):
    program = assemble(f" ORG 64\n{loop}\nN PZE 1000\nK PZE 24\nD PZE 7\n END GO").checked()
    made = Ibm704(engine=engine, units=Counted())
    for location, word in program.words.items():
        made.deposit(location, [word])
    mount_cards(made, [cards.from_text("A")] * 50)
    mount_drum(made, 1)
    mount_tape(made, 1, [record_of([1] * 200, binary=True)] * 200)
    for unit in ("printer", "crt"):
        made.operate(f"ibm704.{unit}.attached", 1)
    made.operate("ibm704.register.IC", program.start)
    made.operate("ibm704.console.start")
    return made


@pytest.mark.parametrize("name", LOOPS)
def test_a_program_that_keeps_up_is_given_its_words_without_asking_for_each(name):
    made = at_work(LOOPS[name])
    made.run(8_000 * MS)
    copies = made.account().instructions / 2 - 20
    assert copies > 300
    assert made.units.asked < copies / 5


@pytest.mark.parametrize("engine", ["compiled", "reference"])
def test_a_check_of_a_record_is_seen_when_its_end_has_passed_and_not_before(engine):
    made, _ = machine(
        """
       ORG 64
START  RTB 1
       CPY D
       CPY D
WAIT   TXI *+1,1,1        XR A COUNTS TURNS OF 10 CYCLES
       NOP
       NOP
       RTT
       HPR                TAPE CHECK
       TRA WAIT
D      PZE
       END START""",
        engine,
    )
    even = record_of([1, 2], binary=False)
    mount_tape(made, 1, [even])
    ended_ns = 40 * MS + 2 * 400_000 + 336_000  # load point, two words, and the end
    run(made)
    turns = made.number("ibm704.register.XRA")
    # the second copy is over 24 us after its word; RTT comes 72 us into a turn of 120 us
    assert turns == 1 + -(-(336_000 - 24_000 - 6 * CYCLE_NS) // (10 * CYCLE_NS))
    assert ended_ns < made.now_ns < ended_ns + 20 * CYCLE_NS


def test_a_word_that_is_watched_stops_the_machine_in_the_middle_of_a_record():
    made = at_work(LOOPS["drum read"])
    made.operate("ibm704.control.mark", {"at": 69, "mark": 2})  # D
    made.run_to_stop(100 * MS)
    assert made.stop == Stop.WATCH
    assert made.account().instructions == 2, "the select and the first copy"


@pytest.mark.parametrize("engine", ["compiled", "reference"])
def test_a_select_after_one_word_waits_for_the_end_of_the_record(engine):
    made, _ = machine(
        "       ORG 64\nSTART  RTB 1\n       CPY 0\n       WTB 2\n       HPR\n       END START",
        engine,
    )
    mount_tape(made, 1, [record_of([1] * 500, binary=True)])
    mount_tape(made, 2)
    run(made)
    assert made.now_ns == 40 * MS + 500 * 400_000 + 336_000 + 4 * CYCLE_NS
