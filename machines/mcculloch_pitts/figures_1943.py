"""The nets of figure 1 of McCulloch and Pitts (1943), and what the paper says they do.

Each figure is drawn here cell by cell; its formula is never written into the net but derived from
it (:func:`derived`) and held against the paper's. Nets a to e, the upper net of f, h and i are
wired as the paper draws them (documented); of g and the lower net of f only the formulas were at
hand, and a wiring that has them is used (reconstructed). The paper's dots used as brackets are
brackets here.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulator.errors import Mistake

from .calculus_print import equation
from .calculus_read import statement
from .formula import formula
from .law import run
from .laws import Law
from .net import Net
from .proof import prove
from .report import Proof
from .wiring import Wiring


class Figure(NamedTuple):
    """One net of the figure.

    Attributes
    ----------
    name
        As ``1e``; ``1f above`` and ``1f below`` are the two nets of figure 1f.
    title
        What the paper uses it for.
    says
        The paper's formulas, one a cell.
    evidence
        ``documented`` if the paper draws this wiring, ``reconstructed`` if only its formula is
        known.
    net
        The net.
    """

    name: str
    title: str
    says: tuple[str, ...]
    evidence: str
    net: Net


class Derived(NamedTuple):
    """A formula derived from a net beside the paper's.

    Attributes
    ----------
    paper, derived
        Both, printed.
    minimal
        The shortest "or of ands" of the same.
    alike
        Whether they are the same sign for sign.
    proof
        That the net does what the paper's formula says, whatever the afferents do.
    """

    paper: str
    derived: str
    minimal: str
    alike: bool
    proof: Proof


NAMES = ("1a", "1b", "1c", "1d", "1e", "1f above", "1f below", "1g", "1h", "1i")


def figure(name: str) -> Figure:
    """Draw a net of the figure, by name.

    Raises
    ------
    Mistake
        If the figure has no such net.
    """
    wanted = name.strip().lower().removeprefix("figure").strip()
    wanted = wanted if wanted[:1] == "1" else f"1{wanted}"
    if wanted not in NAMES:
        raise Mistake(f"figure 1 has no net {name!r}; it has {', '.join(NAMES)}")
    title, says, evidence = _SAYS[wanted]
    law = Law("relative") if wanted == "1f above" else Law()
    board = Wiring(f"figure {wanted}: {title}", law)
    at = _PLACES.get(wanted, {})
    for afferent in _AFFERENTS.get(wanted, ("N1", "N2")):
        board.afferent(afferent, at.get(afferent))
    for cell, (excite, veto, h) in _CELLS[wanted].items():
        board.cell(cell, excite, veto, h=h, at=at.get(cell))
    board.output(*(statement(one).name or "" for one in says))
    return Figure(wanted, title, says, evidence, board.net())


def figures() -> tuple[Figure, ...]:
    """Draw all nets of the figure."""
    return tuple(figure(name) for name in NAMES)


def derived(one: Figure) -> tuple[Derived, ...]:
    """Derive the formulas of a net back and hold them against the paper's."""
    found = []
    outputs = [one.net.name(int(number)) for number in one.net.outputs]
    says = [statement(text).expression for text in one.says]
    proof = prove(one.net, says, 0)
    for name, text in zip(outputs, one.says, strict=True):
        back = formula(one.net, name)
        printed = equation(name, back.substituted)
        short = equation(name, back.minimal or back.substituted)
        found.append(Derived(text, printed, short, printed == text, proof))
    return tuple(found)


class Feeling(NamedTuple):
    """The illusion of heat and cold: what is applied to the skin, and what is felt.

    Attributes
    ----------
    heat, cold
        uint8, shape (ticks,): when the receptors N1 and N2 fire.
    feels_heat, feels_cold
        uint8, shape (ticks,): when N3 and N4 fire.
    """

    heat: NDArray[np.uint8]
    cold: NDArray[np.uint8]
    feels_heat: NDArray[np.uint8]
    feels_cold: NDArray[np.uint8]


def heat_and_cold(cold_for: int, ticks: int = 12, heat_for: int = 0) -> Feeling:
    """Hold something cold, or warm, to the skin from t = 0: figure 1e.

    Touched briefly, the cold object is felt as heat; held longer, as cold; and when it is taken
    away there is heat once more.

    Parameters
    ----------
    cold_for, heat_for
        How many ticks the receptors for cold and for heat fire.
    ticks
        How many ticks are shown.

    Raises
    ------
    Mistake
        If a number is below 0 or there are more than 10000 ticks.
    """
    if not 1 <= ticks <= 10_000 or cold_for < 0 or heat_for < 0:
        raise Mistake("the skin is watched for 1 to 10000 ticks and touched for 0 or more")
    time = np.arange(ticks)
    stimulus = np.column_stack([time < heat_for, time < cold_for]).astype(np.uint8)
    net = figure("1e").net
    shown = run(net, stimulus, ticks - 1)
    return Feeling(shown[:, 0], shown[:, 1], shown[:, net.fibre("N3")], shown[:, net.fibre("N4")])


