"""The IBM 704 of 1954; see the README beside this file.

>>> from machines.ibm704 import Ibm704
>>> machine = Ibm704(engine="reference")
>>> machine.deposit(0o100, ["050000000103", "040000000103", "042000000000", "000000000025"])
>>> machine.operate("ibm704.register.IC", 0o100)
>>> machine.operate("ibm704.console.start")
>>> machine.run_to_stop(1_000_000_000)
72000
>>> machine.why(), machine.number("ibm704.register.AC")
('halted at 00102', 42)
"""

from .description import Description
from .machine import Account, Ibm704, load
from .state import Stop

__all__ = ["Account", "Description", "Ibm704", "Stop", "load"]
