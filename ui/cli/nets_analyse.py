"""``firstwave nets analyse``: what a net says, derived from its wiring."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any, NamedTuple

from machines.mcculloch_pitts.calculus_print import equation, functor, paper
from machines.mcculloch_pitts.circles import CyclicSet, Recurrence, cyclic_set, recurrences
from machines.mcculloch_pitts.formula import Formula, formula
from machines.mcculloch_pitts.net import Net
from machines.mcculloch_pitts.net_automaton import Event, automaton_of, expression_of
from simulator.errors import Mistake
from ui.cli import console
from ui.cli.nets_given import Given, given
from ui.cli.nets_text import count, listed
from ui.cli.status import DONE

MOST_STATES = 12
"""So many states of an automaton are written out as a table."""
MOST_LETTERS = 16
"""And so many letters."""
MOST_RECURRENCES = 1000
"""Of so many cells in circles it is written what they say; of more it is a book nobody reads."""
MUCH = 2000
"""Of nets of more cells it is told what is being done; that may take its time."""
LONGEST = 600
"""Characters of a regular expression that are written out."""


class Said(NamedTuple):
    """What a cell says, or why that has no formula; its event, or why that has no expression."""

    name: str
    formula: Formula | None
    no_formula: str
    event: Event | None
    no_event: str


class Found(NamedTuple):
    """All that was found out about a net."""

    given: Given
    cyclic: CyclicSet
    recurrences: tuple[Recurrence, ...]
    no_recurrences: str
    cells: tuple[Said, ...]
    letters: bool
    wait: int


def run(net: str, cell: str | None, letters: bool, wait: int | None, as_json: bool) -> int:
    """Do it; give the exit status."""
    started_s = time.perf_counter()
    one = given(net)
    names = _asked(one.net, cell)
    found = _found(one, names, letters, (1 if letters else 0) if wait is None else wait)
    if as_json:
        wall_s = round(time.perf_counter() - started_s, 3)
        about = {"machine": "mcculloch_pitts", "wall_s": wall_s}
        console.write_json(console.document("nets-analyse", _json(found), **about))
    else:
        console.write("\n".join([*_lines(found), ""]))
    return DONE


def _asked(net: Net, cell: str | None) -> list[str]:
    if cell is not None:
        if net.fibre(cell) < net.afferents:
            raise Mistake(f"{cell} is an afferent; name a cell to be analysed")
        return [cell]
    shown = [int(number) for number in net.outputs]
    cells = [net.name(number) for number in shown if number >= net.afferents]
    if not cells and net.cells == 1:
        return [net.name(net.afferents)]
    if not cells:
        raise Mistake("the net shows no output; name the cell that is to be analysed (--cell)")
    return cells


def _found(one: Given, names: list[str], letters: bool, wait: int) -> Found:
    net = one.net
    _tell(net, f"looking for circles among {net.cells} cells")
    cyclic = cyclic_set(net)
    rows: tuple[Recurrence, ...] = ()
    trouble = ""
    if cyclic.order > MOST_RECURRENCES:
        trouble = f"{cyclic.order} cells remember, and {MOST_RECURRENCES} at most are written out"
    elif cyclic.order:
        _tell(net, f"writing what the {cyclic.order} cells of the cyclic set say")
        try:
            rows = recurrences(net, cyclic)
        except Mistake as mistake:
            trouble = str(mistake)
    cells = tuple(_said(net, name, bool(cyclic.order), letters, wait) for name in names)
    return Found(one, cyclic, rows, trouble, cells, letters, wait)


def _tell(net: Net, what: str) -> None:
    if net.cells > MUCH:
        console.say(f"{what} ...")


def _said(net: Net, name: str, circles: bool, letters: bool, wait: int) -> Said:
    """Ask for the formula; for the event where there are circles, or letters are asked about."""
    found, no_formula, event, no_event = None, "", None, ""
    _tell(net, f"asking what {name} says")
    try:
        found = formula(net, name)
    except Mistake as mistake:
        no_formula = str(mistake)
    if (circles or letters) and net.afferents:
        try:
            automaton = automaton_of(net, name, one_at_a_time=letters, wait=wait)
        except Mistake as mistake:
            no_event = str(mistake)
        else:
            try:
                event = Event(*expression_of(automaton), automaton)
            except Mistake as mistake:
                event, no_event = Event(None, {}, automaton), str(mistake)
    return Said(name, found, no_formula, event, no_event)


def _lines(found: Found) -> Iterator[str]:
    net = found.given.net
    law = "" if net.law.name == "absolute" else f", law {net.law.name}"
    sizes = f"{count(net.afferents, 'afferent')}, {count(net.cells, 'cell')}{law}"
    yield f"{net.title or found.given.source}: {sizes}"
    yield from found.given.remarks()
    if found.cyclic.order:
        order = f"{'' if found.cyclic.proved else 'at most '}{found.cyclic.order}"
        yield f"order {order}: without {listed(found.cyclic.cells)} no circle"
        for row in found.recurrences:
            yield f"  {equation(row.name, row.says)}"
        if found.no_recurrences:
            yield f"  no recurrences: {found.no_recurrences}"
    else:
        yield "no circles"
    for said in found.cells:
        yield ""
        yield from _formula(said)
        if said.event is not None:
            yield from _event(said, said.event, found)
        if said.no_event:
            yield f"  {said.no_event}"


def _formula(said: Said) -> Iterator[str]:
    if said.formula is None:
        yield f"{said.name}: {said.no_formula}"
        return
    back = said.formula
    yield equation(said.name, back.substituted)
    yield f"  with S:   {functor(back.substituted)}"
    if back.minimal is not None and back.minimal != back.substituted:
        yield f"  shortest: {paper(back.minimal)}"
    if back.holds_from:
        yield f"  from t = {back.holds_from} on; before that, cells that fire at t = 0 are felt"


def _event(said: Said, event: Event, found: Found) -> Iterator[str]:
    small = event.automaton
    what = "letters" if found.letters else "rows of afferents"
    yield f"  automaton: {count(small.states, 'state')}, {len(small.letters)} {what}"
    if small.states <= MOST_STATES and len(small.letters) <= MOST_LETTERS:
        width = max(3, *(len(letter) for letter in small.letters))
        yield "    state  " + "  ".join(f"{letter:>{width}}" for letter in small.letters)
        for state in range(small.states):
            there = "  ".join(f"{int(n):>{width}}" for n in small.following[state])
            yield f"    {state:>4}{'*' if small.yes[state] else ' '}  {there}"
    if said.no_event:
        return
    when = 1 + found.wait
    after = f"{count(when, 'tick')} after the last row of"
    if event.expression is None:
        yield f"  {said.name} never fires so"
        return
    if len(event.expression) > LONGEST:
        yield f"  its regular expression has {len(event.expression)} characters; --json gives it"
        if not found.letters:
            yield "  (if the afferents stand for letters, one at a time: --letters)"
        return
    yield f"  {said.name} fires {after} a word of:  {event.expression or '(the empty word)'}"
    if any(letter != name for letter, name in event.letters.items()):
        named = ", ".join(f"{letter} = {name}" for letter, name in event.letters.items())
        yield f"    where {named} (- is silence)"


def _json(found: Found) -> dict[str, Any]:
    net = found.given.net
    return {
        "source": found.given.source,
        "title": net.title,
        "law": net.law.name,
        "afferents": [net.name(k) for k in range(net.afferents)],
        "cells": net.cells,
        "order": found.cyclic.order,
        "order_proved": found.cyclic.proved,
        "cyclic_set": list(found.cyclic.cells),
        "recurrences": [equation(row.name, row.says) for row in found.recurrences],
        "no_recurrences": found.no_recurrences or None,
        "says": [_said_json(said, found.wait) for said in found.cells],
    }


def _said_json(said: Said, wait: int) -> dict[str, Any]:
    about: dict[str, Any] = {"cell": said.name}
    if said.formula is not None:
        back = said.formula
        about["formula"] = equation(said.name, back.substituted)
        about["functor"] = functor(back.substituted)
        if back.minimal is not None:
            about["minimal"] = equation(said.name, back.minimal)
        about["holds_from"] = back.holds_from
    else:
        about["no_formula"] = said.no_formula
    if said.event is not None:
        small = said.event.automaton
        about["event"] = {
            "wait": wait,
            "states": small.states,
            "letters": list(small.letters),
            "following": small.following.tolist(),
            "yes": [bool(one) for one in small.yes],
            "regular": said.event.expression,
            "legend": said.event.letters,
        }
    if said.no_event:
        about["no_event"] = said.no_event
    return about
