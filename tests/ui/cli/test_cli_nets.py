"""The commands of McCulloch-Pitts nets, job by job."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from machines.mcculloch_pitts import Law, Wiring, net_json
from machines.mcculloch_pitts.figures_1943 import ALSO, NAMES, figure
from machines.mcculloch_pitts.net import same
from ui.cli.console import document
from ui.cli.nets_given import given

BLIF = """.model toggle
.inputs go
.outputs q
.names go q d
10 1
01 1
.latch d q re clk 0
.end
"""
ADDER = """a b c | sum carry
0 0 0 | 0 0
0 0 1 | 1 0
0 1 0 | 1 0
0 1 1 | 0 1
1 0 0 | 1 0
1 0 1 | 0 1
1 1 0 | 0 1
1 1 1 | 1 1
"""


def write(name, text):
    Path(name).write_text(text)
    return name


def fires(ran, name):
    return next(f["fires"] for f in ran.document["result"]["fibres"] if f["name"] == name)


# figures


def test_all_nets_of_figure_1_say_what_the_paper_says(run):
    ran = run("nets", "figures", "--json")
    shown = ran.document["result"]["figures"]
    assert ran.status == 0
    assert [one["name"] for one in shown] == [*NAMES, *ALSO]
    assert all(f["proved"] for one in shown for f in one["formulas"])
    derived = [one for one in shown if one["name"] in NAMES]
    assert [one["name"] for one in derived if not all(f["alike"] for f in one["formulas"])] == [
        "1f below"
    ], "the paper drew it otherwise than it wrote it"


def test_what_must_hold_for_figure_1g_as_drawn_is_said(run):
    ran = run("nets", "figures", "1g")
    assert "figure 1g: the formula under extinction, by a veto" in ran.out
    assert "provided ~(N2.S N2).~(N1.N2), so far" in ran.out
    shown = run("nets", "figures", "1g", "--json").document["result"]["figures"]
    assert [one["provided"] for one in shown] == ["", "~(N2.S N2).~(N1.N2)"]


def test_letters_come_in_a_code(run):
    ran = run("nets", "compile", "--regex", "d(a|b)*c", "--code", "binary-clock")
    assert "  a: CLOCK\n  b: bit0 + CLOCK\n" in ran.out
    assert "answer fires 3 ticks after the last" in ran.out
    ran = run("nets", "compile", "--regex", "ab", "--code", "binary-always", "--minsky", "--json")
    assert ran.document["result"]["letters"] == {"a": [], "b": ["bit0"]}
    assert ran.document["result"]["proof"]["proved"]
    ran = run("nets", "compile", "--regex", "ab", "--code", "binary-always")
    assert "  a: silence\n  b: bit0\n" in ran.out
    ran = run("nets", "compile", "a.b", "--code", "binary")
    assert (ran.status, "--code belongs to --regex" in ran.err) == (2, True)


@pytest.mark.parametrize("option", ["--raster", "--vcd"])
def test_a_run_is_not_written_to_a_file_called_minus(run, option):
    ran = run("nets", "run", "figure:1e", option, "-")
    assert (ran.status, "- is no name for one" in ran.err) == (2, True)


def test_a_brief_touch_of_cold_is_felt_as_heat_and_a_long_one_as_cold(run):
    ran = run("nets", "figures", "1e")
    assert "heat is felt at t = 3, though nothing warm was there; cold is never felt" in ran.out
    assert "heat is felt at t = 8, though nothing warm was there; cold is felt at t = 2" in ran.out
    brief, long = run("nets", "figures", "1E", "--json").document["result"]["figures"][0][
        "illusion"
    ]
    assert (brief["feels_heat"].index("|"), "|" in brief["feels_cold"]) == (3, False)
    assert long["feels_cold"].index("|") == 2


@pytest.mark.parametrize("name", ["1f", "f", "figure 1f"])
def test_figure_1f_is_two_nets(run, name):
    ran = run("nets", "figures", name)
    assert "figure 1f above: relative inhibition" in ran.out
    assert "figure 1f below: absolute inhibition" in ran.out


def test_figures_are_drawn_into_a_folder_that_is_made(run):
    ran = run("nets", "figures", "1c", "--out", "a/b")
    assert ran.status == 0
    assert Path("a/b/figure-1c.svg").read_text().startswith("<svg")


# compile


@pytest.mark.parametrize("how", ["--literal", "--compact"])
def test_a_sentence_becomes_a_net_that_is_proved_and_written(run, how):
    ran = run("nets", "compile", "a(t-1) v b(t-3).~b(t-2)", how, "--to", "net.json", "--json")
    result = ran.document["result"]
    assert ran.status == 0
    assert result["proof"] == {"holds": True, "proved": True, "method": "every row", "cases": 8}
    net = net_json.load("net.json")
    assert net.cells == result["cells"]
    assert same(net, net_json.from_json(result["net"]))
    heard = run("nets", "run", "net.json", "--fire", "b@0", "--json")
    answer = heard.document["result"]["outputs"][0]
    assert fires(heard, answer) == [3 + result["lag"]]


def test_the_two_ways_of_drawing_a_sentence_are_equivalent_up_to_lag(run):
    said = "(a v b).~(S a) v S^2(a.b)"
    for how in ("literal", "compact"):
        assert run("nets", "compile", said, f"--{how}", "--to", f"{how}.json").status == 0
    ran = run("nets", "equivalent", "literal.json", "compact.json", "--json")
    assert (ran.status, ran.document["result"]["equivalent"]) == (0, True)


def test_the_kind_of_file_is_told_by_its_ending(run):
    for name, begins in (("n.svg", "<svg"), ("n.dot", "digraph"), ("n.gv", "digraph"),
                         ("n.v", "//"), ("n.blif", "#"), ("n.json", "{")):  # fmt: skip
        assert run("nets", "compile", "a.b", "--to", name).status == 0
        assert Path(name).read_text().startswith(begins)


def test_not_a_is_refused_out_of_silence_and_allowed_with_an_always_cell(run):
    ran = run("nets", "compile", "c v ~a")
    assert ran.status == 2
    assert "character 5" in ran.said
    assert "Theorem III" in ran.said
    assert ran.said.endswith("(--always-cell)")
    cured = run("nets", "compile", "c v ~a", "--always-cell", "--json").document["result"]
    assert cured["proof"]["proved"]
    assert "always" in cured["initial"]


def test_a_truth_table_becomes_a_net_with_one_cell_where_one_suffices(run):
    write("adder.txt", ADDER)
    ran = run("nets", "compile", "--table", "adder.txt", "--json")
    assert ran.document["result"]["proof"]["proved"]
    assert run("nets", "compile", "--table", "adder.txt", "--to", "adder.json").status == 0
    heard = run("nets", "run", "adder.json", "--fire", "a@0", "--fire", "b@0", "--json")
    assert (fires(heard, "sum"), fires(heard, "carry")) == ([], [2])
    write("open.txt", "a b | out\n1 1 | 1\n0 - | 0\n")
    assert run("nets", "compile", "--table", "open.txt").said.endswith("(--others)")
    one = run("nets", "compile", "--table", "open.txt", "--others", "-", "--json")
    assert one.document["result"]["cells"] == 1


def test_the_net_of_a_regular_expression_answers_two_ticks_after_the_last_letter(run):
    ran = run("nets", "compile", "--regex", "(a|b)*abb", "--to", "abb.json", "--json")
    result = ran.document["result"]
    assert (result["lag"], result["initial"], result["proof"]["proved"]) == (2, ["START"], True)
    heard = run("nets", "run", "abb.json", "--fire", "a@0,2", "--fire", "b@1,3,4", "--json")
    assert fires(heard, "answer") == [6], "five letters at 0 to 4"


def test_a_search_answers_after_every_word_found(run):
    run("nets", "compile", "--regex", "ab", "--search", "--to", "ab.json")
    heard = run("nets", "run", "ab.json", "--fire", "a@0,1,4", "--fire", "b@2,5", "--json")
    assert fires(heard, "answer") == [4, 7]


def test_minsky_has_a_cell_for_each_state_and_letter(run):
    ran = run("nets", "compile", "--regex", "(a|b)*abb", "--minsky", "--json")
    assert ran.document["result"]["cells"] == 4 * 2 + 2, "four states, two letters, START, answer"


def test_a_circuit_is_compiled_and_every_command_reads_it(run):
    write("toggle.blif", BLIF)
    ran = run("nets", "compile", "--circuit", "toggle.blif", "--json")
    result = ran.document["result"]
    assert result["proof"]["holds"]
    beat = result["period"]
    heard = run("nets", "run", "toggle.blif", "--fire", f"go@0,{3 * beat}", "--ticks", 12 * beat)
    assert heard.status == 0
    assert "a circuit: inputs are taken at" in heard.out
    answers = run(
        "nets", "run", "toggle.blif", "--fire", f"go@0,{3 * beat}", "--ticks", 12 * beat, "--json"
    ).document["result"]
    answer = next(f for f in answers["fibres"] if f["name"] == answers["outputs"][0])["fires"]
    on = [k for k in range(9) if k * beat + result["lag"] in answer]
    assert on == [1, 2, 3], "on after the first beat, off after the fourth"


# run


def test_a_firing_and_a_silence_are_explained(run):
    ran = run("nets", "run", "figure:1e", "--fire", "N2@0", "--explain", "N3@3")
    assert ran.status == 0
    assert "N3 fires at 3: 2 of 2 endings excite it" in ran.out
    silent = run("nets", "run", "figure:1e", "--fire", "N2@0-3", "--explain", "Nb@2")
    assert "Nb is silent at 2: N2 vetoes it" in silent.out


@pytest.mark.parametrize("engine", ["law", "sweep", "events", "reference"])
def test_all_engines_give_the_same_record(run, engine):
    pulses = ["--fire", "N2@0,9", "--fire", "N1@4", "--ticks", 20, "--json"]
    ran = run("nets", "run", "figure:1e", *pulses, "--engine", engine)
    assert ran.document["engine"] == engine
    assert ran.document["machine_s"] == 0.01, "twenty ticks of half a millisecond"
    assert [fires(ran, name) for name in ("N3", "N4")] == [[3, 5, 12], []]
    circle = run("nets", "run", "figure:1i", "--fire", "N1@0,5", "--fire", "N2@0",
                 "--engine", engine, "--json")  # fmt: skip
    assert fires(circle, "NL") == list(range(1, 14)), "a circle goes on for ever"
    assert fires(circle, "N3") == [1, 6]


def test_larger_runs_go_to_the_compiled_engine_by_themselves(run):
    ran = run("nets", "run", "figure:1i", "--fire", "N1@5", "--fire", "N2@5",
              "--ticks", 100_000, "--show", "NL", "--json")  # fmt: skip
    assert ran.document["engine"] == "compiled"
    assert fires(ran, "NL") == list(range(6, 100_001))


@pytest.mark.parametrize(
    "text",
    ["N1,N2\n0,1\n0,0\n1,0\n", "N2 N1\n1 0\n0 0\n0 1\n", "t;N2;N1;N3\n0;1;0;x\n1;0;0;x\n2;0;1;x\n",
     "# a remark\nN2  |..\nN1  ..|\n"],
    ids=["commas", "spaces", "semicolons, time and a cell", "diagram"],
)  # fmt: skip
def test_a_stimulus_is_read_in_either_form(run, text):
    write("stimulus", text)
    ran = run("nets", "run", "figure:1e", "--stimulus", "stimulus", "--json")
    assert ran.status == 0
    assert (fires(ran, "N2"), fires(ran, "N1")) == ([0], [2])
    assert ran.document["result"]["ticks"] == 2 + 8


def test_a_raster_can_be_played_again(run):
    first = run("nets", "run", "figure:1e", "--fire", "N2@0-5", "--ticks", 20, "--raster", "r.csv")
    again = run("nets", "run", "figure:1e", "--stimulus", "r.csv", "--ticks", 20)
    assert again.out == first.out
    assert Path("r.csv").read_text().startswith("t,N1,N2,Na,Nb,N3,N4\n0,0,1,0,0,0,0\n")


def test_a_drawn_diagram_can_be_pasted_back(run):
    first = run("nets", "run", "figure:1e", "--fire", "N1@1", "--fire", "N2@0,3", "--ticks", 12)
    lines = [line for line in first.out.splitlines() if re.match(r"N[12] ", line)]
    write("pasted", "\n".join(lines))
    assert run("nets", "run", "figure:1e", "--stimulus", "pasted", "--ticks", 12).out == first.out


def test_a_waveform_comes_with_the_save_file_of_gtkwave(run):
    ran = run("nets", "run", "figure:1e", "--fire", "N2@0", "--vcd", "run.vcd")
    assert ran.status == 0
    dump, save = Path("run.vcd").read_text(), Path("run.gtkw").read_text()
    assert "$var wire 1" in dump
    assert 'run.vcd"' in save
    assert "net.cells.N3" in save


def test_long_runs_are_drawn_in_lines_of_a_hundred_ticks(run):
    out = run("nets", "run", "figure:1a", "--fire", "N1@150", "--ticks", 249).out.splitlines()
    drawn = [line.split() for line in out[1:]]
    assert [line[1] for line in drawn if line[0] == "t"] == ["0", "100", "200"]
    assert [len(line[1]) for line in drawn if line[0] == "N2"] == [100, 100, 50]
    assert drawn[5] == ["N2", "." * 51 + "|" + "." * 48]


def test_of_a_large_net_the_afferents_and_outputs_are_shown(run):
    board = Wiring("a long chain")
    fibre = board.afferent("in")
    for k in range(100):
        fibre = board.cell(f"c{k}", {fibre: 2}, h=2)
    board.output(fibre)
    net_json.save(board.net(), "chain.json")
    ran = run("nets", "run", "chain.json", "--fire", "in@0", "--ticks", 100)
    assert "(2 of 101 fibres; --show names others)" in ran.out
    named = run("nets", "run", "chain.json", "--fire", "in@0", "--show", "c0, c1", "--json")
    assert [f["name"] for f in named.document["result"]["fibres"]] == ["c0", "c1"]


# analyse, equivalent, transform


def test_a_net_without_circles_is_solved_and_one_with_circles_is_an_automaton(run):
    assert "N3(t) == N1(t-1) v N2(t-3).~N2(t-2)" in run("nets", "analyse", "figure:1e").out
    result = run("nets", "analyse", "figure:1i", "--json").document["result"]
    assert (result["order"], result["cyclic_set"]) == (1, ["NL"])
    said = result["says"][0]
    assert said["formula"] == "N3(t) == N2(t-1) v N1(t-1).(Ex)t-1 N1(x).N2(x)"
    assert said["event"]["states"] == 4


@pytest.mark.parametrize("text", ["(a|b)*abb", "a?b+", "(ab|ba)*"])
def test_a_regular_expression_comes_back_from_its_net(run, text):
    run("nets", "compile", "--regex", text, "--to", "net.json")
    ran = run("nets", "analyse", "net.json", "--letters", "--json")
    back = ran.document["result"]["says"][0]["event"]["regular"]
    words = ["", *(f"{k:b}"[1:].replace("0", "a").replace("1", "b") for k in range(2, 256))]
    assert [bool(re.fullmatch(back, w)) for w in words] == [
        bool(re.fullmatch(text, w)) for w in words
    ]


def test_an_expression_too_long_to_read_is_left_to_json(run):
    run("nets", "compile", "--regex", "(a|b)*abb", "--to", "abb.json")
    ran = run("nets", "analyse", "abb.json")
    assert "its regular expression has" in ran.out
    assert "--letters" in ran.out
    assert max(map(len, ran.out.splitlines())) < 200


def test_another_cell_can_be_asked_about(run):
    assert "Nb(t) == N2(t-2).~N2(t-1)" in run("nets", "analyse", "figure:1e", "--cell", "Nb").out


def test_nets_that_differ_are_told_apart_by_a_stimulus_and_the_status_is_1(run):
    ran = run("nets", "equivalent", "figure:1c", "figure:1b", "--json")
    result = ran.document["result"]
    assert (ran.status, result["equivalent"], result["lag"]) == (1, False, 0)
    pulses = [f"{name}@{t}" for t, row in enumerate(result["stimulus"]) for name in row]
    shown = [
        fires(run("nets", "run", net, *(f"--fire={p}" for p in pulses), "--json"), "N3")
        for net in ("figure:1c", "figure:1b")
    ]
    assert shown[0] != shown[1]


def test_equivalence_up_to_a_lag_is_decided(run):
    ran = run("nets", "equivalent", "figure:1f-above", "figure:1f-below")
    assert ran.status == 0
    assert "figure:1f-below 1 tick later" in ran.out
    assert run("nets", "equivalent", "figure:1f-above", "figure:1f-below", "--lag", 0).status == 1
    back = run("nets", "equivalent", "figure:1f-below", "figure:1f-above", "--lag", -1)
    assert back.status == 0


def test_relative_inhibition_becomes_absolute_and_absolute_relative(run):
    ran = run(
        "nets", "transform", "figure:1f-above", "--law", "absolute", "--to", "a.json", "--json"
    )
    result = ran.document["result"]
    assert (result["from"], result["lag"], result["cells"]) == ("relative", 1, 3)
    assert run("nets", "equivalent", "figure:1f-above", "a.json", "--lag", 1).status == 0
    assert run("nets", "transform", "a.json", "--law", "relative", "--to", "b.json").status == 0
    assert run("nets", "equivalent", "a.json", "b.json", "--lag", 0).status == 0
    assert net_json.load("b.json").law.name == "relative"


# threshold


def test_exclusive_or_is_no_threshold_function_and_the_proof_adds_up(run):
    ran = run("nets", "threshold", "a ^ b")
    assert ran.status == 1
    assert "added up: 2T <= w(a) + w(b) <= 2T - 2" in ran.out
    result = run("nets", "threshold", "a ^ b", "--json").document["result"]
    assert result["contradiction"] == {"true": [[1, 1], [2, 1]], "false": [[0, 1], [3, 1]]}
    assert "cell" not in result


def test_a_threshold_function_has_its_least_weights_and_one_cell(run):
    result = run("nets", "threshold", "N1(t) v N2(t).N3(t-1)", "--json").document["result"]
    assert (result["weights"], result["threshold"], result["chow"]) == ([2, 1, 1], 2, [5, 4, 3, 3])
    assert result["fibres"] == ["N1", "N2", "S N3"]
    vetoed = run("nets", "threshold", "a.~b", "--json").document["result"]
    assert vetoed["weights"] == [1, -1]
    assert "~b" in vetoed["cell"]


@pytest.mark.parametrize(("n", "functions"), [(0, 2), (1, 4), (2, 14), (3, 104), (4, 1882)])
def test_threshold_functions_are_counted(run, n, functions):
    result = run("nets", "threshold", "--count", n, "--json").document["result"]
    assert (result["functions"], sum(result["by_largest"])) == (functions, functions)


# export


def test_json_exported_is_the_net_that_was_read(run):
    ran = run("nets", "export", "figure:1i", "--to", "json")
    assert same(net_json.loads(ran.out), figure("1i").net)
    run("nets", "export", "figure:1i", "--to", "json", "-o", "net.json")
    assert same(given("net.json").net, figure("1i").net)


def test_blif_exported_is_read_back_as_an_equivalent_circuit(run):
    run("nets", "export", "figure:1c", "--to", "blif", "-o", "net.blif")
    ran = run("nets", "equivalent", "figure:1c", "net.blif")
    assert ran.status == 0, ran.out + ran.err


def test_a_run_is_exported_as_csv_and_vcd(run):
    csv = run("nets", "export", "figure:1a", "--to", "csv", "--fire", "N1@1", "--ticks", 3)
    assert csv.out == "t,N1,N2\n0,0,0\n1,1,0\n2,0,1\n3,0,0\n"
    assert "$enddefinitions" in run("nets", "export", "figure:1a", "--to", "vcd").out


def test_the_verilog_of_a_net_passes_its_own_testbench(run):
    if shutil.which("iverilog") is None:
        pytest.skip("Icarus Verilog is not installed")
    ran = run("nets", "export", "figure:1e", "--to", "verilog", "-o", "net.v",
              "--bench", "net_test.v", "--fire", "N2@0-4,9")  # fmt: skip
    assert ran.status == 0
    subprocess.run(["iverilog", "-g2012", "-o", "t.vvp", "net.v", "net_test.v"], check=True)
    done = subprocess.run(["vvp", "t.vvp"], capture_output=True, text=True, check=True)
    assert "PASS" in done.stdout


# faults, reliability


def test_a_stimulus_shows_faults_and_coverage_can_be_asked_for(run):
    pulses = ["--fire", "N2@0,3-6", "--fire", "N1@9,11"]
    ran = run("nets", "faults", "figure:1e", *pulses, "--json")
    result = ran.document["result"]
    assert result["faults"] == len(result["detected"]) + len(result["undetected"]) == 23
    assert result["coverage"] == round(len(result["detected"]) / 23, 6)
    assert "the threshold of Na is lowered by one" in result["undetected"]
    assert run("nets", "faults", "figure:1e", *pulses, "--at-least", 80).status == 0
    wanting = run("nets", "faults", "figure:1e", "--ticks", 3, "--at-least", 80)
    assert (wanting.status, "below the 80 %" in wanting.err) == (1, True)


def test_the_faults_of_a_larger_net_are_all_tried(run):
    board = Wiring("a long chain")
    fibre = board.afferent("in")
    for k in range(300):
        fibre = board.cell(f"c{k}", {fibre: 1}, h=1)
    board.output(fibre)
    net_json.save(board.net(), "chain.json")
    ran = run("nets", "faults", "chain.json", "--fire", "in@0", "--ticks", 310, "--json")
    result = ran.document["result"]
    assert result["faults"] == 300 * 5, "dead, stuck, raised, lowered, cut"
    assert result["coverage"] == 1, "on a chain every fault shows at its end"


def test_measured_reliability_is_near_the_theory_and_the_same_again(run):
    ran = run("nets", "reliability", "--error", "0.01", "--lines", 300, "--trials", 20, "--json")
    result = ran.document["result"]
    for level in result["triplication"]["levels"]:
        margin = 6 * (level["theory"] / level["lines"]) ** 0.5
        assert level["measured"] == pytest.approx(level["theory"], abs=margin)
    assert result["triplication"]["settles"] == pytest.approx(0.0103104, abs=1e-7)
    assert result["multiplexing"]["limit"] == pytest.approx(0.01077, abs=1e-5)
    assert result["multiplexing"]["rho"] is None, "the formula is for an error of 0.005"
    again = run("nets", "reliability", "--error", "0.01", "--lines", 300, "--trials", 20, "--json")
    assert again.document["result"] == result


def test_organs_that_err_too_often_are_beyond_help(run):
    ran = run("nets", "reliability", "--error", "0.2", "--lines", 50, "--trials", 3)
    assert "organs that err 1 time in 6 or more cannot be made reliable so" in ran.out


# the forms a net is read in


def test_a_net_is_read_as_json_neur_blif_yosys_or_figure(run):
    net_json.save(figure("1c").net, "net.json")
    write("net.neur", "A word, a* b* : c*. It begins with a* b*.")
    write("net.txt", "a* : b*. b* : a*. a*.")
    write("toggle.blif", BLIF)
    ways = {"A": "input", "B": "input", "Y": "output"}
    wires = {"A": [2], "B": [3], "Y": [4]}
    cells = {"g": {"type": "$_AND_", "connections": wires, "port_directions": ways}}
    ports = {name.lower(): {"direction": ways[name], "bits": wires[name]} for name in ways}
    write("and.json", json.dumps({"modules": {"top": {"ports": ports, "cells": cells}}}))
    forms = [given(name).form for name in ("net.json", "net.neur", "net.txt", "toggle.blif",
                                           "and.json", "figure:1F-above")]  # fmt: skip
    assert forms == ["json", "neur", "neur", "blif", "yosys", "figure"]


def test_the_law_is_told_where_it_is_another(run):
    board = Wiring("extinct", Law("extinction", raises=(1,)))
    board.afferent("a")
    board.cell("b", {"a": 2}, h=2)
    net_json.save(board.net(), "net.json")
    assert "law extinction" in run("nets", "run", "net.json", "--fire", "a@0-4").out
    refused = run("nets", "analyse", "net.json")
    assert "not analysed" in refused.out + refused.err
    assert run("nets", "transform", "net.json", "--law", "absolute", "--to", "new.json").status == 0
    assert run("nets", "analyse", "new.json", "--cell", "b").status == 0


def test_the_envelope_names_the_machine(run):
    shown = run("nets", "analyse", "figure:1a", "--json").document
    like = document("nets-analyse", {}, machine="mcculloch_pitts")
    assert shown["machine"] == like["machine"]
    assert shown["version"] == like["version"]


# what a stranger tried


@pytest.mark.parametrize("name", ["run.vcd", "run.txt"])
def test_the_waveform_of_a_run_can_be_played_again_whatever_its_file_is_called(run, name):
    first = run("nets", "run", "figure:1e", "--fire", "N2@0-5", "--vcd", "run.vcd")
    if name != "run.vcd":
        Path("run.vcd").rename(name)
    again = run("nets", "run", "figure:1e", "--stimulus", name, "--ticks", "13")
    assert again.status == 0
    assert again.out == first.out


def test_a_waveform_plays_into_another_net_with_afferents_of_the_same_names(run):
    run("nets", "run", "figure:1e", "--fire", "N2@0-2", "--vcd", "run.vcd")
    ran = run("nets", "run", "figure:1b", "--stimulus", "run.vcd", "--json")
    assert fires(ran, "N3") == [1, 2, 3]


def test_one_cell_with_weights_is_written_proved_and_runs(run):
    ran = run("nets", "threshold", "a.b v a.~c v b.~c", "--to", "cell.json", "--json")
    drawn = ran.document["result"]["drawn"]
    assert drawn["law"] == "relative"
    assert drawn["proof"]["proved"]
    net = given("cell.json").net
    assert net.cells == 1
    assert same(net, net_json.from_json(drawn["net"]))
    made = run("nets", "compile", "a.b v a.~c v b.~c", "--to", "several.json")
    assert made.status == 0
    assert run("nets", "equivalent", "cell.json", "several.json").status == 0


def test_the_cell_of_a_function_without_weights_is_not_written(run):
    ran = run("nets", "threshold", "a ^ b", "--to", "cell.json")
    assert ran.status == 1
    assert "not written: cell.json" in ran.err
    assert not Path("cell.json").exists()


def test_a_function_true_in_silence_is_told_from_one_that_takes_several_cells(run):
    assert "--always-cell" in run("nets", "threshold", "a v ~b").out
    assert "draws several" in run("nets", "threshold", "a.b v c.d").out


def test_a_run_in_which_no_afferent_fires_says_how_to_make_one_fire(run):
    assert "--fire" in run("nets", "run", "figure:1e").err
    assert "--fire" in run("nets", "faults", "figure:1e").err
    assert run("nets", "run", "figure:1e", "--fire", "N1@0").err == ""


def test_pulses_that_come_after_the_end_of_a_run_are_told_of(run):
    ran = run("nets", "run", "figure:1e", "--fire", "N1@2,7,9", "--ticks", "7")
    assert "1 pulse comes after t = 7" in ran.err
    assert ran.status == 0


def test_a_dash_as_the_file_of_an_export_is_stdout(run):
    ran = run("nets", "export", "figure:1d", "--to", "blif", "-o", "-")
    assert ran.out.startswith("# figure 1d")
    assert not Path("-").exists()


def test_the_analysis_of_a_large_net_tells_what_it_is_doing(run):
    cells = [{"name": f"c{k}", "h": 1, "excite": [[f"c{k}", 1], ["x", 1]]} for k in range(2500)]
    net = {"schema": "firstwave/net/1", "title": "", "law": {"name": "absolute"},
           "afferents": [{"name": "x"}], "cells": cells, "outputs": ["c7"]}  # fmt: skip
    Path("large.json").write_text(json.dumps(net))
    ran = run("nets", "analyse", "large.json", "--json")
    assert "looking for circles among 2500 cells" in ran.err
    assert "asking what c7 says" in ran.err
    result = ran.document["result"]
    assert result["order"] == 2500
    assert "1000 at most" in result["no_recurrences"]
    assert result["says"][0]["formula"].startswith("c7(t) == ")


def test_a_lag_of_one_is_one_tick(run):
    write("toggle.blif", BLIF)
    for command in (["compile", "--circuit", "toggle.blif"], ["run", "toggle.blif"]):
        assert "1 ticks" not in run("nets", *command).out
    Path("latch.blif").write_text(".model m\n.inputs a\n.outputs q\n.latch a q re clk 0\n.end\n")
    assert "1 tick later" in run("nets", "compile", "--circuit", "latch.blif").out
    assert "1 tick later" in run("nets", "run", "latch.blif").out
