"""docs/formats.md against what ``firstwave nets`` really prints and writes."""

import json
from pathlib import Path

import pytest
from test_cli_formats import DOCUMENTED, same_shape

from machines.mcculloch_pitts import net_json
from machines.mcculloch_pitts.figures_1943 import figure

PULSES = ["--fire", "N2@0,3-6"]
COMMANDS = {
    "nets-figures": ["figures", "1e", "--out", "drawings"],
    "nets-compile": ["compile", "always(a) & b", "--to", "net.json"],
    "nets-run": ["run", "figure:1e", *PULSES, "--explain", "Na@1", "--show", "N2,N3",
                 "--raster", "run.csv", "--vcd", "run.vcd"],
    "nets-analyse": ["analyse", "figure:1i"],
    "nets-equivalent": ["equivalent", "figure:1c", "figure:1b"],
    "nets-transform": ["transform", "figure:1f-above", "--law", "absolute", "--to", "new.json"],
    "nets-threshold": ["threshold", "a v b.c"],
    "nets-threshold-count": ["threshold", "--count", "4"],
    "nets-export": ["export", "figure:1e", "--to", "verilog", "-o", "net.v",
                    "--bench", "net_test.v", *PULSES],
    "nets-faults": ["faults", "figure:1e", *PULSES],
    "nets-reliability": ["reliability", "--trials", "3"],
}  # fmt: skip


@pytest.mark.parametrize("command", COMMANDS)
def test_what_a_command_of_nets_prints_is_what_is_documented(run, command):
    ran = run("nets", *COMMANDS[command], "--json")
    same_shape(DOCUMENTED[f"firstwave/{command}/1"], ran.document)
    assert ran.document["schema"] == f"firstwave/{command}/1"
    files = ran.document["result"].get("files", {})
    assert all(Path(path).stat().st_size for path in files.values())


def test_every_documented_command_of_nets_is_compared():
    here = {name for name in DOCUMENTED if name.startswith("firstwave/nets-")}
    assert here == {f"firstwave/{command}/1" for command in COMMANDS}


def test_the_documented_net_is_figure_1d():
    net = net_json.from_json(DOCUMENTED["firstwave/net/1"])
    drawn = json.loads(net_json.dumps(figure("1d").net))
    assert net_json.to_json(net) | {"title": ""} == drawn | {"title": ""}
