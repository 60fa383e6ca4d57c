"""von Neumann's laboratory: reliable answers from organs that err.

Two ways of 1956, each as theory and as experiment. **Triplication**: three copies of everything and
an organ that takes the majority, itself no better than the rest. The experiment is a net of
1943 under the law ``noisy``: a tree of majority cells (three endings, of which two must be active).
**Multiplexing**: every line is a bundle of N lines, which means 1 if more than (1 - Delta) N are
active, 0 if fewer than Delta N are, and nothing in between. An executive organ of N Sheffer
strokes acts on two bundles whose lines are permuted at random, and two more layers restore the
level.

Sources: J. von Neumann, Probabilistic Logics and the Synthesis of Reliable Organisms from
Unreliable Components, 1956; the figures 0.0107 and rho(N) as recalled in later literature.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulator import chance
from simulator.errors import Mistake

from .compiled import lanes
from .laws import MILLION, Law
from .net import Net
from .wiring import Wiring

TRIPLICATION_LIMIT = 1 / 6
"""Organs that err more often than this cannot be triplicated into reliability."""
NAND_LIMIT = (3 - math.sqrt(7)) / 4
"""Noisy formulas of two-input Sheffer strokes compute if and only if organs err less often
(Evans and Pippenger, UBC TR-95-20)."""
DEEPEST_TREE = 7
MOST_LINES = 1 << 22
MOST_WORDS = 1 << 22
"""No tree is given more words, of sixty-four inputs each: 268 million trials."""
_DRAWN = 1 << 14
"""So many words of chance are drawn at a time, so that the memory stays small."""
_INPUTS = chance.stream("mcculloch_pitts.inputs")
_ORDER = chance.stream("mcculloch_pitts.permutation")
_ERRORS = chance.stream("mcculloch_pitts.strokes")


def triplicated(eta: float, eps: float) -> float:
    """Tell how often a majority organ is wrong: its inputs are with eta, itself with eps."""
    return eps + (1 - 2 * eps) * (3 * eta**2 - 2 * eta**3)


def triplication_level(eps: float) -> float | None:
    """Tell the lowest level of error triplication can hold; None from 1/6 on, where it fails."""
    if not 0 <= eps < TRIPLICATION_LIMIT:
        return None
    return 0.5 - 0.5 * math.sqrt((1 - 6 * eps) / (1 - 2 * eps))


def majority_tree(depth: int, error_ppm: int, seed: int = 0) -> Net:
    """Draw a tree of majority organs: ``3**depth`` afferents, one output.

    Raises
    ------
    Mistake
        If it has no level or more than ``DEEPEST_TREE``.
    """
    if not 1 <= depth <= DEEPEST_TREE:
        raise Mistake(f"a tree has 1 to {DEEPEST_TREE} levels of majority organs, not {depth}")
    board = Wiring(f"{depth} levels of majority", Law("noisy", error_ppm=error_ppm, seed=seed))
    level = [board.afferent(f"x{i}") for i in range(3**depth)]
    for height in range(1, depth + 1):
        level = [
            board.cell(f"m{height}.{i}", dict.fromkeys(level[3 * i : 3 * i + 3], 1), h=2)
            for i in range(len(level) // 3)
        ]
    board.output(*level)
    return board.net()


class Level(NamedTuple):
    """How often the lines of one level of a tree were wrong.

    Attributes
    ----------
    height
        0 for the inputs.
    theory, measured
        The share of wrong lines.
    lines
        How many lines were looked at.
    """

    height: int
    theory: float
    measured: float
    lines: int


def measure_triplication(
    depth: int, error_ppm: int, input_error_ppm: int, ticks: int = 64, seed: int = 0
) -> list[Level]:
    """Let 1 be sent through a tree of majority organs, and count wrong lines, level by level.

    Sixty-four lanes and every tick are trials of their own: organs err independently, and so do
    the inputs.

    Raises
    ------
    Mistake
        If a number is out of range.
    """
    if not 0 <= input_error_ppm <= MILLION or not 1 <= ticks <= 1 << 16:
        raise Mistake("inputs err 0 to 1000000 times in a million, for 1 to 65536 ticks")
    net = majority_tree(depth, error_ppm, seed)
    if net.afferents * ticks > MOST_WORDS:
        most = MOST_WORDS // net.afferents
        raise Mistake(f"a tree of {depth} levels is watched for {most} ticks at most, not {ticks}")
    words = _wrong_words(net.afferents * ticks, input_error_ppm, seed)
    stimulus = ~words.reshape(ticks, net.afferents)
    record = lanes(net, stimulus, ticks)
    theory, first, found = input_error_ppm / MILLION, 0, []
    for height in range(depth + 1):
        width = 3 ** (depth - height)
        rows = record[height : ticks + min(height, 1), first : first + width]
        right = int(np.bitwise_count(rows).sum())
        lines = rows.size * 64
        found.append(Level(height, theory, 1 - right / lines, lines))
        theory = triplicated(theory, error_ppm / MILLION)
        first += width
    return found


def _wrong_words(words: int, error_ppm: int, seed: int) -> NDArray[np.uint64]:
    """Give words of which every bit is 1 with a chance of ``error_ppm`` in a million."""
    found = np.empty(words, np.uint64)
    for first in range(0, words, _DRAWN):
        places = np.arange(64 * first, 64 * min(words, first + _DRAWN))
        wrong = _below(chance.bits_of(seed, _INPUTS, places), error_ppm)
        packed = np.packbits(wrong, bitorder="little")
        found[first : first + _DRAWN] = packed.view(np.dtype("<u8"))
    return found


def _below(bits: NDArray[np.uint64], error_ppm: int) -> NDArray[np.bool_]:
    drawn = ((bits >> np.uint64(32)) * np.uint64(MILLION)) >> np.uint64(32)
    below: NDArray[np.bool_] = drawn < np.uint64(error_ppm)
    return below


def executive(xi: float, eta: float, eps: float) -> float:
    """Tell which share of Sheffer strokes is active, of inputs with shares xi and eta."""
    return eps + (1 - 2 * eps) * (1 - xi * eta)


def restored(share: float, eps: float) -> float:
    """Tell a bundle's share after the two restoring layers."""
    once = executive(share, share, eps)
    return executive(once, once, eps)


