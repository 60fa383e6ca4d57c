"""What is given: numbers with evidence, plugboards as files, particulars of real parts."""

import dataclasses
import json
import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from machines.mark1 import Description, Mark1
from machines.mark1 import plugboard as boards
from machines.mark1.physics import PHYSICS
from machines.mark1.rules import RULES
from simulator.errors import Mistake
from simulator.pedigree import Evidence, pedigree, presets_table, table

README = Path(__file__).parents[3] / "machines" / "mark1" / "README.md"


def test_every_number_carries_its_evidence():
    rows = {row.name: row for row in pedigree(Description)}
    assert rows["association_units"].evidence is Evidence.DOCUMENTED
    assert rows["excitatory"].evidence is Evidence.RECONSTRUCTED
    assert rows["motor_mdeg_per_s"].evidence is Evidence.ASSUMED


def test_the_readme_shows_the_constants_as_they_are():
    text = README.read_text(encoding="utf-8")
    between = text.split("<!-- constants -->\n")[1].split("\n<!-- end of constants -->")[0]
    assert between == table(Description), "run python -m machines.mark1.description"


def test_the_readme_shows_presets_and_rules_as_they_are():
    text = README.read_text(encoding="utf-8")
    physics = text.split("<!-- physics -->\n")[1].split("\n<!-- end of physics -->")[0]
    assert physics == presets_table(Description, PHYSICS)
    rules = text.split("<!-- rules -->\n")[1].split("\n<!-- end of rules -->")[0]
    shown = [f"| `{rule.name}` | {rule.doc} | {rule.source} |" for rule in RULES]
    assert rules.splitlines()[2:] == shown


def test_the_historical_machine_has_400_photocells_512_values_and_8_responses():
    machine = Mark1()
    assert machine.rack("mark1.retina.S").size == 400
    assert machine.rack("mark1.association.A").size == 512
    assert machine.rack("mark1.values.V").size == 512, "one potentiometer an A-unit, not 4096"
    assert machine.rack("mark1.response.R").size == 8


@pytest.mark.parametrize(
    ("numbers", "complaint"),
    [
        ({"excitatory": 20, "inhibitory": 20}, "20480 plugs, 400 S-units take 40 each, 16000"),
        ({"excitatory": 401, "inhibitory": 0}, "401 different origin points on 400 S-units"),
        ({"theta": 11}, "theta must lie between -9 and 10"),
        ({"theta": -10}, "theta must lie between -9 and 10"),
        ({"association_units": 0}, "association_units must lie between 1 and 100000, not 0"),
        ({"excitatory": -1}, "excitatory must lie between"),
        ({"responses_in_use": 9}, "there are only 8 R-units"),
        ({"association_units": 4}, "at least one A-unit for every R-unit"),
        ({"rows": 2.5}, "rows must be a whole number, not 2.5"),
        ({"rows": True}, "whole number"),
        ({"pulse_us": 0}, "pulse_us must lie between 1"),
        ({"excitatory": 0, "inhibitory": 0}, "at least one origin point"),
        ({"wiper_noise_mdeg": 1_000_001}, "wiper_noise_mdeg must lie between"),
    ],
)
def test_a_machine_that_cannot_be_is_refused_in_one_line(numbers, complaint):
    with pytest.raises(Mistake, match=re.escape(complaint)) as caught:
        Description(**numbers)
    assert "\n" not in str(caught.value)


# plugboard


@pytest.mark.parametrize("seed", range(1, 6))
def test_the_random_table_gives_every_a_unit_its_different_origin_points(seed):
    description = Description(wiring_seed=seed)
    board = boards.random_table(description)
    signs = board.sign.reshape(512, 20)
    points = board.s_unit.reshape(512, 20)
    assert ((signs == 1).sum(axis=1) == 10).all()
    assert all(len(set(row)) == 20 for row in points.tolist())
    assert np.bincount(board.s_unit).max() <= 40


