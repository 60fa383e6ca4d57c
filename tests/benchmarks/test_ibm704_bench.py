"""How fast the 704 runs, as ratios against SIMH's i704 in the same run.

The peer is not part of this project. Name a program built from SIMH's sources, as in ``pytest
-m benchmark -s --peer /path/to/i704``; without it the speeds are printed without a ratio. Each loop
is run short and long on either simulator and the difference is taken, so that starting up does not
count; runs alternate, and every run's result in location 200 is held against what it must be.
Nothing here asserts a time.
"""

import re
import resource
import statistics
import subprocess
import sys
import time

import pytest

from machines.ibm704 import Ibm704, Stop

pytestmark = pytest.mark.benchmark

DAY_NS = 86_400 * 10**9
RUNS = 5

INTEGER = {
    0o76: ["053400200203", "053400100202"],  # LXA turns,2 / LXA 32767,1
    0o100: ["050000000200", "040000000201", "060100000200"],  # CLA, ADD, STO
    0o103: ["200001100100", "200001200077", "042000000000"],  # TIX, TIX, HPR
    0o200: ["0", "1", "077777"],
}
DOT = {
    0o76: ["053400200203", "053400100202"],
    0o100: ["056000130000", "026000140000", "030000000200", "060100000200"],  # LDQ FMP FAD STO
    0o104: ["200001100100", "200001200077", "042000000000"],
    0o200: ["0", "0", "010000"],
    0o20000: ["201400000000"] * 0o10000,
    0o30000: ["200400000000"] * 0o10000,
}
SELF_MODIFYING = {
    0o76: ["053400200203", "053400100202"],
    0o100: ["050000000200", "040000001000", "060100000200"],  # CLA, ADD 1000 + n, STO
    0o103: ["050000000101", "040000000201", "062100000101"],  # CLA *-2, ADD 1, STA *-4
    0o106: ["200001100100", "050000000204", "060100000101"],  # TIX, put ADD 1000 back
    0o111: ["200001200077", "042000000000"],
    0o200: ["0", "1", "01000", "0", "040000001000"],
    0o1000: ["3"] * 0o1000,
}
# the loop, instructions of a turn, short and long, and location 200 in the end by turns
LOOPS = {
    "integer": (INTEGER, 4 * 32767 + 2, 0o400, 0o10000, lambda n: n * 32767),
    "dot product": (DOT, 5 * 4096 + 2, 0o1000, 0o20000, lambda n: 0o231400000000),
    "self-modifying": (SELF_MODIFYING, 7 * 512 + 4, 0o4000, 0o77777, lambda n: n * 512 * 3),
}


def ours(loop, turns):
    machine = Ibm704()
    for at, words in loop.items():
        machine.deposit(at, words)
    machine.deposit(0o203, [turns])
    machine.operate("ibm704.register.IC", 0o76)
    started = time.process_time()
    machine.operate("ibm704.console.start")
    machine.run_to_stop(DAY_NS)
    elapsed = time.process_time() - started
    assert machine.stop == Stop.HALT
    return elapsed, machine.examine(0o200), machine.account().instructions


def theirs(peer, loop, turns, folder):
    lines = ["set cpu 32k"]
    for at, words in [*loop.items(), (0o203, [f"{turns:o}"])]:
        same = len(set(words)) == 1 and len(words) > 1
        if same:
            lines.append(f"d {at:o}-{at + len(words) - 1:o} {words[0]}")
        else:
            lines += [f"d {at + i:o} {word}" for i, word in enumerate(words)]
    script = folder / "loop.ini"
    script.write_text("\n".join([*lines, "ru 76", "e 200", "exit"]) + "\n")
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    done = subprocess.run([peer, script], capture_output=True, text=True, timeout=300, check=False)
    elapsed = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before
    result = re.search(r"^200:\s+([0-7]{12})", done.stdout, re.M)
    assert result, done.stdout + done.stderr
    return elapsed, int(result[1], 8)


@pytest.mark.parametrize("name", LOOPS)
def test_a_loop_against_simh(name, pytestconfig, tmp_path, capsys):
    peer = pytestconfig.getoption("--peer")
    loop, turn, short, long, result = LOOPS[name]
    ours(loop, 1)
    speeds, peers = [], []
    for _ in range(RUNS):
        quick, _, _ = ours(loop, short)
        slow, cell, count = ours(loop, long)
        assert count == long * turn + 2
        assert cell == result(long)
        speeds.append((long - short) * turn / (slow - quick) / 1e6)
        if peer:
            quick, _ = theirs(peer, loop, short, tmp_path)
            slow, peer_cell = theirs(peer, loop, long, tmp_path)
            assert peer_cell == cell, "both simulators must have done the same"
            peers.append((long - short) * turn / (slow - quick) / 1e6)
    with capsys.disabled():
        line = f"\n  {name}: {statistics.median(speeds):.0f} million instructions a second"
        if peer:
            ratios = sorted(a / b for a, b in zip(speeds, peers, strict=True))
            line += (
                f"; SIMH i704 {statistics.median(peers):.0f}; "
                f"ratio {statistics.median(ratios):.2f} ({ratios[0]:.2f} .. {ratios[-1]:.2f})"
            )
        else:
            line += "; no ratio: --peer names no program"
        print(line)


def test_the_reference_engine_against_the_real_machine(capsys):
    rows = {}
    for name, (loop, _, _, _, _) in LOOPS.items():
        machine = Ibm704(engine="reference")
        for at, words in loop.items():
            machine.deposit(at, words)
        machine.deposit(0o203, [100])
        machine.operate("ibm704.register.IC", 0o76)
        machine.operate("ibm704.console.start")
        started = time.process_time()
        machine.run(1_000_000_000)
        rows[name] = 1 / (time.process_time() - started)
    with capsys.disabled():
        speeds = ", ".join(f"{name} {speed:.1f}" for name, speed in rows.items())
        print(f"\n  reference engine, times as fast as the machine of 1954: {speeds}")


FIRST = """
from machines.ibm704 import Ibm704
machine = Ibm704()
machine.operate("ibm704.console.start")
assert machine.account().instructions == 1
"""


def seconds(code):
    started = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)
    return time.perf_counter() - started


def test_warm_start_to_the_first_instruction(capsys):
    seconds(FIRST)
    rows = [(seconds(FIRST), seconds("import numba")) for _ in range(9)]
    with capsys.disabled():
        print(
            f"\n  warm start to the first instruction: {statistics.median(a for a, _ in rows):.2f}"
            f" s, of which importing numba takes {statistics.median(b for _, b in rows):.2f} s"
        )
