"""The physics of the Mark I, part by part, on machines worked out by hand; both engines."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small import MS, STEP, light, one_to_one

from machines.mark1 import Description, Experimenter, Mark1, machine_for
from machines.mark1.physics import PHYSICS
from machines.mark1.plugboard import from_wires
from simulator import state as states
from simulator.errors import Mistake
from simulator.probe import Trace
from simulator.stimuli import letters

ENGINES = ["reference", "compiled"]
both = pytest.mark.parametrize("engine", ENGINES)
ONE_UNIT = {
    "association_units": 1,
    "response_units": 1,
    "responses_in_use": 1,
    "excitatory": 1,
    "inhibitory": 0,
    "theta": 1,
}


def eye(engine, rows, columns, **changes):
    """Give a retina of some size with a single A-unit behind it."""
    description = Description.ideal(rows=rows, columns=columns, **(ONE_UNIT | changes))
    return Mark1(description, from_wires([(0, 0, 1)], description), engine)


def series(cells, ways, **changes):
    """Give a series: for each stimulus the cells it lights and what R1 shall show."""
    return {
        "light": np.array([light(*lit) for lit in cells]),
        "desired": np.array([[way, 0] for way in ways], np.int8),
        "rule": "off",
        "sweeps": 1,
    } | changes


def pulse(machine, way):
    """Give one pulse to R1's active A-units by hand, and wait until it is over."""
    machine.operate("mark1.control.rule", "forced")
    machine.operate("mark1.response.desired", [way, 0])
    machine.operate("mark1.control.reinforce")
    machine.run(machine.now_ns + 300 * MS)


# light


@both
def test_dimmer_lamps_ask_for_a_brighter_picture(engine):
    seen = {}
    for permille in (500, 1000, 2000):
        machine = eye(engine, 1, 4, photocell_threshold=100, lighting_permille=permille)
        machine.operate("mark1.retina.light", [49, 50, 100, 200])
        seen[permille] = machine.rack("mark1.retina.S").tolist()
    assert seen == {500: [0, 0, 0, 1], 1000: [0, 0, 1, 1], 2000: [0, 1, 1, 1]}


@both
def test_without_lamps_no_photocell_lights_up(engine):
    machine = eye(engine, 2, 2, photocell_threshold=1, lighting_permille=0)
    machine.operate("mark1.retina.light", [255] * 4)
    assert not machine.rack("mark1.retina.S").any()


@both
def test_the_columns_far_from_the_lamps_go_dark_first_in_every_row(engine):
    """Columns get 1000, 900, 800, 700 permille: their cells light up at 100, 112, 125, 143."""
    machine = eye(engine, 2, 4, photocell_threshold=100, gradient_permille=300)
    seen = {}
    for level in (99, 100, 111, 112, 124, 125, 142, 143):
        machine.operate("mark1.retina.light", [level] * 8)
        rows = machine.rack("mark1.retina.S").reshape(2, 4)
        assert (rows[0] == rows[1]).all()
        seen[level] = int(rows[0].sum())
        assert rows[0].tolist() == [1] * seen[level] + [0] * (4 - seen[level])
    assert seen == {99: 0, 100: 1, 111: 1, 112: 2, 124: 2, 125: 3, 142: 3, 143: 4}


@both
def test_a_column_that_gets_no_light_at_all_is_blind(engine):
    machine = eye(engine, 2, 2, photocell_threshold=1, gradient_permille=1000)
    machine.operate("mark1.retina.light", [255] * 4)
    assert machine.rack("mark1.retina.S").tolist() == [1, 0, 1, 0]


