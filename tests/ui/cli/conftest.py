import json
from typing import Any, NamedTuple

import numpy as np
import pytest
from PIL import Image, ImageFilter

from simulator.stimuli import letter, shift
from ui.cli.main import main


class Ran(NamedTuple):
    status: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        assert self.out.count("\n") == 1, "exactly one object on one line"
        return json.loads(self.out)

    @property
    def said(self) -> str:
        """The one line a mistake is told in."""
        lines = [line for line in self.err.splitlines() if line.startswith("firstwave: ")]
        assert len(lines) == 1, self.err
        assert "Traceback" not in self.err
        return lines[0]


@pytest.fixture
def run(capfd, monkeypatch, tmp_path):
    """Run one command line in this process, in a folder of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("FORCE_COLOR", raising=False)

    def one(*arguments):
        capfd.readouterr()
        status = main([str(argument) for argument in arguments])
        return Ran(status, *capfd.readouterr())

    return one


def photograph(path, name, down, right, number):
    """Write a letter as a telephone sees it: black on grey paper, a lamp at one side, noise."""
    chance = np.random.default_rng(number)
    figure = np.kron(shift(letter(name), down, right), np.ones((24, 24), np.uint8))
    paper = np.where(figure > 0, 60.0, 190.0)
    y, x = np.meshgrid(np.linspace(0, 1, 480), np.linspace(0, 1, 480), indexing="ij")
    lamp = 0.55 + 0.4 * (x if number % 2 else y)
    grey = np.clip(paper * lamp + chance.normal(0, 8, paper.shape), 0, 255).astype(np.uint8)
    picture = Image.fromarray(grey).filter(ImageFilter.GaussianBlur(2)).convert("RGB")
    path.parent.mkdir(parents=True, exist_ok=True)
    picture.save(path, quality=70)


@pytest.fixture(scope="session")
def photographs(tmp_path_factory):
    """Folders of photographed letters: to teach with (``taught``), and others (``held-out``)."""
    top = tmp_path_factory.mktemp("photographs")
    places = [(0, 0), (1, 0), (0, 1), (-1, 0), (0, -1)]
    for name in "EXL":
        for number, (down, right) in enumerate(places):
            photograph(top / "taught" / name / f"{number}.jpg", name, down, right, number)
        for number, (down, right) in enumerate([(1, 1), (-1, 1)], start=10):
            photograph(top / "held-out" / f"{name}-{number}.jpg", name, down, right, number)
    return top


@pytest.fixture(scope="session")
def taught(tmp_path_factory):
    """A machine that tells E from X."""
    path = tmp_path_factory.mktemp("taught") / "ex.npz"
    assert main(["mark1", "train", "--stimuli", "E,X", "--save", str(path)]) == 0
    return path
