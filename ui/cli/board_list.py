"""``firstwave board list``: which serial ports there are, and which may have a board on them."""

from __future__ import annotations

from simulator.serial_link.ports import Found, found_ports
from ui.cli import console
from ui.cli.status import DONE, NO


def run(as_json: bool) -> int:
    """List them; 1 if there is none."""
    ports = found_ports()
    if as_json:
        rows = [
            {
                "port": port.device,
                "board": port.board or None,
                "known": port.known,
                "usb": port.usb or None,
                "description": port.description,
            }
            for port in ports
        ]
        console.write_json(console.document("board-list", {"ports": rows}))
    elif ports:
        _show(ports)
    else:
        console.write(
            "no serial port: plug the board in, or try `firstwave board emulate` without one\n"
        )
    return DONE if ports else NO


def _show(ports: list[Found]) -> None:
    from rich.table import Table
    from rich.text import Text

    table = Table("port", "board", "name that stays", "what the system calls it", box=None)
    for port in ports:
        doubt = "" if port.known or not port.board else " (also used by other devices)"
        table.add_row(
            *(Text(text) for text in (port.device, port.board + doubt, port.usb, port.description))
        )
    console.show(table, "", f"look at one with: firstwave board monitor {ports[0].device}")
