"""The shipped sketch, compiled for both chips and run in simavr, reads what light falls on it."""

import random
import shutil
import termios

import pytest
from compile_firmware import SKETCH
from rig import Host

from simulator.serial_link.wirings import WIRINGS

# one of each kind at every run of the tests; the same kinds once more, on the other chip, seldom
EACH_KIND = [
    ("DIRECT_2X3", "uno"),
    ("MUX_8X8", "uno"),
    ("MUX_20X20", "mega"),
    ("MATRIX_20X20", "mega"),
]
ALL = pytest.mark.parametrize(
    "wired",
    [
        pytest.param(
            wired,
            id=f"{wired.name}-{wired.chip}",
            marks=[] if (wired.name, wired.chip) in EACH_KIND else pytest.mark.slow,
        )
        for wired in WIRINGS
    ],
)
LARGE = pytest.mark.parametrize("name", ["MUX_20X20", "MATRIX_20X20"])
OFFENCES = ("unsettled", "contended", "unchosen", "pulled_up", "unwired")


def offences(board):
    """What a scan did that a real board would have answered with a wrong voltage."""
    return {name: board.state[name] for name in OFFENCES if board.state[name]}


@ALL
def test_every_cell_is_read_exactly(board, wired):
    one = board(wired.name, wired.chip)
    rng = random.Random(7)
    shown = [[rng.randrange(64) for _ in range(wired.cells)] for _ in range(3)]
    # and one cell alone in the light, which must light no other
    shown += [[63 * (cell == at) for cell in range(wired.cells)] for at in (0, wired.cells - 1)]
    with Host(one) as host:
        host.run(50)
        host.heartbeat = b"S64"
        two_pictures_ms = 90 if wired.cells == 400 else 35
        for levels in shown:
            one.show(levels)
            host.run(two_pictures_ms)  # the one on its way when the light changed is a mixture
            before = len(host.pictures())
            host.run(two_pictures_ms)
            fresh = host.pictures()[before:]
            assert fresh
            assert all(picture.levels == levels for picture in fresh)
    assert offences(one) == {}


@ALL
def test_the_hello_says_what_was_built(board, wired):
    one = board(wired.name, wired.chip)
    with Host(one) as host:
        host.run(50)
        (hello,) = host.hellos()
    assert (hello["rows"], hello["cols"]) == (str(wired.rows), str(wired.columns))
    assert (hello["bits"], hello["lamps"]) == ("6", "8")
    assert hello["id"].startswith(wired.chip)


@LARGE
def test_twenty_by_twenty_comes_twenty_five_times_a_second(board, name):
    """At 115200 baud; simavr takes 11 bits a byte where the real line takes 10."""
    one = board(name, "mega")
    one.show([31] * 400)
    with Host(one) as host:
        host.run(50)
        host.heartbeat = b"SFF"
        host.run(200)
        before, began = len(host.pictures()), one.ms
        host.run(1000)
        pictures = host.pictures()[before:]
        passed_s = (one.ms - began) / 1000
    assert len(pictures) / passed_s >= 25
    numbers = [picture.sequence for picture in pictures]
    assert numbers == [(numbers[0] + i) % 256 for i in range(len(numbers))]


def test_two_boards_of_one_kind_can_have_names(board):
    one = board("MUX_8X8", "uno", BOARD_NAME='"-left"')
    with Host(one) as host:
        host.run(50)
        assert host.hellos()[0]["id"] == "uno-mux8x8-left"


@pytest.mark.parametrize(("name", "chip"), [("MUX_8X8", "uno"), ("MATRIX_20X20", "mega")])
def test_eight_bits_come_as_two_digits_a_cell(board, name, chip):
    one = board(name, chip, BITS=8)
    levels = [random.Random(8).randrange(256) for _ in range(one.wiring.cells)]
    one.show(levels, bits=8)
    with Host(one) as host:
        host.run(50)
        assert host.hellos()[0]["bits"] == "8"
        host.heartbeat = b"S0A"
        host.run(400)
        pictures = host.pictures(bits=8)
    assert len(pictures) >= 2
    assert all(picture.levels == levels for picture in pictures)


