"""Short programs in octal for the tests of the central processing unit."""

from __future__ import annotations

from machines.ibm704 import Description, Ibm704
from machines.ibm704.operations import BY_MNEMONIC

HPR = "042000000000"
SECOND_NS = 1_000_000_000
SIGN = 1 << 35


def op(mnemonic: str, address: int = 0, tag: int = 0, decrement: int = 0) -> int:
    """An instruction word; an operation with a fixed address takes its unit as the address."""
    operation = BY_MNEMONIC[mnemonic]
    if operation.first >= 0:
        address += operation.first
    return operation.code << 24 | decrement << 18 | tag << 15 | address


def small(engine: str, units=None, **numbers: int) -> Ibm704:
    """A 704 with 4096 words of storage."""
    return Ibm704(Description(**({"core_words": 4096} | numbers)), engine, units)


def loaded(engine: str, program: list, registers=None, data=None, units=None, **numbers) -> Ibm704:
    """A machine with a program at 100 octal and the location counter at its first instruction."""
    machine = small(engine, units, **numbers)
    machine.deposit(0o100, program)
    for at, words in (data or {}).items():
        machine.deposit(at, words)
    for name, value in ({"IC": 0o100} | (registers or {})).items():
        machine.operate(f"ibm704.register.{name}", value)
    return machine


def started(engine: str, program: list, *args, **kwargs) -> Ibm704:
    """The same, started and run until it stops."""
    machine = loaded(engine, program, *args, **kwargs)
    machine.operate("ibm704.console.start")
    machine.run_to_stop(machine.now_ns + SECOND_NS)
    return machine
