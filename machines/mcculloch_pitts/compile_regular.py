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

Letters come on a fibre each, or in a binary code, which is decoded first (:mod:`~.symbols`): all
then happens one tick later.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from simulator.errors import Mistake
from simulator.points import unknown

from .automaton import Automaton
from .drawing import Drawing
from .following import Follower, net_follower
from .net import Net
from .proof import compared
from .regular import Positions, positions
from .report import Compiled, Proof, report
from .symbols import Symbols, decoded, symbols

MOST_ROWS = 1 << 20
"""No net has more fibres ending on its positions than this."""
LAG = 2
"""Ticks from the last letter to the answer, Kleene's p+2."""


def compile_regular(
    text: str,
    alphabet: str = "",
    *,
    start_fibre: bool = False,
    search: bool = False,
    code: str = "one-hot",
) -> Compiled:
    """Draw the net of a regular expression, one cell a position and one that answers.

    Parameters
    ----------
    text
        The expression, in the notation of :mod:`machines.mcculloch_pitts.regular`.
    alphabet
        All letters; those of the expression if left out.
    start_fibre
        START is an afferent, rather than a cell that fires at t = 0.
    search
        START fires at every tick: the net answers whenever a word of the expression has just ended.
    code
        How letters come: one of :data:`~machines.mcculloch_pitts.symbols.CODES`.

    Raises
    ------
    Mistake
        Naming the character that cannot stand there, or if the net would be too large.
    """
    if search and start_fibre:
        raise Mistake("a search starts at every tick by itself; leave out the START fibre")
    taken = positions(text, alphabet)
    carried = symbols(taken.alphabet, code)
    net = _of_positions(taken, carried, text, start_fibre, search)
    said = _said(_anywhere(taken) if search else taken, carried)
    return Compiled(net, report(net, LAG + carried.lag), _prove(net, carried, said, start_fibre))


def _said(taken: Positions, carried: Symbols) -> Follower:
    """Follow an expression by the set of positions a word can have reached."""
    masks = {
        row: sum(1 << k for k, mine in enumerate(taken.letters) if letter in mine)
        for letter, row in zip(taken.alphabet, carried.rows, strict=True)
    }
    follows = [sum(1 << k for k in following) for following in taken.follows]
    first, last = (sum(1 << k for k in some) for some in (taken.first, taken.last))
    beginning = 1 << len(taken.letters)

    def step(here: int, row: int) -> tuple[int, int]:
        onward, rest = (first, 0) if here == beginning else (0, here)
        while rest:
            onward |= follows[(rest & -rest).bit_length() - 1]
            rest &= rest - 1
        yes = taken.empty if here == beginning else bool(here & last)
        return int(yes), onward & masks[row]

    return Follower(beginning, step, len(taken.letters))


def _anywhere(taken: Positions) -> Positions:
    """Let anything at all come before an expression: one more position, of every letter."""
    later = [tuple(k + 1 for k in some) for some in (taken.first, taken.last, *taken.follows)]
    first = (0, *later[0])
    last = (0, *later[1]) if taken.empty else later[1]
    follows = (first, *later[2:])
    letters = (taken.alphabet, *taken.letters)
    return Positions(letters, first, last, follows, taken.empty, taken.alphabet)


def compile_automaton(
    automaton: Automaton, *, start_fibre: bool = False, code: str = "one-hot"
) -> Compiled:
    """Draw the net of an automaton, one cell for each state and letter and one that answers.

    Parameters
    ----------
    automaton
        The automaton; one letter comes at a time.
    start_fibre
        START is an afferent, rather than a cell that fires at t = 0.
    code
        How letters come: one of :data:`~machines.mcculloch_pitts.symbols.CODES`.

    Raises
    ------
    Mistake
        If the net would be too large.
    """
    title = f"automaton of {automaton.states} states and {len(automaton.letters)} letters"
    carried = symbols(automaton.letters, code)
    board, start = _board(title, carried, start_fibre)
    fibres = decoded(board, carried)
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
            board.circle(name, dict.fromkeys([fibres[letter], *into[i]], 1), h=2)
    answered = [name for i in np.flatnonzero(automaton.yes) for name in into[i]]
    board.circle(answer := board.free_name("answer"), dict.fromkeys(answered, 1), h=1)
    net = board.net([answer])
    proof = _prove(net, carried, _stepped(automaton, carried), start_fibre)
    return Compiled(net, report(net, LAG + carried.lag), proof)


