"""Calling the routines of the library: thousands of times in one run of the machine."""

from __future__ import annotations

from functools import cache

from machines.ibm704 import Description, Ibm704, Stop
from machines.ibm704.devices import Units, mount_cards, take_lines
from machines.ibm704.media import cards
from machines.ibm704.routines import routines, standard_library
from machines.ibm704.sap import assemble

HOUR_NS = 3600 * 10**9
SECOND_NS = 10**9
MARK = 0o377777777777
"""What a driver stores where a routine took its error return."""
ROUTINES = routines()
MEMORY = 32768


def libs(*names):
    """Give the LIB cards of routines and of all that they need."""
    wanted = dict.fromkeys([*names, *(need for name in names for need in ROUTINES[name].needs)])
    return "".join(f"       LIB {name}\n" for name in wanted)


@cache
def program(source):
    """Assemble a program with the library."""
    made = assemble(source, library=standard_library()).checked()
    assert made.warnings == ()
    return made


def run(source, data=None, deck=(), engine="compiled", units=True):
    """Run a program to its halt.

    Parameters
    ----------
    source
        SAP.
    data
        Words to put at symbols before.
    deck
        Cards, or lines of text.
    engine, units
        Which engine; whether there is a card reader and a printer.

    Returns
    -------
    machine, symbols, lines
        The machine, the program's symbols, and what was printed.
    """
    made = program(source)
    machine = Ibm704(Description(), engine, Units() if units else None)
    for location, word in made.words.items():
        machine.deposit(location, [word])
    for name, words in (data or {}).items():
        machine.deposit(made.symbols[name], words)
    if units:
        cut = [cards.from_text(card) if isinstance(card, str) else card for card in deck]
        mount_cards(machine, cut)
        machine.operate("ibm704.printer.attached", 1)
    machine.operate("ibm704.register.IC", made.start)
    machine.operate("ibm704.console.start")
    machine.run_to_stop(10 * HOUR_NS)
    assert machine.stop == Stop.HALT, machine.why()
    lines = [line.text.rstrip() for line in take_lines(machine)] if units else []
    return machine, made.symbols, lines


def words_at(machine, at, count):
    """Give some words of storage."""
    return machine.rack("ibm704.core.word")[at : at + count].tolist()


def results(name, arguments, engine="compiled"):
    """Call a function of one argument for many of them.

    Returns
    -------
    words, cycles
        The results, ``MARK`` where it took its error return; cycles of a call, TSX and return
        included, on the average.
    """
    count = len(arguments)
    alarm = sum("(" in line for line in ROUTINES[name].calls[0]) > 1
    source = f"""       ORG 64
GO     LXA N,1
       LXA MANY,2
LOOP   CLA X+{count},1
       TSX {name},4
{"       TRA ALARM" if alarm else ""}
       STO Y+{count},1
       TIX LOOP,1,1
       TOV BAD            INDICATORS STAY AS THEY WERE
       TQO BAD
       TXH BAD,1,1        AND SO DO INDEX REGISTERS
       TXL BAD,1,0
       TXH BAD,2,12345
       TXL BAD,2,12344
       HTR *
BAD    HTR *
ALARM  CLA MARK
       STO Y+{count},1
       TIX LOOP,1,1
       HTR *
MANY   PZE 12345
N      PZE {count}
MARK   OCT 377777777777
X      BSS {count}
Y      BSS {count}
{libs(name)}       END GO
"""
    machine, at, _ = run(source, {"X": list(arguments)}, engine=engine, units=False)
    assert machine.number("ibm704.control.stopped_at") != at["BAD"]
    around = 2 * 2 + 7 * 2  # LXA twice and the tests behind the loop
    cycles = (machine.account().cycles - around) / count - 3 * 2  # CLA, STO, TIX
    return words_at(machine, at["Y"], count), cycles
