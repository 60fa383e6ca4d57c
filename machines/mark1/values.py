"""The values: a potentiometer for each A-unit, turned by a motor of its own.

What a Mark I has learned is how far its potentiometers are turned. While an R-unit is being
reinforced, the motors of its *active* A-units run, up or down, each at its own speed, until the
pulse ends or the shaft meets an end stop, where it slips. The shaft stays where it is when the
power goes.

Nothing moves step by step here: a shaft that runs since some instant is wherever its speed has
brought it by now, to the microdegree, whenever one looks.
"""

from __future__ import annotations

from simulator import chance
from simulator.kernel import NEVER, Bell, Kernel, Life
from simulator.signal import Signal

from .state import Phase


class Wiper:
    """The analogue wire from a potentiometer to its R-unit: it carries an angle, at any instant.

    Parameters
    ----------
    kernel
        The kernel.
    motor, motor_start_ns, value_start
        The cells of the State that say how the shaft moves.
    rate
        Shaft speed, udeg per ms.
    travel
        Angle from centre to the end stops, udeg.
    noise
        Largest error of the reading, udeg.
    noise_column
        ``(seed, stream)`` of the random-number table for the errors.
    """

    def __init__(
        self,
        kernel: Kernel,
        motor: Signal,
        motor_start_ns: Signal,
        value_start: Signal,
        rate: int,
        travel: int,
        noise: int,
        noise_column: tuple[int, int],
    ) -> None:
        self._kernel = kernel
        self._motor = motor
        self._motor_start_ns = motor_start_ns
        self._value_start = value_start
        self._rate = rate
        self._travel = travel
        self._noise = noise
        self._noise_column = noise_column

    def angle(self) -> int:
        """Where the shaft stands now, udeg from the centre."""
        way, start = self._motor.value, self._value_start.value
        if way == 0:
            return start
        elapsed_ns = self._kernel.now_ns - self._motor_start_ns.value
        room = self._travel - way * start
        return start + way * min(room, self._rate * elapsed_ns // 1_000_000)

    def reading(self) -> int:
        """Give what the R-unit gets now: the angle, give or take the noise of the contact."""
        return self.angle() + chance.spread(self._noise, *self._noise_column, self._kernel.now_ns)


class Potentiometer:
    """One motor-driven potentiometer.

    Parameters
    ----------
    kernel
        The kernel.
    active
        Input: its A-unit.
    drive
        Input: the reinforcement line of its R-unit, -1, 0 or +1.
    motor
        Output: which way the motor runs.
    motor_start_ns, value_start
        Remembered: since when, and from where.
    wiper
        Output: the analogue wire to the R-unit.
    """

    def __init__(
        self,
        kernel: Kernel,
        active: Signal,
        drive: Signal,
        motor: Signal,
        motor_start_ns: Signal,
        value_start: Signal,
        wiper: Wiper,
    ) -> None:
        self._kernel = kernel
        self._active = active
        self._drive = drive
        self._motor = motor
        self._motor_start_ns = motor_start_ns
        self._value_start = value_start
        self._wiper = wiper
        self._bell = Bell(kernel, Phase.REINFORCE)
        active.feeds(self._bell)
        drive.feeds(self._bell)
        kernel.process(self._life())

    def _life(self) -> Life:
        while True:
            yield self._bell.heard()
            way = self._drive.value if self._active.value else 0
            if way != self._motor.value:
                self.turn_to(self._wiper.angle())
                self._motor.set(way)
                self._motor_start_ns.set(self._kernel.now_ns if way else NEVER)

    def turn_to(self, angle: int) -> None:
        """Stand at an angle as of now; a motor that runs goes on from there."""
        self._value_start.set(angle)
        if self._motor.value:
            self._motor_start_ns.set(self._kernel.now_ns)
