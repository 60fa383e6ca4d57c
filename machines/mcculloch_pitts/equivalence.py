"""Whether two nets say the same, up to a lag: decided, with a stimulus that tells them apart.

Two nets are equivalent up to a lag of d if every output of the second at t + d is that of the first
at t, at every t from 0 and whatever the afferents do. Nets without circles are compared by their
truth tables, others by following both through every state they can reach together. With d below 0
it is the first net that answers later. If the lag is not given, it is found: the tables of nets
without circles leave one alone; of others all up to :data:`MOST_LAG` are tried on random stimuli,
sixty-four at once, and those left are decided, the smallest first.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulator import chance
from simulator.errors import Mistake

from .following import Follower, TooLarge, check_law, every_row, first_difference, net_follower
from .graph import has_circles
from .net import Net
from .net_truth import begins_settled, truth_of
from .normal_form import Table, compared
from .report import diagram

MOST_LAG = 64
"""Nets with circles are compared up to so many ticks apart, if no lag is given."""
FARTHEST_LAG = 10_000
"""No lag that is asked for is longer."""
_SAMPLE = chance.stream("mcculloch_pitts.equivalence")
_SAMPLE_TICKS = 4 * MOST_LAG


class Verdict(NamedTuple):
    """Whether two nets are equivalent.

    Attributes
    ----------
    equivalent
        Whether they are, up to the lag.
    lag
        How many ticks later the second net answers; if they differ, the lag at which they agree for
        longest.
    method
        ``every row`` or ``every state``; ``sample`` where nets differ on a random stimulus and have
        too many states to find a shortest one.
    cases
        How many rows or steps were compared at that lag.
    afferents
        Names of the afferents.
    stimulus
        A stimulus that tells them apart, one row a tick, bit i afferent i; empty if none. By
        ``every state`` there is none shorter.
    trace
        The same as a time diagram, with what each net answers.
    """

    equivalent: bool
    lag: int
    method: str
    cases: int
    afferents: tuple[str, ...]
    stimulus: tuple[int, ...] = ()
    trace: str = ""


def equivalent(left: Net, right: Net, lag: int | None = None, most: int | None = None) -> Verdict:
    """Decide whether two nets with the same afferents say the same, up to a lag.

    Parameters
    ----------
    left, right
        The nets; afferents are matched by name, outputs by order.
    lag
        How many ticks later the right net answers, negative if earlier; None: any, or of nets with
        circles any up to :data:`MOST_LAG`.
    most
        How many steps are followed at each lag; if left out, what takes some seconds.

    Raises
    ------
    Mistake
        If afferents or outputs do not match, the law is one of those not analysed, or the nets are
        too large to decide.
    """
    check_law(left)
    check_law(right)
    if lag is not None and abs(lag) > FARTHEST_LAG:
        raise Mistake(f"nets are compared up to {FARTHEST_LAG} ticks apart, not {lag}")
    names = tuple(left.name(k) for k in range(left.afferents))
    others = {right.name(k) for k in range(right.afferents)}
    if odd := sorted(set(names) ^ others):
        raise Mistake(f"{odd[0]} is an afferent of one net and not of the other")
    if len(left.outputs) != len(right.outputs) or not len(left.outputs):
        raise Mistake(
            f"the nets show {len(left.outputs)} and {len(right.outputs)} outputs; they need the "
            "same number, at least 1"
        )
    tables = None
    if all(not has_circles(net) and begins_settled(net) for net in (left, right)):
        tables = _tables(left, right)
    if tables is not None:
        lag = _lag_of(*tables) if lag is None else lag
        return _by_rows(left, right, tables, lag, names) or _at(left, right, lag, names, most)
    if lag is not None:
        return _at(left, right, lag, names, most)
    return _at_some_lag(left, right, names, most)


def _tables(left: Net, right: Net) -> tuple[list[Table], list[Table]] | None:
    """Draw up the truth tables of all outputs; None if they are too large."""
    try:
        both = [[truth_of(net, int(number)) for number in net.outputs] for net in (left, right)]
    except Mistake:
        return None
    return both[0], both[1]


def _lag_of(left: Sequence[Table], right: Sequence[Table]) -> int:
    """Find the one lag at which two lists of tables can be the same: both look back as far then."""
    for one, other in zip(left, right, strict=True):
        if one.literals and other.literals:
            return max(c.ago for c in other.literals) - max(c.ago for c in one.literals)
    return 0


def _at_some_lag(left: Net, right: Net, names: tuple[str, ...], most: int | None) -> Verdict:
    """Decide at every lag that random stimuli leave, the smallest first."""
    words = _random_words(len(names))
    shown = [_answers(net, words, names) for net in (left, right)]
    lags = sorted(range(-MOST_LAG, MOST_LAG + 1), key=lambda lag: (abs(lag), -lag))
    last = {lag: _first_wrong(shown[0], shown[1], lag) for lag in lags}
    best: Verdict | None = None
    for lag in lags:
        if last[lag] is None:
            best = _at(left, right, lag, names, most)
            if best.equivalent:
                return best
    if best is not None:
        return best
    lag = max(lags, key=lambda one: (last[one] or (0, 0))[0] - abs(one))
    tick, lane = last[lag] or (0, 0)
    try:
        return _at(left, right, lag, names, most)
    except TooLarge:  # too many states to find the shortest stimulus, but one is at hand
        bits = words[: tick + 1] >> np.uint64(lane) & np.uint64(1)
        rows = tuple(sum(bit << k for k, bit in enumerate(row)) for row in bits.tolist())
        trace = _trace(_followers(left, right, names), rows, names, lag)
        return Verdict(False, lag, "sample", (tick + 1) * 64, names, rows, trace)


def _random_words(afferents: int) -> NDArray[np.uint64]:
    """Draw sixty-four stimuli: in half of them every second fibre fires, in half every fourth."""
    shape = (_SAMPLE_TICKS, afferents)
    some, others = (
        chance.bits_of(0, _SAMPLE, k * _SAMPLE_TICKS * afferents + np.arange(shape[0] * afferents))
        for k in (0, 1)
    )
    return (some & (others | np.uint64((1 << 32) - 1))).reshape(shape)


def _answers(net: Net, words: NDArray[np.uint64], names: Sequence[str]) -> NDArray[np.uint64]:
    """Run a net in lanes; its afferents in the order of ``names``."""
    from .compiled import (
        lanes,
    )  # numba takes a third of a second to import: only where it is wanted

    columns = [names.index(net.name(k)) for k in range(net.afferents)]
    return lanes(net, np.ascontiguousarray(words[:, columns]), _SAMPLE_TICKS - 1, net.outputs)


def _first_wrong(
    left: NDArray[np.uint64], right: NDArray[np.uint64], lag: int
) -> tuple[int, int] | None:
    """Find the first tick, and a lane, in which the later net answers otherwise."""
    early, late = (left, right) if lag >= 0 else (right, left)
    wrong = early[: len(early) - abs(lag)] ^ late[abs(lag) :]
    if not wrong.any():
        return None
    tick = int(wrong.any(axis=1).argmax())
    word = int(wrong[tick][wrong[tick] != 0][0])
    return tick + abs(lag), (word & -word).bit_length() - 1


def _followers(left: Net, right: Net, names: Sequence[str]) -> list[Follower]:
    return [
        net_follower(net, names, [int(number) for number in net.outputs]) for net in (left, right)
    ]


def _at(left: Net, right: Net, lag: int, names: tuple[str, ...], most: int | None) -> Verdict:
    followers = _followers(left, right, names)
    early, late = followers if lag >= 0 else reversed(followers)
    found = first_difference(early, late, every_row(len(names)), abs(lag), most)
    if found.difference is None:
        return Verdict(True, lag, "every state", found.transitions, names)
    rows = found.difference.stimulus
    trace = _trace(followers, rows, names, lag)
    return Verdict(False, lag, "every state", found.transitions, names, rows, trace)


def _by_rows(
    left: Net,
    right: Net,
    tables: tuple[list[Table], list[Table]],
    lag: int,
    names: tuple[str, ...],
) -> Verdict | None:
    """Compare truth tables, moved by the lag; None if they are too large together."""
    cases = 0
    for one, other in zip(*tables, strict=True):
        found = compared(one.earlier(max(0, lag)), other.earlier(max(0, -lag)))
        if found is None:
            return None
        cases += 1 << len(found.over)
        if found.row is not None:
            rows = found.stimulus(names)
            trace = _trace(_followers(left, right, names), rows, names, lag)
            return Verdict(False, lag, "every row", cases, names, rows, trace)
    return Verdict(True, lag, "every row", cases, names)


def _trace(
    followers: Sequence[Follower], stimulus: tuple[int, ...], names: Sequence[str], lag: int
) -> str:
    """Draw the stimulus and what both nets answer, the second one's answers moved by the lag."""
    lines = {name: [bool(row >> k & 1) for row in stimulus] for k, name in enumerate(names)}
    later = f", {abs(lag)} {'later' if lag > 0 else 'earlier'}" if lag else ""
    for what, follower, moved in (
        ("first net", followers[0], 0),
        (f"second net{later}", followers[1], lag),
    ):
        state, answers = follower.start, [0] * max(0, -moved)
        for row in (*stimulus, *(0,) * abs(lag)):
            answer, state = follower.step(state, row)
            answers.append(answer)
        answers = answers[max(0, moved) :][: len(stimulus)]
        width = max(1, max(answers).bit_length())
        for k in range(width):
            name = what if width == 1 else f"{what}, output {k + 1}"
            lines[name] = [bool(answer >> k & 1) for answer in answers]
    return diagram(lines)
