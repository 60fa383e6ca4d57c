"""The two engines of the Mark I, bit-equal on hundreds of random machines and logbooks.

Hypothesis makes up machines (sizes, wirings, delays, noise, spread) and logbooks (light, switches,
keys, whole series, operations in the middle of a pulse, ties at one instant). States are compared
at every entry. A failing example is shrunk and printed.
"""

import numpy as np
import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from machines.mark1 import Description, Mark1
from machines.mark1.given import given as particulars
from machines.mark1.plugboard import from_wires
from machines.mark1.rules import NUMBER, RULES
from machines.mark1.soundness import unsound
from simulator import chance
from simulator.lockstep import lockstep
from simulator.logbook import Entry

TIMES_NS = [0, 0, 1, 10_000_000, 49_999_999, 100_000_000, 250_000_000, 400_000_000, 777_000_001]


@st.composite
def machines(draw):
    """Give a small machine and the wires of its plugboard; ideal in half of the cases."""
    rows, columns = draw(st.sampled_from([(1, 7), (2, 5), (3, 7), (7, 10)]))
    cells, units = rows * columns, draw(st.integers(2, 7))
    in_use = draw(st.integers(1, 2))
    exact = draw(st.booleans())
    numbers = {
        "rows": rows,
        "columns": columns,
        "association_units": units,
        "response_units": draw(st.integers(in_use, 3)),
        "responses_in_use": in_use,
        "excitatory": 4,
        "inhibitory": 3,
        "theta": draw(st.integers(-2, 4)),
        "parts_seed": draw(st.integers(0, 2**63 - 1)),
        "travel_mdeg": draw(st.sampled_from([3, 7_000, 12_345, 150_000, 10_000_000])),
        "motor_mdeg_per_s": draw(st.sampled_from([1, 20_000, 20_000, 10_000_000])),
        "motor_spread_permille": draw(st.sampled_from([0, 300])),
        "dead_zone_mdeg": draw(st.sampled_from([0, 1_000, 9_000])),
        "longest_pulse_us": draw(st.sampled_from([70_001, 1_000_000])),
        "feed_units": draw(st.sampled_from([1, 3])),
        "pulse_us": draw(st.sampled_from([1, 999, 250_000, 250_000, 250_000])),
    }
    if not exact:
        numbers |= {
            "lighting_permille": draw(st.sampled_from([1000, 500, 0])),
            "gradient_permille": draw(st.sampled_from([0, 300])),
            "photocell_spread_permille": draw(st.sampled_from([0, 100])),
            "hysteresis": draw(st.sampled_from([0, 0, 1, 100])),
            "latch": draw(st.sampled_from([0, 0, 1])),
            "relay_us": draw(st.sampled_from([0, 0, 1, 5_000, 100_000])),
            "relay_spread_permille": draw(st.sampled_from([0, 500])),
            "compare_us": draw(st.sampled_from([0, 10_000])),
            "backlash_mdeg": draw(st.sampled_from([0, 1, 1_500, 200_000])),
            "retention_mdeg": draw(st.sampled_from([0, 5_000, 1_000_000])),
            "decay_ppm": draw(st.sampled_from([0, 0, 100_000, 1_000_000])),
            "pickup_us": draw(st.sampled_from([0, 1, 20_000, 100_000, 150_000])),
            "pickup_spread_permille": draw(st.sampled_from([0, 500])),
            "wiper_noise_mdeg": draw(st.sampled_from([0, 50, 5_000, 1_000_000])),
            "sample_us": draw(st.sampled_from([10_000, 50_000, 70_001])),
        }
    event("ideal" if exact else "real")
    pairs = draw(
        st.lists(
            st.tuples(st.integers(0, units - 1), st.integers(0, cells - 1)),
            unique=True,
            max_size=30,
        )
    )
    wires = [(a, s, draw(st.sampled_from([1, 1, -1]))) for a, s in pairs]
    return numbers, wires


