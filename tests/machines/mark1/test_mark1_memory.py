"""A machine that runs for a long time needs no more memory than one that runs for a short one."""

import tracemalloc

import numpy as np
from small import light, one_to_one

from machines.mark1 import Mark1, machine_for
from simulator.stimuli import letters


def resident_bytes():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * 4096


def test_a_hundred_thousand_trials_do_not_grow():
    stimuli = letters("ABCDEFGH")
    machine = machine_for(stimuli.classes)
    desired = np.random.default_rng(0).choice([-1, 1], (8, 8)).astype(np.int8)
    desired[:, 3:] = 0
    machine.operate(
        "mark1.control.train",
        {"light": stimuli.levels, "desired": desired, "rule": "forced", "sweeps": 12_500},
    )

    def run_to(trials):
        while machine.read("mark1.control.trials") < trials:
            machine.run(machine.now_ns + 100_000_000_000)

    run_to(5_000)
    tracemalloc.start()
    before, resident = tracemalloc.get_traced_memory()[0], resident_bytes()
    run_to(100_000)
    grown = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    assert machine.read("mark1.control.trials") == 100_000
    assert grown < 100_000, "Python objects"
    assert resident_bytes() - resident < 20_000_000, "memory of the process"


def test_operating_by_hand_a_thousand_times_does_not_grow():
    for machine in (one_to_one("reference"), Mark1()):
        frames = [light(1, 3), light(2)] if machine.engine == "reference" else list(
            letters("EX").levels
        )  # fmt: skip
        machine.operate("mark1.control.rule", "forced")
        machine.operate(
            "mark1.response.desired", [1] + [0] * (machine.rack("mark1.response.R").size - 1)
        )

        def go_on(times, machine=machine, frames=frames):
            for i in range(times):
                machine.operate("mark1.retina.light", frames[i % 2])
                machine.operate("mark1.control.reinforce")
                machine.run(machine.now_ns + 300_000_000)

        go_on(50)
        tracemalloc.start()
        before = tracemalloc.get_traced_memory()[0]
        go_on(1000)
        grown = tracemalloc.get_traced_memory()[0] - before
        tracemalloc.stop()
        assert machine.read("mark1.control.pulses") == 1050
        assert grown < 50_000, machine.engine
