"""The operator's console: the lever, the keys and the switches, with their interlocks.

The lever between **automatic** and **manual** decides which keys are alive. Start, the load keys
and clear work on automatic; stepping, displaying and entering by hand work on manual, while the
machine stands still. On the 704 a key that does not apply is dead; here it is refused with one line
that says why, which comes to the same and can be read.

Sources: the key rules of the manual as quoted in the UTA simulator of the console.
"""

from __future__ import annotations

from typing import Any

from simulator.errors import Mistake

from .control import stop
from .input_output import InputOutput
from .instructions import tagged
from .state import Loading, State, Stop
from .words import ADDRESS

CARDS, TAPE, DRUM = 0o321, 0o221, 0o301
"""The units the load keys read from."""


def operate(s: State, units: InputOutput, path: str, value: Any, now_ns: int) -> None:
    """Move a control of the central processing unit to a canonical value.

    Raises
    ------
    Mistake
        If the lever or the machine's running does not allow it; nothing has then changed.
    """
    path = path.removeprefix("ibm704.")
    group, _, name = path.partition(".")
    if group == "console":
        _press(s, units, name, value, now_ns)
    elif group == "sense":
        s.sense_switch[int(name.removeprefix("switch")) - 1] = value
    elif group == "register":
        _set_register(s, name, value)
    elif path == "core.deposit":
        s.core[value["at"] : value["at"] + len(value["words"])] = value["words"]
    elif path == "control.mark":
        s.marks[value["at"]] = value["mark"]
    elif path == "control.unmark":
        s.marks[:] = 0
    elif path == "control.limit":
        if value is not None and value < now_ns:
            raise Mistake(f"the limit, {value} ns, is past: the machine stands at {now_ns} ns")
        s.limit_due_ns[0] = -1 if value is None else value
    else:
        raise NotImplementedError(path)


def _press(s: State, units: InputOutput, key: str, value: Any, now_ns: int) -> None:
    match key:
        case "entry":
            s.entry[0] = value
        case "lever":
            _move_lever(s, value)
        case "start":
            _on_automatic(s, "start")
            _go(s, now_ns)
        case "load_cards" | "load_tape" | "load_drum":
            _on_automatic(s, key)
            _go(s, now_ns)
            s.loading[0] = Loading.SELECT
            s.load_unit[0] = {"load_cards": CARDS, "load_tape": TAPE, "load_drum": DRUM}[key]
        case "reset":
            _reset(s, units, now_ns)
        case "clear":
            if not s.automatic[0]:
                raise Mistake("the clear key works on automatic only; move the lever first")
            _reset(s, units, now_ns)
            s.core[:] = 0
        case "single_step":
            _on_manual(s, "single step")
            s.stepping[0] = 1
            _go(s, now_ns)
        case "multiple_step" if value and not s.multiple_step[0]:
            _on_manual(s, "multiple step")
            s.multiple_step[0] = 1
            _go(s, now_ns)
        case "multiple_step":
            if s.multiple_step[0] and not value:
                stop(s, Stop.MANUAL, int(s.ic[0]))
        case "enter_mq":
            _on_manual(s, "enter MQ")
            s.mq[0] = s.sr[0] = s.entry[0]
        case "enter_instruction":
            _on_manual(s, "enter instruction")
            s.keyed[0] = s.stepping[0] = 1
            _go(s, now_ns)
        case "display_storage":
            _on_manual(s, "display storage")
            s.sr[0] = s.core[int(s.entry[0]) & len(s.core) - 1]
        case "display_effective_address":
            _display_effective_address(s)
        case "display_A" | "display_B" | "display_C":
            _on_manual(s, key.replace("_", " "))
            s.index_shown[0] = {"A": 1, "B": 2, "C": 4}[key[-1]]
        case _:
            raise NotImplementedError(key)


def _on_automatic(s: State, key: str) -> None:
    if not s.automatic[0]:
        raise Mistake(f"the {key.replace('_', ' ')} key works on automatic only; move the lever")
    if not s.stop[0]:
        raise Mistake(f"the machine is running; the {key.replace('_', ' ')} key is dead meanwhile")


def _on_manual(s: State, key: str) -> None:
    if s.automatic[0]:
        raise Mistake(f"the {key} key works on manual only; move the lever first")
    if not s.stop[0]:
        raise Mistake(f"the machine is still running; the {key} key is dead meanwhile")


def _go(s: State, now_ns: int) -> None:
    s.stop[0] = Stop.RUNNING
    s.read_write_check[0] = 0
    s.load_unit[0] = 0
    s.past_break[0] = 1  # a mark at the place one starts from is not stopped at
    s.cpu_due_ns[0] = max(now_ns, int(s.free_ns[0]))


def _move_lever(s: State, automatic: int) -> None:
    s.automatic[0] = automatic
    s.index_shown[0] = 0
    if automatic:
        if s.multiple_step[0]:
            stop(s, Stop.MANUAL, int(s.ic[0]))
    elif not (s.stop[0] or s.waiting[0] or s.loading[0] or s.io_unit[0]):
        stop(s, Stop.MANUAL, int(s.ic[0]))


def _reset(s: State, units: InputOutput, now_ns: int) -> None:
    stop(s, Stop.IDLE, 0)
    units.reset()
    for cells in (s.ac, s.mq, s.sr, s.ir, s.ic, s.xr, s.index_shown, s.load_unit):
        cells[:] = 0
    for lamps in (
        s.ac_overflow, s.mq_overflow, s.divide_check, s.tape_check, s.tape_end,
        s.read_write_check, s.trapping, s.sense_light,
    ):  # fmt: skip
        lamps[:] = 0
    s.past_break[0] = 0
    s.free_ns[0] = now_ns


def _display_effective_address(s: State) -> None:
    _on_manual(s, "display effective address")
    if s.index_shown[0]:
        raise Mistake(
            "an index register is on display; move the lever to automatic and back to manual first"
        )
    word, mask = int(s.sr[0]), len(s.core) - 1
    y = ((word & mask) - tagged(s, word >> 15 & 7)) & mask
    s.sr[0] = word & ~ADDRESS | y


def _set_register(s: State, name: str, value: int) -> None:
    match name:
        case "XRA" | "XRB" | "XRC":
            s.xr["ABC".index(name[-1])] = value
        case "AC":
            s.ac[0] = value
        case "MQ":
            s.mq[0] = value
        case "IC":
            s.ic[0] = value
        case _:
            raise NotImplementedError(name)
