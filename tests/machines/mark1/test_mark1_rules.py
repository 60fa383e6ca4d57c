"""Every rule of reinforcement, on both engines: who is driven, which way, and for how long."""

import numpy as np
import pytest
from rivals import expose, rivals
from small import MS, STEP, light, one_to_one

from machines.mark1 import Description, Experimenter, Mark1, code_for, machine_for
from machines.mark1.given import COIN
from machines.mark1.plugboard import from_wires
from machines.mark1.rules import NUMBER, RULES, Decides, Dominance
from simulator import chance
from simulator.errors import Mistake
from simulator.stimuli import StimulusSet, letters

pytestmark = pytest.mark.parametrize("engine", ["reference", "compiled"])

COMPETING = [rule.name for rule in RULES if rule.dominance]
STATES = (1, 0, -1)


def press(machine, rule, desired):
    machine.operate("mark1.control.rule", rule)
    machine.operate("mark1.response.desired", desired)
    machine.operate("mark1.control.reinforce")


def shows(engine, first, second=0, **changes):
    """Switch on a machine whose R-units show these responses; A1 and A3 are active."""
    machine = one_to_one(engine, **changes)
    machine.operate("mark1.values.V", [first * STEP, 0, second * STEP, 0])
    machine.operate("mark1.retina.light", light(1, 3))
    assert machine.rack("mark1.response.R").tolist() == [first, second]
    return machine


# who decides


EXPECTED = {
    "off": lambda response, desired: 0,
    "forced": lambda response, desired: desired,
    "hebb": lambda response, desired: desired,
    "forced-gamma": lambda response, desired: desired,
    "spontaneous": lambda response, desired: response,
    "spontaneous-gamma": lambda response, desired: response,
    "error-correction": lambda response, desired: desired if desired != response else 0,
    "error-correction-gamma": lambda response, desired: desired if desired != response else 0,
    "error-correction-until-turned": lambda response, desired: (
        desired if desired != response else 0
    ),
    "bivalent": lambda response, desired: praise(response or -1, desired),
}


def praise(shown, desired):
    """Strengthen what was shown if it is what is desired, else weaken it."""
    if desired == 0:
        return 0
    return shown if shown == desired else -shown


@pytest.mark.parametrize("rule", EXPECTED)
def test_which_way_a_rule_drives_for_every_response_and_every_wish(engine, rule):
    for response in STATES:
        for desired in STATES:
            machine = shows(engine, response)
            press(machine, rule, [desired, 0])
            driven = int(machine.rack("mark1.response.drive")[0])
            assert driven == EXPECTED[rule](response, desired), (response, desired)


def test_every_rule_is_under_test_here(engine):
    assert set(EXPECTED) | set(COMPETING) | {"random-sign"} == {rule.name for rule in RULES}


@pytest.mark.parametrize("rule", ["forced", "hebb", "spontaneous", "error-correction", "bivalent"])
def test_by_the_alpha_system_active_a_units_alone_change(engine, rule):
    machine = shows(engine, 1)
    before = machine.rack("mark1.values.V")
    press(machine, rule, [-1, 0])
    way = int(machine.rack("mark1.response.drive")[0])
    machine.run(1000 * MS)
    assert (machine.rack("mark1.values.V") - before).tolist() == [way * STEP, 0, 0, 0]
    assert way


# non-quantised


UNTIL = "error-correction-until-turned"


def test_motors_run_until_the_response_has_turned_and_stop_at_that_sample(engine):
    machine = one_to_one(engine)
    machine.operate("mark1.values.V", [-12_300_000, 0, 0, 0])
    machine.operate("mark1.retina.light", light(1))
    press(machine, UNTIL, [1, 0])
    machine.run(619 * MS)
    assert machine.rack("mark1.response.drive").tolist() == [1, 0]
    machine.run(620 * MS)
    assert machine.rack("mark1.response.drive").tolist() == [0, 0]
    assert machine.rack("mark1.response.R").tolist() == [1, 0]
    assert machine.read("mark1.values.V[1]") == 100_000, "0 at 615 ms, looked at every 10"
    assert machine.read("mark1.control.stage") == 0


def test_each_r_unit_is_let_go_when_it_has_turned_itself(engine):
    machine = one_to_one(engine)
    machine.operate("mark1.values.V", [-2_000_000, 0, 6_000_000, 0])
    machine.operate("mark1.retina.light", light(1, 3))
    press(machine, UNTIL, [1, -1])
    machine.run(110 * MS)
    assert machine.rack("mark1.response.drive").tolist() == [0, -1]
    machine.run(310 * MS)
    assert machine.rack("mark1.response.drive").tolist() == [0, 0]
    assert machine.rack("mark1.values.V").tolist() == [200_000, 0, -200_000, 0]


