"""``firstwave nets equivalent``: do two nets say the same? Decided, with a stimulus if not."""

from __future__ import annotations

import time
from typing import Any

from machines.mcculloch_pitts.equivalence import Verdict, equivalent
from ui.cli import console
from ui.cli.nets_given import given
from ui.cli.status import DONE, NO


def run(left: str, right: str, lag: int | None, as_json: bool) -> int:
    """Do it; give the exit status: 1 if the nets differ."""
    started_s = time.perf_counter()
    one, other = given(left).net, given(right).net
    found = equivalent(one, other, lag)
    if not found.equivalent and lag is None:  # of all lags none will do: 0 is the plainest to see
        found = equivalent(one, other, 0)
    if as_json:
        wall_s = round(time.perf_counter() - started_s, 3)
        about = {"machine": "mcculloch_pitts", "wall_s": wall_s}
        result = {"left": left, "right": right, **_json(found, lag)}
        console.write_json(console.document("nets-equivalent", result, **about))
    else:
        console.write("\n".join([*_lines(found, left, right, lag), ""]))
    return DONE if found.equivalent else NO


def _later(found: Verdict, right: str) -> str:
    if not found.lag:
        return "at the same time"
    ticks = f"{abs(found.lag)} tick{'' if abs(found.lag) == 1 else 's'}"
    return f"{right} {ticks} {'later' if found.lag > 0 else 'earlier'}"


def _lines(found: Verdict, left: str, right: str, lag: int | None) -> list[str]:
    what = "rows of the truth tables" if found.method == "every row" else "steps"
    if found.equivalent:
        return [
            f"equivalent: {left} and {right} say the same, {_later(found, right)}",
            f"proved by {found.method}: {found.cases} {what} compared",
        ]
    asked = "at any lag" if lag is None else _later(found, right)
    at = "at lag 0 " if lag is None else ""
    return [
        f"different: {left} and {right} do not say the same, {asked}",
        f"{at}this stimulus tells them apart (| fires, . is silent):",
        found.trace,
    ]


def _json(found: Verdict, lag: int | None) -> dict[str, Any]:
    return {
        "equivalent": found.equivalent,
        "lag": found.lag,
        "any_lag": lag is None,
        "method": found.method,
        "cases": found.cases,
        "afferents": list(found.afferents),
        "stimulus": [
            [name for k, name in enumerate(found.afferents) if row >> k & 1]
            for row in found.stimulus
        ],
        "trace": found.trace,
    }
