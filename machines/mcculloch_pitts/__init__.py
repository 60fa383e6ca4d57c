"""McCulloch-Pitts nets of 1943; see the README beside this file.

>>> from machines.mcculloch_pitts import McCullochPitts, Wiring
>>> board = Wiring("1c, and")
>>> board.afferent("1"), board.afferent("2")
('1', '2')
>>> board.cell("3", {"1": 1, "2": 1}, h=2)
'3'
>>> machine = McCullochPitts(board.net(), engine="reference")
>>> machine.operate("mcculloch_pitts.afferents.keys", [1, 1])
>>> machine.ticks(), machine.read("mcculloch_pitts.cell.3")
(1, 1)
"""

from .description import Description
from .laws import ABSOLUTE, Law
from .machine import McCullochPitts, load
from .net import Net
from .wiring import Wiring

__all__ = ["ABSOLUTE", "Description", "Law", "McCullochPitts", "Net", "Wiring", "load"]
