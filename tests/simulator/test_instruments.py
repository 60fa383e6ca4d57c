"""The random-number table, pedigrees, waveforms and pace."""

import dataclasses
import shutil
import subprocess

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from toy import Reference, Sweeping, toy

from simulator import chance
from simulator.errors import Mistake
from simulator.pace import Pace, run_paced
from simulator.pedigree import Evidence, constant, pedigree, table
from simulator.points import Kind, Point, PointTable
from simulator.vcd import VcdWriter

# chance


def test_the_hash_is_splitmix64():
    """The first outputs for seed 0, as published with the algorithm's reference code."""
    golden = 0x9E3779B97F4A7C15
    published = [0xE220A8397B1DCDAF, 0x6E789E6AA1B965F4, 0x06C45D188009454F, 0xF88BB8A8724C81EC]
    assert [chance.mix(i * golden & (2**64 - 1)) for i in range(4)] == published


@given(st.integers(0, 2**63 - 1), st.integers(0, 2**32), st.lists(st.integers(0, 2**63 - 1)))
def test_looking_up_many_is_looking_up_each(seed, stream, indices):
    many = chance.bits_of(seed, stream, np.array(indices, dtype=np.int64))
    assert many.tolist() == [chance.bits(seed, stream, i) for i in indices]


@given(st.integers(1, 2**32), st.integers(0, 2**63 - 1), st.integers(0, 1000))
def test_below_stays_below(n, seed, index):
    assert 0 <= chance.below(n, seed, 1, index) < n


def test_below_is_uniform_and_columns_are_unrelated():
    seen = np.array([[chance.below(10, 7, s, i) for i in range(4000)] for s in (1, 2)])
    for column in seen:
        counts = np.bincount(column, minlength=10)
        assert ((counts - 400) ** 2 / 400).sum() < 27.9, "chi-square, 9 degrees, p = 0.001"
    assert abs(np.corrcoef(seen)[0, 1]) < 0.05


@given(st.integers(0, 40), st.integers(0, 2**40))
def test_a_shuffle_is_a_permutation(n, seed):
    assert sorted(chance.shuffle(n, seed, 3, 4)) == list(range(n))


def test_all_orders_come_up_alike():
    orders = [tuple(chance.shuffle(3, 5, 0, i)) for i in range(6000)]
    counts = np.unique(orders, axis=0, return_counts=True)[1]
    assert len(counts) == 6
    assert ((counts - 1000) ** 2 / 1000).sum() < 20.5, "chi-square, 5 degrees, p = 0.001"


def test_the_unit_interval_is_filled_evenly():
    drawn = chance.unit_interval(3, 4, np.arange(10_000))
    assert 0 <= drawn.min() < drawn.max() < 1
    assert abs(drawn.mean() - 0.5) < 0.01


# pedigree


@dataclasses.dataclass(frozen=True)
class Thing:
    wheels: int = constant(4, Evidence.DOCUMENTED, "the brochure", "number of wheels")
    speed: int = constant(30, Evidence.ASSUMED, "looks like it", "top speed", "km/h")


def test_the_table_of_constants_shows_value_evidence_and_source():
    assert "| `speed` | 30 km/h | top speed | assumed | looks like it |" in table(Thing)
    assert "| `wheels` | 3 |" in table(Thing(wheels=3))


def test_a_number_without_evidence_is_found():
    @dataclasses.dataclass(frozen=True)
    class Careless:
        doors: int = 5

    with pytest.raises(TypeError, match="doors is declared without evidence"):
        pedigree(Careless)


# waveforms


def dump(tmp_path, engine):
    path = tmp_path / f"{engine.name}.vcd"
    machine = toy(engine)
    writer = VcdWriter(path, machine)
    machine.attach(writer)
    machine.operate("toy.data", 1)
    machine.run(500)
    machine.operate("toy.clock", 1)
    machine.run(20_000)
    writer.close()
    return path.read_text().split("$enddefinitions $end")


def test_a_waveform_holds_every_change_at_its_nanosecond(tmp_path):
    head, body = dump(tmp_path, Reference)
    assert "$timescale 1 ns $end" in head
    assert "$scope module toy $end" in head
    names = {line.split()[4]: line.split()[3] for line in head.splitlines() if "$var" in line}
    relay = names["relay"]
    after = body.split("#3000\n")[1].split("\n#")[0]
    assert f"b1 {relay}" in after, "the data relay, label 1, is the rightmost bit"
    after = body.split("#3500\n")[1].split("\n#")[0]
    assert f"b11 {relay}" in after
    assert f"1{names['latch']}" in after


def test_both_engines_draw_the_same_waveform(tmp_path):
    assert dump(tmp_path, Reference)[1] == dump(tmp_path, Sweeping)[1]


