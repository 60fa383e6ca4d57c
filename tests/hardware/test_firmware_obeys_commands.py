"""The shipped sketch, run in simavr, speaks protocol version 1 and keeps its lamps right."""

import random
from pathlib import Path

import pytest
from rig import Host, crc, sound

GUIDE = Path(__file__).parents[2] / "docs/photocell_board_building.md"


@pytest.fixture
def one(board):
    """An Uno with 64 photocells, all at level 20."""
    uno = board()
    uno.show([20] * 64)
    return uno


@pytest.fixture
def host(one):
    """A host that has opened the port of a board that is up."""
    with Host(one) as host:
        host.run(50)
        yield host


def test_the_board_says_hello_once_a_second_until_told_to_send(one, host):
    host.run(2000)
    assert len(host.hellos()) == 3
    host.heartbeat = b"S05"
    host.run(100)
    before = len(host.hellos())
    host.run(1500)
    assert len(host.hellos()) == before
    assert len(host.pictures()) >= 8  # 1.6 s at 5 a second


@pytest.mark.parametrize("question", [b"?\n", sound(b"?"), b"?\r\n"])
def test_a_question_is_answered_with_a_hello(host, question):
    before = len(host.hellos())
    host.send(question)
    host.run(30)
    assert len(host.hellos()) == before + 1


def test_a_question_is_answered_between_two_pictures(host):
    host.heartbeat = b"SFF"
    host.run(200)
    before = len(host.hellos())
    host.send(b"?\n")
    host.run(100)
    assert len(host.hellos()) == before + 1
    # nothing is torn: every line that came after the first is sound
    assert len(host.sound_bodies()) == len(host.lines())


@pytest.mark.slow
@pytest.mark.parametrize("rate", [1, 25, 60])
def test_pictures_come_as_often_as_asked(host, rate):
    host.heartbeat = b"S%02X" % rate
    host.run(100)
    before = len(host.pictures())
    seconds = 2 if rate == 1 else 1
    host.run(1000 * seconds)
    assert abs(len(host.pictures()) - before - seconds * rate) <= 1


def test_the_first_picture_comes_at_once_even_at_one_a_second(host):
    host.send(sound(b"S01"))
    host.run(30)
    assert len(host.pictures()) == 1


def test_pictures_are_numbered_without_a_gap_round_to_nought(board):
    one = board("DIRECT_2X3")
    one.show([20] * 6)
    with Host(one) as host:
        host.run(50)
        host.heartbeat = b"SFF"
        host.run(1200)
        numbers = [picture.sequence for picture in host.pictures()]
    assert len(numbers) > 256
    assert numbers == [i % 256 for i in range(len(numbers))]


def test_nought_pictures_a_second_means_none(host):
    host.send(sound(b"S19"))
    host.run(300)
    host.send(sound(b"S00"))
    host.run(100)
    before = len(host.pictures())
    host.run(700)
    assert before > 5
    assert len(host.pictures()) == before


@pytest.mark.parametrize("name_chip", [("MUX_8X8", "uno"), ("MATRIX_20X20", "mega")])
def test_each_lamp_lights_on_its_own_pin_and_is_echoed(board, name_chip):
    one = board(*name_chip)
    one.show([20] * one.wiring.cells)
    with Host(one) as host:
        host.run(50)
        host.heartbeat = b"SFF"
        for lit in (1, 2, 4, 8, 16, 32, 64, 128, 0x5A, 0xA5, 0xFF, 0):
            host.send(sound(b"L%02X" % lit))
            host.run(30 if one.wiring.cells == 64 else 90)
            assert one.state["lamps"] == lit
            assert host.pictures()[-1].lamps == lit


def test_a_lamp_lights_within_one_picture_of_the_largest_board(board):
    one = board("MATRIX_20X20", "mega")
    with Host(one) as host:
        one.show([20] * 400)
        host.run(50)
        host.heartbeat = b"SFF"
        host.run(300)
        slowest = 0.0
        for lit in (1, 0, 3, 0, 7, 0, 15, 0):
            host.run(7)
            sent = one.ms
            host.send(sound(b"L%02X" % lit))
            while one.state["lamps"] != lit:
                host.run(1)
                assert one.ms - sent < 200
            slowest = max(slowest, one.ms - sent)
    print(f"command to lamp, 400 cells at full rate: {slowest:.0f} simulated ms at most")
    assert slowest <= 45  # one picture, and the command's own bytes


def test_the_lamps_go_out_and_the_pictures_stop_when_the_host_falls_silent(one, host):
    host.send(sound(b"S19") + sound(b"LFF"))
    host.run(2900)
    assert one.state["lamps"] == 0xFF
    host.run(200)
    assert one.state["lamps"] == 0
    before = len(host.pictures())
    host.run(1100)
    assert len(host.pictures()) == before
    assert host.lines()[-1].startswith(b"H1 ")
    host.send(sound(b"S19") + sound(b"L03"))  # and it hears at once when the host is back
    host.run(100)
    assert one.state["lamps"] == 3
    assert len(host.pictures()) > before


