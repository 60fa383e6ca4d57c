"""The rules of reinforcement: one table of all the positions of the reinforcement switch.

Between 1957 and 1962 Rosenblatt tried one rule after another on the same machine. They differ in
four things only, and a row of the table says all four:

* **who decides** which way an R-unit's A-units shall change: the experimenter, the machine's own
  response, an error, an error and a coin, or praise and blame for the whole answer;
* **the system**, that is, which A-units gain: alpha, only the active ones; beta, a constant feed
  shared out; gamma, the active ones at the cost of the inactive ones;
* **how long** the motors run: for one pulse, or until the response has turned;
* **how the R-units answer**: each for itself by the sign of its sum, or in competition, where the
  largest mean (mu) or the largest sum (Sigma) suppresses the others.
"""

from __future__ import annotations

from enum import IntEnum
from typing import NamedTuple


class Decides(IntEnum):
    """Who decides which way the active A-units of an R-unit shall change."""

    NOBODY = 0
    """No motor runs."""
    EXPERIMENTER = 1
    """The desired response is imposed, whatever the machine answered (S-controlled)."""
    MACHINE = 2
    """The machine's own response is reinforced (R-controlled)."""
    ERROR = 3
    """The desired response, but only where the machine answered another one or none."""
    CHANCE = 4
    """Where the machine answered wrongly, a coin decides."""
    REWARD = 5
    """The machine's response is strengthened if the whole answer was right, else weakened."""


class System(IntEnum):
    """Which A-units of a reinforced R-unit gain (Rosenblatt 1958, table 1)."""

    ALPHA = 0
    """Every active one gains alike: uncompensated gain."""
    BETA = 1
    """Constant feed, shared by the active ones; the other source-sets share theirs among all."""
    GAMMA = 2
    """Every active one gains alike, at the cost of the inactive ones: the sum of values stays."""


class Dominance(IntEnum):
    """How the R-units answer."""

    NONE = 0
    """Each for itself: "1" or "0" by the sign of its sum."""
    MU = 1
    """The largest mean value of active A-units shows "1" and suppresses the others."""
    SIGMA = 2
    """The largest sum of active values shows "1" and suppresses the others."""


class Rule(NamedTuple):
    """One position of the reinforcement switch.

    Attributes
    ----------
    name
        Its name on the command line, in scripts and logbooks.
    decides, system, dominance
        See there; ``dominance`` is None where the R-units stay as they were set before.
    until_turned
        Whether motors run until the response has turned, and not for one pulse (non-quantised).
    monopolar
        Whether values only grow: R-units that shall show "0" are left alone.
    doc
        What it does, in a line.
    source
        Where it is published.
    """

    name: str
    decides: Decides
    system: System
    dominance: Dominance | None
    until_turned: bool
    monopolar: bool
    doc: str
    source: str


_1958 = "Rosenblatt, Psychological Review 65 (1958), table 1"
_NEURODYNAMICS = "Rosenblatt, Principles of Neurodynamics (1962), as recalled in the literature"
_MANUAL = "Operators' Manual (1960), as quoted in the literature"


def _rule(
    name: str,
    decides: Decides,
    doc: str,
    source: str,
    system: System = System.ALPHA,
    until_turned: bool = False,
) -> Rule:
    return Rule(name, decides, system, Dominance.NONE, until_turned, False, doc, source)


def _system_of_1958(system: System, dominance: Dominance, decides: Decides) -> Rule:
    who = "spontaneous-" if decides == Decides.MACHINE else ""
    gains = {
        System.ALPHA: "active A-units of the dominant response gain",
        System.BETA: "every source-set is fed alike, the dominant one through its active A-units",
        System.GAMMA: "active A-units of the dominant response gain at the cost of the inactive",
    }[system]
    reads = {Dominance.MU: "largest mean", Dominance.SIGMA: "largest sum"}[dominance]
    names = {Dominance.MU: "mu", Dominance.SIGMA: "sigma"}
    chosen = "the machine's own" if who else "the desired"
    return Rule(
        f"{who}{system.name.lower()}-{names[dominance]}",
        decides,
        system,
        dominance,
        False,
        True,
        f"{gains}; {reads} dominates; {chosen} response is reinforced",
        _1958,
    )


