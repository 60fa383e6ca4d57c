"""A net that stands as a machine: points, controls, files, waveforms, and the cache of code."""

import ast
from pathlib import Path

import figures
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_nets import nets, stimuli

from machines import mcculloch_pitts
from machines.mcculloch_pitts import Description, Law, McCullochPitts, Wiring, law, load
from simulator.errors import Mistake
from simulator.history import History
from simulator.logbook import Logbook, replay
from simulator.pedigree import pedigree
from simulator.state import diff
from simulator.vcd import VcdWriter

ENGINES = ["reference", "compiled"]
KEYS, SERIES = "mcculloch_pitts.afferents.keys", "mcculloch_pitts.afferents.series"


@pytest.fixture(params=ENGINES)
def machine(request):
    return McCullochPitts(figures.heat_and_cold(), engine=request.param)


def test_a_key_held_down_is_felt_tick_by_tick(machine):
    machine.operate(KEYS, [0, 1])
    assert machine.read("mcculloch_pitts.afferent.2") == 1
    felt = []
    for _ in range(4):
        machine.ticks()
        felt.append(machine.read("mcculloch_pitts.cell.4"))
    assert felt == [0, 1, 1, 1]
    machine.operate(KEYS, None)
    machine.ticks(3)
    assert machine.read("mcculloch_pitts.cell.3") == 0, "2 fell silent only after the key was up"
    assert machine.read("mcculloch_pitts.net.tick") == 7


def test_a_key_let_go_within_its_tick_was_never_pressed(machine):
    machine.operate(KEYS, [1, 0])
    machine.run(1)
    machine.operate(KEYS, [0, 0])
    machine.ticks(1)
    assert machine.read("mcculloch_pitts.cell.3") == 0


def test_a_series_gives_way_to_the_keys(machine):
    machine.operate(KEYS, [1, 0])
    machine.operate(SERIES, [[0, 0], [0, 1]])
    seen = []
    for _ in range(4):
        seen.append(machine.rack("mcculloch_pitts.net.fires")[:2].tolist())
        machine.ticks()
    assert seen == [[0, 0], [0, 1], [1, 0], [1, 0]]


def test_a_silent_net_sleeps_until_it_is_touched(machine):
    assert machine.next_due_ns() == -1
    machine.operate(SERIES, [[0, 1]])
    assert machine.next_due_ns() == 500_000
    machine.ticks(1_000_000)
    assert machine.next_due_ns() == -1
    assert machine.read("mcculloch_pitts.net.firings") == 3, "a, b, 3"


def test_reset_brings_silence_and_time_goes_on(machine):
    machine.operate(KEYS, [1, 1])
    machine.ticks(5)
    machine.operate("mcculloch_pitts.net.reset")
    assert not machine.rack("mcculloch_pitts.net.fires").any()
    machine.ticks(2)
    assert not machine.rack("mcculloch_pitts.net.fires").any()
    assert machine.read("mcculloch_pitts.net.tick") == 7


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (KEYS, [1]), (KEYS, [2, 0]), (KEYS, "on"), (KEYS, [[1, 0]]), (SERIES, [[1]]),
        (SERIES, [[1, 0], [1]]), (SERIES, [[0.5, 0]]), ("mcculloch_pitts.net.reset", 1),
        ("mcculloch_pitts.net.start", None),
    ],
)  # fmt: skip
def test_what_a_control_does_not_take_moves_nothing(machine, path, value):
    before = machine.snapshot()
    with pytest.raises(Mistake):
        machine.operate(path, value)
    assert diff(before, machine.snapshot()) == []


def test_the_logbook_replays_and_undo_goes_back(machine):
    book = machine.logbook = Logbook()
    machine.operate(KEYS, [0, 1])
    machine.ticks(3)
    machine.operate(SERIES, [[1, 1], [0, 1]])
    machine.ticks(4)
    twin = McCullochPitts(machine.net, engine="reference")
    replay(twin, book.entries)
    twin.run(machine.now_ns)
    assert diff(machine.snapshot(), twin.snapshot()) == []
    history, before = History(machine), machine.snapshot()
    with history.act():
        machine.operate(KEYS, [1, 1])
        machine.ticks(2)
    assert history.undo()
    assert diff(before, machine.snapshot()) == []


