"""From sentences to nets and back: Theorems I, II, III and X."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from logic_given import answers, by_name, nets, remembering, sentences, stimuli

from machines.mcculloch_pitts.calculus import (
    Fibre,
    fires_in_silence,
    past,
    values,
)
from machines.mcculloch_pitts.calculus_print import equation, paper
from machines.mcculloch_pitts.calculus_read import read
from machines.mcculloch_pitts.compile_expression import compile_expression, compile_text
from machines.mcculloch_pitts.formula import formula
from machines.mcculloch_pitts.graph import has_circles
from machines.mcculloch_pitts.laws import Law
from machines.mcculloch_pitts.net_truth import truth_of
from machines.mcculloch_pitts.normal_form import equivalent, literals
from machines.mcculloch_pitts.proof import prove
from machines.mcculloch_pitts.wiring import Wiring
from simulator.errors import Mistake


def says(made, expression, stimulus):
    """Compare the net's answer, by the plain law, with the meaning of the sentence."""
    net, lag, ticks = made.net, made.report.lag, len(stimulus)
    shown = answers(net, stimulus, ticks - 1)[lag:, 0]
    meant = values(expression, by_name(net, stimulus), ticks)[: ticks - lag]
    return shown.astype(bool).tolist() == meant.tolist()


@settings(max_examples=60)
@given(sentences, st.booleans(), st.data())
def test_a_compiled_sentence_answers_after_its_lag(expression, literal, data):
    assume(not fires_in_silence(expression))
    made = compile_expression(expression, literal=literal)
    assert made.proof.proved
    assert made.report.order == 0
    assert made.report.initial == ()
    assert says(made, expression, data.draw(stimuli(made.net)))


@settings(max_examples=60)
@given(remembering, st.booleans(), st.data())
def test_theorem_x_is_compiled_into_circles(expression, literal, data):
    made = compile_expression(expression, literal=literal, always_cell=True)
    assert made.proof.holds
    assert says(made, expression, data.draw(stimuli(made.net)))


@settings(max_examples=60)
@given(sentences, st.booleans())
def test_a_sentence_survives_the_way_into_a_net_and_back(expression, literal):
    assume(not fires_in_silence(expression))
    made = compile_expression(expression, literal=literal)
    back = formula(made.net, made.net.name(int(made.net.outputs[0])))
    assert back.holds_from == 0
    later = past(expression, made.report.lag)
    assert equivalent(back.substituted, later)
    assert equivalent(back.minimal, later)


@settings(max_examples=60)
@given(nets(), st.data())
def test_the_formula_of_a_net_without_circles_is_what_it_does(net, data):
    stimulus = data.draw(stimuli(net))
    name = net.name(int(net.outputs[0]))
    shown = answers(net, stimulus, len(stimulus) - 1)[:, 0].astype(bool)
    back = formula(net, name)
    assert back.holds_from == 0
    for said in (back.substituted, back.minimal):
        assert values(said, by_name(net, stimulus), len(stimulus)).tolist() == shown.tolist()
    assert set(literals(back.minimal)) == set(truth_of(net, int(net.outputs[0])).literals)


@settings(max_examples=40)
@given(nets(delays=3), st.data())
def test_fibres_with_delays_of_their_own_are_understood(net, data):
    stimulus = data.draw(stimuli(net))
    said = formula(net, net.name(int(net.outputs[0]))).minimal
    shown = answers(net, stimulus, len(stimulus) - 1)[:, 0].astype(bool)
    assert values(said, by_name(net, stimulus), len(stimulus)).tolist() == shown.tolist()


def test_the_literal_net_of_theorem_ii_pads_the_shallower_operand():
    made = compile_text("(a & b) v c", literal=True)
    assert made.report.lag == 2
    assert made.report.cells == 3  # 1c, the 1a that holds c back, and 1b


@pytest.mark.parametrize(
    ("text", "cells", "lag"),
    [
        ("a & b & ~c", 1, 1),
        ("a.(b v c)", 1, 1),
        ("a ^ b", 3, 2),
        ("S a & S b", 1, 0),
        ("a", 1, 1),
        ("S^4 a", 4, 0),
        ("a & ~a", 1, 0),
    ],
)
def test_the_compact_net_is_as_small_as_the_sentence_allows(text, cells, lag):
    made = compile_text(text)
    assert (made.report.cells, made.report.lag) == (cells, lag)


@pytest.mark.parametrize(
    ("text", "character"),
    [
        ("a v ~b", 5),
        ("~a", 1),
        ("a & b v ~(c & a)", 9),
        ("ever(~a)", 6),
        ("always(a -> b)", 10),
        ("S S ~a . ~b", 5),
        ("1", 1),
        ("N3(t) == a v ~b", 14),
    ],
)
def test_what_fires_out_of_silence_is_refused_with_the_reason_and_the_cure(text, character):
    with pytest.raises(Mistake) as refused:
        compile_text(text)
    line = str(refused.value)
    assert line.startswith(f"character {character},")
    assert "Theorem III" in line
    assert "always-firing cell" in line


def test_an_always_firing_cell_cures_it():
    made = compile_text("a -> b", always_cell=True)
    assert made.proof.proved
    assert made.report.initial == ("always", "answer")


def test_a_sentence_names_its_cell():
    made = compile_text("N3(t) == N1(t-1).~N2(t-1)")
    assert made.net.name(int(made.net.outputs[0])) == "N3"
    with pytest.raises(Mistake, match="N1 cannot be said by itself"):
        compile_text("N1(t) == N1(t-1) v N2(t-1)")


