"""Random nets for the tests: small, with circles, under every law."""

import numpy as np
from hypothesis import strategies as st

from machines.mcculloch_pitts.laws import Law
from machines.mcculloch_pitts.net import Net
from machines.mcculloch_pitts.wiring import Wiring

LAWS = [
    Law(),
    Law("relative"),
    Law("extinction", raises=(1, 0, 2)),
    Law("extinction", raises=(5,)),
    Law("summation", window=2),
    Law("summation", window=4),
    Law("alterable"),
    Law("minsky"),
    Law("noisy", error_ppm=100_000, seed=1956),
]


@st.composite
def nets(
    draw,
    laws=LAWS,
    most_afferents=4,
    most_cells=7,
    most_delay=3,
    most_endings=3,
    circles=True,
    least_afferents=0,
    at_start=True,
):
    """Give a small net; without circles, a cell ends on later ones only."""
    law = draw(st.sampled_from(laws))
    board = Wiring("any net", law)
    afferents = [
        board.afferent(f"a{i}") for i in range(draw(st.integers(least_afferents, most_afferents)))
    ]
    names = [f"c{i}" for i in range(draw(st.integers(1, most_cells)))]
    rows = st.tuples(st.integers(1, most_endings), st.integers(1, most_delay))
    for i, name in enumerate(names):
        sources = afferents + (names if circles else names[:i])
        some = (
            st.lists(st.sampled_from(sources), unique=True, max_size=5) if sources else st.just([])
        )
        excite = {source: draw(rows) for source in draw(some)}
        veto = {source: draw(rows) for source in draw(some)[:2]}
        alterable = [s for s in excite if law.name == "alterable" and draw(st.booleans())]
        board.cell(
            name,
            excite,
            veto,
            h=draw(st.integers(law.least_h, 5)),
            fires_at_start=at_start and draw(st.booleans()),
            alterable=alterable,
        )
    board.output(*draw(st.lists(st.sampled_from(names), unique=True, min_size=1)))
    return board.net()


@st.composite
def stimuli(draw, net, most_ticks=12):
    """Give a stimulus for a net: uint8 (ticks, afferents)."""
    ticks = draw(st.integers(1, most_ticks))
    bits = draw(st.integers(0, (1 << (ticks * net.afferents)) - 1))
    flat = [bits >> i & 1 for i in range(ticks * net.afferents)]
    return np.array(flat, np.uint8).reshape(ticks, net.afferents)


def random_net(seed, afferents, cells, excite, veto, h, law=None, delay=1):
    """Give a large net of one shape, wired at random."""
    chance = np.random.default_rng(seed)
    fibres = afferents + cells
    return Net(
        afferents,
        np.full(cells, h, np.int32),
        np.arange(cells + 1, dtype=np.int64) * excite,
        chance.integers(0, fibres, cells * excite).astype(np.int32),
        np.ones(cells * excite, np.int32),
        chance.integers(1, delay + 1, cells * excite).astype(np.int32),
        np.arange(cells + 1, dtype=np.int64) * veto,
        chance.integers(0, fibres, cells * veto).astype(np.int32),
        np.ones(cells * veto, np.int32),
        chance.integers(1, delay + 1, cells * veto).astype(np.int32),
        (chance.random(cells) < 0.3).astype(np.uint8),
        law=law or Law(),
    )
