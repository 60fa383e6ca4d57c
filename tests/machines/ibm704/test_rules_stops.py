"""Bad cards: every program prints a line and stops at a labelled stop, and says nothing else."""

import numpy as np
import pytest

from machines.ibm704 import Stop
from machines.ibm704.devices import mount_cards
from machines.ibm704.rules import (
    RULES,
    Cells,
    Patterns,
    Perceptron,
    Walk,
    decks,
    loaded,
    record,
    run,
    tasks,
)
from machines.ibm704.rules.fields import punch
from simulator.errors import Mistake

SMALL = {
    "threshold": Cells(np.array([[1, 1, 2]]), np.array([[0, 1, 1, 0]])),
    "hebb": tasks.pairs(),
    "perceptron": tasks.exclusive_or_pictures(),
    "adaline": tasks.and_with_bias(),
    "sgd-logistic": tasks.two_clouds(6),
    "backprop": tasks.exclusive_or(),
    "td-5": tasks.walk(5),
}
every_program = pytest.mark.parametrize("name", SMALL)


def lines_of(name, **chosen):
    rule = RULES[name]
    return decks.lines(rule.program, SMALL[name], rule.values(chosen))


def ran_with(name, lines):
    of = loaded(name, SMALL[name])
    mount_cards(of.machine, punch(lines, name))
    of.machine.operate("ibm704.console.start")
    of.machine.run_to_stop(3600 * 10**9)
    assert of.machine.stop == Stop.HALT
    return record(of)


@every_program
def test_the_right_deck_is_read_to_its_end(name):
    assert ran_with(name, lines_of(name)).done


@every_program
def test_whichever_card_is_missing_no_answer_is_printed(name):
    lines = lines_of(name)
    for missing in range(len(lines)):
        told = ran_with(name, lines[:missing] + lines[missing + 1 :])
        assert told.stop in ("HALTC", "HALTR"), f"card {missing + 1}"
        assert not told.tables
        assert told.messages or told.lines


@every_program
def test_a_letter_on_any_card_stops_it_and_the_card_is_named(name):
    lines = lines_of(name)
    for spoiled in range(len(lines)):
        text = lines[spoiled].rstrip()
        wrong = [*lines[:spoiled], text[:-1] + "Q", *lines[spoiled + 1 :]]
        told = ran_with(name, wrong)
        assert told.stop == "HALTC"
        assert not told.tables
        assert f"CARD {spoiled + 1:>12}" in told.lines[0].replace("CARD  ", "CARD "), told.lines


@every_program
def test_a_card_too_many_stops_it(name):
    told = ran_with(name, [*lines_of(name), "           1"])
    assert told.stop == "HALTM"
    assert "TOO MANY CARDS" in "".join(told.lines)


@every_program
def test_a_parameter_beyond_its_limits_stops_it(name):
    lines = lines_of(name)
    for wrong in ("  9999999999", "         -99"):
        told = ran_with(name, [wrong + lines[0][12:], *lines[1:]])
        assert told.stop == "HALTR"
        assert "NUMBER OUT OF RANGE" in told.lines[0]


def test_a_number_in_place_of_a_picture_is_out_of_range():
    lines = lines_of("perceptron")
    told = ran_with("perceptron", [line.replace("011", "021") for line in lines])
    assert told.stop == "HALTR"


def test_more_weights_than_core_storage_holds_are_refused():
    wide = Patterns(np.ones((1, 1000)), np.ones((1, 9)))
    assert run("hebb", wide).stop == "HALTN"
    many = Patterns(np.ones((200, 120)), np.ones((200, 1)))
    assert run("adaline", many).stop == "HALTN"
    deep = Patterns(np.ones((1, 200)), np.ones((1, 1)))
    assert run("backprop", deep, hidden=100).stop == "HALTN"
    assert run("td-5", Walk(200, np.ones((200, 100)))).stop == "HALTN"


def test_a_plugboard_that_does_not_fit_is_refused():
    plugs = np.tile(np.arange(1, 31), (700, 1))
    task = Perceptron(np.ones((1, 30), int), np.ones((1, 1), int), 0, 700, plugs)
    told = run("perceptron", task)
    assert told.stop == "HALTN"
    assert "THE CORE IS TOO SMALL" in told.lines[0]


