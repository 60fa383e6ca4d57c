"""What is given: the 704 as it stood before the power was switched on.

Few numbers, since nearly everything about the machine is in its table of operations: how much core
storage there is, how long a cycle takes, what an hour costs. What each operation takes stands in
``operations.py``, with its own evidence.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any

from simulator.errors import Mistake
from simulator.pedigree import Evidence, constant, numbers_from

CORE_SIZES = (4096, 8192, 32768)
"""One or two frames 737 of 4,096 words, or a 738."""

_RANGES = {
    "cycle_us": (1, 1_000_000),
    "dollars_per_hour": (0, 1_000_000),
    "undefined_stops": (0, 1),
    "multiple_step_ms": (1, 10_000),
}


@dataclass(frozen=True)
class Description:
    """The numbers of one 704; whole numbers throughout.

    Raises
    ------
    Mistake
        If a number is impossible.
    """

    core_words: int = constant(
        32768,
        Evidence.DOCUMENTED,
        "IBM 738 core storage: 32,768 words in one frame; 737: 4,096 words a frame",
        "words of core storage: 4096, 8192 or 32768",
    )
    cycle_us: int = constant(
        12, Evidence.DOCUMENTED, "704 Manual of Operation", "one access to core storage", "us"
    )
    dollars_per_hour: int = constant(
        180,
        Evidence.DOCUMENTED,
        "MIT Computation Center papers of 1957-58: 180 and 200 dollars an hour of use",
        "what an hour of the machine cost",
        "dollars",
    )
    undefined_stops: int = constant(
        1,
        Evidence.ASSUMED,
        "no source read says what the machine did; a stop is what finds the mistake",
        "1: an undefined operation stops the machine; 0: it does nothing",
    )
    multiple_step_ms: int = constant(
        100,
        Evidence.ASSUMED,
        "slow enough for the eye",
        "time from one instruction to the next while the multiple step key is held",
        "ms",
    )

    def __post_init__(self) -> None:
        for field in dataclasses.fields(self):
            value = getattr(self, field.name)
            if isinstance(value, bool) or not isinstance(value, int):
                raise Mistake(f"{field.name} must be a whole number, not {value!r}")
            if field.name == "core_words":
                if value not in CORE_SIZES:
                    sizes = ", ".join(str(size) for size in CORE_SIZES)
                    raise Mistake(f"a 704 has {sizes} words of core storage, not {value}")
                continue
            low, high = _RANGES[field.name]
            if not low <= value <= high:
                raise Mistake(f"{field.name} must lie between {low} and {high}, not {value}")

    @property
    def cycle_ns(self) -> int:
        """The cycle in nanoseconds."""
        return self.cycle_us * 1000

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
        return numbers_from(cls, numbers, "a 704")


if __name__ == "__main__":
    from simulator.pedigree import table

    print(table(Description))  # for the machine's README
