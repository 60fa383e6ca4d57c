"""The page on learning rules shows the programs as they are."""

import re
from pathlib import Path

import pytest
import typer

from machines.ibm704.rules import RULES, run
from machines.ibm704.rules.running import PROGRAMS
from ui.cli import ibm704

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "learning_rules.md").read_text(encoding="utf-8")
LOOP = re.compile(r"<!-- sap: (\w+) (\w+) (\w+) -->\n```text\n(.*?)\n```", re.S)


def test_every_loop_on_the_page_is_the_text_of_its_program():
    shown = LOOP.findall(PAGE)
    assert {program for program, *_ in shown} == {rule.program for rule in RULES.values()}
    for program, first, last, text in shown:
        lines = (PROGRAMS / "rules" / f"{program}.sap").read_text().splitlines()
        labels = {line[:6].strip(): i for i, line in enumerate(lines) if line[:1] > " "}
        assert text.splitlines() == lines[labels[first] : labels[last] + 1]


def test_every_rule_is_on_the_page_and_every_command_names_a_rule_and_its_parameters():
    commands = re.findall(r"^firstwave 704 learn (\w\S+)(.*)$", PAGE, re.M)
    assert {name for name, _ in commands} == set(RULES)
    command = typer.main.get_command(ibm704.app).commands["learn"]
    own = {option.removeprefix("--") for one in command.params for option in one.opts}
    for name, options in commands:
        given = set(re.findall(r"--(\S+)", options))
        assert given <= set(RULES[name].parameters) | own, name


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("oja", "154 seconds of the machine, 7.71 dollars"),
        ("perceptron", "446\nseconds, 22.29 dollars"),
        ("adaline", "12.4 seconds, 62 cents"),
        ("backprop-xor", "236 sweeps, 37 seconds,\n1.87 dollars"),
    ],
)
def test_the_figures_of_the_page_are_those_of_the_machine(name, told):
    assert told in PAGE
    record = run(name)
    seconds = float(re.search(r"([\d.]+)\s+seconds", told)[1])
    assert record.account.machine_s == pytest.approx(seconds, abs=0.6)
    if found := re.search(r"([\d.]+) dollars", told):
        assert record.account.dollars == pytest.approx(float(found[1]), abs=0.03)
    if found := re.search(r"([\d.]+) sweeps", told):
        assert record.curve[-1, 0] == float(found[1])
