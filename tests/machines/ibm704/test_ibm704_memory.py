"""A machine that runs for a long time needs no more memory than one that runs for a short one."""

import tracemalloc

import pytest
from programs_704 import loaded, op

from machines.ibm704 import Stop

LOOP = [op("CLA", 0o200), op("ADD", 0o201), op("STO", 0o200), op("TRA", 0o100)]


def resident_bytes():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * 4096


@pytest.mark.parametrize(
    ("engine", "instructions"), [("compiled", 1_000_000_000), ("reference", 20_000)]
)
def test_memory_stays_flat(engine, instructions):
    machine = loaded(engine, LOOP, {}, {0o200: [0, 1]})
    machine.operate("ibm704.console.start")

    def run_on(count):
        """In slices of a hundredth, as a panel or a command would."""
        for _ in range(100):
            machine.run(machine.now_ns + count // 100 * 24_000)

    run_on(2_000)
    tracemalloc.start()
    before, resident = tracemalloc.get_traced_memory()[0], resident_bytes()
    run_on(instructions)
    grown = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    assert machine.stop == Stop.RUNNING
    assert machine.account().instructions > instructions
    assert machine.examine(0o200) == pytest.approx(machine.account().instructions / 4, abs=1)
    assert grown < 50_000, "Python objects"
    assert resident_bytes() - resident < 20_000_000, "memory of the process"
