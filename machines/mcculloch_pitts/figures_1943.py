"""The nets of figure 1 of McCulloch and Pitts (1943), and what the paper says they do.

Each figure is drawn here cell by cell, ending by ending as on the plate (p. 105 of the reprint in
Bull. Math. Biol. 52, 1990); its formula is never written into the net but derived from it
(:func:`derived`) and held against the paper's. Only 1g is not the paper's drawing but a net of
absolute inhibition with the paper's formula (reconstructed): the plate draws a net of cells that
tire, which is ``1g above`` here, and which has the formula while N2 rests after every pulse and
never fires together with N1, but not on every stimulus. By how much a cell tires the paper does
not say; by one for one tick is assumed, for then the three endings of N1 always get through. Cells
the plate leaves unmarked are named here, and its dots used as brackets are brackets.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulator.errors import Mistake

from .calculus import Constant, Expression, past
from .calculus_print import equation
from .calculus_read import read, statement
from .following import Follower, expression_follower, net_follower
from .formula import formula
from .law import run
from .laws import Law
from .net import Net
from .proof import decided, prove
from .report import Proof
from .transformers import to_absolute
from .wiring import Wiring


class Figure(NamedTuple):
    """One net of the figure.

    Attributes
    ----------
    name
        As ``1e``; ``1f above`` and ``1f below`` are the two nets of figure 1f, and so on.
    title
        What the paper uses it for.
    says
        The paper's formulas, one a cell.
    evidence
        ``documented`` if the paper draws this wiring, ``reconstructed`` if it is ours and has the
        paper's formula.
    net
        The net.
    provided
        What must hold all the time for the formula to be right; empty if nothing.
    """

    name: str
    title: str
    says: tuple[str, ...]
    evidence: str
    net: Net
    provided: str = ""


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
        That the net does what the paper's formula says, whatever the afferents do; or, where the
        figure says ``provided``, as long as that holds.
    """

    paper: str
    derived: str
    minimal: str
    alike: bool
    proof: Proof


NAMES = ("1a", "1b", "1c", "1d", "1e", "1f above", "1f below", "1g", "1h", "1i")
ALSO = ("1g above", "1i above")
"""The upper drawings of 1g and 1i, whose cells obey another law: tiring, and alterable endings."""


def figure(name: str) -> Figure:
    """Draw a net of the figure, by name.

    Raises
    ------
    Mistake
        If the figure has no such net.
    """
    wanted = name.strip().lower().removeprefix("figure").strip()
    wanted = wanted if wanted[:1] == "1" else f"1{wanted}"
    if wanted not in (*NAMES, *ALSO):
        raise Mistake(f"figure 1 has no net {name!r}; it has {', '.join((*NAMES, *ALSO))}")
    title, says, evidence = _SAYS[wanted]
    board = Wiring(f"figure {wanted}: {title}", _LAWS.get(wanted, Law()))
    at = _PLACES.get(wanted, {})
    for afferent in _AFFERENTS.get(wanted, ("N1", "N2")):
        board.afferent(afferent, at.get(afferent))
    for cell, (excite, veto, h) in _CELLS[wanted].items():
        learns = ("N1",) if wanted == "1i above" else ()
        board.cell(cell, excite, veto, h=h, at=at.get(cell), alterable=learns)
    board.output(*(statement(one).name or "" for one in says))
    return Figure(wanted, title, says, evidence, board.net(), _PROVIDED.get(wanted, ""))


def figures() -> tuple[Figure, ...]:
    """Draw all nets of the figure."""
    return tuple(figure(name) for name in NAMES)


def derived(one: Figure) -> tuple[Derived, ...]:
    """Derive the formulas of a net back and hold them against the paper's.

    Where cells tire or learn nothing is derived: the net is made one of 1943 (Theorems V and VII),
    whose circles are none of Theorem X, and the paper's formula is only proved.
    """
    says = [statement(text).expression for text in one.says]
    if one.name in ALSO:
        alone = f"nothing: under the law {one.net.law.name} a sentence is only proved"
        proof = _proved_of_another_law(one, says)
        return tuple(Derived(text, alone, alone, False, proof) for text in one.says)
    outputs = [one.net.name(int(number)) for number in one.net.outputs]
    proof = prove(one.net, says, 0)
    found = []
    for name, text in zip(outputs, one.says, strict=True):
        back = formula(one.net, name)
        printed = equation(name, back.substituted)
        short = equation(name, back.minimal or back.substituted)
        found.append(Derived(text, printed, short, printed == text, proof))
    return tuple(found)


