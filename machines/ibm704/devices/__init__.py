"""The input-output units of the 704, with the time their mechanics take.

* :mod:`~machines.ibm704.devices.units`: all of them together, for :class:`~machines.ibm704.Ibm704`;
* :mod:`~machines.ibm704.devices.description`: their numbers, with the evidence for each;
* :mod:`~machines.ibm704.devices.memory`: what they remember, as fields of the State;
* :mod:`~machines.ibm704.devices.connection`: the copy circuit every word goes through;
* ``card_reader card_punch printer tape drum crt``: the units;
* :mod:`~machines.ibm704.devices.attach`: files on and off the units of a machine;
* :mod:`~machines.ibm704.devices.streams`: files that follow its output while it runs.
"""

from .attach import (
    lines_on,
    mount_cards,
    mount_drum,
    mount_tape,
    save_drum,
    save_tape,
    take_cards,
    take_frames,
    take_lines,
)
from .crt import picture, write_frame
from .description import UnitsDescription
from .printer import Line, page
from .streams import GrowingFile, Sink, Streams
from .units import Units

__all__ = [
    "GrowingFile", "Line", "Sink", "Streams", "Units", "UnitsDescription", "lines_on",
    "mount_cards", "mount_drum", "mount_tape", "page", "picture", "save_drum", "save_tape",
    "take_cards", "take_frames", "take_lines", "write_frame",
]  # fmt: skip
