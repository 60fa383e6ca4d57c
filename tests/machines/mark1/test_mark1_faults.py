"""Faults of the Mark I: dead and stuck parts, pulled wires, seized motors, noise; both engines."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small import MS, STEP, light, one_to_one

from machines.mark1 import Description, Experimenter, Mark1, load, machine_for
from machines.mark1 import plugboard as boards
from machines.mark1.faults import KINDS, damage_curve, found, heal, inject, some
from machines.mark1.plugboard import from_wires
from simulator import state as states
from simulator.errors import Mistake
from simulator.logbook import Logbook
from simulator.probe import Trace
from simulator.stimuli import letters

both = pytest.mark.parametrize("engine", ["reference", "compiled"])
ALL_ON = light(1, 2, 3, 4)


def series(cells, ways, **changes):
    return {
        "light": np.array([light(*lit) for lit in cells]),
        "desired": np.array([[way, way] for way in ways], np.int8),
        "rule": "forced",
        "sweeps": 1,
    } | changes


def teach_by_hand(machine, way=1):
    machine.operate("mark1.control.rule", "forced")
    machine.operate("mark1.response.desired", [way, way])
    machine.operate("mark1.control.reinforce")


# S-units and A-units


@both
def test_a_dead_s_unit_sees_nothing_and_a_stuck_one_always_something(engine):
    machine = one_to_one(engine)
    machine.operate("mark1.faults.S", [1, 2, 0, 0])
    seen = []
    for cells in [(), (1, 2, 3), (4,)]:
        machine.operate("mark1.retina.light", light(*cells))
        seen.append(machine.rack("mark1.retina.S").tolist())
        assert machine.rack("mark1.association.A").tolist() == seen[-1], "A-units go by S-units"
    assert seen == [[0, 1, 0, 0], [0, 1, 1, 0], [0, 1, 0, 1]]


@both
def test_an_s_unit_fails_and_comes_back_in_its_pick_up_time(engine):
    machine = one_to_one(engine, pickup_us=20_000)
    machine.operate("mark1.retina.light", light(1))
    machine.run(100 * MS)
    trace = Trace("mark1.retina.S[1]")
    machine.attach(trace)
    machine.operate("mark1.faults.S", [1, 0, 0, 0])
    machine.run(200 * MS)
    machine.operate("mark1.faults.S", None)
    machine.run(300 * MS)
    assert trace.changes == [(100 * MS, 1), (120 * MS, 0), (220 * MS, 1)]


@both
def test_a_latch_does_not_hold_a_dead_s_unit(engine):
    machine = one_to_one(engine, latch=1)
    machine.operate("mark1.retina.light", light(1, 2))
    machine.operate("mark1.faults.S", [1, 0, 0, 0])
    assert machine.rack("mark1.retina.S").tolist() == [0, 1, 0, 0]


@both
def test_a_dead_a_unit_is_never_active_a_stuck_one_always_and_their_sums_still_show(engine):
    machine = one_to_one(engine)
    machine.operate("mark1.faults.A", [1, 2, 0, 0])
    machine.operate("mark1.retina.light", light(1, 3))
    assert machine.rack("mark1.association.sum").tolist() == [1, 0, 1, 0]
    assert machine.rack("mark1.association.A").tolist() == [0, 1, 1, 0]


@both
def test_a_stuck_a_unit_speaks_up_for_its_value_whatever_is_shown(engine):
    machine = one_to_one(engine)
    machine.operate("mark1.values.V", [1_000_000, -3_000_000, 0, 0])
    answers = []
    for fault in (0, 2, 1):
        machine.operate("mark1.faults.A", [0, fault, 0, 0])
        machine.operate("mark1.control.train", series([(1,)], [0], rule="off"))
        machine.run(machine.now_ns + 10_000 * MS)
        answers.append(int(machine.rack("mark1.control.answers")[0, 0]))
    assert answers == [1, -1, 1]


@both
def test_motors_of_dead_a_units_stand_still_and_those_of_stuck_ones_always_run(engine):
    machine = one_to_one(engine)
    machine.operate("mark1.faults.A", [1, 2, 0, 0])
    machine.operate("mark1.control.train", series([(1, 3)], [1], sweeps=3))
    machine.run(10_000 * MS)
    assert machine.rack("mark1.values.V").tolist() == [0, 3 * STEP, 3 * STEP, 0]


@both
def test_a_part_that_fails_during_a_pulse_stops_its_motor_then_and_there(engine):
    machine = one_to_one(engine)
    machine.operate("mark1.retina.light", ALL_ON)
    teach_by_hand(machine)
    machine.run(100 * MS)
    machine.operate("mark1.faults.A", [1, 0, 0, 0])
    machine.operate("mark1.faults.S", [0, 1, 0, 0])
    machine.run(150 * MS)
    machine.operate("mark1.faults.motor", [0, 0, 1, 0])
    machine.run(1_000 * MS)
    assert machine.rack("mark1.values.V").tolist() == [2_000_000, 2_000_000, 3_000_000, STEP]


# wires


@both
def test_a_pulled_wire_takes_its_sign_out_of_the_sum(engine):
    numbers = {"rows": 2, "columns": 2, "association_units": 2, "response_units": 1}
    d = Description.ideal(responses_in_use=1, excitatory=2, inhibitory=1, theta=1, **numbers)
    wires = [(0, 0, 1), (0, 1, 1), (0, 2, -1), (1, 0, 1), (1, 3, -1)]
    machine = Mark1(d, from_wires(wires, d), engine)
    machine.operate("mark1.retina.light", ALL_ON)
    sums = []
    for pulled in ([0] * 5, [1, 0, 0, 0, 0], [0, 0, 1, 0, 0], [1, 1, 0, 0, 1], [1] * 5, None):
        machine.operate("mark1.faults.wire", pulled)
        sums.append(machine.rack("mark1.association.sum").tolist())
    assert sums == [[1, 0], [0, 0], [2, 0], [-1, 1], [0, 0], [1, 0]]


@both
@pytest.mark.parametrize("in_a_series", [False, True])
def test_any_wires_pulled_from_the_nominal_board_change_sums_by_exactly_their_signs(
    engine, in_a_series
):
    machine = machine_for("EX", 3, engine, physics="off")
    picture = letters("E").levels[0]
    pulled = np.zeros(len(machine.board), np.uint8)
    pulled[some(len(pulled), 1_000, 11)] = 1
    sums = []
    for wires in (None, pulled):
        machine.operate("mark1.faults.wire", wires)
        if in_a_series:
            desired = np.zeros((3, 8), np.int8)
            frames = np.stack([picture] * 3)
            machine.operate(
                "mark1.control.train",
                {"light": frames, "desired": desired, "rule": "off", "sweeps": 1},
            )
            machine.run(machine.now_ns + 10_000 * MS)
        else:
            machine.operate("mark1.retina.light", picture)
        sums.append(machine.rack("mark1.association.sum").astype(np.int64))
    lit = (picture.reshape(-1) > 0)[machine.board.s_unit] & (pulled == 1)
    taken = np.zeros(512, np.int64)
    np.add.at(taken, machine.board.a_unit[lit], machine.board.sign[lit].astype(np.int64))
    assert np.abs(taken).sum() > 100
    assert (sums[0] - sums[1] == taken).all()


# motors


@both
def test_a_seized_motor_never_turns_while_the_others_do(engine):
    machine = one_to_one(engine)
    machine.operate("mark1.faults.motor", [1, 0, 0, 1])
    machine.operate("mark1.values.V", [7, 7, 7, 7])
    machine.operate("mark1.control.train", series([(1, 2, 3, 4)], [-1], sweeps=4))
    machine.run(10_000 * MS)
    assert machine.rack("mark1.values.V").tolist() == [7, 7 - 4 * STEP, 7 - 4 * STEP, 7]
    assert machine.rack("mark1.values.coincidences").tolist() == [0, -4, -4, 0]


@both
def test_under_the_gamma_system_a_seized_motor_does_not_pay_either(engine):
    machine = one_to_one(engine)
    machine.operate("mark1.faults.motor", [0, 1, 0, 0])
    machine.operate("mark1.control.train", series([(1, 3)], [1], rule="forced-gamma", sweeps=2))
    machine.run(10_000 * MS)
    assert machine.rack("mark1.values.V").tolist() == [2 * STEP, 0, 2 * STEP, -2 * STEP]


@both
def test_a_seized_motor_can_still_be_turned_by_hand_and_runs_on_when_freed(engine):
    machine = one_to_one(engine)
    machine.operate("mark1.retina.light", light(1))
    machine.operate("mark1.faults.motor", [1, 0, 0, 0])
    teach_by_hand(machine)
    machine.run(100 * MS)
    machine.operate("mark1.values.V", [42, 0, 0, 0])
    machine.operate("mark1.faults.motor", None)
    machine.run(1_000 * MS)
    assert machine.read("mark1.values.V[1]") == 42 + 3_000_000, "for the 150 ms that were left"


# noise on the retina


def dark_retina(engine, permille, parts_seed=1):
    """Give a machine of 400 photocells that is about to be shown darkness 60 times."""
    d = Description.ideal(
        association_units=1, response_units=1, responses_in_use=1,
        excitatory=1, inhibitory=0, theta=1, parts_seed=parts_seed,
    )  # fmt: skip
    machine = Mark1(d, from_wires([(0, 0, 1)], d), engine)
    machine.operate("mark1.faults.retina_noise", permille)
    return machine


def flipped(machine, exposures=60):
    """Give which photocells were flipped at each exposure of a series of dark pictures."""
    start_ns = machine.now_ns
    machine.operate(
        "mark1.control.train",
        {
            "light": np.zeros((1, 400), np.uint8),
            "desired": np.zeros((1, 1), np.int8),
            "rule": "off",
            "sweeps": exposures,
        },
    )
    seen = []
    for i in range(exposures):
        machine.run(start_ns + i * 500 * MS + 1 * MS)
        seen.append(machine.rack("mark1.retina.light"))
    return np.array(seen) == 255


@both
@pytest.mark.parametrize("permille", [30, 500])
def test_noise_flips_its_share_of_photocells_within_four_sigma(engine, permille):
    seed, cells = 17, 400 * 60
    share = permille / 1000
    flips = int(flipped(dark_retina(engine, permille, seed)).sum())
    sigma = np.sqrt(cells * share * (1 - share))
    assert abs(flips - cells * share) < 4 * sigma, f"parts_seed {seed}: {flips} of {cells}"


@both
def test_noise_flips_others_at_each_exposure_and_the_same_in_a_replay(engine):
    first, again = (flipped(dark_retina(engine, 100), 20) for _ in range(2))
    other = flipped(dark_retina(engine, 100, parts_seed=2), 20)
    assert (first == again).all()
    assert (first != other).any(axis=1).all()
    assert len(np.unique(first, axis=0)) == 20


@both
def test_noise_turns_light_into_its_contrary_in_a_series_and_leaves_pictures_by_hand(engine):
    machine = one_to_one(engine)
    machine.operate("mark1.faults.retina_noise", 1000)
    machine.operate("mark1.retina.light", [255, 200, 0, 55])
    assert machine.rack("mark1.retina.light").tolist() == [255, 200, 0, 55]
    shown = series([()], [0], rule="off")
    shown["light"] = np.array([[255, 200, 0, 55]], np.uint8)
    machine.operate("mark1.control.train", shown)
    machine.run(10_000 * MS)
    assert machine.rack("mark1.retina.light").tolist() == [0, 55, 255, 200]
    assert machine.rack("mark1.control.series_light").tolist() == shown["light"].tolist()


# putting right, refusing, keeping


@both
def test_a_machine_put_right_stands_as_if_nothing_had_been(engine):
    numbers = {"pickup_us": 20_000, "relay_us": 5_000}
    sound, broken = one_to_one(engine, **numbers), one_to_one(engine, **numbers)
    for machine in (sound, broken):
        machine.operate("mark1.values.V", [1_000_000, -2_000_000, 3_000_000, 4])
        machine.operate("mark1.retina.light", light(1, 3))
        machine.run(100 * MS)
    broken.operate("mark1.faults.S", [1, 2, 0, 0])
    broken.operate("mark1.faults.A", [0, 0, 1, 2])
    broken.operate("mark1.faults.wire", [0, 1, 1, 0])
    broken.operate("mark1.faults.motor", [1, 1, 1, 1])
    broken.operate("mark1.faults.retina_noise", 400)
    broken.run(200 * MS)
    assert states.diff(sound.snapshot(), broken.snapshot()) != []
    heal(broken)
    assert set(found(broken).values()) == {0}
    for machine in (sound, broken):
        machine.run(300 * MS)
        machine.operate("mark1.control.train", series([(1,), (2, 3)], [1, -1], sweeps=3))
        machine.run(20_000 * MS)
    assert states.diff(sound.snapshot(), broken.snapshot()) == []


@both
@pytest.mark.parametrize(
    ("control", "value", "complaint"),
    [
        ("S", [0, 0, 0], r"faults\.S must have shape \(4,\), not \(3,\)"),
        ("S", [[0, 0], [0, 0]], "must have shape"),
        ("S", [0, 0, 0, 3], "whole numbers from 0 to 2"),
        ("S", [0, 0, 0, -1], "whole numbers from 0 to 2"),
        ("S", [0, 0, 0, 0.5], "whole numbers from 0 to 2"),
        ("S", ["dead", "dead", "dead", "dead"], "whole numbers"),
        ("A", [0] * 5, "must have shape"),
        ("A", 1, "must have shape"),
        ("A", [0, 0, 0, 256], "whole numbers from 0 to 2"),
        ("A", {"A1": 1}, "must have shape"),
        ("motor", [0, 0, 0, 2], "whole numbers from 0 to 1"),
        ("motor", [0] * 3, "must have shape"),
        ("wire", [0, 2, 0, 0], "whole numbers from 0 to 1"),
        ("wire", [[1], [1, 0]], "equal rows"),
        ("retina_noise", -1, "between 0 and 1000, not -1"),
        ("retina_noise", 1001, "between 0 and 1000, not 1001"),
        ("retina_noise", 0.5, "whole number"),
        ("retina_noise", True, "whole number"),
        ("retina_noise", None, "whole number"),
    ],
)
def test_a_fault_that_cannot_be_is_refused_in_one_line_and_nothing_breaks(
    engine, control, value, complaint
):
    machine = one_to_one(engine)
    before = machine.snapshot()
    with pytest.raises(Mistake, match=complaint) as caught:
        machine.operate(f"mark1.faults.{control}", value)
    assert "\n" not in str(caught.value)
    assert states.diff(before, machine.snapshot()) == []


@both
def test_a_broken_machine_saved_in_the_middle_of_a_pulse_goes_on_identically(engine, tmp_path):
    other = {"reference": "compiled", "compiled": "reference"}[engine]
    stimuli = letters("EX")
    machine = machine_for("EX", 2, engine, physics="worn")
    for kind, fraction in [("S-dead", 0.05), ("S-stuck", 0.02), ("A-stuck", 0.02),
                           ("A-dead", 0.1), ("wires-pulled", 0.1), ("motors-seized", 0.2),
                           ("retina-noise", 0.03)]:  # fmt: skip
        inject(machine, kind, fraction, seed=len(kind))
    Experimenter(machine, "EX").begin(stimuli, 2, "forced", until_errorless=False)
    machine.run(200 * MS)
    assert machine.rack("mark1.values.motor").any()
    machine.save(tmp_path / "broken.npz")
    resumed, _ = load(tmp_path / "broken.npz", other)
    assert found(resumed) == found(machine)
    for one in (machine, resumed):
        one.run(10_000 * MS)
    assert machine.read("mark1.control.trials") == 4
    assert states.diff(machine.snapshot(), resumed.snapshot()) == []


# choosing parts


@given(st.integers(0, 600), st.integers(0, 2**63 - 1), st.data())
def test_parts_are_chosen_once_each_and_more_damage_includes_less(parts, seed, data):
    most = data.draw(st.integers(0, parts))
    fewer = data.draw(st.integers(0, most))
    many, few = some(parts, most, seed), some(parts, fewer, seed)
    assert len(set(many.tolist())) == most
    assert set(few.tolist()) <= set(many.tolist()) <= set(range(parts))
    assert (np.diff(many) > 0).all()


def test_each_part_is_chosen_equally_often():
    """Chi-square over the 40 parts of 1000 pages; p = 0.001 for 39 degrees of freedom is 72.1."""
    counts = np.zeros(40)
    for seed in range(1000):
        counts[some(40, 10, seed)] += 1
    # choosing without replacement leaves 3/4 of the variance of independent draws
    assert ((counts - 250) ** 2 / (250 * 3 / 4 * 40 / 39)).sum() < 72.1


@pytest.mark.parametrize("count", [-1, 11])
def test_more_parts_than_there_are_cannot_be_chosen(count):
    with pytest.raises(Mistake, match=f"of 10 parts 0 to 10 can be chosen, not {count}"):
        some(10, count, 1)


@both
@pytest.mark.parametrize(
    ("kind", "amount"),
    [("S-dead", 40), ("S-stuck", 40), ("A-dead", 51), ("A-stuck", 51), ("wires-pulled", 1024),
     ("motors-seized", 51), ("retina-noise", 100)],
)  # fmt: skip
def test_a_tenth_of_the_parts_is_injected_and_found(engine, kind, amount):
    machine = Mark1(engine=engine)
    assert inject(machine, kind, 0.1, seed=5) == amount
    assert found(machine) == {name: 0 for name in found(machine)} | {kind: amount}


def test_faults_that_are_there_already_stay():
    machine = Mark1()
    inject(machine, "A-dead", 0.5, seed=1)
    inject(machine, "A-stuck", 0.25, seed=1)
    assert found(machine)["A-stuck"] == 128
    assert found(machine)["A-dead"] == 128, "of one page, the stuck ones were among the dead"


@settings(max_examples=20)
@given(st.floats(0, 1), st.integers(0, 2**63 - 1))
def test_values_drift_either_way_up_to_the_limit_and_never_past_a_stop(fraction, seed):
    machine = one_to_one("compiled", travel_mdeg=100_000)
    stood = np.array([100_000_000, -100_000_000, 0, 40_000_000])
    machine.operate("mark1.values.V", stood)
    limit = inject(machine, "values-drifted", fraction, seed)
    assert abs(limit - fraction * 100_000_000) <= 0.5
    drift = machine.rack("mark1.values.V") - stood
    assert np.abs(drift).max() <= limit
    assert np.abs(machine.rack("mark1.values.V")).max() <= 100_000_000


def test_drift_is_spread_over_its_whole_range():
    machine = machine_for("EX")
    limit = inject(machine, "values-drifted", 0.1, seed=3)
    drift = machine.rack("mark1.values.V")
    assert limit == 15_000_000
    assert drift.min() < -0.95 * limit < 0.95 * limit < drift.max()
    assert abs(drift.mean()) < 4 * limit / np.sqrt(3 * 512)


# damage curves


def taught(classes="ABCDEFGH", engine="compiled", **numbers):
    stimuli = letters(classes)
    experimenter = Experimenter(machine_for(stimuli.classes, 1, engine, **numbers), stimuli.classes)
    experimenter.teach(stimuli)
    return experimenter, stimuli


@pytest.mark.parametrize("kind", KINDS)
def test_a_damage_curve_leaves_the_machine_exactly_as_it_was(kind):
    experimenter, stimuli = taught(physics="worn")
    machine = experimenter.machine
    inject(machine, "A-dead", 0.01, seed=8)
    machine.logbook, trace = Logbook(), Trace("mark1.retina.light")
    machine.attach(trace)
    before = machine.snapshot()
    rows = damage_curve(experimenter, stimuli, kind, [0.02, 0.5], seed=3)
    assert [row.fraction for row in rows] == [0.02, 0.5]
    assert states.diff(before, machine.snapshot()) == []
    assert machine.logbook.entries == []
    assert len(trace.changes) == 1


@pytest.mark.parametrize("kind", ["S-dead", "A-stuck", "motors-seized", "retina-noise"])
def test_both_engines_give_the_same_damage_curve(kind):
    curves = [
        damage_curve(*taught("EX", engine), kind, [0.3], seed=4)
        for engine in ("reference", "compiled")
    ]
    assert curves[0] == curves[1]


@pytest.mark.parametrize("kind", KINDS)
def test_an_undamaged_machine_forgets_nothing_and_a_wholly_damaged_one_nearly_all(kind):
    experimenter, stimuli = taught()
    none, all_of_it = damage_curve(experimenter, stimuli, kind, [0, 1], seed=1)
    assert (none.amount, none.wrong, none.accuracy) == (0, 0, 1.0)
    assert all_of_it.wrong >= 5
    assert all_of_it.stimuli == 8


def test_the_more_a_units_are_dead_the_more_is_forgotten_over_twenty_pages():
    experimenter, stimuli = taught()
    fractions = [0.02, 0.5, 0.8]
    curves = [damage_curve(experimenter, stimuli, "A-dead", fractions, page) for page in range(20)]
    few, half, most = np.array([[row.wrong for row in curve] for curve in curves]).mean(axis=0)
    assert few < 1 < half < most, "of eight letters"


def test_with_half_its_motors_seized_the_machine_can_be_taught_again():
    experimenter, stimuli = taught()
    rows = damage_curve(experimenter, stimuli, "motors-seized", [0, 0.5, 1], seed=2)
    assert [row.wrong for row in rows] == [0, 0, 8]
    assert 0 < rows[0].exposures < 40
    assert 0 < rows[1].exposures < 40
    assert rows[2].exposures == 40, "as many as its series had"


def test_it_can_be_taught_again_by_another_rule():
    experimenter, stimuli = taught()
    options = {"rule": "forced", "exposures": 3}
    row = damage_curve(experimenter, stimuli, "motors-seized", [0], seed=2, **options)[0]
    assert row.exposures == 3, "forced teaching goes on to its end"


def test_noise_on_the_retina_depends_on_the_page():
    experimenter, stimuli = taught()
    wrong = {
        damage_curve(experimenter, stimuli, "retina-noise", [0.02], page)[0].wrong
        for page in range(20)
    }
    assert len(wrong) > 1


def test_each_fraction_starts_from_the_machine_as_it_was():
    experimenter, stimuli = taught()
    together = damage_curve(experimenter, stimuli, "wires-pulled", [0.3, 0.05, 0.3], seed=6)
    alone = damage_curve(experimenter, stimuli, "wires-pulled", [0.05], seed=6)
    assert together[1] == alone[0]
    assert together[0] == together[2]


@pytest.mark.parametrize("fraction", [-0.1, 1.01, float("nan"), True, "half", None])
def test_a_fraction_that_is_none_is_refused(fraction):
    experimenter, stimuli = taught("EX")
    before = experimenter.machine.snapshot()
    with pytest.raises(Mistake, match="between 0 and 1") as caught:
        damage_curve(experimenter, stimuli, "A-dead", [0.5, fraction])
    assert "\n" not in str(caught.value)
    assert states.diff(before, experimenter.machine.snapshot()) == []


def test_a_fault_nobody_knows_is_refused_and_those_there_are_named():
    experimenter, stimuli = taught("EX")
    with pytest.raises(Mistake, match="no fault is called rust; there are S-dead, S-stuck"):
        damage_curve(experimenter, stimuli, "rust", [])


def test_a_machine_put_back_after_a_mistake_is_as_it_was():
    experimenter, _ = taught("EX")
    before = experimenter.machine.snapshot()
    with pytest.raises(Mistake, match="class Q is not on the code sheet"):
        damage_curve(experimenter, letters("Q"), "A-dead", [0.5])
    with pytest.raises(Mistake, match="no rule is called 'harsh'"):
        damage_curve(experimenter, letters("E"), "motors-seized", [0.5], rule="harsh")
    assert states.diff(before, experimenter.machine.snapshot()) == []


def test_a_busy_machine_is_not_damaged():
    experimenter, stimuli = taught("EX")
    experimenter.begin(stimuli)
    with pytest.raises(Mistake, match="at rest"):
        damage_curve(experimenter, stimuli, "A-dead", [0.5])


def test_pulled_wires_are_told_in_the_order_of_the_board():
    """Which wire a place stands for is read off the board: by A-unit, then by S-unit."""
    machine = Mark1()
    board = machine.board
    order = np.lexsort((board.s_unit, board.a_unit))
    assert (order == np.arange(len(board))).all()
    assert not boards.diff(board, boards.random_table(machine.description))
