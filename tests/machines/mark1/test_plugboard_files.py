"""Boards as files: they come back as they were, and whatever a file holds, one line tells."""

import json
import re

import numpy as np
import pytest
from any_board import machine_and_boards, same, told
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from machines.mark1 import Description
from machines.mark1 import plugboard as boards
from simulator.errors import Mistake

FILES = settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])


@FILES
@given(machine_and_boards(), st.text(max_size=60), st.booleans())
def test_a_board_comes_back_from_its_file(tmp_path, made, note, named):
    d, board = made
    path = tmp_path / "board.json"
    named = named or not boards.in_blocks(board, d.association_units)
    boards.save(path, board, note, potentiometers=named)
    assert same(boards.load(path, d), board)
    file = boards.read(path)
    assert file.note == boards.described(board, note)
    assert boards.responses_named(file) == (d.responses_in_use if named else None)
    boards.save(path, boards.load(path, d), file.note, potentiometers=named)
    assert boards.read(path) == file


@pytest.mark.parametrize("in_use", [1, 3, 8])
def test_a_board_shared_out_in_blocks_names_no_potentiometers(tmp_path, in_use):
    d = Description(responses_in_use=in_use)
    board = boards.random_table(d)
    for one, named in (
        (board, False),
        (boards.move(boards.random_table(Description()), boards.Lead(5, 1), Description()), True),
        (boards.from_wires([(300, 1, 1)], d, [(r, r) for r in range(in_use)]), True),
    ):
        boards.save(tmp_path / "board.json", one)
        assert ("potentiometers" in json.loads((tmp_path / "board.json").read_text())) == named


def test_a_file_is_readable_one_unit_a_line(tmp_path):
    d = Description()
    board = boards.dense(boards.random_table(d), d)
    boards.save(tmp_path / "board.json", board, "of the guide")
    lines = (tmp_path / "board.json").read_text().splitlines()
    assert lines[1:3] == [
        '  "schema": "firstwave/plugboard/1",',
        '  "note": "not historical: the Mark I had one potentiometer an A-unit; of the guide",',
    ]
    assert len([line for line in lines if line.startswith('    "A')]) == 512
    assert len([line for line in lines if line.startswith('    "R')]) == 8
    assert max(map(len, lines)) < 3000


def test_a_board_without_wires_is_a_board(tmp_path):
    d = Description()
    boards.save(tmp_path / "bare.json", boards.from_wires([], d))
    assert len(boards.load(tmp_path / "bare.json", d)) == 0


def test_a_file_of_former_days_has_its_a_units_shared_out_in_blocks(tmp_path):
    path = tmp_path / "old.json"
    path.write_text('{"schema": "firstwave/plugboard/1", "plugs": {"A3": [5, -7]}}')
    for in_use in (1, 5, 8):
        d = Description(responses_in_use=in_use)
        board = boards.load(path, d)
        assert (board.pot_r == boards.share(d)[1]).all()
        assert [str(wire) for wire in boards.wires(board)] == ["A3+S5", "A3-S7"]


def test_the_r_units_a_file_names_are_those_in_use(tmp_path):
    path = tmp_path / "two.json"
    path.write_text(
        '{"schema": "firstwave/plugboard/1", "plugs": {}, '
        '"potentiometers": {"R2": [9], "R1": [3, 1]}}'
    )
    file = boards.read(path)
    d = boards.description_for(file)
    assert d.responses_in_use == 2
    assert boards.leads(boards.fit(file, d)) == [(0, 0), (2, 0), (8, 1)]
    with pytest.raises(Mistake, match="R3 is in use but no potentiometer"):
        boards.load(path, Description(responses_in_use=3))


def read_as_the_commands_do(path):
    file = boards.read(path)
    d = boards.description_for(file)
    return d, boards.fit(file, d)


