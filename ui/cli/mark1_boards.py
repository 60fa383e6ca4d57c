"""What is done with plugboards at the command line: each function is one command's work.

A board's file does not say how large its machine is. It is taken for the nominal Mark I, with as
many R-units in use as the file names, unless ``--association-units`` says otherwise.
"""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from machines.mark1 import Description
from machines.mark1 import plugboard as boards
from machines.mark1.plugboard import Lead, Plugboard, Wire
from simulator.errors import Mistake
from ui.cli import console
from ui.cli.mark1_board_text import check_text, is_unit, show_text, unit_row, unit_text

DIFFER = 1
"""Exit status of a comparison that finds something."""


class Read(NamedTuple):
    """A board that was read, with the file it stands in and the machine it is taken for."""

    file: boards.BoardFile
    board: Plugboard
    description: Description


class Acts(NamedTuple):
    """What to do at a board, in words: wires to pull, then wires to plug and leads to move."""

    pull: list[str]
    plug: list[str]


def make(
    out: Path,
    wiring: str,
    reach: int | None,
    dense: bool,
    changes: dict[str, int],
    note: str | None,
    as_json: bool,
) -> int:
    """Draw a board and save it."""
    console.check_outputs(out=out)
    # theta is no part of a board, but no machine may have one its A-units cannot reach
    d = Description(**({"theta": min(2, changes.get("excitatory", 2))} | changes))
    page = f"page {d.wiring_seed} of the random-number table"
    if wiring == "random":
        if reach is not None:
            raise Mistake("--reach is for --wiring gaussian and uniform; a random board has none")
        board, how = boards.random_table(d), f"drawn from {page}"
    else:
        reach = boards.REACH if reach is None else reach
        board = boards.topological(d, wiring, reach)
        how = f"drawn around centres, {wiring}, reach {reach}, from {page}"
    if dense:
        board = boards.dense(board, d)
    said = boards.described(board, how if note is None else note)
    named = "responses_in_use" in changes or not boards.in_blocks(board, d.association_units)
    boards.save(out, board, said, potentiometers=named)
    if as_json:
        result = {
            "file": str(out),
            "wiring": wiring,
            "reach": reach,
            "plugs": len(board),
            "association_units": d.association_units,
            "excitatory": d.excitatory,
            "inhibitory": d.inhibitory,
            "responses_in_use": d.responses_in_use,
            "potentiometers": len(board.pot_a),
            "historical": boards.historical(board),
            "note": said,
        }
        about = {"machine": "mark1", "seed": d.wiring_seed}
        console.write_json(console.document("mark1-plugboard-make", result, **about))
        return 0
    console.write(
        f"{out}: {len(board)} plugs, {d.association_units} A-units with {d.excitatory} excitatory "
        f"and {d.inhibitory} inhibitory origin points each, {how}\n"
    )
    if not boards.historical(board):
        console.write(f"{len(board.pot_a)} potentiometers; {boards.NOT_HISTORICAL}\n")
    return 0


def show(path: Path, units: list[str], association_units: int | None, as_json: bool) -> int:
    """Show a board, or what some units are plugged to."""
    file, board, d = _read(path, association_units)
    units = [unit.upper() for unit in units]
    for unit in units:
        is_unit(unit, d)
    if as_json:
        result = {
            "file": file.path,
            "note": file.note,
            "historical": boards.historical(board),
            "association_units": d.association_units,
            "responses_in_use": d.responses_in_use,
            "plugs": len(board),
            "potentiometers": len(board.pot_a),
            "s_units": np.bincount(board.s_unit, minlength=d.s_units).tolist(),
            "units": [unit_row(unit, board, d) for unit in units] or None,
        }
        console.write_json(console.document("mark1-plugboard-show", result, machine="mark1"))
    elif units:
        console.write(
            "\n".join(unit_text(unit, board, d, file.potentiometers is None) for unit in units)
        )
    else:
        console.write(show_text(file, board, d))
    return 0


