"""The link on a bad line: every fault, what comes through (nothing wrong), and when all is well."""

import gc
import threading
import tracemalloc

import numpy as np
import pytest
from board_rig import Rig
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.serial_link import Counters, EmulatedBoard, HandClock, Link, Noise, State
from simulator.serial_link.conversation import Conversation
from simulator.serial_link.frames import Hello, frame_line, hello_line, seal


def live_rig(**board):
    rig = Rig(**board)
    rig.run_until(State.LIVE)
    return rig


# a clean line


@pytest.mark.parametrize(
    ("rows", "columns", "bits", "at_least"),
    [
        (2, 3, 6, 24),
        (8, 8, 6, 24),
        (20, 20, 6, 24),
        (25, 16, 6, 24),
        (20, 20, 8, 13),
        (8, 8, 8, 24),
    ],
)
def test_every_cell_of_a_clean_line_is_read(rows, columns, bits, at_least):
    rig = live_rig(rows=rows, columns=columns, bits=bits)
    before = rig.counters.frames
    rig.run(10)
    assert rig.counters.frames - before >= 10 * at_least
    assert rig.checked >= 10 * at_least
    assert (rig.counters.bad_crc, rig.counters.unfit, rig.counters.missed) == (0, 0, 0)
    assert at_least <= rig.link.status().frames_per_s <= 26


@pytest.mark.parametrize(("bootloader", "within_s"), [("uno", 1.6), ("mega", 1.1), ("none", 0.3)])
def test_a_board_that_was_reset_by_opening_is_live_soon(bootloader, within_s):
    rig = Rig(bootloader=bootloader)
    assert rig.run_until(State.LIVE) <= within_s


def test_nothing_is_said_to_a_board_that_may_be_in_its_bootloader():
    rig = Rig()
    rig.board.silent = True
    rig.run(2.4)
    assert rig.cable.spoken == 0
    assert rig.state is State.BOOT
    rig.run(1.0)
    assert rig.state is State.ASKING
    assert bytes(rig.board.heard) in (b"?\n", b"?\n?\n")


def test_a_mega_whose_reset_is_pressed_is_hardly_ever_spoken_to_in_its_bootloader():
    """Which would keep it there for nine seconds: at any moment of the link's half second."""
    rig = live_rig(bootloader="mega")
    took_s = []
    for times in range(50):
        rig.run(1.2 + 0.01 * times)
        hellos = rig.counters.hellos
        rig.board.reset()
        took_s.append(rig.run(10, lambda hellos=hellos: rig.counters.hellos > hellos))
        assert rig.run_until(State.LIVE) <= 0.3
    assert sorted(took_s)[-3] <= 1.0
    assert max(took_s) <= 3 + 0.1 + 1.0  # at worst the port is opened again


def test_the_lamps_are_lit_and_said_to_be():
    rig = live_rig()
    for lit in (0x5A, 0xA5, 0xFF, 0x00, 0x01):
        rig.link.light_lamps(lit)
        took_s = rig.run(1, lambda lit=lit: rig.link.status().lamps_lit == lit)
        assert rig.board.lamps == lit
        assert took_s <= 0.25


def test_lamps_that_a_board_lacks_are_not_asked_of_it():
    rig = live_rig(lamps=2)
    rig.link.light_lamps(0xFF)
    before = rig.counters.bytes_out
    rig.run(5)
    assert rig.board.lamps == 0b11
    assert rig.counters.bytes_out - before < 5 * 30  # said once and then as a sign of life


def test_a_board_left_alone_puts_its_lamps_out():
    rig = live_rig()
    rig.link.light_lamps(0xFF)
    rig.run(1)
    assert rig.board.lamps == 0xFF
    rig.clock.sleep(3.5)
    rig.board.live()
    assert rig.board.lamps == 0


def test_closing_puts_the_lamps_out_at_once():
    rig = live_rig()
    rig.link.light_lamps(0xFF)
    rig.run(1)
    rig.link.close()
    rig.clock.sleep(0.1)
    rig.board.live()
    assert rig.board.lamps == 0
    assert rig.link.status().text == "no connection: closed"
    assert rig.cable.open_ports == 0


