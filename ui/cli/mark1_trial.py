"""``firstwave mark1 trial``: one trial of a Mark I, act by act, as a table to read aloud."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from machines.mark1 import code_for
from machines.mark1.rules import NUMBER, RULES
from machines.mark1.stages import Act, Moment, Span, spans, trial
from simulator.errors import Mistake
from simulator.stimuli import StimulusSet, named, picture
from simulator.stimuli.picture_files import SUFFIXES
from ui.cli import console
from ui.cli.mark1_set_up import at_the_bench
from ui.cli.series import compiling_announced
from ui.cli.status import DONE
from ui.cli.waveform import waveform

if TYPE_CHECKING:
    from machines.mark1 import Experimenter, Mark1
    from ui.cli.mark1_set_up import Bench

RULE = "error-correction"
FREE = "free"
"""What ``--desired`` says where nothing is desired."""
_SHOWS = {1: '"1"', -1: '"0"', 0: "undecided"}


@dataclass(frozen=True)
class Request:
    """What was asked for on the command line; None where nothing was said."""

    state: Path | None
    stimuli: str | None
    seed: int | None
    show: str | None
    desired: str | None
    rule: str | None
    physics: str | None
    engine: str
    vcd: Path | None


@dataclass(frozen=True)
class Shown:
    """The stimulus of the trial; its class and the class desired, None where there is none."""

    stimulus: StimulusSet
    name: str
    of_class: str | None
    desired: str | None


def run(request: Request, as_json: bool) -> int:
    """Do it; give the exit status."""
    started_s = time.perf_counter()
    if request.rule is not None and request.rule not in NUMBER:
        raise Mistake(f"no rule is called {request.rule!r}; `firstwave mark1 rules` lists them")
    folder = Path(request.stimuli) if request.stimuli else None
    file = _picture_file(request.show)
    console.check_outputs(
        {"state": request.state, "show": file}, {"stimuli": folder}, vcd=request.vcd
    )
    bench = at_the_bench(
        request.state,
        request.stimuli,
        request.engine,
        seed=request.seed,
        physics=request.physics,
        code=code_for(request.rule or RULE),
    )
    rule = request.rule or _rule_of(bench.experimenter.machine)
    shown = _shown(request, bench)
    with compiling_announced(request.engine):
        moments = _watch(bench.experimenter, shown, rule, request.vcd)
    if as_json:
        wall_s = round(time.perf_counter() - started_s, 3)
        console.write_json(_json(bench, shown, moments, request.vcd, wall_s))
    else:
        _show(bench, shown, moments, request.vcd)
    return DONE


def _rule_of(machine: Mark1) -> str:
    """Give the rule a machine was taught by; a new one is corrected."""
    position = machine.number("mark1.control.rule")
    return RULES[position].name if position else RULE


# the stimulus


def _picture_file(show: str | None) -> Path | None:
    """Give the file that is to be shown; None if a stimulus is named."""
    path = None if show is None else Path(show)
    return path if path is not None and path.suffix.lower() in SUFFIXES else None


def _shown(request: Request, bench: Bench) -> Shown:
    experimenter, d = bench.experimenter, bench.experimenter.machine.description
    known, show = bench.stimuli, request.show
    if show is None and known is None:
        raise Mistake(f"{request.state}: was never taught anything; name a stimulus with --show")
    if (file := _picture_file(show)) is not None:
        levels, name = picture(file, d.rows, d.columns, **bench.seen), str(file)
        of_class = None
    else:
        levels, name, of_class = _by_name(show, known, d.rows, d.columns)
    on_sheet = experimenter.classes
    desired: str | None = request.desired or (of_class if of_class in on_sheet else FREE)
    if desired == FREE:
        desired = None
    elif desired not in on_sheet:
        raise Mistake(
            f"--desired {desired}: the code sheet has {', '.join(on_sheet)}; or say {FREE}"
        )
    label = np.array([on_sheet.index(desired) if desired else 0], np.int64)
    return Shown(StimulusSet(levels[None], label, on_sheet, (name,)), name, of_class, desired)


def _by_name(
    show: str | None, known: StimulusSet | None, rows: int, columns: int
) -> tuple[Any, str, str | None]:
    if known is not None:
        classes = [known.classes[label] for label in known.labels.tolist()]
        for names in (known.names, classes):
            if show is None or show in names:
                k = 0 if show is None else names.index(show)
                return known.levels[k], known.names[k], classes[k]
    one = named(str(show), rows, columns)
    if len(one) != 1:
        raise Mistake(f"--show {show}: names {len(one)} stimuli; a trial shows one")
    return one.levels[0], one.names[0], one.classes[0]


# the trial


def _watch(
    experimenter: Experimenter, shown: Shown, rule: str, vcd: Path | None
) -> tuple[Moment, ...]:
    machine = experimenter.machine

    def begin() -> None:
        if shown.desired is not None:
            experimenter.begin(shown.stimulus, 1, rule, until_errorless=False)
            return
        nothing = np.zeros((1, machine.description.response_units), np.int8)
        series = {"light": shown.stimulus.levels, "desired": nothing, "rule": rule, "sweeps": 1}
        machine.operate("mark1.control.train", series)

    if vcd is None:
        return tuple(trial(machine, begin))
    with waveform(vcd, machine, needed=True) as instrument:
        moments = tuple(trial(machine, begin))
    if instrument.trouble is not None:
        raise Mistake(instrument.trouble)
    return moments


# what came of it


def _json(
    bench: Bench, shown: Shown, moments: tuple[Moment, ...], vcd: Path | None, wall_s: float
) -> dict[str, Any]:
    machine = bench.experimenter.machine
    in_use, began_ns = machine.description.responses_in_use, moments[0].t_ns
    read = next(m for m in moments if m.read)
    turned = _turned(moments)
    result = {
        "shown": {"name": shown.name, "class": shown.of_class, "desired": shown.desired},
        "rule": RULES[machine.number("mark1.control.rule")].name,
        "right": _compared(moments).right,
        "acts": [
            {
                "act": str(span.act),
                "from_ms": (span.first_ns - began_ns) / 1e6,
                "to_ms": (span.last_ns - began_ns) / 1e6,
                "said": _said(span, shown, moments, machine),
            }
            for span in spans(moments)
        ],
        "responses": [
            {
                "label": f"R{r + 1}",
                "active": int(read.active[r]),
                "sum_deg": int(read.sums[r]) / 1e6,
                "response": int(read.responses[r]),
                "desired": int(_compared(moments).desired[r]),
                "drive": int(_compared(moments).drive[r]),
            }
            for r in range(in_use)
        ],
        "shafts": {
            "up": int((turned > 0).sum()),
            "down": int((turned < 0).sum()),
            "least_deg": int(turned.min(initial=0)) / 1e6,
            "most_deg": int(turned.max(initial=0)) / 1e6,
        },
        "files": {"vcd": str(vcd)} if vcd is not None else None,
    }
    content = console.document(
        "mark1-trial",
        {key: value for key, value in result.items() if value is not None},
        machine=machine.name,
        engine=machine.engine,
        seed=bench.seed,
        machine_s=machine.now_ns / 1e9,
        wall_s=wall_s,
    )
    if shown.desired is None:
        # null, and not left out: a script reads it after every trial
        content["result"]["right"] = None
    return content


def _show(bench: Bench, shown: Shown, moments: tuple[Moment, ...], vcd: Path | None) -> None:
    from rich.table import Table

    machine, began_ns = bench.experimenter.machine, moments[0].t_ns
    rule = RULES[machine.number("mark1.control.rule")]
    table = Table("ms", "act", "what happened", box=None, pad_edge=False)
    table.columns[0].justify = "right"
    seen = spans(moments)
    sensed = any(span.act == Act.SENSE for span in seen)
    for span in seen:
        first, last = ((t - began_ns) / 1e6 for t in (span.first_ns, span.last_ns))
        when = f"{first:.1f}" if first == last else f"{first:.1f} to {last:.1f}"
        table.add_row(when, str(span.act), _said(span, shown, moments, machine))
        if span.act == Act.EXPOSE and not sensed:
            table.add_row(when, str(Act.SENSE), _as_before(moments[-1].s_on))
    wanted = f"{shown.desired} is desired" if shown.desired else "nothing is desired"
    console.show(
        f"Mark I, {machine.engine} engine, seed {bench.seed}: one trial with {shown.name}; "
        f"{wanted}; rule {rule.name}",
        table,
        *([f"vcd: {vcd}"] if vcd is not None else []),
    )


def _compared(moments: tuple[Moment, ...]) -> Moment:
    return next(m for m in moments if Act.COMPARE in m.acts)


def _turned(moments: tuple[Moment, ...]) -> Any:
    """Give how far each shaft turned since the exposure, udeg; decay at the exposure is none."""
    return sum(m.shafts for m in moments[1:])


# an act in words


def _said(span: Span, shown: Shown, moments: tuple[Moment, ...], machine: Mark1) -> str:
    """Say in a sentence what happened."""
    in_use, last = machine.description.responses_in_use, span.moments[-1]
    labels = range(in_use)
    match span.act:
        case Act.EXPOSE:
            return f"{shown.name} lights {last.lit} of {len(last.sensed)} photocells"
        case Act.SENSE:
            on, off = _on_and_off([m.sensed for m in span.moments])
            return f"S-units: {on} come on, {off} go off; {last.s_on} are on"
        case Act.ASSOCIATE:
            on, off = _on_and_off([m.associated for m in span.moments])
            return f"A-units: {on} come on, {off} go off; {last.a_on} are active"
        case Act.SUM:
            each = [f"R{r + 1} {_degrees(last.sums[r])} ({last.active[r]} active)" for r in labels]
            return f"sums: {', '.join(each)}"
        case Act.RESPOND:
            return _responses(span.moments, in_use, moments[0].t_ns)
        case Act.COMPARE:
            asked = [f"R{r + 1} {_SHOWS[int(last.desired[r])]}" for r in labels if last.desired[r]]
            if not asked:
                return "nothing is desired"
            return (
                f"desired: {', '.join(asked)}; the answer is {'right' if last.right else 'wrong'}"
            )
        case Act.MOTORS_START:
            return _motors(span.moments, in_use)
        case Act.MOTORS_STOP:
            return _shafts(_turned(moments), last, in_use)
        case _:
            return f"for {machine.description.rest_us / 1000:g} ms"


def _as_before(s_on: int) -> str:
    """Say why no S-unit has changed."""
    why = f"the picture was on the retina already; {s_on} are on" if s_on else "none is on"
    return f"no S-unit changes: {why}"


def _on_and_off(changes: list[Any]) -> tuple[int, int]:
    return (
        sum(int((change > 0).sum()) for change in changes),
        sum(int((change < 0).sum()) for change in changes),
    )


def _degrees(udeg: Any) -> str:
    return f"{int(udeg) / 1e6:+.1f} deg"


def _responses(those: tuple[Moment, ...], in_use: int, began_ns: int) -> str:
    """Say which R-units turned meanwhile and what they show in the end."""
    words = []
    for r in range(in_use):
        turned = [m for m in those if m.turned[r]]
        if not (turned or those[-1].read):
            continue
        shows = int(those[-1].responses[r])
        did = "turned" if shows else "cleared"
        at = f" ({did} at {(turned[-1].t_ns - began_ns) / 1e6:.1f})" if turned else ""
        words.append(f"R{r + 1} {_SHOWS[shows]}{at}")
    return ", ".join(words)


def _motors(those: tuple[Moment, ...], in_use: int) -> str:
    first = max(those, key=lambda m: int((m.motors != 0).sum()))
    up, down = int((first.motors > 0).sum()), int((first.motors < 0).sum())
    lines = [
        f"R{r + 1} {'up' if first.drive[r] > 0 else 'down'}"
        for r in range(in_use)
        if first.drive[r]
    ]
    none = "" if up or down else "; none of their A-units is active, so no motor runs"
    return f"reinforced: {', '.join(lines)}; {up} motors run up, {down} down{none}"


def _shafts(turned: Any, last: Moment, in_use: int) -> str:
    moved = turned[turned != 0]
    if not moved.size:
        return "no shaft has turned"
    sums = ", ".join(f"R{r + 1} {_degrees(last.sums[r])}" for r in range(in_use))
    return (
        f"{moved.size} shafts have turned, by {_degrees(moved.min())} to {_degrees(moved.max())}; "
        f"sums now: {sums}"
    )
