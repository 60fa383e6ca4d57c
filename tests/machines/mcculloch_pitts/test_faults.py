"""Sixty-four faults in a word find what each broken net, run by itself, shows."""

import dataclasses

import figures
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_nets import nets, stimuli

from machines.mcculloch_pitts import Law, Wiring, law
from machines.mcculloch_pitts.faults import Fault, Kind, all_faults, coverage
from simulator.errors import Mistake


def run_broken(net, fault, stimulus, ticks):
    """Run one broken net tick by tick in plain Python: the fault is made in the net itself."""
    changes = {}
    if fault.kind in (Kind.CUT, Kind.VETO_CUT):
        part = ["starts", "sources", "endings", "delays"]
        if fault.kind == Kind.VETO_CUT:
            part = ["veto_starts", "vetoes", "veto_endings", "veto_delays"]
        starts = getattr(net, part[0]).copy()
        at = int(starts[fault.cell]) + fault.row
        starts[fault.cell + 1 :] -= 1
        changes = {part[0]: starts} | {name: np.delete(getattr(net, name), at) for name in part[1:]}
    elif fault.kind in (Kind.RAISED, Kind.LOWERED):
        h = net.h.copy()
        h[fault.cell] += 1 if fault.kind == Kind.RAISED else -1
        changes = {"h": h}
        if h[fault.cell] < net.law.least_h:
            changes["law"] = Law("minsky")
            if net.law.name != "absolute" or h[fault.cell] < 0:
                return None  # no law has such a cell
    broken = dataclasses.replace(net, **changes)
    own, given_ = net.afferents + fault.cell, law.stimulus_for(net, stimulus, ticks)
    rows = [law.begin(broken, given_[0])]
    for t in range(ticks + 1):
        if fault.kind in (Kind.DEAD, Kind.STUCK):
            rows[-1][own] = int(fault.kind == Kind.STUCK)
        if t < ticks:
            rows.append(
                law.after(broken, rows[-1], given_[t + 1], rows[-2 : -net.memory - 1 : -1], t)
            )
    return np.array(rows)


@given(st.data())
@settings(max_examples=80)
def test_every_fault_is_found_where_the_broken_net_differs(data):
    certain = [Law(), Law(), Law("relative"), Law("summation", window=2), Law("minsky")]
    net = data.draw(nets(certain, most_cells=5))
    stimulus, ticks = data.draw(stimuli(net)), data.draw(st.integers(1, 10))
    found = coverage(net, stimulus, ticks)
    first = {one.fault: (one.tick, one.output) for one in found.detected}
    every = all_faults(net)
    assert sorted([*first, *found.undetected]) == sorted(every)
    sound = law.run(net, stimulus, ticks)
    for fault in every:
        broken = run_broken(net, fault, stimulus, ticks)
        if broken is None:
            continue
        differs = (broken != sound)[:, net.outputs]
        when = np.flatnonzero(differs.any(axis=1))
        want = None
        if len(when):
            output = net.outputs[np.flatnonzero(differs[when[0]])[0]]
            want = int(when[0]), net.name(int(output))
        assert first.get(fault) == want, fault.told(net)
        alone = coverage(net, stimulus, ticks, [fault]).detected
        assert [(one.tick, one.output) for one in alone] == ([want] if want else [])


def test_all_four_inputs_show_every_fault_of_a_conjunction():
    net = figures.both()
    every = [[0, 0], [0, 1], [1, 0], [1, 1], [0, 0]]
    found = coverage(net, every)
    assert found.share == 1, [fault.told(net) for fault in found.undetected]
    few = coverage(net, [[1, 1], [0, 0]])
    assert {fault.told(net) for fault in few.undetected} == {"the threshold of 3 is lowered by one"}


def test_faults_are_told_in_words():
    net = figures.but_not()
    told = [fault.told(net) for fault in all_faults(net)]
    assert told == [
        "3 is dead",
        "3 is stuck",
        "the threshold of 3 is raised by one",
        "the threshold of 3 is lowered by one",
        "1 is cut before 3",
        "the veto of 2 on 3 is cut",
    ]


def test_what_cannot_be_broken_is_refused():
    net = figures.both()
    for odd in (Fault(Kind.DEAD, 1), Fault(Kind.CUT, 0, 2), Fault(Kind.VETO_CUT, 0)):
        with pytest.raises(Mistake):
            coverage(net, [[0, 0]], faults=[odd])
    with pytest.raises(Mistake, match="cell b has no row 5 to cut; it has 1, counted from 0"):
        coverage(figures.heat_and_cold(), [[0, 0]], faults=[Fault(Kind.CUT, 1, 5)])
    blind = dataclasses.replace(net, outputs=np.zeros(0, np.int32))
    with pytest.raises(Mistake, match="shows no output"):
        coverage(blind, [[0, 0]])
    with pytest.raises(Mistake, match="not under noisy"):
        coverage(dataclasses.replace(net, law=Law("noisy", error_ppm=1)), [[0, 0]])


def test_faults_of_the_same_place_do_not_meet():
    """A cell dead in one lane, cut, drifted and copied in others: each fault stands alone."""
    board = Wiring()
    board.afferent("a")
    board.cell("x", {"a": 2, "y": (1, 2)}, h=2, fires_at_start=True)
    board.cell("y", {"x": 1}, ["a"], h=1)
    board.output("y")
    net, stimulus = board.net(), np.array([[1], [0], [0], [1], [0], [0], [0]], np.uint8)
    faults = [fault for fault in all_faults(net) for _ in range(3)]
    together = coverage(net, stimulus, 9, faults)
    for fault in set(faults):
        alone = coverage(net, stimulus, 9, [fault])
        assert together.detected.count(*alone.detected or [None]) in (0, 3)
        assert together.undetected.count(fault) == 3 * len(alone.undetected)
