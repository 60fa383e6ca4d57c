"""The Mark I against the 704: the same plugboard, stimuli, order and rule."""

import csv
import io
from pathlib import Path

import pytest
from test_cli_formats import DOCUMENTED, same_shape

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


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(1, 21))
def test_twenty_wirings_agree_for_two_hundred_trials(run, seed):
    rule = ["forced", "error-correction"][seed % 2]
    ran = run("compare", "--seed", seed, "--rule", rule, "--exposures", 8, "--json")
    assert ran.document["result"]["trials"] == 208
    assert ran.document["result"]["agree"]
