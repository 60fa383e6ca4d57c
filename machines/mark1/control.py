"""The control unit: it exposes a stimulus, waits, compares, reinforces for a pulse, and rests.

By hand, the operator sets the force switches and presses the reinforcement key, which gives one
pulse. Given a **series** (stimuli with the responses desired to them), the control unit goes
through it by itself, sweep after sweep, each sweep in another order:

    expose -> settle -> read -> compare -> (pulse) -> rest -> expose the next ...

What a pulse does depends on the rule (Rosenblatt's terms): **forced** reinforces the desired
response whatever the machine answered; **error correction** does so only where it answered
wrongly or not at all; **spontaneous** reinforces the machine's own response.
"""

from __future__ import annotations

from collections.abc import Callable

from simulator import chance
from simulator.kernel import NEVER, Bell, Kernel, Life
from simulator.signal import Signal

from .state import Phase, Rule, Stage, State

ORDER = chance.stream("mark1.order")
"""Column of the random-number table for the order of a sweep."""


class ControlUnit:
    """The control unit.

    Parameters
    ----------
    kernel
        The kernel.
    responses
        Inputs: the R-units.
    clear
        Outputs: the line that clears each R-unit before an exposure.
    light
        Output: the light on each photocell.
    desired
        Input by hand, output in a series: the force switches.
    drive
        Output: the reinforcement line of each R-unit.
    state
        Remembered: rule, stage, counters and the series.
    settle_ns, pulse_ns, rest_ns
        How long each stage lasts.
    """

    def __init__(
        self,
        kernel: Kernel,
        responses: list[Signal],
        clear: list[Callable[[], None]],
        light: list[Signal],
        desired: list[Signal],
        drive: list[Signal],
        state: State,
        settle_ns: int,
        pulse_ns: int,
        rest_ns: int,
    ) -> None:
        self._kernel = kernel
        self._responses = responses
        self._clear = clear
        self._light = light
        self._desired = desired
        self._drive = drive
        self._s = state
        self._settle_ns = settle_ns
        self._pulse_ns = pulse_ns
        self._rest_ns = rest_ns
        self._bell = Bell(kernel, Phase.CONTROL)
        if state.control_due_ns[0] != NEVER:
            self._bell.ring(int(state.control_due_ns[0]))
        kernel.process(self._life())

    def _life(self) -> Life:
        while True:
            yield self._bell.heard()
            if self._s.control_due_ns[0] != self._kernel.now_ns:
                continue
            if self._s.stage[0] == Stage.SETTLING:
                self._read()
            elif self._s.stage[0] == Stage.READING:
                self._compare()
            elif self._s.stage[0] == Stage.REINFORCING:
                self._stop_motors()
            else:
                self._next_stimulus()

    def _enter(self, stage: Stage, lasting_ns: int | None = None) -> None:
        self._s.stage[0] = stage
        self._s.control_due_ns[0] = NEVER
        if lasting_ns is not None:
            self._s.control_due_ns[0] = self._kernel.now_ns + lasting_ns
            self._bell.ring(self._kernel.now_ns + lasting_ns)

    # by hand

    def reinforce(self) -> None:
        """Press the reinforcement key: one pulse, by the rule; dead while the unit is busy."""
        if self._s.stage[0] == Stage.IDLE and self._start_motors():
            self._enter(Stage.REINFORCING, self._pulse_ns)

    def halt(self) -> None:
        """Press the stop key: motors stop, the series is abandoned."""
        for line in self._drive:
            line.set(0)
        self._s.series_at[0] = len(self._s.series_order)
        self._enter(Stage.IDLE)

    # a series

    def begin_series(self, state: State) -> None:
        """Start on the series just put into ``state``."""
        self._s = state
        self._begin_sweep()
        self._expose()

    def _begin_sweep(self) -> None:
        seed, sweep = int(self._s.series_seed[0]), int(self._s.series_sweep[0])
        self._s.series_order[:] = chance.shuffle(len(self._s.series_order), seed, ORDER, sweep)
        self._s.series_wrong[sweep] = 0
        self._s.series_at[0] = 0

    def _stimulus(self) -> int:
        return int(self._s.series_order[self._s.series_at[0]])

    def _expose(self) -> None:
        stimulus = self._stimulus()
        for clear in self._clear:
            clear()
        for line, level in zip(self._light, self._s.series_light[stimulus].tolist(), strict=True):
            line.set(level)
        for line, way in zip(self._desired, self._s.series_desired[stimulus].tolist(), strict=True):
            line.set(way)
        self._enter(Stage.SETTLING, self._settle_ns)

    def _read(self) -> None:
        """Clear the R-units, lest one holds what it took from a picture not yet settled."""
        for clear in self._clear:
            clear()
        self._enter(Stage.READING, 0)

    def _compare(self) -> None:
        answer = [response.value for response in self._responses]
        wanted = [line.value for line in self._desired]
        wrong = any(w not in (0, a) for w, a in zip(wanted, answer, strict=True))
        self._s.series_answer[self._stimulus()] = answer
        self._s.series_wrong[self._s.series_sweep[0]] += wrong
        self._s.trials[0] += 1
        self._s.wrong[0] += wrong
        if self._start_motors():
            self._enter(Stage.REINFORCING, self._pulse_ns)
        else:
            self._enter(Stage.RESTING, self._rest_ns)

    def _start_motors(self) -> bool:
        """Put the drive lines as the rule says; False if there is nothing to reinforce."""
        for response, desired, drive in zip(
            self._responses, self._desired, self._drive, strict=True
        ):
            drive.set(reinforcement(Rule(int(self._s.rule[0])), response.value, desired.value))
        driven = any(drive.value for drive in self._drive)
        self._s.pulses[0] += driven
        return driven

    def _stop_motors(self) -> None:
        for line in self._drive:
            line.set(0)
        by_hand = self._s.series_at[0] == len(self._s.series_order)
        if by_hand:
            self._enter(Stage.IDLE)
        else:
            self._enter(Stage.RESTING, self._rest_ns)

    def _next_stimulus(self) -> None:
        self._s.series_at[0] += 1
        if self._s.series_at[0] == len(self._s.series_order):
            sweep = int(self._s.series_sweep[0])
            errorless = self._s.series_wrong[sweep] == 0
            last = sweep + 1 == len(self._s.series_wrong)
            if last or (errorless and self._s.series_until_errorless[0]):
                self._enter(Stage.IDLE)
                return
            self._s.series_sweep[0] += 1
            self._begin_sweep()
        self._expose()


def reinforcement(rule: Rule, response: int, desired: int) -> int:
    """Give the way an R-unit's motors shall run: -1, 0 or +1."""
    if rule == Rule.FORCED:
        return desired
    if rule == Rule.ERROR_CORRECTION:
        return desired if response != desired else 0
    if rule == Rule.SPONTANEOUS:
        return response
    return 0