def check(
    path: Path,
    lit: float | None,
    theta: int | None,
    association_units: int | None,
    as_json: bool,
) -> int:
    """Tell how a board's plugs are spread; a board that cannot be plugged is a mistake."""
    if theta is not None and lit is None:
        raise Mistake("--theta needs --lit: P_a depends on how much of the retina is lit")
    file, board, d = _read(path, association_units)
    found = boards.fan_out(board, d)
    theta = d.theta if theta is None else theta
    p_a = None if lit is None else boards.active_part(board, d, theta, lit)
    if not as_json:
        console.write(check_text(file, found, d))
        if p_a is not None:
            console.write(
                f"P_a {p_a:.3f}: the part of the A-units that theory expects to be active when "
                f"{lit:g} of the retina is lit, theta {theta}\n"
            )
        return 0
    result = {
        "file": file.path,
        "historical": found.historical,
        "plugs": len(board),
        "plugs_of_an_s_unit": found.plugs_of_an_s_unit._asdict(),
        "sockets_free": found.sockets_free,
        "excitatory": found.excitatory._asdict(),
        "inhibitory": found.inhibitory._asdict(),
        "unplugged": {
            "s_units": found.s_unplugged,
            "a_units": found.a_unplugged,
            "without_potentiometer": found.a_without_potentiometer,
        },
        "potentiometers": found.potentiometers,
        "active": None if p_a is None else {"lit": lit, "theta": theta, "p_a": round(p_a, 6)},
    }
    console.write_json(console.document("mark1-plugboard-check", result, machine="mark1"))
    return 0


def plug(
    path: Path,
    acts: Acts,
    out: Path,
    note: str | None,
    association_units: int | None,
    as_json: bool,
) -> int:
    """Re-plug a board and save it as another."""
    if not acts.pull and not acts.plug:
        raise Mistake("nothing to do: name a wire to plug, such as A17+S203, or one to --pull")
    if _same_file(path, out):
        raise Mistake(f"{out} is the board that is read; give the new one another name")
    console.check_outputs(out=out)
    file, before, d = _read(path, association_units)
    board = before
    for wire in (boards.parse(text.upper()) for text in acts.pull):
        if isinstance(wire, Lead):
            raise Mistake(f"{wire}: a potentiometer is moved, not pulled; say where it shall go")
        board = boards.pull(board, wire)
    for item in (boards.parse(text.upper()) for text in acts.plug):
        if isinstance(item, Wire):
            board = boards.plug(board, item, d)
        else:
            board = boards.move(board, item, d)
    said = _by_hand(file.note) if note is None else note
    named = file.potentiometers is not None or not boards.in_blocks(board, d.association_units)
    boards.save(out, board, said, potentiometers=named)
    changed = boards.diff(before, board)
    if as_json:
        result = {"file": str(out), "plugs": len(board), **_differences(changed)}
        console.write_json(console.document("mark1-plugboard-plug", result, machine="mark1"))
        return 0
    historical = "" if boards.historical(board) else f"; {boards.NOT_HISTORICAL}"
    console.write("".join(f"{line}\n" for line in boards.lines(changed)))
    console.write(f"{out}: {len(board)} plugs{historical}\n")
    if named and file.potentiometers is None:
        console.write(
            f"{out}: names its potentiometers now, and so fixes that {d.responses_in_use} R-units "
            "are in use\n"
        )
    return 0


def diff(left: Path, right: Path, association_units: int | None, as_json: bool) -> int:
    """Compare two boards; 1 if they differ."""
    files = [boards.read(path) for path in (left, right)]
    named = [boards.responses_named(file) for file in files]
    # a board shared out in blocks does for any number of R-units: for as many as the other names
    either = next((n for n in named if n is not None), None)
    ours, theirs = (_fit(file, association_units, either) for file in files)
    changed = boards.diff(ours.board, theirs.board)
    if as_json:
        result = {"left": str(left), "right": str(right), "differ": bool(changed)}
        result |= _differences(changed)
        console.write_json(console.document("mark1-plugboard-diff", result, machine="mark1"))
    else:
        console.write("".join(f"{line}\n" for line in boards.lines(changed)))
    return DIFFER if changed else 0


def _read(path: Path, association_units: int | None) -> Read:
    return _fit(boards.read(path), association_units)


def _fit(
    file: boards.BoardFile, association_units: int | None, responses: int | None = None
) -> Read:
    changes = {} if association_units is None else {"association_units": association_units}
    if responses is not None and file.potentiometers is None:
        changes["responses_in_use"] = min(responses, Description.response_units)
    description = boards.description_for(file, **changes)
    return Read(file, boards.fit(file, description), description)


def _differences(changed: boards.Differences) -> dict[str, Any]:
    return {
        "pulled": [str(item) for item in changed.pulled],
        "plugged": [str(item) for item in changed.plugged],
        "re_signed": [str(wire) for wire in changed.re_signed],
        "moved": [{"from": str(old), "to": str(new)} for old, new in changed.moved],
    }


def _by_hand(note: str) -> str:
    """Add to a note that the board is no longer what it says."""
    by_hand = "re-plugged by hand"
    return note if note.endswith(by_hand) else f"{note}; {by_hand}".removeprefix("; ")


def _same_file(one: Path, other: Path) -> bool:
    with contextlib.suppress(OSError):
        return os.path.samefile(one, other)
    return os.path.realpath(one) == os.path.realpath(other)
