"""The link and the shipped firmware, each as it is, on one simulated time."""

import random
import time
from collections import Counter

import numpy as np
import pytest
from rig import SimulatedClock, SimulatedPort

from simulator.serial_link.link import Link
from simulator.serial_link.ports import NamedPort
from simulator.serial_link.states import State

OPTIBOOT_US = 1_300_000  # an Uno's boot loader has the chip for so long after a reset


class Watched:
    """A link whose every frame is held against the light that fell on the board."""

    def __init__(self, board):
        self.board = board
        self.link = Link(lambda: SimulatedPort(board), SimulatedClock(board), frames_per_s=25)
        self.frames = 0
        self.states = Counter()
        self.wanted = [0]
        self.shown = []
        self.shine(np.zeros(board.wiring.cells, int))

    def shine(self, levels):
        """Change the light; a frame on its way shows the old above and the new below."""
        self.board.show([int(level) for level in levels])
        self.shown = [np.asarray(levels), *self.shown[:1]]
        self.changed_ms = self.board.ms

    def light(self, lamps):
        """Want these lamps; until the board has heard of it, it shows what was wanted before."""
        self.link.light_lamps(lamps)
        self.wanted = [lamps, self.wanted[0]]

    def step(self):
        self.link.step()
        assert self.board.state["lamps"] in (0, *self.wanted), "a lamp nobody wanted is lit"
        status, seen = self.link.look()
        self.states[status.state] += 1
        assert status.text
        assert status.counters.defects == 0, status.text
        if seen is not None and status.counters.frames != self.frames:
            self.frames = status.counters.frames
            self.check(seen.values.ravel())

    def check(self, values):
        new, *old = self.shown
        if old and self.board.ms - self.changed_ms < 300:
            seams = (np.append(old[0][:at], new[at:]) for at in range(values.size + 1))
            assert any((values == seam).all() for seam in seams), (
                "neither the old nor the new light"
            )
        else:
            assert (values == new).all(), "a wrong frame reached the machine"

    def run(self, seconds):
        until = self.board.ms + 1000 * seconds
        while self.board.ms < until:
            self.step()

    def seconds_until(self, reached, at_most):
        began = self.board.ms
        while not reached():
            self.step()
            assert self.board.ms - began < 1000 * at_most, self.link.status().text
        return (self.board.ms - began) / 1000

    def is_live(self):
        return self.link.status().state is State.LIVE

    def lamps_are(self, lit):
        return self.board.state["lamps"] == lit and self.link.status().lamps_lit == lit


@pytest.fixture
def watched(board):
    links = []

    def watched(name="MUX_8X8", chip="uno", boot_us=OPTIBOOT_US):
        one = board(name, chip)
        one.tell(f"boot {boot_us}")
        links.append(Watched(one))
        return links[-1]

    yield watched
    for one in links:
        one.link.close()


def test_the_link_is_live_soon_after_opening_and_every_frame_is_the_light(watched):
    one = watched()
    one.shine(np.arange(64) % 64)
    took_s = one.seconds_until(one.is_live, 3)
    print(f"live {took_s:.2f} simulated s after opening")
    one.run(1)
    status = one.link.status()
    assert status.hello.board_id == "uno-mux8x8"
    assert (status.hello.rows, status.hello.columns) == (8, 8)
    assert status.counters.frames >= 20
    assert status.counters.bad_crc == status.counters.missed == status.counters.unfit == 0


@pytest.mark.parametrize("name", ["MUX_20X20", "MATRIX_20X20"])
def test_four_hundred_cells_arrive_in_their_places(watched, name):
    one = watched(name, "mega", 700_000)
    one.shine(np.random.default_rng(20).integers(0, 64, 400))
    one.seconds_until(one.is_live, 3)
    one.run(1)
    assert one.frames >= 20


def test_the_lamps_of_the_link_are_the_lamps_of_the_board(watched):
    one = watched()
    one.seconds_until(one.is_live, 3)
    slowest = 0.0
    for lit in (0x01, 0x80, 0xA5, 0x5A, 0xFF, 0x00):
        one.light(lit)
        slowest = max(slowest, one.seconds_until(lambda lit=lit: one.lamps_are(lit), 1))
    print(f"lamp echoed after {slowest:.2f} simulated s at most")
    assert slowest < 0.25


def test_closing_the_link_darkens_the_lamps_at_once(watched):
    one = watched()
    one.light(0xFF)
    one.seconds_until(lambda: one.lamps_are(0xFF), 4)
    one.board.tell("opening 0")
    one.link.close()
    one.board.run(50)
    assert one.board.state["lamps"] == 0


