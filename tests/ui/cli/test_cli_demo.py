import json
import time
from pathlib import Path

from PIL import Image

from machines.mark1 import resume
from simulator.stimuli import letters


def test_the_demo_teaches_the_alphabet_and_compares_with_1960(run):
    started_s = time.perf_counter()
    ran = run("demo")
    assert time.perf_counter() - started_s < 60
    assert ran.status == 0
    assert "26 of 26 right (100.0%)" in ran.out
    assert "July 1960" in ran.out
    assert "machine" in ran.err
    assert "wall" in ran.err
    out = Path("firstwave-demo")
    assert sorted(path.name for path in out.iterdir()) == [
        "learning_curve.png",
        "mark1.npz",
        "receptive_fields.png",
        "results.json",
    ]
    with Image.open(out / "learning_curve.png") as drawing:
        assert drawing.size[0] > 400
    experimenter, _ = resume(out / "mark1.npz")
    assert experimenter.test(letters("ABCDEFGHIJKLMNOPQRSTUVWXYZ")).wrong == 0


def test_the_demo_as_json_is_what_it_also_writes(run):
    ran = run("demo", "--out", "there/is/none/yet", "--seed", 3, "--json")
    assert ran.document == json.loads(Path("there/is/none/yet/results.json").read_text())
    result = ran.document["result"]
    assert len(result["curve"]) == result["exposures"] <= 40
    assert result["curve"][-1] == 0
    assert result["trials"] == 26 * result["exposures"]
    assert result["published"]["exposures_per_letter"] == 40
    assert result["published"]["reached"] is True
    assert ran.document["seed"] == 3
