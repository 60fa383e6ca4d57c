"""A net seen as an automaton, and as a regular expression: Kleene's theorem backwards.

Whatever circles a net has, it can be in finitely many states only; those it reaches from the start,
with an edge for each row its afferents can carry, are an automaton. Made smallest and then taken
apart state by state (McNaughton and Yamada 1960; Brzozowski and McCluskey 1963), it gives a regular
expression: the event after which the output fires.

Time: after a word of p rows, presented at t = 0 ... p-1, an output is asked about at t = p + wait.
``wait`` is 0 where it answers one tick after the last row, and 1 for a net that answers two ticks
after it, as Kleene's do; what is presented in between is silence.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from simulator.errors import Mistake

from .automaton import Automaton, smallest
from .following import TooLarge, every_row, net_follower, steps_for
from .net import Net

LONGEST = 50_000
_LETTERS = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"


class Event(NamedTuple):
    """What makes an output fire, as a regular expression.

    Attributes
    ----------
    expression
        The expression; ``""`` is the word without letters, None no word at all.
    letters
        What each letter stands for: the fibres that fire together, joined by ``+``, ``-`` if none.
    automaton
        The smallest automaton of the event.
    """

    expression: str | None
    letters: dict[str, str]
    automaton: Automaton


def automaton_of(
    net: Net,
    output: str | None = None,
    *,
    one_at_a_time: bool = False,
    wait: int = 0,
    most: int | None = None,
) -> Automaton:
    """Follow a net into all states it can reach, and make the automaton smallest.

    Parameters
    ----------
    net
        The net, under the law absolute, relative or minsky.
    output
        The cell that says yes; the net's first output if left out.
    one_at_a_time
        Only rows in which exactly one afferent fires, the letters of a regular expression; else all
        rows, silence too.
    wait
        How many silent ticks pass before the output is looked at.
    most
        How many steps are followed; if left out, what takes some seconds.

    Raises
    ------
    Mistake
        If there are too many states or rows, no output, or the output is an afferent.
    """
    fibre = _output(net, output)
    most = steps_for(net.cells) if most is None else most
    names = [net.name(k) for k in range(net.afferents)]
    follower = net_follower(net, names, [fibre])
    single = [1 << k for k in range(net.afferents)]
    rows = single if one_at_a_time else every_row(net.afferents)
    if len(rows) > 4096:
        raise TooLarge(
            f"{net.afferents} afferents carry {len(rows)} different rows; an automaton is drawn up "
            "for 12 afferents at most, or with one firing at a time"
        )
    numbers = {follower.start: 0}
    states = [follower.start]
    following: list[list[int]] = []
    for state in states:
        row_of_states = []
        for row in rows:
            _, there = follower.step(state, row)
            if there not in numbers:
                numbers[there] = len(states)
                states.append(there)
            row_of_states.append(numbers[there])
        following.append(row_of_states)
        if len(following) * len(rows) > most:
            raise TooLarge(
                f"undecided after {most} steps into {len(states)} states; give fewer afferents, "
                "split the net, or allow more steps"
            )
    yes = []
    for state in states:
        for _ in range(wait):
            _, state = follower.step(state, 0)
        yes.append(bool(follower.step(state, 0)[0]))
    letters = tuple(_fibres(row, names) for row in rows)
    table = np.array(following, np.int32).reshape(len(states), len(letters))
    return smallest(Automaton(letters, 0, table, np.array(yes, bool)))


def event_of(
    net: Net,
    output: str | None = None,
    *,
    one_at_a_time: bool = False,
    wait: int = 0,
    most: int | None = None,
) -> Event:
    """Write the event after which an output fires as a regular expression.

    The parameters are those of :func:`automaton_of`.

    Raises
    ------
    Mistake
        As :func:`automaton_of`, or if the expression would be too long to read.
    """
    found = automaton_of(net, output, one_at_a_time=one_at_a_time, wait=wait, most=most)
    return Event(*expression_of(found), found)


def expression_of(automaton: Automaton) -> tuple[str | None, dict[str, str]]:
    """Take an automaton apart, state by state, into a regular expression and its letters.

    Raises
    ------
    Mistake
        If it has more letters than there are signs, or the expression would be too long to read.
    """
    if all(len(name) == 1 and name not in ".^$*+?{}[]\\|()-" for name in automaton.letters):
        signs: Sequence[str] = automaton.letters
    elif len(automaton.letters) <= len(_LETTERS):
        signs = _LETTERS[: len(automaton.letters)]
    else:
        raise Mistake(
            f"a regular expression is written with {len(_LETTERS)} letters at most; this automaton "
            f"has {len(automaton.letters)}"
        )
    legend = dict(zip(signs, automaton.letters, strict=True))
    small = smallest(automaton)
    beginning, end = -1, -2
    edges = _Edges()
    edges.add(beginning, small.start, "")
    for state in range(small.states):
        for there in np.unique(small.following[state]):
            same = [signs[int(k)] for k in np.flatnonzero(small.following[state] == there)]
            edges.add(state, int(there), same[0] if len(same) == 1 else f"[{''.join(same)}]")
        if small.yes[state]:
            edges.add(state, end, "")
    left = set(range(small.states))
    for state in range(small.states):  # at most one says no for ever
        if set(small.following[state].tolist()) == {state} and not small.yes[state]:
            left.remove(state)
            edges.remove(state)
    while left:
        state = min(left, key=lambda one: (edges.cost(one), one))
        left.remove(state)
        edges.bypass(state)
        if edges.characters > LONGEST:  # none of it is lost on the way
            raise Mistake(
                f"the regular expression of these {small.states} states would be longer than "
                f"{LONGEST} characters; use the automaton"
            )
    return edges.out[beginning].get(end), legend


class _Edges:
    """An automaton whose edges carry expressions, while state after state is taken out."""

    def __init__(self) -> None:
        self.out: defaultdict[int, dict[int, str]] = defaultdict(dict)
        self.into: defaultdict[int, dict[int, str]] = defaultdict(dict)
        self.characters = 0

    def add(self, one: int, other: int, text: str) -> None:
        """Draw an edge, beside one that may be there."""
        before = self.out[one].get(other)
        text = text if before is None else _either(before, text)
        self.characters += len(text) - len(before or "")
        self.out[one][other] = self.into[other][one] = text

    def remove(self, state: int) -> None:
        """Take a state out with its edges."""
        for other, text in self.into.pop(state, {}).items():
            self.characters -= len(text)
            del self.out[other][state]
        for other, text in self.out.pop(state, {}).items():
            self.characters -= len(text)
            del self.into[other][state]

    def cost(self, state: int) -> int:
        """Estimate how much longer the expression becomes when a state is taken out."""
        into = [len(text) for other, text in self.into[state].items() if other != state]
        out = [len(text) for other, text in self.out[state].items() if other != state]
        own = len(self.out[state].get(state, ""))
        both = len(into) * len(out)
        return sum(into) * len(out) + sum(out) * len(into) + own * both + both

    def bypass(self, state: int) -> None:
        """Take a state out: every way through it becomes an edge."""
        loop = self.out[state].get(state)
        again = f"{_unit(loop)}*" if loop else ""
        into, out = dict(self.into[state]), dict(self.out[state])
        self.remove(state)
        for one, first in into.items():
            for other, second in out.items():
                if state not in (one, other):
                    self.add(one, other, _factor(first) + again + _factor(second))


def _either(left: str, right: str) -> str:
    if left == right:
        return left
    if left == "":
        left, right = right, left
    if right == "":
        return left if left.endswith("*") and _is_unit(left[:-1]) else f"{_unit(left)}?"
    return f"{left}|{right}"


def _is_unit(text: str) -> bool:
    """Tell whether a text is one letter, one set or one pair of brackets."""
    if len(text) == 1:
        return True
    if text[:1] == "[":
        return text.index("]") == len(text) - 1
    if text[:1] != "(" or text[-1:] != ")":
        return False
    depth = 0
    for k, sign in enumerate(text):
        depth += (sign == "(") - (sign == ")")
        if not depth:
            return k == len(text) - 1
    return False


def _unit(text: str) -> str:
    return text if _is_unit(text) else f"({text})"


def _factor(text: str) -> str:
    """Bracket what has alternatives outside any bracket."""
    depth = 0
    for sign in text:
        depth += (sign == "(") - (sign == ")")
        if sign == "|" and not depth:
            return f"({text})"
    return text


def _output(net: Net, output: str | None) -> int:
    if output is None:
        if not len(net.outputs):
            raise Mistake("the net shows no output; name the cell that is to be analysed")
        fibre = int(net.outputs[0])
    else:
        fibre = net.fibre(output)
    if fibre < net.afferents:
        raise Mistake(f"{net.name(fibre)} is an afferent; name a cell to be analysed")
    return fibre


def _fibres(row: int, names: Sequence[str]) -> str:
    return "+".join(name for k, name in enumerate(names) if row >> k & 1) or "-"
