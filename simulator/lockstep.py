"""Lockstep: two engines, one logbook, and the first place where they part.

Two independent engines that agree bit by bit over thousands of random logbooks are hardly wrong
in different ways. (They may be wrong in the same way: that is what the cases from papers and
manuals are for.) When they disagree, what matters is where they *first* disagree: the time, the
field, the cell and both values.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from simulator.errors import Mistake
from simulator.logbook import Entry
from simulator.machine import Machine
from simulator.state import Difference, diff


class Divergence(NamedTuple):
    """Where two machines first part.

    Attributes
    ----------
    t_ns
        The first instant at which a comparison failed.
    after
        The last entry both had been given, or None.
    differences
        The fields that differ there, each with its first cell and both values.
    """

    t_ns: int
    after: Entry | None
    differences: list[Difference]

    def __str__(self) -> str:
        """Report it in full, as a person looking for the cause wants it."""
        after = "the start" if self.after is None else f"{self.after.control} at {self.after.t_ns}"
        lines = [f"first divergence at {self.t_ns} ns, after {after} ns (left against right):"]
        return "\n  ".join(lines + [str(difference) for difference in self.differences])


def lockstep(
    left: Machine, right: Machine, logbook: Iterable[Entry], until_ns: int
) -> Divergence | None:
    """Drive two machines with one logbook and compare their States at every quiet instant of it.

    They are compared before and after every entry and at ``until_ns``. If they differ, the interval
    in which they parted is run again, stopping at every instant at which something was due, so that
    the report names the first one.

    Parameters
    ----------
    left, right
        Two machines of one Description at the same State, as a rule on two engines.
    logbook
        What to do to both.
    until_ns
        How long to run after the last entry; at least its time.

    Returns
    -------
    Divergence or None
        None if the two stayed bit-equal throughout.
    """
    after: Entry | None = None
    parted = _compare(left, right, after)
    for entry in logbook:
        parted = parted or _advance(left, right, entry.t_ns, after)
        if parted:
            return parted
        refusals = [_refusal(machine, entry) for machine in (left, right)]
        after = entry
        if refusals[0] != refusals[1]:
            return Divergence(entry.t_ns, entry, [Difference("refused", (), *refusals)])
        parted = _compare(left, right, after)
    return parted or _advance(left, right, until_ns, after)


def _refusal(machine: Machine, entry: Entry) -> str | None:
    try:
        machine.operate(entry.control, entry.value)
    except Mistake as mistake:
        return str(mistake)
    return None


def _advance(left: Machine, right: Machine, t_ns: int, after: Entry | None) -> Divergence | None:
    before = left.snapshot()
    left.run(t_ns)
    right.run(t_ns)
    parted = _compare(left, right, after)
    if parted is None:
        return None
    for machine in (left, right):
        machine.restore(before)
    while 0 <= (due := _next_due(left, right)) < t_ns:
        left.run(due)
        right.run(due)
        if earlier := _compare(left, right, after):
            return earlier
    return parted


def _next_due(left: Machine, right: Machine) -> int:
    return min((due for due in (left.next_due_ns(), right.next_due_ns()) if due >= 0), default=-1)


def _compare(left: Machine, right: Machine, after: Entry | None) -> Divergence | None:
    differences = diff(left.snapshot(), right.snapshot())
    return Divergence(left.now_ns, after, differences) if differences else None
