"""Learning curves as they were expected in 1957 and 1958.

Two responses compete. Each has a **source-set** of its own: N_e A-units whose values count for it
and for no other. The experimenter shows n stimuli for each response, forcing the right one, and
every showing raises the values of the active A-units of the right source-set. Afterwards values
stay as they are, and a stimulus is shown again: how likely is the right response the stronger one?

Three ways to keep the values are told apart in 1958, of which two are here: **alpha** (an active
unit gains, nothing is lost) and **gamma** (what the active units gain, the others of the source-set
lose). And two ways to read them out: **mu** (the larger mean of the active values wins) and
**Sigma** (the larger sum).

All of it is one formula, the paper's equation 4, with four constants; :func:`recognition` gives the
answer in one step. Where the constants were printed, and where we had to derive them, is said
beside them.
"""

from __future__ import annotations

from math import inf, sqrt
from typing import Literal, NamedTuple

from scipy.special import ndtr

from simulator.errors import Mistake

from .refined import refined_recognition

System = Literal["alpha", "gamma"]
ReadOut = Literal["mu", "sigma"]


class Constants(NamedTuple):
    """The constants of equation 4: Z = (c1 n + c2) / sqrt(c3 n^2 + c4 n)."""

    c1: float
    c2: float
    c3: float
    c4: float


def recognition(
    system: System,
    read_out: ReadOut,
    units: int,
    active: float,
    stimuli: int,
    form: Literal["refined", "published"] = "refined",
) -> float:
    """Give P_r in the ideal environment: how likely a taught stimulus is answered rightly.

    In the *ideal environment* no two stimuli are more alike than chance has it: every A-unit is
    active for every stimulus with the same chance, independently.

    Parameters
    ----------
    system, read_out
        How values are kept and read out, as told above.
    units
        N_e, A-units in each source-set.
    active
        P_a.
    stimuli
        n, stimuli taught to each of the two responses.
    form
        ``"published"``: equation 4, where the number of active units is everywhere its mean and
        gamma is taken to be as alpha with mu. ``"refined"``:
        :func:`machines.mark1.theory.refined_recognition`.

    Returns
    -------
    float
        0..1.

    Raises
    ------
    Mistake
        If a name is unknown, a count is not positive or P_a not between 0 and 1.
    """
    check_experiment(system, read_out, units, active, stimuli)
    if form == "refined":
        return refined_recognition(system, read_out, units, active, stimuli)
    if form != "published":
        raise Mistake(f'form is "refined" or "published", not {form!r}')
    return recognised(ideal(system, read_out, units, active), units, active, stimuli)


def ideal(system: System, read_out: ReadOut, units: int, active: float) -> Constants:
    """Give the constants of equation 4 for the ideal environment.

    Parameters
    ----------
    system, read_out, units, active
        As in :func:`recognition`.

    Raises
    ------
    Mistake
        As :func:`recognition`.

    Notes
    -----
    Equations 5 (Sigma) and 6 (mu) of 1958 cannot be read in the copies we have. These are
    :func:`differentiated` with every P_c equal to P_a and no variance; c2 = 1 - P_a can be read in
    equation 7. That gamma has the constants of alpha with mu, whatever the read-out, is stated in
    the paper (p. 398 f.).
    """
    check_experiment(system, read_out, units, active)
    return differentiated(system, read_out, units, active, active, active, over_units=(0, 0))


