"""The Mark I against the 704: the same plugboard, stimuli, order and rule."""

import csv
import io
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from test_cli_formats import DOCUMENTED, same_shape

from machines.mark1 import Description
from machines.mark1.wiring import random_table
from ui.cli.compare import Seen, Trial
from ui.cli.compare_parting import partings

FEW = ["--stimuli", "E,X,T", "--association-units", 64]


@pytest.mark.parametrize("rule", ["forced", "error-correction", "spontaneous"])
def test_without_physics_both_agree_in_everything(run, rule):
    ran = run("compare", *FEW, "--rule", rule, "--seed", 3, "--json")
    result = ran.document["result"]
    assert ran.status == 0
    assert result["agree"]
    assert result["partings"] == []
    assert result["trials"] == 24
    assert result["values_apart_steps"] == 0
    assert result["mark1"]["wrong"] == result["ibm704"]["wrong"]
    if rule != "spontaneous":
        assert result["mark1"]["wrong"] > 0, "there was something to learn"


def test_with_motors_of_their_own_speed_the_values_part_at_the_first_pulse(run):
    ran = run("compare", *FEW, "--physics", "nominal", "--json")
    same_shape(DOCUMENTED["firstwave/compare/1"], ran.document)
    result = ran.document["result"]
    assert ran.status == 1
    first = result["partings"][0]
    assert (first["what"], first["trial"]) == ("value", 1)
    assert abs(first["ibm704"]) == 1
    assert first["mark1"] == pytest.approx(first["ibm704"], rel=0.15)
    assert "its own speed" in first["because"]


def test_at_an_end_stop_the_machines_still_agree_where_it_is_a_whole_number_of_steps(run):
    ran = run("compare", *FEW, "--rule", "forced", "--exposures", 40, "--json")
    assert ran.document["result"]["agree"]


def test_machine_hours_stand_side_by_side(run):
    ran = run("compare", *FEW, "--physics", "worn")
    assert ran.status == 1
    assert "machine time" in ran.out
    assert "Mark I" in ran.out
    assert "IBM 704" in ran.out
    assert "because" in ran.out


def test_every_trial_can_be_written_down(run):
    run("compare", *FEW, "--csv", "trials.csv")
    rows = list(csv.DictReader(io.StringIO(Path("trials.csv").read_text())))
    assert len(rows) == 24
    for row in rows:
        assert row["mark1 R1"] == row["ibm704 R1"]
        assert float(row["mark1 sum 1"]) == float(row["ibm704 sum 1"])
        assert float(row["values apart"]) == 0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--rule", "hebb"], ["--rule hebb", "error-correction"]),
        (["--stimuli", "nothing/here"], ["nothing/here"]),
        (["--plugboard", "none.json"], ["none.json"]),
        (["--csv", "no/folder.csv"], ["no/folder.csv"]),
        (["--exposures", "0"], ["exposures"]),
        (
            ["--association-units", "800", "--exposures", "200"],
            ["704 could not do it", "core is too small"],
        ),
    ],
)
def test_what_cannot_be_compared_is_one_line(run, arguments, words):
    ran = run("compare", *arguments)
    assert ran.status == 2, ran.out
    for word in words:
        assert word in ran.said


def test_a_table_kept_from_before_stands_if_nothing_can_be_compared(run):
    Path("kept.csv").write_text("mine")
    for wrong in (["--plugboard", "none.json"], ["--exposures", 1000]):
        assert run("compare", *wrong, "--csv", "kept.csv").status == 2
        assert Path("kept.csv").read_text() == "mine"


# causes: two A-units with an R-unit each, what both machines did in a trial put down by hand

D = Description(association_units=2, excitatory=1, inhibitory=0, responses_in_use=2, theta=1)
BOARD = random_table(D)
ZONE = D.dead_zone_mdeg / (D.motor_mdeg_per_s * D.pulse_us / 1e6)


def side(values, sums, zone, *, after=None, active=(1, 1), dark=()):
    values, sums = np.array(values, float), np.array(sums, float)
    lit = np.ones(400, bool)
    lit[list(dark)] = False
    answers = np.where(np.abs(sums) <= zone, 0, np.sign(sums)).astype(np.int64)
    after = values if after is None else np.array(after, float)
    return Seen(lit, np.array(active, bool), sums, answers, values, after)


