"""The 704 as a machine: why it stops, marks, limits, saving, replaying, watching, bad input."""

import random
import re
from pathlib import Path

import numpy as np
import pytest
from programs_704 import HPR, loaded, op, small, started

from machines.ibm704 import Description, Ibm704, Stop, load
from machines.ibm704.points import controls, points
from simulator import state as states
from simulator.errors import Mistake
from simulator.history import History
from simulator.logbook import Logbook, replay
from simulator.pedigree import Evidence, pedigree, table
from simulator.probe import Trace
from simulator.vcd import VcdWriter

README = Path(__file__).parents[3] / "machines" / "ibm704" / "README.md"
both = pytest.mark.parametrize("engine", ["reference", "compiled"])
COUNT = [op("CLA", 0o200), op("ADD", 0o201), op("STO", 0o200), op("TRA", 0o100)]
DATA = {0o200: [0, 1]}

# why it stops


@both
@pytest.mark.parametrize(
    ("program", "why"),
    [
        ([op("NOP"), HPR], "halted at 00101"),
        (
            [op("NOP"), "077400100005"],
            "undefined operation 077400100005; the 704 has no such one at 00101",
        ),
        ([op("DVH", 0o200)], "divide check: the quotient has no room at 00100"),
        ([op("FDH", 0o200)], "divide check: the quotient has no room at 00100"),
        (
            [op("CPY", 0o200)],
            "read-write check: a copy with no unit selected, or too late at 00100",
        ),
        ([op("RTB", 3)], "the unit of 076200000223 is not attached at 00100"),
        ([op("TRA", 0o7777)], "halted at 07777"),
    ],
)
def test_every_stop_names_its_location_and_its_reason(engine, program, why):
    machine = started(engine, program, {"AC": 5})
    assert machine.why() == why
    assert machine.stop == Stop(machine.number("ibm704.control.stop"))


@both
def test_after_an_undefined_operation_the_counter_still_shows_it(engine):
    machine = started(engine, ["-0 12345 0 00000"])
    assert machine.number("ibm704.register.IC") == 0o100
    assert machine.account() == (0, 0, 0.0, 0.0)
    assert machine.number("ibm704.register.SR") == 0o412345000000


@both
def test_after_a_divide_check_stop_the_machine_goes_on_with_the_next(engine):
    machine = started(engine, [op("DVH", 0o200), HPR])
    assert machine.number("ibm704.indicator.divide_check") == 1
    machine.operate("ibm704.console.start")
    machine.run_to_stop(10**9)
    assert machine.why() == "halted at 00101"


@both
def test_a_copy_that_fails_lights_the_read_write_check_until_start(engine):
    machine = started(engine, [op("CPY", 0o200)])
    assert machine.number("ibm704.indicator.read_write_check") == 1
    machine.operate("ibm704.register.IC", 0o200)
    machine.operate("ibm704.console.start")
    assert machine.number("ibm704.indicator.read_write_check") == 0


@both
def test_waiting_for_all_units_is_nothing_where_there_are_none(engine):
    assert started(engine, [op("IOD"), HPR]).why() == "halted at 00101"


@both
def test_an_endless_loop_ends_at_the_limit(engine):
    machine = loaded(engine, COUNT, {}, DATA)
    machine.operate("ibm704.control.limit", 1_000_000)
    machine.operate("ibm704.console.start")
    machine.run(5_000_000)
    assert machine.stop == Stop.LIMIT
    assert machine.account().instructions == 42, "those that began before 1 ms"
    assert machine.number("ibm704.control.limit_ns") == -1
    with pytest.raises(Mistake, match="is past"):
        machine.operate("ibm704.control.limit", 3)