@pytest.mark.slow
@pytest.mark.parametrize(("name", "chip"), [("MUX_20X20", "mega"), ("MUX_8X8", "uno")])
def test_half_a_megabaud_works_too(board, name, chip):
    one = board(name, chip, BAUD=500000)
    one.show([20] * one.wiring.cells)
    with Host(one, speed=termios.B500000) as host:
        host.run(50)
        host.heartbeat = b"SFF"
        host.run(300)
        assert len(host.pictures()) >= 7
        assert {tuple(picture.levels) for picture in host.pictures()} == {(20,) * one.wiring.cells}


@ALL
def test_the_program_fits_the_chip_with_room_to_spare(compiled, wired):
    program = compiled(wired.chip, WIRING=wired.name)
    flash, ram = {"uno": (32256, 2048), "mega": (253952, 8192)}[wired.chip]  # Arduino's boards.txt
    print(f"{wired.name} {wired.chip}: {program.flash_bytes} B flash, {program.ram_bytes} B RAM")
    assert program.flash_bytes < 5 * 1024 < flash / 4  # as the building guide says
    assert program.ram_bytes < 256 < ram / 4  # the rest is the stack's


@pytest.mark.parametrize(
    ("chip", "chosen", "why"),
    [
        ("uno", {"WIRING": "MUX_20X20"}, "needs an Arduino Mega"),
        ("uno", {"WIRING": "MATRIX_20X20"}, "needs an Arduino Mega"),
        ("uno", {"WIRING": "DIRECT_4X4"}, "needs an Arduino Mega"),
        ("mega", {"WIRING": "99"}, "none of the wirings listed"),
        ("mega", {"BITS": 10}, "BITS must be 6 or 8"),
        ("uno", {"BOARD_NAME": '" left"'}, "BOARD_NAME in wiring.h"),
        ("uno", {"BOARD_NAME": '"*"'}, "BOARD_NAME in wiring.h"),
    ],
)
def test_what_cannot_be_built_is_refused_with_the_reason(compiled, chip, chosen, why):
    with pytest.raises(AssertionError, match=why):
        compiled(chip, **chosen)


# The bench must be able to fail: the sketch is broken on purpose, one way at a time.

SABOTAGE = {
    "two rows on at once": (
        "MATRIX_20X20",
        "if (row > 0) digitalWrite(FIRST_ROW_PIN + row - 1, LOW);",
        "",
        "contended",
    ),
    "no time for a row to settle": (
        "MATRIX_20X20",
        "delayMicroseconds(SETTLE_ROW_US);",
        "",
        "unsettled",
    ),
    "both multiplexers of a wire on": (
        "MUX_20X20",
        "chosen & ~(1 << (ENABLE_SHIFT + mux % BANKS))",
        "chosen & ~ENABLE_MASK",
        "contended",
    ),
    "no multiplexer on": ("MUX_20X20", "1 << (ENABLE_SHIFT + mux % BANKS)", "0", "unchosen"),
    "no time for a multiplexer to settle": (
        "MUX_20X20",
        "delayMicroseconds(SETTLE_MUX_US);",
        "",
        "unsettled",
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("how", SABOTAGE)
def test_the_bench_notices_a_broken_scan(board, tmp_path, how):
    name, line, instead, offence = SABOTAGE[how]
    folder = shutil.copytree(SKETCH.parent, tmp_path / "sketch")
    cells = (folder / "cells.h").read_text()
    assert line in cells
    (folder / "cells.h").write_text(cells.replace(line, instead))
    one = board(name, "mega", sketch=folder / SKETCH.name)
    one.show([40] * 400)
    with Host(one) as host:
        host.run(50)
        host.heartbeat = b"S0A"
        host.run(300)
        assert all(picture.levels != [40] * 400 for picture in host.pictures())
    assert offence in offences(one)