def causes(mark1, ibm704, d=D):
    trial = Trial(7, 1, 0, side(zone=ZONE, **mark1), side(zone=0, **ibm704))
    return {found.what: found for found in partings(trial, d, BOARD)}


@pytest.mark.parametrize(
    ("values", "sums", "whole", "words"),
    [
        ([0.1, 2], [0.15, 2], [1, 2], "dead zone of 0.2 steps"),
        ([0, 2], [0.3, 2], [0, 2], "noise of the wipers: without it the sum were +0.000"),
        ([1, 2], [-0.5, 2], [1, 2], "noise of the wipers: without it the sum were +1.000"),
        ([0.3, 2], [0.1, 2], [1, 2], "noise of the wipers: without it the sum were +0.300"),
        ([0.6, 2], [0.6, 2], [0, 2], "1 of its values are not the 704's: V1 +0.600 for +0.000"),
    ],
)
def test_an_answer_that_parts_has_the_cause_without_which_it_would_not(values, sums, whole, words):
    found = causes({"values": values, "sums": sums}, {"values": whole, "sums": whole})
    assert found["answer"].where == "R1"
    assert words in found["answer"].because


def test_an_a_unit_that_parts_is_put_down_to_the_photocells_it_is_plugged_to():
    s = int(BOARD.s_unit[BOARD.a_unit == 0][0])
    dark = {"values": [1, 1], "sums": [0, 1], "active": (0, 1), "dark": [s]}
    both = {"values": [1, 1], "sums": [1, 1]}
    found = causes(dark, both)
    assert f"photocells saw the stimulus another way: S{s + 1} dark" in found["activity"].because
    assert "A-units are not the same" in found["answer"].because
    found = causes(dark | {"dark": []}, both)
    assert "relay had not answered" in found["activity"].because


@pytest.mark.parametrize(
    ("mark1", "ibm704", "words"),
    [
        ({"after": [1.1, 1]}, {"after": [2, 1]}, "turned it by +0.500 degrees"),
        ({"values": [0.9, 1]}, {}, "decay: a value loses 200 millionths"),
        ({"active": (0, 1)}, {"after": [2, 1]}, "A1 is active on one machine only"),
        ({"sums": [-1, 1]}, {"after": [2, 1]}, "R1 answered otherwise"),
        ({"sums": [1, -1], "after": [1.9, 1]}, {"after": [2, 1]}, "its own speed"),
        ({"values": [30, 1]}, {"values": [30, 1], "after": [31, 1]}, "end stop"),
        ({"values": [29, 1], "after": [29.9, 1]}, {"values": [29, 1], "after": [30, 1]}, "speed"),
    ],
)
def test_a_value_that_parts_has_its_own_cause(mark1, ibm704, words):
    alike = {"values": [1, 1], "sums": [1, 1]}
    found = causes(alike | mark1, alike | ibm704, replace(D, decay_ppm=200))
    assert found["value"].where == "V1"
    assert words in found["value"].because


def test_sums_that_are_told_are_those_the_r_units_decided_on(run):
    """With worn wipers, whose noise is another one an instant later."""
    run("compare", *FEW, "--physics", "worn", "--rule", "spontaneous", "--exposures", 60,
        "--csv", "t.csv")  # fmt: skip
    zone = 2_000 / 5_000
    told = [
        (float(row[f"mark1 sum {r}"]), int(row[f"mark1 R{r}"]))
        for row in csv.DictReader(io.StringIO(Path("t.csv").read_text()))
        for r in (1, 2)
    ]
    assert any(answer for _, answer in told), "it came to answers at last"
    for total, answer in told:
        assert answer == (total > zone) - (total < -zone), (total, answer)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(1, 21))
def test_twenty_wirings_agree_for_two_hundred_trials(run, seed):
    rule = ["forced", "error-correction"][seed % 2]
    ran = run("compare", "--seed", seed, "--rule", rule, "--exposures", 8, "--json")
    assert ran.document["result"]["trials"] == 208
    assert ran.document["result"]["agree"]
