"""A trial act by act: what is told, that both engines tell the same, and that watching is free."""

import numpy as np
import pytest
from small import MS, STEP, light, one_to_one

from machines.mark1 import Experimenter, machine_for
from machines.mark1.stages import Act, spans, trial
from simulator.kernel import NEVER
from simulator.stimuli import letters

EX = letters("EX")


def series(*cells, desired=(1, 0), rule="error-correction", times=1):
    return {
        "light": np.array([light(*cells)] * times),
        "desired": np.array([desired] * times, np.int8),
        "rule": rule,
        "sweeps": 1,
    }


def shown(machine, **what):
    return list(trial(machine, lambda: machine.operate("mark1.control.train", series(**what))))


def same(left, right):
    return all(
        all(np.array_equal(a, b) for a, b in zip(one, other, strict=True))
        for one, other in zip(left, right, strict=True)
    )


@pytest.fixture(params=["reference", "compiled"])
def engine(request):
    return request.param


def test_the_acts_of_a_trial_that_is_corrected_follow_one_another_in_their_times(engine):
    machine = one_to_one(engine, pickup_us=20_000, relay_us=5_000, compare_us=10_000)
    moments = list(trial(machine, lambda: machine.operate("mark1.control.train", series(1, 3))))
    told = [(str(s.act), s.first_ns // MS, s.last_ns // MS) for s in spans(moments)]
    assert told == [
        ("expose", 0, 0),
        ("sense", 20, 20),
        ("associate", 25, 25),
        ("sum", 25, 100),
        ("respond", 100, 100),
        ("compare", 110, 110),
        ("motors start", 110, 110),
        ("respond", 120, 120),
        ("motors stop", 360, 360),
        ("rest", 360, 360),
    ]


def test_what_is_told_of_each_act_is_what_a_person_can_work_out(engine):
    machine = one_to_one(engine)
    machine.operate("mark1.values.V", [-STEP, 0, 7, 0])
    moments = list(trial(machine, lambda: machine.operate("mark1.control.train", series(1, 3))))
    by_act = {span.act: span.moments[-1] for span in reversed(spans(moments))}
    assert by_act[Act.EXPOSE].lit == 2
    assert by_act[Act.SENSE].sensed.tolist() == [1, 0, 1, 0]
    assert by_act[Act.ASSOCIATE].associated.tolist() == [1, 0, 1, 0]
    assert by_act[Act.SUM].sums.tolist() == [-STEP, 7]
    assert by_act[Act.SUM].active.tolist() == [1, 1]
    assert by_act[Act.RESPOND].responses.tolist() == [-1, 1]
    assert by_act[Act.COMPARE].right is False
    assert by_act[Act.MOTORS_START].drive.tolist() == [1, 0]
    assert by_act[Act.MOTORS_START].motors.tolist() == [20_000, 0, 0, 0]
    assert sum(moment.shafts for moment in moments).tolist() == [STEP, 0, 0, 0]
    assert moments[-1].sums.tolist() == [0, 7]


def test_a_right_answer_starts_no_motor(engine):
    machine = one_to_one(engine)
    machine.operate("mark1.values.V", [STEP, 0, 0, 0])
    moments = list(trial(machine, lambda: machine.operate("mark1.control.train", series(1))))
    acts = [span.act for span in spans(moments)]
    assert acts[-2:] == [Act.COMPARE, Act.REST]
    assert Act.MOTORS_START not in acts
    assert not sum(moment.shafts for moment in moments).any()


def test_a_reinforced_r_unit_without_an_active_a_unit_is_told_though_no_motor_runs(engine):
    machine = one_to_one(engine)
    moments = list(trial(machine, lambda: machine.operate("mark1.control.train", series(3))))
    start = next(moment for moment in moments if Act.MOTORS_START in moment.acts)
    assert start.drive.tolist() == [1, 0]
    assert not start.motors.any()
    assert Act.MOTORS_STOP in [span.act for span in spans(moments)]


def test_trials_of_a_series_are_told_one_after_another_to_its_end(engine):
    machine = one_to_one(engine)
    first = list(trial(machine, lambda: machine.operate("mark1.control.train", series(1, times=2))))
    assert machine.now_ns == 350 * MS, "the last instant of the rest is that of its beginning"
    second = list(trial(machine))
    third = list(trial(machine))
    assert [moment.right for moment in first if moment.right is not None] == [False]
    assert [moment.right for moment in second if moment.right is not None] == [True]
    assert second[0].t_ns == 750 * MS
    assert Act.EXPOSE in second[0].acts
    assert machine.number("mark1.control.stage") == 0
    assert [moment.acts for moment in third] == [()], "the series ends"
    assert list(trial(machine)) == []


def test_light_and_the_key_by_hand_are_told_too(engine):
    machine = one_to_one(engine, pickup_us=20_000)
    seen = list(trial(machine, lambda: machine.operate("mark1.retina.light", light(2))))
    assert [moment.acts for moment in seen] == [
        (Act.EXPOSE,),
        (Act.SENSE, Act.ASSOCIATE, Act.SUM),
    ]
    machine.operate("mark1.control.rule", "forced")
    machine.operate("mark1.response.desired", [1, 0])
    pulse = list(trial(machine, lambda: machine.operate("mark1.control.reinforce")))
    acts = [moment.acts for moment in pulse if moment.acts]
    assert acts == [(Act.MOTORS_START,), (Act.RESPOND,), (Act.MOTORS_STOP,)]
    assert machine.read("mark1.values.V[2]") == STEP


@pytest.mark.parametrize("physics", ["off", "nominal", "worn"])
@pytest.mark.parametrize(
    "rule", ["error-correction", "error-correction-until-turned", "forced-gamma", "bivalent"]
)
def test_both_engines_tell_the_same_and_end_as_if_nobody_had_looked(physics, rule):
    told, ends = [], []
    for engine in ("reference", "compiled"):
        watched, alone = (
            Experimenter(machine_for(EX.classes, 3, engine, physics=physics), EX.classes)
            for _ in range(2)
        )
        begin = watched.begin
        told.append(list(trial(watched.machine, lambda begin=begin: begin(EX, 2, rule))))
        alone.begin(EX, 2, rule)
        alone.machine.run(watched.machine.now_ns)
        ends += [watched.machine.snapshot(), alone.machine.snapshot()]
    assert len(told[0]) == len(told[1]) >= 3
    assert same(*told)
    for other in ends[1:]:
        assert all(np.array_equal(a, b) for a, b in zip(ends[0], other, strict=True))


def test_every_change_of_a_lamp_falls_into_a_moment_that_tells_of_it():
    machine = machine_for(EX.classes, 5)
    experimenter = Experimenter(machine, EX.classes)
    sensed, associated, turned = 0, 0, 0
    for moment in trial(machine, lambda: experimenter.begin(EX, 1)):
        sensed = sensed + moment.sensed
        associated = associated + moment.associated
        turned = turned + moment.shafts
        assert (moment.s_on, moment.a_on) == (sensed.sum(), associated.sum())
        assert moment.sums.tolist() == machine.rack("mark1.response.sum").tolist()
    assert np.array_equal(sensed, machine.rack("mark1.retina.S"))
    assert np.array_equal(associated, machine.rack("mark1.association.A"))
    assert np.array_equal(turned, machine.rack("mark1.values.V"))
    assert machine.next_due_ns() != NEVER
