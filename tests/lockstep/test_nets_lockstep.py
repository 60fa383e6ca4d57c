"""The engines for nets, equal bit by bit on random nets under every law.

Hypothesis makes up nets (with and without circles, delays, every law), stimuli and logbooks. What
all are held against is the law written out in plain Python.
"""

import dataclasses
from itertools import pairwise

import numpy as np
import pytest
import scipy.sparse
from hypothesis import event, example, given, settings
from hypothesis import strategies as st
from random_nets import LAWS, nets, random_net, stimuli

from machines.mcculloch_pitts import Law, McCullochPitts, compiled, law
from machines.mcculloch_pitts.net import Net
from simulator.errors import Mistake
from simulator.lockstep import lockstep
from simulator.logbook import Entry

TICK_NS = 500_000


@given(st.data())
@settings(max_examples=200)
def test_sweep_and_events_do_what_the_law_says(data):
    net = data.draw(nets())
    stimulus, ticks = data.draw(stimuli(net)), data.draw(st.integers(0, 15))
    event(net.law.name)
    want = law.run(net, stimulus, ticks)
    for engine in compiled.ENGINES:
        got = compiled.run(net, stimulus, ticks, engine)
        assert got.dtype == np.uint8
        np.testing.assert_array_equal(got, want, engine)


@given(st.data())
@settings(max_examples=150)
def test_pulses_on_their_way_are_followed_from_any_tick_on(data):
    net = data.draw(nets([one for one in LAWS if one.name != "alterable"]))
    ticks = data.draw(st.integers(2, 15))
    stimulus, stop = data.draw(stimuli(net)), data.draw(st.integers(1, ticks - 1))
    now, learned = net.memory - 1, np.zeros(len(net.sources), np.uint8)
    rows = np.zeros((now + 1 + ticks, net.fibres + 1), np.uint8)
    rows[now:, : net.afferents] = law.stimulus_for(net, stimulus, ticks)
    rows[now, net.afferents : -1] = net.initial
    for tick, some in ((0, stop), (stop, ticks - stop)):
        compiled.advance(net, rows, now + tick, some, tick, learned, "events")
    np.testing.assert_array_equal(rows[now:, :-1], law.run(net, stimulus, ticks))


@given(st.data())
@settings(max_examples=200)
def test_every_lane_is_a_run_of_its_own(data):
    net = data.draw(nets([one for one in LAWS if one.name != "alterable"]))
    ticks = data.draw(st.integers(1, 12))
    lanes = data.draw(st.lists(st.integers(0, 63), unique=True, min_size=1, max_size=3))
    words = np.zeros((ticks, net.afferents), np.uint64)
    alone = []
    for lane in lanes:
        stimulus = law.stimulus_for(net, data.draw(stimuli(net, ticks)), ticks - 1)
        words |= stimulus.astype(np.uint64) << np.uint64(lane)
        seed = net.law.seed + lane if net.law.name == "noisy" else 0
        alike = dataclasses.replace(net, law=dataclasses.replace(net.law, seed=seed))
        alone.append(law.run(alike, stimulus, ticks))
    together = compiled.lanes(net, words, ticks)
    for lane, want in zip(lanes, alone, strict=True):
        got = together >> np.uint64(lane) & np.uint64(1)
        np.testing.assert_array_equal(got, want, f"lane {lane}")


@st.composite
def logbooks(draw, net):
    """Give entries that press keys, play series and reset, at any instants."""
    entries, now = [], 0
    for sequence in range(draw(st.integers(0, 6))):
        now += draw(st.sampled_from([0, 0, 1, TICK_NS - 1, TICK_NS, 3 * TICK_NS, 20 * TICK_NS]))
        control = draw(st.sampled_from(["keys", "keys", "series", "series", "none", "reset"]))
        if control == "keys":
            keys = draw(stimuli(net, 1))[0]
            entries.append(Entry(sequence, now, "mcculloch_pitts.afferents.keys", keys))
        elif control == "series":
            rows = draw(stimuli(net))
            entries.append(Entry(sequence, now, "mcculloch_pitts.afferents.series", rows))
        elif control == "none":
            entries.append(Entry(sequence, now, "mcculloch_pitts.afferents.series", None))
        else:
            entries.append(Entry(sequence, now, "mcculloch_pitts.net.reset", None))
    return entries, now + draw(st.integers(0, 12)) * TICK_NS


