"""docs/ibm704.md against the table of operations and the commands."""

import os
import re
import subprocess
import sys
from pathlib import Path

import typer

from machines.ibm704.operation_table import renew
from machines.ibm704.operations import EXTENDED, OPERATIONS
from ui.cli import ibm704
from ui.cli.ibm704_debug import COMMANDS

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "ibm704.md").read_text(encoding="utf-8")
SAP = (ROOT / "docs" / "sap.md").read_text(encoding="utf-8")
RULES = (ROOT / "docs" / "learning_rules.md").read_text(encoding="utf-8")


def test_the_table_of_operations_is_that_of_the_machine():
    assert renew(PAGE) == PAGE, "python -m machines.ibm704.operation_table docs/ibm704.md"


def test_every_operation_has_a_row_with_its_cycles_and_evidence():
    rows = re.findall(r"^\| `(\w{3})`(?: n)? \| ([+-]\d{4})", PAGE, re.M)
    assert sorted(name for name, _ in rows) == sorted(o.mnemonic for o in OPERATIONS + EXTENDED)
    cycles = re.findall(r"\| \d+(?:-\d+)? \| (?:documented|reconstructed|assumed) \(\d\) \|", PAGE)
    assert len(cycles) == len(OPERATIONS)


def test_every_command_of_the_monitor_is_on_the_page():
    assert [c.names[0] for c in COMMANDS if f"`{c.names[0]}" not in PAGE] == []


def test_the_first_program_answers_what_the_page_says_it_answers(tmp_path):
    program = re.search(r"<<'END'\n(.*?)^END$", PAGE, re.M | re.S)[1]
    answer = re.search(r"^```text\n(halted at .*?)^```$", PAGE, re.M | re.S)[1]
    (tmp_path / "sum.sap").write_text(program)
    ran = subprocess.run(
        [sys.executable, "-m", "ui.cli", "704", "run", "sum.sap"],
        cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True, text=True, check=True, timeout=120,
    )  # fmt: skip
    assert ran.stdout == answer
    total = re.search(r"^(\d+) octal is (\d+)\.", PAGE, re.M)
    assert int(total[1], 8) == int(total[2])
    assert f"{int(total[1], 8):012o}" in answer


def test_every_option_of_every_command_is_on_a_page():
    commands = typer.main.get_command(ibm704.app).commands
    options = {
        (name, option)
        for name, command in commands.items()
        for parameter in command.params
        for option in parameter.opts
        if option.startswith("-")
    }
    assert ("run", "--max-seconds") in options
    assert [one for one in sorted(options) if one[1] not in PAGE + SAP + RULES] == []
    assert [name for name in commands if f"firstwave 704 {name}" not in PAGE] == []
