"""Learning rules on the 704: ``704 learn``, and ``704 step`` at the weight update."""

import csv
import io
import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from test_cli_formats import DOCUMENTED, same_shape
from vcd.reader import TokenKind, tokenize

from machines.ibm704.rules import RULES
from machines.ibm704.rules import run as run_rule


def refused(ran, *words):
    assert ran.status == 2, (ran.out, ran.err)
    for word in words:
        assert word in ran.said, ran.said


def test_the_rules_are_listed_with_their_parameters(run):
    told = run("704", "learn").out
    for rule in RULES.values():
        assert rule.name in told
        for name in rule.parameters:
            assert f"--{name.replace('_', '-')} " in told


def test_exclusive_or_is_learned_and_its_time_and_price_are_told(run):
    ran = run("704", "learn", "backprop-xor", "--json")
    same_shape(DOCUMENTED["firstwave/704-learn/1"], ran.document)
    result, told = ran.document["result"], run_rule("backprop-xor")
    assert ran.status == 0
    assert result["learned"]
    assert result["weights"] == told.weights.tolist()
    assert result["curve"]["rows"] == told.curve.tolist()
    assert result["cycles"] == told.account.cycles
    assert ran.document["machine_s"] == pytest.approx(told.account.machine_s)
    assert result["dollars"] == pytest.approx(ran.document["machine_s"] / 3600 * 180, abs=1e-5)


def test_the_perceptron_on_exclusive_or_prints_the_proof_that_it_cycles(run):
    ran = run("704", "learn", "perceptron-xor")
    assert ran.status == 0
    assert "IT CYCLES" in ran.out
    assert "goes round for ever" in ran.out


def test_parameters_are_options(run):
    ran = run("704", "learn", "backprop-xor", "--hidden", 1, "--direct=1", "--sweeps", 40, "--json")
    given = ran.document["result"]["parameters"]
    assert (given["hidden"], given["direct"], given["sweeps"]) == (1, 1, 40)
    assert ran.document["result"]["curve"]["rows"][-1][0] == 40


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nosuch"], ["no rule is called nosuch", "perceptron"]),
        (["hebb", "--speed", "3"], ["hebb has no parameter speed", "rate"]),
        (["hebb", "--rate"], ["--rate", "a number is missing"]),
        (["hebb", "--rate", "fast"], ["--rate fast", "no number"]),
        (["hebb", "--rate", "nan"], ["rate must be"]),
        (["hebb", "7"], ["7", "--name number"]),
        (["hebb", "--sweeps", "1.5"], ["sweeps", "whole number"]),
        (["hebb", "--cards", "nothing.txt"], ["nothing.txt"]),
        (["hebb", "--plot", "curve.doc"], [".png"]),
        (["hebb", "--probe", "W-1"], ["--probes FILE"]),
        (["hebb", "--probe", "NOSUCH", "--probes", "w.csv"], ["NOSUCH"]),
        (["hebb", "--probes", "w.csv"], ["--probes w.csv", "nothing is probed"]),
        (["hebb", "--probe", "", "--probes", "w.csv"], ["word of core storage"]),
        (["hebb", "--probe", "AC", "--probes", "w.csv"], ["--probe AC", "no register"]),
        (["hebb", "--probe", "W+xra", "--probes", "w.csv"], ["W+xra", "no register"]),
        (["hebb", "--probe", "[W]", "--probes", "w.csv"], ["[W]", "no brackets"]),
        (["hebb", "--probe", "*", "--probes", "w.csv"], ["word of core storage"]),
        (["hebb", "--probe", "W-1", "--probe", "W-1:fixed", "--probes", "w.csv"], ["as float"]),
        (["hebb", "--punch", "d.txt", "--cards", "e.txt"], ["--punch", "--cards"]),
        (["hebb", "--rate", "1_0"], ["1_0", "no number"]),
        (["threshold", "--plot", "curve.png"], ["--plot", "no learning curve"]),
        (["--json"], ["which rule"]),
        (["--plot", "curve.png"], ["which rule"]),
        (["hebb", "--probe", "W-1", "--probes", "w.doc"], [".csv", ".vcd"]),
        (["hebb", "--print", "no/folder.txt"], ["no/folder.txt"]),
        (["hebb", "--max-seconds", "-1"], ["--max-seconds"]),
    ],
)
def test_what_cannot_be_done_is_one_line(run, arguments, words):
    refused(run("704", "learn", *arguments), *words)


