"""Whether two nets say the same, up to a lag: decided, with a stimulus that tells them apart.

Two nets are equivalent up to a lag of d if every output of the second at t + d is that of the first
at t, at every t from 0 and whatever the afferents do. Nets without circles are compared by their
truth tables, others by following both through every state they can reach together. If the lag is
not given, all that are possible are tried, the smallest first: with d below 0 it is the first net
that answers later.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from simulator.errors import Mistake

from .following import (
    Follower,
    check_law,
    every_row,
    first_difference,
    net_follower,
)
from .graph import has_circles, order_of_cells
from .net import Net
from .net_truth import begins_settled, truth_of
from .normal_form import Literal
from .report import diagram
from .truth import MOST_LITERALS, lowest_row, spread

MOST_LAG = 16


class Verdict(NamedTuple):
    """Whether two nets are equivalent.

    Attributes
    ----------
    equivalent
        Whether they are, up to the lag.
    lag
        How many ticks later the second net answers; if they differ, the lag at which they differ
        last.
    method
        ``every row`` or ``every state``.
    cases
        How many rows or steps were compared at that lag.
    afferents
        Names of the afferents.
    stimulus
        A shortest stimulus that tells them apart, one row a tick, bit i afferent i; empty if none.
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
        How many ticks later the right net answers, negative if earlier; None: any.
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
    names = tuple(left.name(k) for k in range(left.afferents))
    others = {right.name(k) for k in range(right.afferents)}
    if odd := sorted(set(names) ^ others):
        raise Mistake(f"{odd[0]} is an afferent of one net and not of the other")
    if len(left.outputs) != len(right.outputs) or not len(left.outputs):
        raise Mistake(
            f"the nets show {len(left.outputs)} and {len(right.outputs)} outputs; they need the "
            "same number, at least 1"
        )
    if lag is not None:
        return _at(left, right, lag, names, most)
    furthest = min(MOST_LAG, max(_depth(left), _depth(right)))
    best: Verdict | None = None
    for distance in range(furthest + 1):
        for one in sorted({distance, -distance}, reverse=True):
            verdict = _at(left, right, one, names, most)
            if verdict.equivalent:
                return verdict
            if best is None or len(verdict.stimulus) > len(best.stimulus):
                best = verdict
    assert best is not None
    return best


def _depth(net: Net) -> int:
    """Return a lag no greater one is worth trying for: the longest way from an afferent."""
    depth: dict[int, int] = {}
    for group in order_of_cells(net, None, range(net.afferents)):
        for number in group:
            cell = number - net.afferents
            rows = net.excited_by(cell) + net.vetoed_by(cell)
            depth[number] = max((depth.get(f, 0) + d for f, _, d in rows), default=0)
    return max((depth.get(int(number), 0) for number in net.outputs), default=0)


def _at(left: Net, right: Net, lag: int, names: tuple[str, ...], most: int | None) -> Verdict:
    plain = [net for net in (left, right) if not has_circles(net) and begins_settled(net)]
    if len(plain) == 2 and (verdict := _by_rows(left, right, lag, names)) is not None:
        return verdict
    followers = [
        net_follower(net, names, [int(number) for number in net.outputs]) for net in (left, right)
    ]
    early, late = followers if lag >= 0 else reversed(followers)
    found = first_difference(early, late, every_row(len(names)), abs(lag), most)
    if found.difference is None:
        return Verdict(True, lag, "every state", found.transitions, names)
    rows = found.difference.stimulus
    trace = _trace(followers, rows, names, lag)
    return Verdict(False, lag, "every state", found.transitions, names, rows, trace)


def _by_rows(left: Net, right: Net, lag: int, names: tuple[str, ...]) -> Verdict | None:
    """Compare truth tables; None if they are too large."""
    cases = 0
    for one, other in zip(left.outputs, right.outputs, strict=True):
        try:
            said, shown = truth_of(left, int(one)), truth_of(right, int(other))
        except Mistake:
            return None
        ahead, behind = max(0, -lag), max(0, lag)
        later = tuple(literal.earlier(behind) for literal in said.literals)
        moved = tuple(literal.earlier(ahead) for literal in shown.literals)
        over = tuple(dict.fromkeys(later + moved))
        if len(over) > MOST_LITERALS:
            return None
        cases += 1 << len(over)
        n = len(over)
        tables = [
            spread(table, [over.index(literal) for literal in mine], n)
            for table, mine in ((said.true, later), (shown.true, moved))
        ]
        if tables[0] != tables[1]:
            rows = _stimulus(over, lowest_row(tables[0] ^ tables[1]), names)
            followers = [
                net_follower(net, names, [int(number) for number in net.outputs])
                for net in (left, right)
            ]
            return Verdict(
                False, lag, "every row", cases, names, rows, _trace(followers, rows, names, lag)
            )
    return Verdict(True, lag, "every row", cases, names)


def _stimulus(over: Sequence[Literal], row: int, names: Sequence[str]) -> tuple[int, ...]:
    last = max((literal.ago for literal in over), default=0)
    rows = [0] * (last + 1)
    for i, literal in enumerate(over):
        if row >> i & 1:
            rows[last - literal.ago] |= 1 << names.index(literal.name)
    return tuple(rows)


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
