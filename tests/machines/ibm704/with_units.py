"""A 704 with its units and a program in SAP, and what the tests of the units ask of it."""

from machines.ibm704 import Ibm704, Stop
from machines.ibm704.devices import Units, UnitsDescription
from machines.ibm704.sap import assemble

HOUR_NS = 3600 * 10**9
MS = 1_000_000
CYCLE_NS = 12_000


def machine(source="", engine="compiled", **numbers):
    """A machine with a program in storage, set to its start; and the program's symbols."""
    made = Ibm704(engine=engine, units=Units(UnitsDescription(**numbers)))
    return made, put(made, source) if source else {}


def put(made, source):
    """Put a program into storage, set the machine to its start and give its symbols."""
    program = assemble(source).checked()
    for location, word in program.words.items():
        made.deposit(location, [word])
    made.operate("ibm704.register.IC", program.start)
    return program.symbols


def run(made, key="start", stop=Stop.HALT):
    """Press a key, run to the stop, which must be this one, and give the time it took."""
    began_ns = made.now_ns
    made.operate(f"ibm704.console.{key}")
    made.run_to_stop(began_ns + HOUR_NS)
    assert made.stop == stop, made.why()
    return made.now_ns - began_ns


def stopped_at(made):
    """The location of the instruction that stopped it."""
    return made.number("ibm704.control.stopped_at")


def examine(made, at, count):
    """Some words of storage."""
    return made.rack("ibm704.core.word")[at : at + count].tolist()


def pause(cycles):
    """SAP for spending an even number of cycles, at least 6; it uses index register 4."""
    return f"""
       LXA PAUSE,4
       TIX *,4,1
       TRA *+2
PAUSE  PZE {max(1, (cycles - 4) // 2)}
"""
