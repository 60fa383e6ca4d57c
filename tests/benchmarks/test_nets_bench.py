"""How fast nets run, as ratios against a peer in the same run.

Nothing here asserts a time: it prints medians of alternating runs. What is asserted is that both
sides did the same work.

* One stimulus, every cell at every tick, against scipy: a CSR matrix-vector product a tick, which
  is only the sums (no threshold, no veto). int16 and float32 are tried, the faster one counts.
* Sixty-four stimuli in one word against scipy's CSR matrix times a dense matrix of 64 columns. Two
  peers are printed. float32 is what a matrix in scipy mostly is, and what the project's goals were
  measured against (1.3 G rows/s for 100,000 cells and fan-in 100). int16 is the fastest that holds
  the sums of every net here; it stands first, since a reader who knows scipy would use it.
  int8, which cannot hold the sums of every net, is printed beside them.
* Pulses followed against the own sweep, where one fibre in a thousand is active.
* How long ten thousand cells take to load; how much memory a million take.
"""

import resource
import statistics
import time
from itertools import pairwise

import numpy as np
import pytest
import scipy.sparse

from machines.mcculloch_pitts import compiled, net_json
from machines.mcculloch_pitts.compiled_plan import plan
from machines.mcculloch_pitts.net import Net

pytestmark = pytest.mark.benchmark

SHAPES = [  # cells, excitatory and inhibitory rows a cell, threshold
    (10_000, 8, 2, 2),
    (10_000, 80, 20, 12),
    (100_000, 8, 2, 2),
    (100_000, 80, 20, 12),
]


def random_net(seed, afferents, cells, excite, veto, h):
    """Give a net wired at random, every cell of one shape; a third of the cells fire at t = 0."""
    chance = np.random.default_rng(seed)

    def rows(each):
        ones = np.ones(cells * each, np.int32)
        sources = chance.integers(0, afferents + cells, cells * each).astype(np.int32)
        return np.arange(cells + 1, dtype=np.int64) * each, sources, ones, ones

    initial = (chance.random(cells) < 0.3).astype(np.uint8)
    return Net(afferents, np.full(cells, h, np.int32), *rows(excite), *rows(veto), initial)


def seconds(act):
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def alternating(acts, rounds=7):
    """Time acts in turn, round after round; give the median of each."""
    for act in acts:
        act()
    times = [[seconds(act) for act in acts] for _ in range(rounds)]
    return [statistics.median(column) for column in zip(*times, strict=True)]


def sums_of(net, dtype):
    """Give the net's excitation as scipy has it: a matrix of endings, vetoes as ones too."""
    cell = np.repeat(np.arange(net.cells), np.diff(net.starts))
    vetoed = np.repeat(np.arange(net.cells), np.diff(net.veto_starts))
    rows, columns = np.concatenate([cell, vetoed]), np.concatenate([net.sources, net.vetoes])
    ones = np.ones(len(rows), dtype)
    # rows drawn twice stay two entries: the peer does the same number of additions
    order = np.argsort(rows, kind="stable")
    matrix = scipy.sparse.csr_matrix((net.cells, net.fibres), dtype=dtype)
    matrix.indptr = np.concatenate([[0], np.cumsum(np.bincount(rows))]).astype(np.int32)
    matrix.indices, matrix.data = columns[order].astype(np.int32), ones
    return matrix


