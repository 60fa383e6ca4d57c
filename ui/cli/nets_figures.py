"""``firstwave nets figures``: figure 1 of the paper, drawn, with its formulas derived back."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import numpy as np

from machines.mcculloch_pitts.exports import svg
from machines.mcculloch_pitts.figures_1943 import (
    ALSO,
    NAMES,
    Derived,
    Feeling,
    Figure,
    derived,
    figure,
    heat_and_cold,
)
from simulator.errors import Mistake
from simulator.files import write_whole
from ui.cli import console
from ui.cli.nets_given import figure_name
from ui.cli.nets_text import diagram, proof, wiring
from ui.cli.status import DONE, NO

TOUCHES = ((1, "something cold touches the skin for one tick"), (6, "it is held there"))
"""How long the cold of the demonstration lasts."""
TICKS = 12


def run(name: str | None, out: Path | None, as_json: bool) -> int:
    """Do it; give the exit status: 1 if a net does not do what the paper says."""
    started_s = time.perf_counter()
    shown = [(one, derived(one)) for one in _chosen(name)]
    files = _draw([one for one, _ in shown], out) if out is not None else {}
    holds = all(back.proof.holds for _, found in shown for back in found)
    if as_json:
        result = {
            "figures": [_json(one, found) for one, found in shown],
            "files": files or None,
        }
        wall_s = round(time.perf_counter() - started_s, 3)
        console.write_json(
            console.document("nets-figures", result, machine="mcculloch_pitts", wall_s=wall_s)
        )
    else:
        several = name is None
        for one, found in shown:
            console.write("\n".join([*_lines(one, found, brief=several), "", ""]))
        for path in files.values():
            console.say(f"drawn: {path}")
    return DONE if holds else NO


def _chosen(name: str | None) -> list[Figure]:
    if name is None:
        return [figure(one) for one in (*NAMES, *ALSO)]
    wanted = figure_name(name)
    wanted = wanted.removeprefix("figure").strip(" :")
    every = (*NAMES, *ALSO)
    several = [one for one in every if one.split()[0] in (wanted, f"1{wanted}")]
    return [figure(one) for one in several or [wanted]]


def _draw(shown: list[Figure], folder: Path) -> dict[str, str]:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Mistake(f"{folder}: cannot be made a folder ({error.strerror})") from error
    files = {}
    for one in shown:
        path = folder / f"figure-{one.name.replace(' ', '-')}.svg"
        write_whole(path, svg.picture(one.net))
        files[one.name] = str(path)
    return files


def _lines(one: Figure, found: tuple[Derived, ...], brief: bool) -> list[str]:
    known = "as drawn in the paper" if one.evidence == "documented" else "reconstructed"
    lines = [f"figure {one.name}: {one.title}"]
    if not brief:
        lines += [f"wiring, {known} (law: {one.net.law.name}):"]
        lines += [f"  {line}" for line in wiring(one.net)]
    for back in found:
        lines.append(f"  paper    {back.paper}")
        same = "   (the same, sign for sign)" if back.alike else "   (written otherwise)"
        lines.append(f"  derived  {back.derived}{'' if one.name in ALSO else same}")
        if not brief and back.minimal != back.derived:
            lines.append(f"  shortest {back.minimal}")
    if one.provided:
        lines.append(f"  provided {one.provided}, so far")
    lines += [f"  {line}" for line in proof(found[0].proof)]
    if one.name == "1e" and not brief:
        for ticks, words in TOUCHES:
            lines += ["", *_felt(heat_and_cold(ticks, TICKS), words)]
    return lines


def _felt(felt: Feeling, words: str) -> list[str]:
    names = ("N1 heat on the skin", "N2 cold on the skin", "N3 heat is felt", "N4 cold is felt")
    heat, cold = np.flatnonzero(felt.feels_heat), np.flatnonzero(felt.feels_cold)
    says = []
    if len(heat):
        says.append(f"heat is felt at t = {_times(heat)}, though nothing warm was there")
    says.append(f"cold is felt at t = {_times(cold)}" if len(cold) else "cold is never felt")
    return [f"{words}:", *diagram(names, np.stack(felt, axis=1)), "; ".join(says)]


def _times(ticks: Any) -> str:
    if len(ticks) > 2 and (np.diff(ticks) == 1).all():
        return f"{ticks[0]} to {ticks[-1]}"
    return ", ".join(map(str, ticks.tolist()))


def _json(one: Figure, found: tuple[Derived, ...]) -> dict[str, Any]:
    about: dict[str, Any] = {
        "name": one.name,
        "title": one.title,
        "evidence": one.evidence,
        "law": one.net.law.name,
        "provided": one.provided,
        "wiring": list(wiring(one.net)),
        "formulas": [
            {
                "paper": back.paper,
                "derived": back.derived,
                "minimal": back.minimal,
                "alike": back.alike,
                "proved": back.proof.proved,
            }
            for back in found
        ],
    }
    if one.name == "1e":
        about["illusion"] = [_pulses(ticks) for ticks, _ in TOUCHES]
    return about


def _pulses(cold_for: int) -> dict[str, Any]:
    felt = heat_and_cold(cold_for, TICKS)
    return {"cold_for": cold_for} | {
        name: "".join("|" if fires else "." for fires in row)
        for name, row in felt._asdict().items()
    }
