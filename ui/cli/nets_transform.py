"""``firstwave nets transform``: Theorems IV to VII as a verb, from one law to another."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

from machines.mcculloch_pitts import net_json
from machines.mcculloch_pitts.net import Net
from machines.mcculloch_pitts.report import report
from machines.mcculloch_pitts.transformers import Transformed, absolute_to_relative, to_absolute
from simulator.errors import Mistake
from simulator.files import write_whole
from ui.cli import console
from ui.cli.nets_export import kind_of, text_as
from ui.cli.nets_given import given
from ui.cli.nets_text import count, figures_of, wiring
from ui.cli.status import DONE


def run(source: str, law: str, to: Path | None, as_json: bool) -> int:
    """Do it; give the exit status."""
    started_s = time.perf_counter()
    one = given(source)
    if to is not None:
        kind_of(to)
        console.check_outputs({"net": one.path}, to=to)
    made = _made(one.net, law)
    if to is not None:
        write_whole(to, text_as(made.net, kind_of(to)))
    if as_json:
        result = {
            "source": source,
            "from": one.net.law.name,
            "to": law,
            "lag": made.lag,
            "cells_before": one.net.cells,
            "cells": made.net.cells,
            "stands_for": made.stands_for,
            "net": net_json.to_json(made.net),
            "files": None if to is None else {"to": str(to)},
        }
        wall_s = round(time.perf_counter() - started_s, 3)
        about = {"machine": "mcculloch_pitts", "wall_s": wall_s}
        console.write_json(console.document("nets-transform", result, **about))
    else:
        console.write("\n".join([*_lines(one.net, made, law), ""]))
        if to is not None:
            console.say(f"written: {to}")
    return DONE


def _made(net: Net, law: str) -> Transformed:
    if law == "absolute":
        return to_absolute(net)
    if net.law.name == "relative":
        raise Mistake("the net is under the law relative already")
    first = to_absolute(net)
    second = absolute_to_relative(first.net)
    stands_for = {name: second.stands_for.get(new, new) for name, new in first.stands_for.items()}
    return Transformed(second.net, first.lag + second.lag, stands_for)


def _lines(net: Net, made: Transformed, law: str) -> Iterator[str]:
    yield f"{net.title or 'the net'}: from the law {net.law.name} to {law}"
    yield from figures_of(report(made.net, made.lag))
    later = "at the same tick" if not made.lag else f"{count(made.lag, 'tick')} later"
    yield f"lag {made.lag}: it says the same {later}"
    for old, new in made.stands_for.items():
        if old != new:
            yield f"  for {old} stands {new}"
    yield from (f"  {line}" for line in wiring(made.net))
