"""What is too large is refused in one line or only sampled; what only looks large is done."""

import functools

import numpy as np
import pytest

from machines.mcculloch_pitts import sampling, unreliable
from machines.mcculloch_pitts.calculus import Fibre, Past
from machines.mcculloch_pitts.calculus_read import read
from machines.mcculloch_pitts.circuit import Circuit, Gate
from machines.mcculloch_pitts.compile_expression import compile_expression, compile_text
from machines.mcculloch_pitts.compile_regular import compile_regular
from machines.mcculloch_pitts.equivalence import equivalent
from machines.mcculloch_pitts.formula import formula
from machines.mcculloch_pitts.gates import compile_circuit
from machines.mcculloch_pitts.gates_in import read_blif
from machines.mcculloch_pitts.gates_proof import prove_circuit
from machines.mcculloch_pitts.law import run
from machines.mcculloch_pitts.laws import Law
from machines.mcculloch_pitts.net_automaton import event_of
from machines.mcculloch_pitts.net_truth import truth_of
from machines.mcculloch_pitts.proof import prove
from machines.mcculloch_pitts.transformers import to_absolute
from machines.mcculloch_pitts.wiring import Wiring
from simulator.errors import Mistake


def one_cell(excite, h, veto=(), law=None):
    """A net of one cell, c, on afferents a0, a1 ..."""
    board = Wiring(law=law or Law())
    for name in [*excite, *veto]:
        board.afferent(name)
    board.cell("c", excite, veto, h=h)
    board.output("c")
    return board.net()


def test_thousands_of_exclusive_ors_are_read_and_compiled():
    made = compile_text(" ^ ".join(f"a{k}" for k in range(2000)))
    assert made.proof.holds
    assert made.report.lag == 2 * 11  # two ticks for each halving


def test_equalities_in_a_row_are_true_when_evenly_many_parts_are_false():
    for n in (2, 3, 4, 5):
        names = "abcde"[:n]
        said = compile_text(" == ".join(names), always_cell=True).proof
        assert said.proved
        nested = functools.reduce("({} == {})".format, names)
        one = compile_text(" == ".join(names), always_cell=True).net
        other = compile_text(nested, always_cell=True).net
        assert equivalent(one, other).equivalent


def test_all_delays_together_are_bounded_and_the_fibre_is_shown():
    with pytest.raises(
        Mistake, match=r"^character 418,.*»c«.*510000 synaptic delays, 10000 at most"
    ):
        compile_text("b v (" + "a v S^10000 " + "S^10000 " * 50 + "c)")
    with pytest.raises(Mistake, match="looks back 20000 synaptic delays"):
        compile_expression(Past(Past(Fibre("a"), 10_000), 10_000))
    assert compile_text("S^5000 S^5000 a").report.cells == 10_000


def test_a_wide_sentence_long_ago_is_compiled_in_reasonable_time():
    made = compile_text("S^9999 (" + " v ".join(f"a{k}" for k in range(3000)) + ")", literal=True)
    assert made.proof.holds
    assert made.report.cells >= 2999 + 9999


def test_a_cell_of_nineteen_weights_has_its_truth_table():
    net = one_cell({f"a{k}": 1 << k for k in range(19)}, (1 << 18) + 1)
    # all numbers above 2^18: the highest fibre, and any other
    assert truth_of(net, 19).true.bit_count() == (1 << 18) - 1


def test_one_heavy_ending_among_many_light_ones_is_found_at_once():
    net = one_cell({f"a{k}": 1 for k in range(40)} | {"b": 100}, 100)
    assert formula(net, "c").substituted == read("b(t-1)")


def test_a_cell_that_needs_thousands_of_fibres_has_its_formula():
    names = [f"a{k}" for k in range(3000)]
    said = formula(one_cell(dict.fromkeys(names, 1), 3000), "c").substituted
    assert len(said.parts) == 3000


def test_a_cell_of_too_many_sets_is_called_by_its_own_name():
    with pytest.raises(Mistake, match="cell c fires on more than 2000 sets"):
        formula(one_cell({f"a{k}": 1 for k in range(30)}, 15), "c")
    veto = [f"b{k}" for k in range(12)]
    many = one_cell({"a": 20}, 1, veto, Law("relative"))
    with pytest.raises(Mistake, match="cell c has 12 relative inhibitors"):
        formula(many, "c")


def test_an_expression_of_thousands_of_states_is_refused_and_one_of_hundreds_written():
    made = compile_regular("(a|b)*a(a|b){10}")
    with pytest.raises(Mistake, match="of these 2048 states would be longer than 50000"):
        event_of(made.net, one_at_a_time=True, wait=1)
    line = compile_regular("a{300}b")
    assert event_of(line.net, one_at_a_time=True, wait=1).expression == "a" * 300 + "b"


def test_lags_beyond_reason_are_refused():
    net = compile_text("ever(a)").net
    for lag in (10**9, -(10**9)):
        with pytest.raises(Mistake, match="up to 10000 ticks apart"):
            equivalent(net, net, lag)
    assert len(equivalent(net, net, 100).stimulus) > 100


@pytest.mark.slow
def test_a_transformed_net_of_millions_of_endings_is_refused():
    board, n = Wiring(law=Law("relative")), 60
    for k in range(n):
        excite = {f"c{(k + j) % n}": 10 for j in range(1, 4)}
        board.cell(f"c{k}", excite, [f"c{(k + j) % n}" for j in range(5, 17)], h=3)
    with pytest.raises(Mistake, match="more than 2097152 fibres ending on cells"):
        to_absolute(board.net())


def test_sets_of_letters_written_a_thousand_times_are_refused():
    letters = "".join(chr(0x4E00 + k) for k in range(2000))
    with pytest.raises(Mistake, match="more than 1048576 fibres ending on its cells"):
        compile_regular(f"[{letters}]{{1000}}")


