"""Nets as files: what is written comes back, and what is no net is refused in one line."""

import copy
import dataclasses
import json
import time

import figures
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_nets import nets, random_net

from machines.mcculloch_pitts import Law, Wiring, law, net_json, neur
from machines.mcculloch_pitts.net import same
from simulator.errors import Mistake


@given(st.data())
@settings(max_examples=150)
def test_a_net_comes_back_from_json_as_it_was(data):
    net = data.draw(nets())
    changes = {"title": data.draw(st.text(max_size=20))}
    if data.draw(st.booleans()):
        numbers = st.floats(-1e6, 1e6, width=32)
        places = data.draw(
            st.lists(st.tuples(numbers, numbers), min_size=net.fibres, max_size=net.fibres)
        )
        changes["positions"] = np.array(places, np.float32).reshape(-1, 2)
    elif data.draw(st.booleans()):
        changes["names"] = None
    net = dataclasses.replace(net, **changes)
    assert same(net_json.loads(net_json.dumps(net)), net)
    assert same(net_json.from_json(json.loads(json.dumps(net_json.to_json(net)))), net)


def test_a_net_file_reads_as_it_was_drawn(tmp_path):
    net_json.save(figures.but_not(), tmp_path / "d.json")
    text = (tmp_path / "d.json").read_text()
    assert '{"name": "3", "h": 2, "excite": [["1", 2]], "veto": [["2", 1]]}' in text
    assert same(net_json.load(tmp_path / "d.json"), figures.but_not())


def test_ten_thousand_cells_come_back(tmp_path):
    net = random_net(1, 10, 10_000, 8, 2, 2)
    net_json.save(net, tmp_path / "large.json")
    began = time.perf_counter()
    again = net_json.load(tmp_path / "large.json")
    print(f"10,000 cells, 100,000 rows loaded in {time.perf_counter() - began:.2f} s")
    assert same(again, net)


def net_or_line(read, given_):
    """Give the net that is read, or the line that says why not."""
    try:
        return read(given_)
    except Mistake as mistake:
        return str(mistake)


GOOD = json.loads(net_json.dumps(figures.heat_and_cold()))


@given(st.data())
@settings(max_examples=300)
def test_any_damage_to_a_net_file_is_told_in_one_line_or_harmless(data):
    """Something is dropped or replaced anywhere in the file: a net, or a Mistake of one line."""
    given_ = copy.deepcopy(GOOD)
    place, steps = given_, 0
    while True:
        keys = list(place) if isinstance(place, dict) else list(range(len(place)))
        if not keys:
            break
        key = data.draw(st.sampled_from(keys))
        inner = place[key]
        if isinstance(inner, dict | list) and data.draw(st.booleans()):
            place, steps = inner, steps + 1
            continue
        odd = st.sampled_from(
            [None, -1, 0, 1 << 70, 1.5, float("nan"), True, "", "z", [], {}, [[]], {"name": []}]
        )
        if data.draw(st.booleans()):
            place[key] = data.draw(odd)
        elif isinstance(place, dict):
            del place[key]
        else:
            place.pop(key)
        break
    net = net_or_line(net_json.from_json, given_)
    if isinstance(net, str):
        assert "\n" not in net
        assert len(net) < 600
    else:
        assert law.run(net, None, 2).shape == (3, net.fibres)


@given(st.binary(max_size=60) | st.text(alphabet='{}[]",:0123', max_size=60))
def test_what_is_no_net_at_all_is_refused(given_):
    with pytest.raises(Mistake):
        net_json.loads(given_)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"schema": "firstwave/net/9"}, "this firstwave reads firstwave/net/1"),
        ({"cells": 3}, "cells must be a list"),
        ({"outputs": ["5"]}, "outputs: no fibre is called '5'"),
        ({"law": {"name": "noisy", "volume": 3}}, "a law has no 'volume'"),
        ({"law": {"name": "ohm"}}, "no law is called"),
        ({"colour": 1}, "a net has no 'colour'"),
        ({"afferents": [{"name": "1"}, {"name": "1"}]}, "no fibre is called|two fibres"),
    ],
)
def test_the_line_names_what_is_wrong(change, words):
    with pytest.raises(Mistake, match=words):
        net_json.from_json(GOOD | change)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(Mistake, match=r"none\.json"):
        net_json.load(tmp_path / "none.json")


# neur


FIZZ = """A ring of three.
r0*: r1*: r2*: r0* and every third time fizz*.
A ring of five.
q0*: q1*: q2*: q3*: q4*:
    q0* with buzz*.
Both begin at r0* q0*.
"""


def firings(net, ticks):
    record = law.run(net, None, ticks)
    return [{net.name(f) for f in np.flatnonzero(row)} for row in record]


def test_two_rings_count_in_threes_and_fives():
    said = firings(neur.read(FIZZ), 30)
    for t, names in enumerate(said):
        rings = {f"r{t % 3}", f"q{t % 5}"}
        rings |= {"fizz"} if t and t % 3 == 0 else set()
        rings |= {"buzz"} if t and t % 5 == 0 else set()
        assert names == rings, t


def test_a_threshold_is_the_number_of_neurons_before_the_first_colon_or_given():
    net = neur.read("a* b*: AND*. a* b*: OR/1*. Now a*.")
    assert [int(net.h[net.fibre(name)]) for name in ("a", "b", "AND", "OR")] == [1, 1, 2, 1]
    assert firings(net, 1) == [{"a"}, {"OR"}]


def test_a_semicolon_inhibits():
    net = neur.read("go*: stays*: stays*. stop*; stays*. first*: stop*. It begins: go* first*.")
    assert firings(net, 4) == [{"go", "first"}, {"stays", "stop"}, set(), set(), set()]


def test_a_neuron_of_threshold_nought_makes_the_net_minskys():
    net = neur.read("clock/0*; clock*.")
    assert net.law == Law("minsky")
    assert firings(net, 4) == [set(), {"clock"}, set(), {"clock"}, set()]


def test_prose_with_marks_but_no_neuron_is_commentary():
    net = neur.read("Controls: three; two.\n- start*: bit*: bit*. Go: start*.")
    assert firings(net, 3) == [{"start"}, {"bit"}, {"bit"}, {"bit"}]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "names no neuron"),
        ("a*: b*", "line 1, column 5: this rule has no end"),
        ("a*.\n x *: b*.", r"line 2, column 4: ''\* is no neuron"),
        ("a*: nobody.", "no neuron stands between"),
        ("a/x*.", "is no neuron"),
        ("*" * 3, "is no neuron"),
        (" ".join(f"a{i}*" for i in range(1100)) + ": " +
         " ".join(f"b{i}*" for i in range(1100)) + ".", "more than 1048576 connections"),
        ("a" * (1 << 20) + "*", "more than 1048576 characters"),
    ],
)  # fmt: skip
def test_text_that_is_no_net_is_refused_with_its_place(text, words):
    with pytest.raises(Mistake, match=words):
        neur.read(text)


@given(st.text(alphabet="ab0/*:;. \n", max_size=60))
@settings(max_examples=300)
def test_any_text_is_a_net_or_a_mistake_of_one_line(text):
    net = net_or_line(neur.read, text)
    if isinstance(net, str):
        assert "\n" not in net
    else:
        assert net.cells
        assert not net.afferents


def test_the_drawing_board_takes_names_before_they_are_drawn():
    board = Wiring()
    board.cell("late", {"early": 1}, h=1)
    assert "early" not in board
    board.cell("early", {"late": 1}, h=1, fires_at_start=True)
    assert firings(board.net(), 2) == [{"early"}, {"late"}, {"early"}]
