"""The example programs, on both engines, with units that answer at once."""

import itertools
import math
from fractions import Fraction
from pathlib import Path

import pytest
from at_once import AtOnce, Reel, machine_with

import machines.ibm704
from machines.ibm704 import Ibm704, Stop, words
from machines.ibm704.media import cards, codes, decks
from machines.ibm704.sap import assemble, disassemble, read_source

PROGRAMS = Path(machines.ibm704.__file__).parent / "programs"
MINUTE_NS = 60 * 10**9
engines = pytest.mark.parametrize("engine", ["compiled", "reference"])


def program(name):
    return assemble(read_source(PROGRAMS / f"{name}.sap")).checked()


def run(machine, key="start"):
    """Press a key and let the machine run to its halt."""
    machine.operate(f"ibm704.console.{key}")
    machine.run_to_stop(MINUTE_NS)
    assert machine.stop == Stop.HALT, machine.why()
    return machine


@pytest.mark.parametrize("path", sorted(PROGRAMS.glob("*.sap")), ids=lambda path: path.stem)
def test_a_program_assembles_without_a_word_of_complaint(path):
    assembly = assemble(read_source(path)).checked(path.name)
    assert assembly.warnings == ()
    assert assemble(disassemble(assembly.words)).checked().words == assembly.words
    lines = path.read_text().splitlines()
    assert all(len(line) <= 72 and set(line) <= codes.PRINTED for line in lines), "as on cards"


@engines
def test_the_dot_product_is_exact_and_takes_its_360_microseconds_a_step(engine):
    dot = program("dot_product")
    machine = run(machine_with(dot, engine))
    a, b = ([words.floating(dot.words[dot.symbols[name] + i]) for i in range(8)] for name in "AB")
    exact = sum(x * y for x, y in zip(a, b, strict=True))
    assert words.floating(machine.examine(dot.symbols["SUM"])) == exact == 120
    # STZ, LXA and HPR of 2 cycles; LDQ, FMP, FAD, STO, TIX of 30, FAD more where it aligns long
    cycles = machine.account().cycles
    assert 3 * 2 + 8 * 30 <= cycles <= 3 * 2 + 8 * 34


@engines
def test_square_roots_are_right_to_the_last_bits(engine):
    roots = program("square_root")
    machine = run(machine_with(roots, engine))
    for i in range(6):
        argument = words.floating(roots.words[roots.symbols["ARG"] + i])
        root = words.floating(machine.examine(roots.symbols["ROOT"] + i))
        if argument == 0:
            assert root == 0
        else:
            assert abs(root**2 / argument - 1) < Fraction(1, 1 << 24)


@engines
def test_a_negative_argument_of_the_square_root_is_an_alarm(engine):
    source = read_source(PROGRAMS / "square_root.sap").replace("144.", "-144.")
    roots = assemble(source).checked()
    machine = run(machine_with(roots, engine))
    assert machine.number("ibm704.control.stopped_at") == roots.symbols["NEXT"] + 2


@engines
def test_cards_come_out_on_the_printer(engine):
    text = ["HELLO, WORLD", "", "A+B=(C-D)*E/F.", "LINE 4 $9,'7"]
    units = AtOnce(map(cards.from_text, text))
    run(machine_with(program("card_to_printer"), engine, units))
    assert units.lines() == text


@engines
def test_the_crt_shows_a_circle_in_a_frame(engine):
    picture = program("crt_picture")
    units = AtOnce()
    machine = run(machine_with(picture, engine, units))
    assert len(units.shown) == units.frames == 1
    (shown,) = units.shown
    lines, points = shown[:4], shown[4:]
    assert [word >> 33 for word in lines] == [1, 1, 2, 2]
    places = [(word >> 18 & 0o1777, word & 0o1777) for word in points]
    assert all(word == y << 18 | x for word, (y, x) in zip(points, places, strict=True))
    radii = [math.hypot(x - 512, y - 512) for y, x in places]
    # turning by sheared steps of 1/64 makes the circle an ellipse by 1 part in 128
    assert max(abs(radius - 400) for radius in radii) < 400 / 128 + 1.5
    angles = sorted(math.atan2(y - 512, x - 512) for y, x in places)
    assert max(b - a for a, b in itertools.pairwise(angles)) < 2 / 64
    assert machine.account().machine_s < 1


@engines
def test_a_self_loading_card_is_all_that_is_needed(engine):
    card = program("self_loading_card")
    (only,) = card.deck()
    machine = run(Ibm704(engine=engine, units=AtOnce([only])), "load_cards")
    assert machine.examine(card.symbols["SUM"]) == 5050


@engines
def test_the_loader_card_loads_a_deck_and_starts_it(engine):
    dot = program("dot_product")
    deck = program("loader_card").deck() + dot.deck()
    assert len(program("loader_card").deck()) == 1
    machine = run(Ibm704(engine=engine, units=AtOnce(deck)), "load_cards")
    assert words.floating(machine.examine(dot.symbols["SUM"])) == 120


@engines
def test_the_loader_card_stops_at_a_wrong_check_sum(engine):
    deck = program("loader_card").deck() + program("dot_product").deck()
    row = cards.words_of(deck[1])
    row[5] ^= 1
    deck[1] = cards.from_words(row)
    machine = run(Ibm704(engine=engine, units=AtOnce(deck)), "load_cards")
    assert machine.number("ibm704.control.stopped_at") == 23


@engines
def test_a_deck_on_file_is_the_deck_in_the_hopper(engine, tmp_path):
    deck = program("loader_card").deck() + program("square_root").deck()
    decks.write_deck(tmp_path / "deck.cbn", deck)
    units = AtOnce(decks.read_deck(tmp_path / "deck.cbn"))
    machine = run(Ibm704(engine=engine, units=units), "load_cards")
    assert words.floating(machine.examine(program("square_root").symbols["ROOT"] + 1)) == 12


@engines
def test_records_written_on_tape_are_read_back(engine):
    source = """
       ORG 64
START  REW 3
       WTB 3
       CPY DATA
       CPY DATA+1
       WTD 3
       CPY TEXT
       WEF 3
       REW 3
       RTB 3
       CPY BACK
       CPY BACK+1
       RTD 3
       CPY BACK+2
       RTD 3
       CPY BACK+3         SKIPS ONE, THE FILE MARK
       HTR 0
       HTR 1
DATA   OCT 777777777777,-5
TEXT   BCD 1A0 S/Z
BACK   BSS 4
       END START"""
    tape = assemble(source).checked()
    reel = Reel()
    machine = run(machine_with(tape, engine, AtOnce(reels={3: reel})))
    at = tape.symbols
    written = [tape.words[at["DATA"]], tape.words[at["DATA"] + 1], tape.words[at["TEXT"]], 0]
    assert [machine.examine(at["BACK"] + i) for i in range(4)] == written
    assert machine.number("ibm704.control.stopped_at") == at["START"] + 16
    assert [len(record.frames) for record in reel.records] == [12, 6, 1]
