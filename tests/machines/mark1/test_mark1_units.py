"""Every unit of the Mark I by itself, on machines a person can work out by hand; both engines."""

import numpy as np
import pytest
from small import MS, STEP, light, one_to_one

from machines.mark1 import Description, Mark1
from machines.mark1.plugboard import from_wires
from simulator.errors import Mistake
from simulator.probe import Trace

pytestmark = pytest.mark.parametrize("engine", ["reference", "compiled"])


# retina


def test_a_photocell_counts_as_lit_from_its_threshold_on(engine):
    machine = one_to_one(engine, photocell_threshold=100)
    machine.operate("mark1.retina.light", [99, 100, 101, 0])
    assert machine.rack("mark1.retina.S").tolist() == [0, 1, 1, 0]


def test_an_s_unit_follows_the_light_after_its_pick_up_time(engine):
    machine = one_to_one(engine, pickup_us=20_000)
    trace = Trace("mark1.retina.S[3]")
    machine.attach(trace)
    machine.operate("mark1.retina.light", light(3))
    machine.run(50 * MS)
    machine.operate("mark1.retina.light", light())
    machine.run(100 * MS)
    assert trace.changes == [(0, 0), (20 * MS, 1), (70 * MS, 0)]


def test_a_flash_shorter_than_the_pick_up_time_is_not_seen(engine):
    machine = one_to_one(engine, pickup_us=20_000)
    machine.operate("mark1.retina.light", light(1))
    machine.run(19 * MS)
    machine.operate("mark1.retina.light", light())
    machine.run(100 * MS)
    assert not machine.rack("mark1.retina.S").any()


def test_photocells_of_the_nominal_machine_differ_but_stay_within_their_spread(engine):
    machine = Mark1(engine=engine)
    machine.operate("mark1.retina.light", np.full((20, 20), 255, np.uint8))
    counts = []
    for t_ms in (14, 15, 20, 25):
        machine.run(t_ms * MS)
        counts.append(int(machine.rack("mark1.retina.S").sum()))
    assert counts[0] == 0
    assert 0 < counts[2] < 400
    assert counts[3] == 400


# association


def test_an_a_unit_is_active_when_excitation_exceeds_inhibition_by_theta(engine):
    numbers = {"rows": 2, "columns": 2, "association_units": 1, "response_units": 1}
    d = Description.ideal(responses_in_use=1, excitatory=3, inhibitory=1, theta=2, **numbers)
    wires = [(0, 0, 1), (0, 1, 1), (0, 2, 1), (0, 3, -1)]
    machine = Mark1(d, from_wires(wires, d), engine)
    outcome = {}
    for cells in [(1,), (1, 2), (1, 2, 4), (1, 2, 3, 4), (4,)]:
        machine.operate("mark1.retina.light", light(*cells))
        outcome[cells] = (
            machine.read("mark1.association.sum[1]"),
            machine.read("mark1.association.A[1]"),
        )
    assert outcome == {
        (1,): (1, 0), (1, 2): (2, 1), (1, 2, 4): (1, 0), (1, 2, 3, 4): (2, 1), (4,): (-1, 0),
    }  # fmt: skip


def test_the_threshold_knob_acts_at_once(engine):
    d = Description.ideal(
        rows=1, columns=2, association_units=1, response_units=1, responses_in_use=1,
        excitatory=2, inhibitory=0, theta=2,
    )  # fmt: skip
    machine = Mark1(d, from_wires([(0, 0, 1), (0, 1, 1)], d), engine)
    machine.operate("mark1.retina.light", [255, 0])
    assert machine.read("mark1.association.A[1]") == 0
    machine.operate("mark1.association.theta", 1)
    assert machine.read("mark1.association.A[1]") == 1


@pytest.mark.parametrize("theta", [-1, 3, 1.5, "2", True])
def test_a_threshold_that_could_never_or_would_always_be_met_is_refused(engine, theta):
    d = Description.ideal(excitatory=2, inhibitory=2, theta=1)
    machine = Mark1(d, engine=engine)
    if theta == -1:
        machine.operate("mark1.association.theta", theta)
        assert machine.read("mark1.association.theta") == -1
        theta = -2
    with pytest.raises(Mistake, match="theta must"):
        machine.operate("mark1.association.theta", theta)


# values and motors


def teach(machine, way, r=1):
    desired = np.zeros(2, np.int8)
    desired[r - 1] = way
    machine.operate("mark1.control.rule", "forced")
    machine.operate("mark1.response.desired", desired)
    machine.operate("mark1.control.reinforce")