def holds(eps: float, delta: float) -> bool:
    """Tell whether a multiplexed stroke brings inputs at the edge of meaning back inside it.

    The two worst cases: both inputs barely 1 (the answer is 0), one barely 0 beside a certain 1.
    """
    zero = restored(executive(1 - delta, 1 - delta, eps), eps)
    one = restored(executive(delta, 1.0, eps), eps)
    return zero <= delta and one >= 1 - delta


def multiplexing_limit(steps: int = 2000) -> tuple[float, float]:
    """Work out the largest eps that some Delta holds, and that Delta (theory: 0.0107 at 0.07)."""
    best = (0.0, 0.0)
    for step in range(1, steps):
        delta = step / (2 * steps)
        best = max(best, (limit_at(delta), delta))
    return best


def limit_at(delta: float) -> float:
    """Work out the largest eps that a Delta holds; 0 if it holds none."""
    low, high = 0.0, 0.25
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (middle, high) if holds(middle, delta) else (low, middle)
    return low


def failure_theory(lines: int) -> float:
    """Tell rho(N), the chance that a stage fails for eps 0.005 and Delta 0.07, N large."""
    return 6.4 / math.sqrt(lines) * 10 ** (-8.6 * lines / 10_000)


def answer(eps: float, delta: float, lines: int) -> tuple[float, float]:
    """Work out the share of active lines after a stage of two inputs barely 1, and its spread.

    Every layer of N strokes on permuted bundles with shares xi and eta adds the variance
    ``(1-2 eps)**2 xi (1-xi) eta (1-eta) / N`` of the permutation and ``eps (1-eps) / N`` of the
    organs' errors, and passes on what came before by the slope of its mean.

    Returns
    -------
    tuple of float
        Mean and standard deviation.
    """
    share, variance = 1 - delta, 0.0
    for _ in range(3):
        spread = ((1 - 2 * eps) * share * (1 - share)) ** 2 + eps * (1 - eps)
        variance = spread / lines + (2 * (1 - 2 * eps) * share) ** 2 * variance
        share = executive(share, share, eps)
    return share, math.sqrt(variance)


