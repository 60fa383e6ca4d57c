"""Time: integers, declared phases, inclusive runs."""

from functools import partial

import pytest
import simpy

from simulator.kernel import FIRST_PHASE, LAST_PHASE, Bell, Kernel


def test_a_run_is_inclusive():
    kernel, done = Kernel(), []
    kernel.at(100, 10, lambda: done.append("at 100"))
    kernel.at(101, 10, lambda: done.append("at 101"))
    assert kernel.run_until(100) == 100
    assert done == ["at 100"]


def test_simpys_own_run_is_not_inclusive():
    env, done = simpy.Environment(), []
    env.timeout(100).callbacks.append(lambda _: done.append("at 100"))
    env.run(until=100)
    assert done == []


def test_what_an_act_causes_in_the_same_instant_is_done_before_the_run_ends():
    kernel, done = Kernel(), []
    kernel.at(5, 50, lambda: kernel.at(5, 10, lambda: done.append("earlier phase, caused later")))
    kernel.run_until(5)
    assert done == ["earlier phase, caused later"]


def test_inside_an_instant_the_phase_decides_and_not_the_order_of_creation():
    for order in ([10, 20, 30], [30, 20, 10], [20, 30, 10]):
        kernel, done = Kernel(), []
        for phase in order:
            kernel.at(7, phase, partial(done.append, phase))
        kernel.run_until(7)
        assert done == [10, 20, 30]


def test_a_process_started_in_an_instant_runs_before_the_phases_of_that_instant():
    kernel, done = Kernel(), []

    def life():
        done.append("started")
        yield kernel.event()

    kernel.at(0, FIRST_PHASE, lambda: done.append("first phase"))
    kernel.process(life())
    kernel.run_until(0)
    assert done == ["started", "first phase"]


@pytest.mark.parametrize("instant", [1.5, -1, 4])
def test_only_instants_that_are_whole_and_not_past_are_taken(instant):
    kernel = Kernel(5)
    with pytest.raises(ValueError, match="not an instant"):
        kernel.at(instant, 10, lambda: None)
    with pytest.raises(ValueError, match="not an instant"):
        kernel.run_until(instant)


@pytest.mark.parametrize("phase", [0, 1, FIRST_PHASE - 1, LAST_PHASE])
def test_phases_simpy_uses_itself_are_refused(phase):
    with pytest.raises(ValueError, match="phase"):
        Kernel().at(1, phase, lambda: None)


def test_a_bell_rung_twice_for_one_instant_sounds_once():
    kernel, heard = Kernel(), []
    bell = Bell(kernel, 10)

    def life():
        while True:
            yield bell.heard()
            heard.append(kernel.now_ns)

    kernel.process(life())
    bell.ring()
    bell.ring()
    bell.ring(40)
    bell.ring(40)
    kernel.run_until(100)
    assert heard == [0, 40]


def test_time_stays_an_integer_over_a_year_of_nanoseconds():
    kernel = Kernel()
    year = 365 * 24 * 3600 * 10**9 + 1
    kernel.at(year, 10, lambda: None)
    assert kernel.run_until(year) == year
    assert isinstance(kernel.now, int)


def test_a_ring_that_was_taken_back_is_not_heard():
    kernel, heard = Kernel(), []
    bell = Bell(kernel, 10)

    def life():
        while True:
            yield bell.heard()
            heard.append(kernel.now_ns)

    kernel.process(life())
    bell.ring(20)
    bell.ring(40)
    bell.silence(20)
    bell.silence(40)
    bell.ring(40)
    bell.silence(99)
    kernel.run_until(100)
    assert heard == [40]
