"""The values: a potentiometer for each A-unit, turned by a motor of its own.

What a Mark I has learned is how far its potentiometers are turned. While an R-unit is being
reinforced, the motors of its *active* A-units run, up or down, each at its own speed (under the
gamma-system those of the inactive ones run back), until the pulse ends or the shaft meets an end
stop, where it slips. A motor that reverses first turns through the play of its gears. The shaft
stays where it is when the power goes.

Nothing moves step by step here: a shaft that runs since some instant is wherever its speed has
brought it by now, to the microdegree, whenever one looks.
"""

from __future__ import annotations

from simulator.chance import column, entry
from simulator.kernel import NEVER, Bell, Kernel, Life
from simulator.signal import Signal

from .state import Phase


class Wiper:
    """The analogue wire from a potentiometer to its R-unit: it carries an angle, at any instant.

    Parameters
    ----------
    kernel
        The kernel.
    motor, motor_start_ns, value_start, play
        The cells of the State that say how the shaft moves.
    travel
        Angle from centre to the end stops, udeg.
    backlash
        Play of the gears, udeg.
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
        play: Signal,
        travel: int,
        backlash: int,
        noise: int,
        noise_column: tuple[int, int],
    ) -> None:
        self._kernel = kernel
        self._motor = motor
        self._motor_start_ns = motor_start_ns
        self._value_start = value_start
        self._play = play
        self._travel = travel
        self._backlash = backlash
        self._noise = noise
        self._crackles = 2 * noise + 1
        self._noise_column = column(*noise_column)

    def _turned(self) -> int:
        """How far the motor has turned since it started, udeg, whichever way."""
        elapsed_ns = self._kernel.now_ns - self._motor_start_ns.value
        return abs(self._motor.value) * elapsed_ns // 1_000_000

    def angle(self) -> int:
        """Where the shaft stands now, udeg from the centre."""
        speed, start = self._motor.value, self._value_start.value
        if speed == 0:
            return start
        if speed > 0:
            followed = self._turned() - (self._backlash - self._play.value)
            reached, stop = start + followed, self._travel
            return start if followed <= 0 else reached if reached < stop else stop
        followed = self._turned() - self._play.value
        reached, stop = start - followed, -self._travel
        return start if followed <= 0 else reached if reached > stop else stop

    def play(self) -> int:
        """Where the gear stands in its backlash now: 0 driving down, all of it driving up."""
        speed, play = self._motor.value, self._play.value
        if speed == 0:
            return play
        return (
            min(self._backlash, play + self._turned())
            if speed > 0
            else max(0, play - self._turned())
        )

    def reading(self) -> int:
        """Give what the R-unit gets now: the angle, give or take the noise of the contact."""
        if self._noise == 0:
            return self.angle()
        crackle = entry(self._crackles, self._noise_column, self._kernel.now_ns)
        return self.angle() + crackle - self._noise


class Potentiometer:
    """One motor-driven potentiometer.

    Parameters
    ----------
    kernel
        The kernel.
    active
        Input: its A-unit.
    drive
        Input: the reinforcement line of its R-unit.
    gain_on, gain_off
        Inputs: the speeds asked of it while its A-unit is active, and while it is not.
    seized
        Whether the motor does not turn.
    motor, coincidences
        Outputs: the motor's speed, and pulses up less pulses down with the A-unit active.
    motor_start_ns, value_start, play
        Remembered: since when, from where, and where in the backlash.
    wiper
        Output: the analogue wire to the R-unit.
    rate
        The motor's own speed, udeg per ms.
    """

    def __init__(
        self,
        kernel: Kernel,
        active: Signal,
        drive: Signal,
        gain_on: Signal,
        gain_off: Signal,
        seized: Signal,
        motor: Signal,
        coincidences: Signal,
        motor_start_ns: Signal,
        value_start: Signal,
        play: Signal,
        wiper: Wiper,
        rate: int,
    ) -> None:
        self._kernel = kernel
        self._active = active
        self._drive = drive
        self._gain_on = gain_on
        self._gain_off = gain_off
        self._seized = seized
        self._motor = motor
        self._coincidences = coincidences
        self._motor_start_ns = motor_start_ns
        self._value_start = value_start
        self._play = play
        self._wiper = wiper
        self._rate = rate
        self._bell = Bell(kernel, Phase.REINFORCE)
        for line in (active, gain_on, gain_off, seized):
            line.feeds(self._bell)
        kernel.process(self._life())

    def _life(self) -> Life:
        while True:
            yield self._bell.heard()
            speed = self._asked()
            if speed == self._motor.value:
                continue
            if self._active.value and _sign(speed) not in (0, _sign(self._motor.value)):
                self._coincidences.set(self._coincidences.value + self._drive.value)
            angle, play = self._wiper.angle(), self._wiper.play()
            self._value_start.set(angle)
            self._play.set(play)
            self._motor.set(speed)
            self._motor_start_ns.set(self._kernel.now_ns if speed else NEVER)

    def _asked(self) -> int:
        """Tell what speed is asked of the motor, udeg per ms."""
        if self._seized.value:
            return 0
        gain = (self._gain_on if self._active.value else self._gain_off).value
        return _sign(gain) * (self._rate * abs(gain) // 1_000_000)

    def turn_to(self, angle: int) -> None:
        """Stand at an angle as of now; a motor that runs goes on from there."""
        play = self._wiper.play()
        self._value_start.set(angle)
        self._play.set(play)
        if self._motor.value:
            self._motor_start_ns.set(self._kernel.now_ns)

    def fade(self, ppm: int) -> None:
        """Lose a part of the value; the motor stands still."""
        angle = self._value_start.value
        self._value_start.set(angle - _sign(angle) * (abs(angle) * ppm // 1_000_000))


def _sign(number: int) -> int:
    return (number > 0) - (number < 0)
