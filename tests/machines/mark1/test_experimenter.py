"""Teaching, testing, saving and going on."""

import numpy as np
import pytest

from machines.mark1 import Experimenter, Mark1, load, machine_for, resume
from machines.mark1.rules import RULES
from simulator import state as states
from simulator.errors import Mistake
from simulator.logbook import Logbook, replay
from simulator.probe import Count, Trace
from simulator.stimuli import letters, noise
from simulator.vcd import VcdWriter


def taught(classes="ABCDEF", seed=3, **changes):
    stimuli = letters(classes)
    experimenter = Experimenter(machine_for(stimuli.classes, seed, **changes), stimuli.classes)
    experimenter.teach(stimuli)
    return experimenter, stimuli


def test_a_taught_machine_knows_its_letters_and_says_none_to_darkness():
    experimenter, stimuli = taught()
    assert experimenter.test(stimuli).accuracy == 1.0
    assert [experimenter.recognise(levels).name for levels in stimuli.levels] == list("ABCDEF")
    assert experimenter.recognise(np.zeros((20, 20), np.uint8)).name is None


def test_the_confusion_table_counts_what_was_shown_against_what_was_answered():
    experimenter, stimuli = taught("EX")
    swapped = type(stimuli)(stimuli.levels[::-1].copy(), stimuli.labels, ("E", "X"), ("X", "E"))
    assert experimenter.test(swapped).confusion.tolist() == [[0, 1, 0], [1, 0, 0]]
    assert experimenter.test(swapped).wrong == 2
    dark = type(stimuli)(np.zeros_like(stimuli.levels), stimuli.labels, ("E", "X"), ("a", "b"))
    assert experimenter.test(dark).confusion.tolist() == [[0, 0, 1], [0, 0, 1]]
    assert experimenter.test(dark).answers.tolist() == [-1, -1]


def test_a_test_leaves_no_trace():
    experimenter, stimuli = taught()
    experimenter.machine.logbook = Logbook()
    before = experimenter.machine.snapshot()
    experimenter.test(stimuli)
    assert states.diff(before, experimenter.machine.snapshot()) == []
    assert experimenter.machine.logbook.entries == []


def test_a_series_ends_at_the_same_instant_however_it_is_sliced():
    outcomes = []
    for wall_s in (1e-9, 10.0):
        stimuli = letters("ABCDEF")
        experimenter = Experimenter(machine_for(stimuli.classes, 3), stimuli.classes)
        experimenter.begin(stimuli)
        while experimenter.busy:
            experimenter.run_on(wall_s)
        outcomes.append(experimenter.machine.snapshot())
    assert states.diff(*outcomes) == []


def test_a_watched_machine_is_never_sent_back_in_time():
    stimuli = letters("EX")
    experimenter = Experimenter(machine_for(stimuli.classes), stimuli.classes)
    trace = Trace("mark1.control.stage")
    experimenter.machine.attach(trace)
    experimenter.teach(stimuli)
    times = [t for t, _ in trace.changes]
    assert times == sorted(times)
    assert trace.changes[-1] == (experimenter.machine.now_ns, 0), "stopped where the series ended"


def test_the_curve_has_one_entry_per_sweep_shown_and_ends_with_none_wrong():
    experimenter, _ = taught()
    curve = experimenter.curve()
    assert curve[-1] == 0
    assert (curve[:-1] > 0).all()
    assert curve[0] == 6, "with all values centred every R-unit is undecided: all six wrong"


def test_a_saved_machine_goes_on_as_if_never_interrupted(tmp_path):
    stimuli = letters("ABCDEFGHIJ")
    kept, interrupted = (
        Experimenter(machine_for(stimuli.classes, 5), stimuli.classes) for _ in range(2)
    )
    for experimenter in (kept, interrupted):
        experimenter.begin(stimuli)
    interrupted.machine.run(17_123_456_789)
    interrupted.save(tmp_path / "half.npz", {"seed": 5})
    resumed, notes = resume(tmp_path / "half.npz")
    assert notes["seed"] == 5
    assert resumed.classes == stimuli.classes
    kept.finish()
    resumed.finish()
    assert states.diff(kept.machine.snapshot(), resumed.machine.snapshot()) == []