@both
def test_running_to_a_stop_ends_when_the_last_cycle_is_over(engine):
    machine = loaded(engine, [op("MPY", 0o200), HPR])
    machine.operate("ibm704.console.start")
    assert machine.run_to_stop(10**9) == 22 * 12_000
    assert machine.run_to_stop(10**9) == 22 * 12_000, "it stands already"
    endless = loaded(engine, COUNT, {}, DATA)
    endless.operate("ibm704.console.start")
    assert endless.run_to_stop(777_777) == 777_777
    with pytest.raises(Mistake, match="does not run backwards"):
        endless.run_to_stop(5)


# marks


@both
def test_a_breakpoint_stops_before_the_instruction_and_start_goes_past_it(engine):
    machine = loaded(engine, COUNT, {}, DATA)
    machine.operate("ibm704.control.mark", {"at": 0o102, "mark": 1})
    for turn in range(1, 4):
        machine.operate("ibm704.console.start")
        machine.run_to_stop(machine.now_ns + 10**9)
        assert machine.why() == "breakpoint at 00102"
        assert machine.number("ibm704.register.AC") == turn
        assert machine.examine(0o200) == turn - 1, "not yet stored"
    machine.operate("ibm704.control.unmark")
    machine.operate("ibm704.console.start")
    machine.run(machine.now_ns + 10_000_000)
    assert machine.stop == Stop.RUNNING


@both
def test_a_watched_location_stops_the_machine_after_a_store(engine):
    machine = loaded(engine, COUNT, {}, DATA)
    machine.operate("ibm704.control.mark", {"at": 0o200, "mark": 2})
    machine.operate("ibm704.console.start")
    machine.run_to_stop(10**9)
    assert machine.why() == "a word was stored at a watched location at 00102"
    assert machine.examine(0o200) == 1


# time and money


@both
def test_the_account_tells_cycles_seconds_and_dollars(engine):
    machine = loaded(engine, COUNT, {}, DATA)
    machine.operate("ibm704.console.start")
    machine.run(36_000_000_000 if engine == "compiled" else 360_000_000)
    account = machine.account()
    assert account.cycles == 2 * account.instructions
    assert account.machine_s == machine.now_ns / 1e9
    assert account.dollars == pytest.approx(account.machine_s / 3600 * 180)


def test_an_hour_costs_what_the_description_says():
    machine = small("compiled", dollars_per_hour=250)
    machine.run(3600 * 10**9)
    assert machine.account().dollars == 250


# sub-steps


@both
def test_a_floating_addition_is_seen_cycle_by_cycle(engine):
    data = {0o200: ["624247725245"]}
    machine = loaded(engine, [op("FAD", 0o200), HPR], {"AC": 0o226247725245}, data)
    before = machine.snapshot()
    rows = machine.sub_steps()
    assert [(row.what, row.places) for row in rows] == [
        ("instruction", 0), ("execution", 0), ("compare", 0), ("align", 2), ("add", 0),
        ("test", 0), ("normalise", 2),
    ]  # fmt: skip
    assert rows[2].sr == 0o226247725245, "the number with the larger characteristic"
    assert states.diff(before, machine.snapshot()) == [], "looking changes nothing"
    machine.operate("ibm704.console.start")
    assert machine.number("ibm704.register.AC") == rows[-1].ac
    assert machine.number("ibm704.register.MQ") == rows[-1].mq == 0o571000000000
    assert str(rows[3]).split() == ["4", "align", "2", "SR", "226247725245", "AC", "1", "0",
                                    "224051765251", "MQ", "400200000000"]  # fmt: skip


@both
def test_there_are_as_many_sub_steps_as_cycles(engine):
    rng = random.Random(3)
    machine = small(engine)
    for name in ("FAD", "FSB", "UFA", "UFS"):
        for _ in range(60):
            machine.operate("ibm704.console.reset")
            machine.deposit(0o100, [op(name, 0o200), HPR])
            machine.deposit(0o200, [rng.getrandbits(36)])
            machine.operate("ibm704.register.AC", rng.getrandbits(38))
            machine.operate("ibm704.register.IC", 0o100)
            rows, cycles = machine.sub_steps(), machine.account().cycles
            machine.operate("ibm704.console.start")
            machine.run(machine.now_ns)
            assert rows[-1].last == len(rows) == machine.account().cycles - cycles
            assert rows[-1].ac == machine.number("ibm704.register.AC")
            machine.run_to_stop(machine.now_ns + 10**6)