def failure_normal(lines: int, eps: float, delta: float) -> float:
    """Work out the chance that a stage fails, its answer taken as normally distributed.

    Two inputs barely 1 fail to give an answer that means 0 (see :func:`answer`).
    """
    mean, deviation = answer(eps, delta, lines)
    beyond = (math.floor(lines * delta) + 0.5) / lines - mean
    return 0.5 * math.erfc(beyond / deviation / math.sqrt(2))


class Bundles:
    """Multiplexed Sheffer strokes: bundles of lines, organs that err.

    Parameters
    ----------
    lines
        N, how many lines a bundle has.
    error_ppm
        How often an organ errs, in millionths.
    seed
        Which page of the random-number table is looked up.

    Raises
    ------
    Mistake
        If a number is out of range.
    """

    def __init__(self, lines: int, error_ppm: int, seed: int = 0) -> None:
        if not 1 <= lines <= MOST_LINES or not 0 <= error_ppm <= MILLION:
            raise Mistake(f"a bundle has 1 to {MOST_LINES} lines, organs err 0 to {MILLION} ppm")
        self._lines, self._error_ppm, self._seed = lines, error_ppm, seed
        self._layer = 0

    def bundle(self, active: int) -> NDArray[np.bool_]:
        """Give a bundle of which so many lines are active."""
        return np.arange(self._lines) < active

    def stroke(self, left: NDArray[np.bool_], right: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Pass two bundles, their lines permuted, through one layer of organs."""
        places = np.arange(self._lines) + self._layer * 2 * self._lines
        self._layer += 1
        mixed = [
            lines[np.argsort(chance.bits_of(self._seed, _ORDER, places + k * self._lines))]
            for k, lines in enumerate((left, right))
        ]
        errs = _below(chance.bits_of(self._seed, _ERRORS, places), self._error_ppm)
        answer: NDArray[np.bool_] = ~(mixed[0] & mixed[1]) ^ errs
        return answer

    def stage(self, left: NDArray[np.bool_], right: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Pass two bundles through the executive organ and both restoring layers."""
        answer = self.stroke(left, right)
        answer = self.stroke(answer, answer)
        return self.stroke(answer, answer)


def measure_failures(
    lines: int, error_ppm: int, delta_permille: int, trials: int, seed: int = 0
) -> int:
    """Count in how many trials a stage fails in one of the worst cases.

    Two inputs barely 1 must give an answer that means 0; one barely 0 beside a certain 1 must give
    one that means 1.

    Raises
    ------
    Mistake
        If a number is out of range.
    """
    if not 0 <= delta_permille <= 500 or not 0 <= trials <= MILLION:
        raise Mistake("Delta is 0 to 500 permille, and there are 0 to 1000000 trials")
    organs = Bundles(lines, error_ppm, seed)
    most = lines * delta_permille // 1000
    high, low, sure = (organs.bundle(n) for n in (lines - most, most, lines))
    return sum(
        int(organs.stage(high, high).sum()) > most
        or int(organs.stage(low, sure).sum()) < lines - most
        for _ in range(trials)
    )


def measure_multiplexing_limit(
    lines: int, delta_permille: int, trials: int = 5, seed: int = 0
) -> int:
    """Find, in millionths, the largest error at which most trials of a stage still hold."""
    low, high = 0, MILLION // 20
    while high - low > 50:
        middle = (low + high) // 2
        failed = measure_failures(lines, middle, delta_permille, trials, seed)
        low, high = (middle, high) if 2 * failed < trials else (low, middle)
    return low
