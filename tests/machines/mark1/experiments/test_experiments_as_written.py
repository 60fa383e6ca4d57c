"""What is written down about every experiment, before anything is run."""

import json

import pytest

from machines.mark1.experiments import (
    EXPERIMENTS,
    By,
    Experiment,
    Finding,
    Known,
    Verdict,
    named,
    sources,
)
from simulator.errors import Mistake

ALL = pytest.mark.parametrize("experiment", EXPERIMENTS, ids=lambda experiment: experiment.name)
ASKED_FOR = (
    *(f"F{n}" for n in range(1, 7)),
    *(f"E{n}" for n in range(1, 13)),
    *(f"C{n}" for n in range(1, 7)),
    *(f"L{n}" for n in range(1, 4)),
    "M1",
)


def test_every_published_result_has_its_experiment():
    assert sorted(experiment.number for experiment in EXPERIMENTS) == sorted(ASKED_FOR)


def test_no_name_means_two_things():
    names = [
        word.lower() for experiment in EXPERIMENTS for word in (experiment.name, experiment.number)
    ]
    assert len(set(names)) == len(names)


@ALL
def test_an_experiment_goes_by_its_name_and_its_number(experiment):
    assert named(experiment.name) is experiment
    assert named(experiment.number.lower()) is experiment


def test_an_unknown_name_is_told_what_there_is():
    with pytest.raises(Mistake, match=r"no experiment is called tea; .*letters"):
        named("tea")


@ALL
def test_what_was_published_has_a_source_and_is_no_invention(experiment):
    assert experiment.published
    for stated in experiment.published:
        assert stated.what.endswith(".")
        assert stated.value
        assert stated.source
        if stated.known == Known.OWN:
            assert "our own" in stated.source
        else:
            assert "our own" not in stated.source


@ALL
def test_setting_and_criterion_are_written_out(experiment):
    for text in (experiment.title, experiment.setting, experiment.criterion):
        assert len(text) > 15
        assert "  " not in text
    for text in (experiment.setting, experiment.criterion):
        assert text.endswith(".")


@ALL
def test_its_jobs_are_all_different_json_and_grow_with_the_plugboards(experiment):
    jobs = experiment.jobs(4)
    texts = [json.dumps(job, sort_keys=True) for job in jobs]
    assert [json.loads(text) for text in texts] == jobs
    assert len(set(texts)) == len(texts)
    more = len(experiment.jobs(8))
    assert more == (2 * len(jobs) if experiment.wirings > 1 else len(jobs))


@ALL
def test_where_a_machine_learns_there_are_twenty_plugboards(experiment):
    if experiment.by == By.MACHINE and experiment.number != "F1":
        assert experiment.wirings >= 20
        assert {"wiring"} <= set(experiment.jobs(2)[0])


@ALL
def test_a_lost_condition_that_decides_allows_no_other_verdict(experiment):
    for met in (True, False, None):
        verdict = experiment.verdict(Finding((), met))
        if experiment.unknown or met is None:
            assert verdict == Verdict.PARAMETERS_UNKNOWN
        else:
            assert verdict == (Verdict.REPRODUCED if met else Verdict.NOT_REPRODUCED)


def test_figures_in_circulation_are_never_called_reproduced():
    for number in ("C1", "C2", "C3", "C4", "C5", "E1"):
        assert named(number).unknown


def test_what_we_computed_ourselves_is_never_called_reproduced():
    """Where nothing was published there is nothing to reproduce."""
    for experiment in EXPERIMENTS:
        if all(stated.known == Known.OWN for stated in experiment.published):
            assert experiment.unknown, experiment.name


def files_of(experiment: Experiment, monkeypatch):
    taken = []
    monkeypatch.setattr(sources, "fingerprint", lambda *files: taken.extend(files) or "abc")
    sources.fingerprint_of(experiment)
    return {
        file.replace("\\", "/").split("/machines/")[-1].split("/simulator/")[-1] for file in taken
    }


def test_results_hold_good_until_machine_stimuli_or_experiment_change(monkeypatch):
    files = files_of(named("distributed-memory"), monkeypatch)
    assert {
        "mark1/compiled_loop.py",
        "mark1/description.py",
        "chance.py",
        "stimuli/variety.py",
        "mark1/experiments/damage.py",
        "mark1/experiments/setting.py",
        "mark1/experiments/letters_1960.py",  # imported by damage.py
    } <= files
    assert not files & {
        "mark1/experiments/experiment.py",
        "mark1/experiments/limits.py",
        "experiments/store.py",
    }


def test_experiments_of_one_module_share_their_fingerprint_and_others_do_not():
    prints = {number: sources.fingerprint_of(named(number)) for number in ("C1", "C2", "L1")}
    assert prints["C1"] == prints["C2"] != prints["L1"]
