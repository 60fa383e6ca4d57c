"""Criteria, tried on results made up for the purpose: each can be met and can be missed."""

import pytest

from machines.mark1.experiments import Known, Verdict, named


def runs(experiment, result, wirings=None):
    """Give every job of an experiment a result made up from its parameters."""
    jobs = experiment.jobs(wirings or experiment.wirings)
    return [(job, result(job)) for job in jobs]


def verdict(name, result, wirings=None):
    experiment = named(name)
    finding = experiment.judge(runs(experiment, result, wirings))
    return finding.met, experiment.verdict(finding)


def letters(wrong_on):
    return lambda job: {
        "wrong": int(job["wiring"] <= wrong_on), "exposures": 9, "curve": [26, 10, 0]
    }  # fmt: skip


@pytest.mark.parametrize(("wrong_on", "met"), [(0, True), (5, True), (6, False), (50, False)])
def test_letters_may_fail_on_five_plugboards_of_a_hundred(wrong_on, met):
    expected = Verdict.REPRODUCED if met else Verdict.NOT_REPRODUCED
    assert verdict("letters", letters(wrong_on)) == (met, expected)


def test_one_wrong_value_spoils_the_worked_example():
    experiment = named("worked-example")
    results = [(job, experiment.run(job)) for job in experiment.jobs(1)]
    assert experiment.judge(results).met
    results[1][1]["values"][0] += 1
    assert experiment.verdict(experiment.judge(results)) == Verdict.NOT_REPRODUCED


def test_table_1_may_depart_by_a_per_cent():
    experiment = named("table-1")
    ((job, result),) = runs(experiment, experiment.run)
    assert experiment.judge([(job, result)]).met
    result["deviates"][2][1] *= 1.02
    assert not experiment.judge([(job, result)]).met


@pytest.mark.parametrize(("here", "met"), [(0.25, True), (0.27, False)])
def test_proportions_must_lie_within_four_standard_errors(here, met):
    def counted(job):
        stray = 0.01 if job["wiring"] % 2 else -0.01
        shares = (here, 0.125, 0.125, 0.0625)
        names = named("proportions").run({"wiring": 1})
        return {name: share + stray for name, share in zip(names, shares, strict=True)}

    assert verdict("proportions", counted)[0] is met


def shown(right):
    return lambda job: {"taught": 1.0, "unseen": right(job)}


@pytest.mark.parametrize(
    ("name", "right", "met"),
    [
        ("x-e-30", 1.0, True),
        ("x-e-30", 0.93, True),  # within two standard deviations of 0.05
        ("x-e-30", 0.85, False),
        ("e-f", 0.81, True),
        ("e-f", 0.79, False),
    ],
)
def test_a_figure_in_circulation_is_held_against_the_spread_of_the_plugboards(name, right, met):
    def spread(job):
        return right if name == "e-f" else right + (0.05 if job["wiring"] % 2 else -0.05)

    assert verdict(name, shown(spread)) == (met, Verdict.PARAMETERS_UNKNOWN)


def test_outlines_must_be_better_in_every_setting():
    def outline(job, gain):
        stray = 0.01 if job["wiring"] % 2 else -0.01
        return 0.9 + (gain + stray if "stroke" in job else 0)

    assert verdict("outline", shown(lambda job: outline(job, 0.05))) == (True, Verdict.REPRODUCED)
    assert verdict("outline", shown(lambda job: outline(job, -0.05)))[1] == Verdict.NOT_REPRODUCED
    mixed = shown(lambda job: outline(job, 0.05 if job["shift"] == 1 else 0.0))
    assert verdict("outline", mixed) == (None, Verdict.PARAMETERS_UNKNOWN)


def test_left_and_right_must_be_told_apart_better_than_by_guessing():
    assert verdict("left-right", lambda job: {"unseen": 0.9}) == (True, Verdict.REPRODUCED)
    assert verdict("left-right", lambda job: {"unseen": 0.5})[1] == Verdict.NOT_REPRODUCED
    by_mark = verdict("left-right", lambda job: {"unseen": 0.9 if job["mark"] > 2 else 0.5})
    assert by_mark == (None, Verdict.PARAMETERS_UNKNOWN)


def test_a_localised_memory_is_no_distributed_one():
    parts = (0, 0.1, 0.2, 0.3, 0.5, 0.7, 0.9)

    def localised(job):
        stray = 0.01 if job["wiring"] % 2 else -0.01
        return {
            "right": [0.9 * (1 - f) + f / 2 + stray for f in parts],
            "shrunk": [f + stray for f in parts],
        }

    def distributed(job):
        stray = 0.01 if job["wiring"] % 2 else -0.01
        return {
            "right": [0.9 - f * f / 3 + stray for f in parts],
            "shrunk": [min(1, 3 * f) + stray for f in parts],
        }

    assert verdict("distributed-memory", localised) == (False, Verdict.NOT_REPRODUCED)
    assert verdict("distributed-memory", distributed) == (True, Verdict.REPRODUCED)


def parity(learned, possible, sees):
    def result(job):
        return {"learned": learned, "possible": possible, "sweeps": 3, "see all": sees}

    return result


@pytest.mark.parametrize(
    ("result", "met"),
    [
        (parity(0, False, 0), True),
        (parity(1, True, 3), True),
        (parity(0, True, 0), False),  # against the theorem
        (parity(1, False, 3), False),  # learned what was proved impossible
    ],
)
def test_the_theorem_on_parity_allows_no_exception(result, met):
    assert verdict("parity", result)[0] is met


def test_a_hundred_classes_depend_on_the_machine_if_only_the_larger_learns_them():
    def result(job):
        return {"wrong": 0 if job["units"] > 512 else 9, "exposures": 20}

    assert verdict("hundred-classes", result) == (None, Verdict.PARAMETERS_UNKNOWN)
    errorless = verdict("hundred-classes", lambda job: {"wrong": 0, "exposures": 20})
    assert errorless == (True, Verdict.REPRODUCED)


def test_the_order_of_1958_must_hold_in_every_setting():
    def result(job, gamma=0.3):
        stray = 0.01 if job["wiring"] % 2 else -0.01
        figures = {"alpha": 0.6, "beta": 0.5, "gamma": 0.6 + gamma + stray}
        return {"pairs": figures, "firsts": figures}

    assert verdict("figure-10", result) == (True, Verdict.REPRODUCED)
    assert verdict("figure-10", lambda job: result(job, -0.3))[1] == Verdict.NOT_REPRODUCED


@pytest.mark.parametrize("name", ["damage", "noise"])
def test_figures_of_our_own_are_shown_as_such(name):
    experiment = named(name)
    assert {stated.known for stated in experiment.published} == {Known.OWN}
