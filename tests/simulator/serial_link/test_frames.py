"""The protocol's words: what is read, what is refused, and that nothing in between exists."""

import binascii

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from simulator import chance
from simulator.serial_link import frames
from simulator.serial_link.frames import Hello, Lines, OtherVersionError, UnfitError

SMALL = Hello(2, 3, 6, 8, "demo")
hellos = st.builds(
    Hello,
    rows=st.integers(1, 64),
    columns=st.integers(1, 64),
    bits=st.integers(1, 8),
    lamps=st.integers(0, 8),
    board_id=st.from_regex(r"[A-Za-z0-9._-]{1,48}", fullmatch=True),
)


def sealed(body):
    """The envelope by the protocol's text, worked out anew."""
    return body + b"*" + f"{binascii.crc_hqx(body, 0xFFFF):04X}".encode()


def test_the_checksum_is_the_published_one():
    # CRC-16/CCITT-FALSE of "123456789" is 29B1 (catalogue of parametrised CRC algorithms)
    assert frames.seal(b"123456789") == b"123456789*29B1"


def test_the_lines_of_the_protocols_own_examples():
    hello = b"H1 rows=20 cols=20 bits=6 lamps=8 id=mega-matrix25x16"
    assert frames.parse_hello(sealed(hello)) == Hello(20, 20, 6, 8, "mega-matrix25x16")
    assert frames.ask() == b"?\n"
    assert frames.stream(25) == sealed(b"S19") + b"\n"
    assert frames.lamps(0xA5) == sealed(b"LA5") + b"\n"


def test_a_frame_is_read_to_the_last_cell():
    frame = frames.parse_frame(sealed(b"F0AFF01234o"), SMALL)
    assert (frame.number, frame.lamps) == (10, 255)
    assert frame.values.tolist() == [[0, 1, 2], [3, 4, 63]]
    assert frame.values.dtype == np.uint8
    eight = frames.parse_frame(sealed(b"F0100007FFF"), Hello(1, 3, 8, 8, "x"))
    assert eight.values.tolist() == [[0, 127, 255]]


@given(hellos)
def test_every_hello_is_read_back(hello):
    line = frames.hello_line(hello)
    assert frames.parse_hello(line[:-1]) == hello
    assert len(line) < 256


@given(st.data(), st.integers(1, 12), st.integers(1, 12), st.integers(1, 8))
def test_every_frame_is_read_back(data, rows, columns, bits):
    values = data.draw(arrays(np.uint8, (rows, columns), elements=st.integers(0, 2**bits - 1)))
    number, lit = data.draw(st.integers(0, 255)), data.draw(st.integers(0, 255))
    hello = Hello(rows, columns, bits, 8, "x")
    line = frames.frame_line(number, lit, values, bits)
    assert len(line) == hello.line_length + 1
    frame = frames.parse_frame(line[:-1], hello)
    assert (frame.number, frame.lamps) == (number, lit)
    np.testing.assert_array_equal(frame.values, values)


def test_unknown_keys_of_a_hello_are_passed_over():
    said = b"H1 rows=2 cols=3 bits=6 lamps=8 id=demo lens=50mm mood=good"
    assert frames.parse_hello(sealed(said)) == SMALL


@pytest.mark.parametrize("key", ["rows", "cols", "bits", "lamps", "id"])
def test_a_hello_that_leaves_a_key_out_is_refused(key):
    said = b"H1 rows=2 cols=3 bits=6 lamps=8 id=demo"
    without = b" ".join(word for word in said.split() if not word.startswith(key.encode()))
    with pytest.raises(UnfitError, match=f"does not say {key}"):
        frames.parse_hello(sealed(without))


@pytest.mark.parametrize(
    "said",
    [
        b"H1 rows=65000 cols=20 bits=6 lamps=8 id=x",
        b"H1 rows=99999999999999999999 cols=20 bits=6 lamps=8 id=x",
        b"H1 rows=0 cols=20 bits=6 lamps=8 id=x",
        b"H1 rows=20 cols=-1 bits=6 lamps=8 id=x",
        b"H1 rows=20 cols=20 bits=9 lamps=8 id=x",
        b"H1 rows=20 cols=20 bits=6 lamps=9 id=x",
        b"H1 rows=20 rows=20 cols=20 bits=6 lamps=8 id=x",
        b"H1  rows=20 cols=20 bits=6 lamps=8 id=x",
        b"H1rows=20",
        b"Hello",
        b"H",
    ],
)
def test_an_impossible_hello_is_refused(said):
    with pytest.raises(UnfitError):
        frames.parse_hello(sealed(said))


@pytest.mark.parametrize("said", [b"H2 whatever", b"H2", b"H17 rows=2 cols=3 bits=6 lamps=8 id=x"])
def test_another_version_is_refused_and_both_are_named(said):
    with pytest.raises(OtherVersionError, match=r"protocol \d+, firstwave speaks 1"):
        frames.parse_hello(sealed(said))


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"F0A0001234", id="a cell short"),
        pytest.param(b"F0A000123456", id="a cell long"),
        pytest.param(b"F0A0001234p", id="a cell above the top"),
        pytest.param(b"F0A0001234/", id="a cell under the bottom"),
        pytest.param(b"F0G00012345", id="a running number that is none"),
        pytest.param(b"F0a00012345", id="a digit in lower case"),
        pytest.param(b"F0A0 012345", id="a lamp digit that is none"),
    ],
)
def test_a_frame_with_a_right_checksum_and_wrong_content_is_refused(body):
    with pytest.raises(UnfitError):
        frames.parse_frame(sealed(body), SMALL)


