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
from machines.ibm704 import Ibm704
machine = Ibm704()
machine.deposit(0o100, ["034000000200", "042000000000"])
machine.operate("ibm704.register.IC", 0o100)
machine.operate("ibm704.console.start")
machine.run_to_stop(10**9)
print(machine.account().cycles)
"""
ADDITION = """
from machines.ibm704 import Ibm704
machine = Ibm704()
machine.deposit(0o100, ["050000000103", "040000000104", "042000000000", "2", "1"])
machine.operate("ibm704.register.IC", 0o100)
machine.operate("ibm704.console.start")
machine.run_to_stop(10**9)
print(machine.number("ibm704.register.AC"))
"""


def cycles_taken(tree):
    return printed(SCRIPT, tree)


def result_of_an_addition(tree):
    return printed(ADDITION, tree)


def printed(script, tree):
    env = {k: v for k, v in os.environ.items() if k != "NUMBA_CACHE_DIR"} | {
        "PYTHONPATH": str(tree)
    }
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=tree,
        env=env,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    return int(done.stdout)


def test_the_fingerprint_covers_every_module_compiled_code_takes_something_from():
    from machines.ibm704 import compiled_loop

    covered = {Path(module.__file__).stem for module in compiled_loop.SOURCES}
    files = sorted((ROOT / "machines" / "ibm704").glob("compiled_*.py"))
    assert len(files) == 7
    taken = set()
    for file in files:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.level == 1:
                taken |= {node.module} if node.module else {alias.name for alias in node.names}
    assert taken == covered
    assert {"compiled_floating", "compiled_senses", "operations", "state"} < taken


@pytest.mark.slow
def test_an_edit_of_the_table_of_operations_is_seen(tmp_path):
    for package in ("machines", "simulator"):
        shutil.copytree(
            ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__")
        )
    assert cycles_taken(tmp_path) == cycles_taken(tmp_path) == 5, "CAS and HPR"
    table = tmp_path / "machines" / "ibm704" / "operations.py"
    edited = table.read_text().replace(
        '_b("CAS", "+0340", _WORD, 3,', '_b("CAS", "+0340", _WORD, 4,'
    )
    assert edited != table.read_text()
    table.write_text(edited)
    assert cycles_taken(tmp_path) == 6, "the stale count was taken from the cache"


@pytest.mark.slow
def test_an_edit_of_a_formula_in_another_file_is_seen(tmp_path):
    for package in ("machines", "simulator"):
        shutil.copytree(
            ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__")
        )
    assert result_of_an_addition(tmp_path) == result_of_an_addition(tmp_path) == 3
    formulas = tmp_path / "machines" / "ibm704" / "compiled_arithmetic.py"
    edited = formulas.read_text().replace(
        "total = (magnitude + size)", "total = (magnitude - size)"
    )
    assert edited != formulas.read_text()
    formulas.write_text(edited)
    assert result_of_an_addition(tmp_path) == 1, "the stale sum was taken from the cache"
