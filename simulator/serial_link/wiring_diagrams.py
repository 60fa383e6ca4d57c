"""Draws the wiring of the photocell board for the building guide.

Every drawing is made from the table in ``wirings``, which the tests hold against the firmware, so
a drawing cannot show another pin than the one the program uses. To draw them anew::

    python -m simulator.serial_link.wiring_diagrams docs/images
"""

import sys
from collections.abc import Callable
from pathlib import Path

from simulator.files import write_whole

from .circuit_symbols import (
    box,
    diode,
    ground,
    joint,
    lamp,
    paper,
    photocell,
    pin_names,
    resistor,
    supply,
    text,
    wire,
)
from .wirings import MULTIPLEXER_CHANNELS, WIRINGS, Wiring, wiring

_CHIP_NAMES = {"uno": "Arduino Uno", "mega": "Arduino Mega"}
_STEP = 22  # pixels between two channels of a multiplexer
_HEAD = 40  # pixels above its first channel
_SELECT = ("s0", "s1", "s2", "s3")
_PULL_DOWN = "10 kΩ"
_MATRIX_NOTE = (
    "Row wires run across, column wires down. Each short slanting line is a diode and a photocell "
    "in series, with the cell's number."
)


def cell_drawing() -> str:
    """Draw how one photocell is connected, for each kind of wiring."""
    pieces = [text(20, 62, "direct, or behind a multiplexer", "strong")]
    pieces += [supply(60, 110), wire((60, 110), (60, 120)), photocell(60, 120, True)]
    pieces += [wire((60, 150), (60, 190), (150, 190)), text(20, 140, "cell")]
    pieces += [box(150, 165, 90, 50, "multiplexer", "channel to COM"), wire((240, 190), (330, 190))]
    pieces += [joint(280, 190), resistor(280, 190, True), ground(280, 220), text(290, 210, "10 kΩ")]
    pieces += [text(335, 194, "analog input")]
    pieces += [text(20, 262, "one resistor an analog input; direct: leave the multiplexer out")]
    right = 460
    pieces += [text(right, 62, "in the matrix", "strong"), text(right, 124, "row wire")]
    pieces += [wire((right + 55, 120), (right + 70, 120)), diode(right + 70, 120)]
    pieces += [wire((right + 100, 120), (right + 125, 120)), photocell(right + 125, 120)]
    pieces += [wire((right + 155, 120), (right + 190, 120))]
    pieces += [text(right + 67, 142, "1N4148", "small"), text(right + 132, 142, "cell", "small")]
    pieces += [wire((right + 190, 100), (right + 190, 190)), joint(right + 190, 120)]
    pieces += [text(right + 199, 112, "column wire"), joint(right + 190, 160)]
    pieces += [wire((right + 190, 160), (right + 240, 160)), resistor(right + 240, 160, True)]
    pieces += [ground(right + 240, 190), text(right + 250, 180, "10 kΩ")]
    pieces += [text(right + 190, 205, "analog input", "", "middle")]
    pieces += [text(right, 262, "the ring of the diode points to the photocell")]
    return paper(800, 285, "One photocell", pieces)


def lamps_drawing() -> str:
    """Draw the eight response lamps of an Uno and a Mega."""
    pieces = []
    for at, chip in enumerate(("uno", "mega")):
        pins = next(w.lamp_pins for w in WIRINGS if w.chip == chip)
        left, ys = 20 + 370 * at, [80 + 34 * i for i in range(8)]
        pieces.append(box(left, 50, 110, 300, _CHIP_NAMES[chip]))
        pieces.append(pin_names(left + 110, [*ys, 338], [*(f"D{pin}" for pin in pins), "GND"]))
        for i, y in enumerate(ys):
            pieces += [wire((left + 110, y), (left + 150, y)), resistor(left + 150, y)]
            pieces += [wire((left + 180, y), (left + 200, y)), lamp(left + 200, y)]
            pieces += [wire((left + 230, y), (left + 290, y)), joint(left + 290, y)]
            pieces.append(text(left + 240, y - 5, f"lamp {i + 1}", "small"))
        pieces.append(text(left + 150, ys[0] - 12, "470 Ω", "small"))
        pieces.append(wire((left + 290, ys[0]), (left + 290, 338), (left + 110, 338)))
    return paper(740, 370, "The eight response lamps", pieces)


