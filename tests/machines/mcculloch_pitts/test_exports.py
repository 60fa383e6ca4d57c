"""What other programs read: waveforms, Verilog run by Icarus Verilog, BLIF, DOT, pictures."""

import io
import random
import re
import shutil
import subprocess
import xml.etree.ElementTree as ET

import figures
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_nets import nets, stimuli
from vcd.reader import TokenKind, tokenize

from machines.mcculloch_pitts import Law, Wiring, compiled, law
from machines.mcculloch_pitts.exports import blif, dot, svg, verilog, waveform
from machines.mcculloch_pitts.exports.names import identifiers
from machines.mcculloch_pitts.figures_1943 import figure
from simulator.errors import Mistake

CERTAIN = [
    Law(),
    Law(),
    Law("relative"),
    Law("extinction", raises=(1, 0, 2)),
    Law("summation", window=3),
    Law("minsky"),
]


def waves(text):
    """Read a dump: changes (time, value) of every one-bit wire, by name."""
    names, changes, now = {}, {}, 0
    for token in tokenize(io.BytesIO(text.encode())):
        if token.kind is TokenKind.VAR and token.var.size == 1:
            names[token.var.id_code] = token.var.reference
            changes[token.var.reference] = []
        elif token.kind is TokenKind.CHANGE_TIME:
            now = token.time_change
        elif token.kind is TokenKind.CHANGE_SCALAR and token.scalar_change.id_code in names:
            change = (now, token.scalar_change.value)
            changes[names[token.scalar_change.id_code]].append(change)
    return changes


def level(changes, time):
    return [value for at, value in changes if at <= time][-1]


def table(text, names, times):
    read = waves(text)
    return np.array([[int(level(read[name], time)) for name in names] for time in times])


@given(st.data())
@settings(max_examples=40)
def test_a_waveform_holds_the_run(data):
    net = data.draw(nets())
    record = law.run(net, data.draw(stimuli(net)), data.draw(st.integers(0, 10)))
    text = waveform.dump(net, record)
    times = [500 * t + 250 for t in range(len(record))]
    np.testing.assert_array_equal(table(text, identifiers(net), times), record)


def test_the_save_file_groups_what_gtkwave_shows(tmp_path):
    net = figures.heat_and_cold()
    beside = waveform.save(net, law.run(net, [[0, 1]], 5), tmp_path / "cold.vcd")
    text = beside.read_text()
    assert beside.name == "cold.gtkw"
    assert [line for line in text.splitlines() if line.startswith("-")] == [
        "-afferents", "-afferents", "-cells", "-cells", "-outputs", "-outputs",
    ]  # fmt: skip
    assert "net.afferents.n_2" in text
    assert "net.cells.n_3" in text
    with pytest.raises(Mistake):
        waveform.save(net, law.run(net, [[0, 1]], 5), tmp_path / "cold.gtkw")


def test_the_save_file_names_the_dump_beside_it_wherever_it_was_written_from(tmp_path, monkeypatch):
    net = figures.heat_and_cold()
    (tmp_path / "runs").mkdir()
    monkeypatch.chdir(tmp_path)
    beside = waveform.save(net, law.run(net, [[0, 1]], 5), "runs/cold.vcd")
    lines = beside.read_text().splitlines()
    assert f'[dumpfile] "{tmp_path / "runs" / "cold.vcd"}"' in lines
    assert f'[savefile] "{tmp_path / "runs" / "cold.gtkw"}"' in lines


def test_a_raster_has_a_row_a_tick():
    net = figures.both()
    assert waveform.raster(net, law.run(net, [[1, 1]], 1)) == "t,1,2,3\n0,1,1,0\n1,0,0,1\n"
    board = Wiring()
    board.afferent('say "ah", then')
    assert waveform.raster(board.net(), np.zeros((1, 1))).startswith('t,"say ""ah"", then"\n')


def test_a_record_of_another_net_is_refused():
    for record in (np.zeros((2, 9), np.uint8), np.zeros((0, 3), np.uint8), np.full((1, 3), 2)):
        with pytest.raises(Mistake):
            waveform.dump(figures.both(), record)


