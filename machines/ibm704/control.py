"""The control unit: instruction after instruction, and why it stops.

It begins an instruction when the one before has had its cycles. On automatic it goes on by itself
until something stops it. On manual it does one instruction for each stroke of the single step key,
or one after the other at a slow pace while the multiple step key is held; but a program that is in
the middle of a record runs on until the unit is disconnected. A **load key** makes it select a
unit and copy two words, into locations 0 and 1, before it takes its first instruction from 0.

The functions here are what both engines have in common; the reference engine needs nothing else.
"""

from __future__ import annotations

from simulator.kernel import NEVER

from .core_storage import CoreStorage
from .description import Description
from .input_output import Answer, InputOutput, perform
from .instructions import Outcome, execute, tagged
from .state import BREAK, WATCH, Loading, State, Stop

FIRST_TWO_WORDS_CYCLES = 2
"""Cycles of a select or copy of a load key, as of RDS and CPY."""


def act(
    s: State, core: CoreStorage, units: InputOutput, now_ns: int, description: Description
) -> None:
    """Do what is due at ``now_ns``: begin an instruction, or ask a unit again."""
    if not _may_begin(s):
        stop(s, Stop.MANUAL, int(s.ic[0]))
    elif s.loading[0]:
        _load(s, core, units, now_ns, description)
    else:
        _begin(s, core, units, now_ns, description)


def _may_begin(s: State) -> bool:
    """Tell whether the lever lets the machine go on."""
    return bool(
        s.automatic[0] or s.stepping[0] or s.multiple_step[0] or s.waiting[0] or s.loading[0]
        or s.io_unit[0]
    )  # fmt: skip


def _begin(
    s: State, core: CoreStorage, units: InputOutput, now_ns: int, description: Description
) -> None:
    location, keyed = int(s.ic[0]), bool(s.keyed[0])
    if s.marks[location] & BREAK and not s.past_break[0] and not keyed:
        stop(s, Stop.BREAKPOINT, location)
        return
    word = int(s.entry[0]) if keyed else core.read(location)
    outcome = execute(s, core, word, location, bool(description.undefined_stops))
    if outcome.for_units is not None:
        outcome = perform(s, core, units, outcome.for_units, outcome.y)
    s.past_break[0] = outcome.again_ns != NEVER
    s.waiting[0] = outcome.again_ns != NEVER
    if s.waiting[0]:
        assert outcome.again_ns > now_ns, "a unit must not be asked again at the same instant"
        s.cpu_due_ns[0] = outcome.again_ns
    elif outcome.cycles == 0:
        stop(s, outcome.stop, location)
    else:
        s.keyed[0] = 0
        following = location + (0 if keyed else 1) + outcome.skip
        s.ic[0] = (following if outcome.to is None else outcome.to) & core.mask
        _spend(s, outcome.cycles, now_ns, description)
        s.instructions[0] += 1
        _go_on(s, outcome, location, now_ns, description)


def _spend(s: State, cycles: int, now_ns: int, description: Description) -> None:
    s.cycles[0] += cycles
    s.free_ns[0] = now_ns + cycles * description.cycle_ns


def _go_on(
    s: State, outcome: Outcome, location: int, now_ns: int, description: Description
) -> None:
    """Decide what comes after an instruction that was carried out."""
    if outcome.stop:
        stop(s, outcome.stop, location)
    elif outcome.stored is not None and s.marks[outcome.stored] & WATCH:
        stop(s, Stop.WATCH, location)
    elif s.stepping[0]:
        stop(s, Stop.STEP, location)
    else:
        pause_ns = description.multiple_step_ms * 1_000_000 if s.multiple_step[0] else 0
        s.cpu_due_ns[0] = max(int(s.free_ns[0]), now_ns + pause_ns)


def _load(
    s: State, core: CoreStorage, units: InputOutput, now_ns: int, description: Description
) -> None:
    stage, unit = Loading(int(s.loading[0])), int(s.load_unit[0])
    reply = units.select("RDS", unit) if stage == Loading.SELECT else units.copy(0)
    s.waiting[0] = reply.answer == Answer.WAIT
    if s.waiting[0]:
        assert reply.again_ns > now_ns, "a unit must not be asked again at the same instant"
        s.cpu_due_ns[0] = reply.again_ns
    elif reply.answer == Answer.STOP or reply.skip:
        stop(s, reply.why or Stop.READ_WRITE_CHECK, int(s.ic[0]))
    else:
        if stage != Loading.SELECT:
            core.write(stage - Loading.FIRST, reply.word)
        s.loading[0] = Loading.NO if stage == Loading.SECOND else stage + 1
        if stage == Loading.SECOND:
            s.mq[0] = s.ic[0] = s.load_unit[0] = 0
        _spend(s, FIRST_TWO_WORDS_CYCLES, now_ns, description)
        s.cpu_due_ns[0] = s.free_ns[0]


def stop(s: State, why: Stop, location: int) -> None:
    """Stand still: from now on only the operator can make the machine go on."""
    s.stop[0] = why
    s.stopped_at[0] = location
    s.cpu_due_ns[0] = NEVER
    s.stepping[0] = 0
    s.keyed[0] = 0
    s.multiple_step[0] = 0
    s.loading[0] = Loading.NO
    s.waiting[0] = 0
    if why == Stop.READ_WRITE_CHECK:
        s.read_write_check[0] = 1


def time_is_up(s: State) -> None:
    """Stop because the time set beforehand is over; a machine that stands still is not stopped."""
    s.limit_due_ns[0] = NEVER
    if not s.stop[0]:
        stop(s, Stop.LIMIT, int(s.ic[0]))


def show_index(s: State) -> None:
    """Have the index lamps show what they are set to."""
    s.index_lamps[0] = tagged(s, int(s.index_shown[0]))