def test_a_deck_that_was_kept_runs_again_alike_and_a_wrong_card_is_told_with_status_1(run):
    first = run("704", "learn", "adaline", "--punch", "deck.txt", "--print", "out.txt", "--json")
    again = run("704", "learn", "adaline", "--cards", "deck.txt", "--json")
    assert again.document["result"]["weights"] == first.document["result"]["weights"]
    assert "WEIGHTS" in Path("out.txt").read_text()
    deck = Path("deck.txt").read_text().splitlines(keepends=True)
    Path("short.txt").write_text("".join(deck[:-1]))
    Path("wrong.txt").write_text("".join([deck[0].replace("4", "X", 1), *deck[1:]]))
    for name, label in (("short.txt", "HALTC"), ("wrong.txt", "HALTC")):
        ran = run("704", "learn", "adaline", "--cards", name, "--json")
        assert ran.status == 1, name
        assert ran.document["result"]["label"] == label
        assert ran.document["result"]["messages"], "the program printed why"
    refused(run("704", "learn", "adaline", "--cards", "deck.txt", "--rate", 1), "--rate", "--cards")


def test_the_limit_ends_it_with_status_1_and_what_was_printed_is_kept(run):
    ran = run("704", "learn", "backprop-xor", "--max-seconds", 10, "--print", "out.txt", "--json")
    assert ran.status == 1
    assert ran.document["result"]["stop"] == "limit"
    assert ran.document["machine_s"] <= 10.5
    assert Path("out.txt").read_text().startswith("BACK-PROPAGATION")


def test_a_weight_is_traced_by_its_name_and_the_run_is_the_same(run):
    alone = run("704", "learn", "backprop-xor", "--json").document["result"]
    ran = run("704", "learn", "backprop-xor", "--probe", "W-1", "--probe", "W-11",
              "--probes", "w.csv", "--json")  # fmt: skip
    result = ran.document["result"]
    assert result["cycles"] == alone["cycles"]
    assert result["probed"]["W-1"] == pytest.approx(result["weights"][0], rel=1e-7)
    assert result["probed"]["W-11"] == pytest.approx(result["weights"][8], rel=1e-7), "octal"
    rows = list(csv.DictReader(io.StringIO(Path("w.csv").read_text())))
    assert len(rows) > 200
    last = [row for row in rows if row["word"] == "W-1"][-1]
    assert float(last["value"]) == pytest.approx(result["weights"][0], rel=1e-7)


def test_a_weight_goes_on_a_waveform_as_a_number_and_as_a_word(run):
    run("704", "learn", "adaline", "--probe", "W-1", "--probes", "w.vcd")
    tokens = list(tokenize(io.BytesIO(Path("w.vcd").read_bytes())))
    names = {t.var.reference for t in tokens if t.kind is TokenKind.VAR}
    assert names == {"W_minus_1", "W_minus_1_word"}
    changes = [t for t in tokens if t.kind is TokenKind.CHANGE_REAL]
    assert len(changes) > 10


def test_a_probe_written_with_spaces_has_a_name_that_readers_of_waveforms_take(run):
    run("704", "learn", "adaline", "--probe", "W - 1", "--probes", "w.vcd")
    tokens = tokenize(io.BytesIO(Path("w.vcd").read_bytes()))
    assert {t.var.reference for t in tokens if t.kind is TokenKind.VAR} == {
        "W_minus_1",
        "W_minus_1_word",
    }


