"""The wirings of the photocell board: which pin of the Arduino leads where, and what it takes.

The firmware's header ``wiring.h`` says the same to the board. The drawings of the building guide
are made from this table, and so is the simulated board on which the tests run the firmware: a
wire drawn wrongly is a test that fails.
"""

from dataclasses import dataclass
from typing import Literal

MULTIPLEXER_CHANNELS = 16  # of a CD74HC4067


@dataclass(frozen=True)
class Wiring:
    """One way of building the board; pins go by the numbers printed on the Arduino.

    Cells are numbered along the rows of the picture, from 0. A ``mux`` wiring has cell ``c`` on
    channel ``c % 16`` of multiplexer ``c // 16``; a ``matrix`` has it where row wire ``c // 16``
    meets column wire ``c % 16``; a ``direct`` one has it on input ``c``.
    """

    name: str  # as in wiring.h
    chip: Literal["uno", "mega"]
    kind: Literal["direct", "mux", "matrix"]
    rows: int  # of the picture
    columns: int
    inputs: int  # analog inputs in use, from A0
    lamp_pins: tuple[int, ...]
    select_pins: tuple[int, ...] = ()  # S0 to S3 of every multiplexer
    enable_pins: tuple[int, ...] = ()  # /EN of the multiplexers 0, 2, 4 ... and of 1, 3, 5 ...
    row_pins: tuple[int, ...] = ()  # the row wires of the matrix

    @property
    def cells(self) -> int:
        """Photocells on the board."""
        return self.rows * self.columns

    @property
    def multiplexers(self) -> int:
        """Multiplexers on the board."""
        return -(-self.cells // MULTIPLEXER_CHANNELS) if self.kind == "mux" else 0

    def input_of(self, multiplexer: int) -> int:
        """Analog input the COM pin of a multiplexer is soldered to (0 is A0)."""
        return multiplexer // max(1, len(self.enable_pins))

    def enable_of(self, multiplexer: int) -> int | None:
        """Pin that leads to /EN of a multiplexer; None: /EN is soldered to ground."""
        banks = len(self.enable_pins)
        return self.enable_pins[multiplexer % banks] if banks else None


_UNO_LAMPS = (2, 3, *range(8, 14))
_MEGA_LAMPS = tuple(range(2, 10))
_UNO_SELECT = tuple(range(4, 8))
_MEGA_SELECT = tuple(range(22, 26))

WIRINGS = (
    Wiring("DIRECT_2X3", "uno", "direct", 2, 3, 6, _UNO_LAMPS),
    Wiring("DIRECT_2X3", "mega", "direct", 2, 3, 6, _MEGA_LAMPS),
    Wiring("DIRECT_4X4", "mega", "direct", 4, 4, 16, _MEGA_LAMPS),
    Wiring("MUX_4X4", "uno", "mux", 4, 4, 1, _UNO_LAMPS, _UNO_SELECT),
    Wiring("MUX_4X4", "mega", "mux", 4, 4, 1, _MEGA_LAMPS, _MEGA_SELECT),
    Wiring("MUX_8X8", "uno", "mux", 8, 8, 4, _UNO_LAMPS, _UNO_SELECT),
    Wiring("MUX_8X8", "mega", "mux", 8, 8, 4, _MEGA_LAMPS, _MEGA_SELECT),
    Wiring("MUX_20X20", "mega", "mux", 20, 20, 13, _MEGA_LAMPS, _MEGA_SELECT, (26, 27)),
    Wiring(
        "MATRIX_20X20", "mega", "matrix", 20, 20, 16, _MEGA_LAMPS, row_pins=tuple(range(22, 47))
    ),
)


def wiring(name: str, chip: str) -> Wiring:
    """Return the wiring of that name on that chip.

    Raises
    ------
    KeyError
        There is no such wiring for that chip.
    """
    for one in WIRINGS:
        if (one.name, one.chip) == (name, chip):
            return one
    raise KeyError(f"{name} on {chip}")


def parts(built: Wiring) -> dict[str, int]:
    """Count the parts of a board besides the Arduino: name, number."""
    count = {
        "photocells": built.cells,
        "multiplexers": built.multiplexers,
        "capacitors": built.multiplexers,  # one beside each, across its supply
        "diodes": built.cells if built.kind == "matrix" else 0,
        "resistors of 10 kΩ": built.inputs,
        "lamps": len(built.lamp_pins),
        "resistors of 470 Ω": len(built.lamp_pins),
    }
    return {name: number for name, number in count.items() if number}