def direct_drawing(built: Wiring) -> str:
    """Draw photocells that lead straight to the analog inputs."""
    ys = [80 + 48 * i for i in range(built.cells)]
    height = ys[-1] + 110
    pieces = [box(20, 50, 110, ys[-1] + 35, _CHIP_NAMES[built.chip])]
    names = [*(f"A{i}" for i in range(built.inputs)), "GND", "5V"]
    pieces.append(pin_names(130, [*ys, ys[-1] + 42, ys[-1] + 64], names))
    for i, y in enumerate(ys):
        pieces += [wire((130, y), (280, y)), joint(200, y), resistor(200, y, True)]
        pieces += [wire((200, y + 30), (175, y + 30)), joint(175, y + 30)]
        pieces += [photocell(280, y), wire((310, y), (350, y)), joint(350, y)]
        pieces.append(text(295, y + 18, f"cell {i}", "small", "middle"))
        pieces.append(text(210, y + 19, _PULL_DOWN, "small"))
    pieces.append(wire((175, ys[0] + 30), (175, ys[-1] + 42), (130, ys[-1] + 42)))
    pieces.append(
        wire((350, ys[0]), (350, ys[-1] + 64), (130, ys[-1] + 64), kind="power"),
    )
    pieces += _picture_of_cells(built, 400, 62)
    return paper(640, height, f"{_size(built)} photocells on an {_CHIP_NAMES[built.chip]}", pieces)


def multiplexer_drawing(built: Wiring) -> str:
    """Draw a few multiplexers with all their channels."""
    block = _STEP * MULTIPLEXER_CHANNELS + _HEAD
    tops = [60 + (block + 24) * i for i in range(built.multiplexers)]
    height = tops[-1] + block + 30
    select_ys = [tops[0] + 60 + 22 * i for i in range(4)]
    input_ys = [tops[0] + 190 + 22 * i for i in range(built.inputs)]
    pins = [f"D{pin}" for pin in built.select_pins] + [f"A{i}" for i in range(built.inputs)]
    pieces = [box(20, 60, 110, max(input_ys) - 60 + 30, _CHIP_NAMES[built.chip])]
    pieces.append(pin_names(130, select_ys + input_ys, pins))
    lanes = [220 + 12 * i for i in range(4)]
    for i, (lane, y) in enumerate(zip(lanes, select_ys, strict=True)):
        pieces.append(wire((130, y), (lane, y), kind=_SELECT[i]))
        if len(tops) > 1:
            pieces.append(wire((lane, y), (lane, tops[-1] + 60 + 22 * i), kind=_SELECT[i]))
            pieces += [joint(lane, top + 60 + 22 * i) for top in tops[:-1]]
    for number, top in enumerate(tops):
        pieces += _whole_multiplexer(built, number, top, lanes)
        y, lane = input_ys[built.input_of(number)], 150 + 12 * number
        com = top + 190
        pieces.append(wire((130, y), (lane, y), (lane, com), (340, com), kind="heard"))
    pieces += _picture_of_cells(built, 590, 62)
    count = "one multiplexer" if built.multiplexers == 1 else f"{built.multiplexers} multiplexers"
    title = f"{_size(built)} photocells, {count}, on an {_CHIP_NAMES[built.chip]}"
    return paper(600 + 34 * built.columns + 20, height, title, pieces)


