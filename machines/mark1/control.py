"""The control unit: it exposes a stimulus, waits, compares, reinforces for a pulse, and rests.

By hand, the operator sets the force switches and presses the reinforcement key, which gives one
pulse. Given a **series** (stimuli with the responses desired to them), the control unit goes
through it by itself, sweep after sweep, each sweep in another order:

    expose -> settle -> read -> compare -> (pulse) -> rest -> expose the next ...

Which R-units are driven, and which way, depends on the rule (:mod:`machines.mark1.rules`). A pulse
has a set length; under a non-quantised rule each R-unit's motors run until its response has turned,
or until the longest pulse is over.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from simulator import chance
from simulator.kernel import NEVER, Bell, Kernel, Life
from simulator.signal import Signal

from .given import COIN, RETINA, Given
from .rules import RULES, Rule, way
from .state import Phase, Stage, State

ORDER = chance.stream("mark1.order")
"""Column of the random-number table for the order of a sweep."""


class Lines(NamedTuple):
    """The wires of the control unit.

    Attributes
    ----------
    responses
        Inputs: the R-units.
    rule
        Input: the reinforcement switch.
    desired
        Input by hand, output in a series: the force switches.
    light
        Output: the light on each photocell.
    drive
        Output: the reinforcement line of each R-unit.
    clear, release, fade
        Outputs: the lines that clear each R-unit, release each latched S-unit, and let each value
        decay, before an exposure.
    """

    responses: list[Signal]
    rule: Signal
    desired: list[Signal]
    light: list[Signal]
    drive: list[Signal]
    clear: list[Callable[[], None]]
    release: list[Callable[[], None]]
    fade: list[Callable[[int], None]]


class ControlUnit:
    """The control unit.

    Parameters
    ----------
    kernel
        The kernel.
    lines
        Its wires.
    state
        Remembered: stage, counters and the series.
    given
        How long each stage lasts, and what happens at an exposure.
    """

    def __init__(self, kernel: Kernel, lines: Lines, state: State, given: Given) -> None:
        self._kernel = kernel
        self._lines = lines
        self._s = state
        self._given = given
        self._bell = Bell(kernel, Phase.CONTROL)
        for response in (*lines.responses, lines.rule):
            response.feeds(self._bell)
        if state.control_due_ns[0] != NEVER:
            self._bell.ring(int(state.control_due_ns[0]))
        kernel.process(self._life())

    @property
    def _rule(self) -> Rule:
        return RULES[self._lines.rule.value]

    def _life(self) -> Life:
        while True:
            yield self._bell.heard()
            if self._s.control_due_ns[0] != self._kernel.now_ns:
                self._stop_motors_that_have_done()
            elif self._s.stage[0] == Stage.SETTLING:
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
            self._enter(Stage.REINFORCING, self._pulse_ns())

    def halt(self) -> None:
        """Press the stop key: motors stop, the series is abandoned."""
        for line in self._lines.drive:
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
        stimulus, lines = self._stimulus(), self._lines
        if self._given.decay_ppm:
            for fade in lines.fade:
                fade(self._given.decay_ppm)
        for clear in lines.clear:
            clear()
        if self._given.latch:
            for release in lines.release:
                release()
        shown = self._s.series_light[stimulus].tolist()
        if self._s.retina_noise[0]:
            shown = [255 - level if self._flipped(i) else level for i, level in enumerate(shown)]
        for line, level in zip(lines.light, shown, strict=True):
            line.set(level)
        wanted = self._s.series_desired[stimulus].tolist()
        for line, want in zip(lines.desired, wanted, strict=True):
            line.set(want)
        self._enter(Stage.SETTLING, self._given.settle_ns)

    def _flipped(self, photocell: int) -> bool:
        """Tell whether noise on the retina turns a photocell's light over at this exposure."""
        permille = int(self._s.retina_noise[0])
        column = RETINA + photocell
        return chance.below(1000, self._given.parts_seed, column, self._kernel.now_ns) < permille

    def _read(self) -> None:
        """Clear the R-units, lest one holds what it took from a picture not yet settled."""
        for clear in self._lines.clear:
            clear()
        self._enter(Stage.READING, self._given.compare_ns)

    def _compare(self) -> None:
        answer = [response.value for response in self._lines.responses]
        right = self._all_right()
        self._s.series_answer[self._stimulus()] = answer
        self._s.series_wrong[self._s.series_sweep[0]] += not right
        self._s.trials[0] += 1
        self._s.wrong[0] += not right
        if self._start_motors():
            self._enter(Stage.REINFORCING, self._pulse_ns())
        else:
            self._enter(Stage.RESTING, self._given.rest_ns)

    def _all_right(self) -> bool:
        pairs = zip(self._lines.responses, self._lines.desired, strict=True)
        return all(desired.value in (0, response.value) for response, desired in pairs)

    def _praised(self) -> bool:
        """Tell whether the answer was right, an R-unit that is not on counting as off (1958)."""
        pairs = zip(self._lines.responses, self._lines.desired, strict=True)
        return all(desired.value in (0, response.value or -1) for response, desired in pairs)

    def _pulse_ns(self) -> int:
        g = self._given
        return g.longest_pulse_ns if self._rule.until_turned else g.pulse_ns

    def _start_motors(self) -> bool:
        """Put the drive lines as the rule says; False if there is nothing to reinforce."""
        lines, right = self._lines, self._praised()
        for r, (response, desired, drive) in enumerate(
            zip(lines.responses, lines.desired, lines.drive, strict=True)
        ):
            drive.set(way(self._rule, response.value, desired.value, right, self._coin(r)))
        driven = any(drive.value for drive in lines.drive)
        self._s.pulses[0] += driven
        return driven

    def _coin(self, r: int) -> int:
        column = COIN + r
        return 2 * chance.below(2, self._given.parts_seed, column, self._kernel.now_ns) - 1

    def _stop_motors_that_have_done(self) -> None:
        """Under a non-quantised rule, let go of the R-units whose response has turned."""
        if self._s.stage[0] != Stage.REINFORCING or not self._rule.until_turned:
            return
        lines = self._lines
        for response, drive in zip(lines.responses, lines.drive, strict=True):
            if response.value == drive.value:
                drive.set(0)
        if not any(drive.value for drive in lines.drive):
            self._stop_motors()

    def _stop_motors(self) -> None:
        for line in self._lines.drive:
            line.set(0)
        by_hand = self._s.series_at[0] == len(self._s.series_order)
        if by_hand:
            self._enter(Stage.IDLE)
        else:
            self._enter(Stage.RESTING, self._given.rest_ns)

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
