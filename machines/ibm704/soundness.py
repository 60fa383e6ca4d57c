"""Whether a State is one a 704 can stand in at a quiet instant.

Compiled code trusts its indices, and a file may come from anywhere. Before a machine is made to
stand in a State that was read from a file, every field is held against the description and
against the others. What the input-output units remember they check themselves.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from simulator.kernel import NEVER
from simulator.machine import LAST_NS

from .description import Description
from .state import BREAK, WATCH, Loading, State, Stop
from .words import AC, WORD

_LAMPS = (
    "ac_overflow", "mq_overflow", "divide_check", "tape_check", "tape_end", "read_write_check",
    "trapping", "sense_light", "sense_switch", "automatic", "stepping", "keyed", "multiple_step",
    "past_break", "waiting",
)  # fmt: skip


def unsound(state: State, description: Description) -> str | None:
    """Name the first field that cannot be as it is; None if the State is sound.

    Parameters
    ----------
    state
        A State whose fields have the dtypes and shapes of this machine.
    description
        What was given.
    """
    return next((name for name, sound in _checks(state, description) if not sound), None)


def _checks(s: State, d: Description) -> Iterator[tuple[str, bool]]:
    now, last = int(s.now_ns[0]), d.core_words - 1
    yield "now_ns", 0 <= now <= LAST_NS
    for name, most in (
        ("core", WORD), ("ac", AC), ("mq", WORD), ("sr", WORD), ("ir", WORD >> 18),
        ("ic", last), ("xr", last), ("entry", WORD), ("index_lamps", last), ("stopped_at", last),
        ("load_unit", 0o777), ("io_unit", 0o777),
    ):  # fmt: skip
        yield name, _within(getattr(s, name), most)
    for name in _LAMPS:
        yield name, bool((getattr(s, name) <= 1).all())
    yield "index_shown", int(s.index_shown[0]) in (0, 1, 2, 4)
    yield "stop", int(s.stop[0]) in list(Stop)
    yield "loading", int(s.loading[0]) in list(Loading)
    running = s.stop[0] == Stop.RUNNING
    for name in ("stepping", "keyed", "multiple_step", "waiting", "loading"):
        yield name, running or not getattr(s, name)[0]
    yield "keyed", not s.keyed[0] or bool(s.stepping[0])
    yield "multiple_step", not (s.multiple_step[0] and s.automatic[0])
    cpu, limit = int(s.cpu_due_ns[0]), int(s.limit_due_ns[0])
    yield "cpu_due_ns", (now < cpu <= LAST_NS) if running else cpu == NEVER
    yield "limit_due_ns", limit == NEVER or now < limit <= LAST_NS
    yield "free_ns", 0 <= int(s.free_ns[0]) <= LAST_NS
    for name in ("cycles", "instructions"):
        yield name, 0 <= int(getattr(s, name)[0]) <= LAST_NS
    yield "marks", bool((s.marks <= BREAK | WATCH).all())


def _within(cells: Any, most: int) -> bool:
    return bool(((cells >= 0) & (cells <= most)).all())