def test_origin_points_fall_evenly_on_the_retina():
    """Chi-square over 20 blocks of the retina, over 10 pages of the table; p = 0.001."""
    counts = np.zeros(20)
    for seed in range(10):
        board = boards.random_table(Description(wiring_seed=seed))
        counts += np.bincount(board.s_unit // 20, minlength=20)
    expected = counts.sum() / 20
    assert ((counts - expected) ** 2 / expected).sum() < 43.8


def test_another_page_of_the_table_gives_another_board_and_the_same_page_the_same():
    one, again, two = (boards.random_table(Description(wiring_seed=s)) for s in (1, 1, 2))
    assert (one.s_unit == again.s_unit).all()
    assert (one.s_unit != two.s_unit).mean() > 0.9


@settings(max_examples=50)
@given(st.data())
def test_a_board_with_hardly_a_socket_to_spare_can_still_be_plugged(data):
    cells = data.draw(st.integers(4, 30))
    plugs = data.draw(st.integers(1, cells))
    units = data.draw(st.integers(1, 40))
    sockets = -(-plugs * units // cells)
    description = Description(
        rows=1, columns=cells, association_units=units, excitatory=plugs, inhibitory=0, theta=1,
        plugs_per_s_unit=sockets, responses_in_use=1,
        wiring_seed=data.draw(st.integers(0, 1000)),
    )  # fmt: skip
    board = boards.random_table(description)
    assert len(board) == plugs * units


def test_the_a_units_are_shared_out_in_blocks_as_equal_as_can_be():
    _, r_unit = boards.share(Description(responses_in_use=8))
    assert np.bincount(r_unit).tolist() == [64] * 8
    _, r_unit = boards.share(Description(responses_in_use=5))
    assert sorted(np.bincount(r_unit).tolist()) == [102, 102, 102, 103, 103]
    assert (np.diff(r_unit) >= 0).all()


def test_a_plugboard_comes_back_from_its_readable_file(tmp_path):
    description = Description(wiring_seed=9)
    board = boards.random_table(description)
    path = tmp_path / "board.json"
    boards.save(path, board)
    back = boards.load(path, description)
    for mine, theirs in ((board.a_unit, back.a_unit), (board.s_unit, back.s_unit)):
        assert (mine == theirs).all()
    lines = path.read_text().splitlines()
    assert len([line for line in lines if line.startswith('    "A')]) == 512
    first = json.loads("{" + lines[3].rstrip(",") + "}")["A1"]
    assert len(first) == 20
    assert all(1 <= abs(label) <= 400 for label in first)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "not JSON"),
        ("[" * 10_000, "not JSON"),
        ("[]", "not a plugboard file"),
        ('{"schema": "firstwave/plugboard/7"}', "plugboard/7"),
        ('{"schema": "firstwave/plugboard/1"}', "one entry per A-unit"),
        ('{"schema": "firstwave/plugboard/1", "plugs": {"B1": []}}', '"B1" is not an A-unit'),
        ('{"schema": "firstwave/plugboard/1", "plugs": {"A1": [0]}}', "not a signed S-unit"),
        ('{"schema": "firstwave/plugboard/1", "plugs": {"A1": [1.5]}}', "not a signed S-unit"),
        ('{"schema": "firstwave/plugboard/1", "plugs": {"A1": [401]}}', "S401 does not exist"),
        ('{"schema": "firstwave/plugboard/1", "plugs": {"A513": [1]}}', "A513 does not exist"),
        ('{"schema": "firstwave/plugboard/1", "plugs": {"A1": [7, -7]}}', "A1 is plugged to S7"),
    ],
)
def test_a_plugboard_file_that_does_not_fit_is_refused(tmp_path, text, complaint):
    path = tmp_path / "board.json"
    path.write_text(text)
    with pytest.raises(Mistake, match=re.escape(complaint)) as caught:
        boards.load(path, Description())
    assert str(path) in str(caught.value)


def test_a_board_of_another_machine_is_refused():
    small = Description(association_units=100, responses_in_use=1)
    with pytest.raises(Mistake, match="A101 does not exist"):
        Mark1(small, Mark1(engine="reference").board)
    board = Mark1(engine="reference").board
    backwards = dataclasses.replace(board, a_unit=board.a_unit[::-1], s_unit=board.s_unit[::-1])
    with pytest.raises(Mistake, match="sorted"):
        Mark1(Description(), backwards)


def test_an_s_unit_has_no_more_sockets_than_it_has():
    with pytest.raises(Mistake, match="S3 has 41 plugs, its sockets take 40"):
        boards.from_wires([(a, 2, 1) for a in range(41)], Description())