# saving, replaying, watching


@both
def test_a_saved_machine_goes_on_as_if_never_interrupted_on_either_engine(engine, tmp_path):
    machine = loaded(engine, COUNT, {}, DATA)
    machine.operate("ibm704.console.start")
    machine.run(1_234_567)
    machine.save(tmp_path / "x.npz", {"note": 1})
    machine.run(5_000_000)
    for other in ("reference", "compiled"):
        again, notes = load(tmp_path / "x.npz", other)
        assert notes == {"note": 1}
        again.run(5_000_000)
        assert states.diff(machine.snapshot(), again.snapshot()) == []


@both
def test_a_logbook_replays_a_session_on_the_other_engine(engine):
    machine = small(engine)
    machine.logbook = Logbook()
    machine.deposit(0o100, COUNT)
    machine.deposit(0o200, [0, 1])
    machine.operate("ibm704.register.IC", 0o100)
    machine.operate("ibm704.console.start")
    machine.run(2_000_000)
    machine.operate("ibm704.console.lever", "manual")
    machine.operate("ibm704.console.single_step")
    twin = small("compiled" if engine == "reference" else "reference")
    replay(twin, machine.logbook.entries)
    assert states.diff(machine.snapshot(), twin.snapshot()) == []


def test_steps_can_be_taken_back():
    machine = loaded("compiled", COUNT, {}, DATA)
    machine.operate("ibm704.console.lever", 0)
    history, seen = History(machine), []
    for _ in range(10):
        seen.append(machine.snapshot())
        history.mark()
        machine.step()
    for state in reversed(seen):
        assert history.undo()
        assert states.diff(machine.snapshot(), state) == []


@both
def test_a_probe_sees_every_instruction(engine):
    machine = loaded(engine, COUNT, {}, DATA)
    trace = Trace("ibm704.register.IC")
    machine.attach(trace)
    machine.operate("ibm704.console.start")
    machine.run_to_stop(120_000)
    assert [t for t, _ in trace.changes] == [0, *range(0, 120_001, 24_000)]
    assert [ic & 7 for _, ic in trace.changes] == [0, 1, 2, 3, 0, 1, 2]


def test_registers_go_on_a_waveform(tmp_path):
    machine = loaded("compiled", COUNT, {}, DATA)
    writer = VcdWriter(tmp_path / "a.vcd", machine, ["ibm704.register.AC", "ibm704.core.word[128]"])
    machine.attach(writer)
    machine.operate("ibm704.console.start")
    machine.run(1_000_000)
    writer.close()
    text = (tmp_path / "a.vcd").read_text()
    assert "AC" in text
    assert text.count("#") > 10


# bad input


@pytest.mark.parametrize(
    ("control", "value", "complaint"),
    [
        ("ibm704.core.deposit", {"at": 0o7777, "words": [1, 2]}, "2 words from 07777 on do not"),
        ("ibm704.core.deposit", {"at": 0, "words": [1 << 36]}, "a word must lie between"),
        ("ibm704.core.deposit", {"at": 0, "words": np.array([-1])}, "a word has 36 bits"),
        ("ibm704.core.deposit", {"at": 0, "words": [1.5]}, "a word must be a whole number"),
        ("ibm704.core.deposit", [1], "a deposit is a dict"),
        ("ibm704.register.IC", 4096, "between 0 and 4095"),
        ("ibm704.register.AC", "9", "no octal word"),
        ("ibm704.sense.switch1", 2, "a switch must lie between 0 and 1"),
        ("ibm704.console.lever", "up", "the lever"),
        ("ibm704.console.start", 1, "pressed without a value"),
        ("ibm704.control.mark", {"at": 0, "mark": 4}, "mark must lie between 0 and 3"),
        ("ibm704.control.limit", -1, "the limit must lie between"),
        ("ibm704.console.strat", None, r"did you mean ibm704\.console\.start"),
    ],
)
def test_a_value_that_makes_no_sense_is_refused_in_one_line(control, value, complaint):
    machine = small("reference")
    before = machine.snapshot()
    with pytest.raises(Mistake, match=complaint) as caught:
        machine.operate(control, value)
    assert "\n" not in str(caught.value)
    assert states.diff(before, machine.snapshot()) == []


