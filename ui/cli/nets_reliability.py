"""``firstwave nets reliability``: von Neumann's laboratory, measured beside the theory."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from simulator.errors import Mistake
from ui.cli import console
from ui.cli.nets_stimulus import COMPILING
from ui.cli.series import compiling_announced
from ui.cli.status import DONE

if TYPE_CHECKING:
    from machines.mcculloch_pitts.unreliable import Level

DEPTH = 5
"""Levels of the tree of majority organs."""
TICKS = 64
"""Ticks it is watched for; each is 64 trials of every line."""
MILLION = 1_000_000
MOST_LINES_TRIED = 200_000_000
"""Lines times trials that are worked through."""


class Request(NamedTuple):
    """What was asked for on the command line."""

    error: float
    lines: int
    delta: float
    trials: int
    seed: int


class Multiplexed(NamedTuple):
    """Bundles of lines: how often a stage fails, and up to which error it holds."""

    failed: int
    expected: float
    recalled: float | None
    measured_limit: float
    limit_here: float
    limit: float
    best_delta: float


def run(request: Request, as_json: bool) -> int:
    """Do it; give the exit status."""
    started_s = time.perf_counter()
    if request.lines * request.trials > MOST_LINES_TRIED:
        raise Mistake(
            f"{request.trials} trials of {request.lines} lines are too many; "
            f"their product is at most {MOST_LINES_TRIED}"
        )
    with compiling_announced("compiled", COMPILING):
        from machines.mcculloch_pitts import unreliable

        error_ppm = round(request.error * MILLION)
        levels = unreliable.measure_triplication(DEPTH, error_ppm, error_ppm, TICKS, request.seed)
    bundles = _bundles(request)
    if as_json:
        wall_s = round(time.perf_counter() - started_s, 3)
        about = {"machine": "mcculloch_pitts", "seed": request.seed, "wall_s": wall_s}
        result = _json(request, levels, bundles)
        console.write_json(console.document("nets-reliability", result, **about))
    else:
        console.write("\n".join([*_lines(request, levels, bundles), ""]))
    return DONE


def _bundles(request: Request) -> Multiplexed:
    from machines.mcculloch_pitts import unreliable

    error_ppm, permille = round(request.error * MILLION), round(request.delta * 1000)
    delta = permille / 1000
    limit, best = unreliable.multiplexing_limit()
    as_published = (error_ppm, permille) == (5000, 70)
    return Multiplexed(
        unreliable.measure_failures(
            request.lines, error_ppm, permille, request.trials, request.seed
        ),
        unreliable.failure_normal(request.lines, error_ppm / MILLION, delta),
        unreliable.failure_theory(request.lines) if as_published else None,
        unreliable.measure_multiplexing_limit(request.lines, permille, seed=request.seed) / MILLION,
        unreliable.limit_at(delta),
        limit,
        best,
    )


def _lines(request: Request, levels: list[Level], bundles: Multiplexed) -> Iterator[str]:
    from machines.mcculloch_pitts import unreliable

    yield f"organs wrong once in {1 / request.error:.0f}" if request.error else "organs never wrong"
    yield ""
    yield f"triplication: a tree of {DEPTH} levels of majority organs, 1 sent through it"
    yield f"  {'level':<6} {'theory':>10} {'measured':>10}   lines looked at"
    for level in levels:
        name = "inputs" if not level.height else str(level.height)
        yield f"  {name:<6} {level.theory:>10.6f} {level.measured:>10.6f}   {level.lines}"
    settles = unreliable.triplication_level(request.error)
    if settles is None:
        yield "  theory: organs that err 1 time in 6 or more cannot be made reliable so"
    else:
        yield f"  theory: settles at {settles:.6f} (below an error of 1/6 = 0.166667)"
    yield ""
    yield f"multiplexing: bundles of {request.lines} lines, Delta {round(request.delta, 3):g}"
    yield f"  stages that failed:     {bundles.failed} of {request.trials}"
    yield f"  expected of one answer: {bundles.expected:.3g} (normal approximation)"
    if bundles.recalled is not None:
        yield f"  von Neumann's rho(N):   {bundles.recalled:.3g} (as later literature recalls it)"
    yield f"  most stages hold up to: {bundles.measured_limit:.5f} here, measured"
    yield f"  theory, N unlimited:    {bundles.limit_here:.5f} at this Delta, at best " + (
        f"{bundles.limit:.5f} at {bundles.best_delta:.3f}"
    )
    yield f"  any formula of strokes: {unreliable.NAND_LIMIT:.5f} (Evans and Pippenger)"


def _json(request: Request, levels: list[Level], bundles: Multiplexed) -> dict[str, Any]:
    from machines.mcculloch_pitts import unreliable

    multiplexing: dict[str, Any] = {
        "lines": request.lines,
        "delta": round(request.delta, 3),
        "trials": request.trials,
        "failed": bundles.failed,
        "expected": bundles.expected,
        "rho": bundles.recalled,
        "measured_limit": bundles.measured_limit,
        "limit_at_delta": bundles.limit_here,
        "limit": bundles.limit,
        "best_delta": bundles.best_delta,
    }
    return {
        "error": round(request.error, 6),
        "triplication": {
            "levels": [
                {
                    "height": level.height,
                    "theory": level.theory,
                    "measured": level.measured,
                    "lines": level.lines,
                }
                for level in levels
            ],
            "settles": unreliable.triplication_level(request.error),
            "limit": unreliable.TRIPLICATION_LIMIT,
        },
        "multiplexing": multiplexing,
        "formula_limit": unreliable.NAND_LIMIT,
    }
