"""After a teaching that left errors: whether they could have been avoided at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from machines.mark1.rules import Decides, Rule, System

if TYPE_CHECKING:
    from machines.mark1 import Experimenter
    from simulator.stimuli import StimulusSet

MOST_STIMULI = 300
"""Beyond so many stimuli it is not looked into unasked: that could take minutes."""


def what_was_separable(
    experimenter: Experimenter, stimuli: StimulusSet, rule: Rule, curve: list[int]
) -> dict[str, bool | None] | None:
    """Tell, after correction that did not come to an errorless sweep, whose task can be done.

    Returns
    -------
    dict or None
        For each R-unit in use whether its task is separable, or None for undecided; None where it
        was not asked: another rule, an errorless sweep, or too many stimuli.
    """
    corrects = rule.decides in (Decides.ERROR, Decides.CHANCE)
    ended = not experimenter.busy and bool(curve)
    if not (corrects and ended) or curve[-1] == 0 or len(stimuli) > MOST_STIMULI:
        return None
    # scipy takes a third of a second to import: only where it is wanted
    from machines.mark1.tasks import activity, verdicts

    machine = experimenter.machine
    active = activity(machine, stimuli.levels)
    found = verdicts(machine, active, experimenter.desired(stimuli))
    return {f"R{r + 1}": verdict.separable for r, verdict in enumerate(found)}


def separability_line(
    found: dict[str, bool | None] | None, rule: Rule, curve: list[int], stimuli: int
) -> str | None:
    """Put :func:`what_was_separable` into one line for a person; None if there is nothing to say.

    Notes
    -----
    Values that no rule can find do not exist for any rule. That they then come round in a cycle is
    the perceptron cycling theorem, about pulses of one length to active A-units.
    """
    if found is None:
        left = rule.decides in (Decides.ERROR, Decides.CHANCE) and curve and curve[-1]
        if left and stimuli > MOST_STIMULI:
            return (
                f"more than {MOST_STIMULI} stimuli: whether all this can be done at all, "
                "`firstwave mark1 separable` tells"
            )
        return None
    if cannot := [label for label, yes in found.items() if yes is False]:
        quantised = rule.decides == Decides.ERROR and rule.system == System.ALPHA
        theorem = " (perceptron cycling theorem)" if quantised and not rule.until_turned else ""
        goes = "it will cycle for ever" if theorem else "errors will never end"
        return f"{', '.join(cannot)}: task not separable on this wiring; {goes}{theorem}"
    if any(yes is None for yes in found.values()):
        return "whether the task of every R-unit is separable on this wiring stayed undecided"
    return "the task of every R-unit is separable on this wiring; more exposures may help"
