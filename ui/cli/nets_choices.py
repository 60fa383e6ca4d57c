"""What can be chosen among in the commands of McCulloch-Pitts nets."""

from __future__ import annotations

from enum import StrEnum


class Engine(StrEnum):
    """Who runs a net; all agree bit by bit."""

    AUTO = "auto"
    LAW = "law"
    SWEEP = "sweep"
    EVENTS = "events"
    REFERENCE = "reference"


class Others(StrEnum):
    """What holds in the rows of a truth table that are not listed."""

    ZERO = "0"
    ONE = "1"
    OPEN = "-"


class Code(StrEnum):
    """How letters come to the net of a regular expression."""

    ONE_HOT = "one-hot"
    BINARY = "binary"
    ALWAYS = "binary-always"
    CLOCK = "binary-clock"


class Kind(StrEnum):
    """What a net, or a run of it, can be written as."""

    JSON = "json"
    SVG = "svg"
    DOT = "dot"
    VERILOG = "verilog"
    BLIF = "blif"
    CSV = "csv"
    VCD = "vcd"


class Target(StrEnum):
    """The laws a net can be brought under."""

    ABSOLUTE = "absolute"
    RELATIVE = "relative"
