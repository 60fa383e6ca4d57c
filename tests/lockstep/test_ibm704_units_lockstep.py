"""Random programs that copy to and from every unit, on both engines, compared bit by bit."""

import random

import pytest
from random_units_704 import machine, operator

from machines.ibm704 import Stop
from simulator.lockstep import lockstep
from simulator.state import diff


def parting(seed):
    """Drive both engines with one program and one operator; how it ended, and what it did."""
    made, words, rng = machine("reference", seed)
    twin, _, _ = machine("compiled", seed)
    entries, t_ns = operator(rng, words)
    parted = lockstep(made, twin, entries, t_ns + 700_000_000)
    assert parted is None, f"seed {seed}: {parted}"
    final = twin.snapshot()
    assert twin.units.unsound(final) is None, f"seed {seed}"
    return twin.stop, twin.account().instructions


def sliced(seed, end_ns):
    """One run, and the same in uneven slices; where they differ in the end."""
    whole, _, _ = machine("compiled", seed)
    parts, _, _ = machine("compiled", seed)
    rng = random.Random(seed)
    for one in (whole, parts):
        one.operate("ibm704.console.start")
    whole.run(end_ns)
    while parts.now_ns < end_ns:
        step_ns = rng.choice((1, 999, 24_000, 100_000, 1_000_000, 40_000_000))
        parts.run(min(end_ns, parts.now_ns + step_ns))
    return diff(whole.snapshot(), parts.snapshot())


def test_the_engines_agree_on_loops_of_copies():
    ends = [parting(seed) for seed in range(30)]
    assert sum(instructions for _, instructions in ends) > 3_000
    assert {stop for stop, _ in ends} >= {Stop.READ_WRITE_CHECK, Stop.NOT_READY}


@pytest.mark.slow
def test_the_engines_agree_on_many_loops_of_copies():
    ends = {parting(seed)[0] for seed in range(1000, 1400)}
    assert ends >= {Stop.LIMIT, Stop.WATCH, Stop.BREAKPOINT, Stop.HALT, Stop.STEP}


def test_copies_end_in_the_same_state_however_a_run_is_sliced():
    for seed in range(2000, 2030):
        assert sliced(seed, 600_000_000) == [], f"seed {seed}"
