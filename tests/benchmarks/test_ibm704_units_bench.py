"""How fast programs run that wait for the 704's units, against the reference engine.

Each program keeps one unit busy without end. Its speed is told in times real time: seconds of the
machine for a second here. The reference engine asks the unit about every word, the compiled one has
words foretold; both must have done the same by the time the shorter of the two runs ends. Nothing
here asserts a time.
"""

import statistics
import time

import pytest

from machines.ibm704 import Ibm704, Stop
from machines.ibm704.devices import Units, mount_cards, mount_drum, mount_tape
from machines.ibm704.media import cards, tapes
from machines.ibm704.sap import assemble
from simulator.state import diff

pytestmark = pytest.mark.benchmark

SECOND_NS = 10**9
RUNS = 3

COPIES = """
       ORG 64
GO     {select}
       LXA COUNT,1
       CPY DATA+{count},1
       TIX *-1,1,1
       {after}
       TRA GO
       TRA GO
COUNT  PZE {count}
ORIGIN PZE 0
DATA   OCT 400000000000
       BSS {count}
       END GO
"""
# select, words, what comes after; seconds of the machine on the reference engine, on the compiled
PROGRAMS = {
    "drum": ("RDR 1\n       LDA ORIGIN", 2048, "NOP", 1, 200),
    "tape, written": ("WTB 1", 200, "REW 1", 4, 400),
    "tape, read": ("RTB 2", 200, "REW 2", 4, 400),
    "CRT": ("WTV", 1024, "CFF", 2, 200),
    "card reader": ("RCD", 24, "NOP", 20, 2_000),
    "printer": ("WPR", 24, "NOP", 20, 2_000),
    "punch": ("WPU", 24, "NOP", 20, 2_000),
}


def started(engine, select, count, after):
    program = assemble(COPIES.format(select=select, count=count, after=after)).checked()
    machine = Ibm704(engine=engine, units=Units())
    for at, word in program.words.items():
        machine.deposit(at, [word])
    for unit in ("printer", "punch", "crt"):
        machine.operate(f"ibm704.{unit}.attached", 1)
    mount_cards(machine, [cards.from_text("HELLO")] * 10_000)
    mount_drum(machine, 1)
    mount_tape(machine, 1)
    mount_tape(machine, 2, [tapes.record_of(range(200), binary=True)])
    machine.operate("ibm704.register.IC", program.start)
    machine.operate("ibm704.console.start")
    return machine


def speed(machine, until_s):
    """Seconds of the machine for a second of this computer, from now until an instant."""
    began_ns, began = machine.now_ns, time.process_time()
    machine.run(until_s * SECOND_NS)
    elapsed = time.process_time() - began
    assert machine.stop == Stop.RUNNING, machine.why()
    return (machine.now_ns - began_ns) / SECOND_NS / elapsed


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_unit_that_is_kept_busy_against_the_reference_engine(name, capsys):
    *program, short_s, long_s = PROGRAMS[name]
    speeds, peers = [], []
    for _ in range(RUNS):
        ours, peer = started("compiled", *program), started("reference", *program)
        peers.append(speed(peer, short_s))
        ours.run(short_s * SECOND_NS)
        assert diff(ours.snapshot(), peer.snapshot()) == [], "both must have done the same"
        assert peer.account().instructions > 400
        speeds.append(speed(ours, long_s))
    ratios = sorted(a / b for a, b in zip(speeds, peers, strict=True))
    with capsys.disabled():
        print(
            f"\n  {name}: {statistics.median(speeds):,.0f} times real time; reference engine "
            f"{statistics.median(peers):,.0f}; ratio {statistics.median(ratios):.1f} "
            f"({ratios[0]:.1f} .. {ratios[-1]:.1f})"
        )