def test_afferents_come_in_the_order_asked_for():
    made = compile_text("b & a", afferents=("a", "x"))
    assert [made.net.name(k) for k in range(3)] == ["a", "x", "b"]


def test_a_wrong_net_is_shown_with_the_stimulus_that_betrays_it():
    board = Wiring()
    board.afferent("a"), board.afferent("b")
    board.cell("n", {"a": 2, "b": 2}, h=2)
    board.output("n")
    found = prove(board.net(), [read("a & b")], 1)
    assert not found.holds
    assert found.method == "every row"
    assert found.trace.splitlines()[:2] == ["a  |.", "b  .."]
    assert "should be silent at t = 1" in found.trace


def test_a_wrong_net_with_a_circle_is_shown_too():
    board = Wiring()
    board.afferent("a")
    board.cell("n", {"a": 1, "n": 1}, h=1)
    board.output("n")
    assert prove(board.net(), [read("ever(a)")], 1).proved
    found = prove(board.net(), [read("a")], 1)
    assert not found.holds
    assert "a  |.." in found.trace


def test_a_wide_sentence_becomes_a_shallow_net():
    made = compile_text(" v ".join(f"a{k}" for k in range(300)))
    assert made.report.lag == 9  # two to the ninth is 512
    assert made.proof.holds


def test_a_long_exclusive_or_grows_only_with_its_length():
    made = compile_text(" ^ ".join(f"a{k}" for k in range(16)))
    assert made.proof.proved
    assert made.report.cells < 300


def test_what_is_too_large_to_decide_is_only_sampled_and_says_so():
    text = " v ".join(f"ever(a{k} & S^2 b{k})" for k in range(9))
    made = compile_text(text)
    assert made.proof.holds
    assert made.proof.method == "sample"
    assert not made.proof.proved


@settings(max_examples=40)
@given(remembering, st.booleans())
def test_theorem_x_survives_the_way_back(expression, literal):
    assume(not fires_in_silence(expression))
    made = compile_expression(expression, literal=literal)
    back = formula(made.net, made.net.name(int(made.net.outputs[0])))
    found = prove(made.net, [back.substituted], 0)
    assert found.holds or back.holds_from > 0


@pytest.mark.parametrize(
    "text",
    [
        "always(a & b)",
        "ever(always(a))",
        "ever(a ^ every(3, 2))",
        "always(ever(a & b))",
        "ever(a) & ever(a v a & b)",
    ],
)
@pytest.mark.parametrize("literal", [False, True])
def test_what_comes_late_is_not_remembered_from_before_the_start(text, literal):
    made = compile_text(text, literal=literal)
    assert made.proof.proved
    back = formula(made.net, made.net.name(int(made.net.outputs[0])))
    assert prove(made.net, [back.substituted], 0).proved


def test_nested_memory_is_printed_and_read():
    made = compile_text("ever(a & always(b))")
    back = formula(made.net, made.net.name(int(made.net.outputs[0]))).substituted
    assert read(paper(back)) == back or paper(read(paper(back))) == paper(back)
    assert prove(made.net, [back], 0).proved


def test_a_ring_says_every_nth_tick():
    board = Wiring()
    board.cell("r0", {"r2": 1}, h=1, fires_at_start=True)
    board.cell("r1", {"r0": 1}, h=1)
    board.cell("r2", {"r1": 1}, h=1)
    board.output("r1")
    assert equation("r1", formula(board.net(), "r1").substituted) == "r1(t) == every(3, 1)"


def test_a_cell_that_fires_at_the_start_delays_when_the_formula_holds():
    board = Wiring()
    board.afferent("a")
    board.cell("x", {"a": 1}, h=1, fires_at_start=True)
    board.cell("y", {"x": 1}, h=1)
    assert formula(board.net(), "y").holds_from == 2


def test_a_circle_that_is_none_of_theorem_x_has_no_formula():
    board = Wiring()
    board.afferent("a")
    board.cell("x", {"y": 1}, h=1)
    board.cell("y", {"x": 1, "a": 1}, ["a"], h=1)
    net = board.net()
    assert has_circles(net)
    with pytest.raises(Mistake, match=r"cell . stands in a circle"):
        formula(net, "y")


def test_other_laws_are_sent_to_their_transformers():
    board = Wiring(law=Law("extinction", raises=(1,)))
    board.afferent("a")
    board.cell("x", {"a": 1}, h=1)
    with pytest.raises(Mistake, match="transform the net"):
        formula(board.net(), "x")


def test_a_formula_too_long_to_write_is_refused():
    board = Wiring()
    last = [board.afferent("a"), board.afferent("b")]
    for k in range(20):
        last = [
            board.cell(f"x{k}", dict.fromkeys(last, 1), h=1),
            board.cell(f"y{k}", dict.fromkeys(last, 1), h=2),
        ]
    with pytest.raises(Mistake, match="too long to write"):
        formula(board.net(), "x19")


def test_a_minsky_cell_fires_unexcited_and_its_formula_says_so():
    board = Wiring(law=Law("minsky"))
    board.afferent("a")
    board.cell("not_a", {}, ["a"], h=0)
    board.output("not_a")
    back = formula(board.net(), "not_a")
    assert back.substituted == read("~a(t-1)")
    assert back.holds_from == 1
    shown = answers(board.net(), np.array([[0], [1], [0]], np.uint8), 3)[:, 0]
    assert shown.tolist() == [0, 1, 0, 1]
    assert Fibre("a") in {literal.atom for literal in literals(back.minimal)}
