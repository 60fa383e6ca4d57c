"""One trial, act by act: a teacher's slow motion of the Mark I.

A trial is over in three quarters of a second, and everything in it hangs together:

    expose -> sense -> associate -> sum -> respond -> compare -> motors start -> motors stop -> rest

:func:`trial` runs a machine from each instant at which something is due to the next, and compares
what its points show before and after. It only looks: the machine goes through the very States it
would have gone through alone. :func:`spans` sums up what was seen, one line an act.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from enum import StrEnum
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulator.kernel import NEVER

from .machine import Mark1
from .state import Stage


class Act(StrEnum):
    """What happens in a trial, in the order of the block diagram."""

    EXPOSE = "expose"
    """Other light falls on the photocells."""
    SENSE = "sense"
    """S-units come on or go off."""
    ASSOCIATE = "associate"
    """A-units come on or go off."""
    SUM = "sum"
    """R-units add up the values of other A-units than before, or are read."""
    RESPOND = "respond"
    """R-units turn, or are read."""
    COMPARE = "compare"
    """The control unit compares the answer with the desired one."""
    MOTORS_START = "motors start"
    MOTORS_STOP = "motors stop"
    REST = "rest"
    """The operator changes the stimulus."""


_ORDER = {act: place for place, act in enumerate(Act)}


class Moment(NamedTuple):
    """One instant of a trial: what happened at it, and what the machine shows after it.

    Attributes
    ----------
    t_ns
        The machine's clock.
    acts
        What happened, in the order of :class:`Act`; nothing where R-units only looked again.
    lit
        int64, how many photocells get light at least at half level.
    sensed
        int8, shape (S-units,): +1 came on, -1 went off.
    associated
        int8, shape (A-units,): the same.
    s_on, a_on
        How many are on now.
    active
        int64, shape (R-units,): A-units active for each.
    sums
        int64, shape (R-units,), udeg: what the sum meters show.
    responses
        int8, shape (R-units,): +1 "1", -1 "0", 0 undecided.
    turned
        bool, shape (R-units,): whose response is another than the moment before.
    desired, drive
        int8, shape (R-units,): the force switches, and the reinforcement lines.
    read
        Whether the R-units are read at this moment: their response from now on is the answer.
    right
        Where the answer was compared, whether all of it was as desired; else None.
    motors
        int64, shape (potentiometers,), udeg per ms: speed of each motor now.
    shafts
        int64, shape (potentiometers,), udeg: how far each shaft turned since the moment before.
    """

    t_ns: int
    acts: tuple[Act, ...]
    lit: int
    sensed: NDArray[np.int8]
    associated: NDArray[np.int8]
    s_on: int
    a_on: int
    active: NDArray[np.int64]
    sums: NDArray[np.int64]
    responses: NDArray[np.int8]
    turned: NDArray[np.bool_]
    desired: NDArray[np.int8]
    drive: NDArray[np.int8]
    read: bool
    right: bool | None
    motors: NDArray[np.int64]
    shafts: NDArray[np.int64]


class Span(NamedTuple):
    """One act of a trial, from its first moment to its last.

    Attributes
    ----------
    act
        What happened.
    first_ns, last_ns
        When it began and ended, on the machine's clock.
    moments
        The moments at which it happened.
    """

    act: Act
    first_ns: int
    last_ns: int
    moments: tuple[Moment, ...]


def trial(machine: Mark1, begin: Callable[[], Any] | None = None) -> Iterator[Moment]:
    """Run a machine to the end of its trial, and tell of every instant at which something is due.

    Parameters
    ----------
    machine
        Any Mark I: about to expose the next stimulus of a series, in the midst of a trial, or
        operated by hand. It stands at the moment told of while the caller looks at it.
    begin
        What sets the trial off, such as operating ``mark1.control.train``, if it is not under way;
        its effects are the first moment.

    Yields
    ------
    Moment
        The last one is the last instant of the rest: the next stimulus, or the end of the series,
        comes with ``machine.run(machine.next_due_ns())``. By hand, the last instant at which
        anything was due.
    """
    before = _look(machine)
    if begin is not None:
        begin()
        after = _look(machine)
        yield _moment(machine.now_ns, before, after)
        before = after
    rest_ends_ns = None
    while (due := machine.next_due_ns()) != NEVER and due != rest_ends_ns:
        machine.run(due)
        after = _look(machine)
        moment = _moment(machine.now_ns, before, after)
        if Act.REST in moment.acts:
            rest_ends_ns = moment.t_ns + machine.description.rest_us * 1000
        yield moment
        before = after


def spans(moments: Iterable[Moment]) -> tuple[Span, ...]:
    """Sum a trial up, act by act, first what comes before the motors run and then what comes after.

    Acts overlap in time: the first A-units change while the last photocells are still following
    the light. So they stand in the order of :class:`Act`, not of the clock. An R-unit may turn
    again while motors run; that is told in a line of its own.
    """
    seen: dict[tuple[bool, int, Act], list[Moment]] = {}
    compared = False
    for moment in moments:
        for act in moment.acts:
            seen.setdefault((compared, _ORDER[act], act), []).append(moment)
        compared |= Act.COMPARE in moment.acts
    return tuple(
        Span(act, those[0].t_ns, those[-1].t_ns, tuple(those))
        for (_, _, act), those in sorted(seen.items(), key=lambda item: item[0][:2])
    )


class _Look(NamedTuple):
    """What the points show at one quiet instant."""

    light: NDArray[np.uint8]
    S: NDArray[np.uint8]
    A: NDArray[np.uint8]
    active: NDArray[np.int64]
    sums: NDArray[np.int64]
    R: NDArray[np.int8]
    desired: NDArray[np.int8]
    drive: NDArray[np.int8]
    motors: NDArray[np.int64]
    V: NDArray[np.int64]
    stage: int
    trials: int
    wrong: int


def _look(machine: Mark1) -> _Look:
    rack, number = machine.rack, machine.number
    return _Look(
        light=rack("mark1.retina.light"),
        S=rack("mark1.retina.S"),
        A=rack("mark1.association.A"),
        active=rack("mark1.response.active"),
        sums=rack("mark1.response.sum"),
        R=rack("mark1.response.R"),
        desired=rack("mark1.response.desired"),
        drive=rack("mark1.response.drive"),
        motors=rack("mark1.values.motor"),
        V=rack("mark1.values.V"),
        stage=number("mark1.control.stage"),
        trials=number("mark1.control.trials"),
        wrong=number("mark1.control.wrong"),
    )


def _moment(now_ns: int, before: _Look, after: _Look) -> Moment:
    sensed = _changes(before.S, after.S)
    associated = _changes(before.A, after.A)
    turned = before.R != after.R
    compared = after.trials > before.trials
    exposed = after.stage == Stage.SETTLING != before.stage
    read = before.stage == Stage.SETTLING != after.stage
    pulse_begins = after.stage == Stage.REINFORCING != before.stage
    pulse_ends = before.stage == Stage.REINFORCING != after.stage
    started = (before.motors == 0) & (after.motors != 0)
    stopped = (before.motors != 0) & (after.motors == 0)
    happened = {
        Act.EXPOSE: exposed or bool((before.light != after.light).any()),
        Act.SENSE: bool(sensed.any()),
        Act.ASSOCIATE: bool(associated.any()),
        Act.SUM: read or bool(associated.any()),
        Act.RESPOND: read or bool(turned.any()),
        Act.COMPARE: compared,
        Act.MOTORS_START: pulse_begins or bool(started.any()),
        Act.MOTORS_STOP: pulse_ends or bool(stopped.any()),
        Act.REST: after.stage == Stage.RESTING != before.stage,
    }
    return Moment(
        t_ns=now_ns,
        acts=tuple(act for act, did in happened.items() if did),
        lit=int((after.light >= 128).sum()),
        sensed=sensed,
        associated=associated,
        s_on=int(after.S.sum()),
        a_on=int(after.A.sum()),
        active=after.active,
        sums=after.sums,
        responses=after.R,
        turned=turned,
        desired=after.desired,
        drive=after.drive,
        read=read,
        right=after.wrong == before.wrong if compared else None,
        motors=after.motors,
        shafts=after.V - before.V,
    )


def _changes(before: NDArray[np.uint8], after: NDArray[np.uint8]) -> NDArray[np.int8]:
    change: NDArray[np.int8] = after.astype(np.int8) - before.astype(np.int8)
    return change