Cells = dict[str, tuple[dict[str, int], tuple[str, ...], int]]

_AFFERENTS = {
    "1a": ("N1",),
    "1f above": ("N1", "N2", "N3"),
    "1f below": ("N1", "N2", "N3"),
    "1h": ("N1",),
}

_CELLS: dict[str, Cells] = {
    "1a": {"N2": ({"N1": 2}, (), 2)},
    "1b": {"N3": ({"N1": 2, "N2": 2}, (), 2)},
    "1c": {"N3": ({"N1": 1, "N2": 1}, (), 2)},
    "1d": {"N3": ({"N1": 2}, ("N2",), 2)},
    "1e": {
        "Na": ({"N2": 2}, (), 2),
        "Nb": ({"Na": 2}, ("N2",), 2),
        "N3": ({"N1": 2, "Nb": 2}, (), 2),
        "N4": ({"Na": 1, "N2": 1}, (), 2),
    },
    "1f above": {"N4": ({"N2": 1, "N3": 1}, ("N1",), 1)},
    "1f below": {
        "N5": ({"N2": 2, "N3": 2}, ("N1",), 2),
        "N6": ({"N1": 1, "N2": 1, "N3": 1}, (), 3),
        "N4": ({"N5": 2, "N6": 2}, (), 2),
    },
    "1g": {
        "Ne": ({"N2": 2}, (), 2),
        "Nc": ({"N1": 2}, (), 2),
        "Nd": ({"Nc": 2}, (), 2),
        "N3": ({"Ne": 2}, ("Nd",), 2),
    },
    "1h": {"Nd": ({"N1": 2}, (), 2), "N2": ({"N1": 1, "Nd": 1}, (), 2)},
    "1i": {
        "NL": ({"N1": 1, "N2": 1, "NL": 2}, (), 2),
        "N3": ({"N2": 2, "N1": 1, "NL": 1}, (), 2),
    },
}

_PLACES: dict[str, dict[str, tuple[float, float]]] = {
    "1e": {"N1": (0, 0), "N2": (0, 3), "Na": (1, 2), "Nb": (2, 1), "N3": (3, 0), "N4": (2, 3)},
    "1g": {"N1": (0, 0), "N2": (0, 1), "Nc": (1, 0), "Nd": (2, 0), "Ne": (1, 1), "N3": (3, 1)},
    "1i": {"N1": (0, 1), "N2": (0, 2), "NL": (1, 0), "N3": (2, 2)},
}
"""Where cells stand, ours: so that no fibre is drawn through a cell."""

_DRAWN, _KNOWN_BY_FORMULA = "documented", "reconstructed"
_SAYS: dict[str, tuple[str, tuple[str, ...], str]] = {
    "1a": ("delay: the functor S", ("N2(t) == N1(t-1)",), _DRAWN),
    "1b": ("or", ("N3(t) == N1(t-1) v N2(t-1)",), _DRAWN),
    "1c": ("and", ("N3(t) == N1(t-1).N2(t-1)",), _DRAWN),
    "1d": ("and not", ("N3(t) == N1(t-1).~N2(t-1)",), _DRAWN),
    "1e": (
        "the illusion of heat and cold",
        ("N3(t) == N1(t-1) v N2(t-3).~N2(t-2)", "N4(t) == N2(t-2).N2(t-1)"),
        _DRAWN,
    ),
    "1f above": (
        "relative inhibition",
        ("N4(t) == ~N1(t-1).[N2(t-1) v N3(t-1)] v N1(t-1).N2(t-1).N3(t-1)",),
        _DRAWN,
    ),
    "1f below": (
        "absolute inhibition in its place",
        ("N4(t) == ~N1(t-2).[N2(t-2) v N3(t-2)] v N1(t-2).N2(t-2).N3(t-2)",),
        _KNOWN_BY_FORMULA,
    ),
    "1g": ("extinction", ("N3(t) == N2(t-2).~N1(t-3)",), _KNOWN_BY_FORMULA),
    "1h": ("temporal summation", ("N2(t) == N1(t-1).N1(t-2)",), _DRAWN),
    "1i": (
        "an alterable synapse, as a circle",
        ("N3(t) == N2(t-1) v N1(t-1).(Ex)t-1 N1(x).N2(x)",),
        _DRAWN,
    ),
}
