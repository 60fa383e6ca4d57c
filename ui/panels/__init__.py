"""The panels, one folder per machine, and the door to them.

Nothing here imports pygame before a panel is opened: the command line stays quick, and works where
there is no pygame at all.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from simulator.errors import Mistake
from simulator.points import unknown

PANELS = ("mark1",)
REPAIR = "pip uninstall -y pygame pygame-ce && pip install pygame-ce"


def open_panel(
    name: str,
    *,
    shot: Path | None = None,
    after_s: float = 3.0,
    size: tuple[int, int] = (1280, 800),
    seed: int = 1,
    state: Path | None = None,
    eye: Any = None,
) -> int:
    """Open a machine's panel, or render a picture of it without a person.

    Parameters
    ----------
    name
        ``mark1``.
    shot
        Where to write a picture (``.png``) instead of opening a window; no display is needed.
    after_s
        Machine seconds until the picture is taken; a small demonstration goes on meanwhile.
    size
        Of the window or picture, in pixels.
    seed
        Page of the random-number table for the machine's wiring and parts.
    state
        A saved machine to go on with.
    eye
        A board or a webcam, open, whose picture falls on the retina; None for neither.

    Returns
    -------
    int
        The exit status.

    Raises
    ------
    Mistake
        If there is no such panel, no display, the wrong pygame, a picture that would be no PNG, or
        a file that does not fit.
    """
    if name not in PANELS:
        raise unknown("panel", name, PANELS)
    if shot is not None and shot.suffix.lower() != ".png":
        raise Mistake(f"{shot}: the panel's picture is a PNG; give it a name that ends in .png")
    check_pygame()
    if not (160 <= size[0] <= 7680 and 100 <= size[1] <= 4320):
        raise Mistake(
            f"a panel is 160 x 100 to 7680 x 4320 pixels large, not {size[0]} x {size[1]}"
        )
    if not 0 <= after_s <= 3600:
        raise Mistake(f"a picture is taken after 0 to 3600 machine seconds, not {after_s}")
    from ui.panels import mark1

    if shot is not None:
        return mark1.shoot(shot, after_s, size, seed, state)
    if not has_display():
        raise Mistake(
            f"there is no display here; firstwave panel {name} --shot picture.png needs none"
        )
    from ui.panel.app import run

    return run(lambda: mark1.open_machine(seed, state, eye=eye), size)


def has_display() -> bool:
    """Tell whether there is a screen to open a window on.

    Where there is none, SDL chooses its ``offscreen`` or ``dummy`` driver by itself and says
    nothing; somebody who sets SDL_VIDEODRIVER means it.
    """
    check_pygame()
    import pygame

    pygame.display.init()
    chosen = pygame.display.get_driver()
    return "SDL_VIDEODRIVER" in os.environ or chosen not in ("offscreen", "dummy")


def check_pygame() -> None:
    """Refuse the older pygame, which installs into the same folder and lacks what panels need.

    Raises
    ------
    Mistake
        With the line that repairs it.
    """
    os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")
    try:
        import pygame
    except ImportError as error:
        raise Mistake(f"panels need pygame-ce, which cannot be imported: {REPAIR}") from error
    if not getattr(pygame, "IS_CE", 0):
        raise Mistake(f"panels need pygame-ce, this is the older pygame: {REPAIR}")
