"""A rule run on the 704: assemble, punch the deck, start, read what was printed.

:func:`run` does it all. A command line, a debugger or a panel that wants to look on takes the same
steps one by one: :func:`assembled`, :func:`loaded`, run the machine as it likes, :func:`record`.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import NamedTuple

from machines.ibm704 import Ibm704, Stop
from machines.ibm704.devices import Units, mount_cards, page, take_lines
from machines.ibm704.rules import decks, results
from machines.ibm704.rules.results import Record
from machines.ibm704.rules.table import Rule, rule_named
from machines.ibm704.rules.tasks import Task
from machines.ibm704.sap import Assembly, assemble, read_library, read_source
from simulator.errors import Mistake
from simulator.kernel import NEVER

PROGRAMS = Path(__file__).parents[1] / "programs"
LIMIT_S = 360_000
"""Machine time after which a run ends, in seconds: a hundred hours."""
STOPS = {
    "HALTC": "a card is wrong or missing",
    "HALTR": "a number is out of range",
    "HALTM": "there are too many cards",
    "HALTN": "the core is too small",
    "HALTS": "a number is too large or too small for a word",
    "DONE": "done",
}
"""The labelled stops of the programs."""


class Loaded(NamedTuple):
    """A machine with a program in core storage and its deck in the reader, not yet started.

    Attributes
    ----------
    rule
        The rule.
    machine
        A 704; its location counter is at the start of the program.
    program
        The program, with its symbols.
    """

    rule: Rule
    machine: Ibm704
    program: Assembly

    def weight(self, number: int) -> int:
        """Give the location of a weight, by its number in the order of the header, from 1."""
        return self.program.symbols[self.rule.weights] - number


@cache
def assembled(program: str) -> Assembly:
    """Assemble a program of ``programs/rules`` with its library.

    Raises
    ------
    Mistake
        If there is no such program.
    """
    source = PROGRAMS / "rules" / f"{program}.sap"
    if not source.is_file():
        raise Mistake(f"there is no program {program} in {source.parent.name}")
    library = read_library(PROGRAMS / "library") | read_library(PROGRAMS / "rules" / "parts")
    return assemble(read_source(source), library=library).checked(source.name)


def loaded(
    name: str, task: Task | None = None, *, engine: str = "compiled", **chosen: float
) -> Loaded:
    """Prepare a 704 to run a rule.

    Parameters
    ----------
    name
        The rule.
    task
        What to learn; the rule's own if left out.
    engine
        ``compiled`` or ``reference``.
    chosen
        Parameters of the rule; its defaults for the others.

    Raises
    ------
    Mistake
        If there is no such rule or parameter, or task and rule do not fit.
    """
    rule = rule_named(name)
    values = rule.values(chosen)
    deck = decks.deck(rule.program, task or rule.task(), values)
    program = assembled(rule.program)
    machine = Ibm704(engine=engine, units=Units())
    put(machine, program)
    mount_cards(machine, deck)
    machine.operate("ibm704.printer.attached", 1)
    return Loaded(rule, machine, program)


def put(machine: Ibm704, program: Assembly) -> None:
    """Put a program into core storage, run after run of words, and set the counter to its start."""
    locations = sorted(program.words)
    breaks = [i for i, at in enumerate(locations) if i == 0 or at != locations[i - 1] + 1]
    for begin, end in zip(breaks, [*breaks[1:], len(locations)], strict=True):
        run = [program.words[at] for at in locations[begin:end]]
        machine.deposit(locations[begin], run)
    machine.operate("ibm704.register.IC", program.start)


def record(of: Loaded) -> Record:
    """Tear off what was printed and read it, once the machine stands still.

    Raises
    ------
    Mistake
        If what was printed cannot be read.
    """
    machine = of.machine
    while machine.stop != Stop.RUNNING and (due_ns := machine.next_due_ns()) != NEVER:
        machine.run(due_ns)  # the last line is still on its way through the printer
    lines = tuple(page(take_lines(machine)))
    tables, messages = results.tables(lines[1:])
    at = machine.number("ibm704.control.stopped_at")
    symbols = of.program.symbols
    halted = machine.stop == Stop.HALT
    stop = next((name for name in STOPS if halted and symbols.get(name) == at), "")
    why = STOPS[stop] if stop else machine.why()
    return Record(of.rule.name, stop, why, lines, messages, tables, machine.account())


def run(
    name: str,
    task: Task | None = None,
    *,
    engine: str = "compiled",
    limit_s: int = LIMIT_S,
    **chosen: float,
) -> Record:
    """Run a rule on the 704 to its stop.

    Parameters
    ----------
    name, task, engine, chosen
        As for :func:`loaded`.
    limit_s
        Machine time after which it is stopped, in seconds.

    Raises
    ------
    Mistake
        As :func:`loaded` and :func:`record`.
    """
    of = loaded(name, task, engine=engine, **chosen)
    of.machine.operate("ibm704.console.start")
    of.machine.run_to_stop(limit_s * 10**9)
    return record(of)