def test_a_704_has_4096_8192_or_32768_words():
    assert Description().core_words == 32768
    for size in (4096, 8192, 32768):
        machine = Ibm704(Description(core_words=size), "reference")
        assert machine.rack("ibm704.core.word").size == size
        machine.operate("ibm704.register.XRA", size - 1)
    with pytest.raises(Mistake, match="4096, 8192, 32768 words of core storage, not 16384"):
        Description(core_words=16384)


def test_every_number_carries_its_evidence():
    rows = {row.name: row for row in pedigree(Description)}
    assert rows["cycle_us"].evidence is Evidence.DOCUMENTED
    assert rows["multiple_step_ms"].evidence is Evidence.ASSUMED


def test_the_readme_shows_the_constants_as_they_are():
    text = README.read_text(encoding="utf-8")
    between = text.split("<!-- constants -->\n")[1].split("\n<!-- end of constants -->")[0]
    assert between == table(Description), "run python -m machines.ibm704.description"


def test_points_and_controls_have_names_and_meanings():
    description = Description()
    for row in (*points(description), *controls(description)):
        assert re.fullmatch(r"ibm704(\.[A-Za-z_0-9]+){2}", row.path)
        assert row.doc


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("now_ns", np.array([-5])), ("core", np.full(4096, 1 << 36)), ("core", np.full(4096, -1)),
        ("ac", np.array([1 << 38])), ("mq", np.array([-1])), ("ic", np.array([4096])),
        ("xr", np.array([0, 0, 9999])), ("trapping", np.array([2], np.uint8)),
        ("index_shown", np.array([3])), ("stop", np.array([77])), ("stop", np.array([2])),
        ("stepping", np.array([2], np.uint8)), ("keyed", np.array([1], np.uint8)),
        ("loading", np.array([9])), ("cpu_due_ns", np.array([-1])), ("cpu_due_ns", np.array([0])),
        ("cpu_due_ns", np.array([2**62])), ("limit_due_ns", np.array([5])),
        ("cycles", np.array([-1])), ("marks", np.full(4096, 4, np.uint8)),
        ("multiple_step", np.array([1], np.uint8)), ("free_ns", np.array([-3])),
    ],
)  # fmt: skip
def test_a_state_that_contradicts_itself_is_refused_even_with_a_valid_checksum(
    tmp_path, field, value
):
    machine = loaded("reference", COUNT, {}, DATA)
    machine.operate("ibm704.console.start")
    machine.run(1_000_000)
    path = tmp_path / "x.npz"
    state = machine.snapshot()._replace(**{field: value})
    states.save(path, "ibm704", machine.to_json(), state)
    with pytest.raises(Mistake, match=f"{path}: field"):
        load(path)


def test_an_engine_that_does_not_exist_is_refused():
    with pytest.raises(Mistake, match="no engine is called fast"):
        Ibm704(engine="fast")


def test_a_description_that_is_none_is_refused():
    with pytest.raises(Mistake, match="not a description of a 704"):
        Ibm704.from_json({"numbers": {"core_words": 4096}})
    with pytest.raises(Mistake, match="not a description of a 704"):
        Ibm704.from_json(None)