@given(st.lists(st.text(min_size=1, max_size=8), unique=True, min_size=1, max_size=12))
def test_every_name_becomes_one_that_every_program_takes(names):
    board = Wiring()
    for name in names:
        if name.isprintable():
            board.afferent(name)
    board.afferent("module")
    found = identifiers(board.net())
    assert len(set(found)) == len(found)
    assert all(re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*", name) for name in found)
    assert "module" not in found


def random_case(seed, circles):
    """Give a random net of some fifteen cells under a random law, a stimulus and ticks."""
    chance = random.Random(seed)
    law_ = chance.choice(CERTAIN)
    board = Wiring(f"random net {seed}", law_)
    afferents = [board.afferent(f"in {i}") for i in range(chance.randint(1, 5))]
    names = [f"c.{i}" for i in range(chance.randint(1, 15))]
    for i, name in enumerate(names):
        sources = afferents + (names if circles else names[:i])
        excite = chance.sample(sources, min(len(sources), chance.randint(0, 6)))
        veto = chance.sample(sources, min(len(sources), chance.choice([0, 0, 1, 2])))
        board.cell(
            name,
            {s: (chance.randint(1, 3), chance.choice([1, 1, 1, 2, 5])) for s in excite},
            {s: (chance.randint(1, 2), chance.choice([1, 1, 3])) for s in veto},
            h=chance.randint(law_.least_h, 4),
            fires_at_start=circles and chance.random() < 0.3,
        )
    board.output(names[-1])
    ticks = chance.randint(5, 30)
    stimulus = [[chance.randint(0, 1) for _ in afferents] for _ in range(ticks)]
    return board.net(), np.array(stimulus, np.uint8), ticks


needs_icarus = pytest.mark.skipif(
    not (shutil.which("iverilog") and shutil.which("vvp")),
    reason="Icarus Verilog is not installed (Debian and Ubuntu: apt install iverilog)",
)


def simulate(tmp_path, net, stimulus, ticks, source=None):
    """Run module and testbench in Icarus Verilog; give what it printed and its waveform."""
    (tmp_path / "net.v").write_text(source or verilog.module(net))
    (tmp_path / "test.v").write_text(verilog.bench(net, stimulus, ticks))
    for command in (["iverilog", "-g2001", "-Wall", "-o", "net.vvp", "net.v", "test.v"],
                    ["vvp", "-n", "net.vvp"]):  # fmt: skip
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done.stderr
    return done.stdout, (tmp_path / "net.vcd").read_text()


@needs_icarus
@pytest.mark.parametrize("circles", [False, True], ids=["without circles", "with circles"])
@pytest.mark.parametrize("seed", range(6))
def test_icarus_verilog_sees_what_our_engines_see(tmp_path, seed, circles):
    net, stimulus, ticks = random_case(seed, circles)
    said, wave = simulate(tmp_path, net, stimulus, ticks)
    assert "PASS" in said, said
    times = [10 * t + 12 for t in range(ticks + 1)]
    record = compiled.run(net, stimulus, ticks)
    np.testing.assert_array_equal(table(wave, identifiers(net), times), record)


@needs_icarus
def test_the_testbench_finds_a_wrong_net(tmp_path):
    net = figures.both()
    wrong = verilog.module(net).replace(">= 2", ">= 1")
    assert wrong != verilog.module(net)
    said, _ = simulate(tmp_path, net, np.array([[1, 0], [1, 1]], np.uint8), 3, wrong)
    assert "FAIL at t = 1" in said
    assert "PASS" not in said


def test_chance_and_learning_are_not_written_as_circuits():
    for name, words in (("noisy", "chance is no circuit"), ("alterable", "turn it into circles")):
        board = Wiring("", Law(name))
        board.cell("c", {}, h=1)
        with pytest.raises(Mistake, match=words):
            verilog.module(board.net())
        with pytest.raises(Mistake):
            blif.model(board.net())


def run_blif(text, stimulus, ticks):
    """Run a BLIF model as its definition says: tables at once, latches at the tick."""
    lines = [line.split() for line in text.splitlines() if line and line[0] != "#"]
    inputs = next(line[1:] for line in lines if line[0] == ".inputs")
    outputs = next(line[1:] for line in lines if line[0] == ".outputs")
    latches = [line[1:] for line in lines if line[0] == ".latch"]
    tables, rows = [], None
    for line in lines:
        if line[0] == ".names":
            rows = []
            tables.append((line[1:-1], line[-1], rows))
        elif line[0][0] != ".":
            rows.append(line[0] if len(line) == 2 else "")
    held = {out: int(first) for _, out, first in latches}
    seen = []
    for t in range(ticks + 1):
        wires = dict(held)
        now = stimulus[t] if t < len(stimulus) else [0] * len(inputs)
        wires |= dict(zip(inputs, map(int, now), strict=True))
        for sources, target, cover in tables:
            word = "".join(str(wires[s]) for s in sources)
            wires[target] = int(
                any(all(c in ("-", w) for c, w in zip(row, word, strict=True)) for row in cover)
            )
        seen.append([wires[name] for name in outputs])
        held = {out: wires[source] for source, out, _ in latches}
    return outputs, np.array(seen)


@given(st.data())
@settings(max_examples=100)
def test_a_blif_model_run_as_blif_does_what_the_net_does(data):
    few = [Law("summation", window=2) if law_.window > 1 else law_ for law_ in CERTAIN]
    net = data.draw(nets(few))
    stimulus, ticks = data.draw(stimuli(net)), data.draw(st.integers(0, 10))
    _, seen = run_blif(blif.model(net), stimulus, ticks)
    np.testing.assert_array_equal(seen, law.run(net, stimulus, ticks)[:, net.outputs])


def test_a_cell_with_too_many_sources_for_a_table_is_refused():
    board = Wiring()
    sources = [board.afferent(f"x{i}") for i in range(13)]
    board.cell("c", dict.fromkeys(sources, 1), h=7)
    with pytest.raises(Mistake, match=r"cell c is excited by 13 sources.*up to 12"):
        blif.model(board.net())


def test_a_graph_shows_endings_as_the_drawings_do():
    text = dot.graph(figures.but_not())
    assert text.count("n_1 -> n_3 [arrowhead=dot];") == 2, "two endings, two lines"
    assert text.count("n_2 -> n_3 [arrowhead=odot];") == 1
    assert r'label="3\nh 2"' in text


@given(st.data())
@settings(max_examples=40)
def test_a_picture_shows_every_cell_and_every_ending(data):
    net = data.draw(nets())
    drawn = ET.fromstring(svg.picture(net))
    space = "{http://www.w3.org/2000/svg}"
    assert len(drawn.findall(f"{space}polygon")) == net.cells
    circles = drawn.findall(f"{space}circle")
    dots = [c for c in circles if c.get("r") == "3"]
    loops = [c for c in circles if c.get("r") == "5"]
    assert len(dots) == net.endings.sum()
    assert len(loops) == len(net.vetoes)


def test_cells_are_drawn_as_on_the_plate_of_1943():
    """The axon leaves at the flat side; bulbs sit on a hollow side, the loop round the tip."""
    drawn = ET.fromstring(svg.picture(figure("1d").net))
    space = "{http://www.w3.org/2000/svg}"
    (body,) = drawn.findall(f"{space}polygon")
    points = [tuple(map(float, point.split(","))) for point in body.get("points").split()]
    tip, flat = min(points), max(x for x, _ in points)
    assert sum(x == flat for x, _ in points) == 2, "two corners at the right"
    circles = [[float(c.get(key)) for key in ("cx", "cy", "r")]
               for c in drawn.findall(f"{space}circle")]  # fmt: skip
    bulbs = [(x, y) for x, y, r in circles if r == 3]
    ((x, y),) = [(x, y) for x, y, r in circles if r == 5]
    assert tip[0] - 10 <= x < tip[0]
    assert y == pytest.approx(tip[1])
    assert len(bulbs) == 2
    assert all(tip[0] < x < flat and y < tip[1] for x, y in bulbs), "N1 is above, N2 below"
    assert "N3" in [text.text for text in drawn.findall(f"{space}text")]


def test_endings_that_are_yet_to_be_learned_are_dotted():
    assert "stroke-dasharray" in svg.picture(figure("1i above").net)
    assert "stroke-dasharray" not in svg.picture(figure("1i").net)


def test_a_net_too_large_to_draw_is_refused():
    board = Wiring()
    for i in range(601):
        board.afferent(f"x{i}")
    with pytest.raises(Mistake, match="up to 600 fibres"):
        svg.picture(board.net())
