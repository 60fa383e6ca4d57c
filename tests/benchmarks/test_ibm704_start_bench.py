"""How long `firstwave 704 run` takes to the end of a short program, against importing numba."""

import statistics
import subprocess
import sys
import time
from pathlib import Path

import pytest

import machines.ibm704

pytestmark = pytest.mark.benchmark

RUNS = 7
DOT = Path(machines.ibm704.__file__).parent / "programs" / "dot_product.sap"
RUN = f"from ui.cli.main import main; import sys; sys.exit(main(['704', 'run', {str(DOT)!r}]))"
FIRST = """
from machines.ibm704 import Ibm704
machine = Ibm704()
machine.operate("ibm704.core.deposit", {"at": 0, "words": ["042000000000"]})
machine.operate("ibm704.console.start")
assert machine.number("ibm704.control.instructions") == 1
"""


def seconds(code):
    started = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)
    return time.perf_counter() - started


@pytest.mark.parametrize("name", ["first instruction", "704 run"])
def test_a_warm_start_against_importing_numba(name, capsys):
    code = {"first instruction": FIRST, "704 run": RUN}[name]
    seconds(code)
    rows = [(seconds(code), seconds("import numba")) for _ in range(RUNS)]
    ratios = sorted(a / b for a, b in rows)
    with capsys.disabled():
        print(
            f"\n  {name}: {statistics.median(a for a, _ in rows):.2f} s, "
            f"{statistics.median(ratios):.2f} times import numba "
            f"({ratios[0]:.2f} .. {ratios[-1]:.2f})"
        )