def operations(draw, numbers, plugs):
    """Give operations that the machine may take at one instant."""
    cells = numbers["rows"] * numbers["columns"]
    r_units, in_use = numbers["response_units"], numbers["responses_in_use"]
    rules = st.sampled_from(list(NUMBER))
    levels = st.sampled_from([0, 100, 127, 128, 255])
    ways = st.lists(st.sampled_from([-1, 0, 1]), min_size=in_use, max_size=in_use)
    limit = numbers["travel_mdeg"] * 1000

    def desired():
        return draw(ways) + [0] * (r_units - in_use)

    def light():
        return draw(st.lists(levels, min_size=cells, max_size=cells))

    def train():
        m = draw(st.integers(1, 4))
        return {
            "light": np.array([light() for _ in range(m)]),
            "desired": np.array([desired() for _ in range(m)]),
            "rule": draw(rules),
            "sweeps": draw(st.integers(1, 4)),
            "order_seed": draw(st.integers(0, 2**63 - 1)),
            "until_errorless": draw(st.booleans()),
        }

    angles = st.lists(
        st.integers(-limit, limit),
        min_size=numbers["association_units"],
        max_size=numbers["association_units"],
    )

    def teach():
        """Light, forced switches and the key at once, so that motors run."""
        ways = [draw(st.sampled_from([-1, 1])) for _ in range(in_use)] + [0] * (r_units - in_use)
        return [
            ("mark1.retina.light", [255] * cells if draw(st.booleans()) else light()),
            ("mark1.response.desired", ways),
            ("mark1.control.rule", draw(rules)),
            ("mark1.control.reinforce", None),
        ]

    def codes(parts, most):
        return draw(st.lists(st.integers(0, most), min_size=parts, max_size=parts))

    def fault():
        return draw(
            st.sampled_from(
                [
                    ("mark1.faults.S", codes(cells, 2)),
                    ("mark1.faults.A", codes(numbers["association_units"], 2)),
                    ("mark1.faults.motor", codes(numbers["association_units"], 1)),
                    ("mark1.faults.wire", codes(plugs, 1)),
                    ("mark1.faults.retina_noise", draw(st.sampled_from([0, 30, 500]))),
                ]
            )
        )

    if draw(st.integers(0, 3)) == 0:
        return teach()
    choice = ["train", "train", "light", "V", "V", "reinforce", "desired", "rule", "theta", "halt"]
    choice += ["fault", "fault", "power"]
    control = draw(st.sampled_from(choice))
    operation = {
        "train": lambda: ("mark1.control.train", train()),
        "reinforce": lambda: ("mark1.control.reinforce", None),
        "light": lambda: ("mark1.retina.light", light()),
        "desired": lambda: ("mark1.response.desired", desired()),
        "rule": lambda: ("mark1.control.rule", draw(rules)),
        "V": lambda: ("mark1.values.V", draw(angles)),
        "theta": lambda: ("mark1.association.theta", draw(st.integers(-2, 4))),
        "halt": lambda: ("mark1.control.halt", None),
        "power": lambda: ("mark1.control.power", None),
        "fault": fault,
    }[control]
    return [operation()]


