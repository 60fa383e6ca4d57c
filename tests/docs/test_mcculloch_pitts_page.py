"""docs/mcculloch_pitts.md against the commands: every answer and every drawing on it is real."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import typer

from machines.mcculloch_pitts.figures_1943 import ALSO, NAMES, figure
from ui.cli import nets
from ui.cli.main import main

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "mcculloch_pitts.md").read_text(encoding="utf-8")
FORMATS = (ROOT / "docs" / "formats.md").read_text(encoding="utf-8")
IMAGES = ROOT / "docs" / "images"
BLOCK = re.compile(r"^```(?P<kind>\w*)\n(?P<code>.*?)^```$", re.M | re.S)


@pytest.mark.slow
def test_every_answer_on_the_page_is_what_the_command_before_it_prints(tmp_path):
    env = os.environ | {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
    }
    printed, compared = None, 0
    for block in BLOCK.finditer(PAGE):
        if block["kind"] == "sh":
            done = subprocess.run(
                ["bash", "-euc", block["code"]], cwd=tmp_path, env=env,
                capture_output=True, text=True, timeout=120,
            )  # fmt: skip
            assert done.returncode == 0, block["code"] + done.stderr
            printed = done.stdout
        elif block["kind"] == "text":
            assert printed is not None, block["code"]
            assert block["code"] == printed.rstrip("\n") + "\n"
            printed, compared = None, compared + 1
    assert compared >= 15


def test_the_drawings_are_what_the_command_draws(tmp_path, capsys):
    for chosen in ([], *([name] for name in ALSO)):
        assert main(["nets", "figures", *chosen, "--out", str(tmp_path / "drawn")]) == 0
    drawn = {path.name: path.read_text() for path in (tmp_path / "drawn").iterdir()}
    assert len(drawn) == len(NAMES) + len(ALSO)
    kept = {path.name: path.read_text() for path in IMAGES.glob("figure-*.svg")}
    assert kept == drawn, "firstwave nets figures [1g-above, 1i-above] --out docs/images"
    assert [name for name in drawn if f"images/{name}" not in PAGE] == []


def test_the_table_of_figure_1_has_the_formulas_of_the_paper():
    rows = dict(re.findall(r"^\| !\[(1\w[a-z ]*)\]\(.*?\) \|.*?\| (.*) \|$", PAGE, re.M))
    assert list(rows) == [*NAMES, *ALSO]
    otherwise = {
        "1f below": "the same, one tick later",
        "1g above": "the same as 1g, with a proviso (below)",
        "1i above": "the same as 1i",
    }
    for name in (*NAMES, *ALSO):
        assert rows[name] == otherwise.get(name, ", ".join(figure(name).says))
    assert [figure(name).says for name in ALSO] == [figure("1g").says, figure("1i").says]


def test_every_option_of_every_command_of_nets_is_on_a_page():
    commands = typer.main.get_command(nets.app).commands
    options = {
        (name, option)
        for name, command in commands.items()
        for parameter in command.params
        for option in parameter.opts
        if option.startswith("--")
    }
    assert ("run", "--explain") in options
    assert [one for one in sorted(options) if f"{one[1]}" not in PAGE + FORMATS] == []
    assert [name for name in commands if f"firstwave nets {name}" not in PAGE] == []
