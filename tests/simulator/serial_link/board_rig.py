"""A link, a cable and an emulated board on a clock turned by hand; what must always hold."""

import numpy as np

from simulator import chance
from simulator.serial_link import Cable, EmulatedBoard, HandClock, Link, State
from simulator.serial_link.emulated_board import quantised

PICTURES = 64
STANDS_S = 0.25
LATEST_S = 0.4
"""A picture older than this must not be handed on."""


def pictures(rows, columns, seed=1):
    """Give pictures no two of which are alike: uint8, shape (64, rows, columns)."""
    at = np.arange(PICTURES * rows * columns)
    levels = chance.bits_of(seed, chance.stream("test.pictures"), at).astype(np.uint8)
    return levels.reshape(PICTURES, rows, columns)


class Rig:
    """Turns the link step by step, and after every step checks what must never fail."""

    def __init__(self, rows=20, columns=20, bits=6, seed=1, **board):
        self.clock = HandClock()
        self.shown = pictures(rows, columns, seed)
        self.board = EmulatedBoard(
            self.clock,
            rows,
            columns,
            bits,
            scene=lambda now: self.shown[self.standing(now)],
            **board,
        )
        self.cable = Cable(self.board)
        self.link = Link(self.cable, self.clock)
        self.states = []
        self.checked = 0
        self.last = 0

    def standing(self, now):
        return int(now / STANDS_S) % PICTURES

    def run(self, seconds, until=lambda: False):
        """Let so much time pass, or less; tell how much passed."""
        began_s = self.clock.now()
        while self.clock.now() - began_s < seconds and not until():
            self.link.step()
            self.check()
        return self.clock.now() - began_s

    def run_until(self, state, seconds=20.0):
        """Let time pass until the link stands so; tell how long it took."""
        took_s = self.run(seconds, lambda: self.state is state)
        assert self.state is state, self.link.status()
        return took_s

    @property
    def state(self):
        return self.link.status().state

    @property
    def counters(self):
        return self.link.status().counters

    def check(self):
        status, seen = self.link.look()
        if not self.states or self.states[-1] is not status.state:
            self.states.append(status.state)
        assert status.text
        assert status.text.isprintable()
        assert status.counters.defects == 0, status
        if seen is None:
            assert status.state is not State.LIVE
            return
        assert status.state is State.LIVE
        if seen.nth != self.last:
            self.last = seen.nth
            self.checked += 1
            now = self.clock.now()
            recent = {self.standing(now - ago) for ago in (0, LATEST_S / 2, LATEST_S)}
            bits = self.board.hello.bits
            assert any(
                np.array_equal(seen.values, quantised(self.shown[k], bits)) for k in recent
            ), f"a wrong frame reached the machine at {now:.3f} s"
