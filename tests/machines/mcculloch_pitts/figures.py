"""Nets of figure 1 of the paper, for the tests; wiring as in the project's reference sheet."""

from machines.mcculloch_pitts import Wiring


def board(title, afferents, cells):
    """Draw a net: ``{name: (excite, veto, h)}``."""
    drawn = Wiring(title)
    for name in afferents:
        drawn.afferent(name)
    for name, (excite, veto, h) in cells.items():
        drawn.cell(name, excite, veto, h=h)
    drawn.output(*cells)
    return drawn.net()


def delay():
    return board("1a", "1", {"2": ({"1": 2}, (), 2)})


def either():
    return board("1b", "12", {"3": ({"1": 2, "2": 2}, (), 2)})


def both():
    return board("1c", "12", {"3": ({"1": 1, "2": 1}, (), 2)})


def but_not():
    return board("1d", "12", {"3": ({"1": 2}, ["2"], 2)})


def heat_and_cold():
    return board(
        "1e",
        "12",
        {
            "a": ({"2": 2}, (), 2),
            "b": ({"a": 2}, ["2"], 2),
            "3": ({"1": 2, "b": 2}, (), 2),
            "4": ({"a": 1, "2": 1}, (), 2),
        },
    )


def with_memory():
    return board(
        "1i",
        "12",
        {"L": ({"1": 1, "2": 1, "L": 2}, (), 2), "3": ({"2": 2, "1": 1, "L": 1}, (), 2)},
    )