def test_the_board_obeys_no_damaged_command():
    """Every change of one character of a lamp command but those that change nothing for it."""
    rig = live_rig()
    rig.run(0.5)
    command = b"L55*" + seal(b"L55")[-4:]
    for place in range(len(command)):
        for character in range(32, 127):
            if character != command[place]:
                damaged = command[:place] + bytes([character]) + command[place + 1 :]
                rig.board.receive(damaged + b"\n")
                rig.clock.sleep(0.05)
                rig.board.send()
                assert rig.board.lamps == 0, damaged
    rig.board.receive(command + b"\n")
    rig.clock.sleep(0.05)
    rig.board.send()
    assert rig.board.lamps == 0x55


def test_a_person_at_a_terminal_sees_the_picture():
    board = EmulatedBoard(
        HandClock(), 2, 2, scene=lambda now: np.array([[0, 255], [255, 0]], np.uint8)
    )
    board.clock.sleep(1.5)
    board.send()
    board.receive(b"M\n")
    board.clock.sleep(0.5)
    assert b"# |  WW|\n# |WW  |\n" in board.send()


@pytest.mark.parametrize("asked", [b"?\n", b"M\n"], ids=repr)
def test_an_emulated_board_asked_on_and_on_keeps_no_more_than_it_can_say(asked):
    board = EmulatedBoard(HandClock(), 20, 20)
    board.clock.sleep(1.5)
    board.send()
    tracemalloc.start()
    try:
        for _ in range(500):
            board.receive(asked * 32)
            board.clock.sleep(0.0001)
        assert tracemalloc.get_traced_memory()[0] < 100_000
    finally:
        tracemalloc.stop()
    board.clock.sleep(5)
    board.send()
    board.receive(b"?\n")
    board.clock.sleep(0.5)
    assert b"H1 rows=20" in board.send()  # and it is its old self


# a bad line


@pytest.mark.parametrize(
    "noise",
    [
        pytest.param(Noise(drop=0.002), id="drop"),
        pytest.param(Noise(flip=0.002), id="flip"),
        pytest.param(Noise(double=0.002), id="duplicate"),
        pytest.param(Noise(drop=0.0005, flip=0.0005, double=0.0005), id="all three"),
    ],
)
def test_damaged_frames_are_dropped_and_the_next_good_one_is_used(noise):
    rig = live_rig()
    rig.cable.noise = noise
    longest, quiet_since = 0.0, rig.clock.now()
    for _ in range(2000):
        before = rig.last
        rig.run(0.01)
        if rig.last != before:
            longest, quiet_since = max(longest, rig.clock.now() - quiet_since), rig.clock.now()
    assert rig.counters.bad_crc > 50
    assert rig.checked > 100
    assert rig.counters.reconnects == 0
    assert longest < 1.0
    rig.cable.noise = Noise()
    before = rig.last
    assert rig.run(1, lambda: rig.last > before) <= 0.15


@pytest.mark.parametrize("alphabet", [b"", b"\0", b"\xff", b"\n", b"F0123456789*\n"], ids=repr)
def test_a_flood_of_garbage_is_survived(alphabet):
    rig = live_rig()
    rig.cable.noise = Noise(flood_per_s=400_000, flood_of=alphabet)
    rig.run(5)
    assert rig.checked > 0
    rig.cable.noise = Noise()
    assert rig.run_until(State.LIVE) <= 4.0  # a reset board starts, at worst, after a back-off


def test_the_wrong_speed_is_named():
    rig = Rig()
    rig.cable.noise = Noise(wrong_speed=True)
    said = set()
    for _ in range(300):
        rig.run(0.1)
        said.add(rig.link.status().text)
        assert rig.state not in (State.LIVE, State.HANDSHAKEN)
    assert any("check the speed" in text for text in said)
    assert rig.counters.opened >= 3
    assert rig.checked == 0


def test_a_cut_cable_is_noticed_and_mended_by_itself():
    rig = live_rig()
    rig.link.light_lamps(0x81)
    for time in range(3):
        rig.run(2)
        rig.cable.pull()
        assert rig.run_until(State.DOWN) <= 0.1
        assert rig.link.look()[1] is None
        assert "gone" in rig.link.status().text
        rig.run(5 + time)
        rig.cable.plug()
        assert rig.run_until(State.LIVE) <= 3.7  # 2 s of back-off, 1.4 s of bootloader
        rig.run(0.5)
        assert rig.board.lamps == 0x81
    assert rig.counters.reconnects == 3
    assert rig.cable.open_ports == 1