def differentiated(
    system: System,
    read_out: ReadOut,
    units: int,
    active: float,
    same: float,
    other: float,
    *,
    over_stimuli: tuple[float, float] = (0.0, 0.0),
    over_units: tuple[float, float] | None = None,
) -> Constants:
    """Give the constants of equation 4 where stimuli of a class are alike.

    Parameters
    ----------
    system, read_out, units, active
        As in :func:`recognition`.
    same
        P_c11: of the A-units active for a stimulus, the part active for another one of its class.
    other
        P_c12: the part active for a stimulus of the other class.
    over_stimuli
        How far P_c11 and P_c12 stray from one test stimulus to another: standard deviations. The
        paper takes them to be 0 for figures of one shape anywhere on the retina.
    over_units
        How far they stray from one A-unit to another: standard deviations. If not given, half of
        P_c11 and of P_c12, the "conservative estimate" of the paper (p. 401).

    Raises
    ------
    Mistake
        As :func:`recognition`, or if a P_c is not between 0 and 1 or a deviation negative.

    Notes
    -----
    Equations 10 (Sigma) and 11 (mu) of 1958, for source-sets that share no A-unit. Equation 10 is
    as quoted by others. Of equation 11 the copies show c1, the sum over the deviations in c3 and
    the first terms of c4; the rest is derived: the mean of N = P_a N_e values drawn from the N_e of
    a source-set without putting back strays by (N_e - N) / (N_e - 1) of what it would otherwise.
    Gamma is given the constants of alpha with mu, as the paper does for the ideal environment.
    """
    check_experiment(system, read_out, units, active)
    alike = (same, other)
    if over_units is None:
        over_units = (same / 2, other / 2)
    if not all(0 <= p <= 1 for p in alike):
        raise Mistake(f"P_c11 and P_c12 must lie between 0 and 1, not {same} and {other}")
    if min(*over_stimuli, *over_units) < 0:
        raise Mistake("a standard deviation is not negative")
    answering = active * units  # N, A-units of a source-set that answer
    c3 = c4 = 0.0
    for p, s, j in zip(alike, over_stimuli, over_units, strict=True):
        if read_out == "sigma" and system == "alpha":
            c3 += (1 - active) * answering * (p**2 + s**2 + j**2) + answering**2 * s**2
            c4 += answering * (p - p**2 - s**2 - j**2)
        else:
            c3 += s**2 + j**2 * (units - answering) / (answering * max(units - 1, 1))
            c4 += (p - p**2 - s**2 - j**2) / answering
    size = answering if read_out == "sigma" and system == "alpha" else 1.0
    return Constants(size * (same - other), size * (1 - same), c3, c4)


def recognised(constants: Constants, units: int, active: float, stimuli: int) -> float:
    """Give P_r by equation 4: the test stimulus is one of the n taught.

    Parameters
    ----------
    constants
        From :func:`ideal` or :func:`differentiated`.
    units, active, stimuli
        N_e, P_a and n, as in :func:`recognition`.

    Notes
    -----
    P = [1 - (1 - P_a)^N_e] Phi(Z): if no A-unit of the right source-set answers, the response is
    taken to be wrong.
    """
    c1, c2, c3, c4 = constants
    return _equation_4(c1 * stimuli + c2, c3 * stimuli**2 + c4 * stimuli, units, active)


def generalised(constants: Constants, units: int, active: float, stimuli: int) -> float:
    """Give P_g by equation 4: the test stimulus was never shown; c2 is then 0."""
    return recognised(constants._replace(c2=0.0), units, active, stimuli)


def asymptote(constants: Constants, units: int, active: float) -> float:
    """Give what P_r and P_g both tend to as ever more stimuli are taught (equation 9)."""
    return _equation_4(constants.c1, constants.c3, units, active)


def generalises(active: float, same: float, other: float) -> bool:
    """Tell whether new stimuli of a class are expected to be answered better than by chance.

    Rosenblatt 1958, p. 400: if P_c12 < P_a < P_c11, with names as in :func:`differentiated`.
    """
    return other < active < same


def discrimination_1957(stimuli: int, active: float, association_units: int) -> float:
    """Give the normal deviate Z of Table I of 1957: how surely a response is discriminated.

    Parameters
    ----------
    stimuli
        N_s, stimuli associated with each response.
    active
        P_a.
    association_units
        N_A.

    Raises
    ------
    Mistake
        If a number is not positive.

    Notes
    -----
    CAL Report 85-460-1, communality between responses zero: Z = 1 / sigma with
    sigma^2 = (2 N_s / N_d) (P_a^3 - P_a^4) and N_d = P_a N_A. That the numerator is 1 and not
    1 - P_c follows from the printed table, which this reproduces within 2 %.
    """
    if stimuli <= 0 or association_units <= 0 or not 0 < active < 1:
        raise Mistake("stimuli and A-units must be positive, P_a between 0 and 1")
    sigma2 = 2 * stimuli / (active * association_units) * (active**3 - active**4)
    return 1 / sqrt(sigma2)


def _equation_4(bias: float, variance: float, units: int, active: float) -> float:
    """Give the chance of the right response for a bias of so much mean and variance."""
    z = bias / sqrt(variance) if variance > 0 else inf * bias if bias else 0.0
    return float((1 - (1 - active) ** units) * ndtr(z))


def check_experiment(
    system: str, read_out: str, units: int, active: float, stimuli: int = 1
) -> None:
    """Refuse an experiment that the theory does not speak of.

    Raises
    ------
    Mistake
        As :func:`recognition`.
    """
    if system not in ("alpha", "gamma") or read_out not in ("mu", "sigma"):
        raise Mistake(
            f"no theory for {system}-{read_out}; "
            "there is alpha-mu, alpha-sigma, gamma-mu, gamma-sigma"
        )
    if units < 1 or stimuli < 1 or not 0 < active < 1:
        raise Mistake("A-units and stimuli must be positive, P_a between 0 and 1")
