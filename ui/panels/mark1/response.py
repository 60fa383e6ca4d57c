"""The control rack: R-units with lamps, sum meters and force switches, and what they answer."""

from __future__ import annotations

import math
from functools import partial

import numpy as np
from numpy.typing import NDArray

from machines.mark1 import Description
from simulator.machine import Machine
from ui.panel import theme
from ui.panel.banks import LampBank, MeterBank
from ui.panel.canvas import Box
from ui.panel.part import Part, Widget
from ui.panel.switches import Lever, Rotary
from ui.panel.window import Answer, Says, Window

from . import places
from .operator import CodeSheet, Operator

COUNTERS = {
    "pulses": "Reinforcement pulses",
    "trials": "Responses compared in series",
    "wrong": "Wrong responses in series",
}
ROW = 44.5
"""Height of an R-unit's row."""
LINEAR_DEG = 10.0
"""Below this sum the meters are linear, above it logarithmic."""


def row_y(r: int, count: int) -> float:
    """Give the top of R-unit r's row (r from 0)."""
    return places.R_PLATE.y + 28 + r * row_height(count)


def row_height(count: int) -> float:
    """Give the height of a row: all R-units share the plate."""
    return min(ROW, (places.R_PLATE.h - 38) / count)


def widgets(op: Operator) -> list[Widget]:
    """Give the widgets of the control rack."""
    machine, d = op.session.machine, op.description
    standing, count = op.standing, d.response_units
    plate, height = places.R_PLATE, row_height(count)
    used = d.responses_in_use
    meter = (132.0, min(40.0, height - 4))
    lamp = min(19.0, height / 2 - 1)
    tops = [row_y(r, count) for r in range(count)]
    full_deg = _full_scale_deg(d)

    def lit() -> NDArray[np.float64]:
        shown = machine.rack("mark1.response.R")
        return np.concatenate([shown > 0, shown < 0]).astype(np.float64)

    def deflection() -> NDArray[np.float64]:
        return _on_scale(machine.rack("mark1.response.sum") / 1e6, full_deg)

    def tip(x: float, y: float) -> str:
        r = int((y - tops[0]) / height)
        if not 0 <= r < count:
            return ""
        if r >= used:
            return f"R{r + 1} is not in use: no A-unit is plugged to it."
        total = machine.rack("mark1.response.sum")[r] / 1e6
        shows = {1: "“1”", -1: "“0”", 0: "nothing yet"}[machine.number(f"mark1.response.R{r + 1}")]
        return f"R{r + 1} shows {shows}; the values of its active A-units sum to {total:+.1f}°."

    steady = _Steady()
    x = plate.x
    middle = (height - 2 * lamp) / 2
    lamps = [(x + 58, top + middle + side * lamp) for side in (0, 1) for top in tops]
    meters = [(x + 92, top + (height - meter[1]) / 2) for top in tops]
    whole = Box(x + 20, tops[0], 210, height * count)
    table: list[Widget] = [
        Answer(Part("answer", places.ANSWER, "ANSWER", "What the lamps of the R-units mean."),
               lambda: _says(op, steady)),
        LampBank(Part("bank.R", Box(x + 20, tops[0], 70, whole.h), "", tip),
                 lamps, (lamp, lamp), lit, standing, ground=(40, 41, 41)),
        MeterBank(Part("bank.sum", Box(x + 92, tops[0], meter[0], whole.h), "SUM METERS", tip),
                  meters, meter, deflection, _marks(full_deg), standing),
    ]  # fmt: skip
    for r in range(used):
        box = Box(x + 236, tops[r] + 1, 94, height - 2)
        part = Part(
            f"switch.force.{r + 1}", box, f"FORCE R{r + 1}" if used <= 3 else "",
            f"Force switch: the response desired of R{r + 1}: “0”, free, or “1”.", "Tab, Enter",
            wheel=True,
        )  # fmt: skip
        table.append(Lever(part, partial(op.forced, r), partial(op.force, r), ("0", "", "1")))
    rule = Part(
        "knob.rule", Box(924, 532, 214, 126), "REINFORCEMENT", "Reinforcement switch. Forced: the "
        "desired response is reinforced whatever the machine answered. Error correction: only "
        "where it answered wrongly. Spontaneous: its own response is. Other: a rule that a script "
        "set.", "Tab, Enter", wheel=True,
    )  # fmt: skip
    legends = ("off", "forced", "error\u2011corr.", "spontan.", "other")
    table.append(Rotary(rule, legends, op.rule, op.set_rule, 75, 14, (1031, 616), 24))
    for i, (name, doc) in enumerate(COUNTERS.items()):
        path = f"mark1.control.{name}"
        part = Part(f"window.{name}", Box(1202, 544 + i * 38, 54, 28), "", f"{doc}, in all.")
        table.append(Window(part, partial(_figure, machine, path), 15))
    return table


