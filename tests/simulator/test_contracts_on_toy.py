"""The contracts of the simulator, each on the toy machine and on both of its engines."""

import numpy as np
import pytest
import simpy
from hypothesis import given
from hypothesis import strategies as st
from toy import DELAY_NS, POINTS, LateSweeping, Reference, Sweeping, toy

from simulator import state as states
from simulator.errors import Mistake
from simulator.history import History
from simulator.lockstep import lockstep
from simulator.logbook import Entry, Logbook, load, replay, save
from simulator.points import Kind, Point, PointTable
from simulator.probe import Count, DutyCycle, Trace

both_engines = pytest.mark.parametrize("engine", [Reference, Sweeping])


@st.composite
def logbooks(draw):
    """Random operations at random times, many of them tied."""
    t_ns, entries = 0, []
    for sequence in range(draw(st.integers(0, 25))):
        t_ns += draw(st.sampled_from([0, 0, 1, 1000, 2999, 3000, 3001]))
        control = draw(st.sampled_from(["toy.data", "toy.clock"]))
        entries.append(Entry(sequence, t_ns, control, draw(st.integers(0, 1))))
    return entries


# ties


@both_engines
@pytest.mark.parametrize("order", [("toy.data", "toy.clock"), ("toy.clock", "toy.data")])
def test_a_tie_is_decided_by_phase_and_not_by_who_came_first(engine, order):
    machine = toy(engine)
    for key in order:
        machine.operate(key, 1)
    machine.run(DELAY_NS[0])
    assert machine.read("toy.latch") == 1


def test_without_phases_the_order_of_creation_decides_a_tie():
    """The bug the phases are there for, shown on plain SimPy: the outcome depends on the order."""

    def latched(order):
        env, relay, latch = simpy.Environment(), {"data": 0, "clock": 0}, []

        def follow(name):
            yield env.timeout(3000)
            relay[name] = 1
            if name == "clock":
                latch.append(relay["data"])

        for name in order:
            env.process(follow(name))
        env.run()
        return latch

    assert latched(["data", "clock"]) == [1]
    assert latched(["clock", "data"]) == [0]


@given(logbooks())
def test_two_engines_agree_on_any_logbook(entries):
    end = (entries[-1].t_ns if entries else 0) + 10_000
    assert lockstep(toy(Reference), toy(Sweeping), entries, end) is None


def test_lockstep_names_the_first_divergence():
    entries = [Entry(0, 100, "toy.data", 1), Entry(1, 100, "toy.clock", 1)]
    parted = lockstep(toy(Reference), toy(LateSweeping), entries, 1_000_000)
    assert parted is not None
    assert parted.t_ns == 3100, "not where the run ended but where the engines parted"
    assert parted.after == entries[1]
    assert [str(d) for d in parted.differences] == ["latch[0]: 1 against 0"]
    assert "3100 ns" in str(parted)
    assert "latch[0]: 1 against 0" in str(parted)


# looking and touching


@both_engines
def test_a_key_that_goes_back_before_the_delay_is_over_is_not_noticed(engine):
    machine = toy(engine)
    machine.operate("toy.clock", 1)
    machine.run(2999)
    machine.operate("toy.clock", 0)
    machine.run(10_000)
    assert machine.read("toy.count") == 0


@both_engines
def test_a_rack_is_read_whole_or_by_label(engine):
    machine = toy(engine)
    machine.operate("toy.clock", 1)
    machine.run(3000)
    assert machine.rack("toy.relay").tolist() == [0, 1]
    assert (machine.read("toy.relay[1]"), machine.read("toy.relay[2]")) == (0, 1)


def test_what_was_read_does_not_change_afterwards():
    machine = toy()
    seen = machine.rack("toy.relay")
    machine.operate("toy.clock", 1)
    machine.run(3000)
    assert seen.tolist() == [0, 0]


@both_engines
def test_a_point_can_show_a_slice_of_bits(engine):
    machine = toy(engine)
    for i in range(1, 7):
        machine.operate("toy.clock", i % 2)
        machine.run(i * 5000)
    machine.operate("toy.clock", 1)
    machine.run(50_000)
    assert (machine.read("toy.count"), machine.read("toy.count_low")) == (4, 0)


@pytest.mark.parametrize(
    ("path", "hint"),
    [
        ("toy.latsch", "did you mean toy.latch"),
        ("toy.relay[3]", "labelled 1 to 2"),
        ("toy.relay[0]", "labelled 1 to 2"),
        ("toy.latch[1]", "no point"),
        ("toy.relay[999999999999]", "no point"),
        ("", "there are"),
    ],
)
def test_a_point_that_does_not_exist_is_refused_with_a_hint(path, hint):
    with pytest.raises(Mistake, match=hint.replace("[", r"\[")):
        toy().read(path)