def test_a_pulse_turns_the_potentiometers_of_active_units_of_that_r_unit_and_no_others(engine):
    machine = one_to_one(engine)
    machine.operate("mark1.retina.light", light(1, 3))
    teach(machine, +1)
    machine.run(1000 * MS)
    assert machine.rack("mark1.values.V").tolist() == [STEP, 0, 0, 0]


def test_a_shaft_can_be_read_to_the_microdegree_while_it_turns(engine):
    machine = one_to_one(engine)
    machine.operate("mark1.retina.light", light(2))
    teach(machine, -1)
    machine.run(100 * MS)
    assert machine.read("mark1.values.motor[2]") == -20_000, "udeg per ms"
    assert machine.read("mark1.values.V[2]") == -2_000_000
    assert machine.read("mark1.response.sum[1]") == -2_000_000
    machine.run(100 * MS + 50)
    assert machine.read("mark1.values.V[2]") == -2_000_001


def test_a_shaft_slips_at_its_end_stop_and_comes_back_from_there(engine):
    machine = one_to_one(engine, travel_mdeg=8_000)
    machine.operate("mark1.retina.light", light(1))
    for _ in range(3):
        teach(machine, +1)
        machine.run(machine.now_ns + 300 * MS)
    assert machine.read("mark1.values.V[1]") == 8_000_000
    teach(machine, -1)
    machine.run(machine.now_ns + 300 * MS)
    assert machine.read("mark1.values.V[1]") == 8_000_000 - STEP


def test_where_one_stops_to_look_does_not_change_where_a_shaft_goes(engine):
    often, never = one_to_one(engine), one_to_one(engine)
    for machine in (often, never):
        machine.operate("mark1.retina.light", light(1))
        teach(machine, +1)
    while often.now_ns < 300 * MS:
        often.run(often.now_ns + 333_333)
    never.run(often.now_ns)
    assert often.read("mark1.values.V[1]") == never.read("mark1.values.V[1]") == STEP


def test_a_motor_follows_its_a_unit_during_the_pulse(engine):
    machine = one_to_one(engine)
    machine.operate("mark1.retina.light", light(1))
    teach(machine, +1)
    machine.run(100 * MS)
    machine.operate("mark1.retina.light", light(2))
    machine.run(1000 * MS)
    assert machine.rack("mark1.values.V").tolist() == [2_000_000, 3_000_000, 0, 0]


def test_shafts_can_be_turned_by_hand_and_centred(engine):
    machine = one_to_one(engine)
    machine.operate("mark1.values.V", [1, -2, 3, -4])
    assert machine.rack("mark1.values.V").tolist() == [1, -2, 3, -4]
    machine.operate("mark1.values.V", None)
    assert not machine.rack("mark1.values.V").any()


