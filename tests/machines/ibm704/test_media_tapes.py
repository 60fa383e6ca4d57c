"""Tapes, drums, and conversion between all media."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from machines.ibm704.media import cards, codes, convert, decks, drums, tapes
from machines.ibm704.media.tapes import FILE_MARK, Record
from machines.ibm704.sap import read_source
from simulator.errors import Mistake

word = st.integers(0, (1 << 36) - 1)
words = st.lists(word, min_size=1, max_size=20)
bcd_words = st.text(codes.GLYPHS.replace("_", ""), min_size=1).map(codes.words_of_text)
frames = st.binary(min_size=1, max_size=40).map(lambda data: bytes(b & 0x7F for b in data))
record = (
    frames.map(Record)
    | words.map(lambda data: tapes.record_of(data, binary=True))
    | bcd_words.map(lambda data: tapes.record_of(data, binary=False))
    | st.just(FILE_MARK)
)


def can_be_told(records):
    """A record all of 0F is a file mark, and SIMH ends p7b files with a character of its own."""
    plain = all(one.is_mark or one.frames.strip(b"\x0f") for one in records)
    last = [one.frames for one in records[-2:]]
    return plain and not (
        len(last) == 2 and len(last[1]) == 1 and last[1] == last[0][:1] != last[0]
    )


tape = st.lists(record, max_size=6).filter(can_be_told)


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    return tmp_path_factory.mktemp("media")


# records


@given(words)
def test_a_binary_record_gives_its_words_back(data):
    made = tapes.record_of(data, binary=True)
    assert tapes.words_of(made, binary=True) == (data, True)
    assert len(made.frames) == 6 * len(data)


@given(bcd_words)
def test_a_bcd_record_gives_its_words_back(data):
    made = tapes.record_of(data, binary=False)
    assert tapes.words_of(made, binary=False) == (data, True)
    assert tapes.text_of(made) == codes.text_of_words(data)


def test_a_bcd_record_has_the_characters_of_the_reference_sheet():
    made = tapes.record_of(codes.words_of_text("A0 S/Z"), binary=False)
    # zones 01 and 11 change places, 00 goes out as 12, the seventh bit makes parity even
    assert [frame & 0o77 for frame in made.frames] == [0o61, 0o12, 0o20, 0o22, 0o21, 0o31]
    assert all(frame.bit_count() % 2 == 0 for frame in made.frames)


@given(words)
def test_reading_with_the_other_parity_gives_words_and_a_tape_check(data):
    read, good = tapes.words_of(tapes.record_of(data, binary=True), binary=False)
    assert len(read) == len(data)
    assert not good


@given(words, st.integers(0, 119), st.integers(0, 6))
def test_a_frame_of_wrong_parity_is_noticed(data, place, bit):
    made = bytearray(tapes.record_of(data, binary=True).frames)
    made[place % len(made)] ^= 1 << bit
    assert not tapes.good(Record(bytes(made)), binary=True)


def test_a_record_of_odd_length_fills_its_last_word_with_zeros():
    assert tapes.words_of(Record(bytes([0o101, 0o2])), binary=True)[0] == [0o010200000000]


def test_a_card_is_a_record_of_14_words_for_the_share_assembler():
    (made,) = tapes.records_of_text(["       CLA 5"])
    assert len(made.frames) == 84
    assert tapes.text_of(made) == "       CLA 5".ljust(84)


# files


@given(tape, st.sampled_from(["p7b", "tap"]))
def test_any_tape_comes_back_frame_by_frame(place, records, form):
    path = place / "tape"
    assert tapes.write_tape(path, records, form) == len(records)
    assert list(tapes.read_tape(path)) == records


@given(tape)
def test_p7b_and_tap_hold_the_same(place, records):
    first, second, third = place / "a.p7b", place / "b.tap", place / "c.p7b"
    tapes.write_tape(first, records, "p7b")
    convert.convert(first, second)
    convert.convert(second, third)
    assert list(tapes.read_tape(second)) == records
    assert first.read_bytes() == third.read_bytes()


def test_p7b_has_the_bytes_of_the_reference_sheet():
    content = tapes.p7b_of(tapes.record_of([0o010203040506], binary=True))
    assert content == bytes([0x81, 0x02, 0x43, 0x04, 0x45, 0x46])
    assert tapes.p7b_of(FILE_MARK) == b"\x8f"


def test_tap_has_a_length_before_and_after_each_record():
    content = tapes.tap_of(tapes.record_of([0o010203040506], binary=True))
    assert content == b"\x06\0\0\0" + bytes([1, 2, 0x43, 4, 0x45, 0x46]) + b"\x06\0\0\0"
    assert tapes.tap_of(FILE_MARK) == bytes(4)
    assert tapes.tap_of(Record(b"\x01")) == b"\1\0\0\0\x01\0\1\0\0\0"


def test_a_p7b_tape_of_simh_has_one_byte_too_many(place):
    # SIMH marks the end of a record by the first byte of the next, which is not there yet
    made = tapes.record_of([0o010203040506], binary=True)
    for before in (b"", tapes.p7b_of(FILE_MARK)):
        content = before + tapes.p7b_of(made)
        (place / "simh.p7b").write_bytes(content + content[len(before) :][:1])
        assert list(tapes.read_tape(place / "simh.p7b"))[-1] == made


def test_an_end_that_could_be_simhs_is_not_written(place):
    with pytest.raises(Mistake, match="record 2: a last record of one character"):
        tapes.write_tape(place / "x.p7b", [Record(b"\x01\x02"), Record(b"\x01")])


def test_a_file_mark_may_have_its_check_character(place):
    (place / "mark.p7b").write_bytes(b"\x8f\x0f\x81")
    assert list(tapes.read_tape(place / "mark.p7b")) == [FILE_MARK, Record(b"\x01")]


def test_tap_may_have_gaps_an_end_and_damaged_records(place):
    body = b"\x01\x02"
    good, bad = struct.pack("<I", 2), struct.pack("<I", 0x80000002)
    content = b"\xfe\xff\xff\xff" + good + body + good + bad + body + bad + b"\xff\xff\xff\xff rest"
    (place / "simh.tap").write_bytes(content)
    read = list(tapes.read_tape(place / "simh.tap"))
    assert read == [Record(body), Record(body, damaged=True)]
    assert not tapes.good(read[1], binary=True)
    with pytest.raises(Mistake, match="record 2: p7b cannot tell that a record is damaged"):
        tapes.write_tape(place / "x.p7b", read, "p7b")


ONE = tapes.tap_of(tapes.record_of([5], binary=True))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"HELLO, WORLD", "neither a p7b tape"),
        (ONE + ONE[:7], "record 2: cut short, it should have 6 bytes"),
        (ONE + ONE[:2], "record 2: the file is cut short in the record's length"),
        (ONE + ONE[:-4] + b"\x07\0\0\0", "record 2: its length after it (7) is not the one before"),
        (ONE + b"\xff\xff\xff\x7f", "record 2: a length of 2147483647 bytes; the file is damaged"),
        (ONE + b"\1\0\0\0\x80\0\1\0\0\0", "record 2: a byte of eight bits"),
        (b"\x81" + bytes((1 << 20) + 5), "record 1 is longer than 1048576 characters"),
    ],
)
def test_a_damaged_tape_is_told_with_its_record(place, content, said):
    path = place / "bad.tap"
    path.write_bytes(content)
    with pytest.raises(Mistake) as caught:
        list(tapes.read_tape(path))
    assert str(caught.value).startswith(f"{path}: {said}")


def test_what_is_good_of_a_tape_can_be_had_with_what_is_wrong_behind_it(place):
    path = place / "junk.tap"
    path.write_bytes(ONE * 2 + b"JUNK")
    records, trouble = tapes.load_tape(path)
    assert records == [tapes.record_of([5], binary=True)] * 2
    assert "record 3" in str(trouble)
    path.write_bytes(ONE)
    assert tapes.load_tape(path)[1] is None
    path.write_bytes(b"JUNK")
    with pytest.raises(Mistake, match="neither a p7b tape"):
        tapes.load_tape(path)


def test_an_empty_file_is_a_blank_tape(place):
    (place / "blank").write_bytes(b"")
    assert list(tapes.read_tape(place / "blank")) == []


def test_a_long_tape_is_read_record_by_record(place):
    path = place / "long.p7b"
    with path.open("wb") as file:
        for number in range(3000):
            file.write(tapes.p7b_of(tapes.record_of([number] * 20, binary=True)))
    numbers = [tapes.words_of(one, binary=True)[0][19] for one in tapes.read_tape(path)]
    assert numbers == list(range(3000))


@given(st.binary(max_size=200) | st.binary(max_size=30).map(lambda noise: ONE + noise + ONE))
def test_no_file_is_too_bad_to_be_read_or_refused(place, content):
    path = place / "any"
    path.write_bytes(content)
    try:
        records = list(tapes.read_tape(path))
    except Mistake as mistake:
        if not str(mistake).startswith(f"{path}: "):
            raise
    else:
        assert all(len(one.frames) > 0 and max(one.frames) < 128 for one in records)


# drums


@given(st.lists(word, max_size=40))
def test_a_drum_gives_its_words_back(place, data):
    drums.write_drum(place / "a.drum", data)
    assert drums.read_drum(place / "a.drum") == data + [0] * (2048 - len(data))
    assert (place / "a.drum").stat().st_size == 10_240


def test_a_drum_of_another_simulator_reads_back_word_for_word(place):
    data = [0o412345367654, *range(2047)]
    parts = [(w & 0o77777, w >> 18 & 0o77777, w >> 33 << 4 | w >> 15 & 7) for w in data]
    (place / "sim704").write_bytes(b"".join(struct.pack("<HHB", *part) for part in parts))
    assert drums.read_drum(place / "sim704") == data
    (place / "simh").write_bytes(struct.pack("<2050Q", *data, 7, 9))
    assert drums.read_drum(place / "simh") == data
    assert drums.read_drum(place / "simh", 2)[:3] == [7, 9, 0]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "0 bytes; a drum file has 10240"),
        (bytes(10_239), "10239 bytes; a drum file has 10240"),
        (bytes(8) + b"\xff" * 8, "word 1 has more than 36 bits; the file is damaged or no drum"),
        (bytes(300_000), "larger than 262144 bytes"),
    ],
)
def test_a_damaged_drum_is_told(place, content, said):
    path = place / "bad.drum"
    path.write_bytes(content)
    with pytest.raises(Mistake) as caught:
        drums.read_drum(path)
    assert str(caught.value).startswith(f"{path}: {said}")


def test_what_does_not_fit_on_a_drum_is_refused(place):
    with pytest.raises(Mistake, match="a drum holds 2048 words, not 2049"):
        drums.write_drum(place / "x", [0] * 2049)
    with pytest.raises(Mistake, match="a word of a drum is 36 bits"):
        drums.write_drum(place / "x", [1 << 36])


# conversion


any_card = st.lists(st.integers(0, 0o7777), min_size=80, max_size=80).map(tuple)
text_card = st.text(codes.GLYPHS, max_size=80).map(cards.from_text)


@given(
    st.lists(any_card | text_card, min_size=1, max_size=4),
    st.permutations(["a.cbn", "b.txt", "c.p7b", "d.tap"]),
)
def test_a_deck_comes_back_from_any_medium(place, deck, order):
    before = place / "start.cbn"
    decks.write_deck(before, deck)
    for name in order:
        convert.convert(before, place / name)
        before = place / name
    convert.convert(before, place / "end.cbn")
    assert (place / "end.cbn").read_bytes() == (place / "start.cbn").read_bytes()


@given(st.lists(word, max_size=30), st.permutations(["a.cbn", "b.txt"]), st.booleans())
def test_a_drum_comes_back_from_cards_and_from_tape(place, data, order, by_tape):
    before = place / "start.drum"
    drums.write_drum(before, data)
    for name in ["c.tap", "d.p7b"] if by_tape else order:
        convert.convert(before, place / name)
        before = place / name
    assert convert.convert(before, place / "end.drum") == 2048
    assert (place / "end.drum").read_bytes() == (place / "start.drum").read_bytes()


def test_a_file_is_known_by_what_is_in_it(place):
    deck = [cards.from_words([5] * 24)] * 2
    decks.write_deck(place / "x1", deck)
    decks.write_deck(place / "x2", [cards.from_text("A")], "text")
    tapes.write_tape(place / "x3", [tapes.record_of([5], binary=True)])
    tapes.write_tape(place / "x4", [tapes.record_of([5], binary=True)], "tap")
    drums.write_drum(place / "x5.drum", [5])
    names = ["x1", "x2", "x3", "x4", "x5.drum"]
    assert [convert.recognise(place / name) for name in names] == [
        "cbn", "text", "p7b", "tap", "drum",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("made", "target", "said"),
    [
        ([tapes.record_of([5] * 9, binary=True)], "x.txt", "record 1: 54 characters; a card is"),
        ([tapes.record_of([5], binary=False)], "x.drum", "record 1: not binary words; only those"),
        (
            [tapes.record_of([1] * 2049, binary=True)],
            "x.drum",
            "more than the 2048 words of a drum",
        ),
    ],
)
def test_what_does_not_fit_another_medium_is_refused(place, made, target, said):
    tapes.write_tape(place / "from.p7b", made)
    (place / target).unlink(missing_ok=True)
    with pytest.raises(Mistake) as caught:
        convert.convert(place / "from.p7b", place / target)
    assert said in str(caught.value)
    assert not (place / target).exists()


def test_a_report_with_its_file_mark_becomes_a_text_deck_and_a_tape_again(place):
    report = [*tapes.records_of_text(["TOTAL  42", "PAGE 2"]), FILE_MARK]
    tapes.write_tape(place / "report.tap", report, "tap")
    assert convert.convert(place / "report.tap", place / "report.txt") == 3
    assert (place / "report.txt").read_text() == "TOTAL  42\nPAGE 2\n~eof\n"
    assert read_source(place / "report.txt") == "TOTAL  42\nPAGE 2", "as source it ends there"
    convert.convert(place / "report.txt", place / "report.cbn")
    assert read_source(place / "report.cbn") == "TOTAL  42\nPAGE 2"
    convert.convert(place / "report.cbn", place / "again.p7b")
    assert list(tapes.read_tape(place / "again.p7b")) == report


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("cut.cbn", decks.cbn_of(cards.from_text("A"))[:100], "card 1: it has 100 bytes"),
        ("two.dck", decks.cbn_of(cards.from_text("A")) + b"\x81\x02", "card 2: it has 2 bytes"),
        ("nul.sap", bytes(300), "no text, though its name says so"),
        ("utf16.sap", " CLA 5\n".encode("utf-16"), "no text, though its name says so"),
        ("utf16.txt", " CLA 5\n".encode("utf-16-be"), "card 1: the 704 has no character"),
        ("picture.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "no text, no deck and no tape"),
        ("text.tap", b"       CLA 5\n", "neither a p7b tape"),
    ],
)
def test_what_is_no_tape_is_never_taken_for_one(place, name, content, said):
    (place / name).write_bytes(content)
    with pytest.raises(Mistake) as caught:
        convert.convert(place / name, place / "never.tap")
    assert str(caught.value).startswith(f"{place / name}: ")
    assert said in str(caught.value)
    assert not (place / "never.tap").exists()


def test_a_target_of_unknown_suffix_is_refused(place):
    decks.write_deck(place / "deck.cbn", [])
    with pytest.raises(Mistake, match=r"x\.doc: which form\? name it with one of \.cbn, \.crd"):
        convert.convert(place / "deck.cbn", place / "x.doc")