@both_engines
def test_a_value_a_control_does_not_take_moves_nothing(engine):
    machine = toy(engine)
    machine.logbook = Logbook()
    before = machine.snapshot()
    with pytest.raises(Mistake, match="0 or 1"):
        machine.operate("toy.clock", 7)
    with pytest.raises(Mistake, match=r"did you mean toy\.clock"):
        machine.operate("toy.clok", 1)
    assert states.diff(before, machine.snapshot()) == []
    assert machine.logbook.entries == []


@pytest.mark.parametrize(
    ("until", "complaint"),
    [
        (-1, "does not run backwards"),
        (4999, "stands at 5000 ns"),
        (5000.0, "whole number"),
        (10**30, "time ends"),
    ],
)
def test_time_does_not_run_backwards_nor_in_fractions_nor_for_ever(until, complaint):
    machine = toy()
    machine.run(5000)
    with pytest.raises(Mistake, match=complaint):
        machine.run(until)
    assert machine.run(np.int64(6000)) == 6000


# state


@both_engines
@given(entries=logbooks(), cut=st.integers(0, 25))
def test_either_engine_goes_on_from_any_quiet_state_of_the_other(engine, entries, cut):
    other = Sweeping if engine is Reference else Reference
    first, second = toy(engine), toy(other)
    replay(first, entries[:cut])
    second.restore(first.snapshot())
    assert lockstep(first, second, entries[cut:], 200_000) is None


def test_copies_share_nothing():
    machine = toy()
    snapshot = machine.snapshot()
    machine.operate("toy.data", 1)
    assert snapshot.key.tolist() == [0, 0]


def test_diff_names_field_cell_and_both_values():
    machine = toy()
    before = machine.snapshot()
    machine.operate("toy.clock", 1)
    assert [str(d) for d in states.diff(before, machine.snapshot())] == [
        "key[1]: 0 against 1",
        "relay_due_ns[1]: -1 against 3000",
    ]


def test_diff_sees_another_length_and_another_dtype():
    state = toy().snapshot()
    longer = state._replace(key=np.zeros(3, np.uint8))
    wider = state._replace(key=np.zeros(2, np.uint16))
    assert str(states.diff(state, longer)[0]) == "key: uint8(2,) against uint8(3,)"
    assert str(states.diff(state, wider)[0]) == "key: uint8(2,) against uint16(2,)"


# logbook


@given(logbooks())
def test_replaying_a_recorded_run_gives_the_same_state(entries):
    machine = toy()
    machine.logbook = Logbook()
    replay(machine, entries)
    machine.run(300_000)
    twin = toy(Sweeping)
    replay(twin, machine.logbook.entries)
    twin.run(300_000)
    assert states.diff(machine.snapshot(), twin.snapshot()) == []


@given(logbooks())
def test_a_logbook_comes_back_from_its_file(tmp_path_factory, entries):
    path = tmp_path_factory.mktemp("book") / "log.jsonl"
    save(path, entries, "toy", {"cells": 4})
    description, back = load(path, "toy")
    assert description == {"cells": 4}
    assert list(back) == entries


def test_a_streamed_logbook_is_valid_up_to_its_last_full_line(tmp_path):
    path = tmp_path / "log.jsonl"
    machine = toy()
    machine.logbook = Logbook(path, "toy")
    machine.operate("toy.data", 1)
    machine.operate("toy.clock", 1)
    assert machine.logbook.entries == [], "a streamed logbook keeps nothing in memory"
    machine.logbook.close()
    path.write_text(path.read_text()[:-20])
    assert [entry.control for entry in load(path, "toy")[1]] == ["toy.data"]


def test_every_operation_is_on_the_disk_as_soon_as_it_is_done(tmp_path):
    machine = toy()
    machine.logbook = Logbook(tmp_path / "log.jsonl", "toy")
    machine.operate("toy.data", 1)
    assert len(list(load(tmp_path / "log.jsonl", "toy")[1])) == 1
    machine.logbook.close()


def test_a_full_disk_is_told_in_one_line():
    with pytest.raises(Mistake, match="/dev/full: cannot be written"):
        Logbook("/dev/full", "toy")


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ('{"schema": "firstwave/logbook/1", "machine": "toy"}\n', "description is missing"),
        ("", "schema is None"),
        ("hello\n", "not JSON"),
        ("[1]\n", "not a logbook entry"),
        ('{"schema": "firstwave/logbook/9"}\n', "logbook/9"),
        ('{"schema": "firstwave/logbook/1", "machine": "mark1"}\n', "machine is mark1"),
    ],
)
def test_a_file_that_is_no_logbook_of_this_machine_is_refused(tmp_path, text, complaint):
    path = tmp_path / "log.jsonl"
    path.write_text(text)
    with pytest.raises(Mistake, match=complaint):
        load(path, "toy")


