"""Card reader and card punch: their speed, their windows, their ends."""

import random
from pathlib import Path

import pytest
from with_units import CYCLE_NS, MS, examine, machine, pause, put, run, stopped_at

import machines.ibm704
from machines.ibm704 import Stop
from machines.ibm704.devices import mount_cards, take_cards
from machines.ibm704.media import cards, decks
from machines.ibm704.sap import assemble, read_source
from simulator.errors import Mistake

PROGRAMS = Path(machines.ibm704.__file__).parent / "programs"
engines = pytest.mark.parametrize("engine", ["compiled", "reference"])

READ_ALL = """
       ORG 64
START  LXA ZERO,1
CARD   RCD
READ   CPY IMAGE,1
       TXI READ,1,-1
       HTR *              END OF FILE
       TRA CARD           END OF RECORD
ZERO   PZE
IMAGE  BSS 480
       END START"""

PUNCH = """
       ORG 64
START  LXA CARDS,2
CARD   WPU
       LXA COUNT,1
WRITE  CPY IMAGE+24,1
       TIX WRITE,1,1
       TIX CARD,2,1
       IOD
       HPR
CARDS  PZE {cards}
COUNT  PZE {copies}
IMAGE  BSS 24
       END START"""


def some_cards(count, seed=711):
    rng = random.Random(seed)
    return [cards.from_words([rng.getrandbits(36) for _ in range(24)]) for _ in range(count)]


@engines
def test_the_reader_reads_250_cards_a_minute(engine):
    took = []
    for count in (1, 11):
        made, at = machine(READ_ALL, engine)
        deck = some_cards(count)
        mount_cards(made, deck)
        made.operate("ibm704.console.start")
        while made.number("ibm704.control.unit") == 0 or made.number("ibm704.reader.read") < count:
            made.run(made.next_due_ns())
        while made.number("ibm704.control.unit"):
            made.run(made.next_due_ns())
        took.append(made.now_ns)
        words = [word for card in deck for word in cards.words_of(card)]
        assert examine(made, at["IMAGE"], 24 * count) == words
    assert took[1] - took[0] == 10 * 60_000 * MS // 250


def test_a_card_takes_from_its_select_what_was_measured():
    made, _ = machine(READ_ALL)
    mount_cards(made, some_cards(1))
    made.operate("ibm704.console.start")
    times = []
    while made.stop == Stop.RUNNING:
        before = made.number("ibm704.core.word[72]"), made.number("ibm704.register.XRA")
        made.run(made.next_due_ns())
        if made.number("ibm704.register.XRA") != before[1]:
            times.append(made.now_ns)
    # LXA, RDS, then row 9 left 75.1 ms after; the copy waits for it, TXI counts it
    nine_left = 2 * CYCLE_NS + 75_100_000
    expected = [
        nine_left + row * 12_000_000 + side * 327_000 + 2 * CYCLE_NS
        for row in range(12)
        for side in (0, 1)
    ]
    assert times == expected