@given(st.data())
@settings(max_examples=150)
def test_reference_and_compiled_engine_agree_bit_by_bit(data):
    net = data.draw(nets())
    entries, until_ns = data.draw(logbooks(net))
    event(net.law.name)
    left = McCullochPitts(net, engine="reference")
    right = McCullochPitts(net, engine="compiled")
    parted = lockstep(left, right, entries, until_ns)
    assert parted is None, str(parted)


@given(st.data())
@settings(max_examples=100)
def test_the_reference_engine_does_what_the_law_says(data):
    net = data.draw(nets())
    stimulus, ticks = data.draw(stimuli(net)), data.draw(st.integers(0, 15))
    machine = McCullochPitts(net, engine="reference")
    machine.operate("mcculloch_pitts.afferents.series", stimulus)
    rows = [machine.read("mcculloch_pitts.net.fires")]
    for _ in range(ticks):
        machine.ticks()
        rows.append(machine.read("mcculloch_pitts.net.fires"))
    np.testing.assert_array_equal(rows, law.run(net, stimulus, ticks))


@given(st.data())
@settings(max_examples=40)
@pytest.mark.parametrize("engine", ["reference", "compiled"])
def test_a_net_goes_on_from_any_state_as_if_never_stopped(engine, data):
    net = data.draw(nets())
    stimulus = data.draw(stimuli(net))
    first, then = data.draw(st.integers(0, 6)), data.draw(st.integers(0, 6))
    whole, half, other = (McCullochPitts(net, engine=engine) for _ in range(3))
    for machine in (whole, half):
        machine.operate("mcculloch_pitts.afferents.series", stimulus)
    half.ticks(first)
    other.restore(half.snapshot())
    other.ticks(then)
    whole.ticks(first + then)
    for left, right in zip(whole.snapshot(), other.snapshot(), strict=True):
        np.testing.assert_array_equal(left, right)


@pytest.mark.parametrize("delay", [1, 3])
@pytest.mark.parametrize(
    ("excite", "veto", "h"),
    [
        (8, 2, 2),
        (7, 0, 1),
        (9, 1, 3),
        (30, 3, 6),
        (60, 2, 15),
        (90, 0, 31),
        (150, 1, 70),
        (5, 1, 40),
    ],
)
def test_large_nets_run_alike_on_every_engine(excite, veto, h, delay):
    net = random_net(1943, 50, 3000, excite, veto, h, delay=delay)
    if delay == 3:  # every cell's endings weigh the same, but not one
        net = dataclasses.replace(net, endings=net.endings * np.int32(3), h=net.h * np.int32(3))
    stimulus = np.random.default_rng(1).integers(0, 2, (30, 50)).astype(np.uint8)
    want = compiled.run(net, stimulus, 60, "sweep")
    for engine in ("events", "auto"):
        np.testing.assert_array_equal(compiled.run(net, stimulus, 60, engine), want)
    every = compiled.lanes(net, stimulus.astype(np.uint64) * ~np.uint64(0), 60)
    np.testing.assert_array_equal(every, want.astype(np.uint64) * ~np.uint64(0))
    few = [2999, 0, 7, 3049]
    watched = compiled.lanes(net, stimulus.astype(np.uint64) * ~np.uint64(0), 60, few)
    np.testing.assert_array_equal(watched, every[:, few])
    for engine in compiled.ENGINES:
        watched = compiled.run(net, stimulus, 60, engine, watch=few)
        np.testing.assert_array_equal(watched, want[:, few])
    by_law = law.run(net, stimulus, 5)
    np.testing.assert_array_equal(want[:6], by_law)


@given(
    st.integers(0, 2**32 - 1),
    st.lists(
        st.tuples(
            st.integers(1, 21),
            st.integers(0, 9),
            st.integers(0, 3),
            st.sampled_from([1, 2, 3, 4, 5, 9, 16, 17, 40, 64, 70]),
        ),
        min_size=1,
        max_size=4,
    ),
    st.booleans(),
)
@settings(max_examples=40)
def test_lanes_take_cells_of_one_shape_eight_at_a_time_or_singly(seed, shapes, mixed):
    """Shapes: how many cells, excitatory rows, vetoes, threshold; ``mixed``: in any order."""
    chance = np.random.default_rng(seed)
    each = np.array([shape for shape in shapes for _ in range(shape[0])])
    if mixed:
        chance.shuffle(each)
    cells, afferents = len(each), 30
    starts = np.concatenate([[0], np.cumsum(each[:, 1] * 9)])
    veto_starts = np.concatenate([[0], np.cumsum(each[:, 2])])

    def rows(starts):
        some = chance.integers(0, afferents + cells, starts[-1]).astype(np.int32)
        return starts, some, np.ones_like(some), chance.integers(1, 3, len(some)).astype(np.int32)

    h, initial = each[:, 3].astype(np.int32), chance.integers(0, 2, cells).astype(np.uint8)
    net = Net(afferents, h, *rows(starts), *rows(veto_starts), initial)
    words = chance.integers(0, 2**64, (6, afferents), np.uint64)
    together = compiled.lanes(net, words, 6)
    for lane in (0, 31, 63):
        alone = (words >> np.uint64(lane) & np.uint64(1)).astype(np.uint8)
        got = together >> np.uint64(lane) & np.uint64(1)
        np.testing.assert_array_equal(got, law.run(net, alone, 6), f"seed {seed}, lane {lane}")