def test_lamps_alone_go_out_too_when_the_host_falls_silent(one, host):
    host.send(sound(b"L0F"))
    host.run(2900)
    assert one.state["lamps"] == 0x0F
    host.run(200)
    assert one.state["lamps"] == 0


def test_a_sound_line_of_a_newer_program_is_a_sign_of_life_and_nothing_else(one, host):
    host.send(sound(b"L0F"))
    host.heartbeat = b"Zfuture 1"
    host.run(3500)
    assert one.state["lamps"] == 0x0F


def test_noise_is_no_sign_of_life(one, host):
    host.send(sound(b"L0F"))
    for _ in range(35):
        host.send(b"\x00\xff*L0F\nL0F\nL0F*0000\n\n")
        host.run(100)
    assert one.state["lamps"] == 0


@pytest.mark.parametrize(
    "line",
    [
        b"LFF\n",
        b"LFF*" + crc(b"LFF").lower() + b"\n",
        b"LFF*0000\n",
        sound(b"LF"),
        sound(b"LFFF"),
        sound(b"Lff"),
        sound(b"L F"),
        sound(b"lFF"),
        b" " + sound(b"LFF"),
        b"x" * 500 + sound(b"LFF"),
        b"x" * 256 + sound(b"LFF"),
        b"\x00" + sound(b"LFF"),
        sound(b"LFF").replace(b"\n", b"\x00\n"),
    ],
)
def test_what_is_not_exactly_a_lamp_command_lights_no_lamp(one, host, line):
    host.send(line)
    host.run(100)
    assert one.state["lamps"] == 0
    host.send(sound(b"L81"))  # and the next command is heard
    host.run(30)
    assert one.state["lamps"] == 0x81


def test_carriage_returns_do_not_count(one, host):
    host.send(b"L\r42*\r" + crc(b"L42") + b"\r\n")
    host.run(30)
    assert one.state["lamps"] == 0x42


def test_the_monitor_picture_shows_light_and_dark(board):
    one = board("MUX_4X4")
    one.show([0, 63, 0, 63] * 2 + [63, 0, 63, 0] * 2)
    with Host(one) as host:
        host.run(50)
        host.send(b"M\n")
        host.run(100)
        drawn = [line.rstrip(b"\r").decode() for line in host.lines() if line.startswith(b"#")]
    assert drawn == ["# |  WW  WW|"] * 2 + ["# |WW  WW  |"] * 2


def test_a_brighter_cell_is_drawn_heavier(board):
    one = board("MUX_4X4")
    one.show([4 * i for i in range(16)])
    with Host(one) as host:
        host.run(50)
        host.send(b"M\n")
        host.run(100)
        drawn = b"".join(line[3:11:2] for line in host.lines() if line.startswith(b"#"))
    assert len(set(drawn)) == 16


def test_the_guide_quotes_what_the_firmware_says(one, host):
    """The hello and the picture of a cross in docs/photocell_board_building.md."""
    cross = [63 * (3 <= i // 8 <= 4 or 3 <= i % 8 <= 4) + 10 * (i in (9, 54)) for i in range(64)]
    one.show([min(level, 63) for level in cross])
    host.send(b"M\n")
    host.run(150)
    guide = GUIDE.read_text(encoding="utf-8")
    drawn = [line.rstrip(b"\r").decode() for line in host.lines() if line.startswith(b"#")]
    assert "\n".join(["```text", *drawn, "```"]) in guide, "\n".join(drawn)
    assert host.lines()[0].decode() in guide


def damage(rng, line):
    """One command as a bad cable delivers it."""
    at = rng.randrange(len(line) - 1)
    match rng.randrange(4):
        case 0:
            hurt = line[:at] + bytes([line[at] ^ 1 << rng.randrange(8)]) + line[at + 1 :]
        case 1:
            hurt = line[:at] + line[at + 1 :]
        case 2:
            hurt = line[:at] + bytes([rng.randrange(256)]) + line[at:]
        case _:
            hurt = rng.randbytes(rng.randrange(40)) + b"\n"
    # these do not change what was said: carriage returns, line feeds before it
    return b"" if hurt.replace(b"\r", b"").strip(b"\n") == line.strip() else hurt


def test_no_damaged_command_lights_a_wrong_lamp(one, host):
    seed = 20260101
    print(f"seed {seed}")
    rng = random.Random(seed)
    host.heartbeat = b"S19"
    host.send(sound(b"L5A"))
    host.run(100)
    for _ in range(100):
        # 5A stays lit, whatever is said about other lamps in damaged words
        host.send(b"".join(damage(rng, sound(b"L%02X" % rng.randrange(256))) for _ in range(4)))
        host.send(b"\n")
        host.run(20)
        assert one.state["lamps"] == 0x5A
    assert len(host.pictures()) > 25
    assert all(picture.lamps == 0x5A for picture in host.pictures()[5:])