RULES: tuple[Rule, ...] = (
    Rule("off", Decides.NOBODY, System.ALPHA, None, False, False,
         "frozen: no motor ever runs, for tests", "Rosenblatt 1958, p. 395"),
    _rule("forced", Decides.EXPERIMENTER,
          "the desired response is imposed and reinforced", _MANUAL),
    _rule("error-correction", Decides.ERROR,
          "one pulse for the desired response where the answer was wrong (quantised)", _MANUAL),
    _rule("spontaneous", Decides.MACHINE, "the machine's own response is reinforced", _MANUAL),
    _rule("error-correction-until-turned", Decides.ERROR,
          "where the answer was wrong, motors run until it turns (non-quantised)",
          _NEURODYNAMICS, until_turned=True),
    _rule("random-sign", Decides.CHANCE,
          "where the answer was wrong, one pulse in a random direction", _NEURODYNAMICS),
    _rule("hebb", Decides.EXPERIMENTER,
          "Hebb's rule as the alpha-system: a value follows how often its A-unit and the response "
          "were on together (shown by mark1.values.coincidences)",
          "Hebb, The Organization of Behavior (1949), p. 62; Rosenblatt 1958, alpha-system"),
    _rule("forced-gamma", Decides.EXPERIMENTER,
          "forced, values conserved: inactive A-units pay for the active ones",
          _NEURODYNAMICS, System.GAMMA),
    _rule("error-correction-gamma", Decides.ERROR,
          "error correction, values conserved", _NEURODYNAMICS, System.GAMMA),
    _rule("spontaneous-gamma", Decides.MACHINE,
          "spontaneous, values conserved", _NEURODYNAMICS, System.GAMMA),
    _rule("bivalent", Decides.REWARD,
          "reward and punishment: what was shown is strengthened if all of it was right, else "
          "weakened (trial and error)", "Rosenblatt 1958, p. 403"),
    *(
        _system_of_1958(system, dominance, decides)
        for decides in (Decides.EXPERIMENTER, Decides.MACHINE)
        for system in System
        for dominance in (Dominance.MU, Dominance.SIGMA)
    ),
)  # fmt: skip
"""All positions of the switch; a position's number is its place."""

NUMBER: dict[str, int] = {rule.name: number for number, rule in enumerate(RULES)}
"""Position of a rule by its name."""


def way(rule: Rule, response: int, desired: int, all_right: bool, coin: int) -> int:
    """Tell which way an R-unit's active A-units shall be driven.

    Parameters
    ----------
    rule
        The position of the switch.
    response, desired
        +1 "1", -1 "0", 0 undecided, or free.
    all_right
        Whether every R-unit that was asked answered as desired, an undecided one counting as "0".
    coin
        +1 or -1, from the random-number table.

    Returns
    -------
    int
        -1, 0 or +1.
    """
    chosen = 0
    if rule.decides == Decides.EXPERIMENTER:
        chosen = desired
    elif rule.decides == Decides.MACHINE:
        chosen = response
    elif rule.decides == Decides.ERROR and response != desired:
        chosen = desired
    elif rule.decides == Decides.CHANCE and desired not in (0, response):
        chosen = coin
    elif rule.decides == Decides.REWARD and desired != 0:
        shown = response or -1  # in 1958 an R-unit not on is off
        chosen = shown if all_right else -shown
    return max(chosen, 0) if rule.monopolar else chosen


def gains(
    rule: Rule, drive: int, any_driven: bool, active: int, units: int, feed: int
) -> tuple[int, int]:
    """Tell how fast the motors of one R-unit's A-units run, in millionths of their own speed.

    Parameters
    ----------
    rule
        The position of the switch.
    drive
        Its reinforcement line, -1, 0 or +1.
    any_driven
        Whether any R-unit's line is driven.
    active, units
        N_ar and N_Ar: its A-units that are active, and all of them.
    feed
        K of the beta-system: what is fed to a source-set, in gains of one active A-unit.

    Returns
    -------
    for_active, for_inactive
        Signed; 1,000,000 is a motor's own speed upwards.
    """
    if rule.system == System.BETA and any_driven:
        if drive == 0:
            share = feed * 1_000_000 // max(units, 1)
            return share, share
        return drive * (feed * 1_000_000 // max(active, 1)), 0
    if drive == 0:
        return 0, 0
    if rule.system == System.GAMMA:
        if active == units:
            return 0, 0  # nobody is left to pay
        return drive * 1_000_000, -drive * (active * 1_000_000 // (units - active))
    return drive * 1_000_000, 0


if __name__ == "__main__":
    for number, rule in enumerate(RULES):  # for the machine's README
        print(f"| {number} | `{rule.name}` | {rule.doc} | {rule.source} |")
