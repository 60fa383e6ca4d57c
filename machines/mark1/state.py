"""What is remembered: the State of a Mark I, and the words for what its control is doing.

Angles are in microdegrees of shaft (``udeg``), positive clockwise; responses
and switches are +1 for "1", -1 for "0" and 0 for neither.
"""

from __future__ import annotations

from enum import IntEnum
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from machines.mark1.description import Description
from simulator.kernel import NEVER

from .rules import RULES


class Phase(IntEnum):
    """The order of acts inside one instant; what an act causes in an earlier phase comes next."""

    SENSE = 10
    """Photocells look, S-units change."""
    ASSOCIATE = 20
    """A-units sum their origin points and change."""
    RESPOND = 30
    """R-units sum the values of their active A-units and change."""
    DOMINATE = 35
    """Where the R-units compete, the largest suppresses the others."""
    CONTROL = 40
    """The control unit goes on to its next stage: it exposes, compares, reinforces, rests."""
    FEED = 50
    """The reinforcement lines are given the speeds they ask of the motors."""
    REINFORCE = 60
    """Motors start, stop and change speed."""


class Stage(IntEnum):
    """What the control unit is waiting for."""

    IDLE = 0
    """The operator."""
    SETTLING = 1
    """The response to a stimulus just exposed."""
    READING = 2
    """The R-units' answer, just cleared, to be compared with the desired one."""
    REINFORCING = 3
    """The end of a reinforcement pulse."""
    RESTING = 4
    """The next stimulus of the series."""


class Fault(IntEnum):
    """What ails an S-unit or an A-unit."""

    SOUND = 0
    DEAD = 1
    """It never comes on."""
    STUCK_ON = 2
    """It never goes off."""


class State(NamedTuple):
    """Everything a Mark I remembers; n_s S-units, n_a A-units, n_v potentiometers, n_r R-units.

    A series has m stimuli shown in so many sweeps; these two lengths are free.
    """

    now_ns: NDArray[np.int64]  # (1,)
    light: NDArray[np.uint8]  # (n_s,) light on each photocell, 0..255
    s_on: NDArray[np.uint8]  # (n_s,)
    s_due_ns: NDArray[np.int64]  # (n_s,) when the S-unit will change
    theta: NDArray[np.int64]  # (1,)
    a_sum: NDArray[np.int32]  # (n_a,) lit excitatory less lit inhibitory origin points
    a_on: NDArray[np.uint8]  # (n_a,)
    a_due_ns: NDArray[np.int64]  # (n_a,) when the A-unit's relay will change
    value: NDArray[np.int64]  # (n_v,) where the shaft stands now, udeg
    motor: NDArray[np.int64]  # (n_v,) speed of the motor, udeg per ms, positive up
    motor_start_ns: NDArray[np.int64]  # (n_v,) since when; NEVER at rest
    value_start: NDArray[np.int64]  # (n_v,) where the shaft stood then, udeg
    play: NDArray[np.int64]  # (n_v,) place of the gear in its backlash then, udeg; 0 drives down
    coincidences: NDArray[np.int64]  # (n_v,) pulses up less pulses down with its A-unit active
    r_sum: NDArray[np.int64]  # (n_r,) what the sum meter shows now, udeg
    r_active: NDArray[np.int64]  # (n_r,) how many of its A-units are active now
    r_on: NDArray[np.int8]  # (n_r,) +1, -1, 0 undecided
    r_due_ns: NDArray[np.int64]  # (n_r,) next comparison while motors run
    desired: NDArray[np.int8]  # (n_r,) the force switches
    drive: NDArray[np.int8]  # (n_r,) -1, 0, +1: reinforcement line of each R-unit
    gain_on: NDArray[np.int64]  # (n_r,) speed asked of active A-units' motors, ppm of their own
    gain_off: NDArray[np.int64]  # (n_r,) the same for inactive ones
    rule: NDArray[np.int64]  # (1,) position of the reinforcement switch: a place in RULES
    dominance: NDArray[np.int64]  # (1,) how the R-units answer: a Dominance
    stage: NDArray[np.int64]  # (1,) a Stage
    control_due_ns: NDArray[np.int64]  # (1,) when the stage ends
    trials: NDArray[np.int64]  # (1,) comparisons made in series
    wrong: NDArray[np.int64]  # (1,) of these, with a response other than the desired one
    pulses: NDArray[np.int64]  # (1,) reinforcement pulses given
    s_fault: NDArray[np.uint8]  # (n_s,) a Fault
    a_fault: NDArray[np.uint8]  # (n_a,) a Fault
    seized: NDArray[np.uint8]  # (n_v,) 1: the motor does not turn
    pulled: NDArray[np.uint8]  # (plugs,) 1: the wire hangs loose
    retina_noise: NDArray[np.int64]  # (1,) permille of photocells flipped at each exposure
    series_light: NDArray[np.uint8]  # (m, n_s)
    series_desired: NDArray[np.int8]  # (m, n_r)
    series_answer: NDArray[np.int8]  # (m, n_r) the response last given to each stimulus
    series_order: NDArray[np.int64]  # (m,) the order of this sweep
    series_wrong: NDArray[np.int64]  # (sweeps,) wrong responses in each sweep; -1 to come
    series_seed: NDArray[np.int64]  # (1,) page of the random-number table for the order
    series_until_errorless: NDArray[np.int64]  # (1,) 1: a sweep without error ends the series
    series_sweep: NDArray[np.int64]  # (1,) sweep now shown, from 0
    series_at: NDArray[np.int64]  # (1,) place in the sweep, from 0


