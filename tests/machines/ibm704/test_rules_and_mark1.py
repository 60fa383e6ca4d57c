"""The same plugboard, stimuli, order and rule on the Mark I and on the 704, trial by trial.

With motor spread, end stops met by both alike, and the dead zone off, a Mark I is a whole-number
machine: a pulse turns an active A-unit's potentiometer by one step. Then both must agree exactly.
"""

import numpy as np
import pytest
from rules_704 import Watched

from machines.ibm704.rules import Perceptron
from machines.ibm704.rules.tasks import wires_of
from machines.mark1 import Description, Mark1
from machines.mark1.plugboard import dense, random_table
from simulator import chance

RULES = {"forced": 1, "error-correction": 2, "spontaneous": 3}
STEP = 5_000_000  # udeg: 20 degrees a second for a quarter of a second


def trials_of_the_mark1(machine, series):
    """Stimulus, responses, sums and values of each trial, values after it in steps."""
    machine.operate("mark1.control.train", series)
    done, shown = 0, []
    while machine.number("mark1.control.stage"):
        machine.run(machine.next_due_ns())
        if machine.number("mark1.control.trials") > done:
            done += 1
            if shown:
                shown[-1].append(machine.rack("mark1.values.V") // STEP)
            p = machine.number("mark1.control.place")
            shown.append([
                p,
                machine.rack("mark1.control.answers"),
                machine.rack("mark1.response.sum") // STEP,
            ])  # fmt: skip
    shown[-1].append(machine.rack("mark1.values.V") // STEP)
    return shown


def compare(wiring_seed, rule, stimuli=10, sweeps=20, several=False, **numbers):
    d = Description.with_physics("off", wiring_seed=wiring_seed, responses_in_use=4, **numbers)
    board = random_table(d)
    board = dense(board, d) if several else board
    rng = np.random.default_rng(wiring_seed)
    pictures = (rng.random((stimuli, d.s_units)) < 0.25).astype(int)
    desired = np.zeros((stimuli, d.response_units), int)
    desired[:, :4] = rng.integers(-1, 2, (stimuli, 4))
    light = (255 * pictures).astype(np.uint8)
    series = {"light": light, "desired": desired, "rule": rule, "sweeps": sweeps,
              "order_seed": wiring_seed, "until_errorless": False}  # fmt: skip
    machine = Mark1(d, board)
    machine.operate("mark1.association.theta", d.theta)
    order = [chance.shuffle(stimuli, wiring_seed, chance.stream("mark1.order"), s)
             for s in range(sweeps)]  # fmt: skip
    wires = wires_of(board.a_unit, board.s_unit, board.sign, d.association_units)
    pots = np.column_stack([board.pot_a, board.pot_r]) + 1
    task = Perceptron(pictures, desired[:, :4], 0, d.association_units, wires, pots,
                      np.array(order) + 1)  # fmt: skip
    values = {"theta": d.theta, "rule": RULES[rule], "travel": d.travel_mdeg * 1000 // STEP}
    ibm = Watched("perceptron", task, until=0, **values)
    turned = 0
    for _, answers, sums, v in trials_of_the_mark1(machine, series):
        assert ibm.to("TRIALE") == "TRIALE"
        stimulus = ibm.int("STIMUL") - 1
        assert ibm.ints("SUM", 4).tolist() == sums[:4].tolist()
        assert np.sign(ibm.ints("SUM", 4)).tolist() == answers[stimulus, :4].tolist()
        assert ibm.ints("V", len(pots)).tolist() == v.tolist()
        turned = max(turned, abs(v).max())
    assert ibm.to("TRIALE", "FINISH") == "FINISH"
    assert turned > 0 or rule == "spontaneous"
    return turned


@pytest.mark.parametrize("rule", ["forced", "error-correction", "spontaneous"])
def test_both_machines_agree_trial_by_trial(rule):
    compare(7, rule, sweeps=4)


def test_both_agree_where_an_a_unit_serves_several_responses():
    numbers = {"rows": 8, "columns": 8, "association_units": 60, "plugs_per_s_unit": 40}
    compare(3, "error-correction", sweeps=6, several=True, **numbers)


def test_both_stop_at_their_end_stops_alike():
    assert compare(5, "forced", stimuli=4, sweeps=40) == 30


@pytest.mark.slow
@pytest.mark.parametrize("wiring_seed", range(1, 21))
def test_both_agree_on_twenty_wirings_for_two_hundred_trials(wiring_seed):
    compare(wiring_seed, ["forced", "error-correction"][wiring_seed % 2])
