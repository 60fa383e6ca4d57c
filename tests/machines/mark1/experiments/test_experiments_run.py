"""The experiments done on few plugboards: each runs, and what it measures is what it says."""

import json

import numpy as np
import pytest

from machines.mark1.experiments import EXPERIMENTS, named
from machines.mark1.experiments.demonstration_1958 import marked
from machines.mark1.experiments.limits import parity, regions, seeing_all
from machines.mark1.experiments.many_responses import counts, source_sets
from machines.mark1.experiments.setting import (
    active,
    cards,
    dots,
    exact_experimenter,
    exact_machine,
    figures,
    with_units_removed,
)

LONG = {"square-circle", "outline", "figure-10", "thousands-of-units", "ideal-environment"}
SHORT = [experiment for experiment in EXPERIMENTS if experiment.name not in LONG]


def tried(experiment, jobs):
    results = [(job, experiment.run(job)) for job in jobs]
    assert json.loads(json.dumps([result for _, result in results])) == [r for _, r in results]
    return experiment.judge(results)


@pytest.mark.parametrize("experiment", SHORT, ids=lambda experiment: experiment.name)
def test_every_experiment_runs_on_two_plugboards(experiment):
    finding = tried(experiment, experiment.jobs(2))
    assert finding.measures
    assert all(np.isfinite(measure.here).all() for measure in finding.measures)


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(LONG))
def test_a_long_experiment_runs_on_two_plugboards(name):
    finding = tried(named(name), named(name).jobs(2))
    assert all(np.isfinite(measure.here).all() for measure in finding.measures)


@pytest.mark.parametrize(
    "name", ["worked-example", "table-1", "proportions", "p-a", "p-c", "figure-9"]
)
def test_what_needs_no_luck_is_reproduced(name):
    experiment = named(name)
    wirings = 8 if experiment.wirings > 1 else 1
    assert tried(experiment, experiment.jobs(wirings)).met


@pytest.mark.slow
@pytest.mark.parametrize(
    "name", ["letters", "distributed-memory", "hundred-classes", "ideal-environment", "parity"]
)
def test_what_the_page_calls_reproduced_is(name):
    experiment = named(name)
    assert tried(experiment, experiment.jobs(experiment.wirings)).met


def test_the_same_job_gives_the_same_result():
    for name in ("letters", "x-e-any", "noise"):
        job = named(name).jobs(2)[1]
        assert named(name).run(job) == named(name).run(job)


# what they are set up with


def test_an_exact_machine_has_a_socket_for_every_plug_and_stops_far_away():
    machine = exact_machine(1, association_units=1000)
    assert machine.description.plugs_per_s_unit == 1000
    assert machine.description.wiper_noise_mdeg == machine.description.dead_zone_mdeg == 0
    step = machine.description.motor_mdeg_per_s * machine.description.pulse_us // 1_000_000
    assert machine.description.travel_mdeg // step == 10_000


def test_cards_to_test_with_are_other_ones_than_those_taught():
    stimuli = figures("square", "circle")
    taught = cards(stimuli, 40, 3, shift=3)
    unseen = cards(stimuli, 40, 3, taught=False, shift=3)
    assert not np.array_equal(taught.levels, unseen.levels)
    assert np.array_equal(taught.levels, cards(stimuli, 40, 3, shift=3).levels)


def test_random_patterns_light_as_many_cells_each_and_differ():
    patterns = dots(30, 100, 5)
    assert (patterns.levels.reshape(30, -1) == 255).sum(axis=1).tolist() == [100] * 30
    assert len({picture.tobytes() for picture in patterns.levels}) == 30
    assert patterns.classes[:2] == ("P1", "P2")


class TestAUnitsTakenOut:
    def test_they_are_never_active_again_and_the_others_are_as_before(self):
        experimenter = exact_experimenter(("1", "2"), 4)
        pictures = dots(20, 100, 4).levels
        before = active(experimenter.machine, pictures)
        after = active(with_units_removed(experimenter, 300, 4).machine, pictures)
        gone = (before & ~after).any(axis=0)
        assert 0 < gone.sum() <= round(512 * 0.3)
        assert not after[:, gone].any()
        assert np.array_equal(before[:, ~gone], after[:, ~gone])

    def test_values_stay_and_the_machine_it_was_done_to_too(self):
        experimenter = exact_experimenter(("1", "2"), 4)
        values = np.arange(512) * 1_000_000
        experimenter.machine.operate("mark1.values.V", values)
        damaged = with_units_removed(experimenter, 500, 4)
        assert np.array_equal(damaged.machine.rack("mark1.values.V"), values)
        assert damaged.machine.rack("mark1.faults.A").sum() == 256
        assert experimenter.machine.rack("mark1.faults.A").sum() == 0

    def test_a_larger_part_takes_out_those_of_a_smaller_one(self):
        experimenter = exact_experimenter(("1", "2"), 4)
        few, some, many = (
            with_units_removed(experimenter, permille, 4).machine.rack("mark1.faults.A") == 1
            for permille in (100, 400, 900)
        )
        assert [few.sum(), some.sum(), many.sum()] == [51, 205, 461]
        assert (few <= some).all()
        assert (some <= many).all()


def test_cards_are_marked_in_turn_left_and_right_and_never_across():
    stimuli = marked(60, 6, 2)
    halves = stimuli.levels.reshape(60, 20, 2, 10).any(axis=(1, 3))
    assert halves[0::2].tolist() == [[True, False]] * 30
    assert halves[1::2].tolist() == [[False, True]] * 30
    assert stimuli.labels.tolist() == [0, 1] * 30
    assert len({card.tobytes() for card in stimuli.levels}) > 30


@pytest.mark.parametrize(("kind", "cells"), [("blocks", 16), ("points", 1)])
def test_regions_of_parity_do_not_overlap(kind, cells):
    places = regions(kind, 4, 7)
    assert [len(set(region)) for region in places] == [cells] * 4
    assert len({cell for region in places for cell in region}) == 4 * cells


def test_parity_is_of_the_regions_beside_a_constant_background():
    places = regions("blocks", 3, 7)
    stimuli = parity(places, 7)
    flat = stimuli.levels.reshape(8, 400) > 0
    lit = np.array([[flat[number, region].all() for region in places] for number in range(8)])
    assert np.array_equal(lit.sum(axis=1) % 2, stimuli.labels)
    assert len({tuple(row) for row in lit.tolist()}) == 8
    rest = np.delete(flat, [cell for region in places for cell in region], axis=1)
    assert (rest == rest[0]).all()
    assert rest[0].sum() == 80


def test_a_units_that_look_at_all_regions_are_counted_by_their_plugs():
    board = exact_machine(3).board
    places = regions("blocks", 2, 3)
    plugs = {a: set() for a in range(512)}
    for a, s in zip(board.a_unit.tolist(), board.s_unit.tolist(), strict=True):
        plugs[a].add(s)
    seen = sum(all(cells & set(region) for region in places) for cells in plugs.values())
    assert seeing_all(board, places) == seen > 0


def test_a_hundred_responses_are_fed_by_a_fifth_of_the_units_each_on_the_average():
    member = source_sets(1)
    assert member.sum(axis=0).tolist() == [20] * 10_000
    assert member.sum(axis=1).mean() == 2000
    drawn = counts(100, 1)
    assert drawn.min() >= 1
    assert drawn.mean() == pytest.approx(100, abs=20)
    assert drawn.std() == pytest.approx(50, abs=15)