def test_motors_of_the_nominal_machine_turn_at_their_own_speeds_every_time_the_same(engine):
    machine = Mark1(Description(relay_us=0, backlash_mdeg=0), engine=engine)
    machine.operate("mark1.association.theta", -9)  # nearly all A-units are active in the dark
    machine.operate("mark1.control.rule", "forced")
    machine.operate("mark1.response.desired", [1] * 8)
    turned = []
    for _ in range(2):
        machine.operate("mark1.control.reinforce")
        machine.run(machine.now_ns + 400 * MS)
        turned.append(machine.rack("mark1.values.V"))
    active = machine.rack("mark1.association.A") == 1
    assert active.all()
    assert len(np.unique(turned[0])) > 300
    assert (abs(turned[0] - STEP) <= STEP // 10).all()
    assert (turned[1] == 2 * turned[0]).all()


def test_the_wipers_noise_stays_within_its_limit_and_does_not_move_the_shaft(engine):
    machine = one_to_one(engine, wiper_noise_mdeg=50)
    machine.operate("mark1.retina.light", light(1, 2))
    machine.operate("mark1.values.V", [STEP, STEP, 0, 0])
    sums = []
    for i in range(1, 200):
        machine.run(i * MS)
        sums.append(int(machine.read("mark1.response.sum[1]")) - 2 * STEP)
    assert -100_000 <= min(sums) < -40_000 < 40_000 < max(sums) <= 100_000
    assert machine.read("mark1.values.V[1]") == STEP


# response


def test_an_r_unit_shows_the_sign_of_the_sum_of_its_active_units(engine):
    machine = one_to_one(engine)
    machine.operate("mark1.values.V", [3_000_000, -5_000_000, -1, 0])
    answers = []
    for cells in [(1,), (2,), (1, 2), (3,)]:
        machine.operate("mark1.retina.light", light(*cells))
        answers.append(machine.rack("mark1.response.R").tolist())
    assert answers == [[1, 0], [-1, 0], [-1, 0], [-1, -1]]


def test_within_the_dead_zone_an_r_unit_holds(engine):
    machine = one_to_one(engine, dead_zone_mdeg=1000)
    machine.operate("mark1.retina.light", light(1))
    held = []
    for value in (1_000_000, 1_000_001, -1_000_000, -1_000_001, 1_000_000):
        machine.operate("mark1.values.V", [value, 0, 0, 0])
        held.append(machine.read("mark1.response.R1"))
    assert held == [0, 1, 1, -1, -1]


def test_an_r_unit_turns_over_while_the_motors_run_at_its_next_look(engine):
    machine = one_to_one(engine)
    machine.operate("mark1.values.V", [-1_900_000, 0, 0, 0])
    machine.operate("mark1.retina.light", light(1))
    trace = Trace("mark1.response.R1")
    machine.attach(trace)
    teach(machine, +1)
    machine.run(1000 * MS)
    assert trace.changes == [(0, -1), (100 * MS, 1)], "zero is passed at 95 ms, looked at every 10"


# control


def test_the_reinforcement_key_is_dead_while_a_pulse_runs(engine):
    machine = one_to_one(engine)
    machine.operate("mark1.retina.light", light(1))
    teach(machine, +1)
    machine.run(200 * MS)
    machine.operate("mark1.control.reinforce")
    machine.run(1000 * MS)
    assert machine.read("mark1.values.V[1]") == STEP
    assert machine.read("mark1.control.pulses") == 1


@pytest.mark.parametrize(
    ("rule", "value", "expected"),
    [
        ("off", STEP, 0),
        ("forced", STEP, -1),
        ("forced", -STEP, -1),
        ("error-correction", STEP, -1),
        ("error-correction", -STEP, 0),
        ("error-correction", 0, -1),
        ("spontaneous", STEP, 1),
        ("spontaneous", -STEP, -1),
        ("spontaneous", 0, 0),
    ],
)
def test_what_each_rule_reinforces_when_zero_is_desired(engine, rule, value, expected):
    machine = one_to_one(engine)
    machine.operate("mark1.values.V", [value, 0, 0, 0])
    machine.operate("mark1.retina.light", light(1))
    machine.operate("mark1.control.rule", rule)
    machine.operate("mark1.response.desired", [-1, 0])
    machine.operate("mark1.control.reinforce")
    assert machine.rack("mark1.response.drive").tolist() == [expected, 0]
    machine.run(1000 * MS)
    assert machine.read("mark1.values.V[1]") == value + expected * STEP


def series(**changes):
    return {
        "light": np.array([light(1, 3), light(2, 3)]),
        "desired": np.array([[1, 0], [-1, 0]], np.int8),
        "rule": "error-correction",
        "sweeps": 10,
        "order_seed": 4,
        "until_errorless": True,
    } | changes


def test_a_series_teaches_until_a_sweep_has_no_error_and_then_the_machine_rests(engine):
    machine = one_to_one(engine)
    machine.operate("mark1.control.train", series())
    machine.run(60_000 * MS)
    assert machine.read("mark1.control.stage") == 0
    assert machine.rack("mark1.control.sweep_wrong").tolist() == [2, 0] + [-1] * 8
    assert machine.rack("mark1.values.V").tolist() == [STEP, -STEP, 0, 0]
    assert machine.read("mark1.control.trials") == 4
    assert machine.read("mark1.control.pulses") == 2


def test_the_stages_of_a_trial_follow_one_another_in_their_times(engine):
    machine = one_to_one(engine)
    trace = Trace("mark1.control.stage")
    machine.attach(trace)
    machine.operate("mark1.control.train", series(sweeps=1))
    machine.run(10_000 * MS)
    settling, reinforcing, resting = 1, 3, 4
    assert trace.changes == [
        (0, 0), (0, settling), (100 * MS, reinforcing), (350 * MS, resting),
        (750 * MS, settling), (850 * MS, reinforcing), (1100 * MS, resting), (1500 * MS, 0),
    ]  # fmt: skip


def test_the_frozen_machine_answers_and_turns_no_shaft(engine):
    machine = one_to_one(engine)
    machine.operate("mark1.values.V", [STEP, -STEP, 7, 7])
    machine.operate("mark1.control.train", series(rule="off", sweeps=1))
    machine.run(10_000 * MS)
    assert machine.rack("mark1.control.answers").tolist() == [[1, 1], [-1, 1]]
    assert machine.rack("mark1.values.V").tolist() == [STEP, -STEP, 7, 7]


def test_every_stimulus_comes_once_in_a_sweep_and_each_sweep_has_its_own_order(engine):
    machine = one_to_one(engine)
    frames = np.arange(1, 13, dtype=np.uint8).repeat(4).reshape(12, 4)
    machine.operate(
        "mark1.control.train",
        series(light=frames, desired=np.zeros((12, 2), np.int8), sweeps=3, until_errorless=False),
    )
    trace = Trace("mark1.retina.light[1]")
    machine.attach(trace)
    machine.run(100_000 * MS)
    shown = [value for _, value in trace.changes]
    sweeps = [shown[i : i + 12] for i in (0, 12, 24)]
    assert len(shown) == 36
    assert all(sorted(sweep) == list(range(1, 13)) for sweep in sweeps)
    assert sweeps[0] != sweeps[1] != sweeps[2]


def test_the_stop_key_abandons_the_series_and_a_pulse_by_hand_does_not_take_it_up_again(engine):
    machine = one_to_one(engine)
    machine.operate("mark1.control.train", series())
    machine.run(200 * MS)
    machine.operate("mark1.control.halt")
    turned = machine.rack("mark1.values.V")
    machine.run(1000 * MS)
    assert machine.read("mark1.control.stage") == 0
    assert (machine.rack("mark1.values.V") == turned).all()
    teach(machine, +1)
    machine.run(10_000 * MS)
    assert machine.read("mark1.control.stage") == 0
    assert machine.read("mark1.control.trials") == 1


def test_a_second_series_is_refused_while_one_runs_and_the_first_goes_on(engine):
    machine = one_to_one(engine)
    machine.operate("mark1.control.train", series())
    with pytest.raises(Mistake, match=r"mark1\.control\.halt"):
        machine.operate("mark1.control.train", series())
    machine.run(60_000 * MS)
    assert machine.read("mark1.control.trials") == 4


@pytest.mark.parametrize(
    ("control", "value", "complaint"),
    [
        ("mark1.retina.light", np.zeros((3, 3), np.uint8), "must have shape"),
        ("mark1.retina.light", [0, 0, 0, 256], "0 to 255"),
        ("mark1.retina.light", [0.0, 0.0, 0.0, 0.5], "whole numbers"),
        ("mark1.retina.light", [[1], [2, 3]], "equal rows"),
        ("mark1.retina.light", [True, False, True, False], "whole numbers"),
        ("mark1.control.train", {"light": 5, "desired": 5, "rule": "off", "sweeps": 1}, "stimuli"),
        ("mark1.response.desired", [1, 2], "-1 to 1"),
        ("mark1.values.V", [10**12, 0, 0, 0], "whole numbers from"),
        ("mark1.control.rule", "delta", "error-correction"),
        ("mark1.control.rule", 23, "no rule"),
        ("mark1.control.reinforce", 1, "without a value"),
        ("mark1.control.train", {"light": []}, "a series is a dict"),
        ("mark1.control.train", series(light=np.zeros((0, 4))), "1 to 100000 stimuli"),
        ("mark1.control.train", series(sweeps=0), "sweeps must lie between"),
        ("mark1.control.train", series() | {"momentum": 0.9}, "has no momentum"),
        ("mark1.control.train", series(desired=[[1, 0]]), r"shape \(2, 2\)"),
        ("mark1.control.train", series(order_seed=-1), "order_seed"),
    ],
)
def test_a_value_that_cannot_be_is_refused_and_nothing_moves(engine, control, value, complaint):
    machine = one_to_one(engine)
    before = machine.snapshot()
    with pytest.raises(Mistake, match=complaint):
        machine.operate(control, value)
    after = machine.snapshot()
    assert all((a == b).all() for a, b in zip(before, after, strict=True))


def test_an_r_unit_that_is_not_in_use_cannot_be_taught(engine):
    machine = one_to_one(engine, responses_in_use=1)
    with pytest.raises(Mistake, match="R2 is not in use"):
        machine.operate("mark1.response.desired", [0, 1])


def test_light_in_whole_floats_is_taken_and_in_fractions_refused(engine):
    machine = one_to_one(engine)
    machine.operate("mark1.retina.light", np.array([0.0, 255.0, 0.0, 128.0]))
    assert machine.rack("mark1.retina.S").tolist() == [0, 1, 0, 1]
    with pytest.raises(Mistake, match="whole numbers"):
        machine.operate("mark1.retina.light", [0.0, 0.5, float("nan"), 1.0])