@both
def test_photocells_stray_within_their_spread_each_set_of_parts_in_its_own_way(engine):
    """Thresholds stray evenly over the 25 levels 116..140, so at 128 about 13 of 25 are lit."""
    lit = {}
    for seed in (1, 2):
        machine = eye(engine, 20, 20, photocell_spread_permille=100, parts_seed=seed)
        for level in (115, 128, 140):
            machine.operate("mark1.retina.light", [level] * 400)
            lit[seed, level] = machine.rack("mark1.retina.S")
        machine.operate("mark1.retina.light", [0] * 400)
        assert not lit[seed, 115].any()
        assert lit[seed, 140].all()
        spread = 4 * np.sqrt(400 * 13 / 25 * 12 / 25)
        assert abs(lit[seed, 128].sum() - 400 * 13 / 25) < spread, f"parts_seed {seed}"
    assert (lit[1, 128] != lit[2, 128]).any()


@both
def test_a_lit_photocell_stays_lit_down_to_a_lower_level(engine):
    machine = one_to_one(engine, photocell_threshold=100, hysteresis=20)
    seen = []
    for level in (99, 100, 99, 80, 79, 80, 99, 100):
        machine.operate("mark1.retina.light", [level, 0, 0, 0])
        seen.append(machine.read("mark1.retina.S[1]"))
    assert seen == [0, 1, 1, 1, 0, 0, 0, 1]


@both
def test_hysteresis_shrinks_and_grows_with_the_light_of_the_lamps(engine):
    changes = {"photocell_threshold": 100, "hysteresis": 20, "lighting_permille": 500}
    machine = one_to_one(engine, **changes)
    seen = []
    for level in (199, 200, 160, 159, 160):
        machine.operate("mark1.retina.light", [level, 0, 0, 0])
        seen.append(machine.read("mark1.retina.S[1]"))
    assert seen == [0, 1, 1, 0, 0]


@both
def test_what_is_left_of_a_picture_by_hysteresis_is_added_to_the_next_in_a_series(engine):
    machine = one_to_one(engine, photocell_threshold=100, hysteresis=20)
    shown = series([(), ()], [0, 0], order_seed=3)
    shown["light"] = np.array([[120, 90, 0, 0], [90, 120, 0, 0]], np.uint8)
    machine.operate("mark1.control.train", shown)
    machine.run(10 * MS)
    assert machine.rack("mark1.retina.S")[:2].sum() == 1
    machine.run(510 * MS)
    assert machine.rack("mark1.retina.S").tolist() == [1, 1, 0, 0]


@both
def test_a_latched_s_unit_stays_on_until_the_next_exposure(engine):
    machine = one_to_one(engine, latch=1)
    machine.operate("mark1.retina.light", light(1))
    machine.operate("mark1.retina.light", light(2))
    machine.operate("mark1.retina.light", light())
    machine.run(1_000 * MS)
    assert machine.rack("mark1.retina.S").tolist() == [1, 1, 0, 0]
    machine.operate("mark1.control.train", series([(2, 3)], [0]))
    machine.run(1_001 * MS)
    assert machine.rack("mark1.retina.S").tolist() == [0, 1, 1, 0]


@both
def test_the_power_key_releases_latched_s_units(engine):
    machine = one_to_one(engine, latch=1)
    machine.operate("mark1.retina.light", light(1))
    machine.operate("mark1.retina.light", light(4))
    machine.operate("mark1.control.power")
    assert machine.rack("mark1.retina.S").tolist() == [0, 0, 0, 1]


# relays


@both
def test_an_a_unit_follows_its_sum_after_its_relays_delay(engine):
    machine = one_to_one(engine, relay_us=5_000)
    trace = Trace("mark1.association.A[1]")
    machine.attach(trace)
    machine.operate("mark1.retina.light", light(1))
    assert machine.read("mark1.association.sum[1]") == 1
    machine.run(20 * MS)
    machine.operate("mark1.retina.light", light())
    machine.run(40 * MS)
    assert trace.changes == [(0, 0), (5 * MS, 1), (25 * MS, 0)]


