"""Words of core storage under observation, while a program runs at full speed."""

import numpy as np
import pytest

from machines.ibm704 import Ibm704, Stop
from machines.ibm704.devices import Units
from machines.ibm704.sap import assemble
from machines.ibm704.stores import MOST, Words
from simulator.errors import Mistake

COUNT = assemble(
    """\
       ORG 64
GO     CLA SUM
       ADD ONE
       STO SUM
       STO OTHER
       CLA ONE
       STO SAME
       CLA SUM
       SUB LIMIT
       TMI GO
       HTR GO
SUM    PZE
OTHER  PZE
SAME   PZE 1
ONE    PZE 1
LIMIT  PZE 5
       END GO
"""
)


def counting(engine):
    machine = Ibm704(engine=engine, units=Units())
    machine.deposit(min(COUNT.words), [COUNT.words[at] for at in sorted(COUNT.words)])
    machine.operate("ibm704.register.IC", COUNT.start)
    machine.operate("ibm704.console.start")
    return machine


@pytest.mark.parametrize("engine", ["compiled", "reference"])
def test_every_change_is_told_once_with_its_instant_and_stores_of_the_same_word_are_not(engine):
    machine, told = counting(engine), []
    symbols = {name: COUNT.symbols[name] for name in ("SUM", "SAME")}
    words = Words(machine, symbols)
    words.run_to_stop(10**9, lambda t_ns, name, word: told.append((t_ns, name, word)))
    assert [(name, word) for _, name, word in told] == [("SUM", n) for n in range(1, 6)]
    steps = np.diff([t_ns for t_ns, _, _ in told])
    assert (steps == steps[0]).all(), "every turn of the loop takes the same cycles"
    assert words.now == {"SUM": 5, "SAME": 1}
    assert machine.stop == Stop.HALT


@pytest.mark.parametrize("engine", ["compiled", "reference"])
def test_a_watched_run_is_the_run_without(engine):
    alone, watched = counting(engine), counting(engine)
    alone.run_to_stop(10**9)
    Words(watched, {"SUM": COUNT.symbols["SUM"]}).run_to_stop(10**9, lambda *_: None)
    assert watched.account() == alone.account()
    kept = alone.snapshot()
    for name, ours, theirs in zip(kept._fields, watched.snapshot(), kept, strict=True):
        assert np.array_equal(ours, theirs), name


def test_a_run_that_reaches_its_limit_goes_on_where_it_was():
    machine, told = counting("compiled"), []
    words = Words(machine, {"SUM": COUNT.symbols["SUM"]})
    for limit_ns in range(100_000, 3_000_000, 100_000):
        words.run_to_stop(limit_ns, lambda _t_ns, _name, word: told.append(word))
    assert told == [1, 2, 3, 4, 5]
    assert not machine.rack("ibm704.control.mark").any(), "no marks are left behind"


def test_too_many_words_and_locations_that_are_none_are_refused():
    machine = counting("compiled")
    with pytest.raises(Mistake, match=f"{MOST} at most"):
        Words(machine, {str(at): at for at in range(MOST + 1)})
    with pytest.raises(Mistake):
        Words(machine, {"X": 40_000})
