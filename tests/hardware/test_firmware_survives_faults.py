"""The shipped sketch, run in simavr, behind bad cables and hosts that talk early or do not read."""

import random
import termios

import pytest
from compile_firmware import ARDUINO
from rig import Host, SimulatedBoard, sound

from simulator.serial_link.wirings import wiring

LEVELS = [(7 * cell) % 64 for cell in range(64)]


@pytest.fixture
def one(board):
    uno = board()
    uno.show(LEVELS)
    return uno


@pytest.fixture
def host(one):
    with Host(one) as host:
        host.run(50)
        host.heartbeat = b"S19"
        host.run(200)
        yield host


def fresh_pictures(host, ms):
    before = len(host.pictures())
    host.run(ms)
    return host.pictures()[before:]


@pytest.mark.parametrize("fault", ["5000 0 0 0", "0 5000 0 0", "0 0 5000 0", "0 0 0 3"])
def test_a_damaged_picture_is_never_sound_and_the_next_is_as_good(one, host, fault):
    """Bytes dropped, flipped, doubled; noise mixed in at three bytes a millisecond."""
    one.tell("seed 11")
    one.tell(f"fault to_host {fault}")
    came = fresh_pictures(host, 1200)
    damaged = 1.2 * 25 - len(came)
    one.tell("fault to_host 0 0 0 0")
    assert damaged >= 3
    assert all(picture.levels == LEVELS for picture in came)
    assert len(fresh_pictures(host, 400)) >= 9


@pytest.mark.parametrize("fault", ["20000 0 0 0", "0 20000 0 0", "0 0 20000 0"])
def test_commands_lost_and_damaged_are_made_good_by_the_next(one, host, fault):
    one.tell("seed 12")
    one.tell(f"fault to_board {fault}")
    for lit in (1, 2, 4, 8, 16, 32, 64, 128):
        for _ in range(4):
            host.send(sound(b"L%02X" % lit))
            host.run(40)
            assert one.state["lamps"] in (lit, lit >> 1)
        assert one.state["lamps"] == lit


def test_a_flood_of_noise_to_the_board_neither_stops_nor_misleads_it(one, host):
    host.send(sound(b"L5A"))
    host.run(100)
    one.tell("seed 13")
    one.tell("fault to_board 0 0 0 30")  # more than the line can carry
    came = fresh_pictures(host, 2000)
    assert one.state["lamps"] == 0x5A
    assert len(came) >= 45
    assert all(picture.levels == LEVELS for picture in came)
    one.tell("fault to_board 0 0 0 0")
    host.run(600)  # what is still on the line
    host.send(b"\n" + sound(b"LA5"))
    host.run(100)
    assert one.state["lamps"] == 0xA5
    assert one.state["resets"] == 1


def test_a_flood_that_lasts_darkens_the_board_like_silence(one, host):
    host.send(sound(b"L5A"))
    host.run(100)
    host.heartbeat = None
    one.tell("fault to_board 0 0 0 30")
    host.run(3100)
    assert one.state["lamps"] == 0


SELDOM = [pytest.param(byte, marks=pytest.mark.slow) for byte in (b"\n", b"*", b"S")]


@pytest.mark.parametrize("byte", [b"\x00", b"\xff", b"?", *SELDOM])
def test_a_storm_of_one_character_does_no_harm(one, host, byte):
    host.send(sound(b"L18"))
    for _ in range(10):
        host.send(byte * 150)
        host.run(20)
    host.send(b"\n" + sound(b"L18"))
    came = fresh_pictures(host, 500)
    assert one.state["lamps"] == 0x18
    assert len(came) >= 11
    assert all(picture.levels == LEVELS for picture in came)


def test_a_host_at_the_wrong_speed_hears_nothing_sound_and_lights_nothing(one):
    with Host(one, speed=termios.B57600) as host:
        host.run(50)
        for _ in range(10):
            host.send(b"?\n" + sound(b"LFF") + sound(b"S19"))
            host.run(150)
        assert len(host.heard) > 100
        assert host.sound_bodies() == []
    assert one.state["lamps"] == 0