def test_too_many_classes_for_the_machine_are_refused():
    task = Perceptron(np.ones((1, 9), int), np.ones((1, 9), int), 0, 9, np.ones((9, 1), int))
    assert run("perceptron", task).stop == "HALTR"


@pytest.mark.parametrize(
    ("name", "chosen"),
    [
        ("adaline-mu", {"rate": 5.0, "sweeps": 500}),
        ("hebb", {"rule": 2, "rate": 5.0, "sweeps": 500, "outputs": 1}),
        ("oja", {"rate": 50.0, "sweeps": 500}),
        ("linear", {"rate": 500.0, "sweeps": 500}),
        ("td-5", {"rate": 500.0, "weight_rate": 500.0, "walks": 500}),
        ("perceptron", {"rule": 1, "step": 4_000_000, "until": 0}),
    ],
)
def test_weights_that_overflow_stop_it_at_once(name, chosen):
    record = run(name, **chosen)
    assert record.stop == "HALTS"
    assert "A NUMBER IS TOO LARGE OR SMALL FOR A WORD" in record.messages
    assert "WEIGHTS" not in record.tables


def test_mistakes_that_need_no_machine_are_told_before_it_runs():
    with pytest.raises(Mistake, match="no rule is called hebbs"):
        run("hebbs")
    with pytest.raises(Mistake, match="adaline has no parameter speed"):
        run("adaline", speed=1)
    with pytest.raises(Mistake, match="sweeps must be a whole number from 1"):
        run("adaline", sweeps=0.5)
    with pytest.raises(Mistake, match="adaline takes Patterns, not Walk"):
        run("adaline", tasks.walk(5))
    with pytest.raises(Mistake, match="9 weights are needed, not 4"):
        run("backprop-xor", Patterns(tasks.XOR, np.ones((4, 1)), np.ones(4)))
    with pytest.raises(Mistake, match="no number a 704 holds"):
        run("adaline", Patterns(np.full((1, 1), np.inf), np.ones((1, 1))))


def test_a_task_whose_parts_do_not_fit_is_told_before_it_runs():
    one, two = np.ones((1, 2)), np.ones((2, 1))
    pictures = tasks.exclusive_or_pictures()
    shown = pictures.pictures, pictures.desired
    for name, task, said in [
        ("adaline", Patterns(one, two), "1 inputs and 2 desired outputs do not match"),
        ("linear", Patterns(np.ones(3), two), "tables, a row a pattern"),
        ("hebb", Patterns(np.ones((0, 2)), np.ones((0, 1))), "not empty"),
        ("threshold", Cells(np.ones((1, 3), int), np.ones((1, 8), int)), "is 4 numbers, not 8"),
        ("td-5", Walk(5, np.ones((4, 1))), "5 states need as many rows of features, not 4"),
        ("perceptron", Perceptron(shown[0], shown[1][:3], 0, 3), "4 pictures and 3 desired"),
        ("perceptron", Perceptron(*shown, 4, 3), "0 to 3 are for tests only, not 4"),
        ("perceptron", Perceptron(*shown, 0, 4, pictures.wires), "4 A-units need as many rows"),
        ("perceptron", Perceptron(*shown, 0, 3, order=np.ones((2, 3), int)), "4 stimuli a sweep"),
        ("perceptron", Perceptron(shown[0] / 2, shown[1], 0, 3), "0.5 stands where a whole"),
        ("threshold", Cells(np.full((1, 3), np.nan), np.empty((0, 4))), "nan stands where a whole"),
    ]:
        with pytest.raises(Mistake, match=said):
            run(name, task)


def test_a_momentum_out_of_range_is_printed_as_the_number_it_is():
    lines = lines_of("backprop")
    rates = "".join(f"{rate:>12}" for rate in (".5", "1.5", ".5", ".1"))
    told = ran_with("backprop", [*lines[:2], rates, *lines[3:]])  # ten parameters are two cards
    assert told.stop == "HALTR"
    assert told.lines[0].split()[:5] == ["NUMBER", "OUT", "OF", "RANGE", "1.5000000"]
