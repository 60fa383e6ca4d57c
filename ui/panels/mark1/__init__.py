"""The Mark I's front panel: retina, lamps, potentiometers, meters, switches and a desk to teach at.

The arrangement follows the photographs of 1960 (sensory display, A-unit racks, control rack); the
desk with the teaching and time keys is our addition, and all colours are invented.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pygame

from machines.mark1 import Description, Experimenter, Mark1, load
from simulator.errors import Mistake
from ui.panel.screen import Help, Panel
from ui.panel.session import Session

from . import table
from .eye import Eye, EyeAtPanel
from .eye import widgets as eye_widgets
from .operator import CodeSheet, Operator, saved_answers, two_answers
from .surroundings import furniture, notes

LETTER_KEYS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def visitors_machine(seed: int = 1) -> Mark1:
    """Switch on the machine the panel starts with: nominal, with one R-unit in use.

    All 512 values then decide one question, A or B: every TEACH turns every active unit's
    pointer the same, visible way, and one example of each of two letters is enough. With two
    R-units (A for one, B for the other) each would have half the values, half of the pointers
    would turn against the lesson, and nothing would be learnt sooner. The other seven stand on the
    panel as they stood on the machine, with nothing plugged to them.
    """
    return Mark1(Description(responses_in_use=1, wiring_seed=seed, parts_seed=seed))


def open_machine(
    seed: int = 1,
    state: Path | None = None,
    clock: Callable[[], float] = time.perf_counter,
    eye: Eye | None = None,
) -> Panel:
    """Give the panel of the visitors' machine, or of a saved one, with a physical eye or without.

    Raises
    ------
    Mistake
        If the saved machine's file does not fit.
    """
    if state is None:
        machine = visitors_machine(seed)
        return panel(machine, two_answers(machine), seed, clock, eye)
    machine, notes = load(state)
    if "classes" not in notes:
        return panel(machine, two_answers(machine), seed, clock, eye)
    classes = notes["classes"]
    if not isinstance(classes, list) or not all(isinstance(name, str) for name in classes):
        raise Mistake(f"{state}: its classes are no list of names; take an earlier copy")
    try:
        experimenter = Experimenter(machine, classes)
    except Mistake as mistake:
        raise Mistake(f"{state}: {mistake}") from mistake
    return panel(machine, saved_answers(classes, experimenter.code), seed, clock, eye)


def panel(
    machine: Mark1,
    sheet: CodeSheet,
    seed: int = 1,
    clock: Callable[[], float] = time.perf_counter,
    eye: Eye | None = None,
) -> Panel:
    """Give the panel of a machine whose answers mean what a code sheet says."""
    session = Session(machine, table.WATCHED, clock)
    op = Operator(session, sheet, seed)
    overlay = Help()
    at_panel = EyeAtPanel(op, eye) if eye is not None else None
    of_eye = eye_widgets(at_panel) if at_panel is not None else []
    keys = {"k": at_panel.toggle} if at_panel is not None else {}
    return Panel(
        title="firstwave: Mark I Perceptron",
        session=session,
        widgets=[*table.widgets(op, overlay, eye is not None), *of_eye],
        furniture=lambda canvas: furniture(canvas, machine.description, eye is not None),
        shortcuts={**shortcuts(op), **keys},
        help=overlay,
        notes=lambda canvas, over: notes(canvas, over, machine.description),
        each_frame=at_panel.look if at_panel is not None else lambda: None,
    )


def shortcuts(op: Operator) -> dict[str, Callable[[], object]]:
    """Give the keyboard: small letters are keys of the panel, capital ones are shown to the eye."""
    session = op.session
    acts: dict[str, Callable[[], object]] = {
        "space": session.toggle, "right": session.step, ".": session.step,
        "shift+right": session.small_step, "left": session.back, "backspace": session.back,
        "[": lambda: session.finer(-1), "]": lambda: session.finer(1),
        "r": session.reset, "ctrl+z": session.undo, "ctrl+y": session.redo,
        "ctrl+shift+z": session.redo,
        "c": op.clear, "i": op.invert, "n": op.noise, "p": op.reinforce, "h": op.halt,
        "t": op.train, "-": lambda: op.move_theta(-1), "=": lambda: op.move_theta(1),
        "shift+=": lambda: op.move_theta(1), "+": lambda: op.move_theta(1),
    }  # fmt: skip
    if len(op.sheet.names) == 2:
        acts |= {"a": lambda: op.teach(0), "b": lambda: op.teach(1)}
    else:
        acts["a"] = op.teach_shown
    for notch in range(8):
        acts[str(notch + 1)] = partial(session.set_notch, notch)
    for character in LETTER_KEYS:
        name = f"shift+{character.lower()}"
        acts[name] = partial(op.stamp, character)
    return acts


def shoot(
    path: Path, after_s: float, size: tuple[int, int], seed: int = 1, state: Path | None = None
) -> int:
    """Write a picture of the panel; give the exit status.

    A machine just switched on is shown a letter and taught it meanwhile; a saved one is left alone.

    Time passes by a frame clock of its own, 60 frames to the second, so that the same arguments
    give the same bytes.

    Raises
    ------
    Mistake
        If a file does not fit or cannot be written.
    """
    from ui.panel.app import FRAMES_PER_S, save_png
    from ui.panel.screen import Screen

    pygame.font.init()
    now_s = 0.0
    shown = open_machine(seed, state, clock=lambda: now_s)
    screen = Screen(shown, pygame.Surface(size, 0, 32))
    lesson = demonstration(shown) if state is None else []
    acts = {round(at_s * FRAMES_PER_S): act for at_s, act in lesson}
    frames = round(after_s * FRAMES_PER_S)
    for frame in range(frames + 1):
        now_s = frame / FRAMES_PER_S
        shown.session.advance()
        if frame in acts:
            acts[frame]()
        screen.draw(1 / FRAMES_PER_S)
    save_png(screen.surface, path)
    return 0


def demonstration(shown: Panel) -> list[tuple[float, Callable[[], object]]]:
    """Give what happens for a picture: (machine seconds, act). Show E, teach A, and so on."""
    acts = shown.shortcuts
    lesson = [
        (0.1, "shift+e"), (0.4, "a"), (0.8, "shift+x"), (1.1, "b"),
        (1.5, "shift+c"), (1.8, "a"), (2.3, "shift+e"), (2.8, "a"),
    ]  # fmt: skip
    return [(at_s, acts[name]) for at_s, name in lesson if name in acts]


__all__ = ["open_machine", "panel", "shoot", "visitors_machine"]
