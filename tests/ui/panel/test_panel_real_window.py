"""The panel in a real window: a process of its own, a virtual screen, and a mouse moved by X."""

import os
import re
import shutil
import subprocess
import sys
import time

import numpy as np
import pytest
from PIL import Image

TOOLS = ("Xvfb", "xdotool", "xwininfo", "import")
MISSING = [tool for tool in TOOLS if shutil.which(tool) is None]

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(bool(MISSING), reason=f"not installed: {', '.join(MISSING)}"),
]


@pytest.fixture
def display():
    read, write = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write), "-screen", "0", "1400x900x24", "-nolisten", "tcp"],
        pass_fds=[write],
        stderr=subprocess.DEVNULL,
    )
    os.close(write)
    with os.fdopen(read) as pipe:
        number = pipe.readline().strip()
    yield f":{number}"
    server.terminate()
    server.wait(10)


class Window:
    """What a person sees and does."""

    def __init__(self, display, tmp_path):
        env = {k: v for k, v in os.environ.items() if k != "SDL_VIDEODRIVER"}
        self.env = env | {"DISPLAY": display, "SDL_AUDIODRIVER": "dummy"}
        self.picture = tmp_path / "screen.png"
        self.process = subprocess.Popen(
            [sys.executable, "-m", "ui.cli", "panel", "mark1"], env=self.env
        )
        self.id, self.left, self.top = self._wait_for(self._find, "a window")
        self.tool("windowfocus", self.id)
        self._wait_for(lambda: self.see(22, 37, 331, 330).std() > 3, "the panel in the window")

    def _wait_for(self, what, name):
        for _ in range(900):
            assert self.process.poll() is None, "the panel ended by itself"
            if found := what():
                return found
            time.sleep(0.1)
        raise AssertionError(f"waited in vain for {name}")

    def _find(self):
        tree = subprocess.run(
            ["xwininfo", "-root", "-tree"], env=self.env, capture_output=True, text=True
        ).stdout
        found = re.search(r"(0x[0-9a-f]+) .*1280x800\+\S+\s+\+(-?\d+)\+(-?\d+)", tree)
        return found and (found[1], int(found[2]), int(found[3]))

    def tool(self, *words):
        subprocess.run(["xdotool", *map(str, words)], env=self.env, check=True, timeout=20)

    def move(self, x, y):
        self.tool("mousemove", self.left + x, self.top + y)

    def see(self, x, y, width, height):
        subprocess.run(
            ["import", "-silent", "-window", "root", self.picture], env=self.env, check=True
        )
        box = (self.left + x, self.top + y, self.left + x + width, self.top + y + height)
        return np.asarray(Image.open(self.picture).convert("L").crop(box), dtype=float)


def test_a_person_draws_teaches_and_leaves(display, tmp_path):
    window = Window(display, tmp_path)
    try:
        dark = window.see(22, 37, 331, 330)
        window.move(60, 200)
        window.tool("mousedown", 1)
        window.move(310, 200)  # in one jump: the stroke between is the panel's to fill in
        window.tool("mouseup", 1)
        time.sleep(1.0)
        lit = window.see(22, 37, 331, 330)
        row = (lit - dark)[140:180, 40:285].max(axis=0)
        assert (row > 60).mean() > 0.5, "a stroke without gaps: lamps all along the row"
        gaps = np.diff(np.flatnonzero(np.concatenate(([True], row > 60, [True]))))
        assert gaps.max() < 20, "not a cell of the row was skipped"

        values = window.see(385, 60, 506, 590)
        window.move(90, 722)
        window.tool("click", 1)  # TEACH A
        time.sleep(1.5)
        turned = np.abs(window.see(385, 60, 506, 590) - values) > 20
        assert turned.sum() > 200, "the potentiometers of active A-units turned"

        window.tool("key", "Escape")
        assert window.process.wait(20) == 0
    finally:
        window.process.kill()
        window.process.wait(10)