@engines
def test_a_program_that_is_late_for_the_next_card_loses_the_cycle(engine):
    # after the end of the record 41 - 7.5 = 33.5 ms remain
    took = []
    for late_ms in (33, 34):
        slow = READ_ALL.replace(
            "       TRA CARD ", pause(late_ms * 1000 // 12) + "       TRA CARD "
        )
        made, _ = machine(slow, engine)
        mount_cards(made, some_cards(11))
        run(made)
        took.append(made.now_ns)
    in_time, late = took
    assert 10 * 240 * MS < in_time < 13 * 240 * MS
    assert late - in_time > 10 * 8 * MS, "116.4 instead of 107.7 ms from 12 right to 9 left"


@engines
def test_the_end_of_the_record_skips_two_and_the_end_of_the_file_one(engine):
    made, at = machine(
        """
       ORG 64
START  RCD
       LXA COUNT,1
READ   CPY IMAGE+24,1
       TIX READ,1,1
       CPY IMAGE          25TH
       HTR 1
       HTR 2
       RCD
       CPY IMAGE
       HTR 3
FILE   RCD
       HTR 4
COUNT  PZE 24
IMAGE  BSS 24
       END START""",
        engine,
    )
    mount_cards(made, some_cards(1))
    run(made, stop=Stop.NOT_READY)
    assert stopped_at(made) == at["FILE"]
    assert "00321" in made.why()
    assert "not ready" in made.why()
    mount_cards(made, some_cards(1))
    made.operate("ibm704.console.start")
    made.run_to_stop(made.now_ns + 10**10)
    assert made.stop == Stop.HALT, "the operator put cards in and pressed start"


def test_a_reader_without_an_end_of_file_is_not_ready_when_it_is_empty():
    made, at = machine(READ_ALL)
    mount_cards(made, some_cards(2), file_ends=False)
    run(made, stop=Stop.NOT_READY)
    assert stopped_at(made) == at["CARD"]


@engines
def test_a_card_that_is_not_copied_is_skipped(engine):
    made, at = machine(
        """
       ORG 64
START  RCD
       RCD
       CPY WORD
       HPR
WORD   BSS 1
       END START""",
        engine,
    )
    deck = some_cards(2)
    mount_cards(made, deck)
    took = run(made)
    assert made.examine(at["WORD"]) == cards.words_of(deck[1])[0]
    assert abs(took - (75 + 240) * MS) < MS


@pytest.mark.parametrize(
    ("cycles", "row", "stop"),
    [
        # with the 2 cycles of the copy or select before: 327 us are 27.25 cycles
        (24, "L", Stop.HALT),
        (26, "L", Stop.READ_WRITE_CHECK),
        (970, "R", Stop.HALT),  # 12 ms less 327 us are 972.75
        (972, "R", Stop.READ_WRITE_CHECK),
        (6256, "", Stop.HALT),  # 75.1 ms are 6258.3
        (6258, "", Stop.READ_WRITE_CHECK),
    ],
)
@engines
def test_a_copy_must_be_given_before_its_word_passes(engine, cycles, row, stop):
    first = {"": "", "L": "       CPY WORD\n", "R": "       CPY WORD\n       CPY WORD\n"}[row]
    made, at = machine(
        f"""
       ORG 64
START  RCD
{first}{pause(cycles)}
COPY   CPY WORD
       HPR
WORD   BSS 1
       END START""".replace("\n\n", "\n"),
        engine,
    )
    mount_cards(made, some_cards(1))
    run(made, stop=stop)
    if stop == Stop.READ_WRITE_CHECK:
        assert stopped_at(made) == at["COPY"]
        assert made.number("ibm704.indicator.read_write_check") == 1
        made.run(made.now_ns + 10**9)
        assert made.number("ibm704.control.unit") == 0, "the card has passed by itself"


@engines
def test_a_copy_with_nothing_selected_is_a_check(engine):
    made, at = machine("       ORG 64\nSTART  CPY 0\n       END START", engine)
    run(made, stop=Stop.READ_WRITE_CHECK)
    assert stopped_at(made) == at["START"]


@pytest.mark.parametrize("operation", ["RCD", "WPU", "WPR", "RPR", "WTV", "RTB 1", "WTD 10",
                                       "REW 3", "BST 3", "WEF 3", "RDR 1", "WDR 8"])  # fmt: skip
def test_a_unit_that_is_not_there_is_named(operation):
    made, at = machine(f"       ORG 64\nSTART  {operation}\n       END START")
    run(made, stop=Stop.NOT_ATTACHED)
    assert stopped_at(made) == at["START"]
    assert "not attached" in made.why()


@engines
def test_a_self_loading_card_is_all_that_is_needed(engine):
    card = assemble(read_source(PROGRAMS / "self_loading_card.sap")).checked()
    made, _ = machine(engine=engine)
    mount_cards(made, card.deck())
    run(made, "load_cards")
    assert made.examine(card.symbols["SUM"]) == 5050


@engines
def test_a_deck_on_file_loads_by_the_loader_card(engine, tmp_path):
    deck = [
        card
        for program in ("loader_card", "dot_product")
        for card in assemble(read_source(PROGRAMS / f"{program}.sap")).checked().deck()
    ]
    decks.write_deck(tmp_path / "deck.cbn", deck)
    made, _ = machine(engine=engine)
    assert mount_cards(made, tmp_path / "deck.cbn") == len(deck)
    took = run(made, "load_cards")
    assert 240 * MS * (len(deck) - 1) < took < 240 * MS * (len(deck) + 1), "it keeps up"


@engines
def test_the_punch_punches_100_cards_a_minute(engine):
    took = []
    for count in (1, 6):
        made, at = machine(PUNCH.format(cards=count, copies=24), engine)
        made.operate("ibm704.punch.attached", 1)
        (card,) = some_cards(1, seed=721)
        made.deposit(at["IMAGE"], cards.words_of(card))
        took.append(run(made))
        assert take_cards(made) == [card] * count
        assert take_cards(made) == []
        assert made.number("ibm704.punch.punched") == count
    assert took[1] - took[0] == 5 * 60_000 * MS // 100


@engines
def test_rows_without_a_copy_stay_blank(engine):
    made, at = machine(PUNCH.format(cards=1, copies=5), engine)
    made.operate("ibm704.punch.attached", 1)
    (card,) = some_cards(1)
    words = cards.words_of(card)
    made.deposit(at["IMAGE"] + 19, words[:5])
    run(made)
    assert take_cards(made) == [cards.from_words(words[:5])]


def test_a_25th_word_has_no_room_on_a_card():
    made, _ = machine(PUNCH.format(cards=1, copies=25))
    made.operate("ibm704.punch.attached", 1)
    run(made, stop=Stop.READ_WRITE_CHECK)
    made.run(made.now_ns + 10**9)
    assert len(take_cards(made)) == 1, "what was punched so far is kept"


def test_an_impulse_at_an_exit_hub_is_kept_with_its_card():
    made, _ = machine(
        """
       ORG 64
START  WPU
       SPU 2
       WPU
       SPU 1
       WPU
       HPR
       END START"""
    )
    made.operate("ibm704.punch.attached", 1)
    run(made)
    made.run(made.now_ns + 10**9)
    assert made.rack("ibm704.punch.hubs").tolist() == [2, 1, 0]


def test_a_full_stacker_stops_the_punch_and_taking_the_cards_lets_it_go_on():
    made, _ = machine(PUNCH.format(cards=5, copies=24), cards_held=3)
    made.operate("ibm704.punch.attached", 1)
    run(made, stop=Stop.NOT_READY)
    assert len(take_cards(made)) == 3
    run(made)
    assert len(take_cards(made)) == 2


def test_a_select_of_another_unit_waits_for_the_card():
    made, _ = machine(
        """
       ORG 64
START  RCD
       CPY 0
       WPU
       HPR
       END START"""
    )
    mount_cards(made, some_cards(1))
    made.operate("ibm704.punch.attached", 1)
    # 9L at 75.1 ms after the select, 12R 132.327 after it, the end 7.5 later; WRS 2 cycles, HPR 2
    assert run(made) == 75_100_000 + 132_327_000 + 7_500_000 + 4 * CYCLE_NS


def test_cad_adds_what_it_copies():
    made, at = machine(
        """
       ORG 64
START  PXD 0,0
       RCD
       CAD WORD
       CAD WORD
       HPR
WORD   BSS 1
       END START"""
    )
    mount_cards(made, [cards.from_words([5, 7])])
    run(made)
    assert made.number("ibm704.register.AC") == 12
    assert made.examine(at["WORD"]) == made.number("ibm704.register.MQ") == 7


@pytest.mark.parametrize("value", [[1, 2, 3], "cards", [[0] * 80], [4096] * 80, [-1] * 80, [0.5]])
def test_what_is_no_deck_is_refused_in_one_line(value):
    made, _ = machine()
    with pytest.raises(Mistake) as refused:
        made.operate("ibm704.reader.load", value)
    assert "\n" not in str(refused.value)


def test_a_damaged_deck_is_not_mounted(tmp_path):
    made, _ = machine()
    (tmp_path / "bad.cbn").write_bytes(b"".join(map(decks.cbn_of, some_cards(3)))[:-5])
    with pytest.raises(Mistake, match="card 3"):
        mount_cards(made, tmp_path / "bad.cbn")
    assert made.number("ibm704.reader.attached") == 0


def test_cards_cannot_be_changed_while_one_passes():
    made, _ = machine(READ_ALL)
    mount_cards(made, some_cards(2))
    made.operate("ibm704.console.start")
    made.run(10 * MS)
    with pytest.raises(Mistake, match="middle of a record"):
        mount_cards(made, some_cards(2))
    made.operate("ibm704.console.reset")
    mount_cards(made, some_cards(2))
    put(made, READ_ALL)
    run(made)
