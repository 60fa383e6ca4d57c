"""Every code block of the README and the docs is run, in the order in which a reader meets them.

Blocks of Python and shell run in one folder a page, prepared with what the pages speak of: a
folder ``letters`` of pictures with one sub-folder a class, and one ``held-out``. ``text``
blocks are no code. The two set-up commands of the README are run by .ci/run, which takes them
from the page.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from simulator.stimuli import letters, variations

ROOT = Path(__file__).parents[2]
PAGES = [
    ROOT / "README.md",
    *sorted((ROOT / "docs").glob("*.md")),
    *ROOT.glob("machines/*/README.md"),
]
BLOCK = re.compile(
    r"(?P<mark><!-- set-up: \w+ -->\n)?^```(?P<kind>\w*)\n(?P<code>.*?)^```$", re.M | re.S
)


def blocks(page):
    return list(BLOCK.finditer(page.read_text(encoding="utf-8")))


def photographs(folder, seed):
    """Letters as one would photograph them: larger, a little moved, unevenly lit, grainy."""
    rng = np.random.default_rng(seed)
    stimuli = variations(letters("EX"), 6, seed=seed, shift=1)
    for i, (levels, label) in enumerate(zip(stimuli.levels, stimuli.labels, strict=True)):
        large = np.kron(levels / 255, np.ones((12, 12)))
        lamp = np.linspace(0.5, 1.0, 240)[None, :]
        grain = rng.normal(0, 6, large.shape)
        picture = np.clip((40 + 180 * large) * lamp + grain, 0, 255).astype(np.uint8)
        place = folder / stimuli.classes[label]
        place.mkdir(parents=True, exist_ok=True)
        Image.fromarray(picture).save(place / f"{i % 6}.png")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_the_code_of_a_page_runs(page, tmp_path):
    photographs(tmp_path / "letters", 1)
    photographs(tmp_path / "held-out", 2)
    env = os.environ | {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "SDL_VIDEODRIVER": "dummy",
        "SDL_AUDIODRIVER": "dummy",
        "PYTHONWARNINGS": "error",
    }
    for block in blocks(page):
        if block["mark"] or block["kind"] in ("text", "json"):
            continue
        shell = ["bash", "-euc"] if block["kind"] == "sh" else [sys.executable, "-c"]
        assert block["kind"] in ("sh", "python"), f"{page.name}: a block of unknown kind"
        done = subprocess.run(
            [*shell, block["code"]],
            cwd=tmp_path,
            env=env,
            capture_output=True,
            text=True,
            timeout=300,
        )
        assert done.returncode == 0, f"{page.name}:\n{block['code']}\n{done.stdout}{done.stderr}"


def test_the_readme_has_two_set_up_commands_of_one_line_each():
    marked = [block for block in blocks(ROOT / "README.md") if block["mark"]]
    assert [block["mark"].split()[2] for block in marked] == ["main", "tests"]
    assert all(block["code"].count("\n") == 1 for block in marked)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_within_the_repository_lead_somewhere(page):
    text = page.read_text(encoding="utf-8")
    links = re.findall(r"\]\((?!https?:)([^)#]+)", text)
    missing = [link for link in links if not (page.parent / link).exists()]
    assert missing == []
