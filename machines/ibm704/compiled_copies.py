"""Compiled code, copies: when the next word of the connected unit passes.

A copy waits for its word, and nothing else happens meanwhile; so where the words to come are known
(:class:`~machines.ibm704.input_output.Passage`) time jumps from one to the next. Whatever is not as
foretold, a copy too late or an end of the record, is left to the unit itself.
"""

from __future__ import annotations

from numba import njit

from .compiled_registers import COPIED, MQ, WAITED_NS

ASK_UNIT = -1
"""Instead of an instant: what becomes of the copy is not foretold."""
MOST_BUDGET = 1 << 28
"""Cycles of a burst at most: half a second of the host's time, so that it can be interrupted."""


@njit(forceinline=True)
def end_of(times, waited_ns, acts_ns):  # type: ignore[no-untyped-def]
    """Give the count of cycles, in the upper 32 bits, from which on no instruction may begin."""
    first_ns, last_ns, cycle_ns = times
    budget = (min(last_ns, acts_ns - 1) - first_ns - waited_ns) // cycle_ns
    return min(budget, MOST_BUDGET) + 1 << 32


@njit
def _passes_ns(passage, number, now_ns):  # type: ignore[no-untyped-def]
    """Tell when word ``number`` of a passage passes if its copy is given now, or ASK_UNIT.

    A unit that waits for the program takes it as soon as it is ready, and is then busy.
    """
    if number >= len(passage.words) or now_ns >= passage.late_ns[number]:
        return ASK_UNIT
    if not passage.pause_ns:
        return passage.passes_ns[number]
    taken_ns = max(now_ns, passage.passes_ns[number])
    passage.passes_ns[number] = taken_ns
    if number + 1 < len(passage.words):
        passage.passes_ns[number + 1] = taken_ns + passage.pause_ns
    return taken_ns


@njit
def copied(r, core, y, passage, times, cycles):  # type: ignore[no-untyped-def]
    """Copy the next word of a passage, if it is sure to pass in time; tell whether it was."""
    first_ns, last_ns, cycle_ns = times
    number, now_ns = r[COPIED], first_ns + cycles * cycle_ns + r[WAITED_NS]
    passes_ns = _passes_ns(passage, number, now_ns)
    if passes_ns == ASK_UNIT or passes_ns > last_ns:
        return False
    if passage.write:
        passage.words[number] = core[y]
    else:
        core[y] = passage.words[number]
    r[MQ] = core[y]
    r[WAITED_NS] += passes_ns - now_ns
    r[COPIED] = number + 1
    return True
