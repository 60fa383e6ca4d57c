"""What the photocell board costs this computer: a share of one core at 400 cells, 25 frames/s."""

import time

import numpy as np
import pytest

from simulator import chance
from simulator.serial_link import Counters, State
from simulator.serial_link.conversation import Conversation
from simulator.serial_link.frames import Hello, frame_line, hello_line

pytestmark = pytest.mark.benchmark
SECONDS = 120
FRAMES_PER_S = 25


def test_reading_400_cells_25_times_a_second_takes_under_one_percent_of_a_core():
    drawn = chance.bits_of(1, chance.stream("bench"), np.arange(400)) % np.uint64(64)
    values = drawn.astype(np.uint8).reshape(20, 20)
    line = [frame_line(n & 0xFF, 0, values, 6) for n in range(SECONDS * FRAMES_PER_S)]
    counters = Counters()
    talk = Conversation(0.0, counters)
    talk.hear(hello_line(Hello(20, 20, 6, 8, "x")), 0.0)
    began_s = time.process_time()
    for n, frame in enumerate(line):
        for first in range(0, len(frame), 64):  # as USB brings them
            now = (n + first / len(frame)) / FRAMES_PER_S
            talk.hear(frame[first : first + 64], now)
            talk.speak(now)
    took_s = time.process_time() - began_s
    assert (talk.state, counters.frames) == (State.LIVE, SECONDS * FRAMES_PER_S)
    share = took_s / SECONDS
    each_us = took_s / len(line) * 1e6
    print(f"400 cells at 25 frames/s: {share:.3%} of a core, {each_us:.0f} us each")
    assert share < 0.01