def test_ten_thousand_random_cells_settle_at_the_activity_the_peers_measured():
    """The reference sheet's net A: 8 excitatory and 2 inhibitory rows, two endings needed."""
    net = random_net(1943, 0, 10_000, 8, 2, 2)
    record = compiled.run(net, None, 200)
    shape = (net.cells, net.fibres)
    excite = scipy.sparse.csr_matrix((net.endings, net.sources, net.starts), shape)
    veto = scipy.sparse.csr_matrix((net.veto_endings, net.vetoes, net.veto_starts), shape)
    for now, then in pairwise(record):
        row = now.astype(np.int32)
        np.testing.assert_array_equal((excite @ row >= net.h) & (veto @ row == 0), then)
    assert abs(record[100:].mean() - 0.351) < 0.005


def test_a_net_keeps_its_wiring_whatever_is_done_to_what_it_was_made_from():
    net = random_net(1, 3, 20, 3, 1, 2)
    h = net.h.copy()
    again = dataclasses.replace(net, h=h)
    h[:] = 1
    np.testing.assert_array_equal(again.h, net.h)
    with pytest.raises(ValueError, match="read-only"):
        net.h[0] = 1


@pytest.mark.parametrize("engine", ["events", "auto"])
def test_the_engine_changes_over_as_activity_rises_and_falls(engine):
    """A burst among silence: pulses are followed, cells are swept, pulses are followed again."""
    net = random_net(7, 400, 2000, 4, 0, 2)
    net = dataclasses.replace(net, initial=np.zeros(net.cells, np.uint8))
    stimulus = np.zeros((300, 400), np.uint8)
    stimulus[::9, 0] = 1
    stimulus[100:140] = np.random.default_rng(2).integers(0, 2, (40, 400))
    want = compiled.run(net, stimulus, 400, "sweep")
    assert want[1:100].sum() < 500 < want[100:140].sum()
    np.testing.assert_array_equal(compiled.run(net, stimulus, 400, engine), want)


@given(st.integers(0, 6))
@example(3)
@settings(max_examples=7)
def test_cells_of_threshold_nought_never_sleep(ticks):
    from machines.mcculloch_pitts import Wiring

    board = Wiring("clock", Law("minsky"))
    board.cell("tick", {}, ["tick"], h=0)
    net = board.net()
    for engine in ("reference", "compiled"):
        machine = McCullochPitts(net, engine=engine)
        machine.ticks(ticks)
        assert machine.read("mcculloch_pitts.cell.tick") == ticks % 2


@pytest.mark.parametrize("engine", compiled.ENGINES)
def test_a_veto_outweighs_all_that_temporal_summation_can_add_up(engine):
    from machines.mcculloch_pitts import Wiring

    board = Wiring("strong and late", Law("summation", window=4))
    board.cell(board.afferent("a") + "c", {"a": 1 << 19}, [board.afferent("b")], h=2)
    stimulus = np.ones((8, 2), np.uint8)
    want = law.run(board.net(), stimulus, 8)
    assert not want[:, 2].any()
    np.testing.assert_array_equal(compiled.run(board.net(), stimulus, 8, engine), want)


@pytest.mark.parametrize(
    ("ticks", "engine", "watch", "words"),
    [
        (5, "steam", [0], "no engine is called 'steam'"),
        (10**13, "auto", [0], "run fewer ticks at a time, or watch fewer"),
        (5, "auto", [True, False], "watched by number"),
        (5, "auto", [3], "none of the net's 3"),
    ],
)
def test_what_cannot_be_watched_is_refused_before_it_is_run(ticks, engine, watch, words):
    net = random_net(1, 1, 2, 1, 0, 1)
    with pytest.raises(Mistake, match=words):
        compiled.run(net, None, ticks, engine, watch=watch)
    if engine == "auto":
        with pytest.raises(Mistake, match=words):
            compiled.lanes(net, np.zeros((1, 1), np.uint64), ticks, watch)
