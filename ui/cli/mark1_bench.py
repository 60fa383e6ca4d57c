"""What one does at a Mark I besides teaching it: show it pictures, look around."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from machines.mark1 import resume
from simulator.errors import Mistake
from ui.cli import console
from ui.cli.eye import EyeRequest, check, enter_pressed, light_lamps, opened
from ui.cli.mark1_set_up import how_seen, say_if_not_historical
from ui.cli.series import compiling_announced

if TYPE_CHECKING:
    from machines.mark1 import Answer, Experimenter


def recognise(
    pictures: list[Path],
    state: Path,
    threshold: str | None,
    crop: str | None,
    engine: str,
    eye: EyeRequest,
    as_json: bool,
) -> int:
    """Show pictures or what an eye sees to a taught machine; 1 if an answer is no class's code."""
    from simulator.stimuli import picture

    started_s = time.perf_counter()
    check(eye)
    if eye.wanted == bool(pictures):
        raise Mistake("name pictures to show, or an eye with --board or --webcam: one of them")
    experimenter, notes = resume(state, engine)
    machine = experimenter.machine
    if experimenter.busy:
        raise Mistake(
            f"{state}: its series is unfinished; end it with "
            f"firstwave mark1 train --resume {state} --save {state}"
        )
    say_if_not_historical(experimenter)
    d, seen = machine.description, how_seen(notes, threshold, crop)
    levels = [picture(path, d.rows, d.columns, **seen) for path in pictures]
    with compiling_announced(engine):
        answers = [experimenter.recognise(one) for one in levels]
    names = [str(path) for path in pictures]
    rows = [_answer(name, a, d.responses_in_use) for name, a in zip(names, answers, strict=True)]
    if eye.wanted:
        rows = _answers_to(eye, experimenter)
    if as_json:
        wall_s = round(time.perf_counter() - started_s, 3)
        about = {"machine": machine.name, "engine": machine.engine, "wall_s": wall_s}
        console.write_json(console.document("mark1-recognise", {"answers": rows}, **about))
    else:
        for row in rows:
            console.write(f"{row['picture']}: {row['class'] or 'no class'} ({row['lamps']})\n")
    return 0 if all(row["class"] is not None for row in rows) else 1


def _answers_to(request: EyeRequest, experimenter: Experimenter) -> list[dict[str, Any]]:
    """Answer to what an eye sees each time somebody presses Enter, until stdin ends."""
    d = experimenter.machine.description
    rows: list[dict[str, Any]] = []
    with opened(request, d.rows, d.columns) as eye:
        while enter_pressed("show it something and press Enter; Ctrl-D ends it"):
            answer = experimenter.recognise(eye.expose())
            light_lamps(eye, answer.responses)
            rows.append(_answer(f"look {len(rows) + 1}", answer, d.responses_in_use))
            console.say(f"the machine says {answer.name or 'nothing known'}")
    if not rows:
        raise Mistake("nothing was shown: somebody must press Enter, but stdin has ended")
    return rows


def _answer(name: str, answer: Answer, in_use: int) -> dict[str, Any]:
    responses = answer.responses[:in_use].tolist()
    lamps = "".join({1: "1", -1: "0", 0: "-"}[response] for response in responses)
    return {"picture": name, "class": answer.name, "responses": responses, "lamps": lamps}


def points(as_json: bool) -> int:
    """List the points and the controls."""
    from machines.mark1 import Mark1

    machine = Mark1(engine="reference")
    look = [
        {
            "path": point.path,
            "kind": str(point.kind),
            "size": 1 if isinstance(value := machine.read(point.path), int) else len(value),
            "unit": point.unit,
            "doc": point.doc,
        }
        for point in machine.points
    ]
    touch = [{"path": c.path, "doc": c.doc} for c in machine.controls.values()]
    if as_json:
        result = {"points": look, "controls": touch}
        console.write_json(console.document("mark1-points", result, machine="mark1"))
        return 0
    from rich.table import Table

    seen = Table("point", "kind", "size", "what it shows", box=None, pad_edge=False)
    for row in look:
        doc = f"{row['doc']} ({row['unit']})" if row["unit"] else row["doc"]
        seen.add_row(row["path"], row["kind"], str(row["size"]), doc)
    moved = Table("control", "what moving it does", box=None, pad_edge=False)
    for entry in touch:
        moved.add_row(entry["path"], entry["doc"])
    console.show(seen, "", moved)
    return 0


def rules(as_json: bool) -> int:
    """List the positions of the reinforcement switch."""
    from machines.mark1.rules import RULES

    rows = [{"name": rule.name, "doc": rule.doc, "source": rule.source} for rule in RULES]
    if as_json:
        console.write_json(console.document("mark1-rules", {"rules": rows}, machine="mark1"))
        return 0
    from rich.table import Table

    table = Table("rule", "what it does", "source", box=None, pad_edge=False)
    for row in rows:
        table.add_row(row["name"], row["doc"], row["source"])
    console.show(table)
    return 0
