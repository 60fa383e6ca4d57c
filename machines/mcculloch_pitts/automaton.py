"""Finite automata: what a net with circles is, seen from outside.

An automaton is in one of finitely many states, goes to the next at every letter, and a state says
yes or no. Here it is a table of whole numbers. It is got from a regular expression (sets of
positions), from a net (all states it can reach), and made as small as can be (Moore 1956).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simulator.errors import Mistake

from .regular import Positions

MOST_STATES = 20_000


@dataclass(frozen=True, eq=False)
class Automaton:
    """A deterministic automaton.

    Attributes
    ----------
    letters
        The name of each letter.
    start
        The state before the first letter.
    following
        int32, shape (states, letters): the state a letter leads to.
    yes
        bool, shape (states,): which states say yes.

    Raises
    ------
    Mistake
        If a state does not exist, or the shapes differ.
    """

    letters: tuple[str, ...]
    start: int
    following: NDArray[np.int32]
    yes: NDArray[np.bool_]

    def __post_init__(self) -> None:
        states = len(self.yes)
        if self.following.shape != (states, len(self.letters)):
            raise Mistake(
                f"the table of an automaton with {states} states and {len(self.letters)} letters "
                f"has that many rows and columns, not {self.following.shape}"
            )
        if len(set(self.letters)) != len(self.letters):
            raise Mistake("two letters of the automaton have the same name")
        if not 0 <= self.start < states or (
            self.following.size and not 0 <= self.following.min() <= self.following.max() < states
        ):
            raise Mistake(f"a state of the automaton is none of 0 to {states - 1}")

    @property
    def states(self) -> int:
        """How many states there are."""
        return len(self.yes)

    def accepts(self, word: Iterable[str]) -> bool:
        """Tell whether a word leads to a state that says yes.

        Raises
        ------
        Mistake
            If a letter is none of the automaton's.
        """
        state = self.start
        for letter in word:
            if letter not in self.letters:
                raise Mistake(f"{letter!r} is no letter of the automaton: {self.letters}")
            state = int(self.following[state, self.letters.index(letter)])
        return bool(self.yes[state])


def of_positions(expression: Positions, most: int = MOST_STATES) -> Automaton:
    """Make the automaton whose states are the sets of positions a word can have reached.

    Raises
    ------
    Mistake
        If there are too many such sets; some expressions of n positions have 2^n.
    """
    masks = {
        letter: sum(1 << k for k, mine in enumerate(expression.letters) if letter in mine)
        for letter in expression.alphabet
    }
    follows = [sum(1 << k for k in following) for following in expression.follows]
    first = sum(1 << k for k in expression.first)
    last = sum(1 << k for k in expression.last)
    beginning = 1 << len(expression.letters)
    numbers = {beginning: 0}
    table: list[list[int]] = []
    waiting = [beginning]
    for here in waiting:
        onward = first if here == beginning else 0
        rest = here & (beginning - 1)
        while rest:
            onward |= follows[(rest & -rest).bit_length() - 1]
            rest &= rest - 1
        row = []
        for letter in expression.alphabet:
            there = onward & masks[letter]
            if there not in numbers:
                if len(numbers) >= most:
                    raise Mistake(
                        f"the automaton of this expression has more than {most} states; the net "
                        "of its positions needs none of them"
                    )
                numbers[there] = len(numbers)
                waiting.append(there)
            row.append(numbers[there])
        table.append(row)
    yes = [bool(here & last) or (here == beginning and expression.empty) for here in waiting]
    return Automaton(
        tuple(expression.alphabet),
        0,
        np.array(table, np.int32).reshape(len(yes), len(expression.alphabet)),
        np.array(yes, bool),
    )


def smallest(automaton: Automaton) -> Automaton:
    """Make the automaton with fewest states that says the same; states in the order reached.

    States are first sorted by what they say, then apart again whenever a letter leads two of one
    sort to different sorts, until no sort falls apart (Moore 1956).
    """
    reached = _reached(automaton)
    yes = automaton.yes[reached]
    place = np.full(automaton.states, -1)
    place[reached] = np.arange(len(reached))
    following = place[automaton.following[reached]]
    sorts = yes.astype(np.int64)
    number = len(np.unique(sorts))
    while True:
        signature = np.column_stack([sorts, sorts[following]])
        _, sorts = np.unique(signature, axis=0, return_inverse=True)
        sorts = sorts.reshape(-1)
        if sorts.max() + 1 == number:
            break
        number = int(sorts.max()) + 1
    one_of = np.zeros(number, np.int64)
    one_of[sorts[::-1]] = np.arange(len(sorts))[::-1]
    merged = Automaton(
        automaton.letters,
        int(sorts[0]),
        sorts[following[one_of]].astype(np.int32),
        yes[one_of],
    )
    order = _reached(merged)
    rank = np.zeros(number, np.int32)
    rank[order] = np.arange(number)
    return Automaton(automaton.letters, 0, rank[merged.following[order]], merged.yes[order])


def _reached(automaton: Automaton) -> list[int]:
    order = [automaton.start]
    seen = set(order)
    for state in order:
        for there in automaton.following[state]:
            if int(there) not in seen:
                seen.add(int(there))
                order.append(int(there))
    return order


def same_language(left: Automaton, right: Automaton) -> tuple[str, ...] | None:
    """Find a shortest word on which two automata differ; None if there is none.

    Raises
    ------
    Mistake
        If they have different letters.
    """
    if set(left.letters) != set(right.letters):
        raise Mistake(f"the letters differ: {left.letters} and {right.letters}")
    columns = [right.letters.index(letter) for letter in left.letters]
    origin = (left.start, right.start)
    words: dict[tuple[int, int], tuple[tuple[int, int], str] | None] = {origin: None}
    waiting = [origin]
    for pair in waiting:
        if left.yes[pair[0]] != right.yes[pair[1]]:
            word: list[str] = []
            back = words[pair]
            while back is not None:
                word.append(back[1])
                back = words[back[0]]
            return tuple(reversed(word))
        for k, letter in enumerate(left.letters):
            there = (int(left.following[pair[0], k]), int(right.following[pair[1], columns[k]]))
            if there not in words:
                words[there] = (pair, letter)
                waiting.append(there)
    return None


def of_table(
    letters: Sequence[str], start: int, following: Sequence[Sequence[int]], yes: Iterable[int]
) -> Automaton:
    """Make an automaton from lists: a row of next states a state, and the states that say yes.

    Raises
    ------
    Mistake
        If a state does not exist, or a row has another length.
    """
    states = len(following)
    if any(len(row) != len(letters) for row in following):
        raise Mistake(f"every state of an automaton has {len(letters)} next states, one a letter")
    saying = np.zeros(states, bool)
    for state in yes:
        if not 0 <= state < states:
            raise Mistake(f"state {state} does not exist; there are {states}, from 0")
        saying[state] = True
    table = np.array(following, np.int64).reshape(states, len(letters))
    return Automaton(tuple(letters), start, table.astype(np.int32), saying)