@both
def test_a_flicker_shorter_than_the_relays_delay_goes_unnoticed(engine):
    machine = one_to_one(engine, relay_us=5_000)
    trace = Trace("mark1.association.A[1]")
    machine.attach(trace)
    for t_ms, cells in [(0, (1,)), (4, ()), (6, (1,)), (20, ()), (24, (1,)), (30, (1,))]:
        machine.run(t_ms * MS)
        machine.operate("mark1.retina.light", light(*cells))
    machine.run(50 * MS)
    assert trace.changes == [(0, 0), (11 * MS, 1)], "on 5 ms after the last rise, never off"


@both
def test_relays_stray_within_their_spread(engine):
    machine = one_to_one(engine, relay_us=5_000, relay_spread_permille=500)
    trace = Trace("mark1.association.A")
    machine.attach(trace)
    machine.operate("mark1.retina.light", light(1, 2, 3, 4))
    machine.run(2_499_999)
    assert not machine.rack("mark1.association.A").any()
    machine.run(7_500_000)
    assert machine.rack("mark1.association.A").all()
    assert len({t for t, _ in trace.changes}) == 5, "dark at first, then each at its own time"


@both
def test_motors_start_when_the_comparison_is_over(engine):
    machine = one_to_one(engine, compare_us=10_000)
    stage, motor = Trace("mark1.control.stage"), Trace("mark1.values.motor[1]")
    machine.attach(stage)
    machine.attach(motor)
    machine.operate("mark1.control.train", series([(1,)], [1], rule="forced"))
    machine.run(5_000 * MS)
    settling, reading, reinforcing, resting = 1, 2, 3, 4
    assert stage.changes == [
        (0, 0), (0, settling), (100 * MS, reading), (110 * MS, reinforcing), (360 * MS, resting),
        (760 * MS, 0),
    ]  # fmt: skip
    assert motor.changes == [(0, 0), (110 * MS, 20_000), (360 * MS, 0)]


# gears


@both
def test_a_new_gear_stands_in_the_middle_of_its_play(engine):
    machine = one_to_one(engine, backlash_mdeg=1_000)
    machine.operate("mark1.retina.light", light(1))
    pulse(machine, +1)
    assert machine.read("mark1.values.V[1]") == STEP - 500_000


@both
def test_the_play_of_the_gears_is_lost_once_at_each_reversal(engine):
    machine = one_to_one(engine, backlash_mdeg=1_000)
    machine.operate("mark1.retina.light", light(1))
    stood, turned = 0, []
    for way in (+1, +1, -1, -1, +1, -1, -1):
        pulse(machine, way)
        now = machine.read("mark1.values.V[1]")
        turned.append(now - stood)
        stood = now
    lost = STEP - 1_000_000
    assert turned == [STEP - 500_000, STEP, -lost, -STEP, lost, -lost, -STEP]


@both
def test_a_motor_that_goes_to_and_fro_within_its_play_does_not_move_the_shaft(engine):
    machine = one_to_one(engine, backlash_mdeg=12_000)
    machine.operate("mark1.retina.light", light(1))
    stood = []
    for way in (+1, -1, +1, -1, -1, -1):
        pulse(machine, way)
        stood.append(machine.read("mark1.values.V[1]"))
    assert stood == [0, 0, 0, 0, 0, -4_000_000], "6 degrees of slack below, then 10 turned"


@both
@settings(max_examples=30)
@given(
    ways=st.lists(st.sampled_from([-1, 1]), min_size=1, max_size=12),
    backlash_mdeg=st.sampled_from([0, 1, 1_500, 4_999, 5_000, 7_000, 23_000]),
    travel_mdeg=st.sampled_from([8_000, 150_000]),
)
def test_a_shaft_follows_its_motor_as_a_loose_pin_in_a_slot(
    engine, ways, backlash_mdeg, travel_mdeg
):
    """The motor carries a slot as wide as the play; the shaft is a pin in it, and meets its stops.

    A stop holds the pin, and the slot with it: the clutch slips.
    """
    machine = one_to_one(engine, backlash_mdeg=backlash_mdeg, travel_mdeg=travel_mdeg)
    machine.operate("mark1.retina.light", light(1))
    play, travel = backlash_mdeg * 1000, travel_mdeg * 1000
    slot, pin = play // 2, 0  # upper end of the slot
    for way in ways:
        pulse(machine, way)
        slot += way * STEP
        pin = min(max(pin, slot - play), slot)
        if abs(pin) > travel:
            slot -= pin - (travel if pin > 0 else -travel)
            pin = travel if pin > 0 else -travel
        assert machine.read("mark1.values.V[1]") == pin


