"""What the tests of the logic draw by chance: sentences and nets."""

import numpy as np
from hypothesis import strategies as st

from machines.mcculloch_pitts.calculus import (
    Always,
    And,
    Constant,
    Ever,
    Every,
    Fibre,
    Not,
    Or,
    Past,
    Xor,
)
from machines.mcculloch_pitts.law import run
from machines.mcculloch_pitts.wiring import Wiring

NAMES = ("a", "b", "c")
_LEAVES = st.one_of(
    st.sampled_from(NAMES).map(Fibre),
    st.builds(lambda name, k: Past(Fibre(name), k), st.sampled_from(NAMES), st.integers(1, 3)),
)


def _larger(inner):
    return st.one_of(
        st.builds(lambda one, other: And((one, other)), inner, inner),
        st.builds(lambda one, other: Or((one, other)), inner, inner),
        st.builds(lambda one, other: And((one, Not(other))), inner, inner),
        st.builds(Not, inner),
        st.builds(Xor, inner, inner),
        st.builds(Past, inner, st.integers(1, 2)),
    )


sentences = st.recursive(_LEAVES, _larger, max_leaves=7)
"""Sentences of the 1943 calculus, some of which fire out of silence."""

remembering = st.recursive(
    _LEAVES | st.builds(Every, st.integers(1, 3), st.just(0)) | st.booleans().map(Constant),
    lambda inner: _larger(inner) | st.builds(Ever, inner) | st.builds(Always, inner),
    max_leaves=5,
)
"""Sentences with the operators of Theorem X."""


@st.composite
def nets(draw, circles=False, cells=6, delays=1, veto=True):
    """Nets of a few cells; without circles each cell hangs on earlier ones."""
    board = Wiring()
    fibres = [board.afferent(name) for name in NAMES[: draw(st.integers(1, 3))]]
    names = [f"n{k}" for k in range(draw(st.integers(1, cells)))]
    for k, name in enumerate(names):
        sources = fibres + (names if circles else names[:k])
        ends = st.tuples(st.integers(1, 2), st.integers(1, delays))
        excite = draw(st.dictionaries(st.sampled_from(sources), ends, min_size=1, max_size=3))
        most = sum(number for number, _ in excite.values())
        vetoes = draw(st.sets(st.sampled_from(sources), max_size=1 if veto else 0))
        starts = circles and draw(st.booleans())
        h = draw(st.integers(1, most))
        board.cell(name, excite, sorted(vetoes), h=h, fires_at_start=starts)
    board.output(names[-1])
    return board.net()


def stimuli(net, ticks=24):
    """A stimulus for a net: uint8 (ticks, afferents)."""
    row = st.lists(st.integers(0, 1), min_size=net.afferents, max_size=net.afferents)
    return st.lists(row, min_size=ticks, max_size=ticks).map(lambda rows: np.array(rows, np.uint8))


def answers(net, stimulus, ticks):
    """What a net's outputs show from t = 0 by the plain law: uint8 (ticks + 1, outputs)."""
    return run(net, stimulus, ticks)[:, net.outputs]


def by_name(net, stimulus):
    """The stimulus of each afferent by name, as a bool array."""
    return {net.name(k): stimulus[:, k].astype(bool) for k in range(net.afferents)}