@pytest.mark.parametrize(
    "line",
    [
        '{"sequence": 1, "t_ns": 0, "control": "toy.data", "value": 1}',
        '{"sequence": 0, "t_ns": -1, "control": "toy.data", "value": 1}',
        '{"sequence": 0, "t_ns": 0, "control": 7, "value": 1}',
        '{"sequence": 0, "t_ns": 0, "control": "toy.data", '
        '"value": {"dtype": "object", "shape": [1], "hex": "00"}}',
        '{"sequence": 0, "t_ns": 0, "control": "toy.data", '
        '"value": {"dtype": "int64", "shape": [99], "hex": "00"}}',
        "[" * 100_000,
    ],
)
def test_a_damaged_entry_is_refused(tmp_path, line):
    path = tmp_path / "log.jsonl"
    header = '{"schema": "firstwave/logbook/1", "machine": "toy", "description": {}}\n'
    path.write_text(header + line + "\n")
    with pytest.raises(Mistake, match=r"line 2|array is damaged"):
        list(load(path, "toy")[1])


# undo


@both_engines
@given(entries=logbooks(), every=st.integers(1, 5))
def test_undo_goes_back_act_by_act_and_redo_forth_again(engine, entries, every):
    machine = toy(engine)
    history = History(machine, every)
    stations = [machine.snapshot()]
    for entry in entries:
        machine.run(entry.t_ns)
        stations[-1] = machine.snapshot()
        history.mark()
        machine.operate(entry.control, entry.value)
        stations.append(machine.snapshot())
    for station in reversed(stations[:-1]):
        assert history.undo()
        assert states.diff(machine.snapshot(), station) == []
    assert not history.undo()
    for station in stations[1:]:
        assert history.redo()
        assert states.diff(machine.snapshot(), station) == []
    assert not history.redo()


def test_a_new_act_makes_what_was_undone_unredoable():
    machine = toy()
    history = History(machine)
    history.mark()
    machine.operate("toy.data", 1)
    history.undo()
    history.mark()
    machine.operate("toy.clock", 1)
    assert not history.redo()


def test_what_was_undone_is_done_again_where_it_was_though_time_went_on():
    machine = toy()
    history = History(machine)
    machine.run(100)
    history.mark()
    machine.operate("toy.data", 1)
    machine.run(200)
    done = machine.snapshot()
    history.undo()
    machine.run(50_000)
    assert history.redo()
    assert states.diff(machine.snapshot(), done) == []


@pytest.mark.parametrize("go", [History.undo, History.redo])
def test_a_past_that_cannot_be_replayed_leaves_everything_as_it_was(go):
    """Undo and redo once failed half-way: the logbook cut off, the machine somewhere else."""
    machine = toy()
    history = History(machine)
    history.mark()
    machine.run(50)
    early = machine.snapshot()
    machine.run(100)
    machine.operate("toy.data", 1)
    machine.restore(early)  # behind the history's back: the logbook goes back in time
    machine.operate("toy.clock", 1)
    if go is History.redo:
        assert history.undo()
    else:
        history.mark()
    before, entries = machine.snapshot(), list(machine.logbook.entries)
    for _ in range(2):
        with pytest.raises(Mistake, match="cannot run to 50 ns"):
            go(history)
        assert states.diff(machine.snapshot(), before) == []
        assert machine.logbook.entries == entries


@both_engines
@given(entries=logbooks(), cut=st.integers(0, 25), every=st.integers(1, 5))
def test_going_back_within_an_act_leaves_a_past_that_can_be_undone(engine, entries, cut, every):
    machine = toy(engine)
    history = History(machine, every)
    start = machine.snapshot()
    history.mark()
    replay(machine, entries[:cut])
    moment = history.moment()
    replay(machine, entries[cut:])
    history.go_back(moment)
    middle = machine.snapshot()
    assert states.diff(middle, moment.state) == []
    history.mark()
    machine.operate("toy.data", 1)
    assert history.undo()
    assert states.diff(machine.snapshot(), middle) == []
    assert history.undo()
    assert states.diff(machine.snapshot(), start) == []