def test_a_machine_saved_on_one_engine_goes_on_on_the_other(tmp_path):
    stimuli = letters("EX")
    experimenter = Experimenter(machine_for(stimuli.classes, engine="reference"), ("E", "X"))
    experimenter.begin(stimuli)
    experimenter.machine.run(300_000_000)
    experimenter.save(tmp_path / "x.npz")
    other, _ = resume(tmp_path / "x.npz", "compiled")
    assert states.diff(experimenter.machine.snapshot(), other.machine.snapshot()) == []
    for machine in (experimenter.machine, other.machine):
        machine.run(2_000_000_000)
    assert states.diff(experimenter.machine.snapshot(), other.machine.snapshot()) == []


def test_the_logbook_replays_a_whole_lesson():
    stimuli = letters("EX")
    machine = machine_for(stimuli.classes)
    machine.logbook = Logbook()
    Experimenter(machine, stimuli.classes).teach(stimuli)
    twin = machine_for(stimuli.classes, engine="reference")
    replay(twin, machine.logbook.entries)
    twin.run(machine.now_ns)
    assert states.diff(machine.snapshot(), twin.snapshot()) == []


def test_forced_learning_teaches_two_letters_in_one_exposure_each():
    stimuli = letters("EX")
    experimenter = Experimenter(machine_for(stimuli.classes), stimuli.classes)
    experimenter.teach(stimuli, exposures=1, rule="forced")
    assert experimenter.test(stimuli).wrong == 0
    assert experimenter.machine.read("mark1.control.pulses") == 2


def test_spontaneous_learning_settles_on_the_answer_it_happened_to_give():
    stimuli = letters("EX")
    experimenter = Experimenter(machine_for(stimuli.classes), stimuli.classes)
    values = np.where(np.arange(512) % 2, 3_000_000, -3_000_001)
    experimenter.machine.operate("mark1.values.V", values)
    first = [experimenter.recognise(levels).responses[0] for levels in stimuli.levels]
    experimenter.teach(stimuli, exposures=5, rule="spontaneous", until_errorless=False)
    sums = []
    for levels in stimuli.levels:
        experimenter.machine.operate("mark1.retina.light", levels)
        experimenter.machine.run(experimenter.machine.now_ns + 100_000_000)
        sums.append(experimenter.machine.read("mark1.response.sum[1]"))
    assert (np.sign(sums) == first).any()
    assert (np.abs(sums) > 30_000_000).all(), "what it answered was made stronger"


def test_noisy_letters_are_known_by_a_machine_taught_on_clean_ones_better_than_by_chance():
    experimenter, stimuli = taught("EXOT")
    levels = np.concatenate([noise(stimuli.levels, 0.02, seed) for seed in range(10)])
    many = type(stimuli)(levels, np.tile(stimuli.labels, 10), stimuli.classes, ("?",) * 40)
    assert experimenter.test(many).accuracy > 0.5


def test_more_classes_than_eight_r_units_can_tell_apart_are_refused():
    with pytest.raises(Mistake, match="responses_in_use is 9"):
        machine_for([str(i) for i in range(257)])
    with pytest.raises(Mistake, match="3 classes need 2 R-units, this machine has 1"):
        Experimenter(machine_for(["A", "B"]), ["A", "B", "C"])
    with pytest.raises(Mistake, match="twice"):
        Experimenter(machine_for(["A", "B"]), ["A", "A"])


def test_a_class_that_is_not_on_the_code_sheet_is_named():
    experimenter, _ = taught("EX")
    with pytest.raises(Mistake, match="class Q is not on the code sheet"):
        experimenter.test(letters("EQ"))