def test_errors_of_a_walk_are_drawn_and_its_steps_are_not(run):
    run("704", "learn", "td-5", "--walks", 5, "--plot", "curve.svg")
    drawn = Path("curve.svg").read_text()
    assert "root mean square error of the table" in drawn
    assert "<!-- steps -->" not in drawn, "tens of steps would press the errors flat"


def test_a_run_too_short_for_a_curve_names_no_picture(run):
    ran = run("704", "learn", "adaline", "--max-seconds", 0.5, "--plot", "curve.png", "--json")
    assert ran.status == 1
    assert ran.document["result"]["files"] == {}
    assert "nothing to draw" in ran.err
    assert not Path("curve.png").exists()


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="no SIGINT for one child there")
def test_ctrl_c_ends_it_with_130_and_keeps_what_was_printed(tmp_path):
    endless = ["perceptron-xor", "--until", "0", "--order", "1", "--sweeps", "1000000"]
    files = ["--print", "out.txt", "--probe", "V-1", "--probes", "v.csv"]
    going = subprocess.Popen(
        [sys.executable, "-m", "ui.cli", "704", "learn", *endless, *files, "--json"],
        cwd=tmp_path, env=os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    probed = tmp_path / "v.csv"
    for _ in range(1200):
        if probed.exists() and probed.stat().st_size > 10_000:
            break
        time.sleep(0.1)
    going.send_signal(signal.SIGINT)
    out, _ = going.communicate(timeout=60)
    assert going.returncode == 130
    result = json.loads(out)["result"]
    assert (result["stop"], result["why"]) == ("interrupted", "interrupted by Ctrl-C")
    assert result["curve"]["rows"]
    assert (tmp_path / "out.txt").read_text().startswith("PERCEPTRON")
    last = probed.read_text().splitlines()[-1].split(",")
    assert float(last[3]) == result["probed"]["V-1"]


def test_curve_and_weights_are_drawn(run):
    run("704", "learn", "adaline", "--plot", "curve.png", "--probe", "W-1", "--probes", "w.png")
    for name in ("curve.png", "w.png"):
        assert Path(name).read_bytes().startswith(b"\x89PNG")


def test_both_engines_print_the_same(run):
    printed = {}
    for engine in ("compiled", "reference"):
        run("704", "learn", "perceptron-xor", "--engine", engine, "--print", f"{engine}.txt")
        printed[engine] = Path(f"{engine}.txt").read_text()
    assert printed["compiled"] == printed["reference"]


# step


@pytest.fixture
def talk(run, monkeypatch):
    def one(rule, *lines, arguments=()):
        monkeypatch.setattr(sys, "stdin", io.StringIO("".join(f"{line}\n" for line in lines)))
        return run("704", "step", rule, *arguments)

    return one


@pytest.mark.parametrize("rule", [name for name, rule in RULES.items() if rule.update])
def test_the_debugger_opens_at_the_update_and_shows_the_weight_before_and_after(talk, rule):
    ran = talk(rule, "quit")
    assert ran.status == 0, ran.err
    update, weights = RULES[rule].update, RULES[rule].weights
    found = re.search(
        rf"{update} changes weight (\d+), {weights}-([0-7]+) \((\d+)\), (\d+) instr", ran.out
    )
    assert found, ran.out
    assert int(found[1]) == int(found[2], 8)
    before, after = re.findall(r"(?:before|after ) ([0-7]{12})", ran.out)
    assert before != after
    steps = [f"step {found[4]}", f"examine {found[3]} octal", "quit"]
    went_on = talk(rule, *steps)
    assert went_on.out.splitlines()[-1].split()[-1] == after, "as it was told"


def test_a_rule_whose_weights_are_fixed_has_no_update(talk):
    refused(talk("threshold"), "fixed")
    refused(talk("nosuch"), "no rule is called nosuch")