@given(st.data())
@settings(max_examples=20)
@pytest.mark.parametrize("engine", ENGINES)
def test_a_machine_comes_back_from_its_file(engine, tmp_path_factory, data):
    net = data.draw(nets())
    machine = McCullochPitts(net, Description(tick_us=7), engine)
    machine.operate(SERIES, data.draw(stimuli(net)))
    machine.ticks(data.draw(st.integers(0, 5)))
    path = tmp_path_factory.getbasetemp() / "saved.npz"
    machine.save(path, {"note": 1})
    again, notes = load(path, engine)
    assert notes == {"note": 1}
    assert diff(machine.snapshot(), again.snapshot()) == []
    for one in (machine, again):
        one.ticks(4)
    assert diff(machine.snapshot(), again.snapshot()) == []


@pytest.mark.parametrize(
    ("field", "value"),
    [("fires", 2), ("past", 3), ("tick", 9), ("tick_due_ns", 0), ("series_at", 4), ("firings", -1)],
)
def test_a_state_that_contradicts_itself_is_refused(tmp_path, field, value):
    from simulator import state as states

    machine = McCullochPitts(figures.heat_and_cold(), engine="reference")
    state = machine.snapshot()
    getattr(state, field).flat[0] = value
    states.save(tmp_path / "odd.npz", "mcculloch_pitts", machine.to_json(), state)
    with pytest.raises(Mistake, match=f"field {field} contradicts"):
        load(tmp_path / "odd.npz")


def test_a_probe_sees_every_tick_and_writes_named_waves(tmp_path, machine):
    writer = VcdWriter(tmp_path / "run.vcd", machine, "mcculloch_pitts.cell.4")
    machine.attach(writer)
    machine.operate(SERIES, [[0, 1], [0, 1]])
    machine.ticks(5)
    writer.close()
    changes = (tmp_path / "run.vcd").read_text().split("$enddefinitions $end")[1].split()
    assert [word for word in changes if word[0] == "#"] == ["#0", "#1000000", "#1500000"]


def test_an_unknown_engine_and_an_odd_tick_are_refused():
    with pytest.raises(Mistake, match="no engine is called steam"):
        McCullochPitts(figures.delay(), engine="steam")
    for tick in (0, -1, 10**9, True, 0.5):
        with pytest.raises(Mistake, match="a tick lasts"):
            Description(tick_us=tick)


def test_time_ends_after_73_years():
    machine = McCullochPitts(figures.delay(), engine="reference")
    with pytest.raises(Mistake, match="time ends"):
        machine.ticks(1 << 60)


def test_a_large_net_has_points_by_number():
    board = Wiring()
    for i in range(5000):
        board.afferent(f"a{i}")
    machine = McCullochPitts(board.net(), engine="reference")
    machine.operate(KEYS, np.arange(5000) % 2)
    assert machine.read("mcculloch_pitts.net.fires[2]") == 1


def test_every_number_has_its_evidence_and_the_readme_shows_it():
    from simulator.pedigree import table

    assert [row.name for row in pedigree(Description)] == ["tick_us"]
    readme = Path(mcculloch_pitts.__file__).with_name("README.md").read_text(encoding="utf-8")
    assert table(Description) in readme


def test_the_fingerprints_cover_every_module_compiled_code_takes_something_from():
    """Whatever a compiled module imports of ours is in its own fingerprint, or plain arrays."""
    folder = Path(mcculloch_pitts.__file__).parent
    from machines.mcculloch_pitts import compiled_loop

    covered = {Path(module.__file__).stem for module in compiled_loop.SOURCES}
    source = (folder / "compiled_loop.py").read_text(encoding="utf-8")
    taken = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and node.level == 1:
            taken |= {node.module} if node.module else {alias.name for alias in node.names}
    assert taken == covered - {"chance"}
    for part in ("lanes", "events"):
        text = (folder / f"compiled_{part}.py").read_text(encoding="utf-8")
        assert "__file__" in text.split("fingerprint(")[1]


def test_noise_is_looked_up_and_so_the_same_on_every_run():
    board = Wiring("", Law("noisy", error_ppm=300_000, seed=9))
    board.cell("c", {}, h=1)
    net = board.net()
    assert (law.run(net, None, 50) == law.run(net, None, 50)).all()
