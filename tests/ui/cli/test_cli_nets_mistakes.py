"""Mistakes with ``firstwave nets``: one line, what, where and the cure; status 2."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given as for_any
from hypothesis import settings
from hypothesis import strategies as st

from machines.mcculloch_pitts.figures_1943 import figure
from simulator.errors import Mistake
from ui.cli.main import main
from ui.cli.nets_given import given
from ui.cli.nets_stimulus import stimulus_of

ROOT = Path(__file__).parents[3]
NET = '{"schema": "firstwave/net/1", "afferents": 1, "title": "", "law": {"name": "absolute"}, '
FILES = {
    "empty.json": "",
    "cut.json": '{"schema": "firstwave/net/1", "cells": [',
    "other.json": '{"schema": "firstwave/state/2"}',
    "list.json": "[1, 2]",
    "deep.json": "[" * 100_000,
    "deeper.json": '{"a":' * 100_000,
    "fibre.json": NET + '"cells": [{"h": 1, "excite": [[9, 1]]}], "outputs": []}',
    "threshold.json": NET + '"cells": [{"h": 0, "excite": [[1, 1]]}], "outputs": []}',
    "text.txt": "no stars here",
    "star.neur": "a* b* : .",
    "open.neur": "a* : b*",
    "bad.blif": ".model m\n.inputs a\n.outputs y\n.names a y\n2 1\n.end\n",
    "loop.blif": ".model m\n.inputs a\n.outputs y\n.names a y y\n11 1\n.end\n",
    "not.blif": ".model m\n.inputs a\n.outputs y\n.names a y\n0 1\n.end\n",
    "latin.json": "\xe9",
    "short.csv": "N1,N2\n0,1\n0\n",
    "two.csv": "N1,N2\n0,2\n",
    "who.csv": "N7\n1\n",
    "twice.csv": "N1,N1\n1,1\n",
    "cell.csv": "N3\n1\n",
    "blank.csv": "\n\n",
    "later.csv": "t,N1\n5,1\n",
    "names.csv": "N1,N2\n",
    "bars.txt": "|||\n",
    "cut.vcd": "$timescale 1 us $end\n$scope module net $end\n",
    "twice.txt": "N1 ..|\nN1 |..\n",
    "mixed.txt": "N1 ..|\nN2 |x.\n",
    "rows.txt": "a b | x\n1 1 | 1\n1 2 | 0\n",
    "clash.txt": "a b | x\n1 1 | 1\n1 - | 0\n",
    "silence.txt": "a | x\n0 | 1\n1 | 0\n",
    "wide.txt": " ".join(f"a{k}" for k in range(17)) + " | x\n",
}
RUN = ("run", "figure:1e")
MISTAKES = {
    # what was typed: what the line must say
    ("run", "figure:1z"): ["no net '1z'", "1a, 1b"],
    ("run", "1e"): ["figure:1e"],
    ("run", "nowhere.json"): ["nowhere.json", "cannot be read"],
    ("run", "."): ["is a folder"],
    ("run", "empty.json"): ["empty.json", "not JSON"],
    ("run", "cut.json"): ["cut.json", "not JSON", "char"],
    ("run", "other.json"): ["other.json", "firstwave/net/1"],
    ("run", "list.json"): ["list.json", "not a net"],
    ("run", "deep.json"): ["deep.json", "not a net"],
    ("run", "deeper.json"): ["deeper.json", "not JSON"],
    ("run", "fibre.json"): ["fibre.json", "no fibre is called 9"],
    ("run", "threshold.json"): ["threshold.json", "h = 0", "minsky"],
    ("run", "text.txt"): ["text.txt", "is no net"],
    ("run", "star.neur"): ["star.neur", "line 1, column"],
    ("run", "open.neur"): ["open.neur", "full stop"],
    ("run", "bad.blif"): ["bad.blif", "line 5"],
    ("run", "loop.blif"): ["loop.blif", "hangs on itself"],
    ("run", "not.blif"): ["not.blif", "--always-cell"],
    ("run", "latin.json"): ["latin.json", "UTF-8"],
    (*RUN, "--stimulus", "nowhere.csv"): ["nowhere.csv"],
    (*RUN, "--stimulus", "short.csv"): ["short.csv", "line 3", "1 fields"],
    (*RUN, "--stimulus", "two.csv"): ["two.csv", "line 2", "N2 is '2'"],
    (*RUN, "--stimulus", "who.csv"): ["who.csv", "line 1", "N7"],
    (*RUN, "--stimulus", "twice.csv"): ["line 1", "N1"],
    (*RUN, "--stimulus", "cell.csv"): ["names no afferent"],
    (*RUN, "--stimulus", "blank.csv"): ["empty"],
    (*RUN, "--stimulus", "twice.txt"): ["line 2", "earlier line"],
    (*RUN, "--stimulus", "mixed.txt"): ["line 2"],
    (*RUN, "--fire", "N2"): ["--fire N2", "N2@0"],
    (*RUN, "--fire", "N2@"): ["character 4"],
    (*RUN, "--fire", "N2@1,x"): ["character 6", "'x'"],
    (*RUN, "--fire", "N2@5-2"): ["ends before it begins"],
    (*RUN, "--fire", "N9@1"): ["no fibre is called N9"],
    (*RUN, "--fire", "N3@1"): ["N3 is a cell"],
    (*RUN, "--fire", "N2@999999999"): ["at most", "end earlier"],
    (*RUN, "--stimulus", "later.csv"): ["later.csv", "line 2", "0 is due", "column t"],
    (*RUN, "--stimulus", "names.csv"): ["names.csv", "no row"],
    (*RUN, "--stimulus", "bars.txt"): ["bars.txt", "N1 ..||."],
    (*RUN, "--stimulus", "cut.vcd"): ["cut.vcd", "$enddefinitions"],
    (*RUN, "--ticks", "-1"): ["--ticks"],
    (*RUN, "--ticks", "999999999999"): ["run fewer at a time"],
    (*RUN, "--explain", "N3"): ["N3@3"],
    (*RUN, "--explain", "N3@99"): ["ends at t = 8", "--ticks"],
    (*RUN, "--explain", "N9@1"): ["no fibre is called N9"],
    (*RUN, "--show", "N1,,N2"): ["a name is missing", "N1,N3"],
    (*RUN, "--show", "N9"): ["--show: no fibre is called N9"],
    (*RUN, "--engine", "steam"): ["--engine"],
    (*RUN, "--vcd", "no/run.vcd"): ["there is no folder"],
    (*RUN, "--vcd", "run.gtkw"): ["run.gtkw"],
    (*RUN, "--raster", "."): ["is a folder"],
    (*RUN, "--raster", "x.csv", "--vcd", "x.csv"): ["both name"],
    ("run", "figure:1e", "--stimulus", "two.csv", "--raster", "two.csv"): ["both name"],
    ("figures", "2"): ["no net '2'"],
    ("figures", "--out", "text.txt"): ["text.txt", "folder"],
    ("compile",): ["nothing was given"],
    ("compile", "a", "--regex", "a"): ["EXPRESSION and --regex"],
    ("compile", ""): ["character 1"],
    ("compile", "a & & b"): ["character 5"],
    ("compile", "(a"): ["character 3", "bracket"],
    ("compile", "a ? b"): ["character 3", "no meaning"],
    ("compile", "a(t+1)"): ["character"],
    ("compile", "(" * 5000): ["nested"],
    ("compile", "~a"): ["character 1", "Theorem III", "--always-cell"],
    ("compile", "a", "--alphabet", "ab"): ["--alphabet belongs to --regex"],
    ("compile", "--regex", "a", "--literal"): ["--literal belongs to EXPRESSION"],
    ("compile", "--regex", "a", "--always-cell"): ["START is all"],
    ("compile", "--regex", "(a"): ["character 3"],
    ("compile", "--regex", "a**b)"): ["character"],
    ("compile", "--regex", "((((a{9}){9}){9}){9})"): ["positions"],
    ("compile", "--regex", "(a|b|c){999}*"): ["character"],
    ("compile", "--regex", r"(a)\1"): ["character"],
    ("compile", "--table", "rows.txt"): ["rows.txt", "line 3", "'2'"],
    ("compile", "--table", "clash.txt"): ["clash.txt", "line 3"],
    ("compile", "--table", "silence.txt"): ["silence.txt", "Theorem III", "--always-cell"],
    ("compile", "--table", "wide.txt"): ["wide.txt", "17 inputs"],
    ("compile", "--table", "nowhere.txt"): ["nowhere.txt"],
    ("compile", "--circuit", "not.blif"): ["not.blif", "--always-cell"],
    ("compile", "a.b", "--to", "net.exe"): ["net.exe", ".json"],
    ("compile", "a.b", "--to", "no/net.json"): ["there is no folder"],
    ("analyse", "figure:1e", "--cell", "N1"): ["N1 is an afferent"],
    ("equivalent", "figure:1a", "figure:1b"): ["N2 is an afferent of one net"],
    ("transform", "figure:1f-above", "--law", "relative"): ["already"],
    ("transform", "figure:1e", "--law", "noisy"): ["--law"],
    ("threshold",): ["one of the two"],
    ("threshold", "a", "--count", "3"): ["one of the two"],
    ("threshold", "--count", "7"): ["--count"],
    ("threshold", "--count", "3", "--to", "cell.json"): ["--to", "--count has none"],
    ("threshold", "a v ~b", "--to", "cell.json"): ["--to", "out of silence", "Theorem III"],
    ("threshold", "S a & b", "--to", "cell.json"): ["S a", "firstwave nets compile"],
    ("threshold", "a", "--to", "cell.exe"): ["cell.exe", ".json"],
    ("threshold", "a v"): ["character 4"],
    ("threshold", " v ".join("abcdefghijk")): ["11 fibres"],
    ("export", "figure:1e", "--to", "svg", "--fire", "N2@0"): ["plays no stimulus"],
    ("export", "figure:1e", "--to", "svg", "--bench", "b.v"): ["--to verilog"],
    ("export", "figure:1e", "--to", "svg", "--json"): ["--out"],
    ("export", "figure:1e", "--to", "word"): ["--to"],
    ("faults", "figure:1e", "--fire", "x@0"): ["no fibre is called x"],
    ("reliability", "--lines", "100000", "--trials", "1000000"): ["too many"],
    ("reliability", "--error", "0.7"): ["--error"],
}


@pytest.fixture
def files(run):
    for name, text in FILES.items():
        Path(name).write_text(text, encoding="latin-1")


@pytest.mark.parametrize("typed", MISTAKES, ids=lambda typed: " ".join(typed)[:60])
def test_a_mistake_is_told_in_one_line(run, files, typed):
    before = {path: path.read_bytes() for path in Path.cwd().iterdir() if path.is_file()}
    ran = run("nets", *typed)
    assert ran.status == 2, (ran.out, ran.err)
    assert ran.out == ""
    for word in MISTAKES[typed]:
        assert word in ran.said, ran.said
    after = {path: path.read_bytes() for path in Path.cwd().iterdir() if path.is_file()}
    assert after == before, "nothing is written, nothing is lost"


def test_a_regular_expression_with_many_states_is_bounded(run):
    started = time.monotonic()
    ran = run("nets", "compile", "--regex", "(a|b)*a(a|b){18}")
    assert ran.status in (0, 2)
    assert "Traceback" not in ran.err
    assert time.monotonic() - started < 60


def test_a_device_is_no_file_to_write(run):
    ran = run("nets", "export", "figure:1e", "--to", "json", "-o", os.devnull)
    assert ran.status == 2
    assert "device" in ran.said


def test_ctrl_c_ends_a_long_decision_with_status_130(tmp_path):
    code = "import sys; from ui.cli.main import main; sys.exit(main())"
    wide = " v ".join(f"ever(a{k}.S^{k + 1} a{(k * 7 + 3) % 9})" for k in range(9))
    job = subprocess.Popen(
        [sys.executable, "-c", code, "nets", "compile", wide, "--to", "net.json"],
        cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        time.sleep(1.5)
        assert job.poll() is None, "it was to take longer"
        job.send_signal(signal.SIGINT)
        out, err = job.communicate(timeout=60)
    finally:
        job.kill()
    assert job.returncode == 130
    assert out == ""
    assert err == "firstwave: interrupted\n"
    assert list(tmp_path.iterdir()) == []


NAMES = st.sampled_from(["N1", "N2", "N3", "t", "x", "1", ""])
LINES = st.lists(
    st.one_of(
        st.text(alphabet="N12t,; .|01x@#\"'\t", max_size=20),
        st.lists(NAMES, max_size=4).map(",".join),
        st.tuples(NAMES, st.text(alphabet=".|", max_size=6)).map("  ".join),
    ),
    max_size=6,
).map("\n".join)


def read(reader):
    """What was read, or None and the mistake."""
    try:
        return reader(), ""
    except Mistake as mistake:
        return None, str(mistake)


@settings(max_examples=150)
@for_any(text=LINES)
def test_any_text_is_a_stimulus_or_a_mistake(tmp_path_factory, text):
    net = figure("1e").net
    path = tmp_path_factory.mktemp("stimulus") / "s"
    path.write_text(text)
    rows, said = read(lambda: stimulus_of(net, path, ()))
    if rows is None:
        assert said.startswith(str(path))
        assert "\n" not in said
    else:
        assert (rows.dtype, rows.shape[1]) == (np.uint8, 2)
        assert rows.max(initial=0) <= 1


@settings(max_examples=100)
@for_any(pulses=st.dictionaries(st.sampled_from(["N1", "N2"]), st.sets(st.integers(0, 40))))
def test_pulses_given_one_by_one_are_those_of_the_stimulus(pulses):
    net = figure("1e").net
    fire = [f"{name}@{','.join(map(str, sorted(at)))}" for name, at in pulses.items() if at]
    rows = stimulus_of(net, None, fire)
    got = {name: set(np.flatnonzero(rows[:, net.fibre(name)]).tolist()) for name in ("N1", "N2")}
    assert got == {name: pulses.get(name, set()) for name in ("N1", "N2")}


@settings(max_examples=100)
@for_any(data=st.binary(max_size=60) | st.text(alphabet='{}[]":,. *a.model\n', max_size=60))
def test_any_file_is_a_net_or_a_mistake(tmp_path_factory, data):
    path = tmp_path_factory.mktemp("net") / "net"
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    one, said = read(lambda: given(str(path)))
    if one is None:
        assert str(path) in said
        assert "\n" not in said
    else:
        assert one.form in ("json", "neur", "blif", "yosys")


@settings(max_examples=60)
@for_any(text=st.text(alphabet="abSv.&~()[]tx-01^ ever,", max_size=25))
def test_any_expression_is_compiled_or_refused(text):
    assert main(["nets", "compile", "--json", "--", text]) in (0, 2)
    assert main(["nets", "threshold", "--json", "--", text]) in (0, 1, 2)
