"""The operator's desk: teaching, time, undo, and the status line."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from machines.mark1.plugboard import historical
from ui.panel import theme
from ui.panel.canvas import Box
from ui.panel.keys import Key
from ui.panel.part import Part, Widget
from ui.panel.screen import Help
from ui.panel.session import NOTCHES, Session
from ui.panel.switches import Rotary
from ui.panel.window import StatusBar

from . import places
from .operator import Operator
from .response import look


def widgets(op: Operator, overlay: Help) -> list[Widget]:
    """Give the widgets of the desk and the status line."""
    session, y = op.session, places.DESK.y + 12
    tall, low = 70.0, 33.0

    def key(
        name: str, x: float, w: float, text: str, keys: str, act: Callable[[], object], tip: str,
        colour: theme.Colour = theme.CREAM, ink: theme.Colour = theme.INK, half: int = -1,
        size: float = 14, lit: Callable[[], bool] = lambda: False,
        alive: Callable[[], bool] = lambda: True, label: str = "",
    ) -> Key:  # fmt: skip
        box = Box(x, y, w, tall) if half < 0 else Box(x, y + half * (low + 4), w, low)
        label = label or text.split("\n")[0]
        part = Part(f"key.{name}", box, label, tip, keys)
        return Key(part, text, act, colour, ink, size, lit, alive)

    return [
        *_teach_keys(op, key),
        key("reinforce", 320, 112, "REINFORCE", "P", op.reinforce, "One pulse of reinforcement, by "
            "the reinforcement switch and the force switches.", theme.GREEN, half=0, alive=op.idle),
        key("halt", 320, 112, "HALT", "H", op.halt, "Stop the motors and abandon the series.",
            theme.RED, theme.IVORY, half=1),
        key("train", 440, 112, _train_text(op), "T", op.train, "Let the control unit show the "
            "letters in turn and correct every error, until it makes none.", theme.GREEN,
            alive=lambda: op.idle() and bool(op.sheet.taught_by), label="TRAIN"),
        key("back", 578, 66, "BACK\n←", "Left, Bksp", session.back,
            "Stop, and go one step back.", theme.GREY_KEY, theme.IVORY),
        key("run", 650, 92, "RUN\nspace", "Space", session.toggle, "Let time pass, or stop it. "
            "Stopped, every lamp shows its exact state.", lit=lambda: session.running, size=17),
        key("step", 748, 66, "STEP\n→", "Right, .", session.step,
            "Stop, and go to the next instant at which something is due; with Shift, 1 ms on.",
            theme.GREY_KEY, theme.IVORY),
        _speed_knob(session),
        key("undo", 990, 84, "UNDO", "Ctrl+Z", session.undo, "Take the last act back.", half=0),
        key("redo", 990, 84, "REDO", "Ctrl+Y", session.redo, "Do it again.", half=1),
        key("reset", 1080, 84, "RESET", "R", session.reset,
            "Stand as when the panel was opened. Undo brings back what was.", theme.RED,
            theme.IVORY, half=0),
        key("help", 1080, 84, "HELP", "F1", overlay.toggle, "A label on every part, and what of "
            "all this is history.", theme.GREY_KEY, theme.IVORY, half=1),
        _status(op),
    ]  # fmt: skip


def _train_text(op: Operator) -> str:
    if op.sheet.names == ("A", "B"):
        return "TRAIN\nE = A, X = B"
    return f"TRAIN\n{len(op.sheet.names)} letters"


def _teach_keys(op: Operator, key: Callable[..., Key]) -> list[Key]:
    tip = ("Tell the machine: what you see is {}. Sets the force switches, and gives one pulse of "
           "forced reinforcement.")  # fmt: skip
    names = op.sheet.names
    if len(names) != 2:
        return [
            key("teach", 22, 286, lambda: f"TEACH {names[i] if (i := op.shown()) >= 0 else '…'}",
                "A", op.teach_shown, tip.format("the letter on this key"), theme.ORANGE,
                size=24, alive=op.idle, label="TEACH"),
        ]  # fmt: skip
    looks = [look(op.sheet, i) for i in range(2)]
    return [
        key(f"teach.{letter}", 22 + 146 * i, 140, f"{mark} TEACH {names[i]}", letter,
            partial(op.teach, i), tip.format(names[i]), colour, size=19, alive=op.idle,
            label=f"TEACH {names[i]}")
        for i, (letter, (colour, mark)) in enumerate(zip("AB", looks, strict=True))
    ]  # fmt: skip


def _speed_knob(session: Session) -> Rotary:
    part = Part(
        "knob.speed", Box(822, 680, 160, 86), "SPEED",
        "Machine seconds per second of the wall; max: as fast as this computer can.",
        "1-8, [ ]", wheel=True,
    )  # fmt: skip
    legends = [f"{n:g}" if n else "max" for n in NOTCHES]
    legends = ["×" + text if text == "1" else text for text in legends]
    return Rotary(part, legends, lambda: session.notch, session.set_notch, 118, 13, (902, 733), 22)


def _status(op: Operator) -> StatusBar:
    session = op.session
    board = op.board
    standing = "" if historical(board) else f"{len(board.pot_a)} potentiometers: not historical"

    def texts() -> tuple[str, str, str]:
        message = session.message or standing
        time_s = session.machine.now_ns / 1e9
        if session.running:
            reached = f"×{session.achieved:.2f}" if session.achieved else "×…"
            pace = f"{reached} of real (asked {session.asked})"
            return op.doing(), message, f"machine time {time_s:,.1f} s    {pace}"
        shown = f"machine time {time_s:,.6f} s    stopped"
        return op.doing(), message, shown

    tip = "What the control unit does, the last message, machine time and speed."
    return StatusBar(Part("status", places.STATUS, "", tip), texts)
