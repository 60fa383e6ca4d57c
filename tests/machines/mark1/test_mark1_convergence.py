"""The machine against the convergence and the cycling theorem: it learns what can be learned.

Machines and stimuli are made up by hypothesis. Shafts have so much travel that no end stop is met.
"""

import numpy as np
import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from machines.mark1 import Description, Experimenter, Mark1
from machines.mark1.plugboard import from_wires
from machines.mark1.tasks import WIDE_MDEG, activity, corrections, ideal_twin, verdicts
from machines.mark1.theory import holds, xor_points
from simulator.errors import Mistake
from simulator.stimuli import letters

CELLS = 6


@st.composite
def machines(draw):
    """A small ideal machine: six cells, up to eight A-units, one or two R-units in use."""
    in_use, units = draw(st.integers(1, 2)), draw(st.integers(2, 8))
    description = Description.ideal(
        rows=1, columns=CELLS, association_units=units, response_units=2, responses_in_use=in_use,
        excitatory=2, inhibitory=1, theta=draw(st.integers(0, 2)),
        wiring_seed=draw(st.integers(0, 10**6)), travel_mdeg=WIDE_MDEG, settle_us=1, pulse_us=250,
        motor_mdeg_per_s=10_000_000, sample_us=100, rest_us=1,
    )  # fmt: skip
    return Mark1(description)


@st.composite
def tasks(draw, machine):
    """Up to six different stimuli with the responses desired to them."""
    pictures = draw(st.sets(st.integers(0, 2**CELLS - 1), min_size=1, max_size=6))
    levels = [[255 * (picture >> cell & 1) for cell in range(CELLS)] for picture in pictures]
    in_use = machine.description.responses_in_use
    desired = np.zeros((len(levels), 2), np.int8)
    for row in desired:
        row[:in_use] = draw(st.lists(st.sampled_from([-1, 1]), min_size=in_use, max_size=in_use))
    return np.array(levels, np.uint8).reshape(-1, 1, CELLS), desired


def taught(machine, levels, desired, sweeps):
    """Teach by error correction; give the wrong answers of each sweep and the largest value."""
    machine.operate(
        "mark1.control.train",
        {
            "light": levels,
            "desired": desired,
            "rule": "error-correction",
            "sweeps": sweeps,
            "until_errorless": True,
        },
    )
    machine.run(machine.now_ns + 10**9)
    assert machine.number("mark1.control.stage") == 0
    curve = machine.rack("mark1.control.sweep_wrong")
    return curve[curve >= 0].tolist()


@settings(max_examples=100)
@given(data=st.data())
def test_error_correction_reaches_an_errorless_sweep_if_and_only_if_the_task_is_separable(data):
    machine = data.draw(machines())
    levels, desired = data.draw(tasks(machine))
    found = verdicts(machine, activity(machine, levels), desired)
    assert None not in [verdict.separable for verdict in found]
    possible = all(verdict.separable for verdict in found)
    event("separable" if possible else "not separable")
    # every sweep but the last has a correction, so no more sweeps can be needed than these
    bounds = corrections(machine, levels, desired, 1).bounds
    enough = sum(bound for bound in bounds if bound is not None) + 1
    made = corrections(machine, levels, desired, enough if possible else 60)
    assert made.errorless == possible
    for verdict, bound, counted in zip(found, made.bounds, made.by_response, strict=True):
        assert (bound is not None) == verdict.separable
        if verdict.separable:
            assert counted <= bound
        else:
            assert counted >= made.sweeps == 60, "a correction in every sweep"


@settings(max_examples=60)
@given(data=st.data())
def test_the_certificates_are_about_the_machine_itself(data):
    machine = data.draw(machines())
    levels, desired = data.draw(tasks(machine))
    active, board = activity(machine, levels), machine.board
    found = verdicts(machine, active, desired)
    for r, verdict in enumerate(found):
        mine = active[:, board.pot_a[board.pot_r == r]]
        assert holds(verdict, mine, desired[:, r])
    if all(verdict.separable for verdict in found):
        certificate = np.concatenate([verdict.values for verdict in found])
        machine.operate("mark1.values.V", certificate)
        wrong = taught(machine, levels, desired, 1)
        assert wrong == [0], "with the values of the certificate nothing is left to learn"