def test_a_port_that_is_not_there_is_tried_more_and_more_seldom():
    clock, tries = HandClock(), []

    def gone():
        tries.append(clock.now())
        raise FileNotFoundError(2, "there is no such port")

    link = Link(gone, clock)
    while clock.now() < 20:
        link.step()
    waited = np.diff(tries)
    assert waited[:6] == pytest.approx([0.1, 0.2, 0.4, 0.8, 1.6, 2.0])
    assert waited[6:] == pytest.approx(2.0)


def test_half_a_hello_and_then_a_cut_cable():
    rig = Rig()
    rig.run(5, lambda: rig.clock.now() > 1.4 and 0 < rig.counters.bytes_in < 30)
    rig.cable.pieces = 5
    rig.run(0.01)
    rig.cable.pull()
    rig.run(1)
    rig.cable.plug()
    rig.cable.pieces = 65536
    assert rig.run_until(State.LIVE) <= 3.7


def test_a_reset_board_is_greeted_anew_without_opening_the_port_again():
    rig = live_rig()
    rig.link.light_lamps(0x18)
    rig.run(1)
    rig.board.reset()
    assert rig.run(5, lambda: rig.counters.hellos == 2) <= 1.6
    rig.run(0.3)
    assert rig.state is State.LIVE
    assert rig.board.lamps == 0x18
    assert rig.counters.opened == 1


def test_a_reader_held_up_for_long_shows_no_stale_picture():
    rig = live_rig()
    rig.run(0.03)  # in the midst of a line, whose rest is thrown away with all that waited
    rig.clock.sleep(9)
    rig.run(0.01)
    assert rig.link.look()[1] is None or rig.state is State.LIVE
    assert (
        rig.run_until(State.LIVE) <= 1.5
    )  # the board had fallen silent, and says hello each second
    rig.run(1)
    assert rig.counters.held_up == 1
    assert rig.counters.opened == 1
    assert rig.counters.bad_crc == 0


def test_while_a_driver_keeps_the_thread_waiting_the_last_picture_is_not_passed_off_as_new():
    rig = live_rig()
    rig.run(1)
    rig.clock.sleep(0.9)  # as in a write that does not return; the thread does no step meanwhile
    assert rig.link.look()[1] is not None
    rig.clock.sleep(0.2)
    status, seen = rig.link.look()
    assert (status.state, seen) == (State.STALLED, None)
    assert status.text == "no frame for more than a second"
    assert rig.run_until(State.LIVE) <= 1.5


def test_bytes_stolen_by_a_second_opener_cost_frames_and_nothing_else():
    rig = live_rig()
    for turn in range(200):
        rig.run(0.05)
        if turn % 4 == 0:
            rig.board.send()  # somebody else reads what was for us
    assert rig.checked > 100
    before = rig.checked
    assert rig.run(2, lambda: rig.checked > before) <= 1


# a board that talks nonsense


def test_another_version_is_refused_and_nothing_is_said_to_it():
    rig = Rig()
    rig.board.version = 2
    rig.run(12)
    assert rig.state is State.REFUSED
    assert "protocol 2, firstwave speaks 1" in rig.link.status().text
    assert rig.cable.spoken == 0
    rig.board.version = 1  # it was given the right sketch
    rig.board.reset()
    assert rig.run_until(State.LIVE) <= 1.6


def test_an_absurd_geometry_is_refused():
    rig = Rig()
    said = seal(b"H1 rows=65000 cols=20 bits=6 lamps=8 id=x") + b"\n"
    rig.board.twist = lambda line: said if line.startswith(b"H") else line
    rig.run(4)
    assert rig.state is State.REFUSED
    assert "65000 x 20" in rig.link.status().text
    assert rig.cable.spoken == 0


def test_a_silent_port_is_asked_and_opened_again_without_haste():
    rig = Rig()
    rig.board.silent = True
    rig.run(60)
    assert rig.counters.opened <= 60 / 8 + 1
    assert rig.cable.spoken <= 2 * 12 * rig.counters.opened
    assert rig.cable.open_ports <= 1
    rig.board.silent = False
    assert rig.run_until(State.LIVE) <= 8 + 3.7


def test_a_board_that_only_greets_is_not_waited_for_for_ever():
    rig = Rig()
    rig.board.twist = lambda line: b"" if line.startswith(b"F") else line
    rig.run(30)
    assert State.LIVE not in rig.states
    assert rig.counters.opened >= 4
    assert "no frame for 3 seconds" in rig.link.status().last_error