def _whole_multiplexer(built: Wiring, number: int, top: float, lanes: list[int]) -> list[str]:
    """Draw a multiplexer at x = 340, its photocells, and its wires to the lanes of S0 to S3."""
    height = _STEP * MULTIPLEXER_CHANNELS + _HEAD
    pieces = [box(340, top, 100, height, f"multiplexer {number}", "CD74HC4067")]
    for i, lane in enumerate(lanes):
        y = top + 60 + 22 * i
        pieces.append(wire((lane, y), (340, y), kind=_SELECT[i]))
        pieces.append(pin_names(340, [y], [f"S{i}"], "start"))
    com, enable, power, earth = top + 190, top + 250, top + 295, top + 325
    pieces.append(
        pin_names(340, [com, enable, power, earth], ["COM", "/EN", "VCC", "GND"], "start")
    )
    pieces += [joint(300, com), resistor(300, com, True), ground(300, com + 30)]
    pieces.append(text(309, com + 20, _PULL_DOWN, "small"))
    pieces += [wire((340, enable), (325, enable)), ground(325, enable)]
    pieces += [wire((340, power), (325, power)), supply(325, power)]
    pieces += [wire((340, earth), (325, earth)), ground(325, earth)]
    ys = [top + _HEAD + _STEP * i for i in range(MULTIPLEXER_CHANNELS)]
    pieces.append(pin_names(440, ys, [f"C{i}" for i in range(MULTIPLEXER_CHANNELS)]))
    for channel, y in enumerate(ys):
        cell = number * MULTIPLEXER_CHANNELS + channel
        pieces += [wire((440, y), (490, y)), photocell(490, y), wire((520, y), (550, y))]
        pieces += [joint(550, y), text(446, y - 3, f"cell {cell}", "small")]
    pieces += [wire((550, ys[-1]), (550, ys[0] - 4), kind="power"), supply(550, ys[0] - 4)]
    return pieces


def banks_drawing(built: Wiring) -> str:
    """Draw many multiplexers in two banks; each is wired as in the drawing of a single one."""
    ys = [150 + 46 * i for i in range(built.inputs)]
    height = ys[-1] + 80
    columns = (360, 590)
    pieces = [box(20, 50, 110, height - 90, _CHIP_NAMES[built.chip])]
    enable_ys = [90 + 20 * bank for bank in range(len(columns))]
    enables = [f"D{pin}" for pin in built.enable_pins]
    inputs = [f"A{i}" for i in range(built.inputs)]
    pieces.append(pin_names(130, [*enable_ys, *ys], [*enables, *inputs]))
    for bank, y in enumerate(enable_ys):
        lane = columns[bank] + 165
        used = [m for m in range(built.multiplexers) if m % 2 == bank]
        end = ys[built.input_of(used[-1])]
        pieces.append(wire((130, y), (lane, y), (lane, end), kind=_SELECT[2 * bank]))
        parity = ("0, 2, 4 …", "1, 3, 5 …")[bank]
        pieces.append(text(140, y - 4, f"/EN of multiplexers {parity}", "small"))
    for number in range(built.multiplexers):
        x, y = columns[number % 2], ys[built.input_of(number)]
        begin = number * MULTIPLEXER_CHANNELS
        cells = f"cells {begin} – {begin + MULTIPLEXER_CHANNELS - 1}"
        pieces.append(box(x, y - 18, 150, 36, f"multiplexer {number}", cells))
        pieces.append(text(x - 3, y - 4, "COM", "small", "end"))
        pieces.append(wire((x + 150, y), (x + 165, y), kind=_SELECT[2 * (number % 2)]))
        pieces += [joint(x + 165, y), text(x + 148, y + 4, "/EN", "small", "end")]
    for i, y in enumerate(ys):
        pieces += [wire((130, y), (360, y), kind="heard"), wire((170, y), (170, y + 3))]
        pieces += [
            joint(170, y),
            resistor(170, y + 3, True),
            text(180, y + 24, _PULL_DOWN, "small"),
        ]
        pieces.append(_short_ground(170, y + 33))
        if 2 * i + 1 < built.multiplexers:
            around = ((325, y), (325, y + 23), (560, y + 23), (560, y), (590, y))
            pieces += [wire(*around, kind="heard"), joint(325, y)]
    selects = ", ".join(f"S{i} to D{pin}" for i, pin in enumerate(built.select_pins))
    rest = "VCC to 5V; GND; a photocell from every channel to +5 V."
    pieces.append(text(20, height - 12, f"Not drawn, at all multiplexers: {selects}; {rest}"))
    title = f"{_size(built)} photocells, {built.multiplexers} multiplexers, on an Arduino Mega"
    return paper(790, height, title, pieces)