@both
def test_a_shaft_comes_back_from_its_end_stop_less_the_play(engine):
    machine = one_to_one(engine, travel_mdeg=8_000, backlash_mdeg=1_000)
    machine.operate("mark1.retina.light", light(1))
    for _ in range(4):
        pulse(machine, +1)
    assert machine.read("mark1.values.V[1]") == 8_000_000
    pulse(machine, -1)
    assert machine.read("mark1.values.V[1]") == 8_000_000 - (STEP - 1_000_000)
    for _ in range(5):
        pulse(machine, -1)
    assert machine.read("mark1.values.V[1]") == -8_000_000
    pulse(machine, +1)
    assert machine.read("mark1.values.V[1]") == -8_000_000 + (STEP - 1_000_000)


@both
def test_a_series_turns_loose_gears_as_pulses_by_hand_do(engine):
    machine = one_to_one(engine, backlash_mdeg=1_000)
    stood = []
    for way in (+1, -1):
        machine.operate("mark1.control.train", series([(1,)], [way], rule="forced", sweeps=3))
        machine.run(machine.now_ns + 10_000 * MS)
        stood.append(machine.read("mark1.values.V[1]"))
    assert stood == [3 * STEP - 500_000, 500_000], "half the play lost, then all of it"


@both
def test_a_pulse_too_short_to_turn_a_shaft_by_a_microdegree_still_counts(engine):
    """A bug once: the compiled engine counted pulses by how far the shaft had turned."""
    machine = one_to_one(engine, motor_mdeg_per_s=100, pulse_us=1)
    machine.operate("mark1.control.train", series([(1,)], [1], rule="forced", sweeps=5))
    machine.run(10_000 * MS)
    assert machine.read("mark1.values.V[1]") == 0
    assert machine.read("mark1.values.coincidences[1]") == 5


# forgetting


@both
def test_values_decay_at_each_exposure_of_a_series_toward_the_centre(engine):
    machine = one_to_one(engine, decay_ppm=100_000)
    machine.operate("mark1.values.V", [1_000_000, -1_000_000, 19, -9])
    machine.operate("mark1.control.train", series([(1,), (2,)], [0, 0]))
    machine.run(1 * MS)
    assert machine.rack("mark1.values.V").tolist() == [900_000, -900_000, 18, -9]
    machine.run(10_000 * MS)
    assert machine.rack("mark1.values.V").tolist() == [810_000, -810_000, 17, -9]


@both
def test_a_picture_shown_by_hand_and_a_test_leave_values_as_they_are(engine):
    stimuli = letters("EX")
    machine = machine_for("EX", engine=engine, decay_ppm=500_000)
    turned = np.arange(512) * 1_000
    machine.operate("mark1.values.V", turned)
    machine.operate("mark1.retina.light", stimuli.levels[0])
    machine.run(500 * MS)
    Experimenter(machine, "EX").test(stimuli)
    assert (machine.rack("mark1.values.V") == turned).all()


@both
def test_a_machine_that_forgets_everything_at_once_keeps_nothing_of_the_last_pulse(engine):
    machine = one_to_one(engine, decay_ppm=1_000_000)
    machine.operate("mark1.control.train", series([(1,)], [1], rule="forced", sweeps=2))
    machine.run(400 * MS)
    assert machine.read("mark1.values.V[1]") == STEP
    machine.run(751 * MS)
    assert machine.read("mark1.values.V[1]") == 0


# the power key


