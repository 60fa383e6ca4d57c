"""``firstwave demo``: what was shown to the public in June 1960, without leaving the terminal.

A nominal Mark I is taught the 26 letters by error correction. The published account says that 40
exposures of each letter were enough for errorless identification; the demo counts how many
this machine takes, shows every letter again with reinforcement off, and says plainly how the
two compare.
"""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simulator.errors import Mistake
from simulator.files import write_whole
from simulator.stimuli import letters
from ui.cli import console
from ui.cli.mark1_report import curve_lines, test_json, test_lines
from ui.cli.mark1_set_up import fields
from ui.cli.series import compiling_announced, ctrl_c_noted, run_series, speed_line
from ui.cli.status import DONE, INTERRUPTED, NO
from ui.report import learning_curve, receptive_fields

if TYPE_CHECKING:
    from machines.mark1 import Experimenter, Result

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
PUBLISHED = {
    "source": "ONR Digital Computer Newsletter 12(3), July 1960, pp. 2-3, as quoted in the "
    "literature",
    "letters": 26,
    "exposures_per_letter": 40,
    "wrong": 0,
}
CAVEAT = (
    "the type, the plugboard and several numbers of this machine are reconstructed or assumed, "
    "so agreement shows that such a machine could do it, not that it is the one of 1960"
)
OUT = Path("firstwave-demo")


def run(out: Path = OUT, seed: int = 1, as_json: bool = False) -> int:
    """Run the demo; 1 if a letter is answered wrongly after the published number of exposures."""
    from machines.mark1 import Experimenter, machine_for

    started_s = time.perf_counter()
    _make_folder(out)
    stimuli = letters(ALPHABET)
    with ctrl_c_noted() as stop, compiling_announced("compiled"):
        experimenter = Experimenter(machine_for(stimuli.classes, seed), stimuli.classes)
        limit = int(str(PUBLISHED["exposures_per_letter"]))
        experimenter.begin(stimuli, limit, "error-correction", order_seed=seed)
        run_series(experimenter, stop, "teaching 26 letters")
        if stop.pressed and experimenter.busy:
            console.say("firstwave: interrupted; the demo is short, start it again")
            return INTERRUPTED
        again = experimenter.test(stimuli)
    wall_s = time.perf_counter() - started_s
    return _report(out, experimenter, again, seed, wall_s, as_json)


def _make_folder(out: Path) -> None:
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Mistake(f"{out}: the folder cannot be made ({error.strerror})") from error
    console.check_output(out / "results.json")


def _report(
    out: Path, experimenter: Experimenter, again: Result, seed: int, wall_s: float, as_json: bool
) -> int:
    machine = experimenter.machine
    curve = experimenter.curve().tolist()
    errorless = again.wrong == 0
    files = {
        "curve": str(out / "learning_curve.png"),
        "fields": str(out / "receptive_fields.png"),
        "results": str(out / "results.json"),
        "state": str(out / "mark1.npz"),
    }
    result: dict[str, Any] = {
        "classes": list(experimenter.classes),
        "rule": "error-correction",
        "exposures_limit": PUBLISHED["exposures_per_letter"],
        "exposures": len(curve),
        "curve": curve,
        "errorless": errorless,
        "trials": machine.number("mark1.control.trials"),
        "pulses": machine.number("mark1.control.pulses"),
        "taught": test_json(again),
        "published": {
            **PUBLISHED,
            "reached": errorless,
            "caveat": CAVEAT,
        },
        "files": files,
    }
    document = console.document(
        "demo",
        result,
        machine=machine.name,
        engine=machine.engine,
        seed=seed,
        machine_s=machine.now_ns / 1e9,
        wall_s=round(wall_s, 3),
    )
    experimenter.save(files["state"], {"seed": seed})
    learning_curve(
        curve,
        files["curve"],
        f"Mark I, 26 letters, error correction (seed {seed})",
        len(ALPHABET),
        int(str(PUBLISHED["exposures_per_letter"])),
    )
    receptive_fields(fields(machine), files["fields"])
    write_whole(files["results"], json.dumps(document, indent=2) + "\n")
    if as_json:
        console.write_json(document)
    else:
        _show(document, again)
    return DONE if errorless else NO


def _show(document: dict[str, Any], again: Result) -> None:
    result = document["result"]
    ended = "the last without error" if result["curve"][-1] == 0 else "errors left in the last"
    reached = "reached" if result["published"]["reached"] else "NOT reached"
    console.show(
        f"A Mark I (seed {document['seed']}) was taught 26 letters by error correction: "
        f"{result['exposures']} exposures of each, {ended}.",
        *curve_lines(result["curve"]),
        speed_line(document["machine_s"], document["wall_s"]),
        *test_lines("every letter shown again with reinforcement off", again),
        f"Published (July 1960): 26 letters without error after 40 exposures of each. Here: "
        f"{reached}, after {result['exposures']}.",
        f"Mind that {CAVEAT}.",
        f"Written: {', '.join(result['files'].values())}",
    )