def _board(title: str, carried: Symbols, start_fibre: bool) -> tuple[Drawing, str]:
    """Begin a drawing, with START, which fires as the first letter has a fibre of its own."""
    start = "START"
    while start in carried.afferents or start in carried.letters:
        start += "_"
    fibres = [*carried.afferents, start] if start_fibre else carried.afferents
    board = Drawing(title[:80], fibres, prefix="p")
    if not start_fibre:
        start = board.circle(board.free_name(start), {}, h=1, starts=True)
    return board, board.delayed(start, [False] * carried.lag)


def _of_positions(
    taken: Positions, carried: Symbols, text: str, start_fibre: bool, search: bool
) -> Net:
    if search:
        board = Drawing(f"search for {text}"[:80], carried.afferents, prefix="p")
        name = board.free_name("START")
        start = board.circle(name, {name: 1}, h=1, starts=True)
    else:
        board, start = _board(f"regular expression {text}", carried, start_fibre)
    if sum(map(len, taken.letters)) + sum(map(len, taken.follows)) > MOST_ROWS:
        raise Mistake(
            f"the net of this expression would have more than {MOST_ROWS} fibres ending on its "
            "cells; shorten the sets of letters, or the repetitions"
        )
    fibres = decoded(board, carried)
    names = [board.free_name(f"p{k + 1}") for k in range(len(taken.letters))]
    before: list[list[str]] = [[] for _ in names]
    for k in taken.first:
        before[k].append(start)
    for k, following in enumerate(taken.follows):
        for there in following:
            before[there].append(names[k])
    for name, letters, sources in zip(names, taken.letters, before, strict=True):
        weight = max(1, len(sources))
        own = [fibres[letter] for letter in letters]
        excite = dict.fromkeys(own, weight) | dict.fromkeys(sources, 1)
        board.circle(name, excite, h=weight + 1)
    last = [names[k] for k in taken.last] + ([start] if taken.empty else [])
    board.circle(answer := board.free_name("answer"), dict.fromkeys(last, 1), h=1)
    return board.net([answer])


def _stepped(automaton: Automaton, carried: Symbols) -> Follower:
    numbers = {row: k for k, row in enumerate(carried.rows)}

    def step(state: int, row: int) -> tuple[int, int]:
        return int(automaton.yes[state]), int(automaton.following[state, numbers[row]])

    return Follower(automaton.start, step)


def _prove(net: Net, carried: Symbols, said: Follower, start_fibre: bool) -> Proof:
    """Follow the net and what it should say through all words at once.

    A word is presented one letter a tick, with START, if it is a fibre, at the first one.
    """
    afferents = [net.name(k) for k in range(net.afferents)]
    bare = shown = net_follower(net, afferents, [int(net.outputs[0])])
    # the answer about a word of p letters is due at p + 1; the automaton knows it at p
    if start_fibre:
        start = 1 << len(carried.afferents)

        def started(state: tuple[Any, bool], row: int) -> tuple[int, tuple[Any, bool]]:
            answer, following = bare.step(state[0], row | (0 if state[1] else start))
            return answer, (following, True)

        shown = Follower((bare.start, False), started, bare.size)
    return compared(said, shown, carried.rows, 1 + carried.lag, afferents)


def matches(net: Net, word: Sequence[str], carried: Symbols | None = None) -> bool:
    """Present a word to the net of a regular expression or automaton and read its answer.

    Parameters
    ----------
    net
        As compiled here: afferents that carry the letters, and START last if it is a fibre.
    word
        The letters, one a tick from t = 0.
    carried
        What :func:`~machines.mcculloch_pitts.symbols.symbols` says of letters in a code; left out,
        each has an afferent of its own.

    Raises
    ------
    Mistake
        If a letter has no fibre.
    """
    afferents = [net.name(k) for k in range(net.afferents)]
    shown = net_follower(net, afferents, [int(net.outputs[0])])
    coded = carried or symbols(afferents)
    numbers = dict(zip(coded.letters, coded.rows, strict=True))
    if odd := [letter for letter in word if letter not in numbers]:
        raise unknown("letter", odd[0], coded.letters)
    rows = [numbers[letter] for letter in word] + [0] * (LAG + coded.lag)
    if not net.initial.any() or net.afferents > len(coded.afferents):  # no cell starts it
        rows[0] |= 1 << net.afferents - 1
    state, answer = shown.start, 0
    for row in rows:
        answer, state = shown.step(state, row)
    return bool(answer)