def test_a_test_is_not_seen_by_instruments(tmp_path):
    experimenter, stimuli = taught("EX")
    count, waveform = Count("mark1.retina.S"), VcdWriter(tmp_path / "a.vcd", experimenter.machine)
    for probe in (count, waveform):
        experimenter.machine.attach(probe)
    edges = count.edges.copy()
    experimenter.test(stimuli)
    experimenter.machine.run(experimenter.machine.now_ns + 1_000)
    waveform.close()
    assert (count.edges == edges).all()


def test_a_code_sheet_that_does_not_fit_is_refused_with_the_files_name(tmp_path):
    experimenter, _ = taught("EX")
    experimenter.machine.save(tmp_path / "odd.npz", {"classes": ["a", "b", "c"]})
    with pytest.raises(Mistake, match=r"odd\.npz: 3 classes need"):
        resume(tmp_path / "odd.npz")


def test_a_machine_without_a_code_sheet_is_refused_by_name(tmp_path):
    Mark1().save(tmp_path / "bare.npz")
    with pytest.raises(Mistake, match="no code sheet"):
        resume(tmp_path / "bare.npz")


def corrupt(path, **fields):
    """Alter fields of a state file and sign it anew, as a hostile author could."""
    saved = states.load(path, "mark1")
    machine, _ = load(path)
    state = machine.snapshot()._replace(**fields)
    states.save(path, "mark1", saved.description, state, saved.notes)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("now_ns", np.array([-5])),
        ("now_ns", np.array([2**62])),
        ("s_on", np.full(400, 2, np.uint8)),
        ("s_due_ns", np.full(400, 5)),
        ("s_due_ns", np.full(400, 10**12)),
        ("theta", np.array([99_999])),
        ("theta", np.array([3])),
        ("a_sum", np.full(512, 9, np.int32)),
        ("a_on", np.full(512, 1, np.uint8)),
        ("r_on", np.full(8, 5, np.int8)),
        ("desired", np.full(8, 2, np.int8)),
        ("drive", np.full(8, 1, np.int8)),
        ("drive", np.full(8, 3, np.int8)),
        ("motor", np.full(512, 3)),
        ("motor", np.full(512, 20_000)),
        ("motor_start_ns", np.full(512, 7)),
        ("value_start", np.full(512, 10**15)),
        ("r_due_ns", np.full(8, 1_005_000_000)),
        ("rule", np.array([len(RULES)])),
        ("dominance", np.array([3])),
        ("play", np.full(512, -1)),
        ("gain_on", np.full(8, 5)),
        ("a_due_ns", np.full(512, 3)),
        ("s_fault", np.full(400, 7, np.uint8)),
        ("pulled", np.full(10240, 2, np.uint8)),
        ("retina_noise", np.array([1001])),
        ("stage", np.array([9])),
        ("stage", np.array([0])),
        ("control_due_ns", np.array([-1])),
        ("control_due_ns", np.array([3])),
        ("control_due_ns", np.array([2**63 - 1])),
        ("trials", np.array([-1])),
        ("series_light", np.zeros((2, 7), np.uint8)),
        ("series_desired", np.full((2, 8), 2, np.int8)),
        ("series_answer", np.zeros((1, 8), np.int8)),
        ("series_order", np.array([0, 99])),
        ("series_order", np.array([0, 0])),
        ("series_wrong", np.array([77, -1, -1])),
        ("series_wrong", np.array([-1, -1, -1])),
        ("series_at", np.array([77])),
        ("series_at", np.array([-1])),
        ("series_sweep", np.array([999])),
        ("series_sweep", np.array([-2])),
    ],
)
def test_a_state_that_contradicts_itself_is_refused_even_with_a_valid_checksum(
    tmp_path, field, value
):
    stimuli = letters("EX")
    experimenter = Experimenter(machine_for(stimuli.classes), stimuli.classes)
    experimenter.begin(stimuli, exposures=3)
    experimenter.machine.run(1_000_000_000)
    path = tmp_path / "x.npz"
    experimenter.save(path)
    corrupt(path, **{field: value})
    with pytest.raises(Mistake, match=str(path)):
        load(path)