@settings(
    max_examples=500,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(st.data())
def test_engines_agree_bit_by_bit_on_random_logbooks(data):
    numbers, wires = data.draw(machines())
    description = Description.ideal(**numbers)
    board = from_wires(wires, description)
    entries, t_ns = [], 0
    for _ in range(data.draw(st.integers(1, 8))):
        t_ns += data.draw(st.sampled_from(TIMES_NS))
        for path, value in operations(data.draw, numbers, len(wires)):
            entries.append(Entry(len(entries), t_ns, path, value))
    reference = Mark1(description, board, "reference")
    compiled = Mark1(description, board, "compiled")
    t_end = t_ns + data.draw(st.sampled_from([0, 123_456_789, 20_000_000_000]))
    parted = lockstep(reference, compiled, entries, t_end)
    state = compiled.snapshot()
    assert unsound(state, particulars(description, board)) is None
    event(f"trials: {min(10, int(compiled.read('mark1.control.trials')))}")
    event(f"rule: {RULES[state.rule[0]].name}")
    event("a motor ran" if state.pulses[0] and state.value_start.any() else "no motor ran")
    assert parted is None, str(parted)


def test_the_nominal_machine_learns_the_same_on_both_engines():
    """Full size, all spreads and noise on: a sweep of eight letters, looked at in passing."""
    from machines.mark1 import Experimenter, machine_for
    from simulator.stimuli import letters

    stimuli = letters("ABCDEFGH")
    both = [machine_for(stimuli.classes, 7, engine) for engine in ("reference", "compiled")]
    for machine in both:
        Experimenter(machine, stimuli.classes).begin(stimuli, exposures=1)
    for t_ns in (3, 20_000_000, 101_000_000, 333_333_333, 2_000_000_000, 10_000_000_000):
        parted = lockstep(both[0], both[1], [], t_ns)
        assert parted is None, str(parted)
    assert both[0].read("mark1.control.trials") == 8
    assert both[0].read("mark1.control.pulses") > 0


def test_the_short_cut_agrees_with_the_reference_at_trial_ends():
    """Full size, ideal parts: the closed form of a trial against the processes."""
    from machines.mark1 import Experimenter
    from simulator.stimuli import letters

    stimuli = letters("EXKO")
    description = Description.ideal(responses_in_use=2, wiring_seed=11)
    both = [Mark1(description, engine=engine) for engine in ("reference", "compiled")]
    for machine in both:
        Experimenter(machine, stimuli.classes).begin(stimuli, exposures=4, until_errorless=False)
    trace = []
    while both[0].read("mark1.control.stage"):
        due_ns = both[0].next_due_ns()
        if both[0].read("mark1.control.stage") == 4:  # resting: the trial ends at the next due
            trace.append(due_ns)
        both[0].run(due_ns)
        if trace and trace[-1] == due_ns:
            both[1].run(due_ns)
            parted = lockstep(both[0], both[1], [], due_ns)
            assert parted is None, str(parted)
    assert len(trace) == 16


def test_the_short_cut_can_be_left_and_entered_anywhere():
    """One long run, and the same run in uneven slices, end in the same State."""
    from machines.mark1 import Experimenter
    from simulator.state import diff
    from simulator.stimuli import letters

    stimuli = letters("ABCDEFGHIJ")
    description = Description.ideal(responses_in_use=4)
    whole, sliced = Mark1(description), Mark1(description)
    for machine in (whole, sliced):
        Experimenter(machine, stimuli.classes).begin(stimuli, exposures=6, until_errorless=False)
    whole.run(100_000_000_000)
    step = 1
    while sliced.now_ns < 100_000_000_000:
        step = step * 7 % 999_999_937
        sliced.run(min(sliced.now_ns + step, 100_000_000_000))
    assert diff(whole.snapshot(), sliced.snapshot()) == []
    assert whole.read("mark1.control.trials") == 60


@pytest.mark.parametrize("seed", range(20))
def test_noise_near_the_dead_zone_decides_alike_on_both_engines(seed):
    """Sums so small that the noise of the wipers decides, over whole trials and sweeps."""
    description = Description.ideal(
        rows=2, columns=2, association_units=4, excitatory=1, inhibitory=0, theta=1,
        responses_in_use=2, response_units=2, wiper_noise_mdeg=3_000, dead_zone_mdeg=1_000,
        parts_seed=seed,
    )  # fmt: skip
    board = from_wires([(a, a, 1) for a in range(4)], description)
    series = {
        "light": np.array([[255, 0, 255, 0], [255, 255, 0, 255], [0, 255, 255, 255]]),
        "desired": np.array([[1, -1], [-1, 1], [1, 1]]),
        "rule": "error-correction" if seed % 2 else "off",
        "sweeps": 4,
        "order_seed": seed,
    }
    values = [chance.spread(2_000_000, seed, 0, k) for k in range(4)]
    entries = [
        Entry(0, 0, "mark1.values.V", values),
        Entry(1, 5, "mark1.control.train", series),
    ]
    both = [Mark1(description, board, engine) for engine in ("reference", "compiled")]
    parted = lockstep(*both, entries, 20_000_000_000)
    assert parted is None, str(parted)
    assert both[1].read("mark1.control.trials") == 12


def test_a_shaft_turned_by_hand_while_its_motor_runs_goes_on_from_there_on_both_engines():
    description = Description.ideal(
        rows=1, columns=2, association_units=2, excitatory=1, inhibitory=0, theta=1,
        responses_in_use=1, response_units=1,
    )  # fmt: skip
    board = from_wires([(0, 0, 1), (1, 1, 1)], description)
    entries = [
        Entry(0, 0, "mark1.retina.light", [255, 255]),
        Entry(1, 0, "mark1.response.desired", [1]),
        Entry(2, 0, "mark1.control.rule", "forced"),
        Entry(3, 0, "mark1.control.reinforce", None),
        Entry(4, 100_000_000, "mark1.values.V", [-7_000_000, 1]),
    ]
    both = [Mark1(description, board, engine) for engine in ("reference", "compiled")]
    parted = lockstep(*both, entries, 1_000_000_000)
    assert parted is None, str(parted)
    assert both[0].rack("mark1.values.V").tolist() == [-4_000_000, 3_000_001]


def test_the_potentiometers_may_belong_to_the_a_units_in_any_order():
    """Both engines take any list of potentiometers; the historical one is only in order."""
    from machines.mark1.compiled import CompiledEngine
    from machines.mark1.points import controls, points
    from machines.mark1.reference import ReferenceEngine
    from machines.mark1.state import power_on
    from simulator.machine import Machine

    description = Description(rows=5, columns=5, association_units=12, responses_in_use=3)
    board = Mark1(description, engine="reference").board
    crossed = np.array([11, 3, 5, 5, 0, 1, 2, 10, 9, 8, 7, 6])
    given = particulars(description, board)._replace(pot_a=crossed)
    both = [
        Machine(
            "mark1", description, points(description), controls(description, board),
            engine(given, power_on(description, len(board), 12)),
        )
        for engine in (ReferenceEngine, CompiledEngine)
    ]  # fmt: skip
    light = [[chance.below(256, 1, n, i) for i in range(25)] for n in range(6)]
    desired = [[1, -1, 1, 0, 0, 0, 0, 0], [-1, 1, 1, 0, 0, 0, 0, 0]] * 3
    series = {"light": light, "desired": desired, "rule": "error-correction", "sweeps": 5}
    parted = lockstep(*both, [Entry(0, 7, "mark1.control.train", series)], 40_000_000_000)
    assert parted is None, str(parted)
    assert both[0].read("mark1.control.trials") == 30
    assert len(np.unique(both[0].rack("mark1.values.V"))) > 3


def middling(engine, physics, seed):
    """Give a machine of 25 photocells and 30 A-units, with a board of its own."""
    description = Description.with_physics(
        physics, rows=5, columns=5, association_units=30, response_units=4, responses_in_use=3,
        excitatory=4, inhibitory=3, theta=1, wiring_seed=seed, parts_seed=seed,
        longest_pulse_us=2_000_000, hysteresis=100 if physics == "worn" else 0,
        photocell_spread_permille=0 if physics == "worn" else 100,
    )  # fmt: skip
    return Mark1(description, engine=engine)


@pytest.mark.parametrize("physics", ["off", "nominal", "worn"])
@pytest.mark.parametrize("rule", NUMBER)
def test_every_rule_runs_alike_on_both_engines_with_faults_coming_and_going(rule, physics):
    """Two series of grey stimuli by every rule; parts fail between and during them."""
    for seed in (1, 2):
        light = [[chance.below(256, seed, n, i) for i in range(25)] for n in range(5)]
        desired = [[1, -1, -1, 0], [-1, 1, -1, 0], [-1, -1, 1, 0], [1, 1, 0, 0], [-1, -1, -1, 0]]
        series = {
            "light": light, "desired": desired, "rule": rule, "sweeps": 4, "order_seed": seed
        }  # fmt: skip

        def some(parts, most, column, seed=seed):
            rare = [chance.below(8, seed, column, i) for i in range(parts)]
            return [max(0, code - 7 + most) for code in rare]

        acts = [
            (0, "mark1.values.V", [chance.spread(20_000_000, seed, 3, k) for k in range(30)]),
            (1, "mark1.control.train", series),
            (3_123_456_789, "mark1.faults.A", some(30, 2, 1)),
            (3_123_456_789, "mark1.faults.S", some(25, 2, 2)),
            (5_000_000_000, "mark1.faults.motor", some(30, 1, 4)),
            (6_000_000_000, "mark1.faults.wire", some(210, 1, 5)),
            (7_500_000_000, "mark1.faults.retina_noise", 150),
            (9_000_000_000, "mark1.faults.retina_noise", 0),
            (60_000_000_000, "mark1.control.power", None),
            (60_000_000_001, "mark1.faults.A", None),
            (60_000_000_001, "mark1.control.train", series),
        ]
        entries = [Entry(n, *act) for n, act in enumerate(acts)]
        both = [middling(engine, physics, seed) for engine in ("reference", "compiled")]
        parted = lockstep(*both, entries, 120_000_000_000)
        assert parted is None, f"{rule}, {physics}, seed {seed}: {parted}"
        assert both[0].read("mark1.control.trials") == 40
        assert (both[0].read("mark1.control.pulses") > 0) == (rule != "off")