def test_moments_are_good_though_the_oldest_acts_are_forgotten():
    machine = toy()
    history = History(machine, every=2, depth=4)
    for i in range(5):
        history.mark()
        machine.operate("toy.data", i % 2)
    history.mark()
    machine.operate("toy.clock", 1)
    moment = history.moment()
    machine.operate("toy.clock", 0)
    history.go_back(moment)
    assert [entry.control for entry in machine.logbook.entries][-1] == "toy.clock"
    assert machine.snapshot().key[1] == 1
    while history.undo():
        pass
    assert history.redo()


def test_what_was_undone_is_lost_when_the_act_before_it_is_cut_short():
    machine = toy()
    history = History(machine)
    history.mark()
    moment = history.moment()
    machine.operate("toy.data", 1)
    history.mark()
    machine.operate("toy.clock", 1)
    history.undo()
    history.go_back(moment)
    assert not history.redo()


@both_engines
def test_an_act_that_fails_leaves_no_mark_and_nothing_moved_and_redo_as_it_was(engine):
    machine = toy(engine)
    history = History(machine)
    with history.act():
        machine.operate("toy.data", 1)
    history.undo()
    before = machine.snapshot()

    def half_refused():
        with history.act():
            machine.operate("toy.clock", 1)
            machine.operate("toy.clock", 7)

    with pytest.raises(Mistake):
        half_refused()
    assert states.diff(machine.snapshot(), before) == []
    assert machine.logbook.entries == []
    assert not history.undo()
    assert history.redo()
    assert machine.snapshot().key[0] == 1


def test_the_history_forgets_the_oldest_acts_and_no_others():
    machine = toy()
    history = History(machine, every=4, depth=8)
    for i in range(101):
        history.mark()
        machine.operate("toy.data", i % 2)
        machine.run(machine.now_ns + 10)
    undone = 0
    while history.undo():
        undone += 1
    assert 8 <= undone <= 12
    assert machine.now_ns == (101 - undone) * 10


# probes


@both_engines
def test_a_trace_writes_down_every_change_with_its_instant(engine):
    machine = toy(engine)
    trace = Trace("toy.relay[2]")
    machine.attach(trace)
    machine.operate("toy.clock", 1)
    machine.run(50_000)
    machine.operate("toy.clock", 0)
    machine.run(90_000)
    assert trace.changes == [(0, 0), (3000, 1), (53_000, 0)]


@both_engines
@given(logbooks())
def test_watching_alters_nothing(engine, entries):
    watched, alone = toy(engine), toy(engine)
    for probe in (Trace("toy.relay"), Count("toy.relay"), DutyCycle("toy.relay")):
        watched.attach(probe)
    assert lockstep(watched, alone, entries, 200_000) is None


@both_engines
def test_the_duty_cycle_is_the_lit_part_of_the_time(engine):
    machine = toy(engine)
    duty = DutyCycle("toy.relay")
    machine.attach(duty)
    machine.operate("toy.data", 1)
    machine.run(4000)
    assert duty.take().tolist() == [0.25, 0.0]
    machine.run(5000)
    assert duty.take().tolist() == [1.0, 0.0]
    assert duty.take().tolist() == [1.0, 0.0], "a machine that stands still shows its exact state"


@both_engines
def test_a_count_counts_rising_edges(engine):
    machine = toy(engine)
    count = Count("toy.relay")
    machine.attach(count)
    for i in range(6):
        machine.operate("toy.clock", (i + 1) % 2)
        machine.run(machine.now_ns + 4000)
    assert count.edges.tolist() == [0, 3]


def test_nobody_sees_what_is_done_unwatched():
    machine = toy()
    machine.logbook = Logbook()
    trace = Trace("toy.relay")
    machine.attach(trace)
    with machine.unwatched():
        machine.operate("toy.data", 1)
        machine.run(10_000)
    assert len(trace.changes) == 1
    assert machine.logbook.entries == []
    machine.operate("toy.data", 0)
    assert len(machine.logbook.entries) == 1
    assert len(trace.changes) == 2


def test_two_points_of_one_name_are_a_defect():
    with pytest.raises(ValueError, match=r"two points are called toy\.latch"):
        PointTable([*POINTS, POINTS[2]])


def test_a_cell_of_a_rack_keeps_the_racks_unit():
    rack = Point("toy.due", "relay_due_ns", Kind.METER, "doc", unit="ns", fixed=False)
    cell = PointTable([rack]).find("toy.due[2]", toy().snapshot())
    assert (cell.unit, cell.fixed, cell.cell) == ("ns", False, 1)


def test_a_detached_probe_sees_nothing_more():
    machine = toy()
    trace = Trace("toy.relay")
    machine.attach(trace)
    machine.detach(trace)
    machine.operate("toy.data", 1)
    machine.run(10_000)
    assert len(trace.changes) == 1
