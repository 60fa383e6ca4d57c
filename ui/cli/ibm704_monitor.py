"""The answers of the monitor: what each command does, and the text it gives.

Every function takes the monitor and what was typed behind the command, and gives the text to print.
A :class:`~simulator.errors.Mistake` means that nothing was changed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

from machines.ibm704 import words as parts
from machines.ibm704.devices import printer
from machines.ibm704.sap import assemble
from machines.ibm704.state import BREAK, WATCH
from machines.ibm704.words import AC_SIGN, MAGNITUDE, SIGN, octal
from simulator.errors import Mistake
from ui.cli import console
from ui.cli.ibm704_expressions import location, parse
from ui.cli.ibm704_run import INDICATORS
from ui.cli.ibm704_session import START, Mark, Session
from ui.cli.ibm704_set_up import accumulator
from ui.cli.ibm704_trace import symbolic
from ui.cli.ibm704_units import let_units_finish
from ui.cli.series import Stop as CtrlC

MOST_STEPS = 100_000
MOST_LINES = 1000
AROUND = 4
"""Instructions shown before and after the one in hand."""
VIEWS = ("octal", "sap", "fixed", "float", "bcd", "all")
_WORD = re.compile(r"[+-]?[0-7]{1,12}")
_SYMBOL = re.compile(r"[A-Za-z0-9.()=']*[A-Za-z][A-Za-z0-9.()=']*")
_CARD_LENGTH = 60


@dataclass
class Monitor:
    """A conversation: the session, the symbols known, and whether Ctrl-C was pressed."""

    session: Session
    table: dict[str, int]
    ctrl_c: CtrlC = field(default_factory=CtrlC)


def _where(monitor: Monitor, text: str) -> int:
    return location(text, monitor.table, monitor.session.machine)


def _count(text: str, default: int, most: int) -> int:
    if not text:
        return default
    if not text.isascii() or not text.isdigit() or not 1 <= int(text[:9]) <= most:
        raise Mistake(f"{text} is no count; give a decimal number from 1 to {most}")
    return int(text)


def _range(monitor: Monitor, text: str, count: int) -> range:
    at, _, many = text.partition(",")
    first = _where(monitor, at)
    last = monitor.session.machine.description.core_words
    return range(first, min(last, first + _count(many.strip(), count, MOST_LINES)))


def _nothing(text: str) -> None:
    if text:
        raise Mistake(f"{text}: nothing follows this command")


# forth and back


def here(monitor: Monitor) -> str:
    """Show the next instruction and the registers it finds."""
    machine, names = monitor.session.machine, monitor.session.names
    at = machine.number("ibm704.register.IC")
    word = machine.examine(at)
    ac, mq = machine.number("ibm704.register.AC"), machine.number("ibm704.register.MQ")
    index = " ".join(f"{machine.number(f'ibm704.register.XR{x}'):05o}" for x in "ABC")
    name = names.near(at) or ""
    return (
        f"{at:05o} {name:10} {symbolic(word, names):20} AC {accumulator(ac)} "
        f"MQ {octal(mq)} XR {index}\n"
    )


def _stopped(monitor: Monitor, why: str) -> str:
    return (f"{why}\n" if why else "") + here(monitor)


def step(monitor: Monitor, given: str) -> str:
    """Do some instructions."""
    return _stopped(monitor, monitor.session.step(_count(given, 1, MOST_STEPS), monitor.ctrl_c))


def substep(monitor: Monitor, given: str) -> str:
    """Show the next instruction cycle by cycle; it is not done."""
    _nothing(given)
    return "".join(f"{row}\n" for row in monitor.session.machine.sub_steps())


def back(monitor: Monitor, given: str) -> str:
    """Go back by some instructions."""
    monitor.session.back(_count(given, 1, 10**9))
    return here(monitor)


def go(monitor: Monitor, given: str) -> str:
    """Run to a stop."""
    opening: Sequence[tuple[str, int | None]] = START
    if given:
        opening = [("ibm704.register.IC", _where(monitor, given)), *START]
    return _stopped(monitor, monitor.session.go(monitor.ctrl_c, opening))


def load(monitor: Monitor, given: str) -> str:
    """Press a load key."""
    if given not in ("cards", "tape", "drum"):
        raise Mistake("load what? cards, tape or drum")
    opening = [("ibm704.console.lever", 1), (f"ibm704.console.load_{given}", None)]
    return _stopped(monitor, monitor.session.go(monitor.ctrl_c, opening))


def until(monitor: Monitor, given: str) -> str:
    """Run with a break that is there for this run only."""
    at, session = _where(monitor, given), monitor.session
    kept = session.marks.get((at, BREAK))
    session.mark(at, Mark(BREAK, None, given))
    try:
        return _stopped(monitor, session.go(monitor.ctrl_c))
    finally:
        session.unmark(at, BREAK)
        if kept:
            session.mark(at, kept)


def undo(monitor: Monitor, given: str) -> str:
    """Undo the last command that changed something."""
    _nothing(given)
    monitor.session.undo()
    return here(monitor)


def history(monitor: Monitor, given: str) -> str:
    """Tell the last instructions done."""
    lines = monitor.session.recent(_count(given, 10, MOST_LINES))
    return "".join(f"{line}\n" for line in lines) or "no instruction has been done\n"


# marks


def brk(monitor: Monitor, given: str) -> str:
    """Set a break, or list them."""
    return _set_mark(monitor, given, BREAK)


def watch(monitor: Monitor, given: str) -> str:
    """Set a watch, or list them."""
    return _set_mark(monitor, given, WATCH)


def _set_mark(monitor: Monitor, given: str, kind: int) -> str:
    session = monitor.session
    if given:
        where, *when = re.split(r"\s+if\b", given, maxsplit=1, flags=re.IGNORECASE)
        at = _where(monitor, where)
        text = when[0].strip() if when else ""
        condition = parse(text, monitor.table) if text else None
        if condition:
            condition(session.machine)  # tells of a location that is none
        elif when:
            raise Mistake("after if a condition is missing, such as AC < 0")
        session.mark(at, Mark(kind, condition, text))
    rows = sorted((at, mark) for (at, of), mark in session.marks.items() if of == kind)
    lines = [
        session.names.tell(at) + (f" if {mark.text}" if mark.text else "") for at, mark in rows
    ]
    return "".join(f"{line}\n" for line in lines) or "none\n"


def unbreak(monitor: Monitor, given: str) -> str:
    """Take breaks away."""
    return _take_mark(monitor, given, BREAK)


def unwatch(monitor: Monitor, given: str) -> str:
    """Take watches away."""
    return _take_mark(monitor, given, WATCH)


def _take_mark(monitor: Monitor, given: str, kind: int) -> str:
    at = None if given == "all" else _where(monitor, given)
    if not monitor.session.unmark(at, kind) and at is not None:
        raise Mistake(f"there is none at {given}")
    return ""


# looking


def examine(monitor: Monitor, given: str) -> str:
    """Show words in one view or all."""
    where, _, view = given.rpartition(" ")
    if view.lower() not in VIEWS:
        where, view = given, ""
    machine, names = monitor.session.machine, monitor.session.names
    lines = []
    for at in _range(monitor, where, 1):
        word = machine.examine(at)
        shown = _views(word, view.lower(), symbolic(word, names))
        lines.append(f"{at:05o} {names.near(at) or '':10} {shown}\n")
    return "".join(lines)


def _views(word: int, view: str, sap: str) -> str:
    every = {
        "octal": octal(word),
        "sap": f"{sap:20}",
        "fixed": f"{parts.fixed(word):d}",
        "float": f"{float(parts.floating(word)):.9g}",
        "bcd": f"'{parts.characters(word)}'",
    }
    if view == "all":
        return "  ".join(every.values())
    return (f"{every['octal']}  {every['sap']}" if not view else every[view]).rstrip()


def listing(monitor: Monitor, given: str) -> str:
    """Show the instructions around a location."""
    session = monitor.session
    machine, names = session.machine, session.names
    now = machine.number("ibm704.register.IC")
    if given:
        places = _range(monitor, given, 2 * AROUND + 1)
    else:
        last = machine.description.core_words
        places = range(max(0, now - AROUND), min(last, now + AROUND + 1))
    lines = []
    for at in places:
        word = machine.examine(at)
        arrow = ">" if at == now else "*" if (at, BREAK) in session.marks else " "
        name = names.labels.get(at, "")
        lines.append(f"{arrow}{at:05o} {octal(word)} {name:6} {symbolic(word, names)}\n")
    return "".join(lines)


def registers(monitor: Monitor, given: str) -> str:
    """Show registers, indicators and sense lights."""
    _nothing(given)
    machine = monitor.session.machine
    number = machine.number
    ac, mq, sr = (number(f"ibm704.register.{name}") for name in ("AC", "MQ", "SR"))
    word = (SIGN if ac & AC_SIGN else 0) | ac & MAGNITUDE
    index = "  ".join(f"XR{x} {number(f'ibm704.register.XR{x}'):05o}" for x in "ABC")
    on = [name.replace("_", " ") for name in INDICATORS if number(f"ibm704.indicator.{name}")]
    lights = [f"sense light {i}" for i in range(1, 5) if number(f"ibm704.sense.light[{i}]")]
    downs = [f"switch {i} down" for i in range(1, 7) if number(f"ibm704.sense.switch[{i}]")]
    return (
        f"AC  {accumulator(ac)}  {_views(word, 'fixed', '')}  {_views(word, 'float', '')}\n"
        f"MQ   {octal(mq):>13}  {_views(mq, 'fixed', '')}  {_views(mq, 'float', '')}\n"
        f"SR   {octal(sr):>13}\n"
        f"IC  {number('ibm704.register.IC'):05o}  {index}\n"
        f"on: {', '.join(on + lights + downs) or 'nothing'}\n"
    )


def show(monitor: Monitor, given: str) -> str:
    """Tell what an expression comes to."""
    value = parse(given, monitor.table)(monitor.session.machine)
    if isinstance(value, Fraction):
        return f"{float(value):.9g}\n"
    return f"{'-' if value < 0 else ''}{abs(value):o} octal, {value} decimal\n"


def symbols(monitor: Monitor, given: str) -> str:
    """List symbols."""
    chosen = {
        name: value for name, value in monitor.table.items() if name.startswith(given.upper())
    }
    return "".join(f"{name:8} {value:05o}\n" for name, value in chosen.items()) or "none\n"


def account(monitor: Monitor, given: str) -> str:
    """Tell what was done and what it cost."""
    _nothing(given)
    done = monitor.session.machine.account()
    return (
        f"{done.instructions:,} instructions, {done.cycles:,} cycles, {done.machine_s:,.6f} s, "
        f"${done.dollars:,.6f}\n"
    )


def printed(monitor: Monitor, given: str) -> str:
    """Show what is on the paper."""
    machine, count = monitor.session.machine, _count(given, 20, MOST_LINES)
    before = machine.snapshot()
    with machine.unwatched():  # look at the line that is just being printed too
        let_units_finish(machine)
        paper = machine.rack("ibm704.printer.columns")
        machine.restore(before)
    lines = paper.reshape(-1, printer.COLUMNS)[-count:]
    return "".join(f"{printer.text_of(line).rstrip()}\n" for line in lines.tolist()) or "nothing\n"


# touching


def deposit(monitor: Monitor, given: str) -> str:
    """Put octal words, or what a line of SAP makes, into storage."""
    where, _, what = given.partition(" ")
    what = what.strip()
    if not what:
        raise Mistake("a word is missing: octal, or a line of SAP such as CLA X or DEC 1.5")
    at = _where(monitor, where)
    pieces = what.replace(",", " ").split()
    if all(_WORD.fullmatch(piece) for piece in pieces):
        made = {at + place: parts.from_octal(piece) for place, piece in enumerate(pieces)}
    else:
        made = _assembled(monitor, at, what)
    machine = monitor.session.machine
    last = machine.description.core_words - 1
    if max(made) > last:
        raise Mistake(f"there is no location {max(made):o}; storage ends at {last:o}")
    with monitor.session.act():
        for place, word in made.items():
            machine.deposit(place, [word])
    return examine(monitor, f"{at:o},{max(made) - at + 1}")


def _assembled(monitor: Monitor, at: int, line: str) -> dict[int, int]:
    """Assemble one line of SAP at a location, with the symbols of the program."""
    if len(line) > _CARD_LENGTH:
        raise Mistake(f"longer than {_CARD_LENGTH} characters; that is no card")
    named = {name.upper() for name in _SYMBOL.findall(line)} & set(monitor.table)
    equal = [f"{name:6} EQU {monitor.table[name]}" for name in sorted(named)]
    operation, _, rest = line.partition(" ")
    card = f"       {operation:3} {rest.strip()}"
    program = assemble("\n".join([*equal, f"       ORG {at}", card, "       END"]))
    if program.errors:
        raise Mistake(program.errors[0].text)
    if not program.words:
        raise Mistake(f"{line}: makes no word")
    return program.words


def put(monitor: Monitor, given: str) -> str:
    """Put something into a register."""
    name, _, what = given.partition(" ")
    name, what = name.upper(), what.strip()
    if name not in ("AC", "MQ", "IC", "XRA", "XRB", "XRC") or not what:
        raise Mistake("set takes AC, MQ, IC, XRA, XRB or XRC and what to put there")
    if name in ("AC", "MQ"):
        value = parts.from_octal(what)
        if name == "AC" and value & SIGN:
            value = AC_SIGN | value & MAGNITUDE
    else:
        value = _where(monitor, what)
    with monitor.session.act():
        monitor.session.machine.operate(f"ibm704.register.{name}", value)
    return here(monitor)


def switch(monitor: Monitor, given: str) -> str:
    """Move a sense switch."""
    number, _, to = given.partition(" ")
    if number not in tuple("123456") or to.strip() not in ("up", "down"):
        raise Mistake("switch takes a number from 1 to 6, and up or down")
    with monitor.session.act():
        monitor.session.machine.operate(f"ibm704.sense.switch{number}", int(to.strip() == "down"))
    return ""


def save(monitor: Monitor, given: str) -> str:
    """Save the machine."""
    if not given or not given.isprintable():
        raise Mistake("save takes the name of a file (.npz)")
    console.check_outputs(file=Path(given))
    monitor.session.machine.save(given)
    return f"{given}: saved\n"