def same_sums(net, matrix, record):
    """Check that scipy's sums, with threshold and vetoes, give the next row of the record."""
    excite = scipy.sparse.csr_matrix(
        (np.ones(len(net.sources), np.int32), net.sources, net.starts), (net.cells, net.fibres)
    )
    veto = scipy.sparse.csr_matrix(
        (np.ones(len(net.vetoes), np.int32), net.vetoes, net.veto_starts), (net.cells, net.fibres)
    )
    for now, then in pairwise(record[:4]):
        row = now.astype(np.int32)
        fires = (excite @ row >= net.h) & (veto @ row == 0)
        assert (fires == then).all()
        assert (matrix @ now.astype(matrix.dtype) == excite @ row + veto @ row).all()


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_one_stimulus_against_scipy(shape, capsys):
    cells, excite, veto, h = shape
    net = random_net(1943, 0, cells, excite, veto, h)
    rows = cells * (excite + veto)
    ticks = max(3, 10_000_000 // rows)
    record = compiled.run(net, None, ticks, "sweep")
    peers = [sums_of(net, dtype) for dtype in (np.int16, np.float32)]
    same_sums(net, peers[0], record)

    def peer(matrix):
        now = record[-1].astype(matrix.dtype)
        return lambda: [matrix @ now for _ in range(ticks)]

    sweep, auto, *scipys = alternating(
        [
            lambda: compiled.run(net, None, ticks, "sweep"),
            lambda: compiled.run(net, None, ticks),
            *map(peer, peers),
        ]
    )
    best = min(scipys)
    with capsys.disabled():
        print(
            f"\n{cells} cells, fan-in {excite + veto}: {rows * ticks / sweep / 1e9:.2f} G rows/s, "
            f"{best / sweep:.2f} x scipy CSR (engine chosen by activity "
            f"{record[-1].mean():.3f}: {best / auto:.2f} x)"
        )


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_sixty_four_stimuli_against_scipy(shape, capsys):
    cells, excite, veto, h = shape
    net = random_net(1943, 64, cells - 64, excite, veto, h)
    chance = np.random.default_rng(1943)
    ticks = max(4, 40_000_000 // (cells * (excite + veto)))
    words = chance.integers(0, 2**64, (4, 64), np.uint64)
    shown = np.arange(net.fibres - 64, net.fibres)
    record = compiled.lanes(net, words, ticks)
    assert (compiled.lanes(net, words, ticks, shown) == record[:, shown]).all()
    one = (words >> np.uint64(7) & np.uint64(1)).astype(np.uint8)
    alone = compiled.run(net, one, ticks)
    assert (record >> np.uint64(7) & np.uint64(1) == alone).all()
    dense = (record[-1][:, None] >> np.arange(64, dtype=np.uint64) & np.uint64(1)).astype(np.int16)

    def peer(dtype):
        matrix, columns = sums_of(net, dtype), np.ascontiguousarray(dense.astype(dtype))
        return lambda: matrix @ columns

    all_shown, few_shown, *scipys = alternating(
        [
            lambda: compiled.lanes(net, words, ticks),
            lambda: compiled.lanes(net, words, ticks, shown),
            *(peer(dtype) for dtype in (np.float32, np.int16, np.int8)),
        ],
        rounds=5,
    )
    rate = cells * (excite + veto) * 64 * ticks / few_shown / 1e9
    best, small = min(scipys[:2]), scipys[2]
    with capsys.disabled():
        print(
            f"\n{cells} cells, fan-in {excite + veto}, 64 lanes: {rate:.0f} G rows/s; 64 fibres "
            f"shown {best * ticks / few_shown:.1f} x scipy ({scipys[0] * ticks / few_shown:.1f} x "
            f"float32, {small * ticks / few_shown:.1f} x int8), all shown "
            f"{best * ticks / all_shown:.1f} x"
        )


@pytest.mark.parametrize("cells", [10_000, 100_000])
def test_one_fibre_in_a_thousand_against_the_own_sweep(cells, capsys):
    net = random_net(1943, cells // 50, cells, 8, 2, 4)
    ticks = 1000
    stimulus = np.zeros((ticks, net.afferents), np.uint8)
    chance = np.random.default_rng(3)
    active = net.fibres // 1000
    for row in stimulus:
        row[chance.choice(net.afferents, active, replace=False)] = 1
    quiet = type(net)(**{f: getattr(net, f) for f in net.__dataclass_fields__} | {
        "initial": np.zeros(cells, np.uint8)
    })  # fmt: skip
    want = compiled.run(quiet, stimulus, ticks, "sweep")
    shown = np.arange(quiet.fibres - 64, quiet.fibres)
    for engine in ("events", "auto"):
        assert (compiled.run(quiet, stimulus, ticks, engine) == want).all()
    sweep, events, auto = alternating(
        [
            lambda engine=engine: compiled.run(quiet, stimulus, ticks, engine, watch=shown)
            for engine in ("sweep", "events", "auto")
        ]
    )
    with capsys.disabled():
        print(
            f"\n{cells} cells, fan-in 10, activity {want[:ticks].mean():.5f}: pulses followed "
            f"{sweep / events:.0f} x the own sweep, chosen by activity {sweep / auto:.0f} x"
        )


def test_ten_thousand_cells_load(tmp_path, capsys):
    net = random_net(1, 10, 10_000, 8, 2, 2)
    net_json.save(net, tmp_path / "net.json")
    (load,) = alternating([lambda: net_json.load(tmp_path / "net.json")])
    began = time.perf_counter()
    compiled.run(net_json.load(tmp_path / "net.json"), None, 1)
    with capsys.disabled():
        print(
            f"\n10,000 cells, 100,000 rows: loaded in {load:.2f} s, loaded and one tick run in "
            f"{time.perf_counter() - began:.2f} s"
        )


def test_a_million_cells(capsys):
    net = random_net(1, 0, 1_000_000, 8, 2, 2)
    arrays = [getattr(net, name) for name in net.__dataclass_fields__]
    held = sum(array.nbytes for array in arrays if isinstance(array, np.ndarray))
    began = time.perf_counter()
    sweep = plan(net)
    made = time.perf_counter() - began
    held += sum(array.nbytes for array in sweep if isinstance(array, np.ndarray))
    record = compiled.run(net, None, 4)
    held += 2 * record.strides[0]  # the present and the next tick
    (four,) = alternating([lambda: compiled.run(net, None, 4)], rounds=3)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    assert record[4].any()
    with capsys.disabled():
        print(
            f"\na million cells, ten million rows: {held / 1e6:.0f} MB of arrays (net, plan, "
            f"state), planned in {made:.1f} s, {four / 4 * 1000:.1f} ms a tick; "
            f"the whole process took up to {peak} MB"
        )
    assert held < 200e6
