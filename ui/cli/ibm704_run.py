"""Running a program on the 704 from beginning to end, and telling what became of it."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from machines.ibm704 import Ibm704, Stop
from machines.ibm704.words import octal
from simulator.errors import Mistake
from simulator.machine import LAST_NS
from ui.cli import console, status
from ui.cli.ibm704_output import is_stream, told_to_end
from ui.cli.ibm704_probe import probe_file
from ui.cli.ibm704_set_up import COMPILING, Names, Program, accumulator, machine_with, read_program
from ui.cli.ibm704_trace import instruments
from ui.cli.ibm704_units import Media, Mounted, unit_name, unit_wanted, writes
from ui.cli.series import SLICE_S, compiling_announced, ctrl_c_noted, speed_line
from ui.cli.series import Stop as CtrlC

FIRST_SLICE_NS = 1_000_000_000
LONGEST_SLICE_NS = 200 * FIRST_SLICE_NS
"""Less than the camera needs to fill its film."""
READER = 0o321
WTS = range(0o321, 0o333)
INTERRUPTED = "interrupted"
INDICATORS = (
    "ac_overflow", "mq_overflow", "divide_check", "tape_check", "tape_end", "read_write_check",
    "trapping",
)  # fmt: skip


@dataclass(frozen=True)
class Request:
    """What was asked for; see the options of the command."""

    file: Path
    media: Media
    switches: str | None
    core: int
    engine: str
    trace: Path | None
    vcd: Path | None
    probe: tuple[str, ...]
    probes: Path | None
    max_seconds: float


class Outcome(NamedTuple):
    """Why the machine stands still: in one word, as in ``divide-check``, and in a line."""

    stop: str
    why: str


def run(request: Request, as_json: bool) -> int:
    """Run a program to its end; 1 if the machine was stopped by anything but its program.

    What it prints is written while it runs; with ``as_json`` it stands in the object at the end.
    """
    started_s = time.perf_counter()
    limit_ns = limit_ns_of(request.max_seconds)
    inputs = {"file": request.file, **request.media.read()}
    watched = {"trace": request.trace, "vcd": request.vcd, "probes": request.probes}
    written = {option: path for option, path in watched.items() if path and not is_stream(path)}
    console.check_outputs(inputs, {}, **written, **request.media.written())
    program = read_program(request.file)
    media = request.media.with_program(program, request.file)
    machine = machine_with(
        program, request.file, request.core, request.engine, request.switches or ""
    )
    printed: list[str] = []
    tell = printed.append if as_json else console.write
    mounted = Mounted(machine, media, program.cards, tell=tell)
    names = Names(program.symbols, program.words)
    machine.operate("ibm704.control.limit", limit_ns)
    try:
        with (
            ctrl_c_noted() as ctrl_c,
            told_to_end(partial(setattr, ctrl_c, "pressed", True)),
            compiling_announced(request.engine, COMPILING),
            instruments(machine, names, request.trace, request.vcd),
            probe_file(machine, request.probe, request.probes, program.symbols, "float") as probes,
        ):
            machine.operate(f"ibm704.console.{program.key}")
            run_in_slices(machine, limit_ns, ctrl_c, mounted.take_out, probes.run_to_stop)
        # told before the units finish what they are at, which takes time of theirs
        machine_ns, outcome = machine.now_ns, outcome_of(machine, program, mounted)
        result = _result(machine, outcome, names)
        told = _lines(machine, result)
    finally:
        mounted.take_off()
    wall_s = time.perf_counter() - started_s
    if machine_ns >= FIRST_SLICE_NS:
        console.say(speed_line(machine_ns / 1e9, wall_s))
    if outcome.stop == INTERRUPTED:
        console.say(f"firstwave: interrupted; {request.file} was at {names.tell(at_of(machine))}")
    if as_json:
        about = {"machine": "ibm704", "engine": machine.engine}
        seconds = {"machine_s": machine_ns / 1e9, "wall_s": round(wall_s, 3)}
        lines = "".join(printed).split("\n")[:-1]
        result |= {"printed": lines or None, "files": _files(request) | mounted.written}
        console.write_json(console.document("704-run", result, **about, **seconds))
    else:
        console.write("".join(f"{line}\n" for line in told))
    if outcome.stop == INTERRUPTED:
        return status.INTERRUPTED
    return status.DONE if outcome.stop in ("halt", "reader-empty") else status.NO


def limit_ns_of(max_seconds: float) -> int:
    """Read ``--max-seconds``.

    Raises
    ------
    Mistake
        If it is no time of the machine.
    """
    if not (math.isfinite(max_seconds) and 0 < max_seconds <= LAST_NS / 1e9):
        raise Mistake(
            f"--max-seconds {max_seconds:g}: give seconds of machine time, more than 0 and at most "
            f"{LAST_NS // 10**9}"
        )
    return max(1, round(max_seconds * 1e9))


def run_in_slices(
    machine: Ibm704,
    limit_ns: int,
    ctrl_c: CtrlC,
    between: Callable[[], None] = lambda: None,
    run: Callable[[int], int] | None = None,
) -> None:
    """Run until the machine stops, in slices short enough that Ctrl-C is noticed.

    Parameters
    ----------
    machine
        A machine that runs.
    limit_ns
        Where to end at the latest.
    ctrl_c
        Whether it was pressed.
    between
        What to do after each slice.
    run
        What runs the machine to a stop or a limit, if not the machine alone.
    """
    run = run or machine.run_to_stop
    slice_ns = FIRST_SLICE_NS
    while machine.stop == Stop.RUNNING and machine.now_ns < limit_ns and not ctrl_c.pressed:
        began_s = time.perf_counter()
        run(min(limit_ns, machine.now_ns + slice_ns))
        took_s = time.perf_counter() - began_s
        if took_s < SLICE_S / 2:
            slice_ns = min(2 * slice_ns, LONGEST_SLICE_NS)
        elif took_s > SLICE_S:
            slice_ns = max(slice_ns // 4, 1_000_000)
        between()


def at_of(machine: Ibm704) -> int:
    """Give the location where the machine stopped, or if it did not the one it has come to."""
    running = machine.stop == Stop.RUNNING
    return machine.number("ibm704.register.IC" if running else "ibm704.control.stopped_at")


def outcome_of(machine: Ibm704, program: Program, mounted: Mounted) -> Outcome:
    """Tell why the machine stands still, in words of what the user gave."""
    at = at_of(machine)
    if machine.stop == Stop.RUNNING:
        return Outcome(INTERRUPTED, f"interrupted at {at:05o}")
    outside = bool(program.words) and at not in program.words
    if machine.stop == Stop.HALT and outside and not machine.examine(at):  # zeros are HTR 0
        return Outcome("wild-jump", f"halted at {at:05o}, where there is no program: a wild jump")
    if machine.stop in (Stop.NOT_ATTACHED, Stop.NOT_READY):
        address = unit_wanted(machine)
        unit, cure = unit_name(address)
        if address in WTS and writes(machine):
            return Outcome(
                "not-attached", f"WTS at {at:05o} is not simulated; write the tapes in turn"
            )
        if machine.stop == Stop.NOT_READY and address == READER:
            return Outcome("reader-empty", f"the card reader is empty at {at:05o}")
        if unit and machine.stop == Stop.NOT_ATTACHED:
            return Outcome("not-attached", f"{unit} is not attached at {at:05o}; {cure} does it")
        if unit:
            rest = mounted.why_not_ready(unit)
            return Outcome("not-ready", f"{unit} is not ready at {at:05o}{rest}")
    return Outcome(machine.stop.name.lower().replace("_", "-"), machine.why())


def _result(machine: Ibm704, outcome: Outcome, names: Names) -> dict[str, Any]:
    account, at = machine.account(), at_of(machine)
    number = {name: machine.number(f"ibm704.register.{name}") for name in ("AC", "MQ", "SR", "IC")}
    index = {f"XR{x}": f"{machine.number(f'ibm704.register.XR{x}'):05o}" for x in "ABC"}
    return {
        "stop": outcome.stop,
        "why": outcome.why,
        "location": f"{at:05o}",
        "symbol": names.near(at),
        "instructions": account.instructions,
        "cycles": account.cycles,
        "dollars": round(account.dollars, 6),
        "registers": {
            "AC": accumulator(number["AC"]),
            "MQ": octal(number["MQ"]),
            "SR": octal(number["SR"]),
            "IC": f"{number['IC']:05o}",
            **index,
        },
        "indicators": {
            name: bool(machine.number(f"ibm704.indicator.{name}")) for name in INDICATORS
        },
    }


def _files(request: Request) -> dict[str, str]:
    files = {"trace": request.trace, "vcd": request.vcd, "probes": request.probes}
    return {option: str(path) for option, path in files.items() if path}


def _lines(machine: Ibm704, result: dict[str, Any]) -> list[str]:
    account = machine.account()
    where, symbol = f" at {result['location']}", result["symbol"]
    why = result["why"].replace(where, f"{where} ({symbol})", 1) if symbol else result["why"]
    on = [name.replace("_", " ") for name, lit in result["indicators"].items() if lit]
    registers = result["registers"]
    index = " ".join(f"XR{x} {registers[f'XR{x}']}" for x in "ABC")
    return [
        why,
        f"AC {registers['AC']}  MQ {registers['MQ']}  {index}",
        *([f"on: {', '.join(on)}"] if on else []),
        f"{account.instructions:,} instructions, {account.cycles:,} cycles, "
        f"{account.machine_s:,.6f} s of machine time, ${account.dollars:,.6f} at "
        f"${machine.description.dollars_per_hour} an hour",
    ]
