"""Faults: what a technician of the machine, or a historian, wants to know about worn-out parts.

A Mark I has many parts that all do the same, so it goes on working, somewhat worse, when some of
them fail. How much worse is a **damage curve**: a taught machine is damaged a little, tested, put
right again, damaged more, and so on. Which parts fail is looked up in the random-number table, and
what fails at a small fraction fails at every larger one too, as in a machine that decays.

>>> from machines.mark1 import Experimenter, machine_for
>>> from simulator.stimuli import letters
>>> stimuli = letters("EX")
>>> experimenter = Experimenter(machine_for(stimuli.classes), stimuli.classes)
>>> curve = experimenter.teach(stimuli)
>>> [row.amount for row in damage_curve(experimenter, stimuli, "A-dead", [0, 0.25], seed=1)]
[0, 128]
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulator import chance
from simulator.errors import Mistake
from simulator.stimuli.light import StimulusSet

from .experimenter import Experimenter
from .machine import Mark1
from .rules import RULES, Decides
from .state import Fault

_CHOICE = chance.stream("mark1.faults.choice")
_DRIFT = chance.stream("mark1.faults.drift")
_MOMENT = chance.stream("mark1.faults.moment")
_EXPOSURES, _RULE = 40, "error-correction"


class Kind(NamedTuple):
    """A kind of fault.

    Attributes
    ----------
    control
        The control it is injected by, and for parts the point it is seen at.
    code
        What a faulty part's cell is set to.
    unit
        What the amount of it is counted in: parts, or for the last two kinds an angle in udeg and
        permille of photocells.
    doc
        What it is, in a line.
    """

    control: str
    code: int
    unit: str
    doc: str


KINDS: dict[str, Kind] = {
    "S-dead": Kind("mark1.faults.S", Fault.DEAD, "S-units", "S-units that never come on"),
    "S-stuck": Kind("mark1.faults.S", Fault.STUCK_ON, "S-units", "S-units that never go off"),
    "A-dead": Kind("mark1.faults.A", Fault.DEAD, "A-units", "A-units that are never active"),
    "A-stuck": Kind("mark1.faults.A", Fault.STUCK_ON, "A-units", "A-units that are always active"),
    "wires-pulled": Kind("mark1.faults.wire", 1, "wires", "wires pulled out of the plugboard"),
    "motors-seized": Kind(
        "mark1.faults.motor", 1, "motors",
        "motors that do not turn; all values are centred and the machine is taught again",
    ),
    "values-drifted": Kind(
        "mark1.values.V", 0, "udeg",
        "every potentiometer turned by a random angle, up to that fraction of its travel",
    ),
    "retina-noise": Kind(
        "mark1.faults.retina_noise", 0, "permille",
        "photocells whose light is turned over, others at each exposure",
    ),
}  # fmt: skip
"""All kinds of fault, by name."""


class Row(NamedTuple):
    """One point of a damage curve.

    Attributes
    ----------
    fraction
        What was asked for, 0 to 1.
    amount
        How much that came to, in the kind's unit.
    stimuli
        How many stimuli were shown.
    wrong
        How many of them were not answered with their class.
    exposures
        Exposures of each stimulus it took to teach the machine again, at most as many as were
        allowed; 0 where it was not taught again.
    """

    fraction: float
    amount: int
    stimuli: int
    wrong: int
    exposures: int

    @property
    def accuracy(self) -> float:
        """The fraction answered with their class."""
        return (self.stimuli - self.wrong) / self.stimuli if self.stimuli else 0.0


def some(parts: int, count: int, seed: int) -> NDArray[np.int64]:
    """Choose parts from the random-number table.

    Parameters
    ----------
    parts
        How many there are.
    count
        How many to choose.
    seed
        Page of the table. Of one page, the parts chosen are among those chosen when more are.

    Returns
    -------
    numpy.ndarray
        int64, shape (count,), ascending: places from 0; label numbers are higher by one.

    Raises
    ------
    Mistake
        If there are not so many parts.
    """
    if not 0 <= count <= parts:
        raise Mistake(f"of {parts} parts 0 to {parts} can be chosen, not {count}")
    order = chance.shuffle(parts, seed, _CHOICE, 0)
    return np.array(sorted(order[:count]), np.int64)


def inject(machine: Mark1, kind: str, fraction: float, seed: int) -> int:
    """Damage a machine; faults that are there already stay.

    Parameters
    ----------
    machine
        The machine.
    kind
        A name of :data:`KINDS`. Of ``motors-seized`` only the motors seize.
    fraction
        How much: 0 to 1, of the parts of that kind, of the travel from the centre to an end stop
        (``values-drifted``; a shaft turns no further than its stop), or of the photocells at each
        exposure (``retina-noise``, to the nearest permille, in place of what was set).
    seed
        Page of the random-number table for which parts, or how far.

    Returns
    -------
    int
        How much that came to, in the kind's unit.

    Raises
    ------
    Mistake
        If there is no such kind or the fraction is not one.
    """
    fault = _kind(kind)
    _check_fraction(fraction)
    if kind == "retina-noise":
        amount = _share(fraction, 1000)
        machine.operate(fault.control, amount)
        return amount
    if kind == "values-drifted":
        return _drift(machine, fraction, seed)
    codes = machine.rack(fault.control)
    chosen = some(len(codes), _share(fraction, len(codes)), seed)
    codes[chosen] = fault.code
    machine.operate(fault.control, codes)
    return len(chosen)


def heal(machine: Mark1) -> None:
    """Put all faulty parts right; values that have drifted, or were never learned, stay so."""
    for control in ("S", "A", "motor", "wire"):
        machine.operate(f"mark1.faults.{control}", None)
    machine.operate("mark1.faults.retina_noise", 0)


def found(machine: Mark1) -> dict[str, int]:
    """Tell what is faulty: how much of each kind, in the kind's unit.

    Drifted values are not among them: nothing about a value shows that it is not where it was
    learned.
    """
    amounts = {}
    for name, kind in KINDS.items():
        if name == "retina-noise":
            amounts[name] = machine.number(kind.control)
        elif name != "values-drifted":
            amounts[name] = int((machine.rack(kind.control) == kind.code).sum())
    return amounts


def damage_curve(
    experimenter: Experimenter,
    stimuli: StimulusSet,
    kind: str,
    fractions: Sequence[float],
    seed: int = 1,
    *,
    rule: str | None = None,
    exposures: int | None = None,
) -> list[Row]:
    """Damage a taught machine more and less, test it each time, and put everything back.

    The machine is afterwards exactly as it was before, its clock included, and neither its logbook
    nor its instruments have seen anything. Of ``motors-seized`` the values are centred and the
    machine is taught again before the test, fraction 0 too. For ``retina-noise`` it is left to
    itself for a while before the test, up to four seconds by the seed, because noise is looked
    up by the time of the exposure.

    Parameters
    ----------
    experimenter
        Who has taught the machine.
    stimuli
        What to show; its classes must be on the code sheet.
    kind, fractions, seed
        As for :func:`inject`, each fraction by itself on the machine as it was. In teaching again,
        the seed is the page for the order in each sweep as well.
    rule
        By which rule it is taught again; as the reinforcement switch stands, if left out, or by
        error correction where that is off.
    exposures
        How many exposures of each stimulus at most; as many as its latest series had, if left out.

    Returns
    -------
    list of Row
        One a fraction, in their order.

    Raises
    ------
    Mistake
        If a series or a pulse is going on, a class is not on the code sheet, there is no such kind
        or rule, or a fraction is not one.
    """
    _kind(kind)
    for fraction in fractions:
        _check_fraction(fraction)
    machine = experimenter.machine
    if experimenter.busy:
        raise Mistake("damage is tried on a machine at rest: wait for the end of its series")
    if rule is None:
        rule = RULES[machine.number("mark1.control.rule")].name
        rule = _RULE if rule == "off" else rule
    if exposures is None:
        exposures = len(machine.rack("mark1.control.sweep_wrong")) or _EXPOSURES
    rows = []
    with machine.unwatched():
        before = machine.snapshot()
        for fraction in fractions:
            try:
                amount, taken = inject(machine, kind, fraction, seed), 0
                if kind == "motors-seized":
                    taken = _taught_again(experimenter, stimuli, rule, exposures, seed)
                elif kind == "retina-noise":
                    machine.run(machine.now_ns + chance.below(2**32, seed, _MOMENT, 0))
                wrong = experimenter.test(stimuli).wrong
            finally:
                machine.restore(before)
            rows.append(Row(float(fraction), amount, len(stimuli), wrong, taken))
    return rows


def _taught_again(
    experimenter: Experimenter, stimuli: StimulusSet, rule: str, exposures: int, seed: int
) -> int:
    """Centre all values and teach; give the exposures of each stimulus it took."""
    experimenter.machine.operate("mark1.values.V", None)
    by_errors = [one.name for one in RULES if one.decides in (Decides.ERROR, Decides.CHANCE)]
    curve = experimenter.teach(stimuli, exposures, rule, seed, until_errorless=rule in by_errors)
    return len(curve)


def _drift(machine: Mark1, fraction: float, seed: int) -> int:
    """Turn every potentiometer by a random angle; give the largest there could be, udeg."""
    travel = machine.description.travel_mdeg * 1000
    limit = _share(fraction, travel)
    turned = [
        min(max(value + chance.spread(limit, seed, _DRIFT + k, 0), -travel), travel)
        for k, value in enumerate(machine.rack("mark1.values.V").tolist())
    ]
    machine.operate("mark1.values.V", turned)
    return limit


def _kind(name: str) -> Kind:
    if name not in KINDS:
        raise Mistake(f"no fault is called {name}; there are {', '.join(KINDS)}")
    return KINDS[name]


def _check_fraction(fraction: float) -> None:
    number = isinstance(fraction, int | float | np.number) and not isinstance(fraction, bool)
    if not (number and 0 <= fraction <= 1):
        raise Mistake(f"a fraction of parts lies between 0 and 1, not at {fraction}")


def _share(fraction: float, whole: int) -> int:
    """Take a fraction of a whole, to the nearest one."""
    return int(fraction * whole + 0.5)