def test_a_board_that_says_hello_only_when_asked_is_found():
    rig = Rig()

    def only_when_asked(line):
        asked = bytes(rig.board.heard).endswith(b"?\n")
        return line if asked or not line.startswith(b"H") else b""

    rig.board.twist = only_when_asked
    assert rig.run_until(State.LIVE) <= 3.2


def test_when_frames_cease_the_picture_is_gone_and_the_port_is_opened_again():
    rig = live_rig()
    rig.board.silent = True
    assert rig.run_until(State.STALLED) <= 1.1
    assert rig.link.look()[1] is None
    assert rig.run_until(State.DOWN) <= 2.1
    assert "no frame for 3 seconds" in rig.link.status().text
    rig.board.silent = False
    assert rig.run_until(State.LIVE) <= 2


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(lambda body: body[:-1], id="a cell short"),
        pytest.param(lambda body: body + b"0", id="a cell long"),
        pytest.param(lambda body: body[:10] + b" " + body[11:], id="a cell that is no number"),
        pytest.param(lambda body: b"FXY" + body[3:], id="a running number that is none"),
    ],
)
def test_a_right_checksum_does_not_make_a_wrong_frame_right(content):
    rig = live_rig()
    right = rig.checked

    def every_other(line):
        every_other.turn += 1
        if not line.startswith(b"F") or every_other.turn % 2:
            return line
        return seal(content(line[:-6])) + b"\n"

    every_other.turn = 0
    rig.board.twist = every_other
    rig.run(4)
    assert rig.counters.unfit >= 40
    assert rig.checked - right >= 40
    assert rig.state is State.LIVE


def test_frames_that_come_again_are_not_shown_again():
    rig = live_rig()
    said = []

    def again(line):
        said.append(line)
        if len(said) % 10 == 0 and len(said) > 30:
            return line + said[-25]  # a frame of a second ago, in between
        return line

    rig.board.twist = again
    rig.run(20)
    assert rig.counters.out_of_turn >= 20
    assert rig.checked > 200


def test_a_jump_of_the_running_numbers_is_counted_and_passed():
    rig = live_rig()
    rig.run(1)
    rig.board.number += 100
    rig.run(1)
    assert rig.counters.missed == 100
    before = rig.counters.frames
    rig.board.number -= 50  # backwards, as after a reset whose hello was lost
    rig.run(1)
    assert rig.counters.out_of_turn == 2
    assert rig.counters.frames - before >= 20


def test_a_board_that_comes_back_with_other_cells_is_read_so():
    rig = live_rig(rows=20, columns=20)
    rig.board.hello = Hello(8, 8, 6, 4, "other")
    rig.shown = rig.shown[:, :8, :8]
    rig.board.reset()
    rig.run(3)
    assert rig.state is State.LIVE
    assert rig.link.look()[1].values.shape == (8, 8)
    assert rig.counters.opened == 1


@pytest.mark.parametrize("pieces", [1, 7, 65536])
def test_it_does_not_matter_in_what_pieces_bytes_come(pieces):
    rig = Rig(rows=4, columns=4)
    rig.cable.pieces = pieces
    rig.run(10)
    assert rig.state is State.LIVE
    assert rig.counters.bad_crc == 0


def test_comments_are_passed_over():
    rig = live_rig()
    rig.board.twist = lambda line: b"# what a fine day\n" + line
    rig.run(2)
    assert rig.state is State.LIVE
    assert rig.counters.bad_crc == rig.counters.unfit == 0


# what the drivers come up with


@pytest.mark.parametrize(
    "error",
    [
        OSError(5, "Input/output error"),
        OSError(6, "No such device or address"),
        PermissionError(13, "ClearCommError failed"),
        TypeError("'NoneType' object cannot be interpreted as an integer"),
        AttributeError("'NoneType' object has no attribute 'hEvent'"),
        ValueError("file descriptor cannot be a negative integer"),
        RuntimeError("something new"),
    ],
    ids=repr,
)
@pytest.mark.parametrize("act", ["read_some", "write", "close"])
def test_whatever_a_dead_port_raises_the_link_goes_on(error, act):
    rig = live_rig()
    port = rig.cable.port

    def fails(*_):
        raise error

    setattr(port, act, fails)
    if act == "close":
        rig.cable.pull()
        rig.link.step()
        rig.cable.plug()
    began_s = rig.clock.now()
    while rig.clock.now() - began_s < 6:
        rig.link.step()
    assert rig.link.status().state is State.LIVE
    assert rig.link.status().counters.reconnects == 1
    defects = isinstance(error, RuntimeError) and act != "close"
    assert rig.link.status().counters.defects == defects


