"""What the machine itself was shown to do in June 1960: the letters of the alphabet."""

from __future__ import annotations

import string

from machines.mark1.experimenter import Experimenter, machine_for
from simulator.experiments import Parameters, Result, spread
from simulator.stimuli import letters

from .experiment import (
    By,
    Curve,
    Experiment,
    Finding,
    Known,
    Measure,
    Plot,
    Published,
    Runs,
    over,
    wirings,
)

EXPOSURES = 40
ALPHABET = string.ascii_uppercase
SOURCE = "ONR Digital Computer Newsletter 12(3), July 1960, p. 2, as quoted in the literature"


def _teach(job: Parameters) -> Result:
    alphabet, seed = letters(ALPHABET), job["wiring"]
    experimenter = Experimenter(machine_for(alphabet.classes, seed), alphabet.classes)
    curve = experimenter.teach(alphabet, EXPOSURES, order_seed=seed)
    wrong = experimenter.test(alphabet).wrong
    return {"exposures": len(curve), "wrong": wrong, "curve": curve.tolist()}


def _judge(runs: Runs) -> Finding:
    wrong, exposures = over(runs, "wrong"), over(runs, "exposures")
    errorless = [float(letters_wrong == 0) for letters_wrong in wrong]
    most = max(len(result["curve"]) for _, result in runs)
    sweeps = [
        spread([(result["curve"] + [0] * most)[sweep] for _, result in runs])
        for sweep in range(most)
    ]
    return Finding(
        measures=(
            Measure("plugboards that identify all letters", spread(errorless), "1 of 1", True),
            Measure("letters wrong when shown again", spread(wrong), "0"),
            Measure("exposures of each letter until no error", spread(exposures), "at most 40"),
        ),
        met=sum(errorless) >= 0.95 * len(runs),
        remark="x, y and theta of this machine are reconstructed so that this result comes out, "
        "and the type is ours: that it does is consistent with the machine of 1960 and no "
        "independent evidence. That 512 potentiometers are enough for it is.",
        plot=Plot(
            "exposures of each letter",
            "letters wrong in the sweep",
            (Curve.of("26 letters, error correction", list(enumerate(sweeps, start=1))),),
            printed=((EXPOSURES, 0),),
        ),
    )


LETTERS = Experiment(
    name="letters",
    number="L1",
    title="26 letters, error correction",
    published=(
        Published(
            "Taught by error correction, with 40 exposures of each letter, the machine identified "
            "the letters of the alphabet without error.",
            "0 of 26 wrong after 40 exposures",
            Known.QUOTED,
            SOURCE,
        ),
    ),
    by=By.MACHINE,
    setting="The nominal machine, 512 A-units shared by 5 R-units, a binary code; capitals of our "
    "own type case, centred; at most 40 sweeps, ended by one without error; then every letter once "
    "more with reinforcement off.",
    criterion="At least 95 of 100 plugboards answer all 26 letters rightly when shown again: the "
    "one machine reported was no lucky one.",
    wirings=100,
    jobs=wirings,
    run=_teach,
    judge=_judge,
)

EXPERIMENTS = (LETTERS,)
