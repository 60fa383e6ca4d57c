"""Boards and their machines as hypothesis makes them up: small, uneven, as odd as may be."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st

from machines.mark1 import Description
from machines.mark1.plugboard import Plugboard, from_wires
from simulator.errors import Mistake


def description(rows=3, columns=4, units=7, in_use=2, sockets=3, **numbers) -> Description:
    """Give a small machine; an A-unit has one origin point unless told otherwise."""
    numbers = {"excitatory": 1, "inhibitory": 0, "theta": 1} | numbers
    return Description(
        rows=rows, columns=columns, association_units=units, response_units=3,
        responses_in_use=in_use, plugs_per_s_unit=sockets, **numbers,
    )  # fmt: skip


@st.composite
def machines(draw) -> Description:
    """Give a small machine."""
    rows, columns, units = (draw(st.integers(1, n)) for n in (4, 5, 8))
    sockets = -(-units // (rows * columns)) + draw(st.integers(0, 4))
    in_use = draw(st.integers(1, min(3, units)))
    return description(rows, columns, units, in_use, sockets)


@st.composite
def boards(draw, d: Description) -> Plugboard:
    """Give a board for a machine: A-units with any number of origin points, also none."""
    pairs = st.tuples(st.integers(0, d.association_units - 1), st.integers(0, d.s_units - 1))
    free, wires = [d.plugs_per_s_unit] * d.s_units, []
    for a, s in draw(st.lists(pairs, unique=True, max_size=40)):
        if free[s]:
            free[s] -= 1
            wires.append((a, s, draw(st.sampled_from([1, -1]))))
    return from_wires(wires, d, draw(potentiometers(d)))


@st.composite
def potentiometers(draw, d: Description) -> list[tuple[int, int]] | None:
    """Give potentiometers: in blocks, one an A-unit by hand, or as many as one likes."""
    n_a, n_r = d.association_units, d.responses_in_use
    kind = draw(st.sampled_from(["blocks", "by hand", "any"]))
    if kind == "blocks":
        return None
    to = draw(st.lists(st.integers(0, n_r - 1), min_size=n_a, max_size=n_a))
    leads = {(a, r) for a, r in enumerate(to)}
    if kind == "any":
        every = st.tuples(st.integers(0, n_a - 1), st.integers(0, n_r - 1))
        leads = set(draw(st.lists(every, max_size=20)))
    idle = set(range(n_r)) - {r for _, r in leads}
    return sorted(leads | {(draw(st.integers(0, n_a - 1)), r) for r in idle})


@st.composite
def machine_and_boards(draw, count: int = 1):
    """Give a small machine and boards for it."""
    d = draw(machines())
    return (d, *(draw(boards(d)) for _ in range(count)))


def told(act, *given) -> str | None:
    """Do something; give the line it is refused in, None if it is done."""
    try:
        act(*given)
    except Mistake as mistake:
        return str(mistake)
    return None


def same(left: Plugboard, right: Plugboard) -> bool:
    """Tell whether two boards are one record, dtypes included."""
    return all(
        np.array_equal(one, other) and one.dtype == other.dtype
        for one, other in zip(vars(left).values(), vars(right).values(), strict=True)
    )