def test_a_terminals_own_error_is_a_lost_port():
    termios = pytest.importorskip("termios", reason="Windows has no terminals of this kind")
    rig = live_rig()
    rig.clock.sleep(2)  # held up: the waiting bytes are flushed, and the flush fails

    def fails():
        raise termios.error(5, "Input/output error")

    rig.cable.port.forget = fails
    rig.run(6)
    assert rig.state is State.LIVE
    assert rig.counters.reconnects == 1


def test_closing_while_the_thread_reads_ends_it_in_time():
    rig = Rig()
    link = Link(rig.cable, rig.clock).start()
    link.close()
    assert "photocell board" not in [thread.name for thread in threading.enumerate()]
    assert link.status().state is State.DOWN


# anything whatever


@given(
    st.lists(
        st.one_of(
            st.binary(max_size=60),
            st.sampled_from([b"\n", b"H1", b"H2", b"F00", b"*", b"\0" * 50, b"\xff" * 50]),
            st.builds(seal, st.binary(max_size=20)),
            st.just(hello_line(Hello(2, 3, 6, 8, "x"))),
            st.just(hello_line(Hello(64, 64, 8, 8, "y"))),
            st.integers(0, 255).map(
                lambda n: frame_line(n, 0, np.full((2, 3), n % 64, np.uint8), 6)
            ),
        ),
        max_size=30,
    ),
    st.floats(0, 3),
)
@settings(max_examples=150)
def test_a_conversation_bears_anything(pieces, step_s):
    now = 0.0
    talk = Conversation(now, Counters())
    for piece in pieces:
        now += step_s
        talk.hear(piece, now)
        assert len(talk.speak(now)) < 40
        assert isinstance(talk.over(now), str)
        if talk.seen is not None:
            hello = talk.seen.hello
            assert talk.seen.values.shape == (hello.rows, hello.columns)
            assert talk.seen.values.max() <= hello.top


# a long time


def test_memory_does_not_grow_in_a_flood():
    rig = live_rig(rows=8, columns=8)
    rig.cable.noise = Noise(flood_per_s=50_000, flood_of=b"\xff\n0*", drop=0.001)
    rig.run(8)
    gc.collect()
    tracemalloc.start()
    try:
        rig.run(3)
        gc.collect()
        before = tracemalloc.get_traced_memory()[0]
        rig.run(10)
        gc.collect()
        grown = tracemalloc.get_traced_memory()[0] - before
    finally:
        tracemalloc.stop()
    assert grown < 20_000  # half a million bytes went by


@pytest.mark.slow
def test_half_an_hour_of_trouble_on_a_hand_turned_clock():
    """Two minutes each of fifteen kinds of trouble; after each the link is live again."""
    troubles = [
        Noise(), Noise(drop=0.002), Noise(flip=0.002), Noise(double=0.002),
        Noise(flood_per_s=2000), "pull", "reset", "hold up", "silence",
        Noise(drop=0.01), Noise(flip=0.0002, seed=3), "steal", Noise(wrong_speed=True),
        Noise(flood_per_s=5000, flood_of=b"F0*\n"), Noise(),
    ]  # fmt: skip
    rig = live_rig()
    rig.link.light_lamps(0x3C)
    for trouble in troubles:
        if isinstance(trouble, Noise):
            rig.cable.noise = trouble
        for turn in range(12):
            if trouble == "pull":
                rig.cable.pull()
                rig.run(2)
                rig.cable.plug()
            elif trouble == "reset":
                rig.board.reset()
            elif trouble == "hold up":
                rig.clock.sleep(4)
            elif trouble == "silence":
                rig.board.silent = turn % 2 == 0
            elif trouble == "steal":
                rig.board.send()
            rig.run(10)
        rig.cable.noise = Noise()
        rig.board.silent = False
        assert rig.run_until(State.LIVE) <= 8 + 3.7
        rig.run(1)
        assert rig.board.lamps == 0x3C
    assert rig.clock.now() >= 1800
    assert rig.checked > 15_000
    assert rig.counters.reconnects >= 12
    assert rig.cable.open_ports == 1
