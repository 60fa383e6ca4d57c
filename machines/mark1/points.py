"""The two tables of the Mark I: what one can look at, and what one can touch."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulator.errors import Mistake
from simulator.points import Control, Kind, Point

from .description import Description, check_theta
from .plugboard import Plugboard
from .rules import NUMBER, RULES

MOST_STIMULI, MOST_SWEEPS = 100_000, 1_000_000


def points(description: Description) -> list[Point]:
    """Give the table of points."""
    lamp, meter, register, line = Kind.LAMP, Kind.METER, Kind.REGISTER, Kind.LINE
    rows = [
        Point("mark1.retina.light", "light", meter, "light on each photocell, 0..255", width=8),
        Point("mark1.retina.S", "s_on", lamp, "S-units: 1 on", width=1),
        Point("mark1.association.theta", "theta", register, "threshold of the A-units", cell=0),
        Point("mark1.association.sum", "a_sum", meter,
              "lit excitatory less lit inhibitory origin points of each A-unit", width=32),
        Point("mark1.association.A", "a_on", lamp, "A-units: 1 active", width=1),
        Point("mark1.values.V", "value", meter,
              "potentiometers: angle from centre; the A-unit's value", unit="udeg"),
        Point("mark1.values.motor", "motor", meter,
              "motors: speed, up positive, 0 still", unit="udeg/ms"),
        Point("mark1.values.coincidences", "coincidences", meter,
              "pulses up less pulses down while the A-unit was active: Hebb's correlation"),
        Point("mark1.response.sum", "r_sum", meter,
              "sum meter of each R-unit: values of its active A-units", unit="udeg"),
        Point("mark1.response.active", "r_active", meter,
              "how many A-units of each R-unit are active"),
        Point("mark1.response.R", "r_on", line,
              'R-units: +1 shows "1", -1 shows "0", 0 undecided', width=2),
        Point("mark1.response.desired", "desired", line,
              'force switches: +1 "1", -1 "0", 0 free', width=2),
        Point("mark1.response.drive", "drive", line,
              "reinforcement lines: which way active motors are driven", width=2),
        Point("mark1.response.gain_on", "gain_on", meter,
              "speed asked of the motors of active A-units", unit="ppm"),
        Point("mark1.response.gain_off", "gain_off", meter,
              "speed asked of the motors of inactive A-units", unit="ppm"),
        Point("mark1.response.dominance", "dominance", register,
              "how the R-units answer: 0 each for itself, 1 largest mean, 2 largest sum",
              cell=0, width=8),
        Point("mark1.control.rule", "rule", register,
              "reinforcement switch: "
              + ", ".join(f"{number} {rule.name}" for number, rule in enumerate(RULES)),
              cell=0, width=8),
        Point("mark1.control.stage", "stage", register,
              "control unit: 0 idle, 1 settling, 2 reading, 3 reinforcing, 4 resting",
              cell=0, width=8),
        Point("mark1.control.trials", "trials", register,
              "responses compared in series, in all", cell=0),
        Point("mark1.control.wrong", "wrong", register, "of these, wrong ones", cell=0),
        Point("mark1.control.pulses", "pulses", register,
              "reinforcement pulses, in all", cell=0),
        Point("mark1.control.sweep", "series_sweep", register,
              "sweep of the series, from 0", cell=0),
        Point("mark1.control.place", "series_at", register,
              "place in the sweep, from 0; the series' length when none is going on", cell=0),
        Point("mark1.control.until_errorless", "series_until_errorless", register,
              "1: a sweep without a wrong response ends the series", cell=0, width=1),
        Point("mark1.control.series_light", "series_light", meter,
              "light of each stimulus of the series on each photocell", width=8, fixed=False),
        Point("mark1.control.series_desired", "series_desired", line,
              "responses desired to each stimulus of the series", width=2, fixed=False),
        Point("mark1.control.sweep_wrong", "series_wrong", meter,
              "wrong responses in each sweep of the series; -1 to come", fixed=False),
        Point("mark1.control.answers", "series_answer", meter,
              "response of each R-unit last given to each stimulus of the series", width=2,
              fixed=False),
    ]  # fmt: skip
    rows += [
        Point("mark1.faults.S", "s_fault", register, "S-units: 0 sound, 1 dead, 2 stuck on",
              width=2),
        Point("mark1.faults.A", "a_fault", register, "A-units: 0 sound, 1 dead, 2 stuck on",
              width=2),
        Point("mark1.faults.motor", "seized", register, "motors: 1 seized", width=1),
        Point("mark1.faults.wire", "pulled", register,
              "wires of the plugboard, by A-unit, then S-unit: 1 pulled", width=1),
        Point("mark1.faults.retina_noise", "retina_noise", register,
              "photocells flipped at each exposure, permille", cell=0),
    ]  # fmt: skip
    for r in range(description.response_units):
        doc = f'R{r + 1}: +1 shows "1", -1 shows "0", 0 undecided'
        rows.append(Point(f"mark1.response.R{r + 1}", "r_on", line, doc, cell=r, width=2))
    return rows


def controls(description: Description, board: Plugboard) -> list[Control]:
    """Give the table of controls."""
    d, potentiometers = description, len(board.pot_a)

    def key(value: Any) -> None:
        if value is not None:
            raise Mistake(f"a key is pressed without a value, not with {value!r}")

    def light(value: Any) -> NDArray[np.uint8]:
        return _array("retina.light", value, np.uint8, (d.s_units,), 0, 255, (d.rows, d.columns))

    def desired(value: Any) -> NDArray[np.int8]:
        ways = _array("response.desired", value, np.int8, (d.response_units,), -1, 1)
        if ways[d.responses_in_use :].any():
            r = d.responses_in_use + int(np.flatnonzero(ways[d.responses_in_use :])[0]) + 1
            raise Mistake(f"R{r} is not in use: the A-units are shared by {d.responses_in_use}")
        return ways

    def theta(value: Any) -> int:
        whole = _whole("theta", value, -1000, 1000)
        check_theta(d, whole)
        return whole

    def angles(value: Any) -> NDArray[np.int64]:
        limit = d.travel_mdeg * 1000
        if value is None:
            return np.zeros(potentiometers, np.int64)
        return _array("values.V", value, np.int64, (potentiometers,), -limit, limit)

    table: list[tuple[str, str, Callable[[Any], Any]]] = [
        ("mark1.retina.light", f"what the eye sees: uint8 ({d.rows}, {d.columns}) or flat", light),
        ("mark1.association.theta", "threshold of the A-units, a whole number", theta),
        ("mark1.values.V",
         "turn all shafts by hand: angles in udeg, or None for all to the centre", angles),
        ("mark1.response.desired", "force switches: +1, -1 or 0 (free) for each R-unit", desired),
        ("mark1.control.rule", f"reinforcement switch: {', '.join(NUMBER)}", _rule),
        ("mark1.control.reinforce", "key: one pulse, by the rule (dead while busy)", key),
        ("mark1.control.halt", "key: stop the motors, abandon the series", key),
        ("mark1.control.power",
         "key: switch off and on; lamps and series go, values, switches and counters stay", key),
        ("mark1.faults.S", "S-units: 0 sound, 1 dead, 2 stuck on", _faults("S", d.s_units, 2)),
        ("mark1.faults.A", "A-units: 0 sound, 1 dead, 2 stuck on",
         _faults("A", d.association_units, 2)),
        ("mark1.faults.motor", "motors: 1 seized", _faults("motor", potentiometers, 1)),
        ("mark1.faults.wire", "wires of the plugboard: 1 pulled",
         _faults("wire", len(board), 1)),
        ("mark1.faults.retina_noise", "permille of photocells flipped at each exposure",
         lambda value: _whole("retina_noise", value, 0, 1000)),
        ("mark1.control.train",
         "a series: dict of light (m, n_s), desired (m, n_r), rule, sweeps, order_seed, "
         "until_errorless", lambda value: _series(d, desired, value)),
    ]  # fmt: skip
    return [Control(path, doc, accept) for path, doc, accept in table]


def _rule(value: Any) -> int:
    if isinstance(value, str) and value in NUMBER:
        return NUMBER[value]
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < len(RULES):
        return value
    raise Mistake(f"no rule is called {value!r}; there are {', '.join(NUMBER)}")


def _faults(what: str, parts: int, most: int) -> Callable[[Any], NDArray[np.uint8]]:
    """Accept one code for each part; None: all sound."""

    def accept(value: Any) -> NDArray[np.uint8]:
        if value is None:
            return np.zeros(parts, np.uint8)
        return _array(f"faults.{what}", value, np.uint8, (parts,), 0, most)

    return accept


def _series(
    d: Description, desired: Callable[[Any], NDArray[np.int8]], value: Any
) -> dict[str, Any]:
    known = {"light", "desired", "rule", "sweeps", "order_seed", "until_errorless"}
    if not isinstance(value, dict) or not {"light", "desired", "rule", "sweeps"} <= set(value):
        raise Mistake("a series is a dict with light, desired, rule and sweeps")
    if odd := sorted(set(value) - known):
        raise Mistake(f"a series has no {odd[0]}; it has {', '.join(sorted(known))}")
    m = len(value["light"]) if np.ndim(value["light"]) else 0
    if not 1 <= m <= MOST_STIMULI:
        raise Mistake(f"a series has 1 to {MOST_STIMULI} stimuli, not {m}")
    shape = (m, d.rows, d.columns)
    wanted = _array("desired", value["desired"], np.int8, (m, d.response_units), -1, 1)
    for row in np.unique(wanted, axis=0):
        desired(row)
    return {
        "light": _array("light", value["light"], np.uint8, (m, d.s_units), 0, 255, shape),
        "desired": wanted,
        "rule": _rule(value["rule"]),
        "sweeps": _whole("sweeps", value["sweeps"], 1, MOST_SWEEPS),
        "order_seed": _whole("order_seed", value.get("order_seed", 0), 0, 2**63 - 1),
        "until_errorless": int(bool(value.get("until_errorless", False))),
    }


def _whole(name: str, value: Any, low: int, high: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int | np.integer):
        raise Mistake(f"{name} must be a whole number, not {value!r}")
    if not low <= value <= high:
        raise Mistake(f"{name} must lie between {low} and {high}, not {value}")
    return int(value)


def _array(
    name: str,
    value: Any,
    dtype: type,
    shape: tuple[int, ...],
    low: int,
    high: int,
    also: tuple[int, ...] | None = None,
) -> NDArray[Any]:
    """Take an array of whole numbers in a range, of one of two shapes; give a copy of the first."""
    try:
        array = np.asarray(value)
    except ValueError as error:
        raise Mistake(f"{name} must be an array of equal rows ({error})") from error
    if array.shape not in (shape, also):
        raise Mistake(f"{name} must have shape {also or shape}, not {array.shape}")
    if array.dtype.kind == "f" and (array == np.trunc(array)).all():
        array = array.astype(np.int64)
    if array.dtype.kind not in "iu" or (
        array.size and not low <= array.min() <= array.max() <= high
    ):
        raise Mistake(f"{name} must hold whole numbers from {low} to {high}")
    return np.array(array.reshape(shape), dtype=dtype, order="C")
