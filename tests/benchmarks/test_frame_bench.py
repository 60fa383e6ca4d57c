"""How long a frame takes with every lamp, pointer and needle changing."""

import pytest

from ui.panel.timing import frame_ms
from ui.panels.mark1 import open_machine


@pytest.mark.benchmark
@pytest.mark.parametrize("size", [(1280, 800), (1920, 1200), (3840, 2400)])
def test_frame_with_everything_changing(size, capsys):
    background, frame = frame_ms(open_machine(), size)
    with capsys.disabled():
        print(f"\n{size[0]} x {size[1]}: background {background:.2f} ms, frame {frame:.2f} ms")