def look(sheet: CodeSheet, index: int) -> tuple[theme.Colour, str]:
    """Give the colour and figure of one of two classes: those of its code's sign."""
    return (theme.ORANGE, "●") if sheet.positive(index) else (theme.BLUE, "▲")


class _Steady:
    """A figure that does not dance: the wipers' noise moves every sum a little, all the time."""

    def __init__(self) -> None:
        self._shown = 0.0

    def __call__(self, deg: float) -> str:
        if abs(deg - self._shown) > 2:
            self._shown = deg
        return f"sum {self._shown:+.0f}°".replace("-", "−")


def _says(op: Operator, steady: _Steady) -> Says:
    index = op.answered()
    machine, used = op.session.machine, op.description.responses_in_use
    sums = machine.rack("mark1.response.sum")[:used] / 1e6
    weak = bool((np.abs(sums) * 1000 < max(1, op.description.dead_zone_mdeg)).all())
    if index < 0 and not machine.number("mark1.control.pulses"):
        lines = ("knows nothing yet:", "show it something,", "then TEACH it")
        return Says("?", "", theme.FAINT, lines)
    if index < 0:
        second = steady(sums[0]) if used == 1 else f"{used} R-units in use"
        return Says("?", "", theme.FAINT, ("undecided", second))
    name = op.sheet.names[index]
    colour, mark = (theme.LAMP, "")
    if len(op.sheet.names) == 2:
        colour, mark = look(op.sheet, index)
    if weak:
        return Says(name, mark, theme.mix(colour, theme.FIELD, 0.6), ("held from before", ""))
    second = steady(sums[0]) if len(op.sheet.names) == 2 else "by the code sheet"
    return Says(name, mark, colour, (f"the machine says {name}", second))


def _full_scale_deg(d: Description) -> float:
    most = d.travel_mdeg / 1000 * d.association_units / max(1, d.responses_in_use)
    return float(10 ** math.ceil(math.log10(max(100.0, most / 8))))


def _on_scale(deg: NDArray[np.float64], full_deg: float) -> NDArray[np.float64]:
    share = np.log1p(np.abs(deg) / LINEAR_DEG) / math.log1p(full_deg / LINEAR_DEG)
    scaled: NDArray[np.float64] = np.sign(deg) * np.minimum(share, 1.1)
    return scaled


def _marks(full_deg: float) -> list[tuple[float, str]]:
    marks = [(0.0, "0")]
    deg = full_deg
    while deg >= LINEAR_DEG:
        at = float(_on_scale(np.array([deg]), full_deg)[0])
        crowded = full_deg > 10_000 and round(math.log10(full_deg / deg)) % 2 == 1
        text = f"{deg:.0f}" if deg < 1000 else f"{deg / 1000:.0f}k"
        marks += [(at, text), (-at, text)] if deg >= 100 and not crowded else [(at, ""), (-at, "")]
        deg /= 10
    return marks


def _figure(machine: Machine, path: str) -> str:
    return str(machine.number(path))