HEAD = '{"schema": "firstwave/plugboard/1", '


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (HEAD + '"plugs": {"A1": [1], "A1": [2]}}', "'A1' stands twice"),
        (HEAD + '"plugs": {"A01": [1]}}', '"A01" is not an A-unit'),
        (HEAD + '"plugs": {"R1": [1]}}', '"R1" is not an A-unit with a list of plugs'),
        (HEAD + '"plugs": {"A1": {"S": 1}}}', '"A1" is not an A-unit with a list of plugs'),
        (HEAD + '"plugs": {"A1": [1e3]}}', "A1: 1000.0 is not a signed S-unit label"),
        (HEAD + '"plugs": {"A1": [true]}}', "A1: True is not a signed S-unit label"),
        (HEAD + '"plugs": {"A1": [' + "9" * 400 + "]}}", "is not a signed S-unit label"),
        (HEAD + '"plugs": {"A1": [' + "9" * 5000 + "]}}", "not JSON"),
        (HEAD + '"plugs": {"' + "A" * 9999 + '": []}}', "is not an A-unit"),
        (HEAD + '"plugs": {"A1": [' + "1," * 16_000 + "1]}}", "more plugs than the 16000"),
        (HEAD + '"plugs": {}, "potentiometers": []}', "the potentiometers must be an object"),
        (HEAD + '"plugs": {}, "potentiometers": {}}', "R1 is in use but no potentiometer"),
        (HEAD + '"plugs": {}, "potentiometers": {"A1": [1]}}', '"A1" is not an R-unit'),
        (HEAD + '"plugs": {}, "potentiometers": {"R1": [-1]}}', "R1: -1 is not an A-unit's label"),
        (HEAD + '"plugs": {}, "potentiometers": {"R1": [0]}}', "R1: 0 is not an A-unit's label"),
        (HEAD + '"plugs": {}, "potentiometers": {"R1": ["A1"]}}', "R1: 'A1' is not an A-unit's"),
        (HEAD + '"plugs": {}, "potentiometers": {"R1": [513]}}', "A513 does not exist"),
        (HEAD + '"plugs": {}, "potentiometers": {"R1": [1], "R9": [2]}}', "R9 does not exist"),
        (HEAD + '"plugs": {}, "potentiometers": {"R1": [1, 1]}}', "two potentiometers go from A1"),
        (HEAD + '"plugs": {}, "note": 5}', "the note must be a text of at most 1000 characters"),
        (HEAD + '"plugs": {}, "note": "' + "x" * 1001 + '"}', "the note must be a text"),
    ],
)
def test_a_file_that_cannot_be_plugged_is_told_in_one_short_line(tmp_path, text, complaint):
    path = tmp_path / "board.json"
    path.write_text(text)
    with pytest.raises(Mistake, match=re.escape(complaint)) as caught:
        read_as_the_commands_do(path)
    assert str(caught.value).startswith(str(path))
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < len(str(path)) + 200


def test_a_note_that_is_too_long_is_not_written(tmp_path):
    with pytest.raises(Mistake, match="at most 1000 characters, not 1001"):
        boards.save(tmp_path / "x.json", boards.from_wires([], Description()), "x" * 1001)
    assert list(tmp_path.iterdir()) == []


def loads_or_is_told(path):
    """See that a file gives a board that fits, or one line."""
    line = told(read_as_the_commands_do, path)
    if line is not None:
        assert "\n" not in line
        assert line.startswith(str(path))
        return
    d, board = read_as_the_commands_do(path)
    boards.check(board, d)
    assert board.a_unit.dtype == board.pot_r.dtype == np.int64
    assert board.sign.dtype == np.int8


ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=6) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=20,
)
LABELS = st.from_regex(r"[ASR]?[0-9]{0,9}", fullmatch=True)
ALMOST = st.fixed_dictionaries(
    {},
    optional={
        "schema": st.sampled_from(["firstwave/plugboard/1"] * 9 + ["firstwave/plugboard/2", 1]),
        "plugs": st.dictionaries(
            st.sampled_from(["A1", "A2", "A512", "A513"]) | LABELS,
            st.lists(st.integers(-402, 402) | ANY_JSON, max_size=8) | ANY_JSON,
            max_size=5,
        )
        | ANY_JSON,
        "potentiometers": st.dictionaries(
            st.sampled_from(["R1", "R2", "R8", "R9"]) | LABELS,
            st.lists(st.integers(-2, 514) | ANY_JSON, max_size=8) | ANY_JSON,
            max_size=4,
        )
        | ANY_JSON,
        "note": st.text(max_size=20) | ANY_JSON,
    },
)


@FILES
@given(st.one_of(ALMOST, ANY_JSON).map(json.dumps))
@example("[" * 100_000)
@example('{"a":' * 100_000)
def test_any_json_is_a_board_or_one_line(tmp_path, text):
    path = tmp_path / "fuzz.json"
    path.write_text(text)
    loads_or_is_told(path)


@FILES
@given(st.binary(max_size=200))
@example(b"\xff\xfe")
@example(b"\xef\xbb\xbf{}")
def test_any_bytes_are_one_line(tmp_path, content):
    path = tmp_path / "fuzz.json"
    path.write_bytes(content)
    loads_or_is_told(path)


@pytest.fixture(scope="module")
def good(tmp_path_factory):
    """Give the bytes of a good file: a small dense board with a note."""
    path = tmp_path_factory.mktemp("good") / "board.json"
    d = Description(association_units=12, responses_in_use=3)
    boards.save(path, boards.dense(boards.random_table(d), d), "good")
    return path.read_bytes()


@FILES
@given(st.data())
def test_a_good_file_mutilated_is_a_board_or_one_line(tmp_path, good, data):
    content = bytearray(good)
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(content)))
        upto = min(len(content), at + data.draw(st.integers(0, 20)))
        put = data.draw(st.binary(max_size=4) | st.sampled_from([b"-", b"9", b"]", b'"', b"1e9"]))
        content[at:upto] = put
    path = tmp_path / "fuzz.json"
    path.write_bytes(content)
    loads_or_is_told(path)