@pytest.mark.parametrize("text", ["(" * 59 + "a" + ")" * 59, "a" + "b{0}" * 2490 + "[ab]" * 9])
def test_whatever_is_compiled_can_be_searched_for(text):
    assert compile_regular(text, "ab").proof.proved
    assert compile_regular(text, "ab", search=True).proof.proved


def test_a_tree_is_not_watched_for_longer_than_memory_lasts():
    with pytest.raises(Mistake, match="7 levels is watched for 1917 ticks at most, not 65536"):
        unreliable.measure_triplication(7, 1000, 1000, 65_536)


def chain(gates, latch):
    """BLIF of a long line of gates, closed by a latch or open."""
    lines = [".model m", ".inputs a b", ".outputs q"]
    before = "q" if latch else "a"
    for k in range(gates):
        rows = ["11 1"] if k % 2 else ["1- 1", "-1 1"]
        lines += [f".names {before} {'ba'[k % 2 == 0]} g{k}", *rows]
        before = f"g{k}"
    end = [f".latch {before} q 0"] if latch else [f".names {before} q", "1 1"]
    return "\n".join([*lines, *end, ".end"])


def test_thousands_of_gates_in_a_row_are_drawn_and_held_against_the_circuit():
    made = compile_circuit(read_blif(chain(4000, latch=False)))
    assert made.proof.proved
    assert made.report.lag == 4000  # the first gate reads one wire twice: it is that wire
    closed = compile_circuit(read_blif(chain(1000, latch=True)))
    assert closed.proof.holds
    assert closed.proof.method == "sample"
    assert closed.period == 1001


def conjunctions(wrong):
    """A circuit of 22 inputs, too many for a truth table, with one gate that may be wrong."""
    inputs = tuple(f"i{k}" for k in range(22))
    pairs = list(zip(inputs[::2], inputs[1::2], strict=True))
    gates = {f"g{k}": Gate(pair, 0b1000) for k, pair in enumerate(pairs)}
    if wrong:
        gates["g3"] = Gate(pairs[3], 0b0110)
    return Circuit("m", inputs, tuple(gates), gates, {})


def test_a_wrong_net_of_many_inputs_is_shown_by_a_sample():
    made = compile_circuit(conjunctions(wrong=False))
    assert (made.proof.method, made.proof.holds) == ("sample", True)
    other = conjunctions(wrong=True)
    found = prove_circuit(made.net, other, list(other.gates), made.report.lag, made.period)
    assert (found.method, found.holds) == ("sample", False)
    assert "g3 is wrong 2 ticks after the last" in found.trace
    lines = dict(line.split() for line in found.trace.splitlines()[:22])
    pulses = ["|" in pair for pair in zip(lines["i6"], lines["i7"], strict=True)]
    assert pulses.index(True) == len(pulses) - 1  # any pulse betrays it, and the first is enough


def test_samples_are_of_four_densities_and_no_two_lanes_are_alike():
    words = sampling.stimuli(500, 8)
    share = [float((words >> np.uint64(lane) & np.uint64(1)).mean()) for lane in range(64)]
    for group, density in enumerate((1 / 2, 1 / 4, 1 / 8, 1 / 16)):
        some = share[16 * group : 16 * (group + 1)]
        assert np.mean(some) == pytest.approx(density, abs=0.01)
        assert max(some) < 1.4 * density
    assert len({sampling.rows_of(words, lane) for lane in range(64)}) == 64
    assert sampling.rows_of(words[:3], 5) == tuple(
        sum((int(words[t, k]) >> 5 & 1) << k for k in range(8)) for t in range(3)
    )


def test_a_sample_is_shorter_where_the_net_is_larger():
    small = compile_text("a & b").net
    assert sampling.ticks_for(small, 1000, 2) == 1000
    assert sampling.ticks_for(small, 10**9, 2) == sampling.MOST_WORDS // 2
    assert sampling.ticks_for(small, 10**12, 0) == sampling.MOST_WORDS
    veto = one_cell({"a": 1}, 1, [f"b{k}" for k in range(9999)])
    assert sampling.ticks_for(veto, 10**9, 1) == sampling.MOST_ENDINGS // 10_001


def test_the_first_difference_of_two_records_is_told_by_tick_output_and_lane():
    said = np.zeros((4, 3), np.uint64)
    shown = said.copy()
    assert sampling.first_odd(said, shown) is None
    shown[2, 1] = 0b1010_0000
    shown[3, 0] = 1
    assert sampling.first_odd(said, shown) == (2, 1, 5)
    assert sampling.first_odd(said, shown, 0b1000_0000) == (2, 1, 7)
    assert sampling.first_odd(said, shown, 0b0001) == (3, 0, 0)


def test_a_wrong_net_of_a_long_sentence_is_shown_by_a_sample():
    text = " v ".join(f"(a{k} & S b{k})" for k in range(12))
    made = compile_text(text)
    assert (made.proof.method, made.proof.holds) == ("sample", True)
    names = [made.net.name(k) for k in range(made.net.afferents)]
    wrong = read(text.replace("S b7", "S^2 b7"))
    found = prove(made.net, [wrong], made.report.lag)
    assert (found.method, found.holds, found.proved) == ("sample", False, False)
    lines = found.trace.splitlines()
    rows = [line.split()[1] for line in lines[: len(names)]]
    stimulus = np.array([[sign == "|" for sign in row] for row in rows], np.uint8).T
    shown = run(made.net, stimulus, len(stimulus) - 1)[-1, made.net.outputs[0]]
    assert lines[-1].startswith(f"output 1 should {'be silent' if shown else 'fire'} at")
