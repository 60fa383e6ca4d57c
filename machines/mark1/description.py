"""What is given: the Mark I Perceptron as it stood before the power was switched on.

Counts, thresholds, rates and times, each with how we know it. Nothing here changes while the
machine runs. The class's defaults are the **nominal** machine, whose photocells and motors
differ a little from one another as real ones do; :meth:`Description.ideal` is the same machine
with every part alike, instant and exact.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any

from simulator.errors import Mistake
from simulator.pedigree import Evidence, constant, numbers_from

from .physics import PHYSICS

_ONR = "ONR Digital Computer Newsletter 12(3), July 1960, pp. 2-3, as quoted in the literature"
_MANUAL_FIGURE = "Operators' Manual VG-1196-G-5 (1960), figure 1"


_SEED = (0, 2**63 - 1)
_RANGES = {
    "rows": (1, 256),
    "columns": (1, 256),
    "association_units": (1, 100_000),
    "response_units": (1, 62),
    "responses_in_use": (1, 62),
    "plugs_per_s_unit": (0, 100_000),
    "excitatory": (0, 1000),
    "inhibitory": (0, 1000),
    "theta": (-1000, 1000),
    "wiring_seed": _SEED,
    "parts_seed": _SEED,
    "photocell_threshold": (1, 255),
    "pickup_spread_permille": (0, 999),
    "motor_spread_permille": (0, 999),
    "travel_mdeg": (1, 10_000_000),
    "wiper_noise_mdeg": (0, 1_000_000),
    "motor_mdeg_per_s": (1, 10_000_000),
    "lighting_permille": (0, 4000),
    "gradient_permille": (0, 1000),
    "photocell_spread_permille": (0, 999),
    "hysteresis": (0, 254),
    "latch": (0, 1),
    "relay_spread_permille": (0, 999),
    "retention_mdeg": (0, 1_000_000),
    "decay_ppm": (0, 1_000_000),
    "feed_units": (1, 100_000),
    "longest_pulse_us": (1, 1_000_000_000),
    "sample_us": (1, 10_000_000),
    "settle_us": (1, 10_000_000),
    "pulse_us": (1, 10_000_000),
    "rest_us": (1, 10_000_000),
}


@dataclass(frozen=True)
class Description:
    """The numbers of one Mark I; whole numbers throughout.

    Raises
    ------
    Mistake
        If a number is impossible or contradicts another.
    """

    rows: int = constant(20, Evidence.DOCUMENTED, _ONR, "rows of photocells on the retina")
    columns: int = constant(20, Evidence.DOCUMENTED, _ONR, "columns of photocells on the retina")
    association_units: int = constant(512, Evidence.DOCUMENTED, _ONR, "A-units")
    response_units: int = constant(
        8, Evidence.DOCUMENTED, _MANUAL_FIGURE, "R-units, each with two states"
    )
    responses_in_use: int = constant(
        8,
        Evidence.RECONSTRUCTED,
        "figure 1 of the manual shows many A-units to one R-unit; that the sharing could be "
        "re-plugged is assumed",
        "R-units (from R1) among which the A-units are shared out",
    )
    plugs_per_s_unit: int = constant(
        40,
        Evidence.DOCUMENTED,
        "Operators' Manual, as cited in the encyclopedias",
        "most A-units one S-unit can be plugged to",
    )
    excitatory: int = constant(
        10,
        Evidence.RECONSTRUCTED,
        "400 S-units of 40 plugs give 512 A-units at most 31 each; 10 + 10 learns the 26 letters "
        "in the published time",
        "excitatory origin points of an A-unit (x)",
    )
    inhibitory: int = constant(
        10, Evidence.RECONSTRUCTED, "as for x", "inhibitory origin points of an A-unit (y)"
    )
    theta: int = constant(
        2,
        Evidence.RECONSTRUCTED,
        "with 10 + 10 origin points 1 and 2 learn the 26 letters in the published 40 exposures on "
        "nearly all wirings, whether five or eight R-units share the A-units; 3 does with five, "
        "and fails on most with eight",
        "threshold of the A-units as switched on",
    )
    wiring_seed: int = constant(
        1,
        Evidence.ASSUMED,
        "the plugboard was drawn from a random-number table; which page, nobody knows",
        "page of the random-number table for the plugboard",
    )
    parts_seed: int = constant(
        1, Evidence.ASSUMED, "every machine's parts stray differently", "which set of real parts"
    )
    lighting_permille: int = constant(
        1000, Evidence.ASSUMED, "the lamps as set up", "light of the lamps", "permille"
    )
    gradient_permille: int = constant(
        100,
        Evidence.ASSUMED,
        "lamps stand to one side of the scene",
        "part of the light lost from the first column of photocells to the last",
        "permille",
    )
    photocell_threshold: int = constant(
        128,
        Evidence.ASSUMED,
        "half of full light",
        "light level (0..255) from which a photocell counts as lit",
    )
    photocell_spread_permille: int = constant(
        100, Evidence.ASSUMED, "parts of one make", "largest stray of that level", "permille"
    )
    hysteresis: int = constant(
        8,
        Evidence.ASSUMED,
        "a relay drops at less than it picks up at",
        "how many levels below that a lit photocell goes dark",
    )
    latch: int = constant(
        0,
        Evidence.ASSUMED,
        "a means to hold a picture shown for a moment only",
        "1: an S-unit once on stays on until the next exposure",
    )
    pickup_us: int = constant(
        20_000,
        Evidence.ASSUMED,
        "cadmium sulphide cells follow light in tens of milliseconds",
        "time from a change of light to the S-unit's change",
        "us",
    )
    pickup_spread_permille: int = constant(
        250, Evidence.ASSUMED, "parts of one make", "largest stray of that time", "permille"
    )
    relay_us: int = constant(
        5_000,
        Evidence.ASSUMED,
        "a telephone relay takes milliseconds; what an A-unit's output stage was is not known",
        "time from a sum crossing theta to the A-unit's change",
        "us",
    )
    relay_spread_permille: int = constant(
        250, Evidence.ASSUMED, "parts of one make", "largest stray of that time", "permille"
    )
    travel_mdeg: int = constant(
        150_000,
        Evidence.ASSUMED,
        "a common potentiometer turns 300 degrees; 30 nominal pulses from centre to stop, and "
        "8 are enough for the letters",
        "travel of a potentiometer from centre to either end stop",
        "mdeg",
    )
    motor_mdeg_per_s: int = constant(
        20_000, Evidence.ASSUMED, "no figure is known", "speed of a motor's shaft", "mdeg/s"
    )
    motor_spread_permille: int = constant(
        100, Evidence.ASSUMED, "parts of one make", "largest stray of that speed", "permille"
    )
    backlash_mdeg: int = constant(
        100,
        Evidence.ASSUMED,
        "play of a gear train",
        "angle a motor turns after reversing before its shaft follows",
        "mdeg",
    )
    retention_mdeg: int = constant(
        0,
        Evidence.ASSUMED,
        "a shaft stays where it is; only a worn one creeps",
        "largest stray of a shaft when the power is switched off and on",
        "mdeg",
    )
    decay_ppm: int = constant(
        0,
        Evidence.RECONSTRUCTED,
        "a feature of the theory (Rosenblatt 1958), for spontaneous learning; the potentiometers "
        "of the Mark I kept their values",
        "part of every value lost at each exposure of a series",
        "ppm",
    )
    feed_units: int = constant(
        16,
        Evidence.ASSUMED,
        "K is not known; about as many as are active of the 64 A-units of an R-unit",
        "K of the beta-system: gain fed to a source-set, in gains of one active A-unit",
    )
    wiper_noise_mdeg: int = constant(
        50, Evidence.ASSUMED, "wire-wound track", "largest error of a wiper's reading", "mdeg"
    )
    dead_zone_mdeg: int = constant(
        1_000,
        Evidence.ASSUMED,
        "a fifth of one pulse on one potentiometer",
        "sum below which an R-unit does not change",
        "mdeg",
    )
    sample_us: int = constant(
        10_000,
        Evidence.ASSUMED,
        "pick-up time of a relay",
        "how often an R-unit compares its sum while motors run",
        "us",
    )
    settle_us: int = constant(
        100_000,
        Evidence.ASSUMED,
        "longer than the slowest photocell",
        "time from exposure to the reading of the response",
        "us",
    )
    compare_us: int = constant(
        10_000,
        Evidence.ASSUMED,
        "pick-up time of a relay",
        "time from reading the response to the start of the motors",
        "us",
    )
    pulse_us: int = constant(
        250_000,
        Evidence.ASSUMED,
        "5 degrees of shaft",
        "length of a reinforcement pulse",
        "us",
    )
    longest_pulse_us: int = constant(
        30_000_000,
        Evidence.ASSUMED,
        "all of the travel, from stop to stop, twice",
        "when motors that run until the response turns are stopped all the same",
        "us",
    )
    rest_us: int = constant(
        400_000,
        Evidence.ASSUMED,
        "an operator with a tray of slides",
        "time to change the stimulus after a trial",
        "us",
    )

    def __post_init__(self) -> None:
        for field in dataclasses.fields(self):
            value = getattr(self, field.name)
            if isinstance(value, bool) or not isinstance(value, int):
                raise Mistake(f"{field.name} must be a whole number, not {value!r}")
            low, high = _RANGES.get(field.name, (0, 10_000_000))
            if not low <= value <= high:
                raise Mistake(f"{field.name} must lie between {low} and {high}, not {value}")
        plugs, cells = self.excitatory + self.inhibitory, self.rows * self.columns
        if plugs == 0:
            raise Mistake("an A-unit needs at least one origin point, excitatory or inhibitory")
        if plugs > cells:
            raise Mistake(
                f"an A-unit cannot have {plugs} different origin points on {cells} S-units"
            )
        needed, sockets = plugs * self.association_units, cells * self.plugs_per_s_unit
        if needed > sockets:
            raise Mistake(
                f"{self.association_units} A-units with {self.excitatory} + {self.inhibitory} "
                f"origin points need {needed} plugs, {cells} S-units take "
                f"{self.plugs_per_s_unit} each, {sockets} in all: lower excitatory or inhibitory"
            )
        check_theta(self, self.theta)
        strayed = self.photocell_threshold
        strayed -= strayed * self.photocell_spread_permille // 1000
        if self.hysteresis >= strayed:
            raise Mistake(
                f"hysteresis is {self.hysteresis}, but some photocell lights up at {strayed} "
                "already: it would never go dark again; lower one of them"
            )
        if self.responses_in_use > self.response_units:
            raise Mistake(
                f"responses_in_use is {self.responses_in_use}, but there are only "
                f"{self.response_units} R-units"
            )
        if self.responses_in_use > self.association_units:
            raise Mistake("there must be at least one A-unit for every R-unit in use")

    @classmethod
    def ideal(cls, **changes: int) -> Description:
        """Give the machine whose parts are all alike, instant and exact: physics ``off``."""
        return cls.with_physics("off", **changes)

    @classmethod
    def with_physics(cls, physics: str, **changes: int) -> Description:
        """Give the machine with a preset of :data:`PHYSICS`.

        Parameters
        ----------
        physics
            ``off``, ``nominal`` or ``worn``.
        **changes
            Fields that shall differ from the preset's.

        Raises
        ------
        Mistake
            If there is no such preset or a number is impossible.
        """
        if physics not in PHYSICS:
            raise Mistake(f"no physics is called {physics}; there are {', '.join(PHYSICS)}")
        return cls(**(PHYSICS[physics] | changes))

    @property
    def s_units(self) -> int:
        """How many S-units there are: one for each photocell."""
        return self.rows * self.columns

    def to_json(self) -> dict[str, Any]:
        """Give the numbers as JSON."""
        return dataclasses.asdict(self)

    @classmethod
    def from_json(cls, numbers: Any) -> Description:
        """Read what :meth:`to_json` gave.

        Raises
        ------
        Mistake
            If a number is missing, unknown or impossible.
        """
        return numbers_from(cls, numbers, "a Mark I")


def check_theta(description: Description, theta: int) -> None:
    """Refuse a threshold at which the A-units could never, or would always, be active.

    Raises
    ------
    Mistake
        If ``theta`` is not in ``1 - y .. x``.
    """
    low, high = 1 - description.inhibitory, description.excitatory
    if not low <= theta <= high:
        raise Mistake(
            f"theta must lie between {low} and {high} for A-units with {description.excitatory} "
            f"excitatory and {description.inhibitory} inhibitory origin points, not {theta}"
        )


if __name__ == "__main__":
    from simulator.pedigree import presets_table, table

    print(table(Description))  # for the machine's README
    print(presets_table(Description, PHYSICS))
