"""The board made of nothing says what the real firmware says, to the character."""

import numpy as np
from rig import Host, sound

from simulator.serial_link import EmulatedBoard, HandClock

LEVELS = [(5 * cell) % 64 for cell in range(64)]
LIGHT = np.array([(level * 255 + 31) // 63 for level in LEVELS], np.uint8).reshape(8, 8)


class Emulated:
    """The emulated board behind the same words as the simulated one's host."""

    def __init__(self):
        self.clock = HandClock()
        self.board = EmulatedBoard(
            self.clock, 8, 8, scene=lambda now: LIGHT, bootloader="none", board_id="uno-mux8x8"
        )
        self.heard = b""

    def send(self, data):
        self.board.receive(data)

    def run(self, ms):
        began = len(self.heard)
        for _ in range(round(ms)):
            self.clock.sleep(0.001)
            self.heard += self.board.send()
        return self.heard[began:]

    @property
    def lamps(self):
        return self.board.lamps


class Real(Host):
    @property
    def lamps(self):
        return self.board.state["lamps"]


def lines_of(data):
    return [line.rstrip(b"\r") for line in data.split(b"\n")[:-1]]


def talk(host):
    """What it says and does in one conversation, without what only the line's speed decides."""
    told = {"at first": lines_of(host.run(130))}
    host.send(b"?\n")
    told["asked"] = lines_of(host.run(60))
    host.send(b"M\n")
    told["drawn"] = lines_of(host.run(150))
    for name, words in {
        "damaged": b"L5A*0000\n",
        "lower case": sound(b"L5a"),
        "unknown": sound(b"Z1"),
        "lamps": b"L\r5A" + sound(b"L5A")[3:],
    }.items():
        host.send(words)
        told[name] = lines_of(host.run(60)), host.lamps
    host.send(sound(b"S19"))
    told["first pictures"] = lines_of(host.run(200))[:4]
    host.send(b"?\n")
    told["asked between pictures"] = [line for line in lines_of(host.run(200)) if line[:1] == b"H"]
    host.send(sound(b"S00"))
    host.run(100)
    told["stopped"] = [line for line in lines_of(host.run(500)) if line[:1] == b"F"], host.lamps
    return told


def test_the_emulated_board_and_the_firmware_say_and_do_the_same(board):
    one = board()
    one.show(LEVELS)
    with Real(one) as host:
        real = talk(host)
    emulated = talk(Emulated())
    for what, said in real.items():
        assert emulated[what] == said, what
    assert len(real["drawn"]) == 8
    assert real["first pictures"][0].startswith(b"F005A0")
    assert real["stopped"] == ([], 0x5A)
