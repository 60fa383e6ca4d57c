"""The monitor: a conversation about a program, a line at a time.

Commands and what they answer are plain text, so that a script on stdin does what a person at a
terminal does. Each command is a row of :data:`COMMANDS`: what is typed, how it is helped with, and
the function that answers.
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from simulator.errors import Mistake
from ui.cli import console, ibm704_monitor
from ui.cli.ibm704_monitor import Monitor
from ui.cli.ibm704_output import told_to_end
from ui.cli.ibm704_run import outcome_of
from ui.cli.ibm704_session import Session
from ui.cli.ibm704_set_up import COMPILING, Names, machine_with, read_program
from ui.cli.ibm704_units import Media, Mounted
from ui.cli.series import compiling_announced, ctrl_c_noted
from ui.cli.status import INTERRUPTED

PROMPT = "704> "
LINE_LIMIT = 500


class Command(NamedTuple):
    """One command.

    Attributes
    ----------
    names
        What may be typed for it, the full name first.
    given
        What follows it.
    help
        What it does.
    answer
        Is given the monitor and what follows the name; gives what to print.
    """

    names: tuple[str, ...]
    given: str
    help: str
    answer: Callable[[Monitor, str], str]


m = ibm704_monitor
COMMANDS = (
    Command(("step", "s"), "[n]", "do one instruction, or n", m.step),
    Command(("substep", "ss"), "", "show the next instruction cycle by cycle", m.substep),
    Command(("back", "bk"), "[n]", "go back one instruction, or n, also into a run", m.back),
    Command(("go", "g"), "[where]", "run, from where if given, to a stop or break", m.go),
    Command(("load",), "cards|tape|drum", "press a load key and run", m.load),
    Command(("until", "u"), "where", "run until just before the instruction there", m.until),
    Command(("break", "b"), "[where [if when]]", "stop before the instruction there", m.brk),
    Command(("watch", "w"), "[where [if when]]", "stop after a word is stored there", m.watch),
    Command(("unbreak", "ub"), "where|all", "take a break away", m.unbreak),
    Command(("unwatch", "uw"), "where|all", "take a watch away", m.unwatch),
    Command(("examine", "e"), "where[,n] [view]",
            "show words: octal sap fixed float bcd, or all of them", m.examine),
    Command(("deposit", "d"), "where what",
            "put octal words or a line of SAP there: d 100 CLA X, d 100 DEC 1.5", m.deposit),
    Command(("list", "l"), "[where[,n]]", "show the instructions around there, or here", m.listing),
    Command(("registers", "r"), "", "show registers, indicators, sense lights", m.registers),
    Command(("set",), "register what", "put an octal word or a location into AC MQ IC XRA", m.put),
    Command(("switch",), "n up|down", "move a sense switch", m.switch),
    Command(("print", "p"), "expression", "tell what it comes to, octal and decimal", m.show),
    Command(("history", "h"), "[n]", "tell the last 10 instructions, or n", m.history),
    Command(("symbols",), "[beginning]", "list the symbols of the program", m.symbols),
    Command(("time", "t"), "", "tell instructions, cycles, machine time and cost", m.account),
    Command(("undo",), "", "undo the last command that changed something", m.undo),
    Command(("printed",), "[n]", "show the last 20 lines printed, or n", m.printed),
    Command(("save",), "file", "save the machine as it stands (.npz)", m.save),
)  # fmt: skip
BY_NAME = {name: command for command in COMMANDS for name in command.names}

HELP_END = """\
help [command]; quit (q)
where is a location: octal number, symbol, * for the counter, or a sum, as in LOOP+2
when is a condition: AC < 0, [SUM].float > 1.5 and XRA = 3
numbers are octal, with a point behind them (10.) decimal; in lines of SAP as in SAP
"""


def run(file: Path, media: Media, switches: str | None, core: int, engine: str) -> int:
    """Talk about a program until stdin ends or somebody types quit.

    What was mounted is written to its files in the end, as the machine then stands.

    Raises
    ------
    Mistake
        If the program cannot be loaded; in a script, if a command is wrong: the line is named.
    """
    console.check_outputs({"file": file, **media.read()}, {}, **media.written())
    program = read_program(file)
    machine = machine_with(program, file, core, engine, switches or "")
    mounted = Mounted(machine, media.with_program(program, file), program.cards)
    names = Names(program.symbols, program.words)
    session = Session(machine, names, lambda _: outcome_of(machine, program, mounted).why)
    monitor = Monitor(session, dict(program.symbols))
    try:
        with compiling_announced(engine, COMPILING), told_to_end(leave):
            if program.key != "start":
                console.write(f"{program.key.replace('_', ' ')} begins it\n")
            console.write(m.here(monitor))
            talk(monitor)
    finally:
        mounted.take_off()
    return 0


def leave() -> None:
    """Leave at once, because the system asks for it."""
    raise SystemExit(INTERRUPTED)


def talk(monitor: Monitor) -> None:
    """Carry out the commands of stdin until it ends or somebody types quit.

    Raises
    ------
    Mistake
        In a script, if a command is wrong: the line is named.
    """
    person = sys.stdin.isatty()
    for number, line in enumerate(_lines(person), 1):
        if line.strip().lower() in ("quit", "q", "exit"):
            break
        try:
            if not _told(answer(monitor, line)):
                break
        except Mistake as mistake:
            if not person:
                raise Mistake(f"line {number}: {mistake}") from mistake
            console.write(f"{mistake}\n")


def _told(text: str) -> bool:
    """Write an answer, and tell whether there is still somebody who reads."""
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        console.silence(sys.stdout)
        return False
    return True


def _lines(person: bool) -> Iterator[str]:
    if person:
        with contextlib.suppress(ImportError):
            import readline  # noqa: F401  (gives input() its line editing)
        while True:
            try:
                yield input(PROMPT)
            except EOFError:
                console.write("\n")
                return
            except KeyboardInterrupt:
                console.write("\n")
    while line := sys.stdin.readline(LINE_LIMIT + 2):
        yield line


def answer(monitor: Monitor, line: str) -> str:
    """Carry out one command and give what it prints; an empty line and a remark print nothing.

    Raises
    ------
    Mistake
        If there is no such command, or it cannot be done; then nothing has changed.
    """
    if len(line) > LINE_LIMIT:
        raise Mistake(f"a line is longer than {LINE_LIMIT} characters")
    name, _, given = line.strip().partition(" ")
    if not name or name.startswith(("#", "*")):
        return ""
    if name.lower() in ("help", "?"):
        return _help(given.strip().lower())
    command = BY_NAME.get(name.lower())
    if command is None:
        typed = name if name.isprintable() and len(name) <= 20 else "of that name"
        raise Mistake(f"there is no command {typed}; help lists them")
    with ctrl_c_noted() as monitor.ctrl_c:
        return command.answer(monitor, given.strip())


def _help(name: str) -> str:
    if name and name not in BY_NAME:
        raise Mistake(f"there is no command {name}; help lists them")
    chosen = [BY_NAME[name]] if name else COMMANDS
    lines = []
    for command in chosen:
        typed = f"{' or '.join(command.names)} {command.given}".rstrip()
        lines.append(f"{typed:30} {command.help}\n")
    return "".join(lines) + ("" if name else HELP_END)
