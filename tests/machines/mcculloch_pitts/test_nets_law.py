"""The cell of 1943 as its paper describes it, on every engine, and what each other law changes."""

import figures
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_nets import nets, stimuli

from machines.mcculloch_pitts import Law, McCullochPitts, Wiring, compiled, law
from simulator.errors import Mistake


def by_machine(net, stimulus, ticks):
    machine = McCullochPitts(net, engine="reference")
    machine.operate("mcculloch_pitts.afferents.series", stimulus)
    rows = [machine.read("mcculloch_pitts.net.fires")]
    for _ in range(ticks):
        machine.ticks()
        rows.append(machine.read("mcculloch_pitts.net.fires"))
    return np.array(rows)


@pytest.fixture(params=["law", "sweep", "events", "lanes", "simpy"])
def run(request):
    """Give every engine in turn: the same test holds for each."""

    def in_lanes(net, stimulus, ticks):
        words = np.asarray(stimulus, np.uint64) * ~np.uint64(0)
        return (compiled.lanes(net, words, ticks) & np.uint64(1)).astype(np.uint8)

    return {
        "law": law.run,
        "sweep": lambda *given: compiled.run(*given, engine="sweep"),
        "events": lambda *given: compiled.run(*given, engine="events"),
        "lanes": in_lanes,
        "simpy": by_machine,
    }[request.param]


STIMULUS = np.random.default_rng(1943).integers(0, 2, (40, 2)).astype(np.uint8)
N1, N2 = (np.concatenate([np.zeros(9, np.uint8), STIMULUS[:, i]]) for i in (0, 1))


def before(fibre, ticks):
    """Give a fibre as it was so many ticks before, from t = 0 to 39; silent before t = 0."""
    return fibre[9 - ticks : 49 - ticks].astype(bool)


def fired(run, net, name):
    return run(net, STIMULUS[:, : net.afferents], 39)[:, net.fibre(name)].astype(bool)


def test_figure_1a_delays_by_one_synapse(run):
    assert (fired(run, figures.delay(), "2") == before(N1, 1)).all()


def test_figure_1b_is_a_disjunction(run):
    assert (fired(run, figures.either(), "3") == (before(N1, 1) | before(N2, 1))).all()


def test_figure_1c_is_a_conjunction(run):
    assert (fired(run, figures.both(), "3") == (before(N1, 1) & before(N2, 1))).all()


def test_figure_1d_is_one_and_not_the_other(run):
    assert (fired(run, figures.but_not(), "3") == (before(N1, 1) & ~before(N2, 1))).all()


def test_figure_1e_feels_heat_and_cold_as_its_formulas_say(run):
    net = figures.heat_and_cold()
    heat = before(N1, 1) | (before(N2, 3) & ~before(N2, 2))
    cold = before(N2, 2) & before(N2, 1)
    assert (fired(run, net, "3") == heat).all()
    assert (fired(run, net, "4") == cold).all()


def test_a_touch_of_cold_feels_hot_and_a_long_one_cold(run):
    net = figures.heat_and_cold()
    touch = run(net, np.array([[0, 1]]), 8)
    assert np.flatnonzero(touch[:, net.fibre("3")]).tolist() == [3]
    assert not touch[:, net.fibre("4")].any()
    held = run(net, np.array([[0, 1]] * 6), 12)
    assert np.flatnonzero(held[:, net.fibre("4")]).tolist() == [2, 3, 4, 5, 6]
    assert np.flatnonzero(held[:, net.fibre("3")]).tolist() == [8], "3 ticks after the last cold"


def test_figure_1i_remembers_that_both_were_once_active(run):
    together = before(N1, 0) & before(N2, 0)
    ever = np.concatenate([[False], np.logical_or.accumulate(together)[:-1]])
    want = before(N2, 1) | (before(N1, 1) & ever)
    assert (fired(run, figures.with_memory(), "3") == want).all()


@given(st.data())
@settings(max_examples=60)
def test_out_of_silence_nothing_fires(data):
    plain = [Law(), Law("relative"), Law("extinction", raises=(2,)), Law("summation", window=3)]
    net = data.draw(nets(plain, at_start=False))
    assert not compiled.run(net, None, 20).any()


def test_one_veto_silences_any_excitation(run):
    board = Wiring()
    names = [board.afferent(f"x{i}") for i in range(9)]
    board.cell("c", dict.fromkeys(names[:8], 3), names[8:], h=1)
    every = np.ones((1, 9), np.uint8)
    assert run(board.net(), every, 1)[1, 9] == 0
    every[0, 8] = 0
    assert run(board.net(), every, 1)[1, 9] == 1


def one_cell(law, excite, veto=(), h=1, **more):
    board = Wiring("one cell", law)
    for name in dict.fromkeys([*excite, *veto]):
        if name != "c":
            board.afferent(name)
    board.cell("c", excite, veto, h=h, **more)
    return board.net()


def times(run, net, stimulus, ticks=8):
    return np.flatnonzero(run(net, np.array(stimulus), ticks)[:, net.fibre("c")]).tolist()


def test_relative_inhibition_raises_the_threshold_by_one_an_ending(run):
    net = one_cell(Law("relative"), {"a": 3}, {"b": 2}, h=1)
    assert times(run, net, [[1, 1]]) == [1], "three endings against one and two"
    net = one_cell(Law("relative"), {"a": 3}, {"b": 3}, h=1)
    assert times(run, net, [[1, 1]]) == []