def _short_ground(x: float, y: float) -> str:
    return wire((x - 7, y), (x + 7, y)) + wire((x - 4, y + 3), (x + 4, y + 3))


def matrix_drawing(built: Wiring) -> str:
    """Draw the matrix: a row wire from each digital pin, a column wire to each analog input."""
    row_ys = [100 + 28 * i for i in range(len(built.row_pins))]
    column_xs = [190 + 44 * i for i in range(built.inputs)]
    low = row_ys[-1] + 48
    pieces = [box(20, 50, 110, low - 30, _CHIP_NAMES[built.chip])]
    pieces.append(pin_names(130, row_ys, [f"D{pin}" for pin in built.row_pins]))
    pieces.append(text(column_xs[0] - 20, 70, _MATRIX_NOTE))
    for y in row_ys:
        pieces.append(wire((130, y), (column_xs[-1], y)))
    for i, x in enumerate(column_xs):
        pieces.append(wire((x, row_ys[0] + 10), (x, low + 8), kind="heard"))
        pieces += [joint(x, low - 6), wire((x, low - 6), (x - 9, low - 6), kind="heard")]
        pieces.append(text(x - 11, low - 2, f"A{i}", "strong", "end"))
        pieces += [resistor(x, low + 8, True), _short_ground(x, low + 38)]
    for row, y in enumerate(row_ys):
        for column, x in enumerate(column_xs):
            pieces.append(wire((x - 12, y), (x, y + 10)) + joint(x - 12, y) + joint(x, y + 10))
            pieces.append(text(x - 13, y + 13, str(row * built.inputs + column), "small", "end"))
    count = f"{built.inputs} resistors of {_PULL_DOWN}, from each column wire to ground"
    pieces.append(text(column_xs[0] - 20, low + 62, count))
    title = f"{_size(built)} photocells as a matrix of {len(built.row_pins)} rows by {built.inputs}"
    return paper(column_xs[-1] + 40, low + 80, f"{title} columns, on an Arduino Mega", pieces)


def _size(built: Wiring) -> str:
    return f"{built.rows} × {built.columns}"


def _picture_of_cells(built: Wiring, left: float, top: float) -> list[str]:
    """Draw the picture as one looks at the cells, with their numbers."""
    pieces = [text(left, top, "the cells, seen from the front", "small")]
    for cell in range(built.cells):
        x = left + 34 * (cell % built.columns)
        y = top + 10 + 28 * (cell // built.columns)
        pieces.append(f'<rect x="{x}" y="{y:g}" width="34" height="28" class="part"/>')
        pieces.append(text(x + 17, y + 18, str(cell), "small", "middle"))
    return pieces


DRAWINGS: dict[str, Callable[[], str]] = {
    "board-cell.svg": cell_drawing,
    "board-lamps.svg": lamps_drawing,
    "board-2x3.svg": lambda: direct_drawing(wiring("DIRECT_2X3", "uno")),
    "board-4x4.svg": lambda: multiplexer_drawing(wiring("MUX_4X4", "uno")),
    "board-4x4-mega.svg": lambda: direct_drawing(wiring("DIRECT_4X4", "mega")),
    "board-8x8.svg": lambda: multiplexer_drawing(wiring("MUX_8X8", "uno")),
    "board-20x20-multiplexers.svg": lambda: banks_drawing(wiring("MUX_20X20", "mega")),
    "board-20x20-matrix.svg": lambda: matrix_drawing(wiring("MATRIX_20X20", "mega")),
}
"""The drawings by the names of their files."""


def main(folder: str) -> None:
    """Draw all of them into a folder."""
    for name, draw in DRAWINGS.items():
        write_whole(Path(folder) / name, draw().encode())


if __name__ == "__main__":
    main(*sys.argv[1:])