@pytest.mark.parametrize(
    ("cells", "changes"),
    [((2,), {}), ((1,), {"travel_mdeg": 8_000, "dead_zone_mdeg": 9_000})],
    ids=["no active A-unit", "end stop within the dead zone"],
)
def test_a_response_that_cannot_turn_is_given_up_after_the_longest_pulse(engine, cells, changes):
    machine = one_to_one(engine, longest_pulse_us=1_000_000, **changes)
    machine.operate("mark1.retina.light", light(*cells))
    press(machine, UNTIL, [1, 1] if cells == (1,) else [0, 1])
    machine.run(999 * MS)
    assert machine.read("mark1.control.stage") == 3
    machine.run(1000 * MS)
    assert machine.read("mark1.control.stage") == 0
    assert not machine.rack("mark1.values.motor").any()
    assert machine.read("mark1.values.V[1]") == changes.get("travel_mdeg", 0) * 1000


def test_a_series_goes_on_after_a_stimulus_that_cannot_be_corrected(engine):
    machine = one_to_one(engine, longest_pulse_us=500_000)
    series = {"light": np.array([light(), light(1)]), "desired": np.array([[1, 0], [1, 0]])}
    machine.operate("mark1.control.train", {**series, "rule": UNTIL, "sweeps": 3})
    machine.run(60_000 * MS)
    assert machine.read("mark1.control.stage") == 0
    assert machine.rack("mark1.control.sweep_wrong").tolist() == [2, 1, 1]
    assert machine.rack("mark1.control.answers").tolist() == [[0, 0], [1, 0]]


# random sign


