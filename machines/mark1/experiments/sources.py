"""What decides an experiment's results: the sources whose change makes them no longer hold good."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from pathlib import Path

import simulator
from simulator.fingerprint import fingerprint

from .experiment import Experiment

_HERE = Path(__file__).parent
_RECORDS = _HERE / "experiment.py"


def fingerprint_of(experiment: Experiment) -> str:
    """Give the fingerprint of all sources that decide what the experiment's jobs come to.

    These are the machine with its theory, what it is shown, and the module in which a job is
    written down with those it imports from this package. How jobs are handed out and kept, and the
    records in which an experiment is described, decide nothing.
    """
    shared = Path(inspect.getfile(simulator)).parent
    files = {
        *(path for path in _HERE.parent.rglob("*.py") if _HERE not in path.parents),
        *shared.glob("*.py"),
        *(shared / "stimuli").glob("*.py"),
        *_with_imports(Path(inspect.getfile(experiment.run)), set()),
    }
    return fingerprint(*map(str, sorted(files)))


def _with_imports(path: Path, seen: set[Path]) -> set[Path]:
    """Give a module of this package with those of this package it imports, or they import."""
    if path in seen or path == _RECORDS:
        return seen
    seen.add(path)
    for imported in _imported(path):
        _with_imports(imported, seen)
    return seen


def _imported(path: Path) -> Iterator[Path]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            inside = node.level == 1 or node.module.startswith("machines.mark1.experiments.")
            module = _HERE / f"{node.module.rpartition('.')[2]}.py"
            if inside and module.is_file():
                yield module