def running(engine, **changes):
    """Give a machine in the middle of a pulse of a series, with all switches thrown."""
    machine = one_to_one(engine, relay_us=5_000, pickup_us=20_000, **changes)
    machine.operate("mark1.faults.A", [0, 0, 0, 2])
    machine.operate("mark1.faults.motor", [0, 0, 1, 0])
    machine.operate("mark1.values.V", [9_000_000, -9_000_000, 4_000_000, 0])
    machine.operate("mark1.control.train", series([(1, 2, 3)], [1], rule="forced", sweeps=4))
    machine.run(200 * MS)
    assert machine.rack("mark1.values.motor").tolist() == [20_000, 20_000, 0, 0]
    return machine


@both
def test_when_the_power_goes_all_is_lost_but_shafts_and_switches(engine):
    machine = running(engine)
    turned = machine.rack("mark1.values.V")
    theta, light_now = machine.read("mark1.association.theta"), machine.rack("mark1.retina.light")
    rule, desired = machine.read("mark1.control.rule"), machine.rack("mark1.response.desired")
    machine.operate("mark1.control.power")
    assert (machine.rack("mark1.values.V") == turned).all(), "no creep unless it is worn"
    assert machine.now_ns == 200 * MS
    for lost in ("retina.S", "association.sum", "association.A", "values.motor", "response.R",
                 "response.drive", "response.sum"):  # fmt: skip
        assert not machine.rack(f"mark1.{lost}").any(), lost
    assert machine.read("mark1.control.stage") == 0
    assert machine.next_due_ns() > machine.now_ns, "the relays are on their way again"
    assert machine.read("mark1.association.theta") == theta
    assert (machine.rack("mark1.retina.light") == light_now).all()
    assert machine.read("mark1.control.rule") == rule
    assert (machine.rack("mark1.response.desired") == desired).all()
    assert machine.rack("mark1.faults.A").tolist() == [0, 0, 0, 2]
    assert machine.rack("mark1.faults.motor").tolist() == [0, 0, 1, 0]


@both
def test_after_power_on_the_machine_looks_afresh_in_its_own_time(engine):
    machine = running(engine)
    machine.operate("mark1.control.power")
    eyes, units = Trace("mark1.retina.S[1]"), Trace("mark1.association.A[1]")
    for trace in (eyes, units):
        machine.attach(trace)
    machine.run(5_000 * MS)
    assert eyes.changes == [(200 * MS, 0), (220 * MS, 1)]
    assert units.changes == [(200 * MS, 0), (225 * MS, 1)]
    assert machine.read("mark1.control.stage") == 0, "the series is not taken up again"


@both
def test_worn_shafts_creep_when_the_power_goes_but_no_further_than_their_limit(engine):
    machines = [one_to_one(engine, retention_mdeg=5, travel_mdeg=100) for _ in range(2)]
    stood = np.array([100_000, -100_000, 50_000, 0])
    crept = []
    for machine in machines:
        machine.operate("mark1.values.V", stood)
        for _ in range(60):
            machine.run(machine.now_ns + 10 * MS)
            machine.operate("mark1.values.V", stood)
            machine.operate("mark1.control.power")
            crept.append(machine.rack("mark1.values.V") - stood)
    moved = np.array(crept)
    assert np.abs(moved).max() <= 5_000
    assert moved[:, 2].min() < -3_000 < 3_000 < moved[:, 2].max()
    assert moved[:, 0].max() == 0, "not beyond the end stop"
    assert moved[:, 1].min() == 0
    assert len(np.unique(moved[:60, 2])) > 50, "each time otherwise"
    assert (moved[:60] == moved[60:]).all(), "and the same in a replay"


# presets


@both
@pytest.mark.parametrize("physics", PHYSICS)
def test_two_letters_are_learned_with_parts_exact_new_or_worn(engine, physics):
    stimuli = letters("EX")
    experimenter = Experimenter(machine_for("EX", 1, engine, physics=physics), "EX")
    curve = experimenter.teach(stimuli)
    assert curve[-1] == 0
    assert experimenter.test(stimuli).wrong == 0


