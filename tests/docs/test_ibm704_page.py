"""docs/ibm704.md against the table of operations and the commands."""

import re
from pathlib import Path

from machines.ibm704.operation_table import renew
from machines.ibm704.operations import EXTENDED, OPERATIONS
from ui.cli.ibm704_debug import COMMANDS

PAGE = (Path(__file__).parents[2] / "docs" / "ibm704.md").read_text(encoding="utf-8")


def test_the_table_of_operations_is_that_of_the_machine():
    assert renew(PAGE) == PAGE, "python -m machines.ibm704.operation_table docs/ibm704.md"


def test_every_operation_has_a_row_with_its_cycles_and_evidence():
    rows = re.findall(r"^\| `(\w{3})`(?: n)? \| ([+-]\d{4})", PAGE, re.M)
    assert sorted(name for name, _ in rows) == sorted(o.mnemonic for o in OPERATIONS + EXTENDED)
    cycles = re.findall(r"\| \d+(?:-\d+)? \| (?:documented|reconstructed|assumed) \(\d\) \|", PAGE)
    assert len(cycles) == len(OPERATIONS)


def test_every_command_of_the_monitor_is_on_the_page():
    assert [c.names[0] for c in COMMANDS if f"`{c.names[0]}" not in PAGE] == []
