"""``firstwave board calibrate``: darkness and light of each photocell, into a file."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from simulator.serial_link import Link, NamedPort
from simulator.serial_link.calibration import READINGS, calibrated, write
from simulator.serial_link.eye import frames_of, wait_for
from ui.cli import console
from ui.cli.eye import press_enter
from ui.cli.status import DONE


def run(port: str, save: Path, baud: int, as_json: bool) -> int:
    """Calibrate a board with somebody's help."""
    named = NamedPort(port, baud)
    console.check_outputs(save=save)
    with Link(named) as link:
        console.say(f"waiting for the board on {port}")
        hello = wait_for(link)
        console.say(f"{hello.board_id}, {hello.rows} x {hello.columns} photocells")
        press_enter("cover the whole board so that it is dark, and press Enter")
        dark = [seen.values for seen in frames_of(link, READINGS)]
        press_enter("now light it brightly and evenly (a white sheet, no shadow), and press Enter")
        light = [seen.values for seen in frames_of(link, READINGS)]
    found = calibrated(hello, dark, light)
    write(save, found)
    dead = (np.argwhere(found.dead) + 1).tolist()
    span = (found.light - found.dark)[~found.dead]
    if as_json:
        result = {
            "board": hello.board_id,
            "rows": hello.rows,
            "cols": hello.columns,
            "bits": hello.bits,
            "dead": dead,
            "least_span": round(float(span.min()), 3),
            "files": {"save": str(save)},
        }
        console.write_json(console.document("board-calibrate", result))
        return DONE
    told = ", ".join(f"row {row} column {column}" for row, column in dead)
    console.write(f"dead cells: {len(dead)}{': ' + told if told else ''}\n")
    console.write(f"the others tell dark from light by {span.min():.1f} of {hello.top} at least\n")
    console.write(f"save: {save}\n")
    return DONE
