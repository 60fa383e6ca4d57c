"""From a regular expression, or a finite automaton, to a net: Kleene's theorem.

Kleene (1956, theorem 3): every regular event is represented by a net that fires a certain inner
cell at time p+2, when the word of p letters was presented at times 1 to p and certain inner cells
fired at time 1. Here times count from 0, so the letters come at t = 0 ... p-1, START fires at 0,
and the answer at p+1, two ticks after the last letter.

*One cell a position.* The cell of a position is excited by the fibre of its letter and by every
position that may come before it. It needs the letter and one of these; so that several of these
without the letter do not fire it, the letter has as many endings as there are of them.

*One cell a state and letter* (Minsky 1967): cell (i, a) fires if the automaton was in state i and
the letter was a. It is excited by the letter and by all cells that lead to state i, of which
exactly one fires at a time; two endings fire it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from simulator.errors import Mistake

from .automaton import Automaton
from .drawing import Drawing
from .following import Follower, net_follower
from .net import Net
from .proof import compared
from .regular import Positions, positions
from .report import Compiled, Proof, report

LAG = 2
"""Ticks from the last letter to the answer, Kleene's p+2."""


def compile_regular(
    text: str, alphabet: str = "", *, start_fibre: bool = False, search: bool = False
) -> Compiled:
    """Draw the net of a regular expression, one cell a position and one that answers.

    Parameters
    ----------
    text
        The expression, in the notation of :mod:`machines.mcculloch_pitts.regular`.
    alphabet
        All letters, one afferent each; those of the expression if left out.
    start_fibre
        START is an afferent, rather than a cell that fires at t = 0.
    search
        START fires at every tick: the net answers whenever a word of the expression has just ended.

    Raises
    ------
    Mistake
        Naming the character that cannot stand there, or if the net would be too large.
    """
    if search and start_fibre:
        raise Mistake("a search starts at every tick by itself; leave out the START fibre")
    taken = positions(text, alphabet)
    net = _of_positions(taken, text, start_fibre, search)
    if search:
        taken = positions(f"[{_set(taken.alphabet)}]*(?:{text})", taken.alphabet)
    return Compiled(net, report(net, LAG), _prove(net, taken.alphabet, _said(taken), start_fibre))


def _said(taken: Positions) -> Follower:
    """Follow an expression by the set of positions a word can have reached."""
    masks = [
        sum(1 << k for k, mine in enumerate(taken.letters) if letter in mine)
        for letter in taken.alphabet
    ]
    follows = [sum(1 << k for k in following) for following in taken.follows]
    first, last = (sum(1 << k for k in some) for some in (taken.first, taken.last))
    beginning = 1 << len(taken.letters)

    def step(here: int, row: int) -> tuple[int, int]:
        onward, rest = (first, 0) if here == beginning else (0, here)
        while rest:
            onward |= follows[(rest & -rest).bit_length() - 1]
            rest &= rest - 1
        yes = taken.empty if here == beginning else bool(here & last)
        return int(yes), onward & masks[row.bit_length() - 1]

    return Follower(beginning, step, len(taken.letters))


def _set(alphabet: str) -> str:
    return "".join(f"\\{letter}" if not letter.isalnum() else letter for letter in alphabet)


def compile_automaton(automaton: Automaton, *, start_fibre: bool = False) -> Compiled:
    """Draw the net of an automaton, one cell for each state and letter and one that answers.

    Parameters
    ----------
    automaton
        The automaton; each letter is an afferent, one of which fires at a time.
    start_fibre
        START is an afferent, rather than a cell that fires at t = 0.

    Raises
    ------
    Mistake
        If the net would be too large.
    """
    title = f"automaton of {automaton.states} states and {len(automaton.letters)} letters"
    board, start = _board(title, automaton.letters, start_fibre)
    into: list[list[str]] = [[] for _ in range(automaton.states)]
    into[automaton.start].append(start)
    cells = [
        [board.free_name(f"q{i}_{letter}") for letter in automaton.letters]
        for i in range(automaton.states)
    ]
    for i, row in enumerate(cells):
        for k, name in enumerate(row):
            into[int(automaton.following[i, k])].append(name)
    if sum(map(len, into)) * len(automaton.letters) > 5_000_000:
        raise Mistake("the net of this automaton would need more than 5000000 endings")
    for i, row in enumerate(cells):
        for letter, name in zip(automaton.letters, row, strict=True):
            board.circle(name, dict.fromkeys([letter, *into[i]], 1), h=2)
    answered = [name for i in np.flatnonzero(automaton.yes) for name in into[i]]
    board.circle(answer := board.free_name("answer"), dict.fromkeys(answered, 1), h=1)
    net = board.net([answer])
    return Compiled(
        net, report(net, LAG), _prove(net, automaton.letters, _stepped(automaton), start_fibre)
    )