def test_a_wrong_answer_is_corrected_by_a_coin_from_the_table_and_a_right_one_never(engine):
    machine = one_to_one(engine, travel_mdeg=10_000_000, parts_seed=11)
    machine.operate("mark1.values.V", [-9_000_000_000, 0, 9_000_000_000, 0])
    machine.operate("mark1.retina.light", light(1, 3))
    ways, table, tosses = [], [], 400
    for _ in range(tosses):
        table.append(2 * chance.below(2, 11, COIN, machine.now_ns) - 1)
        press(machine, "random-sign", [1, 1])
        ways.append(machine.rack("mark1.response.drive").tolist())
        machine.run(machine.now_ns + 250 * MS)
    assert [way for way, _ in ways] == table
    assert {way for _, way in ways} == {0}
    assert abs(table.count(1) - tosses // 2) <= 4 * np.sqrt(tosses) / 2, "within 4 sigma"
    assert machine.read("mark1.values.V[1]") == -9_000_000_000 + sum(table) * STEP


# praise and blame


@pytest.mark.parametrize(
    ("shown", "desired", "driven"),
    [
        ((1, -1), (1, -1), (1, -1)),
        ((1, -1), (1, 1), (-1, 1)),
        ((1, -1), (-1, 1), (-1, 1)),
        ((1, -1), (1, 0), (1, 0)),
        ((-1, 1), (0, -1), (0, -1)),
    ],
)
def test_all_that_was_shown_is_praised_or_blamed_together(engine, shown, desired, driven):
    machine = shows(engine, *shown)
    press(machine, "bivalent", list(desired))
    assert machine.rack("mark1.response.drive").tolist() == list(driven)


def test_an_undecided_r_unit_that_shall_show_0_is_praised_not_blamed_for_ever(engine):
    machine = one_to_one(engine)
    series = {"light": light(1)[np.newaxis], "desired": [[-1, 0]], "rule": "bivalent"}
    machine.operate("mark1.control.train", {**series, "sweeps": 3})
    machine.run(60_000 * MS)
    assert machine.rack("mark1.control.sweep_wrong").tolist() == [1, 0, 0]
    assert machine.read("mark1.values.V[1]") == -3 * STEP


# values conserved


@pytest.mark.parametrize("rule", ["forced-gamma", "error-correction-gamma"])
def test_what_active_a_units_gain_the_inactive_ones_of_that_r_unit_lose(engine, rule):
    machine = one_to_one(engine)
    machine.operate("mark1.retina.light", light(1, 3))
    press(machine, rule, [1, -1])
    machine.run(1000 * MS)
    assert machine.rack("mark1.values.V").tolist() == [STEP, -STEP, -STEP, STEP]


def test_where_all_a_units_are_active_nobody_can_pay_and_nothing_is_gained(engine):
    machine = one_to_one(engine)
    machine.operate("mark1.retina.light", light(1, 2))
    press(machine, "forced-gamma", [1, 0])
    machine.run(1000 * MS)
    assert not machine.rack("mark1.values.V").any()
    assert machine.read("mark1.control.stage") == 0


# Hebb


def test_by_hebbs_rule_a_value_is_how_often_its_a_unit_and_the_response_went_together(engine):
    seed, sweeps = 58, 3
    draw = np.random.default_rng(seed)  # printed by pytest with a failure
    d = Description.ideal(
        rows=3, columns=4, association_units=20, response_units=2, responses_in_use=2,
        excitatory=2, inhibitory=1, theta=1, wiring_seed=seed, travel_mdeg=10_000_000,
    )  # fmt: skip
    machine = Mark1(d, engine=engine)
    shown = draw.integers(0, 2, (15, 12)).astype(np.uint8) * 255
    desired = draw.choice([-1, 0, 1], (15, 2)).astype(np.int8)
    series = {"light": shown, "desired": desired, "rule": "hebb", "sweeps": sweeps}
    machine.operate("mark1.control.train", series)
    machine.run(120_000 * MS)
    board = machine.board
    wires = np.zeros((20, 12), np.int64)
    np.add.at(wires, (board.a_unit, board.s_unit), board.sign)
    active = (shown > 0) @ wires.T >= 1
    together = sweeps * (active.astype(np.int64).T @ desired)[board.pot_a, board.pot_r]
    assert together.any(), seed
    assert machine.rack("mark1.values.coincidences").tolist() == together.tolist(), seed
    assert machine.rack("mark1.values.V").tolist() == (STEP * together).tolist(), seed


# competition


@pytest.mark.parametrize(("rule", "winner"), [("alpha-mu", 1), ("alpha-sigma", 0)])
def test_the_largest_mean_or_the_largest_sum_suppresses_the_others(engine, rule, winner):
    machine = rivals(engine, rule)
    turned = np.zeros((3, 4), np.int64)
    turned[0], turned[1], turned[2] = 3 * STEP, 5 * STEP, 2 * STEP
    machine.operate("mark1.values.V", turned.ravel())
    expose(machine, 2, 1, 2)  # sums 6, 5, 4 steps; means 3, 5, 2
    expected = [-1, -1, -1]
    expected[winner] = 1
    assert machine.rack("mark1.response.R").tolist() == expected


def test_a_tie_or_a_lead_within_the_dead_zone_changes_nothing(engine):
    machine = rivals(engine, "alpha-sigma", dead_zone_mdeg=1_000)
    expose(machine, 1, 1, 0)
    seen = []
    for lead in (0, 1_000_000, 1_000_001, -1_000_000, 0, -1_000_001):
        turned = np.zeros((3, 4), np.int64)
        turned[0, 0] = lead
        machine.operate("mark1.values.V", turned.ravel())
        seen.append(machine.rack("mark1.response.R").tolist())
    undecided, first, second = [0, 0, 0], [1, -1, -1], [-1, 1, -1]
    assert seen == [undecided, undecided, first, first, first, second]


def test_an_r_unit_without_an_active_a_unit_cannot_win_and_without_any_nobody_does(engine):
    machine = rivals(engine, "alpha-mu")
    turned = np.zeros((3, 4), np.int64)
    turned[0], turned[1] = -STEP, 9 * STEP
    machine.operate("mark1.values.V", turned.ravel())
    expose(machine, 0, 0, 0)
    assert machine.rack("mark1.response.R").tolist() == [0, 0, 0]
    expose(machine, 1, 0, 0)
    assert machine.rack("mark1.response.R").tolist() == [1, -1, -1], "the only one there is"
    expose(machine, 0, 0, 0)
    assert machine.rack("mark1.response.R").tolist() == [1, -1, -1], "held"


@pytest.mark.parametrize("rule", COMPETING)
def test_where_r_units_compete_the_chosen_response_alone_is_reinforced(engine, rule):
    machine = rivals(engine, rule)
    turned = np.zeros((3, 4), np.int64)
    turned[2] = STEP
    machine.operate("mark1.values.V", turned.ravel())
    expose(machine, 1, 2, 3)
    machine.operate("mark1.response.desired", [-1, 1, -1])
    machine.operate("mark1.control.reinforce")
    own = RULES[NUMBER[rule]].decides == Decides.MACHINE
    expected = [0, 0, 1] if own else [0, 1, 0]
    assert machine.rack("mark1.response.drive").tolist() == expected


@pytest.mark.parametrize("rule", COMPETING)
def test_r_units_go_on_competing_with_the_switch_off(engine, rule):
    machine = rivals(engine, rule)
    machine.operate("mark1.control.rule", "off")
    assert machine.read("mark1.response.dominance") == int(RULES[NUMBER[rule]].dominance)
    machine.operate("mark1.control.rule", "error-correction")
    assert machine.read("mark1.response.dominance") == int(Dominance.NONE)


# left to itself


def left_to_itself(engine, rule, second, **changes):
    """Show two pictures for 60 sweeps to a machine that reinforces its own responses.

    The first lights cells 1 and 2 of two source-sets. The values lean a little, so that at first
    R1 answers the first picture and R2 the second. Give the final answers of these two.
    """
    machine = rivals(engine, rule, travel_mdeg=10_000_000, **changes)
    pictures = np.zeros((2, 3, 4), np.uint8)
    pictures[0, :2, :2] = pictures[1, :2, second] = 255
    lean = np.zeros((3, 4), np.int64)
    lean[0, 0] = lean[1, 2] = STEP // 10
    machine.operate("mark1.values.V", lean.ravel())
    series = {"light": pictures, "desired": np.zeros((2, 3), np.int8), "rule": rule}
    machine.operate("mark1.control.train", {**series, "sweeps": 60})
    while machine.number("mark1.control.stage"):
        machine.run(machine.now_ns + 1000 * MS)
    return [row[:2] for row in machine.rack("mark1.control.answers").tolist()]


ONE_CLASS, TWO_CLASSES = [[1, -1], [1, -1]], [[1, -1], [-1, 1]]
CELLS_2_3, CELLS_3_4 = [1, 2], [2, 3]


@pytest.mark.parametrize("decay_ppm", [0, 1_000, 100_000])
@pytest.mark.parametrize("system", ["alpha-mu", "alpha-sigma"])
def test_left_to_itself_the_alpha_system_answers_all_that_overlaps_alike(engine, system, decay_ppm):
    rule = f"spontaneous-{system}"
    assert left_to_itself(engine, rule, CELLS_2_3, decay_ppm=decay_ppm) == ONE_CLASS
    assert left_to_itself(engine, rule, CELLS_3_4, decay_ppm=decay_ppm) == TWO_CLASSES


@pytest.mark.parametrize("system", ["beta-mu", "beta-sigma", "gamma-mu", "gamma-sigma"])
def test_left_to_themselves_beta_and_gamma_keep_apart_what_overlaps_no_more_than_by_chance(
    engine, system
):
    # two pictures of 2 in 4 A-units each, 1 in common: 2 x 2 / 4
    assert left_to_itself(engine, f"spontaneous-{system}", CELLS_2_3) == TWO_CLASSES


# code sheets


def test_256_classes_have_256_patterns_of_eight_r_units(engine):
    names = [f"c{number}" for number in range(256)]
    experimenter = Experimenter(machine_for(names, engine=engine), names)
    assert len({tuple(row) for row in experimenter.code.tolist()}) == 256
    assert set(np.unique(experimenter.code)) == {-1, 1}
    with pytest.raises(Mistake, match="8"):
        machine_for([*names, "one more"], engine=engine)


def test_256_classes_can_be_told_by_their_lamps(engine):
    names = tuple(f"c{number}" for number in range(256))
    d = Description.ideal(
        rows=16, columns=16, association_units=16, excitatory=1, inhibitory=0, theta=1,
    )  # fmt: skip
    wires = [(a, a, 1) for a in range(16)]
    machine = Mark1(d, from_wires(wires, d), engine)
    experimenter = Experimenter(machine, names)
    # of the two A-units of each R-unit, the first votes for "1" and the second for "0"
    machine.operate("mark1.values.V", [STEP, -STEP] * 8)
    bits = np.arange(256)[:, None] >> np.arange(8)[None, :] & 1
    levels = np.zeros((256, 16, 16), np.uint8)
    levels[:, 0, 0::2], levels[:, 0, 1::2] = 255 * bits, 255 * (1 - bits)
    shown = StimulusSet(levels, np.arange(256), names, names)
    assert experimenter.test(shown).wrong == 0
    assert experimenter.recognise(levels[165]).name == "c165"


@pytest.mark.parametrize("rule", COMPETING)
def test_a_binary_code_is_refused_where_r_units_compete_and_one_each_elsewhere_is_not(engine, rule):
    stimuli = letters("EXF")
    assert code_for(rule) == "one-each"
    binary = Experimenter(machine_for(stimuli.classes, engine=engine), stimuli.classes)
    with pytest.raises(Mistake, match="one-each"):
        binary.begin(stimuli, rule=rule)
    machine = machine_for(stimuli.classes, engine=engine, code="one-each")
    each = Experimenter(machine, stimuli.classes, "one-each")
    assert each.code[:, :3].tolist() == [[1, -1, -1], [-1, 1, -1], [-1, -1, 1]]
    each.begin(stimuli, 1, rule)
    each.finish()
    assert len(each.curve()) == 1


def test_one_each_letters_are_told_after_forced_competition(engine):
    stimuli = letters("EXO")
    machine = machine_for(stimuli.classes, engine=engine, code="one-each", physics="off")
    each = Experimenter(machine, stimuli.classes, "one-each")
    each.teach(stimuli, 3, "gamma-sigma", until_errorless=False)
    assert each.test(stimuli).wrong == 0
