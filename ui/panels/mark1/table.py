"""The Mark I's panel as a table: every widget with its place, its point and its control.

Here stand the eye (sensory display, stimuli) and the association units; the other two
cabinets are in ``response`` and ``desk``.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
from numpy.typing import NDArray

from ui.panel import theme
from ui.panel.banks import LampBank, PotBank
from ui.panel.canvas import Box
from ui.panel.keys import Key
from ui.panel.part import Part, Widget
from ui.panel.retina import Retina
from ui.panel.screen import Help
from ui.panel.window import Window

from . import desk, places, response
from .operator import Operator

S, A = "mark1.retina.S", "mark1.association.A"
WATCHED = (S, A)
"""Lamps shown by the time they are lit."""


def widgets(op: Operator, overlay: Help, with_eye: bool = False) -> list[Widget]:
    """Give all widgets, in the order in which Tab goes round; those of a physical eye not."""
    y = places.threshold_y(with_eye)
    return [*_eye(op), *_association(op, y), *response.widgets(op), *desk.widgets(op, overlay)]


# the eye


def _eye(op: Operator) -> list[Widget]:
    machine, d = op.session.machine, op.description

    def light() -> NDArray[np.uint8]:
        return machine.rack("mark1.retina.light")

    def tip(x: float, y: float) -> str:
        row, column = retina.cell(x, y)
        if not (0 <= row < d.rows and 0 <= column < d.columns):
            return ""
        label = int(row) * d.columns + int(column) + 1
        lit = "lit" if machine.read(f"{S}[{label}]") else "dark"
        return f"S{label}, {lit}. Draw: left button light, right button dark."

    keys = "Tab, arrows, Enter / Shift+Enter"
    retina = Retina(
        Part("retina", places.RETINA, "SENSORY DISPLAY", tip, keys), d.rows, d.columns, light,
        lambda: op.session.brightness(S), op.standing, op.stroke,
    )  # fmt: skip
    table: list[Widget] = [retina]
    bay = places.BAY
    for i, character in enumerate("ABCDEFGHIJKLMNOPQRSTUVWXYZ"):
        row, column = divmod(i, 9)
        box = Box(bay.x + 15 + column * 34.2, bay.y + 34 + row * 34, 31, 30)
        table.append(
            Key(
                Part(
                    f"letter.{character}", box, "", f"Show the letter {character}.",
                    f"Shift+{character}",
                ),
                character,
                partial(op.stamp, character),
                colour=theme.IVORY,
            )
        )  # fmt: skip
    tools: list[tuple[str, str, str, Callable[[], object], str]] = [
        ("clear", "CLEAR", "C", op.clear, "Darken the whole retina."),
        ("invert", "INVERT", "I", op.invert, "Exchange light and dark."),
        ("noise", "NOISE", "N", op.noise, "Turn one cell in twenty into its opposite."),
    ]
    for i, (name, text, key, act, what) in enumerate(tools):
        box = Box(bay.x + 15 + i * 103, bay.y + 146, 97, 36)
        part = Part(f"key.{name}", box, text, what, key)
        table.append(Key(part, text, act, colour=theme.GREY_KEY, ink=theme.IVORY))
    return table


# the association units


def _association(op: Operator, threshold_y: float) -> list[Widget]:
    machine, d = op.session.machine, op.description
    bay, standing = places.units(d.association_units), op.standing
    box = places.UNITS_WELL
    half_x, half_y = bay.pot[0], bay.pot[1]
    board = op.board
    # a potentiometer may lead to any R-unit, and on a board that is not historical to several
    first = np.full(d.association_units, -1)
    first[board.pot_a[::-1]] = np.arange(len(board.pot_a))[::-1]

    def angles() -> NDArray[np.int64]:
        return np.where(first >= 0, machine.rack("mark1.values.V")[first], 0)

    def values(i: int) -> str:
        mine = np.flatnonzero(board.pot_a == i).tolist()
        told = [(k, machine.number(f"mark1.values.V[{k + 1}]") / 1e6) for k in mine]
        if len(told) == 1:
            return f"Value {told[0][1]:+.1f}°."
        leads = ", ".join(f"to R{board.pot_r[k] + 1} {value:+.1f}°" for k, value in told)
        return f"Values {leads}." if told else "Not plugged to any R-unit."

    def tip(x: float, y: float) -> str:
        gaps = [
            (abs(px + half_x / 2 - x) + abs(py + half_y / 2 - y), i)
            for i, (px, py) in enumerate(bay.pots)
        ]
        gap, i = min(gaps)
        if gap > half_x * 2.2:
            return ""
        label = i + 1
        total = machine.number(f"mark1.association.sum[{label}]")
        theta = machine.number("mark1.association.theta")
        state = "active" if machine.read(f"{A}[{label}]") else "not active"
        return f"A{label}: sum {total:+d}, threshold {theta:+d}, {state}. {values(i)}"

    lamps = LampBank(
        Part("bank.A", box, "", tip), bay.lamps, bay.lamp,
        lambda: op.session.brightness(A), standing,
    )  # fmt: skip
    pots = PotBank(
        Part("bank.V", box, "", tip), bay.pots, bay.pot,
        angles, d.travel_mdeg * 1000,
    )  # fmt: skip
    y = threshold_y
    x = places.BAY.x + 186
    minus = Part(
        "key.theta_down",
        Box(x, y, 36, 36),
        "θ−1",
        "Lower the threshold of all A-units by one.",
        "-",
    )
    plus = Part(
        "key.theta_up", Box(x + 92, y, 36, 36), "θ+1", "Raise the threshold of all A-units by one.",
        "=",
    )  # fmt: skip
    shown = Part(
        "window.theta", Box(x + 42, y + 3, 44, 30), "θ",
        "Threshold: an A-unit is active when its lit excitatory less its lit inhibitory origin "
        "points come to at least this.",
    )  # fmt: skip
    return [
        lamps,
        pots,
        Key(minus, "−", lambda: op.move_theta(-1), theme.GREY_KEY, theme.IVORY, 18),
        Window(shown, lambda: str(machine.number("mark1.association.theta")), 18),
        Key(plus, "+", lambda: op.move_theta(1), theme.GREY_KEY, theme.IVORY, 18),
    ]