def _board(title: str, letters: tuple[str, ...] | str, start_fibre: bool) -> tuple[Drawing, str]:
    start = "START"
    while start in letters:
        start += "_"
    board = Drawing(title[:80], [*letters, start] if start_fibre else letters, prefix="p")
    if not start_fibre:
        start = board.circle(board.free_name(start), {}, h=1, starts=True)
    return board, start


def _of_positions(taken: Positions, text: str, start_fibre: bool, search: bool) -> Net:
    if search:
        board = Drawing(f"search for {text}"[:80], taken.alphabet, prefix="p")
        name = board.free_name("START")
        start = board.circle(name, {name: 1}, h=1, starts=True)
    else:
        board, start = _board(f"regular expression {text}", taken.alphabet, start_fibre)
    names = [board.free_name(f"p{k + 1}") for k in range(len(taken.letters))]
    before: list[list[str]] = [[] for _ in names]
    for k in taken.first:
        before[k].append(start)
    for k, following in enumerate(taken.follows):
        for there in following:
            before[there].append(names[k])
    for name, letters, sources in zip(names, taken.letters, before, strict=True):
        weight = max(1, len(sources))
        excite = dict.fromkeys(letters, weight) | dict.fromkeys(sources, 1)
        board.circle(name, excite, h=weight + 1)
    last = [names[k] for k in taken.last] + ([start] if taken.empty else [])
    board.circle(answer := board.free_name("answer"), dict.fromkeys(last, 1), h=1)
    return board.net([answer])


def _stepped(automaton: Automaton) -> Follower:
    def step(state: int, row: int) -> tuple[int, int]:
        return int(automaton.yes[state]), int(automaton.following[state, row.bit_length() - 1])

    return Follower(automaton.start, step)


def _prove(net: Net, letters: Sequence[str], said: Follower, start_fibre: bool) -> Proof:
    """Follow the net and what it should say through all words at once.

    A word is presented one letter a tick, with START, if it is a fibre, at the first one.
    """
    afferents = [net.name(k) for k in range(net.afferents)]
    bare = shown = net_follower(net, afferents, [int(net.outputs[0])])
    # the answer about a word of p letters is due at p + 1; the automaton knows it at p
    if start_fibre:
        start = 1 << len(letters)

        def started(state: tuple[Any, bool], row: int) -> tuple[int, tuple[Any, bool]]:
            answer, following = bare.step(state[0], row | (0 if state[1] else start))
            return answer, (following, True)

        shown = Follower((bare.start, False), started, bare.size)
    return compared(said, shown, [1 << k for k in range(len(letters))], 1, afferents)


def matches(net: Net, word: Sequence[str]) -> bool:
    """Present a word to the net of a regular expression or automaton and read its answer.

    Parameters
    ----------
    net
        As compiled here: an afferent for each letter, and START if it is a fibre.
    word
        The letters, one a tick from t = 0.

    Raises
    ------
    Mistake
        If a letter has no fibre.
    """
    afferents = [net.name(k) for k in range(net.afferents)]
    shown = net_follower(net, afferents, [int(net.outputs[0])])
    rows = [1 << net.fibre(letter) for letter in word] + [0, 0]
    if not net.initial.any():  # no cell starts it, so the last afferent does
        rows[0] |= 1 << net.afferents - 1
    if any(row >= 1 << net.afferents for row in rows):
        raise Mistake(f"a letter of {word!r} is no afferent of the net")
    state, answer = shown.start, 0
    for row in rows:
        answer, state = shown.step(state, row)
    return bool(answer)