FREE_LENGTHS = frozenset(
    {"series_light", "series_desired", "series_answer", "series_order", "series_wrong"}
)


def power_on(description: Description, plugs: int, potentiometers: int) -> State:
    """Give the State of a machine just switched on: dark, values centred, control idle."""
    n_s, n_a = description.s_units, description.association_units
    n_r, n_v = description.response_units, potentiometers
    active = description.theta <= 0

    return State(
        now_ns=np.zeros(1, np.int64),
        light=np.zeros(n_s, np.uint8),
        s_on=np.zeros(n_s, np.uint8),
        s_due_ns=np.full(n_s, NEVER, np.int64),
        theta=np.array([description.theta], np.int64),
        a_sum=np.zeros(n_a, np.int32),
        a_on=np.full(n_a, active, np.uint8),
        a_due_ns=np.full(n_a, NEVER, np.int64),
        value=np.zeros(n_v, np.int64),
        motor=np.zeros(n_v, np.int64),
        motor_start_ns=np.full(n_v, NEVER, np.int64),
        value_start=np.zeros(n_v, np.int64),
        play=np.full(n_v, description.backlash_mdeg * 500, np.int64),
        coincidences=np.zeros(n_v, np.int64),
        r_sum=np.zeros(n_r, np.int64),
        r_active=np.zeros(n_r, np.int64),
        r_on=np.zeros(n_r, np.int8),
        r_due_ns=np.full(n_r, NEVER, np.int64),
        desired=np.zeros(n_r, np.int8),
        drive=np.zeros(n_r, np.int8),
        gain_on=np.zeros(n_r, np.int64),
        gain_off=np.zeros(n_r, np.int64),
        rule=np.zeros(1, np.int64),
        dominance=np.zeros(1, np.int64),
        stage=np.zeros(1, np.int64),
        control_due_ns=np.full(1, NEVER, np.int64),
        trials=np.zeros(1, np.int64),
        wrong=np.zeros(1, np.int64),
        pulses=np.zeros(1, np.int64),
        s_fault=np.zeros(n_s, np.uint8),
        a_fault=np.zeros(n_a, np.uint8),
        seized=np.zeros(n_v, np.uint8),
        pulled=np.zeros(plugs, np.uint8),
        retina_noise=np.zeros(1, np.int64),
        series_light=np.zeros((0, n_s), np.uint8),
        series_desired=np.zeros((0, n_r), np.int8),
        series_answer=np.zeros((0, n_r), np.int8),
        series_order=np.zeros(0, np.int64),
        series_wrong=np.zeros(0, np.int64),
        series_seed=np.zeros(1, np.int64),
        series_until_errorless=np.zeros(1, np.int64),
        series_sweep=np.zeros(1, np.int64),
        series_at=np.zeros(1, np.int64),
    )


BUSY = "a series or a pulse is running; wait for its end, or operate mark1.control.halt first"
"""What a second series is refused with."""


def turn_rule_switch(state: State, position: int) -> None:
    """Set the reinforcement switch, and with it how the R-units answer, if the position says."""
    state.rule[0] = position
    dominance = RULES[position].dominance
    if dominance is not None:
        state.dominance[0] = dominance


def with_series(state: State, series: dict[str, Any]) -> State:
    """Put a series into a State: the same record with the series' fields replaced."""
    m = len(series["light"])
    turn_rule_switch(state, series["rule"])
    state.series_seed[0] = series["order_seed"]
    state.series_until_errorless[0] = series["until_errorless"]
    state.series_sweep[0] = 0
    state.series_at[0] = 0
    return state._replace(
        series_light=series["light"].copy(),
        series_desired=series["desired"].copy(),
        series_answer=np.zeros((m, len(state.r_on)), np.int8),
        series_order=np.zeros(m, np.int64),
        series_wrong=np.full(series["sweeps"], -1, np.int64),
    )