def test_the_reset_button_darkens_the_lamps_and_brings_a_hello(one, host):
    host.heartbeat = None
    host.send(sound(b"LFF"))
    host.run(100)
    assert one.state["lamps"] == 0xFF
    one.tell("boot 800000")
    one.tell("press")
    hellos = len(host.hellos())
    host.run(700)
    assert one.state["lamps"] == 0
    assert len(host.hellos()) == hellos
    host.run(200)
    assert len(host.hellos()) == hellos + 1
    assert fresh_pictures(host, 500) == []  # it waits to be told
    host.heartbeat = b"S19"
    came = fresh_pictures(host, 500)
    assert came[0].sequence == 0
    assert all(picture.levels == LEVELS for picture in came)


def test_a_pulled_cable_leaves_the_board_dark_and_a_new_one_finds_it_fresh(one):
    with Host(one) as host:
        host.run(50)
        host.send(sound(b"LFF") + sound(b"S19"))
        host.run(200)
        assert one.state["lamps"] == 0xFF
        one.tell("pull")
        host.run(300)
        assert one.state["lamps"] == 0
    one.tell("plug")
    with Host(one) as host:
        host.run(50)
        assert len(host.hellos()) == 1
        host.heartbeat = b"S19"
        assert all(picture.levels == LEVELS for picture in fresh_pictures(host, 500))


def test_half_a_hello_and_then_a_pulled_cable_is_no_hello(one):
    with Host(one) as host:
        while len(host.heard) < 20:
            host.run(0.5)
        one.tell("pull")
        host.run(50)
        assert host.hellos() == []


@pytest.mark.slow
def test_a_host_that_stops_reading_finds_a_fresh_picture_when_it_comes_back(board):
    """Four seconds unread at the fastest speed: the system's buffer is full, the rest is lost."""
    one = board("MUX_8X8", "uno", BAUD=500000)
    one.show(LEVELS)
    with Host(one, speed=termios.B500000) as host:
        host.run(50)
        host.heartbeat = b"SFF"
        host.run(4000, reading=False)
        assert one.state["lost"] > 10_000
        one.show(LEVELS[::-1])
        host.run(50, reading=False)
        host.run(20)
        before = len(host.pictures())
        host.run(200)
        fresh = host.pictures()[before:]
        # one picture stands torn at the seam; all that came since the light changed is right
        assert len(fresh) > 10
        assert all(picture.levels == LEVELS[::-1] for picture in fresh)
        assert all(picture.levels in (LEVELS, LEVELS[::-1]) for picture in host.pictures())


def test_only_the_newest_light_is_in_a_picture(one, host):
    """From light to the host: at most two pictures, since nothing is stored on the board."""
    rng = random.Random(3)
    slowest = 0.0
    for _ in range(8):
        levels = [rng.randrange(64) for _ in range(64)]
        host.run(rng.randrange(40))
        one.show(levels)
        began = one.ms
        while not host.pictures() or host.pictures()[-1].levels != levels:
            host.run(1)
            assert one.ms - began < 500
        slowest = max(slowest, one.ms - began)
    print(f"light to picture, 64 cells at 25 a second: {slowest:.0f} simulated ms at most")
    assert slowest <= 80


def mega_with_boot_loader(simulator, compiled, folder):
    loader = ARDUINO / "bootloaders/stk500v2/stk500boot_v2_mega2560.hex"
    program = compiled("mega", WIRING="MUX_8X8").hex
    return SimulatedBoard(simulator, wiring("MUX_8X8", "mega"), folder, program, loader)


def ms_until_hello(one, said):
    """Open the port, say something after 0.3 s, wait 4 s for a hello."""
    with Host(one) as host:
        began = one.ms
        host.run(300)
        host.send(said)
        while not host.hellos() and one.ms - began < 4000:
            host.run(20)
        return one.ms - began if host.hellos() else None


def test_behind_the_megas_own_boot_loader_a_silent_host_has_its_hello_in_a_second(
    simulator, compiled, tmp_path
):
    with mega_with_boot_loader(simulator, compiled, tmp_path) as one:
        assert ms_until_hello(one, b"") < 1000


@pytest.mark.slow
@pytest.mark.parametrize("said", [b"?\n", b"!!!"])
def test_behind_the_megas_own_boot_loader_an_early_talker_waits(
    simulator, compiled, tmp_path, said
):
    """This is why the link says nothing to a port it has just opened."""
    with mega_with_boot_loader(simulator, compiled, tmp_path) as one:
        assert ms_until_hello(one, said) is None
        # closing and opening resets it, and silence cures it
        one.run(20)
        assert ms_until_hello(one, b"") < 1000