@settings(max_examples=60)
@given(data=st.data())
def test_what_cannot_be_done_keeps_the_values_within_bounds_and_one_stimulus_order_returns(data):
    machine = data.draw(machines())
    levels, desired = data.draw(tasks(machine))
    found = verdicts(machine, activity(machine, levels), desired)
    if all(verdict.separable for verdict in found):
        return
    one_by_one = [(levels[k : k + 1], desired[k : k + 1]) for k in range(len(levels))]
    stood, repeated, largest = set(), False, 0
    for _ in range(400):
        for light, want in one_by_one:
            taught(machine, light, want, 1)
        values = machine.rack("mark1.values.V")
        largest = max(largest, int(np.abs(values).max()))
        if values.tobytes() in stood:
            repeated = True
            break
        stood.add(values.tobytes())
    assert repeated, "in a fixed order the values come round"
    assert largest < WIDE_MDEG * 1000


@pytest.mark.parametrize("engine", ["reference", "compiled"])
@pytest.mark.parametrize(("third", "possible"), [((62, 63), False), ((0, 1), True)])
def test_xor_of_two_points_can_be_done_where_an_a_unit_sees_both_and_not_otherwise(
    engine, third, possible
):
    stimuli = xor_points((0, 0), (0, 1), rows=8, columns=8)
    d = Description.ideal(
        rows=8, columns=8, association_units=3, response_units=1, responses_in_use=1,
        excitatory=2, inhibitory=0, theta=1,
    )  # fmt: skip
    sees = [(0, 60), (1, 61), third]
    wires = [(a, cell, 1) for a, cells in enumerate(sees) for cell in cells]
    machine = Mark1(d, from_wires(wires, d), engine)
    desired = Experimenter(machine, stimuli.classes).desired(stimuli)
    verdict = verdicts(machine, activity(machine, stimuli.levels), desired)[0]
    assert verdict.separable is possible
    if not possible:
        sides = verdict.explain(stimuli.names).removesuffix(" for every A-unit").split(" = ")
        assert sides[0] in ("not separable: 1 x a + 1 x b", "not separable: 1 x b + 1 x a")
        assert sides[1] == "1 x ab"
    made = corrections(machine, stimuli.levels, desired, 100)
    assert made.errorless is possible
    assert made.sweeps == 100 or possible


@pytest.mark.parametrize("engine", ["reference", "compiled"])
def test_asking_leaves_the_machine_as_it_was(engine):
    stimuli = letters("EX")
    experimenter = Experimenter(Mark1(Description(responses_in_use=1), engine=engine), "EX")
    machine = experimenter.machine
    machine.operate("mark1.retina.light", stimuli.levels[1])
    machine.run(7_000_000)
    before = machine.snapshot()
    activity(machine, stimuli.levels)
    corrections(machine, stimuli.levels, experimenter.desired(stimuli), 3)
    assert all((a == b).all() for a, b in zip(before, machine.snapshot(), strict=True))


def test_both_engines_show_the_same_activity_and_it_is_that_of_the_ideal_twin_for_letters():
    stimuli = letters("ABC")
    seen = []
    for engine in ("reference", "compiled"):
        machine = Mark1(Description(responses_in_use=2), engine=engine)
        machine.operate("mark1.association.theta", 3)
        seen += [activity(machine, stimuli.levels), activity(ideal_twin(machine), stimuli.levels)]
    assert all((other == seen[0]).all() for other in seen)
    assert seen[0].any()


def test_a_machine_at_work_is_not_asked():
    stimuli = letters("EX")
    experimenter = Experimenter(Mark1(Description(responses_in_use=1)), "EX")
    experimenter.begin(stimuli)
    with pytest.raises(Mistake, match="running"):
        activity(experimenter.machine, stimuli.levels)
    assert experimenter.busy