def _proved_of_another_law(one: Figure, says: list[Expression]) -> Proof:
    """Follow the paper's formula and the net through all stimuli, as long as a proviso holds."""
    same = to_absolute(one.net)
    names = [one.net.name(k) for k in range(one.net.afferents)]
    proviso = read(f"always({one.provided})") if one.provided else Constant(True)
    shown = net_follower(same.net, names, [int(number) for number in same.net.outputs])
    return decided(
        _while(expression_follower(says, names), expression_follower([proviso], names)),
        _while(shown, expression_follower([past(proviso, same.lag)], names)),
        range(1 << len(names)),
        same.lag,
        names,
    )


def _while(one: Follower, proviso: Follower) -> Follower:
    """Follow a machine, whose answers count only while another answers 1."""

    def step(states: tuple[Any, Any], row: int) -> tuple[int, tuple[Any, Any]]:
        answer, after = one.step(states[0], row)
        holds, later = proviso.step(states[1], row)
        return answer if holds else 0, (after, later)

    return Follower((one.start, proviso.start), step, one.size + proviso.size)


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

_LAWS = {
    "1f above": Law("relative"),
    "1g above": Law("extinction", raises=(1,)),
    "1i above": Law("alterable"),
}

_PROVIDED = {"1g above": "~(N2.S N2).~(N1.N2)"}

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
    "1f above": {"N4": ({"N2": 2, "N3": 2}, ("N1",), 2)},
    "1f below": {
        "Na": ({"N2": 2}, ("N1",), 2),
        "Nb": ({"N2": 1, "N3": 1}, (), 2),
        "Nc": ({"N3": 2}, ("N1",), 2),
        "N4": ({"Na": 2, "Nb": 2, "Nc": 2}, (), 2),
    },
    "1g": {
        "Ne": ({"N2": 2}, (), 2),
        "Nc": ({"N1": 2}, (), 2),
        "Nd": ({"Nc": 2}, (), 2),
        "N3": ({"Ne": 2}, ("Nd",), 2),
    },
    "1g above": {
        "Na": ({"N1": 3, "N2": 2}, (), 2),
        "Nb": ({"N2": 2}, (), 2),
        "N3": ({"Na": 1, "Nb": 1}, (), 2),
    },
    "1h": {"Nd": ({"N1": 2}, (), 2), "N2": ({"N1": 1, "Nd": 1}, (), 2)},
    "1i": {
        "NL": ({"N1": 1, "N2": 1, "NL": 2}, (), 2),
        "N3": ({"N2": 2, "N1": 1, "NL": 1}, (), 2),
    },
    "1i above": {"N3": ({"N1": 2, "N2": 2}, (), 2)},
}
"""On the plate one of the two endings of N1 in 1i above works from the start: in vain."""

_PLACES: dict[str, dict[str, tuple[float, float]]] = {
    **{name: {"N1": (0, 0), "N2": (0, 2), "N3": (1, 1)} for name in ("1b", "1c", "1i above")},
    "1e": {"N1": (0, 0), "N2": (0, 4), "Na": (1, 2), "Nb": (2, 1), "N3": (3, 0), "N4": (2, 4)},
    "1f above": {"N2": (0, 0), "N1": (0, 1), "N3": (0, 2), "N4": (1, 1)},
    "1f below": {
        **{"N2": (0, 0), "N1": (0, 2), "N3": (0, 4)},
        **{"Na": (1, 1), "Nb": (1, 2), "Nc": (1, 3), "N4": (2, 2)},
    },
    "1g above": {"N1": (0, 0), "N2": (0, 2), "Na": (1, 0), "Nb": (1, 2), "N3": (2, 1)},
    "1g": {"N1": (0, 0), "N2": (0, 1), "Nc": (1, 0), "Nd": (2, 0), "Ne": (1, 1), "N3": (3, 1)},
    "1h": {"N1": (0, 0), "Nd": (1, 1), "N2": (2, 0)},
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
        _DRAWN,
    ),
    "1g above": (
        "absolute inhibition by cells that tire, while N2 rests and comes without N1",
        ("N3(t) == N2(t-2).~N1(t-3)",),
        _DRAWN,
    ),
    "1i above": (
        "an alterable synapse",
        ("N3(t) == N2(t-1) v N1(t-1).(Ex)t-1 N1(x).N2(x)",),
        _DRAWN,
    ),
    "1g": (
        "the formula under extinction, by a veto",
        ("N3(t) == N2(t-2).~N1(t-3)",),
        _KNOWN_BY_FORMULA,
    ),
    "1h": ("temporal summation", ("N2(t) == N1(t-1).N1(t-2)",), _DRAWN),
    "1i": (
        "an alterable synapse, as a circle",
        ("N3(t) == N2(t-1) v N1(t-1).(Ex)t-1 N1(x).N2(x)",),
        _DRAWN,
    ),
}