def test_the_reset_button_is_survived_without_opening_the_port_again(watched):
    one = watched()
    one.light(0x3C)
    one.seconds_until(lambda: one.lamps_are(0x3C), 4)
    one.board.tell("press")
    one.run(0.1)
    took_s = 0.1 + one.seconds_until(lambda: one.is_live() and one.lamps_are(0x3C), 4)
    print(f"live again {took_s:.2f} simulated s after a reset")
    assert one.link.status().counters.opened == 1


def test_a_pulled_cable_is_noticed_and_the_lamps_come_back(watched):
    one = watched()
    one.light(0xC3)
    one.seconds_until(lambda: one.lamps_are(0xC3), 4)
    for times in range(1, 4):
        one.board.tell("pull")
        assert one.seconds_until(lambda: one.link.status().state is State.DOWN, 1) < 1
        assert one.link.look()[1] is None
        one.run(2)
        one.board.tell("plug")
        took_s = one.seconds_until(lambda: one.lamps_are(0xC3), 6)
        print(f"lamps back {took_s:.2f} simulated s after plugging in")
        assert one.link.status().counters.reconnects == times


def test_the_link_in_its_thread_talks_to_the_firmware_through_pyserial(board):
    """In real time; the clock on the wall only says when to give up."""
    one = board()
    levels = np.arange(64)[::-1]
    one.show(list(levels))
    one.tell("boot 500000")
    one.tell("go 1")

    def wait_for(reached):
        give_up = time.monotonic() + 60
        while not reached():
            assert time.monotonic() < give_up, link.status()
            time.sleep(0.02)

    with Link(NamedPort(str(one.port))) as link:
        link.light_lamps(0x96)
        wait_for(lambda: link.status().lamps_lit == 0x96)
        assert one.tell("state")["lamps"] == 0x96
        _, seen = link.look()
        assert (seen.values.ravel() == levels).all()
        one.tell("pull")
        wait_for(lambda: link.status().state is State.DOWN)
        assert link.look()[1] is None
        one.tell("plug")
        wait_for(lambda: link.status().lamps_lit == 0x96)
        assert link.status().counters.reconnects == 1
    wait_for(lambda: one.tell("state")["lamps"] == 0)
    assert link.status().counters.defects == 0
    one.tell("halt")


FAULTS = (
    "fault to_host 3000 0 0 0",
    "fault to_host 0 3000 0 0",
    "fault to_host 0 0 3000 0",
    "fault to_host 1000 1000 1000 2",
    "fault to_host 0 0 0 400",  # a flood
    "fault to_board 50000 0 0 0",
    "fault to_board 0 50000 50000 0",
    "fault to_board 0 0 0 30",  # more than the line can carry
    "press",
    "pull",
)


@pytest.mark.slow
def test_two_minutes_of_faults_bring_no_wrong_frame_and_no_wrong_lamp(watched):
    seed = 1960
    print(f"seed {seed}")
    rng = random.Random(seed)
    one = watched()
    one.board.tell(f"seed {seed}")
    one.seconds_until(one.is_live, 3)
    recoveries = {}
    turn = 0
    while one.board.ms < 120_000:
        fault = FAULTS[turn % len(FAULTS)]
        turn += 1
        lit = rng.randrange(256)
        one.light(lit)
        one.shine([rng.randrange(64) for _ in range(64)])
        one.board.tell(fault)
        one.run(rng.uniform(0.5, 4))
        one.board.tell("fault to_host 0 0 0 0")
        one.board.tell("fault to_board 0 0 0 0")
        if fault == "pull":
            one.board.tell("plug")
        # in peace again: the picture and the lamps come back by themselves
        took_s = one.seconds_until(lambda lit=lit: one.is_live() and one.lamps_are(lit), 12)
        recoveries[fault] = max(took_s, recoveries.get(fault, 0.0))
        one.run(rng.uniform(0.2, 0.8))
    counters = one.link.status().counters
    print(f"{counters}\n{dict(one.states)}")
    for fault, took_s in recoveries.items():
        print(f"{fault:32s} right again after {took_s:.2f} simulated s at most")
    assert set(recoveries) == set(FAULTS)
    assert counters.frames > 1000
    assert counters.bad_crc > 50
    assert counters.defects == 0
    assert one.board.state["contended"] == one.board.state["unsettled"] == 0
