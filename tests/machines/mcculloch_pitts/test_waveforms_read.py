"""Waveforms as stimuli: what a run wrote plays again, and anything else is refused in one line."""

import figures
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_nets import nets, stimuli

from machines.mcculloch_pitts import law
from machines.mcculloch_pitts.exports import waveform
from machines.mcculloch_pitts.waveform_in import looks_like_waveform, read
from simulator.errors import Mistake

HEAD = "$timescale 1 us $end $scope module top $end $var wire 1 ! n_1 $end $upscope $end "
BODY = "$enddefinitions $end #0 0! "


@given(st.data())
@settings(max_examples=40, deadline=None)
def test_the_dump_of_a_run_gives_its_stimulus_back(data):
    net = data.draw(nets())
    record = law.run(net, data.draw(stimuli(net)), data.draw(st.integers(0, 12)))
    if not net.afferents:
        return
    text = waveform.dump(net, record)
    assert looks_like_waveform(text)
    back = read(net, text.encode())
    assert back.dtype == np.uint8
    np.testing.assert_array_equal(back, record[:, : net.afferents])
    np.testing.assert_array_equal(law.run(net, back, len(record) - 1), record)


def test_a_wire_of_another_scope_does_where_there_is_only_one():
    net = figures.heat_and_cold()
    rows = read(net, (HEAD + BODY + "#500 1! #1500 0! #2000").encode())
    assert rows.tolist() == [[0, 0], [1, 0], [1, 0], [0, 0]]


def test_one_bit_written_as_a_vector_of_one_is_no_other_bit():
    net = figures.heat_and_cold()
    rows = read(net, (HEAD + BODY + "#500 b1 ! #1500 b0 ! #2000").encode())
    assert rows.tolist() == [[0, 0], [1, 0], [1, 0], [0, 0]]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "enddefinitions"),
        (HEAD, "enddefinitions"),
        (HEAD.replace("$timescale 1 us $end", "") + BODY, "no .timescale"),
        (HEAD.replace("n_1", "n_7") + BODY, "no wire.*n_1, n_2.*n_7"),
        (HEAD.replace("wire 1", "wire 8") + BODY, "n_1 has 8 bits"),
        (HEAD + HEAD.replace("!", '"').replace("top", "other") + BODY, "several wires.*n_1"),
        (HEAD + BODY + "#700 1!", "between t = 1 and 2"),
        (HEAD + BODY + "#500 x!", "'x'; it fires"),
        (HEAD + BODY + "#500 bx !", "'x'; it fires"),
        (HEAD + BODY + "#500 b11 !", "'3'; it fires"),
        (HEAD + BODY + "#500 r0.5 !", "'0.5'; it fires"),
        (HEAD + BODY + "#1000 1! #500 0!", "goes back"),
        (HEAD + BODY + "#999999999999999999 1!", "between"),
        (HEAD + BODY + "#5000000000000000 1!", "lasts"),
        (HEAD + BODY + "#" + "9" * 5000 + " 1!", "not a waveform"),
        ("$timescale 7 eons $end", "not a waveform"),
    ],
)
def test_what_is_no_stimulus_is_refused_in_one_line(text, words):
    with pytest.raises(Mistake, match=words) as refused:
        read(figures.heat_and_cold(), text.encode())
    assert "\n" not in str(refused.value)


PIECES = ["$timescale", "$scope", "$var", "$end", "$upscope", "$enddefinitions", "$dumpvars",
          "wire", "module", "1", "us", "!", "n_1", "n_2", "#0", "#500", "#1000", "1!", "0!", "x!",
          "b1 !", "r1.5 !", "\\", "[0]", "real", "string", "$comment", "é", "#", "-1"]  # fmt: skip


@given(st.one_of(
    st.binary(max_size=80),
    st.lists(st.sampled_from(PIECES), max_size=30).map(lambda some: " ".join(some).encode()),
    st.lists(st.sampled_from(PIECES), max_size=12).map(
        lambda some: (HEAD + BODY + " ".join(some)).encode()),
))  # fmt: skip
@settings(max_examples=300, deadline=None)
def test_any_bytes_are_a_stimulus_or_a_mistake(data):
    try:
        rows = read(figures.heat_and_cold(), data)
    except Mistake:
        return
    assert rows.shape[1] == 2
    assert np.isin(rows, (0, 1)).all()
