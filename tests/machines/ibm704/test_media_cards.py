"""Characters, cards and decks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from machines.ibm704.media import cards, codes, decks
from simulator.errors import Mistake

words24 = st.lists(st.integers(0, (1 << 36) - 1), min_size=24, max_size=24)
any_card = st.lists(st.integers(0, 0o7777), min_size=80, max_size=80).map(tuple)
text = st.text(codes.GLYPHS + codes.GLYPHS.lower(), max_size=80)
text_card = text.map(cards.from_text)
decks_of_cards = st.lists(any_card | text_card, max_size=4)


# characters


def test_storage_has_the_bcd_code_of_the_reference_sheet():
    octal = {
        "0": 0o00, "9": 0o11, "=": 0o13, "'": 0o14, "+": 0o20, "A": 0o21, "I": 0o31, ".": 0o33,
        ")": 0o34, "-": 0o40, "J": 0o41, "R": 0o51, "$": 0o53, "*": 0o54, " ": 0o60, "/": 0o61,
        "S": 0o62, "Z": 0o71, ",": 0o73, "(": 0o74,
    }  # fmt: skip
    assert {glyph: codes.code_of(glyph) for glyph in octal} == octal


def test_the_printer_has_48_characters():
    assert len(codes.PRINTED) == 48
    assert set("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ+-*/='.,()$ ") == codes.PRINTED


def test_a_letter_is_a_zone_and_a_digit_on_a_card():
    rows = {"12": 0o4000, "11": 0o2000, "0": 0o1000} | {str(d): 1 << (9 - d) for d in range(1, 10)}
    for glyph, punched in [
        ("A", "12 1"), ("I", "12 9"), ("J", "11 1"), ("R", "11 9"), ("S", "0 2"), ("Z", "0 9"),
        ("/", "0 1"), ("+", "12"), ("-", "11"), ("0", "0"), ("7", "7"), (" ", ""), ("=", "3 8"),
        ("'", "4 8"), (".", "12 3 8"), (")", "12 4 8"), ("$", "11 3 8"), ("*", "11 4 8"),
        (",", "0 3 8"), ("(", "0 4 8"),
    ]:  # fmt: skip
        code = codes.code_of(glyph)
        assert codes.PUNCHES[code] == sum(rows[row] for row in punched.split())


def test_tape_swaps_zones_and_has_no_blank_frame():
    assert codes.TO_TAPE[0] == 0o12
    assert codes.TO_TAPE[codes.code_of("A")] == 0o61
    assert codes.TO_TAPE[codes.code_of("S")] == 0o22
    assert codes.TO_TAPE[codes.code_of(" ")] == 0o20
    assert 0 not in codes.TO_TAPE
    back = [codes.FROM_TAPE[codes.TO_TAPE[code]] for code in range(64) if code != 0o12]
    assert back == [code for code in range(64) if code != 0o12]


def test_parity_makes_frames_odd_or_even():
    assert all(frame.bit_count() % 2 == 1 for frame in codes.ODD)
    assert all(frame.bit_count() % 2 == 0 for frame in codes.EVEN)


@given(text)
def test_text_comes_back_from_words_in_capitals(line):
    back = codes.text_of_words(codes.words_of_text(line))
    assert back.rstrip() == line.upper().rstrip()
    assert len(back) % 6 == 0


def test_commercial_characters_stand_for_those_of_the_704():
    assert codes.glyphs(codes.codes("#@&%")) == "='+("


def test_a_character_the_704_has_not_is_told_with_its_column():
    with pytest.raises(Mistake, match=r"^line 3: the 704 has no character 'é' \(column 2\)"):
        codes.codes("Aé", "line 3")


# cards


def test_a_row_of_a_card_is_two_words_from_the_bottom_up():
    columns = [0] * 80
    columns[0] = 0o0001  # row 9, column 1
    columns[71] = 0o4000  # row 12, column 72
    columns[36] = 0o1000  # row 0, column 37
    columns[79] = 0o7777  # not wired to the machine
    words = cards.words_of(tuple(columns))
    assert words[0] == 1 << 35, "9 left, bit S"
    assert words[23] == 1, "12 right, bit 35"
    assert words[19] == 1 << 35, "0 right, bit S"
    assert sum(words) == 2 * (1 << 35) + 1


@given(words24)
def test_words_come_back_from_a_card(words):
    assert cards.words_of(cards.from_words(words)) == words


@given(any_card)
def test_columns_1_to_72_are_all_the_machine_sees(card):
    assert cards.from_words(cards.words_of(card)) == card[:72] + (0,) * 8


@given(text)
def test_text_comes_back_from_a_card(line):
    assert cards.text_of(cards.from_text(line)) == line.upper().rstrip().ljust(80)


def test_a_column_that_is_no_character_makes_a_card_no_text():
    assert cards.text_of((0o7777, *[0] * 79)) is None


def test_what_does_not_fit_on_a_card_is_refused():
    with pytest.raises(Mistake, match="a card holds 24 words, not 25"):
        cards.from_words([0] * 25)
    with pytest.raises(Mistake, match="word 2 of a card is -1; a word is 36 bits"):
        cards.from_words([0, -1])
    with pytest.raises(Mistake, match="card 7: 81 characters, a card has 80 columns"):
        cards.from_text("A" * 81, "card 7")


# decks


@given(decks_of_cards, st.sampled_from(["cbn", "text"]))
def test_any_deck_comes_back_punch_by_punch(tmp_path_factory, deck, form):
    path = tmp_path_factory.mktemp("deck") / "deck"
    assert decks.write_deck(path, deck, form) == len(deck)
    assert list(decks.read_deck(path)) == deck


def test_a_cbn_card_has_the_bytes_of_the_reference_sheet():
    columns = [0] * 80
    columns[0] = 0o4001  # rows 12 and 9: 100000 and 000001
    image = decks.cbn_of(tuple(columns))
    assert len(image) == 160
    assert image[:4] == bytes([0x80 | 0x20, 0x01, 0x40, 0x40])
    assert all(byte & 0x7F in codes.ODD for byte in image)
    assert [place for place, byte in enumerate(image) if byte & 0x80] == [0]


def test_a_deck_as_other_simulators_write_it_reads_back_word_for_word(tmp_path):
    # as SIMH, Sim704 and sap23 lay it out: two bytes a column, rows 12-3 and 4-9, bit 6 odd parity;
    # the last counts the mark of the first byte into its parity, the first may end in a file mark
    words = [0o053400400000, 0o070000400002, 0o177777400001, *range(21)]
    image = bytearray()
    for column in range(80):
        for half in (0, 1):
            byte = 0
            for bit in range(6):
                row = 11 - 6 * half - bit  # as bit of a column; also the pair of words from 9 up
                word = words[2 * row + column // 36] if column < 72 else 0
                byte |= (word >> (35 - column % 36) & 1) << (5 - bit)
            image.append(byte | (0x40 if byte.bit_count() % 2 == 0 else 0))
    image[0] |= 0x80
    for first in (image[0], image[0] ^ 0x40):
        for end in (b"", b"\x8f"):
            (tmp_path / "deck").write_bytes(bytes([first]) + image[1:] + end)
            (card,) = decks.read_deck(tmp_path / "deck")
            assert cards.words_of(card) == words


def test_a_text_deck_may_have_simh_escapes(tmp_path):
    path = tmp_path / "deck.txt"
    path.write_bytes(b"HELLO\tA\r\n~eof\n~RAW" + b"7777" + b"0000" * 79 + b"\n~\nNOT READ\n")
    first, second, third = decks.read_deck(path)
    assert cards.text_of(first).rstrip() == "HELLO   A"
    assert second == (0o015, *[0] * 79)
    assert third == (0o7777, *[0] * 79)


def deck_file(tmp_path, content):
    path = tmp_path / "bad.cbn"
    path.write_bytes(content)
    return path


GOOD = decks.cbn_of(cards.from_text("HELLO"))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (GOOD + GOOD[:100], "card 2: it has 100 bytes instead of 160; the file is cut short"),
        (GOOD + b"\x40" + GOOD[1:], "card 2: its first byte is not marked as one (bit 7)"),
        (GOOD[:80] + GOOD, "card 1: it has 80 bytes instead of 160"),
        (GOOD[:9] + b"\x00" + GOOD[10:], "card 1, column 5: wrong parity; the file is damaged"),
        (GOOD + b"\x8f" + GOOD, "cards follow a file mark after card 1; cut the file there"),
        (b"HELLO\nA\xff\n", "card 2: not text; a binary deck begins with a marked byte"),
        (b"A" * 5000, "card 1: the line is longer than 4095 bytes"),
        (b"A" * 81, "card 1: 81 characters, a card has 80 columns"),
        (b"~raw0123", "card 1: after ~raw stand 80 columns of four octal digits"),
        (b"~raw" + b"8888" * 80, "card 1: after ~raw stand 80 columns of four octal digits"),
        (b"A\n^~`", "card 2: the 704 has no character '`' (column 3)"),
    ],
)
def test_a_damaged_deck_is_told_with_its_card(tmp_path, content, said):
    path = deck_file(tmp_path, content)
    with pytest.raises(Mistake) as caught:
        list(decks.read_deck(path))
    assert str(caught.value).startswith(f"{path}: {said}")


def test_the_cards_before_a_damaged_one_are_read(tmp_path):
    reader = decks.read_deck(deck_file(tmp_path, GOOD * 2 + GOOD[:9]))
    assert [next(reader), next(reader)] == [cards.from_text("HELLO")] * 2
    with pytest.raises(Mistake, match="card 3"):
        next(reader)


def test_a_deck_that_is_not_there_is_told(tmp_path):
    with pytest.raises(Mistake, match=r"none\.cbn: cannot be read \(No such file"):
        list(decks.read_deck(tmp_path / "none.cbn"))
    with pytest.raises(Mistake, match="cannot be read"):
        list(decks.read_deck(tmp_path))


def test_an_unknown_form_of_deck_is_refused(tmp_path):
    with pytest.raises(Mistake, match="a deck is written as cbn or text, not as xml"):
        decks.write_deck(tmp_path / "a", [], "xml")


@given(st.binary(max_size=700) | st.binary(max_size=9).map(lambda noise: GOOD[:155] + noise + GOOD))
def test_no_file_is_too_bad_to_be_read_or_refused(tmp_path_factory, content):
    path = tmp_path_factory.mktemp("deck") / "deck"
    path.write_bytes(content)
    try:
        deck = list(decks.read_deck(path))
    except Mistake as mistake:
        deck = []
        said = str(mistake)
        if not said.startswith(f"{path}: ") or "card" not in said:
            raise
    assert all(len(card) == 80 for card in deck)