def test_extinction_keeps_a_cell_silent_for_a_while(run):
    net = one_cell(Law("extinction", raises=(2, 1)), {"a": 2}, h=1)
    assert times(run, net, [[1]] * 8) == [1, 3, 5, 7], "raised by 2 just after, by 1 then"
    net = one_cell(Law("extinction", raises=(2, 2)), {"a": 2}, h=1)
    assert times(run, net, [[1]] * 8) == [1, 4, 7]


def test_temporal_summation_adds_pulses_of_different_ticks(run):
    net = one_cell(Law("summation", window=2), {"a": 1}, h=2)
    assert times(run, net, [[1], [0], [1], [1], [0], [1]]) == [4]


def test_a_noisy_organ_errs_as_often_as_it_is_said_to(run):
    net = one_cell(Law("noisy", error_ppm=250_000, seed=5), {"a": 1}, h=1)
    wrong = len(times(run, net, [[0]], 2000))
    assert abs(wrong - 500) < 5 * (2000 * 0.25 * 0.75) ** 0.5


def test_an_alterable_ending_counts_once_it_was_active_as_the_cell_fired():
    net = one_cell(Law("alterable"), {"a": 2, "b": 2}, h=2, alterable=["a"])
    stimulus = [[1, 0], [0, 0], [1, 1], [0, 0], [1, 0]]
    for run in (law.run, compiled.run, by_machine):
        assert times(run, net, stimulus) == [3, 5]


def test_minskys_cell_of_threshold_nought_fires_unless_vetoed(run):
    net = one_cell(Law("minsky"), {"b": 1}, ["a"], h=0)
    assert times(run, net, [[0, 0], [0, 1], [0, 0]], 4) == [1, 3, 4]


def test_an_axonal_delay_adds_to_the_synaptic_one(run):
    net = one_cell(Law(), {"a": (2, 5)}, h=2)
    assert times(run, net, [[1], [1]]) == [5, 6]


@given(st.data())
@settings(max_examples=60)
def test_causes_come_before_effects(data):
    """No net depends on what comes later (equation 10 of the paper)."""
    net = data.draw(nets())
    ticks = data.draw(st.integers(1, 10))
    early = law.stimulus_for(net, data.draw(stimuli(net)), ticks)
    late = early.copy()
    cut = data.draw(st.integers(0, ticks))
    late[cut:] = law.stimulus_for(net, data.draw(stimuli(net)), ticks - cut)
    left, right = (compiled.run(net, s, ticks) for s in (early, late))
    np.testing.assert_array_equal(
        left[: cut + 1, net.afferents :], right[: cut + 1, net.afferents :]
    )


@pytest.mark.parametrize(
    ("draw", "words"),
    [
        (lambda b: b.cell("c", {"nobody": 1}, h=1), "cell c: no fibre is called nobody"),
        (lambda b: b.cell("c", {"a": 1}, h=0), "needs the law minsky"),
        (lambda b: b.cell("c", {"a": 1}, h=1 << 40), "cell c has h"),
        (lambda b: b.cell("c", {"a": 0}, h=1), "cell c: a ends on it with 0"),
        (lambda b: b.cell("c", {"a": (1, 0)}, h=1), "cell c: a ends on it with"),
        (lambda b: b.cell("c", {"a": (1, 1 << 20)}, h=1), "cell c: an excitatory delay"),
        (lambda b: b.cell("c", {"a": 1}, {"a": 1 << 40}, h=1), "cell c: an inhibitory number"),
        (lambda b: b.cell("a", {}, h=1), "two fibres are called a"),
        (lambda b: b.cell("", {}, h=1), "a fibre's name is"),
        (lambda b: b.cell("c", {"a": 1}, h=True), "h must be a whole number"),
        (lambda b: b.output("z"), "no fibre is called z"),
        (lambda b: b.cell("c", {"a": 1}, h=1, alterable=["z"]), "z cannot alter"),
        (lambda b: b.cell("c", {"a": 1}, h=1, alterable=["a"]), "under the law alterable alone"),
    ],
)
def test_a_net_that_cannot_be_is_refused_in_one_line(draw, words):
    def drawn():
        board = Wiring()
        board.afferent("a")
        draw(board)
        return board.net()

    with pytest.raises(Mistake, match=words) as caught:
        drawn()
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "numbers",
    [
        {"name": "ohm"},
        {"raises": (1,)},
        {"name": "extinction"},
        {"name": "extinction", "raises": (-1,)},
        {"name": "summation"},
        {"window": 3},
        {"name": "summation", "window": 1 << 20},
        {"error_ppm": 5},
        {"name": "noisy", "error_ppm": 1_000_001},
        {"name": "noisy", "seed": -1},
    ],
)
def test_a_law_that_cannot_be_is_refused(numbers):
    with pytest.raises(Mistake):
        Law(**numbers)


@pytest.mark.parametrize(
    ("stimulus", "ticks"),
    [([[0, 0]], 1), ([[2]], 1), ([0], 1), ([[0.5]], 1), ([[0]], -1), ([[0]], 1 << 40)],
)
def test_a_stimulus_that_does_not_fit_is_refused(stimulus, ticks):
    with pytest.raises(Mistake):
        compiled.run(figures.delay(), stimulus, ticks)


def test_lanes_refuse_what_they_cannot_run():
    net = figures.delay()
    for words in (np.zeros((1, 1), np.uint8), np.zeros((1, 2), np.uint64), np.zeros(1, np.uint64)):
        with pytest.raises(Mistake):
            compiled.lanes(net, words)
    alterable = one_cell(Law("alterable"), {"a": 1}, h=1, alterable=["a"])
    with pytest.raises(Mistake, match="turn them into circles"):
        compiled.lanes(alterable, np.zeros((1, 1), np.uint64))
