"""SAP, the assembler of the SHARE organisation for the 704; docs/sap.md is its guide.

>>> from machines.ibm704.sap import assemble
>>> program = assemble(" org 100; cla five; htr *;five dec 5; end 100".replace(";", chr(10)))
>>> f"{program.words[100]:012o}", program.start
('050000000146', 100)
"""

from machines.ibm704.sap.assembler import (
    Assembly,
    assemble,
    assemble_all,
    read_library,
    read_source,
)
from machines.ibm704.sap.complaints import Complaint
from machines.ibm704.sap.deck import Block, Loaded, cards_of, load
from machines.ibm704.sap.disassembler import disassemble, instruction

__all__ = [
    "Assembly",
    "Block",
    "Complaint",
    "Loaded",
    "assemble",
    "assemble_all",
    "cards_of",
    "disassemble",
    "instruction",
    "load",
    "read_library",
    "read_source",
]
