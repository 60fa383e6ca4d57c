"""Random programs on both engines of the 704, compared bit by bit.

The programs modify themselves, trap, overflow, index beyond the ends of storage, divide by zero,
meet undefined operations, halt and are started again, and wait for a toy unit.
"""

import random

import numpy as np
import pytest
from random_704 import CODE, DATA, ToyUnit, instruction, machine, scatter, with_unit, word

from machines.ibm704 import Description
from machines.ibm704.compiled import CompiledEngine
from machines.ibm704.description import CORE_SIZES
from machines.ibm704.operations import OPERATIONS
from machines.ibm704.reference import ReferenceEngine
from machines.ibm704.soundness import unsound
from machines.ibm704.state import State, Stop
from simulator.lockstep import lockstep
from simulator.logbook import Entry
from simulator.state import diff

CYCLE_NS = 12_000


def random_entries(rng):
    """What an operator might do meanwhile, mostly starting the machine again."""
    entries, t_ns = [], 0
    manual = False

    def add(control, value=None):
        entries.append(Entry(len(entries), t_ns, control, value))

    add("ibm704.console.start")
    for _ in range(rng.randrange(8)):
        t_ns += rng.choice((0, 1, CYCLE_NS, 24_000, 500_000, 1_234_567, 3_000_000))
        kind = rng.randrange(12)
        if kind < 5:
            add("ibm704.register.IC", rng.randrange(CODE, CODE + 0o50))
            add("ibm704.console.start")
        elif kind == 5:
            manual = not manual
            add("ibm704.console.lever", int(not manual))
        elif kind == 6:
            add("ibm704.console.single_step")
        elif kind == 7:
            add("ibm704.console.multiple_step", rng.randrange(2))
        elif kind == 8:
            add("ibm704.console.entry", word(rng))
            add(rng.choice(["ibm704.console.enter_instruction", "ibm704.console.enter_mq",
                            "ibm704.console.display_storage", "ibm704.console.display_A",
                            "ibm704.console.display_effective_address"]))  # fmt: skip
        elif kind == 9:
            place = rng.choice((CODE, DATA)) + rng.randrange(16)
            add("ibm704.control.mark", {"at": place, "mark": rng.randrange(4)})
        elif kind == 10:
            add("ibm704.control.limit", t_ns + rng.choice((0, 24_000, 100_000, 1_000_000)))
        else:
            add(rng.choice(["ibm704.console.load_tape", "ibm704.console.load_cards",
                            "ibm704.console.reset", "ibm704.sense.switch3"]))  # fmt: skip
            if entries[-1].control == "ibm704.sense.switch3":
                entries[-1] = entries[-1]._replace(value=1)
    return entries, t_ns


def parting(seed):
    """Drive both engines with one random program; give where they part, and how it ended."""
    rng = random.Random(seed)
    size = CORE_SIZES[0] if rng.random() < 0.9 else rng.choice(CORE_SIZES)
    description = Description(core_words=size, undefined_stops=int(rng.random() < 0.8))
    state = with_unit(description)
    scatter(rng, state)
    entries, t_ns = random_entries(rng)
    both = [
        machine(engine, description, ToyUnit(seed), state)
        for engine in (ReferenceEngine, CompiledEngine)
    ]
    parted = lockstep(*both, entries, t_ns + rng.choice((10**6, 5 * 10**6)))
    final = both[1].snapshot()
    mine = State(*(getattr(final, name) for name in State._fields))
    return parted, final, unsound(mine, description)


def compare(seeds):
    stops, counted = set(), 0
    for seed in seeds:
        parted, final, odd = parting(seed)
        assert parted is None, f"seed {seed}: {parted}"
        assert odd is None, f"seed {seed}: {odd}"
        stops.add(int(final.stop[0]))
        counted += int(final.instructions[0])
    return stops, counted


def test_engines_agree_on_random_programs():
    stops, counted = compare(range(400))
    assert counted > 20_000
    assert {Stop.RUNNING, Stop.HALT, Stop.UNDEFINED, Stop.DIVIDE_CHECK, Stop.MANUAL} <= stops


@pytest.mark.slow
def test_engines_agree_on_ten_thousand_random_programs():
    stops, counted = compare(range(1_000_000, 1_010_000))
    assert counted > 500_000
    assert stops >= set(Stop) - {Stop.IDLE}


def alone(operation, seeds, state, both):
    """One operation, alone, on random registers, words, tags and indicators."""
    for seed in seeds:
        rng = random.Random(f"{operation.mnemonic} {seed}")
        scatter(rng, state)
        state.core[CODE] = instruction(rng, operation)
        state.core[DATA : DATA + 16] = [word(rng) for _ in range(16)]
        state.ic[0] = CODE
        for one in both:
            one.restore(state)
            one.operate("ibm704.console.start")
        parted = diff(both[0].snapshot(), both[1].snapshot())
        assert parted == [], f"{operation.mnemonic}, seed {seed}: {parted}"


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.mnemonic)
def test_each_operation_alone_does_the_same_on_both_engines(operation):
    description = Description(core_words=4096)
    state = with_unit(description)
    both = [
        machine(engine, description, ToyUnit(1), state)
        for engine in (ReferenceEngine, CompiledEngine)
    ]
    alone(operation, range(150), state, both)


def test_a_burst_ends_in_the_same_state_however_it_is_sliced():
    """One run, and the same run in uneven slices."""
    description = Description(core_words=4096)
    for seed in range(60):
        rng = random.Random(seed)
        state = with_unit(description)
        scatter(rng, state)
        whole, sliced = (
            machine(CompiledEngine, description, ToyUnit(seed), state) for _ in range(2)
        )
        for one in (whole, sliced):
            one.operate("ibm704.console.start")
        step = 1
        while sliced.now_ns < 4_000_000:
            step = step * 7 % 99_991
            sliced.run(min(sliced.now_ns + step, 4_000_000))
        whole.run(4_000_000)
        for name, left, right in zip(
            state._fields, whole.snapshot(), sliced.snapshot(), strict=True
        ):
            assert np.array_equal(left, right), f"seed {seed}: {name}"