def test_eight_bit_cells_of_no_digits_are_refused():
    for cells in (b"0G", b" 1", b"+1", b"0x", b"ff"):
        with pytest.raises(UnfitError):
            frames.parse_frame(sealed(b"F0A00" + cells), Hello(1, 1, 8, 8, "x"))


@given(st.data(), st.integers(1, 3))
def test_up_to_three_bits_turned_over_are_always_noticed(data, turned):
    line = bytearray(frames.frame_line(7, 3, np.full((20, 20), 21, np.uint8), 6)[:-1])
    places = st.lists(
        st.integers(0, 8 * len(line) - 1), min_size=turned, max_size=turned, unique=True
    )
    for place in data.draw(places):
        line[place // 8] ^= 1 << place % 8
    assert frames.parse_frame(bytes(line), Hello(20, 20, 6, 8, "x")) is None


@given(st.integers(1, 400), st.integers(1, 0xFFFF))
def test_a_burst_of_sixteen_bits_is_always_noticed(at, pattern):
    line = bytearray(frames.frame_line(7, 3, np.full((20, 20), 21, np.uint8), 6)[:-1])
    line[at] ^= pattern >> 8
    line[at + 1] ^= pattern & 0xFF
    assert frames.parse_frame(bytes(line), Hello(20, 20, 6, 8, "x")) is None


@given(st.binary(max_size=300))
def test_no_line_whatever_raises_anything_but_a_refusal(line):
    for said in (line, sealed(line), sealed(b"H1" + line), sealed(b"F" + line)):
        for read in (frames.parse_hello, lambda one: frames.parse_frame(one, SMALL)):
            refusal = ""
            try:
                read(said)
            except UnfitError as unfit:
                refusal = str(unfit)
            assert refusal.isprintable()


# bytes to lines


@given(st.lists(st.binary(max_size=40)), st.integers(1, 50))
def test_lines_are_the_same_however_the_bytes_come(pieces, size):
    data = b"\n".join(pieces)
    at_once, in_pieces = Lines(), Lines()
    expected = at_once.feed(data)
    got = []
    for first in range(0, len(data), size):
        got += in_pieces.feed(data[first : first + size])
    assert got == expected
    assert len(in_pieces) == len(at_once)


@given(st.lists(st.binary(max_size=100)), st.integers(5, 30))
def test_no_more_than_the_longest_line_is_ever_kept(pieces, longest):
    lines = Lines()
    lines.longest = longest
    for piece in pieces:
        assert all(len(line) <= longest for line in lines.feed(piece))
        assert len(lines) <= longest


@given(st.binary(max_size=200), st.binary(max_size=200))
@settings(max_examples=200)
def test_a_frame_is_found_in_any_noise(before, after):
    frame = frames.frame_line(1, 2, np.array([[1, 2, 3], [4, 5, 6]], np.uint8), 6)
    lines = Lines().feed(before + b"\n" + frame + after)
    assert frame[:-1] in lines


def test_storms_of_zero_and_of_all_ones_leave_nothing_behind():
    for storm in (b"\0", b"\xff"):
        lines = Lines()
        for _ in range(1000):
            assert lines.feed(storm * 10_000) == []
        assert len(lines) == 0
        assert lines.too_long == 1
        assert lines.feed(b"\nF\n") == [b"F"]


@pytest.mark.slow
def test_of_a_million_random_lines_only_those_with_a_right_checksum_are_taken():
    """Half are of any characters, half have a frame's or a hello's outer form."""
    hello = Hello(2, 2, 6, 8, "x")
    lines, taken, seen = Lines(), 0, 0
    alphabet = np.frombuffer(b"FH*0123456789ABCDEF\r o?# \xff", np.uint8)
    digits = np.frombuffer(b"0123456789ABCDEF", np.uint8)
    for part in range(100):
        at = np.arange(part * 140_000, (part + 1) * 140_000)
        drawn = chance.bits_of(7, chance.stream("fuzz"), at)
        any_of = alphabet[(drawn % np.uint64(len(alphabet))).astype(np.intp)].reshape(10_000, 14)
        any_of[::2] = digits[(drawn & np.uint64(15)).astype(np.intp)].reshape(10_000, 14)[::2]
        any_of[::2, 0], any_of[::2, -5] = ord("F"), ord("*")
        for line in lines.feed(b"\n".join(row.tobytes() for row in any_of) + b"\n"):
            seen += 1
            try:
                found = frames.parse_frame(line, hello) or frames.parse_hello(line)
            except UnfitError:
                found = None
            if found is not None:
                assert line == sealed(line[:-5])
                taken += 1
    assert seen == 1_000_000
    # half a million times 2**-16 is 7.6 on average; above 20 once in ten thousand tables
    assert 0 < taken <= 20