def test_a_rack_of_numbers_is_one_signal_a_cell(tmp_path):
    head, _ = dump(tmp_path, Reference)
    assert "due[1]" in head
    assert "due[2]" in head


def test_chosen_points_only_and_unknown_ones_refused(tmp_path):
    machine = toy()
    writer = VcdWriter(tmp_path / "a.vcd", machine, ["toy.relay[2]"])
    machine.attach(writer)
    writer.close()
    text = (tmp_path / "a.vcd").read_text()
    assert text.count("$var") == 1
    with pytest.raises(Mistake, match="did you mean"):
        VcdWriter(tmp_path / "b.vcd", machine, ["toy.relais"])
    assert not (tmp_path / "b.vcd").exists()


def test_a_point_that_changes_its_length_is_refused(tmp_path):
    machine = toy()
    machine.points = PointTable([Point("toy.free", "relay", Kind.METER, "doc", fixed=False)])
    with pytest.raises(Mistake, match="changes its length"):
        VcdWriter(tmp_path / "a.vcd", machine, ["toy.free"])


def test_a_waveform_goes_on_after_the_machine_was_sent_back(tmp_path):
    machine = toy()
    writer = VcdWriter(tmp_path / "a.vcd", machine, ["toy.relay"])
    machine.attach(writer)
    before = machine.snapshot()
    machine.operate("toy.data", 1)
    machine.run(10_000)
    machine.restore(before)
    machine.operate("toy.clock", 1)
    machine.run(20_000)
    writer.close()
    text = (tmp_path / "a.vcd").read_text()
    times = [int(line[1:]) for line in text.splitlines() if line.startswith("#")]
    assert times == sorted(times)
    assert "b10 " in text, "the state after the last instant drawn"


@pytest.mark.skipif(shutil.which("vcd2fst") is None, reason="GTKWave's tools are not installed")
def test_gtkwave_reads_the_waveform(tmp_path):
    dump(tmp_path, Reference)
    subprocess.run(
        ["vcd2fst", tmp_path / "reference.vcd", tmp_path / "out.fst"], check=True, timeout=60
    )
    back = subprocess.run(
        ["fst2vcd", tmp_path / "out.fst"], check=True, timeout=60, capture_output=True, text=True
    ).stdout
    assert "#3500" in back


# pace


class Clock:
    def __init__(self):
        self.now_s = 0.0

    def __call__(self):
        self.now_s += 1e-5
        return self.now_s


@pytest.mark.parametrize("speed", [0.001, 1.0, 50.0])
def test_the_machine_keeps_pace_with_the_wall(speed):
    clock = Clock()
    machine = toy(Sweeping)
    pace = Pace(machine, speed, clock)
    for _ in range(200):
        clock.now_s += 1 / 60
        pace.advance()
    assert machine.now_ns == pytest.approx(clock.now_s * speed * 1e9, rel=0.01)
    assert pace.achieved == pytest.approx(speed, rel=0.05)


def test_time_that_passed_while_stopped_is_not_made_up_for():
    clock = Clock()
    machine = toy(Sweeping)
    pace = Pace(machine, 1.0, clock)
    clock.now_s += 1000
    pace.resync()
    clock.now_s += 0.01
    pace.advance()
    assert machine.now_ns < 20_000_000


def test_as_fast_as_possible_ends_with_the_budget_or_at_the_stop():
    clock = Clock()
    machine = toy(Sweeping)
    machine.operate("toy.clock", 1)
    pace = Pace(machine, None, clock)
    assert pace.advance(stop_ns=2999) == 2999
    assert pace.advance(stop_ns=2999) == 2999
    pace.advance(budget_s=0.01)
    assert machine.now_ns > 100_000_000, "far more than the wall time that passed"


def test_a_machine_at_rest_has_nothing_to_hurry_to():
    clock = Clock()
    machine = toy(Sweeping)
    pace = Pace(machine, None, clock)
    for _ in range(100):
        clock.now_s += 0.01
        pace.advance()
    assert machine.now_ns == pytest.approx(clock.now_s * 1e9, rel=0.01)


def test_a_paced_run_stops_exactly_where_it_was_told():
    clock = Clock()
    machine = toy()

    def sleep(seconds):
        clock.now_s += seconds

    run_paced(machine, 123_456_789, 10.0, sleep, clock)
    assert machine.now_ns == 123_456_789
    assert clock.now_s == pytest.approx(0.0123, rel=0.2)


@pytest.mark.parametrize("speed", [0, -1.0, float("nan")])
def test_a_speed_that_is_none_is_refused(speed):
    with pytest.raises(Mistake, match="more than 0"):
        Pace(toy(), speed)
