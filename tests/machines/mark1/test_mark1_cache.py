"""Compiled code on disk never outlives the sources it was made from."""

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
SCRIPT = """
import numpy as np
from machines.mark1 import Mark1
machine = Mark1()
light = np.zeros((9, 400), np.uint8)
machine.operate("mark1.control.train", {"light": light, "desired": np.zeros((9, 8), np.int8),
                                        "rule": "off", "sweeps": 1})
print(machine.snapshot().series_order.tolist())
"""


def order_shown(tree):
    env = {k: v for k, v in os.environ.items() if k != "NUMBA_CACHE_DIR"} | {
        "PYTHONPATH": str(tree)
    }
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        cwd=tree,
        env=env,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_fingerprint_covers_every_module_compiled_code_takes_something_from():
    from machines.mark1 import compiled_loop

    covered = {Path(module.__file__).stem for module in compiled_loop.SOURCES}
    taken = set()
    for part in ("loop", "masks", "memory", "parts", "trials", "units"):
        source = (ROOT / "machines" / "mark1" / f"compiled_{part}.py").read_text(encoding="utf-8")
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.ImportFrom) and node.level == 1:
                taken |= {node.module} if node.module else {alias.name for alias in node.names}
    assert taken == covered - {"chance"}
    assert {"compiled_parts", "compiled_trials", "rules", "state"} < taken


@pytest.mark.slow
def test_an_edit_of_a_file_the_compiled_loop_takes_a_constant_from_is_seen(tmp_path):
    for package in ("machines", "simulator"):
        shutil.copytree(ROOT / package, tmp_path / package)
    before = order_shown(tmp_path)
    assert order_shown(tmp_path) == before
    control = tmp_path / "machines" / "mark1" / "control.py"
    edited = control.read_text().replace('"mark1.order"', '"mark1.OTHER"')
    assert edited != control.read_text()
    control.write_text(edited)
    assert order_shown(tmp_path) != before, "the stale order was taken from the cache"