@pytest.mark.parametrize("physics", PHYSICS)
def test_eight_letters_are_learned_with_parts_exact_new_or_worn(physics):
    stimuli = letters("ABCDEFGH")
    experimenter = Experimenter(machine_for(stimuli.classes, 1, physics=physics), stimuli.classes)
    assert experimenter.teach(stimuli)[-1] == 0


@both
def test_a_machine_in_the_dark_learns_nothing_and_no_shaft_turns(engine):
    stimuli = letters("EX")
    machine = machine_for("EX", 1, engine, lighting_permille=0)
    assert Experimenter(machine, "EX").teach(stimuli, exposures=3).tolist() == [2, 2, 2]
    assert not machine.rack("mark1.values.V").any()


def test_the_presets_are_what_with_physics_gives():
    assert Description.with_physics("nominal") == Description()
    assert Description.with_physics("off") == Description.ideal()
    worn = Description.with_physics("worn", backlash_mdeg=3)
    assert worn.backlash_mdeg == 3
    assert worn.retention_mdeg == PHYSICS["worn"]["retention_mdeg"] > 0
    exact = Description.ideal()
    strays = [field.name for field in dataclasses.fields(exact) if "spread" in field.name]
    assert len(strays) == 4
    assert not any(getattr(exact, name) for name in strays)


def test_the_engines_end_alike_after_worn_parts_have_learned():
    stimuli = letters("EX")
    ends = []
    for engine in ENGINES:
        experimenter = Experimenter(machine_for("EX", 5, engine, physics="worn"), "EX")
        experimenter.teach(stimuli, rule="forced", exposures=3, until_errorless=False)
        experimenter.machine.operate("mark1.control.power")
        experimenter.machine.run(experimenter.machine.now_ns + 500 * MS)
        ends.append(experimenter.machine.snapshot())
    assert states.diff(*ends) == []


# numbers that contradict themselves


@pytest.mark.parametrize(
    ("numbers", "complaint"),
    [
        ({"hysteresis": 128}, "hysteresis is 128, but some photocell lights up at"),
        ({"hysteresis": 70, "photocell_spread_permille": 500}, "never go dark again"),
        ({"photocell_threshold": 5}, "hysteresis is 8, but some photocell lights up at 5"),
        ({"hysteresis": 255}, "hysteresis must lie between 0 and 254, not 255"),
        ({"latch": 2}, "latch must lie between 0 and 1, not 2"),
        ({"latch": True}, "latch must be a whole number, not True"),
        ({"gradient_permille": 1001}, "gradient_permille must lie between 0 and 1000"),
        ({"lighting_permille": -1}, "lighting_permille must lie between 0 and 4000"),
        ({"photocell_spread_permille": 1000}, "photocell_spread_permille must lie between 0 and"),
        ({"relay_us": -1}, "relay_us must lie between 0 and"),
        ({"relay_spread_permille": 1000}, "relay_spread_permille must lie between 0 and 999"),
        ({"compare_us": 0.5}, "compare_us must be a whole number"),
        ({"backlash_mdeg": -1}, "backlash_mdeg must lie between 0 and"),
        ({"retention_mdeg": -1}, "retention_mdeg must lie between 0 and"),
        ({"decay_ppm": 1_000_001}, "decay_ppm must lie between 0 and 1000000"),
        ({"longest_pulse_us": 0}, "longest_pulse_us must lie between 1 and"),
        ({"feed_units": 0}, "feed_units must lie between 1 and"),
    ],
)
def test_physics_that_cannot_be_is_refused_in_one_line(numbers, complaint):
    with pytest.raises(Mistake, match=complaint) as caught:
        Description(**numbers)
    assert "\n" not in str(caught.value)


def test_physics_that_nobody_knows_is_refused():
    with pytest.raises(Mistake, match="no physics is called rusty; there are off, nominal, worn"):
        machine_for("EX", physics="rusty")
