"""``firstwave nets faults``: a net broken in every way, and which faults a stimulus shows."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simulator.errors import Mistake
from ui.cli import console
from ui.cli.nets_given import Given, given
from ui.cli.nets_stimulus import COMPILING, Bits, remarks, stimulus_of, ticks_for
from ui.cli.nets_text import count
from ui.cli.series import PLAIN_EVERY_S, compiling_announced
from ui.cli.status import DONE, NO

if TYPE_CHECKING:
    from machines.mcculloch_pitts.faults import Coverage

MOST_LISTED = 40
"""So many faults that stayed hidden are written out."""
AT_A_TIME = 1024
"""So many faults are tried before progress is looked at."""
MOST_FAULTS = 200_000
"""Nets with more faults are not gone through."""


def run(
    net: str,
    stimulus: Path | None,
    fire: tuple[str, ...],
    ticks: int | None,
    at_least: float | None,
    as_json: bool,
) -> int:
    """Do it; give the exit status: 1 if coverage is below what was wanted."""
    started_s = time.perf_counter()
    one = given(net)
    played = stimulus_of(one.net, stimulus, fire)
    lasting = ticks_for(played, ticks)
    for remark in remarks(one.net, played, lasting):
        console.say(remark)
    possible = 4 * one.net.cells + len(one.net.sources) + len(one.net.vetoes)
    if possible > MOST_FAULTS:
        raise Mistake(f"the net can have {possible} faults; {MOST_FAULTS} at most are tried")
    with compiling_announced("compiled", COMPILING):
        found = _tried(one, played, lasting)
    enough = at_least is None or 100 * found.share >= at_least
    if as_json:
        wall_s = round(time.perf_counter() - started_s, 3)
        about = {"machine": "mcculloch_pitts", "wall_s": wall_s}
        console.write_json(console.document("nets-faults", _json(one, found, lasting), **about))
    else:
        console.write("\n".join([*_lines(one, found, lasting), ""]))
        if not enough:
            console.say(f"coverage is below the {at_least:g} % wanted")
    return DONE if enough else NO


def _tried(one: Given, played: Bits, ticks: int) -> Coverage:
    """Try all faults, some at a time, and say how far it is where that takes long."""
    from machines.mcculloch_pitts.faults import Coverage, all_faults, coverage

    every = all_faults(one.net)
    whole = coverage(one.net, played, ticks, every[:AT_A_TIME])
    told_s = time.perf_counter()
    for first in range(AT_A_TIME, len(every), AT_A_TIME):
        if time.perf_counter() - told_s > PLAIN_EVERY_S:
            console.say(f"{first} of {len(every)} faults tried")
            told_s = time.perf_counter()
        more = coverage(one.net, played, ticks, every[first : first + AT_A_TIME])
        whole = Coverage(whole.detected + more.detected, whole.undetected + more.undetected)
    return whole


def _lines(one: Given, found: Coverage, ticks: int) -> Iterator[str]:
    shown = len(found.detected)
    every = shown + len(found.undetected)
    yield f"{one.net.title or one.source}: {count(every, 'fault')}, {count(ticks, 'tick')}"
    yield f"{shown} shown at an output, coverage {100 * found.share:.1f} %"
    kinds = Counter(str(fault.kind) for fault in found.undetected)
    totals = kinds + Counter(str(detection.fault.kind) for detection in found.detected)
    for kind, number in totals.items():
        yield f"  {kind:<9} {number - kinds[kind]:>6} of {number}"
    if found.undetected:
        yield "hidden from this stimulus:"
    for fault in found.undetected[:MOST_LISTED]:
        yield f"  {fault.told(one.net)}"
    if len(found.undetected) > MOST_LISTED:
        yield f"  ... and {len(found.undetected) - MOST_LISTED} more"


def _json(one: Given, found: Coverage, ticks: int) -> dict[str, Any]:
    return {
        "source": one.source,
        "ticks": ticks,
        "faults": len(found.detected) + len(found.undetected),
        "coverage": round(found.share, 6),
        "detected": [
            {"fault": each.fault.told(one.net), "tick": each.tick, "output": each.output}
            for each in found.detected
        ],
        "undetected": [fault.told(one.net) for fault in found.undetected],
    }
