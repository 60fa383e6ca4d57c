"""``firstwave 704 step``: the debugger, opened at a learning rule's weight update.

The machine stands before the update's first instruction. Which weight is about to change, and its
word before and after, is told first: the program is let go until it stores there, and taken back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from machines.ibm704 import Stop
from machines.ibm704 import words as parts
from machines.ibm704.rules import loaded, rule_named
from machines.ibm704.state import BREAK
from machines.ibm704.words import octal
from simulator.errors import Mistake
from ui.cli import console, ibm704_monitor
from ui.cli.ibm704_debug import leave, talk
from ui.cli.ibm704_expressions import parse
from ui.cli.ibm704_learn import WHOLE, names_of
from ui.cli.ibm704_monitor import Monitor
from ui.cli.ibm704_output import told_to_end
from ui.cli.ibm704_session import COUNT, LONGEST_NS, Mark, Session
from ui.cli.ibm704_set_up import COMPILING
from ui.cli.series import compiling_announced, ctrl_c_noted

if TYPE_CHECKING:
    from machines.ibm704.rules import Loaded

MOST_PASSES = 100_000
"""Passes through the update in which nothing changes."""


def run(rule: str, chosen: dict[str, float], engine: str) -> int:
    """Talk about a rule's program from its first weight update on.

    Raises
    ------
    Mistake
        If there is no such rule or parameter, it never changes a weight, or, in a script, a
        command is wrong.
    """
    if not rule_named(rule).update:
        raise Mistake(f"{rule}: its weights are fixed; `firstwave 704 learn {rule}` runs it")
    of = loaded(rule, None, engine=engine, **chosen)
    names = names_of(of)
    session = Session(of.machine, names)
    monitor = Monitor(session, dict(of.program.symbols))
    with compiling_announced(engine, COMPILING), told_to_end(leave):
        console.write(_opening(of, session))
        console.write(ibm704_monitor.here(monitor))
        talk(monitor)
    return 0


class Change(NamedTuple):
    """The first change of a weight.

    Attributes
    ----------
    at
        Its location.
    before, after
        The words.
    first
        Instructions done before the pass through the update that does it.
    steps
        Instructions from there to the change.
    """

    at: int
    before: int
    after: int
    first: int
    steps: int


def _opening(of: Loaded, session: Session) -> str:
    """Run to the update that changes a weight first, and tell of it."""
    machine, update = of.machine, of.program.symbols[of.rule.update]
    state = machine.snapshot()
    with machine.unwatched():
        try:
            change = _first_change(of, update)
        finally:
            machine.restore(state)
    symbols = of.program.symbols
    when = f"instructions >= {change.first}."
    with ctrl_c_noted() as ctrl_c:
        session.mark(update, Mark(BREAK, parse(when, symbols), when))
        session.go(ctrl_c)
        session.unmark(update, BREAK)
    number = symbols[of.rule.weights] - change.at
    told = parts.fixed if of.rule.program in WHOLE else parts.floating
    before, after = (
        f"{octal(word)}  {float(told(word)):.9g}" for word in (change.before, change.after)
    )
    return (
        f"{of.rule.name}: {of.rule.update} changes weight {number}, "
        f"{of.rule.weights}-{number:o} ({change.at:05o}), {change.steps} instructions from here\n"
        f"before {before}\nafter  {after}\n"
    )


def _first_change(of: Loaded, update: int) -> Change:
    """Go on from pass to pass through the update, and in the right one step by step."""
    machine = of.machine
    machine.operate("ibm704.console.lever", 1)
    machine.operate("ibm704.control.mark", {"at": update, "mark": BREAK})
    _to_next_pass(of)
    for _ in range(MOST_PASSES):
        state, before = machine.snapshot(), _weights(of)
        _to_next_pass(of)
        if not np.array_equal(before, _weights(of)):
            machine.restore(state)
            return _step_to_change(of, before)
    raise Mistake(f"{of.rule.name}: no weight changed in {MOST_PASSES} passes of its update")


def _to_next_pass(of: Loaded) -> None:
    of.machine.operate("ibm704.console.start")
    of.machine.run_to_stop(LONGEST_NS)
    if of.machine.stop != Stop.BREAKPOINT:
        raise Mistake(f"{of.rule.name}: it came to no change of a weight: {of.machine.why()}")


def _step_to_change(of: Loaded, before: NDArray[np.uint64]) -> Change:
    machine = of.machine
    machine.operate("ibm704.console.lever", 0)
    first = machine.number(COUNT)
    while np.array_equal(before, after := _weights(of)):
        machine.step()
    k = int(np.flatnonzero(before != after)[-1])
    at = of.program.symbols[of.rule.weights] - len(before) + k
    return Change(at, int(before[k]), int(after[k]), first, machine.number(COUNT) - first)


def _weights(of: Loaded) -> NDArray[np.uint64]:
    """Give the words of the array of weights, which runs backwards from its symbol."""
    end = of.program.symbols[of.rule.weights]
    begin = max((value for value in of.program.symbols.values() if value < end), default=0)
    words: NDArray[np.uint64] = of.machine.rack("ibm704.core.word")[begin:end]
    return words
